#!/usr/bin/env bash
# The end-to-end tests, in the program's real window on a desktop of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/target/tools/bin:$PATH"
# Built before the desktop is there: nobody waits on an empty display.
cargo build --quiet --package agenda-sede --package sede
cargo test --quiet --package agenda-sede-tests --test e2e --no-run
exec scripts/desktop-session.sh cargo test --quiet --package agenda-sede-tests --test e2e -- --test-threads=1 "$@"
