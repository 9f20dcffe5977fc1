#!/usr/bin/env bash
# Builds the web client into web/dist, its types and those of its unit tests
# checked. Packages are installed again only when the lock file changed, the client
# is built again only when its sources did.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT/web"

# Stamps are hashes of what a result was made from, kept beside the packages.
INSTALLED=node_modules/.teixit-installed
BUILT=node_modules/.teixit-built

installed_from() { sha256sum package.json package-lock.json | sha256sum; }

built_from() {
  { find src resume public scripts test/unit ../schema ../internal/domain/territory/data/municipalities.csv ./*.html ./*.ts tsconfig.json package-lock.json -type f | LC_ALL=C sort | xargs sha256sum; } | sha256sum
}

same() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

if same "$INSTALLED" "$(installed_from)"; then
  say "packages: unchanged"
else
  say "packages: npm ci"
  npm ci --no-progress --loglevel=error
  installed_from >"$INSTALLED"
fi

if [ -f dist/index.html ] && same "$BUILT" "$(built_from)"; then
  say "client: unchanged"
else
  say "client: npm run build"
  npm run --silent build
  built_from >"$BUILT"
fi
