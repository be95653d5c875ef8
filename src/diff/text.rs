//! The format `text`: what differs as people read it.

use super::{
    Cause, Change, Correction, Diff, Edit, Entry, FieldEdit, Grouped, Lies, Match, Note, Pairing,
    PolicyEdit, TableEdit, Title, Unjudged, Value,
};
use crate::diagnostic::Bilingual;
use crate::finding::{Finding, Subject};
use crate::report::table::{fitted, table, text};
use crate::report::{Options, Terminal, Words, sign};
use crate::say;
use crate::value::Ratio;
use owo_colors::Style;
use std::io::{BufWriter, Result, Write};

/// Writes what differs.
///
/// # Errors
/// Where `out` fails.
pub fn write(diff: &Diff, options: &Options, out: &mut dyn Write) -> Result<()> {
    let mut out = BufWriter::new(out);
    let mut page = Page { terminal: Terminal::new(options, &mut out) };
    page.titles(&diff.old, &diff.new)?;
    of_group(diff).iter().try_for_each(|said| page.line(0, said))?;
    page.findings(diff)?;
    diff.tables.iter().try_for_each(|table| page.table(table))?;
    page.policies(&diff.policies)?;
    page.corrections(&diff.corrections)?;
    page.groups(diff)?;
    page.closing(diff)?;
    out.flush()
}

/// How many rows of a kind of correction are named.
const SHOWN: usize = 12;

struct Page<'p, W: Write> {
    terminal: Terminal<'p, W>,
}

impl<W: Write> Page<'_, W> {
    fn pick<'t>(&self, said: &'t Bilingual) -> &'t str {
        self.terminal.words.pick(said)
    }

    fn line(&mut self, indent: usize, said: &Bilingual) -> Result<()> {
        let text = self.pick(said).to_owned();
        self.terminal.line(indent, Style::new(), &text)
    }

    fn heading(&mut self, title: &Bilingual, counts: &Bilingual) -> Result<()> {
        writeln!(self.terminal.out)?;
        let (title, counts) = (self.pick(title).to_owned(), self.pick(counts).to_owned());
        self.terminal.heading(&title, &counts)
    }

    fn titles(&mut self, old: &Title, new: &Title) -> Result<()> {
        for (title, (zh, en)) in [(old, ("前", "old")), (new, ("后", "new"))] {
            let (project, Title { as_of, errors, .. }) = (title.name(), title);
            let (wrong, amiss) = if *errors == 0 {
                (String::new(), String::new())
            } else {
                (
                    format!("，有 {errors} 处错误，不完整"),
                    format!(
                        ", {errors} {}, incomplete",
                        if *errors == 1 { "error" } else { "errors" }
                    ),
                )
            };
            self.line(
                0,
                &say!("{zh}：{project}（{as_of}）{wrong}", "{en}: {project} ({as_of}){amiss}"),
            )?;
        }
        Ok(())
    }

    fn findings(&mut self, diff: &Diff) -> Result<()> {
        let found = &diff.findings;
        let (fixed, removed, new) = (found.fixed.len(), found.removed.len(), found.new.len());
        let (turned, remaining) = (found.turned.len(), found.remaining.len());
        self.heading(
            &say!("发现", "Findings"),
            &say!(
                "已消除 {fixed}，随行删去 {removed}，新出现 {new}，转为其他结果 {turned}，仍在 \
                    {remaining}",
                "fixed {fixed}, gone with their rows {removed}, new {new}, turned {turned}, still \
                    there {remaining}"
            ),
        )?;
        for change in &found.new {
            let sign = sign(change.finding.outcome, change.finding.weight);
            self.change(sign, &say!("新出现", "new"), change)?;
        }
        for turn in &found.turned {
            let was = self.terminal.words.outcome(turn.was.0, turn.was.1);
            let why = reasons(&turn.causes, turn.tried, self.terminal.words);
            self.finding("~", &say!("原为{was}", "was {was}"), &turn.finding, &why)?;
        }
        for change in &found.fixed {
            self.change("✓", &say!("已消除", "fixed"), change)?;
        }
        for change in &found.removed {
            self.change("-", &say!("随行删去", "gone with its row"), change)?;
        }
        for unjudged in &found.unjudged {
            self.change("?", &unjudged_word(unjudged), &unjudged.change)?;
        }
        for note in &found.notes {
            self.change("·", &note_word(note), &note.change)?;
        }
        Ok(())
    }

    fn change(&mut self, sign: &str, word: &Bilingual, change: &Change) -> Result<()> {
        let why = reasons(&change.causes, change.tried, self.terminal.words);
        self.finding(sign, word, &change.finding, &why)
    }

    fn finding(
        &mut self,
        sign: &str,
        word: &Bilingual,
        finding: &Finding,
        why: &str,
    ) -> Result<()> {
        let about =
            finding.subject.as_ref().map(|subject| self.subject(subject)).unwrap_or_default();
        let (heading, word) = (self.pick(&finding.heading).to_owned(), self.pick(word).to_owned());
        let bold = self.terminal.paint.heading;
        self.terminal.item(sign, bold, &format!("{word} {heading} {about}"))?;
        let outcome = self.terminal.words.outcome(finding.outcome, finding.weight);
        let message =
            format!("{outcome}{}{}", self.terminal.words.colon, self.pick(&finding.message));
        self.terminal.line(4, Style::new(), &message)?;
        let label = self.pick(&say!("原因：", "because: ")).to_owned();
        self.terminal.line(4, Style::new(), &format!("{label}{why}"))
    }

    fn subject(&self, subject: &Subject) -> String {
        let path = subject.path.as_ref().map(|path| self.terminal.words.path(self.pick(path)));
        let parts = [
            Some(self.pick(&subject.table).to_owned()),
            Some(self.pick(&subject.name()).to_owned()),
            subject.title.clone(),
            path,
        ];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    fn table(&mut self, table: &TableEdit) -> Result<()> {
        let (added, removed, changed, same) =
            (table.added.len(), table.removed.len(), table.changed.len(), table.same);
        self.heading(
            &table.names,
            &say!(
                "增加 {added}，删去 {removed}，改动 {changed}，未变 {same}",
                "added {added}, removed {removed}, changed {changed}, same {same}"
            ),
        )?;
        for emptied in &table.emptied {
            let said = self.pick(&emptied_text(&table.names, emptied)).to_owned();
            self.terminal.entry(0, "! ", Style::new(), &said)?;
        }
        let rows = table
            .added
            .iter()
            .map(|row| ("+", row))
            .chain(table.removed.iter().map(|row| ("-", row)));
        for (sign, row) in rows {
            let name = named(row, self.terminal.words);
            self.terminal.entry(0, &format!("{sign} "), Style::new(), &name)?;
        }
        for said in unread_text(table) {
            let said = self.pick(&said).to_owned();
            self.terminal.entry(0, "! ", Style::new(), &said)?;
        }
        for pairing in &table.pairings {
            self.pairing(pairing)?;
        }
        if table.unmatched {
            self.line(
                0,
                &say!(
                    "增删的行太多，没有找可能的改名",
                    "too many rows were added and removed to look for renamed ones"
                ),
            )?;
        }
        for row in &table.changed {
            let name = named(&row.row, self.terminal.words);
            self.terminal.entry(0, "~ ", Style::new(), &name)?;
            row.fields.iter().try_for_each(|field| self.field(field))?;
        }
        Ok(())
    }

    fn pairing(&mut self, pairing: &Pairing) -> Result<()> {
        let words = self.terminal.words;
        let (kind, alike) = pairing_text(pairing);
        let names = |rows: &[Entry]| {
            rows.iter().map(|row| named(row, words)).collect::<Vec<_>>().join(words.pause)
        };
        let (old, new) = (names(&pairing.old), names(&pairing.new));
        let said = Bilingual {
            zh: format!("{}：{old} → {new}（{}）", kind.zh, alike.zh),
            en: format!("{}: {old} → {new} ({})", kind.en, alike.en),
        };
        self.terminal.entry(0, "? ", Style::new(), words.pick(&said))
    }

    fn field(&mut self, field: &FieldEdit) -> Result<()> {
        let name = self.pick(&field.names).to_owned();
        if !field.list {
            let value = |values: &[Value]| {
                let shown =
                    values.first().map_or_else(|| say!("（未填）", "(not given)"), Value::shown);
                self.pick(&shown).to_owned()
            };
            let text = format!("{} → {}", value(&field.old), value(&field.new));
            return self.terminal.entry(
                4,
                &format!("{name}{}", self.terminal.words.colon),
                Style::new(),
                &text,
            );
        }
        for (sign, values) in [("-", &field.old), ("+", &field.new)] {
            for value in values {
                let text = self.pick(&value.shown()).to_owned();
                self.terminal.entry(4, &format!("{name} {sign} "), Style::new(), &text)?;
            }
        }
        Ok(())
    }

    fn policies(&mut self, edits: &[PolicyEdit]) -> Result<()> {
        if edits.is_empty() {
            return Ok(());
        }
        let count = edits.len();
        self.heading(&say!("政策", "Policies"), &say!("{count} 处不同", "{count} differ"))?;
        for edit in edits {
            let sign = match edit.edit {
                Edit::Added => "+",
                Edit::Removed => "-",
                Edit::Changed | Edit::Moved => "~",
            };
            let values = match (&edit.old, &edit.new) {
                (Some(old), Some(new)) => {
                    format!("{}{} → {}", self.terminal.words.colon, self.pick(old), self.pick(new))
                }
                (None, Some(only)) | (Some(only), None) => {
                    format!("{}{}", self.terminal.words.colon, self.pick(only))
                }
                (None, None) => String::new(),
            };
            let moved = if edit.edit == Edit::Moved {
                self.pick(&say!("（换了位置）", " (moved)")).to_owned()
            } else {
                String::new()
            };
            let text = format!("{sign} {}{moved}{values}", self.pick(&edit.heading));
            self.terminal.line(0, Style::new(), &text)?;
            if !edit.used_by.is_empty() {
                let label = self.pick(&say!("用到它的：", "used by ")).to_owned();
                let users = users(edit, self.terminal.words);
                self.terminal.line(4, Style::new(), &format!("{label}{users}"))?;
            }
        }
        Ok(())
    }

    fn corrections(&mut self, corrections: &[Correction]) -> Result<()> {
        if corrections.is_empty() {
            return Ok(());
        }
        self.heading(&say!("更正的种类", "Kinds of correction"), &Bilingual::default())?;
        for correction in corrections {
            let count = correction.rows.len();
            let kind = correction
                .kind
                .clone()
                .unwrap_or_else(|| self.pick(&say!("（清单没有归类）", "(of no kind)")).to_owned());
            let rows = if count == 0 {
                String::new()
            } else {
                format!(
                    "{}{}",
                    self.terminal.words.colon,
                    keys(&correction.rows, self.terminal.words, SHOWN)
                )
            };
            self.terminal.entry(0, &format!("{kind} {count}"), Style::new(), &rows)?;
        }
        Ok(())
    }

    fn groups(&mut self, diff: &Diff) -> Result<()> {
        let Some(found) = &diff.groups else { return Ok(()) };
        let Bilingual { zh, en } = &found.by;
        self.heading(&say!("分组 {zh}", "Groups by {en}"), &Bilingual::default())?;
        let (columns, rows) = group_table(self.terminal.words, found);
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let mut lines = table(&columns, 1);
        for row in rows {
            lines.add_row(row.iter().map(|cell| text(cell)).collect::<Vec<_>>());
        }
        writeln!(self.terminal.out, "{}", fitted(lines, self.terminal.width))?;
        found.remarks.iter().try_for_each(|said| self.line(0, said))
    }

    fn closing(&mut self, diff: &Diff) -> Result<()> {
        writeln!(self.terminal.out)?;
        self.line(0, &outcome(diff))?;
        for table in &diff.tables {
            table
                .emptied
                .iter()
                .try_for_each(|emptied| self.line(0, &emptied_text(&table.names, emptied)))?;
        }
        Ok(())
    }
}

/// That only what is one group's is shown.
pub(super) fn of_group(diff: &Diff) -> Option<Bilingual> {
    let (group, heading) = (diff.group.as_ref()?, &diff.groups.as_ref()?.heading);
    let (zh, en, heading_zh, heading_en) = (&group.zh, &group.en, &heading.zh, &heading.en);
    Some(say!("只列{heading_zh} {zh}", "only {heading_en} {en}"))
}

/// The comparison in a sentence.
pub(crate) fn outcome(diff: &Diff) -> Bilingual {
    let found = &diff.findings;
    let (fixed, removed, new, turned) =
        (found.fixed.len(), found.removed.len(), found.new.len(), found.turned.len());
    let unjudged = found.unjudged.len();
    let nothing = diff.tables.is_empty() && diff.policies.is_empty() && unjudged == 0;
    if nothing && fixed + removed + new + turned + found.notes.len() == 0 {
        return say!("两次没有不同。", "The two do not differ.");
    }
    let (gone_zh, gone_en) = match removed {
        0 => (String::new(), String::new()),
        _ => (format!("，另有 {removed} 处随行删去"), format!(", {removed} gone with their rows")),
    };
    let (turned_zh, turned_en) = match turned {
        0 => (String::new(), String::new()),
        _ => (format!("，转为其他结果 {turned} 处"), format!(", {turned} turned")),
    };
    let (open_zh, open_en) = match unjudged {
        0 => (String::new(), String::new()),
        _ => (
            format!("，{unjudged} 处有一次没有判断"),
            format!(", {unjudged} not judged by one of the two"),
        ),
    };
    say!(
        "消除了 {fixed} 处{gone_zh}，新出现 {new} 处{turned_zh}{open_zh}。",
        "{fixed} fixed{gone_en}, {new} new{turned_en}{open_en}."
    )
}

/// The headings and the lines of a table of groups: rows and kinds of findings before and now.
pub(super) fn group_table(words: &Words, found: &Grouped) -> (Vec<String>, Vec<Vec<String>>) {
    let counts = |(rows, tally): &Lies| [&[*rows], tally.kinds().as_slice()].concat();
    let lines = found.list.iter().map(|(name, old, new)| (name, counts(old), counts(new)));
    let lines: Vec<(&Option<Bilingual>, Vec<usize>, Vec<usize>)> = lines.collect();
    let headings = [words.pick(&found.table)].into_iter().chain(words.kinds).enumerate();
    // Kinds that do not occur are left out.
    let occurs = |at: usize| {
        at == 0 || lines.iter().flat_map(|(_, old, new)| [old, new]).any(|n| n.get(at) > Some(&0))
    };
    let kept: Vec<(usize, &str)> = headings.filter(|(at, _)| occurs(*at)).collect();
    let line = |(name, old, new): &(&Option<Bilingual>, Vec<usize>, Vec<usize>)| {
        let name = name.as_ref().map_or(words.no_group, |name| words.pick(name)).to_owned();
        let counts = kept.iter().filter_map(|(at, _)| Some((old.get(*at)?, new.get(*at)?)));
        let cell = |(old, new): (&usize, &usize)| {
            if old == new { new.to_string() } else { format!("{old} → {new}") }
        };
        std::iter::once(name).chain(counts.map(cell)).collect()
    };
    let first = words.pick(&found.heading).to_owned();
    let columns = std::iter::once(first).chain(kept.iter().map(|(_, name)| (*name).to_owned()));
    (columns.collect(), lines.iter().map(line).collect())
}

/// That a group has no rows of a table left.
pub(super) fn emptied_text(table: &Bilingual, (group, rows): &(Bilingual, usize)) -> Bilingual {
    let (zh, en) = (&group.zh, &group.en);
    let (table_zh, table_en) = (&table.zh, &table.en);
    say!(
        "{zh}：原有 {table_zh} {rows} 行，现在一行也没有",
        "`{en}` had {rows} of {table_en} and has none left"
    )
}

/// That one run did not judge.
pub(super) fn unjudged_word(unjudged: &Unjudged) -> Bilingual {
    if unjudged.new {
        say!("以前没有判断", "not judged before")
    } else {
        say!("不再判断", "no longer judged")
    }
}

/// That nobody knows of some rows whether both runs have them.
pub(super) fn unread_text(table: &TableEdit) -> Vec<Bilingual> {
    let [before, now] = table.unread.each_ref().map(Vec::len);
    let of = |count: usize, said: Bilingual| (count > 0).then_some(said);
    let said = [
        of(
            before,
            say!(
                "前一次的数据没有全读进来，后一次的 {before} 行不知道以前有没有",
                "not all earlier data could be read: later rows that may have been there: {before}"
            ),
        ),
        of(
            now,
            say!(
                "后一次的数据没有全读进来，前一次的 {now} 行不知道还有没有",
                "not all later data could be read: earlier rows that may still be there: {now}"
            ),
        ),
    ];
    said.into_iter().flatten().collect()
}

/// How a note differs.
pub(super) fn note_word(note: &Note) -> Bilingual {
    if note.new { say!("新注记", "noted now") } else { say!("不再注记", "no longer noted") }
}

pub(super) fn named(row: &Entry, words: &Words) -> String {
    let subject = &row.subject;
    let name = match words.pick(&row.name()) {
        "" => words.pick(&subject.table).to_owned(),
        name => name.to_owned(),
    };
    subject.title.as_ref().map_or_else(|| name.clone(), |title| format!("{name} {title}"))
}

/// The keys of rows by table, of as many rows as `most`.
pub(super) fn keys(rows: &[Entry], words: &Words, most: usize) -> String {
    let mut tables: Vec<(&Bilingual, Vec<String>)> = Vec::new();
    for row in rows.iter().take(most) {
        let name = words.pick(&row.name()).to_owned();
        match tables.iter_mut().find(|(table, _)| **table == row.subject.table) {
            Some((_, keys)) => keys.push(name),
            None => tables.push((&row.subject.table, vec![name])),
        }
    }
    let tables: Vec<String> = tables
        .into_iter()
        .map(|(table, keys)| format!("{} {}", words.pick(table), keys.join(words.pause)))
        .collect();
    let more = if rows.len() > most { "……" } else { "" };
    format!("{}{more}", tables.join(words.pick(&say!("；", "; "))))
}

/// What a proposal is, and how alike the titles are.
pub(super) fn pairing_text(pairing: &Pairing) -> (Bilingual, Bilingual) {
    let alike = format!("{}%", (pairing.similarity * Ratio::from_integer(100)).round());
    let kind = match pairing.kind {
        Match::Renamed => say!("可能是改名", "may be renamed"),
        Match::Merged => say!("可能是合并", "may be merged"),
        Match::Split => say!("可能是拆分", "may be split"),
    };
    (kind, say!("名称相似 {alike}", "names {alike} alike"))
}

/// The articles that rest on a declaration, a few of them by name.
pub(super) fn users(edit: &PolicyEdit, words: &Words) -> String {
    let named: Vec<&str> = edit.used_by.iter().take(SHOWN).map(String::as_str).collect();
    let more = if edit.used_by.len() > SHOWN { "……" } else { "" };
    format!("{}{more}", named.join(words.pause))
}

/// Causes in words.
pub(super) fn reasons(causes: &[Cause], tried: bool, words: &Words) -> String {
    let said: Vec<String> =
        causes.iter().map(|cause| words.pick(&cause.said()).to_owned()).collect();
    let untried = say!("（没有逐一试过）", " (not tried one by one)");
    format!("{}{}", said.join(words.pause), if tried { "" } else { words.pick(&untried) })
}
