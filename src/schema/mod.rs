//! Rank 1: the shape of the declared data: enums, tables, nested lists and their fields.
//!
//! A *frame* is anything that has rows: a table, or a nested list inside one. Every frame has its
//! own columns.

mod frame;
mod types;

pub use frame::*;
pub use types::*;

use crate::steps::step;
use crate::text::{FileId, Span};
pub use crate::value::date::{day_date, day_number};
use crate::value::instant::Offset;
use crate::value::text::name_form;
use std::sync::Arc;

/// A declared name with its second name.
///
/// # Examples
///
/// ```
/// use fanshi::Names;
///
/// let names = Names { name: "书".into(), alias: Some("book".into()) };
/// assert_eq!((names.zh(), names.en()), ("书", "book"));
/// assert!(names.matches("book"));
/// ```
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
        step();
        let exact = &*self.name == text || self.alias.as_deref() == Some(text);
        exact
            || text.chars().any(|letter| !letter.is_alphanumeric() && letter != '_') && {
                let form = name_form(text);
                std::iter::once(&self.name).chain(&self.alias).any(|name| name_form(name) == form)
            }
    }

    /// Both names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        step();
        std::iter::once(&*self.name).chain(self.alias.as_deref())
    }
}

/// Index of an enum in [`Schema::enums`].
///
/// # Examples
///
/// ```
/// use fanshi::{EnumId, FieldId, FrameId, Options, Project, Type};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let fate = policy.schema().field(FrameId(1), FieldId(3)).unwrap();
/// assert_eq!(fate.ty, Type::Enum(EnumId(0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnumId(pub u32);

/// Index of a frame in [`Schema::frames`].
///
/// # Examples
///
/// ```
/// use fanshi::{FrameId, Options, Project};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// assert_eq!(policy.schema().frame(FrameId(1)).unwrap().names.en(), "book");
/// assert_eq!(policy.schema().root(FrameId(2)), FrameId(1)); // chapters lie in books
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameId(pub u32);

/// Index of a field in [`Frame::fields`].
///
/// # Examples
///
/// ```
/// use fanshi::{FieldId, Options, Project};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let (_, book) = policy.schema().tables().nth(1).unwrap();
/// assert_eq!(book.called("pages"), Some(FieldId(2)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(pub u32);

/// One value of an enum.
///
/// # Examples
///
/// ```
/// use fanshi::{EnumId, Options, Project};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let values = &policy.schema().enumeration(EnumId(0)).unwrap().values;
/// assert_eq!((values[1].names.zh(), values[1].names.en()), ("剔", "drop"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    /// Its names.
    pub names: Names,
    /// Further spellings in data.
    pub also: Vec<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// An enum.
///
/// # Examples
///
/// ```
/// use fanshi::{EnumId, Options, Order, Project};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let fate = policy.schema().enumeration(EnumId(0)).unwrap();
/// assert_eq!(fate.values.len(), 2);
/// assert_eq!(fate.order, Some(Order::Ascending));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// Its names.
    pub names: Names,
    /// Its values as declared; `rank` gives their order.
    pub values: Vec<EnumValue>,
    /// Whether `<` and `>=` are allowed. Values are indexed by declaration; descending enums
    /// compare reversed.
    pub order: Option<Order>,
    /// Where it is declared.
    pub span: Span,
}

/// The order of an enum's values.
///
/// # Examples
///
/// ```
/// use fanshi::{Order, Policy, Settings, Source, Texts};
///
/// let text = "policy grades\nenum grade descending { first second }";
/// let texts = Texts::from_iter([Source::new("grades.fan", text)]);
/// let policy = Policy::compile(texts, &Settings::default());
/// assert_eq!(policy.schema().enums[0].order, Some(Order::Descending)); // `first` is above
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Later values are higher.
    Ascending,
    /// Earlier values are higher.
    Descending,
}

/// All enums and frames.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let schema = policy.schema();
/// let frames: Vec<&str> = schema.frames.iter().map(|frame| frame.names.en()).collect();
/// assert_eq!(frames, ["shelf", "book", "chapters"]); // lists are frames as well
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// The enums.
    pub enums: Vec<Enum>,
    /// The frames: a nested list comes after its parent.
    pub frames: Vec<Frame>,
    /// The offset of local time.
    pub offset: Offset,
}

impl Schema {
    /// The same, without where things are declared: equal for all texts that declare the same.
    #[must_use]
    pub fn placeless(&self) -> Self {
        let mut schema = self.clone();
        let nowhere = Span::new(FileId(0), 0, 0);
        for found in &mut schema.enums {
            found.span = nowhere;
            found.values.iter_mut().for_each(|value| value.span = nowhere);
        }
        for frame in &mut schema.frames {
            frame.span = nowhere;
            frame.fields.iter_mut().for_each(|field| field.span = nowhere);
        }
        schema
    }

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

    /// The frame of another schema that is called the same, by English names.
    #[must_use]
    pub fn same_frame(&self, other: &Self, id: FrameId) -> Option<FrameId> {
        let found = self.frame(id)?;
        let parent = match found.parent {
            Some((parent, _)) => Some(self.same_frame(other, parent)?),
            None => None,
        };
        let fits = |(_, frame): &(FrameId, &Frame)| {
            frame.parent.map(|(parent, _)| parent) == parent && frame.names.en() == found.names.en()
        };
        (0..).map(FrameId).zip(&other.frames).find(fits).map(|(id, _)| id)
    }

    /// A field as policies name it, with its table and the lists it lies in, in Chinese and in
    /// English: `书.附件.处理`.
    #[must_use]
    pub fn path(&self, frame: FrameId, field: FieldId) -> Option<(String, String)> {
        let own = self.field(frame, field)?;
        let (mut zh, mut en) = (own.names.zh().to_owned(), own.names.en().to_owned());
        let mut owner = Some(frame);
        while let Some(found) = owner.and_then(|owner| self.frame(owner)) {
            zh = format!("{}.{zh}", found.names.zh());
            en = format!("{}.{en}", found.names.en());
            owner = found.parent.map(|(parent, _)| parent);
        }
        Some((zh, en))
    }

    /// The names on the way to a field: of its table, of the lists in it, of the field.
    #[must_use]
    pub fn chain(&self, frame: FrameId, field: FieldId) -> Vec<&Names> {
        let mut names: Vec<&Names> =
            self.field(frame, field).map(|field| &field.names).into_iter().collect();
        let mut owner = Some(frame);
        while let Some(found) = owner.and_then(|owner| self.frame(owner)) {
            names.push(&found.names);
            owner = found.parent.map(|(parent, _)| parent);
        }
        names.reverse();
        names
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
