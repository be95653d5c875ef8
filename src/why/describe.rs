//! Clauses in words: the rule as written, with the values that met it.

use crate::builtin::{Quantifier, Scalar};
use crate::diagnostic::Bilingual;
use crate::engine::Phrases;
use crate::eval::{Evaluator, Reach};
use crate::finding::Length;
use crate::lowering::{ContextId, Index, Lowered};
use crate::program::{Comparison, ExprId, ExprKind, Sentence};
use crate::say;
use crate::schema::Type;
use crate::syntax::tree::{Modal, Operator};
use crate::value::Ratio;
use crate::verdict::Show;

/// At most this many terms of a sum are spelt out.
const TERMS: usize = 15;

/// The values behind one sentence at one row.
pub struct Description<'e> {
    /// The run.
    pub evaluator: &'e Evaluator,
    /// The policies in words.
    pub phrases: &'e Phrases,
    /// The context of the sentence.
    pub context: ContextId,
    /// The row.
    pub row: usize,
    /// How long texts are.
    pub length: Length,
}

impl<'e> Description<'e> {
    pub(super) fn show(&self) -> Show<'e> {
        Show { evaluator: self.evaluator, length: self.length }
    }

    /// The value of an expression at the row; `None` where unknown.
    #[must_use]
    pub fn scalar(&self, expr: ExprId) -> Option<Scalar<'_>> {
        match self.evaluator.graph.lowered.get(&(expr, self.context))? {
            Lowered::Value(node) => self.evaluator.scalar(*node, self.row),
            Lowered::Truth(rails) => {
                if self.evaluator.holds(rails.t, self.row) {
                    Some(Scalar::Bool(true))
                } else {
                    self.evaluator.holds(rails.f, self.row).then_some(Scalar::Bool(false))
                }
            }
        }
    }

    /// The value of an expression at the row, as people read it.
    #[must_use]
    pub fn value(&self, expr: ExprId) -> Option<Bilingual> {
        Some(self.show().scalar(self.evaluator.graph.program.expr(expr).ty, &self.scalar(expr)?))
    }

    /// What a value that is not known is at least, and at most.
    fn bounds(&self, expr: ExprId) -> [Option<Bilingual>; 2] {
        let graph = &self.evaluator.graph;
        let Some(Some(bounds)) = graph.bounds.get(&(expr, self.context)) else {
            return [None, None];
        };
        let ty = graph.program.expr(expr).ty;
        [bounds.least, bounds.most].map(|node| {
            let bound = self.evaluator.scalar(node?, self.row)?;
            Some(self.show().scalar(ty, &bound))
        })
    }

    /// What the clause asks and what it met: `数量(章) 为 6，不得 超过 上限（5）`.
    #[must_use]
    pub fn clause(&self, sentence: &Sentence, modal: Modal, condition: ExprId) -> Bilingual {
        let program = &*self.evaluator.graph.program;
        if let Some(said) = self.across(condition, modal.is_negative()) {
            return said;
        }
        if let Some(others) = self.others(condition, modal.is_negative()) {
            let clause = self.phrases.phrase(sentence.clause_span);
            let (zh, en) = (clause.zh, clause.en);
            let (others_zh, others_en) = (others.zh, others.en);
            return say!("不符合“{zh}”：{others_zh}", "does not satisfy `{en}`: {others_en}");
        }
        match &program.expr(condition).kind {
            ExprKind::Compare(Comparison::Equal, left, right)
                if !modal.is_negative()
                    && self.scalar(*left).is_some()
                    && self.scalar(*right).is_some() =>
            {
                self.equality(*left, *right)
            }
            ExprKind::Compare(_, left, right) => self.comparison(sentence, *left, *right),
            ExprKind::In(left, options) => {
                let mut text = self.comparison(sentence, *left, *left);
                if let Some(options) = self.named_set(options) {
                    text.zh.push_str(&format!("（{}）", options.zh));
                    text.en.push_str(&format!(" ({})", options.en));
                }
                text
            }
            ExprKind::Text(_, left, _) => self.comparison(sentence, *left, *left),
            _ => self.unmet(sentence),
        }
    }

    /// The clause alone, where it compares what is computed: its values are told by a formula.
    #[must_use]
    pub fn unless_plain(&self, sentence: &Sentence, condition: ExprId) -> Option<Bilingual> {
        let program = &*self.evaluator.graph.program;
        let is_computed = |side: &ExprId| {
            matches!(
                program.expr(*side).kind,
                ExprKind::Call(..)
                    | ExprKind::Quantify { .. }
                    | ExprKind::Lookup { .. }
                    | ExprKind::NetElapsed(_)
                    | ExprKind::Arithmetic(..)
                    | ExprKind::Negate(_)
            )
        };
        let is_formula = match &program.expr(condition).kind {
            ExprKind::Compare(_, left, right) => is_computed(left) || is_computed(right),
            ExprKind::In(left, _) | ExprKind::Text(_, left, _) => is_computed(left),
            _ => false,
        };
        is_formula.then(|| self.unmet(sentence))
    }

    /// The clause that a row does not satisfy.
    fn unmet(&self, sentence: &Sentence) -> Bilingual {
        let clause = self.phrases.phrase(sentence.clause_span);
        let (zh, en) = (clause.zh, clause.en);
        say!("不符合“{zh}”", "does not satisfy `{en}`")
    }

    /// The values of a set that the clause only names: `档 为 3、5`.
    fn named_set(&self, options: &[ExprId]) -> Option<Bilingual> {
        let program = &*self.evaluator.graph.program;
        let span = program.expr(*options.first()?).span;
        if options.iter().any(|option| program.expr(*option).span != span)
            || self.phrases.sources.slice(span).starts_with('{')
        {
            return None;
        }
        let name = self.phrases.phrase(span);
        let values: Vec<Bilingual> =
            options.iter().filter_map(|option| self.value(*option)).collect();
        let join = |pick: fn(&Bilingual) -> &str, mark: &str| {
            values.iter().map(pick).collect::<Vec<_>>().join(mark)
        };
        let (zh, en) = (join(|value| &value.zh, "、"), join(|value| &value.en, ", "));
        Some(Bilingual { zh: format!("{} 为 {zh}", name.zh), en: format!("{} is {en}", name.en) })
    }

    /// `x 为 6，而 y 为 5`: both sides where they are not literals, then the clause.
    fn comparison(&self, sentence: &Sentence, left: ExprId, right: ExprId) -> Bilingual {
        let mut parts = Vec::new();
        // Of two that are called alike, the way to each.
        let spans = [left, right].map(|side| self.evaluator.graph.program.expr(side).span);
        let alike = left != right && self.phrases.phrase(spans[0]) == self.phrases.phrase(spans[1]);
        for side in [left, right] {
            let expr = self.evaluator.graph.program.expr(side);
            if matches!(expr.kind, ExprKind::Constant(_))
                || (side == right && left == right && !parts.is_empty())
            {
                continue;
            }
            let name = match alike {
                true => self.phrases.path(expr.span),
                false => self.phrases.phrase(expr.span),
            };
            let said = |word: (&str, &str), value: Bilingual| {
                Bilingual::new(
                    format!("{} {} {}", name.zh, word.0, value.zh),
                    format!("{} is {}{}", name.en, word.1, value.en),
                )
            };
            if let Some(value) = self.value(side) {
                parts.push(said(("为", ""), value));
                continue;
            }
            match self.bounds(side) {
                [Some(least), Some(most)] => parts.push(Bilingual::new(
                    format!("{} 至少为 {}、至多为 {}", name.zh, least.zh, most.zh),
                    format!("{} is at least {} and at most {}", name.en, least.en, most.en),
                )),
                [least, most] => {
                    parts.extend(least.map(|value| said(("至少为", "at least "), value)));
                    parts.extend(most.map(|value| said(("至多为", "at most "), value)));
                }
            }
        }
        if parts.is_empty() {
            return self.unmet(sentence);
        }
        let clause = self.phrases.phrase(sentence.clause_span);
        let zh = parts.iter().map(|part| part.zh.as_str()).collect::<Vec<_>>().join("，");
        let en = parts.iter().map(|part| part.en.as_str()).collect::<Vec<_>>().join(", ");
        Bilingual {
            zh: format!("{zh}，不符合“{}”", clause.zh),
            en: format!("{en}; the rule: `{}`", clause.en),
        }
    }

    /// Both sides of a failed equality, and the difference.
    fn equality(&self, left: ExprId, right: ExprId) -> Bilingual {
        let program = &*self.evaluator.graph.program;
        let name = self.phrases.phrase(program.expr(left).span);
        let (Some(a), Some(b)) = (self.value(left), self.value(right)) else { return name };
        let mut text = Bilingual {
            zh: format!("{} 为 {}，应为 {}", name.zh, a.zh, b.zh),
            en: format!("{} is {}, should be {}", name.en, a.en, b.en),
        };
        if let Some(terms) = self.terms(right) {
            text.zh.push_str(&format!("（{}）", terms.zh));
            text.en.push_str(&format!(" ({})", terms.en));
        }
        if let Some((less, difference)) = self.difference(left, right) {
            let (zh, en) = if less { ("少", "short by") } else { ("多", "over by") };
            text.zh.push_str(&format!("，{zh} {}", difference.zh));
            text.en.push_str(&format!(", {en} {}", difference.en));
        }
        text
    }

    pub(crate) fn difference(&self, left: ExprId, right: ExprId) -> Option<(bool, Bilingual)> {
        let ty = self.evaluator.graph.program.expr(left).ty;
        let difference = match (self.scalar(left)?, self.scalar(right)?) {
            (Scalar::Int(a), Scalar::Int(b))
                if !matches!(ty, Type::Enum(_) | Type::Ref(_) | Type::Date | Type::Instant) =>
            {
                let difference = a.checked_sub(b)?;
                return Some((
                    difference < 0,
                    self.show().scalar(ty, &Scalar::Int(difference.checked_abs()?)),
                ));
            }
            (Scalar::Ratio(a), Scalar::Ratio(b)) => a - b,
            (Scalar::Ratio(a), Scalar::Int(b)) => a - Ratio::from_integer(b.into()),
            (Scalar::Int(a), Scalar::Ratio(b)) => Ratio::from_integer(a.into()) - b,
            _ => return None,
        };
        let size = if difference < 0.into() { -difference } else { difference };
        let shown = self.show().scalar(ty, &Scalar::Ratio(size));
        let points = |unit: &str, text: String| {
            if ty == Type::Percent { format!("{}{unit}", text.trim_end_matches('%')) } else { text }
        };
        Some((
            difference < 0.into(),
            Bilingual::new(points(" 个百分点", shown.zh), points(" percentage points", shown.en)),
        ))
    }

    /// What a computed side was made of: `1061 + 707`, `mod(31 - 1735, 31)`; `None` where it was
    /// only read, or is a function of what was only read.
    pub(crate) fn terms(&self, expr: ExprId) -> Option<Bilingual> {
        match &self.evaluator.graph.program.expr(expr).kind {
            ExprKind::Arithmetic(operator, left, right) => {
                let (a, b) = (self.operand(*left)?, self.operand(*right)?);
                let sign = match operator {
                    Operator::Add => "+",
                    Operator::Subtract => "-",
                    Operator::Multiply => "×",
                    Operator::Divide => "÷",
                };
                let (a, b) = (self.within(a, *left, *operator), self.after(b, *right, *operator));
                Some(Bilingual {
                    zh: format!("{} {sign} {}", a.zh, b.zh),
                    en: format!("{} {sign} {}", a.en, b.en),
                })
            }
            ExprKind::Call(function, arguments) => {
                arguments.iter().find_map(|argument| self.terms(*argument))?;
                let said = arguments.iter().map(|argument| self.operand(*argument));
                let said: Vec<Bilingual> = said.collect::<Option<_>>()?;
                let join = |pick: fn(&Bilingual) -> &str| {
                    said.iter().map(pick).collect::<Vec<_>>().join(", ")
                };
                Some(Bilingual {
                    zh: format!("{}({})", function.0.zh, join(|value| &value.zh)),
                    en: format!("{}({})", function.0.en, join(|value| &value.en)),
                })
            }
            ExprKind::Quantify {
                quantifier: Quantifier::Sum,
                filter: None,
                body: Some(body),
                ..
            } => self.elements(expr, *body),
            _ => None,
        }
    }

    /// A part of what was computed: what it was made of, or its value.
    fn operand(&self, expr: ExprId) -> Option<Bilingual> {
        self.terms(expr).or_else(|| self.value(expr))
    }

    /// The left side of an operation, in brackets where it would be read otherwise without.
    fn within(&self, said: Bilingual, side: ExprId, around: Operator) -> Bilingual {
        let looser = |inner: Operator| binds(inner) < binds(around);
        self.bracketed(said, side, looser)
    }

    /// The same of the right side.
    fn after(&self, said: Bilingual, side: ExprId, around: Operator) -> Bilingual {
        let turns = matches!(around, Operator::Subtract | Operator::Divide);
        let looser = |inner: Operator| {
            binds(inner) < binds(around) || turns && binds(inner) == binds(around)
        };
        self.bracketed(said, side, looser)
    }

    fn bracketed(
        &self,
        said: Bilingual,
        side: ExprId,
        looser: impl Fn(Operator) -> bool,
    ) -> Bilingual {
        let operator = match self.evaluator.graph.program.expr(side).kind {
            ExprKind::Arithmetic(operator, ..) => Some(operator),
            // The terms of a sum.
            ExprKind::Quantify { .. } if said.zh.contains(" + ") => Some(Operator::Add),
            _ => None,
        };
        if operator.is_some_and(looser) {
            return Bilingual::new(format!("({})", said.zh), format!("({})", said.en));
        }
        said
    }

    /// The summed values of a list that lies in the row itself, if they are few.
    fn elements(&self, expr: ExprId, body: ExprId) -> Option<Bilingual> {
        let values = self.summed(expr, body)?;
        let join =
            |pick: fn(&Bilingual) -> &str| values.iter().map(pick).collect::<Vec<_>>().join(" + ");
        Some(Bilingual { zh: join(|value| &value.zh), en: join(|value| &value.en) })
    }

    /// The values a sum over a list of the row itself adds up; none for anything else.
    #[must_use]
    pub fn elements_of(&self, expr: ExprId) -> Vec<Bilingual> {
        match self.evaluator.graph.program.expr(expr).kind {
            ExprKind::Quantify {
                quantifier: Quantifier::Sum,
                filter: None,
                body: Some(body),
                ..
            } => self.summed(expr, body).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    fn summed(&self, expr: ExprId, body: ExprId) -> Option<Vec<Bilingual>> {
        let form = self
            .evaluator
            .graph
            .forms
            .get(&(expr, self.context))
            .filter(|form| form.back == Index::Here)?;
        let Lowered::Value(node) = *self.evaluator.graph.lowered.get(&(body, form.inner))? else {
            return None;
        };
        let elements: Vec<usize> = self
            .evaluator
            .elements(form.grouping, self.row, Reach::Possible)
            .take(TERMS + 1)
            .collect();
        if elements.len() > TERMS || elements.is_empty() {
            return None;
        }
        let ty = self.evaluator.graph.program.expr(body).ty;
        elements
            .iter()
            .map(|element| Some(self.show().scalar(ty, &self.evaluator.scalar(node, *element)?)))
            .collect()
    }
}

/// How tightly an operator binds.
fn binds(operator: Operator) -> u8 {
    match operator {
        Operator::Add | Operator::Subtract => 0,
        Operator::Multiply | Operator::Divide => 1,
    }
}
