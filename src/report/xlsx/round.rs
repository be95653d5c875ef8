//! Rank 5: the workbook of a round: what a group may answer, what it said before, and the hidden
//! sheet by which the workbook is known when it comes back, whatever it is called then.

use super::plan::Plan;
use super::{Book, sent, style};
use crate::diagnostic::Bilingual;
use crate::report::words::Words;
use crate::schema::FrameId;
use crate::syntax::tree::Language;
use rust_xlsxwriter::{Worksheet, XlsxError};
use std::collections::{BTreeMap, BTreeSet};

/// What a group says of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// It is put right in the sheets.
    Mended,
    /// What was declared is right.
    Stands,
    /// It has to be talked about.
    Discuss,
}

impl Answer {
    /// All of them, as they are offered.
    pub const ALL: [Self; 3] = [Self::Mended, Self::Stands, Self::Discuss];

    /// The word in a workbook.
    #[must_use]
    pub fn word(self, words: &Words) -> &'static str {
        let (zh, en) = self.said();
        words.choose(zh, en)
    }

    /// Both words.
    #[must_use]
    pub fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Mended => ("已改正", "mended"),
            Self::Stands => ("不改", "stands"),
            Self::Discuss => ("要商量", "to be discussed"),
        }
    }

    /// The code in files for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Mended => "mended",
            Self::Stands => "stands",
            Self::Discuss => "discuss",
        }
    }

    /// The answer that a cell begins with, in either language: whoever writes more than the word has
    /// answered all the same.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let begins = |answer: &Self| {
            let (zh, en) = answer.said();
            text.starts_with(zh) || text.starts_with(en) || text == answer.code()
        };
        Self::ALL.into_iter().find(begins)
    }
}

/// What was said of a finding in the round before, which is there still.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// The answer.
    pub answer: Answer,
    /// Its reason; empty where none was given.
    pub reason: String,
    /// The same as a line beside the finding.
    pub said: Bilingual,
}

impl Earlier {
    /// The answer as far as it stands until the group says something else: what was said to be
    /// mended and is not has no answer.
    #[must_use]
    pub fn kept(&self) -> Option<Answer> {
        Some(self.answer).filter(|answer| *answer != Answer::Mended)
    }
}

/// What is the same for all workbooks of a round.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// The tables that groups answer for: their rows may be changed.
    pub own: BTreeSet<FrameId>,
    /// What was said in the round before, by fingerprint.
    pub earlier: BTreeMap<String, Earlier>,
    /// What the rows are grouped by, as it is asked for.
    pub by: String,
}

/// The first cell of the hidden sheet.
pub const FORM: &str = "fanshi.round/1";
/// The name of the hidden sheet.
pub const SHEET: &str = "fanshi";

/// Writes the hidden sheet: what the round is of, then the sheets with what each holds.
pub(super) fn write(
    book: &Book<'_, '_>,
    (round, plan): (&Round, &Plan),
    out: &mut Worksheet,
) -> Result<(), XlsxError> {
    out.set_name(SHEET)?;
    let language = book.words.choose(Language::Chinese, Language::English);
    let digest = book.rows.map(|rows| sent::digest(rows, plan, language)).unwrap_or_default();
    let group = book.key.unwrap_or_default();
    let head = [
        [FORM, "", ""],
        ["project", &*book.report.project, ""],
        ["as_of", &*book.report.as_of, ""],
        ["by", &*round.by, ""],
        ["group", group, ""],
        ["language", book.words.choose("zh", "en"), ""],
        ["sent", &*digest, ""],
    ];
    let sheets = plan.sheets.iter().map(|sheet| {
        let use_of = if sheet.returns { "own" } else { "read" };
        [use_of, &*sheet.name, &*sheet.key]
    });
    let plain = style::plain();
    for (line, row) in (0..).zip(head.into_iter().chain(sheets)) {
        for (at, text) in (0..).zip(row) {
            style::text(out, (line, at), text, &plain)?;
        }
    }
    out.set_very_hidden(true);
    out.protect();
    Ok(())
}
