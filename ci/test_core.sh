#!/bin/sh
# The frozen core and the standard level: written anew below build/, they must be what is checked in. What `make core` writes
# is for `git diff` to review.
set -u
cd "$(dirname "$0")/.."
drill=build/lockdrill
out=build/core
failed=0
rm -rf $out
mkdir -p $out

bad() {
	failed=$((failed + 1))
	echo "not ok - $1"
	head -20 $out/message | sed 's/^/    /'
}

# same CORE MANIFEST: what is checked in there is what was written. cases.txt is what it was written from.
same() {
	diff -ru -x cases.txt "$1" $out/new && diff -u "$2" $out/MANIFEST
}

# refused DATA PATTERN: exit status 2, a message with the pattern, and nothing written.
refused() {
	$drill core --data "$1" --out $out/refused > $out/message 2>&1
	[ $? = 2 ] && grep -q -- "$2" $out/message && [ ! -e $out/refused ]
}

if ! $drill core --data suite --out $out/new > $out/message 2>&1; then bad 'the core is judged'; fi
if ! $drill manifest --level standard > $out/MANIFEST 2> $out/message; then bad 'the standard level is made'; fi

# One wrong label, one changed text, one file too many or too few, one wrong line of the manifest: each must be seen.
for spoil in \
	's/: pass$/: violation/ SpinlockRelease/early-return.expected' \
	's/line [0-9]*/line 1/ SpinlockRelease/early-return.expected' \
	's/goto Exit2/goto Exit/ SpinlockRelease/error-path-violating.c'; do
	rm -rf $out/spoilt && cp -R suite/core $out/spoilt
	sed -i "${spoil% *}" "$out/spoilt/${spoil##* }"
	if same $out/spoilt suite/MANIFEST > $out/message; then bad "a drift is not seen: $spoil"; fi
done
rm -rf $out/spoilt && cp -R suite/core $out/spoilt && rm $out/spoilt/SpinlockRelease/early-return-correct.c
if same $out/spoilt suite/MANIFEST > $out/message; then bad 'a file that is missing is not seen'; fi
rm -rf $out/spoilt && cp -R suite/core $out/spoilt && : > $out/spoilt/SpinlockRelease/stale.expected
if same $out/spoilt suite/MANIFEST > $out/message; then bad 'a file that is left over is not seen'; fi
sed '1s/ violation$/ PASS/; 1s/ pass$/ violation/' suite/MANIFEST > $out/wrong
if same suite/core $out/wrong > $out/message; then bad 'a wrong line of the manifest is not seen'; fi

if ! same suite/core suite/MANIFEST > $out/message; then bad 'the suite is what is checked in (make core)'; fi
if ! sort -c suite/MANIFEST 2> $out/message; then bad 'the manifest is sorted'; fi

mkdir -p $out/data/core
sed '0,/^violating .*/s//violating  acq a; frob a/' suite/core/cases.txt > $out/data/core/cases.txt
if ! refused $out/data 'data/core/cases.txt:[0-9]*:19: error: '; then bad 'a broken sequence is refused at its place'; fi
sed '0,/^violating .*/s//violating  acq a; rel a/' suite/core/cases.txt > $out/data/core/cases.txt
if ! refused $out/data 'data/core/cases.txt:[0-9]*:12: error: this does not violate'; then bad 'a twin of no violation is refused'; fi
if $drill core --out README.md > $out/message 2>&1; then bad 'a file in the place of the directory'; fi

echo "core: $(find $out/new -name '*.expected' | wc -l) pairs and $(wc -l < $out/MANIFEST) lines of the manifest, $failed failed"
[ $failed = 0 ]
