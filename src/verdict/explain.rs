//! Findings: a verdict with the clause that decided, and the values that made it so, each at its place.

use super::blame::{Blame, Fact, Walker};
use super::describe::{Description, Phrases};
use super::show::Show;
use super::waiver::{self, Waiver};
use super::{Basis, Verdict};
use crate::data::Located;
use crate::diagnostic::Bilingual;
use crate::eval::Evaluator;
use crate::finding::{Evidence, Finding, Findings, Head, Outcome, Role, Subject, Weight};
use crate::lowering::{Choice, DecisionPlan, Judgement};
use crate::place::Place;
use crate::program::{Article, Clause, Language, Program, Sentence};
use crate::say;
use crate::schema::{FieldId, FrameId, Physical, Type};
use crate::syntax::word;
use crate::text::Span;

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
            Basis::Judgement(at) => self.judgements.get(at as usize).map(|judgement| self.of_judgement(verdict, judgement)),
            Basis::Decision(at) => self.decisions.get(at as usize).map(|plan| self.of_decision(verdict, plan)),
            Basis::Article(id) => self.program().article(id).map(|article| self.vacuous(article)),
            Basis::Waiver(at) => self.waivers.get(at as usize).map(|found| waiver::finding(found, self.nothing())),
        }
        .unwrap_or_else(|| self.nothing());
        let head = self.head(index);
        finding.article = head.article.to_owned();
        finding.outcome = head.outcome;
        finding.weight = head.weight;
        finding.fingerprint = fingerprint(&head);
        finding
    }

    fn head(&self, index: usize) -> Head<'_> {
        let Some(verdict) = self.verdicts.get(index) else {
            return Head { article: "", outcome: Outcome::Vacuous, weight: Weight::Warning, table: "", key: "", path: None };
        };
        let waiver = if let Basis::Waiver(at) = verdict.basis { self.waivers.get(at as usize) } else { None };
        let article = self.article_index(verdict).and_then(|at| self.article_names.get(at)).map_or("", String::as_str);
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
        let key = waiver.map_or_else(|| self.keys.get(index).map_or("", String::as_str), |waiver| waiver.item.as_str());
        let path = self.path(verdict.frame, verdict.row as usize).map(|path| path.en);
        Head { article, outcome: verdict.outcome, weight, table, key, path }
    }
}

impl<'e, 'a> Explainer<'e, 'a> {
    fn program(&self) -> &Program {
        self.evaluator.graph.program
    }

    fn show(&self) -> Show<'e, 'a> {
        Show { evaluator: self.evaluator }
    }

    fn nothing(&self) -> Finding {
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
    fn article_index(&self, verdict: &Verdict) -> Option<usize> {
        match verdict.basis {
            Basis::Judgement(at) => Some(self.judgements.get(at as usize)?.article.0 as usize),
            Basis::Article(id) => Some(id.0 as usize),
            Basis::Waiver(_) => None,
            Basis::Decision(at) => {
                let plan = self.decisions.get(at as usize)?;
                let by_article =
                    self.speaking(plan, verdict).and_then(|at| self.judgements.get(at)).map(|judgement| judgement.article.0 as usize);
                Some(by_article.unwrap_or(self.program().articles.len() + plan.decision))
            }
        }
    }

    fn is_advice(&self, verdict: &Verdict) -> bool {
        let Basis::Judgement(at) = verdict.basis else { return false };
        let sentence = self.judgements.get(at as usize).and_then(|judgement| self.sentence(judgement));
        matches!(sentence.map(|sentence| &sentence.clause), Some(Clause::Require { modal, .. }) if modal.is_advice())
    }

    fn sentence(&self, judgement: &Judgement) -> Option<&Sentence> {
        self.program().article(judgement.article)?.sentences.get(judgement.sentence)
    }

    /// The judgement that speaks for a decision's verdict: the first that demands what is required, meets in the conflict, or is unknown.
    fn speaking(&self, plan: &DecisionPlan, verdict: &Verdict) -> Option<usize> {
        let row = verdict.row as usize;
        let mut all: Vec<usize> = plan.options.iter().flat_map(|choice| choice.judgements.iter().copied()).collect();
        all.sort_unstable();
        let mut all = all.into_iter();
        match verdict.outcome {
            Outcome::Violated | Outcome::Waived => {
                let choice = self.required(plan, row)?;
                let mut demanding = choice.judgements.iter().copied().filter(|at| self.governs(*at, row) == Some(true)).collect::<Vec<_>>();
                demanding.sort_unstable();
                demanding.first().copied()
            }
            Outcome::Conflict => all.find(|at| self.governs(*at, row) == Some(true)),
            _ => {
                let open = all.find(|at| self.governs(*at, row).is_none());
                open.or_else(|| self.required(plan, row).and_then(|choice| choice.judgements.first().copied()))
            }
        }
    }

    fn required<'p>(&self, plan: &'p DecisionPlan, row: usize) -> Option<&'p Choice> {
        plan.options.iter().chain(&plan.otherwise).find(|choice| self.evaluator.holds(choice.required, row))
    }

    /// Whether a sentence governs a row.
    fn governs(&self, judgement: usize, row: usize) -> Option<bool> {
        let rails = self.judgements.get(judgement)?.governs;
        if self.evaluator.holds(rails.t, row) {
            return Some(true);
        }
        self.evaluator.holds(rails.f, row).then_some(false)
    }

    fn heading(&self, article: &Article) -> Bilingual {
        let module = self.program().modules.get(article.module);
        let (zh, en) = module.map_or(("", ""), |module| (module.names.zh(), module.names.en()));
        let number = word::article_number(article.number);
        let english = match article.number.insert {
            Some(insert) => format!("{}-{insert}", article.number.number),
            None => article.number.number.to_string(),
        };
        Bilingual { zh: format!("{zh} {number} {}", article.names.zh()), en: format!("{en} article {english} {}", article.names.en()) }
    }

    fn subject(&self, frame: FrameId, row: usize) -> Subject {
        let schema = &self.program().schema;
        let root = schema.root(frame);
        let root_row = self.root_row(frame, row);
        let table = schema.frame(root).map_or_else(Bilingual::default, |frame| Bilingual::new(frame.names.zh(), frame.names.en()));
        let titled = schema.frame(root).and_then(|found| {
            (0..).map(FieldId).zip(&found.fields).find(|(_, field)| field.ty.physical() == Physical::Texts && !field.key).map(|(id, _)| id)
        });
        let title = titled
            .and_then(|field| self.value_text(Fact { frame: root, row: root_row, field }))
            .map(|text| text.zh.trim_matches(['“', '”']).to_owned());
        Subject { table, key: self.show().key(root, root_row), title, path: self.path(frame, row) }
    }

    /// The top-level row an element lies in.
    fn root_row(&self, frame: FrameId, row: usize) -> usize {
        let (mut frame, mut row) = (frame, row);
        while let Some((parent, _)) = self.program().schema.frame(frame).and_then(|found| found.parent) {
            row = self.evaluator.frame(frame).map_or(0, |data| data.parent_of(row));
            frame = parent;
        }
        row
    }

    /// `steps[2]`, counted from 0.
    fn path(&self, frame: FrameId, row: usize) -> Option<Bilingual> {
        let found = self.program().schema.frame(frame)?;
        let (parent, _) = found.parent?;
        let data = self.evaluator.frame(frame)?;
        let owner = data.parent_of(row);
        let index = row - data.elements(owner).start;
        let own = Bilingual::new(format!("{}[{index}]", found.names.zh()), format!("{}[{index}]", found.names.en()));
        Some(match self.path(parent, owner) {
            Some(above) => Bilingual::new(format!("{}.{}", above.zh, own.zh), format!("{}.{}", above.en, own.en)),
            None => own,
        })
    }

    fn place(&self, span: Span) -> Place {
        Place::policy(self.phrases.sources, span)
    }

    fn clause_evidence(&self, span: Span, label: Bilingual) -> Evidence {
        Evidence { role: Role::Policy, place: self.place(span), label, value: None }
    }

    /// A fact's value: as typed where it is kept, else as written.
    fn value_text(&self, fact: Fact) -> Option<Bilingual> {
        let schema = &self.program().schema;
        if let Type::List(child) = schema.field(fact.frame, fact.field)?.ty {
            let data = self.evaluator.frame(child)?;
            let given = self.evaluator.frame(fact.frame)?.present(fact.field).get(fact.row);
            let count = data.elements(fact.row).len();
            return given.then(|| say!("{count} 项", "{count} entries"));
        }
        if let Some(value) = self.show().field(fact.frame, fact.row, fact.field) {
            return Some(value);
        }
        let given = self.evaluator.frame(fact.frame)?.present(fact.field).get(fact.row);
        let place = self.located.locate(fact.frame, fact.row, Some(fact.field)).filter(|_| given)?;
        let raw = place.excerpt.text.get(place.excerpt.mark.clone())?.trim_matches('"');
        Some(Bilingual::new(format!("“{}”", super::show::shorten(raw)), format!("\"{}\"", super::show::shorten(raw))))
    }

    fn evidence(&self, fact: Fact, subject: (FrameId, usize)) -> Option<Evidence> {
        let schema = &self.program().schema;
        let names = &schema.field(fact.frame, fact.field)?.names;
        let value = self.value_text(fact);
        let place =
            self.located.locate(fact.frame, fact.row, Some(fact.field)).or_else(|| self.located.locate(fact.frame, fact.row, None))?;
        let (mut zh, mut en) = match &value {
            Some(value) => (format!("{} 为 {}", names.zh(), value.zh), format!("{} is {}", names.en(), value.en)),
            None if self.is_unread(fact) => (format!("{} 读不出", names.zh()), format!("{} cannot be read", names.en())),
            None => (format!("没有填 {}", names.zh()), format!("{} is not given", names.en())),
        };
        let (root, root_row) = (schema.root(fact.frame), self.root_row(fact.frame, fact.row));
        if (root, root_row) != (schema.root(subject.0), self.root_row(subject.0, subject.1))
            && let Some(found) = schema.frame(root).filter(|found| !found.single)
        {
            let key = self.show().key(root, root_row);
            zh = format!("{}“{key}”的 {zh}", found.names.zh());
            en = format!("{en} (of {} `{key}`)", found.names.en());
        }
        Some(Evidence { role: Role::Data, place, label: Bilingual { zh, en }, value })
    }

    /// Whether a value was declared (or required) but there is none that could be read.
    fn is_unread(&self, fact: Fact) -> bool {
        let column = self.evaluator.frame(fact.frame).and_then(|data| data.column(fact.field));
        column.is_some_and(|column| column.unread.get(fact.row))
    }

    fn missing(&self, fact: Fact, subject: (FrameId, usize)) -> Option<Bilingual> {
        let schema = &self.program().schema;
        let names = &schema.field(fact.frame, fact.field)?.names;
        let path = self.path(fact.frame, fact.row);
        let join = |path: Option<&String>, name: &str| path.map_or_else(|| name.to_owned(), |path| format!("{path}.{name}"));
        let own =
            Bilingual::new(join(path.as_ref().map(|path| &path.zh), names.zh()), join(path.as_ref().map(|path| &path.en), names.en()));
        let root = schema.root(fact.frame);
        if root == schema.root(subject.0) && self.root_row(fact.frame, fact.row) == self.root_row(subject.0, subject.1) {
            return Some(own);
        }
        let key = self.show().key(root, self.root_row(fact.frame, fact.row));
        let table = schema.frame(root)?;
        Some(Bilingual::new(format!("{}“{key}”.{}", table.names.zh(), own.zh), format!("{}[{key}].{}", table.names.en(), own.en)))
    }

    fn base(&self, verdict: &Verdict, judgement: &Judgement) -> (Finding, Option<&Sentence>) {
        let mut finding = self.nothing();
        if let Some(article) = self.program().article(judgement.article) {
            finding.heading = self.heading(article);
            finding.cite = article.cites.iter().map(|cite| cite.text.clone()).collect();
        }
        finding.subject = Some(self.subject(verdict.frame, verdict.row as usize));
        (finding, self.sentence(judgement))
    }

    fn of_judgement(&self, verdict: &Verdict, judgement: &Judgement) -> Finding {
        let (mut finding, sentence) = self.base(verdict, judgement);
        let Some(sentence) = sentence else { return finding };
        let (row, context) = (verdict.row as usize, judgement.context);
        let mut walker = Walker::new(self.evaluator);
        let unknown = verdict.outcome == Outcome::Undetermined;
        if let Clause::Require { modal, condition } = &sentence.clause {
            let want = if unknown {
                Blame::Unknown
            } else if modal.is_negative() {
                Blame::True
            } else {
                Blame::False
            };
            walker.blame(*condition, context, row, want);
        }
        self.reasons(&mut walker, judgement, sentence, row, unknown);
        let description = Description { evaluator: self.evaluator, phrases: self.phrases, context, row };
        finding.message = self.message(&description, sentence, unknown);
        self.fill(&mut finding, &walker.facts, (verdict.frame, row), unknown);
        finding.evidence.push(self.clause_evidence(sentence.clause_span, Bilingual::default()));
        finding
    }

    /// Why the sentence governs the row (or why that is unknown).
    fn reasons(&self, walker: &mut Walker<'_, '_>, judgement: &Judgement, sentence: &Sentence, row: usize, unknown: bool) {
        let context = judgement.context;
        if let Some(condition) = sentence.condition {
            walker.blame(condition, context, row, if unknown { Blame::Unknown } else { Blame::True });
        }
        if let Some(exception) = sentence.exception {
            walker.blame(exception, context, row, if unknown { Blame::Unknown } else { Blame::False });
        }
    }

    fn fill(&self, finding: &mut Finding, facts: &[Fact], subject: (FrameId, usize), unknown: bool) {
        finding.evidence.extend(facts.iter().filter_map(|fact| self.evidence(*fact, subject)));
        if unknown {
            finding.missing = facts.iter().filter_map(|fact| self.missing(*fact, subject)).collect();
        }
    }

    fn message(&self, description: &Description<'_, '_>, sentence: &Sentence, unknown: bool) -> Bilingual {
        if unknown {
            let clause = self.phrases.phrase(sentence.clause_span);
            let (zh, en) = (clause.zh, clause.en);
            return say!("缺少事实，无法判断是否符合“{zh}”", "facts are missing; cannot tell whether `{en}` holds");
        }
        let detail = match &sentence.clause {
            Clause::Require { modal, condition } => description.clause(sentence, *modal, *condition),
            Clause::Refer(text) => say!("提请判断：{text}", "to be judged by a person: {text}"),
            Clause::Demand { .. } => Bilingual::default(),
        };
        match &sentence.message {
            None => detail,
            Some(parts) => join(&self.in_own_language(sentence, description.message(parts)), &detail),
        }
    }

    /// 说明 is said in the language it was written in; in the other, the rule and the values speak alone.
    fn in_own_language(&self, sentence: &Sentence, said: Bilingual) -> Bilingual {
        let module = self.program().modules.iter().find(|module| module.file == sentence.span.file);
        match module.map(|module| module.language) {
            Some(Language::English) => Bilingual { zh: String::new(), ..said },
            _ => Bilingual { en: String::new(), ..said },
        }
    }

    fn of_decision(&self, verdict: &Verdict, plan: &DecisionPlan) -> Finding {
        let Some(decision) = self.program().decisions.get(plan.decision) else { return self.nothing() };
        let (row, frame) = (verdict.row as usize, verdict.frame);
        let speaking = self.speaking(plan, verdict).and_then(|at| self.judgements.get(at));
        let mut finding = match speaking {
            Some(judgement) => self.base(verdict, judgement).0,
            None => {
                let heading = super::decision_heading(self.program(), decision);
                Finding { heading, subject: Some(self.subject(frame, row)), ..self.nothing() }
            }
        };
        let ty = Type::Enum(decision.dispositions);
        let name = |disposition: usize| self.show().scalar(ty, &crate::builtin::Scalar::Int(i64::try_from(disposition).unwrap_or(0)));
        finding.declared = self.show().field(decision.frame, row, decision.field);
        let mut walker = Walker::new(self.evaluator);
        let own = Fact { frame: decision.frame, row, field: decision.field };
        match verdict.outcome {
            Outcome::Violated | Outcome::Waived => {
                let choice = self.required(plan, row);
                finding.demanded = choice.map(|choice| name(choice.disposition));
                walker.facts.push(own);
                self.demand_message(&mut finding, speaking, row);
            }
            Outcome::Conflict => self.conflict_message(&mut finding, plan, row),
            _ => {
                let open = self.open(plan, row);
                for judgement in &open {
                    if let Some(sentence) = self.sentence(judgement) {
                        self.reasons(&mut walker, judgement, sentence, row, true);
                    }
                }
                let articles: Vec<String> = open
                    .iter()
                    .filter_map(|judgement| self.program().article(judgement.article))
                    .map(|article| self.heading(article).zh)
                    .collect();
                let list = articles.join("、");
                let english: Vec<String> = open
                    .iter()
                    .filter_map(|judgement| self.program().article(judgement.article))
                    .map(|article| self.heading(article).en)
                    .collect();
                let names = english.join(", ");
                finding.message = if list.is_empty() {
                    say!("申报的处理意见读不出，无法比较", "the declared disposition cannot be read")
                } else {
                    say!("缺少事实，无法判断应作何处理：{list}", "facts are missing; cannot tell the disposition: {names}")
                };
            }
        }
        if let (Some(judgement), Outcome::Violated | Outcome::Waived) = (speaking, verdict.outcome)
            && let Some(sentence) = self.sentence(judgement)
        {
            self.reasons(&mut walker, judgement, sentence, row, false);
        }
        self.fill(&mut finding, &walker.facts, (frame, row), verdict.outcome == Outcome::Undetermined);
        self.decision_clauses(&mut finding, verdict, plan, decision.span);
        finding
    }

    /// The clauses of a decision's finding: of every article that demands what is required, or of those that clash, or are open.
    fn decision_clauses(&self, finding: &mut Finding, verdict: &Verdict, plan: &DecisionPlan, decision: Span) {
        let row = verdict.row as usize;
        let mut speaking: Vec<usize> = match verdict.outcome {
            Outcome::Violated | Outcome::Waived => self.required(plan, row).map_or_else(Vec::new, |choice| choice.judgements.clone()),
            _ => plan.options.iter().flat_map(|choice| choice.judgements.iter().copied()).collect(),
        };
        let want = if verdict.outcome == Outcome::Undetermined { None } else { Some(true) };
        speaking.retain(|at| self.governs(*at, row) == want);
        speaking.sort_unstable();
        if speaking.is_empty() {
            finding.evidence.push(self.clause_evidence(decision, Bilingual::default()));
        }
        for judgement in speaking.into_iter().filter_map(|at| self.judgements.get(at)) {
            if let (Some(sentence), Some(article)) = (self.sentence(judgement), self.program().article(judgement.article)) {
                finding.evidence.push(self.clause_evidence(sentence.span, self.heading(article)));
            }
        }
    }

    fn demand_message(&self, finding: &mut Finding, speaking: Option<&Judgement>, row: usize) {
        let (Some(demanded), Some(declared)) = (finding.demanded.clone(), finding.declared.clone()) else { return };
        let detail = Bilingual {
            zh: format!("应当“{}”，申报为“{}”", demanded.zh, declared.zh),
            en: format!("must be `{}`, declared `{}`", demanded.en, declared.en),
        };
        let said = speaking.and_then(|judgement| {
            let sentence = self.sentence(judgement)?;
            let description = Description { evaluator: self.evaluator, phrases: self.phrases, context: judgement.context, row };
            Some(self.in_own_language(sentence, description.message(sentence.message.as_ref()?)))
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

    fn conflict_message(&self, finding: &mut Finding, plan: &DecisionPlan, row: usize) {
        let ty = self.program().decisions.get(plan.decision).map_or(Type::Boolean, |decision| Type::Enum(decision.dispositions));
        let demanded: Vec<Bilingual> = plan
            .options
            .iter()
            .filter(|choice| choice.judgements.iter().any(|at| self.governs(*at, row) == Some(true)))
            .map(|choice| self.show().scalar(ty, &crate::builtin::Scalar::Int(i64::try_from(choice.disposition).unwrap_or(0))))
            .collect();
        let zh = demanded.iter().map(|name| format!("“{}”", name.zh)).collect::<Vec<_>>().join("与");
        let en = demanded.iter().map(|name| format!("`{}`", name.en)).collect::<Vec<_>>().join(" and ");
        finding.message = say!("条文要求不一：{zh}", "articles demand {en} at once");
        finding.help = Some(say!("在裁定里写明“次序”，或用“优先于”", "declare an `order` in the decision, or `overrides`"));
    }

    /// The sentences that might demand something and cannot be judged.
    fn open(&self, plan: &DecisionPlan, row: usize) -> Vec<&Judgement> {
        let all = plan.options.iter().flat_map(|choice| choice.judgements.iter().copied());
        all.filter(|at| self.governs(*at, row).is_none()).filter_map(|at| self.judgements.get(at)).collect()
    }

    fn vacuous(&self, article: &Article) -> Finding {
        let rows: usize = article.sentences.iter().map(|sentence| self.evaluator.frame(sentence.frame).map_or(0, |data| data.len)).sum();
        let message = if rows == 0 {
            say!("主语没有任何行，本条没有判断任何东西", "its subject has no rows: the article judged nothing")
        } else {
            say!("{rows} 行中没有一行符合条件，本条没有判断任何东西", "none of {rows} rows meets its condition: the article judged nothing")
        };
        let evidence = vec![self.clause_evidence(article.span, Bilingual::default())];
        Finding { heading: self.heading(article), message, evidence, ..self.nothing() }
    }
}

fn join(said: &Bilingual, detail: &Bilingual) -> Bilingual {
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
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}
