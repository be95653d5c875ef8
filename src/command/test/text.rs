//! The format `text`: what failed, with the difference; then one line for each policy, and one for
//! all.

use super::difference::difference;
use super::{Outcome, Tested, percent, taken};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::report::{self, Options};
use crate::say;
use crate::syntax::tree::Language;
use crate::testing::coverage::{Article, Kind, Point};
use crate::testing::message::{survivor, unseen};
use crate::testing::mutate::{Fate, Mutated};
use crate::testing::suite::Status;
use std::io::{Result, Write};

/// Writes the report.
pub(super) fn write(outcome: &Outcome, options: &Options, out: &mut impl Write) -> Result<()> {
    let say = |text: &Bilingual| {
        if options.language == Language::Chinese { text.zh.clone() } else { text.en.clone() }
    };
    // A mistake in what several policies use is said once.
    let mut broken: Vec<Diagnostic> = outcome.diagnostics.clone();
    for found in outcome.tested.iter().flat_map(|tested| &tested.diagnostics) {
        if !broken.contains(found) {
            broken.push(found.clone());
        }
    }
    report::write_diagnostics(&broken, options, out)?;
    for result in outcome
        .tested
        .iter()
        .flat_map(|tested| &tested.results)
        .filter(|result| result.status != Status::Passed)
    {
        report::write_blocks(&result.diagnostics, options, out)?;
        if let Some(change) = &result.change {
            difference(change, options, out)?;
        }
    }
    measures(outcome, options, out)?;
    for tested in &outcome.tested {
        writeln!(out, "{}", say(&line(tested)))?;
    }
    for policy in &outcome.bare {
        writeln!(out, "{}", say(&say!("{policy}：没有案例", "{policy}: no cases")))?;
    }
    if let Some(line) = taken(&outcome.taken()) {
        writeln!(out, "{}", say(&line))?;
    }
    writeln!(out, "{}", say(&closing(outcome)))
}

fn counts(passed: usize, failed: usize, broken: usize) -> Bilingual {
    let mut text = say!("{passed} 个通过", "{passed} passed");
    if failed > 0 {
        text = Bilingual::new(
            format!("{}，{failed} 个不符", text.zh),
            format!("{}, {failed} failed", text.en),
        );
    }
    if broken > 0 {
        text = Bilingual::new(
            format!("{}，{broken} 个出错", text.zh),
            format!("{}, {broken} in error", text.en),
        );
    }
    text
}

fn line(tested: &Tested) -> Bilingual {
    let of =
        |status: Status| tested.results.iter().filter(|result| result.status == status).count();
    let counts = counts(of(Status::Passed), of(Status::Failed), of(Status::Error));
    let (policy, left) = (&tested.policy, tested.left_out);
    let seen = tested.coverage.as_ref().map_or_else(Bilingual::default, |coverage| {
        let ((a, b), (c, d)) = (coverage.articles(), coverage.conditions());
        let (articles, conditions) = (percent((a, b)), percent((c, d)));
        say!(
            "；条文 {a}/{b}（{articles}%），条件 {c}/{d}（{conditions}%）",
            "; articles {a}/{b} ({articles}%), conditions {c}/{d} ({conditions}%)"
        )
    });
    let rest = if left > 0 {
        say!("，{left} 个没有跑", ", {left} left out")
    } else {
        Bilingual::default()
    };
    Bilingual::new(
        format!("{policy}：{}{}{}", counts.zh, rest.zh, seen.zh),
        format!("{policy}: {}{}{}", counts.en, rest.en, seen.en),
    )
}

fn closing(outcome: &Outcome) -> Bilingual {
    let all = outcome.cases();
    let counts = counts(
        outcome.count(Status::Passed),
        outcome.count(Status::Failed),
        outcome.count(Status::Error),
    );
    Bilingual::new(
        format!("共 {all} 个案例：{}。", counts.zh),
        format!("{all} cases: {}.", counts.en),
    )
}

/// What no case saw, what no case noticed; then the figures.
fn measures(outcome: &Outcome, options: &Options, out: &mut impl Write) -> Result<()> {
    let say = |text: &Bilingual| {
        if options.language == Language::Chinese { text.zh.clone() } else { text.en.clone() }
    };
    for coverage in outcome.tested.iter().filter_map(|tested| tested.coverage.as_ref()) {
        let open = coverage.articles.iter().flat_map(|article| {
            article.points.iter().filter(|point| point.is_open()).map(move |point| (article, point))
        });
        let open: Vec<Diagnostic> = open.map(|(article, point)| unseen(article, point)).collect();
        report::write_blocks(&open, options, out)?;
        for article in &coverage.articles {
            writeln!(out, "{}", say(&of_article(article)))?;
        }
    }
    let mutants = || outcome.mutated.iter().flat_map(|mutated| &mutated.mutants);
    let survivors: Vec<Diagnostic> =
        mutants().filter(|mutant| mutant.fate == Fate::Survived).map(survivor).collect();
    report::write_blocks(&survivors, options, out)?;
    for mutated in &outcome.mutated {
        writeln!(out, "{}", say(&of_mutants(mutated)))?;
    }
    if !outcome.mutated.is_empty() {
        let (noticed, all) = outcome.score();
        let share = percent((noticed, all));
        writeln!(
            out,
            "{}",
            say(&say!(
                "变异：{all} 个中看出 {noticed} 个，{share}%",
                "mutation: {noticed} of {all} noticed, {share}%"
            ))
        )?;
    }
    Ok(())
}

fn of_article(article: &Article) -> Bilingual {
    let sum = |kinds: &[Kind]| {
        let points = article.points.iter().filter(|point| kinds.contains(&point.kind));
        points
            .map(Point::sides)
            .fold((0, 0), |(seen, all), (more, total)| (seen + more, all + total))
    };
    let (outcomes, of_outcomes) = sum(&[Kind::Outcome]);
    let (seen, all) = sum(&[Kind::Condition, Kind::Exception, Kind::Atom]);
    let mark = if outcomes == of_outcomes && seen == all { "✓" } else { " " };
    let (zh, en) = (&article.heading.zh, &article.heading.en);
    say!(
        "  {mark} {zh}：结果 {outcomes}/{of_outcomes}，条件 {seen}/{all}",
        "  {mark} {en}: outcomes {outcomes}/{of_outcomes}, conditions {seen}/{all}"
    )
}

fn of_mutants(mutated: &Mutated) -> Bilingual {
    let of = |fate: Fate| mutated.mutants.iter().filter(|mutant| mutant.fate == fate).count();
    let (noticed, survived, equivalent, rejected) =
        (of(Fate::Noticed), of(Fate::Survived), of(Fate::Equivalent), of(Fate::Rejected));
    let file = &mutated.file;
    say!(
        "{file}：变异看出 {noticed} 个，没看出 {survived} 个，等价 {equivalent} 个（另有 \
            {rejected} 个通不过编译）",
        "{file}: {noticed} changes noticed, {survived} not, {equivalent} equivalent ({rejected} \
            more do not compile)"
    )
}
