#!/usr/bin/env bash
# Checks that this machine has what Teixit needs and installs what is missing.
#
#   scripts/setup.sh demo   PostgreSQL's binaries (and Node, for the web client)
#   scripts/setup.sh test   also a C compiler (race detector) and Chromium
#
# As root the missing Debian packages are installed by apt. Anybody else is
# told the one line to run. No database cluster is made and no service is
# started: the hub launches a PostgreSQL of its own.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

CLUSTER_OFF=/etc/postgresql-common/createcluster.d/teixit-setup.conf
POLICY=/usr/sbin/policy-rc.d
made=()

# The given tools: named with what to do, for no package of ours brings them.
check_given() {
  have go || die "Go is missing." "Install Go 1.26 or later and put it in the path."
  have git || die "git is missing." "Install git."
  have npm && have node || die "Node.js with npm is missing." "Install Node.js 20.19 or later: it builds the web client."
  node -e 'const [a, b] = process.versions.node.split(".").map(Number);
    process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' ||
    die "Node.js $(node --version) cannot build the web client." "It needs 20.19 or later of the 20 line, or 22.12 or later."
}

has_postgres() {
  have initdb && have postgres && return
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

has_compiler() {
  have gcc && printf '#include <stdlib.h>\n' | gcc -E -x c - >/dev/null 2>&1
}

# missing prints the Debian packages that this machine lacks for the purpose.
missing() {
  # A server of one's own serves the demo; the tests always launch theirs.
  if [ "$1" = test ] || [ -z "${DATABASE_URL:-}" ]; then
    has_postgres || echo postgresql
  fi
  [ "$1" = test ] || return 0
  has_compiler || printf '%s\n' gcc libc6-dev
  find_chromium >/dev/null || printf '%s\n' chromium
}

# What was put in place for the installation goes again, however it ended.
tidy() { [ ${#made[@]} -eq 0 ] || rm -f "${made[@]}"; }

# Debian's package makes a cluster and starts it; ours is another, so neither.
keep_services_off() {
  mkdir -p "$(dirname "$CLUSTER_OFF")"
  printf 'create_main_cluster = false\n' >"$CLUSTER_OFF"
  made+=("$CLUSTER_OFF")
  [ ! -e "$POLICY" ] || return 0
  printf '#!/bin/sh\nexit 101\n' >"$POLICY"
  chmod 755 "$POLICY"
  made+=("$POLICY")
}

install() {
  trap tidy EXIT
  keep_services_off
  export DEBIAN_FRONTEND=noninteractive
  say "apt-get update"
  apt-get update -qq -o Acquire::Retries=3
  say "apt-get install $*"
  apt-get install -y -qq --no-install-recommends -o Acquire::Retries=3 \
    -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 "$@" >/dev/null
}

main() {
  local purpose=${1:-demo} packages
  case $purpose in demo | test) ;; *) die "usage: scripts/setup.sh demo|test" ;; esac
  check_given
  mapfile -t packages < <(missing "$purpose")
  if [ ${#packages[@]} -eq 0 ]; then
    say "all there"
    return
  fi
  have apt-get || die "missing: ${packages[*]} (named as in Debian)." "Install them with this system's own package manager and try again."
  [ "$(id -u)" -eq 0 ] || die "missing: ${packages[*]}. Run this one line and try again:" "sudo $ROOT/scripts/setup.sh $purpose"
  install "${packages[@]}"
  mapfile -t packages < <(missing "$purpose")
  [ ${#packages[@]} -eq 0 ] || die "still missing after the installation: ${packages[*]}."
}

main "$@"
