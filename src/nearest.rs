//! Rank 0: the word a misspelt one was meant to be.

use rapidfuzz::distance::damerau_levenshtein;

/// The candidate nearest to a word, if one is near enough to have been meant: at most a third of
/// its characters differ.
#[must_use]
pub fn nearest<'n>(word: &str, candidates: impl Iterator<Item = &'n str>) -> Option<String> {
    let limit = (word.chars().count() / 3).max(1);
    let scored = candidates.map(|candidate| {
        (damerau_levenshtein::distance(word.chars(), candidate.chars()), candidate)
    });
    let best = scored
        .filter(|&(distance, candidate)| {
            distance <= limit && distance < candidate.chars().count() && candidate != word
        })
        .min()?;
    Some(best.1.to_owned())
}
