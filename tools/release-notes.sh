#!/usr/bin/env bash
# Usage: release-notes.sh VERSION
# Prints what CHANGELOG.md says of a version. A version of which it says nothing is not released.
set -euo pipefail
cd "$(dirname "$0")/.."

notes=$(awk -v heading="## [$1]" '
  index($0, "## [") == 1 || /^\[[^]]+\]: / { within = index($0, heading) == 1; next }
  within' CHANGELOG.md)
if [ -z "${notes//[[:space:]]/}" ]; then
  echo "CHANGELOG.md has no section ## [$1] with what changed." >&2
  exit 1
fi
printf '%s\n' "$notes"
