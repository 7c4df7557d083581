#!/bin/sh
# Makes suite/manual/conclusions.md anew from answers, so that nothing on it is remembered.
#
#   ci/conclusions.sh DB       writes the page: its tables from the database DB, which `make score` makes as
#                              build/score.db, and the answers to its smallest cases
#   ci/conclusions.sh --cases  the answers only
#   ci/conclusions.sh --print ARGUMENT   the page on stdout instead, by DB or --cases
#
# The words of the page are written by hand. Below a heading of the second level, the table or the text block
# is replaced where build/conclusions/HEADING holds a new one. In a table of smallest cases the first column
# is the checker, without `clang-`, the second the case: the sequence as code, then its shapes, rule=RULE
# where it is not SpinlockRelease, and role=ROLE where it is not the first. The checker here is called with
# the options of its adapter on the file of the case; `reports 2` is two warnings. Where it is not here, or
# has another version than the page names, its rows are left as they are, and stderr says so.
#
# From the environment: PAGE, for its test.
set -eu
cd "$(dirname "$0")/.."
page=${PAGE:-suite/manual/conclusions.md}
out=build/conclusions
checkers='clang-pthread-lock clang-thread-safety sparse'
# For awk: whether a line is a checker's row in a score table.
ours='$1 == "clang-pthread-lock" || $1 == "clang-thread-safety" || $1 == "sparse"'
drill=build/lockdrill

[ $# -gt 0 ] || { echo 'usage: ci/conclusions.sh [--print] DB|--cases' >&2; exit 2; }
rm -rf "$out"
mkdir -p "$out"

# ---- tables of a database -------------------------------------------------------------------------------

chosen=
for checker in $checkers; do chosen="$chosen --checker $checker"; done

# score ARGUMENT...
score() {
	# shellcheck disable=SC2086 # a list of words
	$drill score "$db" $chosen "$@"
}

# What the tables are of: checkers with their versions, then level, families, reading and intervals.
origin() {
	score > "$out/score"
	awk "$ours"' { print $1 " " $2 }
	/^level / || /^intervals: /' "$out/score"
}

# rows WORD: a table of markdown from `score --by` on stdin; WORD is over its first column.
rows() {
	awk -v word="$1" '
	/^Youden/ {
		line = "| " word " | cases |"; under = "|---|---|"
		for (i = 4; i <= NF; i++) { line = line " " $i " |"; under = under "---|" }
		print line; print under
		found = 1
		next
	}
	!NF { found = 0 }
	found && NF > 2 {
		line = "| `" $1 "` | " $2 " |"
		for (i = 3; i <= NF; i++) line = line ($i ~ /^\[/ ? " " : (i > 3 ? " | " : " ")) $i
		print line " |"
	}'
}

# by_place FILTER...: recall, alarm, J and its interval of each checker, for the places that have cases.
by_place() {
	echo '| place | cases | checker | recall | alarm | J |'
	echo '|---|---|---|---|---|---|'
	for place in $(shapes | sed -n 's/^place=//p'); do
		if ! score --shape place=$place "$@" > "$out/place" 2> "$out/errors"; then
			grep -q 'no case here fits' "$out/errors" && continue
			cat "$out/errors" >&2
			exit 2
		fi
		awk -v place=$place '
		NR == 1 { sub(/.* level [a-z]*, /, ""); cases = $1 }
		'"$ours"' { print "| `" place "` | " cases " | " $1 " | " $4 " | " $5 " | " $6 " " $7 " |" }' \
			"$out/place"
	done
}

# Shapes that version 4 of the suite brought, beside the dimensions result and stop.
fresh='place=array-computed place=array-accessor place=local alias=moving-pointer
alias=moved-pointer alias=moving-index alias=element-pointer alias=kept-pointer helper=guard-left
helper=direction helper=direction-enum helper=balanced helper=retaken helper=accessor
helper=asserts-held exit=do-once-continue exit=hidden-return exit=hidden-goto exit=return-if
exit=finally exit=scope-cleanup branch=default-first branch=cast branch=enumerator branch=nonzero
branch=generic branch=computed-goto branch=asm-goto loop=while-true loop=do-true loop=do-once
flag=counter'

# is_fresh SHAPE
is_fresh() {
	case $1 in
	result=in-place | stop=in-place) return 1 ;;
	result=* | stop=*) return 0 ;;
	esac
	for one in $fresh; do
		[ "$1" != "$one" ] || return 0
	done
	return 1
}

# shapes: each as DIMENSION=NAME.
shapes() {
	$drill shapes --quiet | awk '
	NR > 1 && substr($0, 1, 1) != " " { dimension = $1; sub(/^[a-z]+/, "") }
	NR > 1 && $2 ~ /^[0-9]+$/ { print dimension "=" $1 }'
}

# moved: each checker's scores, over all cases and over those that show no fresh shape.
moved() {
	old=$(shapes | while read -r shape; do is_fresh "$shape" || echo "--shape $shape"; done)
	echo '| checker | shapes | cases | recall | alarm | J |'
	echo '|---|---|---|---|---|---|'
	for filter in all old; do
		# shellcheck disable=SC2086 # a list of words
		if [ $filter = all ]; then score; else score $old; fi > "$out/score"
		awk -v filter=$filter '
		NR == 1 { sub(/.* level [a-z]*, /, ""); cases = $1 }
		'"$ours"' { print "| " $1 " | " filter " | " cases " | " $4 " | " $5 " | " $6 " " $7 " |" }' \
			"$out/score"
	done
}

# fresh_mistakes: of each checker the fresh shapes that explain most of its wrong answers.
fresh_mistakes() {
	echo '| checker | shape | wrong of asked | share | elsewhere | smallest case that is answered wrongly |'
	echo '|---|---|---|---|---|---|'
	for checker in $checkers; do
		found=0
		$drill why "$db" --checker "$checker" --limit 100 | grep '^[a-z]*=' |
		while read -r shape wrong share _ other _ _ id; do
			[ $found -lt 4 ] && is_fresh "$shape" || continue
			found=$((found + 1))
			sequence=$($drill show --quiet --db "$db" "$id" | sed -n 's/^sequence  //p')
			echo "| ${checker#clang-} | $shape | $wrong | $share | $other | \`$sequence\` ($id) |"
		done
	done
}

tables() {
	db=$1
	[ -r "$db" ] || { echo "no database $db: make score makes build/score.db" >&2; exit 2; }
	origin > "$out/What-it-is-computed-from"
	score --by ladder | rows 'ladder step' > "$out/By-ladder-step"
	score --by shapes | rows shape > "$out/By-shape"
	moved > "$out/What-version--moved"
	fresh_mistakes > "$out/By-which-new-shapes"
	by_place --shape alias=direct --shape helper=none > "$out/By-place-nothing-else"
	by_place --shape call=pointer > "$out/By-place-behind-an-opaque-call"
}

# The page with what tables() left.
put_tables() {
	awk -v out="$out" '
	function emit(   line) { while ((getline line < file) > 0) print line; close(file); done = 1 }
	/^## / {
		name = substr($0, 4); gsub(/[^A-Za-z ]/, "", name); gsub(/ /, "-", name)
		file = out "/" name; done = inside = 0
		fresh = (getline line < file) > 0
		if (fresh) close(file)
	}
	fresh && /^\|/ { if (!done) emit(); next }
	fresh && /^```/ { print; inside = !inside; if (inside) emit(); next }
	inside { next }
	{ print }' "$page"
}

# ---- smallest cases -------------------------------------------------------------------------------------

# world CHECKER
world() {
	sed -n 's/^world: //p' "oracle/adapters/$1.yaml"
}

# program CHECKER: the first of its programs that is here.
program() {
	for program in $(sed -n 's/^exe: \[\(.*\)\]$/\1/p' "oracle/adapters/$1.yaml" | tr -d ,); do
		command -v "$program" && return
	done
}

# usable CHECKER: it is here in the version that the page names.
usable() {
	[ -e "$out/$1.usable" ] && return
	[ -e "$out/$1.other" ] && return 1
	here=$($drill checkers | awk -v name="$1" '$1 == name { print $NF }')
	if [ -n "$(program "$1")" ] && awk '{ print $1 " " $2 }' "$2" | grep -qxF "$1 $here"; then
		: > "$out/$1.usable"
		$drill gen --quiet --level smoke --rule SpinlockRelease --world "$(world "$1")" --out "$out/$1"
	else
		: > "$out/$1.other"
		echo "skipped: $1: it is not here in the version that the page names" >&2
		return 1
	fi
}

# show CHECKER SEQUENCE SHAPES: case.txt is all that lockdrill says of it, case.c its file.
show() {
	rule=SpinlockRelease options=
	for shape in $3; do
		case $shape in
		rule=*) rule=${shape#rule=} ;;
		role=*) options="$options --role ${shape#role=}" ;;
		*) options="$options --shape $shape" ;;
		esac
	done
	# shellcheck disable=SC2086 # a list of words
	$drill show --rule $rule $options --world "$(world "$1")" "$2" > "$out/case.txt"
	sed '1,/^world /d' "$out/case.txt" > "$out/case.c"
}

# ask CHECKER: what it answers to case.c, by the first line of steps that its adapter has.
ask() {
	arguments=$(sed -n "s/^  - \['{exe}', \(.*\)\]\$/\1/p" "oracle/adapters/$1.yaml" |
		sed "s/'//g; s/, / /g; s#{include}#$out/$1/include#; s#{files}#$out/case.c#")
	[ -n "$arguments" ] || { echo "no steps in oracle/adapters/$1.yaml" >&2; exit 1; }
	# shellcheck disable=SC2086 # a list of words
	"$(program "$1")" $arguments > "$out/said" 2>&1 || { cat "$out/said" >&2; exit 1; }
	if grep -q 'error:' "$out/said"; then
		cat "$out/said" >&2
		exit 1
	fi
	warnings=$(grep 'warning:' "$out/said" | grep -cv 'This was not the most recently acquired lock' || :)
	[ "$warnings" = 0 ] && echo passes || echo "reports $warnings"
}

# answer CHECKER CASE: a row of a table of smallest cases.
answer() {
	sequence=${2#\`}
	shapes=${sequence#*\`}
	show "$1" "${sequence%%\`*}" "$shapes"
	verdict=$(sed -n 's/^[a-z0-9]* *\([a-z]*\) (headline).*/\1/p' "$out/case.txt")
	said=$(ask "$1")
	[ -n "$verdict" ] || { echo "$2: no verdict" >&2; exit 1; }
	echo "| ${1#clang-} | $2 | $verdict | $said |"
}

# put_answers PAGE: the page with what the checkers answer now.
put_answers() {
	while IFS= read -r line; do
		name=$(expr "$line" : '| \([a-z-]*\) | `.*|$') || name=
		checker=$name
		[ -e "oracle/adapters/$checker.yaml" ] || checker=clang-$name
		if [ -n "$name" ] && usable "$checker" "$1"; then
			line=${line#"| $name | "}
			answer "$checker" "${line%%" |"*}"
		else
			printf '%s\n' "$line"
		fi
	done < "$1"
}

print=
if [ "$1" = --print ]; then
	print=yes
	shift
fi
if [ "$1" = --cases ]; then
	cp "$page" "$out/tables.md"
else
	tables "$1"
	put_tables > "$out/tables.md"
fi
put_answers "$out/tables.md" > "$out/page.md"
if [ "$print" ]; then cat "$out/page.md"; else cp "$out/page.md" "$page"; fi
