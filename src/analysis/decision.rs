//! `裁定`, and the demands of articles on it.

use super::period::Effect;
use super::subject::SubjectRows;
use super::{Analyzer, Error};
use crate::diagnostic::Bilingual;
use crate::program::{Clause, Decision};
use crate::say;
use crate::schema::{EnumId, Names, Type};
use crate::syntax::tree::{self, ItemKind, Otherwise, Path};

/// Words for what a row declares, where a disposition has to stand.
const DECLARED: &[&str] = &["declared", "unchanged", "照旧", "照原样", "原样", "不变", "不动"];

impl Analyzer<'_> {
    /// Whether an order names a disposition twice: which of the two is its place, nobody knows.
    fn named_twice(&mut self, names: &[tree::Name], order: &[usize]) -> bool {
        let mut twice = false;
        for (at, (name, value)) in names.iter().zip(order).enumerate() {
            if let Some(first) = order.iter().take(at).position(|other| other == value) {
                let first = names.get(first).map_or(name.span, |first| first.span);
                self.report(Error::DuplicateName {
                    name: name.text.clone(),
                    span: name.span,
                    first,
                });
                twice = true;
            }
        }
        twice
    }

    /// `裁定`. Of a policy that is not in effect, its order and its `否则` are not either.
    pub(super) fn decisions(&mut self, periods: &[Effect]) {
        for (module, item) in self.items() {
            let ItemKind::Decision(decl) = &item.kind else { continue };
            let Some((last, owner)) = decl.field.names.split_last() else { continue };
            let path = Path { span: decl.field.span, names: owner.to_vec() };
            let Some(frame) = self.frame_path(module, &path) else { continue };
            let Some(field) = self.field_called(frame, &last.text) else {
                self.unknown_field(frame, last);
                continue;
            };
            let Some((ty, names, declared)) = self
                .program
                .schema
                .field(frame, field)
                .map(|found| (found.ty, found.names.clone(), found.span))
            else {
                continue;
            };
            self.refer_to(last.span, &names, declared);
            let Type::Enum(dispositions) = ty else {
                let expected = Bilingual::new("枚举", "an enum");
                let found = self.type_words(ty);
                self.report(Error::WrongType { found, expected, span: last.span, help: None });
                continue;
            };
            let mut order: Vec<usize> =
                decl.order.iter().filter_map(|name| self.disposition(name, dispositions)).collect();
            let as_declared = matches!(decl.otherwise, Some(Otherwise::AsDeclared(_)));
            let named = match &decl.otherwise {
                Some(Otherwise::Disposition(name)) => Some(name),
                Some(Otherwise::AsDeclared(_)) | None => None,
            };
            let well = named.filter(|name| !self.is_declared(name, &names, dispositions));
            let mut otherwise = well.and_then(|name| self.disposition(name, dispositions));
            let holds = self.holds(periods.get(module).copied().unwrap_or(Effect::Always));
            let understood = !item.damaged
                && holds.is_some()
                && !self.ambiguous.enums.contains(&dispositions)
                && !self.ambiguous.fields.contains(&(frame, field))
                && !self.is_ambiguous_table(frame)
                && order.len() == decl.order.len()
                && otherwise.is_some() == named.is_some()
                && !self.named_twice(&decl.order, &order);
            if holds == Some(false) {
                (order, otherwise) = (Vec::new(), None);
            }
            if let Some(first) = self
                .program
                .decisions
                .iter_mut()
                .find(|other| other.frame == frame && other.field == field)
            {
                // By which of the two, nobody knows.
                first.understood = false;
                let first = first.span;
                self.report(Error::SeveralDecisions {
                    name: last.text.clone(),
                    span: last.span,
                    first,
                });
                continue;
            }
            self.program.decisions.push(Decision {
                module,
                frame,
                field,
                dispositions,
                order,
                otherwise,
                as_declared: as_declared && holds != Some(false),
                understood,
                span: item.span,
            });
        }
    }

    /// `否则 处理`: reports what is declared, where a disposition has to stand.
    fn is_declared(&mut self, name: &tree::Name, field: &Names, dispositions: EnumId) -> bool {
        let is_one = (field.matches(&name.text) || DECLARED.contains(&&*name.text))
            && self.enum_index(&name.text, dispositions).is_none();
        if is_one {
            let (found, span) = (name.text.clone(), name.span);
            let help = say!("写作 `照报`", "write `as declared`");
            self.report(Error::Otherwise { found, help, span });
        }
        is_one
    }

    /// The index of a disposition.
    fn disposition(&mut self, name: &tree::Name, dispositions: EnumId) -> Option<usize> {
        match self.enum_value(&name.text, name.span, dispositions) {
            Some(crate::schema::Constant::Int(index)) => usize::try_from(index).ok(),
            _ => None,
        }
    }

    pub(super) fn demand(&mut self, name: &tree::Name, subject: &SubjectRows) -> Option<Clause> {
        let fitting: Vec<usize> = (0..self.program.decisions.len())
            .filter(|&index| {
                let decision = self.program.decisions.get(index);
                decision.is_some_and(|decision| {
                    decision.frame == subject.frame
                        && self.enum_index(&name.text, decision.dispositions).is_some()
                })
            })
            .collect();
        match fitting.as_slice() {
            [decision] => {
                let (dispositions, order, span) = {
                    let found = self.program.decisions.get(*decision)?;
                    (found.dispositions, found.order.clone(), found.span)
                };
                let disposition = self.enum_index(&name.text, dispositions)?;
                self.enum_value(&name.text, name.span, dispositions);
                if !order.is_empty() && !order.contains(&disposition) {
                    self.report(Error::UnorderedDisposition {
                        name: name.text.clone(),
                        span: name.span,
                        decision: span,
                    });
                    // Where it belongs in the order, nobody knows.
                    self.program.decisions.get_mut(*decision)?.understood = false;
                }
                Some(Clause::Demand { decision: *decision, disposition })
            }
            [] => {
                match self
                    .program
                    .decisions
                    .iter()
                    .find(|decision| decision.frame == subject.frame)
                    .map(|decision| decision.dispositions)
                {
                    Some(dispositions) => {
                        self.enum_value(&name.text, name.span, dispositions);
                    }
                    None => {
                        let subject = self.slice(subject.span);
                        self.report(Error::NoDecision { subject, span: name.span });
                    }
                }
                None
            }
            [first, ..] => {
                let first = self.program.decisions.get(*first)?.span;
                self.report(Error::SeveralDecisions {
                    name: name.text.clone(),
                    span: name.span,
                    first,
                });
                None
            }
        }
    }
}
