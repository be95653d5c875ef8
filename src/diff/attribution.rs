//! What made a finding go or come: everything that differs of what the rule rests on, nearest
//! first; where that are several changes, those that matter, by trying.

use super::cause::{Cause, Declaration, Loss, Waiving};
use super::declaration::{Declarations, Key, Kind, Rests};
use super::identity::Entry;
use super::lapse::Lapse;
use super::mixed::Part;
use super::policy::{Edit, PolicyEdit};
use super::row::{RowEdit, TableEdit};
use super::seat::{Kept, Seat, rule_key};
use super::side::Sides;
use super::splice::whole;
use super::trial::{Change, Trials};
use crate::diagnostic::Bilingual;
use crate::engine::{RowKey, RowRef, Run};
use crate::finding::{Outcome, WaiverState, shorten};
use crate::schema::{Field, FieldId, FrameId, Type};
use crate::why::Fact;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// So many rows of one table that a rule looks through are named and tried one by one.
const FEW: usize = 8;

/// What became of a finding: its index before and now.
pub struct Flip<'s> {
    pub seat: &'s Seat,
    pub was: Option<usize>,
    pub is: Option<usize>,
    /// Outcomes of all findings that the later run has about the same.
    pub now: &'s [Kept],
}

/// Why a finding went or came.
pub struct Reason {
    /// What made it so, nearest first.
    pub causes: Vec<Cause>,
    /// Whether it is known that these changes matter: not where several may and could not be
    /// tried.
    pub tried: bool,
}

impl From<Cause> for Reason {
    fn from(cause: Cause) -> Self {
        Self { causes: vec![cause], tried: true }
    }
}

/// Changes that may have made it so, and what they are called.
struct Candidate {
    main: Change,
    /// That, and what has to be undone with it.
    changes: BTreeSet<Change>,
    causes: Vec<Cause>,
    /// Whether the facts that the finding rests on, or the policies, say that it matters.
    near: bool,
}

impl Candidate {
    fn new(change: Change, causes: Vec<Cause>, near: bool) -> Self {
        Self { changes: BTreeSet::from([change.clone()]), main: change, causes, near }
    }
}

/// The states of waivers by rule and row, by what they name where that is no row.
type Waivers = BTreeMap<(Key, Option<RowKey>), WaiverState>;

/// What differs, ready to be looked up.
pub struct Attribution<'d> {
    sides: &'d Sides<'d>,
    declared: [&'d Declarations; 2],
    policies: &'d [PolicyEdit],
    tables: &'d [TableEdit],
    rows: HashMap<&'d RowKey, &'d RowEdit>,
    gone_or_new: BTreeSet<&'d RowKey>,
    waivers: [Waivers; 2],
    day: bool,
    rests: HashMap<Key, Rests>,
    trials: Trials<'d>,
}

impl<'d> Attribution<'d> {
    pub fn new(
        sides: &'d Sides<'d>,
        declared: [&'d Declarations; 2],
        policies: &'d [PolicyEdit],
        tables: &'d [TableEdit],
    ) -> Self {
        let changed = tables.iter().flat_map(|table| &table.changed);
        let moved = tables.iter().flat_map(|table| table.added.iter().chain(&table.removed));
        Self {
            sides,
            declared,
            policies,
            tables,
            rows: changed.map(|row| (&row.row.key, row)).collect(),
            gone_or_new: moved.map(|row| &row.key).collect(),
            waivers: [states(sides, sides.old), states(sides, sides.new)],
            day: sides.old.day != sides.new.day,
            rests: HashMap::new(),
            trials: Trials::new(sides, declared),
        }
    }

    /// Why a finding went or came.
    pub fn reason(&mut self, flip: &Flip<'_>) -> Reason {
        if let Some(waiving) = self.waiving(flip) {
            return Cause::Waiver(waiving).into();
        }
        if flip.seat.row.as_ref().is_some_and(|row| self.gone_or_new.contains(row)) {
            let gone = flip.is.is_none();
            return if gone { Cause::RowRemoved } else { Cause::RowAdded }.into();
        }
        let candidates = self.candidates(flip);
        let another = candidates.is_empty().then(|| self.waiving_another(flip)).flatten();
        another
            .map_or_else(|| self.among(flip, &candidates), |waiving| Cause::Waiver(waiving).into())
    }

    /// What became of a waiver of another rule for the row: of those that clash, what is said rests
    /// on which of them are waived.
    fn waiving_another(&self, flip: &Flip<'_>) -> Option<Waiving> {
        let row = Some(flip.seat.row.clone()?);
        let [before, now] = self.waivers.each_ref();
        let of_row =
            |states: &Waivers, rule: &Key| states.get(&(rule.clone(), row.clone())).copied();
        let rules = before.keys().chain(now.keys()).filter(|(_, of)| *of == row);
        let mut changed = rules.map(|(rule, _)| (of_row(before, rule), of_row(now, rule)));
        let holds = |state: Option<WaiverState>| state.is_some_and(|it| it != WaiverState::Expired);
        let (was, is) = changed.find(|(was, is)| holds(*was) != holds(*is))?;
        Some(became(was, is))
    }

    /// Which of these changes made it so.
    fn among(&mut self, flip: &Flip<'_>, candidates: &[Candidate]) -> Reason {
        let (which, tried) = match candidates {
            [] if self.day => return Cause::Day.into(),
            [] => return Cause::Elsewhere.into(),
            [_] => (vec![0], true),
            several => {
                let changes: Vec<_> = several.iter().map(|found| found.changes.clone()).collect();
                let near = several.iter().take_while(|found| found.near).count();
                match self.trials.explain((flip.seat, flip.now), &changes, near) {
                    Some(which) => (which, true),
                    None => (likely(several), false),
                }
            }
        };
        let mut causes: Vec<Cause> = Vec::new();
        let found = which.into_iter().filter_map(|at| candidates.get(at));
        for cause in found.flat_map(|candidate| &candidate.causes) {
            if !causes.contains(cause) {
                causes.push(cause.clone());
            }
        }
        // A row that is named is not counted again among the others.
        let named: Vec<Bilingual> = causes.iter().filter_map(table_of).cloned().collect();
        causes.retain(|cause| match cause {
            Cause::Rows(table, _) => !named.contains(table),
            _ => true,
        });
        Reason { causes, tried }
    }

    /// Why a finding of one run has none of the other, which did not judge.
    pub fn lapsed(&mut self, flip: &Flip<'_>, lapse: Lapse) -> Reason {
        let causes = match lapse {
            Lapse::Decision => return self.reason(flip),
            Lapse::Day => vec![Cause::Day],
            Lapse::Data(names, loss) => vec![Cause::Data(names, loss)],
            Lapse::Passage(text) => vec![self.passage(text, flip.is.is_none())],
            Lapse::Rule => {
                let Some(rule) = flip.seat.rule.clone() else { return Cause::Mistake.into() };
                let rests = self.rests(&rule).clone();
                let found = self.declarations(&rule, &rests);
                let mut reason = self.among(flip, &found);
                // What was written into the article is no rule.
                for cause in &mut reason.causes {
                    if matches!(cause, Cause::Article(_) | Cause::Elsewhere) {
                        *cause = Cause::Mistake;
                    }
                }
                return reason;
            }
        };
        Reason { causes, tried: true }
    }

    /// A passage that could not be understood, as a cause.
    fn passage(&self, text: String, added: bool) -> Cause {
        let known = self.policies.iter().find(|edit| edit.kind == Kind::Passage);
        if let Some(edit) = known {
            return cause(edit, None);
        }
        let word = Kind::Passage.word();
        let shown = shorten(text.lines().next().unwrap_or_default());
        let heading =
            Bilingual { zh: format!("{} {shown}", word.zh), en: format!("{} {shown}", word.en) };
        let edit = if added { Edit::Added } else { Edit::Removed };
        Cause::Declaration(Declaration { kind: Kind::Passage, name: text, heading, edit })
    }

    /// What became of the waiver, where that alone made the difference: between a violation and one
    /// that is waived, and of what is said of waivers.
    fn waiving(&self, flip: &Flip<'_>) -> Option<Waiving> {
        let of = |run: &Run, index: Option<usize>| {
            index.and_then(|index| run.verdicts.get(index)).map(|verdict| verdict.outcome)
        };
        let outcomes = [of(self.sides.old, flip.was), of(self.sides.new, flip.is)];
        let seat = (flip.seat.rule.clone()?, flip.seat.row.clone());
        let [before, now] = self.waivers.each_ref().map(|states| states.get(&seat).copied());
        let broken = |outcome| matches!(outcome, Outcome::Violated | Outcome::Conflict);
        match outcomes {
            [Some(was), Some(Outcome::Waived)] if broken(was) => Some(Waiving::Granted),
            [Some(Outcome::Waived), Some(is)] if broken(is) => {
                Some(if now.is_some() { Waiving::Expired } else { Waiving::Withdrawn })
            }
            [Some(Outcome::Waiver) | None, Some(Outcome::Waiver)]
            | [Some(Outcome::Waiver), None] => Some(became(before, now)),
            _ => None,
        }
    }

    /// What a rule rests on, before or now, with all that sways it.
    fn rests(&mut self, rule: &Key) -> &Rests {
        let declared = self.declared;
        self.rests.entry(rule.clone()).or_insert_with(|| {
            let mut rests = Rests::default();
            declared.iter().for_each(|side| rests.join(&side.rests(rule, true)));
            rests
        })
    }

    /// Everything that differs of what the rule rests on, nearest first.
    fn candidates(&mut self, flip: &Flip<'_>) -> Vec<Candidate> {
        let Some(rule) = flip.seat.rule.clone() else { return Vec::new() };
        let mut rests = self.rests(&rule).clone();
        if flip.seat.row.is_none() {
            // What is said of an article as such rests on all the rows that it speaks of.
            rests.scans.extend(std::mem::take(&mut rests.about));
        }
        let facts = self.facts(flip);
        let mut found = self.own(flip, &rests, &facts);
        found.extend(self.referred(flip, &facts));
        found.extend(self.declarations(&rule, &rests));
        found.extend(self.others(flip, &rests, &facts));
        found.extend(self.losses(flip, &rests));
        if self.day && rests.today {
            found.push(Candidate::new(Change::Day, vec![Cause::Day], true));
        }
        found.sort_by_key(|candidate| !candidate.near);
        found
    }

    /// The fields of rows that the finding rested on, or rests on: the row and the field, by
    /// English name.
    fn facts(&self, flip: &Flip<'_>) -> BTreeSet<(&'d RowKey, String)> {
        let [old, new] = [(self.sides.old, flip.was), (self.sides.new, flip.is)];
        let mut facts = BTreeSet::new();
        for (run, index) in [old, new] {
            for fact in index.into_iter().flat_map(|index| run.facts(index)) {
                facts.extend(self.spot(run, fact));
            }
        }
        facts
    }

    /// The field of a table's row in which a fact lies, where the row changed.
    fn spot(&self, run: &Run, fact: Fact) -> Option<(&'d RowKey, String)> {
        let schema = run.schema();
        let (mut frame, mut field): (FrameId, FieldId) = (fact.frame, fact.field);
        while let Some((parent, list)) = schema.frame(frame).and_then(|found| found.parent) {
            (frame, field) = (parent, list);
        }
        let key = self.sides.key(run, RowRef { frame: fact.frame, row: fact.row })?;
        let (known, _) = self.rows.get_key_value(key)?;
        Some((known, schema.field(frame, field)?.names.en().to_owned()))
    }

    /// The changed fields of the row itself.
    fn own(
        &self,
        flip: &Flip<'_>,
        rests: &Rests,
        facts: &BTreeSet<(&RowKey, String)>,
    ) -> Vec<Candidate> {
        let Some(row) = flip.seat.row.as_ref().and_then(|row| self.rows.get(row)) else {
            return Vec::new();
        };
        let (key, table) = (&row.row.key, &row.row.key.table);
        // Where the rule looks at no other row of the table, a trial of all rows serves all.
        let others = rests.scans.contains(table) || rests.follows.contains(table);
        let candidate = |field: &Bilingual| {
            let blamed = facts.contains(&(key, field.en.clone()));
            if !blamed && !rests.reads.contains(&(table.clone(), field.en.clone())) {
                return None;
            }
            let part = Part::Field {
                table: table.clone(),
                field: field.en.clone(),
                row: others.then(|| key.clone()),
            };
            Some(Candidate::new(
                Change::Data(part),
                vec![Cause::Field(None, field.clone())],
                blamed,
            ))
        };
        let mut found: Vec<Candidate> =
            row.fields.iter().filter_map(|field| candidate(&field.names)).collect();
        found.sort_by_key(|candidate| !candidate.near);
        found
    }

    /// The changed fields of other rows on which the finding rests.
    fn referred(&self, flip: &Flip<'_>, facts: &BTreeSet<(&RowKey, String)>) -> Vec<Candidate> {
        let mut found = Vec::new();
        for (key, field) in facts.iter().filter(|(key, _)| Some(*key) != flip.seat.row.as_ref()) {
            let Some(row) = self.rows.get(*key) else { continue };
            let Some(edit) = row.fields.iter().find(|edit| edit.names.en == *field) else {
                continue;
            };
            let part = Part::Field {
                table: key.table.clone(),
                field: field.clone(),
                row: Some((*key).clone()),
            };
            let cause = Cause::Field(Some(called(&row.row)), edit.names.clone());
            found.push(Candidate::new(Change::Data(part), vec![cause], true));
        }
        found
    }

    /// The declarations that differ, the article itself first.
    fn declarations(&self, rule: &Key, rests: &Rests) -> Vec<Candidate> {
        let judging = self.policies.iter().filter(|edit| edit.judging);
        let mut edits: Vec<&PolicyEdit> = judging.filter(|edit| rests.names(&edit.key)).collect();
        // Two articles that changed places did so together.
        if edits.iter().any(|edit| edit.key == *rule && edit.edit == Edit::Moved) {
            edits.retain(|edit| edit.key == *rule || edit.edit != Edit::Moved);
        }
        edits.sort_by_key(|edit| (edit.key != *rule, edit.kind, edit.name.clone()));
        let mut found: Vec<Candidate> = Vec::new();
        for edit in edits {
            let cause = cause(edit, Some(rule));
            let change = Change::Declaration(whole(&edit.key));
            match found.iter_mut().find(|known| known.main == change) {
                Some(known) => known.causes.push(cause),
                None => {
                    let mut candidate = Candidate::new(change, vec![cause], true);
                    candidate.changes.extend(self.needed(edit));
                    found.push(candidate);
                }
            }
        }
        found
    }

    /// What is gone and a declaration named before: it has to be put back with it.
    fn needed(&self, edit: &PolicyEdit) -> impl Iterator<Item = Change> {
        let [before, _] = self.declared;
        let rests = before.rests(&edit.key, false);
        let gone = self.policies.iter().filter(|other| other.edit == Edit::Removed);
        let gone = gone.filter(move |other| rests.on.contains(&other.key));
        gone.map(|other| Change::Declaration(whole(&other.key)))
    }

    /// Other rows that the rule looks at: those that came, went or changed in what it reads.
    fn others(
        &self,
        flip: &Flip<'_>,
        rests: &Rests,
        facts: &BTreeSet<(&RowKey, String)>,
    ) -> Vec<Candidate> {
        let own = flip.seat.row.as_ref();
        let mut found = Vec::new();
        for table in self.tables {
            let name = &table.names.en;
            if !rests.scans.contains(name) && !rests.follows.contains(name) || self.is_lost(name) {
                continue;
            }
            let mut rows: Vec<(&Entry, Vec<Cause>)> = Vec::new();
            for (new, entries) in [(true, &table.added), (false, &table.removed)] {
                rows.extend(entries.iter().map(|row| (row, vec![Cause::Row(new, called(row))])));
            }
            for edit in table.changed.iter().filter(|edit| Some(&edit.row.key) != own) {
                let read = edit.fields.iter().filter(|field| {
                    rests.reads.contains(&(name.clone(), field.names.en.clone()))
                        && !facts.contains(&(&edit.row.key, field.names.en.clone()))
                });
                let causes: Vec<Cause> = read
                    .map(|field| Cause::Field(Some(called(&edit.row)), field.names.clone()))
                    .collect();
                if !causes.is_empty() {
                    rows.push((&edit.row, causes));
                }
            }
            if rows.len() > FEW {
                let part = Part::Rows { table: name.clone(), but: own.cloned() };
                let cause = Cause::Rows(table.names.clone(), rows.len());
                found.push(Candidate::new(Change::Data(part), vec![cause], false));
                continue;
            }
            found.extend(rows.into_iter().map(|(row, causes)| {
                Candidate::new(Change::Data(Part::Row(row.key.clone())), causes, false)
            }));
        }
        found
    }

    /// Whether a table has no rows on one side because they were lost.
    fn is_lost(&self, table: &str) -> bool {
        [self.sides.read(), self.sides.new].into_iter().any(|run| {
            run.schema().tables().any(|(id, frame)| {
                frame.names.en() == table
                    && run.rows.frame(id).is_some_and(|data| data.len == 0 && !data.whole)
            })
        })
    }

    /// Tables and lists of which rows were lost, or are there again.
    fn losses(&self, flip: &Flip<'_>, rests: &Rests) -> Vec<Candidate> {
        let (old, new) = (self.sides.read(), self.sides.new);
        let mut found = Vec::new();
        for (id, frame) in new.schema().tables() {
            let Some(before) = new.schema().same_frame(old.schema(), id) else { continue };
            let name = frame.names.en();
            let looked = rests.scans.contains(name) || rests.follows.contains(name);
            let own = flip.seat.row.as_ref().is_some_and(|row| row.table == name);
            if looked || own {
                found.extend(self.table_lost(before, id));
            }
            for (field, declared) in (0..).map(FieldId).zip(&frame.fields) {
                let Type::List(list) = declared.ty else { continue };
                let spot = (name.to_owned(), declared.names.en().to_owned());
                if !new.rows.is_apart(list) || !rests.reads.contains(&spot) {
                    continue;
                }
                let unread = |run: &Run, frame: FrameId| {
                    let column = run.rows.frame(frame).and_then(|data| data.column(field));
                    column.map_or(0, |column| column.unread.count())
                };
                let loss = match unread(new, id).cmp(&unread(old, before)) {
                    Ordering::Greater => Loss::Incomplete,
                    Ordering::Less => Loss::Restored,
                    Ordering::Equal => continue,
                };
                found.push(self.list_lost(name, (declared, list), loss));
            }
        }
        found
    }

    /// Rows of a table were lost, or are there again.
    fn table_lost(&self, before: FrameId, id: FrameId) -> Option<Candidate> {
        let (old, new) = (self.sides.read(), self.sides.new);
        let whole = |run: &Run, id: FrameId| run.rows.frame(id).is_none_or(|data| data.whole);
        let (was, is) = (whole(old, before), whole(new, id));
        let loss = match (is, new.len(id)) {
            _ if was == is => return None,
            (true, _) => Loss::Restored,
            (false, 0) => Loss::Missing,
            (false, _) => Loss::Incomplete,
        };
        let names = &new.schema().frame(id)?.names;
        let (table, name) = (Bilingual::new(names.zh(), names.en()), names.en().to_owned());
        let part = Part::Loss { table: name.clone(), list: None };
        let mut found = Candidate::new(Change::Data(part), vec![Cause::Data(table, loss)], false);
        let edit = self.tables.iter().find(|edit| edit.names.en == name);
        let unread = edit.into_iter().flat_map(|edit| edit.unread.iter().flatten());
        found.changes.extend(unread.map(|row| Change::Data(Part::Row(row.key.clone()))));
        if self.is_lost(&name) {
            found.changes.insert(Change::Data(Part::Rows { table: name, but: None }));
        }
        Some(found)
    }

    /// Elements of a list were lost, or are there again: with the rows they belong to, where those
    /// went or came.
    fn list_lost(&self, table: &str, (declared, list): (&Field, FrameId), loss: Loss) -> Candidate {
        let (zh, en) = (declared.names.zh(), declared.names.en());
        let part = Part::Loss { table: table.to_owned(), list: Some(en.to_owned()) };
        let edit = self.tables.iter().find(|edit| edit.names.en == table);
        let table = edit.map_or_else(|| Bilingual::same(table), |edit| edit.names.clone());
        let names =
            Bilingual { zh: format!("{}.{zh}", table.zh), en: format!("{}.{en}", table.en) };
        let mut candidate =
            Candidate::new(Change::Data(part), vec![Cause::Data(names, loss)], false);
        let (run, rows, new) = match loss {
            Loss::Restored => (self.sides.new, edit.map(|edit| &edit.added), true),
            _ => (self.sides.read(), edit.map(|edit| &edit.removed), false),
        };
        let list = self.sides.new.schema().same_frame(run.schema(), list);
        let owned = |row: &&Entry| {
            let data = list.and_then(|list| run.rows.frame(list));
            let at = row.subject.number.checked_sub(1);
            data.zip(at).is_some_and(|(data, at)| !data.elements(at).is_empty())
        };
        let owners: Vec<&Entry> = rows.into_iter().flatten().filter(owned).collect();
        if (1..=FEW).contains(&owners.len()) {
            candidate.causes = owners.iter().map(|row| Cause::Row(new, called(row))).collect();
            candidate
                .changes
                .extend(owners.iter().map(|row| Change::Data(Part::Row(row.key.clone()))));
        }
        candidate
    }
}

/// A declaration that differs as the cause of what became of a finding of a rule.
fn cause(edit: &PolicyEdit, rule: Option<&Key>) -> Cause {
    if rule == Some(&edit.key) && edit.kind == Kind::Article {
        return Cause::Article(edit.edit);
    }
    Cause::Declaration(Declaration {
        kind: edit.kind,
        name: edit.name.clone(),
        heading: edit.heading.clone(),
        edit: edit.edit,
    })
}

/// Those that the facts and the policies name; all where they name none.
fn likely(candidates: &[Candidate]) -> Vec<usize> {
    let near: Vec<usize> = (0..candidates.len())
        .filter(|at| candidates.get(*at).is_some_and(|candidate| candidate.near))
        .collect();
    if near.is_empty() { (0..candidates.len()).collect() } else { near }
}

/// What another row is called; nothing for the only row of a table of one.
fn called(row: &Entry) -> (Bilingual, Bilingual) {
    let subject = &row.subject;
    let key = subject.key.clone().map(Bilingual::same);
    let name = key.or_else(|| row.content.clone()).unwrap_or_else(|| subject.name());
    (subject.table.clone(), name)
}

/// The table of a row that a cause names.
fn table_of(cause: &Cause) -> Option<&Bilingual> {
    match cause {
        Cause::Field(Some((table, _)), _) | Cause::Row(_, (table, _)) => Some(table),
        _ => None,
    }
}

/// What became of a waiver, by its states.
fn became(before: Option<WaiverState>, now: Option<WaiverState>) -> Waiving {
    match (before, now) {
        (_, None) => Waiving::Withdrawn,
        (_, Some(WaiverState::Expired)) => Waiving::Expired,
        (None | Some(WaiverState::Expired), _) => Waiving::Granted,
        (_, Some(WaiverState::Needed)) => Waiving::Needed,
        _ => Waiving::Unneeded,
    }
}

/// The state of each waiver; of several for one rule and row, that of one that holds.
fn states(sides: &Sides<'_>, run: &Run) -> Waivers {
    let mut states = Waivers::new();
    for waiver in &run.waivers {
        let row = waiver.row.and_then(|row| sides.key(run, row).cloned());
        let state = states.entry((rule_key(run, waiver.rule), row)).or_insert(waiver.state);
        if *state == WaiverState::Expired {
            *state = waiver.state;
        }
    }
    states
}
