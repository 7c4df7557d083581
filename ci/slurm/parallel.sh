#!/bin/sh
# The same shards by GNU parallel, for who has no Slurm: parallel.sh DIR N HOSTS run|verify OPTION...
#
# HOSTS is what `parallel --sshlogin` takes: `:` is this machine, `4/one,4/two` are four jobs each on two
# machines, which see DIR and this directory under the same names. A shard that fails is asked three times;
# said once more, only what is not there is asked. See shard.sh for LOCKDRILL and SCRATCH.
set -u
if [ $# -lt 4 ]; then
	echo "usage: parallel.sh DIR N HOSTS run|verify OPTION..." >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
dir=$1 count=$2 hosts=$3
shift 3
mkdir -p "$dir" || exit 2
dir=$(cd "$dir" && pwd)
missing=$(sh "$here/missing.sh" "$dir" "$1" "$count") || exit 2
[ -z "$missing" ] || echo "$missing" | tr , '\n' |
	parallel --will-cite --quote --sshlogin "$hosts" --workdir "$PWD" --retries 3 \
		--joblog "$dir/jobs.log" --env LOCKDRILL --env SCRATCH \
		sh "$here/shard.sh" "$dir" "{}/$count" "$@" || exit 2
exec sh "$here/merge.sh" "$dir" "$1"
