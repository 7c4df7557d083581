#!/bin/sh
# The frozen core and the standard level: written anew below build/, they must be what is checked in. What
# `make core` writes is for `git diff` to review.
set -u
cd "$(dirname "$0")/.."
drill=build/lockdrill
out=build/core
. ci/checks.sh
rm -rf $out
mkdir -p $out

# holds NAME COMMAND...: fine when the command is; fails NAME COMMAND...: fine when it is not. What it says
# may tell why.
holds() {
	name=$1
	shift
	if "$@" > $out/message 2>&1; then good; else bad "$name" $out/message; fi
}

fails() {
	name=$1
	shift
	if "$@" > $out/message 2>&1; then bad "$name"; else good; fi
}

# same CORE MANIFEST: what is checked in there is what was written. cases.txt is what it was written from.
same() {
	diff -ru -x cases.txt "$1" $out/new && diff -u "$2" $out/MANIFEST
}

# refused DATA PATTERN: exit status 2, a message with the pattern, and nothing written.
refused() {
	$drill core --data "$1" --out $out/refused > $out/said 2>&1
	status=$?
	cat $out/said
	[ $status = 2 ] && grep -q -- "$2" $out/said && [ ! -e $out/refused ]
}

manifest() {
	$drill manifest --level standard > $out/MANIFEST
}

holds 'the core is judged' $drill core --data suite --out $out/new
holds 'the standard level is made' manifest

# One wrong label, one changed text, one file too many or too few, one wrong line of the manifest: each must
# be seen.
for spoil in \
	's/: pass$/: violation/ answers.txt' \
	's/line [0-9]*/line 1/ answers.txt' \
	's/goto Exit2/goto Exit/ SpinlockRelease/006-a.c'; do
	rm -rf $out/spoilt && cp -R suite/core $out/spoilt
	sed -i "${spoil% *}" "$out/spoilt/${spoil##* }"
	fails "a drift is seen: $spoil" same $out/spoilt suite/MANIFEST
done
rm -rf $out/spoilt && cp -R suite/core $out/spoilt && rm $out/spoilt/SpinlockRelease/005-a.c
fails 'a file that is missing is seen' same $out/spoilt suite/MANIFEST
rm -rf $out/spoilt && cp -R suite/core $out/spoilt && : > $out/spoilt/SpinlockRelease/005-c.c
fails 'a file that is left over is seen' same $out/spoilt suite/MANIFEST
sed '1s/ violation$/ PASS/; 1s/ pass$/ violation/' suite/MANIFEST > $out/wrong
fails 'a wrong line of the manifest is seen' same suite/core $out/wrong

holds 'the suite is what is checked in (make core)' same suite/core suite/MANIFEST
holds 'the manifest is sorted' sort -c suite/MANIFEST

# tells DIRECTORY: whether a name or a text of a file gives an answer away.
tells() {
	find "$1" -name '*.c' | grep -q -i -e correct -e violat -e right -e wrong ||
		find "$1" -name '*.c' -exec grep -i -w -e correct -e violating -e violation -e leaks -e acq -e rel \
			-e missing-release -e double-acquire -e release-without-acquire -e sequence -e shapes {} +
}
fails 'no file of the core gives its answer away' tells $out/new
cp -R $out/new $out/telling && echo '/* Sequence: acq a; rel a */' >> $out/telling/SpinlockRelease/005-a.c
holds 'a comment that gives an answer away is seen' tells $out/telling
awk '/^  [0-9][0-9][0-9]-a.c: pass/ { a++ } /^  [0-9][0-9][0-9]-b.c: pass/ { b++ }
	END { exit !(a > (a + b) / 3 && b > (a + b) / 3) }' $out/new/answers.txt > $out/message
status=$?
holds 'neither letter stands for the correct twin' [ $status = 0 ]

mkdir -p $out/data/core
sed '0,/^violating .*/s//violating  acq a; frob a/' suite/core/cases.txt > $out/data/core/cases.txt
holds 'a broken sequence is refused at its place' \
	refused $out/data 'data/core/cases.txt:[0-9]*:19: error: '
sed '0,/^violating .*/s//violating  acq a; rel a/' suite/core/cases.txt > $out/data/core/cases.txt
holds 'a twin of no violation is refused' \
	refused $out/data 'data/core/cases.txt:[0-9]*:12: error: this does not violate'
fails 'a file in the place of the directory is refused' $drill core --out README.md

echo "core: $(grep -c '^[A-Za-z]*/[0-9]' $out/new/answers.txt) pairs and" \
	"$(wc -l < $out/MANIFEST) lines of the manifest;" \
	"$passed passed, $failed failed"
[ $failed = 0 ]
