//! Another name for something, wherever it is spoken of: in policies, cases, the manifest and the
//! headings of data. It is tried: with it the project has the same verdicts, and its cases come out
//! the same.

use super::answer::{Edit, KnownKind, What};
use super::index::{Declaration, Id};
use super::outside::{Closed, Quoted};
use super::view::View;
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::engine::Run;
use crate::finding::{Counts, Outcome};
use crate::place::Place;
use crate::say;
use crate::syntax::tree::{ItemKind, Language};
use crate::syntax::word;
use crate::testing::suite::Status;
use crate::value::text::name_form;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Pieces of a text by their places, with the names in each.
type Pieces = BTreeMap<(usize, usize), (Quoted, Vec<Range<usize>>)>;

/// A file in which a name may stand that cannot be changed there.
type Shut = (String, Closed);

impl View {
    /// What has to be changed to give what stands at a byte another name, in policies, cases, the
    /// manifest and the headings of data. Of something with two names, the one that stands there.
    ///
    /// # Errors
    /// Where nothing that has a name stands there, the name cannot be one or is taken, or the old one
    /// stands in a file that cannot be written as a text.
    pub fn rename(
        &self,
        path: &Path,
        offset: usize,
        to: &str,
    ) -> Result<Vec<Edit>, Box<Diagnostic>> {
        let Some((id, at)) = self.named_at(path, offset) else { return Err(nothing()) };
        let Some(declared) = self.index().get(id) else { return Err(nothing()) };
        let written = self.read(&at.path).and_then(|text| Some(text.get(at.span)?.to_owned()));
        let Some(old) = written.and_then(|written| own_name(declared, &written)) else {
            return Err(nothing());
        };
        let to = to.trim();
        if to.is_empty() || to.contains(['「', '」', '\n', '|', '`', '"', '“', '”']) {
            return Err(bad_name(to));
        }
        if to == old {
            return Ok(Vec::new());
        }
        let (mut edits, shut) = self.renamed(id, &old, to);
        let tried = self.try_rename(&edits, (&old, to), &shut);
        // What data say of a value stays as it is: it is declared as another spelling.
        let also = self.also(id, &old).filter(|_| tried.is_err());
        let Some(also) = also else { return tried.map(|()| edits) };
        edits.push(also);
        edits.sort();
        self.try_rename(&edits, (&old, to), &shut).map(|()| edits)
    }

    /// The edit that declares the old name of a value as another spelling of it.
    fn also(&self, id: Id, old: &str) -> Option<Edit> {
        let declared = self.index().get(id).filter(|declared| declared.kind == What::Value)?;
        let module = declared.span.file.0 as usize;
        let file = self.policy().phrases.files.get(module)?;
        let values = file.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Enum(found) => Some(&found.values),
            _ => None,
        });
        let name = declared.names.name.span;
        let value = values.flatten().find(|value| value.names.name.span == name)?;
        let (at, zh, en) = match value.also.last() {
            Some(last) => (last.span, "、", ", "),
            None => {
                let names = value.names.alias.as_ref().unwrap_or(&value.names.name);
                (names.span, " 亦作 ", " also ")
            }
        };
        let text = match self.language(module) {
            Language::Chinese => format!("{zh}“{old}”"),
            Language::English => format!("{en}\"{old}\""),
        };
        let end = at.range().end;
        Some(Edit { path: self.policy_path(at.file)?.clone(), span: (end..end).into(), text })
    }

    /// The changes, and the files that may have the name and cannot be changed.
    fn renamed(&self, id: Id, old: &str, to: &str) -> (Vec<Edit>, Vec<Shut>) {
        let sources = &self.policy().phrases.sources;
        let mut edits = Vec::new();
        for found in self.index().spoken_of(id) {
            let own = sources.slice(found.span);
            if !is_name(own, old) {
                continue;
            }
            let Some(at) = self.location(found.span) else { continue };
            let text = if found.declares { word::declared(to) } else { word::in_expression(to) };
            edits.push(Edit { path: at.path, span: at.span.into(), text });
        }
        let mut shut = Vec::new();
        let is_value = self.index().get(id).is_some_and(|own| own.kind == What::Value);
        for known in self.files() {
            if is_value && matches!(known.kind, KnownKind::Data | KnownKind::Workbook) {
                continue;
            }
            let found = self.outside_of(&known.path, known.kind);
            if let Some(closed) = found.closed.filter(|_| self.may_have(&known.path, id)) {
                shut.push((known.name.clone(), closed));
            }
            let own = found.mentions.into_iter().filter(|own| own.id == id && own.name == old);
            // Several names may stand in one piece: `书.章.题`.
            let mut pieces: Pieces = BTreeMap::new();
            for mention in own {
                let Quoted { span, part, .. } = mention.quoted.clone();
                let piece = pieces.entry((span.start, span.end));
                piece.or_insert_with(|| (mention.quoted, Vec::new())).1.push(part);
            }
            for (quoted, parts) in pieces.into_values() {
                let parts: Vec<_> = parts.into_iter().map(|part| (part, to)).collect();
                let text = quoted.written(&parts);
                let span = quoted.span.clone().into();
                edits.push(Edit { path: known.path.clone(), span, text });
            }
        }
        edits.sort();
        edits.dedup();
        (edits, shut)
    }

    /// Whether a file of data is read for the table that something is declared in.
    fn may_have(&self, path: &Path, id: Id) -> bool {
        let mut id = id;
        while let Some(owner) = self.index().get(id).and_then(|declared| declared.owner) {
            id = owner;
        }
        let Some(table) = self.index().get(id) else { return false };
        let span = table.names.name.span;
        let Some((_, frame)) = self.frame_at(span) else { return false };
        let reads =
            |name: &str| name.split('.').next().is_some_and(|first| frame.names.matches(first));
        let entries = self.project().manifest.data.iter();
        let mut own = entries.filter(|entry| reads(&entry.table));
        own.any(|entry| self.fitting(&entry.file).iter().any(|file| self.is_same(file, path)))
    }

    /// Tries the changes.
    fn try_rename(
        &self,
        edits: &[Edit],
        (old, to): (&str, &str),
        shut: &[Shut],
    ) -> Result<(), Box<Diagnostic>> {
        let Some(texts) = self.edited(edits) else { return Err(nothing()) };
        let view = self.with(&texts);
        let is_error = |found: &&Diagnostic| found.severity == Severity::Error;
        let before = self.stated().iter().filter(is_error).count();
        let mut wrong = view.stated().iter().filter(is_error);
        if wrong.clone().count() > before {
            let codes: BTreeSet<&str> = self.stated().iter().map(|found| found.code).collect();
            let new = wrong.clone().find(|found| !codes.contains(found.code));
            return Err(refused(old, to, new.or_else(|| wrong.next())));
        }
        let same = verdicts(self.run()) == verdicts(view.run()) && self.same_cases(&view);
        if same {
            return Ok(());
        }
        if let Some((name, closed)) = shut.first() {
            return Err(shut_file(old, name, closed));
        }
        let known: BTreeSet<&str> =
            self.run().summary.diagnostics.iter().map(|found| found.code).collect();
        let found = view.run().summary.diagnostics.iter().filter(is_error);
        let mut found = found.filter(|found| !known.contains(found.code));
        Err(refused(old, to, found.next()))
    }

    fn same_cases(&self, other: &Self) -> bool {
        let states = |view: &Self, path: &PathBuf| -> Vec<Status> {
            view.cases(path).into_iter().map(|case| case.status).collect()
        };
        let paths = &self.project().paths;
        let has_cases = |path: &&PathBuf| {
            let path = crate::testing::suite::beside(path);
            self.project().store.is_file(&path)
        };
        paths.iter().filter(has_cases).all(|path| states(self, path) == states(other, path))
    }
}

/// What a run came to, whatever things are called: the findings, the counts, the rows.
fn verdicts(run: &Run) -> (Vec<(u32, u32, Outcome)>, Counts, Vec<usize>) {
    let verdict = |own: &crate::verdict::Verdict| (own.frame.0, own.row, own.outcome);
    let mut verdicts: Vec<_> = run.verdicts.iter().map(verdict).collect();
    verdicts.sort_unstable();
    let rows = run.rows.frames.iter().map(|frame| frame.len).collect();
    (verdicts, run.summary.totals, rows)
}

/// Which of the names of a declaration is written.
fn own_name(declared: &Declaration, written: &str) -> Option<String> {
    let names = || declared.names.iter().map(|name| &name.text);
    names().find(|name| is_name(written, name)).cloned()
}

/// Whether a name is written so, in brackets or without.
fn is_name(written: &str, name: &str) -> bool {
    let bare = written.strip_prefix('「').and_then(|rest| rest.strip_suffix('」'));
    let bare = bare.unwrap_or(written);
    bare == name || name_form(bare) == name_form(name)
}

fn nothing() -> Box<Diagnostic> {
    let message = say!("这里没有可以改名的词", "no name that can be changed stands here");
    Box::new(Diagnostic::error("nothing_to_rename", message))
}

fn bad_name(to: &str) -> Box<Diagnostic> {
    let message = say!("`{to}` 不能作名称", "`{to}` cannot be a name");
    let help = say!(
        "名称不空，不含引号、竖线和 `「」`",
        "a name is not empty and has no quotation mark, no bar and no `「」`"
    );
    Box::new(Diagnostic::error("bad_new_name", message).help(help))
}

/// What the new name would do.
fn refused(old: &str, to: &str, found: Option<&Diagnostic>) -> Box<Diagnostic> {
    let message = say!(
        "把 `{old}` 改名为 `{to}`，项目就不再是原来的意思",
        "with `{to}` for `{old}` the project would no longer say the same"
    );
    let refused = Diagnostic::error("rename_changes_meaning", message);
    Box::new(match found {
        Some(Diagnostic { message: Bilingual { zh, en }, labels, .. }) => {
            let refused = refused.help(say!("改了会有：{zh}", "there would be: {en}"));
            let place = labels.first().map(|label| label.place.clone());
            match place {
                Some(place) => refused.at(place, Bilingual::default()),
                None => refused,
            }
        }
        None => refused.help(say!(
            "有的结果会变：看看数据和案例里还有没有旧名称",
            "some verdicts would change: see whether data or cases still have the old name"
        )),
    })
}

/// A heading that cannot be changed as a text.
fn shut_file(old: &str, name: &str, closed: &Closed) -> Box<Diagnostic> {
    let message = match closed {
        Closed::Workbook => say!(
            "`{name}` 是工作簿，里面的 `{old}` 不能随着改",
            "`{name}` is a workbook: `{old}` cannot be changed in it"
        ),
        Closed::Encoding => say!(
            "`{name}` 不是 UTF-8 文本，里面的 `{old}` 不能随着改",
            "`{name}` is no UTF-8 text: `{old}` cannot be changed in it"
        ),
    };
    let help = say!(
        "先在声明后写 `亦作 “{old}”`，或在清单里这个文件处写 `headings = {{ \"{old}\" = \"新名称\" }}`，再改名",
        "first write `also \"{old}\"` where it is declared, or `headings = {{ \"{old}\" = \"NEW\" }}` for the \
            file in the manifest"
    );
    let refused = Diagnostic::error("rename_in_closed_file", message).help(help);
    Box::new(refused.at(Place::file(name), Bilingual::default()))
}
