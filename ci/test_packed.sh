#!/bin/sh
# Answers do not hang on how many cases stand in a file: checkers that pack answer the smoke level alike in
# packs and one by one. A difference is told case by case.
#
#   ci/test_packed.sh          the checkers that are here and that a run takes by itself
#   ci/test_packed.sh --all    all that are here: many minutes
#   ci/test_packed.sh NAME...
set -u
cd "$(dirname "$0")/.."
drill=$PWD/build/lockdrill
out=$PWD/build/packed
. ci/checks.sh
rm -rf "$out"
mkdir -p "$out/one/adapters" "$out/odd/adapters"
which=always
[ "${1:-}" != --all ] || { which=; shift; }
# shellcheck disable=SC2046 # a list of words
[ $# -gt 0 ] || set -- $("$drill" checkers | awk -v which="$which" '
	$3 ~ which && $4 == "yes" && $5 != "built" { print $1 }')

# answers DATA NAME FILE: state and findings of every case; lines of output are none of its business.
answers() {
	rm -f "$out/x.db"
	"$drill" run --data "$1" --level smoke --quiet -j 2 --checker "$2" --db "$out/x.db" > stdout 2> stderr
	sqlite3 -separator ' ' "$out/x.db" 'SELECT c.id, a.state, a.findings FROM answers a
		JOIN cases c USING (number) ORDER BY c.id' > "$3"
}

cd "$out" || exit 1
for name in "$@"; do
	file=../../oracle/adapters/$name.yaml
	grep -q '^pack: 1$' "$file" && continue
	sed 's/^pack: .*/pack: 1/' "$file" > "one/adapters/$name.yaml"
	cp "$file" odd/adapters/
	answers odd "$name" packed
	answers one "$name" alone
	if [ "$(wc -l < packed)" -eq 200 ] && cmp -s packed alone; then good; else
		diff packed alone > differs
		bad "$name: packed and one by one" differs stderr
	fi
done

# A checker that reports the first case of each file is seen.
cat > first.yaml << 'END'
name: first
title: reports the first case of each file
url: https://en.wikipedia.org/wiki/First
world: plain
degenerate: true
exe: [head]
steps: [['{exe}', '-n1', '{spans}']]
exit: [0]
complete: exit
findings: [{pattern: '^(?<case>).', kind: none}]
seconds: 10
seconds-case: 0
output: 4096
END
(cat first.yaml && echo 'pack: 50') > odd/adapters/first.yaml
(cat first.yaml && echo 'pack: 1') > one/adapters/first.yaml
answers odd first packed
answers one first alone
if [ "$(wc -l < packed)" -eq 200 ] && ! cmp -s packed alone; then good; else
	bad 'what differs is not seen' stderr
fi
echo "packed: $passed passed, $failed failed"
[ "$failed" = 0 ]
