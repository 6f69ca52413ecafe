#!/usr/bin/env bash
# Fails if a habit that this project has lost comes back in code, pages or examples: words in tools/plain-words.txt, one extended
# regular expression a line with the better word behind a tab. What vendors say, in the sandbox and in tests, is theirs.
# CHECKOUT is another repository to look at, for tests.
set -euo pipefail
cd "$(dirname "$0")/.."
words=$PWD/tools/plain-words.txt
cd "${CHECKOUT:-.}"

# docs/ is made of the others, and decisions are not rewritten.
read_by_people=('*.go' templates examples '*.md' ':!docs' ':!internal/decisions' ':!internal/sandbox' ':!*_test.go')

found=0
while IFS=$'\t' read -r pattern better; do
  case $pattern in '' | '#'*) continue ;; esac
  hits=$(git grep -nIiwE -e "$pattern" -- "${read_by_people[@]}" | grep -v 'http\.NoBody' || true)
  [ -n "$hits" ] || continue
  found=1
  printf '%s\n  write: %s\n' "$hits" "$better" >&2
done <"$words"
exit "$found"
