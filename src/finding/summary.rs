//! What a run came to in numbers: outcomes of each article, decisions, measures, waivers.

use super::{Length, Outcome};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::schema::Type;
use crate::value::Ratio;
use std::collections::BTreeMap;

/// How many rows had each outcome: of one article, or of all.
///
/// # Examples
///
/// ```
/// use fanshi::Counts;
///
/// let all: Counts = [
///     Counts { satisfied: 3, violated: 1, ..Counts::default() },
///     Counts { violated: 2, advised: 1, ..Counts::default() },
/// ].into_iter().sum();
/// assert_eq!((all.satisfied, all.violated, all.advised), (3, 3, 1));
/// ```
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
    /// The counts by their names in formats for programs; advice and conflicts are counted as
    /// violated too.
    #[must_use]
    pub fn named(self) -> [(&'static str, usize); 10] {
        let Self {
            satisfied,
            violated,
            advised,
            conflict,
            already,
            not_applicable,
            exempt,
            undetermined,
            referred,
            waived,
        } = self;
        [
            ("satisfied", satisfied),
            ("violated", violated),
            ("advised", advised),
            ("conflict", conflict),
            ("already_demanded", already),
            ("not_applicable", not_applicable),
            ("exempt", exempt),
            ("undetermined", undetermined),
            ("referred", referred),
            ("waived", waived),
        ]
    }

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

    /// Whether nothing was found: every row is met, exempt, or not spoken of.
    #[must_use]
    pub fn is_met(self) -> bool {
        let Self { violated, undetermined, referred, waived, .. } = self;
        [violated, undetermined, referred, waived] == [0; 4]
    }

    /// Counts so many rows of an outcome; `advice` are violations that are only advised against.
    pub fn add(&mut self, outcome: Outcome, advice: bool, rows: usize) {
        let count = match outcome {
            Outcome::Conflict => {
                self.conflict += rows;
                &mut self.violated
            }
            Outcome::Violated => {
                self.advised += if advice { rows } else { 0 };
                &mut self.violated
            }
            Outcome::Waived => &mut self.waived,
            Outcome::Referred => &mut self.referred,
            Outcome::Undetermined => &mut self.undetermined,
            Outcome::Satisfied => &mut self.satisfied,
            Outcome::AlreadyDemanded => &mut self.already,
            Outcome::Exempt => &mut self.exempt,
            Outcome::NotApplicable => &mut self.not_applicable,
            Outcome::Vacuous | Outcome::Hollow | Outcome::Waiver => return,
        };
        *count += rows;
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
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project, Standing};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let judged = run.summary.standing(Standing::Judged);
/// assert_eq!(judged.count(), 3);
/// assert_eq!(Standing::NotInEffect.code(), "not_in_effect");
/// ```
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
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let thick = &run.summary.articles[0];
/// assert_eq!(thick.article, "library.thick");
/// assert_eq!((thick.counts.satisfied, thick.counts.violated), (2, 1));
/// ```
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
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let fate = &run.summary.decisions[0];
/// let (disposition, declared, required) = &fate.dispositions[1];
/// assert_eq!((disposition.en.as_str(), *declared, *required), ("drop", 0, 1));
/// ```
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
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let books = &run.summary.measures[0];
/// assert_eq!(books.measure, "library.books");
/// assert!(books.is_split()); // by shelf
/// assert_eq!(books.whole().unwrap().value.as_ref().unwrap().en, "4");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureSummary {
    /// `policy.measure` by English names.
    pub measure: String,
    /// Its name.
    pub heading: Bilingual,
    /// Its figures, each with its group: whole, a text without quotation marks; `None` where it is
    /// not known which. One without a group where it is not split (按).
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
        let alone = self.values.first().filter(|_| !self.is_split());
        self.overall.as_ref().or(alone.map(|(_, figure)| figure))
    }

    /// Whether it is split into groups.
    #[must_use]
    pub fn is_split(&self) -> bool {
        let known = || self.values.iter().any(|(group, _)| group.is_some());
        !self.values.is_empty() && (self.by.is_some() || known())
    }

    /// What people call its groups: texts in quotation marks, and cut where they are long, but for
    /// those that would look like another one then.
    #[must_use]
    pub fn names(&self) -> Vec<Bilingual> {
        if !self.is_split() {
            return self.values.iter().map(|_| Bilingual::default()).collect();
        }
        let unknown = || Bilingual::new("（不详）", "(unknown)");
        let quoted =
            |name: &Bilingual| Bilingual::new(format!("“{}”", name.zh), format!("\"{}\"", name.en));
        let is_text = matches!(self.by, Some(Type::Text));
        let lacks = self.values.iter().any(|(group, _)| group.is_none());
        let name = |length: Length| {
            move |(group, _): &(Option<Bilingual>, Figure)| {
                let Some(group) = group else { return unknown() };
                let cut = |name: &str| match is_text {
                    true => length.text(name),
                    false => length.key(name),
                };
                let name = Bilingual::new(cut(&group.zh), cut(&group.en));
                let same = lacks && (name.zh == unknown().zh || name.en == unknown().en);
                if is_text || same { quoted(&name) } else { name }
            }
        };
        let cut: Vec<Bilingual> = self.values.iter().map(name(Length::Readable)).collect();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        cut.iter().for_each(|name| *seen.entry(&name.zh).or_default() += 1);
        let alone = |name: &Bilingual| seen.get(&*name.zh) == Some(&1);
        let whole = self.values.iter().map(name(Length::Whole)).zip(&cut);
        whole.map(|(whole, cut)| if alone(cut) { cut.clone() } else { whole }).collect()
    }
}

/// A figure as text.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let (group, figure) = &run.summary.measures[0].values[0];
/// assert_eq!(group.as_ref().unwrap().zh, "东");
/// assert_eq!(figure.value.as_ref().unwrap().zh, "2");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Figure {
    /// Its value, of a change the one after; `None` where unknown.
    pub value: Option<Bilingual>,
    /// The same as a number, in the smallest unit of its type; `None` where unknown, or no number.
    pub amount: Option<Ratio>,
    /// What was before, of a change.
    pub change: Option<Change>,
}

/// What was before a figure, and what became of it.
///
/// # Examples
///
/// ```
/// use fanshi::{Given, Keep, Policy, Run, Settings, Source, Terms, Texts, date};
/// use std::sync::Arc;
///
/// let text = "policy library\ntable book { code : text key }\nmeasure books = 4 → count(book)";
/// let texts = Texts::from_iter([Source::new("library.fan", text)]);
/// let policy = Arc::new(Policy::compile(texts, &Settings::default()));
/// let book = serde_json::json!({"code": "A"});
/// let rows = Given::new(&policy).table("book", &[book]).unwrap().load(Keep::Read);
/// let terms = Terms { day: Some(date(2015, 11, 20)), ..Terms::default() };
/// let run = Run::new(policy, Arc::new(rows), terms);
/// let change = run.summary.measures[0].whole().unwrap().change.clone().unwrap();
/// assert_eq!(change.percent.unwrap(), "-75.0%");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Change {
    /// The figure before; `None` where unknown.
    pub before: Option<Bilingual>,
    /// The same as a number, as [`Figure::amount`].
    pub amount: Option<Ratio>,
    /// After minus before, with its sign; `None` where one is unknown.
    pub difference: Option<Bilingual>,
    /// The difference in percent of what was before, rounded to 0.1 %, with its sign; `None` where
    /// that is nothing or unknown.
    pub percent: Option<String>,
}

/// What came of a waiver.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project, WaiverState, date};
///
/// let project = Project::read("examples/library".as_ref());
/// let later = Options { as_of: Some(date(2016, 6, 1)), ..Options::default() };
/// assert_eq!(project.run(&later).waivers[0].state, WaiverState::Expired);
/// ```
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
    /// Whether it is needed is not known: its row could not be judged, or was not read.
    Open,
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
            Self::Open => "open",
        }
    }
}

/// A waiver, as the project gives it, and what came of it.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let waiver = &run.summary.waivers[0];
/// assert_eq!((&*waiver.article, &*waiver.item), ("library.thick", "D"));
/// assert_eq!(waiver.until.as_deref(), Some("2016-01-01"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaiverSummary {
    /// `policy.article` by English names.
    pub article: String,
    /// The table, where it is named apart.
    pub table: Option<String>,
    /// The row as it is written: its key, or `table:key`.
    pub item: String,
    /// The row for people: table and key apart where both are written.
    pub row: Bilingual,
    /// Who decided.
    pub authority: String,
    /// Why.
    pub reason: String,
    /// The last day it holds; `None` without an end.
    pub until: Option<String>,
    /// What came of it.
    pub state: WaiverState,
}

/// What one run came to, but for its findings.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let summary = &run.summary;
/// assert_eq!((&*summary.project, &*summary.as_of), ("馆", "2015-11-20"));
/// assert_eq!((summary.totals.violated, summary.totals.waived), (3, 1));
/// assert!(summary.diagnostics.is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The project's name.
    pub project: String,
    /// The day judged for, `2015-11-20`; empty where none was given.
    pub as_of: String,
    /// Rows loaded, by table.
    pub rows: Vec<(Bilingual, usize)>,
    /// Rows of the tables that articles and decisions speak of; those that are only looked up, as
    /// the laws that are cited, are not judged.
    pub judged: usize,
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
