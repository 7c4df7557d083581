#!/bin/sh
# Hands a level to Slurm in shards, and a job behind them that merges:
#
#   ci/slurm/submit.sh DIR N|auto run OPTION...      the answers, in the end DIR/whole.db
#   ci/slurm/submit.sh DIR N|auto verify OPTION...   the same of `lockdrill verify`: DIR/whole.txt
#
# DIR is one that all machines see. `auto` asks a two-hundredth of the level here, and makes as many shards as
# take CHUNK seconds each (60). Said once more for the same DIR and N it submits what is not there yet: shards
# that were lost or failed. Prints the numbers of both jobs. sbatch reads SBATCH_PARTITION and its like; see
# shard.sh for LOCKDRILL and SCRATCH.
set -u
if [ $# -lt 3 ]; then
	echo "usage: submit.sh DIR N|auto run|verify OPTION..." >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
dir=$1 count=$2
shift 2
mkdir -p "$dir" || exit 2
dir=$(cd "$dir" && pwd)

# The number of shards is that of the first time.
if [ "$count" = auto ] && [ -e "$dir/shards" ]; then
	read -r count < "$dir/shards"
elif [ "$count" = auto ]; then
	mkdir -p "$dir/tried" || exit 2
	read -r begin rest < /proc/uptime
	sh "$here/shard.sh" "$dir/tried" 0/200 "$@" || [ $? = 1 ] || exit 2
	read -r end rest < /proc/uptime
	rm -r "$dir/tried"
	count=$(awk -v t="$begin $end" -v chunk="${CHUNK:-60}" 'BEGIN {
		split(t, at, " ")
		n = int((at[2] - at[1]) * 200 / chunk + 1)
		print (n > 1000 ? 1000 : n)
	}')
fi
missing=$(sh "$here/missing.sh" "$dir" "$1" "$count") || exit 2
if [ -z "$missing" ]; then
	echo "all $count shards are there"
	exec sh "$here/merge.sh" "$dir" "$1"
fi
job=$(sbatch --parsable --array="$missing" --output="$dir/shard-%a.log" "$here/array.sh" "$here/shard.sh" \
	"$dir" "$count" "$@") || exit 2
merge=$(HERE=$here sbatch --parsable --dependency="afterany:${job%%;*}" --output="$dir/merge.log" \
	--job-name=lockdrill-merge "$here/merge.sh" "$dir" "$1") || exit 2
echo "$count shards: job $job; behind them job $merge merges"
