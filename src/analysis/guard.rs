//! Which optional fields a condition shows to be there.

use super::Analyzer;
use crate::program::{ExprId, ExprKind};

impl Analyzer<'_> {
    /// A key for the field an expression reads, seen from `depth` rows; equal keys read the same
    /// field.
    pub(super) fn guard_key(&self, id: ExprId, depth: usize) -> Option<String> {
        let expr = self.program.expr(id);
        Some(match &expr.kind {
            ExprKind::Field { level, frame, field } => {
                format!("{}.{}.{}", depth.checked_sub(level + 1)?, frame.0, field.0)
            }
            ExprKind::Definition { level, definition } => {
                format!("{}.d{}", depth.checked_sub(level + 1)?, definition.0)
            }
            ExprKind::Follow { reference, then, .. } => {
                format!("{}>{}", self.guard_key(*reference, depth)?, self.guard_key(*then, 1)?)
            }
            ExprKind::Single { frame, then } => {
                format!("s{}>{}", frame.0, self.guard_key(*then, 1)?)
            }
            ExprKind::Lookup { list, condition, then } => {
                let condition = self.sources.slice(self.program.expr(*condition).span);
                format!("{list:?}[{condition}]>{}", self.guard_key(*then, 1)?)
            }
            _ => return None,
        })
    }

    /// The keys of a path that is there and of every path it leads through: `a.b.c` shows `a` and
    /// `a.b`.
    fn shown(&self, id: ExprId, depth: usize) -> Vec<String> {
        let mut keys: Vec<String> = self.guard_key(id, depth).into_iter().collect();
        if let ExprKind::Follow { reference, then, .. } = self.program.expr(id).kind {
            keys.extend(self.shown(reference, depth));
            let through = self.guard_key(reference, depth);
            keys.extend(through.into_iter().flat_map(|key| {
                self.shown(then, 1).into_iter().map(move |rest| format!("{key}>{rest}"))
            }));
        }
        keys
    }

    /// The fields that are there whenever the condition has the given truth.
    pub(super) fn guards(&self, id: ExprId, truth: bool, depth: usize, into: &mut Vec<String>) {
        match &self.program.expr(id).kind {
            ExprKind::Has(inner) if truth => into.extend(self.shown(*inner, depth)),
            ExprKind::Not(inner) => self.guards(*inner, !truth, depth, into),
            ExprKind::And(parts) if truth => {
                parts.iter().for_each(|part| self.guards(*part, true, depth, into))
            }
            ExprKind::Or(parts) if !truth => {
                parts.iter().for_each(|part| self.guards(*part, false, depth, into))
            }
            _ => {}
        }
    }
}
