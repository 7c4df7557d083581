#!/bin/sh
# lockdrill import from outside: answers made from the manifest score as they must, in each format; what is
# broken or unknown is refused and stores nothing; rules mean what the options say, and logs with right values
# are taken for what they say; and clang's own SARIF logs score as `lockdrill run` scores the same checker.
# Prints what fails, and a count.
set -u
cd "$(dirname "$0")/.."
drill=$PWD/build/lockdrill
out=$PWD/build/import
. ci/checks.sh
rm -rf "$out"
mkdir -p "$out"
cd "$out" || exit 1

# imports DB FILE...: into a fresh database, as checker `mine` and by the manifest of `level`, unless
# options say
# otherwise; its table of rules goes to `table`.
imports() {
	db=$1
	shift
	rm -f "$db"
	case " $* " in *" --manifest "*) ;; *) set -- --manifest level/manifest.jsonl "$@" ;; esac
	case " $* " in *" --checker "*) ;; *) set -- --checker mine "$@" ;; esac
	"$drill" import --level smoke --db "$db" "$@" > table 2> stderr
}

# says NAME PATTERN: on stderr of the import before.
says() {
	if grep -q -- "$2" stderr; then good; else bad "$1" stderr; fi
}

# shows NAME LINE: the table of the import before has the line.
shows() {
	if tr -s ' ' < table | grep -qx -- "$2"; then good; else bad "$1" table stderr; fi
}

# scores NAME PATTERN DB: what `score --wide` says of the checker (TP FN FP TN none answered recall own alarm
# ...) has the pattern.
scores() {
	if "$drill" score "$3" --wide > stdout 2> stderr &&
		grep -m1 '^mine' stdout | tr -s ' ' | grep -q -- "$2"; then good; else
		bad "$1" stdout stderr
	fi
}

# refuses NAME PATTERN FILE...: exit status 2, a message with the pattern, and no database.
refuses() {
	name=$1 pattern=$2
	shift 2
	imports none.db "$@"
	status=$?
	if [ $status = 2 ] && grep -q -- "$pattern" stderr && ! [ -e none.db ]; then good; else
		echo "status $status" >> stderr
		bad "$name" stderr
	fi
}

same() {
	if cmp -s "$2" "$3"; then good; else
		diff "$2" "$3" > difference
		bad "$1" difference
	fi
}

"$drill" gen --level smoke --world pthread --out level || exit 1
cases=$(wc -l < level/manifest.jsonl)

# Perfect answers: the manifest's own, by id as JSON lines, by file as CSV.
sed 's/.*"id":"\([^"]*\)".*"family":"[^"]*","verdict":"\([a-z]*\)".*/{"id":"\1","verdict":"\2"}/' \
	level/manifest.jsonl > perfect.jsonl
{
	echo 'verdict,file'
	sed 's/.*"file":"\([^"]*\)".*"family":"[^"]*","verdict":"\([a-z]*\)".*/\2,"\1"/' level/manifest.jsonl
} > perfect.csv

# Each check must be able to fail.
{
	imports self.db perfect.jsonl
	says self 'no such words'
	shows self 'no such line'
	scores self 'no such number' self.db
	refuses self nothing perfect.jsonl
	refuses self 'another reason' no-such-file.csv
	same self perfect.jsonl perfect.csv
} > self.txt 2>&1
[ $failed = 6 ] && [ $passed = 0 ] || { echo "the checks do not fail when they should"; exit 1; }
failed=0

# formats
imports json.db perfect.jsonl
says 'all answered' "^mine: $cases of $cases answered$"
scores 'perfect answers' ' 100 0 0 100 0 1.000 1.000 - 0.000 1.000 ' json.db
imports csv.db perfect.csv
says 'all answered in CSV' "^mine: $cases of $cases answered$"
"$drill" score json.db > json.txt
"$drill" score csv.db > csv.txt
same 'CSV scores as JSON lines do' json.txt csv.txt
awk '!gone && /"pass"/ { gone = 1; next } { print }' perfect.jsonl > less.jsonl
imports less.db less.jsonl
says 'a missing case is not-run' "^mine: $((cases - 1)) of $cases answered, not-run 1$"
scores 'a missing case is no answer' ' 100 0 0 99 1 0.995 1.000 - 0.000 ' less.db

# the three emptinesses
run='"tool":{"driver":{"name":"mine","version":"1.0"}}'
log() { printf '{"version":"2.1.0","runs":[{%s%s}]}\n' "$run" "$1"; }
log ',"results":[]' > none.sarif
log '' > null.sarif
log ',"results":[],"invocations":[{"executionSuccessful":false}]' > failed.sarif
imports sarif.db none.sarif
scores 'no results: pass' ' 0 100 0 100 0 1.000 0.000 - 0.000 .* 1.0$' sarif.db
imports sarif.db null.sarif
says 'results are absent: not-run' "^mine: 0 of $cases answered, not-run $cases$"
imports sarif.db failed.sarif
says 'the run failed: crash' "^mine: 0 of $cases answered, crash $cases$"

# Logs with right values, over the plain texts.
"$drill" gen --level smoke --out plain || exit 1
violating=$(grep -m1 '"verdict":"violation","findings"' level/manifest.jsonl |
	sed 's/.*"file":"\([^"]*\)".*/\1/')
logs=../../oracle/import/test/sarif
plain() {
	imports plain.db --manifest plain/manifest.jsonl "$@"
}
sed "s#cases/[0-9]*\.c#$violating#" $logs/file-relative-uri.sarif > relative.sarif
plain relative.sarif
says 'a relative file URI' "^mine: $cases of $cases answered$"
shows 'a relative file URI counts' 'missing-release 1 missing-release'
scores 'a relative file URI is a violation' " 1 99 0 100 0 1.000 0.010 - 0.000 " plain.db
plain $logs/notification-error.sarif
says 'an error that names a file is a crash' "^mine: 1 of $cases answered, crash 1, not-run $((cases - 2))$"
plain $logs/merged-runs.sarif
says 'what no run names is not-run' "^mine: 3 of $cases answered, not-run $((cases - 3))$"
refuses 'a rule that contradicts itself' \
	"contradicts.sarif: error: /runs/0/results/0: its rule is 'missing-release' by id, and 'style'" \
	--manifest plain/manifest.jsonl $logs/rule-index-contradicts.sarif

# what rules mean: two results of a rule that has nothing to do with locks, one that has, of a violating case
# shellcheck disable=SC2046 # a list of words
set -- $(sed 's/.*"file":"\([^"]*\)".*/\1/' level/manifest.jsonl | grep -vx "$violating")
at() {
	printf '"locations":[{"physicalLocation":{"artifactLocation":{"uri":"%s"},' "$1"
	printf '"region":{"startLine":%s}}}]' "$2"
}
log ',"results":[{"ruleId":"unused","message":{"text":"x is not used"},'"$(at "$1" 30)"'},
	{"ruleId":"unused",'"$(at "$2" 30)"'},
	{"ruleId":"lock/twice","message":{"text":"{0} is held","arguments":["the lock"]},
		'"$(at "$violating" 30)"'},
	{"ruleId":"style","level":"note",'"$(at "$3" 30)"'}]' > rules.sarif
plain rules.sarif
shows 'rules that are not known count' 'unused 2 violation'
shows 'rules that are not known count, one by one' 'lock/twice 1 violation'
shows 'notes are none' 'style 1 nothing'
plain --kind unused=ignore rules.sarif
shows 'a rule that is ignored' 'unused 2 ignored'
shows 'another rule' 'lock/twice 1 violation'
plain --only lock=double-acquire rules.sarif
shows 'a rule that is not listed' 'unused 2 ignored'
shows 'a rule that is listed' 'lock/twice 1 double-acquire'
scores 'one finding is left' " 1 99 0 100 0 1.000 0.010 - 0.000 " plain.db
plain --message 'the lock is held=double-acquire' rules.sarif
shows 'arguments stand in the text' 'lock/twice 1 double-acquire'
plain --kind style=none rules.sarif
shows 'a note stays one' 'style 1 nothing'
refuses 'a kind that matches nothing' \
	"^--kind: error: no result is of rule 'lok': .* lock/twice, style, unused$" \
	--kind lok=none rules.sarif
refuses 'an only that matches nothing' "^--only: error: no result is of rule 'lok'" \
	--only lok=none --only lock=none rules.sarif
refuses 'a message that matches nothing' "^--message: error: no result has in its message 'a lock'" \
	--message 'a lock=none' rules.sarif
refuses 'a kind without results' "^--kind: error: no result is of rule 'lock': .* there are none" \
	--kind lock=none none.sarif
refuses 'an only that is none' '^--only: error: .*double-acquire' --only 'R=twice' rules.sarif

# refused
: > empty.sarif
printf '{"version":"2.1.0","runs":[{"tool"' > half.sarif
head -c 1000 perfect.jsonl > half.jsonl
truncate -s 300M large.sarif
log ',"results":[{"locations":[{"physicalLocation":{"artifactLocation":{"uri":"cases/999999999.c"}}}]}]' \
	> unknown.sarif
echo '{"file":"cases/999999999.c","verdict":"pass"}' > unknown.jsonl
printf 'file,verdict\r\ncases/999999999.c,pass\r\n' > unknown.csv
cat perfect.jsonl perfect.jsonl > twice.jsonl
sed 's/"verdict":"pass"/"verdict":"pass","findings":[{"line":20}]/' perfect.jsonl > found.jsonl
sed 's/"text_hash":"./"text_hash":"x/' level/manifest.jsonl > other.jsonl
sed 5d level/manifest.jsonl > short.jsonl
refuses 'an empty file' '^empty.sarif:1:1: error: empty' empty.sarif
refuses 'half a log' '^half.sarif:1:34: error: ' half.sarif
refuses 'half a line' '^half.jsonl:[0-9]*:[0-9]*: error: ' half.jsonl
refuses 'a log that is too large' '^large.sarif: error: cannot read: more than 256 MB' large.sarif
rm large.sarif
refuses 'an unknown file in a log' '/runs/0/results/0/locations/0/physicalLocation: .*999999999.c' \
	unknown.sarif
refuses 'an unknown file in JSON lines' '^unknown.jsonl:1: error: .*999999999.c' unknown.jsonl
refuses 'an unknown file in CSV' '^unknown.csv:2: error: .*999999999.c' unknown.csv
refuses 'a good file before a bad one' '^unknown.csv:2' perfect.jsonl unknown.csv
refuses 'a case twice' '^twice.jsonl:[0-9]*: error: case .* at line 1 of twice.jsonl' twice.jsonl
refuses 'a case in two files' '^perfect.csv:2: error: .* of perfect.jsonl' perfect.jsonl perfect.csv
refuses 'records beside a log of everything' '^perfect.jsonl:.*none.sarif too' none.sarif perfect.jsonl
refuses 'a pass with a finding' 'pass with a finding' found.jsonl
refuses 'a file that is not there' '^gone.csv: error: cannot read: No such file' gone.csv
refuses 'an ending that says nothing' '^self.txt: error: .*--format' self.txt
refuses 'a format that is none' "^--format: error: 'xml'" --format xml perfect.csv
refuses 'another format' '^perfect.csv:1:' --format jsonl perfect.csv
refuses 'a kind that is none' '^--kind: error: .*double-acquire' --kind 'R=twice' none.sarif
refuses 'a reading that is none' '^--reading: error: ' --reading SpinlockRelease=loose none.sarif
refuses 'another level' '^level/manifest.jsonl:[0-9]*: error: level smoke has no case' \
	--rule SpinlockRelease perfect.jsonl
refuses 'another text' '^other.jsonl:1: error: case .* has another text' --manifest other.jsonl perfect.jsonl
refuses 'a manifest with a gap' '^short.jsonl: error: case .* is not in it' \
	--manifest short.jsonl perfect.jsonl
refuses 'a manifest that is none' '^perfect.csv:1:[0-9]*: error: ' --manifest perfect.csv perfect.jsonl
refuses 'a manifest that is not there' '^gone.jsonl: error: cannot open: ' --manifest gone.jsonl perfect.jsonl
refuses 'a name that is none' '^--checker: error: ' --checker 'my checker' perfect.jsonl

# Bad input leaves the answers of before.
imports keep.db perfect.jsonl
"$drill" score keep.db > before.txt
"$drill" import --level smoke --manifest level/manifest.jsonl --db keep.db --checker mine \
	unknown.csv 2> stderr
"$drill" score keep.db > after.txt
same 'a refused import changes nothing' before.txt after.txt

# clang's logs
if ! command -v clang-14 > which.txt; then
	echo 'import: skipped: logs of clang (clang-14 is not here)'
	echo "import: $passed passed, $failed failed"
	[ $failed = 0 ]
	exit
fi

# analyze DIR: a log for each file of DIR/cases in DIR/logs.
analyze() {
	mkdir "$1/logs"
	(
		cd "$1" || exit 1
		for file in cases/*.c; do
			clang-14 --analyze -std=gnu11 -Wno-everything -ferror-limit=0 --analyzer-no-default-checks \
				-Xclang -analyzer-checker=core.builtin,alpha.unix.PthreadLock \
				-Xclang -analyzer-max-loop -Xclang 8 \
				--analyzer-output sarif -o "logs/$(basename "$file" .c).sarif" -Iinclude "$file"
		done
	) > clang.txt 2>&1
}

# as_clang DB DIR FILE...: as the adapter clang-pthread-lock reads its messages.
as_clang() {
	db=$1 dir=$2
	shift 2
	rm -f "$db"
	"$drill" import --level smoke --manifest "$dir/manifest.jsonl" --db "$db" --checker clang-pthread-lock \
		--message 'This lock has already been acquired=double-acquire' \
		--message 'This lock has already been unlocked=release-without-acquire' \
		--message 'This lock is still locked=missing-release' \
		--message 'This was not the most recently acquired lock=ignore' \
		--reading CancelSpinlockRelease=alternate --reading QueuedSpinLockRelease=alternate \
		--reading SpinLockRelease=alternate --reading SpinlockRelease=alternate \
		--reading WdfSpinlockRelease=alternate "$@" > table 2> stderr || bad "import into $db" stderr
}

# The columns behind the version, which a log tells in more words.
score_of() {
	"$drill" score "$1" | grep '^clang-pthread-lock' | sed 's/.* \([0-9]*%\)/\1/'
}

rm -f run.db
"$drill" run --level smoke --checker clang-pthread-lock --db run.db --quiet
score_of run.db > run.txt
analyze level
as_clang logs.db level level/logs/*.sarif
score_of logs.db > logs.txt
same 'logs of single files score as the run does' run.txt logs.txt
grep -h -o 'This [a-z ]* lock' level/logs/*.sarif | sort -u > messages.txt
grep -q '^100%  *[.1]' logs.txt && grep -q 'most recently' messages.txt ||
	bad 'there is something to compare' logs.txt messages.txt

"$drill" gen --level smoke --world pthread --pack 60 --out packed
analyze packed
as_clang packs.db packed packed/logs/*.sarif
score_of packs.db > packs.txt
same 'logs of packs score as the run does' run.txt packs.txt

# Under other names logs cover no more than their results name.
mkdir renamed
for log in packed/logs/*.sarif; do cp "$log" "renamed/x$(basename "$log")"; done
as_clang renamed.db packed renamed/*.sarif
says 'logs under other names' 'each covers the files that its results name'

# A case that does not compile has no log: that is told from a log that found nothing.
echo 'syntax error' >> level/cases/000000000.c
rm -r level/logs
analyze level
as_clang broken.db level level/logs/*.sarif
says 'a syntax error' "^clang-pthread-lock: $((cases - 1)) of $cases answered, not-run 1$"

echo "import: $passed passed, $failed failed"
[ $failed = 0 ]
