#!/usr/bin/env bash
# Takes docs/screenshot.png anew: the list of tickets with one open, in the real window. Run by hand after a change that
# shows, and commit what it writes.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/test-e2e.sh from_a_ticket::
cp target/evidence/a-da-una-richiesta/04-richiesta-aperta.png docs/screenshot.png
printf 'docs/screenshot.png: %s\n' "$(identify -format '%wx%h' docs/screenshot.png)"
