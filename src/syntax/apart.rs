//! Sentences that would be read if words that stand side by side were one name: `凡 馆里 自订 的 书`.

use super::division::{Passage, Region, With, Wrong};
use super::figures::number;
use super::grammar::Rule;
use super::keyword;
use super::scan::Scan;
use super::word;
use std::collections::BTreeSet;
use std::ops::Range;

/// What may begin a name, though it is a keyword before a number.
const PLACES: [&str; 3] = ["在", "于", "按"];

/// Words that stand side by side: where they are, and what they are as one.
struct Group {
    at: Range<usize>,
    words: Vec<Range<usize>>,
    name: String,
}

/// A line without blanks that stood in it: after how much of it one stood, and how long it was.
struct Joined {
    text: String,
    joints: Vec<(usize, usize)>,
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{3000}')
}

impl Region<'_> {
    /// A line of an article that is not read as it stands, and is where names have no blanks in
    /// them: those names, or the words that nothing declares.
    pub(super) fn apart(&self, piece: &Range<usize>) -> Option<Passage> {
        let lead = self.scan.skip_blank(self.text, piece.start);
        let piece = lead.min(piece.end)..piece.end;
        let groups = self.side_by_side(&piece);
        if groups.is_empty() || self.is_told(&piece) {
            return None;
        }
        let joined = self.joined(&piece, &groups);
        let scan = Scan::new(&joined.text);
        let region = Region { text: &joined.text, scan: &scan, words: self.words };
        let wrong = match region.undeclared(&(0..joined.text.len())) {
            Some(found) => found.wrong?,
            None => region.one_by_one(groups).or_else(|| region.divided_names(&joined, &piece))?,
        };
        Some(Passage { wrong: Some(wrong), ..Passage::new(piece, vec![Vec::new()]) })
    }

    /// A line without the blanks between words that stand side by side.
    fn joined(&self, piece: &Range<usize>, groups: &[Group]) -> Joined {
        let (mut text, mut joints, mut from) = (String::new(), Vec::new(), piece.start);
        for group in groups {
            for word in &group.words {
                match word.start > group.at.start {
                    true => joints.push((text.len(), word.start - from)),
                    false => text.push_str(self.slice(from..word.start)),
                }
                text.push_str(self.slice(word.clone()));
                from = word.end;
            }
        }
        text.push_str(self.slice(from..piece.end));
        Joined { text, joints }
    }

    /// The names with blanks in them of a sentence whose words are written together otherwise.
    fn divided_names(&self, joined: &Joined, piece: &Range<usize>) -> Option<Wrong> {
        let all = 0..self.text.len();
        let found = self.passage(all.clone()).filter(|found| found.known)?;
        let [way] = found.ways.as_slice() else { return None };
        if !self.is_read(&all, way, Rule::part) {
            return None;
        }
        let cuts: Vec<usize> = way.iter().map(|(at, _)| *at).collect();
        let name = |joint: usize| {
            let start = cuts.iter().copied().filter(|cut| *cut <= joint).max();
            let end = cuts.iter().copied().filter(|cut| *cut > joint).min();
            let (run_at, run) = self
                .runs(all.clone(), &[])
                .into_iter()
                .find(|(at, run)| (*at..at + run.len()).contains(&joint))?;
            let start = start.unwrap_or(0).max(run_at);
            let end = end.unwrap_or(all.end).min(run_at + run.len());
            (start < joint).then_some(start..end)
        };
        let mut names: Vec<Range<usize>> =
            joined.joints.iter().filter_map(|it| name(it.0)).collect();
        names.dedup();
        let place = |name: &Range<usize>| {
            let before = |at: usize| -> usize {
                joined.joints.iter().filter(|joint| joint.0 < at).map(|joint| joint.1).sum()
            };
            let (start, end) = (name.start + before(name.start + 1), name.end + before(name.end));
            (piece.start + start..piece.start + end, self.slice(name.clone()).to_owned())
        };
        let names: Vec<_> = names.iter().map(place).collect();
        (!names.is_empty()).then_some(Wrong::Apart(names))
    }

    /// What is wrong with a sentence that is read now that each of its words stands apart.
    fn one_by_one(&self, groups: Vec<Group>) -> Option<Wrong> {
        let all = 0..self.text.len();
        let runs = self.runs(all.clone(), &[]);
        let mut unknown: Vec<&str> =
            runs.iter().map(|(_, run)| *run).filter(|run| !self.is_whole(run)).collect();
        let mut seen = BTreeSet::new();
        unknown.retain(|run| seen.insert(*run));
        let divides = |run: &&str| self.run(0, run, With::Known).known;
        if unknown.iter().any(divides) || !self.is_read(&all, &[], Rule::part) {
            return None;
        }
        let reading = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(match unknown.is_empty() {
            true => Wrong::Apart(groups.into_iter().map(|group| (group.at, group.name)).collect()),
            false => Wrong::Undeclared(unknown.into_iter().map(str::to_owned).collect(), reading),
        })
    }

    /// The words of a line that stand side by side with nothing but blanks between them, where they
    /// can be meant as one name.
    fn side_by_side(&self, piece: &Range<usize>) -> Vec<Group> {
        let runs = self.runs(piece.clone(), &[]);
        let mut groups: Vec<Vec<Range<usize>>> = Vec::new();
        for (at, run) in runs.into_iter().filter(|(_, run)| self.is_plain(run)) {
            let here = at..at + run.len();
            let follows = |last: &Range<usize>| {
                let between = self.slice(last.end..at);
                !between.is_empty() && between.chars().all(is_blank)
            };
            match groups.last_mut().filter(|group| group.last().is_some_and(follows)) {
                Some(group) => group.push(here),
                None => groups.push(vec![here]),
            }
        }
        let several = groups.into_iter().filter(|group| group.len() > 1);
        several.filter_map(|group| self.as_name(piece, &group)).collect()
    }

    /// The name that words may be meant as; none where they may as well lack what stands between.
    fn as_name(&self, piece: &Range<usize>, group: &[Range<usize>]) -> Option<Group> {
        let at = group.first()?.start..group.last()?.end;
        let words: Vec<&str> = group.iter().map(|word| self.slice(word.clone())).collect();
        let name = words.concat();
        let is_known = |word: &&str| self.words.is_name(word);
        let (first, last) = (words.first()?, words.last()?);
        let before = self.slice(piece.start..at.start).trim();
        let behind = self.slice(at.end..piece.end).trim_start();
        // `凡 甲 乙，`, `甲 不越过 乙`, `甲 过于 3`: `的` is missing, or a relation is misspelt.
        let is_subject = keyword::sentence_first(before) == Some(before)
            && behind.starts_with(['，', ',', '、'])
            || self.words.subjects.contains(*last);
        let is_relation = words.len() > 2 && is_known(first) && is_known(last)
            || words.iter().any(|word| keyword::relation_meant(word).is_some())
            || behind.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '“' | '"'));
        let is_open = is_known(first) || is_subject || is_relation;
        (self.words.is_name(&name) || !is_open).then(|| Group { at, words: group.to_vec(), name })
    }

    /// Whether a run may be a part of a name.
    fn is_plain(&self, run: &str) -> bool {
        let is_keyword = keyword::spelt(run).next().is_some() && !PLACES.contains(&run);
        self.words.is_name(run)
            || !is_keyword
                && word::is_identifier(run)
                && !word::is_article_number(run)
                && !number(run).contains(&run.len())
    }
}
