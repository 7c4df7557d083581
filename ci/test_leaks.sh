#!/bin/sh
# The leak audit can fail: on an eighth of standard with a planted leak each limit breaks. On levels made
# here, whose two verdicts differ in one thing only, exactly the limits of that thing break, and none where
# they differ in nothing.
#
#   ci/test_leaks.sh           what `make test` runs
#   ci/test_leaks.sh standard  the standard level too, whose limits hold, against the manual's table
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

# broken NAME ROWS: the rows whose limits are broken, in the table's order, as SET/HOW by first words.
broken() {
	rows=$(awk '/TOO [A-Z]*$/ {
		split(substr($0, 40), how, " ")
		sub(/[: ].*/, "")
		printf "%s/%s ", $0, how[1]
	}' "$out/stdout")
	if [ "$rows" = "$2" ]; then good; else bad "$1: broken are '$rows', not '$2'" "$out/stdout"; fi
}

# worth NAME SET HOW TEST: the row of SET and HOW is there, and its J, as j, passes the test, an expression
# of awk.
worth() {
	if awk -v set="$2" -v how="$3" 'index($0, set) == 1 && index(substr($0, 40), how) == 1 {
		j = substr($0, 54) + 0
		found = '"$4"'
	}
	END { exit !found }' "$out/stdout"; then good; else bad "$1: J of $2, $3, is not $4" "$out/stdout"; fi
}

# The checks fail when they should.
{
	exits 0 self
	broken self 'surface/naive '
	worth self surface naive 'j > 0'
} > "$out/self"
[ $failed = 3 ] && [ $passed = 0 ] || { echo "the checks do not fail when they should"; exit 1; }
failed=0

# A leak that is planted.
build/lockdrill gen --quiet --level standard --shard 0/8 --out "$out/part"
exits 1 'planted' --plant "$out/part"
broken 'planted' 'surface/naive surface/worst pairs/naive pairs/worst position/naive '
worth 'planted' n-grams forest 'j == 1'
if grep -q '^ *+1.000  surface  LEAK  *1$' "$out/stdout"; then good; else
	bad 'planted: the word is the worst feature' "$out/stdout"
fi
"$leaks" "$out/part" > "$out/stdout" 2> "$out/stderr"
if [ $? -le 1 ]; then good; else bad 'not planted: no answer' "$out/stderr"; fi
if grep -q 'LEAK\|[+-]1.000' "$out/stdout"; then
	bad 'not planted: nothing tells the verdict' "$out/stdout"
else good; fi

# level NAME PASS VIOLATION [ORDER]: 2048 cases in 8 families, of which 2k and 2k + 1 are a pair. The verdicts
# follow the Thue-Morse sequence, so that they are balanced in every bin of places and under every modulus, or
# with the order `odd` the violating twin is the second, and with `apart` it stands beside the correct one of
# another pair. With `first` each violating twin stands before its
# own, up to four of them in a row, as drawn by a generator of Lehmer's (Park and Miller 1988).
level() {
	mkdir -p "$out/$1/pass" "$out/$1/violation"
	for file in a b; do
		printf "$2" > "$out/$1/pass/$file.c"
		printf "$3" > "$out/$1/violation/$file.c"
	done
	awk -v order="${4:-}" '
	function put(verdict, pair, twin) {
		printf "{\"id\":\"%d%s\",\"twin\":\"%d%s\"," \
			"\"file\":\"%s/%s.c\",\"family\":\"%d\",\"verdict\":\"%s\"}\n",
			pair, verdict, pair, twin, verdict, place % 2 ? "a" : "b", pair / 128, verdict
		place++
	}
	function violate(pair) { put("violation", pair, "pass") }
	function pass(pair) { put("pass", pair, "violation") }
	function open_some(   begun, done) {
		while (done < 1024) {
			seed = seed * 48271 % 2147483647
			if (begun < 1024 && begun - done < 4 && (seed % 2 || begun == done)) violate(begun++)
			else pass(done++)
		}
	}
	BEGIN {
		seed = 1
		if (order == "first") open_some()
		for (i = 0; i < 1024 && order != "first"; i++) {
			odd = 0
			for (n = i; n > 0; n = int(n / 2)) odd = (odd + n) % 2
			beside = order == "apart" ? i - i % 128 + (i + 64) % 128 : i
			if (order == "odd" || !odd) { pass(beside); violate(i) } else { violate(i); pass(beside) }
		}
	}' > "$out/$1/manifest.jsonl"
}

level same 'int a = 1;\n' 'int a = 1;\n'
exits 0 'the same texts' "$out/same"
broken 'the same texts' ''
worth 'the same texts' surface forest 'j == 0'
worth 'the same texts' position within 'j == 0'
level word 'int a = 1;\n' 'int b = 1;\n'
exits 1 'another word' "$out/word"
broken 'another word' 'surface/naive surface/worst pairs/naive pairs/worst '
level blank 'int a = 1;\n' 'int a = 1; \n'
exits 1 'a blank more' "$out/blank"
broken 'a blank more' 'surface/naive surface/worst '
level comment 'int a; /* x */\n' 'int a; /* y */\n'
exits 1 'another comment' "$out/comment"
broken 'another comment' 'surface/naive surface/worst pairs/naive pairs/worst '
level turned 'a + b - a\n' 'a - b + a\n'
exits 1 'turned round' "$out/turned"
broken 'turned round' 'pairs/naive pairs/worst '
level control 'if KeAcquireSpinLock\n' 'do KeReleaseSpinLock\n'
exits 1 'only what is taken out' "$out/control"
broken 'only what is taken out' 'surface/naive surface/worst '
level odd 'int a = 1;\n' 'int a = 1;\n' odd
exits 1 'at odd places' "$out/odd"
broken 'at odd places' 'position/naive position/within position/along '
level apart 'int a = 1;\n' 'int a = 1;\n' apart
exits 1 'one of two places' "$out/apart"
broken 'one of two places' 'position/two '
worth 'one of two places' position two 'j == 1'
level first 'int a = 1;\n' 'int a = 1;\n' first
exits 1 'violating twins first' "$out/first"
broken 'violating twins first' 'position/within position/along '
worth 'violating twins first' position within 'j == 1'
# Each word is as frequent in both, and two of them together tell.
level together 'a a\nb b\n' 'a a\nd d\n'
printf 'c c\nd d\n' > "$out/together/pass/b.c"
printf 'c c\nb b\n' > "$out/together/violation/b.c"
exits 1 'two words together' "$out/together"
worth 'two words together' surface naive 'j < 0.01'
worth 'two words together' surface worst 'j < 0.01'
worth 'two words together' surface forest 'j > 0.99'

# refuses NAME PATTERN ARGUMENT...
refuses() {
	name=$1 pattern=$2
	shift 2
	exits 2 "$name" "$@"
	if grep -q -- "$pattern" "$out/stderr"; then good; else bad "$name: the message" "$out/stderr"; fi
}

refuses 'no argument' usage
refuses 'an unknown option' usage --plan "$out/part"
refuses 'a missing directory' 'cannot read .*none/manifest.jsonl: ' "$out/none"
build/lockdrill gen --level smoke --pack 10 --out "$out/packed"
refuses 'a packed level' 'without --pack' "$out/packed"
build/lockdrill gen --quiet --level smoke --out "$out/smoke"
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
edited twin '5s/"twin":"[0-9a-f]*"/"twin":"00"/'
refuses 'no such twin' 'twin/manifest.jsonl:5: the twin 00 is not there' "$out/twin"
id=$(sed -n '1s/.*"id":"\([0-9a-f]*\)".*/\1/p' "$out/smoke/manifest.jsonl")
edited other "s/\"twin\":\"$id\"/\"twin\":\"00\"/"
refuses 'the twin of another' 'other/manifest.jsonl:1: the twin .* has another twin' "$out/other"
edited verdicts 's/"verdict":"[a-z]*"/"verdict":"pass"/'
refuses 'twins of one verdict' 'verdicts/manifest.jsonl:1: the twin .* has the same verdict' "$out/verdicts"
edited families 's/\("id":"\([0-9a-f]*\)".*"family":"\)[0-9a-f]*/\1\2/'
refuses 'twins of two families' \
	'families/manifest.jsonl:[0-9]*: the twin .* is of another family' "$out/families"
edited file '6s/"file":"cases/"file":"case/'
refuses 'a missing file' 'cannot read .*/case/.*: No such file' "$out/file"
edited empty 'd'
refuses 'no cases' 'too few cases' "$out/empty"

# With `standard`: the table of the manual is what the audit prints of the standard level.
if [ "${1:-}" = standard ]; then
	build/lockdrill gen --level standard --out "$out/standard"
	exits 0 'the standard level' "$out/standard"
	sed '/^$/,$d' "$out/stdout" > "$out/table"
	sed -n '/^guessed by/,/^```$/{/^```$/d; p}' suite/manual/levels.md > "$out/manual"
	if cmp -s "$out/table" "$out/manual"; then good; else
		diff "$out/manual" "$out/table" > "$out/diff"
		bad 'the manual has another table than make leaks prints' "$out/diff"
	fi
	sed 's/0/1/' "$out/table" | cmp -s - "$out/manual" && bad 'another table is not seen'
fi

echo "leaks: $passed passed, $failed failed"
[ $failed = 0 ]
