//! A policy is parsed and laid out: twice the same, with one meaning, and in the other language and
//! back.

use super::{Checked, Reached};
use crate::corpus::Corpus;
use crate::input::Input;
use crate::mutate::mutate;
use fanshi::syntax::format::same_meaning;
use fanshi::{File, FileId, Language, Source, Style, format, parse, reformat_checked};
use fastrand::Rng;

/// Declarations of several policies, which parse together whatever they mean.
pub fn make(corpus: &Corpus, random: &mut Rng) -> Input {
    let mut text = String::new();
    for _ in 0..1 + random.usize(0..4) {
        let policy = &corpus.policies[random.usize(..corpus.policies.len())];
        let declarations = declarations(policy);
        text.push_str(declarations[random.usize(..declarations.len())]);
    }
    let mut input = Input::default().with("policy.fan", text);
    if random.u8(0..8) > 0 {
        mutate(&mut input, corpus, random, |_| true);
    }
    input
}

/// A policy from each line that begins one to the next.
fn declarations(text: &str) -> Vec<&str> {
    let begins = |line: &str| WORDS.iter().any(|word| line.starts_with(word));
    let mut starts = vec![0];
    starts.extend(text.match_indices('\n').map(|(at, _)| at + 1).filter(|at| begins(&text[*at..])));
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(from, to)| &text[*from..to]).collect()
}

/// What declarations begin with.
const WORDS: [&str; 22] = [
    "第",
    "article",
    "表",
    "table",
    "枚举",
    "enum",
    "定义",
    "define",
    "参数",
    "parameter",
    "裁定",
    "decide",
    "指标",
    "measure",
    "流程",
    "process",
    "历法",
    "calendar",
    "使用",
    "use",
    "政策",
    "policy",
];

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
