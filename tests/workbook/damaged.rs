//! Damaged workbooks and logs end with a report, never with a panic.

use crate::formats::project;
use fanshi::workspace::Options;
use fanshi::workspace::Project;

/// A sequence of numbers, the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// The bytes with a few changed, cut or repeated.
fn damaged(bytes: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    match numbers.below(3) {
        0 => bytes.truncate(numbers.below(bytes.len())),
        1 => {
            let at = numbers.below(bytes.len());
            let piece = bytes[at..(at + 40).min(bytes.len())].to_vec();
            bytes.splice(at..at, piece);
        }
        _ => {}
    }
    for _ in 0..numbers.below(8) {
        let at = numbers.below(bytes.len().max(1));
        if let Some(byte) = bytes.get_mut(at) {
            *byte = u8::try_from(numbers.below(256)).unwrap();
        }
    }
    bytes
}

/// The parts of an archive, one of them damaged, packed again: what damage to the packed bytes does
/// not reach.
fn damaged_inside(bytes: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let chosen = numbers.below(zip.len());
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).unwrap();
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut text).unwrap();
        let text = if index == chosen && !text.is_empty() { damaged(&text, numbers) } else { text };
        out.start_file(part.name().unwrap().into_owned(), zip::write::SimpleFileOptions::default())
            .unwrap();
        std::io::Write::write_all(&mut out, &text).unwrap();
    }
    out.finish().unwrap().into_inner()
}

const LOG: &[u8] =
    "<?xml version=\"1.0\"?><log><trace><string key=\"编码\" value=\"a\"/><event><string key=\"x\" \
        value=\"1\"/></event></trace></log>"
        .as_bytes();

#[test]
fn damaged_files_end_with_a_report() {
    let xlsx = crate::sheets::workbook(
        "[事项]\n编码,名称,数\na,甲事项,=2+5|7\nb,乙,d2015-11-20\n@merge B2:B3\n@hide 3\n",
    );
    let (xls, ods): (&[u8], &[u8]) = (include_bytes!("old.xls"), include_bytes!("open.ods"));
    let mut numbers = Numbers(2015);
    let rounds = std::env::var("ROUNDS").map_or(24, |rounds| rounds.parse().unwrap());
    for round in 0..rounds {
        let cases = [
            ("t.xlsx", damaged(&xlsx, &mut numbers)),
            ("t.xlsx", damaged_inside(&xlsx, &mut numbers)),
            ("t.xlsx", damaged_inside(&xlsx, &mut numbers)),
            ("t.xls", damaged(xls, &mut numbers)),
            ("t.xls", damaged(xls, &mut numbers)),
            ("t.ods", damaged_inside(ods, &mut numbers)),
            ("t.xes", damaged(LOG, &mut numbers)),
        ];
        for (index, (name, bytes)) in cases.iter().enumerate() {
            let folder = project("damaged", name, bytes, "");
            let caught = std::panic::catch_unwind(|| {
                let run = Project::read(&folder).run(&Options::default());
                let report = &run.report();

                report.diagnostics.len()
            });
            if caught.is_err() {
                std::fs::write(
                    folder.with_file_name(format!("panic-{round}-{index}-{name}")),
                    bytes,
                )
                .unwrap();
                panic!("round {round}, case {index}, {name}");
            }
        }
    }
}
