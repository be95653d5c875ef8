//! `流程`, and conditions that hold events against one.

use super::regular::{self, Built, Term};
use super::scope::{Operand, Scope};
use super::{Analyzer, Error, Thing, names_of, nearest};
use crate::diagnostic::Bilingual;
use crate::invariant::fit;
use crate::program::{ExprId, ExprKind, List, Origin, Pattern, Process, Step, Trace};
use crate::say;
use crate::schema::{Constant, FrameId, Names, Type};
use crate::syntax::tree::{
    self, Conformance, ItemKind, Name, Path, ProcessDecl, Repetition, Steps, StepsKind,
};
use crate::text::Span;
use std::rc::Rc;

/// The most states an automaton may have: twelve steps in any order make 4096.
const STATES: usize = 4096;

/// The most steps a process may have.
const STEPS: usize = 500;

/// The steps of a process as they are read.
struct Reading {
    ty: Type,
    activities: Vec<Constant>,
    steps: Vec<Step>,
}

impl Analyzer<'_> {
    /// `流程`.
    pub(super) fn processes(&mut self) {
        for (module, item) in self.items() {
            let ItemKind::Process(decl) = &item.kind else { continue };
            let before = self.errors.len();
            let process = self.process(module, decl, item.span);
            let index = fit(self.program.processes.len());
            self.declare(module, &decl.names, Thing::Process(index));
            let sound = process.is_some() && self.errors.len() == before && !item.damaged;
            let process =
                process.filter(|_| sound).unwrap_or_else(|| self.unsound(module, decl, item.span));
            self.program.processes.push(process);
        }
    }

    /// What stands for a process that is wrong: conditions over it are not judged.
    fn unsound(&mut self, module: usize, decl: &ProcessDecl, span: Span) -> Process {
        let nowhere = FrameId(u32::MAX);
        Process {
            names: names_of(&decl.names),
            module,
            frame: nowhere,
            list: List::All { frame: nowhere },
            activity: ExprId::NONE,
            order: None,
            pattern: crate::program::PatternId(u32::MAX),
            steps: Vec::new(),
            expected: Vec::new(),
            span,
        }
    }

    fn process(&mut self, module: usize, decl: &ProcessDecl, span: Span) -> Option<Process> {
        let (frame, list, (activity, order)) = self.process_events(module, &decl.path)?;
        let mut reading =
            Reading { ty: self.ty(activity), activities: Vec::new(), steps: Vec::new() };
        let term = self.term(&decl.steps, &mut reading)?;
        let built = (reading.steps.len() <= STEPS)
            .then(|| regular::build(term, reading.activities.len(), STATES))
            .flatten();
        let Some(Built { automaton, expected }) = built else {
            let name = decl.names.name.text.clone();
            self.report(Error::ProcessTooLarge {
                name,
                span: decl.steps.span,
                states: STATES,
                steps: STEPS,
            });
            return None;
        };
        let index = self.program.processes.len();
        let pattern = self.pattern(Pattern {
            activities: reading.activities,
            automaton,
            origin: Origin::Process(index),
        });
        let names = names_of(&decl.names);
        Some(Process {
            names,
            module,
            frame,
            list,
            activity,
            order,
            pattern,
            steps: reading.steps,
            expected,
            span,
        })
    }

    /// `表.列表.字段`: the rows, their list of events, what happened and when.
    fn process_events(
        &mut self,
        module: usize,
        path: &Path,
    ) -> Option<(FrameId, List, (ExprId, Option<ExprId>))> {
        let whole = self.find_frame(module, path);
        let plain = whole
            .and_then(|frame| self.program.schema.frame(frame))
            .is_some_and(|frame| frame.plain);
        let (field, owner) = if plain {
            (None, path.names.as_slice())
        } else {
            path.names.split_last().map(|(last, rest)| (Some(last), rest))?
        };
        let Some((list, owner)) = owner.split_last().filter(|(_, owner)| !owner.is_empty()) else {
            self.report(Error::NotEvents { text: self.slice(path.span), span: path.span });
            return None;
        };
        let owner_span = owner
            .first()
            .zip(owner.last())
            .map_or(path.span, |(first, last)| first.span.to(last.span));
        let frame = self.frame_path(module, &Path { span: owner_span, names: owner.to_vec() })?;
        let mut scope = self.scope(module, frame);
        let named = tree::Expr { span: list.span, kind: tree::ExprKind::Name(list.clone()) };
        let found = match self.operand(&named, &mut scope, None)? {
            Operand::List { steps, list } if steps.is_empty() && list.level() == Some(0) => list,
            _ => {
                self.report(Error::NotEvents { text: self.slice(path.span), span: path.span });
                return None;
            }
        };
        let mut inner = self.inner_scope(&scope, &[], found);
        let fields = self.event_fields(found, field, list.span, &mut inner)?;
        Some((frame, found, fields))
    }

    fn term(&mut self, steps: &Steps, reading: &mut Reading) -> Option<Term> {
        let mut all = |parts: &[Steps]| -> Option<Vec<Term>> {
            let terms: Vec<Option<Term>> =
                parts.iter().map(|part| self.term(part, reading)).collect();
            terms.into_iter().collect()
        };
        Some(match &steps.kind {
            StepsKind::Activity(name) => self.named_step(name, reading)?,
            StepsKind::Text(text) => {
                if reading.ty != Type::Text {
                    let (found, expected) =
                        (self.type_words(Type::Text), self.type_words(reading.ty));
                    let help = say!("去掉引号", "leave out the quotes");
                    self.report(Error::WrongType {
                        found,
                        expected,
                        span: text.span,
                        help: Some(help),
                    });
                    return None;
                }
                let names = Names { name: text.text.as_str().into(), alias: None };
                step(Constant::Text(text.text.as_str().into()), names, text.span, reading)
            }
            StepsKind::Anything => {
                let names = Names { name: "…".into(), alias: None };
                reading.steps.push(Step { activity: None, names, span: steps.span });
                Term::Anything(reading.steps.len() - 1)
            }
            StepsKind::Sequence(parts) => {
                all(parts)?.into_iter().rev().fold(Term::End, |rest, first| first.then(rest))
            }
            StepsKind::Choice(parts) => Term::Choice(all(parts)?),
            StepsKind::Together(parts) => Term::Together(all(parts)?),
            StepsKind::Paren(inner) => self.term(inner, reading)?,
            StepsKind::Repeated(inner, repetition) => {
                let inner = self.term(inner, reading)?;
                match repetition {
                    Repetition::Optional => Term::Choice(vec![Term::End, inner]),
                    Repetition::Any => Term::Repeat(Rc::new(inner)),
                    Repetition::Some => inner.clone().then(Term::Repeat(Rc::new(inner))),
                }
            }
        })
    }

    fn named_step(&mut self, name: &Name, reading: &mut Reading) -> Option<Term> {
        let Type::Enum(id) = reading.ty else {
            let names = Names { name: name.text.as_str().into(), alias: None };
            return Some(step(
                Constant::Text(name.text.as_str().into()),
                names,
                name.span,
                reading,
            ));
        };
        let constant = self.enum_value(&name.text, name.span, id)?;
        let index = self.enum_index(&name.text, id)?;
        let names = self.program.schema.enumeration(id)?.values.get(index)?.names.clone();
        Some(step(constant, names, name.span, reading))
    }

    /// `遵循 流程`.
    pub(super) fn conforms(
        &mut self,
        asks: Conformance,
        name: &Name,
        span: Span,
        scope: &Scope,
    ) -> Option<ExprId> {
        let Some(Thing::Process(index)) = self.thing(scope.module, &name.text) else {
            let known: Vec<String> = self
                .program
                .processes
                .iter()
                .flat_map(|process| process.names.iter().map(str::to_owned).collect::<Vec<_>>())
                .collect();
            let near = nearest(&name.text, known.iter().map(String::as_str));
            let hidden_in = self.hidden_in(scope.module, &name.text);
            let kind = Bilingual::new("流程", "process");
            self.report(Error::UnknownName {
                name: name.text.clone(),
                span: name.span,
                kind,
                nearest: near,
                split: None,
                hidden_in,
                wanted: None,
            });
            return None;
        };
        let process = self.program.processes.get(index as usize)?.clone();
        self.refer_to(name.span, &process.names, process.span);
        if process.expected.is_empty() {
            return None;
        }
        let Some(level) = scope.rows.iter().rev().position(|row| *row == process.frame) else {
            let of = self.frame_names(process.frame);
            let (zh, en) = (of.zh, of.en);
            let name_of = &name.text;
            let message = say!(
                "流程 `{name_of}` 说的是 `{zh}`，这里看不到它的行",
                "the process `{name_of}` is about `{en}`, no row of which is seen here"
            );
            let help = say!(
                "在 `{zh}` 上写成定义，再读那个定义",
                "define the condition on `{en}` and read that definition"
            );
            self.report(Error::Unsupported { message, help, span: name.span });
            return None;
        };
        let list = match process.list {
            List::Nested { frame, .. } => List::Nested { level, frame },
            List::Inverse { frame, field, .. } => List::Inverse { level, frame, field },
            all @ List::All { .. } => all,
        };
        let Process { activity, order, pattern, .. } = process;
        let trace = Trace { list, filter: None, activity, order, pattern, asks };
        Some(self.add(ExprKind::Trace(Box::new(trace)), Type::Boolean, span))
    }
}

/// A step that is one event.
fn step(activity: Constant, names: Names, span: Span, reading: &mut Reading) -> Term {
    let class =
        reading.activities.iter().position(|known| *known == activity).unwrap_or_else(|| {
            reading.activities.push(activity.clone());
            reading.activities.len() - 1
        });
    reading.steps.push(Step { activity: Some(activity), names, span });
    Term::Event(reading.steps.len() - 1, class)
}
