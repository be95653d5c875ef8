//! Courses of events explained: the first event that does not fit, what was expected there, what it
//! still waits for.

use super::blame::{Blame, Walker};
use crate::diagnostic::Bilingual;
use crate::engine::{RowRef, Run};
use crate::eval::Evaluator;
use crate::eval::trace::{Course, after};
use crate::finding::{Finding, counted};
use crate::lowering::{ContextId, Events, Form};
use crate::program::{ExprId, ExprKind, Origin, Pattern, Trace};
use crate::say;
use crate::text::Span;
use crate::value::automaton::Status;

/// How a course of events came out as it did.
#[derive(Clone, Debug)]
pub struct Account {
    /// What was asked.
    pub trace: Trace,
    /// Its columns.
    pub events: Events,
    /// The events, in order.
    pub course: Course,
    /// The event with which it went wrong for good.
    pub misfit: Option<usize>,
    /// The event since which something is due.
    pub since: Option<usize>,
    /// The states it may be in before the misfit; the last ones where there is none.
    pub states: Vec<u32>,
    /// How it stands; `None` where not all is known.
    pub status: Option<Status>,
}

impl Account {
    /// Runs a course through its pattern.
    fn new(
        evaluator: &Evaluator,
        trace: &Trace,
        events: &Events,
        outer: usize,
        pattern: &Pattern,
    ) -> Self {
        let course = evaluator.course(events, outer);
        let automaton = &pattern.automaton;
        let known =
            course.ordered && course.events.iter().all(|event| event.sure && event.class.is_some());
        let (mut states, mut misfit, mut since) = (vec![0], None, None);
        let of = |states: &[u32]| {
            states.iter().map(|state| automaton.status(*state)).max().unwrap_or(Status::Dead)
        };
        for (index, event) in course.events.iter().enumerate().take_while(|_| course.ordered) {
            let next = after(automaton, &states, event);
            match of(&next) {
                Status::Dead => {
                    misfit = Some(index);
                    break;
                }
                Status::Complete => since = None,
                Status::Running if of(&states) == Status::Complete => since = Some(index),
                Status::Running => {}
            }
            states = next;
        }
        let status =
            if misfit.is_some() { Some(Status::Dead) } else { known.then_some(of(&states)) };
        if status.is_none() {
            since = None;
        }
        Self { trace: trace.clone(), events: events.clone(), course, misfit, since, states, status }
    }

    /// The events to blame: since when something is due, and what does not fit.
    fn blamed(&self, pattern: &Pattern) -> Vec<usize> {
        let Origin::Template(template) = pattern.origin else {
            return self.misfit.into_iter().collect();
        };
        let class = |index: usize| self.course.events.get(index).and_then(|event| event.class);
        let last =
            (template.en == "end").then(|| self.course.events.len().checked_sub(1)).flatten();
        let since = self.since.or_else(|| {
            let misfit = self.misfit?;
            let activates = |class: Option<usize>| {
                class.is_some_and(|class| match template.activation {
                    [] => class < pattern.activities.len(),
                    activation => activation.contains(&class),
                })
            };
            let other = |index: &usize| activates(class(*index)) && class(*index) != class(misfit);
            let alone = activates(class(misfit)) && !template.forbids();
            (0..misfit).rev().find(other).filter(|_| !alone)
        });
        last.into_iter().chain(since.filter(|_| last.is_none())).chain(self.misfit).collect()
    }
}

impl Account {
    /// The events that a course rests on which does not fit: those to blame, and of an activity
    /// that occurs too often every time it occurred.
    fn counted(&self, pattern: &Pattern) -> Vec<usize> {
        let blamed = self.blamed(pattern);
        let counted = matches!(pattern.origin, Origin::Template(template) if template.counted);
        let Some(misfit) = self.misfit.filter(|_| counted) else { return blamed };
        let class = |index: &usize| self.course.events.get(*index).and_then(|event| event.class);
        (0..=misfit).filter(|index| class(index) == Some(0)).collect()
    }
}

impl Walker<'_> {
    /// Collects the events that explain a course.
    pub(super) fn trace(&mut self, expr: ExprId, context: ContextId, row: usize, want: Blame) {
        let Some((form, account)) = self.account(expr, context, row) else { return };
        let Some(pattern) = self.evaluator.graph.program.pattern(account.trace.pattern) else {
            return;
        };
        let elements = |indices: Vec<usize>| -> Vec<usize> {
            indices
                .into_iter()
                .filter_map(|index| account.course.events.get(index))
                .map(|event| event.element)
                .collect()
        };
        let outer = self.at(form.back, row);
        if let Some(outer) = outer.filter(|outer| self.list_missing(&form, *outer)) {
            self.list_fact(&form, outer);
            return;
        }
        let before = self.facts.len();
        let parts = [
            account.trace.filter,
            Some(account.trace.activity),
            account.trace.order.filter(|_| pattern.ordered()),
        ];
        if account.status.is_none() && want == Blame::Unknown {
            let idle = |class: usize| {
                (0..)
                    .take(pattern.automaton.states())
                    .all(|state| pattern.automaton.step(state, class) == state)
            };
            for event in account
                .course
                .events
                .iter()
                .filter(|event| event.class.is_none_or(|class| !idle(class)))
            {
                parts
                    .iter()
                    .flatten()
                    .for_each(|part| self.values(*part, form.inner, event.element, true));
            }
        } else {
            let named = |index: &usize| {
                let class = account.course.events.get(*index).and_then(|event| event.class);
                class.is_some_and(|class| class < pattern.activities.len())
            };
            let all = 0..account.course.events.len();
            let shown = match want {
                Blame::False => account.counted(pattern),
                Blame::True => all.filter(named).collect(),
                Blame::Unknown => all.last().into_iter().collect(),
            };
            for element in elements(shown) {
                self.values(account.trace.activity, form.inner, element, false);
            }
        }
        if let Some(outer) = outer.filter(|_| {
            self.facts.len() == before && (want != Blame::Unknown || account.status.is_none())
        }) {
            self.list_fact(&form, outer);
        }
        self.explained(account);
    }

    /// What came of a course at a row of its context's domain.
    #[must_use]
    pub fn account(&self, expr: ExprId, context: ContextId, row: usize) -> Option<(Form, Account)> {
        let graph = &self.evaluator.graph;
        let ExprKind::Trace(trace) = &graph.program.expr(expr).kind else { return None };
        let (form, events) =
            (graph.forms.get(&(expr, context))?, graph.traces.get(&(expr, context))?);
        let outer = self.at(form.back, row)?;
        Some((
            *form,
            Account::new(
                self.evaluator,
                trace,
                events,
                outer,
                graph.program.pattern(trace.pattern)?,
            ),
        ))
    }
}

impl Run {
    /// Whether a condition is about a course of events.
    pub(crate) fn is_course(&self, condition: ExprId) -> bool {
        matches!(self.program().expr(condition).kind, ExprKind::Trace(_))
    }

    /// Adds what came of courses to a finding: in its message, and the places of the steps that
    /// were expected.
    pub(crate) fn courses(
        &self,
        finding: &mut Finding,
        accounts: &[Account],
        clause: Span,
        unknown: bool,
    ) {
        let mut said: Vec<Bilingual> = accounts
            .iter()
            .map(|account| self.account_words(account))
            .filter(|said| !said.zh.is_empty())
            .collect();
        said.dedup();
        if said.is_empty() {
            return;
        }
        let join = |pick: fn(&Bilingual) -> &str, mark: &str| {
            said.iter().map(|said| pick(said).trim()).collect::<Vec<_>>().join(mark)
        };
        let (zh, en) = (join(|said| &said.zh, "；"), join(|said| &said.en, "; "));
        if unknown && finding.missing.is_empty() {
            let rule = self.policy.phrases.phrase(clause);
            let (rule_zh, rule_en) = (rule.zh, rule.en);
            finding.message = say!(
                "还不能判断是否符合“{rule_zh}”：{zh}",
                "cannot tell yet whether `{rule_en}` holds: {en}"
            );
        } else {
            finding.message = join_two(&finding.message, &Bilingual { zh, en });
        }
        let mut places: Vec<Span> =
            accounts.iter().flat_map(|account| self.expected_places(account)).collect();
        places.dedup();
        let label = say!("此处应有的一步", "a step that was expected");
        finding
            .evidence
            .extend(places.into_iter().map(|place| self.clause_evidence(place, label.clone())));
    }

    /// What came of a course, in words; empty where nothing more can be said.
    #[must_use]
    pub fn account_words(&self, account: &Account) -> Bilingual {
        let Some(pattern) = self.program().pattern(account.trace.pattern) else {
            return Bilingual::default();
        };
        let Some(status) = account.status else { return Bilingual::default() };
        match pattern.origin {
            Origin::Process(_) => self.process_words(account, status),
            Origin::Template(_) => self.template_words(account, pattern, status),
        }
    }

    fn process_words(&self, account: &Account, status: Status) -> Bilingual {
        let expected = self.expected(account);
        let (zh, en) = (expected.zh, expected.en);
        match (status, account.misfit.and_then(|index| self.event(account, index))) {
            (Status::Dead, Some(event)) => {
                let (event_zh, event_en) = (event.zh, event.en);
                if zh.is_empty() {
                    return say!(
                        "{event_zh}不合流程，流程到此已经走完",
                        "{event_en} does not fit: the process was complete before it"
                    );
                }
                say!(
                    "{event_zh}不合流程，此处应为 {zh}",
                    "{event_en} does not fit; expected here: {en}"
                )
            }
            (Status::Running, _) => {
                say!(
                    "流程还没有走完，没有不合；接下来应为 {zh}",
                    "still running, nothing wrong so far; expected next: {en}"
                )
            }
            _ => Bilingual::default(),
        }
    }

    fn template_words(&self, account: &Account, pattern: &Pattern, status: Status) -> Bilingual {
        if status == Status::Complete {
            return Bilingual::default();
        }
        let blamed = account.blamed(pattern);
        let misfit = account.misfit.and_then(|index| self.event(account, index));
        let since = blamed
            .first()
            .filter(|first| account.misfit != Some(**first))
            .and_then(|first| self.event(account, *first));
        match (since, misfit) {
            (Some(Bilingual { zh, en }), Some(Bilingual { zh: misfit_zh, en: misfit_en })) => {
                say!("自{zh}起，到{misfit_zh}不合", "since {en}, {misfit_en} does not fit")
            }
            (Some(Bilingual { zh, en }), None) => {
                say!("自{zh}起没有满足", "not fulfilled since {en}")
            }
            (None, Some(Bilingual { zh, en })) => say!("{zh}不合", "{en} does not fit"),
            (None, None) => {
                let all = account.course.events.len();
                let seen =
                    account.course.events.iter().filter(|event| event.class == Some(0)).count();
                if pattern.activities.len() > 1 {
                    return say!("{all} 个事件中没有", "among {all} events there is none");
                }
                say!("{all} 个事件中出现 {seen} 次", "{seen} of {all} events")
            }
        }
    }

    /// An event: where it stands, and what happened.
    fn event(&self, account: &Account, index: usize) -> Option<Bilingual> {
        let element = account.course.events.get(index)?.element;
        let frame = account.trace.list.frame();
        let element = self.evaluator.element_row(account.events.grouping, element);
        let place = self
            .path(frame, element)
            .unwrap_or_else(|| self.called(RowRef { frame, row: element }));
        let ty = self.program().expr(account.trace.activity).ty;
        let event = account.course.events.get(index)?.element;
        let activity =
            self.show().scalar(ty, &self.evaluator.scalar(account.events.activity, event)?);
        let bare = |text: &str| text.trim_matches(['“', '”', '"']).to_owned();
        let (zh, en) = (counted(&place.zh, true), counted(&place.en, false));
        let blank = if zh == place.zh { " " } else { "" };
        Some(Bilingual {
            zh: format!(" {zh}{blank}的“{}”", bare(&activity.zh)),
            en: format!("`{}` at {en}", bare(&activity.en)),
        })
    }

    /// What may come next, in words.
    fn expected(&self, account: &Account) -> Bilingual {
        let steps: Vec<&crate::program::Step> = self.expected_steps(account);
        let complete = self.program().pattern(account.trace.pattern).is_some_and(|pattern| {
            account.states.iter().any(|state| pattern.automaton.status(*state) == Status::Complete)
        });
        let mut zh: Vec<String> = Vec::new();
        let mut en: Vec<String> = Vec::new();
        for step in steps {
            let (chinese, english) = if step.activity.is_some() {
                (format!("“{}”", step.names.zh()), format!("`{}`", step.names.en()))
            } else {
                ("任何事件".to_owned(), "any event".to_owned())
            };
            if !zh.contains(&chinese) {
                zh.push(chinese);
                en.push(english);
            }
        }
        if complete && !zh.is_empty() {
            zh.push("结束".to_owned());
            en.push("the end".to_owned());
        }
        Bilingual { zh: zh.join("或"), en: en.join(" or ") }
    }

    fn expected_steps(&self, account: &Account) -> Vec<&crate::program::Step> {
        let program = self.program();
        let Some(Origin::Process(index)) =
            program.pattern(account.trace.pattern).map(|pattern| &pattern.origin)
        else {
            return Vec::new();
        };
        let Some(process) = program.processes.get(*index) else { return Vec::new() };
        let mut steps: Vec<usize> = account
            .states
            .iter()
            .filter_map(|state| process.expected.get(*state as usize))
            .flatten()
            .copied()
            .collect();
        steps.sort_unstable();
        steps.dedup();
        steps.into_iter().filter_map(|step| process.steps.get(step)).collect()
    }

    /// The places of the steps that were expected.
    #[must_use]
    pub fn expected_places(&self, account: &Account) -> Vec<Span> {
        if account.status.is_none_or(|status| status == Status::Complete) {
            return Vec::new();
        }
        self.expected_steps(account).into_iter().map(|step| step.span).collect()
    }
}

fn join_two(message: &Bilingual, more: &Bilingual) -> Bilingual {
    Bilingual {
        zh: format!("{}；{}", message.zh, more.zh),
        en: format!("{}; {}", message.en, more.en),
    }
}
