//! What the policies say differently: every declaration that was added, removed or changed.

use super::declaration::{Declarations, Declared, Key, Kind};
use crate::diagnostic::Bilingual;
use unicode_width::UnicodeWidthStr;

/// How wide what an article says may be, in columns, to be shown beside it.
const LINE: usize = 240;

/// What became of a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Only the later policies have it.
    Added,
    /// Only the earlier policies had it.
    Removed,
    /// It says something else.
    Changed,
    /// It says the same, but stands before or after another article that takes part in the same
    /// decision: the first of those that demand the same speaks.
    Moved,
}

/// A declaration that differs.
#[derive(Clone, Debug)]
pub struct PolicyEdit {
    /// What kind of declaration it is.
    pub kind: Kind,
    /// `policy.article`, `policy.field`, `table.list.field` or its own name, by English names.
    pub name: String,
    /// As people know it.
    pub heading: Bilingual,
    /// What became of it.
    pub edit: Edit,
    /// What it said, where that fits in a line: a parameter's value, an enum's order.
    pub old: Option<Bilingual>,
    /// What it says.
    pub new: Option<Bilingual>,
    /// The articles that rest on it, through others as well, or that it overrides; by English
    /// names.
    pub used_by: Vec<String>,
    /// What it is, from run to run.
    pub(super) key: Key,
    /// Whether rows are judged by what differs: not where only its message does.
    pub(super) judging: bool,
}

/// What differs, in the order of names.
pub fn edits(old: &Declarations, new: &Declarations) -> Vec<PolicyEdit> {
    let mut edits = Vec::new();
    for (key, now) in &new.0 {
        let was = old.0.get(key);
        let (edit, judging) = match was {
            None => (Edit::Added, true),
            Some(was) if was.differs(now) => (Edit::Changed, was.judges_otherwise(now)),
            Some(was) if moved(key, (old, was), (new, now)) => (Edit::Moved, true),
            Some(_) => continue,
        };
        edits.push(edited(key, edit, judging, [was, Some(now)]));
    }
    for (key, was) in old.0.iter().filter(|(key, _)| !new.0.contains_key(*key)) {
        edits.push(edited(key, Edit::Removed, true, [Some(was), None]));
    }
    let users = users(&edits, [old, new]);
    for (edit, users) in edits.iter_mut().zip(users) {
        edit.used_by = users;
    }
    edits.retain(|edit| !is_hollow(edit));
    edits.sort_by(|a, b| (&a.name, a.kind).cmp(&(&b.name, b.kind)));
    edits
}

fn edited(key: &Key, edit: Edit, judging: bool, sides: [Option<&Declared>; 2]) -> PolicyEdit {
    let [was, now] = sides;
    let none = Vec::new();
    let parts = |side: Option<&'_ Declared>| side.map_or(&none, |side| &side.parts).clone();
    let (old, new) = (parts(was), parts(now));
    // Of an article what only one of them has.
    let own = |side: Option<&Declared>| {
        let parts = &side?.parts;
        let is_own = |part: &&Bilingual| !(old.contains(part) && new.contains(part));
        let own: Vec<&Bilingual> = parts.iter().filter(is_own).collect();
        let zh = own.iter().map(|part| &*part.zh).collect::<Vec<_>>().join(" ");
        let en = own.iter().map(|part| &*part.en).collect::<Vec<_>>().join(" ");
        let fits = !own.is_empty() && zh.width().max(en.width() / 2) <= LINE;
        fits.then(|| Bilingual::new(zh, en))
    };
    let shown = |side: Option<&Declared>| {
        let side = side.filter(|_| edit != Edit::Moved);
        side.and_then(|side| side.shown.clone()).or_else(|| own(side))
    };
    // What differs is not in the line: the same twice would say nothing.
    let same = matches!((shown(was), shown(now)), (Some(old), Some(new)) if old == new);
    let shown = |side| if same { None } else { shown(side) };
    PolicyEdit {
        kind: key.kind,
        name: key.name.clone(),
        heading: now.or(was).map_or_else(Bilingual::default, |side| side.heading.clone()),
        edit,
        old: shown(was),
        new: shown(now),
        used_by: Vec::new(),
        key: key.clone(),
        judging,
    }
}

/// A header without a period of effect says nothing that could be there or not.
fn is_hollow(edit: &PolicyEdit) -> bool {
    edit.kind == Kind::Policy && edit.old.is_none() && edit.new.is_none()
}

/// Whether an article stands on the other side of one that takes part in its decision.
fn moved(
    key: &Key,
    (old, was): (&Declarations, &Declared),
    (new, now): (&Declarations, &Declared),
) -> bool {
    let after = |side: &Declarations, other: &Key| {
        side.0.get(other).is_some_and(|found| found.before.contains(key))
    };
    was.before.iter().any(|other| after(new, other))
        || now.before.iter().any(|other| after(old, other))
}

/// The articles that rest on each edit, or that it sways, on either side.
fn users(edits: &[PolicyEdit], sides: [&Declarations; 2]) -> Vec<Vec<String>> {
    let mut users = vec![Vec::new(); edits.len()];
    let sides = sides.into_iter().filter(|_| !edits.is_empty());
    for side in sides {
        for (article, declared) in side.0.iter().filter(|(key, _)| key.kind == Kind::Article) {
            let rests = side.rests(article, false);
            for (edit, users) in edits.iter().zip(&mut users) {
                let used = rests.names(&edit.key) && edit.key != *article
                    || declared.sways.contains(&edit.key);
                if used && !users.contains(&article.name) {
                    users.push(article.name.clone());
                }
            }
        }
    }
    users.iter_mut().for_each(|names| names.sort_unstable());
    users
}
