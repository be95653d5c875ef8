//! `净历时(a, b, list.from, list.to 当 filter)`, `净日数(…)`: working days, or days, without those
//! that the intervals of a list hold.

use super::scope::{Operand, Route, Scope};
use super::{Analyzer, Error};
use crate::builtin::{Counted, Kind, NET};
use crate::diagnostic::Bilingual;
use crate::program::{ExprId, ExprKind, NetElapsed};
use crate::schema::Type;
use crate::syntax::tree::{self, Call};
use crate::text::Span;

impl Analyzer<'_> {
    pub(super) fn net_elapsed(
        &mut self,
        counted: Counted,
        call: &Call,
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        let (from, to, first, last, flag) = match call.arguments.as_slice() {
            [from, to, first, last] => (from, to, first, last, None),
            [from, to, first, last, flag] => (from, to, first, last, Some(flag)),
            _ => return self.wrong_net(counted, &call.function),
        };
        let (tree::ExprKind::Member(list, first), tree::ExprKind::Member(other, last)) =
            (&first.kind, &last.kind)
        else {
            return self.wrong_net(counted, &call.function);
        };
        if call.body.is_some() || self.slice(list.span) != self.slice(other.span) {
            return self.wrong_net(counted, &call.function);
        }
        let ty = match counted {
            Counted::Workdays => {
                self.needs_calendar(&call.function);
                Type::Workdays
            }
            Counted::Days => Type::Days,
        };
        let (from, to) =
            (self.argument(from, Kind::Day, scope), self.argument(to, Kind::Day, scope));
        let including = match flag {
            Some(flag) => Some(self.flag(flag, scope)?),
            None => None,
        };
        // Both mentions of the list are resolved, so that each is translated.
        self.operand(other, scope, None)?;
        let operand = self.operand(list, scope, None)?;
        let Some((_, list)) = self.as_list(operand, scope).filter(|(steps, _)| steps.is_empty())
        else {
            let text = self.slice(list.span);
            self.report(Error::NotAList { text, span: list.span, help: None });
            return None;
        };
        let mut inner = self.inner_scope(scope, &[], list);
        let filter = self.filter(call, &mut inner)?;
        let mut day = |name: &tree::Name| {
            let row = Route { steps: Vec::new(), level: 0, frame: list.frame() };
            let operand = self.member(Operand::Row(row), name, &mut inner)?;
            let day = self.finish(operand, name.span)?;
            self.as_day(day, name.span)
        };
        let (first, last) = (day(first), day(last));
        let net = NetElapsed {
            counted,
            from: from?,
            to: to?,
            including,
            list,
            filter,
            first: first?,
            last: last?,
        };
        Some(self.add(ExprKind::NetElapsed(Box::new(net)), ty, span))
    }

    fn wrong_net(&mut self, counted: Counted, name: &tree::Name) -> Option<ExprId> {
        let (zh, en) =
            NET.iter().find(|row| row.0 == counted).map_or(("", ""), |row| (row.1, row.2));
        let (zh_days, en_days) = match counted {
            Counted::Workdays => ("工作日", "working days"),
            Counted::Days => ("日", "days"),
        };
        let usage = Bilingual {
            zh: format!(
                "{zh}(日期, 日期, 列表.起, 列表.止)：两日之间的{zh_days}数，\
                    不含列表各段（首尾两日在内）的"
            ),
            en: format!(
                "{en}(day, day, list.first, list.last): {en_days} between the two, without those \
                    of the list's intervals, both their ends included"
            ),
        };
        self.report(Error::WrongArguments { name: name.text.clone(), span: name.span, usage });
        None
    }
}
