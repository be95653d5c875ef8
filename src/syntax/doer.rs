//! Sentences that say who is to do something: `凡 借出的书，馆员应当上架`. What is required of a row
//! is said without it.

use super::division::{Passage, Region, With, Wrong};
use super::grammar::Rule;
use super::keyword::{self, KEYWORDS};
use super::scan::Scan;
use super::word;
use std::ops::Range;

/// What may stand before a modal and says nothing.
const EMPTY: [&str; 3] = ["一律", "均", "都"];

impl Region<'_> {
    /// A line of an article that is not read as it stands, and is without the name before its modal,
    /// which nothing declares.
    pub(super) fn doer(&self, piece: &Range<usize>) -> Option<Passage> {
        let lead = self.scan.skip_blank(self.text, piece.start);
        let piece = lead.min(piece.end)..piece.end;
        let (at, modal) = self.before_modal(&piece)?;
        let mut text = self.slice(piece.start..at.start).to_owned();
        text.push_str(self.slice(at.end..piece.end).trim_start());
        let scan = Scan::new(&text);
        let region = Region { text: &text, scan: &scan, words: self.words };
        let all = 0..text.len();
        let reading = match region.undeclared(&all).and_then(|found| found.wrong) {
            Some(Wrong::Undeclared(_, reading)) => reading,
            _ => {
                let found = region.passage(all.clone());
                let way = found.as_ref().and_then(|found| found.ways.first());
                if !region.is_read(&all, way.map_or(&[], |way| way), Rule::part) {
                    return None;
                }
                let plain = || text.split_whitespace().collect::<Vec<_>>().join(" ");
                match (&found, way) {
                    (Some(found), Some(way)) => found.reading(&text, way),
                    _ => plain(),
                }
            }
        };
        let name = self.slice(at.clone()).to_owned();
        let wrong = Some(Wrong::Doer { at, name, modal, reading });
        Some(Passage { wrong, ..Passage::new(piece, vec![Vec::new()]) })
    }

    /// The name that stands between the first comma and the first modal behind it, and the modal;
    /// none that is declared, or made of words that are.
    fn before_modal(&self, piece: &Range<usize>) -> Option<(Range<usize>, &'static str)> {
        let text = self.slice(piece.clone());
        let comma = text.find(['，', ','])?;
        let start = comma + text.get(comma..)?.chars().next()?.len_utf8();
        let clause = text.get(start..)?;
        let modals = KEYWORDS.iter().filter(|own| keyword::is_modal(own.rule));
        let long = modals.flat_map(|own| own.chinese).filter(|word| word.chars().count() > 1);
        let found = long.filter_map(|word| Some((clause.find(word)?, *word)));
        let (at, modal) = found.min_by_key(|(at, word)| (*at, usize::MAX - word.len()))?;
        let head = clause.get(..at)?.trim();
        let head = EMPTY.iter().find_map(|word| head.strip_suffix(word)).unwrap_or(head).trim();
        let begin = start + clause.find(head)?;
        let is_name = word::is_identifier(head)
            && !self.is_whole(head)
            && !self.run(0, head, With::Known).known
            && !says_when(head);
        let range = piece.start + begin..piece.start + begin + head.len();
        is_name.then_some((range, modal))
    }
}

/// Whether words say when or in which case, and not who.
fn says_when(words: &str) -> bool {
    let begins = ["在", "自", "从", "经", "未", "当", "如", "若", "除", "对", "按", "依"];
    let ends = ["前", "后", "时", "的", "内", "外", "中", "下", "上", "日"];
    begins.iter().any(|word| words.starts_with(word))
        || ends.iter().any(|word| words.ends_with(word))
}
