//! What becomes of each article, and of each decision's `否则`, for each row.

use super::program::{Decision, Provision};
use super::row::Cell;
use super::{Value, World, and, date, not, or};
use fanshi::syntax::tree::{
    ClauseKind, Expr, Modal, Name, Otherwise, PartKind, Path, Period, Sentence,
};
use jiff::civil::Date;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    Satisfied,
    Violated,
    NotApplicable,
    Exempt,
    Undetermined,
    Referred,
    Conflict,
    AlreadyDemanded,
}

/// Of several outcomes of one article for one row, the one that stands for all comes first.
/// What is only advised (true) weighs less than what a person has to answer.
const WORST: [(Outcome, bool); 9] = [
    (Outcome::Conflict, false),
    (Outcome::Violated, false),
    (Outcome::Referred, false),
    (Outcome::Undetermined, false),
    (Outcome::Violated, true),
    (Outcome::Satisfied, false),
    (Outcome::AlreadyDemanded, false),
    (Outcome::Exempt, false),
    (Outcome::NotApplicable, false),
];

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

/// All outcomes, and the findings: of articles that require or refer one each, of dispositions one
/// a row. In no particular order. Articles that are not in effect have none.
pub fn judge(world: &World<'_>) -> (Vec<Answer>, Vec<Answer>) {
    let rules = rules(world);
    let (mut answers, mut findings) = (Vec::new(), Vec::new());
    let mut of_articles: BTreeMap<(usize, usize), Vec<(Outcome, bool)>> = BTreeMap::new();
    for rule in &rules {
        for row in world.facts.of(rule.frame) {
            let outcome = world.outcome(&rules, rule, row);
            let demands = matches!(rule.sentence.clause.kind, ClauseKind::Demand(_));
            if !demands
                && !matches!(outcome, Outcome::Satisfied | Outcome::NotApplicable | Outcome::Exempt)
            {
                findings.push(world.answer(rule.provision.called(), row, outcome));
            }
            let advice = match &rule.sentence.clause.kind {
                ClauseKind::Require { modal, .. } | ClauseKind::RequireBetween { modal, .. } => {
                    matches!(modal, Modal::Should | Modal::ShouldNot)
                }
                _ => false,
            };
            let advice = advice && outcome == Outcome::Violated;
            of_articles.entry((rule.article, row)).or_default().push((outcome, advice));
        }
    }
    for ((article, row), outcomes) in of_articles {
        let worst = WORST.iter().find(|worst| outcomes.contains(worst)).expect("an outcome");
        answers.push(world.answer(world.program.articles[article].called(), row, worst.0));
    }
    for decision in &world.program.decisions {
        for row in world.facts.of(decision.frame) {
            findings.extend(
                world
                    .finding(&rules, decision, row)
                    .map(|(article, outcome)| world.answer(article, row, outcome)),
            );
        }
        let Some(otherwise) = otherwise(decision) else { continue };
        let name = format!(
            "{}.{}",
            decision.policy, world.program.frames[decision.frame].fields[decision.field].name
        );
        for row in world.facts.of(decision.frame) {
            let outcome = world.otherwise(&rules, decision, otherwise, row);
            answers.push(world.answer(name.clone(), row, outcome));
        }
    }
    (answers, findings)
}

/// What `否则` requires; `照报` leaves whatever is declared as it is.
fn otherwise(decision: &Decision) -> Option<&Name> {
    match decision.declared.otherwise.as_ref()? {
        Otherwise::Disposition(name) => Some(name),
        Otherwise::AsDeclared(_) => None,
    }
}

fn rules<'a>(world: &World<'a>) -> Vec<Rule<'a>> {
    let mut rules = Vec::new();
    for (article, provision) in world.program.articles.iter().enumerate() {
        let parts = &provision.article.parts;
        let own = parts.iter().find_map(|part| {
            if let PartKind::Period(period) = &part.kind { Some(period) } else { None }
        });
        if !own.into_iter().chain(&provision.period).all(|period| covers(period, world.today)) {
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

pub fn covers(period: &Period, today: Date) -> bool {
    let day = |text: &str| date::read(text).expect("a date");
    day(&period.from.text) <= today && period.to.as_ref().is_none_or(|to| today <= day(&to.text))
}

/// A table, a nested list, or a boolean definition on one.
fn subject_of<'a>(world: &World<'a>, path: &Path) -> (usize, Option<&'a Expr>) {
    if let Some(frame) = world.program.frame(path) {
        return (frame, None);
    }
    let (last, owner) = path.names.split_last().expect("a path");
    let owner = world.program.frame_of(owner);
    let fits = |frame: usize| owner.is_none_or(|owner| owner == frame);
    let definition =
        world.program.definitions.iter().find(|found| found.name == last.text && fits(found.frame));
    let definition = definition.unwrap_or_else(|| panic!("no subject {}", last.text));
    (definition.frame, Some(&definition.body))
}

impl<'a> World<'a> {
    fn answer(&self, article: String, row: usize, outcome: Outcome) -> Answer {
        let row = &self.facts.rows[row];
        Answer { article, key: row.key.clone(), path: row.path.clone(), outcome }
    }

    /// S: whether the sentence speaks of the row.
    fn speaks(&self, rule: &Rule<'_>, row: usize) -> Option<bool> {
        let scope = self.scope(row);
        let conditions = rule.only.into_iter().chain(&rule.sentence.condition);
        and(conditions.map(|condition| self.truth(condition, &scope)))
    }

    /// The article's own exceptions.
    fn unless(&self, rule: &Rule<'_>, row: usize) -> Option<bool> {
        let scope = self.scope(row);
        or(rule.provision.article.parts.iter().filter_map(|part| match &part.kind {
            PartKind::Unless(condition) => Some(self.truth(condition, &scope)),
            _ => None,
        }))
    }

    /// E: an exception, or an article that goes before this one and governs the row (or the row it
    /// lies in) but for being overridden itself.
    fn excepted(&self, rules: &[Rule<'a>], rule: &Rule<'_>, row: usize) -> Option<bool> {
        let above: Vec<usize> = self.facts.around(row);
        let overriding =
            rules.iter().filter(|other| self.overrides(other, rule)).flat_map(|other| {
                let rows = above.iter().filter(|row| self.facts.rows[**row].frame == other.frame);
                rows.map(|row| and([self.speaks(other, *row), not(self.unless(other, *row))]))
                    .collect::<Vec<_>>()
            });
        or(std::iter::once(self.unless(rule, row)).chain(overriding))
    }

    fn overrides(&self, rule: &Rule<'_>, other: &Rule<'_>) -> bool {
        rule.provision.article.parts.iter().any(|part| match &part.kind {
            PartKind::Overrides(named) => named.iter().any(|named| {
                let policy =
                    named.policy.as_ref().map_or(&rule.provision.policy, |policy| &policy.text);
                self.program.number(policy, named.number) == Some(other.article)
            }),
            _ => false,
        })
    }

    /// Whether the sentence applies to the row and nothing exempts it.
    fn governs(&self, rules: &[Rule<'a>], rule: &Rule<'_>, row: usize) -> Option<bool> {
        and([self.speaks(rule, row), not(self.excepted(rules, rule, row))])
    }

    /// Whether what the sentence demands is demanded for its sake: where it governs, and where it
    /// does not only because another goes before it that may apply and demands the same. Found by
    /// trying every way in which the open ones may turn out.
    fn asks(&self, rules: &[Rule<'a>], rule: &Rule<'_>, row: usize) -> Option<bool> {
        let governs = self.governs(rules, rule, row);
        let applies = |rule: &Rule<'_>, row: usize| {
            and([self.speaks(rule, row), not(self.unless(rule, row))])
        };
        let ClauseKind::Demand(demanded) = &rule.sentence.clause.kind else { return governs };
        if governs.is_some() || applies(rule, row) != Some(true) {
            return governs;
        }
        let same = |one: &Rule<'_>, at: usize| {
            at == row
                && matches!(&one.sentence.clause.kind,
                    ClauseKind::Demand(name) if name.text == demanded.text)
        };
        // The sentence, those that go before it, and of these that demand the same those that go
        // before them, with their rows.
        let mut ring: Vec<(&Rule<'_>, usize, Option<bool>)> = vec![(rule, row, Some(true))];
        let mut next = 0;
        while let Some(&(below, at, _)) = ring.get(next) {
            next += 1;
            if !same(below, at) {
                continue;
            }
            for other in rules.iter().filter(|other| self.overrides(other, below)) {
                for at in self.facts.around(at) {
                    let known =
                        ring.iter().any(|(one, row, _)| std::ptr::eq(*one, other) && *row == at);
                    if self.facts.rows[at].frame == other.frame && !known {
                        ring.push((other, at, applies(other, at)));
                    }
                }
            }
        }
        if ring.iter().any(|(other, at, applies)| {
            *applies == Some(true)
                && self.overrides(other, rule)
                && self.facts.around(row).contains(at)
        }) {
            return governs;
        }
        let open: Vec<usize> = (0..ring.len()).filter(|place| ring[*place].2.is_none()).collect();
        assert!(open.len() < 16, "too many ways to try");
        let always = (0..1_usize << open.len()).all(|way| {
            let holds = |place: usize| match ring[place].2 {
                Some(known) => known,
                None => {
                    let bit = open.iter().position(|open| *open == place).expect("an open one");
                    way >> bit & 1 == 1
                }
            };
            (0..ring.len()).any(|place| {
                let (one, at, _) = ring[place];
                let beaten = (0..ring.len()).any(|other| {
                    holds(other)
                        && self.overrides(ring[other].0, one)
                        && self.facts.around(at).contains(&ring[other].1)
                });
                same(one, at) && holds(place) && !beaten
            })
        });
        if always { Some(true) } else { governs }
    }

    fn outcome(&self, rules: &[Rule<'a>], rule: &Rule<'a>, row: usize) -> Outcome {
        let (speaks, exempt) = (self.speaks(rule, row), self.excepted(rules, rule, row));
        match &rule.sentence.clause.kind {
            ClauseKind::Demand(demanded) => match of(speaks, exempt, None) {
                Outcome::Undetermined => self.demanded(rules, rule, demanded, row),
                other => other,
            },
            ClauseKind::Require { modal, condition, .. }
            | ClauseKind::RequireBetween { modal, relation: condition, .. } => {
                let holds = self.truth(condition, &self.scope(row));
                of(speaks, exempt, if modal.is_negative() { not(holds) } else { holds })
            }
            ClauseKind::Refer(_) => match of(speaks, exempt, Some(false)) {
                Outcome::Violated => Outcome::Referred,
                other => other,
            },
        }
    }

    /// A demand on a row it may apply to.
    fn demanded(
        &self,
        rules: &[Rule<'a>],
        rule: &Rule<'a>,
        demanded: &Name,
        row: usize,
    ) -> Outcome {
        let decision = self.decision(rule.frame, demanded);
        let required = self.required(rules, decision, row);
        let declared = self.declared(decision, row);
        let own = self.disposition(decision, &demanded.text);
        let governs = self.asks(rules, rule, row) == Some(true);
        if required.conflict && governs {
            return Outcome::Conflict;
        }
        let decided = governs && matches!(&required.possible[..], [one] if *one == own);
        if decided && self.is_demanded_before(rules, rule, row) {
            return Outcome::AlreadyDemanded;
        }
        if required.is_right(declared.as_ref()) && declared == own {
            return Outcome::Satisfied;
        }
        match &required.possible[..] {
            [Some(one)] if required.spoken && self.is_higher(decision, one, demanded) => {
                Outcome::Exempt
            }
            [Some(_)] if governs && declared.is_some() => Outcome::Violated,
            // Whether it speaks or not: others demand the same, or it is what is left.
            [one] if !governs && *one == own => Outcome::AlreadyDemanded,
            _ => Outcome::Undetermined,
        }
    }

    /// Whether an article that stands before this one surely demands the same.
    fn is_demanded_before(&self, rules: &[Rule<'a>], rule: &Rule<'a>, row: usize) -> bool {
        let ClauseKind::Demand(demanded) = &rule.sentence.clause.kind else { return false };
        let decision = self.decision(rule.frame, demanded);
        rules.iter().take_while(|other| !std::ptr::eq(*other, rule)).any(|other| {
            self.demand(other, decision).is_some_and(|name| name.text == demanded.text)
                && self.asks(rules, other, row) == Some(true)
        })
    }

    /// Whether a disposition stands before another in the order.
    fn is_higher(&self, decision: &Decision, one: &Value, other: &Name) -> bool {
        let mut names = decision.declared.order.iter().take_while(|name| name.text != other.text);
        names.any(|name| self.disposition(decision, &name.text).as_ref() == Some(one))
    }

    /// The dispositions that may be required of a row.
    fn required(&self, rules: &[Rule<'a>], decision: &'a Decision, row: usize) -> Required {
        let mut names: Vec<&str> =
            decision.declared.order.iter().map(|name| name.text.as_str()).collect();
        let ordered = !names.is_empty();
        let demanding: Vec<(&Rule<'a>, &str)> = rules
            .iter()
            .filter_map(|rule| self.demand(rule, decision).map(|name| (rule, name.text.as_str())))
            .collect();
        for (_, name) in &demanding {
            if !names.contains(name) {
                names.push(name);
            }
        }
        let value = |name: &str| self.disposition(decision, name);
        let wanted = |name: &str| {
            or(demanding
                .iter()
                .filter(|found| found.1 == name)
                .map(|found| self.asks(rules, found.0, row)))
        };
        let found: Vec<(&str, Option<bool>)> =
            names.iter().map(|name| (*name, wanted(name))).collect();
        let sure = found.iter().filter(|(_, wanted)| *wanted == Some(true)).count();
        let mut required =
            Required { possible: Vec::new(), conflict: !ordered && sure > 1, spoken: sure > 0 };
        for (name, wanted) in &found {
            if *wanted != Some(false) {
                required.possible.push(value(name));
            }
            if *wanted == Some(true) && ordered {
                return required;
            }
        }
        let left = otherwise(decision).and_then(|name| self.disposition(decision, &name.text));
        if sure == 0 && !required.possible.contains(&left) {
            required.possible.push(left);
        }
        required
    }

    fn decision(&self, frame: usize, demanded: &Name) -> &'a Decision {
        let fits = |decision: &&Decision| {
            decision.frame == frame && self.disposition(decision, &demanded.text).is_some()
        };
        self.program.decisions.iter().find(fits).expect("a decision")
    }

    fn disposition(&self, decision: &Decision, name: &str) -> Option<Value> {
        let super::program::Type::Enum(index) =
            self.program.frames[decision.frame].fields[decision.field].ty
        else {
            return None;
        };
        let position = self.program.enums[index].values.iter().position(|value| value == name)?;
        Some(Value::Enum(index, position))
    }

    /// What a rule demands of a decision.
    fn demand<'r>(&self, rule: &Rule<'r>, decision: &Decision) -> Option<&'r Name> {
        match &rule.sentence.clause.kind {
            ClauseKind::Demand(name)
                if rule.frame == decision.frame
                    && self.disposition(decision, &name.text).is_some() =>
            {
                Some(name)
            }
            _ => None,
        }
    }

    /// The disposition a row declares.
    fn declared(&self, decision: &Decision, row: usize) -> Option<Value> {
        match &self.facts.rows[row].cells[decision.field] {
            Cell::Known(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// The outcome of `否则`: required where surely no article applies.
    fn otherwise(
        &self,
        rules: &[Rule<'a>],
        decision: &'a Decision,
        wanted: &Name,
        row: usize,
    ) -> Outcome {
        let required = self.required(rules, decision, row);
        let declared = self.declared(decision, row);
        let demanding = rules.iter().filter(|rule| self.demand(rule, decision).is_some());
        let spoken = or(demanding.map(|rule| self.asks(rules, rule, row)));
        let own = self.disposition(decision, &wanted.text);
        if required.is_right(declared.as_ref()) && declared == own && spoken != Some(true) {
            return Outcome::Satisfied;
        }
        if matches!(&required.possible[..], [one] if *one == own)
            && spoken != Some(true)
            && declared.is_some()
        {
            return Outcome::Violated;
        }
        of(
            not(spoken),
            Some(false),
            declared
                .map(|declared| Some(declared) == own)
                .filter(|right| !right || spoken == Some(false)),
        )
    }

    /// What a row's disposition comes to: one finding a row, spoken by one article.
    fn finding(
        &self,
        rules: &[Rule<'a>],
        decision: &'a Decision,
        row: usize,
    ) -> Option<(String, Outcome)> {
        let required = self.required(rules, decision, row);
        let declared = self.declared(decision, row);
        if required.is_right(declared.as_ref()) {
            return None;
        }
        let named = |rule: &Rule<'_>| rule.provision.called();
        let demanding = || rules.iter().filter(|rule| self.demand(rule, decision).is_some());
        let by = |truth: Option<bool>| {
            demanding().filter(move |rule| self.asks(rules, rule, row) == truth)
        };
        let own = format!(
            "{}.{}",
            decision.policy, self.program.frames[decision.frame].fields[decision.field].name
        );
        if required.conflict {
            return by(Some(true)).next().map(|rule| (named(rule), Outcome::Conflict));
        }
        let one = match &required.possible[..] {
            [Some(one)] => Some(one),
            _ => None,
        };
        let demands = |rule: &&Rule<'a>| {
            self.demand(rule, decision)
                .and_then(|name| self.disposition(decision, &name.text))
                .as_ref()
                == one
        };
        if let (Some(_), Some(_)) = (one, &declared) {
            return Some((by(Some(true)).find(demands).map_or(own, named), Outcome::Violated));
        }
        let open = by(None).next();
        let speaking = open.or_else(|| {
            demanding().find(|rule| {
                one.is_some() && self.asks(rules, rule, row) == Some(true) && demands(rule)
            })
        });
        Some((speaking.map_or(own, named), Outcome::Undetermined))
    }
}

/// The dispositions that may be required of a row; `None` is that nothing is required.
struct Required {
    possible: Vec<Option<Value>>,
    /// Two different demands surely meet, and nothing orders them.
    conflict: bool,
    /// Some article surely applies.
    spoken: bool,
}

impl Required {
    /// Whether what is declared is right whatever the missing facts are.
    fn is_right(&self, declared: Option<&Value>) -> bool {
        !self.conflict
            && self
                .possible
                .iter()
                .all(|possible| possible.is_none() || possible.as_ref() == declared)
    }
}

/// Section 7: the outcome from S, E and R.
fn of(speaks: Option<bool>, exempt: Option<bool>, required: Option<bool>) -> Outcome {
    match (speaks, exempt, required) {
        (Some(false), _, _) => Outcome::NotApplicable,
        // Whether it speaks or not, nothing is required.
        (_, Some(true), _) => Outcome::Exempt,
        (Some(true), Some(false), Some(false)) => Outcome::Violated,
        (_, _, Some(true)) => Outcome::Satisfied,
        _ => Outcome::Undetermined,
    }
}
