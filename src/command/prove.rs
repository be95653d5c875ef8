//! `fanshi prove`.

use super::output::{Kind as Written, Output};
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::engine::{Policy, RuleId};
use crate::place::Place;
use crate::prove::{Certainty, Finding, Kind, Meetings, Proof, Prover, agreed};
use crate::report::{self, Note, Terminal};
use crate::syntax::tree::Language;
use crate::testing::suite;
use crate::text::Sources;
use crate::workspace::Options;
use crate::workspace::Project;
use clap::ValueEnum;
use owo_colors::Style;
use serde::Serialize;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `prove`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 项目文件夹，或其中的 fanshi.toml — the project's folder, or its fanshi.toml
    #[arg(default_value = ".")]
    project: PathBuf,
    /// 报告格式；不写则看输出文件的扩展名，否则是 text — the report's format; left out, by the
    /// output's extension, else text
    #[arg(long, value_enum)]
    format: Option<FormatArg>,
    #[command(flatten)]
    output: Output,
    /// 连同已由次序、除外解决的，逐处列出条文与见证 — clauses and witness of what order and
    /// exceptions resolve, too
    #[arg(long)]
    witness: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    Text,
    Json,
}

impl Written for FormatArg {
    fn endings(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Text => (&["txt"], &[]),
            Self::Json => (&["json"], &[]),
        }
    }
}

/// Runs `prove`.
pub(super) fn run(args: &Args) -> ExitCode {
    let path = super::meant(&args.project);
    let mut project = super::read(&path);
    let shown = args.output.shown_of(&path);
    let format = match args.output.format(args.format, FormatArg::Text) {
        Ok(format) => format,
        Err(message) => {
            super::say_line(&message);
            return ExitCode::from(2);
        }
    };
    let inputs = args.output.spared(|| suite::inputs(&project));
    let policy = project.policy(&Options { as_of: args.output.as_of, ..Options::default() });
    let mut diagnostics = std::mem::take(&mut project.diagnostics);
    diagnostics.extend(policy.diagnostics.iter().cloned());
    if !diagnostics.is_empty() {
        let _ = report::write_diagnostics(&diagnostics, &shown, &mut std::io::stderr().lock());
    }
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return ExitCode::from(2);
    }
    let (graph, judgements) = (&policy.graph, &*policy.judgements);
    let prover = Prover { graph, judgements, today: policy.today };
    let proof = prover.prove();
    let written = args.output.write(&inputs, |out| match format {
        FormatArg::Json => json(&policy, &prover, &proof, &project, shown.language, out),
        FormatArg::Text => text(&prover, &proof, &project.sources, &shown, args.witness, out),
    });
    super::output::finish(written, exit_code(&proof))
}

/// How many meetings of the same demand have a line each; more are gathered by what is demanded.
const MOST_ALIKE: usize = 3;

fn exit_code(proof: &Proof) -> u8 {
    if proof.findings.iter().any(|finding| finding.wrong) {
        1
    } else if proof.findings.iter().any(is_open) {
        3
    } else {
        0
    }
}

fn is_open(finding: &Finding) -> bool {
    matches!(finding.certainty, Certainty::Open(_))
}

/// What several meetings have in common.
fn on_a_line(message: Bilingual) -> Note {
    let diagnostic = Diagnostic::warning(Kind::Agreeing.code(), message);
    Note { diagnostic, brief: true, example: None }
}

fn text(
    prover: &Prover<'_>,
    proof: &Proof,
    sources: &Sources,
    shown: &report::Options,
    witness: bool,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let schema = &prover.graph.program.schema;
    let note = |finding: &&Finding, brief: bool| Note {
        diagnostic: finding.diagnostic(prover, sources),
        brief,
        example: match &finding.certainty {
            Certainty::Shown(rows) if !brief => Some(rows.toml(schema, shown.language)),
            _ => None,
        },
    };
    let chinese = shown.language == Language::Chinese;
    let section = |title: (&str, &str),
                   brief: bool,
                   wanted: &dyn Fn(&Finding) -> bool,
                   out: &mut dyn Write| {
        let mut notes: Vec<Note> = Vec::new();
        for finding in proof.findings.iter().filter(|finding| wanted(finding)) {
            let note = note(&finding, brief);
            // A sentence about rows of several kinds is asked for each; one note is enough.
            if !notes.iter().any(|said| said.diagnostic == note.diagnostic) {
                notes.push(note);
            }
        }
        report::write_notes(if chinese { title.0 } else { title.1 }, &notes, shown, out)
    };
    section(
        ("政策自身的问题", "What is wrong with the policies"),
        false,
        &|finding| finding.wrong,
        out,
    )?;
    section(("未能判定", "Not decided"), false, &is_open, out)?;
    let settled = |kind: Kind| {
        move |finding: &Finding| finding.kind == kind && !finding.wrong && !is_open(finding)
    };
    section(
        ("由次序分出高下的相遇", "Meetings the order settles"),
        !witness,
        &settled(Kind::Ordered),
        out,
    )?;
    let alike = settled(Kind::Agreeing);
    let alone = |finding: &&Finding| !witness && alike(finding) && finding.except.is_empty();
    let plain: Vec<&Finding> = proof.findings.iter().filter(alone).collect();
    let gathered = plain.len() > MOST_ALIKE;
    let title = ("要求相同的相遇", "Meetings of the same demand");
    if gathered {
        let lines: Vec<Note> = agreed(&plain, prover, sources).into_iter().map(on_a_line).collect();
        report::write_notes(if chinese { title.0 } else { title.1 }, &lines, shown, out)?;
    }
    let rest = |finding: &Finding| alike(finding) && !(gathered && finding.except.is_empty());
    section(title, !witness, &rest, out)?;
    section(
        ("由除外、优先解决的相遇", "Meetings that exceptions and overrides prevent"),
        !witness,
        &settled(Kind::Excepted),
        out,
    )?;
    section(
        ("没有条文说到的行，按“否则”", "Rows no article speaks of, left to `otherwise`"),
        !witness,
        &settled(Kind::Gap),
        out,
    )?;
    section(
        ("读入时已经查了的", "What loading already checks"),
        false,
        &|finding| matches!(finding.certainty, Certainty::ByKeys) && finding.kind != Kind::Covered,
        out,
    )?;
    section(("每一行都有条文说到", "Every row is spoken of"), true, &settled(Kind::Covered), out)?;
    ends(prover, proof, shown, out)
}

/// The last lines: whether orders matter, and the counts.
fn ends(
    prover: &Prover<'_>,
    proof: &Proof,
    shown: &report::Options,
    mut out: &mut dyn Write,
) -> std::io::Result<()> {
    let mut terminal = Terminal::new(shown, &mut out);
    for meetings in &proof.meetings {
        let message = meetings.message(prover);
        let said = terminal.words.pick(&message).to_owned();
        terminal.line(0, Style::new(), &said)?;
    }
    terminal.line(0, Style::new(), &counts(proof, shown.language))
}

/// The last line: what was asked and what came of it.
fn counts(proof: &Proof, language: Language) -> String {
    let count = |wanted: &dyn Fn(&Finding) -> bool| {
        proof.findings.iter().filter(|finding| wanted(finding)).count()
    };
    let (wrong, open) = (count(&|finding| finding.wrong), count(&is_open));
    let (pairs, questions) = (proof.pairs, proof.questions);
    if language == Language::Chinese {
        format!(
            "比较了 {pairs} 对提出要求的条文，共问 {questions} 个问题：有问题 {wrong} 处，未能判定 \
                {open} 处。"
        )
    } else {
        format!(
            "{pairs} pairs of demands, {questions} questions: {wrong} wrong, {open} not decided."
        )
    }
}

#[derive(Serialize)]
struct ProofJson<'a> {
    format: &'static str,
    project: &'a str,
    questions: usize,
    pairs: usize,
    decisions: Vec<DecisionJson>,
    findings: Vec<FindingJson>,
}

/// Whether the order of a decision matters.
#[derive(Serialize)]
struct DecisionJson {
    decision: String,
    ordered: bool,
    meetings: usize,
    open: usize,
}

#[derive(Serialize)]
struct FindingJson {
    kind: &'static str,
    certainty: &'static str,
    wrong: bool,
    articles: Vec<String>,
    places: Vec<serde_json::Value>,
    message: String,
    witness: Option<String>,
}

fn json(
    policy: &Policy,
    prover: &Prover<'_>,
    proof: &Proof,
    project: &Project,
    language: Language,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let program = &*policy.program;
    let finding = |finding: &Finding| {
        let (certainty, witness) = match &finding.certainty {
            Certainty::Proven => ("proven", None),
            Certainty::ByKeys => ("keys", None),
            Certainty::Shown(rows) => ("shown", Some(rows.toml(&program.schema, language))),
            Certainty::Open(_) => ("open", None),
        };
        let message = finding.message(prover, &project.sources);
        FindingJson {
            kind: finding.kind.code(),
            certainty,
            wrong: finding.wrong,
            articles: finding
                .articles(prover.judgements)
                .into_iter()
                .filter_map(|id| program.article(id))
                .map(|article| program.article_name(article))
                .collect(),
            places: finding
                .sentences
                .iter()
                .filter_map(|at| prover.sentence(*at))
                .map(|(_, sentence)| Place::policy(&project.sources, sentence.span))
                .map(|place| report::place_json(&place))
                .collect(),
            message: if language == Language::Chinese { message.zh } else { message.en },
            witness,
        }
    };
    let findings = proof.findings.iter().map(finding).collect();
    let decision = |found: &Meetings| DecisionJson {
        decision: policy.rules.code(RuleId::decision(found.decision)).to_owned(),
        ordered: found.ordered,
        meetings: found.shown,
        open: found.open,
    };
    let decisions = proof.meetings.iter().map(decision).collect();
    crate::report::write_json(
        out,
        &ProofJson {
            format: "fanshi.proof/1",
            project: &project.manifest.name,
            questions: proof.questions,
            pairs: proof.pairs,
            decisions,
            findings,
        },
    )?;
    writeln!(out)
}
