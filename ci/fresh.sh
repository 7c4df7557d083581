#!/bin/sh
# The README's two commands on a fresh Debian 12, timed: ci/fresh.sh [COMMIT]. Needs root, debootstrap and a
# machine whose apt knows bookworm: mirror, proxies and certificates are those of this machine.
#
# How it works: debootstrap makes a minimal system with git, make and gcc in build/fresh/root. The commit
# (HEAD) is cloned there, and the commands run in it in a namespace of their own, so that its mounts and
# processes end with it. Their output goes to build/fresh/COMMAND.log, of which the last lines are shown.
set -eu
cd "$(dirname "$0")/.."
release=bookworm
out=$PWD/build/fresh
root=$out/root
commit=$(git rev-parse --verify "${1:-HEAD}^{commit}")
[ "$(id -u)" = 0 ] || { echo "fresh: this needs root" >&2; exit 2; }
command -v debootstrap > /dev/null || { echo "fresh: debootstrap is not here" >&2; exit 2; }

# The machine's own sources of that release, as lines of sources.list.
sources() {
	apt-get indextargets --format "deb \$(REPO_URI) \$(RELEASE) \$(COMPONENT)" 'Created-By: Packages' |
		awk -v release=$release '$3 == release || index($3, release "-") == 1' | sort -u
}

# timed NAME COMMAND...: runs it in the fresh system and says how long that took.
timed() {
	name=$1
	shift
	begin=$(date +%s)
	status=0
	# shellcheck disable=SC2016 # expanded in there
	unshare --mount --pid --fork sh -c 'mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/dev/shm" &&
		root=$1 && shift && exec chroot "$root" "$@"' sh "$root" \
		env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
		${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
		${no_proxy:+no_proxy="$no_proxy"} "$@" > "$out/$name.log" 2>&1 || status=$?
	seconds=$(($(date +%s) - begin))
	echo
	echo "== $*"
	tail -n "${shown:-12}" "$out/$name.log"
	echo "== $((seconds / 60)) min $((seconds % 60)) s, exit status $status ($out/$name.log)"
	[ $status = 0 ] || failed=1
}

mirror=$(sources | awk -v release=$release '$3 == release { print $2; exit }')
[ "$mirror" ] || { echo "fresh: apt here knows no $release" >&2; exit 2; }
rm -rf "$out"
mkdir -p "$out"
begin=$(date +%s)
debootstrap --variant=minbase --include=git,make,gcc,ca-certificates $release "$root" "$mirror" \
	> "$out/debootstrap.log" 2>&1 || { tail "$out/debootstrap.log" >&2; exit 2; }
sources > "$root/etc/apt/sources.list"
apt-config dump | grep -i '^Acquire::\(http\|https\|Check\|Retries\)' \
	> "$root/etc/apt/apt.conf.d/00machine" || :
cp /etc/resolv.conf /etc/hosts "$root/etc"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs"
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
