//! Findings about whole tables in words: the fields that differ, the cycle, the most similar row.

use super::blame::{Blame, Walker};
use super::describe::Description;
use crate::diagnostic::Bilingual;
use crate::eval::{Link, Work};
use crate::lowering::{ContextId, Links};
use crate::program::{Agreement, Chain, ExprId, ExprKind, Nearest};
use crate::say;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// At most this many rows of a cycle are named.
const NAMED: usize = 12;

impl Description<'_> {
    /// What a condition over whole tables met; `None` for any other.
    pub(super) fn across(&self, condition: ExprId, negative: bool) -> Option<Bilingual> {
        let program = &*self.evaluator.graph.program;
        if let Some(agreements) = program.agreements.get(&condition).filter(|_| !negative) {
            return Some(self.differing(agreements));
        }
        match program.expr(condition).kind {
            ExprKind::Chain(chain) if !negative => self.cycle(condition, &chain),
            ExprKind::Definition { level, definition } => {
                let found = program.definition(definition)?;
                let walker = Walker::new(self.evaluator);
                let (row, context) =
                    (walker.level(level, self.context, self.row)?, walker.own(found.frame)?);
                Description { context, row, ..*self }.across(found.body, negative)
            }
            _ => None,
        }
    }

    /// The fields that differ, with both values.
    fn differing(&self, agreements: &[Agreement]) -> Bilingual {
        let walker = Walker::new(self.evaluator);
        let differing = agreements
            .iter()
            .filter(|each| walker.truth(each.same, self.context, self.row) == Some(false));
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        for Agreement { names, values, .. } in differing {
            let value = |side| self.value(side).unwrap_or_else(|| say!("（未填）", "(not given)"));
            let (here, there) = (value(values.0), value(values.1));
            zh.push(format!("{} 为 {}，另一行为 {}", names.zh(), here.zh, there.zh));
            en.push(format!("{} is {}, in the other row {}", names.en(), here.en, there.en));
        }
        let (zh, en) = (zh.join("；"), en.join("; "));
        say!("不一致：{zh}", "they differ: {en}")
    }

    /// A shortest cycle through the row.
    fn cycle(&self, condition: ExprId, chain: &Chain) -> Option<Bilingual> {
        let links = self.evaluator.graph.links.get(&condition)?;
        let row = Walker::new(self.evaluator).level(chain.level, self.context, self.row)?;
        let cycle = cycle(&Walker::new(self.evaluator), links, row)?;
        let show = self.show();
        let named =
            |row: usize| show.key(chain.frame, row).unwrap_or_else(|| (row + 1).to_string().into());
        let mut names: Vec<Cow<'_, str>> = cycle.iter().map(|(row, _)| named(*row)).collect();
        names.insert(0, named(row));
        let more = names.len().saturating_sub(NAMED);
        if more > 0 {
            names.splice(NAMED / 2..NAMED / 2 + more, ["…".into()]);
        }
        let path = names.join(" → ");
        Some(say!("成环：{path}", "a cycle: {path}"))
    }
}

/// The rows of a shortest cycle after the row, to itself again, each with the element that says
/// what comes before it; `None` where there is none.
fn cycle(walker: &Walker<'_>, links: &Links, row: usize) -> Option<Vec<(usize, Link)>> {
    let mut came: BTreeMap<usize, (usize, Link)> = BTreeMap::new();
    let mut queue = VecDeque::from([row]);
    while let Some(at) = queue.pop_front() {
        for link in walker.evaluator().links(links, at).into_iter().filter(|link| link.sure) {
            let Some(before) = link.before else { continue };
            if before == row {
                let mut cycle = vec![(at, link)];
                let mut node = at;
                while node != row {
                    let (after, link) = *came.get(&node)?;
                    cycle.push((after, link));
                    node = after;
                }
                return Some(cycle);
            }
            came.entry(before).or_insert_with(|| {
                queue.push_back(before);
                (at, link)
            });
        }
    }
    None
}

impl Walker<'_> {
    /// What made a row the most similar one: the text, and the name that was found.
    pub(super) fn nearest(
        &mut self,
        expr: ExprId,
        nearest: &Nearest,
        context: ContextId,
        row: usize,
        missing: bool,
    ) {
        self.values(nearest.text, context, row, missing);
        let searches = &self.evaluator().graph.searches;
        let over = searches
            .iter()
            .filter(|(of, _)| *of == expr)
            .any(|(_, search)| self.evaluator().is_over(Work::Search(*search)));
        self.uncompared |= over;
        if missing {
            return;
        }
        let found = self.integer(expr, context, row);
        if let (Some(found), Some(fresh)) = (found, self.own(nearest.frame)) {
            self.values(nearest.key, fresh, found, false);
        }
    }

    /// What made a chain so: the elements of a cycle; the parts along the longest path; what is
    /// missing among the rows before.
    pub(super) fn chain(
        &mut self,
        expr: ExprId,
        chain: &Chain,
        context: ContextId,
        row: usize,
        missing: bool,
    ) {
        let (Some(links), Some(row)) = (
            self.evaluator().graph.links.get(&expr).copied(),
            self.level(chain.level, context, row),
        ) else {
            return;
        };
        let Some(fresh) = self.own(chain.frame) else { return };
        let inner =
            self.evaluator().graph.forms.get(&(expr, fresh)).map_or(fresh, |form| form.inner);
        if let Some(cycle) = cycle(self, &links, row).filter(|_| !missing) {
            for (_, link) in cycle {
                self.link(chain, inner, link, false);
            }
            return;
        }
        let (mut queue, mut seen) = (VecDeque::from([row]), BTreeSet::from([row]));
        while let Some(at) = queue.pop_front().filter(|_| !self.is_full()) {
            if let Some(weight) = chain.weight {
                self.values(weight, fresh, at, missing);
            }
            for link in self.evaluator().links(&links, at) {
                self.link(chain, inner, link, missing);
                queue.extend(link.before.filter(|before| seen.insert(*before)));
            }
        }
    }

    /// The facts of one element.
    fn link(&mut self, chain: &Chain, inner: ContextId, link: Link, missing: bool) {
        if let Some(filter) = chain.filter {
            let want = if missing { Blame::Unknown } else { Blame::True };
            self.blame(filter, inner, link.element, want);
        }
        self.values(chain.before, inner, link.element, missing);
    }
}
