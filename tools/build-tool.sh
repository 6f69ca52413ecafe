#!/usr/bin/env bash
# Usage: build-tool.sh TOOL [LDFLAGS]
# Builds the tool that tools/TOOL pins into bin/, and shows how far it is.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p bin
bin=$PWD/bin
cd "tools/$1"

echo "building $1 (once)"
# With -v, go names each package that it compiles. Everything else that it says is passed on.
compiled=0
GOBIN=$bin go install -v -ldflags "-s -w ${2:-}" tool 2>&1 | while IFS= read -r line; do
  case $line in
    *[\ :]*) printf '%s\n' "$line" ;;
    *) if (((compiled += 1) % 100 == 0)); then echo "  $compiled packages compiled"; fi ;;
  esac
done
touch "$bin/$1"
go version -m "$bin/$1" | awk '$1 == "mod" { print $2, $3 }'
