//! Findings: a verdict with the clause that decided, and the values that made it so, each at its
//! place.

use super::blame::{Blame, Fact, Walker};
use super::describe::Description;
use crate::builtin::Scalar;
use crate::builtin::citation::Part;
use crate::diagnostic::Bilingual;
use crate::engine::{RowRef, Run};
use crate::finding::{Evidence, Finding, Findings, Head, Outcome, Provision, Role, Weight};
use crate::lowering::Judgement;
use crate::program::{Article, Clause, ExprId, Language, MessagePart, Sentence};
use crate::say;
use crate::schema::{FrameId, Names, Type};
use crate::value::Values;
use crate::verdict::{Basis, Verdict};

impl Findings for Run {
    fn len(&self) -> usize {
        self.verdicts.len()
    }

    fn get(&self, index: usize) -> Finding {
        let Some(verdict) = self.verdicts.get(index) else { return self.nothing() };
        let judgement = |at: u32| self.policy.judgements.get(at as usize);
        let found = match verdict.basis {
            Basis::Judgement(at) => {
                judgement(at).map(|judgement| self.of_judgement(verdict, judgement))
            }
            Basis::Decision(at) => {
                let plan = self.policy.decisions.get(at as usize);
                plan.map(|plan| self.of_decision(verdict, plan))
            }
            Basis::Article(id) => self.program().article(id).map(|article| self.vacuous(article)),
            Basis::Hollow(at) => judgement(at).map(|judgement| self.hollow(judgement)),
            Basis::Waiver(at) => self.waivers.get(at as usize).map(|found| self.of_waiver(found)),
        };
        let mut finding = found.unwrap_or_else(|| self.nothing());
        if finding.subject.is_some()
            && finding.evidence.iter().all(|evidence| evidence.role == Role::Policy)
        {
            let row = self.row_evidence(verdict.frame, verdict.row as usize);
            finding.evidence.splice(0..0, row);
        }
        let head = self.head(index);
        if let Some(rule) = self.rule(index).filter(|_| finding.subject.is_some()) {
            finding.heading = self.policy.rules.heading(rule);
        }
        finding.article = head.article.to_owned();
        finding.outcome = head.outcome;
        finding.weight = head.weight;
        finding.waiver = self.waiver_of(index);
        finding.fingerprint = self.fingerprint(index).map_or_else(String::new, |it| it.to_string());
        finding
    }

    fn others(&self, index: usize) -> Vec<(String, Outcome)> {
        let others = self.parties(index).into_iter();
        others.map(|(rule, outcome)| (self.policy.rules.code(rule).to_owned(), outcome)).collect()
    }

    fn open(&self, index: usize) -> Vec<String> {
        let rules = self.open_beside(index).into_iter();
        rules.map(|rule| self.policy.rules.code(rule).to_owned()).collect()
    }

    fn place_of(&self, index: usize) -> Option<(usize, usize)> {
        let verdict = self.verdicts.get(index)?;
        let of_row = matches!(verdict.basis, Basis::Judgement(_) | Basis::Decision(_));
        of_row.then_some((verdict.frame.0 as usize, verdict.row as usize))
    }

    fn kind(&self, index: usize) -> (Outcome, Weight) {
        let found = self.verdicts.get(index);
        found.map_or((Outcome::Vacuous, Weight::Warning), |found| {
            (found.outcome, self.weight(found))
        })
    }

    fn head(&self, index: usize) -> Head<'_> {
        let Some(verdict) = self.verdicts.get(index) else {
            return Head {
                article: "",
                outcome: Outcome::Vacuous,
                weight: Weight::Warning,
                table: "",
                key: "".into(),
                row: None,
                path: None,
            };
        };
        let schema = self.schema();
        let row = self.row_of(index);
        let key = row.and_then(|row| self.show().key(row.frame, row.row));
        Head {
            article: self.rule(index).map_or("", |rule| self.policy.rules.code(rule)),
            outcome: verdict.outcome,
            weight: self.weight(verdict),
            table: schema.frame(schema.root(verdict.frame)).map_or("", |frame| frame.names.en()),
            row: row.filter(|_| key.is_none()).map(|row| self.number(row)),
            key: key.unwrap_or_else(|| self.verdict_key(index)),
            path: self.path_in(verdict.at(), Names::en),
        }
    }
}

impl Run {
    pub(crate) fn nothing(&self) -> Finding {
        Finding {
            article: String::new(),
            heading: Bilingual::default(),
            outcome: Outcome::Vacuous,
            weight: Weight::Warning,
            subject: None,
            message: Bilingual::default(),
            stated: None,
            plain: None,
            help: None,
            demanded: None,
            declared: None,
            waiver: None,
            cite: Vec::new(),
            provisions: Vec::new(),
            evidence: Vec::new(),
            missing: Vec::new(),
            fingerprint: String::new(),
        }
    }

    pub(crate) fn base(
        &self,
        verdict: &Verdict,
        judgement: &Judgement,
    ) -> (Finding, Option<&Sentence>) {
        let mut finding = self.nothing();
        if let Some(article) = self.program().article(judgement.article) {
            finding.heading = self.policy.heading(article);
            finding.cite = article.cites.iter().map(|cite| cite.text.clone()).collect();
            finding.provisions = self.provisions(judgement.article).to_vec();
        }
        finding.subject = Some(self.subject(verdict.frame, verdict.row as usize));
        (finding, self.policy.sentence(judgement))
    }

    pub(crate) fn of_judgement(&self, verdict: &Verdict, judgement: &Judgement) -> Finding {
        let (mut finding, sentence) = self.base(verdict, judgement);
        let Some(sentence) = sentence else { return finding };
        let (row, context) = (verdict.row as usize, judgement.context);
        let unknown = verdict.outcome == Outcome::Undetermined;
        let mut walker = self.judged(verdict, judgement, sentence);
        let description = Description {
            evaluator: &self.evaluator,
            phrases: &self.policy.phrases,
            context,
            row,
            length: self.length,
        };
        finding.message = self.message(&description, sentence, unknown);
        finding.stated = sentence.message.as_ref().map(|parts| self.filled(&description, parts));
        finding.plain = match &sentence.clause {
            Clause::Require { condition, .. } if !unknown => {
                finding.stated.clone().or_else(|| description.unless_plain(sentence, *condition))
            }
            _ => None,
        };
        let told = self.told_with(&description, judgement, sentence).filter(|_| !unknown);
        if let Some(Bilingual { zh, en }) = told {
            // What is wrong stands there: here only what this row adds to it.
            let root = |frame, row| self.root(RowRef { frame, row });
            let own = root(verdict.frame, row);
            walker.facts.retain(|fact| root(fact.frame, fact.row) == own);
            finding.plain = None;
            finding.message =
                say!("与 {zh} 成一对，已在那里说明", "in one pair with {en}, told there");
        }
        self.fill(&mut finding, &walker, (verdict.frame, row), unknown);
        let computed = !walker.facts.is_empty() || !walker.failures.is_empty();
        if unknown && finding.missing.is_empty() && computed {
            let clause = self.policy.phrases.phrase(sentence.clause_span);
            let (zh, en) = (clause.zh, clause.en);
            let why = walker.why(&self.policy.phrases);
            let why_zh =
                if why.zh.is_empty() { String::new() } else { format!("（{}）", why.zh) };
            let why_en = if why.en.is_empty() { String::new() } else { format!(" ({})", why.en) };
            finding.message = match &sentence.clause {
                Clause::Refer(parts) => {
                    let text = self.filled(&description, parts).zh;
                    say!(
                        "所填的值算不出结果{why_zh}，无法判断是否应当提请：{text}",
                        "the values given have no result{why_en}; cannot tell whether a person \
                            has to judge: {text}"
                    )
                }
                Clause::Require { .. } | Clause::Demand { .. } => say!(
                    "所填的值算不出结果{why_zh}，无法判断是否符合“{zh}”",
                    "the values given have no result{why_en}; cannot tell whether `{en}` holds"
                ),
            };
        }
        if unknown && walker.uncompared {
            let clause = self.policy.phrases.phrase(sentence.clause_span);
            let (zh, en) = (clause.zh, clause.en);
            finding.message = say!(
                "要比较的行太多，没有比较，无法判断是否符合“{zh}”",
                "too many rows would have to be compared, so none were; cannot tell whether \
                    `{en}` holds"
            );
        }
        if let Some(open) = self
            .open_overrides(judgement, row)
            .into_iter()
            .next()
            .filter(|_| unknown && finding.missing.is_empty())
        {
            let heading =
                self.program().article(open.article).map(|other| self.policy.heading(other));
            finding.message = open.why.words(&heading.unwrap_or_default());
            finding.help = Some(super::open::correct_first());
        }
        finding.evidence.push(self.clause_evidence(sentence.clause_span, Bilingual::default()));
        finding.evidence.extend(self.items(judgement, sentence, row));
        self.courses(&mut finding, &walker.accounts, sentence.clause_span, unknown);
        finding
    }

    /// What a sentence's verdict rests on.
    fn judged(&self, verdict: &Verdict, judgement: &Judgement, sentence: &Sentence) -> Walker<'_> {
        let unknown = verdict.outcome == Outcome::Undetermined;
        Walker::least(&self.evaluator, |walker| {
            let row = verdict.row as usize;
            if let Clause::Require { modal, condition } = &sentence.clause {
                let want = if unknown {
                    Blame::Unknown
                } else if modal.is_negative() {
                    Blame::True
                } else {
                    Blame::False
                };
                walker.blame(*condition, judgement.context, row, want);
            }
            self.reasons(walker, judgement, sentence, row, unknown);
        })
    }

    /// The facts a finding rests on; none for findings about an article or a waiver as such.
    #[must_use]
    pub fn facts(&self, index: usize) -> Vec<Fact> {
        let Some(verdict) = self.verdicts.get(index) else { return Vec::new() };
        let facts = match verdict.basis {
            Basis::Judgement(at) => {
                let judgement = self.policy.judgements.get(at as usize);
                let sentence = judgement
                    .and_then(|judgement| Some((judgement, self.policy.sentence(judgement)?)));
                sentence
                    .map(|(judgement, sentence)| self.judged(verdict, judgement, sentence).facts)
                    .unwrap_or_default()
            }
            Basis::Decision(at) => self
                .policy
                .decisions
                .get(at as usize)
                .map(|plan| self.decided_facts(verdict, plan))
                .unwrap_or_default(),
            Basis::Article(_) | Basis::Hollow(_) | Basis::Waiver(_) => Vec::new(),
        };
        self.nearest_first(facts, (verdict.frame, verdict.row as usize))
    }

    /// Why the sentence governs the row (or why that is unknown).
    pub(crate) fn reasons(
        &self,
        walker: &mut Walker<'_>,
        judgement: &Judgement,
        sentence: &Sentence,
        row: usize,
        unknown: bool,
    ) {
        let context = judgement.context;
        if let Some(condition) = sentence.condition {
            walker.blame(
                condition,
                context,
                row,
                if unknown { Blame::Unknown } else { Blame::True },
            );
        }
        if let Some(exception) = sentence.exception {
            walker.blame(
                exception,
                context,
                row,
                if unknown { Blame::Unknown } else { Blame::False },
            );
        }
    }

    pub(crate) fn fill(
        &self,
        finding: &mut Finding,
        walker: &Walker<'_>,
        subject: (FrameId, usize),
        unknown: bool,
    ) {
        let facts = &walker.facts;
        finding.evidence.extend(self.own_first(facts, subject));
        finding.provisions.extend(self.quoted(facts));
        if unknown {
            finding.missing = self.missing(walker, subject);
        }
    }

    /// What the texts say at the places that facts cite.
    fn quoted(&self, facts: &[Fact]) -> Vec<Provision> {
        let is_cited = |fact: &&Fact| {
            let frame = self.schema().frame(fact.frame);
            frame.is_some_and(|frame| frame.citations.is_some())
        };
        let mut found: Vec<Provision> = Vec::new();
        for fact in facts.iter().filter(is_cited) {
            let text = |part: Part| {
                let column = self.rows.frame(fact.frame)?.columns.get(part.index())?;
                match &column.values {
                    Values::Texts(texts) if column.present.get(fact.row) => {
                        Some(texts.get(fact.row).to_owned())
                    }
                    _ => None,
                }
            };
            let (Some(words), Some(title)) = (text(Part::Provision), text(Part::Title)) else {
                continue;
            };
            let cite = format!("《{title}》{}", text(Part::Place).unwrap_or_default());
            let provision = Provision { cite, words };
            if !found.contains(&provision) {
                found.push(provision);
            }
        }
        found
    }

    /// What would have to be known, by its names.
    pub(crate) fn missing(&self, walker: &Walker<'_>, subject: (FrameId, usize)) -> Vec<Bilingual> {
        // Of a list that lacks what was looked up, that is missing, not the list.
        let sought =
            |fact: &Fact| walker.absent.iter().any(|(.., list)| list.as_ref() == Some(fact));
        let lacks = |fact: &Fact| !self.is_given(*fact) || self.is_undecided(*fact, subject.0);
        let lacking = walker.facts.iter().filter(|fact| lacks(fact) && !sought(fact));
        let facts = lacking.filter_map(|fact| self.fact_name(*fact, subject));
        let absent = walker.absent.iter();
        let absent =
            absent.filter_map(|(frame, condition, _)| self.lookup_name(*frame, *condition));
        let unread = walker.partial.iter().filter_map(|frame| self.unread_rows(*frame));
        facts.chain(absent).chain(unread).collect()
    }

    /// Facts as evidence, the nearest first.
    pub(crate) fn own_first(&self, facts: &[Fact], subject: (FrameId, usize)) -> Vec<Evidence> {
        let all = self.nearest_first(facts.to_vec(), subject).into_iter();
        all.filter_map(|fact| self.evidence(fact, subject)).collect()
    }

    /// Facts of the element that is judged, then those of its row, then those of other rows, so that
    /// the first place is the one where something has to change.
    fn nearest_first(&self, mut facts: Vec<Fact>, subject: (FrameId, usize)) -> Vec<Fact> {
        let root = |frame, row| self.root(RowRef { frame, row });
        let judged = root(subject.0, subject.1);
        let is_element = self.schema().frame(subject.0).is_some_and(|own| own.parent.is_some());
        facts.sort_by_cached_key(|fact| match is_element && (fact.frame, fact.row) == subject {
            true => 0,
            false if root(fact.frame, fact.row) == judged => 1,
            false => 2,
        });
        facts
    }

    pub(crate) fn message(
        &self,
        description: &Description<'_>,
        sentence: &Sentence,
        unknown: bool,
    ) -> Bilingual {
        if let (true, Clause::Refer(parts)) = (unknown, &sentence.clause) {
            let text = self.filled(description, parts).zh;
            return say!(
                "缺少事实，无法判断是否应当提请：{text}",
                "facts are missing; cannot tell whether a person has to judge: {text}"
            );
        }
        if unknown {
            let clause = self.policy.phrases.phrase(sentence.clause_span);
            let (zh, en) = (clause.zh, clause.en);
            return say!(
                "缺少事实，无法判断是否符合“{zh}”",
                "facts are missing; cannot tell whether `{en}` holds"
            );
        }
        let detail = match &sentence.clause {
            Clause::Require { modal, condition } => {
                description.clause(sentence, *modal, *condition)
            }
            Clause::Refer(parts) => self.filled(description, parts),
            Clause::Demand { .. } => Bilingual::default(),
        };
        match &sentence.message {
            None => detail,
            Some(parts) => join(&self.filled(description, parts), &detail),
        }
    }

    /// A text with its placeholders filled, in the language it was written in.
    pub(crate) fn filled(&self, description: &Description<'_>, parts: &[MessagePart]) -> Bilingual {
        let mut text = String::new();
        for part in parts {
            match part {
                MessagePart::Text(plain) => text.push_str(plain),
                MessagePart::Value(expr) => {
                    let found = self.program().expr(*expr);
                    let value = self.placed(description, *expr);
                    let mut modules = self.program().modules.iter();
                    let module = modules.find(|module| module.file == found.span.file);
                    if module.is_some_and(|module| module.language == Language::English) {
                        text.push_str(&value.en);
                        continue;
                    }
                    // In a Chinese sentence a quantity is written without a blank.
                    let is_quantity = !matches!(
                        found.ty,
                        Type::Text | Type::Enum(_) | Type::Ref(_) | Type::Instant
                    );
                    text.push_str(&if is_quantity { value.zh.replace(' ', "") } else { value.zh });
                }
            }
        }
        Bilingual::same(text)
    }

    /// A value in the place of its placeholder: a text as it was given, without marks.
    fn placed(&self, description: &Description<'_>, expr: ExprId) -> Bilingual {
        match description.scalar(expr) {
            Some(Scalar::Text(text)) => Bilingual::same(self.length.text(&text)),
            Some(value) => self.show().scalar(self.program().expr(expr).ty, &value),
            None => self.no_value(description, expr),
        }
    }

    /// Why there is no value: it was not given, could not be read, or has no result.
    pub(crate) fn no_value(&self, description: &Description<'_>, expr: ExprId) -> Bilingual {
        let mut walker = Walker::new(&self.evaluator);
        walker.values(expr, description.context, description.row, true);
        let lacking = || walker.facts.iter().filter(|fact| !self.is_given(**fact));
        if lacking().any(|fact| self.unread_text(*fact).is_some()) {
            say!("（读不出）", "(cannot be read)")
        } else if lacking().next().is_some() || walker.facts.is_empty() {
            say!("（未填）", "(not given)")
        } else {
            say!("（没有结果）", "(no result)")
        }
    }

    pub(crate) fn hollow(&self, judgement: &Judgement) -> Finding {
        let (Some(article), Some(sentence)) =
            (self.program().article(judgement.article), self.policy.sentence(judgement))
        else {
            return self.nothing();
        };
        let rows = crate::verdict::hollow_rows(&self.evaluator, judgement).count();
        let course = matches!(&sentence.clause, Clause::Require { condition,
            .. } if self.is_course(*condition));
        let message = if course {
            say!(
                "有 {rows} 行只因没有它所说的事件而满足",
                "{rows} rows satisfy it only because none of the events it speaks of occurred"
            )
        } else {
            say!(
                "有 {rows} 行只因列表为空而满足",
                "{rows} rows satisfy it only because the list is empty"
            )
        };
        let evidence = vec![self.clause_evidence(sentence.clause_span, Bilingual::default())];
        Finding { heading: self.policy.heading(article), message, evidence, ..self.nothing() }
    }

    pub(crate) fn vacuous(&self, article: &Article) -> Finding {
        let rows: usize = article
            .sentences
            .iter()
            .map(|sentence| self.evaluator.frame(sentence.frame).map_or(0, |data| data.len))
            .sum();
        let message = if rows == 0 {
            say!(
                "主语没有任何行，本条没有判断任何东西",
                "its subject has no rows: the article judged nothing"
            )
        } else {
            say!(
                "{rows} 行中没有一行符合条件，本条没有判断任何东西",
                "none of {rows} rows meets its condition: the article judged nothing"
            )
        };
        let evidence = vec![self.clause_evidence(article.span, Bilingual::default())];
        Finding { heading: self.policy.heading(article), message, evidence, ..self.nothing() }
    }
}

pub(super) fn join(said: &Bilingual, detail: &Bilingual) -> Bilingual {
    let both = |said: &str, colon: &str, detail: &str| match (said, detail) {
        ("", alone) | (alone, "") => alone.to_owned(),
        _ => format!("{said}{colon}{detail}"),
    };
    Bilingual { zh: both(&said.zh, "：", &detail.zh), en: both(&said.en, ": ", &detail.en) }
}
