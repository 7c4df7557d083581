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

# tells_more RULE READING: whether its table tells calls apart, or more than acquires and releases.
tells_more() {
	$drill rules "$1" | awk -v reading="$2" '
		/^reading / { sub(/:$/, "", $2); inside = $2 == reading; seen = seen || inside }
		inside && ($1 == "watches" || $2 ~ /^(wrong-release|misordered)$/) { more = 1 }
		END { exit !(seen && more) }'
}

# refused RULE READING: such a reading is refused, in these words, and nothing is written.
refused() {
	echo "--reading: error: the model world knows acquires and releases alone," \
		"reading $2 of rule $1 more" > $out/expected
	$drill gen --quiet --level "$level" --rule "$1" --world model --reading "$2" --out $out/cases 2> $out/log
	[ $? = 2 ] && cmp -s $out/log $out/expected && [ ! -e $out/cases ]
}

for rule in suite/rules/*.yaml; do
	rule=$(basename "$rule" .yaml)
	for reading in $(sed -n '/^readings:/,$s/^  - name: //p' suite/rules/$rule.yaml); do
		rm -rf $out/cases
		if tells_more "$rule" "$reading"; then
			if refused "$rule" "$reading"; then good; else bad "$rule, $reading: not refused" $out/log; fi
			continue
		fi
		$drill gen --quiet --level "$level" --rule "$rule" --world model --reading "$reading" --pack 500 \
			--out $out/cases || bad "$rule, $reading: no cases"
		for file in $out/cases/cases/*.c; do
			if runs "$file" $out/log; then good; else bad "$rule, $reading: $file" $out/log; fi
		done
	done
done
echo "undefined: $passed passed, $failed failed"
[ $failed = 0 ]
