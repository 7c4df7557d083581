#!/bin/sh
# make install and uninstall, below build/: what is installed, that DESTDIR and PREFIX are kept to, that
# nothing is left; that the
# man pages are in order, the pages of the manual fit a terminal, and bash completes words. Prints what
# fails, and a count.
set -u
cd "$(dirname "$0")/.."
drill=$PWD/build/lockdrill
out=$PWD/build/installed
. ci/checks.sh
rm -rf "$out"
mkdir -p "$out"

# has NAME COMMAND...: the command says something.
has() {
	name=$1
	shift
	"$@" > "$out/stdout" 2> "$out/stderr"
	if [ -s "$out/stdout" ]; then good; else bad "$name" "$out/stderr"; fi
}

# silent NAME COMMAND...: it says nothing at all.
silent() {
	name=$1
	shift
	"$@" > "$out/stdout" 2>&1
	if [ -s "$out/stdout" ]; then bad "$name" "$out/stdout"; else good; fi
}

has self true > "$out/self.txt"
silent self echo said >> "$out/self.txt"
[ $failed = 2 ] && [ $passed = 0 ] || { echo "the checks do not fail when they should"; exit 1; }
failed=0

# install
root=$out/root
make -s install DESTDIR="$root" PREFIX=/opt/drill || exit 1
top=$root/opt/drill
for file in bin/lockdrill include/lockdrill/checker.h lib/pkgconfig/lockdrill.pc \
	share/doc/lockdrill/README.md share/man/man1/lockdrill.1 share/man/man1/lockdrill-gen.1 \
	share/bash-completion/completions/lockdrill; do
	has "$file is installed" find "$top/$file"
done
silent 'nothing outside the prefix' find "$root" -type f ! -path "$top/*"
for file in rules/SpinlockRelease.yaml templates/windows/wdm-dispatch.c templates/windows/dialect.yaml \
	world/windows/native/locks.h adapters/sparse.yaml examples/line_checker.sh examples/locklint.awk \
	examples/plugin_checker.c examples/codeql/locks.qll templates/windows/project/driver.vcxproj; do
	has "share/lockdrill/$file is installed" find "$top/share/lockdrill/$file"
done
mkdir -p "$out/mine/rules"
sed 's/^name: .*/name: Mine/; s/0xC4.*/none/' "$top/share/lockdrill/rules/SpinlockRelease.yaml" \
	> "$out/mine/rules/Mine.yaml"
has 'a copy of an installed rule' \
	"$drill" verdict --data "$out/mine" --data "$top/share/lockdrill" --rule Mine ''
# not_made PATTERN TARGET SETTING...: make refuses, in one line.
not_made() {
	pattern=$1
	shift
	make -s "$@" > "$out/stdout" 2> "$out/stderr"
	status=$?
	if [ $status = 2 ] && grep -q "$pattern" "$out/stderr" && [ "$(wc -l < "$out/stderr")" = 1 ]; then
		good
	else
		bad "make $*: exit status $status" "$out/stderr"
	fi
}
not_made 'have no blanks' install DESTDIR="$out/a b" PREFIX=/opt
not_made 'have no blanks' install PREFIX='/opt/a b'
not_made 'no blanks' uninstall PREFIX='/opt/a b'
not_made 'PREFIX=opt is no absolute path' install DESTDIR="$root" PREFIX=opt
not_made 'JOBS=0 is no number of jobs' score JOBS=0
not_made 'JOBS=two is no number of jobs' build JOBS=two
grep -L '^lockdrill-.* [\\]- .* .* .* ' "$top"/share/man/man7/*.7 > "$out/lacks"
silent 'what a man page is about stands in its NAME' cat "$out/lacks"
for page in suite/manual/*.md; do
	[ -e "$page" ] || continue
	has "$page is installed" find "$top/share/doc/lockdrill/manual/${page##*/}"
	topic=${page##*/}
	"$drill" help "${topic%.md}" > "$out/page.txt"
	# Code stands as it is in the page.
	awk "length(\$0) > 100" "$out/page.txt" | grep -Fxv -f "$page" > "$out/wide"
	silent "help ${topic%.md} fits 100 columns" cat "$out/wide"
done
for command in $("$drill" help | sed -n '/^usage/,$s/^  \([a-z]*\)  .*/\1/p'); do
	"$drill" "$command" --help > "$out/page.txt" 2> "$out/stderr" || continue
	silent "$command --help fits 100 columns" awk 'length($0) > 100' "$out/page.txt"
	has "lockdrill-$command.1 is installed" find "$top/share/man/man1/lockdrill-$command.1"
	sed -n 's/^  \(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p' "$out/page.txt" | while read -r option; do
		sed 's/\\-/-/g' "$top/share/man/man1/lockdrill-$command.1" | grep -q -- "^\.B .*$option" ||
			echo "lockdrill-$command.1 lacks $option"
	done > "$out/lacks"
	silent "lockdrill-$command.1 has all options" cat "$out/lacks"
done

# man pages
for page in "$top"/share/man/man[17]/*; do
	if command -v groff > "$out/stdout"; then
		silent "groff $page" sh -c "groff -man -Tutf8 -ww '$page' 2>&1 > '$out/page.txt'"
	fi
	if command -v mandoc > "$out/stdout"; then
		silent "mandoc $page" mandoc -Tlint -Wwarning "$page"
	fi
done
command -v groff > "$out/stdout" || echo "skipped: groff is not here, man pages are not formatted"
command -v mandoc > "$out/stdout" || echo "skipped: mandoc is not here, man pages are not checked"

# completes WORD COMMAND-LINE...: the last word is completed to a list that has WORD.
completes() {
	wanted=$1
	shift
	bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lockdrill;
		printf "%s\n" "${COMPREPLY[@]}"' \
		bash "$top/share/bash-completion/completions/lockdrill" "$@" > "$out/stdout" 2> "$out/stderr"
	if grep -qx -- "$wanted" "$out/stdout"; then good; else bad "completes $*" "$out/stdout" "$out/stderr"; fi
}

if command -v bash > "$out/stdout"; then
	completes nothing lockdrill none > "$out/self.txt"
	[ $failed = 1 ] || { echo "completes does not fail when it should"; exit 1; }
	failed=0
	completes verify lockdrill ver
	completes --level lockdrill gen --le
	completes smoke lockdrill gen --level s
	completes WdfSpinlockRelease lockdrill verdict --rule Wdf
	completes thread-safety lockdrill gen --world th
	completes always-pass lockdrill run --checker al
	completes json lockdrill score --format js
	completes json lockdrill score --format = js
	completes loop=do lockdrill show --shape loop=d
	completes SpinlockRelease lockdrill rules Sp
	completes gen lockdrill help g
	completes Makefile lockdrill score Makef
	completes -j lockdrill run -
else
	echo "skipped: bash is not here, completion is not tried"
fi

# uninstall
make -s uninstall DESTDIR="$root" PREFIX=/opt/drill
silent 'uninstall leaves nothing' find "$root" ! -type d

echo "install: $passed passed, $failed failed"
[ $failed = 0 ]
