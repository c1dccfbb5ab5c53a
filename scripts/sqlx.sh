#!/usr/bin/env bash
# Prepares what `sqlx::query!` needs to compile with no database at hand, crate by crate.
#   sqlx.sh           writes each crate's .sqlx/
#   sqlx.sh --check   fails where a .sqlx/ is not what queries and migrations say
# A crate takes part if it has a folder migrations/. Sub-folders are databases of the same crate; their tables must have
# different names, since the queries are checked against one database that holds all of them: a file, or for a crate that
# asks sqlx for PostgreSQL one in a cluster of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/target/tools/bin:$PATH"
root=$PWD

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# $1 = folder of the crate, $2 = its migrations, further: what `cargo sqlx prepare` is to do
prepare() {
  local crate=$1 migrations=$2
  shift 2
  sqlx migrate run --source "$migrations" >/dev/null
  printf '%s: %d migrations\n' "$(basename "$crate")" "$(find "$migrations" -type f | wc -l)"
  (cd "$crate" && CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target}" cargo sqlx prepare "$@" -- --all-targets --quiet)
}

if [ "${1-}" = --prepare ]; then
  shift
  prepare "$@"
  exit
fi

for crate in src-tauri/crates/*/; do
  crate=${crate%/}
  [ -d "$crate/migrations" ] || continue
  name=$(basename "$crate")
  # Numbered anew, since two databases of a crate may use the same numbers.
  mkdir "$scratch/$name"
  number=0
  while read -r migration; do
    number=$((number + 1))
    cp "$migration" "$scratch/$name/$(printf '%04d' "$number")_$(basename "$migration")"
  done < <(find "$crate/migrations" -name '*.sql' ! -name '*.down.sql' | LC_ALL=C sort)
  if grep -q '^sqlx .*"postgres"' "$crate/Cargo.toml"; then
    scripts/postgres.sh scripts/sqlx.sh --prepare "$crate" "$scratch/$name" "$@"
  else
    export DATABASE_URL="sqlite://$scratch/$name.sqlite"
    sqlx database create
    prepare "$crate" "$scratch/$name" "$@"
  fi
done
