#!/bin/sh
# What the harness costs a process beside BenchExec: the same thousand trivial tasks, in one run. Each takes
# turns of a hundred tasks with the others, so that a slow minute is everybody's.
#
#   hand         a loop of the shell; all thousand each turn
#   lockdrill    `run`, a process a case, by its own count (see bench_run.sh); the same
#   runexec      one call of BenchExec's runexec --no-container a task, as its manual has it
#   container    the same without --no-container, where it can be
#   benchexec    one call of benchexec --no-container for all hundred: Python starts once; the program
#                is shuf, its tool `dummy`
#
# Costs are what is above the loop by hand. BenchExec is taken from PYTHONPATH or the system; where neither
# has it, this is skipped, aloud. BENCH_TURNS (10) turns; ten minutes.
set -u
cd "$(dirname "$0")/.." || exit 2
root=$PWD
drill=$root/build/lockdrill
out=$root/build/bench-benchexec
turns=${BENCH_TURNS:-10}
each=100
rm -rf "$out"
mkdir -p "$out/data/adapters" "$out/data/levels" "$out/work"
python=$(command -v /usr/bin/python3 || command -v python3) &&
	"$python" -m benchexec.runexecutor --version > "$out/version" 2> "$out/found" || {
	echo "bench_benchexec: skipped: BenchExec is not here: PYTHONPATH=DIRECTORY of its sources"
	exit 0
}
"${CC:-cc}" -O2 -static -o "$out/trivial" ci/trivial.c || exit 2
. ci/bench_adapter.sh
bench_adapter "$out" one 1 "['{exe}', mark]"
printf 'level: tasks\nsummary: a thousand\ndeal: 500\n' > "$out/data/levels/tasks.yaml"
"$drill" gen --data "$out/data" --level tasks --out "$out/tasks" || exit 2
ls "$out"/tasks/cases/*[0-9].c > "$out/files"
cat > "$out/work/tasks.xml" << END
<?xml version="1.0"?>
<!DOCTYPE benchmark PUBLIC "+//IDN sosy-lab.org//DTD BenchExec benchmark 2.3//EN"
  "https://www.sosy-lab.org/benchexec/benchmark-2.3.dtd">
<benchmark tool="dummy" timelimit="60 s">
  <option name="done"/>
  <rundefinition name="all"/>
  <tasks name="all"><includesfile>turn.set</includesfile></tasks>
</benchmark>
END

# of_turn: the files of this turn.
of_turn() {
	tail -n +$(((turn - 1) % 10 * each + 1)) "$out/files" | head -n $each
}
hand() {
	while read -r file; do "$out/trivial" mark "$file"; done < "$out/files"
}
runexec() { # OPTION...
	for file in $(of_turn); do
		"$python" -m benchexec.runexecutor "$@" --walltimelimit 60 --output "$out/work/log" \
			-- "$out/trivial" mark "$file" || return
	done
}
no_container() { runexec --no-container; }
# shellcheck disable=SC2086 # words
container() { runexec $contained; }
together() {
	of_turn > "$out/work/turn.set"
	(cd "$out/work" && "$python" -m benchexec.benchexec --no-container -N 1 -o "$out/work/results/" tasks.xml)
}

# measure NAME COUNT COMMAND...: ms a task, into the file NAME.
measure() {
	name=$1 tasks=$2
	shift 2
	begin=$(date +%s%N)
	"$@" > "$out/stdout" 2> "$out/stderr"
	status=$?
	awk -v ns=$(($(date +%s%N) - begin)) -v n="$tasks" 'BEGIN { print ns / 1e6 / n }' >> "$out/$name"
	return $status
}
ours() {
	rm -f "$out/bench.db"*
	"$drill" run --quiet --data "$out/data" --level tasks --checker one --db "$out/bench.db" -j 1 || return
	sqlite3 "$out/bench.db" 'SELECT seconds * 1000 / (SELECT count(*) FROM answers) FROM runs' >> "$out/ours"
}

count=$(grep -c . "$out/files")
# The container first: whether it can be at all.
turn=1
contained="--read-only-dir / --hidden-dir /home --hidden-dir /tmp --read-only-dir $root"
# shellcheck disable=SC2086 # words
"$python" -m benchexec.runexecutor $contained --output "$out/work/log" -- "$out/trivial" mark \
	> "$out/stdout" 2> "$out/contained"
grep -q '^returnvalue=0' "$out/stdout" || contained=
while [ "$turn" -le "$turns" ]; do
	measure hand "$count" hand
	ours || exit 2
	measure runexec $each no_container || { cat "$out/stderr" && exit 2; }
	[ -z "$contained" ] || measure container $each container || { cat "$out/stderr" && exit 2; }
	measure benchexec $each together || { cat "$out/stderr" && exit 2; }
	turn=$((turn + 1))
done

echo "$(cat "$out/version"), $(nproc) processors, median of $turns turns of $each tasks"
hand=$(bench_median "$out/hand")
ours=$(bench_median "$out/ours")
# row NAME WORK
row() {
	awk -v name="$2" -v all="$(bench_median "$out/$1")" -v hand="$hand" -v ours="$ours" 'BEGIN {
		printf "%-44s %9.3f ms a task, %9.3f above the loop, %6.1f times ours\n", name, all, all - hand,
			(all - hand) / (ours - hand) }'
}
row hand 'by hand: a loop of the shell'
row ours 'lockdrill run -j 1, a process a case'
row runexec 'runexec --no-container'
if [ "$contained" ]; then row container 'runexec, in a container'; else
	echo "runexec, in a container: skipped: $(grep -m 1 CRITICAL "$out/contained")"
fi
row benchexec 'benchexec --no-container, one call for all'
