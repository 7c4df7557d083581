#!/bin/sh
# The numbers of the shards that are not in DIR, between commas: missing.sh DIR run|verify [N]
# The first time N says how many there are in all; DIR keeps that, and another N is refused.
set -u
dir=$1 count=${3:-}
[ "$2" = run ] && kind=db || kind=txt
case $count in
0 | *[!0-9]*)
	echo "$count: how many shards is a number from 1 on" >&2
	exit 2
	;;
esac
if [ ! -e "$dir/shards" ]; then
	[ "$count" ] || { echo "$dir: no shards are here" >&2; exit 2; }
	echo "$count" > "$dir/shards" || exit 2
fi
read -r all < "$dir/shards"
if [ "${count:-$all}" != "$all" ]; then
	echo "$dir holds a level in $all shards, not $count: give another directory" >&2
	exit 2
fi
shard=0
while [ "$shard" -lt "$all" ]; do
	[ -e "$dir/shard-$shard.$kind" ] || echo "$shard"
	shard=$((shard + 1))
done | paste -sd ,
