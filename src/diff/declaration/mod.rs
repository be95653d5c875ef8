//! The declarations of a policy: what each says, what it rests on, and what sways it.

mod decision;
mod key;
mod manifest;
mod meaning;
mod shown;

pub use key::{Key, Kind};
pub use manifest::restored;
pub use meaning::Rests;

use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::program::{Article, ArticleId, Clause, ExprId, Process, Program, Sentence};
use crate::say;
use crate::schema::{Field, FieldId, Frame, FrameId, Order};
use crate::syntax::tree::{File, Item, ItemKind, PartKind, Period};
use crate::text::{FileId, Span};
use key::Keys;
use meaning::Meaning;
use std::collections::{BTreeMap, BTreeSet};

/// Where a declaration is written: the file, and the item in it, both counted from 0.
pub type Written = (usize, usize);

/// A declaration.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// As people know it.
    pub heading: Bilingual,
    /// What of it fits in a line.
    pub shown: Option<Bilingual>,
    /// Of an article, its sentences and what else it says, as each is written.
    pub parts: Vec<Bilingual>,
    /// A digest of what rows are judged by.
    pub judged: u64,
    /// A digest of what is said besides: 说明, 提请.
    pub message: u64,
    /// The words it is written in: where they are the same it says the same, whatever became of
    /// what it rests on.
    pub text: String,
    /// What it rests on itself.
    pub rests: Rests,
    /// The articles and decisions that decide with it what becomes of a row: those that override
    /// it or are higher.
    pub sways: BTreeSet<Key>,
    /// Where it is written; `None` for what stands in the manifest.
    pub written: Option<Written>,
    /// Of an article that demands a disposition: those before it that demand one of the same
    /// decision.
    pub before: BTreeSet<Key>,
}

impl Declared {
    /// Whether rows are judged by something else than another says.
    pub fn judges_otherwise(&self, other: &Self) -> bool {
        self.judged != other.judged && self.text != other.text
    }

    /// Whether it says something else than another.
    pub fn differs(&self, other: &Self) -> bool {
        (self.judged, self.message) != (other.judged, other.message) && self.text != other.text
    }
}

/// The declarations of one policy.
#[derive(Debug, Default)]
pub struct Declarations(pub BTreeMap<Key, Declared>);

impl Declarations {
    /// All declarations of a run's policies, the manifest's values included.
    pub fn of(run: &Run) -> Self {
        let keys = Keys::of(run.program(), shown::calendars(run).map(|names| names.en));
        let mut reader = Reader { run, keys: &keys, found: Self::default() };
        reader.modules();
        reader.schema();
        reader.parameters();
        reader.definitions();
        reader.processes();
        reader.calendars();
        reader.measures();
        reader.articles();
        reader.decisions();
        reader.decided_again();
        reader.passages();
        reader.readings();
        reader.found
    }

    /// What a declaration rests on, through others as well; `swayed`, with all that sways it.
    pub fn rests(&self, key: &Key, swayed: bool) -> Rests {
        let mut rests = Rests::default();
        rests.on.insert(key.clone());
        let mut open = vec![key.clone()];
        while let Some(next) = open.pop() {
            let Some(found) = self.0.get(&next) else { continue };
            let others = found.rests.on.iter().chain(found.sways.iter().filter(|_| swayed));
            let new: Vec<Key> =
                others.filter(|other| !rests.on.contains(*other)).cloned().collect();
            rests.join(&found.rests);
            rests.on.extend(new.iter().cloned());
            open.extend(new);
        }
        rests
    }
}

/// Both names.
fn names(names: &crate::schema::Names) -> Bilingual {
    Bilingual::new(names.zh(), names.en())
}

/// The period of effect as it is written.
fn period(period: Option<&Period>) -> Option<(String, Option<String>)> {
    period.map(|found| (found.from.text.clone(), found.to.as_ref().map(|to| to.text.clone())))
}

struct Reader<'r> {
    run: &'r Run,
    keys: &'r Keys,
    found: Declarations,
}

impl<'r> Reader<'r> {
    fn program(&self) -> &'r Program {
        self.run.program()
    }

    fn meaning(&self) -> Meaning<'r> {
        Meaning::new(self.program(), self.keys)
    }

    fn files(&self) -> &'r [File] {
        &self.run.policy.phrases.files
    }

    /// Where something is written.
    fn written(&self, span: Span) -> Option<Written> {
        let file = self.files().iter().position(|file| file.file == span.file)?;
        let covers = |item: &Span| item.start <= span.start && span.start < item.end.max(1);
        let items = &self.files().get(file)?.items;
        Some((file, items.iter().position(|item| covers(&item.span))?))
    }

    fn item(&self, written: Option<Written>) -> Option<&'r ItemKind> {
        let (file, item) = written?;
        Some(&self.files().get(file)?.items.get(item)?.kind)
    }

    fn text(&self, written: Option<Written>) -> String {
        let span = written
            .and_then(|(file, item)| self.files().get(file)?.items.get(item).map(|item| item.span));
        span.map_or_else(String::new, |span| self.run.policy.phrases.sources.slice(span).to_owned())
    }

    /// The import of the file in which something is written.
    fn import(&self, file: FileId) -> Option<Key> {
        let module = self.program().modules.iter().find(|module| module.file == file)?;
        Some(Key::new(Kind::Import, module.names.en()))
    }

    /// The parameters that a declaration names: the values of a list, and numbers of times, stand
    /// in the typed program themselves.
    fn mentioned(&self, written: Option<Written>) -> BTreeSet<Key> {
        let item = written.and_then(|(file, item)| self.files().get(file)?.items.get(item));
        let Some(item) = item else { return BTreeSet::new() };
        let occurrences = self.run.policy.phrases.names.range(item.span..);
        let within = |span: &Span| span.file == item.span.file && span.end <= item.span.end;
        let names = occurrences.take_while(|(span, _)| span.start < item.span.end);
        let names: Vec<_> =
            names.filter(|(span, _)| within(span)).map(|(_, names)| names).collect();
        let parameters = self.program().parameters.iter().zip(&self.keys.parameters);
        let named = parameters.filter(|(found, _)| names.contains(&&found.names));
        named.map(|(_, key)| key.clone()).collect()
    }

    /// Notes a declaration that was walked: what it is called, and what of it fits in a line.
    fn add(
        &mut self,
        key: Key,
        span: Span,
        mut meaning: Meaning<'_>,
        (name, shown): (Bilingual, Option<Bilingual>),
    ) {
        let written = self.written(span);
        if !matches!(key.kind, Kind::Enum | Kind::Table | Kind::Field | Kind::Parameter) {
            meaning.rests.on.extend(self.mentioned(written));
        }
        let word = key.kind.word();
        let heading = Bilingual {
            zh: format!("{} {}", word.zh, name.zh),
            en: format!("{} {}", word.en, name.en),
        };
        let declared = Declared {
            heading,
            shown,
            judged: meaning.digest(),
            text: self.text(written),
            rests: meaning.rests,
            written,
            ..Declared::default()
        };
        self.found.0.insert(key, declared);
    }

    fn modules(&mut self) {
        for (index, module) in self.program().modules.iter().enumerate() {
            let name = module.names.en();
            let items = || self.files().get(index).map_or(&[][..], |file| &file.items);
            let header = items().iter().find_map(|item| match &item.kind {
                ItemKind::Header(header) => header.period.as_ref(),
                _ => None,
            });
            let mut meaning = self.meaning();
            meaning.say(period(header));
            let shown = header.map(shown::period);
            let used = items().iter().filter_map(|item| match &item.kind {
                ItemKind::Use(names) => Some((item.span, names)),
                _ => None,
            });
            let used: Vec<_> = used.collect();
            let modules = &self.program().modules;
            let called = |text: &str| {
                let found = modules.iter().find(|other| other.names.matches(text));
                found.map_or_else(|| text.to_owned(), |found| found.names.en().to_owned())
            };
            let list: BTreeSet<String> =
                used.iter().flat_map(|(_, names)| *names).map(|name| called(&name.text)).collect();
            let mut import = self.meaning();
            import.say(&list);
            let both = names(&module.names);
            self.add(Key::new(Kind::Policy, name), module.span, meaning, (both.clone(), shown));
            if let Some((span, _)) = used.first() {
                let list = list.into_iter().collect::<Vec<_>>();
                let shown = Bilingual::new(list.join("、"), list.join(", "));
                self.add(Key::new(Kind::Import, name), *span, import, (both, Some(shown)));
            }
        }
        let offset = self.run.policy.settings.offset;
        let mut meaning = self.meaning();
        meaning.say(offset);
        let text = offset.show(0);
        let declared = Declared {
            heading: Kind::Offset.word(),
            judged: meaning.digest(),
            text,
            ..Declared::default()
        };
        self.found.0.insert(Key::new(Kind::Offset, "offset"), declared);
    }

    fn schema(&mut self) {
        let schema = &*self.program().schema;
        for (found, key) in schema.enums.iter().zip(self.keys.enums.clone()) {
            let mut meaning = self.meaning();
            let mut values: Vec<(&str, Vec<&str>)> = found
                .values
                .iter()
                .map(|value| (value.names.en(), value.also.iter().map(|also| &**also).collect()))
                .collect();
            match found.order {
                Some(Order::Ascending) => {}
                Some(Order::Descending) => values.reverse(),
                None => values.sort_unstable(),
            }
            meaning.say(found.order.is_some());
            meaning.say(values);
            let called = (names(&found.names), Some(shown::values(found)));
            self.add(key, found.span, meaning, called);
        }
        for (id, frame) in (0..).map(FrameId).zip(&schema.frames) {
            if frame.parent.is_none() {
                let mut meaning = self.meaning();
                meaning.say(frame.single);
                meaning.say(cited(frame));
                self.add(self.keys.table(id), frame.span, meaning, (names(&frame.names), None));
            }
            for (field, declared) in (0..).map(FieldId).zip(&frame.fields) {
                let meaning = self.field(declared);
                let shown = shown::field(self.run, declared);
                let key = self.keys.field(self.program(), id, field);
                let name = shown::within(self.run, id, &names(&declared.names));
                self.add(key, declared.span, meaning, (name, Some(shown)));
            }
        }
    }

    fn field(&self, field: &Field) -> Meaning<'r> {
        let mut meaning = self.meaning();
        let ty = shown::type_name(self.run, field.ty);
        meaning.say(ty.en);
        meaning.say((field.optional, field.key, field.ordering, field.unique));
        meaning.say(&field.also);
        meaning.say(field.default.is_some());
        if let Some(value) = &field.default {
            meaning.constant(value, field.ty);
        }
        for (text, reading) in &field.readings {
            meaning.say(text);
            match reading {
                crate::schema::Reading::Value(value) => meaning.constant(value, field.ty),
                crate::schema::Reading::Unit => meaning.say("unit"),
                crate::schema::Reading::Absent => meaning.say("absent"),
            }
        }
        meaning
    }

    fn parameters(&mut self) {
        for (found, key) in self.program().parameters.iter().zip(self.keys.parameters.clone()) {
            let mut meaning = self.meaning();
            meaning.say(found.set);
            found.values.iter().for_each(|value| meaning.constant(value, found.ty));
            let unusable = self.unusable(found);
            meaning.say(unusable.as_ref().map(|value| &*value.en));
            let shown = unusable.unwrap_or_else(|| shown::parameter(self.run, found));
            let said = format!("\n{}", shown.en);
            self.add(key.clone(), found.span, meaning, (names(&found.names), Some(shown)));
            // The manifest may give it another value.
            if let Some(declared) = self.found.0.get_mut(&key) {
                declared.text.push_str(&said);
            }
        }
    }

    fn definitions(&mut self) {
        for (found, key) in self.program().definitions.iter().zip(self.keys.definitions.clone()) {
            let mut meaning = self.meaning();
            meaning.frame(found.frame);
            if found.body == ExprId::NONE {
                // One with a mistake: nobody knows what it means but by its words.
                let name = shown::within(self.run, found.frame, &names(&found.names));
                meaning.say(self.text(self.written(found.span)));
                self.add(key, found.span, meaning, (name, None));
                continue;
            }
            meaning.expr(found.body);
            let span = self.program().expr(found.body).span;
            meaning.rests.on.extend(self.import(span.file));
            let shown = self.run.policy.phrases.phrase(span);
            let name = shown::within(self.run, found.frame, &names(&found.names));
            self.add(key, found.span, meaning, (name, Some(shown)));
        }
    }

    fn processes(&mut self) {
        for (found, key) in self.program().processes.iter().zip(self.keys.processes.clone()) {
            let Process { activity, order, pattern, .. } = found;
            let mut meaning = self.meaning();
            if *activity == ExprId::NONE {
                // One that does not compile: nobody knows what it means but by its words.
                meaning.say(self.text(self.written(found.span)));
            } else {
                meaning.frame(found.list.frame());
                meaning.expr(*activity);
                meaning.maybe(*order);
                meaning.pattern(*pattern, self.program().expr(*activity).ty);
            }
            meaning.rests.on.extend(self.import(found.span.file));
            self.add(key, found.span, meaning, (names(&found.names), None));
        }
    }

    fn calendars(&mut self) {
        let declared = self.files().iter().flat_map(|file| &file.items);
        let declared = declared.filter(|item| matches!(item.kind, ItemKind::Calendar(_)));
        let names = shown::calendars(self.run).zip(self.keys.calendars.clone());
        for (item, (name, key)) in declared.zip(names) {
            self.calendar(item, name, key);
        }
    }

    fn calendar(&mut self, item: &Item, name: Bilingual, key: Key) {
        let mut meaning = self.meaning();
        meaning.rests.on.extend(self.import(item.span.file));
        let Some(found) = &self.program().calendar else {
            // One that does not compile: nobody knows what it means but by its words.
            meaning.say(self.text(self.written(item.span)));
            return self.add(key, item.span, meaning, (name, None));
        };
        let rest: BTreeSet<i8> = found.rest.iter().copied().collect();
        meaning.say(&rest);
        meaning.field(found.frame, found.date);
        meaning.frame(found.frame);
        meaning.expr(found.off);
        meaning.expr(found.on);
        let table = self.program().schema.frame(found.frame);
        meaning.rests.scans.extend(table.map(|table| table.names.en().to_owned()));
        self.add(key, item.span, meaning, (name, Some(shown::rest(self.run, &rest, found))));
    }

    fn measures(&mut self) {
        for (found, key) in self.program().measures.iter().zip(self.keys.measures.clone()) {
            let mut meaning = self.meaning();
            for figure in std::iter::once(&found.figure).chain(&found.after) {
                meaning.expr(figure.body);
                figure.by.iter().for_each(|(_, group)| meaning.expr(*group));
            }
            meaning.rests.on.extend(self.import(found.span.file));
            self.add(key, found.span, meaning, (names(&found.names), None));
        }
    }

    fn articles(&mut self) {
        let mut demanding: BTreeMap<usize, BTreeSet<Key>> = BTreeMap::new();
        let all =
            (0..).map(ArticleId).zip(&self.program().articles).zip(self.keys.articles.clone());
        for ((id, article), key) in all {
            let written = self.written(article.span);
            let (mut meaning, mut message) = (self.meaning(), self.meaning());
            self.effect(article, written, &mut meaning);
            for sentence in &article.sentences {
                sentence_says(sentence, &mut meaning, &mut message);
            }
            meaning.say(article.whole);
            meaning.rests.on.extend(self.mentioned(written));
            for other in &article.overrides {
                meaning.say(self.keys.article(*other).map(|key| key.name));
            }
            let declared = Declared {
                heading: self.run.policy.heading(article),
                shown: None,
                parts: self.parts(written),
                judged: meaning.digest(),
                message: message.digest(),
                text: self.text(written),
                rests: meaning.rests,
                sways: self.sways(id, article),
                written,
                before: before(article, &key, &mut demanding),
            };
            self.found.0.insert(key, declared);
        }
    }

    /// What an article says, part by part: its sentences and exceptions, its period, whom it
    /// overrides.
    fn parts(&self, written: Option<Written>) -> Vec<Bilingual> {
        let Some(ItemKind::Article(tree)) = self.item(written) else { return Vec::new() };
        let told = tree.parts.iter().filter(|part| !matches!(part.kind, PartKind::Cite(_)));
        told.map(|part| self.run.policy.phrases.part(part)).collect()
    }

    /// When an article is in effect: by its own period, or by that of its file.
    fn effect(&self, article: &Article, written: Option<Written>, meaning: &mut Meaning<'_>) {
        let own = match self.item(written) {
            Some(ItemKind::Article(tree)) => tree.parts.iter().find_map(|part| match &part.kind {
                PartKind::Period(period) => Some(period),
                _ => None,
            }),
            _ => None,
        };
        meaning.say(period(own));
        meaning.rests.today |= own.is_some();
        let Some(module) = self.program().modules.get(article.module) else { return };
        meaning.rests.on.extend(self.import(module.file));
        if own.is_none() {
            let policy = Key::new(Kind::Policy, module.names.en());
            let dated = self.found.0.get(&policy).is_some_and(|found| found.shown.is_some());
            meaning.rests.today |= dated;
            meaning.rests.on.insert(policy);
        }
    }

    /// The articles that go before one, and the decisions in which it takes part.
    fn sways(&self, id: ArticleId, article: &Article) -> BTreeSet<Key> {
        let over = self
            .program()
            .articles
            .iter()
            .zip(&self.keys.articles)
            .filter(|(other, _)| other.overrides.contains(&id) || other.rivals.contains(&id));
        let mut sways: BTreeSet<Key> = over.map(|(_, key)| key.clone()).collect();
        sways.extend(decisions(article).map(|decision| self.decision(decision)));
        sways
    }

    fn passage(&self, span: Option<Span>) -> Key {
        let text = span.map_or("", |span| self.run.policy.phrases.sources.slice(span));
        Key::new(Kind::Passage, text.trim())
    }

    /// What could not be understood and stands in no article.
    fn passages(&mut self) {
        for unread in self.program().unread.iter().filter(|unread| unread.article.is_none()) {
            let key = self.passage(unread.span);
            let word = key.kind.word();
            let text = crate::finding::shorten(key.name.lines().next().unwrap_or(""));
            let heading = match unread.span {
                Some(_) => Bilingual {
                    zh: format!("{} {text}", word.zh),
                    en: format!("{} {text}", word.en),
                },
                None => say!("没有读到的政策", "a policy that could not be read"),
            };
            self.found.0.insert(key, Declared { heading, ..Declared::default() });
        }
    }
}

/// The decisions of which an article demands something.
fn decisions(article: &Article) -> impl Iterator<Item = usize> {
    article.sentences.iter().filter_map(|sentence| match sentence.clause {
        Clause::Demand { decision, .. } => Some(decision),
        _ => None,
    })
}

/// The articles before one that take part in the same decision.
fn before(
    article: &Article,
    key: &Key,
    demanding: &mut BTreeMap<usize, BTreeSet<Key>>,
) -> BTreeSet<Key> {
    let mut found = BTreeSet::new();
    for decision in decisions(article) {
        let known = demanding.entry(decision).or_default();
        found.extend(known.iter().filter(|other| *other != key).cloned());
        known.insert(key.clone());
    }
    found
}

/// What a sentence says: to judge by, and as a message.
fn sentence_says(sentence: &Sentence, meaning: &mut Meaning<'_>, message: &mut Meaning<'_>) {
    meaning.subject(sentence.frame);
    meaning.maybe(sentence.condition);
    meaning.maybe(sentence.exception);
    meaning.say(std::mem::discriminant(&sentence.clause));
    match &sentence.clause {
        Clause::Demand { decision, disposition } => meaning.demand(*decision, *disposition),
        Clause::Require { modal, condition } => {
            meaning.say((modal.is_negative(), modal.is_advice()));
            meaning.expr(*condition);
        }
        Clause::Refer(parts) => message.message(parts),
    }
    if let Some(parts) = &sentence.message {
        message.message(parts);
    }
}

/// By which fields a table is cited.
fn cited(frame: &Frame) -> Option<Vec<String>> {
    let citable = frame.citable.as_ref()?;
    let fields =
        citable.titles.iter().map(Some).chain([citable.from.as_ref(), citable.to.as_ref()]);
    let name = |field: Option<&FieldId>| {
        field.and_then(|field| frame.field(*field)).map_or("", |field| field.names.en()).to_owned()
    };
    Some(fields.map(name).collect())
}
