//! The account of a round: who handed what in, what was taken and what was not, and what became of
//! each answer.

use super::answers::{Given, State};
use super::merge::Locked;
use crate::diagnostic::Bilingual;
use crate::report::{Answer, Sent, Words};
use crate::syntax::tree::Language;
use std::collections::BTreeMap;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

/// What a group handed in.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// What it is called.
    pub title: String,
    /// Whether it is a group: not what belongs to none.
    pub is_group: bool,
    /// The files, the one saved last comes last.
    pub files: Vec<String>,
    /// How many lines were answered.
    pub answered: usize,
    /// Whether nothing is otherwise than it was sent.
    pub same: bool,
    /// How many rows say something else.
    pub changed: usize,
    /// How many rows are new.
    pub added: usize,
    /// The rows that are withdrawn.
    pub withdrawn: Vec<Bilingual>,
    /// What was changed where it may not.
    pub locked: Vec<Locked>,
    /// Entries that belong to no row.
    pub strays: Vec<(String, String)>,
    /// What two workbooks say differently.
    pub clashes: Vec<Locked>,
    /// Sheets that are not there.
    pub missing: Vec<String>,
}

impl Taken {
    /// Nothing yet, of what was sent.
    #[must_use]
    pub fn new(sent: &Sent) -> Self {
        let (title, is_group) = (sent.title.clone(), sent.group.is_some());
        Self { title, is_group, ..Self::default() }
    }

    /// How many whole workbooks: files of single sheets make one together.
    pub(super) fn books(&self) -> usize {
        let single = |name: &&String| {
            let name = name.to_lowercase();
            name.ends_with(".csv") || name.ends_with(".tsv")
        };
        let singles = self.files.iter().filter(single).count();
        self.files.len() - singles + usize::from(singles > 0)
    }
}

/// An answer to what is still there, with what people call the row and the article, and what is wrong
/// in plain words.
#[derive(Debug)]
pub(super) struct Open {
    /// The answer.
    pub given: Given,
    /// The row.
    pub row: String,
    /// The article.
    pub article: String,
    /// What is wrong.
    pub said: String,
}

/// The account.
#[derive(Debug, Default)]
pub struct Account {
    /// What each group handed in, in the order of what was sent.
    pub taken: Vec<Taken>,
    /// Files that were not taken, and why.
    pub refused: Vec<Bilingual>,
    /// How many rows of other tables went with those that are withdrawn, because they have to refer
    /// to them.
    pub followed: Vec<(Bilingual, usize)>,
    /// Answers that no finding was found for.
    pub lost: Vec<Bilingual>,
    /// Answers that were not clear, and what they are taken for.
    pub unclear: Vec<Bilingual>,
    /// How many findings came to what, by the answer.
    counts: BTreeMap<(Option<Answer>, State), usize>,
    /// Findings of groups that handed nothing in.
    pub(super) silent: usize,
    /// Answers that people have to look at.
    pub(super) open: Vec<Open>,
    /// Answers that an authority may allow.
    pub drafts: Vec<Given>,
}

impl Account {
    /// Counts what became of a finding; `came` says whether its group handed something in, and
    /// whether a waiver could allow it. Whether people have to look at it.
    pub(super) fn count(&mut self, given: &Given, (came, is_broken): (bool, bool)) -> bool {
        if !came && given.answer.is_none() {
            self.silent += usize::from(given.state.is_open());
            return false;
        }
        *self.counts.entry((given.answer, given.state)).or_default() += 1;
        let open = given.state.is_open();
        let stands = given.answer == Some(Answer::Stands);
        if stands && open && is_broken && !given.key.is_empty() && !given.reason.is_empty() {
            self.drafts.push(given.clone());
        }
        given.answer.is_some() && open
    }

    /// Whether something that came back was not taken as it stands.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        let clean = |taken: &Taken| {
            taken.locked.is_empty()
                && taken.strays.is_empty()
                && taken.clashes.is_empty()
                && taken.missing.is_empty()
        };
        self.refused.is_empty()
            && self.lost.is_empty()
            && self.unclear.is_empty()
            && self.taken.iter().all(clean)
    }

    /// How many findings with this answer came to one of these.
    pub(super) fn sum(&self, answer: Option<Answer>, states: &[State]) -> usize {
        let of = |state: &State| self.counts.get(&(answer, *state)).copied().unwrap_or(0);
        states.iter().map(of).sum()
    }

    /// The account as lines.
    #[must_use]
    pub fn lines(&self, language: Language) -> Vec<String> {
        let words = Words::of(language);
        let mut lines = self.who(words);
        self.what(words, &mut lines);
        self.rows(words, &mut lines);
        self.answers(words, &mut lines);
        lines
    }

    /// Who handed in, who did not, who did twice.
    fn who(&self, words: &Words) -> Vec<String> {
        let list = |all: Vec<String>| all.join(words.pause);
        let groups = || self.taken.iter().filter(|taken| taken.is_group);
        let came = || self.taken.iter().filter(|taken| !taken.files.is_empty());
        let missing: Vec<String> = groups()
            .filter(|taken| taken.files.is_empty())
            .map(|taken| taken.title.clone())
            .collect();
        let named = |taken: &Taken| {
            let files = taken.files.join(words.pause);
            let title = &taken.title;
            words.choose(format!("{title}（{files}）"), format!("{title} ({files})"))
        };
        let twice: Vec<String> = came().filter(|taken| taken.books() > 1).map(named).collect();
        let same: Vec<String> =
            came().filter(|taken| taken.same).map(|taken| taken.title.clone()).collect();
        let back: Vec<String> = came().map(named).collect();
        let mut lines = Vec::new();
        let mut line = |(zh, en): (&str, &str), all: Vec<String>| {
            if !all.is_empty() {
                let (count, all, said) = (all.len(), list(all), words.choose(zh, en));
                lines.push(format!("{said} {count}{}{all}", words.colon));
            }
        };
        line(("没有交回", "not handed in"), missing);
        line(("交回", "handed in"), back);
        line(
            (
                "交回不止一本（逐格合并，同一格以后存的为准）",
                "handed in more than once (merged cell by cell; of one cell the one saved last)",
            ),
            twice,
        );
        line(("原样交回，没有改也没有答复", "handed in as sent, with no answer"), same);
        lines
    }

    /// What was not taken.
    fn what(&self, words: &Words, lines: &mut Vec<String>) {
        let mut section = |(zh, en): (&str, &str), all: Vec<String>| {
            if !all.is_empty() {
                let (count, said) = (all.len(), words.choose(zh, en));
                lines.push(format!("{said} {count}{}", words.colon.trim_end()));
                lines.extend(all.into_iter().map(|line| format!("  {line}")));
            }
        };
        let pick = |all: &[Bilingual]| all.iter().map(|said| words.pick(said).to_owned()).collect();
        section(("没有收下的文件", "files not taken"), pick(&self.refused));
        let of = |of: fn(&Taken) -> Vec<String>| -> Vec<String> {
            let lines = self.taken.iter().flat_map(|taken| {
                of(taken).into_iter().map(|line| format!("{} {line}", taken.title))
            });
            lines.collect()
        };
        section(
            ("缺的表（照原样列入）", "sheets that are missing (kept as they were)"),
            of(|taken| taken.missing.clone()),
        );
        let locked: Vec<String> = of(|taken| taken.locked.iter().map(cell_text).collect());
        section(
            ("锁住的格有改动（不算数）", "changes where nothing may be changed (not taken)"),
            locked,
        );
        let clashes = of(|taken| taken.clashes.iter().map(cell_text).collect());
        section(
            (
                "两本里不同的格（用后存的）",
                "cells that two workbooks fill differently (the later is taken)",
            ),
            clashes,
        );
        section(
            (
                "清单里不知属于哪一行的（不算数）",
                "entries of lists that belong to no row (not taken)",
            ),
            of(|taken| {
                let stray = |(place, text): &(String, String)| format!("{place}: `{text}`");
                taken.strays.iter().map(stray).collect()
            }),
        );
        section(("对不上的答复", "answers to nothing that was sent"), pick(&self.lost));
        section(("写得不清楚的答复", "answers that are not clear"), pick(&self.unclear));
    }

    /// What became of rows.
    fn rows(&self, words: &Words, lines: &mut Vec<String>) {
        let sum = |of: fn(&Taken) -> usize| self.taken.iter().map(of).sum::<usize>();
        let (changed, added) = (sum(|taken| taken.changed), sum(|taken| taken.added));
        let withdrawn = sum(|taken| taken.withdrawn.len());
        lines.push(words.choose(
            format!("行：改了 {changed}，新增 {added}，撤回 {withdrawn}"),
            format!("rows: {changed} changed, {added} new, {withdrawn} withdrawn"),
        ));
        for taken in &self.taken {
            for row in &taken.withdrawn {
                let (title, row) = (&taken.title, words.pick(row));
                lines.push(words.choose(
                    format!("  撤回：{title} {row}（它的清单一起撤回）"),
                    format!("  withdrawn: {title} {row} (its lists with it)"),
                ));
            }
        }
        if !self.followed.is_empty() {
            let all =
                self.followed.iter().map(|(table, count)| format!("{} {count}", words.pick(table)));
            let all = all.collect::<Vec<_>>().join(words.pause);
            lines.push(words.choose(
                format!("  别的表里说的就是撤回的行，随着去掉：{all}"),
                format!("  rows of other tables that spoke of these went with them: {all}"),
            ));
        }
    }

    /// What became of answers.
    fn answers(&self, words: &Words, lines: &mut Vec<String>) {
        use State::{Gone, Otherwise, Unchanged, Withdrawn};
        let all = |answer| self.sum(answer, &[Gone, Withdrawn, Unchanged, Otherwise]);
        let of = |answer, state| self.sum(answer, &[state]);
        let [mended, stands, discuss] = Answer::ALL.map(|answer| all(Some(answer)));
        let by = Some(Answer::Mended);
        let (gone, gone_with) = (of(by, Gone), of(by, Withdrawn));
        let (unchanged, otherwise) = (of(by, Unchanged), of(by, Otherwise));
        let answered = mended + stands + discuss;
        let drafts = self.drafts.len();
        let (none, none_gone) = (all(None), self.sum(None, &[Gone, Withdrawn]));
        let silent = self.silent;
        lines.push(words.choose(
            format!(
                "答复 {answered}：已改正 {mended}（已消除 {gone}，随行撤回 {gone_with}，\
                    没有改 {unchanged}，改了但还在 {otherwise}），不改 {stands}（拟了例外草稿 {drafts}，\
                    待批准），要商量 {discuss}"
            ),
            format!(
                "answers {answered}: mended {mended} (gone {gone}, withdrawn with the row \
                    {gone_with}, nothing changed {unchanged}, changed but still there \
                    {otherwise}), stands {stands} (waivers drafted {drafts}, to be granted), to be \
                    discussed {discuss}"
            ),
        ));
        lines.push(words.choose(
            format!("没有答复 {none}（其中已消除 {none_gone}）；没有交回的还有 {silent}"),
            format!(
                "not answered {none} (of which gone {none_gone}); of those who handed nothing in \
                    {silent}"
            ),
        ));
        for open in &self.open {
            lines.push(format!("  {}", told(words, open)));
        }
    }

    /// Waivers as they could be granted: they are in no manifest until an authority says so.
    #[must_use]
    pub fn drafted(&self, language: Language) -> Option<String> {
        if self.drafts.is_empty() {
            return None;
        }
        let mut document = DocumentMut::new();
        let mut list = ArrayOfTables::new();
        for given in &self.drafts {
            let mut entry = Table::new();
            for (key, text) in [
                ("article", &*given.article),
                ("table", &*given.table),
                ("item", &*given.key),
                ("authority", ""),
                ("reason", &*given.reason),
            ] {
                entry.insert(key, value(text));
            }
            let group = given.group.clone().unwrap_or_default();
            let said = given.finding.replace(['\n', '\r'], " ");
            entry.decor_mut().set_prefix(format!("\n# {group}: {said}\n"));
            list.push(entry);
        }
        document.insert("waiver", Item::ArrayOfTables(list));
        let head = Words::of(language).choose(
            "# 例外的草稿，还没有批准，项目不读这个文件。批准的，写上 authority\n\
             # （谁在什么文件里准的）和 until（到哪一天），抄进 fanshi.toml。\n",
            "# Waivers as drafts: nobody has granted them, and the project does not read this file.\n\
             # What an authority grants goes into fanshi.toml with `authority` and `until`.\n",
        );
        Some(format!("{head}{document}"))
    }
}

fn cell_text(locked: &Locked) -> String {
    let Locked { place, was, now } = locked;
    format!("{place}: `{was}` → `{now}`")
}

/// An answer to what is still there, as a line.
fn told(words: &Words, open: &Open) -> String {
    let Open { given, row, article, said } = open;
    let what = match (given.answer, given.state) {
        (Some(Answer::Mended), State::Otherwise) => {
            words.choose("称已改正，改了但还在", "said to be mended, changed but still there")
        }
        (Some(Answer::Mended), _) => {
            words.choose("称已改正，没有改", "said to be mended, nothing changed")
        }
        (Some(answer), _) => answer.word(words),
        (None, _) => "",
    };
    let group = given.group.as_deref().unwrap_or("");
    let names: Vec<&str> = [what, group, row].into_iter().filter(|name| !name.is_empty()).collect();
    let (names, reason) = (names.join(" "), &given.reason);
    let answered = match reason.is_empty() {
        true => String::new(),
        false => words.choose(format!("——理由：{reason}"), format!(" -- because: {reason}")),
    };
    words.choose(
        format!("{names}：{said}（{article}）{answered}"),
        format!("{names}: {said} ({article}){answered}"),
    )
}
