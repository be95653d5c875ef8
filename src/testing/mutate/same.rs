//! Mutants that mean the same, as far as that can be proven: no row whatever can tell the changed
//! article from the one there is.

use super::Changed;
use crate::engine::Policy;
use crate::lowering::Judgement;
use crate::program::{ArticleId, Clause, ExprId, ExprKind, Sentence};
use crate::prove::{Answer, Claim, Prover};
use crate::syntax::tree::{Article, File, Item, ItemKind, PartKind};
use crate::testing::suite::Judged;

/// A number no article has.
const FREE: u32 = 1_000_000;

/// Whether the prover shows that no row with all its facts tells a changed article from the one it
/// stands for. Nothing is claimed where more than its sentences was changed, or where they come to
/// something else on another day, or with other parameters.
pub(super) fn is_same(
    judged: &Judged<'_>,
    (file, item): (usize, usize),
    changed: &Changed<Item>,
) -> bool {
    let files = &judged.suite.member.project.files;
    let before = files.get(file).and_then(|file| file.items.get(item));
    let (Some(ItemKind::Article(before)), ItemKind::Article(after)) =
        (before.map(|item| &item.kind), &changed.value.kind)
    else {
        return false;
    };
    if settings(before) != settings(after) {
        return false;
    }
    let both = with_copy(files, file, &changed.value, after);
    let mut shown = false;
    for day in &judged.days {
        let policy = judged.suite.compile(&both, &judged.file, &day.terms);
        match agree(&policy, file, before.number) {
            Some(false) => return false,
            Some(true) => shown = true,
            None => {}
        }
    }
    shown
}

/// Where an article says when it is in effect and what it is heard before.
fn settings(article: &Article) -> Vec<String> {
    let parts = article.parts.iter().filter_map(|part| match &part.kind {
        PartKind::Period(period) => {
            Some(format!("{} {:?}", period.from.text, period.to.as_ref().map(|to| &to.text)))
        }
        PartKind::Overrides(refs) => Some(refs.len().to_string()),
        _ => None,
    });
    parts.collect()
}

/// The files with the changed article beside the one it stands for.
fn with_copy(files: &[File], file: usize, item: &Item, article: &Article) -> Vec<File> {
    let mut files = files.to_vec();
    let mut copy = article.clone();
    copy.number.number = FREE;
    copy.names.name.text.push('′');
    copy.names.alias = None;
    if let Some(slot) = files.get_mut(file) {
        slot.items.push(Item { kind: ItemKind::Article(copy), ..item.clone() });
    }
    files
}

/// Whether the two articles come to the same for every row; `None` where they are not in effect.
fn agree(
    policy: &Policy,
    module: usize,
    number: crate::syntax::tree::ArticleNumber,
) -> Option<bool> {
    let numbered = |wanted: u32, insert: Option<u32>| {
        let all = (0..).map(ArticleId).zip(&policy.program.articles);
        let mut own = all.filter(|(_, article)| article.module == module);
        own.find(|(_, article)| (article.number.number, article.number.insert) == (wanted, insert))
    };
    let (one, first) = numbered(number.number, number.insert)?;
    let (other, second) = numbered(FREE, number.insert)?;
    if !first.in_effect {
        return None;
    }
    let of = |article: ArticleId| -> Vec<usize> {
        let all = policy.judgements.iter().enumerate();
        all.filter(|(_, judgement)| judgement.article == article).map(|(at, _)| at).collect()
    };
    let (one, other) = (of(one), of(other));
    let whole = first.whole && second.whole && one.len() == other.len() && !one.is_empty();
    let sentences = first.sentences.iter().zip(&second.sentences);
    let pairs = one.into_iter().zip(other).zip(sentences);
    let agree = |((one, other), (first, second))| same(policy, (one, first), (other, second));
    Some(whole && pairs.into_iter().all(agree))
}

fn same(policy: &Policy, (a, one): (usize, &Sentence), (b, other): (usize, &Sentence)) -> bool {
    let (graph, judgements) = (&policy.graph, &*policy.judgements);
    let prover = Prover { graph, judgements, today: policy.today };
    let frames = |at: usize| judgements.get(at).map(|judgement: &Judgement| judgement.frame);
    let (Some(frame), Some(second)) = (frames(a), frames(b)) else { return false };
    if frame != second || varies(policy, one) || varies(policy, other) {
        return false;
    }
    // What was not changed needs no proof.
    let alike = |one: ExprId, other: ExprId| policy.program.alike(one, other);
    let never = |claims: &[Claim]| matches!(prover.ask(frame, claims), Answer::Never);
    // One side shows what the other does not.
    let apart = |at: usize, shows: fn(usize) -> Claim, not: (usize, Option<ExprId>)| match not {
        (other, Some(part)) => never(&[shows(at), Claim::Part { at: other, part, holds: false }]),
        _ => false,
    };
    let conditions = match (one.condition, other.condition) {
        (None, None) => true,
        (Some(first), Some(second)) if alike(first, second) => true,
        (first, second) => {
            (second.is_none() || apart(a, Claim::Speaks, (b, second)))
                && (first.is_none() || apart(b, Claim::Speaks, (a, first)))
        }
    };
    let exceptions = match (one.exception, other.exception) {
        (None, None) => true,
        (Some(first), Some(second)) if alike(first, second) => true,
        (Some(_), Some(_)) => {
            let first = never(&[Claim::Excepted(a), Claim::Governs(b)]);
            first && never(&[Claim::Governs(a), Claim::Excepted(b)])
        }
        _ => false,
    };
    let clauses = match (&one.clause, &other.clause) {
        (
            Clause::Require { modal, condition },
            Clause::Require { modal: other, condition: second },
        ) if modal == other && alike(*condition, *second) => true,
        (Clause::Require { .. }, Clause::Require { .. }) => {
            never(&[Claim::Kept(a), Claim::Broken(b)]) && never(&[Claim::Broken(a), Claim::Kept(b)])
        }
        (Clause::Demand { .. }, Clause::Demand { .. }) => {
            let demand = |at: usize| judgements.get(at).and_then(|found| found.demand);
            demand(a) == demand(b)
        }
        (Clause::Refer(_), Clause::Refer(_)) => true,
        _ => false,
    };
    conditions && exceptions && clauses
}

/// Whether a sentence rests on a parameter or on the day judged for.
fn varies(policy: &Policy, sentence: &Sentence) -> bool {
    let program = &policy.program;
    program.reached(sentence.stated()).any(|id| match &program.expr(id).kind {
        ExprKind::Parameter(_) => true,
        ExprKind::Call(_, arguments) => arguments.is_empty(),
        _ => false,
    })
}
