//! The values that are tried for a fact: what its type allows, at and beside every value it is
//! compared with.

use super::reads::{Read, stored};
use crate::builtin::citation::Part;
use crate::engine::{Mark, RowRef, Run};
use crate::lowering::Judgement;
use crate::program::{ExprId, ExprKind, List};
use crate::schema::{Constant, EnumId, Field, FieldId, FrameId, Schema, Type, day_number};
use crate::value::instant::TICKS;
use crate::value::number::format_ratio;
use crate::value::{Column, Ratio, Values};
use crate::why::Fact;
use jiff::civil::Date;
use num_traits::{CheckedAdd, CheckedSub};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// How many values are tried for a fact.
const VALUES: usize = 24;

/// How many rows a reference is pointed to.
pub(super) const ROWS: usize = 16;

/// How many rows of a table are considered when those are picked.
const CONSIDERED: usize = 5_000;

/// How many texts of other rows are tried.
const TEXTS: usize = 6;

/// What conditions say of fields, whichever row they read them in.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The values that a field is compared with.
    constants: BTreeMap<(FrameId, FieldId), Vec<Constant>>,
    /// The fields that are read.
    fields: BTreeSet<(FrameId, FieldId)>,
}

impl Asked {
    /// What the conditions and exceptions of judgements say.
    pub fn of<'j>(run: &Run, judgements: impl IntoIterator<Item = &'j Judgement>) -> Self {
        let mut asked = Self::default();
        let sentences = judgements.into_iter().filter_map(|found| run.policy.sentence(found));
        let asks = sentences.flat_map(|found| found.condition.into_iter().chain(found.exception));
        let program = run.program();
        for expr in program.reached(asks) {
            match &program.expr(expr).kind {
                ExprKind::Field { frame, field, .. } => {
                    asked.fields.insert((*frame, *field));
                }
                ExprKind::Quantify { list: List::Inverse { frame, field, .. }, .. } => {
                    asked.fields.insert((*frame, *field));
                }
                ExprKind::Compare(_, left, right) | ExprKind::Text(_, left, right) => {
                    asked.note(run, *left, *right);
                    asked.note(run, *right, *left);
                }
                ExprKind::In(value, options) => {
                    options.iter().for_each(|option| asked.note(run, *value, *option));
                }
                ExprKind::Trace(trace) => {
                    let pattern = program.pattern(trace.pattern);
                    let activities = pattern.iter().flat_map(|pattern| &pattern.activities);
                    for activity in activities {
                        asked.add(leaf(run, trace.activity), activity);
                    }
                }
                _ => {}
            }
        }
        asked
    }

    fn note(&mut self, run: &Run, side: ExprId, with: ExprId) {
        if let Some(constant) = constant(run, with) {
            self.add(leaf(run, side), constant);
        }
    }

    fn add(&mut self, field: Option<(FrameId, FieldId)>, constant: &Constant) {
        let Some(field) = field else { return };
        let known = self.constants.entry(field).or_default();
        if !known.contains(constant) {
            known.push(constant.clone());
        }
    }

    /// The values that a field is compared with.
    pub fn constants(&self, frame: FrameId, field: FieldId) -> &[Constant] {
        self.constants.get(&(frame, field)).map_or(&[], Vec::as_slice)
    }

    /// Whether a field is read at all.
    pub fn reads(&self, frame: FrameId, field: FieldId) -> bool {
        self.fields.contains(&(frame, field))
    }

    /// Whether anything is read of the rows of a frame.
    pub fn reads_of(&self, frame: FrameId) -> bool {
        self.fields.iter().any(|(of, _)| *of == frame)
    }

    /// Rows of a table that differ in what is read of them: those first that say what is asked.
    pub fn rows(&self, run: &Run, table: FrameId) -> Vec<usize> {
        let read = self.fields.iter().filter(|(frame, _)| *frame == table).map(|(_, field)| *field);
        let read: Vec<FieldId> = read.collect();
        let mut met: BTreeSet<Vec<String>> = BTreeSet::new();
        let (mut first, mut then) = (Vec::new(), Vec::new());
        for row in (0..run.len(table).min(CONSIDERED)).filter(|row| is_named(run, table, *row)) {
            let value =
                |field: &FieldId| stored(&run.evaluator, Fact { frame: table, row, field: *field });
            let values: Vec<_> = read.iter().map(value).collect();
            let asked = read.iter().zip(&values).any(|(field, value)| {
                value.as_ref().is_some_and(|value| self.constants(table, *field).contains(value))
            });
            if met.insert(values.iter().map(|value| format!("{value:?}")).collect()) {
                if asked { first.push(row) } else { then.push(row) }
            }
        }
        first.truncate(ROWS);
        first.extend(then);
        first.truncate(ROWS);
        first
    }
}

/// Whether a reference can name a row: it has a key, and no other row has it.
fn is_named(run: &Run, table: FrameId, row: usize) -> bool {
    let key = run.row_key(RowRef { frame: table, row });
    key.is_some_and(|key| matches!(key.mark, Mark::Key(_)) && key.equal == 0)
}

/// The value that an expression is for every row, by whatever name it goes.
fn constant(run: &Run, expr: ExprId) -> Option<&Constant> {
    let program = run.program();
    match &program.expr(expr).kind {
        ExprKind::Constant(constant) => Some(constant),
        ExprKind::Parameter(parameter) => program.parameter(*parameter)?.values.first(),
        ExprKind::Follow { then, .. } | ExprKind::Single { then, .. } => constant(run, *then),
        ExprKind::Definition { definition, .. } => {
            constant(run, program.definition(*definition)?.body)
        }
        _ => None,
    }
}

/// The field whose value an expression is, in whichever row.
fn leaf(run: &Run, expr: ExprId) -> Option<(FrameId, FieldId)> {
    match &run.program().expr(expr).kind {
        ExprKind::Field { frame, field, .. } => Some((*frame, *field)),
        ExprKind::Follow { then, .. }
        | ExprKind::Single { then, .. }
        | ExprKind::Lookup { then, .. } => leaf(run, *then),
        ExprKind::Quantify { body: Some(body), .. } => leaf(run, *body),
        ExprKind::Definition { definition, .. } => {
            leaf(run, run.program().definition(*definition)?.body)
        }
        _ => None,
    }
}

/// All values of an enum.
fn members(run: &Run, id: EnumId) -> Vec<Constant> {
    let count = run.schema().enumeration(id).map_or(0, |found| found.values.len());
    (0_i64..).take(count).map(Constant::Int).collect()
}

/// The values to try for a fact; `None` for leaving it out.
pub(super) fn values(run: &Run, asked: &Asked, read: &Read) -> Vec<Option<Constant>> {
    let Fact { frame, row, field } = read.fact;
    let Some(found) = run.schema().field(frame, field) else { return Vec::new() };
    let calendar = run.program().calendar.as_ref().is_some_and(|found| found.frame == frame);
    let frames = run.schema().frame(frame);
    // What was found of a citation is not declared.
    let is_found = frames.is_some_and(|frame| frame.citations.is_some())
        && field.0 as usize > Part::Words.index();
    if found.key || calendar || is_found {
        return Vec::new();
    }
    let mut values: Vec<Constant> = match found.ty {
        Type::Boolean => vec![Constant::Bool(true), Constant::Bool(false)],
        Type::Enum(id) => members(run, id),
        Type::Ref(table) => {
            let named = |ask: &&Constant| match ask {
                Constant::Int(row) => {
                    usize::try_from(*row).is_ok_and(|row| is_named(run, table, row))
                }
                _ => false,
            };
            let asks = read.asks.iter().filter(named);
            let rows = asked.rows(run, table).into_iter();
            let rows = rows.filter_map(|row| i64::try_from(row).ok().map(Constant::Int));
            asks.cloned().chain(rows).collect()
        }
        Type::Text => texts(run, asked, read),
        Type::List(_) => Vec::new(),
        _ => numbers(run, asked, read, found.ty),
    };
    let others = || (0..run.len(frame)).filter(|other| *other != row);
    values.retain(|value| !is_taken(run, (frame, field), value, others()));
    let mut all: Vec<Option<Constant>> = Vec::new();
    for value in values.into_iter().map(Some) {
        if value != read.value && !all.contains(&value) && all.len() < VALUES {
            all.push(value);
        }
    }
    if found.optional && (read.value.is_some() || read.unread) {
        all.push(None);
    }
    all
}

/// What a field of an element that is added may say, as far as it can make a difference: the values
/// that it is held against and their neighbours, or left out. `asks` are further ones.
pub(super) fn fillings(
    run: &Run,
    asked: &Asked,
    (frame, field): (FrameId, FieldId),
    asks: &[Constant],
) -> Vec<Option<Constant>> {
    let Some(found) = run.schema().field(frame, field) else { return Vec::new() };
    let marks = || asks.iter().chain(asked.constants(frame, field));
    let mut values: Vec<Constant> = match found.ty {
        Type::Boolean => vec![Constant::Bool(false), Constant::Bool(true)],
        Type::Enum(id) => members(run, id),
        Type::Ref(table) => {
            let rows = asked.rows(run, table).into_iter();
            rows.filter_map(|row| i64::try_from(row).ok().map(Constant::Int)).collect()
        }
        Type::Text => {
            let mut texts: Vec<Constant> = marks().filter(|ask| is_legible(ask)).cloned().collect();
            let data = run.evaluator.frame(frame).map_or(0, |data| data.len);
            let others = (0..data.min(TEXTS))
                .filter_map(|row| stored(&run.evaluator, Fact { frame, row, field }));
            texts.extend(others);
            texts.push(fresh(run, frame, field, &texts));
            texts.push(fresh(run, frame, field, &texts));
            texts
        }
        Type::List(_) => Vec::new(),
        ty => {
            let any = any_value(run, frame, field);
            let marks = marks().filter_map(|ask| as_type(ty, ask));
            let marks: Vec<Constant> = marks.chain(any).collect();
            let near = |mark: &Constant| {
                [Some(mark.clone()), after(ty, mark), before(ty, mark)].into_iter().flatten()
            };
            let all = marks.iter().flat_map(near);
            all.filter(|value| is_writable(ty, value)).collect()
        }
    };
    let mut known: Vec<Constant> = Vec::new();
    values.retain(|value| {
        let new = !known.contains(value) && known.len() < VALUES;
        if new {
            known.push(value.clone());
        }
        new
    });
    values.into_iter().map(Some).chain(found.optional.then_some(None)).collect()
}

/// Whether a text can stand in data as it is.
fn is_legible(ask: &Constant) -> bool {
    match ask {
        Constant::Text(text) => !text.is_empty() && text.trim() == &**text,
        _ => false,
    }
}

/// Whether one of these rows has a value already that no two rows may have; keys as keys are
/// compared.
pub(super) fn is_taken(
    run: &Run,
    (frame, field): (FrameId, FieldId),
    value: &Constant,
    mut rows: impl Iterator<Item = usize>,
) -> bool {
    let found = run.schema().field(frame, field);
    let Some(found) = found.filter(|found| found.unique) else { return false };
    let compared = |value: &Constant| match value {
        Constant::Text(text) if found.key => Constant::Text(run.rows.key(frame, text).into()),
        other => other.clone(),
    };
    let wanted = compared(value);
    rows.any(|row| {
        let other = stored(&run.evaluator, Fact { frame, row, field });
        other.is_some_and(|other| compared(&other) == wanted)
    })
}

fn texts(run: &Run, asked: &Asked, read: &Read) -> Vec<Constant> {
    let Fact { frame, field, .. } = read.fact;
    let asks = read.asks.iter().chain(asked.constants(frame, field));
    let mut values: Vec<Constant> = asks.filter(|ask| is_legible(ask)).cloned().collect();
    if !read.tests.is_empty() {
        let mut others: Vec<Constant> = Vec::new();
        for row in 0..run.len(frame).min(CONSIDERED) {
            let other = stored(&run.evaluator, Fact { frame, row, field });
            others.extend(other.filter(|other| !values.contains(other) && !others.contains(other)));
            if others.len() == TEXTS {
                break;
            }
        }
        values.extend(others);
    }
    values.push(fresh(run, frame, field, &values));
    values
}

/// A text that no row has and that nothing is compared with.
fn fresh(run: &Run, frame: FrameId, field: FieldId, taken: &[Constant]) -> Constant {
    let column = run.evaluator.frame(frame).and_then(|data| data.column(field));
    let texts = match column {
        Some(Column { values: Values::Texts(texts), .. }) => Some(texts.clone()),
        _ => None,
    };
    let known: HashSet<&str> =
        texts.iter().flat_map(|texts| (0..texts.len()).map(|row| texts.get(row))).collect();
    let names = (1_usize..).map(|number| match number {
        1 => "某".to_owned(),
        _ => format!("某{number}"),
    });
    let free = |name: &String| {
        !known.contains(name.as_str())
            && !taken.iter().any(|value| *value == Constant::Text(name.as_str().into()))
    };
    let name = names.take(known.len() + taken.len() + 1).find(free);
    Constant::Text(name.unwrap_or_default().into())
}

fn numbers(run: &Run, asked: &Asked, read: &Read, ty: Type) -> Vec<Constant> {
    let Fact { frame, field, .. } = read.fact;
    let mut marks: Vec<Constant> = Vec::new();
    let asks = read.asks.iter().chain(asked.constants(frame, field));
    marks.extend(asks.filter_map(|ask| as_type(ty, ask)));
    let mut values = marks.clone();
    for mark in &marks {
        values.extend([before(ty, mark), after(ty, mark)].into_iter().flatten());
    }
    let ratio = |value: &Constant| match value {
        Constant::Ratio(value) => Some(*value),
        _ => None,
    };
    let mut exact: Vec<Ratio> = marks.iter().filter_map(ratio).collect();
    exact.sort();
    exact.dedup();
    let between = exact.iter().zip(exact.iter().skip(1));
    values.extend(between.map(|(low, high)| Constant::Ratio((low + high) / 2)));
    if let Some(now) = &read.value {
        for shift in &read.shifts {
            for more in steps(ty, shift) {
                values.extend(plus(now, &more));
            }
        }
    }
    if values.is_empty() {
        values.extend(any_value(run, frame, field));
    }
    values.retain(|value| is_writable(ty, value));
    values
}

/// By how much to change a value so that what is computed from it changes by as much.
fn steps(ty: Type, shift: &Constant) -> Vec<Constant> {
    let mut steps = Vec::new();
    for shift in [Some(shift.clone()), negated(shift)].into_iter().flatten() {
        steps.push(shift.clone());
        match (&shift, ty) {
            (Constant::Int(days), Type::Date) => {
                // As many working days are more days.
                let more = days.saturating_add(days / 5 * 2);
                let sign = days.signum();
                let near = [-1, 1, 2, 3].map(|step| more.saturating_add(sign * step));
                steps.extend(near.map(Constant::Int));
            }
            (Constant::Int(_), _) => {
                let unit = Constant::Int(if ty == Type::Instant { TICKS } else { 1 });
                let units = [Some(unit.clone()), negated(&unit)];
                steps.extend(units.iter().flatten().filter_map(|unit| plus(&shift, unit)));
            }
            (Constant::Ratio(_), _) => {
                let unit = Constant::Ratio(unit(ty));
                let units = [Some(unit.clone()), negated(&unit)];
                steps.extend(units.iter().flatten().filter_map(|unit| plus(&shift, unit)));
            }
            _ => {}
        }
    }
    steps
}

fn negated(value: &Constant) -> Option<Constant> {
    match value {
        Constant::Int(value) => value.checked_neg().map(Constant::Int),
        Constant::Ratio(value) => Some(Constant::Ratio(-*value)),
        _ => None,
    }
}

fn plus(value: &Constant, more: &Constant) -> Option<Constant> {
    match (value, more) {
        (Constant::Int(value), Constant::Int(more)) => value.checked_add(more).map(Constant::Int),
        (Constant::Int(value), Constant::Ratio(more)) => {
            let more = more.round().to_integer();
            value.checked_add(&i64::try_from(more).ok()?).map(Constant::Int)
        }
        (Constant::Ratio(value), Constant::Ratio(more)) => {
            value.checked_add(more).map(Constant::Ratio)
        }
        (Constant::Ratio(value), Constant::Int(more)) => {
            value.checked_add(&Ratio::from_integer(i128::from(*more))).map(Constant::Ratio)
        }
        _ => None,
    }
}

/// What values of a type are changed by.
fn unit(ty: Type) -> Ratio {
    if ty == Type::Percent { Ratio::new(1, 100) } else { Ratio::from_integer(1) }
}

/// A number as values of a type are stored.
fn as_type(ty: Type, value: &Constant) -> Option<Constant> {
    use crate::schema::Physical;
    match (ty.physical(), value) {
        (Physical::Ints, Constant::Int(_)) | (Physical::Ratios, Constant::Ratio(_)) => {
            Some(value.clone())
        }
        (Physical::Ratios, Constant::Int(value)) => {
            Some(Constant::Ratio(Ratio::from_integer(i128::from(*value))))
        }
        (Physical::Ints, Constant::Ratio(value)) if value.is_integer() => {
            i64::try_from(value.to_integer()).ok().map(Constant::Int)
        }
        _ => None,
    }
}

/// Whether data can say a value.
fn is_writable(ty: Type, value: &Constant) -> bool {
    const DAYS: (Date, Date) = (Date::constant(1, 1, 1), Date::constant(9999, 12, 31));
    let day = |day: i64| (day_number(DAYS.0)..=day_number(DAYS.1)).contains(&day);
    match (ty, value) {
        (Type::Date, Constant::Int(value)) => day(*value),
        (Type::Instant, Constant::Int(value)) => day(value / (86_400 * TICKS) + 1),
        (_, Constant::Ratio(value)) => {
            let scaled = if ty == Type::Percent { value * 100 } else { *value };
            !format_ratio(scaled).starts_with('≈')
        }
        _ => true,
    }
}

/// The value next below; `None` where there is none.
pub(super) fn before(ty: Type, value: &Constant) -> Option<Constant> {
    match value {
        Constant::Int(value) if ty == Type::Instant => value.checked_sub(&TICKS).map(Constant::Int),
        Constant::Int(0) if matches!(ty, Type::Enum(_)) => None,
        Constant::Int(value) => value.checked_sub(&1).map(Constant::Int),
        Constant::Ratio(value) => value.checked_sub(&unit(ty)).map(Constant::Ratio),
        _ => None,
    }
}

/// The value next above.
pub(super) fn after(ty: Type, value: &Constant) -> Option<Constant> {
    match value {
        Constant::Int(value) if ty == Type::Instant => value.checked_add(&TICKS).map(Constant::Int),
        Constant::Int(value) => value.checked_add(&1).map(Constant::Int),
        Constant::Ratio(value) => value.checked_add(&unit(ty)).map(Constant::Ratio),
        _ => None,
    }
}

/// Another value.
pub(super) fn other(schema: &Schema, ty: Type, value: &Constant) -> Option<Constant> {
    match (ty, value) {
        (_, Constant::Bool(value)) => Some(Constant::Bool(!value)),
        (Type::Enum(id), Constant::Int(value)) => {
            let count = schema.enumeration(id).map_or(0, |found| found.values.len());
            (0_i64..).take(count).find(|other| other != value).map(Constant::Int)
        }
        (Type::Ref(_), _) => None,
        (_, Constant::Text(_)) => None,
        _ => after(ty, value),
    }
}

/// A value that a field of a new row may have, whatever it says otherwise.
pub(super) fn any_value(run: &Run, frame: FrameId, field: FieldId) -> Option<Constant> {
    let found: &Field = run.schema().field(frame, field)?;
    if let Some(default) = &found.default {
        return Some(default.clone());
    }
    let highest = || match run.evaluator.frame(frame)?.column(field).map(|column| &column.values) {
        Some(Values::Ints(values)) => values.iter().max()?.checked_add(&1),
        _ => None,
    };
    let number =
        |plain: i64| if found.unique || found.key { highest() } else { None }.unwrap_or(plain);
    Some(match found.ty {
        Type::Text => fresh(run, frame, field, &[]),
        Type::Boolean => Constant::Bool(false),
        Type::Decimal | Type::Money | Type::Percent => Constant::Ratio(Ratio::from_integer(0)),
        Type::Date => Constant::Int(number(run.policy.today)),
        Type::Instant => Constant::Int(run.schema().offset.instant(run.policy.today, (0, None))?),
        Type::Ref(table) => {
            let row = (0..run.len(table)).find(|row| is_named(run, table, *row))?;
            Constant::Int(i64::try_from(row).ok()?)
        }
        Type::List(_) => Constant::Empty,
        _ => Constant::Int(number(0)),
    })
}
