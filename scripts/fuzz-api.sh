#!/usr/bin/env bash
# Fuzzes the sede's server with schemathesis, from its own description: nothing answers 500, and the store keeps its
# promises afterwards.
#   fuzz-api.sh [EXAMPLES]   how many requests are invented for each call (100)
# schemathesis is installed from PyPI into target/fuzz, where it is not there yet.
set -euo pipefail
cd "$(dirname "$0")/.."
examples=${1:-100}

python=target/fuzz/bin/python
[ -x "$python" ] || python3 -m venv target/fuzz
[ -x target/fuzz/bin/schemathesis ] || target/fuzz/bin/pip install --quiet 'schemathesis>=4,<5'
SQLX_OFFLINE=true cargo build --quiet --locked --package sede

scratch=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$scratch"' EXIT
export SEDE_STORE="sqlite:$scratch/store.sqlite"
sede=target/debug/sede
"$sede" install >/dev/null
"$sede" seed --tickets 200 >/dev/null
free() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free)
operations=$(free)
"$sede" serve --listen "127.0.0.1:$port" --operations "127.0.0.1:$operations" 2>"$scratch/log" &
server=$!
for _ in $(seq 100); do
  curl --silent --fail --noproxy '*' --output /dev/null "http://127.0.0.1:$operations/ready" && break
  sleep 0.1
done

# A device of the training studio. Its token is made here, as a program makes its own.
token=$("$python" -c 'import secrets; a = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; print("".join(secrets.choice(a) for _ in range(51)) + secrets.choice("0G"))')
studio=$("$sede" studio list --json | "$python" -c 'import json, sys; print(json.load(sys.stdin)["items"][0]["code"])')
code=$("$sede" studio invite "$studio" Fuzz --json | "$python" -c 'import json, sys; print(json.load(sys.stdin)["code"])')
printf 'header = "Authorization: Bearer %s"\n' "$token" >"$scratch/curl"
curl --silent --fail --noproxy '*' --config "$scratch/curl" --header 'Content-Type: application/json' --output /dev/null \
  --data "{\"invitation\": \"$code\", \"device\": \"fuzz\"}" "http://127.0.0.1:$port/api/v1/devices"

# The stream of hints has no end, and what redeems invitations is slowed down on purpose: both have tests of their own.
# In a configuration file, so that the token is in no argument.
cat >"$scratch/schemathesis.toml" <<TOML
[auth.openapi.device]
bearer = "$token"
TOML
schemathesis=$PWD/target/fuzz/bin/schemathesis
(cd "$scratch" && "$schemathesis" run "http://127.0.0.1:$port/api/openapi.json" \
  --checks not_a_server_error --exclude-path /api/v1/hints --exclude-path /api/v1/devices \
  --max-examples "$examples" --seed 7 --rate-limit 90/s --request-timeout 20 --no-color)
kill "$server"
wait "$server"
"$sede" check >/dev/null
if grep -q '"status":500' "$scratch/log"; then
  printf 'A request was answered with 500.\n'
  exit 1
fi
# Whoever is not let in finds nothing.
if ! grep -q '"route":"/api/v1/appointments","status":200' "$scratch/log" && ! grep -q '"route":"/api/v1/changes","status":200' "$scratch/log"; then
  printf 'No invented request reached the store.\n'
  exit 1
fi
