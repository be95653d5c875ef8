//! The units that a sheet states: in its headings, and in lines above them.

use super::layout::{Columns, Layout};
use super::{Kind, Sheet};
use crate::data::bind::Target;
use crate::data::bind::units::{Named, stated};
use crate::data::csv::Scanner;
use crate::data::fault::At;
use crate::data::unit;

impl Sheet<'_> {
    /// Says what the numbers of each column are in; a column whose unit does not fit its field is
    /// not read. `headings` are the headings as they are written, line ends and all.
    pub(super) fn units<T: Target>(
        &self,
        text: &str,
        headings: &[String],
        layout: &mut Layout,
        target: &mut T,
    ) {
        let above = match layout.header {
            usize::MAX => Vec::new(),
            header => self.above(text, header),
        };
        let titles: Vec<_> = layout
            .titles
            .iter()
            .enumerate()
            .map(|(index, (title, span))| {
                let written = headings.get(index).map_or("", |heading| heading);
                let written = if unit::in_heading(written).is_some() { written } else { title };
                (written.to_owned(), title.clone(), span.clone())
            })
            .collect();
        let inner = layout.inner.as_mut().map(|inner| &mut inner.columns);
        for columns in std::iter::once(&mut layout.columns).chain(inner) {
            for (index, (written, title, span)) in titles.iter().enumerate() {
                let Some((at, field)) = held(columns, index) else { continue };
                let heading = if self.headings.units.knows(title) { title } else { written };
                match stated(self.plan, self.headings, at, heading, &above) {
                    Ok(None) => {}
                    Ok(Some(measure)) => target.measure(at, measure),
                    Err(fault) => {
                        target.fault(span.clone(), fault);
                        columns.give_up(index, field);
                    }
                }
            }
        }
    }

    /// The units stated above the headings.
    fn above(&self, text: &str, header: usize) -> Vec<Named> {
        let mut scanner = Scanner::new(text, 0, self.delimiter);
        let (mut cells, mut scratch) = (Vec::new(), String::new());
        let mut units = Vec::new();
        for _ in 0..header {
            if scanner.row(&mut cells).is_none() {
                break;
            }
            let mut line = String::new();
            for cell in &cells {
                let content = scanner.content(cell, &mut scratch);
                units.extend(unit::alone(content).map(|(unit, word)| (unit, word.to_owned())));
                line.push_str(content);
                line.push(' ');
            }
            let found = unit::in_line(&line).into_iter();
            units.extend(found.map(|(unit, word)| (unit, word.to_owned())));
        }
        units
    }
}

/// The field whose values a column holds, and the field of the row it stands for.
fn held(columns: &Columns, index: usize) -> Option<(At, usize)> {
    match columns.kinds.get(index)? {
        Kind::Field(field) => Some((At { frame: columns.frame, field: *field }, *field)),
        Kind::Elements(field, child) => Some((At { frame: *child, field: 0 }, *field)),
        Kind::Part(_) | Kind::Parent | Kind::Unknown | Kind::Ignored => None,
    }
}
