#!/bin/sh
# The model of Driver Verifier: what stops its machine, with which bug check and at which line; that it
# reports no correct case; that a run is the same each time; and that the page says what it finds.
set -u
cd "$(dirname "$0")/.."
out=$PWD/build/run-time-test
page=suite/manual/run-time.md
world=include/world/windows
drill=$PWD/build/lockdrill
rules='--rule SpinlockRelease --rule QueuedSpinLockRelease'
. ci/checks.sh
rm -rf "$out"
mkdir -p "$out"
[ -x "$drill" ] || { echo "build/lockdrill is missing: make build"; exit 2; }
compilers=
for name in tcc cc gcc clang clang-14; do
	command -v $name > "$out/which" && compilers="$compilers $name"
done
first=$(echo "$compilers" | awk '{ print $1 }')
if [ -z "$first" ]; then
	echo 'run-time: skipped: all of it (no C compiler is here)'
	echo 'run-time: 0 passed, 0 failed'
	exit
fi

# ---- what stops the machine -----------------------------------------------------------------------------

# bench NAME ROLE BODY: what the test bench says of a routine of that role with this body, its line 20, in
# run 1, as built by each compiler.
bench() {
	cat > "$out/$1.c" << END
#include <ntddk.h>
#define ACQ(lock, irql) KeAcquireSpinLock(&lock, &irql)
#define REL(lock, irql) KeReleaseSpinLock(&lock, irql)
#define RAISE(lock) KeAcquireSpinLockRaiseToDpc(&lock)
#define ACQ_DPC(lock) KeAcquireSpinLockAtDpcLevel(&lock)
#define REL_DPC(lock) KeReleaseSpinLockFromDpcLevel(&lock)
#define TRY(lock) KeTryToAcquireSpinLockAtDpcLevel(&lock)
#define ACQ_QUEUED(lock, handle) KeAcquireInStackQueuedSpinLock(&lock, &handle)
#define REL_QUEUED(handle) KeReleaseInStackQueuedSpinLock(&handle)
#define UNKNOWN READ_REGISTER_ULONG(0)
#define IRQL KeGetCurrentIrql()
#define WRONG REL(A, 5)

static KSPIN_LOCK A, B;
static KLOCK_QUEUE_HANDLE Handle, Other;
static KIRQL One, Two;
_Function_class_($2)
static VOID
Routine_0(VOID) {
$3
}
static int
main_0(void)
{
	LK_INIT(&A, 0);
	LK_INIT(&B, 1);
	Routine_0();
	LK_END();
	return 0;
}
int (*const lockdrill_main[])(void) = {main_0};
const unsigned lockdrill_mains = 1;
END
	echo '14 8 0 0' > "$out/spans"
	for name in $compilers; do
		$name -w -I$world/driver-verifier -I$world/common -o "$out/bench" "$out/$1.c" \
			$world/driver-verifier/driver_verifier.c &&
			(cd "$out" && ./bench spans "$1.c" 1) > "$out/$name.said" 2>&1 ||
			echo "status $?" >> "$out/$name.said"
		cmp -s "$out/$first.said" "$out/$name.said" ||
			bad "$1: $name and $first say the same" "$out/$name.said"
	done
}

# stops NAME ROLE BODY PARAMETER TEXT
stops() {
	bench "$1" "$2" "$3"
	{
		echo "$1.c:20: bug check 0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION, parameter 1 $4: $5"
		echo done
	} > "$out/expected"
	if cmp -s "$out/expected" "$out/$first.said"; then good; else bad "$1" "$out/$first.said"; fi
}

# passes NAME ROLE BODY
passes() {
	bench "$1" "$2" "$3"
	printf 'case 0: pass\ndone\n' > "$out/expected"
	if cmp -s "$out/expected" "$out/$first.said"; then good; else bad "$1" "$out/$first.said"; fi
}

dispatch=DRIVER_DISPATCH dpc=KDEFERRED_ROUTINE
spin='rule SpinlockRelease: '
queued='rule QueuedSpinLockRelease: '
stops twice $dispatch 'ACQ(A, One); ACQ(A, Two);' 0x4000B "${spin}KeAcquireSpinLock of a lock that is held"
stops twice-dpc $dispatch 'One = RAISE(A); ACQ_DPC(A);' 0x4000B \
	"${spin}KeAcquireSpinLockAtDpcLevel of a lock that is held"
stops twice-raised $dispatch 'ACQ(A, One); Two = RAISE(A);' 0x4000B \
	"${spin}KeAcquireSpinLockRaiseToDpc of a lock that is held"
stops free $dpc 'REL_DPC(A);' 0x4000B "${spin}KeReleaseSpinLockFromDpcLevel of a lock that is not held"
stops other $dpc 'ACQ(A, One); REL(B, One);' 0x4000B "${spin}KeReleaseSpinLock of a lock that is not held"
stops left $dispatch 'ACQ(A, One); return;' 0x4000B \
	"${spin}the routine returned, and holds what KeAcquireSpinLock took here"
stops queued-twice $dispatch 'ACQ_QUEUED(A, Handle); ACQ_QUEUED(A, Other);' 0x40007 \
	"${queued}KeAcquireInStackQueuedSpinLock of a lock that is held"
stops queued-free $dispatch 'REL_QUEUED(Handle);' 0x40007 \
	"${queued}KeReleaseInStackQueuedSpinLock of a lock that is not held"
stops queued-again $dpc 'ACQ_QUEUED(A, Handle); REL_QUEUED(Handle); REL_QUEUED(Handle);' 0x40007 \
	"${queued}KeReleaseInStackQueuedSpinLock of a lock that is not held"
stops queued-left $dpc 'ACQ_QUEUED(A, Handle);' 0x40007 \
	"${queued}the routine returned, and holds what KeAcquireInStackQueuedSpinLock took here"

# The IRQL comes first. Nothing but a wrong KIRQL brings a routine above DISPATCH_LEVEL.
stops low $dispatch 'REL(A, One);' 0x32 'KeReleaseSpinLock at IRQL 0'
stops again $dispatch 'ACQ(A, One); REL(A, One); REL(A, One);' 0x32 'KeReleaseSpinLock at IRQL 0'
stops swapped $dispatch 'ACQ(A, One); ACQ(B, Two); REL(A, One); REL(B, Two);' 0x32 \
	'KeReleaseSpinLock at IRQL 0'
stops low-dpc $dispatch 'ACQ_DPC(A);' 0x40 'KeAcquireSpinLockAtDpcLevel at IRQL 0'
stops low-from-dpc $dispatch 'REL_DPC(A);' 0x41 'KeReleaseSpinLockFromDpcLevel at IRQL 0'
stops high $dispatch 'ACQ(A, One); REL(A, 5); ACQ(A, One);' 0x42 'KeAcquireSpinLock at IRQL 5'
stops high-raised $dispatch 'ACQ(A, One); REL(A, 5); One = RAISE(A);' 0x42 \
	'KeAcquireSpinLockRaiseToDpc at IRQL 5'
stops high-release $dispatch 'ACQ(A, One); ACQ(B, Two); REL(B, 5); REL(A, One);' 0x32 \
	'KeReleaseSpinLock at IRQL 5'

passes nested $dispatch 'ACQ(A, One); ACQ(B, Two); REL(B, Two); REL(A, One);'
passes given-back $dispatch 'ACQ(A, One); ACQ(B, Two); REL(A, Two); REL(B, One);'
passes once-more $dispatch 'ACQ(A, One); REL(A, One); ACQ(A, One); REL(A, One);'
passes irql $dpc 'ACQ_QUEUED(A, Handle); REL_QUEUED(Handle); ACQ_DPC(A); REL_DPC(A); if (IRQL != 2) WRONG;'
passes irql-queued $dispatch \
	'ACQ_QUEUED(A, Handle); if (IRQL != 2) WRONG; REL_QUEUED(Handle); if (IRQL) WRONG;'
passes cancel DRIVER_CANCEL 'if (IRQL != 2) WRONG; IoReleaseCancelSpinLock(0); if (IRQL) WRONG;'
# The driver stops the machine by itself, or goes on for ever: nothing was seen.
passes stopped $dispatch 'ACQ(A, One); KeBugCheckEx(0, 0, 0, 0, 0);'
passes endless $dispatch 'ACQ(A, One); for (;;) { YieldProcessor(); }'
# A try of a lock that is held fails.
passes held $dpc 'ACQ_DPC(A); for (One = 0; One < 99; One++) { if (TRY(A)) return; } REL_DPC(A);'

# in_runs NAME BODY: of 32 runs of a DPC so many that stop.
in_runs() {
	stopped=0 run=0
	while [ $run -lt 32 ]; do
		run=$((run + 1))
		(cd "$out" && ./bench spans "$1.c" $run) > "$out/said"
		! grep -q 'bug check' "$out/said" || stopped=$((stopped + 1))
	done
	echo $stopped
}
compilers=$first
bench try $dpc 'TRY(A);'
seen=$(in_runs try)
if [ "$seen" -ge 8 ] && [ "$seen" -le 24 ]; then good; else
	bad "a try takes a free lock in $seen of 32 runs"
fi
bench coin $dpc 'if (UNKNOWN && UNKNOWN) { ACQ_DPC(A); }'
seen=$(in_runs coin)
if [ "$seen" -ge 2 ] && [ "$seen" -le 16 ]; then good; else
	bad "two unknowns fall right in $seen of 32 runs"
fi

# refused ARGUMENT...: what the test bench is given is not what it should be: an error, and no `done`.
refused() {
	if (cd "$out" && ./bench "$@") > "$out/said" 2>&1 || grep -q done "$out/said" ||
		! grep -q '^driver_verifier: error: ' "$out/said"; then
		bad "the test bench takes $*" "$out/said"
	else
		good
	fi
}
refused spans coin.c
refused no-such coin.c 1
echo 20 > "$out/short" && refused short coin.c 1
echo x > "$out/wrong" && refused wrong coin.c 1
printf '14 8 0 0\n23 1 0 0\n' > "$out/more" && refused more coin.c 1
printf '14 2 0 0\n' > "$out/no-role" && refused no-role coin.c 1

# ---- as a checker ---------------------------------------------------------------------------------------

cd "$out" || exit 2
model='--checker driver-verifier-model'
# run OPTION...
run() {
	# shellcheck disable=SC2086 # a list of words
	"$drill" run --quiet $rules "$@" > stdout 2> stderr || bad "run $*" stderr
}

# answers DB CONDITION
answers() {
	sqlite3 "$1" "SELECT number, repeat, state, findings, message FROM answers WHERE $2
		ORDER BY number, repeat"
}
run --level smoke $model --repeats 10 --db once.db
run --level smoke $model --repeats 10 --db again.db
answers once.db 1 > once
answers again.db 1 > again
if [ -s once ] && cmp -s once again; then good; else bad 'a run is the same each time'; fi
differ=$(sqlite3 once.db 'SELECT count(DISTINCT state) FROM answers GROUP BY number' | grep -c 2)
if [ "$differ" -gt 10 ]; then good; else bad 'no two runs of a case differ'; fi
prints 'every answer is one' 0 sqlite3 once.db \
	"SELECT count(*) FROM answers WHERE state NOT IN ('pass', 'violation')"
alarms="SELECT count(*) FROM answers JOIN expectations USING (number)
	WHERE headline AND verdict = 'pass' AND state = 'violation'"
prints 'no correct case is reported' 0 sqlite3 once.db "$alarms"
prints 'a bug check that is none of an IRQL names the rule' 0 sqlite3 once.db "SELECT count(*) FROM answers
	JOIN cases USING (number) WHERE state = 'violation' AND message NOT LIKE '% 1 0x__: Ke% at IRQL _'
	AND message NOT LIKE '% parameter 1 0x4000_: rule ' || rule || ': %'"
run --level standard --sample 400 --seed 7 $model --repeats 5 --db standard.db
prints 'no correct case of standard is reported' 0 sqlite3 standard.db "$alarms"
# The check for alarms can fail: by roles that are entered at another IRQL.
mkdir -p low/world/windows/driver-verifier
sed -e 's/^\(#define VERIFIER_IRQL_KDEFERRED_ROUTINE\) .*/\1 PASSIVE_LEVEL/' \
	"../../$world/driver-verifier/locks.h" > low/world/windows/driver-verifier/locks.h
"$drill" run --quiet --data low --level smoke --rule SpinlockRelease $model --db low.db > stdout 2> stderr
if [ "$(sqlite3 low.db "$alarms")" -gt 5 ]; then good; else bad 'a wrong IRQL raises no alarm' stderr; fi

mkdir -p own/adapters
sed 's/^name: .*/name: alone/; s/^pack: .*/pack: 1/' ../../oracle/adapters/driver-verifier-model.yaml \
	> own/adapters/alone.yaml
run --data own --level smoke --checker alone --repeats 2 --db alone.db
answers alone.db 1 > alone
answers once.db 'repeat < 2' > packed
if cmp -s alone packed; then good; else
	diff packed alone > diff
	bad 'packed and one by one are alike' diff
fi
prints 'rules without a check at run time are unsupported' unsupported sh -c "'$drill' run --quiet \
	--level smoke --rule CancelSpinlockRelease --rule WdfSpinlockRelease --rule SpinLockRelease $model \
	--db none.db && sqlite3 none.db 'SELECT DISTINCT state FROM answers'"

# This one reports every case in its third repeat.
cat > own/adapters/third.yaml << 'END'
name: third
title: reports all at the third repeat
url: https://example.org
world: plain
degenerate: true
exe: [sh]
steps:
  - ['{exe}', -c, 'while read a n; do [ {repeat} != 3 ] || echo "pack.c:$a: bad"; done < {spans}']
exit: [0]
complete: exit
findings: [{pattern: '^(?<file>[^:]+):(?<line>[0-9]+): bad', kind: none}]
pack: 100
seconds: 10
seconds-case: 0
output: 1048576
END
run --data own --level smoke --checker third --repeats 5 --db third.db
prints 'the number of the repeat is told, and score says since when' \
	'  in the first      1     2     5
  violations     .000  .000  1.00
  correct cases  .000  .000  1.00' sh -c "'$drill' score third.db | grep -A 2 '^  in the first'"
sed -e 's/^name: .*/name: talks/; s/^pack.*/protocol: 1/; s/ -c, .*\]/ "{repeat}"]/' \
	-e '/^exit/d; /^complete/d; /^findings/d; /^seconds-case/d' own/adapters/third.yaml \
	> own/adapters/talks.yaml
if "$drill" run --data own --level smoke --checker talks --db talks.db > stdout 2> stderr ||
	! grep -q 'talks.yaml:8:.*: error: a program that keeps running is not told of repeats' stderr; then
	bad 'a program that keeps running is told of repeats' stderr
else
	good
fi

# ---- the page -------------------------------------------------------------------------------------------

cd ../.. || exit 2
sed '/^## The smoke level/,/^## A sample/s/^| violating.*/| violating cases found | .5 |/' $page \
	> "$out/wrong.md"
PAGE=$out/wrong.md ci/run_time.sh --print --smoke > "$out/page" 2> "$out/stderr" ||
	bad 'ci/run_time.sh --smoke' "$out/stderr"
if cmp -s "$out/wrong.md" "$out/page"; then bad 'a wrong table is not put right'; else good; fi
version=$(sed -n 's/.*SUITE_VERSION "\([0-9]*\)".*/\1/p' include/gen/version.h)
if cmp -s $page "$out/page"; then
	good
elif grep -qx "## $version (not frozen yet)" suite/CHANGELOG.md; then
	echo "run-time: skipped: the page's smoke level: suite $version is not frozen yet (ci/run_time.sh)"
else
	diff $page "$out/page" > "$out/diff"
	bad 'the page says otherwise of the smoke level (ci/run_time.sh)' "$out/diff"
fi
rate='[.01][0-9.]*'
steps=$(grep -c "^| [a-z-]* | [0-9]* | $rate | $rate | $rate | $rate |\$" $page)
if [ "$steps" = 7 ]; then good; else bad "the page has $steps ladder steps"; fi
echo "run-time: $passed passed, $failed failed"
[ "$failed" = 0 ]
