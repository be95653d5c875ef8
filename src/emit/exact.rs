//! Exact numbers: a numerator and a denominator of the engine's widest whole numbers, reduced. Both
//! fit 64 bits, so that products of two fit 128; what would not stops the query.

use super::define::{Definer, Definition, RANGE, Refused, TOO_LARGE};
use super::dialect::{remainder, wide};
use super::layout::Holds;
use super::template::{Cell, Part, Template, fill, number, product};
use crate::invariant::broken;
use crate::lowering::{NodeId, Op};
use crate::schema::{Constant, Physical};
use crate::syntax::tree::Operator;

/// The denominator under which exact numbers of a list are summed up: what divides it can be.
pub(super) const SCALE: &str = "1000000000000";

impl Definer<'_> {
    /// The denominator of an exact number; that of a whole one is 1.
    pub(super) fn under(&self, id: NodeId) -> Template {
        match self.known_under(id) {
            Some(known) => known.into(),
            None => Cell::Node(id, Part::Under).into(),
        }
    }

    /// A denominator that is the same for all rows.
    fn known_under(&self, id: NodeId) -> Option<String> {
        let node = self.node(id);
        if node.physical != Physical::Ratios {
            return Some("1".to_owned());
        }
        match &node.op {
            Op::Constant(Constant::Ratio(value)) => Some(number(*value.denom())),
            Op::ToRatio(_) => Some("1".to_owned()),
            Op::Gather(_, inner) | Op::Where(inner, _) | Op::Negate(inner) => {
                self.known_under(*inner)
            }
            Op::Call(function, arguments) if function.0.en == "abs" => {
                arguments.first().and_then(|inner| self.known_under(*inner))
            }
            Op::Pick(_, a, b) => {
                let (a, b) = (self.known_under(*a)?, self.known_under(*b)?);
                (a == b).then_some(a)
            }
            _ => None,
        }
    }

    /// The numerator of a number, wide.
    pub(super) fn over(&self, id: NodeId) -> Template {
        match self.node(id).physical {
            Physical::Ratios => id.into(),
            _ => wide(id),
        }
    }

    /// A part of an exact number.
    pub(super) fn exact(&self, id: NodeId, part: Part) -> Result<Definition, Refused> {
        let (node, row) = (self.node(id), |template: Template| Ok(Definition::Row(template)));
        let of = |inner: NodeId| match part {
            Part::Under => self.under(inner),
            _ => inner.into(),
        };
        match (&node.op, part) {
            (_, Part::Raw | Part::RawUnder) => self.raw(id, part),
            (_, Part::Divisor) => {
                let [raw, under] = [Part::Raw, Part::RawUnder].map(|part| Cell::Node(id, part));
                let above = self.dialect.divisor(raw, under);
                let below = self.dialect.divisor(raw, fill("(0 - {})", [under.into()]));
                let text = "CASE WHEN {} > 0 THEN {} WHEN {} < 0 THEN (0 - {}) END";
                row(fill(text, [under.into(), above, under.into(), below]))
            }
            (_, Part::Named) => broken("a number that names a row"),
            (Op::Constant(Constant::Ratio(value)), _) => {
                let of = if part == Part::Under { value.denom() } else { value.numer() };
                row(if part == Part::Under { number(*of).into() } else { wide(number(*of)) })
            }
            (Op::Column(frame, field), _) => {
                let holds = match part {
                    Part::Under => Holds::Under(*field),
                    _ => Holds::Value(*field),
                };
                Ok(Definition::Base(self.base(*frame, holds)))
            }
            (Op::Gather(at, inner), _) => Ok(Definition::Read {
                at: (*at).into(),
                of: Cell::Node(*inner, part),
                truth: false,
            }),
            (Op::Where(value, rows), _) => {
                row(fill("CASE WHEN {} THEN {} END", [(*rows).into(), of(*value)]))
            }
            (Op::Pick(rows, a, b), _) => {
                row(fill("CASE WHEN {} THEN {} ELSE {} END", [(*rows).into(), of(*a), of(*b)]))
            }
            (Op::ToRatio(inner), Part::Whole) => row(wide(*inner)),
            (Op::ToRatio(_), _) => row("1".into()),
            (Op::Negate(inner), Part::Whole) => row(fill("(0 - {})", [of(*inner)])),
            (Op::Negate(inner), _) => row(of(*inner)),
            (Op::Call(function, arguments), _) if function.0.en == "abs" => {
                let Some(inner) = arguments.first() else { broken("a magnitude of nothing") };
                row(if part == Part::Under { of(*inner) } else { fill("ABS({})", [of(*inner)]) })
            }
            (Op::Arithmetic(..) | Op::Sum(..) | Op::Max(..) | Op::Min(..), _) => {
                row(self.reduced(id, part))
            }
            (Op::Call(function, arguments), _) => {
                self.raw_exact_call(*function, arguments)?;
                row(self.reduced(id, part))
            }
            _ => broken("an exact number of an unknown kind"),
        }
    }

    /// A part of what was computed, divided by what both have in common.
    fn reduced(&self, id: NodeId, part: Part) -> Template {
        let raw = if part == Part::Under { Part::RawUnder } else { Part::Raw };
        let quotient = self.dialect.quotient(Cell::Node(id, raw), Cell::Node(id, Part::Divisor));
        let stop = self.dialect.stop(TOO_LARGE, Cell::Node(id, raw));
        let text = format!("CASE WHEN {{}} {RANGE} THEN {{}} WHEN {{}} IS NOT NULL THEN {{}} END");
        fill(&text, [quotient.clone(), quotient.clone(), quotient, stop])
    }

    /// What an exact number comes to before it is reduced.
    fn raw(&self, id: NodeId, part: Part) -> Result<Definition, Refused> {
        let under = part == Part::RawUnder;
        match &self.node(id).op {
            Op::Arithmetic(operator, a, b) => {
                let ((n, d), (m, e)) = ((a, self.under(*a)), (b, self.under(*b)));
                Ok(Definition::Row(match (operator, under) {
                    (Operator::Divide, false) => product(*n, e),
                    (Operator::Divide, true) => product(d, *m),
                    (_, true) => product(d, e),
                    (Operator::Multiply, false) => product(*n, *m),
                    (Operator::Add, false) => fill("{} + {}", [product(*n, e), product(*m, d)]),
                    (Operator::Subtract, false) => {
                        fill("{} - {}", [product(*n, e), product(*m, d)])
                    }
                }))
            }
            Op::Sum(..) | Op::Max(..) | Op::Min(..) if under => Ok(Definition::Row(SCALE.into())),
            Op::Sum(grouping, mask, value) => {
                let each =
                    fill("SUM(CASE WHEN {} THEN {} END)", [(*mask).into(), self.scaled(*value)]);
                Ok(Definition::Fold { grouping: *grouping, each, empty: Some("0") })
            }
            Op::Max(grouping, mask, value) => {
                let each =
                    fill("MAX(CASE WHEN {} THEN {} END)", [(*mask).into(), self.scaled(*value)]);
                Ok(Definition::Fold { grouping: *grouping, each, empty: None })
            }
            Op::Min(grouping, mask, value) => {
                let each =
                    fill("MIN(CASE WHEN {} THEN {} END)", [(*mask).into(), self.scaled(*value)]);
                Ok(Definition::Fold { grouping: *grouping, each, empty: None })
            }
            Op::Call(function, arguments) => {
                let (raw, denominator) = self.raw_exact_call(*function, arguments)?;
                Ok(Definition::Row(if under { denominator } else { raw }))
            }
            _ => broken("an exact number that is not computed"),
        }
    }

    /// A number in parts of [`SCALE`]; stops the query where it is none.
    pub(super) fn scaled(&self, id: NodeId) -> Template {
        let over = self.over(id);
        match self.known_under(id).as_deref() {
            Some("1") => product(over, SCALE),
            Some(under) if SCALE.len() >= under.len() && divides(under) => {
                product(over, self.dialect.quotient(wide(SCALE), under))
            }
            _ => {
                let under = || self.under(id);
                let rest = remainder(wide(SCALE), under());
                let whole = product(over, self.dialect.quotient(wide(SCALE), under()));
                let stop = self.dialect.stop(TOO_LARGE, under());
                let text = "CASE WHEN {} = 0 THEN {} WHEN {} IS NOT NULL THEN {} END";
                fill(text, [rest, whole, id.into(), stop])
            }
        }
    }
}

/// Whether a denominator divides [`SCALE`].
fn divides(under: &str) -> bool {
    let (scale, under) = (SCALE.parse::<i128>(), under.parse::<i128>());
    matches!((scale, under), (Ok(scale), Ok(under)) if under > 0 && scale % under == 0)
}
