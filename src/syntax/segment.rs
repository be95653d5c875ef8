//! Words written together: where the blanks probably belong. The language itself never guesses;
//! only messages do.

use super::grammar::Rule;
use super::keyword::{self, KEYWORDS, Role};

/// The longest word that is looked at, in characters.
const MAX_CHARACTERS: usize = 64;

/// The one way to split a word into keywords, numbers and words that `known` knows, with as few
/// words as possible.
///
/// None if the word cannot be split so, or in more than one way, or is a known word itself.
pub fn segment(text: &str, known: &dyn Fn(&str) -> bool) -> Option<Vec<String>> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    if starts.len() > MAX_CHARACTERS {
        return None;
    }
    let is_word =
        |word: &str| keyword::spelt(word).next().is_some() || is_number(word) || known(word);
    // For each place, from the end: fewest words to the end, in how many ways, and the end of the
    // first of them.
    let mut best: Vec<Option<(usize, usize, usize)>> = vec![None; starts.len()];
    *best.last_mut()? = Some((0, 1, 0));
    for from in (0..starts.len() - 1).rev() {
        let mut found: Option<(usize, usize, usize)> = None;
        for to in from + 1..starts.len() {
            let Some(&Some((words, ways, _))) = best.get(to) else { continue };
            if !is_word(text.get(*starts.get(from)?..*starts.get(to)?)?) {
                continue;
            }
            found = match found {
                Some((fewest, _, _)) if fewest < words + 1 => found,
                Some((fewest, others, _)) if fewest == words + 1 => {
                    Some((fewest, others + ways, to))
                }
                _ => Some((words + 1, ways, to)),
            };
        }
        *best.get_mut(from)? = found;
    }
    let (words, 1, _) = (*best.first()?)? else { return None };
    (words > 1).then(|| follow(text, &starts, &best)).flatten()
}

fn follow(
    text: &str,
    starts: &[usize],
    best: &[Option<(usize, usize, usize)>],
) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut from = 0;
    while from + 1 < starts.len() {
        let (_, _, to) = (*best.get(from)?)?;
        words.push(text.get(*starts.get(from)?..*starts.get(to)?)?.to_owned());
        from = to;
    }
    Some(words)
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit() || ('０'..='９').contains(&c))
}

/// Splits a word around the Chinese keywords in it, where names are not known: those the place
/// allows at its beginning, and the unmistakable ones (必须, 不超过, …) anywhere.
pub(super) fn around_keywords(text: &str, allowed: &[Rule]) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = text;
    if let Some(first) = longest(text, |keyword| allowed.contains(&keyword.rule)) {
        words.push(first.to_owned());
        rest = text.get(first.len()..)?;
    }
    let mut name_from = 0;
    let mut at = 0;
    while at < rest.len() {
        let tail = rest.get(at..)?;
        let last_of = tail == "的" && allowed.contains(&Rule::kw_of);
        let keyword = longest(tail, unmistakable).filter(|word| word.chars().count() > 1);
        let keyword = keyword.or(last_of.then_some("的"));
        match keyword {
            Some(keyword) => {
                words.push(rest.get(name_from..at)?.to_owned());
                words.push(keyword.to_owned());
                at += keyword.len();
                name_from = at;
            }
            None => at += tail.chars().next().map_or(1, char::len_utf8),
        }
    }
    words.push(rest.get(name_from..)?.to_owned());
    words.retain(|word| !word.is_empty());
    (words.len() > 1).then_some(words)
}

fn unmistakable(keyword: &keyword::Keyword) -> bool {
    keyword.role == Role::Reserved
}

/// The longest Chinese keyword of a kind that a text begins with.
fn longest(text: &str, kind: impl Fn(&keyword::Keyword) -> bool) -> Option<&'static str> {
    let words = KEYWORDS
        .iter()
        .filter(|keyword| kind(keyword))
        .flat_map(|keyword| keyword.chinese)
        .copied();
    words.filter(|word| text.starts_with(word)).max_by_key(|word| word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, names: &[&str]) -> Option<String> {
        segment(text, &|word| names.contains(&word)).map(|words| words.join(" "))
    }

    #[test]
    fn the_official_sentence_splits_one_way() {
        let names = ["图书", "来源", "下架"];
        assert_eq!(split("凡图书", &names).as_deref(), Some("凡 图书"));
        assert_eq!(split("图书一律下架", &names).as_deref(), Some("图书 一律 下架"));
        assert_eq!(split("a不超过30工作日", &["a"]).as_deref(), Some("a 不超过 30 工作日"));
        assert_eq!(split("图书", &names), None);
        assert_eq!(split("未知图书", &names), None);
    }

    #[test]
    fn two_ways_are_none() {
        assert_eq!(split("甲乙丙", &["甲", "乙丙", "甲乙", "丙"]), None);
        assert_eq!(split("甲乙丙", &["甲", "乙", "丙", "甲乙"]).as_deref(), Some("甲乙 丙"));
    }

    #[test]
    fn keywords_alone_show_where_blanks_belong() {
        let split =
            |text, allowed: &[Rule]| around_keywords(text, allowed).map(|words| words.join(" "));
        assert_eq!(split("图书一律", &[]).as_deref(), Some("图书 一律"));
        assert_eq!(split("a不超过30天", &[]).as_deref(), Some("a 不超过 30天"));
        assert_eq!(split("凡图书", &[Rule::kw_whenever]).as_deref(), Some("凡 图书"));
        assert_eq!(split("凡图书", &[]), None);
        assert_eq!(split("在馆的", &[Rule::kw_of]).as_deref(), Some("在馆 的"));
        assert_eq!(split("行为类型", &[]), None);
    }
}
