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

# prints NAME EXPECTED COMMAND...: exit status 0 and exactly this on stdout.
prints() {
	name=$1 expected=$2
	shift 2
	if got=$("$@" 2> stderr) && [ "$got" = "$expected" ]; then good; else
		echo "$got" > stdout
		bad "$name" stdout stderr
	fi
}
