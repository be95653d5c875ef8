//! The type of citations in data: `引据`. A field of it is a list: a cell may hold several. An element
//! has what was read of the citation, and what was found when it was held against the texts given.

use crate::schema::Type;

/// The type's names.
pub const CITATION: (&str, &str) = ("引据", "citation");

/// What a citation comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The place is there, and the words stand in it as quoted.
    Verbatim,
    /// The place is there; nothing is quoted.
    Exists,
    /// The words stand in another version alone.
    OtherVersion,
    /// The words stand at another place.
    Moved,
    /// The words stand nowhere.
    Differs,
    /// There is no such article, chapter or part.
    NoArticle,
    /// The article has no such paragraph.
    NoParagraph,
    /// There is no such item or point.
    NoItem,
    /// Nothing is called so.
    UnknownTitle,
    /// The text is not among those given.
    NotHeld,
    /// The text that is given has been cut off before the place.
    Incomplete,
    /// What should be a place is none that could be looked up.
    Unreadable,
}

impl State {
    /// Those that are an answer, with their names: the values a policy may ask for.
    pub const NAMED: [(Self, &'static str, &'static str); 9] = [
        (Self::Verbatim, "相符", "verbatim"),
        (Self::Exists, "有此条", "exists"),
        (Self::OtherVersion, "别版", "other_version"),
        (Self::Moved, "移位", "moved"),
        (Self::Differs, "有出入", "differs"),
        (Self::NoArticle, "无此条", "no_article"),
        (Self::NoParagraph, "无此款", "no_paragraph"),
        (Self::NoItem, "无此项", "no_item"),
        (Self::UnknownTitle, "题名不明", "unknown_title"),
    ];

    /// Its number among the values; `None` where nothing is known.
    #[must_use]
    pub fn index(self) -> Option<usize> {
        Self::NAMED.iter().position(|(state, ..)| *state == self)
    }

    /// The stable name of what is wrong; nothing where nothing is.
    #[must_use]
    pub fn code(&self) -> &'static str {
        const RIGHT: &str = "";
        match self {
            Self::Verbatim | Self::Exists => RIGHT,
            Self::OtherVersion => "citation_other_version",
            Self::Moved => "citation_moved",
            Self::Differs => "citation_differs",
            Self::NoArticle => "citation_no_article",
            Self::NoParagraph => "citation_no_paragraph",
            Self::NoItem => "citation_no_item",
            Self::UnknownTitle => "citation_unknown_title",
            Self::NotHeld => "citation_text_not_held",
            Self::Incomplete => "citation_text_incomplete",
            Self::Unreadable => "citation_place_unreadable",
        }
    }
}

/// The names of the enum of states.
pub const STATES: (&str, &str) = ("引据状态", "citation_state");

/// A field of an element, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// What stands before the title in 【】.
    Label,
    /// The title, without its brackets.
    Title,
    /// The place in it.
    Place,
    /// The words quoted.
    Words,
    /// Whether the text is given.
    Held,
    /// What was found; unknown where there is no text, or not enough of it.
    State,
    /// Whether what is cited is in force on the day.
    InForce,
    /// Whether the label is right.
    Labelled,
    /// What stands at the place.
    Provision,
    /// What is wrong with the citation, in words.
    Fault,
    /// The row of the table that is cited.
    Row,
}

/// What an element has, in this order: the part, its names, its type (`None` for the state and the
/// row, whose types are the project's), and whether it may be missing.
pub const PARTS: [(Part, &str, &str, Option<Type>, bool); 10] = [
    (Part::Label, "标注", "label", Some(Type::Text), true),
    (Part::Title, "题名", "title", Some(Type::Text), true),
    (Part::Place, "条款", "place", Some(Type::Text), true),
    (Part::Words, "引文", "quotation", Some(Type::Text), true),
    (Part::Held, "收录", "held", Some(Type::Boolean), false),
    (Part::State, "状态", "state", None, false),
    (Part::InForce, "现行", "in_force", Some(Type::Boolean), false),
    (Part::Labelled, "标注相符", "labelled", Some(Type::Boolean), false),
    (Part::Provision, "条文", "provision", Some(Type::Text), true),
    (Part::Fault, "出入", "fault", Some(Type::Text), true),
];

impl Part {
    /// The field's number in a list of citations.
    #[must_use]
    pub fn index(self) -> usize {
        PARTS.iter().position(|(part, ..)| *part == self).unwrap_or(PARTS.len())
    }

    /// Whether it is read from the data, not found.
    #[must_use]
    pub fn is_read(self) -> bool {
        self <= Self::Words
    }
}

/// All of these names, for the formatter and whoever must know what is built in.
pub fn words() -> impl Iterator<Item = (&'static str, &'static str)> {
    let parts = PARTS.iter().map(|(_, zh, en, ..)| (*zh, *en));
    let states = State::NAMED.iter().map(|(_, zh, en)| (*zh, *en));
    [CITATION, STATES].into_iter().chain(parts).chain(states)
}
