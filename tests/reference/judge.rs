//! What becomes of each article, and of each decision's `否则`, for each row.

use super::program::{Decision, Provision};
use super::row::Cell;
use super::{Value, World, and, date, not, or};
use fanshi::syntax::tree::{ClauseKind, Expr, Name, PartKind, Path, Period, Sentence};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    Satisfied,
    Violated,
    NotApplicable,
    Exempt,
    Undetermined,
    Referred,
    Conflict,
}

/// One outcome: of which article (or decided field), for which row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    pub article: String,
    pub key: String,
    pub path: String,
    pub outcome: Outcome,
}

/// A sentence for one of its subjects.
struct Rule<'a> {
    article: usize,
    provision: &'a Provision,
    sentence: &'a Sentence,
    frame: usize,
    /// The subject is a condition: only the rows for which it holds.
    only: Option<&'a Expr>,
}

/// All outcomes, in no particular order. Articles that are not in effect have none.
pub fn judge(world: &World<'_>) -> Vec<Answer> {
    let rules = rules(world);
    let mut answers = Vec::new();
    for rule in &rules {
        for row in world.facts.of(rule.frame) {
            let outcome = world.outcome(&rules, rule, row);
            answers.push(world.answer(format!("{}.{}", rule.provision.policy, rule.provision.name), row, outcome));
        }
    }
    for decision in &world.program.decisions {
        let Some(otherwise) = &decision.declared.otherwise else { continue };
        let name = format!("{}.{}", decision.policy, world.program.frames[decision.frame].fields[decision.field].name);
        for row in world.facts.of(decision.frame) {
            let outcome = world.otherwise(&rules, decision, otherwise, row);
            answers.push(world.answer(name.clone(), row, outcome));
        }
    }
    answers
}

fn rules<'a>(world: &World<'a>) -> Vec<Rule<'a>> {
    let mut rules = Vec::new();
    for (article, provision) in world.program.articles.iter().enumerate() {
        let parts = &provision.article.parts;
        let own = parts.iter().find_map(|part| if let PartKind::Period(period) = &part.kind { Some(period) } else { None });
        if !own.into_iter().chain(&provision.period).all(|period| covers(period, world)) {
            continue;
        }
        for part in parts {
            let PartKind::Sentence(sentence) = &part.kind else { continue };
            for subject in &sentence.subjects {
                let (frame, only) = subject_of(world, subject);
                rules.push(Rule { article, provision, sentence, frame, only });
            }
        }
    }
    rules
}

fn covers(period: &Period, world: &World<'_>) -> bool {
    let day = |text: &str| date::read(text).expect("a date");
    day(&period.from.text) <= world.today && period.to.as_ref().is_none_or(|to| world.today <= day(&to.text))
}

/// A table, a nested list, or a boolean definition on one.
fn subject_of<'a>(world: &World<'a>, path: &Path) -> (usize, Option<&'a Expr>) {
    if let Some(frame) = world.program.frame(path) {
        return (frame, None);
    }
    let (last, owner) = path.names.split_last().expect("a path");
    let owner = world.program.frame_of(owner);
    let fits = |frame: usize| owner.is_none_or(|owner| owner == frame);
    let definition = world.program.definitions.iter().find(|found| found.name == last.text && fits(found.frame));
    let definition = definition.unwrap_or_else(|| panic!("no subject {}", last.text));
    (definition.frame, Some(&definition.body))
}

impl<'a> World<'a> {
    fn answer(&self, article: String, row: usize, outcome: Outcome) -> Answer {
        let row = &self.facts.rows[row];
        let single = self.program.frames[row.frame].single;
        Answer { article, key: if single { "1".into() } else { row.key.clone() }, path: row.path.clone(), outcome }
    }

    /// S: whether the sentence speaks of the row.
    fn speaks(&self, rule: &Rule<'_>, row: usize) -> Option<bool> {
        let scope = self.scope(row);
        let conditions = rule.only.into_iter().chain(&rule.sentence.condition);
        and(conditions.map(|condition| self.truth(condition, &scope)))
    }

    /// E: an exception, or an article that goes before this one.
    fn excepted(&self, rules: &[Rule<'a>], rule: &Rule<'_>, row: usize) -> Option<bool> {
        let scope = self.scope(row);
        let unless = rule.provision.article.parts.iter().filter_map(|part| match &part.kind {
            PartKind::Unless(condition) => Some(self.truth(condition, &scope)),
            _ => None,
        });
        let above: Vec<usize> = self.facts.around(row);
        let overriding = rules.iter().filter(|other| self.overrides(other, rule)).flat_map(|other| {
            let rows = above.iter().filter(|row| self.facts.rows[**row].frame == other.frame);
            rows.map(|row| self.governs(rules, other, *row)).collect::<Vec<_>>()
        });
        or(unless.chain(overriding))
    }

    fn overrides(&self, rule: &Rule<'_>, other: &Rule<'_>) -> bool {
        rule.provision.article.parts.iter().any(|part| match &part.kind {
            PartKind::Overrides(named) => named.iter().any(|named| {
                let policy = named.policy.as_ref().map_or(&rule.provision.policy, |policy| &policy.text);
                self.program.number(policy, named.number) == Some(other.article)
            }),
            _ => false,
        })
    }

    /// Whether the sentence applies to the row and nothing exempts it.
    fn governs(&self, rules: &[Rule<'a>], rule: &Rule<'_>, row: usize) -> Option<bool> {
        and([self.speaks(rule, row), not(self.excepted(rules, rule, row))])
    }

    fn outcome(&self, rules: &[Rule<'a>], rule: &Rule<'a>, row: usize) -> Outcome {
        let mut exempt = self.excepted(rules, rule, row);
        let speaks = self.speaks(rule, row);
        let required = match &rule.sentence.clause.kind {
            ClauseKind::Demand(demanded) => {
                let decision = self.decision(rule.frame, demanded);
                let rivals = || rules.iter().filter(|other| self.demand(other, decision).is_some_and(|other| other.text != demanded.text));
                let rank = |name: &Name| decision.declared.order.iter().position(|found| found.text == name.text);
                if !decision.declared.order.is_empty() {
                    let higher = rivals().filter(|other| self.demand(other, decision).and_then(rank) < rank(demanded));
                    let beaten = or(higher.map(|other| self.governs(rules, other, row)));
                    exempt = or([exempt, beaten]);
                } else if self.governs(rules, rule, row) == Some(true) && rivals().any(|other| self.governs(rules, other, row) == Some(true)) {
                    return Outcome::Conflict;
                }
                self.declared(decision, demanded, row)
            }
            ClauseKind::Require { modal, condition, .. } | ClauseKind::RequireBetween { modal, relation: condition, .. } => {
                let holds = self.truth(condition, &self.scope(row));
                if modal.is_negative() { not(holds) } else { holds }
            }
            ClauseKind::Refer(_) => {
                return match of(speaks, exempt, Some(false)) {
                    Outcome::Violated => Outcome::Referred,
                    other => other,
                };
            }
        };
        of(speaks, exempt, required)
    }

    fn decision(&self, frame: usize, demanded: &Name) -> &'a Decision {
        let fits = |decision: &&Decision| decision.frame == frame && self.disposition(decision, demanded).is_some();
        self.program.decisions.iter().find(fits).expect("a decision")
    }

    fn disposition(&self, decision: &Decision, name: &Name) -> Option<Value> {
        let super::program::Type::Enum(index) = self.program.frames[decision.frame].fields[decision.field].ty else { return None };
        let position = self.program.enums[index].values.iter().position(|value| *value == name.text)?;
        Some(Value::Enum(index, position))
    }

    /// What a rule demands of a decision.
    fn demand<'r>(&self, rule: &Rule<'r>, decision: &Decision) -> Option<&'r Name> {
        match &rule.sentence.clause.kind {
            ClauseKind::Demand(name) if rule.frame == decision.frame && self.disposition(decision, name).is_some() => Some(name),
            _ => None,
        }
    }

    /// Whether the row declares a disposition.
    fn declared(&self, decision: &Decision, wanted: &Name, row: usize) -> Option<bool> {
        match &self.facts.rows[row].cells[decision.field] {
            Cell::Known(value) => Some(Some(value.clone()) == self.disposition(decision, wanted)),
            _ => None,
        }
    }

    /// The outcome of `否则`: required where no article applies.
    fn otherwise(&self, rules: &[Rule<'a>], decision: &'a Decision, wanted: &Name, row: usize) -> Outcome {
        let demanding = rules.iter().filter(|rule| self.demand(rule, decision).is_some());
        let spoken = or(demanding.map(|rule| self.governs(rules, rule, row)));
        of(not(spoken), Some(false), self.declared(decision, wanted, row))
    }
}

/// Section 7: the outcome from S, E and R.
fn of(speaks: Option<bool>, exempt: Option<bool>, required: Option<bool>) -> Outcome {
    match (speaks, exempt, required) {
        (Some(false), _, _) => Outcome::NotApplicable,
        (Some(true), Some(true), _) => Outcome::Exempt,
        (Some(true), Some(false), Some(false)) => Outcome::Violated,
        (_, _, Some(true)) => Outcome::Satisfied,
        _ => Outcome::Undetermined,
    }
}

