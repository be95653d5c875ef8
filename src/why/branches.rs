//! Blame of a condition that is one of two, as a third decides.

use super::blame::{Blame, Walker};
use crate::lowering::ContextId;
use crate::program::ExprId;

impl Walker<'_> {
    /// A condition that is one of two: which of them it is, and the truth of that one; of both where
    /// which is not known, and they are the same.
    pub(super) fn branches(
        &mut self,
        [condition, then, otherwise]: [ExprId; 3],
        context: ContextId,
        row: usize,
        want: Blame,
    ) {
        let (which, taken) = match self.truth(condition, context, row) {
            Some(true) => (Blame::True, &[then][..]),
            Some(false) => (Blame::False, &[otherwise][..]),
            None if want == Blame::Unknown => (Blame::Unknown, &[][..]),
            None => (Blame::Unknown, &[then, otherwise][..]),
        };
        if (which == Blame::Unknown) == (want == Blame::Unknown) {
            self.blame(condition, context, row, which);
        }
        taken.iter().for_each(|branch| self.blame(*branch, context, row, want));
    }
}
