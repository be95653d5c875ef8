//! What is known of what stands at a place.

use super::answer::{Hover, HoverPart, What};
use super::index::{Declaration, Id};
use super::view::View;
use super::word::{Of, Word};
use crate::builtin::{self, declare};
use crate::diagnostic::Bilingual;
use crate::engine::RowRef;
use crate::say;
use crate::schema::{Field, FieldId, Frame, FrameId, Names, Type};
use crate::syntax::keyword::Keyword;
use crate::syntax::tree::Language;
use crate::text::{Source, Span};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

/// How many values are shown.
const SHOWN: usize = 8;
/// How many rows are looked through for values.
const ROWS: usize = 50_000;

impl View {
    /// What is known of what stands at a byte: of a name its declaration, both names, type, the
    /// values met in the data and the comment above it; of a citation its words; of a keyword what
    /// it means and its form in the other language.
    #[must_use]
    pub fn hover(&self, path: &Path, offset: usize) -> Option<Hover> {
        let Some(module) = self.module(path) else {
            let found = self.outside_at(path, offset)?;
            return Some(Hover { span: found.location.span, parts: self.of_declaration(found.id) });
        };
        let word = self.word_at(module, offset)?;
        let parts = match word.of {
            Of::Declared(id, _) => self.of_declaration(id),
            Of::Keyword(keyword) => vec![HoverPart::Said(keyword_said(keyword))],
            Of::Builtin => self.of_builtin(module, &word),
            Of::Nothing if word.kind == What::Citation => {
                let found = self.provision(path, offset)?;
                vec![HoverPart::Provision(Box::new(found))]
            }
            Of::Nothing => Vec::new(),
        };
        (!parts.is_empty()).then_some(Hover { span: word.span, parts })
    }

    fn of_declaration(&self, id: Id) -> Vec<HoverPart> {
        let Some(declared) = self.index().get(id) else { return Vec::new() };
        let mut parts = vec![
            HoverPart::Policy(self.line_of(declared)),
            HoverPart::Said(self.kind_said(declared)),
        ];
        if let Some(said) = self.described(declared) {
            parts.push(HoverPart::Said(said));
        }
        if let Some(comment) = self.comment_above(declared.span) {
            parts.push(HoverPart::Comment(comment));
        }
        let (values, more) = self.values(declared);
        if !values.is_empty() {
            parts.push(HoverPart::Values(values, more));
        }
        parts
    }

    /// The first line of a declaration as it is written, both its names in it.
    fn line_of(&self, declared: &Declaration) -> Bilingual {
        let source = &self.policy().phrases.sources;
        let text = source.slice(declared.span);
        Bilingual::same(text.lines().next().unwrap_or("").trim_end().to_owned())
    }

    /// What it is, with both names and, of a field, its type.
    fn kind_said(&self, declared: &Declaration) -> Bilingual {
        let (zh, en) = kind_words(declared.kind);
        let names = declared.names.iter().map(|name| format!("`{}`", name.text));
        let names = names.collect::<Vec<_>>().join(" | ");
        let owner = declared.owner.and_then(|owner| self.index().get(owner));
        let Some(owner) = owner else { return say!("{zh} {names}", "{en} {names}") };
        let of = &owner.names.name.text;
        say!("`{of}` 的{zh} {names}", "{en} {names} of `{of}`")
    }

    /// The type of a field, a parameter or a definition.
    fn described(&self, declared: &Declaration) -> Option<Bilingual> {
        let (policy, span) = (self.policy(), declared.names.name.span);
        let ty = match declared.kind {
            What::Field => {
                let (frame, id) = self.field_at(span)?;
                let field = policy.schema().field(frame, id)?;
                return Some(self.field_said(field));
            }
            What::Parameter => policy.program.parameters.iter().find(|own| own.span == span)?.ty,
            What::Definition => {
                let own = policy.program.definitions.iter().find(|own| own.span == span)?;
                let frame = policy.schema().frame(own.frame)?;
                let (zh, en) = self.type_said(own.ty);
                let (of_zh, of_en) = (frame.names.zh(), frame.names.en());
                return Some(say!("`{of_zh}` 的每一行：{zh}", "for each row of `{of_en}`: {en}"));
            }
            What::Table => {
                let (_, frame) = self.frame_at(span)?;
                return self.table_said(frame);
            }
            _ => return None,
        };
        let (zh, en) = self.type_said(ty);
        Some(Bilingual::new(zh, en))
    }

    fn field_said(&self, field: &Field) -> Bilingual {
        let (mut zh, mut en) = self.type_said(field.ty);
        let more = [
            (field.key, "，主键", ", key"),
            (field.unique && !field.key, "，唯一", ", unique"),
            (field.optional, "，可缺", ", optional"),
            (field.ordering, "，为序", ", ordering"),
        ];
        for (_, own_zh, own_en) in more.into_iter().filter(|(is, ..)| *is) {
            zh.push_str(own_zh);
            en.push_str(own_en);
        }
        Bilingual::new(zh, en)
    }

    fn table_said(&self, frame: &Frame) -> Option<Bilingual> {
        let run = self.run();
        let (id, _) = run.schema().tables().find(|(_, own)| own.span == frame.span)?;
        let rows = run.len(id);
        Some(say!("数据里有 {rows} 行", "the data have {rows} rows"))
    }

    /// A type in both languages.
    pub(super) fn type_said(&self, ty: Type) -> (String, String) {
        let schema = self.policy().schema();
        let both = |names: &Names| (names.zh().to_owned(), names.en().to_owned());
        let of = |names: Option<&Names>| names.map(both).unwrap_or_default();
        match ty {
            Type::Enum(id) => of(schema.enumeration(id).map(|own| &own.names)),
            Type::Ref(id) => {
                let (zh, en) = of(schema.frame(id).map(|own| &own.names));
                (format!("引用 {zh}"), format!("a row of {en}"))
            }
            Type::List(_) => ("列表".to_owned(), "a list".to_owned()),
            plain => {
                let row = builtin::TYPES.iter().find(|(own, ..)| *own == plain.whole());
                row.map(|(_, zh, en)| ((*zh).to_owned(), (*en).to_owned())).unwrap_or_default()
            }
        }
    }

    /// The comment in the lines right above a declaration, without its signs.
    fn comment_above(&self, span: Span) -> Option<String> {
        let source = self.policy().phrases.sources.get(span.file)?;
        let text = source.text.get(above(source, span)?)?;
        let plain = |line: &str| Some(line.trim().strip_prefix(['#', '＃'])?.trim().to_owned());
        let lines: Vec<String> = text.lines().filter_map(plain).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// The frame declared at a place.
    pub(super) fn frame_at(&self, span: Span) -> Option<(FrameId, &Frame)> {
        let frames = (0..).map(FrameId).zip(&self.policy().schema().frames);
        frames.into_iter().find(|(_, frame)| frame.span == span)
    }

    /// The field declared at a place.
    pub(super) fn field_at(&self, span: Span) -> Option<(FrameId, FieldId)> {
        let frames = (0..).map(FrameId).zip(&self.policy().schema().frames);
        frames.into_iter().find_map(|(id, frame)| {
            let at = frame.fields.iter().position(|field| field.span == span)?;
            Some((id, FieldId(u32::try_from(at).ok()?)))
        })
    }

    /// The values that the data have in a field, the most frequent first; of a value of an enum, in
    /// which fields it stands how often.
    fn values(&self, declared: &Declaration) -> (Vec<(String, usize)>, usize) {
        let counts = match declared.kind {
            What::Field => self.field_at(declared.names.name.span).map(|at| self.counted(at)),
            What::Value => Some(self.of_value(declared)),
            _ => None,
        };
        let mut counts: Vec<(String, usize)> = counts.unwrap_or_default().into_iter().collect();
        counts.sort_by(|one, other| (other.1, &one.0).cmp(&(one.1, &other.0)));
        let more = counts.len().saturating_sub(SHOWN);
        counts.truncate(SHOWN);
        (counts, more)
    }

    fn counted(&self, (frame, field): (FrameId, FieldId)) -> BTreeMap<String, usize> {
        let run = self.run();
        let mut counts = BTreeMap::new();
        for row in 0..run.len(frame).min(ROWS) {
            if let Some(value) = run.show().field(frame, row, field) {
                *counts.entry(value.zh).or_insert(0) += 1;
            }
        }
        counts
    }

    /// In which fields a value of an enum stands, and how often.
    fn of_value(&self, declared: &Declaration) -> BTreeMap<String, usize> {
        let (run, name) = (self.run(), &declared.names.name.text);
        let owner = declared.owner.and_then(|owner| self.index().get(owner));
        let enumeration = owner.map(|owner| owner.names.name.span);
        let schema = run.schema();
        let mut counts = BTreeMap::new();
        for (id, frame) in (0..).map(FrameId).zip(&schema.frames) {
            for (field, own) in (0..).map(FieldId).zip(&frame.fields) {
                let Type::Enum(of) = own.ty else { continue };
                let span = schema.enumeration(of).map(|found| found.span);
                if span != enumeration {
                    continue;
                }
                let is = |row: &usize| {
                    let row = RowRef { frame: id, row: *row };
                    let value = run.show().field(row.frame, row.row, field);
                    value.is_some_and(|value| value.zh == *name || value.en == *name)
                };
                let count = (0..run.len(id).min(ROWS)).filter(is).count();
                if let Some((zh, _)) = schema.path(id, field).filter(|_| count > 0) {
                    counts.insert(zh, count);
                }
            }
        }
        counts
    }

    fn of_builtin(&self, module: usize, word: &Word) -> Vec<HoverPart> {
        let text = self.source(module).and_then(|source| source.text.get(word.span.clone()));
        let Some(text) = text else { return Vec::new() };
        let Some((zh, en)) = twin(text) else { return Vec::new() };
        let mut parts = vec![HoverPart::Policy(Bilingual::new(zh, en))];
        if let Some((zh, en)) = doc_of(text) {
            parts.push(HoverPart::Said(Bilingual::new(zh, en)));
        }
        parts
    }

    /// What is to be said of a word in one line.
    pub(super) fn said_of(&self, word: &Word) -> Bilingual {
        match word.of {
            Of::Declared(id, _) => {
                self.index().get(id).map_or_else(Bilingual::default, |own| self.kind_said(own))
            }
            Of::Keyword(keyword) => keyword_said(keyword),
            Of::Builtin | Of::Nothing => {
                let (zh, en) = kind_words(word.kind);
                Bilingual::new(zh, en)
            }
        }
    }
}

/// The comment lines right above a place; empty where there are none.
pub(super) fn above(source: &Source, span: Span) -> Option<Range<usize>> {
    let own = source.line_of(span.range().start);
    let mut line = own;
    while let Some(above) = line.checked_sub(1) {
        let text = source.text.get(source.line_range(above))?;
        if !text.trim_start().starts_with(['#', '＃']) {
            break;
        }
        line = above;
    }
    Some(source.line_range(line).start..source.line_range(own).start)
}

/// A built-in word in both languages.
fn twin(name: &str) -> Option<(&'static str, &'static str)> {
    let citations = builtin::citation::words();
    builtin::words().chain(citations).find(|(zh, en)| [*zh, *en].contains(&name))
}

/// What a function or a form does.
pub(super) fn doc_of(name: &str) -> Option<(&'static str, &'static str)> {
    let function = builtin::function(name).map(|found| found.0.doc);
    let template = || declare::template(name).map(|found| found.doc);
    let across = || {
        let mut forms = builtin::ACROSS.iter();
        forms.find(|(_, zh, en, _)| [*zh, *en].contains(&name)).map(|(.., usage)| *usage)
    };
    function.or_else(template).or_else(across)
}

/// What a keyword is for, with its word in each language.
pub(super) fn keyword_said(keyword: &Keyword) -> Bilingual {
    let word = |language| keyword.words(language).first().copied().unwrap_or("");
    let (zh, en) = (word(Language::Chinese), word(Language::English));
    let meant = super::meaning::meaning(zh, en);
    let pair = [zh, en].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" | ");
    match meant {
        Some((own_zh, own_en)) => say!("`{pair}`：{own_zh}", "`{pair}`: {own_en}"),
        None => say!("`{pair}`", "`{pair}`"),
    }
}

/// What kinds of things are called.
pub(super) fn kind_words(kind: What) -> (&'static str, &'static str) {
    match kind {
        What::Keyword => ("关键词", "keyword"),
        What::Modal => ("情态词", "modal"),
        What::Policy => ("政策或词汇", "policy or vocabulary"),
        What::Table => ("表", "table"),
        What::Field => ("字段", "field"),
        What::Enum => ("枚举", "enum"),
        What::Value => ("取值", "value"),
        What::Type => ("类型", "type"),
        What::Parameter => ("参数", "parameter"),
        What::Definition => ("定义", "definition"),
        What::Function => ("函数", "function"),
        What::Article => ("条", "article"),
        What::Decision => ("裁定", "decision"),
        What::Measure => ("指标", "measure"),
        What::Process => ("流程", "process"),
        What::Number => ("数", "number"),
        What::Date => ("日期", "date"),
        What::Text => ("文本", "text"),
        What::Citation => ("引据", "citation"),
        What::Comment => ("注释", "comment"),
        What::Sign => ("标点", "sign"),
        What::Case => ("案例", "case"),
        What::Key => ("键", "key"),
        What::Other => ("词", "word"),
    }
}
