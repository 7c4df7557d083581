#!/bin/sh
# Records what checkers print of a few cases of the smoke level, for `lockdrill checkers --self-test`:
# sh ci/record.sh [NAME...], all that are here without names. `git diff oracle/recorded` then shows what changed.
# It needs the checkers (ci/setup --all), and writes what is in oracle/recorded by no other hand.
set -eu
cd "$(dirname "$0")/.."
drill=build/lockdrill
dir=build/record
rm -rf "$dir"
mkdir -p "$dir"
[ $# -gt 0 ] || set -- $($drill checkers | awk 'NR > 1 && $4 == "yes" && $5 != "built" { print $1 }')
for name in "$@"; do
	cases=24
	# What is asked one by one prints much, or takes long.
	! grep -q '^pack: 1$' "oracle/adapters/$name.yaml" || cases=8
	$drill run --level smoke --sample $cases --seed 7 --checker "$name" --db "$dir/$name.db" --quiet --record "$dir"
	mv "$dir/$name.txt" oracle/recorded/
	$drill checkers --self-test --data oracle "$name"
done
