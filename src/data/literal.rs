//! A single value, read as a cell of a column of its type: what the manifest and case files set
//! parameters to.

use super::bind::cell::{self, Value};
use super::bind::plan::{FieldPlan, enum_lookup};
use super::event::Scalar;
use crate::schema::{Constant, Schema, Type};
use std::sync::Arc;

/// A value as TOML has it: nothing is converted yet.
///
/// # Examples
///
/// ```
/// use fanshi::{Memory, Options, Project, Written};
/// use std::sync::Arc;
///
/// let files = Memory::new().with("fanshi.toml", "[parameters]\nmost = 5.00");
/// let settings = Project::read_in(Arc::new(files), "".as_ref()).settings(&Options::default());
/// assert_eq!(settings.parameters[0].values, [Written::Number("5.00".into())]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// A text, without quotes and escapes.
    Text(String),
    /// A number, digits as written.
    Number(String),
    /// `true`, `false`.
    Truth(bool),
    /// A date or time.
    Moment(String),
    /// A list or a table, where a single value belongs.
    Nested,
}

impl Written {
    /// As a message quotes it; empty for what has parts.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Number(text) | Self::Moment(text) => text.clone(),
            Self::Truth(value) => value.to_string(),
            Self::Nested => "{…}".to_owned(),
        }
    }
}

/// The value of a type; `None` where a cell that says this would be an error, or not given.
#[must_use]
pub fn constant(schema: &Schema, ty: Type, written: &Written) -> Option<Constant> {
    let mut field = FieldPlan::of_type(ty);
    field.offset = schema.offset;
    if let Type::Enum(id) = ty {
        field.values = schema.enumeration(id).map(|found| Arc::new(enum_lookup(found)));
    }
    let scalar = match written {
        Written::Text(text) => Scalar::Text(text),
        Written::Number(digits) => Scalar::Number(digits),
        Written::Truth(value) => Scalar::Bool(*value),
        Written::Moment(text) => Scalar::Moment(text),
        Written::Nested => return None,
    };
    match cell::read(&field, scalar).ok()? {
        Value::Text(text) => Some(Constant::Text(text.into())),
        Value::Int(value) => Some(Constant::Int(value)),
        Value::Ratio(value) => Some(Constant::Ratio(value)),
        Value::Bool(value) => Some(Constant::Bool(value)),
        Value::Reference(_) | Value::NotGiven => None,
    }
}
