# The rows of ci/package.sh as SPDX 2.3: Debian package, its source, version, how it is linked, licence,
# text of the licence.
# Arguments: version, created, namespace.

def reference: "SPDXRef-" + gsub("[^A-Za-z0-9.-]"; "-");

# Debian's short names, where SPDX has another one for the same licence.
def names: {
	"Expat": "MIT", "BSD-2-clause": "BSD-2-Clause", "BSD-3-clause": "BSD-3-Clause",
	"LGPL-2.1+": "LGPL-2.1-or-later", "LGPL-2.1": "LGPL-2.1-only", "LGPL-2+": "LGPL-2.0-or-later",
	"GPL-2+": "GPL-2.0-or-later", "GPL-2": "GPL-2.0-only", "MIT": "MIT", "ISC": "ISC", "Zlib": "Zlib",
	"LGPL-3+ or GPL-2+": "LGPL-3.0-or-later OR GPL-2.0-or-later"
};

def own: "LicenseRef-Debian-" + gsub("[^A-Za-z0-9.-]+"; "-");

def licence: if . == "" then "NOASSERTION" else names[.] // own end;

def package(id; name; version; licence): {
	SPDXID: id, name: name, versionInfo: version, downloadLocation: "NOASSERTION", filesAnalyzed: false,
	licenseConcluded: "NOASSERTION", licenseDeclared: licence, copyrightText: "NOASSERTION"
};

[$rows | split("\n")[] | select(. != "") | split("\t") |
	{package: .[0], source: .[1], version: .[2], link: .[3], licence: .[4], text: .[5]}] as $list |
{
	spdxVersion: "SPDX-2.3",
	dataLicense: "CC0-1.0",
	SPDXID: "SPDXRef-DOCUMENT",
	name: "lockdrill-\($version)",
	documentNamespace: $namespace,
	creationInfo: {created: $created, creators: ["Tool: lockdrill-\($version)"]},
	packages: ([package("SPDXRef-lockdrill"; "lockdrill"; $version; "ISC AND 0BSD") +
		{primaryPackagePurpose: "APPLICATION"}] +
		[$list[] | package(.package | reference; .package; .version; .licence | licence) + {
			primaryPackagePurpose: "LIBRARY",
			sourceInfo: "made from Debian's source package \(.source)",
			externalRefs: [{referenceCategory: "PACKAGE-MANAGER", referenceType: "purl",
				referenceLocator: "pkg:deb/debian/\(.package)@\(.version | @uri)"}]}]),
	relationships: ([{spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES",
			relatedSpdxElement: "SPDXRef-lockdrill"}] +
		[$list[] | {spdxElementId: "SPDXRef-lockdrill", relationshipType: .link,
			relatedSpdxElement: (.package | reference)}]),
	hasExtractedLicensingInfos: [$list[] | select(.licence != "" and names[.licence] == null) |
		{licenseId: (.licence | own), name: .licence, extractedText: (.text | gsub("\\\\n[.]?"; "\n"))}] | unique_by(.licenseId)
}
