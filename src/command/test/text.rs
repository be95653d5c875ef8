//! The format `text`: what failed, with the difference; then one line for each policy, and one for all.

use super::{Outcome, Tested};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::report::{self, Options};
use crate::say;
use crate::syntax::tree::Language;
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
    let rest = if left > 0 { say!("，{left} 个没有跑", ", {left} left out") } else { Bilingual::default() };
    Bilingual::new(format!("{policy}：{}{}", counts.zh, rest.zh), format!("{policy}: {}{}", counts.en, rest.en))
}

fn closing(outcome: &Outcome) -> Bilingual {
    let all = outcome.cases();
    let counts = counts(outcome.count(Status::Passed), outcome.count(Status::Failed), outcome.count(Status::Broken));
    Bilingual::new(format!("共 {all} 个案例：{}。", counts.zh), format!("{all} cases: {}.", counts.en))
}
