#!/bin/sh
# The layout of the sources: no line is over 110 columns wide (a tab is 4), each file begins with a comment
# that says what it is, each directory at the top that holds code explains itself in a README.md, no
# expression makes two draws, whose order would be the compiler's, and nothing names a place on somebody's
# machine, a package mirror, or the null device as a compiler's output. Texts of cases are none of ours to
# lay out: suite/core, templates and include/world are left out of widths and heads.
# Prints what fails, and a count.
set -u
cd "$(dirname "$0")/.." || exit 2
. ci/checks.sh
out=build/layout
rm -rf $out && mkdir -p $out

# ours DIRECTORY...: C, headers and shell scripts, but for texts of cases.
ours() {
	find "$@" -type f \( -name '*.[ch]' -o -name '*.sh' -o -path '*/ci/setup' \) ! -path 'suite/core/*' \
		! -path 'include/world/*' | sort
}

# wide: of the files on stdin, FILE:LINE for each line that is too wide. What continues a character of UTF-8
# has no width.
wide() {
	LC_ALL=C xargs awk '
	{
		gsub(/[\200-\277]/, "")
		while (at = index($0, "\t"))
			$0 = substr($0, 1, at - 1) substr("    ", 1 + (at - 1) % 4) substr($0, at + 1)
	}
	# What a test feeds in stands as it is fed.
	FILENAME ~ /\/(test|fuzz)\// && (/"/ || /\\$/) { next }
	length($0) > 110 { print FILENAME ":" FNR ": " length($0) " columns" }'
}

# headless: of the files on stdin, those that do not begin with a comment; a script has its interpreter first.
headless() {
	xargs awk 'FNR == 1 && /^#!/ { next }
		FNR <= 2 && !(FILENAME in seen) { seen[FILENAME]; if (!/^(\/\*|#) /) print FILENAME }'
}

# unexplained DIRECTORY...: those without a README.md.
unexplained() {
	for directory in "$@"; do [ -s "$directory/README.md" ] || echo "$directory"; done
}

# local PATH...: lines that name what only one machine has, or what must not be written to.
local_names() {
	grep -rnIE --exclude='*.sarif' -e '(^|[^A-Za-z0-9_.}*])/(home|root|work|Users)/' \
		-e '[a-z0-9.]*(debian\.org/debian|ubuntu\.com/ubuntu|pypi\.org|proxy\.golang)' \
		-e '-o */dev/null' "$@" | grep -v '^ci/test_layout.sh:'
}

# unordered: of the C files on stdin, FILE:LINE of each draw that stands beside another in one expression.
# Which of them is made first is up to the compiler, and then so is what is drawn.
unordered() {
	grep '\.c$' | xargs awk '
	FNR == 1 { draws = depth = 0 }
	{
		line = $0
		gsub(/"([^"\\]|\\.)*"/, "", line)
		gsub(/random_(next|below)\(/, "\001(", line)
		gsub(/&&|\|\|/, ";", line)
		for (i = 1; i <= length(line); i++) {
			c = substr(line, i, 1)
			depth += (c == "(") - (c == ")")
			if (c ~ /[;{}?]/ || (c == "," && !depth)) draws = 0
			if (c == "\001" && ++draws == 2) print FILENAME ":" FNR
			if (c ~ /[{}]/) depth = 0
		}
	}'
}

# none NAME FILE: fine when the file is empty.
none() {
	if [ -s "$2" ]; then
		sort "$2" > $out/found
		bad "$1: $(grep -c . "$2")" $out/found
	else good; fi
}

# Each check must be able to fail.
broken=$out/broken
mkdir -p $broken/ci
{
	awk 'BEGIN { for (i = 0; i < 27; i++) printf "\t"; print "/* */" }' # 113 columns, 32 bytes
	awk 'BEGIN { for (i = 0; i < 110; i++) printf "\303\244"; print "" }' # 110 columns, 220 bytes
} > $broken/wide.c
echo 'int headless;' > $broken/headless.c
printf '#!/bin/sh\nexit\n' > $broken/headless.sh
printf '#!/bin/sh\n# Says what it is.\n' > $broken/head.sh
printf '/* Says what it is. */\n' > $broken/head.h
echo '/* See /home/me/notes. */' > $broken/local.c
echo 'gcc -o /dev/null x.c' > $broken/output.sh
cat > $broken/draws.c << 'END'
/* Draws. */
int a = random_below(r, 2), b = random_below(r, 3) && random_next(r);
int c = f(random_below(r, 2),
          random_next(r));
END
ls $broken/*.[ch] $broken/*.sh > $out/list
wide < $out/list > $out/self
[ "$(cat $out/self)" = "$broken/wide.c:1: 113 columns" ] || bad 'widths'
headless < $out/list > $out/self
[ "$(sed "s|^$broken/||" $out/self | tr '\n' ' ')" = 'headless.c headless.sh output.sh wide.c ' ] ||
	bad 'heads'
[ "$(unexplained templates $broken)" = $broken ] || bad 'explanations'
[ "$(cd $broken && local_names . | sed 's/:.*//' | sort | tr '\n' ' ')" = './local.c ./output.sh ' ] ||
	bad 'local names'
unordered < $out/list > $out/self
[ "$(cat $out/self)" = "$broken/draws.c:4" ] || bad 'draws'
none self $out/self > $out/said
[ $failed = 1 ] && [ $passed = 0 ] || { echo "the checks do not fail when they should"; exit 1; }
failed=0
rm -r $broken

ours ci gen include oracle suite > $out/list
if [ "$(grep -c . $out/list)" -gt 200 ]; then good; else bad 'the sources are found' $out/list; fi
wide < $out/list > $out/wide
none 'lines over 110 columns' $out/wide
headless < $out/list > $out/headless
none 'files without a head' $out/headless
unordered < $out/list > $out/unordered
none "draws whose order is the compiler's" $out/unordered
unexplained . gen oracle suite templates > $out/unexplained
none 'directories without a README.md' $out/unexplained
local_names Makefile README.md ci gen include oracle suite templates > $out/local
none 'names of one machine' $out/local
echo "layout: $passed passed, $failed failed"
[ $failed = 0 ]
