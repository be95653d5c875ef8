#!/bin/sh
# Makes what tests/engines.rs runs views with: a Python with the packages of the engines, under
# target/engines, and PostgreSQL where this may install it. With `all` also DataFusion, ClickHouse,
# Spark and a Java for it, which take 800 MB and minutes. What cannot be had is said, and its tests skip.
set -eu
here=$(dirname "$0")/../..
install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null 2>&1
}
if ! ls -d /usr/lib/postgresql/*/bin >/dev/null 2>&1; then
    install postgresql || echo 'PostgreSQL could not be installed: its tests will be skipped'
fi
all=${1:-}
if [ "$all" = all ] && ! command -v java >/dev/null; then
    install default-jre-headless || echo 'Java could not be installed: tests of Spark will be skipped'
fi
venv=${ENGINES_PYTHON_FOLDER:-$here/target/engines}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
pip() { "$venv/bin/pip" install --quiet --disable-pip-version-check "$@"; }
pip duckdb psycopg2-binary
# The versions that the dialects are written for.
others=
[ "$all" != all ] || others='datafusion>=55 chdb>=4.4 pyspark>=4.0'
for package in $others; do
    pip "$package" || echo "$package could not be installed: its tests will be skipped"
done
