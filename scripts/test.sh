#!/usr/bin/env bash
# Everything that must hold: what `make test` and the continuous integration run.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

step "checking what is needed"
scripts/setup.sh test
step "building the web client"
scripts/web.sh
step "generated code is what the schema generates"
scripts/generated.sh
scripts/lint.sh
step "go test -race" # scripts/lint.sh has vetted them
seed=$(mktemp -d)
trap 'rm -rf "$seed"' EXIT
chmod 711 "$seed" # root lets another user in
TEIXIT_TEST_SEED=$seed go test -race -vet=off -timeout 9m ./...
step "the matrix of who sees what"
go test -vet=off -timeout 9m ./internal/hubtest/matrix
step "unit tests of the web client"
npm --prefix web run --silent test
step "browser tests"
scripts/browser.sh
step "all of it holds"
