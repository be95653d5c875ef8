//! The most similar name.

use super::pairs::Work;
use super::scope::Scope;
use super::{Evaluator, Vector};
use crate::lowering::{Alike, NodeId};
use crate::value::Ratio;
use crate::value::names::{COMPARED, Names};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Names made ready to be searched, by their column, their rows and how alike they must be: for
/// searches that are made block by block.
pub(super) type Indexes = Mutex<BTreeMap<(NodeId, NodeId, Ratio), Arc<Names>>>;

fn text(column: &Vector, row: usize) -> Option<&str> {
    match column {
        Vector::Texts(values, valid) if valid.get(row) => Some(values.get(row)),
        _ => None,
    }
}

impl Scope<'_> {
    /// The row of the most similar name for each text, −1 where none is like enough; nothing is
    /// known where too many would be compared.
    pub(super) fn most_similar(
        self,
        (id, alike): (NodeId, &Alike),
        own: Option<NodeId>,
        len: usize,
    ) -> Vector {
        let work = Work::Search(id);
        if self.is_over(work) {
            return Vector::ints(vec![None; len]);
        }
        let texts = self.get(alike.text);
        let except = |row: usize| own.and_then(|own| usize::try_from(self.integer(own, row)?).ok());
        let wanted: Vec<Option<(&str, Option<usize>)>> =
            (0..len).map(|row| Some((text(texts, row)?, except(row)))).collect();
        let names = self.names_of(alike);
        let found = names.nearest(&wanted);
        let useful = match (&found, self.pass) {
            (Some((_, compared)), Some(pass)) => pass.spend(work, id, (*compared, COMPARED)),
            (None, Some(pass)) => pass.spend(work, id, (COMPARED + 1, COMPARED)),
            (Some(_), None) => true,
            (None, None) => {
                self.note_over([work]);
                false
            }
        };
        let Some((found, _)) = found.filter(|_| useful) else {
            return Vector::ints(vec![None; len]);
        };
        let number = |found: Option<usize>| found.map_or(Some(-1), |row| i64::try_from(row).ok());
        Vector::ints(found.into_iter().map(|found| found.and_then(number)).collect())
    }

    /// The names of a table, ready to be searched.
    fn names_of(self, alike: &Alike) -> Arc<Names> {
        let make = || {
            let (keys, member) = (self.get(alike.key), self.bits(alike.member));
            let keys: Vec<Option<&str>> =
                (0..member.len()).map(|row| text(keys, row).filter(|_| member.get(row))).collect();
            Arc::new(Names::new(&keys, alike.least))
        };
        if self.block.is_none() && self.evaluator.base().is_none() {
            return make();
        }
        self.evaluator.kept_names((alike.key, alike.member, alike.least), make)
    }
}

impl Evaluator {
    fn kept_names(
        &self,
        of: (NodeId, NodeId, Ratio),
        make: impl FnOnce() -> Arc<Names>,
    ) -> Arc<Names> {
        let kept = || self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let unchanged = self.base().filter(|_| !self.reaches(of.0) && !self.reaches(of.1));
        if let Some(base) = unchanged {
            return base.kept_names(of, make);
        }
        if let Some(names) = kept().get(&of) {
            return names.clone();
        }
        // Made without holding the lock: it takes all processors.
        let names = make();
        kept().insert(of, names.clone());
        names
    }
}
