#!/usr/bin/env bash
# Runs the benchmarks and writes what they print into tests/benches/RESULTS.md, with the machine, the date and the commit.
# They assert counts, never a time: a machine that is busy gives other figures.
set -euo pipefail
cd "$(dirname "$0")/.."
results=tests/benches/RESULTS.md

output=$(mktemp)
trap 'rm -f "$output"' EXIT
scripts/setup.sh peers
printf '· Building the program as it ships (some minutes)\n'
cargo build --quiet --release --locked --package agenda-sede
cargo bench --quiet --locked --package agenda-sede-tests --bench '*' --no-run
# On a display of its own, for the start of the program; cargo's own words go past the table.
NO_COLOR=1 scripts/desktop-session.sh cargo bench --quiet --locked --package agenda-sede-tests --bench '*' | tee "$output"

changed=
git diff --quiet HEAD -- . ":!$results" || changed=', with changes'
{
  printf '# What was measured\n\n'
  printf 'Written by `make bench`.\n\n'
  printf '| | |\n| --- | --- |\n'
  printf '| date | %s |\n' "$(date --utc '+%Y-%m-%d %H:%M UTC')"
  printf '| commit | %s%s |\n' "$(git rev-parse --short HEAD)" "$changed"
  printf '| machine | %s, %s cores, %s memory |\n' \
    "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
    "$(awk '/^MemTotal/ { printf "%d GiB", $2 / 1048576 }' /proc/meminfo)"
  printf '| rustc | %s |\n\n```text\n' "$(rustc --version)"
  cat "$output"
  printf '```\n'
} >"$results"
printf 'Written to %s\n' "$results"
