//! Rank 5: the main job: compile, load, judge, and hand the report on.

mod citation;
pub(crate) mod facts;

use crate::analysis::{self, Analysis, Setting, Settings};
use crate::builtin::World;
use crate::data::{self, Data, Input};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::eval::Evaluator;
use crate::finding::{Findings, Outcome, Report};
use crate::lowering::{self, Graph};
use crate::place::Place;
use crate::program::Program;
use crate::say;
use crate::value::date::day_number;
use crate::verdict::waiver::{self, Waiver};
use crate::verdict::{self, Explainer, Phrases, Show, Verdict};
use crate::workspace::{Opened, Project};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::ops::Range;

/// What the command line may add.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Instead of the manifest's `as_of`.
    pub as_of: Option<Date>,
    /// Only these articles, by `policy.article`, the article's name alone, or a policy's name.
    pub articles: Vec<String>,
}

/// Analyses a project's policies.
#[must_use]
pub fn analyse(project: &Project, options: &Options) -> Analysis {
    let as_of = options.as_of.or(project.manifest.as_of).unwrap_or(Date::constant(1970, 1, 1));
    let setting = |(name, values, span): &(String, Vec<String>, Range<usize>)| Setting {
        name: name.clone(),
        values: values.clone(),
        place: Place::of(&project.manifest_source, span.clone()),
    };
    let settings = Settings { as_of: day_number(as_of), parameters: project.manifest.parameters.iter().map(setting).collect() };
    analysis::analyze(&project.files, &project.sources, &settings)
}

/// Checks a project and hands the report to `sink`.
pub fn check<R>(mut project: Project, options: &Options, sink: impl FnOnce(&Report<'_>) -> R) -> R {
    let analysis = analyse(&project, options);
    let mut diagnostics = std::mem::take(&mut project.diagnostics);
    diagnostics.extend(analysis.diagnostics);
    let opened = project.open_data(&analysis.program.schema);
    diagnostics.append(&mut project.diagnostics);
    let lowered = lowering::lower(&analysis.program);
    let needed = facts::needed(&analysis.program.schema, &lowered.0);
    let inputs: Vec<Input<'_>> = opened.iter().map(Opened::input).collect();
    let (data, found) = data::load(&analysis.program.schema, &needed, &inputs);
    diagnostics.extend(found);
    diagnostics.extend(citation::citations(&analysis.program, &project.sources, &data, options.as_of.or(project.manifest.as_of)));
    let run = Run { project: &project, options, names: &analysis.names, data: &data };
    run.report(&lowered, diagnostics, sink)
}

/// One run, once everything is loaded.
struct Run<'a> {
    project: &'a Project,
    options: &'a Options,
    names: &'a BTreeMap<crate::text::Span, crate::schema::Names>,
    data: &'a Data<'a>,
}

type Plans<'p> = (Graph<'p>, Vec<lowering::Judgement>, Vec<lowering::DecisionPlan>, Vec<lowering::MeasurePlan>);

impl Run<'_> {
    fn report<R>(&self, plans: &Plans<'_>, mut diagnostics: Vec<Diagnostic>, sink: impl FnOnce(&Report<'_>) -> R) -> R {
        let (graph, judgements, decisions, measures) = plans;
        let as_of = self.options.as_of.or(self.project.manifest.as_of).unwrap_or(Date::constant(1970, 1, 1));
        let calendar = facts::calendar(graph, self.data);
        let world = World { today: day_number(as_of), calendar: calendar.as_ref() };
        let evaluator = Evaluator::new(graph, &self.data.frames, world);
        evaluator.run(&verdict::roots(judgements, decisions));
        let located = &*self.data.located;
        let found = verdict::verdicts(&evaluator, judgements, decisions, located);
        let phrases = Phrases { sources: &self.project.sources, files: &self.project.files, names: self.names };
        let article_names = article_names(graph.program);
        let mut articles = verdict::article_summaries(&evaluator, judgements, decisions);
        let waivers = self.waivers(as_of);
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
        let waived = waiver::apply(&explainer(&found, &keys), &waivers, &mut articles);
        let (verdicts, keys) = self.chosen(&explainer(&waived, &keys));
        articles.retain(|summary| self.wants(&summary.article));
        diagnostics.extend(self.unknown_articles(&article_names));
        let explainer = explainer(&verdicts, &keys);
        if evaluator.pairs_cut() {
            diagnostics.push(too_many_pairs());
        }
        let report = Report {
            project: self.project.manifest.name.clone(),
            as_of: as_of.to_string(),
            rows: rows(graph.program, self.data),
            diagnostics,
            articles,
            decisions: verdict::decision_summaries(&evaluator, decisions),
            measures: verdict::measure_summaries(&evaluator, measures),
            findings: &explainer,
        };
        sink(&report)
    }
}

impl Run<'_> {
    fn wants(&self, article: &str) -> bool {
        self.options.articles.is_empty() || self.options.articles.iter().any(|wanted| is_chosen(wanted, article))
    }

    /// The verdicts asked for, with their keys.
    fn chosen(&self, explainer: &Explainer<'_, '_>) -> (Vec<Verdict>, Vec<String>) {
        let all = explainer.verdicts.iter().enumerate().filter(|(index, _)| self.wants(explainer.head(*index).article));
        all.map(|(index, verdict)| (*verdict, explainer.keys.get(index).cloned().unwrap_or_default())).unzip()
    }

    /// Articles asked for that no policy has.
    fn unknown_articles(&self, names: &[String]) -> Vec<Diagnostic> {
        let unknown = self.options.articles.iter().filter(|wanted| !names.iter().any(|name| is_chosen(wanted, name)));
        unknown
            .map(|wanted| {
                let parts = names.iter().flat_map(|name| std::iter::once(name.as_str()).chain(name.split('.')));
                let help = crate::nearest::nearest(wanted, parts).map_or_else(
                    || say!("写“政策.条文”的英文名", "write `policy.article`"),
                    |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
                );
                Diagnostic::error(
                    "unknown_article_name",
                    say!("没有名为 `{wanted}` 的条文或政策", "there is no article or policy called `{wanted}`"),
                )
                .help(help)
            })
            .collect()
    }

    fn waivers(&self, as_of: Date) -> Vec<Waiver> {
        let manifest = &self.project.manifest;
        let of = |waiver: &crate::workspace::Waiver| Waiver {
            article: waiver.article.clone(),
            item: waiver.item.clone(),
            authority: waiver.authority.clone(),
            reason: waiver.reason.clone(),
            until: waiver.until.map(|until| until.to_string()),
            expired: waiver.until.is_some_and(|until| until < as_of),
            place: Place::of(&self.project.manifest_source, waiver.span.clone()),
        };
        manifest.waivers.iter().map(of).collect()
    }
}

fn too_many_pairs() -> Diagnostic {
    let message = say!("有条文要两两比较的行太多，没有全部比较", "an article compares too many pairs of rows; not all were compared");
    let help =
        say!("在条件里加一个相等关系，如“部门 = 本行.部门”", "add an equality to its condition, such as `department = this.department`");
    Diagnostic::error("too_many_pairs", message).help(help)
}

fn is_chosen(wanted: &str, article: &str) -> bool {
    article == wanted || article.split_once('.').is_some_and(|(policy, name)| policy == wanted || name == wanted)
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
    verdicts
        .iter()
        .map(|verdict| {
            let (frame, row) = root_row(verdict);
            if verdict.outcome == Outcome::Vacuous { String::new() } else { show.key(frame, row) }
        })
        .collect()
}

/// `policy.article` of each article, then `policy.field` of each decision.
fn article_names(program: &Program) -> Vec<String> {
    let articles = program.articles.iter().map(|article| program.article_name(article));
    let decisions = program.decisions.iter().map(|decision| verdict::decision_name(program, decision));
    articles.chain(decisions).collect()
}

fn rows(program: &Program, data: &Data<'_>) -> Vec<(Bilingual, usize)> {
    let tables = program.schema.tables();
    tables
        .map(|(id, frame)| (Bilingual::new(frame.names.zh(), frame.names.en()), data.frames.get(id.0 as usize).map_or(0, |data| data.len)))
        .collect()
}
