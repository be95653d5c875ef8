//! The groups of a run: which group each row and each finding belongs to, and what lies in each.

use super::{Grouping, both};
use crate::builtin::Scalar;
use crate::diagnostic::Bilingual;
use crate::engine::{Mark, RowRef, Run};
use crate::finding::{Counts, Outcome, Weight, shorten};
use crate::say;
use crate::schema::{FieldId, FrameId, Type};
use crate::value::Values;
use crate::value::key::canonical;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a group is known by within a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A row of the table, or a value of the enum, by its number from 0.
    Number(usize),
    /// A truth value.
    Truth(bool),
    /// A text in canonical form.
    Text(String),
}

/// Why a row belongs to no group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nowhere {
    /// It, or a row it refers to, does not give the group.
    NotGiven,
    /// What it gives cannot be read, or it lacks what every row has.
    Unread,
    /// Its table leads to no group.
    Apart,
}

/// How many findings of each kind.
///
/// # Examples
///
/// ```
/// use fanshi::{Outcome, Tally, Weight};
///
/// let mut tally = Tally::default();
/// tally.add(Outcome::Violated, Weight::Error);
/// tally.add(Outcome::Waived, Weight::Warning);
/// assert_eq!((tally.violated, tally.waived, tally.sum()), (1, 1, 2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// 违反, conflicts included.
    pub violated: usize,
    /// Of these, conflicts (冲突).
    pub conflict: usize,
    /// Violations of 宜 and 不宜.
    pub warned: usize,
    /// 无法判断.
    pub undetermined: usize,
    /// 提请判断.
    pub referred: usize,
    /// 已准予例外.
    pub waived: usize,
}

impl Tally {
    /// Counts a finding; what is said about an article or a waiver as such is none.
    pub fn add(&mut self, outcome: Outcome, weight: Weight) {
        match (outcome, weight) {
            (Outcome::Conflict, _) => {
                self.violated += 1;
                self.conflict += 1;
            }
            (Outcome::Violated, Weight::Error) => self.violated += 1,
            (Outcome::Violated, _) => self.warned += 1,
            (Outcome::Undetermined, _) => self.undetermined += 1,
            (Outcome::Referred, _) => self.referred += 1,
            (Outcome::Waived, _) => self.waived += 1,
            (
                Outcome::Vacuous
                | Outcome::Hollow
                | Outcome::Waiver
                | Outcome::Satisfied
                | Outcome::AlreadyDemanded
                | Outcome::Exempt
                | Outcome::NotApplicable,
                _,
            ) => {}
        }
    }

    /// The kinds in order, each finding in one: violated, in conflict, warned, undetermined,
    /// referred, waived.
    #[must_use]
    pub fn kinds(self) -> [usize; 6] {
        let Self { violated, conflict, warned, undetermined, referred, waived } = self;
        let plain = violated.saturating_sub(conflict);
        [plain, conflict, warned, undetermined, referred, waived]
    }

    /// All of them.
    #[must_use]
    pub fn sum(self) -> usize {
        self.kinds().iter().sum()
    }
}

impl From<Counts> for Tally {
    /// Of the rows an article has outcomes for, those that there are findings about: each once, by
    /// the worst of the article's sentences.
    fn from(counts: Counts) -> Self {
        let Counts { violated, advised, conflict, undetermined, referred, waived, .. } = counts;
        let violated = violated.saturating_sub(advised);
        Self { violated, conflict, warned: advised, undetermined, referred, waived }
    }
}

/// A group, with what lies in it.
///
/// # Examples
///
/// ```
/// use fanshi::{Grouping, Groups, Options, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let groups = Groups::new(&run, Grouping::usual(&run.policy));
/// let east = &groups.list[0];
/// assert_eq!(east.name.as_ref().unwrap().zh, "东");
/// assert_eq!((east.rows, east.tally.violated, east.tally.waived), (2, 1, 1));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Which; `None` for what belongs to none.
    pub key: Option<Key>,
    /// What it is called, whole and unlike any other; `None` for what belongs to none.
    pub name: Option<Bilingual>,
    /// The same for people: cut where it is long, if that tells it from the others.
    pub shown: Option<Bilingual>,
    /// How many rows of the table whose rows are counted.
    pub rows: usize,
    /// The rows there are findings about, for each article once, by the worst of its sentences: what
    /// the totals of the run count, so that all groups add up to them.
    pub tally: Tally,
    /// How many rows of each table that leads to it.
    filed: BTreeMap<FrameId, usize>,
    /// Where the first of its values stands.
    first: Option<(RowRef, FieldId)>,
}

/// The groups that rows or findings of a run belong to. Truth values, texts and enum values group
/// only where they were kept; see [`crate::engine::Keep`].
///
/// # Examples
///
/// ```
/// use fanshi::{Grouping, Groups, Options, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let groups = Groups::new(&run, Some(Grouping::named(&run.policy, "shelf").unwrap()));
/// let violated: Vec<usize> = groups.list.iter().map(|group| group.tally.violated).collect();
/// assert_eq!(violated, [1, 2]);
/// ```
pub struct Groups<'r> {
    /// The run.
    pub run: &'r Run,
    /// What its rows are grouped by; `None` where they are not.
    pub by: Option<Grouping>,
    /// In order of the referred table, of the enum, or of the texts; last what belongs to none, if
    /// there is anything.
    pub list: Vec<Group>,
    /// How many rows and findings belong to none, and why; and the tables that lead to none.
    nowhere: BTreeMap<Nowhere, (usize, usize)>,
    apart: BTreeSet<FrameId>,
}

impl<'r> Groups<'r> {
    /// Groups the rows and the findings of a run.
    #[must_use]
    pub fn new(run: &'r Run, by: Option<Grouping>) -> Self {
        let mut groups =
            Self { run, by, list: Vec::new(), nowhere: BTreeMap::new(), apart: BTreeSet::new() };
        let mut found: BTreeMap<Option<Key>, Group> = BTreeMap::new();
        groups.count_rows(&mut found);
        groups.count_findings(&mut found);
        let none = found.remove(&None);
        let some = found.into_iter().map(|(key, group)| Group { key, ..group });
        groups.list = some.collect();
        groups.name();
        groups.list.extend(none);
        groups
    }

    fn count_rows(&mut self, found: &mut BTreeMap<Option<Key>, Group>) {
        let Some(by) = &self.by else { return };
        let counted = by.field.0;
        let tables: Vec<FrameId> =
            by.ways.keys().copied().filter(|frame| by.covers(*frame)).collect();
        for frame in tables {
            let one = usize::from(frame == counted);
            for row in 0..self.run.len(frame) {
                let group = self.group_of(RowRef { frame, row }, (one, 0), found);
                group.rows += one;
                *group.filed.entry(frame).or_default() += 1;
            }
        }
    }

    fn count_findings(&mut self, found: &mut BTreeMap<Option<Key>, Group>) {
        if self.by.is_none() {
            return;
        }
        for (row, outcome, weight) in self.run.rows_with_findings() {
            self.group_of(self.run.root(row), (0, 1), found).tally.add(outcome, weight);
        }
    }

    /// The group of a row, which so many rows and findings are added to.
    fn group_of<'f>(
        &mut self,
        row: RowRef,
        (rows, findings): (usize, usize),
        found: &'f mut BTreeMap<Option<Key>, Group>,
    ) -> &'f mut Group {
        let (key, first) = match self.follow(row) {
            Ok((key, first)) => (Some(key), first),
            Err(why) => {
                let counts = self.nowhere.entry(why).or_default();
                *counts = (counts.0 + rows, counts.1 + findings);
                if why == Nowhere::Apart {
                    self.apart.insert(row.frame);
                }
                (None, None)
            }
        };
        found.entry(key).or_insert_with(|| Group { first, ..Group::default() })
    }

    /// The key of the group of a table's row, and where it stands; for a row that is a group itself
    /// nowhere.
    fn follow(&self, row: RowRef) -> Result<(Key, Option<(RowRef, FieldId)>), Nowhere> {
        let way = self.by.as_ref().and_then(|by| by.way(row.frame)).ok_or(Nowhere::Apart)?;
        let (mut key, mut at) = (Key::Number(row.row), None);
        for (frame, field) in way {
            let Key::Number(row) = key else { return Err(Nowhere::Unread) };
            at = Some((RowRef { frame: *frame, row }, *field));
            let data = self.run.evaluator.frame(*frame);
            let column = data.and_then(|data| data.column(*field)).ok_or(Nowhere::Unread)?;
            if !column.present.get(row) {
                let unread = column.unread.get(row);
                return Err(if unread { Nowhere::Unread } else { Nowhere::NotGiven });
            }
            key = match &column.values {
                Values::Ints(values) => {
                    let value = values.get(row).and_then(|value| usize::try_from(*value).ok());
                    Key::Number(value.ok_or(Nowhere::Unread)?)
                }
                Values::Bits(bits) => Key::Truth(bits.get(row)),
                Values::Texts(texts) => Key::Text(canonical(texts.get(row)).into_owned()),
                Values::Ratios(_) | Values::Dropped => return Err(Nowhere::Unread),
            };
        }
        Ok((key, at))
    }

    /// Gives the groups their names.
    fn name(&mut self) {
        let mut names: Vec<Bilingual> = self.list.iter().map(|group| self.called(group)).collect();
        let same = twice(&names);
        for ((name, group), _) in
            names.iter_mut().zip(&self.list).zip(same).filter(|(_, same)| *same)
        {
            // Two rows have one key.
            if let Some(Key::Number(row)) = group.key {
                let (Bilingual { zh, en }, number) = (&name, row + 1);
                *name = say!("{zh}（第 {number} 行）", "{en} (row {number})");
            }
        }
        let cut = |name: &Bilingual| Bilingual::new(shorten(&name.zh), shorten(&name.en));
        let short: Vec<Bilingual> = names.iter().map(cut).collect();
        let same = twice(&short);
        for (((group, name), short), same) in self.list.iter_mut().zip(names).zip(short).zip(same) {
            group.shown = Some(if same { name.clone() } else { short });
            group.name = Some(name);
        }
    }

    /// A group's key or value as it was declared.
    fn called(&self, group: &Group) -> Bilingual {
        let ty = self.by.as_ref().map_or(Type::Text, |by| by.ty);
        match (&group.key, ty) {
            (Some(Key::Number(row)), Type::Ref(frame)) => {
                let row = RowRef { frame, row: *row };
                self.run.key(row).map_or_else(|| self.run.called(row), Bilingual::same)
            }
            (Some(Key::Number(value)), _) => self.run.value_name(ty, *value),
            (Some(Key::Truth(truth)), _) => self.run.show().scalar(ty, &Scalar::Bool(*truth)),
            (Some(Key::Text(text)), _) => {
                let written = group
                    .first
                    .and_then(|(row, field)| self.run.show().whole(row.frame, row.row, field));
                written.unwrap_or_else(|| Bilingual::same(text.clone()))
            }
            (None, _) => Bilingual::default(),
        }
    }

    /// Where in [`Groups::list`] the group of a row is, or of the row an element lies in; that of
    /// what belongs to none where it belongs to none. `None` where nothing is grouped.
    #[must_use]
    pub fn position(&self, row: RowRef) -> Option<usize> {
        self.by.as_ref()?;
        let key = self.follow(self.run.root(row)).ok().map(|(key, _)| key);
        // What belongs to none comes last.
        let order = |found: &Group| (found.key.is_none(), &found.key).cmp(&(key.is_none(), &key));
        self.list.binary_search_by(order).ok()
    }

    /// The group of a row, or of the row an element lies in.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{FrameId, Grouping, Groups, Options, Project, RowRef};
    ///
    /// let run = Project::read("examples/library".as_ref()).run(&Options::default());
    /// let groups = Groups::new(&run, Grouping::usual(&run.policy));
    /// let shelf = groups.of(RowRef { frame: FrameId(1), row: 1 }).unwrap();
    /// assert_eq!(shelf.name.as_ref().unwrap().zh, "西");
    /// ```
    #[must_use]
    pub fn of(&self, row: RowRef) -> Option<&Group> {
        self.list.get(self.position(row)?).filter(|group| group.key.is_some())
    }

    /// What tells a group apart from run to run; `None` for a row whose key cannot be read.
    #[must_use]
    pub fn mark(&self, group: &Group) -> Option<(Mark, usize)> {
        let ty = self.by.as_ref()?.ty;
        match (group.key.as_ref()?, ty) {
            (Key::Number(row), Type::Ref(frame)) => {
                let key = self.run.row_key(RowRef { frame, row: *row })?;
                Some((key.mark, key.equal))
            }
            (Key::Text(text), _) => Some((Mark::Key(text.clone()), 0)),
            _ => Some((Mark::Key(self.called(group).en), 0)),
        }
    }

    /// What tells apart the rows that could be groups; `None` where groups are no rows.
    #[must_use]
    pub fn rows(&self) -> Option<BTreeSet<(Mark, usize)>> {
        let frame = self.by.as_ref()?.ty.table()?;
        let rows = (0..self.run.len(frame)).map(|row| RowRef { frame, row });
        let keys = rows.filter_map(|row| self.run.row_key(row));
        Some(keys.map(|key| (key.mark, key.equal)).collect())
    }

    /// The tables of which a group has rows, with how many, in the order of their declaration.
    #[must_use]
    pub fn filed(&self, group: &Group) -> Vec<(Bilingual, usize)> {
        let schema = self.run.schema();
        let name = |frame: &FrameId| both(schema.frame(*frame).map(|frame| &frame.names));
        group.filed.iter().map(|(frame, rows)| (name(frame), *rows)).collect()
    }

    /// What the groups have declared that have no row of the table whose rows are counted.
    fn others(&self) -> Option<Bilingual> {
        let by = self.by.as_ref()?;
        let others = self.list.iter().filter(|group| group.key.is_some() && group.rows == 0);
        let part = |group: &Group| {
            let Bilingual { zh, en } = group.shown.clone().unwrap_or_default();
            let rows = self.filed(group).into_iter().map(|(name, rows)| {
                let Bilingual { zh, en } = quoted(&name);
                say!("{zh} {rows}", "{en} {rows}")
            });
            let filed: Vec<Bilingual> = rows.collect();
            if filed.is_empty() {
                return None;
            }
            let Bilingual { zh: filed, en: filed_en } = list(filed, "、", ", ");
            Some(say!("{zh}（{filed}）", "{en} ({filed_en})"))
        };
        let parts: Vec<Bilingual> = others.filter_map(part).collect();
        if parts.is_empty() {
            return None;
        }
        let Bilingual { zh: table, en: table_en } = by.table(self.run.schema());
        let Bilingual { zh, en } = list(parts, "；", "; ");
        Some(say!(
            "没有填报 `{table}`、只填报别的表的：{zh}",
            "of `{table_en}` nothing is declared, but of other tables, by: {en}"
        ))
    }

    /// What is to be said of the groups: where a row could have gone another way, and why some
    /// belong to none.
    #[must_use]
    pub fn remarks(&self) -> Vec<Bilingual> {
        let Some(by) = &self.by else { return Vec::new() };
        by.remarks.iter().cloned().chain(self.others()).chain(self.without()).collect()
    }

    /// Why some belong to no group, with how many rows and findings.
    #[must_use]
    pub fn without(&self) -> Option<Bilingual> {
        let by = self.by.as_ref()?;
        let schema = self.run.schema();
        let Bilingual { zh: group, en: group_en } = by.heading(schema);
        let Bilingual { zh: table, en: table_en } = by.table(schema);
        let tables = self.apart.iter().map(|frame| both(schema.frame(*frame).map(|f| &f.names)));
        let apart = list(tables.map(|name| quoted(&name)).collect(), "、", ", ");
        let part = |(why, (rows, findings)): (&Nowhere, &(usize, usize))| {
            let Bilingual { zh, en } = match why {
                Nowhere::NotGiven => say!("没有填报 `{group}`", "`{group_en}` is not given"),
                Nowhere::Unread => {
                    say!("`{group}` 漏填或读不出", "`{group_en}` is missing or cannot be read")
                }
                Nowhere::Apart => {
                    let Bilingual { zh: tables, en: tables_en } = &apart;
                    say!("{tables} 没有引用通到 `{group}`", "{tables_en} leads to no `{group_en}`")
                }
            };
            match (rows, findings) {
                (0, 0) => None,
                (_, 0) => Some(say!("{zh}：{table} {rows}", "{en}: {table_en} {rows}")),
                (0, _) => Some(say!("{zh}：发现 {findings}", "{en}: findings {findings}")),
                _ => Some(say!(
                    "{zh}：{table} {rows}，发现 {findings}",
                    "{en}: {table_en} {rows}, findings {findings}"
                )),
            }
        };
        let parts: Vec<Bilingual> = self.nowhere.iter().filter_map(part).collect();
        if parts.is_empty() {
            return None;
        }
        let Bilingual { zh, en } = list(parts, "；", "; ");
        Some(say!("不属任何一组的，{zh}", "in no group: {en}"))
    }
}

/// Which of some names another has as well.
fn twice(names: &[Bilingual]) -> Vec<bool> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    names.iter().for_each(|name| *times.entry(&name.zh).or_default() += 1);
    names.iter().map(|name| times.get(&*name.zh).is_some_and(|times| *times > 1)).collect()
}

/// A name as it stands in a sentence.
fn quoted(name: &Bilingual) -> Bilingual {
    let Bilingual { zh, en } = name;
    say!("`{zh}`", "`{en}`")
}

/// Words one after another.
fn list(words: Vec<Bilingual>, between: &str, between_en: &str) -> Bilingual {
    let (zh, en): (Vec<_>, Vec<_>) = words.into_iter().map(|word| (word.zh, word.en)).unzip();
    Bilingual::new(zh.join(between), en.join(between_en))
}
