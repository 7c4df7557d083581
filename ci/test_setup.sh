#!/bin/sh
# ci/setup says what it is about to install, and what for, before it does; it does nothing where nothing is
# missing, and where there is no apt it says so once. apt-get, dpkg-query and sudo are stand-ins here: nothing
# is installed.
set -u
cd "$(dirname "$0")/.." || exit 2
. ci/checks.sh
out=$PWD/build/test-setup
rm -rf "$out"
mkdir -p "$out/apt" "$out/none" "$out/tree/ci" "$out/tree/build"
cp ci/setup "$out/tree/ci"
log=$out/log

# The usual programs, and for those of apt a stand-in: all but what FAKE_MISSING names is installed.
for program in sh cat sed cut awk tr grep mkdir id env printf dirname; do
	at=$(command -v $program)
	case $at in /*) ln -s "$at" "$out/apt/$program" && ln -s "$at" "$out/none/$program" ;; esac
done
cat > "$out/apt/dpkg-query" << 'END'
#!/bin/sh
shift 3
for package in "$@"; do
	case " $FAKE_MISSING " in *" $package "* | ' all ') ;; *) echo "installed $package" ;; esac
done
END
cat > "$out/apt/apt-get" << 'END'
#!/bin/sh
echo "apt-get $*" >> "$FAKE_LOG"
exit "$FAKE_STATUS"
END
printf '#!/bin/sh\nshift\nexec "$@"\n' > "$out/apt/sudo"
chmod +x "$out"/apt/dpkg-query "$out"/apt/apt-get "$out"/apt/sudo
export FAKE_LOG="$log"

# setup DIRECTORY-OF-PROGRAMS MISSING APT-STATUS [OPTION]...: what it prints and what apt-get is told, one
# after the other.
setup() {
	programs=$out/$1 missing=$2 apt=$3
	shift 3
	: > "$log"
	FAKE_MISSING=$missing FAKE_STATUS=$apt PATH=$programs "$out/tree/ci/setup" "$@" >> "$log" 2>&1
	status=$?
}

# says NAME LINE...: the exit status is zero, and the log is these lines.
says() {
	name=$1
	shift
	printf '%s\n' "$@" | sed '/^$/d' > "$out/expected"
	if [ $status = 0 ] && cmp -s "$out/expected" "$log"; then good; else bad "$name" "$log"; fi
}

install='apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=400'
setup apt 'sqlite3 sparse' 0
# Each check must be able to fail.
{
	says self ''
	status=1
	says self 'nothing'
} > "$out/self"
[ $failed = 2 ] && [ $passed = 0 ] || { echo "the checks do not fail when they should"; exit 1; }
failed=0

setup apt 'sqlite3 sparse' 0
says 'a table, then the installation' \
	'setup: installing 2 packages and what they need (build/setup.log):' \
	'  sparse                 a checker' \
	'  sqlite3                tests look into databases' \
	'apt-get update' \
	"$install sparse sqlite3"
setup apt '' 0
says 'nothing is missing' ''
setup apt sparse 0 --list
says 'a list installs nothing' '  sparse                 a checker'
setup apt all 0 --list
if [ "$(grep -c '^  [a-z]' "$log")" = 22 ] && [ $status = 0 ]; then good; else
	bad 'nothing is installed: all 22 packages' "$log"
fi
setup apt splint 0
says 'what only --all needs' ''
setup apt splint 0 --all --list
says 'with --all' '  splint                 a checker'
setup apt sparse 100
says 'it cannot be installed' \
	'setup: installing 1 packages and what they need (build/setup.log):' \
	'  sparse                 a checker' \
	'apt-get update' \
	"$install sparse" \
	'setup: could not install sparse (see build/setup.log); going on with what there is'
rm "$out/tree/build/setup.log"
setup none '' 0
grep -v '^  ' "$log" > "$out/first"
grep -q '^  sparse  *a checker$' "$log" && echo told >> "$out/first"
mv "$out/first" "$log"
says 'no apt: what is missing is told' 'setup: no apt here, and missing (going on with what there is):' told
setup none '' 0
says 'and told once' ''
echo "setup: $passed passed, $failed failed"
[ $failed = 0 ]
