//! Why a finding went or came: each kind of change, alone.

use super::pair::{Said, pair, policies, submissions};
use serde_json::{Value, json};

const ROW: &str = "政策 甲\n表 行 { 号 : 文本 主键 n : 整数 a : 是否 b : 是否 }\n";
const DATA: &[(&str, &str)] = &[("行.csv", "号,n,a,b\nA,7,是,是\n")];

/// Every finding that came or went has this cause alone, and there is one.
#[track_caller]
fn because(said: &Said, cause: Value) {
    let causes = said.causes();
    assert!(!causes.is_empty(), "nothing came or went\n{}", said.text);
    let all = causes.iter().all(|found| *found == json!([cause]));
    assert!(all, "{causes:?}\n{}", said.text);
}

/// The one declaration listed as changed.
#[track_caller]
fn listed(said: &Said, declaration: Value) {
    assert_eq!(said.declarations(), [declaration], "{}", said.text);
}

#[test]
fn an_exception_that_went_came_or_changed() {
    let bare = format!("{ROW}第一条 一 凡 行，不得 a。\n");
    let excepted = format!("{bare} 除非 b\n");
    for (name, old, new) in [
        ("exception-gone", excepted.clone(), bare.clone()),
        ("exception-come", bare.clone(), excepted.clone()),
        ("exception-changed", excepted.clone(), format!("{bare} 除非 n 超过 9\n")),
        (
            "exception-second",
            format!("{excepted} 除非 n 少于 3\n"),
            format!("{bare} 除非 n 少于 3\n"),
        ),
    ] {
        let said = policies(name, &old, &new, DATA);
        because(&said, json!({"kind": "article"}));
        listed(&said, json!(["article", "甲.一", "changed", []]));
        assert!(said.text.contains("原因：条文改了"), "{}", said.text);
    }
}

#[test]
fn the_article_itself() {
    let article = |text: &str| format!("{ROW}第一条 一 {text}\n");
    for (name, old, new) in [
        ("condition", "凡 行 当 n 超过 9，不得 a。", "凡 行 当 n 超过 5，不得 a。"),
        ("requirement", "凡 行，n 不得 超过 9。", "凡 行，n 不得 超过 5。"),
        ("weight", "凡 行，n 宜 不超过 5。", "凡 行，n 必须 不超过 5。"),
        (
            "period",
            "施行 2016-01-01 凡 行，n 不得 超过 5。",
            "施行 2015-01-01 凡 行，n 不得 超过 5。",
        ),
        ("second-sentence", "凡 行，n 不得 超过 9。", "凡 行，n 不得 超过 9。 凡 行，不得 a。"),
    ] {
        let said = policies(name, &article(old), &article(new), DATA);
        because(&said, json!({"kind": "article"}));
        listed(&said, json!(["article", "甲.一", "changed", []]));
    }
    // What only its message says turns nothing.
    let because = |word: &str| article(&format!("凡 行，n 不得 超过 5。 说明 “{word}”"));
    let said = policies("message", &because("甲"), &because("乙"), DATA);
    assert_eq!((said.code, said.part("remaining").len()), (0, 1), "{}", said.text);
    listed(&said, json!(["article", "甲.一", "changed", []]));
    // The same in other words, in another language, at another place says the same.
    let old = article("凡 行，n 不得 超过 9。");
    let new = "# 注\npolicy 甲\ntable 行 { 号 : text key n : integer a : boolean b : boolean }\n\n\
        article 1 一 whenever 行, n must not exceed 9.\n";
    let said = policies("translated", &old, new, DATA);
    assert!(said.text.ends_with("两次没有不同。\n"), "{}", said.text);
}

#[test]
fn parameters_of_every_type() {
    let article = |ty: &str, value: &str, field: &str, article: &str| {
        format!(
            "政策 甲\n枚举 级 由低到高 {{ 低 中 高 }}\n参数 限 : {ty} = {value}\n表 行 {{ 号 : 文本 主键 x : {field} }}\n\
            第一条 一 凡 行，{article}。\n"
        )
    };
    for (name, ty, [old, new], field, value, requirement) in [
        ("list", "多个 整数", ["{1、3、7}", "{1、3}"], "整数", "7", "x 必须 属于 限"),
        ("texts", "多个 文本", ["{“甲”、“乙”}", "{“甲”}"], "文本", "乙", "x 必须 属于 限"),
        ("integer", "整数", ["9", "5"], "整数", "7", "x 不得 超过 限"),
        ("date", "日期", ["2015-12-31", "2015-01-01"], "日期", "2015-06-01", "x 不得 晚于 限"),
        ("amount", "金额", ["100 元", "50 元"], "金额", "70", "x 不得 超过 限"),
        ("enum", "级", ["高", "低"], "级", "中", "x 不得 超过 限"),
        ("text", "文本", ["“a.*”", "“b.*”"], "文本", "ab", "必须 x 匹配 限"),
        ("flag", "是否", ["是", "否"], "是否", "否", "必须 (x 或 限)"),
        ("percent", "百分比", ["90%", "50%"], "百分比", "70%", "x 不得 超过 限"),
    ] {
        let data = format!("号,x\nA,{value}\n");
        let policy = |value: &str| article(ty, value, field, requirement);
        let name = format!("parameter-{name}");
        let said = policies(&name, &policy(old), &policy(new), &[("行.csv", &data)]);
        because(&said, json!({"kind": "parameter", "parameter": "限"}));
        listed(&said, json!(["parameter", "限", "changed", ["甲.一"]]));
    }
    // Of a template, and by the manifest.
    let course = |value: &str| {
        format!(
            "政策 甲\n参数 末 : 文本 = “{value}”\n表 行 {{ 号 : 文本 主键 经过 : 多个 {{ 事 : 文本 }} }}\n\
            第一条 一 凡 行，必须 响应(经过.事, “受理”, 末)。\n"
        )
    };
    let events = [("行.json", r#"[{"号":"A","经过":[{"事":"受理"},{"事":"办结"}]}]"#)];
    let said = policies("parameter-template", &course("办结"), &course("送达"), &events);
    because(&said, json!({"kind": "parameter", "parameter": "末"}));
    let policy = format!("{ROW}参数 限 : 整数 = 9\n第一条 一 凡 行，n 不得 超过 限。\n");
    let files = [("政策.fan", &*policy), DATA[0]];
    let said = pair("parameter-manifest", &files, &files, ["", "[parameters]\n\"限\" = 5\n"]);
    because(&said, json!({"kind": "parameter", "parameter": "限"}));
}

/// What is reached through other declarations is the cause, not what lies between.
#[test]
fn a_declaration_reached_through_others() {
    let chain = |limit: &str, more: &str| {
        format!(
            "{ROW}参数 限 : 多个 整数 = {limit}\n定义 内(行) = n 属于 限{more}\n定义 外(行) = 内 且 a\n\
            第一条 一 凡 行，必须 外。\n"
        )
    };
    let said = policies("through-parameter", &chain("{7}", ""), &chain("{8}", ""), DATA);
    because(&said, json!({"kind": "parameter", "parameter": "限"}));
    listed(&said, json!(["parameter", "限", "changed", ["甲.一"]]));
    let said = policies("through-definition", &chain("{7}", ""), &chain("{7}", " 且 非 b"), DATA);
    because(&said, json!({"kind": "definition", "definition": "行.内"}));
    listed(&said, json!(["definition", "行.内", "changed", ["甲.一"]]));
    // The enum of a field of a row that is referred to, through a definition.
    let referring = |order: &str| {
        format!(
            "政策 甲\n枚举 级 由低到高 {{ {order} }}\n表 法 {{ 名 : 文本 主键 级 : 级 }}\n\
            表 行 {{ 号 : 文本 主键 据 : 法 }}\n定义 够(法) = 级 >= 中\n第一条 一 凡 行，必须 据.够。\n"
        )
    };
    let data = [("法.csv", "名,级\n甲法,低\n"), ("行.csv", "号,据\nA,甲法\n")];
    let said = policies("through-enum", &referring("低 中 高"), &referring("中 低 高"), &data);
    because(&said, json!({"kind": "enum", "enum": "级"}));
}

#[test]
fn an_enum_in_another_order_or_with_other_members() {
    let policy = |declared: &str, requirement: &str| {
        format!(
            "政策 甲\n枚举 级 {declared}\n表 行 {{ 号 : 文本 主键 n : 级 }}\n第一条 一 凡 行，{requirement}。\n"
        )
    };
    let data = [("行.csv", "号,n\nA,低\n")];
    for (name, old, new, requirement) in [
        ("enum-order", "由低到高 { 低 中 高 }", "由低到高 { 中 低 高 }", "n 必须 不少于 中"),
        ("enum-reversed", "由低到高 { 低 中 高 }", "由高到低 { 低 中 高 }", "n 必须 不少于 中"),
        ("enum-member", "{ 低 中 高 }", "{ 中 高 }", "n 必须 为 高"),
        ("enum-spelling", "{ 矮 亦作 “低” 高 }", "{ 矮 高 亦作 “低” }", "n 必须 为 矮"),
    ] {
        let said = policies(name, &policy(old, requirement), &policy(new, requirement), &data);
        because(&said, json!({"kind": "enum", "enum": "级"}));
        listed(&said, json!(["enum", "级", "changed", ["甲.一"]]));
        assert_eq!(said.json["tables"], json!([]), "the row is the same: {}", said.text);
    }
    // From the highest down is from the lowest up, read backwards.
    let (old, new) = ("由低到高 { 低 中 高 }", "由高到低 { 高 中 低 }");
    let requirement = "n 必须 不少于 中";
    let said = policies("enum-same", &policy(old, requirement), &policy(new, requirement), &data);
    assert_eq!(said.declarations(), [] as [Value; 0], "{}", said.text);
}

const CALENDAR: &str = "政策 甲\n表 假 { 日期 : 日期 性质 : 文本 }\n历法 历 于 假 {\n 日期 日期\n 周休 {REST}\n 休 性质 = \
    “{OFF}”\n 班 性质 = “班”\n}\n表 行 { 号 : 文本 主键 起 : 日期 止 : 日期 }\n第一条 限 凡 行，历时(起, 止) \
    不得 超过 5 工作日。\n第二条 净 凡 行，历时(起, 止) 必须 为 0 工作日。 除非 历时(起, 止) 为 5 工作日\n";

#[test]
fn a_calendar() {
    let policy = |rest: &str, off: &str| CALENDAR.replace("{REST}", rest).replace("{OFF}", off);
    let days = "日期,性质\n2015-01-01,休\n2015-03-03,假\n2015-12-31,休\n";
    let data = [("假.csv", days), ("行.csv", "号,起,止\nA,2015-03-02,2015-03-09\n")];
    for (name, rest, off) in
        [("rest", "7", "休"), ("off", "6、7", "假"), ("rest-more", "1、6、7", "休")]
    {
        let said =
            policies(&format!("calendar-{name}"), &policy("6、7", "休"), &policy(rest, off), &data);
        because(&said, json!({"kind": "calendar", "calendar": "历"}));
        listed(&said, json!(["calendar", "历", "changed", ["甲.净", "甲.限"]]));
    }
    // A day of its table is a row.
    let more = format!("{days}2015-03-07,班\n");
    let (old, new) = (data, [("假.csv", &*more), data[1]]);
    let said = submissions("calendar-day", &policy("6、7", "休"), &old, &new);
    because(&said, json!({"kind": "row_added", "table": "假", "key": "2015-03-07, 班"}));
}

const DECIDED: &str = "政策 甲\n枚举 办 { 留 去 调 }\n表 行 { 号 : 文本 主键 办 : 办 a : 是否 b : 是否 }\n裁定 行.办\n \
    次序 {ORDER}\n 否则 {ELSE}\n";
const FIRST: &str = "第一条 一 凡 行 当 a，一律 去。\n";
const SECOND: &str = "第二条 二 凡 行 当 b，一律 留。\n";
const BOTH: &[(&str, &str)] = &[("行.csv", "号,办,a,b\nA,留,是,是\n")];

#[test]
fn articles_that_override_or_are_higher() {
    let decided = |rest: &str| DECIDED.replace("{ORDER}", "去 > 留").replace("{ELSE}", "留") + rest;
    let over = " 优先于 第一条\n";
    let plain = format!("{FIRST}{SECOND}");
    for (name, old, new, change) in [
        ("override-gone", format!("{plain}{over}"), plain.clone(), "changed"),
        ("override-come", plain.clone(), format!("{plain}{over}"), "changed"),
        ("override-added", FIRST.to_owned(), format!("{plain}{over}"), "added"),
        (
            "override-condition",
            format!("{plain}{over}"),
            format!("{plain}{over}").replace("当 b", "当 非 b"),
            "changed",
        ),
    ] {
        let said = policies(name, &decided(&old), &decided(&new), BOTH);
        because(&said, json!({"kind": "article", "article": "甲.二"}));
        listed(&said, json!(["article", "甲.二", change, ["甲.一"]]));
        let word = if change == "added" {
            "新增了 甲 第二条 二"
        } else {
            "甲 第二条 二 改了"
        };
        assert!(said.text.contains(&format!("原因：{word}")), "{}", said.text);
    }
    // One that requires overrides one that requires.
    let policy = |over: &str| {
        format!(
            "{ROW}第一条 一 凡 行，n 不得 超过 5。\n第二条 二 凡 行 当 a，n 不得 超过 50。{over}\n"
        )
    };
    let said = policies("override-requirement", &policy(" 优先于 第一条"), &policy(""), DATA);
    because(&said, json!({"kind": "article", "article": "甲.二"}));
    // A higher demand came.
    let high = |rest: &str| DECIDED.replace("{ORDER}", "留 > 去").replace("{ELSE}", "留") + rest;
    let said = policies("higher", &high(FIRST), &high(&plain), BOTH);
    because(&said, json!({"kind": "article", "article": "甲.二"}));
}

#[test]
fn a_decision() {
    let plain = format!("{FIRST}{SECOND}");
    let decided = |order: &str, otherwise: &str, rest: &str| {
        DECIDED.replace("{ORDER}", order).replace("{ELSE}", otherwise) + rest
    };
    let old = decided("去 > 留", "留", &plain);
    let said = policies("decision-order", &old, &decided("留 > 去", "留", &plain), BOTH);
    because(&said, json!({"kind": "decision", "decision": "甲.办"}));
    listed(&said, json!(["decision", "甲.办", "changed", ["甲.一", "甲.二"]]));
    let free = [("行.csv", "号,办,a,b\nA,留,否,否\n")];
    let said = policies("decision-otherwise", &old, &decided("去 > 留", "调", &plain), &free);
    because(&said, json!({"kind": "decision", "decision": "甲.办"}));
    // Of two that demand the same the first speaks.
    let same = "第三条 三 凡 行 当 b，一律 去。\n";
    let (old, new) = (format!("{FIRST}{same}"), format!("{same}{FIRST}"));
    let order = |rest: &str| decided("去 > 留", "留", rest);
    let said = policies("article-order", &order(&old), &order(&new), BOTH);
    because(&said, json!({"kind": "article"}));
    assert_eq!(said.json["policies"][0]["change"], "moved", "{}", said.text);
}

/// A vocabulary that changed is no change of the rows.
#[test]
fn what_is_declared_of_fields() {
    let listed_rows = |default: &str| {
        format!(
            "政策 甲\n枚举 办 {{ 留 去 }}\n表 行 {{ 号 : 文本 主键 单 : 多个 {{ 名 : 文本 办 : 办 {default} }} }}\n\
            第一条 一 凡 行.单，办 必须 为 留。\n"
        )
    };
    let data = [("行.json", r#"[{"号":"A","单":[{"名":"x"}]}]"#)];
    let (old, new) = (listed_rows("默认 留"), listed_rows("默认 去"));
    let said = policies("field-default", &old, &new, &data);
    because(&said, json!({"kind": "table_field", "table_field": "行.单.办"}));
    listed(&said, json!(["table_field", "行.单.办", "changed", ["甲.一"]]));
    assert_eq!(said.json["tables"], json!([]), "{}", said.text);
    let plain = |field: &str, requirement: &str| {
        format!("政策 甲\n表 行 {{ 号 : 文本 主键 {field} }}\n第一条 一 凡 行，{requirement}。\n")
    };
    for (name, old, new, requirement, file, text) in [
        ("optional", "n : 整数 可缺", "n : 整数 默认 3", "必须 有 n", "行.csv", "号,n\nA,\n"),
        ("type", "n : 文本", "n : 日期", "必须 有 n", "行.csv", "号,n\nA,去年\n"),
        (
            "reading",
            "n : 工作日 读作 {“当场” = 0 工作日}",
            "n : 工作日 读作 {“当场” = 9 工作日}",
            "n 不得 超过 5 工作日",
            "行.csv",
            "号,n\nA,当场\n",
        ),
        (
            "list",
            "n : 多个 文本 默认 {}",
            "n : 多个 文本",
            "数量(n) 必须 为 0",
            "行.json",
            r#"[{"号":"A"}]"#,
        ),
    ] {
        let name = format!("field-{name}");
        let old = plain(old, requirement);
        let said = policies(&name, &old, &plain(new, requirement), &[(file, text)]);
        because(&said, json!({"kind": "table_field", "table_field": "行.n"}));
        listed(&said, json!(["table_field", "行.n", "changed", ["甲.一"]]));
        assert_eq!(said.json["tables"], json!([]), "{}", said.text);
    }
}

#[test]
fn processes_periods_imports_and_measures() {
    let events = [("行.json", r#"[{"号":"A","经过":[{"事":"受理"},{"事":"办结"}]}]"#)];
    let process = |steps: &str| {
        format!(
            "政策 甲\n表 行 {{ 号 : 文本 主键 经过 : 多个 {{ 事 : 文本 }} }}\n流程 程 于 行.经过.事\n {steps}\n\
            第一条 一 凡 行，必须 走完 程。\n"
        )
    };
    let said =
        policies("process", &process("受理 → 办结"), &process("受理 → 审查 → 办结"), &events);
    because(&said, json!({"kind": "process", "process": "程"}));
    listed(&said, json!(["process", "程", "changed", ["甲.一"]]));
    let header = |day: &str| {
        ROW.replace("政策 甲\n", &format!("政策 甲\n 施行 {day}\n"))
            + "第一条 一 凡 行，n 不得 超过 5。\n"
    };
    let said = policies("policy-period", &header("2016-01-01"), &header("2015-01-01"), DATA);
    because(&said, json!({"kind": "policy", "policy": "甲"}));
    listed(&said, json!(["policy", "甲", "changed", ["甲.一"]]));
    // A file that no longer uses another does not see its definitions.
    let words = "词汇 词\n表 行 { 号 : 文本 主键 n : 整数 }\n";
    let more = "词汇 外\n使用 词\n定义 大(行) = n 超过 5\n";
    let rule = |uses: &str| format!("政策 甲\n使用 {uses}\n第一条 一 凡 行，不得 大。\n");
    let data = ("行.csv", "号,n\nA,7\n");
    let (both, alone) = (rule("词、外"), rule("词"));
    let (old, new) = (
        [("词.fan", words), ("外.fan", more), ("规.fan", &*both), data],
        [("词.fan", words), ("外.fan", more), ("规.fan", &*alone), data],
    );
    let said = pair("import", &old, &new, ["", ""]);
    because(&said, json!({"kind": "import", "import": "甲"}));
    listed(&said, json!(["import", "甲", "changed", ["甲.一"]]));
    let measure = |body: &str| format!("{ROW}第一条 一 凡 行，n 不得 超过 5。\n指标 数 = {body}\n");
    let said = policies("measure", &measure("数量(行)"), &measure("合计(行: n)"), DATA);
    listed(&said, json!(["measure", "甲.数", "changed", []]));
    assert_eq!((said.code, said.part("remaining").len()), (0, 1));
}

const LOOKED_INTO: &str = "政策 甲\n表 法 { 名 : 文本 主键 n : 整数 注 : 文本 可缺 }\n表 行 { 号 : 文本 主键 m : 整数 }\n第一条 一 凡 \
    行，必须 存在(法: n = 本行.m)。\n";
const LOOKING: (&str, &str) = ("行.csv", "号,m\nA,5\n");

#[test]
fn rows_of_other_tables_by_name() {
    let law = |text: &'static str| [("法.csv", text), LOOKING];
    let old = law("名,n,注\nx,5,\ny,1,\n");
    let field = |key: &str| json!({"kind": "field", "table": "法", "key": key, "field": "n"});
    for (name, new, cause) in [
        ("other-changed", law("名,n,注\nx,6,\ny,1,\n"), field("x")),
        // One that changed as well, and makes no difference.
        ("other-two", law("名,n,注\nx,6,\ny,2,改\n"), field("x")),
        (
            "other-removed",
            law("名,n,注\ny,1,\n"),
            json!({"kind": "row_removed", "table": "法", "key": "x"}),
        ),
    ] {
        because(&submissions(name, LOOKED_INTO, &old, &new), cause);
    }
    let said = submissions("other-added", LOOKED_INTO, &law("名,n,注\ny,1,\n"), &old);
    because(&said, json!({"kind": "row_added", "table": "法", "key": "x"}));
    // Two, each of which would do: it takes both.
    let (old, new) = (law("名,n,注\nx,5,\ny,5,\n"), law("名,n,注\nx,6,\ny,6,\n"));
    let said = submissions("other-both", LOOKED_INTO, &old, &new);
    assert_eq!(said.causes(), [json!([field("x"), field("y")])], "{}", said.text);
    // So many that they are only counted.
    let many = |n: usize| (1..=20).map(|at| format!("x{at},{n},\n")).collect::<String>();
    let (old, new) = (format!("名,n,注\n{}", many(5)), format!("名,n,注\n{}", many(6)));
    let said = submissions(
        "other-many",
        LOOKED_INTO,
        &[("法.csv", &old), LOOKING],
        &[("法.csv", &new), LOOKING],
    );
    because(&said, json!({"kind": "rows", "table": "法", "rows": 20}));
}

#[test]
fn rows_that_are_referred_to() {
    let policy = "政策 甲\n表 法 { 名 : 文本 主键 级 : 整数 }\n表 行 { 号 : 文本 主键 据 : 法 }\n第一条 一 凡 行，据.级 不得 超过 3。\n";
    let rows = ("行.csv", "号,据\nA,x\nB,y\n");
    let law = |text: &'static str| [("法.csv", text), rows];
    let old = law("名,级\nx,1\ny,1\n");
    let said = submissions("referred", policy, &old, &law("名,级\nx,9\ny,2\n"));
    because(&said, json!({"kind": "field", "table": "法", "key": "x", "field": "级"}));
    // A row that went leaves the one that refers to it as it is written.
    let said = submissions("referred-gone", policy, &old, &law("名,级\ny,2\n"));
    because(&said, json!({"kind": "row_removed", "table": "法", "key": "x"}));
    let tables = said.json["tables"].as_array().unwrap();
    assert_eq!((tables.len(), &tables[0]["table"]), (1, &json!("法")), "{}", said.text);
    let other = [("法.csv", "名,级\nx,1\ny,9\n"), rows];
    let said =
        submissions("referring", policy, &other, &[other[0], ("行.csv", "号,据\nA,y\nB,y\n")]);
    because(&said, json!({"kind": "field", "field": "据"}));
}

/// The same key in several rows: who else has it is the cause.
#[test]
fn rows_of_the_same_table() {
    let policy = "政策 甲\n表 行 { 号 : 文本 主键 名 : 文本 }\n第一条 一 凡 行，数量(行: 名 = 本行.名) 必须 为 1。\n";
    let said = submissions(
        "same-table",
        policy,
        &[("行.csv", "号,名\nA,x\nB,y\nC,z\n")],
        &[("行.csv", "号,名\nA,x\nB,x\nC,w\n")],
    );
    let other = json!([{"kind": "field", "table": "行", "key": "B", "field": "名"}]);
    assert_eq!(said.causes(), [other, json!([{"kind": "field", "field": "名"}])], "{}", said.text);
}

#[test]
fn tables_and_elements_that_are_missing() {
    let law = ("法.csv", "名,n,注\nx,5,\n");
    let said = submissions("table-missing", LOOKED_INTO, &[law, LOOKING], &[LOOKING]);
    because(&said, json!({"kind": "data", "table": "法", "data": "missing"}));
    let said = submissions("table-back", LOOKED_INTO, &[LOOKING], &[law, LOOKING]);
    because(&said, json!({"kind": "data", "table": "法", "data": "restored"}));
    // Elements whose row went are nobody's: what went is the row.
    let policy = "政策 甲\n表 项 { 号 : 文本 主键 步 : 多个 { 名 : 文本 } }\n第一条 一 凡 项，数量(步) 不得 超过 2。\n";
    let steps = ("项.步.csv", "号,名\n窗口甲,受理\n窗口乙,受理\n窗口乙,决定\n");
    let (old, new) =
        ([("项.csv", "号\n窗口甲\n窗口乙\n"), steps], [("项.csv", "号\n窗口甲\n"), steps]);
    let said = submissions("orphans", policy, &old, &new);
    because(&said, json!({"kind": "row_removed", "table": "项", "key": "窗口乙"}));
    assert_eq!(said.json["tables"][0]["changed"], json!([]), "{}", said.text);
}

#[test]
fn the_day_where_the_rule_asks_for_it() {
    let policy = |rule: &str| {
        format!(
            "政策 甲\n参数 限 : 整数 = 9\n表 行 {{ 号 : 文本 主键 日 : 日期 n : 整数 }}\n第一条 一 {rule}\n"
        )
    };
    let manifest = |day: &str| {
        format!(
            "[project]\nname = \"例\"\nas_of = {day}\npolicies = [\"*.fan\"]\n[data]\n\"行\" = \"行.csv\"\n"
        )
    };
    let (before, after) = (manifest("2015-11-20"), manifest("2016-11-20"));
    let data = ("行.csv", "号,日,n\nA,2016-01-01,7\n");
    for (name, rule) in [
        ("day-today", "凡 行，日 不得 早于 今日。"),
        ("day-period", "施行 2016-01-01 凡 行，n 不得 超过 5。"),
        ("day-ends", "施行 2015-01-01 至 2015-12-31 凡 行，n 不得 超过 5。"),
    ] {
        let policy = policy(rule);
        let files = |manifest| [("政策.fan", &*policy), ("fanshi.toml", manifest), data];
        let said = pair(name, &files(&before), &files(&after), ["", ""]);
        because(&said, json!({"kind": "day"}));
    }
    // A rule that does not ask for it is not swayed by it.
    let (old, new) = (policy("凡 行，n 不得 超过 9。"), policy("凡 行，n 不得 超过 5。"));
    let said = pair(
        "day-and-article",
        &[("政策.fan", &old), ("fanshi.toml", &before), data],
        &[("政策.fan", &new), ("fanshi.toml", &after), data],
        ["", ""],
    );
    because(&said, json!({"kind": "article"}));
}

/// What is new has the sign that `check` gives it; a decision is called by its field, whichever
/// part of it changed.
#[test]
fn what_is_new_is_marked_as_it_is_in_a_report() {
    let policy = "政策 馆规 | library\n枚举 处置 | fate { 留 | keep 去 | drop }\n表 书 | book { 号 | code : \
                  文本 主键 页 | pages : 整数 可缺 处理 | state : 处置 }\n裁定 书.处理\n第一条 厚 | thick\n凡 书，页 \
                  不得 超过 10。\n第二条 薄 | thin\n凡 书，页 宜 不少于 5。\n第三条 看 | look\n凡 有 页 且 页 = 8 \
                  的 书，提请 “看一看”。\n";
    let policy = policy.replace("整数 可缺", "整数").replace("有 页 且 ", "");
    let old = "号,页,处理\n甲,6,留\n乙,6,留\n丙,6,留\n丁,6,留\n";
    let new = "号,页,处理\n甲,60,留\n乙,1,留\n丙,,留\n丁,8,留\n";
    let said = submissions("signs", &policy, &[("书.csv", old)], &[("书.csv", new)]);
    let signs: Vec<(&str, &str)> = said
        .text
        .lines()
        .filter(|line| line.contains(" 新出现 馆规"))
        .map(|line| (line.split(' ').next().unwrap(), line.split(' ').nth(3).unwrap()))
        .collect();
    for expected in [("✗", "第一条"), ("!", "第二条"), ("?", "第一条"), ("?", "第三条")]
    {
        assert!(signs.contains(&expected), "{expected:?} {}", said.text);
    }
}

#[test]
fn a_decision_is_called_by_its_field() {
    let policy = |order: &str, otherwise: &str| {
        format!(
            "政策 馆规 | library\n枚举 处置 | fate {{ 留 | keep 去 | drop }}\n表 书 | book {{ 号 | code : 文本 主键 \
             页 | pages : 整数 处理 | state : 处置 }}\n裁定 书.处理 次序 {order} 否则 {otherwise}\n第一条 厚 | \
             thick\n凡 页 超过 10 的 书，一律 去。\n第二条 薄 | thin\n凡 页 少于 20 且 页 超过 5 的 书，一律 留。\n"
        )
    };
    let books = [("书.csv", "号,页,处理\n甲,15,留\n乙,3,留\n")];
    for (name, order, otherwise) in [("order", "留 > 去", "留"), ("otherwise", "去 > 留", "去")]
    {
        let (old, new) = (policy("去 > 留", "留"), policy(order, otherwise));
        let said = policies(&format!("called-{name}"), &old, &new, &books);
        assert!(said.text.contains("原因：裁定 书.处理 改了"), "{}", said.text);
        assert!(said.text.contains("~ 裁定 书.处理：去 > 留，否则 留 → "), "{}", said.text);
    }
}

const WORKED: &str = "政策 甲\n表 假 { 日 : 日期 息 : 是否 }\n历法 历 于 假 { 日期 日 周休 6、7 休 息 班 非 息 }\n\
    表 行 { 号 : 文本 主键 始 : 日期 终 : 日期 }\n第一条 一 凡 行，历时(始, 终) 不得 超过 3 工作日。\n";

/// Of two calendars nobody knows which counts: the one that came or went is the cause.
#[test]
fn a_calendar_that_came_or_went() {
    let days = ("假.csv", "日,息\n2015-01-01,是\n");
    let rows = ("行.csv", "号,始,终\nA,2015-01-05,2015-02-02\n");
    let more = ("余.csv", "日,息\n2015-01-01,是\n");
    let table = "表 余 { 日 : 日期 息 : 是否 }\n";
    let second =
        |table: &str| format!("{WORKED}历法 又 于 {table} {{ 日期 日 周休 7 休 息 班 非 息 }}\n");
    let (own, other) = (second("假"), format!("{table}{}", second("余").replace("政策 甲\n", "")));
    let other = format!("政策 甲\n{other}");
    let cause = json!([{"kind": "calendar", "calendar": "又"}]);
    for (name, policy) in [("same-table", &own), ("other-table", &other)] {
        let (old, new) =
            ([("政策.fan", WORKED), days, rows], [("政策.fan", &**policy), days, rows, more]);
        let new = if name == "same-table" { &new[..3] } else { &new[..] };
        for (back, [old, new], edit) in
            [(false, [&old[..], new], "added"), (true, [new, &old[..]], "removed")]
        {
            let said = pair(&format!("calendar-{name}-{back}"), old, new, ["", ""]);
            assert_eq!(said.part("turned").len(), 1, "{name}\n{}", said.text);
            assert_eq!(said.causes().first(), Some(&cause), "{name}\n{}", said.text);
            let listed = said.declarations();
            let found = json!(["calendar", "又", edit, ["甲.一"]]);
            assert!(listed.contains(&found), "{name}\n{}", said.text);
        }
    }
    let none = WORKED.replace("历法 历 于 假 { 日期 日 周休 6、7 休 息 班 非 息 }\n", "");
    let said = policies("calendar-none", WORKED, &none, &[days, rows]);
    let calendar = json!(["calendar", "历", "removed", ["甲.一"]]);
    assert!(said.declarations().contains(&calendar), "{}", said.text);
}

/// What the manifest makes of the same bytes is no change of the rows.
#[test]
fn the_manifest_reads_the_same_file_otherwise() {
    let policy = |more: &str| {
        format!(
            "政策 甲\n表 行 {{ 号 : 文本 主键 n : 整数 m : 整数 {more}}}\n\
            第一条 一 凡 行，n 不得 超过 5。\n"
        )
    };
    let manifest = |lines: &str| {
        format!(
            "[project]\nname = \"例\"\nas_of = 2015-11-20\npolicies = [\"*.fan\"]\n[data]\n\
            \"行\" = {{ file = \"数.csv\", {lines} }}\n"
        )
    };
    let headings =
        |x: &str, y: &str| manifest(&format!("headings = {{ x = \"{x}\", y = \"{y}\" }}"));
    let titled = |header: u32| manifest(&format!("header = {header}"));
    let totals = |word: &str| manifest(&format!("totals = [\"{word}\"]"));
    for (name, [old, new], data, key, edit) in [
        (
            "headings",
            [headings("n", "m"), headings("m", "n")],
            "号,x,y\nA,1,9\n",
            "headings",
            "changed",
        ),
        ("header", [titled(1), titled(2)], "号,n,m\n号,m,n\nA,9,1\n", "header", "changed"),
        ("header-back", [titled(2), titled(1)], "号,n,m\n号,m,n\nA,1,9\n", "header", "changed"),
        ("totals", [totals("A"), totals("合计")], "号,n,m\nA,9,1\nB,1,1\n", "totals", "changed"),
    ] {
        let policy = policy("");
        let (old, new) = (
            [("政策.fan", &*policy), ("数.csv", data), ("fanshi.toml", &*old)],
            [("政策.fan", &*policy), ("数.csv", data), ("fanshi.toml", &*new)],
        );
        let said = pair(&format!("manifest-{name}"), &old, &new, ["", ""]);
        let cause = json!({"kind": "manifest", "manifest": format!("行.{key}")});
        because(&said, cause);
        listed(&said, json!(["manifest", format!("行.{key}"), edit, ["甲.一"]]));
        assert_eq!(said.json["tables"], json!([]), "{name}\n{}", said.text);
    }
    // A file that says something else as well: each its own cause.
    let policy = policy("");
    let (one, other) = (headings("n", "m"), headings("m", "n"));
    let (old, new) = (
        [("政策.fan", &*policy), ("数.csv", "号,x,y\nA,1,9\nB,9,1\n"), ("fanshi.toml", &*one)],
        [("政策.fan", &*policy), ("数.csv", "号,x,y\nA,1,9\nB,8,9\n"), ("fanshi.toml", &*other)],
    );
    let said = pair("manifest-both", &old, &new, ["", ""]);
    let causes = |key: &str| {
        let new = said.part("new").iter().find(|found| found["subject"]["key"] == key);
        new.map(|found| found["causes"].clone())
    };
    let reading = json!([{"kind": "manifest", "manifest": "行.headings"}]);
    assert_eq!(causes("A"), Some(reading), "{}", said.text);
    assert_eq!(said.json["tables"][0]["changed"].as_array().unwrap().len(), 1, "{}", said.text);
}
