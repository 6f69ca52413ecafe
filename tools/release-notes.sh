#!/usr/bin/env bash
# Usage: release-notes.sh VERSION
# Prints the section of a version in CHANGELOG.md, for the page of the release. Without a section, a version is not released.
# That page is not beside the files of the repository, so links to files get their address at the tag of the version.
set -euo pipefail
cd "$(dirname "$0")/.."

notes=$(awk -v heading="## [$1]" '
  index($0, "## [") == 1 || /^\[[^]]+\]: / { within = index($0, heading) == 1; next }
  within' CHANGELOG.md)
if [ -z "${notes//[[:space:]]/}" ]; then
  echo "CHANGELOG.md has no section ## [$1] with what changed." >&2
  exit 1
fi
ref=v$1
if [ "$1" = Unreleased ]; then ref=main; fi
printf '%s\n' "$notes" |
  sed -E "s|\]\(([^()[:space:]:#][^()[:space:]:]*)\)|](https://github.com/terraform-provider-riva/terraform-provider-riva/blob/$ref/\1)|g"
