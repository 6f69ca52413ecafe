#!/usr/bin/env bash
# Usage: readability.sh [PAGE...]
# Fails if a page is hard to read: a Flesch–Kincaid grade above 9, or a sentence of more than 35 words. Without a page, all pages
# are read. With pages, it also shows the grade of those that pass, and their sentences of more than 25 words.
set -euo pipefail
cd "$(dirname "$0")/.."

options=()
if [ $# -gt 0 ]; then options=(-long); else set -- docs/*.md docs/*/*.md; fi
go run ./internal/cmd/readability "${options[@]}" "$@"
