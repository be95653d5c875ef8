//! The most similar name.

use super::{Evaluator, Vector};
use crate::builtin::Scalar;
use crate::lowering::{Alike, NodeId};
use crate::value::names::Names;
use std::sync::atomic::Ordering;

impl Evaluator {
    /// The row of the most similar name for each text, −1 where none is like enough; nothing is
    /// known where too many would be compared.
    pub(super) fn most_similar(&self, alike: &Alike, own: Option<NodeId>, len: usize) -> Vector {
        let (texts, keys, member) =
            (self.get(alike.text), self.get(alike.key), self.bits(alike.member));
        let text = |column: &'_ Vector, row: usize| match column {
            Vector::Texts(values, valid) if valid.get(row) => Some(values.get(row).to_owned()),
            _ => None,
        };
        let keys: Vec<Option<String>> =
            (0..member.len()).map(|row| text(keys, row).filter(|_| member.get(row))).collect();
        let keys: Vec<Option<&str>> = keys.iter().map(Option::as_deref).collect();
        let except = |row: usize| match self.get(own?).scalar(row)? {
            Scalar::Int(row) => usize::try_from(row).ok(),
            _ => None,
        };
        let wanted: Vec<Option<(String, Option<usize>)>> =
            (0..len).map(|row| Some((text(texts, row)?, except(row)))).collect();
        let wanted: Vec<Option<(&str, Option<usize>)>> = wanted
            .iter()
            .map(|wanted| wanted.as_ref().map(|(text, except)| (text.as_str(), *except)))
            .collect();
        let Some(found) = Names::new(&keys, alike.least).nearest(&wanted) else {
            self.crowded.store(true, Ordering::Relaxed);
            return Vector::ints(vec![None; len]);
        };
        let number = |found: Option<usize>| found.map_or(Some(-1), |row| i64::try_from(row).ok());
        Vector::ints(found.into_iter().map(|found| found.and_then(number)).collect())
    }
}
