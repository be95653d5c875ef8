//! Policies of which the manifest takes some articles: the others, and what only they speak of, are
//! left out before anything is made of them, so that data need not have what they would need.

use super::Project;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::nearest::nearest;
use crate::place::{At, Place};
use crate::say;
use crate::syntax::{tree, word};
use std::ops::Range;

/// A policy of which some articles are used.
#[derive(Clone, Debug)]
pub(super) struct InPart {
    /// Which of the project's files it is.
    module: usize,
}

/// Which articles of a policy are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// Those named.
    These,
    /// All but those named; the measures are used as well.
    Others,
}

impl Project {
    /// Leaves of a policy the articles so called, or all others, and says so.
    pub(super) fn take(
        &mut self,
        module: usize,
        (share, wanted): (Share, &[(String, Range<usize>)]),
    ) {
        let Some(file) = self.files.get_mut(module) else { return };
        let all: Vec<tree::Article> = articles(file).cloned().collect();
        let mut unknown = Vec::new();
        for (name, span) in wanted.iter().filter(|(name, _)| !name.is_empty()) {
            if !all.iter().any(|article| is_called(article, name)) {
                unknown.push((name.clone(), span.clone()));
            }
        }
        let taken = |article: &tree::Article| {
            let named = wanted.iter().any(|(name, _)| is_called(article, name));
            named == (share == Share::These)
        };
        let used: Vec<&tree::Article> = all.iter().filter(|article| taken(article)).collect();
        if used.is_empty() && !all.is_empty() && share == Share::Others {
            return self.nothing_left(wanted);
        }
        // Of a file that could not be read to its end, an article may be there and not be seen.
        let is_whole = file.lost.is_empty();
        let left_out = |number: tree::ArticleNumber| {
            let is = |article: &tree::Article| article.number == number;
            !used.iter().any(|one| is(one)) && (!is_whole || all.iter().any(is))
        };
        let stem = self.paths.get(module).and_then(|path| path.file_stem());
        let stem = stem.map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let said = in_part(file, &stem, &used, all.len());
        let starts: Vec<u32> = file.items.iter().map(|item| item.span.start).collect();
        if share == Share::These {
            file.lost.clear(); // what may be an article was not taken
        }
        file.items.retain_mut(|item| match &mut item.kind {
            tree::ItemKind::Article(article) if taken(article) => {
                article.parts.retain_mut(|part| overrides_any(part, left_out));
                true
            }
            tree::ItemKind::Article(_) => false,
            tree::ItemKind::Measure(_) => share == Share::Others,
            _ => true,
        });
        self.forgive_others(module, &starts);
        let place = wanted.first().map_or(0..0, |(_, span)| span.clone());
        let place = Place::of(&self.manifest_source, place);
        if used.len() < all.len() || unknown.is_empty() {
            self.diagnostics.push(said.at(place, Bilingual::default()));
        }
        for (name, span) in unknown {
            self.no_such_article(&name, &all, span);
        }
        self.in_part.push(InPart { module });
    }

    /// Forgets what is wrong with the words of a policy outside the declarations that are left, of
    /// all that began at `starts`: names that only the others speak of need not be there, and words
    /// written together with them are divided otherwise.
    fn forgive_others(&mut self, module: usize, starts: &[u32]) {
        let Some(file) = self.files.get(module) else { return };
        let Some(source) = self.sources.get(file.file) else { return };
        // What of a declaration could not be read stands behind what could, before the next one.
        let span = |item: &tree::Item| {
            let next = starts.iter().find(|start| **start > item.span.start);
            let end = next.map_or(source.text.len(), |next| *next as usize);
            item.span.start as usize..end.max(item.span.end as usize)
        };
        let kept: Vec<Place> =
            file.items.iter().map(|item| Place::of(source, span(item))).collect();
        let name = source.name.clone();
        self.diagnostics.retain(|found| {
            let place = found.labels.first().map(|label| &label.place);
            place.filter(|place| place.file == name).is_none_or(|place| {
                let At::Text { from: at, .. } = place.at else { return true };
                kept.iter().any(|kept| match kept.at {
                    At::Text { from, to, .. } => from <= at && at <= to,
                    _ => false,
                })
            })
        });
    }

    /// Where all articles are named as those not to be used, all are used, and it is said.
    fn nothing_left(&mut self, wanted: &[(String, Range<usize>)]) {
        let place = wanted.first().map_or(0..0, |(_, span)| span.clone());
        let message = say!("`except` 去掉了所有的条", "`except` leaves no article");
        let help = say!(
            "一条也不用的政策，从 `policies` 中删去",
            "leave a policy of which no article is used out of `policies`"
        );
        self.manifest_error("wrong_manifest_value", message, help, place);
    }

    fn no_such_article(&mut self, name: &str, all: &[tree::Article], span: Range<usize>) {
        let known = all.iter().flat_map(|article| {
            let names = &article.names;
            let alias = names.alias.as_ref().map(|alias| alias.text.clone());
            let number = word::article_number(article.number);
            [Some(number), Some(names.name.text.clone()), alias].into_iter().flatten()
        });
        let known: Vec<String> = known.collect();
        let message = say!("没有名为 `{name}` 的条文", "there is no article called `{name}`");
        let help = nearest(name, known.iter().map(String::as_str)).map_or_else(
            || say!("写条的序号或名称，如 \"1\"", "write its number or its name: \"1\""),
            |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
        );
        self.manifest_error("unknown_article_name", message, help, span);
    }

    /// Leaves out of policies that are used in part what nothing that is left speaks of.
    pub(super) fn drop_unused(&mut self) {
        for InPart { module } in self.in_part.clone() {
            while self.drop_once(module) {}
        }
    }

    /// Whether something was left out. A name counts as spoken of where it stands in a text: rather
    /// too much is kept than too little.
    fn drop_once(&mut self, module: usize) -> bool {
        let texts: Vec<(usize, String)> = self.texts_of_items(module);
        let listed: Vec<&str> = self.manifest.data.iter().map(|entry| &*entry.table).collect();
        let Some(file) = self.files.get_mut(module) else { return false };
        let mut at = 0;
        let before = file.items.len();
        file.items.retain(|item| {
            let own = at;
            at += 1;
            let Some(names) = declared(&item.kind) else { return true };
            let spoken = |name: &tree::Name| {
                let elsewhere =
                    |(index, text): &(usize, String)| *index != own && holds_word(text, &name.text);
                let fed = listed.iter().any(|table| table.split('.').next() == Some(&*name.text));
                fed || texts.iter().any(elsewhere)
            };
            spoken(&names.name) || names.alias.as_ref().is_some_and(spoken)
        });
        file.items.len() < before
    }

    /// The texts of all declarations, those of a module with their place in it.
    fn texts_of_items(&self, module: usize) -> Vec<(usize, String)> {
        let mut texts = Vec::new();
        for (at, file) in self.files.iter().enumerate() {
            let Some(source) = self.sources.get(file.file) else { continue };
            for (index, item) in file.items.iter().enumerate() {
                let text = source.slice(item.span).to_owned();
                texts.push((if at == module { index } else { usize::MAX }, text));
            }
        }
        texts
    }
}

/// Whether a text holds a word; one of ASCII letters stands apart from others.
fn holds_word(text: &str, word: &str) -> bool {
    let joins = |letter: Option<char>| {
        word.is_ascii() && letter.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|after| after.chars().next());
        !joins(before) && !joins(after)
    })
}

/// What is said of a policy that is used in part.
fn in_part(file: &tree::File, stem: &str, used: &[&tree::Article], all: usize) -> Diagnostic {
    let name = file.items.iter().find_map(|item| match &item.kind {
        tree::ItemKind::Header(header) => Some(&header.names),
        _ => None,
    });
    let zh_name = name.map_or(stem, |names| &names.name.text);
    let en_name = name.map_or(stem, |names| &names.alias.as_ref().unwrap_or(&names.name).text);
    let zh: Vec<String> = used.iter().map(|one| word::article_number(one.number)).collect();
    let en: Vec<String> = used.iter().map(|one| word::english_number(one.number)).collect();
    let (zh, en, count) = (zh.join("、"), en.join(", "), used.len());
    let message = say!(
        "“{zh_name}”只用了 {all} 条中的 {count} 条：{zh}",
        "of `{en_name}` {count} of {all} articles are used: {en}"
    );
    Diagnostic::warning("used_in_part", message)
}

/// Whether a part says something still: an article that overrides one that is left out overrides
/// nothing there.
fn overrides_any(part: &mut tree::Part, left_out: impl Fn(tree::ArticleNumber) -> bool) -> bool {
    let tree::PartKind::Overrides(others) = &mut part.kind else { return true };
    others.retain(|other| other.policy.is_some() || !left_out(other.number));
    !others.is_empty()
}

fn articles(file: &tree::File) -> impl Iterator<Item = &tree::Article> {
    file.items.iter().filter_map(|item| match &item.kind {
        tree::ItemKind::Article(article) => Some(article),
        _ => None,
    })
}

/// Whether an article has this number or name.
fn is_called(article: &tree::Article, name: &str) -> bool {
    let numbers = [word::article_number(article.number), word::english_number(article.number)];
    let name = name.trim();
    let names = &article.names;
    names.name.text == name
        || names.alias.as_ref().is_some_and(|alias| alias.text == name)
        || numbers.iter().any(|number| number == name)
}

/// The names of a declaration that is only there to be spoken of.
fn declared(kind: &tree::ItemKind) -> Option<&tree::Names> {
    match kind {
        tree::ItemKind::Enum(found) => Some(&found.names),
        tree::ItemKind::Table(found) => Some(&found.names),
        tree::ItemKind::Parameter(found) => Some(&found.names),
        tree::ItemKind::Definition(found) => Some(&found.names),
        tree::ItemKind::Process(found) => Some(&found.names),
        tree::ItemKind::Header(_)
        | tree::ItemKind::Use(_)
        | tree::ItemKind::Calendar(_)
        | tree::ItemKind::Decision(_)
        | tree::ItemKind::Measure(_)
        | tree::ItemKind::Division(_)
        | tree::ItemKind::Article(_) => None,
    }
}
