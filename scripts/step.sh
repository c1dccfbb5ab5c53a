#!/usr/bin/env bash
# Runs one step of `make test`: one line with what it does and how long it took.
#   step.sh "what it does" command…          what the command prints is shown only if it fails
#   step.sh --show "what it does" command…   … is shown as it comes
set -euo pipefail

show=false
if [ "$1" = --show ]; then
  show=true
  shift
fi
label=$1
shift

start=$(date +%s%N)
seconds() { awk -v ns="$(($(date +%s%N) - start))" 'BEGIN { printf "%.1f s", ns / 1e9 }'; }

status=0
if $show; then
  printf '· %s\n' "$label"
  "$@" </dev/null || status=$?
  [ "$status" -ne 0 ] || printf '✓ %s, %s\n' "$label" "$(seconds)"
else
  printf '· %s' "$label"
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  "$@" </dev/null >"$log" 2>&1 || status=$?
  if [ "$status" -eq 0 ]; then
    printf ', %s\n' "$(seconds)"
  else
    printf '\n'
    cat "$log"
  fi
fi

if [ "$status" -ne 0 ]; then
  printf '✗ %s: failed after %s\n' "$label" "$(seconds)"
  exit "$status"
fi
