//! Sheets that were once read in the wrong encoding and stored so: their names are none.

use super::column::short;
use super::layout::Layout;
use crate::data::{Garbled, RawSheet, look_for_garbled};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::say;

/// So many rows are looked at.
const SEARCHED: usize = 200;

/// Says that a sheet is garbled: a heading is, or half of the cells that could be; single cells are
/// told when they are checked. `None` where it is not.
#[must_use]
pub fn refuse(file: &str, sheet: &RawSheet, several: bool) -> Option<Diagnostic> {
    let (word, found) = heading(sheet).or_else(|| half(sheet))?;
    let name = sheet.name.as_deref().filter(|_| several);
    let (of_zh, of_en) = name.map_or_else(Default::default, |name| {
        (format!(" 的工作表 `{name}` "), format!(", sheet `{name}`,"))
    });
    let word = short(&word);
    let (was, right) = match &found {
        Garbled::Read(meant) => {
            let (text, right, wrong) = (short(&meant.text), meant.right, meant.wrong);
            let was = say!(
                "`{word}` 像是 `{text}`，以前把 {right} 当作 {wrong} 打开又存上了",
                "`{word}` seems to be `{text}`, once opened as {wrong} instead of {right} and saved"
            );
            (was, Bilingual::new(right, right))
        }
        Garbled::Lost | Garbled::Gaps => {
            let was = say!("`{word}` 有字已经丢失", "letters of `{word}` are lost");
            (was, say!("UTF-8 或 GB18030", "UTF-8 or GB18030"))
        }
    };
    let (zh, en) = (was.zh, was.en);
    let message = say!(
        "`{file}`{of_zh}是乱码，没有用上：{zh}；从原来的文件用正确的编码重新存一份再试",
        "`{file}`{of_en} is garbled and left out: {en}; save it again, in the right encoding, from \
            the file it came from"
    );
    let (zh, en) = (right.zh, right.en);
    let help = say!(
        "打开原来的文件时选 {zh}，另存为 .xlsx 或 CSV UTF-8",
        "open the file it came from as {en}, and save it as .xlsx or as CSV in UTF-8"
    );
    let found = Diagnostic::error("garbled_text", message).help(help);
    Some(found.at(Place::file(file), Bilingual::default()))
}

/// A heading that is garbled.
fn heading(sheet: &RawSheet) -> Option<(String, Garbled)> {
    let titles = Layout::of(sheet).titles;
    titles.into_iter().flatten().find_map(|title| {
        let found = look_for_garbled(&title)?;
        Some((title, found))
    })
}

/// The first garbled cell, where half of the cells that have other letters than ASCII are.
fn half(sheet: &RawSheet) -> Option<(String, Garbled)> {
    let cells = sheet.rows.iter().take(SEARCHED).flatten().filter(|cell| !cell.is_ascii());
    let (mut all, mut garbled) = (0, Vec::new());
    for cell in cells {
        all += 1;
        match look_for_garbled(cell) {
            None | Some(Garbled::Gaps) => {}
            Some(found) => garbled.push((cell.clone(), found)),
        }
    }
    let is_half = garbled.len() * 2 >= all;
    garbled.into_iter().next().filter(|_| is_half)
}
