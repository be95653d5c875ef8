//! What each format says of groups.

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::Path;

/// What stands for no group.
pub const NONE: &str = "—";
/// The kinds of findings in words, as tables and workbooks have them.
const KINDS: [&str; 5] = ["违反", "警告", "无法判断", "提请判断", "例外"];
/// What belongs to no group is called in tables and in names of files.
const NONES: [&str; 2] = ["（不属任何一组）", "不属任何一组"];

/// The findings of each group by kind: violated, warned, undetermined, referred, waived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(pub BTreeMap<String, [usize; 5]>);

impl Counts {
    /// Those that have findings.
    pub fn found(&self) -> Self {
        let some = |(_, counts): &(&String, &[usize; 5])| counts.iter().sum::<usize>() > 0;
        Self(self.0.iter().filter(some).map(|(name, counts)| (name.clone(), *counts)).collect())
    }

    /// How many findings that are not only noted each has that has any.
    pub fn sums(&self) -> BTreeMap<String, usize> {
        let sums = self.0.iter().map(|(name, counts)| (name.clone(), counts[..4].iter().sum()));
        sums.filter(|(_, sum)| *sum > 0).collect()
    }

    fn add(&mut self, group: &str, kind: &str) {
        let group = if NONES.contains(&group) { NONE } else { group };
        let kind = match kind {
            "冲突" | "conflict" | "violated" => 0,
            "已准予例外" | "waived" => 4,
            "warning" => 1,
            "undetermined" => 2,
            "referred" => 3,
            word => KINDS.iter().position(|kind| *kind == word).unwrap(),
        };
        self.0.entry(group.to_owned()).or_default()[kind] += 1;
    }

    /// A table of groups: its headings, its lines.
    fn of(headings: &[String], lines: &[Vec<String>]) -> Self {
        let mut counts = Self::default();
        for line in lines {
            let name = if NONES.contains(&&*line[0]) { NONE } else { &line[0] };
            let group = counts.0.entry(name.to_owned()).or_default();
            for (heading, cell) in headings.iter().zip(line).skip(2) {
                if let Some(kind) = KINDS.iter().position(|kind| kind == heading) {
                    group[kind] = if cell == "-" { 0 } else { cell.parse().unwrap() };
                }
            }
        }
        counts
    }
}

/// Reads what is said of the groups of a project.
#[derive(Clone, Copy)]
pub struct Read<'r> {
    pub folder: &'r Path,
    pub by: Option<&'r str>,
}

impl Read<'_> {
    fn run(&self, arguments: &[&str]) -> Vec<u8> {
        let by: Vec<&str> = self.by.iter().flat_map(|by| ["--by", by]).collect();
        super::fanshi(self.folder, &[arguments, &by].concat()).stdout
    }

    fn said(&self, arguments: &[&str]) -> String {
        String::from_utf8(self.run(arguments)).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_slice(&self.run(&[arguments, &["--format", "json"]].concat())).unwrap()
    }

    pub fn review(&self) -> Counts {
        groups(&self.json(&["review"])["groups"]["groups"], |group| &group["findings"])
    }

    pub fn check(&self) -> Counts {
        let found = self.json(&["check"]);
        groups(&found["summary"]["groups"]["groups"], |group| &group["findings"])
    }

    /// A project against itself: both sides say the same.
    pub fn diff(&self) -> Counts {
        let found = &self.json(&["diff", ".", "."])["groups"]["groups"];
        let new = groups(found, |group| &group["new"]["findings"]);
        assert_eq!(groups(found, |group| &group["old"]["findings"]), new);
        new
    }

    pub fn text(&self) -> Counts {
        table(&self.said(&["check"]))
    }

    pub fn review_text(&self) -> Counts {
        table(&self.said(&["review"])).found()
    }

    pub fn diff_text(&self) -> Counts {
        table(&self.said(&["diff", ".", "."]))
    }

    pub fn markdown(&self) -> Counts {
        pipes(&self.said(&["check", "--format", "markdown"]), "## 分组")
    }

    pub fn review_markdown(&self) -> Counts {
        pipes(&self.said(&["review", "--format", "markdown"]), "## 各组的问题").found()
    }

    /// The findings on the page, by what the page filters them by.
    pub fn html(&self) -> Counts {
        let page = self.said(&["check", "--format", "html"]);
        let mut counts = Counts::default();
        for card in page.split("<article class=\"finding").skip(1) {
            let card = card.split('>').next().unwrap();
            let value = |name: &str| {
                let (_, rest) = card.split_once(&format!("{name}=\""))?;
                rest.split('"').next()
            };
            if let Some(group) = value("data-group") {
                counts.add(group, value("data-outcome").unwrap());
            }
        }
        let filter =
            page.split("name=\"group\"").nth(1).unwrap().split("</select>").next().unwrap();
        let offered =
            filter.split("<option value=\"").skip(2).map(|option| option.split('"').next());
        let offered: BTreeSet<&str> = offered.map(Option::unwrap).collect();
        assert_eq!(offered, counts.0.keys().map(String::as_str).collect());
        counts
    }

    /// The numbers of the chart of groups on the page.
    pub fn chart(&self) -> BTreeMap<String, usize> {
        let page = self.said(&["check", "--format", "html"]);
        let chart = page.split("data-chart=\"groups\"").nth(1).unwrap();
        let chart = chart.split("</figure>").next().unwrap();
        let line = |line: &str| {
            let name = line.split("data-value=\"").nth(1)?.split('"').next()?.to_owned();
            let number = line.rsplit("<td class=\"number\">").next()?.split('<').next()?;
            Some((name, number.parse().unwrap()))
        };
        chart.split("<tr>").filter_map(line).collect()
    }

    /// The one workbook: the group of each finding stands beside it.
    pub fn workbook(&self) -> Counts {
        let by: Vec<&str> = self.by.iter().flat_map(|by| ["--by", by]).collect();
        // With `--by`, there is a workbook for each group instead.
        if !by.is_empty() {
            return self.workbooks().0;
        }
        let rows = sheet(&self.run(&["check", "--format", "xlsx"]), "问题");
        let mut counts = Counts::default();
        for row in rows[1..].iter().filter(|row| !row[1].is_empty()) {
            counts.add(&row[1], &row[0]);
        }
        counts
    }

    /// A workbook for each group, and which there are.
    pub fn workbooks(&self) -> (Counts, BTreeSet<String>) {
        self.workbooks_in(&self.folder.join("groups"))
    }

    pub fn workbooks_in(&self, folder: &Path) -> (Counts, BTreeSet<String>) {
        let _ = std::fs::remove_dir_all(folder);
        self.run(&["check", "--format", "xlsx", "-o", folder.to_str().unwrap()]);
        let (mut counts, mut names) = (Counts::default(), BTreeSet::new());
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let rows = sheet(&std::fs::read(&path).unwrap(), "问题");
            // What is said of an article or a waiver as such has no table.
            let table = rows[0].iter().position(|heading| ["表", "table"].contains(&&**heading));
            for row in rows[1..].iter().filter(|row| !row[table.unwrap()].is_empty()) {
                counts.add(&name, &row[0]);
            }
            names.insert(if NONES.contains(&&*name) { NONE.to_owned() } else { name });
        }
        (counts, names)
    }

    pub fn review_workbook(&self) -> Counts {
        let rows = sheet(&self.run(&["review", "--format", "xlsx"]), "各组的问题");
        Counts::of(&rows[0], &rows[1..]).found()
    }

    pub fn diff_workbook(&self) -> Counts {
        let rows = sheet(&self.run(&["diff", ".", ".", "--format", "xlsx"]), "各组");
        Counts::of(&rows[0], &rows[1..])
    }
}

fn groups<'v>(groups: &'v Value, findings: impl Fn(&'v Value) -> &'v Value) -> Counts {
    let kinds = ["violated", "warned", "undetermined", "referred", "waived"];
    let number = |group: &'v Value, kind: &str| {
        usize::try_from(findings(group)[kind].as_u64().unwrap()).unwrap()
    };
    let group = |group: &'v Value| {
        // Names are English where there are two.
        let name = match group["group"].as_str().unwrap_or(NONE) {
            "true" => "是".to_owned(),
            "false" => "否".to_owned(),
            name => name.to_owned(),
        };
        (name, kinds.map(|kind| number(group, kind)))
    };
    Counts(groups.as_array().unwrap().iter().map(group).collect())
}

/// The table of a text below its title.
fn table(text: &str) -> Counts {
    let from = text.find("\n分组 ").unwrap() + 1;
    let lines = text[from..].lines().skip(1).skip_while(|line| line.starts_with(['─', '━']));
    let cells = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let mut lines = lines.filter(|line| !line.starts_with("──"));
    let headings = cells(lines.next().unwrap());
    let rows: Vec<Vec<String>> =
        lines.take_while(|line| line.starts_with(' ')).map(cells).collect();
    Counts::of(&headings, &rows)
}

/// The table of a document below its title.
fn pipes(text: &str, title: &str) -> Counts {
    let lines = text[text.find(title).unwrap()..].lines().skip(2);
    let cells = |line: &str| {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<String>> =
        lines.take_while(|line| line.starts_with('|')).map(cells).collect();
    Counts::of(&rows[0], &rows[2..])
}

/// A sheet of a workbook as texts.
fn sheet(bytes: &[u8], name: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range(name).unwrap();
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}
