//! Number formats: what a workbook shows beside a number, and how many digits of it at least.
//!
//! A number is read with all its digits, and with what its format adds to them: `0.0"万元"` shows
//! 15.6 as `15.6万元`, `000000` shows 330 as `000330`. Colours, fills, and grouping of digits add
//! nothing. Source: ECMA-376 part 1, 18.8.31.

/// A number format.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Format {
    sections: Vec<Section>,
}

/// What is shown for some numbers.
#[derive(Clone, Debug, Default, PartialEq)]
struct Section {
    /// For which: a comparison, or by its place in the format.
    condition: Option<(Comparison, f64)>,
    tokens: Vec<Token>,
    /// How often the number is divided by a thousand.
    thousands: i32,
    /// How often it is multiplied by a hundred.
    hundreds: i32,
    /// Whether it is written as no plain number: `General`, a fraction, with an exponent.
    is_other: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Comparison {
    Less,
    AtMost,
    Equal,
    Other,
    AtLeast,
    More,
}

/// A part of a section.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// Text that is shown.
    Text(String),
    /// A place for a digit, which is shown as `0` where there is none.
    Zero,
    /// A place for a digit.
    Digit,
    /// The decimal point.
    Point,
}

impl Format {
    /// Reads a format; `None` where it adds nothing to a number.
    #[must_use]
    pub fn read(code: &str) -> Option<Self> {
        let sections: Vec<Section> =
            sections(code).iter().map(|code| Section::read(code)).collect();
        let adds = sections.iter().any(Section::adds);
        adds.then_some(Self { sections })
    }

    /// A number, digits as written in full (`-15.6`), as it is shown.
    #[must_use]
    pub fn show(&self, digits: &str, value: f64) -> String {
        match self.section(value) {
            Some((section, is_own)) => section.show(digits, value, is_own),
            None => digits.to_owned(),
        }
    }

    /// The section for a number, and whether it is one for negative numbers alone, which says that
    /// they are.
    fn section(&self, value: f64) -> Option<(&Section, bool)> {
        let numbers = self.sections.get(..self.sections.len().min(3)).unwrap_or(&[]);
        if numbers.iter().any(|section| section.condition.is_some()) {
            let fits = |section: &&Section| {
                section.condition.is_none_or(|(comparison, limit)| comparison.holds(value, limit))
            };
            return numbers.iter().find(fits).map(|section| (section, false));
        }
        let own = match (numbers.len(), value) {
            (2 | 3, value) if value < 0.0 => 1,
            (3, 0.0) => 2,
            _ => 0,
        };
        numbers.get(own).map(|section| (section, own == 1))
    }
}

impl Comparison {
    fn holds(self, value: f64, limit: f64) -> bool {
        match self {
            Self::Less => value < limit,
            Self::AtMost => value <= limit,
            Self::Equal => value == limit,
            Self::Other => value != limit,
            Self::AtLeast => value >= limit,
            Self::More => value > limit,
        }
    }

    /// `>=10000`.
    fn read(text: &str) -> Option<(Self, f64)> {
        let signs = [
            ("<=", Self::AtMost),
            (">=", Self::AtLeast),
            ("<>", Self::Other),
            ("<", Self::Less),
            (">", Self::More),
            ("=", Self::Equal),
        ];
        let (sign, comparison) = signs.into_iter().find(|(sign, _)| text.starts_with(sign))?;
        Some((comparison, text.get(sign.len()..)?.trim().parse().ok()?))
    }
}

/// The sections of a format, between `;` outside of quotes.
fn sections(code: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for letter in code.chars() {
        match letter {
            ';' if !quoted && !escaped => {
                sections.push(String::new());
                continue;
            }
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = letter == '\\' && !escaped && !quoted;
        if let Some(last) = sections.last_mut() {
            last.push(letter);
        }
    }
    sections
}

/// What a format shows before and behind a text: `"XK-"@`; `None` where that is nothing.
#[must_use]
pub fn beside_text(code: &str) -> Option<(String, String)> {
    if !code.contains('@') {
        return None;
    }
    sections(code).iter().find_map(|section| {
        let (mut shown, mut places) = ([String::new(), String::new()], 0);
        let (mut quoted, mut letters) = (false, section.chars());
        while let Some(letter) = letters.next() {
            let plain = match letter {
                '"' => {
                    quoted = !quoted;
                    continue;
                }
                '@' if !quoted => {
                    places += 1;
                    continue;
                }
                '\\' | '!' if !quoted => letters.next(),
                '_' | '*' if !quoted => letters.next().and(None),
                '[' if !quoted => letters.find(|letter| *letter == ']').and(None),
                _ => Some(letter),
            };
            if let Some(side) = shown.get_mut(places) {
                side.extend(plain);
            }
        }
        let [before, behind] = shown;
        let is_plain = before.trim().is_empty() && behind.trim().is_empty();
        (places == 1 && !is_plain).then_some((before, behind))
    })
}

impl Section {
    fn read(code: &str) -> Self {
        let mut section = Self::default();
        let mut letters = code.chars().peekable();
        // Commas right behind the places for digits divide by a thousand.
        let mut commas = 0;
        while let Some(letter) = letters.next() {
            if !matches!(letter, ',' | '0' | '#' | '?' | '.') {
                section.thousands += std::mem::take(&mut commas);
            }
            match letter {
                '"' => section.text(letters.by_ref().take_while(|letter| *letter != '"').collect()),
                '\\' | '!' => section.text(letters.next().into_iter().collect()),
                // As wide as a character, or filled with it: nothing that is said.
                '_' | '*' => _ = letters.next(),
                '[' => {
                    let inner: String =
                        letters.by_ref().take_while(|letter| *letter != ']').collect();
                    section.bracket(&inner);
                }
                ',' if section.has_places() => commas += 1,
                '0' | '#' | '?' => {
                    commas = 0;
                    section.tokens.push(if letter == '0' { Token::Zero } else { Token::Digit });
                }
                '.' => {
                    section.thousands += std::mem::take(&mut commas);
                    section.tokens.push(Token::Point);
                }
                '%' => {
                    section.hundreds += 1;
                    section.text("%".to_owned());
                }
                'G' if letters.clone().take(6).collect::<String>() == "eneral" => {
                    letters.by_ref().take(6).for_each(drop);
                    section.tokens.push(Token::Digit);
                }
                '/' if section.has_places() => section.is_other = true,
                'E' | 'e' if matches!(letters.peek(), Some('+' | '-')) => section.is_other = true,
                '@' => section.is_other = true,
                _ => section.text(letter.to_string()),
            }
        }
        section.thousands += commas;
        section
    }

    /// `[红色]`, `[$¥-804]`, `[>=10000]`.
    fn bracket(&mut self, inner: &str) {
        if let Some(currency) = inner.strip_prefix('$') {
            self.text(currency.split('-').next().unwrap_or("").to_owned());
        } else if let Some(condition) = Comparison::read(inner) {
            self.condition = Some(condition);
        }
    }

    fn text(&mut self, text: String) {
        if let Some(Token::Text(last)) = self.tokens.last_mut() {
            last.push_str(&text);
        } else if !text.is_empty() {
            self.tokens.push(Token::Text(text));
        }
    }

    fn has_places(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::Zero | Token::Digit))
    }

    /// Whether it shows something that the number alone does not say.
    fn adds(&self) -> bool {
        let says = |token: &Token| match token {
            Token::Text(text) => !text.chars().all(is_silent),
            Token::Zero | Token::Digit | Token::Point => false,
        };
        !self.is_other
            && (self.tokens.iter().any(says)
                || self.thousands > 0
                || self.least_digits() > 1
                || self.tokens.iter().any(|token| matches!(token, Token::Point)))
    }

    fn whole(&self) -> &[Token] {
        let point = self.tokens.iter().position(|token| *token == Token::Point);
        self.tokens.get(..point.unwrap_or(self.tokens.len())).unwrap_or(&[])
    }

    /// How many digits stand before the point at least.
    fn least_digits(&self) -> usize {
        self.whole().iter().filter(|token| **token == Token::Zero).count()
    }

    fn show(&self, digits: &str, value: f64, is_own: bool) -> String {
        if self.is_other {
            return digits.to_owned();
        }
        let unsigned = digits.trim_start_matches('-');
        if !self.has_places() {
            let shown: String = self.tokens.iter().map(Token::said).collect();
            let says = shown.chars().any(char::is_alphanumeric);
            return if says { shown.trim().to_owned() } else { digits.to_owned() };
        }
        let (whole, fraction) = moved(unsigned, 2 * self.hundreds - 3 * self.thousands);
        let first = |token: &Token| matches!(token, Token::Zero | Token::Digit | Token::Point);
        let start = self.tokens.iter().position(first).unwrap_or(0);
        let before: String =
            self.tokens.get(..start).unwrap_or(&[]).iter().map(Token::said).collect();
        let body = self.placed(self.tokens.get(start..).unwrap_or(&[]), &whole, &fraction);
        // Brackets around a number below 0 say that it is.
        let accounts = is_own && before.trim() == "(" && body.trim_end().ends_with(')');
        let (before, body) = if accounts {
            ("", body.trim_end().trim_end_matches(')'))
        } else {
            (before.trim(), &*body)
        };
        let minus = if value < 0.0 { "-" } else { "" };
        let before = if is_own { before.trim_matches('-') } else { before };
        format!("{before}{minus}{}", body.trim())
    }

    /// The digits in their places, with what stands between and behind them.
    fn placed(&self, tokens: &[Token], whole: &str, fraction: &str) -> String {
        let least = self.least_digits();
        let whole = format!("{whole:0>least$}");
        let point = tokens.iter().position(|token| *token == Token::Point);
        let (left, right) =
            tokens.split_at_checked(point.unwrap_or(tokens.len())).unwrap_or_default();
        let is_place = |token: &&Token| matches!(token, Token::Zero | Token::Digit);
        let mut places = left.iter().filter(is_place).count();
        let mut rest = whole.as_str();
        let mut shown = String::new();
        let last = left.iter().rposition(|token| is_place(&token));
        for (index, token) in left.iter().enumerate() {
            if is_place(&token) {
                // All digits that find no place of their own stand in the first.
                let count = (rest.len() + 1).saturating_sub(places).min(rest.len());
                let (own, others) = rest.split_at_checked(count).unwrap_or((rest, ""));
                shown.push_str(own);
                rest = others;
                places -= 1;
            } else {
                shown.push_str(token.said());
            }
            if last == Some(index) {
                let decimals = right.iter().filter(|token| **token == Token::Zero).count();
                let fraction = format!("{fraction:0<decimals$}");
                if !fraction.is_empty() {
                    // A text that stands for the point has been shown before.
                    shown.push_str(if shown.contains('.') { "" } else { "." });
                    shown.push_str(&fraction);
                }
            }
        }
        if last.is_none() {
            let decimals = right.iter().filter(|token| **token == Token::Zero).count();
            shown = format!("{whole}.{fraction:0<decimals$}").trim_end_matches('.').to_owned();
        }
        right.iter().for_each(|token| shown.push_str(token.said()));
        shown
    }
}

impl Token {
    fn said(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Zero | Self::Digit | Self::Point => "",
        }
    }
}

/// Whether a character beside a number says nothing that the number does not.
fn is_silent(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '-' | '+' | '(' | ')')
}

/// A number with its point moved, to the right where `by` is positive: digits before and behind it.
fn moved(digits: &str, by: i32) -> (String, String) {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    let point = i64::try_from(whole.len()).unwrap_or(0) + i64::from(by);
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0).min(400));
    let length = i64::try_from(all.len()).unwrap_or(0);
    let padded = format!("{}{all}{}", zeros(-point), zeros(point - length));
    let (whole, fraction) =
        padded.split_at_checked(usize::try_from(point.max(0)).unwrap_or(0)).unwrap_or_default();
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    (whole.to_owned(), fraction.trim_end_matches('0').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(code: &str, digits: &str) -> String {
        let value: f64 = digits.parse().unwrap_or(0.0);
        Format::read(code).map_or_else(|| digits.to_owned(), |format| format.show(digits, value))
    }

    #[test]
    fn what_stands_beside_a_number_is_read_with_it() {
        for (code, digits, text) in [
            ("0.0\"万元\"", "15.6", "15.6万元"),
            ("0\".\"0,\"万元\"", "156000", "15.6万元"),
            ("0\".\"0,\"万元\"", "156400", "15.64万元"),
            ("#,##0.00\"万元\"", "15.6", "15.60万元"),
            ("0.0,\"千元\"", "15640", "15.64千元"),
            ("0!.0,\"万\"", "156000", "15.6万"),
            ("0\"%\"", "40", "40%"),
            ("0\\%", "40", "40%"),
            ("0%", "0.4", "40%"),
            ("0.00%", "0.07", "7.00%"),
            ("000000", "330", "000330"),
            ("00000", "1234567", "1234567"),
            ("\"XK-\"000", "7", "XK-007"),
            ("000\"-\"0000", "1234567", "123-4567"),
            ("0元", "5", "5元"),
            ("\\¥#,##0.00", "1500", "¥1500.00"),
            ("[$¥-804]#,##0", "-5", "¥-5"),
            ("#,##0\"元\";[Red]-#,##0\"元\"", "-5", "-5元"),
            ("#,##0_);(#,##0)", "-5", "-5"),
            ("_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)", "0", "0"),
            ("[>=10000]0.0,\"千\";0\"元\"", "5", "5元"),
            ("[>=10000]0.0,\"千\";0\"元\"", "15000", "15.0千"),
            ("\"是\";;\"否\"", "1", "是"),
            ("\"是\";;\"否\"", "0", "否"),
            (";;;", "5", "5"),
            ("General", "5.25", "5.25"),
            ("General\"件\"", "5.25", "5.25件"),
            ("0.00E+00", "12345", "12345"),
            ("# ?/?", "1.5", "1.5"),
            ("#,##0", "1234", "1234"),
            ("0.00", "1.1", "1.10"),
            ("#.00\"元\"", "0.5", "0.50元"),
            ("@", "5", "5"),
        ] {
            assert_eq!(shown(code, digits), text, "{code} {digits}");
        }
    }
}
