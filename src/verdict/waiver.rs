//! Waivers: a finding that an authority has allowed, until a day. An expired waiver, or one that no
//! finding needed, is itself reported.

use super::{Basis, Explainer, Verdict};
use crate::diagnostic::Bilingual;
use crate::finding::{
    ArticleSummary, Evidence, Finding, Findings, Outcome, Role, WaiverState, WaiverSummary, Weight,
};
use crate::place::Place;
use crate::say;
use crate::schema::FrameId;

/// One waiver, and what came of it.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// `policy.article`.
    pub article: String,
    /// The row's key.
    pub item: String,
    /// Who decided.
    pub authority: String,
    /// Why.
    pub reason: String,
    /// Last day it holds, as text; `None` without an end.
    pub until: Option<String>,
    /// Whether that day has passed.
    pub expired: bool,
    /// Where it stands.
    pub place: Place,
}

/// Applies waivers: which verdicts are waived, and which waivers have something to say of
/// themselves.
#[must_use]
pub fn apply(
    explainer: &Explainer<'_, '_>,
    waivers: &[Waiver],
    articles: &mut [ArticleSummary],
) -> Vec<Verdict> {
    let mut verdicts = explainer.verdicts.to_vec();
    if waivers.is_empty() {
        return verdicts;
    }
    let mut needed = vec![false; waivers.len()];
    for (index, verdict) in verdicts.iter_mut().enumerate() {
        if !matches!(verdict.outcome, Outcome::Violated | Outcome::Conflict) {
            continue;
        }
        let head = explainer.head(index);
        let fits = |waiver: &Waiver| waiver.article == head.article && waiver.item == head.key;
        for (waiver, needed) in waivers.iter().zip(&mut needed).filter(|(waiver, _)| fits(waiver)) {
            *needed = true;
            if waiver.expired || verdict.outcome == Outcome::Waived {
                continue;
            }
            verdict.outcome = Outcome::Waived;
            if let Some(summary) =
                articles.iter_mut().find(|summary| summary.article == head.article)
            {
                summary.counts.violated = summary.counts.violated.saturating_sub(1);
                summary.counts.advised -=
                    usize::from(head.weight == Weight::Warning).min(summary.counts.advised);
                summary.counts.waived += 1;
            }
        }
    }
    let spoken = (0_u32..)
        .zip(waivers.iter().zip(needed))
        .filter(|(_, (waiver, needed))| waiver.expired || !needed);
    verdicts.extend(spoken.map(|(at, _)| Verdict {
        basis: Basis::Waiver(at),
        frame: FrameId(u32::MAX),
        row: 0,
        outcome: Outcome::Waiver,
    }));
    verdicts
}

/// What came of each waiver, from what [`apply`] made of the verdicts.
#[must_use]
pub fn summaries(waivers: &[Waiver], verdicts: &[Verdict]) -> Vec<WaiverSummary> {
    let state = |at: u32, waiver: &Waiver| {
        if waiver.expired {
            WaiverState::Expired
        } else if verdicts.iter().any(|verdict| verdict.basis == Basis::Waiver(at)) {
            WaiverState::Unused
        } else {
            WaiverState::Needed
        }
    };
    let summary = |(at, waiver): (u32, &Waiver)| WaiverSummary {
        article: waiver.article.clone(),
        item: waiver.item.clone(),
        authority: waiver.authority.clone(),
        reason: waiver.reason.clone(),
        until: waiver.until.clone(),
        state: state(at, waiver),
    };
    (0..).zip(waivers).map(summary).collect()
}

/// A finding about a waiver itself.
pub(super) fn finding(waiver: &Waiver, base: Finding) -> Finding {
    let Waiver { article, item, authority, reason, .. } = waiver;
    let message = match (&waiver.until, waiver.expired) {
        (Some(until), true) => say!(
            "“{item}”在“{article}”上的例外已于 {until} 到期（{authority}）",
            "the waiver of `{article}` for `{item}` expired on {until} ({authority})"
        ),
        _ => say!(
            "没有发现需要这项例外：“{item}”在“{article}”上（{authority}）",
            "no finding needs this waiver: `{article}` for `{item}` ({authority})"
        ),
    };
    let help = if waiver.expired {
        say!("重新报批，或改正后删去", "have it renewed, or correct the row and delete it")
    } else {
        say!("核对条文名和主键，或删去", "check the article and the key, or delete it")
    };
    let label = say!("理由：{reason}", "reason: {reason}");
    let evidence =
        vec![Evidence { role: Role::Policy, place: waiver.place.clone(), label, value: None }];
    Finding {
        message,
        help: Some(help),
        evidence,
        heading: Bilingual::new("例外", "waiver"),
        ..base
    }
}
