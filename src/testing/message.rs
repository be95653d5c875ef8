//! What a failing case says: expected, got, the clause and the values.

use super::coverage::{Article, Kind, Point};
use super::expect::{Difference, Target, outcome};
use super::file::{Case, Expectation};
use super::mutate::Mutant;
use super::reason;
use super::snapshot::Change;
use super::suite::CaseResult;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::Run;
use crate::finding::Outcome;
use crate::place::Place;
use crate::say;
use crate::text::Source;

/// A case of which nobody says what day it is judged for.
#[must_use]
pub fn no_day(source: &Source, case: &Case) -> Diagnostic {
    let message = say!("没有写按哪一天判断", "it does not say which day to judge for");
    let help = say!(
        "在案例文件开头写 as_of = 2015-11-20，或在项目的清单里写",
        "write as_of = 2015-11-20 at the head of the case file, or in the project's manifest"
    );
    let place = Place::of(source, case.span.clone());
    Diagnostic::error("no_day", message).help(help).at(place, Bilingual::default())
}

/// A difference as a diagnostic at the expectation, with the clause and the values that made it so.
#[must_use]
pub fn difference(run: &Run, source: &Source, case: &Case, found: &Difference) -> Diagnostic {
    let name = &case.name;
    let place = |index: &usize| {
        let span = case
            .expectations
            .get(*index)
            .map_or(case.span.clone(), |expectation| expectation.span.clone());
        Place::of(source, span)
    };
    match found {
        Difference::Outcome(target, index, _)
        | Difference::Undetermined(target, index)
        | Difference::Demanded(target, index, _)
        | Difference::Because(target, index, _) => {
            let Some(expectation) = case.expectations.get(*index) else {
                return unknown_article(case, *index, place(index));
            };
            let what = subject(run, *target);
            let (message, label) = stated(name, &what, expectation, found);
            let got = match found {
                Difference::Outcome(_, _, got) => *got,
                Difference::Undetermined(..) => Outcome::Undetermined,
                _ => outcome(run, *target),
            };
            shown(
                run,
                Diagnostic::error(found.code(), message).at(place(index), label),
                *target,
                got,
            )
        }
        Difference::Unexpected(target, got) => {
            let (got_said, what) = (got.said(), subject(run, *target));
            let message = Bilingual::new(
                format!("案例“{name}”没有预期：{}“{}”", what.zh, got_said.zh),
                format!("case `{name}` does not expect: {} `{}`", what.en, got_said.en),
            );
            let help =
                say!("写进 [[case.expect]]，或更正", "state it in [[case.expect]], or correct it");
            let place = Place::of(source, case.span.clone());
            shown(
                run,
                Diagnostic::error(found.code(), message).help(help).at(place, Bilingual::default()),
                *target,
                *got,
            )
        }
        Difference::NoRow(index) => {
            let message = say!("案例“{name}”里没有这一行", "case `{name}` has no such row");
            Diagnostic::error(found.code(), message).at(place(index), Bilingual::default())
        }
        Difference::NoArticle(index) => unknown_article(case, *index, place(index)),
        Difference::NotAbout(index) => {
            let message = say!(
                "案例“{name}”：这一条不是对这样的行说的",
                "case `{name}`: the article says nothing about such rows"
            );
            Diagnostic::error(found.code(), message).at(place(index), Bilingual::default())
        }
    }
}

/// What an expectation states against what came of it: message, label.
fn stated(
    name: &str,
    what: &Bilingual,
    expectation: &Expectation,
    found: &Difference,
) -> (Bilingual, Bilingual) {
    let (zh, en) = (&what.zh, &what.en);
    match found {
        Difference::Outcome(_, _, got) => {
            let expected = expectation.outcome.map_or_else(Bilingual::default, Outcome::said);
            let got = got.said();
            let message = Bilingual::new(
                format!("案例“{name}”：{zh}应为“{}”，实为“{}”", expected.zh, got.zh),
                format!("case `{name}`: {en} should be `{}`, is `{}`", expected.en, got.en),
            );
            (message, expected_label(&expected))
        }
        Difference::Demanded(_, _, got) => {
            let expected = expectation.demanded.clone().unwrap_or_default();
            let got = got.clone().unwrap_or_else(|| Bilingual::new("没有", "nothing"));
            let message = Bilingual::new(
                format!("案例“{name}”：{zh}应当“{expected}”，算出的是“{}”", got.zh),
                format!(
                    "case `{name}`: {en} should be required to be `{expected}`, got `{}`",
                    got.en
                ),
            );
            (message, expected_label(&Bilingual::same(expected)))
        }
        Difference::Because(_, _, got) => {
            let facts = |word: fn(&Bilingual) -> &str, mark: &str| {
                got.iter().map(word).collect::<Vec<_>>().join(mark)
            };
            let message = Bilingual::new(
                format!("案例“{name}”：{zh}的理由不同，实为：{}", facts(|fact| &fact.zh, "、")),
                format!(
                    "case `{name}`: {en} was decided by other facts: {}",
                    facts(|fact| &fact.en, ", ")
                ),
            );
            (message, Bilingual::default())
        }
        _ => {
            let message =
                say!("案例“{name}”：{zh}无法判断", "case `{name}`: cannot tell what comes of {en}");
            (message, expected(expectation))
        }
    }
}

fn unknown_article(case: &Case, index: usize, place: Place) -> Diagnostic {
    let name = &case.name;
    let article = case
        .expectations
        .get(index)
        .and_then(|expectation| expectation.article.clone())
        .unwrap_or_default();
    let message = say!(
        "案例“{name}”：没有条文叫 `{article}`",
        "case `{name}`: there is no article called `{article}`"
    );
    Diagnostic::error("unknown_article_name", message).at(place, Bilingual::default())
}

/// What an expectation states first.
fn expected(expectation: &Expectation) -> Bilingual {
    let stated = expectation
        .outcome
        .map(Outcome::said)
        .or_else(|| expectation.demanded.clone().map(Bilingual::same));
    stated.map_or_else(Bilingual::default, |stated| expected_label(&stated))
}

fn expected_label(expected: &Bilingual) -> Bilingual {
    Bilingual::new(format!("预期：{}", expected.zh), format!("expected: {}", expected.en))
}

/// `第二条 NAME 对 TABLE KEY`.
fn subject(run: &Run, target: Target) -> Bilingual {
    let row = run.subject(target.frame, target.row);
    let path = row.path.clone().unwrap_or_default();
    let join = |path: &str| if path.is_empty() { String::new() } else { format!(" {path}") };
    let (zh, en) = (
        format!("{} {}{}", row.table.zh, row.name().zh, join(&path.zh)),
        format!("{} {}{}", row.table.en, row.name().en, join(&path.en)),
    );
    match target.article.and_then(|article| run.program().article(article)) {
        Some(article) => {
            let heading = run.policy.heading(article);
            Bilingual::new(format!("{zh} 的“{}”", heading.zh), format!("`{}` on {en}", heading.en))
        }
        None => Bilingual::new(format!("{zh} 的处理"), format!("the disposition of {en}")),
    }
}

/// Most values shown beside a difference.
const MOST: usize = 8;

/// Adds the clause and the values; for what is undetermined, what is missing.
fn shown(run: &Run, mut diagnostic: Diagnostic, target: Target, got: Outcome) -> Diagnostic {
    let facts = reason::facts(run, target, got);
    if got == Outcome::Undetermined {
        let names: Vec<Bilingual> = facts
            .iter()
            .filter_map(|fact| run.fact_name(*fact, (target.frame, target.row)))
            .collect();
        let zh: Vec<&str> = names.iter().map(|name| name.zh.as_str()).collect();
        let en: Vec<&str> = names.iter().map(|name| name.en.as_str()).collect();
        if !names.is_empty() {
            let (zh, en) = (zh.join("、"), en.join(", "));
            diagnostic.help = Some(say!(
                "缺少：{zh}；补上，或写 outcome = \"无法判断\"",
                "missing: {en}; give them, or state `outcome = \"undetermined\"`"
            ));
        }
    } else {
        for evidence in facts
            .iter()
            .take(MOST)
            .filter_map(|fact| run.evidence(*fact, (target.frame, target.row)))
        {
            diagnostic = diagnostic.at(evidence.place, evidence.label);
        }
    }
    if let Some((_, sentence)) = reason::speaking(run, target, got) {
        diagnostic = diagnostic
            .at(Place::policy(&run.policy.phrases.sources, sentence.span), Bilingual::default());
    }
    diagnostic
}

/// A mistake in the rows of a case, with the case's name.
#[must_use]
pub fn in_case(case: &Case, mut fault: Diagnostic) -> Diagnostic {
    let (name, said) = (&case.name, fault.message);
    fault.message =
        Bilingual::new(format!("案例“{name}”：{}", said.zh), format!("case `{name}`: {}", said.en));
    fault
}

/// That a record is not the accepted one.
#[must_use]
pub fn snapshot(result: &CaseResult, change: &Change) -> Diagnostic {
    let name = &result.name;
    let diagnostic = if change.is_undetermined() {
        let message = say!(
            "案例“{name}”：快照里判得出的，现在无法判断",
            "case `{name}`: what its snapshot tells cannot be told any more"
        );
        Diagnostic::error("case_undetermined", message)
    } else {
        let different = say!("案例“{name}”与快照不同", "case `{name}` differs from its snapshot");
        let new = say!("案例“{name}”还没有快照", "case `{name}` has no snapshot yet");
        Diagnostic::error("case_snapshot", if change.before.is_some() { different } else { new })
    };
    let help = say!(
        "看过差别，认可的，用 --update 写入",
        "look at the difference; accept it with --update"
    );
    diagnostic.help(help).at(result.place.clone(), Bilingual::default())
}

/// What no case saw, at its place in the policy.
#[must_use]
pub fn unseen(article: &Article, point: &Point) -> Diagnostic {
    let what = match (point.kind, point.yes.is_empty(), point.no.is_empty() && point.two_sided) {
        (Kind::Outcome, true, true) => say!("没有案例判断过", "no case judged it"),
        (Kind::Outcome, true, false) => {
            say!("没有案例违反（或提请）", "no case violates it (or is referred)")
        }
        (Kind::Outcome, ..) => say!("没有案例满足", "no case satisfies it"),
        (_, true, true) => say!("没有案例判断过真假", "no case told whether it holds"),
        (_, true, false) => say!("没有案例为真", "it holds in no case"),
        _ => say!("没有案例为假", "it fails in no case"),
    };
    let message = Bilingual::new(
        format!("{}：{}", article.heading.zh, what.zh),
        format!("{}: {}", article.heading.en, what.en),
    );
    Diagnostic::warning("not_covered", message).at(point.place.clone(), Bilingual::default())
}

/// A change that no case noticed, at its place in the policy.
#[must_use]
pub fn survivor(mutant: &Mutant) -> Diagnostic {
    let (at, change) = (&mutant.at, &mutant.change);
    let message = Bilingual::new(
        format!("没有案例看出 {}：{}", at.zh, change.zh),
        format!("no case notices {}: {}", at.en, change.en),
    );
    let help = say!(
        "添一个案例；意思没有变的，写进 [[equivalent]]",
        "add a case; where the meaning is the same, explain it in [[equivalent]]"
    );
    Diagnostic::warning("unnoticed_change", message)
        .help(help)
        .at(mutant.place.clone(), Bilingual::default())
}
