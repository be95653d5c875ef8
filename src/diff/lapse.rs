//! What one of the two runs did not judge: there nothing was mended, and nothing is newly broken.

use super::cause::Loss;
use super::declaration::{Key, Kind};
use super::seat::{Seat, rule_key};
use super::sentence::Spoken;
use super::side::Sides;
use crate::diagnostic::{Bilingual, Severity};
use crate::engine::{ElementKey, RowKey, RuleId, Run};
use crate::finding::Outcome;
use crate::schema::{FieldId, FrameId, Type};
use crate::verdict::{Basis, Verdict};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Why a run says nothing of a rule and a row, though it has both, or may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// It has no day to judge for.
    Day,
    /// The row, or its list, may be among what could not be read.
    Data(Bilingual, Loss),
    /// The sentence has a mistake.
    Rule,
    /// What is to be decided of the row nobody knows, for a mistake in the policies.
    Decision,
    /// The rule may be a passage that could not be understood, or stand in a file that could not be
    /// read.
    Passage(String),
}

/// The sentences that a run judges, by their articles.
type Judged = BTreeMap<Key, BTreeSet<Option<Spoken>>>;

/// What the two runs judged.
pub struct Lapses<'s> {
    sides: &'s Sides<'s>,
    judged: [Judged; 2],
    undecided: [Undecided; 2],
}

/// The rows and elements of which a run cannot tell, for its policies, what is to be decided.
type Undecided = HashSet<(Option<RowKey>, ElementKey)>;

impl<'s> Lapses<'s> {
    pub fn new(sides: &'s Sides<'s>) -> Self {
        let runs = [sides.old, sides.new];
        let judged = runs.map(|run| judged(sides, run));
        Self { sides, judged, undecided: runs.map(|run| undecided(sides, run)) }
    }

    /// Why the earlier run does not say what the later one says.
    pub fn before(&self, seat: &Seat) -> Option<Lapse> {
        let ([judged, _], [undecided, _]) = (&self.judged, &self.undecided);
        let lapse = self.lapse((self.sides.old, judged, undecided), seat)?;
        Some(match lapse {
            Lapse::Data(names, _) => Lapse::Data(names, Loss::Restored),
            other => other,
        })
    }

    /// Why the later run does not say what the earlier one said.
    pub fn now(&self, seat: &Seat) -> Option<Lapse> {
        let ([_, judged], [_, undecided]) = (&self.judged, &self.undecided);
        self.lapse((self.sides.new, judged, undecided), seat)
    }

    fn lapse(
        &self,
        (run, judged, undecided): (&Run, &Judged, &Undecided),
        seat: &Seat,
    ) -> Option<Lapse> {
        if seat.is_of_waiver() {
            return None;
        }
        if run.day.is_none() {
            return Some(Lapse::Day);
        }
        let data = seat.row.as_ref().and_then(|row| self.data(run, row, seat));
        let lapse = data.map(|(names, loss)| Lapse::Data(names, loss));
        let open = seat.sentence().is_none()
            && undecided.contains(&(seat.row.clone(), seat.element.clone()));
        let decision = open.then_some(Lapse::Decision);
        lapse.or_else(|| rule(run, judged, seat)).or(decision)
    }

    /// The table or the list in which the row or the element may be, of which not all could be
    /// read.
    fn data(&self, run: &Run, key: &RowKey, seat: &Seat) -> Option<(Bilingual, Loss)> {
        let Some(row) = self.sides.row(run, key) else {
            return self.sides.lost(run, &key.table);
        };
        let frame = run.schema().frame(row.frame)?;
        let (list, ..) = seat.element.first()?;
        let fields = (0..).map(FieldId).zip(&frame.fields);
        let lists = fields.filter_map(|(id, field)| match field.ty {
            Type::List(child) if field.names.en() == list => Some((id, field, child)),
            _ => None,
        });
        let (id, field, child) = lists.into_iter().next()?;
        let column = run.rows.frame(row.frame)?.column(id)?;
        let unread = run.rows.is_apart(child) && column.unread.get(row.row);
        let (table, list) = (&frame.names, &field.names);
        let names = Bilingual {
            zh: format!("{}.{}", table.zh(), list.zh()),
            en: format!("{}.{}", table.en(), list.en()),
        };
        unread.then_some((names, Loss::Incomplete))
    }
}

impl Sides<'_> {
    /// A table of which rows may be among what a run could not read, and what became of it.
    pub fn lost(&self, run: &Run, table: &str) -> Option<(Bilingual, Loss)> {
        let called = |run: &Run| {
            let found = run.schema().tables().find(|(_, frame)| frame.names.en() == table);
            found.map(|(id, frame)| (id, Bilingual::new(frame.names.zh(), frame.names.en())))
        };
        if let Some((id, names)) = called(run) {
            let data = run.rows.frame(id).filter(|data| !data.whole)?;
            let loss = if data.len == 0 { Loss::Missing } else { Loss::Incomplete };
            return Some((names, loss));
        }
        let other = if std::ptr::eq(run, self.old) { self.new } else { self.old };
        let (id, names) = called(other)?;
        let module = declaring(other, id)?;
        let known = run.program().modules.iter().any(|found| found.names.en() == module);
        // Policies without a mistake lack none of what they need.
        (!known && is_faulty(run)).then_some((names, Loss::Missing))
    }
}

/// Which rows a mistake in the policies leaves undecided.
fn undecided(sides: &Sides<'_>, run: &Run) -> Undecided {
    if !is_faulty(run) && run.program().unread.is_empty() {
        return Undecided::new();
    }
    let elements = sides.elements(run);
    let open = run.verdicts.iter().filter(|verdict| {
        verdict.outcome == Outcome::Undetermined && matches!(verdict.basis, Basis::Decision(_))
    });
    let about =
        |verdict: &Verdict| (sides.key(run, verdict.at()).cloned(), elements.key(verdict.at()));
    open.map(about).collect()
}

/// Whether the policies of a run have a mistake.
fn is_faulty(run: &Run) -> bool {
    run.policy.diagnostics.iter().any(|found| found.severity == Severity::Error)
}

/// The policy or vocabulary that declares a table.
fn declaring(run: &Run, table: FrameId) -> Option<&str> {
    let file = run.schema().frame(table)?.span.file;
    let module = run.program().modules.iter().find(|module| module.file == file)?;
    Some(module.names.en())
}

/// Which sentences of which articles a run judges.
fn judged(sides: &Sides<'_>, run: &Run) -> Judged {
    let mut judged = Judged::new();
    let spoken = sides.sentences.of(&run.policy);
    for (judgement, spoken) in run.policy.judgements.iter().zip(spoken) {
        let article = rule_key(run, RuleId::Article(judgement.article));
        judged.entry(article).or_default().insert(spoken);
    }
    judged
}

/// A passage that could not be understood and stands in no declaration; empty where a file could not
/// be read.
fn passage(run: &Run) -> Option<String> {
    if run.policy.settings.lost {
        return Some(String::new());
    }
    let phrases = &run.policy.phrases;
    phrases.files.iter().find_map(|file| {
        let text = &phrases.sources.get(file.file)?.text;
        let mut known: Vec<_> = file.items.iter().map(|item| item.span).collect();
        known.extend(&file.comments);
        known.sort_by_key(|span| span.start);
        let ends = std::iter::once(0).chain(known.iter().map(|span| span.range().end));
        let starts = known.iter().map(|span| span.range().start).chain([text.len()]);
        let gaps = ends.zip(starts).filter_map(|(from, to)| text.get(from..to.max(from)));
        gaps.map(str::trim).find(|gap| gap.chars().any(char::is_alphanumeric)).map(str::to_owned)
    })
}

/// Whether a mistake keeps a run from judging by a rule.
fn rule(run: &Run, judged: &Judged, seat: &Seat) -> Option<Lapse> {
    let key = seat.rule.as_ref()?;
    let program = run.program();
    let hidden = passage(run).map(Lapse::Passage);
    if key.kind != Kind::Article {
        let mut decisions = (0..program.decisions.len()).map(RuleId::decision);
        let known = decisions.any(|rule| rule_key(run, rule) == *key);
        return if known { None } else { hidden };
    }
    let mut articles = program.articles.iter();
    let Some(article) = articles.find(|found| program.article_name(found) == key.name) else {
        return hidden;
    };
    let judges = judged.get(key).is_some_and(|sentences| match seat.sentence() {
        Some(_) => sentences.contains(&seat.sentence().cloned()),
        None => true,
    });
    (article.in_effect && !article.whole && !judges).then_some(Lapse::Rule)
}
