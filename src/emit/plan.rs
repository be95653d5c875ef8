//! Which cells a query needs, which of them become columns, and in which step each can be computed.
//!
//! A step adds columns to the rows of one domain. A cell is a column where it is read more than
//! once, from other rows, or by a join; else it is written where it is read.

use super::define::{Definer, Definition, Refused, elements};
use super::template::{Cell, Part, Template};
use crate::invariant::broken;
use crate::lowering::{Domain, Grouping, Key, NodeId, Pairs, PairsId};
use crate::schema::Physical;
use std::collections::{BTreeMap, BTreeSet};

/// A domain that has an order.
pub(super) type Place = (u8, u32);

/// The place of a domain in an order.
pub(super) fn place(domain: Domain) -> Place {
    match domain {
        Domain::Unit => (0, 0),
        Domain::Frame(frame) => (1, frame.0),
        Domain::Pairs(id) => (2, id.0),
    }
}

/// A cell that is needed.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) definition: Definition,
    pub(super) domain: Domain,
    uses: usize,
    /// Whether rows of other relations read it.
    is_read: bool,
}

/// What a query needs.
pub(super) struct Plan<'p> {
    pub(super) definer: Definer<'p>,
    pub(super) cells: BTreeMap<Cell, Planned>,
    pub(super) pairs: BTreeSet<PairsId>,
    steps: BTreeMap<Cell, u32>,
    starts: BTreeMap<PairsId, u32>,
}

/// How long a text may be that is written again wherever it is read.
const SHORT: usize = 40;

/// Whether a cell is no more work than reading a column would be.
fn is_light(definition: &Definition) -> bool {
    let Definition::Row(template) = definition else {
        return matches!(definition, Definition::Base(_));
    };
    let length = template.0.iter().map(|piece| match piece {
        super::template::Piece::Text(text) => text.len(),
        super::template::Piece::Cell(_) => 0,
    });
    match template.cells().count() {
        0 => true,
        1 => length.sum::<usize>() <= SHORT,
        _ => false,
    }
}

impl<'p> Plan<'p> {
    /// A plan for what the roots need.
    pub(super) fn new(
        definer: Definer<'p>,
        roots: impl IntoIterator<Item = Cell>,
    ) -> Result<Self, Refused> {
        let mut plan = Self {
            definer,
            cells: BTreeMap::new(),
            pairs: BTreeSet::new(),
            steps: BTreeMap::new(),
            starts: BTreeMap::new(),
        };
        for root in roots {
            plan.need(root, false)?;
        }
        let cells: Vec<Cell> = plan.cells.keys().copied().collect();
        for cell in cells {
            plan.settle(cell);
        }
        let pairs: Vec<PairsId> = plan.pairs.iter().copied().collect();
        for id in pairs {
            plan.settle_start(Domain::Pairs(id));
        }
        Ok(plan)
    }

    fn need(&mut self, cell: Cell, is_read: bool) -> Result<(), Refused> {
        if let Some(known) = self.cells.get_mut(&cell) {
            known.uses += 1;
            known.is_read |= is_read;
            // What is written again reads again what it is made of.
            if is_light(&known.definition) {
                let definition = known.definition.clone();
                return self.need_all(&definition);
            }
            return Ok(());
        }
        let definition = self.definer.definition(cell)?;
        let domain = self.definer.domain(cell);
        self.need_domain(domain)?;
        self.need_all(&definition)?;
        self.cells.insert(cell, Planned { definition, domain, uses: 1, is_read });
        Ok(())
    }

    fn need_domain(&mut self, domain: Domain) -> Result<(), Refused> {
        let Domain::Pairs(id) = domain else { return Ok(()) };
        if !self.pairs.insert(id) {
            return Ok(());
        }
        let pairs = self.pairs_of(id).clone();
        self.need_domain(pairs.outer)?;
        for cell in self.tied(&pairs) {
            self.need(cell, true)?;
        }
        Ok(())
    }

    pub(super) fn pairs_of(&self, id: PairsId) -> &'p Pairs {
        match self.definer.policy.graph.pairs_of(id) {
            Some(pairs) => pairs,
            None => broken("pairs of another graph"),
        }
    }

    /// The cells by which rows are paired.
    fn tied(&self, pairs: &Pairs) -> Vec<Cell> {
        let mut cells: Vec<Cell> = Vec::new();
        let mut value = |node: NodeId| {
            cells.push(node.into());
            cells.extend(self.definer.under(node).cells());
        };
        if let Some(group) = pairs.group {
            value(group.owner.0);
            value(group.owner.1);
        }
        for key in &pairs.keys {
            match *key {
                Key::Value { outer, inner } => {
                    value(outer);
                    value(inner);
                }
                Key::Truth { outer, inner } => {
                    [outer.t, outer.f, inner.t, inner.f].into_iter().for_each(&mut value);
                }
            }
        }
        for bound in &pairs.bounds {
            value(bound.outer);
            value(bound.inner);
        }
        pairs.outer_fits.into_iter().chain(pairs.inner_fits).for_each(value);
        cells
    }

    fn need_all(&mut self, definition: &Definition) -> Result<(), Refused> {
        match definition {
            Definition::Base(_) => Ok(()),
            Definition::Row(template) => self.need_template(template),
            Definition::Read { at, of, .. } => {
                self.need(*at, false)?;
                self.need(*of, true)
            }
            Definition::Beside { joins, found } => {
                for (_, on) in joins {
                    for (_, template) in on {
                        self.need_template(template)?;
                    }
                }
                self.need_template(found)
            }
            Definition::Fold { grouping, each, .. } => {
                self.need_domain(elements(*grouping))?;
                self.need_template(each)
            }
            Definition::Ranked(ranked) => {
                self.need_domain(elements(ranked.grouping.0))?;
                for template in [&ranked.never, &ranked.sure].into_iter().chain(&ranked.rank) {
                    self.need_template(template)?;
                }
                Ok(())
            }
            Definition::Held(held) => {
                self.need_domain(elements(held.grouping.0))?;
                held.between.iter().try_for_each(|cell| self.need(*cell, true))?;
                held.each.iter().try_for_each(|part| self.need_template(part))
            }
        }
    }

    fn need_template(&mut self, template: &Template) -> Result<(), Refused> {
        template.cells().try_for_each(|cell| self.need(cell, false))
    }

    pub(super) fn planned(&self, cell: Cell) -> &Planned {
        match self.cells.get(&cell) {
            Some(planned) => planned,
            None => broken("a cell that was not planned"),
        }
    }

    /// Whether a cell is a column of its own.
    pub(super) fn is_column(&self, cell: Cell) -> bool {
        let planned = self.planned(cell);
        match planned.definition {
            Definition::Base(_) => false,
            Definition::Row(_) => {
                planned.is_read || planned.uses > 1 && !is_light(&planned.definition)
            }
            _ => true,
        }
    }

    /// The step after which a cell can be read.
    pub(super) fn step(&self, cell: Cell) -> u32 {
        self.steps.get(&cell).copied().unwrap_or(0)
    }

    /// The step after which all cells of a template can be read, at least that of their domain.
    pub(super) fn step_of(&self, template: &Template, domain: Domain) -> u32 {
        let own = template.cells().map(|cell| self.step(cell));
        own.chain([self.start(domain)]).max().unwrap_or(0)
    }

    /// The step in which the rows of a domain are there.
    pub(super) fn start(&self, domain: Domain) -> u32 {
        match domain {
            Domain::Pairs(id) => self.starts.get(&id).copied().unwrap_or(0),
            _ => 0,
        }
    }

    fn settle(&mut self, cell: Cell) -> u32 {
        if let Some(step) = self.steps.get(&cell) {
            return *step;
        }
        let planned = self.planned(cell);
        let (definition, domain) = (planned.definition.clone(), planned.domain);
        let mut step = self.settle_start(domain);
        let (mut read, mut of): (Vec<Cell>, Option<Domain>) = (Vec::new(), None);
        match &definition {
            Definition::Base(_) => {}
            Definition::Row(template) => read.extend(template.cells()),
            Definition::Read { at, of: there, .. } => {
                read.extend([*at, *there]);
                of = Some(self.planned(*there).domain);
            }
            Definition::Beside { joins, found } => {
                let on = joins.iter().flat_map(|(_, on)| on.iter().map(|(_, on)| on));
                read.extend(on.chain([found]).flat_map(Template::cells));
            }
            Definition::Fold { grouping, each, .. } => {
                of = Some(elements(*grouping));
                read.extend(each.cells());
            }
            Definition::Ranked(ranked) => {
                of = Some(elements(ranked.grouping.0));
                let parts = [&ranked.never, &ranked.sure].into_iter().chain(&ranked.rank);
                read.extend(parts.flat_map(Template::cells));
            }
            Definition::Held(held) => {
                of = Some(elements(held.grouping.0));
                read.extend(held.each.iter().flat_map(Template::cells).chain(held.between));
            }
        }
        if let Some(of) = of {
            step = step.max(self.settle_start(of));
        }
        for cell in read {
            step = step.max(self.settle(cell));
        }
        step += u32::from(self.is_column(cell));
        self.steps.insert(cell, step);
        step
    }

    fn settle_start(&mut self, domain: Domain) -> u32 {
        let Domain::Pairs(id) = domain else { return 0 };
        if let Some(start) = self.starts.get(&id) {
            return *start;
        }
        let pairs = self.pairs_of(id);
        let mut start = self.settle_start(pairs.outer);
        for cell in self.tied(pairs) {
            start = start.max(self.settle(cell));
        }
        self.starts.insert(id, start + 1);
        start + 1
    }

    /// Whether pairs are the outer rows of others, so that they have row numbers.
    pub(super) fn are_outer(&self, id: PairsId) -> bool {
        self.pairs.iter().any(|inner| self.pairs_of(*inner).outer == Domain::Pairs(id))
    }

    /// A value as stored, for one side of pairs: its parts.
    pub(super) fn parts(&self, node: NodeId) -> Vec<Template> {
        let value = Template::from(Cell::Node(node, Part::Whole));
        match self.definer.node(node).physical {
            Physical::Ratios => vec![value, self.definer.under(node)],
            _ => vec![value],
        }
    }
}

/// Which column of the elements says whose they are, unless they are all.
pub(super) fn owner(definer: &Definer<'_>, grouping: Grouping) -> Option<String> {
    use super::layout::{Holds, PARENT};
    match grouping {
        Grouping::Nested(_) => Some(super::dialect::quoted(PARENT)),
        Grouping::Inverse(frame, field) => Some(definer.base(frame, Holds::Value(field))),
        Grouping::Pairs(_) => Some("\"_outer\"".to_owned()),
        Grouping::All(_) => None,
    }
}
