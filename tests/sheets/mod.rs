//! Workbooks from a short notation, by a writer that is not ours. A line `[名]` begins a sheet
//! (`[名 hidden]` a hidden one), then come rows of cells between commas: `5` is a number, `51%` a
//! percentage, `'5` a text, `d2015-11-20` a date, `=A1|5` a formula with the value it had,
//! `5{0.0"万元"}` a number with a format, in which `^` is a comma.
//! `@merge A2:A3` merges cells, `@under A2:A3` too, and leaves what lies under them, `@hide 3` hides a row, `@hide B` a column.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code,
    reason = "each test that includes it uses some of it"
)]

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

/// A workbook.
pub fn workbook(text: &str) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let mut sheets: Vec<(String, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix('[').and_then(|name| name.strip_suffix(']')), sheets.last_mut()) {
            (Some(name), _) => sheets.push((name.to_owned(), Vec::new())),
            (None, Some((_, lines))) => lines.push(line),
            (None, None) => panic!("a sheet begins with `[name]`"),
        }
    }
    for (name, lines) in sheets {
        let sheet = workbook.add_worksheet();
        let shown = name.strip_suffix(" hidden");
        sheet.set_name(shown.unwrap_or(&name)).unwrap().set_hidden(shown.is_some());
        let rows: Vec<Vec<&str>> = lines
            .iter()
            .filter(|line| !line.starts_with('@'))
            .map(|line| line.split(',').collect())
            .collect();
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                write(sheet, u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), cell);
            }
        }
        for line in lines.iter().filter_map(|line| line.strip_prefix('@')) {
            let (word, what) = line.split_once(' ').unwrap();
            if word == "hide" {
                match what.trim().parse::<u32>() {
                    Ok(row) => sheet.set_row_hidden(row - 1).unwrap(),
                    Err(_) => sheet.set_column_hidden(at(&format!("{}1", what.trim())).1).unwrap(),
                };
                continue;
            }
            let (first, last) =
                what.split_once(':').map(|(first, last)| (at(first), at(last))).unwrap();
            let text = rows
                .get(first.0 as usize)
                .and_then(|row| row.get(first.1 as usize))
                .copied()
                .unwrap_or("");
            sheet.merge_range(first.0, first.1, last.0, last.1, text, &Format::new()).unwrap();
            write(sheet, first.0, first.1, text);
            if word == "under" {
                for row in first.0..=last.0 {
                    for column in first.1..=last.1 {
                        let cells = rows.get(row as usize);
                        let cell = cells.and_then(|row| row.get(column as usize)).copied();
                        write(sheet, row, column, cell.unwrap_or(""));
                    }
                }
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// Row and column of `B3`, from 0.
fn at(cell: &str) -> (u32, u16) {
    let digits = cell.find(|c: char| c.is_ascii_digit()).unwrap();
    let column =
        cell[..digits].bytes().fold(0, |column, letter| column * 26 + u16::from(letter - b'A') + 1);
    (cell[digits..].trim().parse::<u32>().unwrap() - 1, column - 1)
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &str) {
    let percent = cell.strip_suffix('%').and_then(|number| number.parse::<f64>().ok());
    if cell.is_empty() {
    } else if let Some(text) = cell.strip_prefix('\'') {
        sheet.write(row, column, text).unwrap();
    } else if let Some((formula, value)) =
        cell.strip_prefix('=').and_then(|cell| cell.split_once('|'))
    {
        sheet.write_formula(row, column, Formula::new(formula).set_result(value)).unwrap();
    } else if let Some(date) =
        cell.strip_prefix('d').and_then(|date| ExcelDateTime::parse_from_str(date).ok())
    {
        sheet
            .write_datetime_with_format(
                row,
                column,
                &date,
                &Format::new().set_num_format("yyyy-mm-dd"),
            )
            .unwrap();
    } else if let Some((number, format)) =
        cell.strip_suffix('}').and_then(|cell| cell.split_once('{'))
    {
        let format = Format::new().set_num_format(format.replace('^', ","));
        sheet
            .write_number_with_format(row, column, number.parse::<f64>().unwrap(), &format)
            .unwrap();
    } else if let Some(number) = percent {
        sheet
            .write_number_with_format(
                row,
                column,
                number / 100.0,
                &Format::new().set_num_format("0.00%"),
            )
            .unwrap();
    } else if let Ok(number) = cell.parse::<f64>() {
        sheet.write_number(row, column, number).unwrap();
    } else {
        sheet.write(row, column, cell).unwrap();
    }
}

/// A file that a few bytes make large: 64 MB of blanks where the headings should be.
pub fn bomb() -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let blanks = vec![b' '; 1 << 20];
    (0..64).for_each(|_| zip.write_all(&blanks).unwrap());
    zip.finish().unwrap().into_inner()
}

/// What a spreadsheet program makes of a workbook with a password: a compound file that holds an
/// encrypted one.
pub fn protected() -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    file.create_stream("/EncryptedPackage").unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// A workbook of the old format whose two sheets reach to `IV65536`.
pub fn far() -> Vec<u8> {
    use std::io::Write;
    let record = |kind: u16, data: &[u8]| {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
    };
    let begin = record(0x0809, &[0x00, 0x06, 0x05, 0x00, 0, 0, 0, 0]);
    let sheet = |start: u32, name: u8| {
        let mut data = start.to_le_bytes().to_vec();
        data.extend_from_slice(&[0, 0, 1, 0, name]);
        record(0x0085, &data)
    };
    let end = record(0x000A, &[]);
    let cell = record(0x0203, &[0xFF, 0xFF, 0xFF, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let start = begin.len() + 2 * sheet(0, b'a').len() + end.len();
    let one = [begin.clone(), cell, end.clone()].concat();
    let at = |sheets: usize| u32::try_from(start + sheets * one.len()).unwrap();
    let all =
        [begin, sheet(at(0), b'a'), sheet(at(1), b'b'), end, one.clone(), one.clone()].concat();
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook").unwrap().write_all(&all).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}
