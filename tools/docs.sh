#!/usr/bin/env bash
# Usage: docs.sh generate | check
# generate writes docs/ from the provider's schema, templates/ and examples/, and the OpenAPI document from the routes; check
# changes nothing and says what is stale or hard to read.
# The schema is asked of the provider itself, so no Terraform has a say in what is documented; only the check of the
# examples' format needs one.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

plugindocs() {
  bin/tfplugindocs "$@" --provider-name riva --providers-schema "$work/schema.json" >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; exit 1; }
}

# The document lies beside the test that compares it.
openapi() { go test -count 1 -run '^TestOpenAPIMatchesReviewed$' ./internal/server "$@"; }

check() {
  local failed=0 copy=$work/copy terraform
  terraform=$(tools/terraform-path.sh)
  mkdir "$copy"
  cp -R docs templates examples "$copy"

  plugindocs generate --provider-dir "$copy" --rendered-provider-name Riva
  go run ./internal/cmd/schema -pages "$copy/docs"
  diff -ru docs "$copy/docs" || { echo "docs/ is not what the schema, templates/ and examples/ make: run make docs." >&2; failed=1; }
  plugindocs validate --provider-dir "$PWD"
  if [ -d examples ]; then
    "$terraform" fmt -check -diff -recursive examples || { echo "Examples are not formatted: run make fmt." >&2; failed=1; }
  fi
  openapi || failed=1
  tools/diagrams.sh check || failed=1
  tools/readability.sh || failed=1
  [ "$failed" = 0 ] || exit 1
  echo "docs/, the diagrams and the OpenAPI document are up to date and valid, and the pages are easy to read"
}

go run ./internal/cmd/schema >"$work/schema.json"
case ${1:-} in
  generate)
    plugindocs generate --provider-dir "$PWD" --rendered-provider-name Riva
    go run ./internal/cmd/schema -pages docs
    openapi -update
    ;;
  check) check ;;
  *) sed -n 's/^# Usage: /usage: /p' "$0" >&2; exit 2 ;;
esac
