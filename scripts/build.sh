#!/usr/bin/env bash
# Builds the hub, bin/teixit, with the web client inside.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

step "building the web client"
scripts/web.sh
step "building the hub (the first time fetches Go modules)"
go build -o "$BINARY" ./cmd/teixit
