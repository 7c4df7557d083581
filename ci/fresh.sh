#!/bin/sh
# The README's two commands on a fresh Debian 12, timed: ci/fresh.sh [COMMIT]. Needs root, debootstrap and a
# machine whose apt knows bookworm: mirror, proxies and certificates are those of this machine.
#
# How it works: debootstrap makes a minimal system with git, make and gcc in build/fresh/root. The commit
# (HEAD) is cloned there, and the commands run in it in a namespace of their own, so that its mounts and
# processes end with it. Their output goes to build/fresh/COMMAND.log, of which the last lines are shown.
set -eu
cd "$(dirname "$0")/.."
. ci/debian.sh
out=$PWD/build/fresh
root=$out/root
commit=$(git rev-parse --verify "${1:-HEAD}^{commit}")
why=$(cannot)
[ -z "$why" ] || { echo "fresh: $why" >&2; exit 2; }

# timed NAME COMMAND...: runs it in the fresh system and says how long that took.
timed() {
	name=$1
	shift
	begin=$(date +%s)
	status=0
	inside "$root" "$@" > "$out/$name.log" 2>&1 || status=$?
	seconds=$(($(date +%s) - begin))
	echo
	echo "== $*"
	tail -n "${shown:-12}" "$out/$name.log"
	echo "== $((seconds / 60)) min $((seconds % 60)) s, exit status $status ($out/$name.log)"
	[ $status = 0 ] || failed=1
}

rm -rf "$out"
mkdir -p "$out"
begin=$(date +%s)
make_root "$root" git,make,gcc,ca-certificates "$out/debootstrap.log" ||
	{ tail "$out/debootstrap.log" >&2; exit 2; }
echo "Debian $(cat "$root/etc/debian_version"), $(nproc) cores," \
	"made in $(($(date +%s) - begin)) s: $(chroot "$root" dpkg-query -W | wc -l) packages"
git clone -q --bare . "$root/srv/lockdrill.git"
failed=0
shown=1 timed clone git clone -q /srv/lockdrill.git /srv/lockdrill
shown=1 timed checkout git -C /srv/lockdrill checkout -q --detach "$commit"
echo "commit $(git log -1 --format='%h %s' "$commit")"
shown=45 timed score make -C /srv/lockdrill score
shown=30 timed test make -C /srv/lockdrill test
exit $failed
