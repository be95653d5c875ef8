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
        if let (Some(one), Some(other), Some(path)) = (figure.by, after.by, &decl.by)
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
            None => None,
            Some(path) => Some(self.group(module, body, path)?),
        };
        Some(Figure { body, by })
    }

    /// The group of a figure: a path read in the element of its list form.
    fn group(&mut self, module: usize, body: ExprId, path: &Path) -> Option<ExprId> {
        let splits = |quantifier| {
            matches!(
                quantifier,
                Quantifier::Count | Quantifier::Sum | Quantifier::Max | Quantifier::Min
            )
        };
        let ExprKind::Quantify { quantifier, list, .. } = self.program.expr(body).kind else {
            return self.cannot_split(path);
        };
        if !splits(quantifier) {
            return self.cannot_split(path);
        }
        let (first, rest) = path.names.split_first()?;
        let start = tree::Expr { span: first.span, kind: tree::ExprKind::Name(first.clone()) };
        let expr = rest.iter().fold(start, |base, name| tree::Expr {
            span: base.span.to(name.span),
            kind: tree::ExprKind::Member(Box::new(base), name.clone()),
        });
        let mut scope = self.scope(module, list.frame());
        self.value(&expr, &mut scope, None)
    }

    fn cannot_split(&mut self, path: &Path) -> Option<ExprId> {
        let message = say!(
            "“按”只能分解一个 数量、合计、最大或最小",
            "`by` splits one count, sum, max or min"
        );
        let help = say!("把其余算式另写一个指标", "put the rest into another measure");
        self.report(Error::Unsupported { message, help, span: path.span });
        None
    }
}
