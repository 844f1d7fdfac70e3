#!/bin/sh
# restore.sh FILE : puts a backup in the place of the database. Stop the desk first (systemctl stop waymark).
set -eu
file=${1:?"say which: sh deploy/restore.sh FILE"}
url=$(.venv/bin/python -c "from desk.settings import Settings; print(Settings().database_url.replace('+psycopg', '', 1))")
[ -r "$file" ] || { echo "restore.sh: $file cannot be read" >&2; exit 2; }
case "$url" in
  sqlite:///*)
    place=${url#sqlite:///}
    cp "$file" "$place.half"
    rm -f "$place-wal" "$place-shm"
    mv "$place.half" "$place"
    ;;
  postgresql*) pg_restore --clean --if-exists --no-owner --single-transaction --dbname="$url" "$file" ;;
  *) echo "restore.sh: DATABASE_URL is neither SQLite nor PostgreSQL" >&2; exit 2 ;;
esac
.venv/bin/python -m desk migrate
echo "The database is as it was in $file."
