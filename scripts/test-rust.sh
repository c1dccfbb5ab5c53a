#!/usr/bin/env bash
# Every Rust test but the end-to-end ones, which need a desktop (test-e2e.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
# All of the tests' package but its target e2e; cargo has no "all but this one".
targets=()
for file in tests/tests/*.rs tests/tests/*/main.rs; do
  [ -e "$file" ] || continue
  name=${file#tests/tests/}
  name=${name%/main.rs}
  name=${name%.rs}
  [ "$name" = e2e ] || targets+=(--test "$name")
done
cargo test --quiet --locked --workspace --exclude agenda-sede-tests
# The stories with a sede over the network start its real program.
cargo build --quiet --locked --package sede
cargo test --quiet --locked --package agenda-sede-tests --lib "${targets[@]}"
