#!/usr/bin/env bash
# Runs the benchmarks and writes what they print into tests/benches/RESULTS.md, with the machine, the date and the commit.
# They assert counts, never a time: a machine that is busy gives other figures.
set -euo pipefail
cd "$(dirname "$0")/.."
results=tests/benches/RESULTS.md

output=$(mktemp)
trap 'rm -f "$output"' EXIT
NO_COLOR=1 CARGO_TERM_COLOR=never cargo bench --locked --package agenda-sede-tests 2>&1 | tee "$output"

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
  # From the first table on: what cargo says of its own work belongs to no result.
  sed -n '/fastest/,$p' "$output" | grep -v '^ *Running' || true
  printf '```\n'
} >"$results"
printf 'Written to %s\n' "$results"
