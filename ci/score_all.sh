#!/bin/sh
# `make score CHECKERS=all`: every checker that is here, on the standard level. Those whose adapter says
# `run: sample`, which answer fewer than 100 cases a second, are asked a part of it instead: SAMPLE cases in
# whole pairs, drawn by seed 1; the head of the second table says so.  sh ci/score_all.sh [JOBS]
set -u
cd "$(dirname "$0")/.."
drill=build/lockdrill
jobs=${1:-2} sample=${SAMPLE:-200} level=${LEVEL:-standard}
worst=0

# names PATTERN: options that name the checkers that are here and run so.
names() {
	$drill checkers | awk -v run="$1" 'NR > 1 && $4 == "yes" && $3 ~ run { print "--checker", $1 }'
}

# ask DB WHICH OPTION...: runs them, and prints their scores.
ask() {
	db=$1 which=$2
	shift 2
	rm -f "$db" "$db-wal" "$db-shm"
	# shellcheck disable=SC2046 # a list of words
	set -- "$@" $(names "$which")
	case " $* " in *' --checker '*) ;; *) return ;; esac
	$drill run --level "$level" --db "$db" -j "$jobs" "$@"
	status=$?
	[ $status -le $worst ] || worst=$status
	[ $status -gt 1 ] || $drill score "$db"
}

ask build/score.db '^(always|named)$'
echo
echo "the slow ones, on $sample cases of the level:"
echo
ask build/score-sample.db '^sample$' --sample "$sample" --seed 1
exit $worst
