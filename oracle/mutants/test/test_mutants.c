/* mutants: each is wrong on the case that names its fault, and right where the fault does not matter. */
#include <criterion/criterion.h>

#include "level.h"
#include "make.h"
#include "mutant.h"
#include "read.h"
#include "seq.h"
#include "shapes.h"

static struct arena arena, scratch;
static struct walk walk;

static void
end(void)
{
	walk_free(&walk);
	arena_free(&arena);
	arena_free(&scratch);
}

TestSuite(mutants, .fini = end);

/* A case that a mutant gets wrong: rule and role, sequence, shapes with a blank between them. */
struct killer {
	const char *mutant, *rule, *role, *text, *shapes;
};

#define SPIN "SpinlockRelease", "dispatch"
#define DPC "SpinlockRelease", "dpc"
#define CANCEL "CancelSpinlockRelease", "cancel"
#define QUEUED "QueuedSpinLockRelease", "dispatch"

static const struct killer killers[] = {
	{"count-all", SPIN, "acq a; rel b", ""},
	{"turn-all", SPIN, "acq a; acq b; rel b; rel a", ""},
	{"count-each", SPIN, "acq a; acq a; rel a; rel a", ""},
	{"acquire-unjudged", SPIN, "acq a; acq a; rel a", ""},
	{"release-unjudged", SPIN, "rel a", ""},
	{"end-unjudged", SPIN, "acq a", ""},
	{"enter-free", CANCEL, "rel a", ""},
	{"enter-unknown", SPIN, "rel a", ""},
	{"handle-is-lock", QUEUED, "acq a/a; acq a/b; rel a; rel b", ""},
	{"else-ignored", SPIN, "acq a; if ? { rel a } else { rel a }", ""},
	{"then-ignored", SPIN, "acq a; if ? { rel a } else { rel a }", ""},
	{"both-branches", SPIN, "acq a; if ? { rel a } else { rel a }", ""},
	{"unknown-true", SPIN, "acq a; if ? { rel a }", ""},
	{"unknown-false", SPIN, "if ? { acq a }", ""},
	{"join-first", SPIN, "acq a; if ? { rel a } else { work }", ""},
	{"join-last", SPIN, "acq a; if ? { work } else { rel a }", ""},
	{"join-union", SPIN, "if ? { acq a }; rel a", ""},
	{"join-intersection", SPIN, "if ? { acq a }", ""},
	{"join-difference", SPIN, "if p { acq a }; work; if p { rel a }", ""},
	{"chain-loosened", SPIN, "if ? { acq a } else { if ? { acq a } else { acq a } }; rel a",
     "branch=else-if"},
	{"default-ignored", SPIN, "acq a; if ? { rel a } else { rel a }", "branch=switch"},
	{"fall-as-break", SPIN, "acq a; if ? { work }; rel a", "branch=fall-through"},
	{"break-as-fall", SPIN, "acq a; if ? { rel a } else { rel a }", "branch=switch"},
	{"switch-subset", SPIN, "acq a; if ? { rel a } else { rel a }", "branch=switch"},
	{"ternary-ignored", SPIN, "acq a; if ? { rel a } else { rel a }", "branch=ternary"},
	{"second-operand-ignored", SPIN, "if p { acq a }; if p { if q { rel a } }; if p { if !q { rel a } }",
     "branch=and"},
	{"first-operand-ignored", SPIN, "if p { acq a }; if p { if ? { rel a; return } }; if p { rel a }",
     "branch=and"},
	{"operands-all-evaluated", SPIN, "if p { if ? { acq a; rel a } }", "helper=conditional branch=and"},
	{"operators-exchanged", SPIN, "if p { acq a }; if p { if ? { rel a; return } }; if p { rel a }",
     "branch=or"},
	{"dead-branch-taken", SPIN, "acq a; rel a", "noise=dead-branch"},
	{"loop-never", SPIN, "loop { acq a }", ""},
	{"loop-exactly-once", SPIN, "acq a; loop { rel a; break }", ""},
	{"loop-exactly-twice", SPIN, "acq a; loop { rel a; return }", ""},
	{"loop-at-least-once", SPIN, "acq a; loop { rel a; break }", ""},
	{"loop-unending", SPIN, "loop { work }; rel a", ""},
	{"nested-loop-exactly-once", SPIN, "loop { acq a; loop { rel a; return } }", ""},
	{"nested-loop-never", SPIN, "loop { loop { acq a } }", ""},
	{"do-unguarded", SPIN, "acq a; loop { rel a; break }", "loop=do"},
	{"do-once-repeats", CANCEL, "rel a; if ? { return }; work", "exit=do-once"},
	{"retry-tests-first", SPIN, "loop { acq a }", "loop=retry"},
	{"break-ignored", SPIN, "loop { acq a; if ? { rel a; break }; rel a }", ""},
	{"break-unfollowed", SPIN, "loop { acq a; if ? { break }; rel a }", ""},
	{"break-as-continue", SPIN, "loop { work }; rel a", "loop=break"},
	{"continue-ignored", SPIN, "loop { acq a; if ? { rel a; continue }; rel a }", ""},
	{"continue-unfollowed", SPIN, "loop { acq a; if ? { continue }; rel a }", ""},
	{"recursion-unfollowed", SPIN, "loop { acq a }", "saved=extension loop=recursion"},
	{"early-return-ignored", SPIN, "acq a; if ? { rel a; return }; rel a", ""},
	{"early-return-unjudged", SPIN, "acq a; if ? { return }; rel a", ""},
	{"first-return-only", SPIN, "acq a; if ? { rel a; return }; if ? { return }; rel a", ""},
	{"return-in-loop-as-break", SPIN, "acq a; loop { if ? { rel a; return } }; rel a", ""},
	{"return-runs-on", SPIN, "acq a; if ? { rel a; return }; rel a", "exit=unreachable"},
	{"forward-goto-ignored", SPIN, "acq a; if ? { rel a } else { rel a }", "branch=goto"},
	{"backward-goto-ignored", SPIN, "loop { acq a; if ? { rel a; continue }; rel a }", "loop=goto"},
	{"goto-unfollowed", SPIN, "acq a; if ? { work } else { rel a }", "branch=goto"},
	{"clean-up-ignored", SPIN, "acq a; if ? { rel a; return }; work; rel a", "exit=goto-cleanup"},
	{"finally-ignored", SPIN, "acq a; if ? { rel a; return }; rel a", "exit=finally"},
	{"leave-returns", SPIN, "acq a; if ? { rel a; return }; rel a", "exit=finally"},
	{"leave-ignored", SPIN, "acq a; acq b; if ? { rel b; rel a; return }; rel b; work; rel a",
     "exit=finally"},
	{"scope-end-ignored", SPIN, "if ? { return }; acq a; if ? { rel a; return }; rel a",
     "exit=scope-cleanup"},
	{"scope-end-at-brace", SPIN, "if ? { return }; acq a; if ? { rel a; return }; rel a",
     "exit=scope-cleanup"},
	{"scope-end-at-once", SPIN, "if ? { return }; acq a; if ? { rel a; acq a; rel a; return }; rel a",
     "exit=scope-cleanup"},
	{"clean-up-from-top", SPIN, "acq a; if ? { rel a; return }; acq b; rel b; rel a", "exit=goto-ladder"},
	{"clean-up-from-bottom", SPIN, "acq a; acq b; if ? { rel b; rel a; return }; work; rel b; rel a",
     "exit=goto-ladder"},
	{"status-forgotten", SPIN, "acq a; if ? { rel a; return }; rel a", "exit=single-exit"},
	{"status-unset", SPIN, "acq a; if ? { rel a; return }; rel a", "exit=single-exit"},
	{"status-unseen-in-loop", SPIN, "acq a; loop { if ? { rel a; return }; work }; rel a",
     "exit=single-exit"},
	{"do-once-break-ignored", SPIN, "acq a; if ? { rel a; return }; rel a", "exit=do-once"},
	{"bug-check-returns", SPIN, "acq a; rel a", "noise=bug-check"},
	{"helpers-ignored", SPIN, "acq a; rel a", "helper=release"},
	{"acquire-helpers-ignored", SPIN, "acq a; rel a", "helper=acquire"},
	{"release-helpers-ignored", SPIN, "acq a; rel a", "helper=release"},
	{"second-level-ignored", SPIN, "acq a; rel a", "helper=release call=nested"},
	{"inline-helpers-only", SPIN, "acq a; rel a", "helper=release"},
	{"later-helpers-ignored", SPIN, "acq a; rel a", "helper=release call=after"},
	{"macro-helpers-ignored", SPIN, "acq a; rel a", "helper=release call=macro"},
	{"function-pointers-ignored", SPIN, "acq a; rel a", "helper=release call=pointer"},
	{"second-file-ignored", SPIN, "acq a; rel a", "helper=release call=second-file"},
	{"helpers-alone", SPIN, "acq a; rel a", "helper=release"},
	{"helpers-by-first-call", SPIN, "acq a; acq b; rel b; rel a", "helper=release"},
	{"helpers-own-lock-ignored", SPIN, "acq a; rel a", "helper=release argument=extension"},
	{"helpers-index-ignored", SPIN, "acq a; rel a", "place=array helper=release argument=index"},
	{"work-function-ignored", SPIN, "acq a", "place=parameter"},
	{"recursive-functions-ignored", SPIN, "loop { acq a }", "saved=extension loop=recursion"},
	{"result-true", SPIN, "if ? { acq a; rel a }", "helper=conditional"},
	{"result-false", SPIN, "if ? { acq a; rel a }", "helper=conditional"},
	{"result-forgotten", SPIN, "if ? { acq a; rel a }", "helper=conditional"},
	{"result-inverted", SPIN, "if ? { acq a; rel a }", "helper=conditional"},
	{"status-as-boolean", SPIN, "if ? { acq a; rel a }", "helper=fallible"},
	{"direction-acquires", SPIN, "acq a; work; rel a", "helper=direction"},
	{"direction-releases", SPIN, "acq a; work; rel a", "helper=direction"},
	{"direction-forgotten", SPIN, "acq a; work; rel a", "helper=direction"},
	{"direction-enum-forgotten", SPIN, "acq a; work; rel a", "helper=direction-enum"},
	{"balanced-callee-ignored", SPIN, "acq a; acq a; work; rel a; rel a", "helper=balanced"},
	{"retaken-callee-ignored", SPIN, "rel a; work; acq a", "helper=retaken"},
	{"callee-by-its-end", SPIN, "acq a; work; rel a", "helper=balanced"},
	{"callee-by-its-beginning", SPIN, "acq a; work; rel a", "helper=balanced"},
	{"assertion-acquires", SPIN, "acq a; work; rel a", "helper=asserts-held"},
	{"assertion-releases", SPIN, "acq a; work; rel a", "helper=asserts-held"},
	{"guard-ignored", SPIN, "acq a; if ? { return }; rel a", "helper=guard"},
	{"guard-release-ignored", SPIN, "acq a; work; rel a", "helper=guard"},
	{"guard-returns", SPIN, "acq a; if ? { return }; rel a", "helper=guard"},
	{"flags-forgotten", SPIN, "if p { acq a }; work; if p { rel a }", ""},
	{"first-flag-only", SPIN, "if p { work }; if q { acq a }; if q { rel a }", ""},
	{"two-flags-only", SPIN, "if p { work }; if q { work }; if r { acq a }; if r { rel a }", ""},
	{"flags-in-loops-forgotten", SPIN, "loop { if p { acq a }; if p { rel a } }", ""},
	{"flags-behind-loops-forgotten", SPIN, "if p { acq a }; loop { work }; if p { rel a }", ""},
	{"flags-behind-calls-forgotten", SPIN, "if p { acq a }; if p { rel a }", "noise=call"},
	{"flags-respelled-forgotten", SPIN, "if p { acq a }; if p { rel a }", "flag=respelled"},
	{"flags-arithmetic-forgotten", SPIN, "if p { acq a }; if p { rel a }", "flag=arithmetic"},
	{"flags-in-memory-forgotten", SPIN, "if p { acq a }; if p { rel a }", "flag=memory"},
	{"flag-bits-forgotten", SPIN, "if p { acq a }; if p { rel a }", "flag=bit"},
	{"flag-enums-forgotten", SPIN, "if p { acq a }; if p { rel a }", "flag=enum"},
	{"flag-predicates-forgotten", SPIN, "if p { acq a }; if p { rel a }", "flag=predicate"},
	{"flag-statuses-forgotten", SPIN, "if p { acq a }; if p { rel a }", "flag=status"},
	{"flag-counters-forgotten", SPIN, "if p { acq a }; work; if p { rel a }", "flag=counter"},
	{"flag-getters-forgotten", SPIN, "if p { acq a }; work; if p { rel a }", "helper=accessor"},
	{"negation-ignored", SPIN, "acq a; if p { rel a }; if !p { rel a }", ""},
	{"flags-equal", SPIN, "if p { acq a }; if q { rel a }", ""},
	{"unknowns-equal", SPIN, "if ? { acq a }; if ? { rel a }", ""},
	{"try-succeeds", DPC, "try a { rel a } else { acq a }", ""},
	{"try-fails", DPC, "try a { work }", ""},
	{"try-inverted", DPC, "try a { rel a }", ""},
	{"try-forgotten", DPC, "try a { rel a }", ""},
	{"try-ignored", DPC, "try a { rel a }", ""},
	{"locks-are-one", SPIN, "acq a; acq b; rel b; rel a", ""},
	{"c-is-b", SPIN, "acq a; acq b; acq c; rel c; rel b; rel a", ""},
	{"second-lock-ignored", SPIN, "acq b", ""},
	{"third-lock-ignored", SPIN, "acq a; acq b; acq c; rel b; rel a", ""},
	{"array-is-one", SPIN, "acq a; acq b; rel b; rel a", "place=array"},
	{"index-is-own", SPIN, "acq a; rel a", "place=array-index"},
	{"sum-is-own", SPIN, "acq a; rel a", "place=array-computed"},
	{"sums-are-one", SPIN, "acq a; rel b", "place=array-computed"},
	{"accessor-is-own", SPIN, "acq a; rel a", "place=array-accessor"},
	{"accessor-is-one", SPIN, "acq a; rel b", "place=array-accessor"},
	{"accessor-ignored", SPIN, "acq a", "place=array-accessor"},
	{"pointer-is-own", SPIN, "acq a; rel a", "alias=local-pointer"},
	{"pointer-ignored", SPIN, "acq a; rel a", "alias=local-pointer"},
	{"second-pointer-ignored", SPIN, "acq a; rel a; rel a", "alias=two-pointers"},
	{"pointer-to-pointer-ignored", SPIN, "acq a; rel a", "alias=pointer-to-pointer"},
	{"returned-pointer-ignored", SPIN, "acq a; rel a", "alias=returned-pointer"},
	{"chosen-pointer-ignored", SPIN, "acq a", "alias=chosen-pointer"},
	{"chosen-pointer-forgotten", SPIN, "acq a; rel a", "alias=chosen-pointer"},
	{"moving-pointer-first", SPIN, "acq a; rel b", "alias=moving-pointer"},
	{"moving-pointer-last", SPIN, "acq a; acq b; rel b; rel a", "alias=moving-pointer"},
	{"moving-pointer-in-loop", SPIN, "acq a; loop { acq b; rel b }; rel a", "alias=moving-pointer"},
	{"moved-pointer-stays", SPIN, "acq a; rel b", "alias=moved-pointer"},
	{"moved-pointer-ignored", SPIN, "acq a", "alias=moved-pointer"},
	{"moving-index-first", SPIN, "acq a; rel b", "place=array alias=moving-index"},
	{"moving-index-last", SPIN, "acq a; acq b; rel b; rel a", "place=array-index alias=moving-index"},
	{"element-pointer-is-own", SPIN, "acq a; rel a", "place=array alias=element-pointer"},
	{"element-pointer-ignored", SPIN, "acq a", "place=array alias=element-pointer"},
	{"kept-pointer-forgotten", SPIN, "acq a; rel a", "alias=kept-pointer"},
	{"kept-pointer-ignored", SPIN, "acq a; rel a", "alias=kept-pointer"},
	{"global-ignored", SPIN, "acq a", "place=global"},
	{"static-ignored", SPIN, "acq a", "place=static"},
	{"heap-ignored", SPIN, "acq a", "place=heap"},
	{"nested-ignored", SPIN, "acq a", "place=nested"},
	{"parameter-ignored", SPIN, "acq a", "place=parameter"},
	{"local-ignored", SPIN, "acq a", "place=local"},
	{"local-given-back", SPIN, "acq a; if ? { return }; rel a", "place=local"},
	{"initialise-acquires", SPIN, "acq a; rel a", "place=local"},
	{"initialise-releases", SPIN, "acq a; rel a", "place=local"},
	{"extension-ignored", SPIN, "acq a", ""},
	{"other-calls-ignored", SPIN, "acq a:KeAcquireSpinLockRaiseToDpc; rel a", ""},
	{"handle-by-name", QUEUED, "acq b/a; rel b/a; acq a/a; rel a/a; acq b/a; acq a/b; rel b/a; rel a/b", ""},
	{"outer-lock-watched", SPIN, "acq a; rel a", "noise=outer-lock"},
	{"depth-three-only", SPIN, "if ? { if ? { if ? { if ? { acq a } } } }", ""},
	{"five-statements-only", SPIN, "work; work; work; work; acq a; rel a", ""},
	{"eight-statements-only", SPIN, "work; work; work; work; work; work; work; acq a; rel a", ""},
	{"gives-up", SPIN, "if p { work }; if q { work }; if r { work }; if s { work }; if t { work }; acq a",
     ""},
	{"casts-forgotten", SPIN, "if p { acq a }; work; if p { rel a }", "branch=cast"},
	{"cast-negation-ignored", SPIN, "if p { acq a }; work; if !p { rel a }", "branch=cast"},
	{"enumerators-forgotten", SPIN, "if p { acq a }; work; if p { rel a }", "branch=enumerator"},
	{"enumerators-never-equal", SPIN, "acq a; if ? { rel a }", "branch=enumerator"},
	{"zeros-forgotten", SPIN, "if p { acq a }; work; if p { rel a }", "branch=nonzero"},
	{"zeros-inverted", SPIN, "if ? { acq a; rel a }", "helper=conditional branch=nonzero"},
	{"generic-forgotten", SPIN, "if p { acq a }; work; if p { rel a }", "branch=generic"},
	{"generic-true", SPIN, "acq a; if ? { rel a }", "branch=generic"},
	{"computed-goto-unfollowed", SPIN, "acq a; if ? { rel a }", "branch=computed-goto"},
	{"computed-goto-first", SPIN, "acq a; if ? { rel a }", "branch=computed-goto"},
	{"asm-goto-ignored", SPIN, "acq a; if ? { rel a }", "branch=asm-goto"},
	{"asm-goto-always", SPIN, "if ? { acq a }; work", "branch=asm-goto"},
	{"default-first-always", SPIN, "acq a; if ? { rel a }", "branch=default-first"},
	{"default-first-hides", SPIN, "acq a; if ? { rel a } else { rel a }", "branch=default-first"},
	{"while-true-unending", SPIN, "loop { work }; acq a", "loop=while-true"},
	{"do-true-unending", SPIN, "loop { work }; acq a", "loop=do-true"},
	{"hidden-return-ignored", SPIN, "acq a; if ? { rel a; return }; rel a", "exit=hidden-return"},
	{"hidden-return-unjudged", SPIN, "acq a; if ? { return }; rel a", "exit=hidden-return"},
	{"hidden-goto-ignored", SPIN, "acq a; if ? { return }; rel a", "exit=hidden-goto"},
	{"hidden-goto-returns", SPIN, "acq a; if ? { rel a; return }; rel a", "exit=hidden-goto"},
	{"return-if-ignored", SPIN, "acq a; if ? { return }; rel a", "exit=return-if"},
	{"return-if-always", SPIN, "if ? { return }; acq a", "exit=return-if"},
	{"guard-break-releases", SPIN, "acq a; if ? { return }; rel a", "helper=guard-left"},
	{"guard-continue-skips", SPIN, "acq a; if ? { rel a; return }; rel a", "helper=guard-left"},
	{"do-once-continue-ignored", SPIN, "acq a; if ? { rel a; return }; rel a", "exit=do-once-continue"},
	{"do-once-continue-repeats", CANCEL, "rel a; if ? { return }; work", "exit=do-once-continue"},
	{"stop-as-call", DPC, "try a { work } else { stop }; rel a", ""},
	{"stop-in-branch-returns", SPIN, "acq a; if ? { stop }; rel a", ""},
	{"stop-hides-branch", SPIN, "acq a; if ? { acq a; stop }; rel a", ""},
	{"stop-in-loop-breaks", SPIN, "loop { acq a; stop }", ""},
	{"work-stops", SPIN, "acq a; work", ""},
	{"flag-sets-ignored", SPIN, "p = 0; if p { rel a }", ""},
	{"flag-sets-in-blocks-ignored", SPIN, "p = 0; if ? { acq a; p = 1 }; if p { rel a }", ""},
	{"flag-sets-in-loops-ignored", SPIN,
     "p = 0; loop { if p { rel a; p = 0 } else { acq a; p = 1 } }; if p { rel a }", ""},
	{"flag-sets-behind-loops-ignored", SPIN, "p = 0; loop { work }; if ? { acq a; p = 1 }; if p { rel a }",
     ""},
	{"flag-clears-ignored", SPIN, "p = 0; if p { rel a }", ""},
	{"flag-rises-ignored", SPIN, "p = 0; if ? { acq a; p = 1 }; if p { rel a }", ""},
	{"first-set-only", SPIN, "p = 0; if ? { acq a; p = 1 }; if p { rel a }", ""},
	{"setting-loops-once", SPIN, "p = 0; loop { if p { rel a }; p = 1 }", ""},
	{"toggles-ignored", SPIN, "p = 0; p = !p; if p { acq a }", ""},
	{"new-unknowns-true", SPIN, "p = ?; if p { work } else { acq a }", ""},
	{"setters-ignored", SPIN, "p = 0; if ? { acq a; p = 1 }; if p { rel a }", "helper=accessor"},
	{"count-up-ignored", SPIN, "p = 0; if ? { acq a; p = 1 }; if p { rel a }", "flag=counter"},
	{"clearing-ignored", SPIN, "p = 1; acq a; if ? { rel a; p = 0 }; if p { rel a }", "flag=counter"},
	{"constants-forgotten", SPIN,
     "p = 1; if p { acq a }; if p { rel a } else { rel a }; p = 0; if p { rel a }", ""},
	{"constants-in-loops-forgotten", SPIN,
     "p = 0; loop { if p { rel a; p = 0 } else { acq a; p = 1 } }; if p { rel a }", ""},
	{"copies-forgotten", SPIN, "q = p; if p { acq a }; if q { rel a }", ""},
	{"copies-not-negated", SPIN, "q = !p; if p { acq a }; if q { rel a }", ""},
	{"new-unknowns-ignored", SPIN, "if p { acq a }; p = ?; if p { rel a }", ""},
	{"set-flags-forgotten", SPIN, "p = 0; if ? { acq a; p = 1 }; if p { rel a }", ""},
	{"kept-result-forgotten", DPC, "p = try a; work; if p { rel a }", ""},
	{"kept-try-succeeds", DPC, "p = try a; rel a", ""},
	{"kept-try-ignored", DPC, "p = try a", ""},
	{"kept-try-fails", DPC, "p = try a", ""},
	{"kept-result-inverted", DPC, "p = try a; if p { rel a }", ""},
	{"kept-result-known-once", DPC, "p = try a; if p { work }; if p { rel a }", ""},
	{"ignored-try-acquires", DPC, "try a; rel a", ""},
	{"ignored-try-ignored", DPC, "try a", ""},
	{"forever-may-be-skipped", SPIN, "acq a; forever { rel a; break }", ""},
	{"forever-once", SPIN, "forever { acq a; if ? { break } }; rel a", ""},
	{"forever-ignored", SPIN, "forever { acq a; break }", ""},
	{"forever-unending", SPIN, "forever { acq a; break }; work", ""},
	{"forever-break-continues", SPIN, "forever { acq a; if ? { break }; rel a }; rel a", ""},
	{"while-true-may-end", SPIN, "acq a; forever { if ? { rel a; return } }", "loop=while-true"},
	{"do-true-may-end", SPIN, "acq a; forever { if ? { rel a; return } }", "loop=do-true"},
	{"stored-results-forgotten", DPC, "try a { rel a }", "result=stored"},
	{"results-behind-work-forgotten", DPC, "try a { rel a }", "result=tested-later"},
	{"results-tested-once", DPC, "try a { rel a }", "result=tested-twice"},
	{"double-negations-forgotten", DPC, "try a { rel a }", "result=negated-twice"},
	{"double-negations-single", DPC, "try a { rel a }", "result=negated-twice"},
	{"comparisons-forgotten", DPC, "try a { rel a }", "result=compared"},
	{"comparisons-inverted", SPIN, "if ? { acq a; rel a }", "helper=fallible result=compared"},
	{"ternary-results-forgotten", DPC, "p = try a; if p { rel a }", "result=ternary"},
	{"assigned-results-forgotten", DPC, "try a { rel a }", "result=assigned"},
	{"assigned-results-ignored", DPC, "try a { work }", "result=assigned"},
	{"cast-results-forgotten", SPIN, "if ? { acq a; rel a }", "helper=conditional result=cast"},
	{"result-enumerators-forgotten", DPC, "try a { rel a }", "result=enumerator"},
	{"result-enumerators-zero", DPC, "p = try a; if p { rel a }", "result=enumerator"},
	{"statement-expressions-forgotten", DPC, "try a { rel a }", "result=statement-expression"},
	{"statement-expressions-ignored", DPC, "try a { work }", "result=statement-expression"},
	{"stop-function-returns", DPC, "try a { work } else { stop }; rel a", "stop=function"},
	{"unmarked-stop-returns", DPC, "try a { work } else { stop }; rel a", "stop=unmarked-function"},
	{"assert-goes-on", DPC, "try a { work } else { stop }; rel a", "stop=assert"},
	{"assert-ignored", DPC, "try a { work } else { stop }; work; rel a", "stop=assert"},
	{"assert-inverted", DPC, "try a { work } else { stop }; work; rel a", "stop=assert"},
	{"ternary-stop-goes-on", DPC, "try a { work } else { stop }; rel a", "stop=ternary"},
	{"ternary-stop-ignored", DPC, "try a { work } else { stop }; work; rel a", "stop=ternary"},
	{"failed-try-stops", DPC, "try a { work } else { work }; rel a", ""},
	{"lone-call-stops", SPIN, "if p { work }; if p { rel a }", ""},
	{"void-helper-stops", SPIN, "acq a; if ? { rel a }; rel a", "helper=release"},
};

enum { KILLERS = sizeof killers / sizeof *killers };

static void
make(const struct killer *killer, struct prog *prog, unsigned *cap)
{
	struct rule *rule = arena_alloc(&arena, sizeof *rule);
	struct shapes shapes = shapes_default();
	char words[160], *word = words;
	struct diag diag;
	struct seq seq;
	unsigned role;

	cr_assert(rule_load(rule, &arena, killer->rule, &diag), "%s", diag.message);
	cr_assert(rule_find_role(rule, killer->role, &role));
	cr_assert(seq_read(&seq, &arena, rule, role, killer->mutant, killer->text, strlen(killer->text), &diag),
	          "%s: %s", killer->mutant, diag.message);
	snprintf(words, sizeof words, "%s", killer->shapes);
	while (*word) {
		char *blank = word + strcspn(word, " ");
		bool last = !*blank;

		*blank = 0;
		cr_assert(shapes_set(&shapes, word, &diag), "%s: %s", killer->mutant, diag.message);
		word = last ? blank : blank + 1;
	}
	prog_make(prog, &arena, rule, role, &seq, &shapes);
	cr_assert_eq(prog->effects, SHAPE_ALL, "%s: a shape does not apply", killer->mutant);
	*cap = seq_cap(&seq, rule, role);
}

static enum outcome
label_of(const struct prog *prog, unsigned cap)
{
	struct walk_result result;

	walk_judge(&walk, prog, prog->rule->headline, cap, false, &arena, &result);
	return result.verdict.outcome;
}

static enum outcome
answer_of(const char *mutant, const struct prog *prog, unsigned cap)
{
	cr_assert_not_null(mutant_find(mutant), "no mutant %s", mutant);
	arena_reset(&scratch);
	return mutant_judge(&walk, mutant_find(mutant), prog, cap, &scratch);
}

static void
expect_wrong(const struct killer *killer, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		enum outcome label, answer;
		struct prog prog;
		unsigned cap;

		make(&killer[i], &prog, &cap);
		label = label_of(&prog, cap);
		answer = answer_of(killer[i].mutant, &prog, cap);
		cr_expect(label != answer && answer != OUTCOME_UNDECIDED, "%s survives '%s' %s: %s", killer[i].mutant,
		          killer[i].text, killer[i].shapes, outcome_name(answer));
		arena_reset(&arena);
	}
}

Test(mutants, each_is_wrong_on_the_case_that_names_its_fault)
{
	expect_wrong(killers, KILLERS);
}

Test(mutants, each_has_a_name_of_its_own_a_sentence_and_a_case)
{
	cr_assert_eq(mutant_count(), KILLERS);
	cr_assert_geq(mutant_count(), 45);
	for (unsigned i = 0; i < KILLERS; i++) {
		const struct mutant *mutant = mutant_row(i);

		cr_expect_str_eq(mutant->name, killers[i].mutant);
		cr_expect_eq(mutant_find(mutant->name), mutant, "%s: the name is taken", mutant->name);
		cr_expect_eq(mutant->summary[strlen(mutant->summary) - 1], '.');
	}
	cr_expect_null(mutant_find("none"));
}

/* A plain pair shows few faults: those of the rule's words, and of the place that is everybody's. */
Test(mutants, each_is_right_on_a_plain_pair_where_its_fault_does_not_matter)
{
	static const struct killer pair[] = {{"", SPIN, "acq a; rel a", ""},
	                                     {"", SPIN, "acq a; rel a; rel a", ""}};
	static const char wrong[] = " release-unjudged extension-ignored ";

	for (unsigned i = 0; i < 2; i++) {
		struct prog prog;
		unsigned cap;

		make(&pair[i], &prog, &cap);
		for (unsigned j = 0; j < mutant_count(); j++) {
			const char *name = mutant_row(j)->name, *at = strstr(wrong, name);
			bool differs = answer_of(name, &prog, cap) != (i ? OUTCOME_VIOLATION : OUTCOME_PASS);

			cr_expect_eq(differs, i && at && at[-1] == ' ' && at[strlen(name)] == ' ', "%s on '%s'", name,
			             pair[i].text);
		}
		arena_reset(&arena);
	}
}

Test(mutants, a_mutant_leaves_program_rule_and_walk_as_they_are)
{
	for (unsigned i = 0; i < KILLERS; i++) {
		enum outcome before;
		struct prog prog;
		unsigned cap;

		make(&killers[i], &prog, &cap);
		before = label_of(&prog, cap);
		for (unsigned j = 0; j < mutant_count(); j++)
			answer_of(mutant_row(j)->name, &prog, cap);
		cr_expect_eq(label_of(&prog, cap), before, "%s", killers[i].mutant);
		arena_reset(&arena);
	}
}

static bool
kills(const struct level *level, const struct mutant *mutant)
{
	for (unsigned i = 0; i < level->count; i++) {
		const struct suite_case *of = &level->cases[i];
		unsigned cap = seq_cap(&of->seq, of->rule, of->role) * (RULE_LOCKS + 1);
		enum outcome answer;
		struct prog prog;

		arena_reset(&scratch);
		prog_make(&prog, &scratch, of->rule, of->role, &of->seq, &of->shapes);
		answer = mutant_judge(&walk, mutant, &prog, cap, &scratch);
		if (answer != OUTCOME_UNDECIDED && answer != of->verdict[of->rule->headline].outcome)
			return true;
	}
	return false;
}

Test(mutants, smoke_gives_nine_of_ten_away)
{
	struct buf dispute = {0}, survivors = {0};
	struct level level;
	unsigned killed = 0;
	struct diag diag;

	cr_assert(level_make(&level, "smoke", NULL, (struct shard){0, 1}, &dispute, &diag), "%s", diag.message);
	for (unsigned i = 0; i < mutant_count(); i++) {
		bool dies = kills(&level, mutant_row(i));

		killed += dies;
		if (!dies)
			buf_printf(&survivors, " %s", mutant_row(i)->name);
	}
	cr_expect_geq(killed * 10, mutant_count() * 9, "%u of %u survive:%s", mutant_count() - killed,
	              mutant_count(), buf_string(&survivors));
	level_free(&level);
	buf_free(&survivors);
}
