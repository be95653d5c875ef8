//! A file as an outline: what it declares, what folds, its words with what each is, its links.

use super::answer::{Link, Location, Symbol, Token, What};
use super::case::is_cases;
use super::provision::cites;
use super::view::View;
use super::word::{Of, Word};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::say;
use crate::syntax::format::{Style, reformat_checked};
use crate::syntax::tree::{Article, Citation, FieldDecl, Item, ItemKind, Names, TypeExpr};
use crate::text::Span;
use std::ops::Range;
use std::path::Path;
use toml::de::{DeTable, DeValue};

impl View {
    /// What a file declares: a policy, or the cases of one.
    #[must_use]
    pub fn symbols(&self, path: &Path) -> Vec<Symbol> {
        if is_cases(path) {
            return self.case_symbols(path);
        }
        let file = self.module(path).and_then(|module| self.policy().phrases.files.get(module));
        file.into_iter().flat_map(|file| &file.items).filter_map(|item| self.symbol(item)).collect()
    }

    fn symbol(&self, item: &Item) -> Option<Symbol> {
        let text = |span: Span| self.policy().phrases.sources.slice(span).to_owned();
        let (kind, names, children) = match &item.kind {
            ItemKind::Header(found) => (What::Policy, &found.names, Vec::new()),
            ItemKind::Enum(found) => {
                let value = |own: &crate::syntax::tree::EnumValue| {
                    symbol(What::Value, &own.names, own.span, Vec::new())
                };
                (What::Enum, &found.names, found.values.iter().map(value).collect())
            }
            ItemKind::Table(found) => (What::Table, &found.names, fields(&found.fields)),
            ItemKind::Calendar(found) => (What::Other, &found.names, Vec::new()),
            ItemKind::Parameter(found) => (What::Parameter, &found.names, Vec::new()),
            ItemKind::Definition(found) => (What::Definition, &found.names, Vec::new()),
            ItemKind::Process(found) => (What::Process, &found.names, Vec::new()),
            ItemKind::Measure(found) => (What::Measure, &found.names, Vec::new()),
            ItemKind::Article(found) => {
                let own = symbol(What::Article, &found.names, item.span, Vec::new());
                let name = match found.is_named() {
                    true => format!("{} {}", text(found.number_span), own.name),
                    false => text(found.number_span),
                };
                let selection = found.number_span.to(found.names.name.span).range();
                return Some(Symbol { name, selection, ..own });
            }
            ItemKind::Decision(found) => {
                let (span, selection) = (item.span.range(), found.field.span.range());
                let (name, detail) = (text(found.field.span), String::new());
                let (kind, children) = (What::Decision, Vec::new());
                return Some(Symbol { name, detail, kind, span, selection, children });
            }
            ItemKind::Division(found) => {
                let (span, name) = (item.span.range(), text(item.span).trim().to_owned());
                let (detail, selection) = (found.title.clone(), span.clone());
                let (kind, children) = (What::Other, Vec::new());
                return Some(Symbol { name, detail, kind, span, selection, children });
            }
            ItemKind::Use(_) => return None,
        };
        Some(symbol(kind, names, item.span, children))
    }

    fn case_symbols(&self, path: &Path) -> Vec<Symbol> {
        let Some(text) = self.read(path) else { return Vec::new() };
        let (root, _) = DeTable::parse_recoverable(&text);
        let Some(DeValue::Array(cases)) = root.get_ref().get("case").map(|own| own.get_ref())
        else {
            return Vec::new();
        };
        let symbol = |value: &toml::Spanned<DeValue<'_>>| {
            let name = value.get_ref().as_table()?.get("name")?;
            let span = value.span().start..value.span().end.max(name.span().end);
            Some(Symbol {
                name: name.get_ref().as_str()?.to_owned(),
                detail: String::new(),
                kind: What::Case,
                span,
                selection: name.span(),
                children: Vec::new(),
            })
        };
        cases.iter().filter_map(symbol).collect()
    }

    /// The parts of a file that may be folded: declarations of more than a line, and runs of
    /// comments.
    #[must_use]
    pub fn folds(&self, path: &Path) -> Vec<Range<usize>> {
        let Some(module) = self.module(path) else { return Vec::new() };
        let Some(source) = self.source(module) else { return Vec::new() };
        let Some(file) = self.policy().phrases.files.get(module) else { return Vec::new() };
        let lines = |range: &Range<usize>| {
            source.line_of(range.end.max(1) - 1).saturating_sub(source.line_of(range.start))
        };
        let trimmed = |span: Span| {
            let text = source.slice(span).trim_end();
            span.range().start..span.range().start + text.len()
        };
        let mut folds: Vec<Range<usize>> =
            file.items.iter().map(|item| trimmed(item.span)).collect();
        let mut run: Option<Range<usize>> = None;
        for comment in file.comments.iter().map(|comment| comment.range()) {
            let follows = run.as_ref().is_some_and(|run| {
                source.line_of(comment.start) == source.line_of(run.start) + lines(run) + 1
            });
            match &mut run {
                Some(run) if follows => run.end = comment.end,
                _ => folds.extend(run.replace(comment)),
            }
        }
        folds.extend(run);
        folds.retain(|fold| lines(fold) > 0);
        folds.sort_by_key(|fold| (fold.start, fold.end));
        folds
    }

    /// The words of a policy with what each is, in order; signs are left out.
    #[must_use]
    pub fn tokens(&self, path: &Path) -> Vec<Token> {
        let Some(module) = self.module(path) else { return Vec::new() };
        let length = self.source(module).map_or(0, |source| source.text.len());
        let token = |Word { span, kind, of }: Word| Token {
            span,
            kind,
            declares: matches!(of, Of::Declared(_, true)),
        };
        let words = self.words(module, 0..length).into_iter();
        words.filter(|word| !matches!(word.kind, What::Sign | What::Other)).map(token).collect()
    }

    /// Citations, and files that a manifest names.
    #[must_use]
    pub fn links(&self, path: &Path) -> Vec<Link> {
        if self.manifest().is_some_and(|manifest| self.is_same(&manifest, path)) {
            return self.file_links();
        }
        let link = |cite: &Citation| Link {
            span: cite.span.range(),
            to: self.leads_to(cite),
            said: Bilingual::same(cite.text.clone()),
        };
        self.citations(path).map(link).collect()
    }

    /// The citations of a policy.
    pub(super) fn citations(&self, path: &Path) -> impl Iterator<Item = &Citation> {
        let file = self.module(path).and_then(|module| self.policy().phrases.files.get(module));
        let articles = file.into_iter().flat_map(|file| &file.items).filter_map(article);
        articles.flat_map(|article| &article.parts).filter_map(cites).flatten()
    }

    /// Where the words of a citation stand.
    pub(super) fn leads_to(&self, cite: &Citation) -> Option<Location> {
        self.cited(&cite.title, &cite.place)?.whence
    }

    fn file_links(&self) -> Vec<Link> {
        let manifest = &self.project().manifest;
        let policies = manifest.policies.iter().map(|own| (own.file.clone(), own.span.clone()));
        let data = manifest.data.iter().map(|own| (own.file.clone(), own.span.clone()));
        let texts = manifest.texts.iter().flat_map(|own| own.files.iter().cloned());
        let link = |(file, span): (String, Range<usize>)| {
            let found = self.fitting(&file);
            let first = found.first()?.clone();
            let said = match found.len() {
                1 => Bilingual::same(file),
                count => say!("{file}：{count} 个文件", "{file}: {count} files"),
            };
            let to = Location { path: first, span: 0..0, cell: None };
            Some(Link { span, to: Some(to), said })
        };
        policies
            .chain(data)
            .chain(texts)
            .filter(|(file, _)| !file.is_empty())
            .filter_map(link)
            .collect()
    }

    /// A policy as the formatter writes it; `None` where it is so written, or is no policy.
    ///
    /// # Errors
    /// Where it has mistakes of syntax: the first of them.
    pub fn format(&self, path: &Path) -> Result<Option<String>, Box<Diagnostic>> {
        let Some(module) = self.module(path) else { return Ok(None) };
        let Some(source) = self.source(module) else { return Ok(None) };
        let (file, errors) = crate::syntax::parse::parse(
            crate::text::FileId(u32::try_from(module).unwrap_or(u32::MAX)),
            source,
        );
        let divided = self.policy().phrases.files.get(module);
        let wrong = self.project().diagnostics.iter().find(|found| {
            found.severity == crate::diagnostic::Severity::Error
                && found.labels.first().is_some_and(|label| label.place.file == source.name)
        });
        if let Some(wrong) = wrong {
            return Err(Box::new(wrong.clone()));
        }
        // Words written together are read by the names that are declared.
        let file = match (errors.is_empty(), divided) {
            (false, Some(divided)) => divided,
            _ => &file,
        };
        let written = reformat_checked(file, source, Style::plain(file.language))?;
        Ok((*written != *source.text).then_some(written))
    }
}

fn article(item: &Item) -> Option<&Article> {
    match &item.kind {
        ItemKind::Article(article) => Some(article),
        _ => None,
    }
}

fn symbol(kind: What, names: &Names, span: Span, children: Vec<Symbol>) -> Symbol {
    Symbol {
        name: names.name.text.clone(),
        detail: names.alias.as_ref().map(|alias| alias.text.clone()).unwrap_or_default(),
        kind,
        span: span.range(),
        selection: names.name.span.range(),
        children,
    }
}

fn fields(fields: &[FieldDecl]) -> Vec<Symbol> {
    let field = |own: &FieldDecl| {
        let inner = match &own.ty {
            TypeExpr::Record(inner) => self::fields(inner),
            TypeExpr::Name(_) | TypeExpr::Many(_) => Vec::new(),
        };
        symbol(What::Field, &own.names, own.span, inner)
    };
    fields.iter().map(field).collect()
}
