#!/bin/sh
# sparse 0.6.4: which lock a context is of does not count, so one lock taken and another given back is balanced.
#
# Expected: the first argument of __attribute__((context(lock, 0, 1))) is an expression, and the kernel's
# __acquires(lock) and __releases(lock) pass one; a function that takes the lock `first` and gives back `second`
# leaks the first, which sparse says of a function that does the one without the other. Seen: nothing is said of it,
# nor of two locks given back for two that were taken, the one of them twice. sparse has one number for all locks.
#
# Gets Debian's package into a temporary folder, installs nothing; prints what sparse said; exit 1 if that is no
# longer so.
set -eu
version=0.6.4-3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "sparse=$version" > apt.log
for package in ./*.deb; do dpkg -x "$package" root; done

cat > locks.c <<'C'
extern void take(int *lock) __attribute__((context(lock, 0, 1)));
extern void give(int *lock) __attribute__((context(lock, 1, 0)));
extern int first, second;
void gives_another(void);
void gives_one_twice(void);
void leaks(void);

void
gives_another(void)
{
	take(&first);
	give(&second);
}

void
gives_one_twice(void)
{
	take(&first);
	take(&second);
	give(&second);
	give(&second);
}

void
leaks(void)
{
	take(&first);
}
C
root/usr/bin/sparse --version
root/usr/bin/sparse -Wcontext locks.c > said 2>&1 || :
cat said

if [ "$(wc -l < said)" != 1 ] || ! grep -q "context imbalance in 'leaks' - wrong count at exit" said; then
	echo 'changed: expected one warning, of leaks'
	exit 1
fi
echo 'as described: of three functions that leak the first lock, the one without any release is named'
