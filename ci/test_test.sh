#!/bin/sh
# The runner of the tests (ci/test.sh), on suites that are made here: none hides another, each kind of failure
# is counted, listed and makes the exit status one, and a compiler that is missing is said in the last lines.
set -u
cd "$(dirname "$0")/.." || exit 2
. ci/checks.sh
out=build/test-test
rm -rf $out && mkdir -p $out/suites

# A make that builds whatever is asked of it, but what FAKE_BREAKS names, and has two tests that pass.
cat > $out/make << 'END'
#!/bin/sh
case " $* " in *" ${FAKE_BREAKS:-nothing} "*) exit 2 ;; esac
echo "[====] Synthesis: Tested: 2 | Passing: 2 | Failing: 0 | Crashing: 0"
END
chmod +x $out/make

# suite NAME STATUS [LINE]: a script that prints the line.
suite() {
	printf 'echo "%s"\nexit %s\n' "${3:-}" "$2" > $out/suites/test_"$1".sh
}

# ends NAME STATUS CLANG LINE...: the runner's exit status and its last lines.
ends() {
	name=$1 expected=$2 clang=$3
	shift 3
	printf '%s\n' "$@" > $out/expected
	CLANG=$clang JOBS=2 TEST_SCRIPTS=$out/suites TEST_LOGS=$out/logs ci/test.sh $out/make \
		> $out/stdout 2> $out/stderr
	status=$?
	tail -n $# $out/stdout > $out/last
	if [ $status = "$expected" ] && diff $out/expected $out/last > $out/differs; then good; else
		echo "exit status $status" >> $out/differs
		bad "$name" $out/differs $out/stderr
	fi
}

no_clang='skipped: unit-clang: the unit tests as built by clang (none-such is not here)'
suite one 0 'one: 3 passed, 0 failed'
suite two 0 'two: 5 passed, 0 failed'

# Each check must be able to fail.
{
	ends self 1 none-such '10 passed, 0 failed'
	ends self 0 none-such '11 passed, 0 failed'
} > $out/self
[ $failed = 2 ] && [ $passed = 0 ] || { echo "the checks do not fail when they should"; exit 1; }
failed=0

ends 'all is well' 0 sh '12 passed, 0 failed'
if grep -q skipped $out/stdout; then bad 'nothing is skipped' $out/stdout; else good; fi
ends 'clang is missing' 0 none-such "$no_clang" '10 passed, 0 failed'
export FAKE_BREAKS=FLAVOUR=clang
ends 'clang does not build it' 1 sh \
	"failed: unit-clang: counts nothing ($out/logs/unit-clang.log)" '10 passed, 1 failed'
FAKE_BREAKS=build/lockdrill
ends 'gcc does not build it' 1 sh \
	"failed: build: counts nothing ($out/logs/build.log)" '0 passed, 1 failed'
FAKE_BREAKS=nothing
suite half 0 'half: skipped: a half (no reason)\nhalf: 1 passed, 0 failed'
suite one 0 'one: 3 passed, 0 failed, and more'
ends 'a suite skips' 0 none-such 'skipped: half: a half (no reason)' "$no_clang" '11 passed, 0 failed'
rm $out/suites/test_half.sh
suite one 1 'one: 3 passed, 1 failed'
ends 'a suite fails' 1 sh "failed: one: 1 failed ($out/logs/one.log)" '12 passed, 1 failed'
if grep -q '^two: 5 passed' $out/stdout; then good; else bad 'and hides no other' $out/stdout; fi
suite one 0 'one: 3 passed, 1 failed'
ends 'a suite fails without saying so by its exit status' 1 sh \
	"failed: one: 1 failed ($out/logs/one.log)" '12 passed, 1 failed'
suite one 3 'one: 3 passed, 0 failed'
ends 'a suite fails without counting it' 1 sh \
	"failed: one: exit status 3 ($out/logs/one.log)" '12 passed, 1 failed'
suite one 0
ends 'a suite counts nothing' 1 sh "failed: one: counts nothing ($out/logs/one.log)" '9 passed, 1 failed'
suite two 1 'two: 4 passed, 2 failed'
ends 'two suites fail' 1 none-such "failed: one: counts nothing ($out/logs/one.log)" \
	"failed: two: 2 failed ($out/logs/two.log)" "$no_clang" '6 passed, 3 failed'
echo "test: $passed passed, $failed failed"
[ $failed = 0 ]
