//! Declared names that are a keyword and another name: where blanks are left out, a sentence with
//! one has two readings.

use crate::builtin;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::program::Program;
use crate::say;
use crate::schema::{FrameId, Names, Type};
use crate::syntax::division::readings_of;
use crate::syntax::tree::{ExprKind, File};
use crate::syntax::vocabulary::Words;
use crate::syntax::{keyword, parse};
use crate::text::{FileId, Source, Sources, Span};

/// A warning at the declaration of each condition that also reads as several words.
pub fn twofold(program: &Program, files: &[File], sources: &Sources) -> Vec<Diagnostic> {
    let mut words = Words::default();
    builtin::words().for_each(|(zh, _)| words.add(zh));
    files.iter().for_each(|file| words.declared(file));
    let frames = (0..).map(FrameId).zip(&program.schema.frames);
    let fields = frames.flat_map(|(id, frame)| {
        let fields = frame.fields.iter().filter(|field| field.ty == Type::Boolean);
        fields.map(move |field| (id, &field.names, field.span))
    });
    let definitions = program.definitions.iter().filter(|found| found.ty == Type::Boolean);
    let definitions = definitions.map(|found| (found.frame, &found.names, found.span));
    let mut found: Vec<Diagnostic> = Vec::new();
    for (frame, names, span) in fields.chain(definitions) {
        let known = |word: &str| is_known(program, frame, word);
        let reading = |name: &str| {
            let all = readings_of(name, &words).into_iter();
            all.filter(|words| {
                words.iter().all(|word| keyword::spelt(word).next().is_some() || known(word))
            })
            .map(|words| words.join(" "))
            .next()
        };
        let chinese = names.iter().filter(|name| !name.is_ascii());
        found
            .extend(chinese.filter_map(|name| Some(warning(sources, span, name, &reading(name)?))));
    }
    found.extend(literals(program, sources));
    found
}

/// A warning at the declaration of each name that is a quantity or a number as well, which is what
/// a sentence reads: `三十日`, `一万元`.
fn literals(program: &Program, sources: &Sources) -> Vec<Diagnostic> {
    let fields = program.schema.frames.iter().flat_map(|frame| &frame.fields);
    let fields = fields.map(|field| (&field.names, field.span));
    let definitions = program.definitions.iter().map(|found| (&found.names, found.span));
    let parameters = program.parameters.iter().map(|found| (&found.names, found.span));
    let all = fields.chain(definitions).chain(parameters);
    let found = all.flat_map(|(names, span)| names.iter().map(move |name| (name, span)));
    let literals = found.filter(|(name, _)| is_literal(name));
    let warning = |(name, span): (&str, Span)| {
        let message = say!(
            "`{name}` 也是一个数或量，句子里读作数，不是这个名称",
            "`{name}` is a number or a quantity too, and read as one in sentences"
        );
        let help = say!("换一个名称", "give it another name");
        Diagnostic::warning("two_readings", message)
            .help(help)
            .at(Place::policy(sources, span), Bilingual::default())
    };
    literals.map(warning).collect()
}

/// Whether a name reads as a number, a quantity or a day.
fn is_literal(name: &str) -> bool {
    let begins =
        |letter: char| letter.is_numeric() || "一二三四五六七八九十百两〇￥¥".contains(letter);
    if !name.starts_with(begins) {
        return false;
    }
    let source = Source::new("", name);
    let read = parse::expression(FileId(0), &source, 0..name.len());
    read.is_ok_and(|expr| {
        matches!(
            expr.kind,
            ExprKind::Number(_)
                | ExprKind::Percent(_)
                | ExprKind::Quantity(..)
                | ExprKind::Date(_)
                | ExprKind::Instant(_)
        )
    })
}

/// Whether a word is a name that a row of a frame has, or one that stands outside of rows.
fn is_known(program: &Program, frame: FrameId, word: &str) -> bool {
    let is = |names: &Names| names.matches(word);
    let schema = &program.schema;
    let field = |frame| {
        schema.frame(frame).is_some_and(|found| found.fields.iter().any(|field| is(&field.names)))
    };
    let defined = program.definitions.iter().any(|found| found.frame == frame && is(&found.names));
    field(frame)
        || defined
        || schema.frames.iter().any(|found| is(&found.names))
        || program.parameters.iter().any(|found| is(&found.names))
}

fn warning(sources: &Sources, span: Span, name: &str, reading: &str) -> Diagnostic {
    let message = say!(
        "词与词之间不写空格时，`{name}` 也读作 `{reading}`",
        "where no blanks are written, `{name}` also reads as `{reading}`"
    );
    let help = say!(
        "换一个名称；不换的，有它的句子要写空格",
        "give it another name; or write the blanks in sentences that have it"
    );
    Diagnostic::warning("two_readings", message)
        .help(help)
        .at(Place::policy(sources, span), Bilingual::default())
}
