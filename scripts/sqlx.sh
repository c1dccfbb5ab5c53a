#!/usr/bin/env bash
# Prepares what `sqlx::query!` needs to compile with no database at hand, crate by crate.
#   sqlx.sh           writes each crate's .sqlx/
#   sqlx.sh --check   fails where a .sqlx/ is not what queries and migrations say
# A crate takes part if it has a folder migrations/. Sub-folders are databases of the same crate; their tables must have
# different names, since the queries are checked against one file that holds all of them.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/target/tools/bin:$PATH"
root=$PWD

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

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
  export DATABASE_URL="sqlite://$scratch/$name.sqlite"
  sqlx database create
  sqlx migrate run --source "$scratch/$name" >/dev/null
  printf '%s: %d migrations\n' "$name" "$number"
  (cd "$crate" && CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target}" cargo sqlx prepare "$@" -- --all-targets --quiet)
done
