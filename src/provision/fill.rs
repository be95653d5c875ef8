//! Lists of citations get what was found when they were held against the texts.

use super::catalogue::{Catalogue, Row};
use super::check::Checked;
use super::composed::{Composed, Places};
use super::desk::{Desk, Libraries, Remarks, SaidOnce, Shelves};
use super::message;
use crate::builtin::citation::{Part, State};
use crate::data::{Data, FrameData};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::invariant::fit;
use crate::place::Place;
use crate::say;
use crate::schema::{CitationSources, FieldId, FrameId, Schema, Type};
use crate::value::{Bits, Column, Texts, Values};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The parts of which policies ask, by list: of what they ask for nothing else is said.
pub type Asked = BTreeSet<(FrameId, usize)>;

/// What citations are held against.
pub struct Given<'g> {
    /// The texts.
    pub libraries: &'g Libraries,
    /// The titles that policies cite.
    pub cited: Vec<&'g str>,
    /// The day.
    pub day: Option<i64>,
    /// What policies ask for.
    pub asked: Asked,
}

/// What came of it.
#[derive(Default)]
pub struct Filled {
    /// The texts that are cited.
    pub shelves: Shelves,
    /// What is wrong with citations and texts.
    pub diagnostics: Vec<Diagnostic>,
    /// What is to be said of single citations in data, by list, element and field.
    pub notes: Notes,
    /// What was said once of a text.
    pub said_once: SaidOnce,
}

/// What is to be said of a field of a citation, by list, element and field.
pub type Notes = BTreeMap<(FrameId, usize, FieldId), Bilingual>;

/// A citation in data.
#[derive(Clone, Debug, Default)]
struct Element {
    /// Its row in the frame around the list.
    parent: usize,
    /// Its number in the list as it was read.
    given: Option<usize>,
    label: Option<String>,
    title: Option<String>,
    place: Option<String>,
    words: Option<String>,
}

/// What was found of one; `None` for what is not known.
#[derive(Clone, Debug, Default)]
struct Found {
    held: Option<bool>,
    state: Option<i64>,
    in_force: Option<bool>,
    labelled: Option<bool>,
    /// Whether it is known what stands at the place, be it nothing.
    is_read: bool,
    provision: Option<String>,
    fault: Option<String>,
    row: Option<i64>,
}

/// Opens the texts that are cited, puts citations together that have no cell of their own, and fills
/// in what was found.
#[must_use]
pub fn fill(schema: &Schema, data: &mut Data, given: &Given<'_>) -> Filled {
    let lists: Vec<FrameId> = (0..)
        .map(FrameId)
        .zip(&schema.frames)
        .filter(|(_, frame)| frame.citations.is_some())
        .map(|(id, _)| id)
        .collect();
    if lists.is_empty() && given.libraries.is_empty() {
        return Filled::default();
    }
    let mut composed = BTreeMap::new();
    let elements: Vec<(FrameId, Vec<Element>)> =
        lists.iter().map(|list| (*list, elements(schema, data, *list, &mut composed))).collect();
    for (list, composed) in &composed {
        compose(schema, data, *list, composed);
    }
    if !composed.is_empty() {
        let inner = data.located.clone();
        data.located = Arc::new(Places { inner, composed });
    }
    let (shelves, mut diagnostics) = open(schema, &data.frames, given, &elements);
    let mut notes = Notes::new();
    let (columns, said_once) = {
        let catalogue = Catalogue::new(schema, &data.frames);
        let desk = Desk { catalogue, shelves: &shelves, day: given.day };
        let mut remarks = Remarks::default();
        let mut columns = Vec::new();
        for (list, elements) in &elements {
            let place = |row: usize| {
                let found = data.located.locate(*list, row, None);
                found.unwrap_or_else(|| Place::file("?"))
            };
            let frame = schema.frame(*list);
            let table = frame.and_then(|frame| frame.citations?.table);
            let of = frame.and_then(|frame| frame.citations?.of.zip(frame.parent));
            let title = of.and_then(|(of, (parent, _))| schema.field(parent, of.title));
            let mut teller = Teller {
                desk: &desk,
                list: *list,
                asked: &given.asked,
                refers: title.is_some_and(|title| title.ty.table().is_some()),
                said: Vec::new(),
                notes: Vec::new(),
            };
            let found: Vec<Found> = elements
                .iter()
                .enumerate()
                .map(|(row, element)| {
                    let found = teller.found(element, table, (&|| place(row), &mut remarks));
                    let field = |part: Part| FieldId(fit(part.index()));
                    let own = teller.notes.drain(..);
                    notes.extend(own.map(|(part, note)| ((*list, row, field(part)), note)));
                    found
                })
                .collect();
            diagnostics.extend(teller.said);
            columns.push((*list, found));
        }
        let said_once = remarks.keys();
        diagnostics.extend(remarks.said(given.day, &BTreeSet::new()));
        (columns, said_once)
    };
    for ((list, found), (_, elements)) in columns.iter().zip(&elements) {
        if let Some(frame) = data.frames.get_mut(list.0 as usize) {
            put(frame, elements, found);
        }
    }
    Filled { shelves, diagnostics, notes, said_once }
}

/// A text of a column.
fn text(data: &FrameData, field: usize, row: usize) -> Option<String> {
    let column = data.columns.get(field).filter(|column| column.present.get(row))?;
    match &column.values {
        Values::Texts(texts) => Some(texts.get(row).to_owned()),
        _ => None,
    }
}

/// The elements of a list: those that were given, and for each row that gives none, the one that its
/// fields make.
fn elements(
    schema: &Schema,
    data: &Data,
    list: FrameId,
    composed: &mut BTreeMap<FrameId, Composed>,
) -> Vec<Element> {
    let Some((frame, own)) = schema.frame(list).zip(data.frames.get(list.0 as usize)) else {
        return Vec::new();
    };
    let given = |row: usize, parent: usize| {
        let part = |part: Part| text(own, part.index(), row);
        Element {
            parent,
            given: Some(row),
            label: part(Part::Label),
            title: part(Part::Title),
            place: part(Part::Place),
            words: part(Part::Words),
        }
    };
    let sources = frame.citations.and_then(|citations| citations.of);
    let Some((sources, (parent, field))) = sources.zip(frame.parent) else {
        return (0..own.len).map(|row| given(row, own.parent_of(row))).collect();
    };
    let Some(around) = data.frames.get(parent.0 as usize) else { return Vec::new() };
    let is_given = around.present(field);
    let mut elements = Vec::new();
    for row in 0..around.len {
        if is_given.get(row) {
            elements.extend(own.elements(row).map(|element| given(element, row)));
        } else {
            elements.extend(made(schema, data, (parent, row), sources));
        }
    }
    let rows = elements.iter().map(|element| (element.parent, element.given)).collect();
    composed.insert(list, Composed { parent, sources, rows });
    elements
}

/// The citation that fields of a row make; none where they name nothing.
fn made(
    schema: &Schema,
    data: &Data,
    (frame, row): (FrameId, usize),
    sources: CitationSources,
) -> Option<Element> {
    let own = data.frames.get(frame.0 as usize)?;
    let of = |field: Option<FieldId>| text(own, field?.0 as usize, row);
    let title = match schema.field(frame, sources.title)?.ty {
        Type::Ref(table) => {
            let column = own.column(sources.title)?;
            match &column.values {
                Values::Ints(rows) if column.present.get(row) => {
                    let target = usize::try_from(*rows.get(row)?).ok()?;
                    let citable = schema.frame(table)?.citable.as_ref()?;
                    let cited = data.frames.get(table.0 as usize)?;
                    citable.titles.iter().find_map(|field| text(cited, field.0 as usize, target))
                }
                // What names no row was said.
                _ if column.unread.get(row) => None,
                _ => return None,
            }
        }
        _ => Some(of(Some(sources.title))?),
    };
    let title = title.map(|title| crate::value::key::title(&title).to_owned());
    let (place, words) = (of(sources.place), of(sources.words));
    Some(Element { parent: row, title, place, words, ..Element::default() })
}

/// Gives a frame the rows of its elements.
fn compose(schema: &Schema, data: &mut Data, list: FrameId, composed: &Composed) {
    let Some((parent, field)) = schema.frame(list).and_then(|frame| frame.parent) else { return };
    let Some(around) = data.frames.get_mut(parent.0 as usize) else { return };
    let len = around.len;
    if let Some(column) = around.columns.get_mut(field.0 as usize) {
        column.present = Bits::uniform(len, true);
        column.unread = Bits::uniform(len, false);
    }
    let mut offsets: Vec<u32> = vec![0; len + 1];
    for (parent, _) in &composed.rows {
        if let Some(count) = offsets.get_mut(parent + 1) {
            *count += 1;
        }
    }
    let mut end = 0;
    for offset in &mut offsets {
        end += *offset;
        *offset = end;
    }
    let Some(frame) = data.frames.get_mut(list.0 as usize) else { return };
    let rows: Vec<Option<usize>> = composed.rows.iter().map(|(_, given)| *given).collect();
    frame.columns = frame.columns.iter().map(|column| select(column, &rows)).collect();
    frame.len = rows.len();
    frame.offsets = Arc::new(offsets);
}

/// A column of some of its rows, in another order; what is none of them is not given.
fn select(column: &Column, rows: &[Option<usize>]) -> Column {
    let bit = |bits: &Bits| {
        Bits::from_fn(rows.len(), |at| {
            rows.get(at).copied().flatten().is_some_and(|row| bits.get(row))
        })
    };
    let values = match &column.values {
        Values::Bits(bits) => Values::Bits(bit(bits)),
        Values::Ints(values) => {
            let of = |row: &Option<usize>| row.and_then(|row| values.get(row).copied());
            Values::Ints(Arc::new(rows.iter().map(|row| of(row).unwrap_or(0)).collect()))
        }
        Values::Ratios(values) => {
            let zero = crate::value::Ratio::from_integer(0);
            let of = |row: &Option<usize>| row.and_then(|row| values.get(row).copied());
            Values::Ratios(Arc::new(rows.iter().map(|row| of(row).unwrap_or(zero)).collect()))
        }
        Values::Texts(texts) => {
            let mut own = Texts::default();
            rows.iter().for_each(|row| own.push(row.map_or("", |row| texts.get(row))));
            Values::Texts(Arc::new(own))
        }
        Values::Dropped => Values::Dropped,
    };
    Column { values, present: bit(&column.present), unread: bit(&column.unread) }
}

/// Reads the texts that policies and data cite.
fn open(
    schema: &Schema,
    frames: &[FrameData],
    given: &Given<'_>,
    elements: &[(FrameId, Vec<Element>)],
) -> (Shelves, Vec<Diagnostic>) {
    let catalogue = Catalogue::new(schema, frames);
    let in_data = elements.iter().flat_map(|(_, elements)| elements);
    let titles = in_data.filter_map(|element| element.title.as_deref());
    let titles: BTreeSet<&str> = titles.chain(given.cited.iter().copied()).collect();
    let mut all: BTreeSet<&str> = titles.clone();
    for title in titles {
        let rows = catalogue.called(title, None);
        all.extend(rows.into_iter().flat_map(|row| catalogue.titles_of(row)));
    }
    let (mut shelves, mut diagnostics) = (Shelves::new(), Vec::new());
    for (table, library) in given.libraries {
        let (shelf, wrong) = library.open(all.iter().copied());
        diagnostics.extend(library.diagnostics.iter().cloned().chain(wrong));
        shelves.insert(*table, shelf);
    }
    (shelves, diagnostics)
}

/// Holds the citations of a list against the texts, and says what no policy asks for.
struct Teller<'d> {
    desk: &'d Desk<'d>,
    list: FrameId,
    asked: &'d Asked,
    /// Whether it is a reference of the row that names what is cited: what is wrong with it is told
    /// of that.
    refers: bool,
    said: Vec<Diagnostic>,
    /// What is to be said of the citation that is being looked up.
    notes: Vec<(Part, Bilingual)>,
}

impl<'d> Teller<'d> {
    fn is_asked(&self, part: Part) -> bool {
        self.asked.contains(&(self.list, part.index()))
    }

    fn found(
        &mut self,
        element: &Element,
        table: Option<FrameId>,
        (place, remarks): (&dyn Fn() -> Place, &mut Remarks<'d>),
    ) -> Found {
        let Some(title) = &element.title else {
            if element.given.is_none() {
                let note = say!(
                    "引的是哪一件读不出，没有核对",
                    "what is cited cannot be read: it is not looked up"
                );
                self.notes.push((Part::State, note));
            }
            return Found::default();
        };
        let looked = self.desk.look(title, table);
        let written = element.place.as_deref().unwrap_or("");
        let checked = self.desk.check(&looked, written, element.words.as_deref());
        let (has_texts, row) = (looked.has_texts, looked.row);
        self.tell((title, written), &checked, place);
        let lapsed = message::lapsed(title, &checked);
        let in_force = self.in_force((title, row), lapsed, place);
        let checked = if in_force == Some(false) { checked.of_no_day() } else { checked };
        if has_texts {
            remarks.note(title, &checked, looked.held, place);
        }
        let labelled = element.label.as_deref().and_then(|label| {
            let labelled = self.desk.catalogue.is_labelled(row?, label)?;
            self.tell_label((title, label, labelled), place);
            Some(labelled)
        });
        let is_known = checked.state.index().is_some();
        Found {
            held: Some(checked.version.is_some()),
            state: checked.state.index().map(fit),
            in_force,
            labelled,
            is_read: is_known,
            fault: message::note(&checked),
            provision: checked.words.filter(|_| is_known),
            row: row.map(|row| fit(row.row)),
        }
    }

    fn in_force(
        &mut self,
        (title, row): (&str, Option<Row>),
        lapsed: Option<Bilingual>,
        place: &dyn Fn() -> Place,
    ) -> Option<bool> {
        let is_lapsed = lapsed.is_some();
        let known = row.zip(self.desk.day);
        let by_row = known.and_then(|(row, day)| self.desk.catalogue.in_force(row, day));
        let in_force = if is_lapsed { false } else { by_row? };
        if !in_force {
            let message = lapsed.filter(|_| by_row != Some(false)).unwrap_or_else(|| {
                say!(
                    "所引《{title}》在判断之日无效",
                    "《{title}》 is not in force on the day judged for"
                )
            });
            let help = say!("改引仍然有效的规定", "cite what is in force");
            let said = Diagnostic::error("citation_not_in_force", message).help(help);
            self.say(Part::InForce, said, place);
        }
        Some(in_force)
    }

    /// Says what is wrong with a part of a citation: here, unless a policy asks for it or it is told
    /// elsewhere; and where a finding shows it.
    fn say(&mut self, part: Part, said: Diagnostic, place: &dyn Fn() -> Place) {
        self.notes.push((part, said.message.clone()));
        if part == Part::State {
            for part in [Part::Provision, Part::Fault] {
                self.notes.push((part, said.message.clone()));
            }
        }
        let is_told = match part {
            Part::State => self.is_asked(Part::Fault),
            Part::InForce => self.refers,
            _ => false,
        };
        if !is_told && !self.is_asked(part) {
            self.said.push(said.at(place(), Bilingual::default()));
        }
    }

    /// Says what is wrong with a citation.
    fn tell(
        &mut self,
        (title, at): (&str, &str),
        checked: &Checked<'_>,
        place: &dyn Fn() -> Place,
    ) {
        let code = checked.state.code();
        let said = match checked.state {
            // Said once of each text.
            State::NotHeld | State::Incomplete => {
                let note = message::unknown(title, at, checked);
                self.notes.push((Part::State, note.clone()));
                return self.notes.push((Part::Provision, note));
            }
            State::UnknownTitle => {
                let message = say!(
                    "所引《{title}》不在被引用的表里",
                    "《{title}》 is not in the cited table"
                );
                Diagnostic::error(code, message).help(message::nearest(&self.desk.catalogue, title))
            }
            State::Unreadable => message::unreadable(title, at, checked),
            _ => match message::fault(title, at, checked) {
                Some((message, help)) => Diagnostic::error(code, message).help(help),
                None => return,
            },
        };
        self.say(Part::State, said, place);
    }

    fn tell_label(
        &mut self,
        (title, label, is_right): (&str, &str, bool),
        place: &dyn Fn() -> Place,
    ) {
        if !is_right {
            let message = say!("《{title}》不是【{label}】", "《{title}》 is no 【{label}】");
            let help = say!("照实改正", "write what it is registered as");
            let said = Diagnostic::error("citation_label", message).help(help);
            self.say(Part::Labelled, said, place);
        }
    }
}

/// A column whose values may be known, known to be missing, or unknown.
struct Filler {
    present: Vec<bool>,
    unread: Vec<bool>,
}

/// Puts what was found into the columns of a list. An element without a title says itself what was
/// found: a case does.
fn put(frame: &mut FrameData, elements: &[Element], found: &[Found]) {
    let is_own = |at: usize| elements.get(at).is_some_and(|element| element.title.is_none());
    let len = elements.len();
    let mut set = |index: usize, values: &dyn Fn(usize) -> Option<Known>, of: Kind| {
        let Some(column) = frame.columns.get_mut(index) else { return };
        *column = filled(column, len, (&is_own, values), of);
    };
    let at = |row: usize| found.get(row);
    let bit = |value: Option<bool>| Some(value.map_or(Known::Unknown, Known::Bit));
    let text = |value: &Option<String>| {
        Some(value.clone().filter(|text| !text.is_empty()).map_or(Known::Nothing, Known::Text))
    };
    let int = |value: Option<i64>| Some(value.map_or(Known::Unknown, Known::Int));
    let part = |of: fn(&Element) -> &Option<String>| move |row: usize| text(of(elements.get(row)?));
    set(Part::Label.index(), &part(|element| &element.label), Kind::Texts);
    set(Part::Title.index(), &part(|element| &element.title), Kind::Texts);
    set(Part::Place.index(), &part(|element| &element.place), Kind::Texts);
    set(Part::Words.index(), &part(|element| &element.words), Kind::Texts);
    set(Part::Held.index(), &|row| bit(at(row)?.held), Kind::Bits);
    set(Part::State.index(), &|row| int(at(row)?.state), Kind::Ints);
    set(Part::InForce.index(), &|row| bit(at(row)?.in_force), Kind::Bits);
    set(Part::Labelled.index(), &|row| bit(at(row)?.labelled), Kind::Bits);
    let provision = |row: usize| match at(row)? {
        found if found.is_read => text(&found.provision),
        _ => Some(Known::Unknown),
    };
    set(Part::Provision.index(), &provision, Kind::Texts);
    set(Part::Fault.index(), &|row| text(&at(row)?.fault), Kind::Texts);
    set(Part::Row.index(), &|row| int(at(row)?.row), Kind::Ints);
}

/// A value that is filled in.
enum Known {
    Unknown,
    Nothing,
    Bit(bool),
    Int(i64),
    Text(String),
}

/// How a column stores values.
#[derive(Clone, Copy)]
enum Kind {
    Bits,
    Ints,
    Texts,
}

/// What was found of a row.
type OfRow<'f> = &'f dyn Fn(usize) -> Option<Known>;

/// A column with what was found; where an element speaks for itself, what it says.
fn filled(
    column: &Column,
    len: usize,
    (is_own, values): (&dyn Fn(usize) -> bool, OfRow<'_>),
    kind: Kind,
) -> Column {
    let (mut bits, mut ints, mut texts) = (Vec::new(), Vec::new(), Texts::default());
    let mut filler = Filler { present: Vec::new(), unread: Vec::new() };
    for row in 0..len {
        let known = match (is_own(row), kind) {
            (false, _) => values(row).unwrap_or(Known::Nothing),
            (true, Kind::Texts) => own(column, row),
            // What is not said is not known.
            (true, _) => match own(column, row) {
                Known::Nothing => Known::Unknown,
                known => known,
            },
        };
        filler.present.push(!matches!(known, Known::Unknown | Known::Nothing));
        filler.unread.push(matches!(known, Known::Unknown));
        match kind {
            Kind::Bits => bits.push(matches!(known, Known::Bit(true))),
            Kind::Ints => ints.push(if let Known::Int(value) = known { value } else { 0 }),
            Kind::Texts => texts.push(if let Known::Text(text) = &known { text } else { "" }),
        }
    }
    let values = match kind {
        Kind::Bits => Values::Bits(Bits::from_slice(&bits, |bit| bit)),
        Kind::Ints => Values::Ints(Arc::new(ints)),
        Kind::Texts => Values::Texts(Arc::new(texts)),
    };
    let bits = |of: &[bool]| Bits::from_slice(of, |bit| bit);
    Column { values, present: bits(&filler.present), unread: bits(&filler.unread) }
}

/// What a column says already.
fn own(column: &Column, row: usize) -> Known {
    if !column.present.get(row) {
        return if column.unread.get(row) { Known::Unknown } else { Known::Nothing };
    }
    match &column.values {
        Values::Bits(bits) => Known::Bit(bits.get(row)),
        Values::Ints(values) => values.get(row).map_or(Known::Nothing, |value| Known::Int(*value)),
        Values::Texts(texts) => Known::Text(texts.get(row).to_owned()),
        Values::Ratios(_) | Values::Dropped => Known::Nothing,
    }
}
