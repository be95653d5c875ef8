"""Runs emitted views over exported rows, and writes down what they say.

    python run.py duckdb|clickhouse|datafusion|spark FOLDER…
    python run.py postgres SOCKET FOLDER…

Each folder holds what `fanshi export` and `fanshi emit sql` wrote. What the views say goes into
`said.tsv` (rule, table, row, outcome, required, declared), what an engine would not do into
`errors.txt`. With ENGINE_SLOW=n, views that take more than n seconds are
named; with ENGINE_ALL=0, the views are asked and not the tables of all that they say.
"""

import atexit
import glob
import json
import os
import shutil
import sys
import tempfile
import time


def statements(text):
    """The statements of a text, for engines that take one at a time."""
    found, begin, at = [], 0, 0
    ends = {"'": "'", '"': '"', "`": "`", "--": "\n"}
    escapes = "`" in text
    while at < len(text):
        sign = "--" if text.startswith("--", at) else text[at]
        if sign == ";":
            found.append(text[begin:at])
            begin = at + 1
        elif sign in ends:
            at += len(sign)
            while at < len(text) and text[at] != ends[sign]:
                at += 2 if sign == "'" and escapes and text[at] == "\\" else 1
        at += 1
    return [statement for statement in found if statement.strip()]


class DuckDb:
    def __init__(self, _):
        import duckdb

        self.connection = duckdb.connect()
        if os.environ.get("ENGINE_THREADS"):
            self.connection.execute(f"SET threads = {os.environ['ENGINE_THREADS']}")

    def run(self, text):
        self.connection.execute(text)

    def load(self, text):
        self.connection.execute(text)

    def rows(self, query):
        return self.connection.execute(query).fetchall()


class Postgres:
    def __init__(self, socket):
        import psycopg2

        self.connection = psycopg2.connect(host=socket, dbname="postgres", user="postgres")
        self.connection.autocommit = True
        self.cursor = self.connection.cursor()
        self.cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    def run(self, text):
        self.cursor.execute(text)

    def load(self, text):
        # `\copy` is psql's.
        for line in text.splitlines():
            if line.startswith("\\copy "):
                command, rest = line[1:].split(" FROM '", 1)
                file, options = rest.split("' ", 1)
                with open(file, encoding="utf-8") as rows:
                    self.cursor.copy_expert(f"{command} FROM STDIN {options}", rows)

    def rows(self, query):
        self.cursor.execute(query)
        return self.cursor.fetchall()


class ClickHouse:
    session, number = None, 0

    def __init__(self, _):
        from chdb import session

        ClickHouse.session = ClickHouse.session or session.Session()
        self.session.query(f"DROP DATABASE IF EXISTS judged{ClickHouse.number}")
        ClickHouse.number += 1
        name = f"judged{ClickHouse.number}"
        self.session.query(f"CREATE DATABASE {name}")
        self.session.query(f"USE {name}")

    def run(self, text):
        for statement in statements(text):
            self.session.query(statement)

    load = run

    def rows(self, query):
        found = self.session.query(query, "JSONCompactEachRow")
        return [json.loads(line) for line in str(found).splitlines() if line]


class DataFusion:
    def __init__(self, _):
        from datafusion import SessionConfig, SessionContext

        partitions = int(os.environ.get("ENGINE_THREADS", "1"))
        self.context = SessionContext(SessionConfig().with_target_partitions(partitions))

    def run(self, text):
        for statement in statements(text):
            self.context.sql(statement).collect()

    load = run

    def rows(self, query):
        batches = self.context.sql(query).collect()
        return [tuple(row.values()) for batch in batches for row in batch.to_pylist()]


def spark(master, settings):
    """A session of Spark on this machine alone; the environment may set otherwise."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master)
    alone = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.log.structuredLogging.enabled": "false",
    }
    for key, value in {**alone, **settings}.items():
        builder = builder.config(key, os.environ.get(key, value))
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


class Spark:
    session, number = None, 0

    def __init__(self, _):
        if not Spark.session:
            Spark.session = self.start()
        self.session.sql(f"DROP DATABASE IF EXISTS judged{Spark.number} CASCADE")
        Spark.number += 1
        name = f"judged{Spark.number}"
        self.session.sql(f"CREATE DATABASE {name}")
        self.session.sql(f"USE {name}")

    @staticmethod
    def start():
        # Very many small tables are written: in memory, where there is such a folder.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        home = tempfile.mkdtemp(prefix="fanshi-spark-", dir=memory)
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        return spark(os.environ.get("ENGINE_MASTER", "local[1]"), {
            "spark.ui.showConsoleProgress": "false",
            "spark.driver.memory": "2g",
            "spark.sql.warehouse.dir": home,
            "spark.sql.shuffle.partitions": "1",
            "spark.default.parallelism": "1",
            "spark.sql.adaptive.enabled": "false",
            # Of small plans, what is interpreted is quicker than what is compiled.
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "2",
            "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
            "spark.sql.parquet.compression.codec": "uncompressed",
        })

    def run(self, text):
        for statement in statements(text):
            self.session.sql(statement)

    def load(self, text):
        # The engine stays in the folder where it was started.
        self.run(text.replace("(path '", f"(path '{os.getcwd()}/"))

    def rows(self, query):
        return [tuple(row) for row in self.session.sql(query).collect()]


ENGINES = {
    "duckdb": DuckDb,
    "postgres": Postgres,
    "clickhouse": ClickHouse,
    "datafusion": DataFusion,
    "spark": Spark,
}
SLOW = float(os.environ.get("ENGINE_SLOW", "5"))


def read(name):
    with open(name, encoding="utf-8") as file:
        return file.read()


def judge(engine, socket, folder):
    os.chdir(folder)
    connection = ENGINES[engine](socket)
    errors, said = [], []

    def attempt(what, action):
        started = time.time()
        try:
            return action()
        except Exception as error:
            errors.append(f"{what}: {error}")
        finally:
            if time.time() - started > SLOW:
                print(f"{folder}/{what}: {time.time() - started:.1f} s", file=sys.stderr)

    if os.path.exists("before.sql"):
        attempt("before.sql", lambda: connection.run(read("before.sql")))
    attempt("00-tables.sql", lambda: connection.run(read("00-tables.sql")))
    attempt("load.sql", lambda: connection.load(read("load.sql")))
    views = {"verdicts": [], "decisions": [], "measures": []}
    for name in sorted(glob.glob("[1-3]0-*.sql")):
        text = read(name)
        attempt(name, lambda: connection.run(text))
        if "CREATE VIEW " in text:
            kind = {"1": "verdicts", "2": "decisions", "3": "measures"}[name[0]]
            views[kind].append((name, text.split("CREATE VIEW ", 1)[1].split(" AS", 1)[0]))
    if os.environ.get("ENGINE_ALL", "1") != "0":
        text = read("90-all.sql")
        for statement in statements(text):
            view = statement.rsplit(" FROM ", 1)
            attempt(view[1] if view[1:] else "90-all.sql", lambda: connection.run(f"{statement};\n"))
        quote = "`" if "`" in text else '"'
        views = {kind: [("90-all.sql", f"{quote}{kind}{quote}")] for kind in views}
    for kind, found in views.items():
        columns = ["measure", "figure", "of", "amount", "per"]
        if kind != "measures":
            columns = ["rule", "table", "row", "outcome", "required", "declared"]
        for name, view in found:
            quote = view[0]
            columns_there = ", ".join(quote + column + quote for column in columns)
            query = f"SELECT {columns_there} FROM {view}"
            rows = attempt(name, lambda: connection.rows(query)) or []
            if kind == "measures":
                for measure, figure, of, amount, per in rows:
                    amount = "unknown" if amount is None else f"{amount}/{per}"
                    of = "" if of is None else f" of {of}"
                    said.append([f"measure:{measure}", f"{figure}{of}", "0", amount, "", ""])
                continue
            head = "decision:" if kind == "decisions" else ""
            for rule, *rest in rows:
                rest = ("" if value is None else str(value) for value in rest)
                said.append([f"{head}{rule}", *rest])
    with open("said.tsv", "w", encoding="utf-8") as file:
        file.writelines("\t".join(row) + "\n" for row in said)
    with open("errors.txt", "w", encoding="utf-8") as file:
        file.writelines(error.replace("\n", " ⏎ ") + "\n" for error in errors)


def main():
    engine, *rest = sys.argv[1:]
    socket = rest.pop(0) if engine == "postgres" else None
    here = os.getcwd()
    for folder in rest:
        judge(engine, socket, os.path.join(here, folder))
    if Spark.session:
        Spark.session.stop()


if __name__ == "__main__":
    main()
