#!/bin/sh
# The page of scores, from outside: it is well-formed, refers to nothing outside itself, its links lead to
# what is there, it is no larger than said, the same each time, and its cases are those that `wrong` tells;
# the page of two runs; certificates; and what is refused. Prints what fails, and a count.
set -u
cd "$(dirname "$0")/.."
. ci/checks.sh
begin_in report

# well_formed NAME FILE
well_formed() {
	if xmllint --noout "$2" 2> stderr; then good; else bad "$1 is well-formed" stderr; fi
}

# words PAGE PATTERN: what stands between the quotes of attributes like href="#...", sorted.
words() {
	grep -o " $2\"[^\"]*\"" "$1" | sed 's/^[^"]*"//; s/"$//' | sort
}

# dangling PAGE: links within it without their element, ids that are there twice.
dangling() {
	words "$1" 'id=' > ids
	uniq -d ids
	words "$1" 'href=' | sed -n 's/^#//p' | sort -u | comm -23 - ids
}

# outside PAGE: what a browser would fetch. Namespaces and the links of contents are none.
outside() {
	grep -noE -e '(src|href|action|data|poster|srcset|manifest)="[^#"][^"]*"' \
		-e 'url\([^)]*\)|@import[^;]*|xlink:href' "$1" | grep -vE ':href="data:,"$' || :
}

# Each check must be able to fail.
cat > broken.html << 'END'
<html><body><a href="#nowhere" id="twice">a</a>
<p id="twice"><img src="http://example.org/x.png"/></p></body></html>
END
prints 'a link that leads nowhere is seen, and an id that is there twice' 'twice nowhere' \
	sh -c 'echo "$0"' "$(dangling broken.html | tr '\n' ' ' | sed 's/ $//')"
prints 'what is outside is seen' 1 sh -c 'echo "$0" | grep -c example.org' "$(outside broken.html)"
with_xml=
xmllint --version > stdout 2>&1 && with_xml=yes
[ "$with_xml" ] || echo 'report: no xmllint here: XML is not read back'
echo '<p>' > broken.xml
[ -z "$with_xml" ] || { xmllint --noout broken.xml 2> stderr && bad 'what is no XML is seen'; }

"$drill" run --quiet --level smoke --db smoke.db --checker always-pass --checker count-calls \
	--checker coin
page="$drill score smoke.db --format html"
$page > smoke.html
$page > again.html
if cmp -s smoke.html again.html; then good; else bad 'the same answers give the same bytes'; fi
[ -z "$with_xml" ] || well_formed 'the page' smoke.html
prints 'links' '' dangling smoke.html
prints 'nothing is outside' '' outside smoke.html
prints 'its parts' '1 1 1 1 1 1 1 1' sh -c '
	for part in scores points ladder shapes extent time lists cases; do
		grep -c "<section id=\"$part\"" smoke.html; done |
		tr "\n" " " | sed "s/ $//"'
prints 'a drawing has a text alternative' "$(grep -c '<svg ' smoke.html)" \
	grep -c '<svg [^>]*role="img" aria-label="[^"]' smoke.html
prints 'a head of a table has a scope' '' sh -c 'grep -o "<th[ >][^>]*>" smoke.html | grep -v scope= || :'

# A cell that is a link leads to a list, the list to cases, and a case is one that wrong tells.
for checker in always-pass count-calls coin; do
	"$drill" wrong smoke.db --checker $checker --json |
		sed 's/.*"id": *"\([^"]*\)".*/\1/' | sort > $checker.wrong
done
place=$("$drill" score smoke.db --format csv |
	awk -F , '$6 == "count-calls" && $13 == "place=heap" { print $18 + $19 }')
prints 'the numbers of a list' "$place" sh -c '
	sed -n "/<h3>place=heap</,/<\/section>/p" smoke.html |
	sed -n "s/.*>count-calls: \([0-9]*\) of [0-9]* wrong.*/\1/p"'
grep -o '<h4 id="c[0-9]*">[0-9a-f]*' smoke.html | sed 's/.*>//' | sort > shown
prints 'there are cases' 1 sh -c '[ "$(grep -c . shown)" -gt 50 ] && echo 1'
prints 'a case that is shown is wrong' '' sh -c 'cat *.wrong | sort -u | comm -13 - shown'
sed -n '/<h4 id=/s/.*>\([0-9a-f]\{32\}\).*/\1/p
	/<strong>/s/.*<strong>\([a-z-]*\)<.*/\1/p' smoke.html |
	awk 'length($0) == 32 { id = $0; next } { print id, $0 }' | sort > said
for checker in always-pass count-calls coin; do sed "s/$/ $checker/" $checker.wrong; done | sort > told
prints 'who is said to be wrong is' '' comm -23 said told
# sizes: id and size of what count-calls answers wrongly, smallest first.
"$drill" wrong smoke.db --checker count-calls --json |
	sed 's/.*"id": *"\([^"]*\)".*"size": *\([0-9]*\).*/\1 \2/' > sizes
awk 'NR == FNR { shown[$1]; next } !smallest { smallest = $2 }
	$2 == smallest && $1 in shown' shown sizes > small
if [ -s small ]; then good; else bad 'a case as small as the smallest is shown' sizes; fi

# The commands of a case do what they say, and its listing is what show prints.
id=$(head -1 shown)
sed -n "/lockdrill show $(echo "$id" | cut -c 1-12)/,/<\/pre>/p" smoke.html |
	sed 's/<[^>]*>//g; s/^lockdrill//; /^$/d' > commands
prints 'two commands' 2 grep -c . commands
while read -r command; do
	# shellcheck disable=SC2086 # a list of words
	if "$drill" $command > stdout 2> stderr; then good; else bad "lockdrill $command" stdout stderr; fi
done < commands
name=$("$drill" score case-*.db --format csv | sed -n 2p | cut -d , -f 6)
exits 'asked again, it is as wrong' 0 "$id" "$drill" wrong case-*.db --checker "$name"
"$drill" show "$id" --db smoke.db | sed -n 's/^ *\([0-9]*\) | \(.*\)/\2/p' > lines
sed 's/<pre [^>]*>//; s/<\/*\(b\|del\|ins\|mark\|em\)>//g
	s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g' smoke.html |
	cut -c 13- > plain
prints 'the listing has the lines of show' '' sh -c 'grep -vxFf plain lines | grep . || :'

# parts of a level, views
for options in '--view declared' '--view settled' '--rule SpinLockRelease' '--checker coin' '--sample 20' \
	'--reading slic7600' '--ladder loops'; do
	# shellcheck disable=SC2086 # a list of words
	exits "a page with $options" 0 '<title>' $page $options
	mv stdout part.html
	[ -z "$with_xml" ] || well_formed "the page with $options" part.html
	prints "links with $options" '' dangling part.html
done

# ten checkers on the standard level, of whom each is wrong in its own way and has something to say
"$drill" run --quiet --level standard --db standard.db --checker coin
for checker in 0 1 2 3 4 5 6 7 8 9; do
	echo "INSERT INTO runs SELECT 100 + $checker, tool, adapter, 'a-checker-with-a-long-name-$checker',
		key, arguments, limits, world_hash, containment, repeats, why_not, finished, seconds
		FROM runs WHERE run < 100;
	INSERT INTO answers SELECT 100 + $checker, number, 0,
		CASE WHEN number * ($checker + 3) % 10 < $checker = (verdict = 'pass')
			THEN 'violation' ELSE 'pass' END,
		0.001, 0, 0, 0, 0, NULL, '[]', NULL, printf('%060d', number) FROM expectations WHERE headline;"
done > made.sql
echo 'DELETE FROM answers WHERE run < 100; DELETE FROM runs WHERE run < 100;' >> made.sql
{ echo 'BEGIN;' && cat made.sql && echo 'COMMIT;'; } | sqlite3 standard.db
"$drill" score standard.db --format html > standard.html
size=$(wc -c < standard.html)
if [ "$size" -lt 1000000 ]; then good; else bad "ten checkers on standard: $size bytes"; fi
[ -z "$with_xml" ] || well_formed 'the page of ten checkers' standard.html
prints 'links of ten checkers' '' dangling standard.html
prints 'each list leads to a case' '' sh -c 'grep "<li id=\"f" standard.html | grep -v "href=\"#c" || :'

# two runs
cp smoke.db after.db
sqlite3 after.db "UPDATE answers SET state = 'violation',
	findings = '[{\"kind\":\"missing-release\",\"line\":3}]'
	WHERE number % 7 = 0 AND run = (SELECT run FROM runs WHERE checker = 'always-pass')"
compare="$drill compare smoke.db after.db"
exits 'two runs' 1 '<title>' $compare --format html
mv stdout compare.html
$compare --format html > again.html
if cmp -s compare.html again.html; then good; else bad 'the same runs give the same bytes'; fi
[ -z "$with_xml" ] || well_formed 'the page of two runs' compare.html
prints 'links of two runs' '' dangling compare.html
prints 'nothing is outside, of two runs' '' outside compare.html
prints 'the counts of two runs' "$($compare | awk '$1 == "always-pass" { print $4, $5, $6 }')" sh -c '
	sed -n "s|.*<th scope=\"row\">always-pass</th><td>-</td><td>-</td>\(.*\)</tr>|\1|p" compare.html |
	sed "s|</td><td>| |g; s|<td>||" | cut -d " " -f 1-3'
exits 'runs that are the same' 0 'Nothing changed' "$drill" compare smoke.db smoke.db --format html

# certificates
exits 'a certificate' 0 '^always-pass: CancelSpinlockRelease none, .*; suite .*, level smoke, 200 of its' \
	"$drill" score smoke.db --certificate
prints 'a line a checker' 3 sh -c 'grep -c . stdout'
"$drill" score smoke.db --certificate --checker coin --format svg > badge.svg
[ -z "$with_xml" ] || well_formed 'the badge' badge.svg
# A checker that is right up to loops in one rule, and misses one case above.
"$drill" gen --quiet --level smoke --out cases
sed 's/,"readings".*//
	s/^{"id":"\([^"]*\)".*"rule":"\([^"]*\)"/\1 \2 /
	s/ ,.*"ladder":"\([^"]*\)".*"verdict":"\([a-z]*\)".*/ \1 \2/' \
	cases/manifest.jsonl | awk '
	{ if ($2 == "SpinlockRelease" && $3 == "several-locks" && $4 == "violation" && !missed++) $4 = "pass"
	  printf "{\"id\":\"%s\",\"verdict\":\"%s\"}\n", $1, $4 }' > climber.jsonl
"$drill" import --quiet --level smoke --manifest cases/manifest.jsonl --db climber.db --checker climber \
	climber.jsonl
exits 'as high as it climbs' 0 ', SpinLockRelease aliases, SpinlockRelease loops, WdfSpinlockRelease al' \
	"$drill" score climber.db --certificate

# what is refused
score="$drill score smoke.db"
exits 'a badge of several checkers' 2 'a badge is of one checker: give --checker NAME' \
	$score --certificate --format svg
exits 'svg of something else' 2 'svg is the badge of --certificate' $score --format svg
exits 'html of something else' 2 'html does nothing beside' $score --format html --certificate
exits 'two tables' 2 'one table each: give one' $score --certificate --wide
echo text > text.db
exits 'no database' 2 'text.db: error: ' "$drill" score text.db --format html
exits 'one that is not there' 2 'none.db: error: ' "$drill" score none.db --format html
cp smoke.db other.db
sqlite3 other.db "UPDATE level SET suite = '0'"
exits 'a page of another suite' 2 'is another here: it was made by another lockdrill' \
	"$drill" score other.db --format html
prints 'of which nothing is printed' 0 sh -c 'grep -c . stdout || :'
mkdir -p data/templates/report
printf '@begin links\n@{nothing}\n@end\n' > data/templates/report/scores.html
exits 'a template with a slot that is none' 2 "scores.html:2:3: error: there is no slot 'nothing' here" \
	$page --data data
printf '@begin pair\n' > data/templates/report/pair.html
exits 'a template that does not end' 2 'pair.html:1:1: error: this section is not closed by @end' \
	$page --data data
printf '@begin page\n<p>@{title}</p>\n@end\n' > data/templates/report/frame.html
rm data/templates/report/scores.html
rm data/templates/report/pair.html
prints 'a template of a user' '<p>lockdrill: scores on smoke</p>' $page --data data
exits 'a disk that is full' 2 'cannot write the results' \
	sh -c '"$0" score smoke.db --format html > /dev/full' "$drill"

echo "report: $passed passed, $failed failed"
[ $failed = 0 ]
