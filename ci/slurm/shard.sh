#!/bin/sh
# One shard of a run or a verification, as a job of a cluster:
#
#   ci/slurm/shard.sh DIR K/N run OPTION...      ends with DIR/shard-K.db, of N shards in all
#   ci/slurm/shard.sh DIR K/N verify OPTION...   ends with DIR/shard-K.txt
#
# OPTION... is what `lockdrill run` or `lockdrill verify` gets, without --shard and --db. May be started as
# often as one likes, on any machine that sees DIR: a shard that is there is not asked again, one that was
# broken off goes on, and a second one at the same time leaves it to the first. What is in DIR under its last
# name is whole.
#
# From the environment: LOCKDRILL, the program (lockdrill). Where DIR is on a file system without locks, as
# some network ones are, SCRATCH is a directory of the machine that works on the shard; what is broken off
# there begins anew on another machine.
set -u
if [ $# -lt 3 ]; then
	echo "usage: shard.sh DIR K/N run|verify OPTION..." >&2
	exit 2
fi
dir=$1 part=$2 what=$3
shift 3
drill=${LOCKDRILL:-lockdrill}
number=${part%/*}
case $part in
[0-9]*/*[0-9]) ;;
*) number=none ;;
esac
case $number${part#*/} in
*[!0-9]*)
	echo "shard.sh: $part: a shard is K/N, two numbers" >&2
	exit 2
	;;
esac
mkdir -p "$dir" || exit 2

# keep FROM TO: under the last name at once, or not at all.
keep() {
	if [ "${1%/*}" = "$dir" ]; then
		mv "$1" "$2"
	else
		cp "$1" "$2.$$" && mv "$2.$$" "$2" && rm "$1"
	fi
}

case $what in
run)
	whole=$dir/shard-$number.db
	[ ! -e "$whole" ] || { echo "shard $part is there: $whole"; exit 0; }
	begun=${SCRATCH:-$dir}/shard-$number.part.db
	resume=
	[ ! -e "$begun" ] || resume=--resume
	"$drill" run "$@" --shard "$part" --db "$begun" ${resume:+"$resume"} 2> "$begun.$$"
	status=$?
	if [ $status = 2 ] && grep -q 'another lockdrill is writing' "$begun.$$"; then
		rm -f "$begun.$$"
		echo "shard $part is asked by another job"
		exit 0
	fi
	if [ $status = 2 ] && [ "$resume" ] && grep -q 'no run' "$begun.$$"; then
		# It was broken off before the first answer.
		"$drill" run "$@" --shard "$part" --db "$begun" 2> "$begun.$$"
		status=$?
	fi
	;;
verify)
	whole=$dir/shard-$number.txt
	[ ! -e "$whole" ] || { echo "shard $part is there: $whole"; exit 0; }
	begun=${SCRATCH:-$dir}/shard-$number.part.txt.$$
	"$drill" verify "$@" --shard "$part" > "$begun" 2> "$begun.$$"
	status=$?
	;;
*)
	echo "shard.sh: $what: run or verify" >&2
	exit 2
	;;
esac
cat "$begun.$$" >&2
rm -f "$begun.$$"
# A checker that is void, and a disagreement, are results.
[ $status -gt 1 ] || keep "$begun" "$whole" || status=2
exit $status
