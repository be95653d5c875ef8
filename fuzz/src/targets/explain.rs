//! The record of every row: as the run has it, in every format.

use super::{Checked, Reached, judged};
use crate::input::Input;
use fanshi::report::{Idle, write_record, write_records};
use fanshi::visible::is_hidden;
use fanshi::{Conditions, Language, ReportOptions, RowRef, RuleId, explain};

pub fn run(input: &Input) -> Reached {
    let run = input.run();
    let tables: Vec<_> = run.schema().tables().map(|(id, _)| id).collect();
    for frame in tables {
        for row in 0..run.len(frame).min(4) {
            let at = RowRef { frame, row };
            let record = explain(&run, at, |_| true, Conditions::All);
            for entry in &record.entries {
                // Of several sentences the rule has the worst; elements are no rows of the table.
                let Ok(rule @ RuleId::Article(_)) = run.policy.rules.named(&entry.article.name)
                else {
                    continue;
                };
                // Of two articles of one name, which is a mistake, it is not said which.
                let named = |(_, one): &(_, &fanshi::RuleName)| one.code == entry.article.name;
                if run.policy.rules.iter().filter(named).count() > 1 {
                    continue;
                }
                let own =
                    run.policy.judgements.iter().filter(|one| RuleId::Article(one.article) == rule);
                let frames: Vec<_> = own.map(|one| one.frame).collect();
                let outcome = run.outcome(rule, at);
                if frames == [frame] && entry.outcome != outcome {
                    let name = &entry.article.name;
                    return Err(format!(
                        "a record says otherwise than the run: {name} {:?}, {outcome:?}",
                        entry.outcome
                    ));
                }
            }
            written(&run, &record)?;
        }
    }
    Ok(judged(&run))
}

fn written(run: &fanshi::Run, record: &fanshi::Record) -> Checked {
    for language in [Language::Chinese, Language::English] {
        let (mut text, mut json) = (Vec::new(), Vec::new());
        let options = ReportOptions { language, width: 80, ..ReportOptions::default() };
        write_record(record, Idle::Told, &options, &mut text)
            .map_err(|error| format!("a record cannot be written: {error}"))?;
        let text = String::from_utf8(text).map_err(|_| "a record is no UTF-8: text".to_owned())?;
        if let Some(letter) = text.chars().find(|letter| is_hidden(*letter) && *letter != '\n') {
            return Err(format!("a record sends what hides: {letter:?}\n{text}"));
        }
        let records = std::slice::from_ref(record);
        let done = write_records(&run.report(), &[], records, language, &mut json);
        done.map_err(|error| format!("a record cannot be written: {error}"))?;
        serde_json::from_slice::<serde_json::Value>(&json)
            .map_err(|error| format!("a record is no JSON: {error}"))?;
    }
    Ok(())
}
