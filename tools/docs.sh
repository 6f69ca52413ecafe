#!/usr/bin/env bash
# Usage: docs.sh generate | check
# generate writes docs/ from the provider's schema, templates/ and examples/, and the OpenAPI document from the routes; check
# changes nothing and says what is stale.
# The schema comes from bin/terraform-provider-riva through the terraform or tofu at hand, so nothing is downloaded.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly source=terraform-provider-riva/riva
terraform=$(tools/terraform-path.sh)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The provider's schema, under the short name by which tfplugindocs looks it up.
write_schema() {
  mkdir "$work/schema"
  printf 'provider_installation {\n  dev_overrides { "%s" = "%s" }\n  direct {}\n}\n' "$source" "$PWD/bin" >"$work/cli.tfrc"
  printf 'terraform {\n  required_providers {\n    riva = { source = "%s" }\n  }\n}\n' "$source" >"$work/schema/main.tf"
  TF_CLI_CONFIG_FILE="$work/cli.tfrc" "$terraform" -chdir="$work/schema" providers schema -json |
    sed -E "s#\"registry\.[a-z.]+/$source\"#\"riva\"#" >"$work/schema.json"
}

plugindocs() {
  bin/tfplugindocs "$@" --provider-name riva --providers-schema "$work/schema.json" >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; exit 1; }
}

# The document lies beside the test that compares it.
openapi() { go test -count 1 -run '^TestTheContractIsTheOneThatWasReviewed$' ./internal/server "$@"; }

check() {
  local failed=0 copy=$work/copy
  mkdir "$copy"
  cp -R $(ls -d docs templates examples 2>/dev/null) "$copy"

  plugindocs generate --provider-dir "$copy" --rendered-provider-name Riva
  diff -ru docs "$copy/docs" || { echo "docs/ is not what the schema, templates/ and examples/ make: run make docs." >&2; failed=1; }
  plugindocs validate --provider-dir "$PWD"
  if [ -d examples ]; then
    "$terraform" fmt -check -diff -recursive examples || { echo "Examples are not formatted: run make fmt." >&2; failed=1; }
  fi
  openapi || failed=1
  [ "$failed" = 0 ] || exit 1
  echo "docs/ and the OpenAPI document are up to date and valid"
}

write_schema
case ${1:-} in
  generate)
    plugindocs generate --provider-dir "$PWD" --rendered-provider-name Riva
    openapi -update
    ;;
  check) check ;;
  *) sed -n 's/^# Usage: /usage: /p' "$0" >&2; exit 2 ;;
esac
