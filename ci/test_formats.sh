#!/bin/sh
# Formats of score and compare, from outside: what CSV, JUnit XML, SARIF and JSON list is what is counted,
# a line is that of the file, and what cannot be read is refused in each of them. Prints what fails, and a
# count.
set -u
cd "$(dirname "$0")/.."
drill=$PWD/build/lockdrill
out=$PWD/build/formats
. ci/checks.sh
rm -rf "$out"
mkdir -p "$out"
cd "$out" || exit 1

# prints NAME EXPECTED COMMAND...: exit status 0 and exactly this on stdout.
prints() {
	name=$1 expected=$2
	shift 2
	if got=$("$@" 2> stderr) && [ "$got" = "$expected" ]; then good; else
		echo "$got" > stdout
		bad "$name" stdout stderr
	fi
}

# exits NAME STATUS PATTERN COMMAND...: that exit status, and the pattern on stdout, or for 2 on stderr.
exits() {
	name=$1 wanted=$2 pattern=$3 where=stdout
	shift 3
	[ "$wanted" != 2 ] || where=stderr
	"$@" > stdout 2> stderr
	status=$?
	if [ $status = "$wanted" ] && grep -q -- "$pattern" $where; then good; else
		bad "$name: exit status $status" stdout stderr; fi
}

same() {
	if cmp -s "$2" "$3" 2> stderr; then good; else bad "$1" stderr; fi
}

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
cp before.db void.db
sqlite3 void.db "UPDATE runs SET why_not = 'void: a | <canary> & \"more\"'"
for format in table csv md junit sarif json; do
	score="$drill score --format $format"
	for name in text missing cut gone kind; do
		exits "a database that is broken, as $format: $name" 2 "$name.db: error: " $score $name.db
	done
	exits "a checker that is not there, as $format" 2 "'coin' is not in the database" \
		$score before.db --checker coin
	exits "a rule that is not there, as $format" 2 'there are: ' $score before.db --rule NoSuchRule
	exits "a run that is void, as $format" 2 'this is no score' $score void.db
	if grep -q canary stdout; then good; else bad "why a run is void, as $format" stdout; fi
done
echo "formats: $passed passed, $failed failed"
[ $failed = 0 ]
