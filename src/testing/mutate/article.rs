//! Articles: conditions, subjects, modals, dispositions, exceptions, order, dates.

use super::{Changed, Known, literal};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::syntax::keyword::modal_word;
use crate::syntax::tree::{
    Article, ArticleRef, Clause, ClauseKind, Expr, ExprKind, Language, Modal, Name, Part, PartKind,
    Path, Period, Sentence, Text,
};
use crate::text::Span;

impl Known<'_> {
    /// All changes of an article.
    pub fn article(&self, article: &Article) -> Vec<Changed<Article>> {
        let mut found = Vec::new();
        for (at, part) in article.parts.iter().enumerate() {
            let with = |kind: Option<PartKind>| {
                let mut parts = article.parts.clone();
                match kind {
                    Some(kind) => {
                        if let Some(slot) = parts.get_mut(at) {
                            *slot = Part { span: part.span, kind };
                        }
                    }
                    None => drop(parts.remove(at)),
                }
                Article { parts, ..article.clone() }
            };
            match &part.kind {
                PartKind::Sentence(sentence) => {
                    found.extend(
                        self.sentence(sentence).into_iter().map(|changed| {
                            changed.within(|new| with(Some(PartKind::Sentence(new))))
                        }),
                    );
                }
                PartKind::Unless(condition) => {
                    found.push(self.change(
                        with(None),
                        part.span,
                        &say!("去掉除非", "the exception dropped"),
                    ));
                    found.extend(
                        self.expression(condition)
                            .into_iter()
                            .map(|changed| changed.within(|new| with(Some(PartKind::Unless(new))))),
                    );
                }
                PartKind::Overrides(refs) => {
                    let changes = self.overrides(refs);
                    found.extend(
                        changes.into_iter().map(|changed| {
                            changed.within(|new| with(new.map(PartKind::Overrides)))
                        }),
                    );
                }
                PartKind::Period(period) => {
                    found.extend(
                        self.period(period)
                            .into_iter()
                            .map(|changed| changed.within(|new| with(Some(PartKind::Period(new))))),
                    );
                }
                PartKind::Cite(_) | PartKind::Because(_) => {}
            }
        }
        found
    }

    /// Each article no longer overridden.
    fn overrides(&self, refs: &[ArticleRef]) -> Vec<Changed<Option<Vec<ArticleRef>>>> {
        let what = say!("去掉优先于", "no longer overridden");
        let without = |span: Span| {
            let rest: Vec<ArticleRef> =
                refs.iter().filter(|other| other.span != span).cloned().collect();
            (!rest.is_empty()).then_some(rest)
        };
        refs.iter()
            .map(|reference| self.change(without(reference.span), reference.span, &what))
            .collect()
    }

    /// A period that begins or ends a day sooner or later.
    pub fn period(&self, period: &Period) -> Vec<Changed<Period>> {
        let moved = |text: &Text| -> Vec<(Text, Bilingual)> {
            let days = literal::days(&text.text).into_iter();
            let before = &text.text;
            days.map(|day| {
                let what = say!("{before} 改为 {day}", "{before} made {day}");
                (Text { text: day, span: text.span }, what)
            })
            .collect()
        };
        let mut found: Vec<Changed<Period>> = moved(&period.from)
            .into_iter()
            .map(|(from, what)| self.change(Period { from, ..period.clone() }, period.span, &what))
            .collect();
        for (to, what) in period.to.iter().flat_map(moved) {
            found.push(self.change(Period { to: Some(to), ..period.clone() }, period.span, &what));
        }
        found
    }

    fn sentence(&self, sentence: &Sentence) -> Vec<Changed<Sentence>> {
        let mut found = Vec::new();
        if let Some(condition) = &sentence.condition {
            let bare = Sentence { condition: None, ..sentence.clone() };
            found.push(self.change(
                bare,
                condition.span,
                &say!("去掉条件", "the condition dropped"),
            ));
            let changes = self.expression(condition).into_iter();
            found.extend(changes.map(|changed| {
                changed.within(|new| Sentence { condition: Some(new), ..sentence.clone() })
            }));
        }
        for (at, exception) in sentence.exceptions.iter().enumerate() {
            let with = |new: Option<Expr>| {
                let mut exceptions = sentence.exceptions.clone();
                exceptions.splice(at..=at, new);
                Sentence { exceptions, ..sentence.clone() }
            };
            let what = say!("去掉除非", "the exception dropped");
            found.push(self.change(with(None), exception.span, &what));
            let changes = self.expression(exception).into_iter();
            found.extend(changes.map(|changed| changed.within(|new| with(Some(new)))));
        }
        for (at, subject) in sentence.subjects.iter().enumerate() {
            if sentence.subjects.len() > 1 {
                let mut fewer = sentence.clone();
                drop(fewer.subjects.remove(at));
                fewer.joiners.pop();
                found.push(self.change(
                    fewer,
                    subject.span,
                    &say!("去掉这个主语", "the subject dropped"),
                ));
            }
            if let Some(table) = self.without_class(subject) {
                let names: Vec<&str> = table.names.iter().map(|name| &*name.text).collect();
                let whole = names.join(".");
                let mut wider = sentence.clone();
                if let Some(slot) = wider.subjects.get_mut(at) {
                    *slot = table;
                }
                let what = say!("改为 {whole}", "made {whole}");
                found.push(self.change(wider, subject.span, &what));
            }
        }
        let clauses = self.clause(&sentence.clause).into_iter();
        found.extend(
            clauses.map(|changed| changed.within(|clause| Sentence { clause, ..sentence.clone() })),
        );
        found
    }

    /// The table of a subject that is a definition.
    fn without_class(&self, subject: &Path) -> Option<Path> {
        let [name] = subject.names.as_slice() else { return None };
        let meant = self.names.get(&name.span)?;
        let definition =
            self.program.definitions.iter().find(|definition| definition.names == *meant)?;
        let mut names = Vec::new();
        let mut frame = Some(definition.frame);
        while let Some(found) = frame.and_then(|frame| self.program.schema.frame(frame)) {
            names.insert(0, Name { text: found.names.name.to_string(), span: name.span });
            frame = found.parent.map(|(parent, _)| parent);
        }
        Some(Path { span: subject.span, names })
    }

    fn clause(&self, clause: &Clause) -> Vec<Changed<Clause>> {
        let span = clause.span;
        let wrap = |kind: ClauseKind| Clause { span, kind };
        match &clause.kind {
            ClauseKind::Demand(name) => {
                let beside = self
                    .names
                    .get(&name.span)
                    .map_or_else(Vec::new, |meant| self.neighbours(meant));
                let named = |text: String| {
                    let what = say!("改为 {text}", "made {text}");
                    self.change(
                        wrap(ClauseKind::Demand(Name { text, span: name.span })),
                        name.span,
                        &what,
                    )
                };
                beside.into_iter().map(named).collect()
            }
            ClauseKind::Require { modal, modal_span, condition } => {
                let rebuilt = |modal: Modal, condition: Expr| {
                    wrap(ClauseKind::Require { modal, modal_span: *modal_span, condition })
                };
                let mut found = vec![
                    self.turned(*modal, *modal_span, |modal| rebuilt(modal, condition.clone())),
                ];
                found.extend(
                    self.expression(condition)
                        .into_iter()
                        .map(|changed| changed.within(|new| rebuilt(*modal, new))),
                );
                found
            }
            ClauseKind::RequireBetween { modal, modal_span, relation } => {
                let rebuilt = |modal: Modal, relation: Expr| {
                    wrap(ClauseKind::RequireBetween { modal, modal_span: *modal_span, relation })
                };
                let mut found = vec![
                    self.turned(*modal, *modal_span, |modal| rebuilt(modal, relation.clone())),
                ];
                let still = |changed: &Changed<Expr>| {
                    matches!(changed.value.kind, ExprKind::Relation(..) | ExprKind::Between(..))
                };
                let changes = self.expression(relation).into_iter().filter(still);
                found.extend(changes.map(|changed| changed.within(|new| rebuilt(*modal, new))));
                found
            }
            ClauseKind::Refer(_) => Vec::new(),
        }
    }

    fn turned<T>(&self, modal: Modal, span: Span, rebuild: impl FnOnce(Modal) -> T) -> Changed<T> {
        let other = match modal {
            Modal::Must | Modal::Shall => Modal::MustNot,
            Modal::MustNot => Modal::Must,
            Modal::Should => Modal::ShouldNot,
            Modal::ShouldNot => Modal::Should,
        };
        let what = Bilingual::new(
            format!("改为 {}", modal_word(other, Language::Chinese)),
            format!("made {}", modal_word(other, Language::English)),
        );
        self.change(rebuild(other), span, &what)
    }
}
