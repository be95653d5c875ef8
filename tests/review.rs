//! `fanshi review`: what the page says, in both formats, and that it is right about the sample.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use unicode_width::UnicodeWidthStr;

const KEEPERS: &str = "名\n钱\n孙\n";
const SHELVES: &str = "号,馆员\n东,钱\n西,孙\n北,\n";
const BOOKS: &str = "号,名,架,页,破,处置\n甲,天工开物,东,10,是,留\n乙,梦溪笔谈,东,20,否,修\n丙,水经注,西,31,,换\n丁,说文,西,5,否,留\n";
const YEARBOOK: &str =
    "\"册数\" = 4\n\"留下\" = 2\n\"修补\" = 1\n\"换新\" = 1\n\"总页\" = 61\n\"各月\" = [1, 2, 2]\n";

fn project(name: &str, more: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("review").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let manifest = format!(
        "[project]\nname = \"馆\"\nas_of = 2015-11-20\npolicies = \"*.fan\"\n[data]\nkeeper \
            = \"keeper.csv\"\nshelf = \"shelf.csv\"\nbook = \"book.csv\"\nyearbook \
            = \"yearbook.toml\"\n{more}"
    );
    let policy = include_str!("review/library.fan");
    let files = [
        ("fanshi.toml", &*manifest),
        ("library.fan", policy),
        ("keeper.csv", KEEPERS),
        ("shelf.csv", SHELVES),
        ("book.csv", BOOKS),
        ("yearbook.toml", YEARBOOK),
    ];
    for (file, text) in files {
        std::fs::write(folder.join(file), text).unwrap();
    }
    folder
}

fn review(project: &Path, columns: usize, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    command
        .arg("review")
        .arg(project)
        .args(arguments)
        .env("COLUMNS", columns.to_string())
        .env("LC_ALL", "zh_CN.UTF-8")
        .output()
        .unwrap()
}

fn text(project: &Path, columns: usize, arguments: &[&str]) -> String {
    let output = review(project, columns, arguments);
    let page = String::from_utf8(output.stdout).unwrap();
    let wide: Vec<&str> = page.lines().filter(|line| line.width() > columns).collect();
    assert!(wide.is_empty(), "wider than {columns} columns: {wide:?}");
    assert!(page.lines().all(|line| line == line.trim_end()), "a line ends with blanks");
    page
}

fn json(project: &Path, arguments: &[&str]) -> Value {
    serde_json::from_slice(
        &review(project, 80, &[arguments, &["--format", "json"]].concat()).stdout,
    )
    .unwrap()
}

#[test]
fn the_page_in_chinese() {
    let page = text(&project("chinese", ""), 80, &[]);
    insta::assert_snapshot!(page.split("\n分组").next().unwrap());
}

#[test]
fn the_page_in_english() {
    let page = text(&project("english", ""), 120, &["--lang", "en"]);
    insta::assert_snapshot!(&page[page.find("Stated").unwrap()..]);
}

/// The page, the workbook and the document list the same, the outcome first: which rows change,
/// from what to what, by which article.
#[test]
fn the_page_to_hand_on_lists_what_changes() {
    let plain = project("listing", "");
    let found = json(&plain, &[]);
    let out = |format: &str| review(&plain, 80, &["--format", format]).stdout;
    let document = String::from_utf8(out("markdown")).unwrap();
    let page = String::from_utf8(out("html")).unwrap();
    let (mut changing, mut differing) = (0, 0);
    for difference in found["dispositions"][0]["differences"].as_array().unwrap() {
        for (row, article) in difference["rows"]
            .as_array()
            .unwrap()
            .iter()
            .zip(difference["articles"].as_array().unwrap())
        {
            assert!(!article.as_str().unwrap().is_empty());
            let key = row["key"].as_str().unwrap();
            let line = document
                .lines()
                .find(|line| line.starts_with("| ") && line.contains(&format!("{key} ")))
                .unwrap();
            assert!(line.contains("（东）") || line.contains("（西）"), "{line}");
            assert!(page.contains(&format!("{key} ")), "{page}");
            changing += 1;
        }
    }
    differing += found["figures"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|figure| figure["status"] == "differs")
        .count();
    assert!(changing > 0 && differing > 0);
    let open = found["dispositions"][0]["open"].as_array().unwrap().len();
    for said in [&document, &page] {
        assert!(said.contains(&format!("处置要改的 {changing} 处，未定的 {open} 处")), "{said}");
        assert!(said.contains(&format!("对不上的 {differing} 个")));
    }
    let top = page.split("<main>").next().unwrap();
    assert!(
        top.contains("处置要改的") && top.contains("违反"),
        "the first screen holds the outcome"
    );
    let mut book: calamine::Xlsx<_> =
        calamine::Reader::new(std::io::Cursor::new(out("xlsx"))).unwrap();
    let sheets = calamine::Reader::sheet_names(&book);
    assert_eq!(
        sheets.iter().filter(|name| *name != "说明").count(),
        page.matches("<h2>").count(),
        "{sheets:?}"
    );
    let rows: usize = sheets
        .iter()
        .map(|name| calamine::Reader::worksheet_range(&mut book, name).unwrap().rows().count() - 1)
        .sum();
    let about = calamine::Reader::worksheet_range(&mut book, "说明").unwrap().rows().count() - 1;
    assert_eq!(rows - about, page.matches("<tr><td").count());
    let waiver =
        "[[waiver]]\narticle = \"破的\"\nitem = \"甲\"\nauthority = \"馆长\"\nreason = \"孤本\"\n";
    let waived =
        String::from_utf8(review(&project("waived", waiver), 80, &["--format", "markdown"]).stdout)
            .unwrap();
    assert!(waived.contains(&format!("处置要改的 {} 处", changing - 1)), "{waived}");
    assert!(waived.lines().any(|line| line.contains("（已准予例外，不改）")
        && line.contains("甲 天工开物（东）")), "{waived}");
}

/// The rows on one side alone make the difference; a row may be exactly the difference.
#[test]
fn figures_name_the_rows() {
    let found = json(&project("rows", ""), &[]);
    let figures = found["figures"].as_array().unwrap();
    let keys = |figure: &Value, side: &str| -> Vec<String> {
        figure["rows"][side]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["key"].as_str().unwrap().to_owned())
            .collect()
    };
    let of = |article: &str, status: &str| {
        let fits = |figure: &&Value| figure["article"] == article && figure["status"] == status;
        figures.iter().filter(fits).collect::<Vec<_>>()
    };
    let short = of("library.total", "differs");
    assert_eq!(
        (short.len(), keys(short[0], "only_stated"), &short[0]["difference"]),
        (1, vec!["丙".to_owned()], &Value::from("+1"))
    );
    assert_eq!(
        short[0]["closed_by"].as_array().unwrap().len(),
        2,
        "both closing sentences are of the figure's own article, and told apart by their lines"
    );
    let pages = of("library.leaves", "differs");
    assert_eq!(
        (keys(pages[0], "exactly"), &pages[0]["difference"]),
        (vec!["丁".to_owned()], &Value::from("-5"))
    );
    assert_eq!(
        of("library.growth", "unknown")[0]["missing"],
        Value::from(vec!["years[year = 2014]"])
    );
    assert!(
        of("library.total", "closes").iter().all(|figure| keys(figure, "only_stated").is_empty())
    );
}

/// A figure and the sum of its parts may agree though the rows behind them differ.
#[test]
fn equal_numbers_of_other_rows_are_seen_through() {
    let folder = project("others", "");
    let policy = include_str!("review/library.fan").replace("书: 处置 = 换", "书: 页 = 10");
    std::fs::write(folder.join("library.fan"), policy).unwrap();
    let found = json(&folder, &[]);
    let whole = found["figures"]
        .as_array()
        .unwrap()
        .iter()
        .find(|figure| figure["computed"]["terms"].as_array().unwrap().len() == 3)
        .unwrap();
    let rows = |side: &str| {
        whole["rows"][side]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["key"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (&whole["status"], rows("only_stated"), rows("twice")),
        (&Value::from("closes"), vec!["丙".into()], vec!["甲".into()])
    );
}

/// Rows of one table are no rows of another, though both are counted by one figure.
#[test]
fn rows_of_two_tables_are_not_compared() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("review").join("tables");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let policy = "表 事项 {\n  编码 : 文本 主键\n}\n\n表 权责 {\n  编码 : 文本 主键\n}\n\n表 公布 单份 {\n  \
        许可 : 整数\n}\n\n第一条 项数\n  凡 公布，许可 必须 为 数量(事项)。\n\n第二条 权责\n  凡 公布，许可 必须 \
        为 数量(权责)。\n";
    let manifest = "[project]\nname = \"样\"\nas_of = 2015-11-20\npolicies = [\"a.fan\"]\n[data]\n\
        \"事项\" = \"i.csv\"\n\"权责\" = \"q.csv\"\n\"公布\" = \"g.csv\"\n";
    for (name, text) in [
        ("fanshi.toml", manifest),
        ("a.fan", policy),
        ("i.csv", "编码\nA\nB\n"),
        ("q.csv", "编码\nA\nB\n"),
        ("g.csv", "许可\n2\n"),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let figures = json(&folder, &[])["figures"].clone();
    for figure in figures.as_array().unwrap() {
        assert_eq!(figure["status"], "closes");
        let alone = |side: &str| figure["rows"][side].as_array().is_none_or(Vec::is_empty);
        assert!(alone("only_stated") && alone("only_computed"), "{figure}");
    }
    assert!(!text(&folder, 100, &[]).contains("行却不同"));
}

#[test]
fn groups_are_the_field_asked_for() {
    let folder = project("groups", "");
    let groups = |arguments: &[&str]| {
        let found = json(&folder, arguments);
        let of = |group: &Value| {
            (
                group["group"].as_str().unwrap_or("-").to_owned(),
                group["rows"].as_u64().unwrap(),
                group["findings"]["violated"].as_u64().unwrap(),
            )
        };
        let groups =
            found["groups"]["groups"].as_array().unwrap().iter().map(of).collect::<Vec<_>>();
        (found["groups"]["by"].as_str().unwrap().to_owned(), groups)
    };
    let east = &json(&folder, &[])["groups"]["groups"][0];
    assert_eq!(east["measures"]["library.leaves_kept"], "10");
    assert_eq!(
        east["changes"]["library.leaves_kept"],
        serde_json::json!({ "before": "30", "change": "-20", "percent": "-66.7%" })
    );
    let group = |name: &str, rows, violated| (name.to_owned(), rows, violated);
    let shelves = (
        "book.shelf".to_owned(),
        vec![group("东", 2, 2), group("西", 2, 1), group("北", 0, 1), group("-", 0, 3)],
    );
    assert_eq!(groups(&[]), shelves, "by default, what measures are split by");
    for name in ["书.架", "架", "book.shelf", "shelf"] {
        assert_eq!(groups(&["--by", name]), shelves);
    }
    let fates =
        vec![group("keep", 2, 1), group("mend", 1, 1), group("swap", 1, 1), group("-", 0, 4)];
    assert_eq!(groups(&["--by", "处置"]), ("book.fate".to_owned(), fates));
    // Books belong to a keeper through their shelf.
    let keepers = vec![group("钱", 1, 2), group("孙", 1, 1), group("-", 1, 4)];
    assert_eq!(groups(&["--by", "keeper"]), ("shelf.keeper".to_owned(), keepers.clone()));
    std::fs::write(
        folder.join("fanshi.toml"),
        std::fs::read_to_string(folder.join("fanshi.toml")).unwrap()
            + "[review]\nby = \"架.馆员\"\n",
    )
    .unwrap();
    assert_eq!(groups(&[]), ("shelf.keeper".to_owned(), keepers));
}

/// What each group has of a measure stands on the page too, and places to sign below it.
#[test]
fn measures_of_groups_and_places_to_sign_are_on_the_page() {
    let folder = project("measured", "[paper]\nsigners = [\"经办人\", \"分管领导\"]\n");
    let page = text(&folder, 200, &["--format", "markdown", "--lang", "zh"]);
    assert!(page.contains("## 各组的指标"), "{page}");
    let at = page.find("## 各组的指标").unwrap();
    let table = page[at..].split("\n\n").nth(1).unwrap();
    assert!(table.starts_with("| 架 |") && table.lines().count() == 6, "{table}");
    assert!(table.contains("| 东 |") && table.contains("30 → 10"), "{table}");
    let page = |lang: &str| {
        let out = review(&folder, 200, &["--format", "html", "--lang", lang, "-o", "-"]);
        String::from_utf8(out.stdout).unwrap()
    };
    let html = page("zh");
    assert!(html.contains("各组的指标"));
    let signed = html.split("<p class=\"signed\">").nth(1).unwrap().split("</p>").next().unwrap();
    assert_eq!(signed, "<span>经办人：</span><span>分管领导：</span><span>日期：</span>");
    let english = page("en");
    assert!(english.contains("Measures by group") && english.contains("<span>Date: </span>"));
}

#[test]
fn a_group_nobody_knows_is_an_error() {
    let output = review(&project("unknown", ""), 80, &["--by", "书.架子", "--lang", "en"]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && output.stdout.is_empty(), "{errors}");
    assert!(
        errors.contains("[unknown_group]") && errors.contains("did you mean `书.架`?"),
        "{errors}"
    );
}

/// A project of one table and the policy about it.
fn library(name: &str, articles: &str, books: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("review").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let words = "政策 馆规 | library\n枚举 处置 | fate { 留 | keep 去 | drop }\n表 书 | book { 号 | code : \
                 文本 主键 页 | pages : 整数 处理 | fate : 处置 }\n裁定 书.处理\n";
    let manifest = "[project]\nname = \"馆\"\nas_of = 2015-11-20\npolicies = \"*.fan\"\n[data]\nbook = \
                    \"book.csv\"\n";
    std::fs::write(folder.join("fanshi.toml"), manifest).unwrap();
    std::fs::write(folder.join("library.fan"), format!("{words}{articles}")).unwrap();
    std::fs::write(folder.join("book.csv"), format!("号,页,处理\n{books}")).unwrap();
    folder
}

/// What `check` counts for each article, and what the review does.
fn counted(folder: &Path) -> [Vec<[u64; 5]>; 2] {
    let number = |value: &Value, name: &str| value[name].as_u64().unwrap_or(0);
    let check = Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .arg("check")
        .arg(folder)
        .args(["--format", "json"])
        .output()
        .unwrap();
    let check: Value = serde_json::from_slice(&check.stdout).unwrap();
    let of_check = |article: &Value| {
        let counts = article.get("counts").unwrap_or(article);
        ["satisfied", "violated", "conflict", "advised", "undetermined"]
            .map(|name| number(counts, name))
    };
    let of_review = |article: &Value| {
        let [violated, warned] =
            ["violated", "warned"].map(|name| number(&article["findings"], name));
        let [conflict, undetermined] =
            ["conflict", "undetermined"].map(|name| number(&article["findings"], name));
        [number(article, "satisfied"), violated + warned, conflict, warned, undetermined]
    };
    let all = |list: &Value, of: &dyn Fn(&Value) -> [u64; 5]| {
        list.as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    [all(&check["summary"]["articles"], &of_check), all(&json(folder, &[])["articles"], &of_review)]
}

/// A row that breaks two sentences of an article is one row of it.
#[test]
fn articles_count_rows_as_check_does() {
    let two = "第一条 页 | pages\n凡 书，页 不得 超过 10。\n凡 书，页 不得 超过 20。\n第二条 薄 | thin\n凡 \
               书，页 宜 不少于 10。\n凡 书，页 不得 少于 6。\n";
    let folder = library("sentences", two, "甲,5,留\n乙,15,留\n丙,25,留\n丁,8,留\n");
    let [check, review] = counted(&folder);
    assert_eq!(check, [[2, 2, 0, 0, 0], [2, 2, 0, 1, 0]]);
    assert_eq!(review, check);
    let found = json(&folder, &[]);
    let findings = ["violated", "conflict", "warned"].map(|name| found["findings"][name].clone());
    assert_eq!(findings, [3, 0, 1].map(Value::from));
}

/// A conflict is counted for every article that takes part, and in a column of its own.
#[test]
fn a_conflict_is_of_every_article_in_it() {
    let two = "第一条 厚 | thick\n凡 页 超过 10 的 书，一律 去。\n第二条 薄 | thin\n凡 页 少于 20 的 书，一律 \
               留。\n";
    let folder = library("conflict", two, "甲,5,留\n乙,15,留\n丙,25,留\n");
    let [check, review] = counted(&folder);
    assert_eq!(check, [[0, 2, 1, 0, 0], [1, 1, 1, 0, 0]]);
    assert_eq!(review, check);
    let page = text(&folder, 80, &[]);
    assert!(page.contains("\n违反 1，冲突 1\n") && !page.contains("没有发现的"), "{page}");
    assert!(text(&folder, 80, &["--lang", "en"]).contains("violated 1, conflict 1"), "{page}");
}

/// Rows declared are rows required, with those that are left open.
#[test]
fn the_rows_left_open_are_a_line_of_the_decision() {
    let two = "第一条 厚 | thick\n凡 页 超过 10 的 书，一律 去。\n第二条 薄 | thin\n凡 页 少于 20 的 书，一律 \
               留。\n";
    let folder = library("open", two, "甲,5,留\n乙,15,留\n丙,25,去\n丁,,留\n");
    let page = text(&folder, 80, &[]);
    let table: Vec<Vec<&str>> = page
        .lines()
        .skip_while(|line| !line.contains("相符"))
        .skip(2)
        .take(3)
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        table,
        [vec!["留", "3", "1", "1"], vec!["去", "1", "1", "1"], vec!["（未定）", "2"]]
    );
    for (format, line) in [("markdown", "（未定）"), ("html", "（未定）")] {
        let page = String::from_utf8(review(&folder, 80, &["--format", format]).stdout).unwrap();
        assert!(page.matches(line).count() > 1, "{page}");
    }
    let english = text(&folder, 80, &["--lang", "en"]);
    assert_eq!(english.matches("(open)").count(), 2, "{english}");
}

/// The figures that the district published, and the seven rows that close its 236.
#[test]
fn the_sample_adds_up() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015");
    let found = json(&sample, &[]);
    let figures = found["figures"].as_array().unwrap();
    let figure = |article: &str| {
        let name = format!("published_figures.{article}");
        figures.iter().filter(|figure| figure["article"] == *name).collect::<Vec<_>>()
    };
    let values = |article: &str| -> Vec<&str> {
        figure(article).iter().map(|figure| figure["stated"]["value"].as_str().unwrap()).collect()
    };
    let terms = |article: &str| -> Vec<&str> {
        figure(article)[0]["computed"]["terms"]
            .as_array()
            .unwrap()
            .iter()
            .map(|term| term["value"].as_str().unwrap())
            .collect()
    };
    assert_eq!(terms("reported_with_taken_over"), ["148", "10", "10", "61", "7"]);
    assert_eq!(
        (values("items_retained"), values("items_adjusted")),
        (vec!["148", "135", "13"], vec!["29", "10", "22"])
    );
    assert_eq!(
        (terms("retained_total"), terms("adjusted_total")),
        (vec!["135", "13"], vec!["29", "10", "22"])
    );
    for closing in [
        "reported_with_taken_over",
        "items_retained",
        "items_adjusted",
        "retained_total",
        "adjusted_total",
        "items_taken_over",
    ] {
        assert!(figure(closing).iter().all(|figure| figure["status"] == "closes"), "{closing}");
    }
    let listed = figure("reported_as_listed")[0];
    let seven: Vec<&str> = listed["rows"]["only_stated"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["key"].as_str().unwrap())
        .collect();
    assert_eq!(
        (&listed["difference"], seven),
        (&Value::from("+7"), vec!["ZJ-13", "SY-02", "WJ-06", "WH-04", "WH-08", "JY-01", "GS-07"])
    );
    let change = |name: &str| {
        let found = found["measures"]
            .as_array()
            .unwrap()
            .iter()
            .find(|measure| measure["measure"] == name)
            .unwrap()
            .clone();
        ["before", "value", "change", "percent"].map(|key| found[key].as_str().unwrap().to_owned())
    };
    assert_eq!(
        (values("steps_removed"), change("process_limits.steps")[2].as_str()),
        (vec!["680"], "-680")
    );
    assert_eq!(
        change("process_limits.days"),
        ["1831 workdays", "648 workdays", "-1183 workdays", "-64.6%"]
    );
    assert_eq!(values("days_saved"), ["1183 workdays"]);
    for columns in [80, 120] {
        assert!(text(&sample, columns, &[]).contains("只在“上报项数”里的 7 行"));
    }
}

/// A row counts once for an article, by the worst of its sentences: in the findings, in the groups of
/// every command, and in the table of outcomes; the last sentence of `check` says that it counts by
/// sentence.
#[test]
fn groups_add_up_to_the_findings() {
    let folder = std::env::temp_dir().join(format!("fanshi-review-{}-sums", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let policy = "政策 馆\n枚举 去 { 留 换 }\n\
        表 书 | book { 号 | code : 文本 主键 架 | shelf : 文本 数 | n : 整数 去 | fate : 去 }\n\
        裁定 书.去\n\
        第一条 限 凡 书，数 不得 超过 5。\n凡 书，数 不得 超过 4。\n凡 书，数 宜 为 1。\n\
        第二条 存 凡 数 超过 5 的 书，一律 留。\n\
        第三条 更 凡 数 超过 6 的 书，一律 换。\n凡 书，数 不得 超过 6。\n";
    let manifest = "[project]\nname = \"x\"\nas_of = 2024-06-30\npolicies = [\"p.fan\"]\n\
        [data]\n\"书\" = \"书.csv\"\n[[waiver]]\narticle = \"限\"\nitem = \"丙\"\n\
        authority = \"a\"\nreason = \"b\"\n";
    let rows = "号,架,数,去\n甲,东,9,留\n乙,东,5,换\n丙,西,6,留\n丁,西,3,留\n戊,西,,留\n";
    for (name, text) in [("p.fan", policy), ("fanshi.toml", manifest), ("书.csv", rows)] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let by = ["--by", "书.架"];
    let reviewed = json(&folder, &by);
    let kinds = ["violated", "conflict", "warned", "undetermined", "referred", "waived"];
    let sums = |groups: &Value| {
        let groups = groups.as_array().unwrap();
        let count = |group: &Value, kind: &str| group["findings"][kind].as_u64().unwrap();
        kinds.map(|kind| groups.iter().map(|group| count(group, kind)).sum::<u64>())
    };
    let head = kinds.map(|kind| reviewed["findings"][kind].as_u64().unwrap());
    assert_eq!(sums(&reviewed["groups"]["groups"]), head, "{reviewed}");
    // By hand: 甲 in 限, in 更 and in conflict, 乙 in 限; 丁 advised; 丙 waived; 戊 open in 限, 存
    // and 更.
    assert_eq!(head, [4, 1, 1, 3, 0, 1]);
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_fanshi"));
        let output = command.args(arguments).env("COLUMNS", "100").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let project = folder.to_str().unwrap();
    let checked = run(&["check", project, "--by", "书.架", "--format", "json"]);
    let checked: Value = serde_json::from_str(&checked).unwrap();
    assert_eq!(sums(&checked["summary"]["groups"]["groups"]), head);
    let text = run(&["check", project, "--lang", "zh", "--by", "书.架"]);
    assert!(text.contains("按句计"), "{text}");
}
