//! Rank 5: the format `tsv`: one line per finding, `outcome`, `article`, `table`, `key`, `path`,
//! and the other articles where several take part; without a heading line. No place is looked up.

use crate::finding::Findings;
use crate::visible::is_hidden;
use std::borrow::Cow;
use std::io::{Result, Write};

/// Writes the lines, unbuffered; in a field `\t`, `\n`, `\r` and `\\` stand for what would break a
/// line, `\u{202E}` for a character that directs or hides text, and `'` stands before what a
/// spreadsheet would take for a formula and before what begins with such a `'`.
///
/// # Errors
/// Where `out` fails.
pub fn write(findings: &dyn Findings, out: &mut impl Write) -> Result<()> {
    let starts: Vec<usize> = (0..findings.len()).step_by(TOGETHER).collect();
    let make = |start: usize| {
        let mut text = Vec::new();
        let end = (start + TOGETHER).min(findings.len());
        (start..end).try_for_each(|index| line(findings, index, &mut text)).map(|()| text)
    };
    super::each_finding(&starts, make, |_, text| out.write_all(&text?))
}

/// So many lines are made at once.
const TOGETHER: usize = 256;

fn line(findings: &dyn Findings, index: usize, out: &mut impl Write) -> Result<()> {
    let head = findings.head(index);
    out.write_all(head.outcome.code().as_bytes())?;
    let path = head.path.as_deref().unwrap_or("");
    let (key, path) = match head.row {
        None => (&*head.key, Cow::from(path)),
        Some(0) => ("", path.into()),
        Some(number) => ("", format!("#{number}{path}").into()),
    };
    let others: Vec<String> =
        findings.others(index).into_iter().map(|(article, _)| article).collect();
    let others = (!others.is_empty()).then(|| others.join(","));
    let fields = [head.article, head.table, key, &path];
    for field in fields.into_iter().chain(others.as_deref()) {
        out.write_all(b"\t")?;
        escaped(field, out)?;
    }
    out.write_all(b"\n")
}

fn escaped(field: &str, out: &mut impl Write) -> Result<()> {
    // What begins with the mark itself has one more, so that no two fields read alike.
    if field.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\'']) {
        out.write_all(b"'")?;
    }
    let mut rest = field;
    while let Some((at, c)) = rest.char_indices().find(|&(_, c)| c == '\\' || is_hidden(c)) {
        let (plain, tail) = rest.split_at(at);
        out.write_all(plain.as_bytes())?;
        match c {
            '\t' => out.write_all(b"\\t")?,
            '\n' => out.write_all(b"\\n")?,
            '\r' => out.write_all(b"\\r")?,
            '\\' => out.write_all(b"\\\\")?,
            _ => write!(out, "\\u{{{:X}}}", u32::from(c))?,
        }
        rest = tail.get(c.len_utf8()..).unwrap_or("");
    }
    out.write_all(rest.as_bytes())
}
