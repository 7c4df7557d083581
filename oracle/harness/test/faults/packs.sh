#!/bin/sh
# A checker that is asked about packs and misbehaves: packs.sh FAULT PIDS DRILL NOTES SPANS FILE [HELPERS], or
# --version for the files. Beneath each fault lies a sound one, which counts calls and says `done` at the end.
# A fault whose name begins with `some-` comes only where a text holds the word `switch`, which no canary
# does; any other comes each time.
#
# Each process that is started writes its number and the time of its start to the file PIDS, so that the test
# can tell whether it is gone. NOTES is a directory of the fault's own, which is there from run to run.
set -u
self=$0 fault=$1 pids=$2 drill=$3 notes=$4
shift 4

# note [PID]: the start of a process is the twentieth number behind its name.
note() {
	pid=${1:-$$}
	read -r stat < "/proc/$pid/stat"
	# shellcheck disable=SC2086 # a list of numbers
	set -- ${stat##*) }
	echo "$pid ${20}" >> "$pids"
}

# again ROLE: this script anew, as a process that has a number of its own.
again() {
	sh "$self" "$1" "$pids" "$drill" "$notes"
}

# Roles of processes that faults start.
case $fault in
as-sleeper)
	note
	exec sleep 1000
	;;
as-orphan)
	note
	setsid sh "$self" as-sleeper "$pids" "$drill" "$notes" &
	exit 0
	;;
as-eater)
	note
	exec awk 'BEGIN { for (;;) eaten[n++] = sprintf("%8000s", n) }'
	;;
as-sharer) # what it eats is below the limit, and four of it are above
	note
	exec awk 'BEGIN {
		while (n < 2500) eaten[n++] = sprintf("%8000s", n)
		while ((getline line < "/proc/uptime") >= 0) close("/proc/uptime")
	}'
	;;
as-burner)
	note
	while :; do :; done
	;;
esac

note
if [ "${1:-}" = --version ]; then
	case $fault in
	version-counts)
		echo x >> "$notes/asked"
		echo "version $(grep -c x "$notes/asked")"
		;;
	crlf) printf 'version 7\r\n' ;;
	*) echo 'version 7' ;;
	esac
	exit 0
fi

spans=$1
shift
include=$(dirname "$1")/../include
right() {
	"$drill" answer count-calls "$spans" "$@"
}

hang() {
	trap '' TERM INT HUP
	while :; do sleep 1000; done
}

case $fault in
some-*)
	if ! grep -qw switch "$@"; then
		right "$@"
		exit
	fi
	;;
esac

case ${fault#some-} in
right | version-counts) right "$@" ;;
slow) # the test may hold it in the middle of a run: `hold` says how many processes go on
	sleep 0.01
	while [ -e "$notes/hold" ] && [ "$(grep -c . "$pids")" -ge "$(cat "$notes/hold")" ]; do sleep 0.05; done
	right "$@"
	;;
crashes) kill -SEGV $$ ;;
crashes-late)
	right "$@"
	kill -ABRT $$
	;;
hangs) hang ;;
hangs-late)
	right "$@"
	hang
	;;
stops-itself) kill -STOP $$ ;;
stops-parent)
	kill -STOP $PPID
	exec sleep 1000
	;;
kills-parent)
	kill -KILL $PPID
	exec sleep 1000
	;;
orphans)
	again as-orphan
	again as-orphan
	right "$@"
	;;
orphans-and-hangs)
	again as-orphan
	hang
	;;
many-children)
	i=0
	while [ $((i += 1)) -le 50 ]; do
		sleep 1000 &
		note $!
	done
	right "$@"
	;;
floods) yes | head -c 10G ;;
floods-stderr) yes 'no such thing' >&2 ;;
long-line)
	head -c 500000 /dev/zero | tr '\0' ':'
	echo
	right "$@"
	;;
eats-memory) again as-eater ;;
eats-together)
	for i in 1 2 3 4; do again as-sharer & done
	wait
	;;
burns)
	again as-burner &
	again as-burner
	;;
garbage) head -c 60000 "$drill" ;;
nul-bytes)
	printf '\0\0\377\376\n\0'
	right "$@"
	;;
nothing) ;;
crlf) right "$@" | sed 's/$/\r/' ;;
gives-up-on-file) # one line for all of its cases
	right "$@"
	echo 'out of ideas'
	;;
gives-up-on-header)
	right "$@"
	echo "$include/ntddk.h:1: unknown"
	;;
half-mark) printf %s "$(right "$@")" ;;
half-finding)
	answers=$(right "$@" | grep -v '^done')
	printf %s "${answers%violation}"
	;;
no-mark) right "$@" | grep -v '^done' ;;
error-as-success)
	right "$@" | grep -v '^done'
	echo 'fatal error: out of ideas' >&2
	exit 0
	;;
exit-1)
	right "$@"
	exit 1
	;;
replaces-itself)
	{
		cat "$notes/exe"
		echo '# another one'
	} > "$notes/next-$$"
	chmod +x "$notes/next-$$"
	right "$@"
	mv "$notes/next-$$" "$notes/exe"
	;;
changes-pack)
	right "$@"
	echo '/* x */' >> "$1"
	;;
removes-pack)
	right "$@"
	rm "$1" "$spans"
	;;
pack-as-fifo)
	right "$@"
	rm "$1"
	mkfifo "$1"
	;;
pack-as-hole)
	right "$@"
	truncate -s 100G "$1"
	;;
changes-header)
	for header in "$include"/*.h; do echo '/* x */' >> "$header"; done
	right "$@"
	;;
adds-header)
	echo > "$include/more.h"
	right "$@"
	;;
removes-headers)
	rm -r "$include"
	right "$@"
	;;
removes-headers-long) # also while they would be written anew, when another has come to its end
	if mkdir "$notes/first"; then
		sleep 0.3
	else
		for i in 1 2 3 4; do
			for j in $(seq 500); do rm -rf "$include"; done &
		done
		wait
	fi
	right "$@"
	;;
adds-file) # beside the pack, where nobody else looks
	echo > "$(dirname "$1")/more.c"
	right "$@"
	;;
removes-directory)
	right "$@"
	rm -r "$PWD"
	;;
removes-pack-directory)
	right "$@"
	rm -r "$(dirname "$1")"
	;;
removes-all-packs) # that of the next one too, which may be there already
	right "$@"
	rm -rf "$(dirname "$1")"/../[0-9]*
	;;
removes-root)
	right "$@"
	rm -rf "$(dirname "$1")/.."
	;;
pack-as-link) # what it leads to is nobody's to empty
	right "$@"
	echo kept > "$notes/kept"
	rm -r "$(dirname "$1")"
	ln -s "$notes" "$(dirname "$1")"
	;;
deep-directory)
	right "$@"
	deep=inner/inner/inner/inner/inner/inner/inner/inner/inner/inner
	deep=$deep/$deep/$deep/$deep
	mkdir one
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		mkdir -p "two/$deep"
		mv one "two/$deep"
		mv two one
	done
	;;
link-outside)
	right "$@"
	ln -s "$notes" out
	ln -s . self
	;;
locked-directory)
	right "$@"
	mkdir -p closed/inner
	chmod 0 closed/inner closed .
	;;
reads-stdin)
	cat > input
	[ -s input ] || right "$@"
	;;
closes-streams) exec >&- 2>&- && sleep 0.1 ;;
closes-and-hangs)
	exec >&- 2>&-
	hang
	;;
says-violation)
	while read -r first rest; do echo "$1:$first: violation"; done < "$spans"
	echo 'done'
	;;
says-pass) echo 'done' ;;
*)
	echo "there is no fault $fault" >&2
	exit 3
	;;
esac
