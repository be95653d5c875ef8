//! One file, or one stretch of lines of a large one, read and bound.

use super::bind::Binder;
use super::bind::plan::{Headings, Plan};
use super::bind::sheet::{Layout, Sheet};
use super::bind::tree::{Document, Tree};
use super::encoding::{self, Coding};
use super::fault::Fault;
use super::{Format, Input, Store, json, toml};
use encoding_rs::{Encoding, UTF_8};
use rayon::prelude::*;
use std::io;

/// How many bytes of JSON lines are read at once.
const CHUNK: u64 = 1 << 20;

/// How many bytes of TOML one thread reads at once.
const TOML_CHUNK: usize = 1 << 18;

/// A stretch of a file.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// The input.
    pub input: usize,
    /// Lines that begin in these bytes; `None` for a whole file.
    pub lines: Option<(u64, u64)>,
}

/// What all threads share.
pub struct Context<'p> {
    /// The schema.
    pub plan: &'p Plan<'p>,
    /// One an input.
    pub headings: Vec<Headings>,
    /// The files.
    pub inputs: &'p [Input<'p>],
}

/// What came of a stretch. All offsets count from its beginning.
pub struct Part<'p> {
    /// The columns, the faults.
    pub binder: Binder<'p>,
    /// Those of the rows that follow, where several threads bound the stretch.
    pub more: Vec<Binder<'p>>,
    /// The text's checkpoints.
    pub checkpoints: Vec<encoding::Checkpoint>,
    /// How the bytes were read.
    pub coding: Coding,
    /// What the columns stand for.
    pub layout: Option<Layout>,
    /// Whether each row can be read again by itself.
    pub apart: bool,
}

/// Cuts inputs into stretches: large files of UTF-8 JSON lines, and others whole.
#[must_use]
pub fn stretches(inputs: &[Input<'_>]) -> Vec<Stretch> {
    let mut list = Vec::new();
    for (input, item) in inputs.iter().enumerate() {
        let len = item.store.len();
        if item.format == Format::JsonLines && len > 2 * CHUNK && is_utf_8(item) {
            let starts = (0..len.div_ceil(CHUNK)).map(|chunk| chunk * CHUNK);
            list.extend(starts.map(|start| Stretch { input, lines: Some((start, (start + CHUNK).min(len))) }));
        } else {
            list.push(Stretch { input, lines: None });
        }
    }
    list
}

/// Whether a large file is UTF-8, judged by samples; where they err, the bytes that are not are reported.
fn is_utf_8(input: &Input<'_>) -> bool {
    let len = input.store.len();
    let mut seen = Vec::new();
    for sample in 0..16 {
        let start = len / 16 * sample;
        let Ok(bytes) = input.store.read(start, (start + 4096).min(len)) else { return false };
        let first = bytes.iter().position(|byte| byte & 0xC0 != 0x80).unwrap_or(0);
        let last = bytes.iter().rposition(|byte| byte & 0xC0 != 0x80).unwrap_or(0);
        let from = if sample == 0 { 0 } else { first };
        seen.extend_from_slice(bytes.get(from..last).unwrap_or(&[]));
    }
    encoding::detect(&seen, input.encoding.as_deref()).is_ok_and(|(encoding, _)| encoding == UTF_8)
}

/// Bytes read from a file: `bytes[from..]` begin at byte `stored` of it.
#[derive(Default)]
struct Stored {
    bytes: Vec<u8>,
    from: usize,
    stored: u64,
}

/// The whole lines that begin in `start..end`.
fn read_lines(store: &dyn Store, start: u64, end: u64) -> io::Result<Stored> {
    const TAIL: u64 = 4096;
    let len = store.len();
    let base = start.saturating_sub(1);
    let mut bytes = store.read(base, (end + TAIL).min(len))?;
    let from = if start == 0 { 0 } else { memchr::memchr(b'\n', &bytes).map_or(bytes.len(), |at| at + 1) };
    let stored = base + from as u64;
    if stored >= end {
        return Ok(Stored { stored, ..Stored::default() });
    }
    let mut search = usize::try_from(end - 1 - base).unwrap_or(usize::MAX);
    loop {
        if let Some(at) = memchr::memchr(b'\n', bytes.get(search..).unwrap_or(&[])) {
            bytes.truncate(search + at + 1);
            break;
        }
        search = bytes.len();
        let next = base + search as u64;
        if next >= len {
            break;
        }
        bytes.extend_from_slice(&store.read(next, (next + CHUNK).min(len))?);
    }
    Ok(Stored { bytes, from, stored })
}

/// Reads and binds a stretch.
#[must_use]
pub fn read<'p>(context: &'p Context<'p>, stretch: Stretch) -> Option<Part<'p>> {
    let input = context.inputs.get(stretch.input)?;
    let (stored, encoding, failure) = match read_bytes(input, stretch) {
        Ok((stored, encoding)) => (stored, encoding, None),
        Err(fault) => (Stored::default(), UTF_8, Some(fault)),
    };
    let decoded = encoding::decode(stored.bytes.get(stored.from..).unwrap_or(&[]), encoding, stored.stored);
    let mut binder = Binder::new(context.plan, input.frame.0 as usize, !decoded.damage.is_empty());
    binder.partial = input.inline.is_some();
    for &(at, byte) in &decoded.damage {
        binder.faults.push(at..at + '\u{FFFD}'.len_utf8(), decoded.fault(byte));
    }
    if let Some(fault) = failure {
        binder.faults.push(0..0, fault);
    }
    let part = Part { binder, more: Vec::new(), checkpoints: decoded.checkpoints, coding: decoded.coding, layout: None, apart: true };
    bind(context, stretch.input, &decoded.text, part)
}

/// The bytes of a stretch without a byte order mark, and their encoding.
fn read_bytes(input: &Input<'_>, stretch: Stretch) -> Result<(Stored, &'static Encoding), Fault> {
    let unreadable = |error: io::Error| Fault::Unreadable(error.to_string());
    let (mut stored, encoding, mark) = match stretch.lines {
        Some((start, end)) => {
            let stored = read_lines(input.store, start, end).map_err(unreadable)?;
            let mark = if start == 0 { Encoding::for_bom(&stored.bytes).map_or(0, |(_, mark)| mark) } else { 0 };
            (stored, UTF_8, mark)
        }
        None => {
            let bytes = input.store.read(0, input.store.len()).map_err(unreadable)?;
            let (encoding, mark) = encoding::detect(&bytes, input.encoding.as_deref())?;
            encoding::doubt(&bytes, encoding, input.encoding.is_some())?;
            (Stored { bytes, ..Stored::default() }, encoding, mark)
        }
    };
    stored.from += mark;
    stored.stored += mark as u64;
    Ok((stored, encoding))
}

fn bind<'p>(context: &'p Context<'p>, index: usize, text: &str, mut part: Part<'p>) -> Option<Part<'p>> {
    let input = context.inputs.get(index)?;
    let headings = context.headings.get(index)?;
    let frame = input.frame.0 as usize;
    if input.format == Format::Csv {
        let delimiter = if input.name.to_ascii_lowercase().ends_with(".tsv") { b'\t' } else { b',' };
        let sheet = Sheet { plan: context.plan, headings, manifest: &input.headings, frame, header: input.header.max(1), delimiter };
        part.layout = sheet.read(text, &mut part.binder);
        return Some(part);
    }
    let shape = context.plan.frame(frame)?;
    if shape.parent.is_some() {
        part.binder.faults.push(0..0, Fault::NestedFile(frame));
        return Some(part);
    }
    let elsewhere = elsewhere(context.inputs, input);
    let document = Document { plan: context.plan, headings, table: frame, elsewhere: &elsewhere, lines: input.format == Format::JsonLines };
    if let (Format::Toml, None, Some(rows)) = (input.format, input.inline, toml::rows_apart(text)) {
        toml_rows(text, &rows, document, &mut part);
        return Some(part);
    }
    let mut tree = Tree::new(document, part.binder);
    match (input.format, input.inline) {
        (_, Some(inline)) => {
            part.apart = false;
            toml::rows(text, inline, &mut tree);
        }
        (Format::Toml, None) => {
            part.apart = false;
            toml::read(text, &mut tree);
        }
        (Format::JsonLines, None) => json_lines(text, &mut tree),
        _ => {
            part.apart = !shape.single;
            if !text.trim().is_empty()
                && let Err(broken) = json::read(text, 0, &mut tree)
            {
                syntax_error(broken, false, &mut tree);
            }
        }
    }
    part.binder = tree.finish();
    Some(part)
}

/// Tables the same file is listed for as well.
#[must_use]
pub fn elsewhere(inputs: &[Input<'_>], input: &Input<'_>) -> Vec<usize> {
    inputs.iter().filter(|other| other.name == input.name && other.frame != input.frame).map(|other| other.frame.0 as usize).collect()
}

/// Rows of TOML that stand apart, on all cores.
fn toml_rows<'p>(text: &str, rows: &[usize], document: Document<'_>, part: &mut Part<'p>) {
    let groups = (text.len() / TOML_CHUNK).clamp(1, 64);
    let groups: Vec<&[usize]> = rows.chunks(rows.len().div_ceil(groups)).collect();
    let ends = groups.iter().skip(1).map(|group| group.first().copied().unwrap_or(text.len())).chain([text.len()]);
    let fresh = || part.binder.fresh();
    let bound: Vec<_> = groups
        .par_iter()
        .zip(ends.collect::<Vec<_>>())
        .map(|(group, end)| {
            let mut tree = Tree::new(document, fresh());
            let unquoted = toml::read_rows(text, group, end, &mut tree);
            (tree.finish(), unquoted)
        })
        .collect();
    let (binders, unquoted): (Vec<_>, Vec<_>) = bound.into_iter().unzip();
    toml::Unquoted::sum(unquoted).report(text, &mut part.binder);
    part.more = binders;
}

fn json_lines(text: &str, tree: &mut Tree<'_, Binder<'_>>) {
    let mut start = 0;
    while start < text.len() {
        let rest = text.as_bytes().get(start..).unwrap_or(&[]);
        let end = memchr::memchr(b'\n', rest).map_or(text.len(), |at| start + at);
        let blank = rest.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r')).is_none_or(|&byte| byte == b'\n');
        if !blank && let Err(broken) = json::read(text.get(..end).unwrap_or(""), start, tree) {
            syntax_error(broken, true, tree);
        }
        start = end + 1;
    }
}

fn syntax_error(broken: json::Broken, lines: bool, tree: &mut Tree<'_, Binder<'_>>) {
    use super::bind::Target;
    let fault =
        if broken.problem == json::Problem::Depth { Fault::TooDeep { lines } } else { Fault::Json { problem: broken.problem, lines } };
    tree.target.fault(broken.span, fault);
    tree.abort();
}
