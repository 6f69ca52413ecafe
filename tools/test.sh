#!/usr/bin/env bash
# Runs go test with the arguments given, acceptance tests with a real terraform or tofu included, and names at the end
# what failed. Nothing is skipped for want of a program: what is missing is said.
set -euo pipefail
cd "$(dirname "$0")/.."

terraform=$(tools/terraform-path.sh)
export TF_ACC=1 TF_ACC_TERRAFORM_PATH="$terraform"
if "$terraform" version | grep -q '^OpenTofu '; then export TF_ACC_PROVIDER_HOST=registry.opentofu.org; fi

# What makes the tests faster, and none of them looser. Terraform and the compiler are short-lived: collecting
# their garbage costs more than the memory is worth. And while a test waits for Terraform, another one can run.
export GOGC=400
faster=(-parallel "$((2 * $(getconf _NPROCESSORS_ONLN)))")
# Nor are the binaries of tests read by a debugger, and make lint runs vet with more checks than go test does.
faster+=(-ldflags=-s\ -w -vet=off)

if [[ " $* " = *" -race "* ]]; then
  cc=$(go env CC)
  if ! command -v "${cc%% *}" >/dev/null; then
    echo "The race detector needs a C compiler, and $cc is not on PATH (Debian: apt-get install gcc libc6-dev)." >&2
    exit 1
  fi
  export CGO_ENABLED=1
  # SQLite is C translated to Go, on which the race detector would spend a quarter of the time of all tests.
  faster+=(-gcflags=modernc.org/...=-race=false)
fi

echo "acceptance tests run with $terraform"
events=$(mktemp)
trap 'rm -f "$events"' EXIT
bin/gotestsum --format pkgname --format-hide-empty-pkg --hide-summary skipped --jsonfile "$events" -- "${faster[@]}" "$@"
tools/both-databases.sh "$events"
