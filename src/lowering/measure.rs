//! Measures as graphs.

use super::{Domain, Graph, Lowered, NodeId, Rails};
use crate::builtin::Quantifier;
use crate::program::{ExprKind, Figure};
use crate::schema::FrameId;

/// A measure.
#[derive(Clone, Copy, Debug)]
pub struct MeasurePlan {
    /// Index in the program.
    pub measure: usize,
    /// The figure; of a change, the one before.
    pub figure: FigurePlan,
    /// The figure after a change, split as the one before is.
    pub after: Option<FigurePlan>,
}

/// A figure of a measure.
#[derive(Clone, Copy, Debug)]
pub struct FigurePlan {
    /// Its value over [`Domain::Unit`]; with a group, the value of each element.
    pub value: Lowered,
    /// With 按: for each element of its list, the group.
    pub by: Option<Grouped>,
}

/// The parts of a figure that is split into groups.
#[derive(Clone, Copy, Debug)]
pub struct Grouped {
    /// The group's key.
    pub key: NodeId,
    /// The elements counted.
    pub member: Rails,
    /// How they are put together.
    pub quantifier: Quantifier,
    /// Their frame.
    pub frame: FrameId,
    /// Whether all of them were read, over [`Domain::Unit`].
    pub whole: NodeId,
}

impl Graph {
    pub(super) fn measure(&mut self, index: usize) -> Option<MeasurePlan> {
        let program = self.program.clone();
        let measure = program.measures.get(index)?;
        let figure = self.figure(measure.figure)?;
        let after = match measure.after {
            None => None,
            Some(after) => Some(self.figure(after)?),
        };
        Some(MeasurePlan { measure: index, figure, after })
    }

    fn figure(&mut self, figure: Figure) -> Option<FigurePlan> {
        let unit = self.enter(super::Context { domain: Domain::Unit, rows: Vec::new() });
        let Some(by) = figure.by else {
            return Some(FigurePlan { value: self.lower(figure.body, unit), by: None });
        };
        let ExprKind::Quantify { quantifier, list, filter, body } =
            self.program.expr(figure.body).kind
        else {
            return None;
        };
        let context = self.fresh(list.frame());
        let domain = Domain::Frame(list.frame());
        let everything = Rails { t: self.truth(true, domain), f: self.truth(false, domain) };
        let mut member = filter.map_or(everything, |filter| self.rails(filter, context));
        let value = match body {
            Some(body) if quantifier == Quantifier::Count => {
                let body = self.rails(body, context);
                member = self.both(&[member, body], domain);
                Lowered::Truth(member)
            }
            Some(body) => self.lower(body, context),
            None => Lowered::Truth(member),
        };
        let key = self.value(by, context);
        let whole = self.list_given(super::Grouping::All(list.frame()));
        Some(FigurePlan {
            value,
            by: Some(Grouped { key, member, quantifier, frame: list.frame(), whole }),
        })
    }
}
