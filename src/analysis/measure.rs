//! `指标`.

use super::scope::Scope;
use super::{Analyzer, Error, names_of};
use crate::program::{ExprId, ExprKind, Measure};
use crate::say;
use crate::syntax::tree::{self, ItemKind, Path};

impl Analyzer<'_> {
    /// `指标`.
    pub(super) fn measures(&mut self) {
        for (module, item) in self.items() {
            let ItemKind::Measure(decl) = &item.kind else { continue };
            let names = names_of(&decl.names);
            self.refer_both(&decl.names, &names);
            let mut scope = Scope { module, rows: Vec::new(), this: None, guards: Vec::new(), lenient: false, hidden: Vec::new() };
            let Some(body) = self.value(&decl.body, &mut scope, None).filter(|_| !item.damaged) else { continue };
            let by = match &decl.by {
                None => None,
                Some(path) => match self.group(module, body, path) {
                    Some(group) => Some(group),
                    None => continue,
                },
            };
            self.program.measures.push(Measure { module, names, body, by, span: item.span });
        }
    }

    /// The group of a measure: a path read in the element of its list form.
    fn group(&mut self, module: usize, body: ExprId, path: &Path) -> Option<ExprId> {
        let ExprKind::Quantify { list, .. } = self.program.expr(body).kind else {
            let message = say!("“按”只能分解一个 数量、合计、最大或最小", "`by` splits one count, sum, max or min");
            let help = say!("把其余算式另写一个指标", "put the rest into another measure");
            self.report(Error::Unsupported { message, help, span: path.span });
            return None;
        };
        let (first, rest) = path.names.split_first()?;
        let start = tree::Expr { span: first.span, kind: tree::ExprKind::Name(first.clone()) };
        let expr = rest.iter().fold(start, |base, name| tree::Expr {
            span: base.span.to(name.span),
            kind: tree::ExprKind::Member(Box::new(base), name.clone()),
        });
        let mut scope = self.scope(module, list.frame());
        self.value(&expr, &mut scope, None)
    }
}
