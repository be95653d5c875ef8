//! Three rounds of the sample, played by a script that keeps its own books: what `receive` says is
//! held against them, and what is open is found again in the next workbooks.

use super::{Book, fanshi, findings, folder, folders};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the script did in a round.
#[derive(Default)]
struct Ledger {
    /// What was answered to each finding, by fingerprint; `None` where words stood for an answer.
    answers: BTreeMap<String, &'static str>,
    /// Groups that handed nothing in, and those that handed in twice.
    silent: BTreeSet<String>,
    twice: BTreeSet<String>,
    /// Rows that say something else, new rows, and rows that are withdrawn, by group.
    changed: BTreeMap<String, u64>,
    added: BTreeMap<String, u64>,
    withdrawn: BTreeMap<String, u64>,
}

const ANSWERS: [(&str, &str); 3] =
    [("已改正", "mended"), ("不改", "stands"), ("要商量", "discuss")];

/// The groups of a round with the fingerprints on the sheets of their workbooks.
fn sent(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let record = std::fs::read_to_string(folder.join("round.toml")).unwrap();
    let names = record.lines().filter_map(|line| line.strip_prefix("file = \""));
    let names = names.map(|name| name.trim_end_matches('"').trim_end_matches(".xlsx").to_owned());
    names
        .map(|name| {
            let mut book = Book::open(&folder.join(format!("{name}.xlsx")));
            let at = book.column("问题", "编号");
            let lines = book.sheet("问题")[1..].iter().map(|row| row[at].to_string());
            (name, lines.collect())
        })
        .collect()
}

/// Answers a line of the sheet of findings, and writes it down.
fn answer(book: &mut Book, line: usize, (said, reason): (&'static str, &str), ledger: &mut Ledger) {
    let [answer, why, print] = ["答复", "理由", "编号"].map(|name| book.column("问题", name));
    let row = &mut book.sheet("问题")[line];
    row[answer] = calamine::Data::String(said.into());
    row[why] = calamine::Data::String(reason.into());
    let known = ANSWERS.iter().find(|(word, _)| *word == said).map_or("discuss", |(_, name)| name);
    ledger.answers.insert(row[print].to_string(), known);
}

/// Saves workbooks as LibreOffice does, all at once.
fn saved_all(books: &[PathBuf], format: &str, to: &Path) {
    let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("rounds-office");
    let mut office = Command::new("soffice");
    office.arg(format!("-env:UserInstallation=file://{}", home.display()));
    office.args(["--headless", "--convert-to", format, "--outdir"]).arg(to).args(books);
    if office.output().is_err() {
        println!("soffice is missing: the workbooks stay as they are");
        for book in books {
            std::fs::copy(book, to.join(book.file_name().unwrap())).unwrap();
        }
    }
}

/// Receives, and holds the account against the script's books; the next project.
fn received(
    (project, back, next): (&Path, &Path, &Path),
    sent: &BTreeMap<String, Vec<String>>,
    ledger: &Ledger,
) -> Value {
    let told = next.with_extension("文");
    let out = fanshi("receive", &[project, back], &["-o", told.to_str().unwrap()]);
    println!("{}", String::from_utf8_lossy(&out.stdout));
    let more = ["-o", next.to_str().unwrap(), "--format", "json"];
    let out = fanshi("receive", &[project, back], &more);
    let account: Value = serde_json::from_slice(&out.stdout).unwrap();
    let names = |key: &str| -> BTreeSet<String> {
        let listed = account[key].as_array().unwrap().iter();
        listed.map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("missing"), ledger.silent);
    assert_eq!(names("twice"), ledger.twice);
    assert_eq!(
        (&account["lost"], &account["refused"]),
        (&Value::from(Vec::<Value>::new()), &account["lost"])
    );
    for group in account["groups"].as_array().unwrap() {
        let name = group["group"].as_str().unwrap();
        let of = |map: &BTreeMap<String, u64>| map.get(name).copied().unwrap_or(0);
        assert_eq!(group["changed"], of(&ledger.changed), "{name}");
        assert_eq!(group["added"], of(&ledger.added), "{name}");
        assert_eq!(
            group["withdrawn"].as_array().unwrap().len() as u64,
            of(&ledger.withdrawn),
            "{name}"
        );
        assert_eq!(group["strays"], Value::from(Vec::<Value>::new()), "{name}");
    }
    // Every answer is accounted for, and so is every finding that has none.
    let now: BTreeSet<String> = prints(next);
    for line in account["answers"].as_array().unwrap() {
        let sum = |keys: &[&str]| keys.iter().map(|key| line[*key].as_u64().unwrap()).sum::<u64>();
        let (gone, there) = (sum(&["gone", "withdrawn"]), sum(&["unchanged", "changed"]));
        let Some(kind) = line["answer"].as_str() else {
            let open = |(name, prints): (&String, &Vec<String>)| match ledger.silent.contains(name)
            {
                true => 0,
                false => prints.iter().filter(|print| !ledger.answers.contains_key(*print)).count(),
            };
            assert_eq!(gone + there, sent.iter().map(open).sum::<usize>() as u64);
            continue;
        };
        let own = ledger.answers.iter().filter(|(_, answer)| **answer == kind);
        let (open, closed): (Vec<_>, Vec<_>) = own.partition(|(print, _)| now.contains(*print));
        assert_eq!((gone, there), (closed.len() as u64, open.len() as u64), "{kind}");
    }
    let silent = sent.iter().filter(|(name, _)| ledger.silent.contains(*name));
    let silent = silent
        .flat_map(|(_, prints)| prints)
        .filter(|print| !ledger.answers.contains_key(*print) && now.contains(*print));
    assert_eq!(account["silent"], silent.count() as u64);
    account
}

/// The fingerprints of what is found in a project with which nothing is wrong.
fn prints(project: &Path) -> BTreeSet<String> {
    let found = findings(project).into_iter();
    found.map(|finding| finding.split('"').nth(1).unwrap().to_owned()).collect()
}

/// The lines of a round's workbooks that tell what was answered before.
fn remembered(
    folder: &Path,
    sent: &BTreeMap<String, Vec<String>>,
) -> BTreeMap<String, (String, String)> {
    let mut all = BTreeMap::new();
    for name in sent.keys() {
        let mut book = Book::open(&folder.join(format!("{name}.xlsx")));
        let [said, answer, print] = ["问题", "答复", "编号"].map(|name| book.column("问题", name));
        for row in &book.sheet("问题")[1..] {
            if let Some((_, before)) = row[said].to_string().split_once("上次答复：") {
                all.insert(row[print].to_string(), (before.to_owned(), row[answer].to_string()));
            }
        }
    }
    all
}

/// What is open of all that was answered stands in the next workbooks: what was said, and where it
/// still holds the answer itself.
fn carried_on(folder: &Path, given: &BTreeMap<String, &'static str>, now: &BTreeSet<String>) {
    let next = sent(folder);
    let told = remembered(folder, &next);
    let open: BTreeSet<&String> = given.keys().filter(|print| now.contains(*print)).collect();
    assert_eq!(told.keys().collect::<BTreeSet<_>>(), open);
    for (print, (said, answer)) in told {
        let (word, kind) = ANSWERS.iter().find(|(_, name)| *name == given[&print]).unwrap();
        assert!(said.starts_with(word), "{print}: {said} of {word}");
        assert_eq!(answer, if *kind == "mended" { "" } else { word }, "{print}");
    }
}

/// Three rounds of the sample: workbooks saved by LibreOffice in three formats, a renamed file, a
/// silent department, one that answers twice, an item withdrawn, a row inserted, answers of each kind.
#[test]
#[ignore = "minutes: `cargo test --test rounds sample -- --ignored --nocapture`"]
fn three_rounds_of_the_sample_lose_nothing() {
    let root = folder("sample-three", &[]);
    folders(&root, &["交回", "再交", "三交", "改"]);
    let at = |name: &str| root.join(name);
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015");
    let round = |project: &Path, to: &str| {
        let out = fanshi("round", &[project], &["--by", "部门", "-o", at(to).to_str().unwrap()]);
        assert_eq!(out.status.code(), Some(1));
        sent(&at(to))
    };
    let first = round(&sample, "一下");
    let mut ledger = Ledger::default();
    let silent = "上街区卫生和计划生育委员会";
    ledger.silent.insert(silent.into());
    let acting = ["上街区民政局", "上街区城市管理局", "上街区公安分局", silent];
    let idle: Vec<PathBuf> = first
        .keys()
        .filter(|name| !acting.contains(&name.as_str()))
        .map(|name| at("一下").join(format!("{name}.xlsx")))
        .collect();
    saved_all(&idle, "xlsx", &at("交回"));
    std::fs::rename(at("交回/上街区司法局.xlsx"), at("交回/最终版（2）.xlsx")).unwrap();
    civil_affairs(&root, &mut ledger);
    city_management(&root, &mut ledger);
    police(&root, &mut ledger);
    let second = at("二报");
    let account = received((&sample, &at("交回"), &second), &first, &ledger);
    // Two copies answer one line differently, and words of one's own stand for an answer.
    assert_eq!(account["unclear"].as_array().unwrap().len(), 2);
    let stands = ledger.answers.values().filter(|answer| **answer == "stands").count();
    assert!(account["drafts"].as_array().unwrap().len() <= stands && stands > 5);
    let mut given = std::mem::take(&mut ledger.answers);

    // The second: who was silent answers, who answered is silent; what was said still stands.
    let again = round(&second, "二下");
    carried_on(&at("二下"), &given, &prints(&second));
    let mut ledger = Ledger::default();
    ledger.silent.insert("上街区民政局".into());
    let mut book = Book::open(&at(&format!("二下/{silent}.xlsx")));
    for line in 1..book.sheet("问题").len() {
        answer(&mut book, line, ("不改", "已请示"), &mut ledger);
    }
    book.save(&at(&format!("改/{silent}.xlsx")));
    saved_all(&[at(&format!("改/{silent}.xlsx"))], "ods", &at("再交"));
    let idle = again.keys().filter(|name| ![silent, "上街区民政局"].contains(&name.as_str()));
    let idle: Vec<PathBuf> = idle.map(|name| at("二下").join(format!("{name}.xlsx"))).collect();
    saved_all(&idle, "xlsx", &at("再交"));
    // What stands prefilled in a workbook that is handed in is answered again; that something is put
    // right has to be said again where it was not; of who is silent all still stands.
    for (print, (_, answer)) in remembered(&at("二下"), &again) {
        let known = ANSWERS.iter().find(|(word, _)| *word == answer);
        let quiet = again["上街区民政局"].contains(&print).then(|| given[&print]);
        if let Some(kind) = known.map(|(_, kind)| *kind).or(quiet) {
            ledger.answers.entry(print).or_insert(kind);
        }
    }
    let third = at("三报");
    received((&second, &at("再交"), &third), &again, &ledger);
    given = std::mem::take(&mut ledger.answers);

    // The last: all hand in what they got, nothing is otherwise.
    let last = round(&third, "三下");
    carried_on(&at("三下"), &given, &prints(&third));
    let books: Vec<PathBuf> =
        last.keys().map(|name| at("三下").join(format!("{name}.xlsx"))).collect();
    saved_all(&books, "xls", &at("三交"));
    // Nobody says again that something is put right.
    let now = prints(&third);
    let open = given.into_iter().filter(|(print, kind)| now.contains(print) && *kind != "mended");
    let ledger = Ledger { answers: open.collect(), ..Ledger::default() };
    received((&third, &at("三交"), &at("四报")), &last, &ledger);
    assert_eq!(findings(&at("四报")), findings(&third));
}

/// Saved as .ods under another name: each answer in turn; what is to be decided is put right where
/// that is said; a row is inserted.
fn civil_affairs(root: &Path, ledger: &mut Ledger) {
    let name = "上街区民政局";
    let mut book = Book::open(&root.join(format!("一下/{name}.xlsx")));
    let [key, was, required] = ["主键", "填报", "应为"].map(|name| book.column("问题", name));
    for line in 1..book.sheet("问题").len() {
        let row = book.sheet("问题")[line].clone();
        let decides = !row[required].to_string().is_empty() && !row[was].to_string().is_empty();
        let said = match line {
            _ if decides => "已改正",
            _ => ANSWERS[line % 3].0,
        };
        answer(&mut book, line, (said, if said == "不改" { "国家另有规定" } else { "" }), ledger);
        if decides {
            let fate = book.column("事项", "处理意见");
            let value = row[required].clone();
            let rows = book.sheet("事项");
            rows.iter_mut().find(|other| other[0] == row[key]).unwrap()[fate] = value;
            *ledger.changed.entry(name.into()).or_default() += 1;
        }
    }
    let mut new = book.sheet("事项")[1].clone();
    (new[0], new[1]) = ("MZ-99".into(), "新增的样例事项".into());
    book.sheet("事项").insert(3, new);
    ledger.added.insert(name.into(), 1);
    book.save(&root.join("改/民政 交来的.xlsx"));
    saved_all(&[root.join("改/民政 交来的.xlsx")], "ods", &root.join("交回"));
}

/// Saved as .xls: all is to be discussed, and an item is withdrawn.
fn city_management(root: &Path, ledger: &mut Ledger) {
    let name = "上街区城市管理局";
    let mut book = Book::open(&root.join(format!("一下/{name}.xlsx")));
    for line in 1..book.sheet("问题").len() {
        answer(&mut book, line, ("要商量", ""), ledger);
    }
    book.remove("事项", "CG-11");
    ledger.withdrawn.insert(name.into(), 1);
    book.save(&root.join(format!("改/{name}.xlsx")));
    saved_all(&[root.join(format!("改/{name}.xlsx"))], "xls", &root.join("交回"));
}

/// Two copies that differ: the later counts, and words of one's own are to be discussed.
fn police(root: &Path, ledger: &mut Ledger) {
    let name = "上街区公安分局";
    let mut book = Book::open(&root.join(format!("一下/{name}.xlsx")));
    answer(&mut book, 1, ("已改正", ""), ledger);
    answer(&mut book, 3, ("已改正", ""), ledger);
    book.save(&root.join(format!("交回/{name}.xlsx")));
    std::thread::sleep(std::time::Duration::from_millis(1100));
    answer(&mut book, 1, ("不改", "依法"), ledger);
    answer(&mut book, 2, ("改好了", ""), ledger);
    book.save(&root.join(format!("交回/{name}(1).xlsx")));
    ledger.twice.insert(name.into());
}
