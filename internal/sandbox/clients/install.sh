#!/usr/bin/env bash
# Installs the programs that the tests of this folder use: curl, DavMail, Node.js, npm, gss-ntlmssp, Samba's ntlm_auth and
# Apache from Debian if they are missing, and the packages of package-lock.json into node_modules. It can be run again at any
# time. It needs root only for Debian packages that are missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

say() { echo "clients: $*"; }

missing=()
command -v curl >/dev/null || missing+=(curl ca-certificates)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
# The gateway without a window; it depends on a Java runtime without a display.
command -v davmail-server >/dev/null || missing+=(davmail-server)
# Servers that accept NTLM: gss-ntlmssp, through its library for Python, and Samba.
/usr/bin/python3 -c 'import gssapi' 2>/dev/null || missing+=(python3-gssapi)
[ -e /etc/gss/mech.d/mech.ntlmssp.conf ] || missing+=(gss-ntlmssp)
command -v ntlm_auth >/dev/null || missing+=(winbind)
# A server that requests client certificates late. This package has the program without a service that is started.
[ -x /usr/sbin/apache2 ] || missing+=(apache2-bin)

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

# A copy of the lock file is stored with the packages. While it is equal to the lock file, the packages are up to date.
if ! cmp -s package-lock.json node_modules/.installed; then
  say "installing the packages of package-lock.json with npm"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed
fi
say "ready: $(curl --version | awk 'NR == 1 { print $1, $2 }'), node $(node --version), davmail-server at $(command -v davmail-server)"
