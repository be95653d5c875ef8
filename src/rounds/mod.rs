//! Rank 7: a round: what is sent to each group, what comes back, and the project that is made of it.

mod account;
mod answers;
mod gone;
mod json;
mod manifest;
mod merge;
mod next;
mod receive;
pub mod returned;

pub use account::{Account, Taken};
pub use answers::{Answers, Given, State};
pub use manifest::{absolute, next as next_manifest, way};
pub use receive::Return;

use crate::diagnostic::Diagnostic;
use crate::engine::{Policy, Run};
use crate::grouping::{Grouping, Groups};
use crate::report::{Round, Sent};
use crate::schema::{FrameId, Schema};
use crate::workspace::Project;
use std::collections::BTreeSet;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

/// What remembers a round beside its workbooks.
pub const ROUND: &str = "round.toml";

/// What the rows of a round are grouped by: as the command line names it, else as the manifest does,
/// else what is usual; `None` where nothing refers to anything.
///
/// # Errors
/// Where nothing has the name, or what has it cannot group rows.
pub fn grouping(
    policy: &Policy,
    (line, project): (Option<&str>, &Manifested),
) -> Result<Option<Grouping>, Box<Diagnostic>> {
    let asked = Grouping::asked(policy, line, project.by.as_deref())?;
    Ok(asked.or_else(|| Grouping::usual(policy)))
}

/// What the manifest of a project says of rounds; taken before the project is judged.
#[derive(Clone, Debug, Default)]
pub struct Manifested {
    /// What rows are grouped by.
    pub by: Option<String>,
    /// What was answered in the round before.
    pub answers: Answers,
}

impl Manifested {
    /// Of a project.
    ///
    /// # Errors
    /// Where what was answered before cannot be read.
    pub fn of(project: &Project) -> Result<Self, Box<Diagnostic>> {
        let by = project.manifest.review_by.as_ref().map(|(name, _)| name.clone());
        Ok(Self { by, answers: Answers::of(project)? })
    }
}

/// The round of a run: which tables the groups answer for, and what they said before.
#[must_use]
pub fn round(run: &Run, by: &Grouping, manifested: &Manifested) -> Round {
    Round {
        own: own(run.schema(), by),
        earlier: manifested.answers.earlier(),
        by: by.asked.clone().unwrap_or_else(|| by.name(run.schema()).en),
    }
}

/// The tables that groups answer for: the one whose rows are counted, and where the groups are no
/// rows every one that gives its group itself.
fn own(schema: &Schema, by: &Grouping) -> BTreeSet<FrameId> {
    let given = |frame: FrameId| by.ty.table().is_none() && by.is_given_by(frame);
    let tables = schema.tables().map(|(frame, _)| frame);
    let own = tables.filter(|frame| *frame == by.field.0 || given(*frame));
    own.filter(|frame| is_returnable(schema, *frame)).collect()
}

/// Whether a workbook says all that rows of a table say: a list of records needs the key of the row
/// that an entry belongs to, and that row is one of the table.
fn is_returnable(schema: &Schema, table: FrameId) -> bool {
    let Some(frame) = schema.frame(table).filter(|frame| !frame.single) else { return false };
    let records = (0..).map(FrameId).zip(&schema.frames).filter(|(id, list)| {
        let cell = list.plain || list.citations.is_some();
        list.parent.is_some() && !cell && schema.root(*id) == table
    });
    let direct = |list: &crate::schema::Frame| list.parent.is_some_and(|(owner, _)| owner == table);
    let mut lists = records.map(|(_, list)| list).peekable();
    lists.peek().is_none() || frame.key().is_some() && lists.all(direct)
}

/// What remembers a round: what was sent to whom.
#[must_use]
pub fn record(groups: &Groups<'_>, round: &Round, sent: &[Sent]) -> String {
    let mut document = DocumentMut::new();
    document["format"] = value(crate::report::FORM);
    document["project"] = value(&*groups.run.summary.project);
    document["as_of"] = value(&*groups.run.summary.as_of);
    document["by"] = value(&*round.by);
    let mut list = ArrayOfTables::new();
    for sent in sent {
        let mut entry = Table::new();
        if let Some(group) = &sent.group {
            entry["group"] = value(group);
        }
        entry["file"] = value(&*sent.file);
        let rows = sent.sheets.iter().filter(|sheet| sheet.own && sheet.owners.is_empty());
        let rows: usize = rows.map(|sheet| sheet.rows.len()).sum();
        entry["rows"] = value(i64::try_from(rows).unwrap_or(i64::MAX));
        entry["findings"] = value(i64::try_from(sent.findings.len()).unwrap_or(i64::MAX));
        list.push(entry);
    }
    document["sent"] = Item::ArrayOfTables(list);
    document.to_string()
}
