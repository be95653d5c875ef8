//! Articles: headings, sentences, and the lines below them.

use super::declaration::period;
use super::expression::{after_modal, expression, list, value_only};
use super::node::{Built, Inner, Node, name, names, path, text};
use crate::invariant::broken;
use crate::syntax::citation;
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{
    Article, ArticleNumber, ArticleRef, Citation, Clause, ClauseKind, Expr, ExprKind, Modal, Names,
    Part, PartKind, Path, Sentence, SubjectJoiner,
};
use crate::syntax::word;
use crate::text::Span;

/// `第九条 名 | name`, then its lines.
pub(super) fn article(node: Node) -> Built<Article> {
    let mut inner = node.inner();
    let heading = heading(inner.need(Rule::heading)?)?;
    let parts =
        inner.map(|passage| part(passage.inner().need(Rule::part)?)).collect::<Built<_>>()?;
    Ok(heading.with(parts, Vec::new()))
}

/// The first line of an article.
pub(super) struct Heading {
    number: ArticleNumber,
    number_span: Span,
    names: Names,
}

impl Heading {
    pub fn with(self, parts: Vec<Part>, lost: Vec<Span>) -> Article {
        Article {
            number: self.number,
            number_span: self.number_span,
            names: self.names,
            parts,
            lost,
        }
    }
}

/// `第九条 名 | name`, `article 9 name | 名`.
pub(super) fn heading(node: Node) -> Built<Heading> {
    let mut inner = node.inner();
    let keyword = inner.accept(Rule::kw_article).map(|node| node.span());
    let (number, span) = article_number(&inner.need_any()?)?;
    let number_span = keyword.map_or(span, |keyword| keyword.to(span));
    Ok(Heading { number, number_span, names: names(inner.need(Rule::names)?)? })
}

/// `第十二条之一`, `12-1`.
fn article_number(node: &Node) -> Built<(ArticleNumber, Span)> {
    let number = word::read_article_number(node.text());
    let number =
        number.map_err(|meant| node.error(ErrorKind::BadNumeral(node.text().to_owned(), meant)))?;
    Ok((number, node.span()))
}

/// The exception of one of several sentences: it would be one of them all.
pub(super) fn exception_of_one(article: &Article) -> Option<SyntaxError> {
    let sentences = article.parts.iter().filter(|part| matches!(part.kind, PartKind::Sentence(_)));
    let within = article.parts.iter().find(|part| part.within)?;
    let error = SyntaxError { span: within.span, kind: ErrorKind::ExceptionOfOne };
    (sentences.count() > 1).then_some(error)
}

/// One line of an article: a sentence, `施行`, `除非`, `优先于`, `根据`, `说明`.
pub(super) fn part(node: Node) -> Built<Part> {
    let span = node.span();
    let node = node.inner().need_any()?;
    let rule = node.rule();
    let mut within = false;
    let kind = match rule {
        Rule::sentence => PartKind::Sentence(sentence(node)?),
        Rule::period => PartKind::Period(period(node)?),
        _ => {
            let mut inner = node.inner();
            within = matches!(inner.peek(), Some(Rule::comma | Rule::kw_but));
            inner.pass(Rule::comma);
            inner.need_any()?;
            match rule {
                Rule::unless => PartKind::Unless(expression(inner.need(Rule::expression)?)?),
                Rule::because => PartKind::Because(text(&inner.need(Rule::text)?)),
                Rule::cite => PartKind::Cite(citations(inner)?),
                _ => PartKind::Overrides(article_refs(inner)?),
            }
        }
    };
    Ok(Part { span, kind, within })
}

/// `第三条、总则.第四条`.
fn article_refs(inner: Inner) -> Built<Vec<ArticleRef>> {
    inner.filter(|node| node.rule() == Rule::article_ref).map(article_ref).collect()
}

/// `第三条`, `policy.3`.
fn article_ref(node: Node) -> Built<ArticleRef> {
    let mut inner = node.inner();
    let span = inner.span;
    inner.pass(Rule::kw_article);
    let mut policy = None;
    if let Some(node) = inner.accept(Rule::policy_ref) {
        inner = node.inner();
        policy = Some(name(&inner.need(Rule::word)?));
        inner.pass(Rule::point);
    }
    let (number, _) = article_number(&inner.need_any()?)?;
    Ok(ArticleRef { span, policy, number })
}

/// `Code § 12.3` as title and place.
fn within(text: &str) -> (&str, &str) {
    let words = [" §", " section ", " Section ", " article ", " Article "];
    let at = words.into_iter().filter_map(|word| text.rfind(word)).max();
    let split = at.and_then(|at| text.split_at_checked(at));
    let is_place = |place: &str| citation::provisions(place.trim()).is_ok_and(|it| !it.is_empty());
    split
        .filter(|(_, place)| is_place(place))
        .map_or((text, ""), |(title, place)| (title, place.trim()))
}

/// `《…》第…条、《…》（…号）`.
fn citations(inner: Inner) -> Built<Vec<Citation>> {
    let citation = |node: Node| {
        let (span, text) = (node.span(), node.text().to_owned());
        let named = node.inner().need_any()?;
        let place = text.get(named.text().len()..).unwrap_or("").trim();
        let title = named.text();
        let bare = [('《', '》'), ('“', '”'), ('"', '"')]
            .into_iter()
            .find_map(|(open, close)| title.strip_prefix(open)?.strip_suffix(close));
        let (title, place) = match bare {
            // An English place may stand within the quotation marks.
            Some(bare) if place.is_empty() && !title.starts_with('《') => within(bare),
            bare => (bare.unwrap_or(title), place),
        };
        let (title, place) = (title.trim().to_owned(), place.to_owned());
        Ok(Citation { span, text, title, place })
    };
    inner.filter(|node| node.rule() == Rule::citation).map(citation).collect()
}

/// `凡 C 的 S，CLAUSE`, `whenever S where C, CLAUSE`.
fn sentence(node: Node) -> Built<Sentence> {
    let mut inner = node.inner();
    let emphatic = inner.need_any()?.rule() == Rule::kw_whenever_any;
    let mut condition = None;
    if let Some(node) = inner.accept(Rule::conditions) {
        condition = Some(conditions(node)?);
        inner.need(Rule::kw_of)?;
    }
    let case = inner.pass(Rule::kw_case);
    let (subjects, joiners) = subjects(inner.need(Rule::subjects)?)?;
    let trailing_de = inner.pass(Rule::kw_of) || case;
    if inner.pass(Rule::kw_where) {
        condition = Some(conditions(inner.need(Rule::guard)?)?);
    }
    inner.pass(Rule::comma);
    let clause = clause(inner.need(Rule::clause)?)?;
    Ok(Sentence { emphatic, condition, subjects, joiners, trailing_de, clause })
}

/// `a，b`: conditions that all hold.
fn conditions(node: Node) -> Built<Expr> {
    let mut inner = node.inner();
    let list = list(&mut inner)?;
    match <[Expr; 1]>::try_from(list) {
        Ok([only]) => Ok(only),
        Err(list) => Ok(Expr { span: inner.span, kind: ExprKind::Commas(list) }),
    }
}

/// `甲、乙 或 丙`.
fn subjects(node: Node) -> Built<(Vec<Path>, Vec<SubjectJoiner>)> {
    let (mut subjects, mut joiners) = (Vec::new(), Vec::new());
    for node in node.inner() {
        match node.rule() {
            Rule::path => subjects.push(path(node)?),
            Rule::kw_or => joiners.push(SubjectJoiner::Or),
            Rule::kw_also_and => joiners.push(SubjectJoiner::And),
            _ => joiners.push(SubjectJoiner::Comma),
        }
    }
    Ok((subjects, joiners))
}

/// `一律 D`, `提请 “…”`, `必须 CONDITION`, `VALUE 必须 RELATION VALUE`.
fn clause(node: Node) -> Built<Clause> {
    let span = node.span();
    let node = node.inner().need_any()?;
    let rule = node.rule();
    let mut inner = node.inner();
    let kind = match rule {
        Rule::demand => {
            inner.need(Rule::kw_then)?;
            inner.pass(Rule::kw_then);
            ClauseKind::Demand(name(&inner.need(Rule::word)?))
        }
        Rule::refer => {
            inner.need(Rule::kw_refer)?;
            ClauseKind::Refer(text(&inner.need(Rule::text)?))
        }
        Rule::require => {
            let (modal, modal_span) = modal(&inner.need_any()?);
            inner.pass(Rule::kw_be);
            ClauseKind::Require {
                modal,
                modal_span,
                condition: expression(inner.need(Rule::expression)?)?,
            }
        }
        _ => {
            let left = value_only(inner.need(Rule::value)?)?;
            let (modal, modal_span) = modal(&inner.need_any()?);
            ClauseKind::RequireBetween {
                modal,
                modal_span,
                relation: after_modal(left, &mut inner)?,
            }
        }
    };
    Ok(Clause { span, kind })
}

/// `必须`, `应当`, `不得`, `宜`, `不宜`.
fn modal(node: &Node) -> (Modal, Span) {
    let modal = match node.rule() {
        Rule::kw_must => Modal::Must,
        Rule::kw_shall => Modal::Shall,
        Rule::kw_must_not => Modal::MustNot,
        Rule::kw_should => Modal::Should,
        Rule::kw_should_not => Modal::ShouldNot,
        _ => broken("a modal that the grammar has and nobody reads"),
    };
    (modal, node.span())
}
