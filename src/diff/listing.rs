//! What differs as listings, for the formats `html` and `xlsx`: the same rows in both.

use super::text::{
    emptied_text, group_table, keys, named, note_word, of_group, outcome, pairing_text, reasons,
    unjudged_word, unread_text, users,
};
use super::{Change, Diff, Edit, Entry, FieldEdit, Pair, TableEdit, Title, Value, Whose};
use crate::diagnostic::Bilingual;
use crate::finding::Finding;
use crate::report::{Listing, Opening, Words, cover, page, workbook_of};
use crate::say;
use crate::syntax::tree::Language;
use std::io::{Result, Write};

/// Writes one page.
///
/// # Errors
/// Where `out` fails.
pub fn write_html(diff: &Diff, language: Language, out: &mut dyn Write) -> Result<()> {
    let maker = Maker::new(diff, language);
    out.write_all(page(&maker.opening(diff), &maker.listings(diff), maker.words).as_bytes())
}

/// Writes a workbook.
///
/// # Errors
/// Where a sheet cannot hold what belongs in it, or `out` fails.
pub fn write_xlsx(diff: &Diff, language: Language, out: &mut dyn Write) -> Result<()> {
    let maker = Maker::new(diff, language);
    let opening = maker.opening(diff);
    let listings: Vec<Listing> =
        std::iter::once(cover(&opening, maker.words)).chain(maker.listings(diff)).collect();
    out.write_all(&workbook_of(&listings)?)
}

struct Maker<'d> {
    words: &'static Words,
    /// What the groups are, and what is whose, where it is of several.
    groups: Option<(&'d Bilingual, &'d Whose)>,
}

impl<'d> Maker<'d> {
    fn new(diff: &'d Diff, language: Language) -> Self {
        let groups = diff.groups.as_ref().map(|found| &found.heading).zip(diff.whose.as_ref());
        Self { words: Words::of(language), groups }
    }

    /// The heading of the column of groups, where there is one.
    fn group_heading(&self) -> Option<Bilingual> {
        self.groups.map(|(heading, _)| heading.clone())
    }

    /// The cell of that column: the group, and that before where it was another.
    fn group(&self, of: impl Fn(&Whose) -> Pair) -> Option<String> {
        let [was, is] = of(self.groups?.1).map(|group| group.map(|name| self.pick(&name)));
        Some(match (was, is) {
            (Some(was), Some(is)) if was != is => format!("{was} → {is}"),
            (was, is) => is.or(was).unwrap_or_default(),
        })
    }

    fn pick(&self, said: &Bilingual) -> String {
        self.words.pick(said).to_owned()
    }

    fn columns(&self, columns: &[Bilingual]) -> Vec<String> {
        columns.iter().map(|column| self.pick(column)).collect()
    }

    fn opening(&self, diff: &Diff) -> Opening {
        let findings = &diff.findings;
        let line = |word: Bilingual, title: &Title| {
            let incomplete = if title.errors == 0 {
                Bilingual::default()
            } else {
                say!("，有错误，不完整", ", with errors, incomplete")
            };
            format!(
                "{}{}{} {}{}",
                self.pick(&word),
                self.words.colon,
                title.name(),
                title.as_of,
                self.pick(&incomplete)
            )
        };
        let figures = [
            (say!("新出现", "new"), findings.new.len()),
            (say!("转为其他结果", "turned"), findings.turned.len()),
            (say!("已消除", "fixed"), findings.fixed.len()),
            (say!("随行删去", "gone with their rows"), findings.removed.len()),
            (say!("仍在", "still there"), findings.remaining.len()),
        ];
        let emptied = diff.tables.iter().flat_map(|table| {
            let unread = unread_text(table).into_iter().map(|said| {
                let (table, said) = (self.pick(&table.names), self.pick(&said));
                format!("{table}{}{said}", self.words.colon)
            });
            let emptied = table.emptied.iter();
            emptied.map(|emptied| self.pick(&emptied_text(&table.names, emptied))).chain(unread)
        });
        Opening {
            kind: self.pick(&say!("两次比较", "COMPARISON")),
            title: diff.new.project.clone(),
            lines: [
                line(say!("前", "old"), &diff.old),
                line(say!("后", "new"), &diff.new),
                self.pick(&outcome(diff)),
            ]
            .into_iter()
            .chain(of_group(diff).map(|said| self.pick(&said)))
            .chain(emptied)
            .collect(),
            figures: figures.iter().map(|(word, count)| (self.pick(word), *count)).collect(),
            signers: Vec::new(),
            foot: {
                let remarks = diff.groups.iter().flat_map(|found| &found.remarks);
                remarks.map(|said| self.pick(said)).collect()
            },
        }
    }

    fn listings(&self, diff: &Diff) -> Vec<Listing> {
        vec![
            self.corrections(diff),
            self.groups(diff),
            self.findings(diff),
            self.rows(diff),
            self.policies(diff),
            self.remaining(diff),
        ]
    }

    fn findings(&self, diff: &Diff) -> Listing {
        let found = &diff.findings;
        let mut rows = Vec::new();
        for change in &found.new {
            rows.push(self.change(say!("新出现", "new"), change));
        }
        for turn in &found.turned {
            let was = self.words.outcome(turn.was.0, turn.was.1);
            let why = reasons(&turn.causes, turn.tried, self.words);
            rows.push(self.finding(say!("原为{was}", "was {was}"), &turn.finding, why));
        }
        for change in &found.fixed {
            rows.push(self.change(say!("已消除", "fixed"), change));
        }
        for change in &found.removed {
            rows.push(self.change(say!("随行删去", "gone with its row"), change));
        }
        for unjudged in &found.unjudged {
            rows.push(self.change(unjudged_word(unjudged), &unjudged.change));
        }
        for note in &found.notes {
            rows.push(self.change(note_word(note), &note.change));
        }
        let columns = [say!("变化", "change")]
            .into_iter()
            .chain(self.group_heading())
            .chain(about())
            .chain([say!("原因", "cause")])
            .collect::<Vec<_>>();
        Listing {
            title: self.pick(&say!("发现", "Findings")),
            columns: self.columns(&columns),
            rows,
            narrow: false,
        }
    }

    /// What neither came nor went, by itself: it is the most, and the least looked at.
    fn remaining(&self, diff: &Diff) -> Listing {
        let line =
            |finding| self.group_of(finding).into_iter().chain(self.about(finding)).collect();
        let columns: Vec<Bilingual> = self.group_heading().into_iter().chain(about()).collect();
        Listing {
            title: self.pick(&say!("仍在的发现", "Findings still there")),
            columns: self.columns(&columns),
            rows: diff.findings.remaining.iter().map(line).collect(),
            narrow: false,
        }
    }

    fn change(&self, word: Bilingual, change: &Change) -> Vec<String> {
        let why = reasons(&change.causes, change.tried, self.words);
        self.finding(word, &change.finding, why)
    }

    fn finding(&self, change: Bilingual, finding: &Finding, why: String) -> Vec<String> {
        let start = [self.pick(&change)].into_iter().chain(self.group_of(finding));
        start.chain(self.about(finding)).chain([why]).collect()
    }

    fn group_of(&self, finding: &Finding) -> Option<String> {
        self.group(|whose| whose.finding(finding))
    }

    /// What a finding says, below the headings of [`about`].
    fn about(&self, finding: &Finding) -> Vec<String> {
        let subject = finding.subject.clone().unwrap_or_default();
        let path = subject.path.as_ref().map_or_else(String::new, |path| {
            format!(" {}", self.words.path(self.words.pick(path)))
        });
        vec![
            self.pick(&finding.heading),
            self.pick(&subject.table),
            format!("{}{path}", self.words.pick(&subject.name())),
            subject.title.unwrap_or_default(),
            self.words.outcome(finding.outcome, finding.weight).to_owned(),
            self.pick(&finding.message),
        ]
    }

    fn rows(&self, diff: &Diff) -> Listing {
        let columns = [
            say!("行", "row"),
            say!("名称", "title"),
            say!("字段", "field"),
            say!("原值", "old"),
            say!("现值", "new"),
        ];
        let start = [say!("表", "table"), say!("变化", "change")].into_iter();
        let columns: Vec<Bilingual> = start.chain(self.group_heading()).chain(columns).collect();
        let rows = diff.tables.iter().flat_map(|table| self.table(table)).collect();
        Listing {
            title: self.pick(&say!("行的变化", "Rows")),
            columns: self.columns(&columns),
            rows,
            narrow: false,
        }
    }

    fn table(&self, table: &TableEdit) -> Vec<Vec<String>> {
        let name = self.pick(&table.names);
        let line = |change: Bilingual, row: &Entry, rest: [String; 3]| -> Vec<String> {
            let start = [name.clone(), self.pick(&change)].into_iter();
            let called = [
                self.words.pick(&row.name()).to_owned(),
                row.subject.title.clone().unwrap_or_default(),
            ];
            start.chain(self.group(|whose| whose.row(row))).chain(called).chain(rest).collect()
        };
        let empty = || [String::new(), String::new(), String::new()];
        let added = table.added.iter().map(|row| line(say!("增加", "added"), row, empty()));
        let removed = table.removed.iter().map(|row| line(say!("删去", "removed"), row, empty()));
        let changed = table.changed.iter().flat_map(|row| {
            row.fields
                .iter()
                .map(|field| line(say!("改动", "changed"), &row.row, self.field(field)))
        });
        let proposed = table.pairings.iter().map(|pairing| {
            let (kind, alike) = pairing_text(pairing);
            let keys = |rows: &[Entry]| {
                rows.iter()
                    .map(|row| self.words.pick(&row.name()).to_owned())
                    .collect::<Vec<_>>()
                    .join(self.words.pause)
            };
            let lines = |rows: &[Entry]| {
                rows.iter().map(|row| named(row, self.words)).collect::<Vec<_>>().join("\n")
            };
            let which = format!("{} → {}", keys(&pairing.old), keys(&pairing.new));
            let first = |rows: &[Entry], at: usize, whose: &Whose| {
                rows.first().and_then(|row| whose.row(row).into_iter().nth(at).flatten())
            };
            let group =
                |whose: &Whose| [first(&pairing.old, 0, whose), first(&pairing.new, 1, whose)];
            let start = [name.clone(), self.pick(&kind)].into_iter().chain(self.group(group));
            let (old, new) = (lines(&pairing.old), lines(&pairing.new));
            start.chain([which, String::new(), self.pick(&alike), old, new]).collect()
        });
        let [before, now] = &table.unread;
        let unread = |word: Bilingual, rows: &[Entry]| {
            rows.iter().map(|row| line(word.clone(), row, empty())).collect::<Vec<_>>()
        };
        let before = unread(say!("以前没有读到", "not read before"), before);
        let now = unread(say!("没有读到", "not read"), now);
        let unread = before.into_iter().chain(now);
        added.chain(removed).chain(unread).chain(proposed).chain(changed).collect()
    }

    fn field(&self, field: &FieldEdit) -> [String; 3] {
        let values = |values: &[Value]| {
            values.iter().map(|value| self.pick(&value.shown())).collect::<Vec<_>>().join("\n")
        };
        [self.pick(&field.names), values(&field.old), values(&field.new)]
    }

    fn policies(&self, diff: &Diff) -> Listing {
        let rows = diff.policies.iter().map(|edit| {
            let change = match edit.edit {
                Edit::Added => say!("增加", "added"),
                Edit::Removed => say!("删去", "removed"),
                Edit::Changed => say!("改动", "changed"),
                Edit::Moved => say!("换了位置", "moved"),
            };
            let value = |value: &Option<Bilingual>| {
                value.as_ref().map_or_else(String::new, |value| self.pick(value))
            };
            vec![
                self.pick(&change),
                self.pick(&edit.heading),
                value(&edit.old),
                value(&edit.new),
                users(edit, self.words),
            ]
        });
        let columns = [
            say!("变化", "change"),
            say!("声明", "declaration"),
            say!("原", "old"),
            say!("现", "new"),
            say!("用到它的条文", "used by"),
        ];
        Listing {
            title: self.pick(&say!("政策", "Policies")),
            columns: self.columns(&columns),
            rows: rows.collect(),
            narrow: false,
        }
    }

    /// What lies in each group, before and now.
    fn groups(&self, diff: &Diff) -> Listing {
        let Some(found) = &diff.groups else { return Listing::default() };
        let (columns, rows) = group_table(self.words, found);
        Listing { title: self.pick(&say!("各组", "Groups")), columns, rows, narrow: false }
    }

    fn corrections(&self, diff: &Diff) -> Listing {
        let rows = diff.corrections.iter().map(|correction| {
            let kind = correction
                .kind
                .clone()
                .unwrap_or_else(|| self.pick(&say!("（清单没有归类）", "(of no kind)")));
            vec![
                kind,
                correction.rows.len().to_string(),
                keys(&correction.rows, self.words, usize::MAX),
            ]
        });
        let columns = [say!("种类", "kind"), say!("行数", "rows"), say!("行", "which")];
        Listing {
            title: self.pick(&say!("更正的种类", "Kinds of correction")),
            columns: self.columns(&columns),
            rows: rows.collect(),
            narrow: false,
        }
    }
}

/// The headings of what a finding says.
fn about() -> [Bilingual; 6] {
    [
        say!("条文", "article"),
        say!("表", "table"),
        say!("行", "row"),
        say!("名称", "title"),
        say!("结果", "outcome"),
        say!("说明", "message"),
    ]
}
