//! The functions of section 8.

use super::name::Scope;
use super::{Value, World};
use fanshi::syntax::tree::{Expr, ExprKind};
use fanshi::value::Ratio;
use num_traits::{Signed, ToPrimitive, Zero};

impl World<'_> {
    pub fn function(&self, name: &str, arguments: &[Expr], scope: &Scope) -> Option<Value> {
        if name == "加权和" {
            return self.weighted(arguments, scope);
        }
        let values: Vec<Value> = arguments
            .iter()
            .map(|argument| self.value(argument, scope, None))
            .collect::<Option<_>>()?;
        let number = |number: i128| Some(Value::Number(Ratio::from_integer(number)));
        match (name, values.as_slice()) {
            ("今日", []) => Some(Value::Date(self.today)),
            ("年", [Value::Date(date)]) => number(i128::from(date.year())),
            ("月", [Value::Date(date)]) => number(i128::from(date.month())),
            ("日", [Value::Date(date)]) => number(i128::from(date.day())),
            ("历时", [Value::Date(from), Value::Date(to)]) => {
                number(i128::from(self.elapsed(*from, *to)?))
            }
            ("顺延", [Value::Date(from), Value::Number(count)]) => {
                self.due(*from, count.to_integer().to_i64()?).map(Value::Date)
            }
            ("绝对值", [Value::Number(value)]) => Some(Value::Number(value.abs())),
            ("四舍五入" | "进位" | "舍去", [Value::Number(value), Value::Number(step)]) => {
                if *step <= Ratio::zero() {
                    return None;
                }
                let steps = value / step;
                let whole = match name {
                    "进位" => steps.ceil(),
                    "舍去" => steps.floor(),
                    _ => (steps.abs() + Ratio::new(1, 2)).floor() * steps.signum(),
                };
                Some(Value::Number(whole * step))
            }
            ("余数", [Value::Number(value), Value::Number(by)]) => {
                if *by <= Ratio::zero() {
                    return None;
                }
                Some(Value::Number(value - (value / by).floor() * by))
            }
            ("长度", [Value::Text(text)]) => number(text.chars().count() as i128),
            ("截取", [Value::Text(text), Value::Number(from), Value::Number(to)]) => {
                let (from, to) = (from.to_integer().to_usize()?, to.to_integer().to_usize()?);
                let letters: Vec<char> = text.chars().collect();
                if from == to + 1 {
                    return Some(Value::Text(String::new()));
                }
                (from >= 1 && from <= to && to <= letters.len())
                    .then(|| Value::Text(letters[from - 1..to].iter().collect()))
            }
            ("序位", [Value::Text(text), Value::Text(part)]) => {
                position(text, part).and_then(number)
            }
            ("拼接", texts) => Some(Value::Text(
                texts
                    .iter()
                    .map(|text| if let Value::Text(text) = text { text.as_str() } else { "" })
                    .collect(),
            )),
            ("替换", [Value::Text(text), Value::Text(part), Value::Text(with)]) => {
                Some(Value::Text(replaced(text, part, with)))
            }
            ("去除", [Value::Text(text), Value::Text(ends)]) => {
                let mut letters: std::collections::VecDeque<char> = text.chars().collect();
                while letters.front().is_some_and(|letter| ends.contains(*letter)) {
                    letters.pop_front();
                }
                while letters.back().is_some_and(|letter| ends.contains(*letter)) {
                    letters.pop_back();
                }
                Some(Value::Text(letters.into_iter().collect()))
            }
            ("规整", [Value::Text(text)]) => Some(Value::Text(
                text.chars().map(narrow).filter(|letter| !letter.is_whitespace()).collect(),
            )),
            other => panic!("no function: {other:?}"),
        }
    }

    fn weighted(&self, arguments: &[Expr], scope: &Scope) -> Option<Value> {
        let text = |expr: &Expr| match self.value(expr, scope, None)? {
            Value::Text(text) => Some(text),
            other => panic!("not a text: {other:?}"),
        };
        let (letters, alphabet) = (text(&arguments[0])?, text(&arguments[1])?);
        let ExprKind::Set(weights) = &arguments[2].kind else { panic!("no weights") };
        if letters.chars().count() != weights.len() {
            return None;
        }
        let mut sum = Ratio::zero();
        for (letter, weight) in letters.chars().zip(weights) {
            let Value::Number(weight) = self.value(weight, scope, None)? else {
                panic!("no weight")
            };
            sum += Ratio::from_integer(position(&alphabet, &letter.to_string())?) * weight;
        }
        Some(Value::Number(sum))
    }
}

/// A text with each occurrence of a part, from the left, in other words.
fn replaced(text: &str, part: &str, with: &str) -> String {
    let (mut made, mut rest) = (String::new(), text);
    while let Some(letter) = rest.chars().next() {
        if !part.is_empty() && rest.starts_with(part) {
            made.push_str(with);
            rest = &rest[part.len()..];
        } else {
            made.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    made
}

/// Where a part first stands in a text, from 0, in characters.
fn position(text: &str, part: &str) -> Option<i128> {
    text.find(part).map(|at| text[..at].chars().count() as i128)
}

/// A full-width letter, digit or punctuation mark made half-width.
fn narrow(letter: char) -> char {
    match letter {
        '！'..='～' => {
            char::from_u32(letter as u32 - '！' as u32 + '!' as u32).expect("a letter")
        }
        _ => letter,
    }
}
