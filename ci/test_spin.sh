#!/bin/sh
# SPIN comes to the verdicts of the three roads, of the sequences themselves and under every reading: it is
# not ours, and what it is given was written from what rule.h says of a path. Skipped where it is not here.
#
#   ci/test_spin.sh            a sample of the smoke level, under every reading
#   ci/test_spin.sh standard   all of standard, under its headline reading, in an hour
set -u
cd "$(dirname "$0")/.."
drill=$PWD/build/lockdrill
out=$PWD/build/spin
level=${1:-smoke}
. ci/checks.sh
if ! command -v spin > build/found; then
	echo "spin: skipped: spin is not here (ci/setup --all)"
	echo "spin: 0 passed, 0 failed"
	exit 0
fi
rm -rf "$out"
mkdir -p "$out/data/adapters"
part='--sample 40 --seed 3'
[ "$level" = smoke ] || part=

# rules READING: the rules that have it.
rules() {
	for file in suite/rules/*.yaml; do
		sed '1,/^readings:/d' "$file" | grep -q "^  - name: $1\$" && basename "$file" .yaml
	done
}

# ask READING: SPIN's answers under it, in $out/READING.db.
ask() {
	options=
	for rule in $(rules "$1"); do options="$options --rule $rule"; done
	{
		sed '/^readings:/,$d' oracle/adapters/spin.yaml
		echo "rules: [$(rules "$1" | paste -sd ,)]"
		echo readings:
		rules "$1" | sed "s/.*/  &: $1/"
	} > "$out/data/adapters/spin.yaml"
	# shellcheck disable=SC2086 # words
	"$drill" run --data "$out/data" --level "$level" $part $options --quiet -j 2 --checker spin \
		--db "$out/$1.db" > "$out/stdout" 2> "$out/stderr"
}

# score READING: "right missed alarms unanswered right-kind" under the adapter's reading.
score() {
	"$drill" score --view declared --wide "$out/$1.db" 2> "$out/stderr" | awk '
		$1 == "checker" { for (i = 1; i <= NF; i++) at[$i] = i }
		$1 == "spin" { print $at["TP"] + $at["TN"], $at["FN"], $at["FP"], $at["none"], $at["kind"]; exit }'
}

readings=$(for file in suite/rules/*.yaml; do sed '1,/^readings:/d' "$file"; done |
	sed -n 's/^  - name: //p' | sort -u)
[ "$level" = smoke ] || readings=alternate
for reading in $readings; do
	ask "$reading"
	score "$reading" > "$out/score"
	read -r right wrong < "$out/score"
	if [ "${right:-0}" -gt 10 ] && [ "$wrong" = '0 0 0 1.000' ]; then
		good
	else
		bad "reading $reading" "$out/score" "$out/stderr"
	fi
done

# A model that says something else is seen: no lock is held at a routine's end.
mkdir -p "$out/other/adapters"
sed 's/^  - {pattern: .*missing-release.*//' oracle/adapters/spin.yaml > "$out/other/adapters/spin.yaml"
"$drill" run --data "$out/other" --level smoke --sample 40 --seed 3 --quiet --checker spin \
	--db "$out/other.db" > "$out/stdout" 2> "$out/stderr"
case $(score other) in
*' 0 0 0 1.000') bad 'a missing release that nobody tells is not seen' ;;
*) good ;;
esac

echo "spin: $passed passed, $failed failed"
[ $failed = 0 ]
