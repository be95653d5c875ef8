//! Units that a heading, a line above a table or the manifest states for numbers without one.

use super::names::fold;
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

/// A unit: of which type, how much of it, of which currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// The type whose unit it is; `None` for a mere factor: `万`.
    ty: Option<Type>,
    scale: Ratio,
    currency: Option<&'static Currency>,
}

impl Unit {
    /// A unit by its name: `万元`, `工作日`, `元/件`; `None` for a word that is none of these.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let folded = fold(word).to_lowercase();
        let word = folded.split('/').next().unwrap_or(&folded).trim();
        let word = word.strip_prefix('个').filter(|rest| !rest.is_empty()).unwrap_or(word);
        let whole =
            |ty, scale: i128| Self { ty, scale: Ratio::from_integer(scale), currency: None };
        let plain = |word: &str, scale: i128| {
            let known = |(_, words): &&(Type, &[&str])| words.contains(&word);
            let own = WORDS.iter().find(known).map(|(ty, _)| whole(Some(*ty), scale));
            let foreign = || {
                let currency = CURRENCIES.iter().find(|names| names.contains(&word))?;
                Some(Self { currency: Some(currency), ..whole(Some(Type::Money), scale) })
            };
            own.or_else(foreign)
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

    /// Whether it is one of money.
    #[must_use]
    pub fn is_money(&self) -> bool {
        self.ty == Some(Type::Money)
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
            Type::Integer | Type::Decimal => self.ty.is_none_or(|ty| ty == Type::Integer),
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
    Unit::named(word).is_some_and(|unit| unit.currency.is_some())
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

/// The unit a heading states behind its name: in brackets at its end, or as its last line.
#[must_use]
pub fn in_heading(heading: &str) -> Option<(Unit, &str)> {
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
        let inner = heading.strip_suffix(close)?;
        inner.rfind(open).and_then(|at| inner.get(at + open.len_utf8()..))
    });
    let last_line = || {
        let (_, last) = heading.rsplit_once(['\n', '\r'])?;
        Some(last)
    };
    in_brackets.or_else(last_line).and_then(stated)
}

/// The unit among what brackets or a line hold: `单位：万元`, `万元，含税`.
fn stated(text: &str) -> Option<(Unit, &str)> {
    let pieces = text.split(['，', ',', '、', '；', ';', '：', ':']);
    pieces.map(str::trim).find_map(|piece| Some((Unit::named(piece)?, piece)))
}

/// The units a text above a table states: `单位：万元`, `书价表（单位：万元、件）`. A word behind
/// `单位：` that is no unit, as that of `填报单位：`, is none.
#[must_use]
pub fn in_line(text: &str) -> Vec<(Unit, &str)> {
    let mut units = Vec::new();
    for (at, word) in text.match_indices("单位").chain(text.match_indices("Unit")) {
        let rest = text.get(at + word.len()..).unwrap_or("").trim_start_matches('s').trim_start();
        let Some(rest) = rest.strip_prefix(['：', ':']) else { continue };
        let rest = rest.trim_start();
        let end = rest.find([' ', '\u{3000}', '\t', '\n', ')', '）', ']', '】', '。']);
        let named = rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest);
        let pieces = named.split(['，', ',', '、', '；', ';']);
        units.extend(pieces.filter_map(|piece| Some((Unit::named(piece)?, piece.trim()))));
    }
    units
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
        assert_eq!(of("元/件", Type::Money), whole(1));
        assert_eq!(of("％", Type::Percent), Some(Ratio::new(1, 100)));
        assert_eq!(of("个工作日", Type::Workdays), whole(1));
        for (word, ty) in [
            ("自然日", Type::Workdays),
            ("件", Type::Money),
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
        for heading in
            ["书价（万元）", "书价(万元)", "书价\n万元", "书价（单位：万元，含税）", "书价【万元】"]
        {
            assert_eq!(in_heading(heading).map(|(_, word)| word), Some("万元"), "{heading}");
        }
        assert_eq!(in_heading("书价（必填）"), None);
        assert_eq!(in_heading("万元"), None);
        for line in [
            "单位：万元",
            "书价表（单位：万元）",
            "填报单位：民政局  单位:万元",
            "（金额单位：万元、件）",
        ] {
            let words: Vec<_> = in_line(line).into_iter().map(|(_, word)| word).collect();
            assert_eq!(words, ["万元"], "{line}");
        }
        assert_eq!(in_line("填报单位：民政局"), []);
        assert_eq!(in_line("单位：件"), []);
    }
}
