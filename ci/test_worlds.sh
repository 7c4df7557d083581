#!/bin/sh
# The standard level compiles, packed, in every world with gcc and clang, and against the real mingw-w64 DDK
# headers, its KMDF cases with declarations of KMDF of our own on top of them: no error, and not one warning,
# but that a case which leaks may never read the IRQL that it saved. Prints what fails and what is skipped,
# and a count. Driver projects: ci/test_windows.sh.
set -eu
cd "$(dirname "$0")/.."
out=build/worlds
warnings='-Wall -Wextra -Wno-unused-but-set-variable -fsyntax-only'
rm -rf $out
mkdir -p $out

# check NAME FILE COMMAND...: passes when the command succeeds and prints nothing; the result is a line in
# $out/results.
check() {
	name=$1 log=$2
	shift 2
	if "$@" > "$log" 2>&1 && [ ! -s "$log" ]; then
		echo "ok - $name" >> $out/results
	else
		echo "not ok - $name" | tee -a $out/results
		head -5 "$log"
	fi
}

# A file with a warning must fail the check, or the check is worth nothing.
echo 'int unused(int x) { return 0; }' > $out/warns.c
check self $out/self.log gcc -Wall -Wextra -fsyntax-only $out/warns.c > $out/self.txt
grep -q '^not ok' $out/results || { echo "the check does not see a warning"; exit 1; }
: > $out/results

for world in plain scripts sparse thread-safety thread-safety-annotated pthread pthread-run \
	gcc-token model native driver-verifier; do
	build/lockdrill gen --level standard --world $world --pack 1000 --out $out/$world
	for compiler in gcc clang-14; do
		command -v $compiler > $out/which.txt || {
			echo "worlds: skipped: $world by $compiler (it is not here)"
			continue
		}
		check "$world, $compiler" $out/$world.$compiler.log \
			$compiler -std=gnu11 $warnings -I$out/$world/include $out/$world/cases/*.c &
	done
	wait
done

ddk=/usr/share/mingw-w64/include
if command -v clang-14 > $out/which.txt && [ -e $ddk/ddk/ntddk.h ]; then
	for file in $out/plain/cases/*.c; do
		check "mingw-w64 DDK, $file" $out/ddk.log clang-14 --target=x86_64-w64-windows-gnu -std=gnu11 \
			$warnings -Iinclude/world/windows/mingw -isystem $ddk -isystem $ddk/ddk $file
	done
else
	echo "worlds: skipped: the mingw-w64 DDK headers (clang-14 or they are not here)"
fi
failed=$(grep -c '^not ok' $out/results || :)
echo "worlds: $(grep -c '^ok' $out/results) passed, $failed failed"
[ "$failed" = 0 ]
