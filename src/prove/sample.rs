//! Texts that patterns speak of: strings made from the patterns themselves, so that a witness can
//! show one.

use crate::program::TextRelation;
use regex_syntax::hir::{Class, Hir, HirKind};

/// How many strings are made of one pattern.
const VARIANTS: usize = 6;

/// Of how many texts every choice is joined.
const SEVERAL: usize = 7;

/// Strings some of which satisfy any of the patterns, and some none.
pub fn pool<'a>(
    patterns: impl Iterator<Item = (TextRelation, &'a str)>,
    count: usize,
) -> Vec<String> {
    let mut plain: Vec<String> = vec!["文".to_owned(), String::new()];
    for (relation, pattern) in patterns {
        let made = if relation == TextRelation::Matches {
            samples(pattern)
        } else {
            vec![pattern.to_owned()]
        };
        for text in made {
            if !plain.contains(&text) {
                plain.push(text);
            }
        }
    }
    let mut joined = plain.clone();
    if count > 1 && plain.len() <= 40 {
        for a in &plain {
            for b in plain.iter().filter(|b| *b != a) {
                joined.push(format!("{a}{b}"));
            }
        }
    }
    joined.truncate(200);
    // What contains three and more of them.
    let parts: Vec<String> =
        plain.into_iter().filter(|text| !text.is_empty()).take(SEVERAL).collect();
    for chosen in 0_u32..1 << parts.len() {
        let text: String = (0..)
            .zip(&parts)
            .filter(|(bit, _)| chosen >> bit & 1 == 1)
            .map(|(_, part)| part.as_str())
            .collect();
        if chosen.count_ones() > 2 && !joined.contains(&text) {
            joined.push(text);
        }
    }
    joined
}

/// Strings that match a pattern, most different first.
fn samples(pattern: &str) -> Vec<String> {
    let Ok(parsed) = regex_syntax::parse(pattern) else { return Vec::new() };
    let mut found = Vec::new();
    for variant in 0..VARIANTS {
        let mut text = String::new();
        write(&parsed, variant, &mut text);
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

fn write(hir: &Hir, variant: usize, out: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => out.extend(letter(class, variant)),
        HirKind::Repetition(repetition) => {
            let extra = u32::try_from(variant % 2).unwrap_or(0);
            let times = repetition
                .max
                .map_or(repetition.min + extra, |max| (repetition.min + extra).min(max));
            (0..times).for_each(|_| write(&repetition.sub, variant, out));
        }
        HirKind::Capture(capture) => write(&capture.sub, variant, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, variant, out)),
        HirKind::Alternation(parts) => {
            if let Some(part) = parts.get((variant / 2) % parts.len().max(1)) {
                write(part, variant, out);
            }
        }
    }
}

fn letter(class: &Class, variant: usize) -> Option<char> {
    match class {
        Class::Unicode(class) => {
            let ranges = class.ranges();
            // Of a class that leaves few out, a common letter.
            if let Some(common) = ['文', 'a', '0']
                .into_iter()
                .find(|c| ranges.iter().any(|range| range.start() <= *c && *c <= range.end()))
                && ranges.last().is_some_and(|range| range.end() > '\u{ffff}')
            {
                return Some(common);
            }
            ranges
                .get(variant % ranges.len().max(1))
                .map(regex_syntax::hir::ClassUnicodeRange::start)
        }
        Class::Bytes(class) => class.ranges().first().map(|range| char::from(range.start())),
    }
}
