#!/bin/sh
# Cases as verification tasks: the same bytes each time, clean for gcc on ILP32 and LP64, nothing undefined on
# runs with random unknowns, sets and properties that fit each other; every witness replays, and damaged ones
# are refused. Prints what fails, and a count.
#
#   ci/test_tasks.sh          the smoke level
#   ci/test_tasks.sh --all    all of standard: many minutes
#
# WITNESSLINT, a command, is run on each witness too: that of the format's authors, where somebody has it.
set -u
cd "$(dirname "$0")/.." || exit 2
drill=$PWD/build/lockdrill
out=$PWD/build/tasks
level=smoke
[ "${1:-}" != --all ] || level=standard
. ci/checks.sh
rm -rf "$out"
mkdir -p "$out"

gen() {
	"$drill" gen --quiet --level "$level" --world model --tasks "$@"
}

gen --out "$out/t" || exit 2
gen --out "$out/one.tar" && gen --out - > "$out/two.tar"
if cmp -s "$out/one.tar" "$out/two.tar"; then good; else bad 'not the same bytes each time'; fi
rm -f "$out/one.tar" "$out/two.tar"
gen --out "$out/t" && [ -f "$out/t/lockdrill.xml" ] && good ||
	bad 'an earlier folder of tasks is not replaced'
: > "$out/t/cases/mine.yml"
gen --out "$out/t" 2> "$out/log" && bad 'a foreign file is lost' || good
rm "$out/t/cases/mine.yml"
mkdir "$out/foreign"
echo mine > "$out/foreign/README.md"
gen --out "$out/foreign" 2> "$out/log" && bad 'a foreign README is lost' || good

# ---- sets, properties, the benchmark ----

cd "$out/t" || exit 2
if xmllint --noout --nonet lockdrill.xml 2> "$out/log"; then good; else bad 'lockdrill.xml' "$out/log"; fi
for set in $(sed -n 's|.*<includesfile>\(.*\)</includesfile>|\1|p' lockdrill.xml); do
	if [ -s "$set" ]; then good; else bad "$set is missing"; fi
done
for kind in 'lockdrill-[!l]*' 'lockdrill-ladder-*'; do
	cat sets/$kind.set | sed 's|^\.\./||' | sort > "$out/listed"
	ls cases/*.yml | grep -v witness > "$out/there"
	if [ -s "$out/there" ] && cmp -s "$out/listed" "$out/there"; then good; else
		bad "sets $kind do not hold each task once"
	fi
done
if [ "$(ls sets | tr A-Z a-z | sort | uniq -d)" ]; then bad 'sets of one name but for letters'; else good; fi
for property in properties/*.prp; do
	if grep -qv '^CHECK' "$property"; then bad "$property"; else good; fi
done
for file in $(sed -n 's/.*property_file: //p' cases/*0.yml | sort -u); do
	if [ -s "cases/$file" ]; then good; else bad "$file is missing"; fi
done
# What a definition expects is what the manifest says of the case.
sed 's/.*"file":"cases\/\([0-9]*\).*"ladder":"[^"]*","family":"[^"]*","verdict":"\([a-z]*\)".*/\1 \2/' \
	manifest.jsonl | sort > "$out/said"
grep -A1 'unreach-call.prp' cases/*[0-9].yml | sed -n 's|cases/\([0-9]*\)\.yml.*verdict: |\1 |p' |
	sed 's/true/pass/; s/false/violation/' | sort > "$out/expected"
if [ -s "$out/said" ] && cmp -s "$out/said" "$out/expected"; then good; else bad 'expected verdicts'; fi

# ---- texts ----

# clean FILE: whether gcc has nothing to say of it, for either data model.
clean() {
	for bits in 64 32; do
		gcc -std=gnu11 -Wall -Wextra -m$bits -fsyntax-only "$1" > "$out/log" 2>&1 && [ ! -s "$out/log" ] ||
			return 1
	done
}

echo 'int main(void) { int unused; return 0; }' > "$out/guilty.c"
if clean "$out/guilty.c"; then bad 'a warning is not seen'; else good; fi
ls cases/*.c | awk -v every="$([ $level = smoke ] && echo 4 || echo 100)" 'NR % every == 1' > "$out/texts"
while read -r text; do
	if clean "$text"; then good; else bad "$text" "$out/log"; fi
done < "$out/texts"

# Runs with random unknowns. A path that violates ends, and so does one that goes on too long.
cat > "$out/random.c" << 'EOF'
#include <stdlib.h>
#include <unistd.h>
int __VERIFIER_nondet_int(void);
static unsigned state, asked;
__attribute__((constructor)) static void begin(void) { state = (unsigned)atoi(getenv("SEED")); alarm(1); }
int __VERIFIER_nondet_int(void)
{
	if (++asked == 1000)
		_exit(0);
	state = state * 1103515245u + 12345u;
	return state >> 16 & 1 ? (int)(state * 2654435761u) : 0;
}
void __assert_fail(const char *a, const char *b, unsigned c, const char *d)
{
	(void)a, (void)b, (void)c, (void)d;
	_exit(0);
}
void abort(void) { _exit(0); }
EOF
# defined FILE: whether runs of it do nothing undefined. A pause without end is ended by a signal.
defined() {
	clang-14 -w -O0 -fsanitize=memory,undefined -fno-sanitize-recover=all -o "$out/random" "$1" \
		"$out/random.c" > "$out/log" 2>&1 || return 1
	for seed in 1 2 3 4 5; do
		SEED=$seed "$out/random" > "$out/ran" 2>> "$out/log"
		case $? in 0 | 142) ;; *) return 1 ;; esac
	done
	[ ! -s "$out/log" ]
}
if command -v clang-14 > "$out/found"; then
	cat > "$out/guilty.c" << 'END'
int __VERIFIER_nondet_int(void);
int main(void) { int a[2]; return a[1] ? __VERIFIER_nondet_int() : 0; }
END
	if defined "$out/guilty.c"; then bad 'what is not initialised is not seen'; else good; fi
	awk 'NR % 4 == 1' "$out/texts" | while read -r text; do
		defined "$text" || { echo "$text"; cat "$out/log"; }
	done > "$out/undefined"
	if [ ! -s "$out/undefined" ]; then good; else bad 'undefined' "$out/undefined"; fi
else
	echo 'tasks: skipped: no clang-14 for runs under sanitizers'
fi

# ---- witnesses ----

cd cases || exit 2
ls | grep 'witness.yml$' > "$out/witnesses"
if xargs -n 200 "$drill" witness < "$out/witnesses" > "$out/replayed" 2> "$out/log"; then good; else
	bad 'a witness does not replay' "$out/log"
fi
[ "$(wc -l < "$out/replayed")" -eq "$(wc -l < "$out/witnesses")" ] && good || bad 'witnesses are lost'
# Each violating task has two, and most of the others one.
violating=$(grep -c violation "$out/said")
correct=$(grep -c 'unreach.*invariants' "$out/replayed")
if [ "$(grep -c 'violates on line' "$out/replayed")" -eq $((2 * violating)) ]; then good; else
	bad "not two witnesses for each of $violating violating tasks"
fi
if [ $((10 * correct)) -ge $((8 * $(grep -c pass "$out/said"))) ]; then good; else
	bad "only $correct correct tasks have a witness"
fi
# The line is one that the manifest has for the case.
awk -F'[:. ]' '/violates on line/ { sub(/,.*/, "", $0); print $1, $NF }' "$out/replayed" | sort -u |
	while read -r number line; do
		grep "\"file\":\"cases/$number.c\"" ../manifest.jsonl | sed 's/"readings".*//' |
			grep -q "\"line\":$line," || echo "$number: line $line"
	done > "$out/lines"
if [ ! -s "$out/lines" ]; then good; else bad 'a path leads to a line without a finding' "$out/lines"; fi

if [ -n "${WITNESSLINT:-}" ]; then
	while read -r witness; do
		if $WITNESSLINT --witness "$witness" "${witness%%.*}.c" > "$out/log" 2>&1; then good; else
			bad "the linter refuses $witness" "$out/log"
		fi
	done < "$out/witnesses"
else
	echo "tasks: skipped: WITNESSLINT names no linter of the format's authors"
fi

# ---- damage ----

damaged=0
mkdir "$out/bad" && cd "$out/bad" || exit 2
# damage STATUS FILE SED WHY: a copy with this change is another file, and is refused with that status, in
# words that hold WHY.
damage() {
	stem=${2%%.*}
	cp "$out/t/cases/$stem.c" "$out/t/cases/$stem.yml" .
	sed "$3" "$out/t/cases/$2" > "$2"
	if cmp -s "$2" "$out/t/cases/$2"; then
		bad "$2: nothing is damaged by $3"
		return
	fi
	"$drill" witness "$2" > said 2> log
	if [ $? = "$1" ] && grep -q "$4" log; then
		good
		damaged=$((damaged + 1))
	else
		bad "$2 replays, or is refused for another reason: $3" said log
	fi
}

# Violating tasks with an unknown on their path, and correct ones.
grep -l function_return "$out"/t/cases/*unreach*.yml | sed 's|.*/||' | head -6 > violating
grep -l 'State == [01])' "$out"/t/cases/*unreach*.yml | sed 's|.*/||' | head -6 > correct
last() { # of a line that matches, its number
	grep -n "$2" "$out/t/cases/$1" | tail -n 1 | cut -d: -f1
}
while read -r which; do
	target=$(last "$which" 'line:')
	damage 1 "$which" "${target}s/line: .*/line: 7/" 'the first violation on the path is on'
	next=$(last "$which" 'function: lockdrill_next')
	damage 1 "$which" "${next}s/lockdrill_next/main/" 'the first violation'
	damage 1 "$which" "$(last "$which" column:)s/: .*/: 1/" 'nothing that violates begins'
	first=$(grep -n 'line:' "$out/t/cases/$which" | head -n 1 | cut -d: -f1)
	damage 1 "$which" "${first}s/line: \(.*\)/line: 1\1/" 'does not come here'
	damage 1 "$which" "$((first + 1))s/: .*/: 2/" 'no call'
	damage 1 "$which" "$((first + 2))s/: .*/: reach_error/" 'does not come here'
	damage 1 "$which" "$((first - 6)),$((first + 5))d" 'not come here\|violates\|ends before'
	damage 1 "$which" 's/\(00[0-9]*.c.: \)[0-9a-f]/\1x/' 'the hash is not that of'
	damage 1 "$which" 's/LP64/ILP32/' 'the definition is for LP64'
	damage 1 "$which" 's/LTL(G ! call(reach_error()))/LTL(G valid-free)/' 'no witness of this specification'
	damage 2 "$which" "$((target - 5))q" .
	damage 2 "$which" 's/follow/avoid/' 'expected one of: follow'
	damage 2 "$which" 's/violation_sequence/invariant_set/' .
	damage 2 "$which" "s/format_version: '2.0'/format_version: '3.0'/" 'expected one of: 2.0'
	damage 2 "$which" 's/result ==/result =/' 'expected =='
done < violating
while read -r which; do
	value=$(grep -n 'State == [01])' "$out/t/cases/$which" | head -n 1 | cut -d: -f1)
	damage 1 "$which" "${value}s/value: .*/value: '1'/" 'holds whatever the locks are'
	damage 1 "$which" "${value}s/value: '\(.*\)'/value: '(\1) || 1'/" 'holds whatever the locks are'
	damage 1 "$which" "${value}s/value: '\(.*\)'/value: '!(\1)'/" 'does not hold on every path'
	damage 1 "$which" "${value}s/State == [01]/State == 7/" 'does not hold on every path'
	damage 1 "$which" "$((value - 3))s/: .*/: 9999/" 'has no such line'
	damage 1 "$which" "$((value - 2))s/: .*/: 77/" 'begins in this column'
	damage 1 "$which" "$((value - 1))s/: .*/: main/" 'the line is not in function main'
	damage 1 "$which" "${value}s/value: '\(.*\)'/value: 'Nowhere.State == 0'/" 'no expression where it stands'
	damage 2 "$which" "${value}s/value: '\(.*\)'/value: 'abort()'/" 'no comparison of names'
	damage 2 "$which" "${value}s/State ==/State =/" 'no comparison of names'
	damage 2 "$which" 's/invariant_set/violation_sequence/' .
done < correct

# The unknown before the target turned round: either it leads elsewhere, or to what it says all the same.
turned=0
for which in $(grep -l function_return "$out"/t/cases/*unreach*.yml | sed 's|.*/||' | head -40); do
	line=$(last "$which" 'result ==')
	cp "$out/t/cases/${which%%.*}.c" "$out/t/cases/${which%%.*}.yml" .
	sed "${line}s/== 0/== 9/; ${line}s/== 1/== 0/; ${line}s/== 9/== 1/" "$out/t/cases/$which" > "$which"
	"$drill" witness "$which" > said 2> log || turned=$((turned + 1))
done
damaged=$((damaged + turned))
if [ $turned -ge 20 ]; then good; else bad "only $turned unknowns matter"; fi

# What stands beside a witness: another program of the same name, a definition that expects the contrary.
read -r which < violating
stem=${which%%.*}
cp "$out/t/cases/$stem.c" "$out/t/cases/$which" .
sed '/unreach-call.prp/{n;s/false/true/;}' "$out/t/cases/$stem.yml" > "$stem.yml"
"$drill" witness "$which" > said 2> log && bad 'a swapped verdict is not seen' said ||
	{ grep -q 'expects the contrary' log && good && damaged=$((damaged + 1)); }
cp "$out/t/cases/$stem.yml" .
sed 's/reach_error();/return state;/' "$out/t/cases/$stem.c" > "$stem.c"
sed "s/[0-9a-f]\{64\}/$(sha256sum "$stem.c" | cut -c1-64)/" "$out/t/cases/$which" > "$which"
"$drill" witness "$which" > said 2> log && bad 'another program is not seen' said ||
	{ grep -q 'is not the text of its case' log && good && damaged=$((damaged + 1)); }
if [ $damaged -ge 100 ]; then good; else bad "only $damaged damaged witnesses"; fi

echo "tasks: $passed passed, $failed failed; $(wc -l < "$out/witnesses") witnesses replay," \
	"$damaged damaged ones are refused"
[ $failed = 0 ]
