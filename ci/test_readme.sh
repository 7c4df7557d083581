#!/bin/sh
# The README's examples: each command in a ```console block is run, and must print what the block shows. With --write the
# README gets what the commands print now, for `git diff` to review.
set -u
cd "$(dirname "$0")/.."
out=build/readme
rm -rf $out build/mine.db* build/import.db* # each example begins anew
mkdir -p $out

# renew FILE: prints the file with the output of every command in it made anew.
renew() {
	awk '
	/^```console$/ { inside = 1; print; next }
	/^```$/ { inside = 0; print; next }
	inside && /^\$ / {
		print
		command = substr($0, 3) " 2>&1"
		while ((command | getline line) > 0) print line
		close(command)
		next
	}
	!inside { print }
	' "$1"
}

renew README.md > $out/README.md
if [ "${1:-}" = --write ]; then
	cp $out/README.md README.md
	exit 0
fi
# An example that is wrong must be seen as wrong.
sed 's/^violation$/pass/' README.md > $out/wrong.md
renew $out/wrong.md | cmp -s - $out/wrong.md && { echo "readme: a wrong example is not seen"; exit 1; }
if ! diff -u README.md $out/README.md; then
	echo "readme: 0 passed, 1 failed: an example is not what the command prints (ci/test_readme.sh --write)"
	exit 1
fi
echo "readme: $(grep -c '^\$ ' README.md) passed, 0 failed"
