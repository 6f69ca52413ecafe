#!/usr/bin/env bash
# Usage: release-prepare.sh VERSION
# Makes of a checkout the one that is tagged: what CHANGELOG.md has under Unreleased becomes the section of the version, which is
# its release notes, and the present schema that of the last release, so that later changes must be described.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1-}
if [[ ! $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]]; then
  echo "VERSION=$version: the version must be a semantic one, such as 1.2.3 or 1.2.3-beta1." >&2
  exit 1
fi
if grep -qF "## [$version]" CHANGELOG.md; then
  echo "CHANGELOG.md has a section ## [$version] already." >&2
  exit 1
fi
tools/release-notes.sh Unreleased >/dev/null

changelog=$(awk -v version="$version" -v date="$(date -u +%F)" \
  -v repository=https://github.com/terraform-provider-riva/terraform-provider-riva '
  $0 == "## [Unreleased]" { printf "%s\n\n## [%s] - %s\n", $0, version, date; next }
  /^\[Unreleased\]: / {
    printf "[Unreleased]: %s/compare/v%s...main\n[%s]: %s/releases/tag/v%s\n", repository, version, version, repository, version
    next
  }
  { print }' CHANGELOG.md)
printf '%s\n' "$changelog" >CHANGELOG.md
cp internal/provider/testdata/schema.txt internal/provider/testdata/schema-released.txt
echo "CHANGELOG.md and the schema of the last release are those of $version: review, commit and tag them as v$version."
