#!/usr/bin/env bash
# Runs each fuzz target of the packages for a while: tools/fuzz.sh TIME PACKAGE…
# An input that fails is written to testdata/fuzz beside the target; commit it with the fix.
set -euo pipefail
time=$1
shift

failed=()
for package in $(go list "$@"); do
  for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
    echo "== $package $target"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package" || failed+=("$package $target")
  done
done

if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[@]}" >&2
  exit 1
fi
