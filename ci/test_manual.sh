#!/bin/sh
# README.md, the manual and the pages beside the code, as a reader meets them. Prints what fails, and a count.
#
#   examples   each command in a ```console block is run, in page order, and must print what the block
#              shows; a block ```LANGUAGE FILE is written to that file first. Pages of the manual run in
#              build/manual/work, where `suite`, `oracle`
#              and `include` are those of the source; the others run at the top.
#   links      every relative link leads to a file, every anchor to a heading
#   options    every command and option that --help lists stands on a page, and a page names none that there
#              is not
#   maps       the pages of the layers name every source file, the pages of file formats every key
#   form       a page of the manual is one heading and a sentence, then the rest; 110 columns outside
#              blocks; README.md at most 120 lines
#   citation   CITATION.cff has the version of the program
#
# ci/test_manual.sh --write   gives the pages what the commands print now, for `git diff` to review
# ci/test_manual.sh --score   puts the table of build/score.db, which `make score` makes, into README.md
set -u
cd "$(dirname "$0")/.."
. ci/checks.sh
top=$PWD
out=$top/build/manual
work=$out/work
manual=$(echo suite/manual/*.md)
pages="README.md $manual gen/README.md oracle/README.md suite/README.md templates/README.md ci/README.md
	findings/README.md"
PATH=$out/bin:$PATH
export PATH

# kept PAGE: the name of a page's copy in $out.
kept() {
	echo "$out/$(echo "$1" | tr / -)"
}

# renew PAGE: prints the page with the output of every command in it made anew. Runs in the directory it is
# called in.
renew() {
	awk '
	/^```console$/ { inside = 1; print; next }
	/^```[a-z]+ [^ ]+$/ { file = $2; system("mkdir -p $(dirname " file ")"); printf "" > file; print; next }
	/^```$/ { if (file) close(file); inside = 0; file = ""; print; next }
	inside && /^\$ / {
		print
		command = substr($0, 3) " 2>&1"
		while ((command | getline line) > 0) print line
		close(command)
		next
	}
	file { print > file }
	!inside { print }
	' "$1"
}

# run PAGE: leaves the renewed page in its copy.
run() {
	case $1 in
	suite/manual/*) (cd "$work" && renew "$top/$1" > "$(kept "$1")") ;;
	*) renew "$1" > "$(kept "$1")" ;;
	esac
}

# ---- examples ------------------------------------------------------------------------------------

begin_work() {
	rm -rf "$out"
	mkdir -p "$work" "$out/bin"
	ln -s "$top/build/lockdrill" "$out/bin/lockdrill"
	for layer in suite oracle include; do ln -s "$top/$layer" "$work/$layer"; done
}

examples() {
	for page in $pages; do
		run "$page"
		if diff -u "$page" "$(kept "$page")" > "$out/diff"; then good; else
			bad "$page: an example is not what the command prints (ci/test_manual.sh --write)"
			cat "$out/diff"
		fi
	done
}

# What a wrong example is seen by: its own output counts for nothing, and the page differs from it.
examples_can_fail() {
	printf '```console\n$ echo one\none\n```\n' > "$out/right.md"
	sed 's/^one$/two/' "$out/right.md" > "$out/wrong.md"
	renew "$out/right.md" | cmp -s - "$out/right.md" || bad 'a right example is seen as wrong'
	renew "$out/wrong.md" | cmp -s - "$out/wrong.md" && bad 'a wrong example is not seen'
	renew "$out/wrong.md" | cmp -s - "$out/right.md" || bad 'a wrong example is not renewed'
	good
}

# ---- links ---------------------------------------------------------------------------------------

# anchors PAGE: what its headings are linked by.
anchors() {
	awk '/^```/ { inside = !inside } !inside && /^#+ / {
		sub(/^#+ /, ""); text = tolower($0); gsub(/[^a-z0-9 _-]/, "", text); gsub(/ /, "-", text); print text
	}' "$1"
}

# links PAGE: the targets of its links, outside blocks.
links() {
	awk '/^```/ { inside = !inside } !inside' "$1" | grep -o '](\([^)]*\))' | sed 's/^](//; s/)$//' |
		grep -v '^https\{0,1\}:'
}

# leads PAGE TARGET
leads() {
	path=${2%%#*}
	file=$1
	[ -z "$path" ] || file=$(dirname "$1")/$path
	[ -e "$file" ] || return 1
	case $2 in *'#'*) anchors "$file" | grep -qx -- "${2#*#}" ;; esac
}

check_links() {
	for page in $pages; do
		for target in $(links "$page"); do
			if leads "$page" "$target"; then good; else bad "$page: the link '$target' leads nowhere"; fi
		done
	done
	for target in no-such-page.md README.md#no-such-heading '#no-such-heading'; do
		if leads README.md "$target"; then bad "the link '$target' is not seen to lead nowhere"; else good; fi
	done
	for page in $manual; do
		if links README.md | grep -qx "$page"; then good; else bad "README.md does not name $page"; fi
	done
}

# ---- commands and options ------------------------------------------------------------------------

# What --help lists: "COMMAND" and "COMMAND --option" lines.
list_help() {
	lockdrill --help | sed -n '/TOPIC/q; s/^  \([a-z]*\) .*/\1/p' > "$out/commands"
	while read -r command; do
		echo "$command"
		lockdrill "$command" --help | sed -n "s/^  -[hV], --/  --/; s/^  \\(-[-a-z]*\\) .*/$command \\1/p"
	done < "$out/commands"
}

# What pages say: commands as "`lockdrill COMMAND ...`" or as `$ lockdrill COMMAND ...`, with the options
# behind them.
list_said() {
	awk '
	function take(text,   word, count, i, command) {
		gsub(/\x27[^\x27]*\x27/, "", text)
		gsub(/build\/lockdrill /, "lockdrill ", text)
		count = split(text, word, /[ \t\[\]]+/)
		for (i = 1; i <= count; i++) {
			if (word[i] ~ /^[|;&)]/) command = ""
			if (word[i] ~ /lockdrill$/ && word[i + 1] ~ /^[a-z]+[;)]?$/) {
				command = word[++i]
				sub(/[;)]$/, "", command)
				print command
			} else if (command && word[i] ~ /^--?[a-zA-Z]/) {
				sub(/=.*/, "", word[i])
				print command " " word[i]
				if (word[i] ~ /[;)]$/) command = ""
			} else if (word[i] ~ /[;)]$/) command = ""
		}
	}
	/^```/ { block = $0 == "```" ? "" : substr($0, 4); next }
	block == "sh" || block == "console" && /^\$ / { take($0) }
	block { next }
	{
		n = split($0, part, /`/)
		for (j = 2; j <= n; j += 2) if (part[j] ~ /^(build\/)?lockdrill /) take(part[j])
	}' "$@"
}

# Options that stand alone in text: "`--shard`", "`--shard K/N`".
list_lone() {
	awk '/^```/ { inside = !inside } !inside' "$@" | grep -o '`--\{0,1\}[a-z][-a-z]*[^`]*`' |
		sed 's/^`\(-[-a-z]*\).*/\1/' | sort -u
}

check_options() {
	# shellcheck disable=SC2086 # a list of words
	{
		list_help | sort -u > "$out/help"
		list_said $pages | sort -u > "$out/said"
		list_lone $pages > "$out/lone"
	}
	sed -n 's/.* //p' "$out/help" | sort -u > "$out/options"
	while read -r command option; do
		if grep -qx "$command${option:+ $option}" "$out/said" ||
			{ [ -n "$option" ] && grep -qx -- "$option" "$out/lone"; }; then good; else
			bad "no page tells of lockdrill $command $option"
		fi
	done < "$out/help"
	while read -r command option; do
		if grep -qx "$command${option:+ $option}" "$out/help"; then good; else
			bad "a page tells of lockdrill $command $option, which is not there"
		fi
	done < "$out/said"
	while read -r option; do
		case $option in --write | --score | --filter | -h | -V) continue ;; esac
		if grep -qx -- "$option" "$out/options"; then
			good
		else
			bad "a page tells of $option, which no command has"
		fi
	done < "$out/lone"
}

# Both directions must be able to fail.
options_can_fail() {
	echo 'x `lockdrill gen --no-such N --level L` and `--none-such`' > "$out/wrong.md"
	if [ "$(list_said "$out/wrong.md" | tr '\n' ,)" = 'gen,gen --no-such,gen --level,' ]; then
		good
	else
		bad 'options in text are not seen'
	fi
	if [ "$(list_lone "$out/wrong.md")" = --none-such ]; then good; else bad 'lone options are not seen'; fi
	if grep -qx 'gen --no-such' "$out/help"; then bad 'an option is there that is not'; else good; fi
	if [ "$(wc -l < "$out/commands")" -ge 16 ] && [ "$(wc -l < "$out/options")" -ge 30 ]; then
		good
	else
		bad 'few options are found'
	fi
}

# ---- maps and keys -------------------------------------------------------------------------------

# Each layer's page names every source file of its folders, and no other.
check_maps() {
	for layer in gen oracle suite; do
		grep -o '`[a-z_]*\.c`' $layer/README.md | tr -d '`' | sort -u > "$out/named"
		ls $layer/*/*.c | sed 's|.*/||' | sort -u > "$out/there"
		if cmp -s "$out/named" "$out/there"; then good; else
			diff "$out/named" "$out/there" > "$out/diff"
			bad "$layer/README.md does not name what is there (<: not there, >: not named)" "$out/diff"
		fi
	done
	[ "$(wc -l < "$out/there")" -gt 20 ] && good || bad 'few source files are found'
	for folder in ci findings; do
		grep -o '`[a-z_-]*\(\.[a-z]*\)\{0,1\}`' $folder/README.md | tr -d '`' | sort -u > "$out/named"
		ls $folder | grep -v README.md > "$out/there"
		grep -Fxv -f "$out/named" "$out/there" > "$out/lacks"
		if [ -s "$out/lacks" ]; then
			bad "$folder/README.md does not name what is there" "$out/lacks"
		else
			good
		fi
	done
}

# check_keys SOURCE PAGE: the words that a reader of files knows stand on the page that describes the file,
# each as code.
check_keys() {
	grep -v '^#include' "$1" | grep -o '"[a-z][a-z-]*[a-z]"' | tr -d '"' | sort -u > "$out/words"
	while read -r word; do
		case $word in rule | abcdefghijklmnopqrstuvwxyz) continue ;; esac
		if grep -q "\`[^\`]*$word[^\`]*\`" "$2"; then
			good
		else
			bad "$2 does not tell of '$word', which $1 reads"
		fi
	done < "$out/words"
	[ "$(wc -l < "$out/words")" -ge 9 ] && good || bad "few keys are found in $1"
}

# ---- form ----------------------------------------------------------------------------------------

# long PAGE: its lines over 110 columns outside blocks.
long() {
	awk '/^```/ { inside = !inside } !inside && length > 110 {
		 print FILENAME ":" FNR ": " length " columns" }' "$1"
}

# begins PAGE: one heading of the first level, then a sentence that ends in a full stop, then an empty line.
begins() {
	awk '
	/^```/ { inside = !inside }
	inside { next }
	/^# / { headings++ }
	NR == 1 && !/^# / || NR == 2 && $0 != "" || NR == 3 && !/^[A-Za-z`]/ { wrong = 1 }
	NR >= 3 && !ended && $0 == "" { ended = 1; if (last !~ /\.$/) wrong = 1 }
	{ last = $0 }
	END { exit wrong || !ended || headings != 1 }' "$1"
}

check_form() {
	for page in $pages; do
		long "$page" > "$out/long"
		if [ ! -s "$out/long" ]; then good; else bad "$page: long lines" "$out/long"; fi
		if begins "$page"; then good; else bad "$page: does not begin with one heading and a sentence"; fi
	done
	for page in $manual; do
		case $(basename "$page" .md) in
		*[!a-z0-9-]*) bad "$page: a topic has small letters, digits and - only" ;;
		*) good ;;
		esac
	done
	if [ "$(wc -l < README.md)" -le 120 ]; then good; else bad "README.md has more than 120 lines"; fi
	printf '# One\n\nNo sentence\n\n%0111d\n' 0 > "$out/wrong.md"
	if begins "$out/wrong.md"; then bad 'a page without a sentence is not seen'; else good; fi
	if [ -n "$(long "$out/wrong.md")" ]; then good; else bad 'a long line is not seen'; fi
}

check_citation() {
	version=$(sed -n 's|^#define LOCKDRILL_VERSION "\(.*\)"|\1|p' include/gen/version.h)
	if [ -n "$version" ] && [ "$(sed -n 's/^version: //p' CITATION.cff)" = "$version" ]; then
		good
	else
		bad "CITATION.cff has another version than $version"
	fi
	for key in cff-version message title abstract authors license keywords; do
		if grep -q "^$key:" CITATION.cff; then good; else bad "CITATION.cff has no $key"; fi
	done
}

# ---- what is written -----------------------------------------------------------------------------

# The table of the report, in the block of README.md that follows the line with `score`.
write_score() {
	build/lockdrill score build/score.db | awk 'NR > 2 && $0 == "" { exit } NR > 2' > "$out/score"
	awk -v table="$out/score" '
	/^```text$/ && !done { print; while ((getline line < table) > 0) print line; inside = done = 1; next }
	/^```$/ { inside = 0 }
	!inside { print }' README.md > "$out/README.md"
	cp "$out/README.md" README.md
}

begin_work
case ${1:-} in
--score)
	write_score
	exit
	;;
--write)
	for page in $pages; do
		run "$page"
		cp "$(kept "$page")" "$page"
	done
	exit
	;;
esac
examples
examples_can_fail
check_links
check_options
options_can_fail
check_maps
check_keys gen/rule/rule.c suite/manual/rules.md
check_keys oracle/checker/adapter.c suite/manual/adapters.md
check_keys suite/level/level_plan.c suite/manual/levels.md
check_form
check_citation
# shellcheck disable=SC2086 # a list of words
echo "manual: $passed passed, $failed failed, $(cat $pages | grep -c '^\$ ') examples"
[ $failed = 0 ]
