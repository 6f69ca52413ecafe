#!/usr/bin/env bash
# Prints the path of a Terraform or OpenTofu that knows write-only attributes (1.11 or newer).
# Looked for: $TERRAFORM when set, and nothing else; otherwise terraform, then tofu on PATH. Where neither will do, OpenTofu
# is built from its Go module into bin/. What is said meanwhile goes to standard error.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly oldest=1.11.0

version_of() {
  CHECKPOINT_DISABLE=1 TF_CLI_CONFIG_FILE=/dev/null "$1" version 2>/dev/null </dev/null |
    sed -nE 's/^(Terraform|OpenTofu) v([0-9]+\.[0-9]+\.[0-9]+).*/\2/p'
}

at_least() { [ "$(printf '%s\n' "$oldest" "$1" | sort -V | head -n 1)" = "$oldest" ]; }

seen=()
for candidate in ${TERRAFORM:-terraform tofu}; do
  path=$(command -v "$candidate") || { seen+=("$candidate: not found"); continue; }
  version=$(version_of "$path") || version=
  if [ -n "$version" ] && at_least "$version"; then
    realpath "$path"
    exit 0
  fi
  seen+=("$path: ${version:-says no version}")
done

if [ -n "${TERRAFORM:-}" ]; then
  echo "Terraform or OpenTofu $oldest or newer is needed (write-only attributes), and TERRAFORM does not name one: ${seen[*]}" >&2
  exit 1
fi
if ! make --question bin/tofu >/dev/null 2>&1; then
  pinned=$(awk '$1 == "github.com/opentofu/opentofu" { print $2 }' tools/tofu/go.mod)
  {
    printf '%s\n' "${seen[@]}"
    echo "No terraform or tofu $oldest or newer is on PATH: building OpenTofu ${pinned#v} (once, about five minutes on two cores)."
    make --no-print-directory bin/tofu
  } >&2
fi
realpath bin/tofu
