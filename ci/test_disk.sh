#!/bin/sh
# The disk is full: before a run, while the level is stored, and early, in the middle and late among the
# answers; and where the checkers run. Each time there is a clear error that names the file, exit status 2 and
# a database that is sound; with room again the run goes on, and the answers are those of an undisturbed one.
# Prints what fails, and a count.
#
# How it works: where a file system of our own can be mounted, a filler takes what is free on it; else a limit
# of the size of files does, which is also what meets the level while it is stored.
set -u
cd "$(dirname "$0")/.." || exit
drill=$PWD/build/lockdrill
out=$PWD/build/disk
. ci/checks.sh
. ci/slow.sh
[ -x "$drill" ] || { echo "build/lockdrill is missing: make build"; exit 2; }
command -v sqlite3 > build/found || { echo "sqlite3 is missing: ci/setup"; exit 2; }
mountpoint -q "$out/small" 2> build/found && umount "$out/small"
rm -rf "$out"
mkdir -p "$out/data/adapters" "$out/notes" "$out/bin" "$out/small" "$out/tmp"
: > "$out/pids"
keep=

slow_program "$out"
slow_adapter "$out"

# start TMP DB [OPTION]...: a run in the background, its number in $run.
start() {
	tmp=$1 db=$2
	shift 2
	: > "$out/pids"
	TMPDIR=$tmp "$drill" run --data "$out/data" --level smoke --db "$db" -j 2 --checker packs-slow \
		${keep:+--keep "$keep"} "$@" \
		> "$out/stdout" 2> "$out/stderr" &
	run=$!
}

answers() {
	sqlite3 "$1" 'SELECT number, repeat, state, findings FROM answers ORDER BY 1, 2'
}

# refused NAME PATTERN STATUS: a clear error that names a file.
refused() {
	if [ "$3" = 2 ] && grep -q "$2" "$out/stderr"; then good; else bad "$1: exit status $3" "$out/stderr"; fi
}

# whole NAME DB
whole() {
	sqlite3 "$2" 'PRAGMA integrity_check' > "$out/check" 2>&1
	if [ "$(cat "$out/check")" = ok ]; then good; else bad "$1: damaged" "$out/check"; fi
}

# completes NAME DB: goes on where a run was begun, else begins, and has the right answers in the end.
completes() {
	option=
	keep=
	sqlite3 "$2" 'SELECT 1 FROM runs' 2> "$out/none" | grep -q 1 && option=--resume
	# shellcheck disable=SC2086 # none or one
	start "$out/tmp" "$2" $option
	wait $run && good || bad "$1: then, with room" "$out/stderr"
	whole "$1, then" "$2"
	answers "$2" > "$out/answers" 2>&1
	if cmp "$out/right" "$out/answers" > "$out/differs" 2>&1; then
		good
	else
		bad "$1: other answers" "$out/differs"
	fi
	find "$out/tmp" "$out/small" -name 'lockdrill-*' > "$out/left"
	if [ -s "$out/left" ]; then bad "$1: something is left" "$out/left"; else good; fi
}

# wait_for COUNT: until so many processes of the checker were started.
wait_for() {
	tries=6000
	while [ "$(grep -c . "$out/pids")" -lt "$1" ] && [ $((tries -= 1)) -gt 0 ]; do sleep 0.01; done
}

# undisturbed
start "$out/tmp" "$out/right.db"
wait $run || bad 'undisturbed' "$out/stderr"
answers "$out/right.db" > "$out/right"
processes=$(grep -c . "$out/pids")
[ "$(grep -c '|pass|\|violation' "$out/right")" = 200 ] && [ "$processes" -gt 50 ] ||
	bad 'undisturbed: answers' "$out/right"

# The checks fail when they should.
before=$passed
{
	head -c 10000 "$out/right.db" > "$out/self.db"
	whole self "$out/self.db"
	echo 'nothing' > "$out/stderr"
	refused self 'right.db' 2
	refused self 'nothing' 1
} > "$out/self" 2>&1
[ $failed = 3 ] || { echo "the checks do not fail when they should"; cat "$out/self"; exit 1; }
failed=0 passed=$before

# limited NAME KILOBYTES: no file can grow beyond that: the database's, its log, the level's tables, the
# answers.
limited() {
	rm -f "$out/limited.db"*
	trap '' XFSZ
	ulimited=$(
		ulimit -f $(($2 * 2))
		start "$out/tmp" "$out/limited.db"
		wait $run
		echo $?
	)
	trap - XFSZ
	refused "$1" "limited.db" "$ulimited"
	[ -s "$out/limited.db" ] && whole "$1" "$out/limited.db"
	sqlite3 "$out/limited.db" 'SELECT count(*) FROM answers' > "$out/count" 2>&1
	echo "disk: $1: $(grep -x "[0-9]*" "$out/count" || echo no) answers were stored"
	completes "$1" "$out/limited.db"
}
limited 'files of 4 kB' 4
limited 'files of 64 kB' 64
limited 'files of 256 kB' 256

# What is given back while it fills is taken too, as long as `filling` is there. `full` says that it is full.
fill() {
	while [ -e "$out/filling" ]; do
		head -c 1G /dev/zero >> "$out/small/filler" 2> "$out/filled"
		echo > "$out/full"
		sleep 0.01
	done
}

# filled NAME COUNT DIRECTORY-OF-CHECKERS DB PATTERN: the small file system is full once COUNT processes of
# the checker were started; the others wait until it is.
filled() {
	[ "$2" = 0 ] && head -c 1G /dev/zero > "$out/small/filler" 2> "$out/filled"
	[ "$2" = 0 ] || echo "$2" > "$out/notes/hold"
	rm -f "$out/full"
	start "$3" "$4"
	wait_for "$2"
	: > "$out/filling"
	fill &
	filler=$!
	until [ -e "$out/full" ]; do sleep 0.01; done
	rm -f "$out/notes/hold"
	wait $run
	refused "$1" "$5" $?
	rm "$out/filling"
	wait $filler
	if [ -s "$4" ]; then
		whole "$1" "$4" # as it is, with what its log holds, on a disk that is full
		echo "disk: $1: $(sqlite3 "$4" 'SELECT count(*) FROM answers') answers were stored"
		answers "$4" | grep -vxFf "$out/right" > "$out/differs" && bad "$1: other answers" "$out/differs"
	fi
	rm "$out/small/filler"
	completes "$1" "$4"
}

if mount -t tmpfs -o size=100m tmpfs "$out/small" 2> "$out/mount"; then
	trap 'umount "$out/small"' EXIT
	trap 'exit 1' INT TERM HUP
	filled 'full before the run' 0 "$out/tmp" "$out/small/before.db" 'small.*free'
	filled 'full early' 1 "$out/tmp" "$out/small/early.db" 'small/early.db.*full'
	filled 'full in the middle' $((processes / 2)) "$out/tmp" "$out/small/middle.db" 'small/middle.db.*full'
	filled 'full late' $((processes * 9 / 10)) "$out/tmp" "$out/small/late.db" 'small/late.db.*full'
	keep=$out/small/kept
	filled 'full while all is kept' $((processes / 2)) "$out/tmp" "$out/kept.db" 'small/kept/.*No space left'
	keep=
	filled 'TMPDIR full before the run' 0 "$out/small" "$out/tmp-before.db" 'small.*free'
	filled 'TMPDIR full in the middle' $((processes / 2)) "$out/small" "$out/tmp-middle.db" \
		'small.*No space left'
else
	echo 'disk: skipped: a file system that is full (none can be mounted here; the limit of files is tested)'
	limited 'files of 512 kB' 512
	limited 'files of 1 MB' 1024
fi

echo "disk: $passed passed, $failed failed"
[ $failed = 0 ]
