#!/bin/sh
# BenchExec, as it is, runs our tasks with two tools, and its results come back: case by case its points are
# those that our score gives under SV-COMP's scheme. What it cannot import is refused.
#
#   ci/test_benchexec.sh         one rule's tasks of the smoke level
#   ci/test_benchexec.sh --all   all 200 of them
#
# BenchExec is taken from PYTHONPATH or the system where it is there, or from the Python package index; where
# neither has it, this is skipped, aloud.
set -u
cd "$(dirname "$0")/.." || exit
here=$PWD
drill=$here/build/lockdrill
out=$here/build/benchexec
newest=3.35
. ci/checks.sh
[ -x "$drill" ] || { echo "build/lockdrill is missing: make build"; exit 2; }
rm -rf "$out"
mkdir -p "$out"
skip() {
	echo "benchexec: skipped: $1"
	echo "benchexec: 0 passed, 0 failed"
	exit 0
}

python=$(command -v /usr/bin/python3 || command -v python3) || skip 'python3 is not here'
if ! "$python" -m benchexec.benchexec --version > "$out/version" 2> "$out/found"; then
	"$python" -m venv "$out/venv" > "$out/found" 2>&1 &&
		"$out/venv/bin/pip" install --quiet --retries 0 --timeout 20 "benchexec==$newest" \
			> "$out/found" 2>&1 || skip 'neither this machine nor a package index has BenchExec'
	python=$out/venv/bin/python3
	"$python" -m benchexec.benchexec --version > "$out/version" 2> "$out/found" ||
		skip 'BenchExec does not begin'
fi
tools=
for version in 14 19; do
	! command -v clang-$version > "$out/found" || tools="$tools $version"
done
[ "$tools" ] || skip 'clang is not here'

"$drill" gen --quiet --level smoke --world model --tasks --out "$out/tasks" > "$out/said" 2>&1 && good ||
	bad gen "$out/said"
sets='<includesfile>sets/lockdrill-wdm-CancelSpinlockRelease.set</includesfile>'
[ "${1:-}" != --all ] || sets='<includesfile>sets/lockdrill-*Release.set</includesfile>'

# points RESULTS: "number points" of each run, by its status and BenchExec's category.
points() {
	bzip2 -dc "$1" | awk '
		function value(text) { sub(/.*value="/, "", text); sub(/".*/, "", text); return text }
		/<run / { name = $0; sub(/.* name="[^"]*\//, "", name); sub(/\.yml".*/, "", name); name += 0 }
		/title="status"/ { status = value($0) }
		/title="category"/ { category = value($0) }
		/<\/run>/ {
			holds = status ~ /^true/
			right = holds ? 2 : 1
			wrong = holds ? -32 : -16
			print name, category == "correct" ? right : category == "wrong" ? wrong : 0
		}' | sort -n
}

# own DB: the same of our answers and labels.
own() {
	sed 's/^{"id":"\([^"]*\)".*"ladder":"[^"]*","family":"[^"]*","verdict":"\([a-z]*\)".*/\1|\2/' \
		"$out/tasks/manifest.jsonl" | sort > "$out/labels"
	sqlite3 "$1" 'SELECT id, number, state FROM answers JOIN cases USING (number) WHERE state != "not-run"' |
		sort | join -t '|' - "$out/labels" | awk -F '|' '{
			right = $3 == $4
			print $2, $3 == "pass" ? (right ? 2 : -32) : $3 == "violation" ? (right ? 1 : -16) : 0
		}' | sort -n
}

for version in $tools; do
	name=clang-$version-analyzer-model
	[ "$version" = 19 ] || name=clang-analyzer-model
	cat > "$out/tasks/tool.xml" << END
<?xml version="1.0"?>
<!DOCTYPE benchmark PUBLIC "+//IDN sosy-lab.org//DTD BenchExec benchmark 2.3//EN"
  "https://www.sosy-lab.org/benchexec/benchmark-2.3.dtd">
<benchmark tool="lockdrill.adapter" timelimit="60 s" hardtimelimit="70 s">
  <option name="--adapter">$here/oracle/adapters/$name.yaml</option>
  <option name="--include">$here/include/world/windows/model</option>
  <rundefinition name="unreach-call"><propertyfile>properties/unreach-call.prp</propertyfile></rundefinition>
  <tasks name="all">$sets</tasks>
</benchmark>
END
	(cd "$out/tasks" && PYTHONPATH="$here/oracle/examples/benchexec${PYTHONPATH:+:$PYTHONPATH}" \
		"$python" -m benchexec.benchexec --no-container -N 2 -o "$out/$name/" tool.xml) > "$out/said" 2>&1
	results=$(ls "$out/$name/"*.results.*.xml.bz2 2> "$out/found") && good ||
		bad "$name: no results" "$out/said"
	score=$(sed -n 's/^ *Score: *\(-*[0-9]*\) .*/\1/p' "$out/said")
	"$drill" import --level smoke --manifest "$out/tasks/manifest.jsonl" --db "$out/$name.db" \
		--checker "$name" "$results" > "$out/imported" 2>&1 && good || bad "$name: import" "$out/imported"
	grep -q "in BenchExec's categories correct" "$out/imported" && good ||
		bad "$name: categories" "$out/imported"
	points "$results" > "$out/theirs"
	own "$out/$name.db" > "$out/ours"
	[ -s "$out/theirs" ] && cmp -s "$out/theirs" "$out/ours" && good || {
		diff "$out/theirs" "$out/ours" > "$out/differ"
		bad "$name: points case by case" "$out/differ"
	}
	sum=$("$drill" score --wide "$out/$name.db" | awk '
		$1 == "checker" { for (i = 1; i <= NF; i++) if ($i == "points") at = i }
		at && $1 ~ /^clang/ { print $at; exit }')
	[ -n "$score" ] && [ "$score" = "$sum" ] && good || bad "$name: $score points by BenchExec, $sum by us"
	echo "benchexec: $(sed 's/^[^ ]* //' "$out/version"), $name: $(grep -c . "$out/ours") tasks, $sum points"
done

# A task that expects something else is of another version.
bzip2 -dc "$results" | sed 's/\(expectedVerdict=\)"true"/\1"no"/; s/\(expectedVerdict=\)"false"/\1"true"/
	s/\(expectedVerdict=\)"no"/\1"false"/' > "$out/other.xml"
"$drill" import --level smoke --manifest "$out/tasks/manifest.jsonl" --db "$out/other.db" --checker other \
	"$out/other.xml" > "$out/said" 2>&1
[ $? = 2 ] && grep -q 'of another version' "$out/said" && [ ! -e "$out/other.db" ] && good ||
	bad 'another version' "$out/said"
# A run that is gone is not answered, and is told.
bzip2 -dc "$results" | awk '
	/<run / && !done { inside = 1 }
	!inside
	/<\/run>/ && inside { inside = 0; done = 1 }' > "$out/less.xml"
"$drill" import --level smoke --manifest "$out/tasks/manifest.jsonl" --db "$out/less.db" --checker less \
	"$out/less.xml" > "$out/said" 2>&1
own "$out/less.db" > "$out/ours"
[ "$(grep -c . "$out/ours")" = "$(($(grep -c . "$out/theirs") - 1))" ] && good || bad 'a run less is not seen'

echo "benchexec: $passed passed, $failed failed"
[ $failed = 0 ]
