#!/bin/sh
# What ci/package.sh makes: the same tarball from every clone, one version in all places, packages that build,
# install, work and leave nothing, an action whose steps do what they say. Prints what fails, and a count.
#
#   ci/test_package.sh          what is quick: no package is built
#   ci/test_package.sh --all    builds all packages and tries them in a fresh Debian 12: many minutes, as root
set -u
cd "$(dirname "$0")/.." || exit 2
. ci/checks.sh
. ci/debian.sh
top=$PWD
out=$top/build/test-package
drill=$top/build/lockdrill
rm -rf "$out" && mkdir -p "$out"
header=include/gen/version.h
version=$(sed -n 's|^#define LOCKDRILL_VERSION "\(.*\)"|\1|p' $header)

# here PROGRAM: or says what is skipped.
here() {
	command -v "$1" > "$out/found" && return
	echo "package: skipped: $2 ($1 is not here: ci/setup --all)"
	return 1
}

# silent NAME FILE: fine when the file is empty.
silent() {
	if [ -s "$2" ]; then bad "$1" "$2"; else good; fi
}

# says NAME PATTERN FILE
says() {
	if grep -q -e "$2" "$3"; then good; else bad "$1" "$3"; fi
}

# does NAME COMMAND...: exit status 0.
does() {
	name=$1
	shift
	if "$@" > "$out/said" 2>&1; then good; else
		tail -n 6 "$out/said" > "$out/tail"
		bad "$name" "$out/tail"
	fi
}

# gives NAME EXPECTED COMMAND...: exit status 0 and exactly this on stdout.
gives() {
	name=$1 expected=$2
	shift 2
	if "$@" > "$out/said" 2> "$out/stderr" && [ "$(cat "$out/said")" = "$expected" ]; then good; else
		bad "$name" "$out/said" "$out/stderr"
	fi
}

# ---- one version ----

# versions DIRECTORY PROGRAM: PLACE VERSION of each place that tells one.
versions() (
	cd "$1" || exit
	sed -n 's/^version: /CITATION.cff /p' CITATION.cff
	sed -n '1s/^lockdrill (\(.*\)-[^-]*).*/changelog \1/p' ci/package/debian/changelog
	sh ci/package.sh spec > "$out/spec"
	sed -n 's/^Version: */spec /p' "$out/spec"
	sed -n '/^%changelog$/,$s/^\* .* - \(.*\)-[^-]*$/%changelog \1/p' "$out/spec" | head -n 1
	"$2" --version | sed 's/^lockdrill /--version /'
	rm -rf "$out/document" && "$2" document "$out/document"
	cat "$out"/document/man[17]/* | sed -n 's/^\.TH .* "lockdrill \(.*\)"$/manual \1/p' | sort -u
)

# disagree DIRECTORY PROGRAM: places with another version than the header, and those that tell none.
disagree() {
	expected=$(sed -n 's|^#define LOCKDRILL_VERSION "\(.*\)"|\1|p' "$1/$header")
	versions "$1" "$2" > "$out/versions" 2> "$out/stderr"
	grep -Fv " $expected" "$out/versions"
	for place in CITATION.cff changelog spec %changelog --version manual; do
		grep -q -e "^$place " "$out/versions" || echo "$place tells no version"
	done
}

# copy DIRECTORY: what holds the version.
copy() {
	rm -rf "$1"
	mkdir -p "$1/ci" "$1/include/gen"
	cp -R ci/package ci/package.sh "$1/ci" && cp $header "$1/include/gen" && cp CITATION.cff "$1"
}

check_versions() {
	printf '#!/bin/sh\necho lockdrill 9.9.9\n' > "$out/other" && chmod +x "$out/other"
	disagree . "$out/other" > "$out/self"
	[ "$(grep -c -e '--version 9.9.9' -e 'manual tells no version' "$out/self")" = 2 ] ||
		bad 'a program of another version is seen' "$out/self"
	for file in CITATION.cff ci/package/debian/changelog ci/package/lockdrill.spec.in $header; do
		copy "$out/tree"
		sed "s/$version/9.9.9/; s/@version@/9.9.9/" $file > "$out/tree/$file"
		disagree "$out/tree" "$drill" > "$out/self"
		[ -s "$out/self" ] || bad "another version in $file is seen"
	done
	disagree . "$drill" > "$out/self"
	silent 'the version is one' "$out/self"
}

# tags_wrong DIRECTORY: the tags vVERSION of a repository that break the rule of the page contributing.
tags_wrong() {
	git -C "$1" tag -l 'v*' | while read -r tag; do
		[ "$(git -C "$1" cat-file -t "$tag")" = tag ] || echo "$tag is not annotated"
		git -C "$1" show "$tag:$header" | grep -q "^#define LOCKDRILL_VERSION \"${tag#v}\"" ||
			echo "$tag: another version in $header"
		git -C "$1" show "$tag:ci/package/debian/changelog" | head -n 1 |
			grep -q "^lockdrill (${tag#v}-[^-]*) unstable;" || echo "$tag: not the changelog's first entry"
	done
}

# ---- the tarball ----

# clone NAME
clone() {
	git clone -q --shared "$top" "$out/$1"
	git -C "$out/$1" config user.name t
	git -C "$out/$1" config user.email t@example.org
}

# tarball NAME: of that clone.
tarball() {
	sh "$out/$1/ci/package.sh" dist 2> "$out/stderr"
}

check_tarball() {
	if ! [ -e .git ]; then
		echo 'package: skipped: the tarball (it is made of a commit, and this is no git repository)'
		return
	fi
	clone one
	(umask 077 && clone two)
	git -C "$out/two" config core.autocrlf true
	git -C "$out/two" config tar.umask user
	first=$(tarball one) && cp "$first" "$out/first" && first=$(tarball one) || bad 'a tarball' "$out/stderr"
	does 'the tarball is the same bytes twice' cmp "$first" "$out/first"
	does 'and from another clone' cmp "$first" "$(tarball two)"
	git ls-tree -r --name-only HEAD | sort > "$out/expected"
	tar -tzf "$first" | sed -n "s|^lockdrill-$version/\(.*[^/]\)\$|\1|p" | sort > "$out/got"
	diff "$out/expected" "$out/got" > "$out/differs"
	silent 'it holds what the commit holds' "$out/differs"
	tar -tvzf "$first" | grep -v '^[-dl][rwx-]* root/root ' > "$out/owned"
	silent 'it is of nobody' "$out/owned"
	echo >> "$out/two/README.md"
	does 'what is not committed is left out' cmp "$first" "$(tarball two)"
	says 'and that is said' 'not committed are left out' "$out/stderr"
	git -C "$out/two" -c core.autocrlf=false commit -qm More README.md
	if cmp -s "$first" "$(tarball two)"; then bad 'another commit is seen'; else good; fi
	rm -rf "$out/two/.git"
	tarball two > "$out/said"
	says 'without git it is refused' 'no git repository' "$out/stderr"
}

check_tags() {
	[ -e .git ] || return
	git -C "$out/one" tag -a -m "lockdrill $version" "v$version"
	tags_wrong "$out/one" > "$out/self"
	silent 'a tag by the rule' "$out/self"
	git -C "$out/one" tag v9.9.9
	[ "$(tags_wrong "$out/one" | grep -c '^v9\.9\.9')" = 3 ] && good || bad 'a tag against the rule is seen'
	tags_wrong . > "$out/self"
	silent 'tags keep to the rule' "$out/self"
}

# ---- what stands in ci/package ----

# libraries_lack CONTROL SPEC: libraries of the build that a package does not ask for.
libraries_lack() {
	sed -n '/^packages() {/,/^END/s/^\([^ ]*-dev\) [^ ]*\.\(pc\|h\) .*/\1/p' ci/setup | grep -v '^libc6' |
	while read -r package; do
		grep -q "^ ${package}[ ,]" "$1" || echo "control lacks $package"
	done
	for name in $(sed -n 's/^PACKAGES := //p' Makefile); do
		grep -Fxq "BuildRequires:  pkgconfig($name)" "$2" || echo "spec lacks $name"
	done
}

check_libraries() {
	sed '/libyaml/d' ci/package/debian/control > "$out/control"
	sed '/yaml/d' ci/package/lockdrill.spec.in > "$out/spec"
	[ "$(libraries_lack "$out/control" "$out/spec" | wc -l)" = 2 ] && good || bad 'lacking libraries are seen'
	libraries_lack ci/package/debian/control ci/package/lockdrill.spec.in > "$out/self"
	silent 'packages ask for the libraries of the build' "$out/self"
}

check_spec() {
	here rpmspec 'what rpm reads of the spec file' || return
	sh ci/package.sh spec > "$out/lockdrill.spec"
	sed '/^%prep/,/^%build/d; /^Version/d' "$out/lockdrill.spec" > "$out/broken.spec"
	if rpmspec -P "$out/broken.spec" > "$out/said" 2>&1; then bad 'a broken spec file is seen'; else good; fi
	gives 'rpm reads the spec file' "$(printf '%s\n' "lockdrill $version ISC and 0BSD" \
		"lockdrill-devel $version ISC and 0BSD")" \
		rpmspec -q --qf '%{name} %{version} %{license}\n' "$out/lockdrill.spec"
}

# source_package DIRECTORY: a Debian source package of the tree in it, by dpkg alone.
source_package() {
	(cd "$1" && dpkg-source -b "lockdrill-$version")
}

check_source_package() {
	[ -e .git ] || return
	here dpkg-source 'the source package' && here lintian 'the source package' || return
	mkdir -p "$out/source"
	cp "$out/first" "$out/source/lockdrill_$version.orig.tar.gz"
	tar -xzf "$out/first" -C "$out/source"
	cp -R ci/package/debian "$out/source/lockdrill-$version/debian"
	does 'a Debian source package' source_package "$out/source"
	does 'lintian is content with it' lintian --allow-root --fail-on error,warning "$out"/source/*.dsc
}

# ---- the list of what is linked ----

# spdx_lacks FILE: what a document of SPDX 2.3 has to have, and this one has not.
spdx_lacks() {
	jq -r '
	def must(name; ok): if ok then empty else name end;
	([.packages[]?.SPDXID] + [.SPDXID]) as $ids |
	[.packages[]?.licenseDeclared | select(. != null and startswith("LicenseRef-"))] as $used |
	must("spdxVersion"; .spdxVersion == "SPDX-2.3"),
	must("dataLicense"; .dataLicense == "CC0-1.0"),
	must("SPDXID"; .SPDXID == "SPDXRef-DOCUMENT"),
	must("name"; .name // "" | test("^lockdrill-[0-9.]+$")),
	must("documentNamespace"; .documentNamespace // "" | test("^https://[^#]+$")),
	must("created"; .creationInfo.created // "" | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$")),
	must("creators"; .creationInfo.creators[0] // "" | test("^(Tool|Organization|Person): .")),
	must("packages"; .packages | length > 1),
	(.packages[]? | must("a package without \(keys | join(" "))";
		(.SPDXID // "" | test("^SPDXRef-[A-Za-z0-9.-]+$")) and .name and .downloadLocation and .versionInfo)),
	must("ids that are unique"; $ids | length == (unique | length)),
	must("DESCRIBES"; [.relationships[]? | select(.relationshipType == "DESCRIBES")] | length == 1),
	(.relationships[]? | must("related \(.relatedSpdxElement)";
		(.spdxElementId | IN($ids[])) and (.relatedSpdxElement | IN($ids[])))),
	must("licences that are told"; ($used | unique) ==
		([.hasExtractedLicensingInfos[]? | select((.extractedText // "") != "") | .licenseId] | unique))' "$1"
}

check_sbom() {
	here jq 'the list of what is linked' && here dpkg-query 'the list of what is linked' || return
	if ! file=$(sh ci/package.sh sbom 2> "$out/stderr"); then
		bad 'a list of what is linked' "$out/stderr"
		return
	fi
	cp "$file" "$out/first.json"
	for field in .spdxVersion .SPDXID .documentNamespace .creationInfo.created '.packages[1].name' \
		'.packages[1].SPDXID' '.relationships[0]' '.hasExtractedLicensingInfos[0].extractedText' .packages; do
		jq "del($field)" "$file" > "$out/broken.json"
		[ -n "$(spdx_lacks "$out/broken.json" 2>&1)" ] || bad "a list without $field is seen"
	done
	spdx_lacks "$file" > "$out/self" 2>&1
	silent 'the list is SPDX 2.3' "$out/self"
	sh ci/package.sh sbom > "$out/said" 2>&1
	does 'the list is the same bytes twice' cmp "$file" "$out/first.json"
	gives 'it names libtcc, which is in the program' 'SPDXRef-libtcc-dev LGPL-2.1-or-later' jq -r '
		(.relationships[] | select(.relationshipType == "STATIC_LINK") | .relatedSpdxElement) as $id |
		.packages[] | select(.SPDXID == $id) | "\(.SPDXID) \(.licenseDeclared)"' "$file"
	for name in yaml jansson sqlite3 pcre2 xxhash expat bz2 nettle; do
		says "it names $name" "\"name\": \"lib$name" "$file"
	done
}

# ---- the action ----

# step NUMBER INPUTS: the script of a step, with what GitHub would put in; empty for one that calls an action.
step() {
	yq -r --argjson n "$1" '.runs.steps[$n] | select(.run) |
		((.env // {}) | to_entries[] | "export \(.key)=\(.value | @sh)"), .run' ci/package/action.yml |
		sed -f "$2"
}

# inputs FILE [NAME=VALUE]...: what is put in, as a script of sed; defaults where nothing is said.
inputs() {
	file=$1
	shift
	printf '%s\n' "$@" | sed -n 's/^\([^=]*\)=\(.*\)/s|${{ inputs.\1 }}|\2|/p' > "$file"
	yq -r '.inputs | to_entries[] | "s|${{ inputs.\(.key) }}|\(.value.default)|"' ci/package/action.yml \
		>> "$file"
	cat >> "$file" << 'END'
s|${{ github.action_path }}|/action|
s|${{ github.event.repository.default_branch }}|main|
s|${{ github.repository }}|of/mine|
s|${{ github.token }}|token|
s|${{ github.workflow }}|score|
END
}

# action NAME FAILS LAST KEPT [NAME=VALUE]...: runs the steps in a workspace. FAILS is the name of the step
# that fails, or - for none; LAST the number of the last run, KEPT its database. What is kept now is NAME.db.
action() {
	name=$1 fails=$2 last=$3 kept=$4
	shift 4
	rm -rf "$out/work/lockdrill-old" "$out/work/lockdrill-new"
	inputs "$out/inputs" "$@"
	: > "$out/$name.summary"
	: > "$out/$name.log"
	ended=-
	for number in $(seq 0 $(($(yq '.runs.steps | length' ci/package/action.yml) - 1))); do
		step "$number" "$out/inputs" > "$out/step.sh"
		if ! [ -s "$out/step.sh" ]; then
			cp "$out/work/lockdrill-new/score.db" "$out/$name.db"
		elif grep -Fq '${{' "$out/step.sh" || ! (cd "$out/work" && PATH=$out/bin:$PATH FAKE_LAST=$last \
			FAKE_KEPT=$kept GITHUB_STEP_SUMMARY=$out/$name.summary sh -e "$out/step.sh") \
			>> "$out/$name.log" 2>&1; then
			ended=$(yq -r --argjson n "$number" '.runs.steps[$n].name' ci/package/action.yml)
			break
		fi
	done
	if [ "$ended" = "$fails" ]; then good; else
		tail -n 5 "$out/$name.log" > "$out/tail"
		bad "action, $name: ends with $ended" "$out/tail"
	fi
}

# answers_as CHECKER: what mine answers from now on.
answers_as() {
	sed "s/^name: .*/name: mine/" "oracle/adapters/$1.yaml" \
		> "$out/work/checker/adapters/mine.yaml"
}

check_action() {
	here yq 'the steps of the action' && here jq 'the steps of the action' || return
	gives 'the example calls the action' ./lockdrill/ci/package \
		yq -r '.jobs[].steps[] | .uses // "" | select(startswith("./"))' oracle/examples/score-workflow.yml
	yq -r '.jobs[].steps[] | select((.uses // "") | startswith("./")) | .with | keys[]' \
		oracle/examples/score-workflow.yml > "$out/with"
	yq -r '.inputs | keys[]' ci/package/action.yml > "$out/known"
	grep -Fxv -f "$out/known" "$out/with" > "$out/unknown"
	silent 'and gives what it takes' "$out/unknown"
	mkdir -p "$out/bin" "$out/work/checker/adapters"
	ln -s "$drill" "$out/bin/lockdrill"
	for name in apt-get make sudo; do
		printf '#!/bin/sh\necho %s "$@"\n' $name > "$out/bin/$name"
	done
	cat > "$out/bin/gh" << 'END'
#!/bin/sh
echo "gh $*" >&2
case $2 in
list) [ "$FAKE_LAST" != broken ] && echo "$FAKE_LAST" ;;
download) [ -e "$FAKE_KEPT" ] && mkdir lockdrill-old && cp "$FAKE_KEPT" lockdrill-old/score.db ;;
esac
END
	chmod +x "$out"/bin/*
	mine='run=--data checker --checker mine'
	answers_as always-pass
	action self - 1 '' "$mine" "level=none-such" > "$out/self"
	[ $failed = $((before + 1)) ] || { echo "the checks do not fail when they should"; exit 1; }
	failed=$before
	action first - '' '' "$mine"
	says 'it says that there is nothing to compare with' 'no run on main has succeeded' "$out/first.log"
	says 'the score stands in the summary' '^| mine' "$out/first.summary"
	action same - 7 "$out/first.db" "$mine"
	says 'the last answers are fetched' 'run download 7 --name lockdrill' "$out/same.log"
	action gone - 7 "$out/none" "$mine"
	says 'an artifact that is gone is told' '::warning::.*run 7 keeps no artifact' "$out/gone.log"
	action unreachable 'Fetch the answers of the last run' broken '' "$mine"
	answers_as always-violation
	action worse Compare 7 "$out/first.db" "$mine"
	says 'what became wrong stands in the summary' 'expected pass' "$out/worse.summary"
	does 'the worse answers are kept' test -s "$out/worse.db"
	action other 'Run the checker' 7 "$out/first.db" 'run=--checker none-such'
	touch "$out/work/x.deb"
	action package - '' '' "$mine" package=x.deb
	says 'a package is installed by its path' "install -y $out/work/x.deb" "$out/package.log"
}

# Each check must be able to fail.
echo something > "$out/something"
: > "$out/nothing"
{
	silent self "$out/something"
	says self something "$out/nothing"
	does self false
	gives self this echo that
} > "$out/self"
[ $failed = 4 ] && [ $passed = 0 ] || { echo "the checks do not fail when they should"; exit 1; }
failed=0

check_versions
check_tarball
check_tags
check_libraries
check_spec
check_source_package
check_sbom
before=$failed
check_action
[ "${1:-}" != --all ] || . ci/package/all.sh
echo "package: $passed passed, $failed failed"
[ $failed = 0 ]
