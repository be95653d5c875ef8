//! The policies in words: parts of them as the formatter writes them in either language.

use crate::diagnostic::Bilingual;
use crate::schema::Names;
use crate::syntax::format::{self, Style};
use crate::syntax::parse;
use crate::syntax::tree::{self, File, Language, Name};
use crate::text::{Sources, Span};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

/// Renders parts of policies in both languages.
///
/// # Examples
///
/// ```
/// use fanshi::{FileId, Options, Project, Span};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let text = &policy.phrases.sources.get(FileId(0)).unwrap().text;
/// let start = text.find("pages < 10").unwrap();
/// let phrase = policy.phrases.phrase(Span::new(FileId(0), start, start + "pages < 10".len()));
/// assert_eq!(phrase.zh, "页 < 10");
/// ```
#[derive(Debug)]
pub struct Phrases {
    /// The policies' texts.
    pub sources: Arc<Sources>,
    /// Their trees.
    pub files: Arc<Vec<File>>,
    /// What each name occurrence refers to.
    pub names: BTreeMap<Span, Names>,
    /// What was written before: a thousand findings quote a few clauses.
    written: Mutex<HashMap<Span, Bilingual>>,
}

impl Phrases {
    /// Nothing written yet.
    #[must_use]
    pub fn new(sources: Arc<Sources>, files: Arc<Vec<File>>, names: BTreeMap<Span, Names>) -> Self {
        Self { sources, files, names, written: Mutex::default() }
    }

    /// A clause or an expression, as the formatter writes it in each language.
    #[must_use]
    pub fn phrase(&self, span: Span) -> Bilingual {
        if let Ok(written) = self.written.lock()
            && let Some(known) = written.get(&span)
        {
            return known.clone();
        }
        let write = |language| {
            self.written(span, language).unwrap_or_else(|| self.sources.slice(span).to_owned())
        };
        let phrase = Bilingual { zh: write(Language::Chinese), en: write(Language::English) };
        if let Ok(mut written) = self.written.lock() {
            written.insert(span, phrase.clone());
        }
        phrase
    }

    /// A line of an article in both languages, on one line.
    #[must_use]
    pub fn part(&self, part: &tree::Part) -> Bilingual {
        let write = |language| {
            let rename = |name: &Name| self.called(name, language);
            let written = self
                .sources
                .get(part.span.file)
                .map(|source| format::part(part, source, Style { language, rename: &rename }));
            let written = written.unwrap_or_default();
            written.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        Bilingual { zh: write(Language::Chinese), en: write(Language::English) }
    }

    fn called(&self, name: &Name, language: Language) -> Option<String> {
        Some(language.called(self.names.get(&name.span)?).to_owned())
    }

    fn written(&self, span: Span, language: Language) -> Option<String> {
        let source = self.sources.get(span.file)?;
        let rename = |name: &Name| self.called(name, language);
        let style = Style { language, rename: &rename };
        if let Some(clause) = self.clause(span) {
            return Some(format::clause(clause, source, style));
        }
        // Where words are written together, the file was read otherwise than the place alone.
        if let Some(expr) = self.expression(span) {
            return Some(format::expression(expr, source, style));
        }
        let expr = parse::expression(span.file, source, span.range()).ok()?;
        Some(format::expression(&expr, source, style))
    }

    /// A value that is read in another row with the way there, as it is written: `许可.检查员`; any
    /// other as [`Self::phrase`].
    #[must_use]
    pub fn path(&self, span: Span) -> Bilingual {
        let whole = self
            .item(span)
            .and_then(|item| item.expressions().into_iter().find_map(|expr| expr.reading(span)));
        self.phrase(whole.map_or(span, |expr| expr.span))
    }

    /// The declaration that a place lies in.
    fn item(&self, span: Span) -> Option<&tree::Item> {
        let file = self.files.iter().find(|file| file.file == span.file)?;
        let holds = |own: Span| own.start <= span.start && span.end <= own.end;
        file.items.iter().find(|item| holds(item.span))
    }

    /// The expression at a place.
    fn expression(&self, span: Span) -> Option<&tree::Expr> {
        self.item(span)?.expressions().into_iter().find_map(|expr| expr.at(span))
    }

    /// The modal clause at a place.
    fn clause(&self, span: Span) -> Option<&tree::Clause> {
        let file = self.files.iter().find(|file| file.file == span.file)?;
        let articles = file.items.iter().filter_map(|item| match &item.kind {
            tree::ItemKind::Article(article) => Some(article),
            _ => None,
        });
        let sentences =
            articles.flat_map(|article| &article.parts).filter_map(|part| match &part.kind {
                tree::PartKind::Sentence(sentence) => Some(sentence),
                _ => None,
            });
        sentences.map(|sentence| &sentence.clause).find(|clause| clause.span == span)
    }
}
