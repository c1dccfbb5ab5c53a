#!/usr/bin/env bash
# Installs what is missing, and says what. Silent where nothing is missing.
#   setup.sh packages   system packages (Debian, Ubuntu: apt, with sudo where it isn't root that asks)
#   setup.sh ui         npm packages, exactly as in ui/package-lock.json
#   setup.sh tools      cargo tools at fixed versions, into target/tools
#   setup.sh            these three
#   setup.sh peers      the programs of others that the benchmarks are measured beside
set -euo pipefail
cd "$(dirname "$0")/.."

PACKAGES=(
  build-essential pkg-config                                    # to compile
  libwebkit2gtk-4.1-dev librsvg2-dev libayatana-appindicator3-dev # the window
  webkit2gtk-driver                                             # drives the window in the tests
  xvfb xauth dbus gnome-keyring                                 # a display, a bus and a keyring where there are none
  imagemagick xdotool                                 # screenshots; the native file dialog in the tests
  fonts-noto-core
  postgresql pgbouncer                                          # the sede's database, a pooler: tests start their own
  tinyproxy                                                     # an office's proxy: a test starts its own
)

PEERS=(gnome-calendar)

# name, version, further arguments. Built without optimisation: they are short programs, and it halves the wait.
TOOLS=(
  "tauri-driver 2.1.0"
  "cargo-deny 0.20.2"
  "sqlx-cli 0.9.0 --no-default-features --features sqlite,postgres"
)

say() { printf '%s\n' "$*"; }
stop() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

packages() {
  command -v cargo >/dev/null || stop "Rust is missing; install it from https://rustup.rs (1.95 or newer)"
  command -v npm >/dev/null || stop "Node is missing; install Node 20.19 or newer with npm, from https://nodejs.org or your distribution"
  node -e 'const [a, b] = process.versions.node.split("."); process.exit(a * 100 + +b >= 2019 ? 0 : 1)' ||
    stop "Node $(node -v) is too old; 20.19 or newer is needed"
  with_apt "${PACKAGES[@]}"
}

peers() { with_apt "${PEERS[@]}"; }

with_apt() {
  if ! command -v dpkg-query >/dev/null; then
    say "Not a Debian or Ubuntu system: what these packages hold must be there already: $*"
    return
  fi

  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || stop "these system packages are missing, and there is no sudo to install them: ${missing[*]}"
    as_root=(sudo)
  fi
  say "Installing system packages with apt: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq </dev/null
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
}

ui() {
  local now stamp=ui/node_modules/.installed-from
  now=$(sha256sum ui/package-lock.json)
  [ "$(cat "$stamp" 2>/dev/null)" != "$now" ] || return 0
  say "Installing npm packages from ui/package-lock.json"
  npm ci --prefix ui --no-audit --no-fund --loglevel=error </dev/null
  printf '%s\n' "$now" >"$stamp"
}

tools() {
  local tool name version arguments stamp=target/tools/.installed
  for tool in "${TOOLS[@]}"; do
    grep -qsxF "$tool" "$stamp" && continue
    read -r name version arguments <<<"$tool"
    say "Building $name $version into target/tools (once; some minutes)"
    # shellcheck disable=SC2086 # the arguments are words
    CARGO_TARGET_DIR=target/tools/build CARGO_PROFILE_DEV_DEBUG=false cargo install --quiet --locked --debug \
      --root target/tools --version "$version" $arguments "$name" </dev/null
    printf '%s\n' "$tool" >>"$stamp"
  done
  rm -rf target/tools/build
}

if [ $# -eq 0 ]; then set -- packages ui tools; fi
for part in "$@"; do
  case $part in
    packages | ui | tools | peers) "$part" ;;
    *) stop "unknown part: $part" ;;
  esac
done
