#!/usr/bin/env bash
# Draws the program's icons from icons/agenda-sede.svg, and those beside the clock with icons/tray-badge.svg over it. Run it
# by hand after a change of an SVG and commit what it writes.
# Needs rsvg-convert (librsvg2-bin), convert (imagemagick) and Noto Sans (fonts-noto-core). There is no .icns: the program is
# made for Windows and Linux.
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

# $1 = what the badge says, $2 = size of its letters, $3 = file
draw_with_badge() {
  {
    sed '/<\/svg>/d' agenda-sede.svg
    sed -n "/<circle/,/<\/text>/p" tray-badge.svg | sed "s/COUNT/$1/; s/SIZE/$2/"
    printf '</svg>\n'
  } >"$scratch/badged.svg"
  rsvg-convert --width 32 --height 32 "$scratch/badged.svg" --output "$3"
}

mkdir -p tray
draw 32 tray/0.png
for count in 1 2 3 4 5 6 7 8 9; do draw_with_badge "$count" 34 "tray/$count.png"; done
draw_with_badge '9+' 26 tray/more.png
