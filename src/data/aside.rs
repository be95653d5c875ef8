//! Rows of a table that are no data.

/// What a row is that is not judged as data, though it stands in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// A first row `示例：A`.
    Example,
    /// A row of `一、A` alone.
    Section,
    /// A row above the headings that fills as many columns as they do.
    Above,
    /// Such a row with a value that is one of its column.
    DataAbove,
}

impl Aside {
    /// The stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Example => "example_row",
            Self::Section => "section_row",
            Self::Above | Self::DataAbove => "row_above_headings",
        }
    }
}
