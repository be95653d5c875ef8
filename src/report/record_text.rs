//! The record as text: dispositions first, then every article with its tree of conditions.

use super::Options;
use super::block::location;
use super::words::Words;
use crate::diagnostic::Bilingual;
use crate::finding::counted;
use crate::finding::{Outcome, Provision, Weight};
use crate::syntax::tree::Language;
use crate::visible::visible;
use crate::why::{Change, Disposition, Entry, Needed, Record, Step};
use std::io::{Result, Write};

/// What is said of articles that do not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// What they are called.
    Named,
    /// The condition that does not hold.
    Told,
}

/// How many that do not apply are told of; the others are only named.
const TOLD: usize = 12;

/// Writes a record.
///
/// # Errors
/// Where `out` fails.
pub fn write(record: &Record, idle: Idle, options: &Options, out: &mut dyn Write) -> Result<()> {
    let (words, base) = (Words::of(options.language), &*options.base);
    let chinese = options.language == Language::Chinese;
    Writer { out, words, chinese, base }.record(record, idle)
}

struct Writer<'o> {
    out: &'o mut dyn Write,
    base: &'o str,
    words: &'static Words,
    chinese: bool,
}

impl Writer<'_> {
    fn said<'b>(&self, text: &'b Bilingual) -> &'b str {
        if self.chinese { &text.zh } else { &text.en }
    }

    /// `steps[2]`, which counts from 0, with the number people count by.
    fn path(&self, path: &Bilingual) -> String {
        counted(self.said(path), self.chinese)
    }

    fn word(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.chinese { zh } else { en }
    }

    /// A line; what would move the cursor or hide text in it is shown.
    fn line(&mut self, text: &str) -> Result<()> {
        writeln!(self.out, "{}", visible(text))
    }

    fn record(&mut self, record: &Record, idle: Idle) -> Result<()> {
        let title = record.title.as_ref().map_or_else(String::new, |title| format!(" {title}"));
        let place = record
            .place
            .as_ref()
            .map_or_else(String::new, |place| format!("  [{}]", location(self.base, place)));
        self.line(&format!(
            "{} {}{title}{place}",
            self.said(&record.table),
            self.said(&record.name())
        ))?;
        for (heading, waiver) in &record.waivers {
            let text = self.words.allowed(heading, waiver);
            self.line(&format!("○ {text}"))?;
        }
        for disposition in &record.dispositions {
            self.disposition(disposition)?;
        }
        for outcome in Record::ORDER {
            for entry in record.entries.iter().filter(|entry| entry.outcome == outcome) {
                self.entry(entry)?;
            }
        }
        self.not_applicable(&record.entries, idle)
    }

    fn not_applicable(&mut self, entries: &[Entry], idle: Idle) -> Result<()> {
        let mut entries = entries.iter().filter(|entry| entry.outcome == Outcome::NotApplicable);
        if idle == Idle::Told {
            entries.by_ref().take(TOLD).try_for_each(|entry| self.entry(entry))?;
        }
        let idle: Vec<&str> = entries.map(|entry| self.said(&entry.article.heading)).collect();
        if idle.is_empty() {
            return Ok(());
        }
        let headings = deduplicated(idle);
        writeln!(self.out, "\n{}", self.word("不适用", "not applicable"))?;
        headings.iter().try_for_each(|heading| self.line(&format!("  – {heading}")))?;
        Ok(())
    }

    fn disposition(&mut self, found: &Disposition) -> Result<()> {
        let path =
            found.path.as_ref().map_or_else(String::new, |path| format!(" {}", self.path(path)));
        let unknown = self.word("不能确定", "not determined");
        let required = found.required.as_ref().map_or(unknown, |name| self.said(name));
        let clash = !found.clashing.is_empty();
        let declared = found
            .declared
            .as_ref()
            .map_or(self.word("没有填", "not given"), |name| self.said(name));
        let mark = match found.outcome {
            Outcome::Conflict => "✗",
            Outcome::Waived => "○",
            _ if found.required.is_none() => "?",
            _ if required == declared => "✓",
            _ => "✗",
        };
        let (is, says) = (self.word("应为", "required"), self.word("填报", "declared"));
        let (colon, comma) = (self.word("：", ": "), self.word("，", ", "));
        let required = match clash {
            true => self.word("条文冲突", "articles in conflict").to_owned(),
            false => format!("{is} {required}"),
        };
        let line = format!(
            "{mark} {}{path}{colon}{required}{comma}{says} {declared}",
            self.said(&found.field)
        );
        writeln!(self.out)?;
        self.line(&line)?;
        let contested = match found.ordered {
            true => self.word("可能被别的压过", "may be beaten by another"),
            false => self.word("可能与别的冲突", "may be in conflict with another"),
        };
        let groups = [
            (self.word("由", "decided by"), &found.decided_by),
            (self.word("互相冲突的", "in conflict"), &found.clashing),
            (self.word("被更高的压过", "beaten"), &found.beaten),
            (contested, &found.contested),
            (self.word("无法判断", "cannot be judged"), &found.open),
        ];
        for (word, articles) in groups {
            for article in
                deduplicated(articles.iter().map(|article| self.said(&article.heading)).collect())
            {
                self.line(&format!("    {word} {article}"))?;
            }
        }
        for change in &found.changes {
            self.change(change)?;
        }
        Ok(())
    }

    fn change(&mut self, change: &Change) -> Result<()> {
        let need = self.word("要成为", "to become");
        let by = change.article.as_ref().map_or_else(String::new, |article| match self.chinese {
            true => format!("（按 {}）", article.heading.zh),
            false => format!(" (by {})", article.heading.en),
        });
        let colon = self.word("：", ":");
        let head = format!("    {need} {}{by}{colon}", self.said(&change.disposition));
        let blank = self.word("", " ");
        match change.conditions.as_slice() {
            [] => self.line(&format!("{head}{blank}{}", self.said(&change.found.said()))),
            [only] => self.line(&format!("{head}{blank}{}", self.needed(only))),
            several => {
                self.line(&head)?;
                several.iter().try_for_each(|one| self.line(&format!("      {}", self.needed(one))))
            }
        }
    }

    fn needed(&self, needed: &Needed) -> String {
        let name = self.said(&needed.name);
        let name = counted(name, self.chinese);
        format!("`{name}` {}", self.said(&needed.demand))
    }

    fn entry(&mut self, entry: &Entry) -> Result<()> {
        let mark = match entry.outcome {
            Outcome::Satisfied => "✓",
            Outcome::Violated | Outcome::Conflict => "✗",
            Outcome::Referred | Outcome::Undetermined => "?",
            Outcome::NotApplicable => "–",
            Outcome::Exempt
            | Outcome::AlreadyDemanded
            | Outcome::Waived
            | Outcome::Vacuous
            | Outcome::Hollow
            | Outcome::Waiver => "○",
        };
        let path = entry.path.as_ref().map_or_else(String::new, |path| {
            format!("{}{}", self.word("，", ", "), self.path(path))
        });
        writeln!(self.out)?;
        self.line(&format!(
            "{mark} {}{path} — {}",
            self.said(&entry.article.heading),
            self.words.outcome(entry.outcome, Weight::Error)
        ))?;
        for article in &entry.overridden_by {
            let said = match entry.outcome {
                Outcome::AlreadyDemanded => self.word("已要求的是", "already demanded by"),
                _ => self.word("让位于", "overridden by"),
            };
            let article = match article.name == entry.article.name {
                true => self.word("本条的另一句", "another sentence of this article"),
                false => self.said(&article.heading),
            };
            self.line(&format!("    {said} {article}"))?;
        }
        let parts = [
            (self.word("条件", "condition"), &entry.condition),
            (self.word("除非", "unless"), &entry.exception),
            (self.word("要求", "requirement"), &entry.requirement),
        ];
        // Of one that does not apply nothing else matters.
        let told = if entry.outcome == Outcome::NotApplicable { 1 } else { parts.len() };
        for (word, step) in parts.into_iter().take(told) {
            if let Some(step) = step {
                writeln!(self.out, "  {word}")?;
                self.step(step, 2)?;
            }
        }
        for Provision { cite, words } in &entry.provisions {
            self.line(&format!("  {cite}"))?;
            words.lines().try_for_each(|line| self.line(&format!("    {line}")))?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Step, depth: usize) -> Result<()> {
        let indent = "  ".repeat(depth);
        let mark = match step.truth {
            Some(true) => "✓",
            Some(false) => "✗",
            None => "?",
        };
        let values: Vec<String> = step
            .values
            .iter()
            .map(|(name, value)| {
                let value =
                    value.as_ref().map_or(self.word("不详", "unknown"), |value| self.said(value));
                format!("{} = {value}", self.said(name))
            })
            .collect();
        let values =
            if values.is_empty() { String::new() } else { format!("   ({})", values.join(", ")) };
        self.line(&format!("{indent}{mark} {}{values}", self.path(&step.text)))?;
        for fact in &step.facts {
            self.line(&format!(
                "{indent}    · {}  [{}]",
                self.said(&fact.label),
                location(self.base, &fact.place)
            ))?;
        }
        for part in &step.parts {
            self.step(part, depth + 1)?;
        }
        Ok(())
    }
}

/// The words in order, each once, with how often it stands.
fn deduplicated(words: Vec<&str>) -> Vec<String> {
    let mut found: Vec<(&str, usize)> = Vec::new();
    for word in words {
        match found.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => found.push((word, 1)),
        }
    }
    found
        .into_iter()
        .map(|(word, count)| if count > 1 { format!("{word} ×{count}") } else { word.to_owned() })
        .collect()
}
