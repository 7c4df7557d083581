#!/bin/sh
# The cases compile clean: a warning about one is about its locks or a false alarm. Warnings of every kind by
# clang and gcc, gcc's and clang's analyzers and cppcheck; what they say must stand in the table below, with
# its reason. A row that matches nothing is wrong too.
#
#   ci/test_clean.sh            smoke and every 20th pair of standard
#   ci/test_clean.sh standard   all of standard, each world; outside plain the analyzers see every 20th pair
#
# A tool that is not here is skipped.
set -u
cd "$(dirname "$0")/.."
drill=$PWD/build/lockdrill
level=${1:-part}
out=$PWD/build/clean
failed=0
passed=0
. ci/checks.sh
rm -rf "$out"
mkdir -p "$out"

# accepted: who says it (tool), in which worlds, what, and why that is as it should be.
accepted() {
	cat << 'END'
clang * -Wunreachable-code exit=unreachable, noise=dead-branch; loops that always leave
clang * -Wunreachable-code-loop-increment a loop that its body always leaves
clang * -Wunreachable-code-fallthrough branch=fall-through where exit=unreachable put code behind a return
clang * -Wgnu-label-as-value branch=computed-goto
clang * -Wmissing-noreturn stop=unmarked-function: that it never returns is not said
clang * -Wdeclaration-after-statement exit=scope-cleanup, where a scope begins behind the acquire
clang * -Wgnu-statement-expression result=statement-expression
clang * -Wsign-conversion an enumerator by ?: as the value of one, which clang takes for an int
clang-19 * -Wunsafe-buffer-usage arrays and pointers of C, place=array among them
clang-19 * -Wpre-c11-compat branch=generic: _Generic is of C11
clang thread-safety -Wthread-safety-analysis the checker that this world is for
clang thread-safety -Wthread-safety-negative the same, about locks that are not held
clang model,native -Wused-but-marked-unused headers are pasted, and a file need not use all of their functions
clang model,native -Wunused-macros the same, about their macros
clang native,pthread -Wmissing-variable-declarations what the harness makes, for its own reader
analyzer * deadcode.DeadStores a case that leaks may never read the IRQL that it saved
analyzer pthread core.StackAddressEscape the harness points global locks to its own
cppcheck plain,pthread unusedFunction the system calls a routine by the pointer it is given
cppcheck * missingIncludeSystem pthread.h is not looked into
cppcheck * unreachableCode exit=unreachable
cppcheck * internalAstError branch=computed-goto, which it does not read
cppcheck * unusedLabel the same
cppcheck * variableScope variables stand at a function's head, as in driver code
cppcheck * duplicateBranch both branches do the same with a lock: if ? { rel a } else { rel a }
cppcheck * duplicateExpressionTernary the same, by ?:
cppcheck * identicalInnerCondition flags are read again: a branch within a branch that is always taken
cppcheck * duplicateCondition the same, one behind the other
cppcheck * multiCondition the same, in an else-if chain
cppcheck * knownConditionTrueFalse flags are read again, spelled in two ways
cppcheck * redundantContinue a sequence may end a loop's body with continue
cppcheck * unreadVariable a case that leaks may never read the IRQL that it saved
cppcheck * uninitvar place=local with alias=chosen-pointer: ?: takes a lock's address before it is initialised
cppcheck * constStatement the value of a statement expression, result=statement-expression
cppcheck * unknownEvaluationOrder branch=generic: it evaluates the operand of _Generic
END
}

# lines TOOL: of a tool's log, `ID FILE:LINE`.
lines() {
	case $1 in
	analyzer) sed -n 's/^\([^ ]*:[0-9]*\):[0-9]*: warning: .*\[\([a-zA-Z.]*\)\]$/\2 \1/p' ;;
	cppcheck) sed -n 's/^id \([A-Za-z]*\) \(.*\)/\1 \2/p' ;;
	*) sed -n -e 's/^\([^ ]*:[0-9]*\):[0-9]*: warning: .*\[\(-W[^],=]*\).*\]$/\2 \1/p' \
		-e 's/^\([^ ]*:[0-9]*\):[0-9]*: \(fatal \)\{0,1\}error: .*/error \1/p' ;;
	esac
}

# tool NAME FILE...: in the directory of the files, with their headers below include.
tool() {
	name=$1
	shift
	case $name in
	clang | clang-19)
		[ "$name" = clang ] && name=clang-14
		$name -std=gnu11 -Weverything -Wno-padded -Wno-reserved-identifier -Wno-reserved-macro-identifier \
			-fsyntax-only -ferror-limit=0 -fno-caret-diagnostics -Iinclude "$@"
		;;
	gcc)
		for file in "$@"; do
			gcc -std=gnu11 -Wall -Wextra -fanalyzer -fno-diagnostics-show-caret -Iinclude -c -o unused.o \
				"$file"
		done
		;;
	analyzer)
		clang-14 --analyze --analyzer-output text -fno-caret-diagnostics -std=gnu11 -Iinclude "$@"
		;;
	cppcheck)
		cppcheck --enable=all --inconclusive --quiet --template='id {id} {file}:{line}' -Iinclude "$@"
		;;
	esac
}

have() {
	case $1 in
	clang | analyzer) set -- clang-14 ;;
	esac
	command -v "$1" > "$out/found.txt"
}

# judge TOOL WORLD LOG: what is not accepted, `ID COUNT FILE:LINE`; rows that matched go to used.txt.
judge() {
	lines "$1" < "$3" | awk -v tool="$1" -v world="$2" -v used="$out/used.txt" '
		FILENAME != "-" {
			if (($1 == tool || $1 == "clang" && tool == "clang-19") &&
			    ($2 == "*" || index("," $2 ",", "," world ",")))
				row[$3] = $1 " " $2 " " $3
			next
		}
		!($1 in count) { example[$1] = $2 }
		{ count[$1]++ }
		END {
			for (id in count)
				if (id in row)
					print row[id] >> used
				else
					print id, count[id], example[id]
		}' "$out/accepted.txt" -
}

# look TOOL WORLD DIR: one result.
look() {
	log=$3/$1.log
	(cd "$3" && tool "$1" cases/*.c) > "$log" 2>&1
	judge "$1" "$2" "$log" > "$log.left"
	if [ -s "$log.left" ]; then
		{
			echo "not ok - $1, $2: not in the table"
			sed "s|cases/|${3#"$PWD/"}/&|; s/^/    /" "$log.left"
		} > "$log.bad"
	fi
}

# texts WORLD DIR FILTER...
texts() {
	world=$1 dir=$2
	shift 2
	"$drill" gen --quiet --world "$world" --pack 50 --out "$dir" "$@"
}

# every TOOLS WORLD DIR: each tool at once.
every() {
	for name in $1; do
		have "$name" || { echo "clean: skipped: $name on $2 (it is not here)"; continue; }
		echo "$name" >> "$out/ran.txt"
		look "$name" "$2" "$3" &
	done
	wait
	for name in $1; do
		[ -e "$3/$name.log.left" ] || continue
		if [ -s "$3/$name.log.bad" ]; then
			failed=$((failed + 1))
			cat "$3/$name.log.bad"
		else
			good
		fi
	done
}

analyzers='gcc analyzer cppcheck'
all="clang clang-19 $analyzers"
accepted > "$out/accepted.txt"
: > "$out/used.txt"
: > "$out/ran.txt"

# A defect must fail each tool, or the check is worth nothing.
mkdir -p "$out/self/cases"
cat > "$out/self/cases/bad.c" << 'END'
#include <stdlib.h>

int bad(void);
int bad(void)
{
	int *p = malloc(4), unused;
	*p = 1;
	p = 0;
	return *p;
}
int no;
END
every "$all" plain "$out/self" > "$out/self.txt"
[ $passed = 0 ] && [ $failed != 0 ] || { echo "a defect is not seen"; cat "$out/self.txt"; exit 1; }
failed=0

if [ "$level" = part ]; then
	texts plain "$out/smoke" --level smoke
	texts plain "$out/plain" --level standard --shard 0/20
	texts model "$out/model" --level standard --shard 0/20
	every "$all" plain "$out/smoke"
	every "$all" plain "$out/plain"
	every clang model "$out/model"
else
	for world in plain sparse thread-safety pthread model native; do
		texts $world "$out/$world" --level "$level"
		every 'clang clang-19' $world "$out/$world"
	done
	every "$analyzers" plain "$out/plain"
	for world in pthread model native; do
		texts $world "$out/$world-20" --level "$level" --shard 0/20
		every "$analyzers" $world "$out/$world-20"
	done
	while read -r name worlds id why; do
		grep -q "^$name$" "$out/ran.txt" || continue
		if grep -q -F -x -e "$name $worlds $id" "$out/used.txt"; then good; else
			bad "a row matches nothing: $name $worlds $id ($why)"
		fi
	done < "$out/accepted.txt"
fi

echo "clean, $level: $passed passed, $failed failed"
[ $failed = 0 ]
