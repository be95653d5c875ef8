"""What cluster.sh runs: python cluster.py ORACLE.py FOLDER, with the items and what fanshi wrote of them."""

import collections
import glob
import json
import os
import sys
import time

import run

ORACLE, FOLDER = sys.argv[1:]


def oracle():
    """What the oracle finds, counted rule by rule, one item at a time."""
    with open(ORACLE, encoding="utf-8") as file:
        # It ends with a call of itself.
        text = file.read().rsplit("\nmain()", 1)[0]
    meaning = {}
    exec(compile(text, ORACLE, "exec"), meaning)
    counts, items = collections.Counter(), 0
    with open(f"{FOLDER}/items.jsonl", encoding="utf-8") as file:
        for line in file:
            found = []
            meaning["check"](json.loads(line), found)
            counts.update(rule for _, rule, _ in found)
            items += 1
    return items, dict(counts)


def session():
    # A whole program that starts executors of its own; the parts are those of a real cluster.
    return run.spark(os.environ.get("MASTER", "local-cluster[2,1,1024]"), {
        "spark.driver.memory": "1g",
        "spark.executor.memory": "1g",
        "spark.sql.warehouse.dir": f"{FOLDER}/warehouse",
        "spark.sql.shuffle.partitions": "8",
    })


def main():
    began = time.time()

    def told(what):
        nonlocal began
        print(f"{what}: {time.time() - began:.1f} s", flush=True)
        began = time.time()

    items, want = oracle()
    told(f"the oracle, {items:,} items, {sum(want.values()):,} findings")
    spark = session()
    os.chdir(f"{FOLDER}/rows")
    told(f"{spark.sparkContext.master} is there")

    def each(name, text):
        for statement in run.statements(text):
            spark.sql(statement)
        told(name)

    each("tables", run.read("../sql/00-tables.sql"))
    each("load.sql", run.read("load.sql").replace("(path '", f"(path '{os.getcwd()}/"))
    for path in sorted(glob.glob("../sql/10-*.sql")):
        each(os.path.basename(path), run.read(path))
    each("90-all.sql", run.read("../sql/90-all.sql"))
    query = "SELECT rule, COUNT(*) FROM verdicts WHERE outcome = 'violated' GROUP BY rule"
    got = {rule.split(".")[1]: count for rule, count in spark.sql(query).collect()}
    rows = spark.sql("SELECT COUNT(*) FROM verdicts").collect()[0][0]
    told(f"{rows:,} verdicts counted")
    executors = spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
    spark.stop()
    for rule in sorted(want | got, key=lambda rule: int(rule[1:])):
        same = "" if want.get(rule) == got.get(rule) else "  DIFFERS"
        print(f"{rule}\t{want.get(rule)}\t{got.get(rule)}{same}")
    print(f"{executors} executors; counts {'equal' if want == got else 'DIFFER'}")
    sys.exit(want != got)


if __name__ == "__main__":
    main()
