//! Expressions: comparisons, connectives, quantifiers, literals, enum values.

use super::{Changed, Known, literal};
use crate::diagnostic::Bilingual;
use crate::program::{ExprKind as Typed, Parameter, ParameterId, TextRelation};
use crate::say;
use crate::schema::{Names, Type};
use crate::syntax::relation::written as relation_word;
use crate::syntax::tree::{
    Call, Expr, ExprKind, Language, Listing, Name, Operator, Relation, RelationKind,
};

impl Known<'_> {
    /// All changes of an expression and of what lies in it.
    pub fn expression(&self, expr: &Expr) -> Vec<Changed<Expr>> {
        let span = expr.span;
        let wrap = |kind: ExprKind| Expr { span, kind };
        let mut found: Vec<Changed<Expr>> = self
            .here(&expr.kind)
            .into_iter()
            .map(|(kind, what)| self.change(wrap(kind), span, &what))
            .collect();
        let inner = match &expr.kind {
            ExprKind::Member(inner, name) => {
                self.wrapped(inner, |inner| ExprKind::Member(inner, name.clone()))
            }
            ExprKind::Has(inner) => self.wrapped(inner, ExprKind::Has),
            ExprKind::Lacks(inner) => self.wrapped(inner, ExprKind::Lacks),
            ExprKind::Not(inner) => self.wrapped(inner, ExprKind::Not),
            ExprKind::Negate(inner) => self.wrapped(inner, ExprKind::Negate),
            ExprKind::Paren(inner) => self.wrapped(inner, ExprKind::Paren),
            ExprKind::Lookup(list, condition) => {
                let mut found =
                    self.wrapped(list, |list| ExprKind::Lookup(list, condition.clone()));
                found.extend(
                    self.wrapped(condition, |condition| ExprKind::Lookup(list.clone(), condition)),
                );
                found
            }
            ExprKind::Relation(a, relation, b) => {
                let mut found = self.wrapped(a, |a| ExprKind::Relation(a, *relation, b.clone()));
                found.extend(self.wrapped(b, |b| ExprKind::Relation(a.clone(), *relation, b)));
                found
            }
            ExprKind::Between(x, a, b) => {
                let mut found = self.wrapped(x, |x| ExprKind::Between(x, a.clone(), b.clone()));
                found.extend(self.wrapped(a, |a| ExprKind::Between(x.clone(), a, b.clone())));
                found.extend(self.wrapped(b, |b| ExprKind::Between(x.clone(), a.clone(), b)));
                found
            }
            ExprKind::Binary(a, operator, b) => {
                let mut found = self.wrapped(a, |a| ExprKind::Binary(a, *operator, b.clone()));
                found.extend(self.wrapped(b, |b| ExprKind::Binary(a.clone(), *operator, b)));
                found
            }
            ExprKind::If(c, a, b) => {
                let mut found = self.wrapped(c, |c| ExprKind::If(c, a.clone(), b.clone()));
                found.extend(self.wrapped(a, |a| ExprKind::If(c.clone(), a, b.clone())));
                found.extend(self.wrapped(b, |b| ExprKind::If(c.clone(), a.clone(), b)));
                found
            }
            ExprKind::OrElse(a, b) => {
                let mut found = self.wrapped(a, |a| ExprKind::OrElse(a, b.clone()));
                found.extend(self.wrapped(b, |b| ExprKind::OrElse(a.clone(), b)));
                found
            }
            ExprKind::And(parts) => self.parts(parts, ExprKind::And),
            ExprKind::Commas(parts) => self.parts(parts, ExprKind::Commas),
            ExprKind::Or(parts) => self.parts(parts, ExprKind::Or),
            ExprKind::Listed(listing, parts) => {
                self.parts(parts, |parts| ExprKind::Listed(*listing, parts))
            }
            ExprKind::Set(parts) => self.parts(parts, ExprKind::Set),
            ExprKind::Call(call) => self.call(call),
            _ => Vec::new(),
        };
        found.extend(inner.into_iter().map(|changed| changed.within(wrap)));
        found
    }

    fn wrapped(
        &self,
        inner: &Expr,
        wrap: impl Fn(Box<Expr>) -> ExprKind,
    ) -> Vec<Changed<ExprKind>> {
        self.expression(inner)
            .into_iter()
            .map(|changed| changed.within(|inner| wrap(Box::new(inner))))
            .collect()
    }

    fn parts(
        &self,
        parts: &[Expr],
        wrap: impl Fn(Vec<Expr>) -> ExprKind,
    ) -> Vec<Changed<ExprKind>> {
        let replaced = |at: usize, part: Expr| {
            let mut parts = parts.to_vec();
            if let Some(slot) = parts.get_mut(at) {
                *slot = part;
            }
            parts
        };
        let each = parts.iter().enumerate();
        each.flat_map(|(at, part)| {
            self.expression(part).into_iter().map(move |changed| (at, changed))
        })
        .map(|(at, changed)| changed.within(|part| wrap(replaced(at, part))))
        .collect()
    }

    fn call(&self, call: &Call) -> Vec<Changed<ExprKind>> {
        let mut found = self
            .parts(&call.arguments, |arguments| ExprKind::Call(Call { arguments, ..call.clone() }));
        for changed in call.filter.iter().flat_map(|filter| self.expression(filter)) {
            found.push(changed.within(|filter| {
                ExprKind::Call(Call { filter: Some(Box::new(filter)), ..call.clone() })
            }));
        }
        for changed in call.body.iter().flat_map(|body| self.expression(body)) {
            found.push(changed.within(|body| {
                ExprKind::Call(Call { body: Some(Box::new(body)), ..call.clone() })
            }));
        }
        found
    }

    /// Changes of the node itself.
    fn here(&self, kind: &ExprKind) -> Vec<(ExprKind, Bilingual)> {
        let same = |kind: ExprKind, text: &str| (kind, say!("改为 {text}", "made {text}"));
        match kind {
            ExprKind::Number(text) => literal::numbers(text)
                .into_iter()
                .map(|new| same(ExprKind::Number(new.clone()), &new))
                .collect(),
            ExprKind::Percent(text) => literal::numbers(text)
                .into_iter()
                .map(|new| same(ExprKind::Percent(new.clone()), &new))
                .collect(),
            ExprKind::Quantity(text, unit) => literal::numbers(text)
                .into_iter()
                .map(|new| same(ExprKind::Quantity(new.clone(), *unit), &new))
                .collect(),
            ExprKind::Date(text) => literal::days(text)
                .into_iter()
                .map(|new| same(ExprKind::Date(new.clone()), &new))
                .collect(),
            ExprKind::Instant(text) => literal::instants(text)
                .into_iter()
                .map(|new| same(ExprKind::Instant(new.clone()), &new))
                .collect(),
            ExprKind::Text(text) => literal::texts(text)
                .into_iter()
                .map(|new| same(ExprKind::Text(new.clone()), &new))
                .collect(),
            ExprKind::Boolean(true) => {
                vec![(ExprKind::Boolean(false), say!("改为 否", "made false"))]
            }
            ExprKind::Boolean(false) => {
                vec![(ExprKind::Boolean(true), say!("改为 是", "made true"))]
            }
            ExprKind::Name(name) => self.name(name),
            ExprKind::Member(of, name) => {
                let others = self.other_fields(name).into_iter();
                others.map(|(name, what)| (ExprKind::Member(of.clone(), name), what)).collect()
            }
            ExprKind::Has(inner) => {
                vec![(ExprKind::Lacks(inner.clone()), say!("有 改为 无", "has made lacks"))]
            }
            ExprKind::Lacks(inner) => {
                vec![(ExprKind::Has(inner.clone()), say!("无 改为 有", "lacks made has"))]
            }
            ExprKind::Not(inner) => vec![(inner.kind.clone(), say!("去掉 非", "not dropped"))],
            ExprKind::Negate(inner) => {
                vec![(inner.kind.clone(), say!("去掉负号", "minus dropped"))]
            }
            ExprKind::And(parts) | ExprKind::Commas(parts) => {
                let mut found = self.dropped(parts, ExprKind::And);
                found.push((ExprKind::Or(parts.clone()), say!("且 改为 或", "and made or")));
                found
            }
            ExprKind::Or(parts) => {
                let mut found = self.dropped(parts, ExprKind::Or);
                found.push((ExprKind::And(parts.clone()), say!("或 改为 且", "or made and")));
                found
            }
            ExprKind::Listed(listing, parts) => self.listed(*listing, parts),
            ExprKind::Set(parts) => self.set(parts),
            ExprKind::Between(x, a, b) => between(x, a, b),
            ExprKind::Relation(a, relation, b) => self.relations(a, *relation, b),
            ExprKind::Binary(a, operator, b) => {
                let other = opposite(*operator);
                let (before, after) = (operator.sign(), other.sign());
                vec![(
                    ExprKind::Binary(a.clone(), other, b.clone()),
                    say!("{before} 改为 {after}", "{before} made {after}"),
                )]
            }
            ExprKind::Call(call) => self.calls(call),
            // Each branch, whatever the condition is; the branches exchanged.
            ExprKind::If(c, a, b) => vec![
                (a.kind.clone(), say!("只取 则", "always then")),
                (b.kind.clone(), say!("只取 否则", "always else")),
                (
                    ExprKind::If(c.clone(), bracketed(b), bracketed(a)),
                    say!("则 与 否则 对调", "then and else exchanged"),
                ),
            ],
            _ => Vec::new(),
        }
    }

    /// An item dropped, one of them where all were asked for, and the other way round.
    fn listed(&self, listing: Listing, parts: &[Expr]) -> Vec<(ExprKind, Bilingual)> {
        let mut found = self.dropped(parts, |parts| ExprKind::Listed(listing, parts));
        let (other, what) = match listing {
            Listing::Any => (Listing::All, say!("或 改为 且", "or made and")),
            Listing::All => (Listing::Any, say!("且 改为 或", "and made or")),
        };
        found.push((ExprKind::Listed(other, parts.to_vec()), what));
        found
    }

    /// A name of an enum value becomes its neighbour, that of a field another field; that of a
    /// condition is negated.
    fn name(&self, name: &Name) -> Vec<(ExprKind, Bilingual)> {
        let Some(meant) = self.names.get(&name.span) else { return Vec::new() };
        let mut found: Vec<(ExprKind, Bilingual)> = self
            .neighbours(meant)
            .into_iter()
            .map(|text| {
                (
                    ExprKind::Name(Name { text: text.clone(), span: name.span }),
                    say!("改为 {text}", "made {text}"),
                )
            })
            .collect();
        let others = self.other_fields(name).into_iter();
        found.extend(others.map(|(name, what)| (ExprKind::Name(name), what)));
        if self.is_condition(meant) {
            let inner = Expr { span: name.span, kind: ExprKind::Name(name.clone()) };
            found.push((ExprKind::Not(Box::new(inner)), say!("加上 非", "not added")));
        }
        found
    }

    /// All but one, for each.
    fn dropped(
        &self,
        parts: &[Expr],
        wrap: impl Fn(Vec<Expr>) -> ExprKind,
    ) -> Vec<(ExprKind, Bilingual)> {
        let without = |(at, part): (usize, &Expr)| {
            let mut rest = parts.to_vec();
            rest.remove(at);
            let text = self.excerpt(part.span);
            let what = say!("去掉 {text}", "{text} dropped");
            match rest.as_slice() {
                [] => None,
                [only] => Some((ExprKind::Paren(Box::new(only.clone())), what)),
                _ => Some((wrap(rest), what)),
            }
        };
        parts.iter().enumerate().filter_map(without).collect()
    }

    fn calls(&self, call: &Call) -> Vec<(ExprKind, Bilingual)> {
        let before = &call.function.text;
        let others =
            SWAPS.iter().find(|(word, _)| word == before).map_or(&[][..], |(_, others)| others);
        let mut found: Vec<(ExprKind, Bilingual)> = others
            .iter()
            .map(|after| {
                let function = Name { text: (*after).to_owned(), span: call.function.span };
                (
                    ExprKind::Call(Call { function, ..call.clone() }),
                    say!("{before} 改为 {after}", "{before} made {after}"),
                )
            })
            .collect();
        if let Some(filter) = &call.filter {
            let text = self.excerpt(filter.span);
            let what = say!("去掉 当 {text}", "where {text} dropped");
            found.push((ExprKind::Call(Call { filter: None, ..call.clone() }), what));
        }
        found
    }

    /// The enum values beside the one of this name.
    pub fn neighbours(&self, meant: &Names) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for values in self.program.schema.enums.iter().map(|item| &item.values) {
            let Some(at) = values.iter().position(|value| value.names == *meant) else { continue };
            let beside = [at.checked_add(1), at.checked_sub(1)]
                .into_iter()
                .flatten()
                .filter_map(|at| values.get(at));
            found.extend(beside.map(|value| value.names.name.to_string()));
        }
        found.dedup();
        found
    }

    fn relations(&self, a: &Expr, relation: Relation, b: &Expr) -> Vec<(ExprKind, Bilingual)> {
        let mut found = relations(a, relation, b);
        found.extend(self.any_text(a, relation, b));
        found
    }

    /// The parameter of a name.
    pub(super) fn parameter(&self, name: &Name) -> Option<&Parameter> {
        let meant = self.names.get(&name.span)?;
        self.program.parameters.iter().find(|found| found.names == *meant)
    }

    /// Whether a parameter is what texts have to match.
    pub(super) fn is_pattern(&self, parameter: &Name) -> bool {
        let named = |id: &ParameterId| {
            let found = self.program.parameter(*id);
            found.is_some_and(|found| found.names.matches(&parameter.text))
        };
        self.program.exprs.iter().any(|expr| match &expr.kind {
            Typed::Text(TextRelation::Matches, _, pattern) => {
                matches!(&self.program.expr(*pattern).kind, Typed::Parameter(id) if named(id))
            }
            _ => false,
        })
    }

    fn is_condition(&self, meant: &Names) -> bool {
        let schema = &self.program.schema;
        let definition = self
            .program
            .definitions
            .iter()
            .any(|found| found.ty == Type::Boolean && found.names == *meant);
        definition
            || schema
                .frames
                .iter()
                .flat_map(|frame| &frame.fields)
                .any(|field| field.ty == Type::Boolean && field.names == *meant)
    }
}

/// One of the bounds alone.
fn between(x: &Expr, a: &Expr, b: &Expr) -> Vec<(ExprKind, Bilingual)> {
    let bound = |kind: RelationKind, bound: &Expr| {
        let relation = Relation { kind, sign: false };
        ExprKind::Relation(Box::new(x.clone()), relation, Box::new(bound.clone()))
    };
    vec![
        (bound(RelationKind::AtMost, b), say!("去掉下限", "the lower bound dropped")),
        (bound(RelationKind::AtLeast, a), say!("去掉上限", "the upper bound dropped")),
    ]
}

fn relations(a: &Expr, relation: Relation, b: &Expr) -> Vec<(ExprKind, Bilingual)> {
    use RelationKind as R;
    let others: &[RelationKind] = match relation.kind {
        R::Is => &[R::IsNot],
        R::IsNot => &[R::Is],
        R::Exceeds => &[R::AtLeast, R::Below],
        R::AtMost => &[R::Below, R::AtLeast],
        R::Below => &[R::AtMost, R::Exceeds],
        R::AtLeast => &[R::Exceeds, R::AtMost],
        R::Before => &[R::NotAfter, R::After],
        R::After => &[R::NotBefore, R::Before],
        R::NotBefore => &[R::After, R::NotAfter],
        R::NotAfter => &[R::Before, R::NotBefore],
        R::In => &[R::NotIn],
        R::NotIn => &[R::In],
        R::Contains => &[R::StartsWith],
        R::StartsWith | R::EndsWith => &[R::Contains],
        R::Matches => &[],
    };
    let sign = |kind: RelationKind| {
        let written = |language| relation_word(Relation { kind, ..relation }, language, false);
        Bilingual::new(written(Language::Chinese), written(Language::English))
    };
    let make = |kind: RelationKind| {
        ExprKind::Relation(Box::new(a.clone()), Relation { kind, ..relation }, Box::new(b.clone()))
    };
    let before = sign(relation.kind);
    let mut found: Vec<(ExprKind, Bilingual)> = others
        .iter()
        .map(|kind| {
            let after = sign(*kind);
            (
                make(*kind),
                Bilingual::new(
                    format!("{} 改为 {}", before.zh, after.zh),
                    format!("{} made {}", before.en, after.en),
                ),
            )
        })
        .collect();
    if relation.kind == R::Matches {
        let inner = Expr { span: a.span, kind: make(R::Matches) };
        found.push((ExprKind::Not(Box::new(inner)), say!("加上 非", "not added")));
        found.extend(alternatives(b).into_iter().map(|(left, what)| {
            (ExprKind::Relation(Box::new(a.clone()), relation, Box::new(left)), what)
        }));
    }
    found
}

/// A pattern without one of its alternatives.
pub(super) fn alternatives(pattern: &Expr) -> Vec<(Expr, Bilingual)> {
    let text = match &pattern.kind {
        ExprKind::Text(text) => text,
        ExprKind::Paren(inner) => return alternatives(inner),
        _ => return Vec::new(),
    };
    let changed = |(dropped, left): (String, String)| {
        let left = Expr { span: pattern.span, kind: ExprKind::Text(left) };
        (left, say!("去掉 {dropped}", "{dropped} dropped"))
    };
    super::pattern::without_one(text).into_iter().map(changed).collect()
}

/// A branch that may stand after either word.
fn bracketed(branch: &Expr) -> Box<Expr> {
    Box::new(Expr { span: branch.span, kind: ExprKind::Paren(Box::new(branch.clone())) })
}

fn opposite(operator: Operator) -> Operator {
    match operator {
        Operator::Add => Operator::Subtract,
        Operator::Subtract => Operator::Add,
        Operator::Multiply => Operator::Divide,
        Operator::Divide => Operator::Multiply,
    }
}

/// List forms and functions that are taken for each other.
const SWAPS: &[(&str, &[&str])] = &[
    ("存在", &["每个", "没有"]),
    ("any", &["every", "none"]),
    ("每个", &["存在"]),
    ("every", &["any"]),
    ("没有", &["存在"]),
    ("none", &["any"]),
    ("最大", &["最小"]),
    ("max", &["min"]),
    ("最小", &["最大"]),
    ("min", &["max"]),
    ("四舍五入", &["进位", "舍去"]),
    ("round", &["ceil", "floor"]),
    ("进位", &["舍去"]),
    ("ceil", &["floor"]),
    ("舍去", &["进位"]),
    ("floor", &["ceil"]),
];
