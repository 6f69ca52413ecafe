#!/usr/bin/env bash
# Installs what the tests of this folder drive: curl and DavMail from Debian, Node.js and npm if they are missing, and
# the packages of package-lock.json into node_modules. It may be run again at any time; it needs root only for what is
# not there yet.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

say() { echo "clients: $*"; }

missing=()
command -v curl >/dev/null || missing+=(curl ca-certificates)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
# The headless gateway; it depends on a Java runtime without a display.
command -v davmail-server >/dev/null || missing+=(davmail-server)

if ((${#missing[@]})); then
  say "installing ${missing[*]} with apt-get"
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  export DEBIAN_FRONTEND=noninteractive
  if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
fi

# A copy of the lock file is left beside the packages, by which to tell whether there is anything to do.
if ! cmp -s package-lock.json node_modules/.installed; then
  say "installing the packages of package-lock.json with npm"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed
fi
say "ready: $(curl --version | awk 'NR == 1 { print $1, $2 }'), node $(node --version), davmail-server at $(command -v davmail-server)"
