//! How marked cells look: as before, but for what they are filled with.

use super::edit::{Edits, List, number, prefix, tag, walk};
use crate::finding::Weight;
use crate::report::tint;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::BTreeMap;
use std::ops::Range;

/// The styles of a workbook, with those of marked cells.
pub struct Styles<'t> {
    edits: Edits<'t>,
    fills: List,
    formats: List,
    prefix: String,
    fill_count: usize,
    /// The formats of cells.
    own: Vec<Range<usize>>,
    /// What is added: fills by gravity, formats by what they were and their gravity.
    tints: BTreeMap<Weight, usize>,
    marked: BTreeMap<(usize, Weight), usize>,
    new_fills: String,
    new_formats: String,
}

impl<'t> Styles<'t> {
    /// The styles of a part; `None` where it has none of cells.
    pub fn new(text: &'t str) -> Option<Self> {
        let (mut fills, mut formats) = (None::<List>, None::<List>);
        let (mut within, mut depth, mut start, mut of) = (0, 0_usize, 0, String::new());
        let (mut own, mut fill_count) = (Vec::new(), 0);
        walk(text, |event, at| match event {
            Event::Start(found) | Event::Empty(found) => {
                let is_open = matches!(event, Event::Start(_));
                match found.local_name().as_ref() {
                    "fills" if depth == 1 => {
                        (fills, of) = (List::begin(event, &at), prefix(found));
                        within = 1;
                    }
                    "cellXfs" if depth == 1 => {
                        formats = List::begin(event, &at);
                        within = 2;
                    }
                    "fill" if within == 1 && depth == 2 => fill_count += 1,
                    "xf" if within == 2 && depth == 2 => {
                        start = at.start;
                        if !is_open {
                            own.push(at);
                        }
                    }
                    _ if depth == 1 => within = 0,
                    _ => {}
                }
                depth += usize::from(is_open);
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                match (within, depth) {
                    (1, 1) => fills.iter_mut().for_each(|list| list.end(at.start)),
                    (2, 1) => formats.iter_mut().for_each(|list| list.end(at.start)),
                    (2, 2) => own.push(start..at.end),
                    _ => {}
                }
                if depth == 1 {
                    within = 0;
                }
            }
            _ => {}
        })?;
        let (fills, formats) = (fills?, formats.filter(|_| !own.is_empty())?);
        let (tints, marked) = (BTreeMap::new(), BTreeMap::new());
        let (new_fills, new_formats) = (String::new(), String::new());
        let (edits, prefix) = (Edits::new(text), of);
        Some(Self {
            edits,
            fills,
            formats,
            prefix,
            fill_count,
            own,
            tints,
            marked,
            new_fills,
            new_formats,
        })
    }

    /// The number of a format that is as another, filled by its gravity.
    pub fn marked(&mut self, format: usize, weight: Weight) -> Option<usize> {
        // A cell of a format that is not there is shown in the first.
        let format = if format < self.own.len() { format } else { 0 };
        if let Some(&known) = self.marked.get(&(format, weight)) {
            return Some(known);
        }
        let fill = self.tint(weight).to_string();
        let text = self.edits.text.get(self.own.get(format)?.clone())?;
        let mut xml = Reader::from_str(text);
        let event = xml.read_event().ok()?;
        let end = usize::try_from(xml.buffer_position()).ok()?;
        let (Event::Start(found) | Event::Empty(found)) = &event else { return None };
        let set = [("fillId", Some(&*fill)), ("applyFill", Some("1"))];
        self.new_formats.push_str(&tag(found, &set, matches!(event, Event::Empty(_)))?);
        self.new_formats.push_str(text.get(end..)?);
        let number = self.own.len() + self.marked.len();
        self.marked.insert((format, weight), number);
        Some(number)
    }

    fn tint(&mut self, weight: Weight) -> usize {
        if let Some(&known) = self.tints.get(&weight) {
            return known;
        }
        let ((back, _), p) = (tint(weight), &self.prefix);
        self.new_fills.push_str(&format!(
            "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor rgb=\"FF{back:06X}\"/>\
                <{p}bgColor indexed=\"64\"/></{p}patternFill></{p}fill>"
        ));
        let number = self.fill_count + self.tints.len();
        self.tints.insert(weight, number);
        number
    }

    /// The part with what was added.
    pub fn made(mut self) -> String {
        self.fills.add(&mut self.edits, &self.new_fills, self.fill_count + self.tints.len());
        let formats = self.own.len() + self.marked.len();
        self.formats.add(&mut self.edits, &self.new_formats, formats);
        self.edits.made()
    }
}

/// The columns of a sheet that have a format: first, last, format.
#[derive(Default)]
pub struct Columns(Vec<[usize; 3]>);

impl Columns {
    /// Takes `<col min="2" max="3" style="5"/>`.
    pub fn take(&mut self, found: &quick_xml::events::BytesStart<'_>) {
        let of = |name| number(found, name);
        if let (Some(first), Some(last), Some(style)) = (of("min"), of("max"), of("style")) {
            self.0.push([first, last, style]);
        }
    }

    /// The format of a column, from 0.
    pub fn format(&self, column: u32) -> Option<usize> {
        let column = column as usize + 1;
        let of = |[first, last, _]: &&[usize; 3]| (*first..=*last).contains(&column);
        self.0.iter().find(of).map(|[.., style]| *style)
    }
}
