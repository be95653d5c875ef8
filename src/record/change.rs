//! What would bring another disposition about: the fewest conditions that would have to turn out otherwise.
//!
//! Counted over the articles' conditions as written: for 且 every part that is not true, for 或 the cheapest, for a list form the
//! cheapest element (or one more element). A fact that stands in two conditions counts twice.

use super::Change;
use crate::builtin::Quantifier;
use crate::diagnostic::Bilingual;
use crate::lowering::{ContextId, DecisionPlan, Judgement};
use crate::program::{ExprId, ExprKind};
use crate::say;
use crate::schema::Type;
use crate::verdict::{Description, Explainer, Walker};

/// One list of conditions for every disposition that is not required, by the article that is nearest to governing.
pub(super) fn changes(
    explainer: &Explainer<'_, '_>,
    plan: &DecisionPlan,
    row: usize,
    decided: Option<usize>,
    name: &dyn Fn(usize) -> Bilingual,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for choice in plan.options.iter().filter(|choice| Some(choice.disposition) != decided) {
        let articles = choice.judgements.iter().filter_map(|at| explainer.judgements.get(*at));
        let candidates = articles.filter_map(|judgement| Some((judgement, governing(explainer, judgement, row)?)));
        let Some((judgement, conditions)) = candidates.min_by_key(|(_, conditions)| conditions.len()) else { continue };
        let Some(article) = explainer.program().article(judgement.article) else { continue };
        changes.push(Change { disposition: name(choice.disposition), article: explainer.heading(article), conditions });
    }
    changes
}

/// What it takes for a sentence to govern the row.
fn governing(explainer: &Explainer<'_, '_>, judgement: &Judgement, row: usize) -> Option<Vec<Bilingual>> {
    let sentence = explainer.sentence(judgement)?;
    let changer = Changer { explainer, context: judgement.context };
    let mut all = Vec::new();
    if let Some(condition) = sentence.condition {
        all.extend(changer.change(condition, row, true)?);
    }
    if let Some(exception) = sentence.exception {
        all.extend(changer.change(exception, row, false)?);
    }
    Some(all)
}

struct Changer<'x, 'e, 'a> {
    explainer: &'x Explainer<'e, 'a>,
    context: ContextId,
}

impl Changer<'_, '_, '_> {
    /// The fewest conditions that would have to turn out otherwise for `expr` to be `want`; `None` where nothing would do.
    fn change(&self, expr: ExprId, row: usize, want: bool) -> Option<Vec<Bilingual>> {
        let walker = Walker::new(self.explainer.evaluator);
        if walker.truth(expr, self.context, row) == Some(want) {
            return Some(Vec::new());
        }
        let found = self.explainer.program().expr(expr);
        match &found.kind {
            ExprKind::Not(inner) if !matches!(self.explainer.program().expr(*inner).kind, ExprKind::Has(_)) => {
                self.change(*inner, row, !want)
            }
            ExprKind::And(parts) if want => self.every(parts, row, true),
            ExprKind::And(parts) => self.cheapest(parts, row, false),
            ExprKind::Or(parts) if want => self.cheapest(parts, row, true),
            ExprKind::Or(parts) => self.every(parts, row, false),
            ExprKind::Definition { level, definition } if found.ty == Type::Boolean => {
                let (frame, body) = self.explainer.program().definition(*definition).map(|found| (found.frame, found.body))?;
                let (at, context) = (walker.level(*level, self.context, row)?, walker.fresh(frame)?);
                Changer { explainer: self.explainer, context }.change(body, at, want)
            }
            ExprKind::Quantify { quantifier, filter, body, .. } => self.list(expr, *quantifier, *filter, *body, row, want),
            ExprKind::Constant(_) => None,
            _ => Some(vec![self.leaf(expr, row, want)]),
        }
    }

    fn every(&self, parts: &[ExprId], row: usize, want: bool) -> Option<Vec<Bilingual>> {
        let all: Option<Vec<Vec<Bilingual>>> = parts.iter().map(|part| self.change(*part, row, want)).collect();
        Some(all?.concat())
    }

    fn cheapest(&self, parts: &[ExprId], row: usize, want: bool) -> Option<Vec<Bilingual>> {
        parts.iter().filter_map(|part| self.change(*part, row, want)).min_by_key(Vec::len)
    }

    fn list(
        &self,
        expr: ExprId,
        quantifier: Quantifier,
        filter: Option<ExprId>,
        body: Option<ExprId>,
        row: usize,
        want: bool,
    ) -> Option<Vec<Bilingual>> {
        let exists = match quantifier {
            Quantifier::Any => want,
            Quantifier::None | Quantifier::Every => !want,
            _ => return Some(vec![self.leaf(expr, row, want)]),
        };
        let form = self.explainer.evaluator.graph.forms.get(&(expr, self.context)).copied()?;
        let walker = Walker::new(self.explainer.evaluator);
        let outer = super::reached(form.back, row, |index, row| walker.at(index, row))?;
        let inner = Changer { explainer: self.explainer, context: form.inner };
        let member = |element: usize, want: bool| {
            let body_want = if quantifier == Quantifier::Every { !want } else { want };
            let filter = filter.map(|filter| inner.change(filter, element, want));
            let body = body.map(|body| inner.change(body, element, body_want));
            let parts: Vec<Option<Vec<Bilingual>>> = filter.into_iter().chain(body).collect();
            if want {
                parts.into_iter().collect::<Option<Vec<_>>>().map(|parts| parts.concat())
            } else {
                parts.into_iter().flatten().min_by_key(Vec::len)
            }
        };
        let elements: Vec<usize> = self.explainer.evaluator.groups(form.grouping).elements(outer).collect();
        if !exists {
            let all: Option<Vec<Vec<Bilingual>>> = elements.into_iter().map(|element| member(element, false)).collect();
            return Some(all?.concat());
        }
        let nearest = elements.into_iter().filter_map(|element| member(element, true)).min_by_key(Vec::len);
        Some(nearest.filter(|conditions| conditions.len() == 1).unwrap_or_else(|| vec![self.leaf(expr, row, want)]))
    }

    /// A condition that is not as wanted, with the values as they are.
    fn leaf(&self, expr: ExprId, row: usize, want: bool) -> Bilingual {
        let found = self.explainer.program().expr(expr);
        let text = self.explainer.phrases.phrase(found.span);
        let description = Description { evaluator: self.explainer.evaluator, phrases: self.explainer.phrases, context: self.context, row };
        let side = match &found.kind {
            ExprKind::Compare(_, left, _) | ExprKind::In(left, _) | ExprKind::Text(_, left, _) => description.value(*left),
            _ => None,
        };
        let (zh, en) = (text.zh, text.en);
        let mut change = if want { say!("`{zh}` 成立", "`{en}` holds") } else { say!("`{zh}` 不成立", "`{en}` does not hold") };
        if let Some(value) = side {
            change.zh.push_str(&format!("（现为 {}）", value.zh));
            change.en.push_str(&format!(" (it is {})", value.en));
        }
        change
    }
}
