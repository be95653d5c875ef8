//! Facts as evidence: the row, the value, the place.

use super::blame::Fact;
use crate::diagnostic::Bilingual;
use crate::engine::{RowRef, Run};
use crate::finding::{Evidence, Role, Subject};
use crate::place::Place;
use crate::program::ExprId;
use crate::say;
use crate::schema::{FieldId, FrameId, Names, Physical, Type};
use crate::text::Span;
use crate::value::Values;

impl Run {
    /// The row as people know it.
    #[must_use]
    pub fn subject(&self, frame: FrameId, row: usize) -> Subject {
        let schema = &self.program().schema;
        let root = schema.root(frame);
        let root_row = self.root_row(frame, row);
        let table = schema.frame(root).map_or_else(Bilingual::default, |frame| {
            Bilingual::new(frame.names.zh(), frame.names.en())
        });
        let title = self.title(root, root_row);
        let key = self.key(RowRef { frame: root, row: root_row });
        let number = self.number(RowRef { frame: root, row: root_row });
        Subject { table, key, number, title, path: self.path(frame, row) }
    }

    /// What people call a row of a table within it: its key, or its number where it has none.
    pub(crate) fn called(&self, row: RowRef) -> Bilingual {
        match self.key(row) {
            Some(key) => Bilingual::same(self.length.key(&key)),
            None => Subject { number: self.number(row), ..Subject::default() }.name(),
        }
    }

    /// A row of a table as it stands in a sentence: `书“甲”`, `book `A``.
    pub(crate) fn row_words(&self, row: RowRef) -> Bilingual {
        let names = self.schema().frame(row.frame).map(|frame| &frame.names);
        let (zh, en) = names.map_or(("", ""), |names| (names.zh(), names.en()));
        let name = self.called(row);
        match self.key(row) {
            Some(_) => Bilingual::new(format!("{zh}“{}”", name.zh), format!("{en} `{}`", name.en)),
            None => Bilingual::new(format!("{zh}{}", name.zh), format!("{en} {}", name.en)),
        }
    }

    /// What a row is called beside its key: the first of its other texts that is given and no
    /// number.
    fn title(&self, frame: FrameId, row: usize) -> Option<String> {
        let fields = (0..).map(FieldId).zip(&self.program().schema.frame(frame)?.fields);
        let texts =
            fields.filter(|(_, field)| field.ty.physical() == Physical::Texts && !field.key);
        for (field, _) in texts {
            let Some(title) = self.text(Fact { frame, row, field }) else { continue };
            if title.chars().any(char::is_alphabetic) {
                return Some(self.length.text(&title));
            }
        }
        None
    }

    /// A value as text: as typed where it is kept, else as it stands in the file. `None` where it
    /// is not there, or could not be read.
    fn text(&self, fact: Fact) -> Option<String> {
        let Fact { frame, row, field } = fact;
        if let Some(value) = self.show().whole(frame, row, field) {
            return Some(value.zh);
        }
        let given = self.evaluator.frame(frame)?.present(field).get(row);
        let text = self.rows.located.text(frame, row, field).filter(|_| given)?;
        Some(text.trim().to_owned())
    }

    /// The top-level row an element lies in.
    pub(crate) fn root_row(&self, frame: FrameId, row: usize) -> usize {
        self.root(RowRef { frame, row }).row
    }

    /// `steps[2]`, counted from 0, in both languages.
    pub(crate) fn path(&self, frame: FrameId, row: usize) -> Option<Bilingual> {
        let row = RowRef { frame, row };
        Some(Bilingual::new(self.path_in(row, Names::zh)?, self.path_in(row, Names::en)?))
    }

    pub(crate) fn place(&self, span: Span) -> Place {
        Place::policy(&self.policy.phrases.sources, span)
    }

    pub(crate) fn clause_evidence(&self, span: Span, label: Bilingual) -> Evidence {
        Evidence { role: Role::Policy, place: self.place(span), label, value: None }
    }

    /// A fact's value: as typed where it is kept, else as written.
    pub(crate) fn value_text(&self, fact: Fact) -> Option<Bilingual> {
        let schema = &self.program().schema;
        if let Type::List(child) = schema.field(fact.frame, fact.field)?.ty {
            let data = self.evaluator.frame(child)?;
            let given = self.evaluator.frame(fact.frame)?.present(fact.field).get(fact.row);
            let count = data.elements(fact.row).len();
            let entries = if count == 1 { "entry" } else { "entries" };
            return given.then(|| say!("{count} 项", "{count} {entries}"));
        }
        if let Some(value) = self.show().field(fact.frame, fact.row, fact.field) {
            return Some(value);
        }
        let text = self.length.text(&self.text(fact)?);
        Some(Bilingual::new(format!("“{text}”"), format!("\"{text}\"")))
    }

    /// A fact as evidence: its value and its place.
    #[must_use]
    pub fn evidence(&self, fact: Fact, subject: (FrameId, usize)) -> Option<Evidence> {
        let schema = &self.program().schema;
        let field = schema.field(fact.frame, fact.field)?;
        let names = &field.names;
        let value = self.value_text(fact);
        let row_place = || self.rows.located.locate(fact.frame, fact.row, None);
        let place =
            self.rows.located.locate(fact.frame, fact.row, Some(fact.field)).or_else(row_place)?;
        // A list whose elements stand in a file of their own is given, though its row has no place.
        let has_elements = match field.ty {
            Type::List(child) => {
                self.evaluator.frame(child).is_some_and(|data| !data.elements(fact.row).is_empty())
            }
            _ => false,
        };
        let is_default = field.default.is_some()
            && !has_elements
            && (is_blank(&place) || row_place().is_some_and(|row| row == place));
        let noted = self.rows.notes.get(&(fact.frame, fact.row, fact.field));
        let is_list = matches!(field.ty, Type::List(_));
        let ((before, mut zh), mut en) = match &value {
            _ if noted.is_some() => {
                let note = noted.cloned().unwrap_or_default();
                (("", note.zh), note.en)
            }
            Some(value) => {
                let (unsaid, not_said) = if is_default {
                    ("（没有填，按默认值）", " (not given: the default)")
                } else {
                    ("", "")
                };
                (
                    ("", format!("{} 为 {}{unsaid}", names.zh(), value.zh)),
                    format!("{} is {}{not_said}", names.en(), value.en),
                )
            }
            None if self.unread_text(fact).is_some() => {
                let (zh, en) = (names.zh(), names.en());
                let label = self
                    .unread_label(fact)
                    .unwrap_or_else(|| say!("{zh} 读不出", "{en} cannot be read"));
                (("", label.zh), label.en)
            }
            None => match self.elements_read(fact) {
                // A list that may be left out and is unread was filled in.
                0 if is_list && field.optional && self.is_unread(fact) => (
                    ("", format!("{} 读不出", names.zh())),
                    format!("{} cannot be read", names.en()),
                ),
                0 => (("没有填 ", names.zh().to_owned()), format!("{} is not given", names.en())),
                count => {
                    let (zh, en) = (names.zh(), names.en());
                    let label = say!(
                        "{zh} 可能不全，读到 {count} 项",
                        "{en} may lack entries; {count} read"
                    );
                    (("", label.zh), label.en)
                }
            },
        };
        let (root, root_row) = (schema.root(fact.frame), self.root_row(fact.frame, fact.row));
        if (root, root_row) != (schema.root(subject.0), self.root_row(subject.0, subject.1))
            && schema.frame(root).is_some_and(|found| !found.single)
        {
            let row = self.row_words(RowRef { frame: root, row: root_row });
            let of = if noted.is_some() { "：" } else { "的 " };
            zh = format!("{}{of}{zh}", row.zh);
            en = format!("{en} (of {})", row.en);
        }
        Some(Evidence {
            role: Role::Data,
            place,
            label: Bilingual { zh: format!("{before}{zh}"), en },
            value,
        })
    }

    /// The judged row itself, for findings that no value of a row made so: its key, or the element.
    pub(crate) fn row_evidence(&self, frame: FrameId, row: usize) -> Option<Evidence> {
        let found = self.program().schema.frame(frame)?;
        let key =
            found.key().and_then(|field| self.evidence(Fact { frame, row, field }, (frame, row)));
        key.or_else(|| {
            let place = self.rows.located.locate(frame, row, None)?;
            let label = say!("这一项", "this entry");
            Some(Evidence { role: Role::Data, place, label, value: None })
        })
    }

    /// What is said of a reference that could be read and names no row, or several.
    pub(crate) fn unread_label(&self, fact: Fact) -> Option<Bilingual> {
        let Fact { frame, row, field } = fact;
        let found = self.program().schema.field(frame, field)?;
        let column = self.evaluator.frame(frame)?.column(field)?;
        let (Type::Ref(table), Values::Ints(numbers)) = (found.ty, &column.values) else {
            return None;
        };
        let (_, stray) = self.evaluator.frame(table)?.stray(*numbers.get(row)?)?;
        let key = self.rows.located.text(frame, row, field)?;
        let key = self.length.key(key.trim());
        let (zh, en) = (found.names.zh(), found.names.en());
        Some(if stray.is_missing {
            say!("{zh} 为 {key}，没有这一行", "{en} is {key}, which is no row")
        } else {
            say!("{zh} 为 {key}，这样的不止一行", "{en} is {key}, which several rows are")
        })
    }

    /// How many elements of a list were read; 0 for any other field.
    fn elements_read(&self, fact: Fact) -> usize {
        let field = self.program().schema.field(fact.frame, fact.field);
        let Some(Type::List(child)) = field.map(|field| field.ty) else { return 0 };
        self.evaluator.frame(child).map_or(0, |data| data.elements(fact.row).len())
    }

    /// Whether a value was declared (or required) but there is none that could be read.
    pub(crate) fn is_unread(&self, fact: Fact) -> bool {
        let column = self.evaluator.frame(fact.frame).and_then(|data| data.column(fact.field));
        column.is_some_and(|column| column.unread.get(fact.row))
    }

    /// What stands in the file for a value that could not be read; `None` where it was read, or
    /// stands nowhere.
    #[must_use]
    pub fn unread_text(&self, fact: Fact) -> Option<String> {
        let Fact { frame, row, field } = fact;
        if !self.is_unread(fact) {
            return None;
        }
        let text = self.rows.located.text(frame, row, field);
        let text = text.filter(|text| !text.trim().is_empty());
        let place = self.rows.located.locate(frame, row, Some(field))?;
        // What stands for a row is its key.
        let whole = || self.rows.located.locate(frame, row, None).map(|place| place.at);
        if text.is_none() && Some(&place.at) == whole().as_ref() {
            return None;
        }
        // A list or an object has no text: what it begins with.
        let text =
            text.or_else(|| place.excerpt.text.get(place.excerpt.mark.clone()).map(str::to_owned));
        text.filter(|text| !text.is_empty())
    }

    /// Whether a field has a value that was read; a list, whether all its elements were.
    pub(crate) fn is_given(&self, fact: Fact) -> bool {
        self.evaluator.frame(fact.frame).is_some_and(|data| data.present(fact.field).get(fact.row))
    }

    /// Whether a fact, read from rows of another table, is one of a single table that has several
    /// rows, or had: which of them is meant is not known.
    pub(crate) fn is_undecided(&self, fact: Fact, subject: FrameId) -> bool {
        let schema = &self.program().schema;
        let root = schema.root(fact.frame);
        root != schema.root(subject)
            && schema.frame(root).is_some_and(|found| found.single)
            && self.evaluator.frame(root).is_some_and(|data| data.len > 1 || !data.whole)
    }

    /// The one row or element a lookup asks for: `copies[year = 2013]`.
    pub(crate) fn lookup_name(&self, frame: FrameId, condition: ExprId) -> Option<Bilingual> {
        let names = &self.program().schema.frame(frame)?.names;
        let condition = self.policy.phrases.phrase(self.program().expr(condition).span);
        Some(Bilingual {
            zh: format!("{}[{}]", names.zh(), condition.zh),
            en: format!("{}[{}]", names.en(), condition.en),
        })
    }

    /// The rows of a table that were not read.
    pub(crate) fn unread_rows(&self, frame: FrameId) -> Option<Bilingual> {
        let names = &self.program().schema.frame(frame)?.names;
        let (zh, en) = (names.zh(), names.en());
        Some(say!("{zh} 没有读到的行", "the rows of {en} that were not read"))
    }

    /// A fact as a path: `steps[2].basis`; `books[A1].pages` in another row, `library.copies` in a
    /// single table.
    #[must_use]
    pub fn fact_name(&self, fact: Fact, subject: (FrameId, usize)) -> Option<Bilingual> {
        let schema = &self.program().schema;
        let names = &schema.field(fact.frame, fact.field)?.names;
        let path = self.path(fact.frame, fact.row);
        let join = |path: Option<&String>, name: &str| {
            path.map_or_else(|| name.to_owned(), |path| format!("{path}.{name}"))
        };
        let own = Bilingual::new(
            join(path.as_ref().map(|path| &path.zh), names.zh()),
            join(path.as_ref().map(|path| &path.en), names.en()),
        );
        let root = schema.root(fact.frame);
        if root == schema.root(subject.0)
            && self.root_row(fact.frame, fact.row) == self.root_row(subject.0, subject.1)
        {
            return Some(own);
        }
        let table = schema.frame(root)?;
        if table.single {
            return Some(Bilingual::new(
                format!("{}.{}", table.names.zh(), own.zh),
                format!("{}.{}", table.names.en(), own.en),
            ));
        }
        let row = RowRef { frame: root, row: self.root_row(fact.frame, fact.row) };
        let (words, name) = (self.row_words(row), self.called(row));
        Some(Bilingual::new(
            format!("{}.{}", words.zh, own.zh),
            format!("{}[{}].{}", table.names.en(), name.en, own.en),
        ))
    }
}

/// Whether nothing stands at a place.
fn is_blank(place: &Place) -> bool {
    place
        .excerpt
        .text
        .get(place.excerpt.mark.clone())
        .is_some_and(|marked| marked.trim().is_empty())
}
