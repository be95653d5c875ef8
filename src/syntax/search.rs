//! All ways to divide a run of characters into words.

/// What a word can be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Number,
    Keyword,
    /// A keyword that may be a name.
    Either,
}

/// The words that begin at a place: where each ends, and what it is.
type WordsAt<'a> = &'a dyn Fn(usize) -> Vec<(usize, Kind)>;

/// The ways to divide a run into two words or more, each as the places between them; no more than
/// so many.
pub(super) fn ways(run: &str, most: usize, words_at: WordsAt) -> Vec<Vec<usize>> {
    let known = vec![None; run.len()];
    let mut search =
        Search { words_at, length: run.len(), most, known, way: Vec::new(), found: Vec::new() };
    search.follow(0, Kind::Keyword);
    search.found.retain(|way| !way.is_empty());
    search.found
}

struct Search<'a> {
    words_at: WordsAt<'a>,
    length: usize,
    most: usize,
    /// The words that begin at a place, without those from which nothing leads to the end.
    known: Vec<Option<Vec<(usize, Kind)>>>,
    /// The way so far.
    way: Vec<usize>,
    found: Vec<Vec<usize>>,
}

impl Search<'_> {
    /// Goes on at a place, behind a word of a kind.
    fn follow(&mut self, from: usize, before: Kind) {
        if from == self.length {
            self.found.push(self.way.clone());
            return;
        }
        let known = self.known.get(from).cloned().flatten();
        let words = known.unwrap_or_else(|| (self.words_at)(from));
        let mut leading = words.clone();
        let is_plain = |kind: Kind| matches!(kind, Kind::Name | Kind::Number);
        for (end, kind) in words {
            let apart = before == Kind::Name && kind == Kind::Number;
            if is_plain(before) && is_plain(kind) && !apart || self.found.len() >= self.most {
                continue;
            }
            let (found, length) = (self.found.len(), self.way.len());
            self.way.extend(Some(end).filter(|end| *end < self.length));
            self.follow(end, kind);
            self.way.truncate(length);
            if self.found.len() == found {
                leading.retain(|other| *other != (end, kind));
            }
        }
        if let Some(place) = self.known.get_mut(from) {
            *place = Some(leading);
        }
    }
}
