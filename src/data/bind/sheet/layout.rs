//! The heading row: which row it is, and what each column holds.

use super::top::{SEARCHED, titles};
use super::{Kind, Sheet};
use crate::data::bind::Target;
use crate::data::bind::conventions::Conventions;
use crate::data::bind::headings::{title, visible};
use crate::data::bind::meant::near_fields;
use crate::data::bind::pairs::{Pair, Part};
use crate::data::bind::plan::{FieldPlan, Plan};
use crate::data::csv::{Row, Scanner};
use crate::data::fault::{At, Fault};
use crate::data::garbled::{self, Garbled};
use crate::data::names::{Lookup, fold, shorten};
use crate::value::number::parse_decimal;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// Headings of columns that only number the rows.
pub const ROW_NUMBERS: [&str; 2] = ["idx", "序号"];

/// What the columns hold for one frame.
#[derive(Clone, Debug)]
pub struct Columns {
    /// The frame.
    pub frame: usize,
    /// One a column.
    pub(super) kinds: Vec<Kind>,
    /// Fields that have no column and need one, with the column that was not read instead.
    pub lacking: BTreeMap<usize, Option<usize>>,
    /// The columns of the fields that have one.
    held: HashMap<usize, usize>,
    /// What columns hold of numbers whose unit stands in another.
    pub(super) parts: BTreeMap<usize, Vec<(usize, Part)>>,
}

/// The list the rows of one group are elements of.
#[derive(Clone, Debug)]
pub struct Inner {
    /// The field of the list.
    pub field: usize,
    /// What the columns hold for its elements.
    pub columns: Columns,
    /// The column that says which group a row belongs to.
    pub by: usize,
}

/// The headings of a file: all that is needed to read one of its rows again.
#[derive(Clone, Debug)]
pub struct Layout {
    pub(super) delimiter: u8,
    /// What the columns hold for a row.
    pub columns: Columns,
    /// What they hold for its elements, where rows are grouped.
    pub inner: Option<Inner>,
    /// The row of the headings, from 0.
    pub header: usize,
    /// Where the first row begins.
    pub body: usize,
    /// The headings with their places.
    pub titles: Vec<(String, Range<usize>)>,
    /// What stands over the lowest heading of each column, from the top one down.
    pub upper: Vec<Vec<String>>,
    /// The headings as messages show them: as they are written.
    pub shown: Vec<String>,
    /// Whether rows may have more or fewer cells than there are headings, as in a workbook.
    pub is_loose: bool,
    /// Whether the rows are elements of the one row of a single table, which no column needs to
    /// name.
    pub is_sole: bool,
    /// How cells are written.
    pub conventions: Arc<Conventions>,
}

impl Sheet<'_> {
    /// Finds and reads the headings.
    pub(super) fn layout<T: Target>(&self, text: &str, target: &mut T) -> Option<Layout> {
        let top = self.top(text, target)?;
        let mut layout = Layout {
            delimiter: self.delimiter,
            columns: Columns::new(self.frame),
            inner: None,
            header: top.header.unwrap_or(usize::MAX),
            body: top.body,
            shown: shown(text, &top.titles),
            titles: top.titles,
            upper: top.upper,
            is_loose: self.page.is_some(),
            is_sole: false,
            conventions: self.headings.conventions.clone(),
        };
        if self.mapping.group_by.is_some() {
            layout.inner = Some(self.inner(&layout, target)?);
        }
        self.columns(&mut layout, target)?;
        self.unpaired(text, &mut layout, target);
        let raw = |span: &Range<usize>| text.get(span.clone()).unwrap_or("").trim_matches('"');
        let written: Vec<String> =
            layout.titles.iter().map(|(_, span)| raw(span).to_owned()).collect();
        self.units(text, &written, &mut layout, target);
        let known =
            layout.columns.kinds.iter().any(|kind| !matches!(kind, Kind::Unknown | Kind::Ignored));
        let twice = !layout.columns.lacking.is_empty();
        if !known && !twice && layout.inner.is_none() {
            let scanner = Scanner::new(text, layout.body, self.delimiter);
            self.no_known_heading(&layout, (text, scanner), target);
            return None;
        }
        self.lacking(&mut layout, target);
        Some(layout)
    }

    /// None of the headings is one: what stands above them was not passed over, or something else
    /// separates them.
    fn no_known_heading<T: Target>(
        &self,
        layout: &Layout,
        (text, mut scanner): (&str, Scanner<'_>),
        target: &mut T,
    ) {
        let known = |title: &str| self.headings.field(self.frame, title).is_some();
        let line = text.get(layout.whole()).unwrap_or("");
        let garbled = line.split([',', '\t', ';']).find_map(|title| garbled::look(title.trim()));
        if let Some(Garbled::Read(meant)) = garbled {
            let (frame, row) = (self.frame, layout.header.saturating_add(1));
            return target.fault(layout.whole(), Fault::GarbledHeadings { frame, row, meant });
        }
        let separator = ['，', '；', ';', '\t', '|', '、', ','].into_iter().find(|separator| {
            line.contains(*separator)
                && line.split(*separator).any(|part| known(&fold(part.trim_matches('"'))))
        });
        let row = (layout.header < usize::MAX).then(|| layout.header + 1);
        let mut cells = Vec::new();
        let mut has_known = || {
            matches!(scanner.row(&mut cells), Some(Row::At(_)))
                && titles(&scanner, &cells).iter().any(|(title, _)| known(title))
        };
        let meant = row.and_then(|row| (row + 1..=row + SEARCHED).find(|_| has_known()));
        let shown = layout.shown.iter().map(|heading| &**heading);
        let near = near_fields(&self.plan.schema, self.frame, shown);
        let holds = |c: char| layout.titles.iter().any(|(title, _)| title.contains(c));
        let fields = self.plan.frame(self.frame).map_or(0, |frame| frame.fields.len());
        let is_number =
            |(title, _): &(String, _)| parse_decimal(&title.replace([',', '-', '/'], "")).is_some();
        let is_data = layout.titles.len() > 1
            && layout.titles.len() <= fields
            && (layout.titles.iter().any(is_number) || holds('¥') || holds('%'));
        target.fault(
            layout.whole(),
            Fault::NoKnownHeading { frame: self.frame, row, meant, separator, is_data, near },
        );
    }

    /// Headings that name the row's parent; the one row of a table without a key has no name.
    pub(super) fn parents(&self) -> Option<Lookup> {
        let (parent, _) = self.plan.frame(self.frame)?.parent?;
        let shape = self.plan.frame(parent)?;
        (!shape.single || shape.key.is_some()).then(|| self.parent_headings(parent))
    }

    /// What each heading stands for.
    fn columns<T: Target>(&self, layout: &mut Layout, target: &mut T) -> Option<()> {
        let parent = self.plan.frame(self.frame)?.parent.map(|(parent, _)| parent);
        let parents = self.parents();
        let grouped = layout.inner.as_ref().map(|inner| inner.field);
        for (index, (title, span)) in layout.titles.iter().enumerate() {
            let field =
                self.headings.field(self.frame, title).filter(|field| Some(*field) != grouped);
            let parts = self.parts_of(self.frame, title, &layout.titles);
            let mut kind = match field {
                _ if !parts.is_empty() => self.part_kind(&parts, index, &mut layout.columns),
                _ if title.is_empty() && !self.mapping.columns.is_empty() => Kind::Ignored,
                Some(field) => self.field_kind(self.frame, field),
                None if parents
                    .as_ref()
                    .is_some_and(|names| names.get_in_any_case(title).is_some()) =>
                {
                    Kind::Parent
                }
                None if layout.is_by(index) || self.headings.ignores(title) => Kind::Ignored,
                None => Kind::Unknown,
            };
            if layout.columns.takes_again(kind) {
                let at = At { frame: self.frame, field: field.unwrap_or(usize::MAX) };
                let heading = layout.shown.get(index).map_or_else(String::new, |it| shorten(it));
                target.fault(span.clone(), Fault::DuplicateHeading { at, heading });
                // Whose the rows are is not known.
                if kind == Kind::Parent {
                    return None;
                }
                kind = Kind::Ignored;
            }
            if let (Kind::Ignored, Some(field)) = (
                kind,
                field.filter(|field| {
                    !layout.columns.lacking.contains_key(field) && !layout.columns.has(*field)
                }),
            ) {
                target.fault(span.clone(), Fault::ListInCell(At { frame: self.frame, field }));
                layout.columns.lacking.insert(field, None);
            }
            layout.columns.push(kind);
        }
        let Some(parent) = parent else { return Some(()) };
        let shape = self.plan.frame(parent)?;
        let named = layout.columns.kinds.contains(&Kind::Parent);
        layout.is_sole = shape.single && !named;
        if layout.is_sole || (named && shape.key.is_some()) {
            return Some(());
        }
        let fault = if shape.key.is_none() {
            Fault::NoParentKey { frame: self.frame }
        } else {
            Fault::MissingParentColumn { frame: self.frame }
        };
        target.fault(layout.whole(), fault);
        None
    }

    /// What a column is of pairs; of those that only the vocabulary declares, where there is a column
    /// with the unit.
    pub(super) fn parts_of(
        &self,
        frame: usize,
        title: &str,
        titles: &[(String, Range<usize>)],
    ) -> Vec<(usize, Part)> {
        let pairs = &self.headings.conventions.pairs;
        let mut parts = self.headings.conventions.parts(frame, title);
        parts.retain(|(pair, _)| {
            let has_unit = |pair: &Pair| titles.iter().any(|(title, _)| *fold(title) == pair.unit);
            pairs.get(*pair).is_some_and(|pair| !pair.is_usual || has_unit(pair))
        });
        parts
    }

    /// What a column of a pair holds; its number gives its fields.
    pub(super) fn part_kind(
        &self,
        parts: &[(usize, Part)],
        column: usize,
        columns: &mut Columns,
    ) -> Kind {
        let pairs = &self.headings.conventions.pairs;
        let numbers = parts.iter().filter(|(_, part)| *part == Part::Number);
        let fields = numbers.filter_map(|(pair, _)| pairs.get(*pair)).flat_map(|pair| &pair.fields);
        columns.held.extend(fields.map(|at| (at.field, column)));
        columns.parts.insert(column, parts.to_vec());
        let first = parts.first().and_then(|(pair, _)| pairs.get(*pair)?.fields.first());
        first.map_or(Kind::Ignored, |at| Kind::Part(at.field))
    }

    /// What a column of a field holds.
    pub(super) fn field_kind(&self, frame: usize, field: usize) -> Kind {
        match self.plan.field(frame, field).and_then(|field| field.list) {
            None => Kind::Field(field),
            Some(child) if self.plan.fits_in_cell(frame, field) => Kind::Elements(field, child),
            Some(_) => Kind::Ignored,
        }
    }

    /// Headings that name the parent: its key, or the parent itself.
    fn parent_headings(&self, parent: usize) -> Lookup {
        let mut lookup = Lookup::default();
        let Some(frame) = self.plan.schema.frames.get(parent) else { return lookup };
        if let Some(key) = frame.key().and_then(|id| frame.field(id)) {
            let mapped =
                self.mapping.headings.iter().filter(|(_, name)| key.is_called(&fold(name)));
            mapped.for_each(|(heading, _)| lookup.add(heading, 0));
            key.names
                .iter()
                .chain(key.also.iter().map(|word| &**word))
                .for_each(|word| lookup.add(word, 0));
        }
        frame.names.iter().for_each(|word| lookup.add(word, 0));
        lookup
    }

    /// Fields without a column: said once, not at every row.
    fn lacking<T: Target>(&self, layout: &mut Layout, target: &mut T) {
        let whole = layout.whole();
        let grouped = layout.inner.as_ref().map(|inner| inner.field);
        let titles = layout
            .shown
            .iter()
            .enumerate()
            .filter(|(index, _)| !layout.is_by(*index))
            .map(|(_, title)| title);
        let ignored: Vec<String> = titles
            .filter(|title| !title.is_empty() && self.headings.ignores(title))
            .map(|title| shorten(title))
            .collect();
        let mut say = |columns: &mut Columns, except: Option<usize>| {
            let fields = self.plan.frame(columns.frame).map_or(&[][..], |frame| &frame.fields);
            let (mut missing, mut lists) = (Vec::new(), Vec::new());
            for (field, plan) in fields.iter().enumerate() {
                let given = columns.has(field)
                    || columns.lacking.contains_key(&field)
                    || Some(field) == except;
                if !plan.is_required() || given {
                    continue;
                }
                if !plan.read {
                    columns.lacking.insert(field, None);
                    continue;
                }
                let at = At { frame: columns.frame, field };
                match plan.list {
                    Some(_) if self.plan.fits_in_cell(at.frame, field) => {
                        target.fault(whole.clone(), Fault::MissingListColumn(at))
                    }
                    Some(_) => lists.push(field),
                    None => missing.push(field),
                }
                columns.lacking.insert(field, None);
            }
            let frame = columns.frame;
            if !lists.is_empty() {
                target.fault(whole.clone(), Fault::MissingListFile { frame, fields: lists });
            }
            if !missing.is_empty() {
                target.fault(
                    whole.clone(),
                    Fault::MissingColumn { frame: columns.frame, fields: missing },
                );
            }
            let absent = |(field, plan): (usize, &FieldPlan)| {
                let fits = plan.list.is_none() || self.plan.fits_in_cell(columns.frame, field);
                (fits
                    && plan.keep
                    && !plan.is_required()
                    && !plan.fed
                    && !columns.has(field)
                    && Some(field) != except)
                    .then_some(field)
            };
            let absent: Vec<usize> = fields.iter().enumerate().filter_map(absent).collect();
            if !absent.is_empty() && !ignored.is_empty() {
                let fault = Fault::AbsentColumn {
                    frame: columns.frame,
                    fields: absent,
                    ignored: ignored.clone(),
                };
                target.fault(whole.clone(), fault);
            }
        };
        say(&mut layout.columns, grouped);
        if let Some(inner) = &mut layout.inner {
            say(&mut inner.columns, None);
        }
    }
}

/// Headings as they are written in a text: without quotes and what cannot be seen; one of several
/// levels as it is put together.
fn shown(text: &str, titles: &[(String, Range<usize>)]) -> Vec<String> {
    let written = |(name, span): &(String, Range<usize>)| {
        let raw = text.get(span.clone()).unwrap_or("").trim();
        let raw = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')).unwrap_or(raw);
        let raw = visible(&raw.replace("\"\"", "\"")).trim().to_owned();
        let is_line = !raw.contains(['\n', '\r']) && title(&raw) == *name;
        if is_line { raw } else { name.clone() }
    };
    titles.iter().map(written).collect()
}

impl Columns {
    /// Whether an earlier column is of the same field: neither is read then, for which of them
    /// holds its value is not known.
    pub(super) fn takes_again(&mut self, kind: Kind) -> bool {
        let (Kind::Field(field) | Kind::Elements(field, _)) = kind else {
            return kind == Kind::Parent && self.kinds.contains(&kind);
        };
        if let Some(column) = self.held.remove(&field) {
            if let Some(earlier) = self.kinds.get_mut(column) {
                *earlier = Kind::Ignored;
            }
            self.lacking.insert(field, None);
        }
        self.lacking.contains_key(&field)
    }

    /// Without columns.
    pub(super) fn new(frame: usize) -> Self {
        Self {
            frame,
            kinds: Vec::new(),
            lacking: BTreeMap::new(),
            held: HashMap::new(),
            parts: BTreeMap::new(),
        }
    }

    /// Adds what the next column holds.
    pub(super) fn push(&mut self, kind: Kind) {
        if let Kind::Field(field) | Kind::Elements(field, _) = kind {
            self.held.insert(field, self.kinds.len());
        }
        self.kinds.push(kind);
    }

    /// Leaves a column out, whose field is not known then.
    pub(super) fn give_up(&mut self, column: usize, field: usize) {
        if let Some(kind) = self.kinds.get_mut(column) {
            *kind = Kind::Ignored;
        }
        self.held.remove(&field);
        self.lacking.insert(field, Some(column));
    }

    /// The column of a field.
    pub(super) fn column(&self, field: usize) -> Option<usize> {
        self.held.get(&field).copied()
    }

    /// Whether a field has a column.
    #[must_use]
    pub fn has(&self, field: usize) -> bool {
        self.held.contains_key(&field)
    }
}

impl Layout {
    /// The frame of the rows.
    #[must_use]
    pub fn frame(&self) -> usize {
        self.columns.frame
    }

    /// Whether several rows make one.
    #[must_use]
    pub fn is_grouped(&self) -> bool {
        self.inner.is_some()
    }

    /// Whether rows are grouped by this column.
    fn is_by(&self, column: usize) -> bool {
        self.inner.as_ref().is_some_and(|inner| inner.by == column)
    }

    /// Whether a column says which row a row is: its key, what it is an element of, or its group.
    pub(super) fn names_row(&self, plan: &Plan, column: usize) -> bool {
        let is_key = |columns: &Columns| match columns.kinds.get(column) {
            Some(Kind::Field(field)) => {
                plan.frame(columns.frame).is_some_and(|frame| frame.key == Some(*field))
            }
            Some(Kind::Parent) => true,
            _ => false,
        };
        self.is_by(column) || is_key(&self.columns)
    }

    /// Whether a column names the row that others belong to as well.
    pub(super) fn is_of_others(&self, plan: &Plan, column: usize) -> bool {
        let is_parent = self.columns.kinds.get(column) == Some(&Kind::Parent);
        is_parent || self.is_by(column) || self.inner.is_some() && self.names_row(plan, column)
    }

    /// Whether rows are grouped, and a column holds nothing of their elements.
    pub(super) fn is_of_group(&self, column: usize) -> bool {
        self.inner.as_ref().is_some_and(|inner| {
            !matches!(
                inner.columns.kinds.get(column),
                Some(Kind::Field(_) | Kind::Elements(..) | Kind::Part(_))
            )
        })
    }

    /// Whether there is a column that says which row a row is.
    pub(super) fn has_names(&self, plan: &Plan) -> bool {
        (0..self.titles.len()).any(|column| self.names_row(plan, column))
    }

    /// Whether a cell of this column may be of any field: its heading says nothing that is known,
    /// and is no number of the row.
    #[must_use]
    pub fn is_unclaimed(&self, column: usize) -> bool {
        let numbers_rows =
            self.titles.get(column).is_some_and(|(title, _)| ROW_NUMBERS.contains(&title.as_str()));
        self.is_unknown(column) && !numbers_rows
    }

    /// Whether a column holds nothing known.
    #[must_use]
    pub fn is_unknown(&self, column: usize) -> bool {
        let unknown = |columns: &Columns| columns.kinds.get(column) == Some(&Kind::Unknown);
        unknown(&self.columns) && self.inner.as_ref().is_none_or(|inner| unknown(&inner.columns))
    }

    /// Whether a column holds something known.
    pub(super) fn is_known(&self, column: usize) -> bool {
        let known = |columns: &Columns| {
            let kind = columns.kinds.get(column);
            kind.is_some_and(|kind| !matches!(kind, Kind::Unknown | Kind::Ignored))
        };
        known(&self.columns) || self.inner.as_ref().is_some_and(|inner| known(&inner.columns))
    }

    /// The heading of what says whose element a row is.
    pub(super) fn names_parent(&self) -> Option<&(String, Range<usize>)> {
        self.titles.get(self.columns.kinds.iter().position(|kind| *kind == Kind::Parent)?)
    }

    /// All headings.
    pub(super) fn whole(&self) -> Range<usize> {
        // Of two rows of headings, one column's may stand in the first, another's in the second.
        let spans = || self.titles.iter().map(|(_, span)| span);
        spans().map(|span| span.start).min().unwrap_or(0)
            ..spans().map(|span| span.end).max().unwrap_or(0)
    }
}
