//! All files into one set of columns: stretches are read in parallel and joined in order.

use super::bind::Binder;
use super::bind::column::{Cells, Rows};
use super::bind::empty_rows;
use super::bind::headings::Headings;
use super::bind::plan::Plan;
use super::bind::sheet::{Contents, Divided, Layout, Sheet};
use super::bytes::Stretch;
use super::encoding::{Checkpoint, Coding};
use super::fault::At;
use super::faults::Faults;
use super::file::Kept;
use super::parents::Parents;
use super::part::{self, Context, Listing, Part, read, read_cells, stretches};
use super::starts::Starts;
use super::unit::Currency;
use super::workbook::Books;
use super::{Input, Needed};
use crate::schema::{FrameId, Schema, Type};
use crate::value::Texts;
use encoding_rs::UTF_8;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Rows of one frame as they stand in files of their own.
#[derive(Debug, Default)]
pub struct Listed {
    /// The first row from each file, with the file.
    pub segments: Vec<(usize, usize)>,
    /// Where each row begins.
    pub starts: Starts,
    /// For elements: whose they are.
    pub parents: Parents,
    /// Keys of rows that could not be read; for elements, those of the rows they belong to.
    pub lost: Vec<Box<str>>,
}

/// What is known of a file.
#[derive(Debug)]
pub struct FileState {
    /// The text's checkpoints.
    pub checkpoints: Vec<Checkpoint>,
    /// How its bytes were read.
    pub coding: Coding,
    /// What its columns stand for.
    pub layout: Option<Layout>,
    /// Whether each row can be read again by itself.
    pub apart: bool,
    /// Its text, where its bytes are not that.
    pub kept: Kept,
    /// What is wrong with it.
    pub faults: Faults,
    /// How many rows it lists.
    pub rows: usize,
    /// What its columns hold, where it is read part by part.
    contents: Contents,
}

impl FileState {
    /// Of which nothing was read.
    fn new() -> Self {
        Self {
            checkpoints: Vec::new(),
            coding: Coding { encoding: UTF_8, exact: true, returns: false },
            layout: None,
            apart: true,
            kept: Kept::Not,
            faults: Faults::default(),
            rows: 0,
            contents: Contents::default(),
        }
    }
}

/// The amounts of a field that are in one currency.
#[derive(Clone, Debug)]
pub struct Amounts {
    /// `None` for the yuan.
    pub currency: Option<&'static Currency>,
    /// The first file that has them.
    pub input: usize,
    /// Their rows, before elements are put in order: of those in files of their own where `apart`.
    rows: Vec<(bool, Range<usize>)>,
}

/// All files, joined.
pub struct Joined {
    /// One an input.
    pub files: Vec<FileState>,
    /// One a frame: tables, and what is nested in their files.
    pub rows: Vec<Rows>,
    /// One a frame.
    pub listed: Vec<Listed>,
    /// Columns from files of elements, by frame, with what is nested in them.
    pub apart: BTreeMap<usize, Vec<Rows>>,
    /// The currencies of amounts.
    pub currencies: BTreeMap<At, Vec<Amounts>>,
}

impl Joined {
    fn new(plan: &Plan, inputs: &[Arc<Input>]) -> Self {
        let listed = plan.frames.iter().map(|_| Listed::default()).collect();
        Self {
            files: inputs.iter().map(|_| FileState::new()).collect(),
            rows: empty_rows(plan),
            listed,
            apart: BTreeMap::new(),
            currencies: BTreeMap::new(),
        }
    }

    /// Makes amounts unknown that are in another currency than others of their field: those that are
    /// not in yuan, or all where none is.
    fn withhold_foreign(&mut self) {
        for (at, all) in self.currencies.iter().filter(|(_, all)| all.len() > 1) {
            let foreign = all.iter().filter(|amounts| amounts.currency.is_some());
            for (apart, rows) in foreign.flat_map(|amounts| amounts.rows.clone()) {
                let own = match apart {
                    true => self.apart.get_mut(&at.frame),
                    false => Some(&mut self.rows),
                };
                let own = own.and_then(|own| own.get_mut(at.frame));
                if let Some(column) = own.and_then(|own| own.columns.get_mut(at.field)) {
                    let given: Vec<usize> = rows.filter(|row| !column.absent.get(*row)).collect();
                    given.into_iter().for_each(|row| column.forget(row));
                }
            }
        }
    }

    /// Whether a file of this frame's rows may have lost some.
    #[must_use]
    pub fn has_lost(&self, frame: usize) -> bool {
        let listed = self.listed.get(frame).map_or(&[][..], |listed| &listed.segments);
        listed.iter().any(|(_, input)| self.files.get(*input).is_some_and(|file| file.faults.lost))
    }

    /// Adds the next part in order; `parts` more of its file will come.
    fn join(&mut self, plan: &Plan, (input, parts): (usize, usize), frame: usize, part: Part<'_>) {
        let (Some(file), Some(listed)) = (self.files.get_mut(input), self.listed.get_mut(frame))
        else {
            return;
        };
        let base = file.checkpoints.last().copied().unwrap_or_default();
        let offset = usize::try_from(base.decoded).unwrap_or(usize::MAX);
        let rebased = |point: Checkpoint| Checkpoint {
            decoded: point.decoded + base.decoded,
            stored: point.stored,
            line: point.line.saturating_add(base.line),
            column: point.column,
        };
        file.checkpoints.extend(part.checkpoints.into_iter().map(rebased));
        file.coding = Coding { exact: part.coding.exact && file.coding.exact, ..part.coding };
        file.layout = part.layout.or(file.layout.take());
        file.apart &= part.apart;
        if !matches!(part.kept, Kept::Not) {
            file.kept = part.kept;
        }
        file.contents.append(part.contents, offset);
        if listed.segments.last().is_none_or(|(_, last)| *last != input) {
            listed.segments.push((listed.starts.len(), input));
        }
        let known = keys_of_parents(plan, &self.rows, frame);
        for binder in std::iter::once(&part.binder).chain(&part.more) {
            listed.parents.reserve(parts + 1, &binder.parents);
            listed.parents.append(&binder.parents, known);
        }
        let nested = is_nested(plan, frame);
        let target = target(plan, frame, (&mut self.rows, &mut self.apart));
        for binder in std::iter::once(part.binder).chain(part.more) {
            note_currencies(&mut self.currencies, (plan, input), &binder, (nested, target));
            file.faults.append(binder.faults, offset);
            file.rows += binder.starts.len();
            listed.starts.reserve(parts + 1, binder.starts.len());
            listed.starts.extend(binder.starts.iter().map(|&start| start as u64 + base.decoded));
            listed.lost.extend(binder.lost);
            for (mine, more) in target.iter_mut().zip(binder.rows) {
                mine.append(more, parts);
            }
        }
    }
}

/// Notes in which currency the amounts of a binder are, whose rows come behind those before them.
fn note_currencies(
    known: &mut BTreeMap<At, Vec<Amounts>>,
    (plan, input): (&Plan, usize),
    binder: &Binder<'_>,
    (apart, before): (bool, &[Rows]),
) {
    for (frame, rows) in binder.rows.iter().enumerate().filter(|(_, rows)| rows.len > 0) {
        let start = before.get(frame).map_or(0, |rows| rows.len);
        for (field, column) in rows.columns.iter().enumerate() {
            let is_money = plan.field(frame, field).is_some_and(|field| field.ty == Type::Money);
            if is_money && (0..rows.len).any(|row| !column.absent.get(row)) {
                let at = At { frame, field };
                let currency = binder.currencies.get(&at).copied();
                let range = (apart, start..start + rows.len);
                let all = known.entry(at).or_default();
                match all.iter_mut().find(|amounts| amounts.currency == currency) {
                    Some(amounts) => amounts.rows.push(range),
                    None => all.push(Amounts { currency, input, rows: vec![range] }),
                }
            }
        }
    }
}

/// Prepares the schema for these files.
#[must_use]
pub fn plan(schema: &Arc<Schema>, needed: &Needed, inputs: &[Input], lost: &[FrameId]) -> Plan {
    let nested =
        |input: &&Input| schema.frame(input.frame).is_some_and(|frame| frame.parent.is_some());
    let fed: Vec<_> =
        inputs.iter().filter(nested).map(|input| input.frame).chain(lost.iter().copied()).collect();
    Plan::new(schema, needed, &fed)
}

fn is_nested(plan: &Plan, frame: usize) -> bool {
    plan.frame(frame).is_some_and(|shape| shape.parent.is_some())
}

/// The keys of the rows that elements may belong to, as far as they are read, where these are texts
/// and stay in their order: those of a table.
fn keys_of_parents<'j>(plan: &Plan, rows: &'j [Rows], frame: usize) -> Option<&'j Texts> {
    let (parent, _) = plan.frame(frame)?.parent?;
    let shape = plan.frame(parent).filter(|shape| shape.parent.is_none())?;
    match &rows.get(parent)?.columns.get(shape.key?)?.cells {
        Cells::Texts(keys) => Some(keys),
        _ => None,
    }
}

/// The columns that the rows of a file go to: those of all tables, or, of a file of elements, its
/// own.
fn target<'j>(
    plan: &Plan,
    frame: usize,
    (rows, apart): (&'j mut Vec<Rows>, &'j mut BTreeMap<usize, Vec<Rows>>),
) -> &'j mut Vec<Rows> {
    match is_nested(plan, frame) {
        true => apart.entry(frame).or_insert_with(|| empty_rows(plan)),
        false => rows,
    }
}

/// How much there was before a file.
struct Before {
    /// The rows of each frame, and of how many parents there are elements.
    rows: Vec<(usize, usize)>,
    /// The rows of the file's own frame that stand in files: numbered, of elements, lost.
    listed: (usize, usize, usize),
    segments: usize,
    currencies: BTreeMap<At, Vec<Amounts>>,
}

impl Joined {
    /// Says of a file that was read part by part what stands under headings that no field is
    /// called.
    fn say_unknown(&mut self, sheet: &Sheet<'_>, input: usize, divided: &Divided<'_>) {
        if let Some(file) = self.files.get_mut(input) {
            let contents = std::mem::take(&mut file.contents);
            file.faults.append(divided.unknown(sheet, contents), 0);
        }
    }

    /// How much there is.
    fn before(&mut self, plan: &Plan, frame: usize) -> Before {
        let rows = target(plan, frame, (&mut self.rows, &mut self.apart)).iter();
        let rows = rows.map(|rows| (rows.len, rows.ends.len())).collect();
        let listed = self.listed.get(frame);
        Before {
            rows,
            listed: listed.map_or((0, 0, 0), |listed| {
                (listed.starts.len(), listed.parents.len(), listed.lost.len())
            }),
            segments: listed.map_or(0, |listed| listed.segments.len()),
            currencies: self.currencies.clone(),
        }
    }

    /// Forgets what came since.
    fn back_to(&mut self, plan: &Plan, (input, frame): (usize, usize), before: Before) {
        let target = target(plan, frame, (&mut self.rows, &mut self.apart));
        for (rows, (len, parents)) in target.iter_mut().zip(before.rows) {
            rows.truncate(len, parents);
        }
        if let Some(listed) = self.listed.get_mut(frame) {
            let (starts, parents, lost) = before.listed;
            listed.starts.truncate(starts);
            listed.parents.truncate(parents);
            listed.lost.truncate(lost);
            listed.segments.truncate(before.segments);
        }
        self.currencies = before.currencies;
        if let Some(file) = self.files.get_mut(input) {
            *file = FileState::new();
        }
    }
}

/// Parts wait here until those before them have come.
struct Queue<'p> {
    next: usize,
    waiting: BTreeMap<usize, Option<Part<'p>>>,
    joined: Joined,
    /// What there was before the file that is read part by part.
    before: Option<Before>,
    /// Whether a thread reads a file as a whole, of which a part asks for that.
    is_held: bool,
}

/// What all threads read.
struct Work<'p> {
    context: &'p Context<'p>,
    /// The files that are read part by part.
    divided: Vec<Option<Divided<'p>>>,
    list: Vec<Stretch>,
}

/// Reads all inputs.
#[must_use]
pub fn join_all(plan: &Plan, inputs: &[Arc<Input>], books: Books) -> Joined {
    let headings = inputs.iter().map(|input| Headings::new(&plan.schema, input)).collect();
    let listing = Listing::of(inputs);
    let context = Context { plan, headings, inputs, listing, books };
    let divided: Vec<_> = (0..inputs.len()).map(|index| part::divided(&context, index)).collect();
    let list = stretches(inputs, &divided);
    let work = Work { context: &context, divided, list };
    let queue = Mutex::new(Queue {
        next: 0,
        waiting: BTreeMap::new(),
        joined: Joined::new(plan, inputs),
        before: None,
        is_held: false,
    });
    let taken = AtomicUsize::new(0);
    let run = || {
        loop {
            let index = taken.fetch_add(1, Ordering::Relaxed);
            let Some(&stretch) = work.list.get(index) else { return };
            let part = work.read(stretch);
            let Ok(mut locked) = queue.lock() else { return };
            locked.waiting.insert(index, part);
            let mut asked = locked.advance(&work);
            drop(locked);
            while let Some(input) = asked {
                let whole = read(work.context, Stretch { input, lines: None });
                let Ok(mut locked) = queue.lock() else { return };
                locked.join_whole(&work, input, whole);
                asked = locked.advance(&work);
            }
        }
    };
    let threads = rayon::current_num_threads().min(work.list.len());
    if threads > 1 {
        rayon::scope(|scope| (0..threads).for_each(|_| scope.spawn(|_| run())));
    } else {
        run();
    }
    let joined = queue.into_inner().map_or_else(|_| None, |queue| Some(queue.joined));
    let mut joined = joined.unwrap_or_else(|| Joined::new(plan, inputs));
    joined.withhold_foreign();
    joined
}

impl<'p> Work<'p> {
    fn read(&self, stretch: Stretch) -> Option<Part<'p>> {
        match self.divided(stretch.input) {
            Some(divided) => read_cells(self.context, stretch, divided),
            None => read(self.context, stretch),
        }
    }

    fn divided(&self, input: usize) -> Option<&Divided<'p>> {
        self.divided.get(input)?.as_ref()
    }

    fn frame(&self, input: usize) -> usize {
        self.context.inputs.get(input).map_or(0, |input| input.frame.0 as usize)
    }
}

impl<'p> Queue<'p> {
    /// Joins the parts that have come, in order; the file that has to be read as a whole before
    /// it goes on.
    fn advance(&mut self, work: &Work<'p>) -> Option<usize> {
        while !self.is_held
            && let Some(part) = self.waiting.remove(&self.next)
        {
            let index = self.next;
            self.next += 1;
            let Some(input) = work.list.get(index).map(|stretch| stretch.input) else { continue };
            let (frame, plan) = (work.frame(input), work.context.plan);
            let last = work.list.partition_point(|stretch| stretch.input <= input);
            let parts = last.saturating_sub(index + 1);
            let divided = work.divided(input);
            let is_first = work.list.partition_point(|stretch| stretch.input < input) == index;
            if divided.is_some() && is_first {
                self.before = Some(self.joined.before(plan, frame));
            }
            if divided.is_some_and(Divided::is_given_up) {
                if parts > 0 {
                    continue;
                }
                self.is_held = true;
                if let Some(before) = self.before.take() {
                    self.joined.back_to(plan, (input, frame), before);
                }
                return Some(input);
            }
            if let Some(part) = part {
                self.joined.join(plan, (input, parts), frame, part);
            }
            let sheet = || part::sheet(work.context, input, None);
            if let (Some(divided), 0) = (divided, parts)
                && let Some(sheet) = sheet()
            {
                self.joined.say_unknown(&sheet, input, divided);
            }
        }
        None
    }

    /// Joins a file that was read as a whole.
    fn join_whole(&mut self, work: &Work<'p>, input: usize, whole: Option<Part<'p>>) {
        self.is_held = false;
        let frame = work.frame(input);
        if let Some(part) = whole {
            self.joined.join(work.context.plan, (input, 0), frame, part);
        }
    }
}
