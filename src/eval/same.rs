//! Whether two references name one row. One that could not be followed names a row all the same,
//! if its key could be read: none that is there, but for those it may mean.

use super::{Evaluator, Vector};
use crate::data::{FrameData, Stray};
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
pub(super) fn named<'d>(data: &'d FrameData, references: &Vector<'_>, row: usize) -> Named<'d> {
    let Vector::Ints(values, valid) = references else { return Named::Unknown };
    let found = values.get(row).and_then(|number| {
        if valid.get(row) {
            return usize::try_from(number).ok().map(Named::Row);
        }
        data.stray(number).map(|(at, stray)| Named::Stray(at, stray))
    });
    found.unwrap_or(Named::Unknown)
}

/// Elements by what their references name.
pub(super) struct Elements {
    by_row: BTreeMap<usize, Vec<usize>>,
    by_stray: BTreeMap<usize, Vec<usize>>,
    /// By the rows they may mean, the strays that are named.
    strays: BTreeMap<usize, Vec<usize>>,
    /// The strays named that no row is.
    missing: Vec<usize>,
    /// Elements of which it is not known what they name.
    open: Vec<usize>,
}

impl Elements {
    /// Groups `len` elements.
    pub(super) fn new(data: &FrameData, references: &Vector<'_>, len: usize) -> Self {
        let mut elements = Self {
            by_row: BTreeMap::new(),
            by_stray: BTreeMap::new(),
            strays: BTreeMap::new(),
            missing: Vec::new(),
            open: Vec::new(),
        };
        for element in 0..len {
            match named(data, references, element) {
                Named::Row(row) => elements.by_row.entry(row).or_default().push(element),
                Named::Stray(at, _) => elements.by_stray.entry(at).or_default().push(element),
                Named::Unknown => elements.open.push(element),
            }
        }
        for at in elements.by_stray.keys() {
            let Some(stray) = data.strays.get(*at) else { continue };
            for target in &stray.targets {
                elements.strays.entry(*target as usize).or_default().push(*at);
            }
            if stray.is_missing {
                elements.missing.push(*at);
            }
        }
        elements
    }

    /// The elements that surely name the same, or may, in order.
    pub(super) fn of(&self, named: Named<'_>, keyless: &Bits) -> Vec<usize> {
        let mut strays: Vec<usize> = Vec::new();
        let mut targets: Vec<usize> = Vec::new();
        match named {
            Named::Row(row) => {
                targets.push(row);
                if keyless.get(row) {
                    strays.extend(&self.missing);
                }
            }
            Named::Stray(at, stray) => {
                strays.push(at);
                targets.extend(stray.targets.iter().map(|target| *target as usize));
                if stray.is_missing {
                    targets.extend(keyless.iter());
                }
            }
            Named::Unknown => {}
        }
        strays.extend(targets.iter().filter_map(|row| self.strays.get(row)).flatten());
        strays.sort_unstable();
        strays.dedup();
        let of_rows = targets.iter().filter_map(|row| self.by_row.get(row)).flatten();
        let of_strays = strays.iter().filter_map(|at| self.by_stray.get(at)).flatten();
        let mut elements: Vec<usize> =
            of_rows.chain(of_strays).chain(&self.open).copied().collect();
        elements.sort_unstable();
        elements.dedup();
        elements
    }
}

impl Stray {
    /// Whether a row may be meant.
    pub(super) fn may_be(&self, row: usize, keyless: &Bits) -> bool {
        let number = u32::try_from(row).unwrap_or(u32::MAX);
        self.targets.binary_search(&number).is_ok() || self.is_missing && keyless.get(row)
    }
}

impl Evaluator<'_> {
    /// Rows of a table whose own key could not be read.
    pub(super) fn keyless(&self, table: FrameId) -> Bits {
        let key = self.graph.program.schema.frame(table).and_then(crate::schema::Frame::key);
        let len = self.frame(table).map_or(0, |data| data.len);
        let column = key.and_then(|key| self.frame(table)?.column(key));
        column.map_or_else(|| Bits::uniform(len, true), |column| column.present.not())
    }

    /// Where two columns of references to a table surely name one row, or surely do not.
    pub(super) fn same(
        &self,
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
        let mut meeting: BTreeMap<(usize, usize), bool> = BTreeMap::new();
        let mut same = |row: usize| match (named(data, a, row), named(data, b, row)) {
            (Named::Row(a), Named::Row(b)) => Some(a == b),
            (Named::Stray(a, stray), Named::Stray(b, _)) if a == b => {
                stray.is_missing.then_some(true)
            }
            (Named::Stray(one, a), Named::Stray(other, b)) => {
                let meet = meeting.entry((one, other)).or_insert_with(|| {
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
