#!/usr/bin/env bash
# Draws the program's icons from icons/agenda-sede.svg. Run it by hand after a change of the SVG and commit what it writes.
# Needs rsvg-convert (librsvg2-bin) and convert (imagemagick). There is no .icns: the program is made for Windows and Linux.
set -euo pipefail
cd "$(dirname "$0")/../icons"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# $1 = side in pixels, $2 = file
draw() { rsvg-convert --width "$1" --height "$1" agenda-sede.svg --output "$2"; }

draw 32 32x32.png
draw 128 128x128.png
draw 256 128x128@2x.png
draw 512 icon.png

layers=()
for side in 16 20 24 32 40 48 64 256; do
  draw "$side" "$scratch/$side.png"
  layers+=("$scratch/$side.png")
done
convert "${layers[@]}" icon.ico
