//! What a row says, field by field, as text that can be compared.

use crate::diagnostic::Bilingual;
use crate::schema::{FieldId, FrameId, Type};
use crate::verdict::Explainer;

/// A field and its values: none or one; for a list, one for each element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its names.
    pub names: Bilingual,
    /// Its values.
    pub values: Vec<Bilingual>,
    /// Whether it is a list.
    pub list: bool,
    /// What each element of a list says.
    pub parts: Vec<Vec<Field>>,
}

/// All fields of a row.
pub fn fields(explainer: &Explainer<'_, '_>, frame: FrameId, row: usize) -> Vec<Field> {
    let Some(found) = explainer.schema().frame(frame) else { return Vec::new() };
    let of = |(id, field): (FieldId, &crate::schema::Field)| {
        let names = Bilingual::new(field.names.zh(), field.names.en());
        if let Type::List(child) = field.ty {
            let parts = elements(explainer, child, row);
            let plain = explainer.schema().frame(child).is_some_and(|found| found.plain);
            return Field { names, values: parts.iter().map(|fields| element(fields, plain)).collect(), list: true, parts };
        }
        Field { names, values: explainer.show().whole(frame, row, id).into_iter().collect(), list: false, parts: Vec::new() }
    };
    (0..).map(FieldId).zip(&found.fields).map(of).collect()
}

/// The elements of a list.
fn elements(explainer: &Explainer<'_, '_>, frame: FrameId, owner: usize) -> Vec<Vec<Field>> {
    let Some(data) = explainer.evaluator.frame(frame) else { return Vec::new() };
    data.elements(owner).map(|row| fields(explainer, frame, row)).collect()
}

/// An element as one text.
fn element(fields: &[Field], plain: bool) -> Bilingual {
    if let ([only], true) = (fields, plain) {
        return only.values.first().cloned().unwrap_or_default();
    }
    let said = fields.iter().filter(|field| !field.values.is_empty());
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for field in said {
        let join = |pick: fn(&Bilingual) -> &str, mark: &str| field.values.iter().map(pick).collect::<Vec<_>>().join(mark);
        zh.push(format!("{} {}", field.names.zh, join(|value| &value.zh, "、")));
        en.push(format!("{} {}", field.names.en, join(|value| &value.en, ", ")));
    }
    Bilingual { zh: zh.join("，"), en: en.join(", ") }
}
