//! What a failing case says: expected, got, the clause and the values.

use super::engine::Run;
use super::expect::{Difference, Target, outcome};
use super::file::Case;
use super::outcome::Outcome;
use super::reason;
use super::suite::CaseResult;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::say;
use crate::text::Source;
use crate::verdict::Explainer;

/// A difference as a diagnostic at the expectation, with the clause and the values that made it so.
#[must_use]
pub fn difference(run: &Run<'_>, explainer: &Explainer<'_, '_>, source: &Source, case: &Case<'_>, found: &Difference) -> Diagnostic {
    let name = &case.name;
    let place = |index: &usize| {
        let span = case.expectations.get(*index).map_or(case.span.clone(), |expectation| expectation.span.clone());
        Place::of(source, span)
    };
    let none = Bilingual::default;
    match found {
        Difference::Outcome(target, index, got) => {
            let expected = case.expectations.get(*index).and_then(|expectation| expectation.outcome).map_or_else(none, Outcome::said);
            let (expected, got_said, what) = (expected, got.said(), subject(run, explainer, *target));
            let message = Bilingual::new(
                format!("案例“{name}”：{}应为“{}”，实为“{}”", what.zh, expected.zh, got_said.zh),
                format!("case `{name}`: {} should be `{}`, is `{}`", what.en, expected.en, got_said.en),
            );
            let code = if *got == Outcome::Undetermined { "case_undetermined" } else { "case_outcome" };
            shown(run, explainer, Diagnostic::error(code, message).at(place(index), expected_label(&expected)), *target, *got)
        }
        Difference::Demanded(target, index, got) => {
            let what = subject(run, explainer, *target);
            let expected = case.expectations.get(*index).and_then(|expectation| expectation.demanded.clone()).unwrap_or_default();
            let got = got.clone().unwrap_or_else(|| Bilingual::new("没有", "nothing"));
            let message = Bilingual::new(
                format!("案例“{name}”：{}应当“{expected}”，算出的是“{}”", what.zh, got.zh),
                format!("case `{name}`: {} should be required to be `{expected}`, got `{}`", what.en, got.en),
            );
            let labelled = Diagnostic::error("case_demanded", message).at(place(index), expected_label(&Bilingual::same(expected)));
            shown(run, explainer, labelled, *target, outcome(run, *target))
        }
        Difference::Because(target, index, got) => {
            let what = subject(run, explainer, *target);
            let zh: Vec<&str> = got.iter().map(|fact| fact.zh.as_str()).collect();
            let en: Vec<&str> = got.iter().map(|fact| fact.en.as_str()).collect();
            let message = Bilingual::new(
                format!("案例“{name}”：{}的理由不同，实为：{}", what.zh, zh.join("、")),
                format!("case `{name}`: {} was decided by other facts: {}", what.en, en.join(", ")),
            );
            let labelled = Diagnostic::error("case_because", message).at(place(index), Bilingual::default());
            shown(run, explainer, labelled, *target, outcome(run, *target))
        }
        Difference::Unexpected(target, got) => {
            let (got_said, what) = (got.said(), subject(run, explainer, *target));
            let message = Bilingual::new(
                format!("案例“{name}”没有预期：{}“{}”", what.zh, got_said.zh),
                format!("case `{name}` does not expect: {} `{}`", what.en, got_said.en),
            );
            let help = say!("写进 [[case.expect]]，或更正", "state it in [[case.expect]], or correct it");
            let place = Place::of(source, case.span.clone());
            shown(run, explainer, Diagnostic::error("case_unexpected", message).help(help).at(place, Bilingual::default()), *target, *got)
        }
        Difference::NoRow(index) => {
            let message = say!("案例“{name}”里没有这一行", "case `{name}` has no such row");
            Diagnostic::error("case_without_that_row", message).at(place(index), Bilingual::default())
        }
        Difference::NoArticle(index) => unknown_article(case, *index, place(index)),
        Difference::NotAbout(index) => {
            let message = say!("案例“{name}”：这一条不是对这样的行说的", "case `{name}`: the article says nothing about such rows");
            Diagnostic::error("case_not_about_that_row", message).at(place(index), Bilingual::default())
        }
    }
}

fn unknown_article(case: &Case<'_>, index: usize, place: Place) -> Diagnostic {
    let name = &case.name;
    let article = case.expectations.get(index).and_then(|expectation| expectation.article.clone()).unwrap_or_default();
    let message = say!("案例“{name}”：没有条文叫 `{article}`", "case `{name}`: there is no article called `{article}`");
    Diagnostic::error("unknown_article_name", message).at(place, Bilingual::default())
}

fn expected_label(expected: &Bilingual) -> Bilingual {
    Bilingual::new(format!("预期：{}", expected.zh), format!("expected: {}", expected.en))
}

/// `第二条 NAME 对 TABLE KEY`.
fn subject(run: &Run<'_>, explainer: &Explainer<'_, '_>, target: Target) -> Bilingual {
    let row = explainer.subject(target.frame, target.row);
    let path = row.path.unwrap_or_default();
    let join = |path: &str| if path.is_empty() { String::new() } else { format!(" {path}") };
    let (zh, en) = (format!("{} {}{}", row.table.zh, row.key, join(&path.zh)), format!("{} {}{}", row.table.en, row.key, join(&path.en)));
    match target.article.and_then(|article| run.engine.program().article(article)) {
        Some(article) => {
            let heading = explainer.heading(article);
            Bilingual::new(format!("{zh} 的“{}”", heading.zh), format!("`{}` on {en}", heading.en))
        }
        None => Bilingual::new(format!("{zh} 的处理"), format!("the disposition of {en}")),
    }
}

/// Most values shown beside a difference.
const MOST: usize = 8;

/// Adds the clause and the values; for what is undetermined, what is missing.
fn shown(run: &Run<'_>, explainer: &Explainer<'_, '_>, mut diagnostic: Diagnostic, target: Target, got: Outcome) -> Diagnostic {
    let facts = reason::facts(run, target, got);
    if got == Outcome::Undetermined {
        let names: Vec<Bilingual> = facts.iter().filter_map(|fact| explainer.fact_name(*fact, (target.frame, target.row))).collect();
        let zh: Vec<&str> = names.iter().map(|name| name.zh.as_str()).collect();
        let en: Vec<&str> = names.iter().map(|name| name.en.as_str()).collect();
        diagnostic.help = Some(Bilingual::new(format!("缺少：{}", zh.join("、")), format!("missing: {}", en.join(", "))));
    } else {
        for evidence in facts.iter().take(MOST).filter_map(|fact| explainer.evidence(*fact, (target.frame, target.row))) {
            diagnostic = diagnostic.at(evidence.place, evidence.label);
        }
    }
    if let Some((_, sentence)) = reason::speaking(run, target, got) {
        diagnostic = diagnostic.at(Place::policy(explainer.phrases.sources, sentence.span), Bilingual::default());
    }
    diagnostic
}

/// A mistake in the rows of a case, with the case's name.
#[must_use]
pub fn in_case(case: &Case<'_>, mut fault: Diagnostic) -> Diagnostic {
    let (name, said) = (&case.name, fault.message);
    fault.message = Bilingual::new(format!("案例“{name}”：{}", said.zh), format!("case `{name}`: {}", said.en));
    fault
}

/// That a record is not the accepted one.
#[must_use]
pub fn snapshot(result: &CaseResult, accepted: bool) -> Diagnostic {
    let name = &result.name;
    let message = if accepted {
        say!("案例“{name}”与快照不同", "case `{name}` differs from its snapshot")
    } else {
        say!("案例“{name}”还没有快照", "case `{name}` has no snapshot yet")
    };
    let help = say!("看过差别，认可的，用 --update 写入", "look at the difference; accept it with --update");
    Diagnostic::error("case_snapshot", message).help(help).at(result.place.clone(), Bilingual::default())
}
