//! Policies whose words are written together: of the ways to divide a sentence that the grammar
//! reads, the one that names and types allow.
//!
//! A sentence is read only where there is exactly one. Where there are more, that is a mistake that
//! shows them all, and nothing is judged by the sentence.

use crate::analysis::{self, Settings};
use crate::builtin;
use crate::diagnostic::Severity;
use crate::place::{At, Place};
use crate::say;
use crate::syntax::division::{Passage, Wrong, passages};
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::parse::{self, Cut};
use crate::syntax::tree::{File, ItemKind, Part};
use crate::syntax::vocabulary::{Words, lost};
use crate::text::{FileId, Source, Sources, Span};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// How many readings of a project are tried against names and types.
const TRIED: usize = 400;

/// A file that reads otherwise than word by word.
#[derive(Clone, Debug)]
pub struct Divided {
    /// Which.
    pub file: FileId,
    /// What is wrong with it.
    pub errors: Vec<SyntaxError>,
}

/// Reads files again in which words are written together; those it says.
pub fn divide(sources: &Sources, files: &mut [File]) -> Vec<Divided> {
    divide_kept(sources, files, None)
}

/// The same, where a file that was read before among the same names is not read again.
pub fn divide_kept(
    sources: &Sources,
    files: &mut [File],
    kept: Option<&Divisions>,
) -> Vec<Divided> {
    let scopes = scopes(sources, files);
    let own: Vec<Words> = files.iter().map(|file| declared(sources, file)).collect();
    let kept = kept.map(|kept| (kept, kept.among(&own, &scopes)));
    let before = |at: usize, id: FileId, source: &Source| {
        let found = kept.as_ref()?.1.get(&(at, id))?;
        found.iter().find(|(text, _)| *text == source.text).map(|(_, read)| read.clone())
    };
    let numbered = || sources.iter().enumerate();
    let known: Vec<Option<Option<Sure>>> =
        numbered().map(|(at, (id, source))| before(at, id, source)).collect();
    let is_new = |at: usize| known.get(at).is_none_or(Option::is_none);
    let every: BTreeSet<usize> = (0..files.len()).collect();
    let all = words(sources, files, &every);
    let open = scopes.iter().enumerate().filter(|(at, scope)| **scope != every && is_new(*at));
    let narrow: BTreeSet<&BTreeSet<usize>> = open.map(|(_, scope)| scope).collect();
    let narrow: BTreeMap<&BTreeSet<usize>, Words> =
        narrow.into_iter().map(|scope| (scope, words(sources, files, scope))).collect();
    let divided = |(at, (id, source)): (usize, (FileId, &Source))| {
        if let Some(Some(read)) = known.get(at) {
            let (file, divided) = (**read.as_ref()?).clone();
            return Some((at, file, divided, Vec::new(), Vec::new(), Vec::new()));
        }
        let passages = match scopes.get(at).and_then(|scope| narrow.get(scope)) {
            Some(own) => passages(source, own, Some(&all)),
            None => passages(source, &all, None),
        };
        if passages.is_empty() {
            return None;
        }
        let (sure, unsure): (Vec<Passage>, Vec<Passage>) =
            passages.into_iter().partition(|it| it.ways.len() == 1 && it.wrong.is_none());
        let cuts: Vec<Cut> = sure.iter().flat_map(|passage| passage.ways.concat()).collect();
        let (file, mut errors) = parse::divided(id, source, &cuts);
        let lost: Vec<Passage> = sure.into_iter().filter(|it| it.scattered.is_some()).collect();
        scatter(&mut errors, &lost, source, id);
        Some((at, file, Divided { file: id, errors }, unsure, cuts, lost))
    };
    let read: Vec<Found> =
        numbered().collect::<Vec<_>>().into_par_iter().filter_map(divided).collect();
    if let Some((kept, _)) = kept {
        let new = numbered().filter(|(at, _)| is_new(*at));
        new.for_each(|(at, (id, source))| kept.keep((at, id), source, &read));
    }
    let mut found = Vec::new();
    let mut open = Vec::new();
    for (at, file, divided, unsure, cuts, lost) in read {
        if let Some(place) = files.get_mut(at) {
            *place = file;
        }
        found.push(divided);
        if !unsure.is_empty() {
            open.push((at, unsure, cuts, lost));
        }
    }
    let mut tried = 0;
    for (at, passages, cuts, lost) in open {
        let mut choice =
            Choice { sources, files, at, cuts, refused: Vec::new(), given_up: Vec::new() };
        for passage in &passages {
            tried += passage.ways.len();
            choice.choose(passage, tried <= TRIED);
        }
        if let Some((id, mut errors)) = choice.done() {
            if let Some(source) = sources.get(id) {
                scatter(&mut errors, &lost, source, id);
            }
            found.retain(|one: &Divided| one.file != id);
            found.push(Divided { file: id, errors });
        }
    }
    found.sort_by_key(|one| one.file);
    found
}

/// Says of sentences in which words are written together, and which are not read, what nothing
/// declares in them.
fn scatter(errors: &mut Vec<SyntaxError>, lost: &[Passage], source: &Source, id: FileId) {
    for passage in lost {
        let Some((words, reading)) = &passage.scattered else { continue };
        let text = source.text.get(passage.range.clone()).unwrap_or("").trim_end();
        let span = Span::new(id, passage.range.start, passage.range.start + text.len());
        let is_glued = |error: &SyntaxError| {
            matches!(error.kind, ErrorKind::Glued(..))
                && passage.range.contains(&(error.span.start as usize))
        };
        let Some(first) = errors.iter_mut().find(|error| is_glued(error)) else { continue };
        let kind = ErrorKind::Scattered(words.clone(), reading.clone());
        *first = SyntaxError { span, kind };
        errors.retain(|error| !is_glued(error));
    }
}

/// For each file the files whose names it sees: its own, and of those it uses, directly or not.
fn scopes(sources: &Sources, files: &[File]) -> Vec<BTreeSet<usize>> {
    let called = |file: &File, name: &str| match file.header() {
        Some(header) => header.names.iter().any(|own| own.text == name),
        None => sources.get(file.file).is_some_and(|source| source.stem() == name),
    };
    let target = |name: &str| files.iter().position(|file| called(file, name));
    let uses = |file: &File| -> Vec<usize> {
        let names = file.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Use(names) => Some(names),
            _ => None,
        });
        names.flatten().filter_map(|name| target(&name.text)).collect()
    };
    let uses: Vec<Vec<usize>> = files.iter().map(uses).collect();
    let scope = |at: usize| {
        let (mut seen, mut open) = (BTreeSet::from([at]), vec![at]);
        while let Some(next) = open.pop().and_then(|at| uses.get(at)) {
            open.extend(next.iter().copied().filter(|target| seen.insert(*target)));
        }
        seen
    };
    (0..files.len()).map(scope).collect()
}

/// The names that a file declares.
fn declared(sources: &Sources, file: &File) -> Words {
    let mut words = Words::default();
    declare(sources, file, &mut words);
    words
}

fn declare(sources: &Sources, file: &File, words: &mut Words) {
    words.declared(file);
    // What would be declared is not undeclared for a reason of its own.
    let text = sources.get(file.file).map_or("", |source| &source.text);
    lost(text, file).iter().for_each(|name| words.add(name));
}

/// The words that sentences are made of where these files are seen.
fn words(sources: &Sources, files: &[File], scope: &BTreeSet<usize>) -> Words {
    let mut words = Words::default();
    builtin::words().for_each(|(zh, _)| words.add(zh));
    builtin::citation::words().for_each(|(zh, _)| words.add(zh));
    let seen = scope.iter().filter_map(|at| files.get(*at));
    seen.for_each(|file| declare(sources, file, &mut words));
    words
}

/// A file that was read: where it stands, its tree, what is wrong with it, the passages that can be
/// divided in several ways, where it is divided, and what of it is not read.
type Found = (usize, File, Divided, Vec<Passage>, Vec<Cut>, Vec<Passage>);

/// A file that is divided in one way, and what is wrong with it.
type Sure = Arc<(File, Divided)>;

/// What was read of each file, by its text; nothing where no words are written together in it.
type Read = BTreeMap<(usize, FileId), Vec<(Arc<str>, Option<Sure>)>>;

/// How many texts of a file are kept.
const TEXTS: usize = 3;

/// Files that were read before, among the names that all files declared then.
#[derive(Default)]
pub struct Divisions(Mutex<(Vec<Words>, Vec<BTreeSet<usize>>, Read)>);

impl Divisions {
    /// What was read among these names, and where these files were seen.
    fn among(&self, names: &[Words], scopes: &[BTreeSet<usize>]) -> Read {
        let Ok(mut held) = self.0.lock() else { return Read::new() };
        if held.0 != names || held.1 != scopes {
            *held = (names.to_vec(), scopes.to_vec(), Read::new());
        }
        held.2.clone()
    }

    /// Keeps what was read of a file; where it can be read in several ways, which of them is meant may
    /// rest on what other files say.
    fn keep(&self, file: (usize, FileId), source: &Source, read: &[Found]) {
        let own = read.iter().find(|(at, ..)| *at == file.0);
        if own.is_some_and(|(.., unsure, _, _)| !unsure.is_empty()) {
            return;
        }
        let sure = own.map(|(_, file, divided, ..)| Arc::new((file.clone(), divided.clone())));
        let Ok(mut held) = self.0.lock() else { return };
        let texts = held.2.entry(file).or_default();
        texts.insert(0, (source.text.clone(), sure));
        texts.truncate(TEXTS);
    }
}

/// A file of which passages can be divided in several ways.
struct Choice<'a> {
    sources: &'a Sources,
    files: &'a mut [File],
    at: usize,
    /// Where it is divided so far.
    cuts: Vec<Cut>,
    /// What is wrong with passages as a whole.
    refused: Vec<SyntaxError>,
    /// The passages of which nothing more is said.
    given_up: Vec<Span>,
}

impl Choice<'_> {
    fn id(&self) -> FileId {
        self.files.get(self.at).map_or(FileId(0), |file| file.file)
    }

    /// Divides one passage.
    fn choose(&mut self, passage: &Passage, may_try: bool) {
        if let (Some(wrong), Some(way)) = (&passage.wrong, passage.ways.first()) {
            self.give_up(passage, wrong);
            self.cuts = self.with(way);
            return;
        }
        let wrong: Vec<usize> = match may_try {
            true => passage.ways.iter().map(|way| self.mistakes(passage, way)).collect(),
            false => vec![0; passage.ways.len()],
        };
        let fewest = wrong.iter().copied().min().unwrap_or(0);
        let mut best = passage.ways.iter().zip(&wrong).filter(|(_, wrong)| **wrong == fewest);
        let Some((first, _)) = best.next() else { return };
        let others: Vec<&Vec<Cut>> = best.map(|(way, _)| way).collect();
        if !others.is_empty() && fewest == 0 {
            let ways = std::iter::once(first).chain(others);
            let sources = self.sources;
            let text = sources.get(self.id()).map_or("", |source| &source.text);
            let readings = ways.map(|way| passage.reading(text, way)).collect();
            self.refuse(&passage.range, ErrorKind::SeveralReadings(readings));
        }
        self.cuts = self.with(first);
    }

    /// Says what is wrong with a passage that is not read at all.
    fn give_up(&mut self, passage: &Passage, wrong: &Wrong) {
        match wrong {
            Wrong::Undeclared(words, reading) => {
                let kind = ErrorKind::Undeclared(words.clone(), reading.clone());
                self.refuse(&passage.range, kind);
            }
            Wrong::Doer { at, name, modal, reading } => {
                let help = say!(
                    "由谁来做不写：`{reading}`；`{name}` 是一个值的，`{modal}` 后面写关系词（如 不超过）",
                    "who is to do it is not written: `{reading}`; where `{name}` is a value, a \
                        relation follows `{modal}`"
                );
                self.refuse(at, ErrorKind::Otherwise(name.clone(), help));
            }
            Wrong::Apart(names) => {
                for (range, name) in names {
                    self.refuse(range, ErrorKind::SplitName(name.clone()));
                }
            }
        }
        let range = passage.range.clone();
        self.given_up.push(Span::new(self.id(), range.start, range.end));
    }

    fn refuse(&mut self, range: &Range<usize>, kind: ErrorKind) {
        let Some(source) = self.sources.get(self.id()) else { return };
        let text = source.text.get(range.clone()).unwrap_or("");
        let end = range.start + text.trim_end().len();
        self.refused.push(SyntaxError { span: Span::new(self.id(), range.start, end), kind });
    }

    fn with(&self, way: &[Cut]) -> Vec<Cut> {
        let mut cuts = [&*self.cuts, way].concat();
        cuts.sort_unstable();
        cuts
    }

    /// How much is wrong in a passage, divided in one of its ways.
    fn mistakes(&mut self, passage: &Passage, way: &[Cut]) -> usize {
        let id = self.id();
        let Some(source) = self.sources.get(id) else { return 0 };
        let (file, errors) = parse::divided(id, source, &self.with(way));
        let place = Place::of(source, passage.range.clone());
        let At::Text { from: begin, to: end, .. } = place.at else { return 0 };
        let within = |start: usize| passage.range.contains(&start);
        // What is denied is open however the words are divided: that tells no two ways apart.
        let is_told = |error: &&SyntaxError| !matches!(error.kind, ErrorKind::OneDenied(..));
        let told = errors.iter().filter(is_told);
        let syntax = told.filter(|error| within(error.span.start as usize)).count();
        let Some(place) = self.files.get_mut(self.at) else { return 0 };
        let before = std::mem::replace(place, file);
        let analysis = analysis::analyze(self.files, self.sources, &Settings::default());
        if let Some(place) = self.files.get_mut(self.at) {
            *place = before;
        }
        let own = analysis.diagnostics.iter().filter(|found| {
            let first = found.labels.first();
            found.severity == Severity::Error
                && first.is_some_and(|label| {
                    label.place.file == source.name
                        && matches!(label.place.at, At::Text { from, .. }
                            if begin <= from && from < end)
                })
        });
        syntax + own.count()
    }

    /// Reads the file as it is divided now.
    fn done(self) -> Option<(FileId, Vec<SyntaxError>)> {
        let id = self.id();
        let (mut file, mut errors) = parse::divided(id, self.sources.get(id)?, &self.cuts);
        for refused in &self.refused {
            let (start, end) = (refused.span.start, refused.span.end);
            let around = file
                .items
                .iter_mut()
                .find(|item| item.span.start <= start && end <= item.span.end + 3);
            if let Some(item) = around {
                item.damaged = true;
                if let ItemKind::Article(article) = &mut item.kind {
                    article.lost.push(refused.span);
                    let is_within = |part: &Part| {
                        let at = part.span.start as usize;
                        self.given_up.iter().any(|passage| passage.range().contains(&at))
                    };
                    article.parts.retain(|part| !is_within(part));
                }
            }
        }
        errors.retain(|error| {
            let at = error.span.start as usize;
            let refused = self.refused.iter().map(|refused| &refused.span);
            !refused.chain(&self.given_up).any(|span| span.range().contains(&at))
        });
        errors.extend(self.refused);
        errors.sort_by_key(|error| error.span.start);
        *self.files.get_mut(self.at)? = file;
        Some((id, errors))
    }
}
