#!/bin/sh
# Prints the path of a uv to use: one on PATH, or one installed into .tools/ of this project. Never touches the system.
set -eu
wanted=0.11
if command -v uv >/dev/null 2>&1; then command -v uv; exit 0; fi
if [ -x .tools/uv/bin/uv ]; then echo "$PWD/.tools/uv/bin/uv"; exit 0; fi
python=""
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
  if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
  echo "make: no Python 3.11 or newer with venv was found. On Debian: apt-get install python3 python3-venv" >&2; exit 1
fi
echo "Installing uv into .tools/ …" >&2
if ! { "$python" -m venv .tools/uv && .tools/uv/bin/python -m pip install --quiet --disable-pip-version-check "uv>=$wanted"; } >&2; then
  rm -rf .tools/uv
  echo "make: uv could not be installed. Most often there is no network, or a proxy is needed (HTTPS_PROXY). Try again when there is one." >&2; exit 1
fi
echo "$PWD/.tools/uv/bin/uv"
