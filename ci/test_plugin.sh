#!/bin/sh
# What a checker plugs into, from outside: installs below build/plugin, builds the example plug-in against
# what was installed, with an empty HOME, and asks it by lines of the protocol written by hand; then plug-ins
# that are broken. Prints what fails, and a count.
set -u
cd "$(dirname "$0")/.."
top=$PWD
out=$PWD/build/plugin
prefix=/opt/lockdrill
. ci/checks.sh
rm -rf "$out"
mkdir -p "$out/home" "$out/tree"

# succeeds NAME COMMAND...: exit status 0.
succeeds() {
	name=$1
	shift
	if "$@" > stdout 2> stderr; then good; else bad "$name" stdout stderr; fi
}

# answers NAME FILE PLUGIN: the plug-in answers what stands in asked with what stands in FILE.
answers() {
	: > differ
	if "$drill" plugin "$3" < asked > stdout 2> log && diff "$2" stdout > differ 2>&1; then good; else
		bad "$1" differ log
	fi
}

# refuses NAME PATTERN COMMAND...: exit status 2, nothing on stdout, and a message with the pattern.
refuses() {
	name=$1 pattern=$2
	shift 2
	"$@" < asked > stdout 2> stderr
	status=$?
	if [ $status = 2 ] && [ ! -s stdout ] && grep -q -- "$pattern" stderr; then good; else
		echo "status $status" >> stderr
		bad "$name" stdout stderr
	fi
}

make --no-print-directory install DESTDIR="$out/tree" PREFIX=$prefix > "$out/install.log" 2>&1 || {
	echo "plugin: 0 passed, 1 failed: make install"
	cat "$out/install.log"
	exit 1
}
cd "$out" || exit 1
drill=$out/tree$prefix/bin/lockdrill
compiler=${CC:-gcc}

# Nothing of this user's is seen but where programs are.
pkg() {
	env -i PATH="$PATH" HOME="$out/home" PKG_CONFIG_LIBDIR="$out/tree$prefix/lib/pkgconfig" \
		PKG_CONFIG_SYSROOT_DIR="$out/tree" pkg-config "$@" lockdrill
}

# build FILE [WORDS]: a plug-in from FILE.c, with these in front.
build() {
	file=$1
	shift
	# shellcheck disable=SC2046 # a list of words
	env -i PATH="$PATH" HOME="$out/home" "$compiler" -std=c11 -Wall -Wextra -Wpedantic -Werror -shared -fPIC \
		-fvisibility=hidden "$@" $(pkg --cflags) -o "$file.so" "$file.c"
}

host='{"type":"hello","protocol":[1],"host":"lockdrill 0.1.0","worlds":["plain"],'\
'"rules":["R"],"capabilities":["file","text"]}'
run='{"type":"run","rule":"SpinlockRelease","model":"wdm","role":"dispatch","file":"/case.c",'\
'"include":"/include","seconds":10.0'
{
	printf '%s\n' "$host"
	printf '%s\n' "$run"',"request":1,'\
'"text":"void f(void)\n{\n\tKeAcquireSpinLock(l, i);\n}\n","helpers":null}'
	printf '%s\n' "$run"',"request":2,"text":"\tKeAcquireSpinLock(l, i);\n\tKeReleaseSpinLock(l, *i);\n"}'
	printf '%s\n' "$run"',"request":3,"text":"\tKeReleaseSpinLock(l, *i);\n",'\
'"helpers":"/h.c","helpers_text":"\n\tKeReleaseSpinLock(l, *i);\n"}'
} > asked
cat > expected << 'END'
{"type":"hello","protocol":1,"name":"plugin-checker","version":"1","capabilities":["text"]}
{"type":"finding","request":1,"kind":"missing-release","line":3}
{"type":"done","request":1,"verdict":"violation"}
{"type":"done","request":2,"verdict":"pass"}
{"type":"finding","request":3,"kind":"release-without-acquire","line":2,"in":"helpers"}
{"type":"done","request":3,"verdict":"violation"}
END

# Each check must be able to fail.
succeeds self false > self.txt
sed 's/pass/violation/' expected > wrong
cp "$top/oracle/examples/plugin_checker.c" .
build plugin_checker || exit 1
answers self wrong ./plugin_checker.so >> self.txt
refuses self nothing true >> self.txt
[ $failed = 3 ] && [ $passed = 0 ] || { echo "the checks do not fail when they should"; exit 1; }
failed=0

# what is installed
succeeds 'pkg-config knows lockdrill' pkg --exists
succeeds 'it has its version' sh -c "[ 'lockdrill $(pkg --modversion)' = '$("$drill" --version)' ]"
succeeds 'it names the schema' [ -s "$(pkg --variable=schema)" ]
succeeds 'the schema is installed as it is' \
	cmp "$(pkg --variable=schema)" "$top/include/lockdrill/protocol.schema.json"
succeeds 'the header compiles alone' \
	"$compiler" -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c \
	"$out/tree$prefix/include/lockdrill/checker.h"
if command -v clang-14 > which.txt; then
	# shellcheck disable=SC2046 # a list of words
	succeeds 'the header compiles as C++' \
		clang-14 -std=c++11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c++ \
		"$out/tree$prefix/include/lockdrill/checker.h"
fi

# the example
if [ "$(wc -l < plugin_checker.c)" -lt 60 ]; then good; else bad 'the example has under 60 lines'; fi
answers 'the example answers' expected ./plugin_checker.so
answers 'a name without a slash is a file here' expected plugin_checker.so
answers 'a path from the root' expected "$out/plugin_checker.so"
head -1 asked > hello && head -1 expected > greeting
"$drill" plugin ./plugin_checker.so < hello > stdout 2> stderr
if [ $? = 0 ] && cmp -s greeting stdout; then good; else bad 'nothing is asked' stdout stderr; fi
refuses 'no plug-in' 'expected FILE' "$drill" plugin
refuses 'a plug-in that is missing' 'missing.so: error: cannot load' "$drill" plugin ./missing.so
refuses 'a text for a plug-in' 'cannot load' "$drill" plugin ./plugin_checker.c

# broken ones
cat > broken.c << 'END'
#include <lockdrill/checker.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int
check(void *state, const struct lockdrill_host *host, const struct lockdrill_case *of)
{
	char c;

	(void)state;
	(void)host;
	(void)of;
	printf("prints to stdout\n");
	fflush(stdout);
	if (system("echo so does a child"))
		return LOCKDRILL_UNKNOWN;
	if (read(0, &c, 1))
		return LOCKDRILL_UNKNOWN;
	CHECK
}

LOCKDRILL_EXPORT const struct lockdrill_checker *
ENTRY(uint32_t abi)
{
	static const struct lockdrill_checker checker = {SIZE, NAME, "1", .check = check};

	printf("prints when it is asked for its description\n");
	return abi ? RETURN : &checker;
}

END
# broken WORD...: the plug-in with these words; must be built.
broken() {
	build broken -D_POSIX_C_SOURCE=200809L "$@" 2> stderr || bad "a plug-in is built with $*" stderr
}
entry=-DENTRY=lockdrill_checker size='-DSIZE=sizeof checker'
named='-DNAME="broken"' returned='-DRETURN=&checker'
pass='-DCHECK=return LOCKDRILL_PASS;'
sed -n 1,2p asked > one && mv one asked
cat > expected << 'END'
{"type":"hello","protocol":1,"name":"broken","version":"1","capabilities":["text"]}
{"type":"done","request":1,"verdict":"pass"}
END
broken "$entry" "$size" "$named" "$returned" "$pass" &&
	answers 'what it prints does not get into the protocol' expected ./broken.so
succeeds 'but into the log' grep -q 'prints to stdout' log
succeeds 'and what its child prints too' grep -q 'so does a child' log
{ cat expected; echo '{"type":"done","request":2,"verdict":"pass"}'; } > twice
# It reads what comes in between, if it can.
succeeds 'it does not read what is asked' sh -c \
	"{ cat asked; sleep 0.2; sed -n 's|\"request\":1|\"request\":2|p' asked; } |
		'$drill' plugin ./broken.so | diff twice -"
broken "$entry" "$size" "$named" "$returned" '-DCHECK=return 0;' &&
	sed 's/pass/garbled/' expected > garbled &&
	answers 'no verdict is garbled' garbled ./broken.so
succeeds 'and said in the log' grep -q 'check returned 0, expected' log
broken "$entry" "$size" "$named" "$returned" '-DCHECK=abort();'
"$drill" plugin ./broken.so < asked > stdout 2> stderr
if [ $? -gt 128 ] && [ "$(wc -l < stdout)" = 1 ]; then
	good
else
	bad 'a crash has its hello and no done' stdout stderr
fi
broken "$entry" "$size" "$named" "$returned" '-DCHECK=exit(0);'
"$drill" plugin ./broken.so < asked > stdout 2> stderr
if [ "$(wc -l < stdout)" = 1 ]; then good; else bad 'an exit has its hello and no done' stdout stderr; fi
broken -DENTRY=named_otherwise "$size" "$named" "$returned" "$pass"
refuses 'no entry' 'broken.so: error: this is no plug-in: it has no symbol lockdrill_checker' \
	"$drill" plugin ./broken.so
broken "$entry" '-DSIZE=8' "$named" "$returned" "$pass"
refuses 'a struct that is too small' 'has size 8, expected at least' "$drill" plugin ./broken.so
broken "$entry" "$size" '-DNAME=0' "$returned" "$pass"
refuses 'no name' 'name is NULL' "$drill" plugin ./broken.so
broken "$entry" "$size" '-DNAME="My Checker"' "$returned" "$pass"
refuses 'a name that is none' "small letters, digits and - for 'name'" "$drill" plugin ./broken.so
broken "$entry" "$size" "$named" '-DRETURN=0' "$pass"
refuses 'no description' 'returned NULL' "$drill" plugin ./broken.so
broken "$entry" "$size" "$named" "$returned" "$pass" && echo nonsense > asked
refuses 'a host that talks nonsense' 'host: error: expected a JSON object' "$drill" plugin ./broken.so

# the example of the line protocol
if [ "$(grep -c . "$top/oracle/examples/line_checker.sh")" -le 32 ]; then
	good
else
	bad 'the line checker has about 30 lines'
fi
printf 'void f(void)\n{\n\tKeAcquireSpinLock(l, i);\n}\n' > case.c
printf '%s\n{"type":"run","request":7,"rule":"R","model":"wdm","role":"dpc","file":"%s",'\
'"helpers":null,"include":"/i","seconds":1.0}\n' \
	"$host" "$out/case.c" > asked
cat > expected << 'END'
{"type":"hello","protocol":1,"name":"line-checker","version":"1"}
{"type":"finding","request":7,"kind":"missing-release","line":3,"in":"file"}
{"type":"done","request":7,"verdict":"violation"}
END
for shell in sh dash bash; do
	command -v $shell > which.txt || continue
	succeeds "the line checker answers in $shell" \
		sh -c "$shell '$top/oracle/examples/line_checker.sh' < asked | diff expected -"
done

cd "$top" || exit 1
make --no-print-directory uninstall DESTDIR="$out/tree" PREFIX=$prefix > "$out/install.log" 2>&1
if [ -z "$(find "$out/tree" -type f)" ]; then good; else bad 'uninstall leaves no file'; fi
echo "plugin: $passed passed, $failed failed"
[ $failed = 0 ]
