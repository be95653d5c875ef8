//! What a row says, field by field, as text that can be compared.

use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::say;
use crate::schema::{FieldId, FrameId, Type};
use crate::value::key::canonical;
use crate::why::Fact;
use std::collections::BTreeSet;

/// A value as declared.
#[derive(Clone, Debug, Eq, Default)]
pub struct Value {
    /// What it says; as it stands in the file where it could not be read.
    pub text: Bilingual,
    /// Whether it could not be read, or something of it.
    pub unread: bool,
    /// Whether the text says so itself.
    told: bool,
}

/// Two values are the same where the same is written: a reference whose row went away is no change
/// of the row that refers to it.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        let unwritten = self.text.zh.is_empty();
        self.text == other.text && (!unwritten || self.unread == other.unread)
    }
}

impl Value {
    /// What it says, and that it could not be read.
    #[must_use]
    pub fn shown(&self) -> Bilingual {
        let (zh, en) = (&self.text.zh, &self.text.en);
        match (self.unread && !self.told, zh.is_empty()) {
            (false, _) => self.text.clone(),
            (true, true) => say!("（读不懂）", "(unread)"),
            (true, false) => say!("（读不懂）“{zh}”", "(unread) `{en}`"),
        }
    }
}

/// A field and its value, or the elements of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its names.
    pub names: Bilingual,
    /// Its value, if one was given; what stands in the place of a list that has no element or
    /// cannot be read.
    pub value: Option<Value>,
    /// What each element of a list says; `None` for a plain field.
    pub elements: Option<Vec<Element>>,
}

/// An element of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its fields.
    pub fields: Vec<Field>,
    /// Whether it is a plain value, not a record.
    plain: bool,
}

impl Field {
    /// Whether nothing is given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value.is_none() && self.elements.as_ref().is_none_or(Vec::is_empty)
    }

    /// Its value or its elements, each as one text.
    #[must_use]
    pub fn values(&self) -> Vec<Value> {
        let elements = self.elements.iter().flatten().map(Element::value);
        elements.chain(self.value.clone()).collect()
    }
}

impl Element {
    /// An element as one text.
    #[must_use]
    pub fn value(&self) -> Value {
        if let ([only], true) = (&*self.fields, self.plain) {
            return only.value.clone().unwrap_or_default();
        }
        let (mut zh, mut en, mut unread) = (Vec::new(), Vec::new(), false);
        for field in self.fields.iter().filter(|field| !field.is_empty()) {
            let values = field.values();
            unread |= values.iter().any(|value| value.unread);
            let values: Vec<Bilingual> = values.iter().map(Value::shown).collect();
            let join = |pick: fn(&Bilingual) -> &str, mark: &str| {
                values.iter().map(pick).collect::<Vec<_>>().join(mark)
            };
            zh.push(format!("{} {}", field.names.zh, join(|value| &value.zh, "、")));
            en.push(format!("{} {}", field.names.en, join(|value| &value.en, ", ")));
        }
        Value { text: Bilingual { zh: zh.join("，"), en: en.join(", ") }, unread, told: true }
    }
}

/// All fields of two rows, where it is no difference that one says of a list that it has no element
/// and the other, whose elements stand in a file of their own, says nothing.
pub fn both(
    (old, was): (&Run, (FrameId, usize)),
    (new, is): (&Run, (FrameId, usize)),
) -> (Vec<Field>, Vec<Field>) {
    let apart: BTreeSet<String> = lists_apart(old, was.0).chain(lists_apart(new, is.0)).collect();
    let of = |run: &Run, (frame, row): (FrameId, usize)| {
        let mut fields = fields(run, frame, row);
        for field in fields.iter_mut().filter(|field| apart.contains(&field.names.en)) {
            field.value.take_if(|value| *value == empty());
        }
        fields
    };
    (of(old, was), of(new, is))
}

/// The lists of a table whose elements stand in files of their own, by English name.
fn lists_apart(run: &Run, frame: FrameId) -> impl Iterator<Item = String> {
    let fields = run.schema().frame(frame).into_iter().flat_map(|found| &found.fields);
    fields
        .filter(|field| matches!(field.ty, Type::List(child) if run.rows.is_apart(child)))
        .map(|field| field.names.en().to_owned())
}

/// All fields of a row.
pub fn fields(run: &Run, frame: FrameId, row: usize) -> Vec<Field> {
    let Some(found) = run.schema().frame(frame) else { return Vec::new() };
    let of = |(id, field): (FieldId, &crate::schema::Field)| {
        let names = Bilingual::new(field.names.zh(), field.names.en());
        let fact = Fact { frame, row, field: id };
        if let Type::List(child) = field.ty {
            // Of a list whose elements stand in a file of their own, the row itself says nothing.
            let elements = elements(run, child, row);
            let value = match (run.rows.is_apart(child), run.is_unread(fact)) {
                (true, _) => None,
                (false, true) => Some(unread(run, fact)),
                (false, false) => (elements.is_empty() && given(run, fact)).then(empty),
            };
            return Field { names, value, elements: Some(elements) };
        }
        Field { names, value: plain(run, fact), elements: None }
    };
    (0..).map(FieldId).zip(&found.fields).map(of).collect()
}

/// The value of a plain field, if one was given.
fn plain(run: &Run, fact: Fact) -> Option<Value> {
    let read = run
        .show()
        .whole(fact.frame, fact.row, fact.field)
        .map(|text| Value { text, ..Value::default() });
    read.or_else(|| run.is_unread(fact).then(|| unread(run, fact)))
}

/// Whether the row says something of a field.
fn given(run: &Run, fact: Fact) -> bool {
    let column = run.evaluator.frame(fact.frame).and_then(|data| data.column(fact.field));
    column.is_some_and(|column| column.present.get(fact.row))
}

/// What is said of a list that is given and has no element: that is not to leave it out.
fn empty() -> Value {
    Value { text: say!("（一项也没有）", "(no element)"), ..Value::default() }
}

/// What stands where a value could not be read.
fn unread(run: &Run, fact: Fact) -> Value {
    let text = run.unread_text(fact).unwrap_or_default();
    let text = Bilingual::same(canonical(&text).into_owned());
    Value { text, unread: true, told: false }
}

/// The elements of a list.
fn elements(run: &Run, frame: FrameId, owner: usize) -> Vec<Element> {
    let Some(data) = run.evaluator.frame(frame) else { return Vec::new() };
    let plain = run.schema().frame(frame).is_some_and(|found| found.plain);
    let element = |row| Element { fields: fields(run, frame, row), plain };
    data.elements(owner).map(element).collect()
}
