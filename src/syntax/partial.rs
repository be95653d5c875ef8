//! Sentences that words are missing for: divided as far as it goes.

use super::division::{LONGEST_RUN, Passage, Region};
use super::figures::is_amount;
use super::grammar::Rule;
use super::keyword;
use super::parse::{Cut, Mark};
use super::undeclared::{Piece, cover, is_telling};
use super::word;
use std::collections::BTreeSet;
use std::ops::Range;

impl Region<'_> {
    /// A line of an article that would be read if some words were declared, two or more.
    pub(super) fn undeclared(&self, piece: &Range<usize>) -> Option<Passage> {
        let lead = self.scan.skip_blank(self.text, piece.start);
        let piece = lead.min(piece.end)..piece.end;
        let (mut cuts, mut unknown): (Vec<Cut>, Vec<Range<usize>>) = Default::default();
        let (mut is_sure, mut is_glued) = (false, false);
        for (start, run) in self.runs(piece.clone(), &[]) {
            let is_number = is_amount(run, self.slice(start + run.len()..piece.end));
            if is_number || self.is_whole(run) || run.chars().count() > LONGEST_RUN {
                is_sure |= is_telling(run);
                continue;
            }
            for part in cover(run, &self.words_from(run, Some(start))) {
                let at = start + part.at.start..start + part.at.end;
                cuts.extend(Some((at.start, Mark::Blank)).filter(|_| part.at.start > 0));
                is_sure |= part.is_known && run.get(part.at.clone()).is_some_and(is_telling);
                is_glued |= part.at.start > 0;
                if part.is_known {
                    continue;
                }
                // `连续两年“零”`: what touches a text is one name with it.
                let before = unknown.last().map_or(piece.start, |last| last.end);
                let text = self.slice(before..at.start);
                let joins = text.starts_with('“') && text.ends_with('”');
                match unknown.last_mut().filter(|_| joins) {
                    Some(last) => last.end = at.end,
                    None => unknown.push(at),
                }
            }
        }
        self.with_texts(&mut unknown, piece.end);
        for name in unknown.iter().filter(|name| !word::is_identifier(self.slice((*name).clone())))
        {
            cuts.retain(|(at, _)| *at <= name.start || *at >= name.end);
            cuts.extend([(name.start, Mark::Open), (name.end, Mark::Close)]);
        }
        cuts.sort_unstable();
        let words = unknown.into_iter().map(|name| self.slice(name).to_owned());
        let mut undeclared: Vec<String> = words.collect();
        let mut seen = BTreeSet::new();
        undeclared.retain(|word| seen.insert(word.clone()));
        let is_read = is_sure
            && is_glued
            && undeclared.len() > 1
            && self.is_read(&piece, &cuts, Rule::part)
            && !self.is_read_with_odd_names(&piece);
        is_read.then(|| Passage { undeclared, ..Passage::new(piece, vec![cuts]) })
    }

    /// Lets names that touch a text behind them end with it.
    fn with_texts(&self, names: &mut [Range<usize>], end: usize) {
        for name in names {
            let rest = self.slice(name.end..end);
            if rest.starts_with('“') {
                name.end += self.skipped(name.end, end).unwrap_or(0);
            }
        }
    }

    /// A run divided around the one word in it that is not known; none where that may be more than a
    /// word.
    pub(super) fn partly(&self, start: usize, run: &str) -> Option<Vec<usize>> {
        if run.chars().count() > LONGEST_RUN {
            return None;
        }
        let parts = cover(run, &self.words_from(run, Some(start)));
        let unknown = parts.iter().filter(|part| !part.is_known);
        let is_sure = |part: &Piece| {
            let word = run.get(part.at.clone()).unwrap_or("");
            part.is_known && (is_telling(word) || part.at.start == 0 && leads(word))
        };
        let cuts: Vec<usize> = parts.iter().skip(1).map(|part| part.at.start).collect();
        let is_word =
            |part: &Piece| run.get(part.at.clone()).is_some_and(|it| it.chars().count() > 1);
        let is_one = unknown.clone().count() == 1 && unknown.clone().all(is_word);
        (is_one && parts.iter().any(is_sure) && !cuts.is_empty()).then_some(cuts)
    }
}

/// Whether a word begins a sentence.
fn leads(word: &str) -> bool {
    keyword::spelt(word).any(|own| own.rule == Rule::kw_whenever)
}
