//! What a file says, without how it is laid out: the tree with all places removed, names renamed,
//! and each pair of names in one order.
//!
//! A place that is forgotten here makes two equal files differ, never two different files equal.

use crate::syntax::keyword::{KEYWORDS, Role, word};
use crate::syntax::numeral;
use crate::syntax::parse;
use crate::syntax::template::{Piece, pieces};
use crate::syntax::tree::{
    Article, ArticleRef, Call, Citation, ClauseKind, Expr, ExprKind, FieldDecl, File, Item,
    ItemKind, Language, Modifier, ModifierKind, Name, Names, Otherwise, Part, PartKind, Path,
    Period, Sentence, Steps, StepsKind, TableDecl, Text, TypeExpr,
};
use crate::text::{FileId, Source, Span};

/// The meaning of a file as text that can be compared.
pub(super) fn shape(
    file: &File,
    source: &Source,
    rename: &dyn Fn(&Name) -> Option<String>,
) -> String {
    let walk = Walk { file: file.file, source, rename };
    let mut items = file.items.clone();
    items.iter_mut().for_each(|item| walk.item(item));
    format!("{items:?}")
}

struct Walk<'a> {
    file: FileId,
    source: &'a Source,
    rename: &'a dyn Fn(&Name) -> Option<String>,
}

fn forget(span: &mut Span) {
    *span = Span { file: FileId(0), start: 0, end: 0 };
}

impl Walk<'_> {
    fn item(&self, item: &mut Item) {
        forget(&mut item.span);
        match &mut item.kind {
            ItemKind::Header(header) => {
                self.names(&mut header.names);
                header.document.iter_mut().chain(&mut header.because).for_each(text);
                header.period.iter_mut().for_each(period);
                header.absent.iter_mut().for_each(text);
            }
            ItemKind::Use(names) => self.all(names),
            ItemKind::Enum(declaration) => {
                self.names(&mut declaration.names);
                for value in &mut declaration.values {
                    forget(&mut value.span);
                    self.names(&mut value.names);
                    value.also.iter_mut().for_each(text);
                }
            }
            ItemKind::Table(declaration) => self.table(declaration),
            ItemKind::Calendar(declaration) => {
                self.names(&mut declaration.names);
                self.name(&mut declaration.table);
                self.name(&mut declaration.date);
                declaration.rest.iter_mut().for_each(text);
                self.expr(&mut declaration.off);
                self.expr(&mut declaration.on);
            }
            ItemKind::Parameter(declaration) => {
                self.names(&mut declaration.names);
                self.ty(&mut declaration.ty);
                self.expr(&mut declaration.value);
            }
            ItemKind::Definition(declaration) => {
                self.names(&mut declaration.names);
                self.path(&mut declaration.subject);
                self.expr(&mut declaration.body);
            }
            ItemKind::Process(declaration) => {
                self.names(&mut declaration.names);
                self.path(&mut declaration.path);
                self.steps(&mut declaration.steps);
            }
            ItemKind::Decision(declaration) => {
                self.path(&mut declaration.field);
                self.all(&mut declaration.order);
                match &mut declaration.otherwise {
                    Some(Otherwise::Disposition(name)) => self.name(name),
                    Some(Otherwise::AsDeclared(span)) => forget(span),
                    None => {}
                }
            }
            ItemKind::Measure(declaration) => {
                self.names(&mut declaration.names);
                self.expr(&mut declaration.body);
                declaration.after.iter_mut().for_each(|after| self.expr(after));
                declaration.by.iter_mut().for_each(|path| self.path(path));
            }
            ItemKind::Division(_) => {}
            ItemKind::Article(declaration) => self.article(declaration),
        }
    }

    fn name(&self, name: &mut Name) {
        if let Some(renamed) = (self.rename)(name) {
            name.text = renamed;
        }
        forget(&mut name.span);
    }

    fn all(&self, names: &mut [Name]) {
        names.iter_mut().for_each(|name| self.name(name));
    }

    fn names(&self, names: &mut Names) {
        forget(&mut names.name.span);
        if let Some(alias) = &mut names.alias {
            forget(&mut alias.span);
            if alias.text < names.name.text {
                std::mem::swap(alias, &mut names.name);
            }
        }
    }

    fn path(&self, path: &mut Path) {
        forget(&mut path.span);
        self.all(&mut path.names);
    }

    fn table(&self, table: &mut TableDecl) {
        self.names(&mut table.names);
        table.single.iter_mut().for_each(forget);
        if let Some(citable) = &mut table.citable {
            forget(&mut citable.span);
            self.all(&mut citable.titles);
            citable.from.iter_mut().chain(&mut citable.to).for_each(|name| self.name(name));
        }
        table.fields.iter_mut().for_each(|field| self.field(field));
    }

    fn field(&self, field: &mut FieldDecl) {
        forget(&mut field.span);
        self.names(&mut field.names);
        field.also.iter_mut().for_each(text);
        self.ty(&mut field.ty);
        for Modifier { span, kind } in &mut field.modifiers {
            forget(span);
            match kind {
                ModifierKind::Key
                | ModifierKind::Unique
                | ModifierKind::Optional
                | ModifierKind::Ordering => {}
                ModifierKind::Default(value) => self.expr(value),
                ModifierKind::Unit(heading) => text(heading),
                ModifierKind::Written(pattern) => text(pattern),
                ModifierKind::Of(names) => self.all(names),
                ModifierKind::Reading(entries) => {
                    for entry in entries {
                        text(&mut entry.text);
                        self.read_as(&mut entry.value);
                    }
                }
            }
        }
    }

    /// A unit written as a name is the same in both languages.
    fn read_as(&self, value: &mut Expr) {
        self.expr(value);
        if let ExprKind::Name(name) = &mut value.kind {
            let unit = KEYWORDS.iter().find(|keyword| {
                keyword.role == Role::Unit && keyword.all_words().any(|word| word == name.text)
            });
            if let Some(unit) = unit {
                name.text = word(unit.rule, Language::English).to_owned();
            }
        }
    }

    fn ty(&self, ty: &mut TypeExpr) {
        match ty {
            TypeExpr::Name(name) | TypeExpr::Many(name) => self.name(name),
            TypeExpr::Record(fields) => fields.iter_mut().for_each(|field| self.field(field)),
        }
    }

    fn article(&self, article: &mut Article) {
        forget(&mut article.number_span);
        self.names(&mut article.names);
        for Part { span, kind } in &mut article.parts {
            forget(span);
            match kind {
                PartKind::Sentence(sentence) => self.sentence(sentence),
                PartKind::Period(clause) => period(clause),
                PartKind::Unless(condition) => self.expr(condition),
                PartKind::Overrides(articles) => {
                    for ArticleRef { span, policy, number: _ } in articles {
                        forget(span);
                        policy.iter_mut().for_each(|name| self.name(name));
                    }
                }
                PartKind::Cite(citations) => {
                    citations.iter_mut().for_each(|Citation { span, .. }| forget(span))
                }
                PartKind::Because(text) => self.message(text),
            }
        }
    }

    fn sentence(&self, sentence: &mut Sentence) {
        sentence.condition.iter_mut().for_each(|condition| self.expr(condition));
        sentence.exceptions.iter_mut().for_each(|exception| self.expr(exception));
        sentence.subjects.iter_mut().for_each(|path| self.path(path));
        forget(&mut sentence.clause.span);
        match &mut sentence.clause.kind {
            ClauseKind::Demand(name) => self.name(name),
            ClauseKind::Require { modal_span, condition, .. } => {
                forget(modal_span);
                self.expr(condition);
            }
            ClauseKind::RequireBetween { modal_span, relation, .. } => {
                forget(modal_span);
                self.expr(relation);
            }
            ClauseKind::Refer(text) => self.message(text),
        }
    }

    /// The expressions in a message are compared as expressions.
    fn message(&self, message: &mut Text) {
        let pieces = pieces(message).into_iter().map(|piece| match piece {
            Piece::Literal(literal) => literal.to_owned(),
            Piece::Hole(range) => match parse::expression(self.file, self.source, range.clone()) {
                Ok(mut expr) => {
                    self.expr(&mut expr);
                    format!("{{{expr:?}}}")
                }
                Err(_) => format!("{{{}}}", self.source.text.get(range).unwrap_or("")),
            },
        });
        message.text = pieces.collect();
        forget(&mut message.span);
    }

    fn steps(&self, steps: &mut Steps) {
        forget(&mut steps.span);
        match &mut steps.kind {
            StepsKind::Activity(name) => self.name(name),
            StepsKind::Text(activity) => text(activity),
            StepsKind::Anything => {}
            StepsKind::Sequence(parts) | StepsKind::Choice(parts) | StepsKind::Together(parts) => {
                parts.iter_mut().for_each(|part| self.steps(part));
            }
            StepsKind::Paren(inner) | StepsKind::Repeated(inner, _) => self.steps(inner),
        }
    }

    fn expr(&self, expr: &mut Expr) {
        forget(&mut expr.span);
        match &mut expr.kind {
            ExprKind::Name(name) | ExprKind::Conforms(_, name) => self.name(name),
            ExprKind::Member(of, name) => {
                self.expr(of);
                self.name(name);
            }
            ExprKind::Lookup(a, b)
            | ExprKind::Relation(a, _, b)
            | ExprKind::Binary(a, _, b)
            | ExprKind::OrElse(a, b) => {
                self.expr(a);
                self.expr(b);
            }
            ExprKind::Between(a, b, c) | ExprKind::If(a, b, c) => {
                self.expr(a);
                self.expr(b);
                self.expr(c);
            }
            ExprKind::Call(Call { function, arguments, filter, body }) => {
                self.name(function);
                arguments.iter_mut().for_each(|argument| self.expr(argument));
                filter.iter_mut().chain(body).for_each(|part| self.expr(part));
            }
            ExprKind::Commas(parts) => {
                for part in parts {
                    // Between commas `(b or c)` is what `b 或 c` is: all have to hold.
                    while let ExprKind::Paren(inner) = &part.kind
                        && matches!(inner.kind, ExprKind::Or(_))
                    {
                        *part = (**inner).clone();
                    }
                    self.expr(part);
                }
            }
            ExprKind::Set(parts)
            | ExprKind::And(parts)
            | ExprKind::Or(parts)
            | ExprKind::Listed(_, parts) => {
                parts.iter_mut().for_each(|part| self.expr(part));
            }
            ExprKind::Has(inner)
            | ExprKind::Lacks(inner)
            | ExprKind::Not(inner)
            | ExprKind::Negate(inner)
            | ExprKind::Paren(inner) => {
                self.expr(inner);
            }
            ExprKind::Date(text) => day(text),
            ExprKind::Number(_)
            | ExprKind::Percent(_)
            | ExprKind::Quantity(..)
            | ExprKind::Instant(_)
            | ExprKind::Text(_)
            | ExprKind::Boolean(_)
            | ExprKind::This => {}
        }
    }
}

fn text(text: &mut Text) {
    forget(&mut text.span);
}

fn period(period: &mut Period) {
    forget(&mut period.span);
    for date in std::iter::once(&mut period.from).chain(&mut period.to) {
        text(date);
        day(&mut date.text);
    }
}

/// A day is the same however it is written.
fn day(text: &mut String) {
    if let Some(figures) = numeral::in_figures(text) {
        *text = figures;
    }
}
