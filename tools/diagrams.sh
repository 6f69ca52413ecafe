#!/usr/bin/env bash
# Usage: diagrams.sh draw | check
# draw makes an SVG of each diagram in .github/pictures/*.d2, with the style of tools/d2/style.d2. It needs bin/d2. check needs
# nothing: each SVG ends with the hash of what it was drawn from, and a diagram with another hash, or without an SVG, is stale.
set -euo pipefail
cd "${CHECKOUT:-$(dirname "$0")/..}"

style=tools/d2/style.d2
options=(--layout=dagre --theme=0 --dark-theme=200 --pad=8 --scale=1 --omit-version)

source_of() { cat "$style" "$1"; }
mark_of() { echo "<!-- drawn from $({ source_of "$1"; echo "${options[*]}"; } | git hash-object --stdin) -->"; }

draw() {
  local diagram picture
  bin/d2 fmt "$style" .github/pictures/*.d2
  for diagram in .github/pictures/*.d2; do
    picture=${diagram%.d2}.svg
    source_of "$diagram" | bin/d2 "${options[@]}" --stdout-format=svg - - >"$picture" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
    printf '\n%s\n' "$(mark_of "$diagram")" >>"$picture"
    echo "$picture"
  done
}

check() {
  local diagram picture failed=0
  for diagram in .github/pictures/*.d2; do
    picture=${diagram%.d2}.svg
    [ "$(tail -n 1 "$picture" 2>/dev/null)" = "$(mark_of "$diagram")" ] ||
      { echo "$picture is not drawn from $diagram: run make diagrams." >&2; failed=1; }
  done
  return "$failed"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case ${1:-} in
  draw) draw ;;
  check) check ;;
  *) sed -n 's/^# Usage: /usage: /p' "$0" >&2; exit 2 ;;
esac
