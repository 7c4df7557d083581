#!/bin/sh
# Formats of score and compare, from outside: what CSV, JUnit XML, SARIF and JSON list is what is counted,
# a line is that of the file, and what cannot be read is refused in each of them. Prints what fails, and a
# count.
set -u
cd "$(dirname "$0")/.."
. ci/checks.sh
begin_in formats

# well_formed FILE: where there is xmllint; else it says so.
well_formed() {
	if [ -z "$with_xml" ]; then
		grep -q '</testsuites>' "$1"
	else
		xmllint --noout "$1" 2> stderr
	fi
}
with_xml=
xmllint --version > stdout 2>&1 && with_xml=yes
[ "$with_xml" ] || echo "formats: no xmllint here: XML is not read back"

# Each check must be able to fail.
prints self one echo two > self.txt
exits self 2 nothing true >> self.txt
same self stdout no-such-file >> self.txt
echo '<a></b>' > self.xml
well_formed self.xml || bad self >> self.txt
[ $failed = 4 ] && [ $passed = 0 ] || { echo "the checks do not fail when they should"; exit 1; }
failed=0

"$drill" run --quiet --level smoke --checker always-pass --checker count-calls --db before.db
cp before.db cases.db
sqlite3 cases.db "UPDATE answers SET state = 'timeout', findings = '[]', why = 'no <end> & \"more\"'
	WHERE number % 11 = 3 AND run = (SELECT run FROM runs WHERE checker = 'count-calls')"
for format in table csv md junit sarif json; do
	"$drill" score cases.db --format $format > cases.$format 2> stderr || bad "score --format $format" stderr
done

# CSV: the counts are those of the database
# total COLUMNS CHECKER: the sum of these columns in its row of all cases.
total() {
	awk -F , -v names="$1" -v checker="$2" '
		NR == 1 { for (i = 1; i <= NF; i++) if (index(" " names " ", " " $i " ")) wanted[i]; next }
		$6 == checker && $12 == "total" { for (i in wanted) sum += $i; print sum }' cases.csv
}
asked() { # OUTCOME STATE CHECKER
	sqlite3 cases.db "SELECT count(*) FROM answers JOIN runs USING (run) JOIN expectations USING (number)
		WHERE headline AND verdict = '$1' AND state = '$2' AND checker = '$3'"
}
for checker in always-pass count-calls; do
	prints "CSV: counts of $checker" "$(asked violation violation $checker) $(asked violation pass $checker) \
$(asked pass violation $checker) $(asked pass pass $checker) $(asked violation timeout $checker)" \
		echo "$(total tp $checker) $(total fn $checker) $(total fp $checker) $(total tn $checker)" \
		"$(total unanswered_violations $checker)"
done
prints 'CSV: a line has as many fields as another' 1 \
	sh -c 'awk -F , "{ print NF }" cases.csv | sort -u | grep -c .'
prints 'CSV: a rate that is not defined is empty' 0 sh -c 'grep -ci ",-*nan" cases.csv || :'
for options in '--view declared' '--view settled' '--rule SpinLockRelease' '--checker count-calls'; do
	# shellcheck disable=SC2086 # a list of words
	prints "CSV: columns with $options" "$(head -1 cases.csv)" \
		sh -c "'$drill' score cases.db --format csv $options | head -1"
done

# JUnit
for checker in always-pass count-calls; do
	cases=$(total cases $checker) wrong=$(total 'fn fp' $checker) none=$(total unanswered $checker)
	sed -n "/<testsuite name=\"$checker\"/,/<\/testsuite>/p" cases.junit > suite.junit
	prints "JUnit: the totals of $checker" \
		"tests=\"$cases\" failures=\"$wrong\" errors=\"$none\" skipped=\"0\"" \
		sed -n 's/.*<testsuite name="[^"]*" \(.*\)>/\1/p' suite.junit
	prints "JUnit: the cases of $checker" "$cases $wrong $none" \
		sh -c 'echo $(grep -c "<testcase " suite.junit) \
		$(grep -c "<failure " suite.junit) $(grep -c "<error " suite.junit)'
done
if well_formed cases.junit; then good; else bad 'JUnit is well-formed XML' stderr; fi
sed '$d' cases.junit > broken.junit
if well_formed broken.junit; then bad 'XML without its end is seen'; else good; fi

# repeated FILE: lines in which one expected finding is said twice, as two locks held at one end would be.
repeated() { grep -cE '([a-z-]+ on line [0-9]+)(, or [^)]*)?, or \1[,)]' "$1" || :; }
echo 'expected violation (missing-release on line 4, or missing-release on line 4)' > twice.txt
prints 'what is said twice is seen' 1 repeated twice.txt
for format in junit sarif; do
	prints "each expected finding is said once, as $format" 0 repeated cases.$format
done

# SARIF
prints 'SARIF: violating cases that always-pass passes' "$(total fn always-pass)" \
	grep -c '"ruleId": "missed-violation".*always-pass: expected' cases.sarif
prints 'SARIF: cases without an answer' "$(total unanswered count-calls)" \
	grep -c '"ruleId": "no-answer".*answered timeout: no <end> & \\"more\\"' cases.sarif
# The first finding of each violating case in the manifest of gen: file and line.
"$drill" gen --quiet --level smoke --out placed
start='.*"file":"\([^"]*\)","helpers_file":\([^,]*\),.*'
sed 's/,"readings".*//' placed/manifest.jsonl |
	sed -n "s/$start"'"verdict":"violation","findings":\[\({[^}]*}\).*/\1 \2 \3/p' |
	sed 's/"//g; s/{.*,line:\([0-9]*\),.*in_helpers:\([a-z]*\).*/\1 \2/' |
	awk '{ print $4 == "true" ? $2 : $1, $3 }' | sort > manifest.lines
sed -n 's/.*always-pass: expected.*"uri": "\([^"]*\)".*"startLine": \([0-9]*\).*/\1 \2/p' cases.sarif |
	sort > sarif.lines
prints 'all violating cases have a line' 100 sh -c 'grep -c . < manifest.lines'
same 'SARIF: lines are those of the manifest' manifest.lines sarif.lines
if grep -q helpers.c sarif.lines; then good; else bad 'SARIF: a line in a second file' sarif.lines; fi
cp cases.db other.db
sqlite3 other.db "UPDATE level SET suite = '0'"
prints 'SARIF: of another suite no line is known' 0 \
	sh -c "'$drill' score other.db --format sarif | grep -c startLine || :"

# what is refused, in each format
echo text > text.db
head -c 20000 before.db > cut.db
cp before.db gone.db
sqlite3 gone.db 'DELETE FROM cases WHERE number = 7'
cp before.db kind.db
sqlite3 kind.db "UPDATE findings SET kind = 'no-such-kind' WHERE number = (SELECT max(number) FROM findings)"
cp before.db levels.db
sqlite3 levels.db 'INSERT INTO level SELECT * FROM level'
cp before.db void.db
sqlite3 void.db "UPDATE runs SET why_not = 'void: a | <canary> & \"more\"'"
for format in table csv md junit sarif json; do
	score="$drill score --format $format"
	for name in text missing cut gone kind levels; do
		exits "a database that is broken, as $format: $name" 2 "$name.db: error: " $score $name.db
	done
	exits "a checker that is not there, as $format" 2 \
		"no checker 'coin' is in the database; there are: always-pass count-calls" \
		$score before.db --checker coin
	exits "a rule that is not there, as $format" 2 'there are: ' $score before.db --rule NoSuchRule
	exits "a run that is void, as $format" 2 'this is no score' $score void.db
	if grep -q canary stdout; then good; else bad "why a run is void, as $format" stdout; fi
done

# compare
sqlite3 cases.db "UPDATE answers SET state = 'violation',
	findings = '[{\"kind\":\"missing-release\",\"line\":3}]'
	WHERE number % 7 = 0 AND run = (SELECT run FROM runs WHERE checker = 'always-pass')"
cp cases.db after.db
compare="$drill compare before.db after.db"
for format in table md junit json; do
	exits "compare: a regression as $format" 1 always-pass $compare --format $format
	mv stdout compare.$format
	exits "compare: no regression as $format" 0 always-pass \
		"$drill" compare after.db after.db --format $format
	exits "compare: no database, as $format" 2 'no.db: error: cannot open' \
		"$drill" compare no.db after.db --format $format
	exits "compare: broken, as $format" 2 'cut.db: error: ' "$drill" compare before.db cut.db --format $format
	exits "compare: a run that is void, as $format" 2 'no answers that count' \
		"$drill" compare before.db void.db --format $format
done
"$drill" score after.db --format junit > after.junit
# counts CHECKER: newly wrong, newly right, changed, as the table has them.
counts() { awk -v checker="$1" '$1 == checker { print $4, $5, $6 }' compare.table; }
for checker in always-pass count-calls; do
	prints "compare: Markdown has the counts of $checker" "$(counts $checker)" \
		sed -n "s/^| $checker | - | - | \([0-9]*\) | \([0-9]*\) | \([0-9]*\) |.*/\1 \2 \3/p" compare.md
	sed -n "/<testsuite name=\"$checker\"/,/<\/testsuite>/p" compare.junit > suite.junit
	wrong=$(counts $checker | cut -d ' ' -f 1)
	skipped=$(grep -c '<skipped ' suite.junit)
	prints "compare: JUnit has the counts of $checker" \
		"tests=\"200\" failures=\"$wrong\" errors=\"0\" skipped=\"$skipped\"" \
		sed -n 's/.*<testsuite name="[^"]*" \(.*\)>/\1/p' suite.junit
	prints "compare: the tests of $checker" "200 $wrong" \
		sh -c 'echo $(grep -c "<testcase " suite.junit) \
			$(grep -c "<failure type=\"newly-wrong\"" suite.junit)'
	# What is skipped is what score says is wrong, but for what is newly so.
	prints "compare: what is wrong is not passed: $checker" \
		"$(sed -n "/<testsuite name=\"$checker\"/,/<\/testsuite>/p" after.junit |
			grep -c -e '<failure ' -e '<error ')" echo $((skipped + wrong))
done
if well_formed compare.junit; then good; else bad 'compare: JUnit is well-formed XML' stderr; fi
# What became wrong is accepted, and then mended.
$compare --format md --limit 1000 > compare.md
{
	printf 'known-wrong\t%s\n' "$(sqlite3 after.db 'SELECT suite FROM level')"
	sed -n '/^newly-wrong/,/^newly-right/p' compare.md |
		sed -n 's/^- `\([^`]*\)` \([^,]*\),.*; now: \([a-z-]*\).*/\1\t\2\t\3/p' | LC_ALL=C sort
} > known-wrong
accepted=$(sed 1d known-wrong | grep -c .)
exits 'compare: accepted, as JUnit' 0 'failures="0"' $compare --known known-wrong --format junit
prints 'compare: all of them are skipped' "$accepted" grep -c '<skipped message="xfail: expected' stdout
mended="$drill compare before.db before.db --known known-wrong --format junit"
exits 'compare: mended, as JUnit' 0 '<testsuites' $mended
if grep -q xpass stdout; then bad 'compare: mended is no failure' stdout; else good; fi
exits 'compare: mended, strictly, as JUnit' 1 'failure type="xpass"' $mended --strict
prints 'compare: each of them is a failure' "$accepted" grep -c '<failure type="xpass"' stdout

echo "formats: $passed passed, $failed failed"
[ $failed = 0 ]
