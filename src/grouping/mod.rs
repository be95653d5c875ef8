//! Rank 7: what rows are grouped by. The one resolution of a name, the one way from a row to its
//! group, the one default, and the one count of what lies in each group: every report asks it.

mod groups;
mod name;
mod route;

pub use groups::{Group, Groups, Key, Tally};
pub use route::{Step, Way};

use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::Policy;
use crate::program::{ExprId, ExprKind, Program};
use crate::say;
use crate::schema::{FieldId, FrameId, Names, Schema, Type};
use std::collections::BTreeMap;

/// What rows are grouped by: a field, and from each table the way to it.
///
/// # Examples
///
/// ```
/// use fanshi::{Grouping, Options, Project};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let shelf = Grouping::named(&policy, "架").unwrap();
/// assert_eq!(shelf.name(policy.schema()).en, "book.shelf");
/// assert_eq!(shelf.table(policy.schema()).en, "book"); // whose rows are counted
/// ```
#[derive(Clone, Debug)]
pub struct Grouping {
    /// The field that groups are called by; the rows of its table are counted.
    pub field: Step,
    /// Its type, which says what the groups are: rows of a table, values of an enum, truth values
    /// or texts.
    pub ty: Type,
    /// The name it was asked for by.
    pub asked: Option<String>,
    /// From each table that leads to a group the ways that are shortest, the one taken first. The
    /// way is empty for the rows that are groups themselves.
    ways: BTreeMap<FrameId, Vec<Way>>,
    /// What could have been meant as well: ways as short as the one taken, other fields of the same
    /// name; and how to ask for it.
    pub remarks: Vec<Bilingual>,
}

impl Grouping {
    /// By rows of a table, each by the shortest way; of several the one through `field`, else the
    /// first declared.
    fn of_table(schema: &Schema, field: Step) -> Self {
        Self::along(schema, field, Vec::new())
    }

    /// By the last field of ways that are all of one type: rows that lead to one go on along it,
    /// all others to their end by the shortest way.
    fn along(schema: &Schema, field: Step, given: Vec<Way>) -> Self {
        let ty = schema.field(field.0, field.1).map_or(Type::Text, |field| field.ty);
        let mut ways = BTreeMap::new();
        for way in &given {
            if let Some((frame, _)) = way.first() {
                ways.insert(*frame, vec![way.clone()]);
            }
        }
        // The tables that a way passes through go on along it, unless one is given from them, or
        // their rows are the groups.
        for rest in given.iter().flat_map(|way| (1..way.len()).filter_map(|at| way.get(at..))) {
            if let Some((frame, _)) = rest.first()
                && ty.table() != Some(*frame)
            {
                ways.entry(*frame).or_insert_with(|| vec![rest.to_vec()]);
            }
        }
        // A row that is a group itself belongs to no other, unless that is what is asked for.
        let (end, rest) = ty.table().map_or((field.0, vec![field]), |table| (table, Way::new()));
        let closed = Some(end).filter(|end| !ways.contains_key(end));
        route::extend(schema, &mut ways, closed);
        if let Some(end) = closed {
            ways.insert(end, vec![rest]);
            route::extend(schema, &mut ways, None);
        }
        for ways in ways.values_mut() {
            if let Some(at) = ways.iter().position(|way| way.last() == Some(&field)) {
                let way = ways.remove(at);
                ways.insert(0, way);
            }
        }
        let mut grouping = Self { field, ty, asked: None, ways, remarks: Vec::new() };
        grouping.remarks = grouping.doubts(schema);
        grouping
    }

    /// What the policies split most measures by (`按`); without any, the rows of the table that the
    /// rows of most sentences lead to. Of several the one declared first. `None` where no table
    /// refers to another.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Grouping, Options, Project};
    ///
    /// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
    /// let usual = Grouping::usual(&policy).unwrap();
    /// assert_eq!(usual.heading(policy.schema()).en, "shelf"); // its measure is split by shelf
    /// ```
    #[must_use]
    pub fn usual(policy: &Policy) -> Option<Self> {
        let schema = policy.schema();
        let split = split(&policy.program);
        let measures = |step: &Step| {
            let ty = schema.field(step.0, step.1).map(|field| field.ty);
            let alike = split.iter().filter(|(found, _)| Some(*found) == ty).count();
            (alike, split.iter().filter(|(_, field)| *field == Some(*step)).count())
        };
        let fields = fields(schema, |ty| matches!(ty, Type::Ref(_) | Type::Enum(_)));
        if let Some(field) = first_of_most(&fields, measures).filter(|by| measures(by).0 > 0) {
            let enumeration = schema.field(field.0, field.1)?.ty.table().is_none();
            let given = if enumeration { vec![vec![field]] } else { Vec::new() };
            return Some(Self::along(schema, field, given));
        }
        let tables = schema.tables().filter_map(|(table, _)| referring(policy, table));
        let tables: Vec<Self> = tables.map(|field| Self::of_table(schema, field)).collect();
        let sentences = |grouping: &Self| {
            let frames = policy.judgements.iter().map(|found| schema.root(found.frame));
            frames.filter(|frame| grouping.covers(*frame)).count()
        };
        first_of_most(&tables, sentences).filter(|grouping| sentences(grouping) > 0)
    }

    /// The same grouping under another policy; `None` where that has not what it is called by.
    #[must_use]
    pub fn under(&self, policy: &Policy, own: &Schema) -> Option<Self> {
        let usual = || match self.ty {
            Type::Ref(_) => self.heading(own).en,
            _ => self.name(own).en,
        };
        Self::named(policy, &self.asked.clone().unwrap_or_else(usual)).ok()
    }

    /// The grouping of a name, in either language: a table that others refer to (`架`), a field
    /// (`处置`, of every table that has one of its type), a field of a table (`书.架`), a field
    /// of what a field refers to (`借.书.架`).
    ///
    /// # Errors
    /// Where nothing has the name, or what has it cannot group rows.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Grouping, Options, Project};
    ///
    /// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
    /// assert!(Grouping::named(&policy, "book.fate").is_ok());
    /// let wrong = Grouping::named(&policy, "shelv").unwrap_err();
    /// assert_eq!(wrong.help.unwrap().en, "did you mean `shelf`?");
    /// ```
    pub fn named(policy: &Policy, name: &str) -> Result<Self, Box<Diagnostic>> {
        name::find(policy, name)
    }

    /// As the command line names it, else as the manifest does; `None` where neither does, or only
    /// the manifest and nothing is called so, which is a mistake of the manifest.
    ///
    /// # Errors
    /// As [`Grouping::named`], of the name on the command line.
    pub fn asked(
        policy: &Policy,
        line: Option<&str>,
        manifest: Option<&str>,
    ) -> Result<Option<Self>, Box<Diagnostic>> {
        match (line, manifest) {
            (Some(name), _) => Self::named(policy, name).map(Some),
            (None, name) => Ok(name.and_then(|name| Self::named(policy, name).ok())),
        }
    }

    /// The way from the rows of a table to their groups.
    fn way(&self, frame: FrameId) -> Option<&Way> {
        self.ways.get(&frame)?.first()
    }

    /// The field by which the rows of a table go on to their groups; `None` where they are groups, or
    /// lead to none.
    #[must_use]
    pub fn first(&self, frame: FrameId) -> Option<FieldId> {
        self.way(frame)?.first().map(|(_, field)| *field)
    }

    /// Whether the rows of a table give their group themselves.
    #[must_use]
    pub fn is_given_by(&self, frame: FrameId) -> bool {
        self.way(frame).is_some_and(|way| way.len() == 1)
    }

    /// Whether rows of a table belong to groups that are not they themselves.
    #[must_use]
    pub fn covers(&self, frame: FrameId) -> bool {
        self.way(frame).is_some_and(|way| !way.is_empty())
    }

    /// What the groups are: the table they are rows of, else the field.
    #[must_use]
    pub fn heading(&self, schema: &Schema) -> Bilingual {
        let field = || schema.field(self.field.0, self.field.1).map(|field| &field.names);
        both(match self.ty.table() {
            Some(table) => schema.frame(table).map(|frame| &frame.names),
            None => field(),
        })
    }

    /// The table whose rows are counted.
    #[must_use]
    pub fn table(&self, schema: &Schema) -> Bilingual {
        both(schema.frame(self.field.0).map(|frame| &frame.names))
    }

    /// The field, with its table: `书.架`.
    #[must_use]
    pub fn name(&self, schema: &Schema) -> Bilingual {
        route::named(schema, &[self.field])
    }

    /// Which tables could have gone another way as short, by which way they go, and how to ask for
    /// the other.
    fn doubts(&self, schema: &Schema) -> Vec<Bilingual> {
        let mut doubts = Vec::new();
        for (frame, ways) in &self.ways {
            let Some((taken, others)) = ways.split_first() else { continue };
            // What follows from the doubt of the next table is said of that.
            let Some(other) = others.iter().find(|way| way.first() != taken.first()) else {
                continue;
            };
            let Bilingual { zh: table, en: table_en } =
                both(schema.frame(*frame).map(|frame| &frame.names));
            let Bilingual { zh: group, en: group_en } = self.heading(schema);
            let Bilingual { zh: this, en: this_en } = route::named(schema, taken);
            let Bilingual { zh: that, en: that_en } = route::named(schema, other);
            let Bilingual { zh: ask, en: ask_en } = route::telling(schema, other, taken);
            doubts.push(say!(
                "`{table}` 到 `{group}` 有一样短的路，走的是 `{this}`；要走 `{that}`，写 `--by {ask}`，\
                    或在清单的 [review] 下写 by = \"{ask}\"",
                "`{table_en}` leads to `{group_en}` by ways of one length, and `{this_en}` is taken; \
                    for `{that_en}` write `--by {ask_en}`, or by = \"{ask_en}\" under [review] in the \
                    manifest"
            ));
        }
        doubts
    }
}

/// The types a group can be of.
fn groups(ty: Type) -> bool {
    matches!(ty, Type::Ref(_) | Type::Enum(_) | Type::Text | Type::Boolean)
}

/// The fields of tables whose types fit, but for references of a table to itself.
fn fields(schema: &Schema, fits: impl Fn(Type) -> bool) -> Vec<Step> {
    let tables = schema.tables().flat_map(|(frame, shape)| {
        let fields = (0..).map(FieldId).zip(&shape.fields);
        fields.map(move |(field, found)| ((frame, field), found.ty))
    });
    tables
        .filter(|((frame, _), ty)| fits(*ty) && ty.table() != Some(*frame))
        .map(|(step, _)| step)
        .collect()
}

/// The field of another table that refers to a table: the one that most measures are split by, else
/// the first.
fn referring(policy: &Policy, table: FrameId) -> Option<Step> {
    let split = split(&policy.program);
    let measures = |step: &Step| split.iter().filter(|(_, field)| *field == Some(*step)).count();
    first_of_most(&fields(policy.schema(), |ty| ty == Type::Ref(table)), measures)
}

/// What each measure that is split is split by: the type, and the field where it is one.
fn split(program: &Program) -> Vec<(Type, Option<Step>)> {
    let by = program.measures.iter().filter_map(|measure| measure.figure.group());
    by.map(|by| (program.expr(by).ty, last(program, by))).collect()
}

/// The field that an expression comes to by way of references.
fn last(program: &Program, expr: ExprId) -> Option<Step> {
    match program.expr(expr).kind {
        ExprKind::Field { frame, field, .. } => Some((frame, field)),
        ExprKind::Follow { then, .. } | ExprKind::Single { then, .. } => last(program, then),
        _ => None,
    }
}

/// The first of those that have the most.
fn first_of_most<T: Clone, R: Ord>(all: &[T], rank: impl Fn(&T) -> R) -> Option<T> {
    let most = all.iter().map(&rank).max()?;
    all.iter().find(|one| rank(one) == most).cloned()
}

/// Names in both languages.
fn both(names: Option<&Names>) -> Bilingual {
    names.map_or_else(Bilingual::default, |names| Bilingual::new(names.zh(), names.en()))
}
