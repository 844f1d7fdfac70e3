#!/bin/sh
# find-python.sh 3.10 | 3.11+ : prints a Python of that version that is on this machine, or the version for uv to fetch.
# The distribution's own build comes first: it is compiled with optimisation, which a build made at home often is not (desk and actions took 7 % less).
set -eu
case "$1" in
  3.10) test='sys.version_info[:2] == (3, 10)'; names="python3.10 $HOME/.pyenv/versions/3.10*/bin/python /opt/python3.10*/bin/python3.10"; fetch=3.10 ;;
  *) test='(3, 11) <= sys.version_info[:2] < (3, 15)'; names="/usr/bin/python3.13 /usr/bin/python3.12 /usr/bin/python3.11 python3.13 python3.12 python3.14 python3.11 python3 $HOME/.pyenv/versions/3.1[1-4]*/bin/python"; fetch=3.13 ;;
esac
for candidate in $names; do
  if "$candidate" -c "import sys; sys.exit(not ($test))" >/dev/null 2>&1; then "$candidate" -c 'import sys; print(sys.executable)'; exit 0; fi
done
echo "$fetch"
