#!/bin/sh
# The standard level compiles, packed, in every world with gcc and clang, and its WDM and Storport cases against the real
# mingw-w64 DDK headers: no error, and not one warning.
set -eu
cd "$(dirname "$0")/.."
out=build/worlds
passed=0
failed=0
rm -rf $out
mkdir -p $out

# check NAME FILE COMMAND...: passes when the command succeeds and prints nothing.
check() {
	name=$1 log=$2
	shift 2
	if "$@" > "$log" 2>&1 && [ ! -s "$log" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok - $name"
		head -5 "$log"
	fi
}

# A file with a warning must fail the check, or the check is worth nothing.
echo 'int unused(int x) { return 0; }' > $out/warns.c
check self $out/self.log gcc -Wall -Wextra -fsyntax-only $out/warns.c > $out/self.txt
[ $failed = 1 ] || { echo "the check does not see a warning"; exit 1; }
failed=0

for world in plain sparse thread-safety pthread model native; do
	build/lockdrill gen --level standard --world $world --pack 1000 --out $out/$world
	for compiler in gcc clang-14; do
		command -v $compiler > $out/which.txt || continue
		check "$world, $compiler" $out/$world.$compiler.log \
			$compiler -std=gnu11 -Wall -Wextra -fsyntax-only -I$out/$world/include $out/$world/cases/*.c
	done
done

ddk=/usr/share/mingw-w64/include
if command -v clang-14 > $out/which.txt && [ -e $ddk/ddk/ntddk.h ]; then
	for file in $out/plain/cases/*.c; do
		grep -q '<wdf.h>' $file && continue
		check "mingw-w64 DDK, $file" $out/ddk.log clang-14 --target=x86_64-w64-windows-gnu -std=gnu11 \
			-Wall -Wextra -fsyntax-only -Iinclude/world/mingw -isystem $ddk -isystem $ddk/ddk $file
	done
else
	echo "worlds: no mingw-w64 DDK headers here; not compiled against them"
fi
echo "worlds: $passed passed, $failed failed"
[ $failed = 0 ]
