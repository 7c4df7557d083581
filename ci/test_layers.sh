#!/bin/sh
# The layers hold: a file of gen that includes a contract of oracle or suite does not compile, one of oracle
# that includes one of suite does not, and each compiles with what stands below it, so that the refusals are
# not for another reason. No file includes in a circle, and contracts show no *_state.h.
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
echo "layers: $passed passed, $failed failed"
[ $failed = 0 ]
