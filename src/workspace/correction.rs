//! What the manifest's kinds of correction name: fields, lists and tables there are.

use super::Project;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::nearest::nearest;
use crate::place::Place;
use crate::say;
use crate::schema::{Frame, FrameId, Schema, Type};

/// The names that name nothing.
pub(super) fn unknown(project: &Project, schema: &Schema) -> Vec<Diagnostic> {
    // A policy that is not there may declare them.
    if schema.frames.is_empty() || project.policies_lost {
        return Vec::new();
    }
    let mut diagnostics = Vec::new();
    for correction in &project.manifest.corrections {
        let fields = correction.fields.iter().map(|(path, span)| (path, span, field(schema, path)));
        let rows = correction.rows.iter().filter_map(|(rows, span)| {
            Some((rows, span, table(schema, rows.rsplit_once('.')?.0).map(|_| ())))
        });
        for (path, span, found) in fields.chain(rows) {
            let Err((name, near)) = found else { continue };
            let message = say!(
                "`{path}` 中的 `{name}` 不是表、清单或字段",
                "`{name}` in `{path}` is no table, list or field"
            );
            let help = near.map_or_else(
                || {
                    say!(
                        "写“表.字段”“表.清单.字段”或“表.引用它的表”",
                        "write `table.field`, `table.list.field` or `table.other` for a table that \
                            refers to it"
                    )
                },
                |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
            );
            let place = Place::of(&project.manifest_source, span.clone());
            diagnostics.push(
                Diagnostic::error("unknown_correction", message)
                    .help(help)
                    .at(place, Bilingual::default()),
            );
        }
    }
    diagnostics
}

/// A name that names nothing, and the one that was probably meant.
type Unknown = (String, Option<String>);

fn table<'s>(schema: &'s Schema, name: &str) -> Result<(FrameId, &'s Frame), Unknown> {
    let found = schema.tables().find(|(_, frame)| frame.names.matches(name));
    found.ok_or_else(|| {
        (name.to_owned(), nearest(name, schema.tables().flat_map(|(_, frame)| frame.names.iter())))
    })
}

/// `field`, `table.field`, `table.list.field`, `table.other`, `table.other.field`.
fn field(schema: &Schema, path: &str) -> Result<(), Unknown> {
    let steps: Vec<&str> = path.splitn(3, '.').collect();
    let names = |frame: &'_ Frame| {
        frame
            .fields
            .iter()
            .flat_map(|field| field.names.iter())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let unknown = |name: &str, those: Vec<String>| {
        Err((name.to_owned(), nearest(name, those.iter().map(String::as_str))))
    };
    let (&[first, step, ..], last) = (&steps[..], steps.get(2)) else {
        let known = schema
            .tables()
            .any(|(_, frame)| frame.fields.iter().any(|field| field.names.matches(path)));
        let all = schema.tables().flat_map(|(_, frame)| names(frame)).collect();
        return if known { Ok(()) } else { unknown(path, all) };
    };
    let (id, frame) = table(schema, first)?;
    let others = || {
        schema
            .tables()
            .filter(|(_, other)| other.fields.iter().any(|field| field.ty == Type::Ref(id)))
            .map(|(_, other)| other)
    };
    let inner = match frame.fields.iter().find(|field| field.names.matches(step)) {
        Some(field) => {
            if let Type::List(list) = field.ty {
                schema.frame(list)
            } else {
                None
            }
        }
        None => match others().find(|other| other.names.matches(step)) {
            Some(other) => Some(other),
            None => {
                return unknown(
                    step,
                    names(frame)
                        .into_iter()
                        .chain(others().flat_map(|other| other.names.iter()).map(str::to_owned))
                        .collect(),
                );
            }
        },
    };
    match (last, inner) {
        (None, _) => Ok(()),
        (Some(name), Some(inner)) if inner.fields.iter().any(|field| field.names.matches(name)) => {
            Ok(())
        }
        (Some(name), inner) => unknown(name, inner.map_or_else(Vec::new, names)),
    }
}
