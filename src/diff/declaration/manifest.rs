//! What the manifest says: values of parameters that cannot be used, and how files are read.

use super::key::{Key, Kind};
use super::{Declared, Reader};
use crate::data::{DateOrder, Dates, Mapping, Written, constant};
use crate::diagnostic::Bilingual;
use crate::nearest::nearest;
use crate::program::Parameter;
use crate::say;
use std::collections::BTreeMap;

impl Reader<'_> {
    /// The value that the manifest gives a parameter, where it is none that it can have: then it has
    /// no value at all.
    pub(super) fn unusable(&self, found: &Parameter) -> Option<Bilingual> {
        let settings = &self.run.policy.settings;
        if settings.parameters_lost {
            return Some(say!("（清单的参数读不懂）", "(the manifest's parameters are unread)"));
        }
        let all = &self.program().parameters;
        let known = || all.iter().flat_map(|parameter| parameter.names.iter());
        for setting in &settings.parameters {
            let own = found.names.matches(&setting.name);
            let misspelt = || {
                let called = known().any(|name| name == setting.name);
                let near = if called { None } else { nearest(&setting.name, known()) };
                near.is_some_and(|near| found.names.matches(&near))
            };
            let schema = self.run.schema();
            let read = |value: &Written| constant(schema, found.ty, value).is_some();
            let usable = !setting.values.is_empty()
                && (found.set || !setting.list)
                && setting.values.iter().all(read);
            if own && !usable || !own && misspelt() {
                let values: Vec<String> = setting.values.iter().map(Written::shown).collect();
                let (value, name) = (values.join("、"), &setting.name);
                return Some(say!("（不能用）{name} = {value}", "(no use) {name} = {value}"));
            }
        }
        None
    }

    /// How the manifest has the files of each table read, each key that says so by itself.
    pub(super) fn readings(&mut self) {
        let mut found: BTreeMap<(String, &'static str), Vec<String>> = BTreeMap::new();
        for input in self.run.rows.inputs() {
            let table = self.keys.frame_name(input.frame);
            for (key, value) in written(&input.mapping) {
                found.entry((table.clone(), key)).or_default().push(value);
            }
        }
        for ((table, key), values) in found {
            let root = table.split('.').next().unwrap_or_default().to_owned();
            let shown = values.join("；");
            let mut meaning = self.meaning();
            meaning.say(&values);
            let reading = Key::new(Kind::Manifest, format!("{table}.{key}"));
            let declared = Declared {
                heading: say!("清单里 {table} 的 {key}", "{key} of {table} in the manifest"),
                shown: Some(Bilingual::same(shown.clone())),
                judged: meaning.digest(),
                text: shown,
                ..Declared::default()
            };
            self.found.0.insert(reading.clone(), declared);
            // Whoever rests on the table rests on how it is read.
            if let Some(table) = self.found.0.get_mut(&Key::new(Kind::Table, root)) {
                table.rests.on.insert(reading);
            }
        }
    }
}

/// What is said of how a file is read, by the manifest's keys.
fn written(mapping: &Mapping) -> impl Iterator<Item = (&'static str, String)> {
    let headings: Vec<String> =
        mapping.headings.iter().map(|(from, to)| format!("{from} = {to}")).collect();
    let pairs = mapping.pairs.iter().map(|pair| {
        let units: Vec<String> =
            pair.units.iter().map(|(code, unit)| format!("{code} = {unit}")).collect();
        let (heading, values) = (&pair.heading, pair.values.join("、"));
        format!("{heading} = {values} [{}: {}]", pair.unit, units.join("、"))
    });
    let headings: Vec<String> =
        headings.into_iter().chain(pairs).chain(mapping.columns.iter().cloned()).collect();
    let units: Vec<String> =
        mapping.units.iter().map(|(heading, unit)| format!("{heading} = {unit}")).collect();
    let list = |words: &[String]| (!words.is_empty()).then(|| words.join("、"));
    let all = [
        ("encoding", mapping.encoding.clone()),
        ("headings", list(&headings)),
        ("header", list(&mapping.header.iter().map(ToString::to_string).collect::<Vec<_>>())),
        ("fill", list(&mapping.fill)),
        ("sheet", mapping.sheet.clone()),
        ("ignore", list(&mapping.ignore)),
        ("totals", mapping.totals.as_ref().map(|words| words.join("、"))),
        ("rows", mapping.rows.clone()),
        ("group_by", mapping.group_by.clone()),
        ("list", mapping.list.clone()),
        ("absent", list(&mapping.absent)),
        ("yes", list(&mapping.truths[0])),
        ("no", list(&mapping.truths[1])),
        ("dates", dates(mapping.dates)),
        ("unit", mapping.unit.clone()),
        ("units", list(&units)),
        ("separator", list(&mapping.separator)),
    ];
    all.into_iter().filter_map(|(key, value)| Some((key, value?)))
}

/// How dates are written, as the manifest says it; `None` where it says nothing.
fn dates(dates: Dates) -> Option<String> {
    let order = match dates.order {
        DateOrder::YearFirst | DateOrder::Several => None,
        DateOrder::MonthFirst => Some("mdy"),
        DateOrder::DayFirst => Some("dmy"),
    };
    let words: Vec<&str> =
        order.into_iter().chain(dates.timestamps.then_some("timestamp")).collect();
    (!words.is_empty()).then(|| words.join("、"))
}

/// A mapping in which one of the manifest's keys says what it says in another.
pub fn restored(mapping: &Mapping, key: &str, from: &Mapping) -> Mapping {
    let mut mapping = mapping.clone();
    match key {
        "encoding" => mapping.encoding.clone_from(&from.encoding),
        "headings" => {
            mapping.headings.clone_from(&from.headings);
            mapping.pairs.clone_from(&from.pairs);
            mapping.columns.clone_from(&from.columns);
        }
        "header" => mapping.header.clone_from(&from.header),
        "fill" => mapping.fill.clone_from(&from.fill),
        "sheet" => mapping.sheet.clone_from(&from.sheet),
        "ignore" => mapping.ignore.clone_from(&from.ignore),
        "totals" => mapping.totals.clone_from(&from.totals),
        "rows" => mapping.rows.clone_from(&from.rows),
        "group_by" => mapping.group_by.clone_from(&from.group_by),
        "list" => mapping.list.clone_from(&from.list),
        "absent" => mapping.absent.clone_from(&from.absent),
        "yes" => mapping.truths[0].clone_from(&from.truths[0]),
        "no" => mapping.truths[1].clone_from(&from.truths[1]),
        "dates" => mapping.dates = from.dates,
        "unit" => mapping.unit.clone_from(&from.unit),
        "units" => mapping.units.clone_from(&from.units),
        "separator" => mapping.separator.clone_from(&from.separator),
        _ => {}
    }
    mapping
}
