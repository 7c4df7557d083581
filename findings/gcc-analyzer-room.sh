#!/bin/sh
# gcc 12.2.0, -fanalyzer: whether the leak in one function is named hangs on functions beside it that have nothing to
# do with it.
#
# Expected: what is said of a function follows from it and from what it calls. Where the analysis gives up, for a
# function has too many states, it gives up on that one wherever it stands. Seen: the limit is one for the whole file,
# and it grows with the file. So a function with four allocations, of which some are freed under a condition that is
# remembered, is given up without a word, and the allocation behind them, which leaks on all paths, is not named; with
# two hundred small functions behind it in the same file it is. Whoever tries an analyzer on small files of one
# function each sees fewer findings than on the same functions in one file.
#
# Gets Debian's package of the compiler proper into a temporary folder, installs nothing (its libraries are those of
# any Debian 12 with a compiler); prints what it said; exit 1 if that is no longer so.
set -eu
version=12.2.0-14+deb12u1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "cpp-12=$version" > apt.log
for package in ./*.deb; do dpkg -x "$package" root; done
cc1=$(find root -name cc1)

small() { # HOW-MANY: functions that have nothing to do with what leaks
	number=0
	while [ "$number" -lt "$1" ]; do
		number=$((number + 1))
		printf 'void small_%d(void);\nvoid\nsmall_%d(void)\n{\n\tif (choose())\n\t\tsink = %d;\n}\n\n' \
			"$number" "$number" "$number"
	done
}
cat > alone.c <<'C'
void *malloc(unsigned long size);
void free(void *block);
int choose(void);
void leaks(void);
extern volatile int sink;

void
leaks(void)
{
	void *one = malloc(1);
	int first = choose();
	if (first)
		free(one);
	void *two = malloc(2);
	int second = choose();
	if (second)
		free(two);
	void *three = malloc(3);
	int third = choose();
	if (third)
		free(three);
	void *four = malloc(4);
	int fourth = choose();
	if (fourth)
		free(four);
	void *lost = malloc(5);
	sink = lost != 0;
	if (!first)
		free(one);
	if (!second)
		free(two);
	if (!third)
		free(three);
	if (!fourth)
		free(four);
}

C
{ cat alone.c && small 200; } > beside.c

"$cc1" -version -quiet alone.c -o alone.s 2>&1 | head -n 1
for file in alone beside; do
	"$cc1" -quiet -fanalyzer "$file.c" -o "$file.s" > "$file.said" 2>&1 || echo "exit status $?" >> "$file.said"
	echo "$file.c: $(grep -c 'warning: leak' "$file.said" || :) leaks named"
	grep 'warning: leak' "$file.said" || :
done

if grep -q 'warning: leak' alone.said || ! grep -q "warning: leak of .lost." beside.said; then
	echo 'changed: expected no leak in alone.c, and that of lost in beside.c'
	exit 1
fi
echo 'as described: the same function, and the leak is named where two hundred others stand beside it'
