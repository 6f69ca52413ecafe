#!/usr/bin/env bash
# Usage: build-with-progress.sh BINARY PACKAGE [FLAG…]
# Builds a program and shows how many packages are compiled: the first time, this takes minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=$1 package=$2
shift 2
total=$(go list -deps -f '{{if .Stale}}{{.ImportPath}}{{end}}' "$@" "$package" | grep -c . || true)
output=$(mktemp)
trap 'rm -f "$output"' EXIT

start=$SECONDS
go build -v -o "$binary" "$@" "$package" 2>"$output" & # -v prints each package when it is compiled
build=$!
if [ "$total" -gt 20 ] && [ ! -t 1 ]; then echo "Building $binary: $total packages to compile."; fi
while kill -0 "$build" 2>/dev/null; do
  if [ -t 1 ]; then
    printf '\rBuilding %s: %d of %d packages, %d s' "$binary" "$(wc -l <"$output")" "$total" "$((SECONDS - start))"
  fi
  sleep 0.2
done
if [ -t 1 ]; then printf '\r%*s\r' 79 ''; fi
if ! wait "$build"; then
  grep -v '^[^ :]*$' "$output" >&2 || true # all but the names of packages
  exit 1
fi
echo "Built $binary in $((SECONDS - start)) s."
