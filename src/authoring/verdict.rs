//! What the rules came to: counts at each article, the rows behind them, the record of one row, and
//! the project at a glance.

use super::answer::{ArticleVerdicts, GroupLine, Location, Overview, RowVerdict};
use super::view::View;
use crate::engine::{RowRef, RuleId, Run};
use crate::finding::{ArticleSummary, Findings, Outcome, Standing};
use crate::grouping::{Group, Grouping, Groups};
use crate::review::review;
use crate::text::Span;
use crate::why::{self, Conditions, Record};
use std::collections::BTreeMap;
use std::path::Path;

impl View {
    /// What the rules of a policy came to, in the order of the text.
    #[must_use]
    pub fn verdicts(&self, path: &Path) -> Vec<ArticleVerdicts> {
        let Some(module) = self.module(path) else { return Vec::new() };
        let run = self.run();
        let known: BTreeMap<&str, &ArticleSummary> =
            run.summary.articles.iter().map(|found| (&*found.article, found)).collect();
        let verdicts = self.policy().rules.iter().filter_map(|(rule, name)| {
            let (own, selection, span) = self.rule_place(rule)?;
            if own != module {
                return None;
            }
            // Where nothing was judged, as without data, the rules are there all the same.
            let found = known.get(&*name.code);
            Some(ArticleVerdicts {
                rule,
                code: name.code.clone(),
                heading: name.heading.clone(),
                selection: selection.range(),
                span: span.range(),
                counts: found.map(|found| found.counts).unwrap_or_default(),
                standing: found.map_or(Standing::NoRows, |found| found.standing),
            })
        });
        let mut verdicts: Vec<_> = verdicts.collect();
        verdicts.sort_by_key(|found| found.selection.start);
        verdicts
    }

    /// The policy that a rule stands in, the place of its name, and all of it.
    pub(super) fn rule_place(&self, rule: RuleId) -> Option<(usize, Span, Span)> {
        let program = &self.policy().program;
        let (module, name) = match rule {
            RuleId::Article(id) => {
                let article = program.article(id)?;
                (article.module, article.span)
            }
            RuleId::Decision(id) => {
                let decision = program.decisions.get(id.0 as usize)?;
                (decision.module, decision.span)
            }
        };
        let file = self.policy().phrases.files.get(module)?;
        let holds = |own: Span| own.start <= name.start && name.end <= own.end;
        let whole = file.items.iter().map(|item| item.span).find(|span| holds(*span));
        Some((module, name, whole.unwrap_or(name)))
    }

    /// The rows that there is something to say about under a rule, `limit` at most.
    #[must_use]
    pub fn rows(&self, rule: RuleId, limit: usize) -> Vec<RowVerdict> {
        let run = self.run();
        let own = (0..run.verdicts.len()).filter(|index| run.rule(*index) == Some(rule));
        own.filter(|index| run.row_of(*index).is_some())
            .take(limit)
            .filter_map(|index| self.row(run, index))
            .collect()
    }

    fn row(&self, run: &Run, index: usize) -> Option<RowVerdict> {
        let at = run.row_of(index)?;
        let finding = Findings::get(run, index);
        let subject = finding.subject?;
        let own = run.rows.located.locate(at.frame, at.row, None);
        let evidence = finding.evidence.iter().map(|evidence| &evidence.place);
        let mut places: Vec<Location> = Vec::new();
        for place in own.iter().chain(evidence).filter_map(|place| self.locate(place)) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        Some(RowVerdict {
            key: run.row_name(at),
            row: address(run, at),
            table: subject.table,
            title: subject.title,
            element: subject.path,
            outcome: finding.outcome,
            weight: finding.weight,
            message: finding.message,
            places,
            fingerprint: finding.fingerprint,
        })
    }

    /// The row of an address: `table:key`, or `table#3` of a row without a key.
    #[must_use]
    pub fn row_of(&self, address: &str) -> Option<RowRef> {
        let run = self.run();
        if let Some((table, number)) = address.rsplit_once('#')
            && let Ok(number) = number.parse::<usize>()
            && let Some((frame, _)) =
                run.schema().tables().find(|(_, frame)| frame.names.matches(table))
        {
            let row = number.checked_sub(1).filter(|row| *row < run.len(frame))?;
            return Some(RowRef { frame, row });
        }
        why::find(run, address).ok()?.first().copied()
    }

    /// The record of a row, of one rule or of all. Its places are found by [`View::locate`].
    #[must_use]
    pub fn record(&self, row: &str, rule: Option<RuleId>) -> Option<Record> {
        let (run, row) = (self.run(), self.row_of(row)?);
        let code = rule.map(|rule| self.policy().rules.code(rule));
        let wanted = |name: &str| code.is_none_or(|code| code == name);
        Some(why::record(run, row, wanted, Conditions::Unmet))
    }

    /// The project at a glance.
    #[must_use]
    pub fn overview(&self) -> Overview {
        let run = self.run();
        let asked = self.project().manifest.review_by.as_ref().map(|(name, _)| &**name);
        let by = Grouping::asked(self.policy(), None, asked).ok().flatten();
        let by = by.or_else(|| Grouping::usual(self.policy()));
        let groups = Groups::new(run, by);
        let line = |group: &Group| GroupLine {
            name: group.shown.clone().or_else(|| groups.without()).unwrap_or_default(),
            rows: group.rows,
            kinds: group.tally.kinds(),
        };
        Overview {
            review: review(&groups),
            by: groups.by.as_ref().map(|by| by.name(run.schema())),
            groups: groups.list.iter().map(line).collect(),
        }
    }
}

/// How a row is asked for again.
pub(super) fn address(run: &Run, row: RowRef) -> String {
    let table = run.schema().frame(row.frame).map_or("", |frame| frame.names.name.as_ref());
    match run.key(row) {
        Some(key) => format!("{table}:{key}"),
        None if run.number(row) == 0 => table.to_owned(),
        None => format!("{table}#{}", row.row + 1),
    }
}

/// What became of a rule for a row, element by element: the gravest.
pub(super) fn worst(run: &Run, rule: RuleId, row: RowRef) -> Outcome {
    let own = match rule {
        RuleId::Article(id) => {
            let outcomes = why::outcomes(run, row).into_iter();
            outcomes.filter(|(article, _)| *article == id).map(|(_, outcome)| outcome).min()
        }
        RuleId::Decision(_) => None,
    };
    own.unwrap_or_else(|| run.outcome(rule, row))
}
