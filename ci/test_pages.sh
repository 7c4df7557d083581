#!/bin/sh
# Pages as a browser shows them: in light and dark, wide and narrow, without JavaScript, by keyboard, printed;
# ci/pages.js says what is looked at. Screenshots and what is printed are left in build/pages/.
#
#   ci/test_pages.sh           the report, the comparison of two runs, and the book
#   ci/test_pages.sh LIST      pages of a list: NAME FILE CHECK... a line, files as seen from the list
#
# Needs chromium, node and npm (ci/setup --all); what drives the browser is in ci/package-lock.json, and is
# installed below build/. Prints what fails, and a count.
set -u
list=
[ $# = 0 ] || list=$(realpath "$1")
cd "$(dirname "$0")/.." || exit 2
drill=$PWD/build/lockdrill
top=$PWD
out=$PWD/build/pages
modules=$PWD/build/pages-node
. ci/checks.sh
mkdir -p "$out" "$modules"

skip() {
	echo "pages: skipped: pages in a browser ($1)"
	echo 'pages: 0 passed, 0 failed'
	exit 0
}

CHROMIUM=$(command -v chromium) || skip 'chromium is not here: ci/setup --all'
export CHROMIUM
for program in node npm; do
	command -v $program > "$out/found" || skip "$program is not here: ci/setup --all"
done
if ! cmp -s ci/package-lock.json "$modules/done"; then
	cp ci/package.json ci/package-lock.json "$modules"
	npm ci --prefix "$modules" --ignore-scripts --no-audit --no-fund > "$modules/log" 2>&1 ||
		skip 'npm could not install what drives it: build/pages-node/log'
	cp ci/package-lock.json "$modules/done"
fi

# look LIST: what is said of its pages, in `said`.
look() {
	node "$top/ci/pages.js" "$modules/node_modules" "$1" "$out" > "$out/said" 2> "$out/stderr"
}

# count: each line that is said.
count() {
	while read -r line; do
		case $line in
		'ok - '*) good ;;
		*) bad "${line#not ok - }" ;;
		esac
	done < "$out/said"
	[ -s "$out/said" ] || bad 'nothing was looked at' "$out/stderr"
}

if [ "$list" ]; then
	look "$list"
	count
	echo "pages: $passed passed, $failed failed"
	[ $failed = 0 ]
	exit
fi

# Each check must be able to fail.
cat > "$out/broken.html" << 'END'
<!DOCTYPE html>
<html><head><title>broken</title>
<style>:focus { outline: none } .pale { color: #ddd; background: #fff }</style></head>
<body><a href="#nowhere">one</a><a href="gone.html">two</a><a href="#p">three</a>
<main><h2>second</h2><h4>fourth</h4><p id="p" class="pale">pale</p><img src="gone.png">
<div style="width: 2000px">wide</div>
<table class="sortable"><caption>table</caption><thead><tr><th>a</th><th><button>b</button></th></tr></thead>
<tbody><tr><td>1</td><td>1</td></tr><tr><td>2</td><td>3</td></tr></tbody></table>
<p class="filter"><input><span role="status"></span></p><div data-items="p"><p>one</p></div>
<form data-right="1 2" data-answer="gone.html#q1"><input type="radio"><input type="text"></form>
<details open><summary>more</summary><p id="more">text</p></details>
</main><script>console.error('wrong')</script></body></html>
END
echo 'broken broken.html sort filter ask open files' > "$out/broken.list"
look "$out/broken.list"
for what in links headings keyboard 'width of 1280' 'axe, light' sort filter 'axe, dark' 'width of 390' \
	'without JavaScript' console requests ask open; do
	if grep -q "^not ok - broken: $what: " "$out/said"; then good; else
		bad "a page that is broken: $what is not seen" "$out/said" "$out/stderr"
	fi
done

# A checker that says what no page should take for its own.
cd "$out" || exit 1
rm -f ./*.db
"$drill" gen --quiet --level smoke --sample 40 --out cases
message='<\/pre><script>alert(1)<\/script>'
sed 's/^{"id":"\([^"]*\)".*/{"id":"\1","verdict":"pass","message":"'"$message"'"}/' \
	cases/manifest.jsonl > hostile.jsonl
"$drill" run --quiet --level smoke --sample 40 --db old.db --checker coin --checker count-calls \
	--checker always-pass
"$drill" import --quiet --level smoke --sample 40 --manifest cases/manifest.jsonl --db old.db \
	--checker hostile hostile.jsonl
cp old.db new.db
sqlite3 new.db "UPDATE answers SET state = 'violation',
	findings = '[{\"kind\":\"missing-release\",\"line\":3}]'
	WHERE number % 5 = 0"
"$drill" score old.db --format html > scores.html
"$drill" compare old.db new.db --format html > compare.html
printf 'scores scores.html sort filter\ncompare compare.html sort filter\n' > report.list
look report.list
count

rm -rf book
"$drill" book --quiet --out book > stdout || bad 'no book' stdout
cat > book.list << 'END'
book book/index.html files
book-rule book/SpinlockRelease.html files filter open
book-counter book/WdfSpinlockRelease.html files
book-course book/course.html files
book-step book/step-3.html files ask
book-quiz book/quiz.html files ask
book-answers book/step-3-answers.html files open
book-glossary book/glossary.html files
END
look book.list
count

echo "pages: $passed passed, $failed failed"
[ $failed = 0 ]
