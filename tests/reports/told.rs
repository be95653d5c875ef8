//! What programs read says all of it: no text is cut, no two things read alike, and every article
//! that takes part is named.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A project in a folder of its own.
fn project(name: &str, files: &[(&str, &str)], lines: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("told").join(name);
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).unwrap();
    let mut manifest =
        "[project]\nname = \"例\"\nas_of = 2015-11-20\npolicies = [\"*.fan\"]\n[data]\n".to_owned();
    for (file, text) in files {
        std::fs::write(root.join(file), text).unwrap();
        if let Some((table, "csv" | "json")) = file.rsplit_once('.') {
            manifest.push_str(&format!("\"{table}\" = \"{file}\"\n"));
        }
    }
    std::fs::write(root.join("fanshi.toml"), format!("{manifest}{lines}")).unwrap();
    root
}

/// What a command prints.
fn printed(arguments: &[&str], paths: &[&Path]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .args(arguments)
        .args(paths)
        .args(["--lang", "zh"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str], paths: &[&Path]) -> Value {
    let (command, rest) = arguments.split_first().unwrap();
    let arguments: Vec<&str> = [*command, "--format", "json"].iter().chain(rest).copied().collect();
    serde_json::from_str(&printed(&arguments, paths)).unwrap()
}

const LONG: &str = "政策 甲 | a\n表 馆 | hall { 名 : 文本 主键 }\n\
    表 书 | book { 号 | id : 文本 主键 题 | title : 文本 页 | pages : 整数 馆 | hall : 馆 }\n\
    第一条 一 凡 书，题 必须 为 “短”。\n 说明 “题为{题}”\n第二条 二 凡 书，馆.名 必须 为 “短”。\n\
    指标 按题 | by_title = 合计(书: 页) 按 题\n指标 按馆 | by_hall = 合计(书: 页) 按 馆\n";

/// Two texts and two keys that begin alike, longer than people are shown.
fn long(name: &str) -> ([String; 4], PathBuf) {
    let text = |last: &str| format!("{}{last}", "长".repeat(62));
    let key = |middle: &str| format!("{}{middle}{}", "馆".repeat(130), "馆".repeat(50));
    let [one, other, here, there] = [text("甲"), text("乙"), key("东"), key("西")];
    let halls = format!("名\n{here}\n{there}\n");
    let books = format!("号,题,页,馆\nA,{one},1,{here}\nB,{other},2,{there}\n");
    let root = project(name, &[("p.fan", LONG), ("馆.csv", &halls), ("书.csv", &books)], "");
    ([one, other, here, there], root)
}

/// All texts of a value.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

#[test]
fn what_a_program_reads_is_never_cut() {
    let (names, root) = long("whole");
    let (_, later) = long("whole-later");
    let books = std::fs::read_to_string(later.join("书.csv")).unwrap();
    std::fs::write(later.join("书.csv"), books.replace("甲,1,", "甲丙,1,")).unwrap();
    let sarif = printed(&["check", "--format", "sarif"], &[&root]);
    for (what, said) in [
        ("check", json(&["check"], &[&root])),
        ("review", json(&["review", "--by", "书.题"], &[&root])),
        ("explain", json(&["explain", "A", "-p"], &[&root])),
        ("diff", json(&["diff"], &[&root, &later])),
        ("sarif", serde_json::from_str(&sarif).unwrap()),
    ] {
        let mut all = Vec::new();
        texts(&said, &mut all);
        let cut: Vec<&String> = all.iter().filter(|text| text.contains('…')).collect();
        assert!(cut.is_empty(), "{what}: {cut:?}");
        let [one, other, ..] = &names;
        assert!(all.iter().any(|text| text.contains(one)), "{what}");
        assert!(what == "explain" || all.iter().any(|text| text.contains(other)), "{what}");
    }
}

#[test]
fn groups_of_measures_are_told_apart() {
    let (names, root) = long("measures");
    let groups = |values: &Value| {
        let values = values.as_array().unwrap().iter();
        values.map(|value| value["group"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let [one, other, here, there] = &names;
    let checked = json(&["check"], &[&root]);
    let reviewed = json(&["review"], &[&root]);
    for (at, mut expected) in [[one, other], [here, there]].into_iter().enumerate() {
        expected.sort();
        for found in
            [&checked["summary"]["measures"][at]["values"], &reviewed["measures"][at]["groups"]]
        {
            let mut found = groups(found);
            found.sort();
            assert_eq!(found, expected.map(String::as_str));
        }
    }
    // People see what tells them apart; what is long and like no other is cut.
    let markdown = printed(&["check", "--format", "markdown"], &[&root]);
    let table = |text: &str| text.split("## 指标").nth(1).unwrap().to_owned();
    assert!([one, other].iter().all(|name| table(&markdown).contains(&format!("“{name}”"))));
    let books = std::fs::read_to_string(root.join("书.csv")).unwrap();
    std::fs::write(root.join("书.csv"), books.replace(&**other, "短")).unwrap();
    let markdown = printed(&["check", "--format", "markdown"], &[&root]);
    assert!(!table(&markdown).contains(&**one) && table(&markdown).contains("长…”"), "{markdown}");
}

/// What belongs to no group is none in data, and looks like none to people.
#[test]
fn an_unknown_group_is_none() {
    for (key, shown) in [("(unknown)", "“(unknown)”"), ("（不详）", "“（不详）”"), ("东", "东")]
    {
        let halls = format!("名\n{key}\n");
        let books = format!("号,题,页,馆\nA,短,1,没有\nB,短,2,{key}\n");
        let files = [("p.fan", LONG), ("馆.csv", &*halls), ("书.csv", &*books)];
        let root = project("unknown", &files, "");
        let values = json(&["check"], &[&root])["summary"]["measures"][1]["values"].clone();
        let expected =
            serde_json::json!([{"group": key, "value": "2"}, {"group": null, "value": "1"}]);
        assert_eq!(values, expected);
        let groups = json(&["review"], &[&root])["measures"][1]["groups"].clone();
        assert_eq!(groups, expected);
        let text = printed(&["check", "--format", "markdown"], &[&root]);
        let lines: Vec<&str> =
            text.lines().filter(|line| line.starts_with("|  |") || line.contains("按馆")).collect();
        assert!(lines.iter().any(|line| line.contains(&format!("| {shown} | 2 |"))), "{text}");
        assert!(lines.iter().any(|line| line.contains("| （不详） | 1 |")), "{text}");
    }
}

const KEYED: &str =
    "政策 甲 | a\n表 书 | book { 号 : 文本 主键 页 : 整数 }\n第一条 一 凡 书，页 不得 超过 10。\n";

/// A spreadsheet runs no cell of it, and no two keys are written alike.
#[test]
fn keys_of_lines_read_back_as_what_they_are() {
    let keys = [
        "=1", "'=1", "''=1", "@x", "'@x", "＝1", "'＝1", "-1", "'-1", "it's", "'", "''", "a\\nb",
        "\\", "x=1",
    ];
    let rows: Vec<Value> =
        keys.iter().map(|key| serde_json::json!({"号": key, "页": 50})).collect();
    let rows = serde_json::to_string(&rows).unwrap();
    let root = project("lines", &[("p.fan", KEYED), ("书.json", &rows)], "");
    let lines = printed(&["check", "--format", "tsv"], &[&root]);
    let read: Vec<String> = lines
        .lines()
        .map(|line| line.split('\t').nth(3).unwrap())
        .inspect(|cell| assert!(!cell.starts_with(['=', '@', '+', '-', '＝']), "{cell}"))
        .map(|cell| cell.strip_prefix('\'').unwrap_or(cell).replace("\\\\", "\\"))
        .collect();
    assert_eq!(read, keys);
}

#[test]
fn keys_are_no_pictures_of_keys() {
    let rows = r#"[{"号":"甲\n乙","页":50},{"号":"甲␊乙","页":50}]"#;
    let root = project("pictures", &[("p.fan", KEYED), ("书.json", rows)], "");
    let sarif: Value =
        serde_json::from_str(&printed(&["check", "--format", "sarif"], &[&root])).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let keys: Vec<&str> =
        results.iter().map(|found| found["properties"]["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["甲\n乙", "甲␊乙"]);
    let names: Vec<&Value> = results
        .iter()
        .map(|found| &found["locations"][0]["logicalLocations"][0]["fullyQualifiedName"])
        .collect();
    assert_ne!(names[0], names[1]);
}

/// A row without a key is called by its number, and a key that reads like one stands in marks.
#[test]
fn a_key_is_not_taken_for_the_number_of_a_row() {
    let rows = r#"[{"页":50},{"号":"第 1 行","页":50},{"号":"“第 1 行”","页":50},{"号":"row 1","页":50},{"号":"第 1 行甲","页":50}]"#;
    let root = project("numbered", &[("p.fan", KEYED), ("书.json", rows)], "");
    let expected = ["第 1 行", "“第 1 行”", "““第 1 行””", "“row 1”", "第 1 行甲"];
    let text = printed(&["check"], &[&root]);
    let named: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  书 ")).collect();
    assert_eq!(named, expected, "{text}");
    let junit = printed(&["check", "--format", "junit"], &[&root]);
    for name in expected {
        assert!(junit.contains(&format!("name=\"书 {name} (")), "{junit}");
    }
}

const CLASH: &str = "政策 甲 | a\n枚举 d { 留 去 修 }\n表 行 | row { 号 : 文本 主键 处理 : d n : 整数 }\n\
    裁定 行.处理\n第一条 一 | one 凡 行 当 n > 10，一律 留。\n第二条 二 | two 凡 行 当 n > 20，一律 去。\n";

/// A conflict names every article in it, in every format, and is counted once in all.
#[test]
fn a_conflict_names_its_articles_everywhere() {
    let root =
        project("clash", &[("p.fan", CLASH), ("行.csv", "号,处理,n\nA,去,30\nB,去,15\n")], "");
    let said = json(&["check"], &[&root]);
    assert_eq!(said["findings"][0]["article"], "a.one");
    assert_eq!(said["findings"][0]["also"], serde_json::json!(["a.two"]));
    assert!(said["findings"][1].get("also").is_none());
    for name in ["violated", "conflict", "satisfied", "not_applicable"] {
        let articles = said["summary"]["articles"].as_array().unwrap().iter();
        let sum: u64 = articles.map(|article| article[name].as_u64().unwrap()).sum();
        // What both articles share is one.
        let sum = if ["violated", "conflict"].contains(&name) { sum - 1 } else { sum };
        assert_eq!(said["summary"][name], sum, "{name}");
    }
    assert_eq!(
        printed(&["check", "--format", "tsv"], &[&root]),
        "conflict\ta.one\trow\tA\t\ta.two\nviolated\ta.one\trow\tB\t\n"
    );
    let sarif: Value =
        serde_json::from_str(&printed(&["check", "--format", "sarif"], &[&root])).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["properties"]["also"], serde_json::json!(["a.two"]));
    let page = printed(&["check", "--format", "html"], &[&root]);
    assert!(page.contains("data-article=\"a.one\na.two\""));
    assert!(page.contains("<option value=\"a.two\">甲 第二条 二</option>"));
    let chart = page.split("data-chart=\"articles\"").nth(1).unwrap();
    let chart = chart.split("</figure>").next().unwrap();
    let bar = |name: &str| {
        let bar = chart.split("<tr>").find(|bar| bar.contains(name)).unwrap();
        let number = bar.split("class=\"number\">").nth(1).unwrap();
        number.split('<').next().unwrap().to_owned()
    };
    assert_eq!((bar("第一条 一"), bar("第二条 二")), ("2".to_owned(), "1".to_owned()));
    let book = root.join("t.xlsx");
    printed(&["check", "--format", "xlsx", "-o", book.to_str().unwrap()], &[&root]);
    let sheets = super::workbook::sheets(&std::fs::read(&book).unwrap());
    assert_eq!(sheets[0].1[1][7], "甲 第一条 一\n甲 第二条 二");
    assert_eq!(sheets[0].1[2][7], "甲 第一条 一");
}

/// A conflict that is allowed is filed under the article it is allowed for; the other one is met.
#[test]
fn a_waived_conflict_is_of_the_article_that_is_waived() {
    for (declared, waived, met) in [("留", "two", "one"), ("去", "one", "two")] {
        let rows = format!("号,处理,n\nA,{declared},30\n");
        let waiver = format!(
            "[[waiver]]\narticle = \"a.{waived}\"\nitem = \"A\"\nauthority = \"x\"\nreason = \"y\"\n"
        );
        let root = project("allowed", &[("p.fan", CLASH), ("行.csv", &rows)], &waiver);
        assert_eq!(
            printed(&["check", "--format", "tsv"], &[&root]),
            format!("waived\ta.{waived}\trow\tA\t\n")
        );
        let record = json(&["explain", "A", "-p"], &[&root]);
        let outcome = |article: &str| {
            let mut articles = record["records"][0]["articles"].as_array().unwrap().iter();
            let found = articles.find(|found| found["article"] == format!("a.{article}"));
            found.unwrap()["outcome"].as_str().unwrap().to_owned()
        };
        assert_eq!((outcome(waived), outcome(met)), ("waived".into(), "satisfied".into()));
    }
}

/// A change names the article that demands what it brings, at the value that is said.
#[test]
fn a_change_names_the_article_of_the_value_it_says() {
    let policy = CLASH.replace("裁定 行.处理", "裁定 行.处理 否则 留");
    let root = project("change", &[("p.fan", &policy), ("行.csv", "号,处理,n\nA,去,30\n")], "");
    let record = json(&["explain", "A", "-p"], &[&root]);
    let change = &record["records"][0]["dispositions"][0]["changes"][0];
    assert_eq!(change["conditions"][0]["to"], "20");
    assert_eq!((&change["disposition"], &change["article"]), (&"留".into(), &"a.one".into()));
}

/// Every path of a log, by its base; those of files that lie outside are whole.
fn artifacts(value: &Value, found: &mut Vec<(String, bool)>) {
    match value {
        Value::Object(fields) => {
            if let Some(uri) = fields.get("artifactLocation") {
                let based = uri["uriBaseId"] == "SRCROOT";
                found.push((uri["uri"].as_str().unwrap().to_owned(), based));
            }
            fields.values().for_each(|value| artifacts(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| artifacts(value, found)),
        _ => {}
    }
}

/// A code host resolves the paths of SARIF from the root of the repository: the project may lie in a
/// folder of it, its policies in another, and the command be run from a third.
#[test]
fn paths_of_sarif_begin_at_the_root_of_the_repository() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("told").join("repository");
    let _ = std::fs::remove_dir_all(&root);
    for folder in [".git", "sub/p", "sub/rules", "elsewhere"] {
        std::fs::create_dir_all(root.join(folder)).unwrap();
    }
    std::fs::write(root.join("sub/rules/a.fan"), KEYED).unwrap();
    std::fs::write(root.join("sub/p/书.json"), r#"[{"号":"x","页":50},{"号":"y","页":"多"}]"#)
        .unwrap();
    let manifest = "[project]\nas_of = 2015-11-20\npolicies = \"../rules/*.fan\"\n[data]\n\"书\" = \"书.json\"\n";
    std::fs::write(root.join("sub/p/fanshi.toml"), manifest).unwrap();
    let decoded = |uri: &str| {
        let text = uri.replace("%E4%B9%A6", "书");
        assert!(!text.contains('%'), "{uri}");
        text
    };
    let run = |arguments: &[&str]| -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_fanshi"))
            .args(["check", "../sub/p"])
            .args(arguments)
            .current_dir(root.join("elsewhere"))
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    for (asked, base) in [(&[][..], root.clone()), (&["--root", "../sub"], root.join("sub"))] {
        let log = run(&[&["--format", "sarif"], asked].concat());
        let mut found = Vec::new();
        artifacts(&log, &mut found);
        assert!(found.len() >= 4, "{log}");
        for (uri, based) in &found {
            assert!(*based && base.join(decoded(uri)).is_file(), "{uri}");
        }
        assert!(log["runs"][0]["originalUriBaseIds"]["SRCROOT"]["uri"].is_null());
    }
    assert_eq!(run(&["--format", "json"])["folder"], "sub/p");
    assert_eq!(run(&["--format", "json", "--root", "../sub/p"])["folder"], ".");
    std::fs::remove_dir(root.join(".git")).unwrap();
    let log = run(&["--format", "sarif", "--root", "../elsewhere"]);
    let mut found = Vec::new();
    artifacts(&log, &mut found);
    assert!(found.iter().all(|(uri, _)| root.join("elsewhere").join(decoded(uri)).is_file()));
}

/// A figure such as `1 小时 30 分钟` has no unit that could stand apart from it, nor has one of
/// minutes among those of hours; bars are as long as what they are of, whatever it is called.
#[test]
fn figures_of_more_than_one_unit_stay_whole() {
    let policy = "政策 甲\n表 组 { 名 : 文本 主键 }\n\
        表 件 { 号 : 文本 主键 组 : 组 分 : 分钟 天 : 工作日 元 : 金额 }\n\
        第一条 一 凡 件，分 不得 超过 600 分钟。\n指标 等候 = 合计(件: 分) → 最大(件: 分) 按 组\n\
        指标 花费 = 合计(件: 分) 按 组\n指标 工日 = 合计(件: 天) → 最大(件: 天) 按 组\n\
        指标 金额 = 合计(件: 元) → 最大(件: 元) 按 组\n";
    let cases = "号,组,分,天,元\nA,x,90,3,1.5万元\nB,x,60,4,1元\nC,y,30,1,9元\nD,y,15,0,9元\n\
        E,z,120,2,1元\nF,z,60,2,1元\n";
    let files = [("p.fan", policy), ("组.csv", "名\nx\ny\nz\n"), ("件.csv", cases)];
    let root = project("units", &files, "");
    let lines = |text: &str, heading: &str| {
        let after = text.lines().skip_while(|line| !line.contains(heading));
        let cells = after.take(4).map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
        cells.map(|cells| cells.join("|")).collect::<Vec<_>>()
    };
    let markdown = printed(&["check", "--format", "markdown"], &[&root]);
    let expected = [
        "|等候|x|2 小时 30 分钟|1 小时 30 分钟|-1 小时|-40.0%|",
        "||y|45 分钟|30 分钟|-15 分钟|-33.3%|",
        "||z|3 小时|2 小时|-1 小时|-33.3%|",
        "||全部|6 小时 15 分钟|2 小时|-4 小时 15 分钟|-68.0%|",
    ];
    assert_eq!(lines(&markdown, "| 等候 "), expected, "{markdown}");
    let days = ["|工日（个工作日）|x|7|4|-3|-42.9%|", "||y|1|1|0|0.0%|"];
    assert_eq!(lines(&markdown, "工日（个工作日）")[..2], days, "{markdown}");
    let review = printed(&["review"], &[&root]);
    for brief in
        ["2 小时 30 分钟 → 1 小时 30 分钟（-40.0%）", "45 → 30 分钟（-33.3%）", "7 → 4 个工作日"]
    {
        assert!(review.contains(brief), "{brief}\n{review}");
    }
    let page = printed(&["check", "--format", "html", "-o", "-"], &[&root]);
    let chart = |name: &str, class: &str| {
        let chart = page.split("<figcaption>").find(|chart| chart.starts_with(name)).unwrap();
        let bar = format!("<rect class=\"{class}\"");
        // What explains the colours is no bar.
        let bars = chart.split(&bar).skip(1).filter(|bar| !bar.starts_with(" width"));
        let widths = bars.filter_map(|bar| bar.split("width=\"").nth(1)?.split('"').next());
        widths.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(chart("花费", "measure"), ["100.00", "83.33", "25.00"]);
    assert_eq!(chart("等候", "before"), ["100.00", "83.33", "25.00"]);
    assert_eq!(chart("等候", "after"), ["66.67", "50.00", "16.67"]);
    assert_eq!(chart("金额", "before").first().map(String::as_str), Some("100.00"));
}
