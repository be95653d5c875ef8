//! Between the addresses of the protocol and paths.

use crate::workspace::clean;
use gen_lsp_types::Uri;
use std::path::{Path, PathBuf};

/// The path that an address stands for. A text without a file has one that only this session
/// knows: beside `home`, named after the address.
#[must_use]
pub fn path(uri: &Uri, home: &Path) -> PathBuf {
    if uri.scheme() == "file"
        && let Ok(path) = uri.to_file_path()
    {
        return clean(&path);
    }
    let kept = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' };
    let name: String = unescaped(uri.as_str()).chars().map(kept).collect();
    let ending = if name.ends_with(".fan") || name.ends_with(".toml") { "" } else { ".fan" };
    home.join(format!("{name}{ending}"))
}

/// Whether an address names a file.
#[must_use]
pub fn is_file(uri: &Uri) -> bool {
    uri.scheme() == "file" && uri.to_file_path().is_ok()
}

/// The address of a path; `None` of one that cannot have any.
#[must_use]
pub fn uri(path: &Path) -> Option<Uri> {
    let whole = std::path::absolute(path).ok()?;
    Uri::from_file_path(clean(&whole)).ok()
}

/// An address without `%E5…`; what is no UTF-8 stays.
fn unescaped(address: &str) -> String {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        if let (b'%', Some(byte)) = (first, byte) {
            bytes.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn addresses_and_paths_stand_for_one_another() {
        let of =
            |text: &str| path(&text.parse().unwrap_or_else(|_| unreachable!()), Path::new("/h"));
        for raw in ["file:///甲/乙 丙.fan", "file:///%E7%94%B2/%E4%B9%99%20%E4%B8%99.fan"] {
            assert_eq!(of(raw), Path::new("/甲/乙 丙.fan"));
        }
        assert_eq!(of("file:///a/b/../c.fan"), Path::new("/a/c.fan"));
        assert_eq!(of("untitled:Untitled-1"), Path::new("/h/untitled_Untitled-1.fan"));
        assert_eq!(of("untitled:%E8%8D%89.fan"), Path::new("/h/untitled_草.fan"));
        assert_eq!(of("git:/a/b.fan?ref=1"), Path::new("/h/git__a_b.fan_ref_1.fan"));
        let back = uri(Path::new("/甲/乙.fan")).map(|uri| uri.to_string());
        assert_eq!(back.as_deref(), Some("file:///%E7%94%B2/%E4%B9%99.fan"));
    }
}
