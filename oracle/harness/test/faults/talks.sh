#!/bin/sh
# A checker that keeps running and talks the line protocol, and misbehaves: talks.sh FAULT PIDS DRILL NOTES.
# Beneath each fault lies a sound one, which counts calls. A fault whose name begins with `some-` comes only
# where a text holds the word `switch`, which no canary does; any other comes each time. Arguments and notes
# are those of packs.sh.
set -u
packs=$(dirname "$0")/packs.sh fault=$1 pids=$2 drill=$3 notes=$4
count=0

note() {
	read -r stat < "/proc/$$/stat"
	# shellcheck disable=SC2086 # a list of numbers
	set -- ${stat##*) }
	echo "$$ ${20}" >> "$pids"
}

# again ROLE: a process of packs.sh.
again() {
	sh "$packs" "$1" "$pids" "$drill" "$notes"
}

hello() {
	printf '{"type":"hello","protocol":1,"name":"talks-%s","version":"%s"}\n' "$fault" "${1:-1}"
}

# field NAME: a number or a string without escapes of the question; nothing where there is none.
field() {
	case $question in
	*"\"$1\":\""*)
		value=${question#*\""$1"\":\"}
		echo "${value%%\"*}"
		;;
	*"\"$1\":"*)
		value=${question#*\""$1"\":}
		echo "${value%%[,\}]*}"
		;;
	esac
}

# judge FILE...: more acquires than releases or fewer?
judge() {
	awk '{ n += gsub(/Acquire[A-Za-z]*\(/, "") - gsub(/Release[A-Za-z]*\(/, "") } END { print n ? "violation" : "pass" }' "$@"
}

finding() {
	printf '{"type":"finding","request":%s,"kind":null,"line":1}\n' "$1"
}

finish() {
	printf '{"type":"done","request":%s,"verdict":"%s"}\n' "$1" "$2"
}

right() {
	[ "$verdict" = pass ] || finding "$request"
	finish "$request" "$verdict"
}

hang() {
	trap '' TERM INT HUP
	while :; do sleep 1000; done
}

note
echo x >> "$notes/started"
started=$(grep -c x "$notes/started")
read -r question

case $fault in
no-hello) hang ;;
exits-first) exit 0 ;;
garbage-hello)
	echo 'Welcome to the checker!'
	hang
	;;
speaks-first)
	hello
	finish 1 pass
	;;
other-protocol) echo '{"type":"hello","protocol":99,"name":"talks","version":"1"}' ;;
other-world) echo '{"type":"hello","protocol":1,"name":"talks","version":"1","world":"atlantis"}' ;;
other-version) hello "$started" ;;
later-version) hello $((started > 3 ? 2 : 1)) ;; # the first says hello only, the next two have the canaries
crlf) hello | sed 's/$/\r/' ;;
later-no-hello)
	[ "$started" -gt 2 ] && hang
	hello
	;;
*) hello ;;
esac

while read -r question; do
	count=$((count + 1))
	request=$(field request)
	# shellcheck disable=SC2046 # none or one word each
	set -- $(field file) $(field helpers | grep -v null)
	verdict=$(judge "$@")
	case $fault in
	some-*)
		if ! grep -qw switch "$@"; then
			right
			continue
		fi
		;;
	esac
	case ${fault#some-} in
	slow)
		sleep 0.002
		right
		;;
	dies-fifth) [ $count -lt 5 ] && right || kill -KILL $$ ;;
	later-version | later-no-hello) [ $count -lt 5 ] && right || exit 0 ;;
	dies) kill -SEGV $$ ;;
	exits) exit 0 ;;
	exits-behind)
		right
		exit 0
		;;
	hangs) hang ;;
	twice)
		both=$(
			right
			right
		)
		echo "$both"
		;;
	other-request) finish $((request + 1)) "$verdict" ;;
	half-line)
		printf '{"type":"done","requ'
		exit 0
		;;
	half-line-hangs)
		printf '{"type":"done","requ'
		hang
		;;
	other-verdict) finish "$request" maybe ;;
	not-run) finish "$request" not-run ;;
	passes-with-finding)
		finding "$request"
		finish "$request" pass
		;;
	garbage) head -c 60000 "$drill" ;;
	floods-stderr)
		right
		head -c 100M /dev/zero >&2
		;;
	floods-stderr-on) yes 'no such thing' >&2 ;;
	floods-line) yes | tr -d '\n' ;;
	floods-findings)
		while :; do finding "$request"; done
		;;
	eats-memory) again as-eater ;;
	eats-and-answers) # what it starts is ended by the kernel, and it goes on as if nothing had happened
		again as-eater
		right
		;;
	crlf) right | sed 's/$/\r/' ;;
	orphans)
		again as-orphan
		right
		;;
	orphans-and-dies)
		again as-orphan
		kill -SEGV $$
		;;
	kills-parent)
		kill -KILL $PPID
		exec sleep 1000
		;;
	stops-parent)
		kill -STOP $PPID
		exec sleep 1000
		;;
	closes-streams)
		exec >&- 2>&-
		hang
		;;
	changes-case)
		right
		echo >> "$1"
		;;
	changes-case-first)
		echo >> "$1"
		right
		;;
	changes-header)
		for header in "$(field include)"/*.h; do echo >> "$header"; done
		right
		;;
	directory-as-file)
		right
		rm -r "$PWD"
		echo > "$PWD"
		exit 0
		;;
	removes-all-packs)
		right
		rm -rf ../[0-9]*
		;;
	removes-directory)
		rm -r "$PWD"
		right
		;;
	gives-up) finish "$request" unknown ;;
	*) right ;;
	esac
done
