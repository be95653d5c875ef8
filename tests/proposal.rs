//! Projects that are proposed for workbooks and files, and blank forms: what is seen, and that it
//! checks as it is.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use rust_xlsxwriter::{Format, Workbook};
use std::fmt::Write as _;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// An empty folder of its own, with files in it.
fn folder(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("proposal").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    folder
}

fn fanshi(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What was proposed for files, and what came of checking it.
struct Seen {
    said: String,
    manifest: String,
    vocabulary: String,
    policy: String,
    code: i32,
    report: String,
}

impl Seen {
    /// The texts without comments and blank lines.
    fn code_of(text: &str) -> String {
        let lines = text.lines().filter(|line| !line.is_empty() && !line.trim().starts_with('#'));
        lines.fold(String::new(), |mut all, line| {
            let _ = writeln!(all, "{line}");
            all
        })
    }

    /// The entries of the manifest.
    fn entries(&self) -> &str {
        self.manifest.split_once("[data]\n").unwrap().1
    }
}

/// Proposes a project `p` in a folder for files in it, and checks it without an edit.
fn proposed(folder: &Path, files: &[&str]) -> Seen {
    let mut arguments = vec!["init", "p", "--as-of", "2015-11-20", "--lang", "zh", "--from"];
    arguments.extend(files);
    let output = fanshi(&arguments, folder);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let read = |name: &str| std::fs::read_to_string(folder.join("p").join(name)).unwrap();
    let checked = fanshi(&["check", "p"], folder);
    let code = checked.status.code().unwrap();
    let seen = Seen {
        said: text(&output.stdout),
        manifest: read("fanshi.toml"),
        vocabulary: read("词汇.fan"),
        policy: read("规则.fan"),
        code,
        report: text(&checked.stdout) + &text(&checked.stderr),
    };
    assert!([0, 1, 3].contains(&code), "{}\n{}\n{}", seen.report, seen.manifest, seen.vocabulary);
    seen
}

/// A table of fees as an office has it, written by LibreOffice in three formats: title, a line with
/// the unit, headings of two levels, merged groups, a row that numbers the columns, totals, a note.
#[test]
fn a_sheet_as_offices_have_it_is_seen_alike_in_three_formats() {
    let formats: [(&str, &[u8]); 3] = [
        ("fees.xlsx", include_bytes!("proposal/fees.xlsx")),
        ("fees.ods", include_bytes!("proposal/fees.ods")),
        ("fees.xls", include_bytes!("proposal/fees.xls")),
    ];
    let seen: Vec<Seen> = formats
        .iter()
        .map(|(name, bytes)| proposed(&folder(&name.replace('.', "-"), &[(name, bytes)]), &[name]))
        .collect();
    assert_eq!(
        seen[0].entries(),
        "\"fees\" = { file = \"../fees.xlsx\", header = [3, 4], absent = [\"/\"] }\n"
    );
    insta::assert_snapshot!("fees_vocabulary", Seen::code_of(&seen[0].vocabulary));
    for other in &seen[1..] {
        assert_eq!(other.vocabulary, seen[0].vocabulary);
        assert_eq!(other.policy, seen[0].policy);
    }
    assert!(seen[0].said.contains("标题在第 3、4 行，20 行\n  合计行：26\n  说明行：27\n"));
}

/// The first sheet of a workbook with these rows; numbers are stored as numbers.
fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(*cells) {
                let percent = cell.strip_suffix('%').and_then(|share| share.parse::<f64>().ok());
                match (percent, cell.parse::<f64>()) {
                    (Some(share), _) => {
                        let format = Format::new().set_num_format("0.0%");
                        sheet
                            .write_number_with_format(row, column, share / 100.0, &format)
                            .unwrap();
                    }
                    (_, Ok(number)) => {
                        sheet.write_number(row, column, number).unwrap();
                    }
                    _ if cell.is_empty() => {}
                    _ => {
                        sheet.write_string(row, column, *cell).unwrap();
                    }
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// Parts and their sum: the article is proposed with its support, and the row that does not add up
/// is found.
#[test]
fn statistics_add_up_but_for_one_row() {
    let rows: [&[&str]; 8] = [
        &["办件统计表"],
        &["科室", "受理", "办结", "退件", "合计", "办结率"],
        &["一科", "10", "8", "1", "19", "80%"],
        &["二科", "20", "15", "2", "37", "75%"],
        &["三科", "12", "12", "0", "25", "100%"],
        &["四科", "7", "3", "1", "11", "42.9%"],
        &["五科", "9", "6", "0", "15", "66.7%"],
        &["总  计", "58", "44", "4", "107", ""],
    ];
    let folder = folder("statistics", &[("a.xlsx", &workbook(&[("Sheet1", &rows)]))]);
    let seen = proposed(&folder, &["a.xlsx"]);
    assert_eq!(seen.entries(), "\"a\" = { file = \"../a.xlsx\", header = 2 }\n");
    assert!(seen.vocabulary.contains("  办结率 : 百分比\n"), "{}", seen.vocabulary);
    assert!(
        seen.policy.contains(
            "# 5 行中 4 行如此；不符的：第 5 行 三科\n第一条 合计相符\n  \
                凡 a，合计 必须 为 受理 + 办结 + 退件。\n"
        ),
        "{}",
        seen.policy
    );
    assert_eq!(seen.code, 1);
    assert!(seen.report.contains("三科"));
}

/// Contracts in GB18030: dates, money, a few values, an order of days with one exception.
#[test]
fn contracts_have_dates_money_and_an_order() {
    let mut lines = "合同编号,合同名称,合同金额（元）,签订日期,审查日期,状态\n".to_owned();
    for at in 1..=24 {
        let state = ["履行中", "已完成"][at % 2];
        let checked = match at {
            9 => String::new(),
            7 => "2015年6月30日".to_owned(),
            _ => format!("2015年3月{at}日"),
        };
        let _ =
            writeln!(lines, "HT-{at:03},采购{at},\"{at},500.00\",2015/4/{at},{checked},{state}");
    }
    let (bytes, ..) = encoding_rs::GB18030.encode(&lines);
    let seen = proposed(&folder("contracts", &[("合同.csv", &bytes)]), &["合同.csv"]);
    let entry = "\"合同\" = { file = \"../合同.csv\", encoding = \"gb18030\" }\n";
    assert_eq!(seen.entries(), entry);
    insta::assert_snapshot!("contracts_vocabulary", Seen::code_of(&seen.vocabulary));
    insta::assert_snapshot!("contracts_policy", seen.policy);
    assert_eq!(seen.code, 1);
}

/// What belongs to rows of another sheet is a list of them, and words of the vocabulary that is
/// handed out have their English names and readings.
#[test]
fn a_second_sheet_is_the_list_of_the_first() {
    let items: [&[&str]; 5] = [
        &["事项编码", "事项名称", "法定时限", "承诺时限", "服务对象"],
        &["A1", "甲", "20个工作日", "10个工作日", "个人、企业"],
        &["A2", "乙", "20个工作日", "当场", "个人"],
        &["A3", "丙", "15个工作日", "15个工作日", "企业、个人"],
        &["A4", "丁", "10个工作日", "5个工作日", "企业"],
    ];
    let papers: [&[&str]; 6] = [
        &["序号", "事项编码", "材料名称", "份数", "必要"],
        &["1", "A1", "申请书", "1", "√"],
        &["2", "A1", "证明", "2", ""],
        &["1", "A2", "申请书", "1", "√"],
        &["1", "A4", "申请书", "1", "√"],
        &["2", "A4", "图纸", "3", ""],
    ];
    let book = workbook(&[("事项", &items), ("材料", &papers)]);
    let seen = proposed(&folder("children", &[("a.xlsx", &book)]), &["a.xlsx"]);
    assert_eq!(
        seen.entries(),
        "\"事项\" = { file = \"../a.xlsx\", sheet = \"事项\" }\n\
            \"事项.材料\" = { file = \"../a.xlsx\", sheet = \"材料\", ignore = [\"序号\"] }\n"
    );
    insta::assert_snapshot!("children_vocabulary", Seen::code_of(&seen.vocabulary));
    assert_eq!(seen.code, 0, "{}", seen.report);
}

/// A column whose values are keys of another file refers to it, and the key that others name is the
/// key.
#[test]
fn values_that_are_keys_of_another_file_refer_to_it() {
    let offices = "编号,机构代码\n1,B01\n2,B02\n3,B03\n";
    let cases = "单号,机构代码,受理\n2015001,B01,2015-01-05\n2015002,B03,2015-01-06\n\
        2015003,B01,2015-01-07\n";
    let files: [(&str, &[u8]); 2] =
        [("机构.csv", offices.as_bytes()), ("办件.csv", cases.as_bytes())];
    let seen = proposed(&folder("references", &files), &["机构.csv", "办件.csv"]);
    insta::assert_snapshot!("references_vocabulary", Seen::code_of(&seen.vocabulary));
}

/// Numbers whose unit stands beside them take it: a field for each unit. What codes mean nobody
/// can see.
#[test]
fn a_unit_in_a_column_of_its_own_is_the_number_s() {
    let words = "编码,期限,期限单位\nA1,20,工作日\nA2,30,自然日\nA3,15,工作日\nA4,,\n";
    let seen = proposed(&folder("units", &[("a.csv", words.as_bytes())]), &["a.csv"]);
    assert_eq!(
        seen.entries(),
        "\"a\" = { file = \"../a.csv\", headings = { \"期限\" = { value = [\"期限\", \"期限日\"], \
            unit = \"期限单位\" } } }\n"
    );
    let fields = "  期限 : 工作日 可缺\n  期限日 : 日 可缺\n";
    assert!(seen.vocabulary.contains(fields), "{}", seen.vocabulary);

    let codes = "编码,期限,期限单位\nA1,20,1\nA2,30,2\nA3,15,1\n";
    let seen = proposed(&folder("unit-codes", &[("a.csv", codes.as_bytes())]), &["a.csv"]);
    assert!(seen.vocabulary.contains("  期限 : 整数\n  期限单位 : 整数\n"), "{}", seen.vocabulary);
    assert!(seen.said.contains("a.期限：单位写在 `期限单位` 里"), "{}", seen.said);

    // Of a number that has its unit elsewhere nothing is guessed.
    let known = "编码,法定办结时限,法定办结时限单位\nA1,20,1\nA2,30,2\nA3,15,1\n";
    let seen = proposed(&folder("unit-known", &[("a.csv", known.as_bytes())]), &["a.csv"]);
    assert!(seen.said.contains("单位写在 `法定办结时限单位` 里"), "{}", seen.said);
    assert!(!seen.said.contains("没有写单位的数"), "{}", seen.said);
    let words = "编码,法定办结时限,单位\nA1,20,工作日\nA2,30,日\nA3,15,工作日\n";
    let seen = proposed(&folder("unit-beside", &[("a.csv", words.as_bytes())]), &["a.csv"]);
    assert!(seen.entries().contains("unit = \"单位\""), "{}", seen.entries());
    assert!(!seen.said.contains("没有写单位的数"), "{}", seen.said);

    // An office is no unit, whatever its heading.
    let offices = "编码,法定办结时限,单位\nA1,20,水务所\nA2,30,林业站\nA3,15,水务所\n";
    let seen = proposed(&folder("unit-office", &[("a.csv", offices.as_bytes())]), &["a.csv"]);
    assert!(seen.said.contains("没有写单位的数"), "{}", seen.said);
    assert!(!seen.said.contains("单位写在"), "{}", seen.said);
}

/// Odd files: each is proposed as something that checks.
#[test]
fn odd_files_check_without_an_edit() {
    let long = format!("编码,{}\n1,2\n2,3\n", "很长的标题".repeat(20));
    let odd: [(&str, &str, &str); 16] = [
        ("blank", "编码,,名称\n1,x,a\n2,,b\n3,z,c\n", "ignore = [\"\"]"),
        ("twice", "编码,备注,备注\n1,x,a\n2,,b\n", "headings = [\"编码\", \"备注\", \"备注2\"]"),
        ("bare", "1,2015-01-01,3.5\n2,2015-01-02,4.5\n", "header = 0"),
        ("ditto", "部门,事\n甲局,a\n同上,b\n〃,c\n", "fill = [\"部门\"]"),
        ("has", "编码,许可证\nA,有\nB,无\nC,有\nD,/\n", "absent = [\"/\"]"),
        ("totals", "编码,数\nA,1\nB,2\n合计,3\n", "\"../totals.csv\""),
        ("heading", "编码\n", "empty = true"),
        ("reserved", "有,是,凡,的,当\n1,是,x,y,z\n2,否,x,y,z\n", "\"../reserved.csv\""),
        ("quotes", "\"码“甲”\",\"带\"\"号\"\"\",\"换\n行\",井#\n1,x,y,z\n", "headings = {"),
        ("words", "政策,词汇,表,枚举,第一条\n1,2,3,4,5\n2,3,4,5,6\n", "\"../words.csv\""),
        ("days", "编码,日期\nA,2015-02-30\nB,2015-01-01\n", "\"../days.csv\""),
        ("codes", "区号,区名\n0371,甲\n010,乙\n", "\"../codes.csv\""),
        ("digits", "编码,数\nA,123456789012345678901234567890\nB,1\n", "\"../digits.csv\""),
        ("same", "编码,名称\nA,x\nA,y\nB,z\n", "\"../same.csv\""),
        ("kinds", "编\u{3000}码,名😀称\nA,2\nB,3\n", "\"../kinds.csv\""),
        ("long", &long, "\"../long.csv\""),
    ];
    for (name, csv, entry) in odd {
        let file = format!("{name}.csv");
        let seen = proposed(&folder(name, &[(&file, csv.as_bytes())]), &[&file]);
        assert!(seen.entries().contains(entry), "{name}: {}", seen.entries());
    }
    let codes = std::fs::read_to_string(
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("proposal/codes/p/词汇.fan"),
    );
    assert!(codes.unwrap().contains("  区号 : 文本 主键\n"), "zeros are lost in a number");
}

/// Where nothing can be read nothing is written, and what is there stays; what cannot be read
/// beside something that can is named.
#[test]
fn what_cannot_be_read_is_said_and_nothing_is_written_over() {
    let files: [(&str, &[u8]); 4] = [
        ("a.csv", b"code,name\n1,x\n2,y\n"),
        ("b.xlsx", b"no workbook"),
        ("c.pdf", b"%PDF"),
        ("d.csv", b""),
    ];
    let folder = folder("refused", &files);
    let none =
        fanshi(&["init", "p", "--lang", "zh", "--from", "b.xlsx", "c.pdf", "d.csv"], &folder);
    assert_eq!(none.status.code(), Some(2));
    let refused = text(&none.stderr);
    for said in ["b.xlsx", "c.pdf", "empty_file", "d.csv"] {
        assert!(refused.contains(said), "{said}: {refused}");
    }
    assert!(!folder.join("p").exists());

    let seen = proposed(&folder, &["a.csv", "b.xlsx"]);
    assert!(seen.said.contains("文件不是工作簿"), "{}", seen.said);
    let again = fanshi(&["init", "p", "--from", "a.csv"], &folder);
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(folder.join("p/fanshi.toml")).unwrap(), seen.manifest);
    assert_eq!(std::fs::read(folder.join("a.csv")).unwrap(), files[0].1);
}

/// In English the texts are English.
#[test]
fn keywords_and_remarks_are_in_the_language_asked_for() {
    let csv = "code,signed,pages\nA,2015-01-01,3\nB,2015-01-02,4\n";
    let folder = folder("english", &[("books.csv", csv.as_bytes())]);
    let output = fanshi(&["init", "p", "--lang", "en", "--from", "books.csv"], &folder);
    assert_eq!(output.status.code(), Some(0));
    let said =
        text(&output.stdout) + &std::fs::read_to_string(folder.join("p/fanshi.toml")).unwrap();
    let vocabulary = std::fs::read_to_string(folder.join("p/vocabulary.fan")).unwrap();
    let chinese =
        |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    assert!(!chinese(&said), "{said}");
    assert!(vocabulary.contains("  code : text key\n  signed : date\n"), "{vocabulary}");
    assert_eq!(fanshi(&["check", "p"], &folder).status.code(), Some(0));
}

const SHELVES: &str = "政策 馆 | library
枚举 去留 | fate { 留 | keep  剔 | drop }
表 架 | shelf { 号 | number : 文本 主键 }
表 书 | book {
  编码 | code : 文本 主键
  架 | shelf : 架
  购入 | bought : 日期
  价 | price : 金额
  占比 | share : 百分比
  借出 | lent : 是否
  去留 | fate : 去留
  题 | topics : 多个 文本 可缺
  附件 | parts : 多个 { 名 | name : 文本  页 | pages : 整数 }
}
第一条 页 | pages
  凡 书.附件，页 必须 不少于 1。
";

/// Puts rows below the headings of a sheet, every cell a text as a person types it, or a number.
fn fill(form: &[u8], part: &str, rows: &[&[&str]]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(form)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let (name, mut bytes) = (entry.name().unwrap().to_string(), Vec::new());
        entry.read_to_end(&mut bytes).unwrap();
        if name == part {
            let mut cells = String::new();
            for (row, values) in (2..).zip(rows) {
                let _ = write!(cells, "<row r=\"{row}\">");
                for (column, value) in ('A'..).zip(*values).filter(|(_, value)| !value.is_empty()) {
                    let _ = write!(
                        cells,
                        "<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{value}</t></is></c>"
                    );
                }
                cells.push_str("</row>");
            }
            let sheet = text(&bytes).replace("</sheetData>", &format!("{cells}</sheetData>"));
            bytes = sheet.into_bytes();
        }
        out.start_file(&name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The blank form of a vocabulary, filled in, is read by the entries that were told; codes keep
/// their zeros. Two runs write the same bytes.
#[test]
fn a_form_that_is_filled_in_is_read_as_it_is() {
    let folder = folder("form", &[("馆.fan", SHELVES.as_bytes())]);
    let output = fanshi(&["form", "馆.fan", "-o", "空表.xlsx", "--lang", "zh"], &folder);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let told = text(&output.stderr);
    let entries: String = told.lines().skip(1).fold(String::new(), |mut all, line| {
        let _ = writeln!(all, "{}", line.trim());
        all
    });
    assert_eq!(
        entries,
        "\"架\" = \"空表.xlsx\"\n\"书\" = \"空表.xlsx\"\n\"书.附件\" = \"空表.xlsx\"\n"
    );
    let form = std::fs::read(folder.join("空表.xlsx")).unwrap();
    let form = fill(&form, "xl/worksheets/sheet1.xml", &[&["007"], &["008"]]);
    let books: [&[&str]; 2] = [
        &["000330", "007", "2015-11-20", "12.5", "51%", "是", "留", "甲、乙"],
        &["000331", "008", "2015年1月2日", "1.5万元", "5%", "否", "剔", ""],
    ];
    let form = fill(&form, "xl/worksheets/sheet2.xml", &books);
    let parts: [&[&str]; 2] = [&["000330", "图", "0"], &["000331", "表", "3"]];
    let form = fill(&form, "xl/worksheets/sheet3.xml", &parts);
    std::fs::write(folder.join("空表.xlsx"), form).unwrap();
    let manifest =
        format!("[project]\nas_of = 2015-11-20\npolicies = [\"馆.fan\"]\n[data]\n{entries}");
    std::fs::write(folder.join("fanshi.toml"), manifest).unwrap();
    let checked = fanshi(&["check", "--lang", "zh"], &folder);
    let report = text(&checked.stdout) + &text(&checked.stderr);
    assert_eq!(checked.status.code(), Some(1), "{report}");
    assert!(report.contains("000330"), "{report}");

    for name in ["一.xlsx", "二.xlsx"] {
        assert!(fanshi(&["form", "馆.fan", "书", "-o", name], &folder).status.success());
    }
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    assert_eq!(read("一.xlsx"), read("二.xlsx"));
}

/// A table there is not is an error that names the nearest; nothing is written.
#[test]
fn a_form_of_an_unknown_table_is_refused() {
    let folder = folder("unknown", &[("馆.fan", SHELVES.as_bytes())]);
    let output = fanshi(&["form", "馆.fan", "shelff", "-o", "a.xlsx", "--lang", "en"], &folder);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("did you mean `shelf`?"), "{}", text(&output.stderr));
    assert!(!folder.join("a.xlsx").exists());
}

/// What an interface returns: an envelope, values in objects, lists inside rows, numbers that are
/// no texts.
#[test]
fn json_is_seen_with_what_stands_inside_its_rows() {
    let mut rows = Vec::new();
    for number in 0..12 {
        let (kind, last) = (["甲", "乙", "丙"][number % 3], number % 4 + 1);
        rows.push(format!(
            r#"{{"no": {number}, "org": {{"name": "{kind}局"}}, "fee": "{number}00元", "tags": ["{kind}", "共"],
                "steps": [{{"step": "受理", "days": 1}}, {{"step": "决定", "days": {last}}}], "end": null}}"#
        ));
    }
    let all = rows.join(",");
    let whole = format!(r#"{{"code": 0, "result": {{"total": 12, "list": [{all}]}}}}"#);
    let lines = rows.iter().map(|row| row.replace('\n', " ")).collect::<Vec<_>>().join("\n");
    let folder = folder("json", &[("a.json", whole.as_bytes()), ("b.jsonl", lines.as_bytes())]);
    let seen = proposed(&folder, &["a.json"]);
    assert!(seen.entries().contains("rows = \"result/list\""), "{}", seen.manifest);
    assert!(seen.vocabulary.contains("亦作 “org/name”"), "{}", seen.vocabulary);
    for line in
        ["no : 整数 主键", "fee : 金额", "tags : 多个 文本", "steps : 多个 {", "days : 整数"]
    {
        assert!(seen.vocabulary.contains(line), "{line}\n{}", seen.vocabulary);
    }
    assert_eq!(seen.code, 0, "{}", seen.report);
    std::fs::remove_dir_all(folder.join("p")).unwrap();
    let lines = proposed(&folder, &["b.jsonl"]);
    assert!(!lines.entries().contains("rows"), "{}", lines.manifest);
    assert!(lines.vocabulary.contains("steps : 多个 {"), "{}", lines.vocabulary);
}

/// Days between two dates are held against a limit in working days, with the calendar that makes
/// the project check.
#[test]
fn a_calendar_comes_with_limits_in_working_days() {
    let mut text = "编号,受理日期,办结日期,承诺时限（工作日）\n".to_owned();
    for day in 1..=20 {
        let _ = writeln!(text, "B{day:02},2015-09-{day:02},2015-09-{:02},{}", day + 4, 4 + day % 3);
    }
    let folder = folder("calendar", &[("a.csv", text.as_bytes())]);
    let seen = proposed(&folder, &["a.csv"]);
    assert!(seen.entries().ends_with("\"日历\" = \"工作日.csv\"\n"), "{}", seen.manifest);
    let sentence = "历时(受理日期, 办结日期) 不得 超过 承诺时限";
    assert!(seen.policy.contains(sentence), "{}", seen.policy);
    assert!(seen.said.contains("`工作日.csv` 里的放假和调休"), "{}", seen.said);
    assert_eq!(seen.code, 0, "{}", seen.report);
}

/// A sheet of instructions is no table, and numbers in units that nobody has told are not compared.
#[test]
fn instructions_are_left_out_and_unknown_units_not_compared() {
    let head: &[&str] = &["编号", "法定时限", "法定时限单位", "承诺时限", "承诺时限单位"];
    let rows: Vec<Vec<String>> = (1..=12)
        .map(|row| [format!("A{row}"), "20".into(), "1".into(), "10".into(), "2".into()].into())
        .collect();
    let rows: Vec<Vec<&str>> =
        rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let mut table: Vec<&[&str]> = vec![head];
    table.extend(rows.iter().map(Vec::as_slice));
    let prose: &[&[&str]] = &[&["请如实填报"], &["时限不含公示"], &["问题请打电话"]];
    let book = workbook(&[("填表说明", prose), ("清单", &table)]);
    let folder = folder("instructions", &[("a.xlsx", &book)]);
    let seen = proposed(&folder, &["a.xlsx"]);
    assert!(seen.said.contains("工作表 `填表说明` 没有用上"), "{}", seen.said);
    assert!(!seen.policy.contains("不得 超过"), "{}", seen.policy);
}

/// Rows below headings of two levels, the upper one over the second and the third column, with
/// what stands above them.
fn two_levels(above: &[&str], upper: &str, lower: [&str; 2]) -> Vec<u8> {
    let mut text = above.iter().fold(String::new(), |all, line| all + line + ",,\n");
    let _ = writeln!(text, "编码,{upper},\n,{},{}", lower[0], lower[1]);
    for row in 1..=12 {
        let _ = writeln!(text, "A{row},20,{}", 5 + row);
    }
    text.into_bytes()
}

/// The unit that an upper heading states is that of the numbers below it, before the one that is
/// stated above the table, for the project as for what is judged by it.
#[test]
fn a_unit_over_several_headings_is_that_of_each() {
    let above = ["清单", "单位：万元"];
    let lower = ["法定", "承诺"];
    let workdays = two_levels(&above, "办理时限（工作日）", lower);
    let days = two_levels(&above, "办理时限(自然日)", ["法定时限", "承诺时限"]);
    let hours = two_levels(&[], "等候/小时", lower);
    let money = two_levels(&["单位：元"], "投资（万元）", ["计划", "实际"]);
    let files: [(&str, &[u8]); 4] =
        [("a.csv", &workdays), ("b.csv", &days), ("c.csv", &hours), ("d.csv", &money)];
    for (name, fields, limit, broken) in [
        ("a.csv", "法定、承诺", "工作日", "为 17 个工作日"),
        ("b.csv", "法定时限、承诺时限", "日", "为 17 日"),
        ("c.csv", "法定、承诺", "小时", "为 17 小时"),
        ("d.csv", "计划、实际", "元", "为 170000 元"),
    ] {
        let folder = folder(&format!("over-{name}"), &files);
        let seen = proposed(&folder, &[name]);
        let kind = if limit == "元" { "金额" } else { limit };
        assert!(seen.said.contains(&format!("  {kind}：{fields}\n")), "{}", seen.said);
        assert!(!seen.said.contains("表上写着单位"), "{}", seen.said);
        let (first, second) = fields.split_once('、').unwrap();
        let order = format!("，{second} 不得 超过 {first}。");
        assert!(seen.policy.contains(&order), "{}", seen.policy);
        assert!(!seen.said.contains("没有写单位的数"), "{}", seen.said);
        // Only the last row has 17: where it is less than in the policy nothing is found.
        let scale = if limit == "元" { 160_000 } else { 16 };
        let policy = format!(
            "{}\n\n第九条 末行\n  凡 {}，{second} 不得 超过 {scale} {limit}。\n",
            seen.policy,
            &name[..1]
        );
        std::fs::write(folder.join("p/规则.fan"), policy).unwrap();
        let checked = fanshi(&["check", "p", "--lang", "zh"], &folder);
        let report = text(&checked.stdout) + &text(&checked.stderr);
        assert_eq!(checked.status.code(), Some(1), "{name}: {report}");
        assert!(report.contains("A12"), "{name}: {report}");
        assert!(report.contains(broken), "{name}: {report}");
        assert!(!report.contains("A11"), "{name}: {report}");
    }
    // A unit that is another than the field's is told, and not taken for it.
    let project = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("proposal/over-c.csv/p");
    let words = std::fs::read_to_string(project.join("词汇.fan")).unwrap();
    std::fs::write(project.join("词汇.fan"), words.replace(": 小时", ": 工作日")).unwrap();
    let policy = std::fs::read_to_string(project.join("规则.fan")).unwrap();
    std::fs::write(project.join("规则.fan"), policy.replace(" 小时。", " 工作日。")).unwrap();
    let checked = fanshi(&["check", ".", "--lang", "zh"], &project);
    assert_eq!(checked.status.code(), Some(2));
    let report = text(&checked.stdout) + &text(&checked.stderr);
    assert!(report.contains("[wrong_unit]"), "{report}");
}

/// The headings at the top of each printed page are no row of data, whatever levels they have: as
/// many rows are seen as are judged, and columns hold what they hold.
#[test]
fn headings_that_are_repeated_in_the_middle_are_no_rows() {
    let one = "编码,受理日期,费用（元）,加急\n";
    let two = "编码,受理,,加急\n,受理日期,费用（元）,\n";
    let wide = "编码 ,受理日期,\"费用\n（元）\",加急,\n";
    for (name, head, rows, again) in [
        ("repeated", one, "14", one),
        ("repeated-levels", two, "15, 16", two),
        ("repeated-otherwise", one, "14", wide),
    ] {
        let mut csv = head.to_owned();
        for page in ["A", "B"] {
            for row in 1..=12 {
                let hurried = ["是", "否"][row % 2];
                let _ = writeln!(csv, "{page}{row},2018-10-{row:02},{},{hurried}", row * 100);
            }
            if page == "A" {
                csv += again;
            }
        }
        let seen = proposed(&folder(name, &[("a.csv", csv.as_bytes())]), &["a.csv"]);
        assert!(seen.said.contains("，24 行\n"), "{name}: {}", seen.said);
        assert!(seen.said.contains(&format!("  又写了一遍的标题行：{rows}\n")), "{}", seen.said);
        for line in ["  编码 | code : 文本 主键\n", " : 日期\n", " : 金额\n", "加急 : 是否\n"]
        {
            assert!(seen.vocabulary.contains(line), "{name} {line}: {}", seen.vocabulary);
        }
        assert!(!Seen::code_of(&seen.vocabulary).contains("可缺"), "{}", seen.vocabulary);
        assert!(seen.report.contains("读入 24 行"), "{}", seen.report);
    }
    // A row that only begins like the headings is one of data.
    let csv = "编码,名称\nA,x\n编码,y\nB,z\n";
    let seen = proposed(&folder("repeated-not", &[("a.csv", csv.as_bytes())]), &["a.csv"]);
    assert!(seen.said.contains("，3 行\n"), "{}", seen.said);
}

/// What was once opened in the wrong encoding and saved so is not declared under the names it has
/// now: it is refused, with what to do; the other sheets and files are read.
#[test]
fn what_is_garbled_is_refused() {
    let plain = "项目名称,建设单位,开工日期\n甲项目,一公司,2018-03-01\n乙项目,二公司,2018-04-01\n";
    let latin = encoding_rs::WINDOWS_1252.decode_without_bom_handling(plain.as_bytes()).0;
    let chinese = encoding_rs::GB18030.decode_without_bom_handling(plain.as_bytes()).0;
    let (bytes, ..) = encoding_rs::GB18030.encode(plain);
    let (gb, ..) = encoding_rs::WINDOWS_1252.decode(&bytes);
    let lost = "锟斤拷锟斤拷,编号\n1,2\n3,4\n";
    let below = plain.lines().skip(1).fold("no,name,day\n".to_owned(), |all, line| {
        all + &encoding_rs::WINDOWS_1252.decode_without_bom_handling(line.as_bytes()).0 + "\n"
    });
    let json = format!("[{{\"{}\": 1}}, {{\"b\": 2}}]", chinese.split_once(',').unwrap().0);
    let mut book = Workbook::new();
    for (name, text) in [("好", plain), ("坏", &*latin)] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, line) in (0..).zip(text.lines()) {
            for (column, cell) in (0..).zip(line.split(',')) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    let book = book.save_to_buffer().unwrap();
    let files: [(&str, &[u8]); 8] = [
        ("good.csv", plain.as_bytes()),
        ("latin.csv", latin.as_bytes()),
        ("chinese.csv", chinese.as_bytes()),
        ("gb.csv", gb.as_bytes()),
        ("lost.csv", lost.as_bytes()),
        ("below.csv", below.as_bytes()),
        ("keys.json", json.as_bytes()),
        ("book.xlsx", &book),
    ];
    let folder = folder("garbled", &files);
    for name in ["latin.csv", "chinese.csv", "gb.csv", "lost.csv", "below.csv", "keys.json"] {
        let none = fanshi(&["init", "p", "--lang", "zh", "--from", name], &folder);
        let refused = text(&none.stderr);
        assert_eq!(none.status.code(), Some(2), "{name}: {refused}");
        assert!(refused.contains("garbled_text"), "{name}: {refused}");
        assert!(refused.contains("重新存一份"), "{name}: {refused}");
        assert!(!folder.join("p").exists());
        let seen = proposed(&folder, &["good.csv", name]);
        assert!(seen.said.contains(&format!("`../{name}`是乱码，没有用上")), "{}", seen.said);
        assert_eq!(seen.entries(), "\"good\" = \"../good.csv\"\n");
        std::fs::remove_dir_all(folder.join("p")).unwrap();
    }
    let seen = proposed(&folder, &["book.xlsx"]);
    assert!(seen.said.contains(" 的工作表 `坏` 是乱码，没有用上："), "{}", seen.said);
    assert!(seen.said.contains("像是 `项目名称`，以前把 UTF-8 当作 windows-1252"), "{}", seen.said);
    assert_eq!(seen.entries(), "\"好\" = { file = \"../book.xlsx\", sheet = \"好\" }\n");
}

/// Single cells that are garbled do not refuse a file, and letters that only look so do not either.
#[test]
fn a_garbled_cell_or_a_foreign_word_is_no_garbled_file() {
    let csv = "编码,名称,Größe (é)\n1,甲,x\n2,æ—§ä¹¦,Café\n3,丙,São\n4,丁,10 °C\n";
    let seen = proposed(&folder("garbled-cell", &[("a.csv", csv.as_bytes())]), &["a.csv"]);
    assert!(!seen.said.contains("没有用上"), "{}", seen.said);
    assert!(seen.said.contains("名称：没有读入：`名称` 是乱码"), "{}", seen.said);
}

/// A column headed as an amount, a day, a share or a time whose values are not all readable as one
/// is said to be left to decide, with those that are not, whatever it is taken for.
#[test]
fn what_is_headed_as_measured_and_is_text_is_said() {
    let mut csv =
        "编码,承诺时限,总投资,占比,开工日期,其中：资金（万元）,名称,办结日期说明\n".to_owned();
    for row in 0..40 {
        let of = |words: [&'static str; 4]| words[row % 4];
        let _ = writeln!(
            csv,
            "A{row},{},{},{},{},{},第{row}个,2018年{row}",
            of(["3个工作日", "当场", "5天", "3个工作日"]),
            of(["1.5万元", "约600", "100元", "/"]),
            of(["51%", "过半1", "—", "100%"]),
            of(["2018-10-01", "2018年3月", "2018年10月2日", "2018-10-03"]),
            of(["5", "6", "约6万元", "8"]),
        );
    }
    let folder = folder("headed", &[("a.csv", csv.as_bytes())]);
    let seen = proposed(&folder, &["a.csv"]);
    for said in [
        "a.承诺时限：按标题是工作日，40 格中 20 格不能读作工作日，如 `当场`、`5天`；先作3 个值之一",
        "a.总投资：按标题是金额，30 格中 10 格不能读作金额，如 `约600`；先作文本",
        "a.占比：按标题是百分比，30 格中 10 格不能读作百分比，如 `过半1`；先作文本",
        "a.开工日期：按标题是日期，40 格中 10 格不能读作日期，如 `2018年3月`；先作4 个值之一",
        "a.其中：资金：按标题是金额，40 格中 10 格不能读作金额，如 `约6万元`；先作4 个值之一",
    ] {
        assert!(seen.said.contains(said), "{said}\n{}", seen.said);
        let doubt = said.split_once('：').unwrap().1.trim_start_matches("资金：");
        assert!(seen.vocabulary.contains(&format!("# {doubt}\n")), "{}", seen.vocabulary);
    }
    for plain in ["名称：", "办结日期说明："] {
        assert!(!seen.said.contains(&format!("a.{plain}")), "{}", seen.said);
    }
    // Readable values, and words without any number, are nothing to decide.
    let csv = "编码,金额,日期,期限\nA,1元,2015-01-01,长期\nB,2元,2015-01-02,永久\n";
    let seen = proposed(&self::folder("headed-not", &[("b.csv", csv.as_bytes())]), &["b.csv"]);
    assert!(!seen.said.contains("按标题是"), "{}", seen.said);
}

/// Where a heading states the unit of its numbers nothing about it is left to decide, and it goes
/// before what fields of that name have elsewhere and before the line above the table.
#[test]
fn a_unit_that_the_heading_states_is_not_asked_for() {
    let table = |first: &str, second: &str| {
        let mut csv = format!("清单,,,\n单位：万元,,,\n编码,{first},{second},收费\n");
        for row in 1..=12 {
            let _ = writeln!(csv, "A{row},20,{},1.5", 5 + row);
        }
        csv
    };
    for (name, first, second, said) in [
        ("stated", "法定时限（工作日）", "承诺时限(工作日)", "  工作日：法定时限、承诺时限\n"),
        ("stated-days", "法定时限（日）", "\"承诺时限\n自然日\"", "  日：法定时限、承诺时限\n"),
        ("stated-weeks", "间隔（周）", "轮换周期/年", "  整数：间隔、轮换周期_年\n"),
        ("stated-money", "金额（万元）", "实收（元）", "  金额：金额、实收、收费\n"),
    ] {
        let csv = table(first, second);
        let seen = proposed(&folder(name, &[("a.csv", csv.as_bytes())]), &["a.csv"]);
        assert!(seen.said.contains(said), "{name}: {}", seen.said);
        let open = seen.said.split_once("还要人定：\n").unwrap().1;
        let asked: Vec<&str> = open.lines().take_while(|line| line.starts_with("  a.")).collect();
        assert_eq!(asked.len(), 1, "{name}: {}", seen.said);
        assert!(asked[0].starts_with("  a.收费：表上写着单位 `万元`"), "{}", seen.said);
    }
    // Where it does not, it is.
    let csv = table("法定时限", "承诺时限（工作日）");
    let seen = proposed(&folder("stated-not", &[("a.csv", csv.as_bytes())]), &["a.csv"]);
    assert_eq!(seen.said.matches("没有写单位的数先作工作日").count(), 1, "{}", seen.said);
    assert!(seen.said.contains("a.法定时限：没有写单位的数先作工作日"), "{}", seen.said);
}

/// A file of GB18030 of which nothing says so is proposed with its encoding: nothing is left to be
/// warned of.
#[test]
fn the_encoding_of_a_file_is_written_down() {
    let texts = "编号,名称,收费\nA1,户外广告设置审批,100\nA2,占道经营许可,200\nA3,犬类登记,300\n";
    let (bytes, ..) = encoding_rs::GB18030.encode(texts);
    let json = "[{\"编号\":\"A1\",\"名称\":\"户外广告设置审批\"},{\"编号\":\"A2\",\"名称\":\"占道经营许可\"}]";
    let (object, ..) = encoding_rs::GB18030.encode(json);
    let folder = folder(
        "encoding",
        &[("事项.csv", &bytes), ("许可.json", &object), ("明文.csv", texts.as_bytes())],
    );
    let seen = proposed(&folder, &["事项.csv", "许可.json", "明文.csv"]);
    assert!(!seen.report.contains("guessed_encoding"), "{}", seen.report);
    let entries = seen.entries();
    assert_eq!(entries.matches("encoding = \"gb18030\"").count(), 2, "{entries}");
    let plain = entries.lines().find(|line| line.contains("明文.csv")).unwrap();
    assert!(!plain.contains("encoding"), "{entries}");
}
