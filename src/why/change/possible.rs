//! Whether conditions can be so at all, whatever the facts are: read off the graph. What is said to
//! be impossible is; what is not may be impossible as well.

use crate::lowering::{Graph, NodeId, Op};
use crate::program::Comparison;
use crate::schema::{Constant, Physical, Type};
use crate::value::Ratio;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many conditions are looked at to see whether all can be so together.
const STEPS: usize = 20_000;

/// What is asked of conditions that are to be so together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// That none has to hold and to fail at once.
    Conditions,
    /// And that the values they are about can be what all of them ask.
    Values,
}

/// Whether truths can all be so.
pub(super) fn can_be(
    graph: &Graph,
    wanted: impl IntoIterator<Item = (NodeId, bool)>,
    ask: Ask,
) -> bool {
    let wanted = wanted.into_iter().collect();
    Together { graph, ask, steps: STEPS }.can_be(wanted, Vec::new(), BTreeMap::new())
}

/// Looks for a way in which conditions are all so.
struct Together<'g> {
    graph: &'g Graph,
    ask: Ask,
    steps: usize,
}

/// Conditions of which one has to be so.
type Ways<'g> = (&'g [NodeId], bool);

impl<'g> Together<'g> {
    fn can_be(
        &mut self,
        mut open: Vec<(NodeId, bool)>,
        mut ways: Vec<Ways<'g>>,
        mut known: BTreeMap<NodeId, bool>,
    ) -> bool {
        while let Some((node, want)) = open.pop() {
            match known.insert(node, want) {
                Some(before) if before != want => return false,
                Some(_) => continue,
                None => {}
            }
            match self.graph.node(node).map(|found| &found.op) {
                Some(Op::Truth(value)) if *value != want => return false,
                Some(Op::Not(inner)) => open.push((*inner, !want)),
                Some(Op::And(parts)) if want => open.extend(parts.iter().map(|at| (*at, want))),
                Some(Op::Or(parts)) if !want => open.extend(parts.iter().map(|at| (*at, want))),
                Some(Op::And(parts) | Op::Or(parts)) => ways.push((parts, want)),
                _ => {}
            }
        }
        if self.ask == Ask::Values && !self.values_agree(&known) {
            return false;
        }
        let Some((parts, want)) = ways.pop() else { return true };
        parts.iter().any(|part| {
            self.steps = self.steps.saturating_sub(1);
            self.steps == 0 || self.can_be(vec![(*part, want)], ways.clone(), known.clone())
        })
    }

    /// Whether values can be what all of these comparisons with constants ask, and elements and
    /// rows that are read what is asked of them.
    fn values_agree(&mut self, known: &BTreeMap<NodeId, bool>) -> bool {
        let graph = self.graph;
        let mut values: BTreeMap<NodeId, Value> = BTreeMap::new();
        for (node, want) in known {
            match graph.node(*node).map(|found| &found.op) {
                Some(Op::Compare(comparison, a, b)) => {
                    let comparison = if *want { *comparison } else { comparison.negated() };
                    let constant = |node: NodeId| match graph.node(node).map(|found| &found.op) {
                        Some(Op::Constant(constant)) => Some(constant),
                        _ => None,
                    };
                    let (of, comparison, with) = match (constant(*a), constant(*b)) {
                        (None, Some(with)) => (*a, comparison, with),
                        (Some(with), None) => (*b, comparison.mirrored(), with),
                        _ => continue,
                    };
                    let of = self.plain(of);
                    let value = values.entry(of).or_insert_with(|| Value::of(graph, of));
                    if !value.narrow(comparison, with) {
                        return false;
                    }
                }
                Some(Op::Exists(_, inner) | Op::GatherBits(_, inner))
                    if *want && !self.can_be(vec![(*inner, true)], Vec::new(), BTreeMap::new()) =>
                {
                    return false;
                }
                _ => {}
            }
        }
        true
    }

    /// A value without the change of its kind, and wherever it is known.
    fn plain(&self, mut node: NodeId) -> NodeId {
        while let Some(Op::ToRatio(inner) | Op::Where(inner, _)) =
            self.graph.node(node).map(|found| &found.op)
        {
            node = *inner;
        }
        node
    }
}

/// What a value may still be.
#[derive(Debug, Default)]
struct Value {
    whole: bool,
    least: Option<(Ratio, bool)>,
    most: Option<(Ratio, bool)>,
    /// The text it is.
    text: Option<Arc<str>>,
    others: Vec<Constant>,
}

impl Value {
    fn of(graph: &Graph, node: NodeId) -> Self {
        let Some(found) = graph.node(node) else { return Self::default() };
        let mut value = Self { whole: found.physical == Physical::Ints, ..Self::default() };
        let number = |value: i64| Some((Ratio::from_integer(i128::from(value)), false));
        match found.op {
            Op::Count(..) => value.least = number(0),
            Op::Column(frame, field) => {
                let schema = &graph.program.schema;
                let members = match schema.field(frame, field).map(|found| found.ty) {
                    Some(Type::Enum(id)) => schema.enumeration(id).map(|found| found.values.len()),
                    _ => None,
                };
                if let Some(last) = members.and_then(|count| i64::try_from(count).ok()) {
                    value.least = number(0);
                    value.most = number(last.saturating_sub(1));
                }
            }
            _ => {}
        }
        value
    }

    /// Takes away what a comparison excludes; false where nothing is left.
    fn narrow(&mut self, comparison: Comparison, with: &Constant) -> bool {
        match with {
            Constant::Int(value) => {
                self.number(comparison, Ratio::from_integer(i128::from(*value)), with)
            }
            Constant::Ratio(value) => self.number(comparison, *value, with),
            Constant::Text(text) if comparison == Comparison::Equal => {
                let same = self.text.get_or_insert_with(|| text.clone()) == text;
                same && !self.others.contains(with)
            }
            Constant::Text(text) if comparison == Comparison::NotEqual => {
                self.others.push(with.clone());
                self.text.as_deref() != Some(&**text)
            }
            _ => true,
        }
    }

    fn number(&mut self, comparison: Comparison, with: Ratio, constant: &Constant) -> bool {
        let (least, most) = match comparison {
            Comparison::Less => (None, Some((with, true))),
            Comparison::LessEqual => (None, Some((with, false))),
            Comparison::Greater => (Some((with, true)), None),
            Comparison::GreaterEqual => (Some((with, false)), None),
            Comparison::Equal => (Some((with, false)), Some((with, false))),
            Comparison::NotEqual => {
                self.others.push(constant.clone());
                (None, None)
            }
        };
        // A strict limit is the narrower one of the same number.
        if let Some(least) = least {
            self.least = Some(self.least.map_or(least, |known| known.max(least)));
        }
        if let Some((limit, strict)) = most {
            let narrower = |(known, is_strict): (Ratio, bool)| {
                if limit < known {
                    (limit, strict)
                } else {
                    (known, is_strict || limit == known && strict)
                }
            };
            self.most = Some(self.most.map_or((limit, strict), narrower));
        }
        self.is_left()
    }

    fn is_left(&self) -> bool {
        let (Some((least, above)), Some((most, below))) = (self.least, self.most) else {
            return true;
        };
        if !self.whole {
            let excluded = self.others.contains(&Constant::Ratio(least));
            return least < most || least == most && !above && !below && !excluded;
        }
        let first = least.ceil().to_integer();
        let first = first.saturating_add(i128::from(above && least.is_integer()));
        let last = most.floor().to_integer();
        let last = last.saturating_sub(i128::from(below && most.is_integer()));
        // A value more than are excluded is left.
        let tried = i128::try_from(self.others.len()).unwrap_or(i128::MAX);
        (first..=last.min(first.saturating_add(tried))).any(|value| {
            let same = |other: &Constant| match other {
                Constant::Int(other) => i128::from(*other) == value,
                Constant::Ratio(other) => *other == Ratio::from_integer(value),
                _ => false,
            };
            !self.others.iter().any(same)
        })
    }
}
