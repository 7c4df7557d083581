#!/bin/sh
# Makes the tables of suite/manual/run-time.md anew: what runs under our model of Driver Verifier find.
#
#   ci/run_time.sh                 runs the model and native-cc on the smoke level and on a sample of the
#                                  standard level (two minutes), and writes the page
#   ci/run_time.sh --smoke         the smoke level only
#   ci/run_time.sh --print [...]   the page on stdout instead
#
# The words of the page are written by hand. Below a heading of the second level, the table and the text block
# are replaced where build/run-time/HEADING.table and HEADING.text hold new ones.
#
# From the environment: PAGE, for its test.
set -eu
cd "$(dirname "$0")/.."
page=${PAGE:-suite/manual/run-time.md}
out=build/run-time
drill=build/lockdrill
repeats=100
model=driver-verifier-model
rules='--rule SpinlockRelease --rule QueuedSpinLockRelease'
sample='--sample 2000 --seed 1'

# measure NAME OPTION...: the database NAME.db.
measure() {
	db=$out/$1.db
	shift
	# shellcheck disable=SC2086 # a list of words
	$drill run --quiet "$@" $rules --checker $model --repeats $repeats --fresh --db "$db" -j 2
	# shellcheck disable=SC2086
	$drill run --quiet "$@" $rules --checker native-cc --fresh --db "$db" -j 2
}

# numbers NAME OPTION...: lines `cases N families N`, and `RUNS FOUND ALARM` for each number
# of runs; of native-cc `limit FOUND ALARM`.
numbers() {
	name=$1
	shift
	$drill score "$out/$name.db" "$@" > "$out/score"
	awk '
	NR == 1 { sub(/.* level [a-z]*, /, ""); cases = $1 }
	/^level / {
		families = $0
		sub(/.* cases in /, "", families)
		print "cases " cases " families " families + 0
	}
	$1 == "native-cc" {
		for (i = 2; i < NF; i++)
			if ($i ~ /%$/) {
				print "limit " $(i + 1) " " $(i + 2)
				break
			}
	}
	/^  in the first / { for (i = 4; i <= NF; i++) runs[i] = $i }
	/^  violations / { for (i = 2; i <= NF; i++) found[i] = $i }
	/^  correct cases / {
		for (i = 3; i <= NF; i++) print runs[i + 1] " " found[i - 1] " " $i
	}' "$out/score"
}

# curve NAME: the table of a level, and its drawing.
curve() {
	numbers "$1" > "$out/numbers"
	awk '
	$1 == "limit" { limit = $2; limit_alarm = $3 }
	$1 ~ /^[0-9]/ {
		runs = runs " " $1 " |"
		under = under "---|"
		found = found " " $2 " |"
		alarm = alarm " " $3 " |"
	}
	END {
		print "| runs |" runs " all paths |"; print "|---|" under "---|"
		print "| violating cases found |" found " " limit " |"
		print "| correct cases reported |" alarm " " limit_alarm " |"
	}' "$out/numbers" > "$out/$2.table"
	awk '
	$1 ~ /^[0-9]/ {
		bar = ""
		for (i = 1; i <= $2 * 60 + 0.5; i++) bar = bar "#"
		printf "%6d  %4s  %s\n", $1, $2, bar
	}' "$out/numbers" > "$out/$2.text"
}

# row WORD NAME OPTION...: of a table by rule, step or kind.
row() {
	word=$1
	shift
	numbers "$@" > "$out/numbers"
	awk -v word="$word" '
	$1 == "cases" { cases = $2 }
	$1 == "limit" { limit = $2; limit_alarm = $3 }
	$1 ~ /^[0-9]/ { found[$1] = $2 }
	END {
		print "| " word " | " cases " | " found[1] " | " found[10] " | " found[100] " | " limit " |"
	}' "$out/numbers"
}

head_of() {
	echo "| $1 | cases | 1 run | 10 runs | 100 runs | all paths |"
	echo '|---|---|---|---|---|---|'
}

by_part() {
	{
		head_of rule
		for rule in SpinlockRelease QueuedSpinLockRelease; do row "$rule" standard --rule $rule; done
	} > "$out/By-rule.table"
	{
		head_of 'ladder step'
		for step in straight branches loops several-locks helpers correlated-conditions aliases; do
			row "$step" standard --ladder $step
		done
	} > "$out/By-ladder-step.table"
}

# origin: what the tables are of.
origin() {
	for checker in $model native-cc; do
		version=$($drill score "$out/$1.db" --checker $checker --format json |
			sed -n 's/.*"version": "\(.*\)".*/\1/p')
		echo "$checker $version"
	done
	numbers "$1" | awk -v level="$1" '
	$1 == "cases" {
		print "level " level ", two rules: " $2 " cases in " $4 " families; '"$repeats"' repeats"
	}'
}

# The page with what was made.
put_all() {
	awk -v out="$out" '
	function emit(   line) { while ((getline line < file) > 0) print line; close(file); done = 1 }
	function is_there(   line) { line = (getline line < file) > 0; if (line) close(file); return line }
	/^## / { name = substr($0, 4); gsub(/[^A-Za-z ]/, "", name); gsub(/ /, "-", name); done = inside = 0 }
	/^\|/ {
		file = out "/" name ".table"
		if (is_there()) { if (!done) emit(); next }
	}
	/^```text/ { file = out "/" name ".text"; if (is_there()) { print; emit(); inside = 1; next } }
	inside && !/^```$/ { next }
	{ inside = 0; print }' "$page"
}

print= smoke=
for argument; do
	case $argument in
	--print) print=yes ;;
	--smoke) smoke=yes ;;
	*)
		echo 'usage: ci/run_time.sh [--print] [--smoke]' >&2
		exit 2
		;;
	esac
done
rm -rf "$out"
mkdir -p "$out"
measure smoke --level smoke
curve smoke The-smoke-level
if [ -z "$smoke" ]; then
	# shellcheck disable=SC2086 # a list of words
	measure standard --level standard $sample
	curve standard A-sample-of-the-standard-level
	by_part
	origin standard > "$out/What-it-is-computed-from.text"
fi
put_all > "$out/page.md"
if [ "$print" ]; then cat "$out/page.md"; else cp "$out/page.md" "$page"; fi
