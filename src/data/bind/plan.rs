//! The schema as binding needs it: what is kept, what each word stands for. Built once, shared by all threads.

use crate::data::fault::Fault;
use crate::data::names::{Lookup, fold, nearest};
use crate::data::{Input, Needed};
use crate::schema::{Constant, Field, FieldId, Frame, FrameId, Physical, Reading, Schema, Type};
use crate::value::instant::Offset;
use std::sync::Arc;

/// One field.
#[derive(Clone, Debug)]
pub struct FieldPlan {
    /// Its type.
    pub ty: Type,
    /// Whether its values are stored.
    pub keep: bool,
    /// Whether a row may lack it.
    pub optional: bool,
    /// What a row that lacks it has instead.
    pub default: Option<Constant>,
    /// Whether it is the key of its frame.
    pub key: bool,
    /// The values of its enum.
    pub values: Option<Arc<Lookup>>,
    /// Cells that stand for a value, folded.
    pub readings: Vec<(Box<str>, Constant)>,
    /// Words that stand for the field's unit, folded.
    pub units: Vec<Box<str>>,
    /// The frame of its elements.
    pub list: Option<usize>,
    /// Its elements come from files of their own: rows need not give it.
    pub fed: bool,
    /// A reference to rows whose key is a number.
    pub numbered: bool,
    /// The offset of local time.
    pub offset: Offset,
}

impl FieldPlan {
    /// Whether every row has to give it.
    #[must_use]
    pub fn is_required(&self) -> bool {
        !self.optional && self.default.is_none() && !self.fed
    }

    /// A required field of a type, without enum values.
    #[must_use]
    pub fn of_type(ty: Type) -> Self {
        let list = if let Type::List(frame) = ty { Some(frame.0 as usize) } else { None };
        Self {
            ty,
            keep: true,
            optional: false,
            default: None,
            key: false,
            values: None,
            readings: Vec::new(),
            units: Vec::new(),
            list,
            fed: false,
            numbered: false,
            offset: Offset::default(),
        }
    }
}

/// One frame.
#[derive(Clone, Debug)]
pub struct FramePlan {
    /// Its fields.
    pub fields: Vec<FieldPlan>,
    /// The frame it is nested in, and the field there.
    pub parent: Option<(usize, usize)>,
    /// The frames nested in it.
    pub children: Vec<usize>,
    /// Itself and all frames nested in it at any depth.
    pub family: Vec<usize>,
    /// Its elements are plain values.
    pub plain: bool,
    /// Exactly one row.
    pub single: bool,
    /// The key field.
    pub key: Option<usize>,
}

/// All frames.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The schema it was made from.
    pub schema: &'a Schema,
    /// As in the schema.
    pub frames: Vec<FramePlan>,
}

impl<'a> Plan<'a> {
    /// Prepares a schema; `fed` are the nested frames that have files of their own.
    #[must_use]
    pub fn new(schema: &'a Schema, needed: &Needed, fed: &[FrameId]) -> Self {
        let values: Vec<Arc<Lookup>> = schema.enums.iter().map(|item| Arc::new(enum_lookup(item))).collect();
        let frame_plan = |(at, frame): (usize, &Frame)| {
            let wanted = |field: usize| needed.get(at).and_then(|fields| fields.get(field)).copied().unwrap_or(false);
            let fields = frame.fields.iter().enumerate().map(|(id, field)| field_plan(schema, field, wanted(id), &values, fed)).collect();
            FramePlan {
                fields,
                parent: frame.parent.map(|(parent, field)| (parent.0 as usize, field.0 as usize)),
                children: nested_in(schema, at).collect(),
                family: family(schema, at),
                plain: frame.plain,
                single: frame.single,
                key: frame.key().map(|field| field.0 as usize),
            }
        };
        Self { schema, frames: schema.frames.iter().enumerate().map(frame_plan).collect() }
    }

    /// A frame; `None` past the end.
    #[must_use]
    pub fn frame(&self, frame: usize) -> Option<&FramePlan> {
        self.frames.get(frame)
    }

    /// A field of a frame.
    #[must_use]
    pub fn field(&self, frame: usize, field: usize) -> Option<&FieldPlan> {
        self.frames.get(frame)?.fields.get(field)
    }
}

fn nested_in(schema: &Schema, parent: usize) -> impl Iterator<Item = usize> + '_ {
    let is_child = move |frame: &Frame| frame.parent.is_some_and(|(id, _)| id.0 as usize == parent);
    schema.frames.iter().enumerate().filter(move |(_, frame)| is_child(frame)).map(|(at, _)| at)
}

fn family(schema: &Schema, root: usize) -> Vec<usize> {
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&frame) = found.get(next) {
        found.extend(nested_in(schema, frame).filter(|child| *child > frame));
        next += 1;
    }
    found
}

fn field_plan(schema: &Schema, field: &Field, needed: bool, values: &[Arc<Lookup>], fed: &[FrameId]) -> FieldPlan {
    let mut plan = FieldPlan::of_type(field.ty);
    for (word, reading) in &field.readings {
        match reading {
            Reading::Value(constant) => plan.readings.push((fold(word).into(), constant.clone())),
            Reading::Unit => plan.units.push(fold(word).into()),
        }
    }
    plan.offset = schema.offset;
    plan.keep = needed || field.key || field.unique || matches!(field.ty, Type::Ref(_));
    plan.optional = field.optional;
    plan.default = field.default.clone();
    plan.key = field.key;
    match field.ty {
        Type::Enum(id) => plan.values = values.get(id.0 as usize).cloned(),
        Type::List(frame) => plan.fed = fed.contains(&frame),
        Type::Ref(frame) => plan.numbered = key_is_number(schema, frame),
        _ => {}
    }
    plan
}

fn key_is_number(schema: &Schema, frame: FrameId) -> bool {
    let key: Option<FieldId> = schema.frame(frame).and_then(Frame::key);
    key.and_then(|field| schema.field(frame, field)).is_some_and(|field| field.ty.physical() == Physical::Ints && field.ty == Type::Integer)
}

fn enum_lookup(item: &crate::schema::Enum) -> Lookup {
    let mut lookup = Lookup::default();
    for (index, value) in item.values.iter().enumerate() {
        value.names.iter().for_each(|name| lookup.add(name, index));
    }
    for (index, value) in item.values.iter().enumerate() {
        value.also.iter().for_each(|word| lookup.add(word, index));
    }
    lookup
}

/// The list of a frame that is called so, with its field; without a name the only list of rows there is.
///
/// # Errors
/// Where there is none.
pub fn list_called(plan: &Plan<'_>, frame: usize, name: Option<&str>) -> Result<(usize, usize), Fault> {
    let fields = plan.frame(frame).map_or(&[][..], |frame| &frame.fields);
    let lists = || fields.iter().enumerate().filter_map(|(field, plan)| Some((field, plan.list?)));
    let shape = plan.schema.frames.get(frame);
    let Some(name) = name else {
        let mut rows = lists().filter(|(_, list)| plan.frame(*list).is_some_and(|list| !list.plain));
        return match (rows.next(), rows.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(Fault::WhichList { frame }),
        };
    };
    let called = shape.and_then(|shape| shape.called(&fold(name))).map(|field| field.0 as usize);
    lists().find(|(field, _)| Some(*field) == called).ok_or_else(|| {
        let words = shape.into_iter().flat_map(|shape| &shape.fields).filter(|field| matches!(field.ty, Type::List(_)));
        Fault::UnknownList { frame, name: name.to_owned(), nearest: nearest(name, words.flat_map(|field| field.names.iter())) }
    })
}

/// The headings of one file: which field each stands for, by frame.
#[derive(Debug, Default)]
pub struct Headings {
    frames: Vec<Lookup>,
    /// Patterns of headings that are passed over.
    ignore: Vec<glob::Pattern>,
}

impl Headings {
    /// The manifest's headings first, then names, then further headings.
    #[must_use]
    pub fn new(schema: &Schema, input: &Input<'_>) -> Self {
        let mapping = &input.mapping;
        let mapped: Vec<(&str, Mapped)> = mapping
            .headings
            .iter()
            .flat_map(|(heading, name)| mapped(schema, input.frame.0 as usize, name).into_iter().map(move |found| (&**heading, found)))
            .collect();
        let frames = schema.frames.iter().enumerate().map(|(id, frame)| heading_lookup(id, frame, &mapped)).collect();
        let pattern = |word: &String| glob::Pattern::new(&glob::Pattern::escape(&fold(word)).replace("[*]", "*")).ok();
        Self { frames, ignore: mapping.ignore.iter().filter_map(pattern).collect() }
    }

    /// The field a heading stands for.
    #[must_use]
    pub fn field(&self, frame: usize, heading: &str) -> Option<usize> {
        self.frames.get(frame)?.get(heading)
    }

    /// Whether a heading no field is called is passed over.
    #[must_use]
    pub fn ignores(&self, heading: &str) -> bool {
        !self.ignore.is_empty() && !heading.is_empty() && self.ignore.iter().any(|pattern| pattern.matches(&fold(heading)))
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

/// What a name in the manifest's headings stands for: a field of any frame of the file, or `list.field` of that list alone.
#[must_use]
pub fn mapped(schema: &Schema, top: usize, name: &str) -> Vec<Mapped> {
    let called = |frame: usize, name: &str| schema.frames.get(frame)?.called(&fold(name)).map(|field| field.0 as usize);
    let frames = family(schema, top);
    let anywhere: Vec<Mapped> =
        (0..schema.frames.len()).filter_map(|frame| Some(Mapped { frame, field: called(frame, name)?, is_exact: false })).collect();
    if !anywhere.is_empty() {
        return anywhere;
    }
    let Some((path, name)) = name.rsplit_once('.') else { return Vec::new() };
    let list = path.split('.').try_fold(top, |frame, step| {
        let field = called(frame, step)?;
        frames.iter().copied().find(|&child| schema.frames.get(child).and_then(|child| child.parent) == Some(id(frame, field)))
    });
    list.and_then(|frame| Some(Mapped { frame, field: called(frame, name)?, is_exact: true })).into_iter().collect()
}

fn id(frame: usize, field: usize) -> (FrameId, FieldId) {
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    (FrameId(number(frame)), FieldId(number(field)))
}

fn heading_lookup(id: usize, frame: &Frame, mapped: &[(&str, Mapped)]) -> Lookup {
    let mut lookup = Lookup::default();
    for (heading, found) in mapped.iter().filter(|(_, found)| found.frame == id) {
        lookup.add(heading, found.field);
    }
    let is_open = |index: usize| !mapped.iter().any(|(_, found)| found.is_exact && (found.frame, found.field) == (id, index));
    let fields: Vec<(usize, &Field)> = frame.fields.iter().enumerate().filter(|(index, _)| is_open(*index)).collect();
    for (index, field) in &fields {
        field.names.iter().for_each(|name| lookup.add(name, *index));
    }
    for (index, field) in &fields {
        field.also.iter().for_each(|word| lookup.add(word, *index));
    }
    lookup
}
