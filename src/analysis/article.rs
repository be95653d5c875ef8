//! Decisions, calendars, articles and measures.

use super::name::Scope;
use super::{Analyzer, Error, names_of};
use crate::diagnostic::Bilingual;
use crate::program::{
    Article, ArticleId, Calendar, Citation, Clause, Decision, DefinitionId, ExprId, ExprKind, Measure, MessagePart, Sentence,
};
use crate::say;
use crate::schema::{FrameId, Names, Type};
use crate::syntax::template::{self, Piece};
use crate::syntax::tree::{self, ClauseKind, ItemKind, PartKind, Path, Period};
use crate::text::Span;
use crate::value::date::{day_number, parse_date};

/// Which rows a sentence speaks of: a frame, and a definition that picks some of its rows.
struct SubjectRows {
    frame: FrameId,
    class: Option<DefinitionId>,
    span: Span,
}

impl<'a> Analyzer<'a> {
    /// `裁定`.
    pub(super) fn decisions(&mut self) {
        for (module, item) in self.items() {
            let ItemKind::Decision(decl) = &item.kind else { continue };
            let Some((last, owner)) = decl.field.names.split_last() else { continue };
            let path = Path { span: decl.field.span, names: owner.to_vec() };
            let Some(frame) = self.frame_path(module, &path) else { continue };
            let Some(field) = self.field_called(frame, &last.text) else {
                self.unknown_field(frame, last);
                continue;
            };
            let Some((ty, names)) = self.program.schema.field(frame, field).map(|found| (found.ty, found.names.clone())) else { continue };
            self.refer(last.span, &names);
            let Type::Enum(dispositions) = ty else {
                let expected = Bilingual::new("枚举", "an enum");
                let found = self.type_words(ty);
                self.report(Error::WrongType { found, expected, span: last.span, help: None });
                continue;
            };
            let mut value = |name: &tree::Name| match self.enum_value(&name.text, name.span, dispositions) {
                Some(crate::schema::Constant::Int(index)) => usize::try_from(index).ok(),
                _ => None,
            };
            let order = decl.order.iter().filter_map(&mut value).collect();
            let otherwise = decl.otherwise.as_ref().and_then(&mut value);
            if let Some(first) = self.program.decisions.iter().find(|other| other.frame == frame && other.field == field) {
                let first = first.span;
                self.report(Error::SeveralDecisions { name: last.text.clone(), span: last.span, first });
            }
            self.program.decisions.push(Decision { module, frame, field, dispositions, order, otherwise, span: item.span });
        }
    }

    /// `历法`.
    pub(super) fn calendars(&mut self) {
        for (module, item) in self.items() {
            let ItemKind::Calendar(decl) = &item.kind else { continue };
            let names = names_of(&decl.names);
            self.refer_both(&decl.names, &names);
            let path = Path { span: decl.table.span, names: vec![decl.table.clone()] };
            let Some(frame) = self.frame_path(module, &path) else { continue };
            let Some(date) = self.field_called(frame, &decl.date.text) else {
                self.unknown_field(frame, &decl.date);
                continue;
            };
            if let Some(names) = self.program.schema.field(frame, date).map(|field| field.names.clone()) {
                self.refer(decl.date.span, &names);
            }
            let mut scope = self.scope(module, frame);
            let (off, on) = (self.condition(&decl.off, &mut scope), self.condition(&decl.on, &mut scope));
            let mut rest = Vec::new();
            for day in &decl.rest {
                match day.text.parse::<i8>() {
                    Ok(number) if (1..=7).contains(&number) => rest.push(number),
                    _ => self.report(Error::BadLiteral {
                        text: day.text.clone(),
                        span: day.span,
                        expected: Bilingual::new("星期（1 至 7）", "weekday (1 to 7)"),
                    }),
                }
            }
            if let Some(first) = &self.program.calendar {
                let (name, first) = (decl.names.name.text.clone(), first.span);
                self.report(Error::DuplicateName { name, span: decl.names.name.span, first });
            }
            if let (Some(off), Some(on)) = (off, on) {
                self.program.calendar = Some(Calendar { frame, date, rest, off, on, span: item.span });
            }
        }
    }

    /// `第…条`: first all of them, then who overrides whom.
    pub(super) fn articles(&mut self) {
        let mut overrides = Vec::new();
        for (module, item) in self.items() {
            let ItemKind::Article(decl) = &item.kind else { continue };
            let names = names_of(&decl.names);
            self.refer_both(&decl.names, &names);
            let twin = self.program.articles.iter().find(|other| {
                other.module == module && (other.number == decl.number || names.iter().any(|name| other.names.matches(name)))
            });
            if let Some(first) = twin {
                let (same, first) = (first.number == decl.number, first.span);
                let span = if same { decl.number_span } else { decl.names.name.span };
                self.report(Error::DuplicateName { name: self.slice(span), span, first });
            }
            let mut article = self.article(module, decl);
            if item.damaged {
                // Half a sentence, or a sentence without its exception, would judge by a rule nobody wrote.
                article.sentences.clear();
            }
            overrides.push((module, decl));
            self.program.articles.push(article);
        }
        for (index, (module, decl)) in overrides.into_iter().enumerate() {
            for part in &decl.parts {
                let PartKind::Overrides(references) = &part.kind else { continue };
                for reference in references {
                    self.override_article(index, module, reference);
                }
            }
        }
    }

    fn article(&mut self, module: usize, decl: &'a tree::Article) -> Article {
        let mut article = Article {
            module,
            number: decl.number,
            names: names_of(&decl.names),
            sentences: Vec::new(),
            overrides: Vec::new(),
            cites: Vec::new(),
            in_effect: self.in_effect(module, decl),
            span: decl.number_span.to(decl.names.name.span),
        };
        let because = decl.parts.iter().find_map(|part| match &part.kind {
            PartKind::Because(text) => Some(text),
            _ => None,
        });
        let unless = decl.parts.iter().filter_map(|part| match &part.kind {
            PartKind::Unless(condition) => Some(condition),
            _ => None,
        });
        let unless: Vec<&tree::Expr> = unless.collect();
        for part in &decl.parts {
            match &part.kind {
                PartKind::Sentence(sentence) => {
                    for path in &sentence.subjects {
                        article.sentences.extend(self.sentence(module, sentence, part.span, path, &unless, because));
                    }
                }
                PartKind::Cite(citations) => article.cites.extend(citations.iter().map(|citation| Citation {
                    text: citation.text.clone(),
                    title: citation.title.clone(),
                    span: citation.span,
                })),
                _ => {}
            }
        }
        article
    }

    fn in_effect(&mut self, module: usize, decl: &tree::Article) -> bool {
        let header = self.files.get(module).and_then(|file| {
            file.items.iter().find_map(|item| match &item.kind {
                ItemKind::Header(header) => header.period.as_ref(),
                _ => None,
            })
        });
        let own = decl.parts.iter().find_map(|part| match &part.kind {
            PartKind::Period(period) => Some(period),
            _ => None,
        });
        own.or(header).is_none_or(|period| self.holds(period))
    }

    fn holds(&mut self, period: &Period) -> bool {
        let mut day = |text: &tree::Text| {
            let date = parse_date(&text.text);
            if date.is_none() {
                self.report(Error::BadLiteral { text: text.text.clone(), span: text.span, expected: Bilingual::new("日期", "date") });
            }
            date.map(day_number)
        };
        let (from, to) = (day(&period.from), period.to.as_ref().and_then(&mut day));
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            let span = period.to.as_ref().map_or(period.from.span, |to| period.from.span.to(to.span));
            self.report(Error::EmptyPeriod { span });
        }
        let today = self.settings.as_of;
        from.is_none_or(|from| from <= today) && to.is_none_or(|to| today <= to)
    }

    fn sentence(
        &mut self,
        module: usize,
        decl: &'a tree::Sentence,
        span: Span,
        path: &Path,
        unless: &[&tree::Expr],
        because: Option<&tree::Text>,
    ) -> Option<Sentence> {
        let subject = self.subject(module, path)?;
        let mut scope = self.scope(module, subject.frame);
        let class = subject.class.map(|definition| {
            let kind = ExprKind::Definition { level: 0, definition };
            self.add(kind, Type::Boolean, subject.span)
        });
        // A broken part hides nothing of the others: each is worked out before any is given up.
        let written = decl.condition.as_ref().map(|condition| self.condition(condition, &mut scope));
        if let Some(Some(condition)) = written {
            self.assume(condition, &mut scope);
        }
        let exceptions: Vec<Option<ExprId>> = unless.iter().map(|exception| self.condition(exception, &mut scope)).collect();
        let clause = self.clause(&decl.clause, &subject, &mut scope);
        let message = because.map(|text| self.message(text, &mut scope));
        let condition = match written {
            Some(condition) => Some(condition?),
            None => None,
        };
        let condition = self.all_of(class.into_iter().chain(condition).collect(), span);
        let exception = self.any_of(exceptions.into_iter().collect::<Option<_>>()?, span);
        Some(Sentence { frame: subject.frame, condition, exception, clause: clause?, message, span, clause_span: decl.clause.span })
    }

    /// What a condition shows to be there may be read by what follows it.
    fn assume(&self, condition: ExprId, scope: &mut Scope) {
        let mut guards = Vec::new();
        self.guards(condition, true, scope.rows.len(), &mut guards);
        scope.guards.append(&mut guards);
    }

    fn all_of(&mut self, parts: Vec<ExprId>, span: Span) -> Option<ExprId> {
        match parts.as_slice() {
            [] => None,
            [only] => Some(*only),
            _ => Some(self.add(ExprKind::And(parts), Type::Boolean, span)),
        }
    }

    fn any_of(&mut self, parts: Vec<ExprId>, span: Span) -> Option<ExprId> {
        match parts.as_slice() {
            [] => None,
            [only] => Some(*only),
            _ => Some(self.add(ExprKind::Or(parts), Type::Boolean, span)),
        }
    }

    /// A table, a nested list, or a condition defined on one.
    fn subject(&mut self, module: usize, path: &Path) -> Option<SubjectRows> {
        if let Some(frame) = self.find_frame(module, path) {
            return Some(SubjectRows { frame, class: None, span: path.span });
        }
        if let [name] = path.names.as_slice() {
            let found = self.computed.iter().filter(|((_, known), _)| *known == name.text).flat_map(|(_, ids)| ids.iter().copied());
            let mut seen: Vec<DefinitionId> = found.filter(|id| self.sees_definition(module, *id)).collect();
            seen.sort();
            if let [only] = seen.as_slice()
                && self.definition(*only) == Some(Type::Boolean)
            {
                if let Some(pending) = self.pending.get_mut(only.0 as usize) {
                    pending.used = true;
                }
                let definition = self.program.definition(*only)?;
                let (frame, names) = (definition.frame, definition.names.clone());
                self.refer(name.span, &names);
                return Some(SubjectRows { frame, class: Some(*only), span: path.span });
            }
        }
        let owners = self.owners(module, path);
        if let [_, _, ..] = owners.as_slice() {
            let list = |pick: fn(&Names) -> &str, pause| owners.iter().map(pick).collect::<Vec<_>>().join(pause);
            let owners = Bilingual::new(list(Names::zh, "、"), list(Names::en, ", "));
            self.report(Error::AmbiguousSubject { text: self.slice(path.span), owners, span: path.span });
        } else {
            self.frame_path(module, path);
        }
        None
    }

    /// The tables and lists in which a plain name is a nested list or a condition.
    fn owners(&self, module: usize, path: &Path) -> Vec<Names> {
        let [name] = path.names.as_slice() else { return Vec::new() };
        let schema = &self.program.schema;
        let conditions = self.computed.iter().filter(|((_, known), _)| *known == name.text);
        let conditions = conditions.filter(|(_, ids)| ids.iter().any(|id| self.sees_definition(module, *id))).map(|((frame, _), _)| *frame);
        let lists = schema.frames.iter().filter(|frame| frame.names.matches(&name.text)).filter_map(|frame| frame.parent);
        let mut frames: Vec<FrameId> = conditions.chain(lists.map(|(parent, _)| parent)).collect();
        frames.sort();
        frames.dedup();
        frames.into_iter().filter_map(|frame| schema.frame(frame)).map(|frame| frame.names.clone()).collect()
    }

    fn clause(&mut self, decl: &tree::Clause, subject: &SubjectRows, scope: &mut Scope) -> Option<Clause> {
        match &decl.kind {
            ClauseKind::Demand(name) => self.demand(name, subject),
            ClauseKind::Refer(text) => Some(Clause::Refer(text.text.as_str().into())),
            ClauseKind::Require { modal, condition, .. } => {
                let condition = self.condition(condition, scope)?;
                Some(Clause::Require { modal: *modal, condition })
            }
            ClauseKind::RequireBetween { modal, relation, .. } => {
                let condition = self.condition(relation, scope)?;
                Some(Clause::Require { modal: *modal, condition })
            }
        }
    }

    fn demand(&mut self, name: &tree::Name, subject: &SubjectRows) -> Option<Clause> {
        let fitting: Vec<usize> = (0..self.program.decisions.len())
            .filter(|&index| {
                let decision = self.program.decisions.get(index);
                decision
                    .is_some_and(|decision| decision.frame == subject.frame && self.enum_index(&name.text, decision.dispositions).is_some())
            })
            .collect();
        match fitting.as_slice() {
            [decision] => {
                let (dispositions, order, span) = {
                    let found = self.program.decisions.get(*decision)?;
                    (found.dispositions, found.order.clone(), found.span)
                };
                let disposition = self.enum_index(&name.text, dispositions)?;
                self.enum_value(&name.text, name.span, dispositions);
                if !order.is_empty() && !order.contains(&disposition) {
                    self.report(Error::UnorderedDisposition { name: name.text.clone(), span: name.span, decision: span });
                }
                Some(Clause::Demand { decision: *decision, disposition })
            }
            [] => {
                match self.program.decisions.iter().find(|decision| decision.frame == subject.frame).map(|decision| decision.dispositions) {
                    Some(dispositions) => {
                        self.enum_value(&name.text, name.span, dispositions);
                    }
                    None => {
                        let subject = self.slice(subject.span);
                        self.report(Error::NoDecision { subject, span: name.span });
                    }
                }
                None
            }
            [first, ..] => {
                let first = self.program.decisions.get(*first)?.span;
                self.report(Error::SeveralDecisions { name: name.text.clone(), span: name.span, first });
                None
            }
        }
    }

    /// `说明`: its text with `{…}` read as expressions.
    fn message(&mut self, text: &tree::Text, scope: &mut Scope) -> Vec<MessagePart> {
        let lenient = std::mem::replace(&mut scope.lenient, true);
        let mut parts = Vec::new();
        for piece in template::pieces(text) {
            match piece {
                Piece::Literal(plain) => parts.push(MessagePart::Text(plain.into())),
                Piece::Hole(range) => {
                    let value = self.placeholder(Span::new(text.span.file, range.start, range.end), scope);
                    parts.extend(value.map(MessagePart::Value));
                }
            }
        }
        scope.lenient = lenient;
        parts
    }

    fn placeholder(&mut self, span: Span, scope: &mut Scope) -> Option<ExprId> {
        let sources = self.sources;
        match crate::syntax::parse::expression(span.file, sources.get(span.file)?, span.range()) {
            Ok(expr) => self.value(&expr, scope, None),
            Err(_) => {
                let expected = Bilingual::new("表达式", "expression");
                let text = self.slice(span);
                self.report(Error::BadLiteral { text, span, expected });
                None
            }
        }
    }

    fn override_article(&mut self, index: usize, module: usize, reference: &tree::ArticleRef) {
        let target_module = match &reference.policy {
            Some(policy) => self.program.modules.iter().position(|other| other.names.matches(&policy.text)),
            None => Some(module),
        };
        if let (Some(policy), Some(target)) = (&reference.policy, target_module)
            && let Some(names) = self.program.modules.get(target).map(|found| found.names.clone())
        {
            self.refer(policy.span, &names);
        }
        let number = self.slice(reference.span);
        let target = self.program.articles.iter().position(|other| Some(other.module) == target_module && other.number == reference.number);
        let Some(target) = target else {
            self.report(Error::UnknownArticle { number, span: reference.span });
            return;
        };
        let frames = |article: Option<&Article>| {
            article.map_or_else(Vec::new, |article| article.sentences.iter().map(|sentence| sentence.frame).collect::<Vec<_>>())
        };
        let (own, other) = (frames(self.program.articles.get(index)), frames(self.program.articles.get(target)));
        let related = own.iter().any(|own| other.iter().any(|other| self.chain(*other).contains(own)));
        if !related && !own.is_empty() && !other.is_empty() {
            self.report(Error::UnrelatedArticle { number, span: reference.span });
            return;
        }
        if self.outranks(target, index) {
            self.report(Error::CircularOverride { number, span: reference.span });
            return;
        }
        if let Some(article) = self.program.articles.get_mut(index) {
            article.overrides.push(ArticleId(u32::try_from(target).unwrap_or(u32::MAX)));
        }
    }

    /// Whether an article is another one, overrides it, or overrides one that does.
    fn outranks(&self, article: usize, other: usize) -> bool {
        let below = self.program.articles.get(article).map_or(&[][..], |found| &found.overrides);
        article == other || below.iter().any(|next| self.outranks(next.0 as usize, other))
    }

    /// `指标`.
    pub(super) fn measures(&mut self) {
        for (module, item) in self.items() {
            let ItemKind::Measure(decl) = &item.kind else { continue };
            let names = names_of(&decl.names);
            self.refer_both(&decl.names, &names);
            let mut scope = Scope { module, rows: Vec::new(), this: None, guards: Vec::new(), lenient: false, hidden: 0..0 };
            let Some(body) = self.value(&decl.body, &mut scope, None).filter(|_| !item.damaged) else { continue };
            let by = match &decl.by {
                None => None,
                Some(path) => match self.group(module, body, path) {
                    Some(group) => Some(group),
                    None => continue,
                },
            };
            self.program.measures.push(Measure { module, names, body, by, span: item.span });
        }
    }

    /// The group of a measure: a path read in the element of its list form.
    fn group(&mut self, module: usize, body: ExprId, path: &Path) -> Option<ExprId> {
        let ExprKind::Quantify { list, .. } = self.program.expr(body).kind else {
            let message = say!("“按”只能分解一个 数量、合计、最大或最小", "`by` splits one count, sum, max or min");
            let help = say!("把其余算式另写一个指标", "put the rest into another measure");
            self.report(Error::Unsupported { message, help, span: path.span });
            return None;
        };
        let (first, rest) = path.names.split_first()?;
        let start = tree::Expr { span: first.span, kind: tree::ExprKind::Name(first.clone()) };
        let expr = rest.iter().fold(start, |base, name| tree::Expr {
            span: base.span.to(name.span),
            kind: tree::ExprKind::Member(Box::new(base), name.clone()),
        });
        let mut scope = self.scope(module, list.frame());
        self.value(&expr, &mut scope, None)
    }
}
