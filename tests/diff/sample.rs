//! A second submission of the sample, with a correction of every kind: what `fanshi diff` counts is
//! what was done, in every format.

use super::{Said, said};
use calamine::{Data, Reader, Xlsx};
use fanshi::diff::kinds;
use fanshi::syntax::tree::Language;
use fanshi::workspace::Project;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A file, what stands in it once, and what stands there then.
type Edit = (&'static str, &'static str, &'static str);

const EDITS: &[Edit] = &[
    // One item under another code and another name: renamed. What was wrong with it is wrong still.
    ("items/finance-and-land.csv", "CZ-09,事业单位对外投资审核", "CZ-19,事业单位对外投资审查"),
    ("items/finance-and-land.audiences.csv", "CZ-09", "CZ-19"),
    ("items/finance-and-land.volumes.csv", "CZ-09", "CZ-19"),
    ("items/finance-and-land.steps.csv", "CZ-09", "CZ-19"),
    ("items/finance-and-land.basis.csv", "CZ-09", "CZ-19"),
    ("items/finance-and-land.materials.csv", "CZ-09", "CZ-19"),
    ("log/monitored-steps.csv", "CZ-09", "CZ-19"),
    // A name as the template has it, in both lists, with a new version of it.
    ("items/police.toml", "通行证核发（区级)", "通行证核发(区级)"),
    ("lists/powers.csv", "通行证核发（区级)", "通行证核发(区级)"),
    (
        "lists/versions.csv",
        "流程,责任事项\n",
        "流程,责任事项\nQZ-017/4,QZ-017,4,QZ-017/3,剧毒化学品道路运输通行证核发(区级),依据三条,实施办法一份,受理—审查—决定—送达,五项\n",
    ),
    ("lists/corrections.csv", "编号,版本,种类\n", "编号,版本,种类\nGZ-901,QZ-017/4,规范项目名称\n"),
    // Legal basis: one added to a power, one that is repealed taken from an item.
    ("lists/power-basis.csv", "权责,法规\n", "权责,法规\nQZ-012,旅馆业治安管理办法\n"),
    ("items/planning-and-market.basis.csv", "GH-03,中华人民共和国城市规划法,第三十二条,\r\n", ""),
    // Implementing basis: one for a material that had none.
    (
        "items/construction.toml",
        "单位介绍信\", ",
        "单位介绍信\", \"依据\" = \"中华人民共和国行政许可法\", \"条款\" = \"第三十一条\", ",
    ),
    // Two powers of one name merged.
    ("lists/powers.csv", "QZ-153,", "QZ-905,"),
    ("lists/powers.csv", "QZ-903,对违法取水的处罚,行政处罚,上街区水利局,,监管责任,不作为\n", ""),
    ("lists/power-basis.csv", "QZ-153,", "QZ-905,"),
    ("lists/power-basis.csv", "QZ-903,中华人民共和国行政处罚法\n", ""),
    (
        "lists/versions.csv",
        "QZ-153/1,QZ-153,1,,对违法取水的处罚,依据三条,实施办法一份（改前）\
            ,受理—审查—决定—送达（改前）,五项\n",
        "",
    ),
    (
        "lists/versions.csv",
        "QZ-153/2,QZ-153,2,QZ-153/1,对违法取水的处罚,依据三条,实施办法一份（改前）\
            ,受理—审查—决定—送达,五项\n",
        "",
    ),
    (
        "lists/versions.csv",
        "QZ-153/3,QZ-153,3,QZ-153/2,对违法取水的处罚,依据三条,实施办法一份,受理—审查—决定—送达,五项\n",
        "",
    ),
    ("lists/corrections.csv", "GZ-060,QZ-153/3,完善实施依据\n", ""),
    ("lists/corrections.csv", "GZ-061,QZ-153/2,规范权力运行流程\n", ""),
    // One power split.
    (
        "lists/powers.csv",
        "QZ-904,无证采砂处罚,行政处罚,上街区水利局,,监管责任,不作为\n",
        "QZ-906,对无证采砂的处罚,行政处罚,上街区水利局,,监管责任,不作为\nQZ-907,对无证采砂采石的处罚,行政处罚,上街区水利局,,监管责任,不作为\n",
    ),
    (
        "lists/power-basis.csv",
        "QZ-904,中华人民共和国行政许可法\n",
        "QZ-906,中华人民共和国行政许可法\nQZ-907,中华人民共和国行政许可法\n",
    ),
    (
        "lists/deliberations.csv",
        "QZ-904,上审改纪〔2015〕3号,保留\n",
        "QZ-906,上审改纪〔2015〕3号,保留\nQZ-907,上审改纪〔2015〕3号,保留\n",
    ),
    // The course: a step that is only to be registered is not examined.
    ("items/finance-and-land.steps.csv", "GT-05,审查,审查,1 工作日\n", ""),
    // Duties and liability.
    (
        "lists/powers.csv",
        "GA-10,受理责任、审查责任、决定责任、送达责任,",
        "GA-10,受理责任、审查责任、决定责任、送达责任、监管责任,",
    ),
    (
        "lists/powers.csv",
        "GA-11,受理责任、审查责任、决定责任、送达责任、监管责任,\n",
        "GA-11,受理责任、审查责任、决定责任、送达责任、监管责任,超期办理\n",
    ),
    // A row removed from a table without a key.
    ("hall/window-items.csv", "HB-02,综合窗口,窗口终审,是\n", ""),
    // Of no kind: a figure that was missing, and a promise of five days that four cases and the
    // published total do not keep.
    (
        "items/police.toml",
        "\"办理量\" = [{ \"年度\" = 2014, \"件数\" = 0 }]",
        "\"办理量\" = [{ \"年度\" = 2013, \"件数\" = 0 }, { \"年度\" = 2014, \"件数\" = 0 }]",
    ),
    (
        "items/agriculture.toml",
        "\"名称\" = \"动物防疫条件合格证核发\"",
        "\"名称\" = \"动物防疫条件合格证核发\" # 承诺改为五日",
    ),
];

/// The findings that come of it: article, row.
const FIXED: &[(&str, &str)] = &[
    ("companion.register_steps", "GT-05"),
    ("companion.unrequired", "ZJ-01"),
    ("five_lists.duties_complete", "QZ-018"),
    ("five_lists.liability_stated", "QZ-019"),
    ("five_lists.same_basis", "GA-03"),
    ("hall.one_window", "HB-02"),
    ("identity.bracket_width", "GA-09"),
    ("legal_basis.basis_in_force", "GH-03"),
    ("template.common_as_template", "QZ-017"),
    ("template.common_basis", "QZ-012"),
];
/// Those of rows that are no longer there.
const REMOVED: &[(&str, &str)] = &[
    ("companion.internal", "CZ-09"),
    ("five_lists.penalty_name", "QZ-904"),
    ("five_lists.unique_power", "QZ-153"),
    ("five_lists.unique_power", "QZ-903"),
];
const NEW: &[(&str, &str)] = &[
    ("case_supervision.yellow_closed", "SJ2015090814"),
    ("case_supervision.yellow_closed", "SJ2015091000"),
    ("case_supervision.yellow_closed", "SJ2015092343"),
    ("case_supervision.yellow_closed", "SJ2015092795"),
    ("companion.internal", "CZ-19"),
    ("process_limits.step_days", "NW-02"),
    ("published_figures.days_saved", "published"),
];
const KINDS: &[(&str, &str)] = &[
    ("规范项目名称", "事项 GA-09、CZ-19；权责 QZ-017"),
    ("完善法律依据", "事项 GH-03；权责 QZ-012"),
    ("完善实施依据", "事项 ZJ-01"),
    ("合并拆分", "权责 QZ-905、QZ-906、QZ-907"),
    ("规范权力运行流程", "事项 GT-05"),
    ("规范责任事项", "权责 QZ-018、QZ-019"),
    ("（清单没有归类）", "事项 NW-02、GA-08"),
];

/// A copy of the sample with the edits made.
fn second(sample: &Path) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diff/second");
    let _ = fs::remove_dir_all(&folder);
    copy(sample, &folder);
    let manifest = fs::read_to_string(sample.join("fanshi.toml")).unwrap();
    let policies = sample.parent().unwrap().to_str().unwrap().replace('\\', "/");
    fs::write(folder.join("fanshi.toml"), manifest.replace("\"../", &format!("\"{policies}/")))
        .unwrap();
    for (file, old, new) in EDITS {
        edit(&folder.join(file), |text| {
            assert!(text.contains(old), "{file}: {old}");
            text.replace(old, new)
        });
    }
    edit(&folder.join("items/agriculture.toml"), |text| {
        let (before, item) = text.split_once("# 承诺改为五日").unwrap();
        before.to_owned()
            + &item.replacen("\"承诺时限\" = \"7 工作日\"", "\"承诺时限\" = \"5 工作日\"", 1)
    });
    folder
}

/// Edits a file in the encoding it has.
fn edit(path: &Path, change: impl Fn(String) -> String) {
    let bytes = fs::read(path).unwrap();
    let text = match String::from_utf8(bytes) {
        Ok(text) => change(text).into_bytes(),
        Err(error) => encoding_rs::GB18030
            .encode(&change(encoding_rs::GB18030.decode(error.as_bytes()).0.into_owned()))
            .0
            .into_owned(),
    };
    fs::write(path, text).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            let _: u64 = fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// The rows of each listing of a page, by its title; the first is the headings.
fn tables(html: &str) -> BTreeMap<String, Vec<Vec<String>>> {
    let plain = |text: &str| {
        let text = text.replace("<br>", "\n");
        let pieces = text
            .split('<')
            .enumerate()
            .map(|(at, piece)| if at == 0 { piece } else { piece.split_once('>').unwrap().1 });
        pieces
            .collect::<String>()
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
    };
    let cells = |row: &str, tag: &str| {
        row.split(tag).skip(1).map(|cell| plain(&format!("<{cell}"))).collect::<Vec<_>>()
    };
    let section = |text: &str| {
        let title = plain(text.split_once("<h2>").unwrap().1.split_once("</h2>").unwrap().0);
        let mut rows = text.split("<tr>").skip(1);
        let headings = cells(rows.next().unwrap(), "<th");
        (title, std::iter::once(headings).chain(rows.map(|row| cells(row, "<td"))).collect())
    };
    html.split("<section>").skip(1).map(section).collect()
}

/// The same of a workbook.
fn sheets(bytes: &[u8]) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let text = |cell: &Data| cell.to_string();
    let sheet = |(name, range): (String, calamine::Range<Data>)| {
        (name, range.rows().map(|row| row.iter().map(text).collect()).collect())
    };
    book.worksheets().into_iter().map(sheet).collect()
}

/// Article and row of findings, in order; the table for the only row of a table of one.
fn listed(findings: &Value) -> Vec<(&str, &str)> {
    let mut listed: Vec<(&str, &str)> = Vec::new();
    for found in findings.as_array().unwrap() {
        listed.push((
            found["article"].as_str().unwrap(),
            found["subject"]["key"].as_str().or(found["subject"]["table"].as_str()).unwrap(),
        ));
    }
    listed.sort_unstable();
    listed
}

#[test]
fn a_second_submission_of_the_sample() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015");
    let (old, new) = (Project::read(&sample), Project::read(&second(&sample)));
    let kinds = kinds(&new.manifest);
    assert_eq!(kinds.len(), 6);
    let Said { text, json, html, xlsx } = said(old, new, &kinds, Language::Chinese);

    let findings = &json["findings"];
    assert_eq!(listed(&findings["fixed"]), FIXED);
    assert_eq!(listed(&findings["removed"]), REMOVED);
    assert_eq!(listed(&findings["new"]), NEW);
    assert_eq!(listed(&findings["turned"]), [("seven_whenevers.unused", "GA-08")]);
    let count = |part: &str| findings[part].as_array().unwrap().len();
    let counts =
        [count("fixed"), count("new"), count("turned"), count("remaining"), count("removed")];
    assert_eq!(counts[3], 343 - counts[0] - counts[2] - counts[4]);
    for line in [
        format!(
            "发现 — 已消除 {}，随行删去 {}，新出现 {}，转为其他结果 {}，仍在 {}\n",
            counts[0], counts[4], counts[1], counts[2], counts[3]
        ),
        format!(
            "\n消除了 {} 处，另有 {} 处随行删去，新出现 {} 处，转为其他结果 {} \
            处。\n",
            counts[0], counts[4], counts[1], counts[2]
        ),
        "\n? 可能是改名：CZ-09 事业单位对外投资审核 → CZ-19 事业单位对外投资审查（名称相似\n  \
            90%）\n"
            .to_owned(),
        "\n- HB-02、综合窗口、窗口终审、是\n".to_owned(),
    ] {
        assert!(text.contains(&line), "{line}{text}");
    }
    corrections(&text, &json);

    let (pages, books) = (tables(&html), sheets(&xlsx));
    // A figure is a number in the workbook, and its unit a format.
    let held = |cell: &String| match cell.split_once(' ') {
        Some((number, _)) if number.parse::<u32>().is_ok() => number.to_owned(),
        _ => cell.clone(),
    };
    let cells = |rows: &[Vec<String>]| -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(held).collect()).collect()
    };
    for (title, rows) in &pages {
        assert_eq!(cells(rows), cells(&books[title]), "{title}");
    }
    assert_eq!(pages.keys().collect::<Vec<_>>(), ["仍在的发现", "发现", "更正的种类", "行的变化"]);
    assert_eq!(pages["发现"].len() - 1, counts[0] + counts[1] + counts[2] + counts[4]);
    assert_eq!(pages["仍在的发现"].len() - 1, counts[3]);
    for (part, word) in [
        ("fixed", "已消除"),
        ("removed", "随行删去"),
        ("new", "新出现"),
        ("turned", "原为无法判断"),
    ] {
        let rows = pages["发现"]
            .iter()
            .filter(|row| row[0] == word)
            .map(|row| row[3].split(' ').next().unwrap());
        let keys = findings[part]
            .as_array()
            .unwrap()
            .iter()
            .map(|found| found["subject"]["key"].as_str().unwrap_or_default());
        assert_eq!(rows.collect::<Vec<_>>(), keys.collect::<Vec<_>>());
    }
    let rows = |row: &Value| row["fields"].as_array().unwrap().len();
    let table = |table: &Value| {
        let lines = ["added", "removed", "proposals"]
            .iter()
            .map(|part| table[part].as_array().unwrap().len())
            .sum::<usize>();
        lines + table["changed"].as_array().unwrap().iter().map(rows).sum::<usize>()
    };
    assert_eq!(
        pages["行的变化"].len() - 1,
        json["tables"].as_array().unwrap().iter().map(table).sum::<usize>()
    );
    let kinds = pages["更正的种类"].iter().skip(1).map(|row| (row[0].as_str(), row[2].as_str()));
    assert_eq!(kinds.collect::<Vec<_>>(), KINDS);
}

/// The kinds of correction, in the text and in the object.
fn corrections(text: &str, json: &Value) {
    let counted = json["corrections"].as_array().unwrap();
    assert_eq!(counted.len(), KINDS.len());
    for ((kind, which), counted) in KINDS.iter().zip(counted) {
        let rows: Vec<&str> = counted["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["key"].as_str().unwrap())
            .collect();
        assert_eq!(counted["kind"].as_str().unwrap_or("（清单没有归类）"), *kind);
        assert_eq!(
            which.split([' ', '、', '；']).filter(|word| word.is_ascii()).collect::<Vec<_>>(),
            rows
        );
        assert!(text.contains(&format!("\n{kind} {}：{which}\n", rows.len())), "{kind}");
    }
}
