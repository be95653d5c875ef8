//! The record of every row: as the run has it, in every format; and cases made from the policy.

use super::Checked;
use crate::input::Input;
use fanshi::report::{write_record, write_records};
use fanshi::testing::generate::generate;
use fanshi::visible::is_hidden;
use fanshi::{Conditions, Language, Project, RowRef, RuleId, explain};
use std::sync::Arc;

pub fn run(input: &Input) -> Checked {
    let run = input.run();
    let tables: Vec<_> = run.schema().tables().map(|(id, _)| id).collect();
    for frame in tables {
        for row in 0..run.len(frame).min(4) {
            let at = RowRef { frame, row };
            let record = explain(&run, at, |_| true, Conditions::All);
            for entry in &record.entries {
                // Of several sentences the rule has the worst; elements are no rows of the table.
                let Ok(rule @ RuleId::Article(_)) = run.policy.rules.named(&entry.article.name) else { continue };
                let own = run.policy.judgements.iter().filter(|one| RuleId::Article(one.article) == rule);
                let frames: Vec<_> = own.map(|one| one.frame).collect();
                let outcome = run.outcome(rule, at);
                if frames == [frame] && entry.outcome != outcome {
                    let name = &entry.article.name;
                    return Err(format!("a record says otherwise than the run: {name} {:?}, {outcome:?}", entry.outcome));
                }
            }
            written(&run, &record)?;
        }
    }
    cases(input)
}

fn written(run: &fanshi::Run, record: &fanshi::Record) -> Checked {
    for language in [Language::Chinese, Language::English] {
        let (mut text, mut json) = (Vec::new(), Vec::new());
        write_record(record, language, &mut text).map_err(|error| format!("a record cannot be written: {error}"))?;
        let text = String::from_utf8(text).map_err(|_| "a record is no UTF-8: text".to_owned())?;
        if let Some(letter) = text.chars().find(|letter| is_hidden(*letter) && *letter != '\n') {
            return Err(format!("a record sends what hides: {letter:?}\n{text}"));
        }
        let records = std::slice::from_ref(record);
        let done = write_records(&run.report(), &[], records, language, &mut json);
        done.map_err(|error| format!("a record cannot be written: {error}"))?;
        serde_json::from_slice::<serde_json::Value>(&json).map_err(|error| format!("a record is no JSON: {error}"))?;
    }
    Ok(())
}

/// Cases made from the first policy that has rules.
fn cases(input: &Input) -> Checked {
    // Cases are generated with a search for each sentence: of one input in eight.
    if !input.seed.is_multiple_of(8) {
        return Ok(());
    }
    let project: Arc<Project> = Arc::new(input.project());
    let Some(day) = project.manifest.as_of else { return Ok(()) };
    let Some(member) = project.members().into_iter().find(|member| member.has_articles()) else { return Ok(()) };
    let Ok(Some(made)) = generate(member, day, None) else { return Ok(()) };
    if made.diagnostics.is_empty() && toml::from_str::<toml::Table>(&made.text).is_err() {
        return Err(format!("cases are no TOML: {}", made.text));
    }
    Ok(())
}
