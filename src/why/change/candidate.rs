//! The changes that are tried: one fact each.

use super::reader::Wish;
use super::reads::{ListRead, Owner, Place, Read, Reads};
use super::values::{self, Asked, any_value, is_taken, values};
use crate::diagnostic::Bilingual;
use crate::engine::{RowRef, Run};
use crate::eval::Edit;
use crate::schema::{Constant, FieldId, FrameId, Type};
use crate::why::Fact;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many rows are added to a list at most.
const ADDED: i64 = 12;

/// How many ways to fill an element are tried for a nested list, and for rows of tables.
const WAYS: (usize, usize) = (48, 16);

/// In how many of them several elements are added that say the same.
const ALIKE: usize = 6;

/// What is changed: two changes of one thing exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Thing {
    /// A fact.
    Fact(Fact),
    /// Which elements a list has.
    List(FrameId, Owner),
}

/// In which way, the gentlest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A value is another one.
    Changed,
    /// A value is given that was not.
    Given,
    /// A value is left out.
    LeftOut,
    /// There is an element or row more.
    Added,
    /// There is an element or row less.
    Gone,
}

/// What becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Becomes {
    /// This value.
    Value(Constant),
    /// It is left out.
    Nothing,
    /// The list is given, without elements.
    EmptyList,
    /// An element more that says this.
    More(Wish),
    /// So many elements more that say this.
    Longer(usize, Wish),
    /// These elements less.
    Less(Vec<usize>),
}

/// One change.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub edits: Vec<Edit>,
    pub thing: Thing,
    pub kind: Kind,
    pub becomes: Becomes,
    /// Where in the reads it comes from.
    pub name: Bilingual,
    pub place: Place,
    /// Whether it unlinks another row from this one.
    pub unlinks: bool,
    /// The judgements that read it, each with how many definitions lie between.
    pub near: BTreeMap<usize, usize>,
    /// What the thing is now.
    pub read: Option<Read>,
    /// How many elements the list has now.
    pub length: usize,
    /// What an element of the list may say, by the fields that are read.
    pub fillings: Arc<Fillings>,
}

/// What fields of an element may say: each with the values that can make a difference, or none.
pub(super) type Fillings = Vec<(FieldId, Vec<Option<Constant>>)>;

/// Makes candidates of what can be read.
pub(super) struct Candidates<'x> {
    pub run: &'x Run,
    pub asked: &'x Asked,
    pub subject: RowRef,
    /// The decided field, which is no reason for what it should be.
    pub decided: FieldId,
}

impl Candidates<'_> {
    /// Every change of what can be read, what is nearest first.
    pub fn of(&self, reads: &Reads) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for read in &reads.facts {
            found.extend(self.facts(read));
        }
        for list in &reads.lists {
            found.extend(self.lists(list));
        }
        found.sort_by_key(|one| (one.kind, one.unlinks, one.place));
        found
    }

    fn facts(&self, read: &Read) -> Vec<Candidate> {
        let Fact { frame, row, field } = read.fact;
        if (frame, row, field) == (self.subject.frame, self.subject.row, self.decided) {
            return Vec::new();
        }
        let candidate = |value: Option<Constant>| Candidate {
            edits: vec![Edit::Set { frame, row, field, value: value.clone() }],
            thing: Thing::Fact(read.fact),
            kind: match (&value, &read.value) {
                (None, _) => Kind::LeftOut,
                (Some(_), None) if !read.unread => Kind::Given,
                (Some(_), _) => Kind::Changed,
            },
            becomes: value.map_or(Becomes::Nothing, Becomes::Value),
            name: read.name.clone(),
            place: read.place,
            unlinks: read.link && read.place >= Place::Referred,
            near: read.near.clone(),
            read: Some(read.clone()),
            length: 0,
            fillings: Arc::default(),
        };
        values(self.run, self.asked, read).into_iter().map(candidate).collect()
    }

    fn lists(&self, list: &ListRead) -> Vec<Candidate> {
        let calendar = self.run.program().calendar.as_ref();
        if calendar.is_some_and(|found| found.frame == list.frame) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let fillings = Arc::new(self.fillings(list));
        let mut add = |edits: Vec<Edit>, kind: Kind, becomes: Becomes| {
            found.push(Candidate {
                edits,
                thing: Thing::List(list.frame, list.owner),
                kind,
                becomes,
                name: list.name.clone(),
                place: list.place,
                unlinks: false,
                near: list.near.clone(),
                read: None,
                length: list.elements.len(),
                fillings: fillings.clone(),
            });
        };
        let (frame, nested) = (list.frame, matches!(list.owner, Owner::Row(_)));
        let giving = self.giving(list);
        if let (Some(giving), false) = (&giving, list.given) {
            add(vec![giving.clone()], Kind::Given, Becomes::EmptyList);
        }
        if let Some(edit) = self.leaving_out(list) {
            let kind = if list.elements.is_empty() { Kind::LeftOut } else { Kind::Gone };
            add(vec![edit], kind, Becomes::Nothing);
        }
        let given: Vec<Edit> = giving.into_iter().filter(|_| !list.given).collect();
        let owner = self.inserted_under(list);
        let elements = self.elements(list, &fillings);
        for (wish, values) in &elements {
            let insert = Edit::Insert { frame, owner, values: values.clone() };
            let edits = given.iter().cloned().chain([insert]).collect();
            add(edits, Kind::Added, Becomes::More(wish.clone()));
        }
        for row in &list.elements {
            if nested || self.is_free(RowRef { frame, row: *row }) {
                let remove = vec![Edit::Remove { frame, row: *row }];
                add(remove, Kind::Gone, Becomes::Less(vec![*row]));
            }
        }
        for more in list.lengths.iter().filter(|_| nested) {
            if *more > 1 && *more <= ADDED && !self.is_unique(frame) {
                let count = usize::try_from(*more).unwrap_or(0);
                for (wish, values) in elements.iter().take(ALIKE) {
                    let insert = Edit::Insert { frame, owner, values: values.clone() };
                    let inserts = std::iter::repeat_n(insert, count);
                    let edits = given.iter().cloned().chain(inserts).collect();
                    add(edits, Kind::Added, Becomes::Longer(count, wish.clone()));
                }
            } else if *more < -1 {
                let count = usize::try_from(more.unsigned_abs()).unwrap_or(usize::MAX);
                let Owner::Row(owner) = list.owner else { continue };
                let all = self.run.evaluator.frame(frame).map(|data| data.elements(owner));
                let all: Vec<usize> = all.into_iter().flatten().collect();
                if count <= all.len() {
                    let last: Vec<usize> = all.iter().rev().take(count).copied().collect();
                    let removes = last.iter().map(|row| Edit::Remove { frame, row: *row });
                    add(removes.collect(), Kind::Gone, Becomes::Less(last.clone()));
                }
            }
        }
        found
    }

    /// Whether no two elements may say the same.
    fn is_unique(&self, frame: FrameId) -> bool {
        let found = self.run.schema().frame(frame);
        found.is_some_and(|found| found.fields.iter().any(|field| field.unique))
    }

    /// The row that an added element lies in.
    fn inserted_under(&self, list: &ListRead) -> Option<usize> {
        match list.owner {
            Owner::Row(row) => Some(row),
            Owner::Referred(..) | Owner::All => None,
        }
    }

    /// The list as given, without elements.
    fn giving(&self, list: &ListRead) -> Option<Edit> {
        let Owner::Row(row) = list.owner else { return None };
        let (frame, field) = self.run.schema().frame(list.frame)?.parent?;
        Some(Edit::Set { frame, row, field, value: Some(Constant::Empty) })
    }

    /// The list as left out, where it may be.
    fn leaving_out(&self, list: &ListRead) -> Option<Edit> {
        let Owner::Row(row) = list.owner else { return None };
        let (frame, field) = self.run.schema().frame(list.frame)?.parent?;
        let optional = self.run.schema().field(frame, field)?.optional;
        (optional && list.given).then_some(Edit::Set { frame, row, field, value: None })
    }

    /// What the fields of an added element may say that are read.
    fn fillings(&self, list: &ListRead) -> Fillings {
        let Some(frame) = self.run.schema().frame(list.frame) else { return Fillings::new() };
        let link = |field: FieldId| matches!(list.owner, Owner::Referred(by, _) if by == field);
        let fields = (0..).map(FieldId).zip(&frame.fields);
        let read = fields.filter(|(field, found)| match found.ty {
            Type::List(inner) => self.asked.reads_of(inner),
            _ => self.asked.reads(list.frame, *field) && !link(*field),
        });
        let values = |field: FieldId| {
            let asks = list.asks.iter().filter(|(of, _)| *of == field);
            let asks: Vec<Constant> = asks.map(|(_, value)| value.clone()).collect();
            values::fillings(self.run, self.asked, (list.frame, field), &asks)
        };
        read.map(|(field, _)| (field, values(field))).collect()
    }

    /// The elements that are tried: those that are asked for, then any others that could make a
    /// difference.
    fn elements(
        &self,
        list: &ListRead,
        fillings: &Fillings,
    ) -> Vec<(Wish, Vec<(FieldId, Constant)>)> {
        let owner = self.inserted_under(list);
        let wished = self.wishes(list);
        // A row of a table says what is asked of it; only what is summed up of such rows, or looked
        // up in them, is tried with other values.
        let nested = matches!(list.owner, Owner::Row(_));
        let most = wished.len().max(if nested { WAYS.0 } else { WAYS.1 });
        let asked = |field: FieldId| list.asks.iter().any(|(of, _)| *of == field);
        let varied = fillings.iter().filter(|(field, _)| nested || asked(*field));
        let varied: Fillings = varied.cloned().collect();
        let more = if varied.is_empty() { Vec::new() } else { ways(&wished, &varied, most) };
        let mut known: BTreeSet<String> = BTreeSet::new();
        let mut found = Vec::new();
        for wish in wished.into_iter().chain(more) {
            let Some(values) = self.complete(list.frame, owner, &wish) else { continue };
            if found.len() < most && known.insert(format!("{values:?}")) {
                found.push((wish, values));
            }
        }
        found
    }

    /// What an added element may say: what is asked of it, with each of the rows it may refer to.
    fn wishes(&self, list: &ListRead) -> Vec<Wish> {
        let root = self.run.schema().root(self.subject.frame);
        let nested = matches!(list.owner, Owner::Row(_));
        let lies_in_another =
            self.run.schema().frame(list.frame).is_some_and(|found| found.parent.is_some());
        if !nested && (list.frame == root || lies_in_another) {
            return Vec::new();
        }
        let mut wishes = list.wishes.clone();
        wishes.dedup();
        let Some(frame) = self.run.schema().frame(list.frame) else { return wishes };
        for (field, found) in (0..).map(FieldId).zip(&frame.fields) {
            let Type::Ref(table) = found.ty else { continue };
            if !self.asked.reads(list.frame, field) {
                continue;
            }
            let rows = self.asked.rows(self.run, table);
            let said = |wish: &Wish| {
                wish.iter().any(|(of, value)| *of == field && *value != Constant::Empty)
            };
            let (mut open, known): (Vec<Wish>, Vec<Wish>) =
                wishes.into_iter().partition(|wish| !said(wish));
            open.iter_mut().for_each(|wish| wish.retain(|(of, _)| *of != field));
            let mut seen = BTreeSet::new();
            open.retain(|wish| seen.insert(format!("{wish:?}")));
            wishes = known;
            for row in &rows {
                let to = Constant::Int(i64::try_from(*row).unwrap_or(i64::MAX));
                for wish in &open {
                    wishes.push(wish.iter().cloned().chain([(field, to.clone())]).collect());
                }
            }
        }
        wishes.truncate(2 * super::values::ROWS);
        wishes
    }

    /// All that an added element has to say: what is wished for, and the rest as may be. None where
    /// another has what is wished for, and only one may.
    fn complete(
        &self,
        frame: FrameId,
        owner: Option<usize>,
        wish: &Wish,
    ) -> Option<Vec<(FieldId, Constant)>> {
        let data = self.run.evaluator.frame(frame)?;
        let others = || owner.map_or(0..data.len, |owner| data.elements(owner));
        if wish.iter().any(|(field, value)| is_taken(self.run, (frame, *field), value, others())) {
            return None;
        }
        let mut values = Vec::new();
        for (field, found) in (0..).map(FieldId).zip(&self.run.schema().frame(frame)?.fields) {
            let wished = wish.iter().find(|(of, _)| *of == field);
            let any = || any_value(self.run, frame, field);
            match wished {
                Some((_, Constant::Empty)) => values.push((field, any()?)),
                Some(known) => values.push(known.clone()),
                None if found.optional => {}
                None => values.push((field, any()?)),
            }
        }
        let key = self.run.schema().frame(frame)?.key();
        let key = values.iter().find(|(field, _)| Some(*field) == key).map(|(_, value)| value);
        (!key.is_some_and(|key| self.is_named_elsewhere(frame, key))).then_some(values)
    }

    /// Whether a reference that leads to no row of a table names this key: a row that had it would
    /// be that one too.
    fn is_named_elsewhere(&self, table: FrameId, key: &Constant) -> bool {
        let (run, schema) = (self.run, self.run.schema());
        let Constant::Text(key) = key else { return false };
        if run.rows.frame(table).is_none_or(|data| data.strays.is_empty()) {
            return false;
        }
        let wanted = run.rows.key(table, key);
        let fields = (0..).map(FrameId).zip(&schema.frames).flat_map(|(frame, found)| {
            let fields = (0..).map(FieldId).zip(&found.fields);
            fields.filter(|(_, own)| own.ty == Type::Ref(table)).map(move |(id, _)| (frame, id))
        });
        fields.into_iter().any(|(frame, field)| {
            let column = run.evaluator.frame(frame).and_then(|data| data.column(field));
            let mut lost = column.into_iter().flat_map(|column| column.unread.iter());
            lost.any(|row| {
                let text = run.unread_text(Fact { frame, row, field });
                text.is_some_and(|text| run.rows.key(table, &text) == wanted)
            })
        })
    }

    /// Whether a row of a table may go: nothing refers to it, and it is not of the subject's table.
    fn is_free(&self, row: RowRef) -> bool {
        let schema = self.run.schema();
        if schema.root(row.frame) == schema.root(self.subject.frame)
            || schema.frame(row.frame).is_none_or(|found| found.single || found.parent.is_some())
        {
            return false;
        }
        let number = i64::try_from(row.row).unwrap_or(i64::MAX);
        !(0..).map(FrameId).zip(&schema.frames).any(|(id, frame)| {
            (0..).map(FieldId).zip(&frame.fields).any(|(field, found)| {
                let column = self.run.evaluator.frame(id).and_then(|data| data.column(field));
                found.ty == Type::Ref(row.frame)
                    && column.is_some_and(|column| match &column.values {
                        crate::value::Values::Ints(rows) => rows
                            .iter()
                            .enumerate()
                            .any(|(at, to)| *to == number && column.present.get(at)),
                        _ => false,
                    })
            })
        })
    }
}

/// Ways to fill an element: all where they are few, else those that differ in one field from what
/// is asked for.
fn ways(wished: &[Wish], fillings: &Fillings, most: usize) -> Vec<Wish> {
    let count = fillings.iter().try_fold(1_usize, |count, (_, values)| {
        count.checked_mul(values.len().max(1)).filter(|count| *count <= most)
    });
    let with = |wish: &Wish, field: FieldId, value: &Option<Constant>| {
        let mut wish: Wish = wish.iter().filter(|(of, _)| *of != field).cloned().collect();
        wish.extend(value.iter().map(|value| (field, value.clone())));
        wish
    };
    let links = |wish: &Wish| -> Wish {
        let own = |field: FieldId| fillings.iter().any(|(of, _)| *of == field);
        wish.iter().filter(|(field, _)| !own(*field)).cloned().collect()
    };
    let starts: Vec<Wish> = if count.is_some() {
        wished.first().map(links).into_iter().collect()
    } else {
        wished.to_vec()
    };
    let mut found = starts.clone();
    for (field, values) in fillings {
        let from = if count.is_some() { std::mem::take(&mut found) } else { starts.clone() };
        if values.is_empty() {
            found.extend(from);
            continue;
        }
        found.extend(
            from.iter().flat_map(|wish| values.iter().map(|value| with(wish, *field, value))),
        );
    }
    found
}

impl Candidate {
    /// Whether it cannot be made together with another.
    pub fn excludes(&self, other: &Self, run: &Run) -> bool {
        if self.thing == other.thing {
            return true;
        }
        let gone = |one: &Self, other: &Self| {
            one.edits.iter().any(|edit| match edit {
                Edit::Remove { frame, row } => {
                    let row = RowRef { frame: *frame, row: *row };
                    other.rows().any(|at| lies_in(run, at, row)) || other.refers(run, row)
                }
                Edit::Set { frame, row, field, value: None } => {
                    let list = run.schema().field(*frame, *field).map(|found| found.ty);
                    let Some(Type::List(list)) = list else { return false };
                    let owner = RowRef { frame: *frame, row: *row };
                    other.rows().any(|at| at != owner && lies_in(run, at, owner))
                        || other.edits.iter().any(|edit| {
                            matches!(edit, Edit::Insert { frame, owner: Some(of), .. }
                                if *frame == list && *of == *row)
                        })
                }
                _ => false,
            })
        };
        gone(self, other) || gone(other, self)
    }

    /// Whether it makes a reference lead to a row, of a row that is there or of one it adds.
    fn refers(&self, run: &Run, row: RowRef) -> bool {
        let leads = |frame: FrameId, field: FieldId, value: &Constant| {
            let ty = run.schema().field(frame, field).map(|found| found.ty);
            let at = if let Constant::Int(at) = value { usize::try_from(*at).ok() } else { None };
            ty == Some(Type::Ref(row.frame)) && at == Some(row.row)
        };
        self.edits.iter().any(|edit| match edit {
            Edit::Set { frame, field, value, .. } => {
                value.as_ref().is_some_and(|value| leads(*frame, *field, value))
            }
            Edit::Insert { frame, values, .. } => {
                values.iter().any(|(field, value)| leads(*frame, *field, value))
            }
            Edit::Remove { .. } => false,
        })
    }

    /// The rows it is about.
    fn rows(&self) -> impl Iterator<Item = RowRef> {
        self.edits.iter().filter_map(|edit| match edit {
            Edit::Set { frame, row, .. } | Edit::Remove { frame, row } => {
                Some(RowRef { frame: *frame, row: *row })
            }
            Edit::Insert { .. } => None,
        })
    }
}

/// Whether a row is another, or an element in it.
fn lies_in(run: &Run, mut row: RowRef, outer: RowRef) -> bool {
    while row != outer {
        let Some((parent, _)) = run.schema().frame(row.frame).and_then(|found| found.parent) else {
            return false;
        };
        let owner = run.evaluator.frame(row.frame).map_or(0, |data| data.parent_of(row.row));
        row = RowRef { frame: parent, row: owner };
    }
    true
}
