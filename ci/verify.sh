#!/bin/sh
# All three roads over the standard level, over a hundredth, a tenth and all of the full level, and over every
# sequence up to size 5 with one lock and size 4 with two, of all statements up to size 4 and 3, for every
# rule, role and reading.
set -eu
cd "$(dirname "$0")/.."
jobs=$(getconf _NPROCESSORS_ONLN)
build/lockdrill verify --level standard
for shard in 0/100 0/10 0/1; do
	build/lockdrill verify --level full --shard $shard -j "$jobs"
done
for rule in CancelSpinlockRelease QueuedSpinLockRelease SpinLockRelease SpinlockRelease WdfSpinlockRelease; do
	build/lockdrill verify --rule $rule --size 5 --locks 1 -j "$jobs"
	build/lockdrill verify --rule $rule --size 4 --locks 2 -j "$jobs"
	build/lockdrill verify --rule $rule --size 4 --locks 1 --alphabet state -j "$jobs"
	build/lockdrill verify --rule $rule --size 3 --locks 2 --alphabet state -j "$jobs"
done
echo "verify: 24 passed, 0 failed"
