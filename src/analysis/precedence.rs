//! `优先于`: which articles override which.

use super::{Analyzer, Error};
use crate::diagnostic::Bilingual;
use crate::invariant::fit;
use crate::program::{Article, ArticleId};
use crate::say;
use crate::syntax::{tree, word};
use crate::text::Span;
use crate::value::component::components;
use std::collections::BTreeMap;

/// One `优先于` of an article: the article it names, and where.
type Link = (usize, Span);

impl<'a> Analyzer<'a> {
    /// All `优先于`, once every article is known: by article, its policy and its text.
    pub(super) fn overriding(&mut self, articles: &[(usize, &'a tree::Article)]) {
        let mut links: Vec<Vec<Link>> = Vec::with_capacity(articles.len());
        for (index, (module, decl)) in articles.iter().enumerate() {
            let mut own = Vec::new();
            for part in &decl.parts {
                let tree::PartKind::Overrides(references) = &part.kind else { continue };
                for reference in references {
                    match self.overridden(index, *module, reference) {
                        Some(target) => own.push((target, reference.span)),
                        None => self.flaw(index),
                    }
                }
            }
            links.push(own);
        }
        let edges: Vec<Vec<u32>> =
            links.iter().map(|own| own.iter().filter_map(|(to, _)| edge(*to)).collect()).collect();
        let component = components(&edges);
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (article, of) in component.iter().enumerate() {
            members.entry(*of).or_default().push(article);
        }
        members.values().filter(|members| members.len() > 1).for_each(|members| {
            self.circle(members, &links);
        });
        for (index, own) in links.into_iter().enumerate() {
            for (target, _) in own {
                let circular = component.get(target) == component.get(index);
                if let Some(article) = self.program.articles.get_mut(index).filter(|_| !circular)
                    && !article.overrides.contains(&id(target))
                {
                    article.overrides.push(id(target));
                }
            }
        }
    }

    /// The article that a reference names; `None` where it cannot be overridden (reported).
    fn overridden(
        &mut self,
        index: usize,
        module: usize,
        reference: &tree::ArticleRef,
    ) -> Option<usize> {
        let target_module = match &reference.policy {
            Some(policy) => self.modules.get(&(), &policy.text),
            None => Some(module),
        };
        if let (Some(policy), Some(target)) = (&reference.policy, target_module)
            && let Some((names, declared)) = self.module_called(target)
        {
            self.refer_to(policy.span, &names, declared);
        }
        let (number, span) = (self.slice(reference.span), reference.span);
        let target = target_module
            .and_then(|module| self.numbered.get(&(module, reference.number)).copied());
        let Some(target) = target else {
            let others = target_module.map(|module| self.others_of(module, index));
            self.report(Error::UnknownArticle { number, span, others });
            return None;
        };
        if target == index {
            self.report(Error::OverridesItself { number, span });
            return None;
        }
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
            self.report(Error::UnrelatedArticle { number, span });
            return None;
        }
        Some(target)
    }

    /// The first and the last article of a policy but the one at `index`.
    fn others_of(&self, module: usize, index: usize) -> Vec<Bilingual> {
        let of_it = |&article: &usize| {
            let found = self.program.articles.get(article);
            article != index && found.is_some_and(|found| found.module == module)
        };
        let mut all = (0..self.program.articles.len()).filter(of_it);
        let first = all.next();
        first.into_iter().chain(all.next_back()).map(|one| self.number_of(one, true)).collect()
    }

    /// Articles that override one another in a circle: of a row that two of them govern, none says
    /// which goes first.
    fn circle(&mut self, members: &[usize], links: &[Vec<Link>]) {
        let inner = |article: usize| {
            let own = links.get(article).map_or(&[][..], Vec::as_slice);
            own.iter().filter(|(target, _)| members.contains(target)).map(|(_, span)| *span)
        };
        let places: Vec<Span> = members.iter().flat_map(|member| inner(*member)).collect();
        let module =
            |member: &usize| self.program.articles.get(*member).map(|article| article.module);
        let one_policy =
            members.iter().all(|member| module(member) == members.first().and_then(module));
        let names: Vec<Bilingual> =
            members.iter().map(|member| self.number_of(*member, one_policy)).collect();
        let join = |pick: fn(&Bilingual) -> &str, mark: &str| {
            names.iter().map(pick).collect::<Vec<_>>().join(mark)
        };
        let articles = Bilingual::new(join(|name| &name.zh, "、"), join(|name| &name.en, ", "));
        self.report(Error::CircularOverride { articles, places });
        for &member in members {
            let others = members.iter().filter(|other| **other != member).map(|other| id(*other));
            if let Some(article) = self.program.articles.get_mut(member) {
                article.rivals = others.collect();
                article.whole = false;
            }
        }
    }

    /// `第一条`, with its policy's name where that has to be said.
    fn number_of(&self, article: usize, one_policy: bool) -> Bilingual {
        let Some(article) = self.program.articles.get(article) else {
            return Bilingual::default();
        };
        let (zh, en) = (word::article_number(article.number), word::english_number(article.number));
        let policy = self.program.modules.get(article.module).filter(|_| !one_policy);
        policy.map_or_else(
            || Bilingual::new(zh.clone(), format!("article {en}")),
            |policy| {
                let (policy_zh, policy_en) = (policy.names.zh(), policy.names.en());
                Bilingual::new(format!("{policy_zh}.{zh}"), format!("{policy_en}.{en}"))
            },
        )
    }

    /// A mistake in an article that leaves its sentences as they are.
    fn flaw(&mut self, article: usize) {
        if let Some(article) = self.program.articles.get_mut(article) {
            article.whole = false;
        }
    }
}

fn id(article: usize) -> ArticleId {
    ArticleId(fit(article))
}

fn edge(article: usize) -> Option<u32> {
    u32::try_from(article).ok()
}

/// Which articles there are to override: the first and the last; `None` where the policy itself is
/// none that is used.
pub(super) fn articles_there(others: Option<&[Bilingual]>) -> Bilingual {
    match others {
        None => say!("没有 `使用` 这个政策", "that policy is not used here"),
        Some([]) => say!("那里没有别的条", "there is no other article"),
        Some([one]) => Bilingual::new(
            format!("那里别的条只有{}", one.zh),
            format!("the only other one is {}", one.en),
        ),
        Some([first, .., last]) => Bilingual::new(
            format!("那里有{}到{}", first.zh, last.zh),
            format!("there are {} to {}", first.en, last.en),
        ),
    }
}
