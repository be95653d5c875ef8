//! Rank 1: what the judging of declared rows came to. A finding says that a row breaks an article;
//! it knows no report format.

mod summary;

pub use summary::*;

use crate::diagnostic::Bilingual;
use crate::place::Place;
use crate::say;
use std::borrow::Cow;

/// What became of a rule for a row, or what is to be said of a rule or a waiver as such; the
/// gravest first.
///
/// # Examples
///
/// ```
/// use fanshi::Outcome;
///
/// assert_eq!(Outcome::Violated.said().zh, "违反");
/// assert_eq!(Outcome::Violated.code(), "violated");
/// assert!(Outcome::Waived.is_note() && Outcome::Conflict.is_broken());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// 违反.
    Violated,
    /// 冲突: articles demand different dispositions and nothing orders them.
    Conflict,
    /// 无法判断.
    Undetermined,
    /// 提请: a person has to judge.
    Referred,
    /// 从未适用: the article judged nothing, because its subject has no rows or its condition held
    /// for none.
    Vacuous,
    /// 空而满足: some rows satisfy the article only because there is nothing that it speaks of.
    Hollow,
    /// 例外: violated, but waived.
    Waived,
    /// About a waiver itself: expired, renewed, or not needed.
    Waiver,
    /// 满足.
    Satisfied,
    /// 已由他条要求: an earlier sentence makes the same demand, and speaks for the row.
    AlreadyDemanded,
    /// 豁免: an exception, an overriding article or a higher demand stands above it.
    Exempt,
    /// 不适用.
    NotApplicable,
}

/// The outcomes with their words: the outcome, the code in machine-readable reports, Chinese.
const OUTCOMES: [(Outcome, &str, &str); 12] = [
    (Outcome::Violated, "violated", "违反"),
    (Outcome::Conflict, "conflict", "冲突"),
    (Outcome::Undetermined, "undetermined", "无法判断"),
    (Outcome::Referred, "referred", "提请"),
    (Outcome::Vacuous, "vacuous", "从未适用"),
    (Outcome::Hollow, "vacuous", "空而满足"),
    (Outcome::Waived, "waived", "例外"),
    (Outcome::Waiver, "waiver", "例外本身"),
    (Outcome::Satisfied, "satisfied", "满足"),
    (Outcome::AlreadyDemanded, "already_demanded", "已由他条要求"),
    (Outcome::Exempt, "exempt", "豁免"),
    (Outcome::NotApplicable, "not_applicable", "不适用"),
];

impl Outcome {
    /// What can become of a rule for a row before waivers, in the order people learn them.
    pub const OF_ROWS: [Self; 8] = [
        Self::Satisfied,
        Self::Violated,
        Self::NotApplicable,
        Self::Exempt,
        Self::AlreadyDemanded,
        Self::Undetermined,
        Self::Conflict,
        Self::Referred,
    ];

    /// The word in machine-readable reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        OUTCOMES.iter().find(|(outcome, ..)| *outcome == self).map_or("", |(_, code, _)| code)
    }

    /// The word in Chinese.
    #[must_use]
    pub fn zh(self) -> &'static str {
        OUTCOMES.iter().find(|(outcome, ..)| *outcome == self).map_or("", |(.., zh)| zh)
    }

    /// Both words.
    #[must_use]
    pub fn said(self) -> Bilingual {
        Bilingual::new(self.zh(), self.code())
    }

    /// The outcome of a row that a word stands for, in either language.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::Outcome;
    ///
    /// assert_eq!(Outcome::read("豁免"), Some(Outcome::Exempt));
    /// assert_eq!(Outcome::read("exempt"), Some(Outcome::Exempt));
    /// assert_eq!(Outcome::read("waived"), None); // what a waiver made of it is not of the row
    /// ```
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Self::OF_ROWS.into_iter().find(|outcome| outcome.code() == word || outcome.zh() == word)
    }

    /// What is only noted: nothing of it has to be done by the one who declared the row.
    #[must_use]
    pub fn is_note(self) -> bool {
        matches!(self, Self::Vacuous | Self::Hollow | Self::Waived | Self::Waiver)
    }

    /// Whether a rule is broken: what a waiver can allow.
    #[must_use]
    pub fn is_broken(self) -> bool {
        matches!(self, Self::Violated | Self::Conflict)
    }
}

/// How much weighs on it.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project, Weight};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let errors = run.findings().filter(|finding| finding.weight == Weight::Error);
/// assert_eq!(errors.count(), 3); // the waived one weighs less
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Weight {
    /// 必须, 应当, 不得, 一律.
    Error,
    /// 宜, 不宜; vacuous articles, unused waivers.
    Warning,
    /// 无法判断, 提请.
    Question,
}

impl Weight {
    /// The word in machine-readable reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Question => "question",
        }
    }
}

/// The row a finding is about.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let subject = run.findings().last().unwrap().subject.unwrap();
/// assert_eq!((subject.table.en.as_str(), subject.name().en.as_str()), ("book", "D"));
/// assert_eq!(subject.path.unwrap().zh, "章[1]");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Subject {
    /// The table's names.
    pub table: Bilingual,
    /// The row's key, whole and as declared; `None` where the table has none, or the row's is
    /// missing or cannot be read.
    pub key: Option<String>,
    /// Its number among the rows of its table, from 1; 0 for the only row of a table of one.
    pub number: usize,
    /// What the row calls itself (its first text field that is not the key), for people.
    pub title: Option<String>,
    /// The element inside the row: `steps[2]`, counted from 0, in both languages' field names.
    pub path: Option<Bilingual>,
}

impl Subject {
    /// What people call the row within its table: its key, cut where it is very long, or its
    /// number; nothing for the only row of a table of one.
    #[must_use]
    pub fn name(&self) -> Bilingual {
        let number = self.number;
        let numbered = || match number {
            0 => Bilingual::default(),
            _ => say!("第 {number} 行", "row {number}"),
        };
        let named = |key: &String| Bilingual::same(told_apart(key, shorten_key(key)));
        self.key.as_ref().map_or_else(numbered, named)
    }

    /// The same, and the key is never cut.
    #[must_use]
    pub fn whole_name(&self) -> Bilingual {
        let named = |key: &String| Bilingual::same(told_apart(key, key.clone()));
        self.key.as_ref().map_or_else(|| self.name(), named)
    }
}

/// A key as it is shown: in quotation marks where a row without a key is called like it.
fn told_apart(key: &str, shown: String) -> String {
    let bare = key.trim_matches(|c: char| c.is_whitespace() || matches!(c, '“' | '”'));
    let number = bare.strip_prefix('第').and_then(|rest| rest.strip_suffix('行'));
    let number = number.or_else(|| bare.strip_prefix("row"));
    let is_number = |text: &str| {
        let text = text.trim();
        !text.is_empty() && text.chars().all(char::is_numeric)
    };
    if number.is_some_and(is_number) { format!("“{shown}”") } else { shown }
}

/// How long the texts of a run are shown.
///
/// # Examples
///
/// ```
/// use fanshi::{Length, Options, Project};
///
/// let whole = Options { length: Length::Whole, ..Options::default() };
/// let run = Project::read("examples/library".as_ref()).run(&whole);
/// assert_eq!(run.length, Length::Whole); // what a program reads is never cut
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Length {
    /// For people: what is very long is cut.
    #[default]
    Readable,
    /// For programs: nothing is.
    Whole,
}

impl Length {
    /// A text.
    #[must_use]
    pub fn text(self, text: &str) -> String {
        match self {
            Self::Readable => shorten(text),
            Self::Whole => text.to_owned(),
        }
    }

    /// A key.
    #[must_use]
    pub fn key(self, key: &str) -> String {
        match self {
            Self::Readable => shorten_key(key),
            Self::Whole => key.to_owned(),
        }
    }
}

/// How many characters of a text people are shown.
const SHOWN: usize = 60;

/// A text cut to a readable length.
#[must_use]
pub fn shorten(text: &str) -> String {
    let mut letters = text.chars();
    let head: String = letters.by_ref().take(SHOWN).collect();
    if letters.next().is_some() { format!("{head}…") } else { head }
}

/// How many characters of a key people are shown at most, before it is cut.
const KEY: usize = 120;

/// A key cut to a readable length, so that two keys never look alike: beside its beginning and its
/// end it has a sign that is made of the whole of it.
#[must_use]
pub fn shorten_key(key: &str) -> String {
    let count = key.chars().count();
    if count <= KEY {
        return key.to_owned();
    }
    let head: String = key.chars().take(KEY / 2).collect();
    let tail: String = key.chars().skip(count - KEY / 3).collect();
    // FNV-1a: short, and the same everywhere.
    let mix = |sum: u32, byte: u8| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let sign = key.bytes().fold(0x811c_9dc5, mix);
    format!("{head}…{tail} #{sign:08x}")
}

/// A path with the numbers that people count by, once each: `steps[2].basis` as
/// `steps (no. 3).basis`.
///
/// # Examples
///
/// ```
/// use fanshi::finding::counted;
///
/// assert_eq!(counted("章[0].节[11]", true), "章（第 1 项）.节（第 12 项）");
/// assert_eq!(counted("volume[year = 2014]", false), "volume[year = 2014]");
/// ```
#[must_use]
pub fn counted(path: &str, chinese: bool) -> String {
    let mut parts = path.split('[');
    let mut said = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let number = part
            .split_once(']')
            .and_then(|(index, rest)| Some((index.parse::<usize>().ok()?.checked_add(1)?, rest)));
        match number {
            Some((number, rest)) if chinese => said.push_str(&format!("（第 {number} 项）{rest}")),
            Some((number, rest)) => said.push_str(&format!(" (no. {number}){rest}")),
            None => said.push_str(&format!("[{part}")),
        }
    }
    said
}

/// Whether a place shows the rule or the value.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project, Role};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let finding = run.findings().next().unwrap();
/// let roles: Vec<Role> = finding.evidence.iter().map(|one| one.role).collect();
/// assert_eq!(roles, [Role::Data, Role::Policy]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A declared value.
    Data,
    /// A clause.
    Policy,
}

/// A place of a finding.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project, Role};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let finding = run.findings().next().unwrap();
/// let value = finding.evidence.iter().find(|one| one.role == Role::Data).unwrap();
/// assert_eq!(value.label.en, "pages is 610");
/// assert_eq!(&*value.place.file, "books.json");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Rule or value.
    pub role: Role,
    /// Where.
    pub place: Place,
    /// What it says, e.g. `章 为 6 项`.
    pub label: Bilingual,
    /// The value as text, for data.
    pub value: Option<Bilingual>,
}

/// What a text says at a place that is cited.
///
/// # Examples
///
/// ```
/// use fanshi::Provision;
///
/// let words = "第三条　馆藏善本，不得出借。".to_owned();
/// let provision = Provision { cite: "《借阅规则》第三条".to_owned(), words };
/// assert_eq!(provision.words.lines().count(), 1); // a line for each paragraph and item
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provision {
    /// The citation, as it is written.
    pub cite: String,
    /// The words, a line for each paragraph and item.
    pub words: String,
}

/// One finding.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Outcome, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let finding = run.findings().next().unwrap();
/// assert_eq!((&*finding.article, finding.outcome), ("library.thick", Outcome::Violated));
/// assert_eq!(finding.message.en, "pages is 610; the rule: `pages must not exceed 500`");
/// assert_eq!(finding.evidence.len(), 2); // the value, and the clause
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// `policy.article` by English names.
    pub article: String,
    /// The heading people know: `馆规 第二条 厚书`.
    pub heading: Bilingual,
    /// What happened.
    pub outcome: Outcome,
    /// How much weighs on it.
    pub weight: Weight,
    /// The row; `None` for findings about an article or a waiver as such.
    pub subject: Option<Subject>,
    /// What is wrong, with the values.
    pub message: Bilingual,
    /// What the article itself says of it, with which the message may begin.
    pub stated: Option<Bilingual>,
    /// What is wrong, for those who do not read policies: what the article itself says, else its
    /// clause where the message holds more than values of fields; `None` where the message is as good.
    pub plain: Option<Bilingual>,
    /// What to do.
    pub help: Option<Bilingual>,
    /// The disposition required, where one is.
    pub demanded: Option<Bilingual>,
    /// The disposition declared.
    pub declared: Option<Bilingual>,
    /// The waiver that allows it.
    pub waiver: Option<WaiverSummary>,
    /// What the article cites.
    pub cite: Vec<String>,
    /// What stands at the places that the article and the row cite, where the texts are given.
    pub provisions: Vec<Provision>,
    /// The values first, then the clauses.
    pub evidence: Vec<Evidence>,
    /// The facts that were missing, as paths: `steps[2].basis`.
    pub missing: Vec<Bilingual>,
    /// Stays the same while article, row and outcome do.
    pub fingerprint: String,
}

/// Where findings come from: they are made one by one, when a report asks.
///
/// # Examples
///
/// ```
/// use fanshi::{Findings, Options, Outcome, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let waived = (0..run.report().findings.len())
///     .filter(|index| run.head(*index).outcome == Outcome::Waived);
/// assert_eq!(waived.count(), 1); // and none was made whole for it
/// ```
pub trait Findings: Sync {
    /// How many there are.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The whole finding; `index` below [`Findings::len`].
    fn get(&self, index: usize) -> Finding;
    /// The parts that cost nothing: article, outcome, weight (for grouping and exit codes).
    fn head(&self, index: usize) -> Head<'_>;
    /// What happened and how much weighs on it: of the head all that exit codes and sums need.
    fn kind(&self, index: usize) -> (Outcome, Weight) {
        let head = self.head(index);
        (head.outcome, head.weight)
    }
    /// The other rules that a finding is of, by `policy.article`, each with what became of it: the
    /// articles in a conflict; where nothing is known to be wrong, those of which it is not known
    /// what they demand.
    fn others(&self, _index: usize) -> Vec<(String, Outcome)> {
        Vec::new()
    }
    /// The rules of which it is not known what they demand, although what is found is sure without
    /// them, by `policy.article`.
    fn open(&self, _index: usize) -> Vec<String> {
        Vec::new()
    }
    /// The row or element that a finding is about, by its table or list and its number there;
    /// `None` where it is about an article or a waiver as such.
    fn place_of(&self, _index: usize) -> Option<(usize, usize)> {
        None
    }
}

/// The cheap part of a finding.
///
/// # Examples
///
/// ```
/// use fanshi::{Findings, Options, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let head = run.head(3);
/// assert_eq!((head.article, head.table, &*head.key), ("library.brief", "book", "D"));
/// assert_eq!(head.path.as_deref(), Some("chapters[1]"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Head<'a> {
    /// `policy.article` by English names.
    pub article: &'a str,
    /// What happened.
    pub outcome: Outcome,
    /// How much weighs on it.
    pub weight: Weight,
    /// Table by English name, key, and path, for line-per-finding output.
    pub table: &'a str,
    /// What the row is called: its key as declared; `row 62` where it has none, the table's name
    /// for the only row of a table of one.
    pub key: Cow<'a, str>,
    /// Its number among the rows of its table, from 1, where it has no key.
    pub row: Option<usize>,
    /// The element inside the row, counted from 0, by English names: `steps[2]`.
    pub path: Option<String>,
}

/// Everything one run has to say.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project, Report};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let report: Report = run.report();
/// let first = report.findings.get(0);
/// assert_eq!((report.totals.violated, first.heading.zh.as_str()), (3, "馆规 第一条 厚"));
/// ```
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// What it came to.
    pub summary: &'a Summary,
    /// The findings, in report order: file, then position, then article.
    pub findings: &'a dyn Findings,
}

impl std::ops::Deref for Report<'_> {
    type Target = Summary;

    fn deref(&self) -> &Summary {
        self.summary
    }
}
