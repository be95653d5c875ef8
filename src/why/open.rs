//! Overriding articles of which nobody knows whether they exempt a row, for a mistake in the
//! policies.

use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::lowering::Judgement;
use crate::program::ArticleId;
use crate::say;

/// Why it is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The article could not be understood.
    Unread,
    /// It and the other override one another in a circle.
    Circular,
}

/// An article that may exempt a row from another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    /// Which.
    pub article: ArticleId,
    /// Why that is not known.
    pub why: Why,
}

impl Why {
    /// The reason, for the article that is called so.
    pub(super) fn words(self, heading: &Bilingual) -> Bilingual {
        let (zh, en) = (&heading.zh, &heading.en);
        match self {
            Self::Unread => say!(
                "“{zh}”优先于本条，但没有读懂，无法判断是否豁免",
                "`{en}` overrides this article but could not be understood; cannot tell whether \
                    the row is exempt"
            ),
            Self::Circular => say!(
                "本条与“{zh}”的“优先于”绕成一圈，无法判断由哪一条管",
                "this article and `{en}` override one another in a circle; cannot tell which \
                    counts"
            ),
        }
    }
}

/// The remedy.
pub(super) fn correct_first() -> Bilingual {
    say!("先改正政策中的错误", "correct the mistakes in the policies first")
}

impl Run {
    /// The articles that may exempt a row from a sentence, where a mistake keeps that from being
    /// known.
    pub(super) fn open_overrides(&self, judgement: &Judgement, row: usize) -> Vec<Open> {
        let own = self.program().article(judgement.article);
        let exemptions = judgement.exemptions.iter().filter_map(|found| Some((found, found.by?)));
        let open = exemptions.filter_map(|(exemption, (article, sentence))| {
            let circular = own.is_some_and(|own| own.rivals.contains(&article));
            let known = [exemption.rails.t, exemption.rails.f]
                .into_iter()
                .any(|node| self.evaluator.holds(node, row));
            match sentence {
                _ if known => None,
                None => Some(Open { article, why: Why::Unread }),
                Some(_) => circular.then_some(Open { article, why: Why::Circular }),
            }
        });
        open.collect()
    }
}
