//! Values of a wanted type.

use super::{FieldType, Part, Random, Schema, Term, Ty};

/// The rows an expression can see (frames, outermost first), the level it speaks of, and the
/// optional paths known to be there.
#[derive(Clone)]
pub struct Scope {
    pub levels: Vec<usize>,
    pub this: Option<usize>,
    pub guards: Vec<String>,
}

/// A readable path.
#[derive(Clone, Debug)]
pub struct Path {
    pub text: String,
    pub ty: Ty,
    /// The optional paths that must be there before it is read.
    pub needs: Vec<String>,
    /// Whether it is a field of a row, not a definition.
    pub field: bool,
}

/// A list: its text, the frames of its elements, and whether it is reached through another row.
#[derive(Clone, Debug)]
pub struct List {
    pub text: String,
    pub frames: Vec<usize>,
    pub through: bool,
    /// The frame whose list it is.
    pub owner: usize,
}

pub struct Writer<'a> {
    pub random: &'a mut Random,
    pub schema: &'a Schema,
}

pub const DEPTH: usize = 3;

impl Writer<'_> {
    /// The scope of a definition or article about a frame.
    pub fn scope(&self, frame: usize) -> Scope {
        let levels = self.schema.chain(frame);
        Scope { this: Some(levels.len() - 1), levels, guards: Vec::new() }
    }

    /// Whether a name of a level is not hidden by the rows inside it.
    fn visible(&self, scope: &Scope, level: usize, name: &str) -> bool {
        !scope.levels[level + 1..].iter().any(|frame| self.schema.has_member(*frame, name))
    }

    pub fn paths(&self, scope: &Scope) -> Vec<Path> {
        let mut found = Vec::new();
        for (level, frame) in scope.levels.iter().enumerate() {
            for path in self.own(*frame, "", &[]) {
                let name = path.text.split('.').next().unwrap_or_default();
                if self.visible(scope, level, name) {
                    found.push(path);
                }
            }
        }
        if let Some(this) = scope.this {
            found.extend(self.own(scope.levels[this], "本行.", &[]));
        }
        let single = &self.schema.frames[super::schema::SINGLE];
        if !scope.levels.contains(&super::schema::SINGLE) {
            found.extend(self.own(super::schema::SINGLE, &format!("{}.", single.name), &[]));
        }
        found
    }

    /// The paths of a frame: fields, definitions, and those of the rows it refers to.
    pub fn own(&self, frame: usize, prefix: &str, needs: &[String]) -> Vec<Path> {
        let mut found = Vec::new();
        for field in &self.schema.frames[frame].fields {
            let FieldType::Plain(ty) = field.ty else { continue };
            let text = format!("{prefix}{}", field.name);
            let mut needs = needs.to_vec();
            if field.optional {
                needs.push(text.clone());
            }
            if let Ty::Ref(target) = ty
                && text.matches('.').count() < 2
            {
                found.extend(self.own(target, &format!("{text}."), &needs));
            }
            found.push(Path { text, ty, needs, field: true });
        }
        for (name, ty) in &self.schema.frames[frame].definitions {
            found.push(Path {
                text: format!("{prefix}{name}"),
                ty: *ty,
                needs: needs.to_vec(),
                field: false,
            });
        }
        found
    }

    /// The paths that may be read here.
    pub fn readable(&self, scope: &Scope, ty: Ty) -> Vec<Path> {
        let mut paths = self.paths(scope);
        paths.retain(|path| {
            path.ty == ty && path.needs.iter().all(|need| scope.guards.contains(need))
        });
        paths
    }

    pub fn lists(&self, scope: &Scope) -> Vec<List> {
        let mut found = Vec::new();
        for (level, frame) in scope.levels.iter().enumerate() {
            for list in self.own_lists(*frame, "", false) {
                // Inside a list its name is the element's own.
                let own = scope.levels.iter().any(|frame| {
                    self.schema.frames[*frame].parent.is_some()
                        && self.schema.frames[*frame].name == list.text
                });
                if !own && self.visible(scope, level, &list.text) {
                    found.push(list);
                }
            }
        }
        if let Some(this) = scope.this {
            found.extend(self.own_lists(scope.levels[this], "本行.", false));
        }
        for path in self.paths(scope) {
            let allowed = path.field && path.needs.iter().all(|need| scope.guards.contains(need));
            if let (Ty::Ref(target), true) = (path.ty, allowed) {
                found.extend(self.own_lists(target, &format!("{}.", path.text), true));
            }
        }
        for (table, frame) in
            self.schema.frames.iter().enumerate().filter(|(_, frame)| frame.parent.is_none())
        {
            let hidden =
                scope.levels.iter().any(|level| self.schema.has_member(*level, &frame.name));
            if frame.single {
                if !scope.levels.contains(&table) {
                    found.extend(self.own_lists(table, &format!("{}.", frame.name), true));
                }
            } else if !hidden {
                found.push(List {
                    text: frame.name.clone(),
                    frames: vec![table],
                    through: false,
                    owner: table,
                });
                if !scope.levels.contains(&table) {
                    let nested = self.nested(table, &format!("{}.", frame.name), false);
                    found.extend(
                        nested
                            .into_iter()
                            .map(|list| List { frames: self.schema.chain(list.frames[0]), ..list }),
                    );
                }
            }
        }
        found
    }

    fn own_lists(&self, frame: usize, prefix: &str, through: bool) -> Vec<List> {
        let mut found = self.nested(frame, prefix, through);
        for table in self.schema.inverses(frame) {
            found.push(List {
                text: format!("{prefix}{}", self.schema.frames[table].name),
                frames: vec![table],
                through,
                owner: frame,
            });
        }
        found
    }

    fn nested(&self, frame: usize, prefix: &str, through: bool) -> Vec<List> {
        let fields = self.schema.frames[frame].fields.iter();
        fields
            .filter_map(|field| match field.ty {
                FieldType::List(list) => Some(List {
                    text: format!("{prefix}{}", field.name),
                    frames: vec![list],
                    through,
                    owner: frame,
                }),
                FieldType::Plain(_) => None,
            })
            .collect()
    }

    /// The scope inside a list form.
    pub fn inside(&self, scope: &Scope, list: &List) -> Scope {
        if list.through {
            let mut levels = self.schema.chain(list.owner);
            levels.extend(&list.frames);
            return Scope { levels, this: None, guards: Vec::new() };
        }
        let mut inner = scope.clone();
        inner.levels.extend(&list.frames);
        inner.guards.retain(|guard| {
            let name = guard.split('.').next().unwrap_or_default();
            name == "本行" || !list.frames.iter().any(|frame| self.schema.has_member(*frame, name))
        });
        inner
    }

    /// A value of a type; `plainly` where an enum's value may be named.
    pub fn value(&mut self, scope: &Scope, ty: Ty, depth: usize, plainly: bool) -> Option<Term> {
        if ty == Ty::Boolean {
            return Some(self.condition(scope, depth));
        }
        let literal = plainly || !matches!(ty, Ty::Enum(_) | Ty::Ref(_));
        for _ in 0..4 {
            let found = match self.random.below(10) {
                0..=1 if literal && !matches!(ty, Ty::Ref(_)) => {
                    Some(vec![self.schema.literal(self.random, ty).into()])
                }
                2 => self.parameter(ty),
                3..=5 if depth > 0 => self.composed(scope, ty, depth - 1),
                6 if depth > 0 => self.looked_up(scope, ty, depth - 1),
                7 if depth > 0 && self.random.chance(50) => {
                    self.conditional(scope, ty, depth - 1, plainly)
                }
                _ => {
                    let paths = self.readable(scope, ty);
                    self.random.pick(&paths).map(|path| vec![path.text.clone().into()])
                }
            };
            if let Some(parts) = found {
                return Some(Term::new(ty, parts));
            }
        }
        let paths = self.readable(scope, ty);
        if let Some(path) = self.random.pick(&paths) {
            return Some(Term::new(ty, vec![path.text.clone().into()]));
        }
        literal
            .then(|| Term::new(ty, vec![self.schema.literal(self.random, ty).into()]))
            .filter(|_| !matches!(ty, Ty::Ref(_)))
    }

    /// `(若 c 则 a 否则 b)`, `(x 缺则 d)`.
    fn conditional(
        &mut self,
        scope: &Scope,
        ty: Ty,
        depth: usize,
        plainly: bool,
    ) -> Option<Vec<Part>> {
        if self.random.chance(50) {
            let condition = self.condition(scope, depth);
            let then = self.value(scope, ty, depth, plainly)?;
            let otherwise = self.value(scope, ty, depth, plainly)?;
            return Some(vec![
                "(若 (".into(),
                condition.into(),
                ") 则 ".into(),
                then.into(),
                " 否则 ".into(),
                otherwise.into(),
                ")".into(),
            ]);
        }
        let mut paths = self.paths(scope);
        paths.retain(|path| path.ty == ty && path.field && !path.needs.is_empty());
        let value: Vec<Part> = match self.random.pick(&paths) {
            Some(path) if self.random.chance(80) => vec![path.text.clone().into()],
            _ if matches!(ty, Ty::Text | Ty::Enum(_) | Ty::Ref(_)) => return None,
            // Of a list that another row has nothing is said to be missing.
            _ => self
                .folded(scope, ty, depth, &["最大", "最小"])
                .filter(|parts| of_own_list(parts))?,
        };
        let default = self.value(scope, ty, depth, plainly)?;
        let parts = std::iter::once("(".into()).chain(value);
        Some(parts.chain([" 缺则 ".into(), default.into(), ")".into()]).collect())
    }

    fn parameter(&mut self, ty: Ty) -> Option<Vec<Part>> {
        let fits: Vec<String> = self
            .schema
            .parameters
            .iter()
            .filter(|found| found.1 == ty && !found.2)
            .map(|found| found.0.clone())
            .collect();
        self.random.pick(&fits).map(|name| vec![name.clone().into()])
    }

    /// `LIST[condition].field`.
    fn looked_up(&mut self, scope: &Scope, ty: Ty, depth: usize) -> Option<Vec<Part>> {
        let lists = self.lists(scope);
        let list = self.random.pick(&lists)?.clone();
        let target = *list.frames.last()?;
        let wanted = FieldType::Plain(ty);
        let fields: Vec<String> = self.schema.frames[target]
            .fields
            .iter()
            .filter(|field| field.ty == wanted && !field.optional)
            .map(|field| field.name.clone())
            .collect();
        let field = self.random.pick(&fields)?.clone();
        if self.random.chance(35) {
            return self.end(scope, &list, field, depth);
        }
        let condition = match self.correlated(scope, &list, depth) {
            Some(tied) if self.random.chance(40) => tied,
            _ => self.picking(&self.inside(scope, &list), target, depth),
        };
        Some(vec![list.text.into(), "[".into(), condition.into(), "].".into(), field.into()])
    }

    /// `首个(LIST 当 condition: order).field`.
    fn end(
        &mut self,
        scope: &Scope,
        list: &List,
        field: String,
        depth: usize,
    ) -> Option<Vec<Part>> {
        let end = self.random.word(&["首个", "末个"]);
        let mut inner = self.inside(scope, list);
        let mut parts: Vec<Part> = vec![format!("{end}({}", list.text).into()];
        if self.random.chance(40) {
            let (filter, guard) = self.filter(&inner, depth);
            inner.guards.extend(guard);
            parts.extend([" 当 ".into(), filter.into()]);
        }
        if self.random.chance(70) {
            let ty = [Ty::Integer, Ty::Date, Ty::Money][self.random.below(3)];
            parts.extend([": ".into(), self.value(&inner, ty, depth, false)?.into()]);
        }
        parts.extend([").".into(), field.into()]);
        Some(parts)
    }

    /// A condition that often picks one element.
    pub fn picking(&mut self, inner: &Scope, target: usize, depth: usize) -> Term {
        if self.random.chance(60)
            && self.schema.frames[target].fields.first().is_some_and(|field| field.key)
        {
            let key = self.random.word(&super::rows::KEYS[..3]);
            return Term::new(Ty::Boolean, vec![format!("号 = “{key}”").into()]);
        }
        self.condition(inner, depth)
    }

    fn composed(&mut self, scope: &Scope, ty: Ty, depth: usize) -> Option<Vec<Part>> {
        if self.random.chance(35) && !matches!(ty, Ty::Text | Ty::Enum(_) | Ty::Ref(_)) {
            let forms = match ty {
                Ty::Date => &["最大", "最小"][..],
                Ty::Decimal => &["合计", "最大", "最小", "平均"],
                _ => &["合计", "最大", "最小"],
            };
            return self.folded(scope, ty, depth, forms);
        }
        match ty {
            Ty::Integer => self.integer(scope, depth),
            Ty::Decimal => {
                let like = [Ty::Integer, Ty::Money, Ty::Days, Ty::Workdays, Ty::Decimal]
                    [self.random.below(5)];
                match self.random.below(4) {
                    0 => self.call(scope, "四舍五入", &[Ty::Decimal, Ty::Decimal], depth),
                    1 => self.call(scope, "绝对值", &[Ty::Decimal], depth),
                    2 => self.binary(scope, Ty::Decimal, &["+", "-", "*"], Ty::Decimal, depth),
                    _ => self.binary(scope, like, &["/"], like, depth),
                }
            }
            Ty::Percent => self.call(scope, "四舍五入", &[Ty::Decimal, Ty::Percent], depth),
            Ty::Money if self.random.chance(50) => {
                self.binary(scope, Ty::Money, &["*", "/"], Ty::Decimal, depth)
            }
            Ty::Workdays if self.random.chance(50) => {
                self.call(scope, "历时", &[Ty::Date, Ty::Date], depth)
            }
            Ty::Days if self.random.chance(50) => {
                self.binary(scope, Ty::Date, &["-"], Ty::Date, depth)
            }
            Ty::Money | Ty::Workdays | Ty::Days | Ty::Months => {
                if self.random.chance(40) {
                    self.binary(scope, ty, &["*"], Ty::Integer, depth)
                } else {
                    self.binary(scope, ty, &["+", "-"], ty, depth)
                }
            }
            Ty::Date => match self.random.below(4) {
                0 => Some(vec!["今日".into()]),
                1 => self.call(scope, "顺延", &[Ty::Date, Ty::Workdays], depth),
                2 => self.binary(scope, Ty::Date, &["+", "-"], Ty::Months, depth),
                _ => self.binary(scope, Ty::Date, &["+", "-"], Ty::Days, depth),
            },
            Ty::Text => match self.random.below(5) {
                3 => self.call(scope, "替换", &[Ty::Text, Ty::Text, Ty::Text], depth),
                4 => self.call(scope, "去除", &[Ty::Text, Ty::Text], depth),
                0 => self.call(scope, "拼接", &[Ty::Text, Ty::Text], depth),
                1 => self.call(scope, "规整", &[Ty::Text], depth),
                _ => self.call(scope, "截取", &[Ty::Text, Ty::Integer, Ty::Integer], depth),
            },
            _ => None,
        }
    }

    fn integer(&mut self, scope: &Scope, depth: usize) -> Option<Vec<Part>> {
        match self.random.below(13) {
            12 => {
                let ty = [Ty::Integer, Ty::Text, Ty::Date, Ty::Money][self.random.below(4)];
                self.folded(scope, ty, depth, &["不同数量"])
            }
            0..=3 => {
                let lists = self.lists(scope);
                let list = self.random.pick(&lists)?.clone();
                self.over("数量", scope, &list, depth, true)
            }
            4..=5 => self.binary(scope, Ty::Integer, &["+", "-", "*"], Ty::Integer, depth),
            6 => {
                let part = self.random.word(&["年", "月", "日"]);
                self.call(scope, part, &[Ty::Date], depth)
            }
            7 => self.call(scope, "长度", &[Ty::Text], depth),
            8 => self.call(scope, "序位", &[Ty::Text, Ty::Text], depth),
            9 => self.call(scope, "余数", &[Ty::Integer, Ty::Integer], depth),
            10 => {
                let round = self.random.word(&["四舍五入", "进位", "舍去"]);
                self.call(scope, round, &[Ty::Integer, Ty::Integer], depth)
            }
            _ => {
                let text = self.value(scope, Ty::Text, depth, false)?;
                Some(vec!["加权和(".into(), text.into(), ", “ab法律”, {3、2})".into()])
            }
        }
    }

    fn call(&mut self, scope: &Scope, name: &str, types: &[Ty], depth: usize) -> Option<Vec<Part>> {
        let mut parts: Vec<Part> = vec![format!("{name}(").into()];
        for (index, ty) in types.iter().enumerate() {
            if index > 0 {
                parts.push(", ".into());
            }
            parts.push(self.value(scope, *ty, depth, false)?.into());
        }
        parts.push(")".into());
        Some(parts)
    }

    fn binary(
        &mut self,
        scope: &Scope,
        left: Ty,
        operators: &[&'static str],
        right: Ty,
        depth: usize,
    ) -> Option<Vec<Part>> {
        let operator = self.random.word(operators);
        let left = self.value(scope, left, depth, false)?;
        let right = self.value(scope, right, depth, false)?;
        Some(vec![
            "(".into(),
            left.into(),
            format!(" {operator} ").into(),
            right.into(),
            ")".into(),
        ])
    }

    /// 合计, 最大, 最小 and the like.
    fn folded(
        &mut self,
        scope: &Scope,
        ty: Ty,
        depth: usize,
        forms: &[&'static str],
    ) -> Option<Vec<Part>> {
        let form = self.random.word(forms);
        let lists = self.lists(scope);
        let list = self.random.pick(&lists)?.clone();
        let mut inner = self.inside(scope, &list);
        let mut parts: Vec<Part> = vec![format!("{form}({}", list.text).into()];
        let tied = if self.random.chance(25) { self.correlated(scope, &list, depth) } else { None };
        if let Some(tied) = tied {
            parts.extend([" 当 ".into(), tied.into()]);
        } else if self.random.chance(40) {
            let (filter, guard) = self.filter(&inner, depth);
            inner.guards.extend(guard);
            parts.extend([" 当 ".into(), filter.into()]);
        }
        parts.extend([": ".into(), self.value(&inner, ty, depth, false)?.into(), ")".into()]);
        Some(parts)
    }
}

fn of_own_list(parts: &[Part]) -> bool {
    matches!(parts.first(), Some(Part::Text(head)) if !head.replace("本行.", "").contains('.'))
}
