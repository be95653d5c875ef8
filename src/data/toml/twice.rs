//! Keys of TOML that stand twice in one table. The parser keeps the first value of such a key, and
//! says only where the other stands.

use super::{Parsed, moved};
use std::collections::BTreeSet;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What the parser says of them.
const DUPLICATE_KEY: &str = "duplicate key";

/// A search for the keys of one name that stand before another key of that name.
struct Search<'t> {
    text: &'t str,
    base: usize,
    name: &'t str,
    /// Where the other key stands.
    at: usize,
    /// Where the keys begin.
    keys: Vec<usize>,
    /// Where the last header before that stands.
    header: usize,
}

impl Parsed<'_> {
    /// Where the keys begin that stand once more in their table.
    pub(super) fn twice(&self, text: &str) -> BTreeSet<usize> {
        let duplicates =
            self.errors.iter().filter(|error| error.message().starts_with(DUPLICATE_KEY));
        let mut found = BTreeSet::new();
        for span in duplicates.filter_map(toml::de::Error::span) {
            let word = text.get(moved(&span, self.base)).unwrap_or("");
            let mut search = Search {
                text,
                base: self.base,
                name: word.trim_matches(['"', '\'']),
                at: span.start,
                keys: Vec::new(),
                header: 0,
            };
            search.table(self.root.get_ref());
            let Search { keys, header, .. } = search;
            found.extend(keys.into_iter().filter(|key| *key >= header).map(|key| key + self.base));
        }
        found
    }
}

impl Search<'_> {
    fn table(&mut self, table: &DeTable<'_>) {
        for (key, item) in table {
            let start = key.span().start;
            if start < self.at && key.get_ref() == self.name {
                self.keys.push(start);
            }
            self.value(item);
        }
    }

    /// What stands in a value, unless it ended before the other key.
    fn value(&mut self, item: &Spanned<DeValue<'_>>) {
        let span = item.span();
        let has_ended = span.end <= self.at;
        match item.get_ref() {
            DeValue::Table(table) => {
                let begins = self.text.get(moved(&span, self.base)).unwrap_or("");
                if begins.starts_with('{') && has_ended {
                    return;
                }
                if begins.starts_with('[') && span.start < self.at {
                    self.header = self.header.max(span.start);
                }
                self.table(table);
            }
            DeValue::Array(items) => {
                // Tables under headers of their own: the first header stands for the array.
                let is_of_tables =
                    items.iter().next().is_some_and(|item| item.span().start == span.start);
                if is_of_tables || !has_ended {
                    items.iter().for_each(|item| self.value(item));
                }
            }
            _ => {}
        }
    }
}
