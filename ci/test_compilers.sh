#!/bin/sh
# The native road by gcc and clang: every case of a level (smoke, or the one that is named:
# ci/test_compilers.sh standard) compiled by each to a shared object, with and without optimisation, and
# judged as walk does. A compiler that gets it wrong is seen, one that is none is refused, no verdict hangs on
# what a static variable holds, and nothing stays behind.
set -u
cd "$(dirname "$0")/.."
drill=$PWD/build/lockdrill
level=${1:-smoke}
out=$PWD/build/compilers
passed=0
failed=0
rm -rf "$out"
mkdir -p "$out/tmp"
cd "$out" || exit 1
TMPDIR=$out/tmp
export TMPDIR

good() {
	passed=$((passed + 1))
}

bad() {
	failed=$((failed + 1))
	echo "not ok - $1"
	head -5 "$2" | sed 's/^/    /'
}

# ends NAME STATUS PATTERN LOG: whether a run left this exit status and a line with the pattern in its log.
ends() {
	if [ "$(cat "$4.status")" = "$2" ] && grep -q -- "$3" "$4"; then good; else bad "$1" "$4"; fi
}

# verify LOG COMPILER WHAT...: runs it and keeps what it says and its exit status.
verify() {
	log=$1 command=$2
	shift 2
	"$drill" verify "$@" --compiler "$command" > "$log" 2>&1
	echo $? > "$log.status"
}

# script NAME COMMAND: a compiler that first runs COMMAND on the pack.
script() {
	printf '#!/bin/sh\n%s\nexec gcc "$@"\n' "$2" > "$1"
	chmod 700 "$1"
}

# statics FILE...: what variables of C files a routine could write, but for locks and the table of routines;
# gcc -O1 knows which are never written, such as pointers to helpers.
statics() {
	for file in "$@"; do gcc -O1 -c -o statics.o "$file" && nm statics.o; done |
		sed -n 's/^[0-9a-f]* [bBdDsSC] //p' |
		grep -v -x -e 'Global[A-Za-z]*Lock_[0-9]*' -e LockdrillCancelLock -e lockdrill_harness
}

# Enough for what is wrong with every case.
small='--rule SpinlockRelease --size 2'

# Each check must be able to fail.
echo 'static int seen, never = 7; int count(void); int count(void) { return seen += never; }' > counts.c
[ "$(statics counts.c)" = seen ] || { echo "a static variable is not seen"; exit 1; }
verify self true $small
ends self 0 agree self > self.txt
[ $failed = 1 ] && [ $passed = 0 ] || { echo "the checks do not fail when they should"; exit 1; }
failed=0

# what is none, or gets it wrong
for command in no-such-compiler ./no-such-compiler true 'gcc -c' 'gcc -O2 -no-such-option'; do
	verify refused "$command" $small
	ends "'$command' is refused" 2 "^compiler '$command': error: " refused
done
verify refused '' $small
ends 'an empty one is refused' 2 'error: --compiler: the COMMAND is empty' refused
script drops "sed -i '0,/^\\tKeReleaseSpinLock(/s//\\t(void)(/' pack.c"
verify drops.log ./drops $small
ends 'a compiler that drops a call is seen' 1 'the roads disagree' drops.log
grep -q '^  native, compiled by ./drops: ' drops.log && good || bad 'and is named' drops.log
script lines "sed -i 's/^#define KeAcquireSpinLock(.*/&\\n/' pack.c"
verify lines.log ./lines $small
ends 'lines that are shifted are seen' 1 'the roads disagree' lines.log

# what a static lock holds
script garbage "sed -i -e 's/^static KSPIN_LOCK [^;]*/& = {0x5a5a}/' \\
	-e 's/^static WDFSPINLOCK [^;]*/& = (void *)0x5a5a/' pack.c
grep -q 'CancelLock.* = {0x5a5a};' pack.c || exit 3"
verify garbage.log './garbage -O2' --level "$level"
ends 'the value of a static lock is not used' 0 'and by ./garbage -O2: [1-9]' garbage.log
"$drill" gen --level "$level" --world native --pack 1000 --out native
statics native/cases/*.c > statics.log && bad 'locks are the only static variables' statics.log || good

# every case by every compiler, all at once
for compiler in gcc clang-14; do
	command -v $compiler > which.txt || { echo "compilers: skipped: $compiler (it is not here)"; continue; }
	for flags in -O0 -O2; do verify "$compiler$flags" "$compiler $flags" --level "$level" & done
done
wait
for compiler in gcc clang-14; do
	for flags in -O0 -O2; do
		[ -e "$compiler$flags" ] || continue
		cases=$(sed -n 's/^level .*: \([0-9]*\) cases agree, .*/\1/p' "$compiler$flags")
		ends "$compiler $flags" 0 "^  and by $compiler $flags: ${cases:-none} cases" "$compiler$flags"
	done
done
ls -A tmp > left.log
[ -s left.log ] && bad 'nothing stays behind' left.log || good

echo "compilers, $level: $passed passed, $failed failed"
[ $failed = 0 ]
