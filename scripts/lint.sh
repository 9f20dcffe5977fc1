#!/usr/bin/env bash
# What can be said of the code without running it.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

# gqlgen's executor is nobody's to read, so nobody's to lint.
mapfile -t packages < <(go list ./... | grep -v '/graph/generated$')

step "formatted (gofumpt)"
scripts/format.sh -l
step "go vet"
go vet "${packages[@]}"
for module in bench/fanout bench/queries/usual; do # of their own: see their go.mod
  (cd "$module" && go vet ./...)
done
step "staticcheck"
go tool staticcheck "${packages[@]}"
step "the walls between the rooms, the habits of the schema"
go test -count=1 ./internal/arch ./internal/schemalint
step "types of the web client" # building it checks them
scripts/web.sh
