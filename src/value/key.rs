//! Keys as they are compared.

use std::borrow::Cow;

/// The canonical form of a key.
#[must_use]
pub fn canonical(key: &str) -> Cow<'_, str> {
    Cow::Borrowed(key.trim())
}
