//! Requirements about pairs of rows of one table: the other row is named, and a pair is told once.

use super::blame::{Blame, Walker};
use super::describe::Description;
use crate::builtin::Quantifier;
use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::finding::Outcome;
use crate::lowering::{Grouping, Judgement};
use crate::program::{Clause, ExprId, ExprKind, List, Sentence};
use crate::say;
use crate::schema::FrameId;

/// At most so many other rows are named.
const NAMED: usize = 5;

impl Description<'_> {
    /// The rows of the row's own table because of which a condition that asks for none of them is
    /// not kept; `None` for any other condition.
    fn partners(&self, condition: ExprId, negative: bool) -> Option<(FrameId, Vec<usize>)> {
        let graph = &self.evaluator.graph;
        let walker = Walker::new(self.evaluator);
        let (frame, quantifier, parts) = match graph.program.expr(condition).kind {
            ExprKind::Quantify { quantifier, list: List::All { frame }, filter, body } => {
                (frame, quantifier, filter.into_iter().chain(body).collect::<Vec<ExprId>>())
            }
            ExprKind::Definition { level, definition } => {
                let found = graph.program.definition(definition)?;
                let row = walker.level(level, self.context, self.row)?;
                let context = walker.own(found.frame)?;
                return Description { context, row, ..*self }.partners(found.body, negative);
            }
            _ => return None,
        };
        let asked = if negative { Quantifier::Any } else { Quantifier::None };
        let form = graph.forms.get(&(condition, self.context)).copied()?;
        let own = graph.context(self.context).row(0).is_some_and(|seen| seen.frame == frame);
        if quantifier != asked || !own || !matches!(form.grouping, Grouping::Pairs(_)) {
            return None;
        }
        let outer = walker.at(form.back, self.row)?;
        let fits = |element: &usize| {
            parts.iter().all(|part| walker.is(*part, form.inner, *element, Blame::True))
        };
        let elements = walker.elements(&form, outer).into_iter().filter(fits);
        let rows = elements.map(|element| self.evaluator.element_row(form.grouping, element));
        Some((frame, rows.filter(|row| *row != self.row).collect()))
    }

    /// A row by its table and key, or by its number.
    fn row_name(&self, frame: FrameId, row: usize) -> Bilingual {
        let names = self.evaluator.graph.program.schema.frame(frame).map(|found| &found.names);
        let (zh, en) = names.map_or(("", ""), |names| (names.zh(), names.en()));
        match self.show().key(frame, row) {
            Some(key) => say!("{zh}“{key}”", "{en} {key}"),
            None => {
                let number = row + 1;
                say!("{zh} 第 {number} 行", "{en}, row {number}")
            }
        }
    }

    /// The other rows of a pair that may not be, in words.
    pub(super) fn others(&self, condition: ExprId, negative: bool) -> Option<Bilingual> {
        let (frame, rows) = self.partners(condition, negative)?;
        let names: Vec<Bilingual> =
            rows.iter().take(NAMED).map(|row| self.row_name(frame, *row)).collect();
        let join = |pick: fn(&Bilingual) -> &str, mark: &str| {
            names.iter().map(pick).collect::<Vec<_>>().join(mark)
        };
        let (zh, en) = (join(|name| &name.zh, "、"), join(|name| &name.en, ", "));
        match rows.len() {
            0 => None,
            1 => Some(say!("另一行是 {zh}", "the other row is {en}")),
            count if count > NAMED => {
                Some(say!("另有 {zh} 等 {count} 行", "other rows are {en}, {count} in all"))
            }
            _ => Some(say!("另有 {zh}", "other rows are {en}")),
        }
    }
}

impl Run {
    /// Of a row that makes a pair with another that is found wrong before it by the same sentence,
    /// and with no third: what that one is called.
    pub(super) fn told_with(
        &self,
        description: &Description<'_>,
        judgement: &Judgement,
        sentence: &Sentence,
    ) -> Option<Bilingual> {
        let Clause::Require { modal, condition } = &sentence.clause else { return None };
        let only = |row: usize| {
            let there = Description { row, ..*description };
            let (frame, rows) = there.partners(*condition, modal.is_negative())?;
            match rows.as_slice() {
                [other] => Some((frame, *other)),
                _ => None,
            }
        };
        let (frame, other) = only(description.row)?;
        let mutual = other < description.row
            && only(other).is_some_and(|(_, back)| back == description.row)
            && self.sentence_outcome(judgement, other) == Outcome::Violated;
        mutual.then(|| description.row_name(frame, other))
    }
}
