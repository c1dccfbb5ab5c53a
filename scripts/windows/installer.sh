#!/usr/bin/env bash
# Makes the installer of what lies in a folder (agenda-sede.exe, WebView2Loader.dll) and prints its path.
#   installer.sh FOLDER VERSION OUT
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(cd "$1" && pwd)
makensis -V2 -WX -DVERSION="$2" -DBIN="$folder" -DICON="$here/icons/icon.ico" -DOUT="$3" \
  "$here/src-tauri/windows/installer.nsi" >&2
printf '%s\n' "$3"
