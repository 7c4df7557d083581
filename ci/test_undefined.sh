#!/bin/sh
# The programs of the model world do nothing that C leaves undefined: those of the smoke level, of every rule
# and reading, run over all their unknowns under UndefinedBehaviorSanitizer. Prints what fails, and a count.
#
#   ci/test_undefined.sh            the smoke level
#   ci/test_undefined.sh standard   all of standard
set -u
cd "$(dirname "$0")/.." || exit 2
drill=build/lockdrill
level=${1:-smoke}
out=build/undefined
explore=include/world/windows/model/explore.c
. ci/checks.sh
rm -rf $out
mkdir -p $out

# runs FILE LOG: whether it compiles, runs to its end and says nothing.
runs() {
	gcc -O0 -w -fsanitize=undefined -o $out/explore "$1" $explore > "$2" 2>&1 || return 1
	$out/explore > $out/said 2>> "$2"
	tail -n 1 $out/said | grep -q '^done$' && [ ! -s "$2" ]
}

if ! command -v gcc > $out/found; then
	echo "undefined: skipped: gcc is not here"
	echo "undefined: 0 passed, 0 failed"
	exit 0
fi

# A check that sees nothing is worth nothing.
cat > $out/guilty.c << 'END'
struct pair { int one, two; };
static struct pair *volatile none;
static int run(void) { int *two = &none->two; return two != 0; }
int (*const lockdrill_main[])(void) = {run};
const unsigned lockdrill_mains = 1;
END
if runs $out/guilty.c $out/guilty.log; then bad 'an address behind a null pointer is not seen'; else
	if grep -q 'runtime error' $out/guilty.log; then good; else bad 'another reason' $out/guilty.log; fi
fi

for rule in suite/rules/*.yaml; do
	rule=$(basename "$rule" .yaml)
	for reading in $(sed -n '/^readings:/,$s/^  - name: //p' suite/rules/$rule.yaml); do
		rm -rf $out/cases
		$drill gen --quiet --level "$level" --rule "$rule" --world model --reading "$reading" --pack 500 \
			--out $out/cases || bad "$rule, $reading: no cases"
		for file in $out/cases/cases/*.c; do
			if runs "$file" $out/log; then good; else bad "$rule, $reading: $file" $out/log; fi
		done
	done
done
echo "undefined: $passed passed, $failed failed"
[ $failed = 0 ]
