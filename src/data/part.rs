//! One file, or one stretch of lines of a large one, read and bound.

use super::bind::envelope::{self, Below};
use super::bind::flat::Flat;
use super::bind::headings::{Headings, list_called};
use super::bind::plan::Plan;
use super::bind::sheet::{Contents, Divided, LARGE, Layout, Sheet, TAIL};
use super::bind::tree::{Document, Tree};
use super::bind::{Binder, Lists, Target};
use super::bytes::{CHUNK, Stored, Stretch, WHOLE, is_utf_8, read_bytes};
use super::encoding::{self, Coding};
use super::fault::Fault;
use super::file::Kept;
use super::workbook::{Books, Page, Wanted};
use super::{Format, Input, json, looks, sheets, toml, xes};
use crate::steps::passed;
use encoding_rs::UTF_8;
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// How many bytes of TOML one thread reads at once.
const TOML_CHUNK: usize = 1 << 18;

/// What all threads share.
pub struct Context<'p> {
    /// The schema.
    pub plan: &'p Plan,
    /// One an input.
    pub headings: Vec<Headings>,
    /// The files.
    pub inputs: &'p [Arc<Input>],
    /// For which tables they are listed.
    pub listing: Listing,
    /// Those of them that are workbooks.
    pub books: Books,
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
    /// The text, where the bytes are not that.
    pub kept: Kept,
    /// What columns hold, where the file is read part by part.
    pub contents: Contents,
}

/// How a large file of cells in UTF-8 is read part by part; `None` where it is read as a whole.
#[must_use]
pub fn divided<'p>(context: &'p Context<'p>, index: usize) -> Option<Divided<'p>> {
    let input = context.inputs.get(index)?;
    let len = input.store.len();
    let is_large = input.inline.is_none() && (LARGE + 1..=WHOLE).contains(&len);
    if input.format != Format::Csv || !is_large || !is_utf_8(input) {
        return None;
    }
    let lines = |from: u64, to: u64| {
        let stretch = Stretch { input: index, lines: Some((from, to)) };
        let (stored, _) = read_bytes(input, stretch).ok()?;
        String::from_utf8(stored.bytes.get(stored.from..).unwrap_or(&[]).to_vec()).ok()
    };
    let (head, tail) = (lines(0, CHUNK)?, lines(len - 2 * TAIL, len)?);
    if looks::mislabelled(head.as_bytes(), input.format).is_some() {
        return None;
    }
    let stretch = Stretch { input: index, lines: None };
    let coding = Coding { encoding: UTF_8, exact: true, returns: false };
    let binder = Part::new(context, stretch, coding, false)?.binder;
    sheet(context, index, None)?.divided(&head, &tail, binder)
}

/// Reads and binds lines of cells; `None` where the file has to be read as a whole.
#[must_use]
pub fn read_cells<'p>(
    context: &'p Context<'p>,
    stretch: Stretch,
    divided: &Divided<'p>,
) -> Option<Part<'p>> {
    if divided.is_given_up() {
        return None;
    }
    let read = || {
        let input = context.inputs.get(stretch.input)?;
        let (stored, encoding) = read_bytes(input, stretch).ok()?;
        let bytes = stored.bytes.get(stored.from..).unwrap_or(&[]);
        let decoded = encoding::decode(bytes, encoding, stored.stored);
        if !decoded.coding.exact {
            return None;
        }
        let mut part = Part::new(context, stretch, decoded.coding, false)?;
        let is_first = stretch.lines.is_some_and(|(start, _)| start == 0);
        let sheet = sheet(context, stretch.input, None)?;
        let text = (&*decoded.text, is_first);
        part.contents = sheet.part(divided, text, &mut part.binder)?;
        part.layout = is_first.then(|| divided.layout.clone());
        part.checkpoints = decoded.checkpoints;
        Some(part)
    };
    let part = read();
    if part.is_none() {
        divided.give_up();
    }
    part
}

/// Cuts inputs into stretches: large files of UTF-8 JSON lines, those of cells that are read part by
/// part, and others whole.
#[must_use]
pub fn stretches(inputs: &[Arc<Input>], divided: &[Option<Divided<'_>>]) -> Vec<Stretch> {
    let mut list = Vec::new();
    for (input, item) in inputs.iter().enumerate() {
        let len = item.store.len();
        let are_lines = || {
            item.format == Format::JsonLines
                && item.mapping.group_by.is_none()
                && len > 2 * CHUNK
                && is_utf_8(item)
        };
        if divided.get(input).is_some_and(Option::is_some) || are_lines() {
            let starts = (0..len.div_ceil(CHUNK)).map(|chunk| chunk * CHUNK);
            list.extend(
                starts
                    .map(|start| Stretch { input, lines: Some((start, (start + CHUNK).min(len))) }),
            );
        } else {
            list.push(Stretch { input, lines: None });
        }
    }
    list
}

/// Reads and binds a stretch.
#[must_use]
pub fn read<'p>(context: &'p Context<'p>, stretch: Stretch) -> Option<Part<'p>> {
    let input = context.inputs.get(stretch.input)?;
    if input.format == Format::Workbook {
        return workbook(context, stretch);
    }
    if let Some(inline) = &input.inline {
        // Its document was read when it was recorded.
        let coding = Coding { encoding: UTF_8, exact: true, returns: false };
        let mut part = Part::new(context, stretch, coding, false)?;
        part.checkpoints = inline.points().to_vec();
        return bind(context, stretch.input, "", part);
    }
    let (mut stored, encoding, failure) = match read_bytes(input, stretch) {
        Ok((stored, encoding)) => (stored, encoding, None),
        Err(fault) => (Stored::default(), UTF_8, Some(fault)),
    };
    let returns = encoding::has_returns(&stored.bytes, encoding);
    if returns {
        encoding::feed_lines(&mut stored.bytes);
    }
    let decoded =
        encoding::decode(stored.bytes.get(stored.from..).unwrap_or(&[]), encoding, stored.stored);
    let mut part = Part::new(
        context,
        stretch,
        Coding { returns, ..decoded.coding },
        !decoded.damage.is_empty(),
    )?;
    let mut last = None;
    for &(at, byte) in &decoded.damage {
        // One byte of a line that is in another encoding stands for all of it.
        let between = last.and_then(|last| decoded.text.as_bytes().get(last..at));
        passed(between.map_or(0, <[u8]>::len));
        if between.is_none_or(|between| memchr::memchr(b'\n', between).is_some()) {
            part.binder.faults.push(at..at + '\u{FFFD}'.len_utf8(), decoded.fault(byte));
        }
        last = Some(at);
    }
    if let Some(at) = memchr::memchr(0, decoded.text.as_bytes()) {
        let count = memchr::memchr_iter(0, decoded.text.as_bytes()).count();
        part.binder.faults.push(at..at + 1, Fault::NullSigns(count));
    }
    if stored.guessed {
        part.binder.faults.push(0..0, Fault::GuessedEncoding(encoding.name()));
    }
    if let Some(fault) = failure {
        part.binder.faults.push(0..0, fault);
        part.checkpoints = decoded.checkpoints;
        return Some(part);
    }
    part.checkpoints = decoded.checkpoints;
    let mut part = bind(context, stretch.input, &decoded.text, part)?;
    if stored.packed {
        part.checkpoints = encoding::checkpoints(&decoded.text, encoding::Checkpoint::default());
        part.kept = Kept::Text(decoded.text.into_owned());
    }
    Some(part)
}

/// Reads and binds a sheet of a workbook.
fn workbook<'p>(context: &'p Context<'p>, stretch: Stretch) -> Option<Part<'p>> {
    let input = context.inputs.get(stretch.input)?;
    let coding = Coding { encoding: UTF_8, exact: true, returns: false };
    let mut part = Part::new(context, stretch, coding, false)?;
    let wanted = wanted(context.plan, input);
    let bytes = || read_bytes(input, stretch).map(|(stored, _)| stored.bytes);
    let mut page = match context.books.sheet(&input.name, &wanted, bytes) {
        Ok(page) => page,
        Err(mut fault) => {
            let inputs = (&**input, context.inputs);
            sheets::suggest(context.plan, &context.books, inputs, &mut fault);
            part.binder.faults.push(0..0, fault);
            return Some(part);
        }
    };
    if page.is_hidden {
        part.binder.faults.push(0..0, Fault::HiddenSheet(page.sheet.to_string()));
    }
    if let Some(first) = page.hidden.first() {
        part.binder.faults.push(page.span_from(*first, 0), Fault::HiddenRows(page.hidden.clone()));
    }
    if let Some((column, row)) = page.hidden_columns.first_key_value() {
        let columns = page.hidden_columns.keys().copied().collect();
        part.binder.faults.push(page.span_from(*row, *column), Fault::HiddenColumns(columns));
    }
    part.checkpoints = encoding::checkpoints(&page.text, encoding::Checkpoint::default());
    let sheet = sheet(context, stretch.input, Some(&page))?;
    part.layout = sheet.read(&page.text, &mut part.binder);
    part.apart = input.mapping.group_by.is_none() && input.mapping.fill.is_empty();
    page.header = part.layout.as_ref().map_or(0, |layout| layout.header);
    part.kept = Kept::Page(Box::new(page));
    Some(part)
}

/// The sheet that is wanted for an input.
pub fn wanted<'p>(plan: &'p Plan, input: &'p Input) -> Wanted<'p> {
    let frame = plan.schema.frame(input.frame);
    let names = frame.map_or_else(Vec::new, |frame| frame.names.iter().collect());
    Wanted { sheet: input.mapping.sheet.as_deref(), names }
}

/// How the rows of cells of an input are read.
pub fn sheet<'p>(
    context: &'p Context<'p>,
    index: usize,
    page: Option<&'p Page>,
) -> Option<Sheet<'p>> {
    let input = context.inputs.get(index)?;
    let headings = context.headings.get(index)?;
    Some(Sheet::of(context.plan, headings, input, page))
}

impl<'p> Part<'p> {
    fn new(
        context: &'p Context<'p>,
        stretch: Stretch,
        coding: Coding,
        damaged: bool,
    ) -> Option<Self> {
        let input = context.inputs.get(stretch.input)?;
        let conventions = &context.headings.get(stretch.input)?.conventions;
        let mut binder = Binder::new(context.plan, conventions, input.frame.0 as usize, damaged);
        binder.partial = input.inline.is_some();
        let flat = matches!(input.format, Format::Csv | Format::Workbook | Format::Xes);
        if flat || input.mapping.group_by.is_some() {
            binder.lists = Lists::Apart;
        }
        Some(Self {
            binder,
            more: Vec::new(),
            checkpoints: Vec::new(),
            coding,
            layout: None,
            apart: true,
            kept: Kept::Not,
            contents: Contents::default(),
        })
    }
}

fn bind<'p>(
    context: &'p Context<'p>,
    index: usize,
    text: &str,
    mut part: Part<'p>,
) -> Option<Part<'p>> {
    let input = context.inputs.get(index)?;
    let headings = context.headings.get(index)?;
    let frame = input.frame.0 as usize;
    if input.format == Format::Csv {
        part.layout = sheet(context, index, None)?.read(text, &mut part.binder);
        part.apart = input.mapping.group_by.is_none() && input.mapping.fill.is_empty();
        return Some(part);
    }
    // Of a larger file this may be the inside of one line.
    let is_whole = input.inline.is_none() && input.store.len() <= CHUNK;
    if is_whole && input.format == Format::JsonLines && text.trim().is_empty() {
        if !input.mapping.empty {
            part.binder.faults.push(0..0, Fault::Blank { headed: false });
        }
        return Some(part);
    }
    let shape = context.plan.frame(frame)?;
    if shape.parent.is_some() {
        part.binder.faults.push(0..0, Fault::NestedFile(frame));
        return Some(part);
    }
    if input.mapping.group_by.is_some() {
        part.apart = false;
        grouped(context.plan, (headings, input), text, &mut part.binder);
        return Some(part);
    }
    let elsewhere = context.listing.elsewhere(input);
    let lines = matches!(input.format, Format::JsonLines | Format::Xes);
    let document =
        Document { plan: context.plan, headings, table: frame, elsewhere: &elsewhere, lines };
    if let (Format::Toml, None, Some(rows)) = (input.format, &input.inline, toml::rows_apart(text))
    {
        toml_rows(text, &rows, document, &mut part);
        return Some(part);
    }
    let mut tree = Tree::new(document, part.binder);
    match (input.format, &input.inline) {
        (_, Some(inline)) => {
            part.apart = false;
            inline.replay(&mut tree);
        }
        (Format::Toml, None) => {
            part.apart = false;
            toml::read(text, &mut tree);
        }
        (Format::JsonLines, None) => json_lines(text, document, &mut tree),
        (Format::Xes, None) => log(context.plan, input, text, &mut tree),
        _ => {
            part.apart = !shape.single;
            if let Err(broken) = json::read(text, 0, &mut tree) {
                syntax_error(broken, false, &mut tree);
            }
            if tree.holds_only_strangers() {
                tree.rows_below = envelope::rows_in(text, document);
            }
        }
    }
    part.binder = tree.finish();
    Some(part)
}

/// Flat objects, grouped.
pub fn grouped<T: Target>(
    plan: &Plan,
    (headings, input): (&Headings, &Input),
    text: &str,
    target: &mut T,
) {
    let mut flat = Flat::default();
    match input.format {
        Format::JsonLines => json_documents(text, |line, start| {
            if let Err(broken) = json::read(line, start, &mut flat) {
                target.fault(broken.span.clone(), json_fault(&broken, true));
                flat.abort();
            }
        }),
        Format::Json => {
            if let Err(broken) = json::read(text, 0, &mut flat) {
                target.fault(broken.span.clone(), json_fault(&broken, false));
                flat.abort();
            }
        }
        _ => return target.fault(0..0, Fault::CannotGroup),
    }
    flat.emit(plan, input.frame.0 as usize, (headings, &input.mapping), target);
}

/// The key under which the events of a log stand in its rows.
///
/// # Errors
/// Where it is not clear which list they are elements of.
pub fn event_key<'p>(plan: &'p Plan, input: &Input) -> Result<&'p str, Fault> {
    let frame = input.frame.0 as usize;
    let (field, _) = list_called(plan, frame, input.mapping.list.as_deref())?;
    let field = plan.schema.frames.get(frame).and_then(|shape| shape.fields.get(field));
    Ok(field.map_or("", |field| &field.names.name))
}

/// An event log.
fn log(plan: &Plan, input: &Input, text: &str, tree: &mut Tree<'_, Binder<'_>>) {
    let mut strays = None;
    let read = event_key(plan, input).map_err(|fault| (0..0, fault));
    let read = read.and_then(|key| {
        xes::read(text, key, tree, &mut strays).map_err(|broken| (broken.span, broken.fault))
    });
    if let Some((place, count)) = strays {
        tree.target.fault(place, Fault::StrayEvents(count));
    }
    if let Err((span, fault)) = read {
        tree.target.fault(span, fault);
        tree.abort();
    }
}

/// For which tables each file is listed.
pub struct Listing(HashMap<Arc<str>, Vec<usize>>);

impl Listing {
    /// Of all files.
    #[must_use]
    pub fn of(inputs: &[Arc<Input>]) -> Self {
        let mut tables: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
        for input in inputs {
            tables.entry(input.name.clone()).or_default().push(input.frame.0 as usize);
        }
        Self(tables)
    }

    /// Tables the same file is listed for as well.
    #[must_use]
    pub fn elsewhere(&self, input: &Input) -> Vec<usize> {
        let own = input.frame.0 as usize;
        let tables = self.0.get(&input.name).into_iter().flatten();
        tables.copied().filter(|frame| *frame != own).collect()
    }
}

/// Rows of TOML that stand apart, on all cores.
fn toml_rows<'p>(text: &str, rows: &[usize], document: Document<'_>, part: &mut Part<'p>) {
    let groups = (text.len() / TOML_CHUNK).clamp(1, 64);
    let groups: Vec<&[usize]> = rows.chunks(rows.len().div_ceil(groups)).collect();
    let ends = groups
        .iter()
        .skip(1)
        .map(|group| group.first().copied().unwrap_or(text.len()))
        .chain([text.len()]);
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

/// The lines that are not blank, with where they begin.
fn json_documents(text: &str, mut each: impl FnMut(&str, usize)) {
    let mut start = 0;
    while start < text.len() {
        let rest = text.as_bytes().get(start..).unwrap_or(&[]);
        let end = memchr::memchr(b'\n', rest).map_or(text.len(), |at| start + at);
        let blank = rest
            .iter()
            .find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'))
            .is_none_or(|&byte| byte == b'\n');
        if !blank {
            each(text.get(..end).unwrap_or(""), start);
        }
        start = end + 1;
    }
}

fn json_lines(text: &str, document: Document<'_>, tree: &mut Tree<'_, Binder<'_>>) {
    let start = text.find(|letter: char| !letter.is_ascii_whitespace()).unwrap_or(0);
    let first = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    if let Some(below) = envelope::rows_in(first, document).filter(|below| below.is_likelier) {
        let Below { ways, is_split, .. } = below;
        let fault = Fault::Envelope { table: document.table, ways, is_split };
        return tree.target.fault(start..start + 1, fault);
    }
    json_documents(text, |line, start| {
        if let Err(broken) = json::read(line, start, tree) {
            syntax_error(broken, true, tree);
        }
    });
}

fn json_fault(broken: &json::Broken, lines: bool) -> Fault {
    if broken.problem == json::Problem::Depth {
        Fault::TooDeep { lines }
    } else {
        Fault::Json { problem: broken.problem, lines }
    }
}

fn syntax_error(broken: json::Broken, lines: bool, tree: &mut Tree<'_, Binder<'_>>) {
    if broken.problem == json::Problem::After {
        tree.forgive();
    }
    tree.target.fault(broken.span.clone(), json_fault(&broken, lines));
    tree.abort();
}
