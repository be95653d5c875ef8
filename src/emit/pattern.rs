//! Patterns of texts that mean the same in every engine: the rest is refused by name.

use super::define::Refused;
use crate::say;

/// A pattern as engines take it: digits, words and blanks are written out, because what these are
/// differs from engine to engine.
///
/// # Errors
/// Where it has what engines read in different ways.
pub(super) fn plain(pattern: &str) -> Result<String, Refused> {
    let mut plain = String::new();
    let mut letters = pattern.chars().peekable();
    let mut within = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                let Some(next) = letters.next() else { return Err(refused("\\")) };
                let class = match next {
                    'd' => "0-9",
                    'w' => "0-9A-Za-z_",
                    letter if letter.is_ascii_punctuation() => {
                        plain.push('\\');
                        plain.push(letter);
                        continue;
                    }
                    letter => return Err(refused(&format!("\\{letter}"))),
                };
                plain.push_str(&if within { class.to_owned() } else { format!("[{class}]") });
            }
            '[' if within => return Err(refused("[")),
            '[' => {
                within = true;
                plain.push('[');
            }
            ']' => {
                within = false;
                plain.push(']');
            }
            '&' | '~' | '^' | '$' | '.' if within && letter != '^' => plain.push(letter),
            '.' => plain.push_str("[^\n]"),
            '^' | '$' if !within => return Err(refused(&letter.to_string())),
            '(' if letters.peek() == Some(&'?') && !within => {
                letters.next();
                if letters.next() != Some(':') {
                    return Err(refused("(?"));
                }
                plain.push_str("(?:");
            }
            '(' if !within => plain.push_str("(?:"),
            letter => plain.push(letter),
        }
    }
    Ok(plain)
}

fn refused(what: &str) -> Refused {
    say!(
        "式样里的 `{what}` 各家引擎读法不同",
        "`{what}` in a pattern means different things in different engines"
    )
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_differs_is_refused() {
        let read = |pattern| plain(pattern).ok();
        assert_eq!(read(r"[A-Z]{2}-\d+").as_deref(), Some("[A-Z]{2}-[0-9]+"));
        assert_eq!(read(r"[\d.]+(元|万元)?").as_deref(), Some("[0-9.]+(?:元|万元)?"));
        assert_eq!(read("a.b").as_deref(), Some("a[^\n]b"));
        for pattern in [r"\bword", "(?i)x", r"\s+", "^a", r"\p{Han}", "[[:alpha:]]"] {
            assert_eq!(read(pattern), None, "{pattern}");
        }
    }
}
