# For the tests in this directory, which read it: what is right is counted, and what is wrong is told.
passed=0
failed=0

good() {
	passed=$((passed + 1))
}

# bad NAME [FILE]...: the files' beginnings may say why.
bad() {
	failed=$((failed + 1))
	echo "not ok - $1"
	shift
	for file in "$@"; do sed 's/^/    /' "$file" | head -6; done
}

# prints NAME EXPECTED COMMAND...: exit status 0 and exactly this on stdout. What it writes is in $out, the
# test's own directory.
prints() {
	name=$1 expected=$2
	shift 2
	if got=$("$@" 2> "$out/stderr") && [ "$got" = "$expected" ]; then good; else
		echo "$got" > "$out/stdout"
		bad "$name" "$out/stdout" "$out/stderr"
	fi
}

# For the tests that work in $out, where they find what a command printed as stdout and stderr:

# exits NAME STATUS PATTERN COMMAND...: that exit status, and the pattern on stdout, or for 2 on stderr.
exits() {
	name=$1 wanted=$2 pattern=$3 where=stdout
	shift 3
	[ "$wanted" != 2 ] || where=stderr
	"$@" > stdout 2> stderr
	status=$?
	if [ $status = "$wanted" ] && grep -q -- "$pattern" $where; then good; else
		bad "$name: exit status $status" stdout stderr
	fi
}

# same NAME FILE FILE: the same bytes.
same() {
	if cmp -s "$2" "$3" 2> stderr; then good; else bad "$1" stderr; fi
}

# begin_in NAME: begins in build/NAME, which is made anew: $out; $drill is the program.
begin_in() {
	drill=$PWD/build/lockdrill
	out=$PWD/build/$1
	[ -x "$drill" ] || { echo "build/lockdrill is missing: make build"; exit 2; }
	rm -rf "$out"
	mkdir -p "$out"
	cd "$out" || exit 1
}
