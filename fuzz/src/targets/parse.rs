//! A policy is parsed and laid out: twice the same, with one meaning, and in the other language and
//! back.

use super::{Checked, Reached};
use crate::corpus::Corpus;
use crate::input::Input;
use crate::mutate::mutate;
use fanshi::syntax::format::same_meaning;
use fanshi::{File, FileId, Language, Source, Style, format, parse, reformat_checked};
use fastrand::Rng;

pub fn make(corpus: &Corpus, random: &mut Rng) -> Input {
    let text = &corpus.policies[random.usize(..corpus.policies.len())];
    // A few declarations of a long policy: a run is as long as its text.
    let mut starts: Vec<usize> = vec![0];
    starts.extend(text.match_indices('\n').map(|(at, _)| at + 1).filter(|at| {
        !text[*at..].starts_with(|letter: char| letter.is_whitespace() || letter == '}')
    }));
    let first = starts[random.usize(..starts.len())];
    let end = starts
        .iter()
        .filter(|at| **at > first)
        .nth(random.usize(0..4))
        .unwrap_or(&text.len())
        .to_owned();
    let mut input = Input::default().with("policy.fan", &text[first..end]);
    mutate(&mut input, corpus, random, |_| true);
    input
}

fn read(text: &str) -> (Source, File, usize) {
    let source = Source::new("policy.fan", text);
    let (file, errors) = parse(FileId(0), &source);
    for error in &errors {
        let _ = error.diagnostic(&source);
    }
    (source, file, errors.len())
}

pub fn run(input: &Input) -> Reached {
    let Some(text) = input.text("policy.fan") else { return Ok(false) };
    let (source, file, errors) = read(text);
    let style = Style::plain(file.language);
    let _ = format(&file, &source, style);
    if errors > 0 {
        return Ok(false);
    }
    let once = reformat_checked(&file, &source, style)
        .map_err(|wrong| format!("{}: {text}", wrong.code))?;
    let (source_1, file_1, errors) = read(&once);
    if errors > 0 {
        return Err(format!("what is laid out does not parse: {once}"));
    }
    if !same_meaning((&file, &source), (&file_1, &source_1)) {
        return Err(format!("what is laid out means something else: {once}"));
    }
    let twice = format(&file_1, &source_1, Style::plain(file_1.language));
    if once != twice {
        return Err(format!("laid out twice it differs: {}", first_difference(&once, &twice)));
    }
    there_and_back(&file, &source)?;
    Ok(!file.items.is_empty())
}

/// Keywords in the other language, and in the first again. Names stay, and one that is a word of the
/// other language is refused.
fn there_and_back(file: &File, source: &Source) -> Checked {
    let own = file.language;
    let other = if own == Language::English { Language::Chinese } else { Language::English };
    let Ok(there) = reformat_checked(file, source, Style::plain(other)) else { return Ok(()) };
    let (source_1, file_1, errors) = read(&there);
    if errors > 0 {
        return Err(format!("a translation does not parse: {there}"));
    }
    let back = reformat_checked(&file_1, &source_1, Style::plain(own)).map_err(|wrong| {
        format!("a translation cannot be translated back, {}: {there}", wrong.code)
    })?;
    let (source_2, file_2, errors) = read(&back);
    if errors > 0 || !same_meaning((file, source), (&file_2, &source_2)) {
        return Err(format!("a translation translated back means something else: {back}"));
    }
    Ok(())
}

fn first_difference(once: &str, twice: &str) -> String {
    let differs = once.lines().zip(twice.lines()).find(|(one, two)| one != two);
    differs.map_or_else(|| "at the end".to_owned(), |(one, two)| format!("`{one}` and `{two}`"))
}
