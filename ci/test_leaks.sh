#!/bin/sh
# The leak audit can fail: on the smoke level with a planted leak each limit breaks. On levels made here,
# whose two verdicts differ in one thing only, exactly the limits of that thing break, and none where they
# differ in nothing.
set -u
cd "$(dirname "$0")/.."
out=$PWD/build/leaks-test
leaks=$PWD/build/gcc/leaks
. ci/checks.sh
rm -rf "$out"
mkdir -p "$out"
[ -x build/lockdrill ] || { echo "build/lockdrill is missing: make build"; exit 2; }
MAKEFLAGS='' make -s FLAVOUR=gcc build/gcc/leaks || exit 2

# exits STATUS NAME ARGUMENT...: what the audit prints is left in files.
exits() {
	expected=$1 name=$2
	shift 2
	"$leaks" "$@" > "$out/stdout" 2> "$out/stderr"
	status=$?
	if [ $status = "$expected" ]; then good; else
		bad "$name: exit status $status, not $expected" "$out/stdout" "$out/stderr"
	fi
}

# broken NAME ROWS: the rows above their limits, in the table's order: set/n for naive Bayes, set/w for the
# worst alone.
broken() {
	rows=$(sed -n 's#^\([a-z]*\).* \([nw]\)\(aive Bayes\|orst alone\) .*TOO HIGH$#\1/\2#p' \
		"$out/stdout" | tr '\n' ' ')
	if [ "$rows" = "$2" ]; then good; else bad "$1: too high are '$rows', not '$2'" "$out/stdout"; fi
}

# The checks fail when they should.
{
	exits 0 self
	broken self 'surface/n '
} > "$out/self"
[ $failed = 2 ] && [ $passed = 0 ] || { echo "the checks do not fail when they should"; exit 1; }
failed=0

# A leak that is planted.
build/lockdrill gen --level smoke --out "$out/smoke"
exits 1 'planted' --plant "$out/smoke"
broken 'planted' 'surface/n surface/w pairs/n pairs/w position/n '
if grep -q '^ *+1.000  surface  LEAK  *1$' "$out/stdout"; then good; else
	bad 'planted: the word is the worst feature' "$out/stdout"
fi
"$leaks" "$out/smoke" > "$out/stdout" 2> "$out/stderr"
if [ $? -le 1 ]; then good; else bad 'not planted: no answer' "$out/stderr"; fi
if grep -q 'LEAK\|[+-]1.000' "$out/stdout"; then
	bad 'not planted: nothing tells the verdict' "$out/stdout"
else good; fi

# level NAME PASS VIOLATION [ORDER]: 2048 cases in 8 families. The verdicts follow the Thue-Morse sequence, so
# that they are balanced in every bin of places and under every modulus, or with an ORDER every other case is
# a violation.
level() {
	mkdir -p "$out/$1/pass" "$out/$1/violation"
	for file in a b; do
		printf "$2" > "$out/$1/pass/$file.c"
		printf "$3" > "$out/$1/violation/$file.c"
	done
	awk -v every_other="${4:-}" 'BEGIN {
		for (i = 0; i < 2048; i++) {
			odd = 0
			for (n = i; n > 0; n = int(n / 2))
				odd = (odd + n) % 2
			verdict = (every_other ? i % 2 : odd) ? "violation" : "pass"
			printf "{\"file\":\"%s/%s.c\",\"family\":\"%d\",\"verdict\":\"%s\"}\n", verdict,
				i % 2 ? "a" : "b", i / 256, verdict
		}
	}' > "$out/$1/manifest.jsonl"
}

level same 'int a = 1;\n' 'int a = 1;\n'
exits 0 'the same texts' "$out/same"
broken 'the same texts' ''
level word 'int a = 1;\n' 'int b = 1;\n'
exits 1 'another word' "$out/word"
broken 'another word' 'surface/n surface/w pairs/n pairs/w '
level blank 'int a = 1;\n' 'int a = 1; \n'
exits 1 'a blank more' "$out/blank"
broken 'a blank more' 'surface/n surface/w '
level comment 'int a; /* x */\n' 'int a; /* y */\n'
exits 1 'another comment' "$out/comment"
broken 'another comment' 'surface/n surface/w pairs/n pairs/w '
level turned 'a + b - a\n' 'a - b + a\n'
exits 1 'turned round' "$out/turned"
broken 'turned round' 'pairs/n pairs/w '
level control 'if KeAcquireSpinLock\n' 'do KeReleaseSpinLock\n'
exits 1 'only what is taken out' "$out/control"
broken 'only what is taken out' 'surface/n surface/w '
level place 'int a = 1;\n' 'int a = 1;\n' every-other
exits 1 'every other place' "$out/place"
broken 'every other place' 'position/n '

# refuses NAME PATTERN ARGUMENT...
refuses() {
	name=$1 pattern=$2
	shift 2
	exits 2 "$name" "$@"
	if grep -q -- "$pattern" "$out/stderr"; then good; else bad "$name: the message" "$out/stderr"; fi
}

refuses 'no argument' usage
refuses 'an unknown option' usage --plan "$out/smoke"
refuses 'a missing directory' 'cannot read .*none/manifest.jsonl: ' "$out/none"
build/lockdrill gen --level smoke --pack 10 --out "$out/packed"
refuses 'a packed level' 'without --pack' "$out/packed"
# edited NAME SED: a copy of the smoke level's manifest, edited
edited() {
	mkdir -p "$out/$1"
	cp -R "$out/smoke/cases" "$out/$1"
	sed "$2" "$out/smoke/manifest.jsonl" > "$out/$1/manifest.jsonl"
}
edited json '3s/,/;/'
refuses 'broken JSON' 'json/manifest.jsonl:3: ' "$out/json"
edited array '2s/.*/[]/'
refuses 'no object' 'array/manifest.jsonl:2: not an object' "$out/array"
edited key '4s/"family"/"famili"/'
refuses 'a missing key' 'key/manifest.jsonl:4: no string "family"' "$out/key"
edited verdict '5s/"verdict":"[a-z]*"/"verdict":"undecided"/'
refuses 'an undecided case' 'verdict/manifest.jsonl:5: verdict "undecided"' "$out/verdict"
edited file '6s/"file":"cases/"file":"case/'
refuses 'a missing file' 'cannot read .*/case/.*: No such file' "$out/file"
edited empty 'd'
refuses 'no cases' 'too few cases' "$out/empty"

echo "leaks: $passed passed, $failed failed"
[ $failed = 0 ]
