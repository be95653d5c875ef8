//! Which sheets of workbooks are read: those a pattern names, and what becomes of a workbook that
//! lacks one the others have.

use super::bind::headings::Headings;
use super::bind::plan::Plan;
use super::bind::sheet::Sheet;
use super::bytes::{Stretch, read_bytes};
use super::fault::Fault;
use super::faults::Faults;
use super::load::FileState;
use super::names::fold;
use super::part::wanted;
use super::workbook::{Books, Wanted};
use super::{Format, Input};
use crate::schema::FrameId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is to be said of an input, by its number.
pub type Notes = Vec<(usize, Fault)>;

/// The pattern of sheets an input names, if it is one.
fn pattern(input: &Input) -> Option<glob::Pattern> {
    let sheet = input.mapping.sheet.as_deref()?;
    let is_pattern = input.format == Format::Workbook && sheet.contains(['*', '?']);
    let literal = glob::Pattern::escape(&fold(sheet)).replace("[*]", "*").replace("[?]", "?");
    glob::Pattern::new(&literal).ok().filter(|_| is_pattern)
}

/// Inputs of one sheet each, where a pattern names several. Sheets that fit it and hold no heading
/// of the table are passed over; where none does, the input stays as it is.
pub fn expand(plan: &Plan, books: &Books, inputs: Vec<Input>) -> (Vec<Arc<Input>>, Notes) {
    let (mut all, mut notes) = (Vec::new(), Notes::new());
    for input in inputs {
        let Some(pattern) = pattern(&input) else {
            all.push(Arc::new(input));
            continue;
        };
        let sheets = names(books, &input).unwrap_or_default();
        let fitting = sheets.into_iter().filter(|name| pattern.matches(&fold(name)));
        let (read, over): (Vec<String>, Vec<String>) =
            fitting.partition(|name| score(plan, books, &input, name).fields > 0);
        if !read.is_empty() && !over.is_empty() {
            notes.push((all.len(), Fault::SheetsPassedOver(over)));
        }
        let first = all.len();
        all.extend(read.into_iter().map(|name| {
            let mut input = input.clone();
            input.mapping.sheet = Some(name);
            Arc::new(input)
        }));
        if all.len() == first {
            all.push(Arc::new(input));
        }
    }
    (all, notes)
}

/// The names of the sheets of a workbook.
fn names(books: &Books, input: &Input) -> Option<Vec<String>> {
    let stretch = Stretch { input: 0, lines: None };
    let bytes = || read_bytes(input, stretch).map(|(stored, _)| stored.bytes);
    books.names(&input.name, bytes).ok()
}

/// How a sheet fits a table.
#[derive(Clone, Copy, Default)]
struct Score {
    /// How many fields of the table its headings name.
    fields: usize,
    /// Whether people do not see it.
    is_hidden: bool,
}

/// How a sheet fits the table of an input.
fn score(plan: &Plan, books: &Books, input: &Input, name: &str) -> Score {
    let stretch = Stretch { input: 0, lines: None };
    let bytes = || read_bytes(input, stretch).map(|(stored, _)| stored.bytes);
    let wanted = Wanted { sheet: Some(name), ..wanted(plan, input) };
    let headings = Headings::new(&plan.schema, input);
    let Ok(page) = books.sheet(&input.name, &wanted, bytes) else { return Score::default() };
    let fields = Sheet::of(plan, &headings, input, Some(&page)).named_fields(&page.text);
    Score { fields, is_hidden: page.is_hidden }
}

/// Says which sheet may be meant where the one that is wanted is not there, or not clear: none that
/// is read for something else.
pub fn suggest(
    plan: &Plan,
    books: &Books,
    (input, all): (&Input, &[Arc<Input>]),
    fault: &mut Fault,
) {
    let same = all.iter().filter(|other| other.name == input.name);
    let taken: BTreeSet<String> = same
        .filter_map(|other| other.mapping.sheet.as_deref())
        .map(|sheet| fold(sheet).into_owned())
        .collect();
    let is_free = |sheet: &String| !taken.contains(&*fold(sheet));
    let free = |sheets: &[String]| -> Vec<String> {
        sheets.iter().filter(|sheet| is_free(sheet)).cloned().collect()
    };
    match fault {
        Fault::NoSuchSheet { nearest, fits, sheets, .. } => {
            let is_seen = |name: &String| !score(plan, books, input, name).is_hidden;
            let near = nearest.take().filter(is_free);
            *nearest = near.clone().filter(is_seen);
            if nearest.is_none() {
                *fits = fitting(plan, books, input, &free(sheets)).or(near);
            }
        }
        Fault::WhichSheet { fits, sheets, .. } => {
            *fits = fitting(plan, books, input, &free(sheets));
        }
        _ => {}
    }
}

/// The one sheet among several that people see whose headings name most fields of the table.
fn fitting(plan: &Plan, books: &Books, input: &Input, sheets: &[String]) -> Option<String> {
    const MOST_SHEETS: usize = 100;
    let scores: Vec<(usize, &String)> = sheets
        .iter()
        .take(MOST_SHEETS)
        .map(|name| (score(plan, books, input, name), name))
        .filter(|(score, _)| !score.is_hidden)
        .map(|(score, name)| (score.fields, name))
        .collect();
    let most = scores.iter().map(|(score, _)| *score).max().filter(|most| *most > 0)?;
    let mut best = scores.into_iter().filter(|(score, _)| *score == most);
    let (_, name) = best.next()?;
    best.next().is_none().then(|| name.clone())
}

/// Forgives workbooks of a pattern that lack a sheet which others of it have: they have no such
/// rows, if another of their sheets is read and none of the others can be meant. How many there are
/// is said at the first of them.
pub fn forgive(inputs: &[Arc<Input>], files: &mut [FileState]) {
    let lacks = |file: &FileState| {
        file.faults.list.iter().find_map(|noted| match &noted.fault {
            Fault::NoSuchSheet { sheet, nearest: None, fits: None, .. } => Some(sheet.clone()),
            _ => None,
        })
    };
    let mut groups: BTreeMap<(FrameId, &str, usize), Vec<usize>> = BTreeMap::new();
    for (number, input) in inputs.iter().enumerate() {
        if let (Some(entry), Some(sheet)) = (&input.mapping.of_several, &input.mapping.sheet) {
            groups.entry((input.frame, sheet, entry.start)).or_default().push(number);
        }
    }
    let read: BTreeSet<&str> = inputs
        .iter()
        .zip(files.iter())
        .filter(|(_, file)| file.layout.is_some())
        .map(|(input, _)| &*input.name)
        .collect();
    for numbers in groups.into_values() {
        let without: Vec<(usize, String)> = numbers
            .iter()
            .filter(|number| inputs.get(**number).is_some_and(|input| read.contains(&*input.name)))
            .filter_map(|number| Some((*number, lacks(files.get(*number)?)?)))
            .collect();
        let is_lost = |number: &usize| files.get(*number).is_some_and(|file| file.layout.is_none());
        if numbers.iter().all(is_lost) {
            // What none of them has is said once.
            for number in without.iter().skip(1).map(|(number, _)| *number) {
                if let Some(file) = files.get_mut(number) {
                    file.faults = Faults::default();
                    file.faults.lost = true;
                }
            }
            continue;
        }
        for (place, (number, sheet)) in without.iter().enumerate() {
            let Some(file) = files.get_mut(*number) else { continue };
            file.faults = Faults::default();
            if place == 0 {
                let (sheet, count) = (sheet.clone(), without.len());
                file.faults.push(0..0, Fault::SheetAbsent { sheet, count, of: numbers.len() });
            }
        }
    }
}
