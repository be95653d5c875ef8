//! From a row back to its place: the row's text is read again, nothing was kept but where it
//! begins.

use super::bind::cell::{KeyValue, read_key};
use super::bind::headings::Headings;
use super::bind::plan::Plan;
use super::bind::sheet::{Layout, Sheet};
use super::bind::tree::{Document, Tree};
use super::file::{AROUND, File, ROW_WINDOW, Window};
use super::starts::{Numbers, Starts};
use super::trace::{Trace, Tracer};
use super::{Format, Located, json, part, toml, xes};
use crate::invariant::fit;
use crate::place::Place;
use crate::schema::{FieldId, FrameId};
use crate::value::key::canonical;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock};

/// What is known of a file after loading.
pub struct Known {
    /// The way back into it.
    pub file: File,
    /// What its keys stand for.
    pub headings: Headings,
    /// What its columns stand for.
    pub layout: Option<Layout>,
    /// Whether each row can be read again by itself.
    pub apart: bool,
    /// Tables the same file is listed for as well.
    pub elsewhere: Vec<usize>,
    /// All its rows, where they can only be read together.
    pub whole: OnceLock<Vec<Trace>>,
}

/// Where the rows of a frame come from.
#[derive(Debug, Default)]
pub struct Origin {
    /// Rows that begin a row, line or object of their own in a file: the first row from each file,
    /// with the file.
    pub segments: Vec<(usize, usize)>,
    /// Where each of those begins.
    pub starts: Starts,
    /// For a nested frame: the first element of each parent, and the end.
    pub offsets: Arc<Vec<u32>>,
    /// For a nested frame with files of its own: for each row its number among `starts`, or
    /// [`INSIDE`] the parent's text.
    pub own: Option<Numbers>,
}

/// A row that stands inside its parent's text.
pub const INSIDE: u32 = u32::MAX;

/// All places.
pub struct Places {
    /// The schema.
    pub plan: Plan,
    /// One an input.
    pub files: Vec<Known>,
    /// One a frame.
    pub origins: Vec<Origin>,
    /// The rows found last, kept apart by where they stand: those who look in different places do
    /// not push out what the others found.
    last: [Mutex<Option<Arc<Found>>>; SHELVES],
}

/// In more text than this, in bytes, places are found from the checkpoints in it: those of a long
/// row would each be counted from its beginning.
const NEAR: usize = 1 << 14;

/// How many rows found last are kept.
const SHELVES: usize = 16;

/// The way to a row.
struct Trail {
    file: usize,
    /// Where the text of the outermost row begins.
    start: u64,
    /// Elements to descend through from there: frame and number.
    path: Vec<(usize, usize)>,
}

impl Trail {
    /// The row it leads to, from the outermost one.
    fn end<'t>(&self, outermost: &'t Trace) -> Option<&'t Trace> {
        self.path.iter().try_fold(outermost, |row, (frame, index)| row.element(*frame, *index))
    }
}

/// A row found again.
struct Found {
    file: usize,
    start: u64,
    /// The text it was found in, and where that begins; `None` where places count from the
    /// beginning of the file.
    window: Option<Window>,
    trace: Trace,
}

impl Places {
    /// Places of loaded files.
    #[must_use]
    pub fn new(plan: Plan, files: Vec<Known>, origins: Vec<Origin>) -> Self {
        Self { plan, files, origins, last: Default::default() }
    }

    /// The way to a row.
    fn trail(&self, frame: usize, row: usize) -> Option<Trail> {
        let (mut frame, mut row) = (frame, row);
        let mut path = Vec::new();
        loop {
            let origin = self.origins.get(frame)?;
            let parent = self.plan.frame(frame)?.parent.map(|(parent, _)| parent);
            let own = match (&origin.own, parent) {
                (Some(rows), _) => {
                    rows.get(row).filter(|&own| own != INSIDE).map(|own| own as usize)
                }
                (None, None) => Some(row),
                (None, Some(_)) => None,
            };
            if let Some(own) = own {
                let segment =
                    origin.segments.partition_point(|(first, _)| *first <= own).checked_sub(1)?;
                path.reverse();
                return Some(Trail {
                    file: origin.segments.get(segment)?.1,
                    start: origin.starts.get(own)?,
                    path,
                });
            }
            let above =
                origin.offsets.partition_point(|&offset| offset as usize <= row).checked_sub(1)?;
            path.push((frame, row - *origin.offsets.get(above)? as usize));
            (frame, row) = (parent?, above);
        }
    }

    /// The file a row stands in.
    #[must_use]
    pub fn file_of(&self, frame: usize, row: usize) -> Option<usize> {
        Some(self.trail(frame, row)?.file)
    }

    /// Reads a row again.
    fn find(&self, file: usize, start: u64) -> Option<Arc<Found>> {
        let at = file.wrapping_add(usize::try_from(start / ROW_WINDOW).ok()?) % SHELVES;
        let shelf = self.last.get(at)?;
        // Held for a moment only, while to read a row again may take long.
        if let Ok(last) = shelf.lock()
            && let Some(found) =
                last.as_ref().filter(|found| found.file == file && found.start == start)
        {
            return Some(found.clone());
        }
        let known = self.files.get(file)?;
        let found = match (known.apart, known.file.input.format) {
            (false, _) => self.find_whole(file, start)?,
            (true, Format::Toml) => self.find_toml_row(file, start)?,
            _ => self.find_row(file, start)?,
        };
        let found = Arc::new(found);
        if let Ok(mut last) = shelf.try_lock() {
            *last = Some(found.clone());
        }
        Some(found)
    }

    fn document<'s>(&'s self, known: &'s Known, lines: bool) -> Document<'s> {
        let table = known.file.input.frame.0 as usize;
        Document {
            plan: &self.plan,
            headings: &known.headings,
            table,
            elsewhere: &known.elsewhere,
            lines,
        }
    }

    fn find_whole(&self, file: usize, start: u64) -> Option<Found> {
        let known = self.files.get(file)?;
        let rows = known.whole.get_or_init(|| {
            if let Some(inline) = &known.file.input.inline {
                let mut tree = Tree::new(self.document(known, false), Tracer::new(&self.plan));
                inline.replay(&mut tree);
                return tree.finish().rows;
            }
            let Some(window) = known.file.window(0, known.file.len()) else { return Vec::new() };
            if let Some(layout) = &known.layout {
                let mut tracer = Tracer::new(&self.plan);
                Sheet::of(&self.plan, &known.headings, &known.file.input, known.file.page())
                    .reread(&window.text, layout, &mut tracer);
                return tracer.rows;
            }
            if known.file.input.mapping.group_by.is_some() {
                let mut tracer = Tracer::new(&self.plan);
                part::grouped(
                    &self.plan,
                    (&known.headings, &known.file.input),
                    &window.text,
                    &mut tracer,
                );
                return tracer.rows;
            }
            let mut tree = Tree::new(self.document(known, false), Tracer::new(&self.plan));
            if known.file.input.format == Format::Toml {
                toml::read(&window.text, &mut tree);
            } else {
                let _ = json::read(&window.text, 0, &mut tree);
            }
            tree.finish().rows
        });
        let at = rows.binary_search_by_key(&start, |row| row.start as u64).ok()?;
        Some(Found { file, start, window: None, trace: rows.get(at)?.clone() })
    }

    /// Reads a row of TOML: up to where the next begins.
    fn find_toml_row(&self, file: usize, start: u64) -> Option<Found> {
        let known = self.files.get(file)?;
        let origin = self.origins.get(known.file.input.frame.0 as usize)?;
        let segment = origin.segments.iter().position(|(_, input)| *input == file)?;
        let (first, _) = *origin.segments.get(segment)?;
        let last = origin.segments.get(segment + 1).map_or(origin.starts.len(), |(next, _)| *next);
        let next = origin.starts.next((first, last), start);
        let end = next.unwrap_or(known.file.len());
        let window = known
            .file
            .window(start.saturating_sub(AROUND), (end + AROUND).min(known.file.len()))?;
        let local = |at: u64| usize::try_from(at - window.start.decoded).ok();
        let row = local(start)?..local(end)?;
        let mut tree = Tree::new(self.document(known, false), Tracer::new(&self.plan));
        toml::read_rows(&window.text, &[row.start], row.end, &mut tree);
        let trace = tree.finish().rows.into_iter().next()?;
        Some(Found { file, start, window: Some(window), trace })
    }

    /// Reads as much as the row takes.
    fn find_row(&self, file: usize, start: u64) -> Option<Found> {
        let known = self.files.get(file)?;
        let begins_line = known.layout.is_some() || known.file.input.format == Format::JsonLines;
        let from = if begins_line { start } else { start.saturating_sub(AROUND) };
        let mut length = ROW_WINDOW;
        loop {
            let to = start.saturating_add(length).min(known.file.len());
            let window = known.file.window(from, to)?;
            let at = usize::try_from(start - window.start.decoded).ok()?;
            let mut tracer = Tracer::new(&self.plan);
            let complete = match &known.layout {
                Some(layout) => layout.reread(&self.plan, &window.text, at, &mut tracer),
                None => {
                    let input = &known.file.input;
                    let mut tree =
                        Tree::new(self.document(known, input.format != Format::Json), tracer);
                    if input.format == Format::Json || !known.headings.rows.is_empty() {
                        tree.enter(input.frame.0 as usize);
                    }
                    let is_whole = match input.format {
                        Format::Xes => xes::read_trace(
                            &window.text,
                            at,
                            part::event_key(&self.plan, input).ok()?,
                            &mut tree,
                        )
                        .is_some(),
                        _ => json::read_first(&window.text, at, &mut tree).is_ok(),
                    };
                    tracer = tree.finish();
                    is_whole
                }
            };
            if complete || to == known.file.len() {
                let trace = tracer.rows.into_iter().next()?;
                return Some(Found { file, start, window: Some(window), trace });
            }
            length *= 4;
        }
    }

    /// The place of part of a row that begins at `start` of a file.
    pub fn place_at(
        &self,
        file: usize,
        start: u64,
        part: impl Fn(&Trace) -> Option<&Range<usize>>,
    ) -> Option<Place> {
        let found = self.find(file, start)?;
        let span = part(&found.trace)?;
        let known = self.files.get(file)?;
        Some(match &found.window {
            Some(window) => {
                let base = window.start.decoded;
                let span = span.start as u64 + base..span.end as u64 + base;
                let covered = base + window.text.len() as u64;
                let rest = usize::try_from(span.end - base)
                    .ok()
                    .and_then(|end| window.text.get(end..))
                    .unwrap_or("");
                let wide = rest.len() as u64 >= AROUND
                    || covered == known.file.len()
                    || memchr::memchr(b'\n', rest.as_bytes()).is_some();
                let is_near = window.text.len() <= NEAR;
                if wide && is_near {
                    known.file.place_in(window, span)
                } else {
                    known.file.place(span)
                }
            }
            None => known.file.place(span.start as u64..span.end as u64),
        })
    }

    /// The table a frame lies in, or the nearest frame around it that has files of its own.
    #[must_use]
    pub fn root_of(&self, frame: usize) -> usize {
        let listed = |frame: usize| {
            self.origins.get(frame).is_some_and(|origin| !origin.segments.is_empty())
        };
        let mut frame = frame;
        while let (false, Some((parent, _))) =
            (listed(frame), self.plan.frame(frame).and_then(|shape| shape.parent))
        {
            frame = parent;
        }
        frame
    }

    /// Where a row of a file of its own begins.
    #[must_use]
    pub fn own_start(&self, frame: usize, own: usize) -> Option<(usize, u64)> {
        let origin = self.origins.get(frame)?;
        let segment = origin.segments.partition_point(|(first, _)| *first <= own).checked_sub(1)?;
        Some((origin.segments.get(segment)?.1, origin.starts.get(own)?))
    }
}

impl Located for Places {
    fn locate(&self, frame: FrameId, row: usize, field: Option<FieldId>) -> Option<Place> {
        let trail = self.trail(frame.0 as usize, row)?;
        self.place_at(trail.file, trail.start, |trace| {
            let row = trail.end(trace).unwrap_or(trace);
            Some(field.and_then(|field| row.field(field.0 as usize)).unwrap_or(&row.span))
        })
    }

    fn text(&self, frame: FrameId, row: usize, field: FieldId) -> Option<String> {
        let trail = self.trail(frame.0 as usize, row)?;
        let found = self.find(trail.file, trail.start)?;
        let text = trail.end(&found.trace)?.text(field.0 as usize)?;
        Some(text.to_owned())
    }

    fn key(&self, frame: FrameId, written: &str) -> String {
        let frame = frame.0 as usize;
        let key = self.plan.frame(frame).and_then(|found| self.plan.last_key(frame, found.key?));
        match key.and_then(|key| read_key(key, written)) {
            Some(KeyValue::Int(value)) => value.to_string(),
            Some(KeyValue::Ratio(value)) => value.to_string(),
            Some(KeyValue::Text(text)) => text.into_owned(),
            None => canonical(written).into_owned(),
        }
    }

    fn order(&self, frame: FrameId, row: usize) -> (u32, u64) {
        let (mut frame, mut row) = (frame.0 as usize, row);
        while let Some((parent, _)) = self.plan.frame(frame).and_then(|shape| shape.parent) {
            let offsets = self.origins.get(frame).map_or(&[][..], |origin| &origin.offsets);
            row = offsets.partition_point(|&offset| offset as usize <= row).saturating_sub(1);
            frame = parent;
        }
        self.own_start(frame, row).map_or((u32::MAX, 0), |(file, start)| (fit(file), start))
    }
}
