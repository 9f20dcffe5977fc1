#!/usr/bin/env bash
# Runs the browser tests of web/test/browser against a hub of their own: the
# built binary with the demonstration network and its traffic, on a free port,
# with temporary data, and an OpenID Connect provider of the tests to sign in
# with. A second instance on the same data ends sessions after half a minute
# without use. What the hub said is shown when something fails.
#
#   scripts/browser.sh                    all of them
#   scripts/browser.sh signin start       those of signin.test.mjs and start.test.mjs
#   TEIXIT_SLOW=6 scripts/browser.sh      with pages on a processor six times slower
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

scripts/build.sh

work=$(mktemp -d)
chmod 755 "$work" # the user postgres must reach the data below
hub=
short=
provider=

finish() {
  local status=$?
  trap - EXIT
  if [ -n "$short" ]; then
    kill -TERM "$short" 2>/dev/null || true
    wait "$short" || { status=$?; say "the second instance ended with status $status"; tail -n 20 "$work/short.log" >&2; }
  fi
  if [ -n "$provider" ]; then
    kill -TERM "$provider" 2>/dev/null || true
    wait "$provider" || true
  fi
  if [ -n "$hub" ]; then
    kill -TERM "$hub" 2>/dev/null || true
    wait "$hub" || { status=$?; say "the hub ended with status $status"; }
  fi
  [ "$status" -eq 0 ] || { say "the hub's last words:"; tail -n 40 "$work/hub.log" >&2 || true; }
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT

# Asks until an instance ($1, process $2) is ready, at most 120 s; ends early when
# it has died.
wait_ready() {
  local deadline=$((SECONDS + 120))
  until node -e 'fetch(process.argv[1]).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))' "$1"; do
    kill -0 "$2" 2>/dev/null || die "the hub ended before it was ready."
    [ "$SECONDS" -lt "$deadline" ] || die "the hub is not ready after 120 s."
    sleep 0.3
  done
}

# Prints the provider's address once it has told it, at most after 20 s.
wait_provider() {
  local deadline=$((SECONDS + 20))
  until [ -s "$work/provider" ]; do
    kill -0 "$provider" 2>/dev/null || die "the provider ended before it was ready." "$(cat "$work/provider.log")"
    [ "$SECONDS" -lt "$deadline" ] || die "the provider is not ready after 20 s."
    sleep 0.1
  done
  grep -o 'http://127[^"]*' "$work/provider"
}

# The provider ends with its standard input, so with this script at the latest.
mkfifo "$work/hold"
exec 9<>"$work/hold"
(cd web && exec node test/oidc/provider.mjs '{
  "montserrat": {"name": "Montserrat Prova", "email": "montserrat@provider.example"},
  "jordi": {"name": "Jordi Prova", "email": "jordi@provider.example"}}') \
  <"$work/hold" >"$work/provider" 2>"$work/provider.log" 9>&- &
provider=$!
issuer=$(wait_provider)

address=127.0.0.1:$(free_port)
env -u DATABASE_URL TEIXIT_TRAFFIC=true TEIXIT_ADDR="$address" TEIXIT_DATA="$work/data" \
  TEIXIT_OIDC_ISSUER="$issuer" TEIXIT_OIDC_CLIENT_ID=teixit TEIXIT_OIDC_CLIENT_SECRET='a secret for tests only' \
  TEIXIT_OIDC_NAME="Ajuntament de prova" \
  "$BINARY" serve --demo >"$work/hub.log" 2>&1 &
hub=$!
say "waiting for the hub at $address"
wait_ready "http://$address/readyz" "$hub"
second=127.0.0.1:$(free_port)
idle=30
[ -z "${TEIXIT_SLOW:-}" ] || idle=75 # slow pages need time to say so
env -u DATABASE_URL TEIXIT_DEMO=true TEIXIT_SESSION_IDLE="${idle}s" TEIXIT_ADDR="$second" TEIXIT_DATA="$work/data" \
  "$BINARY" serve >"$work/short.log" 2>&1 &
short=$!
wait_ready "http://$second/readyz" "$short"

cd web
export TEIXIT_URL="http://$address" TEIXIT_SHORT_URL="http://$second" TEIXIT_SHORT="$idle" TEIXIT_LOG="$work/hub.log" TEIXIT_PROVIDER="$issuer"
CHROMIUM=$(find_chromium)
export CHROMIUM
if [ $# -gt 0 ]; then
  node test/browser/run.mjs "$@"
  exit
fi

# Those of a session's end do little but wait, so they wait beside the others.
names=()
for file in test/browser/*.test.mjs; do
  name=$(basename "$file" .test.mjs)
  [ "$name" = idle ] || names+=("$name")
done
node test/browser/run.mjs idle >"$work/idle.out" 2>&1 &
waiting=$!
failed=0
node test/browser/run.mjs "${names[@]}" || failed=$?
wait "$waiting" || failed=$?
cat "$work/idle.out"
exit "$failed"
