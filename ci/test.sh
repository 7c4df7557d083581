#!/bin/sh
# Runs the tests and adds up what they count:
#
#   ci/test.sh MAKE [OPTION]...         what `make test` runs
#   ci/test.sh --long MAKE [OPTION]...  what `make test-long` runs
#   ci/test.sh --cover MAKE [OPTION]... unit and shell tests as built for ci/cover.sh
#
# A suite is one command: the unit tests as built by one compiler, or one ci/test_*.sh. Every suite is run,
# whatever the others say, and prints its report in one piece. It must count: Criterion's synthesis, or a line
# with `N passed, N failed`. An exit status that is not zero, or no count, is one failure more. What a suite
# leaves out it says in a line with `: skipped: `.
#
# At the end stand the suites that failed, what was skipped, and, alone on the last line, the sum.
#
# From the environment: CLANG, JOBS (suites at a time), TEST_SCRIPTS (directory of test_*.sh) and TEST_LOGS,
# for its own test.
set -u
cd "$(dirname "$0")/.." || exit 2
logs=${TEST_LOGS:-build/test}
scripts=${TEST_SCRIPTS:-ci}

# suite NAME COMMAND...: leaves NAME.log and NAME.status.
suite() {
	name=$1
	shift
	"$@" > "$logs/$name.log" 2>&1
	echo $? > "$logs/$name.status"
	cat "$logs/$name.log"
}

# tidy MAKE...: layout and lint, which say what is wrong only.
tidy() {
	for tool in clang-format-14 clang-tidy-14; do
		command -v $tool > "$logs/found" || {
			echo "tidy: skipped: layout and lint ($tool is not here: ci/setup --all)"
			echo 'tidy: 0 passed, 0 failed'
			return
		}
	done
	"$@" -k layout lint && echo 'tidy: 2 passed, 0 failed'
}

if [ "${1:-}" = --tidy ]; then
	shift
	tidy "$@"
	exit
fi
if [ "${1:-}" = --suite ]; then
	shift
	suite "$@"
	exit 0
fi

# several: the suites on stdin, `NAME COMMAND...` a line, JOBS at a time.
several() {
	xargs -L 1 -P "${JOBS:-2}" sh ci/test.sh --suite
}

# unit FLAVOUR MAKE...: the unit tests.
unit() {
	flavour=$1
	shift
	suite "unit-$flavour" "$@" check FLAVOUR="$flavour" WERROR=-Werror
}

# The longest is begun first: as the last one it would be alone for minutes.
shell_tests() {
	previous=
	for script in "$scripts"/test_worlds.sh "$scripts"/test_*.sh; do
		name=${script##*/test_}
		[ -e "$script" ] || continue
		[ "$name" != worlds.sh ] || [ -z "$previous" ] || continue
		previous=$name
		echo "${name%.sh} sh $script"
	done | several
}

# build FLAVOUR MAKE...: false where there is nothing to test.
build() {
	flavour=$1
	shift
	suite build "$@" build/lockdrill FLAVOUR="$flavour" WERROR=-Werror
	[ "$(cat "$logs/build.status")" = 0 ] && rm "$logs"/build.*
}

# short MAKE...
short() {
	build gcc "$@" || return
	LOCKDRILL_TEST_ALL=1 unit gcc "$@"
	if command -v "$CLANG" > "$logs/found"; then unit clang "$@"; else
		echo "unit-clang: skipped: the unit tests as built by clang ($CLANG is not here)" > "$logs/skipped"
	fi
	shell_tests
}

# long MAKE...
long() {
	build gcc "$@" || return
	unit asan "$@"
	several << END
compilers-standard sh ci/test_compilers.sh standard
clean-standard sh ci/test_clean.sh standard
packed sh ci/test_packed.sh --all
spin-standard sh ci/test_spin.sh standard
lesson sh ci/test_lesson.sh --all
package-all sh ci/test_package.sh --all
undefined-standard sh ci/test_undefined.sh standard
tasks-standard sh ci/test_tasks.sh --all
kill-40 sh ci/test_kill.sh 40
leaks-standard sh ci/test_leaks.sh standard
faults-long env FAULTS_LONG=1 sh ci/test_faults.sh *some-stops-parent
verify sh ci/verify.sh
tidy sh ci/test.sh --tidy $*
END
}

# cover MAKE...: what the shell tests make themselves is of that flavour too.
cover() {
	build cover "$@" || return
	unit cover "$@"
	FLAVOUR=cover
	export FLAVOUR
	shell_tests
}

# counts LOG: passed and failed, by the last line that counts.
counts() {
	sed -n -e 's/.*Tested: \([0-9]*\) | Passing: \([0-9]*\) |.*/\2 \1 tested/p' \
		-e 's/^\(.* \)\{0,1\}\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed.*/\2 \3/p' "$1" | tail -n 1
}

# judge NAME: adds to passed, failed and wrong.
judge() {
	status=$(cat "$logs/$1.status")
	set -- "$1" $(counts "$logs/$1.log")
	[ "${4:-}" = tested ] && set -- "$1" "$2" $(($3 - $2))
	passed=$((passed + ${2:-0}))
	failed=$((failed + ${3:-0}))
	why=
	if [ $# = 1 ]; then
		why='counts nothing' failed=$((failed + 1))
	elif [ "$3" != 0 ]; then
		why="$3 failed"
	elif [ "$status" != 0 ]; then
		why="exit status $status" failed=$((failed + 1))
	fi
	[ -z "$why" ] || echo "failed: $1: $why ($logs/$1.log)" >> "$logs/wrong"
}

what=short
case ${1:-} in
--long | --cover)
	what=${1#--}
	shift
	;;
esac
[ $# != 0 ] || { echo "usage: ci/test.sh [--long | --cover] MAKE [OPTION]..." >&2; exit 2; }
CLANG=${CLANG:-clang-14}
rm -rf "$logs"
mkdir -p "$logs"
: > "$logs/wrong"
: > "$logs/skipped"
$what "$@"
passed=0 failed=0
for status in "$logs"/*.status; do
	name=${status##*/}
	judge "${name%.status}"
done
cat "$logs/wrong"
cat "$logs"/*.log "$logs/skipped" | sed -n 's/^\(.*\): skipped: /skipped: \1: /p'
echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed != 0 ]
