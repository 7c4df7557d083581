# For the scripts in this directory that need a fresh Debian 12, which read it: a minimal system in a
# directory below build/, made by debootstrap with the mirror, proxies and certificates of this machine.
release=bookworm

# sources: the machine's own sources of that release, as lines of sources.list.
sources() {
	apt-get indextargets --format "deb \$(REPO_URI) \$(RELEASE) \$(COMPONENT)" 'Created-By: Packages' |
		awk -v release=$release '$3 == release || index($3, release "-") == 1' | sort -u
}

# cannot: says why no such system can be made here, and nothing where it can.
cannot() {
	if [ "$(id -u)" != 0 ]; then
		echo 'this needs root'
	elif [ -z "$(command -v debootstrap)" ]; then
		echo 'debootstrap is not here (ci/setup --all)'
	elif ! sources | grep -q " $release "; then
		echo "apt here knows no $release"
	fi
}

# make_root DIRECTORY PACKAGES LOG: packages with commas between them.
make_root() {
	rm -rf "$1"
	mkdir -p "$1"
	debootstrap --variant=minbase ${2:+--include="$2"} $release "$1" \
		"$(sources | awk -v release=$release '$3 == release { print $2; exit }')" > "$3" 2>&1 || return
	sources > "$1/etc/apt/sources.list"
	apt-config dump | grep -i '^Acquire::\(http\|https\|Check\|Retries\)' \
		> "$1/etc/apt/apt.conf.d/00machine" || :
	cp /etc/resolv.conf /etc/hosts "$1/etc"
	[ ! -d "$1/etc/ssl/certs" ] || cp /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs"
}

# inside DIRECTORY COMMAND...: in a namespace of its own, so that its mounts and processes end with it.
inside() {
	within=$1
	shift
	# shellcheck disable=SC2016 # expanded in there
	unshare --mount --pid --fork sh -c 'mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/dev/shm" &&
		root=$1 && shift && exec chroot "$root" "$@"' sh "$within" \
		env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
		${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
		${no_proxy:+no_proxy="$no_proxy"} "$@"
}
