//! Conditions that would compare too many rows: which they are, and whose.

use super::run::Run;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::eval::{PAIR_LIMIT, Work};
use crate::lowering::Grouping;
use crate::place::Place;
use crate::program::{Clause, ExprId, MessagePart, Sentence};
use crate::say;
use crate::text::Span;
use crate::value::names::COMPARED;
use std::collections::BTreeSet;

/// At most so many articles are named for one condition.
const NAMED: usize = 5;

/// What is too much.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pairs,
    Search,
}

/// Each condition that was not looked into because that would have been too much work, with the
/// articles and measures that rest on it.
pub(super) fn too_much(run: &Run) -> Vec<Diagnostic> {
    let found = conditions(run);
    if found.is_empty() {
        return Vec::new();
    }
    let rules = rules(run);
    // One condition written several times, as a clause and in its message, is one cause.
    let mut said: Vec<(Kind, Bilingual, Span, BTreeSet<usize>)> = Vec::new();
    for (expr, kind) in found {
        let span = run.program().expr(expr).span;
        let text = run.policy.phrases.phrase(span);
        let resting = rules.iter().enumerate().filter(|(_, (_, exprs))| exprs.contains(&expr));
        let resting: BTreeSet<usize> = resting.map(|(at, _)| at).collect();
        let same = said.iter_mut().find(|(other, known, _, by)| {
            *other == kind && *known == text && (resting.is_subset(by) || by.is_subset(&resting))
        });
        match same {
            Some((.., by)) => by.extend(resting),
            None => said.push((kind, text, span, resting)),
        }
    }
    let said = said.into_iter();
    said.map(|(kind, text, span, resting)| {
        let names = resting.iter().filter_map(|at| rules.get(*at)).map(|(name, _)| name.clone());
        diagnostic(kind, &text, &names.collect::<Vec<_>>())
            .at(Place::policy(&run.policy.phrases.sources, span), Bilingual::default())
    })
    .collect()
}

/// The expressions that were not looked into, in the order of the policies.
fn conditions(run: &Run) -> Vec<(ExprId, Kind)> {
    let graph = &run.evaluator.graph;
    let mut found: Vec<(ExprId, Kind)> = Vec::new();
    for work in run.evaluator.over() {
        match work {
            Work::Pairs(id) => {
                let forms =
                    graph.forms.iter().filter(|(_, form)| form.grouping == Grouping::Pairs(id));
                found.extend(forms.map(|((expr, _), _)| (*expr, Kind::Pairs)));
            }
            Work::Search(node) => {
                let searches = graph.searches.iter().filter(|(_, search)| *search == node);
                found.extend(searches.map(|(expr, _)| (*expr, Kind::Search)));
            }
        }
    }
    found.sort_unstable_by_key(|(expr, _)| (run.program().expr(*expr).span, *expr));
    found.dedup();
    found
}

/// The articles and measures by what they are called, each with all expressions it rests on.
fn rules(run: &Run) -> Vec<(Bilingual, BTreeSet<ExprId>)> {
    let program = run.program();
    let articles = program.articles.iter().map(|article| {
        let parts = article.sentences.iter().flat_map(written);
        (run.policy.heading(article), program.reached(parts).collect())
    });
    let measures = program.measures.iter().map(|measure| {
        let figures = std::iter::once(&measure.figure).chain(&measure.after);
        let parts = figures.flat_map(|figure| {
            std::iter::once(figure.body).chain(figure.by.iter().map(|(_, group)| *group))
        });
        let name = Bilingual::new(measure.names.zh(), measure.names.en());
        (name, program.reached(parts).collect())
    });
    articles.chain(measures).collect()
}

/// The expressions of a sentence.
fn written(sentence: &Sentence) -> Vec<ExprId> {
    let asked = match &sentence.clause {
        Clause::Refer(parts) => &parts[..],
        Clause::Require { .. } | Clause::Demand { .. } => &[],
    };
    let said = sentence.message.iter().flatten().chain(asked).filter_map(|part| match part {
        MessagePart::Value(expr) => Some(*expr),
        MessagePart::Text(_) => None,
    });
    sentence.stated().chain(said).collect()
}

fn diagnostic(kind: Kind, condition: &Bilingual, rules: &[Bilingual]) -> Diagnostic {
    let more = rules.len().saturating_sub(NAMED);
    let list = |of: fn(&Bilingual) -> &str, mark: &str| {
        let names: Vec<String> =
            rules.iter().take(NAMED).map(|name| format!("`{}`", of(name))).collect();
        names.join(mark)
    };
    let (mut by_zh, mut by_en) = (list(|name| &name.zh, "、"), list(|name| &name.en, ", "));
    if more > 0 {
        by_zh += &format!("等 {} 条", rules.len());
        by_en += &format!(" and {more} more");
    }
    let (zh, en) = (&condition.zh, &condition.en);
    let (message, help) = match kind {
        Kind::Pairs => (
            say!(
                "{by_zh} 的条件 `{zh}` 没有写相等关系，要两两比较的行超过 {PAIR_LIMIT} 对，没有比较",
                "the condition `{en}` of {by_en} has no equality: more than {PAIR_LIMIT} pairs of \
                    rows would be compared, so none were"
            ),
            say!(
                "在这个条件里加一个相等关系，如“架 = 本行.架”；没有用到它的条文照常判断",
                "add an equality to this condition, such as `shelf = this.shelf`; what does not \
                    rest on it is judged all the same"
            ),
        ),
        Kind::Search => (
            say!(
                "{by_zh} 的 `{zh}` 要比较的名称超过 {COMPARED} 对，没有比较",
                "`{en}` of {by_en} would compare more than {COMPARED} pairs of names, so none were \
                    compared"
            ),
            say!(
                "提高相似的下限，或者用“当”缩小范围；没有用到它的条文照常判断",
                "ask for more likeness, or narrow the table with `where`; what does not rest on \
                    it is judged all the same"
            ),
        ),
    };
    Diagnostic::error("too_many_pairs", message).help(help)
}
