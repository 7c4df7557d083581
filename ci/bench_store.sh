#!/bin/sh
# Storing and scoring 100,000 answers: processor seconds (and those of the clock) of each step, median of five
# runs, and how much more memory it takes at its peak than the same step with 10,000. Steps are those of
# ci/bench_store.c.
set -eu
cd "$(dirname "$0")/.."
bench=${1:-build/gcc/bench_store}
out=build/bench-store
rm -rf $out
mkdir -p $out

$bench make 10000 $out/10000.db > $out/small-make

# median FILE COLUMN: of five lines
median() {
	sort -n -k "$2" "$1" | sed -n 3p | cut -d ' ' -f "$2"
}

# step NAME ARGUMENT...: five times on a copy of the database of the step before, which it becomes.
step() {
	name=$1
	shift
	for run in 1 2 3 4 5; do
		rm -f $out/try.db
		[ "$name" = make ] || cp "$out/$base.db" $out/try.db
		$bench "$@" $out/try.db
	done > "$out/$name"
	if [ "$name" != make ]; then
		cp "$out/small-$base.db" $out/small.db
		$bench "$@" $out/small.db > "$out/small-$name"
		mv $out/small.db "$out/small-$name.db"
	fi
	mv $out/try.db "$out/$name.db"
	printf '%-40s %7s s (%s s by the clock), %s KiB more than for 10,000\n' \
		"$title" "$(median "$out/$name" 1)" \
		"$(median "$out/$name" 2)" $(($(median "$out/$name" 3) - $(cut -d ' ' -f 3 "$out/small-$name")))
}

title='store the manifest of 100,000 cases' step make make 100000
mv $out/10000.db $out/small-make.db
base=make title='store 100,000 answers, in packs' step pack pack
base=pack title='ask whether each is answered' step wants wants
base=pack title='score them' step score score
base=make title='store 100,000 answers, each alone' step alone alone
base=alone title='score them' step score score
echo "store the manifest, answers in packs, and score: $(awk '{ sum += $1 } END { print sum }' <<END
$(median $out/make 1)
$(median $out/pack 1)
$(median $out/score 1)
END
) s, budget 3"
rm -rf $out
