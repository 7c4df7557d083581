#!/usr/bin/awk -f
# locklint: a small checker. It follows each function of its files from top to bottom and knows which locks
# are held. A block that ends by return is left: what stands behind it goes on with what was held before it.
# Loops, gotos and calls of other functions are nothing to it.
#
# FILE:LINE: KIND of LOCK

# The Nth argument of the call of a name in this line.
function argument(name, n,   text, part) {
	text = substr($0, index($0, name) + length(name) + 1)
	sub(/\)*;.*|\)* *\{$/, "", text)
	split(text, part, /, */)
	gsub(/[ &]/, "", part[n])
	return part[n]
}

function report(kind, lock) { print FILENAME ":" FNR ": " kind " of " lock }

function acquire(lock) {
	if (index(held, "<" lock ">")) report("double-acquire", lock)
	else held = held "<" lock ">"
}

function release(lock,   at) {
	at = index(held, "<" lock ">")
	if (!at) report("release-without-acquire", lock)
	else held = substr(held, 1, at - 1) substr(held, at + length(lock) + 2)
}

function leave() {
	if (held) report("missing-release", held)
	held = ""
}

# Functions begin and end in the first column. A cancel routine is entered with the cancel lock.
/^DRIVER_CANCEL / { cancel = substr($2, 1, length($2) - 1) "(" }
/^[A-Za-z].*\(/ && !/;$/ { is_cancel = cancel && index($0, cancel) == 1 }
/^\{/ { depth = 1; held = is_cancel ? "<cancel>" : ""; next }
/^\}/ && depth { leave(); depth = 0; next }
!depth { next }

# The end of a block, the beginning of one, what the line calls.
/^[\t ]*\}/ {
	if (/else/ || left[depth]) held = before[depth]
	depth--
}
/\{$/ { before[++depth] = held; left[depth] = 0 }
/KeAcquireInStackQueuedSpinLock[A-Za-z]*\(/ { acquire(argument("SpinLock", 2)); next }
/KeReleaseInStackQueuedSpinLock[A-Za-z]*\(/ { release(argument("SpinLock", 1)); next }
/IoAcquireCancelSpinLock\(/ { acquire("cancel") }
/IoReleaseCancelSpinLock\(/ { release("cancel") }
match($0, /Ke(TryTo)?AcquireSpinLock[A-Za-z]*\(|WdfSpinLockAcquire\(/) {
	acquire(argument(substr($0, RSTART, RLENGTH - 1), 1))
}
match($0, /KeReleaseSpinLock[A-Za-z]*\(|WdfSpinLockRelease\(/) {
	release(argument(substr($0, RSTART, RLENGTH - 1), 1))
}
/^\t\t.*return/ { leave(); left[depth] = 1 }
