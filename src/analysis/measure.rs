//! `指标`.

use super::scope::Scope;
use super::{Analyzer, Error, names_of};
use crate::builtin::Quantifier;
use crate::program::{ExprId, ExprKind, Figure, Measure};
use crate::say;
use crate::syntax::tree::{self, ItemKind, MeasureDecl, Path};

impl Analyzer<'_> {
    /// `指标`.
    pub(super) fn measures(&mut self) {
        for (module, item) in self.items() {
            let ItemKind::Measure(decl) = &item.kind else { continue };
            let names = names_of(&decl.names);
            self.refer_both(&decl.names, &names);
            let figures = self.figures(module, decl).filter(|_| !item.damaged);
            let Some((figure, after)) = figures else { continue };
            self.program.measures.push(Measure { module, names, figure, after, span: item.span });
        }
    }

    /// The figure of a measure, or the two of a change, and what splits them.
    fn figures(&mut self, module: usize, decl: &MeasureDecl) -> Option<(Figure, Option<Figure>)> {
        let body = self.alone(module, &decl.body);
        let after = decl.after.as_ref().map(|after| self.alone(module, after));
        let body = body?;
        let Some(after) = after else {
            return Some((self.split(module, body, decl.by.as_ref())?, None));
        };
        let after = after.filter(|after| self.is_change(body, *after))?;
        let (figure, after) = (
            self.split(module, body, decl.by.as_ref())?,
            self.split(module, after, decl.by.as_ref())?,
        );
        if let (Some(one), Some(other), Some(path)) = (figure.group(), after.group(), &decl.by)
            && self.ty(one) != self.ty(other)
        {
            let (found, expected) =
                (self.type_words(self.ty(other)), self.type_words(self.ty(one)));
            self.report(Error::WrongType { found, expected, span: path.span, help: None });
            return None;
        }
        Some((figure, Some(after)))
    }

    /// An expression that speaks of no row.
    fn alone(&mut self, module: usize, body: &tree::Expr) -> Option<ExprId> {
        let mut scope = Scope {
            module,
            rows: Vec::new(),
            this: None,
            guards: Vec::new(),
            lenient: false,
            hidden: Vec::new(),
        };
        self.value(body, &mut scope, None)
    }

    /// Whether two figures can be a change: numbers or quantities of one type; reported where not.
    fn is_change(&mut self, before: ExprId, after: ExprId) -> bool {
        let Some(ty) = self.numeric(before) else { return false };
        if ty != self.ty(after) {
            self.mismatch(ty, after);
        }
        ty == self.ty(after)
    }

    fn split(&mut self, module: usize, body: ExprId, by: Option<&Path>) -> Option<Figure> {
        let by = match by {
            None => Vec::new(),
            Some(path) => self.groups(module, body, path)?,
        };
        Some(Figure { body, by })
    }

    /// The list forms that a figure is computed from, each with its group, all of one type.
    fn groups(
        &mut self,
        module: usize,
        body: ExprId,
        path: &Path,
    ) -> Option<Vec<(ExprId, ExprId)>> {
        let mut forms = Vec::new();
        if !self.splits(body, &mut forms) || forms.is_empty() {
            return self.cannot_split(path);
        }
        let mut found: Vec<(ExprId, ExprId)> = Vec::new();
        for form in forms {
            let group = self.group(module, form, path)?;
            if let Some((_, first)) = found.first()
                && self.ty(*first) != self.ty(group)
            {
                let (found, expected) =
                    (self.type_words(self.ty(group)), self.type_words(self.ty(*first)));
                self.report(Error::WrongType { found, expected, span: path.span, help: None });
                return None;
            }
            found.push((form, group));
        }
        Some(found)
    }

    /// Whether a figure is computed from list forms, and from what is the same for all groups, in a
    /// way that is followed for each group.
    fn splits(&self, id: ExprId, forms: &mut Vec<ExprId>) -> bool {
        let expr = self.program.expr(id);
        match &expr.kind {
            ExprKind::Quantify { quantifier, .. } => {
                forms.push(id);
                matches!(
                    quantifier,
                    Quantifier::Count
                        | Quantifier::Sum
                        | Quantifier::Max
                        | Quantifier::Min
                        | Quantifier::Distinct
                )
            }
            ExprKind::Arithmetic(_, a, b) => {
                expr.ty.is_numeric() && self.splits(*a, forms) && self.splits(*b, forms)
            }
            ExprKind::Negate(inner) => self.splits(*inner, forms),
            ExprKind::Call(_, parts) => parts.iter().all(|part| self.splits(*part, forms)),
            ExprKind::Constant(_)
            | ExprKind::Parameter(_)
            | ExprKind::Set(_)
            | ExprKind::Single { .. } => true,
            _ => false,
        }
    }

    /// The group of a list form: a path read in its element.
    fn group(&mut self, module: usize, form: ExprId, path: &Path) -> Option<ExprId> {
        let ExprKind::Quantify { list, .. } = self.program.expr(form).kind else { return None };
        let (first, rest) = path.names.split_first()?;
        let start = tree::Expr { span: first.span, kind: tree::ExprKind::Name(first.clone()) };
        let expr = rest.iter().fold(start, |base, name| tree::Expr {
            span: base.span.to(name.span),
            kind: tree::ExprKind::Member(Box::new(base), name.clone()),
        });
        let mut scope = self.scope(module, list.frame());
        self.value(&expr, &mut scope, None)
    }

    fn cannot_split<T>(&mut self, path: &Path) -> Option<T> {
        let message = say!(
            "“按”分解的是 数量、不同数量、合计、平均、最大、最小，和由它们算出的",
            "`by` splits count, count_distinct, sum, avg, max and min, and what is computed from them"
        );
        let help = say!("把其余算式另写一个指标", "put the rest into another measure");
        self.report(Error::Unsupported { message, help, span: path.span });
        None
    }
}
