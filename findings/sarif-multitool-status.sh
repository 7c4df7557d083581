#!/bin/sh
# SARIF Multitool 5.7.0: `validate` ends with status 0 for a file that breaks the schema.
#
# Expected: a run object without its required `tool` gives an exit status other than 0, as xmllint --schema and the
# validators of JSON Schema do, so that a script may write `validate report.sarif && upload`. Seen: the error
# JSON1002 is printed, behind it "Analysis completed successfully.", and the status is 0. Who makes SARIF must look
# for `error` in the words.
#
# Gets the npm package into a temporary folder (it holds a program for Linux, 44 MB), installs nothing; prints what
# it said; exit 1 if that is no longer so.
set -eu
version=5.7.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm pack --silent "@microsoft/sarif-multitool-linux@$version" > npm.log
tar xzf ./*.tgz
chmod +x package/Sarif.Multitool

cat > without-tool.sarif <<'JSON'
{
  "version": "2.1.0",
  "runs": [ { "results": [ { "ruleId": "leak", "message": { "text": "A lock stays held." } } ] } ]
}
JSON
status=0
package/Sarif.Multitool validate without-tool.sarif > said 2>&1 || status=$?
sed "s|$PWD/||" said
echo "exit status $status"

if ! grep -q 'error JSON1002' said || [ $status != 0 ]; then
	echo 'changed: expected the error JSON1002 and exit status 0'
	exit 1
fi
echo 'as described: an error, and status 0'
