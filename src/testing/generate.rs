//! Cases made from the policy: the boundary rows of its articles, each judged before it is written.

use super::engine::{self, Terms, demanded, plan};
use super::expect::{self, Target};
use super::suite::{Judged, Status, Suite};
use super::without::{Reached, Without, without};
use super::{file, reach};
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::engine::{Policy, RowRef, RuleId, Run};
use crate::finding::Outcome;
use crate::finding::Subject;
use crate::program::{Article, ArticleId, Language, Program};
use crate::prove::{Boundary, Fact, Prover, Side, Witness, quoted};
use crate::schema::{FieldId, FrameId, Schema, Type};
use crate::text::{Source, Span};
use crate::workspace::Member;
use crate::workspace::document::ordered;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;
use toml::de::DeTable;

/// Cases made for one policy.
#[derive(Debug, Default)]
pub struct Generated {
    /// The case file.
    pub text: String,
    /// How many cases it has.
    pub cases: usize,
    /// How many rows were found that could not be loaded, or that the evaluator judged otherwise
    /// when loaded.
    pub dropped: usize,
    /// Outcomes of articles for which there is no row.
    pub without: Vec<Without>,
    /// Mistakes of the policy.
    pub diagnostics: Vec<Diagnostic>,
}

/// One case on its way.
struct Draft {
    article: ArticleId,
    /// Its sentence, by index of judgements, and what it is at the boundary of; `None` for a fact
    /// that is missing.
    sentence: (usize, Option<Side>),
    /// What the row is at the boundary of, in words; a fact that is missing.
    about: String,
    missing: bool,
    witness: Witness,
    name: String,
    /// What came of it.
    got: Outcome,
    expect: Vec<String>,
}

impl Draft {
    fn new(
        article: ArticleId,
        sentence: (usize, Option<Side>),
        about: String,
        witness: Witness,
    ) -> Self {
        Self {
            article,
            sentence,
            about,
            missing: false,
            witness,
            name: String::new(),
            got: Outcome::Undetermined,
            expect: Vec::new(),
        }
    }
}

/// The boundary rows of a policy's own articles: of all, or of the one so called. `None` where
/// that is no article of this policy.
///
/// # Errors
/// Where nothing is called so.
pub fn generate(
    member: Member,
    as_of: Date,
    article: Option<&str>,
) -> Result<Option<Generated>, Box<Diagnostic>> {
    let mut made = Generated::default();
    let mut suite = Suite::of(member);
    let policy = {
        let (root, _) = DeTable::parse_recoverable(&suite.source.text);
        let file = file::read(&suite.source, root.get_ref()).0;
        let terms = Terms { as_of, parameters: Vec::new() };
        suite.compile(&suite.member.project.files, &file, &terms)
    };
    let all = suite.member.project.diagnostics.iter().chain(&policy.diagnostics);
    made.diagnostics = all.filter(|found| found.severity == Severity::Error).cloned().collect();
    if !made.diagnostics.is_empty() {
        return Ok(Some(made));
    }
    let module = suite.member.module;
    let language = language(&policy.program, module);
    let maker = Maker { policy: &policy, module, language };
    let asked = maker.asked(article)?;
    if asked.is_empty() {
        return Ok(None);
    }
    let drafts = maker.drafts(&asked);
    let head = head(&suite, as_of);
    let page = Page { schema: policy.schema(), language, head };
    let wanted = drafts.iter().filter(|draft| !draft.missing).count();
    suite.own = None;
    suite.unread.clear();
    suite.source = Source::new("", page.text(&drafts));
    let stated = stated(&suite.judge(""), drafts);
    suite.source = Source::new("", page.text(&stated));
    let passed: BTreeSet<String> = suite
        .judge("")
        .results
        .into_iter()
        .filter(|result| result.status == Status::Passed)
        .map(|result| result.name)
        .collect();
    let kept: Vec<Draft> =
        stated.into_iter().filter(|draft| passed.contains(&draft.name)).collect();
    made.dropped = wanted - kept.iter().filter(|draft| !draft.missing).count();
    made.cases = kept.len();
    let reached = |draft: &Draft| Reached {
        article: draft.article,
        sentence: draft.sentence.0,
        side: draft.sentence.1,
        got: draft.got,
    };
    let reached: Vec<Reached> = kept.iter().map(reached).collect();
    made.without = without(&policy, &asked, &reached);
    made.text = page.text(&kept);
    Ok(Some(made))
}

/// What the cases are judged by besides the policy: the day, and what the case file beside the
/// policy says instead of the manifest.
fn head(suite: &Suite, as_of: Date) -> String {
    let (root, _) = DeTable::parse_recoverable(&suite.source.text);
    let mut head = format!("as_of = {as_of}\n");
    if let Some(offset) = root.get_ref().get("offset") {
        let text = suite.source.text.get(offset.span()).unwrap_or_default();
        let _ = writeln!(head, "offset = {text}");
    }
    let parameters = root.get_ref().get("parameters").and_then(|value| value.get_ref().as_table());
    if parameters.is_some() {
        head.push_str("\n[parameters]\n");
    }
    for (name, value) in parameters.into_iter().flat_map(ordered) {
        let value = suite.source.text.get(value.span()).unwrap_or_default();
        let _ = writeln!(head, "{} = {value}", quoted(name.get_ref()));
    }
    head
}

fn language(program: &Program, module: usize) -> Language {
    program.modules.get(module).map_or(Language::Chinese, |module| module.language)
}

fn said(text: &Bilingual, language: Language) -> &str {
    if language == Language::English { &text.en } else { &text.zh }
}

/// Finds rows.
struct Maker<'a> {
    policy: &'a Policy,
    module: usize,
    language: Language,
}

impl Maker<'_> {
    /// The policy's own articles: all that can be judged, or those called so.
    fn asked(&self, wanted: Option<&str>) -> Result<Vec<ArticleId>, Box<Diagnostic>> {
        let called = wanted.map(|wanted| self.policy.rules.called(wanted)).transpose()?;
        let own = |(id, article): &(ArticleId, &Article)| {
            article.module == self.module
                && self.policy.judgements.iter().any(|found| found.article == *id)
                && called.as_ref().is_none_or(|called| called.contains(&RuleId::Article(*id)))
        };
        let all = (0..).map(ArticleId).zip(&self.policy.program.articles);
        Ok(all.filter(own).map(|(id, _)| id).collect())
    }

    fn drafts(&self, asked: &[ArticleId]) -> Vec<Draft> {
        let (graph, judgements) = (&self.policy.graph, &*self.policy.judgements);
        let prover = Prover { graph, judgements, today: self.policy.today };
        let mut drafts = Vec::new();
        for (at, judgement) in judgements.iter().enumerate() {
            let article = judgement.article;
            if !asked.contains(&article) {
                continue;
            }
            let mut found = prover.boundaries(at);
            drafts.extend(found.iter().map(|boundary| self.draft(article, boundary)));
            for (side, witness) in reach::missing(&prover, at, &found) {
                let sentence = (at, Some(side));
                drafts.push(Draft::new(article, sentence, String::new(), witness.clone()));
                found.push(Boundary { judgement: at, side, witness: Arc::new(witness) });
            }
            if let Some(first) = found.iter().find(|boundary| boundary.side == Side::Broken) {
                drafts.extend(self.missing(article, first, &prover.reads(at)));
            }
        }
        for (number, draft) in drafts.iter_mut().enumerate() {
            draft.name = number.to_string();
        }
        drafts
    }

    fn draft(&self, article: ArticleId, boundary: &Boundary) -> Draft {
        let program = &self.policy.program;
        let part = |id| self.excerpt(program.expr(id).span);
        let chinese = self.language == Language::Chinese;
        let about = match boundary.side {
            Side::Broken | Side::Kept => String::new(),
            Side::Outside(id) if chinese => format!("，除了“{}”", part(id)),
            Side::Outside(id) => format!(", all but `{}`", part(id)),
            Side::Excepted(id) | Side::Because(id) | Side::KeptBy(id) if chinese => {
                format!("，因为“{}”", part(id))
            }
            Side::Excepted(id) | Side::Because(id) | Side::KeptBy(id) => {
                format!(", because of `{}`", part(id))
            }
        };
        let sentence = (boundary.judgement, Some(boundary.side));
        Draft::new(article, sentence, about, (*boundary.witness).clone())
    }

    fn excerpt(&self, span: Span) -> String {
        let text = self
            .policy
            .phrases
            .sources
            .get(span.file)
            .and_then(|source| source.text.get(span.range()))
            .unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The row that breaks the article, without one of the facts the article reads.
    fn missing(
        &self,
        article: ArticleId,
        first: &Boundary,
        reads: &BTreeSet<(FrameId, FieldId)>,
    ) -> Vec<Draft> {
        let schema = &self.policy.program.schema;
        let mut drafts = Vec::new();
        for (frame, field) in reads {
            let row = Some(first.witness.subject)
                .filter(|at| first.witness.rows.get(*at).is_some_and(|row| row.frame == *frame));
            let row = row.or_else(|| first.witness.rows.iter().position(|row| row.frame == *frame));
            let (Some(at), Some(declared)) = (row, schema.field(*frame, *field)) else { continue };
            if declared.key || declared.default.is_some() {
                continue;
            }
            let mut witness = (*first.witness).clone();
            if let Type::List(inner) = declared.ty
                && witness.rows.iter().any(|row| row.frame == inner && row.parent == Some(at))
            {
                continue;
            }
            if let Some(row) = witness.rows.get_mut(at) {
                row.facts.insert(*field, Fact::Missing);
            }
            let name = self.language.called(&declared.names);
            let about = if self.language == Language::Chinese {
                format!("，缺“{name}”")
            } else {
                format!(", `{name}` is missing")
            };
            let sentence = (first.judgement, None);
            drafts.push(Draft { missing: true, ..Draft::new(article, sentence, about, witness) });
        }
        drafts
    }
}

/// The drafts that could be loaded, named by what came of them, with everything that is to be said
/// of them.
fn stated(judged: &Judged<'_>, drafts: Vec<Draft>) -> Vec<Draft> {
    let mut kept = Vec::new();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let ready =
        || judged.days.iter().flat_map(|day| day.cases.iter().map(move |ready| (day, ready)));
    for draft in drafts {
        let Some((day, ready)) =
            ready().find(|(_, ready)| ready.case.name == draft.name && ready.faults.is_empty())
        else {
            continue;
        };
        let made = state(&ready.run(&day.policy), ready.module, draft);
        let Some(mut draft) = made else { continue };
        let count = names.entry(draft.name.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            let _ = write!(draft.name, " ({count})");
        }
        kept.push(draft);
    }
    kept
}

fn state(run: &Run, module: usize, mut draft: Draft) -> Option<Draft> {
    let program = run.program();
    let (schema, language) = (&program.schema, language(program, module));
    let (table, key, path) = draft.witness.called(schema, language)?;
    let name = language.called(&schema.frame(table)?.names);
    let RowRef { frame, row } = engine::find(run, name, &key, path.as_deref())?;
    let target = Target { article: Some(draft.article), frame, row };
    let got = expect::outcome(run, target);
    if (got == Outcome::Undetermined) != draft.missing {
        return None;
    }
    draft.got = got;
    let others = expect::findings(run, module).into_iter().filter(|(other, _)| *other != target);
    draft.expect = std::iter::once((target, got))
        .chain(others)
        .filter_map(|(target, got)| expectation(run, language, target, got))
        .collect();
    let article = program.article(draft.article)?;
    let number = run.policy.heading(article);
    draft.name = format!(
        "{}{}{}{}",
        said(&number, language),
        if language == Language::Chinese { "：" } else { ": " },
        said(&got.said(), language),
        draft.about
    );
    Some(draft)
}

/// What a case calls a row: its key, or its number where it has none. People give the only row of a
/// table of one no number; for a case it is the first.
fn case_key(row: &Subject) -> String {
    row.key.clone().unwrap_or_else(|| row.number.max(1).to_string())
}

fn expectation(run: &Run, language: Language, target: Target, got: Outcome) -> Option<String> {
    let program = run.program();
    let row = run.subject(target.frame, target.row);
    let mut entries =
        vec![format!("{} = {}", quoted(said(&row.table, language)), quoted(&case_key(&row)))];
    if let Some(path) = &row.path {
        entries.push(format!("path = {}", quoted(said(path, language))));
    }
    if let Some(id) = target.article {
        entries.push(format!("article = {}", quoted(language.called(&program.article(id)?.names))));
    }
    entries.push(format!("outcome = {}", quoted(said(&got.said(), language))));
    let demands =
        run.policy.judgements.iter().any(|judgement| {
            Some(judgement.article) == target.article && judgement.demand.is_some()
        });
    if demands
        && got == Outcome::Violated
        && let Some(demanded) =
            plan(run, target.frame).and_then(|plan| demanded(run, plan, target.row))
    {
        entries.push(format!("demanded = {}", quoted(said(&demanded, language))));
    }
    Some(format!("{{ {} }}", entries.join(", ")))
}

/// Writes case files.
struct Page<'a> {
    schema: &'a Schema,
    language: Language,
    /// What stands before the rows.
    head: String,
}

/// Table, then field: the value of rows that do not say otherwise.
type Defaults = BTreeMap<FrameId, BTreeMap<String, String>>;

/// Rows of a table; by field, how many of them have a value.
type Counts = (usize, BTreeMap<String, BTreeMap<String, usize>>);

impl Page<'_> {
    fn text(&self, drafts: &[Draft]) -> String {
        let defaults = self.defaults(drafts);
        let mut out = self.head.clone();
        for (table, fields) in &defaults {
            let _ = write!(out, "\n[default.{}]\n", self.table(*table));
            for (name, value) in fields {
                let _ = writeln!(out, "{name} = {value}");
            }
        }
        for draft in drafts {
            let _ = write!(out, "\n[[case]]\nname = {}\n", quoted(&draft.name));
            for (table, rows) in draft.witness.written(self.schema, self.language) {
                let usual = |name: &String, value: &String| {
                    defaults.get(&table).and_then(|own| own.get(name)) == Some(value)
                };
                let row = |row: &Vec<(String, String)>| {
                    let fields = row
                        .iter()
                        .filter(|(name, value)| !usual(name, value))
                        .map(|(name, value)| format!("{name} = {value}"));
                    let fields = fields.collect::<Vec<_>>().join(", ");
                    if fields.is_empty() { "{}".to_owned() } else { format!("{{ {fields} }}") }
                };
                let _ = writeln!(
                    out,
                    "{} = [{}]",
                    self.table(table),
                    rows.iter().map(row).collect::<Vec<_>>().join(", ")
                );
            }
            if !draft.expect.is_empty() {
                let _ = writeln!(out, "expect = [{}]", draft.expect.join(", "));
            }
        }
        out
    }

    fn table(&self, table: FrameId) -> String {
        quoted(self.schema.frame(table).map_or("", |frame| self.language.called(&frame.names)))
    }

    /// Values that most rows of a table have, of fields that no row lacks.
    fn defaults(&self, drafts: &[Draft]) -> Defaults {
        let mut counts: BTreeMap<FrameId, Counts> = BTreeMap::new();
        for (table, rows) in
            drafts.iter().flat_map(|draft| draft.witness.written(self.schema, self.language))
        {
            let found = counts.entry(table).or_default();
            found.0 += rows.len();
            for (name, value) in rows.into_iter().flatten() {
                *found.1.entry(name).or_default().entry(value).or_insert(0) += 1;
            }
        }
        let usual = |(table, (rows, fields)): (FrameId, Counts)| {
            let key = self.schema.frame(table).and_then(|frame| frame.field(frame.key()?));
            let key = key.map(|key| quoted(self.language.called(&key.names)));
            let open = fields.into_iter().filter(|(name, values)| {
                values.values().sum::<usize>() == rows && Some(name) != key.as_ref()
            });
            let most = open.filter_map(|(name, values)| {
                values.into_iter().max_by_key(|(_, count)| *count).map(|(value, _)| (name, value))
            });
            (table, most.collect::<BTreeMap<String, String>>())
        };
        counts
            .into_iter()
            .filter(|(_, (rows, _))| *rows > 1)
            .map(usual)
            .filter(|(_, fields)| !fields.is_empty())
            .collect()
    }
}
