#!/bin/sh
# Checkers that misbehave, each in one way (oracle/harness/test/faults): after each run there is exactly one
# record a case, with the right answer or the right reason; no process and no temporary directory is left. An
# argument is a pattern of fault names: only those. FAULTS_LONG=1 runs those too that take minutes. Prints
# what fails, and a count.
#
# How to read it: `packs` and `talks` run one fault and compare: what cases without the word must have, what
# those with the word, and why the run is void. The faults are one line each, at the end. Each has a directory
# of its own, and those that wait for a limit of time do so side by side.
set -u
cd "$(dirname "$0")/.." || exit
root=$PWD
drill=$root/build/lockdrill
out=$root/build/faults
only=${1:-*}
rule=SpinLockRelease
[ -x "$drill" ] || { echo "build/lockdrill is missing: make build"; exit 2; }
command -v sqlite3 > build/found || { echo "sqlite3 is missing: ci/setup"; exit 2; }
if [ -e "$out" ]; then
	chmod -R u+rwx "$out"
	rm -rf "$out"
fi
mkdir -p "$out/bin"

# Verdicts of the checks, one a line, so that those made side by side count too.
results=$out/results

good() {
	echo ok >> "$results"
}

bad() {
	{
		echo "not ok - $1"
		shift
		for file in "$@"; do sed 's/^/    /' "$file" | head -6; done
	} >> "$results"
}

# holds NAME COMMAND...: fine when the command is.
holds() {
	name=$1
	shift
	if "$@" > "$dir/stdout" 2> "$dir/stderr"; then good; else bad "$name" "$dir/stdout" "$dir/stderr"; fi
}

chosen() {
	# shellcheck disable=SC2254 # a pattern
	case $1 in $only) ;; *) return 1 ;; esac
}

# enter NAME: a directory for one fault: $dir.
enter() {
	dir=$out/$1
	mkdir -p "$dir/tmp" "$dir/notes" "$dir/data/adapters"
	: > "$dir/pids"
	export TMPDIR="$dir/tmp"
}

# program KIND FAULT FILE: makes the file, which can be run by itself; KIND is packs or talks.
program() {
	cat > "$3" << END
#!/bin/sh
FAULTS_MARK=$dir/ exec sh $root/oracle/harness/test/faults/$1.sh $2 $dir/pids $drill $dir/notes "\$@"
END
	chmod +x "$3"
}

# adapter FAULT [LINE]...: one whose program is notes/exe, with these lines instead of the usual ones of the
# same key.
adapter() {
	adapted=$1
	shift
	program packs "$adapted" "$dir/notes/exe"
	cat > "$dir/usual" << END
name: packs-$adapted
title: misbehaves
url: ''
world: plain
exe: ['$dir/notes/exe']
version: {argv: ['{exe}', --version], pattern: 'version (?<version>\\S+)'}
steps: [['{exe}', '{spans}', '{files}']]
exit: [0]
complete: {pattern: '^done\$'}
findings: [{pattern: '^(?<file>[^:]+):(?<line>[0-9]+): violation\$', kind: none}]
pack: 4
seconds: 60
seconds-case: 0
memory: 1000000000
output: 1048576
END
	for line in "$@"; do echo "$line"; done > "$dir/lines"
	awk -F: 'NR == FNR { own[$1]; print; next } !($1 in own)' "$dir/lines" "$dir/usual" \
		> "$dir/data/adapters/packs-$adapted.yaml"
}

# drill_run DB [OPTION]...: with a deadline that none should need.
drill_run() {
	db=$1
	shift
	timeout -k 10 "${FAULTS_DEADLINE:-300}" "$drill" run --level smoke --rule $rule --db "$db" "$@" \
		> "$dir/stdout" 2> "$dir/stderr"
}

# living: the processes of checkers that are there: those that wrote their numbers, and any that has the mark
# in its environment. A number alone may be that of a later process.
living() {
	while read -r pid start; do
		[ -r "/proc/$pid/stat" ] && read -r stat < "/proc/$pid/stat" || continue
		# shellcheck disable=SC2086 # a list of numbers
		set -- ${stat##*) }
		[ "${20}" != "$start" ] || echo "process $pid lives"
	done < "$dir/pids" 2> "$dir/gone"
	grep -lsaF "FAULTS_MARK=$dir/" /proc/[0-9]*/environ
	:
}

nothing_left() {
	living > "$dir/living" 2>&1
	find "$dir/tmp" -mindepth 1 -maxdepth 1 >> "$dir/living"
	if [ -s "$dir/living" ]; then bad "$1: something is left" "$dir/living"; else good; fi
	while read -r pid start; do
		kill -KILL "$pid"
	done < "$dir/pids" 2> "$dir/gone"
}

# compare DB PLAIN WORD: what is not as expected of cases without the word and of those with it.
compare() {
	sqlite3 -batch "$1" "ATTACH '$out/right.db' AS good" "
		WITH expected AS (SELECT c.number, r.state, r.findings,
			CASE WHEN w.id IS NULL THEN ',$2,' ELSE ',$3,' END AS what
			FROM good.cases c JOIN good.$kind r USING (number) LEFT JOIN good.word w ON w.id = c.id)
		SELECT e.number, e.what, e.state, a.state FROM expected e LEFT JOIN answers a USING (number)
		WHERE a.state IS NULL OR NOT (instr(e.what, ',right,') AND a.state = e.state
			AND a.findings = e.findings
			OR instr(e.what, ',' || a.state || ','))"
}

# ran FAULT PLAIN WORD WHY OPTION...: runs and looks. PLAIN and WORD are `right`, or states with commas
# between them; WHY is a pattern of what voids the run, '' where nothing does.
ran() {
	plain=$2 word=$3 why=$4 name=$kind-$1
	shift 4
	db=$dir/db
	echo "$name" >> "$out/faults"
	drill_run "$db" --data "$dir/data" -j 2 "$@"
	status=$?
	wanted=0
	[ -z "$why" ] || wanted=1
	if [ $status = $wanted ]; then good; else bad "$name: exit status $status, not $wanted" "$dir/stderr"; fi
	if [ -z "$why" ] || grep -q "VOID: .*$why" "$dir/stderr"; then good; else
		bad "$name: it does not say why it is void" "$dir/stderr"
	fi
	nothing_left "$name"
	sqlite3 -batch "$db" 'SELECT count(*), count(DISTINCT number) FROM answers' > "$dir/count" 2>&1
	if [ "$(cat "$dir/count")" = "$cases|$cases" ]; then
		good
	else
		bad "$name: not one record a case" "$dir/count" "$dir/stderr"
	fi
	sqlite3 -batch "$db" "SELECT state, number FROM answers WHERE (why IS NULL OR trim(why) = '')
		AND state IN ('timeout', 'out-of-memory', 'crash', 'garbled', 'not-run')" > "$dir/count" 2>&1
	if [ -s "$dir/count" ]; then bad "$name: no reason is stored" "$dir/count"; else good; fi
	compare "$db" "$plain" "$word" > "$dir/differs" 2>&1
	if [ -s "$dir/differs" ]; then bad "$name: wrong answers" "$dir/differs" "$dir/stderr"; else good; fi
	sqlite3 -batch "$db" "SELECT finished, coalesce(why_not, '') FROM runs" > "$dir/run" 2>&1
	if [ "$why" ]; then pattern="^1|void: .*$why"; else pattern='^1|$'; fi
	if grep -q "$pattern" "$dir/run"; then good; else bad "$name: not the reason '$why'" "$dir/run"; fi
	"$drill" score "$db" > "$dir/score" 2>&1
	status=$?
	if [ "$why" ]; then # a void run has no score, and it says why
		if grep -q "void.*$why" "$dir/score"; then
			good
		else
			bad "$name: the score does not say why" "$dir/score"
		fi
	elif [ $status = 0 ]; then good; else bad "$name: no score" "$dir/score"; fi
}

# packs FAULT PLAIN WORD WHY [LINE]...
packs() {
	chosen "$1" || return
	kind=packs fault=$1 plain=$2 word=$3 why=$4
	shift 4
	enter "packs-$fault"
	adapter "$fault" "$@"
	ran "$fault" "$plain" "$word" "$why" --checker "packs-$fault"
}

# talks FAULT PLAIN WORD WHY [OPTION]...
talks() {
	chosen "$1" || return
	kind=talks fault=$1 plain=$2 word=$3 why=$4
	shift 4
	enter "talks-$fault"
	program talks "$fault" "$out/bin/talks-$fault"
	ran "$fault" "$plain" "$word" "$why" --program "$out/bin/talks-$fault" "$@"
}

# refused FAULT PATTERN: a checker of that name is not run at all.
refused() {
	chosen "$1" || return
	echo "$1" >> "$out/faults"
	enter "$1"
	program talks "$1" "$out/bin/talks-$1"
	drill_run "$dir/db" --program "$out/bin/talks-$1"
	status=$?
	if [ $status = 2 ] && grep -q "$2" "$dir/stderr"; then
		good
	else
		bad "$1: exit status $status" "$dir/stderr"
	fi
	nothing_left "$1"
}

# What waits for a limit of time does so in the background.
slow() {
	"$@" &
}

# long COMMAND...: only in the long version.
long() {
	[ -z "${FAULTS_LONG:-}" ] || "$@" &
}

# What is right: the answers of the sound checkers.
enter right
"$drill" gen --level smoke --rule $rule --out "$dir/level"
adapter right
program talks right "$out/bin/talks-right"
drill_run "$out/right.db" --data "$dir/data" --checker packs-right --program "$out/bin/talks-right" ||
	bad 'the sound checkers' "$dir/stderr"
for kind in packs talks; do
	sqlite3 -batch "$out/right.db" "CREATE TABLE $kind AS SELECT number, state, findings FROM answers
		JOIN runs USING (run)
		WHERE checker = '$kind-right' AND finished AND why_not IS NULL AND state IN ('pass', 'violation')"
done
grep -lw switch "$dir"/level/cases/*.c | sed 's#.*/##' > "$dir/files"
grep -F -f "$dir/files" "$dir/level/manifest.jsonl" | sed 's/.*"id":"\([0-9a-f]*\)".*/\1/' > "$dir/ids"
sqlite3 -batch "$out/right.db" 'CREATE TABLE word (id TEXT)' ".import $dir/ids word"
count() {
	sqlite3 -batch "$out/right.db" "SELECT count(*) FROM $1"
}
cases=$(count cases)
holds "$cases cases, more than 20 of them" test "$cases" -ge 20
holds 'some have the word and most have not' \
	test "$(count 'word JOIN cases USING (id)')" -ge 2 -a "$(count word)" -lt $((cases / 2))
holds 'all are answered by sound checkers' test "$(count packs)-$(count talks)" = "$cases-$cases"
nothing_left 'sound checkers'

# The checks fail when they should.
mv "$results" "$out/before"
kind=packs
enter self
adapter some-crashes
ran some-crashes right right '' --checker packs-some-crashes
ran some-crashes right crash 'nothing' --checker packs-some-crashes
sh "$root/oracle/harness/test/faults/packs.sh" as-sleeper "$dir/pids" '' '' &
while ! grep -q "^$! " "$dir/pids"; do sleep 0.01; done
nothing_left self
wait
mkdir "$dir/tmp/lockdrill-self"
nothing_left self
if [ "$(grep -c 'not ok' "$results")" != 7 ]; then
	echo "the checks do not fail when they should"
	cat "$results"
	exit 1
fi
mv "$out/before" "$results"
: > "$out/faults"

# name, answers without the word and with it, what voids the run, and what the adapter or the command line has
# of its own

slow packs hangs not-run not-run 'timeout' 'seconds: 1'
slow packs some-hangs right timeout '' 'seconds: 5' 'pack: 1'
slow packs some-hangs-late right timeout '' 'seconds: 5' 'pack: 1'
slow packs some-stops-itself right timeout '' 'seconds: 5' 'pack: 1'
slow packs some-burns right timeout '' 'cpu: 0.05' 'seconds: 60' 'pack: 1'
slow packs some-orphans-and-hangs right timeout '' 'seconds: 5' 'pack: 1'
slow packs some-closes-and-hangs right timeout '' 'seconds: 5' 'pack: 1'
long packs some-stops-parent right crash,timeout '' 'seconds: 5' 'pack: 1'
slow talks some-hangs right timeout '' --seconds 5
slow talks some-half-line-hangs right timeout '' --seconds 5
slow talks some-floods-stderr-on right garbled,timeout '' --seconds 5
long talks some-stops-parent right crash,timeout '' --seconds 5
slow talks some-closes-streams right crash,timeout '' --seconds 5
slow talks later-no-hello not-run not-run 'timeout.*flush' --seconds 1
slow refused no-hello 'hello.*flush'

packs crashes not-run not-run 'canary of .* crash: ended by signal 11'
packs some-crashes right crash ''
packs some-crashes-late right crash ''
packs orphans right right ''
packs some-many-children right right ''
packs floods not-run not-run 'garbled.*limit of output'
packs some-floods right garbled ''
packs some-floods-stderr right garbled ''
packs long-line right right ''
packs some-eats-memory right out-of-memory '' 'memory: 60000000'
packs some-eats-together right out-of-memory '' 'memory: 60000000'
packs garbage not-run not-run 'garbled.*complete'
packs some-garbage right garbled ''
packs nul-bytes right right ''
packs some-nothing right garbled ''
packs half-mark right right ''
packs some-half-finding right garbled ''
packs some-no-mark right garbled ''
packs some-error-as-success right garbled ''
packs some-exit-1 right garbled ''
packs version-counts right right 'version'
packs replaces-itself right right 'program changed'
packs some-replaces-itself right right 'program changed'
packs changes-pack not-run not-run 'garbled.*changed files'
packs some-changes-pack right garbled ''
packs some-removes-pack right garbled ''
packs some-pack-as-fifo right garbled ''
packs some-pack-as-hole right garbled ''
packs changes-header not-run not-run 'garbled.*changed files'
packs some-changes-header right garbled ''
packs some-adds-header right garbled ''
packs some-removes-headers right garbled ''
packs some-removes-headers-long right garbled ''
packs adds-file right right ''
packs removes-directory right right ''
packs some-removes-pack-directory right garbled ''
packs some-removes-all-packs right garbled ''
packs some-removes-root right garbled ''
packs some-pack-as-link right garbled ''
chosen some-pack-as-link && holds 'what a link led to is gone' test -e "$dir/notes/kept"
packs some-deep-directory right right ''
packs link-outside right right ''
packs locked-directory right right ''
packs reads-stdin right right ''
packs some-closes-streams right garbled ''
packs some-kills-parent right crash ''
packs says-violation not-run not-run 'correct canary of .* violation'
packs says-pass not-run not-run 'violating canary of .* pass'
packs crlf right right ''
packs some-gives-up-on-file right unknown,violation '' "unknown: ['^out of ideas\$']"
packs some-gives-up-on-header right unknown,violation '' \
	"unknown: ['^(?<file>[^:]+):(?<line>[0-9]+): unknown\$']"
packs gives-up-on-file not-run not-run 'canary of .* unknown' "unknown: ['^out of ideas\$']"

talks dies not-run not-run 'crash: ended by signal 11'
talks some-dies right crash ''
talks dies-fifth right right ''
talks exits-behind right right ''
talks some-exits right crash ''
talks some-twice right right,garbled ''
talks some-other-request right garbled ''
talks other-request not-run not-run 'garbled: line 2: done with request'
talks other-verdict not-run not-run "garbled: line 2: expected one of: pass .* for 'verdict'"
talks crlf right right ''
talks some-half-line right crash ''
talks some-other-verdict right garbled ''
talks some-not-run right garbled ''
talks some-passes-with-finding right garbled ''
talks some-garbage right garbled ''
talks some-floods-stderr right right,garbled ''
talks some-floods-line right garbled ''
talks some-floods-findings right garbled ''
talks some-eats-memory right out-of-memory '' --memory 60
talks some-eats-and-answers right out-of-memory '' --memory 60
talks some-orphans right right ''
talks some-orphans-and-dies right crash ''
talks some-kills-parent right crash ''
talks some-changes-case right right,garbled ''
talks some-changes-case-first right garbled ''
talks some-changes-header right garbled ''
talks some-removes-directory right right ''
talks some-directory-as-file right right ''
talks some-removes-all-packs right garbled,right ''
talks some-gives-up right unknown ''
talks other-version not-run not-run 'later'
talks later-version right right 'later'
refused exits-first 'hello\|crash\|ended'
refused garbage-hello 'JSON\|hello'
refused other-protocol 'protocol'
refused other-world 'atlantis'

missing() {
	chosen missing || return
	enter missing
	adapter missing "exe: ['$out/no-such-program']"
	echo 'missing and named' >> "$out/faults"
	drill_run "$dir/db" --data "$dir/data" --checker packs-missing
	status=$?
	if [ $status = 2 ] && grep -q 'packs-missing.*not here' "$dir/stderr"; then good; else
		bad "missing and named: exit status $status" "$dir/stderr"
	fi
	echo 'missing and not named' >> "$out/faults"
	drill_run "$dir/db" --data "$dir/data" -j 2 || bad 'missing and not named' "$dir/stderr"
	holds 'missing: recorded' test "$(sqlite3 -batch "$dir/db" "SELECT finished, why_not, state,
		count(DISTINCT number), count(*) FROM runs JOIN answers USING (run)
		WHERE checker = 'packs-missing' GROUP BY state")" = "1|not here|not-run|$cases|$cases"
	holds 'missing: the score' "$drill" score "$dir/db"
	grep -A1 '^no answer from packs-missing ' "$dir/stdout" | grep -q 'not here' ||
		bad 'missing: the score does not say so' "$dir/stdout"
	nothing_left missing
}
slow missing

# What a checker prints is not kept: the memory of lockdrill, or of the largest process that it waited for.
memory() {
	chosen memory && [ -x /usr/bin/time ] || return
	enter memory
	adapter floods
	/usr/bin/time -v "$drill" run --data "$dir/data" --level smoke --rule $rule --db "$dir/db" -j 2 \
		--checker packs-floods \
		> "$dir/stdout" 2> "$dir/said"
	kilobytes=$(sed -n 's/.*Maximum resident set size.*: //p' "$dir/said")
	holds "memory: $kilobytes kB" test "$kilobytes" -lt 150000
	nothing_left memory
}
memory

wait

# tried_twice FAULT QUERY ANSWER
tried_twice() {
	chosen "$1" || return
	enter "talks-$1"
	holds "$1: tried twice" test "$(sqlite3 -batch "$dir/db" "ATTACH '$out/right.db' AS good" "$2")" = "$3"
}
tried_twice some-dies "SELECT group_concat(DISTINCT retried =
	EXISTS (SELECT 1 FROM cases c JOIN good.word USING (id)
	WHERE c.number = a.number)) FROM answers a" 1
tried_twice dies-fifth 'SELECT count(*) > 3, count(*) < (SELECT count(*) / 3 FROM answers)
	FROM answers WHERE retried' '1|1'

# A checker whose first canary is answered wrongly is asked no case: it was met, and started for canaries.
for fault in dies other-request other-verdict; do
	chosen $fault || continue
	dir=$out/talks-$fault
	holds "talks-$fault: is not asked on" test "$(grep -c x "$dir/notes/started")" -le 5
done

grep -vx ok "$results"
failed=$(grep -c '^not ok' "$results")
echo "faults: $(grep -c . "$out/faults") faults; $(grep -cx ok "$results") passed, $failed failed"
[ "$failed" = 0 ]
