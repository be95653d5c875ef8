//! A data file after loading: its bytes are gone, its places are found again where they are asked
//! for.

use super::encoding::{Checkpoint, Coding, decode_block, feed_lines, stored_length};
use super::workbook::Page;
use super::{Input, Store};
use crate::place::{At, Excerpt, LINE_MAX, Place};
use crate::text::Position;
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// A file and the way back into it.
pub struct File {
    /// The file as listed.
    pub input: Arc<Input>,
    /// How its bytes were read.
    pub coding: Coding,
    /// Ascending; empty where the file could not be read.
    pub checkpoints: Vec<Checkpoint>,
    /// Its text, where its bytes are not that.
    pub kept: Kept,
    /// What was read of it last.
    pub recent: Recent,
}

/// The text of a file that is packed.
#[derive(Debug, Default)]
pub enum Kept {
    /// It is read again where it is needed.
    #[default]
    Not,
    /// What was packed.
    Text(String),
    /// The sheet of a workbook.
    Page(Box<Page>),
}

impl Kept {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Not => None,
            Self::Text(text) => Some(text),
            Self::Page(page) => Some(&page.text),
        }
    }
}

/// Some text of a file, from a checkpoint on.
pub struct Window {
    /// The text.
    pub text: String,
    /// Where it begins.
    pub start: Checkpoint,
    bytes: Vec<u8>,
}

/// How much text before and after a place an excerpt may show.
pub const AROUND: u64 = LINE_MAX as u64;

/// How many bytes of a file are kept at once.
const BLOCK: u64 = 1 << 16;

/// How many bytes beyond a block are kept with it, for what begins near its end.
const OVERLAP: u64 = 1 << 14;

/// So many blocks of a file are kept.
const BLOCKS: usize = 64;

/// The blocks of a file that were read last: findings ask for rows that stand near each other, and
/// one after the other for the same.
#[derive(Debug, Default)]
pub struct Recent(Mutex<Vec<Option<Block>>>);

/// A block, by its number.
#[derive(Debug)]
enum Block {
    /// It was asked for once; where rows far apart are asked for, more than them is not read.
    Asked(u64),
    /// It is kept.
    Read(u64, Arc<[u8]>),
}

impl Recent {
    /// The bytes `start..end` of a file.
    fn read(&self, store: &dyn Store, start: u64, end: u64) -> std::io::Result<Vec<u8>> {
        let number = start / BLOCK;
        let first = number * BLOCK;
        let kept = (end <= first + BLOCK + OVERLAP).then(|| self.block(store, number));
        let Some(block) = kept.transpose()?.flatten() else { return store.read(start, end) };
        let at = |place: u64| usize::try_from(place - first).unwrap_or(usize::MAX).min(block.len());
        Ok(block.get(at(start)..at(end)).unwrap_or_default().to_vec())
    }

    /// A block with what overlaps it; `None` where it was never asked for.
    fn block(&self, store: &dyn Store, number: u64) -> std::io::Result<Option<Arc<[u8]>>> {
        let Ok(mut slots) = self.0.lock() else { return Ok(None) };
        if slots.is_empty() {
            let blocks = usize::try_from(store.len() / BLOCK).unwrap_or(BLOCKS) + 1;
            slots.resize_with(blocks.min(BLOCKS), || None);
        }
        let slot = usize::try_from(number).unwrap_or(0) % slots.len().max(1);
        let Some(slot) = slots.get_mut(slot) else { return Ok(None) };
        match slot {
            Some(Block::Read(kept, block)) if *kept == number => Ok(Some(block.clone())),
            Some(Block::Asked(asked)) if *asked == number => {
                let to = ((number + 1) * BLOCK + OVERLAP).min(store.len());
                let block: Arc<[u8]> = store.read(number * BLOCK, to)?.into();
                *slot = Some(Block::Read(number, block.clone()));
                Ok(Some(block))
            }
            _ => {
                *slot = Some(Block::Asked(number));
                Ok(None)
            }
        }
    }
}

impl File {
    /// How many bytes the text has.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.checkpoints.last().map_or(0, |point| point.decoded)
    }

    /// The text that holds `from..to`, bytes of the decoded text.
    #[must_use]
    pub fn window(&self, from: u64, to: u64) -> Option<Window> {
        let after = self.checkpoints.partition_point(|point| point.decoded <= from);
        let start = *self.checkpoints.get(after.saturating_sub(1))?;
        let until = self.checkpoints.partition_point(|point| point.decoded < to);
        let end = self.checkpoints.get(until).or(self.checkpoints.last())?.stored;
        if let Some(text) = self.kept.text() {
            let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
            return Some(Window {
                text: text.get(index(start.decoded)..index(end))?.to_owned(),
                start,
                bytes: Vec::new(),
            });
        }
        let mut bytes = self.recent.read(self.input.store.as_ref(), start.stored, end).ok()?;
        if self.coding.returns {
            feed_lines(&mut bytes);
        }
        if self.coding.exact {
            let text = String::from_utf8(bytes).ok()?;
            return Some(Window { text, start, bytes: Vec::new() });
        }
        let mut text = String::new();
        decode_block(&bytes, self.coding.encoding, &mut text, &mut Vec::new());
        Some(Window { text, start, bytes })
    }

    /// The whole file as a place.
    #[must_use]
    pub fn whole(&self) -> Place {
        Place::file(self.input.name.clone())
    }

    /// A range of the decoded text as a place.
    #[must_use]
    pub fn place(&self, span: Range<u64>) -> Place {
        let span = span.start.min(self.len())..span.end.min(self.len());
        if let Some(place) = self.cell(&span) {
            return place;
        }
        match self.window(span.start.saturating_sub(AROUND), span.end + AROUND) {
            Some(window) => self.place_in(&window, span),
            None => self.whole(),
        }
    }

    /// The sheet of a workbook.
    #[must_use]
    pub fn page(&self) -> Option<&Page> {
        if let Kept::Page(page) = &self.kept { Some(page) } else { None }
    }

    /// A range of a workbook's text as cells.
    fn cell(&self, span: &Range<u64>) -> Option<Place> {
        let page = self.page()?;
        let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        Some(page.place(self.input.name.clone(), index(span.start)..index(span.end)))
    }

    /// As [`File::place`], from a window that is at hand.
    #[must_use]
    pub fn place_in(&self, window: &Window, span: Range<u64>) -> Place {
        if let Some(place) = self.cell(&span) {
            return place;
        }
        let base = window.start;
        let local = |at: u64| {
            usize::try_from(at.saturating_sub(base.decoded))
                .unwrap_or(usize::MAX)
                .min(window.text.len())
        };
        let range = local(span.start)..local(span.end);
        let position = |at: usize| {
            let point = base.after(window.text.get(..at).unwrap_or(""), 0);
            Position { line: point.line as usize + 1, column: point.column as usize + 1 }
        };
        let stored = |at: usize| {
            let length = if self.coding.exact {
                at
            } else {
                stored_length(&window.bytes, self.coding.encoding, at)
            };
            base.stored + length as u64
        };
        let first_line = base.line as usize + 1;
        let mut excerpt = Excerpt::cut(&window.text, range.clone(), first_line);
        if excerpt.first_line == first_line {
            excerpt.cut_before += base.column as usize;
        }
        let at = At::Text {
            from: position(range.start),
            to: position(range.end),
            start: stored(range.start),
            end: stored(range.end),
        };
        Place { file: self.input.name.clone(), at, excerpt }
    }
}

/// How much is read at once to read a row again.
pub const ROW_WINDOW: u64 = 2048;
