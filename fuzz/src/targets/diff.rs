//! A run against itself and against another: every finding of either is somewhere, once.

use super::report::balanced;
use super::{Checked, Reached, judged, sound};
use crate::input::Input;
use fanshi::visible::is_hidden;
use fanshi::{Diff, Grouping, Groups, Keep, Language, Options, ReportOptions, Run, diff, review};
use fastrand::Rng;

fn kept(input: &Input) -> Run {
    input.project().run(&Options { keep: Keep::Everything, ..Options::default() })
}

pub fn run(input: &Input) -> Reached {
    let new = kept(input);
    let same = diff(&new, &new, &[], None);
    let found = &same.findings;
    if !(found.fixed.is_empty()
        && found.removed.is_empty()
        && found.new.is_empty()
        && found.turned.is_empty()
        && found.unjudged.is_empty())
    {
        return Err(format!("a run differs from itself: {found:?}"));
    }
    if let Some(table) = same.tables.first().filter(|_| sound(input, &new)) {
        return Err(format!("rows differ from themselves: {table:?}"));
    }
    let old = kept(&before(input));
    for (old, new) in [(&old, &new), (&new, &old)] {
        let found = diff(old, new, &[], None);
        counted(&found, old, new)?;
        written(&found)?;
    }
    reviewed(&new)?;
    Ok(judged(&new))
}

/// The same project with lines of its data left out.
fn before(input: &Input) -> Input {
    let mut random = Rng::with_seed(input.seed);
    let mut before = input.clone();
    for name in crate::corpus::data(input) {
        let Some(text) = input.text(&name) else { continue };
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let without = random.usize(..lines.len().max(1));
        let few = lines.iter().enumerate().filter(|(at, _)| *at == 0 || *at != without);
        before = before.with(&name, few.map(|(_, line)| *line).collect::<String>());
    }
    before
}

/// Notes are counted apart: of what is said of an article as such, not of a row.
fn counted(diff: &Diff, old: &Run, new: &Run) -> Checked {
    let found = &diff.findings;
    let notes = |new: bool| found.notes.iter().filter(|note| note.new == new).count();
    let unjudged = |new: bool| found.unjudged.iter().filter(|one| one.new == new).count();
    let stays = found.remaining.len() + found.noted.len() + found.turned.len();
    let (before, after) = (old.report().findings.len(), new.report().findings.len());
    let come = found.new.len() + unjudged(true);
    if stays + come + notes(true) != after {
        return Err(format!(
            "findings of the later run are not all there: {stays} + {come} + {} ≠ {after}",
            notes(true)
        ));
    }
    let gone = found.fixed.len() + found.removed.len() + unjudged(false);
    if stays + gone + notes(false) != before {
        return Err(format!(
            "findings of the earlier run are not all there: {stays} + {gone} + {} ≠ {before}",
            notes(false)
        ));
    }
    Ok(())
}

fn written(diff: &Diff) -> Checked {
    for language in [Language::Chinese, Language::English] {
        let options = ReportOptions { language, width: 60, ..ReportOptions::default() };
        let (mut text, mut json, mut html, mut xlsx) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let done = fanshi::diff::write_text(diff, &options, &mut text)
            .and_then(|()| fanshi::diff::write_json(diff, language, &mut json))
            .and_then(|()| fanshi::diff::write_html(diff, language, &mut html))
            .and_then(|()| fanshi::diff::write_xlsx(diff, language, &mut xlsx));
        done.map_err(|error| format!("a difference cannot be written: {error}"))?;
        let text = String::from_utf8_lossy(&text).into_owned();
        if let Some(letter) = text.chars().find(|letter| is_hidden(*letter) && *letter != '\n') {
            return Err(format!("a difference sends what hides: {letter:?}\n{text}"));
        }
        serde_json::from_slice::<serde_json::Value>(&json)
            .map_err(|error| format!("a difference is no JSON: {error}"))?;
        balanced(&String::from_utf8_lossy(&html))?;
    }
    Ok(())
}

fn reviewed(run: &Run) -> Checked {
    let grouping = Grouping::usual(&run.policy);
    let groups = &Groups::new(run, grouping);
    let made = review(groups);
    for language in [Language::Chinese, Language::English] {
        let (mut html, mut json) = (Vec::new(), Vec::new());
        let done = fanshi::review::write_json(&made, groups, language, &mut json).and_then(|()| {
            let paper = fanshi::workspace::Paper::default();
            fanshi::review::write_html(&made, groups, (language, &paper), &mut html)
        });
        done.map_err(|error| format!("a review cannot be written: {error}"))?;
        serde_json::from_slice::<serde_json::Value>(&json)
            .map_err(|error| format!("a review is no JSON: {error}"))?;
        balanced(&String::from_utf8_lossy(&html))?;
    }
    Ok(())
}
