#!/bin/sh
# clang 14.0.6, -Wthread-safety: two elements of one array at constant indices are one lock to the analysis.
#
# Expected: a release of table[1] while table[0] is held is reported, and two elements that are taken and
# given back in nested order are not. Seen: the other way round. The analysis compares array subscripts by
# their base alone, so `take(&table[0]); give(&table[1])` is balanced for it, and right nesting is a double
# acquire with a stray release.
#
# Gets Debian's packages (clang-14 and what it links) into a temporary folder, installs nothing; prints what
# clang said; exit 1 if that is no longer so.
set -eu
version=1:14.0.6-12
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "clang-14=$version" "libclang-cpp14=$version" "libllvm14=$version" \
	"libclang-common-14-dev=$version" > apt.log
for package in ./*.deb; do dpkg -x "$package" root; done

cat > array.c <<'C'
struct __attribute__((capability("mutex"))) lock {
	int held;
};
void take(struct lock *lock) __attribute__((acquire_capability(lock)));
void give(struct lock *lock) __attribute__((release_capability(lock)));
static struct lock table[2];

void wrong_element(void);
void
wrong_element(void)
{
	take(&table[0]);
	give(&table[1]);
}

void right_nesting(void);
void
right_nesting(void)
{
	take(&table[0]);
	take(&table[1]);
	give(&table[1]);
	give(&table[0]);
}
C
libraries=$(find root -name 'lib*.so*' -exec dirname {} + | sort -u | tr '\n' ':')
LD_LIBRARY_PATH=$libraries root/usr/lib/llvm-14/bin/clang --version | sed -n 1p
LD_LIBRARY_PATH=$libraries root/usr/lib/llvm-14/bin/clang -std=gnu11 -fsyntax-only -Wthread-safety \
	-fno-caret-diagnostics array.c 2> said || :
grep warning said || echo 'no warning'

seen=$(sed -n 's/^array\.c:\([0-9]*\):.*warning: \([a-z]*\) .*/\1 \2/p' said | tr '\n' ',')
[ "$seen" = '21 acquiring,23 releasing,' ] || {
	echo "changed: expected warnings on lines 21 and 23 only, none on line 14"
	exit 1
}
echo 'as described: line 14 (the wrong element) passes; lines 21 and 23 (right nesting) are reported'
