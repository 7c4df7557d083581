#!/bin/sh
# What the harness costs on top of a checker's own time, all in one run: a process a case, in packs, and by
# the line protocol. Medians of BENCH_RUNS (5). The harness's time is its own count, runs.seconds in the
# database: from the meeting of the checker to its last stored answer, but not the making of the level. By
# hand: the same programs on the same files, already written, by a loop of the shell and by xargs. Nothing
# depends on what comes out. sparse is given standard without the cases on which it crashes, all of one shape:
# each costs the harness some twenty processes to be found, and by hand all that stand in its pack.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
drill=$root/build/lockdrill
out=$root/build/bench-run
runs=${BENCH_RUNS:-5}
rm -rf "$out"
mkdir -p "$out/data/adapters"
command -v sqlite3 > "$out/found" || { echo "bench_run: sqlite3 is missing: ci/setup"; exit 2; }
"${CC:-cc}" -O2 -static -o "$out/trivial" ci/trivial.c

. ci/bench_adapter.sh
bench_adapter "$out" one 1 "['{exe}', mark]"
bench_adapter "$out" read 1000 "['{exe}', '{files}']"

# harness LEVEL OPTION...: seconds by its own count.
harness() {
	level=$1
	shift
	rm -f "$out/bench.db"*
	"$drill" run --quiet --data "$out/data" --level "$level" --db "$out/bench.db" "$@" 2> "$out/stderr" ||
		cat "$out/stderr" >&2
	sqlite3 "$out/bench.db" 'SELECT seconds FROM runs WHERE finished'
}

# by_hand COMMAND...: seconds.
by_hand() {
	begin=$(date +%s%N)
	"$@" > "$out/stdout" 2> "$out/stderr" || :
	echo $(($(date +%s%N) - begin)) | awk '{ print $1 / 1e9 }'
}

# The loops that are measured.
loop_one() {
	for file in "$out"/smoke/cases/*[0-9].c; do "$out/trivial" mark "$file"; done
}
xargs_one() {
	printf '%s\n' "$out"/smoke/cases/*[0-9].c | xargs -P "$1" -n 1 "$out/trivial" mark
}
with_helpers() { # PACK: and its second file
	echo "$1"
	[ ! -e "${1%.c}-helpers.c" ] || echo "${1%.c}-helpers.c"
}
loop_packs() { # LEVEL COMMAND...
	level=$1
	shift
	for file in "$out/$level"/cases/*[0-9].c; do
		# shellcheck disable=SC2046 # one or two names
		"$@" $(with_helpers "$file")
	done
}
xargs_packs() { # JOBS LEVEL COMMAND...
	jobs=$1 level=$2
	shift 2
	for file in "$out/$level"/cases/*[0-9].c; do
		with_helpers "$file" | paste -sd " "
	done | xargs -P "$jobs" -L 1 "$@"
}

# measure NAME COMMAND...: seconds of all runs in the file NAME. What is compared takes turns, so that a slow
# minute is everybody's.
turn() {
	name=$1
	shift
	"$@" >> "$out/$name"
}

# row WORK HARNESS HAND CASES BUDGET: ms a case.
row() {
	awk -v work="$1" -v a="$(bench_median "$out/$2")" -v b="$(bench_median "$out/$3")" \
		-v n="$4" -v budget="${5:-}" 'BEGIN {
		printf "%-48s %10.3f %10.3f %10.3f  %-13s %s\n", work,
			a / n * 1000, b / n * 1000, (a - b) / n * 1000, "ms a case", budget }'
}

# percent WORK HARNESS HAND BUDGET: seconds, and the harness on top.
percent() {
	awk -v work="$1" -v a="$(bench_median "$out/$2")" -v b="$(bench_median "$out/$3")" \
		-v budget="${4:-}" 'BEGIN {
		printf "%-48s %10.3f %10.3f %9.1f%%  %-13s %s\n", work, a, b, (a / b - 1) * 100, "s", budget }'
}

cases() {
	grep -c . "$out/$1/manifest.jsonl"
}

"$drill" gen --level smoke --out "$out/smoke"
"$drill" gen --level standard --pack 1000 --out "$out/packs"
mkdir "$out/data/levels"
grep -v -e branch=computed-goto -e '^drawn from' suite/levels/standard.plan > "$out/data/levels/tame.tsv"
printf 'level: tame\nsummary: no computed goto\nchosen: levels/tame.tsv\n' > "$out/data/levels/tame.yaml"
if command -v sparse > "$out/found"; then
	"$drill" gen --data "$out/data" --level tame --world sparse --pack 1000 --out "$out/sparse-packs"
fi
sparse_by_hand() { # FUNCTION...
	"$@" sparse -Wno-decl -fmax-warnings=unlimited -Wcontext "-I$out/sparse-packs/include"
}

i=0
while [ $((i += 1)) -le "$runs" ]; do
	turn one-1 harness smoke --checker one -j 1
	turn one-loop by_hand loop_one
	turn one-xargs-1 by_hand xargs_one 1
	turn one-2 harness smoke --checker one -j 2
	turn one-xargs-2 by_hand xargs_one 2
	turn talk-1 harness smoke --program "$out/trivial" -j 1
	turn talk-2 harness smoke --program "$out/trivial" -j 2
	turn read-1 harness standard --checker read -j 1
	turn read-loop by_hand loop_packs packs "$out/trivial"
	turn read-xargs-1 by_hand xargs_packs 1 packs "$out/trivial"
	turn read-2 harness standard --checker read -j 2
	turn read-xargs-2 by_hand xargs_packs 2 packs "$out/trivial"
	[ -d "$out/sparse-packs" ] || continue
	turn sparse-1 harness tame --checker sparse -j 1
	turn sparse-loop by_hand sparse_by_hand loop_packs sparse-packs
	turn sparse-xargs-1 by_hand sparse_by_hand xargs_packs 1 sparse-packs
	turn sparse-2 harness tame --checker sparse -j 2
	turn sparse-xargs-2 by_hand sparse_by_hand xargs_packs 2 sparse-packs
done

printf '%-48s %10s %10s %10s  %-13s %s\n' "harness, median of $runs" harness 'by hand' difference unit budget
row 'a process a case, -j 1, shell loop' one-1 one-loop "$(cases smoke)" '<= 5'
row 'a process a case, -j 1, xargs -P 1' one-1 one-xargs-1 "$(cases smoke)" '<= 5'
row 'a process a case, -j 2, xargs -P 2' one-2 one-xargs-2 "$(cases smoke)" '<= 5'
echo 0 > "$out/nothing"
row 'line protocol, -j 1' talk-1 nothing "$(cases smoke)"
row 'line protocol, -j 2' talk-2 nothing "$(cases smoke)"
percent 'packs of 1000, reads them only, -j 1, shell loop' read-1 read-loop '<= 5%'
percent 'packs of 1000, reads them only, -j 2, xargs -P 2' read-2 read-xargs-2 '<= 5%'
row 'the same, -j 1, shell loop' read-1 read-loop "$(cases packs)"
row 'the same, -j 2, xargs -P 2' read-2 read-xargs-2 "$(cases packs)"
[ -d "$out/sparse-packs" ] || exit 0
percent 'packs of 1000, sparse, -j 1, shell loop' sparse-1 sparse-loop '<= 5%'
percent 'packs of 1000, sparse, -j 1, xargs -P 1' sparse-1 sparse-xargs-1 '<= 5%'
percent 'packs of 1000, sparse, -j 2, xargs -P 2' sparse-2 sparse-xargs-2 '<= 5%'
