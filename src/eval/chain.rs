//! Chains of rows before one another: cycles, and the longest path.

use super::cycle::{reversed, sums};
use super::{Evaluator, Series, Vector};
use crate::lowering::{Links, NodeId};
use crate::value::component::on_cycles;
use crate::value::{Bits, Ratio};
use num_traits::CheckedAdd;
use std::collections::VecDeque;

/// One row before another, as an element says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The row before; `None` where it is not known.
    pub before: Option<usize>,
    /// The element, as the parts of the form see it.
    pub element: usize,
    /// Whether it surely counts.
    pub sure: bool,
}

/// The rows before each row.
struct Precedence {
    before: Vec<Vec<u32>>,
    /// Rows of which it is not known what comes before them.
    open: Bits,
}

impl Evaluator {
    /// The rows before one row.
    #[must_use]
    pub fn links(&self, links: &Links, row: usize) -> Vec<Link> {
        let link = |element: usize| {
            let before = self.get(links.before).scalar(element).and_then(|row| match row {
                crate::builtin::Scalar::Int(row) => usize::try_from(row).ok(),
                _ => None,
            });
            Link { before, element, sure: self.holds(links.sure, element) }
        };
        let may = |element: &usize| self.holds(links.maybe, *element);
        match links.list {
            None => Some(row).filter(may).map(link).into_iter().collect(),
            Some((grouping, back)) => {
                let outer = match back.map(|at| self.get(at).scalar(row)) {
                    None => Some(row),
                    Some(Some(crate::builtin::Scalar::Int(at))) => usize::try_from(at).ok(),
                    Some(_) => None,
                };
                let groups = self.groups(grouping);
                outer.map_or_else(Vec::new, |outer| {
                    groups.elements(outer).filter(may).map(link).collect()
                })
            }
        }
    }

    /// The rows before each of `len` rows: those that surely come before, or those that may.
    fn precedence(&self, links: &Links, len: usize, sure: bool) -> Precedence {
        let mut open = Vec::with_capacity(len);
        let mut before = Vec::with_capacity(len);
        for row in 0..len {
            let found = self.links(links, row);
            let given = self.holds(links.given, row);
            open.push(!given || found.iter().any(|link| link.before.is_none()));
            let counted =
                found.iter().filter(|link| link.sure || !sure).filter_map(|link| link.before);
            before.push(counted.filter_map(|row| u32::try_from(row).ok()).collect());
        }
        Precedence {
            before,
            open: Bits::from_fn(len, |row| open.get(row).copied().unwrap_or(true)),
        }
    }

    /// Rows on a cycle.
    pub(super) fn cycles(&self, links: &Links, len: usize) -> Vector {
        let on = on_cycles(&self.precedence(links, len, true).before);
        Vector::Bits(Bits::from_fn(len, |row| on.get(row).copied().unwrap_or(false)))
    }

    /// Rows that may be on a cycle: on one of rows that may come before one another, or after a row
    /// before which any may come.
    pub(super) fn may_cycle(&self, links: &Links, len: usize) -> Vector {
        let precedence = self.precedence(links, len, false);
        let on = on_cycles(&precedence.before);
        let mut reached: Vec<bool> = (0..len).map(|row| precedence.open.get(row)).collect();
        if reached.contains(&true) {
            let after = reversed(&precedence.before);
            let mut queue: VecDeque<usize> = precedence.open.iter().collect();
            while let Some(row) = queue.pop_front() {
                for &next in after.get(row).map_or(&[][..], Vec::as_slice) {
                    if let Some(slot) = reached.get_mut(next as usize).filter(|reached| !**reached)
                    {
                        *slot = true;
                        queue.push_back(next as usize);
                    }
                }
            }
        }
        let may =
            |row: usize| [&on, &reached].iter().any(|rows| rows.get(row).copied().unwrap_or(true));
        Vector::Bits(Bits::from_fn(len, may))
    }

    /// The greatest sum along a chain that ends with each row; unknown on and after a cycle, and
    /// where a part is.
    pub(super) fn longest(&self, links: &Links, weight: NodeId, len: usize) -> Vector {
        let (sure, maybe) = (self.precedence(links, len, true), self.precedence(links, len, false));
        let doubtful = |row: usize| {
            maybe.open.get(row)
                || maybe.before.get(row).map(Vec::len) != sure.before.get(row).map(Vec::len)
        };
        let known = Bits::from_fn(len, |row| !doubtful(row));
        match self.get(weight) {
            Vector::Ints(Series::Same(_) | Series::Many(_), _) => {
                let own = |row: usize| match self.get(weight).scalar(row) {
                    Some(crate::builtin::Scalar::Int(value)) if known.get(row) => Some(value),
                    _ => None,
                };
                Vector::ints(sums(&maybe.before, own, 0, |a: &i64, b: &i64| {
                    i64::checked_add(*a, *b)
                }))
            }
            _ => {
                let own = |row: usize| match self.get(weight).scalar(row) {
                    Some(crate::builtin::Scalar::Ratio(value)) if known.get(row) => Some(value),
                    _ => None,
                };
                Vector::ratios(sums(
                    &maybe.before,
                    own,
                    Ratio::from_integer(0),
                    CheckedAdd::checked_add,
                ))
            }
        }
    }
}
