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
work=$(mktemp -d)
beside=
finish() {
  [ -z "$beside" ] || kill "$beside" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
mkdir "$work/seed"
chmod 711 "$work" "$work/seed" # root lets another user in
# Inlining the generated executor takes half of its compilation and no test needs
# it.
TEIXIT_TEST_SEED=$work/seed go test -race -vet=off -gcflags=github.com/teixit/teixit/graph/generated=-l -timeout 9m ./...
step "unit tests of the web client"
npm --prefix web run --silent test
step "browser tests, and beside them the matrix of who sees what"
go test -vet=off -timeout 9m ./internal/hubtest/matrix >"$work/matrix" 2>&1 &
beside=$!
scripts/browser.sh
wait "$beside" || { cat "$work/matrix"; die "the matrix of who sees what does not hold."; }
beside=
cat "$work/matrix"
step "all of it holds"
