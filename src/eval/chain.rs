//! Chains of rows before one another: cycles, and the longest path.

use super::cycle::{reversed, sums};
use super::scope::Scope;
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
    /// The element, as the parts of the form see it; of pairs, what explanations call it.
    pub element: usize,
    /// Whether it surely counts.
    pub sure: bool,
}

/// Which rows before are taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    /// Those that surely come before.
    Surely,
    /// And those that may.
    May,
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
        let Some((grouping, back)) = links.list else {
            return self.scope().links_of(links, &mut std::iter::once(row));
        };
        let outer = match back {
            None => Some(row),
            Some(at) => self.scope().integer(at, row).and_then(|at| usize::try_from(at).ok()),
        };
        let Some(outer) = outer else { return Vec::new() };
        let found =
            self.of_outer(grouping, outer, |scope, elements| scope.links_of(links, elements));
        let mut found = found.unwrap_or_default();
        for link in &mut found {
            link.element = self.named(grouping, outer, link.element);
        }
        found
    }
}

impl Scope<'_> {
    /// What some elements say comes before; those that surely do not count left out.
    fn links_of(self, links: &Links, elements: &mut dyn Iterator<Item = usize>) -> Vec<Link> {
        let is = |bits: &Vector, element| matches!(bits, Vector::Bits(bits) if bits.get(element));
        let (sure, maybe) = (self.get(links.sure), self.get(links.maybe));
        let link = |element: usize| {
            let before = self.integer(links.before, element);
            let before = before.and_then(|row| usize::try_from(row).ok());
            Link { before, element, sure: is(sure, element) }
        };
        elements.filter(|element| is(maybe, *element)).map(link).collect()
    }

    /// What comes before each of `len` rows.
    fn all_links(self, (id, links): (NodeId, &Links), len: usize) -> Vec<Vec<Link>> {
        let Some((grouping, back)) = links.list else {
            return (0..len).map(|row| self.links_of(links, &mut std::iter::once(row))).collect();
        };
        let outer = self.rows(self.evaluator.graph.outer_domain(grouping));
        let by_outer = self.by_blocks(grouping, id, outer, &|scope, groups, rows| {
            let of = |at| scope.links_of(links, &mut groups.elements(at));
            (0..rows.len()).map(of).collect::<Vec<_>>()
        });
        let by_outer: Vec<Vec<Link>> = by_outer.into_iter().flatten().collect();
        let Some(back) = back else { return by_outer };
        let of = |row| {
            let outer = usize::try_from(self.integer(back, row)?).ok()?;
            by_outer.get(outer).cloned()
        };
        (0..len).map(|row| of(row).unwrap_or_default()).collect()
    }

    /// The rows before each of `len` rows: those that surely come before, or those that may.
    fn precedence(self, of: (NodeId, &Links), len: usize, which: Which) -> Precedence {
        let mut open = Vec::with_capacity(len);
        let mut before = Vec::with_capacity(len);
        let given = self.bits(of.1.given);
        for (row, found) in self.all_links(of, len).into_iter().enumerate() {
            open.push(!given.get(row) || found.iter().any(|link| link.before.is_none()));
            let counted = found
                .iter()
                .filter(|link| link.sure || which == Which::May)
                .filter_map(|link| link.before);
            before.push(counted.filter_map(|row| u32::try_from(row).ok()).collect());
        }
        Precedence {
            before,
            open: Bits::from_fn(len, |row| open.get(row).copied().unwrap_or(true)),
        }
    }

    /// Rows on a cycle.
    pub(super) fn cycles(self, of: (NodeId, &Links), len: usize) -> Vector {
        let on = on_cycles(&self.precedence(of, len, Which::Surely).before);
        Vector::Bits(Bits::from_fn(len, |row| on.get(row).copied().unwrap_or(false)))
    }

    /// Rows that may be on a cycle: on one of rows that may come before one another, or after a row
    /// before which any may come.
    pub(super) fn may_cycle(self, of: (NodeId, &Links), len: usize) -> Vector {
        let precedence = self.precedence(of, len, Which::May);
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
    pub(super) fn longest(self, of: (NodeId, &Links), weight: NodeId, len: usize) -> Vector {
        let sure = self.precedence(of, len, Which::Surely);
        let maybe = self.precedence(of, len, Which::May);
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
