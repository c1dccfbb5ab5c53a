#!/usr/bin/env bash
# Installs what is missing, and says what. Silent where nothing is missing.
#   setup.sh packages       system packages that the program needs to be built and run (Debian, Ubuntu: apt, with sudo
#                           where it isn't root that asks)
#   setup.sh test-packages  … and those that only its tests need, with an Italian locale into target/locale where the
#                           system has none
#   setup.sh ui             npm packages, exactly as in ui/package-lock.json
#   setup.sh installer      what the installer for Windows is made and tried with
#   setup.sh windows        … and what the program is built for Windows with (Debian)
#   setup.sh tools          cargo tools at fixed versions, into target/tools
#   setup.sh                packages, test-packages, installer, ui, tools
#   setup.sh peers          the programs of others that the benchmarks are measured beside
set -euo pipefail
cd "$(dirname "$0")/.."

PACKAGES=(
  build-essential pkg-config                                    # to compile
  libwebkit2gtk-4.1-dev librsvg2-dev libayatana-appindicator3-dev # the window
  xvfb xauth dbus gnome-keyring imagemagick                     # where there is no display: one, a bus, a keyring, a picture
  fonts-noto-core
)

TEST_PACKAGES=(
  webkit2gtk-driver xdotool                                     # drive the window, and the system's own
  locales                                                       # the system's own windows in Italian
  postgresql pgbouncer                                          # the sede's database, a pooler: tests start their own
  tinyproxy                                                     # an office's proxy: a test starts its own
)

INSTALLER_PACKAGES=(nsis gcc-mingw-w64-x86-64-posix wine wine64)

# The compiler and its sources must be of one version, and a standard library for Windows is built from these.
WINDOWS_PACKAGES=(rustc-web cargo-web rust-web-src libstd-rust-web-dev g++-mingw-w64-x86-64-posix)

# What these packages start by themselves, and nothing here needs.
SERVICES=(postgresql pgbouncer tinyproxy)

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
  local rust
  rust=$(rustc --version | cut -d ' ' -f 2)
  printf '1.95.0\n%s\n' "${rust%%-*}" | sort --version-sort --check=quiet ||
    stop "Rust $rust is too old; 1.95 or newer is needed (rustup update stable)"
  command -v npm >/dev/null || stop "Node is missing; install Node 20.19 or newer with npm, from https://nodejs.org or your distribution"
  node -e 'const [a, b] = process.versions.node.split("."); process.exit(a * 100 + +b >= 2019 ? 0 : 1)' ||
    stop "Node $(node -v) is too old; 20.19 or newer is needed"
  with_apt "${PACKAGES[@]}"
}

test-packages() {
  with_apt "${TEST_PACKAGES[@]}"
  [ ! -e target/locale/it_IT.UTF-8 ] || return 0
  if ! command -v localedef >/dev/null || locale -a | grep -qiE '^it_IT\.utf-?8$'; then return 0; fi
  say "Making an Italian locale in target/locale"
  mkdir -p target/locale
  localedef -i it_IT -f UTF-8 target/locale/it_IT.UTF-8
}

# How commands are run that only root may.
as_root=()

installer() { with_apt "${INSTALLER_PACKAGES[@]}"; }

windows() { with_apt "${INSTALLER_PACKAGES[@]}" "${WINDOWS_PACKAGES[@]}"; }

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

  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || stop "these system packages are missing, and there is no sudo to install them: ${missing[*]}"
    as_root=(sudo)
  fi
  say "Installing system packages with apt: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq </dev/null
  no_service_starts
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
  services_start_again

  [ -d /run/systemd/system ] || return 0
  local service
  for service in "${SERVICES[@]}"; do
    case " ${missing[*]} " in
      *" $service "*) "${as_root[@]}" systemctl disable --quiet "$service" || true ;;
    esac
  done
}

# A package that brings a service starts it, and again with the computer. What is installed here for its programs does
# neither; a service that was there before is left as it is.
POLICY=/usr/sbin/policy-rc.d

no_service_starts() {
  [ ! -e "$POLICY" ] || return 0
  trap services_start_again EXIT
  printf '#!/bin/sh\n# While make setup of Agenda Sede installs packages.\nexit 101\n' |
    "${as_root[@]}" install -m 755 /dev/stdin "$POLICY"
}

services_start_again() {
  if grep -qs 'make setup of Agenda Sede' "$POLICY"; then "${as_root[@]}" rm -f "$POLICY"; fi
  trap - EXIT
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

if [ $# -eq 0 ]; then set -- packages test-packages installer ui tools; fi
for part in "$@"; do
  case $part in
    packages | test-packages | installer | windows | ui | tools | peers) "$part" ;;
    *) stop "unknown part: $part" ;;
  esac
done
