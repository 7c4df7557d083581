#!/bin/sh
# Puts shards together, if all are there: merge.sh DIR run|verify. Ends with DIR/whole.db or DIR/whole.txt.
# DIR may be read while shards are still at work; then it says which are missing, and ends with status 2. As a
# job of its own it is a copy elsewhere: HERE says where the others are.
set -u
dir=$1 what=$2
here=${HERE:-$(dirname "$0")}
drill=${LOCKDRILL:-lockdrill}
missing=$(sh "$here/missing.sh" "$dir" "$what") || exit 2
if [ "$missing" ]; then
	echo "merge.sh: these shards are missing: $missing" >&2
	exit 2
fi
read -r count < "$dir/shards"
[ "$what" = run ] && kind=db || kind=txt
set --
shard=0
while [ "$shard" -lt "$count" ]; do
	set -- "$@" "$dir/shard-$shard.$kind"
	shard=$((shard + 1))
done
if [ "$what" = run ]; then
	rm -f "$dir/whole.db"
	exec "$drill" merge "$dir/whole.db" "$@"
fi
cat "$@" > "$dir/whole.txt"
