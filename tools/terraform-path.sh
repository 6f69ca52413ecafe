#!/usr/bin/env bash
# Prints the path of a Terraform or OpenTofu that knows write-only attributes (1.11 or newer), or says what is missing.
# Looked for: $TERRAFORM when set, then terraform, then tofu on PATH.
set -euo pipefail

readonly oldest=1.11.0

version_of() {
  CHECKPOINT_DISABLE=1 TF_CLI_CONFIG_FILE=/dev/null "$1" version 2>/dev/null </dev/null |
    sed -nE '1s/^(Terraform|OpenTofu) v([0-9]+\.[0-9]+\.[0-9]+).*/\2/p'
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

{
  echo "Terraform or OpenTofu $oldest or newer is needed (write-only attributes), and none was found:"
  printf '  %s\n' "${seen[@]}"
  echo "Put one on PATH, or name it: make TERRAFORM=/path/to/terraform ..."
} >&2
exit 1
