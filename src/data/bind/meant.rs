//! Which field a heading may be meant for that none is called.

use crate::data::names::fold;
use crate::nearest::nearest_key;
use crate::schema::Schema;
use std::collections::HashMap;

/// A field a person may have meant by a heading.
#[must_use]
pub fn near_field(schema: &Schema, frame: usize, heading: &str) -> Option<String> {
    let fields = schema.frames.get(frame).map_or(&[][..], |frame| &frame.fields);
    let words = || {
        fields
            .iter()
            .flat_map(|field| field.names.iter().chain(field.also.iter().map(|word| &**word)))
    };
    let heading = fold(heading);
    // What is set off in brackets says more of the column, not which it is.
    let bare = heading.split(['(', '[']).next().unwrap_or("").trim();
    let same = || words().find(|word| !bare.is_empty() && *fold(word) == *bare);
    let found = same().map(str::to_owned);
    let is_long = |word: &str| word.chars().count() > 1;
    found.or_else(|| nearest_key(&heading, words())).or_else(|| {
        // The one name that the heading begins or ends with: `签订日期` for `签订`.
        let is_part = |word: &&str| {
            let word = fold(word);
            is_long(&word) && (bare.starts_with(&*word) || bare.ends_with(&*word))
        };
        let longest = words().filter(is_part).max_by_key(|word| word.len());
        let Some(longest) = longest else {
            // Or the one that begins or ends with it: `编号` for `合同编号`.
            let is_whole = |word: &&str| {
                let word = fold(word);
                is_long(bare)
                    && !word.contains('/')
                    && (word.starts_with(bare) || word.ends_with(bare))
            };
            let mut whole = words().filter(is_whole);
            return whole.next().filter(|_| whole.next().is_none()).map(str::to_owned);
        };
        let others = words().filter(is_part).any(|word| !longest.contains(word));
        (!others).then(|| longest.to_owned())
    })
}

/// The fields that headings may be meant for, where no two are meant for the same.
#[must_use]
pub fn near_fields<'h>(
    schema: &Schema,
    frame: usize,
    headings: impl Iterator<Item = &'h str>,
) -> Vec<(String, String)> {
    let near = headings.filter_map(|heading| {
        let heading = heading.trim();
        Some((heading.to_owned(), near_field(schema, frame, heading)?))
    });
    let near: Vec<(String, String)> = near.collect();
    let mut meant: HashMap<&str, usize> = HashMap::new();
    for (_, field) in &near {
        *meant.entry(field).or_default() += 1;
    }
    let is_only = |(_, field): &&(String, String)| meant.get(&**field) == Some(&1);
    near.iter().filter(is_only).cloned().collect()
}
