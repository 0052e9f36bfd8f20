# Sourced by the scripts beside it: where the checkout is, what must be installed, and the one build they share.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
host_dll=$root/src/StreamEngine.Host/bin/Release/net10.0/streamengine.dll
# Lies beside what it vouches for, so that deleting the build deletes the stamp.
host_stamp=$root/src/StreamEngine.Host/bin/Release/build.stamp

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Build nodes that stay behind would hold a caller's pipe open.
export MSBUILDDISABLENODEREUSE=1

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# The SDK and NuGet want a home they can write to; a service account or a container may have none.
if [[ ! -w ${HOME:-/nonexistent} ]]; then
  export HOME=$root/artifacts/home
  mkdir -p "$HOME" 2> /dev/null || HOME=${TMPDIR:-/tmp}/streamengine-home-$(id -u)
  mkdir -p "$HOME"
fi

# dotnet-install.sh puts it here, where PATH need not look.
find_dotnet() {
  local place
  command -v dotnet > /dev/null && return
  for place in "${DOTNET_ROOT:-}" "$HOME/.dotnet"; do
    if [[ -n $place && -x $place/dotnet ]]; then
      export PATH=$place:$PATH
      return
    fi
  done
  return 1
}

need_sdk() {
  local wanted found
  wanted=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json")
  local how="Install it as https://learn.microsoft.com/dotnet/core/install/ says, and start this again."
  find_dotnet || fail "The .NET SDK $wanted or a newer 10.0 is needed, and there is no 'dotnet' here. $how"
  # Asked in the checkout, dotnet itself judges by global.json.
  (cd "$root" && dotnet --version > /dev/null 2>&1) && return
  found=$(cd / && dotnet --list-sdks 2> /dev/null | cut -d ' ' -f 1 | tr '\n' ' ') || found=
  fail "The .NET SDK $wanted or a newer 10.0 is needed; found: ${found:-none}. $how"
}

has_librdkafka() {
  local place
  if command -v ldconfig > /dev/null; then
    # Not piped to grep -q: it would leave early and pipefail would call that a failure.
    [[ $(ldconfig -p) == *librdkafka.so.1* ]] && return
  else
    for place in /usr/lib /usr/local/lib /lib; do
      [[ -e $place/librdkafka.so.1 ]] && return
    done
  fi
  for place in ${LD_LIBRARY_PATH//:/ }; do
    [[ -e $place/librdkafka.so.1 ]] && return
  done
  return 1
}

# The Kafka client's native library: installed where that can be done without asking, else the command is printed.
need_librdkafka() {
  local PATH=$PATH:/usr/sbin:/sbin LD_LIBRARY_PATH=${LD_LIBRARY_PATH:-}
  if [[ $(uname -s) == Darwin ]]; then
    [[ -e /opt/homebrew/lib/librdkafka.dylib || -e /usr/local/lib/librdkafka.dylib ]] ||
      fail "The library librdkafka is needed. Install it: brew install librdkafka"
    return
  fi
  has_librdkafka && return
  if ! command -v apt-get > /dev/null; then
    fail "The library librdkafka.so.1 is needed. Install your system's package: librdkafka (dnf, apk, pacman) or librdkafka1 (zypper)."
  fi
  if [[ $(id -u) != 0 ]]; then
    fail "The Debian package librdkafka1 is needed. Install it: sudo apt-get install librdkafka1"
  fi
  say "Installing the Debian package librdkafka1 (the Kafka client's native library) ..."
  install_debian librdkafka1
  has_librdkafka || fail "librdkafka1 is installed, but the loader does not find librdkafka.so.1. Run ldconfig and start this again."
}

has_postgres() {
  [[ -n ${POSTGRES_BIN:-} ]] && return
  local place
  for place in /usr/lib/postgresql/*/bin ${PATH//:/ }; do
    [[ -x $place/initdb && -x $place/postgres ]] && return
  done
  return 1
}

# The server's programs, for tests and benchmarks that start one of their own. Installed where that can be done without asking; without them those tests are skipped.
want_postgres() {
  has_postgres && return
  if [[ $(id -u) == 0 ]] && command -v apt-get > /dev/null; then
    say "Installing the Debian package postgresql (tests start a server of their own) ..."
    (install_debian postgresql) && return
  fi
  say "There is no PostgreSQL here: its tests are skipped. Install your system's package (Debian: postgresql), or set POSTGRES_BIN to the folder of initdb and postgres."
}

# Package lists may be missing (fresh containers) or old: fetched only when the first try fails.
install_debian() {
  local log
  export DEBIAN_FRONTEND=noninteractive
  log=$(apt-get install -y --no-install-recommends "$1" 2>&1) && return
  say "Fetching the package lists ..."
  log=$(apt-get update 2>&1 && apt-get install -y --no-install-recommends "$1" 2>&1) && return
  say "$log"
  fail "The Debian package $1 could not be installed; the lines above say why."
}

# dotnet_quiet ARGS...: silent when it works, the whole log when it does not. 9 is the build lock, not for servers that stay behind.
dotnet_quiet() {
  local log
  if ! log=$(dotnet "$@" 2>&1 9>&-); then
    say "$log"
    return 1
  fi
}

# A registry may hiccup: once more before giving up.
restore() {
  (cd "$root" && dotnet_quiet restore "$1" -v quiet) > /dev/null 2>&1 || (cd "$root" && dotnet_quiet restore "$1" -v quiet)
}

# One build at a time in a checkout: fd 9 holds the lock until the subshell that opened it ends. Without flock (macOS): no lock.
lock_build() {
  mkdir -p "$root/artifacts"
  exec 9> "$root/artifacts/build.lock"
  if command -v flock > /dev/null; then flock 9; fi
}

# Everything a build of the host reads.
host_sources() {
  (cd "$root" && find src Directory.Build.props Directory.Packages.props global.json .editorconfig BannedSymbols.txt \
    -type d \( -name bin -o -name obj \) -prune -o -type f -print)
}

# The stamp's time says when the build began, its text which files there were: a deleted file has no time.
host_is_built() {
  [[ -f $host_dll && -f $host_stamp ]] || return 1
  [[ $(host_sources | LC_ALL=C sort | cksum) == "$(< "$host_stamp")" ]] || return 1
  [[ -z $(cd "$root" && host_sources | tr '\n' '\0' | xargs -0 sh -c 'find "$@" -newer "$0"' "$host_stamp") ]]
}

# stamp_build COMMAND...: runs a build of the host and stamps it with the time at which it began.
stamp_build() {
  local began
  mkdir -p "$(dirname "$host_stamp")"
  began=$host_stamp.$$
  host_sources | LC_ALL=C sort | cksum > "$began"
  if ! "$@"; then
    rm -f "$began"
    return 1
  fi
  mv "$began" "$host_stamp"
}

build_host() (
  host_is_built && exit
  need_sdk
  lock_build
  host_is_built && exit # somebody else built it while this one waited
  say "Building streamengine ..."
  restore src/StreamEngine.Host || fail "The packages could not be restored."
  cd "$root"
  stamp_build dotnet_quiet build src/StreamEngine.Host -c Release -v quiet --no-restore || fail "The build failed."
)
