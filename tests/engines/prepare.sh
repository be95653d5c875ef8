#!/bin/sh
# Makes what tests/engines.rs runs views with: a Python with the packages of the engines, under
# target/engines; and PostgreSQL, where this may install it. Where a package cannot be had, its tests
# skip and say so.
set -eu
here=$(dirname "$0")/../..
if ! ls -d /usr/lib/postgresql/*/bin >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; } >/dev/null 2>&1 ||
        echo 'PostgreSQL could not be installed: its tests will be skipped'
fi
venv=${ENGINES_PYTHON_FOLDER:-$here/target/engines}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check duckdb psycopg2-binary
