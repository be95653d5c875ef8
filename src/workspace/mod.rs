//! Rank 5: the project on disk: its manifest, policies and data. The only reader of disk.

mod correction;
mod disk;
pub(crate) mod document;
mod files;
mod given;
mod input;
mod judge;
pub mod manifest;
mod path;
mod policy;

pub use disk::Disk;
pub use document::ParameterValue;
pub use files::{Files, Memory, Overlay};
pub use input::Inputs;
pub use judge::Options;
pub use manifest::{Correction, DataFile, Manifest, Waiver};
pub use path::{clean, shown, slashed};
pub use policy::{Member, Taken};

use crate::data::{Format, Input, Store};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::nearest::nearest;
use crate::place::Place;
use crate::say;
use crate::schema::{FrameId, Schema, Type};
use crate::syntax::{parse, tree};
use crate::text::{Source, Sources};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// From where files are named.
///
/// # Examples
///
/// ```
/// use fanshi::{Naming, Project};
///
/// let project = Project::read("examples/library".as_ref());
/// assert_eq!(project.naming, Naming::FromManifest);
/// assert_eq!(&*project.manifest_source.name, "fanshi.toml");
/// let here = Project::read_from_here("examples/library".as_ref());
/// assert_eq!(&*here.manifest_source.name, "examples/library/fanshi.toml");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Naming {
    /// From the manifest's folder.
    #[default]
    FromManifest,
    /// From the current folder.
    FromHere,
}

/// A project's texts: manifest and policies, read and parsed.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let project = Project::read("examples/library".as_ref());
/// assert_eq!((project.sources.iter().count(), project.diagnostics.len()), (1, 0));
/// assert_eq!(project.run(&Options::default()).summary.totals.violated, 3);
/// ```
pub struct Project {
    /// Where its files are.
    pub store: Arc<dyn Files>,
    /// The folder of the manifest.
    pub root: PathBuf,
    /// From where its files are named.
    pub naming: Naming,
    /// The manifest's text.
    pub manifest_source: Source,
    /// What it says.
    pub manifest: Manifest,
    /// The policies' texts.
    pub sources: Sources,
    /// The policies' trees.
    pub files: Vec<tree::File>,
    /// The policies' paths, in the same order.
    pub paths: Vec<PathBuf>,
    /// Outside a project, the files that were taken for the names a policy uses.
    pub taken: Vec<Taken>,
    /// Whether a policy the manifest names could not be read.
    pub policies_lost: bool,
    /// What is wrong so far.
    pub diagnostics: Vec<Diagnostic>,
    /// Tables and lists of which a file could not be opened.
    pub unopened: Vec<FrameId>,
    /// Tables and lists of which the manifest says that they may have no rows.
    pub may_be_empty: Vec<FrameId>,
}

impl Default for Project {
    /// A project of no files.
    fn default() -> Self {
        Self {
            store: Arc::new(Disk),
            root: PathBuf::new(),
            naming: Naming::default(),
            manifest_source: Source::new("", ""),
            manifest: Manifest::default(),
            sources: Sources::default(),
            files: Vec::new(),
            paths: Vec::new(),
            taken: Vec::new(),
            policies_lost: false,
            diagnostics: Vec::new(),
            unopened: Vec::new(),
            may_be_empty: Vec::new(),
        }
    }
}

/// A data file found on disk.
pub struct Opened {
    /// The table or list it is for.
    pub frame: FrameId,
    /// Its name, relative to the project.
    pub name: Arc<str>,
    /// Its format.
    pub format: Format,
    /// What the manifest says of it.
    pub entry: DataFile,
    /// Its bytes.
    pub store: Arc<dyn Store>,
}

impl Opened {
    /// As the loader takes it.
    #[must_use]
    pub fn input(&self) -> Input {
        Input {
            frame: self.frame,
            name: self.name.clone(),
            format: self.format,
            mapping: self.entry.mapping.clone(),
            inline: None,
            store: self.store.clone(),
        }
    }
}

impl Project {
    /// Reads a project on this machine's disk from its folder or its `fanshi.toml`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::Project;
    ///
    /// let none = Project::read("examples/nothing".as_ref());
    /// assert_eq!(none.diagnostics[0].code, "unreadable_file");
    /// ```
    #[must_use]
    pub fn read(path: &Path) -> Self {
        Self::read_in(Arc::new(Disk), path)
    }

    /// Reads a project from its folder or its `fanshi.toml` among some files.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Memory, Project};
    /// use std::sync::Arc;
    ///
    /// let files = Memory::new().with("books/fanshi.toml", "[project]\nname = \"books\"");
    /// let project = Project::read_in(Arc::new(files), "books".as_ref());
    /// assert_eq!(project.manifest.name, "books");
    /// ```
    #[must_use]
    pub fn read_in(files: Arc<dyn Files>, path: &Path) -> Self {
        Self::read_named(files, path, Naming::FromManifest)
    }

    fn read_named(store: Arc<dyn Files>, path: &Path, naming: Naming) -> Self {
        let is_folder = store.is_folder(path);
        let path = if is_folder { path.join("fanshi.toml") } else { path.to_owned() };
        let name = match naming {
            Naming::FromHere => shown(&path),
            Naming::FromManifest => path
                .file_name()
                .map_or_else(|| "fanshi.toml".into(), |name| name.to_string_lossy().into_owned()),
        };
        let mut diagnostics = Vec::new();
        let text = manifest_text(&*store, &path, &mut diagnostics);
        let manifest_source = Source::new(&*name, text.clone().unwrap_or_default());
        let (manifest, found) = if text.is_some() {
            manifest::read(&manifest_source)
        } else {
            (Manifest::default(), Vec::new())
        };
        diagnostics.extend(found);
        let mut project = Self {
            store,
            root: path.parent().map_or_else(PathBuf::new, Path::to_path_buf),
            naming,
            manifest_source,
            manifest,
            diagnostics,
            ..Self::default()
        };
        project.policies();
        project
    }

    fn policies(&mut self) {
        let patterns = self.manifest.policies.clone();
        let mut seen: Vec<PathBuf> = Vec::new();
        for (pattern, span) in patterns {
            let found = self.expand(&pattern, span.clone());
            self.policies_lost |= found.is_empty();
            for (path, name) in found {
                let same = self.store.same(&path);
                if seen.contains(&same) {
                    continue;
                }
                seen.push(same);
                if !self.store.is_file(&path) && !self.store.is_folder(&path) {
                    self.policies_lost = true;
                    let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
                    self.unreadable(&path, &name, &missing, span.clone());
                    continue;
                }
                self.policies_lost |= !self.add_file(path, &name);
            }
        }
    }

    /// Reads and parses one policy; whether it could be read.
    fn add_file(&mut self, path: PathBuf, name: &str) -> bool {
        let text = read_text(&*self.store, &path, name, &mut self.diagnostics);
        let read = text.is_some();
        if let Some(text) = text {
            self.add(Source::new(name, text));
            self.paths.push(path);
        }
        read
    }

    /// Parses one policy.
    fn add(&mut self, source: Source) {
        let id = self.sources.add(source);
        let Some(source) = self.sources.get(id) else { return };
        let (file, errors) = parse::parse(id, source);
        self.diagnostics.extend(errors.iter().map(|error| error.diagnostic(source)));
        self.files.push(file);
    }

    /// The files a name or pattern stands for; `\` separates folders as `/` does.
    fn fitting(&self, pattern: &str) -> Vec<PathBuf> {
        let pattern = &*slashed(pattern);
        if !pattern.contains(['*', '?', '[']) {
            return vec![self.root.join(pattern)];
        }
        let found = self.store.fitting(&self.root, pattern).into_iter();
        found.filter(|path| !is_lock(path)).collect()
    }

    /// The files the project is read from.
    #[must_use]
    pub fn inputs(&self) -> Inputs {
        let name = Path::new(&*self.manifest_source.name).file_name();
        let manifest = self.root.join(name.unwrap_or_default());
        let policies = self.manifest.policies.iter().map(|(pattern, _)| pattern);
        let data = self.manifest.data.iter().map(|entry| &entry.file);
        let data = data.filter(|file| !file.is_empty());
        Inputs::of(policies.chain(data).flat_map(|pattern| self.fitting(pattern)).chain([manifest]))
    }

    /// The same with the names they are shown by; none is an error.
    fn expand(&mut self, pattern: &str, span: std::ops::Range<usize>) -> Vec<(PathBuf, String)> {
        let found = self.fitting(pattern);
        if found.is_empty() {
            let message = say!("没有文件符合 `{pattern}`", "no file fits `{pattern}`");
            let help = say!("路径从清单所在的文件夹算起", "paths start at the manifest's folder");
            self.manifest_error("no_such_file", message, help, span);
        }
        let named = |path: PathBuf| {
            let name = match self.naming {
                Naming::FromManifest => shown(path.strip_prefix(&self.root).unwrap_or(&path)),
                Naming::FromHere => shown(&clean(&path)),
            };
            (path, name)
        };
        found.into_iter().map(named).collect()
    }

    fn manifest_error(
        &mut self,
        code: &'static str,
        message: Bilingual,
        help: Bilingual,
        span: std::ops::Range<usize>,
    ) {
        let place = Place::of(&self.manifest_source, span);
        self.diagnostics
            .push(Diagnostic::error(code, message).help(help).at(place, Bilingual::default()));
    }

    /// Finds the data files of `[data]`.
    pub fn open_data(&mut self, schema: &Schema) -> Vec<Opened> {
        let mut opened = Vec::new();
        let mut seen: Vec<(FrameId, PathBuf, Option<String>)> = Vec::new();
        for entry in self.manifest.data.clone() {
            let Some(frame) = self.table(schema, &entry) else { continue };
            // What is there once cannot be left out.
            if entry.mapping.empty && schema.frame(frame).is_some_and(|found| !found.single) {
                self.may_be_empty.push(frame);
            }
            if entry.file.is_empty() {
                continue;
            }
            let files = self.expand(&entry.file, entry.span.clone());
            if files.is_empty() {
                self.unopened.push(frame);
            }
            for (path, name) in files {
                let same = (frame, self.store.same(&path), entry.mapping.sheet.clone());
                if seen.contains(&same) {
                    self.listed_twice(&name, entry.span.clone());
                    continue;
                }
                seen.push(same);
                let Some(format) = format_of(&name) else {
                    let message =
                        say!("不认识 `{name}` 的格式", "the format of `{name}` is not known");
                    let help = say!(
                        "可用 .toml .json .jsonl .csv .tsv .xlsx .xls .ods .xes；\
                            其他格式请另存为其中一种",
                        "known: .toml .json .jsonl .csv .tsv .xlsx .xls .ods .xes; save other \
                            formats as one of these"
                    );
                    self.manifest_error("unknown_format", message, help, entry.span.clone());
                    self.unopened.push(frame);
                    continue;
                };
                if !self.is_readable(schema, frame, format, &entry, &name) {
                    self.unopened.push(frame);
                    continue;
                }
                match self.store.open(&path) {
                    Ok(store) => opened.push(Opened {
                        frame,
                        name: name.into(),
                        format,
                        entry: entry.clone(),
                        store,
                    }),
                    Err(error) => {
                        self.unopened.push(frame);
                        self.unreadable(&path, &name, &error, entry.span.clone());
                    }
                }
            }
        }
        opened
    }

    /// Whether a file can be read as the manifest lists it: in an encoding there is, elements in
    /// CSV.
    fn is_readable(
        &mut self,
        schema: &Schema,
        frame: FrameId,
        format: Format,
        entry: &DataFile,
        name: &str,
    ) -> bool {
        let unknown =
            entry.mapping.encoding.as_ref().filter(|label| {
                encoding_rs::Encoding::for_label(label.trim().as_bytes()).is_none()
            });
        if let Some(label) = unknown {
            let message = say!(
                "没有叫 `{label}` 的编码；`{name}` 没有读入",
                "no encoding is called `{label}`; `{name}` is not read"
            );
            let help = nearest(label, ENCODINGS.into_iter()).map_or_else(
                || {
                    say!(
                        "写 utf-8、gb18030 或 utf-16le，或删去以自动识别",
                        "write utf-8, gb18030 or utf-16le, or leave it out to have it detected"
                    )
                },
                |near| {
                    say!(
                        "是不是 `{near}`？删去则自动识别",
                        "did you mean `{near}`? Left out, it is detected"
                    )
                },
            );
            self.manifest_error("unknown_encoding", message, help, entry.span.clone());
            return false;
        }
        let nested = schema.frame(frame).is_some_and(|found| found.parent.is_some());
        if nested && matches!(format, Format::Json | Format::JsonLines | Format::Toml) {
            let list = &entry.table;
            let message = say!(
                "`{list}` 是表中的清单，单独给出只能用 CSV 或工作表；`{name}` 没有读入",
                "`{list}` is a list inside a table; only CSV or a sheet can hold it by itself; \
                    `{name}` is not read"
            );
            let help = say!(
                "在 JSON、TOML 中把各项写在所属的行里",
                "in JSON and TOML write its elements inside their row"
            );
            self.manifest_error("nested_file", message, help, entry.span.clone());
            return false;
        }
        true
    }

    fn listed_twice(&mut self, name: &str, span: std::ops::Range<usize>) {
        let message =
            say!("`{name}` 列了两次，只读一次", "`{name}` is listed twice; it is read once");
        let help = say!("只列一次", "list it once");
        let place = Place::of(&self.manifest_source, span);
        self.diagnostics.push(
            Diagnostic::warning("listed_twice", message).help(help).at(place, Bilingual::default()),
        );
    }

    fn unreadable(
        &mut self,
        path: &Path,
        name: &str,
        error: &std::io::Error,
        span: std::ops::Range<usize>,
    ) {
        let message = unreadable_message(name, error);
        let stem = |path: &Path| {
            path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
        };
        let beside = path.parent().map_or_else(Vec::new, |folder| self.store.beside(folder));
        let alike: Vec<PathBuf> =
            beside.into_iter().filter(|other| other.extension() == path.extension()).collect();
        let near =
            nearest(&stem(path), alike.iter().filter_map(|other| other.file_stem()?.to_str()));
        let near = near
            .filter(|_| stem(path).chars().nth(1).is_some())
            .and_then(|near| alike.iter().find(|other| stem(other) == near));
        let near = near.and_then(|near| near.file_name()).map(|near| near.to_string_lossy());
        let help = near.map_or_else(
            || say!("核对清单里的文件名", "check the name in the manifest"),
            |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
        );
        self.manifest_error("unreadable_file", message, help, span);
    }

    /// `item`, `item.basis`.
    fn table(&mut self, schema: &Schema, entry: &DataFile) -> Option<FrameId> {
        let mut parts = entry.table.split('.');
        let first = parts.next()?;
        let mut frame =
            schema.tables().find(|(_, frame)| frame.names.matches(first)).map(|(id, _)| id);
        let table = frame;
        for part in parts {
            frame = frame.and_then(|frame| schema.frame(frame)).and_then(|frame| {
                let field = frame.fields.iter().find(|field| field.names.matches(part))?;
                if let Type::List(child) = field.ty { Some(child) } else { None }
            });
        }
        if let (None, Some(table)) = (frame, table) {
            // Which of the table's lists is meant is not known.
            let lists = (0..)
                .map(FrameId)
                .zip(&schema.frames)
                .filter(|(id, frame)| frame.parent.is_some() && schema.root(*id) == table);
            self.unopened.extend(lists.map(|(id, _)| id));
        }
        if frame.is_none() && schema.tables().next().is_some() {
            let name = &entry.table;
            let known = schema.tables().flat_map(|(_, frame)| frame.names.iter());
            let help = nearest(name, known).map_or_else(
                || {
                    say!(
                        "写政策里声明的表名，或“表.列表”",
                        "write the name of a declared table, or `table.list`"
                    )
                },
                |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
            );
            let message = say!("没有名为 `{name}` 的表", "there is no table called `{name}`");
            self.manifest_error("unknown_table", message, help, entry.table_span.clone());
        }
        frame
    }
}

/// Whether an office program laid a file down beside one that is open: `~$申报.xlsx`. Those that
/// begin with a point fit no pattern anyway.
fn is_lock(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("~$"))
}

/// The encodings that are met most.
const ENCODINGS: [&str; 7] = ["utf-8", "gb18030", "gbk", "gb2312", "utf-16le", "utf-16be", "big5"];

fn format_of(name: &str) -> Option<Format> {
    let name = name.to_ascii_lowercase();
    let extension = name.strip_suffix(".gz").unwrap_or(&name).rsplit('.').next()?;
    Some(match extension {
        "toml" => Format::Toml,
        "json" => Format::Json,
        "jsonl" | "ndjson" => Format::JsonLines,
        "csv" | "tsv" => Format::Csv,
        #[cfg(feature = "workbook")]
        "xlsx" | "xlsm" | "xls" | "ods" => Format::Workbook,
        "xes" => Format::Xes,
        _ => return None,
    })
}

fn unreadable_message(name: &str, error: &std::io::Error) -> Bilingual {
    match error.kind() {
        std::io::ErrorKind::NotFound => say!("没有文件 `{name}`", "there is no file `{name}`"),
        std::io::ErrorKind::IsADirectory => {
            say!("`{name}` 是文件夹，不是文件", "`{name}` is a folder, not a file")
        }
        std::io::ErrorKind::PermissionDenied => {
            say!("没有权限读 `{name}`", "no permission to read `{name}`")
        }
        kind => say!("读不了 `{name}`", "cannot read `{name}`: {kind}"),
    }
}

/// The manifest's text; what is not a manifest is said to be none.
fn manifest_text(
    files: &dyn Files,
    path: &Path,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    let shown = shown(path);
    let help = say!(
        "写项目文件夹，或其中的 fanshi.toml：`fanshi check 文件夹`",
        "give the project's folder, or its fanshi.toml: `fanshi check FOLDER`"
    );
    if files.is_file(path) && path.extension().is_none_or(|extension| extension != "toml") {
        let message = say!("`{shown}` 不是清单", "`{shown}` is not a manifest");
        diagnostics.push(
            Diagnostic::error("not_a_manifest", message)
                .help(help)
                .at(Place::file(&*shown), Bilingual::default()),
        );
        return None;
    }
    let known = diagnostics.len();
    let text = read_text(files, path, &shown, diagnostics);
    if let (None, Some(diagnostic)) = (&text, diagnostics.get_mut(known)) {
        diagnostic.help.get_or_insert(help);
    }
    text
}

/// A text file as UTF-8 without a mark; what is wrong is reported.
pub fn read_text(
    files: &dyn Files,
    path: &Path,
    name: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    let bytes = match files.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let diagnostic = Diagnostic::error("unreadable_file", unreadable_message(name, &error));
            diagnostics.push(diagnostic.at(Place::file(name), Bilingual::default()));
            return None;
        }
    };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    match std::str::from_utf8(bytes) {
        // Lines that end in a carriage return alone are lines all the same.
        Ok(text) if !text.contains('\n') => Some(text.replace('\r', "\n")),
        Ok(text) => Some(text.to_owned()),
        Err(broken) => {
            let lossy = String::from_utf8_lossy(bytes);
            let one = !lossy.contains('\n');
            let lossy = if one { lossy.replace('\r', "\n") } else { lossy.into_owned() };
            let at = broken.valid_up_to();
            let place = Place::of(&Source::new(name, lossy), at..at + '\u{FFFD}'.len_utf8());
            let message = say!(
                "从这里起 `{name}` 不是 UTF-8 文本",
                "from here on `{name}` is not UTF-8 text"
            );
            let help =
                say!("用编辑器打开，另存为 UTF-8", "open it in an editor and save it as UTF-8");
            let wrong = Diagnostic::error("invalid_utf8", message).help(help);
            diagnostics.push(wrong.at(place, Bilingual::default()));
            None
        }
    }
}
