//! The schema as binding needs it: what is kept, what each word stands for. Built once, shared by
//! all threads.

use super::cell::{is_no_list, read_key};
use super::conventions::{Conventions, How};
use super::written::ElementPattern;
use crate::builtin::citation::Part;
use crate::data::event::Scalar;
use crate::data::fault::{At, Fault};
use crate::data::names::{Lookup, fold};
use crate::data::{Need, Needed};
use crate::schema::{Constant, Enum, EnumValue, Field, Frame, FrameId, Reading, Schema, Type};
use crate::value::instant::Offset;
use std::sync::Arc;

/// A code without the zeros it begins with, the code, and the value of the enum.
pub type ShortCode = (Box<str>, Box<str>, usize);

/// One field.
#[derive(Clone, Debug)]
pub struct FieldPlan {
    /// Its type.
    pub ty: Type,
    /// Whether its values are stored.
    pub keep: bool,
    /// Whether verdicts rest on its values, or rows are told apart by them: where they do not, a file
    /// may lack it.
    pub read: bool,
    /// Whether they rest on it only where rows of its table are looked for.
    pub looked: bool,
    /// Whether a row may lack it.
    pub optional: bool,
    /// What a row that lacks it has instead.
    pub default: Option<Constant>,
    /// Whether it is the key of its frame.
    pub key: bool,
    /// The values of its enum.
    pub values: Option<Arc<Lookup>>,
    /// Codes of its enum without the zeros they begin with, the codes, and what they stand for.
    pub short: Arc<[ShortCode]>,
    /// Cells that stand for a value, folded; without one, for nothing that is given.
    pub readings: Vec<(Box<str>, Option<Constant>)>,
    /// Words that stand for the field's unit, folded.
    pub units: Vec<Box<str>>,
    /// What its elements are like where they stand in one cell.
    pub written: Option<Arc<ElementPattern>>,
    /// The frame of its elements.
    pub list: Option<usize>,
    /// Its elements come from files of their own: rows need not give it.
    pub fed: bool,
    /// Its type; for a reference, that of the key it leads to, see [`Plan::last_key`].
    pub leads_to: Option<Type>,
    /// The offset of local time.
    pub offset: Offset,
    /// Whether the vocabulary says nothing of single cells, and a cell holds no list.
    pub is_bare: bool,
}

impl FieldPlan {
    /// Whether every row has to give it.
    #[must_use]
    pub fn is_required(&self) -> bool {
        !self.optional && self.default.is_none() && !self.fed
    }

    /// Whether the vocabulary says what a cell stands for as a whole.
    #[must_use]
    pub fn says(&self, text: &str) -> bool {
        !self.readings.is_empty() && {
            let plain = fold(text);
            self.readings.iter().any(|(word, _)| **word == *plain)
        }
    }

    /// The code of the enum that a text is without its zeros, and the value; `None` where the text is
    /// a spelling itself.
    #[must_use]
    pub fn short_code(&self, text: &str) -> Option<(&str, usize)> {
        if self.short.is_empty() {
            return None;
        }
        let plain = fold(text);
        let (_, code, value) = self.short.iter().find(|(short, ..)| **short == *plain)?;
        Some((code, *value))
    }

    /// Whether it is a reference.
    #[must_use]
    pub fn refers(&self) -> bool {
        matches!(self.ty, Type::Ref(_))
    }

    /// A required field of a type, without enum values.
    #[must_use]
    pub fn of_type(ty: Type) -> Self {
        let list = if let Type::List(frame) = ty { Some(frame.0 as usize) } else { None };
        Self {
            ty,
            keep: true,
            read: true,
            looked: false,
            optional: false,
            default: None,
            key: false,
            values: None,
            short: Arc::default(),
            written: None,
            readings: Vec::new(),
            units: Vec::new(),
            list,
            fed: false,
            leads_to: None,
            offset: Offset::default(),
            is_bare: false,
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
pub struct Plan {
    /// The schema it was made from.
    pub schema: Arc<Schema>,
    /// As in the schema.
    pub frames: Vec<FramePlan>,
}

impl Plan {
    /// Prepares a schema; `fed` are the nested frames that have files of their own.
    #[must_use]
    pub fn new(schema: &Arc<Schema>, needed: &Needed, fed: &[FrameId]) -> Self {
        let values: Vec<Arc<Lookup>> =
            schema.enums.iter().map(|item| Arc::new(enum_lookup(item))).collect();
        let nested = nested(schema);
        let frame_plan = |(at, frame): (usize, &Frame)| {
            let wanted = |field: usize| {
                needed.get(at).and_then(|fields| fields.get(field)).copied().unwrap_or_default()
            };
            let fields = frame
                .fields
                .iter()
                .enumerate()
                .map(|(id, field)| {
                    let plan = field_plan(schema, field, wanted(id), &values, fed);
                    // What is found of a citation, data do not give.
                    let is_found = frame.citations.is_some() && id > Part::Words.index();
                    FieldPlan { fed: plan.fed || is_found, ..plan }
                })
                .collect();
            FramePlan {
                fields,
                parent: frame.parent.map(|(parent, field)| (parent.0 as usize, field.0 as usize)),
                children: nested.get(at).cloned().unwrap_or_default(),
                family: family(&nested, at),
                plain: frame.plain,
                single: frame.single,
                key: frame.key().map(|field| field.0 as usize),
            }
        };
        let frames = schema.frames.iter().enumerate().map(frame_plan).collect();
        let mut plan = Self { schema: schema.clone(), frames };
        for frame in 0..plan.frames.len() {
            for field in 0..plan.frame(frame).map_or(0, |frame| frame.fields.len()) {
                let leads_to = plan.last_key(frame, field).map(|key| key.ty);
                if let Some(field) =
                    plan.frames.get_mut(frame).and_then(|frame| frame.fields.get_mut(field))
                {
                    field.leads_to = leads_to;
                }
            }
        }
        plan
    }

    /// A frame; `None` past the end.
    #[must_use]
    pub fn frame(&self, frame: usize) -> Option<&FramePlan> {
        self.frames.get(frame)
    }

    /// The field whose values the values of a field are told apart by: the key a reference leads
    /// to, through keys that are references themselves; the field itself where it is none. `None`
    /// where a reference leads to a table without a key.
    #[must_use]
    pub fn last_key(&self, frame: usize, field: usize) -> Option<&FieldPlan> {
        let mut at = (frame, field);
        for _ in 0..=self.frames.len() {
            let plan = self.field(at.0, at.1)?;
            let Type::Ref(target) = plan.ty else { return Some(plan) };
            let target = target.0 as usize;
            at = (target, self.frame(target)?.key?);
        }
        None
    }

    /// Whether two texts say the same for a field: as written, and for what tells rows apart as
    /// keys are compared.
    #[must_use]
    pub fn is_same(&self, at: At, a: &str, b: &str) -> bool {
        let tells_apart =
            self.field(at.frame, at.field).is_some_and(|field| field.key || field.refers());
        let of = |text| read_key(self.last_key(at.frame, at.field)?, text);
        a == b || tells_apart && of(a).is_some_and(|a| Some(a) == of(b))
    }

    /// Whether a field is a list whose elements can stand in one cell.
    #[must_use]
    pub fn fits_in_cell(&self, frame: usize, field: usize) -> bool {
        let Some(field) = self.field(frame, field) else { return false };
        let is_plain = |list| self.frame(list).is_some_and(|list: &FramePlan| list.plain);
        field.written.is_some() || field.list.is_some_and(is_plain)
    }

    /// The list in a text, as the declaration of a field says: its frame, what its elements are like,
    /// the text. `None` where nothing is said, or the text says that there is none.
    #[must_use]
    pub fn list_in_text<'a>(
        &'a self,
        at: At,
        value: Scalar<'a>,
        conventions: &Conventions,
    ) -> Option<(usize, &'a ElementPattern, &'a str)> {
        let Scalar::Text(text) = value else { return None };
        let field = self.field(at.frame, at.field)?;
        let (written, list) = (field.written.as_deref()?, field.list?);
        let is_none = is_no_list(field, value, How { conventions, measure: None });
        (!is_none).then_some((list, written, text))
    }

    /// A field of a frame.
    #[inline]
    #[must_use]
    pub fn field(&self, frame: usize, field: usize) -> Option<&FieldPlan> {
        self.frames.get(frame)?.fields.get(field)
    }
}

/// The lists that lie in each frame.
pub fn nested(schema: &Schema) -> Vec<Vec<usize>> {
    let mut nested = vec![Vec::new(); schema.frames.len()];
    for (at, frame) in schema.frames.iter().enumerate() {
        let parent = frame.parent.and_then(|(parent, _)| nested.get_mut(parent.0 as usize));
        parent.into_iter().for_each(|children| children.push(at));
    }
    nested
}

/// A frame and all that are nested in it.
pub fn family(nested: &[Vec<usize>], root: usize) -> Vec<usize> {
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&frame) = found.get(next) {
        let children = nested.get(frame).into_iter().flatten().copied();
        found.extend(children.filter(|child| *child > frame));
        next += 1;
    }
    found
}

fn field_plan(
    schema: &Schema,
    field: &Field,
    needed: Need,
    values: &[Arc<Lookup>],
    fed: &[FrameId],
) -> FieldPlan {
    let mut plan = FieldPlan::of_type(field.ty);
    for (word, reading) in &field.readings {
        match reading {
            Reading::Value(constant) => {
                plan.readings.push((fold(word).into(), Some(constant.clone())))
            }
            Reading::Absent => plan.readings.push((fold(word).into(), None)),
            // A number is no word beside a number: it stands in the column of the units.
            Reading::Unit if fold(word).bytes().all(|byte| byte.is_ascii_digit()) => {}
            Reading::Unit => plan.units.push(fold(word).into()),
        }
    }
    plan.offset = schema.offset;
    plan.keep = needed > Need::No || field.key || field.unique || matches!(field.ty, Type::Ref(_));
    plan.read = needed >= Need::Looked || field.key;
    plan.looked = needed == Need::Looked;
    plan.optional = field.optional;
    plan.default = field.default.clone();
    plan.key = field.key;
    match field.ty {
        Type::Enum(id) => {
            plan.values = values.get(id.0 as usize).cloned();
            plan.short = schema.enumeration(id).map(short_codes).unwrap_or_default();
        }
        Type::List(frame) => {
            plan.fed = fed.contains(&frame);
            let list = schema.frame(frame);
            let citations = list.and_then(|list| list.citations);
            plan.optional |= citations.is_some_and(|citations| citations.of.is_some());
            plan.written = list.and_then(|list| ElementPattern::new(field, list)).map(Arc::new);
        }
        _ => {}
    }
    plan.is_bare = plan.readings.is_empty() && plan.list.is_none() && plan.short.is_empty();
    plan
}

/// The codes of an enum that begin with zeros, as spreadsheet programs leave them: `1` of `01`.
/// What is a spelling itself, or the rest of several, stands for none of them.
fn short_codes(item: &Enum) -> Arc<[ShortCode]> {
    let spellings = |(index, value): (usize, &EnumValue)| {
        let also = value.also.iter().map(|word| &**word);
        let words: Vec<String> =
            value.names.iter().chain(also).map(|word| fold(word).into_owned()).collect();
        words.into_iter().map(move |word| (word, index))
    };
    let all: Vec<(String, usize)> = item.values.iter().enumerate().flat_map(spellings).collect();
    let short = |(word, index): &(String, usize)| {
        let is_code = word.starts_with('0') && word.bytes().all(|byte| byte.is_ascii_digit());
        let rest = word.trim_start_matches('0');
        let rest = if rest.is_empty() { "0" } else { rest };
        let is_other = |(other, of): &(String, usize)| {
            other == rest || of != index && other.trim_start_matches('0') == rest
        };
        (is_code && word != rest && !all.iter().any(is_other))
            .then(|| (rest.into(), word.as_str().into(), *index))
    };
    all.iter().filter_map(short).collect()
}

/// What is said of a code that is read with the zeros it lacks.
#[inline]
pub fn lacks_zeros(field: &FieldPlan, (at, scalar): (At, Scalar<'_>)) -> Option<Fault> {
    let Scalar::Text(text) = scalar else { return None };
    if field.short.is_empty() {
        return None;
    }
    let (code, _) = field.short_code(text).filter(|_| !field.says(text))?;
    Some(Fault::LostZeros { at, word: text.trim().to_owned(), code: code.to_owned() })
}

pub fn enum_lookup(item: &crate::schema::Enum) -> Lookup {
    let mut lookup = Lookup::default();
    for (index, value) in item.values.iter().enumerate() {
        value.names.iter().for_each(|name| lookup.add(name, index));
    }
    for (index, value) in item.values.iter().enumerate() {
        value.also.iter().for_each(|word| lookup.add(word, index));
    }
    lookup
}
