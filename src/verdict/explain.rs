//! Findings: a verdict with the clause that decided, and the values that made it so, each at its
//! place.

use super::blame::{Blame, Walker};
use super::describe::{Description, Phrases};
use super::show::Show;
use super::waiver::{self, Waiver};
use super::{Basis, Verdict};
use crate::data::Located;
use crate::diagnostic::Bilingual;
use crate::eval::Evaluator;
use crate::finding::{Finding, Findings, Head, Outcome, Role, Weight};
use crate::lowering::{DecisionPlan, Judgement};
use crate::program::{Article, Clause, Language, Program, Sentence};
use crate::say;
use crate::schema::{FrameId, Names, Schema};
use crate::syntax::word;

/// Makes findings of verdicts.
pub struct Explainer<'e, 'a> {
    /// The run.
    pub evaluator: &'e Evaluator<'a>,
    /// Its sentences.
    pub judgements: &'e [Judgement],
    /// Its decisions.
    pub decisions: &'e [DecisionPlan],
    /// What to explain, in order.
    pub verdicts: &'e [Verdict],
    /// The way back to places.
    pub located: &'e (dyn Located + 'e),
    /// The policies in words.
    pub phrases: &'e Phrases<'e>,
    /// `policy.article` of each article, and of each decision after them.
    pub article_names: &'e [String],
    /// Keys of the rows of verdicts, in their order.
    pub keys: &'e [String],
    /// The waivers.
    pub waivers: &'e [Waiver],
}

impl Findings for Explainer<'_, '_> {
    fn len(&self) -> usize {
        self.verdicts.len()
    }

    fn get(&self, index: usize) -> Finding {
        let Some(verdict) = self.verdicts.get(index) else { return self.nothing() };
        let mut finding = match verdict.basis {
            Basis::Judgement(at) => self
                .judgements
                .get(at as usize)
                .map(|judgement| self.of_judgement(verdict, judgement)),
            Basis::Decision(at) => {
                self.decisions.get(at as usize).map(|plan| self.of_decision(verdict, plan))
            }
            Basis::Article(id) => self.program().article(id).map(|article| self.vacuous(article)),
            Basis::Hollow(at) => {
                self.judgements.get(at as usize).map(|judgement| self.hollow(judgement))
            }
            Basis::Waiver(at) => {
                self.waivers.get(at as usize).map(|found| waiver::finding(found, self.nothing()))
            }
        }
        .unwrap_or_else(|| self.nothing());
        if finding.subject.is_some()
            && finding.evidence.iter().all(|evidence| evidence.role == Role::Policy)
        {
            let row = self.row_evidence(verdict.frame, verdict.row as usize);
            finding.evidence.splice(0..0, row);
        }
        let head = self.head(index);
        finding.article = head.article.to_owned();
        finding.outcome = head.outcome;
        finding.weight = head.weight;
        finding.fingerprint = fingerprint(&head);
        finding
    }

    fn head(&self, index: usize) -> Head<'_> {
        let Some(verdict) = self.verdicts.get(index) else {
            return Head {
                article: "",
                outcome: Outcome::Vacuous,
                weight: Weight::Warning,
                table: "",
                key: "",
                path: None,
            };
        };
        let waiver = if let Basis::Waiver(at) = verdict.basis {
            self.waivers.get(at as usize)
        } else {
            None
        };
        let article = self
            .article_index(verdict)
            .and_then(|at| self.article_names.get(at))
            .map_or("", String::as_str);
        let article = waiver.map_or(article, |waiver| waiver.article.as_str());
        let weight = match verdict.outcome {
            Outcome::Waiver if waiver.is_some_and(|waiver| waiver.expired) => Weight::Error,
            Outcome::Violated | Outcome::Conflict if self.is_advice(verdict) => Weight::Warning,
            Outcome::Violated | Outcome::Conflict => Weight::Error,
            Outcome::Undetermined | Outcome::Referred => Weight::Question,
            Outcome::Vacuous | Outcome::Waived | Outcome::Waiver => Weight::Warning,
        };
        let schema = &self.program().schema;
        let table = schema.frame(schema.root(verdict.frame)).map_or("", |frame| frame.names.en());
        let key = waiver.map_or_else(
            || self.keys.get(index).map_or("", String::as_str),
            |waiver| waiver.item.as_str(),
        );
        let path = self.path_in(verdict.frame, verdict.row as usize, Names::en);
        Head { article, outcome: verdict.outcome, weight, table, key, path }
    }
}

impl<'e, 'a> Explainer<'e, 'a> {
    /// The shape of the data.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.program().schema
    }

    pub(crate) fn program(&self) -> &Program {
        self.evaluator.graph.program
    }

    pub(crate) fn show(&self) -> Show<'e, 'a> {
        Show { evaluator: self.evaluator }
    }

    pub(crate) fn nothing(&self) -> Finding {
        Finding {
            article: String::new(),
            heading: Bilingual::default(),
            outcome: Outcome::Vacuous,
            weight: Weight::Warning,
            subject: None,
            message: Bilingual::default(),
            help: None,
            demanded: None,
            declared: None,
            cite: Vec::new(),
            evidence: Vec::new(),
            missing: Vec::new(),
            fingerprint: String::new(),
        }
    }

    /// The article a verdict is reported under; decisions follow the articles.
    pub(crate) fn article_index(&self, verdict: &Verdict) -> Option<usize> {
        match verdict.basis {
            Basis::Judgement(at) | Basis::Hollow(at) => {
                Some(self.judgements.get(at as usize)?.article.0 as usize)
            }
            Basis::Article(id) => Some(id.0 as usize),
            Basis::Waiver(_) => None,
            Basis::Decision(at) => {
                let plan = self.decisions.get(at as usize)?;
                let by_article = self
                    .speaking(plan, verdict)
                    .and_then(|at| self.judgements.get(at))
                    .map(|judgement| judgement.article.0 as usize);
                let by_article = by_article.or_else(|| self.unread_article(plan, verdict));
                Some(by_article.unwrap_or(self.program().articles.len() + plan.decision))
            }
        }
    }

    pub(crate) fn is_advice(&self, verdict: &Verdict) -> bool {
        let Basis::Judgement(at) = verdict.basis else { return false };
        let sentence =
            self.judgements.get(at as usize).and_then(|judgement| self.sentence(judgement));
        matches!(sentence.map(|sentence| &sentence.clause), Some(Clause::Require { modal,
            .. }) if modal.is_advice())
    }

    pub(crate) fn sentence(&self, judgement: &Judgement) -> Option<&Sentence> {
        self.program().article(judgement.article)?.sentences.get(judgement.sentence)
    }

    /// `POLICY 第二条 NAME`.
    #[must_use]
    pub fn heading(&self, article: &Article) -> Bilingual {
        let module = self.program().modules.get(article.module);
        let (zh, en) = module.map_or(("", ""), |module| (module.names.zh(), module.names.en()));
        let number = word::article_number(article.number);
        let english = word::english_number(article.number);
        Bilingual {
            zh: format!("{zh} {number} {}", article.names.zh()),
            en: format!("{en} article {english} {}", article.names.en()),
        }
    }

    pub(crate) fn base(
        &self,
        verdict: &Verdict,
        judgement: &Judgement,
    ) -> (Finding, Option<&Sentence>) {
        let mut finding = self.nothing();
        if let Some(article) = self.program().article(judgement.article) {
            finding.heading = self.heading(article);
            finding.cite = article.cites.iter().map(|cite| cite.text.clone()).collect();
        }
        finding.subject = Some(self.subject(verdict.frame, verdict.row as usize));
        (finding, self.sentence(judgement))
    }

    pub(crate) fn of_judgement(&self, verdict: &Verdict, judgement: &Judgement) -> Finding {
        let (mut finding, sentence) = self.base(verdict, judgement);
        let Some(sentence) = sentence else { return finding };
        let (row, context) = (verdict.row as usize, judgement.context);
        let unknown = verdict.outcome == Outcome::Undetermined;
        let walker = self.judged(verdict, judgement, sentence);
        let description =
            Description { evaluator: self.evaluator, phrases: self.phrases, context, row };
        finding.message = self.message(&description, sentence, unknown);
        self.fill(&mut finding, &walker, (verdict.frame, row), unknown);
        if unknown && finding.missing.is_empty() && !walker.facts.is_empty() {
            let clause = self.phrases.phrase(sentence.clause_span);
            let (zh, en) = (clause.zh, clause.en);
            let why = super::across::without_result(self.program(), sentence);
            let why_zh =
                if why.zh.is_empty() { String::new() } else { format!("（{}）", why.zh) };
            let why_en = if why.en.is_empty() { String::new() } else { format!(" ({})", why.en) };
            finding.message = say!(
                "所填的值算不出结果{why_zh}，无法判断是否符合“{zh}”",
                "the values given have no result{why_en}; cannot tell whether `{en}` holds"
            );
        }
        if unknown && walker.uncompared {
            let clause = self.phrases.phrase(sentence.clause_span);
            let (zh, en) = (clause.zh, clause.en);
            finding.message = say!(
                "要比较的行太多，没有比较，无法判断是否符合“{zh}”",
                "too many rows would have to be compared, so none were; cannot tell whether \
                    `{en}` holds"
            );
        }
        if let Some(heading) =
            self.unread_override(judgement).filter(|_| unknown && finding.missing.is_empty())
        {
            let (zh, en) = (heading.zh, heading.en);
            finding.message = say!(
                "“{zh}”优先于本条，但没有读懂，无法判断是否豁免",
                "`{en}` overrides this article but could not be understood; cannot tell whether \
                    the row is exempt"
            );
            finding.help =
                Some(say!("先改正政策中的错误", "correct the mistakes in the policies first"));
        }
        finding.evidence.push(self.clause_evidence(sentence.clause_span, Bilingual::default()));
        self.courses(&mut finding, &walker.accounts, sentence.clause_span, unknown);
        finding
    }

    /// The article that overrides a sentence, but could not be understood.
    pub(crate) fn unread_override(&self, judgement: &Judgement) -> Option<Bilingual> {
        let unread = judgement
            .exemptions
            .iter()
            .filter_map(|exemption| exemption.by)
            .find(|(_, sentence)| sentence.is_none());
        unread.and_then(|(id, _)| self.program().article(id)).map(|article| self.heading(article))
    }

    /// What a sentence's verdict rests on.
    fn judged(
        &self,
        verdict: &Verdict,
        judgement: &Judgement,
        sentence: &Sentence,
    ) -> Walker<'e, 'a> {
        let unknown = verdict.outcome == Outcome::Undetermined;
        Walker::least(self.evaluator, |walker| {
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
    pub fn facts(&self, index: usize) -> Vec<super::Fact> {
        let Some(verdict) = self.verdicts.get(index) else { return Vec::new() };
        match verdict.basis {
            Basis::Judgement(at) => {
                let judgement = self.judgements.get(at as usize);
                let sentence =
                    judgement.and_then(|judgement| Some((judgement, self.sentence(judgement)?)));
                sentence
                    .map(|(judgement, sentence)| self.judged(verdict, judgement, sentence).facts)
                    .unwrap_or_default()
            }
            Basis::Decision(at) => self
                .decisions
                .get(at as usize)
                .map(|plan| self.decided_facts(verdict, plan))
                .unwrap_or_default(),
            Basis::Article(_) | Basis::Hollow(_) | Basis::Waiver(_) => Vec::new(),
        }
    }

    /// Why the sentence governs the row (or why that is unknown).
    pub(crate) fn reasons(
        &self,
        walker: &mut Walker<'_, '_>,
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
        walker: &Walker<'_, '_>,
        subject: (FrameId, usize),
        unknown: bool,
    ) {
        let facts = &walker.facts;
        finding.evidence.extend(facts.iter().filter_map(|fact| self.evidence(*fact, subject)));
        if unknown {
            // Of a list that lacks what was looked up, that is missing, not the list.
            let sought = |fact: &super::Fact| {
                walker.absent.iter().any(|(.., list)| list.as_ref() == Some(fact))
            };
            let lacking = facts.iter().filter(|fact| !self.is_given(**fact) && !sought(fact));
            finding.missing = lacking.filter_map(|fact| self.fact_name(*fact, subject)).collect();
            finding.missing.extend(
                walker
                    .absent
                    .iter()
                    .filter_map(|(frame, condition, _)| self.lookup_name(*frame, *condition)),
            );
            finding
                .missing
                .extend(walker.partial.iter().filter_map(|frame| self.unread_rows(*frame)));
        }
    }

    pub(crate) fn message(
        &self,
        description: &Description<'_, '_>,
        sentence: &Sentence,
        unknown: bool,
    ) -> Bilingual {
        if let (true, Clause::Refer(parts)) = (unknown, &sentence.clause) {
            let text = description.message(parts).zh;
            return say!(
                "缺少事实，无法判断是否应当提请：{text}",
                "facts are missing; cannot tell whether a person has to judge: {text}"
            );
        }
        if unknown {
            let clause = self.phrases.phrase(sentence.clause_span);
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
            Clause::Refer(parts) => description.message(parts),
            Clause::Demand { .. } => Bilingual::default(),
        };
        match &sentence.message {
            None => detail,
            Some(parts) => {
                join(&self.in_own_language(sentence, description.message(parts)), &detail)
            }
        }
    }

    /// 说明 is said in the language it was written in; in the other, the rule and the values speak
    /// alone.
    pub(crate) fn in_own_language(&self, sentence: &Sentence, said: Bilingual) -> Bilingual {
        let module = self.program().modules.iter().find(|module| module.file == sentence.span.file);
        match module.map(|module| module.language) {
            Some(Language::English) => Bilingual { zh: String::new(), ..said },
            _ => Bilingual { en: String::new(), ..said },
        }
    }

    pub(crate) fn hollow(&self, judgement: &Judgement) -> Finding {
        let (Some(article), Some(sentence)) =
            (self.program().article(judgement.article), self.sentence(judgement))
        else {
            return self.nothing();
        };
        let rows = super::vacuity::hollow_rows(self.evaluator, judgement).count();
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
        Finding { heading: self.heading(article), message, evidence, ..self.nothing() }
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
        Finding { heading: self.heading(article), message, evidence, ..self.nothing() }
    }
}

pub(super) fn join(said: &Bilingual, detail: &Bilingual) -> Bilingual {
    let both = |said: &str, colon: &str, detail: &str| match (said, detail) {
        ("", alone) | (alone, "") => alone.to_owned(),
        _ => format!("{said}{colon}{detail}"),
    };
    Bilingual { zh: both(&said.zh, "：", &detail.zh), en: both(&said.en, ": ", &detail.en) }
}

/// FNV-1a (64 bits) of what makes a finding the same one: article, row, element, outcome.
fn fingerprint(head: &Head<'_>) -> String {
    let path = head.path.as_deref().unwrap_or("");
    let parts = [head.article, head.table, head.key, path, head.outcome.code()];
    let hash = parts
        .iter()
        .flat_map(|part| part.bytes().chain([0]))
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    format!("{hash:016x}")
}
