//! What the headings of a file stand for: names, further spellings, and what the manifest says.

use super::conventions::Conventions;
use super::pairs;
use super::plan::{Plan, family, nested};
use super::units::Units;
use crate::data::Input;
use crate::data::fault::Fault;
use crate::data::names::{Lookup, fold, nearest};
use crate::data::unit;
use crate::invariant::fit;
use crate::schema::{Field, FieldId, Frame, FrameId, Schema, Type};
use crate::value::key::is_invisible;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The list of a frame that is called so, with its field; without a name the only list of rows
/// there is.
///
/// # Errors
/// Where there is none.
pub fn list_called(plan: &Plan, frame: usize, name: Option<&str>) -> Result<(usize, usize), Fault> {
    let fields = plan.frame(frame).map_or(&[][..], |frame| &frame.fields);
    let lists = || fields.iter().enumerate().filter_map(|(field, plan)| Some((field, plan.list?)));
    let shape = plan.schema.frames.get(frame);
    let Some(name) = name else {
        let mut rows =
            lists().filter(|(_, list)| plan.frame(*list).is_some_and(|list| !list.plain));
        return match (rows.next(), rows.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(Fault::WhichList { frame }),
        };
    };
    let called = shape.and_then(|shape| shape.called(&fold(name))).map(|field| field.0 as usize);
    lists().find(|(field, _)| Some(*field) == called).ok_or_else(|| {
        let words = shape
            .into_iter()
            .flat_map(|shape| &shape.fields)
            .filter(|field| matches!(field.ty, Type::List(_)));
        Fault::UnknownList {
            frame,
            name: name.to_owned(),
            nearest: nearest(name, words.flat_map(|field| field.names.iter())),
        }
    })
}

/// A word without what nobody sees in it.
pub fn visible(word: &str) -> Cow<'_, str> {
    let is_hidden = |letter: char| is_invisible(letter) && !matches!(letter, '\n' | '\r');
    if word.is_ascii() || !word.contains(is_hidden) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.chars().filter(|letter| !is_hidden(*letter)).collect())
}

/// A heading; line breaks in a cell are for the eye alone, and a unit on its last line is one in
/// brackets.
#[must_use]
pub fn title(text: &str) -> String {
    let text = visible(text);
    let folded = fold(&text);
    if !folded.contains(['\n', '\r']) {
        return folded.into_owned();
    }
    let mut lines: Vec<&str> =
        folded.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = lines.pop().unwrap_or("");
    if unit::Unit::named(last).is_some() && !lines.is_empty() {
        return format!("{}({last})", lines.concat());
    }
    lines.push(last);
    lines.concat()
}

/// The headings of one file: which field each stands for, by frame; of frames that do not stand in
/// the file, nothing.
#[derive(Debug, Default)]
pub struct Headings {
    pub(super) frames: Vec<Lookup>,
    /// The same words without blanks, and without what stands between headings of several levels.
    squeezed: Vec<Lookup>,
    /// The headings the manifest gives a field, folded.
    mapped: BTreeSet<String>,
    /// Keys above others in headings that are paths, with these.
    above: BTreeMap<String, BTreeSet<String>>,
    /// The way to the rows of a document.
    pub rows: Vec<String>,
    /// Patterns of headings that are passed over.
    ignore: Vec<glob::Pattern>,
    /// What those of them that are paths begin with.
    ignore_in: Vec<glob::Pattern>,
    /// Fields that the manifest gives numbers with units, and that there are not.
    pub unpaired: Vec<String>,
    /// The type of each field, by frame.
    pub(super) types: Vec<Vec<Type>>,
    /// What numbers under them are in.
    pub units: Units,
    /// How the values under them are written.
    pub conventions: Arc<Conventions>,
}

impl Headings {
    /// The manifest's headings first, then names, then further headings.
    #[must_use]
    pub fn new(schema: &Schema, input: &Input) -> Self {
        let mapping = &input.mapping;
        let mapped: Vec<(&str, Mapped)> = mapping
            .headings
            .iter()
            .flat_map(|(heading, name)| {
                mapped(schema, input.frame.0 as usize, name)
                    .into_iter()
                    .map(move |found| (&**heading, found))
            })
            .collect();
        let mut frames = vec![Lookup::default(); schema.frames.len()];
        let mut squeezed = frames.clone();
        let mut above: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for id in family(&nested(schema), input.frame.0 as usize) {
            let slots = frames.get_mut(id).zip(squeezed.get_mut(id));
            if let (Some((slot, tight)), Some(frame)) = (slots, schema.frames.get(id)) {
                heading_words(id, frame, &mapped, |word, field| {
                    slot.add(word, field);
                    for step in word.match_indices('/').filter_map(|(at, _)| word.get(..at)) {
                        let paths = above.entry(fold(step).into_owned()).or_default();
                        paths.insert(word.to_owned());
                    }
                    tight.add(&squeeze(word), field);
                });
            }
        }
        let pattern = |word: &str| {
            glob::Pattern::new(&glob::Pattern::escape(&fold(word)).replace("[*]", "*")).ok()
        };
        let steps = |word: &String| -> Vec<glob::Pattern> {
            let ends = word.match_indices('/').filter_map(|(at, _)| word.get(..at));
            ends.filter_map(pattern).collect()
        };
        let mapped =
            mapping.headings.iter().map(|(heading, _)| fold(heading).into_owned()).collect();
        let mut conventions = Conventions::of(mapping);
        let (pairs, unpaired) = pairs::declared(schema, input.frame.0 as usize, mapping);
        conventions.pairs = pairs;
        let way = mapping.rows.as_deref().unwrap_or_default().split('/');
        let rows = way.filter(|step| !step.is_empty()).map(str::to_owned).collect();
        Self {
            unpaired,
            frames,
            squeezed,
            mapped,
            above,
            rows,
            ignore: mapping.ignore.iter().filter_map(|word| pattern(word)).collect(),
            ignore_in: mapping.ignore.iter().flat_map(steps).collect(),
            types: schema
                .frames
                .iter()
                .map(|frame| frame.fields.iter().map(|field| field.ty).collect())
                .collect(),
            units: Units::of(mapping),
            conventions: Arc::new(conventions),
        }
    }

    /// The field a heading stands for.
    #[must_use]
    pub fn field(&self, frame: usize, heading: &str) -> Option<usize> {
        let words = self.frames.get(frame)?;
        let heading = &*visible(heading);
        let found = words.get(heading);
        // What the manifest gives a field is that field, or none.
        let found = found.or_else(|| {
            words
                .get_in_any_case(heading)
                .or_else(|| self.spaced(frame, heading))
                .filter(|_| !self.mapped.contains(&*fold(heading)))
        });
        found.or_else(|| self.field_in_unit(frame, heading))
    }

    /// The field whose name, with a unit behind it, is a heading: `金额（万元）`, `金额/万元`.
    fn field_in_unit(&self, frame: usize, heading: &str) -> Option<usize> {
        let stated = unit::behind_name(heading)?;
        let words = self.frames.get(frame)?;
        // The manifest may name it with its unit, and without brackets.
        if let Some(field) = words.get(&format!("{}{}", stated.name, stated.behind)) {
            return Some(field);
        }
        let field =
            words.get_in_any_case(stated.name).or_else(|| self.spaced(frame, stated.name))?;
        unit::has_units(*self.types.get(frame)?.get(field)?).then_some(field)
    }

    /// Whether headings are paths that begin with this one.
    #[must_use]
    pub fn leads_below(&self, path: &str) -> bool {
        !self.above.is_empty() && self.above.contains_key(&*fold(path))
    }

    /// The fields whose headings are a path or begin with it.
    #[must_use]
    pub fn fields_below(&self, frame: usize, path: &str) -> BTreeSet<usize> {
        let path = &*fold(path);
        let Some(words) = self.frames.get(frame) else { return BTreeSet::new() };
        let below = self.above.get(path).into_iter().flatten().map(String::as_str);
        below.chain([path]).filter_map(|word| words.get(word)).collect()
    }

    /// The field of a heading that is written wide, as Chinese often is, or of several levels.
    fn spaced(&self, frame: usize, heading: &str) -> Option<usize> {
        let is_spaced = !heading.is_ascii() && heading.contains([' ', '/', '\u{3000}', '\t']);
        self.squeezed.get(frame)?.get_in_any_case(&squeeze(heading)).filter(|_| is_spaced)
    }

    /// Whether a heading no field is called is passed over.
    #[must_use]
    pub fn ignores(&self, heading: &str) -> bool {
        let heading = visible(heading);
        self.ignore.iter().any(|pattern| pattern.matches(&fold(&heading)))
    }

    /// Whether what is passed over may stand inside what is called so.
    #[must_use]
    pub fn ignores_in(&self, path: &str) -> bool {
        let path = visible(path);
        self.ignore_in.iter().any(|pattern| pattern.matches(&fold(&path)))
    }
}

/// What a heading of the manifest stands for.
#[derive(Clone, Copy, Debug)]
pub struct Mapped {
    /// The frame.
    pub frame: usize,
    /// The field of it.
    pub field: usize,
    /// Whether it is named with its list, and so no heading but this stands for it.
    pub is_exact: bool,
}

/// What a name in the manifest's headings stands for: a field of any frame of the file, or
/// `list.field` of that list alone.
#[must_use]
pub fn mapped(schema: &Schema, top: usize, name: &str) -> Vec<Mapped> {
    let called = |frame: usize, name: &str| {
        schema.frames.get(frame)?.called(&fold(name)).map(|field| field.0 as usize)
    };
    let anywhere: Vec<Mapped> = (0..schema.frames.len())
        .filter_map(|frame| Some(Mapped { frame, field: called(frame, name)?, is_exact: false }))
        .collect();
    if !anywhere.is_empty() {
        return anywhere;
    }
    let Some((path, name)) = name.rsplit_once('.') else { return Vec::new() };
    let frames = family(&nested(schema), top);
    let list = path.split('.').try_fold(top, |frame, step| {
        let field = called(frame, step)?;
        frames.iter().copied().find(|&child| {
            schema.frames.get(child).and_then(|child| child.parent) == Some(id(frame, field))
        })
    });
    list.and_then(|frame| Some(Mapped { frame, field: called(frame, name)?, is_exact: true }))
        .into_iter()
        .collect()
}

fn id(frame: usize, field: usize) -> (FrameId, FieldId) {
    let number = |index: usize| fit(index);
    (FrameId(number(frame)), FieldId(number(field)))
}

/// Each word that stands for a field of a frame, those of the manifest first.
fn heading_words(
    id: usize,
    frame: &Frame,
    mapped: &[(&str, Mapped)],
    mut each: impl FnMut(&str, usize),
) {
    for (heading, found) in mapped.iter().filter(|(_, found)| found.frame == id) {
        each(heading, found.field);
        each(&title(heading), found.field);
    }
    let exact = mapped.iter().filter(|(_, found)| found.is_exact && found.frame == id);
    let exact: BTreeSet<usize> = exact.map(|(_, found)| found.field).collect();
    let is_open = |index: usize| !exact.contains(&index);
    let fields: Vec<(usize, &Field)> =
        frame.fields.iter().enumerate().filter(|(index, _)| is_open(*index)).collect();
    for (index, field) in &fields {
        field.names.iter().for_each(|name| each(name, *index));
    }
    for (index, field) in &fields {
        field.also.iter().for_each(|word| each(word, *index));
        field.also.iter().for_each(|word| each(&title(word), *index));
    }
}

/// A heading without blanks, and without `/` between its levels.
fn squeeze(word: &str) -> String {
    fold(word).chars().filter(|c| !c.is_whitespace() && *c != '/').collect()
}
