//! Measures as graphs.

use super::{Domain, Graph, Lowered, NodeId, Rails};
use crate::builtin::{Function, Quantifier};
use crate::program::{ExprId, ExprKind, Figure};
use crate::schema::{FrameId, Physical};
use crate::syntax::tree::Operator;

/// A measure.
#[derive(Clone, Debug)]
pub struct MeasurePlan {
    /// Index in the program.
    pub measure: usize,
    /// The figure; of a change, the one before.
    pub figure: FigurePlan,
    /// The figure after a change, split as the one before is.
    pub after: Option<FigurePlan>,
}

/// A figure of a measure.
#[derive(Clone, Debug)]
pub enum FigurePlan {
    /// Its value over [`Domain::Unit`].
    Whole(Lowered),
    /// With 按: how that of a group is computed.
    Split(Recipe),
}

/// How the figure of a group is computed.
#[derive(Clone, Debug)]
pub enum Recipe {
    /// By putting the elements of the group together.
    Form(Grouped),
    /// It is the same for all groups: a value over [`Domain::Unit`].
    Same(NodeId),
    /// From two others; how the result is stored.
    Operation(Operator, Box<Recipe>, Box<Recipe>, Physical),
    /// Minus another.
    Negative(Box<Recipe>),
    /// By a function of others.
    Call(Function, Vec<Recipe>),
}

/// A list form whose elements are in groups.
#[derive(Clone, Copy, Debug)]
pub struct Grouped {
    /// The value of each element; its truth where elements are counted.
    pub value: Lowered,
    /// The group's key.
    pub key: NodeId,
    /// The elements counted.
    pub member: Rails,
    /// How they are put together.
    pub quantifier: Quantifier,
    /// How the result is stored.
    pub physical: Physical,
    /// Their frame.
    pub frame: FrameId,
    /// Whether all of them were read, over [`Domain::Unit`].
    pub whole: NodeId,
}

impl Graph {
    pub(super) fn measure(&mut self, index: usize) -> Option<MeasurePlan> {
        let program = self.program.clone();
        let measure = program.measures.get(index)?;
        let figure = self.figure(&measure.figure)?;
        let after = match &measure.after {
            None => None,
            Some(after) => Some(self.figure(after)?),
        };
        Some(MeasurePlan { measure: index, figure, after })
    }

    fn figure(&mut self, figure: &Figure) -> Option<FigurePlan> {
        if figure.by.is_empty() {
            let unit = self.enter(super::Context { domain: Domain::Unit, rows: Vec::new() });
            return Some(FigurePlan::Whole(self.lower(figure.body, unit)));
        }
        Some(FigurePlan::Split(self.recipe(figure.body, figure)?))
    }

    fn recipe(&mut self, id: ExprId, figure: &Figure) -> Option<Recipe> {
        let program = self.program.clone();
        let expr = program.expr(id);
        Some(match &expr.kind {
            ExprKind::Quantify { .. } => {
                let (_, by) = figure.by.iter().find(|(form, _)| *form == id)?;
                Recipe::Form(self.grouped(id, *by)?)
            }
            ExprKind::Arithmetic(operator, a, b) => Recipe::Operation(
                *operator,
                Box::new(self.recipe(*a, figure)?),
                Box::new(self.recipe(*b, figure)?),
                expr.ty.physical(),
            ),
            ExprKind::Negate(inner) => Recipe::Negative(Box::new(self.recipe(*inner, figure)?)),
            ExprKind::Call(function, parts) if !parts.is_empty() => {
                let parts = parts.iter().map(|part| self.recipe(*part, figure));
                Recipe::Call(*function, parts.collect::<Option<_>>()?)
            }
            _ => {
                let unit = self.enter(super::Context { domain: Domain::Unit, rows: Vec::new() });
                Recipe::Same(self.argument(id, unit))
            }
        })
    }

    fn grouped(&mut self, form: ExprId, by: ExprId) -> Option<Grouped> {
        let program = self.program.clone();
        let expr = program.expr(form);
        let ExprKind::Quantify { quantifier, list, filter, body } = expr.kind else { return None };
        let (context, domain) = (self.fresh(list.frame()), Domain::Frame(list.frame()));
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
        let (frame, physical) = (list.frame(), expr.ty.physical());
        Some(Grouped { value, key, member, quantifier, physical, frame, whole })
    }
}
