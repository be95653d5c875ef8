#!/usr/bin/env bash
# Puts the program beside the hand-written one of ../shared/peers on the same data, and prints ratios: benches/peers.sh [ROUNDS]
# Everything is built, generated and written in $PEERS (default: fanshi-peers in the temporary folder), outside the repository.
# RUNPREFIX is put before each measured command; "chrt -r 1" keeps other work of a shared machine out.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
shared=$root/../shared/peers
[ -e "$shared/gen.py" ] || { echo "there is no $shared: nothing to compare with" >&2; exit 1; }
peers=${PEERS:-${TMPDIR:-/tmp}/fanshi-peers}
mkdir -p "$peers"

cargo build --release --quiet
cargo bench --quiet --bench speed --no-run
[ -e "$peers/rust" ] || cp -r "$shared/rust" "$peers/rust"
(cd "$peers/rust" && CARGO_TARGET_DIR="$peers/target" cargo build --release --quiet -p floor)
for count in 7082 100000; do
  data=$peers/d$count
  [ -e "$data/items.toml" ] || python3 "$shared/gen.py" $count "$data"
  cp "$root"/tests/peers/* "$data/"
done

FANSHI=${CARGO_TARGET_DIR:-$root/target}/release/fanshi FLOOR=$peers/target/release/floor DATA=$peers ROUNDS=${1:-7} python3 - <<'PY'
import json, os, re, statistics, subprocess, sys, time

FANSHI, FLOOR, DATA, ROUNDS = (os.environ[name] for name in ("FANSHI", "FLOOR", "DATA", "ROUNDS"))
PREFIX = os.environ.get("RUNPREFIX", "").split()
SINK = DATA + "/out.tsv"


def run(command):
    """Wall and CPU seconds, peak MB and standard output of one run."""
    with open(DATA + "/run.out", "wb") as out:
        start = time.perf_counter()
        child = subprocess.Popen(PREFIX + command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: exit {child.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, open(DATA + "/run.out").read()


def fanshi(count, manifest):
    return [FANSHI, "check", f"{DATA}/d{count}/{manifest}", "--format", "tsv", "-o", SINK]


def rounds(*commands):
    """The commands in turn, round by round; for each the medians of its figures."""
    seen = [[] for _ in commands]
    for _ in range(int(ROUNDS)):
        for results, command in zip(seen, commands):
            results.append(run(command))
    figures = [[statistics.median(result[at] for result in results) for at in range(3)] for results in seen]
    return figures, [[result[3] for result in results] for results in seen]


def bench(filter):
    """Medians of the benches that fit, in milliseconds, by their argument."""
    text = subprocess.run(PREFIX + ["cargo", "bench", "--quiet", "--bench", "speed", "--", filter], stdout=subprocess.PIPE, check=True, text=True).stdout
    unit = {"ns": 1e-6, "µs": 1e-3, "ms": 1, "s": 1e3}
    rows = re.findall(r"[├╰]─ (\S+) +[\d.]+ \S+ +│ [\d.]+ \S+ +│ ([\d.]+) (\S+)", text)
    return {name: float(value) * unit[u] for name, value, u in rows}


def row(what, ours, theirs, unit, goal):
    print(f"| {what} | {ours:.3g} {unit} | {theirs:.3g} {unit} | **{ours / theirs:.2f}** | {goal} |", flush=True)


print("| what | fanshi | peer | ratio | goal |\n| --- | --- | --- | --- | --- |")
(own, floor), _ = rounds(fanshi(100000, "fanshi.toml"), [FLOOR, "check", f"{DATA}/d100000/items.jsonl", "-t", "2", "--lean", "-o", DATA + "/floor.tsv"])
row("JSON lines, 100,000 rows, whole process: wall", own[0], floor[0], "s", "1")
row("… CPU", own[1], floor[1], "s", "")
row("… peak memory", own[2], floor[2], "MB", "0.5")
cells = [line.rstrip("\n").split("\t") for line in open(SINK)]
found = [[key, article.split(".")[1]] + re.findall(r"\[(\d+)\]", path) for _, article, _, key, path in cells]
if found != [line.rstrip("\n").split("\t") for line in open(DATA + "/floor.tsv")]:
    sys.exit("the findings differ from the peer's")
items = os.path.join(os.environ.get("CARGO_TARGET_DIR", "target"), "tmp/speed-100000-{}/items.jsonl")
for rules in ("1", "10"):
    one, all = bench("evaluate::one_core")[rules], bench("evaluate::all_cores")[rules]
    cols = json.loads(run([FLOOR, "cols", items.format(rules), "15", rules])[3])
    bitmaps = (cols["derive"] + cols["bitmaps"]) * 1e3
    row(f"{16 * int(rules)} rules over loaded columns, one core, beside derived columns and bitmaps", one, bitmaps, "ms", "3")
    row("… all cores, beside the same on one", all, bitmaps, "ms", "")
(own, _), (_, parses) = rounds(fanshi(7082, "toml.toml"), [FLOOR, "parse", "toml-detable", f"{DATA}/d7082/items.toml", "1"])
table = statistics.median(json.loads(text)["median"] for text in parses)
row("TOML, 8.6 MB, whole process, beside the spanned table alone", own[0], table, "s", "1.3")
for name, files in (("json", ["items.json"]), ("csv", ["items.csv", "basis.csv", "steps.csv", "materials.csv", "preconditions.csv"]), ("toml", ["items.toml"])):
    (own,), _ = rounds(fanshi(7082 if name == "toml" else 100000, name + ".toml"))
    size = sum(os.path.getsize(f"{DATA}/d{7082 if name == 'toml' else 100000}/{file}") for file in files) / 1e6
    row(f"{name.upper()}: peak memory beside the files", own[2] * 1.048576, size, "MB", "" if name == "toml" else "3")
for kind in ("text", "json"):
    for manifest, taken in bench(f"report::{kind}").items():
        row(f"1,000 findings at the end of 10 MB ({manifest.split('.')[0].replace('fanshi', 'jsonl')}), as {kind}", taken, 100, "ms", "1")
PY
