"""What the scripts read: the calendar, the declared items, the departments; and how they write a table.

Nothing here depends on the computer's clock or on chance: the same sources give the same bytes.
"""
import csv
import datetime as dt
import json
import re
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
DAY = dt.timedelta(days=1)


def rows(path, encoding="utf-8-sig"):
    with open(HERE / path, encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


DEPARTURES = {dt.date.fromisoformat(row["日期"]): row["性质"] for row in rows("../calendars/china.csv")}


def works(day):
    kind = DEPARTURES.get(day)
    return kind == "上班" or (kind is None and day.weekday() < 5)


def later(day, workdays):
    """The day that many working days after `day`."""
    while workdays > 0:
        day += DAY
        workdays -= works(day)
    return day


def next_workday(day):
    while not works(day):
        day += DAY
    return day


def days(first, last):
    """The working days from first to last."""
    count = (last - first).days + 1
    return [first + n * DAY for n in range(count) if works(first + n * DAY)]


def number(text):
    match = re.match(r"\d+", text or "")
    return int(match.group()) if match else 0


HEADINGS = {
    "事项编码": "编码", "事项名称": "名称", "责任单位": "部门", "事项类型": "类别", "清理意见": "处理意见",
    "法定办结时限": "法定时限", "承诺办结时限": "承诺时限", "是否收费": "收费", "是否进驻": "进驻大厅",
}


def items():
    """Every declared item, in the order of the files; headings as the vocabulary spells them."""
    found = []
    for path in sorted((HERE / "items").iterdir()):
        text = path.suffix
        if text == ".toml":
            found += tomllib.loads(path.read_text())["事项"]
        elif text == ".json":
            found += json.loads(path.read_text())
        elif text == ".jsonl":
            found += [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
        elif path.name.count(".") == 1:
            encoding = "gb18030" if path.name.startswith("planning") else "utf-8-sig"
            main = rows(path.relative_to(HERE), encoding)
            for row in main:
                for part, field in (("steps", "环节"), ("basis", "设定依据")):
                    child = rows(path.with_suffix(f".{part}.csv").relative_to(HERE), encoding)
                    row[field] = [one for one in child if next(iter(one.values())) == next(iter(row.values()))]
            found += main
    found = [{HEADINGS.get(key, key): value for key, value in item.items()} for item in found]
    order = [row["名称"] for row in rows("departments.csv")]
    return sorted(found, key=lambda item: (order.index(item["部门"]), item["编码"]))


def yes(value):
    return value in (True, "是", "收费")


def listed(item):
    return item["处理意见"] in ("保留", "做好对接", "承接", "对接")


def approval(item):
    return item["类别"] in ("行政许可", "行政确认", "非行政许可审批", "非许可审批")


def write(path, headings, table):
    target = HERE / path
    target.parent.mkdir(exist_ok=True)
    with open(target, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(headings)
        out.writerows(table)
