//! `甲、乙 的 丙`: conditions that nothing but 、 joins. They all have to hold; in many documents
//! one of them is meant to do.

use super::wording::{Parts, parts};
use super::{Analyzer, Error};
use crate::say;
use crate::syntax::tree;
use crate::text::Span;

impl Analyzer<'_> {
    /// Warns of conditions in a row between which 、 stands and no word.
    pub(super) fn paused(&mut self, row: &[tree::Expr], span: Span) {
        let gap = |pair: &[tree::Expr]| match pair {
            [before, next] => {
                let between = Span { start: before.span.end, end: next.span.start, ..span };
                self.sources.slice(between).trim() == "、"
            }
            _ => false,
        };
        let paused: Vec<bool> = row.windows(2).map(gap).collect();
        if !paused.contains(&true) {
            return;
        }
        // What 、 joins stands together; what a comma joins to it has to hold besides.
        let mut groups: Vec<Vec<String>> = Vec::new();
        for (at, part) in row.iter().enumerate() {
            let joined = matches!(part.kind, tree::ExprKind::And(_) | tree::ExprKind::Or(_));
            let text = self.slice(part.span);
            let text = if joined { format!("({text})") } else { text };
            let follows = at.checked_sub(1).and_then(|before| paused.get(before)) == Some(&true);
            match groups.last_mut().filter(|_| follows) {
                Some(group) => group.push(text),
                None => groups.push(vec![text]),
            }
        }
        let written = |inner: &str, and: &str| {
            let is_one = groups.len() == 1;
            let group = |group: &Vec<String>| match group.len() > 1 && !is_one && inner != and {
                true => format!("({})", group.join(inner)),
                false => group.join(inner),
            };
            groups.iter().map(group).collect::<Vec<_>>().join(and)
        };
        let [all, any] = [written(" 且 ", " 且 "), written(" 或 ", " 且 ")];
        self.report(Error::Paused { all, any, span });
    }
}

/// `paused_conditions`: that 、 is read as 且, and how either is written.
pub(super) fn paused(all: &str, any: &str, span: Span) -> Parts {
    let message = say!(
        "几个条件之间只有“、”，按“且”读：都成立才算",
        "nothing but `、` stands between these conditions: all of them have to hold"
    );
    let help = say!(
        "都要成立的，写作 `{all}`；成立一项即可的，写作 `{any}`",
        "where all have to hold write `{all}`; where one of them will do, `{any}`"
    );
    parts("paused_conditions", message, Some(help), span)
}
