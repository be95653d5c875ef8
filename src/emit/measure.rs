//! The measures that are one figure over whole tables, each as a view of one row.

use super::define::{Definer, Refused};
use super::dialect::{Kind, kind, literal};
use super::plan::Plan;
use super::query::{Query, Writer};
use super::template::{Cell, Template, fill};
use crate::lowering::{Domain, FigurePlan, Lowered, MeasurePlan};
use crate::say;
use crate::schema::Physical;

/// The query of a measure: what it is called, which of its figures, the amount as stored and what
/// that is over.
pub(super) fn measure(
    definer: Definer<'_>,
    name: &str,
    plan: &MeasurePlan,
) -> Result<Query, Refused> {
    let figures = match &plan.after {
        None => vec![("value", &plan.figure)],
        Some(after) => vec![("before", &plan.figure), ("after", after)],
    };
    let mut amounts = Vec::new();
    for (which, figure) in figures {
        let FigurePlan::Whole(lowered) = figure else {
            return Err(say!("按组分开的指标还写不成 SQL", "measures in groups have no SQL yet"));
        };
        amounts.push((which, amount(definer, *lowered)?));
    }
    let parts = amounts.iter().flat_map(|(_, (over, under))| [over, under]);
    let roots: Vec<Cell> = parts.flat_map(Template::cells).collect();
    let plan = Plan::new(definer, roots)?;
    let writer = Writer::new(&plan);
    let (text, wide) = (kind(Kind::Text), kind(Kind::Wide));
    let selects = amounts.iter().map(|(which, (over, under))| {
        let step = [over, under].map(|part| plan.step_of(part, Domain::Unit));
        let relation = writer.relation(Domain::Unit, step.into_iter().max().unwrap_or(0));
        format!(
            "SELECT CAST({} AS {text}) AS \"measure\", CAST('{which}' AS {text}) AS \"figure\",\n  \
                CAST({} AS {wide}) AS \"amount\", CAST({} AS {wide}) AS \"per\"\nFROM {relation} AS p",
            literal(name),
            writer.template(over),
            writer.template(under),
        )
    });
    let selects: Vec<String> = selects.collect();
    Ok(writer.query(&selects))
}

/// A figure as one number over another.
fn amount(definer: Definer<'_>, figure: Lowered) -> Result<(Template, Template), Refused> {
    match figure {
        Lowered::Truth(rails) => {
            let text = "CASE WHEN {} THEN 1 WHEN {} THEN 0 END";
            Ok((fill(text, [rails.t.into(), rails.f.into()]), "1".into()))
        }
        Lowered::Value(node) if definer.node(node).physical == Physical::Texts => {
            Err(say!("文本的指标还写不成 SQL", "measures that are texts have no SQL yet"))
        }
        Lowered::Value(node) => Ok((node.into(), definer.under(node))),
    }
}
