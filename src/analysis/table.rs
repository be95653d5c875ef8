//! Tables and their fields.

use super::{Analyzer, Error, Thing, names_of, nearest};
use crate::builtin;
use crate::diagnostic::Bilingual;
use crate::invariant::fit;
use crate::say;
use crate::schema::{Citable, Constant, Field, FieldId, Frame, FrameId, Names, Reading, Type};
use crate::syntax::tree::{
    self, ExprKind, FieldDecl, ItemKind, ModifierKind, Name, Path, TableDecl, TypeExpr,
};
use crate::text::Span;
use crate::value::key::canonical;
use crate::value::text::name_form;
use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

impl Analyzer<'_> {
    /// `表`: first all names, then the fields.
    pub(super) fn tables(&mut self) {
        let mut declared: Vec<(usize, &TableDecl, FrameId)> = Vec::new();
        for (module, item) in self.items() {
            let ItemKind::Table(decl) = &item.kind else { continue };
            let frame = self.new_frame(&names_of(&decl.names), None, decl.names.name.span);
            if let Some(frame) = self.schema_mut().frames.get_mut(frame.0 as usize) {
                frame.single = decl.single.is_some();
            }
            self.declare(module, &decl.names, Thing::Table(frame));
            declared.push((module, decl, frame));
        }
        for &(module, decl, frame) in &declared {
            self.fields(module, frame, &decl.fields);
            self.citable(frame, decl);
        }
        self.cite_rows();
        let fields = self.program.schema.frames.iter().flat_map(|frame| &frame.fields);
        let referred: BTreeSet<FrameId> = fields
            .filter_map(|field| match field.ty {
                Type::Ref(table) => Some(table),
                _ => None,
            })
            .collect();
        for (_, decl, frame) in declared {
            self.check_keys(decl, frame, referred.contains(&frame));
        }
        self.check_kinds_of_keys();
    }

    pub(super) fn new_frame(
        &mut self,
        names: &Names,
        parent: Option<(FrameId, FieldId)>,
        span: crate::text::Span,
    ) -> FrameId {
        let id = FrameId(fit(self.program.schema.frames.len()));
        let frame = Frame {
            names: names.clone(),
            parent,
            fields: Vec::new(),
            single: false,
            plain: false,
            citable: None,
            citations: None,
            span,
        };
        self.schema_mut().frames.push(frame);
        id
    }

    fn fields(&mut self, module: usize, frame: FrameId, fields: &[FieldDecl]) {
        for decl in fields {
            let names = names_of(&decl.names);
            self.refer_both(&decl.names, &names);
            self.warn_of_builtin(&decl.names, false);
            self.refuse_empty(&decl.also);
            let also = decl.also.iter().map(|also| (also.text.as_str(), also.span));
            let headings = names.iter().map(|name| (name, decl.names.name.span)).chain(also);
            let known = headings.filter_map(|(heading, span)| {
                Some((self.headings.get(&frame, &canonical(heading))?, heading, span))
            });
            let twin = known.min_by_key(|(id, ..)| *id).and_then(|(id, heading, span)| {
                let first = self.program.schema.field(frame, id)?;
                let shared = names.iter().filter(|name| first.names.matches(name));
                let shared: Vec<String> = shared.map(str::to_owned).collect();
                Some((id, (heading.to_owned(), span, first.span), shared))
            });
            if let Some((id, (name, span, first), shared)) = twin {
                self.disputed
                    .extend(shared.iter().map(|name| (frame, name_form(name).into_owned())));
                let own = self.program.schema.frame(frame).map_or(0, |found| found.fields.len());
                self.ambiguous.fields.extend([(frame, id), (frame, FieldId(fit(own)))]);
                self.report(Error::DuplicateName { name, span, first });
            }
            let id = FieldId(
                self.program.schema.frame(frame).map_or(0, |found| fit(found.fields.len())),
            );
            let declared = self.field_type(module, frame, id, decl);
            let bare;
            let (ty, decl) = match declared {
                Some(ty) => (ty, decl),
                None => {
                    // It is there, and nothing can be said of its values.
                    self.disputed.extend(names.iter().map(|name| (frame, name.to_owned())));
                    let kept = decl.modifiers.iter().filter(|modifier| {
                        matches!(modifier.kind, ModifierKind::Key | ModifierKind::Optional)
                    });
                    bare = FieldDecl { modifiers: kept.cloned().collect(), ..decl.clone() };
                    (Type::Text, &bare)
                }
            };
            let mut field = self.field(decl, names, ty);
            self.absent(module, &mut field);
            if self.reads_twice(decl) {
                self.ambiguous.fields.insert((frame, id));
            }
            if field.ordering
                && self.program.schema.frame(frame).and_then(Frame::ordering).is_some()
            {
                let message = say!(
                    "一个表或列表只能有一个“为序”的字段",
                    "rows can be in order of one field only"
                );
                self.report(Error::BadTable {
                    message,
                    help: say!("只留一个“为序”", "keep one `ordering`"),
                    span: field.span,
                });
            }
            self.push_field(frame, field);
        }
    }

    /// Words without a letter: an empty cell or heading stands for nothing.
    pub(super) fn refuse_empty(&mut self, also: &[tree::Text]) {
        let empty = also.iter().filter(|word| canonical(&word.text).is_empty());
        empty.for_each(|word| self.report(Error::EmptyWord { span: word.span }));
    }

    pub(super) fn push_field(&mut self, frame: FrameId, field: Field) {
        let Some(found) = self.schema_mut().frames.get_mut(frame.0 as usize) else { return };
        let id = FieldId(fit(found.fields.len()));
        found.fields.push(field.clone());
        self.fields.add_both(frame, &field.names, id);
        for heading in field.names.iter().chain(field.also.iter().map(|also| &**also)) {
            self.headings.add(frame, canonical(heading).as_ref().into(), id);
        }
    }

    fn field_type(
        &mut self,
        module: usize,
        frame: FrameId,
        id: FieldId,
        decl: &FieldDecl,
    ) -> Option<Type> {
        let names = names_of(&decl.names);
        match &decl.ty {
            TypeExpr::Name(name) | TypeExpr::Many(name) if self.is_citation(module, name) => {
                let child = self.new_frame(&names, Some((frame, id)), decl.names.name.span);
                Some(self.citation_list(module, child, decl, name))
            }
            TypeExpr::Name(name) => self.plain_type(module, name),
            TypeExpr::Record(fields) => {
                let child = self.new_frame(&names, Some((frame, id)), decl.names.name.span);
                self.fields(module, child, fields);
                Some(Type::List(child))
            }
            TypeExpr::Many(name) => {
                let ty = self.plain_type(module, name)?;
                let child = self.new_frame(&names, Some((frame, id)), decl.names.name.span);
                let (zh, en) = builtin::ELEMENT;
                let names = Names { name: zh.into(), alias: Some(en.into()) };
                let span = name.span;
                let field = Field::new(names, ty, span);
                let child_frame = self.schema_mut().frames.get_mut(child.0 as usize)?;
                child_frame.plain = true;
                self.push_field(child, field);
                Some(Type::List(child))
            }
        }
    }

    fn field(&mut self, decl: &FieldDecl, names: Names, ty: Type) -> Field {
        let also = decl.also.iter().map(|text| text.text.as_str().into()).collect();
        let span = decl.names.name.span;
        let mut field = Field { also, ..Field::new(names, ty, span) };
        for modifier in &decl.modifiers {
            match &modifier.kind {
                ModifierKind::Key => (field.key, field.unique) = (true, true),
                ModifierKind::Unique => field.unique = true,
                ModifierKind::Optional => field.optional = true,
                ModifierKind::Ordering => field.ordering = true,
                ModifierKind::Default(value) => field.default = self.default(value, ty),
                ModifierKind::Unit(heading) => field.unit_column = self.unit_column(heading, ty),
                ModifierKind::Written(pattern) => field.written = self.written(pattern, ty),
                ModifierKind::Of(_) => self.is_made_of(modifier.span, ty),
                ModifierKind::Reading(readings) => {
                    field.readings = readings
                        .iter()
                        .filter_map(|entry| {
                            Some((entry.text.text.as_str().into(), self.reading(entry, ty)?))
                        })
                        .collect();
                }
            }
        }
        if field.ordering && !matches!(ty, Type::Date | Type::Instant | Type::Integer) {
            let message = say!(
                "“为序”的字段须是日期、时刻或整数",
                "the field rows are in order of must be a date, an instant or an integer"
            );
            self.report(Error::BadTable {
                message,
                help: say!("改用这样的字段", "mark such a field instead"),
                span,
            });
        }
        if field.optional && (field.key || field.default.is_some()) {
            let message = say!(
                "主键和有默认值的字段不能又是可缺的",
                "a key, or a field with a default, cannot be optional too"
            );
            self.report(Error::BadTable {
                message,
                help: say!("删去“可缺”", "delete `optional`"),
                span,
            });
        }
        field
    }

    /// Whether `读作` gives one text two meanings.
    fn reads_twice(&mut self, decl: &FieldDecl) -> bool {
        let mut texts: BTreeMap<Cow<'_, str>, Span> = BTreeMap::new();
        let mut twice = false;
        for modifier in &decl.modifiers {
            let ModifierKind::Reading(readings) = &modifier.kind else { continue };
            for text in readings.iter().map(|entry| &entry.text) {
                match texts.entry(canonical(&text.text)) {
                    Entry::Vacant(slot) => _ = slot.insert(text.span),
                    Entry::Occupied(first) => {
                        let (name, first) = (text.text.clone(), *first.get());
                        self.report(Error::DuplicateName { name, span: text.span, first });
                        twice = true;
                    }
                }
            }
        }
        twice
    }

    /// The value of a row that lacks the field; `{}` for a list that may be left out when it is
    /// empty.
    fn default(&mut self, value: &tree::Expr, ty: Type) -> Option<Constant> {
        match (&value.kind, ty) {
            (ExprKind::Set(elements), Type::List(_)) if elements.is_empty() => {
                Some(Constant::Empty)
            }
            _ => self.constant(value, ty),
        }
    }

    /// An entry of `读作`: a value of the field's type, the name of the field's own unit, or `缺`
    /// where that is no value of the field's enum.
    fn reading(&mut self, entry: &tree::Reading, ty: Type) -> Option<Reading> {
        if let ExprKind::Name(name) = &entry.value.kind
            && ["缺", "absent"].contains(&&*name.text)
            && !matches!(ty, Type::Enum(id) if self.enum_index(&name.text, id).is_some())
        {
            self.refer(name.span, &Names { name: "缺".into(), alias: Some("absent".into()) });
            return Some(Reading::Absent);
        }
        if let ExprKind::Name(name) = &entry.value.kind
            && let Some((_, zh, en)) = builtin::TYPES
                .iter()
                .find(|(unit, zh, en)| *unit == ty && (*zh == name.text || *en == name.text))
        {
            let names = Names { name: (*zh).into(), alias: Some((*en).into()) };
            self.refer(name.span, &names);
            return self.fits_unit(&entry.text, ty).then_some(Reading::Unit);
        }
        if let ExprKind::Name(name) = &entry.value.kind
            && says_nothing(&name.text)
            && !matches!(ty, Type::Enum(id) if self.enum_index(&name.text, id).is_some())
        {
            let help = say!("没有填写的写作 `缺`", "for what is not given write `absent`");
            let (found, span) = (name.text.clone(), name.span);
            self.report(Error::Otherwise { found, help, span });
            return Some(Reading::Absent);
        }
        // An empty cell gives nothing, and so does one that stands for an empty text.
        Some(match self.constant(&entry.value, ty)? {
            Constant::Text(text) if text.is_empty() => Reading::Absent,
            constant => Reading::Value(constant),
        })
    }

    /// A built-in type, an enum or a table.
    pub(super) fn plain_type(&mut self, module: usize, name: &Name) -> Option<Type> {
        if let Some((ty, zh, en)) =
            builtin::TYPES.iter().find(|(_, zh, en)| *zh == name.text || *en == name.text)
        {
            let names = Names { name: (*zh).into(), alias: Some((*en).into()) };
            self.refer(name.span, &names);
            return Some(*ty);
        }
        let (ty, names, declared) = match self.thing(module, &name.text) {
            Some(Thing::Enum(index)) => {
                let found = self.program.schema.enums.get(index as usize)?;
                (Type::Enum(crate::schema::EnumId(index)), found.names.clone(), found.span)
            }
            Some(Thing::Table(frame)) => {
                let found = self.program.schema.frame(frame)?;
                (Type::Ref(frame), found.names.clone(), found.span)
            }
            _ => {
                let known = builtin::TYPES
                    .iter()
                    .flat_map(|(_, zh, en)| [*zh, *en])
                    .chain([builtin::citation::CITATION.0, builtin::citation::CITATION.1])
                    .chain(self.things.keys().map(String::as_str));
                let near = nearest(&name.text, known);
                self.report(Error::UnknownType {
                    name: name.text.clone(),
                    span: name.span,
                    nearest: near,
                });
                return None;
            }
        };
        self.refer_to(name.span, &names, declared);
        Some(ty)
    }

    fn citable(&mut self, frame: FrameId, decl: &TableDecl) {
        let Some(citable) = &decl.citable else { return };
        let mut find = |name: &Name, ty: Type| {
            let found = self.field_called(frame, &name.text);
            match found.and_then(|id| {
                self.program
                    .schema
                    .field(frame, id)
                    .map(|field| (id, field.ty, (field.names.clone(), field.span)))
            }) {
                Some((id, found, (names, declared))) if found == ty => {
                    self.refer_to(name.span, &names, declared);
                    Some(id)
                }
                Some((_, found, _)) => {
                    let (found, expected) = (self.type_words(found), self.type_words(ty));
                    self.report(Error::WrongType { found, expected, span: name.span, help: None });
                    None
                }
                None => {
                    self.unknown_field(frame, name);
                    None
                }
            }
        };
        let titles = citable.titles.iter().filter_map(|name| find(name, Type::Text)).collect();
        let from = citable.from.as_ref().and_then(|name| find(name, Type::Date));
        let to = citable.to.as_ref().and_then(|name| find(name, Type::Date));
        if let Some(found) = self.schema_mut().frames.get_mut(frame.0 as usize) {
            found.citable = Some(Citable { titles, from, to });
        }
    }

    /// A field by one of its two names (further headings are for data only).
    pub(super) fn field_called(&self, frame: FrameId, name: &str) -> Option<FieldId> {
        self.fields.get(&frame, name)
    }

    /// Reports a field nobody declared.
    pub(super) fn unknown_field(&mut self, frame: FrameId, name: &Name) {
        let known: Vec<String> = self.program.schema.frame(frame).map_or_else(Vec::new, |found| {
            found.fields.iter().flat_map(|field| field.names.iter()).map(str::to_owned).collect()
        });
        let near = nearest(&name.text, known.iter().map(String::as_str));
        let of = self.frame_names(frame);
        let kind = Bilingual::new(format!("`{}` 的字段", of.zh), format!("field of `{}`", of.en));
        self.report(Error::UnknownName {
            name: name.text.clone(),
            span: name.span,
            kind,
            nearest: near,
            split: None,
            hidden_in: None,
            wanted: None,
        });
    }

    /// A key is needed where a table is referred to, at most one, never in a single-row table.
    fn check_keys(&mut self, decl: &TableDecl, id: FrameId, referred: bool) {
        let Some(frame) = self.program.schema.frame(id) else { return };
        let (keys, single, span) = (
            frame.fields.iter().filter(|field| field.key).count(),
            frame.single,
            decl.names.name.span,
        );
        let name = &decl.names.name.text;
        if keys > 1 {
            let message =
                say!("表 `{name}` 有不止一个主键", "table `{name}` has more than one key");
            self.report(Error::BadTable {
                message,
                help: say!(
                    "只留一个“主键”，其余写“唯一”",
                    "keep one `key`, write `unique` for the others"
                ),
                span,
            });
        } else if keys == 0 && referred {
            let message = say!(
                "表 `{name}` 被引用，却没有主键",
                "table `{name}` is referred to but has no key"
            );
            self.report(Error::BadTable {
                message,
                help: say!("在一个字段后写“主键”", "write `key` after one of its fields"),
                span,
            });
        } else if single && referred {
            let message = say!(
                "单份的表 `{name}` 不能被引用",
                "the single-row table `{name}` cannot be referred to"
            );
            self.report(Error::BadTable {
                message,
                help: say!("直接用表名读取", "read it by its name"),
                span,
            });
        }
    }

    /// `书`, `书.章`, or a nested list by its own name where only one is called so; reported where
    /// there is none.
    pub(super) fn frame_path(&mut self, module: usize, path: &Path) -> Option<FrameId> {
        let found = self.find_frame(module, path);
        if found.is_none() {
            let known: Vec<String> = self
                .program
                .schema
                .frames
                .iter()
                .flat_map(|frame| frame.names.iter())
                .map(str::to_owned)
                .collect();
            let text = self.slice(path.span);
            let near = nearest(&text, known.iter().map(String::as_str));
            if near.is_none() && self.is_misheard(module, &text, path.span) {
                return None;
            }
            let listed = |name: fn(&Names) -> &str, joint: &str| {
                let tables = self.program.schema.tables().map(|(_, table)| name(&table.names));
                tables.collect::<Vec<_>>().join(joint)
            };
            let tables = Bilingual::new(listed(Names::zh, "、"), listed(Names::en, ", "));
            let alone = match path.names.as_slice() {
                [name] => self.only_table_with(&name.text),
                _ => None,
            };
            let field_of = alone
                .and_then(|frame| self.program.schema.frame(frame))
                .map(|frame| Bilingual::new(frame.names.zh(), frame.names.en()));
            let hidden_in = path.names.first().and_then(|name| self.hidden_in(module, &name.text));
            self.report(Error::NotASubject {
                text,
                span: path.span,
                nearest: near,
                hidden_in,
                tables,
                field_of,
            });
        }
        found
    }

    /// As [`Self::frame_path`], silently.
    pub(super) fn find_frame(&mut self, module: usize, path: &Path) -> Option<FrameId> {
        let (first, rest) = path.names.split_first()?;
        let mut frame = match self.table(module, &first.text) {
            Some(frame) => frame,
            None => self.only_list(module, &first.text)?,
        };
        let found = self.program.schema.frame(frame)?;
        let mut occurrences = vec![(first.span, found.names.clone(), found.span)];
        for name in rest {
            let field = self.field_called(frame, &name.text)?;
            let field = self.program.schema.field(frame, field)?;
            let Type::List(child) = field.ty else { return None };
            occurrences.push((name.span, field.names.clone(), field.span));
            frame = child;
        }
        for (span, names, declared) in occurrences {
            self.refer_to(span, &names, declared);
        }
        Some(frame)
    }

    /// The nested list of this name, if exactly one visible table has one.
    fn only_list(&self, module: usize, name: &str) -> Option<FrameId> {
        let schema = &self.program.schema;
        let mut found = (0..).map(FrameId).zip(&schema.frames).filter(|(id, frame)| {
            let root = schema
                .frame(schema.root(*id))
                .map(|root| root.names.name.to_string())
                .unwrap_or_default();
            frame.parent.is_some()
                && frame.names.matches(name)
                && self.table(module, &root).is_some()
        });
        let (id, _) = found.next()?;
        found.next().is_none().then_some(id)
    }

    /// A default value in force where a row lacks the field, as an expression would see it.
    pub(super) fn is_optional(&self, frame: FrameId, field: FieldId) -> bool {
        self.program.schema.field(frame, field).is_some_and(|field| {
            field.optional && field.default.as_ref().is_none_or(|_: &Constant| false)
        })
    }
}

/// Whether a word is one that people write for what is not given.
fn says_nothing(word: &str) -> bool {
    let zh = ["无", "空", "空白", "没有", "未填", "未填写", "缺失", "空值", "不适用"];
    let en = ["none", "null", "nil", "nothing", "empty", "missing", "blank", "na"];
    zh.contains(&word) || en.contains(&word.to_lowercase().as_str())
}
