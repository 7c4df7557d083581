# What `ci/test_package.sh --all`, which reads this, tries beside the quick checks: packages are built, unit
# tests and all, installed in a fresh Debian 12, used by an ordinary user and purged; the container image is
# built on that Debian. Needs root.
revision=$(sed -n '1s/^lockdrill (\(.*\)).*/\1/p' ci/package/debian/changelog)
packages=$top/build/package/deb
root=$out/root

# ---- the tree of the tarball, as the Debian package leaves it: built, with its unit tests passed ----

# in_tarball COMMAND...: without git, though the tarball's tree may stand below a repository.
in_tarball() {
	(cd "$packages/lockdrill-$version" && GIT_CEILING_DIRECTORIES=$packages "$@")
}

check_deb() {
	does 'a Debian package builds, and its unit tests pass' sh ci/package.sh deb
	does 'lintian is content with the packages' \
		lintian --allow-root --fail-on error,warning "$packages/lockdrill_${revision}_$architecture.changes"
	says 'the unit tests were run' 'Synthesis: Tested: [1-9][0-9]* | Passing' "$top/build/package/deb.log"
	for name in core commandline manual; do
		does "test_$name.sh passes in the tarball's tree" in_tarball sh ci/test_$name.sh
	done
	# By itself, without the flags of Debian, too.
	in_tarball build/gcc/lockdrill --version > "$out/said"
	says 'and tells its version' "^lockdrill $version\$" "$out/said"
	readelf -hdW "$packages/lockdrill-$version/debian/lockdrill/usr/bin/lockdrill" > "$out/elf"
	says 'the program can be loaded anywhere' 'Type: *DYN' "$out/elf"
	says 'and binds at once' 'BIND_NOW' "$out/elf"
	# Lintian must be able to fail.
	sed -i 's/^Standards-Version: .*/Standards-Version: 1.0/' "$out/source/lockdrill-$version/debian/control"
	source_package "$out/source" > "$out/said" 2>&1
	if lintian --allow-root --fail-on error,warning "$out"/source/*.dsc > "$out/said" 2>&1; then
		bad 'lintian says what is wrong' "$out/said"
	else
		good
	fi
}

# ---- RPM ----

# The same files as in the Debian packages, but for what each keeps of its own about a package.
check_rpm() {
	here rpmbuild 'the RPM packages' || return
	does 'RPM packages build, and their checks pass' sh ci/package.sh rpm
	find build/package/rpm -name 'lockdrill-*.rpm' ! -name '*debug*' ! -name '*.src.rpm' > "$out/rpms"
	xargs rpm -qpl < "$out/rpms" 2> "$out/stderr" | sed 's/\.gz$//' |
		grep -v -e /licenses/ -e /.build-id -e /LICENSE.cases | sort -u > "$out/rpm-files"
	for file in "$packages"/lockdrill_*.deb "$packages"/lockdrill-dev_*.deb; do
		dpkg-deb --fsys-tarfile "$file" | tar -t
	done | sed -n 's|^\.\(/.*[^/]\)$|\1|p' | sed 's/\.gz$//' |
		grep -v -e /lintian/ -e '/doc/.*/\(copyright\|changelog\)' | sort -u > "$out/deb-files"
	awk -F / '{ file[NR] = $0; sub("/[^/]*$", ""); folder[$0] }
		END { for (i = 1; i <= NR; i++) if (!(file[i] in folder)) print file[i] }' "$out/rpm-files" \
		> "$out/rpm-leaves"
	diff "$out/deb-files" "$out/rpm-leaves" > "$out/differs"
	silent 'RPM and Debian packages hold the same files' "$out/differs"
	[ "$(wc -l < "$out/deb-files")" -gt 100 ] && good || bad 'many files are compared' "$out/deb-files"
	here rpmlint 'rpmlint' || return
	xargs rpmlint -c ci/package/rpmlint.toml < "$out/rpms" > "$out/rpmlint" 2>&1
	says 'rpmlint finds no error' ' 0 errors, ' "$out/rpmlint"
}

# ---- a fresh Debian ----

# files: what stands in it, but for what apt, dpkg and the loader keep about what is there.
files() {
	(cd "$root" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./var/lib/apt \
		-o -path ./var/cache -o -path ./var/lib/dpkg -o -path ./var/log -o -path ./srv/packages \) -prune \
		-o -print) | LC_ALL=C sort
}

# apt NAME OPERAND...: its output is NAME.log.
apt() {
	name=$1
	shift
	inside "$root" env DEBIAN_FRONTEND=noninteractive apt-get "$@" > "$out/$name.log" 2>&1
}

# by_user COMMAND: in a fresh home, which is removed.
by_user() {
	inside "$root" install -d -o drill -g drill /srv/fresh
	inside "$root" su drill -c "export HOME=/srv/fresh AUTOPKGTEST_TMP=/srv/fresh; cd && $1"
	used=$?
	rm -rf "$root/srv/fresh"
	return $used
}

make_debian() {
	make_root "$root" ca-certificates "$out/debootstrap.log" ||
		{ bad 'debootstrap' "$out/debootstrap.log"; return 1; }
	apt update update
}

# What the package needs is installed first, by the names that apt finds for it: what others leave behind is
# none of its business. The container and autopkgtest have apt install all at once.
check_installed() {
	inside "$root" useradd drill
	mkdir -p "$root/srv/packages"
	cp "$packages"/*.deb "$packages/lockdrill-$version/debian/tests/smoke" "$root/srv/packages"
	set -- "/srv/packages/lockdrill_${revision}_$architecture.deb" \
		"/srv/packages/lockdrill-dev_${revision}_all.deb" pkg-config
	apt finds install -s "$@"
	sed -n 's/^Inst \([^ ]*\) .*/\1/p' "$out/finds.log" | grep -v '^lockdrill' > "$out/needed"
	says 'apt finds what the package needs' '^libjansson4$' "$out/needed"
	# shellcheck disable=SC2046 # a list of words
	does 'what the package needs installs' apt needed install -y $(cat "$out/needed")
	files > "$out/before"
	does 'the package installs' apt install install -y "$@"
	says 'and needs nothing more' ' 2 newly installed, 0 to remove ' "$out/install.log"
	does 'lockdrill run --level smoke, by an ordinary user' \
		by_user 'lockdrill run --level smoke --db smoke.db --quiet && lockdrill score smoke.db'
	cp "$out/said" "$out/score"
	says 'sparse, which is recommended, is scored' '^sparse ' "$out/score"
	does 'the test of the package, by an ordinary user' by_user 'sh /srv/packages/smoke'
	files > "$out/during"
	does 'purge' apt purge purge -y lockdrill lockdrill-dev
	rm -rf "$root/srv/packages"
	files > "$out/after"
	diff "$out/before" "$out/during" > "$out/differs"
	says 'what is installed is seen' '/usr/bin/lockdrill$' "$out/differs"
	diff "$out/before" "$out/after" > "$out/left"
	silent 'purge leaves nothing' "$out/left"
	inside "$root" dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' > "$out/known"
	says 'dpkg is asked' '^ii *libjansson4' "$out/known"
	grep 'lockdrill' "$out/known" > "$out/left"
	silent 'and knows of nothing' "$out/left"
}

check_autopkgtest() {
	here autopkgtest 'the package under autopkgtest' || return
	does 'autopkgtest' unshare --mount sh -c 'mount -t proc proc "$1/proc" && root=$1 && shift &&
		exec autopkgtest "$@" -- chroot "$root"' sh "$root" \
		-B "$packages"/lockdrill_*.deb "$packages"/lockdrill-dev_*.deb "$packages/lockdrill-$version/"
}

# ---- a container ----

check_container() {
	here buildah 'the container image' || return
	BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
	BUILDER="buildah --root $out/storage --runroot $out/run"
	export BUILDAH_ISOLATION STORAGE_DRIVER BUILDER
	container=$($BUILDER from scratch) && $BUILDER add "$container" "$root" / > "$out/said" 2>&1 &&
		$BUILDER commit --rm "$container" debian:bookworm-slim >> "$out/said" 2>&1 ||
		bad 'an image of Debian' "$out/said"
	does 'the container image builds' sh ci/package.sh container
	container=$($BUILDER from "lockdrill:$version" 2> "$out/stderr") || bad 'the image is there' "$out/stderr"
	does 'the image scores the smoke level' $BUILDER run "$container" -- sh -c '[ "$(id -un)" = drill ] &&
		lockdrill run --level smoke --db smoke.db --quiet && lockdrill score smoke.db'
	says 'with the checkers of Debian' '^clang-thread-safety ' "$out/said"
	rm -rf "$out/storage" "$out/run"
}

why=$(cannot)
for program in dpkg-buildpackage dh lintian; do
	command -v $program > "$out/found" || why="$program is not here: ci/setup --all"
done
if [ "$why" ]; then
	echo "package: skipped: all packages ($why)"
else
	architecture=$(dpkg --print-architecture)
	check_deb
	check_rpm
	if make_debian; then
		check_container
		check_installed
		check_autopkgtest
	fi
	rm -rf "$root"
fi
