#!/bin/sh
# clang 14.0.6, alpha.unix.PthreadLock: a warning about the order of two releases ends the path that it is
# on.
#
# Expected: "This was not the most recently acquired lock. Possible lock order reversal" is a remark about
# style, since POSIX lets mutexes be unlocked in any order, and what follows is still analysed. Seen:
# nothing behind it is: a double lock that is reported after releases in nested order is not reported after
# releases in the order of the locks.
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

# body FUNCTION FIRST SECOND: two locks, released in this order, then one taken twice.
body() {
	cat <<C
void $1(void);
void
$1(void)
{
	pthread_mutex_lock(&one);
	pthread_mutex_lock(&two);
	pthread_mutex_unlock(&$2);
	pthread_mutex_unlock(&$3);
	pthread_mutex_lock(&two);
	pthread_mutex_lock(&two);
}
C
}
{
	cat <<'C'
typedef struct {
	int held;
} pthread_mutex_t;
int pthread_mutex_lock(pthread_mutex_t *mutex);
int pthread_mutex_unlock(pthread_mutex_t *mutex);
static pthread_mutex_t one, two;
C
	body nested two one
	body in_order_of_locks one two
} > order.c
libraries=$(find root -name 'lib*.so*' -exec dirname {} + | sort -u | tr '\n' ':')
LD_LIBRARY_PATH=$libraries root/usr/lib/llvm-14/bin/clang --version | sed -n 1p
LD_LIBRARY_PATH=$libraries root/usr/lib/llvm-14/bin/clang --analyze -Xclang -analyzer-checker=alpha.unix.PthreadLock \
	-fno-caret-diagnostics -o order.plist order.c 2> said || :
grep warning said || echo 'no warning'

seen=$(sed -n 's/^order\.c:\([0-9]*\):.*warning: \(This [a-z]* [a-z]*\).*/\1 \2/p' said | tr '\n' ',')
[ "$seen" = '16 This lock has,24 This was not,' ] || {
	echo 'changed: expected the double lock on line 16, and on line 24 the order of releases with nothing behind it'
	exit 1
}
echo 'as described: the double lock on line 16 is reported, the same one on line 27 is not'
