#!/usr/bin/env bash
# Fails if a test passed on SQLite and did not pass on PostgreSQL, or if a test of PostgreSQL was skipped. Its argument is a file
# with the events of go test -json.
set -euo pipefail
export LC_ALL=C # sort and comm agree

# The tests with a result, as "package test".
tests() { sed -nE "s/.*\"Action\":\"$1\",\"Package\":\"([^\"]+)\",\"Test\":\"([^\"]+)\".*/\1 \2/p" "$2" | sort -u; }

skipped=$(tests skip "$1" | { grep Postgre || true; })
missing=$(comm -23 <(tests pass "$1" | sed -nE 's/embedded_with_SQLite$/TLS_with_SQLite/; s/([/_])SQLite$/\1PostgreSQL/p' | sort) \
  <(tests pass "$1"))
if [ -n "$skipped$missing" ]; then
  printf 'These tests did not run on PostgreSQL:\n%s\n' "${skipped:-$missing}" >&2
  exit 1
fi
