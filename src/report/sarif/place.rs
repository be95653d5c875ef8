//! Rank 5: places as SARIF locations.

use super::shape::{Artifact, Location, Logical, Message, Physical, Region, Snippet};
use crate::finding::{Evidence, Subject};
use crate::place::{At, Place};
use crate::report::block::reached;
use crate::visible::visible;
use std::borrow::Cow;
use std::fmt::Write;

/// What code hosts call the root of a repository.
pub(super) const ROOT: &str = "SRCROOT";

/// The way from the root of the repository to the folder that files are named from.
#[derive(Clone, Copy)]
pub(super) struct Root<'r>(pub(super) &'r str);

impl Root<'_> {
    /// A place, with what stands there.
    pub(super) fn location<'a>(self, place: &'a Place, message: &str) -> Location<'a> {
        let region = match &place.at {
            At::Text { from, to, start, end } => Some(Region {
                start_line: from.line,
                start_column: from.column,
                end_line: to.line,
                end_column: to.column,
                byte_offset: *start,
                byte_length: end.saturating_sub(*start),
                snippet: place
                    .excerpt
                    .text
                    .get(place.excerpt.mark.clone())
                    .filter(|text| !text.is_empty())
                    .map(Cow::Borrowed)
                    .map(|text| Snippet { text }),
            }),
            At::File | At::Cell { .. } => None,
        };
        let message = if message.is_empty() { None } else { Some(Message::plain(message)) };
        Location {
            id: None,
            physical_location: Physical { artifact_location: self.artifact(&place.file), region },
            logical_locations: cell(place).into_iter().collect(),
            message,
        }
    }

    /// A whole file.
    pub(super) fn file<'a>(self, place: Place) -> Location<'a> {
        let physical_location =
            Physical { artifact_location: self.artifact(&place.file), region: None };
        Location { id: None, physical_location, logical_locations: Vec::new(), message: None }
    }

    fn artifact(self, file: &str) -> Artifact {
        let uri = uri(&reached(self.0, file));
        let uri_base_id = (!uri.starts_with("file:")).then_some(ROOT);
        Artifact { uri, uri_base_id }
    }
}

/// The row a finding is about, and the cell of a workbook its first value stands in.
pub(super) fn logical(evidence: &[Evidence], subject: Option<&Subject>) -> Vec<Logical> {
    let row = subject.map(|subject| {
        let path = subject.path.as_ref().map_or_else(String::new, |path| format!("/{}", path.en));
        let name = subject.key.clone().unwrap_or_else(|| subject.name().en);
        let key = &*name;
        // No key has its number's form.
        let row = match (&subject.key, subject.number) {
            (Some(_), _) => format!("/{key}"),
            (None, 0) => String::new(),
            (None, number) => format!("#{number}"),
        };
        Logical {
            fully_qualified_name: format!("{}{row}{path}", subject.table.en),
            name: visible(key).into_owned(),
            kind: "element",
        }
    });
    row.into_iter().chain(evidence.first().and_then(|evidence| cell(&evidence.place))).collect()
}

fn cell(place: &Place) -> Option<Logical> {
    let At::Cell { sheet, cell } = &place.at else { return None };
    Some(Logical {
        name: cell.clone(),
        fully_qualified_name: format!("{}!{cell}", visible(sheet)),
        kind: "cell",
    })
}

/// A path as a URI reference: relative paths stay relative.
fn uri(path: &str) -> String {
    let path =
        if cfg!(windows) { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) };
    let drive = path.get(1..3) == Some(":/");
    let mut uri = String::from(if path.starts_with('/') {
        "file://"
    } else if drive {
        "file:///"
    } else {
        ""
    });
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte))
            }
            b':' if drive => uri.push(':'),
            _ => {
                // Writing to a `String` cannot fail.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_references() {
        assert_eq!(
            uri("items/行政 许可.toml"),
            "items/%E8%A1%8C%E6%94%BF%20%E8%AE%B8%E5%8F%AF.toml"
        );
        assert_eq!(uri("../a:b?.csv"), "../a%3Ab%3F.csv");
        assert_eq!(uri("/data/x.csv"), "file:///data/x.csv");
        assert_eq!(uri("C:/data/x.csv"), "file:///C:/data/x.csv");
    }
}
