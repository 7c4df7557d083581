/* lesson_run_time: what happens where a finding is met at run time. See lesson.h.
 *
 * The bug checks are those of suite/manual/run-time.md, which names their sources.
 */
#include <string.h>

#include "lesson.h"

/* What a kind means to the machine; spin locks, as all built-in rules have them. */
static const struct {
	enum kind kind;
	const char *happens;
} meanings[] = {
	{KIND_DOUBLE_ACQUIRE,
     "Deadlock: a spin lock does not know who holds it, so the processor waits for a release that only it "
     "could make, and does nothing else any more."},
	{KIND_MISSING_RELEASE,
     "The routine is over and its lock is not free: whoever asks for it next, the same routine too, spins "
     "for ever."},
	{KIND_RELEASE_WITHOUT_ACQUIRE,
     "A lock is opened that nobody here holds: if another processor is behind it, two are from now on, and "
     "what the lock guards is no longer guarded."},
	{KIND_WRONG_CALL,
     "The call gives the lock back and does not do the rest of what its acquire needs: the IRQL stays as it "
     "is, or becomes what nobody saved."},
};

/* A release in a routine that is entered below DISPATCH_LEVEL is made at that IRQL. */
static bool
is_made_too_low(const struct suite_case *of, enum kind kind)
{
	const struct rule_role *role = &of->rule->role[of->role];
	unsigned call;

	return kind == KIND_RELEASE_WITHOUT_ACQUIRE && role->irql < IRQL_DISPATCH &&
	       rule_find_call(of->rule, "KeReleaseSpinLock", &call) && of->rule->bugcheck;
}

static void
put_bug_check(struct buf *out, const struct suite_case *of, enum kind kind)
{
	const char *code = of->rule->bugcheck, *slash = code ? strchr(code, '/') : NULL;

	if (!slash) {
		buf_puts(out,
		         " No check of Driver Verifier is promised for this rule: nothing stops the machine there.");
		return;
	}
	buf_printf(
		out,
		" With Driver Verifier's check of this rule the machine stops there: bug check %.*s, parameter 1 %s.",
		(int)(slash - code), code, slash + 1);
	if (is_made_too_low(of, kind))
		buf_puts(out,
		         " Where nothing else raised the IRQL it is bug check 0xC4, parameter 1 0x32: the release "
		         "is made below DISPATCH_LEVEL.");
}

void
lesson_run_time(struct buf *out, const struct suite_case *of, enum kind kind)
{
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (meanings[i].kind == kind)
			buf_puts(out, meanings[i].happens);
	put_bug_check(out, of, kind);
}
