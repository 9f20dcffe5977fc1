# Shared by the scripts of this folder; sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What is built in one folder is found again in another: the check of generated
# code works in a copy.
case " ${GOFLAGS:-} " in
*" -trimpath "*) ;;
*) export GOFLAGS="-trimpath${GOFLAGS:+ $GOFLAGS}" ;;
esac

# The hub that is built; tests build another one than `make build`.
BINARY=${TEIXIT_BINARY:-bin/teixit}

# The clock starts with the first script and goes on in those it calls.
export TEIXIT_STARTED=${TEIXIT_STARTED:-$(date +%s)}
SECONDS=$(($(date +%s) - TEIXIT_STARTED))

# step says what is being done now, with the seconds since the start.
step() { printf '\n==> [%3ds] %s\n' "$SECONDS" "$*"; }

# say adds a line to the present step.
say() { printf '    %s\n' "$*"; }

# die says what is wrong and what to do about it, and ends the script.
die() {
  printf '\nteixit: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '        %s\n' "$line" >&2; done
  exit 1
}

# have tells whether a command can be found.
have() { command -v "$1" >/dev/null 2>&1; }

# free_port prints a TCP port of the loopback address that nobody holds now.
free_port() {
  node -e 'const s = require("node:net").createServer();
    s.listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); });'
}

# find_chromium prints the browser the tests drive: $CHROMIUM, or the first
# one that a distribution's package puts in the path.
find_chromium() {
  local name
  for name in ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser google-chrome; do
    if have "$name"; then command -v "$name"; return; fi
  done
  return 1
}
