#!/bin/sh
# Records what checkers print of a few cases of the smoke level, for `lockdrill checkers --self-test`.
# Without names, of all checkers that are here: sh ci/record.sh [NAME...]. `git diff oracle/recorded` then
# shows what changed; nothing there is written by another hand.
set -eu
cd "$(dirname "$0")/.."
drill=build/lockdrill
dir=build/record
rm -rf "$dir"
mkdir -p "$dir"
# shellcheck disable=SC2046 # a list of words
[ $# -gt 0 ] || set -- $($drill checkers | awk '$4 == "yes" && $5 != "built" { print $1 }')
for name in "$@"; do
	cases=24
	# What is asked one by one prints much, or takes long.
	! grep -q '^pack: 1$' "oracle/adapters/$name.yaml" || cases=8
	$drill run --level smoke --sample $cases --seed 7 --checker "$name" --db "$dir/$name.db" --quiet \
		--record "$dir"
	mv "$dir/$name.txt" oracle/recorded/
	$drill checkers --self-test --data oracle "$name" | tee "$dir/said"
	# Of a checker that says nothing of locks there is nothing to try.
	! grep -q ' 0 of ' "$dir/said" || rm "oracle/recorded/$name.txt"
done
