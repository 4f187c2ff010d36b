#!/bin/sh
# Makes this checkout ready and hands over. Called by the Makefile:
#   sh embedded/setup.sh run | test [pytest arguments] | check | fix | lock | venv | bench [arguments] |
#     faults [arguments] | pictures
#   sh embedded/setup.sh choose-python     prints the Python that .venv would be made with
# What is already there is left alone, so a second start spends a fraction of a second here.
set -eu
cd "$(dirname "$0")/.."

venv=.venv/bin/python
pango="libpango-1.0-0 libpangoft2-1.0-0"
export UV_PYTHON_DOWNLOADS=never

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 2; }

# --- the system's packages ------------------------------------------------------------------------

is_root() { [ "$(id -u)" = 0 ]; }
has() { command -v "$1" >/dev/null 2>&1; }
may_install() { has apt-get && { is_root || { has sudo && sudo -n true 2>/dev/null; }; }; }

as_root() {
  if is_root; then env DEBIAN_FRONTEND=noninteractive "$@"; else sudo -n env DEBIAN_FRONTEND=noninteractive "$@"; fi
}

# apt_install PACKAGE...: quiet unless it fails
apt_install() {
  say "Installing from the system's packages: $*"
  log=$(mktemp)
  if as_root apt-get update -qq >"$log" 2>&1 &&
     as_root apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1; then
    rm -f "$log"
  else
    tail -n 5 "$log" >&2
    rm -f "$log"
    return 1
  fi
}

apt_knows() { has apt-cache && [ -n "$(apt-cache show "$1" 2>/dev/null)" ]; }

# --- Python ---------------------------------------------------------------------------------------

suitable() {
  "$1" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1
}

find_python() {
  for python in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
    if suitable "$python"; then return 0; fi
  done
  python=
  return 1
}

python_packages() {
  for version in 3.14 3.13 3.12 3.11; do
    if apt_knows "python$version-venv"; then
      echo "python$version python$version-venv"
      return
    fi
  done
  echo "python3 python3-venv"
}

choose_python() {
  if find_python; then return; fi
  if may_install; then
    as_root apt-get update -qq >/dev/null 2>&1 || true
    # shellcheck disable=SC2046
    if apt_install $(python_packages) && find_python; then return; fi
  fi
  found=$(python3 --version 2>/dev/null || echo "no Python")
  remedy="install one and name it: PYTHON=/path/to/python3.13 make $command"
  if has apt-get; then remedy="run: sudo apt-get install $(python_packages)"; fi
  if has brew; then remedy="run: brew install python@3.13"; fi
  stop "Python 3.11, 3.12, 3.13 or 3.14 with its venv module is needed and $found was found; $remedy"
}

# --- .venv ----------------------------------------------------------------------------------------

# One setup at a time in one checkout (`make run` and `make test` may start together).
take_turn() {
  mkdir -p .var
  waited=0
  until mkdir .var/setup.lock 2>/dev/null; do
    holder=$(cat .var/setup.lock/pid 2>/dev/null || true)
    if [ -n "$holder" ] && kill -0 "$holder" 2>/dev/null; then waited=0; else waited=$((waited + 1)); fi
    if [ "$waited" -gt 2 ]; then rm -rf .var/setup.lock; waited=0; fi
    sleep 1
  done
  echo $$ >.var/setup.lock/pid
  trap 'rm -rf .var/setup.lock' EXIT
  trap 'exit 130' INT TERM HUP
}

end_turn() {
  rm -rf .var/setup.lock
  trap - EXIT INT TERM HUP
}

fingerprint() { echo "$1 $(cat "requirements/$1.lock" requirements/bootstrap.lock | cksum)"; }
is_installed() { suitable "$venv" && grep -qxF "$(fingerprint "$1")" .venv/installed 2>/dev/null; }

# need run | dev: the packages of that lock are in .venv; dev holds everything of run
need() {
  if is_installed "$1"; then return; fi
  take_turn
  if ! is_installed "$1"; then
    if ! suitable "$venv"; then
      choose_python
      say "Making .venv with $("$python" --version)"
      "$python" -m venv --clear .venv
    fi
    say "Installing the packages of requirements/$1.lock"
    install_lock "$1"
    # .venv/bin/pytest and its like find the checkout from wherever it is moved
    "$venv" -c 'import pathlib, sysconfig
pathlib.Path(sysconfig.get_path("purelib"), "checkout.pth").write_text("../../../..\n")'
    if [ "$1" = dev ]; then fingerprint run; fi >.venv/installed
    fingerprint "$1" >>.venv/installed
  fi
  end_turn
}

# uv installs ten times faster than pip; where its wheel or its way to the index fails, pip does the work.
install_lock() {
  if { [ -x .venv/bin/uv ] || pip_install -r requirements/bootstrap.lock; } &&
     .venv/bin/uv pip install --quiet --python "$venv" --require-hashes --compile-bytecode -r "requirements/$1.lock"; then
    return
  fi
  say "uv could not install; trying pip, which takes a minute or two."
  pip_install -r "requirements/$1.lock" ||
    stop "The packages of requirements/$1.lock could not be installed (see above); when the package index answers again: make $command"
}

pip_install() {
  "$venv" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes "$@"
}

# --- what wheels cannot bring -----------------------------------------------------------------------

pango_remedy() {
  if has apt-get; then echo "sudo apt-get install -y --no-install-recommends $pango"
  elif has brew; then echo "brew install pango"
  elif has dnf; then echo "sudo dnf install -y pango"
  else echo "install Pango 1.44 or newer with the system's package manager"
  fi
}

want_pango() {
  if "$venv" -m embedded.machine pango; then return; fi
  if may_install; then
    as_root apt-get update -qq >/dev/null 2>&1 || true
    if apt_knows libharfbuzz-subset0; then pango="$pango libharfbuzz-subset0"; fi
    # shellcheck disable=SC2086
    if apt_install $pango && "$venv" -m embedded.machine pango; then return; fi
  fi
  say "Pango is missing, so certificates wait unprinted while everything else runs; to print them: $(pango_remedy)"
}

# Chromium for the browser tests, pdftotext and qpdf for the papers.
want_test_tools() {
  packages=$("$venv" -m embedded.machine test-packages)
  if [ -z "$packages" ]; then return; fi
  # shellcheck disable=SC2086
  if may_install && apt_install $packages; then return; fi
  if [ "${CI:-}" = true ]; then stop "Missing for the tests: $packages; run: sudo apt-get install -y --no-install-recommends $packages"; fi
  say "Missing for some tests, which are left out: $packages; to run them: sudo apt-get install -y --no-install-recommends $packages"
}

# --- commands -------------------------------------------------------------------------------------

compile_lock() {
  name=$1
  shift
  .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o "requirements/$name.lock" "$@"
  if grep -nE '://' "requirements/$name.lock"; then stop "requirements/$name.lock names a host."; fi
}

command=${1:-run}
[ $# -eq 0 ] || shift
case "$command" in
  run)
    if suitable "$venv"; then python=$venv; else choose_python; fi
    "$python" -B -m embedded.machine port
    need run
    want_pango
    exec "$venv" -m embedded.up
    ;;
  test)
    need dev
    want_test_tools
    exec "$venv" -m embedded.checks --with-tests "$@"
    ;;
  check)
    need dev
    exec "$venv" -m embedded.checks
    ;;
  fix)
    need dev
    "$venv" -m ruff format .
    exec "$venv" -m ruff check --fix .
    ;;
  lock)
    need dev
    compile_lock dev pyproject.toml --group embedded --group dev
    compile_lock run pyproject.toml --group embedded --constraint requirements/dev.lock
    compile_lock base pyproject.toml --constraint requirements/dev.lock
    compile_lock bootstrap requirements/bootstrap.in --constraint requirements/dev.lock
    ;;
  venv) need dev ;;
  bench)
    need dev
    exec "$venv" -m bench --write "$@"
    ;;
  faults)
    need dev
    exec "$venv" -m faults --write "$@"
    ;;
  pictures)
    need dev
    exec "$venv" -m embedded.pictures
    ;;
  choose-python)
    choose_python
    echo "$python"
    ;;
  *) stop "Unknown: $command" ;;
esac
