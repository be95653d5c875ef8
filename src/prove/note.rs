//! Findings in words, at their places.

use super::finding::{Certainty, Finding, Kind, Meetings};
use super::pending::Gap;
use super::question::Prover;
use super::world::Limit;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::{At, Place};
use crate::program::{Article, Clause, ExprId, ExprKind, Program, Sentence};
use crate::say;
use crate::schema::Type;
use crate::text::Sources;

/// What the article is called: policy, number, name.
#[must_use]
pub fn heading(prover: &Prover<'_>, article: &Article) -> Bilingual {
    let module = prover.graph.program.modules.get(article.module);
    let (zh, en) = module.map_or(("", ""), |module| (module.names.zh(), module.names.en()));
    let title = article.title();
    Bilingual { zh: format!("{zh} {}", title.zh), en: format!("{en} {}", title.en) }
}

/// What the sentence is called: its article, and where the article has several sentences the line
/// it stands on; with the column where another one stands on that line.
#[must_use]
pub fn sentence_heading(prover: &Prover<'_>, sources: &Sources, at: usize) -> Bilingual {
    let Some((article, sentence)) = prover.sentence(at) else { return Bilingual::default() };
    let name = heading(prover, article);
    if article.sentences.len() < 2 {
        return name;
    }
    let start = |sentence: &Sentence| match Place::policy(sources, sentence.span).at {
        At::Text { from, .. } => Some((from.line, from.column)),
        At::File | At::Cell { .. } => None,
    };
    let Some((line, column)) = start(sentence) else { return name };
    let Bilingual { zh, en } = name;
    let starts = article.sentences.iter().filter_map(start);
    if starts.filter(|(other, _)| *other == line).count() > 1 {
        say!("{zh}（第 {line} 行第 {column} 列）", "{en} (line {line}, column {column})")
    } else {
        say!("{zh}（第 {line} 行）", "{en} (line {line})")
    }
}

impl Finding {
    /// In words.
    #[must_use]
    pub fn diagnostic(&self, prover: &Prover<'_>, sources: &Sources) -> Diagnostic {
        let message = self.message(prover, sources);
        let heavy = match self.kind {
            Kind::Conflict | Kind::Dead | Kind::Impossible => true,
            Kind::Contradiction => !prover.advises(&self.sentences),
            _ => false,
        };
        let mut made = match &self.certainty {
            Certainty::Open(_) => Diagnostic::warning("not_decided", undecided(&message)),
            _ if heavy && self.wrong => Diagnostic::error(self.kind.code(), message),
            _ => Diagnostic::warning(self.kind.code(), message),
        };
        for (article, sentence) in self.sentences.iter().filter_map(|&at| prover.sentence(at)) {
            made = made.at(Place::policy(sources, sentence.span), heading(prover, article));
        }
        if let (true, Some(decision)) = (
            self.sentences.is_empty(),
            self.decision.and_then(|at| prover.graph.program.decisions.get(at)),
        ) {
            made = made.at(Place::policy(sources, decision.span), Bilingual::default());
        }
        for (id, gap) in &self.except {
            let place = Place::policy(sources, prover.graph.program.expr(*id).span);
            made = made.at(place, gap.words());
        }
        if let Certainty::Open(limits) = &self.certainty {
            for limit in limits {
                made = limited(made, prover, sources, *limit);
            }
        }
        match self.help(prover) {
            Some(help) if !matches!(self.certainty, Certainty::Open(_)) => made.help(help),
            _ => made,
        }
    }

    /// What was found, in one sentence.
    #[must_use]
    pub fn message(&self, prover: &Prover<'_>, sources: &Sources) -> Bilingual {
        let found = self.found(prover, sources);
        let mut forms: Vec<Bilingual> =
            self.except.iter().map(|(id, _)| form(&prover.graph.program, sources, *id)).collect();
        forms.dedup();
        let Bilingual { zh, en } = match self.certainty {
            Certainty::ByKeys => {
                let Bilingual { zh, en } = found;
                say!(
                    "{zh}，因为键和唯一的值各行不同，读入时就查",
                    "{en}, because keys and unique values differ from row to row, which loading \
                        checks"
                )
            }
            _ => found,
        };
        if forms.is_empty() {
            return Bilingual { zh, en };
        }
        let (own, other): (Vec<String>, Vec<String>) =
            forms.into_iter().map(|form| (form.zh, form.en)).unzip();
        let (own, other) = (own.join("`、`"), other.join("` or `"));
        say!("{zh}，除了 `{own}` 没有值的行", "{en}, except where `{other}` has no value")
    }

    /// What was found, without what it depends on.
    fn found(&self, prover: &Prover<'_>, sources: &Sources) -> Bilingual {
        let mut names = self.sentences.iter().map(|&at| sentence_heading(prover, sources, at));
        let (a, b) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
        let mut demands = self.sentences.iter().map(|&at| self.demand(prover, at));
        let (x, y) = (demands.next().unwrap_or_default(), demands.next().unwrap_or_default());
        let both = |zh: String, en: String| Bilingual { zh, en };
        match self.kind {
            Kind::Conflict => both(
                format!(
                    "“{}”要求“{}”，“{}”要求“{}”，可以管到同一行，没有次序",
                    a.zh, x.zh, b.zh, y.zh
                ),
                format!(
                    "`{}` demands `{}` and `{}` demands `{}` of one row, and there is no order",
                    a.en, x.en, b.en, y.en
                ),
            ),
            Kind::Ordered => both(
                format!("{}（{}）先于 {}（{}）", a.zh, x.zh, b.zh, y.zh),
                format!("{} ({}) comes before {} ({})", a.en, x.en, b.en, y.en),
            ),
            Kind::Agreeing => both(
                format!("{} 与 {} 都要求“{}”，由前一条说", a.zh, b.zh, x.zh),
                format!("{} and {} both demand {}; the first speaks", a.en, b.en, x.en),
            ),
            Kind::Excepted => both(
                format!(
                    "{}（{}）与 {}（{}）的条件可以同时成立，除外之后不再相遇",
                    a.zh, x.zh, b.zh, y.zh
                ),
                format!(
                    "the conditions of {} ({}) and {} ({}) can hold together; the exceptions keep \
                        them apart",
                    a.en, x.en, b.en, y.en
                ),
            ),
            Kind::Dead => both(
                format!("“{}”管不到任何一行", a.zh),
                format!("`{}` can never govern a row", a.en),
            ),
            Kind::Impossible => both(
                format!("“{}”管到的行都做不到它的要求", a.zh),
                format!("no row `{}` governs can meet what it requires", a.en),
            ),
            Kind::Contradiction => both(
                format!("“{}”与“{}”的要求可以管到同一行，不能都做到", a.zh, b.zh),
                format!("`{}` and `{}` govern one row and cannot both be met", a.en, b.en),
            ),
            Kind::Unviolable => both(
                format!("“{}”不可能被违反：条件已经包含要求", a.zh),
                format!("`{}` cannot be violated: its condition implies it", a.en),
            ),
            Kind::Shadowed => both(
                format!("“{}”管到的行都由别的条文先定", a.zh),
                format!("other articles always decide before `{}`", a.en),
            ),
            Kind::IdleException => both(
                format!("“{}”的除外情形不会出现", a.zh),
                format!("the exception of `{}` can never hold", a.en),
            ),
            Kind::IdleOverride => both(
                format!("“{}”与所优先的“{}”不会相遇", a.zh, b.zh),
                format!("`{}` never meets `{}`, which it overrides", a.en, b.en),
            ),
            Kind::Gap | Kind::Covered => self.coverage(prover),
        }
    }

    /// Whether all rows are spoken of.
    fn coverage(&self, prover: &Prover<'_>) -> Bilingual {
        let Bilingual { zh, en } =
            self.decision.map_or_else(Bilingual::default, |at| decided(prover, at));
        match self.kind {
            Kind::Covered => say!("每一行都有条文说到：{zh}", "every row is spoken of: {en}"),
            _ if self.otherwise(prover) => say!(
                "有的行没有一条说到，按“否则”处理：{zh}",
                "no article speaks of some rows, `otherwise` decides: {en}"
            ),
            _ => say!("有的行没有一条说到：{zh}", "no article speaks of some rows: {en}"),
        }
    }

    /// Whether the decision says what holds where no article speaks.
    fn otherwise(&self, prover: &Prover<'_>) -> bool {
        let decision = self.decision.and_then(|at| prover.graph.program.decisions.get(at));
        decision.is_some_and(crate::program::Decision::has_otherwise)
    }

    fn help(&self, prover: &Prover<'_>) -> Option<Bilingual> {
        if matches!(self.certainty, Certainty::ByKeys) {
            return Some(say!(
                "重复的键由 `duplicate_key` 报告，重复的唯一值由 `duplicate_value` 报告；这一条可以留着",
                "`duplicate_key` reports keys that occur twice, `duplicate_value` unique values; the \
                    article may stay"
            ));
        }
        match self.kind {
            Kind::Contradiction if prover.advises(&self.sentences) => Some(say!(
                "建议与要求（或两条建议）不能都照办：改其中一条，或者写“除非”“优先于”",
                "advice cannot be followed together with the other sentence: change one of them, or \
                    write an exception or `overrides`"
            )),
            Kind::Contradiction => Some(say!(
                "改其中一条，或者写“除非”“优先于”",
                "change one of them, or write an exception or `overrides`"
            )),
            Kind::Conflict => Some(say!(
                "给裁定加“次序”，或者在一条里写“除非”“优先于”",
                "give the decision an order, or write an exception or `overrides`"
            )),
            Kind::Dead => Some(say!(
                "核对条件、除外和优先于它的条文",
                "check its condition, its exception and the articles that override it"
            )),
            Kind::Impossible => Some(say!(
                "核对要求与条件是否矛盾",
                "check whether requirement and condition contradict each other"
            )),
            Kind::Unviolable | Kind::Shadowed | Kind::IdleException | Kind::IdleOverride => {
                Some(say!(
                    "写了而不起作用：删去，或者改成本来的意思",
                    "it has no effect: drop it, or write what was meant"
                ))
            }
            Kind::Gap if !self.otherwise(prover) => Some(say!(
                "补一条，或者给裁定加“否则”",
                "add an article, or `otherwise` to the decision"
            )),
            _ => None,
        }
    }

    /// The disposition a sentence demands.
    fn demand(&self, prover: &Prover<'_>, at: usize) -> Bilingual {
        let Some((_, sentence)) = prover.sentence(at) else { return Bilingual::default() };
        let Clause::Demand { decision, disposition } = sentence.clause else {
            return Bilingual::default();
        };
        let program = &*prover.graph.program;
        let value = program.decisions.get(decision).and_then(|found| {
            program.schema.enumeration(found.dispositions)?.values.get(disposition)
        });
        value.map_or_else(Bilingual::default, |value| {
            Bilingual::new(value.names.zh(), value.names.en())
        })
    }
}

/// A form as it is written; a lookup, which is read from several places, with its list.
fn form(program: &Program, sources: &Sources, id: ExprId) -> Bilingual {
    let expr = program.expr(id);
    let own = sources.slice(expr.span);
    let ExprKind::Lookup { list, condition, .. } = &expr.kind else {
        return Bilingual::same(own);
    };
    let condition = sources.slice(program.expr(*condition).span);
    let names = program.schema.frame(list.frame()).map(|frame| &frame.names);
    let (zh, en) = names.map_or(("", ""), |names| (names.zh(), names.en()));
    say!("{zh}[{condition}].{own}", "{en}[{condition}].{own}")
}

/// What a decision decides: table and field.
pub(super) fn decided(prover: &Prover<'_>, at: usize) -> Bilingual {
    let program = &*prover.graph.program;
    let Some(decision) = program.decisions.get(at) else { return Bilingual::default() };
    let path = program.schema.path(decision.frame, decision.field);
    path.map_or_else(Bilingual::default, |(zh, en)| Bilingual { zh, en })
}

impl Meetings {
    /// Whether the order matters, in one sentence.
    #[must_use]
    pub fn message(&self, prover: &Prover<'_>) -> Bilingual {
        let name = decided(prover, self.decision);
        let (zh, en, shown, open) = (&name.zh, &name.en, self.shown, self.open);
        match (self.ordered, shown, open) {
            (true, 1.., _) => say!(
                "{zh}：次序起作用，{shown} 对条文由它分出高下",
                "{en}: the order matters, it settles {shown} pairs"
            ),
            (false, 1.., _) => say!(
                "{zh}：要紧的次序没有写，{shown} 对条文相争",
                "{en}: an order is lacking, {shown} pairs conflict"
            ),
            (_, 0, 1..) => {
                say!(
                    "{zh}：次序是否起作用未能判定（{open} 对）",
                    "{en}: whether the order matters is not decided ({open} pairs)"
                )
            }
            _ => say!(
                "{zh}：次序不起作用，要求不同的条文不会相遇",
                "{en}: the order does not matter, different demands never meet"
            ),
        }
    }
}

impl Gap {
    /// When a form has no value.
    #[must_use]
    pub fn words(self) -> Bilingual {
        match self {
            Self::Empty => say!("没有元素时没有值", "has no value where there is no element"),
            Self::NotOne => say!(
                "没有符合的或有几个符合时没有值",
                "has no value where no element fits, or several do"
            ),
            Self::TooLarge => {
                say!("数太大时没有值", "has no value where numbers are too large")
            }
            Self::Zero => say!("除数为 0 时没有值", "has no value where the divisor is 0"),
            Self::NoDay => say!(
                "超出公元 9999 年时没有值",
                "has no value after the year 9999, or before the year -9999"
            ),
            Self::NotFound => say!("找不到时没有值", "has no value where it is not found"),
            Self::TooShort => say!("文本太短时没有值", "has no value where the text is shorter"),
            Self::NotPositive => say!(
                "步长、除数或天数不够大时没有值",
                "has no value where the step, the divisor or the number of days is too small"
            ),
            Self::Calendar => say!(
                "日历没有涵盖时没有值",
                "has no value where the calendar does not cover the days"
            ),
            Self::Backwards => say!(
                "后一日早于前一日时没有值",
                "has no value where the second day is before the first"
            ),
            Self::NoneAlike => say!("没有足够像的行时没有值", "has no value where no row is alike"),
            Self::Course => say!("还没有走完，说不出结果", "is open while the course is running"),
            Self::Cycle => say!("行在环上时没有值", "has no value for rows on a cycle"),
        }
    }
}

fn undecided(message: &Bilingual) -> Bilingual {
    Bilingual {
        zh: format!("未能判定是否：{}", message.zh),
        en: format!("not decided whether: {}", message.en),
    }
}

/// Why it is open, at its place.
fn limited(made: Diagnostic, prover: &Prover<'_>, sources: &Sources, limit: Limit) -> Diagnostic {
    let program = &*prover.graph.program;
    let at = |id| Place::policy(sources, program.expr(id).span);
    match limit {
        Limit::Opaque(id) => {
            let list = matches!(program.expr(id).ty, Type::Boolean);
            let text = if list {
                say!("这里比较的值不能推理", "what is compared here cannot be reasoned about")
            } else {
                say!(
                    "事实的函数、乘积、商不能推理",
                    "functions, products and quotients of facts cannot be reasoned about"
                )
            };
            made.at(at(id), text)
        }
        Limit::Texts(id) => made.at(
            at(id),
            say!(
                "没有找到合适的文本，也没有证明没有",
                "no fitting text was found, nor proven not to be"
            ),
        ),
        Limit::Process(id) => made.at(
            at(id),
            say!(
                "流程与事件的次序不能推理",
                "processes and the order of events cannot be reasoned about"
            ),
        ),
        Limit::Calendar(id) => made.at(
            at(id),
            say!(
                "工作日数要看日历，日历里的日子没有全部试过",
                "working days depend on the calendar; not all calendars were tried"
            ),
        ),
        Limit::Identity(id) => made.at(
            at(id),
            say!(
                "两个引用可能是同一行，没有全部试过",
                "two references may name one row; not all cases were tried"
            ),
        ),
        Limit::Rest(id, frame) => {
            let names = program.schema.frame(frame).map(|frame| &frame.names);
            let (zh, en) = names.map_or(("", ""), |names| (names.zh(), names.en()));
            let text = say!(
                "没有找到合适的一组“{zh}”，也没有证明没有",
                "no fitting elements of `{en}` were found, nor proven not to be"
            );
            made.at(at(id), text)
        }
        Limit::Effort => made.help(say!("找了很久没有结果", "a long search came to nothing")),
        Limit::Size => made.help(say!(
            "列表套列表、互相引用，展开太大，没有看完",
            "lists in lists that refer to one another are too large to be looked at whole"
        )),
        Limit::Claims(count) => made.help(say!(
            "要同时看 {count} 句，太多",
            "{count} sentences would have to be looked at together: too many"
        )),
        Limit::Elements(frame, tried) => {
            let names = program.schema.frame(frame).map(|frame| &frame.names);
            let (zh, en) = names.map_or(("", ""), |names| (names.zh(), names.en()));
            let help = Bilingual {
                zh: format!("“{zh}”最多试了 {tried} 个，还可能要更多"),
                en: format!("at most {tried} elements of `{en}` were tried; more may be needed"),
            };
            made.help(help)
        }
    }
}

/// What several sentences demand alike, in a line for each thing demanded: that they meet, and how
/// often.
#[must_use]
pub fn agreed(findings: &[&Finding], prover: &Prover<'_>, sources: &Sources) -> Vec<Bilingual> {
    let mut groups: Vec<(Bilingual, Vec<usize>, usize)> = Vec::new();
    for finding in findings {
        let Some(first) = finding.sentences.first() else { continue };
        let demand = finding.demand(prover, *first);
        let same = groups.iter().position(|(known, ..)| *known == demand);
        let at = same.unwrap_or_else(|| {
            groups.push((demand, Vec::new(), 0));
            groups.len() - 1
        });
        if let Some((_, sentences, pairs)) = groups.get_mut(at) {
            sentences.extend(&finding.sentences);
            *pairs += 1;
        }
    }
    let line = |(demand, mut sentences, pairs): (Bilingual, Vec<usize>, usize)| {
        sentences.sort_unstable();
        sentences.dedup();
        let mut all: Vec<Bilingual> = Vec::new();
        for at in sentences {
            let name = sentence_heading(prover, sources, at);
            if !all.contains(&name) {
                all.push(name);
            }
        }
        let (zh, en): (Vec<String>, Vec<String>) = all.into_iter().map(|it| (it.zh, it.en)).unzip();
        let (count, zh, en) = (zh.len(), zh.join("、"), en.join(", "));
        let Bilingual { zh: what, en: demanded } = demand;
        say!(
            "{count} 处都要求“{what}”，有 {pairs} 对会碰到同一行，由前一条说：{zh}",
            "{count} sentences all demand {demanded}; {pairs} pairs of them meet, and the first \
                speaks: {en}"
        )
    };
    groups.into_iter().map(line).collect()
}
