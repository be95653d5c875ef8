//! Which sentences of an article two policies have in common: one that is mended and another that is
//! newly broken are two findings, though they are of one article and row.

use super::declaration::{Key, Kind};
use crate::engine::Policy;
use crate::lowering::Judgement;
use crate::program::{Article, Sentence};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which sentence of an article speaks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spoken {
    /// One that both policies have in the article: its text without blanks.
    Kept(Arc<str>),
    /// One that only one of them has: its number among those.
    Edited(usize),
}

/// The sentences of each article, by their texts without blanks.
type Texts = BTreeMap<Key, Vec<Arc<str>>>;

/// Which sentences of two policies are the same.
pub struct Sentences([Texts; 2]);

impl Sentences {
    /// Those of an earlier and of a later policy.
    pub fn new(old: &Policy, new: &Policy) -> Self {
        Self([old, new].map(texts))
    }

    /// Which sentences the judgements of a policy are: one of the two, or one made of both.
    pub fn of(&self, policy: &Policy) -> Vec<Option<Spoken>> {
        let own = texts(policy);
        let none = Vec::new();
        let spoken = |judgement: &Judgement| {
            let key = key_of(policy, policy.program.article(judgement.article)?);
            let all = own.get(&key)?;
            let kept = |text: &Arc<str>| {
                self.0.iter().all(|texts| texts.get(&key).unwrap_or(&none).contains(text))
            };
            let text = all.get(judgement.sentence)?;
            if kept(text) {
                return Some(Spoken::Kept(text.clone()));
            }
            let before = all.iter().take(judgement.sentence);
            Some(Spoken::Edited(before.filter(|other| !kept(other)).count()))
        };
        policy.judgements.iter().map(spoken).collect()
    }
}

fn key_of(policy: &Policy, article: &Article) -> Key {
    Key::new(Kind::Article, policy.program.article_name(article))
}

fn texts(policy: &Policy) -> Texts {
    let plain = |sentence: &Sentence| {
        let text = policy.phrases.sources.slice(sentence.span);
        text.chars().filter(|c| !c.is_whitespace()).collect::<String>().into()
    };
    let articles = policy.program.articles.iter();
    articles
        .map(|article| (key_of(policy, article), article.sentences.iter().map(plain).collect()))
        .collect()
}
