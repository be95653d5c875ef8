//! Working days without those that intervals hold.

use super::{Evaluator, Vector};
use crate::builtin::Scalar;
use crate::lowering::{Intervals, NodeId};

impl Evaluator {
    pub(super) fn net_elapsed(&self, intervals: &Intervals, len: usize) -> Vector {
        let groups = self.groups(intervals.grouping);
        let (sure, never) = (self.bits(intervals.sure), self.bits(intervals.never));
        let [from, to] = intervals.between;
        let [first, last] = intervals.days;
        let net = |row: usize| {
            let (from, to) = (self.day(from, row)?, self.day(to, row)?);
            let mut held = Vec::new();
            for element in groups.elements(row).filter(|element| !never.get(*element)) {
                if !sure.get(element) {
                    return None;
                }
                held.push((self.day(first, element)?, self.day(last, element)?));
            }
            self.calendar.as_deref()?.elapsed_without(from, to, intervals.including, &mut held)
        };
        Vector::ints((0..len).map(net).collect())
    }

    fn day(&self, node: NodeId, row: usize) -> Option<i64> {
        match self.get(node).scalar(row) {
            Some(Scalar::Int(day)) => Some(day),
            _ => None,
        }
    }
}
