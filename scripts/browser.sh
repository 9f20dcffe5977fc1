#!/usr/bin/env bash
# Runs the browser tests of web/test/browser against a hub of their own: the
# built binary with the demonstration network and its traffic, on a free port,
# with temporary data. What the hub said is shown when something fails.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

scripts/build.sh

work=$(mktemp -d)
chmod 755 "$work" # the user postgres must reach the data below
hub=

finish() {
  local status=$?
  trap - EXIT
  if [ -n "$hub" ]; then
    kill -TERM "$hub" 2>/dev/null || true
    wait "$hub" || { status=$?; say "the hub ended with status $status"; }
  fi
  [ "$status" -eq 0 ] || { say "the hub's last words:"; tail -n 40 "$work/hub.log" >&2 || true; }
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT

# Asks until the hub is ready, at most 120 s; ends early when it has died.
wait_ready() {
  local deadline=$((SECONDS + 120))
  until node -e 'fetch(process.argv[1]).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))' "$1"; do
    kill -0 "$hub" 2>/dev/null || die "the hub ended before it was ready."
    [ "$SECONDS" -lt "$deadline" ] || die "the hub is not ready after 120 s."
    sleep 0.3
  done
}

address=127.0.0.1:$(free_port)
env -u DATABASE_URL TEIXIT_TRAFFIC=true TEIXIT_ADDR="$address" TEIXIT_DATA="$work/data" bin/teixit serve --demo >"$work/hub.log" 2>&1 &
hub=$!
say "waiting for the hub at $address"
wait_ready "http://$address/readyz"
TEIXIT_URL="http://$address" CHROMIUM=$(find_chromium) npm --prefix web run --silent test:browser
