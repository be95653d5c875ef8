//! Which optional fields a condition shows to be there.

use super::Analyzer;
use super::wording::{Parts, parts};
use crate::program::{DefinitionId, ExprId, ExprKind, List, Pick};
use crate::say;
use crate::schema::{FieldId, FrameId};
use crate::text::Span;

/// What an expression reads, seen from some rows: equal paths read the same field.
pub(super) type GuardPath = Vec<GuardStep>;

/// A step on the way to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum GuardStep {
    /// A field of a row, or of the row before it, by how many rows out it is.
    Field(usize, FrameId, FieldId),
    /// A definition of such a row.
    Definition(usize, DefinitionId),
    /// The one row of a single table.
    Single(FrameId),
    /// The one element, or the first or last, for which a condition, as it is written, holds.
    Lookup(List, String),
}

impl Analyzer<'_> {
    /// The path of the field an expression reads, seen from `depth` rows.
    pub(super) fn guard_path(&self, id: ExprId, depth: usize) -> Option<GuardPath> {
        let expr = self.program.expr(id);
        let (first, then) = match &expr.kind {
            ExprKind::Field { level, frame, field } => {
                (GuardStep::Field(depth.checked_sub(level + 1)?, *frame, *field), None)
            }
            ExprKind::Definition { level, definition } => {
                (GuardStep::Definition(depth.checked_sub(level + 1)?, *definition), None)
            }
            ExprKind::Follow { reference, then, .. } => {
                let mut path = self.guard_path(*reference, depth)?;
                path.extend(self.guard_path(*then, 1)?);
                return Some(path);
            }
            ExprKind::Single { frame, then } => (GuardStep::Single(*frame), Some(*then)),
            ExprKind::Lookup { list, pick, condition, then } => {
                (self.lookup_step(*list, *pick, *condition), Some(*then))
            }
            _ => return None,
        };
        let mut path = vec![first];
        if let Some(then) = then {
            path.extend(self.guard_path(then, 1)?);
        }
        Some(path)
    }

    fn lookup_step(&self, list: List, pick: Pick, condition: ExprId) -> GuardStep {
        let written = |id| self.sources.slice(self.program.expr(id).span);
        let mut which = written(condition).to_owned();
        if let Pick::End(end, order) = pick {
            which = format!("{end:?} {} {which}", order.map_or("", written));
        }
        GuardStep::Lookup(list, which)
    }

    /// What the condition of a lookup shows to be there in the element that it names; `depth` is how
    /// many rows the condition sees.
    pub(super) fn element_guards(
        &self,
        (list, pick): (List, Pick),
        condition: ExprId,
        depth: usize,
    ) -> Vec<GuardPath> {
        let mut shown = Vec::new();
        self.guards(condition, true, depth, &mut shown);
        let step = self.lookup_step(list, pick, condition);
        let of_element = |path: GuardPath| match path.split_first() {
            Some((GuardStep::Field(at, frame, field), rest)) if at + 1 == depth => {
                let own = GuardStep::Field(0, *frame, *field);
                Some([step.clone(), own].into_iter().chain(rest.iter().cloned()).collect())
            }
            _ => None,
        };
        shown.into_iter().filter_map(of_element).collect()
    }

    /// The paths of one that is there and of every path it leads through: `a.b.c` shows `a` and
    /// `a.b`.
    fn shown(&self, id: ExprId, depth: usize) -> Vec<GuardPath> {
        let mut paths: Vec<GuardPath> = self.guard_path(id, depth).into_iter().collect();
        if let ExprKind::Follow { reference, then, .. } = self.program.expr(id).kind {
            paths.extend(self.shown(reference, depth));
            let through = self.guard_path(reference, depth);
            paths.extend(through.into_iter().flat_map(|path| {
                let rest = self.shown(then, 1).into_iter();
                rest.map(move |rest| path.iter().cloned().chain(rest).collect())
            }));
        }
        paths
    }

    /// The fields that are there whenever the condition has the given truth.
    pub(super) fn guards(&self, id: ExprId, truth: bool, depth: usize, into: &mut Vec<GuardPath>) {
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

/// `unguarded_optional`: how it is asked whether a field is there. What is only done where it is
/// there never finds late what is not done at all; so of a date the day judged for is offered too.
pub(super) fn unguarded(text: &str, is_date: bool, span: Span, declared: Span) -> Parts {
    let message = say!(
        "`{text}` 可能没有填写，未先判断就读取",
        "`{text}` may be absent and is read unguarded"
    );
    let help = match is_date {
        false => say!(
            "写成 `有 {text} 且 …` 或 `无 {text} 或 …`；缺了按一个值算的，写 `{text} 缺则 …`",
            "write `has {text} and …` or `lacks {text} or …`; where a value stands for it, \
                `{text} or else …`"
        ),
        true => say!(
            "写成 `有 {text} 且 …` 或 `无 {text} 或 …`：没有填的就不判断；没有填的算到今日（逾期未办的也要发现），写 `({text} 缺则 今日) 应当 不晚于 …`",
            "write `has {text} and …` or `lacks {text} or …`: then what is not given is not \
                judged; to count it up to today, so that what is overdue and not done is found, \
                `({text} or else today) must be not after …`"
        ),
    };
    parts("unguarded_optional", message, Some(help), span)
        .and(declared, say!("声明为可缺", "declared optional"))
}
