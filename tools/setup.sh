#!/usr/bin/env bash
# Sets up what `make demo` and `make test` need: system packages that are missing, and the virtual environment .venv.
#   tools/setup.sh EXTRA    EXTRA is the extra of pyproject.toml to install: demo or dev
set -euo pipefail
cd "$(dirname "$0")/.."
extra=$1

fail() {
  echo "setup: $1" >&2
  exit 2
}

# The first Python from 3.11 on.
find_python() {
  local python
  for python in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$python"
      return
    fi
  done
  fail "splkit runs on Python 3.11 or newer; found $(python3 --version 2>&1); install it, or set PYTHON to it"
}

# Program and Debian package, where the program is missing.
missing_packages() {
  command -v arm-none-eabi-gcc >/dev/null || echo gcc-arm-none-eabi
  echo '#include <string.h>' | arm-none-eabi-gcc --specs=nano.specs -x c -fsyntax-only - 2>/dev/null ||
    echo libnewlib-arm-none-eabi
  command -v qemu-system-arm >/dev/null || echo qemu-system-arm
  echo '#include <string.h>' | "${CC:-cc}" -x c -fsyntax-only - 2>/dev/null || echo gcc libc6-dev
  "$python" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
  # Tests compile the library as C++ and through CMake too.
  [ "$extra" != dev ] || command -v g++ >/dev/null || echo g++
  [ "$extra" != dev ] || command -v cmake >/dev/null || echo cmake
  [ "$extra" != dev ] || command -v ccache >/dev/null || echo ccache
  # And for RISC-V.
  [ "$extra" != dev ] || echo '#include <string.h>' |
    riscv64-unknown-elf-gcc --specs=picolibc.specs -march=rv32imc -mabi=ilp32 -x c -fsyntax-only - 2>/dev/null ||
    echo gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf
  [ "$extra" != dev ] || command -v qemu-riscv32 >/dev/null || echo qemu-user
  # The review page of a digitized ECG is looked at in a browser.
  [ "$extra" != dev ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
    command -v google-chrome >/dev/null || echo chromium
  # Some releases have it no more; its test is then skipped.
  [ "$extra" != dev ] || command -v arduino-builder >/dev/null || ! apt-cache show arduino-builder >/dev/null 2>&1 ||
    echo arduino-builder
}

install_packages() {
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  if ! command -v apt-get >/dev/null || ! "${as_root[@]}" true 2>/dev/null; then
    fail "these packages are missing and may not be installed from here: $*; run: sudo apt-get install $*"
  fi
  echo "setup: installing $*"
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update && DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y \
    --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    fail "apt-get could not install $*; run: sudo apt-get install $*"
  fi
}

pip_install() {
  .venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check "$@"
}

# The versions of requirements/dev.txt, each file held to its hash. With SPLKIT_LOCKED no others are taken.
install_locked() {
  local log
  log=$(mktemp)
  if pip_install --require-hashes --requirement requirements/dev.txt 2>"$log"; then
    return 0
  fi
  grep -v '^WARNING' "$log" | tail -n 3 >&2
  [ -z "${SPLKIT_LOCKED:-}" ] || fail "the packages of requirements/dev.txt cannot be had as they are locked"
  echo "setup: not all packages of requirements/dev.txt can be had here; taking what pyproject.toml allows" >&2
  return 1
}

install_splkit() {
  # The stamp changes with what is asked for, not with time.
  local stamp
  stamp=.venv/splkit-$extra-$(cat pyproject.toml requirements/dev.txt | sha256sum | cut -c1-16)
  [ ! -e "$stamp" ] || return 0
  echo "setup: installing splkit[$extra] into .venv"
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  if [ "$extra" = dev ] && install_locked; then
    pip_install --no-deps --editable .
  else
    pip_install --editable ".[$extra]"
  fi
  rm -f .venv/splkit-"$extra"-*
  touch "$stamp"
}

python=$(find_python)
mapfile -t packages < <(missing_packages | tr ' ' '\n')
if [ "${#packages[@]}" -eq 0 ]; then
  install_splkit
elif printf '%s\n' "${packages[@]}" | grep -qx python3-venv; then
  install_packages "${packages[@]}"
  install_splkit
else # Side by side: each takes a minute or more on a new machine.
  install_splkit &
  status=0
  (install_packages "${packages[@]}") || status=$?
  wait $! || status=$?
  exit "$status"
fi
