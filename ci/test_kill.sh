#!/bin/sh
# lockdrill is killed at random moments of a run and resumed: the answers in the end are those of an
# undisturbed run, byte for byte, one record a case. Also: interrupted, and two runs into one database.
# test_kill.sh [MOMENTS] [SEED]; the seed is printed. Prints what fails, and a count.
set -u
cd "$(dirname "$0")/.." || exit
drill=$PWD/build/lockdrill
out=$PWD/build/kill
moments=${1:-6}
seed=${2:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}
. ci/checks.sh
. ci/slow.sh
[ -x "$drill" ] || { echo "build/lockdrill is missing: make build"; exit 2; }
command -v sqlite3 > build/found || { echo "sqlite3 is missing: ci/setup"; exit 2; }
rm -rf "$out"
mkdir -p "$out/data/adapters" "$out/tmp" "$out/notes" "$out/bin"
export TMPDIR="$out/tmp"
: > "$out/pids"

# The checkers are sound and slow. Each writes its number to the file `pids`.
for kind in packs talks; do
	cat > "$out/bin/$kind-slow" << END
#!/bin/sh
KILL_MARK=$out exec sh $PWD/oracle/harness/test/faults/$kind.sh slow $out/pids $drill $out/notes "\$@"
END
	chmod +x "$out/bin/$kind-slow"
done
slow_adapter "$out"

# start DB [OPTION]...: a run in the background, its number in $run. Not by a function of the shell, which
# would be a process too.
said=$out/stderr
start() {
	db=$1
	shift
	"$drill" run --data "$out/data" --level smoke --db "$db" -j 2 --checker packs-slow \
		--program "$out/bin/talks-slow" "$@" > "$out/stdout" 2> "$said" &
	run=$!
}

# now: hundredths of a second since the machine was started.
now() {
	read -r up rest < /proc/uptime
	echo "${up%.*}${up#*.}"
}

answers() {
	sqlite3 "$1" 'SELECT checker, number, repeat, state, findings FROM answers JOIN runs USING (run)
		ORDER BY 1, 2, 3'
}

# whole NAME DB: sound, and nothing in it twice.
whole() {
	[ "$(sqlite3 "$2" 'PRAGMA integrity_check' 'PRAGMA foreign_key_check' 2>&1)" = ok ] && good ||
		bad "$1: damaged" "$out/stderr"
}

# same NAME DB: one record a case of each checker, the right one, and the runs are finished.
same() {
	whole "$1" "$2"
	answers "$2" > "$out/answers" 2>&1
	if cmp "$out/right" "$out/answers" > "$out/differs" 2>&1; then
		good
	else
		bad "$1: other answers" "$out/differs"
	fi
	[ "$(sqlite3 "$2" 'SELECT count(*) FROM runs WHERE finished AND why_not IS NULL')" = 2 ] && good ||
		bad "$1: not finished"
	[ "$(sqlite3 "$2" 'SELECT count(*) FROM cases')" = "$cases" ] && good || bad "$1: not all cases"
}

# living: what is left of a run. A directory that holds nothing yet is not: of a run that is killed before it
# has a supervisor, nobody removes it.
living() {
	while read -r pid start; do
		[ -r "/proc/$pid/stat" ] && read -r stat < "/proc/$pid/stat" || continue
		# shellcheck disable=SC2086 # a list of numbers
		set -- ${stat##*) }
		[ "${20}" != "$start" ] || echo "process $pid lives"
	done < "$out/pids" 2> "$out/gone"
	grep -lsaF "KILL_MARK=$out" /proc/[0-9]*/environ
	find "$out/tmp" -mindepth 1 -maxdepth 1 ! -empty
}

# gone NAME: soon, no process of the run is left, nor its directory. What is soon is not what is tested: 60 s.
gone() {
	tries=600
	while living > "$out/living" && [ -s "$out/living" ] && [ $((tries -= 1)) -gt 0 ]; do sleep 0.1; done
	if [ -s "$out/living" ]; then bad "$1: something is left" "$out/living"; else good; fi
	: > "$out/pids"
}

# resume NAME DB: goes on to the end. Where no run was begun there is nothing to go on with.
resume() {
	start "$2" --resume
	wait $run
	status=$?
	if [ $status = 2 ] && grep -q "no run.*to resume" "$said" && [ -z "$before" ]; then
		start "$2"
		wait $run
		status=$?
		fresh=$((fresh + 1))
	fi
	if [ $status = 0 ]; then good; else bad "$1: exit status $status" "$said"; fi
}

# hold: in the runs to come, a third of the processes go on, and the rest of them wait until go_on.
hold() {
	echo $((processes / 3)) > "$out/notes/hold"
}

# await_hold: until a run has come so far.
await_hold() {
	tries=6000
	while [ "$(grep -c . "$out/pids")" -lt $((processes / 3)) ] && [ $((tries -= 1)) -gt 0 ]; do
		sleep 0.01
	done
}

go_on() {
	rm "$out/notes/hold"
}

# undisturbed
begin=$(now)
start "$out/right.db"
wait $run || bad 'undisturbed' "$out/stderr"
duration=$(($(now) - begin))
answers "$out/right.db" > "$out/right"
cases=$(sqlite3 "$out/right.db" 'SELECT count(*) FROM cases')
processes=$(grep -c . "$out/pids")
[ "$cases" = 200 ] && [ "$(grep -c '|pass|\|violation' "$out/right")" = 400 ] ||
	bad 'undisturbed: answers' "$out/right"
gone undisturbed

# The checks fail when they should.
before=$passed
{
	cp "$out/right.db" "$out/self.db"
	sqlite3 "$out/self.db" "UPDATE answers SET state = 'unknown' WHERE number = 7" \
		'UPDATE runs SET finished = 0'
	same self "$out/self.db"
} > "$out/self" 2>&1
[ $failed = 2 ] || { echo "the checks do not fail when they should"; cat "$out/self"; exit 1; }
failed=0
passed=$before

# killed: a moment in each of MOMENTS equal parts of the run; each other one once more while it is resumed.
echo "kill: $moments moments in $duration hundredths of a second, seed $seed"
awk -v seed="$seed" -v n="$moments" -v all="$duration" 'BEGIN {
	srand(seed)
	for (i = 0; i < n; i++)
		printf "%d %.2f %.2f\n", i, (i + rand()) / n * all / 100, rand() * all * (n - i) / n / 100
}' > "$out/moments"
killed=0 fresh=0
while read -r moment first second; do
	db=$out/$moment.db
	name="killed after $first s"
	start "$db"
	sleep "$first"
	kill -KILL $run 2> "$out/late" && killed=$((killed + 1))
	wait $run 2> "$out/killed"
	gone "$name"
	[ -e "$db" ] && whole "$name" "$db"
	if [ $((moment % 2)) = 1 ] && sqlite3 "$db" 'SELECT 1 FROM runs' 2> "$out/none" | grep -q 1; then
		name="$name, and after $second s again"
		start "$db" --resume
		sleep "$second"
		kill -KILL $run 2> "$out/late"
		wait $run 2> "$out/killed"
		gone "$name"
		whole "$name" "$db"
	fi
	before=$(sqlite3 "$db" "SELECT checker FROM runs" 2> "$out/none")
	resume "$name" "$db"
	same "$name" "$db"
	gone "$name, resumed"
	rm -f "$db"*
done < "$out/moments"

# killed while it removes its directory, and its supervisors go on with it: the first to remove `include` ends
# its process, if it can remove the file `armed`.
cat > "$out/ends.c" << 'END'
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int
unlinkat(int directory, const char *name, int flags)
{
	if (!strcmp(name, "include") && !unlink(getenv("ARMED")))
		raise(SIGKILL);
	return (int)syscall(SYS_unlinkat, directory, name, flags);
}
END
"${CC:-cc}" -shared -fPIC -o "$out/ends.so" "$out/ends.c" || bad 'killed while it removes: no compiler'
name='killed while it removes its directory'
db=$out/removes.db
: > "$out/armed"
ARMED=$out/armed LD_PRELOAD=$out/ends.so start "$db"
wait $run 2> "$out/killed"
[ $? = 137 ] && [ ! -e "$out/armed" ] && good || bad "$name: not killed" "$out/stderr"
unset ARMED LD_PRELOAD # where a shell keeps what it set for a function
gone "$name"
whole "$name" "$db"
before=$(sqlite3 "$db" 'SELECT checker FROM runs')
resume "$name" "$db"
same "$name" "$db"

# interrupted
for signal in INT TERM; do
	hold
	start "$out/$signal.db"
	await_hold
	kill -$signal $run
	wait $run
	status=$?
	go_on
	if [ $status = 2 ] && grep -q interrupted "$out/stderr"; then
		good
	else
		bad "$signal: status $status" "$out/stderr"
	fi
	gone $signal
	answered=$(answers "$out/$signal.db" | grep -c .)
	[ "$answered" -gt 0 ] && [ "$answered" -lt $((2 * cases)) ] && good ||
		bad "$signal: $answered answers stay" "$out/stderr"
	answers "$out/$signal.db" | grep -vxFf "$out/right" > "$out/differs" &&
		bad "$signal: other answers" "$out/differs"
	before=runs
	resume $signal "$out/$signal.db"
	same $signal "$out/$signal.db"
	gone $signal
done

# Two runs into one database: one while the other is on its way, and both at once.
for late in 1 0; do
	db=$out/two-$late.db
	[ $late = 0 ] || hold
	said=$out/stderr-one
	start "$db"
	one=$run
	said=$out/stderr
	[ $late = 0 ] || await_hold
	start "$db"
	wait $run
	status=$?
	[ $late = 0 ] || go_on
	wait $one
	status_one=$?
	case $late-$status_one-$status in
	1-0-2 | 0-0-0 | 0-0-2 | 0-2-0) good ;;
	*) bad "two runs: status $status_one and $status" "$out/stderr-one" "$out/stderr" ;;
	esac
	[ $status = 0 ] || grep -q "two-$late.db.*\(lock\|busy\|use\|writ\)" "$out/stderr" ||
		bad 'two runs: why not?' "$out/stderr"
	[ $status_one = 0 ] || grep -q "two-$late.db.*\(lock\|busy\|use\|writ\)" "$out/stderr-one" ||
		bad 'two runs: why not?' "$out/stderr-one"
	same 'two runs' "$db"
	gone 'two runs'
done

echo "kill: killed $killed times, begun anew $fresh times; $passed passed, $failed failed"
[ $failed = 0 ]
