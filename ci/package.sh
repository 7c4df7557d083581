#!/bin/sh
# Makes packages of the last commit, below build/package/:
#
#   ci/package.sh dist        lockdrill-VERSION.tar.gz, the same bytes from every clone
#   ci/package.sh deb         Debian packages, in deb/: from that tarball and ci/package/debian
#   ci/package.sh rpm         RPM packages, in rpm/: from that tarball and ci/package/lockdrill.spec.in
#   ci/package.sh container   a container image, with buildah or podman: Debian with the package of deb,
#                           which is built where it is not there
#   ci/package.sh sbom        lockdrill.spdx.json: what build/lockdrill is linked with, and its licences
#   ci/package.sh all         all of these
#   ci/package.sh spec        prints the spec file with version and changelog
#
# The version stands in include/gen/version.h and nowhere else, but for the places that ci/test_package.sh
# holds against it. From the environment: DEB_BUILD_OPTIONS (nocheck leaves the unit tests out) and BUILDER
# (buildah or podman, with options of its own).
set -eu
cd "$(dirname "$0")/.."
out=$PWD/build/package

fail() {
	echo "package: $*" >&2
	exit 2
}

# needs PROGRAM...: by ci/setup --all.
needs() {
	mkdir -p "$out"
	for program in "$@"; do
		command -v "$program" > "$out/found" || fail "$program is not here (ci/setup --all)"
	done
}

# run NAME COMMAND...: its output goes to a log, whose end is shown where it fails.
run() {
	name=$1
	shift
	"$@" > "$out/$name.log" 2>&1 || {
		tail -n 20 "$out/$name.log" >&2
		fail "$name failed ($out/$name.log)"
	}
}

version() {
	sed -n 's|^#define LOCKDRILL_VERSION "\(.*\)"|\1|p' include/gen/version.h
}

# committed: the commit's date in seconds, or that of the changelog where there is no git.
committed() {
	if [ -e .git ]; then git log -1 --format=%ct; else
		date -d "$(sed -n 's/^ -- .*>  //p' ci/package/debian/changelog | head -n 1)" +%s
	fi
}

# What a user's settings would change is set: permissions, ends of lines, attributes.
dist() {
	needs git gzip
	[ -e .git ] || fail 'the tarball is made of a commit, and this is no git repository'
	git diff --quiet HEAD || echo 'package: changes that are not committed are left out' >&2
	name=lockdrill-$(version)
	git -c tar.umask=0022 -c core.autocrlf=false -c core.eol=lf -c core.attributesFile="$out/none" \
		archive --format=tar --prefix="$name/" -o "$out/$name.tar" HEAD
	gzip -9nf "$out/$name.tar"
	echo "$out/$name.tar.gz"
}

# unpack DIRECTORY: the tarball's tree there, in place of what was there.
unpack() {
	dist > "$out/found"
	rm -rf "${out:?}/$1"
	mkdir -p "$out/$1"
	tar -xzf "$out/lockdrill-$(version).tar.gz" -C "$out/$1"
}

deb() {
	needs dpkg-buildpackage dh
	unpack deb
	cp "$out/lockdrill-$(version).tar.gz" "$out/deb/lockdrill_$(version).orig.tar.gz"
	cp -R "$out/deb/lockdrill-$(version)/ci/package/debian" "$out/deb/lockdrill-$(version)/debian"
	cd "$out/deb/lockdrill-$(version)"
	run deb dpkg-buildpackage -us -uc -ui
	ls "$out"/deb/lockdrill*_*.*
}

# changelog: the Debian changelog as rpm writes it, with the release of the spec file.
changelog() {
	LC_ALL=C awk '
	/^lockdrill \(/ { version = substr($2, 2); sub(/-[^-]*$/, "-1", version); count = 0 }
	/^  / { text = substr($0, 3); sub(/^\* /, "- ", text); entry[count++] = text }
	/^ -- / {
		name = $0
		sub(/^ -- /, "", name)
		sub(/>  .*/, ">", name)
		day = $0
		sub(/.*>  /, "", day)
		split(day, word, /,? +/)
		printf "* %s %s %s %s %s - %s\n", word[1], word[3], word[2], word[4], name, version
		for (i = 0; i < count; i++) print entry[i]
		print ""
	}' ci/package/debian/changelog
}

spec() {
	changelog > "$out/changelog"
	sed -e "s|@version@|$(version)|" -e "/^@changelog@\$/{
		r $out/changelog
		d
	}" ci/package/lockdrill.spec.in
}

# Where rpm's database does not know what dpkg installed, what the package needs is not asked for.
rpm_() {
	needs rpmbuild
	dist > "$out/found"
	rm -rf "$out/rpm"
	mkdir -p "$out/rpm/SOURCES"
	cp "$out/lockdrill-$(version).tar.gz" "$out/rpm/SOURCES/"
	spec > "$out/rpm/lockdrill.spec"
	asked=--nodeps
	! rpm -q gcc > "$out/found" 2>&1 || asked=
	run rpm rpmbuild $asked -ba --define "_topdir $out/rpm" --define '_buildhost lockdrill' \
		--define 'use_source_date_epoch_as_buildtime 1' --define 'clamp_mtime_to_source_date_epoch 1' \
		"$out/rpm/lockdrill.spec"
	find "$out/rpm" -name '*.rpm' | sort
}

container() {
	builder=${BUILDER:-}
	for program in buildah podman; do
		[ "$builder" ] || ! command -v $program > "$out/found" || builder=$program
	done
	[ "$builder" ] || fail 'neither buildah nor podman is here'
	[ -e "$out/deb/lockdrill-$(version)/debian/lockdrill" ] || (deb)
	rm -rf "$out/container"
	mkdir -p "$out/container"
	cp ci/package/Containerfile "$out"/deb/lockdrill_*.deb "$out/container"
	# shellcheck disable=SC2086 # a program with its options
	run container $builder build -f "$out/container/Containerfile" -t "lockdrill:$(version)" "$out/container"
	echo "lockdrill:$(version)"
}

# linked: NAME, PATH and relationship of what the binary is linked with. libtcc is in it.
linked() {
	readelf -d build/lockdrill | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' > "$out/needed"
	ldd build/lockdrill | awk 'NR == FNR { needed[$0]; next } $1 in needed { print $1, $3, "DYNAMIC_LINK" }' \
		"$out/needed" -
	echo "libtcc.a $(gcc -print-file-name=libtcc.a) STATIC_LINK"
}

# owner PATH: the package that a file belongs to, which dpkg may know by its name before /lib was a link.
owner() {
	real=$(realpath "$1")
	dpkg-query -S "$real" "${real#/usr}" 2> "$out/found" | sed -n '1s/:.*//p'
}

# licence PACKAGE: name and text, with a tab between and \n in the text, as its copyright file says for most
# files; nothing where that cannot be read by a machine.
licence() {
	awk '
	FNR == 1 && !/^Format: .*copyright-format/ { exit }
	/^Files:/ { most = $0 == "Files: *" }
	/^License:/ { within = substr($0, 10); if (most && wanted == "") wanted = within; most = 0; next }
	/^[^ ]/ || /^$/ { within = "" }
	within != "" { text[within] = text[within] substr($0, 2) "\\n" }
	END { if (wanted != "") print wanted "\t" text[wanted] }' "/usr/share/doc/$1/copyright"
}

# rows: what sbom.jq reads, a package a line.
rows() {
	linked > "$out/linked"
	[ "$(wc -l < "$out/linked")" = "$(($(wc -l < "$out/needed") + 1))" ] || fail 'a library is not found'
	while read -r name path link; do
		package=$(owner "$path")
		[ "$package" ] || fail "$name is of no Debian package: $path"
		dpkg-query -W -f "$package\t\${source:Package}\t\${Version}\t$link\t" "$package"
		licence "$package" | tr -d '\n'
		echo
	done < "$out/linked"
}

sbom() {
	needs jq readelf dpkg-query
	[ -x build/lockdrill ] || fail 'build/lockdrill is not built (make build)'
	rows > "$out/unsorted"
	LC_ALL=C sort -u "$out/unsorted" > "$out/rows"
	sum=$({ version; cat "$out/rows"; } | sha256sum | cut -c 1-32)
	jq -n --rawfile rows "$out/rows" --arg version "$(version)" \
		--arg created "$(date -u -d "@${SOURCE_DATE_EPOCH:-$(committed)}" +%Y-%m-%dT%H:%M:%SZ)" \
		--arg namespace "https://spdx.org/spdxdocs/lockdrill-$(version)-$sum" \
		-f ci/package/sbom.jq > "$out/lockdrill.spdx.json"
	echo "$out/lockdrill.spdx.json"
}

all() {
	(deb)
	(rpm_)
	(container)
	make -s build/lockdrill
	(sbom)
}

[ $# = 1 ] || fail 'usage: ci/package.sh dist|deb|rpm|container|sbom|all|spec'
mkdir -p "$out"
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(committed)}
export SOURCE_DATE_EPOCH
case $1 in
dist | deb | container | sbom | all | spec) "$1" ;;
rpm) rpm_ ;;
*) fail "unknown package: $1" ;;
esac
