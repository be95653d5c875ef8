//! Mutation: the policy changed in every way a tired author would, and the changes no case noticed.
//!
//! A mutant is a changed syntax tree over the unchanged text, so that every place in it is a place
//! an author can look at.

mod article;
mod declaration;
mod expression;
mod field;
mod literal;
mod pattern;
mod same;
mod set;

use super::suite::Judged;
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::engine::Policy;
use crate::place::Place;
use crate::program::Program;
use crate::say;
use crate::schema::Names;
use crate::syntax::tree::{File, Item, ItemKind};
use crate::syntax::word;
use crate::text::{Source, Span};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Something changed.
pub struct Changed<T> {
    /// The changed thing.
    pub value: T,
    /// Where the change is.
    pub span: Span,
    /// What was changed.
    pub change: Bilingual,
}

impl<T> Changed<T> {
    /// The same change, seen from what it lies in.
    pub fn within<U>(self, wrap: impl FnOnce(T) -> U) -> Changed<U> {
        Changed { value: wrap(self.value), span: self.span, change: self.change }
    }
}

/// What mutating has to know of the policy.
pub struct Known<'a> {
    /// Its text.
    pub source: &'a Source,
    /// Its typed program.
    pub program: &'a Program,
    /// What its names refer to.
    pub names: &'a BTreeMap<Span, Names>,
}

/// Longest text of a changed place in the words of a change.
const SHOWN: usize = 40;

impl Known<'_> {
    /// `a 超过 b：超过 改为 不少于`.
    pub fn change<T>(&self, value: T, span: Span, what: &Bilingual) -> Changed<T> {
        let shown = self.excerpt(span);
        let change =
            Bilingual::new(format!("{shown}：{}", what.zh), format!("{shown}: {}", what.en));
        Changed { value, span, change }
    }

    /// The text of a place in one line, its beginning where it is long.
    pub fn excerpt(&self, span: Span) -> String {
        let text = self.source.slice(span).split_whitespace().collect::<Vec<_>>().join(" ");
        let mut shown: String = text.chars().take(SHOWN).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        shown
    }
}

/// How a mutant fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A case noticed it.
    Noticed,
    /// No case did.
    Survived,
    /// No case can: it means the same, as the case file explains, or as is proven.
    Equivalent,
    /// It does not compile: its author would have noticed.
    Rejected,
}

impl Fate {
    /// The word in machine-readable reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Noticed => "noticed",
            Self::Survived => "survived",
            Self::Equivalent => "equivalent",
            Self::Rejected => "rejected",
        }
    }
}

/// One mutant.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// What it changes: `第五条`, the name of a definition.
    pub at: Bilingual,
    /// The other names that may be used for that.
    pub known_as: Vec<String>,
    /// What was changed.
    pub change: Bilingual,
    /// Where.
    pub place: Place,
    /// How it fared.
    pub fate: Fate,
}

impl Mutant {
    /// Whether it is the same change in the same place.
    fn is_same(&self, other: &Self) -> bool {
        self.place.at == other.place.at && self.change == other.change
    }
}

/// The mutants of one file.
#[derive(Clone, Debug)]
pub struct Mutated {
    /// The file.
    pub file: String,
    /// Whether other policies use it: then any of their cases may notice.
    pub shared: bool,
    /// Its mutants.
    pub mutants: Vec<Mutant>,
}

/// Runs the cases of a suite against every mutant of its policy, and of the vocabularies it uses;
/// those of which it is `known` already that the cases of another policy notice them are not run
/// again.
#[must_use]
pub fn mutate(judged: &Judged<'_>, shared: bool, known: &[Mutated]) -> Vec<Mutated> {
    let member = &judged.suite.member;
    let files = &member.project.files;
    let Some(policy) = judged.days.first().map(|day| &day.policy) else { return Vec::new() };
    let uses = member.uses();
    let wanted = |index: usize, file: &File| {
        index == member.module
            || (shared
                && uses.contains(&index)
                && !file.items.iter().any(|item| matches!(item.kind, ItemKind::Article(_))))
    };
    let chosen = files.iter().enumerate().filter(|(index, file)| wanted(*index, file));
    chosen.filter_map(|(index, file)| of_file(judged, policy, index, file, known)).collect()
}

fn of_file(
    judged: &Judged<'_>,
    policy: &Policy,
    index: usize,
    file: &File,
    before: &[Mutated],
) -> Option<Mutated> {
    let member = &judged.suite.member;
    let source = member.project.sources.get(file.file)?;
    let shared = index != member.module;
    let before =
        before.iter().find(|before| before.shared && shared && before.file == *source.name);
    let known = Known { source, program: &policy.program, names: &policy.phrases.names };
    let changed: Vec<(usize, Changed<Item>)> = file
        .items
        .iter()
        .enumerate()
        .flat_map(|(at, item)| {
            declaration::item(&known, item).into_iter().map(move |changed| (at, changed))
        })
        .collect();
    let mutants = changed
        .into_par_iter()
        .map(|(at, changed)| {
            let (name, known_as) = file.items.get(at).map_or_else(Default::default, item_name);
            let place = Place::of(source, changed.span.range());
            let mut mutant = Mutant {
                at: name,
                known_as,
                change: changed.change.clone(),
                place,
                fate: Fate::Survived,
            };
            let settled = before
                .and_then(|before| before.mutants.iter().find(|known| known.is_same(&mutant)))
                .map(|known| known.fate);
            if let Some(fate @ (Fate::Noticed | Fate::Rejected)) = settled {
                mutant.fate = fate;
                return mutant;
            }
            mutant.fate = fate(judged, (index, at), &changed, &mutant);
            mutant
        })
        .collect();
    Some(Mutated { file: source.name.to_string(), shared, mutants })
}

/// How a changed item of a file fares.
fn fate(
    judged: &Judged<'_>,
    (file, item): (usize, usize),
    changed: &Changed<Item>,
    mutant: &Mutant,
) -> Fate {
    let mut files = judged.suite.member.project.files.clone();
    if let Some(slot) = files.get_mut(file).and_then(|file| file.items.get_mut(item)) {
        *slot = changed.value.clone();
    }
    for day in &judged.days {
        let policy = Arc::new(judged.suite.compile(&files, &judged.file, &day.terms));
        let is_new = |found: &Diagnostic| {
            found.severity == Severity::Error && !day.policy.diagnostics.contains(found)
        };
        if policy.diagnostics.iter().any(is_new) {
            return Fate::Rejected;
        }
        if day.cases.iter().any(|case| case.notices(&policy, day.terms.as_of)) {
            return Fate::Noticed;
        }
    }
    let listed = judged.file.equivalents.iter().any(|equivalent| equivalent.is(mutant));
    if listed || same::is_same(judged, (file, item), changed) {
        Fate::Equivalent
    } else {
        Fate::Survived
    }
}

impl super::file::Equivalent {
    /// Whether it speaks of this mutant.
    #[must_use]
    pub fn is(&self, mutant: &Mutant) -> bool {
        let at = mutant.at.zh == self.at
            || mutant.at.en == self.at
            || mutant.known_as.contains(&self.at);
        at && (mutant.change.zh == self.mutant || mutant.change.en == self.mutant)
    }
}

/// What a declaration is called, and what else.
fn item_name(item: &Item) -> (Bilingual, Vec<String>) {
    let all = |names: &crate::syntax::tree::Names| {
        std::iter::once(names.name.text.clone())
            .chain(names.alias.as_ref().map(|alias| alias.text.clone()))
            .collect::<Vec<_>>()
    };
    let named =
        |names: &crate::syntax::tree::Names| (Bilingual::same(names.name.text.clone()), all(names));
    match &item.kind {
        ItemKind::Article(article) => {
            let (zh, en) =
                (word::article_number(article.number), word::english_number(article.number));
            (Bilingual::new(zh, format!("article {en}")), all(&article.names))
        }
        ItemKind::Header(header) => named(&header.names),
        ItemKind::Definition(found) => named(&found.names),
        ItemKind::Parameter(found) => named(&found.names),
        ItemKind::Measure(found) => named(&found.names),
        ItemKind::Process(found) => named(&found.names),
        ItemKind::Enum(found) => named(&found.names),
        ItemKind::Table(found) => named(&found.names),
        ItemKind::Calendar(found) => named(&found.names),
        ItemKind::Decision(found) => {
            let field = found
                .field
                .names
                .iter()
                .map(|name| name.text.as_str())
                .collect::<Vec<_>>()
                .join(".");
            (Bilingual::same(field), Vec::new())
        }
        ItemKind::Use(_) | ItemKind::Division(_) => (Bilingual::default(), Vec::new()),
    }
}

/// What one set of mutants shared by several policies came to: noticed by any is noticed.
pub fn merge(all: &mut Vec<Mutated>, found: Mutated) {
    let Some(known) =
        all.iter_mut().find(|known| known.shared && found.shared && known.file == found.file)
    else {
        all.push(found);
        return;
    };
    // Which changes there are depends on the policies that are read along: what one makes, another
    // may not.
    for other in found.mutants {
        let Some(mutant) = known.mutants.iter_mut().find(|mutant| mutant.is_same(&other)) else {
            known.mutants.push(other);
            continue;
        };
        mutant.fate = match (mutant.fate, other.fate) {
            (Fate::Noticed, _) | (_, Fate::Noticed) => Fate::Noticed,
            (Fate::Rejected, _) | (_, Fate::Rejected) => Fate::Rejected,
            (Fate::Equivalent, _) | (_, Fate::Equivalent) => Fate::Equivalent,
            _ => Fate::Survived,
        };
    }
}

/// Equivalents that speak of no mutant there is, or of one that a case did notice.
#[must_use]
pub fn stale(judged: &Judged<'_>, found: &[Mutated], shared: bool) -> Vec<Diagnostic> {
    let own = |equivalent: &super::file::Equivalent| {
        let items = judged.suite.member.file().into_iter().flat_map(|file| &file.items);
        let mut names = items.map(item_name);
        names.any(|(at, known_as)| {
            at.zh == equivalent.at || at.en == equivalent.at || known_as.contains(&equivalent.at)
        })
    };
    let stale = |equivalent: &super::file::Equivalent| {
        let mut all = found
            .iter()
            .flat_map(|mutated| mutated.mutants.iter().map(|mutant| (mutated.shared, mutant)));
        !all.any(|(shared, mutant)| {
            equivalent.is(mutant) && (shared || mutant.fate == Fate::Equivalent)
        })
    };
    let report = |equivalent: &super::file::Equivalent| {
        let mutant = &equivalent.mutant;
        let message = say!("没有“{mutant}”这样的存活变异", "no mutant `{mutant}` survives");
        let help = say!(
            "删去这一节，或照 --mutate 的输出更正",
            "delete this section, or correct it as `--mutate` prints it"
        );
        let place = Place::of(judged.suite.beside(), equivalent.span.clone());
        Diagnostic::error("stale_equivalent", message).help(help).at(place, Bilingual::default())
    };
    judged
        .file
        .equivalents
        .iter()
        .filter(|equivalent| (shared || own(equivalent)) && stale(equivalent))
        .map(report)
        .collect()
}
