#!/bin/sh
# The layers hold: a file of gen that includes a contract of oracle or suite does not compile, one of oracle
# that includes one of suite does not, and each compiles with what stands below it, so that the refusals are
# not for another reason. No file includes in a circle, contracts show no *_state.h, and files need only
# files of their own folder and of those before it, in no circle.
set -u
cd "$(dirname "$0")/.." || exit 2
. ci/checks.sh
out=build/layers
rm -rf $out && mkdir -p $out

# A tree of its own, so that other builds do not see what is put there.
tree=$out/tree
mkdir -p $tree
ln -s ../../../Makefile ../../../include $tree

# compiles LAYER HEADER: whether a file of that layer may include the header, by the Makefile's own rule.
compiles() {
	mkdir -p $tree/$1/probe
	printf '#include "%s"\nint probe(void);\nint\nprobe(void)\n{\n\treturn 0;\n}\n' "$2" \
		> $tree/$1/probe/probe.c
	rm -rf $tree/build
	MAKEFLAGS='' make -s -C $tree FLAVOUR=gcc build/gcc/$1/probe/probe.o > $out/log 2>&1
}

probe() {
	layer=$1 header=$2 may=$3
	if compiles $layer $header; then seen=yes; else seen=no; fi
	if [ $seen = $may ]; then good; else bad "$layer includes $header: $seen, expected $may"; fi
	[ $seen = no ] || return
	if grep -q "fatal error: $header: No such file" $out/log; then good; else
		bad "$layer and $header: refused for another reason" $out/log
	fi
}

probe gen seq.h yes
probe gen walk.h no
probe gen level.h no
probe oracle seq.h yes
probe oracle walk.h yes
probe oracle level.h no
probe suite seq.h yes
probe suite walk.h yes
probe suite level.h yes

# circles DIR...: names of headers of ours that include themselves over others.
circles() {
	for header in $(find "$@" -name '*.h' ! -path '*/world/*'); do
		sed -n "s|^#include \"\(.*/\)\{0,1\}\([^/]*\)\"|$(basename "$header") \2|p" "$header"
	done > $out/edges
	tsort $out/edges 2>&1 > $out/order | sed -n 's/^tsort: //p'
}

found=$(circles include gen oracle suite)
if [ -z "$found" ]; then good; else bad "includes in a circle: $found"; fi
mkdir -p $out/circle
echo '#include "two.h"' > $out/circle/one.h
echo '#include "one.h"' > $out/circle/two.h
if [ -n "$(circles $out/circle)" ]; then good; else bad 'a circle is not seen'; fi
if [ -z "$(find include -name '*_state.h')" ]; then good; else bad 'a contract shows a private state'; fi
if [ -n "$(find oracle -name '*_state.h')" ]; then good; else
	bad 'the search for *_state.h finds none at all'
fi

# edges DIR ROOT: each object below DIR/gen, DIR/oracle and DIR/suite whose source stands below ROOT, and
# one that defines a symbol which it does not.
edges() {
	for source in $(cd "$2" && find gen oracle suite -name '*.c' ! -path '*/test/*' ! -path '*/fuzz/*'); do
		object=${source%.c}
		[ -f "$1/$object.o" ] && nm -g "$1/$object.o" | sed "s|^|$object |"
	done | awk '
		$(NF - 1) == "U" { user[++uses] = $1; wanted[uses] = $NF; next }
		{ definer[$NF] = $1 }
		END {
			for (i = 1; i <= uses; i++)
				if (wanted[i] in definer && definer[wanted[i]] != user[i])
					print user[i], definer[wanted[i]]
		}' | sort -u
}

# Files that need each other cannot be read, tested or replaced one by one.
MAKEFLAGS='' make -s build/gcc/liblockdrill.a > $out/log 2>&1 || bad 'the library does not build'
edges build/gcc . > $out/uses
if [ "$(wc -l < $out/uses)" -gt 300 ]; then
	good
else
	bad 'hardly a file needs another: nm was not understood'
fi
found=$(tsort < $out/uses 2>&1 > $out/order | sed -n 's/^tsort: //p' | tr '\n' ' ')
if [ -z "$found" ]; then good; else bad "files need each other: $found"; fi
mkdir -p $out/pair/gen
echo 'int two(void); int one(void); int one(void) { return two(); }' > $out/pair/gen/one.c
echo 'int one(void); int two(void); int two(void) { return one(); }' > $out/pair/gen/two.c
mkdir -p $out/pair/oracle $out/pair/suite
for name in one two; do
	${CC:-cc} -c -o $out/pair/gen/$name.o $out/pair/gen/$name.c || bad 'a pair of files does not compile'
done
if edges $out/pair $out/pair | tsort 2>&1 > $out/order | grep -q '^tsort: gen/one'; then
	good
else
	bad 'two files that need each other are not seen'
fi

# The folders in the order in which a case goes through them; each needs what stands to its left and nothing
# else. verdict stands first in oracle, since all roads and checkers answer in it; harness before native,
# which starts compilers.
order='gen/base gen/rule gen/seq gen/prog gen/text
	oracle/verdict oracle/hygiene oracle/harness oracle/reach oracle/walk oracle/native
	oracle/witness oracle/mutants oracle/checker oracle/import oracle/store
	suite/truth suite/level suite/score suite/leaks suite/command'

# reaches USES: the lines of USES in which a file needs one of a folder to its right, or stands in a folder
# without a place.
reaches() {
	awk -v order="$order" '
		function place(file) { sub("/[^/]*$", "", file); return file in at ? at[file] : 0 }
		BEGIN { count = split(order, folder); for (i = 1; i <= count; i++) at[folder[i]] = i }
		!place($1) || place($1) < place($2)' "$1"
}

found=$(reaches $out/uses | tr '\n' ';')
if [ -z "$found" ]; then good; else bad "files reach into a folder to their right: $found"; fi
for edge in 'gen/seq/seq gen/prog/make' 'oracle/walk/walk oracle/native/native' \
	'suite/new/new gen/base/buf'; do
	echo "$edge" > $out/reach
	if [ -n "$(reaches $out/reach)" ]; then good; else bad "$edge: not seen"; fi
done
echo 'gen/prog/make gen/seq/seq' > $out/reach
if [ -z "$(reaches $out/reach)" ]; then good; else bad 'a folder to the left is refused'; fi
echo "layers: $passed passed, $failed failed"
[ $failed = 0 ]
