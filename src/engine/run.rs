//! A run: rows held against a policy. The only holder of verdicts, identities and waivers; every
//! command and every format reads from it.

use super::key::{Equals, Fingerprint, Mark, Traits};
use super::waiver::{Grant, Grants, Waived, Waiver, settle};
use super::{Policy, RowRef, Rows, RuleId, Show, backwards, citation, limits};
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::eval::Evaluator;
use crate::finding::{
    Finding, Findings, Length, Outcome, Provision, Report, Summary, WaiverState, Weight,
};
use crate::lowering::Judgement;
use crate::program::{Clause, Program};
use crate::schema::{FrameId, Schema};
use crate::verdict::{self, Basis, Verdict};
use jiff::civil::Date;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

/// What a run is held to, besides policy and rows.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project, Run, Terms};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let only = vec!["thin".to_owned()];
/// let terms = Terms { day: run.day, only, ..Terms::default() };
/// let run = Run::new(run.policy.clone(), run.rows.clone(), terms);
/// assert_eq!(run.findings().count(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// What it is called.
    pub project: String,
    /// The day judged for; without one nothing is judged.
    pub day: Option<Date>,
    /// The waivers, as given.
    pub grants: Vec<Grant>,
    /// Only these rules, by any name of them or of their policy; all where there is none.
    pub only: Vec<String>,
    /// How long its texts are shown.
    pub length: Length,
    /// What was wrong before.
    pub diagnostics: Vec<Diagnostic>,
}

/// Rows judged by a policy. Owned: it can be kept, compared with another, and sent to another
/// thread.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// assert_eq!(run.summary.totals.violated, 3);
/// let first = run.findings().next().unwrap();
/// assert_eq!(first.message.zh, "页 为 610，不符合“页 不得 超过 500”");
/// ```
pub struct Run {
    /// The policy.
    pub policy: Arc<Policy>,
    /// The rows.
    pub rows: Arc<Rows>,
    /// The columns.
    pub evaluator: Arc<Evaluator>,
    /// The day judged for.
    pub day: Option<Date>,
    /// What there is to say, in report order.
    pub verdicts: Vec<Verdict>,
    /// Everything but the findings.
    pub summary: Summary,
    /// The waivers that name a rule and a row.
    pub waivers: Vec<Waiver>,
    /// The waivers as they were given.
    pub grants: Vec<Grant>,
    /// The rules asked for, by name; all where there is none.
    pub only: Vec<String>,
    /// How long its texts are shown.
    pub length: Length,
    pub(super) waived: Waived,
    pub(super) equals: Vec<OnceLock<Equals>>,
    /// What stands at the places that articles cite, looked up when a finding shows it first.
    pub(super) cited: OnceLock<Vec<Vec<Provision>>>,
    /// The fingerprints of all verdicts, made when the first is asked for.
    fingerprints: OnceLock<Vec<Option<Fingerprint>>>,
    /// The rule of each verdict, and the key of its row.
    filed_under: Vec<Option<RuleId>>,
}

impl Run {
    /// Judges rows.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Given, Keep, Options, Project, Run, Terms, date};
    /// use std::sync::Arc;
    ///
    /// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
    /// let book = serde_json::json!({
    ///     "code": "A", "shelf": "east", "pages": 700, "fate": "keep", "chapters": []
    /// });
    /// let shelf = serde_json::json!({"name": "east"});
    /// let given = Given::new(&policy).table("book", &[book]).unwrap();
    /// let rows = given.table("shelf", &[shelf]).unwrap().load(Keep::Read);
    /// let terms = Terms { day: Some(date(2015, 11, 20)), ..Terms::default() };
    /// let run = Run::new(Arc::new(policy), Arc::new(rows), terms);
    /// assert_eq!(run.summary.totals.violated, 1);
    /// ```
    #[must_use]
    pub fn new(policy: Arc<Policy>, rows: Arc<Rows>, terms: Terms) -> Self {
        let mut run = Self::on_demand(policy, rows);
        run.day = terms.day;
        run.length = terms.length;
        run.summary.project = terms.project;
        run.grants.clone_from(&terms.grants);
        run.only.clone_from(&terms.only);
        run.judge();
        let mut diagnostics = terms.diagnostics;
        diagnostics.extend(citation::citations(&run));
        if run.day.is_some() {
            diagnostics.extend(backwards::kept_backwards(&run));
        }
        diagnostics.extend(run.grant(terms.grants));
        let unknown = run.keep_only(&terms.only);
        // Why there is no rule at all was said.
        let is_error = |found: &Diagnostic| found.severity == Severity::Error;
        if run.policy.rules.iter().next().is_some() || !diagnostics.iter().any(is_error) {
            diagnostics.extend(unknown);
        }
        // After all that is judged and measured: searches are counted as they are made.
        diagnostics.extend(limits::too_much(&run));
        run.summary.diagnostics = diagnostics;
        run
    }

    /// A run that judges what it is asked for, and lists nothing: for the few rows of a case.
    #[must_use]
    pub fn on_demand(policy: Arc<Policy>, rows: Arc<Rows>) -> Self {
        let (graph, frames) = (policy.graph.clone(), rows.frames.clone());
        let calendar = rows.calendar.clone();
        let evaluator = Arc::new(Evaluator::new(graph, frames, policy.today, calendar));
        let equals = rows.frames.iter().map(|_| OnceLock::new()).collect();
        Self {
            policy,
            rows,
            evaluator,
            day: None,
            verdicts: Vec::new(),
            summary: Summary::default(),
            waivers: Vec::new(),
            grants: Vec::new(),
            only: Vec::new(),
            length: Length::default(),
            waived: Waived::new(),
            equals,
            cited: OnceLock::new(),
            fingerprints: OnceLock::new(),
            filed_under: Vec::new(),
        }
    }

    /// Judges every row.
    fn judge(&mut self) {
        let policy = self.policy.clone();
        self.evaluator.run(&verdict::roots(&policy.judgements, &policy.decisions));
        let schema = policy.schema();
        // Of a table that was given no rows, and of whose rows nothing is said, there is nothing to say.
        let is_spoken_of = |table: FrameId| {
            policy.judgements.iter().any(|judgement| schema.root(judgement.frame) == table)
        };
        let decided = self.program().decisions.iter().map(|one| schema.root(one.frame));
        let decided: Vec<FrameId> = decided.collect();
        let judged = schema.tables().filter(|(id, _)| is_spoken_of(*id) || decided.contains(id));
        self.summary.judged =
            judged.filter_map(|(id, _)| self.rows.frame(id)).map(|data| data.len).sum();
        let rows = schema.tables().filter_map(|(id, frame)| {
            let data = self.rows.frame(id);
            let rows = data.map_or(0, |data| data.len);
            let given = rows > 0 || data.is_some_and(|data| data.whole) || is_spoken_of(id);
            given.then(|| (Bilingual::new(frame.names.zh(), frame.names.en()), rows))
        });
        self.summary.rows = rows.collect();
        let Some(day) = self.day else { return };
        self.summary.as_of = day.to_string();
        self.verdicts = verdict::verdicts(
            &self.evaluator,
            &policy.judgements,
            &policy.decisions,
            &*self.rows.located,
        );
        self.summary.decisions = verdict::decision_summaries(&self.evaluator, &policy.decisions);
        self.summary.measures = verdict::measure_summaries(&self.evaluator, &policy.measures);
    }

    /// Applies waivers, and says which of them name nothing.
    fn grant(&mut self, grants: Vec<Grant>) -> Vec<Diagnostic> {
        let (mut waivers, mut wrong) = (Vec::new(), Vec::new());
        if self.day.is_some() {
            let mut found = Grants::new(self);
            for grant in grants {
                match found.find(grant) {
                    Ok(waiver) => waivers.push(waiver),
                    Err(diagnostic) => wrong.push(*diagnostic),
                }
            }
        }
        self.filed_under =
            self.verdicts.par_iter().with_min_len(1024).map(|v| self.filed(v)).collect();
        let (mut needed, mut open) = (BTreeSet::new(), BTreeSet::new());
        let mut broken: Vec<(usize, Vec<(RuleId, RowRef)>)> = Vec::new();
        let judged = self.verdicts.iter().enumerate().filter(|_| !waivers.is_empty());
        for (index, verdict) in judged {
            let row = self.root(verdict.at());
            let of_row = |rule| (rule, row);
            if verdict.outcome.is_broken() {
                let needs: Vec<(RuleId, RowRef)> =
                    self.broken_by(index).into_iter().map(of_row).collect();
                needed.extend(needs.iter().copied());
                open.extend(self.open_beside(index).into_iter().map(of_row));
                broken.push((index, needs));
            } else if verdict.outcome == Outcome::Undetermined {
                open.extend(
                    self.rule(index).into_iter().chain(self.parties(index).into_keys()).map(of_row),
                );
            }
        }
        self.waived = settle(&mut waivers, &needed, &open);
        self.waivers = waivers;
        self.allow(broken);
        let spoken = (0_u32..)
            .zip(&self.waivers)
            .filter(|(_, found)| !matches!(found.state, WaiverState::Needed | WaiverState::Open));
        let spoken: Vec<Verdict> =
            spoken.map(|(at, _)| Verdict::about(Basis::Waiver(at), Outcome::Waiver)).collect();
        let filed: Vec<_> = spoken.iter().map(|verdict| self.filed(verdict)).collect();
        self.filed_under.extend(filed);
        self.verdicts.extend(spoken);
        if self.day.is_some() {
            self.count();
        }
        self.summary.waivers = self.waiver_summaries();
        wrong
    }

    /// Marks what waivers allow, and says beside it what they leave open: whether a row that is
    /// waived for articles in a conflict breaks another one too.
    fn allow(&mut self, broken: Vec<(usize, Vec<(RuleId, RowRef)>)>) {
        let mut open = Vec::new();
        for (index, needs) in broken {
            let waived =
                needs.iter().all(|need| self.waived.contains_key(need)) && !needs.is_empty();
            let Some(verdict) = self.verdicts.get_mut(index).filter(|_| waived) else { continue };
            verdict.outcome = Outcome::Waived;
            let verdict = *verdict;
            let filed = self.filed(&verdict);
            if let Some(under) = self.filed_under.get_mut(index) {
                *under = filed;
            }
            let plan = self.plan_of(&verdict).filter(|plan| {
                let row = verdict.row as usize;
                self.clashes(plan, row) && self.is_open_in_clash(plan, row)
            });
            if plan.is_some() {
                let verdict = Verdict { outcome: Outcome::Undetermined, ..verdict };
                open.push((index + 1, verdict, self.filed(&verdict)));
            }
        }
        for (at, verdict, filed) in open.into_iter().rev() {
            self.verdicts.insert(at, verdict);
            self.filed_under.insert(at, filed);
        }
    }

    /// Leaves out what is not asked for, and says what is asked for and not there.
    fn keep_only(&mut self, only: &[String]) -> Vec<Diagnostic> {
        let mut wanted = BTreeSet::new();
        let mut unknown = Vec::new();
        for name in only {
            match self.policy.rules.called(name) {
                Ok(rules) => wanted.extend(rules),
                Err(diagnostic) => unknown.push(*diagnostic),
            }
        }
        if only.is_empty() {
            return unknown;
        }
        let filed = |index: usize| {
            let own = self.rule(index).into_iter();
            own.chain(self.parties(index).into_keys()).find(|rule| wanted.contains(rule))
        };
        let mut filed: Vec<Option<RuleId>> = (0..self.verdicts.len()).map(filed).collect();
        // What is sure whatever a rule says: what that rule says is open none the less.
        for (index, filed) in filed.iter_mut().enumerate().filter(|(_, filed)| filed.is_none()) {
            let open = self.open_beside(index).into_iter().find(|rule| wanted.contains(rule));
            let verdict = self.verdicts.get_mut(index).filter(|_| open.is_some());
            if let Some(verdict) = verdict {
                (verdict.outcome, *filed) = (Outcome::Undetermined, open);
            }
        }
        let mut kept = filed.iter().map(Option::is_some);
        self.verdicts.retain(|_| kept.next() == Some(true));
        self.filed_under = filed.into_iter().filter(Option::is_some).collect();
        self.summarise_only(&wanted);
        unknown
    }

    /// The rule that a verdict is filed under where all are asked for.
    fn filed(&self, verdict: &Verdict) -> Option<RuleId> {
        match verdict.basis {
            Basis::Judgement(at) | Basis::Hollow(at) => self
                .policy
                .judgements
                .get(at as usize)
                .map(|judgement| RuleId::Article(judgement.article)),
            Basis::Article(id) => Some(RuleId::Article(id)),
            Basis::Decision(at) => {
                let plan = self.policy.decisions.get(at as usize);
                plan.map(|plan| self.decided_by(plan, verdict))
            }
            Basis::Waiver(at) => self.waivers.get(at as usize).map(|waiver| waiver.rule),
        }
    }

    /// The rule a verdict is reported under.
    #[must_use]
    pub fn rule(&self, index: usize) -> Option<RuleId> {
        *self.filed_under.get(index)?
    }

    /// The row of a table that a verdict is about; `None` where it is about a rule or a waiver as
    /// such.
    #[must_use]
    pub fn row_of(&self, index: usize) -> Option<RowRef> {
        let verdict = self.verdicts.get(index)?;
        let of_row = matches!(verdict.basis, Basis::Judgement(_) | Basis::Decision(_));
        of_row.then(|| self.root(verdict.at()))
    }

    /// The key of a verdict's row as declared; empty where it has none.
    #[must_use]
    pub fn verdict_key(&self, index: usize) -> Cow<'_, str> {
        let waiver = |verdict: &Verdict| match verdict.basis {
            Basis::Waiver(at) => self.waivers.get(at as usize),
            _ => None,
        };
        let Some(row) = self.row_of(index) else {
            let waiver = self.verdicts.get(index).and_then(waiver);
            return waiver.map_or_else(Cow::default, |waiver| (&waiver.grant.item).into());
        };
        self.show().key(row.frame, row.row).unwrap_or_else(|| self.row_name(row).into())
    }

    /// How much weighs on a verdict.
    #[must_use]
    pub fn weight(&self, verdict: &Verdict) -> Weight {
        let expired = |at: u32| {
            self.waivers.get(at as usize).is_some_and(|waiver| waiver.state == WaiverState::Expired)
        };
        match (verdict.outcome, verdict.basis) {
            (Outcome::Waiver, Basis::Waiver(at)) if expired(at) => Weight::Error,
            (Outcome::Violated | Outcome::Conflict, Basis::Judgement(at))
                if self.is_advice(at as usize) =>
            {
                Weight::Warning
            }
            (Outcome::Violated | Outcome::Conflict, _) => Weight::Error,
            (Outcome::Undetermined | Outcome::Referred, _) => Weight::Question,
            _ => Weight::Warning,
        }
    }

    /// Whether a sentence only advises (宜, 不宜).
    fn is_advice(&self, judgement: usize) -> bool {
        let judgement = self.policy.judgements.get(judgement);
        judgement.is_some_and(|judgement| advises(&self.policy, judgement))
    }

    /// The fingerprint of a verdict. `None` past the end, and where only what verdicts need was
    /// kept ([`super::Keep::Verdicts`]).
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Options, Project};
    ///
    /// let run = Project::read("examples/library".as_ref()).run(&Options::default());
    /// let finding = run.findings().next().unwrap();
    /// assert_eq!(run.fingerprint(0).unwrap().to_string(), finding.fingerprint);
    /// ```
    #[must_use]
    pub fn fingerprint(&self, index: usize) -> Option<Fingerprint> {
        if self.rows.keep() == super::Keep::Verdicts {
            return None;
        }
        let all = self.fingerprints.get_or_init(|| {
            let all = 0..self.verdicts.len();
            let first = |index| self.fingerprint_of(index, 0);
            let mut all: Vec<Option<Fingerprint>> =
                all.into_par_iter().with_min_len(256).map(first).collect();
            let mut seen: HashMap<Fingerprint, usize> = HashMap::new();
            for (index, found) in all.iter_mut().enumerate() {
                let Some(own) = found else { continue };
                let equal = seen.entry(own.clone()).or_default();
                if *equal > 0 {
                    *found = self.fingerprint_of(index, *equal);
                }
                *equal += 1;
            }
            all
        });
        all.get(index)?.clone()
    }

    /// The fingerprint of a verdict before which so many have the same traits.
    fn fingerprint_of(&self, index: usize, equal: usize) -> Option<Fingerprint> {
        let verdict = self.verdicts.get(index)?;
        // Whatever is asked for: it stays the same.
        let rule = self.filed(verdict)?;
        let (row, element) = match verdict.basis {
            Basis::Judgement(_) | Basis::Decision(_) => {
                (self.table_mark(verdict.at()), self.element_marks(verdict.at()))
            }
            Basis::Waiver(at) => {
                let waiver = self.waivers.get(at as usize).map(|waiver| &waiver.grant);
                let until = waiver.and_then(|grant| grant.until).map(|day| day.to_string());
                let table = waiver.and_then(|grant| grant.table.as_deref()).unwrap_or_default();
                let mark = Mark::Key(waiver.map_or_else(String::new, |grant| grant.item.clone()));
                let element = until.map(|day| (String::new(), Mark::Key(day)));
                (Some((table, mark)), element.into_iter().collect())
            }
            Basis::Article(_) | Basis::Hollow(_) => (None, Vec::new()),
        };
        let sentence = match verdict.basis {
            Basis::Judgement(at) => self.policy.judgements.get(at as usize),
            _ => None,
        };
        Some(Fingerprint::of(&Traits {
            rule: self.policy.rules.code(rule),
            sentence: sentence.map_or(0, |judgement| judgement.sentence),
            row: row.as_ref().map(|(table, mark)| (*table, mark)),
            element: &element,
            equal,
            field: self.decided_field(verdict, rule),
            outcome: verdict.outcome,
        }))
    }

    /// The decided field that a verdict is about, where its rule demands something of
    /// several of one table or list.
    fn decided_field(&self, verdict: &Verdict, rule: RuleId) -> Option<&str> {
        let (Basis::Decision(at), RuleId::Article(article)) = (verdict.basis, rule) else {
            return None;
        };
        let own = self.policy.judgements.iter();
        let own = own.filter(|own| (own.article, own.frame) == (article, verdict.frame));
        let decided: BTreeSet<usize> =
            own.filter_map(|found| found.demand).map(|(decision, _)| decision).collect();
        let plan = self.policy.decisions.get(at as usize).filter(|_| decided.len() > 1)?;
        let decision = self.program().decisions.get(plan.decision)?;
        let field = self.schema().field(decision.frame, decision.field)?;
        Some(field.names.en())
    }

    /// Whether a finding is about what a field is to be: an article demands a disposition.
    #[must_use]
    pub fn decides(&self, index: usize) -> bool {
        self.verdicts.get(index).is_some_and(|verdict| match verdict.basis {
            Basis::Decision(_) => true,
            Basis::Judgement(at) => {
                let judgement = self.policy.judgements.get(at as usize);
                judgement.is_some_and(|judgement| judgement.demand.is_some())
            }
            Basis::Waiver(_) | Basis::Article(_) | Basis::Hollow(_) => false,
        })
    }

    /// The findings, in report order, each made when it is asked for.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Options, Project};
    ///
    /// let run = Project::read("examples/library".as_ref()).run(&Options::default());
    /// let articles: Vec<String> = run.findings().map(|finding| finding.article).collect();
    /// assert_eq!(articles, ["library.thick", "library.thin", "library.thick", "library.brief"]);
    /// ```
    pub fn findings(&self) -> impl Iterator<Item = Finding> {
        (0..self.verdicts.len()).map(|index| self.get(index))
    }

    /// Everything there is to say.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Options, Project};
    ///
    /// let run = Project::read("examples/library".as_ref()).run(&Options::default());
    /// let report = run.report();
    /// assert_eq!((report.project.as_str(), report.findings.len()), ("馆", 4));
    /// ```
    #[must_use]
    pub fn report(&self) -> Report<'_> {
        Report { summary: &self.summary, findings: self }
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.policy.program
    }

    /// The shape of the data.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        self.policy.schema()
    }

    /// Values as people read them.
    #[must_use]
    pub fn show(&self) -> Show<'_> {
        Show { evaluator: &self.evaluator, length: self.length }
    }

    /// How many rows a frame has.
    #[must_use]
    pub fn len(&self, frame: FrameId) -> usize {
        self.rows.frame(frame).map_or(0, |data| data.len)
    }
}

/// Whether a sentence only advises (宜, 不宜).
pub(super) fn advises(policy: &Policy, judgement: &Judgement) -> bool {
    let clause = policy.sentence(judgement).map(|sentence| &sentence.clause);
    matches!(clause, Some(Clause::Require { modal, .. }) if modal.is_advice())
}

impl Verdict {
    /// The row it is about.
    #[must_use]
    pub fn at(&self) -> RowRef {
        RowRef { frame: self.frame, row: self.row as usize }
    }
}
