//! A proposal is tried before it is given: what does not check is taken back, step by step.

use super::column::{Column, Kind};
use super::table::Table;
use super::{Asked, Draft};
use crate::data::{cell_at, reads};
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::engine::Keep;
use crate::place::{At, Place};
use crate::say;
use crate::schema::Type;
use crate::workspace::{Options, Overlay, Project};
use std::collections::BTreeSet;
use std::sync::Arc;

/// So many times something is taken back at most.
const TURNS: usize = 60;

/// Takes back what does not check until all does. Returns what was wrong at last.
pub fn settle(draft: &mut Draft, asked: &Asked) -> Vec<Diagnostic> {
    let mut wrong = Vec::new();
    for _ in 0..TURNS {
        if draft.read().is_empty() {
            return wrong;
        }
        let errors = errors(draft, asked);
        if errors.is_empty() {
            return errors;
        }
        if !draft.take_back(&errors) {
            draft.leave_out(&errors);
        }
        draft.suggest_again();
        wrong = errors;
    }
    draft.tables.clear();
    wrong
}

/// What is wrong with the project as it would be written, all its data read.
fn errors(draft: &Draft, asked: &Asked) -> Vec<Diagnostic> {
    let mut files = Overlay::new(asked.store.clone());
    for (name, text) in draft.files() {
        files = files.with(asked.folder.join(name), text);
    }
    let project = Project::read_in(Arc::new(files), &asked.folder.join("fanshi.toml"));
    let options = Options { keep: Keep::Everything, ..Options::default() };
    let mut found = project.run(&options).summary.diagnostics;
    found.retain(|found| found.severity == Severity::Error);
    found
}

impl Draft {
    /// Makes less of the columns and articles that errors point at. Whether anything changed.
    fn take_back(&mut self, errors: &[Diagnostic]) -> bool {
        let policy = self.wording.names().policy;
        let before = self.suggestions.len();
        let text = self.files().into_iter().find(|(name, _)| name == policy);
        let lines: Vec<String> =
            text.iter().flat_map(|(_, text)| text.lines()).map(str::to_owned).collect();
        for error in errors {
            let place = error.labels.first().map(|label| &label.place);
            if let Some(At::Text { from, .. }) =
                place.filter(|place| &*place.file == policy).map(|place| &place.at)
            {
                let article = lines
                    .iter()
                    .take(from.line)
                    .rev()
                    .find(|line| line.starts_with('第') || line.starts_with("article"));
                self.suggestions.retain(|suggestion| {
                    !article.is_some_and(|line| line.contains(&suggestion.name))
                });
            }
        }
        let mut changed = BTreeSet::new();
        for error in errors {
            for place in error.labels.iter().map(|label| &label.place).chain(&error.also) {
                self.weaken(error, place, &mut changed);
            }
        }
        before != self.suggestions.len() || !changed.is_empty()
    }

    /// Makes less of the columns a place stands in, of each once: table and column.
    fn weaken(
        &mut self,
        error: &Diagnostic,
        place: &Place,
        changed: &mut BTreeSet<(usize, usize)>,
    ) {
        let tables = self.tables.iter_mut().enumerate();
        for (number, table) in tables.filter(|(_, table)| is_of(table, place)) {
            let is_key = error.code == "duplicate_key";
            let columns = columns(table, place);
            for column in &mut table.columns {
                let meant = if is_key { column.is_key } else { columns.contains(&column.at) };
                if !meant || column.kind == Kind::Ignored || !changed.insert((number, column.at)) {
                    continue;
                }
                if is_key {
                    column.is_key = false;
                    continue;
                }
                column.weaken(&error.message);
            }
        }
    }

    /// Leaves out what errors point at, and cannot be mended: a table, or else all articles and
    /// enums.
    fn leave_out(&mut self, errors: &[Diagnostic]) {
        let mut changed = false;
        for error in errors {
            let places = error.labels.iter().map(|label| &label.place);
            for place in places {
                let own = self.tables.iter_mut().filter(|table| table.refused.is_none());
                for table in own.filter(|table| is_of(table, place)) {
                    table.refused = Some(error.message.clone());
                    changed = true;
                }
            }
        }
        if changed {
            return;
        }
        let enums = |column: &&mut Column| matches!(column.kind, Kind::Enum(_));
        for column in self.tables.iter_mut().flat_map(|table| &mut table.columns).filter(enums) {
            column.kind = Kind::Plain(Type::Text);
            changed = true;
        }
        if changed {
            return;
        }
        // Nothing points anywhere: the last table, until those before it check.
        let refused = errors.first().map(|error| error.message.clone()).unwrap_or_default();
        let last = self.tables.iter_mut().rev().find(|table| table.refused.is_none());
        last.into_iter().for_each(|table| table.refused = Some(refused.clone()));
    }

    /// Suggests again, without what was taken back.
    fn suggest_again(&mut self) {
        let kept: Vec<String> =
            self.suggestions.iter().map(|suggestion| suggestion.sentence.clone()).collect();
        self.suggest();
        self.suggestions.retain(|suggestion| kept.contains(&suggestion.sentence));
    }
}

impl Column {
    /// Makes less of it: a number, a text, nothing.
    fn weaken(&mut self, why: &Bilingual) {
        let is_number =
            self.given().next().is_some() && self.given().all(|cell| reads(Type::Decimal, cell));
        self.kind = match &self.kind {
            Kind::Plain(Type::Text) | Kind::Ignored => Kind::Ignored,
            Kind::Plain(ty) if *ty != Type::Decimal && is_number => Kind::Plain(Type::Decimal),
            _ => Kind::Plain(Type::Text),
        };
        self.readings.clear();
        self.optional |= self.cells.iter().any(|cell| self.is_blank(cell));
        self.is_key &= self.kind != Kind::Ignored;
        let (zh, en) = (&why.zh, &why.en);
        self.doubts.push(match self.kind {
            Kind::Ignored => say!("没有读入：{zh}", "not read: {en}"),
            _ => say!("类型放宽了：{zh}", "its type is a wider one: {en}"),
        });
    }
}

/// Whether a place stands in the file, or the sheet, of a table.
fn is_of(table: &Table, place: &Place) -> bool {
    let sheet = match &place.at {
        At::Cell { sheet, .. } => table.sheet.as_deref().is_none_or(|own| own == &**sheet),
        _ => true,
    };
    sheet && *place.file == *table.file
}

/// The columns a place stands in, by the cells it names or by what stands there.
fn columns(table: &Table, place: &Place) -> Vec<usize> {
    match &place.at {
        At::Cell { cell, .. } => {
            let mut ends = cell.split(':').filter_map(cell_at);
            let Some((row, from)) = ends.next() else { return Vec::new() };
            let (last, to) = ends.next().unwrap_or((row, from));
            // A whole row is no column.
            if row == last && from != to {
                Vec::new()
            } else {
                (from..=to).map(|at| at as usize).collect()
            }
        }
        At::Text { .. } => {
            let text = place.excerpt.text.get(place.excerpt.mark.clone()).unwrap_or("");
            let text = text.trim_matches('"').replace("\"\"", "\"");
            let holds = |cells: &[String]| cells.iter().any(|cell| *cell == text.trim());
            let own = table
                .columns
                .iter()
                .filter(|column| holds(&column.cells) || column.heading == text.trim());
            if text.trim().is_empty() { Vec::new() } else { own.map(|column| column.at).collect() }
        }
        At::File => Vec::new(),
    }
}
