//! `fmt --blanks no`: policies without the blanks between Chinese words.
//!
//! A sentence keeps its blanks where it could then be read in several ways, or would mean something
//! else: the text is read again, and what differs is put back.

use crate::place::At;
use crate::syntax::format::same_meaning;
use crate::syntax::tree::{File, Item, ItemKind, PartKind};
use crate::text::{FileId, Source};
use crate::workspace::Project;
use std::ops::Range;

/// The first file of a project, given in its canonical form, without the blanks it need not have.
pub(super) fn left_out(project: &Project, canonical: &str) -> String {
    let Some(name) = project.sources.get(FileId(0)).map(|source| source.name.clone()) else {
        return canonical.to_owned();
    };
    let whole = project.with_text(0, Source::new(name.clone(), canonical));
    let (Some(file), Some(source)) = (whole.files.first(), whole.sources.get(FileId(0))) else {
        return canonical.to_owned();
    };
    let mut pieces: Vec<Piece> =
        file.items.iter().flat_map(pieces).map(|range| Piece::new(source, file, range)).collect();
    // What cannot be read at once is put back, then whatever makes the rest differ.
    for _ in 0..3 {
        let (text, places) = joined(canonical, &pieces);
        let again = project.with_text(0, Source::new(name.clone(), text.clone()));
        let (Some(other), Some(written)) = (again.files.first(), again.sources.get(FileId(0)))
        else {
            return canonical.to_owned();
        };
        let wrong = wrong(&again, &name, &places);
        if again.diagnostics.is_empty() && same_meaning((file, source), (other, written)) {
            return text;
        }
        if wrong.is_empty() {
            break;
        }
        for at in wrong {
            if let Some(piece) = pieces.get_mut(at) {
                piece.left_out = false;
            }
        }
    }
    one_by_one(project, (file, source), pieces)
}

/// Leaves out the blanks of one piece after another, as long as the file means the same.
fn one_by_one(
    project: &Project,
    (file, source): (&File, &Source),
    mut pieces: Vec<Piece>,
) -> String {
    pieces.iter_mut().for_each(|piece| piece.left_out = false);
    for at in 0..pieces.len() {
        let Some(piece) = pieces.get_mut(at) else { continue };
        piece.left_out = true;
        let (text, _) = joined(&source.text, &pieces);
        let again = project.with_text(0, Source::new(source.name.clone(), text));
        let same = match (again.files.first(), again.sources.get(FileId(0))) {
            (Some(other), Some(written)) => {
                again.diagnostics.is_empty() && same_meaning((file, source), (other, written))
            }
            _ => false,
        };
        if let Some(piece) = pieces.get_mut(at) {
            piece.left_out = same;
        }
    }
    joined(&source.text, &pieces).0
}

/// Something whose blanks can be left out.
struct Piece {
    range: Range<usize>,
    /// The same without them.
    glued: String,
    left_out: bool,
}

impl Piece {
    fn new(source: &Source, file: &File, range: Range<usize>) -> Self {
        let text = source.text.get(range.clone()).unwrap_or("");
        let is_comment = |at: usize| {
            let mut comments = file.comments.iter();
            comments.any(|comment| comment.range().contains(&(range.start + at)))
        };
        Self { glued: glued(text, is_comment), range, left_out: true }
    }
}

/// The sentences, exceptions and meanings of a declaration.
fn pieces(item: &Item) -> Vec<Range<usize>> {
    match &item.kind {
        ItemKind::Article(article) => {
            let parts = article.parts.iter();
            let parts = parts
                .filter(|part| matches!(part.kind, PartKind::Sentence(_) | PartKind::Unless(_)));
            parts.map(|part| part.span.range()).collect()
        }
        ItemKind::Definition(_) | ItemKind::Measure(_) | ItemKind::Parameter(_) => {
            item.expressions().into_iter().map(|expr| expr.span.range()).collect()
        }
        _ => Vec::new(),
    }
}

/// A text with the pieces that are left out, and where each piece then stands.
fn joined(text: &str, pieces: &[Piece]) -> (String, Vec<Range<usize>>) {
    let (mut found, mut from, mut places) = (String::new(), 0, Vec::new());
    for piece in pieces {
        found.push_str(text.get(from..piece.range.start).unwrap_or(""));
        let start = found.len();
        match piece.left_out {
            true => found.push_str(&piece.glued),
            false => found.push_str(text.get(piece.range.clone()).unwrap_or("")),
        }
        places.push(start..found.len());
        from = piece.range.end;
    }
    found.push_str(text.get(from..).unwrap_or(""));
    (found, places)
}

/// The pieces in which something is wrong now.
fn wrong(project: &Project, name: &str, places: &[Range<usize>]) -> Vec<usize> {
    let mut found = Vec::new();
    for diagnostic in &project.diagnostics {
        let place = diagnostic.labels.first().map(|label| &label.place);
        let Some(place) = place.filter(|place| *place.file == *name) else { continue };
        let At::Text { start, .. } = place.at else { continue };
        let at = usize::try_from(start).unwrap_or(0);
        let piece = places.iter().position(|range| range.start <= at && at <= range.end);
        found.extend(piece);
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A text without the blanks between Chinese words, numbers and signs; those in quotes, titles and
/// comments stay, and so do line ends.
fn glued(text: &str, is_comment: impl Fn(usize) -> bool) -> String {
    let mut found = String::new();
    let mut until = None;
    let in_chinese = text.chars().any(|c| !c.is_ascii() && c.is_alphabetic());
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if is_comment(at) {
            found.push(letter);
            continue;
        }
        match (until, letter) {
            (Some(end), letter) if letter == end => until = None,
            (Some(_), _) => {}
            (None, '“') => until = Some('”'),
            (None, '"') => until = Some('"'),
            (None, '《') => until = Some('》'),
            (None, '「') => until = Some('」'),
            (None, ' ') => {
                let before = found.chars().next_back();
                let after = letters.peek().map(|(_, next)| *next);
                let chinese = |c: char| !c.is_ascii() && !c.is_whitespace();
                let plain =
                    |c: char| chinese(c) || c.is_ascii_digit() || "+-*/<>=.,:()".contains(c);
                let (Some(before), Some(after)) = (before, after) else {
                    found.push(letter);
                    continue;
                };
                let joins = plain(before) && plain(after);
                let signs = |c: char| "*/<>=".contains(c);
                let is_sign = in_chinese && (signs(before) || signs(after));
                if joins && (chinese(before) || chinese(after) || is_sign) {
                    continue;
                }
            }
            (None, _) => {}
        }
        found.push(letter);
    }
    found
}
