"""The cases of September 2015, what was reported about them, and the cards issued: made up for the sample.

Run `python3 made/september.py` in this project's folder. A case takes at most what its steps allow; those that do not are
written out one by one under LATE, with the reason. Accepted and closed days skip 3 to 5 September and take in Sunday the 6th.
"""
import datetime as dt
import random

from sources import DAY, approval, days, items, later, listed, next_workday, number, rows, write

ITEMS = items()
BY_CODE = {item["编码"]: item for item in ITEMS}
UNCOUNTED = ("公示", "听证", "专家论证", "论证", "现场勘查")
FIRST, LAST = dt.date(2015, 9, 1), dt.date(2015, 9, 30)
CASE = ["编号", "事项", "申请日", "补正告知日", "受理日", "办结日", "送达日", "延期", "延期批准", "延期告知日"]


def date(text):
    return dt.date.fromisoformat(text) if text else ""


def steps(item):
    return [(step["名称"], number(str(step["时限"]))) for step in item["环节"] if step["类型"] not in UNCOUNTED]


def usual():
    """Three thousand cases that keep every limit, with the days of each step."""
    chance = random.Random(20150901)
    # Items whose own declaration breaks a limit are left out: their cases could not keep it.
    fit = [item for item in ITEMS if listed(item) and approval(item) and sum(limit for _, limit in steps(item)) <= number(item["承诺时限"])]
    fit = [item for item in fit if any(step["类型"] == "受理" for step in item["环节"])]
    fit = [item for item in fit if not number(item.get("法定时限")) or number(item["法定时限"]) >= number(item["承诺时限"])]
    weights = [1 + chance.randrange(9) for _ in fit]
    workdays = days(FIRST, LAST)
    cases, log = [], []
    for n in range(3000):
        item = chance.choices(fit, weights)[0]
        accepted = chance.choice(workdays)
        applied, told = accepted, ""
        if chance.random() < 0.1:
            told = accepted - DAY * chance.randrange(1, 3)
            applied = told - DAY * chance.randrange(0, 3)
        key, day = f"SJ201509{n + 1:04}", accepted
        for name, limit in steps(item):
            start, spend = day, chance.randint(0, limit)
            day = later(day, 0 if item["办件类型"] == "即办件" else spend)
            log.append([key, name, start, day])
        delivered = later(day, chance.randrange(0, 4))
        cases.append([key, item["编码"], applied, told, accepted, day, delivered, "", "", ""])
    return cases, log


# What is wrong with each, or why it only seems wrong. Columns as in CASE.
LATE = """
SJ201509-01 GA-01 2015-09-01  2015-09-01 2015-09-14 2015-09-14     # promised 7: due on 11 September; yellow
SJ201509-02 NW-08 2015-09-02  2015-09-02 2015-09-07 2015-09-07     # promised 1: due on Sunday the 6th, a working day; yellow
SJ201509-03 MZ-06 2015-09-02  2015-09-02 2015-09-08 2015-09-08     # promised 3: the 6th, 7th, 8th; in time
SJ201509-04 NW-04 2015-09-02  2015-09-02 2015-09-06 2015-09-06     # closed on the Sunday; in time
SJ201509-05 HB-04 2015-09-01  2015-09-01 2015-09-16 2015-09-16     # more than 3 working days over: red, a card was issued
SJ201509-06 CG-05 2015-09-01  2015-09-01 2015-09-21 2015-09-21     # red, and no card was issued
SJ201509-07 MZ-06 2015-09-08  2015-09-08 2015-09-09 2015-10-08     # delivered on the 14th working day
SJ201509-08 MZ-06 2015-09-08  2015-09-08 2015-09-09                # never delivered
SJ201509-09 MZ-06 2015-09-01 2015-09-11 2015-09-14 2015-09-15 2015-09-15     # told of the gap on the 7th working day: accepted on the 1st
SJ201509-10 MZ-06 2015-09-07  2015-09-16 2015-09-17 2015-09-17     # told of nothing, and accepted on the 7th working day: a question
SJ201509-11 GA-01 2015-09-07  2015-09-07 2015-09-10 2015-09-10 11 本机关负责人 2015-09-09     # 11 days more: 10 at most
SJ201509-12 GA-01 2015-09-07  2015-09-07 2015-09-10 2015-09-10 2 科室负责人 2015-09-09     # a head of section cannot grant it
SJ201509-13 GA-01 2015-09-07  2015-09-07 2015-09-10 2015-09-10 2 本机关负责人      # the applicant was not told
SJ201509-14 SF-01 2015-09-01  2015-09-01 2015-10-10 2015-10-10     # forwarded after 23 working days; red as well
SJ201509-15 GA-04 2015-09-07  2015-09-07 2015-09-21 2015-09-21     # 10 working days, 5 of them stopped; in time
SJ201509-16 GA-04 2015-09-07  2015-09-07 2015-09-16 2015-09-16     # stopped for a reason the law does not know
SJ201509-17 GA-04 2015-09-07  2015-09-07 2015-09-16 2015-09-16     # stopped without a word to the applicant
SJ201509-18 GA-04 2015-09-07  2015-09-07 2015-09-16 2015-09-16     # stopped before it was accepted
SJ201509-19 SY-02 2015-09-01  2015-09-01 2015-10-10 2015-10-10     # no limit of its own: the law's 20 working days; red as well
SJ201509-20 GA-01 2015-09-07  2015-09-07 2015-09-10 2015-09-10     # a step not on the list
SJ201509-21 GA-01 2015-09-07  2015-09-07 2015-09-10 2015-09-10     # review took longer than the step allows, the whole did not
SJ201509-22 JT-03 2015-09-07  2015-09-07 2015-09-08 2015-09-08     # an instant case that took a night
SJ201509-23 RF-01 2015-07-01  2015-07-01 2015-09-10 2015-09-10     # joint, 50 working days: 45 at most; red as well
SJ201509-24 HB-04 2015-09-07  2015-09-07 2015-09-08 2015-09-08     # decided before it was accepted
SJ201509-25 MZ-06 2015-09-08  2015-09-08 2014-09-10 2014-09-10     # closed a year before: mistyped
SJ201509-26 MZ-06 2015-09-08  2015-09-08 2015-09-10 2015-12-10     # delivered after today: mistyped
SJ201509-27 MZ-06 2015-09-10  2015-09-08 2015-09-10 2015-09-10     # accepted before it was applied for
SJ201509-28 GA-04 2015-09-07  2015-09-07 2015-09-17 2015-09-17     # 8 working days: 3 were stopped for a reason that stops no clock
SJ201509-29 MZ-08 2015-06-01  2015-06-01 2015-08-18 2015-08-18     # 78 days, 60 by law: all but one were stopped for a hearing; in time
SJ201509-30 MZ-08 2015-06-01  2015-06-01 2015-08-18 2015-08-18     # the same without a stop: red
SJ201509-31 MZ-06 2015-09-08 2015-09-09 2015-09-10 2015-09-11 2015-09-11     # told within five days; in time
SJ201509-32 GA-01 2015-09-07  2015-09-07 2015-09-10 2015-09-10     # its stop ends before it begins
"""

STOPS = [
    ["SJ201509-15", "听证", "2015-09-14", "2015-09-18", "2015-09-08"],
    ["SJ201509-16", "其他", "2015-09-08", "2015-09-10", "2015-09-08"],
    ["SJ201509-17", "检验", "2015-09-08", "2015-09-10", ""],
    ["SJ201509-18", "鉴定", "2015-09-06", "2015-09-08", "2015-09-06"],
    ["BJ20150043", "检测", "2015-06-03", "2015-06-15", "2015-06-02"],
    ["SJ201509-28", "其他", "2015-09-08", "2015-09-10", "2015-09-08"],
    ["SJ201509-29", "听证", "2015-06-02", "2015-08-17", "2015-06-01"],
    ["SJ201509-32", "鉴定", "2015-09-09", "2015-09-08", "2015-09-07"],    # ends before it begins
]

LOG = [
    ["SJ201509-20", "领导圈阅", "2015-09-07", "2015-09-08"],
    ["SJ201509-24", "决定", "2015-09-07", "2015-09-07"],
    ["SJ201509-24", "受理", "2015-09-08", "2015-09-08"],
    ["SJ201509-21", "初审", "2015-09-07", "2015-09-10"],
    ["SJ201509-22", "受理", "2015-09-07", "2014-09-07"],      # ended a year before it began
]

CARDS = [
    ["HP-01", "SJ201509-05", "红牌", "2015-09-17", "某科长", "责令改正"],
    ["HP-02", "SJ201509-14", "红牌", "2015-10-12", "某科长", "诫勉谈话"],
    ["HP-03", "BJ20150045", "红牌", "2015-06-08", "某科长", "通报批评"],
    ["HP-04", "BJ20150046", "红牌", "2015-07-06", "", "通报批评"],       # nobody is named
    ["HP-05", "SJ201509-19", "红牌", "2015-10-12", "某科长", "诫勉谈话"],
    ["HP-07", "SJ201509-23", "红牌", "2015-09-11", "某科长", "通报批评"],
    ["HP-08", "SJ201509-30", "红牌", "2015-05-19", "某科长", "通报批评"],    # before the case was accepted
    ["HP-06", "SJ201509-03", "红牌", "2015-09-09", "某科长", "已撤销"],   # was in time
    ["YP-01", "SJ201509-01", "黄牌", "2015-09-15", "某科员", ""],        # nothing came of it
    ["YP-02", "SJ201509-02", "黄牌", "2015-09-08", "某科员", "提醒谈话"],
]

HEARINGS = [
    ["TZ-01", "SJ201509-15", "2015-09-07", "2015-09-08", "2015-09-09", "2015-09-18", "甲", "乙", "是", "是"],
    ["TZ-02", "SJ201509-23", "2015-07-06", "2015-07-16", "2015-07-17", "2015-08-03", "甲", "乙", "是", "是"],   # asked after 8 days
    ["TZ-03", "SJ201509-23", "2015-07-06", "2015-07-08", "2015-07-24", "2015-08-07", "甲", "乙", "是", "是"],   # held after 22
    ["TZ-04", "SJ201509-15", "2015-09-07", "2015-09-08", "2015-09-14", "2015-09-18", "甲", "乙", "是", "是"],   # 4 days' notice
    ["TZ-05", "SJ201509-15", "2015-09-07", "2015-09-08", "2015-09-09", "2015-09-18", "乙", "乙", "是", "是"],   # the reviewer presided
    ["TZ-06", "SJ201509-15", "2015-09-07", "2015-09-08", "2015-09-09", "2015-09-18", "甲", "乙", "否", "是"],   # behind closed doors
    ["TZ-07", "SJ201509-29", "2015-06-02", "2015-06-04", "2015-06-05", "2015-08-19", "甲", "乙", "是", "是"],   # held after the decision
]


def late():
    for line in LATE.strip().splitlines():
        key, item, applied, told, accepted, closed, delivered, more, by, notice = (line.split("#")[0].rstrip().split(" ") + [""] * 10)[:10]
        yield [key, item, date(applied), date(told), date(accepted), date(closed), date(delivered), more and f"{more} 工作日", by, date(notice)]


def bulletins(cases):
    """What each department with approvals reported for the month: by day, week, month and quarter."""
    accepted, closed = {}, {}
    for case in cases:
        unit = BY_CODE[case[1]]["部门"]
        accepted[unit, case[4]] = accepted.get((unit, case[4]), 0) + 1
        if case[5]:
            closed[unit, case[5]] = closed.get((unit, case[5]), 0) + 1
    units = [row["名称"] for row in rows("departments.csv")]
    units = [unit for unit in units if any(item["部门"] == unit and listed(item) and approval(item) for item in ITEMS)]
    workdays, table = days(FIRST, LAST), []
    weeks = [(dt.date(2015, 8, 31) + 7 * n * DAY, dt.date(2015, 9, 6) + 7 * n * DAY) for n in range(5)]
    for place, unit in enumerate(units, 1):
        def sums(first, last):
            within = [day for day in workdays if first <= day <= last]
            return [sum(table.get((unit, day), 0) for day in within) for table in (accepted, closed)]

        for day in workdays:
            table.append([f"R{place:02}-{day:%m%d}", unit, "日", day, day, day, accepted.get((unit, day), 0), closed.get((unit, day), 0)])
        for n, (first, last) in enumerate(weeks, 1):
            table.append([f"Z{place:02}-{n}", unit, "周", first, last, next_workday(last), *sums(first, last)])
        table.append([f"Y{place:02}-09", unit, "月", FIRST, LAST, later(LAST, 2), *sums(FIRST, LAST)])
        table.append([f"J{place:02}-3", unit, "季", dt.date(2015, 7, 1), LAST, later(LAST, 4), *sums(FIRST, LAST)])
    return table


def spoil(table):
    """Plants what is wrong with the reports."""
    at = {row[0]: row for row in table}
    at["R01-0908"][5] += DAY                 # a daily report a day late
    at["Z02-3"][5] = dt.date(2015, 9, 23)    # a weekly one two working days late
    at["Y03-09"][5] = dt.date(2015, 10, 12)  # a monthly one four working days late
    at["J04-3"][5] = dt.date(2015, 10, 14)   # a quarterly one six
    at["J06-3"][5] = dt.date(2015, 9, 29)    # one the day before the quarter was over
    table.remove(at["R05-0906"])             # no daily report on the Sunday that was a working day
    at["Z05-1"][6:] = [sum(at[f"R05-{day}"][n] for day in ("0901", "0902")) for n in (6, 7)]
    at["Y05-09"][6:] = [sum(row[n] for row in table if row[0].startswith("R05-")) for n in (6, 7)]
    at["Z06-2"][7] += 3                      # a week that is not the sum of its days
    at["Y07-09"][6] += 1                     # a month that is not
    at["R08-0915"][7] += 1                   # a day that is not what the log says, carried through week and month
    at["Z08-3"][7] += 1
    at["Y08-09"][7] += 1
    at["Z09-4"][4] = dt.date(2015, 9, 24)    # the 25th is in no week
    at["Z09-4"][5] = dt.date(2015, 9, 25)
    for n in (6, 7):
        at["Z09-4"][n] -= at["R09-0925"][n]
    table.remove(at["Y10-09"])               # no monthly report at all
    return table


def main():
    cases, log = usual()
    cases += late()
    earlier = [[row["编号"], row["事项"], "", "", date(row["受理日"]), date(row["办结日"]), ""] for row in rows("cases.csv")]
    write("log/2015-09.csv", CASE, cases)
    write("log/2015-09.steps.csv", ["编号", "步骤", "开始", "结束"], log + LOG)
    write("log/stops.csv", ["编号", "事由", "起", "止", "书面告知日"], STOPS)
    write("log/cards.csv", ["编号", "办件", "牌", "发出", "责任人", "处理结果"], CARDS)
    write("log/hearings.csv", ["编号", "办件", "告知日", "申请日", "通知日", "举行日", "主持人", "审查人", "公开", "笔录"], HEARINGS)
    write("log/bulletins.csv", ["编号", "单位", "周期", "起", "止", "报出", "受理", "办结"], spoil(bulletins(cases + earlier)))
    monitored = [[item["编码"], step["名称"], step["时限"]] for item in ITEMS for step in item["环节"]]
    write("log/monitored-steps.csv", ["事项", "名称", "时限"], monitored)


main()
