#!/usr/bin/env bash
# What ten times as much of one kind costs, as ratios of time and of memory: benches/growth.sh [LARGE]
# Everything is built and written in $GROWTH (default: fanshi-growth in the temporary folder), outside the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --quiet
FANSHI=${CARGO_TARGET_DIR:-$PWD/target}/release/fanshi LARGE=${1:-100000} DATA=${GROWTH:-${TMPDIR:-/tmp}/fanshi-growth} python3 - <<'PY'
import os, pathlib, shutil, subprocess, sys, time

FANSHI, DATA, LARGE = os.environ["FANSHI"], pathlib.Path(os.environ["DATA"]), int(os.environ["LARGE"])
TABLE = "表 项 { 号 : 文本 主键 数 : 整数 }\n"
RULE = "第一条 一 凡 项，数 不得 超过 5。\n"
MANIFEST = '[project]\nname = "growth"\nas_of = 2015-11-20\npolicies = ["p.fan"]\n[data]\n'


def lines(count, one):
    return "".join(one(at) + "\n" for at in range(count))


def rows(count):
    return "号,数\n" + lines(count, lambda at: f"r{at},9")


def waiver(at):
    return f'[[waiver]]\narticle = "p.1"\nitem = "r{at}"\nauthority = "a"\nreason = "b"'


# What there is more of: the policy, the files of data, and what the manifest says besides.
KINDS = {
    "enum values": lambda n: (
        "枚举 类 {\n" + lines(n, lambda at: f"v{at}") + "}\n表 项 { 号 : 文本 主键 类 : 类 }\n第一条 一 凡 项，类 必须 属于 {v1、v7}。\n",
        {"d.csv": "号,类\n" + lines(n, lambda at: f"r{at},v{at}")}, ""),
    "fields": lambda n: (
        "表 项 { 号 : 文本 主键\n" + lines(n, lambda at: f"f{at} : 整数") + "}\n第一条 一 凡 项，f7 不得 超过 f8。\n",
        {"d.csv": "号," + ",".join(f"f{at}" for at in range(n)) + "\na," + ",".join(map(str, range(n)))}, ""),
    "definitions": lambda n: (
        TABLE + lines(n, lambda at: f"定义 d{at}(项) = 数 > {at}") + RULE, {"d.csv": rows(1)}, ""),
    "waivers": lambda n: (TABLE + RULE, {"d.csv": rows(n)}, lines(n, waiver)),
    "files": lambda n: (TABLE + RULE, {f"f/{at % 100}/{at}.csv": f"号,数\nr{at},{at % 10}\n" for at in range(n)}, ""),
    "findings": lambda n: (TABLE + RULE, {"d.csv": rows(n)}, ""),
}


def put(kind, count):
    folder = DATA / f"{kind}-{count}".replace(" ", "-")
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        policy, files, manifest = KINDS[kind](count)
        (folder / "p.fan").write_text(policy)
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        pattern = "d.csv" if "d.csv" in files else "f/**/*.csv"
        (folder / "fanshi.toml").write_text(f'{MANIFEST}"项" = "{pattern}"\n{manifest}')
        (folder / "done").touch()
    return folder


def run(folder, ending):
    """CPU seconds and peak MB: the better of three runs."""
    best = None
    for _ in range(3):
        out = DATA / f"out.{ending}"
        out.unlink(missing_ok=True)
        child = subprocess.Popen([FANSHI, "check", folder, "-o", out], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 1):
            sys.exit(f"{folder}: exit {child.returncode}")
        figures = (usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
        best = min(best, figures) if best else figures
    return best


asked = [(kind, "json") for kind in KINDS]
asked += [("findings", ending) for ending in ("txt", "tsv", "sarif", "md", "html", "xlsx")]
print(f"| {'kind, to':24} | {LARGE // 10:>16} | {LARGE:>16} | time | memory |\n|---|---|---|---|---|")
for kind, ending in asked:
    (short, small), (long, large) = (run(put(kind, count), ending) for count in (LARGE // 10, LARGE))
    print(f"| {f'{kind}, {ending}':24} | {short:5.2f} s {small:5.0f} MB | {long:5.2f} s {large:5.0f} MB "
          f"| {long / max(short, 0.01):4.1f} | {large / small:6.1f} |", flush=True)
PY
