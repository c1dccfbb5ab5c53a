#!/usr/bin/env bash
# The installer under Wine, silent as a deployment tool runs it, with a stand-in for the program: what it ends with, what it
# leaves, what it refuses. It works in a Wine of its own that is thrown away.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
export WINEPREFIX=$work/prefix WINEDEBUG=-all WINEARCH=win64 WINEDLLOVERRIDES='mscoree,mshtml='
unset DISPLAY
finish() {
  wineserver -k 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

stop() {
  printf 'installer: %s\n' "$*" >&2
  exit 1
}
step() { printf '· %s\n' "$*"; }

# runs CODE command…: a program of Windows that must end with CODE.
runs() {
  local expected=$1 code=0
  shift
  timeout 180 wine "$@" >/dev/null 2>&1 || code=$?
  [ "$code" = "$expected" ] || stop "it ended with $code instead of $expected: $*"
}
# opens argument…: the program that is installed, until it is open.
opens() {
  rm -f "$WINEPREFIX/drive_c/open.txt" "$WINEPREFIX/drive_c/saved.txt"
  wine "$mine/agenda-sede.exe" "$@" >/dev/null 2>&1 &
  comes "$WINEPREFIX/drive_c/open.txt"
}
comes() {
  for _ in $(seq 300); do
    if [ -e "$1" ]; then return 0; fi
    sleep 0.1
  done
  stop "it does not come: ${1#"$WINEPREFIX"}"
}
there() { [ -e "$1" ] || stop "missing: ${1#"$WINEPREFIX"}"; }
# What is removed by a program that has just ended may take a moment.
gone() {
  for _ in $(seq 100); do
    if [ ! -e "$1" ]; then return 0; fi
    sleep 0.1
  done
  stop "left: ${1#"$WINEPREFIX"}"
}
registry() { wine reg query "$@" 2>/dev/null | tr -d '\r'; }
# entry HIVE NAME VALUE: what *App installate* says.
entry() {
  registry "$1\\$KEY" /v "$2" | grep -qE "$2 +REG_[A-Z]+ +$3\$" || stop "App installate does not say: $2 $3"
}
no_entry() { if registry "$1\\$KEY" | grep -q .; then stop "left in App installate: $1"; fi; }

KEY='Software\Microsoft\Windows\CurrentVersion\Uninstall\it.agendasede.desktop'
RUN='HKCU\Software\Microsoft\Windows\CurrentVersion\Run'
NOTICES='Software\Classes\AppUserModelId\it.agendasede.desktop'

mkdir "$work/program"
x86_64-w64-mingw32-gcc -O1 -s -mwindows -o "$work/program/agenda-sede.exe" scripts/windows/stand-in.c
printf 'stands in for the loader' >"$work/program/WebView2Loader.dll"
old=$(scripts/windows/installer.sh "$work/program" 0.1.0 "$work/setup-0.1.0.exe")
new=$(scripts/windows/installer.sh "$work/program" 0.2.0 "$work/setup-0.2.0.exe")

timeout 180 wineboot --init >/dev/null 2>&1
home=$WINEPREFIX/drive_c/users/$(id -un)
mine="$home/AppData/Local/Programs/Agenda Sede"
everybodys="$WINEPREFIX/drive_c/Program Files/Agenda Sede"
menu="$home/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Agenda Sede.lnk"
data=$home/AppData/Local/it.agendasede.desktop

step 'A Windows before 10 is refused'
timeout 180 wine winecfg -v win7
runs 8 "$old" /S
gone "$mine"
timeout 180 wine winecfg -v win10

step 'For one person, without WebView2 and without a way to fetch it: installed, and said'
runs 7 "$old" /S
for file in agenda-sede.exe WebView2Loader.dll uninstall.exe; do there "$mine/$file"; done
[ "$(find "$mine" -type f | wc -l)" = 3 ] || stop "more is installed than should be: $(ls "$mine")"
there "$menu"
entry HKCU DisplayVersion 0.1.0
entry HKCU Publisher 'Agenda Sede'
registry "HKCU\\$KEY" /v EstimatedSize | grep -q 0x || stop 'App installate shows no size'
registry "HKCU\\$NOTICES" /v DisplayName | grep -q 'Agenda Sede' || stop 'notices have no name'

step 'With WebView2 there, the same again: repaired'
wine reg add 'HKCU\Software\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}' \
  /v pv /d 120.0.0.0 /f >/dev/null 2>&1
rm "$mine/WebView2Loader.dll"
runs 0 "$old" /S
there "$mine/WebView2Loader.dll"

step 'A newer version, while the program is open: it is asked to close, and saves first'
opens
runs 0 "$new" /S
there "$WINEPREFIX/drive_c/saved.txt"
entry HKCU DisplayVersion 0.2.0

step 'An older version is refused, and so is the other kind'
runs 4 "$old" /S
runs 3 "$new" /S /ALLUSERS
entry HKCU DisplayVersion 0.2.0
gone "$everybodys"

step 'A program that does not close is left as it is'
opens --stubborn
runs 6 "$new" /S
# The uninstaller works from a copy, whose end nobody sees, but where it is told its folder: last, and without quotes.
folder="C:\\users\\$(id -un)\\AppData\\Local\\Programs\\Agenda Sede"
printf '@"%s\\uninstall.exe" /S _?=%s\r\n@exit /b %%errorlevel%%\r\n' "$folder" "$folder" >"$WINEPREFIX/drive_c/remove.bat"
runs 6 cmd /c 'C:\remove.bat'
there "$mine/agenda-sede.exe"
entry HKCU DisplayVersion 0.2.0
wineserver -k

step 'As an update of the program starts it: it shows how far it is, asks nothing, and opens the program'
rm "$WINEPREFIX/drive_c/open.txt"
code=0
timeout 180 xvfb-run -a wine "$new" /P /R /NS /UPDATE /ARGS >/dev/null 2>&1 || code=$?
[ "$code" = 0 ] || stop "an update ended with $code"
comes "$WINEPREFIX/drive_c/open.txt"
runs 0 "$mine/agenda-sede.exe" --quit
comes "$WINEPREFIX/drive_c/saved.txt"

step 'Removed: the data of the studio stay, what starts with the computer does not'
mkdir -p "$data/training"
wine reg add "$RUN" /v 'Agenda Sede' /d agenda-sede.exe /f >/dev/null 2>&1
runs 0 "$mine/uninstall.exe" /S
gone "$mine"
gone "$menu"
no_entry HKCU
there "$data/training"
if registry "$RUN" /v 'Agenda Sede' | grep -q REG_SZ; then stop 'it still starts with the computer'; fi

step 'For everybody, with an icon on the desktop; for one person is the other kind now'
runs 0 "$new" /S /ALLUSERS /DESKTOP
there "$everybodys/agenda-sede.exe"
entry HKLM DisplayVersion 0.2.0
there "$WINEPREFIX/drive_c/users/Public/Desktop/Agenda Sede.lnk"
runs 3 "$new" /S /CURRENTUSER
runs 0 "$new" /S

step 'Removed with the data: the keys are taken back first'
runs 0 "$everybodys/uninstall.exe" /S /DATA
gone "$everybodys"
gone "$data"
gone "$WINEPREFIX/drive_c/users/Public/Desktop/Agenda Sede.lnk"
there "$WINEPREFIX/drive_c/forgotten.txt"
no_entry HKLM
