#!/bin/sh
# The command line from outside: what it prints, what it refuses and how, that nothing is left
# half-written, and that the same
# inputs give the same bytes. Prints what fails, and a count.
set -u
cd "$(dirname "$0")/.."
. ci/checks.sh
begin_in commandline
# Where `show` keeps the ids of level full.
XDG_CACHE_HOME=$out/cache
export XDG_CACHE_HOME

# refuses NAME PATTERN COMMAND...: exit status 2, nothing on stdout but what was whole, and a message with
# the pattern.
refuses() {
	name=$1 pattern=$2
	shift 2
	"$@" > stdout 2> stderr
	status=$?
	if [ $status = 2 ] && grep -q -- "$pattern" stderr; then good; else
		echo "status $status" >> stderr
		bad "$name" stderr
	fi
}

# Each check must be able to fail.
prints self one echo two > self.txt
refuses self nothing true >> self.txt
same self stdout no-such-file >> self.txt
[ $failed = 3 ] && [ $passed = 0 ] || { echo "the checks do not fail when they should"; exit 1; }
failed=0

tab=$(printf '\t')
violation() { printf 'violation\n%s\t%s\t%s' "$1" "$2" "$3"; }

# verdicts
prints 'a leak by an early return' "$(violation missing-release 0 a)" \
	"$drill" verdict --rule SpinlockRelease 'acq a; if ? { return }; rel a'
prints 'its twin' pass "$drill" verdict --rule SpinlockRelease 'acq a; if ? { rel a; return }; rel a'
prints 'a reading' pass \
	"$drill" verdict --rule SpinlockRelease --reading slic7600 'acq a; acq a; rel a; rel a'
prints 'the headline of it' "$(violation double-acquire 2 a)" \
	"$drill" verdict --rule SpinlockRelease 'acq a; acq a; rel a; rel a'
prints 'a cancel routine is entered held' pass \
	"$drill" verdict --rule CancelSpinlockRelease --role cancel 'rel a'
prints 'a dispatch routine is not' "$(violation release-without-acquire 1 a)" \
	"$drill" verdict --rule CancelSpinlockRelease 'rel a'
prints 'two handles' "$(violation double-acquire 2 a)" \
	"$drill" verdict --rule QueuedSpinLockRelease 'acq a/a; acq a/b'
prints 'two handles by handle' pass \
	"$drill" verdict --rule QueuedSpinLockRelease --reading handle 'acq a/a; acq a/b; rel a; rel b'
prints 'a count without end' undecided "$drill" verdict --rule WdfSpinlockRelease 'loop { acq a }; stop'
printf '\357\273\277acq a\r\nrel a\r\n' > crlf.txt
prints 'standard input with a byte order mark and CRLF' pass \
	sh -c "'$drill' verdict --rule SpinlockRelease - < crlf.txt"
prints 'a release that does not match' "$(violation wrong-call 2 a)" \
	"$drill" verdict --rule SpinlockRelease --role dpc --reading matched \
	'acq a:KeAcquireSpinLock; rel a:KeReleaseSpinLockFromDpcLevel'
prints 'the empty sequence' pass "$drill" verdict --rule SpinlockRelease ''
prints 'a count' 80018 "$drill" enum --rule SpinlockRelease --role dpc --size 5 --count
prints 'an index' 'acq a; rel a' "$drill" enum --rule SpinlockRelease --size 2 --index 1

# refusals
refuses 'an unknown command' 'did you mean verify' "$drill" verfy
refuses 'an adapter that is not there' \
	'one of yours is the file adapters/mine.yaml in a directory that --data names' \
	"$drill" run --level smoke --checker mine --db mine.db
refuses 'an unknown option' 'did you mean --rule' "$drill" verdict --rul SpinlockRelease 'rel a'
refuses 'an unknown rule' 'there is no rule' "$drill" verdict --rule Spinlock 'rel a'
refuses 'an unknown role' 'has no role' "$drill" verdict --rule SpinlockRelease --role isr 'rel a'
refuses 'an unknown reading' 'has no reading' "$drill" verdict --rule SpinlockRelease --reading x 'rel a'
refuses 'an unknown level' 'there is no level' "$drill" verify --level huge
refuses 'an unknown world' 'there is no world' "$drill" gen --level smoke --world mars --out x
refuses 'an unknown checker' 'no-such-checker' "$drill" run --level smoke --checker no-such-checker --db x.db
refuses 'an unknown format' "there is no format 'pdf'; known: table json csv md html junit sarif svg" \
	"$drill" score --format pdf x.db
refuses 'CSV has all groups' 'csv does nothing beside --by' "$drill" score --format csv --by rules x.db
refuses 'Markdown of two checkers' 'no md of --flaky' "$drill" score --format md x.db --versus a b
refuses 'CSV has rates over answered cases too' '--answered-only' \
	"$drill" score --format csv --answered-only x.db
refuses 'an unknown shape' 'there is no such' "$drill" show --rule SpinlockRelease --shape exit=x 'rel a'
refuses 'a shape that does not apply' 'does not apply: it needs a loop' \
	"$drill" show --rule SpinlockRelease --shape loop=do 'rel a'
refuses 'a shape that another keeps off' 'beside call=macro, without which it would: it needs' "$drill" show \
	--rule SpinlockRelease --shape helper=conditional --shape call=macro 'if ? { acq a; rel a }'
refuses 'an unknown id' 'level standard has no such case' "$drill" show --level standard 0123456789abcdef
refuses 'a number that is none' 'is not a number' "$drill" enum --rule SpinlockRelease --size two
refuses 'an index out of range' '99' "$drill" enum --rule SpinlockRelease --size 1 --index 99
refuses 'a reading that a rule lacks' 'has no reading' \
	"$drill" gen --level smoke --world model --reading handle --out x
refuses 'a broken shard' 'is not K/N' "$drill" gen --level smoke --out x --shard 2/2
refuses 'no arguments' usage "$drill"
refuses 'no jobs' '^run: error: -j: .0. is not a number from 1' "$drill" run --level smoke --db x.db -j 0
refuses 'an option without its value' '^run: error: -j needs a value' "$drill" run --level smoke --db x.db -j
refuses 'no time' 'seconds: .0. is not a number from 1' "$drill" run --level smoke --db x.db --seconds 0
refuses 'a needed option that is missing' '--level NAME is missing' "$drill" manifest
refuses 'help about nothing known' 'no command and no topic' "$drill" help nothing
refuses 'a broken sequence with its place' '<sequence>:1:8: error' \
	"$drill" verdict --rule SpinlockRelease 'acq a; frob a'
refuses 'a caret' '^ *\^' "$drill" verdict --rule SpinlockRelease 'acq a; frob a'
refuses 'a break outside loops' '<sequence>:1:1' "$drill" verdict --rule SpinlockRelease 'break'
refuses 'a try in a role without' 'try' "$drill" verdict --rule SpinlockRelease 'try a { rel a }'
refuses 'a handle in a rule without' '<sequence>:1:' "$drill" verdict --rule SpinlockRelease 'acq a/b'
refuses 'a handle that is in use for another lock' '<sequence>:1:' \
	"$drill" verdict --rule QueuedSpinLockRelease 'acq a/a; acq b/a'
branches='if ? { work }; if ? { work }; if ? { work }; if ? { work }; '
many=$(for i in 1 2 3 4 5 6 7 8; do printf '%s' "$branches"; done)
refuses 'more paths than native can run' 'native reached a limit' \
	"$drill" verdict --rule SpinlockRelease "$many"
refuses 'a missing directory of data' 'cannot read directory' "$drill" rules --data no-such-directory
refuses 'an option before the command' "options stand behind the command: unknown command '--quiet'" \
	"$drill" --quiet rules
refuses 'a command like none' "unknown command 'xyzzy' (lockdrill help lists all, and the manual)" \
	"$drill" xyzzy
refuses 'an option like none' "unknown option '--nope' (--help" "$drill" rules --nope
refuses 'an empty place to write to' \
	'^gen: error: --out: the DIR is empty' "$drill" gen --level smoke --out ''
refuses 'an empty place for the core' '^core: error: --out: the DIR is empty' "$drill" core --out ''
refuses 'an empty database' '^run: error: --db: the FILE is empty' "$drill" run --level smoke --db ''
refuses 'an empty database to read' '^score: error: operand 1 is empty: FILE' "$drill" score ''
refuses 'an empty id' '^show: error: give the id of a case' "$drill" show ''
refuses 'a shape without a rule' '--shape does nothing without --rule' "$drill" show --shape place=heap 01
refuses 'a role without a rule' '--role does nothing without --rule' "$drill" show --role dpc 01
refuses 'two shapes of one dimension' 'one choice of a dimension' \
	"$drill" show --rule SpinlockRelease --shape place=heap --shape place=global 'acq a; rel a'
refuses 'a size of a level' '--size does nothing beside --level' "$drill" verify --level smoke --size 2
refuses 'locks of a level' '--locks does nothing beside --level' "$drill" verify --level smoke --locks 2
refuses 'no process at all' "-j: '0' is not a number from 1 to 64" "$drill" verify --level smoke -j 0
refuses 'a shard of a rule' '--shard: error: does nothing' \
	"$drill" verify --rule SpinlockRelease --size 2 --shard 1/2
refuses 'a reading that nobody takes' '--reading: error: does nothing' \
	"$drill" gen --level smoke --reading alternate --world plain --out x
refuses 'a world given twice' '--world is given twice' \
	"$drill" gen --level smoke --world plain --world model --out x
refuses 'a seed of no sample' '--seed does nothing without --sample' "$drill" score --seed 2 x.db
refuses 'a view beside a reading' '--view does nothing beside --reading' \
	"$drill" score --view settled --reading handle x.db
refuses 'control bytes in a message' 'lockdrill: error: .*\\x1b\[31m' "$drill" "$(printf '\033[31m')"
refuses 'control bytes in a path' 'cannot read .*\\x1b\[31m' \
	"$drill" verdict --data "$(printf '\033[31m')" --rule SpinlockRelease 'rel a'
refuses 'control bytes where a process ends' 'x1b exists' sh -c "mkdir '$(printf 'red\033')' &&
	touch '$(printf 'red\033')/x' && '$drill' gen --level smoke --out '$(printf 'red\033')'"

# help
version="lockdrill $(sed -n 's|^#define LOCKDRILL_VERSION "\(.*\)"|\1|p' ../../include/gen/version.h)"
prints 'the version' "$version" "$drill" --version
prints 'the version, short' "$version" "$drill" -V
prints 'the version, of a command' "$version" "$drill" gen -V
usage=$("$drill" help)
prints 'help, short' "$usage" "$drill" -h
prints 'help, long' "$usage" "$drill" --help
for command in $(echo "$usage" | sed -n "/^usage/,/^lockdrill/s/^  \([a-z]*\) .*/\1/p"); do
	told=$("$drill" "$command" --help)
	page=$(head -1 ../../suite/manual/$command.md 2> stderr)
	# A topic of the same name follows the options.
	case $("$drill" help "$command") in
	"$told") if [ -z "$page" ]; then good; else bad "help $command leaves the page out"; fi ;;
	"$told"??"$page"*) if [ -n "$page" ]; then good; else bad "help $command"; fi ;;
	*) bad "help $command" ;;
	esac
	prints "$command -h" "$told" "$drill" "$command" -h
done

# width: at most 100 columns, and what is cut says so
fits() {
	name=$1
	shift
	"$@" > stdout 2> stderr
	awk '{ gsub("\t", "        ") } length($0) > 100' stdout > wide.txt
	if [ -s stdout ] && [ ! -s wide.txt ]; then good; else bad "$name fits 100 columns" wide.txt stderr; fi
}
before=$failed
fits self printf '%0101d\n' 1 > self.txt
[ $failed = $((before + 1)) ] || { echo "fits does not fail when it should"; exit 1; }
failed=$before
fits rules "$drill" rules
for rule in CancelSpinlockRelease QueuedSpinLockRelease SpinLockRelease SpinlockRelease WdfSpinlockRelease; do
	fits "rules $rule" "$drill" rules $rule
done
fits checkers "$drill" checkers
fits 'checkers --self-test' "$drill" checkers --self-test
fits shapes "$drill" shapes --level smoke
fits traits "$drill" shapes --level smoke --traits
fits mutants "$drill" mutants --level smoke
if grep -q -- --wide stderr; then good; else bad 'a cut line says --wide' stderr; fi
"$drill" mutants --level smoke --wide > stdout 2> stderr
if grep -q '^.\{101\}' stdout && [ ! -s stderr ]; then good; else bad 'mutants --wide' stderr; fi
long=$(for i in 1 2 3 4 5 6 7 8 9; do printf 'acq a; work; rel a; if ? { work }; '; done)
fits 'show of a long sequence' "$drill" show --rule SpinlockRelease "$long"
"$drill" verdict --rule SpinlockRelease "$long; acq d; $long" > stdout 2> caret.txt
fits 'a caret in a long line' sed 's/^    //' caret.txt
if [ "$(sed -n 2p caret.txt | cut -c "$(sed -n 3p caret.txt | awk '{ print length($0) }')")" = d ]; then
	good; else bad 'a caret stands under its place' stderr; fi
prints 'verify counts the cases that it names' 'level smoke (200 cases): 200 cases agree' \
	sh -c "'$drill' verify --level smoke | sed -n 's/, [0-9]* families//; s/agree.*/agree/p'"
# counts of verify, without the time
counts() { # OPTION...
	"$drill" verify "$@" > told 2> stderr && sed 's/, [0-9.]* s$//' told
}
for asked in '--level full --shard 7/250 --rule SpinLockRelease' \
	'--rule SpinLockRelease --size 3 --locks 2'; do
	# shellcheck disable=SC2086 # two or more words
	if counts $asked > counted-1 && counts $asked -j 3 > counted-3 && [ -s counted-1 ] &&
		cmp -s counted-1 counted-3; then good; else
		bad "verify $asked: three processes count as one does" counted-1 counted-3; fi
done
prints 'the title of the kmdf page' pass "$drill" verdict --rule WdfSpinLockRelease 'acq a; rel a'

# texts with a defect beside their locks
mkdir -p unclean/templates/windows
sed 's/StorPortReadRegisterUlong(@{extension}, /READ_REGISTER_ULONG(/' ../../templates/windows/dialect.yaml \
	> unclean/templates/windows/dialect.yaml
"$drill" verify --data unclean --rule SpinLockRelease --role hw-timer --size 2 > stdout 2> stderr
status=$?
if [ $status = 1 ] && grep -q '^    foreign-call  *[1-9][0-9]* pass' stdout; then good; else
	echo "status $status" >> stderr
	bad 'verify: a call that is for another driver model' stdout stderr
fi
refuses 'such a case in a level' 'this is no pair' \
	"$drill" verify --data unclean --level smoke --rule SpinLockRelease

# broken data files
mkdir -p data/rules data/adapters data/templates/windows
sed 's/^model: wdm/modle: wdm/' ../../suite/rules/SpinlockRelease.yaml > data/rules/SpinlockRelease.yaml
refuses 'a broken rule file' 'data/rules/SpinlockRelease.yaml:1:1: error' \
	"$drill" verdict --data data --rule SpinlockRelease 'rel a'
sed 's/^world: sparse/world: mars/' ../../oracle/adapters/sparse.yaml > data/adapters/sparse.yaml
refuses 'a broken adapter' 'data/adapters/sparse.yaml:[0-9]*:[0-9]*: error' \
	"$drill" run --data data --level smoke --rule SpinLockRelease --checker sparse --db adapter.db
sed 's/^@end/@edn/' ../../templates/windows/wdm-cancel.c > data/templates/windows/wdm-cancel.c
rm data/rules/SpinlockRelease.yaml
refuses 'a broken template' 'data/templates/windows/wdm-cancel.c:[0-9]*:[0-9]*: error' \
	"$drill" gen --data data --level smoke --rule CancelSpinlockRelease --out template
mkdir -p levels/levels
sed 's/^cell: 20/cell: twenty/' ../../suite/levels/standard.yaml > levels/levels/standard.yaml
refuses 'a broken level' 'levels/standard.yaml:[0-9]*:[0-9]*: error' \
	"$drill" verify --data levels --level standard
sed 's/early-return/late-return/' ../../suite/levels/smoke.tsv > levels/levels/smoke.tsv
refuses 'a broken list of pairs' 'late-return' "$drill" verify --data levels --level smoke
refuses 'more of a level than can be kept' 'give --shard' "$drill" manifest --level full
printf 'level: few\nsummary: few\ndeal: 50\n' > levels/levels/few.yaml
refuses 'nothing of a level that streams' 'no case of the level fits' "$drill" run --data levels \
	--level few --ladder straight --shape loop=recursion --checker coin --db full.db
if [ -e template ] || [ -e adapter.db ] || [ -e full.db ]; then bad 'a refusal leaves nothing'; else good; fi
sed 's/^name: SpinlockRelease/name: MyRule/; s/0xC4.*/none/' \
	../../suite/rules/SpinlockRelease.yaml > MyRule.yaml
mkdir -p mine/rules && mv MyRule.yaml mine/rules/
# A headline that never violates has no pairs; a rule that allows a release without acquire has other
# canaries.
sed -e 's/^name: .*/name: Never/' -e 's/violation: double-acquire, clause: 1/go: held/' \
	-e 's/violation: release-without-acquire, clause: 2/go: free/' \
	-e '/state: held, on: end/s/violation: missing-release, clause: 3/go: held/' \
	../../suite/rules/SpinlockRelease.yaml > mine/rules/Never.yaml
refuses 'a headline that never violates' 'never violates' \
	"$drill" gen --data mine --level full --rule Never --out never
sed -e 's/^name: .*/name: Lax/' -e 's/violation: release-without-acquire, clause: 2/go: free/' \
	../../suite/rules/SpinlockRelease.yaml > mine/rules/Lax.yaml
prints 'a rule without release-without-acquire' pass \
	"$drill" verdict --data mine --rule Lax 'acq a; rel a; rel a'
sed -e 's/^name: .*/name: FreeEnd/' \
	-e 's/{state: free, on: end, go: free}/{state: free, on: end, violation: missing-release, clause: 3}/' \
	../../suite/rules/QueuedSpinLockRelease.yaml > mine/rules/FreeEnd.yaml
prints 'a free state that violates at the end' "$(violation missing-release 0 b)" \
	"$drill" verdict --data mine --rule FreeEnd --reading handle 'acq a/b; rel b'
prints 'a rule of the user' "$(violation missing-release 0 a)" \
	"$drill" verdict --data mine --rule MyRule 'acq a'
if grep -q 'judged by its table' stderr; then
	good; else bad 'a rule of the user is said to be judged by its table' stderr; fi

sed -e 's/^name: SpinlockRelease/name: Held/' \
	-e 's/^    irql: PASSIVE_LEVEL$/    irql: DISPATCH_LEVEL\n    held: [a, b]/' -e 's/0xC4.*/none/' \
	../../suite/rules/SpinlockRelease.yaml > mine/rules/Held.yaml
prints 'a role of the user that is entered with two locks' pass \
	"$drill" verdict --data mine --rule Held --reading slic7600 'rel b; rel a'
prints 'and keeps one' "$(violation missing-release 0 b)" "$drill" verdict --data mine --rule Held 'rel a'

# what stands in a rule and cannot become C
mkdir -p odd/rules
# odd NAME SED PATTERN: a copy of SpinlockRelease, changed, is refused when it is read.
odd() {
	sed "s/^name: .*/name: Odd/; s/0xC4.*/none/; $2" ../../suite/rules/SpinlockRelease.yaml \
		> odd/rules/Odd.yaml
	refuses "$1" "$3" "$drill" verdict --data odd --rule Odd 'acq a; rel a'
}
odd 'a template that is not there' 's/template: wdm-dpc/template: wdm-dcp/' \
	'odd/rules/Odd.yaml:[0-9]*:[0-9]*: error: there is no template wdm-dcp'
odd 'a call that is no name' 's/KeAcquireSpinLock$/KeAcquire SpinLock/' \
	"odd/rules/Odd.yaml:[0-9]*:[0-9]*: error: 'KeAcquire SpinLock' is no name of a C function"
odd 'an IRQL without its end' '0,/irql: \[PASSIVE_LEVEL, DISPATCH_LEVEL\]/s//irql: [PASSIVE_LEVEL]/' \
	'error: expected 2 members of .irql.'
odd 'a lock type that the world has not' 's/^lock: .*/lock: KMUTEX/' \
	'^native: error: rule Odd: world native does not declare KMUTEX: put a locks.h'
odd 'a call that the world has not' \
	's/\<KeReleaseSpinLock\>/KeReleaseMutex/' \
	'^native: error: rule Odd: world native does not declare KeReleaseMutex'

# the outside world
refuses 'gen below a file' 'cannot' "$drill" gen --level smoke --out crlf.txt/x
refuses 'gen over a file' 'exists' "$drill" gen --level smoke --out crlf.txt
mkdir foreign && touch foreign/file
refuses 'gen over a foreign directory' 'exists' "$drill" gen --level smoke --out foreign
if [ -e foreign/file ]; then good; else bad 'a foreign directory is left alone'; fi
refuses 'a database below a file' 'crlf.txt/' \
	"$drill" run --level smoke --checker always-pass --db crlf.txt/x.db
cp crlf.txt text.db
for format in table json csv md junit sarif; do
	refuses "a database that is none: $format" 'text.db' "$drill" score --format $format text.db
	refuses "a database that is missing: $format" 'missing.db' "$drill" score --format $format missing.db
done
refuses 'a checker that is missing' 'not here' \
	env PATH=/nonexistent "$drill" run --level smoke --checker sparse --db p.db
if [ -e p.db ]; then bad 'a missing checker leaves no database'; else good; fi
if [ -e /dev/full ]; then
	refuses 'a full disk' 'cannot write the results' \
		sh -c "'$drill' enum --rule SpinlockRelease --size 4 > /dev/full"
	refuses 'a full disk, verdict' 'cannot write' \
		sh -c "'$drill' verdict --rule SpinlockRelease 'rel a' > /dev/full"
fi
refuses 'a file size limit, gen' 'cannot' \
	sh -c "ulimit -f 1; '$drill' gen --level smoke --pack 100 --out limited"
refuses 'a file size limit, run' 'limited.db' sh -c \
	"ulimit -f 20; '$drill' run --level smoke --checker always-pass --db limited.db"
if [ -e limited ] || ls -d limited.partial* > stdout 2> stderr; then
	bad 'a limit leaves nothing half-written' stdout
else good; fi
(
	"$drill" enum --rule SpinlockRelease --role dpc --size 5 2> pipe.err
	echo $? > pipe.status
) | head -1 > stdout
# Results that are lost are no success, but nobody wants to hear of it.
if [ "$(cat pipe.status)" = 2 ] && [ ! -s pipe.err ]; then good; else bad 'a closed pipe' pipe.err; fi

# where gen writes: only what an earlier gen made is replaced, and only by what is whole
gen_smoke="$drill gen --level smoke --shard 0/50 --out"
left() { find "$1" | sort | cksum; }
# keeps NAME FOREIGN DIRECTORY: gen refuses the directory, names what is foreign, and touches nothing.
keeps() {
	before=$(left "$3")
	refuses "$1" "holds $2" $gen_smoke "$3"
	if [ "$(left "$3")" = "$before" ]; then good; else bad "$1: all stays"; fi
}
mkdir -p proj/src && echo code > proj/src/main.c && echo '{}' > proj/manifest.jsonl
keeps 'a project with a manifest.jsonl of its own' '\(src\|manifest.jsonl\)' proj
$gen_smoke earlier && cp -r earlier kept && cp -r earlier pristine
mkdir kept/logs
keeps 'an earlier result with logs' logs kept
rmdir kept/logs && touch kept/include/mine.h
keeps 'a header of another' 'include/mine.h' kept
rm kept/include/mine.h && touch kept/cases/000000001.log
keeps 'a log among the cases' 'cases/000000001.log' kept
rm kept/cases/000000001.log && mv kept/manifest.jsonl kept.jsonl
keeps 'cases without a manifest' 'no manifest' kept
mkdir kept.d && mv kept/cases kept.d/ && ln -s ../kept.d/cases kept/cases && mv kept.jsonl kept/manifest.jsonl
keeps 'cases behind a link' 'cases$\|cases;' kept
# replaces NAME DIRECTORY OUT: from within DIRECTORY, to OUT, which is the folder `earlier`.
replaces() {
	rm -r earlier/cases/* && echo '{"id":"0"}' > earlier/manifest.jsonl
	(cd "$2" && $gen_smoke "$3") > stdout 2> stderr
	status=$?
	diff -r earlier pristine >> stderr
	if [ ! -s stderr ] && [ $status = 0 ]; then good; else bad "gen to $1" stderr; fi
}
mkdir -p elsewhere && ln -s ../earlier elsewhere/link
replaces . earlier .
replaces '. with a slash' earlier ./
replaces .. earlier/cases ..
replaces 'a name with slashes' . earlier//
replaces 'a link' elsewhere link
replaces 'a link with a slash' elsewhere link/
if [ -h elsewhere/link ]; then good; else bad 'the link stays'; fi
mkdir nothing-in && $gen_smoke nothing-in && $gen_smoke new/.
if diff -r nothing-in pristine > stdout && diff -r new pristine > stdout; then good; else
	bad 'an empty directory and one that is new' stdout; fi
ln -s nowhere dangling
refuses 'a link that leads nowhere' 'leads nowhere' $gen_smoke dangling
(ulimit -f 1 && $gen_smoke earlier --pack 100) > stdout 2> stderr
if diff -r earlier pristine > stdout; then good; else
	bad 'what cannot be written leaves the earlier one' stdout; fi
if ls -d *partial* > stdout 2> stderr; then bad 'nothing half-written is left' stdout; else good; fi

# filters: parts of the one level, whatever the command
rule=WdfSpinlockRelease
: > empty.txt
"$drill" manifest --level standard > whole.txt
"$drill" manifest --quiet --level standard --rule $rule > part.txt
"$drill" gen --quiet --level standard --rule $rule --out part
"$drill" gen --quiet --level standard --out whole
cases=$(grep -cF "\"rule\":\"$rule\"" whole/manifest.jsonl)
prints 'a rule of standard' "$cases" sh -c 'wc -l < part.txt | tr -d " "'
comm -23 part.txt whole.txt > strange.txt
same 'and nothing that standard has not' strange.txt empty.txt
grep -F "\"rule\":\"$rule\"" whole/manifest.jsonl > rule.jsonl
same 'gen: the lines of the whole' rule.jsonl part/manifest.jsonl
prints 'gen: its files alone' "$cases" sh -c 'ls part/cases | grep -vc helpers'
for file in part/cases/*; do cmp "$file" "whole/cases/${file##*/}" || break; done > other.txt 2>&1
same 'gen: under the same names' other.txt empty.txt
rm -rf part whole
prints 'verify: what every kind of hygiene is' 'brackets, strings' \
	sh -c "'$drill' verify --rule $rule --role evt-timer --size 1 --hygiene | grep -o 'brackets, strings'"
prints 'verify: the cases of a rule' "level standard, filters: rule WdfSpinlockRelease
level standard ($cases cases" \
	sh -c "'$drill' verify --level standard --rule $rule | sed '/hygiene/d; s/ cases,.*/ cases/'"
prints 'shapes: the cases of a rule' "recursive lock type             $cases  a reading that counts" \
	sh -c "'$drill' shapes --traits --rule $rule | grep recursive.lock"
prints 'mutants: say what was filtered' 'level smoke, filters: rule WdfSpinlockRelease' \
	sh -c "'$drill' mutants --level smoke --rule $rule 2> mutants.err | head -1"
prints 'a sample' 10 \
	sh -c "'$drill' manifest --quiet --level standard --sample 10 --seed 5 | wc -l | tr -d ' '"
refuses 'nothing that fits' 'no case of the level fits' \
	"$drill" gen --level smoke --ladder straight --shape loop=recursion --out nothing
if [ -e nothing ]; then bad 'nothing that fits leaves nothing'; else good; fi
refuses 'a beginning of many ids' 'begins the ids of' "$drill" manifest --level standard --case 0
refuses 'a role that no rule has' 'no rule here has a role' "$drill" verify --level smoke --role nobody
id=$(sed -n '7s/ .*//p' whole.txt)
prints 'a case by its id' "case      $id" sh -c "'$drill' show $id | head -1"
prints 'a case by the beginning of its id' "case      $id" \
	sh -c "'$drill' show $(echo "$id" | cut -c 1-12) | head -1"
refuses 'show: a beginning of many ids' 'several ids begin so' "$drill" show 0
# show: the lines of the file, whatever the way to the case
"$drill" gen --quiet --level smoke --out shown
line=$(grep '"verdict":"violation","findings":\[{"kind"' shown/manifest.jsonl | sed -n 3p)
# of NAME PATTERN: what the first field of the name holds in the line.
of() {
	echo "$line" | sed "s/\"$1\":\($2\).*/\n\1/; s/.*\n//; s/\"//g"
}
id=$(of id '"[0-9a-f]*"') text=$(of file '"[^"]*"') at=$(of line '[0-9]*')
"$drill" run --quiet --level smoke --checker always-pass --db shown.db
for way in "--level smoke $id" "--level smoke $text" "--db shown.db $id" "--db shown.db $text" \
	"--manifest shown/manifest.jsonl $id" "--manifest shown/manifest.jsonl $text"; do
	"$drill" show $way > shown.txt 2> stderr
	sed -n "s/^ *$at | //p" shown.txt > stdout
	sed -n "${at}p" "shown/$text" > expected.txt
	same "show $way: the line is the file's" stdout expected.txt
	if grep -q "^file .*$text" shown.txt && grep -q '^twin .*: .*cases/' shown.txt &&
		[ "$(sed -n "/^ *$at | /{n;s/ *| *.*//;p;}" shown.txt)" = '' ]; then good; else
		bad "show $way names file and twin" shown.txt stderr; fi
done
fits 'show --diff' "$drill" show --diff "$id"
if grep -q "^right: violating $id" stdout && grep -q ' [<>|] ' stdout && grep -q "^$at: " stdout; then
	good; else bad 'show --diff tells sides, edit and finding' stdout; fi
refuses 'show --diff of a sequence' 'does nothing beside --rule' \
	"$drill" show --diff --rule SpinlockRelease 'rel a'
refuses 'show: a database without the case' 'shown.db has no such case' "$drill" show --db shown.db 0123456789
cp shown.db old.db
suite=$(sqlite3 shown.db 'SELECT suite FROM level')
sqlite3 old.db "UPDATE level SET suite = '1'"
prints 'show: a case of another suite says so' \
	"old.db: is of suite 1, and what is shown is the text of suite $suite: file and lines may be others" \
	sh -c "'$drill' show --db old.db $id 2>&1 > stdout"
refuses 'show: a manifest without the case' 'has no such case' \
	"$drill" show --manifest shown/manifest.jsonl 0123456789
refuses 'show: a manifest that is missing' 'no.jsonl: error: cannot open' "$drill" show --manifest no.jsonl 01
sed 's/"line/"lime/; s/"span":{/"span":[{/' shown/manifest.jsonl > broken.jsonl
refuses 'show: a manifest that is none' 'line_checker.sh:1: error: this is no manifest' \
	"$drill" show --manifest ../../oracle/examples/line_checker.sh "$id"
refuses 'show: a directory as manifest' 'shown: error: cannot read: Is a directory' \
	"$drill" show --manifest shown "$id"
prints 'show: a file that gen wrote is the one of its manifest' "case      $id" \
	sh -c "'$drill' show 'shown/$text' | head -1"
prints 'show: also there' "case      $id" sh -c "cd shown && '$drill' show '$text' | head -1"
refuses 'run: a checker that is named twice' "^--checker: error: 'coin' is named twice" \
	"$drill" run --level smoke --checker coin --checker coin --db twice.db
refuses 'show: a broken manifest' 'broken.jsonl:[0-9]*' "$drill" show --manifest broken.jsonl "$id"
sed 's/"sequence":"[^"]*"/"sequence":"acq a"/' shown/manifest.jsonl > changed.jsonl
refuses 'show: a manifest of other cases' 'is another here' "$drill" show --manifest changed.jsonl "$id"
refuses 'show: a file that no level has' 'level smoke has no such case' \
	"$drill" show --level smoke cases/000000200.c

# a case of full: searched once, then known
"$drill" gen --quiet --level full --shard 7/500 --out full
line=$(tail -1 full/manifest.jsonl)
id=$(of id '"[0-9a-f]*"') text=$(of file '"[^"]*"')
"$drill" show "$id" > shown.txt 2> stderr
if grep -q "^file  *full: $text" shown.txt && grep -q 'looking for the id in all of level full' stderr; then
	good; else bad 'show finds a case of full' shown.txt stderr; fi
"$drill" show "$(echo "$id" | cut -c 1-14)" > again.txt 2> stderr
same 'and finds it again by the beginning of its id' again.txt shown.txt
same 'without a search' stderr empty.txt
"$drill" show --level full "$text" > again.txt 2> stderr
same 'and by its file' again.txt shown.txt
"$drill" gen --case "$id" --alone --out one > stdout 2> stderr
prints 'gen --case --alone writes one case' "${text#cases/}" sh -c 'ls one/cases | grep -v helpers'
same 'as it is in the level' "one/$text" "full/$text"
"$drill" gen --case "$id" --out one > stdout 2> stderr
prints 'gen --case writes its twin, too' 2 sh -c 'grep -c . one/manifest.jsonl'
# run takes what show takes
for name in "$id" "$(echo "$id" | cut -c 1-14)" "$text" "${text#cases/}"; do
	rm -f named.db
	"$drill" run --quiet --level full --case "$name" --checker always-pass --db named.db 2> stderr
	prints "run --case $name" "2|case $id" \
		sqlite3 named.db 'SELECT count(*), (SELECT filters FROM level) FROM answers'
done
refuses 'run --case: an id that is none' 'level full has no such case' \
	"$drill" run --level full --case 00000000000000000000000000000000 --checker always-pass --db no.db
refuses 'run --case: a beginning of many ids' 'several ids begin so' \
	"$drill" run --level full --case 0 --checker always-pass --db no.db
refuses 'run --case: a case of another level' 'level smoke has no such case' \
	"$drill" run --level smoke --case "$id" --checker always-pass --db no.db
refuses 'run --case: a file that no level has' 'level smoke has no such case' \
	"$drill" run --level smoke --case cases/000000200.c --checker always-pass --db no.db
if [ -e no.db ]; then bad 'no database is made then'; else good; fi
refuses 'gen --case of two levels' 'one level a call' "$drill" gen --case "$id" \
	--case "$(sed -n '7s/ .*//p' whole.txt)" --out two
refuses 'gen without level and case' '--level NAME is missing' "$drill" gen --out two
if [ -e two ]; then bad 'nothing is written then'; else good; fi
refuses 'show: an id that is none' 'no level has' "$drill" show 00000000000000000000000000000000
refuses 'score --case: a beginning of many ids' 'begins the ids of several pairs in shown.db' \
	"$drill" score --case 0 shown.db
refuses 'score --case: an id that is none' 'no case in shown.db' "$drill" score --case 0123456789 shown.db
"$drill" run --quiet --level smoke --rule $rule --checker always-pass --db part.db > run.out 2> run.err
refuses 'a database of another part' 'filters: rule WdfSpinlockRelease, not: none' \
	"$drill" run --level smoke --checker coin --db part.db
if "$drill" score part.db 2> score.err | head -1 | grep -q 'the database holds rule WdfSpinlockRelease'; then
	good; else bad 'score says which part a database holds' score.err; fi
"$drill" gen --quiet --level smoke --rule $rule --out part
sed 's/.*"id":"\([0-9a-f]*\)".*/{"id":"\1","verdict":"pass"}/' part/manifest.jsonl > part.jsonl
refuses 'import: the manifest of another part' 'is not in it' "$drill" import --level smoke \
	--manifest part/manifest.jsonl --db import.db --checker mine part.jsonl
prints 'import: the manifest of this part' '' "$drill" import --quiet --level smoke --rule $rule \
	--manifest part/manifest.jsonl --db import.db --checker mine part.jsonl

# runs: resumed, sharded, repeated
refuses 'nothing to resume' 'no run to resume' \
	"$drill" run --level smoke --checker count-calls --db resumed.db --resume
refuses 'resumed and fresh' 'one of them' \
	"$drill" run --level smoke --checker coin --db resumed.db --resume --fresh
refuses 'no repeats' 'from 1 to' "$drill" run --level smoke --checker coin --db resumed.db --repeats 0
refuses 'a program that is missing' 'no-such-program: error: cannot be run' \
	"$drill" run --level smoke --program no-such-program --db resumed.db
refuses 'a program that does not talk' 'mute' sh -c \
	"printf '#!/bin/sh\nexit 0\n' > mute; chmod +x mute; \
		'$drill' run --level smoke --program ./mute --db resumed.db"
cat > babbler << 'END'
#!/bin/sh
read -r hello
printf '{"type":"hello","protocol":1,"name":"%0150d","version":5}\n' 7
END
chmod +x babbler
refuses 'a hello that is wrong' 'babbler: error: line 1: expected .* for .version.: {"type"' \
	"$drill" run --level smoke --program ./babbler --db resumed.db
cp stderr babble.txt
prints 'its line is quoted once' 1 sh -c "grep -o '\"type\"' babble.txt | wc -l | tr -d ' '"
prints 'and cut' 0 sh -c "grep -c 00000007 babble.txt || :"
refuses 'a plug-in that is missing' 'no-such.so: error: cannot be read' \
	"$drill" run --level smoke --plugin no-such.so --db resumed.db
refuses 'a plug-in that is none' 'crlf' "$drill" run --level smoke --plugin ./crlf.txt --db resumed.db
whole="$drill run --quiet --level smoke --checker count-calls --db"
$whole whole.db && "$drill" score whole.db > whole.txt
$whole whole.db 2> stderr && "$drill" score whole.db | grep -v "are kept from" > again.txt &&
	same 'answers that are kept' whole.txt again.txt
$whole whole.db --resume && "$drill" score whole.db | grep -v "are kept from" > again.txt &&
	same 'a finished run, resumed' whole.txt again.txt
refuses 'resumed under other limits' 'another limits' $whole whole.db --resume --seconds 7
refuses 'reused and fresh' 'one of them' $whole whole.db --reuse --fresh
if $whole whole.db --fresh && [ "$(sqlite3 whole.db 'SELECT sum(reused) FROM answers')" = 0 ]; then good; else
	bad 'a fresh run keeps nothing'; fi

# What a script calls may change, and nobody sees it from outside.
# answers_of DB: how many violations are called what, and how many answers are kept.
answers_of() {
	sqlite3 "$1" "SELECT sum(findings LIKE '%missing-release%') > 0,
		sum(findings LIKE '%double-acquire%') > 0, sum(reused) FROM answers"
}
cp ../../oracle/examples/line_checker.sh called.sh
printf '#!/bin/sh\nexec sh %s/called.sh\n' "$PWD" > caller
chmod +x caller
caller="$drill run --level smoke --rule SpinLockRelease --program ./caller --db caller.db"
$caller > stdout 2> said && prints 'a script is run' '1|0|0' answers_of caller.db
sed 's/missing-release/double-acquire/' ../../oracle/examples/line_checker.sh > called.sh
$caller > stdout 2> said &&
	prints 'what a script calls has changed: no answer is kept' '0|1|0' answers_of caller.db
if grep -q 'no answer of the earlier run is kept.*--reuse' said; then good; else bad 'that is said' said; fi
cp ../../oracle/examples/line_checker.sh called.sh
cases=$(sqlite3 caller.db 'SELECT count(*) FROM cases')
$caller --reuse > stdout 2> said &&
	prints 'answers of a script that are kept' "0|1|$cases" answers_of caller.db
if grep -q ", $cases answers kept from an earlier run" said; then good; else bad 'that is said, too' said; fi
# adapter NAME EXE ARGUMENT...
adapter() {
	cat > "own/adapters/$1.yaml" << END
name: $1
title: says nothing
url: ''
world: plain
degenerate: true
exe: ['$2']
steps: [['{exe}', $3]]
exit: [0]
complete: exit
findings: [{pattern: '^(?<case>[0-9]+)\$', kind: none}]
pack: 1000
seconds: 60
seconds-case: 0
output: 4096
END
}
mkdir -p own/adapters
printf '#!/bin/sh\n' > silent
chmod +x silent
true=$(command -v env) && true=${true%/env}/true
adapter native "$true" "'{file}'"
adapter script "$PWD/silent" "'{file}'"
adapter interpreter sh "-c, ':'"
adapter argument "$true" "'--with=$PWD/silent'"
kept() { # NAME ANSWERS: of the second run
	for time in 1 2; do
		"$drill" run --quiet --data own --level smoke --rule SpinLockRelease --checker "$1" --db "$1.db" \
			> stdout 2> stderr
	done
	prints "answers that are kept of $1" "$2" sqlite3 "$1.db" 'SELECT sum(reused) FROM answers'
}
kept native "$cases"
kept script 0
kept interpreter 0
kept argument 0

# A checker of one kind: its canaries are of that kind, and its recall over it stands beside the whole.
cat > own/adapters/leaks.yaml << 'END'
name: leaks
title: counts acquires and releases
url: ''
world: plain
exe: [awk]
kinds: [missing-release]
rules: [SpinlockRelease]
steps:
  - ['{exe}', '/Acquire/ {n++} /Release/ {n--} /^}/ { if (n > 0) print FILENAME ":" FNR; n = 0 }', '{file}']
exit: [0]
complete: canary
findings: [{pattern: '^(?<file>[^:]+):(?<line>[0-9]+)$', kind: missing-release}]
pack: 100
seconds: 20
seconds-case: 0.1
output: 1048576
END
sed 's/^name: .*/name: any-leaks/; /^kinds/d' own/adapters/leaks.yaml > own/adapters/any-leaks.yaml
sed 's/^name: .*/name: no-leaks/; /^rules/d; s/missing-release/double-acquire/' own/adapters/leaks.yaml \
	> own/adapters/no-leaks.yaml
for checker in leaks any-leaks no-leaks; do
	"$drill" run --quiet --data own --level smoke --checker $checker --db $checker.db \
		> stdout 2> $checker.said
	echo "$checker $?"
done > ended
prints 'a checker of one kind, one that does not say so, one with a rule without such a case' \
	"leaks 0
any-leaks 1
no-leaks 2" cat ended
if grep -q 'no-leaks: error: .*no canary of these kinds' no-leaks.said; then good; else
	bad 'the rule without a canary of the kind is named' no-leaks.said; fi
"$drill" run --quiet --level smoke --checker count-calls --db counted.db > stdout
for name in leaks counted; do "$drill" score $name.db --format json > $name.json; done
of_json() { sqlite3 :memory: "SELECT json_extract(readfile('$1'), '$.checkers[0].$2')"; }
prints 'the kinds that it declares' '["missing-release"]' of_json leaks.json own_kinds.kinds
of_their_group=$(of_json leaks.json 'kinds."missing-release".recall.value')
prints 'its recall over its kinds is that of their group' "$of_their_group" \
	of_json leaks.json own_kinds.total.recall.value
prints 'and null where none are declared' '' of_json counted.json own_kinds

# compare: what became wrong between two runs.
"$drill" run --quiet --level smoke --checker always-pass --checker count-calls --db before.db
cp before.db after.db
exits 'compare: nothing changed' 0 '^count-calls  .* 0  *0  *0  *0  *0 ' "$drill" compare before.db after.db
sqlite3 after.db "UPDATE answers SET state = 'violation',
	findings = '[{\"kind\":\"missing-release\",\"line\":3}]'
	WHERE number % 7 = 0 AND run = (SELECT run FROM runs WHERE checker = 'always-pass');
	UPDATE answers SET state = 'timeout', findings = '[]', why = 'no end in 5 s'
	WHERE number % 11 = 3 AND run = (SELECT run FROM runs WHERE checker = 'count-calls')"
exits 'compare: a regression' 1 '^now: ' "$drill" compare before.db after.db
fits 'compare' "$drill" compare before.db after.db
exits 'compare: why there is no answer' 1 '^now: timeout: no end in 5 s' \
	"$drill" compare before.db after.db --checker count-calls --view settled
exits 'compare: limited' 1 'newly-wrong' "$drill" compare before.db after.db --limit 1
exits 'compare: as JSON' 1 '"newly-wrong"' "$drill" compare before.db after.db --format json
"$drill" compare before.db after.db --limit 1000 > listed.txt
suite=$(sqlite3 after.db 'SELECT suite FROM level')
{
	printf 'known-wrong\t%s\n' "$suite"
	sed -n '/^newly-wrong/,/^newly-right/p' listed.txt | awk 'length($1) == 32 { id = $1 "\t" $2 }
		$1 == "now:" { gsub(/[^a-z-]/, "", $2); print id "\t" $2 }' | LC_ALL=C sort
} > known-wrong
exits 'compare: accepted failures' 0 'xfail' "$drill" compare before.db after.db --known known-wrong
exits 'compare: and mended' 0 'xpass' "$drill" compare after.db after.db --known known-wrong
cp before.db mended.db
exits 'compare: mended, strictly' 1 'xpass, smallest first' \
	"$drill" compare before.db mended.db --known known-wrong --strict
exits 'compare: mended' 0 'xpass, smallest first' "$drill" compare before.db mended.db --known known-wrong
refuses 'compare: no baseline' 'no.db: error: cannot open' "$drill" compare no.db after.db
refuses 'compare: one run' 'no earlier run' "$drill" compare before.db
refuses 'compare: no earlier version' "no earlier run as version '3'" "$drill" compare before.db --old 3
refuses 'compare: no database' 'give two databases' "$drill" compare
refuses 'compare: a checker that is not there' 'holds no run of coin; there are: ' \
	"$drill" compare before.db after.db --checker coin
refuses 'compare: mixed levels' "filters is 'none', the new one 'rule $rule'" \
	"$drill" compare before.db part.db
sqlite3 mended.db "UPDATE level SET suite = '2'"
refuses 'compare: other suites' "the old suite is '$suite', the new one '2'" \
	"$drill" compare before.db mended.db
sed "1s/$suite/1/" known-wrong > known-old
refuses 'compare: accepted failures of another suite' 'is of suite 1' \
	"$drill" compare before.db after.db --known known-old
refuses 'compare: no accepted failures' 'known-none: error: cannot read' \
	"$drill" compare before.db after.db --known known-none
refuses 'compare: a database that is none' 'text.db' "$drill" compare text.db after.db
: > empty.db
mkdir folder.db
refuses 'compare: an empty file' 'empty.db: error: ' "$drill" compare before.db empty.db
refuses 'compare: an empty file as baseline' 'empty.db: error: ' "$drill" compare empty.db after.db
refuses 'compare: no new run' 'no.db: error: cannot open' "$drill" compare before.db no.db
refuses 'compare: a directory' 'folder.db: error: ' "$drill" compare before.db folder.db
refuses 'compare: a directory as baseline' 'folder.db: error: ' "$drill" compare folder.db after.db
refuses 'compare: text as a new run' 'text.db: error: ' "$drill" compare before.db text.db
if [ -s empty.db ] || [ -e no.db ] || [ -n "$(ls folder.db)" ]; then
	bad 'compare: what is none is left as it is'; else good; fi
head -c 20000 after.db > cut.db
refuses 'compare: a database that was cut' 'cut.db: error: ' "$drill" compare before.db cut.db
# changed SQL: changed.db is after.db with that done to it
changed() {
	cp after.db changed.db
	sqlite3 changed.db "$1"
}
changed "UPDATE level SET name = 'standard'"
refuses 'compare: another level' "the old level is 'smoke', the new one 'standard'" \
	"$drill" compare before.db changed.db
changed "UPDATE runs SET why_not = 'void: for a test' WHERE checker = 'count-calls'"
refuses 'compare: a void run' 'count-calls has no answers that count: void: for a test' \
	"$drill" compare before.db changed.db
refuses 'compare: a void run as baseline' 'changed.db: error: count-calls has no answers' \
	"$drill" compare changed.db after.db
exits 'compare: the void run of another checker' 1 '^always-pass' \
	"$drill" compare before.db changed.db --checker always-pass
changed "UPDATE runs SET finished = 0 WHERE checker = 'count-calls'"
refuses 'compare: a run that was broken off' 'count-calls .*was broken off' \
	"$drill" compare before.db changed.db
refuses 'compare: a run that was broken off as baseline' 'changed.db: error: count-calls .*was broken off' \
	"$drill" compare changed.db after.db
changed "INSERT INTO declared SELECT run, 'SpinlockRelease', 'global' FROM runs WHERE checker = 'count-calls'"
refuses 'compare: another reading' \
	'count-calls reads rule SpinlockRelease by global, and before by the headline' \
	"$drill" compare before.db changed.db
refuses 'compare: another reading before' \
	'count-calls reads rule SpinlockRelease by the headline, and before by global' \
	"$drill" compare changed.db after.db
refuses 'compare: a format that is none' 'known: table json md html junit' \
	"$drill" compare before.db after.db --format pdf
refuses 'compare: a view that is none' 'known: headline' "$drill" compare before.db after.db --view x
cp ../../oracle/examples/line_checker.sh versions.sh && chmod +x versions.sh
versions="$drill run --quiet --level smoke --rule SpinLockRelease --program ./versions.sh --db versions.db"
$versions && sed 's/"version":"1"/"version":"2"/; s/missing-release/double-acquire/' \
	../../oracle/examples/line_checker.sh > versions.sh && $versions
exits 'compare: the last two runs' 0 '^line-checker *1 *2 *0 *0 *[1-9]' "$drill" compare versions.db
exits 'compare: by version' 0 '^line-checker *1 *2 ' "$drill" compare versions.db --old 1
refuses 'compare: a version that was never run' 'no earlier run' "$drill" compare versions.db --old 7

# what is wrong, and why
wrong="$drill wrong after.db"
exits 'wrong: the smallest first' 0 '^  expected  violation: ' $wrong --checker always-pass
exits 'wrong: a message of no answer' 0 '^  answered  timeout: no end in 5 s' \
	$wrong --checker count-calls --limit 1000
exits 'wrong: one checker needs no name' 0 " of $(grep -c . part/manifest.jsonl) answers wrong" \
	"$drill" wrong part.db
"$drill" wrong after.db --checker count-calls --limit 1000 | sed '/^  show  /d; /^  again  /d' > listed.txt
fits 'wrong' cat listed.txt
"$drill" wrong after.db --checker count-calls --json > wrong.jsonl
count=$(sed -n 's/^count-calls: \([0-9]*\) of 200 answers wrong.*/\1/p' listed.txt)
prints 'wrong: as many lines of JSON' "$count" sh -c 'wc -l < wrong.jsonl | tr -d " "'
prints 'wrong: as many cases' "$count" grep -c '^[0-9a-f]\{32\}  ' listed.txt
sed -n 's/.*"size":\([0-9]*\),.*/\1/p' wrong.jsonl > sizes.txt
if [ -s sizes.txt ] && sort -n -c sizes.txt; then good; else bad 'wrong: sizes ascend' sizes.txt; fi
prints 'wrong: a limit of JSON lines' 3 \
	sh -c "$wrong --checker count-calls --json --limit 3 | wc -l | tr -d ' '"
# what is asked again is answered alike, and shown with the same lines: of the smallest case with a message
# at the name of a function
# about DB: what `wrong` says of the case
about() { "$drill" wrong "$1" --limit 1000 | awk -v RS= -v id="$id" 'index($0, id) == 1'; }
"$drill" run --quiet --level smoke --checker sparse --db asked.db
id=$("$drill" wrong asked.db --checker sparse --limit 1000 | awk '
	length($1) == 32 { id = $1 }
	/^  message  *[0-9]*\.c:[0-9]*:1: / && !found { found = id }
	END { print found }')
about asked.db > first.txt
sh -c "$(sed -n "s#^  again     lockdrill#'$drill'#p" first.txt) --quiet"
about case-*.db > second.txt
for field in '[0-9a-f]\{32\}  ' '  expected' '  answered' '  message' '  twin'; do
	prints "wrong: asked again: $field" "$(grep "^$field" first.txt)" grep "^$field" second.txt
done
line=$(sed -n 's/^  message  *[0-9]*\.c:\([0-9]*\):.* in .\([A-Za-z]*\). - .*/\1 .*\2/p' first.txt)
exits 'wrong: the lines of show' 0 "^ *${line% *} | .*${line#* .\*}" \
	sh -c "$(sed -n "s#^  show      lockdrill#'$drill'#p" first.txt)"
cp ../../oracle/examples/line_checker.sh "my checker.sh"
"$drill" run --quiet --level smoke --rule SpinLockRelease --program './my checker.sh' --db program.db
exits 'wrong: a program is asked by its path' 0 "^  again .*--program '/.*/my checker.sh' --case" \
	"$drill" wrong program.db --limit 1
prints 'wrong: what was imported is not asked again' 0 \
	sh -c "'$drill' wrong import.db | grep -c '^  again' || :"
# accepted failures
rm -f accepted && "$drill" wrong after.db --checker always-pass --accept accepted --quiet > /dev/null &&
	"$drill" wrong after.db --checker count-calls --accept accepted --quiet > /dev/null
exits 'wrong: what is accepted is no regression' 0 'xfail' \
	"$drill" compare before.db after.db --known accepted
prints 'wrong: the list says what compare lists' "$(grep -c . known-wrong)" \
	sh -c 'LC_ALL=C sort known-wrong > a; LC_ALL=C sort accepted > b; comm -12 a b | wc -l | tr -d " "'
cp accepted accepted-once
"$drill" wrong after.db --checker count-calls --accept accepted --quiet > /dev/null
same 'wrong: accepted twice' accepted-once accepted
"$drill" wrong before.db --checker always-pass --accept accepted --quiet > /dev/null
prints 'wrong: what is right now leaves the list' 0 \
	sh -c "grep -c 'always-pass	violation' accepted || :"
prints 'wrong: other checkers stay' "$count" sh -c "grep -c 'count-calls' accepted"
exits 'wrong: then it is an XPASS' 0 'xpass, smallest' \
	"$drill" compare after.db before.db --known accepted-once --checker count-calls
refuses 'wrong: a list of another suite' "known-old:1: error: is of suite 1" \
	"$drill" wrong after.db --checker always-pass --accept known-old
refuses 'wrong: a list that is none' 'accepted-bad:2:' sh -c "printf 'known-wrong\t$suite\nx\n' > accepted-bad
	$wrong --checker always-pass --accept accepted-bad"
refuses 'wrong: a list that cannot be written' 'no/list: error: cannot' \
	"$drill" wrong after.db --checker always-pass --accept no/list
# why
exits 'why' 0 '^place=\|^ladder=' "$drill" why after.db --checker count-calls
fits 'why' "$drill" why after.db
prints 'why and score --explain' "$("$drill" why after.db)" "$drill" score --explain after.db
exits 'why: limited' 0 'explain less: --limit N' "$drill" why after.db --checker count-calls --limit 1
cp after.db novoid.db
sqlite3 novoid.db "UPDATE runs SET why_not = 'void: so' WHERE checker = 'always-pass'"
exits 'why: a checker without answers' 0 'no answers that count' "$drill" why novoid.db
for command in wrong why; do
	refuses "$command: no database" 'give the database' "$drill" $command
	refuses "$command: a database that is none" 'text.db' "$drill" $command text.db
	refuses "$command: a missing database" 'missing.db: error: cannot open' "$drill" $command missing.db
	refuses "$command: a checker that is not there" "no checker 'coin' is in the database" \
		"$drill" $command after.db --checker coin
	refuses "$command: a run that is void" 'always-pass has no answers that count: void: so' \
		"$drill" $command novoid.db --checker always-pass
	refuses "$command: a reading that is none" "no case here has 'x'; there are: " \
		"$drill" $command after.db --checker count-calls --reading x
	refuses "$command: a view that is none" 'known: headline' \
		"$drill" $command after.db --checker count-calls --view x
	refuses "$command: no case" 'no case here fits' "$drill" $command after.db --checker count-calls \
		--rule WdfSpinlockRelease --role dispatch
	refuses "$command: two databases" 'after.db' "$drill" $command before.db after.db
	head -c 20000 after.db > torn.db
	refuses "$command: a broken database" 'torn.db: error: ' "$drill" $command torn.db --checker count-calls
done
refuses 'wrong: which checker' 'say which checker: after.db has always-pass, count-calls' \
	"$drill" wrong after.db
refuses 'wrong: another suite' 'mended.db: error: is of suite 2' \
	"$drill" wrong mended.db --checker count-calls
refuses 'score: explained as JSON' 'explain' "$drill" score --explain --format json after.db

# runs that are worth nothing
# worthless NAME PATTERN COMMAND...: exit status 1, and why on stderr, also where it is to be quiet.
worthless() {
	name=$1 pattern=$2
	shift 2
	"$@" > stdout 2> stderr
	status=$?
	if [ $status = 1 ] && grep -q "$pattern" stderr; then good; else
		bad "$name: exit status $status" stderr; fi
}
mkdir -p broken/adapters
sed 's/wrong count at exit/wrong at exit/' ../../oracle/adapters/sparse.yaml > broken/adapters/sparse.yaml
worthless 'a pattern that no longer fits' 'of this pack the adapter makes' \
	"$drill" checkers --self-test --data broken sparse
sed 's/^degenerate: true/degenerate: false/; s/^name: .*/name: blind/' own/adapters/native.yaml \
	> own/adapters/blind.yaml
worthless 'a run whose canary fails' '^blind: VOID: the violating canary of .* was answered pass$' \
	"$drill" run --quiet --data own --level smoke --rule SpinLockRelease --checker blind --db void.db
prints 'no case is asked then, and each says why' "not-run|$cases|1" sqlite3 void.db \
	"SELECT state, count(*), min(why LIKE '%canary of % was answered pass') FROM answers GROUP BY 1"
sed "s/^name: .*/name: loud/; s/^degenerate: .*//; s#^exe: .*#exe: [awk]#
	s#^steps: .*#steps: [['{exe}', '{ print FILENAME \":\" FNR \": double-acquire\" }', '{file}']]#
	s#^complete: .*#complete: exit#
	s#^findings: .*#findings: [{pattern: '^[^:]*:(?<line>[0-9]+):', kind: none}]#" \
	own/adapters/native.yaml > own/adapters/loud.yaml
worthless 'a run whose canary fails, with what was said of it' \
	"^loud: VOID: the correct canary of .* was answered violation: it said 'canary.c:[0-9]*: double-a.*'$" \
	"$drill" run --data own --level smoke --rule SpinLockRelease --checker loud --db void.db
if grep -q '^loud: with --keep DIR .* in DIR/loud/canaries$' stderr; then good; else
	bad 'where the canaries are kept' stderr; fi
sed 's/^name: .*/name: louder/' own/adapters/loud.yaml > own/adapters/louder.yaml
echo 'degenerate: true' >> own/adapters/louder.yaml
"$drill" run --quiet --data own --level smoke --rule SpinLockRelease --checker louder --db louder.db
exits 'wrong: of very many findings the first are told' 0 '; and [0-9]* more ' \
	sh -c "'$drill' wrong louder.db --limit 1 | tr -s ' \\n' ' '"
exits 'score: and in SARIF' 0 ', and [0-9]* more)' "$drill" score louder.db --format sarif

# findings outside all cases, and checkers --try
# drawn NAME PROGRAM: own/adapters/NAME.yaml runs an awk program, whose lines `FILE:LINE: bad` are findings.
drawn() {
	name=$1
	sed "s/^name: .*/name: $name/; s#^exe: .*#exe: [awk]#; s#^complete: .*#complete: exit#" \
		own/adapters/native.yaml > own/adapters/$name.yaml
	sed -i '/^steps: /d; /^findings: /d' own/adapters/$name.yaml
	printf '%s\n' "steps: [['{exe}', '$2', '{file}']]" \
		"findings: [{pattern: '^[^:]*:(?<line>[0-9]+): bad', kind: none}]" >> own/adapters/$name.yaml
}
drawn astray 'FNR == 1 { print FILENAME ":" FNR ": bad"; print "a word" }'
"$drill" run --data own --level smoke --rule SpinLockRelease --checker astray --db astray.db 2> stderr
if grep -q '^astray: findings outside all cases: [1-9][0-9]*, the first: pack.c:1: bad$' stderr; then
	good; else bad 'findings outside all cases are told' stderr; fi
"$drill" run --quiet --data own --level smoke --rule SpinLockRelease --checker astray --db astray.db \
	2> stderr
if [ -s stderr ]; then bad 'and not with --quiet' stderr; else good; fi
"$drill" run --level smoke --rule SpinLockRelease --checker always-violation --db astray.db 2> stderr
if grep -q outside stderr; then bad 'and not where there is none' stderr; else good; fi
# tried NAME PATTERN: that what --try shows has the line
tried() { exits "checkers --try $1: $2" 0 "$2" "$drill" checkers --data own --try "$1"; }
tried astray '^findings that are of no case: 1$'
tried astray '^    means     no case has this place: a finding of no kind$'
tried astray '^lines that no pattern matches: 1$'
tried astray '^stdout    2 lines$'
tried astray '^step 1    .*/awk .FNR == 1 { .* pack.c$'
tried astray '^given     pack.c, [0-9]* lines; helpers.c, [0-9]* lines$'
tried astray '^complete  yes: each case has its answer$'
tried astray '^answers: 2 of 5 right$'
tried astray '^canaries: not asked, for the adapter says .degenerate.$'
tried astray '^  lockdrill run --level smoke --data own --checker astray '
sed 's/^exit: .*/exit: [3]/; s/^name: .*/name: badly/' own/adapters/astray.yaml > own/adapters/badly.yaml
tried badly "^complete  no: garbled: exit status 0, which the adapter's .exit. does not list: 'pack.c"
tried badly '^answers: 0 of 5 right$'
tried loud '^canaries: 5 of 10 wrong: a run is void, and asks no case$'
tried loud '^  ... and [0-9]* more$'
if [ "$(grep -c '^canary ' stdout)" -gt 0 ] && [ "$(grep -c '^lines that a pattern' stdout)" -gt 2 ]; then
	good; else bad 'what a wrong canary was given is shown' stdout; fi
tried sparse '^canaries: all 10 right$'
tried sparse "^    findings  '^(?<file>.* unexpected unlock.'$"
tried sparse '^    means     the canary, line [0-9]* of its body: release-without-acquire$'
sed '/^took /d' stdout > first.txt && "$drill" checkers --data own --try sparse | sed '/^took /d' > second.txt
same 'checkers --try, twice' first.txt second.txt
"$drill" checkers --try sparse | sed -n '/^  lockdrill run/,$p' |
	sed "/^\$/,\$d; s#lockdrill#'$drill'#" > keep.sh
rm -rf kept try.db
sh keep.sh 2> stderr
if [ -d kept/sparse/cases ]; then good; else
	bad 'the files are kept by the command that is told' stderr; fi
sed '/^exit:/d; /^complete:/d; /^findings:/d; /^pack:/d; /^steps:/d; /^exe:/d' own/adapters/native.yaml |
	sed '/^  - /d; s/^name: .*/name: talker/; /^degenerate/d' > own/adapters/talker.yaml
printf '%s\n' 'protocol: 1' "exe: [$PWD/../../oracle/examples/line_checker.sh]" "steps: [['{exe}']]" \
	>> own/adapters/talker.yaml
tried talker '^  {"type":"run","request":1,"rule":'
tried talker '^  {"type":"done","request":1,"verdict":"'
tried talker '^hello     1 line$'
sed '/^protocol\|^exe\|^steps/d; s/^name: .*/name: plugged/' own/adapters/talker.yaml \
	> own/adapters/plugged.yaml
echo "plugin: $PWD/plugged.so" >> own/adapters/plugged.yaml
refuses 'checkers --try: a plug-in that is not here' 'not here: cannot read' \
	"$drill" checkers --data own --try plugged
${CC:-cc} -shared -fPIC -I../../include -o plugged.so ../../oracle/examples/plugin_checker.c &&
	tried plugged '^canaries: all 10 right$'
refuses 'checkers --try: a checker that is none' 'no-such-checker' "$drill" checkers --try no-such-checker
refuses 'checkers --try: beside --self-test' '--self-test' "$drill" checkers --self-test --try sparse
refuses 'checkers --try: and names' 'names belong' "$drill" checkers --try sparse sparse
sed 's/^exe: .*/exe: [no-such-program]/; s/^name: .*/name: away/' own/adapters/astray.yaml \
	> own/adapters/away.yaml
refuses 'checkers --try: one that is not here' 'PATH has no no-such-program' \
	"$drill" checkers --data own --try away
sed 's/^exit: .*/exit: [x]/' own/adapters/astray.yaml > own/adapters/wrong.yaml
refuses 'checkers --try: a broken adapter' 'wrong.yaml:[0-9]*:[0-9]*: error: ' \
	"$drill" checkers --data own --try wrong
rm own/adapters/wrong.yaml
sed 's/^name: .*/name: ruled/' own/adapters/astray.yaml > own/adapters/ruled.yaml
echo 'rules: [NoSuchRule]' >> own/adapters/ruled.yaml
refuses 'checkers --try: no rule of the level' 'has no case of its .rules.' \
	"$drill" checkers --data own --try ruled

# The table of keys on the page says what the reader says: each key, and its default. What makes an adapter
# one of its kind is needed there, and not of all.
schema=$out/schema.txt
"$drill" checkers --schema > "$schema"
fits 'checkers --schema' cat "$schema"
awk '/^[a-z]/ { kind = $0 } /^  [a-z]/ && !seen[$1]++ {
	print $1, kind ~ /protocol|plug-in/ && $2 == "needed" ? "none" : $2 }' "$schema" | sort > schema-keys.txt
sed -n "/^## The file/,/^### /s/^| \`\([a-z-]*\)\` | \([^|]*\) |.*/\1 \2/p" ../../suite/manual/adapters.md |
	sed 's/2 GiB/2147483648/; s/1 MiB/1048576/' | sort > page-keys.txt
if [ "$(grep -c . page-keys.txt)" -gt 20 ]; then good; else bad 'keys are found on the page' page-keys.txt; fi
same 'the page has the keys of an adapter with their defaults' schema-keys.txt page-keys.txt
refuses 'checkers --schema: beside --try' '--schema' "$drill" checkers --schema --try sparse
refuses 'checkers --schema: beside --self-test' '--self-test' "$drill" checkers --schema --self-test

mkdir -p users/adapters && sed 's/^name: .*/name: mine/' own/adapters/native.yaml > users/adapters/mine.yaml
"$drill" run --quiet --data users --level smoke --rule SpinLockRelease --checker mine --db mine.db
exits 'wrong: an adapter is found where the user says' 0 '^  again .* --data users --checker mine ' \
	"$drill" wrong --data users mine.db --limit 1
exits 'wrong: or the user is to say where' 0 '^  again .* --data DIR --checker mine ' \
	"$drill" wrong mine.db --limit 1
exits 'wrong: what is built in needs no directory' 0 '^  again .*smoke --checker always-pass ' \
	$wrong --checker always-pass --limit 1
mkdir -p none/adapters
for name in always-pass always-violation coin count-calls clang-pthread-lock clang-thread-safety \
	driver-verifier-model native-cc sparse; do
	sed "s/^name: .*/name: $name/; s#^exe: .*#exe: [no-such-program]#" own/adapters/native.yaml \
		> none/adapters/$name.yaml
done
worthless 'a run of checkers of which none is here' 'nothing ran' \
	"$drill" run --data none --level smoke --rule SpinLockRelease --db none.db
sed 's/^name: .*/name: coin/' own/adapters/native.yaml > none/adapters/coin.yaml
"$drill" run --data none --level smoke --rule SpinLockRelease --db none.db > stdout 2> stderr
status=$?
if [ $status = 0 ] && [ "$(grep -c 'not here' stderr)" = 8 ]; then good; else
	bad "one of them is here: exit status $status" stderr; fi
rm -r own none

for shard in 0 1 2; do $whole part$shard.db --shard $shard/3; done
refuses 'a merge without a part' 'shard 1' "$drill" merge merged.db part0.db part2.db
refuses 'a merge with a part twice' 'part0.db' "$drill" merge merged.db part0.db part1.db part2.db part0.db
if [ -e merged.db ]; then bad 'a merge that fails leaves nothing'; else good; fi
"$drill" merge merged.db part2.db part0.db part1.db && "$drill" score merged.db > merged.txt &&
	same 'merged shards' whole.txt merged.txt
refuses 'a merge over a database' 'merged.db' "$drill" merge merged.db part0.db part1.db part2.db
$whole repeated.db --repeats 3 &&
	prints 'nothing is flaky' 0 sh -c "'$drill' score repeated.db --flaky | grep -c count-calls || :"
prints 'one answer for each repeat' 600 sqlite3 repeated.db 'SELECT count(*) FROM answers'

# what a level shows
mutants=$(cat ../../oracle/mutants/*.c | grep -c '\.name = "')
prints 'every faulty checker is given away by smoke' "$mutants of $mutants killed" \
	sh -c "'$drill' mutants --level smoke | tail -1"
if "$drill" mutants --level smoke --rule CancelSpinlockRelease > stdout 2> stderr; then
	bad 'one rule alone gives every faulty checker away'; else good; fi
"$drill" shapes --level smoke > stdout && if [ "$(grep -c ' 0  ' stdout)" = 0 ]; then
	good; else bad 'smoke has every shape' stdout; fi
prints 'smoke is what choose takes from it' "$(grep -v '^#' ../../suite/levels/smoke.tsv | sort)" \
	sh -c "'$drill' choose --level smoke --pairs 100 | grep -v '^#' | sort"

# progress: on a terminal only, after two seconds, and not with --quiet
: > no-input # to read: script would keep an endless input
if script -qec true typescript < no-input > stdout 2>&1; then
	script -qec "'$drill' verify --rule SpinlockRelease --role dpc --size 5" \
		typescript < no-input > stdout 2>&1
	if grep -q 'verify: [0-9]* cases, [0-9]*/s' typescript; then
		good; else bad 'a long command shows progress' typescript; fi
	script -qec "'$drill' verify --quiet --rule SpinlockRelease --role dpc --size 5" \
		typescript < no-input > stdout 2>&1
	if grep -q 'cases, [0-9]*/s' typescript; then bad 'a quiet one does not' typescript; else good; fi
else
	echo "skipped: script is not here, progress on a terminal is not tried"
fi

# the same bytes
"$drill" gen --level smoke --out one && "$drill" gen --level smoke --out two
tar_of() { (cd "$1" && tar --sort=name --mtime=@0 --owner=0 --group=0 -cf - .) > "$1.tar"; }
tar_of one && tar_of two && same 'gen twice' one.tar two.tar
refuses 'a number of jobs that gen has no use for' "unknown option '-j'" \
	"$drill" gen --level smoke -j 2 --out two
LC_ALL=C.UTF-8 "$drill" gen --level smoke --out two && tar_of two &&
	same 'gen in another locale' one.tar two.tar
"$drill" gen --level smoke --out -.tar > stream.tar && mkdir stream && tar -xf stream.tar -C stream
echo text > self.tar
tar_of stream && mv stream.tar listed.tar && same "gen as a stream" one.tar listed.tar
"$drill" gen --level smoke --out -.tar > stream.tar
"$drill" gen --level smoke --out - > dash.tar && same 'gen to -' stream.tar dash.tar
"$drill" gen --level smoke --out deep/er/one.tar &&
	same 'a tar file below missing parents' stream.tar deep/er/one.tar
"$drill" gen --level smoke --out deep/er/one.tar &&
	same 'a tar file over an earlier one' stream.tar deep/er/one.tar
prints 'a tar holds every case' "$(cat one/cases/*.c | sort | cksum)" \
	sh -c "tar -xOf stream.tar --wildcards 'cases/*' | sort | cksum"
"$drill" gen --level smoke --out deep/two/three && tar_of deep/two/three &&
	same 'a directory below missing parents' one.tar deep/two/three.tar
refuses 'a tar over a file that is none' 'exists' "$drill" gen --level smoke --out self.tar
refuses 'a shard that holds nothing' 'holds nothing' "$drill" gen --level smoke --shard 100/101 --out nothing
refuses 'a shard of a dealt level that holds nothing' 'holds nothing' \
	"$drill" gen --level full --shard 500/501 --out nothing
if [ -e nothing ] || [ "$(cat self.tar)" != text ]; then bad 'a refusal leaves all as it was'; else good; fi
if [ -x ../clang/lockdrill ]; then
	../clang/lockdrill gen --level smoke --out two && tar_of two && same 'gen built by clang' one.tar two.tar
	"$drill" gen --level standard --out -.tar > a.tar &&
		../clang/lockdrill gen --level standard --out -.tar > b.tar
	same 'standard built by clang' a.tar b.tar
fi
"$drill" gen --level full --shard 3/500 --pack 500 --out full &&
	"$drill" gen --level full --shard 3/500 --pack 500 --out again
tar_of full && tar_of again && same 'a shard of full, twice' full.tar again.tar
"$drill" gen --level full --shard 1/250 --pack 500 --out more
if [ "$(sort full/manifest.jsonl more/manifest.jsonl | cut -d, -f1 | uniq -d | wc -l)" = 0 ]; then good; else
	bad 'two shards of full have no case in common'; fi
for shard in 0/3 1/3 2/3; do "$drill" gen --level smoke --shard $shard --out shard &&
	cat shard/manifest.jsonl; done |
	sort > shards.txt
sort one/manifest.jsonl | cmp -s - shards.txt && good || bad 'shards together are the level'
if [ "$(find one/cases -name '*.c' ! -name '*-helpers.c' | wc -l)" = "$(wc -l < one/manifest.jsonl)" ]; then
	good; else bad 'one file a case'; fi

echo "command line: $passed passed, $failed failed"
[ $failed = 0 ]
