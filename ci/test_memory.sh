#!/bin/sh
# What a run holds in memory does not depend on how many cases there are: a run of four times as many has
# nearly the same peak, by the kernel's count, as the one with fewer; so have a run that goes on with answers
# that are there, and one by the line protocol. Prints what fails, and a count.
set -u
cd "$(dirname "$0")/.." || exit
drill=$PWD/build/lockdrill
out=$PWD/build/memory
. ci/checks.sh
[ -x "$drill" ] || { echo "build/lockdrill is missing: make build"; exit 2; }
rm -rf "$out"
mkdir -p "$out/data/levels"
for program in peak trivial; do
	# shellcheck disable=SC2086 # words
	${CC:-cc} -O2 -o "$out/$program" ci/$program.c || exit 2
done
few=5000
many=$((4 * few))
room=12000 # kB; as many cases in memory would take more than twice that
for cases in $few $many; do
	printf 'level: cases-%s\nsummary: a part of full\ndeal: %s\n' "$cases" $((cases / 2)) \
		> "$out/data/levels/cases-$cases.yaml"
done

# peak CASES NAME OPTION...: of a run in kB; 0: it failed.
peak() {
	cases=$1 name=$2
	shift 2
	set -- --data "$out/data" --level "cases-$cases" --db "$out/$name-$cases.db" "$@"
	"$out/peak" "$drill" run --quiet "$@" 3> "$out/peaks" > "$out/said" 2>&1
	if [ $? -lt 2 ]; then sed 's/ .*//' "$out/peaks"; else
		cat "$out/said" >&2
		echo 0
	fi
}

# flat NAME OPTION...
flat() {
	name=$1
	a=$(peak $few "$@")
	b=$(peak $many "$@")
	echo "$name: $few cases $a kB, $many cases $b kB"
	[ "$a" -gt 0 ] && [ "$b" -gt 0 ] && [ "$b" -lt $((a + room)) ] && good ||
		bad "$name: memory grows with the cases"
}

flat run --checker always-pass -j 2
flat run --checker always-pass -j 2 # goes on
flat protocol --program "$out/trivial"

echo "memory: $passed passed, $failed failed"
[ $failed = 0 ]
