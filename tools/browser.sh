#!/usr/bin/env bash
# Ensures that the browser tests find Chromium, a font, and axe-core: internal/testsupport/browsertest uses them. As root on
# Debian or Ubuntu it installs programs that are missing. axe-core comes from npm, in the version of package-lock.json.
set -euo pipefail
cd "$(dirname "$0")/../internal/testsupport/browsertest"

missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
  missing+=(chromium fonts-dejavu-core)
command -v npm >/dev/null || missing+=(nodejs npm)

if ((${#missing[@]})); then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The browser tests need Chromium and npm (Debian: apt-get install ${missing[*]})." >&2
    exit 1
  fi
  echo "installing ${missing[*]} with apt-get"
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  export DEBIAN_FRONTEND=noninteractive
  if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
fi

# A copy of the lock file is stored with the packages, as a mark that they are up to date.
if ! cmp -s package-lock.json node_modules/.installed; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed
fi
