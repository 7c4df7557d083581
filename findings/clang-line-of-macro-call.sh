#!/bin/sh
# clang 14.0.6, tcc 0.9.27, gcc 12.2.0: compilers do not agree which line a macro call over several lines is on.
#
# Expected: __LINE__ in the body of a macro is the line where the call begins, whichever compiler reads it, so
# that a line that a program says of itself (an assertion's, or that of a lock call told by a macro) is that
# of its text. Seen: gcc gives the line of the macro's name; clang and tcc give that of the closing parenthesis.
# C11 6.10.8.1 says "the current source line" and no more. A harness that reads such lines back, or compares
# verdicts by line over compilers, has to keep the arguments of such a macro on one line.
#
# Gets Debian's packages into a temporary folder, installs nothing; prints the lines; exit 1 if they change.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q cpp-12=12.2.0-14+deb12u1 tcc=0.9.27+git20200814.62c30a4a-1 clang-14=1:14.0.6-12 \
	libclang-cpp14=1:14.0.6-12 libllvm14=1:14.0.6-12 > apt.log
for package in ./*.deb; do dpkg -x "$package" root; done

cat > call.c <<'C'
#define CHECK(condition) check(condition, __LINE__)
CHECK(
	lock
);
C

# line COMPILER...: what stands for __LINE__ in the preprocessed call.
line() {
	"$@" -E call.c | tr -d '\n\t ' | sed 's/.*check(lock,\([0-9]*\));.*/\1/'
}

libraries=$(find root -name 'lib*.so*' -exec dirname {} + | sort -u | tr '\n' ':')
gcc=$(line "$(find root -name cc1)" -quiet)
clang=$(LD_LIBRARY_PATH=$libraries line root/usr/lib/llvm-14/bin/clang)
tcc=$(line "$(find root -name 'tcc' -type f)")
echo "the call begins on line 2 and ends on line 4; gcc $gcc, clang $clang, tcc $tcc"
[ "$gcc $clang $tcc" = '2 4 4' ] || {
	echo 'changed: expected gcc 2, clang 4, tcc 4'
	exit 1
}
echo 'as described: gcc counts from the first line of the call, clang and tcc from its last'
