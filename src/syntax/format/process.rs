//! Processes: their steps on one line, or broken at arrows.

use super::declaration::line;
use super::expression::fits;
use super::unit::{Place, Unit};
use super::writer::Writer;
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{ProcessDecl, Repetition, Steps, StepsKind};
use crate::text::Span;

/// `流程 名 于 表.列表.字段`, its steps below.
pub(super) fn process(writer: &Writer, span: Span, process: &ProcessDecl, units: &mut Vec<Unit>) {
    let head = format!(
        "{} {} {} {}",
        writer.word(Rule::kw_process),
        writer.names(&process.names),
        writer.word(Rule::kw_on),
        writer.path(&process.path)
    );
    units.push(line(Span { end: process.path.span.end, ..span }, 0, Place::Block, head));
    let StepsKind::Sequence(parts) = &process.steps.kind else {
        units.push(line(process.steps.span, 2, Place::Inner, writer.steps(&process.steps)));
        return;
    };
    // As many steps on a line as fit. What is remarked between two steps, or within one, stands by
    // them in either language, however long their names are.
    let mut text = String::new();
    let mut start = Span { end: process.steps.span.start, ..process.steps.span };
    for (index, part) in parts.iter().enumerate() {
        let written = writer.steps(part);
        let next = if index == 0 { written.clone() } else { format!("→ {written}") };
        let remarked = writer.is_remarked(start.end, part.span.end);
        let broken = index > 0 && (remarked || !fits(&format!("{text} {next}"), 2));
        if broken {
            units.push(line(start, 2, Place::Inner, std::mem::take(&mut text)));
            start = part.span;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&next);
        start = Span { end: part.span.end, ..start };
    }
    units.push(line(start, 2, Place::Inner, text));
}

impl Writer<'_> {
    /// A part of a process on one line.
    pub fn steps(&self, steps: &Steps) -> String {
        let joined = |parts: &[Steps], joint: &str| {
            parts
                .iter()
                .map(|part| self.steps(part))
                .collect::<Vec<_>>()
                .join(&format!(" {joint} "))
        };
        match &steps.kind {
            StepsKind::Activity(name) => self.used(name),
            StepsKind::Text(text) => self.text(&text.text),
            StepsKind::Anything => "…".to_owned(),
            StepsKind::Sequence(parts) => joined(parts, "→"),
            StepsKind::Choice(parts) => joined(parts, self.word(Rule::kw_or)),
            StepsKind::Together(parts) => joined(parts, self.word(Rule::kw_together)),
            StepsKind::Paren(inner) => format!("({})", self.steps(inner)),
            StepsKind::Repeated(inner, repetition) => {
                let sign = match repetition {
                    Repetition::Optional => "?",
                    Repetition::Any => "*",
                    Repetition::Some => "+",
                };
                format!("{}{sign}", self.steps(inner))
            }
        }
    }
}
