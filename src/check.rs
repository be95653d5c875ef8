//! Rank 5: the main job: compile, load, judge, and hand the report on.

use crate::analysis::{self, Analysis, Settings};
use crate::builtin::World;
use crate::data::{self, Data, Input, Needed};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::eval::Evaluator;
use crate::finding::{Findings, Outcome, Report};
use crate::lowering::{self, Graph, Lowered, Op};
use crate::place::Place;
use crate::program::Program;
use crate::say;
use crate::schema::{FieldId, FrameId, Schema};
use crate::text::Sources;
use crate::value::calendar::WorkingCalendar;
use crate::value::date::day_number;
use crate::verdict::waiver::{self, Waiver};
use crate::verdict::{self, Explainer, Phrases, Show, Verdict};
use crate::workspace::{Opened, Project};
use jiff::civil::Date;
use std::collections::BTreeMap;

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
    let settings = Settings { as_of: day_number(as_of), parameters: project.manifest.parameters.clone() };
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
    let needed = needed(&analysis.program.schema, &lowered.0);
    let inputs: Vec<Input<'_>> = opened.iter().map(Opened::input).collect();
    let (data, found) = data::load(&analysis.program.schema, &needed, &inputs);
    diagnostics.extend(found);
    diagnostics.extend(citations(&analysis.program, &project.sources, &data, options.as_of.or(project.manifest.as_of)));
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
        let calendar = calendar(graph, self.data);
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
                    |near| say!("是不是“{near}”？", "did you mean `{near}`?"),
                );
                Diagnostic::error(
                    "unknown_article_name",
                    say!("没有名为“{wanted}”的条文或政策", "there is no article or policy called `{wanted}`"),
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

/// The columns any policy reads.
#[must_use]
pub fn needed(schema: &Schema, graph: &Graph<'_>) -> Needed {
    let mut needed: Needed = schema.frames.iter().map(|frame| vec![false; frame.fields.len()]).collect();
    for node in &graph.nodes {
        let (Op::Column(frame, field) | Op::Bits(frame, field) | Op::Present(frame, field) | Op::Unread(frame, field)) = &node.op else {
            continue;
        };
        if let Some(slot) = needed.get_mut(frame.0 as usize).and_then(|fields| fields.get_mut(field.0 as usize)) {
            *slot = true;
        }
    }
    for (id, frame) in (0..).map(FrameId).zip(&schema.frames) {
        let Some(citable) = &frame.citable else { continue };
        for field in citable.titles.iter().chain(&citable.from).chain(&citable.to) {
            if let Some(slot) = needed.get_mut(id.0 as usize).and_then(|fields| fields.get_mut(field.0 as usize)) {
                *slot = true;
            }
        }
    }
    needed
}

/// The working calendar, from its table.
fn calendar(graph: &Graph<'_>, data: &Data<'_>) -> Option<WorkingCalendar> {
    let calendar = graph.program.calendar.as_ref()?;
    let evaluator = Evaluator::new(graph, &data.frames, World { today: 0, calendar: None });
    let frame = data.frames.get(calendar.frame.0 as usize)?;
    let column = frame.column(calendar.date)?;
    let crate::value::Values::Ints(days) = &column.values else { return None };
    let holds = |expr, row: usize| {
        graph.lowered.iter().any(|((id, context), lowered)| {
            let own = graph.context(*context).domain == lowering::Domain::Frame(calendar.frame);
            *id == expr && own && matches!(lowered, Lowered::Truth(rails) if evaluator.holds(rails.t, row))
        })
    };
    let mut exceptions = BTreeMap::new();
    for row in column.present.iter() {
        let Some(day) = days.get(row) else { continue };
        if holds(calendar.on, row) {
            exceptions.insert(*day, true);
        } else if holds(calendar.off, row) {
            exceptions.insert(*day, false);
        }
    }
    Some(WorkingCalendar::new(&calendar.rest, &exceptions))
}

/// Citations of what no citable table has, or has only out of force on the day.
fn citations(program: &Program, sources: &Sources, data: &Data<'_>, as_of: Option<Date>) -> Vec<Diagnostic> {
    let tables: Vec<FrameId> = program.schema.tables().filter(|(_, frame)| frame.citable.is_some()).map(|(id, _)| id).collect();
    if tables.is_empty() {
        return Vec::new();
    }
    let titles: Vec<(String, FrameId, usize)> = tables.iter().flat_map(|table| titles(&program.schema, data, *table)).collect();
    let mut diagnostics = Vec::new();
    for cite in program.articles.iter().filter(|article| article.in_effect).flat_map(|article| &article.cites) {
        let title = &cite.title;
        let place = Place::policy(sources, cite.span);
        match titles.iter().find(|(known, _, _)| known == title) {
            None => {
                let near = crate::nearest::nearest(title, titles.iter().map(|(known, _, _)| known.as_str()));
                let help = near.map_or_else(
                    || say!("把它补进被引用的表，或更正题名", "add it to the cited table, or correct the title"),
                    |near| say!("是不是《{near}》？", "did you mean 《{near}》?"),
                );
                let message = say!("所引《{title}》不在被引用的表里", "《{title}》 is not in the cited table");
                diagnostics.push(Diagnostic::error("unknown_citation", message).help(help).at(place, Bilingual::default()));
            }
            Some((_, table, row)) => {
                if let Some(message) = as_of.and_then(|as_of| out_of_force(program, data, (*table, *row), day_number(as_of), title)) {
                    let help = say!("改引现行有效的规定", "cite what is in force");
                    diagnostics.push(Diagnostic::error("citation_not_in_force", message).help(help).at(place, Bilingual::default()));
                }
            }
        }
    }
    diagnostics
}

fn titles(schema: &Schema, data: &Data<'_>, table: FrameId) -> Vec<(String, FrameId, usize)> {
    let fields = schema.frame(table).and_then(|frame| frame.citable.as_ref()).map_or(&[][..], |citable| &citable.titles);
    let Some(frame) = data.frames.get(table.0 as usize) else { return Vec::new() };
    let mut found = Vec::new();
    for column in fields.iter().filter_map(|field| frame.column(*field)) {
        if let crate::value::Values::Texts(texts) = &column.values {
            found.extend(column.present.iter().map(|row| (texts.get(row).to_owned(), table, row)));
        }
    }
    found
}

/// Why a cited row is not in force on a day; `None` where it is, or its days are not known.
fn out_of_force(program: &Program, data: &Data<'_>, (table, row): (FrameId, usize), today: i64, title: &str) -> Option<Bilingual> {
    let citable = program.schema.frame(table)?.citable.as_ref()?;
    let frame = data.frames.get(table.0 as usize)?;
    let day = |field: Option<FieldId>| {
        let column = frame.column(field?)?;
        match &column.values {
            crate::value::Values::Ints(days) if column.present.get(row) => days.get(row).copied(),
            _ => None,
        }
    };
    let shown = |day: i64| crate::value::date::day_date(day).map_or_else(String::new, |date| date.to_string());
    if let Some(from) = day(citable.from).filter(|from| *from > today) {
        let from = shown(from);
        return Some(say!("所引《{title}》{from} 才施行", "《{title}》 takes effect only on {from}"));
    }
    let to = shown(day(citable.to).filter(|to| *to <= today)?);
    Some(say!("所引《{title}》已于 {to} 废止", "《{title}》 was repealed on {to}"))
}
