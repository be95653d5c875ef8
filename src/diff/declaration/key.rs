//! What declarations are called, so that those of two policies can be told to be one.

use crate::diagnostic::Bilingual;
use crate::program::{ArticleId, DefinitionId, ParameterId, Program};
use crate::say;
use crate::schema::{EnumId, FieldId, FrameId};
use crate::syntax::word;
use std::collections::HashMap;

/// The kinds of declarations, in the order in which a finding's causes are told: those nearest to
/// what an article says first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// 第…条.
    Article,
    /// 定义.
    Definition,
    /// 参数, with the value the manifest gives it.
    Parameter,
    /// 枚举: its values and their order.
    Enum,
    /// A field of 表, at any depth: type, optional, default, readings.
    Field,
    /// 表: whether it has one row, what it is cited by.
    Table,
    /// 裁定.
    Decision,
    /// 历法: not the days of its table.
    Calendar,
    /// 流程.
    Process,
    /// The header of a file: its period of effect.
    Policy,
    /// 使用.
    Import,
    /// The manifest's offset of local time.
    Offset,
    /// 指标.
    Measure,
    /// How the manifest has the files of a table read.
    Manifest,
    /// A sentence that could not be understood and stands in no article.
    Passage,
}

impl Kind {
    /// The word in machine-readable reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Definition => "definition",
            Self::Parameter => "parameter",
            Self::Enum => "enum",
            Self::Field => "table_field",
            Self::Table => "table",
            Self::Decision => "decision",
            Self::Calendar => "calendar",
            Self::Process => "process",
            Self::Policy => "policy",
            Self::Import => "import",
            Self::Offset => "offset",
            Self::Measure => "measure",
            Self::Manifest => "manifest",
            Self::Passage => "passage",
        }
    }

    /// The word before a name.
    #[must_use]
    pub fn word(self) -> Bilingual {
        match self {
            Self::Article => say!("条文", "article"),
            Self::Definition => say!("定义", "definition"),
            Self::Parameter => say!("参数", "parameter"),
            Self::Enum => say!("枚举", "enum"),
            Self::Field => say!("字段声明", "declaration of field"),
            Self::Table => say!("表", "table"),
            Self::Decision => say!("裁定", "decision"),
            Self::Calendar => say!("历法", "calendar"),
            Self::Process => say!("流程", "process"),
            Self::Policy => say!("施行期", "period of effect of"),
            Self::Import => say!("使用", "use in"),
            Self::Offset => say!("时差", "offset"),
            Self::Measure => say!("指标", "measure"),
            Self::Manifest => say!("清单", "manifest"),
            Self::Passage => say!("读不懂的一段", "unreadable passage"),
        }
    }
}

/// A declaration by kind and English name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// What it is.
    pub kind: Kind,
    /// `policy.article`, `table.list.field`, or its own name.
    pub name: String,
    /// How many before it are called the same: two files that no third one uses together may
    /// declare one name.
    pub twin: usize,
}

impl Key {
    pub fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), twin: 0 }
    }
}

/// The keys of a program's declarations, by their index in it.
#[derive(Debug, Default)]
pub struct Keys {
    pub articles: Vec<Key>,
    pub definitions: Vec<Key>,
    pub parameters: Vec<Key>,
    pub enums: Vec<Key>,
    pub processes: Vec<Key>,
    pub measures: Vec<Key>,
    pub calendars: Vec<Key>,
    /// `table.list` of each frame, with which of its equals its table is.
    pub frames: Vec<(String, usize)>,
    counts: HashMap<(Kind, String), usize>,
}

impl Keys {
    /// The keys of all declarations but decisions, which are called as their rules are.
    pub fn of(program: &Program, calendars: impl IntoIterator<Item = String>) -> Self {
        let mut keys = Self::default();
        keys.calendars = keys.all(Kind::Calendar, calendars);
        for frame in &program.schema.frames {
            let found = match frame.parent {
                Some((parent, _)) => {
                    let (above, twin) = keys.frame(parent);
                    (format!("{above}.{}", frame.names.en()), twin)
                }
                None => {
                    let Key { name, twin, .. } = keys.add(Kind::Table, frame.names.en().to_owned());
                    (name, twin)
                }
            };
            keys.frames.push(found);
        }
        let articles = program.articles.iter().map(|article| program.article_name(article));
        keys.articles = keys.all(Kind::Article, articles);
        let definitions = program.definitions.iter().map(|found| {
            let path = keys.frames.get(found.frame.0 as usize).map_or("", |(path, _)| path);
            format!("{path}.{}", found.names.en())
        });
        let definitions: Vec<String> = definitions.collect();
        keys.definitions = keys.all(Kind::Definition, definitions);
        let parameters = program.parameters.iter().map(|found| found.names.en().to_owned());
        keys.parameters = keys.all(Kind::Parameter, parameters);
        let enums = program.schema.enums.iter().map(|found| found.names.en().to_owned());
        keys.enums = keys.all(Kind::Enum, enums);
        let processes = program.processes.iter().map(|found| found.names.en().to_owned());
        keys.processes = keys.all(Kind::Process, processes);
        let measures = program.measures.iter().map(|found| {
            let module = program.modules.get(found.module).map_or("", |module| module.names.en());
            word::dotted([module, found.names.en()])
        });
        keys.measures = keys.all(Kind::Measure, measures);
        keys
    }

    fn add(&mut self, kind: Kind, name: String) -> Key {
        let count = self.counts.entry((kind, name.clone())).or_default();
        let twin = *count;
        *count += 1;
        Key { kind, name, twin }
    }

    fn all(&mut self, kind: Kind, names: impl IntoIterator<Item = String>) -> Vec<Key> {
        names.into_iter().map(|name| self.add(kind, name)).collect()
    }

    fn frame(&self, frame: FrameId) -> (String, usize) {
        self.frames.get(frame.0 as usize).cloned().unwrap_or_default()
    }

    /// `table.list` of a frame.
    pub fn frame_name(&self, frame: FrameId) -> String {
        self.frame(frame).0
    }

    pub fn article(&self, id: ArticleId) -> Option<Key> {
        self.articles.get(id.0 as usize).cloned()
    }

    pub fn definition(&self, id: DefinitionId) -> Option<Key> {
        self.definitions.get(id.0 as usize).cloned()
    }

    pub fn parameter(&self, id: ParameterId) -> Option<Key> {
        self.parameters.get(id.0 as usize).cloned()
    }

    pub fn enumeration(&self, id: EnumId) -> Option<Key> {
        self.enums.get(id.0 as usize).cloned()
    }

    pub fn process(&self, index: usize) -> Option<Key> {
        self.processes.get(index).cloned()
    }

    pub fn table(&self, frame: FrameId) -> Key {
        let (name, twin) = self.frame(frame);
        Key { kind: Kind::Table, name, twin }
    }

    pub fn field(&self, program: &Program, frame: FrameId, field: FieldId) -> Key {
        let (path, twin) = self.frame(frame);
        let own = program.schema.field(frame, field).map_or("", |field| field.names.en());
        Key { kind: Kind::Field, name: format!("{path}.{own}"), twin }
    }
}
