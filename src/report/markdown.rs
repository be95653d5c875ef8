//! Rank 5: the format `markdown`, for a repository or a chat: summary tables, then findings by
//! article. Names and cells are text, never markup.

use super::Options;
use super::block::location;
use super::group::{Group, Tally, Topic, groups};
use super::groups::GroupTable;
use super::measure;
use super::phrase::{self, TIE};
use super::words::Words;
use crate::diagnostic::{Diagnostic, Severity};
use crate::finding::{Counts, Evidence, Finding, Report, Role};
use crate::grouping::Groups;
use crate::place::Place;
use crate::visible::visible;
use std::io::{Result, Write};

/// Writes the document, unbuffered.
///
/// # Errors
/// Where `out` fails.
pub fn write(
    report: &Report,
    rows: Option<&Groups<'_>>,
    options: &Options,
    out: &mut impl Write,
) -> Result<()> {
    let groups = groups(report, rows);
    let all = Tally::sum(groups.iter().map(|group| &group.tally));
    let mut page = Page { out, words: Words::of(options.language), base: &options.base };
    writeln!(page.out, "# {}\n", escaped(&report.project))?;
    writeln!(page.out, "{}\n", escaped(&phrase::closing(page.words, report, &all)))?;
    page.diagnostics(&report.diagnostics)?;
    page.summary(report)?;
    page.groups(rows)?;
    if !groups.is_empty() {
        writeln!(page.out, "## {}\n", page.words.findings)?;
    }
    let headings = phrase::headings(report);
    for group in &groups {
        let (title, counts) = phrase::title(page.words, report, &headings, group);
        writeln!(page.out, "### {} — {}\n", escaped(&title), escaped(&counts))?;
        page.group(report, group)?;
    }
    Ok(())
}

struct Page<'a, W: Write> {
    out: &'a mut W,
    words: &'static Words,
    /// The way to the folder that files are named from.
    base: &'a str,
}

impl<W: Write> Page<'_, W> {
    fn diagnostics(&mut self, diagnostics: &[Diagnostic]) -> Result<()> {
        if diagnostics.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "## {}\n", self.words.diagnostics)?;
        let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
        sorted.sort_by_key(|diagnostic| diagnostic.severity);
        for diagnostic in sorted {
            let sign = if diagnostic.severity == Severity::Error { "❌" } else { "⚠️" };
            let severity = self.words.severity(diagnostic.severity);
            let message = escaped(self.words.pick(&diagnostic.message));
            writeln!(
                self.out,
                "- {sign} **{severity}**{}{message} ({})",
                self.words.colon,
                code(diagnostic.code)
            )?;
            for label in &diagnostic.labels {
                self.spot(&label.place, self.words.pick(&label.text))?;
            }
            if let Some(help) = &diagnostic.help {
                writeln!(
                    self.out,
                    "  - {}{}{}",
                    self.words.help,
                    self.words.colon,
                    escaped(self.words.pick(help))
                )?;
            }
        }
        writeln!(self.out)
    }

    fn summary(&mut self, report: &Report) -> Result<()> {
        let words = self.words;
        let judged: Vec<_> = report.tabled().collect();
        if !judged.is_empty() {
            let row = |name: &str, counts: Counts| {
                std::iter::once(escaped(name))
                    .chain(counts.columns().map(number))
                    .collect::<Vec<_>>()
            };
            let mut rows: Vec<Vec<String>> = judged
                .iter()
                .map(|article| row(words.pick(&article.heading), article.counts))
                .collect();
            rows.push(row(words.total, report.totals));
            self.table(words.outcomes, &words.outcome_columns, 1, &rows)?;
        }
        for line in phrase::unjudged(words, report) {
            writeln!(self.out, "{}\n", escaped(&line))?;
        }
        for decision in &report.decisions {
            let known = decision.dispositions.iter();
            let mut rows: Vec<Vec<String>> = known
                .map(|(value, declared, required)| {
                    vec![escaped(words.pick(value)), number(*declared), number(*required)]
                })
                .collect();
            if decision.open > 0 {
                rows.push(vec![words.open.to_owned(), String::new(), number(decision.open)]);
            }
            self.table(words.pick(&decision.field), &words.disposition_columns, 1, &rows)?;
        }
        self.measures(report)?;
        self.waivers(report)
    }

    fn measures(&mut self, report: &Report) -> Result<()> {
        for figures in measure::tables(self.words, &report.measures) {
            let rows: Vec<Vec<String>> = figures
                .lines
                .iter()
                .map(|line| line.cells.iter().map(|cell| escaped(cell)).collect())
                .collect();
            self.table(figures.title, &figures.columns, figures.names, &rows)?;
        }
        Ok(())
    }

    fn groups(&mut self, rows: Option<&Groups<'_>>) -> Result<()> {
        let grouped = rows.and_then(|rows| GroupTable::new(self.words, rows));
        let Some(grouped) = grouped else { return Ok(()) };
        let columns: Vec<String> = grouped.columns.iter().map(|name| escaped(name)).collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let row = |(name, counts): &(String, Vec<usize>)| {
            let counts = counts.iter().copied().map(number);
            std::iter::once(escaped(name)).chain(counts).collect()
        };
        let rows: Vec<Vec<String>> = grouped.lines.iter().map(row).collect();
        self.table(&grouped.title, &columns, 1, &rows)?;
        grouped.remarks.iter().try_for_each(|said| writeln!(self.out, "{}\n", escaped(said)))
    }

    fn waivers(&mut self, report: &Report) -> Result<()> {
        let words = self.words;
        let headings = phrase::headings(report);
        let rows: Vec<Vec<String>> = report
            .waivers
            .iter()
            .map(|waiver| phrase::waiver(words, &headings, waiver).map(escaped).to_vec())
            .collect();
        self.table(words.waivers, &words.waiver_columns, words.waiver_columns.len(), &rows)
    }

    /// A table whose columns after the first `texts` hold numbers; nothing without rows. Cells are
    /// escaped already.
    fn table(
        &mut self,
        title: &str,
        columns: &[&str],
        texts: usize,
        rows: &[Vec<String>],
    ) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "## {}\n\n| {} |", escaped(title), columns.join(" | "))?;
        let rules: Vec<&str> =
            (0..columns.len()).map(|column| if column < texts { "---" } else { "---:" }).collect();
        writeln!(self.out, "| {} |", rules.join(" | "))?;
        for row in rows {
            writeln!(self.out, "| {} |", row.join(" | "))?;
        }
        writeln!(self.out)
    }

    fn group(&mut self, report: &Report, group: &Group) -> Result<()> {
        let mut clauses: Vec<Evidence> = Vec::new();
        let make = |index| report.findings.get(index);
        super::each_finding(&group.findings, make, |_, finding| {
            if matches!(group.topic, Topic::Article(_)) {
                self.clauses(&finding, &mut clauses)?;
            }
            self.finding(&finding, group.topic)
        })?;
        writeln!(self.out)
    }

    /// The text of clauses not shown yet, as code.
    fn clauses(&mut self, finding: &Finding, shown: &mut Vec<Evidence>) -> Result<()> {
        let clauses = finding.evidence.iter().filter(|evidence| {
            evidence.role == Role::Policy && !evidence.place.excerpt.text.is_empty()
        });
        let new: Vec<&Evidence> = clauses
            .filter(|clause| !shown.iter().any(|known| known.place == clause.place))
            .collect();
        let mut texts: Vec<&str> = Vec::new();
        for clause in &new {
            if !texts.contains(&&*clause.place.excerpt.text) {
                texts.push(&clause.place.excerpt.text);
            }
        }
        for text in texts {
            let lines: Vec<_> = text.lines().map(visible).collect();
            let fence = "`".repeat(longest_run(text).max(2) + 1);
            let gap = if shown.is_empty() { "" } else { "\n" };
            writeln!(self.out, "{gap}{fence}\n{}\n{fence}\n", lines.join("\n"))?;
        }
        shown.extend(new.into_iter().cloned());
        Ok(())
    }

    fn finding(&mut self, finding: &Finding, topic: Topic) -> Result<()> {
        let words = self.words;
        let subject = finding.subject.as_ref().map(|subject| phrase::row(words, subject));
        let heading = match (&subject, topic) {
            (_, Topic::Note(_)) | (None, _) => words.pick(&finding.heading),
            (Some(_), Topic::Article(_)) => "",
        };
        let named: Vec<&str> = subject
            .as_deref()
            .into_iter()
            .chain([heading])
            .filter(|part| !part.is_empty())
            .collect();
        let (kind, message) =
            (words.outcome(finding.outcome, finding.weight), escaped(words.pick(&finding.message)));
        writeln!(
            self.out,
            "- **{}** — {kind}{}{message}",
            escaped(&named.join(words.comma)),
            words.colon
        )?;
        if let Some(dispositions) = phrase::dispositions(words, finding) {
            writeln!(self.out, "  - {}", escaped(&dispositions))?;
        }
        for evidence in &finding.evidence {
            self.spot(&evidence.place, phrase::label(words, evidence))?;
        }
        let missing = phrase::missing(words, finding);
        let cite =
            if finding.cite.is_empty() { None } else { Some(finding.cite.join(words.pause)) };
        let help = finding.help.as_ref().map(|help| words.pick(help).to_owned());
        for (word, text) in [(words.missing, missing), (words.help, help), (words.cite, cite)] {
            if let Some(text) = text {
                writeln!(self.out, "  - {word}{}{}", words.colon, escaped(&text))?;
            }
        }
        Ok(())
    }

    /// A place, and what stands there.
    fn spot(&mut self, place: &Place, label: &str) -> Result<()> {
        let label = if label.is_empty() { String::new() } else { format!(" {}", escaped(label)) };
        writeln!(self.out, "  - {}{label}", code(&location(self.base, place)))
    }
}

/// A count; none is a dash, so that the others stand out.
fn number(count: usize) -> String {
    if count == 0 { "-".to_owned() } else { count.to_string() }
}

/// Text on one line that means nothing to Markdown, GitHub's links included.
#[must_use]
pub fn escaped(text: &str) -> String {
    let shown = visible(text).replace(TIE, " ");
    let mut escaped = String::with_capacity(shown.len() + 8);
    let mut rest = shown.as_str();
    while let Some(c) = rest.chars().next() {
        let (head, tail) = rest.split_at(c.len_utf8());
        rest = tail;
        if let Some(entity) = entity(c) {
            escaped.push_str(entity);
            continue;
        }
        let markup = matches!(
            c,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' | '$'
        );
        let link =
            (c == ':' && tail.starts_with("//")) || (c == '.' && escaped.ends_with(['w', 'W']));
        if markup || link || c == '@' {
            escaped.push('\\');
        }
        escaped.push_str(head);
    }
    escaped
}

/// What could begin a tag or an entity, for readers that know no backslash.
fn entity(c: char) -> Option<&'static str> {
    match c {
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '&' => Some("&amp;"),
        _ => None,
    }
}

/// Text as code, whatever backticks it has.
fn code(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{}{pad}{fence}", visible(text))
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{code, escaped};

    #[test]
    fn markup_is_text() {
        assert_eq!(escaped("<b>|[x](y)*_\n"), "&lt;b&gt;\\|\\[x\\](y)\\*\\_␊");
        assert_eq!(escaped("https://a www.b @c"), "https\\://a www\\.b \\@c");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
    }
}
