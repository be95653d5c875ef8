//! Frames and their fields.

use super::{Constant, FieldId, FrameId, Names, Type};
use crate::text::Span;
use std::sync::Arc;

/// What a spelling in the data stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// The whole cell is this value.
    Value(Constant),
    /// The word beside a number is the field's own unit.
    Unit,
    /// The whole cell says that there is nothing.
    Absent,
}

/// A field of a frame.
///
/// # Examples
///
/// ```
/// use fanshi::{FieldId, FrameId, Options, Project, Type};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let pages = policy.schema().field(FrameId(1), FieldId(2)).unwrap();
/// assert!(pages.is_called("页") && pages.is_called("pages"));
/// assert_eq!((pages.ty, pages.optional), (Type::Integer, false));
/// ```
#[derive(Clone, Debug, PartialEq)]
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
    /// `为序`: rows come in the order of this field.
    pub ordering: bool,
    /// `唯一` (a key is unique too): within the table, or within the parent for a nested list.
    pub unique: bool,
    /// `读作`.
    pub readings: Vec<(Arc<str>, Reading)>,
    /// `单位`: the heading of the column that holds the unit of its numbers. Of the fields of a frame
    /// with the same, a number is a value of the one that has its unit.
    pub unit_column: Option<Arc<str>>,
    /// `写作`: for a list, the pattern of an element where the list stands in one cell; its groups
    /// are called as the element's fields.
    pub written: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

impl Field {
    /// A field that every row has and that nothing more is said of.
    #[must_use]
    pub fn new(names: Names, ty: Type, span: Span) -> Self {
        Self {
            names,
            also: Vec::new(),
            ty,
            optional: false,
            default: None,
            key: false,
            ordering: false,
            unique: false,
            readings: Vec::new(),
            unit_column: None,
            written: None,
            span,
        }
    }

    /// Whether a heading names this field: a name or a further heading, exactly.
    #[must_use]
    pub fn is_called(&self, heading: &str) -> bool {
        self.names.matches(heading) || self.also.iter().any(|also| &**also == heading)
    }
}

/// A table or a nested list.
///
/// # Examples
///
/// ```
/// use fanshi::{FieldId, FrameId, Options, Project};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let chapters = policy.schema().frame(FrameId(2)).unwrap();
/// assert_eq!(chapters.parent, Some((FrameId(1), FieldId(4))));
/// ```
#[derive(Clone, Debug, PartialEq)]
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
    /// For a list of the type `引据`: what it cites.
    pub citations: Option<CitationList>,
    /// Where it is declared.
    pub span: Span,
}

impl Frame {
    /// The key field.
    #[must_use]
    pub fn key(&self) -> Option<FieldId> {
        (0..).map(FieldId).zip(&self.fields).find(|(_, field)| field.key).map(|(id, _)| id)
    }

    /// The field by which its rows are in order.
    #[must_use]
    pub fn ordering(&self) -> Option<FieldId> {
        (0..).map(FieldId).zip(&self.fields).find(|(_, field)| field.ordering).map(|(id, _)| id)
    }

    /// A field by id.
    #[must_use]
    pub fn field(&self, id: FieldId) -> Option<&Field> {
        self.fields.get(id.0 as usize)
    }

    /// A field by any of its names or headings.
    #[must_use]
    pub fn called(&self, heading: &str) -> Option<FieldId> {
        (0..)
            .map(FieldId)
            .zip(&self.fields)
            .find(|(_, field)| field.is_called(heading))
            .map(|(id, _)| id)
    }
}

/// `引据 …`: the rows of this table are what articles cite.
#[derive(Clone, Debug, PartialEq)]
pub struct Citable {
    /// Text fields a citation's title is looked up in.
    pub titles: Vec<FieldId>,
    /// First day in force.
    pub from: Option<FieldId>,
    /// First day no longer in force.
    pub to: Option<FieldId>,
}

impl Citable {
    /// Whether its rows are in force from one day until another: there may be versions of a title.
    #[must_use]
    pub fn has_days(&self) -> bool {
        self.from.or(self.to).is_some()
    }
}

/// A list whose elements are citations; its fields are those of [`crate::builtin::citation::PARTS`],
/// then the row cited.
///
/// # Examples
///
/// ```
/// use fanshi::{FrameId, Policy, Settings, Source, Texts};
///
/// let text = "policy library\n\
///     table rule citable by title { title : text key }\n\
///     table book { code : text key basis : citation optional }";
/// let texts = Texts::from_iter([Source::new("library.fan", text)]);
/// let policy = Policy::compile(texts, &Settings::default());
/// let list = policy.schema().frames[2].citations.as_ref().unwrap();
/// assert_eq!((list.table, list.of), (Some(FrameId(0)), None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CitationList {
    /// The table of what is cited, where there is one.
    pub table: Option<FrameId>,
    /// Where the citation does not stand in one cell: the fields of the row that hold its title, its
    /// place and its words.
    pub of: Option<CitationSources>,
}

/// The fields that a citation is put together from.
///
/// # Examples
///
/// ```
/// use fanshi::{CitationSources, FieldId};
///
/// let of = CitationSources { title: FieldId(1), place: Some(FieldId(2)), words: None };
/// assert_eq!(of.iter().collect::<Vec<_>>(), [FieldId(1), FieldId(2)]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CitationSources {
    /// Its title, or the row cited.
    pub title: FieldId,
    /// Its place.
    pub place: Option<FieldId>,
    /// Its words.
    pub words: Option<FieldId>,
}

impl CitationSources {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = FieldId> {
        [Some(self.title), self.place, self.words].into_iter().flatten()
    }
}
