#!/bin/sh
# Line coverage of the unit tests and the shell tests together: ci/cover.sh MAKE [OPTION]... The tests are run
# in a copy of the tree below build/, built with gcc's --coverage, so that build/lockdrill stays what it is.
# Prints which lines of which file no test reaches, then each module's share; the exit status is 1 where gen
# or oracle has less than COVER_LEAST per cent (90).
#
# Processes that lockdrill starts anew (workers, plug-ins, runs) are counted: gcc's library adds up what each
# has reached when it exits. A process that is killed, crashes or leaves by _exit writes nothing, so what only
# such a process does counts as not reached: the child's side between fork and exec, and what a keeper does
# after its last report.
set -u
cd "$(dirname "$0")/.." || exit 2
least=${COVER_LEAST:-90}
tree=build/cover-tree
GCOV=${GCOV:-gcov}
command -v "$GCOV" > /dev/null || { echo "cover: $GCOV is not here" >&2; exit 2; }

# The copy keeps what was built there before.
mkdir -p $tree
for part in *; do
	[ "$part" = build ] || rm -rf "${tree:?}/$part"
done
tar -cf - --exclude=./build --exclude=./.git . | (cd $tree && tar -xf -)
cd $tree || exit 2
find build -name '*.gcda' -exec rm {} + 2> build.log
rm -f ./*.gcov
sh ci/test.sh --cover "$@" > tests.log 2>&1
sed -n '/^failed: /p; /^skipped: /p; $p' tests.log
find build/cover/gen build/cover/oracle build/cover/suite -name '*.gcno' ! -path '*/test/*' > objects
xargs "$GCOV" -p -r < objects > gcov.log 2>&1

# Of each file: the lines that no test reaches, as ranges, and at the end a line a module.
awk -v least="$least" '
function add(name, got) {
	if (!(name in lines)) order[++names] = name
	lines[name]++
	reached[name] += got
}
function row(name) {
	return sprintf("%-16s %7d %8d %6.1f %%", name, lines[name], reached[name],
		100 * reached[name] / lines[name])
}
FNR == 1 {
	if (missing != "") print path ":" missing
	path = FILENAME
	gsub("#", "/", path)
	sub("\\.gcov$", "", path)
	split(path, part, "/")
	missing = ""
	last = first = 0
}
{
	split($0, field, ":")
	count = field[1]
	number = field[2] + 0
	gsub(" ", "", count)
	if (count == "-" || !number) next
	got = count !~ /^[#=]/
	if (got) first = 0
	else if (first) sub("[0-9]+(-[0-9]+)?$", first "-" number, missing)
	else missing = missing (missing == "" ? " " : ", ") (first = number)
	add(part[1] "/" part[2], got)
	add(part[1], got)
	add("all", got)
}
END {
	if (missing != "") print path ":" missing
	printf "\n%-16s %7s %8s\n", "module", "lines", "reached"
	for (i = 1; i <= names; i++) if (order[i] ~ "/") print row(order[i])
	for (i = 1; i <= names; i++) if (order[i] !~ "/" && order[i] != "all") print row(order[i])
	print row("all")
	low = 0
	for (i = split("gen oracle", must, " "); i; i--)
		if (100 * reached[must[i]] < least * lines[must[i]] || !lines[must[i]]) {
			print "cover: " must[i] " has less than " least " %"
			low = 1
		}
	exit low
}' $(ls ./*.c.gcov | sed 's|^\./||' | sort) | tee ../cover.txt
grep -q '^cover: .* has less' ../cover.txt && exit 1
grep -q '^all ' ../cover.txt
