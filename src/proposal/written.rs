//! The texts of a proposed project: vocabulary, policy, manifest.

use super::calendar;
use super::column::{Column, Kind, Value};
use super::measure::Pair;
use super::rule::Suggestion;
use super::table::Table;
use crate::analysis::{Settings, analyze};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::Type;
use crate::syntax::format::{Style, reformat_checked};
use crate::syntax::numeral;
use crate::syntax::parse::parse;
use crate::syntax::tree::{File, Language, Name};
use crate::syntax::word::{declared, in_expression};
use crate::text::{Source, Sources};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// How the texts are written.
#[derive(Clone, Debug)]
pub struct Wording {
    /// The language of keywords and comments.
    pub language: Language,
    /// What the project is called.
    pub project: String,
    /// The day judged for.
    pub as_of: Date,
}

/// The names of the files.
#[derive(Clone, Copy, Debug)]
pub struct FileNames {
    /// The vocabulary.
    pub vocabulary: &'static str,
    /// The policy.
    pub policy: &'static str,
    /// The vocabulary of the calendar, where an article counts working days.
    pub calendar: &'static str,
    /// Its days.
    pub days: &'static str,
}

impl Wording {
    /// How the files are called.
    #[must_use]
    pub fn names(&self) -> FileNames {
        match self.language {
            Language::Chinese => FileNames {
                vocabulary: "词汇.fan",
                policy: "规则.fan",
                calendar: "工作日.fan",
                days: "工作日.csv",
            },
            Language::English => FileNames {
                vocabulary: "vocabulary.fan",
                policy: "rules.fan",
                calendar: "calendar.fan",
                days: "calendar.csv",
            },
        }
    }

    /// A sentence in the language.
    pub fn pick(&self, said: &Bilingual) -> String {
        self.either(&said.zh, &said.en).to_owned()
    }

    /// A comment in the language.
    fn comment(&self, indent: &str, said: &Bilingual) -> String {
        format!("{indent}# {}\n", self.pick(said))
    }

    /// The canonical texts in the language, by which names are written too; texts with a mistake as
    /// they are, which is found when they are tried.
    #[must_use]
    pub fn canonical<'n>(&self, texts: &[(&'n str, String)]) -> Vec<(&'n str, String)> {
        let mut sources = Sources::default();
        for (name, text) in texts {
            sources.add(Source::new(*name, text.clone()));
        }
        let mut files = Vec::new();
        for (id, source) in sources.iter() {
            let (file, errors) = parse(id, source);
            if !errors.is_empty() {
                return texts.to_vec();
            }
            files.push(file);
        }
        let found = analyze(&files, &sources, &Settings::default());
        let rename = |name: &Name| {
            let names = found.names.get(&name.span)?;
            Some(self.either(names.zh(), names.en()).to_owned())
        };
        let style = Style { language: self.language, rename: &rename };
        let one =
            |((file, (_, source)), (name, text)): ((&File, (_, &Source)), &(&'n str, String))| {
                (*name, reformat_checked(file, source, style).unwrap_or_else(|_| text.clone()))
            };
        files.iter().zip(sources.iter()).zip(texts).map(one).collect()
    }

    /// One of two words by the language.
    #[must_use]
    pub fn either<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    /// The project's name with an ending.
    fn named(&self, zh: &str, en: &str) -> String {
        format!("{}{}", self.project, self.either(zh, en))
    }

    /// The vocabulary.
    #[must_use]
    pub fn vocabulary(&self, tables: &[&Table], all: &[Table]) -> String {
        let mut text = self.comment(
            "",
            &say!(
                "从表里看出来的：名称、类型、主键、可缺。逐条核对，改成真正的意思。",
                "Seen from the tables: names, types, keys, what may be lacking. Check each line."
            ),
        );
        text.push_str(&format!("\n词汇 {}\n", declared(&self.named("词汇", "_words"))));
        let mut enums = Enums { ending: self.either("种类", "_kind"), ..Enums::default() };
        let body: String = tables
            .iter()
            .filter(|table| table.parent.is_none())
            .map(|table| self.table(table, all, &mut enums))
            .collect();
        text.push_str(&enums.text);
        text.push_str(&body);
        text
    }

    fn table(&self, table: &Table, all: &[Table], enums: &mut Enums) -> String {
        let alias = alias(table.alias.as_deref());
        let mut text = format!("\n表 {}{alias} {{\n", declared(&table.name));
        text.push_str(&self.fields(table, all, enums, "  "));
        let own = all.iter().position(|other| std::ptr::eq(other, table));
        let is_child = |child: &&Table| child.parent.map(|(parent, _)| Some(parent)) == Some(own);
        for child in all.iter().filter(|child| child.refused.is_none()).filter(is_child) {
            text.push_str(&format!("  {} : 多个 {{\n", declared(&child.name)));
            text.push_str(&self.fields(child, all, enums, "    "));
            text.push_str("  }\n");
        }
        text.push_str("}\n");
        text
    }

    fn fields(&self, table: &Table, all: &[Table], enums: &mut Enums, indent: &str) -> String {
        let mut text = String::new();
        for column in table.fields() {
            for doubt in &column.doubts {
                text.push_str(&self.comment(indent, doubt));
            }
            let also = match further(column) {
                Some(heading) if !table.is_positional => format!(" 亦作 “{heading}”"),
                _ => String::new(),
            };
            let of = typed(column, all, enums);
            let alias = alias(column.alias.as_deref());
            text.push_str(&format!("{indent}{}{alias}{also} : {of}", declared(&column.name)));
            text.push_str(if column.is_key { " 主键" } else { "" });
            text.push_str(if column.optional { " 可缺" } else { "" });
            let readings: Vec<String> =
                column.readings.iter().map(|(word, value)| format!("“{word}” = {value}")).collect();
            if !readings.is_empty() {
                text.push_str(&format!(" 读作 {{{}}}", readings.join("、")));
            }
            text.push('\n');
        }
        text
    }

    /// The policy, with how many lines stand before each suggestion.
    #[must_use]
    pub fn policy(
        &self,
        tables: &[&Table],
        all: &[Table],
        found: &[Suggestion],
        counts_days: bool,
    ) -> String {
        let head = say!(
            "数据提示的规则，不是规定：逐条看依据和不符的行，是规定的留下、写上出处，不是的删掉。",
            "What the data suggest is no rule yet: keep what is one, with its source, and delete \
                the rest."
        );
        let (name, vocabulary) = (self.named("规则", "_rules"), self.named("词汇", "_words"));
        let mut text = self.comment("", &head);
        text.push_str(&format!("\n政策 {}\n使用 {}\n", declared(&name), declared(&vocabulary)));
        if counts_days {
            text.push_str(&format!("使用 {}\n", calendar::NAME));
        }
        for table in tables {
            let subject = subject(table, all);
            let count = declared(&format!("{}{}", table.name, self.either("行数", "_rows")));
            text.push_str(&format!("\n指标 {count} = 数量({subject})\n"));
        }
        for (number, suggestion) in found.iter().enumerate() {
            text.push('\n');
            text.push_str(&self.comment("", &suggestion.support));
            let number = numeral::chinese(u32::try_from(number + 1).unwrap_or(1));
            text.push_str(&format!(
                "第{number}条 {}\n  {}\n",
                declared(&suggestion.name),
                suggestion.sentence
            ));
        }
        text
    }

    /// The manifest.
    #[must_use]
    pub fn manifest(&self, tables: &[&Table], all: &[Table], counts_days: bool) -> String {
        let names = self.names();
        let calendar = match counts_days {
            true => format!(", {}", quoted(names.calendar)),
            false => String::new(),
        };
        let day =
            say!("判断的那一天；改成该用的日子", "the day judged for; write the one that is meant");
        let mut text = format!(
            "[project]\nname = {}\nas_of = {} # {}\npolicies = [{}, {}{calendar}]\n",
            quoted(&self.project),
            self.as_of,
            self.pick(&day),
            quoted(names.vocabulary),
            quoted(names.policy)
        );
        text.push_str("\n[data]\n");
        for table in tables.iter().filter(|table| !table.is_inside()) {
            let name = match table.parent.and_then(|(parent, _)| all.get(parent)) {
                Some(parent) => format!("{}.{}", parent.name, table.name),
                None => table.name.clone(),
            };
            let own = all.iter().position(|other| std::ptr::eq(other, *table));
            let inside = all
                .iter()
                .filter(|other| other.is_inside() && other.parent.map(|(parent, _)| parent) == own);
            let inside: Vec<&Table> = inside.collect();
            text.push_str(&format!("{} = {}\n", quoted(&name), entry(table, &inside)));
        }
        if counts_days {
            text.push_str(&format!("{} = {}\n", quoted(calendar::NAME), quoted(names.days)));
        }
        text
    }
}

/// How an article names a table.
#[must_use]
pub fn subject(table: &Table, all: &[Table]) -> String {
    let own = in_expression(&table.name);
    match table.parent.and_then(|(parent, _)| all.get(parent)) {
        Some(parent) => format!("{}.{own}", in_expression(&parent.name)),
        None => own,
    }
}

/// The entry of a file in the manifest: only what has to be said.
fn entry(table: &Table, inside: &[&Table]) -> String {
    // A name with `*`, `?` or `[` would stand for others.
    let file = match table.file.contains(['*', '?', '[']) {
        true => quoted(&glob::Pattern::escape(&table.file)),
        false => quoted(&table.file),
    };
    let mut keys = vec![format!("file = {file}")];
    let encoding = table.encoding.map(str::to_ascii_lowercase);
    let said = [("sheet", table.sheet.as_ref()), ("encoding", encoding.as_ref())];
    let said = said.into_iter().filter_map(|(key, said)| Some((key, said?)));
    keys.extend(said.map(|(key, said)| format!("{key} = {}", quoted(said))));
    let way = table.document.as_ref().map_or("", |document| &document.way);
    if !way.is_empty() {
        keys.push(format!("rows = {}", quoted(way)));
    }
    let rows: Vec<String> = table.layout.header.iter().map(|row| (row + 1).to_string()).collect();
    match rows.as_slice() {
        [] => keys.push("header = 0".to_owned()),
        [row] if row == "1" => {}
        [row] => keys.push(format!("header = {row}")),
        _ => keys.push(format!("header = [{}]", rows.join(", "))),
    }
    let parent = table.parent.map(|(_, column)| column);
    if table.is_positional {
        let width = table.columns.iter().map(|column| column.at + 1).max().unwrap_or(0);
        let mut names = vec![String::new(); width];
        for (number, column) in table.columns.iter().enumerate() {
            let is_read = column.kind != Kind::Ignored || parent == Some(number);
            if let Some(name) = names.get_mut(column.at).filter(|_| is_read) {
                name.clone_from(&column.name);
            }
        }
        keys.push(format!("headings = {}", listed(names.iter().map(String::as_str))));
    } else {
        let unsaid = table.fields().filter(|column| {
            heading(column)
                .is_some_and(|heading| further(column).is_none() && heading != column.name)
        });
        let said =
            unsaid.map(|column| format!("{} = {}", quoted(&column.heading), quoted(&column.name)));
        let pairs: Vec<String> = said.chain(table.pairs.iter().map(pair)).collect();
        if !pairs.is_empty() {
            keys.push(format!("headings = {{ {} }}", pairs.join(", ")));
        }
        let ignored_inside = inside.iter().flat_map(|table| &table.columns);
        let ignored_inside = ignored_inside.filter(|column| column.kind == Kind::Ignored);
        let refused = inside.iter().filter(|table| table.refused.is_some());
        let refused = refused.filter_map(|table| table.document.as_ref());
        let ignored = table
            .columns
            .iter()
            .enumerate()
            .filter(|(number, column)| column.kind == Kind::Ignored && parent != Some(*number))
            .filter(|(_, column)| !table.pairs.iter().any(|pair| pair.unit == column.heading));
        let ignored: BTreeSet<&str> = ignored
            .map(|(_, column)| column)
            .chain(ignored_inside)
            .map(|column| column.heading.as_str())
            .chain(refused.map(|document| document.way.as_str()))
            .collect();
        if !ignored.is_empty() {
            keys.push(format!("ignore = {}", listed(ignored.into_iter())));
        }
    }
    let filled = table.fields().filter(|column| column.is_filled).map(|column| &*column.name);
    let filled: Vec<&str> = filled.collect();
    if !filled.is_empty() {
        keys.push(format!("fill = {}", listed(filled.into_iter())));
    }
    let absent: BTreeSet<&str> =
        inside.iter().copied().chain([table]).flat_map(|table| table.absent()).collect();
    if !absent.is_empty() {
        keys.push(format!("absent = {}", listed(absent.into_iter())));
    }
    if table.layout.body.is_empty() {
        keys.push("empty = true".to_owned());
    }
    match keys.as_slice() {
        [_] => file,
        _ => format!("{{ {} }}", keys.join(", ")),
    }
}

/// A number and the column of its unit.
fn pair(pair: &Pair) -> String {
    let fields = listed(pair.fields.iter().map(String::as_str));
    let unit = quoted(&pair.unit);
    format!("{} = {{ value = {fields}, unit = {unit} }}", quoted(&pair.heading))
}

/// The heading of a column, where it is not just the name of the field.
fn heading(column: &Column) -> Option<&str> {
    let heading = column.heading.as_str();
    Some(heading).filter(|heading| !heading.is_empty() && *heading != column.name)
}

/// The heading of a column as a further heading of its field, where a text of the language can hold
/// it.
fn further(column: &Column) -> Option<String> {
    let heading = heading(column)?.replace(['\n', '\r'], "");
    let plain = !heading.contains(['”', '"', '“', '{', '}', '\\']) && heading != column.name;
    plain.then_some(heading)
}

/// The enums declared so far.
#[derive(Default)]
struct Enums {
    /// What their names end in.
    ending: &'static str,
    text: String,
    known: Vec<(String, Vec<Value>)>,
}

impl Enums {
    /// The name of an enum with these values; columns with the same values share one.
    fn name(&mut self, column: &Column, values: &[Value]) -> String {
        let called = |(_, known): &&(String, Vec<Value>)| known == values;
        if let Some((name, _)) = self.known.iter().find(called) {
            return declared(name);
        }
        let taken = |name: &String| self.known.iter().any(|(known, _)| known == name);
        let first = format!("{}{}", column.name, self.ending);
        let numbered = (2..).map(|number| format!("{first}{number}"));
        let name = std::iter::once(first.clone()).chain(numbered).find(|name| !taken(name));
        let name = name.unwrap_or_default();
        self.text.push_str(&format!("\n枚举 {} {{\n", declared(&name)));
        for value in values {
            let also = match value.also.is_empty() {
                true => String::new(),
                false => {
                    let also: Vec<String> =
                        value.also.iter().map(|word| format!("“{word}”")).collect();
                    format!(" 亦作 {}", also.join("、"))
                }
            };
            let alias = alias(value.alias.as_deref());
            self.text.push_str(&format!("  {}{alias}{also}\n", declared(&value.name)));
        }
        self.text.push_str("}\n");
        self.known.push((name.clone(), values.to_vec()));
        declared(&name)
    }
}

/// The type of a field as a vocabulary writes it.
fn typed(column: &Column, all: &[Table], enums: &mut Enums) -> String {
    match &column.kind {
        Kind::Plain(ty) => word(*ty).to_owned(),
        Kind::Enum(values) => enums.name(column, values),
        Kind::Reference(table) => {
            all.get(*table).map_or_else(|| "文本".to_owned(), |table| in_expression(&table.name))
        }
        Kind::List => "多个 文本".to_owned(),
        Kind::Ignored => "文本".to_owned(),
    }
}

/// The word for a type.
#[must_use]
pub fn word(ty: Type) -> &'static str {
    match ty {
        Type::Part(_) => word(ty.whole()),
        Type::Integer => "整数",
        Type::Decimal => "小数",
        Type::Money => "金额",
        Type::Percent => "百分比",
        Type::Boolean => "是否",
        Type::Date => "日期",
        Type::Instant => "时刻",
        Type::Workdays => "工作日",
        Type::Days => "日",
        Type::Months => "月",
        Type::Hours => "小时",
        Type::Minutes => "分钟",
        Type::Text | Type::Enum(_) | Type::Ref(_) | Type::List(_) => "文本",
    }
}

fn alias(alias: Option<&str>) -> String {
    alias.map_or_else(String::new, |alias| format!(" | {}", declared(alias)))
}

/// A text of TOML.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if letter.is_control() => {
                quoted.push_str(&format!("\\u{:04X}", u32::from(letter)));
            }
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

fn listed<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    format!("[{}]", texts.map(quoted).collect::<Vec<_>>().join(", "))
}
