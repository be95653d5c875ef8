//! The items of a list, `（一）…；（二）…`, by which a sentence governs a row or which the row fails.

use super::blame::Walker;
use crate::engine::Run;
use crate::finding::Evidence;
use crate::lowering::{ContextId, Judgement};
use crate::program::{Clause, ExprId, ExprKind, Sentence};
use crate::say;
use crate::syntax::numeral::chinese;

/// How deep lists are looked for, through the definitions that a condition reads.
const DEPTH: usize = 16;

impl Run {
    /// The items that decided about a row, each at its place.
    pub(super) fn items(
        &self,
        judgement: &Judgement,
        sentence: &Sentence,
        row: usize,
    ) -> Vec<Evidence> {
        if self.program().listed.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut walk = Items { run: self, walker: Walker::new(&self.evaluator), found: &mut found };
        let required = match sentence.clause {
            Clause::Require { modal, condition } => Some((condition, modal.is_negative())),
            Clause::Refer(_) | Clause::Demand { .. } => None,
        };
        for (condition, want) in
            sentence.condition.map(|found| (found, true)).into_iter().chain(required)
        {
            walk.walk(condition, judgement.context, row, want, 0);
        }
        found
    }
}

struct Items<'x> {
    run: &'x Run,
    walker: Walker<'x>,
    found: &'x mut Vec<Evidence>,
}

impl Items<'_> {
    /// The items that make a condition come out as it did, where it came out as wanted.
    fn walk(&mut self, expr: ExprId, context: ContextId, row: usize, want: bool, depth: usize) {
        if depth > DEPTH || self.walker.truth(expr, context, row) != Some(want) {
            return;
        }
        let program = self.run.program();
        match &program.expr(expr).kind {
            ExprKind::Not(inner) => self.walk(*inner, context, row, !want, depth + 1),
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                let decides = matches!(program.expr(expr).kind, ExprKind::Or(_)) == want;
                for (part, number) in parts.iter().zip(1_u32..) {
                    let so = self.walker.truth(*part, context, row) == Some(want);
                    if so && decides && program.listed.contains(&expr) {
                        let (span, zh) = (program.expr(*part).span, chinese(number));
                        let label = say!("第{zh}项", "item {number}");
                        self.found.push(self.run.clause_evidence(span, label));
                    }
                    self.walk(*part, context, row, want, depth + 1);
                }
            }
            ExprKind::Definition { level, definition } => {
                let at = self.walker.level(*level, context, row);
                let found = program.definition(*definition);
                if let (Some(at), Some(found)) = (at, found)
                    && let Some(own) = self.walker.own(found.frame)
                {
                    self.walk(found.body, own, at, want, depth + 1);
                }
            }
            _ => {}
        }
    }
}
