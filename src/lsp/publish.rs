//! Mistakes as the protocol has them.

use super::snapshot::Snapshot;
use crate::authoring::Told;
use crate::diagnostic::Severity;
use crate::say;
use gen_lsp_types::{
    Code, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Message, Uri,
};
use std::collections::BTreeMap;

/// How many mistakes of one file are sent: an editor shows no more, and each has to be placed.
const MOST: usize = 1000;

/// Mistakes by the file they are in.
#[must_use]
pub fn by_file(snapshot: &Snapshot, told: &[Told]) -> BTreeMap<Uri, Vec<Diagnostic>> {
    let mut files: BTreeMap<Uri, Vec<Diagnostic>> = BTreeMap::new();
    let mut left_out: BTreeMap<Uri, usize> = BTreeMap::new();
    for told in told {
        let Some(uri) = snapshot.uri(&told.at.path) else { continue };
        let of_file = files.entry(uri.clone()).or_default();
        if of_file.len() < MOST {
            of_file.push(diagnostic(snapshot, told));
        } else {
            *left_out.entry(uri).or_default() += 1;
        }
    }
    for (uri, count) in left_out {
        let said =
            say!("这份文件还有 {count} 处没有列出", "{count} more in this file are not listed");
        let message = Message::String(snapshot.pick(&said).to_owned());
        let severity = Some(DiagnosticSeverity::Information);
        let source = Some(SOURCE.to_owned());
        let rest = Diagnostic { message, severity, source, ..blank() };
        files.entry(uri).or_default().push(rest);
    }
    files
}

/// Who says it.
const SOURCE: &str = "fanshi";

fn blank() -> Diagnostic {
    Diagnostic {
        range: gen_lsp_types::Range::default(),
        severity: None,
        code: None,
        code_description: None,
        source: None,
        message: Message::String(String::new()),
        tags: None,
        related_information: None,
        data: None,
    }
}

/// One mistake.
#[must_use]
pub fn diagnostic(snapshot: &Snapshot, told: &Told) -> Diagnostic {
    let mut message = snapshot.pick(&told.message).to_owned();
    if let Some(cell) = &told.at.cell {
        message = format!("{} {}: {message}", cell.sheet, cell.cells);
    }
    if let Some(help) = &told.help {
        let help = snapshot.pick(help);
        let said = say!("建议：{help}", "help: {help}");
        message = format!("{message}\n{}", snapshot.pick(&said));
    }
    let related = told.related.iter().filter_map(|(at, said)| {
        let said = snapshot.pick(said);
        let cell = at.cell.as_ref().map(|cell| format!("{} {}", cell.sheet, cell.cells));
        let parts: Vec<&str> =
            [cell.as_deref(), Some(said)].into_iter().flatten().filter(|s| !s.is_empty()).collect();
        let message = match parts.join(": ") {
            nothing if nothing.is_empty() => snapshot.pick(&told.message).to_owned(),
            said => said,
        };
        Some(DiagnosticRelatedInformation { location: snapshot.location(at)?, message })
    });
    let related = snapshot.client.related.then(|| related.collect::<Vec<_>>());
    Diagnostic {
        range: snapshot.range(&told.at.path, &told.at.span),
        severity: Some(match told.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
        }),
        code: Some(Code::String(told.code.to_owned())),
        source: Some(SOURCE.to_owned()),
        message: Message::String(message),
        related_information: related.filter(|related| !related.is_empty()),
        ..blank()
    }
}
