//! What is known of what stands at a place.

use super::super::snapshot::Snapshot;
use crate::authoring::{HoverPart, ProvisionText};
use crate::diagnostic::Bilingual;
use crate::report::{escaped, visible};
use crate::say;
use gen_lsp_types::{Contents, Hover, HoverParams, MarkupContent, MarkupKind};
use std::path::Path;

/// Answers `textDocument/hover`.
pub(super) fn hover(snapshot: &Snapshot, path: &Path, asked: &HoverParams) -> Option<Hover> {
    let offset = snapshot.offset(path, asked.text_document_position_params.position)?;
    let hover = snapshot.view.hover(path, offset)?;
    let markdown = snapshot.client.markdown;
    let text = Text { snapshot, markdown };
    let parts: Vec<String> = hover.parts.iter().map(|part| text.part(part)).collect();
    let kind = if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let value = parts.join("\n\n");
    let contents = Contents::MarkupContent(MarkupContent { kind, value });
    Some(Hover { contents, range: Some(snapshot.range(path, &hover.span)) })
}

/// How things are said: as Markdown, in which nothing but our own means anything, or plainly.
struct Text<'a> {
    snapshot: &'a Snapshot,
    markdown: bool,
}

impl Text<'_> {
    fn part(&self, part: &HoverPart) -> String {
        match part {
            HoverPart::Policy(said) if said.zh == said.en => self.code(&[&said.zh]),
            HoverPart::Policy(said) => {
                let lines = [&*said.zh, &*said.en];
                let lines: Vec<&str> = lines.into_iter().filter(|line| !line.is_empty()).collect();
                self.code(&lines)
            }
            HoverPart::Said(said) => self.lines(self.snapshot.pick(said)),
            HoverPart::Comment(comment) => self.quoted(comment, None),
            HoverPart::Values(values, more) => self.values(values, *more),
            HoverPart::Provision(provision) => self.provision(provision),
        }
    }

    /// One line; what stands in backticks, as names do in messages, is code.
    fn plain(&self, text: &str) -> String {
        if !self.markdown {
            return text.to_owned();
        }
        let parts: Vec<&str> = text.split('`').collect();
        if parts.len().is_multiple_of(2) {
            return escaped(text);
        }
        let each = parts.iter().enumerate().map(|(at, part)| match at % 2 {
            0 => escaped(part),
            _ if part.is_empty() => "\\`\\`".to_owned(),
            _ => format!("`{}`", visible(part)),
        });
        each.collect()
    }

    /// Lines that stay lines.
    fn lines(&self, text: &str) -> String {
        let end = if self.markdown { "  \n" } else { "\n" };
        text.lines().map(|line| self.plain(line)).collect::<Vec<_>>().join(end)
    }

    /// Lines of policy.
    fn code(&self, lines: &[&str]) -> String {
        let lines = lines.join("\n");
        if !self.markdown {
            return lines;
        }
        // A fence longer than any in the text.
        let longest = lines.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        format!("{fence}fanshi\n{lines}\n{fence}")
    }

    /// Text of others, with a part of it brought out.
    fn quoted(&self, text: &str, part: Option<&std::ops::Range<usize>>) -> String {
        let bold = if self.markdown { "**" } else { "" };
        let cut = part.and_then(|part| {
            Some((text.get(..part.start)?, text.get(part.clone())?, text.get(part.end..)?))
        });
        let text = match cut {
            Some((before, part, after)) if !part.contains('\n') => {
                let [before, part, after] = [before, part, after].map(|text| self.lines(text));
                format!("{before}{bold}{part}{bold}{after}")
            }
            _ => self.lines(text),
        };
        if !self.markdown {
            return text;
        }
        text.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")
    }

    fn values(&self, values: &[(String, usize)], more: usize) -> String {
        let each = values.iter().map(|(value, count)| format!("{} ×{count}", self.plain(value)));
        let mut each: Vec<String> = each.collect();
        if more > 0 {
            let said = say!("另有 {more} 种", "{more} others");
            each.push(self.snapshot.pick(&said).to_owned());
        }
        let pause = Bilingual::new("、", ", ");
        let all = each.join(self.snapshot.pick(&pause));
        self.snapshot.pick(&say!("数据里有：{all}", "in the data: {all}")).to_owned()
    }

    fn provision(&self, provision: &ProvisionText) -> String {
        let bold = if self.markdown { "**" } else { "" };
        let head = format!("《{}》{}", provision.title, provision.place);
        let mut parts = vec![format!("{bold}{}{bold}", self.plain(&head))];
        if let Some(remark) = &provision.remark {
            parts.push(self.lines(self.snapshot.pick(remark)));
        }
        if !provision.text.is_empty() {
            parts.push(self.quoted(&provision.text, provision.sentence.as_ref()));
        }
        parts.join("\n\n")
    }
}
