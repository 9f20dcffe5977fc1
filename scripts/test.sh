#!/usr/bin/env bash
# Everything that must hold: what `make test` and the continuous integration run.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

step "checking what is needed"
scripts/setup.sh test
work=$(mktemp -d)
browsing=
generating=
finish() {
  for group in $browsing $generating; do
    kill -TERM -- "-$group" 2>/dev/null || true
    wait "$group" || true
  done
  rm -rf "$work"
}
trap finish EXIT
mkdir "$work/seed"
chmod 711 "$work" "$work/seed" # root lets another user in
behind() { nice -n 5 "$@"; }

# Compiling is half of the work, and of all of it a fifth is saved by collecting
# garbage less often, a third of the compilation by leaving out what no test needs:
# debug information, and inlining in what is generated from the contract or bound
# to it. So the hub that the browser meets is not the one that `make build` makes.
export GOGC=${GOGC:-400} GOMEMLIMIT=${GOMEMLIMIT:-4GiB}
ours=github.com/teixit/teixit
export GOFLAGS="$GOFLAGS '-gcflags=$ours/...=-dwarf=false' '-gcflags=$ours/graph/...=-l -dwarf=false'"
export TEIXIT_BINARY=$work/teixit

# What runs beside the rest is in a process group of its own, so that it ends with
# this script. Building the client keeps one processor busy.
step "generating the code once more begins, beside what follows"
set -m
scripts/generated.sh >"$work/generated" 2>&1 &
generating=$!
set +m

step "building the web client"
scripts/web.sh
scripts/build.sh

# Waiting is a good part of the browser tests and of Go's, so they run side by side,
# and then what keeps one processor busy at a time.
step "browser tests begin, after them the matrix of who sees what and unit tests of the web client, beside what follows"
set -m
{
  scripts/browser.sh >"$work/browser" 2>&1
  TEIXIT_TEST_SEED=$work/seed behind go test -vet=off -timeout 9m ./internal/hubtest/matrix >"$work/matrix" 2>&1
  behind npm --prefix web run --silent unit >"$work/unit" 2>&1 # the build has generated what they need
} &
browsing=$!
set +m

step "generated code is what the schema generates"
wait "$generating" || { generating=; cat "$work/generated"; die "see above."; }
generating=
behind scripts/lint.sh
step "go test -race" # scripts/lint.sh has vetted them
mapfile -t raced < <(go list ./... | grep -v /hubtest/matrix) # see its race_test.go
TEIXIT_TEST_SEED=$work/seed behind go test -race -vet=off -timeout 9m "${raced[@]}"
step "browser tests, matrix and unit tests of the web client"
wait "$browsing" || {
  browsing=
  cat "$work"/{browser,matrix,unit} 2>/dev/null || true
  die "the browser tests, the matrix or the unit tests of the web client fail: see the last of the above."
}
browsing=
grep -E '^(not )?ok |^# (tests|pass|fail) ' "$work/browser"
cat "$work/matrix" "$work/unit"
step "all of it holds"
