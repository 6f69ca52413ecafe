#!/usr/bin/env bash
# Ensures that the tests find the programs of PostgreSQL (initdb, pg_ctl and postgres): internal/testsupport/postgrestest starts
# a cluster with them. As root on Debian or Ubuntu it installs them if they are missing, without a cluster or a service.
set -euo pipefail

if [ -n "${RIVA_TEST_POSTGRES_URL:-}" ] || command -v initdb >/dev/null; then exit 0; fi
for program in /usr/lib/postgresql/*/bin/initdb /opt/homebrew/opt/postgresql@*/bin/initdb /usr/local/opt/postgresql@*/bin/initdb; do
  if [ -x "$program" ]; then exit 0; fi
done

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests need PostgreSQL 15 or newer (Debian: apt-get install postgresql), or RIVA_TEST_POSTGRES_URL." >&2
  exit 1
fi

echo "installing postgresql with apt-get"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -qq --no-install-recommends "$@"; }
# The package creates and starts a cluster unless this file prevents it.
without_cluster() { echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf; }
if ! { apt-get update -qq && install postgresql-common && without_cluster && install postgresql; } >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
