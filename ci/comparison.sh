#!/bin/sh
# Makes the tables of suite/manual/comparison.md anew from the two databases of `make score CHECKERS=all`.
#
#   ci/comparison.sh                writes the page, from build/score.db and build/score-sample.db
#   ci/comparison.sh --print DB     one table on stdout, as that of DB is
#
# The words of the page are written by hand. Below the headings `On all of standard` and `On a sample` the
# table is replaced. Times and sizes differ from run to run; all else is the same.
set -eu
cd "$(dirname "$0")/.."
page=suite/manual/comparison.md
drill=build/lockdrill

# table DB: best first. The step is the highest up to which no case was answered wrongly, or not at all.
table() {
	echo '| checker | version | J, 95 % | pairs | recall | alarm | answered | ms a case | MB | step |'
	echo '|---|---|---|---|---|---|---|---|---|---|'
	$drill score --format csv "$1" | awk -F , '
	function rate(x, digits,   form) {
		if (x == "" || x == 1)
			return x == "" ? "-" : digits == 2 ? "1.0" : "1.00"
		form = "%." digits "f"
		return x < 0 ? "-" substr(sprintf(form, -x), 2) : substr(sprintf(form, x), 2)
	}
	NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	$at["by"] == "total" {
		name = $at["checker"]
		for (i = names++; i && value[order[i - 1]] < $at["youden_j"]; i--) order[i] = order[i - 1]
		order[i] = name
		value[name] = $at["youden_j"] + 0
		version = $at["version"] == "" ? "-" : $at["version"]
		if ($at["why_not"] != "")
			version = version " (void)"
		ms = 1000 * $at["seconds_median"]
		form = "| %s | %s | %s [%s,%s] | %s | %s | %s | %.0f%% | %s | %.0f |"
		line[name] = sprintf(form, name, version,
			rate($at["youden_j"], 3), rate($at["youden_j_low"], 2), rate($at["youden_j_high"], 2),
			rate($at["discrimination"], 3), rate($at["recall"], 3), rate($at["false_alarm_rate"], 3),
			100 * $at["answered"], sprintf(ms < 10 ? "%.2g" : "%.0f", ms), $at["memory_most"] / 1048576)
		step[name] = "-"
		failed[name] = 0
	}
	$at["by"] == "ladder" && $at["cases"] {
		name = $at["checker"]
		if ($at["fn"] + $at["fp"] + $at["unanswered"])
			failed[name] = 1
		if (!failed[name])
			step[name] = $at["group"]
	}
	END { for (i = 0; i < names; i++) print line[order[i]] " " step[order[i]] " |" }'
}

[ "${1:-}" != --print ] || { table "$2"; exit; }
[ $# = 0 ] || { echo 'usage: ci/comparison.sh [--print DB]' >&2; exit 2; }
for db in build/score.db build/score-sample.db; do
	[ -r $db ] || { echo "no database $db: make score CHECKERS=all makes it" >&2; exit 2; }
	table $db > "build/comparison-$(basename $db .db)"
done
awk '
function put(file,   line) { while ((getline line < file) > 0) print line; close(file) }
/^## / { file = ""; done = 0 }
/^## On all of standard/ { file = "build/comparison-score" }
/^## On a sample/ { file = "build/comparison-score-sample" }
/^\|/ && file { if (!done) put(file); done = 1; next }
{ print }' $page > build/comparison.md
cp build/comparison.md $page
