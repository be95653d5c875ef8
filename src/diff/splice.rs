//! The later policies with some of their declarations as they were before.

use super::declaration::{Declarations, Key, Kind, Written};
use crate::engine::{Run, Texts};
use crate::syntax::tree::{File, ItemKind};
use crate::text::{Source, Span};
use std::collections::{BTreeMap, BTreeSet};

/// The declarations of a run's policies as they are written, file by file.
struct Files<'r> {
    run: &'r Run,
    written: BTreeMap<Written, Key>,
}

/// A declaration and the words it is written in.
type Item<'r> = (Option<Key>, &'r str);

/// The whole declaration that is undone with a part of it: a field with its table.
pub fn whole(key: &Key) -> Key {
    let table = key.name.split('.').next().unwrap_or_default();
    match key.kind {
        Kind::Field => Key { kind: Kind::Table, name: table.to_owned(), twin: key.twin },
        _ => key.clone(),
    }
}

impl<'r> Files<'r> {
    fn of(run: &'r Run, declared: &Declarations) -> Self {
        let written = declared.0.iter();
        let written = written.filter_map(|(key, found)| Some((found.written?, whole(key))));
        Self { run, written: written.collect() }
    }

    fn files(&self) -> &'r [File] {
        &self.run.policy.phrases.files
    }

    /// The name of a file, by which those of two runs are told to be one.
    fn name(&self, file: usize) -> &'r str {
        self.run.program().modules.get(file).map_or("", |module| module.names.en())
    }

    /// The declarations of a file, in order.
    fn items(&self, file: usize) -> Vec<Item<'r>> {
        let Some(found) = self.files().get(file) else { return Vec::new() };
        let key = |(at, kind): (usize, &ItemKind)| match kind {
            ItemKind::Use(_) => Some(Key::new(Kind::Import, self.name(file))),
            _ => self.written.get(&(file, at)).cloned(),
        };
        let text = |span: Span| self.run.policy.phrases.sources.slice(span);
        let items = found.items.iter().enumerate();
        items.map(|(at, item)| (key((at, &item.kind)), text(item.span))).collect()
    }
}

/// The texts of the later policies with these declarations as the earlier ones have them, at the
/// places they had there; a file that only the earlier ones have comes with its header and what it
/// uses.
pub fn texts(
    (old, before): (&Run, &Declarations),
    (new, after): (&Run, &Declarations),
    undone: &BTreeSet<Key>,
) -> Texts {
    let (old, new) = (Files::of(old, before), Files::of(new, after));
    let mut files: Vec<(&str, Vec<Item<'_>>)> = Vec::new();
    for file in 0..new.files().len() {
        let mut items = new.items(file);
        items.retain(|(key, _)| key.as_ref().is_none_or(|key| !undone.contains(key)));
        files.push((new.name(file), items));
    }
    for file in 0..old.files().len() {
        let items = old.items(file);
        let back = |(key, _): &Item<'_>| key.as_ref().is_some_and(|key| undone.contains(key));
        if !items.iter().any(back) {
            continue;
        }
        let at = files.iter().position(|(name, _)| *name == old.name(file));
        let at = at.unwrap_or_else(|| {
            let frame = |(key, _): &Item<'_>| {
                let kind = key.as_ref().map(|key| key.kind);
                matches!(kind, Some(Kind::Policy | Kind::Import))
            };
            files
                .push((old.name(file), items.iter().filter(|item| frame(item)).cloned().collect()));
            files.len() - 1
        });
        if let Some((_, target)) = files.get_mut(at) {
            put_back(&items, target, undone);
        }
    }
    let source = |(name, items): (&str, Vec<Item<'_>>)| {
        let text: Vec<&str> = items.into_iter().map(|(_, text)| text).collect();
        Source::new(format!("{name}.fan"), text.join("\n"))
    };
    files.into_iter().map(source).collect()
}

/// Puts declarations back, each after the nearest of those that stood before it.
fn put_back<'r>(items: &[Item<'r>], target: &mut Vec<Item<'r>>, undone: &BTreeSet<Key>) {
    let mut after = 0;
    for (key, text) in items {
        let Some(key) = key else { continue };
        let at = target.iter().rposition(|(other, _)| other.as_ref() == Some(key));
        if undone.contains(key) {
            let header = at.is_some() && matches!(key.kind, Kind::Policy);
            if !header {
                target.insert(after.min(target.len()), (Some(key.clone()), text));
                after += 1;
            }
        } else if let Some(at) = at {
            after = at + 1;
        }
    }
}
