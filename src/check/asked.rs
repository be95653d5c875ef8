//! The articles a person asks for by name, in either language.

use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::program::Program;
use crate::say;
use crate::syntax::word;

/// An article, or a decision, as people ask for it.
pub(super) struct Known<'n> {
    /// `policy.article`.
    pub english: &'n str,
    /// `政策.条文`; empty for decisions.
    pub chinese: String,
    /// `政策.第二条`; empty for decisions.
    pub number: String,
}

impl Known<'_> {
    /// `policy.article`, `article`, `第二条` or `policy`.
    fn is_called(&self, wanted: &str) -> bool {
        [self.english, &*self.chinese, &*self.number]
            .iter()
            .any(|full| *full == wanted || full.split_once('.').is_some_and(|(policy, name)| policy == wanted || name == wanted))
    }
}

/// Articles, then decisions, by `names`, their English ones.
pub(super) fn known<'n>(program: &Program, names: &'n [String]) -> Vec<Known<'n>> {
    let chinese = program.articles.iter().map(|article| {
        let policy = program.modules.get(article.module).map_or("", |module| module.names.zh());
        (format!("{policy}.{}", article.names.zh()), format!("{policy}.{}", word::article_number(article.number)))
    });
    let chinese = chinese.chain(std::iter::repeat_with(Default::default));
    names.iter().zip(chinese).map(|(english, (chinese, number))| Known { english, chinese, number }).collect()
}

/// Whether an article, by its English name, is asked for.
pub(super) fn wants(asked: &[String], known: &[Known<'_>], article: &str) -> bool {
    let called = |known: &Known<'_>| known.english == article && asked.iter().any(|wanted| known.is_called(wanted));
    asked.is_empty() || known.iter().any(called)
}

/// Articles asked for that no policy has.
pub(super) fn unknown(asked: &[String], known: &[Known<'_>]) -> Vec<Diagnostic> {
    let unknown = asked.iter().filter(|wanted| !known.iter().any(|known| known.is_called(wanted)));
    unknown
        .map(|wanted| {
            let names = known.iter().flat_map(|known| [known.english, &*known.chinese]);
            let parts = names.flat_map(|name| std::iter::once(name).chain(name.split('.')));
            let help = nearest(wanted, parts).map_or_else(
                || say!("写“政策.条文”", "write `policy.article`"),
                |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
            );
            let message = say!("没有名为 `{wanted}` 的条文或政策", "there is no article or policy called `{wanted}`");
            Diagnostic::error("unknown_article_name", message).help(help)
        })
        .collect()
}
