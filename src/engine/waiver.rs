//! Waivers: a finding that an authority has allowed for one row, until a day. A waiver reaches the
//! rule and the row it names, by their identity, and nothing else.

use super::rule::tables;
use super::{RowRef, RuleId, Run};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::finding::{Outcome, WaiverState, WaiverSummary};
use crate::nearest::nearest_key;
use crate::place::Place;
use crate::say;
use crate::schema::{Frame, FrameId};
use crate::value::key::canonical;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A waiver as the project gives it.
///
/// # Examples
///
/// ```
/// use fanshi::{Grant, Options, Place, Project, Run, Terms, date};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let grant = Grant {
///     rule: "library.thick".into(),
///     table: None,
///     item: "B".into(),
///     authority: "the librarian".into(),
///     reason: "an atlas".into(),
///     until: Some(date(2016, 6, 30)),
///     place: Place::file("waivers"),
/// };
/// let terms = Terms { day: run.day, grants: vec![grant], ..Terms::default() };
/// let run = Run::new(run.policy.clone(), run.rows.clone(), terms);
/// assert_eq!(run.summary.totals.waived, 1);
/// ```
#[derive(Clone, Debug)]
pub struct Grant {
    /// The rule by a name of it.
    pub rule: String,
    /// The row's table, where it is said.
    pub table: Option<String>,
    /// The row's key, or `table:key`; the table's name for a table of one row.
    pub item: String,
    /// Who decided.
    pub authority: String,
    /// Why.
    pub reason: String,
    /// Last day it holds; `None` without an end.
    pub until: Option<Date>,
    /// Where it stands.
    pub place: Place,
}

/// A waiver whose rule and row were found.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project, WaiverState};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let waiver = &run.waivers[0];
/// assert_eq!(waiver.grant.reason, "辞书");
/// assert_eq!(run.row_name(waiver.row.unwrap()), "D");
/// assert_eq!(waiver.state, WaiverState::Needed);
/// ```
#[derive(Clone, Debug)]
pub struct Waiver {
    /// As given.
    pub grant: Grant,
    /// The rule.
    pub rule: RuleId,
    /// The row; `None` where rows of its table were lost, among which it may have been.
    pub row: Option<RowRef>,
    /// What came of it.
    pub state: WaiverState,
}

/// How many unknown keys are compared with all known ones.
const COMPARED: usize = 50;

/// Rows of a table by canonical key.
type Keyed = HashMap<String, Vec<usize>>;

/// The rows that grants name.
pub(super) struct Grants<'r> {
    run: &'r Run,
    keys: BTreeMap<FrameId, Keyed>,
    /// What names of rules stand for, as far as they were asked.
    rules: HashMap<String, Result<RuleId, Box<Diagnostic>>>,
    compared: usize,
}

impl<'r> Grants<'r> {
    pub(super) fn new(run: &'r Run) -> Self {
        Self { run, keys: BTreeMap::new(), rules: HashMap::new(), compared: 0 }
    }

    /// The waiver a grant stands for.
    pub(super) fn find(&mut self, grant: Grant) -> Result<Waiver, Box<Diagnostic>> {
        let placed = |diagnostic: Box<Diagnostic>| {
            Box::new(diagnostic.at(grant.place.clone(), Bilingual::default()))
        };
        let known = self.rules.entry(grant.rule.clone());
        let rule = known.or_insert_with(|| self.run.policy.rules.named(&grant.rule));
        let rule = rule.clone().map_err(placed)?;
        let row = self.named(rule, &grant).map_err(placed)?;
        let today = self.run.day.is_none_or(|day| grant.until.is_none_or(|until| until >= day));
        let state = if today { WaiverState::Unused } else { WaiverState::Expired };
        Ok(Waiver { grant, rule, row, state })
    }

    fn frame(&self, table: FrameId) -> Option<&'r Frame> {
        self.run.schema().frame(table)
    }

    /// The row a grant names.
    fn named(&mut self, rule: RuleId, grant: &Grant) -> Result<Option<RowRef>, Box<Diagnostic>> {
        let all = tables(&self.run.policy.program, rule);
        let item = &grant.item;
        if let Some(name) = &grant.table {
            return match self.called(&all, name) {
                tables if tables.is_empty() => Err(Box::new(self.not_about(&all, name))),
                tables => self.row(&tables, item),
            };
        }
        let (tables, key) = match item.split_once([':', '：']) {
            Some((name, key)) => (self.called(&all, name.trim()), key),
            None => (BTreeSet::new(), ""),
        };
        if tables.is_empty() {
            return self.row(&all, item);
        }
        // A table and a key, or a key that is written like them.
        let (parted, whole) = (self.matching(&tables, key), self.matching(&all, item));
        match (parted.first(), whole.first()) {
            (Some(parted), Some(whole)) if parted != whole => {
                Err(Box::new(self.either((*parted, key), *whole, item)))
            }
            (None, Some(_)) if !tables.iter().any(|table| self.is_open(*table)) => {
                self.row(&all, item)
            }
            _ => self.row(&tables, key),
        }
    }

    /// Those of the tables that have a name.
    fn called(&self, all: &BTreeSet<FrameId>, name: &str) -> BTreeSet<FrameId> {
        let fits =
            |table: &&FrameId| self.frame(**table).is_some_and(|frame| frame.names.matches(name));
        all.iter().filter(fits).copied().collect()
    }

    fn not_about(&self, all: &BTreeSet<FrameId>, name: &str) -> Diagnostic {
        let names = all.iter().filter_map(|table| self.frame(*table));
        let (zh, en): (Vec<&str>, Vec<&str>) =
            names.map(|frame| (frame.names.zh(), frame.names.en())).unzip();
        let (zh, en) = (zh.join("、"), en.join(", "));
        let message = say!("条文说的不是表 `{name}`", "the article is not about `{name}`");
        let unknown = Diagnostic::error("unknown_waived_row", message);
        unknown.help(say!("它说的是 {zh}", "it is about {en}"))
    }

    /// The rows of the tables that have a key.
    fn matching(&mut self, tables: &BTreeSet<FrameId>, key: &str) -> Vec<RowRef> {
        let named = canonical(key).into_owned();
        let mut found: Vec<RowRef> = Vec::new();
        for table in tables {
            let single = self.frame(*table).filter(|frame| frame.single && frame.key().is_none());
            if single.is_some_and(|frame| frame.names.matches(&named)) {
                found.push(RowRef { frame: *table, row: 0 });
            }
            let wanted = self.run.rows.key(*table, key);
            let rows = self.keyed(*table).get(&wanted);
            found.extend(rows.into_iter().flatten().map(|row| RowRef { frame: *table, row: *row }));
        }
        found
    }

    /// The row of one of the tables that has a key.
    fn row(
        &mut self,
        tables: &BTreeSet<FrameId>,
        key: &str,
    ) -> Result<Option<RowRef>, Box<Diagnostic>> {
        match self.matching(tables, key).as_slice() {
            [only] => Ok(Some(*only)),
            // Among rows that were lost, or whose key cannot be read, or of an article that could
            // not be understood, it may be.
            [] if tables.is_empty() || tables.iter().any(|table| self.is_open(*table)) => Ok(None),
            [] => Err(Box::new(self.unknown(tables, key, &canonical(key)))),
            several => Err(Box::new(self.ambiguous(several, key))),
        }
    }

    /// One row by its table and its key, and another by its key alone.
    fn either(&self, (parted, key): (RowRef, &str), whole: RowRef, item: &str) -> Diagnostic {
        let name = |row: RowRef| {
            self.frame(row.frame).map_or(("", ""), |frame| (frame.names.zh(), frame.names.en()))
        };
        let ((zh, en), (other_zh, other_en)) = (name(parted), name(whole));
        let message = say!(
            "`{item}` 既可以是 `{zh}` 中主键为 `{key}` 的行，也可以是 `{other_zh}` 中主键为 `{item}` 的行",
            "`{item}` may be the row of `{en}` with the key `{key}`, or the row of `{other_en}` \
                with the key `{item}`"
        );
        let help = say!(
            "前者写 table = \"{zh}\"、item = \"{key}\"；后者写 item = \"{other_zh}:{item}\"",
            "for the first write table = \"{en}\" and item = \"{key}\", for the other \
                item = \"{other_en}:{item}\""
        );
        Diagnostic::error("ambiguous_waived_row", message).help(help)
    }

    /// Whether a table may have rows that are not known by a key though they should be.
    fn is_open(&self, table: FrameId) -> bool {
        let key = self.frame(table).and_then(Frame::key);
        let data = self.run.evaluator.frame(table);
        data.is_some_and(|data| {
            let keyless = key.and_then(|key| data.column(key));
            !data.whole || keyless.is_some_and(|column| !column.unread.none())
        })
    }

    fn keyed(&mut self, table: FrameId) -> &Keyed {
        let run = self.run;
        self.keys.entry(table).or_insert_with(|| {
            let len = run.evaluator.frame(table).map_or(0, |data| data.len);
            let mut keyed = Keyed::new();
            for row in 0..len {
                if let Some(key) = run.key(RowRef { frame: table, row }) {
                    keyed.entry(run.rows.key(table, &key)).or_default().push(row);
                }
            }
            keyed
        })
    }

    fn unknown(&mut self, tables: &BTreeSet<FrameId>, key: &str, named: &str) -> Diagnostic {
        let keyless = |table: &&FrameId| {
            self.frame(**table).is_some_and(|frame| frame.key().is_none() && !frame.single)
        };
        if let Some(frame) = tables.iter().find(keyless).and_then(|table| self.frame(*table)) {
            let (zh, en) = (frame.names.zh(), frame.names.en());
            let message = say!(
                "`{zh}` 没有主键，`{key}` 说不清是哪一行",
                "`{en}` has no key: `{key}` does not say which row is meant"
            );
            let help = say!(
                "在词汇里给 `{zh}` 声明主键，例外才能指明一行",
                "declare a key for `{en}` in the vocabulary; only then can a waiver name a row"
            );
            return Diagnostic::error("waived_row_without_key", message).help(help);
        }
        self.compared += 1;
        let row = |table: &FrameId, rows: &Vec<usize>| {
            self.run.key(RowRef { frame: *table, row: *rows.first()? })
        };
        let known = tables.iter().filter_map(|table| Some((table, self.keys.get(table)?)));
        let known = known.flat_map(|(table, keys)| keys.values().map(move |rows| (table, rows)));
        let known: Vec<String> = known
            .take_while(|_| self.compared <= COMPARED)
            .filter_map(|(table, rows)| row(table, rows))
            .collect();
        let near = nearest_key(named, known.iter().map(String::as_str));
        let help = near.map_or_else(
            || {
                say!(
                    "写条文所说的一行的主键，或删去这项例外",
                    "write the key of a row the article speaks of, or delete the waiver"
                )
            },
            |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
        );
        let message = say!(
            "例外所说的 `{key}` 不是条文所说的任何一行的主键",
            "`{key}`, which a waiver names, is the key of no row its article speaks of"
        );
        Diagnostic::error("unknown_waived_row", message).help(help)
    }

    fn ambiguous(&self, found: &[RowRef], key: &str) -> Diagnostic {
        let tables: BTreeSet<FrameId> = found.iter().map(|row| row.frame).collect();
        let names: Vec<_> = tables.iter().filter_map(|table| self.frame(*table)).collect();
        if let [_, _, ..] = names.as_slice() {
            let joined = |pick: fn(&Frame) -> &str, mark: &str| {
                names.iter().map(|frame| pick(frame)).collect::<Vec<_>>().join(mark)
            };
            let (zh, en) =
                (joined(|frame| frame.names.zh(), "、"), joined(|frame| frame.names.en(), ", "));
            let (first_zh, first_en) =
                names.first().map_or(("", ""), |frame| (frame.names.zh(), frame.names.en()));
            let message = say!(
                "不止一个表有主键为 `{key}` 的行：{zh}",
                "rows of several tables have the key `{key}`: {en}"
            );
            let help = say!(
                "加 `table = \"{first_zh}\"`，或写 `{first_zh}:{key}`",
                "add `table = \"{first_en}\"`, or write `{first_en}:{key}`"
            );
            return Diagnostic::error("ambiguous_waived_row", message).help(help);
        }
        let count = found.len();
        let message = say!(
            "有 {count} 行的主键都是 `{key}`，说不清例外给哪一行",
            "{count} rows have the key `{key}`: it is not clear which one is waived"
        );
        let help = say!("先改正重复的主键", "correct the repeated key first");
        Diagnostic::error("ambiguous_waived_row", message).help(help)
    }
}

/// Which rows are waived for which rule, and by which of the waivers first.
pub(super) type Waived = BTreeMap<(RuleId, RowRef), usize>;

/// Says of each waiver what came of it, by the rules that are broken for rows, and those of which
/// nobody knows.
pub(super) fn settle(
    waivers: &mut [Waiver],
    needed: &BTreeSet<(RuleId, RowRef)>,
    open: &BTreeSet<(RuleId, RowRef)>,
) -> Waived {
    let mut valid = Waived::new();
    for (at, waiver) in waivers.iter().enumerate() {
        if let Some(row) = waiver.row.filter(|_| waiver.state != WaiverState::Expired) {
            valid.entry((waiver.rule, row)).or_insert(at);
        }
    }
    for waiver in waivers {
        let Some(row) = waiver.row else {
            if waiver.state == WaiverState::Unused {
                waiver.state = WaiverState::Open;
            }
            continue;
        };
        let covered = (waiver.rule, row);
        waiver.state = match waiver.state {
            WaiverState::Expired if valid.contains_key(&covered) => WaiverState::Renewed,
            WaiverState::Expired => WaiverState::Expired,
            _ if needed.contains(&covered) => WaiverState::Needed,
            _ if open.contains(&covered) => WaiverState::Open,
            _ => WaiverState::Unused,
        };
    }
    valid.retain(|covered, _| needed.contains(covered));
    valid
}

impl Run {
    /// The waivers, and what came of each.
    pub(super) fn waiver_summaries(&self) -> Vec<WaiverSummary> {
        self.waivers.iter().map(|waiver| self.waiver_summary(waiver)).collect()
    }

    /// A waiver, and what came of it.
    #[must_use]
    pub fn waiver_summary(&self, waiver: &Waiver) -> WaiverSummary {
        WaiverSummary {
            article: self.policy.rules.code(waiver.rule).to_owned(),
            table: waiver.grant.table.clone(),
            item: waiver.grant.item.clone(),
            row: self.waived_row(waiver),
            authority: waiver.grant.authority.clone(),
            reason: waiver.grant.reason.clone(),
            until: waiver.grant.until.map(|until| until.to_string()),
            state: waiver.state,
        }
    }

    /// The row of a waiver as people are told of it: where its table was written, the table and the
    /// key apart, so that `户:7` is not taken for a key.
    fn waived_row(&self, waiver: &Waiver) -> Bilingual {
        let item = || Bilingual::same(waiver.grant.item.clone());
        let Some((row, key)) = waiver.row.and_then(|row| Some((row, self.key(row)?))) else {
            return item();
        };
        let is_key = self.rows.key(row.frame, &waiver.grant.item) == self.rows.key(row.frame, &key);
        match self.schema().frame(row.frame) {
            Some(frame) if waiver.grant.table.is_some() || !is_key => Bilingual::new(
                format!("{} {key}", frame.names.zh()),
                format!("{} {key}", frame.names.en()),
            ),
            _ => item(),
        }
    }

    /// The waiver that allows a verdict.
    #[must_use]
    pub fn waiver_of(&self, index: usize) -> Option<WaiverSummary> {
        let verdict = self.verdicts.get(index)?;
        if verdict.outcome != Outcome::Waived {
            return None;
        }
        let (broken, row) = (self.broken_by(index), self.root(verdict.at()));
        let first = broken.iter().filter_map(|rule| self.waived.get(&(*rule, row))).min();
        self.waivers.get(*first?).map(|waiver| self.waiver_summary(waiver))
    }
}
