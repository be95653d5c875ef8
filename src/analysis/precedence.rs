//! `优先于`.

use super::{Analyzer, Error};
use crate::program::{Article, ArticleId};
use crate::syntax::tree;

impl Analyzer<'_> {
    pub(super) fn override_article(
        &mut self,
        index: usize,
        module: usize,
        reference: &tree::ArticleRef,
    ) {
        let target_module = match &reference.policy {
            Some(policy) => {
                self.program.modules.iter().position(|other| other.names.matches(&policy.text))
            }
            None => Some(module),
        };
        if let (Some(policy), Some(target)) = (&reference.policy, target_module)
            && let Some(names) = self.program.modules.get(target).map(|found| found.names.clone())
        {
            self.refer(policy.span, &names);
        }
        let number = self.slice(reference.span);
        let target = self.program.articles.iter().position(|other| {
            Some(other.module) == target_module && other.number == reference.number
        });
        let Some(target) = target else {
            self.report(Error::UnknownArticle { number, span: reference.span });
            return;
        };
        let frames = |article: Option<&Article>| {
            article.map_or_else(Vec::new, |article| {
                article.sentences.iter().map(|sentence| sentence.frame).collect::<Vec<_>>()
            })
        };
        let (own, other) =
            (frames(self.program.articles.get(index)), frames(self.program.articles.get(target)));
        let related =
            own.iter().any(|own| other.iter().any(|other| self.chain(*other).contains(own)));
        if !related && !own.is_empty() && !other.is_empty() {
            self.report(Error::UnrelatedArticle { number, span: reference.span });
            return;
        }
        if self.outranks(target, index) {
            self.report(Error::CircularOverride { number, span: reference.span });
            return;
        }
        if let Some(article) = self.program.articles.get_mut(index) {
            article.overrides.push(ArticleId(u32::try_from(target).unwrap_or(u32::MAX)));
        }
    }

    /// Whether an article is another one, overrides it, or overrides one that does.
    fn outranks(&self, article: usize, other: usize) -> bool {
        let below = self.program.articles.get(article).map_or(&[][..], |found| &found.overrides);
        article == other || below.iter().any(|next| self.outranks(next.0 as usize, other))
    }
}
