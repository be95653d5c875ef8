//! The smallest input that still fails in the same way: files, then lines, then characters are left
//! out as long as it does.

use crate::input::Input;
use std::time::Instant;

/// Leaves out what it can until the time is over.
pub fn minimise(mut input: Input, until: Instant, fails: &mut dyn FnMut(&Input) -> bool) -> Input {
    loop {
        let before = input.len();
        let mut at = 0;
        while at < input.files.len() && Instant::now() < until {
            let mut less = input.clone();
            less.files.remove(at);
            if fails(&less) { input = less } else { at += 1 }
        }
        for file in 0..input.files.len() {
            let packed = [".xlsx", ".gz"].iter().any(|end| input.files[file].0.ends_with(end));
            if !packed {
                pieces(&mut input, file, lines, until, fails);
                pieces(&mut input, file, letters, until, fails);
            }
        }
        if input.len() == before || Instant::now() >= until {
            return input;
        }
    }
}

/// Leaves out stretches of pieces of a file, long ones first.
fn pieces(
    input: &mut Input,
    file: usize,
    cut: fn(&[u8]) -> Vec<Vec<u8>>,
    until: Instant,
    fails: &mut dyn FnMut(&Input) -> bool,
) {
    let mut all = cut(&input.files[file].1);
    let mut length = all.len().div_ceil(2);
    while length > 0 {
        let mut at = 0;
        while at < all.len() && Instant::now() < until {
            let mut fewer = all.clone();
            fewer.drain(at..(at + length).min(all.len()));
            let mut less = input.clone();
            less.files[file].1 = fewer.concat();
            if fails(&less) {
                (*input, all) = (less, fewer);
            } else {
                at += length;
            }
        }
        length = if length == 1 { 0 } else { length.div_ceil(2) };
    }
}

fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

/// Characters of a text, or bytes of what is none; of a large file none, its lines are enough.
fn letters(bytes: &[u8]) -> Vec<Vec<u8>> {
    match std::str::from_utf8(bytes) {
        _ if bytes.len() > 20_000 => Vec::new(),
        Ok(text) => text.chars().map(|letter| letter.to_string().into_bytes()).collect(),
        Err(_) => bytes.iter().map(|byte| vec![*byte]).collect(),
    }
}
