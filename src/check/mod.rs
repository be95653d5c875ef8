//! Rank 5: the main job: compile, load, judge, and hand the report on.

mod asked;
mod citation;
mod correction;
pub(crate) mod facts;
mod limits;
mod waiver;

pub use facts::needed;

use crate::analysis::{self, Analysis, Setting, Settings};
use crate::builtin::World;
use crate::data::{self, Data, Input};
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::eval::Evaluator;
use crate::finding::{Findings, Outcome, Report};
use crate::lowering::{self, Graph};
use crate::place::Place;
use crate::program::Program;
use crate::prove::Prover;
use crate::say;
use crate::value::date::day_number;
use crate::verdict::{self, Explainer, Phrases, Show, Verdict};
use crate::workspace::{Opened, Project};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;

/// What the command line may add.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Instead of the manifest's `as_of`.
    pub as_of: Option<Date>,
    /// Only these articles, by `policy.article`, the article's name alone, or a policy's name, in
    /// either language.
    pub articles: Vec<String>,
    /// Which values are kept besides those the policies read.
    pub keep: Keep,
}

/// Which values are kept after loading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// What the policies read.
    #[default]
    Read,
    /// And the fields that group rows: references and enums of tables.
    Groups,
    /// Everything declared.
    Everything,
}

/// Analyses a project's policies.
#[must_use]
pub fn analyse(project: &Project, options: &Options) -> Analysis {
    let as_of = day(project, options).unwrap_or(ANY_DAY);
    let setting = |(name, values, span): &(String, Vec<String>, Range<usize>)| Setting {
        name: name.clone(),
        values: values.clone(),
        place: Place::of(&project.manifest_source, span.clone()),
    };
    let manifest = &project.manifest;
    let parameters = manifest.parameters.iter().map(setting).collect();
    let settings = Settings {
        as_of: day_number(as_of),
        offset: manifest.offset.unwrap_or_default(),
        parameters,
        lost: project.policies_lost,
    };
    analysis::analyze(&project.files, &project.sources, &settings)
}

/// The day judged for; without one nothing is judged.
fn day(project: &Project, options: &Options) -> Option<Date> {
    options.as_of.or(project.manifest.as_of)
}

/// For what has to be given a day where none is written.
const ANY_DAY: Date = Date::constant(1970, 1, 1);

/// Checks a project and hands the report to `sink`.
pub fn check<R>(project: Project, options: &Options, sink: impl FnOnce(&Report<'_>) -> R) -> R {
    judge(project, options, |report, _| sink(report))
}

/// Checks a project and hands the report on, with what it was made from.
pub fn judge<R>(
    mut project: Project,
    options: &Options,
    sink: impl FnOnce(&Report<'_>, &Explainer<'_, '_>) -> R,
) -> R {
    let analysis = analyse(&project, options);
    let mut diagnostics = std::mem::take(&mut project.diagnostics);
    diagnostics.extend(analysis.diagnostics);
    let opened = project.open_data(&analysis.program.schema);
    diagnostics.append(&mut project.diagnostics);
    diagnostics.extend(correction::unknown(&project, &analysis.program.schema));
    if day(&project, options).is_none()
        && !project.manifest.dated
        && !project.manifest.policies.is_empty()
    {
        diagnostics.push(no_day(&project));
    }
    let lowered = lowering::lower(&analysis.program);
    let mut needed = facts::needed(&analysis.program.schema, &lowered.0);
    match options.keep {
        Keep::Read => {}
        Keep::Groups => facts::keep_groups(&analysis.program.schema, &mut needed),
        Keep::Everything => needed.iter_mut().flatten().for_each(|slot| *slot = true),
    }
    diagnostics.extend(facts::without_file(&project, &lowered.0, &opened));
    if diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error) {
        diagnostics.extend(proven(&project, options, &lowered));
    }
    let inputs: Vec<Input<'_>> = opened.iter().map(Opened::input).collect();
    let (mut data, found) =
        data::load_rest(&analysis.program.schema, &needed, &inputs, &project.unopened);
    diagnostics.extend(found);
    facts::unfed(&analysis.program.schema, &opened)
        .into_iter()
        .for_each(|frame| data.lose(&analysis.program.schema, frame));
    diagnostics.extend(citation::citations(
        &analysis.program,
        &project.sources,
        &data,
        day(&project, options),
    ));
    let run = Run { project: &project, options, names: &analysis.names, data: &data };
    run.report(&lowered, diagnostics, sink)
}

/// What is wrong with the policies whatever the data, as far as that is found almost without a
/// search.
fn proven(
    project: &Project,
    options: &Options,
    (graph, judgements, _, _): &Plans<'_>,
) -> Vec<Diagnostic> {
    let today = day_number(day(project, options).unwrap_or(ANY_DAY));
    let prover = Prover { graph, judgements, today };
    let warned =
        prover.quick().into_iter().map(|finding| finding.diagnostic(&prover, &project.sources));
    warned.map(|diagnostic| Diagnostic { severity: Severity::Warning, ..diagnostic }).collect()
}

/// One run, once everything is loaded.
struct Run<'a> {
    project: &'a Project,
    options: &'a Options,
    names: &'a BTreeMap<crate::text::Span, crate::schema::Names>,
    data: &'a Data<'a>,
}

type Plans<'p> =
    (Graph<'p>, Vec<lowering::Judgement>, Vec<lowering::DecisionPlan>, Vec<lowering::MeasurePlan>);

impl Run<'_> {
    fn report<R>(
        &self,
        plans: &Plans<'_>,
        mut diagnostics: Vec<Diagnostic>,
        sink: impl FnOnce(&Report<'_>, &Explainer<'_, '_>) -> R,
    ) -> R {
        let (graph, judgements, decisions, measures) = plans;
        let day = day(self.project, self.options);
        let as_of = day.unwrap_or(ANY_DAY);
        let calendar = facts::calendar(graph, self.data);
        let world = World {
            today: day_number(as_of),
            offset: graph.program.schema.offset,
            calendar: calendar.as_ref(),
        };
        let evaluator = Evaluator::new(graph, &self.data.frames, world);
        evaluator.run(&verdict::roots(judgements, decisions));
        let located = &*self.data.located;
        let found = if day.is_some() {
            verdict::verdicts(&evaluator, judgements, decisions, located)
        } else {
            Vec::new()
        };
        let phrases = Phrases::new(&self.project.sources, &self.project.files, self.names);
        let article_names = article_names(graph.program);
        let mut articles = verdict::article_summaries(&evaluator, judgements, decisions);
        let known = asked::known(graph.program, &article_names);
        let wanted = |article: &str| asked::wants(&self.options.articles, &known, article);
        let (waivers, unfounded) = waiver::waivers(self.project, as_of, &known, &evaluator);
        diagnostics.extend(unfounded);
        let waivers = if day.is_some() { waivers } else { Vec::new() };
        let explainer = |verdicts, keys| Explainer {
            evaluator: &evaluator,
            judgements,
            decisions,
            verdicts,
            located,
            phrases: &phrases,
            article_names: &article_names,
            keys,
            waivers: &waivers,
        };
        let keys = keys(&evaluator, &found);
        let waived = verdict::waiver::apply(&explainer(&found, &keys), &waivers, &mut articles);
        let everything = self.options.articles.is_empty();
        let some = if everything { None } else { Some(chosen(&explainer(&waived, &keys), wanted)) };
        let (verdicts, keys) =
            some.as_ref().map_or((&waived, &keys), |(verdicts, keys)| (verdicts, keys));
        articles.retain(|summary| day.is_some() && wanted(&summary.article));
        diagnostics.extend(asked::unknown(&self.options.articles, &known));
        let explainer = explainer(verdicts, keys);
        let (decisions, measures) = if day.is_some() {
            let decisions = verdict::decision_summaries(&evaluator, decisions);
            (decisions, verdict::measure_summaries(&evaluator, measures))
        } else {
            (Vec::new(), Vec::new())
        };
        // After all that is judged and measured: the searches among it are counted as they are made.
        diagnostics.extend(limits::too_much(&explainer, &self.project.sources));
        let report = Report {
            project: self.project.manifest.name.clone(),
            as_of: day.map_or_else(String::new, |day| day.to_string()),
            rows: rows(graph.program, self.data),
            diagnostics,
            articles,
            decisions,
            measures,
            waivers: verdict::waiver::summaries(&waivers, &waived)
                .into_iter()
                .filter(|waiver| everything || wanted(&waiver.article))
                .collect(),
            findings: &explainer,
        };
        sink(&report, &explainer)
    }
}

/// The verdicts asked for, with their keys.
fn chosen(
    explainer: &Explainer<'_, '_>,
    wanted: impl Fn(&str) -> bool,
) -> (Vec<Verdict>, Vec<String>) {
    let all = explainer
        .verdicts
        .iter()
        .enumerate()
        .filter(|(index, _)| wanted(explainer.head(*index).article));
    all.map(|(index, verdict)| (*verdict, explainer.keys.get(index).cloned().unwrap_or_default()))
        .unzip()
}

fn no_day(project: &Project) -> Diagnostic {
    let message = say!(
        "清单没有写明判断日期 as_of，没有判断",
        "the manifest does not say the day judged for, as_of; nothing is judged"
    );
    let help =
        say!("在 [project] 下写 as_of = 2015-11-20", "write as_of = 2015-11-20 under [project]");
    Diagnostic::error("no_as_of", message)
        .help(help)
        .at(Place::of(&project.manifest_source, 0..0), Bilingual::default())
}

fn keys(evaluator: &Evaluator<'_>, verdicts: &[Verdict]) -> Vec<String> {
    let show = Show { evaluator };
    let schema = &evaluator.graph.program.schema;
    let root_row = |verdict: &Verdict| {
        let (mut frame, mut row) = (verdict.frame, verdict.row as usize);
        while let Some((parent, _)) = schema.frame(frame).and_then(|found| found.parent) {
            row = evaluator.frame(frame).map_or(0, |data| data.parent_of(row));
            frame = parent;
        }
        (frame, row)
    };
    let key = |verdict: &Verdict| {
        let (frame, row) = root_row(verdict);
        if verdict.outcome == Outcome::Vacuous { String::new() } else { show.key(frame, row) }
    };
    verdicts.par_iter().with_min_len(1024).map(key).collect()
}

/// `policy.article` of each article, then `policy.field` of each decision.
fn article_names(program: &Program) -> Vec<String> {
    let articles = program.articles.iter().map(|article| program.article_name(article));
    let decisions =
        program.decisions.iter().map(|decision| verdict::decision_name(program, decision));
    articles.chain(decisions).collect()
}

fn rows(program: &Program, data: &Data<'_>) -> Vec<(Bilingual, usize)> {
    let tables = program.schema.tables();
    tables
        .map(|(id, frame)| {
            (
                Bilingual::new(frame.names.zh(), frame.names.en()),
                data.frames.get(id.0 as usize).map_or(0, |data| data.len),
            )
        })
        .collect()
}
