//! Rank 8: the same verdicts as SQL, for an engine that already runs elsewhere. The one graph is
//! written as views: what an operation means is said in `eval`, and `tests/engines.rs` holds every
//! view against it, row by row. What has no SQL is refused by name.
//!
//! A truth is never NULL, a value is NULL where it is not known, and no NULL reaches a connective.

mod define;
mod dialect;
mod exact;
mod export;
mod fold;
mod function;
mod held;
mod layout;
mod measure;
mod note;
mod pattern;
mod plan;
mod query;
mod tables;
mod template;
mod verdict;
mod warehouse;

pub use dialect::Dialect;
pub use export::{export, export_over};
pub use function::refused_function;

use crate::diagnostic::Bilingual;
use crate::engine::{Policy, RuleId};
use crate::program::ArticleId;
use crate::syntax::word;
use crate::workspace::Warehouse;
use define::{Definer, Refused};
use dialect::{Steps, quoted};
use layout::{DECISIONS, Layout, MEASURES, Names, VERDICTS};
use query::{Query, Step};
use warehouse::Places;

/// The first line of each file: by it the files of articles that are gone are known.
pub const MARK: &str = "-- fanshi emit sql";

/// A file to be written.
///
/// # Examples
///
/// ```
/// use fanshi::{Dialect, Options, Project, emit};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let tables = &emit(&policy, Dialect::DuckDb).files[0];
/// assert_eq!(tables.name, "00-tables.sql");
/// assert!(tables.text.contains("CREATE TABLE \"book\""));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emitted {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// What became of a policy in SQL.
///
/// # Examples
///
/// ```
/// use fanshi::{Dialect, Options, Project, emit};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let emission = emit(&policy, Dialect::DuckDb);
/// assert!(emission.rules.iter().all(|(_, refused)| refused.is_none()));
/// ```
#[derive(Clone, Debug)]
pub struct Emission {
    /// The files, in the order in which they are run.
    pub files: Vec<Emitted>,
    /// Every article in effect and every decision, with why it has no SQL where it has none.
    pub rules: Vec<(RuleId, Option<Bilingual>)>,
    /// Every measure by its name, with why it has no SQL where it has none.
    pub measures: Vec<(String, Option<Bilingual>)>,
}

/// The views of a policy. What an article needs that the dialect cannot say is refused; the others
/// are written all the same.
///
/// # Examples
///
/// ```
/// use fanshi::{Dialect, Options, Project, emit};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let emission = emit(&policy, Dialect::DuckDb);
/// let thick = emission.files.iter().find(|file| file.name == "10-library_thick.sql").unwrap();
/// assert!(thick.text.contains("CREATE VIEW \"verdict_library_thick\""));
/// ```
#[must_use]
pub fn emit(policy: &Policy, dialect: Dialect) -> Emission {
    emit_over(policy, dialect, &[])
}

/// The views of a policy over the tables of a warehouse, as `[sql]` of a manifest names them; over
/// exported rows where it names none.
///
/// # Examples
///
/// ```
/// use fanshi::{Dialect, Memory, Options, Project, emit_over};
/// use std::sync::Arc;
///
/// let manifest = "[project]\nname = \"a\"\npolicies = [\"a.fan\"]\n[sql]\nbook = \"ods.books\"\n";
/// let policy = "policy a\ntable book { code : text key  pages : integer }\n\
///     article 1 thin whenever book, pages must not exceed 500.\n";
/// let files = Memory::new().with("fanshi.toml", manifest).with("a.fan", policy);
/// let project = Project::read_in(Arc::new(files), "".as_ref());
/// let policy = project.policy(&Options::default());
/// let (warehouse, _) = project.warehouse(policy.schema());
/// let tables = &emit_over(&policy, Dialect::Spark, &warehouse).files[0];
/// assert!(tables.text.contains("FROM `ods`.`books` AS s"));
/// ```
#[must_use]
pub fn emit_over(policy: &Policy, dialect: Dialect, warehouse: &[Warehouse]) -> Emission {
    let layout = Layout::of(policy, dialect);
    let notes = note::notes(policy);
    let definer = Definer { policy, layout: &layout, dialect, notes: &notes, number: 0 };
    let mut views =
        Views { dialect, names: Names::of(dialect), files: Vec::new(), verdicts: Vec::new() };
    layout.tables.iter().for_each(|table| drop(views.names.take(&table.name)));
    views.tables(definer, warehouse);
    let mut rules = Vec::new();
    let mut decisions = Vec::new();
    for (id, article) in (0..).map(ArticleId).zip(&policy.program.articles) {
        if !article.in_effect {
            continue;
        }
        let rule = RuleId::Article(id);
        let definer = Definer { number: views.files.len(), ..definer };
        let query = verdict::article(definer, id);
        rules.push((rule, views.rule(policy, rule, query)));
    }
    for plan in &policy.decisions {
        let rule = RuleId::decision(plan.decision);
        let definer = Definer { number: views.files.len(), ..definer };
        let refused = match verdict::otherwise(definer, plan) {
            Some(query) => views.rule(policy, rule, query),
            None => None,
        };
        let refused = refused.or_else(|| {
            let definer = Definer { number: views.files.len(), ..definer };
            let query = verdict::decision(definer, plan);
            match query {
                Err(refused) => Some(refused),
                Ok(query) => {
                    let name = views.names.take(&format!("decision_{}", policy.rules.code(rule)));
                    let head = comment(&policy.rules.heading(rule));
                    views.add(&format!("20-{name}"), view(dialect, &name, &head, &query));
                    decisions.push(name);
                    None
                }
            }
        });
        rules.push((rule, refused));
    }
    let (figures, measures) = views.measures(definer);
    let mut all = comment(&Bilingual::new(
        "各视图的全部结果，一个视图接一个视图地算；有了新的行，再运行一遍",
        "what all views say, one after another; to be run again after new rows",
    ));
    for (name, views) in
        [VERDICTS, DECISIONS, MEASURES].into_iter().zip([&views.verdicts, &decisions, &figures])
    {
        all.push_str(&tables::filled(dialect, name, views));
    }
    views.add("90-all", all);
    Emission { files: views.files, rules, measures }
}

/// What became of measures, by name.
type Told = Vec<(String, Option<Bilingual>)>;

/// The views while they are written.
struct Views {
    dialect: Dialect,
    names: Names,
    files: Vec<Emitted>,
    /// Those of rules.
    verdicts: Vec<String>,
}

impl Views {
    fn add(&mut self, name: &str, text: String) {
        let text = format!("{MARK}\n{}", self.dialect.spelled(&text));
        self.files.push(Emitted { name: format!("{name}.sql"), text });
    }

    /// Adds the tables that are read, or the views that stand for them.
    fn tables(&mut self, definer: Definer<'_>, warehouse: &[Warehouse]) {
        let tables = &definer.layout.tables;
        let rows = |table: &layout::Table| self.names.take(&format!("rows_of_{}", table.name));
        let rows = tables.iter().map(rows).collect();
        let views = match warehouse {
            [] => Vec::new(),
            _ => Places { definer, warehouse, rows }.views(),
        };
        let elsewhere: Vec<&str> = views.iter().map(|(name, _)| name.as_str()).collect();
        let mut text = tables::create(&definer, &elsewhere);
        for (name, query) in &views {
            text.push_str(&format!("\n{}", view(self.dialect, name, "", query)));
        }
        self.add("00-tables", text);
    }

    /// Adds the views of measures: their names, and what became of each measure.
    fn measures(&mut self, definer: Definer<'_>) -> (Vec<String>, Told) {
        let policy = definer.policy;
        let (mut names, mut told) = (Vec::new(), Told::new());
        for plan in &policy.measures {
            let Some(found) = policy.program.measures.get(plan.measure) else { continue };
            let module = policy.program.modules.get(found.module);
            let module = module.map_or("", |module| module.names.en());
            let code = word::dotted([module, found.names.en()]);
            let definer = Definer { number: self.files.len(), ..definer };
            match measure::measure(definer, &code, plan) {
                Err(refused) => told.push((code, Some(refused))),
                Ok(query) => {
                    let name = self.names.take(&format!("measure_{code}"));
                    let head = comment(&Bilingual::new(found.names.zh(), found.names.en()));
                    self.add(&format!("30-{name}"), view(self.dialect, &name, &head, &query));
                    names.push(name);
                    told.push((code, None));
                }
            }
        }
        (names, told)
    }

    /// Adds the view of a rule, or says why it has none.
    fn rule(
        &mut self,
        policy: &Policy,
        rule: RuleId,
        query: Result<Query, Refused>,
    ) -> Option<Refused> {
        let code = policy.rules.code(rule);
        let name = self.names.take(&format!("verdict_{code}"));
        let file = format!("10-{}", name.strip_prefix("verdict_").unwrap_or(&name));
        let mut head = comment(&policy.rules.heading(rule));
        if let RuleId::Article(id) = rule
            && let Some(article) = policy.program.article(id)
        {
            for sentence in &article.sentences {
                let source = policy.phrases.sources.get(sentence.span.file);
                let text = source.and_then(|source| {
                    source.text.get(sentence.span.start as usize..sentence.span.end as usize)
                });
                for line in text.unwrap_or_default().lines() {
                    head.push_str(&format!("-- {}\n", line.trim()));
                }
            }
        }
        match query {
            Ok(query) => self.add(&file, view(self.dialect, &name, &head, &query)),
            Err(refused) => {
                // A view that was there before is not left behind.
                let Bilingual { zh, en } = &refused;
                let why = format!("-- 没有视图：{zh}\n-- no view: {en}\n");
                self.add(&file, format!("{head}{why}{}", dropped(self.dialect, &name)));
                return Some(refused);
            }
        }
        self.verdicts.push(name);
        None
    }
}

/// A text as a comment, one line each.
fn comment(text: &Bilingual) -> String {
    let lines = if text.zh == text.en { vec![&text.zh] } else { vec![&text.zh, &text.en] };
    lines.iter().flat_map(|text| text.lines()).map(|line| format!("-- {line}\n")).collect()
}

fn view(dialect: Dialect, name: &str, head: &str, query: &Query) -> String {
    let (drop, (before, after), name) = (dropped(dialect, name), dialect.around(), quoted(name));
    let mut made = format!("{head}{before}{drop}");
    let mut with: Vec<&Step> = Vec::new();
    for step in &query.steps {
        // The view itself joins nothing, so that no setting for it has to be made where it is read.
        let is_last = query.select.contains(&step.name);
        if dialect.steps() == Steps::Expressions || !is_last && query.reads(step) < 2 {
            with.push(step);
            continue;
        }
        let (stored, cascade, table) = (dialect.stored(), dialect.cascade(), &step.name);
        let body = written(dialect, &mut with, &step.body);
        made.push_str(&format!(
            "DROP TABLE IF EXISTS {table}{cascade};\n\
                CREATE TABLE {table}{stored} AS\n{body}{after};\n"
        ));
    }
    let select = written(dialect, &mut with, &query.select);
    format!("{made}CREATE VIEW {name} AS\n{select};\n\n")
}

/// A text with the steps that it reads before it as common table expressions, which are taken.
fn written(dialect: Dialect, steps: &mut Vec<&Step>, text: &str) -> String {
    let mut own: Vec<&Step> = Vec::new();
    for step in std::mem::take(steps).into_iter().rev() {
        let read = own.iter().map(|step| step.body.as_str()).chain([text]);
        let is_read = read.into_iter().any(|text| text.contains(&step.name));
        if is_read { own.push(step) } else { steps.push(step) }
    }
    steps.reverse();
    let own = own.iter().rev();
    let once = dialect.once();
    let own: Vec<String> =
        own.map(|Step { name, body }| format!("{name} AS {once}(\n{body}\n  )")).collect();
    let with =
        if own.is_empty() { String::new() } else { format!("WITH\n  {}\n", own.join(",\n  ")) };
    format!("{with}{text}")
}

/// Takes a view away.
fn dropped(dialect: Dialect, name: &str) -> String {
    format!("DROP VIEW IF EXISTS {}{};\n", quoted(name), dialect.cascade())
}
