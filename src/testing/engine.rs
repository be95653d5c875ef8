//! One compiled policy and one loaded case: what came of each article for each row.

use super::file::{CaseFile, Rows};
use super::outcome::Outcome;
use crate::analysis::{self, Analysis, Settings};
use crate::builtin::World;
use crate::data::{self, Data, Input, Mapping, Needed, Store};
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::eval::Evaluator;
use crate::lowering::{self, DecisionPlan, Graph, Judgement};
use crate::nearest::nearest;
use crate::place::Place;
use crate::program::{ArticleId, Clause, Program};
use crate::say;
use crate::schema::{FrameId, Schema};
use crate::syntax::{tree, word};
use crate::text::{Source, Sources};
use crate::value::calendar::WorkingCalendar;
use crate::value::date::day_number;
use crate::verdict::{self, Show};
use jiff::civil::Date;

/// A text in memory as the loader reads it.
pub struct Text<'d>(pub &'d str);

impl Store for Text<'_> {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read(&self, start: u64, end: u64) -> std::io::Result<Vec<u8>> {
        let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(self.0.len());
        Ok(self.0.as_bytes().get(at(start)..at(end)).unwrap_or_default().to_vec())
    }
}

/// What a policy means on a day.
pub fn analyse(
    files: &[tree::File],
    sources: &Sources,
    file: &CaseFile<'_>,
    source: &Source,
    as_of: Date,
) -> Analysis {
    let settings = Settings {
        as_of: day_number(as_of),
        offset: file.offset,
        parameters: file.parameters.iter().map(|set| set.setting(source)).collect(),
        parameters_lost: false,
        lost: false,
    };
    analysis::analyze(files, sources, &settings)
}

/// A program ready to judge.
pub struct Engine<'p> {
    /// The graph.
    pub graph: Graph<'p>,
    /// The sentences.
    pub judgements: Vec<Judgement>,
    /// The decisions.
    pub decisions: Vec<DecisionPlan>,
    /// The day.
    pub today: i64,
}

impl<'p> Engine<'p> {
    /// Lowers a program.
    #[must_use]
    pub fn new(program: &'p Program, as_of: Date) -> Self {
        let (graph, judgements, decisions, _) = lowering::lower(program);
        Self { graph, judgements, decisions, today: day_number(as_of) }
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &'p Program {
        self.graph.program
    }

    /// The calendar a case declares, and what is wrong with it.
    #[must_use]
    pub fn calendar(&self, data: &Data<'_>) -> (Option<WorkingCalendar>, Vec<Diagnostic>) {
        crate::check::calendar::calendar(&self.graph, data)
    }

    /// An evaluator for one case.
    #[must_use]
    pub fn run<'r>(&'r self, data: &'r Data<'r>, calendar: Option<&'r WorkingCalendar>) -> Run<'r> {
        let world = World { today: self.today, offset: self.graph.program.schema.offset, calendar };
        Run { engine: self, evaluator: Evaluator::new(&self.graph, &data.frames, world), data }
    }
}

/// One case being judged.
pub struct Run<'r> {
    /// The program.
    pub engine: &'r Engine<'r>,
    /// The evaluator over the case's rows.
    pub evaluator: Evaluator<'r>,
    /// The case's rows.
    pub data: &'r Data<'r>,
}

impl Run<'_> {
    /// What became of one sentence for a row.
    #[must_use]
    pub fn outcome(&self, judgement: &Judgement, row: usize) -> Outcome {
        let holds = |node| self.evaluator.holds(node, row);
        let outcomes = judgement.outcomes;
        if holds(outcomes.violated) {
            return self.broken(judgement, row);
        }
        let known = [
            (outcomes.satisfied, Outcome::Satisfied),
            (outcomes.exempt, Outcome::Exempt),
            (outcomes.not_applicable, Outcome::NotApplicable),
        ];
        known
            .into_iter()
            .find(|(node, _)| holds(*node))
            .map_or(Outcome::Undetermined, |(_, outcome)| outcome)
    }

    fn broken(&self, judgement: &Judgement, row: usize) -> Outcome {
        let article = self.engine.program().article(judgement.article);
        let clause = article
            .and_then(|article| article.sentences.get(judgement.sentence))
            .map(|sentence| &sentence.clause);
        match (clause, judgement.demand) {
            (Some(Clause::Refer(_)), _) => Outcome::Referred,
            (_, Some((decision, _))) => {
                let plan = self.engine.decisions.iter().find(|plan| plan.decision == decision);
                let clash = plan.is_some_and(|plan| self.evaluator.holds(plan.conflict, row));
                if clash { Outcome::Conflict } else { Outcome::Violated }
            }
            _ => Outcome::Violated,
        }
    }

    /// What became of an article for a row of a frame: the worst of its sentences about it; not
    /// applicable where it is not in effect.
    #[must_use]
    pub fn of_article(&self, article: ArticleId, frame: FrameId, row: usize) -> Outcome {
        let own = self
            .engine
            .judgements
            .iter()
            .filter(|judgement| judgement.article == article && judgement.frame == frame);
        own.map(|judgement| self.outcome(judgement, row)).min().unwrap_or(Outcome::NotApplicable)
    }

    /// What became of a row where only 否则 speaks: not applicable where an article does.
    #[must_use]
    pub fn of_decision(&self, plan: &DecisionPlan, row: usize) -> Outcome {
        let holds = |node| self.evaluator.holds(node, row);
        if holds(plan.conflict) {
            return Outcome::Conflict;
        }
        let Some(choice) =
            plan.options.iter().chain(&plan.otherwise).find(|choice| holds(choice.required))
        else {
            return if holds(plan.free) { Outcome::NotApplicable } else { Outcome::Undetermined };
        };
        if holds(choice.declared.f) {
            Outcome::Violated
        } else if holds(choice.declared.t) {
            Outcome::Satisfied
        } else {
            Outcome::Undetermined
        }
    }

    /// The disposition required of a row, by decision.
    #[must_use]
    pub fn demanded(&self, plan: &DecisionPlan, row: usize) -> Option<Bilingual> {
        let choice = plan
            .options
            .iter()
            .chain(&plan.otherwise)
            .find(|choice| self.evaluator.holds(choice.required, row))?;
        self.disposition(plan, choice.disposition)
    }

    fn disposition(&self, plan: &DecisionPlan, value: usize) -> Option<Bilingual> {
        let program = self.engine.program();
        let names = &program
            .schema
            .enumeration(program.decisions.get(plan.decision)?.dispositions)?
            .values
            .get(value)?
            .names;
        Some(Bilingual::new(names.zh(), names.en()))
    }

    /// The decision about rows of a frame.
    #[must_use]
    pub fn plan(&self, frame: FrameId) -> Option<&DecisionPlan> {
        let decisions = &self.engine.program().decisions;
        self.engine.decisions.iter().find(|plan| {
            decisions.get(plan.decision).is_some_and(|decision| decision.frame == frame)
        })
    }

    /// The row of a table with a key, then the element a path leads to.
    #[must_use]
    pub fn find(&self, table: &str, key: &str, path: Option<&str>) -> Option<(FrameId, usize)> {
        let schema = &self.engine.program().schema;
        let mut frame =
            schema.tables().find(|(_, frame)| frame.names.matches(table)).map(|(id, _)| id)?;
        let show = Show { evaluator: &self.evaluator };
        let mut row =
            (0..self.evaluator.frame(frame)?.len).find(|row| show.key(frame, *row) == key)?;
        for part in path.into_iter().flat_map(|path| path.split('.')) {
            let (name, index) = part.strip_suffix(']')?.split_once('[')?;
            let field =
                schema.frame(frame)?.fields.iter().find(|field| field.names.matches(name))?;
            let crate::schema::Type::List(child) = field.ty else { return None };
            let elements = self.evaluator.frame(child)?.elements(row);
            row = elements.clone().nth(index.parse().ok()?)?;
            frame = child;
        }
        Some((frame, row))
    }

    /// An article by `policy.article`, its name or its number; the policy's own come first.
    #[must_use]
    pub fn article(&self, name: &str) -> Option<ArticleId> {
        let program = self.engine.program();
        let all = || (0..).map(ArticleId).zip(&program.articles);
        let called = |article: &crate::program::Article| {
            let numbers =
                [word::article_number(article.number), word::english_number(article.number)];
            article.names.matches(name) || numbers.iter().any(|number| number == name)
        };
        let own = all().find(|(_, article)| article.module == 0 && called(article));
        let other =
            || all().find(|(_, article)| program.article_name(article) == name || called(article));
        own.or_else(other).map(|(id, _)| id)
    }

    /// Whether a name is that of a decision (`policy.field`).
    #[must_use]
    pub fn decision(&self, name: &str) -> bool {
        let program = self.engine.program();
        program.decisions.iter().any(|decision| verdict::decision_name(program, decision) == name)
    }
}

/// Which columns to keep: all, so that any mutant finds what it reads.
fn everything(schema: &Schema) -> Needed {
    schema.frames.iter().map(|frame| vec![true; frame.fields.len()]).collect()
}

/// The inputs of one case: what is given, then its own rows.
pub fn inputs<'d>(
    schema: &Schema,
    source: &Source,
    store: &'d Text<'d>,
    rows: impl Iterator<Item = &'d Rows<'d>>,
) -> (Vec<Input<'d>>, Vec<Diagnostic>) {
    let mut inputs = Vec::new();
    let mut diagnostics = Vec::new();
    for rows in rows {
        let table = schema.tables().find(|(_, frame)| frame.names.matches(rows.table));
        match table {
            Some((frame, _)) => inputs.push(Input {
                frame,
                name: source.name.clone(),
                format: data::Format::Toml,
                mapping: Mapping { encoding: Some("utf-8".to_owned()), ..Mapping::default() },
                inline: Some(rows.inline),
                store,
            }),
            None => diagnostics.push(unknown_table(
                schema,
                rows.table,
                Place::of(source, rows.span.clone()),
            )),
        }
    }
    (inputs, diagnostics)
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

/// Loads one case.
pub fn load<'a>(schema: &'a Schema, inputs: &'a [Input<'a>]) -> (Data<'a>, Vec<Diagnostic>) {
    let (data, mut found) = data::load(schema, &everything(schema), inputs);
    found.retain(|diagnostic| diagnostic.severity == Severity::Error);
    (data, found)
}
