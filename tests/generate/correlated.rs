//! Conditions of list forms that tie an element to the row they are asked of: equalities and
//! comparisons by order in any order, computed or not, with parts that may be missing.

use super::value::{List, Path, Scope, Writer};
use super::{Part, Term, Ty};

impl Writer<'_> {
    /// Several conjuncts, most of them about both rows; none where there is no row to speak of.
    pub fn correlated(&mut self, scope: &Scope, list: &List, depth: usize) -> Option<Term> {
        let this = scope.levels[scope.this?];
        let target = *list.frames.last()?;
        if list.through || self.schema.frames[target].plain {
            return None;
        }
        let inner = self.inside(scope, list);
        let (of_element, of_row) = (self.own(target, "", &[]), self.own(this, "本行.", &[]));
        let (mut guards, mut parts) = (Vec::new(), Vec::new());
        for _ in 0..1 + self.random.below(4) {
            let part = match self.random.below(10) {
                0..=5 => self.equality(&of_element, &of_row, &mut guards),
                6..=7 => self.range(&of_element, &of_row, &mut guards),
                8 if scope.levels.len() == 1 && this == target => {
                    let word = self.random.word(&["号 ≠ 本行.号", "本行.号 = 号"]);
                    let has_key = self.schema.frames[target].fields[0].key;
                    has_key.then(|| vec![word.into()])
                }
                _ => Some(vec![self.condition(&inner, depth.min(1)).into()]),
            };
            parts.extend(part.map(|part| Term::new(Ty::Boolean, part)));
        }
        if parts.is_empty() {
            return None;
        }
        guards.retain(|guard| !inner.guards.contains(guard));
        let mut known: Vec<String> = Vec::new();
        guards.into_iter().for_each(|guard| {
            if !known.contains(&guard) {
                known.push(guard);
            }
        });
        let mut conjuncts: Vec<Part> =
            known.into_iter().map(|guard| format!("有 {guard}").into()).collect();
        conjuncts.extend(parts.into_iter().map(Part::from));
        let mut all: Vec<Part> = vec!["(".into()];
        for (at, part) in conjuncts.into_iter().enumerate() {
            if at > 0 {
                all.push(" 且 ".into());
            }
            all.push(part);
        }
        all.push(")".into());
        Some(Term::new(Ty::Boolean, all))
    }

    /// A field of the element and one of the row that may be compared, and what must be there
    /// first.
    fn couple(
        &mut self,
        of_element: &[Path],
        of_row: &[Path],
        fits: impl Fn(Ty) -> bool,
    ) -> Option<(Path, Path)> {
        let of_element: Vec<&Path> = of_element.iter().filter(|path| fits(path.ty)).collect();
        let own = (*self.random.pick(&of_element)?).clone();
        let of_row: Vec<&Path> = of_row.iter().filter(|path| path.ty == own.ty).collect();
        let other = (*self.random.pick(&of_row)?).clone();
        Some((own, other))
    }

    fn equality(
        &mut self,
        of_element: &[Path],
        of_row: &[Path],
        guards: &mut Vec<String>,
    ) -> Option<Vec<Part>> {
        let (own, other) = self.couple(of_element, of_row, |_| true)?;
        guards.extend(own.needs.iter().chain(&other.needs).cloned());
        let computed = |text: &str, how: usize| match (own.ty, how) {
            (Ty::Text, 0) => format!("规整({text})"),
            (Ty::Text, 1) => format!("截取({text}, 1, 1)"),
            (Ty::Integer, 0) => format!("余数({text}, 2)"),
            (Ty::Integer, 1) => format!("({text} + 1)"),
            (Ty::Decimal, 0) => format!("绝对值({text})"),
            (Ty::Date, 0) => format!("月({text})"),
            (Ty::Boolean, _) => format!("({text})"),
            _ => text.to_owned(),
        };
        let how = self.random.below(4);
        let mut sides = [computed(&own.text, how), computed(&other.text, how)];
        if self.random.chance(50) {
            sides.reverse();
        }
        let [left, right] = sides;
        Some(vec![
            match self.random.below(10) {
                0 => format!("非 ({left} ≠ {right})"),
                1 => format!("非 ({left} ≠ {right} 或 {right} ≠ {left})"),
                2..=5 => format!("{left} 为 {right}"),
                _ => format!("{left} = {right}"),
            }
            .into(),
        ])
    }

    fn range(
        &mut self,
        of_element: &[Path],
        of_row: &[Path],
        guards: &mut Vec<String>,
    ) -> Option<Vec<Part>> {
        let ordered = |ty| !matches!(ty, Ty::Text | Ty::Boolean | Ty::Ref(_) | Ty::Enum(_));
        let (own, other) = self.couple(of_element, of_row, ordered)?;
        guards.extend(own.needs.iter().chain(&other.needs).cloned());
        let sign = self.sign(own.ty);
        let (own, other) = (own.text, other.text);
        Some(vec![
            match self.random.below(5) {
                0 => format!("{own} {sign} {other}"),
                1 => format!("{other} {sign} {own}"),
                2 => format!("非 ({own} {sign} {other})"),
                3 => format!("{own} 介于 {other} 至 {other}"),
                _ => {
                    let (more, _) = self.couple(of_element, of_row, ordered)?;
                    if more.ty == self.type_of(of_element, &own) && more.needs.is_empty() {
                        format!("{other} 介于 {own} 至 {}", more.text)
                    } else {
                        format!("{own} {sign} {other}")
                    }
                }
            }
            .into(),
        ])
    }

    fn type_of(&self, paths: &[Path], text: &str) -> Ty {
        paths.iter().find(|path| path.text == text).map_or(Ty::Boolean, |path| path.ty)
    }
}
