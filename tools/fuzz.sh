#!/usr/bin/env bash
# Runs each fuzz target of the packages for a while: tools/fuzz.sh TIME PACKAGE…
# With "list" as the time, it only lists the targets.
#
# An input that fails is written to testdata/fuzz beside the target: commit it with the fix.
set -euo pipefail
time=$1
shift

failed=()
while read -r package dir; do
  for target in $(cat "$dir"/*_test.go 2>/dev/null | sed -n 's/^func \(Fuzz[A-Z][A-Za-z0-9_]*\)(f \*testing\.F).*/\1/p' || true); do
    echo "$package $target"
    if [ "$time" != list ]; then
      go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 5s "$package" || failed+=("$package $target")
    fi
  done
done < <(go list -f '{{.ImportPath}} {{.Dir}}' "$@")

if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[@]}" >&2
  exit 1
fi
