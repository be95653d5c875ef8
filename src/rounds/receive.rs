//! What came back becomes the next project: which workbook is whose, what each says otherwise, and
//! what became of every finding that was sent.

use super::account::{Account, Open, Taken};
use super::answers::{Answers, Given, State};
use super::merge::{Changes, changes, fit};
use super::next::Tables;
use super::returned::{File, columns, same, text};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::{RowRef, Run};
use crate::finding::{Findings, Outcome};
use crate::grouping::Groups;
use crate::report::{Answer, Round, Sent, phrase, sent};
use crate::say;
use crate::schema::FrameId;
use crate::syntax::tree::Language;
use std::collections::{BTreeMap, BTreeSet};

/// What a group wrote beside a finding.
#[derive(Clone, Debug)]
struct Said {
    answer: Answer,
    reason: String,
}

/// A round that came back.
pub struct Return<'r> {
    groups: &'r Groups<'r>,
    language: Language,
    own: BTreeSet<FrameId>,
    sent: Vec<Sent>,
    /// What each workbook that was sent says otherwise, now that it is back.
    changes: Vec<Changes>,
    said: BTreeMap<String, Said>,
    /// What is to be told.
    pub account: Account,
}

impl<'r> Return<'r> {
    /// Takes what came back.
    ///
    /// # Errors
    /// Where what was sent cannot be made again.
    pub fn new(
        groups: &'r Groups<'r>,
        (language, round): (Language, &Round),
        (files, unread): (Vec<File>, Vec<Diagnostic>),
    ) -> std::io::Result<Self> {
        let report = groups.run.report();
        let sent = sent(&report, groups, (language, round))?;
        let changes = sent.iter().map(|_| Changes::default()).collect();
        let taken = sent.iter().map(Taken::new).collect();
        let mut account = Account::default();
        account.taken = taken;
        let (own, said) = (round.own.clone(), BTreeMap::new());
        let mut all = Self { groups, language, own, sent, changes, said, account };
        all.account.refused.extend(unread.into_iter().map(|wrong| wrong.message));
        files.iter().for_each(|file| all.take(file));
        all.settle();
        Ok(all)
    }

    fn run(&self) -> &'r Run {
        self.groups.run
    }

    /// Takes a file, if it is clear whose it is.
    fn take(&mut self, file: &File) {
        let at = match self.whose(file) {
            Ok(at) => at,
            Err(why) => {
                self.account.refused.push(why);
                return;
            }
        };
        let Some(sent) = self.sent.get(at) else { return };
        let now = changes(sent, file);
        let answers = self.answers(file, at);
        if let (Some(own), Some(sent)) = (self.changes.get_mut(at), self.sent.get(at)) {
            let first = self.account.taken.get(at).is_none_or(|taken| taken.files.is_empty());
            *own = if first { now } else { std::mem::take(own).and(now, sent) };
        }
        if let Some(taken) = self.account.taken.get_mut(at) {
            taken.files.push(file.name.clone());
            taken.answered += answers;
        }
    }

    /// Which of the workbooks that were sent a file is; else why that is not known.
    fn whose(&self, file: &File) -> Result<usize, Bilingual> {
        let name = &file.name;
        let Some(head) = &file.head else {
            if file.is_copy {
                return Err(say!(
                    "`{name}`：是标了颜色的原表，只供对照，里面改的不收：改到发下去的工作簿里再交；                        要用原表重报，把它写进清单的 [data]",
                    "`{name}`: it is a marked copy of what was sent first, for comparison: what was                         changed in it is not taken. Change the workbook that was sent with it, or                         name the copy under [data] in the manifest"
                ));
            }
            return self.by_content(file).ok_or_else(|| {
                say!(
                    "`{name}`：看不出是哪一组的：没有发下去时藏在里面的标记，也没有一组的行",
                    "`{name}`: it is not clear whose it is: neither the mark it was sent with nor \
                        rows of a group are in it"
                )
            });
        };
        let group = Some(head.group.clone()).filter(|group| !group.is_empty());
        let at = self.sent.iter().position(|sent| sent.group == group);
        let (own, project) = (&self.run().summary.project, &head.project);
        let Some((at, sent)) = at.and_then(|at| Some((at, self.sent.get(at)?))) else {
            let group = &head.group;
            return Err(say!(
                "`{name}`：是发给 `{group}` 的，这个项目没有这一组",
                "`{name}`: it was sent to `{group}`, which is no group of this project"
            ));
        };
        if sent.digest != head.sent {
            return Err(say!(
                "`{name}`：不是从这个项目现在的数据发下去的（标的是 `{project}`，这里是 `{own}`）：\
                    用发它下去的那一报接收",
                "`{name}`: it was not sent from the data this project has now (it names `{project}`, \
                    this is `{own}`): receive it with the project it was sent from"
            ));
        }
        Ok(at)
    }

    /// The workbook whose rows, or whose findings, stand in a file.
    fn by_content(&self, file: &File) -> Option<usize> {
        let mut scores: Vec<(usize, usize)> = Vec::new();
        for (at, sent) in self.sent.iter().enumerate() {
            let mut score = 0;
            for sheet in sent.sheets.iter().filter(|sheet| sheet.own) {
                let Some(key) = sheet.key_column else { continue };
                let fits =
                    |other: &&crate::data::RawSheet| fit(sheet, other) * 2 > sheet.headings.len();
                let Some(back) = file.sheets.iter().find(fits) else { continue };
                let heading = sheet.headings.get(key).map_or("", String::as_str);
                let column = back
                    .rows
                    .iter()
                    .take(10)
                    .find_map(|row| row.iter().position(|cell| same(cell, heading)));
                let Some(column) = column else { continue };
                let keys: BTreeSet<&str> = (0..back.rows.len())
                    .map(|row| text(back, row, column))
                    .filter(|key| !key.is_empty())
                    .collect();
                let has = |row: &&Vec<String>| {
                    row.get(key).is_some_and(|key| keys.iter().any(|other| same(key, other)))
                };
                score += sheet.cells.iter().filter(has).count();
            }
            score += self
                .fingerprints(file)
                .filter(|found| {
                    sent.findings.iter().any(|index| self.fingerprint(*index) == *found)
                })
                .count();
            scores.push((score, at));
        }
        let most = scores.iter().map(|(score, _)| *score).max().filter(|most| *most > 0)?;
        let mut best = scores.into_iter().filter(|(score, _)| *score == most);
        let (_, at) = best.next()?;
        best.next().is_none().then_some(at)
    }

    /// The fingerprints in a file.
    fn fingerprints<'f>(&self, file: &'f File) -> impl Iterator<Item = &'f str> {
        let sheets = file.sheets.iter().filter_map(|sheet| Some((sheet, columns(sheet)?)));
        sheets.flat_map(|(sheet, columns)| {
            let rows = columns.line + 1..sheet.rows.len();
            rows.filter_map(move |row| columns.fingerprint.map(|at| text(sheet, row, at)))
        })
    }

    fn fingerprint(&self, index: usize) -> String {
        self.run().fingerprint(index).map(|found| found.to_string()).unwrap_or_default()
    }

    /// Reads the answers in a file; how many there are.
    fn answers(&mut self, file: &File, at: usize) -> usize {
        let mut count = 0;
        let title = self.sent.get(at).map(|sent| sent.title.clone()).unwrap_or_default();
        let known: BTreeSet<String> = self.sent.get(at).map_or_else(BTreeSet::new, |sent| {
            sent.findings.iter().map(|index| self.fingerprint(*index)).collect()
        });
        for sheet in &file.sheets {
            let Some(columns) = columns(sheet) else { continue };
            for row in columns.line + 1..sheet.rows.len() {
                let cell = |at: Option<usize>| at.map_or("", |at| text(sheet, row, at).trim());
                let (word, reason) = (cell(Some(columns.answer)), cell(columns.reason));
                if word.is_empty() && reason.is_empty() {
                    continue;
                }
                count += 1;
                let fingerprint = cell(columns.fingerprint);
                let line = row + 1;
                let words = [word, reason].join(" ").trim().to_owned();
                if !known.contains(fingerprint) {
                    let (row, file) = (cell(columns.row), &file.name);
                    self.account.lost.push(say!(
                        "{title} `{file}` 第 {line} 行 {row}：`{words}`（这一行的编号没有了，或者不是它的）",
                        "{title} `{file}` line {line} {row}: `{words}` (its fingerprint is gone, or of \
                            another)"
                    ));
                    continue;
                }
                let answer = Answer::read(word);
                if answer.is_none() {
                    self.account.unclear.push(say!(
                        "{title} 第 {line} 行：答复写的是 `{word}`，不是三项之一；按“要商量”",
                        "{title} line {line}: the answer is `{word}`, none of the three; taken as to \
                            be discussed"
                    ));
                }
                let reason = match answer {
                    Some(_) => reason.to_owned(),
                    None => words,
                };
                let answer = answer.unwrap_or(Answer::Discuss);
                self.say(fingerprint, Said { answer, reason }, &title);
            }
        }
        count
    }

    /// Keeps an answer; a later one that is another is told.
    fn say(&mut self, fingerprint: &str, said: Said, title: &str) {
        let (answer, reason) = (said.answer, said.reason.clone());
        if let Some(before) = self.said.insert(fingerprint.to_owned(), said)
            && (before.answer != answer || !same(&before.reason, &reason))
        {
            let ((was, was_en), (now, now_en)) = (before.answer.said(), answer.said());
            let why = &before.reason;
            self.account.unclear.push(say!(
                "{title}：两本的答复不同，“{was} {why}”和“{now} {reason}”；用后存的",
                "{title}: two workbooks answer `{was_en} {why}` and `{now_en} {reason}`; the one \
                    saved last is taken"
            ));
        }
    }

    /// Hands to the account what was found in the rows.
    fn settle(&mut self) {
        let run = self.run();
        let names = |sent: &Sent, sheet: usize, position: usize| {
            let sheet = sent.sheets.get(sheet)?;
            let row = RowRef { frame: sheet.frame, row: *sheet.rows.get(position)? };
            Some(run.row_words(row))
        };
        for ((sent, changes), taken) in
            self.sent.iter().zip(&self.changes).zip(&mut self.account.taken)
        {
            let mut touched: BTreeSet<(usize, usize)> =
                changes.cells.keys().map(|(sheet, row, _)| (*sheet, *row)).collect();
            for (list, key) in changes.lists.keys() {
                let owner = owner(sent, *list, key);
                touched.extend(owner.filter(|at| !changes.removed.contains(at)));
            }
            taken.changed = touched.difference(&changes.removed).count();
            taken.added = changes.added.len();
            let gone = changes.removed.iter();
            taken.withdrawn = gone.filter_map(|(sheet, row)| names(sent, *sheet, *row)).collect();
            taken.locked.clone_from(&changes.locked);
            taken.strays.clone_from(&changes.strays);
            taken.clashes.clone_from(&changes.clashes);
            taken.missing.clone_from(&changes.missing);
            taken.same = changes.is_empty() && taken.answered == 0;
        }
    }

    /// The files of the tables that came back, and of those that lost rows with them.
    #[must_use]
    pub fn files(&mut self) -> Vec<(FrameId, String, String)> {
        let tables = Tables::new(self.groups, self.language, (&self.sent, &self.changes));
        let schema = self.run().schema();
        let named = |(table, count): (&FrameId, &usize)| {
            let names = &schema.frame(*table)?.names;
            Some((Bilingual::new(names.zh(), names.en()), *count)).filter(|(_, count)| *count > 0)
        };
        self.account.followed = tables.gone.tables.iter().filter_map(named).collect();
        tables.files(&self.own)
    }

    /// What became of every finding that was answered, now that the next project is judged; and of
    /// those that were not.
    pub fn judge(&mut self, next: &Run, before: &Answers) -> Answers {
        let mut answers = Vec::new();
        let there = There::of(next);
        let earlier: BTreeMap<&str, &Given> =
            before.0.iter().map(|given| (given.fingerprint.as_str(), given)).collect();
        for (sent, (changes, at)) in self.sent.iter().zip(self.changes.iter().zip(0..)) {
            let came = self.account.taken.get(at).is_some_and(|taken| !taken.files.is_empty());
            for index in &sent.findings {
                let head = self.run().head(*index);
                let own = self.fingerprint(*index);
                let said = self.said.get(&own);
                if head.outcome.is_note() && said.is_none() {
                    continue;
                }
                let (state, fingerprint) = self.state((sent, changes), *index, &there);
                // Who hands nothing in still says what they said.
                let kept = earlier.get(own.as_str()).filter(|_| !came && state.is_open());
                let answer = said.map(|said| said.answer).or(kept.and_then(|kept| kept.answer));
                let reason = said.map(|said| said.reason.clone());
                let reason = reason.or(kept.map(|kept| kept.reason.clone())).unwrap_or_default();
                let given = self.given(sent, (*index, fingerprint), (answer, reason, state));
                let is_broken = head.outcome.is_broken();
                if self.account.count(&given, (came, is_broken)) {
                    let open = self.open(given.clone(), *index);
                    self.account.open.push(open);
                }
                if given.answer.is_some() {
                    answers.push(given);
                }
            }
        }
        Answers(answers)
    }

    fn given(
        &self,
        sent: &Sent,
        (index, fingerprint): (usize, String),
        (answer, reason, state): (Option<Answer>, String, State),
    ) -> Given {
        let finding = Findings::get(self.run(), index);
        let subject = finding.subject.as_ref();
        let words = crate::report::Words::of(self.language);
        Given {
            fingerprint,
            group: sent.group.clone(),
            article: finding.article.clone(),
            table: subject.map_or_else(String::new, |subject| subject.table.en.clone()),
            key: subject.and_then(|subject| subject.key.clone()).unwrap_or_default(),
            finding: words.pick(&finding.message).to_owned(),
            answer,
            reason,
            state,
        }
    }

    /// An answer with what people call what it is about.
    fn open(&self, given: Given, index: usize) -> Open {
        let finding = Findings::get(self.run(), index);
        let words = crate::report::Words::of(self.language);
        let row = finding.subject.as_ref();
        Open {
            given,
            row: row.map_or_else(String::new, |subject| phrase::row(words, subject)),
            article: words.pick(&finding.heading).to_owned(),
            said: words.pick(finding.plain.as_ref().unwrap_or(&finding.message)).to_owned(),
        }
    }

    /// What became of a finding, and the fingerprint of what is there of it.
    fn state(
        &self,
        (sent, changes): (&Sent, &Changes),
        index: usize,
        there: &There,
    ) -> (State, String) {
        let own = self.fingerprint(index);
        let row = self.run().row_of(index);
        let place = row.and_then(|row| place(sent, row));
        if place.is_some_and(|place| changes.removed.contains(&place)) {
            return (State::Withdrawn, own);
        }
        let found = match there.fingerprints.contains(&own) {
            true => Some(own.clone()),
            false => there.likes.get(&like(self.run(), index)).cloned(),
        };
        let Some(found) = found else { return (State::Gone, own) };
        let of_row = |at: (usize, usize)| {
            let cells = changes.cells.range((at.0, at.1, 0)..=(at.0, at.1, usize::MAX));
            let mut lists = changes.lists.keys();
            cells.count() > 0 || lists.any(|(list, key)| owner(sent, *list, key) == Some(at))
        };
        let changed = place.is_some_and(of_row);
        (if changed { State::Otherwise } else { State::Unchanged }, found)
    }
}

/// Where a row stands among the sheets that were sent.
fn place(sent: &Sent, row: RowRef) -> Option<(usize, usize)> {
    let sheet = sent.sheets.iter().position(|sheet| sheet.own && sheet.frame == row.frame)?;
    let position = sent.sheets.get(sheet)?.rows.iter().position(|other| *other == row.row)?;
    Some((sheet, position))
}

/// The row of a table that a list belongs to, by its canonical key.
fn owner(sent: &Sent, list: usize, key: &str) -> Option<(usize, usize)> {
    let above = sent.sheets.get(list)?.key.rsplit_once('.')?.0;
    let at = sent.sheets.iter().position(|sheet| sheet.key == above)?;
    let sheet = sent.sheets.get(at)?;
    let column = sheet.key_column?;
    let is = |row: &Vec<String>| row.get(column).is_some_and(|cell| same(cell, key));
    Some((at, sheet.cells.iter().position(is)?))
}

/// The findings of a run, by what they are.
struct There {
    fingerprints: BTreeSet<String>,
    likes: BTreeMap<(String, String, String), String>,
}

impl There {
    fn of(run: &Run) -> Self {
        let (mut fingerprints, mut likes) = (BTreeSet::new(), BTreeMap::new());
        for index in 0..Findings::len(run) {
            let Some(fingerprint) = run.fingerprint(index) else { continue };
            let fingerprint = fingerprint.to_string();
            if !matches!(run.head(index).outcome, Outcome::Waived) {
                likes.insert(like(run, index), fingerprint.clone());
                fingerprints.insert(fingerprint);
            }
        }
        Self { fingerprints, likes }
    }
}

/// The article, the row and the element of a finding, whatever became of them.
fn like(run: &Run, index: usize) -> (String, String, String) {
    let row = run.row_of(index).map(|row| format!("{:?}", run.row_mark(row)));
    let element = Findings::place_of(run, index).and_then(|(frame, row)| {
        let frame = FrameId(u32::try_from(frame).ok()?);
        Some(format!("{:?}", run.element_key(RowRef { frame, row })))
    });
    let article = run.head(index).article.to_owned();
    (article, row.unwrap_or_default(), element.unwrap_or_default())
}
