#!/bin/sh
# lockdrill run --keep: each answer has its folder, which leads to what the checker was given and what it
# said, byte for byte, however many run at once; what cannot be kept to is refused, and what cannot be written
# ends the run. Prints what fails, and a count.
#
# How it works: the checkers here note what they were given and what they say, so that what is kept can be
# held against that.
set -u
cd "$(dirname "$0")/.." || exit
root=$PWD
drill=$PWD/build/lockdrill
out=$PWD/build/keep
. ci/checks.sh
[ -x "$drill" ] || { echo "build/lockdrill is missing: make build"; exit 2; }
rm -rf "$out"
mkdir -p "$out/own/adapters" "$out/notes"
cd "$out" || exit

# refuses NAME PATTERN COMMAND...: exit status 2 and a message with the pattern.
refuses() {
	name=$1 pattern=$2
	shift 2
	"$@" > stdout 2> stderr
	status=$?
	if [ $status = 2 ] && grep -q -- "$pattern" stderr; then good; else
		bad "$name: exit status $status" stderr; fi
}

# same NAME FILE FILE: not empty, and the same.
same() {
	if [ -s "$2" ] && cmp -s "$2" "$3"; then good; else
		diff "$2" "$3" > differs 2>&1
		bad "$1" differs
	fi
}

has() { # NAME PATTERN FILE
	if grep -q -- "$2" "$3"; then good; else bad "$1" "$3"; fi
}

refuses self nothing true > self.txt
same self self.txt no-such-file >> self.txt
has self no-such-text self.txt >> self.txt
[ $failed = 3 ] && [ $passed = 0 ] || { echo "the checks do not fail when they should"; exit 1; }
failed=0

# adapter NAME PACK OUTPUT: of the script NAME, which is given the file.
adapter() {
	cat > "own/adapters/$1.yaml" << END
name: $1
title: $1
url: ''
world: plain
degenerate: true
exe: ['$out/$1']
steps: [['{exe}', '{file}', '{spans}']]
exit: [0]
complete: exit
findings: [{pattern: '^case (?<case>[0-9]+)\$', kind: missing-release}]
pack: $2
seconds: 60
seconds-case: 0
output: $3
END
	chmod +x "$1"
}

# brittle: breaks on what holds the word while, as loops do; says which file it read, and who it is.
cat > brittle << 'END'
#!/bin/sh
cksum < "$1" >> ../../notes-at/given
said="process $$ read $(cksum < "$1")"
echo "$said" >> ../../notes-at/said
echo "$said"
grep -qw while "$1" && echo 'brittle: cannot take this' >&2 && exit 3
echo 'case 0'
END
sed "s#../../notes-at#$out/notes#" brittle > brittle.new && mv brittle.new brittle
adapter brittle 20 1048576
run="$drill run --quiet --data own --level smoke"

# every answer of a database has its folder, which says the same
# answers_are NAME DB CHECKER
answers_are() {
	sqlite3 -separator ' ' "$2" "SELECT id, state, ifnull(why, '') FROM answers JOIN cases USING (number)
		JOIN runs USING (run) WHERE checker = '$3' ORDER BY 1, 2" > stored
	awk 'FNR == 1 { if (id) print id " " state " " why
			n = split(FILENAME, part, "/"); id = part[n - 1]; why = "" }
		{ value = substr($0, 11) } /^answer/ { state = value } /^why/ { why = value }
		END { print id " " state " " why }' kept/"$3"/cases/*/answer* | LC_ALL=C sort > told
	same "$1" stored told
}
brittle="$run --checker brittle --rule SpinlockRelease --db brittle.db"
$brittle --keep kept -j 4 2> stderr || bad 'brittle' stderr
answers_are 'each answer is kept' brittle.db brittle
for pack in kept/brittle/packs/*; do
	cksum < "$pack/pack.c"
done | LC_ALL=C sort > kept.given
LC_ALL=C sort notes/given > given
same 'files are kept as they were given' given kept.given
sed -n '/^process/p' kept/brittle/packs/*/stdout | LC_ALL=C sort > kept.said
LC_ALL=C sort notes/said > said
same 'what was said is kept, each in its own pack' said kept.said
for pack in kept/brittle/packs/*; do
	sed -n 's/^process [0-9]* read //p' "$pack/stdout" > one
	cksum < "$pack/pack.c" > two
	cmp -s one two || echo "$pack"
done > mixed
if [ -s mixed ]; then bad 'what was said stands beside what was given' mixed; else good; fi
if [ "$(wc -l < given)" -gt 30 ]; then good; else bad 'packs are halved' given; fi

# one look at what is garbled
garbled=$(grep -l '^answer    garbled' kept/brittle/cases/*/answer | head -n 1)
folder=${garbled%/answer}
has 'why it is garbled' '^why       exit status 3, .*brittle: cannot take this' "$garbled"
has 'it stands alone' '^pack      [0-9]*, in which it is 1 of 1$' "$garbled"
has 'what it wrote on stderr' '^brittle: cannot take this$' "$folder/pack/stderr"
has 'how it ended' '^ended     exit status 3$' "$folder/pack/result"
has 'its command line, as it was' '^command   .*/brittle /.*/pack.c ' "$folder/pack/result"
sh "$folder/pack/command" > again 2>&1
status=$?
if [ $status = 3 ]; then good; else bad "done again: exit status $status" again; fi
has 'done again' '^brittle: cannot take this$' again
pack=$folder/pack count=0
while from=$(sed -n 's/^from      //p' "$pack/result") && [ -n "$from" ] && [ $count -lt 20 ]; do
	pack=kept/brittle/packs/$from count=$((count + 1))
	has 'the whole that it was a half of' '^result    garbled: .*; asked again in halves$' "$pack/result"
	has 'and in which it was' "^case      ${folder##*/}, lines " "$pack/result"
done
if [ $count -ge 4 ]; then good; else bad "halves of halves: $count" "$folder/pack/result"; fi
# Where a case stands in its pack: the checker is told the same.
for answer in kept/brittle/cases/*/answer; do
	place=$(sed -n 's/^pack .* it is \([0-9]*\) of .*/\1/p' "$answer")
	sed -n "${place}p" "${answer%/answer}/pack/spans" | while read -r first lines rest; do
		echo "lines $first-$((first + lines - 1)) of pack/pack.c"
	done > one
	sed -n 's/^text      \(lines [0-9]*-[0-9]* of [a-z/.]*\).*/\1/p' "$answer" > two
	cmp -s one two && [ -s one ] || echo "$answer"
done > wrong
if [ -s wrong ]; then bad 'lines of a case in its pack' wrong; else good; fi
finding=$(grep -l '^finding' kept/brittle/cases/*/answer | head -n 1)
has 'a finding' '^finding   missing-release$' "$finding"

# refusals, and going on
refuses 'what another run has kept' 'kept: error: holds what an earlier run has kept.*--resume' \
	$run --checker coin --db refused.db --keep kept
mkdir full && : > full/file
refuses 'a folder with other things' 'full: error: is not empty' \
	$run --checker coin --db refused.db --keep full
refuses 'the same with --resume' 'full: error: is not empty' \
	$brittle --resume --keep full
refuses 'a file' 'full/file: error: .*Not a directory' $run --checker coin --db refused.db --keep full/file
refuses 'below a file' 'full/file/kept: error: cannot make' \
	$run --checker coin --db refused.db --keep full/file/kept
refuses 'below what is not there' 'no/kept: error: cannot make' \
	$run --checker coin --db refused.db --keep no/kept
if [ -e refused.db ]; then bad 'what is refused makes no database'; else good; fi
before=$(ls kept/brittle/packs | wc -l)
asked=$(sqlite3 brittle.db 'SELECT count(*) FROM answers WHERE number % 2')
sqlite3 brittle.db 'DELETE FROM answers WHERE number % 2'
$brittle --keep kept --resume 2> stderr || bad 'going on' stderr
if [ "$(ls kept/brittle/packs | wc -l)" -gt "$before" ] &&
	[ "$(ls kept/brittle/cases/*/answer-2 | wc -l)" = "$asked" ]; then good; else
	bad 'what goes on stands behind'; fi
"$drill" run --data own --level smoke --checker coin --db coin.db > stdout 2> stderr
"$drill" run --data own --level smoke --checker coin --db coin.db --keep coin > stdout 2> stderr
has 'nothing is kept of what is not asked' 'keeps what is asked' stderr

# what cannot be written ends the run: here a folder that is suddenly a file
cat > spoiler << END
#!/bin/sh
grep -qw while "\$1" && rm -rf $out/spoilt/spoiler/cases && : > $out/spoilt/spoiler/cases
echo 'case 0'
END
adapter spoiler 1000 4096
refuses 'a folder that cannot be written' 'spoilt/spoiler/cases.*: error: cannot' \
	$run --checker spoiler --rule SpinLockRelease --db spoilt.db --keep spoilt
answered=$(sqlite3 spoilt.db 'SELECT count(*) FROM answers')
if [ "$answered" = 0 ]; then good; else bad "the run ends then: $answered answers"; fi
$run --checker spoiler --rule SpinLockRelease --db spoilt.db --resume 2> stderr ||
	bad 'it goes on without' stderr

# repeats, much output, files that the checker changes
rm -rf kept
cat > loud << END
#!/bin/sh
cksum < "\$1" >> $out/notes/loud
head -c 3000000 /dev/zero | tr "\\0" x
echo >> "\$1"
END
adapter loud 200 4194304
$run --checker loud --db loud.db --keep kept --rule SpinLockRelease --repeats 3 2> stderr || bad loud stderr
answers_are 'each repeat is kept' loud.db loud
if [ "$(wc -c < kept/loud/packs/000001/stdout)" = 1048576 ]; then good; else bad 'output is cut'; fi
has 'and that is said' '^stdout    3000000 bytes, of which the first 1048576 are kept$' \
	kept/loud/packs/000001/result
has 'files that it changed' '^result    garbled: it changed files' kept/loud/packs/000001/result
for pack in kept/loud/packs/*; do
	cksum < "$pack/pack.c"
done > kept.given
same 'they are kept as they were given' notes/loud kept.given

# a checker that keeps running, and breaks on some questions
rm -rf kept
awk '{ sub(/"name":"line-checker"/, "\"name\":\"talker\""); print } /^\t\trequest=/ {
	print "\t\t[ ${request%%,*} != 3 ] || head -c 300000 /dev/zero | tr \"\\0\" x >&2"
	print "\t\techo \"asked about ${request%%,*}\" >&2"
	print "\t\tgrep -qw while \"${file%%\\\"*}\" && exit 1" }' \
	"$root/oracle/examples/line_checker.sh" > talker
chmod +x talker
$run --program ./talker --rule SpinlockRelease --db talker.db --keep kept -j 4 2> stderr || bad talker stderr
answers_are 'each answer to a question is kept' talker.db talker
broken=$(grep -l '^answer    crash' kept/talker/cases/*/answer | head -n 1)
has 'a question that is asked twice' '^tries     2$' "$broken"
first=$(sed -n 's/^from      //p' "${broken%/answer}/pack/result")
has 'the first try is kept' '^result    crash: .*; asked once more' "kept/talker/packs/$first/result"
for pack in kept/talker/packs/*; do
	request=$(sed -n 's/^{"type":"run","request":\([0-9]*\),.*/\1/p' "$pack/asked")
	loud=$(sed -n \
		's/^stderr *300014 bytes.*first \([0-9]*\) are kept$/\1/p
		s/^stderr *\(300014\) bytes$/\1/p' "$pack/result")
	[ "$request" = 3 ] && [ "$(wc -c < "$pack/stderr")" = "$loud" ] && continue
	[ "$(cat "$pack/stderr")" = "asked about $request" ] || echo "$pack: $request"
	grep -q '^result    crash' "$pack/result" || tail -n 1 "$pack/stdout" |
		grep -q "^{\"type\":\"done\",\"request\":$request," || echo "$pack: $request"
done > mixed
if [ -s mixed ]; then bad 'question and answer stand together' mixed; else good; fi
for answer in $(ls kept/talker/cases/*/answer | head -n 20); do
	folder=${answer%/answer}/pack
	grep -q '^result    crash' "$folder/result" && continue
	sh "$folder/command" 2> none | tail -n +2 | cmp -s - "$folder/stdout" || echo "$folder"
done > other
if [ -s other ]; then bad 'a question that is asked again is answered alike' other; else good; fi

# the C interface
rm -rf kept
if cc -shared -fPIC -I"$root/include" -I"$root/include/lockdrill" -o plugin.so \
	"$root/oracle/examples/plugin_checker.c" 2> stderr; then
	$run --plugin ./plugin.so --rule SpinLockRelease --db plugin.db --keep kept -j 2 2> stderr ||
		bad 'a plug-in' stderr
	name=$(ls kept | grep -v README)
	answers_are 'each answer of a plug-in is kept' plugin.db "$name"
	folder=$(ls -d kept/"$name"/cases/* | head -n 1)/pack
	sh "$folder/command" 2> stderr | tail -n +2 > again
	same 'a plug-in that is asked again' "$folder/stdout" again
else
	echo 'keep: skipped: a plug-in (it does not compile here)'
fi

# canaries, which say why a run is void; and a pack whose process has several steps
rm -rf kept
printf '#!/bin/sh\n' > blind
adapter blind 100 4096
sed '/^degenerate/d' own/adapters/blind.yaml > blind.new && mv blind.new own/adapters/blind.yaml
$run --checker blind --db blind.db --keep kept > stdout 2> stderr
has 'a run that is void' 'blind: VOID' stderr
if [ "$(cat kept/blind/canaries/*/answer | grep -c '^answer    pass$')" = 10 ] &&
	[ "$(cat kept/blind/canaries/*/answer | grep -c '^expected  pass$')" = 5 ] &&
	[ -z "$(ls kept/blind/cases)" ]; then good; else bad 'its canaries are kept'; fi
has 'where they are' '^blind: what the canaries were .*: kept/blind/canaries$' stderr
rm -rf kept
if command -v cc > found; then
	$run --checker native-cc --db native.db --keep kept --rule SpinLockRelease 2> stderr || bad 'steps' stderr
	answers_are 'each answer of several steps is kept' native.db native-cc
	pack=$(ls -d kept/native-cc/cases/* | head -n 1)/pack
	has 'a step before the last' '^ended     exit status 0$' "$pack/step-1/result"
	has 'and its command line' '^command   .*cc .*/pack.c' "$pack/step-1/result"
	sh "$pack/command" > again 2> stderr
	same 'both steps done again' "$pack/stdout" again
fi

echo "keep: $passed passed, $failed failed"
[ $failed = 0 ]
