//! The most similar row, and chains of rows before one another.

use super::{Alike, ContextId, Domain, Graph, Index, Links, Lowered, NodeId, Op, Rails};
use crate::program::{Chain, Comparison, ExprId, ExprKind, Nearest};
use crate::schema::{Constant, Physical};
use crate::value::Ratio;

impl Graph {
    /// The row most like a text; known where there is one.
    pub(super) fn nearest(&mut self, id: ExprId, nearest: &Nearest, context: ContextId) -> NodeId {
        let (found, some) = self.search(id, nearest, context);
        self.restrict(found, some)
    }

    /// Whether there is one: surely not where none is like enough.
    pub(super) fn has_nearest(
        &mut self,
        id: ExprId,
        nearest: &Nearest,
        context: ContextId,
    ) -> Rails {
        let domain = self.context(context).domain;
        let (found, some) = self.search(id, nearest, context);
        let (valid, none) = (self.valid(found), self.not(some));
        Rails { t: self.and(domain, [valid, some]), f: self.and(domain, [valid, none]) }
    }

    /// The row number or −1, and where it is a row.
    fn search(&mut self, id: ExprId, nearest: &Nearest, context: ContextId) -> (NodeId, NodeId) {
        let here = self.context(context);
        let fresh = self.fresh(nearest.frame);
        let text = self.value(nearest.text, context);
        let key = self.value(nearest.key, fresh);
        let everything = self.truth(true, Domain::Frame(nearest.frame));
        let member = nearest.filter.map_or(everything, |filter| self.rails(filter, fresh).t);
        let own = nearest.own.and_then(|level| here.row(level)).and_then(|seen| match seen.index {
            Index::Here => Some(self.add(Op::Row, here.domain, Physical::Ints)),
            Index::At(at) => Some(at),
            Index::Unseen => None,
        });
        let alike = Alike { text, least: self.share(nearest.least), key, member };
        let found = self.add(Op::Nearest(alike, own), here.domain, Physical::Ints);
        self.searches.insert((id, found));
        let zero = self.constant(Constant::Int(0), here.domain);
        let below = self.bits(Op::Compare(Comparison::Less, found, zero), here.domain);
        let some = self.not(below);
        (found, some)
    }

    /// A constant share.
    fn share(&self, id: ExprId) -> Ratio {
        let constant = match &self.program.expr(id).kind {
            ExprKind::Constant(constant) => Some(constant),
            ExprKind::Parameter(parameter) => {
                self.program.parameter(*parameter).and_then(|found| found.values.first())
            }
            _ => None,
        };
        match constant {
            Some(Constant::Ratio(share)) => *share,
            _ => Ratio::from_integer(1),
        }
    }

    /// What each row comes to along the chains of rows before it, for all rows of its table.
    pub(super) fn chain(&mut self, id: ExprId, chain: &Chain) -> Lowered {
        let domain = Domain::Frame(chain.frame);
        let fresh = self.fresh(chain.frame);
        let links = match chain.list {
            None => {
                let before = self.value(chain.before, fresh);
                let has = self.has(chain.before, fresh);
                let given = self.truth(true, domain);
                Links { list: None, sure: has.t, maybe: self.not(has.f), before, given }
            }
            Some(list) => {
                let used: Vec<ExprId> = chain.filter.into_iter().chain([chain.before]).collect();
                let form = self.form(id, list, &used, fresh);
                let element = self.context(form.inner).domain;
                let everything =
                    Rails { t: self.truth(true, element), f: self.truth(false, element) };
                let member =
                    chain.filter.map_or(everything, |filter| self.rails(filter, form.inner));
                let before = self.value(chain.before, form.inner);
                let back = match form.back {
                    Index::At(at) => Some(at),
                    _ => None,
                };
                let given = self.list_given(form.grouping);
                let given = match back {
                    Some(at) => self.gather_bits(at, given, domain),
                    None => given,
                };
                Links {
                    list: Some((form.grouping, back)),
                    sure: member.t,
                    maybe: self.not(member.f),
                    before,
                    given,
                }
            }
        };
        self.links.insert(id, links);
        match chain.weight {
            Some(weight) => {
                let weight = self.value(weight, fresh);
                let physical = self.physical(weight);
                Lowered::Value(self.add(Op::Longest(links, weight), domain, physical))
            }
            None => {
                let may = self.bits(Op::MayCycle(links), domain);
                Lowered::Truth(Rails { t: self.not(may), f: self.bits(Op::Cycles(links), domain) })
            }
        }
    }
}
