//! Remedies as changes of the text, each tried before it is offered: with it there are fewer
//! mistakes.

use super::answer::{Edit, Fix};
use super::index::Id;
use super::view::View;
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::engine::Remedy;
use crate::place::At;
use crate::say;
use crate::syntax::tree::{ItemKind, Language};
use crate::syntax::word;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// How many mistakes at one place are looked at.
const MISTAKES: usize = 6;

/// What is warned of and has texts that take the place of all of it.
const WARNED: &[&str] = &["paused_conditions"];

/// What is to be tried.
struct Proposed {
    title: Bilingual,
    edits: Vec<Edit>,
}

impl View {
    /// The remedies of the mistakes that touch a range, each tried: with it fewer are left.
    #[must_use]
    pub fn fixes(&self, path: &Path, range: Range<usize>) -> Vec<Fix> {
        let is_error = |one: &&Diagnostic| one.severity == Severity::Error;
        let before: Vec<&Diagnostic> = self.stated().iter().filter(is_error).collect();
        let touching = self.stated().iter().filter_map(|found| {
            let place = &found.labels.first()?.place;
            let at = self.locate(place).filter(|at| self.is_same(&at.path, path))?;
            let touches = at.span.start <= range.end && range.start <= at.span.end;
            let mends = found.severity == Severity::Error || WARNED.contains(&found.code);
            (touches && mends && matches!(place.at, At::Text { .. })).then_some((found, at.span))
        });
        let mut fixes: Vec<Fix> = Vec::new();
        for (found, span) in touching.take(MISTAKES) {
            for Proposed { title, edits } in self.proposed(path, found, &span) {
                let is_known = fixes.iter().any(|fix| fix.edits == edits);
                if is_known || !self.helps(&edits, &before, found) {
                    continue;
                }
                fixes.push(Fix { title, edits, code: found.code, span: span.clone() });
            }
        }
        fixes
    }

    /// Whether with these edits there are fewer mistakes, and none of a kind that there was not.
    fn helps(&self, edits: &[Edit], before: &[&Diagnostic], found: &Diagnostic) -> bool {
        let Some(texts) = self.edited(edits) else { return false };
        let after = self.mistakes_with(&texts);
        let kinds: BTreeSet<&str> = before.iter().map(|one| one.code).collect();
        let fewer = match found.severity {
            Severity::Error => after.len() < before.len(),
            // What is only warned of is not counted: it says itself what is written instead.
            Severity::Warning => after.len() <= before.len(),
        };
        fewer && after.iter().all(|one| kinds.contains(one.code))
    }

    /// The texts that edits make.
    pub(super) fn edited(&self, edits: &[Edit]) -> Option<BTreeMap<PathBuf, String>> {
        let mut sorted: Vec<&Edit> = edits.iter().collect();
        sorted.sort();
        let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
        // From the end, so that the places before stay what they are.
        for edit in sorted.into_iter().rev() {
            if !texts.contains_key(&edit.path) {
                let text = self.read(&edit.path).map_or_else(String::new, |text| text.to_string());
                texts.insert(edit.path.clone(), text);
            }
            let text = texts.get_mut(&edit.path)?;
            text.get(edit.span.range())?;
            text.replace_range(edit.span.range(), &edit.text);
        }
        Some(texts)
    }

    /// What may mend a mistake.
    fn proposed(&self, path: &Path, found: &Diagnostic, span: &Range<usize>) -> Vec<Proposed> {
        let Some(module) = self.module(path) else { return Vec::new() };
        let Some(source) = self.source(module) else { return Vec::new() };
        let language = self.language(module);
        let edit = |at: Range<usize>, text: &str| {
            vec![Edit { path: path.to_owned(), span: at.into(), text: text.to_owned() }]
        };
        let mut proposed: Vec<Proposed> = Vec::new();
        let name = source.text.get(span.clone()).unwrap_or("");
        for id in self.out_of_sight(module, name) {
            if let Some((own, edits)) = self.use_of(module, id) {
                let title = say!("加上 `使用 {own}`", "add `use {own}`");
                proposed.push(Proposed { title, edits });
            }
        }
        for remedy in Remedy::all(found, source, language) {
            let text = &remedy.text;
            let title = say!("改作 `{text}`", "change to `{text}`");
            proposed.push(Proposed { title, edits: edit(remedy.at, text) });
        }
        let deleted =
            ["invisible_character", "needless_modifier", "unopened_bracket", "repeated_entry"];
        if deleted.contains(&found.code) {
            let blank = source.text.get(..span.start).unwrap_or("").ends_with([' ', '\u{3000}']);
            let title = say!("删去", "delete");
            let wide = edit(span.start - usize::from(blank)..span.end, "");
            let narrow = edit(span.clone(), "");
            proposed.push(Proposed { title: title.clone(), edits: wide });
            proposed.push(Proposed { title, edits: narrow });
        }
        let mixed = mixed(found, &source.text, span);
        // A mark of the other pair is what was meant to close it.
        let open = if mixed.is_empty() { closing(found, &source.text, span) } else { Vec::new() };
        for (at, text) in mixed {
            let title = say!("改作 `{text}`", "change to `{text}`");
            proposed.push(Proposed { title, edits: edit(at, text) });
        }
        for (at, text) in open {
            let title = say!("补上 `{text}`", "add `{text}`");
            proposed.push(Proposed { title, edits: edit(at..at, &text) });
        }
        proposed
    }

    /// The language that a policy is written in.
    pub(super) fn language(&self, module: usize) -> Language {
        let file = self.policy().phrases.files.get(module);
        file.map_or(Language::Chinese, |file| file.language)
    }

    /// The declarations of a name that a policy does not see.
    pub(super) fn out_of_sight(&self, module: usize, name: &str) -> Vec<Id> {
        let name = name.split('.').next().unwrap_or(name).trim_matches(['「', '」']);
        let seen = self.seen(module);
        let declarations = self.index().declarations.iter().enumerate();
        let own = declarations.filter(|(_, own)| {
            own.owner.is_none()
                && !seen.contains(&(own.span.file.0 as usize))
                && own.names.iter().any(|own| own.text == name)
        });
        own.map(|(id, _)| id).collect()
    }

    /// The policies whose names a policy sees, its own among them.
    pub(super) fn seen(&self, module: usize) -> Vec<usize> {
        let project = self.project().clone();
        let path = PathBuf::new();
        crate::workspace::Member { project, module, path }.uses().into_iter().collect()
    }

    /// The 使用 that brings a declaration into sight: the name of its file, and the edit.
    pub(super) fn use_of(&self, module: usize, id: Id) -> Option<(String, Vec<Edit>)> {
        let declared = self.index().get(id)?;
        let of = self.policy().program.modules.get(declared.span.file.0 as usize)?;
        let language = self.language(module);
        let name = language.called(&of.names);
        let file = self.policy().phrases.files.get(module)?;
        let uses = file.items.iter().rev().find_map(|item| match &item.kind {
            ItemKind::Use(names) => names.last(),
            _ => None,
        });
        let written = word::declared(name);
        let (at, text) = match (uses, language) {
            (Some(last), Language::Chinese) => (last.span.range().end, format!("、{written}")),
            (Some(last), Language::English) => (last.span.range().end, format!(", {written}")),
            (None, language) => {
                let header =
                    file.items.iter().find(|item| matches!(item.kind, ItemKind::Header(_)));
                let source = self.source(module)?;
                let end = header.map_or(0, |item| {
                    let text = source.slice(item.span).trim_end();
                    item.span.range().start + text.len()
                });
                let word = if language == Language::Chinese { "使用" } else { "use" };
                match header {
                    Some(_) => (end, format!("\n\n{word} {written}")),
                    None => (end, format!("{word} {written}\n\n")),
                }
            }
        };
        let path = self.project().paths.get(module)?.clone();
        Some((name.to_owned(), vec![Edit { path, span: (at..at).into(), text }]))
    }
}

/// The marks behind an opening quotation mark, from the end of its line, that close one of the other
/// pair and open none, and what closes it.
fn mixed(found: &Diagnostic, text: &str, span: &Range<usize>) -> Vec<(Range<usize>, &'static str)> {
    let opened = text.get(span.clone()).and_then(|own| own.chars().next());
    let line = text.get(span.end..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let count = |mark: char| line.matches(mark).count();
    let (other, close) = match (found.code, opened) {
        ("unclosed_text", Some('"')) if count('”') > count('“') => ('”', "\""),
        ("unclosed_text", Some('“')) if count('"') % 2 == 1 => ('"', "”"),
        _ => return Vec::new(),
    };
    let all = line.rmatch_indices(other);
    all.map(|(at, own)| (span.end + at..span.end + at + own.len(), close)).collect()
}

/// What closes what is open: a quotation mark at the end of its line, a bracket at the end of the
/// line or of what follows.
fn closing(found: &Diagnostic, text: &str, span: &Range<usize>) -> Vec<(usize, String)> {
    let rest = text.get(span.start..).unwrap_or("");
    let line = span.start + rest.find('\n').unwrap_or(rest.len());
    let trimmed = |end: usize| text.get(..end).map_or(end, |head| head.trim_end().len());
    let opened = text.get(span.clone()).and_then(|own| own.chars().next());
    let close = match (found.code, opened) {
        ("unclosed_text", Some('“')) => "”",
        ("unclosed_text", Some('《')) => "》",
        ("unclosed_text", Some('「')) => "」",
        ("unclosed_text", _) => "\"",
        ("unclosed_bracket", Some('{')) => "}",
        ("unclosed_bracket", Some('(')) => ")",
        ("unclosed_bracket", Some('（')) => "）",
        ("unclosed_bracket", Some('[')) => "]",
        ("unclosed_bracket", Some('「')) => "」",
        _ => return Vec::new(),
    };
    let end = trimmed(line);
    let stop =
        text.get(..end).unwrap_or("").trim_end_matches(['。', '.', '；', ';', '，', ',']).len();
    let mut places = vec![stop, end];
    if close == "}" {
        // Before the next declaration: behind the last line that stands further in.
        let mut at = line;
        while let Some(next) = text.get(at + 1..).filter(|next| next.starts_with([' ', '\t'])) {
            at += 1 + next.find('\n').unwrap_or(next.len());
        }
        let end = trimmed(at.min(text.len()));
        return vec![(end, "\n}".to_owned()), (end, " }".to_owned())];
    }
    places.dedup();
    places.into_iter().map(|at| (at, close.to_owned())).collect()
}
