//! Cases made from the policy: the boundary rows of its articles, each judged before it is written.

use super::engine::{self, demanded, plan, settings};
use super::expect::{self, Target};
use super::file::CaseFile;
use super::suite::{Judged, Status, Suite};
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::engine::{Policy, RowRef, RuleId, Run, Texts};
use crate::finding::Outcome;
use crate::finding::Subject;
use crate::program::{ArticleId, Language, Program};
use crate::prove::{Boundary, Fact, Prover, Side, Witness, quoted};
use crate::schema::{FieldId, FrameId, Names, Schema, Type};
use crate::text::{Source, Span};
use crate::workspace::Project;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

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
    /// Articles for which there is no row.
    pub without: Vec<Bilingual>,
    /// Mistakes of the policy.
    pub diagnostics: Vec<Diagnostic>,
}

/// One case on its way.
struct Draft {
    article: ArticleId,
    /// What the row is at the boundary of, in words; a fact that is missing.
    about: String,
    missing: bool,
    witness: Witness,
    name: String,
    expect: Vec<String>,
}

/// The boundary rows of a policy's own articles: of all, or of the one so called. `None` where
/// there is no such article.
#[must_use]
pub fn generate(project: Project, as_of: Date, article: Option<&str>) -> Option<Generated> {
    let mut made = Generated::default();
    let texts = Texts {
        sources: project.sources.clone(),
        files: project.files.clone(),
        diagnostics: Vec::new(),
    };
    let settings = settings(&CaseFile::default(), &Source::new("", ""), as_of);
    let policy = Policy::compile(texts, &settings);
    let all = project.diagnostics.iter().chain(&policy.diagnostics);
    made.diagnostics = all.filter(|found| found.severity == Severity::Error).cloned().collect();
    if !made.diagnostics.is_empty() {
        return Some(made);
    }
    let language = language(&policy.program);
    let maker = Maker { policy: &policy, language };
    let drafts = maker.drafts(article, &mut made.without)?;
    let page = Page { schema: policy.schema(), language, as_of };
    let wanted = drafts.iter().filter(|draft| !draft.missing).count();
    let mut suite = Suite {
        project,
        source: Source::new("", page.text(&drafts)),
        own: None,
        snapshots: PathBuf::new(),
    };
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
    made.text = page.text(&kept);
    Some(made)
}

fn language(program: &Program) -> Language {
    program.modules.first().map_or(Language::Chinese, |module| module.language)
}

fn named(names: &Names, language: Language) -> &str {
    if language == Language::English { names.en() } else { names.zh() }
}

fn said(text: &Bilingual, language: Language) -> &str {
    if language == Language::English { &text.en } else { &text.zh }
}

/// Finds rows.
struct Maker<'a> {
    policy: &'a Policy,
    language: Language,
}

impl Maker<'_> {
    fn drafts(&self, wanted: Option<&str>, without: &mut Vec<Bilingual>) -> Option<Vec<Draft>> {
        let program = &self.policy.program;
        let (graph, judgements) = (&self.policy.graph, &*self.policy.judgements);
        let prover = Prover { graph, judgements, today: self.policy.today };
        let asked = wanted.map(|wanted| self.policy.rules.called(wanted).unwrap_or_default());
        let (mut drafts, mut known): (Vec<Draft>, bool) = (Vec::new(), wanted.is_none());
        for (at, judgement) in judgements.iter().enumerate() {
            let own = program.article(judgement.article).filter(|article| article.module == 0);
            let Some(article) = own else { continue };
            let rule = RuleId::Article(judgement.article);
            if asked.as_ref().is_some_and(|asked| !asked.contains(&rule)) {
                continue;
            }
            known = true;
            let found = prover.boundaries(at);
            if found.is_empty() {
                without.push(crate::prove::heading(&prover, article));
            }
            for boundary in &found {
                drafts.push(self.draft(judgement.article, boundary));
            }
            if let Some(first) = found.iter().find(|boundary| boundary.side == Side::Broken) {
                drafts.extend(self.missing(judgement.article, first, &prover.reads(at)));
            }
        }
        for (number, draft) in drafts.iter_mut().enumerate() {
            draft.name = number.to_string();
        }
        known.then_some(drafts)
    }

    fn draft(&self, article: ArticleId, boundary: &Boundary) -> Draft {
        let program = &self.policy.program;
        let part = |id| self.excerpt(program.expr(id).span);
        let chinese = self.language == Language::Chinese;
        let about = match boundary.side {
            Side::Broken | Side::Kept => String::new(),
            Side::Outside(id) if chinese => format!("，除了“{}”", part(id)),
            Side::Outside(id) => format!(", all but `{}`", part(id)),
            Side::Excepted(id) if chinese => format!("，因为“{}”", part(id)),
            Side::Excepted(id) => format!(", because of `{}`", part(id)),
        };
        Draft {
            article,
            about,
            missing: false,
            witness: (*boundary.witness).clone(),
            name: String::new(),
            expect: Vec::new(),
        }
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
            let name = named(&declared.names, self.language);
            let about = if self.language == Language::Chinese {
                format!("，缺“{name}”")
            } else {
                format!(", `{name}` is missing")
            };
            drafts.push(Draft {
                article,
                about,
                missing: true,
                witness,
                name: String::new(),
                expect: Vec::new(),
            });
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
        let made = state(&ready.run(&day.policy), draft);
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

fn state(run: &Run, mut draft: Draft) -> Option<Draft> {
    let program = run.program();
    let (schema, language) = (&program.schema, language(program));
    let (table, key, path) = draft.witness.called(schema, language)?;
    let name = named(&schema.frame(table)?.names, language);
    let RowRef { frame, row } = engine::find(run, name, &key, path.as_deref())?;
    let target = Target { article: Some(draft.article), frame, row };
    let got = expect::outcome(run, target);
    if (got == Outcome::Undetermined) != draft.missing {
        return None;
    }
    let others = expect::findings(run).into_iter().filter(|(other, _)| *other != target);
    draft.expect = std::iter::once((target, got))
        .chain(others)
        .filter_map(|(target, got)| expectation(run, target, got))
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

/// What a case calls a row: its key, or its number where it has none.
fn case_key(row: &Subject) -> String {
    row.key.clone().unwrap_or_else(|| row.number.to_string())
}

fn expectation(run: &Run, target: Target, got: Outcome) -> Option<String> {
    let program = run.program();
    let language = language(program);
    let row = run.subject(target.frame, target.row);
    let mut entries =
        vec![format!("{} = {}", quoted(said(&row.table, language)), quoted(&case_key(&row)))];
    if let Some(path) = &row.path {
        entries.push(format!("path = {}", quoted(said(path, language))));
    }
    if let Some(id) = target.article {
        entries.push(format!("article = {}", quoted(named(&program.article(id)?.names, language))));
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
    as_of: Date,
}

/// Table, then field: the value of rows that do not say otherwise.
type Defaults = BTreeMap<FrameId, BTreeMap<String, String>>;

/// Rows of a table; by field, how many of them have a value.
type Counts = (usize, BTreeMap<String, BTreeMap<String, usize>>);

impl Page<'_> {
    fn text(&self, drafts: &[Draft]) -> String {
        let defaults = self.defaults(drafts);
        let mut out = format!("as_of = {}\n", self.as_of);
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
                    format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
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
        quoted(self.schema.frame(table).map_or("", |frame| named(&frame.names, self.language)))
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
            let key = key.map(|key| quoted(named(&key.names, self.language)));
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
