#!/usr/bin/env bash
# Starts the program. Where there is no display it starts on one of its own (Xvfb), says where it put a screenshot of
# the painted window, and goes on until it is interrupted, or for RUN_SECONDS.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$PWD/target/debug/agenda-sede

# On the display of our own: start, wait for the window to be painted, take the picture.
on_own_display() {
  "$program" &
  local running=$! shot previous='' now painted=false
  trap 'kill "$running" 2>/dev/null; wait "$running" 2>/dev/null; exit 0' INT TERM
  mkdir -p target/screenshots
  shot=target/screenshots/run-$(date +%Y%m%d-%H%M%S).png

  for _ in $(seq 60); do
    kill -0 "$running" 2>/dev/null || { wait "$running"; return; }
    import -silent -window root "$shot" 2>/dev/null || true
    now=$(identify -quiet -format '%k %#' "$shot" 2>/dev/null || true)
    # Painted: more than a bare page's colours, and the same picture twice.
    if [ "${now%% *}" -gt 16 ] 2>/dev/null && [ "$now" = "$previous" ]; then
      painted=true
      break
    fi
    previous=$now
    sleep 0.5
  done
  if $painted; then
    printf 'The window is open on a display of its own. Screenshot: %s\n' "$PWD/$shot"
  else
    printf 'The window has painted nothing in 30 s; what is there is in %s\n' "$PWD/$shot"
  fi

  if [ -n "${RUN_SECONDS-}" ]; then
    printf 'It stops by itself after %s s.\n' "$RUN_SECONDS"
    sleep "$RUN_SECONDS" &
    wait -n "$running" $! || true
    kill "$running" 2>/dev/null || true
  else
    printf 'Ctrl+C stops it.\n'
  fi
  wait "$running" || true
}

if [ "${1-}" = --on-own-display ]; then
  on_own_display
elif [ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
  exec "$program" "$@"
else
  printf 'There is no display here: starting under Xvfb, with its data in target/desktop.\n'
  DESKTOP_HOME=$PWD/target/desktop exec scripts/desktop-session.sh "$PWD/scripts/run.sh" --on-own-display
fi
