//! `第…条`: sentences, conditions, clauses, messages.

use super::period::Effect;
use super::scope::Scope;
use super::subject::SubjectRows;
use super::{Analyzer, Error, names_of};
use crate::diagnostic::Bilingual;
use crate::program::{Article, Citation, Clause, ExprId, ExprKind, MessagePart, Sentence};
use crate::schema::Type;
use crate::syntax::keyword;
use crate::syntax::template::{self, Piece};
use crate::syntax::tree::{self, ClauseKind, ItemKind, PartKind, Path};
use crate::text::Span;

impl<'a> Analyzer<'a> {
    /// `第…条`: first all of them, then who overrides whom.
    pub(super) fn articles(&mut self, periods: &[Effect]) {
        let mut declared = Vec::new();
        for (module, item) in self.items() {
            let ItemKind::Article(decl) = &item.kind else { continue };
            let names = names_of(&decl.names);
            self.refer_both(&decl.names, &names);
            if let Some(modal) = keyword::modal_within(&decl.names.name.text) {
                let (name, span) = (decl.names.name.text.clone(), decl.names.name.span);
                self.report(Error::NameOfRule { name, modal, span });
            }
            let numbered = self.numbered.get(&(module, decl.number)).copied();
            let called = self.articles.first(&module, names.iter());
            let twin = numbered.into_iter().chain(called).min();
            let twin = twin.and_then(|twin| self.program.articles.get(twin));
            if let Some(first) = twin {
                let (same, first) = (first.number == decl.number, first.span);
                let span = if same { decl.number_span } else { decl.names.name.span };
                self.report(Error::DuplicateName { name: self.slice(span), span, first });
            }
            let policy = periods.get(module).copied().unwrap_or(Effect::Always);
            let in_effect = self.in_effect(policy, decl);
            let mut article = self.article(module, decl, in_effect != Some(false));
            let ambiguous = article.sentences.iter().any(|found| self.is_ambiguous(found));
            if item.damaged || in_effect.is_none() || ambiguous {
                // Half a sentence, or a sentence without its exception or its day, or one about
                // something of which there are two, would judge by a rule nobody wrote.
                self.give_up(&mut article, decl);
                article.whole = false;
            }
            declared.push((module, decl));
            let at = self.program.articles.len();
            self.numbered.entry((module, decl.number)).or_insert(at);
            self.articles.add_both(module, &names, at);
            self.program.articles.push(article);
        }
        self.lost_passages();
        self.overriding(&declared);
    }

    fn article(&mut self, module: usize, decl: &'a tree::Article, in_effect: bool) -> Article {
        let mut article = Article {
            module,
            number: decl.number,
            names: names_of(&decl.names),
            sentences: Vec::new(),
            overrides: Vec::new(),
            rivals: Vec::new(),
            cites: Vec::new(),
            in_effect,
            whole: true,
            span: decl.number_span.to(decl.names.name.span),
        };
        let because = decl.parts.iter().find_map(|part| match &part.kind {
            PartKind::Because(text) => Some(text),
            _ => None,
        });
        let unless = decl.parts.iter().filter_map(|part| match &part.kind {
            PartKind::Unless(condition) => Some(condition),
            _ => None,
        });
        let unless: Vec<&tree::Expr> = unless.collect();
        for part in &decl.parts {
            match &part.kind {
                PartKind::Sentence(sentence) => {
                    for path in &sentence.subjects {
                        match self.sentence(module, sentence, part.span, path, &unless, because) {
                            Some(sentence) => {
                                // Without what it wanted to say; the rule stands.
                                article.whole &= because.is_none() || sentence.message.is_some();
                                article.sentences.push(sentence);
                            }
                            None => {
                                article.whole = false;
                                if in_effect {
                                    self.unread_sentence(module, sentence, part.span, path);
                                }
                            }
                        }
                    }
                }
                PartKind::Cite(citations) => {
                    article.cites.extend(citations.iter().map(|citation| Citation {
                        text: citation.text.clone(),
                        title: citation.title.clone(),
                        place: citation.place.clone(),
                        span: citation.span,
                    }))
                }
                _ => {}
            }
        }
        article
    }

    fn sentence(
        &mut self,
        module: usize,
        decl: &'a tree::Sentence,
        span: Span,
        path: &Path,
        unless: &[&tree::Expr],
        because: Option<&tree::Text>,
    ) -> Option<Sentence> {
        let subject = self.subject(module, path)?;
        let mut scope = self.scope(module, subject.frame);
        let class = subject.class.map(|definition| {
            let kind = ExprKind::Definition { level: 0, definition };
            self.add(kind, Type::Boolean, subject.span)
        });
        // A broken part hides nothing of the others: each is worked out before any is given up.
        let written =
            decl.condition.as_ref().map(|condition| self.condition(condition, &mut scope));
        if let Some(Some(condition)) = written {
            self.assume(condition, &mut scope);
        }
        let own = decl.exceptions.iter();
        let exceptions: Vec<Option<ExprId>> = unless
            .iter()
            .copied()
            .chain(own)
            .map(|exception| self.condition(exception, &mut scope))
            .collect();
        let clause = self.clause(&decl.clause, &subject, &mut scope);
        let message = because.and_then(|text| self.message(text, &mut scope));
        let condition = match written {
            Some(condition) => Some(condition?),
            None => None,
        };
        let condition = self.all_of(class.into_iter().chain(condition).collect(), span);
        let exception = self.any_of(exceptions.into_iter().collect::<Option<_>>()?, span);
        Some(Sentence {
            frame: subject.frame,
            condition,
            exception,
            clause: clause?,
            message,
            span,
            clause_span: decl.clause.span,
        })
    }

    /// What a condition shows to be there may be read by what follows it.
    fn assume(&self, condition: ExprId, scope: &mut Scope) {
        let mut guards = Vec::new();
        self.guards(condition, true, scope.rows.len(), &mut guards);
        scope.guards.append(&mut guards);
    }

    fn all_of(&mut self, parts: Vec<ExprId>, span: Span) -> Option<ExprId> {
        match parts.as_slice() {
            [] => None,
            [only] => Some(*only),
            _ => Some(self.add(ExprKind::And(parts), Type::Boolean, span)),
        }
    }

    fn any_of(&mut self, parts: Vec<ExprId>, span: Span) -> Option<ExprId> {
        match parts.as_slice() {
            [] => None,
            [only] => Some(*only),
            _ => Some(self.add(ExprKind::Or(parts), Type::Boolean, span)),
        }
    }

    fn clause(
        &mut self,
        decl: &tree::Clause,
        subject: &SubjectRows,
        scope: &mut Scope,
    ) -> Option<Clause> {
        if self.is_demand(decl, subject, scope) || self.is_charge(decl, subject) {
            return None;
        }
        match &decl.kind {
            ClauseKind::Demand(name) => self.demand(name, subject),
            ClauseKind::Refer(text) => Some(Clause::Refer(self.message(text, scope)?)),
            ClauseKind::Require { modal, condition, .. } => {
                let condition = self.condition(condition, scope)?;
                Some(Clause::Require { modal: *modal, condition })
            }
            ClauseKind::RequireBetween { modal, relation, .. }
                if self.is_nothing(relation, Some(*modal), scope) =>
            {
                None
            }
            ClauseKind::RequireBetween { modal, relation, .. } => {
                let condition = self.condition(relation, scope)?;
                Some(Clause::Require { modal: *modal, condition })
            }
        }
    }

    /// `说明` and `提请`: the text with `{…}` read as expressions; `None` where one of them is wrong,
    /// for a text with a gap says something else.
    fn message(&mut self, text: &tree::Text, scope: &mut Scope) -> Option<Vec<MessagePart>> {
        let lenient = std::mem::replace(&mut scope.lenient, true);
        let parts: Vec<Option<MessagePart>> = template::pieces(text)
            .into_iter()
            .map(|piece| match piece {
                Piece::Literal(plain) => Some(MessagePart::Text(plain.into())),
                Piece::Hole(range) => {
                    let span = Span::new(text.span.file, range.start, range.end);
                    self.placeholder(span, scope).map(MessagePart::Value)
                }
            })
            .collect();
        scope.lenient = lenient;
        parts.into_iter().collect()
    }

    fn placeholder(&mut self, span: Span, scope: &mut Scope) -> Option<ExprId> {
        let sources = self.sources;
        match crate::syntax::parse::expression(span.file, sources.get(span.file)?, span.range()) {
            Ok(expr) => self.value(&expr, scope, None),
            Err(_) => {
                let expected = Bilingual::new("表达式", "expression");
                let text = self.slice(span);
                self.report(Error::BadLiteral { text, span, expected });
                None
            }
        }
    }
}
