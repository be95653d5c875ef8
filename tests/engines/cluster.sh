#!/bin/sh
# A cluster of Spark on this machine, a driver and two executors of one core and a gigabyte each, judges the
# items of ../shared/peers as views: cluster.sh [ITEMS], a million without. What is violated is counted rule
# by rule, and has to be what the peers' oracle counts; the time of each step is told. Long, so asked for by
# name; after `sh tests/engines/prepare.sh all`.
# FANSHI names the program, ENGINES_PYTHON the Python with pyspark, SHARED the folder of the peers, CLUSTER
# the folder to work in (some gigabytes for a million), MASTER another master.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
items=${1:-1000000}
shared=${SHARED:-$here/../shared/peers}
work=${CLUSTER:-${TMPDIR:-/tmp}/fanshi-cluster}
python=${ENGINES_PYTHON:-$here/target/engines/bin/python}
fanshi=${FANSHI:-${CARGO_TARGET_DIR:-$here/target}/release/fanshi}
[ -e "$shared/gen.py" ] || { echo "there is no $shared: nothing to judge" >&2; exit 1; }
[ -x "$fanshi" ] || { echo "there is no $fanshi: cargo build --release" >&2; exit 1; }
data=$work/d$items
mkdir -p "$data"
[ -e "$data/items.jsonl" ] || python3 "$shared/gen.py" "$items" "$data" --formats jsonl
cp "$here"/tests/peers/*.fan "$here"/tests/peers/fanshi.toml "$data/"
rm -rf "$data/sql" "$data/rows"
begun=$(date +%s)
"$fanshi" emit sql "$data" --dialect spark -o "$data/sql" >/dev/null
"$fanshi" export "$data" --dialect spark -o "$data/rows" >/dev/null
echo "exported: $(($(date +%s) - begun)) s"
exec "$python" "$here/tests/engines/cluster.py" "$shared/oracle.py" "$data"
