//! Days without those that intervals hold.

use super::scope::Scope;
use super::{Groups, Vector};
use crate::builtin::Counted;
use crate::lowering::Intervals;
use crate::value::calendar::days_without;
use std::ops::Range;

impl Scope<'_> {
    pub(super) fn net_elapsed(
        self,
        (intervals, groups): (&Intervals, &Groups),
        rows: &Range<usize>,
    ) -> Vector {
        let (sure, never) = (self.bits(intervals.sure), self.bits(intervals.never));
        let [from, to] = intervals.between;
        let [first, last] = intervals.days;
        let net = |(at, row): (usize, usize)| {
            let (from, to) = (self.integer(from, row)?, self.integer(to, row)?);
            let mut held = Vec::new();
            for element in groups.elements(at).filter(|element| !never.get(*element)) {
                if !sure.get(element) {
                    return None;
                }
                held.push((self.integer(first, element)?, self.integer(last, element)?));
            }
            let including = intervals.including;
            match intervals.counted {
                Counted::Workdays => {
                    self.calendar.as_deref()?.elapsed_without(from, to, including, &mut held)
                }
                Counted::Days => days_without(from, to, including, &mut held),
            }
        };
        Vector::ints(rows.clone().enumerate().map(net).collect())
    }
}
