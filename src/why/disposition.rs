//! Findings about dispositions: what is required, by which article, against what is declared.

use super::blame::{Fact, Walker};
use super::describe::Description;
use super::explain::join;
use super::open::{Open, Why, correct_first};
use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::finding::{Finding, Outcome};
use crate::lowering::{DecisionPlan, Judgement};
use crate::say;
use crate::schema::Type;
use crate::text::Span;
use crate::verdict::Verdict;

impl Run {
    pub(crate) fn of_decision(&self, verdict: &Verdict, plan: &DecisionPlan) -> Finding {
        let Some(decision) = self.program().decisions.get(plan.decision) else {
            return self.nothing();
        };
        let (row, frame) = (verdict.row as usize, verdict.frame);
        let speaking = self.speaking(plan, verdict).and_then(|at| self.policy.judgements.get(at));
        let mut finding = match speaking {
            Some(judgement) => self.base(verdict, judgement).0,
            None => Finding {
                heading: self.policy.rules.heading(self.decided_by(plan, verdict)),
                subject: Some(self.subject(frame, row)),
                ..self.nothing()
            },
        };
        let ty = Type::Enum(decision.dispositions);
        let name = |disposition: usize| {
            self.show()
                .scalar(ty, &crate::builtin::Scalar::Int(i64::try_from(disposition).unwrap_or(0)))
        };
        finding.declared = self.show().field(decision.frame, row, decision.field);
        let mut walker = Walker::new(&self.evaluator);
        let own = Fact { frame: decision.frame, row, field: decision.field };
        match self.before_waiver(plan, verdict) {
            Outcome::Violated => {
                let choice = self.required(plan, row);
                finding.demanded = choice.map(|choice| name(choice.disposition));
                self.demand_message(&mut finding, speaking, row);
                walker = self.demanded_facts(own, plan, speaking, row);
            }
            Outcome::Conflict => {
                self.conflict_message(&mut finding, plan, row);
                if verdict.outcome == Outcome::Conflict {
                    self.say_open(&mut finding, plan, row);
                }
                walker = self.clashing(own, plan, row);
            }
            _ => {
                let open = self.open(plan, row);
                for judgement in &open {
                    if let Some(sentence) = self.policy.sentence(judgement) {
                        self.reasons(&mut walker, judgement, sentence, row, true);
                    }
                }
                if open.is_empty() && self.required(plan, row).is_some() {
                    walker.facts.push(own);
                }
                let given = walker.facts.iter().all(|fact| self.is_given(*fact));
                let why =
                    if given { walker.why(&self.policy.phrases) } else { Bilingual::default() };
                (finding.message, finding.help) = self.open_message(plan, verdict, &open, &why);
            }
        }
        self.fill(&mut finding, &walker, (frame, row), verdict.outcome == Outcome::Undetermined);
        self.decision_clauses(&mut finding, verdict, plan, decision.span);
        finding
    }

    /// Names, beside what is sure, the articles of which it is not known whether they speak too.
    fn say_open(&self, finding: &mut Finding, plan: &DecisionPlan, row: usize) {
        let open = self.rules_that(plan, row, Outcome::Undetermined).into_iter();
        let headings: Vec<Bilingual> = open.map(|rule| self.policy.rules.heading(rule)).collect();
        if headings.is_empty() {
            return;
        }
        let zh: Vec<&str> = headings.iter().map(|heading| &*heading.zh).collect();
        let en: Vec<&str> = headings.iter().map(|heading| &*heading.en).collect();
        let (zh, en, said) = (zh.join("、"), en.join(", "), &finding.message);
        let (before_zh, before_en) = (&said.zh, &said.en);
        finding.message = say!(
            "{before_zh}；{zh} 是否也管到它，还不能判断",
            "{before_en}; whether {en} speaks too cannot be told yet"
        );
    }

    /// What a verdict was before it was waived.
    fn before_waiver(&self, plan: &DecisionPlan, verdict: &Verdict) -> Outcome {
        match verdict.outcome {
            Outcome::Waived if self.evaluator.holds(plan.conflict, verdict.row as usize) => {
                Outcome::Conflict
            }
            Outcome::Waived => Outcome::Violated,
            outcome => outcome,
        }
    }

    /// Why nobody knows what is required: facts that are missing, or articles that could not be
    /// understood.
    fn open_message(
        &self,
        plan: &DecisionPlan,
        verdict: &Verdict,
        open: &[&Judgement],
        why: &Bilingual,
    ) -> (Bilingual, Option<Bilingual>) {
        let unread = self.unread(plan, verdict);
        let ids = open
            .iter()
            .map(|judgement| judgement.article)
            .chain(unread.iter().filter_map(|unread| unread.article));
        let mut headings: Vec<Bilingual> = Vec::new();
        let row = verdict.row as usize;
        let overriding: Vec<Open> =
            open.iter().flat_map(|judgement| self.open_overrides(judgement, row)).collect();
        let ids = ids.chain(overriding.iter().map(|found| found.article));
        let headed = ids
            .filter_map(|id| self.program().article(id))
            .map(|article| self.policy.heading(article));
        for heading in headed {
            if !headings.contains(&heading) {
                headings.push(heading);
            }
        }
        let list = headings.iter().map(|heading| &*heading.zh).collect::<Vec<_>>().join("、");
        let names = headings.iter().map(|heading| &*heading.en).collect::<Vec<_>>().join(", ");
        let (list, names) = if headings.is_empty() {
            (list, names)
        } else {
            (format!("：{list}"), format!(": {names}"))
        };
        let understood =
            self.program().decisions.get(plan.decision).is_none_or(|decision| decision.understood);
        let misread = overriding.iter().any(|found| found.why == Why::Unread);
        if !understood || !unread.is_empty() || misread {
            let message = say!(
                "政策中有读不懂的地方，无法判断应作何处理{list}",
                "a part of the policies could not be understood; cannot tell the disposition{names}"
            );
            return (message, Some(correct_first()));
        }
        if !overriding.is_empty() {
            let message = say!(
                "“优先于”绕成一圈，无法判断应作何处理{list}",
                "`overrides` goes round in a circle; cannot tell the disposition{names}"
            );
            return (message, Some(correct_first()));
        }
        let message = if open.is_empty() {
            say!("申报的处置读不出，无法比较", "the declared disposition cannot be read")
        } else if !why.zh.is_empty() {
            let (why_zh, why_en) = (&why.zh, &why.en);
            say!(
                "所填的值算不出结果（{why_zh}），无法判断应作何处理{list}",
                "the values given have no result ({why_en}); cannot tell the disposition{names}"
            )
        } else {
            say!(
                "缺少事实，无法判断应作何处理{list}",
                "facts are missing; cannot tell the disposition{names}"
            )
        };
        (message, None)
    }

    /// The declared field, and the facts by which the article that decides demands something else:
    /// by the sentence of it that needs the fewest.
    fn demanded_facts(
        &self,
        own: Fact,
        plan: &DecisionPlan,
        speaking: Option<&Judgement>,
        row: usize,
    ) -> Walker<'_> {
        let demanding = self.required(plan, row).map_or(&[][..], |choice| &choice.judgements);
        let governing = demanding
            .iter()
            .filter(|at| self.governs(**at, row) == Some(true))
            .filter_map(|at| self.policy.judgements.get(*at));
        let same = governing
            .filter(|other| speaking.is_some_and(|speaking| speaking.article == other.article));
        let facts = same
            .filter_map(|judgement| {
                self.policy.sentence(judgement).map(|sentence| (judgement, sentence))
            })
            .map(|(judgement, sentence)| {
                Walker::least(&self.evaluator, |walker| {
                    walker.facts.push(own);
                    self.reasons(walker, judgement, sentence, row, false);
                })
            });
        facts.min_by_key(|walker| walker.facts.len()).unwrap_or_else(|| {
            let mut walker = Walker::new(&self.evaluator);
            walker.facts.push(own);
            walker
        })
    }

    /// The declared field, and the facts by which each of the articles that clash governs the row.
    fn clashing(&self, own: Fact, plan: &DecisionPlan, row: usize) -> Walker<'_> {
        Walker::least(&self.evaluator, |walker| {
            walker.facts.push(own);
            for judgement in self.judgements_that_govern(plan, row) {
                if let Some(sentence) = self.policy.sentence(judgement) {
                    self.reasons(walker, judgement, sentence, row, false);
                }
            }
        })
    }

    /// The facts a decision's verdict rests on: what is declared, and what the speaking articles
    /// rest on.
    pub(crate) fn decided_facts(&self, verdict: &Verdict, plan: &DecisionPlan) -> Vec<Fact> {
        let Some(decision) = self.program().decisions.get(plan.decision) else { return Vec::new() };
        let row = verdict.row as usize;
        let mut walker = Walker::new(&self.evaluator);
        walker.facts.push(Fact { frame: decision.frame, row, field: decision.field });
        let unknown = verdict.outcome == Outcome::Undetermined;
        let speaking = match self.before_waiver(plan, verdict) {
            Outcome::Undetermined => self.open(plan, row),
            Outcome::Conflict => self.judgements_that_govern(plan, row),
            _ => self
                .speaking(plan, verdict)
                .and_then(|at| self.policy.judgements.get(at))
                .into_iter()
                .collect(),
        };
        for judgement in speaking {
            if let Some(sentence) = self.policy.sentence(judgement) {
                self.reasons(&mut walker, judgement, sentence, row, unknown);
            }
        }
        walker.facts
    }

    fn judgements_that_govern(&self, plan: &DecisionPlan, row: usize) -> Vec<&Judgement> {
        let governing = self.demanding(plan, row, Some(true));
        governing.into_iter().filter_map(|at| self.policy.judgements.get(at)).collect()
    }

    /// The clauses of a decision's finding: of every article that demands what is required, or of
    /// those that clash, or are open.
    pub(crate) fn decision_clauses(
        &self,
        finding: &mut Finding,
        verdict: &Verdict,
        plan: &DecisionPlan,
        decision: Span,
    ) {
        let row = verdict.row as usize;
        let mut speaking: Vec<usize> = match self.before_waiver(plan, verdict) {
            Outcome::Violated => {
                self.required(plan, row).map_or_else(Vec::new, |choice| choice.judgements.clone())
            }
            _ => plan.options.iter().flat_map(|choice| choice.judgements.iter().copied()).collect(),
        };
        let open = self.open_demands(plan, row);
        speaking.retain(|at| match verdict.outcome {
            Outcome::Undetermined => open.contains(at),
            _ => self.governs(*at, row) == Some(true),
        });
        speaking.sort_unstable();
        let unread = self.unread(plan, verdict);
        for unread in &unread {
            let heading = unread
                .article
                .and_then(|id| self.program().article(id))
                .map(|article| self.policy.heading(article));
            finding.evidence.extend(
                unread.span.map(|span| self.clause_evidence(span, heading.unwrap_or_default())),
            );
        }
        if speaking.is_empty() && unread.is_empty() {
            finding.evidence.push(self.clause_evidence(decision, Bilingual::default()));
        }
        for judgement in speaking.into_iter().filter_map(|at| self.policy.judgements.get(at)) {
            if let (Some(sentence), Some(article)) =
                (self.policy.sentence(judgement), self.program().article(judgement.article))
            {
                let heading = self.policy.heading(article);
                finding.evidence.push(self.clause_evidence(sentence.span, heading));
                finding.evidence.extend(self.items(judgement, sentence, row));
            }
        }
    }

    pub(crate) fn demand_message(
        &self,
        finding: &mut Finding,
        speaking: Option<&Judgement>,
        row: usize,
    ) {
        let (Some(demanded), Some(declared)) = (finding.demanded.clone(), finding.declared.clone())
        else {
            return;
        };
        let detail = Bilingual {
            zh: format!("应当“{}”，申报为“{}”", demanded.zh, declared.zh),
            en: format!("must be `{}`, declared `{}`", demanded.en, declared.en),
        };
        let said = speaking.and_then(|judgement| {
            let sentence = self.policy.sentence(judgement)?;
            let description = Description {
                evaluator: &self.evaluator,
                phrases: &self.policy.phrases,
                context: judgement.context,
                row,
                length: self.length,
            };
            Some(self.filled(&description, sentence.message.as_ref()?))
        });
        finding.message = match said {
            Some(said) => join(&said, &detail),
            None if speaking.is_none() => {
                let none = say!("没有条文要求其他处理", "no article demands anything else");
                join(&none, &detail)
            }
            None => detail,
        };
        finding.help = Some(Bilingual {
            zh: format!("改为“{}”，或更正所依据的事实", demanded.zh),
            en: format!("declare `{}`, or correct the facts it rests on", demanded.en),
        });
    }

    pub(crate) fn conflict_message(&self, finding: &mut Finding, plan: &DecisionPlan, row: usize) {
        let ty = self
            .program()
            .decisions
            .get(plan.decision)
            .map_or(Type::Boolean, |decision| Type::Enum(decision.dispositions));
        let demanded: Vec<Bilingual> = plan
            .options
            .iter()
            .filter(|choice| {
                choice.judgements.iter().any(|at| self.governs(*at, row) == Some(true))
            })
            .map(|choice| {
                self.show().scalar(
                    ty,
                    &crate::builtin::Scalar::Int(i64::try_from(choice.disposition).unwrap_or(0)),
                )
            })
            .collect();
        let zh =
            demanded.iter().map(|name| format!("“{}”", name.zh)).collect::<Vec<_>>().join("与");
        let en =
            demanded.iter().map(|name| format!("`{}`", name.en)).collect::<Vec<_>>().join(" and ");
        finding.message = say!("条文要求不一：{zh}", "articles demand {en} at once");
        let order = |names: Vec<&str>| names.join(" > ");
        let (zh, en) = (
            order(demanded.iter().map(|name| &*name.zh).collect()),
            order(demanded.iter().map(|name| &*name.en).collect()),
        );
        finding.help = Some(say!(
            "在裁定里写明次序，如“次序 {zh}”；或在应当算数的那一条里写“优先于”另一条",
            "declare which goes first in the decision, such as `order {en}`, or write `overrides` \
                in the article that is to count"
        ));
    }
}
