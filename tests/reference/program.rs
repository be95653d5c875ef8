//! What the trees declare, in the order they declare it.

use super::judge::covers;
use fanshi::syntax::tree::{
    Article, ArticleNumber, DecisionDecl, EnumOrder, Expr, FieldDecl, File, ItemKind, ModifierKind,
    Name, Names, Path, Period, TypeExpr,
};

pub enum Type {
    Plain(String),
    Enum(usize),
    Ref(usize),
    List(usize),
}

pub struct Field {
    pub name: String,
    pub ty: Type,
    pub optional: bool,
    pub default: Option<Expr>,
    pub key: bool,
}

/// A table or a nested list.
pub struct Frame {
    pub name: String,
    pub parent: Option<usize>,
    pub single: bool,
    /// A list of a plain type.
    pub plain: bool,
    pub fields: Vec<Field>,
}

pub struct Enumeration {
    pub name: String,
    pub values: Vec<String>,
    pub order: Option<EnumOrder>,
}

pub struct Definition {
    pub frame: usize,
    pub name: String,
    pub body: Expr,
}

pub struct Decision {
    pub policy: String,
    pub frame: usize,
    pub field: usize,
    pub declared: DecisionDecl,
    /// Its policy's: outside of it neither its order nor its `否则` holds.
    pub period: Option<Period>,
}

pub struct Provision {
    pub policy: String,
    pub name: String,
    pub article: Article,
    pub period: Option<Period>,
}

impl Provision {
    /// `policy.article`.
    pub fn called(&self) -> String {
        format!("{}.{}", self.policy, self.name)
    }
}

/// A calendar: its table's name is found again when it is read.
pub struct Calendar {
    pub frame: usize,
    pub date: usize,
    pub rest: Vec<i8>,
    pub off: Expr,
    pub on: Expr,
}

#[derive(Default)]
pub struct Program {
    pub enums: Vec<Enumeration>,
    pub frames: Vec<Frame>,
    pub definitions: Vec<Definition>,
    pub parameters: Vec<(String, Type, Expr)>,
    pub decisions: Vec<Decision>,
    pub articles: Vec<Provision>,
    pub calendar: Option<Calendar>,
}

impl Program {
    pub fn new(files: &[File]) -> Self {
        let mut program = Self::default();
        let items: Vec<&ItemKind> =
            files.iter().flat_map(|file| &file.items).map(|item| &item.kind).collect();
        for item in &items {
            if let ItemKind::Enum(found) = item {
                let values = found.values.iter().map(|value| called(&value.names)).collect();
                program.enums.push(Enumeration {
                    name: called(&found.names),
                    values,
                    order: found.order,
                });
            }
            if let ItemKind::Table(found) = item {
                let (name, single) = (called(&found.names), found.single.is_some());
                program.frames.push(Frame {
                    name,
                    parent: None,
                    single,
                    plain: false,
                    fields: Vec::new(),
                });
            }
        }
        let tables: Vec<_> = items
            .iter()
            .filter_map(|item| if let ItemKind::Table(found) = item { Some(found) } else { None })
            .collect();
        for (index, table) in tables.iter().enumerate() {
            program.fields(index, &table.fields);
        }
        for item in &items {
            match item {
                ItemKind::Definition(found) => {
                    let frame = program.frame(&found.subject).expect("a frame");
                    program.definitions.push(Definition {
                        frame,
                        name: called(&found.names),
                        body: found.body.clone(),
                    });
                }
                ItemKind::Parameter(found) => {
                    let (TypeExpr::Name(name) | TypeExpr::Many(name)) = &found.ty else {
                        panic!("a parameter of records")
                    };
                    program.parameters.push((
                        called(&found.names),
                        program.named(&name.text),
                        found.value.clone(),
                    ));
                }
                ItemKind::Calendar(found) => {
                    let frame = program.table(&found.table.text).expect("a table");
                    let date = program.field(frame, &found.date.text).expect("a field");
                    let rest = found
                        .rest
                        .iter()
                        .map(|day| day.text.parse().expect("a day of the week"))
                        .collect();
                    program.calendar = Some(Calendar {
                        frame,
                        date,
                        rest,
                        off: found.off.clone(),
                        on: found.on.clone(),
                    });
                }
                _ => {}
            }
        }
        files.iter().for_each(|file| program.rules(file));
        program
    }

    fn rules(&mut self, file: &File) {
        let mut policy = String::new();
        let mut period = None;
        for item in &file.items {
            match &item.kind {
                ItemKind::Header(header) => {
                    (policy, period) = (called(&header.names), header.period.clone())
                }
                ItemKind::Article(article) => {
                    let (policy, name) = (policy.clone(), called(&article.names));
                    self.articles.push(Provision {
                        policy,
                        name,
                        article: article.clone(),
                        period: period.clone(),
                    });
                }
                ItemKind::Decision(found) => {
                    let (last, owner) = found.field.names.split_last().expect("a path");
                    let frame = self.frame_of(owner).expect("a frame");
                    let field = self.field(frame, &last.text).expect("a field");
                    self.decisions.push(Decision {
                        policy: policy.clone(),
                        frame,
                        field,
                        declared: found.clone(),
                        period: period.clone(),
                    });
                }
                _ => {}
            }
        }
    }

    /// Takes out what does not hold on a day.
    pub fn settle(&mut self, today: jiff::civil::Date) {
        for decision in &mut self.decisions {
            if decision.period.as_ref().is_some_and(|period| !covers(period, today)) {
                decision.declared.order.clear();
                decision.declared.otherwise = None;
            }
        }
    }

    fn fields(&mut self, frame: usize, fields: &[FieldDecl]) {
        for declared in fields {
            let ty = match &declared.ty {
                TypeExpr::Name(name) => self.named(&name.text),
                TypeExpr::Many(name) => {
                    let list = self.nested(frame, &declared.names, true);
                    let ty = self.named(&name.text);
                    self.frames[list].fields.push(Field {
                        name: "值".into(),
                        ty,
                        optional: false,
                        default: None,
                        key: false,
                    });
                    Type::List(list)
                }
                TypeExpr::Record(inner) => {
                    let list = self.nested(frame, &declared.names, false);
                    self.fields(list, inner);
                    Type::List(list)
                }
            };
            let default = declared.modifiers.iter().find_map(|modifier| match &modifier.kind {
                ModifierKind::Default(value) => Some(value.clone()),
                _ => None,
            });
            let optional = declared
                .modifiers
                .iter()
                .any(|modifier| matches!(modifier.kind, ModifierKind::Optional));
            let key = declared
                .modifiers
                .iter()
                .any(|modifier| matches!(modifier.kind, ModifierKind::Key));
            self.frames[frame].fields.push(Field {
                name: called(&declared.names),
                ty,
                optional,
                default,
                key,
            });
        }
    }

    fn nested(&mut self, parent: usize, names: &Names, plain: bool) -> usize {
        self.frames.push(Frame {
            name: called(names),
            parent: Some(parent),
            single: false,
            plain,
            fields: Vec::new(),
        });
        self.frames.len() - 1
    }

    fn named(&self, name: &str) -> Type {
        if let Some(index) = self.enums.iter().position(|found| found.name == name) {
            return Type::Enum(index);
        }
        self.table(name).map_or_else(|| Type::Plain(name.to_owned()), Type::Ref)
    }

    pub fn table(&self, name: &str) -> Option<usize> {
        self.frames.iter().position(|frame| frame.parent.is_none() && frame.name == name)
    }

    pub fn field(&self, frame: usize, name: &str) -> Option<usize> {
        self.frames[frame].fields.iter().position(|field| field.name == name)
    }

    pub fn key(&self, frame: usize) -> Option<usize> {
        self.frames[frame].fields.iter().position(|field| field.key)
    }

    pub fn definition(&self, frame: usize, name: &str) -> Option<&Definition> {
        self.definitions
            .iter()
            .find(|definition| definition.frame == frame && definition.name == name)
    }

    pub fn frame(&self, path: &Path) -> Option<usize> {
        self.frame_of(&path.names)
    }

    /// `事项`, `事项.环节`, `环节` where only one list is called so.
    pub fn frame_of(&self, path: &[Name]) -> Option<usize> {
        let (first, rest) = path.split_first()?;
        let start = self
            .table(&first.text)
            .or_else(|| self.frames.iter().position(|frame| frame.name == first.text))?;
        rest.iter().try_fold(start, |frame, name| {
            match self.frames[frame].fields[self.field(frame, &name.text)?].ty {
                Type::List(list) => Some(list),
                _ => None,
            }
        })
    }

    pub fn number(&self, policy: &str, number: ArticleNumber) -> Option<usize> {
        self.articles
            .iter()
            .position(|found| found.policy == policy && found.article.number == number)
    }
}

pub fn called(names: &Names) -> String {
    names.name.text.clone()
}
