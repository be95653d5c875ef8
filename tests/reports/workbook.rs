//! The workbook report: every finding, cells marked, nothing that runs, nothing outside the folder, and the rows read back as they were.

use crate::support::{Listed, everything, full, options};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use fanshi::check::{Keep, Options, judge};
use fanshi::finding::{Finding, Report};
use fanshi::report::{Format, Grouping, Rows, workbooks, write, write_with_rows};
use fanshi::syntax::tree::Language;
use fanshi::verdict::Explainer;
use fanshi::workspace::Project;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// A workbook's sheets as texts.
fn sheets(bytes: &[u8]) -> Vec<(String, Vec<Vec<String>>)> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let text = |cell: &Data| match cell {
        Data::DateTime(moment) => {
            moment.to_ymd_hms_milli().0.to_string() + &format!("-{:02}-{:02}", moment.to_ymd_hms_milli().1, moment.to_ymd_hms_milli().2)
        }
        other => other.to_string(),
    };
    let rows = |name: &String, book: &mut Xlsx<_>| {
        let range = book.worksheet_range(name).unwrap();
        range.rows().map(|row| row.iter().map(text).collect()).collect()
    };
    book.sheet_names().iter().map(|name| (name.clone(), rows(name, &mut book))).collect()
}

/// All parts of a workbook whose names begin so.
fn parts(bytes: &[u8], begin: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).filter(|name| name.starts_with(begin)).collect();
    let mut all = String::new();
    for name in names {
        archive.by_name(&name).unwrap().read_to_string(&mut all).unwrap();
    }
    all
}

fn findings_sheet<'s>(sheets: &'s [(String, Vec<Vec<String>>)], name: &str) -> &'s [Vec<String>] {
    &sheets.iter().find(|(found, _)| found == name).unwrap().1[1..]
}

#[test]
fn the_workbook_has_every_finding_and_every_waiver() {
    let findings = Listed(everything());
    let report = full(&findings);
    let mut bytes = Vec::new();
    write(&report, Format::Xlsx, &options(80), &mut bytes).unwrap();
    let mut again = Vec::new();
    write(&report, Format::Xlsx, &options(80), &mut again).unwrap();
    assert!(bytes == again, "two runs write the same bytes");
    let sheets = sheets(&bytes);
    let rows = findings_sheet(&sheets, "问题");
    assert_eq!(rows.len(), findings.0.len());
    for (index, row) in rows.iter().enumerate() {
        assert!(row[7].contains(&format!("第{index}个，")), "{row:?}");
    }
    let about = format!("{:?}", sheets[0]);
    assert!(report.waivers.iter().all(|waiver| about.contains(&waiver.authority)), "{about}");
}

fn sample<R>(sink: impl FnOnce(&Report<'_>, &Explainer<'_, '_>) -> R) -> R {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015");
    judge(Project::read(&folder), &Options { keep: Keep::Everything, ..Options::default() }, sink)
}

/// The workbooks of a run, by name.
fn by(report: &Report<'_>, explainer: &Explainer<'_, '_>, name: &str, language: Language) -> BTreeMap<String, Vec<u8>> {
    let by = Grouping::named(explainer.evaluator.graph.program, name).unwrap();
    let mut books = BTreeMap::new();
    workbooks(report, &Rows { explainer, grouping: Some(by) }, by, language, |name, bytes| {
        assert!(books.insert(name.to_owned(), bytes.to_vec()).is_none(), "{name} is written twice");
        Ok(())
    })
    .unwrap();
    books
}

/// What a finding is, whatever file it stands in.
fn identity(finding: &Finding) -> String {
    format!("{} {:?} {}", finding.fingerprint, finding.declared, finding.message.en)
}

/// A project like the sample whose submitted tables are read from these workbooks, sheet by sheet.
fn resubmitted(name: &str, books: &BTreeMap<String, Vec<u8>>) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).unwrap();
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (number, bytes) in books.values().enumerate() {
        for (sheet, rows) in sheets(bytes).into_iter().filter(|(sheet, _)| !["说明", "问题"].contains(&&**sheet)) {
            let line =
                |row: &Vec<String>| row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect::<Vec<_>>().join(",");
            let file = format!("{sheet}-{number}.csv");
            std::fs::write(root.join(&file), rows.iter().map(line).collect::<Vec<_>>().join("\n")).unwrap();
            tables.entry(sheet).or_default().push(file);
        }
    }
    let manifest = std::fs::read_to_string(policies.join("shangjie-2015/fanshi.toml")).unwrap();
    let (head, _) = manifest.split_once("[data]").unwrap();
    let mut manifest = head.replace("\"../", &format!("\"{}/", policies.display()));
    manifest.push_str("[data]\n");
    let unchanged = ["calendar_day = calendars/china", "statute = statutes/statutes", "setting_authority = statutes/setting-authority"];
    let more = [
        "requirement_authority = statutes/requirement-authority",
        "type_code = statutes/type-codes",
        "department = shangjie-2015/departments",
    ];
    for (table, file) in unchanged.iter().chain(&more).map(|line| line.split_once(" = ").unwrap()) {
        manifest.push_str(&format!("{table} = \"{}/{file}.csv\"\n", policies.display()));
    }
    manifest.push_str(&format!("published = \"{}/shangjie-2015/published.toml\"\n", policies.display()));
    for (table, files) in tables.iter().filter(|(table, _)| !table.starts_with("公布")) {
        manifest.push_str(&format!("\"{table}\" = {files:?}\n"));
    }
    std::fs::write(root.join("fanshi.toml"), manifest).unwrap();
    root
}

#[test]
fn a_workbook_for_each_department_and_all_of_them_read_back() {
    let (books, before, groups) = sample(|report, explainer| {
        let books = by(report, explainer, "department", Language::Chinese);
        let before: BTreeSet<String> = (0..report.findings.len()).map(|index| identity(&report.findings.get(index))).collect();
        let table = explainer.evaluator.graph.program.schema.tables().find(|(_, frame)| frame.names.matches("item")).unwrap().0;
        let by = Grouping::named(explainer.evaluator.graph.program, "部门").unwrap();
        let rows = 0..explainer.evaluator.frame(table).unwrap().len;
        let groups: BTreeSet<String> =
            rows.filter_map(|row| by.of(explainer, (table, row))).map(|group| format!("{}.xlsx", group.zh)).collect();
        (books, before, groups)
    });
    assert!(groups.len() > 20 && groups.iter().all(|group| books.contains_key(group)), "{groups:?}");
    let listed: usize = books.values().map(|bytes| findings_sheet(&sheets(bytes), "问题").len()).sum();
    assert_eq!(listed, before.len());
    for (name, bytes) in &books {
        let sheets = sheets(bytes);
        let notes = parts(bytes, "xl/comments").matches("<comment ").count();
        let on_rows = findings_sheet(&sheets, "问题").iter().filter(|row| row[3] != "" && row[4] != "").count();
        assert!(on_rows == 0 || notes > 0, "{name}: {on_rows} findings, {notes} notes");
    }
    let root = resubmitted("resubmitted", &books);
    let after = judge(Project::read(&root), &Options::default(), |report, _| {
        // A department without entries of a list has an empty sheet for it all the same.
        assert!(report.diagnostics.iter().all(|found| found.code == "empty_table"), "{:?}", report.diagnostics);
        (0..report.findings.len()).map(|index| identity(&report.findings.get(index))).collect::<BTreeSet<String>>()
    });
    let gone: Vec<_> = before.difference(&after).collect();
    let new: Vec<_> = after.difference(&before).collect();
    assert!(gone.is_empty() && new.is_empty(), "gone {gone:#?}\nnew {new:#?}");
}

#[test]
fn hostile_cells_stay_text_and_hostile_groups_stay_in_the_folder() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile-cells");
    std::fs::create_dir_all(&root).unwrap();
    let policy = "policy p\n\ntable office {\n  name : text key\n}\n\ntable item {\n  code : text key\n  title : text\n  office : office\n  pages : integer\n}\n\narticle 1 thick\n  whenever item, pages must not exceed 10.\n";
    let name = "../../../tmp/outside\u{202e}";
    std::fs::write(root.join("p.fan"), policy).unwrap();
    std::fs::write(root.join("offices.csv"), format!("name\n{name}\nCON\n")).unwrap();
    std::fs::write(
        root.join("items.csv"),
        format!("code,title,office,pages\n=1+1,\"=cmd|'/c calc'!A1\",{name},20\n@x,+1,CON,30\n-2,plain,CON,3\n"),
    )
    .unwrap();
    std::fs::write(
        root.join("fanshi.toml"),
        "[project]\nname = \"h\"\nas_of = 2015-11-20\npolicies = [\"p.fan\"]\n[data]\noffice = \"offices.csv\"\nitem = \"items.csv\"\n",
    )
    .unwrap();
    judge(Project::read(&root), &Options { keep: Keep::Everything, ..Options::default() }, |report, explainer| {
        assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
        let books = by(report, explainer, "office", Language::English);
        assert_eq!(books.len(), 2, "{:?}", books.keys());
        for name in books.keys() {
            assert!(!name.contains(['/', '\\', '\u{202e}']) && !name.starts_with('.') && name != "CON.xlsx", "{name}");
        }
        let bytes = books.values().find(|bytes| format!("{:?}", sheets(bytes)).contains("=1+1")).unwrap();
        assert_eq!(parts(bytes, "xl/worksheets/").matches("<f>").count(), 0, "no cell is a formula");
        assert!(parts(bytes, "xl/styles.xml").contains("quotePrefix=\"1\""), "and none becomes one when edited");
        let sheets = sheets(bytes);
        let item = &sheets.iter().find(|(name, _)| name == "item").unwrap().1;
        assert_eq!(item[1][..2], ["=1+1", "=cmd|'/c calc'!A1"]);
        let mut tsv = Vec::new();
        write_with_rows(report, None, Format::Tsv, &options(80), &mut tsv).unwrap();
        let tsv = String::from_utf8(tsv).unwrap();
        assert!(tsv.contains("\t'=1+1\t") && tsv.contains("\t'@x\t"), "{tsv}");
    });
}
