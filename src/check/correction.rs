//! The manifest's kinds of correction: each field one names is a field of a table.

use crate::diagnostic::{Bilingual, Diagnostic};
use crate::nearest::nearest;
use crate::place::Place;
use crate::say;
use crate::schema::Schema;
use crate::workspace::Project;
use std::ops::Range;

/// What is wrong with the fields that kinds of correction name.
pub(super) fn unknown(project: &Project, schema: &Schema) -> Vec<Diagnostic> {
    let fields: Vec<&(String, Range<usize>)> =
        project.manifest.corrections.iter().flat_map(|correction| &correction.fields).filter(|(name, _)| !name.is_empty()).collect();
    if fields.is_empty() || schema.frames.is_empty() {
        return Vec::new();
    }
    let known = names(schema);
    let unknown = fields.into_iter().filter(|(name, _)| !known.contains(name));
    unknown.map(|(name, span)| report(name, &known).at(Place::of(&project.manifest_source, span.clone()), Bilingual::default())).collect()
}

/// What fields of tables are called: `field` and `table.field`.
fn names(schema: &Schema) -> Vec<String> {
    let of = |frame: &crate::schema::Frame| {
        let mut names: Vec<String> = frame.fields.iter().flat_map(|field| field.names.iter().map(str::to_owned)).collect();
        let own = names.clone();
        names.extend(frame.names.iter().flat_map(|table| own.iter().map(move |field| format!("{table}.{field}"))));
        names
    };
    schema.tables().flat_map(|(_, frame)| of(frame)).collect()
}

fn report(name: &str, known: &[String]) -> Diagnostic {
    let message = say!("更正的种类说到字段 `{name}`，没有这个字段", "a kind of correction names the field `{name}`, which does not exist");
    let within = || known.iter().filter(|field| name.contains(*field)).max_by_key(|field| field.chars().count()).cloned();
    let help = nearest(name, known.iter().map(String::as_str)).or_else(within).map_or_else(
        || {
            say!(
                "写表中的字段：“字段”或“表.字段”；列表写列表本身的名字",
                "name a field of a table: `field` or `table.field`; of a list, the list itself"
            )
        },
        |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
    );
    Diagnostic::error("unknown_correction_field", message).help(help)
}
