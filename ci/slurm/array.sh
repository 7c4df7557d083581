#!/bin/sh
# What sbatch gets: one task of the array is one shard. array.sh SHARD.SH DIR N run|verify OPTION...
#SBATCH --job-name=lockdrill --requeue --open-mode=append
shard=$1 dir=$2 count=$3
shift 3
exec sh "$shard" "$dir" "$SLURM_ARRAY_TASK_ID/$count" "$@"
