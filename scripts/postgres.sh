#!/usr/bin/env bash
# Runs a command with a PostgreSQL of its own: a cluster in a folder that is thrown away, listening on a socket in it and
# nowhere else. DATABASE_URL names an empty database there. Ends with the command's status.
#   postgres.sh command…
set -euo pipefail

programs=${POSTGRES_PROGRAMS-$(ls -d /usr/lib/postgresql/*/bin | sort --version-sort | tail -n 1)}
folder=$(mktemp -d)
# The server refuses to run as root.
as_owner=()
if [ "$(id -u)" -eq 0 ]; then
  chown postgres: "$folder"
  as_owner=(setpriv --reuid=postgres --regid=postgres --clear-groups)
fi

finish() {
  "${as_owner[@]}" "$programs/pg_ctl" stop --silent --mode=immediate --pgdata "$folder/data" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# In the folder, which its owner may enter wherever we stand.
(
  cd "$folder"
  "${as_owner[@]}" "$programs/initdb" --auth=trust --username=postgres --encoding=UTF8 --locale=C.UTF-8 --no-sync \
    --pgdata "$folder/data" >/dev/null
  "${as_owner[@]}" "$programs/pg_ctl" start --wait --silent --pgdata "$folder/data" --log "$folder/log" \
    --options "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off" </dev/null >/dev/null
)
DATABASE_URL="postgres://postgres@localhost/postgres?host=$folder" "$@"
