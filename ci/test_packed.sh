#!/bin/sh
# Answers do not hang on how many cases stand in a file: every checker that is here and packs, or those named, answers the
# smoke level alike in packs and one by one. sh ci/test_packed.sh [NAME...]; a difference is told case by case.
set -u
cd "$(dirname "$0")/.."
drill=$PWD/build/lockdrill
out=$PWD/build/packed
. ci/checks.sh
rm -rf "$out"
mkdir -p "$out/one/adapters" "$out/odd/adapters"
[ $# -gt 0 ] || set -- $("$drill" checkers | awk 'NR > 1 && $4 == "yes" && $5 != "built" { print $1 }')

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
if [ "$passed$failed" != 00 ]; then
	sed "s/^pack: .*/pack: 50/" ../../oracle/adapters/sparse.yaml | sed 's/^exe: .*/exe: [head]/; s/^name: .*/name: first/
		s/^complete: .*/complete: exit/; /^version:/,/^  pattern:/d; /^findings:/,/^pack:/d; s/^world: .*/world: plain\ndegenerate: true/
		s/^steps:.*/steps: [['"'{exe}', '-n1', '{spans}'"']]/; /^  - \[/d' > first.yaml
	printf "findings: [{pattern: '^(?<case>).', kind: none}]\npack: 50\n" >> first.yaml
	cp first.yaml odd/adapters/first.yaml
	sed 's/^pack: .*/pack: 1/' first.yaml > one/adapters/first.yaml
	answers odd first packed
	answers one first alone
	if [ "$(wc -l < packed)" -eq 200 ] && ! cmp -s packed alone; then good; else
		bad 'what differs is not seen' stderr; fi
fi
echo "packed: $passed passed, $failed failed"
[ "$failed" = 0 ]
