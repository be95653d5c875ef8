//! Whether two references name one row. One that could not be followed names a row all the same,
//! if its key could be read: none that is there, but for those it may mean.

use super::scope::Scope;
use super::{Evaluator, Vector};
use crate::data::{FrameData, Stray};
use crate::invariant::fit;
use crate::lowering::NodeId;
use crate::program::Comparison;
use crate::schema::FrameId;
use crate::value::Bits;
use std::collections::BTreeMap;

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named<'d> {
    /// A row.
    Row(usize),
    /// What is no row, or not one alone, by its number.
    Stray(usize, &'d Stray),
    /// Nobody knows what.
    Unknown,
}

/// What a value of a column of references names in a table.
pub(super) fn named<'d>(data: &'d FrameData, references: &Vector, row: usize) -> Named<'d> {
    let Vector::Ints(values, valid) = references else { return Named::Unknown };
    let found = values.get(row).and_then(|number| {
        if valid.get(row) {
            return usize::try_from(number).ok().map(Named::Row);
        }
        data.stray(number).map(|(at, stray)| Named::Stray(at, stray))
    });
    found.unwrap_or(Named::Unknown)
}

impl Stray {
    /// Whether a row may be meant.
    pub(super) fn may_be(&self, row: usize, keyless: &Bits) -> bool {
        let number = fit(row);
        self.targets.binary_search(&number).is_ok() || self.is_missing && keyless.get(row)
    }
}

impl Evaluator {
    /// Rows of a table whose own key could not be read.
    pub(super) fn keyless(&self, table: FrameId) -> Bits {
        let key = self.graph.program.schema.frame(table).and_then(crate::schema::Frame::key);
        let len = self.frame(table).map_or(0, |data| data.len);
        let column = key.and_then(|key| self.frame(table)?.column(key));
        column.map_or_else(|| Bits::uniform(len, true), |column| column.present.not())
    }
}

impl Scope<'_> {
    /// Where two columns of references to a table surely name one row, or surely do not.
    pub(super) fn same(
        self,
        table: FrameId,
        (a, b): (NodeId, NodeId),
        (len, want): (usize, Comparison),
    ) -> Bits {
        let (a, b) = (self.get(a), self.get(b));
        let Some(data) = self.frame(table).filter(|data| !data.strays.is_empty()) else {
            let bits = super::compare::compare(want, a, b, len);
            let known = |bits: Bits, valid: Option<&Bits>| match valid {
                Some(valid) => bits.and(valid),
                None => bits,
            };
            return known(known(bits, a.valid()), b.valid());
        };
        let keyless = self.keyless(table);
        // Whether two strays may be one row, each pair looked at once.
        let mut common: BTreeMap<(usize, usize), bool> = BTreeMap::new();
        let mut same = |row: usize| match (named(data, a, row), named(data, b, row)) {
            (Named::Row(a), Named::Row(b)) => Some(a == b),
            (Named::Stray(a, stray), Named::Stray(b, _)) if a == b => {
                stray.is_missing.then_some(true)
            }
            (Named::Stray(one, a), Named::Stray(other, b)) => {
                let meet = common.entry((one, other)).or_insert_with(|| {
                    a.targets.iter().any(|row| b.targets.binary_search(row).is_ok())
                });
                (!*meet).then_some(false)
            }
            (Named::Stray(_, stray), Named::Row(row))
            | (Named::Row(row), Named::Stray(_, stray)) => {
                (!stray.may_be(row, &keyless)).then_some(false)
            }
            _ => None,
        };
        Bits::from_fn(len, |row| same(row) == Some(want == Comparison::Equal))
    }
}
