#!/bin/sh
# The book, from outside: links lead to what is there, also from page to page; every pair of the core is in it
# with what answers.txt says; each step has its lessons and exercises, whose code and answers are those that
# gen writes; nothing about an exercise tells its answer; the same bytes each time; with and without dot; what
# is refused. Prints what fails, and a count. In a browser ci/test_pages.sh opens it.
set -u
cd "$(dirname "$0")/.." || exit 2
drill=$PWD/build/lockdrill
core=$PWD/suite/core
out=$PWD/build/book-test
. ci/checks.sh
rm -rf "$out"
mkdir -p "$out"
cd "$out" || exit 1

# exits NAME STATUS PATTERN COMMAND...: that exit status, and the pattern in what is printed.
exits() {
	name=$1 wanted=$2 pattern=$3
	shift 3
	"$@" > stdout 2> stderr
	status=$?
	if [ $status = "$wanted" ] && grep -q -e "$pattern" stdout stderr; then good; else
		bad "$name: exit status $status" stdout stderr; fi
}

# same NAME EXPECTED GOT: two files, of which the first one is not empty.
same() {
	if [ -s "$2" ] && cmp -s "$2" "$3"; then good; else
		diff "$2" "$3" | head -4 > differs
		bad "$1" differs
	fi
}

# dangling DIRECTORY: links of its pages to no file, or to no element; ids that are there twice.
dangling() {
	for page in "$1"/*.html; do
		name=${page##*/}
		grep -o ' id="[^"]*"' "$page" | sed "s/^ id=\"/$name#/; s/\"\$//"
		echo "$name"
	done | sort > ids
	uniq -d ids
	for file in "$1"/*.css "$1"/*.js; do echo "${file##*/}"; done >> ids
	sort -u -o ids ids
	for page in "$1"/*.html; do
		grep -oE ' (href|data-answer)="[^"]*"' "$page" | sed 's/^[^"]*"//; s/"$//' |
			grep -v -e '^https:' -e '^data:,$' | sed "s/^#/${page##*/}#/"
	done | sort -u | comm -23 - ids
}

# plain: HTML as text.
plain() {
	sed 's/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g' |
		sed "s/&#39;/'/g; s/&apos;/'/g; s/&amp;/\&/g"
}

# Each check must be able to fail.
mkdir broken
echo '<p id="one"><a href="two.html#gone">a</a><a href="none.html">b</a><a href="#no">c</a></p>' \
	> broken/one.html
echo '<p id="x"></p><p id="x"></p>' > broken/two.html
touch broken/a.css broken/a.js
prints 'a link that leads nowhere is seen, and an id that is there twice' \
	'two.html#x none.html one.html#no two.html#gone' \
	sh -c 'echo "$0"' "$(dangling broken | tr '\n' ' ' | sed 's/ $//')"

exits 'a book' 0 '^book: 24 pages, 5 rules, 141 pairs, 21 lessons, 35 exercises, 12 questions$' \
	"$drill" book --out book --seed 1
dangling book > dangling
if [ ! -s dangling ]; then good; else bad 'links' dangling; fi
"$drill" book --quiet --out again > stdout
if diff -r book again > differs; then good; else bad 'the same bytes each time' differs; fi
"$drill" book --quiet --out other --seed 2 > stdout
if cmp -s book/step-1.html other/step-1.html || cmp -s book/quiz.html other/quiz.html; then
	bad 'another seed, another course'; else good; fi
if cmp -s book/SpinlockRelease.html other/SpinlockRelease.html; then good; else
	bad 'another seed, the same rules'; fi
if xmllint --version > stdout 2>&1; then
	for page in book/*.html; do
		if xmllint --noout "$page" 2> stderr; then good; else bad "$page is well-formed" stderr; fi
	done
else
	echo 'book: no xmllint here: XML is not read back'
fi
grep -l -e '<!--' -e 'http-equiv' -e ' src="http' -e '@import' -e 'fetch(' \
	book/*.html book/*.js book/*.css > found
if [ ! -s found ]; then good; else bad 'something comes from elsewhere, or a comment of dot is kept' found; fi

# Every pair of the core, with its sentence, files, and what is expected of the wrong one.
# "SpinlockRelease 001 never-released|missing-release, lock a, line 25 (or 22, 24)|..."
awk '/^[A-Z][A-Za-z]*\/[0-9][0-9][0-9]  / {
		if (pair) print pair
		split($1, at, "/")
		pair = at[1] " " at[2] " " $2 }
	/^  [0-9-]*[ab]\.c: / { reading = 0 }
	/^    reading / { reading = 1 }
	/^    [a-z-]*, line / && !reading {
		kind = $1; sub(/,$/, "", kind)
		line = $0; sub(/^[^,]*, /, "", line); sub(/, lock.*/, "", line)
		sub(/ of the helpers/, " of the second file", line)
		lock = $0; sub(/.*, lock /, "lock ", lock); sub(/,.*/, "", lock)
		pair = pair "|" kind ", " lock ", " line }
	END { print pair }' "$core/answers.txt" | sort > expected
for page in book/*Release.html; do
	rule=${page##*/}
	awk -v rule="${rule%.html}" '
		/^<details class="pair">/ { name = "" }
		/^<summary><h4>/ { name = $0; sub(/^<summary><h4>/, "", name); sub(/<.*/, "", name); pair = "" }
		/^<div id="p[0-9]*">/ { number = substr($0, 11, 3); pair = rule " " number " " name }
		/^<p><strong>.*<\/strong>/ && pair {
			text = $0; sub(/^<p><strong>/, "", text); sub(/<\/strong>.*/, "", text); pair = pair "|" text }
		/^<\/details>/ { print pair }' "$page"
done | sort > got
same 'every pair of the core, with its findings' expected got
sed -n 's/^reason  *//p' "$core/cases.txt" | sort > expected
sed -n 's/^<summary><h4>[^<]*<\/h4> \(.*\)<\/summary>/\1/p' book/*Release.html | plain | sort > got
same 'every sentence of the core' expected got
sed -n 's/^<figure><figcaption>[A-Z][a-z]*: \([A-Za-z/0-9-]*\.c\)<.*/\1/p' book/*Release.html | sort > got
(cd "$core" && ls ./*/*-[ab].c) | sed 's/^\.\///' | sort > expected
same 'every file of the core' expected got
# The lines beside each other are those of the files.
wrong='<figcaption>Wrong: SpinlockRelease\/006'
awk "/$wrong/ { on = 1; next } /<\/pre>/ { on = 0 } on" book/SpinlockRelease.html |
	sed 's/^<pre[^>]*>//' | plain | sed -n 's/^ *\([0-9][0-9]*\) ...\(.*\)/\1:\2/p' > there
grep "$wrong" book/SpinlockRelease.html | grep -o '006-[ab]' > which
grep -n '' "$core/SpinlockRelease/$(cat which).c" | grep -F -x -f there > expected
same 'lines of a pair are those of its file' expected there

# Steps.
for step in 1 2 3 4 5 6 7; do
	prints "step $step has three lessons and five exercises" '3 5 5' sh -c "
		echo \$(grep -c '<h3>Lesson ' book/step-$step.html) \
			\$(grep -c '<article class=\"ask\"' book/step-$step.html) \
			\$(grep -c '^<p class=\"verdict\">' book/step-$step-answers.html)"
done

# exercises PAGE: the number of each, and the lines of its code: "3|25:return STATUS_PENDING;".
exercises() {
	awk '/^<article class="ask"/ { split($0, at, "\""); number = substr(at[4], 2) }
		/^<\/pre>|<\/pre>$/ { on = 0 }
		number && /^<pre tabindex="0">/ { on = 1 }
		on { print number "|" $0 }
		/^<\/article>/ { number = "" }' "$1" | sed 's/|<pre[^>]*>/|/' | plain |
		sed -n 's/^\([0-9]*\)| *\([0-9][0-9]*\)    \{0,1\}\(.*\)/\1|\2:\3/p'
}

# answers PAGE: the number of each, its verdict, and the case that it is: "3|violation: ...|ID".
answers() {
	awk '/^<div id="q[0-9]*">/ { split($0, at, "\""); number = substr(at[2], 2) }
		/^<p class="verdict">/ { verdict = $0; gsub(/<[^>]*>/, "", verdict) }
		/^<p class="hint">/ { name = $0; gsub(/<[^>]*>/, "", name); sub(/.* /, "", name)
			print number "|" verdict "|" name }' "$1"
}

# The cases of all exercises, by gen: verdicts, lines and files.
for step in 1 2 3 4 5 6 7; do answers book/step-$step-answers.html | sed "s/^/$step|/"; done > told
# shellcheck disable=SC2046 # words
"$drill" gen --quiet --level standard --out cases $(sed 's/.*|/--case /' told)
while IFS='|' read -r step number verdict id; do
	grep "^{\"id\":\"$id\"" cases/manifest.jsonl > entry || {
		bad "step $step, $number: no case $id"
		continue
	}
	file=cases/$(sed 's/.*"file":"\([^"]*\)".*/\1/' entry)
	sed 's/.*"family":"[^"]*","verdict":"\([a-z]*\)","findings":\[\(.*\)\],"readings":{.*/\1 \2/' entry |
		sed 's/"statement":[0-9]*,//g; s/"function":"[^"]*",//g
			s/{"kind":"\([^"]*\)","lock":"\(.\)","line":\([0-9]*\),/; \1, lock \2, line \3 /g
			s/"lines":\[\([0-9,]*\)\],"in_helpers":\(true\|false\)}/\2 (or \1)/g
			s/ (or )//g; s/true/of the second file/g; s/ false//g; s/ ; /: /; s/,; /; /g; s/ *$//' |
		sed ':again
			s/\((or [0-9, ]*[0-9]\),\([0-9]\)/\1, \2/
			t again' > expected
	echo "$verdict" > got
	same "step $step, exercise $number: what is right" expected got
	exercises book/step-$step.html | sed -n "s/^$number|//p" > code
	# A second file is numbered by itself.
	helpers=${file%.c}-helpers.c
	{ grep -n '' "$file"; [ ! -e "$helpers" ] || grep -n '' "$helpers"; } > lines
	grep -v -F -x -f lines code > foreign
	if [ "$(grep -c . code)" -gt 10 ] && [ ! -s foreign ]; then good; else
		bad "step $step, exercise $number: its code is that of $id" foreign; fi
done < told
prints 'as many exercises were looked at' 35 sh -c 'grep -c . told'
answers book/quiz-answers.html > told
while IFS='|' read -r number verdict name; do
	file=${name#*/}
	rule=${name%/*}
	[ "$(awk -v file="$file:" -v rule="$rule/" '
		index($0, rule) == 1 { on = 1 } /^[A-Z]/ && index($0, rule) != 1 { on = 0 }
		on && $1 == file { print $2; exit }' "$core/answers.txt")" = "${verdict%%:*}" ] && good ||
		bad "question $number: $name is a $verdict"
	exercises book/quiz.html | sed -n "s/^$number|//p" > code
	grep -n '' "$core/$name" > lines
	helpers=$core/${name%.c}-helpers.c
	[ ! -e "$helpers" ] || grep -n '' "$helpers" >> lines
	grep -v -F -x -f lines code > foreign
	if [ "$(grep -c . code)" -gt 10 ] && [ ! -s foreign ]; then good; else
		bad "question $number: its code is that of $name" foreign; fi
done < told

# About half are correct, on every page.
for page in book/*-answers.html; do
	echo $(sed -n 's/^<p class="verdict"><strong>\([a-z]*\).*/\1/p' "$page" | sort | uniq -c)
done | sort -u > halves
if [ -s halves ] && ! grep -q -v -x -e '[23] pass [23] violation' -e '6 pass 6 violation' halves; then
	good
else
	bad 'correct and violating ones' halves
fi

# Nothing about an exercise tells its answer: without code, rule and the hashes, all are the same text, and
# there are as many hashes for each.
shape() {
	awk '/^<article class="ask"/ { on = 1; text = ""; code = 0 }
		/<pre/ { code = 1 }
		on && !code { text = text $0 }
		/<\/pre>/ { code = 0 }
		/^<\/article>/ && on { print text; on = 0 }' "$1" |
		sed 's/<p>Rule .*[.]<\/p>//; s/step-[0-9]/step-N/; s/data-salt="[0-9a-f]*"/data-salt=""/
			s/data-right="[0-9a-f ]*"/data-right=""/; s/[0-9][0-9]*/N/g'
}
for page in book/step-*[1-7].html; do shape "$page"; done | sort | uniq -c > kinds
prints 'exercises differ in their code alone' '35 1' awk '{ print $1, NR }' kinds
shape book/quiz.html | sort | uniq -c > kinds
prints 'questions differ in their code alone' '12 1' awk '{ print $1, NR }' kinds
for page in book/step-*[1-7].html book/quiz.html; do
	grep -o 'data-right="[^"]*"' "$page" | awk '{ print NF }'
done | sort -u > kinds
prints 'as many hashes for each' 16 cat kinds
awk '/^<article class="ask"/ { on = 1 } on { print } /^<\/article>/ { on = 0 }' \
	book/step-*[1-7].html book/quiz.html |
	grep -n -e '<mark' -e '<b>' -e '<em' -e '<ins' -e '<del' -e 'twin' -e '-acquire' -e 'missing-' > found
if [ ! -s found ]; then good; else bad 'a word or mark that tells' found; fi
sed 's/<pre tabindex="0">/&<mark>/' book/quiz.html | grep -c '<mark' > found
if [ "$(cat found)" -gt 10 ]; then good; else bad 'a mark that tells is not seen'; fi

# dot: with it a drawing a reading, without it tables.
readings=$(grep -c 'class="reading"' book/SpinlockRelease.html)
prints 'a table a reading' "$readings" grep -c 'From each state' book/SpinlockRelease.html
mkdir -p none bad
printf '#!/bin/sh\necho "no fonts" >&2\nexit 3\n' > bad/dot
chmod +x bad/dot
if command -v dot > stdout; then
	prints 'a drawing a reading' "$readings" grep -c '<svg class="automaton" role="img" aria-label="' \
		book/SpinlockRelease.html
else
	echo 'book: skipped: drawings (dot is not here: ci/setup)'
fi
exits 'without dot' 0 'dot (Graphviz) is not here' env PATH="$out/none" "$drill" book --out plain
if grep -q '<svg' plain/*.html; then bad 'a drawing without dot'; else good; fi
prints 'then tables alone' "$readings" grep -c 'From each state' plain/SpinlockRelease.html
exits 'a dot that fails' 2 'bad/dot: error: could not draw an automaton: exit status 3: no fonts' \
	env PATH="$out/bad" "$drill" book --out failed
if [ ! -e failed ]; then good; else bad 'then something is written'; fi

# Parts.
exits 'one rule' 0 '1 rule,' "$drill" book --quiet --rule CancelSpinlockRelease --level smoke --out one
dangling one > dangling
if [ ! -s dangling ]; then good; else bad 'its links' dangling; fi
prints 'its page alone' one/CancelSpinlockRelease.html sh -c 'echo one/*Release.html'
prints 'a step that the rule does not have' 2 grep -c 'no pair of this step' one/step-4.html
mkdir empty
exits 'a directory that is empty' 0 '^empty: ' \
	"$drill" book --quiet --rule WdfSpinlockRelease --level smoke --out empty

# What is refused, and that nothing is written then.
mkdir full
echo mine > full/file
exits 'a directory with something in it' 2 '^full: error: the directory is not empty' \
	"$drill" book --out full
prints 'which stays as it is' file ls full
exits 'no directory' 2 'out DIR is missing' "$drill" book
exits 'a path below a file' 2 '^full/file/x: error: cannot write there' "$drill" book --out full/file/x
exits 'a file' 2 '^full/file: error: cannot write there' "$drill" book --out full/file
exits 'a path below nothing' 2 'cannot make directory nowhere/x' "$drill" book --out nowhere/x
exits 'no such rule' 2 "^--rule: error: there is no rule 'Spin'" "$drill" book --rule Spin --out x
exits 'no such level' 2 "^--level: error: there is no level 'none'" "$drill" book --level none --out x
exits 'a seed that is none' 2 'seed' "$drill" book --seed one --out x
exits 'a word too many' 2 'error: ' "$drill" book --out x more
mkdir -p data/templates/book
printf '@begin index\n@{nothing}\n@end\n' > data/templates/book/pages.html
exits 'a template without a section' 2 "pages.html: error: there is no section 'rule'" \
	"$drill" book --data data --out x
sed 's/@{clauses}/@{clause}/' ../../templates/book/pages.html > data/templates/book/pages.html
exits 'a template with a slot that is none' 2 "pages.html:[0-9]*:3: error: there is no slot 'clause' here" \
	"$drill" book --data data --out x
if [ ! -e x ]; then good; else bad 'something is written though it was refused'; fi
exits 'files that may not be so large' 2 'cannot write large/' \
	sh -c 'trap "" XFSZ; ulimit -f 8; PATH=none "$0" book --quiet --out large' "$drill"
if [ ! -e large ]; then good; else bad 'what was written is left there'; fi

echo "book: $passed passed, $failed failed"
[ $failed = 0 ]
