//! Words of offices that stand where a name has to, and what is written for them.

use super::expression::is_quantity;
use super::subject::SubjectRows;
use super::{Analyzer, Error};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::Type;
use crate::syntax::remedy::priced;
use crate::syntax::tree::{self, ClauseKind, Modal, Name};
use crate::text::Span;

/// What to do about a value that an enum lacks.
pub(super) fn declare_value(enumeration: &Bilingual, values: &Bilingual) -> Bilingual {
    let (zh, en, zh_values, en_values) = (&enumeration.zh, &enumeration.en, &values.zh, &values.en);
    say!(
        "可取：{zh_values}；别的先在枚举 `{zh}` 里声明",
        "its values: {en_values}; declare another in the enum `{en}` first"
    )
}

/// What a wish ends with that is put before its modal: `一般不得超过`.
const MOSTLY: [&str; 5] = ["一般", "原则上", "尽可能", "尽量", "力争"];

/// `每件50元`: what is counted, and how much.
fn price_of_each(name: &str) -> Option<(String, String)> {
    let inner = name.strip_prefix('每')?.strip_suffix('元')?;
    let digits = inner.find(|letter: char| letter.is_ascii_digit())?;
    let (thing, amount) = inner.split_at(digits);
    let is_amount = amount.chars().all(|letter| letter.is_ascii_digit());
    (is_amount && !thing.is_empty()).then(|| (thing.to_owned(), amount.to_owned()))
}

/// The amount that a text ends with: `… 50元`.
fn amount_before(text: &str) -> Option<&str> {
    let head = text.trim_end().strip_suffix('元')?.trim_end();
    let start = head.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    head.get(start.len()..).filter(|amount| !amount.is_empty())
}

impl Analyzer<'_> {
    /// A name that is none and is a phrase of offices: reports it, with what is written for it.
    pub(super) fn is_customary(&mut self, name: &Name, wanted: Option<Type>) -> bool {
        let text = &*name.text;
        let help = self
            .price(name)
            .or_else(|| price_of_each(text).map(|(thing, amount)| priced(&amount, &thing)))
            .or_else(|| nought(text, wanted))
            .or_else(|| mostly(text))
            .or_else(|| self.having(text));
        let Some(help) = help else { return false };
        self.report(Error::Otherwise { found: text.to_owned(), help, span: name.span });
        true
    }

    /// `原则上 一律 甲`, taken for a subject: reports it, for what leaves room decides nothing.
    pub(super) fn is_mostly(&mut self, path: &tree::Path) -> bool {
        let [name] = path.names.as_slice() else { return false };
        if !MOSTLY.contains(&&*name.text) {
            return false;
        }
        let text = name.text.clone();
        let help = say!(
            "“{text}”留有余地，判断不了：每一行都这样的，删去它；有例外的，写明例外：`…，但 … 的 除外`",
            "`{text}` leaves room, and nothing can be judged by it: leave it out where it is so of \
                every row; where there are exceptions say which: `…，但 … 的 除外`"
        );
        self.put_otherwise(path.span, help);
        true
    }

    /// `具有甲`, where a table has a field 甲.
    fn having(&self, text: &str) -> Option<Bilingual> {
        let name = ["具有", "具备"].iter().find_map(|word| text.strip_prefix(word))?;
        let mut tables = self.program.schema.tables();
        let is_field = tables.any(|(frame, _)| self.field_called(frame, name).is_some());
        is_field.then(|| say!("写作 `有 {name}`", "write `has {name}`"))
    }

    /// `件` of `50元/件`.
    fn price(&self, name: &Name) -> Option<Bilingual> {
        let source = self.sources.get(name.span.file)?;
        let head = source.text.get(..name.span.start as usize)?.trim_end();
        let amount = amount_before(head.strip_suffix(['/', '／'])?)?;
        let counts = name.text.chars().count() <= 3;
        counts.then(|| priced(amount, &name.text))
    }

    /// `2-5工作日`, taken for a difference.
    pub(super) fn as_range(
        &self,
        (least, most): (Span, Span),
        (of_least, of_most): (Type, Type),
    ) -> Option<Bilingual> {
        let (least, written) = (self.slice(least), self.slice(most));
        let is_figure = |letter: char| letter.is_ascii_digit() || letter == '.';
        let unit = written.trim_start_matches(is_figure);
        let number = written.get(..written.len() - unit.len())?;
        let fits = of_least == Type::Integer
            && is_quantity(of_most)
            && !number.is_empty()
            && least.chars().all(is_figure);
        let unit = unit.trim_start();
        let (zh, en) = (unit.strip_prefix('个').filter(|it| *it != "月").unwrap_or(unit), unit);
        fits.then(|| {
            say!(
                "从几到几的，写作 `介于 {least} {zh} 至 {number} {zh}`",
                "for a range write `between {least} {en} to {number} {en}`"
            )
        })
    }

    /// `不得 超过 一半`, of what has a unit: of what it is half is not said.
    pub(super) fn part_of_nothing(&self, wanted: Type, span: Span) -> Option<Bilingual> {
        let text = self.slice(span);
        let is_part = text == "一半" || text.contains("分之");
        (is_part && is_quantity(wanted)).then(|| {
            say!("写明是什么的{text}：`… 的 {text}`", "say of what: `half of …`, `… 的 {text}`")
        })
    }

    /// `不得 租金`, which is an amount: reports it, with what it has to be.
    pub(super) fn is_charge(&mut self, clause: &tree::Clause, subject: &SubjectRows) -> bool {
        let ClauseKind::Require { modal: Modal::MustNot, condition, .. } = &clause.kind else {
            return false;
        };
        let tree::ExprKind::Name(name) = &condition.kind else { return false };
        let field = self.field_called(subject.frame, &name.text);
        let field = field.and_then(|field| self.program.schema.field(subject.frame, field));
        let Some(optional) = field.filter(|it| it.ty == Type::Money).map(|it| it.optional) else {
            return false;
        };
        let text = &name.text;
        let help = match optional {
            false => say!("写作 `{text} 必须 为 0 元`", "write `{text} must be 0 yuan`"),
            true => say!(
                "写作 `必须 无 {text} 或 {text} 为 0 元`",
                "write `must lack {text} or {text} is 0 yuan`"
            ),
        };
        self.put_otherwise(clause.span, help);
        true
    }

    /// `甲得乙`, where 乙 is a table: 得 for 的.
    pub(super) fn is_misheard(&mut self, module: usize, text: &str, span: Span) -> bool {
        let found = text.match_indices(['得', '地']).find_map(|(at, word)| {
            let (condition, table) = (text.get(..at)?, text.get(at + word.len()..)?);
            self.table(module, table)?;
            (!condition.is_empty()).then_some((condition, table))
        });
        let Some((condition, table)) = found else { return false };
        let help =
            say!("是不是 `{condition} 的 {table}`？", "did you mean `{condition} 的 {table}`?");
        self.report(Error::Otherwise { found: text.to_owned(), help, span });
        true
    }
}

/// `为 零`, of what has a unit.
fn nought(name: &str, wanted: Option<Type>) -> Option<Bilingual> {
    if name != "零" {
        return None;
    }
    Some(match wanted {
        Some(Type::Money) => say!("写作 `0 元`", "write `0 yuan`"),
        Some(Type::Percent) => say!("写作 `0%`", "write `0%`"),
        Some(Type::Workdays) => say!("写作 `0 工作日`", "write `0 workdays`"),
        Some(Type::Days) => say!("写作 `0 日`", "write `0 days`"),
        Some(Type::Months) => say!("写作 `0 个月`", "write `0 months`"),
        _ => say!("写作 `0`", "write `0`"),
    })
}

/// `限一般`, before 不得: what is wished, and not required.
fn mostly(name: &str) -> Option<Bilingual> {
    let value = MOSTLY.iter().find_map(|word| name.strip_suffix(word))?;
    (!value.is_empty()).then(|| {
        say!(
            "留有余地的不是“必须”：写作 `{value} 宜 不超过 …`，或 `{value} 不宜 超过 …`",
            "what holds mostly is not required: write `{value} should be at most …`, or `{value} \
                should not exceed …`"
        )
    })
}
