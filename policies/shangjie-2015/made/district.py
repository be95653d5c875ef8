"""Everything of the district that is not a declared item and not a case: made up for the sample.

Run `python3 made/district.py` in this project's folder. Each table is first made sound; then what is wrong in it is planted,
one line each, under `# planted`. `planted.toml` lists what the check has to find.
"""
import datetime as dt
import random

from sources import DAY, approval, days, items, later, listed, number, rows, works, write, yes

ITEMS = items()
LISTED = [item for item in ITEMS if listed(item) and approval(item)]
RETAINED = [item for item in ITEMS if item["处理意见"] == "保留" and approval(item)]
UNITS = [row["名称"] for row in rows("departments.csv")]
SHORT = {unit: unit.removeprefix("上街区").removeprefix("郑州市").replace("上街分局", "") for unit in UNITS}
WITH_APPROVALS = [unit for unit in UNITS if any(item["部门"] == unit for item in LISTED)]
# Published: 20 of 30 departments are in the hall; the others hand theirs to the shared window.
IN_HALL = sorted(WITH_APPROVALS, key=lambda unit: -sum(item["部门"] == unit for item in LISTED))[:20]
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
SEPTEMBER = days(dt.date(2015, 9, 1), dt.date(2015, 9, 30))


def section(unit):
    return SHORT[unit] + "行政服务科"


def person(n):
    return f"{SURNAMES[n % len(SURNAMES)]}某{'甲乙丙丁戊己庚辛壬癸'[n // len(SURNAMES)]}"


def hall():
    sections = {unit: [section(unit), unit, "是", "是" if unit in IN_HALL else "否", "" if unit in IN_HALL else "上政办〔2015〕18号"] for unit in WITH_APPROVALS}
    window = {item["编码"]: [item["编码"], section(item["部门"]), "窗口终审", "是"] for item in ITEMS if listed(item) and yes(item["进驻大厅"])}
    staff, duty = {}, []
    for place, unit in enumerate(IN_HALL):
        for n in range(5):
            key = f"RY{place + 1:02}{n + 1}"
            role = ["首席代表A角", "首席代表B角", "窗口人员", "窗口人员", "窗口人员"][n]
            joined = "2014-03-10" if n == 4 and place < 4 else "2015-04-20"
            staff[key] = [key, person(place * 5 + n), section(unit), "在编", role, f"豫A-{place + 1:03}-{n + 1:02}", "2017-12-31", "是", joined]
        duty += [[day, section(unit), f"RY{place + 1:02}{2 if day.day % 7 == place % 7 else 1}"] for day in SEPTEMBER]
    # planted
    extra = [["教育体育局考试科", "上街区教育体育局", "是", "否", "上政办〔2015〕18号"]]        # a second service section
    sections["上街区地震局"][4] = ""                                                    # neither in the hall nor exempt
    del window["MZ-07"]                                                               # declared present, not registered
    off_list = next(item for item in ITEMS if item["处理意见"] == "取消" and item["部门"] in IN_HALL)
    window[off_list["编码"]] = [off_list["编码"], section(off_list["部门"]), "窗口终审", "是"]  # cancelled, still handled
    window["CG-03"][2] = "窗口受理"                                                     # accepted there, decided elsewhere
    window["JT-06"][3] = "否"                                                          # not monitored
    twice = [["HB-02", "综合窗口", "窗口终审", "是"]]                                     # in two windows
    staff["RY021"][4] = "窗口人员"                                                      # a section without a chief
    staff["RY032"][4] = "窗口人员"                                                      # and one without a deputy: a warning
    staff["RY053"][3] = "临时"
    staff["RY064"][6] = "2015-06-30"                                                  # certificate expired
    staff["RY074"][5:7] = ["", ""]                                                    # none
    staff["RY084"][7] = "否"
    staff["RY152"][8] = "2015-09-08"                                                  # on duty the day before
    for row in duty:
        if row[1] == section(IN_HALL[1]):
            row[2] = "RY022"                                                          # the deputy every day: a warning
        if row[1] == section(IN_HALL[2]):
            row[2] = "RY031"
    duty = [row for row in duty if not (row[1] == section(IN_HALL[9]) and row[0] == dt.date(2015, 9, 6))]   # nobody on the Sunday
    at = {(row[1], row[0].day): row for row in duty}
    at[section(IN_HALL[10]), 8][2] = "RY113"                                          # a clerk cannot preside
    at[section(IN_HALL[11]), 9][2] = "RY011"                                          # somebody else's chief
    at[section(IN_HALL[12]), 10][0] = dt.date(2015, 9, 4)                             # on the holiday instead of the 10th
    at[section(IN_HALL[13]), 11][0] = dt.date(2015, 9, 10)                            # two on the 10th
    sections["综合窗口"] = ["综合窗口", "上街区发展和改革委员会", "否", "否", ""]
    write("hall/sections.csv", ["名称", "部门", "行政服务科", "进驻大厅", "综合窗口批准"], [*sections.values(), *extra])
    write("hall/window-items.csv", ["事项", "科室", "授权", "电子监察"], [*window.values(), *twice])
    write("hall/staff.csv", ["编号", "姓名", "科室", "编制", "岗位", "执法证号", "执法证有效期", "业务考核合格", "进驻日期"], staff.values())
    write("hall/duty.csv", ["日期", "科室", "值班人"], duty)
    removed = [[f"清退{n + 1:02}", "临时人员" if n < 20 else "不懂业务", "2015-03-31"] for n in range(25)]
    write("hall/staff-removed.csv", ["姓名", "原因", "日期"], removed)


OTHER_POWERS = [
    ("对无照经营的处罚", "行政处罚", "上街区工商和质量技术监督局"), ("对违法占地的处罚", "行政处罚", "郑州市国土资源局上街分局"),
    ("对违法排污的处罚", "行政处罚", "上街区环境保护局"), ("对违法建设的处罚", "行政处罚", "上街区城市管理局"),
    ("对违法取水的处罚", "行政处罚", "上街区水利局"), ("对无证经营食品的处罚", "行政处罚", "上街区食品药品监督管理局"),
    ("对超限运输的处罚", "行政处罚", "上街区交通运输局"), ("对违法用工的处罚", "行政处罚", "上街区人力资源和社会保障局"),
    ("对安全生产条件的监督检查", "行政检查", "上街区安全生产监督管理局"), ("对水土保持的监督检查", "行政检查", "上街区水利局"),
    ("对药品经营的监督检查", "行政检查", "上街区食品药品监督管理局"), ("对民办学校的监督检查", "行政检查", "上街区教育体育局"),
    ("查封、扣押违法物品", "行政强制措施", "上街区工商和质量技术监督局"), ("拆除违法建筑", "行政强制执行", "上街区城市管理局"),
    ("社会抚养费征收", "行政征收", "上街区卫生和计划生育委员会"), ("城市低保金给付", "行政给付", "上街区民政局"),
    ("医疗救助金给付", "行政给付", "上街区民政局"), ("科技进步奖励", "行政奖励", "上街区发展和改革委员会"),
    ("林木林地权属争议裁决", "行政裁决", "上街区林业局"), ("法律援助服务", "公共服务", "上街区司法局"),
]
DUTIES = "受理责任、审查责任、决定责任、送达责任、监管责任"
GENERAL_LAW = {"行政处罚": "中华人民共和国行政处罚法", "行政强制措施": "中华人民共和国行政强制法", "行政强制执行": "中华人民共和国行政强制法"}


def lists():
    powers, basis, template = {}, [], {}
    for n, item in enumerate(RETAINED, 1):
        key = f"QZ-{n:03}"
        powers[key] = [key, item["名称"], item["类别"], item["部门"], item["编码"], DUTIES, "超越职权、超期办理、违规收费"]
        basis += [[key, one["法规"]] for one in item["设定依据"]]
    for n, (name, kind, unit) in enumerate(OTHER_POWERS, len(RETAINED) + 1):
        key = f"QZ-{n:03}"
        powers[key] = [key, name, kind, unit, "", "监管责任", "不作为、乱作为"]
        basis.append([key, GENERAL_LAW.get(kind, "中华人民共和国行政许可法")])
    first = {}
    for key, statute in basis:
        first.setdefault(key, statute)
    seen = set()
    for key, row in powers.items():
        if key in first and (row[1], row[2]) not in seen:
            seen.add((row[1], row[2]))
            template[key.replace("QZ", "MB")] = [key.replace("QZ", "MB"), row[1], row[2], first[key], "采用"]
    outside = ["QZ-010", "QZ-020", "QZ-030", "QZ-040"]
    for key in outside:
        del template[key.replace("QZ", "MB")]
    deliberated = [[key, "上审改纪〔2015〕3号", "保留"] for key in outside]
    for n in range(1, 7):
        template[f"MB-9{n:02}"] = [f"MB-9{n:02}", f"样例项目{n}（区里没有）", "行政检查", "中华人民共和国行政许可法", "删除"]
    versions, corrections = versions_of(powers)
    # planted
    basis = [row for row in basis if row != ["QZ-012", first["QZ-012"]]]    # a basis of the item is not in the list of powers
    basis.append(["QZ-012", "中华人民共和国行政处罚法"])
    powers["QZ-014"][1] += "（含变更）"                                      # another name than the item's, unknown to the template
    deliberated.append(["QZ-014", "上审改纪〔2015〕3号", "保留"])
    powers["QZ-016"][3] = "上街区档案局"                                     # another department than the item's
    powers["QZ-018"][5] = "受理责任、审查责任、决定责任、送达责任"               # no supervision afterwards
    powers["QZ-019"][6] = ""
    lost = powers.pop("QZ-026")                                            # an approval that is not in the list of powers
    basis = [row for row in basis if row[0] != "QZ-026"]
    del template["MB-026"]
    powers["QZ-901"] = ["QZ-901", "无线电台执照核发", "行政许可", "上街区公安分局", "", DUTIES, "超期办理"]   # a licence nobody listed
    powers["QZ-902"] = ["QZ-902", "企业年检", "非行政许可审批", "上街区商务局", "", "受理责任", "超期办理"]  # an abolished kind
    powers["QZ-903"] = ["QZ-903", "对违法取水的处罚", "行政处罚", "上街区水利局", "", "监管责任", "不作为"]   # twice
    powers["QZ-904"] = ["QZ-904", "无证采砂处罚", "行政处罚", "上街区水利局", "", "监管责任", "不作为"]       # not called 对…的处罚
    for key in ("QZ-901", "QZ-902", "QZ-904"):
        basis.append([key, "中华人民共和国行政许可法"])
        deliberated.append([key, "上审改纪〔2015〕3号", "保留"])
    basis.append(["QZ-903", "中华人民共和国行政处罚法"])
    deliberated[0][2] = "取消"                                             # decided to drop, still there
    deliberated = [row for row in deliberated if row[0] != "QZ-020"]       # outside the template, nobody decided
    template["MB-901"][4] = "采用"                                         # the district has none: to be deleted
    template["MB-002"][4] = "删除"                                         # deleted although the district has it
    template["MB-017"][1] = "".join({"（": "(", "）": ")"}.get(c, c) for c in template["MB-017"][1]) + " "
    template["MB-025"][3] = "中华人民共和国行政强制法"                         # a basis the district does not name
    write("lists/powers.csv", ["编号", "名称", "类别", "部门", "事项", "责任事项", "追责情形"], powers.values())
    write("lists/power-basis.csv", ["权责", "法规"], basis)
    write("lists/template.csv", ["编号", "名称", "类别", "依据", "处置"], template.values())
    write("lists/deliberations.csv", ["权责", "纪要文号", "结论"], deliberated)
    write("lists/versions.csv", ["编号", "权责", "版次", "前版", "名称", "法律依据", "实施依据", "流程", "责任事项"], versions.values())
    write("lists/corrections.csv", ["编号", "版本", "种类"], corrections.values())
    online = [[unit, name, "2015-10-30"] for unit in UNITS for name in ("行政权责清单", "行政审批事项清单")]
    online.remove(["上街区林业局", "行政权责清单", "2015-10-30"])              # planted
    online.remove(["上街区气象局", "行政审批事项清单", "2015-10-30"])           # planted
    write("lists/online.csv", ["部门", "清单", "日期"], online)
    write("lists/lists.csv", ["名称", "牵头", "上网日期", "不编原因"], [
        ["行政权责清单", "编办", "2015-10-31", ""],
        ["行政审批事项清单", "法制办", "2015-10-31", ""],
        ["行政事业性收费清单", "", "2015-10-31", ""],                       # planted: nobody leads
        ["政府性基金清单", "财政局", "", ""],                               # planted: not online
        ["企业投资项目管理负面清单", "", "", "不是试点"],
    ])
    return lost


KINDS = {4: "规范项目名称", 5: "完善法律依据", 6: "完善实施依据", 7: "规范权力运行流程", 8: "规范责任事项"}


def versions_of(powers):
    """Three versions of every fourth power; what changed between two is tagged with one of the six kinds."""
    chance = random.Random(20151027)
    versions, corrections = {}, {}
    for key in list(powers)[::4]:
        last = [None, key, 0, "", powers[key][1], "依据三条", "实施办法一份", "受理—审查—决定—送达", "五项"]
        fields = chance.sample(sorted(KINDS), 2)
        for n in (3, 2, 1):                                                # backwards, from the version that was published
            row = [f"{key}/{n}", key, n, f"{key}/{n - 1}" if n > 1 else "", *last[4:]]
            versions[row[0]] = row
            if n > 1 and chance.random() < 0.8:
                field = fields[n - 2]
                corrections[f"GZ-{len(corrections) + 1:03}"] = [f"GZ-{len(corrections) + 1:03}", row[0], KINDS[field]]
                last = row.copy()
                last[field] += "（改前）"
    versions = dict(sorted(versions.items()))
    # planted
    first = next(key for key, row in corrections.items() if row[2] == "规范项目名称")
    corrections[first][2] = "完善法律依据"                                  # tagged as what it is not: two findings
    skipped = [key for key, row in versions.items() if row[2] == 3][-1]
    versions[skipped][2] = 4                                              # the third version calls itself the fourth
    other = [key for key, row in versions.items() if row[2] == 3][5]
    wrong = versions[other]
    wrong[4] += "（暂定）"                                                 # the last version is not what was published
    corrections["GZ-900"] = ["GZ-900", other, "合并、拆分"]
    return versions, corrections


def fees():
    by_unit = [unit for unit in UNITS][:18]
    table = [[f"SF-{n + 1:02}", f"样例收费{n + 1:02}", "行政事业性收费", by_unit[n % 18], "", "中华人民共和国行政许可法", "省级", "按批准的标准", "是" if n < 8 else "否"] for n in range(40)]
    linked = {"ZJ-07": "财政票据管理办法", "ZJ-08": "城市道路管理条例", "SL-01": "中华人民共和国水法"}
    for row, (item, statute) in zip(table[9:], linked.items()):
        row[4], row[5], row[3] = item, statute, next(one["部门"] for one in ITEMS if one["编码"] == item)
    table.append(["SF-41", "诉讼费", "法院诉讼费", "上街区人民法院", "", "中华人民共和国行政许可法", "国家级", "按诉讼标的", "否"])
    table += [[f"JJ-{n + 1:02}", f"样例基金{n + 1}", "政府性基金", "上街区财政局", "", "中华人民共和国行政许可法", "国家级", "按批准的标准", "是" if n == 0 else "否"] for n in range(8)]
    at = {row[0]: row for row in table}
    # planted: NW-09 charges a fee that is not on the list
    at["SF-20"][6] = "市级"                                                # approved by the city
    at["SF-21"][7] = ""
    at["JJ-03"][6] = "省级"                                                # a fund approved by the province
    at["SF-22"][1], at["SF-22"][3] = at["SF-23"][1], at["SF-23"][3]          # twice
    at["SF-30"][4], at["SF-30"][3] = "MZ-01", "上街区民政局"                   # says it charges for what is declared free
    at["SF-12"][5] = "中华人民共和国行政许可法"                                # ZJ-08 itself names another basis
    write("lists/fees.csv", ["编号", "名称", "款项", "单位", "事项", "依据", "批准层级", "标准", "小微免征"], table)


def rounds():
    submissions, reviews, remarks = {}, {}, {}
    for place, unit in enumerate(UNITS, 1):
        start = dt.date(2015, 5, 25) + place % 5 * DAY
        for n in (1, 2, 3):
            up, down = later(start, 30 * (n - 1)), later(start, 30 * (n - 1) + 8)
            submissions[f"B{place:02}-{n}"] = [f"B{place:02}-{n}", unit, n, n, up, sum(item["部门"] == unit for item in ITEMS)]
            reviews[f"S{place:02}-{n}"] = [f"S{place:02}-{n}", unit, n, down, later(down, 2), "同意汇总" if n == 3 else ""]
            for m in (1, 2):
                key = f"Y{place:02}-{n}{m}"
                declined = (place + n + m) % 6 == 0
                remarks[key] = [key, f"S{place:02}-{n}", ["补齐设定依据条款", "统一项目名称"][m - 1], "不采纳" if declined else "采纳",
                                "条款已经列明" if declined else "", later(down, 6)]
    # planted
    del submissions["B24-2"], reviews["S24-2"]                             # the second round was skipped
    for m in (1, 2):
        del remarks[f"Y24-2{m}"]
    submissions["B03-2"][3] = 1                                            # the same version again
    submissions["B05-2"][4] = reviews["S05-1"][4] - DAY * 3                # handed in before the first was returned
    reviews["S07-3"][5] = ""                                               # no summary
    reviews["S08-2"][4] = ""                                               # never returned
    reviews["S09-1"][3] = submissions["B09-1"][4] - DAY                    # reviewed before it was handed in
    reviews["S28-4"] = ["S28-4", UNITS[27], 4, *reviews["S28-3"][3:]]          # a fourth review
    submissions["B26-3"][5] += 1                                           # one item more than declared
    remarks["Y11-21"][3:] = ["", "", ""]                                   # unanswered when the next was handed in
    remarks["Y12-31"][3:] = ["", "", ""]                                   # unanswered after the last: a warning
    remarks["Y13-11"][5] = submissions["B13-2"][4] + DAY                   # answered a day too late
    remarks["Y14-22"][3:5] = ["不采纳", ""]                                 # declined without a reason
    remarks["Y16-12"][5] = reviews["S16-1"][4] - DAY                       # answered before it was returned
    remarks["Y17-32"][5] = dt.date(2015, 12, 25)                           # answered after today
    write("rounds/exchanges.csv", ["部门", "步骤", "日期"], exchanges(submissions, reviews))
    write("rounds/submissions.csv", ["编号", "部门", "次", "版本", "日期", "项数"], submissions.values())
    write("rounds/reviews.csv", ["编号", "部门", "次", "日期", "反馈日期", "小结"], reviews.values())
    write("rounds/remarks.csv", ["编号", "审核", "内容", "答复", "理由", "答复日期"], remarks.values())


STEPS = {1: ("部门上报", "一审反馈"), 2: ("再报", "二审反馈"), 3: ("三报", "再次反馈")}


def exchanges(submissions, reviews):
    """The same rounds, step by step, in the words of the account."""
    table = [[row[1], STEPS[row[2]][0], row[4]] for row in submissions.values()]
    for row in reviews.values():
        if row[2] == 3 and row[5]:
            table.append([row[1], "三审小结", row[3]])
        if row[2] in STEPS and row[4]:
            table.append([row[1], STEPS[row[2]][1], row[4]])
    return sorted(table, key=lambda row: (UNITS.index(row[0]), row[2]))


def experts():
    people = [[name, kind, place] for name, kind, place in [
        ("法律专家甲", "法律专家", "某律师事务所"), ("法律专家乙", "法律专家", "某大学法学院"), ("管理专家甲", "行政管理专家", "某党校"),
        ("管理专家乙", "行政管理专家", "某大学"), ("业务专家甲", "业务专家", "某行业协会"), ("业务专家乙", "业务专家", "上街区民政局")]]
    contested = ["CG-15", "MZ-03", "WH-05", "WH-11", "CZ-02", "JY-05", "LS-01"]      # planted: NW-05 was not reviewed
    reviews, opinions, suggestions = [], [], []
    for n, item in enumerate(contested, 1):
        key = f"LZ-{n:02}"
        reviews.append([key, item, "2015-08-18", "取消" if item == "CG-15" else "保留", f"上审改论纪〔2015〕{n}号"])
        opinions += [[key, name, "通过", "通过", "通过"] for name in ("法律专家甲", "管理专家甲", "业务专家甲")]
    for n in range(30):
        adopted = n % 5 != 4
        suggestions.append([f"JY-{n + 1:02}", f"LZ-{n % 7 + 1:02}", "完善事中事后监管", "是" if adopted else "否", "" if adopted else "已有规定"])
    at = {(row[0], row[1]): row for row in opinions}
    # planted
    at["LZ-02", "业务专家甲"][1] = "业务专家乙"                               # from the department itself
    at["LZ-03", "法律专家甲"][3] = ""                                       # silent on reasonableness
    at["LZ-04", "法律专家甲"][2] = at["LZ-04", "管理专家甲"][2] = "不通过"      # two of three find it unlawful, it stays
    at["LZ-05", "管理专家甲"][1] = "法律专家乙"                               # nobody for administration
    opinions.remove(at["LZ-06", "业务专家甲"])                                # two experts only, and no kind three
    reviews[6][3:] = ["", ""]                                              # no conclusion
    reviews[5][2] = "2015-12-18"                                           # held after today
    suggestions[4][4] = ""                                                 # declined without a reason
    suggestions[9][3] = ""                                                 # neither adopted nor declined
    write("rounds/experts.csv", ["姓名", "类别", "单位"], people)
    write("rounds/expert-reviews.csv", ["编号", "事项", "日期", "结论", "纪要文号"], reviews)
    write("rounds/expert-opinions.csv", ["编号", "专家", "合法性", "合理性", "必要性"], opinions)
    write("rounds/suggestions.csv", ["编号", "论证", "内容", "采纳", "理由"], suggestions)


def milestones():
    tasks = [("报送权责清单", "2015-06-30"), ("完成网上录入", "2015-10-30"), ("完成流程图绘制", "2015-09-18")]
    table = {}
    for n, unit in enumerate(UNITS, 1):
        for m, (task, due) in enumerate(tasks, 1):
            table[f"JD{n:02}-{m}"] = [f"JD{n:02}-{m}", task, unit, due, due]
    # planted
    table["JD03-1"][4] = "2015-07-02"        # late by two working days: no notice needed
    table["JD07-1"][4] = "2015-07-10"        # late by eight, a notice was sent
    table["JD09-1"][4] = "2015-07-10"        # late by eight, none was sent
    table["JD11-2"][4] = ""                  # still open; the notice was not answered, nobody was held to account
    table["JD13-3"][4] = "2015-10-20"        # late; the notice was answered late
    table["JD15-3"][4] = ""                  # still open; somebody was held to account, who is not said
    notices = [
        ["DB-01", "JD07-1", "2015-07-02", "2015-07-09", "2015-07-01"],      # answered before it was sent
        ["DB-02", "JD11-2", "2015-11-03", "2015-11-10", ""],
        ["DB-03", "JD13-3", "2015-09-22", "2015-10-09", "2015-10-20"],
        ["DB-04", "JD15-3", "2015-09-22", "2015-10-09", ""],
        ["DB-05", "JD20-2", "2015-10-29", "2015-11-05", "2015-10-30"],      # before the day was due
    ]
    write("registers/milestones.csv", ["编号", "任务", "责任单位", "到期", "完成"], table.values())
    write("registers/notices.csv", ["编号", "节点", "发出", "限期", "反馈"], notices)
    write("registers/accountability.csv", ["督办通知", "日期", "责任人", "依据"], [["DB-04", "2015-10-16", "", "郑办〔2013〕23号"]])


PROJECT = ["编号", "名称", "建设单位", "建设性质", "建设地点", "建设内容", "开工", "竣工", "总投资", "行业", "占地", "年度投资", "形象进度", "责任部门", "联系人", "代办员", "启动", "并联延期", "并联延期批准"]


def projects():
    chance = random.Random(20150618)
    chain = ["FG-01", "GH-01", "GT-01", "HB-01", "GH-02", "ZJ-01"]
    table, sources, joint, after = {}, [], {}, {}
    for n in range(1, 16):
        key, total = f"XM-{n:02}", 2000 + 500 * chance.randrange(40)
        opened = later(dt.date(2015, 3, 2), chance.randrange(60))
        table[key] = [key, f"样例重点项目{n}", f"样例企业{n}", "新建", "产业集聚区", "厂房及配套设施", "2015-03-01", "2016-12-31", f"{total}万元", "制造业",
                      "60亩", f"{total // 2}万元", "主体施工", UNITS[n % 12], person(n), person(30 + n), opened, "0 工作日", ""]
        own = total * 6 // 10
        sources += [[key, "自筹资金", f"{own}万元"], [key, "银行贷款", f"{total - own}万元"]]
        closed = {}
        for m, item in enumerate(chain, 1):
            # 1, 2 and 3 begin together; 4 follows 1; 5 follows 2 and 3; 6 follows 4 and 5.
            before = {4: [1], 5: [2, 3], 6: [4, 5]}.get(m, [])
            start = max((closed[one] for one in before), default=opened)
            closed[m] = later(start, chance.randrange(3, 10))
            joint[f"{key}/{m}"] = [f"{key}/{m}", key, item, start, closed[m]]
            after[f"{key}/{m}"] = [f"{key}/{one}" for one in before]
    # planted
    table["XM-02"][14] = table["XM-02"][12] = ""                              # two of the fourteen fields are missing
    table["XM-03"][7] = "2014-12-31"                                          # finished before it began
    sources[6][2] = "1万元"                                                    # the sources do not add up
    table["XM-05"][11] = "90000万元"                                           # more this year than in all
    table["XM-06"][15] = ""
    after["XM-07/4"].append("XM-08/1")                                         # waits for another project's step
    joint["XM-09/6"][3] -= DAY * 5                                             # begun before what it needs was done
    joint["XM-10/6"][3] = joint["XM-10/6"][4] = later(joint["XM-10/6"][4], 6)   # idle for days
    joint["XM-11/3"][3] = later(joint["XM-11/3"][4], 20)                       # one after the other instead of together
    joint["XM-11/3"][4] = later(joint["XM-11/3"][3], 3)
    joint["XM-12/6"][4] = later(table["XM-12"][16], 50)                        # 50 working days
    table["XM-13"][17:] = ["20 工作日", "本机关负责人"]                          # 20 days more, by the wrong authority
    after["XM-15/1"].append("XM-15/6")                                         # the first waits for the last: a circle
    joint["XM-01/6"][4] = joint["XM-01/6"][3] - DAY                            # closed before it was accepted
    joint["XM-14/6"][4] = ""                                                   # still running, beyond 45
    write("projects/projects.csv", PROJECT, table.values())
    write("projects/sources.csv", ["编号", "来源", "金额"], sources)
    write("projects/steps.csv", ["编号", "项目", "事项", "受理", "办结", "前置"], [[*row, "、".join(after[key])] for key, row in joint.items()])
    issues = [[f"ZF-{n:02}", "走访", f"样例企业{n % 10 + 1}", dt.date(2015, 4, 8), dt.date(2015, 4, 28), UNITS[n % 12]] for n in range(1, 28)]
    issues += [[f"LX-{n:02}", "联席会议", f"样例企业{n % 27 + 1}", dt.date(2015, 6, 9), dt.date(2015, 6, 30), UNITS[n % 12]] for n in range(1, 52)]
    issues[3][5] = ""                                                          # planted: nobody's
    issues[30][4] = dt.date(2015, 7, 31)                                       # planted: solved too late
    write("projects/issues.csv", ["编号", "来源", "企业", "提出", "解决", "责任部门"], issues)
    write("projects/visits.csv", ["企业", "日期"], [[f"样例企业{n}", "2015-04-08" if n < 11 else "2015-12-08"] for n in range(1, 12)])   # planted: the last is after today
    meetings = [[f"HY-{n}", f"2015-0{n + 4}-10", "、".join(f"样例企业{m}" for m in range(1, count + 1))] for n, count in enumerate([6, 5, 6, 5, 5], 1)]
    write("projects/meetings.csv", ["编号", "日期", "企业"], meetings)
    agency = [[f"DL-{n:02}", f"XM-{(n - 1) % 15 + 1:02}", f"样例企业{n}", "路条" if n <= 10 else "代办", person(30 + n), "2015-05-11", "2015-05-20"] for n in range(1, 27)]
    agency[12][6] = ""                                                         # planted: nothing came of it
    agency[13][6] = "2015-12-20"                                               # planted: done after today
    write("projects/agency.csv", ["编号", "项目", "企业", "种类", "代办员", "委托", "完成"], agency)


def network():
    towns = ["峡窝镇", "济源路街道", "中心路街道", "新安路街道", "工业路街道", "矿山街道"]
    sites = [["W-0", "区行政服务中心", "区级", "", "", "行政审批、公共服务", "是", 5203]]
    for n, town in enumerate(towns, 1):
        sites.append([f"W-{n}", f"{town}便民服务中心", "镇级", "W-0", person(n), "社会保障、民政救助、计生办证", "是", 400])
        sites += [[f"W-{n}{m}", f"{town}样例社区{m}", "村级", f"W-{n}", person(10 * n + m), "代办申请、政策咨询", "是", 80] for m in range(1, 5 if n < 6 else 1)]
    at = {row[0]: row for row in sites}
    # planted: 矿山街道 (W-6) has no site below it
    at["W-12"][3] = "W-0"                                                      # a village hung on the district
    at["W-21"][4] = ""
    at["W-31"][5] = ""
    at["W-41"][6] = "否"
    write("network/sites.csv", ["编号", "名称", "级", "上级", "代办员", "事项", "联网", "件数"], sites)


def registers():
    kinds = ["人大代表", "政协委员", "基层网格长", "群众代表", "志愿者", "新闻媒体"]
    supervisors = [[f"监督员{n + 1:02}", kinds[n % 6], "2016-06-30"] for n in range(12)]
    for row in supervisors:
        if row[1] == "新闻媒体":
            row[2] = "2015-06-30"                                              # planted: no press since June
    write("registers/supervisors.csv", ["姓名", "身份", "聘期止"], supervisors)
    write("registers/documents.csv", ["文号", "名称", "种类", "施行日期"], [
        ["上行服〔2015〕1号", "窗口管理考核办法", "管理、考核", "2015-02-01"],
        ["上行服〔2015〕2号", "窗口奖惩办法", "奖惩", "2015-02-01"],            # planted: no rules of evaluation
        ["上行服〔2015〕3号", "责任倒查追究实施办法", "责任追究", "2015-02-01"],
        ["上并联〔2015〕1号", "项目信息收集制度", "项目信息收集、并联审批", "2015-03-01"],
        ["上并联〔2015〕2号", "项目推进联席会议制度", "联席会议", "2015-03-01"],
        ["上并联〔2015〕3号", "全程代办制度", "全程代办", "2015-03-01"],
        ["上并联〔2015〕4号", "投诉处理制度", "投诉处理", "2015-12-01"],         # planted: not yet in force
    ])
    write("registers/centre.csv", ["名称"], [["上街区行政服务中心"]])
    visits = [[f"AF-{n:02}", dt.date(2015, 2, 10) + 18 * n * DAY] for n in range(1, 16)]
    problems = [[key, "工作时间离岗", section(IN_HALL[n % 20]), person(n), later(day, 5)] for n, (key, day) in enumerate(visits) for _ in (1, 2)]
    problems[4][4] = later(visits[2][1], 15)                                   # planted: put right too late
    problems[9][4] = ""                                                        # planted: never
    problems[14][3] = ""                                                       # planted: nobody is named
    problems[20][4] = visits[10][1] - DAY                                      # planted: put right before it was found
    write("registers/visits.csv", ["编号", "日期"], visits)
    write("registers/problems.csv", ["编号", "内容", "科室", "责任人", "整改日"], problems)
    flags = []
    for month in range(1, 11):
        flags += [[f"2015-{month:02}", "红旗窗口", section(IN_HALL[(2 * month + m) % 20]), ""] for m in (0, 1)]
        chosen = [(5 * month + m) % 20 for m in range(5)]
        flags += [[f"2015-{month:02}", "红旗人员", section(IN_HALL[one]), f"RY{one + 1:02}1"] for one in chosen]
    flags[1][2] = flags[0][2]                                                  # planted: the same window twice in January
    person_flags = [row for row in flags if row[1] == "红旗人员"]
    person_flags[3][2] = section(IN_HALL[19])                                  # planted: of another window
    flags[7][0] = "2015-03"                                                    # planted: three windows in March
    write("registers/flags.csv", ["年月", "种类", "科室", "人员"], flags)


hall()
lists()
fees()
rounds()
experts()
milestones()
projects()
network()
registers()
