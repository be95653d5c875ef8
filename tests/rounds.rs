//! Rounds played by script: workbooks go out, people fill them in, save them with other programs,
//! under other names, twice or never; what comes back is the next project, and every answer is
//! accounted for.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops at the first surprise"
)]

#[path = "rounds/marked.rs"]
mod marked;
#[path = "rounds/sample.rs"]
mod sample;

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// An empty folder of its own, with files in it.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("rounds").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn fanshi(command: &str, arguments: &[&Path], more: &[&str]) -> Output {
    let mut run = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    run.arg(command).args(arguments).args(["--lang", "zh"]).args(more).output().unwrap()
}

/// Sends a project out.
fn round(project: &Path, to: &Path) -> Output {
    fanshi("round", &[project], &["--by", "局", "-o", to.to_str().unwrap()])
}

/// What `receive` says, and its exit code.
fn receive(project: &Path, back: &Path, next: &Path) -> (Option<i32>, String) {
    let out = fanshi("receive", &[project, back], &["-o", next.to_str().unwrap()]);
    let said = String::from_utf8(out.stdout).unwrap();
    (out.status.code(), said + &String::from_utf8(out.stderr).unwrap())
}

/// The findings of a project: fingerprint, outcome, message; nothing is wrong with it.
fn findings(project: &Path) -> BTreeSet<String> {
    let out = fanshi("check", &[project], &["--format", "json"]);
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(report["diagnostics"], Value::Array(Vec::new()), "{}", project.display());
    let one = |found: &Value| {
        format!("{} {} {}", found["fingerprint"], found["outcome"], found["message"])
    };
    report["findings"].as_array().unwrap().iter().map(one).collect()
}

/// A workbook as somebody has it open.
struct Book(Vec<(String, Vec<Vec<Data>>)>);

impl Book {
    fn open(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let names = book.sheet_names();
        let sheet = |name: String| {
            let range = book.worksheet_range(&name).unwrap();
            let rows = range.rows().map(<[Data]>::to_vec).collect();
            (name, rows)
        };
        Self(names.into_iter().map(sheet).collect())
    }

    fn sheet(&mut self, name: &str) -> &mut Vec<Vec<Data>> {
        &mut self.0.iter_mut().find(|(found, _)| found == name).unwrap().1
    }

    fn column(&mut self, sheet: &str, heading: &str) -> usize {
        self.sheet(sheet)[0].iter().position(|cell| *cell == heading).unwrap()
    }

    /// Writes into the cell of a row that has a text in one of its first two cells.
    fn write(&mut self, sheet: &str, row: &str, heading: &str, text: &str) {
        let column = self.column(sheet, heading);
        let is = |cells: &&mut Vec<Data>| {
            cells.iter().take(2).any(|cell| cell.to_string().split(' ').any(|word| word == row))
        };
        let found = self.sheet(sheet).iter_mut().find(is).unwrap();
        found[column] = Data::String(text.to_owned());
    }

    fn answer(&mut self, row: &str, answer: &str, reason: &str) {
        self.write("问题", row, "答复", answer);
        self.write("问题", row, "理由", reason);
    }

    fn remove(&mut self, sheet: &str, key: &str) {
        self.sheet(sheet).retain(|row| row[0] != key);
    }

    fn insert(&mut self, sheet: &str, at: usize, cells: &[&str]) {
        let row = cells.iter().map(|text| Data::String((*text).to_owned())).collect();
        self.sheet(sheet).insert(at, row);
    }

    fn save(&self, path: &Path) {
        let mut book = rust_xlsxwriter::Workbook::new();
        for (name, rows) in &self.0 {
            let out = book.add_worksheet();
            out.set_name(name).unwrap();
            for (line, row) in (0..).zip(rows) {
                for (at, cell) in (0..).zip(row) {
                    match cell {
                        Data::Empty => {}
                        Data::Float(number) => drop(out.write_number(line, at, *number).unwrap()),
                        Data::DateTime(moment) => {
                            let (year, month, day, ..) = moment.to_ymd_hms_milli();
                            let text = format!("{year}-{month:02}-{day:02}");
                            out.write_string(line, at, text).unwrap();
                        }
                        other => drop(out.write_string(line, at, other.to_string()).unwrap()),
                    }
                }
            }
        }
        book.save(path).unwrap();
    }
}

/// Saves a workbook as LibreOffice does, in another format; where it is missing, as it is.
fn saved_as(book: &Path, format: &str, to: &Path) -> PathBuf {
    let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("rounds-office");
    let mut office = Command::new("soffice");
    office.arg(format!("-env:UserInstallation=file://{}", home.display()));
    office.args(["--headless", "--convert-to", format, "--outdir"]).arg(to).arg(book);
    let saved = to.join(book.with_extension(format).file_name().unwrap());
    match office.output() {
        Ok(_) if saved.is_file() => saved,
        _ => {
            println!("soffice is missing: {} stays as it is", book.display());
            let copy = to.join(book.file_name().unwrap());
            std::fs::copy(book, &copy).unwrap();
            copy
        }
    }
}

const MANIFEST: &str = "# 一报\n[project]\nname = \"样\"\nas_of = 2015-11-20\npolicies = [\"a.fan\"]\n\n\
    [data]\n\"局\" = \"d.csv\"\n\"事\" = \"i.csv\" # 各局报\n\"事.前置\" = \"t.csv\"\n\"来文\" = \"s.csv\"\n";
const POLICY: &str = "枚举 去留 {\n  不留\n  留下\n}\n\n表 局 {\n  名称 : 文本 主键\n}\n\n表 事 {\n  \
    编码 : 文本 主键\n  名称 : 文本\n  局 : 局\n  投资 : 金额\n  前置 : 多个 {\n    名称 : 文本\n  }\n  \
    去留 : 去留\n}\n\n表 来文 {\n  文号 : 文本 主键\n  事 : 事\n  方式 : 文本\n}\n\n\
    裁定 事.去留\n  次序 不留\n  否则 留下\n\n第一条 大额\n  凡 投资 超过 1000000000 元 的 事，一律 不留。\n\n\
    第二条 前置\n  凡 事.前置，名称 不得 为 “论证”。\n\n第三条 明令\n  凡 来文，方式 不得 为 “明令取消”。\n";
const ITEMS: &str = "编码,名称,局,投资,去留\nA-1,甲一,甲局,1740000000,留下\nA-2,甲二,甲局,1840000000,留下\n\
    B-1,乙一,乙局,1200000000,留下\nB-2,乙二,乙局,100,留下\nC-1,丙一,丙局,1300000000,留下\n";

fn project(name: &str) -> PathBuf {
    let lists = "事,名称\nA-1,选址\nB-2,选址\nB-2,论证\n";
    folder(
        name,
        &[
            ("一报/fanshi.toml", MANIFEST),
            ("一报/a.fan", POLICY),
            ("一报/d.csv", "名称\n甲局\n乙局\n丙局\n"),
            ("一报/i.csv", ITEMS),
            ("一报/t.csv", lists),
            ("一报/s.csv", "文号,事,方式\n1号,A-1,明令取消\n2号,B-2,下放\n"),
        ],
    )
}

fn folders(root: &Path, names: &[&str]) {
    names.iter().for_each(|name| std::fs::create_dir_all(root.join(name)).unwrap());
}

/// Handed back as they were sent, workbooks give the same findings, in whatever format.
#[test]
fn what_comes_back_untouched_is_what_it_was() {
    let root = project("untouched");
    let (first, sent) = (root.join("一报"), root.join("一下"));
    assert_eq!(round(&first, &sent).status.code(), Some(1));
    let record = std::fs::read_to_string(sent.join("round.toml")).unwrap();
    assert!(record.contains("by = \"局\"") && record.contains("group = \"丙局\""), "{record}");
    // `copied` is no format: the workbook itself, which no other program has saved.
    for format in ["copied", "xlsx", "ods", "xls"] {
        let (back, next) = (root.join(format), root.join(format!("二报-{format}")));
        std::fs::create_dir_all(&back).unwrap();
        for name in ["甲局", "乙局", "丙局"] {
            let book = sent.join(format!("{name}.xlsx"));
            match format {
                "copied" => drop(std::fs::copy(&book, back.join(format!("{name}.xlsx"))).unwrap()),
                _ => drop(saved_as(&book, format, &back)),
            }
        }
        let (code, said) = receive(&first, &back, &next);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("原样交回，没有改也没有答复 3："), "{said}");
        assert!(said.contains("行：改了 0，新增 0，撤回 0"), "{said}");
        assert_eq!(findings(&next), findings(&first), "{format}");
        // Lists without an element came from a file of their own, and stand in their rows now.
        let same = fanshi("diff", &[&first, &next], &[]).stdout;
        let same = String::from_utf8(same).unwrap();
        assert!(same.contains("两次没有不同"), "{format}: {same}");
    }
    // A second export leaves the workbooks that are there, for they may hold answers.
    assert_eq!(round(&first, &sent).status.code(), Some(2));
    // And what comes back goes into a folder of its own.
    let (code, said) = receive(&first, &root.join("xlsx"), &root.join("二报-xlsx"));
    assert!(code == Some(2) && said.contains("不是空的"), "{said}");
}

/// A list of records that is not given has no cell in its row: the link leads to the sheet where it
/// is filled in, and what is filled in there is read.
#[test]
fn a_list_that_nobody_filled_in_is_filled_in_on_its_sheet() {
    let policy = "表 局 {\n  名称 : 文本 主键\n}\n\n表 事 {\n  编码 : 文本 主键\n  局 : 局\n  \
        前置 : 多个 {\n    名称 : 文本\n  } 可缺\n}\n\n第一条 前置\n  凡 事，必须 有 前置。\n";
    let manifest = "[project]\nname = \"样\"\nas_of = 2015-11-20\npolicies = [\"a.fan\"]\n\n[data]\n\
        \"局\" = \"d.csv\"\n\"事\" = \"i.csv\"\n";
    let root = folder(
        "empty-list",
        &[
            ("一报/fanshi.toml", manifest),
            ("一报/a.fan", policy),
            ("一报/d.csv", "名称\n甲局\n"),
            ("一报/i.csv", "编码,局\nA-1,甲局\nA-2,甲局\n"),
        ],
    );
    folders(&root, &["交回"]);
    assert_eq!(round(&root.join("一报"), &root.join("一下")).status.code(), Some(1));
    let mut book = Book::open(&root.join("一下/甲局.xlsx"));
    let place = book.column("问题", "位置");
    assert_eq!(book.sheet("问题")[1][place], "事.前置!A2");
    book.insert("事.前置", 1, &["A-1", "选址"]);
    book.insert("事.前置", 2, &["A-2", "论证"]);
    for key in ["A-1", "A-2"] {
        book.answer(key, "已改正", "");
    }
    book.save(&root.join("交回/甲局.xlsx"));
    let (code, said) = receive(&root.join("一报"), &root.join("交回"), &root.join("二报"));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("已改正 2（已消除 2"), "{said}");
    assert!(findings(&root.join("二报")).is_empty());
}

/// Of more findings than a workbook can have notes, each has its line and its colour, and it is said
/// how many cells have no note; all of them are answered for when it comes back.
#[test]
fn more_findings_than_notes_lose_nothing() {
    const ROWS: usize = 10_003;
    let policy = "表 局 {\n  名称 : 文本 主键\n}\n\n表 事 {\n  编码 : 文本 主键\n  局 : 局\n  数 : 整数\n}\n\n\
        第一条 数\n  凡 事，数 不得 超过 3。\n";
    let manifest = "[project]\nname = \"样\"\nas_of = 2015-11-20\npolicies = [\"a.fan\"]\n\n[data]\n\
        \"局\" = \"d.csv\"\n\"事\" = \"i.csv\"\n";
    let rows: Vec<String> = (0..ROWS).map(|row| format!("N{row:05},甲局,9")).collect();
    let items = format!("编码,局,数\n{}\n", rows.join("\n"));
    let root = folder(
        "notes",
        &[
            ("一报/fanshi.toml", manifest),
            ("一报/a.fan", policy),
            ("一报/d.csv", "名称\n甲局\n"),
            ("一报/i.csv", &items),
        ],
    );
    folders(&root, &["交回"]);
    assert_eq!(round(&root.join("一报"), &root.join("一下")).status.code(), Some(1));
    let sent = root.join("一下/甲局.xlsx");
    let parts = marked::parts(&std::fs::read(&sent).unwrap());
    let notes = parts.iter().filter(|(name, _)| name.starts_with("xl/comments"));
    let notes = notes.map(|(_, part)| String::from_utf8_lossy(part).matches("<comment ").count());
    assert_eq!(notes.sum::<usize>(), 10_000);
    let mut book = Book::open(&sent);
    assert_eq!(book.sheet("问题").len(), ROWS + 1);
    let place = book.column("问题", "位置");
    let places: BTreeSet<String> =
        book.sheet("问题")[1..].iter().map(|row| row[place].to_string()).collect();
    assert_eq!(places.len(), ROWS);
    let about = format!("{:?}", book.sheet("说明"));
    assert!(about.contains(&format!("列出 {ROWS} 处")), "{about}");
    assert!(about.contains("有 3 个标色的单元格没有批注"), "{about}");
    book.write("事", "N10002", "数", "1");
    book.answer("N10002", "已改正", "");
    book.answer("N00000", "不改", "就是九");
    book.save(&root.join("交回/甲局.xlsx"));
    let (code, said) = receive(&root.join("一报"), &root.join("交回"), &root.join("二报"));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("已改正 1（已消除 1"), "{said}");
    assert!(said.contains(&format!("没有答复 {}", ROWS - 2)), "{said}");
    assert_eq!(findings(&root.join("二报")).len(), ROWS - 1);
}

/// A sheet alone, saved as CSV by another program under another name, is known by its keys.
#[test]
fn a_sheet_that_comes_back_as_csv_is_known_by_its_keys() {
    let root = project("csv");
    folders(&root, &["交回"]);
    assert_eq!(round(&root.join("一报"), &root.join("一下")).status.code(), Some(1));
    let mut book = Book::open(&root.join("一下/丙局.xlsx"));
    book.write("事", "C-1", "去留", "不留");
    let line = |row: &Vec<Data>| row.iter().map(Data::to_string).collect::<Vec<_>>().join(",");
    let lines: Vec<String> = book.sheet("事").iter().map(line).collect();
    // As WPS saves it on a Chinese system.
    let text = lines.join("\r\n");
    let (bytes, ..) = encoding_rs::GB18030.encode(&text);
    std::fs::write(root.join("交回/丙局的表.csv"), bytes).unwrap();
    let (code, said) = receive(&root.join("一报"), &root.join("交回"), &root.join("二报"));
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("行：改了 1，新增 0，撤回 0"), "{said}");
    assert!(said.contains("没有交回 2：甲局、乙局"), "{said}");
    assert!(!findings(&root.join("二报")).iter().any(|found| found.contains("C-1")), "{said}");
}

/// What was answered is lost to nobody in silence: a record of it that cannot be read is an error.
#[test]
fn a_record_of_answers_that_cannot_be_read_is_an_error() {
    for (name, text) in [("no-toml", "format = "), ("other", "format = \"fanshi.answers/9\"\n")] {
        let root = project(name);
        std::fs::write(root.join("一报/answers.toml"), text).unwrap();
        let out = round(&root.join("一报"), &root.join("一下"));
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(2), "{said}");
        assert!(said.contains("`answers.toml` 读不出"), "{said}");
        assert!(!root.join("一下").exists());
    }
}

/// Three rounds: answers of each kind, a row inserted, one withdrawn, a department that is silent,
/// one that answers twice, files of other formats and names.
#[test]
fn three_rounds_lose_nothing() {
    let root = project("three");
    folders(&root, &["交回", "再交", "三交", "改"]);
    let at = |name: &str| root.join(name);
    let (first, second) = (at("一报"), at("二报"));
    assert_eq!(round(&first, &at("一下")).status.code(), Some(1));

    // 甲局 corrects one, leaves one, asks about one, adds one, and saves as .ods under another name.
    let mut book = Book::open(&at("一下/甲局.xlsx"));
    book.answer("A-1", "已改正", "");
    book.answer("A-2", "不改", "国家重点项目");
    book.answer("1号", "要商量", "来文有误？");
    book.write("事", "A-1", "去留", "不留");
    book.write("来文", "1号", "方式", "下放");
    book.insert("事", 2, &["A-3", "新的", "", "7", "留下"]);
    book.insert("事.前置", 1, &["A-3", "选址"]);
    book.save(&at("改/交来的.xlsx"));
    saved_as(&at("改/交来的.xlsx"), "ods", &at("交回"));
    // 乙局 says it corrected what it did not, withdraws the other, and sends a second copy later.
    let mut book = Book::open(&at("一下/乙局.xlsx"));
    book.answer("B-1", "已改正", "");
    book.answer("B-2", "改好了", "");
    book.save(&at("改/乙局.xlsx"));
    saved_as(&at("改/乙局.xlsx"), "xls", &at("交回"));
    book.remove("事", "B-2");
    book.write("事", "B-1", "名称", "乙一（改名）");
    book.save(&at("交回/乙局(1).xlsx"));
    std::fs::write(at("交回/说明.pdf"), "%PDF").unwrap();

    let (code, said) = receive(&first, &at("交回"), &second);
    assert_eq!(code, Some(3), "{said}");
    for line in [
        "没有交回 1：丙局",
        "交回不止一本（逐格合并，同一格以后存的为准） 1：乙局",
        "  `说明.pdf` 不是工作簿，也不是 CSV",
        "  甲局 来文!C2: `明令取消` → `下放`",
        "行：改了 2，新增 1，撤回 1",
        "  撤回：乙局 事“B-2”（它的清单一起撤回）",
        "  别的表里说的就是撤回的行，随着去掉：来文 1",
        "答复是 `改好了`",
        "答复 5：已改正 2（已消除 1，随行撤回 0，没有改 0，改了但还在 1），不改 1（拟了例外草稿 1，待批准），\
            要商量 2",
        "没有答复 0（其中已消除 0）；没有交回的还有 1",
    ] {
        let line = line.replace("答复是", "答复写的是");
        assert!(said.contains(&line), "{line}\n{said}");
    }
    let rows = std::fs::read_to_string(second.join("事.json")).unwrap();
    assert!(rows.contains("乙一（改名）") && rows.contains("\"A-3\"") && !rows.contains("\"B-2\""));
    assert!(rows.contains("\"前置\": [{\"名称\":\"选址\"}]"), "{rows}");
    let manifest = std::fs::read_to_string(second.join("fanshi.toml")).unwrap();
    assert!(
        manifest.starts_with("# 一报\n") && manifest.contains("\"../一报/a.fan\""),
        "{manifest}"
    );
    assert!(manifest.contains("\"事\" = \"事.json\" # 各局报"), "{manifest}");
    let draft = std::fs::read_to_string(second.join("waivers.draft.toml")).unwrap();
    assert!(
        draft.contains("item = \"A-2\"") && draft.contains("reason = \"国家重点项目\""),
        "{draft}"
    );
    assert_eq!(findings(&second).len(), 4);

    what_is_open_stands_in_the_second(&at);
    the_last_changes_nothing(&at);
}

/// What is open stands in the next workbooks; two departments hand nothing in.
fn what_is_open_stands_in_the_second(at: &dyn Fn(&str) -> PathBuf) {
    let (second, third) = (at("二报"), at("三报"));
    assert_eq!(round(&second, &at("二下")).status.code(), Some(1));
    let mut book = Book::open(&at("二下/甲局.xlsx"));
    let lines = format!("{:?}", book.sheet("问题"));
    assert!(
        lines.contains("上次答复：不改：国家重点项目") && !lines.contains("A-1 甲一"),
        "{lines}"
    );
    let mut book = Book::open(&at("二下/乙局.xlsx"));
    let lines = format!("{:?}", book.sheet("问题"));
    assert!(lines.contains("上次答复：已改正，改了，但问题还在"), "{lines}");
    // Now 丙局 corrects its row, and 甲局 and 乙局 hand nothing in: what they said still stands.
    let mut book = Book::open(&at("二下/丙局.xlsx"));
    book.answer("C-1", "已改正", "");
    book.write("事", "C-1", "投资", "3");
    book.write("事", "C-1", "编码", "C-9");
    book.save(&at("再交/随便.xlsx"));
    let (code, said) = receive(&second, &at("再交"), &third);
    assert_eq!(code, Some(3), "{said}");
    for line in [
        "没有交回 2：甲局、乙局",
        "  丙局 事!A2: `C-1` → `C-9`",
        "答复 4：已改正 2（已消除 1，随行撤回 0，没有改 1，改了但还在 0），不改 1",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let rows = std::fs::read_to_string(third.join("事.json")).unwrap();
    assert!(rows.contains("\"C-1\"") && !rows.contains("C-9"), "{rows}");
    assert_eq!(findings(&third).len(), 3);
}

/// The authority grants what was drafted; the last round changes nothing.
fn the_last_changes_nothing(at: &dyn Fn(&str) -> PathBuf) {
    let (third, fourth) = (at("三报"), at("四报"));
    let draft = std::fs::read_to_string(third.join("waivers.draft.toml")).unwrap();
    let granted = draft.replace("authority = \"\"", "authority = \"纪要\"");
    let manifest = std::fs::read_to_string(third.join("fanshi.toml")).unwrap();
    std::fs::write(third.join("fanshi.toml"), format!("{manifest}\n{granted}")).unwrap();
    assert!(findings(&third).iter().any(|found| found.contains("\"waived\"")));
    round(&third, &at("三下"));
    for name in ["甲局", "乙局", "丙局"] {
        saved_as(&at(&format!("三下/{name}.xlsx")), "ods", &at("三交"));
    }
    let (code, said) = receive(&third, &at("三交"), &fourth);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(findings(&fourth), findings(&third));
}

/// The sample: every department, every table; untouched it is what it was, and an item that is
/// withdrawn takes all with it that spoke of it.
#[test]
fn the_sample_goes_out_and_comes_back() {
    let root = folder("sample", &[]);
    folders(&root, &["交回"]);
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015");
    let sent = root.join("一下");
    let out = fanshi("round", &[&sample], &["--by", "部门", "-o", sent.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(1));
    let books = || std::fs::read_dir(&sent).unwrap().map(|entry| entry.unwrap().path());
    for book in books().filter(|path| path.extension().is_some_and(|end| end == "xlsx")) {
        std::fs::copy(&book, root.join("交回").join(book.file_name().unwrap())).unwrap();
    }
    let (code, said) = receive(&sample, &root.join("交回"), &root.join("二报"));
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(findings(&root.join("二报")), findings(&sample));
    let own = root.join("交回/上街区民政局.xlsx");
    let mut book = Book::open(&own);
    book.remove("事项", "MZ-01");
    book.save(&own);
    let (code, said) = receive(&sample, &root.join("交回"), &root.join("再报"));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("撤回：上街区民政局 事项“MZ-01”"), "{said}");
    assert!(said.contains("随着去掉：办件 18、监察步骤 4、窗口事项 1"), "{said}");
    // Nothing dangles, and no more is undecided than before.
    let open = |project: &Path| {
        findings(project).iter().filter(|found| found.contains("\"undetermined\"")).count()
    };
    assert!(open(&root.join("再报")) <= open(&sample));
}
