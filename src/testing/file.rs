//! The case file beside a policy: what it may say, and what is wrong with what it says.

use crate::data::{Recording, fill, record};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::finding::Outcome;
use crate::say;
use crate::steps::step;
use crate::text::Source;
use crate::value::instant::Offset;
use crate::workspace::ParameterValue;
use crate::workspace::document::{Entry, Kind, Reader as Document, Value, literals, ordered};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

/// Rows of one table.
#[derive(Clone, Debug)]
pub struct Rows {
    /// The table's name as written.
    pub table: String,
    /// Its place.
    pub span: Range<usize>,
    /// The rows.
    pub inline: Arc<Recording>,
}

/// One stated expectation.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// Its place.
    pub span: Range<usize>,
    /// The table of the row.
    pub table: String,
    /// The row's key.
    pub key: String,
    /// The element inside the row.
    pub path: Option<String>,
    /// The article; without one, the row's disposition is meant.
    pub article: Option<String>,
    /// What must come of it.
    pub outcome: Option<Outcome>,
    /// The disposition that must be required.
    pub demanded: Option<String>,
    /// Exactly the facts that must be blamed.
    pub because: Option<Vec<String>>,
}

/// One case; a parameterised one is as many cases as it has `with`.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name, placeholders filled.
    pub name: String,
    /// Why it must come out so.
    pub why: Option<String>,
    /// Its place.
    pub span: Range<usize>,
    /// The day judged for, where it is not the file's.
    pub as_of: Option<Date>,
    /// What it sets parameters to, instead of what the file says.
    pub parameters: Vec<ParameterValue>,
    /// Its rows.
    pub rows: Vec<Rows>,
    /// What it states; where it states nothing, its record is kept as a snapshot.
    pub expectations: Vec<Expectation>,
}

/// A mutant that means the same as the policy.
#[derive(Clone, Debug)]
pub struct Equivalent {
    /// Its place.
    pub span: Range<usize>,
    /// The article or definition it changes.
    pub at: String,
    /// The change, in either language.
    pub mutant: String,
    /// Why nobody can notice.
    pub why: String,
}

/// A case file.
#[derive(Debug, Default)]
pub struct CaseFile {
    /// The day judged for.
    pub as_of: Option<Date>,
    /// The offset of local time, where it is said.
    pub offset: Option<Offset>,
    /// What parameters are set to.
    pub parameters: Vec<ParameterValue>,
    /// Rows every case sees.
    pub given: Vec<Rows>,
    /// The cases.
    pub cases: Vec<Case>,
    /// Mutants declared equivalent.
    pub equivalents: Vec<Equivalent>,
}

const FILE_KEYS: &[&str] =
    &["as_of", "offset", "parameters", "given", "default", "case", "equivalent", "same_as"];
const CASE_KEYS: &[&str] = &["name", "why", "as_of", "parameters", "expect", "with"];
const EXPECT_KEYS: &[&str] = &["path", "article", "outcome", "demanded", "because"];

/// Reads a case file; every mistake is reported, everything else kept.
pub fn read<'d>(source: &'d Source, root: &'d DeTable<'d>) -> (CaseFile, Vec<Diagnostic>) {
    let defaults = root.get("default").and_then(|value| value.get_ref().as_table());
    let mut reader = Reader::new(source, defaults);
    let mut file = CaseFile::default();
    for (key, value) in ordered(root) {
        match key.get_ref().as_ref() {
            "as_of" => file.as_of = reader.document.date("as_of", value),
            "offset" => file.offset = reader.document.offset("offset", value),
            "parameters" => file.parameters = reader.document.parameters(value),
            "given" => {
                let given = reader.document.table("given", value);
                file.given = given
                    .into_iter()
                    .flat_map(ordered)
                    .map(|entry| rows(source, entry, None, None))
                    .collect();
            }
            "default" => drop(reader.document.table("default", value)),
            "case" => reader
                .document
                .sections("case", value)
                .into_iter()
                .for_each(|value| reader.case(value, &mut file.cases)),
            "equivalent" => {
                file.equivalents = reader
                    .document
                    .sections("equivalent", value)
                    .into_iter()
                    .map(|value| reader.equivalent(value))
                    .collect()
            }
            "same_as" => reader.document.wrong(
                "same_as",
                &say!(
                    "另一个案例文件的路径，那里写着案例",
                    "the path of a case file that has the cases"
                ),
                value.span(),
            ),
            other => reader.document.unknown_key(other, FILE_KEYS, key.span()),
        }
    }
    reader.names(&file.cases);
    (file, reader.document.diagnostics)
}

/// The case file whose cases are those of this one.
#[must_use]
pub fn same_as(text: &str) -> Option<String> {
    let (root, _) = DeTable::parse_recoverable(text);
    root.get_ref().get("same_as")?.get_ref().as_str().map(str::to_owned)
}

/// Reads the file beside a policy whose cases stand in another: all it may have of its own is
/// mutants that mean the same.
pub fn beside_shared<'d>(
    source: &'d Source,
    root: &'d DeTable<'d>,
) -> (Vec<Equivalent>, Vec<Diagnostic>) {
    let mut reader = Reader::new(source, None);
    let mut equivalents = Vec::new();
    for (key, value) in ordered(root) {
        match key.get_ref().as_ref() {
            "same_as" => {}
            "equivalent" => {
                equivalents = reader
                    .document
                    .sections("equivalent", value)
                    .into_iter()
                    .map(|value| reader.equivalent(value))
                    .collect()
            }
            other => reader.document.unknown_key(other, &["same_as", "equivalent"], key.span()),
        }
    }
    (equivalents, reader.document.diagnostics)
}

fn rows(
    source: &Source,
    (key, value): Entry<'_, '_>,
    values: Option<&DeTable<'_>>,
    defaults: Option<&DeTable<'_>>,
) -> Rows {
    let own = defaults
        .and_then(|defaults| defaults.get(key.get_ref().as_ref()))
        .and_then(|value| value.get_ref().as_table());
    Rows {
        table: key.get_ref().clone().into_owned(),
        span: key.span(),
        inline: Arc::new(record(source, value, values, own)),
    }
}

/// What may be written for an outcome.
fn outcomes() -> Bilingual {
    let words = |word: fn(Outcome) -> &'static str, mark: &str| {
        Outcome::OF_ROWS.into_iter().map(word).collect::<Vec<_>>().join(mark)
    };
    let (zh, en) = (words(Outcome::zh, "、"), words(Outcome::code, ", "));
    say!("{zh}之一", "one of {en}")
}

/// What is called a file of cases.
const CASES: Kind = Kind { zh: "案例文件", en: "case files", code: "wrong_case_value" };

struct Reader<'d> {
    document: Document<'d>,
    defaults: Option<&'d DeTable<'d>>,
}

impl<'d> Reader<'d> {
    fn new(source: &'d Source, defaults: Option<&'d DeTable<'d>>) -> Self {
        Self { document: Document::new(CASES, source), defaults }
    }

    /// A text with its placeholders filled.
    fn text(&mut self, key: &str, value: &Value<'_>, values: Option<&DeTable<'_>>) -> String {
        let text = self.document.text(key, value);
        values.map_or_else(|| text.clone(), |values| fill(&text, values))
    }

    fn case(&mut self, value: &'d Value<'d>, cases: &mut Vec<Case>) {
        let Some(table) = self.document.table("case", value) else { return };
        let with = table
            .get("with")
            .map_or_else(Vec::new, |with| self.document.sections("case.with", with));
        if with.is_empty() {
            cases.push(self.one(value.span(), table, None));
        }
        for values in with {
            if let Some(values) = self.document.table("case.with", values) {
                cases.push(self.one(value.span(), table, Some(values)));
            }
        }
    }

    fn one(
        &mut self,
        span: Range<usize>,
        table: &'d DeTable<'d>,
        values: Option<&'d DeTable<'d>>,
    ) -> Case {
        let span = values.and_then(|values| Some(values.iter().next()?.0.span())).unwrap_or(span);
        let mut case = Case {
            name: String::new(),
            why: None,
            span,
            as_of: None,
            parameters: Vec::new(),
            rows: Vec::new(),
            expectations: Vec::new(),
        };
        for (key, value) in ordered(table) {
            match key.get_ref().as_ref() {
                "name" => case.name = self.text("name", value, values),
                "why" => case.why = Some(self.text("why", value, values)),
                "as_of" => {
                    case.as_of = self.document.date("as_of", self.substituted(value, values))
                }
                "parameters" => case.parameters = self.document.parameters(value),
                "with" => {}
                "expect" => {
                    for expect in self.document.sections("case.expect", value) {
                        if let Some(table) = self.document.table("case.expect", expect) {
                            case.expectations.extend(self.expectation(
                                expect.span(),
                                table,
                                values,
                            ));
                        }
                    }
                }
                _ => {
                    case.rows.push(rows(self.document.source, (key, value), values, self.defaults))
                }
            }
        }
        for (key, value) in
            values.into_iter().flat_map(ordered).filter(|(_, value)| value.get_ref().is_table())
        {
            case.rows.push(rows(self.document.source, (key, value), values, self.defaults));
        }
        if case.name.is_empty() {
            self.document.report(
                "case_without_name",
                say!("案例没有名称", "a case has no name"),
                Some(say!("写 name = \"…\"", "write name = \"…\"")),
                case.span.clone(),
            );
        }
        if case.rows.is_empty() {
            let list = CASE_KEYS.join(", ");
            let help = say!(
                "用 [[case.表名]] 写它的行；另可写：{list}",
                "write its rows as [[case.table]]; other keys: {list}"
            );
            self.document.report(
                "case_without_rows",
                say!("案例没有行", "a case has no rows"),
                Some(help),
                case.span.clone(),
            );
        }
        case
    }

    /// What a text that is nothing but `{name}` stands for.
    fn substituted(&self, value: &'d Value<'d>, values: Option<&'d DeTable<'d>>) -> &'d Value<'d> {
        let name = match value.get_ref() {
            DeValue::String(text) => text.strip_prefix('{').and_then(|text| text.strip_suffix('}')),
            _ => None,
        };
        name.and_then(|name| values?.get(name)).unwrap_or(value)
    }

    fn expectation(
        &mut self,
        span: Range<usize>,
        table: &'d DeTable<'d>,
        values: Option<&'d DeTable<'d>>,
    ) -> Vec<Expectation> {
        let mut articles = Vec::new();
        let mut found = Expectation {
            span: span.clone(),
            table: String::new(),
            key: String::new(),
            path: None,
            article: None,
            outcome: None,
            demanded: None,
            because: None,
        };
        for (key, value) in ordered(table) {
            let value = self.substituted(value, values);
            match key.get_ref().as_ref() {
                "path" => found.path = Some(self.text("path", value, values)),
                "article" => match value.get_ref() {
                    DeValue::Array(several) => {
                        articles =
                            several.iter().map(|one| self.text("article", one, values)).collect()
                    }
                    _ => articles = vec![self.text("article", value, values)],
                },
                "outcome" => {
                    let word = self.text("outcome", value, values);
                    found.outcome = Outcome::read(&word);
                    if found.outcome.is_none() {
                        self.document.wrong("outcome", &outcomes(), value.span());
                    }
                }
                "demanded" => found.demanded = Some(self.text("demanded", value, values)),
                "because" => {
                    let facts = self
                        .document
                        .array("because", value)
                        .into_iter()
                        .map(|fact| self.text("because", fact, values))
                        .collect();
                    found.because = Some(facts);
                }
                other if found.table.is_empty() => {
                    found.table = other.to_owned();
                    found.key = literals(value).concat();
                    found.key =
                        values.map_or_else(|| found.key.clone(), |values| fill(&found.key, values));
                }
                other => self.document.unknown_key(other, EXPECT_KEYS, key.span()),
            }
        }
        if found.table.is_empty() {
            let help = say!("写 表名 = \"主键\"", "write table = \"key\"");
            self.document.report(
                "expectation_without_row",
                say!("没有写是哪一行", "it does not say which row"),
                Some(help),
                span,
            );
            return Vec::new();
        }
        if !["outcome", "demanded", "because"].iter().any(|key| table.contains_key(*key)) {
            let help =
                say!("写 outcome、demanded 或 because", "write outcome, demanded or because");
            self.document.report(
                "expectation_of_nothing",
                say!("没有写该得出什么", "it does not say what must come of it"),
                Some(help),
                span,
            );
        }
        if articles.is_empty() {
            return vec![found];
        }
        articles
            .into_iter()
            .map(|article| Expectation { article: Some(article), ..found.clone() })
            .collect()
    }

    fn equivalent(&mut self, value: &'d Value<'d>) -> Equivalent {
        let mut found = Equivalent {
            span: value.span(),
            at: String::new(),
            mutant: String::new(),
            why: String::new(),
        };
        for (key, value) in self.document.table("equivalent", value).into_iter().flat_map(ordered) {
            match key.get_ref().as_ref() {
                "at" => found.at = self.text("at", value, None),
                "mutant" => found.mutant = self.text("mutant", value, None),
                "why" => found.why = self.text("why", value, None),
                other => self.document.unknown_key(other, &["at", "mutant", "why"], key.span()),
            }
        }
        if found.why.trim().is_empty() {
            let help = say!(
                "写 why = \"…\"：为什么没有案例能看出差别",
                "write why = \"…\": why no case can tell the difference"
            );
            self.document.report(
                "unjustified_equivalent",
                say!("没有写理由", "it is not justified"),
                Some(help),
                found.span.clone(),
            );
        }
        found
    }

    /// Two cases of one name cannot be told apart in reports and snapshots.
    fn names(&mut self, cases: &[Case]) {
        let mut seen = BTreeSet::new();
        for case in cases {
            step();
            if !seen.insert(&*case.name) {
                let name = &case.name;
                let help = say!(
                    "换一个名称；带 `with` 的案例，名称里写上 {{名}}",
                    "choose another; with `with`, put a {{name}} into it"
                );
                self.document.report(
                    "duplicate_case",
                    say!("有两个案例叫 `{name}`", "two cases are called `{name}`"),
                    Some(help),
                    case.span.clone(),
                );
            }
        }
    }
}
