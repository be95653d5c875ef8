#!/bin/sh
# Makes what tests/engines.rs runs views with: a Python with the packages of the engines, under
# target/engines. Where a package cannot be had, its tests skip and say so.
set -eu
here=$(dirname "$0")/../..
venv=${ENGINES_PYTHON_FOLDER:-$here/target/engines}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check duckdb psycopg2-binary
