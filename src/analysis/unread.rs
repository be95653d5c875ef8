//! Sentences that could not be understood: they may still demand dispositions, or exempt from other
//! articles.

use super::{Analyzer, Thing};
use crate::invariant::fit;
use crate::program::{Article, ArticleId, Clause, Unread};
use crate::schema::FrameId;
use crate::syntax::tree::{self, ClauseKind, Path};
use crate::text::Span;

impl Analyzer<'_> {
    /// A sentence of the article being worked out, after its mistakes have been told.
    pub(super) fn unread_sentence(
        &mut self,
        module: usize,
        decl: &tree::Sentence,
        span: Span,
        path: &Path,
    ) {
        let told = self.errors.len();
        let frame = self.subject(module, path).map(|subject| subject.frame);
        self.errors.truncate(told);
        let demands = match &decl.clause.kind {
            ClauseKind::Demand(name) => self.possible(module, frame, Some(&name.text)),
            _ => Vec::new(),
        };
        self.program.unread.push(Unread {
            article: Some(self.next_article()),
            frame,
            demands,
            span: Some(span),
        });
    }

    /// Gives up the sentences of an article that was not read as a whole.
    pub(super) fn give_up(&mut self, article: &mut Article, decl: &tree::Article) {
        let id = self.next_article();
        let sentences = std::mem::take(&mut article.sentences);
        if !article.in_effect {
            return;
        }
        for sentence in sentences {
            let demands = match sentence.clause {
                Clause::Demand { decision, disposition } => vec![(decision, disposition)],
                _ => Vec::new(),
            };
            self.program.unread.push(Unread {
                article: Some(id),
                frame: Some(sentence.frame),
                demands,
                span: Some(sentence.span),
            });
        }
        for span in &decl.lost {
            let demands = self.possible(article.module, None, None);
            self.program.unread.push(Unread {
                article: Some(id),
                frame: None,
                demands,
                span: Some(*span),
            });
        }
    }

    /// What stands outside of every article that could be read.
    pub(super) fn lost_passages(&mut self) {
        if self.settings.lost {
            let demands = (0..self.files.len())
                .flat_map(|module| self.possible(module, None, None))
                .collect();
            self.program.unread.push(Unread { article: None, frame: None, demands, span: None });
        }
        let files = self.files;
        for (module, file) in files.iter().enumerate() {
            for span in &file.lost {
                let demands = self.possible(module, None, None);
                self.program.unread.push(Unread {
                    article: None,
                    frame: None,
                    demands,
                    span: Some(*span),
                });
            }
        }
    }

    /// The demands a sentence about some rows can make: those of a name, or all where there is no
    /// such disposition.
    fn possible(
        &self,
        module: usize,
        frame: Option<FrameId>,
        name: Option<&str>,
    ) -> Vec<(usize, usize)> {
        let seen = |decided: FrameId| {
            frame.map_or_else(|| self.sees_frame(module, decided), |frame| frame == decided)
        };
        let decisions =
            self.program.decisions.iter().enumerate().filter(|(_, decision)| seen(decision.frame));
        let all: Vec<(usize, usize)> = decisions
            .flat_map(|(at, decision)| {
                let values = self
                    .program
                    .schema
                    .enumeration(decision.dispositions)
                    .map_or(0, |found| found.values.len());
                let order = if decision.order.is_empty() {
                    (0..values).collect()
                } else {
                    decision.order.clone()
                };
                order.into_iter().map(move |disposition| (at, disposition))
            })
            .collect();
        let called = |(at, disposition): &(usize, usize)| {
            let decision = self.program.decisions.get(*at);
            name.zip(decision).is_some_and(|(name, decision)| {
                self.enum_index(name, decision.dispositions) == Some(*disposition)
            })
        };
        let named: Vec<(usize, usize)> = all.iter().copied().filter(called).collect();
        if named.is_empty() { all } else { named }
    }

    /// Whether a module sees the table that rows belong to.
    fn sees_frame(&self, module: usize, frame: FrameId) -> bool {
        let (root, visible) = (self.program.schema.root(frame), self.visible.get(module));
        let mut things = self.things.values().flatten();
        things.any(|(from, thing)| {
            *thing == Thing::Table(root) && visible.is_some_and(|visible| visible.contains(from))
        })
    }

    /// The id of the article being worked out.
    fn next_article(&self) -> ArticleId {
        ArticleId(fit(self.program.articles.len()))
    }
}
