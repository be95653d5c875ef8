//! Files, and which names each of them sees.

use super::{Analyzer, Error, names_of, nearest};
use crate::program::Module;
use crate::schema::Names;
use crate::syntax::tree::ItemKind;
use crate::text::{Source, Span};
use std::collections::BTreeSet;

impl Analyzer<'_> {
    /// Names the files and works out what each one sees.
    pub(super) fn modules(&mut self) {
        let files = self.files;
        for file in files {
            let header = file.items.iter().find_map(|item| match &item.kind {
                ItemKind::Header(header) => Some((header, item.span)),
                _ => None,
            });
            let module = match header {
                Some((header, span)) => {
                    let names = names_of(&header.names);
                    self.refer_both(&header.names, &names);
                    Module {
                        file: file.file,
                        names,
                        vocabulary: header.vocabulary,
                        language: file.language,
                        span,
                    }
                }
                None => {
                    let stem = self.sources.get(file.file).map_or("", Source::stem);
                    let names = Names { name: stem.into(), alias: None };
                    Module {
                        file: file.file,
                        names,
                        vocabulary: false,
                        language: file.language,
                        span: Span::new(file.file, 0, 0),
                    }
                }
            };
            let same = self.modules.first(&(), module.names.iter());
            let same = same.and_then(|same| self.program.modules.get(same));
            if let Some(first) = same {
                let (name, first) = (module.names.name.to_string(), first.span);
                self.report(Error::DuplicateName { name, span: module.span, first });
            }
            self.modules.add_both((), &module.names, self.program.modules.len());
            self.program.modules.push(module);
        }
        let uses = self.uses();
        self.visible = (0..files.len()).map(|module| closure(module, &uses)).collect();
        self.circles(&uses);
    }

    /// Both occurrences of a declaration refer to it.
    pub(super) fn refer_both(&mut self, written: &crate::syntax::tree::Names, names: &Names) {
        let declared = written.name.span;
        self.refer_to(declared, names, declared);
        if let Some(alias) = &written.alias {
            self.refer_to(alias.span, names, declared);
        }
    }

    /// What a file calls itself, and where.
    pub(super) fn module_called(&self, module: usize) -> Option<(Names, Span)> {
        let header = self.files.get(module)?.header()?;
        let names = self.program.modules.get(module)?.names.clone();
        Some((names, header.names.name.span))
    }

    /// For each module, the modules it names, with the place of the name.
    fn uses(&mut self) -> Vec<Vec<(usize, Span)>> {
        let mut uses = vec![Vec::new(); self.files.len()];
        for (module, item) in self.items() {
            let ItemKind::Use(names) = &item.kind else { continue };
            for name in names {
                let found = self.modules.get(&(), &name.text);
                if let Some(target) = found {
                    if let Some(list) = uses.get_mut(module) {
                        list.push((target, name.span));
                    }
                    if let Some((names, declared)) = self.module_called(target) {
                        self.refer_to(name.span, &names, declared);
                    }
                } else {
                    let near = nearest(
                        &name.text,
                        self.program.modules.iter().flat_map(|module| module.names.iter()),
                    );
                    self.report(Error::UnknownModule {
                        name: name.text.clone(),
                        span: name.span,
                        nearest: near,
                    });
                }
            }
        }
        uses
    }

    fn circles(&mut self, uses: &[Vec<(usize, Span)>]) {
        for (module, targets) in uses.iter().enumerate() {
            for &(target, span) in targets {
                if closure(target, uses).contains(&module) {
                    let name = self.slice(span);
                    self.report(Error::CircularUse { name, span });
                }
            }
        }
    }
}

/// A module and all it uses, directly or not.
fn closure(module: usize, uses: &[Vec<(usize, Span)>]) -> BTreeSet<usize> {
    let mut seen = BTreeSet::from([module]);
    let mut open = vec![module];
    while let Some(at) = open.pop() {
        let targets = uses.get(at).into_iter().flatten().map(|(target, _)| *target);
        open.extend(targets.filter(|target| seen.insert(*target)));
    }
    seen
}
