#!/bin/sh
# How the work grows with the cases: shards of level full, 1, 2, 4 and 8 of them, generated and verified.
# Prints a table, and draws the work as a picture in SVG: seconds of a processor.
#
#   ci/growth.sh              8 shards of 64, an eighth of full: about a minute; into build/growth/growth.svg
#   ci/growth.sh --whole      8 of 8, all of full: about ten minutes
#   ci/growth.sh --write      --whole, and the picture and table go into the manual (suite/manual/scale.md)
#
# As many shards are at work at once as there are processors; their seconds from beginning to end are in the
# table beside the work, and those of the first two shards one behind the other. Each number of shards is
# measured GROWTH_TURNS (1; 3 with --write) times, in turns, and the median counts.
set -u
cd "$(dirname "$0")/.." || exit 2
drill=$PWD/build/lockdrill
out=$PWD/build/growth
page=suite/manual/scale.md
[ -x "$drill" ] || { echo "build/lockdrill is missing: make build"; exit 2; }
all=64 turns=${GROWTH_TURNS:-1} write=
case ${1:-} in
'') ;;
--whole) all=8 ;;
--write) all=8 turns=${GROWTH_TURNS:-3} write=yes ;;
*)
	echo "usage: ci/growth.sh [--whole|--write]" >&2
	exit 2
	;;
esac
. ci/bench_adapter.sh
rm -rf "$out"
mkdir -p "$out"
${CC:-cc} -O2 -o "$out/peak" ci/peak.c || exit 2

# One shard, as xargs starts it.
cat > "$out/gen" << END
"$drill" gen --quiet --level full --shard \$1/$all --out -.tar | wc -c > "$out/bytes-\$1"
END
cat > "$out/verify" << END
"$drill" verify --level full --shard \$1/$all > "$out/verified-\$1" 2>&1 && exit
cat "$out/verified-\$1"
exit 255
END

# measure WORK SHARDS AT-ONCE NAME: adds its line of the measure to the file NAME.
measure() {
	seq 0 $(($2 - 1)) | "$out/peak" xargs -P "$3" -n 1 sh "$out/$1" 3>> "$out/$4" > "$out/said" 2>&1 || {
		cat "$out/said"
		exit 1
	}
}

# cases SHARDS: of these shards.
cases() {
	shard=0
	while [ "$shard" -lt "$1" ]; do
		cat "$out/verified-$shard"
		shard=$((shard + 1))
	done | sed -n 's/^level full (\([0-9]*\) cases).*/\1/p' | awk '{ n += $1 } END { print n }'
}

# column FILE N: the median of a column.
column() {
	awk -v n="$2" '{ print $n }' "$out/$1" > "$out/column"
	bench_median "$out/column"
}

processors=$(nproc)
turn=0
while [ $((turn += 1)) -le "$turns" ]; do
	for work in gen verify; do
		for shards in 1 2 4 8; do measure $work $shards "$processors" $work-$shards; done
		measure $work 2 1 $work-alone
	done
done
for shards in 1 2 4 8; do
	echo "$shards $(cases $shards) $(column gen-$shards 2) $(column gen-$shards 3)" \
		"$(column verify-$shards 2) $(column verify-$shards 3)"
done > "$out/points"

# The table: what 8 shards take in proportion to 1 says how straight the line is.
{
	echo '| shards | cases | generated | ms a case | took | verified | ms a case | took |'
	echo '|---|---|---|---|---|---|---|---|'
	awk '{ printf "| %d | %d | %.1f s | %.3f | %.1f s | %.1f s | %.3f | %.1f s |\n",
		$1, $2, $3, $3 / $2 * 1000, $4, $5, $5 / $2 * 1000, $6 }' "$out/points"
} > "$out/table"
alone=$(echo "$(column gen-alone 3) $(column verify-alone 3)" | awk '{
	printf "Two shards one behind the other: generated in %.1f s, verified in %.1f s.", $1, $2 }')
cat "$out/table"
echo "$alone"

# The picture: a point a number of shards, and the best line through nothing.
awk '
	function x(cases) { return 70 + cases / most_cases * 500 }
	function y(seconds) { return 320 - seconds / most * 280 }
	function step(top,    s) { # of a scale with some five marks
		for (s = 1; s * 6 < top; s *= 10);
		for (; s / 2 * 6 >= top; s /= 2);
		return s
	}
	function mark(left, top, color, shape) {
		if (shape == "circle")
			printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>\n", left, top, color
		else
			printf "<rect x=\"%.1f\" y=\"%.1f\" width=\"8\" height=\"8\" fill=\"%s\"/>\n",
				left - 4, top - 4, color
	}
	function series(name, seconds, color, shape,    i, up, down) { # and where its name stands
		for (i = 1; i <= n; i++) { up += cases[i] * seconds[i]; down += cases[i] * cases[i] }
		printf "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>\n",
			x(0), y(0), x(cases[n]), y(cases[n] * up / down), color
		for (i = 1; i <= n; i++)
			mark(x(cases[i]), y(seconds[i]), color, shape)
		mark(90, 56 + 22 * named, color, shape)
		printf "<text x=\"102\" y=\"%d\">%s, %.3f ms a case</text>\n",
			60 + 22 * named++, name, up / down * 1000
	}
	{ n++; cases[n] = $2; gen[n] = $3; verify[n] = $5 }
	END {
		most_cases = cases[n]
		most = (verify[n] > gen[n] ? verify[n] : gen[n]) * 1.05
		print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 600 380\" width=\"600\"" \
			" height=\"380\" font-family=\"sans-serif\" font-size=\"13\" role=\"img\"" \
			" aria-label=\"Seconds of a processor by cases: a straight line each\">"
		print "<rect width=\"600\" height=\"380\" fill=\"#ffffff\"/>"
		for (v = 0; v <= most * 1.001; v += step(most)) {
			printf "<line x1=\"70\" x2=\"570\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>\n", y(v), y(v)
			printf "<text x=\"62\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n", y(v) + 4, v
		}
		for (v = 0; v <= most_cases * 1.001; v += step(most_cases))
			printf "<text x=\"%.1f\" y=\"338\" text-anchor=\"middle\">%d</text>\n", x(v), v
		print "<text x=\"320\" y=\"366\" text-anchor=\"middle\">cases of level full</text>"
		print "<text x=\"70\" y=\"26\">seconds of a processor</text>"
		series("verified by all three roads", verify, "#0b5cad", "circle")
		series("generated", gen, "#b3470b", "square")
		print "</svg>"
	}' "$out/points" > "$out/growth.svg" || exit 2
[ "$write" ] || exit 0

cp "$out/growth.svg" suite/manual/growth.svg
awk -v table="$out/table" -v alone="$alone" '
	/^\| shards \|/ { while ((getline line < table) > 0) print line; inside = 1; next }
	inside && /^\|/ { next }
	{ inside = 0 }
	/^Two shards one behind the other: / { print alone; next }
	{ print }' "$page" > "$out/page" && cp "$out/page" "$page"
