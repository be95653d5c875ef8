//! The workbook report: every finding, cells marked, nothing that runs, nothing outside the folder,
//! and the rows read back as they were.

use crate::support::{Listed, everything, full, options};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use fanshi::diff::{Cause, diff};
use fanshi::engine::Keep;
use fanshi::engine::RowRef;
use fanshi::engine::Run;
use fanshi::finding::{Finding, Report};
use fanshi::grouping::{Grouping, Groups};
use fanshi::report::{Format, workbooks, write, write_with_rows};
use fanshi::syntax::tree::Language;
use fanshi::workspace::Options;
use fanshi::workspace::Project;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// A workbook's sheets as texts.
pub fn sheets(bytes: &[u8]) -> Vec<(String, Vec<Vec<String>>)> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let text = |cell: &Data| match cell {
        Data::DateTime(moment) => {
            moment.to_ymd_hms_milli().0.to_string()
                + &format!("-{:02}-{:02}", moment.to_ymd_hms_milli().1, moment.to_ymd_hms_milli().2)
        }
        other => other.to_string(),
    };
    let rows = |name: &String, book: &mut Xlsx<_>| {
        let range = book.worksheet_range(name).unwrap();
        range.rows().map(|row| row.iter().map(text).collect()).collect()
    };
    book.sheet_names().iter().map(|name| (name.clone(), rows(name, &mut book))).collect()
}

/// How many findings a workbook lists, and how many of them are about a row; only the one sheet is
/// read.
fn listed(bytes: &[u8]) -> (usize, usize) {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("问题").unwrap();
    let about_row = |row: &&[Data]| row[8] != Data::Empty && row[9] != Data::Empty;
    (range.height() - 1, range.rows().skip(1).filter(about_row).count())
}

/// All parts of a workbook whose names begin so.
fn parts(bytes: &[u8], begin: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .filter(|name| name.starts_with(begin))
        .collect();
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
    for index in 0..findings.0.len() {
        let said = format!("第{index}个，");
        assert_eq!(rows.iter().filter(|row| row[2].contains(&said)).count(), 1, "{said}");
    }
    let weight = |row: &Vec<String>| row[0] != "违反";
    assert!(rows.is_sorted_by_key(weight), "the gravest come first");
    let about = format!("{:?}", sheets[1]);
    assert!(report.waivers.iter().all(|waiver| about.contains(&waiver.authority)), "{about}");
}

fn sample<R>(sink: impl FnOnce(&Report<'_>, &Run) -> R) -> R {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015");
    let run = Project::read(&folder).run(&Options { keep: Keep::Everything, ..Options::default() });
    sink(&run.report(), &run)
}

/// The workbooks of a run, by name.
fn by(report: &Report<'_>, run: &Run, name: &str, language: Language) -> BTreeMap<String, Vec<u8>> {
    let rows = Groups::new(run, Some(Grouping::named(&run.policy, name).unwrap()));
    let mut books = BTreeMap::new();
    workbooks(report, &rows, (language, None), |name, bytes| {
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

/// A folder that is empty.
fn folder(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).unwrap();
    root
}

/// The lines that workbooks say read them back: table or list, and the sheets.
fn submission(root: &Path, books: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<String>> {
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (book, bytes) in books {
        std::fs::write(root.join(book), bytes).unwrap();
        for row in sheets(bytes)
            .iter()
            .filter(|(name, _)| ["说明", "About"].contains(&&**name))
            .flat_map(|(_, rows)| rows)
        {
            if let Some((table, sheet)) = row[0].split_once(" = { file = ") {
                let sheet = format!("{{ file = {}", sheet.replace("this.xlsx", book));
                tables.entry(table.trim_matches('"').to_owned()).or_default().push(sheet);
            }
            // Lists that are columns now have no line of their own.
            if let Some((_, lists)) = row[0].split_once("have to go: ") {
                lists.split(", ").for_each(|list| {
                    _ = tables.entry(list.trim_matches('"').to_owned()).or_default()
                });
            }
        }
    }
    tables
}

/// The manifest with other data for some tables.
fn with_data(manifest: &str, tables: &BTreeMap<String, Vec<String>>) -> String {
    let (head, data) = manifest.split_once("[data]").unwrap();
    let given = tables
        .iter()
        .filter(|(_, files)| !files.is_empty())
        .map(|(table, files)| format!("\"{table}\" = [{}]", files.join(", ")));
    let given = given.collect::<Vec<_>>().join("\n");
    let mut kept: Vec<&str> = vec![head, "[data]", &given];
    let mut inside = false;
    for line in data.lines() {
        let key = line.split_once(" = ").map_or("", |(key, _)| key.trim_matches('"'));
        let dropped = inside || tables.contains_key(key);
        inside = (tables.contains_key(key) && line.ends_with('[')) || (inside && line != "]");
        if !dropped {
            kept.push(line);
        }
    }
    kept.join("\n") + "\n"
}

/// The findings of a project on disk.
fn found(root: &Path) -> BTreeSet<String> {
    {
        let run = Project::read(root).run(&Options::default());
        let report = &run.report();

        // A department without entries of a list has an empty sheet for it all the same.
        assert!(
            report.diagnostics.iter().all(|found| found.code == "empty_table"),
            "{:?}",
            report.diagnostics
        );
        (0..report.findings.len()).map(|index| identity(&report.findings.get(index))).collect()
    }
}

/// The workbook as somebody saves it who has changed a cell: the row with this key, the column with
/// this heading.
fn corrected(bytes: &[u8], sheet: &str, key: &str, heading: &str, value: &str) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let mut changed = 0;
    for (name, rows) in sheets(bytes) {
        let out = book.add_worksheet();
        out.set_name(&name).unwrap();
        let column =
            rows.first().and_then(|headings| headings.iter().position(|found| found == heading));
        for (line, row) in (0..).zip(&rows) {
            for (at, cell) in row.iter().enumerate() {
                let here = name == sheet && row[0] == key && Some(at) == column;
                changed += usize::from(here);
                out.write_string(line, u16::try_from(at).unwrap(), if here { value } else { cell })
                    .unwrap();
            }
        }
    }
    assert_eq!(changed, 1);
    book.save_to_buffer().unwrap()
}

#[test]
fn the_sample_as_a_workbook_reads_back_and_each_department_has_its_own() {
    let (book, before) = sample(|report, run| {
        let table = run
            .evaluator
            .graph
            .program
            .schema
            .tables()
            .find(|(_, frame)| frame.names.matches("item"))
            .unwrap()
            .0;
        let grouped = Groups::new(run, Some(Grouping::named(&run.policy, "部门").unwrap()));
        let rows = 0..run.evaluator.frame(table).unwrap().len;
        let groups: BTreeSet<String> = rows
            .filter_map(|row| grouped.of(RowRef { frame: table, row }))
            .map(|group| format!("{}.xlsx", group.name.as_ref().unwrap().zh))
            .collect();
        let books = by(report, run, "department", Language::Chinese);
        assert!(
            groups.len() > 20 && groups.iter().all(|group| books.contains_key(group)),
            "{groups:?}"
        );
        assert_eq!(
            books.values().map(|bytes| listed(bytes).0).sum::<usize>(),
            report.findings.len()
        );
        for (name, bytes) in &books {
            let notes = parts(bytes, "xl/comments").matches("<comment ").count();
            let (_, on_rows) = listed(bytes);
            assert!(on_rows == 0 || notes > 0, "{name}: {on_rows} findings, {notes} notes");
        }
        let mut book = Vec::new();
        let english = fanshi::report::Options { language: Language::English, ..options(80) };
        write_with_rows(report, Some(&Groups::new(run, None)), Format::Xlsx, &english, &mut book)
            .unwrap();
        (
            book,
            (0..report.findings.len())
                .map(|index| identity(&report.findings.get(index)))
                .collect::<BTreeSet<String>>(),
        )
    });
    let root = folder("resubmitted");
    let tables = submission(&root, &BTreeMap::from([("all.xlsx".to_owned(), book)]));
    assert!(tables.len() > 8, "{tables:?}");
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let manifest = with_data(
        &std::fs::read_to_string(policies.join("shangjie-2015/fanshi.toml")).unwrap(),
        &tables,
    );
    let absolute = |line: &str| {
        let outside = line.replace("\"../", &format!("\"{}/", policies.display()));
        match outside.split_once(" = \"") {
            Some((key, file))
                if !line.contains("all.xlsx") && file.contains('.') && !file.starts_with('/') =>
            {
                format!("{key} = \"{}/shangjie-2015/{file}", policies.display())
            }
            _ => outside,
        }
    };
    std::fs::write(
        root.join("fanshi.toml"),
        manifest.lines().map(absolute).collect::<Vec<_>>().join("\n"),
    )
    .unwrap();
    let after = found(&root);
    let gone: Vec<_> = before.difference(&after).collect();
    let new: Vec<_> = after.difference(&before).collect();
    assert!(gone.is_empty() && new.is_empty(), "gone {gone:#?}\nnew {new:#?}");
}

/// A small project: offices, their items, and a list in each.
fn small(root: &Path, offices: &str, items: &str) -> String {
    let policy = "policy p\n\ntable office {\n  name : text key\n}\n\ntable item \
        {\n  code : text key\n  title : text\n  office : office optional\n  \
                  pages : integer\n  since : date optional\n  share : percent optional\n  steps : \
                  many {\n    name : text\n    days : workdays\n  }\n}\n\n\
                  article 1 thick\n  whenever item, pages must not exceed 10.\n\narticle 2 slow\n  \
                  whenever item.steps, days must not exceed 5 workdays.\n";
    let manifest = "[project]\nname = \"h\"\nas_of = 2015-11-20\npolicies = \
        [\"p.fan\"]\n[data]\noffice = \"offices.csv\"\nitem = \"items.toml\"\n";
    for (name, text) in [
        ("p.fan", policy),
        ("offices.csv", offices),
        ("items.toml", items),
        ("fanshi.toml", manifest),
    ] {
        std::fs::write(root.join(name), text).unwrap();
    }
    manifest.to_owned()
}

/// A spreadsheet keeps fifteen digits: what has more is a text, which loses none.
#[test]
fn whole_numbers_keep_all_their_digits() {
    let root = folder("digits");
    let numbers = [
        ("A1", "-9223372036854775808"),
        ("A2", "9223372036854775807"),
        ("A3", "9007199254740993"),
        ("A4", "-1000000000000000"),
        ("A5", "999999999999999"),
        ("A6", "-999999999999999"),
    ];
    let item = |(code, pages): &(&str, &str)| {
        format!("[[item]]\ncode = \"{code}\"\ntitle = \"t\"\npages = {pages}\nsteps = []\n")
    };
    small(&root, "name\nX\n", &numbers.iter().map(item).collect::<String>());
    let options = Options { keep: Keep::Everything, ..Options::default() };
    let run = Project::read(&root).run(&options);
    let mut bytes = Vec::new();
    let (report, rows) = (run.report(), Groups::new(&run, None));
    write_with_rows(&report, Some(&rows), Format::Xlsx, &crate::support::options(80), &mut bytes)
        .unwrap();
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(&bytes[..])).unwrap();
    let range = book.worksheet_range("item").unwrap();
    let cells: Vec<&Data> = range.rows().flatten().collect();
    for (code, digits) in numbers {
        let text = Data::String(digits.to_owned());
        let number = digits.parse().map(Data::Float).unwrap();
        let wanted = if digits.trim_start_matches('-').len() > 15 { text } else { number };
        assert!(cells.contains(&&wanted), "{code}: no {wanted:?} in {cells:?}");
    }
}

#[test]
fn a_corrected_workbook_closes_what_it_answers() {
    let root = folder("corrected");
    let item = |code: &str, office: &str, pages: usize, days: usize| {
        format!(
            "[[item]]\ncode = \"{code}\"\ntitle = \"=1\"\n{office}pages = {pages}\nsince = \
                2015-01-31\nshare = \"12.5%\"\n\
             steps = [{{ name = \"a\", days = 1 }}, {{ name = \"b\", days = {days} }}]\n"
        )
    };
    let items = [
        item("A1", "office = \"X\"\n", 20, 3),
        item("A2", "office = \"X\"\n", 30, 9),
        item("B1", "office = \"Y\"\n", 40, 3),
        item("C", "", 3, 7),
    ];
    let manifest = small(&root, "name\nX\nY\n", &items.concat());
    let options = Options { keep: Keep::Everything, ..Options::default() };
    let mut books = {
        let run = Project::read(&root).run(&options);
        let report = &run.report();
        let run = &run;

        by(report, run, "office", Language::English)
    };
    assert_eq!(books.keys().collect::<Vec<_>>(), ["X.xlsx", "Y.xlsx", "no group.xlsx"]);
    let before = found(&root);
    assert_eq!(before.len(), 5, "{before:#?}");
    std::fs::write(root.join("fanshi.toml"), with_data(&manifest, &submission(&root, &books)))
        .unwrap();
    assert_eq!(found(&root), before);
    let own = books.get_mut("X.xlsx").unwrap();
    let answered =
        findings_sheet(&sheets(own), "Findings").iter().find(|row| row[9] == "A1").unwrap().clone();
    assert_eq!(answered[4], "item!D2", "the place is a link to the cell");
    *own = corrected(own, "item", "A1", "pages", "10");
    let earlier = folder("corrected-before");
    copy(&root, &earlier);
    submission(&root, &books);
    let after = found(&root);
    assert_eq!(after.difference(&before).count(), 0);
    let closed: Vec<_> = before.difference(&after).collect();
    assert!(
        closed.len() == 1 && closed[0].contains(answered[2].lines().next().unwrap()),
        "{closed:?} {answered:?}"
    );
    // And what compares the two rounds says so, with the cell's field as the cause.
    let (old, new) = (Project::read(&earlier).run(&options), Project::read(&root).run(&options));
    let diff = diff(&old, &new, &[], None);
    let (fixed, new, turned) = (&diff.findings.fixed, &diff.findings.new, &diff.findings.turned);
    assert_eq!(
        (fixed.len(), new.len(), turned.len(), diff.findings.remaining.len()),
        (1, 0, 0, before.len() - 1)
    );
    assert!(
        matches!(&fixed[0].causes[..], [Cause::Field(None, field)] if field.en == "pages"),
        "{:?}",
        fixed[0].causes
    );
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::write(to, std::fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

#[test]
fn hostile_cells_stay_text_and_hostile_groups_stay_in_the_folder() {
    let root = folder("hostile-cells");
    let name = "../../../tmp/outside\u{202e}";
    let item = |code: &str, title: &str, office: &str, pages: usize| {
        format!(
            "[[item]]\ncode = \"{code}\"\ntitle = \"{title}\"\noffice = \"{office}\"\npages = \
                {pages}\nsteps = []\n"
        )
    };
    let items = [
        item("=1+1", "=cmd|'/c calc'!A1", name, 20),
        item("@x", "+1", "CON", 30),
        item("-2", "plain", "CON", 3),
    ];
    small(&root, &format!("name\n{name}\nCON\n"), &items.concat());
    {
        let run =
            Project::read(&root).run(&Options { keep: Keep::Everything, ..Options::default() });
        let report = &run.report();
        let run = &run;

        assert!(
            report.diagnostics.iter().all(|found| found.code != "unknown_reference"),
            "{:?}",
            report.diagnostics
        );
        let books = by(report, run, "office", Language::English);
        assert_eq!(
            books.len(),
            3,
            "two offices, and the article that never applied: {:?}",
            books.keys()
        );
        for name in books.keys() {
            assert!(
                !name.contains(['/', '\\', '\u{202e}'])
                    && !name.starts_with('.')
                    && name != "CON.xlsx",
                "{name}"
            );
        }
        let bytes =
            books.values().find(|bytes| format!("{:?}", sheets(bytes)).contains("=1+1")).unwrap();
        assert_eq!(
            parts(bytes, "xl/worksheets/").matches("<f>").count(),
            0,
            "no cell is a formula"
        );
        assert!(
            parts(bytes, "xl/styles.xml").contains("quotePrefix=\"1\""),
            "and none becomes one when edited"
        );
        let sheets = sheets(bytes);
        let item = &sheets.iter().find(|(name, _)| name == "item").unwrap().1;
        assert_eq!(item[1][..2], ["=1+1", "=cmd|'/c calc'!A1"]);
        let mut tsv = Vec::new();
        write_with_rows(report, None, Format::Tsv, &options(80), &mut tsv).unwrap();
        let tsv = String::from_utf8(tsv).unwrap();
        assert!(tsv.contains("\t'=1+1\t") && tsv.contains("\t'@x\t"), "{tsv}");
    };
}

/// A project in JSON, judged, and its workbook in English.
fn one(root: &Path, policy: &str, data: &[(&str, &str)]) -> Vec<u8> {
    std::fs::write(root.join("p.fan"), policy).unwrap();
    let mut manifest =
        "[project]\nname = \"n\"\nas_of = 2015-11-20\npolicies = [\"p.fan\"]\n[data]\n".to_owned();
    for (table, text) in data {
        std::fs::write(root.join(format!("{table}.json")), text).unwrap();
        manifest += &format!("{table} = \"{table}.json\"\n");
    }
    std::fs::write(root.join("fanshi.toml"), manifest).unwrap();
    {
        let run =
            Project::read(root).run(&Options { keep: Keep::Everything, ..Options::default() });
        let report = &run.report();
        let run = &run;

        let english = fanshi::report::Options { language: Language::English, ..options(80) };
        let mut book = Vec::new();
        write_with_rows(report, Some(&Groups::new(run, None)), Format::Xlsx, &english, &mut book)
            .unwrap();
        book
    }
}

#[test]
fn findings_come_first_then_what_is_marked_and_the_sheets_say_what_they_are() {
    let policy = "policy p\n\nenum kind { plain special }\n\ntable quiet \
        {\n  id : text key\n  pages : integer\n}\n\ntable item {\n  code : text key\n  \
                  kind : kind\n  done : boolean\n  pages : integer\n  steps : many \
                  {\n    days : integer\n  } optional\n}\n\n\
                  article 1 thick\n  whenever item, pages must not exceed 10.\n\narticle 2 wide\n  \
                  whenever quiet, pages should not exceed 10.\n\n\
                  article 3 slow\n  whenever item.steps, days must not exceed 5.\n";
    let items = "[{\"code\": \"a\", \"kind\": \"plain\", \"done\": true, \"pages\": 20, \"steps\": [{\"days\": 1}]}, {\"code\": \"b\", \"kind\": \
                 \"special\", \"done\": false, \"pages\": 1}]";
    let book = one(
        &folder("ordered"),
        policy,
        &[("quiet", "[{\"id\": \"q\", \"pages\": 11}]"), ("item", items)],
    );
    let all = sheets(&book);
    let names: Vec<&str> = all.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["Findings", "About", "quiet", "item", "item.steps"]);
    let about = &all[1].1;
    let listed = |name: &str| {
        about.iter().find(|row| row[0] == name && row[1].parse::<u32>().is_ok()).unwrap()[1..4]
            .to_vec()
    };
    assert_eq!(listed("quiet"), ["1", "1", ""]);
    assert_eq!(listed("item"), ["2", "1", ""]);
    assert_eq!(
        listed("item.steps"),
        [
            "1",
            "0",
            "1 rows do not give this list, or it cannot be read; read back, it is empty there"
        ]
    );
    let sheet = |number: usize| parts(&book, &format!("xl/worksheets/sheet{number}.xml"));
    assert!(
        sheet(1).contains("\"mended,stands,to be discussed\"") && sheet(1).contains("<hyperlink ")
    );
    assert!(
        sheet(4).contains("\"plain,special\"")
            && sheet(4).contains("\"false,true\"")
            && sheet(4).contains("<tabColor")
    );
    assert!(!sheet(5).contains("<tabColor"), "nothing is marked there");
    assert!((3..=5).all(|number| sheet(number).contains("state=\"frozen\"")
        && sheet(number).contains("paperSize=\"9\"")));
    assert!(
        parts(&book, "xl/workbook.xml").matches("_xlnm.Print_Titles").count() >= 4,
        "headings are repeated on paper"
    );
}

/// A cell that could not be read is marked and has a row of its own, whether or not a finding rests on
/// it; a department is told of its own alone.
#[test]
fn what_could_not_be_read_is_marked_where_it_stands() {
    let policy = "policy p\n\ntable office {\n  name : text key\n}\n\ntable item {\n  code : text key\n  \
        office : office\n  pages : integer\n  done : boolean\n}\n\n\
        article 1 thick\n  whenever item, pages must not exceed 10.\n";
    let root = folder("unread");
    let items = "[{\"code\": \"a\", \"office\": \"x\", \"pages\": \"many\", \"done\": true}, \
        {\"code\": \"b\", \"office\": \"y\", \"pages\": 3, \"done\": \"perhaps\"}]";
    let data = [("office", "[{\"name\": \"x\"}, {\"name\": \"y\"}]"), ("item", items)];
    let whole = one(&root, policy, &data);
    let told = |book: &[u8]| -> Vec<[String; 3]> {
        let all = sheets(book);
        let rows = &all.iter().find(|(name, _)| name == "Findings").unwrap().1;
        let at = |name: &str| rows[0].iter().position(|cell| cell == name).unwrap();
        let columns = ["outcome", "place", "finding"].map(at);
        rows[1..].iter().map(|row| columns.map(|column| row[column].clone())).collect()
    };
    let unread = |place: &str, said: &str| ["unread".to_owned(), place.into(), said.into()];
    let (many, perhaps) = (
        unread("item!C2", "pages cannot be read: it is of type integer; `many` stands there"),
        unread("item!D3", "done cannot be read: it is of type boolean; `perhaps` stands there"),
    );
    let all = told(&whole);
    assert!(all.contains(&many) && all.contains(&perhaps) && all.len() == 3, "{all:?}");
    assert_eq!(parts(&whole, "xl/comments").matches("<comment ").count(), 2);
    let run = Project::read(&root).run(&Options { keep: Keep::Everything, ..Options::default() });
    let books = by(&run.report(), &run, "office", Language::English);
    let [outcome, _, said] = perhaps;
    assert_eq!(told(&books["y.xlsx"]), [[outcome, "item!D2".into(), said]]);
    assert!(told(&books["x.xlsx"]).contains(&many) && told(&books["x.xlsx"]).len() == 2);
    for book in books.values() {
        let all = sheets(book);
        let about = findings_sheet(&all, "About").iter().flatten();
        assert!(about.clone().all(|cell| !cell.contains("unreadable_value")), "{all:?}");
    }
}

#[test]
fn lists_of_plain_values_are_a_column_and_an_empty_one_is_not_one_that_was_not_given() {
    let policy = "policy p\n\ntable item \
        {\n  code : text key\n  tags : many text optional\n  days : many workdays optional\n}\n\n\
                  article 1 tagged\n  whenever item where has tags, count(tags) must not exceed \
                  0.\n\n\
                  article 2 given\n  whenever item, must has tags.\n\narticle 3 quick\n  whenever \
                  item.days, value must not exceed 3 workdays.\n";
    let items = |odd: &str| {
        format!(
            "[{{\"code\": \"none\"}}, {{\"code\": \"empty\", \"tags\": [], \"days\": []}}, \
                {{\"code\": \"some\", \"tags\": [\"x\", \"{odd}\"], \"days\": [1, 5]}}]"
        )
    };
    for (odd, apart) in [("y z", false), ("=1", false), ("y、z", true)] {
        let root = folder("plain-lists");
        let book = one(&root, policy, &[("item", &items(odd))]);
        let before = found(&root);
        let all = sheets(&book);
        assert_eq!(all.iter().any(|(name, _)| name == "item.tags"), apart, "{odd:?}");
        let rows = &all.iter().find(|(name, _)| name == "item").unwrap().1;
        let days = rows[0].iter().position(|heading| heading == "days").unwrap();
        assert_eq!([&*rows[1][days], &*rows[2][days], &*rows[3][days]], ["", ";", "1; 5"]);
        let manifest = std::fs::read_to_string(root.join("fanshi.toml")).unwrap();
        let tables = submission(&root, &BTreeMap::from([("all.xlsx".to_owned(), book)]));
        std::fs::write(root.join("fanshi.toml"), with_data(&manifest, &tables)).unwrap();
        if !apart {
            assert_eq!(found(&root), before, "{odd:?}");
        }
    }
}

#[test]
fn what_is_no_whole_table_is_not_read_back() {
    let policy = "policy p\n\ntable totals single \
        {\n  pages : integer\n  parts : many { name : text }\n}\n\ntable item \
        {\n  code : text key\n  \
                  kind : text\n  pages : integer\n}\n\narticle 1 thick\n  whenever item, pages \
                  must not exceed 10.\n\n\
                  article 2 sum\n  whenever totals, pages must be 5.\n";
    let root = folder("partial");
    let items = "[{\"code\": \"a\", \"kind\": \"x\", \"pages\": 20}]";
    let whole = one(
        &root,
        policy,
        &[("totals", "{\"pages\": 4, \"parts\": [{\"name\": \"n\"}]}"), ("item", items)],
    );
    let lines = submission(&root, &BTreeMap::from([("all.xlsx".to_owned(), whole.clone())]));
    assert_eq!(lines.keys().collect::<Vec<_>>(), ["item"]);
    let about = format!("{:?}", sheets(&whole)[1].1);
    assert!(
        about.contains("for reading only")
            && about.contains("Lists that are not in this workbook")
            && about.contains("totals.parts"),
        "{about}"
    );
    {
        let run =
            Project::read(&root).run(&Options { keep: Keep::Everything, ..Options::default() });
        let report = &run.report();
        let run = &run;

        let books = by(report, run, "kind", Language::English);
        assert_eq!(submission(&root, &books).keys().collect::<Vec<_>>(), ["item"]);
        assert_eq!(
            books.values().map(|bytes| sheets(bytes)[0].1.len() - 1).sum::<usize>(),
            report.findings.len()
        );
    };
}

#[test]
fn what_no_cell_or_note_can_hold_is_cut_not_refused() {
    let policy = "policy p\n\ntable item {\n  code : text key\n  title : text\n}\n\narticle 1 \
        short\n  whenever item, title must be \"x\".\n  because \"{title}\"\n";
    let item =
        |code: &str, title: String| format!("{{\"code\": \"{code}\", \"title\": \"{title}\"}}");
    let items = format!(
        "[{}, {}, {}]",
        item("a", "x".repeat(32_768)),
        item("b", "😀".repeat(20_000)),
        item("c", "长".repeat(40_000))
    );
    let book = one(&folder("long-cells"), policy, &[("item", &items)]);
    let all = sheets(&book);
    let rows = &all.iter().find(|(name, _)| name == "item").unwrap().1;
    let lengths: Vec<usize> = rows[1..].iter().map(|row| row[1].encode_utf16().count()).collect();
    assert_eq!(lengths, [32_767, 32_766, 32_767]);
    assert!(
        all[1].1.iter().any(|row| row[0] == "item" && row[3].starts_with("3 cells are too long")),
        "{:?}",
        all[1].1
    );
}

/// A note takes memory until all is written: beyond 10,000 the colour stays, and it is said.
#[test]
fn cells_without_a_note_are_counted() {
    let policy = "policy p\n\ntable item {\n  code : integer key\n}\n\narticle 1 none\n  \
        whenever item, code must be < 0.\n";
    let items: Vec<String> = (0..10_002).map(|code| format!("{{\"code\": {code}}}")).collect();
    let book = one(&folder("notes"), policy, &[("item", &format!("[{}]", items.join(",")))]);
    assert_eq!(parts(&book, "xl/comments").matches("<comment ").count(), 10_000);
    let all = sheets(&book);
    let said = all[1].1.iter().find(|row| row[0] == "item").unwrap();
    assert!(said[3].starts_with("2 coloured cells have no note"), "{said:?}");
}
