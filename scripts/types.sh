#!/usr/bin/env bash
# The types that cross IPC: declared in Rust, written for TypeScript by ts-rs.
#   types.sh           writes ui/src/ipc/bindings
#   types.sh --check   fails where that folder is not what Rust says
set -euo pipefail
cd "$(dirname "$0")/.."
bindings=ui/src/ipc/bindings

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# ts-rs writes a type in a test that it makes for it, named export_bindings_…
packages=()
while read -r manifest; do
  packages+=(--package "$(sed -n 's/^name = "\(.*\)"/\1/p' "$manifest" | head -n 1)")
done < <(grep -lE '^ts-rs' src-tauri/Cargo.toml src-tauri/crates/*/Cargo.toml)
TS_RS_EXPORT_DIR=$scratch cargo test --quiet "${packages[@]}" --lib export_bindings >/dev/null

if [ "${1-}" = --check ]; then
  diff --recursive --brief "$bindings" "$scratch" || {
    printf 'The TypeScript types are not those of Rust: run `make types` and commit %s.\n' "$bindings"
    exit 1
  }
else
  mkdir -p "$bindings"
  find "$bindings" -name '*.ts' -delete
  cp -r "$scratch"/. "$bindings"/
fi
