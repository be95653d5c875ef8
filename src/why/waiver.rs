//! Waivers that have something to say of themselves.

use crate::diagnostic::Bilingual;
use crate::engine::{Run, Waiver};
use crate::finding::{Evidence, Finding, Role, WaiverState};
use crate::say;

impl Run {
    /// A finding about a waiver itself: that it has expired, was renewed, or is not needed.
    pub(super) fn of_waiver(&self, waiver: &Waiver) -> Finding {
        let grant = &waiver.grant;
        let (authority, reason) = (&grant.authority, &grant.reason);
        let Bilingual { zh: row, en: row_en } = self.waiver_summary(waiver).row;
        let rule = self.policy.rules.heading(waiver.rule);
        let (zh, en) = (rule.zh, rule.en);
        let until = grant.until.map_or_else(String::new, |until| until.to_string());
        let (message, help) = match waiver.state {
            WaiverState::Expired => (
                say!(
                    "“{row}”在“{zh}”上的例外已于 {until} 到期（{authority}）",
                    "the waiver of `{en}` for `{row_en}` expired on {until} ({authority})"
                ),
                say!("重新报批，或改正后删去", "have it renewed, or correct the row and delete it"),
            ),
            WaiverState::Renewed => (
                say!(
                    "“{row}”在“{zh}”上的例外已于 {until} 到期（{authority}），已由后一项例外接续",
                    "the waiver of `{en}` for `{row_en}` expired on {until} ({authority}); a later one \
                        covers it"
                ),
                say!("可以删去", "it may be deleted"),
            ),
            WaiverState::Needed | WaiverState::Unused | WaiverState::Open => (
                say!(
                    "没有发现需要这项例外：“{row}”在“{zh}”上（{authority}）",
                    "no finding needs this waiver: `{en}` for `{row_en}` ({authority})"
                ),
                say!("核对条文名和主键，或删去", "check the article and the key, or delete it"),
            ),
        };
        let label = say!("理由：{reason}", "reason: {reason}");
        let place = grant.place.clone();
        let evidence = vec![Evidence { role: Role::Policy, place, label, value: None }];
        let heading = Bilingual::new("例外", "waiver");
        Finding { message, help: Some(help), evidence, heading, ..self.nothing() }
    }
}
