"""Runs emitted views over exported rows, and writes down what they say.

    python run.py duckdb FOLDER…
    python run.py postgres SOCKET FOLDER…

Each folder holds what `fanshi export` and `fanshi emit sql` wrote. What the views say goes into
`said.tsv` (rule, table, row, outcome, required, declared), what an engine would not do into
`errors.txt`.
"""

import glob
import os
import sys
import time


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


ENGINES = {"duckdb": DuckDb, "postgres": Postgres}


def read(name):
    with open(name, encoding="utf-8") as file:
        return file.read()


def judge(engine, socket, folder):
    os.chdir(folder)
    connection = ENGINES[engine](socket)
    errors, said = [], []
    began = time.time()

    def attempt(what, action):
        try:
            return action()
        except Exception as error:
            errors.append(f"{what}: {error}")

    attempt("00-tables.sql", lambda: connection.run(read("00-tables.sql")))
    attempt("load.sql", lambda: connection.load(read("load.sql")))
    for name in sorted(glob.glob("*.sql")):
        if name in ("00-tables.sql", "load.sql", "90-all.sql"):
            continue
        text = read(name)
        attempt(name, lambda: connection.run(text))
        if "CREATE VIEW " not in text:
            continue
        if name.startswith("30-"):
            view = text.split("CREATE VIEW ", 1)[1].split(" AS", 1)[0]
            query = f'SELECT "measure", "figure", "amount", "per" FROM {view}'
            for measure, figure, amount, per in attempt(name, lambda: connection.rows(query)) or []:
                amount = "unknown" if amount is None else f"{amount}/{per}"
                said.append([f"measure:{measure}", figure, "0", amount, "", ""])
            continue
        view = text.split("CREATE VIEW ", 1)[1].split(" AS", 1)[0]
        kind = "decision:" if view.startswith('"decision_') else ""
        query = f'SELECT "rule", "table", "row", "outcome", "required", "declared" FROM {view}'
        started = time.time()
        rows = attempt(name, lambda: connection.rows(query)) or []
        if time.time() - started > 2:
            print(f"{name}: {time.time() - started:.1f} s", file=sys.stderr)
        for rule, *rest in rows:
            said.append([f"{kind}{rule}", *("" if value is None else str(value) for value in rest)])
    attempt("90-all.sql", lambda: connection.run(read("90-all.sql")))
    with open("said.tsv", "w", encoding="utf-8") as file:
        file.writelines("\t".join(row) + "\n" for row in said)
    with open("errors.txt", "w", encoding="utf-8") as file:
        file.writelines(error.replace("\n", " ⏎ ") + "\n" for error in errors)
    return time.time() - began


def main():
    engine, *rest = sys.argv[1:]
    socket = rest.pop(0) if engine == "postgres" else None
    here = os.getcwd()
    for folder in rest:
        judge(engine, socket, os.path.join(here, folder))


if __name__ == "__main__":
    main()
