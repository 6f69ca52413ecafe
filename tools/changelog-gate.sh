#!/usr/bin/env bash
# Fails if the change says nothing to users: it touches internal/, main.go or docs/, and neither adds a line to CHANGELOG.md nor
# says in each of those commits, with the trailer below, that users notice nothing.
#
# The change is what is ahead of BASE, uncommitted files included. BASE is the first argument; without one, it is where the
# branch left origin's default branch, or the last commit if it did not.
set -euo pipefail
cd "${CHECKOUT:-$(dirname "$0")/..}"

trailer='Changelog: no user-visible change'
watched=(internal main.go docs)

base=${1:-$(git merge-base HEAD origin/HEAD 2>/dev/null || git rev-parse HEAD)}
if [ "$base" = "$(git rev-parse HEAD)" ]; then base=$(git rev-parse --verify --quiet HEAD~1) || exit 0; fi

if ! git diff --quiet "$base" -- CHANGELOG.md; then exit 0; fi

silent=()
while read -r commit; do
  [ -n "$(git diff-tree --no-commit-id --name-only -r -m --first-parent "$commit" -- "${watched[@]}")" ] || continue
  git log -1 --format=%B "$commit" | git interpret-trailers --parse | grep -qixF "$trailer" || silent+=("$(git log -1 --format='%h %s' "$commit")")
done < <(git rev-list --first-parent "$base..HEAD")
if [ -n "$(git status --porcelain -- "${watched[@]}")" ]; then silent+=("what is not committed yet"); fi
[ ${#silent[@]} -gt 0 ] || exit 0

{
  echo "CHANGELOG.md says nothing about this change:"
  printf '  %s\n' "${silent[@]}"
  echo "Add a line to its section Unreleased, or the trailer \"$trailer\" to the messages of these commits."
} >&2
exit 1
