//! What a row says, field by field, as text that can be compared.

use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::say;
use crate::schema::{FieldId, FrameId, Type};
use crate::why::Fact;

/// A value as declared.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Value {
    /// What it says; as it stands in the file where it could not be read.
    pub text: Bilingual,
    /// Whether it could not be read, or something of it.
    pub unread: bool,
    /// Whether the text says so itself.
    told: bool,
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

/// A field and its values: none or one; for a list, one for each element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its names.
    pub names: Bilingual,
    /// Its values.
    pub values: Vec<Value>,
    /// Whether it is a list.
    pub list: bool,
    /// What each element of a list says.
    pub parts: Vec<Vec<Field>>,
}

/// All fields of a row.
pub fn fields(run: &Run, frame: FrameId, row: usize) -> Vec<Field> {
    let Some(found) = run.schema().frame(frame) else { return Vec::new() };
    let of = |(id, field): (FieldId, &crate::schema::Field)| {
        let names = Bilingual::new(field.names.zh(), field.names.en());
        if let Type::List(child) = field.ty {
            let parts = elements(run, child, row);
            let plain = run.schema().frame(child).is_some_and(|found| found.plain);
            let lost = run
                .is_unread(Fact { frame, row, field: id })
                .then(|| Value { unread: true, ..Value::default() });
            return Field {
                names,
                values: parts.iter().map(|fields| element(fields, plain)).chain(lost).collect(),
                list: true,
                parts,
            };
        }
        Field {
            names,
            values: plain(run, Fact { frame, row, field: id }).into_iter().collect(),
            list: false,
            parts: Vec::new(),
        }
    };
    (0..).map(FieldId).zip(&found.fields).map(of).collect()
}

/// The value of a plain field, if one was given.
fn plain(run: &Run, fact: Fact) -> Option<Value> {
    let read = run
        .show()
        .whole(fact.frame, fact.row, fact.field)
        .map(|text| Value { text, ..Value::default() });
    let unread = || Value {
        text: Bilingual::same(run.unread_text(fact).unwrap_or_default()),
        unread: true,
        told: false,
    };
    read.or_else(|| run.is_unread(fact).then(unread))
}

/// The elements of a list.
fn elements(run: &Run, frame: FrameId, owner: usize) -> Vec<Vec<Field>> {
    let Some(data) = run.evaluator.frame(frame) else { return Vec::new() };
    data.elements(owner).map(|row| fields(run, frame, row)).collect()
}

/// An element as one text.
fn element(fields: &[Field], plain: bool) -> Value {
    if let ([only], true) = (fields, plain) {
        return only.values.first().cloned().unwrap_or_default();
    }
    let said = fields.iter().filter(|field| !field.values.is_empty());
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for field in said {
        let values: Vec<Bilingual> = field.values.iter().map(Value::shown).collect();
        let join = |pick: fn(&Bilingual) -> &str, mark: &str| {
            values.iter().map(pick).collect::<Vec<_>>().join(mark)
        };
        zh.push(format!("{} {}", field.names.zh, join(|value| &value.zh, "、")));
        en.push(format!("{} {}", field.names.en, join(|value| &value.en, ", ")));
    }
    let unread = fields.iter().any(|field| field.values.iter().any(|value| value.unread));
    Value { text: Bilingual { zh: zh.join("，"), en: en.join(", ") }, unread, told: true }
}
