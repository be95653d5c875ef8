//! Rank 5: the fonts of a paper with those that stand in where one is not installed.

use super::style::escaped;
use crate::workspace::Paper;
use std::collections::BTreeMap;

/// The part `word/fontTable.xml`.
pub(super) fn table(paper: &Paper) -> Vec<u8> {
    let mut fonts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for names in paper.fonts.all() {
        if let Some((first, others)) = names.split_first() {
            let known = fonts.entry(first).or_default();
            let new = others.iter().map(|name| escaped(&name.replace(',', " ")));
            known.extend(new.filter(|name| !known.contains(name)).collect::<Vec<_>>());
        }
    }
    let font = |(name, others): (&&str, &Vec<String>)| {
        let others = match others.is_empty() {
            true => String::new(),
            false => format!("<w:altName w:val=\"{}\"/>", others.join(",")),
        };
        format!(
            "<w:font w:name=\"{}\">{others}<w:pitch w:val=\"variable\"/></w:font>",
            escaped(name)
        )
    };
    let fonts: String = fonts.iter().map(font).collect();
    let space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><w:fonts \
            xmlns:w=\"{space}\">{fonts}</w:fonts>"
    )
    .into_bytes()
}
