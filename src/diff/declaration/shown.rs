//! Declarations in a line, for people.

use crate::builtin::{Scalar, TYPES};
use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::program::{Calendar, Decision, ExprId, ExprKind, Parameter};
use crate::say;
use crate::schema::{Constant, Enum, Field, FrameId, Order, Reading, Type};
use crate::syntax::tree::{ItemKind, Period};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Texts of both languages, joined.
fn joined(parts: &[Bilingual], zh: &str, en: &str) -> Bilingual {
    let join = |pick: fn(&Bilingual) -> &str, mark: &str| {
        parts.iter().map(pick).collect::<Vec<_>>().join(mark)
    };
    Bilingual { zh: join(|part| &part.zh, zh), en: join(|part| &part.en, en) }
}

/// A constant of a type.
fn constant(run: &Run, ty: Type, value: &Constant) -> Bilingual {
    let scalar = match value {
        Constant::Text(text) => Scalar::Text((&**text).into()),
        Constant::Int(value) => Scalar::Int(*value),
        Constant::Ratio(value) => Scalar::Ratio(*value),
        Constant::Bool(value) => Scalar::Bool(*value),
        Constant::Empty => return Bilingual::same("{}"),
    };
    run.show().scalar(ty, &scalar)
}

/// A parameter's values.
pub fn parameter(run: &Run, found: &Parameter) -> Bilingual {
    let values: Vec<Bilingual> =
        found.values.iter().map(|value| constant(run, found.ty, value)).collect();
    joined(&values, "、", ", ")
}

/// A disposition of a decision.
pub fn value(run: &Run, decision: &Decision, at: usize) -> Bilingual {
    let index = i64::try_from(at).unwrap_or(-1);
    constant(run, Type::Enum(decision.dispositions), &Constant::Int(index))
}

/// The order of dispositions, and the one where no article speaks.
pub fn order(order: &[Bilingual], otherwise: Option<&Bilingual>) -> Bilingual {
    let order = joined(order, " > ", " > ");
    let Some(Bilingual { zh, en }) = otherwise else { return order };
    let (comma_zh, comma_en) = if order.zh.is_empty() { ("", "") } else { ("，", ", ") };
    let Bilingual { zh: order_zh, en: order_en } = &order;
    say!("{order_zh}{comma_zh}否则 {zh}", "{order_en}{comma_en}otherwise {en}")
}

/// An enum's values, in order where it has one.
pub fn values(found: &Enum) -> Bilingual {
    let values: Vec<Bilingual> = found
        .values
        .iter()
        .map(|value| {
            let name = Bilingual::new(value.names.zh(), value.names.en());
            let Some(also) = also(&value.also) else { return name };
            let (zh, en, also_zh, also_en) = (name.zh, name.en, also.zh, also.en);
            say!("{zh}（{also_zh}）", "{en} ({also_en})")
        })
        .collect();
    match found.order {
        Some(Order::Ascending) => joined(&values, " < ", " < "),
        Some(Order::Descending) => joined(&values, " > ", " > "),
        None => joined(&values, "、", ", "),
    }
}

/// Further spellings; `None` where there are none.
fn also(spellings: &[Arc<str>]) -> Option<Bilingual> {
    let marked = |text: &Arc<str>| Bilingual::new(format!("“{text}”"), format!("\"{text}\""));
    let marked: Vec<Bilingual> = spellings.iter().map(marked).collect();
    let Bilingual { zh, en } = joined(&marked, "、", ", ");
    (!marked.is_empty()).then(|| say!("亦作 {zh}", "also {en}"))
}

/// Weekly rest days, and which rows of the table are days off or working days.
pub fn rest(run: &Run, days: &BTreeSet<i8>, found: &Calendar) -> Bilingual {
    let mut parts = Vec::new();
    if !days.is_empty() {
        let days: Vec<String> = days.iter().map(ToString::to_string).collect();
        let (zh, en) = (days.join("、"), days.join(", "));
        parts.push(say!("周休 {zh}", "rest {en}"));
    }
    let written = |expr: ExprId| {
        let found = run.program().expr(expr);
        let is_plain = matches!(found.kind, ExprKind::Constant(_));
        (!is_plain).then(|| run.policy.phrases.phrase(found.span))
    };
    if let Some(Bilingual { zh, en }) = written(found.off) {
        parts.push(say!("休 {zh}", "off {en}"));
    }
    if let Some(Bilingual { zh, en }) = written(found.on) {
        parts.push(say!("班 {zh}", "on {en}"));
    }
    joined(&parts, "；", "; ")
}

/// A period of effect.
pub fn period(period: &Period) -> Bilingual {
    let from = &period.from.text;
    match period.to.as_ref().map(|to| &to.text) {
        Some(to) => say!("{from} 至 {to}", "{from} to {to}"),
        None => Bilingual::same(from.clone()),
    }
}

/// A type by its name.
pub fn type_name(run: &Run, ty: Type) -> Bilingual {
    let schema = run.schema();
    let names = |names: Option<&crate::schema::Names>| {
        names.map_or_else(Bilingual::default, |names| Bilingual::new(names.zh(), names.en()))
    };
    match ty {
        Type::Enum(id) => names(schema.enumeration(id).map(|found| &found.names)),
        Type::Ref(table) => names(schema.frame(table).map(|found| &found.names)),
        Type::List(list) => {
            let plain = schema.frame(list).filter(|found| found.plain);
            let element = plain.and_then(|found| found.fields.first());
            let of = element.map_or_else(|| Bilingual::same("{…}"), |of| type_name(run, of.ty));
            let (zh, en) = (of.zh, of.en);
            say!("多个 {zh}", "many {en}")
        }
        plain => {
            let found = TYPES.iter().find(|(ty, ..)| *ty == plain);
            found.map_or_else(Bilingual::default, |(_, zh, en)| Bilingual::new(*zh, *en))
        }
    }
}

/// A field's type and what is said of it.
pub fn field(run: &Run, field: &Field) -> Bilingual {
    let mut parts = vec![type_name(run, field.ty)];
    let marks = [
        (field.key, say!("主键", "key")),
        (field.unique && !field.key, say!("唯一", "unique")),
        (field.optional, say!("可缺", "optional")),
        (field.ordering, say!("为序", "ordering")),
    ];
    parts.extend(marks.into_iter().filter(|(has, _)| *has).map(|(_, word)| word));
    parts.extend(also(&field.also));
    if let Some(value) = &field.default {
        let value = constant(run, field.ty, value);
        let (zh, en) = (value.zh, value.en);
        parts.push(say!("默认 {zh}", "default {en}"));
    }
    let reading = |(text, reading): &(Arc<str>, Reading)| {
        let value = match reading {
            Reading::Value(value) => constant(run, field.ty, value),
            Reading::Unit => type_name(run, field.ty),
            Reading::Absent => say!("缺", "absent"),
        };
        Bilingual {
            zh: format!("“{text}” = {}", value.zh),
            en: format!("\"{text}\" = {}", value.en),
        }
    };
    let readings: Vec<Bilingual> = field.readings.iter().map(reading).collect();
    if !readings.is_empty() {
        let Bilingual { zh, en } = joined(&readings, "、", ", ");
        parts.push(say!("读作 {zh}", "reading {en}"));
    }
    if let Some(heading) = &field.unit_column {
        parts.push(say!("单位 “{heading}”", "unit \"{heading}\""));
    }
    if let Some(pattern) = &field.written {
        parts.push(say!("写作 “{pattern}”", "written \"{pattern}\""));
    }
    joined(&parts, " ", " ")
}

/// `table.list.name`.
pub fn within(run: &Run, frame: FrameId, name: &Bilingual) -> Bilingual {
    let Some(found) = run.schema().frame(frame) else { return name.clone() };
    let own = Bilingual {
        zh: format!("{}.{}", found.names.zh(), name.zh),
        en: format!("{}.{}", found.names.en(), name.en),
    };
    match found.parent {
        Some((parent, _)) => within(run, parent, &own),
        None => own,
    }
}

/// The calendars' names, as they are declared.
pub fn calendars(run: &Run) -> impl Iterator<Item = Bilingual> {
    let items = run.policy.phrases.files.iter().flat_map(|file| &file.items);
    let names = items.filter_map(|item| match &item.kind {
        ItemKind::Calendar(found) => Some(&found.names),
        _ => None,
    });
    names.map(|names| {
        let names = crate::schema::Names {
            name: names.name.text.as_str().into(),
            alias: names.alias.as_ref().map(|alias| alias.text.as_str().into()),
        };
        Bilingual::new(names.zh(), names.en())
    })
}
