//! Rank 3: from syntax trees to the typed program: declarations, then the names and types of every
//! expression.

mod across;
mod agreement;
mod ambiguous;
mod article;
mod calendar;
mod call;
mod called;
mod chain;
mod cited;
mod conditional;
mod constant;
mod customary;
mod decision;
mod declare;
mod end;
mod error;
mod expression;
mod guard;
mod interval;
mod key;
mod measure;
mod module;
mod name;
mod parameter;
mod pause;
mod period;
mod phrasing;
mod precedence;
mod process;
mod regular;
mod relation;
mod scope;
mod shares;
mod sides;
mod subject;
mod table;
mod trace;
mod units;
mod unread;
mod wording;
mod written;

use called::Called;
use error::Error;

use crate::builtin;
use crate::data::Written;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::invariant::fit;
use crate::nearest::nearest;
use crate::place::Place;
use crate::program::{DefinitionId, Expr, ExprId, ExprKind, Program};
use crate::say;
use crate::schema::{Constant, EnumId, FieldId, FrameId, Names, Schema, Type};
use crate::syntax::vocabulary::lost;
use crate::syntax::{tree, word};
use crate::text::{FileId, Sources, Span};
use crate::value::text::name_form;
use ambiguous::Ambiguous;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// What comes from the manifest.
///
/// # Examples
///
/// ```
/// use fanshi::{Policy, Settings, Source, Texts, date, day_number};
///
/// let settings = Settings { as_of: day_number(date(2015, 11, 20)), ..Settings::default() };
/// let text = "policy library\ntable book { pages : integer }";
/// let policy = Policy::compile(Texts::from_iter([Source::new("library.fan", text)]), &settings);
/// assert_eq!(policy.today, 16_759);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The day judged for, as days since 1970-01-01.
    pub as_of: i64,
    /// The offset of local time.
    pub offset: crate::value::instant::Offset,
    /// Values of parameters.
    pub parameters: Vec<Setting>,
    /// Whether others may be set that could not be read.
    pub parameters_lost: bool,
    /// Whether policies of the project could not be read: what they demand, nobody knows.
    pub lost: bool,
}

/// One value of `[parameters]` in the manifest.
///
/// # Examples
///
/// ```
/// use fanshi::{Place, Policy, Setting, Settings, Source, Texts, Written};
///
/// let values = vec![Written::Text("many".into())];
/// let most = Setting { name: "most".into(), values, list: false, place: Place::file("settings") };
/// let settings = Settings { parameters: vec![most], ..Settings::default() };
/// let text = "policy library\ntable book { pages : integer }\nparameter most : integer = 500\n\
///     article 1 thick whenever book, pages must not exceed most.";
/// let policy = Policy::compile(Texts::from_iter([Source::new("library.fan", text)]), &settings);
/// assert_eq!(policy.diagnostics[0].code, "bad_parameter"); // `most` is an integer
/// ```
#[derive(Clone, Debug)]
pub struct Setting {
    /// The parameter.
    pub name: String,
    /// The value, or those of a list; empty, or [`Written::Nested`] alone, where it is no value at
    /// all, which is told already.
    pub values: Vec<Written>,
    /// Whether it is written as a list.
    pub list: bool,
    /// Where it is written.
    pub place: Place,
}

/// What analysis gives.
#[derive(Debug, Default)]
pub struct Analysis {
    /// The typed program: all that could be understood.
    pub program: Arc<Program>,
    /// What each name occurrence refers to.
    pub names: BTreeMap<Span, Names>,
    /// Where what a name refers to is declared: from the occurrence to the declaration, whose own
    /// names are occurrences too. Names of the language are none.
    pub refers: BTreeMap<Span, Span>,
    /// Everything wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// How a definition stands while definitions are worked out on demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Working,
    Done,
}

/// A definition as declared.
struct Pending<'a> {
    decl: &'a tree::DefinitionDecl,
    module: usize,
    state: State,
    used: bool,
    damaged: bool,
}

/// What a visible name stands for outside any row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    Enum(u32),
    Table(FrameId),
    Parameter(u32),
    Process(u32),
}

/// The analysis in progress.
struct Analyzer<'a> {
    sources: &'a Sources,
    settings: &'a Settings,
    files: &'a [tree::File],
    program: Program,
    names: BTreeMap<Span, Names>,
    /// Where what they refer to is declared.
    refers: BTreeMap<Span, Span>,
    errors: Vec<Error>,
    /// For each module, the modules whose names it sees, itself included.
    visible: Vec<BTreeSet<usize>>,
    /// The modules by name.
    modules: Called<(), usize>,
    /// The values of enums by name.
    values: Called<EnumId, usize>,
    /// The fields of frames by name.
    fields: Called<FrameId, FieldId>,
    /// The fields of frames by heading: their names, and what else data may call them.
    headings: Called<FrameId, FieldId>,
    /// The articles of modules, as places in the program, by number.
    numbered: HashMap<(usize, tree::ArticleNumber), usize>,
    /// And by name.
    articles: Called<usize, usize>,
    /// Declared things by name: module, thing.
    things: HashMap<String, Vec<(usize, Thing)>>,
    /// Definitions by frame and name.
    computed: HashMap<(FrameId, String), Vec<DefinitionId>>,
    pending: Vec<Pending<'a>>,
    /// Names that several things of a frame have, which is told where they are declared: nobody
    /// knows which of them is meant.
    disputed: BTreeSet<(FrameId, String)>,
    /// Declarations of which nobody knows which is meant.
    ambiguous: Ambiguous,
    parameter_used: Vec<(usize, bool)>,
    /// Parameters without a value that could be read: what rests on them is not judged.
    valueless: BTreeSet<usize>,
    /// How deep each expression is, definitions it reads included.
    depths: Vec<usize>,
    /// How deep the expression being worked out stands in others, through definitions worked out on
    /// the way.
    depth: usize,
    /// Lists of citations: the module, the list, the fields its citations are put together from.
    citing: Vec<(usize, FrameId, Vec<tree::Name>)>,
}

/// Works out what the policies mean.
#[must_use]
pub fn analyze(files: &[tree::File], sources: &Sources, settings: &Settings) -> Analysis {
    let mut analyzer = Analyzer {
        sources,
        settings,
        files,
        program: Program::default(),
        names: BTreeMap::new(),
        refers: BTreeMap::new(),
        errors: Vec::new(),
        visible: Vec::new(),
        modules: Called::default(),
        values: Called::default(),
        fields: Called::default(),
        headings: Called::default(),
        numbered: HashMap::new(),
        articles: Called::default(),
        things: HashMap::new(),
        computed: HashMap::new(),
        citing: Vec::new(),
        pending: Vec::new(),
        disputed: BTreeSet::new(),
        ambiguous: Ambiguous::default(),
        parameter_used: Vec::new(),
        valueless: BTreeSet::new(),
        depths: Vec::new(),
        depth: 0,
    };
    analyzer.schema_mut().offset = settings.offset;
    analyzer.modules();
    analyzer.enums();
    analyzer.tables();
    analyzer.parameters();
    analyzer.processes();
    analyzer.definitions();
    let periods = analyzer.policy_periods();
    analyzer.decisions(&periods);
    analyzer.calendars();
    analyzer.articles(&periods);
    analyzer.measures();
    analyzer.unused();
    let lost = (analyzer.lost_names(), analyzer.without_words());
    let diagnostics = said_once(&analyzer.errors, (&lost.0, &lost.1))
        .map(|error| error.diagnostic(sources))
        .collect();
    let (names, refers) = (analyzer.names, analyzer.refers);
    Analysis { program: Arc::new(analyzer.program), names, refers, diagnostics }
}

impl<'a> Analyzer<'a> {
    /// The shape of the data while it is declared; nobody else has it yet.
    fn schema_mut(&mut self) -> &mut Schema {
        Arc::make_mut(&mut self.program.schema)
    }

    fn report(&mut self, error: Error) {
        self.errors.push(error);
    }

    fn add(&mut self, kind: ExprKind, ty: Type, span: Span) -> ExprId {
        let id = ExprId(fit(self.program.exprs.len()));
        let depth = self
            .program
            .parts(&kind)
            .into_iter()
            .map(|part| self.depth_of(part))
            .max()
            .unwrap_or(0)
            + 1;
        self.program.exprs.push(Expr { kind, ty, span });
        self.depths.push(depth);
        id
    }

    fn depth_of(&self, id: ExprId) -> usize {
        self.depths.get(id.0 as usize).copied().unwrap_or(0)
    }

    fn ty(&self, id: ExprId) -> Type {
        self.program.expr(id).ty
    }

    /// The names of declarations that were begun and could not be read.
    fn lost_names(&self) -> BTreeSet<String> {
        let text = |file: &tree::File| Some(&self.sources.get(file.file)?.text);
        let files = self.files.iter().filter_map(|file| Some((text(file)?, file)));
        files.flat_map(|(text, file)| lost(text, file)).collect()
    }

    /// The files that use one which is not there, where some could not be read: it may be one of
    /// these, and so may what declares their names.
    fn without_words(&self) -> BTreeSet<FileId> {
        let unknown: BTreeSet<FileId> = match self.settings.lost {
            true => self.errors.iter().filter_map(Error::unknown_module).collect(),
            false => BTreeSet::new(),
        };
        let lacks = |module: &usize| {
            self.files.get(*module).is_some_and(|file| unknown.contains(&file.file))
        };
        let seen = self.files.iter().zip(&self.visible);
        seen.filter(|(_, seen)| seen.iter().any(lacks)).map(|(file, _)| file.file).collect()
    }

    /// A name with the path before it, as it is written.
    fn path_to(&self, span: Span) -> String {
        let own = self.slice(span);
        let Some(source) = self.sources.get(span.file) else { return own };
        let before = source.text.get(..span.range().start).unwrap_or("");
        let is_path = |letter: char| letter == '.' || word::continues(letter);
        let path = before.trim_end_matches(is_path);
        let path = before.get(path.len()..).unwrap_or("");
        if path.ends_with('.') { format!("{path}{own}") } else { own }
    }

    fn slice(&self, span: Span) -> String {
        self.sources.slice(span).to_owned()
    }

    /// Remembers what a name occurrence refers to.
    fn refer(&mut self, span: Span, names: &Names) {
        self.names.insert(span, names.clone());
    }

    /// The same of a name that something declared has, with where that is.
    fn refer_to(&mut self, span: Span, names: &Names, declared: Span) {
        self.refer(span, names);
        self.refers.insert(span, declared);
    }

    /// All declarations with their module.
    fn items(&self) -> impl Iterator<Item = (usize, &'a tree::Item)> + use<'a> {
        self.files
            .iter()
            .enumerate()
            .flat_map(|(module, file)| file.items.iter().map(move |item| (module, item)))
    }

    /// A thing visible in a module.
    fn thing(&self, module: usize, name: &str) -> Option<Thing> {
        let visible = self.visible.get(module)?;
        let found = self.things.get(&*name_form(name))?;
        found.iter().find(|(from, _)| visible.contains(from)).map(|&(_, thing)| thing)
    }

    /// A table visible in a module.
    fn table(&self, module: usize, name: &str) -> Option<FrameId> {
        match self.thing(module, name) {
            Some(Thing::Table(frame)) => Some(frame),
            _ => None,
        }
    }

    fn frame_names(&self, frame: FrameId) -> Bilingual {
        self.program.schema.frame(frame).map_or_else(Bilingual::default, |frame| {
            Bilingual::new(frame.names.zh(), frame.names.en())
        })
    }

    /// A type in words.
    fn type_words(&self, ty: Type) -> Bilingual {
        match ty {
            Type::Enum(id) => {
                let names = self
                    .program
                    .schema
                    .enumeration(id)
                    .map(|e| (e.names.zh().to_owned(), e.names.en().to_owned()));
                let (zh, en) = names.unwrap_or_default();
                Bilingual::new(format!("`{zh}` 的值"), format!("a value of `{en}`"))
            }
            Type::Ref(frame) => {
                let Bilingual { zh, en } = self.frame_names(frame);
                Bilingual::new(format!("`{zh}` 的一行"), format!("a row of `{en}`"))
            }
            Type::List(frame) => {
                let Bilingual { zh, en } = self.frame_names(frame);
                Bilingual::new(format!("列表 `{zh}`"), format!("the list `{en}`"))
            }
            Type::Boolean => Bilingual::new("条件（是否）", "a condition"),
            Type::Part(_) => {
                let Bilingual { zh, en } = self.type_words(ty.whole());
                say!("可以不是整数的{zh}", "{en} that need not be whole")
            }
            plain => {
                let row = builtin::TYPES.iter().find(|(ty, _, _)| *ty == plain);
                row.map_or_else(Bilingual::default, |(_, zh, en)| Bilingual::new(*zh, *en))
            }
        }
    }

    fn constant_expr(&mut self, constant: Constant, ty: Type, span: Span) -> ExprId {
        self.add(ExprKind::Constant(constant), ty, span)
    }
}

/// The declared names of a tree node.
fn names_of(names: &tree::Names) -> Names {
    Names {
        name: names.name.text.as_str().into(),
        alias: names.alias.as_ref().map(|alias| alias.text.as_str().into()),
    }
}

/// The mistakes, without what a missing `使用` brings about: one name of each file that is not used
/// is told, and none where its `使用` is misspelt; nor names of the files `without_words`.
fn said_once<'e>(
    errors: &'e [Error],
    (lost, without_words): (&'e BTreeSet<String>, &'e BTreeSet<FileId>),
) -> impl Iterator<Item = &'e Error> {
    let mut told: BTreeSet<(FileId, String)> = BTreeSet::new();
    told.extend(errors.iter().filter_map(|error| match error {
        Error::UnknownModule { span, nearest: Some(near), .. } => Some((span.file, near.clone())),
        _ => None,
    }));
    // What a declaration that could not be read declares is not unknown for a reason of its own.
    let is_lost = |text: &str| {
        let first = text.split('.').next().unwrap_or(text);
        lost.contains(first)
    };
    let mut lacks_calendar = false;
    errors.iter().filter(move |error| match error {
        // That there is none is one mistake, however often days are counted.
        Error::NoCalendar { .. } => !std::mem::replace(&mut lacks_calendar, true),
        Error::UnknownModule { span, .. }
        | Error::UnknownName { span, .. }
        | Error::UnknownType { span, .. }
        | Error::NotASubject { span, .. }
            if without_words.contains(&span.file) =>
        {
            false
        }
        Error::NotASubject { text, .. } if is_lost(text) => false,
        Error::UnknownName { name, .. } | Error::UnknownType { name, .. } if is_lost(name) => false,
        Error::UnknownName { span, hidden_in: Some(module), .. }
        | Error::NotASubject { span, hidden_in: Some(module), .. } => {
            told.insert((span.file, module.clone()))
        }
        _ => true,
    })
}
