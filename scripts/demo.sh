#!/usr/bin/env bash
# Runs the hub with the demonstration network, or removes its data.
#
#   TEIXIT_ADDR    where to listen             127.0.0.1:8080
#   TEIXIT_DATA    folder of the private PostgreSQL
#   DATABASE_URL   a PostgreSQL of one's own instead
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

# PostgreSQL does not run as root: root's hub hands the folder to the user
# postgres, who cannot reach a folder below a closed one such as /root.
default_data() {
  if [ "$(id -u)" -eq 0 ]; then
    echo /var/lib/teixit-demo
  else
    echo "${XDG_DATA_HOME:-$HOME/.local/share}/teixit-demo"
  fi
}

DATA=${TEIXIT_DATA:-$(default_data)}

run() {
  step "checking what is needed"
  scripts/setup.sh demo
  scripts/build.sh
  step "starting the hub"
  if [ -z "${DATABASE_URL:-}" ]; then
    mkdir -p "$(dirname "$DATA")"
    export TEIXIT_DATA=$DATA
  fi
  # The terminal is for a person: progress, and warnings in plain text.
  export TEIXIT_LOG_LEVEL=${TEIXIT_LOG_LEVEL:-warn} TEIXIT_LOG_FORMAT=${TEIXIT_LOG_FORMAT:-text}
  # The hub takes this process over, so that Ctrl-C and signals reach it.
  exec bin/teixit serve --demo
}

# The launcher's folder is known by its lock and its passwords. Anything else is
# somebody's, however it came to be named here.
is_teixit_data() { [ -f "$1/lock" ] && [ -f "$1/passwords" ]; }

# A postmaster that runs in the folder: nothing is taken from under it.
is_running() {
  local pid
  pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) || return 1
  kill -0 "$pid" 2>/dev/null
}

reset() {
  [ -z "${DATABASE_URL:-}" ] || die "DATABASE_URL names a PostgreSQL of your own: its data is not removed from here."
  if [ ! -e "$DATA" ]; then
    say "nothing to remove: $DATA does not exist"
    return
  fi
  is_teixit_data "$DATA" || die "$DATA is not a data folder of Teixit: not removed."
  ! is_running "$DATA" || die "a hub runs with $DATA: stop it first."
  rm -rf -- "$DATA"
  say "removed $DATA"
}

case ${1:-} in
run) run ;;
reset) reset ;;
*) die "usage: scripts/demo.sh run|reset" ;;
esac
