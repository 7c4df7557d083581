#!/bin/sh
# Driver projects, as far as they can be tried without Windows. Their sources compile without a warning by
# clang for Windows, in MSVC mode and in that of mingw-w64, against the mingw-w64 DDK and our own headers of
# KMDF and Storport; bodies are those of the world plain; project files are well-formed and fit
# ci/vcxproj.xsd, the solution and the CMake file name what is there; the same cases are the same bytes; and
# logs about drivers come back as answers. Prints what fails and what is skipped, and a count.
set -u
cd "$(dirname "$0")/.."
drill=$PWD/build/lockdrill
top=$PWD
out=$PWD/build/windows
. ci/checks.sh
rm -rf "$out"
mkdir -p "$out"
cd "$out" || exit 1
ddk=/usr/share/mingw-w64/include

# compiles NAME TARGET FILE...: no error and no warning, but that a case which leaks may never read the IRQL
# that it saved. The DDK takes a compiler that is none of gcc's kind for one without attributes.
compiles() {
	name=$1 target=$2
	shift 2
	case $target in *msvc) set -- -fgnuc-version=10.0 "$@" ;; esac
	if clang-14 --target="$target" -std=c11 -DLOCKDRILL_DRIVER=1 -Wall -Wextra -Wgnu -Wno-gnu-include-next \
		-Wno-unused-but-set-variable -fsyntax-only -I"$top/include/world/windows/mingw" \
		-isystem $ddk -isystem $ddk/ddk "$@" > log 2>&1 && [ ! -s log ]; then good; else bad "$name" log; fi
}

# fits FILE: the schema.
fits() {
	if xmllint --noout --nonet --schema "$top/ci/vcxproj.xsd" "$1" > log 2>&1; then good; else
		bad "$1" log
	fi
}

# same NAME ONE OTHER
same() {
	if diff -r "$2" "$3" > log 2>&1; then good; else bad "$1" log; fi
}

# answers NAME PATTERN COMMAND...: the command prints the pattern.
answers() {
	name=$1 pattern=$2
	shift 2
	"$@" > log 2>&1
	if grep -q -- "$pattern" log; then good; else bad "$name" log; fi
}

# has NAME PATTERN FILE
has() {
	if grep -q -- "$2" "$3"; then good; else bad "$1" "$3"; fi
}

generate() {
	"$drill" gen --quiet --world windows-project "$@" || exit 1
}

generate --level smoke --out smoke
generate --level smoke --out again
generate --level smoke --pack 1 --out single
generate --level standard --shard 0/40 --pack 100 --out part

# A defect must fail each check, or the check is worth nothing.
echo 'int f(int x) { return ({ 0; }); }' > warns.c
sed 's/DriverType/DriveType/g' smoke/projects/000000000/driver.vcxproj > bad.vcxproj
{
	compiles self x86_64-pc-windows-msvc warns.c
	fits bad.vcxproj
	same self smoke single
	answers self nothing echo something
	has self nothing warns.c
} > self.txt
[ $failed = 5 ] && [ $passed = 0 ] || { echo "the checks do not fail when they should"; exit 1; }
failed=0

# sources
if command -v clang-14 > which.txt && [ -e $ddk/ddk/ntddk.h ]; then
	for target in x86_64-pc-windows-msvc x86_64-w64-windows-gnu; do
		for level in smoke part; do
			for source in $level/projects/*/*.c; do compiles "$source, $target" $target "$source"; done
		done
	done
	for number in 000000000 000000001 000000003 000000005; do
		source=single/projects/$number/driver_snippet.c
		[ ! -e $source ] || compiles $source x86_64-pc-windows-msvc $source
	done
else
	echo "windows: skipped: sources (clang-14 or the mingw-w64 DDK headers are not here)"
fi

# bodies: what stands between the lines of the manifest, in both worlds
bodies() {
	sed -e 's/.*"file":"\([^"]*\)"\(.*"text_hash":"[^"]*"\),/\1 \2/' \
		-e 's/ .*"text_hash":"\([^"]*\)"/ \1 /' \
		-e 's/"span":{"first":\([0-9]*\),"lines":\([0-9]*\).*/\1 \2/' "$1/manifest.jsonl" | sort -k 2 |
		while read -r file _ first lines; do
			sed -n "$first,$((first + lines - 1))p" "$1/$file"
		done
}
"$drill" gen --quiet --level smoke --out plain || exit 1
bodies plain > plain.txt
bodies single > single.txt
if [ -s plain.txt ]; then good; else bad 'there are bodies'; fi
same 'bodies are those of the world plain' plain.txt single.txt

# project files
same 'the same cases are the same bytes' smoke again
if command -v xmllint > which.txt; then
	for file in smoke/projects/*/driver.vcxproj part/projects/*/driver.vcxproj; do fits "$file"; done
else
	echo "windows: skipped: project files (xmllint is not here)"
fi
tr -d '\r' < part/projects/lockdrill.sln > solution
sed -n 's/^Project(.*) = "\(.*\)", "\(.*\)\\driver.vcxproj", "\({.*}\)"$/\1 \2 \3/p' solution > listed
for driver in part/projects/*/; do
	name=$(basename "$driver")
	guid=$(sed -n 's/.*<ProjectGuid>\(.*\)<.ProjectGuid>/\1/p' "$driver/driver.vcxproj")
	has "$name is in the solution" "^$name $name $guid$" listed
	has "$name has configurations" "$guid.Release|x64.Build.0 = Release|x64" solution
	has "$name is in the CMake file" "^lockdrill_driver($name $name/driver_snippet.c" \
		part/projects/CMakeLists.txt
done
if [ "$(wc -l < listed)" = "$(find part/projects/* -type d | wc -l)" ]; then good; else
	bad 'drivers are listed once' listed
fi
for file in codeql.cmd msvc.cmd sdv.cmd lockdrill.sln; do
	tr -d '\r' < smoke/projects/$file | sed "s/\$/$(printf '\r')/" > crlf
	same "lines of $file end as on Windows" crlf smoke/projects/$file
done
if command -v cmake > which.txt && command -v clang-14 > which.txt && [ -e $ddk/ddk/ntddk.h ]; then
	cmake -S smoke/projects -B cmake -DCMAKE_C_COMPILER=clang-14 -DCMAKE_SYSTEM_NAME=Generic \
		-DCMAKE_C_COMPILER_TARGET=x86_64-w64-windows-gnu -DCMAKE_C_COMPILER_WORKS=1 \
		"-DLOCKDRILL_INCLUDE=$top/include/world/windows/mingw;$ddk;$ddk/ddk" > cmake.txt 2>&1 &&
		cmake --build cmake -j 2 >> cmake.txt 2>&1
	find smoke/projects -name '*.c' | sed 's|smoke/projects/||; s/$/.obj/' | sort > sources
	(cd cmake/CMakeFiles && find driver_*.dir -name '*.obj') | sed 's|[^/]*/||' | sort > objects
	same 'CMake compiles every source' sources objects
else
	echo "windows: skipped: the CMake file (cmake, clang-14 or the mingw-w64 DDK headers are not here)"
fi

comma=
# logs that come back: what is right for the cases of drivers, unsupported for the others
mkdir sdv
# facts DIR: of the cases of drivers, the driver, rule and verdict, kind and line of the first finding.
facts() {
	sed -n -e 's/"readings":.*//' -e 's/.*"file":"projects.\([0-9]*\)[^"]*"/\1 /p' "$1/manifest.jsonl" |
		sed -e 's/ .*"rule":"\([A-Za-z]*\)".*"verdict":"\([a-z]*\)","findings":\[/ \1 \2 /' \
			-e 's/{"kind":"\([a-z-]*\)"[^}]*"line":\([0-9]*\).*/\1 \2/'
}
facts single | while read -r name rule verdict _; do
	case $verdict in pass) result=Pass ;; *) result=Defect ;; esac
	echo "<SDV Driver=\"$name\"><Rule Name=\"$rule\" Result=\"$result\"/></SDV>" > sdv/$name.dvl.xml
done
drivers=$(find sdv -name '*.xml' | wc -l)
left=$(($(wc -l < single/manifest.jsonl) - drivers))
imports() {
	"$drill" import --level smoke --manifest "$1/manifest.jsonl" --db "$2.db" --checker mine $3
}
all="^mine: $drivers of 200 answered, unsupported $left$"
answers 'logs of SDV' "$all" imports single sdv "$(echo sdv/*.xml)"
answers 'logs of SDV are right' "^mine $((drivers / 2)) 0 0 $((drivers / 2)) " \
	sh -c "\"$drill\" score sdv.db --wide | tr -s ' '"
{
	printf '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"CodeQL"}},"results":['
	facts smoke | grep ' violation ' | while read -r name _ _ kind line; do
		printf '%s{"ruleId":"cpp/lockdrill/%s","locations":[{"physicalLocation":' "$comma" "$kind"
		printf '{"artifactLocation":{"uri":"%s/driver_snippet.c"},' "$name"
		printf '"region":{"startLine":%s}}}]}\n' "$line"
		comma=,
	done
	printf ']}]}\n'
} > codeql.sarif
answers 'a log of CodeQL' "$all" imports smoke codeql codeql.sarif
has 'a log of CodeQL has kinds' '^cpp/lockdrill/missing-release  *[1-9][0-9]*  missing-release' log

# what stands there may be replaced, and nothing else
generate --level smoke --pack 10 --out again
if [ -e again/projects/lockdrill.sln ]; then good; else bad 'projects replace projects'; fi
mkdir again/projects/x64
answers 'what a build made is left alone' 'it holds projects/x64' "$drill" gen --level smoke --out again
generate --level smoke --out tarred.tar
mkdir tarred && tar -xf tarred.tar -C tarred
same 'a tar holds the same' smoke/projects tarred/projects

echo "windows: $passed passed, $failed failed"
[ $failed = 0 ]
