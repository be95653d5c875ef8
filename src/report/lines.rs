//! Rank 5: the format `tsv`: one line per finding, `outcome`, `article`, `table`, `key`, `path`, without a heading line. No place is looked up.

use crate::finding::Findings;
use std::io::{Result, Write};

/// Writes the lines, unbuffered; in a field `\t`, `\n`, `\r` and `\\` stand for what would break a line, and `'` stands before what a
/// spreadsheet would take for a formula.
///
/// # Errors
/// Where `out` fails.
pub fn write(findings: &dyn Findings, out: &mut impl Write) -> Result<()> {
    for index in 0..findings.len() {
        let head = findings.head(index);
        out.write_all(head.outcome.code().as_bytes())?;
        for field in [head.article, head.table, head.key, head.path.as_deref().unwrap_or("")] {
            out.write_all(b"\t")?;
            escaped(field, out)?;
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn escaped(field: &str, out: &mut impl Write) -> Result<()> {
    if field.starts_with(['=', '+', '-', '@']) {
        out.write_all(b"'")?;
    }
    let mut rest = field.as_bytes();
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b'\\')) {
        let (plain, tail) = rest.split_at(at);
        out.write_all(plain)?;
        let Some((special, tail)) = tail.split_first() else { break };
        out.write_all(match special {
            b'\t' => b"\\t",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            _ => b"\\\\",
        })?;
        rest = tail;
    }
    out.write_all(rest)
}
