//! Conditions.

use super::value::{List, Path, Scope, Writer};
use super::{FieldType, Part, Term, Ty};

const TYPES: [Ty; 15] = [
    Ty::Text,
    Ty::Integer,
    Ty::Integer,
    Ty::Decimal,
    Ty::Money,
    Ty::Percent,
    Ty::Boolean,
    Ty::Date,
    Ty::Workdays,
    Ty::Days,
    Ty::Months,
    Ty::Enum(0),
    Ty::Enum(1),
    Ty::Enum(2),
    Ty::Ref(1),
];

impl Writer<'_> {
    pub fn condition(&mut self, scope: &Scope, depth: usize) -> Term {
        for _ in 0..6 {
            let found = match self.random.below(20) {
                0..=3 if depth > 0 => Some(self.connective(scope, depth - 1)),
                4 if depth > 0 => {
                    Some(vec!["非 (".into(), self.condition(scope, depth - 1).into(), ")".into()])
                }
                5..=7 if depth > 0 => self.over_list(scope, depth - 1),
                8..=9 => self.presence(scope, depth),
                10 => {
                    let paths = self.readable(scope, Ty::Boolean);
                    self.random.pick(&paths).map(|path| vec![path.text.clone().into()])
                }
                11 => self.member(scope, depth.saturating_sub(1)),
                12 => self.text_relation(scope, depth.saturating_sub(1)),
                13..=14 => self.guarded(scope, depth.saturating_sub(1)),
                _ => self.relation(scope, depth.saturating_sub(1)),
            };
            if let Some(parts) = found {
                return Term::new(Ty::Boolean, parts);
            }
        }
        Term::new(Ty::Boolean, vec![self.random.word(&["是", "否"]).into()])
    }

    fn connective(&mut self, scope: &Scope, depth: usize) -> Vec<Part> {
        let word = self.random.word(&[" 且 ", " 或 "]);
        let mut parts: Vec<Part> = vec!["(".into(), self.condition(scope, depth).into()];
        for _ in 0..1 + self.random.below(2) {
            parts.extend([word.into(), self.condition(scope, depth).into()]);
        }
        parts.push(")".into());
        parts
    }

    /// `有 x 且 …x…`, `无 x 或 …x…`.
    fn guarded(&mut self, scope: &Scope, depth: usize) -> Option<Vec<Part>> {
        let (path, inner) = self.guard(scope)?;
        let body = if self.random.chance(70) { self.about(&inner, &path, depth) } else { None };
        let body = body.unwrap_or_else(|| self.condition(&inner, depth));
        let (head, word) = if self.random.chance(50) { ("有", "且") } else { ("无", "或") };
        Some(vec![format!("({head} {} {word} ", path.text).into(), body.into(), ")".into()])
    }

    /// An optional path, and the scope in which it is known to be there.
    pub fn guard(&mut self, scope: &Scope) -> Option<(Path, Scope)> {
        let mut paths = self.paths(scope);
        paths.retain(|path| {
            path.field
                && !path.needs.is_empty()
                && path.needs.iter().any(|need| !scope.guards.contains(need))
        });
        let path = self.random.pick(&paths)?.clone();
        let mut inner = scope.clone();
        // 有 a.b shows that a is there, and b.
        let prefixes = paths.iter().filter(|shorter| {
            path.text == shorter.text || path.text.starts_with(&format!("{}.", shorter.text))
        });
        inner.guards.extend(prefixes.map(|shorter| shorter.text.clone()));
        inner.guards.extend(path.needs.iter().cloned());
        inner.guards.push(path.text.clone());
        Some((path, inner))
    }

    /// A relation about a path.
    fn about(&mut self, scope: &Scope, path: &Path, depth: usize) -> Option<Term> {
        let left = Term::new(path.ty, vec![path.text.clone().into()]);
        if path.ty == Ty::Boolean {
            return Some(left);
        }
        let right = self
            .value(scope, path.ty, depth.min(1), true)
            .or_else(|| self.reference_literal(path.ty))?;
        let sign = self.sign(path.ty);
        Some(Term::new(Ty::Boolean, vec![left.into(), format!(" {sign} ").into(), right.into()]))
    }

    fn reference_literal(&mut self, ty: Ty) -> Option<Term> {
        let Ty::Ref(_) = ty else { return None };
        Some(Term::new(ty, vec![self.schema.literal(self.random, ty).into()]))
    }

    pub fn sign(&mut self, ty: Ty) -> &'static str {
        let ordered = match ty {
            Ty::Text | Ty::Boolean | Ty::Ref(_) => false,
            Ty::Enum(index) => !self.schema.enums[index].order.is_empty(),
            _ => true,
        };
        if !ordered {
            return self.random.word(&["=", "为", "≠", "不为"]);
        }
        if ty == Ty::Date && self.random.chance(50) {
            return self.random.word(&["早于", "晚于", "不早于", "不晚于"]);
        }
        self.random.word(&["=", "不为", ">", "不超过", "<", "不少于", "超过", "少于", "≥"])
    }

    /// A relation, its sides apart: left, relation, right.
    pub fn sides(&mut self, scope: &Scope, depth: usize) -> Option<(Term, String, Vec<Part>)> {
        let ty = TYPES[self.random.below(TYPES.len())];
        let left = self.value(scope, ty, depth, false)?;
        let left = if ty == Ty::Boolean {
            Term::new(ty, vec!["(".into(), left.into(), ")".into()])
        } else {
            left
        };
        if let Ty::Ref(_) = ty {
            let right = if self.random.chance(50) {
                self.value(scope, ty, 0, false)
            } else {
                self.reference_literal(ty)
            };
            return Some((left, self.sign(ty).into(), vec![right?.into()]));
        }
        if self.random.chance(15) && !matches!(self.sign(ty), "=" | "为" | "≠" | "不为") {
            let (low, high) =
                (self.value(scope, ty, depth, true)?, self.value(scope, ty, depth, true)?);
            return Some((left, "介于".into(), vec![low.into(), " 至 ".into(), high.into()]));
        }
        let right = self.value(scope, ty, depth, true)?;
        let right = if ty == Ty::Boolean {
            vec!["(".into(), right.into(), ")".into()]
        } else {
            vec![right.into()]
        };
        Some((left, self.sign(ty).into(), right))
    }

    fn relation(&mut self, scope: &Scope, depth: usize) -> Option<Vec<Part>> {
        let (left, sign, right) = self.sides(scope, depth)?;
        let mut parts: Vec<Part> = vec![left.into(), format!(" {sign} ").into()];
        parts.extend(right);
        Some(parts)
    }

    /// `x 属于 …`.
    fn member(&mut self, scope: &Scope, depth: usize) -> Option<Vec<Part>> {
        let ty = [Ty::Text, Ty::Integer, Ty::Workdays, Ty::Date, Ty::Enum(1), Ty::Enum(2)]
            [self.random.below(6)];
        let word = self.random.word(&[" 属于 ", " 不属于 "]);
        let left = self.value(scope, ty, depth, false)?;
        let sets: Vec<String> = self
            .schema
            .parameters
            .iter()
            .filter(|found| found.1 == ty && found.2)
            .map(|found| found.0.clone())
            .collect();
        if let (Some(name), true) = (self.random.pick(&sets).cloned(), self.random.chance(40)) {
            return Some(vec![left.into(), word.into(), name.into()]);
        }
        let mut lists = self.lists(scope);
        lists.retain(|list| {
            let frame = &self.schema.frames[list.frames[list.frames.len() - 1]];
            !list.through && frame.plain && frame.fields[0].ty == FieldType::Plain(ty)
        });
        if let (Some(list), true) = (self.random.pick(&lists).cloned(), self.random.chance(60)) {
            return Some(vec![left.into(), word.into(), list.text.into()]);
        }
        let (one, other) = (self.value(scope, ty, 0, true)?, self.value(scope, ty, 0, true)?);
        Some(vec![
            left.into(),
            word.into(),
            "{".into(),
            one.into(),
            "、".into(),
            other.into(),
            "}".into(),
        ])
    }

    fn text_relation(&mut self, scope: &Scope, depth: usize) -> Option<Vec<Part>> {
        let left = self.value(scope, Ty::Text, depth, false)?;
        if self.random.chance(25) {
            let pattern = self.random.word(&["a+b?", "法.?", "[ab]{2}", ""]);
            return Some(vec![left.into(), format!(" 匹配 “{pattern}”").into()]);
        }
        let word = self.random.word(&[" 包含 ", " 开头为 ", " 结尾为 "]);
        Some(vec![
            left.into(),
            word.into(),
            self.value(scope, Ty::Text, depth.min(1), true)?.into(),
        ])
    }

    /// `有 x`, `无 x`, of fields, lists and looked-up elements.
    fn presence(&mut self, scope: &Scope, depth: usize) -> Option<Vec<Part>> {
        let word = self.random.word(&["有 ", "无 "]);
        if self.random.chance(20) {
            let mut lists = self.lists(scope);
            lists.retain(|list| {
                !scope.levels.iter().any(|level| {
                    self.schema.frames[*level].name == list.text
                        && self.schema.frames[*level].parent.is_none()
                })
            });
            return self
                .random
                .pick(&lists)
                .map(|list| vec![word.into(), list.text.clone().into()]);
        }
        if self.random.chance(15) && depth > 0 {
            let lists = self.lists(scope);
            let list = self.random.pick(&lists)?.clone();
            let target = *list.frames.last()?;
            let fields: Vec<String> =
                self.schema.frames[target].fields.iter().map(|field| field.name.clone()).collect();
            let field = self.random.pick(&fields)?.clone();
            let inner = self.inside(scope, &list);
            let condition = self.picking(&inner, target, depth - 1);
            return Some(vec![
                word.into(),
                list.text.into(),
                "[".into(),
                condition.into(),
                "].".into(),
                field.into(),
            ]);
        }
        let mut paths = self.paths(scope);
        // A condition that every row has is not asked for so.
        paths.retain(|path| path.field && (path.ty != Ty::Boolean || !path.needs.is_empty()));
        self.random.pick(&paths).map(|path| vec![word.into(), path.text.clone().into()])
    }

    fn over_list(&mut self, scope: &Scope, depth: usize) -> Option<Vec<Part>> {
        let lists = self.lists(scope);
        let list = self.random.pick(&lists)?.clone();
        let form = self.random.word(&["存在", "每个", "没有"]);
        let may_lack = form != "每个";
        self.over(form, scope, &list, depth, may_lack)
    }

    /// `FORM(LIST 当 FILTER: CONDITION)`.
    pub fn over(
        &mut self,
        form: &str,
        scope: &Scope,
        list: &List,
        depth: usize,
        may_lack: bool,
    ) -> Option<Vec<Part>> {
        let mut inner = self.inside(scope, list);
        let mut parts: Vec<Part> = vec![format!("{form}({}", list.text).into()];
        let tied = if self.random.chance(35) { self.correlated(scope, list, depth) } else { None };
        if let Some(tied) = tied {
            let more = if self.random.chance(40) || !may_lack {
                self.correlated(scope, list, depth).or_else(|| Some(self.condition(&inner, depth)))
            } else {
                None
            };
            let as_body = may_lack && more.is_none() && self.random.chance(50);
            parts.extend([if as_body { ": " } else { " 当 " }.into(), tied.into()]);
            parts.extend(more.into_iter().flat_map(|more| [": ".into(), more.into()]));
            parts.push(")".into());
            return Some(parts);
        }
        if self.random.chance(35) {
            let (filter, guard) = self.filter(&inner, depth);
            inner.guards.extend(guard);
            parts.extend([" 当 ".into(), filter.into()]);
        }
        if !may_lack || self.random.chance(80) {
            parts.extend([": ".into(), self.condition(&inner, depth).into()]);
        }
        parts.push(")".into());
        Some(parts)
    }

    /// A filter, and the guards it gives.
    pub fn filter(&mut self, inner: &Scope, depth: usize) -> (Term, Vec<String>) {
        if let (true, Some((path, known))) = (self.random.chance(50), self.guard(inner)) {
            return (
                Term::new(Ty::Boolean, vec![format!("有 {}", path.text).into()]),
                known.guards,
            );
        }
        (self.condition(inner, depth), Vec::new())
    }
}
