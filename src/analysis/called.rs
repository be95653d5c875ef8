//! What declared names stand for, looked up without comparing them one by one.

use crate::schema::Names;
use crate::value::text::name_form;
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// Things by their names within something that declares them: an enum, a table, a module. Of
/// several that are called the same, the first.
#[derive(Debug)]
pub(super) struct Called<O, T>(HashMap<O, HashMap<Arc<str>, T>>);

impl<O, T> Default for Called<O, T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

/// A name as it is looked up.
fn form(name: Arc<str>) -> Arc<str> {
    match name_form(&name) {
        Cow::Borrowed(_) => name,
        Cow::Owned(form) => form.into(),
    }
}

impl<O: Eq + Hash, T: Copy> Called<O, T> {
    /// Adds a thing under one name.
    pub(super) fn add(&mut self, owner: O, name: Arc<str>, thing: T) {
        self.0.entry(owner).or_default().entry(form(name)).or_insert(thing);
    }

    /// Adds a thing under both its names.
    pub(super) fn add_both(&mut self, owner: O, names: &Names, thing: T) {
        let named = self.0.entry(owner).or_default();
        for name in std::iter::once(&names.name).chain(&names.alias) {
            named.entry(form(name.clone())).or_insert(thing);
        }
    }

    /// What a name stands for.
    pub(super) fn get(&self, owner: &O, name: &str) -> Option<T> {
        self.0.get(owner)?.get(&*name_form(name)).copied()
    }
}

impl<O: Eq + Hash, T: Copy + Ord> Called<O, T> {
    /// The first thing that is called by any of these.
    pub(super) fn first<'n>(
        &self,
        owner: &O,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Option<T> {
        let named = self.0.get(owner)?;
        names.into_iter().filter_map(|name| named.get(&*name_form(name)).copied()).min()
    }
}
