//! Words of a sentence that nothing declares: what is left of it when the words that are known are
//! taken out.

use super::keyword::{self, Role};
use super::search::Kind;
use std::ops::Range;

/// A part of a run of characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where.
    pub at: Range<usize>,
    /// Whether it is a word that is known.
    pub is_known: bool,
}

/// What a letter costs that belongs to no known word, and what it costs to begin such a word.
const UNKNOWN: (usize, usize) = (3, 2);

/// What a known word costs. A word of one letter may well be part of another, but for those that
/// stand between words.
fn cost(word: &str, kind: Kind) -> usize {
    match word {
        "凡" | "的" | "或" | "和" | "且" => 0,
        "有" | "无" | "为" | "是" => 2,
        _ if kind == Kind::Keyword && word.chars().count() == 1 => 4,
        _ => 1,
    }
}

/// How a place was come to: from where, as what, and how what goes before was.
#[derive(Clone, Copy)]
struct Step {
    cost: usize,
    from: usize,
    before: usize,
}

/// The kinds of words that a place may be behind: a keyword, a name or a number, a word that is not
/// known.
const STATES: usize = 3;

/// A run of characters as words that are known, with as little as can be between them that is not;
/// two names, known or not, do not stand side by side.
pub(super) fn cover(run: &str, words_at: &dyn Fn(usize) -> Vec<(usize, Kind)>) -> Vec<Piece> {
    let mut best: Vec<[Option<Step>; STATES]> = vec![[None; STATES]; run.len() + 1];
    if let Some(first) = best.first_mut() {
        first[0] = Some(Step { cost: 0, from: 0, before: 0 });
    }
    for (at, letter) in run.char_indices() {
        let known = words_at(at);
        for before in 0..STATES {
            let here = best.get(at).and_then(|states| *states.get(before)?);
            let Some(here) = here else { continue };
            let mut go = |end: usize, state: usize, more: usize| {
                let step = Step { cost: here.cost + more, from: at, before };
                let slot = best.get_mut(end).and_then(|states| states.get_mut(state));
                if let Some(slot) = slot.filter(|slot| slot.is_none_or(|it| it.cost > step.cost)) {
                    *slot = Some(step);
                }
            };
            for (end, kind) in &known {
                let word = run.get(at..*end).unwrap_or("");
                let is_keyword = matches!(kind, Kind::Keyword | Kind::Either);
                if is_keyword || before == 0 {
                    go(*end, usize::from(!is_keyword), cost(word, *kind));
                }
            }
            let (letters, begins) = UNKNOWN;
            match before {
                2 => go(at + letter.len_utf8(), 2, letters),
                0 => go(at + letter.len_utf8(), 2, letters + begins),
                _ => {}
            }
        }
    }
    back(run.len(), &best)
}

/// The pieces of the best way, in order; the letters of a word that is not known as one.
fn back(end: usize, best: &[[Option<Step>; STATES]]) -> Vec<Piece> {
    let (mut at, mut found): (usize, Vec<Piece>) = (end, Vec::new());
    let last = |at: usize| best.get(at).map_or([None; STATES], |states| *states);
    let cheapest =
        (0..STATES).filter_map(|state| Some((last(end).get(state)?.as_ref()?.cost, state)));
    let Some((_, mut state)) = cheapest.min() else { return Vec::new() };
    while at > 0 {
        let Some(step) = last(at).get(state).copied().flatten() else { return Vec::new() };
        let is_known = state != 2;
        match found.last_mut().filter(|next| !is_known && !next.is_known && next.at.start == at) {
            Some(next) => next.at.start = step.from,
            None => found.push(Piece { at: step.from..at, is_known }),
        }
        (at, state) = (step.from, step.before);
    }
    found.reverse();
    found
}

/// Whether a word is one that only a sentence has: `不得`, `一律`.
pub(super) fn is_telling(word: &str) -> bool {
    word.chars().count() > 1 && keyword::spelt(word).any(|own| own.role == Role::Reserved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(run: &str, names: &[&str]) -> String {
        let words_at = |from: usize| {
            let rest = run.get(from..).unwrap_or("");
            let ends = rest.char_indices().map(|(at, letter)| at + letter.len_utf8());
            ends.filter_map(|end| {
                let word = rest.get(..end)?;
                if names.contains(&word) {
                    return Some((from + end, Kind::Name));
                }
                keyword::spelt(word).next().map(|_| (from + end, Kind::Keyword))
            })
            .collect()
        };
        let shown = |piece: &Piece| {
            let word = run.get(piece.at.clone()).unwrap_or("");
            if piece.is_known { word.to_owned() } else { format!("[{word}]") }
        };
        cover(run, &words_at).iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_not_declared_is_what_is_left() {
        let names = ["取消", "依据", "事项"];
        for (run, read) in [
            (
                "凡没有法律法规依据的证明材料一律取消",
                "凡 没有 [法律法规依据] 的 [证明材料] 一律 取消",
            ),
            ("凡无依据的事项一律取消", "凡 无 依据 的 事项 一律 取消"),
            ("凡国有企业的印章或证照一律取消", "凡 [国有企业] 的 [印章] 或 [证照] 一律 取消"),
        ] {
            assert_eq!(covered(run, &names), read);
        }
    }
}
