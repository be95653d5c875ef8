//! The manifest's waivers, with the articles and rows they name found.

use super::asked::{Known, article_named};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::eval::Evaluator;
use crate::nearest::nearest;
use crate::place::Place;
use crate::say;
use crate::schema::FrameId;
use crate::verdict::Show;
use crate::verdict::waiver::Waiver;
use crate::workspace::{self, Project};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Among how many keys a near one is looked for.
const COMPARED: usize = 20_000;

/// The waivers that name an article and a row there are, and what is wrong with the others.
pub(super) fn waivers(
    project: &Project,
    as_of: Date,
    known: &[Known<'_>],
    evaluator: &Evaluator<'_>,
) -> (Vec<Waiver>, Vec<Diagnostic>) {
    let (mut waivers, mut diagnostics) = (Vec::new(), Vec::new());
    for waiver in &project.manifest.waivers {
        let place = Place::of(&project.manifest_source, waiver.span.clone());
        let found = article_named(&waiver.article, known).and_then(|article| {
            row_named(&waiver.item, &tables(evaluator, article), evaluator).map(|()| article)
        });
        match found.map(|article| known.get(article).map_or("", |known| known.english)) {
            Ok(article) => waivers.push(granted(waiver, article, as_of, place)),
            Err(diagnostic) => diagnostics.push(diagnostic.at(place, Bilingual::default())),
        }
    }
    (waivers, diagnostics)
}

fn granted(waiver: &workspace::Waiver, article: &str, as_of: Date, place: Place) -> Waiver {
    Waiver {
        article: article.to_owned(),
        item: waiver.item.clone(),
        authority: waiver.authority.clone(),
        reason: waiver.reason.clone(),
        until: waiver.until.map(|until| until.to_string()),
        expired: waiver.until.is_some_and(|until| until < as_of),
        place,
    }
}

/// The tables an article speaks of, or a decision: they follow the articles.
fn tables(evaluator: &Evaluator<'_>, at: usize) -> BTreeSet<FrameId> {
    let program = evaluator.graph.program;
    let sentences = program
        .articles
        .get(at)
        .into_iter()
        .flat_map(|article| &article.sentences)
        .map(|sentence| sentence.frame);
    let decision = at
        .checked_sub(program.articles.len())
        .and_then(|at| program.decisions.get(at))
        .map(|decision| decision.frame);
    sentences.chain(decision).map(|frame| program.schema.root(frame)).collect()
}

/// Whether a row has this key; where rows were lost, it may have been one of them.
fn row_named(
    key: &str,
    tables: &BTreeSet<FrameId>,
    evaluator: &Evaluator<'_>,
) -> Result<(), Box<Diagnostic>> {
    let show = Show { evaluator };
    let rows = |table: FrameId| 0..evaluator.frame(table).map_or(0, |data| data.len);
    let lost = tables.iter().any(|table| evaluator.frame(*table).is_some_and(|data| !data.whole));
    if lost
        || tables.is_empty()
        || tables.iter().any(|table| rows(*table).any(|row| show.key(*table, row) == key))
    {
        return Ok(());
    }
    let keys: Vec<String> = tables
        .iter()
        .flat_map(|table| rows(*table).map(|row| show.key(*table, row)).collect::<Vec<_>>())
        .take(COMPARED)
        .collect();
    let help = nearest(key, keys.iter().map(String::as_str)).map_or_else(
        || {
            say!(
                "写条文所说的一行的主键，或删去这项例外",
                "write the key of a row the article speaks of, or delete the waiver"
            )
        },
        |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
    );
    let message = say!(
        "例外所说的 `{key}` 不是条文所说的任何一行的主键",
        "`{key}`, which a waiver names, is the key of no row its article speaks of"
    );
    Err(Box::new(Diagnostic::error("unknown_waived_row", message).help(help)))
}
