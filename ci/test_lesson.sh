#!/bin/sh
# Lessons: every answer of the quiz, what a skeleton is, solutions that misbehave, and the exercises' own
# check: of exercises drawn by a seed the right solution passes, and the skeleton and ten typical mistakes
# fail with the reason that the walk of that program gives (ci/exercises.c).
#
#   ci/test_lesson.sh          eight exercises
#   ci/test_lesson.sh --all    two hundred, of all rules: many minutes
#   ci/test_lesson.sh SEED N   so many, drawn by that seed
set -u
cd "$(dirname "$0")/.." || exit 2
drill=$PWD/build/lockdrill
top=$PWD
out=$PWD/build/lesson
. ci/checks.sh

manifest=$out/level/manifest.jsonl

# reason FILE: the reason that was told, as `expected` has it.
reason() {
	sed -n "s/^wrong: \([a-z-]*\), [^,]*, line \([0-9]*\)\$/\1 \2/p
		s/^wrong: \([a-z-]*\), .* at the routine's end\$/\1 end/p
		s/^wrong: this is not the routine .*/routine/p" "$1" | sed 's/^deadlock .*/deadlock/' | head -n 1
}

# judge DIRECTORY: one exercise; a line for each answer that is not as it should be.
judge() {
	"$drill" lesson --skeleton "$(cat "$1/id")" --manifest "$manifest" > "$1/skeleton.c" 2> "$1/stderr"
	for file in "$1"/*.c; do
		name=${file##*/}
		"$drill" lesson --check "$file" --manifest "$manifest" > "$file.out" 2>&1
		status=$?
		told=$(reason "$file.out")
		case $name:$told in
		right.c:*) [ $status = 0 ] && grep -q '^right: ' "$file.out" ;;
		skeleton.c:missing-release\ end | skeleton.c:double-acquire\ * | skeleton.c:deadlock)
			[ $status = 1 ]
			;;
		*) [ $status = 1 ] && grep -q "^$name [^ ]* $told\$" "$1/expected" ;;
		esac || echo "$file, exit status $status: '$told', $(grep "^$name" "$1/expected" | tr '\n' ';')"
	done > "$1/differs"
}

seed=1 count=8
case ${1:-} in
--judge)
	judge "$2"
	exit
	;;
--all) count=200 ;;
?*) seed=$1 count=$2 ;;
esac
MAKEFLAGS='' make -s FLAVOUR=gcc build/gcc/exercises || exit 2
rm -rf "$out"
mkdir -p "$out"
cd "$out" || exit 2

# gives NAME STATUS PATTERN COMMAND...: exit status and a line of the output; the input is the file `in`.
gives() {
	name=$1 wanted=$2 pattern=$3
	shift 3
	"$@" < in > stdout 2> stderr
	status=$?
	if [ $status = "$wanted" ] && grep -q -e "$pattern" stdout stderr; then good; else
		echo "exit status $status" > status
		bad "$name" status stdout stderr
	fi
}

# lesson NAME STATUS PATTERN WORD...: the same of lockdrill lesson.
lesson() {
	name=$1 wanted=$2 pattern=$3
	shift 3
	gives "$name" "$wanted" "$pattern" "$drill" lesson "$@"
}

# answers NAME STATUS PATTERN ID TEXT: what the quiz says to an answer.
answers() {
	printf "$5" > in
	lesson "quiz: $1" "$2" "$3" --level smoke --quiz "$4"
}

# A violating case whose finding is a call, and one at the routine's end; and a correct one.
: > in
"$drill" gen --level smoke --out smoke --quiet
# pick PATTERN: id, line and first other line of the first case with one finding, whose statement is that.
pick() {
	finding='{"kind":"[a-z-]*","statement":'$1',"lock":"[^"]*","line":\([0-9]*\),"lines":\[\([0-9]*\)[^]]*\]'
	finding=$finding',"function":"[^"]*","in_helpers":false}'
	violation='"verdict":"violation","findings":\['$finding'\],"readings"'
	sed -n 's/^{"id":"\([0-9a-f]*\)".*'"$violation"'.*/\1 \2 \3/p' smoke/manifest.jsonl
}
set -- $(pick '[1-9][0-9]*' | awk 'NF == 3' | head -n 1)
called=$1 line=$2 other=$3
set -- $(pick 0 | head -n 1)
left=$1 end=$2
correct=$(grep '"family":"[0-9a-f]*","verdict":"pass"' smoke/manifest.jsonl | head -n 1 | cut -c 8-39)

answers 'the line of the call' 0 '^Right' "$called" "violation $line\n"
answers 'a line that a good checker may name' 0 '^Right' "$called" "violation $other\n"
answers 'another line' 1 'and line 1 is not where' "$called" 'violation 1\n'
answers 'a pass that is none' 1 '^Wrong: it is a violation' "$called" 'pass\n'
answers 'the end of the routine' 0 '^Right' "$left" "violation $end\n"
answers 'blanks, colon and CRLF' 0 '^Right' "$left" "  violation: line $end  \r\n"
answers 'the line on a line of its own' 0 '^Right' "$left" "violation\n$end\n"
answers 'no end of line' 0 '^Right' "$correct" 'pass'
answers 'a violation that is none' 1 '^Wrong: it is a pass' "$correct" 'violation 20\n'
answers 'it explains what was right too' 0 'What goes wrong at run time' "$correct" 'pass\n'
for answer in '' '\n' 'violation\n' 'violation x\n' 'violation 3x\n' 'violation -3\n' 'maybe\n' 'pass 3\n' \
	'passing\n'; do
	answers "not an answer: '$answer'" 2 '^<stdin>:1: error: ' "$called" "$answer"
done
head -c 5000 /dev/zero | tr '\0' p > in
lesson 'quiz: an endless line' 2 '^<stdin>:1: error: ' --level smoke --quiz "$called"
for id in "$called" "$left" "$correct"; do
	: > in
	"$drill" lesson --level smoke --quiz "$id" < in > "quiz-$id" 2> stderr
	if grep -q -e -acquire -e -release -e '\^' -e twin "quiz-$id"; then
		bad "quiz: $id gives its answer away" "quiz-$id"; else good; fi
done

# The lesson itself.
: > in
lesson 'lesson: the finding under a caret' 0 '^     | .*\^ [a-z-]*, lock ' --level smoke "$called"
lesson 'lesson: who holds what' 0 '^holds ' --level smoke "$called"
lesson 'lesson: the twin as a diff' 0 '^ *[0-9]* + ' --level smoke "$called"
lesson 'lesson: the bug check' 0 'bug check 0xC4' --level smoke --rule SpinlockRelease
lesson 'lesson: no bug check is promised' 0 'No check of' --level smoke --rule WdfSpinlockRelease
lesson 'lesson: drawn by a step and a shape' 0 '^case ' \
	--ladder aliases --shape place=heap --seed 5
# A pair of the core by its name: the lines are those of its file, and no letter tells the verdict.
for file in SpinlockRelease/001-a WdfSpinlockRelease/026-b; do
	core=$top/suite/core/$file.c
	[ -e "$core" ] || { bad "$file is no file of the core"; continue; }
	lesson "core: $file" 0 '^What a teacher would say' "$file"
	"$drill" lesson "$file" > whole 2> stderr
	sed -n 's/^ *\([0-9][0-9]*\) | \(.*\)/\1:\2/p' whole | head -n 20 > told
	grep -n '' "$core" | grep -F -x -f told > there
	if cmp -s told there && [ -s told ]; then good; else bad "core: $file has other lines" told there; fi
	lesson "core: $file.c with directories" 0 "^case *$(sed -n 's/^case *//p' whole)" "$core"
done
lesson 'core: a pair that is not there' 2 'no level has a case of this id' SpinlockRelease/900-a
lesson 'core: a rule that is another one' 2 'no level has a case of this id' WdfSpinlockRelease/001-a
lesson 'core: a letter that is none' 2 'no level has a case of this id' SpinlockRelease/001-c
"$drill" lesson --skeleton SpinlockRelease/001-a > core.c 2> stderr
lesson 'core: its exercise is found again' 1 '^wrong: missing-release' --check core.c
lesson 'lesson: --step without a terminal' 0 'has returned\|^The twins' --level smoke --step "$left"
"$drill" lesson --seed 7 > one 2> stderr
"$drill" lesson --seed 7 > two 2> stderr
if cmp -s one two; then good; else bad 'lesson: a seed draws the same case' one two; fi
lesson 'lesson: nothing to draw' 2 'no case of the level fits' --rule CancelSpinlockRelease --shape place=heap
lesson 'lesson: no such case' 2 'level smoke has no such case' --level smoke 0123456789
lesson 'lesson: a case and a seed' 2 'nothing to draw beside' --level smoke "$called" --seed 3
lesson 'lesson: --quiz and --skeleton' 2 'does nothing beside' --quiz --skeleton

# A skeleton says nothing of its answer, and a file that is none is refused.
id=$(grep '"rule":"SpinlockRelease",.*"role":"dispatch","sequence":"[^"]*if ?[^"]*work[^"]*","' \
	smoke/manifest.jsonl | grep '"helper":"none".*"family":"[0-9a-f]*","verdict":"pass"' | head -n 1 |
	cut -c 8-39)
"$drill" lesson --skeleton --level smoke "$id" > skeleton.c 2> stderr
if grep -q TODO skeleton.c && ! grep -q -e 'acq ' -e 'rel ' -e orrect -e iolati skeleton.c; then good; else
	bad 'skeleton: it gives its answer away' skeleton.c; fi
if "$drill" gen --level smoke --case "$id" --out headers --quiet &&
	gcc -fsyntax-only -Iheaders/include skeleton.c 2> stderr; then good; else
	bad 'skeleton: it compiles by itself' stderr; fi
lesson 'check: no such file' 2 'cannot read' --check missing.c
lesson 'check: a directory' 2 'cannot read' --check .
sed 's/Exercise [0-9a-f]*/Exercise/' skeleton.c > headless.c
lesson 'check: a manifest' 1 '^wrong: missing-release' \
	--check skeleton.c --manifest smoke/manifest.jsonl
lesson 'lesson: a manifest and nothing named' 2 'a case is drawn from a level' \
	--manifest smoke/manifest.jsonl
lesson 'check: no exercise in the head' 2 'names no exercise' --check headless.c
lesson 'check: the exercise by its id' 1 '^wrong: missing-release' --check headless.c "$id"
printf 'a\0b' > zero.c
lesson 'check: a zero byte' 2 'zero byte' --check zero.c "$id"

# Solutions that misbehave. The exercise's own text is right; each of these is put into its routine, or in
# front of all.
"$drill" show --level smoke "$id" --world plain | sed -n '/^world plain:/,$p' | sed 1,2d > body
{ echo "/* Exercise $id of level smoke */" && cat body; } > right.c
lesson 'check: right' 0 '^right: ' --check right.c
if command -v bwrap > found; then contained='^contained yes'; else contained='^contained no'; fi
lesson 'check: whether it is contained is said' 0 "$contained" --check right.c
mkdir empty
gives 'check: without bubblewrap' 0 '^contained no' env PATH="$PWD/empty" "$drill" lesson --check right.c

{ printf '\357\273\277' && sed 's/$/\r/' right.c; } > windows.c
lesson 'check: a byte order mark and CRLF' 0 '^right: ' --check windows.c

# hostile NAME PATTERN LINE...: the lines behind the routine's first statement.
hostile() {
	name=$1 pattern=$2
	shift 2
	printf '%s\n' "$@" > lines
	sed '/^	IoCsqInsertIrp/r lines' right.c > hostile.c
	if cmp -s right.c hostile.c; then bad "check: $name: nothing was put in"; else
		lesson "check: $name" 1 "$pattern" --check hostile.c; fi
}
hostile 'what does not compile' '^wrong: it does not compile: exercise.c:[0-9]*: error: ' 'int x = ;'
hostile 'a call of exit' "^wrong: it does not compile: .*exit" 'exit(0);'
hostile 'a call of printf' "^wrong: it does not compile: .*printf" 'printf("right\\n");'
hostile 'it never ends' '^wrong: it does not end' 'for (;;) { }'
hostile 'it loops on what it reads' '^wrong: this is not the routine' \
	'while (READ_REGISTER_ULONG(0) == 0) { }'
hostile 'it crashes' '^wrong: it crashed: signal 11' '*(volatile int *)1 = 1;'
hostile 'it divides by zero' '^wrong: it crashed: signal 8' 'volatile int zero = 0; zero = 1 / zero;'
hostile 'it calls the recording' "'native_event' has no place" 'native_event("x", 0, 0, 0, 0);'
hostile 'it calls the recording by a macro' "'LK_EVENT' has no place" 'LK_EVENT("x", 0, 0, 0);'
hostile 'assembler' "'__asm__' has no place" '__asm__("mov $60, %eax; syscall");'
hostile 'assembler in two pieces' "'##' has no place" '#define JOIN(x, y) x ## y' 'JOIN(as, m)("nop");'
hostile 'assembler on two lines' "has no place" 'as\' 'm("nop");'
hostile 'another header' 'includes <ntddk.h>' '#include <stdlib.h>'
hostile 'a file of the machine' 'includes <ntddk.h>' '# include "/etc/passwd"'
hostile 'a choice that is hidden' '^wrong: this is not the routine' '#undef READ_REGISTER_ULONG' \
	'#define READ_REGISTER_ULONG(x) 0' '#undef StorPortReadRegisterUlong'
hostile 'a release that does nothing' '^wrong: missing-release' '#undef KeReleaseSpinLock' \
	'#undef KeReleaseSpinLockFromDpcLevel' '#define KeReleaseSpinLock(x, y) ((void)(y))' \
	'#define KeReleaseSpinLockFromDpcLevel(x) ((void)0)'
hostile 'the harness a second time' 'has no place' \
	'} void LockdrillHarness(void); void LockdrillHarness(void) {'
{ cat right.c && echo 'int deeper(int x) { int y[1000] = {x}; return deeper(y[0]) + y[1]; }' &&
	echo 'int called(void); int called(void) { return deeper(1); }'; } > deep.c
sed 's/^	IoCsqInsertIrp/	extern int called(void); called();&/' deep.c > deeper.c
lesson 'check: it recurses without end' 1 '^wrong: it crashed: signal 11' --check deeper.c
{ cat right.c && echo 'int main(void) { return 0; }'; } > main.c
lesson 'check: a main of its own' 0 '^right: ' --check main.c
{ sed 1q right.c && echo 'char big[1 << 30] = {1};' && sed 1d right.c; } > big.c
lesson 'check: too much memory' 1 '^wrong: it takes more memory' --check big.c
sed 1q right.c > nothing.c
lesson 'check: an empty file' 1 '^wrong: it does not compile: ' --check nothing.c
sed '/^{$/,/^}$/{/^{$/!{/^}$/!d}}' right.c > hollow.c
lesson 'check: a routine without statements' 1 '^wrong: this is not the routine' --check hollow.c
sed 's/^	InterlockedIncrement.*//; s/^	*Interlocked.*//; s/^	*WRITE_REG.*//' right.c > lazy.c
lesson 'check: the work left out' 1 '^wrong: this is not the routine' --check lazy.c

# What stands in for the program of a run can say what it likes: only what begins with the run's own word
# counts. These two print what a right solution's run prints, with another word, or nothing of it.
: > in
printf 'word\n\n' > lists
gives 'recite: a text that is none' 0 '^word refused ' "$drill" recite right.c lists
gives 'recite: for nobody else' 2 "lockdrill's own" "$drill" recite

"$OLDPWD/build/gcc/exercises" drawn standard "$seed" "$count" > stdout 2> stderr ||
	bad 'exercises are drawn' stderr
"$drill" gen --level standard --sample $((3 * count + 20)) --seed "$seed" --out level --quiet
printf '%s\n' "$out"/drawn/* | xargs -n 1 -P "${JOBS:-2}" sh "$OLDPWD/ci/test_lesson.sh" --judge
for exercise in drawn/*; do
	if [ -s "$exercise/differs" ]; then
		bad "exercise $(cat "$exercise/id")" "$exercise/differs"
	else
		good
	fi
	[ "$(ls "$exercise" | grep -c '^wrong-[0-9]*.c$')" = 10 ] && good || bad "ten mistakes: $exercise"
done
# A right solution that is told for a wrong one, and the other way round, would be seen.
mkdir -p spoilt && cp drawn/0/id drawn/0/expected spoilt && cp drawn/0/wrong-0.c spoilt/right.c
cp drawn/0/right.c spoilt/wrong-0.c
judge spoilt
[ "$(wc -l < spoilt/differs)" = 2 ] && good || bad 'a wrong answer is seen' spoilt/differs

echo "lesson: $(cat drawn/*/expected | wc -l) reasons for" \
	"$(ls drawn/*/wrong-*.c | wc -l) mistakes of" \
	"$(cut -d' ' -f2 drawn/*/expected | sort -u | wc -l) sorts in" \
	"$(ls drawn | wc -l) exercises; $passed passed, $failed failed"
[ $failed = 0 ]
