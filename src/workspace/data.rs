//! Rank 5: the data files of `[data]`: which there are, of which format, and whether they can be read.

use super::manifest::DataFile;
use super::pattern::is_pattern;
use super::{Project, Refusal, limits};
use crate::data::{Format, Input, Mapping, Store};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::nearest::nearest;
use crate::place::Place;
use crate::say;
use crate::schema::{FrameId, Schema, Type};
use std::collections::HashSet;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

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
        let of_several = is_pattern(&self.entry.file).then(|| self.entry.span.clone());
        let mapping = Mapping { of_several, ..self.entry.mapping.clone() };
        Input {
            frame: self.frame,
            name: self.name.clone(),
            format: self.format,
            mapping,
            inline: None,
            store: self.store.clone(),
        }
    }
}

impl Project {
    /// Finds the data files of `[data]`.
    pub fn open_data(&mut self, schema: &Schema) -> Vec<Opened> {
        let mut opened: Vec<Opened> = Vec::new();
        let mut seen: HashSet<(FrameId, PathBuf, Option<String>, Option<String>)> = HashSet::new();
        for entry in self.manifest.data.clone() {
            let Some(frame) = self.table(schema, &entry) else { continue };
            // What is there once cannot be left out.
            if entry.mapping.empty && schema.frame(frame).is_some_and(|found| !found.single) {
                self.may_be_empty.push(frame);
            }
            if entry.file.is_empty() {
                if !entry.mapping.empty {
                    self.unopened.push(frame);
                }
                continue;
            }
            let (files, whole) = self.expand(&entry.file, entry.span.clone());
            if !whole {
                self.unopened.push(frame);
            }
            for (path, name) in files {
                let same = (
                    frame,
                    self.store.same(&path),
                    entry.mapping.sheet.clone(),
                    entry.mapping.rows.clone(),
                );
                if !seen.insert(same) {
                    self.listed_twice(&name, entry.span.clone());
                    continue;
                }
                if name.is_empty() {
                    let message = say!("`.` 是文件夹，不是文件", "`.` is a folder, not a file");
                    let help = say!("写文件名，或 `*.csv`", "write the name of a file, or `*.csv`");
                    self.manifest_error("unreadable_file", message, help, entry.span.clone());
                    self.unopened.push(frame);
                    continue;
                }
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
                let most = limits::of_data(&name, format).most;
                match self.store.open(&path).and_then(|store| bounded(store, most)) {
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
        self.passed_over(&opened);
        opened
    }

    /// Warns of files that patterns pass over because they are of another format: what an office
    /// handed back as .xls is easily missed.
    fn passed_over(&mut self, opened: &[Opened]) {
        let taken: HashSet<String> = opened.iter().map(|file| file.name.to_string()).collect();
        let mut said = HashSet::new();
        for entry in self.manifest.data.clone() {
            let Some((stem, ending)) = entry.file.rsplit_once('.') else { continue };
            let is_open = !is_pattern(&entry.file) || ending.contains(['*', '?', '[', '/', '\\']);
            // Of a pattern that nothing fits it was said.
            let is_read = opened.iter().any(|file| file.entry.span == entry.span);
            // A name with signs of patterns may be that of a file.
            if is_open
                || !is_read
                || taken.contains(&entry.file)
                || !said.insert(entry.file.clone())
            {
                continue;
            }
            let found = self.fitting(&format!("{stem}.*"));
            let others = found.paths.iter().map(|path| self.named(path)).filter(|name| {
                // One of the same ending was taken, and could not be read.
                let other = name.rsplit_once('.').is_none_or(|(_, own)| own != ending);
                let passed = other && !taken.contains(name) && is_other_data(name);
                passed && said.insert(name.clone())
            });
            let others: Vec<String> = others.map(|name| format!("`{name}`")).collect();
            if others.is_empty() {
                continue;
            }
            let (file, zh, en) = (&entry.file, others.join("、"), others.join(", "));
            let message = say!(
                "`{file}` 没有取到同一处的 {zh}",
                "`{file}` does not take {en} in the same place"
            );
            let help = say!(
                "要读的，在 [data] 中逐个写出，或用 `{stem}.*`；不要的移到别处",
                "list those to be read under [data], or use `{stem}.*`; move the others away"
            );
            let place = Place::of(&self.manifest_source, entry.span.clone());
            let found = Diagnostic::warning("files_passed_over", message).help(help);
            self.diagnostics.push(found.at(place, Bilingual::default()));
        }
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
            let help = nearest(label, ENCODINGS).map_or_else(
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
        self.unused_keys(format, entry, name);
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

    /// Puts what is wrong with what the manifest says of headings where it says so.
    pub(super) fn place_mappings(&self, opened: &[Opened], diagnostics: &mut [Diagnostic]) {
        for said in diagnostics.iter_mut().filter(|said| said.code == "unknown_mapping") {
            let Some(label) = said.labels.first_mut() else { continue };
            let of_file = opened.iter().filter(|file| *file.name == *label.place.file);
            let headings = of_file.flat_map(|file| &file.entry.headings);
            let named = |(heading, _): &&(String, Range<usize>)| {
                said.message.zh.contains(&format!("`{heading}`"))
            };
            if let Some((_, span)) = headings.into_iter().find(named) {
                label.place = Place::of(&self.manifest_source, span.clone());
            }
        }
    }

    /// Says which keys of an entry mean nothing for the format of a file that is named.
    fn unused_keys(&mut self, format: Format, entry: &DataFile, name: &str) {
        let mapping = &entry.mapping;
        let is_cells = matches!(format, Format::Csv | Format::Workbook);
        let is_json = matches!(format, Format::Json | Format::JsonLines);
        let unused = [
            ("sheet", mapping.sheet.is_some() && format != Format::Workbook),
            ("rows", mapping.rows.is_some() && !is_json),
            ("header", !mapping.header.is_empty() && !is_cells),
            ("fill", !mapping.fill.is_empty() && !is_cells),
            ("headings", !mapping.columns.is_empty() && !is_cells),
        ];
        for (key, _) in unused.into_iter().filter(|(_, is_unused)| *is_unused) {
            if is_pattern(&entry.file) {
                continue;
            }
            let message = say!(
                "`{name}` 的格式没有 `{key}` 可言",
                "`{key}` means nothing for the format of `{name}`"
            );
            let help =
                say!("删去 `{key}`，或改正文件名", "delete `{key}`, or correct the file's name");
            self.manifest_error("unused_key", message, help, entry.span.clone());
        }
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
        let is_known = frame.is_some() || self.may_declare(&entry.table);
        if !is_known && schema.tables().next().is_some() {
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

/// A file that is not too large.
pub(super) fn bounded(store: Arc<dyn Store>, most: u64) -> Result<Arc<dyn Store>, std::io::Error> {
    if store.len() > most { Err(Refusal::TooLarge { most }.into()) } else { Ok(store) }
}

/// The encodings that are met most.
const ENCODINGS: [&str; 7] = ["utf-8", "gb18030", "gbk", "gb2312", "utf-16le", "utf-16be", "big5"];

/// Whether a file holds data of rows, by its ending, whether or not it can be read.
fn is_other_data(name: &str) -> bool {
    let unread = ["et", "ett", "xlsb", "xlt", "xltx", "numbers", "fods"];
    let ending = name.rsplit('.').next().map(str::to_ascii_lowercase);
    let is_unread = ending.is_some_and(|ending| unread.contains(&&*ending));
    is_unread || format_of(name).is_some_and(|format| format != Format::Toml)
}

/// The format of a file of this name.
#[must_use]
pub fn format_of(name: &str) -> Option<Format> {
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
