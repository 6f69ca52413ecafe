#!/usr/bin/env bash
# Fails if a habit that this project has lost comes back in the code: words in tools/plain-words.txt, one extended regular
# expression a line with the better word behind a tab. What vendors say, in the sandbox and in tests, is theirs.
set -euo pipefail
cd "$(dirname "$0")/.."

found=0
while IFS=$'\t' read -r pattern better; do
  case $pattern in '' | '#'*) continue ;; esac
  hits=$(git grep -nIiwE -e "$pattern" -- '*.go' ':!internal/sandbox' ':!*_test.go' | grep -v 'http\.NoBody' || true)
  [ -n "$hits" ] || continue
  found=1
  printf '%s\n  write: %s\n' "$hits" "$better" >&2
done <tools/plain-words.txt
exit "$found"
