#!/usr/bin/env bash
# Puts the program beside the hand-written one, DuckDB and polars of ../shared/peers on the same data, in turn, and prints tables: benches/peers.sh [ROUNDS]
# PARTS names what is measured: "table" (whole processes, for each of SIZES="7082 100000 1000000"; of a million items one round takes a minute) and "details"
# (against the hand-written program, 100,000 items). Without, both.
# Everything is built, generated and written in $PEERS (default: fanshi-peers in the temporary folder), outside the repository.
# SHARED names the folder of the peers where it is not ../shared/peers. RUNPREFIX is put before each measured command; "chrt -r 1" keeps other work of a shared machine out. FANSHI names a program that is there already.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
shared=${SHARED:-$root/../shared/peers}
[ -e "$shared/gen.py" ] || { echo "there is no $shared: nothing to compare with" >&2; exit 1; }
peers=${PEERS:-${TMPDIR:-/tmp}/fanshi-peers}
parts=" ${PARTS:-table details} " sizes=${SIZES:-7082 100000 1000000} counts=
mkdir -p "$peers"

[ -n "${FANSHI:-}" ] || cargo build --release --quiet
fanshi=${FANSHI:-${CARGO_TARGET_DIR:-$root/target}/release/fanshi}
[ -e "$peers/rust" ] || cp -r "$shared/rust" "$peers/rust"
(cd "$peers/rust" && CARGO_TARGET_DIR="$peers/target" cargo build --release --quiet -p floor)
case $parts in *" table "*)
  counts=$sizes
  [ -x "$peers/venv/bin/python" ] || python3 -m venv "$peers/venv"
  "$peers/venv/bin/pip" install --quiet --disable-pip-version-check duckdb polars
esac
case $parts in *" details "*)
  cargo bench --quiet --bench speed --no-run
  counts="$counts 7082 100000"
esac
for count in $counts; do
  data=$peers/d$count
  formats=json,jsonl,csv
  # A million items are 1.2 GB of TOML, which nothing here reads.
  if [ "$count" -le 100000 ]; then formats=$formats,toml; fi
  [ -e "$data/done" ] || { python3 "$shared/gen.py" "$count" "$data" --formats "$formats" && touch "$data/done"; }
  cp "$root"/tests/peers/* "$data/"
done

FANSHI=$fanshi PARTS=$parts SIZES=$sizes SHARED=$shared FLOOR=$peers/target/release/floor DATA=$peers ROUNDS=${1:-7} python3 - <<'PY'
import collections, json, os, re, statistics, subprocess, sys, time

FANSHI, FLOOR, DATA, ROUNDS, PARTS, SIZES, SHARED = (os.environ[name] for name in ("FANSHI", "FLOOR", "DATA", "ROUNDS", "PARTS", "SIZES", "SHARED"))
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


def found(path):
    """What fanshi found: the item, the rule and the places in lists, line by line: what this program holds counts as memory of those that it starts."""
    for line in open(path):
        _, article, _, key, place = line.rstrip("\n").split("\t")
        yield [key, article.split(".")[1]] + re.findall(r"\[(\d+)\]", place)


def table(count):
    """Whole processes on the same items; ratios against the typed program, round by round."""
    data, python = f"{DATA}/d{count}", DATA + "/venv/bin/python"
    typed, out = DATA + "/typed.tsv", DATA + "/peer.tsv"
    frames = lambda kind: [python, SHARED + "/peer_frames.py", kind, data, "-o", out]
    duckdb = lambda kind: [python, SHARED + "/peer_duckdb.py", kind, data, "-o", out]
    peers = [
        ("typed program, JSON, one thread", [FLOOR, "check", data + "/items.json", "-o", typed]),
        ("typed program, JSON lines, two threads", [FLOOR, "check", data + "/items.jsonl", "-t", "2", "--lean", "-o", out]),
        ("**fanshi**, JSON lines", fanshi(count, "fanshi.toml")),
        ("**fanshi**, CSV, five files", fanshi(count, "csv.toml")),
        ("DuckDB, JSON lines", duckdb("jsonl")),
        ("DuckDB, CSV, five files", duckdb("csv")),
        ("polars, JSON lines", frames("polars-jsonl")),
        ("polars, CSV, five files", frames("polars-csv")),
    ]
    seen = [[] for _ in peers]
    want = None
    for _ in range(int(ROUNDS)):
        for (name, command), results in zip(peers, seen):
            result = run(command)
            results.append(result)
            if "fanshi" in name:
                rules = collections.Counter(rule for _, rule, *_ in found(SINK))
            else:
                rules = {rule: n for rule, n in json.loads(result[3].splitlines()[-1])["counts"].items() if n}
            want = want or rules
            if rules != want:
                sys.exit(f"{name}, {count} items: {rules} where {want} are wanted")
    print(f"\n| {int(count):,} items; {sum(want.values()):,} findings, equal in all | wall s | CPU s | peak MB | wall, ratio | memory, ratio |")
    print("| --- | --- | --- | --- | --- | --- |")
    for (name, _), results in zip(peers, seen):
        median = lambda of: statistics.median(of(*both) for both in zip(results, seen[0]))
        wall, cpu, peak = (median(lambda own, _: own[at]) for at in range(3))
        ratios = (median(lambda own, base: own[at] / base[at]) for at in (0, 2))
        print(f"| {name} | {wall:.3g} | {cpu:.3g} | {peak:.0f} | {' | '.join(f'**{ratio:.2f}**' for ratio in ratios)} |", flush=True)


if " table " in PARTS:
    for count in SIZES.split():
        table(count)
if " details " in PARTS:
    print("\n| what | fanshi | peer | ratio | goal |\n| --- | --- | --- | --- | --- |")
    (own, floor), _ = rounds(fanshi(100000, "fanshi.toml"), [FLOOR, "check", f"{DATA}/d100000/items.jsonl", "-t", "2", "--lean", "-o", DATA + "/floor.tsv"])
    row("JSON lines, 100,000 rows, whole process: wall", own[0], floor[0], "s", "1")
    row("… CPU", own[1], floor[1], "s", "")
    row("… peak memory", own[2], floor[2], "MB", "0.5")
    if list(found(SINK)) != [line.rstrip("\n").split("\t") for line in open(DATA + "/floor.tsv")]:
        sys.exit("the findings differ from the peer's")
    items = os.path.join(os.environ.get("CARGO_TARGET_DIR", "target"), "tmp/speed-100000-{}/items.jsonl")
    for rules in ("1", "10"):
        one, all = bench("evaluate::one_core")[rules], bench("evaluate::all_cores")[rules]
        cols = json.loads(run([FLOOR, "cols", items.format(rules), "15", rules])[3])
        bitmaps = (cols["derive"] + cols["bitmaps"]) * 1e3
        row(f"{16 * int(rules)} rules over loaded columns, one core, beside derived columns and bitmaps", one, bitmaps, "ms", "3")
        row("… all cores, beside the same on one", all, bitmaps, "ms", "")
    (own, _), (_, parses) = rounds(fanshi(7082, "toml.toml"), [FLOOR, "parse", "toml-detable", f"{DATA}/d7082/items.toml", "1"])
    alone = statistics.median(json.loads(text)["median"] for text in parses)
    row("TOML, 8.6 MB, whole process, beside the spanned table alone", own[0], alone, "s", "1.3")
    for name, files in (("json", ["items.json"]), ("csv", ["items.csv", "basis.csv", "steps.csv", "materials.csv", "preconditions.csv"]), ("toml", ["items.toml"])):
        (own,), _ = rounds(fanshi(7082 if name == "toml" else 100000, name + ".toml"))
        size = sum(os.path.getsize(f"{DATA}/d{7082 if name == 'toml' else 100000}/{file}") for file in files) / 1e6
        row(f"{name.upper()}: peak memory beside the files", own[2] * 1.048576, size, "MB", "" if name == "toml" else "3")
    for kind in ("text", "json"):
        for manifest, taken in bench(f"report::{kind}").items():
            row(f"1,000 findings at the end of 10 MB ({manifest.split('.')[0].replace('fanshi', 'jsonl')}), as {kind}", taken, 100, "ms", "1")
PY
