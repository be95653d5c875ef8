//! The articles a person asks for by name, in either language.

use crate::diagnostic::{Bilingual, Diagnostic};
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
    /// `policy.2`; empty for decisions.
    pub digits: String,
}

impl Known<'_> {
    /// `policy.article` in each way to write it.
    fn names(&self) -> [&str; 4] {
        [self.english, &self.chinese, &self.number, &self.digits]
    }

    /// `policy.article`, `article`, `第二条`, `2` or `policy`.
    fn is_called(&self, wanted: &str) -> bool {
        self.names().iter().any(|full| {
            *full == wanted
                || full
                    .split_once('.')
                    .is_some_and(|(policy, name)| policy == wanted || name == wanted)
        })
    }
}

/// Articles, then decisions, by `names`, their English ones.
pub(super) fn known<'n>(program: &Program, names: &'n [String]) -> Vec<Known<'n>> {
    let chinese = program.articles.iter().map(|article| {
        let (zh, en) = program
            .modules
            .get(article.module)
            .map_or(("", ""), |module| (module.names.zh(), module.names.en()));
        let number = word::article_number(article.number);
        [
            format!("{zh}.{}", article.names.zh()),
            format!("{zh}.{number}"),
            format!("{en}.{}", word::english_number(article.number)),
        ]
    });
    let chinese = chinese.chain(std::iter::repeat_with(Default::default));
    names
        .iter()
        .zip(chinese)
        .map(|(english, [chinese, number, digits])| Known { english, chinese, number, digits })
        .collect()
}

/// Whether an article, by its English name, is asked for.
pub(super) fn wants(asked: &[String], known: &[Known<'_>], article: &str) -> bool {
    let called = |known: &Known<'_>| {
        known.english == article && asked.iter().any(|wanted| known.is_called(wanted))
    };
    asked.is_empty() || known.iter().any(called)
}

/// Articles asked for that no policy has.
pub(super) fn unknown(asked: &[String], known: &[Known<'_>]) -> Vec<Diagnostic> {
    let unknown = asked.iter().filter(|wanted| !known.iter().any(|known| known.is_called(wanted)));
    unknown
        .map(|wanted| {
            unknown_name(
                wanted,
                known,
                say!(
                    "没有名为 `{wanted}` 的条文或政策",
                    "there is no article or policy called `{wanted}`"
                ),
            )
        })
        .collect()
}

/// The one article with this name, `policy.article` or, where no other has it, `article`.
pub(super) fn article_named(wanted: &str, known: &[Known<'_>]) -> Result<usize, Box<Diagnostic>> {
    let full = known.iter().position(|known| known.names().contains(&wanted));
    let short = |known: &Known<'_>| {
        known
            .names()
            .iter()
            .any(|full| full.split_once('.').is_some_and(|(_, name)| name == wanted))
    };
    let mut called = known.iter().enumerate().filter(|(_, known)| short(known)).map(|(at, _)| at);
    match (full, called.next(), called.next()) {
        (Some(at), ..) | (None, Some(at), None) => Ok(at),
        (None, Some(_), Some(_)) => {
            let message = say!("不止一条叫 `{wanted}`", "several articles are called `{wanted}`");
            Err(Box::new(
                Diagnostic::error("unknown_article_name", message)
                    .help(say!("写“政策.条文”", "write `policy.article`")),
            ))
        }
        _ => Err(Box::new(unknown_name(
            wanted,
            known,
            say!("没有名为 `{wanted}` 的条文", "there is no article called `{wanted}`"),
        ))),
    }
}

fn unknown_name(wanted: &str, known: &[Known<'_>], message: Bilingual) -> Diagnostic {
    let parts = known
        .iter()
        .flat_map(Known::names)
        .flat_map(|name| std::iter::once(name).chain(name.split('.')));
    let help = nearest(wanted, parts).map_or_else(
        || say!("写“政策.条文”", "write `policy.article`"),
        |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
    );
    Diagnostic::error("unknown_article_name", message).help(help)
}
