#!/bin/sh
# backup.sh FOLDER : one file with the whole database, made while everything runs; the newest 14 are kept.
set -eu
folder=${1:?"say where: sh deploy/backup.sh FOLDER"}
url=$(.venv/bin/python -c "from desk.settings import Settings; print(Settings().database_url.replace('+psycopg', '', 1))")
umask 077
mkdir -p "$folder"
name="$folder/waymark-$(date -u +%Y%m%dT%H%M%SZ)"
case "$url" in
  sqlite:///*)
    file="$name.db"
    .venv/bin/python - "${url#sqlite:///}" "$file" <<'PYTHON'
import sqlite3, sys
from contextlib import closing
with closing(sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)) as old, closing(sqlite3.connect(sys.argv[2])) as new:
    old.backup(new)
    assert new.execute("PRAGMA integrity_check").fetchone() == ("ok",)
PYTHON
    ;;
  postgresql*) file="$name.dump"; pg_dump --format=custom --no-owner --file="$file" "$url" ;;
  *) echo "backup.sh: DATABASE_URL is neither SQLite nor PostgreSQL" >&2; exit 2 ;;
esac
ls -1t "$folder"/waymark-* | tail -n +15 | while read -r old; do rm -f "$old"; done
echo "$file"
