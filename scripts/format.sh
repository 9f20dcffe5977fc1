#!/usr/bin/env bash
# Formats the hand-written Go code.
#
#   scripts/format.sh -l   lists the files that are not formatted and fails
#   scripts/format.sh -w   formats them
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

sources() {
  find . \( -name node_modules -o -path ./graph/generated -o -path ./bench/fanout/stock/generated -o -path ./bench/queries/usual/generated -o -name '.?*' -o -name '*_gen.go' \) -prune \
    -o -name '*.go' -print0
}

case ${1:-} in
-w) sources | xargs -0 go tool gofumpt -w ;;
-l)
  files=$(sources | xargs -0 go tool gofumpt -l)
  [ -z "$files" ] || die "not formatted; run make fmt:" "$files"
  ;;
*) die "usage: scripts/format.sh -l|-w" ;;
esac
