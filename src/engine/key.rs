//! Identity: what a row, an element and a finding *are*, from run to run. Never shown text: a key
//! that people are shown may be cut, a key that is compared never is.

use super::Run;
use crate::builtin::Scalar;
use crate::builtin::citation::Part;
use crate::finding::Outcome;
use crate::schema::{FieldId, FrameId, Names, Type};
use crate::value::key::canonical;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// A loaded row: the frame it lies in, and its number there. Good within one run.
///
/// # Examples
///
/// ```
/// use fanshi::{FrameId, Options, Project, RowRef};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let second = RowRef { frame: FrameId(1), row: 1 };
/// assert_eq!(run.row_name(second), "B");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowRef {
    /// A table, or a list in one.
    pub frame: FrameId,
    /// Its number among the frame's rows, from 0.
    pub row: usize,
}

/// What tells a row apart within its table, or an element within its list.
///
/// # Examples
///
/// ```
/// use fanshi::{FrameId, Mark, Options, Project, RowRef};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let key = run.row_key(RowRef { frame: FrameId(1), row: 0 }).unwrap();
/// assert_eq!(key.mark, Mark::Key("A".into()));
/// assert!(matches!(run.content(RowRef { frame: FrameId(2), row: 0 }), Mark::Content(_)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    /// The canonical key.
    Key(String),
    /// The only row of a table of one row.
    Single,
    /// A digest of what a row without a key says.
    Content(u64),
}

/// The identity of a row: its table, what tells it apart there, and which of its equals it is.
///
/// # Examples
///
/// ```
/// use fanshi::{FrameId, Mark, Options, Project, RowKey, RowRef};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let key = run.row_key(RowRef { frame: FrameId(1), row: 1 }).unwrap();
/// assert_eq!(key, RowKey { table: "book".into(), mark: Mark::Key("B".into()), equal: 0 });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowKey {
    /// The table by its English name.
    pub table: String,
    /// What tells it apart.
    pub mark: Mark,
    /// How many rows that are marked the same stand before it, by what their lists say, else by
    /// their place: 0, but for rows that repeat another.
    pub equal: usize,
}

/// The identity of an element: the lists that lead to it by English names, outermost first, and
/// what tells it apart in each.
///
/// # Examples
///
/// ```
/// use fanshi::{ElementKey, FrameId, Options, Project, RowRef};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let chapter: ElementKey = run.element_key(RowRef { frame: FrameId(2), row: 0 });
/// assert_eq!(chapter[0].0, "chapters");
/// assert!(run.element_key(RowRef { frame: FrameId(1), row: 0 }).is_empty()); // a row itself
/// ```
pub type ElementKey = Vec<(String, Mark, usize)>;

/// Which finding it is: the same while rule, row, element and outcome are.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let fingerprint = run.fingerprint(0).unwrap();
/// assert_eq!(fingerprint.to_string(), "cc9f89310e28b628"); // in every run that finds this
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(u64);

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// FNV-1a (64 bits) of parts, each ended by a byte no text has.
#[derive(Clone, Copy)]
struct Digest(u64);

impl Digest {
    const NEW: Self = Self(0xcbf2_9ce4_8422_2325);

    fn add(self, part: &str) -> Self {
        let byte = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(part.bytes().chain([0]).fold(self.0, byte))
    }

    fn mark(self, mark: &Mark) -> Self {
        match mark {
            Mark::Key(key) => self.add(key),
            Mark::Single => self.add(""),
            Mark::Content(digest) => self.add(&format!("\u{1}{digest:016x}")),
        }
    }
}

/// What a fingerprint is made of.
pub struct Traits<'t> {
    /// The rule's code; see [`super::RuleName::code`].
    pub rule: &'t str,
    /// Which sentence of its article speaks, from 0.
    pub sentence: usize,
    /// The row's table and what tells it apart there; `None` for what is said of a rule as such.
    pub row: Option<(&'t str, &'t Mark)>,
    /// The lists that lead to the element inside it, and what tells it apart in each.
    pub element: &'t [(String, Mark)],
    /// How many findings before it are the same in all else: rows that say the same are told apart
    /// by nothing else.
    pub equal: usize,
    /// The decided field, where the rule decides several.
    pub field: Option<&'t str>,
    /// What became of it.
    pub outcome: Outcome,
}

impl Fingerprint {
    /// The fingerprint of some texts in their order.
    #[must_use]
    pub fn of_texts<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        Self(texts.fold(Digest::NEW, |digest, text| digest.add(text)).0)
    }

    /// The fingerprint of a finding.
    #[must_use]
    pub fn of(traits: &Traits<'_>) -> Self {
        let mut digest = Digest::NEW.add(traits.rule);
        digest = match traits.row {
            Some((table, mark)) => digest.add(table).mark(mark),
            None => digest.add("").add(""),
        };
        for (list, mark) in traits.element {
            digest = digest.add(list).mark(mark);
        }
        if traits.equal > 0 {
            digest = digest.add(&format!("\u{2}{}", traits.equal));
        }
        if traits.element.is_empty() {
            digest = digest.add("");
        }
        digest = digest.add(traits.outcome.code());
        if traits.sentence > 0 {
            digest = digest.add(&traits.sentence.to_string());
        }
        if let Some(field) = traits.field {
            digest = digest.add("\u{4}").add(field);
        }
        Self(digest.0)
    }
}

/// Which of its equals each row of a frame is, where any row is marked as another.
pub(super) type Equals = HashMap<usize, usize>;

impl Run {
    /// The table's row that a row lies in: itself, or the row around an element.
    #[must_use]
    pub fn root(&self, row: RowRef) -> RowRef {
        let (mut frame, mut at) = (row.frame, row.row);
        while let Some((parent, _)) = self.schema().frame(frame).and_then(|found| found.parent) {
            at = self.evaluator.frame(frame).map_or(0, |data| data.parent_of(at));
            frame = parent;
        }
        RowRef { frame, row: at }
    }

    /// The identity of a table's row, or of the row an element lies in. `None` where its key is
    /// missing or cannot be read: such a row has a place, but no name.
    #[must_use]
    pub fn row_key(&self, row: RowRef) -> Option<RowKey> {
        let root = self.root(row);
        self.marked(root, self.mark(root)?)
    }

    /// The same; of a row whose key is missing or cannot be read by what it says. No key is ever
    /// compared with it.
    pub(crate) fn row_mark(&self, row: RowRef) -> Option<RowKey> {
        let root = self.root(row);
        self.marked(root, self.mark_or_content(root))
    }

    /// The same by table and mark, whichever of its equals it is.
    pub(super) fn table_mark(&self, row: RowRef) -> Option<(&str, Mark)> {
        let root = self.root(row);
        let table = self.schema().frame(root.frame)?.names.en();
        Some((table, self.mark_or_content(root)))
    }

    fn marked(&self, row: RowRef, mark: Mark) -> Option<RowKey> {
        let equal = self.equal(row, &mark);
        let table = self.schema().frame(row.frame)?.names.en().to_owned();
        Some(RowKey { table, mark, equal })
    }

    /// The identity of an element inside its row; empty for the row itself.
    #[must_use]
    pub fn element_key(&self, row: RowRef) -> ElementKey {
        let key = |(list, row, siblings)| {
            let mark = self.mark_or_content(row);
            let equal = self.rank(row, siblings, &mark);
            (list, mark, equal)
        };
        self.around(row).into_iter().map(key).collect()
    }

    /// The lists that lead to an element, and what tells it apart in each, but for its equals.
    pub(super) fn element_marks(&self, row: RowRef) -> Vec<(String, Mark)> {
        let mark = |(list, row, _)| (list, self.mark_or_content(row));
        self.around(row).into_iter().map(mark).collect()
    }

    /// An element and those it lies in, outermost first, each with the name of its list and the
    /// rows of that.
    fn around(&self, row: RowRef) -> Vec<(String, RowRef, Range<usize>)> {
        let mut path = Vec::new();
        let RowRef { mut frame, row: mut at } = row;
        while let Some(found) = self.schema().frame(frame)
            && let Some((parent, _)) = found.parent
            && let Some(data) = self.evaluator.frame(frame)
        {
            let owner = data.parent_of(at);
            let list = found.names.en().to_owned();
            path.push((list, RowRef { frame, row: at }, data.elements(owner)));
            (frame, at) = (parent, owner);
        }
        path.reverse();
        path
    }

    /// How many of the rows stand before one that is marked the same: by what their lists say, and
    /// only then by where they stand.
    fn rank(&self, row: RowRef, among: Range<usize>, mark: &Mark) -> usize {
        let same = |at: &usize| self.mark_or_content(RowRef { row: *at, ..row }) == *mark;
        let mut equals = among.filter(|at| *at != row.row && same(at)).peekable();
        if equals.peek().is_none() {
            return 0;
        }
        let order = |at: usize| (self.said(RowRef { row: at, ..row }), at);
        let own = order(row.row);
        equals.filter(|at| order(*at) < own).count()
    }

    /// A digest of all that a row says, its lists included.
    fn said(&self, row: RowRef) -> u64 {
        let mut digest = Digest::NEW.mark(&self.content(row));
        let lists = self.schema().frames.iter().zip((0..).map(FrameId));
        for (list, id) in lists {
            let Some(data) = self.evaluator.frame(id) else { continue };
            if list.parent.is_none_or(|(parent, _)| parent != row.frame) {
                continue;
            }
            digest = digest.add(list.names.en());
            for element in data.elements(row.row) {
                let said = self.said(RowRef { frame: id, row: element });
                digest = digest.add(&format!("{said:016x}"));
            }
        }
        digest.0
    }

    /// What a row says, its lists left out: what tells it apart where it has no key that can be
    /// read.
    #[must_use]
    pub fn content(&self, row: RowRef) -> Mark {
        Mark::Content(self.digest(row))
    }

    /// What tells a row apart from the others of its frame.
    fn mark(&self, row: RowRef) -> Option<Mark> {
        let frame = self.schema().frame(row.frame)?;
        match frame.key() {
            Some(_) => self.key(row).map(|key| Mark::Key(canonical(&key).into_owned())),
            None if frame.single => Some(Mark::Single),
            None => Some(Mark::Content(self.digest(row))),
        }
    }

    /// What tells a row apart from the others of its frame; by what it says, where nothing else does.
    pub(crate) fn mark_or_content(&self, row: RowRef) -> Mark {
        self.mark(row).unwrap_or_else(|| self.content(row))
    }

    /// How many rows of a table stand before this one and are marked the same: by what their lists
    /// say, and only then by where they stand.
    fn equal(&self, row: RowRef, mark: &Mark) -> usize {
        let alone = match mark {
            Mark::Key(_) => !self.rows.repeats(),
            Mark::Single => self.len(row.frame) < 2,
            Mark::Content(_) => false,
        };
        if alone {
            return 0;
        }
        let Some(slot) = self.equals.get(row.frame.0 as usize) else { return 0 };
        let equals = slot.get_or_init(|| {
            let len = self.evaluator.frame(row.frame).map_or(0, |data| data.len);
            let mut marked: BTreeMap<Mark, Vec<usize>> = BTreeMap::new();
            for at in 0..len {
                let mark = self.mark_or_content(RowRef { frame: row.frame, row: at });
                marked.entry(mark).or_default().push(at);
            }
            let mut equals = Equals::new();
            for mut rows in marked.into_values().filter(|rows| rows.len() > 1) {
                rows.sort_by_cached_key(|at| (self.said(RowRef { row: *at, ..row }), *at));
                equals.extend(rows.into_iter().enumerate().map(|(rank, at)| (at, rank)));
            }
            equals
        });
        equals.get(&row.row).copied().unwrap_or(0)
    }

    /// A row's key, whole and as it was declared; that of the row it refers to where it is a
    /// reference. `None` where it is missing or cannot be read.
    #[must_use]
    pub fn key(&self, row: RowRef) -> Option<String> {
        self.show().key(row.frame, row.row).map(Cow::into_owned)
    }

    /// Its number among the rows of its table, from 1; 0 for the only row of a table of one.
    #[must_use]
    pub fn number(&self, row: RowRef) -> usize {
        let single = self.schema().frame(row.frame).is_some_and(|frame| frame.single);
        if single && self.len(row.frame) == 1 { 0 } else { row.row + 1 }
    }

    /// What a row is called in formats for scripts: its key, whole; `row 62` where it has none; the
    /// table's English name for the only row of a table of one.
    #[must_use]
    pub fn row_name(&self, row: RowRef) -> String {
        let table = || self.schema().frame(row.frame).map_or("", |frame| frame.names.en());
        self.key(row).unwrap_or_else(|| match self.number(row) {
            0 => table().to_owned(),
            number => format!("row {number}"),
        })
    }

    /// A digest of the plain values of a row.
    fn digest(&self, row: RowRef) -> u64 {
        let Some(frame) = self.schema().frame(row.frame) else { return 0 };
        let mut digest = Digest::NEW;
        for (id, field) in (0..).map(FieldId).zip(&frame.fields) {
            // What was found of a citation depends on the texts, not on what the row says.
            let is_found = frame.citations.is_some() && id.0 as usize > Part::Words.index();
            if matches!(field.ty, Type::List(_)) || is_found {
                continue;
            }
            let value = self.show().whole(row.frame, row.row, id);
            digest = digest.add(field.names.en());
            digest = value.map_or_else(|| digest.add("\u{3}"), |value| digest.add(&value.en));
        }
        digest.0
    }

    /// `steps[2]`, counted from 0, in one language; `None` for the row itself.
    #[must_use]
    pub fn path_in(&self, row: RowRef, name: fn(&Names) -> &str) -> Option<String> {
        let found = self.schema().frame(row.frame)?;
        let (parent, _) = found.parent?;
        let data = self.evaluator.frame(row.frame)?;
        let owner = data.parent_of(row.row);
        let index = row.row - data.elements(owner).start;
        let own = name(&found.names);
        Some(match self.path_in(RowRef { frame: parent, row: owner }, name) {
            Some(above) => format!("{above}.{own}[{index}]"),
            None => format!("{own}[{index}]"),
        })
    }

    /// The value of a reference or enum index as text.
    pub(crate) fn value_name(&self, ty: Type, index: usize) -> crate::diagnostic::Bilingual {
        self.show().scalar(ty, &Scalar::Int(i64::try_from(index).unwrap_or(i64::MAX)))
    }
}
