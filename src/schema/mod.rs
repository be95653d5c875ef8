//! Rank 1: the shape of the declared data: enums, tables, nested lists and their fields.
//!
//! A *frame* is anything that has rows: a table, or a nested list inside one. Every frame has its own columns.

use crate::text::Span;
pub use crate::value::date::{day_date, day_number};
use std::sync::Arc;

/// A declared name with its second name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Names {
    /// The first name, as declared.
    pub name: Arc<str>,
    /// The name after `|`.
    pub alias: Option<Arc<str>>,
}

impl Names {
    /// The English name where there is one (an ASCII name), else the first.
    #[must_use]
    pub fn en(&self) -> &str {
        match &self.alias {
            Some(alias) if alias.is_ascii() || !self.name.is_ascii() => alias,
            _ => &self.name,
        }
    }

    /// The Chinese name where there is one (a name that is not ASCII), else the first.
    #[must_use]
    pub fn zh(&self) -> &str {
        match &self.alias {
            Some(alias) if self.name.is_ascii() && !alias.is_ascii() => alias,
            _ => &self.name,
        }
    }

    /// Whether either name is `text`.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        &*self.name == text || self.alias.as_deref() == Some(text)
    }

    /// Both names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.name).chain(self.alias.as_deref())
    }
}

/// Index of an enum in [`Schema::enums`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnumId(pub u32);

/// Index of a frame in [`Schema::frames`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameId(pub u32);

/// Index of a field in [`Frame::fields`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(pub u32);

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// 文本.
    Text,
    /// 整数.
    Integer,
    /// 小数: an exact rational.
    Decimal,
    /// 金额: an exact number of yuan.
    Money,
    /// 百分比: an exact rational, 51% is 51/100.
    Percent,
    /// 是否.
    Boolean,
    /// 日期: days since 1970-01-01.
    Date,
    /// 工作日.
    Workdays,
    /// 日.
    Days,
    /// 月.
    Months,
    /// One of an enum's values, by index.
    Enum(EnumId),
    /// A row of a table, by row number.
    Ref(FrameId),
    /// The elements of a nested list.
    List(FrameId),
}

/// How a column of a type is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Physical {
    /// One bit a row.
    Bits,
    /// `i64`.
    Ints,
    /// `Ratio<i128>`.
    Ratios,
    /// UTF-8.
    Texts,
    /// A nested frame: no column of its own.
    Frame,
}

impl Type {
    /// How a column of this type is stored.
    #[must_use]
    pub fn physical(self) -> Physical {
        match self {
            Self::Boolean => Physical::Bits,
            Self::Text => Physical::Texts,
            Self::Decimal | Self::Money | Self::Percent => Physical::Ratios,
            Self::List(_) => Physical::Frame,
            _ => Physical::Ints,
        }
    }
}

/// A value that stands in a policy: a default, a reading, a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Constant {
    /// Text.
    Text(Arc<str>),
    /// Integers, dates (days since 1970-01-01), durations, enum indices.
    Int(i64),
    /// Decimals, money, percentages.
    Ratio(crate::value::Ratio),
    /// Truth values.
    Bool(bool),
    /// A list without elements: the default of a list that may be left out.
    Empty,
}

/// One value of an enum.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// Its names.
    pub names: Names,
    /// Further spellings in data.
    pub also: Vec<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// An enum.
#[derive(Clone, Debug)]
pub struct Enum {
    /// Its names.
    pub names: Names,
    /// Its values as declared; `rank` gives their order.
    pub values: Vec<EnumValue>,
    /// Whether `<` and `>=` are allowed. Values are indexed by declaration; descending enums compare reversed.
    pub order: Option<Order>,
    /// Where it is declared.
    pub span: Span,
}

/// The order of an enum's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Later values are higher.
    Ascending,
    /// Earlier values are higher.
    Descending,
}

/// What a spelling in the data stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// The whole cell is this value.
    Value(Constant),
    /// The word after a number is the field's own unit.
    Unit,
}

/// A field of a frame.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its names.
    pub names: Names,
    /// Further headings.
    pub also: Vec<Arc<str>>,
    /// Its type.
    pub ty: Type,
    /// Whether a row may lack it.
    pub optional: bool,
    /// What a row that lacks it has instead.
    pub default: Option<Constant>,
    /// `主键`.
    pub key: bool,
    /// `唯一` (a key is unique too): within the table, or within the parent for a nested list.
    pub unique: bool,
    /// `读作`.
    pub readings: Vec<(Arc<str>, Reading)>,
    /// Where it is declared.
    pub span: Span,
}

impl Field {
    /// Whether a heading names this field: a name or a further heading, exactly.
    #[must_use]
    pub fn is_called(&self, heading: &str) -> bool {
        self.names.matches(heading) || self.also.iter().any(|also| &**also == heading)
    }
}

/// A table or a nested list.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The table's or the list field's names.
    pub names: Names,
    /// The frame this list is nested in, and the field there.
    pub parent: Option<(FrameId, FieldId)>,
    /// Its fields. A list of a plain type has one field, 值/value.
    pub fields: Vec<Field>,
    /// `单份`.
    pub single: bool,
    /// True for `多个 文本`: the elements are plain values.
    pub plain: bool,
    /// `引据`.
    pub citable: Option<Citable>,
    /// Where it is declared.
    pub span: Span,
}

impl Frame {
    /// The key field.
    #[must_use]
    pub fn key(&self) -> Option<FieldId> {
        (0..).map(FieldId).zip(&self.fields).find(|(_, field)| field.key).map(|(id, _)| id)
    }

    /// A field by id.
    #[must_use]
    pub fn field(&self, id: FieldId) -> Option<&Field> {
        self.fields.get(id.0 as usize)
    }

    /// A field by any of its names or headings.
    #[must_use]
    pub fn called(&self, heading: &str) -> Option<FieldId> {
        (0..).map(FieldId).zip(&self.fields).find(|(_, field)| field.is_called(heading)).map(|(id, _)| id)
    }
}

/// `引据 …`: the rows of this table are what articles cite.
#[derive(Clone, Debug)]
pub struct Citable {
    /// Text fields a citation's title is looked up in.
    pub titles: Vec<FieldId>,
    /// First day in force.
    pub from: Option<FieldId>,
    /// First day no longer in force.
    pub to: Option<FieldId>,
}

/// All enums and frames.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// The enums.
    pub enums: Vec<Enum>,
    /// The frames: a nested list comes after its parent.
    pub frames: Vec<Frame>,
}

impl Schema {
    /// A frame by id.
    #[must_use]
    pub fn frame(&self, id: FrameId) -> Option<&Frame> {
        self.frames.get(id.0 as usize)
    }

    /// An enum by id.
    #[must_use]
    pub fn enumeration(&self, id: EnumId) -> Option<&Enum> {
        self.enums.get(id.0 as usize)
    }

    /// A field of a frame.
    #[must_use]
    pub fn field(&self, frame: FrameId, field: FieldId) -> Option<&Field> {
        self.frame(frame)?.field(field)
    }

    /// The tables (frames that are not nested), in order of declaration.
    pub fn tables(&self) -> impl Iterator<Item = (FrameId, &Frame)> {
        (0..).map(FrameId).zip(&self.frames).filter(|(_, frame)| frame.parent.is_none())
    }

    /// The table a frame lies in: itself for a table.
    #[must_use]
    pub fn root(&self, mut id: FrameId) -> FrameId {
        while let Some((parent, _)) = self.frame(id).and_then(|frame| frame.parent) {
            id = parent;
        }
        id
    }
}
