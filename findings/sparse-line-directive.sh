#!/bin/sh
# sparse 0.6.4: a #line directive changes nothing in where sparse says a finding is.
#
# Expected, by C11 6.10.4 and as every compiler does: behind `#line 100 "generator.in"` messages name that
# file and count from 100, so that who generates C can point at the source it came from. Seen: sparse names
# the physical file and line. A harness that packs many programs into one file and maps findings back by
# #line gets all of them wrong.
#
# Gets Debian's package into a temporary folder, installs nothing; prints what sparse said; exit 1 if that
# is no longer so.
set -eu
version=0.6.4-3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "sparse=$version" > apt.log
for package in ./*.deb; do dpkg -x "$package" root; done

cat > physical.c <<'C'
extern void take(int *lock) __attribute__((context(lock, 0, 1)));
extern int lock;
void leak(void);
#line 100 "generator.in"
void
leak(void)
{
	take(&lock);
}
C
root/usr/bin/sparse --version
root/usr/bin/sparse -Wcontext physical.c > said 2>&1 || :
cat said

grep -q "^physical\.c:6:1: warning: context imbalance in 'leak'" said || {
	echo 'changed: expected the warning at line 6 of physical.c'
	exit 1
}
echo 'as described: line 6 of physical.c is named, not line 101 of generator.in'
