//! Units that a heading, a line above a table or the manifest states for numbers without one.

use super::names::fold;
use super::spelling;
use crate::diagnostic::Bilingual;
use crate::schema::Type;
use crate::value::Ratio;

/// What a number without a unit of its own is multiplied by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// What one of the unit is in the field's own.
    pub scale: Ratio,
    /// The currency that the manifest says the amounts are in: its sign may stand beside them.
    pub currency: Option<&'static Currency>,
}

/// A currency that is not the yuan: amounts are only read in it where the manifest says so.
pub type Currency = [&'static str];

/// The signs, codes and names of some currencies.
const CURRENCIES: [&Currency; 5] = [
    &["$", "us$", "usd", "美元", "dollar", "dollars"],
    &["€", "eur", "欧元", "euro", "euros"],
    &["£", "gbp", "英镑", "pound", "pounds"],
    &["hk$", "hkd", "港元", "港币"],
    &["jpy", "日元", "yen"],
];

/// What those are called, in Chinese and in English.
const CALLED: [(&str, &str); 5] = [
    ("美元", "US dollars"),
    ("欧元", "euros"),
    ("英镑", "pounds"),
    ("港元", "Hong Kong dollars"),
    ("日元", "yen"),
];

/// What a currency is called; nothing where that is not known.
#[must_use]
pub fn called(currency: &Currency) -> Bilingual {
    let names = CURRENCIES.iter().position(|names| *names == currency);
    let name = names.and_then(|at| CALLED.get(at)).unwrap_or(&("", ""));
    Bilingual::new(name.0, name.1)
}

/// What words before a unit multiply it by, the longer before the shorter.
const SCALES: [(&str, i128); 14] = [
    ("万亿", 1_000_000_000_000),
    ("千亿", 100_000_000_000),
    ("百亿", 10_000_000_000),
    ("十亿", 1_000_000_000),
    ("千万", 10_000_000),
    ("百万", 1_000_000),
    ("十万", 100_000),
    ("亿", 100_000_000),
    ("万", 10_000),
    ("千", 1000),
    ("百", 100),
    ("十", 10),
    ("million ", 1_000_000),
    ("thousand ", 1000),
];

/// The words for each type that has units, and what one of them is in the type's own.
const WORDS: [(Type, &[&str]); 7] = [
    (Type::Money, &["元", "圆", "人民币元", "人民币", "yuan", "rmb", "cny", "¥"]),
    (
        Type::Workdays,
        &["工作日", "workday", "workdays", "working day", "working days", "business days"],
    ),
    (Type::Days, &["日", "天", "自然日", "日历日", "day", "days", "calendar days"]),
    (Type::Months, &["月", "month", "months"]),
    (Type::Hours, &["小时", "钟头", "hour", "hours", "h"]),
    (Type::Minutes, &["分钟", "分", "minute", "minutes", "min"]),
    (Type::Percent, &["%"]),
];

/// Units that no type has: a number in them is none of a field's that has units.
const OTHERS: [&str; 29] = [
    "小时", "钟头", "时", "分钟", "分", "秒", "秒钟", "周", "星期", "礼拜", "季", "季度", "年",
    "年度", "角", "角钱", "分钱", "hour", "hours", "minute", "minutes", "min", "second", "seconds",
    "week", "weeks", "quarter", "year", "years",
];

/// What stands for the currency of a price of one: `元/件`, `元每件`.
const PRICE: &Currency = &["/"];

/// A unit: of which type, how much of it, of which currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// The type whose unit it is; `None` for a mere factor: `万`.
    ty: Option<Type>,
    scale: Ratio,
    currency: Option<&'static Currency>,
}

/// No name of a unit is longer, in bytes; a heading may be.
const LONGEST: usize = 120;

impl Unit {
    /// A unit by its name: `万元`, `工作日`, `元/件`; `None` for a word that is none of these.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        if word.len() > LONGEST {
            return None;
        }
        let folded = fold(word).to_lowercase();
        let price = folded.split_once(['/', '每']).filter(|(_, per)| !per.is_empty());
        if let Some((word, _)) = price.filter(|(word, _)| !word.is_empty()) {
            // A price of one is no amount, nor is what two units are said to be: `元/万元`.
            let unit = Self::named(word)?;
            let foreign = unit.currency.filter(|names| names.is_empty());
            let (ty, currency) = match unit.ty {
                Some(Type::Money) => (unit.ty, foreign.or(Some(PRICE))),
                _ => (Some(Type::Text), None),
            };
            return Some(Self { ty, currency, ..unit });
        }
        let word = folded.trim_end_matches('/').trim();
        let word = word.strip_prefix('个').filter(|rest| !rest.is_empty()).unwrap_or(word);
        let word = without_currency(word);
        let whole =
            |ty, scale: i128| Self { ty, scale: Ratio::from_integer(scale), currency: None };
        let plain = |word: &str, scale: i128| {
            let known = |(_, words): &&(Type, &[&str])| words.contains(&word);
            let own = WORDS.iter().find(known).map(|(ty, _)| whole(Some(*ty), scale));
            let foreign = || {
                let currency = CURRENCIES.iter().find(|names| names.contains(&word))?;
                Some(Self { currency: Some(currency), ..whole(Some(Type::Money), scale) })
            };
            let none = || OTHERS.contains(&word).then(|| whole(Some(Type::Text), scale));
            own.or_else(foreign).or_else(none)
        };
        let other = || {
            let is_currency =
                ["元", "币", "镑", "卢布", "法郎"].iter().any(|end| word.ends_with(end));
            let short = (2..=4).contains(&word.chars().count()) && !word.contains(char::is_numeric);
            let unit = Self { currency: Some(&[]), ..whole(Some(Type::Money), 1) };
            (is_currency && short).then_some(unit)
        };
        if let Some(unit) = plain(word, 1) {
            let scale = match unit.ty {
                Some(Type::Percent) => Ratio::new(1, 100),
                Some(ty) => unit.scale * Ratio::from_integer(i128::from(ty.scale())),
                None => unit.scale,
            };
            return Some(Self { scale, ..unit });
        }
        let Some((rest, scale)) = scaled(word) else { return other() };
        if rest.is_empty() {
            return Some(whole(None, scale));
        }
        plain(rest.trim(), scale).filter(|unit| unit.ty == Some(Type::Money)).or_else(other)
    }

    /// So many yuan as English spells them, `10,000 yuan`, `RMB million`, where they are `least` or
    /// more; or any unit by its name.
    #[must_use]
    pub fn spelt(word: &str, least: i128) -> Option<Self> {
        let yuan = || {
            let scale =
                spelling::yuan(&fold(word).to_lowercase()).filter(|scale| *scale >= least)?;
            let scale = Ratio::from_integer(scale);
            Some(Self { ty: Some(Type::Money), scale, currency: None })
        };
        Self::named(word).or_else(yuan)
    }

    /// A unit of money of which nobody knows what it makes of a number.
    #[must_use]
    pub fn unclear() -> Self {
        let (ty, scale) = (Some(Type::Money), Ratio::from_integer(1));
        Self { ty, scale, currency: Some(PRICE) }
    }

    /// A unit that the manifest gives numbers of which no unit is known: `万件` is ten thousand,
    /// `件` one.
    #[must_use]
    pub fn counting(word: &str) -> Option<Self> {
        let folded = fold(word).to_lowercase();
        let (_, scale) = scaled(&folded).unwrap_or((&folded, 1));
        let scale = Ratio::from_integer(scale);
        let unit = Self { ty: Some(Type::Integer), scale, currency: None };
        Self::named(word).or_else(|| (!folded.is_empty()).then_some(unit))
    }

    /// Whether it is a mere factor: `万`.
    #[must_use]
    pub fn is_factor(&self) -> bool {
        self.ty.is_none()
    }

    /// Whether its word is listed here, and not only ends as the names of currencies do.
    pub(super) fn is_known(&self) -> bool {
        self.currency.is_none_or(|names| !names.is_empty())
    }

    /// Whether it is one of the same type, whatever it multiplies by.
    #[must_use]
    pub fn is_of_kind(&self, other: &Self) -> bool {
        self.ty.is_none() || other.ty.is_none() || self.ty == other.ty
    }

    /// Whether it is one of money.
    #[must_use]
    pub fn is_money(&self) -> bool {
        self.ty == Some(Type::Money)
    }

    /// Whether it is one of a currency that is not the yuan.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.currency.is_some_and(|names| names != PRICE)
    }

    /// Whether it is one of a currency that is listed here and not the yuan.
    #[must_use]
    pub fn is_known_currency(&self) -> bool {
        self.is_foreign() && self.is_known()
    }

    /// Whether it is that of a price of one: `元/件`.
    #[must_use]
    pub fn is_price(&self) -> bool {
        self.currency.is_some_and(|names| names == PRICE)
    }

    /// The currency it is of, if that is not the yuan.
    #[must_use]
    pub fn currency(&self) -> Option<&'static Currency> {
        self.currency
    }

    /// What it makes of a number of a type without anybody having said that it is meant so; `None`
    /// where it does not fit.
    #[must_use]
    pub fn of(&self, ty: Type) -> Option<Measure> {
        let spans = ty.is_span() && self.ty.is_some_and(Type::is_span);
        let fits = self.ty == Some(ty) || spans || self.ty.is_none() && ty == Type::Money;
        (fits && self.currency.is_none()).then_some(Measure { scale: self.scale, currency: None })
    }

    /// What it makes of a number of a type where the manifest says that it is meant; `None` where
    /// it does not fit.
    #[must_use]
    pub fn declared(&self, ty: Type) -> Option<Measure> {
        let fits = match ty {
            Type::Integer | Type::Decimal => {
                self.ty.is_none_or(|ty| matches!(ty, Type::Integer | Type::Text))
            }
            Type::Money => self.ty.is_none() || self.is_money(),
            _ => self.ty == Some(ty) || ty.is_span() && self.ty.is_some_and(Type::is_span),
        };
        fits.then_some(Measure { scale: self.scale, currency: self.currency })
    }
}

/// A word without the `万` and the like before it, and what that multiplies by.
fn scaled(word: &str) -> Option<(&str, i128)> {
    SCALES.iter().find_map(|(name, scale)| Some((word.strip_prefix(name)?, *scale)))
}

/// The currency whose sign or code stands before an amount, the sign as written, and the amount.
#[must_use]
pub fn currency_before(text: &str) -> Option<(&'static Currency, &str, &str)> {
    let end = text.find(|letter: char| letter.is_ascii_digit())?;
    let (sign, amount) = text.split_at_checked(end)?;
    let sign = sign.trim();
    let lower = sign.to_lowercase();
    let currency = CURRENCIES.iter().find(|names| names.contains(&&*lower))?;
    Some((currency, sign, amount))
}

/// Whether a word names a currency that is not the yuan.
#[must_use]
pub fn is_currency(word: &str) -> bool {
    Unit::named(word).is_some_and(|unit| unit.is_foreign())
}

/// Whether a text that stands beside a number of a type is a unit that makes another number of it
/// than the type's own would: `万元` of an amount, `小时` of days, `万册` of a count.
#[must_use]
pub fn is_other(text: &str, ty: Type) -> bool {
    const PARTS_OF_YUAN: [&str; 4] = ["角", "角钱", "分", "分钱"];
    let folded = fold(text).to_lowercase();
    let is_count = matches!(ty, Type::Integer | Type::Decimal);
    let Some(unit) = Unit::named(&folded).filter(|_| !folded.ends_with("单元")) else {
        let many = scaled(&folded).filter(|(rest, scale)| *scale >= 10_000 && !rest.is_empty());
        return is_count && many.is_some_and(|(rest, _)| rest.chars().count() <= 3);
    };
    if let Some(measure) = unit.of(ty) {
        let own =
            if ty == Type::Percent { unit.scale } else { Ratio::from_integer(ty.scale().into()) };
        return measure.scale != own;
    }
    let is_time =
        |ty: Type| ty.is_span() || matches!(ty, Type::Workdays | Type::Days | Type::Months);
    let is_part = PARTS_OF_YUAN.contains(&&*folded);
    match ty {
        Type::Money => is_part || unit.is_money(),
        _ if is_count => unit.is_factor(),
        _ if is_time(ty) => unit.ty.is_some_and(is_time) || OTHERS.contains(&&*folded) && !is_part,
        _ => false,
    }
}

/// What the unit of a type is called.
#[must_use]
pub fn word(ty: Type) -> Option<&'static str> {
    WORDS.iter().find(|(with, _)| *with == ty).and_then(|(_, words)| words.first()).copied()
}

/// Whether numbers of a type have a unit.
#[must_use]
pub fn has_units(ty: Type) -> bool {
    WORDS.iter().any(|(with, _)| *with == ty)
}

/// What a heading states behind its name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stated<'h> {
    /// The name before it.
    pub name: &'h str,
    /// All that is set off from the name.
    pub behind: &'h str,
    /// The unit.
    pub unit: Unit,
    /// The word for it.
    pub word: &'h str,
}

/// The unit a heading states behind its name: in brackets at its end, as its last line, behind a
/// sign or a blank, `书价/万元`; an amount of several yuan, and `%`, behind the name itself.
#[must_use]
pub fn behind_name(heading: &str) -> Option<Stated<'_>> {
    let heading = heading.trim();
    let pairs = [
        ('（', '）'),
        ('(', ')'),
        ('【', '】'),
        ('[', ']'),
        ('〔', '〕'),
        ('（', ')'),
        ('(', '）'),
    ];
    let in_brackets = pairs.into_iter().find_map(|(open, close)| {
        let (name, behind) = heading.strip_suffix(close)?.rsplit_once(open)?;
        Some((name, behind))
    });
    let last_line = || heading.rsplit_once(['\n', '\r']);
    let set_off = in_brackets.or_else(last_line);
    set_off.and_then(|(name, behind)| set_off_from(name, behind)).or_else(|| {
        // What stands in brackets, and is no unit, does not hide one behind the name itself.
        let plain = set_off.map_or(heading, |(name, _)| name.trim_end());
        behind_sign(plain).or_else(|| joined(plain))
    })
}

/// The unit among what is set off from a name.
fn set_off_from<'h>(name: &'h str, behind: &'h str) -> Option<Stated<'h>> {
    let (unit, word) = stated(behind)?;
    Some(Stated { name: name.trim_end(), behind, unit, word })
}

/// The unit behind a sign or blank: `书价/万元`, `书价：万元`, `书价 万元`.
fn behind_sign(heading: &str) -> Option<Stated<'_>> {
    // Not `_`, which names have within: `limit_days`.
    const SIGNS: [char; 15] =
        ['/', '／', '-', '－', '—', '–', '：', ':', '，', ',', '、', '|', ' ', '\u{3000}', '\t'];
    let (name, behind) = heading.rsplit_once(SIGNS)?;
    let word = after_word(behind.trim());
    let unit = Unit::named(word)?;
    let name = name.trim_end_matches(SIGNS);
    (!name.is_empty()).then_some(Stated { name, behind, unit, word })
}

/// The unit written together with the name before it: `书价万元`, `占比%`. One that changes nothing,
/// `书价元`, is part of the name.
fn joined(heading: &str) -> Option<Stated<'_>> {
    let split = |at: usize| {
        let (name, behind) = heading.split_at_checked(at)?;
        let word = after_word(behind);
        let unit = Unit::named(word)?;
        let is_other = unit.currency.is_some() || unit.scale != Ratio::from_integer(1);
        let fits =
            matches!(unit.ty, Some(Type::Money | Type::Percent)) && unit.is_known() && is_other;
        fits.then_some(Stated { name, behind, unit, word })
    };
    if Unit::named(heading).is_some_and(|unit| unit.is_known()) {
        return None;
    }
    // The longest: `百万元`, not `万元`.
    heading.char_indices().skip(1).find_map(|(at, _)| split(at))
}

/// A word without the `单位` before it, or the `以…计` around it.
fn after_word(text: &str) -> &str {
    const AROUND: [&str; 3] = ["计", "为单位", "计算"];
    let within = text.strip_prefix(['以', '按']);
    if let Some(word) = within.and_then(|rest| AROUND.iter().find_map(|end| rest.strip_suffix(end)))
    {
        return word;
    }
    text.strip_prefix("单位").map_or(text, |rest| rest.trim_start_matches(['为', '：', ':', ' ']))
}

/// The unit a heading states behind its name.
#[must_use]
pub fn in_heading(heading: &str) -> Option<(Unit, &str)> {
    behind_name(heading).map(|stated| (stated.unit, stated.word))
}

/// A unit of money before the name, `万元书价`: whether numbers are in it nobody knows, as of
/// `万元以上书价`.
#[must_use]
pub fn before_name(heading: &str) -> Option<(Unit, &str)> {
    let heading = heading.trim();
    // Most headings have no word for money, and are gone through once.
    let is_money = |letter: char| "元圆币镑$￥¥€£".contains(letter) || letter.is_ascii_alphabetic();
    if !heading.contains(is_money) {
        return None;
    }
    let word = heading.char_indices().skip(1).filter_map(|(at, _)| heading.get(..at));
    let unit = |word| {
        let unit = Unit::named(word)?;
        let is_other = unit.currency.is_some() || unit.scale != Ratio::from_integer(1);
        let fits = unit.is_money() && unit.is_known() && is_other;
        fits.then_some((Unit { currency: unit.currency.or(Some(PRICE)), ..unit }, word))
    };
    word.filter_map(unit).last()
}

/// What is counted in ten thousands or more, as a heading states behind its name: `册数（万册）`.
#[must_use]
pub fn counted(heading: &str) -> Option<&str> {
    const MANY: [&str; 7] = ["万", "亿", "百万", "千万", "十万", "千亿", "百亿"];
    let heading = heading.trim().trim_end_matches(['）', ')', '】', ']', '〕']);
    let signs = ['（', '(', '【', '[', '〔', '/', '／', '：', ':', ' ', '\u{3000}', '\n', '\r'];
    let (name, behind) = heading.rsplit_once(signs)?;
    let word = after_word(behind.trim());
    let is_many = MANY.iter().any(|many| word.starts_with(many)) && word.chars().count() <= 6;
    let is_amount = Unit::named(word).is_some_and(|unit| unit.is_money());
    (is_many && !is_amount && !name.trim().is_empty()).then_some(word)
}

/// A unit of money without the name of the currency beside it: `人民币千元`, `万元人民币`.
fn without_currency(word: &str) -> &str {
    const NAMES: [&str; 3] = ["人民币", "rmb", "cny"];
    let before = NAMES.iter().find_map(|name| word.strip_prefix(name));
    let beside = before.or_else(|| NAMES.iter().find_map(|name| word.strip_suffix(name)));
    let rest = beside.map_or("", |rest| rest.trim_matches(['(', ')', '（', '）', ':', '：', ' ']));
    // What stands beside another unit is no currency's name.
    if rest.ends_with(['元', '圆', '万', '亿']) { rest } else { word }
}

/// The unit among what brackets or a line hold: `单位：万元`, `万元，含税`, `10,000 yuan`.
fn stated(text: &str) -> Option<(Unit, &str)> {
    let pieces = text.split(['，', ',', '、', '；', ';', '：', ':']);
    let named = pieces
        .map(|piece| after_word(piece.trim()))
        .find_map(|piece| Some((Unit::named(piece)?, piece)));
    let whole = text.trim();
    // A number as a unit is one of thousands at least; a comma may stand in it.
    let spelt = || Some((Unit::spelt(whole, 1000)?, whole));
    named.filter(|(_, word)| !word.starts_with(|c: char| c.is_ascii_digit())).or_else(spelt)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(word: &str, ty: Type) -> Option<Ratio> {
        Unit::named(word)?.of(ty).map(|measure| measure.scale)
    }

    #[test]
    fn units_are_what_they_multiply() {
        let whole = |number: i128| Some(Ratio::from_integer(number));
        for (word, scale) in
            [("元", 1), ("万元", 10_000), ("千元", 1000), ("百万元", 1_000_000), ("万", 10_000)]
        {
            assert_eq!(of(word, Type::Money), whole(scale), "{word}");
        }
        assert_eq!(of("％", Type::Percent), Some(Ratio::new(1, 100)));
        assert_eq!(of("个工作日", Type::Workdays), whole(1));
        for (word, ty) in [
            ("自然日", Type::Workdays),
            ("件", Type::Money),
            ("元/件", Type::Money),
            ("万元每件", Type::Money),
            ("小时", Type::Workdays),
            ("周", Type::Days),
            ("角", Type::Money),
            ("美元", Type::Money),
            ("万", Type::Integer),
            ("万工作日", Type::Workdays),
        ] {
            assert_eq!(of(word, ty), None, "{word}");
        }
        assert!(Unit::named("美元").is_some_and(|unit| unit.declared(Type::Money).is_some()));
    }

    #[test]
    fn headings_and_lines_state_units() {
        let whole = Ratio::from_integer(10_000);
        for heading in
            ["书价（万元）", "书价(万元)", "书价\n万元", "书价（单位：万元，含税）", "书价【万元】"]
        {
            assert_eq!(in_heading(heading).map(|(_, word)| word), Some("万元"), "{heading}");
        }
        assert_eq!(in_heading("书价（必填）"), None);
        assert_eq!(in_heading("万元"), None);
        for heading in [
            "书价/万元",
            "书价：万元",
            "书价 万元",
            "书价万元",
            "书价（单位:万元）",
            "书价(人民币万元)",
        ] {
            assert_eq!(behind_name(heading).map(|found| found.name), Some("书价"), "{heading}");
            assert!(in_heading(heading).is_some_and(|(unit, _)| unit.scale == whole), "{heading}");
        }
        for heading in ["书价元", "借阅/归还", "单元", "万元", "百万元"] {
            assert_eq!(in_heading(heading), None, "{heading}");
        }
        assert!(
            in_heading("书价（元/万元）").is_some_and(|(unit, _)| unit.of(Type::Money).is_none())
        );
    }
}
