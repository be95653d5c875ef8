//! The format `text`: what failed, with the difference; then one line for each policy, and one for all.

use super::{Outcome, Tested, percent};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::report::{self, Options};
use crate::say;
use crate::syntax::tree::Language;
use crate::testing::coverage::{Article, Kind, Point};
use crate::testing::mutate::{Fate, Mutant, Mutated};
use crate::testing::snapshot::Change;
use crate::testing::suite::Status;
use owo_colors::{OwoColorize, Style};
use similar::{ChangeTag, TextDiff};
use std::io::{Result, Write};

/// Writes the report.
pub(super) fn write(outcome: &Outcome, options: &Options, out: &mut impl Write) -> Result<()> {
    let say = |text: &Bilingual| if options.language == Language::Chinese { text.zh.clone() } else { text.en.clone() };
    let broken: Vec<Diagnostic> =
        outcome.diagnostics.iter().chain(outcome.tested.iter().flat_map(|tested| &tested.diagnostics)).cloned().collect();
    report::write_diagnostics(&broken, options, out)?;
    for result in outcome.tested.iter().flat_map(|tested| &tested.results).filter(|result| result.status != Status::Passed) {
        report::write_blocks(&result.diagnostics, options, out)?;
        if let Some(change) = &result.change {
            difference(change, options.color, out)?;
        }
    }
    measures(outcome, options, out)?;
    for tested in &outcome.tested {
        writeln!(out, "{}", say(&line(tested)))?;
    }
    for policy in &outcome.bare {
        writeln!(out, "{}", say(&say!("{policy}：没有案例", "{policy}: no cases")))?;
    }
    writeln!(out, "{}", say(&closing(outcome)))
}

/// A changed snapshot, line by line.
fn difference(change: &Change, color: bool, out: &mut impl Write) -> Result<()> {
    let before = change.before.as_deref().unwrap_or_default();
    for part in TextDiff::from_lines(before, &change.after).iter_all_changes() {
        let (sign, style) = match part.tag() {
            ChangeTag::Delete => ('-', Style::new().red()),
            ChangeTag::Insert => ('+', Style::new().green()),
            ChangeTag::Equal => (' ', Style::new()),
        };
        let line = format!("  {sign} {}", part.value().trim_end());
        let line = line.trim_end();
        if color { writeln!(out, "{}", line.style(style))? } else { writeln!(out, "{line}")? }
    }
    writeln!(out)
}

fn counts(passed: usize, failed: usize, broken: usize) -> Bilingual {
    let mut text = say!("{passed} 个通过", "{passed} passed");
    if failed > 0 {
        text = Bilingual::new(format!("{}，{failed} 个不符", text.zh), format!("{}, {failed} failed", text.en));
    }
    if broken > 0 {
        text = Bilingual::new(format!("{}，{broken} 个跑不了", text.zh), format!("{}, {broken} in error", text.en));
    }
    text
}

fn line(tested: &Tested) -> Bilingual {
    let of = |status: Status| tested.results.iter().filter(|result| result.status == status).count();
    let counts = counts(of(Status::Passed), of(Status::Failed), of(Status::Broken));
    let (policy, left) = (&tested.policy, tested.left_out);
    let seen = tested.coverage.as_ref().map_or_else(Bilingual::default, |coverage| {
        let ((a, b), (c, d)) = (coverage.articles(), coverage.conditions());
        let (articles, conditions) = (percent((a, b)), percent((c, d)));
        say!(
            "；条文 {a}/{b}（{articles}%），条件 {c}/{d}（{conditions}%）",
            "; articles {a}/{b} ({articles}%), conditions {c}/{d} ({conditions}%)"
        )
    });
    let rest = if left > 0 { say!("，{left} 个没有跑", ", {left} left out") } else { Bilingual::default() };
    Bilingual::new(format!("{policy}：{}{}{}", counts.zh, rest.zh, seen.zh), format!("{policy}: {}{}{}", counts.en, rest.en, seen.en))
}

fn closing(outcome: &Outcome) -> Bilingual {
    let all = outcome.cases();
    let counts = counts(outcome.count(Status::Passed), outcome.count(Status::Failed), outcome.count(Status::Broken));
    Bilingual::new(format!("共 {all} 个案例：{}。", counts.zh), format!("{all} cases: {}.", counts.en))
}

/// What no case saw, what no case noticed; then the figures.
fn measures(outcome: &Outcome, options: &Options, out: &mut impl Write) -> Result<()> {
    let say = |text: &Bilingual| if options.language == Language::Chinese { text.zh.clone() } else { text.en.clone() };
    for coverage in outcome.tested.iter().filter_map(|tested| tested.coverage.as_ref()) {
        let open = coverage
            .articles
            .iter()
            .flat_map(|article| article.points.iter().filter(|point| point.is_open()).map(move |point| (article, point)));
        let open: Vec<Diagnostic> = open.map(|(article, point)| unseen(article, point)).collect();
        report::write_blocks(&open, options, out)?;
        for article in &coverage.articles {
            writeln!(out, "{}", say(&of_article(article)))?;
        }
    }
    let mutants = || outcome.mutated.iter().flat_map(|mutated| &mutated.mutants);
    let survivors: Vec<Diagnostic> = mutants().filter(|mutant| mutant.fate == Fate::Survived).map(survivor).collect();
    report::write_blocks(&survivors, options, out)?;
    for mutated in &outcome.mutated {
        writeln!(out, "{}", say(&of_mutants(mutated)))?;
    }
    if !outcome.mutated.is_empty() {
        let (noticed, all) = outcome.score();
        let share = percent((noticed, all));
        writeln!(out, "{}", say(&say!("变异：{all} 个中看出 {noticed} 个，{share}%", "mutation: {noticed} of {all} noticed, {share}%")))?;
    }
    Ok(())
}

fn unseen(article: &Article, point: &Point) -> Diagnostic {
    let what = match (point.kind, point.yes.is_empty(), point.no.is_empty() && point.two_sided) {
        (Kind::Outcome, true, true) => say!("没有案例判断过", "no case judged it"),
        (Kind::Outcome, true, false) => say!("没有案例违反（或提请）", "no case violates it (or is referred)"),
        (Kind::Outcome, ..) => say!("没有案例满足", "no case satisfies it"),
        (_, true, true) => say!("没有案例判断过真假", "no case told whether it holds"),
        (_, true, false) => say!("没有案例为真", "it holds in no case"),
        _ => say!("没有案例为假", "it fails in no case"),
    };
    let message = Bilingual::new(format!("{}：{}", article.heading.zh, what.zh), format!("{}: {}", article.heading.en, what.en));
    Diagnostic::warning("not_covered", message).at(point.place.clone(), Bilingual::default())
}

fn of_article(article: &Article) -> Bilingual {
    let sum = |kinds: &[Kind]| {
        let points = article.points.iter().filter(|point| kinds.contains(&point.kind));
        points.map(Point::sides).fold((0, 0), |(seen, all), (more, total)| (seen + more, all + total))
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

fn survivor(mutant: &Mutant) -> Diagnostic {
    let (at, change) = (&mutant.at, &mutant.change);
    let message = Bilingual::new(format!("没有案例看出 {}：{}", at.zh, change.zh), format!("no case notices {}: {}", at.en, change.en));
    let help =
        say!("添一个案例；意思没有变的，写进 [[equivalent]]", "add a case; where the meaning is the same, explain it in [[equivalent]]");
    Diagnostic::warning("unnoticed_change", message).help(help).at(mutant.place.clone(), Bilingual::default())
}

fn of_mutants(mutated: &Mutated) -> Bilingual {
    let of = |fate: Fate| mutated.mutants.iter().filter(|mutant| mutant.fate == fate).count();
    let (noticed, survived, equivalent, rejected) = (of(Fate::Noticed), of(Fate::Survived), of(Fate::Equivalent), of(Fate::Rejected));
    let file = &mutated.file;
    say!(
        "{file}：变异看出 {noticed} 个，没看出 {survived} 个，等价 {equivalent} 个（另有 {rejected} 个通不过编译）",
        "{file}: {noticed} changes noticed, {survived} not, {equivalent} equivalent ({rejected} more do not compile)"
    )
}
