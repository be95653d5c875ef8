//! Words that nobody can guess.

use std::fmt::Write;
use std::io::{Error, Result};

/// How many random bytes a secret has.
const BYTES: usize = 32;

/// A word that nobody can guess, in characters that an address and a cookie may have.
pub(super) struct Secret(String);

impl Secret {
    /// A new one, from the system's source of randomness.
    ///
    /// # Errors
    /// Where the system has none.
    pub(super) fn new() -> Result<Self> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(Error::other)?;
        let mut word = String::with_capacity(2 * BYTES);
        for byte in bytes {
            // Writing to a `String` cannot fail.
            let _ = write!(word, "{byte:02x}");
        }
        Ok(Self(word))
    }

    /// The word itself.
    pub(super) fn word(&self) -> &str {
        &self.0
    }

    /// Whether a word is this one; takes as long for one that is right at its beginning.
    pub(super) fn is(&self, asked: &str) -> bool {
        let differ = self.0.bytes().zip(asked.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b));
        self.0.len() == asked.len() && differ == 0
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_is_itself_alone() -> std::io::Result<()> {
        let (one, other) = (Secret::new()?, Secret::new()?);
        assert!(one.is(one.word()) && !one.is(other.word()) && !one.is(""));
        assert!(!one.is(one.word().get(..63).unwrap_or_default()));
        assert!(!one.is(&format!("{}0", one.word())));
        Ok(())
    }
}
