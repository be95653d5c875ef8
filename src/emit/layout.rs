//! The tables that the emitted queries read, and how their columns are called: one table for each
//! frame, one for facts about whole tables. What `export` writes has this shape.

use super::dialect::{Dialect, Kind, quoted};
use crate::engine::Policy;
use crate::invariant::fit;
use crate::lowering::{NodeId, Op};
use crate::schema::{FieldId, FrameId, Physical, Schema, Type};
use std::collections::{BTreeMap, BTreeSet};

/// The row number of a row in its frame, from 0.
pub(super) const ROW: &str = "_row";
/// The row number of the row around it, for the elements of lists.
pub(super) const PARENT: &str = "_parent";
/// The row number of the row of a table it lies in.
pub(super) const ROOT: &str = "_root";
/// What that row is called.
pub(super) const KEY: &str = "_key";
/// The way from there to the element.
pub(super) const PATH: &str = "_path";
/// The table of facts about whole tables, with one row.
pub(super) const FACTS: &str = "fanshi_facts";
/// The table of waivers that hold.
pub(super) const WAIVERS: &str = "fanshi_waivers";
/// The table of days, where working days are counted.
pub(super) const CALENDAR: &str = "fanshi_calendar";
/// The table of what became of every rule for every row, that of the dispositions of rows, and that
/// of measures: all that the views say.
pub(super) const VERDICTS: &str = "verdicts";
pub(super) const DECISIONS: &str = "decisions";
pub(super) const MEASURES: &str = "measures";
/// The names of tables that are no frame's.
const OWN: [&str; 6] = [FACTS, WAIVERS, CALENDAR, VERDICTS, DECISIONS, MEASURES];
/// The longest name that every engine takes, in bytes.
const LONGEST: usize = 63;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holds {
    /// The value, or the numerator of an exact one; whether a list was given.
    Value(FieldId),
    /// The denominator of an exact number.
    Under(FieldId),
    /// Whether something was given that could not be read.
    Unread(FieldId),
    /// A text in the form in which keys are compared.
    Canonical(FieldId),
    /// For a reference that could not be followed: the number of what it names.
    Stray(FieldId),
    /// Whether a reference of this field, which could not be followed, may mean the row.
    Claimed(FrameId, FieldId),
}

/// A table.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// What it is called in the engine.
    pub(super) name: String,
    /// What it is called in what is said of its rows.
    pub(super) shown: String,
    /// Its columns after those of every table, in order: what each holds, its name and type.
    pub(super) columns: Vec<(Holds, String, Kind)>,
    /// For a table that references lead to: the pairs of numbers of which it is not known whether
    /// they are one row.
    pub(super) unsure: Option<String>,
    /// The columns of [`FACTS`]: whether all rows were read, and whether there is one row.
    pub(super) facts: [String; 2],
}

/// The tables of a policy, by frame.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) tables: Vec<Table>,
}

/// Names that are taken, as engines compare them.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
    /// Whether they have to be plain letters: of others the numbers are written.
    ascii: bool,
}

impl Names {
    /// No names yet, of tables and views of a dialect.
    pub(super) fn of(dialect: Dialect) -> Self {
        Self { taken: BTreeSet::new(), ascii: dialect.ascii() }
    }

    /// A name that is free, short enough, and like this one.
    pub(super) fn take(&mut self, wanted: &str) -> String {
        let wanted = wanted.chars().fold(String::new(), |mut plain, letter| {
            match letter {
                _ if !letter.is_alphanumeric() => plain.push('_'),
                _ if self.ascii && !letter.is_ascii() => {
                    plain.push_str(&format!("u{:x}", u32::from(letter)));
                }
                _ => plain.push(letter),
            }
            plain
        });
        for turn in 1.. {
            let end = if turn == 1 { String::new() } else { format!("_{turn}") };
            let room = LONGEST - end.len();
            let short = wanted.char_indices().map(|(at, letter)| at + letter.len_utf8());
            let cut = short.take_while(|until| *until <= room).last().unwrap_or(0);
            let name = format!("{}{end}", wanted.get(..cut).unwrap_or_default());
            if self.taken.insert(name.to_lowercase()) {
                return name;
            }
        }
        wanted
    }
}

impl Layout {
    pub(super) fn of(policy: &Policy, dialect: Dialect) -> Self {
        let schema = policy.schema();
        let mut names = Names::of(dialect);
        let mut shown = Names::default();
        OWN.into_iter().for_each(|name| drop(names.take(name)));
        let mut facts = Names::default();
        drop(facts.take(ROW));
        let (canonical, claims, referred) = read_by(policy);
        let mut tables = Vec::new();
        for (id, frame) in (0..).map(FrameId).zip(&schema.frames) {
            let shown = shown.take(&full_name(schema, id));
            let name = names.take(&full_name(schema, id));
            let mut columns = Columns::new();
            for (field, found) in (0..).map(FieldId).zip(&frame.fields) {
                let own = found.names.en();
                let physical = found.ty.physical();
                columns.add(Holds::Value(field), own, kind(physical));
                if physical == Physical::Ratios {
                    columns.add(Holds::Under(field), &format!("{own}_per"), Kind::Wide);
                }
                columns.add(Holds::Unread(field), &format!("{own}_unread"), Kind::Truth);
                if canonical.contains(&(id, field)) {
                    columns.add(Holds::Canonical(field), &format!("{own}_as_key"), Kind::Text);
                }
                if matches!(found.ty, Type::Ref(_)) {
                    columns.add(Holds::Stray(field), &format!("{own}_stray"), Kind::Whole);
                }
            }
            for (from, field) in claims.iter().filter(|(from, field)| {
                schema.field(*from, *field).and_then(|field| field.ty.table()) == Some(id)
            }) {
                let field_name = schema.field(*from, *field).map_or("", |field| field.names.en());
                let name = format!("claimed_by_{}_{field_name}", full_name(schema, *from));
                columns.add(Holds::Claimed(*from, *field), &name, Kind::Truth);
            }
            let unsure = referred.contains(&id).then(|| names.take(&format!("{name}_unsure")));
            let facts = ["whole", "sole"].map(|of| facts.take(&format!("{name}_{of}")));
            tables.push(Table { name, shown, columns: columns.columns, unsure, facts });
        }
        Self { tables }
    }

    pub(super) fn table(&self, frame: FrameId) -> &Table {
        match self.tables.get(frame.0 as usize) {
            Some(table) => table,
            None => crate::invariant::broken("a frame of another policy"),
        }
    }

    /// The column that holds something, quoted; `None` where there is none.
    pub(super) fn column(&self, frame: FrameId, holds: Holds) -> Option<String> {
        let columns = &self.table(frame).columns;
        columns.iter().find(|(own, ..)| *own == holds).map(|(_, name, _)| quoted(name))
    }
}

/// The columns of one table while they are named.
struct Columns {
    names: Names,
    columns: Vec<(Holds, String, Kind)>,
}

impl Columns {
    fn new() -> Self {
        let mut names = Names::default();
        [ROW, PARENT, ROOT, KEY, PATH].into_iter().for_each(|name| drop(names.take(name)));
        Self { names, columns: Vec::new() }
    }

    fn add(&mut self, holds: Holds, wanted: &str, kind: Kind) {
        // What begins with a line is the queries' own.
        let line = if wanted.starts_with('_') { "field" } else { "" };
        let name = self.names.take(&format!("{line}{wanted}"));
        self.columns.push((holds, name, kind));
    }
}

fn kind(physical: Physical) -> Kind {
    match physical {
        Physical::Bits | Physical::Frame => Kind::Truth,
        Physical::Ints => Kind::Whole,
        Physical::Ratios => Kind::Wide,
        Physical::Texts => Kind::Text,
    }
}

/// The fields that something is asked of: the texts compared as keys, the references that rows may
/// be claimed by; and the tables whose references are compared.
type ReadBy = (BTreeSet<(FrameId, FieldId)>, BTreeSet<(FrameId, FieldId)>, BTreeSet<FrameId>);

fn read_by(policy: &Policy) -> ReadBy {
    let (mut canonical, mut claims, mut referred) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for node in &policy.graph.nodes {
        match &node.op {
            Op::Canonical(text) => canonical.extend(stored_text(policy, *text)),
            Op::Claimed(frame, field) => drop(claims.insert((*frame, *field))),
            Op::Same(table, ..) | Op::Apart(table, ..) => drop(referred.insert(*table)),
            _ => {}
        }
    }
    (canonical, claims, referred)
}

/// The stored column that a text is read from, through references or not.
pub(super) fn stored_text(policy: &Policy, text: NodeId) -> Option<(FrameId, FieldId)> {
    match policy.graph.node(text)?.op {
        Op::Column(frame, field) => Some((frame, field)),
        Op::Gather(_, found) => stored_text(policy, found),
        _ => None,
    }
}

/// A table's name, or those of the lists that lead to an element, from the table on.
fn full_name(schema: &Schema, id: FrameId) -> String {
    let mut names = BTreeMap::new();
    let (mut at, mut depth) = (Some(id), 0_usize);
    while let Some(frame) = at.and_then(|id| schema.frame(id)) {
        names.insert(fit::<_, i64>(depth), frame.names.en());
        (at, depth) = (frame.parent.map(|(parent, _)| parent), depth + 1);
    }
    names.into_values().rev().collect::<Vec<_>>().join("_")
}
