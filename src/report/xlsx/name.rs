//! Rank 5: names of sheets and files, made of names from data.

use super::super::visible::visible;
use std::collections::BTreeSet;

/// The most characters a sheet's name may have.
const SHEET: usize = 31;
/// The most characters of a file's name, without its ending.
const FILE: usize = 80;

/// Names that Windows keeps for devices, whatever their ending; the last two with a digit.
const DEVICES: [&str; 8] = ["con", "prn", "aux", "nul", "conin$", "conout$", "com", "lpt"];

/// Whether a file of this name would be a device on Windows.
#[must_use]
pub fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or("").trim_end().to_lowercase();
    DEVICES.contains(&stem.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³')))
}

/// A name that is a file's name on every system and never a path.
#[must_use]
pub fn file_name(name: &str) -> String {
    let safe = |c: char| if matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c };
    let name: String = visible(name).chars().map(safe).take(FILE).collect();
    let name = name.trim_matches([' ', '.']);
    if name.is_empty() || is_device(name) { format!("_{name}") } else { name.to_owned() }
}

/// A name that a sheet may have.
pub(super) fn sheet_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let safe = |c: char| if matches!(c, '/' | '\\' | ':' | '*' | '?' | '[' | ']') { '_' } else { c };
    let name: String = visible(name).chars().map(safe).take(SHEET - 4).collect();
    let name = name.trim_matches(['\'', ' ']);
    unique(if name.is_empty() { "_" } else { name }, "", taken)
}

/// The name, with a number where another has it already but for upper and lower case.
pub(super) fn unique(name: &str, ending: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number: u32| format!("{name} {number}{ending}"));
    let mut names = std::iter::once(format!("{name}{ending}")).chain(numbered);
    names.find(|name| taken.insert(name.to_lowercase())).unwrap_or_default()
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
            ("规划局：窗口.", "规划局：窗口"),
            ("a:b?c", "a_b_c"),
            ("a\u{202e}b\n", "a⟨U+202E⟩b␊"),
            (" 城管局. ", "城管局"),
        ] {
            assert_eq!(file_name(name), safe);
        }
        assert!(file_name(&"长".repeat(300)).chars().count() <= FILE);
    }

    #[test]
    fn no_name_is_given_twice() {
        let mut taken = BTreeSet::new();
        assert_eq!(sheet_name("a/b", &mut taken), "a_b");
        assert_eq!(sheet_name("A_B", &mut taken), "A_B 2");
        assert!(sheet_name(&"长".repeat(40), &mut taken).chars().count() <= SHEET);
    }
}
