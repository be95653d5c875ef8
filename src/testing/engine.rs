//! One case as rows of a policy, and what an expectation names in its run.

use super::file::{CaseFile, Rows};
use crate::analysis::Settings;
use crate::data::{Bytes, Format, Input, Mapping};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::{Policy, RowRef, Run, Source as Given};
use crate::lowering::DecisionPlan;
use crate::nearest::nearest;
use crate::place::Place;
use crate::program::ArticleId;
use crate::say;
use crate::schema::{FrameId, Schema, Type};
use crate::syntax::word;
use crate::text::Source;
use crate::workspace::{Options, ParameterValue, Project};
use jiff::civil::Date;
use std::sync::Arc;

/// What cases are judged under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The day.
    pub as_of: Date,
    /// What the cases themselves set parameters to.
    pub parameters: Vec<ParameterValue>,
}

/// What a policy is compiled with for cases: what the project's manifest says, instead of it what
/// the case file says, and instead of that what the cases say.
#[must_use]
pub fn settings(project: &Project, file: &CaseFile, source: &Source, terms: &Terms) -> Settings {
    let options = Options { as_of: Some(terms.as_of), ..Options::default() };
    let mut settings = project.settings(&options);
    settings.offset = file.offset.unwrap_or(settings.offset);
    let own = |set: &ParameterValue| terms.parameters.iter().any(|other| other.name == set.name);
    let general = file.parameters.iter().filter(|set| !own(set));
    settings.parameters.extend(general.chain(&terms.parameters).map(|set| set.setting(source)));
    settings
}

/// The rows of one case: what every case is given, then its own; written as the project's manifest
/// says of all files. Rows of a table that nothing declares are none where what may declare it could
/// not be read, which was said.
pub fn given<'d>(
    schema: &Schema,
    source: &Source,
    project: &Project,
    rows: impl Iterator<Item = &'d Rows>,
) -> (Given, Vec<Diagnostic>) {
    let manifest = &project.manifest;
    let mut given = Given::default();
    let mut diagnostics = Vec::new();
    let mapping = Mapping {
        encoding: Some("utf-8".to_owned()),
        absent: manifest.absent.clone(),
        dates: manifest.dates,
        truths: manifest.truths.clone(),
        ..Mapping::default()
    };
    let text = Bytes(source.text.clone().into());
    for rows in rows {
        let table = schema.tables().find(|(_, frame)| frame.names.matches(&rows.table));
        match table {
            Some((frame, _)) => given.inputs.push(Input {
                frame,
                name: source.name.clone(),
                format: Format::Toml,
                mapping: mapping.clone(),
                inline: Some(rows.inline.clone()),
                store: Arc::new(text.clone()),
            }),
            None if project.may_declare(&rows.table) => {}
            None => {
                let place = Place::of(source, rows.span.clone());
                diagnostics.push(unknown_table(schema, &rows.table, place));
            }
        }
    }
    (given, diagnostics)
}

fn unknown_table(schema: &Schema, name: &str, place: Place) -> Diagnostic {
    let known = schema.tables().flat_map(|(_, frame)| frame.names.iter());
    let help = nearest(name, known).map_or_else(
        || say!("写政策里声明的表名", "write the name of a declared table"),
        |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
    );
    let message = say!("没有名为 `{name}` 的表", "there is no table called `{name}`");
    Diagnostic::error("unknown_table", message).help(help).at(place, Bilingual::default())
}

/// The decision about rows of a frame.
#[must_use]
pub fn plan(run: &Run, frame: FrameId) -> Option<&DecisionPlan> {
    let decisions = &run.program().decisions;
    let about = |plan: &&DecisionPlan| {
        decisions.get(plan.decision).is_some_and(|decision| decision.frame == frame)
    };
    run.policy.decisions.iter().find(about)
}

/// The disposition required of a row, by decision.
#[must_use]
pub fn demanded(run: &Run, plan: &DecisionPlan, row: usize) -> Option<Bilingual> {
    let choice = run.required(plan, row)?;
    let decision = run.program().decisions.get(plan.decision)?;
    Some(run.value_name(Type::Enum(decision.dispositions), choice.disposition))
}

/// The row of a table with a key, then the element a path leads to.
#[must_use]
pub fn find(run: &Run, table: &str, key: &str, path: Option<&str>) -> Option<RowRef> {
    let schema = run.schema();
    let (id, frame) = schema.tables().find(|(_, frame)| frame.names.matches(table))?;
    let wanted = run.rows.key(id, key);
    let mut rows = (0..run.len(id)).map(|row| RowRef { frame: id, row });
    let named = |row: &RowRef| run.key(*row).is_some_and(|key| run.rows.key(id, &key) == wanted);
    // A row without a key is the row of that number: a case says nothing else of it.
    let numbered = || (frame.key().is_none()).then(|| key.parse::<usize>().ok()?.checked_sub(1));
    let mut found = match numbered().flatten() {
        Some(row) => rows.nth(row)?,
        None => rows.find(named)?,
    };
    for part in path.into_iter().flat_map(|path| path.split('.')) {
        let (name, index) = part.strip_suffix(']')?.split_once('[')?;
        let fields = &schema.frame(found.frame)?.fields;
        let field = fields.iter().find(|field| field.names.matches(name))?;
        let Type::List(child) = field.ty else { return None };
        let mut elements = run.evaluator.frame(child)?.elements(found.row);
        found = RowRef { frame: child, row: elements.nth(index.parse().ok()?)? };
    }
    Some(found)
}

/// An article by `policy.article`, its name or its number; those of the policy under test come
/// first.
#[must_use]
pub fn article(policy: &Policy, module: usize, name: &str) -> Option<ArticleId> {
    let program = &policy.program;
    let all = || (0..).map(ArticleId).zip(&program.articles);
    let called = |article: &crate::program::Article| {
        let numbers = [word::article_number(article.number), word::english_number(article.number)];
        article.names.matches(name) || numbers.iter().any(|number| number == name)
    };
    let own = all().find(|(_, article)| article.module == module && called(article));
    let other =
        || all().find(|(_, article)| program.article_name(article) == name || called(article));
    own.or_else(other).map(|(id, _)| id)
}
