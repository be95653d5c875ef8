//! What the policies say differently: articles with the definitions they use, decisions,
//! parameters.

use crate::builtin::Scalar;
use crate::diagnostic::Bilingual;
use crate::engine::{RuleId, Run};
use crate::program::{Article, Clause, ExprId, ExprKind, ParameterId, Program};
use crate::schema::{Constant, Type};
use crate::text::Span;
use std::collections::{BTreeMap, BTreeSet};

/// What became of an article, a decision or a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Only the later policies have it.
    Added,
    /// Only the earlier policies had it.
    Removed,
    /// It says something else, itself or in a definition it uses.
    Changed,
}

/// An article, a decision or a parameter that differs.
#[derive(Clone, Debug)]
pub struct PolicyEdit {
    /// `policy.article`, `policy.field` or the parameter's name, by English names.
    pub name: String,
    /// As people know it.
    pub heading: Bilingual,
    /// What became of it.
    pub edit: Edit,
    /// What it said, where that fits in a line: a parameter's value.
    pub old: Option<Bilingual>,
    /// What it says.
    pub new: Option<Bilingual>,
    /// For a parameter: the articles that use it, by English names.
    pub used_by: Vec<String>,
}

/// Something the policies say.
struct Saying {
    heading: Bilingual,
    text: String,
    shown: Option<Bilingual>,
    used_by: Vec<String>,
}

/// What differs, in the order of names.
pub fn edits(old: &Run, new: &Run) -> Vec<PolicyEdit> {
    let one_day = old.summary.as_of == new.summary.as_of;
    let (mut before, after) = (sayings(old, one_day), sayings(new, one_day));
    let mut edits = Vec::new();
    for (name, saying) in after {
        let was = before.remove(&name);
        let edit = match &was {
            None => Edit::Added,
            Some(was) if was.text != saying.text => Edit::Changed,
            Some(_) => continue,
        };
        let old = was.and_then(|was| was.shown);
        edits.push(PolicyEdit {
            name,
            heading: saying.heading,
            edit,
            old,
            new: saying.shown,
            used_by: saying.used_by,
        });
    }
    edits.extend(before.into_iter().map(|(name, was)| PolicyEdit {
        name,
        heading: was.heading,
        edit: Edit::Removed,
        old: was.shown,
        new: None,
        used_by: was.used_by,
    }));
    edits.sort_by(|a, b| a.name.cmp(&b.name));
    edits
}

/// Everything by name; whether an article is in effect counts as what it says only where both runs
/// judge for `one_day`.
fn sayings(run: &Run, one_day: bool) -> BTreeMap<String, Saying> {
    let program = run.program();
    let phrase = |span: Span| run.policy.phrases.phrase(span).en;
    let mut used: BTreeMap<ParameterId, Vec<String>> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for article in &program.articles {
        let (mut spans, mut parameters) = (BTreeSet::new(), BTreeSet::new());
        roots(article)
            .into_iter()
            .for_each(|root| reach(program, root, &mut spans, &mut parameters));
        let own = article.sentences.iter().map(|sentence| sentence.span).map(phrase);
        let overrides = article
            .overrides
            .iter()
            .filter_map(|id| program.article(*id))
            .map(|other| program.article_name(other));
        let text: Vec<String> = own
            .chain(spans.into_iter().map(phrase))
            .chain(overrides)
            .chain([(article.in_effect || !one_day).to_string()])
            .collect();
        let name = program.article_name(article);
        parameters.into_iter().for_each(|id| used.entry(id).or_default().push(name.clone()));
        found.insert(
            name,
            Saying {
                heading: run.policy.heading(article),
                text: text.join("\n"),
                shown: None,
                used_by: Vec::new(),
            },
        );
    }
    for (index, decision) in program.decisions.iter().enumerate() {
        let rule = RuleId::decision(index);
        let name = |at: &usize| {
            value_text(
                run,
                Type::Enum(decision.dispositions),
                &Constant::Int(i64::try_from(*at).unwrap_or(-1)),
            )
        };
        let order: Vec<Bilingual> =
            decision.order.iter().chain(&decision.otherwise).map(name).collect();
        let zh = order.iter().map(|value| value.zh.as_str()).collect::<Vec<_>>().join(" > ");
        let en = order.iter().map(|value| value.en.as_str()).collect::<Vec<_>>().join(" > ");
        let shown = Some(Bilingual { zh, en: en.clone() });
        let saying = Saying {
            heading: run.policy.rules.heading(rule),
            text: en,
            shown,
            used_by: Vec::new(),
        };
        found.insert(run.policy.rules.code(rule).to_owned(), saying);
    }
    for (id, parameter) in (0..).map(ParameterId).zip(&program.parameters) {
        let shown: Vec<Bilingual> =
            parameter.values.iter().map(|value| value_text(run, parameter.ty, value)).collect();
        let zh = shown.iter().map(|value| value.zh.as_str()).collect::<Vec<_>>().join("、");
        let en = shown.iter().map(|value| value.en.as_str()).collect::<Vec<_>>().join(", ");
        let heading = Bilingual::new(parameter.names.zh(), parameter.names.en());
        let saying = Saying {
            heading,
            text: en.clone(),
            shown: Some(Bilingual { zh, en }),
            used_by: used.remove(&id).unwrap_or_default(),
        };
        found.insert(parameter.names.en().to_owned(), saying);
    }
    found
}

fn value_text(run: &Run, ty: Type, value: &Constant) -> Bilingual {
    let scalar = match value {
        Constant::Text(text) => Scalar::Text((&**text).into()),
        Constant::Int(value) => Scalar::Int(*value),
        Constant::Ratio(value) => Scalar::Ratio(*value),
        Constant::Bool(value) => Scalar::Bool(*value),
        Constant::Empty => return Bilingual::default(),
    };
    run.show().scalar(ty, &scalar)
}

fn roots(article: &Article) -> Vec<ExprId> {
    let of = |sentence: &crate::program::Sentence| {
        let clause = if let Clause::Require { condition, .. } = &sentence.clause {
            Some(*condition)
        } else {
            None
        };
        [sentence.condition, sentence.exception, clause].into_iter().flatten().collect::<Vec<_>>()
    };
    article.sentences.iter().flat_map(of).collect()
}

/// The definitions and parameters an expression rests on.
fn reach(
    program: &Program,
    root: ExprId,
    spans: &mut BTreeSet<Span>,
    parameters: &mut BTreeSet<ParameterId>,
) {
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        let kind = &program.expr(id).kind;
        match kind {
            ExprKind::Definition { definition, .. } => {
                let Some(found) = program.definition(*definition) else { continue };
                if !spans.insert(program.expr(found.body).span) {
                    continue;
                }
            }
            ExprKind::Parameter(id) => {
                parameters.insert(*id);
            }
            _ => {}
        }
        open.extend(program.parts(kind));
    }
}
