//! Rank 7: a round: what is sent to each group, what comes back, and the project that is made of it.

mod account;
mod answers;
mod gone;
mod json;
mod manifest;
mod marked;
mod merge;
mod next;
mod receive;
pub mod returned;
mod told;

pub use account::{Account, Taken};
pub use answers::{Answers, Given, State};
pub use manifest::next as next_manifest;
pub use marked::{Copies, copies};
pub use receive::Return;
pub use told::write_json;

use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::{Policy, Run};
use crate::grouping::{Grouping, Groups};
use crate::report::{Round, Sent};
use crate::say;
use crate::schema::{Frame, FrameId, Schema};
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
    /// The tables that groups answer for, where it names some.
    pub tables: Vec<String>,
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
        let tables = project.manifest.round_tables.iter().map(|(name, _)| name.clone()).collect();
        Ok(Self { by, tables, answers: Answers::of(project)? })
    }
}

/// The round of a run: which tables the groups answer for, and what they said before.
#[must_use]
pub fn round(run: &Run, by: &Grouping, manifested: &Manifested) -> Round {
    Round {
        own: own(run.schema(), by, &manifested.tables),
        earlier: manifested.answers.earlier(),
        by: by.asked.clone().unwrap_or_else(|| by.name(run.schema()).en),
    }
}

/// Tables that the manifest has groups answer for, and that they only read all the same, with the
/// reason.
#[must_use]
pub fn remarks(run: &Run, by: &Grouping, manifested: &Manifested) -> Vec<Bilingual> {
    let schema = run.schema();
    let said = |name: &String| {
        let (table, _) = schema.tables().find(|(_, frame)| frame.names.matches(name))?;
        if !by.covers(table) {
            let Bilingual { zh, en } = by.heading(schema);
            return Some(say!(
                "`{name}` 没有引用通到 `{zh}`，不在各组的工作簿里",
                "`{name}` leads to no `{en}`: it is in no group's workbook"
            ));
        }
        (!is_returnable(schema, table)).then(|| {
            say!(
                "`{name}` 工作簿装不下（只有一行，清单里有清单，或者没有主键而有清单），只供查看",
                "`{name}` is for reading only: no workbook holds a table of one row, lists in \
                    lists, or lists of rows without a key"
            )
        })
    };
    manifested.tables.iter().filter_map(said).collect()
}

/// The tables that groups answer for: those that the manifest names, else the one whose rows are
/// counted, and where the groups are no rows every one that gives its group itself.
fn own(schema: &Schema, by: &Grouping, named: &[String]) -> BTreeSet<FrameId> {
    let given = |frame: FrameId| by.ty.table().is_none() && by.is_given_by(frame);
    let is_own = |(frame, shape): &(FrameId, &Frame)| match named.is_empty() {
        true => *frame == by.field.0 || given(*frame),
        false => by.covers(*frame) && named.iter().any(|name| shape.names.matches(name)),
    };
    let own = schema.tables().filter(is_own).map(|(frame, _)| frame);
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
    let direct = |list: &Frame| list.parent.is_some_and(|(owner, _)| owner == table);
    let mut lists = records.map(|(_, list)| list).peekable();
    lists.peek().is_none() || frame.key().is_some() && lists.all(direct)
}

/// What remembers a round: what was sent to whom.
#[must_use]
pub fn record(groups: &Groups<'_>, round: &Round, sent: &[Sent], copies: &Copies) -> String {
    let mut document = DocumentMut::new();
    document.insert("format", value(crate::report::FORM));
    document.insert("project", value(&*groups.run.summary.project));
    document.insert("as_of", value(&*groups.run.summary.as_of));
    document.insert("by", value(&*round.by));
    let mut list = ArrayOfTables::new();
    for sent in sent {
        let mut entry = Table::new();
        if let Some(group) = &sent.group {
            entry.insert("group", value(group));
        }
        entry.insert("file", value(&*sent.file));
        entry.insert("letter", value(sent.letter()));
        let mut marked = ArrayOfTables::new();
        for copy in copies.made.iter().filter(|copy| Some(&copy.group) == sent.group.as_ref()) {
            let mut one = Table::new();
            one.insert("file", value(&*copy.file));
            one.insert("of", value(&*copy.of));
            marked.push(one);
        }
        if !marked.is_empty() {
            entry.insert("marked", Item::ArrayOfTables(marked));
        }
        let rows = sent.sheets.iter().filter(|sheet| sheet.own && sheet.owners.is_empty());
        let rows: usize = rows.map(|sheet| sheet.rows.len()).sum();
        entry.insert("rows", value(i64::try_from(rows).unwrap_or(i64::MAX)));
        entry.insert("findings", value(i64::try_from(sent.findings.len()).unwrap_or(i64::MAX)));
        list.push(entry);
    }
    document.insert("sent", Item::ArrayOfTables(list));
    document.to_string()
}
