//! All ways to divide a run of characters into words.

/// What a word can be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    /// The name of what a sentence may speak of: another name may follow it, once.
    Subject,
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
    let known = [known.clone(), known];
    let mut search =
        Search { words_at, length: run.len(), most, known, way: Vec::new(), found: Vec::new() };
    search.follow(0, Kind::Keyword, false);
    search.found.retain(|way| !way.is_empty());
    search.found
}

/// For each place the words that begin there, once they are looked up.
type Known = Vec<Option<Vec<(usize, Kind)>>>;

struct Search<'a> {
    words_at: WordsAt<'a>,
    length: usize,
    most: usize,
    /// The words that begin at a place, without those from which nothing leads to the end.
    /// Before two names stand side by side, and after.
    known: [Known; 2],
    /// The way so far.
    way: Vec<usize>,
    found: Vec<Vec<usize>>,
}

impl Search<'_> {
    /// Goes on at a place, behind a word of a kind; `joined` where two names stand side by side.
    fn follow(&mut self, from: usize, before: Kind, joined: bool) {
        if from == self.length {
            self.found.push(self.way.clone());
            return;
        }
        let known = self.known.get(usize::from(joined));
        let known = known.and_then(|known| known.get(from)).cloned().flatten();
        let words = known.unwrap_or_else(|| (self.words_at)(from));
        let mut leading = words.clone();
        let is_name = |kind: Kind| matches!(kind, Kind::Name | Kind::Subject);
        let is_plain = |kind: Kind| is_name(kind) || kind == Kind::Number;
        for (end, kind) in words {
            let apart = is_name(before) && kind == Kind::Number;
            let joins = before == Kind::Subject && is_name(kind);
            if is_plain(before) && is_plain(kind) && !apart && (!joins || joined)
                || self.found.len() >= self.most
            {
                continue;
            }
            let (found, length) = (self.found.len(), self.way.len());
            self.way.extend(Some(end).filter(|end| *end < self.length));
            self.follow(end, kind, joined || joins);
            self.way.truncate(length);
            // After two names that stand side by side more may lead on than here.
            if self.found.len() == found && !joins {
                leading.retain(|other| *other != (end, kind));
            }
        }
        let known = self.known.get_mut(usize::from(joined));
        if let Some(place) = known.and_then(|known| known.get_mut(from)) {
            *place = Some(leading);
        }
    }
}
