#!/bin/sh
# The reader's test: ten cases of each rule and role, drawn by a seed, to be read as a driver's reviewer reads
# them. A correct case must give no reason to object, a wrong one none but its lock.
#
#   ci/reader.sh [SEED]     writes build/reader/RULE-ROLE.c, and says where
#
# Above each case stand its id, verdict, sequence and shapes, and where its findings are. From the
# environment: LOCKDRILL (build/lockdrill), LEVEL (standard).
set -eu
cd "$(dirname "$0")/.."
seed=${1:-1}
drill=${LOCKDRILL:-build/lockdrill}
level=${LEVEL:-standard}
out=build/reader
rm -rf $out
mkdir -p $out

# roles: `RULE ROLE` a line, of all rules.
roles() {
	"$drill" rules | sed -n 's/^\([A-Za-z]*\)  *[a-z]*  *[a-z]*  *roles: \([^;]*\).*/\1 \2/p' |
		while read -r rule names; do
			for role in $names; do echo "$rule $role"; done
		done
}

# heads MANIFEST: file, helpers' file (or null) and what is said above the case, tab-separated.
heads() {
	at='"kind":"\([^"]*\)","statement":[0-9]*,"lock":"\([^"]*\)","line":\([0-9]*\),[^}]*'
	id='^{"id":"\([^"]*\)","file":"\([^"]*\)","helpers_file":"\{0,1\}\([^,"]*\)"\{0,1\},.*'
	shapes='"sequence":"\([^"]*\)","shapes":{\([^}]*\)}.*'
	findings='"verdict":"\([a-z]*\)","findings":\[\(.*\)\],"readings".*'
	sed -n "s/$id$shapes$findings/\2\t\3\t\1 \6 \7\t\4\t\5/p" "$1" |
		sed -e "s/$at/\1 of \2 in line \3/g" -e 's/"//g'
}

# cases DIR: every case with its head, in one text.
cases() {
	heads "$1/manifest.jsonl" | while IFS="$(printf '\t')" read -r file helpers what sequence shapes; do
		printf '/* ======== %s\n * %s\n * %s */\n' "$what" "$sequence" "$shapes"
		cat -n "$1/$file"
		[ "$helpers" = null ] || { echo "/* ---- the helpers' file */" && cat -n "$1/$helpers"; }
	done
}

roles > $out/roles
[ -s $out/roles ] || { echo "no rule and role is read from $drill rules" >&2; exit 1; }
while read -r rule role; do
	"$drill" gen --quiet --level "$level" --rule "$rule" --role "$role" --sample 10 --seed "$seed" \
		--out "$out/texts"
	cases $out/texts > "$out/$rule-$role.c"
	grep -q '^/\* ======== ' "$out/$rule-$role.c" || { echo "$rule, $role: no case is printed" >&2; exit 1; }
	rm -rf $out/texts
	echo "$out/$rule-$role.c"
done < $out/roles
