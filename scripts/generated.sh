#!/usr/bin/env bash
# Checks that the generated GraphQL code is what the schema generates. Works in
# a copy, so that neither an unfinished work tree nor an interruption matters.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

# What git would know of: tracked and new files, not ignored ones.
git ls-files -z --cached --others --exclude-standard |
  while IFS= read -r -d '' file; do [ ! -f "$file" ] || printf '%s\0' "$file"; done |
  tar --null --files-from=- --create | tar --extract --directory "$copy"

(cd "$copy" && go tool gqlgen generate)
diff --recursive --brief graph "$copy/graph" ||
  die "the generated code is not what the schema generates." "Run make generate and commit the result."
