#!/bin/sh
# A checker for lockdrill's line protocol: counts the calls that acquire and release, by their names. Where
# the numbers differ it reports the last call of which there is one too many. Lines of lockdrill have their
# type first and no blanks, so a shell can take them apart, as long as no path has a quote or a backslash.
count() { # REQUEST HELD FILE [HELPERS]
	awk -v request="$1" -v held="$2" '
	function found(kind, at) {
		printf "{\"type\":\"finding\",\"request\":%s,\"kind\":\"%s\"%s}\n", request, kind, at
	}
	{ at = ",\"line\":" FNR ",\"in\":\"" (NR == FNR ? "file" : "helpers") "\"" }
	/Acquire[A-Za-z]*SpinLock[A-Za-z]*\(|SpinLockAcquire\(/ { held++; acquire = at }
	/Release[A-Za-z]*SpinLock[A-Za-z]*\(|SpinLockRelease\(/ { held--; release = at }
	END {
		if (held > 0) found("missing-release", acquire)
		if (held < 0) found("release-without-acquire", release)
		printf "{\"type\":\"done\",\"request\":%s,\"verdict\":\"%s\"}\n", request, held ? "violation" : "pass"
	}' "$3" ${4:+"$4"}
}

while IFS= read -r line; do
	case $line in
	'{"type":"hello",'*)
		echo '{"type":"hello","protocol":1,"name":"line-checker","version":"1"}' ;;
	'{"type":"run",'*)
		request=${line#*'"request":'} file=${line#*'"file":"'} helpers='' held=0
		case $line in *'"helpers":"'*) helpers=${line#*'"helpers":"'} ;; esac
		case $line in *'"rule":"CancelSpinlockRelease"'*'"role":"cancel"'*) held=1 ;; esac
		count "${request%%,*}" "$held" "${file%%\"*}" "${helpers%%\"*}" ;;
	esac
done
