//! Articles: headings, sentences, and the lines below them.

use super::declaration::period;
use super::expression::{after_modal, conditions, expression, value_only};
use super::listing::{self, Items};
use super::node::{Built, Inner, Node, name, names, path, text};
use crate::invariant::broken;
use crate::say;
use crate::syntax::citation;
use crate::syntax::error::ErrorKind;
use crate::syntax::grammar::Rule;
use crate::syntax::numeral::{self, Reading};
use crate::syntax::tree::{
    Article, ArticleNumber, ArticleRef, Citation, Clause, ClauseKind, Division, DivisionLevel,
    Expr, ExprKind, Modal, Name, Names, Part, PartKind, Path, Sentence, SubjectJoiner,
};
use crate::syntax::word;
use crate::text::Span;
use crate::visible;

/// `第九条 名 | name`, then its lines.
pub(super) fn article(node: Node) -> Built<Article> {
    let mut inner = node.inner();
    let heading = heading(inner.need(Rule::heading)?)?;
    let mut parts = Vec::new();
    for passage in inner {
        part(passage.inner().need(Rule::part)?, &mut parts)?;
    }
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

/// `第九条 名 | name`, `第九条（名）`, `article 9 name | 名`; without a name it is called by its number.
pub(super) fn heading(node: Node) -> Built<Heading> {
    let mut inner = node.inner();
    let keyword = inner.accept(Rule::kw_article).map(|node| node.span());
    let (number, span) = article_number(&inner.need_any()?)?;
    let number_span = keyword.map_or(span, |keyword| keyword.to(span));
    for rule in [Rule::nameless, Rule::pause, Rule::open_paren] {
        inner.pass(rule);
    }
    let names = match inner.accept(Rule::names) {
        Some(node) => names(node)?,
        None => called(number, number_span),
    };
    Ok(Heading { number, number_span, names })
}

/// What an article without a name is called.
fn called(number: ArticleNumber, span: Span) -> Names {
    let name = |text| Name { text, span };
    let english = format!("article_{}", word::english_number(number).replace('-', "_"));
    Names { name: name(word::article_number(number)), alias: Some(name(english)) }
}

/// `第十二条之一`, `12-1`.
fn article_number(node: &Node) -> Built<(ArticleNumber, Span)> {
    let number = word::read_article_number(node.text());
    let number =
        number.map_err(|meant| node.error(ErrorKind::BadNumeral(node.text().to_owned(), meant)))?;
    Ok((number, node.span()))
}

/// `第一章 总则`, `chapter 1 总则`.
pub(super) fn division(node: Node) -> Built<Division> {
    let mut inner = node.inner();
    let first = inner.need_any()?;
    let level = match first.text() {
        text if text == "part" || text.ends_with('编') => DivisionLevel::Part,
        text if text == "section" || text.ends_with('节') => DivisionLevel::Section,
        _ => DivisionLevel::Chapter,
    };
    let number = inner.accept(Rule::plain_number).unwrap_or(first);
    let digits = number.text().trim_start_matches('第').trim_end_matches(['编', '章', '节']);
    let title = inner.accept(Rule::division_title);
    let title = title.map_or_else(String::new, |title| title.text().to_owned());
    match numeral::read(digits) {
        Reading::Number(number) => Ok(Division { level, number, title }),
        Reading::Probably(_) | Reading::Nothing => {
            Err(number.error(ErrorKind::NotANumeral(digits.to_owned())))
        }
    }
}

/// One line of an article: a sentence, `施行`, `除非`, `优先于`, `根据`, `说明`. An exception that a comma or
/// 但 joins to the sentence before it is that sentence's own.
pub(super) fn part(node: Node, parts: &mut Vec<Part>) -> Built<()> {
    let span = node.span();
    let node = node.inner().need_any()?;
    let kind = match node.rule() {
        Rule::sentence => PartKind::Sentence(sentence(node)?),
        Rule::period => PartKind::Period(period(node)?),
        Rule::unless => {
            let mut inner = node.inner();
            let joined = inner.peek() != Some(Rule::kw_unless);
            for rule in [Rule::comma, Rule::open_paren, Rule::kw_unless, Rule::kw_but, Rule::comma]
            {
                inner.pass(rule);
            }
            let mut condition = expression(inner.need(Rule::expression)?)?;
            inner.pass(Rule::kw_of);
            let of = inner.accept(Rule::subjects);
            if let Some(of) = &of
                && !matches!(parts.last(), Some(Part { kind: PartKind::Sentence(own), .. })
                    if is_of(of, &own.subjects)?)
            {
                return Err(of.error(not_of(of.text())));
            }
            for rule in [Rule::comma, Rule::kw_excepted] {
                inner.pass(rule);
            }
            Items::accept(&mut inner)?.fill([Some(&mut condition)])?;
            if joined
                && let Some(Part { span: whole, kind: PartKind::Sentence(sentence) }) =
                    parts.last_mut()
            {
                sentence.exceptions.push(condition);
                *whole = whole.to(span);
                return Ok(());
            }
            PartKind::Unless(condition)
        }
        rule => {
            let mut inner = node.inner();
            inner.need_any()?;
            match rule {
                Rule::because => PartKind::Because(text(&inner.need(Rule::text)?)),
                Rule::cite => PartKind::Cite(citations(inner)?),
                _ => PartKind::Overrides(article_refs(inner)?),
            }
        }
    };
    parts.push(Part { span, kind });
    Ok(())
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
        let named = node.clone().inner().need_any()?;
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
        if title.chars().all(|letter| letter.is_whitespace() || visible::is_hidden(letter)) {
            let help = say!("里面写文件的名称", "write the title of the document in it");
            return Err(node.error(ErrorKind::Otherwise(text, help)));
        }
        Ok(Citation { span, text, title, place })
    };
    inner.filter(|node| node.rule() == Rule::citation).map(citation).collect()
}

/// `凡 C 的 S，CLAUSE`, `whenever S where C, CLAUSE`.
fn sentence(node: Node) -> Built<Sentence> {
    let mut inner = node.inner();
    let mut apart_from: Vec<Apart> = apart(&mut inner)?.into_iter().collect();
    let emphatic = inner.need_any()?.rule() == Rule::kw_whenever_any;
    let mut condition = None;
    if let Some(node) = inner.accept(Rule::conditions) {
        condition = Some(conditions(node)?);
        inner.need(Rule::kw_of)?;
    }
    let case = inner.pass(Rule::kw_case);
    let (subjects, joiners) = subjects(inner.need(Rule::subjects)?)?;
    let listed = inner.accept(Rule::listed);
    let trailing_de = inner.pass(Rule::kw_of) && listed.is_none() || case;
    if let Some(node) = listed {
        condition = Some(listing::listed(node)?);
    }
    if inner.pass(Rule::kw_where) {
        condition = Some(conditions(inner.need(Rule::guard)?)?);
    }
    inner.pass(Rule::comma);
    apart_from.extend(apart(&mut inner)?);
    let mut exceptions = Vec::new();
    for Apart { condition, of } in apart_from {
        if let Some(of) = &of
            && !is_of(of, &subjects)?
        {
            return Err(of.error(not_of(of.text())));
        }
        exceptions.push(condition);
    }
    let mut clause = clause(inner.need(Rule::clause)?)?;
    let required = match &mut clause.kind {
        ClauseKind::Require { condition, .. } => Some(condition),
        _ => None,
    };
    Items::accept(&mut inner)?.fill([condition.as_mut(), required])?;
    Ok(Sentence { emphatic, condition, subjects, joiners, trailing_de, clause, exceptions })
}

/// An exception, and what it says it is of.
struct Apart<'a> {
    condition: Expr,
    of: Option<Node<'a>>,
}

/// `除 C 的 外，`, if it comes next.
fn apart<'a>(inner: &mut Inner<'a>) -> Built<Option<Apart<'a>>> {
    let Some(node) = inner.accept(Rule::apart) else { return Ok(None) };
    let mut inner = node.inner();
    inner.need(Rule::kw_apart)?;
    let condition = expression(inner.need(Rule::expression)?)?;
    inner.pass(Rule::kw_of);
    Ok(Some(Apart { condition, of: inner.accept(Rule::subjects) }))
}

/// Whether what an exception says it is of is what its sentence speaks of.
fn is_of(node: &Node, subjects: &[Path]) -> Built<bool> {
    let (own, _) = self::subjects(node.clone())?;
    let names = |path: &Path| path.names.iter().map(|name| name.text.clone()).collect::<Vec<_>>();
    Ok(own.iter().all(|path| subjects.iter().any(|known| names(known) == names(path))))
}

/// An exception of something else than its sentence.
fn not_of(text: &str) -> ErrorKind {
    let help = say!(
        "例外说的是这一句的主体：写成同一个，或者不写",
        "an exception is of what its sentence speaks of: name the same, or nothing"
    );
    ErrorKind::Otherwise(text.trim().to_owned(), help)
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
            pass_emphasis(&mut inner);
            for rule in [Rule::kw_must, Rule::kw_shall, Rule::kw_alike, Rule::kw_then] {
                inner.pass(rule);
            }
            ClauseKind::Demand(name(&inner.need(Rule::word)?))
        }
        Rule::refer => {
            inner.need(Rule::kw_refer)?;
            ClauseKind::Refer(text(&inner.need(Rule::text)?))
        }
        Rule::require => {
            pass_emphasis(&mut inner);
            let (modal, modal_span) = modal(&inner.need_any()?);
            for rule in [Rule::kw_be, Rule::kw_then] {
                inner.pass(rule);
            }
            ClauseKind::Require {
                modal,
                modal_span,
                condition: expression(inner.need(Rule::expression)?)?,
            }
        }
        _ => {
            let left = value_only(inner.need(Rule::value)?)?;
            pass_emphasis(&mut inner);
            let (modal, modal_span) = modal(&inner.need_any()?);
            let relation = after_modal(left, &mut inner)?;
            match relation.kind {
                // `依据 不得 为空`.
                ExprKind::Has(_) | ExprKind::Lacks(_) => {
                    ClauseKind::Require { modal, modal_span, condition: relation }
                }
                _ => ClauseKind::RequireBetween { modal, modal_span, relation },
            }
        }
    };
    Ok(Clause { span, kind })
}

/// 一律 and 均 before a modal, which say nothing.
fn pass_emphasis(inner: &mut Inner) {
    for rule in [Rule::kw_then, Rule::kw_then, Rule::kw_alike, Rule::kw_utmost] {
        inner.pass(rule);
    }
}

/// `必须`, `应当`, `不得`, `宜`, `不宜`.
fn modal(node: &Node) -> (Modal, Span) {
    let modal = match node.rule() {
        Rule::kw_must => Modal::Must,
        Rule::kw_shall => Modal::Shall,
        // `一律 不 …`.
        Rule::kw_must_not | Rule::kw_not => Modal::MustNot,
        Rule::kw_should => Modal::Should,
        Rule::kw_should_not => Modal::ShouldNot,
        _ => broken("a modal that the grammar has and nobody reads"),
    };
    (modal, node.span())
}
