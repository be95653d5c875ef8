//! Rank 5: names of sheets and files, made of names from data.

use crate::visible::visible;
use crate::workspace::is_device;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// The most characters a sheet's name may have.
const SHEET: usize = 31;
/// The most bytes of a file's name, without a number and its ending: disks take 255.
const FILE: usize = 220;

/// A name that is a file's name on every system and never a path.
#[must_use]
pub fn file_name(name: &str) -> String {
    let safe = |c: char| {
        if matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c }
    };
    let name: String = visible(name).chars().map(safe).collect();
    let end = name.floor_char_boundary(FILE);
    let name = name.get(..end).unwrap_or(&name).trim_matches([' ', '.']);
    // Programs take what begins with `-` for an option, and offices what begins with `~$` for a
    // lock.
    if name.is_empty() || is_device(name) || name.starts_with(['-', '~']) {
        format!("_{name}")
    } else {
        name.to_owned()
    }
}

/// A name that a sheet may have.
pub(super) fn sheet_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let safe =
        |c: char| if matches!(c, '/' | '\\' | ':' | '*' | '?' | '[' | ']') { '_' } else { c };
    let name: String = visible(name).chars().map(safe).collect();
    let name = super::style::cut(&name, SHEET - 4);
    let name = name.trim_matches(['\'', ' ']);
    // A spreadsheet keeps this one for itself.
    let kept = name.eq_ignore_ascii_case("history");
    unique(&if name.is_empty() || kept { format!("_{name}") } else { name.to_owned() }, "", taken)
}

/// The name, with a number where another has it already but for upper and lower case and the ways
/// to write a letter.
pub(super) fn unique(name: &str, ending: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number: u32| format!("{name} {number}{ending}"));
    let mut names = std::iter::once(format!("{name}{ending}")).chain(numbered);
    names
        .find(|name| taken.insert(name.nfkc().collect::<String>().to_lowercase()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_never_paths() {
        for (name, safe) in [
            ("../../etc/passwd", "_.._etc_passwd"),
            ("C:\\x", "C__x"),
            ("..", "_"),
            ("", "_"),
            ("com1", "_com1"),
            ("CON", "_CON"),
            ("aux.2015", "_aux.2015"),
            ("LPT³", "_LPT³"),
            ("Console", "Console"),
            ("com", "com"),
            ("com12", "com12"),
            ("con1.x", "con1.x"),
            ("规划局：窗口.", "规划局：窗口"),
            ("a:b?c", "a_b_c"),
            ("COM¹.x", "_COM¹.x"),
            ("CONOUT$", "_CONOUT$"),
            ("-rf", "_-rf"),
            ("~$a", "_~$a"),
            ("a\u{202e}b\n", "a⟨U+202E⟩b␊"),
            (" 城管局. ", "城管局"),
        ] {
            assert_eq!(file_name(name), safe);
        }
        assert!(
            ["长", "😀", "x", "\u{202e}"]
                .iter()
                .all(|c| (200..=FILE).contains(&file_name(&c.repeat(300)).len()))
        );
    }

    #[test]
    fn no_name_is_given_twice() {
        let mut taken = BTreeSet::new();
        assert_eq!(sheet_name("a/b", &mut taken), "a_b");
        assert_eq!(sheet_name("A_B", &mut taken), "A_B 2");
        assert_eq!(
            [sheet_name("History", &mut taken), sheet_name("'[]:*?/\\'", &mut taken)],
            ["_History", "_______"]
        );
        assert!((0..20).all(|_| sheet_name(&"长😀".repeat(40),
            &mut taken).encode_utf16().count() <= SHEET));
        assert_eq!(
            [unique("é", "", &mut taken), unique("e\u{301}", "", &mut taken)],
            ["é", "e\u{301} 2"]
        );
    }
}
