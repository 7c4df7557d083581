#!/bin/sh
# The page of conclusions is what the checkers say: each smallest case is asked again, and a claim that no
# longer holds is seen. The tables are made anew from answers to the smoke level, to see that they are whole
# and have intervals; that the page's own are of the standard level is seen by their counts.
set -u
cd "$(dirname "$0")/.."
out=$PWD/build/conclusions-test
page=suite/manual/conclusions.md
. ci/checks.sh
rm -rf "$out"
mkdir -p "$out"
[ -x build/lockdrill ] || { echo "build/lockdrill is missing: make build"; exit 2; }

# renew PAGE NAME ARGUMENT...: what the script makes of the page goes to $out/NAME.
renew() {
	from=$1 name=$2
	shift 2
	PAGE=$from ci/conclusions.sh --print "$@" > "$out/$name" 2> "$out/stderr" ||
		bad "ci/conclusions.sh $*" "$out/stderr"
	sed 's/^skipped:/conclusions: skipped:/' "$out/stderr" | sort -u
}

# count NAME PATTERN N: so many lines.
count() {
	seen=$(grep -c "$2" "$out/$1")
	if [ "$seen" = "$3" ]; then good; else bad "$1: $seen lines are like '$2', not $3" "$out/$1"; fi
}

# ---- smallest cases -------------------------------------------------------------------------------------

renew $page asked --cases
if diff "$page" "$out/asked" > "$out/diff"; then good; else
	bad 'a checker answers otherwise than the page says (ci/conclusions.sh --cases)' "$out/diff"
fi
skipped=$(grep -c '^skipped:' "$out/stderr")
answers=$(grep -c '^| [a-z-]* | `.* | \(passes\|reports [0-9]*\) |$' $page)
if [ "$answers" -ge 20 ] && ! grep -q '| | *|' $page; then good; else
	bad 'the page has few smallest cases, or some without an answer'
fi
# What the page claims of each checker, in its own words: answers that turn round.
for row in 'sparse | `if p { acq a }; if p { rel a }` flag=local | pass | passes' \
	'sparse | `if p { acq a }; if !p { rel a }` flag=local | violation | reports 1' \
	'thread-safety | `acq a; rel b` place=array | violation | passes' \
	'thread-safety | `acq a; acq b; rel b; rel a` place=array | pass | reports 2' \
	'thread-safety | `acq a; rel b` place=array-index | violation | reports 2' \
	'thread-safety | `acq a; acq b; rel b; rel a` place=array-index | pass | passes' \
	'pthread-lock | `acq a; rel a` place=extension helper=release call=pointer | pass | reports 1' \
	'pthread-lock | `acq a; rel a` place=global helper=release call=pointer | pass | passes'; do
	if grep -qF "| $row |" $page; then good; else bad "the page does not say: $row"; fi
done
# A page that says something else is put right, but for what it says of another version of a checker.
sed 's/^\(| [a-z-]* | `.*\) | passes |$/\1 | reports 77 |/; s/^sparse [0-9.]*$/sparse 0.0/' \
	$page > "$out/wrong.md"
PAGE=$out/wrong.md ci/conclusions.sh --print --cases > "$out/righted" 2> "$out/stderr"
if grep -q '^skipped: sparse:' "$out/stderr"; then good; else
	bad 'another version of sparse is asked' "$out/stderr"
fi
grep '^| sparse .*|$' "$out/wrong.md" > "$out/wrong-rows"
grep '^| sparse .*|$' "$out/righted" > "$out/rows"
if grep -q 'reports 77' "$out/rows" && cmp -s "$out/wrong-rows" "$out/rows"; then good; else
	bad 'what the page says of another version is changed' "$out/rows"
fi
grep '^| [pt][a-z-]* | `' $page > "$out/right-rows"
grep '^| [pt][a-z-]* | `' "$out/righted" > "$out/rows"
if [ "$skipped" -gt 0 ] || cmp -s "$out/right-rows" "$out/rows"; then good; else
	bad 'a wrong answer is not put right' "$out/rows"
fi

# ---- tables ---------------------------------------------------------------------------------------------

build/lockdrill run --quiet --level smoke --db "$out/smoke.db" --checker sparse \
	--checker clang-thread-safety --checker clang-pthread-lock > "$out/run" 2>&1
sed '/^| [a-z-]* | `/d' $page > "$out/no-cases.md"
renew "$out/no-cases.md" smoke "$out/smoke.db"
build/lockdrill shapes | awk '
	NR == 1 { next }
	substr($0, 1, 1) != " " { dimension = $1; sub(/^[a-z]+/, "") }
	$2 ~ /^[0-9]+$/ { print "| `" dimension "=" $1 "` | " $2 " |" }' > "$out/shapes"
count smoke '^| `[a-z]*=[a-z-]*` |' "$(wc -l < "$out/shapes")"
# Until a version is frozen, the page has the tables of the one before, and says so: then, and only then.
version=$(sed -n 's/.*SUITE_VERSION "\([0-9]*\)".*/\1/p' include/gen/version.h)
older="^The tables are of suite version $((version - 1)): version $version is not frozen yet\.\$"
if grep -qx "## $version (not frozen yet)" suite/CHANGELOG.md; then
	if grep -q "$older" $page; then good; else bad 'the page does not say which version its tables are of'; fi
	echo "conclusions: skipped: the rows of suite $version, which is not frozen yet"
else
	if grep -q 'not frozen yet' $page; then bad 'the page says that its tables are old'; else good; fi
	while read -r start; do
		if grep -qF "$start" $page; then good; else bad "the page has no row that begins $start"; fi
	done < "$out/shapes"
fi
count smoke '^level smoke, filters: none; 200 cases in [0-9]* families; reading: headline$' 1
count smoke '^intervals: bootstrap over families, [0-9]* replicates, seed 1$' 1
count smoke '^| `extension` |' 6
if cmp -s $page "$out/smoke"; then bad 'smoke gives the tables of standard'; else good; fi
for table in $page "$out/smoke"; do
	if grep '^| `' "$table" | grep -v '\[[-.0-9]*, *[-.0-9]*\]' > "$out/bare"; then
		bad "$table: rows without an interval" "$out/bare"
	else good; fi
done
if ci/conclusions.sh --print "$out/none.db" > "$out/refused" 2>&1; then
	bad 'a missing database is taken'
else good; fi

echo "conclusions: $passed passed, $failed failed"
[ $failed = 0 ]
