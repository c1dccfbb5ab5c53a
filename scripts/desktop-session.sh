#!/usr/bin/env bash
# Runs a command on a desktop of its own: a display (Xvfb), a session bus and an unlocked, empty keyring, in a home of
# its own; ends with the command's status and leaves nothing running.
#   desktop-session.sh command…
# DESKTOP_HOME names a folder to keep between sessions; without it the home is thrown away.
set -euo pipefail

if [ "${1-}" = --inside ]; then
  # With a display, a keyring that is locked would wait for ever on a prompt.
  printf '\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null
  ask=(dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner)
  for _ in $(seq 50); do
    if "${ask[@]}" string:org.freedesktop.secrets | grep -q true; then break; fi
    sleep 0.1
  done
  shift
  exec "$@" >&4 2>&3 3>&- 4>&-
fi

here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
home=${DESKTOP_HOME:-$scratch/home}
xvfb='' session=''

finish() {
  trap '' INT TERM HUP
  local group
  for group in $session; do
    kill -TERM -- "-$group" 2>/dev/null || continue
    for _ in $(seq 30); do
      kill -0 -- "-$group" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL -- "-$group" 2>/dev/null || true
  done
  if [ -n "$xvfb" ]; then
    kill "$xvfb" 2>/dev/null || true
    wait "$xvfb" 2>/dev/null || true
  fi
  rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

cookie=$(mcookie)
touch "$scratch/server-auth" "$scratch/xauth"
xauth -q -f "$scratch/server-auth" add :0 . "$cookie"
mkfifo "$scratch/display"
Xvfb -displayfd 3 -screen 0 1366x768x24 -nolisten tcp -noreset -auth "$scratch/server-auth" 3>"$scratch/display" >"$scratch/xvfb.log" 2>&1 &
xvfb=$!
if ! read -r -t 20 number <"$scratch/display"; then
  cat "$scratch/xvfb.log" >&2
  printf 'desktop-session: the display did not start\n' >&2
  exit 1
fi
xauth -q -f "$scratch/xauth" add ":$number" . "$cookie"

mkdir -p "$home"/{data,config,cache,state}
mkdir -m 700 "$scratch/runtime"
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
export DISPLAY=":$number" XAUTHORITY="$scratch/xauth" GDK_BACKEND=x11 NO_AT_BRIDGE=1
export XDG_RUNTIME_DIR="$scratch/runtime" XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config"
export XDG_CACHE_HOME="$home/cache" XDG_STATE_HOME="$home/state"

# The system's own windows speak Italian, as they do at a studio: with the locale of the system, or the one of setup.sh.
unset LC_ALL LC_MESSAGES
own_locale=$(dirname "$here")/target/locale
if [ -e "$own_locale/it_IT.UTF-8" ]; then
  export LOCPATH=$own_locale LANG=it_IT.UTF-8 LANGUAGE=it
elif locale -a 2>/dev/null | grep -qiE '^it_IT\.utf-?8$'; then
  export LANG=it_IT.UTF-8 LANGUAGE=it
fi

# A session of its own, so that whatever the command leaves behind can be ended with it. What the bus and its services
# have to say goes to a log, what the command says to our own output.
setsid dbus-run-session -- "$here/desktop-session.sh" --inside "$@" </dev/null 3>&2 4>&1 >"$scratch/bus.log" 2>&1 &
session=$!
status=0
wait "$session" || status=$?
exit "$status"
