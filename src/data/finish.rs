//! From joined columns to loaded data: links, places, and all that is wrong in the order of the
//! files.

use super::bind::headings::{Headings, list_called, mapped};
use super::bind::meant::near_field;
use super::bind::plan::Plan;
use super::bind::units;
use super::fault::{self, Fault};
use super::faults::{Faults, Noted};
use super::file::{File, Recent};
use super::link::{self, Breach, Breaches};
use super::load::{FileState, Joined};
use super::locate::{Known, Origin, Places};
use super::names::fold;
use super::part::Listing;
use super::trace::PARENT;
use super::unit;
use super::workbook::cell_at;
use super::{Data, FrameData, Input, Located, message};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::invariant::fit;
use crate::place::{At, Place};
use crate::schema::{FieldId, FrameId, Schema, Type};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Diagnostics with what they are sorted by: the file, and the byte there; and with the fields that
/// a file lacks, where they are about such.
type Sorted = Vec<((usize, u64), Diagnostic, Vec<(FrameId, FieldId)>)>;

/// Links rows, finds the places of faults.
pub fn finish(
    plan: Plan,
    mut joined: Joined,
    inputs: &[Arc<Input>],
    unopened: &[FrameId],
    day: Option<i64>,
) -> (Data, Vec<Diagnostic>) {
    let mut breaches = Breaches::default();
    let own = link::gather(&plan, &mut joined, &mut breaches);
    let link::Resolved { claims, strays } =
        link::resolve(&plan, &mut joined.rows, &joined.listed, day, &mut breaches);
    let mut lost = lost(&plan, inputs, &joined);
    lost.extend(unopened);
    // What refers to rows of a file that could not be read has no mistake of its own.
    let unread = inputs.iter().zip(&joined.files);
    let unread = unread.filter(|(_, file)| {
        let key = |frame: usize| plan.frame(frame).and_then(|shape| shape.key);
        let lacks_key = file.layout.as_ref().is_some_and(|layout| {
            let columns = &layout.columns;
            key(columns.frame).is_some_and(|key| columns.lacking.contains_key(&key))
        });
        file.faults.lost && file.rows == 0 || lacks_key
    });
    let gone: Vec<FrameId> =
        unread.map(|(input, _)| input.frame).chain(unopened.iter().copied()).collect();
    breaches.forgive(&plan, &gone);
    let listed_rows: Vec<usize> = joined.files.iter().map(|file| file.rows).collect();
    let mut currencies = currencies(&plan, &mut joined);
    let frames: Vec<FrameData> = joined
        .rows
        .into_iter()
        .zip(claims.into_iter().zip(strays))
        .zip(plan.frames.iter().enumerate())
        .map(|((rows, (claims, strays)), (frame, shape))| FrameData {
            currencies: currencies.remove(&frame).unwrap_or_default(),
            len: rows.len,
            offsets: Arc::new(if shape.parent.is_some() {
                std::iter::once(0).chain(rows.ends).collect()
            } else {
                Vec::new()
            }),
            columns: rows.columns.into_iter().map(|column| column.finish(rows.len)).collect(),
            whole: true,
            claims,
            strays,
        })
        .collect();
    let origins =
        joined.listed.into_iter().zip(own).zip(&frames).map(|((listed, own), frame)| Origin {
            segments: listed.segments,
            starts: listed.starts,
            offsets: frame.offsets.clone(),
            own,
        });
    let origins = origins.collect();
    let listing = Listing::of(inputs);
    let (known, faults): (Vec<_>, Vec<_>) = inputs
        .iter()
        .zip(joined.files)
        .map(|(input, file)| known(&plan, &listing, input, file))
        .unzip();
    let places = Places::new(plan, known, origins);
    let mut sorted = say_faults(&places, &faults);
    say_breaches(&places, &breaches, &mut sorted);
    say_counts(&places, &faults, &listed_rows, &frames, &mut sorted);
    sorted.sort_by_key(|(key, ..)| *key);
    let lacking = sorted.iter().enumerate().filter(|(_, (.., fields))| !fields.is_empty());
    let lacking = lacking.map(|(at, (.., fields))| (at, fields.clone())).collect();
    let schema = places.plan.schema.clone();
    let mut data = Data { frames, located: Arc::new(places), lacking };
    lost.into_iter().for_each(|frame| data.lose(&schema, frame));
    (data, sorted.into_iter().map(|(_, diagnostic, _)| diagnostic).collect())
}

/// What the currencies of amounts that are not in yuan are called, by frame and field; says where
/// there are several of one field.
fn currencies(plan: &Plan, joined: &mut Joined) -> BTreeMap<usize, BTreeMap<FieldId, Bilingual>> {
    let mut named: BTreeMap<usize, BTreeMap<FieldId, Bilingual>> = BTreeMap::new();
    for (at, all) in &joined.currencies {
        let mut foreign = all.iter().filter_map(|amounts| Some((amounts.currency?, amounts.input)));
        let Some((first, input)) = foreign.next() else { continue };
        let name = if all.len() == 1 { unit::called(first) } else { Bilingual::default() };
        let has_yuan = all.iter().any(|amounts| amounts.currency.is_none());
        let other = if has_yuan { Some(input) } else { foreign.next().map(|(_, input)| input) };
        if let Some(file) = other.and_then(|input| joined.files.get_mut(input)) {
            file.faults.push(0..0, Fault::SeveralCurrencies { at: *at, has_yuan });
        }
        if has_yuan {
            continue;
        }
        named.entry(at.frame).or_default().insert(FieldId(fit(at.field)), name);
    }
    // A sign that the vocabulary takes for the field's unit says nothing of the others.
    for (frame, shape) in plan.frames.iter().enumerate() {
        for (field, plan) in shape.fields.iter().enumerate() {
            if plan.ty == Type::Money && plan.units.iter().any(|word| unit::is_currency(word)) {
                let own = named.entry(frame).or_default();
                own.entry(FieldId(fit(field))).or_default();
            }
        }
    }
    named
}

/// Tables and lists of which some row was not read, or belongs nobody knows where.
fn lost(plan: &Plan, inputs: &[Arc<Input>], joined: &Joined) -> Vec<FrameId> {
    let id = |frame: usize| FrameId(fit(frame));
    let lossy = || {
        inputs
            .iter()
            .zip(&joined.files)
            .filter(|(_, file)| file.faults.lost)
            .map(|(input, _)| input)
    };
    let files = lossy().map(|input| input.frame);
    // A flat row that was lost is an element of nobody knows which row.
    let grouped = lossy().filter(|input| input.mapping.group_by.is_some());
    // So is an event that stands in no trace.
    let strays = inputs.iter().zip(&joined.files).filter(|(_, file)| {
        file.faults.list.iter().any(|noted| matches!(noted.fault, Fault::StrayEvents(_)))
    });
    let grouped = grouped.chain(strays.map(|(input, _)| input));
    let elements = grouped.filter_map(|input| {
        list_called(plan, input.frame.0 as usize, input.mapping.list.as_deref()).ok()
    });
    let elements = elements.map(|(_, list)| id(list));
    let passed_over = joined.files.iter().flat_map(|file| &file.faults.list).filter_map(|noted| {
        match &noted.fault {
            Fault::UnexpectedTable { other, .. } => Some(id(*other)),
            _ => None,
        }
    });
    files.chain(elements).chain(passed_over).collect()
}

fn known(plan: &Plan, listing: &Listing, input: &Arc<Input>, state: FileState) -> (Known, Faults) {
    let file = File {
        recent: Recent::default(),
        input: input.clone(),
        coding: state.coding,
        checkpoints: state.checkpoints,
        kept: state.kept,
    };
    let headings = Headings::new(&plan.schema, input);
    let elsewhere = listing.elsewhere(input);
    (
        Known {
            file,
            headings,
            layout: state.layout,
            apart: state.apart,
            elsewhere,
            whole: OnceLock::new(),
        },
        state.faults,
    )
}

/// Keys that no field is called and that resemble none, of one table, as one fault.
fn together(mut unknown: Vec<Noted>) -> Vec<Noted> {
    unknown.sort_by_key(|noted| noted.span.start);
    let mut found: Vec<Noted> = Vec::new();
    for noted in unknown {
        let stray = |noted: &Noted| match &noted.fault {
            Fault::UnknownField { frame, nearest: None, .. } if !noted.texts.is_empty() => {
                Some(*frame)
            }
            _ => None,
        };
        let own = stray(&noted);
        match found.iter_mut().find(|first| own.is_some() && stray(first) == own) {
            Some(first) => first.add(noted, 0),
            None => found.push(noted),
        }
    }
    found
}

fn say_faults(places: &Places, faults: &[Faults]) -> Sorted {
    let schema = &*places.plan.schema;
    let mut sorted = Sorted::new();
    for (index, (known, faults)) in places.files.iter().zip(faults).enumerate() {
        let told = Told::of(places, known, faults);
        let unknown = faults.unknown.iter().filter(|((_, heading), (span, rows))| {
            !told.covers_heading(&known.file, heading, (span, *rows))
        });
        let mut lacking = columns_lacking(faults);
        let unknown = unknown.map(|((frame, heading), (span, rows))| {
            let nearest = near_field(schema, *frame, heading);
            let heading = heading.to_string();
            let (frame, rows) = (*frame, *rows);
            let meant = nearest.as_ref().and_then(|word| called(schema, frame, word));
            let fault = match meant.filter(|at| lacking.remove(at)) {
                Some(at) => Fault::MisnamedColumn { at, heading, rows },
                None => Fault::UnknownField { frame, heading, nearest, rows },
            };
            Noted::alone(span.clone(), fault)
        });
        let unknown = together(unknown.collect());
        let mapped = unknown_mappings(places, &known.file.input);
        let idle = units::idle(&places.plan, &known.headings, &known.file.input);
        let mapped = mapped.chain(idle).map(|fault| Noted::alone(0..0, fault));
        let listed = faults.list.iter();
        let listed = listed.filter(|noted| !told.covers(schema, &noted.fault));
        let listed = listed.filter(|noted| !faults.is_number(noted));
        let listed = listed.cloned().filter_map(|mut noted| {
            if let Fault::MissingColumn { frame, fields } = &mut noted.fault {
                let frame = *frame;
                fields.retain(|field| lacking.contains(&fault::At { frame, field: *field }));
                if fields.is_empty() {
                    return None;
                }
            }
            Some(noted)
        });
        for noted in listed.chain(unknown).chain(mapped) {
            let place = |span: &Range<usize>| {
                if *span == (0..0) && noted.fault.is_about_file() {
                    known.file.whole()
                } else {
                    known.file.place(span.start as u64..span.end as u64)
                }
            };
            let first = place(&noted.span);
            let also = noted.also.iter().map(place).collect();
            let start = start_of(&first);
            let said = message::noted(schema, &noted, first, also);
            sorted.push(((index, start), said, lacked(&noted.fault)));
        }
        for ((code, about), count) in faults.left_out() {
            sorted.push((
                (index, u64::MAX),
                message::left_out(schema, code, count, about, known.file.whole()),
                Vec::new(),
            ));
        }
    }
    sorted
}

/// The fields whose columns a file lacks.
fn columns_lacking(faults: &Faults) -> BTreeSet<fault::At> {
    let mut lacking = BTreeSet::new();
    for noted in &faults.list {
        if let Fault::MissingColumn { frame, fields } = &noted.fault {
            lacking.extend(fields.iter().map(|field| fault::At { frame: *frame, field: *field }));
        }
    }
    lacking
}

/// The field of a frame that is called so, or also so.
fn called(schema: &Schema, frame: usize, word: &str) -> Option<fault::At> {
    let field = schema.frames.get(frame)?.called(&fold(word))?.0 as usize;
    Some(fault::At { frame, field })
}

/// The fields that a file lacks.
fn lacked(fault: &Fault) -> Vec<(FrameId, FieldId)> {
    let (frame, fields) = match fault {
        Fault::MissingColumn { frame, fields } | Fault::MissingListFile { frame, fields } => {
            (*frame, fields.clone())
        }
        Fault::MissingListColumn(at) | Fault::MisnamedColumn { at, .. } => {
            (at.frame, vec![at.field])
        }
        _ => return Vec::new(),
    };
    fields.into_iter().map(|field| (FrameId(fit(frame)), FieldId(fit(field)))).collect()
}

/// What is said of a file, so that what comes of it need not be.
struct Told {
    /// Mappings that are turned round: the field, and the heading it is said to be.
    reversed: Vec<(String, String)>,
    /// The lines with bytes that could not be decoded.
    damaged: BTreeSet<usize>,
}

impl Told {
    fn of(places: &Places, known: &Known, faults: &Faults) -> Self {
        let reversed =
            unknown_mappings(places, &known.file.input).filter_map(|fault| match fault {
                Fault::UnknownMapping { heading, name, is_reversed: true, .. } => {
                    Some((heading, name))
                }
                _ => None,
            });
        let is_damage =
            |fault: &Fault| matches!(fault, Fault::InvalidUtf8(_) | Fault::Undecodable { .. });
        let damage = faults.list.iter().filter(|noted| is_damage(&noted.fault));
        let spans = damage.flat_map(|noted| std::iter::once(&noted.span).chain(&noted.also));
        let damaged = spans.filter_map(|span| line_of(&known.file, span)).collect();
        Self { reversed: reversed.collect(), damaged }
    }

    /// Whether a heading that nobody knows is one of a mapping that is turned round, or one row's
    /// on a line that could not be decoded.
    fn covers_heading(
        &self,
        file: &File,
        heading: &str,
        (span, rows): (&Range<usize>, usize),
    ) -> bool {
        let is_damaged = || line_of(file, span).is_some_and(|line| self.damaged.contains(&line));
        heading.contains('\u{FFFD}')
            || self.reversed.iter().any(|(_, name)| *fold(name) == *fold(heading))
            || rows == 1 && !self.damaged.is_empty() && is_damaged()
    }

    /// Whether columns are missing that such mappings were to give.
    fn covers(&self, schema: &Schema, fault: &Fault) -> bool {
        let Fault::MissingColumn { frame, fields } = fault else { return false };
        let gives = |heading: &str, field: &usize| {
            let all = mapped(schema, *frame, heading);
            all.iter().any(|own| (own.frame, own.field) == (*frame, *field))
        };
        let given = |field: &usize| self.reversed.iter().any(|(heading, _)| gives(heading, field));
        fields.iter().all(given)
    }
}

/// The line of a place in a text.
fn line_of(file: &File, span: &Range<usize>) -> Option<usize> {
    match file.place(span.start as u64..span.end as u64).at {
        At::Text { from, .. } => Some(from.line),
        At::Cell { .. } | At::File => None,
    }
}

/// Headings the manifest gives to fields that do not exist.
fn unknown_mappings(places: &Places, input: &Input) -> impl Iterator<Item = Fault> {
    let schema = &*places.plan.schema;
    let frame = input.frame.0 as usize;
    let shape = places.plan.frame(frame);
    let parent = shape.and_then(|shape| shape.parent).map(|(parent, _)| parent);
    let frames: Vec<usize> =
        shape.map_or(&[][..], |shape| &shape.family).iter().copied().chain(parent).collect();
    let known =
        |name: &str| mapped(schema, frame, name).iter().any(|found| frames.contains(&found.frame));
    let unknown = input.mapping.headings.iter().filter(|(_, name)| !known(name));
    let fault = |(heading, name): &(String, String)| Fault::UnknownMapping {
        frame,
        heading: heading.clone(),
        name: name.clone(),
        nearest: near_field(schema, frame, name),
        is_reversed: known(heading),
    };
    let unpaired = Headings::new(schema, input).unpaired.into_iter().map(|name| {
        let nearest = near_field(schema, frame, &name);
        Fault::UnknownMapping { frame, heading: name.clone(), name, nearest, is_reversed: false }
    });
    unknown.map(fault).chain(unpaired).collect::<Vec<_>>().into_iter()
}

/// What places of one file are sorted by: the byte, or the row and column of a workbook.
fn start_of(place: &Place) -> u64 {
    match &place.at {
        At::Text { start, .. } => *start,
        At::Cell { cell, .. } => cell_at(cell.split(':').next().unwrap_or(cell))
            .map_or(0, |(row, column)| u64::from(row) << 32 | u64::from(column)),
        At::File => 0,
    }
}

fn say_breaches(places: &Places, breaches: &Breaches, sorted: &mut Sorted) {
    for breach in &breaches.list {
        let rows: Vec<(fault::At, usize)> = match breach {
            Breach::Dangling(mention)
            | Breach::Orphan(mention)
            | Breach::Ambiguous(mention)
            | Breach::NotInForce(mention)
            | Breach::Namesakes(mention) => mention.places.clone(),
            Breach::Duplicate { at, first, row, .. } => vec![(*at, *row), (*at, *first)],
            Breach::Invisible { at, row, .. } | Breach::Lacking { at, row } => vec![(*at, *row)],
        };
        let mut found: Vec<(usize, Place)> =
            rows.into_iter().map(|(at, row)| place_of(places, at, row)).collect();
        if !matches!(breach, Breach::Duplicate { .. }) {
            found.sort_by_key(|(file, place)| (*file, start_of(place)));
        }
        let key = found.first().map_or((0, 0), |(file, place)| (*file, start_of(place)));
        let mut found = found.into_iter().map(|(_, place)| place);
        // Of a list of plain values that stands in a cell, the cell says that it is not given.
        let in_cell =
            |file: usize| places.files.get(file).is_some_and(|known| known.layout.is_some());
        let said = match (breach, key) {
            (Breach::Lacking { at, .. }, (file, _)) if in_cell(file) => {
                let place = found.next().unwrap_or_else(|| Place::file("?"));
                message::fault(&places.plan.schema, &Fault::MissingElements(*at), place)
            }
            _ => message::breach(&places.plan, breach, found.collect()),
        };
        sorted.push((key, said, Vec::new()));
    }
    for (at, code, count) in &breaches.left_out {
        let file = places
            .files
            .iter()
            .position(|known| known.file.input.frame.0 as usize == places.root_of(at.frame))
            .unwrap_or(0);
        if let Some(known) = places.files.get(file) {
            sorted.push((
                (file, u64::MAX),
                message::left_out(&places.plan.schema, code, *count, Some(*at), known.file.whole()),
                Vec::new(),
            ));
        }
    }
}

/// Where a field of a row stands, with the file; the key of its parent, for an element listed in a
/// file of its own.
fn place_of(places: &Places, at: fault::At, row: usize) -> (usize, Place) {
    let id = |index: usize| fit(index);
    let (file, place) = if at.field == PARENT {
        let (file, start) = places.own_start(at.frame, row).unwrap_or_default();
        (file, places.place_at(file, start, |trace| trace.field(PARENT)))
    } else {
        let (frame, field) = (FrameId(id(at.frame)), FieldId(id(at.field)));
        let file = places.file_of(at.frame, row).unwrap_or(usize::MAX);
        (file, places.locate(frame, row, Some(field)))
    };
    (file, place.unwrap_or_else(|| Place::file("?")))
}

/// Tables without rows, single tables with several.
fn say_counts(
    places: &Places,
    faults: &[Faults],
    rows: &[usize],
    frames: &[FrameData],
    sorted: &mut Sorted,
) {
    let schema = &*places.plan.schema;
    let mut counted = Vec::new();
    for (index, (known, rows)) in places
        .files
        .iter()
        .zip(rows)
        .enumerate()
        .filter(|(_, (known, _))| known.file.input.inline.is_none())
    {
        let frame = known.file.input.frame.0 as usize;
        let single = places.plan.frame(frame).is_some_and(|shape| shape.single);
        if single && !counted.contains(&frame) {
            counted.push(frame);
            let len = frames.get(frame).map_or(0, |frame| frame.len);
            // A row that could not be read has its own mistake.
            let lost = len == 0 && faults.get(index).is_some_and(|faults| faults.lost);
            if len != 1 && !lost {
                let second = places.locate(known.file.input.frame, 1, None);
                let place = second.unwrap_or_else(|| known.file.whole());
                sorted.push((
                    (index, start_of(&place)),
                    message::row_count(schema, frame, len, place),
                    Vec::new(),
                ));
            }
        } else if !single
            && *rows == 0
            && !known.file.input.mapping.empty
            && (known.file.input.mapping.of_several.is_none()
                || frames.get(frame).is_none_or(|frame| frame.len == 0))
            && !known.layout.as_ref().is_some_and(|layout| layout.is_sole)
            && faults.get(index).is_some_and(|faults| faults.list.is_empty())
        {
            let said = message::empty_table(schema, frame, known.file.whole());
            sorted.push(((index, 0), said, Vec::new()));
        }
    }
}
