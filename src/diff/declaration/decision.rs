//! Decisions: what each says, and who demands something of it.

use super::key::{Key, Kind};
use super::{Reader, decisions, names, shown};
use crate::diagnostic::Bilingual;
use crate::engine::RuleId;
use crate::program::Unread;
use crate::say;
use crate::syntax::tree::ItemKind;
use std::collections::BTreeSet;

impl Reader<'_> {
    pub(super) fn decision(&self, index: usize) -> Key {
        let code = |index: usize| self.run.policy.rules.code(RuleId::decision(index));
        let twin = (0..index).filter(|other| code(*other) == code(index)).count();
        Key { twin, ..Key::new(Kind::Decision, code(index)) }
    }

    pub(super) fn decisions(&mut self) {
        for (index, found) in self.program().decisions.iter().enumerate() {
            let key = self.decision(index);
            let mut meaning = self.meaning();
            meaning.frame(found.frame);
            meaning.field(found.frame, found.field);
            let value = |at: usize| shown::value(self.run, found, at);
            let order: Vec<Bilingual> = found.order.iter().copied().map(value).collect();
            let as_declared = || found.as_declared.then(|| say!("照报", "as declared"));
            let otherwise = found.otherwise.map(value).or_else(as_declared);
            meaning.say(order.iter().map(|value| &*value.en).collect::<Vec<_>>());
            meaning.say(otherwise.as_ref().map(|value| &*value.en));
            meaning.say(found.understood);
            meaning.rests.on.extend(self.import(found.span.file));
            let shown = shown::order(&order, otherwise.as_ref());
            let field = self.run.schema().field(found.frame, found.field);
            let field = field.map_or_else(Bilingual::default, |field| names(&field.names));
            let name = shown::within(self.run, found.frame, &field);
            let sways = self.demanding(index);
            self.add(key.clone(), found.span, meaning, (name, Some(shown)));
            if let Some(declared) = self.found.0.get_mut(&key) {
                declared.sways = sways;
            }
        }
    }

    /// Decisions of a field that is decided before: which of them counts, nobody knows.
    pub(super) fn decided_again(&mut self) {
        let written: BTreeSet<_> = self.found.0.values().filter_map(|it| it.written).collect();
        let files = self.files().iter().enumerate();
        let items = files.flat_map(|(at, file)| (0..).zip(&file.items).map(move |it| (at, it)));
        for (file, (at, item)) in items.filter(|(file, (at, _))| !written.contains(&(*file, *at))) {
            let ItemKind::Decision(again) = &item.kind else { continue };
            let Some(name) = again.field.names.last() else { continue };
            let mut known = (0..).zip(&self.program().decisions).filter_map(|(index, found)| {
                let field = self.run.schema().field(found.frame, found.field)?;
                field.names.matches(&name.text).then_some((index, found.frame, field))
            });
            let Some((index, frame, field)) = known.next() else { continue };
            let mut meaning = self.meaning();
            meaning.say(self.text(Some((file, at))));
            let called = shown::within(self.run, frame, &names(&field.names));
            let key = Key { twin: at + 1, ..self.decision(index) };
            self.add(key, item.span, meaning, (called, None));
        }
    }

    /// What demands something of a decision, or may, for all that could be understood of it.
    fn demanding(&self, decision: usize) -> BTreeSet<Key> {
        let articles = self.program().articles.iter().zip(&self.keys.articles);
        let articles = articles.filter(|(article, _)| decisions(article).any(|at| at == decision));
        let demands = |unread: &&Unread| unread.demands.iter().any(|(at, _)| *at == decision);
        let open = self.program().unread.iter().filter(demands);
        let open = open.filter_map(|unread| match unread.article {
            Some(article) => self.keys.article(article),
            None => Some(self.passage(unread.span)),
        });
        articles.map(|(_, key)| key.clone()).chain(open).collect()
    }
}
