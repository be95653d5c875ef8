#!/usr/bin/env bash
# Builds the Windows executable and lays it into target/tmp/wine, with what tests/wine.rs needs to run it under wine: a DLL that wine lacks, a
# program that holds files open, and a disk C:. Installs Debian's compiler and wine where it may. Without all that the tests say that they skip.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=x86_64-pc-windows-gnu
into=$PWD/target/tmp/wine
compiler=x86_64-w64-mingw32-gcc

loader() { # the 64-bit loader itself: Debian's `wine` only warns that there is no 32-bit one
  for found in /usr/lib/wine/wine64 "$(command -v wine64 || true)" "$(command -v wine || true)"; do
    if [ -x "$found" ]; then
      echo "$found"
      return
    fi
  done
}

if ! command -v "$compiler" >/dev/null || [ -z "$(loader)" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc-mingw-w64-x86-64 wine64; } >/dev/null 2>&1 || true
  fi
fi
command -v "$compiler" >/dev/null || { echo "$compiler is missing" >&2; exit 1; }
[ -n "$(loader)" ] || { echo 'wine is missing' >&2; exit 1; }
if [ ! -d "$(rustc --print sysroot)/lib/rustlib/$target" ]; then
  rustup target add "$target" >/dev/null 2>&1 || { echo "Rust's library for $target is not to be had" >&2; exit 1; }
fi

cargo build --quiet --target "$target"
mkdir -p "$into"
cp "target/$target/debug/fanshi.exe" "$into/fanshi.exe"
"$compiler" -shared -O1 -o "$into/bcryptprimitives.dll" tests/wine/bcryptprimitives.c -ladvapi32
"$compiler" -municode -O1 -o "$into/hold.exe" tests/wine/hold.c
WINEPREFIX=$into/prefix WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml=' "$(loader)" "$into/fanshi.exe" --version >/dev/null 2>&1
loader >"$into/loader" # last: tests run where it is there
