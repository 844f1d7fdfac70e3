#!/bin/sh
# Installs both environments from their lock files: the root one (desk, actions, knowledge) and bot/ (Rasa).
set -eu
uv=$(sh deploy/find-uv.sh)
fail() { echo "make: $1" >&2; exit 1; }
log=var/install.log
mkdir -p var
install() { # name, folder, python
  echo "Installing the environment of $1 (Python $3) …"
  if ! (cd "$2" && UV_COMPILE_BYTECODE=1 UV_PROJECT_ENVIRONMENT=.venv "$uv" sync --quiet --locked --python "$3") >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    if grep -qiE 'dns|network|connect|timed out|resolve host|unreachable' "$log"; then fail "a package could not be fetched: there seems to be no network. Connect, or set HTTPS_PROXY, and run make again."; fi
    if grep -qiE "gcc|command 'cc'|compiler|Python\.h" "$log"; then fail "a package must be compiled and there is no C compiler. On Debian: apt-get install build-essential"; fi
    if grep -qiE 'No space left' "$log"; then fail "the disk is full; about 4 GB are needed."; fi
    fail "the install of $1 failed; the whole log is in $log"
  fi
}
command -v cc >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1 || fail "there is no C compiler, which some packages need. On Debian: apt-get install build-essential"
install "desk, actions and knowledge" . "$(sh deploy/find-python.sh 3.11+)"
install "Rasa" bot "$(sh deploy/find-python.sh 3.10)"
