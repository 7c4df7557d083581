#!/bin/sh
# A checker that lockdrill has never heard of is added with the manual alone, where nothing but an installed
# lockdrill is: no source tree, an empty HOME. The manual's own adapters are taken from its installed page;
# the new checker is a shell script with an adapter of the fields that the page calls needed. Wrong adapters
# are refused there too.
set -u
cd "$(dirname "$0")/.."
out=$PWD/build/own-checker
. ci/checks.sh
rm -rf "$out"
mkdir -p "$out/home" "$out/work/own/adapters"
make -s install PREFIX="$out/prefix" > "$out/install.log" 2>&1 || { cat "$out/install.log"; exit 1; }
page=$out/prefix/share/doc/lockdrill/manual/adapters.md
cd "$out/work" || exit 1

# drill ARGUMENT...: nothing else of this environment is there.
drill() {
	env -i HOME="$out/home" PATH=/usr/bin:/bin "$out/prefix/bin/lockdrill" "$@"
}

# asked NAME SAMPLE: each case of the sample is answered, and the score is not void.
asked() {
	rm -f "$1.db"
	if drill run --data own --level smoke --rule SpinlockRelease --sample "$2" --quiet --db "$1.db" \
		--checker "$1" > stdout 2> stderr; then good; else bad "$1 ends with $?" stdout stderr; fi
	answered=$(drill score "$1.db" --format csv 2> stderr | awk -F , '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		$at["by"] == "total" { print $at["cases"] - $at["unanswered"], $at["youden_j"] }')
	if [ "${answered% *}" = "$2" ]; then good; else bad "$1: answered and J are '$answered'" stderr; fi
}

awk '/^```yaml own\// { file = $2; next } /^```/ { file = "" } file { print > file }' "$page"
for adapter in own/adapters/*.yaml; do
	name=${adapter##*/}
	asked "${name%.yaml}" 8
done
if [ "$(ls own/adapters | wc -l)" -ge 3 ]; then good; else bad 'the page has few adapters'; fi

# The new one: a depth of all locks, by the order of the lines.
cat > depth << 'END_OF_SCRIPT'
#!/bin/sh
[ "${1:-}" != --version ] || { echo 'depth 1.5'; exit; }
exec awk '/^[{]/ { depth = 0 } /^\t.*Acquire[A-Za-z]*[(]/ { depth++ } /^\t.*Release[A-Za-z]*[(]/ { depth-- }
	/^[}]/ && depth { print FILENAME " line " FNR (depth > 0 ? ": held" : ": free") }' "$@"
END_OF_SCRIPT
chmod +x depth
cat > own/adapters/depth.yaml << END_OF_ADAPTER
name: depth
title: counts by lines
world: plain
exe: [$out/work/depth]
version: {argv: ['{exe}', --version], pattern: '^depth (?<version>.*)$'}
steps: [['{exe}', '{files}']]
exit: [0]
complete: canary
findings:
  - {pattern: '^(?<file>.*) line (?<line>[0-9]+): held$', kind: missing-release}
  - {pattern: '^(?<file>.*) line (?<line>[0-9]+): free$', kind: release-without-acquire}
pack: 20
END_OF_ADAPTER
asked depth 24
case ${answered#* } in
-* | 0) bad "depth: J is ${answered#* }" ;;
*) good ;;
esac
if drill checkers --data own | grep -q '^depth .* yes  *1\.5$'; then good; else
	bad 'depth is listed with its version'
fi
drill checkers --data own --try depth > try 2>&1
if grep -q '^answers: [1-5] of 5 right' try; then good; else bad 'checkers --try depth' try; fi

# refused PATTERN EDIT: another adapter, in which sed changed something.
refused() {
	sed "s/^name: .*/name: wrong/; $2" own/adapters/depth.yaml > own/adapters/wrong.yaml
	drill run --data own --level smoke --db wrong.db --checker wrong > stdout 2> stderr
	if [ $? = 2 ] && grep -q "wrong\.yaml:[0-9]*:[0-9]*: error: .*$1" stderr; then good; else
		bad "refused: $2" stdout stderr
	fi
}
refused "unknown key 'worlds'; did you mean 'world'?" 's/^world:/worlds:/'
refused 'bad pattern: ' 's/held\$/held(/'
refused 'there is no {folder} here' 's/{files}/{folder}/'
refused "'steps' is missing" '/^steps/d'
sed 's/^name: .*/name: slow/; s/(?<line>\[0-9\]+): held/(?<line>[0-9]+)(( |.)*)*: held/' \
	own/adapters/depth.yaml > own/adapters/slow.yaml
drill run --data own --level smoke --sample 8 --quiet --db slow.db --checker slow > stdout 2> stderr
if [ $? -lt 2 ]; then good; else bad 'a pattern that goes back without end ends the run' stdout stderr; fi
sed 's/^name: .*/name: gone/; s|^exe: .*|exe: [no-such-program]|' own/adapters/depth.yaml \
	> own/adapters/gone.yaml
drill run --data own --level smoke --db gone.db --checker gone > stdout 2> stderr
if [ $? = 2 ] && grep -q no-such-program stderr; then good; else bad 'a missing program is named' stderr; fi
if [ -z "$(ls -A "$out/home")" ]; then good; else bad 'HOME is left alone'; fi

echo "own checker: $passed passed, $failed failed"
[ $failed = 0 ]
