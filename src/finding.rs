//! Rank 1: what the judging of declared rows came to. A finding says that a row breaks an article;
//! it knows no report format.

use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::say;
use crate::schema::Type;

/// What became of a rule for a row, or what is to be said of a rule or a waiver as such; the
/// gravest first.
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
        self.key.as_ref().map_or_else(numbered, |key| Bilingual::same(shorten(key)))
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

/// The number people count the last element of a path by: `steps[2]` is the third.
#[must_use]
pub fn ordinal(path: &str) -> Option<usize> {
    let (_, index) = path.strip_suffix(']')?.rsplit_once('[')?;
    index.parse::<usize>().ok().map(|index| index + 1)
}

/// The same of the last element that a path leads through: `steps[2].basis` is of the third.
#[must_use]
pub fn ordinal_in(path: &str) -> Option<usize> {
    path.rfind(']').and_then(|end| ordinal(path.get(..=end)?))
}

/// Whether a place shows the rule or the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A declared value.
    Data,
    /// A clause.
    Policy,
}

/// A place of a finding.
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

/// One finding.
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
    /// The values first, then the clauses.
    pub evidence: Vec<Evidence>,
    /// The facts that were missing, as paths: `steps[2].basis`.
    pub missing: Vec<Bilingual>,
    /// Stays the same while article, row and outcome do.
    pub fingerprint: String,
}

/// How many rows had each outcome. `of` one article, or of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Counts {
    /// 满足.
    pub satisfied: usize,
    /// 违反 (conflicts and advice included).
    pub violated: usize,
    /// Of these, advice (宜, 不宜).
    pub advised: usize,
    /// Of these, conflicts.
    pub conflict: usize,
    /// 不适用.
    pub not_applicable: usize,
    /// 豁免, by an exception, an overriding article or a higher demand.
    pub exempt: usize,
    /// 已由他条要求: an earlier sentence makes the same demand.
    pub already: usize,
    /// 无法判断.
    pub undetermined: usize,
    /// 提请: a person has to judge.
    pub referred: usize,
    /// 已准予例外.
    pub waived: usize,
}

impl Counts {
    /// The counts in the order tables have them, each row in one: met, violated, in conflict,
    /// advice not followed, already demanded, exempt, not applicable, undetermined, referred,
    /// waived.
    #[must_use]
    pub fn columns(self) -> [usize; 10] {
        let Self {
            satisfied,
            violated,
            advised,
            conflict,
            not_applicable,
            exempt,
            already,
            undetermined,
            referred,
            waived,
        } = self;
        let plain = violated.saturating_sub(advised).saturating_sub(conflict);
        [
            satisfied,
            plain,
            conflict,
            advised,
            already,
            exempt,
            not_applicable,
            undetermined,
            referred,
            waived,
        ]
    }

    /// The columns that are left out of a table where nothing is in them.
    pub const SELDOM: [usize; 5] = [2, 3, 4, 8, 9];
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.satisfied += other.satisfied;
        self.violated += other.violated;
        self.advised += other.advised;
        self.conflict += other.conflict;
        self.not_applicable += other.not_applicable;
        self.exempt += other.exempt;
        self.already += other.already;
        self.undetermined += other.undetermined;
        self.referred += other.referred;
        self.waived += other.waived;
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |mut all, one| {
            all += one;
            all
        })
    }
}

/// Whether an article was held against its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It was.
    Judged,
    /// No article, but what is required where none speaks (否则).
    Otherwise,
    /// It has an error: nothing of it was judged, or not all of it.
    Faulty,
    /// It is out of its period of effect, and was not judged.
    NotInEffect,
    /// There is no row of what it speaks of: it judged nothing.
    NoRows,
}

impl Standing {
    /// The word in machine-readable reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Judged => "judged",
            Self::Otherwise => "otherwise",
            Self::Faulty => "faulty",
            Self::NotInEffect => "not_in_effect",
            Self::NoRows => "no_rows",
        }
    }
}

/// One article in the summary.
#[derive(Clone, Debug, PartialEq)]
pub struct ArticleSummary {
    /// `policy.article` by English names.
    pub article: String,
    /// The heading people know.
    pub heading: Bilingual,
    /// Outcomes over its rows.
    pub counts: Counts,
    /// Whether it was judged.
    pub standing: Standing,
}

/// One decision in the summary: dispositions declared and required.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionSummary {
    /// The decided field: `书.状态`.
    pub field: Bilingual,
    /// Each disposition that occurs, with how many rows declare it and how many must have it.
    pub dispositions: Vec<(Bilingual, usize, usize)>,
    /// Rows whose required disposition could not be determined (or is in conflict).
    pub open: usize,
}

/// A figure computed by a 指标.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureSummary {
    /// `policy.measure` by English names.
    pub measure: String,
    /// Its name.
    pub heading: Bilingual,
    /// Its figures, each with its group; one without a group where it is not split (按).
    pub values: Vec<(Option<Bilingual>, Figure)>,
    /// What it is split by (按): the type.
    pub by: Option<Type>,
    /// Which group each figure is of: the number of the row or of the enum value, from 0; `None`
    /// where it is not known which, or groups are neither.
    pub groups: Vec<Option<usize>>,
    /// With 按, the figure over all groups; `None` without groups.
    pub overall: Option<Figure>,
}

impl MeasureSummary {
    /// Whether it says what was before, too.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.values.iter().any(|(_, figure)| figure.change.is_some())
    }

    /// The figure that is not of one group; `None` where it is split and there are no groups.
    #[must_use]
    pub fn whole(&self) -> Option<&Figure> {
        let alone = self.values.iter().find(|(group, _)| group.is_none()).map(|(_, figure)| figure);
        self.overall.as_ref().or(alone)
    }

    /// Whether it is split into groups.
    #[must_use]
    pub fn is_split(&self) -> bool {
        self.values.iter().any(|(group, _)| group.is_some())
    }
}

/// A figure as text.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Figure {
    /// Its value, of a change the one after; `None` where unknown.
    pub value: Option<Bilingual>,
    /// What was before, of a change.
    pub change: Option<Change>,
}

/// What was before a figure, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Change {
    /// The figure before; `None` where unknown.
    pub before: Option<Bilingual>,
    /// After minus before, with its sign; `None` where one is unknown.
    pub difference: Option<Bilingual>,
    /// The difference in percent of what was before, rounded to 0.1 %, with its sign; `None` where
    /// that is nothing or unknown.
    pub percent: Option<String>,
}

/// What came of a waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaiverState {
    /// A finding needed it, and it holds.
    Needed,
    /// No finding needed it.
    Unused,
    /// Its last day has passed.
    Expired,
    /// Its last day has passed, and a later one covers the same rule and row.
    Renewed,
}

impl WaiverState {
    /// The word in machine-readable reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Needed => "needed",
            Self::Unused => "unused",
            Self::Expired => "expired",
            Self::Renewed => "renewed",
        }
    }
}

/// A waiver, as the project gives it, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaiverSummary {
    /// `policy.article` by English names.
    pub article: String,
    /// The row's key.
    pub item: String,
    /// Who decided.
    pub authority: String,
    /// Why.
    pub reason: String,
    /// The last day it holds; `None` without an end.
    pub until: Option<String>,
    /// What came of it.
    pub state: WaiverState,
}

/// Where findings come from: they are made one by one, when a report asks.
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
}

/// The cheap part of a finding.
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
    /// The row's key as declared; empty where it has none.
    pub key: &'a str,
    /// The element inside the row, counted from 0, by English names: `steps[2]`.
    pub path: Option<String>,
}

/// What one run came to, but for its findings.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The project's name.
    pub project: String,
    /// The day judged for, `2015-11-20`; empty where none was given.
    pub as_of: String,
    /// Rows loaded, by table.
    pub rows: Vec<(Bilingual, usize)>,
    /// Mistakes in policies, manifest and data.
    pub diagnostics: Vec<Diagnostic>,
    /// All articles, in order.
    pub articles: Vec<ArticleSummary>,
    /// The outcomes of all articles together; a row in conflict is counted once.
    pub totals: Counts,
    /// All decisions.
    pub decisions: Vec<DecisionSummary>,
    /// All measures.
    pub measures: Vec<MeasureSummary>,
    /// All waivers, as given.
    pub waivers: Vec<WaiverSummary>,
}

/// Everything one run has to say.
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

impl Summary {
    /// The articles with outcomes or without rows, and what is required where none speaks; of those
    /// with an error only what else of them was judged.
    pub fn tabled(&self) -> impl Iterator<Item = &ArticleSummary> {
        let settled = |article: &&ArticleSummary| match article.standing {
            Standing::Judged | Standing::Otherwise | Standing::NoRows => true,
            Standing::Faulty | Standing::NotInEffect => false,
        };
        self.articles
            .iter()
            .filter(move |article| settled(article) || article.counts != Counts::default())
    }

    /// The articles of a standing.
    pub fn standing(&self, standing: Standing) -> impl Iterator<Item = &ArticleSummary> {
        self.articles.iter().filter(move |article| article.standing == standing)
    }
}
