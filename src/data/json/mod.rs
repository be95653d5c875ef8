//! JSON (RFC 8259), read once from front to back without recursion: the reader keeps one bit a
//! level.

use super::event::{Scalar, Sink};
use std::ops::Range;

/// How many containers may stand in one another.
pub const DEPTH: u32 = 64;

/// What is wrong with a JSON text. Each comment shows the smallest text that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// `[1`: the text ends too early.
    End,
    /// A text of blanks: not even `[]`.
    Nothing,
    /// `[,]`: no value where one is expected.
    Value,
    /// `[None]`: a word that is not `true`, `false` or `null`.
    Word,
    /// `[1,]`, `{"a": 1,}`: a comma before the closing bracket.
    TrailingComma,
    /// `{a: 1}`: a key without quotes.
    Key,
    /// `{"a" 1}`: no colon after a key.
    Colon,
    /// `[1 2]`: neither a comma nor the end of the array.
    ArrayEnd,
    /// `{"a": 1 "b": 2}`: neither a comma nor the end of the object.
    ObjectEnd,
    /// `01`, `1.`, `-`: digits that are not a JSON number.
    Number,
    /// `"a` and a line end, or another control character, inside a text.
    Control,
    /// `"\x"`: an escape JSON does not have.
    Escape,
    /// `"\ud800"`: half of a surrogate pair.
    Surrogate,
    /// `['a']`: single quotes.
    SingleQuote,
    /// `// a`, `/* a */`: a comment.
    Comment,
    /// `{} {}`: something after the value.
    After,
    /// 65 times `[`.
    Depth,
}

/// Where reading stopped, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The bytes to show.
    pub span: Range<usize>,
    /// Why.
    pub problem: Problem,
}

type Step<T> = Result<T, Broken>;

/// Reads the text from byte `at` on as one value with nothing but blanks around it.
///
/// # Errors
/// At the first byte that breaks the grammar; events told so far stand.
pub fn read<S: Sink>(text: &str, at: usize, sink: &mut S) -> Step<()> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at,
        depth: 0,
        objects: 0,
        scratch: String::new(),
        sink,
    };
    reader.blanks();
    if reader.at >= reader.bytes.len() {
        return Err(Broken { span: 0..0, problem: Problem::Nothing });
    }
    reader.value()?;
    reader.blanks();
    if reader.at < reader.bytes.len() { reader.fail(Problem::After) } else { Ok(()) }
}

/// Reads one value and says where it ends; what follows does not matter.
///
/// # Errors
/// As [`read`].
pub fn read_first<S: Sink>(text: &str, at: usize, sink: &mut S) -> Step<usize> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at,
        depth: 0,
        objects: 0,
        scratch: String::new(),
        sink,
    };
    reader.value()?;
    Ok(reader.at)
}

struct Reader<'t, 's, S> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    depth: u32,
    /// One bit a level, the innermost lowest: whether it is an object.
    objects: u64,
    scratch: String,
    sink: &'s mut S,
}

impl<S: Sink> Reader<'_, '_, S> {
    /// The byte here; 0 at the end (and for a NUL, which is an error anywhere).
    #[inline]
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    fn blanks(&mut self) {
        while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }

    /// Fails at the character here.
    #[cold]
    fn fail<T>(&self, problem: Problem) -> Step<T> {
        let rest = self.text.get(self.at..).unwrap_or("");
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let width = if word > 0 && word <= 40 {
            word
        } else {
            rest.chars().next().map_or(0, char::len_utf8)
        };
        let problem = match (rest.chars().next(), problem) {
            (_, Problem::After | Problem::Depth) => problem,
            (None, _) => Problem::End,
            (Some('/'), _) => Problem::Comment,
            (Some('\''), _) => Problem::SingleQuote,
            _ => problem,
        };
        Err(Broken { span: self.at..self.at + width, problem })
    }

    /// One value with everything in it.
    fn value(&mut self) -> Step<()> {
        loop {
            self.blanks();
            match self.peek() {
                b'{' => {
                    self.enter(true)?;
                    self.sink.open_object(self.at, self.at + 1);
                    self.at += 1;
                    self.blanks();
                    if self.peek() != b'}' {
                        self.key()?;
                        continue;
                    }
                }
                b'[' => {
                    self.enter(false)?;
                    self.sink.open_array(self.at);
                    self.at += 1;
                    self.blanks();
                    if self.peek() != b']' {
                        continue;
                    }
                }
                first => self.scalar(first)?,
            }
            if self.leave()? {
                return Ok(());
            }
        }
    }

    /// Closes what ends here, up to the next value; true after the last.
    #[inline]
    fn leave(&mut self) -> Step<bool> {
        while self.depth > 0 {
            self.blanks();
            match (self.peek(), self.objects & 1 == 1) {
                (b',', true) => {
                    self.at += 1;
                    self.blanks();
                    self.key()?;
                    return Ok(false);
                }
                (b',', false) => {
                    self.at += 1;
                    self.blanks();
                    return if self.peek() == b']' {
                        self.fail(Problem::TrailingComma)
                    } else {
                        Ok(false)
                    };
                }
                (b'}', true) => {
                    self.at += 1;
                    self.sink.close_object(self.at);
                }
                (b']', false) => {
                    self.at += 1;
                    self.sink.close_array();
                }
                (_, true) => return self.fail(Problem::ObjectEnd),
                (_, false) => return self.fail(Problem::ArrayEnd),
            }
            self.objects >>= 1;
            self.depth -= 1;
        }
        Ok(true)
    }

    fn enter(&mut self, object: bool) -> Step<()> {
        if self.depth == DEPTH {
            return self.fail(Problem::Depth);
        }
        self.depth += 1;
        self.objects = self.objects << 1 | u64::from(object);
        Ok(())
    }

    /// A key and its colon.
    #[inline]
    fn key(&mut self) -> Step<()> {
        match self.peek() {
            b'"' => {}
            b'}' => return self.fail(Problem::TrailingComma),
            _ => return self.fail(Problem::Key),
        }
        let start = self.at;
        let rest = self.bytes.get(start + 1..).unwrap_or(&[]);
        if let Some(length) = self.sink.expected_key(rest, start) {
            self.at = start + 1 + length;
        } else {
            let escaped = self.skip_text()?;
            let span = start..self.at;
            let raw = self.text.get(start + 1..self.at - 1).unwrap_or("");
            if escaped {
                unescape(raw, start + 1, &mut self.scratch)?;
                self.sink.key(&self.scratch, span);
            } else {
                self.sink.key(raw, span);
            }
        }
        self.blanks();
        if self.peek() != b':' {
            return self.fail(Problem::Colon);
        }
        self.at += 1;
        Ok(())
    }

    #[inline]
    fn scalar(&mut self, first: u8) -> Step<()> {
        let start = self.at;
        match first {
            b'"' => {
                let escaped = self.skip_text()?;
                let span = start..self.at;
                let raw = self.text.get(start + 1..self.at - 1).unwrap_or("");
                if escaped {
                    unescape(raw, start + 1, &mut self.scratch)?;
                    self.sink.scalar(Scalar::Text(&self.scratch), span);
                } else {
                    self.sink.scalar(Scalar::Text(raw), span);
                }
                Ok(())
            }
            b'-' | b'0'..=b'9' => {
                self.number()?;
                let digits = self.text.get(start..self.at).unwrap_or("");
                self.sink.scalar(Scalar::Number(digits), start..self.at);
                Ok(())
            }
            b't' => self.word("true", Scalar::Bool(true)),
            b'f' => self.word("false", Scalar::Bool(false)),
            b'n' => self.word("null", Scalar::Null),
            b'a'..=b'z' | b'A'..=b'Z' => self.fail(Problem::Word),
            _ => self.fail(Problem::Value),
        }
    }

    #[inline]
    fn word(&mut self, word: &str, value: Scalar<'static>) -> Step<()> {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        if !rest.starts_with(word.as_bytes())
            || rest.get(word.len()).is_some_and(u8::is_ascii_alphanumeric)
        {
            return self.fail(Problem::Word);
        }
        let span = self.at..self.at + word.len();
        self.at = span.end;
        self.sink.scalar(value, span);
        Ok(())
    }

    /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
    #[inline]
    fn number(&mut self) -> Step<()> {
        let start = self.at;
        self.at += usize::from(self.peek() == b'-');
        let zero = self.peek() == b'0';
        let whole = self.digits();
        let mut well = whole == 1 || whole > 1 && !zero;
        if self.peek() == b'.' {
            self.at += 1;
            well &= self.digits() > 0;
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), b'+' | b'-'));
            well &= self.digits() > 0;
        }
        if well { Ok(()) } else { Err(Broken { span: start..self.at, problem: Problem::Number }) }
    }

    #[inline]
    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        self.at - start
    }

    /// From the opening quote past the closing one; whether there is an escape in between.
    #[inline]
    fn skip_text(&mut self) -> Step<bool> {
        let start = self.at;
        let mut escaped = false;
        let mut at = start + 1;
        loop {
            at = special(self.bytes, at);
            match self.bytes.get(at) {
                Some(b'"') => {
                    self.at = at + 1;
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    at += 2;
                }
                Some(_) => {
                    self.at = at;
                    return Err(Broken { span: at..at + 1, problem: Problem::Control });
                }
                None => {
                    self.at = self.bytes.len();
                    return Err(Broken { span: start..start + 1, problem: Problem::End });
                }
            }
        }
    }
}

/// The first quote, backslash or control character from `at` on; the length where there is none.
/// Eight bytes at a time.
#[inline]
fn special(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    let (words, tail) = bytes.get(at..).unwrap_or(&[]).as_chunks::<8>();
    for word in words {
        let word = u64::from_le_bytes(*word);
        let quote = word ^ (ONES * b'"' as u64);
        let slash = word ^ (ONES * b'\\' as u64);
        let hits = (quote.wrapping_sub(ONES) & !quote
            | slash.wrapping_sub(ONES) & !slash
            | word.wrapping_sub(ONES * 0x20) & !word)
            & HIGH;
        if hits != 0 {
            return at + hits.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + tail
        .iter()
        .position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20)
        .unwrap_or(tail.len())
}

/// Writes the text between quotes without its escapes.
fn unescape(raw: &str, base: usize, out: &mut String) -> Step<()> {
    out.clear();
    let mut rest = raw;
    while let Some((plain, after)) = rest.split_once('\\') {
        out.push_str(plain);
        let at = base + raw.len() - after.len() - 1;
        let fail = |width: usize, problem| Err(Broken { span: at..at + width, problem });
        let simple = match after.as_bytes().first() {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(same @ (b'"' | b'\\' | b'/')) => char::from(*same),
            Some(b'u') => {
                let Some(high) = unit(after) else { return fail(2, Problem::Escape) };
                let low = after
                    .get(5..)
                    .and_then(|next| next.strip_prefix('\\'))
                    .filter(|next| next.starts_with('u'))
                    .and_then(unit);
                let pair = char::decode_utf16(
                    std::iter::once(high).chain(low.filter(|low| (0xDC00..0xE000).contains(low))),
                )
                .next();
                let Some(Ok(c)) = pair else { return fail(6, Problem::Surrogate) };
                out.push(c);
                rest = after.get(if c.len_utf16() == 2 { 11 } else { 5 }..).unwrap_or("");
                continue;
            }
            _ => return fail(1 + after.chars().next().map_or(0, char::len_utf8), Problem::Escape),
        };
        out.push(simple);
        rest = after.get(1..).unwrap_or("");
    }
    out.push_str(rest);
    Ok(())
}

/// The four hexadecimal digits after `u`.
fn unit(text: &str) -> Option<u16> {
    let digits =
        text.get(1..5).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests;
