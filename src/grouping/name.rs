//! What a name that rows are to be grouped by names.

use super::{Grouping, Step, Way, fields, groups, referring, route};
use crate::builtin::TYPES;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::Policy;
use crate::nearest::nearest;
use crate::say;
use crate::schema::{Field, FieldId, Frame, FrameId, Schema, Type};
use crate::value::text::narrow;
use unicode_normalization::UnicodeNormalization;

/// At most this many fields are named as examples.
const EXAMPLES: usize = 6;

/// Why a name groups nothing.
enum Refused {
    /// Nothing is called so.
    Unknown,
    /// It is a list of this table, or a field of its elements: a row may have several.
    List(Step),
    /// Its type does not group.
    Type(Step),
    /// A table that no other refers to.
    Unreferred(FrameId),
}

/// A name as it is compared: full-width signs are half-width ones (NFKC), blanks at the ends do not
/// count.
fn plain(name: &str) -> String {
    name.nfkc().map(narrow).collect::<String>().trim().to_owned()
}

pub(super) fn find(policy: &Policy, name: &str) -> Result<Grouping, Box<Diagnostic>> {
    let (schema, wanted) = (policy.schema(), plain(name));
    let parts: Vec<&str> = wanted.split('.').map(str::trim).collect();
    let table = match parts.as_slice() {
        [only] => table(schema, only).map(|(table, _)| table),
        _ => None,
    };
    let mut remarks = Vec::new();
    let grouping = match table.and_then(|table| referring(policy, table)) {
        Some(field) => Grouping::of_table(schema, field),
        None => {
            let unreferred = |why| table.map_or(why, Refused::Unreferred);
            let ways = ways(schema, &parts).map_err(unreferred);
            let ways = ways.and_then(|ways| alike(schema, ways).ok_or(Refused::Unknown));
            let ways = ways.map_err(|why| refusal(schema, name, &why))?;
            remarks.extend(shared(schema, &ways));
            let field = ways.first().and_then(|way| way.last()).copied();
            let field = field.ok_or_else(|| refusal(schema, name, &Refused::Unknown))?;
            Grouping::along(schema, field, ways)
        }
    };
    remarks.extend(grouping.remarks.iter().cloned());
    remarks.extend(namesakes(schema, &grouping, &parts));
    Ok(Grouping { asked: Some(name.to_owned()), remarks, ..grouping })
}

/// Of ways that are called alike those of the type of the first.
fn alike(schema: &Schema, mut ways: Vec<Way>) -> Option<Vec<Way>> {
    let field = *ways.first()?.last()?;
    let ty = |step: &Step| schema.field(step.0, step.1).map(|field| field.ty);
    ways.retain(|way| way.last().and_then(ty) == ty(&field));
    Some(ways)
}

/// That several tables have what was named, and each goes by its own: the groups are not those of
/// the one that they are called by.
fn shared(schema: &Schema, ways: &[Way]) -> Option<Bilingual> {
    let (first, others) = ways.split_first()?;
    let named = |ways: &[Way], pick: fn(Bilingual) -> String, between: &str| {
        let names = ways.iter().take(EXAMPLES).map(|way| pick(route::named(schema, way)));
        names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(between)
    };
    if others.is_empty() {
        return None;
    }
    let (all, all_en) = (named(ways, |name| name.zh, "、"), named(ways, |name| name.en, ", "));
    let (more, more_en) = if ways.len() > EXAMPLES { ("等", ", …") } else { ("", "") };
    let Bilingual { zh: one, en: one_en } = route::named(schema, first);
    Some(say!(
        "几张表各按自己的：{all}{more}；只按一张表的，写 `{one}` 这样的",
        "each table goes by its own: {all_en}{more_en}; for that of one table write as `{one_en}`"
    ))
}

/// Remarks on the fields of the name that are of another type.
fn namesakes(schema: &Schema, grouping: &Grouping, parts: &[&str]) -> Vec<Bilingual> {
    let ways = schema.tables().filter_map(|(frame, _)| chain(schema, frame, parts).ok());
    let other = |way: &Way| {
        let last = way.last().and_then(|step| schema.field(step.0, step.1));
        last.is_some_and(|last| last.ty != grouping.ty)
    };
    let Bilingual { zh: this, en: this_en } = grouping.name(schema);
    let said = |way: Way| {
        let Bilingual { zh, en } = route::named(schema, &way);
        say!(
            "`{zh}` 也叫这个名字，这里按的是 `{this}`；要按它分组，写 `{zh}`",
            "`{en}` is called so, too, and `{this_en}` is taken; to group by the other write `{en}`"
        )
    };
    ways.filter(other).map(said).collect()
}

/// The ways a name of several parts may mean: from the table it begins with, else from every table.
fn ways(schema: &Schema, parts: &[&str]) -> Result<Vec<Way>, Refused> {
    if let [first, rest @ ..] = parts
        && !rest.is_empty()
        && let Some((frame, _)) = table(schema, first)
    {
        return chain(schema, frame, rest).map(|way| vec![way]);
    }
    let found = schema.tables().map(|(frame, _)| chain(schema, frame, parts));
    let (ways, refused): (Vec<_>, Vec<_>) = found.partition(Result::is_ok);
    let ways: Vec<Way> = ways.into_iter().flatten().collect();
    if !ways.is_empty() {
        return Ok(ways);
    }
    let refused = refused.into_iter().filter_map(Result::err);
    let why = refused.into_iter().find(|why| !matches!(why, Refused::Unknown));
    Err(why.or_else(|| element(schema, parts)).unwrap_or(Refused::Unknown))
}

/// The fields of a name's parts, each of what the one before refers to.
fn chain(schema: &Schema, frame: FrameId, parts: &[&str]) -> Result<Way, Refused> {
    let (mut way, mut at) = (Way::new(), Some(frame));
    for part in parts {
        let frame = at.ok_or(Refused::Unknown)?;
        let (field, found) =
            schema.frame(frame).and_then(|frame| field(frame, part)).ok_or(Refused::Unknown)?;
        if matches!(found.ty, Type::List(_)) {
            return Err(Refused::List((frame, field)));
        }
        way.push((frame, field));
        at = found.ty.table();
    }
    let last = way.last().copied().ok_or(Refused::Unknown)?;
    match schema.field(last.0, last.1) {
        Some(field) if groups(field.ty) => Ok(way),
        _ => Err(Refused::Type(last)),
    }
}

/// The list whose elements have a field of the name.
fn element(schema: &Schema, parts: &[&str]) -> Option<Refused> {
    let (name, list) = match parts {
        [name] => (name, None),
        [list, name] => (name, Some(list)),
        _ => return None,
    };
    let called = |frame: &&Frame| {
        field(frame, name).is_some() && list.is_none_or(|list| is_called(frame.names.iter(), list))
    };
    schema.frames.iter().filter(called).find_map(|frame| frame.parent).map(Refused::List)
}

/// Whether one of some names is a word.
fn is_called<'n>(mut names: impl Iterator<Item = &'n str>, word: &str) -> bool {
    names.any(|name| plain(name).eq_ignore_ascii_case(word))
}

/// The one that has the word among its names; letter for letter, else whatever the case.
fn called<T: Copy>(all: &[(T, Vec<&str>)], word: &str) -> Option<T> {
    let exactly = all.iter().find(|(_, names)| names.iter().any(|name| plain(name) == word));
    let found =
        exactly.or_else(|| all.iter().find(|(_, names)| is_called(names.iter().copied(), word)));
    found.map(|(one, _)| *one)
}

fn table<'s>(schema: &'s Schema, word: &str) -> Option<(FrameId, &'s Frame)> {
    let tables: Vec<_> =
        schema.tables().map(|table| (table, table.1.names.iter().collect())).collect();
    called(&tables, word)
}

fn field<'f>(frame: &'f Frame, word: &str) -> Option<(FieldId, &'f Field)> {
    let names = |field: &'f Field| field.names.iter().chain(field.also.iter().map(|also| &**also));
    let fields: Vec<_> = (0..)
        .map(FieldId)
        .zip(&frame.fields)
        .map(|found| (found, names(found.1).collect()))
        .collect();
    called(&fields, word)
}

/// What a field may be asked for by: its names, those with its table's, and those of the table it
/// refers to.
fn asked(schema: &Schema, (frame, field): Step) -> Vec<String> {
    let (Some(table), Some(field)) = (schema.frame(frame), schema.field(frame, field)) else {
        return Vec::new();
    };
    let own = || field.names.iter().map(str::to_owned);
    let full =
        table.names.iter().flat_map(|table| own().map(move |name| format!("{table}.{name}")));
    let target = field.ty.table().and_then(|target| schema.frame(target));
    let target = target.into_iter().flat_map(|target| target.names.iter().map(str::to_owned));
    own().chain(full).chain(target).collect()
}

/// Why a name groups nothing, and what does.
fn refusal(schema: &Schema, name: &str, why: &Refused) -> Box<Diagnostic> {
    let named = |step: &Step| route::named(schema, &[*step]);
    let (message, frame) = match why {
        Refused::Unknown => return Box::new(unknown(schema, name)),
        Refused::List(step) => {
            let Bilingual { zh, en } = named(step);
            let message = say!(
                "`{zh}` 是一行里的列表，一行可以有几项，不能用来分组",
                "`{en}` is a list: a row may have several elements, which cannot group it"
            );
            (message, step.0)
        }
        Refused::Type(step) => {
            let Bilingual { zh, en } = named(step);
            let ty = schema.field(step.0, step.1).map(|field| field.ty);
            let ty = TYPES.iter().find(|(known, ..)| Some(*known) == ty);
            let (ty_zh, ty_en) = ty.map_or(("", ""), |(_, zh, en)| (zh, en));
            let message = say!(
                "`{zh}` 是{ty_zh}，不能用来分组：引用、枚举、文本和是否才可以",
                "`{en}` is of type {ty_en}, which does not group: references, enums, texts and truth \
                    values do"
            );
            (message, step.0)
        }
        Refused::Unreferred(table) => {
            let Bilingual { zh, en } = super::both(schema.frame(*table).map(|frame| &frame.names));
            let message = say!(
                "没有别的表引用 `{zh}`，不能用它的行来分组",
                "no other table refers to `{en}`: its rows are no groups"
            );
            (message, *table)
        }
    };
    Box::new(Diagnostic::error("cannot_group", message).help(examples(schema, Some(frame))))
}

/// Nothing is called so: what was probably meant.
fn unknown(schema: &Schema, name: &str) -> Diagnostic {
    let known: Vec<String> =
        fields(schema, groups).into_iter().flat_map(|step| asked(schema, step)).collect();
    let help = nearest(&plain(name), known.iter().map(String::as_str)).map_or_else(
        || examples(schema, None),
        |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
    );
    let message = say!(
        "没有可以分组的表或字段 `{name}`",
        "there is no table or field `{name}` that rows can be grouped by"
    );
    Diagnostic::error("unknown_group", message).help(help)
}

/// Fields that can be taken, those of a table first.
fn examples(schema: &Schema, frame: Option<FrameId>) -> Bilingual {
    // What there are fewest of comes first, and no key, which each row has for itself.
    let rank = |ty| match ty {
        Type::Ref(_) => 0,
        Type::Enum(_) => 1,
        _ => 2,
    };
    let found = |step: &Step| schema.field(step.0, step.1);
    let mut all = fields(schema, groups);
    all.retain(|step| found(step).is_some_and(|field| !field.key));
    all.sort_by_key(|step| (Some(step.0) != frame, found(step).map(|field| rank(field.ty))));
    let list = |pick: fn(&Bilingual) -> &str, between: &str| {
        let names = all.iter().take(EXAMPLES).map(|step| route::named(schema, &[*step]));
        names.map(|name| format!("`{}`", pick(&name))).collect::<Vec<_>>().join(between)
    };
    let (zh, en) = (list(|name| &name.zh, "、"), list(|name| &name.en, ", "));
    if all.is_empty() {
        return say!(
            "除主键以外，没有引用、枚举、文本或是否的字段",
            "but for keys, no table has a field that is a reference, an enum, a text or a truth value"
        );
    }
    let (more, more_en) = if all.len() > EXAMPLES { ("等", ", …") } else { ("", "") };
    say!("可以写 {zh}{more}", "it may be {en}{more_en}")
}
