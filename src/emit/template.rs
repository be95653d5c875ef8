//! Texts of SQL with holes: what is computed of the cells of one row.

use crate::engine::RuleId;
use crate::lowering::NodeId;
use crate::schema::FrameId;

/// Which part of a node's value a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// A truth, a whole number, a text; the numerator of an exact number. NULL where not known; a
    /// truth never is.
    Whole,
    /// The denominator of an exact number; it says nothing of whether that is known.
    Under,
    /// What was computed before it is known whether it fits, or reduced.
    Raw,
    /// The denominator of that.
    RawUnder,
    /// The greatest divisor that both have, with the sign of the denominator; NULL for no
    /// denominator.
    Divisor,
    /// Of a reference: the row it names, or the number of what it names that is no row.
    Named,
}

/// What a column of the emitted queries holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cell {
    /// A part of what a node comes to.
    Node(NodeId, Part),
    /// Whether a waiver covers a rule for a row of a frame.
    Waived(RuleId, FrameId),
}

impl From<NodeId> for Cell {
    fn from(node: NodeId) -> Self {
        Self::Node(node, Part::Whole)
    }
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Piece {
    /// SQL as it is.
    Text(String),
    /// A cell of the row.
    Cell(Cell),
}

/// SQL over the cells of one row.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Template(pub(super) Vec<Piece>);

impl From<&str> for Template {
    fn from(text: &str) -> Self {
        Self(vec![Piece::Text(text.to_owned())])
    }
}

impl From<String> for Template {
    fn from(text: String) -> Self {
        Self(vec![Piece::Text(text)])
    }
}

impl From<Cell> for Template {
    fn from(cell: Cell) -> Self {
        Self(vec![Piece::Cell(cell)])
    }
}

impl From<NodeId> for Template {
    fn from(node: NodeId) -> Self {
        Cell::from(node).into()
    }
}

impl From<&Template> for Template {
    fn from(template: &Template) -> Self {
        template.clone()
    }
}

impl Template {
    /// The cells it reads, as often as it reads them.
    pub(super) fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Cell(cell) => Some(*cell),
            Piece::Text(_) => None,
        })
    }

    /// Whether it is this text and nothing else.
    pub(super) fn is(&self, text: &str) -> bool {
        matches!(self.0.as_slice(), [Piece::Text(own)] if own == text)
    }

    /// The number that it is, where it is one as it stands.
    fn whole(&self) -> Option<i128> {
        match self.0.as_slice() {
            [Piece::Text(own)] => own.parse().ok(),
            _ => None,
        }
    }

    /// Several with something between them.
    pub(super) fn joined(parts: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let mut joined = Self::default();
        for (at, part) in parts.into_iter().enumerate() {
            if at > 0 {
                joined.0.push(Piece::Text(between.to_owned()));
            }
            joined.0.extend(part.0);
        }
        joined
    }
}

/// A text whose `{}` are filled with parts, in turn.
pub(super) fn fill<const N: usize>(text: &str, parts: [Template; N]) -> Template {
    let mut filled = Template::default();
    let mut parts = parts.into_iter();
    for (at, piece) in text.split("{}").enumerate() {
        if at > 0 {
            filled.0.extend(parts.next().unwrap_or_default().0);
        }
        if !piece.is_empty() {
            filled.0.push(Piece::Text(piece.to_owned()));
        }
    }
    filled
}

/// A text whose `{0}`, `{1}` and so on are filled with parts.
pub(super) fn place(text: &str, parts: &[Template]) -> Template {
    let mut placed = Template::default();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let hole = after.split_once('}');
        let found =
            hole.and_then(|(at, after)| Some((parts.get(at.parse::<usize>().ok()?)?, after)));
        let (part, after) = match found {
            Some((part, after)) => (part.clone(), after),
            None => (Template::from("{"), after),
        };
        if !before.is_empty() {
            placed.0.push(Piece::Text(before.to_owned()));
        }
        placed.0.extend(part.0);
        rest = after;
    }
    if !rest.is_empty() {
        placed.0.push(Piece::Text(rest.to_owned()));
    }
    placed
}

/// A template without cells, as it is.
pub(super) fn plain(template: &Template) -> String {
    let pieces = template.0.iter().map(|piece| match piece {
        Piece::Text(text) => text.as_str(),
        Piece::Cell(_) => "NULL",
    });
    pieces.collect()
}

/// A whole number as SQL. What has more than 64 bits is written as a text: engines take such numbers
/// for floating ones.
pub(super) fn number(value: i128) -> String {
    match i64::try_from(value) {
        Ok(value) => value.to_string(),
        Err(_) => format!("CAST('{value}' AS WIDE)"),
    }
}

/// A product; a factor of 1 is left out, and that of two numbers is one: engines compute it in as few
/// bits as the numbers have, and some in silence.
pub(super) fn product(a: impl Into<Template>, b: impl Into<Template>) -> Template {
    let (a, b) = (a.into(), b.into());
    match (a.is("1"), b.is("1"), a.whole().zip(b.whole())) {
        (_, _, Some((a, b))) if a.checked_mul(b).is_some() => number(a.saturating_mul(b)).into(),
        (true, ..) => b,
        (_, true, _) => a,
        _ => fill("({} * {})", [a, b]),
    }
}
