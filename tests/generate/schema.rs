//! Random vocabularies.

use super::Random;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ty {
    Text,
    Integer,
    Decimal,
    Money,
    Percent,
    Boolean,
    Date,
    Workdays,
    Days,
    Months,
    Enum(usize),
    Ref(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    Plain(Ty),
    List(usize),
}

#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub ty: FieldType,
    pub optional: bool,
    pub default: bool,
    pub key: bool,
}

#[derive(Clone, Debug)]
pub struct Frame {
    pub name: String,
    pub parent: Option<usize>,
    pub single: bool,
    pub plain: bool,
    pub fields: Vec<Field>,
    /// Definitions: name and type.
    pub definitions: Vec<(String, Ty)>,
}

#[derive(Clone, Debug)]
pub struct Enumeration {
    pub name: String,
    pub values: Vec<String>,
    pub order: &'static str,
}

#[derive(Clone, Debug, Default)]
pub struct Schema {
    pub enums: Vec<Enumeration>,
    pub frames: Vec<Frame>,
    /// Parameters: name, type, whether a set, value as text.
    pub parameters: Vec<(String, Ty, bool, String)>,
}

/// The table the calendar reads, and the single table.
pub const CALENDAR: usize = 3;
pub const SINGLE: usize = 2;

const PLAIN: [Ty; 12] = [
    Ty::Text,
    Ty::Integer,
    Ty::Integer,
    Ty::Decimal,
    Ty::Money,
    Ty::Percent,
    Ty::Boolean,
    Ty::Boolean,
    Ty::Date,
    Ty::Workdays,
    Ty::Days,
    Ty::Months,
];

pub fn schema(random: &mut Random) -> Schema {
    let mut schema = Schema::default();
    for (name, values) in [
        ("决定", ["取消", "调整", "保留", "报请"]),
        ("色", ["红", "黄", "绿", "蓝"]),
        ("级", ["低", "中", "高", "顶"]),
    ] {
        let order = random.word(&["", " 由低到高", " 由高到低"]);
        let count = 2 + random.below(3);
        let values = values.iter().take(count).map(|value| (*value).to_owned()).collect();
        schema.enums.push(Enumeration { name: name.into(), values, order });
    }
    for (name, single) in [("甲", false), ("乙", false), ("总", true), ("历", false)] {
        let (fields, definitions) = (Vec::new(), Vec::new());
        schema.frames.push(Frame {
            name: name.into(),
            parent: None,
            single,
            plain: false,
            fields,
            definitions,
        });
    }
    let plain = |name: &str, ty, key| Field {
        name: name.into(),
        ty: FieldType::Plain(ty),
        optional: false,
        default: false,
        key,
    };
    schema.frames[0].fields.push(plain("号", Ty::Text, true));
    schema.frames[1].fields.push(plain("号", Ty::Text, true));
    schema.frames[CALENDAR].fields.push(plain("某日", Ty::Date, false));
    schema.frames[CALENDAR].fields.push(plain("放假", Ty::Boolean, false));
    fill(random, &mut schema, 0);
    fill(random, &mut schema, 1);
    fill(random, &mut schema, SINGLE);
    let optional = random.chance(30);
    let decided = Field { optional, ..plain("意见", Ty::Enum(0), false) };
    schema.frames[0].fields.push(decided);
    let optional = random.chance(50);
    schema.frames[0].fields.push(Field { optional, ..plain("所属", Ty::Ref(1), false) });
    if random.chance(40) {
        let optional = random.chance(50);
        schema.frames[1].fields.push(Field { optional, ..plain("主管", Ty::Ref(0), false) });
    }
    list(random, &mut schema, 0, "项", 2);
    if random.chance(60) {
        list(random, &mut schema, 1, "款", 1);
    }
    if random.chance(30) {
        list(random, &mut schema, SINGLE, "附", 1);
    }
    parameters(random, &mut schema);
    schema
}

/// Fields of plain types. A few are called as fields of the rows around, or as an enum's value.
fn fill(random: &mut Random, schema: &mut Schema, frame: usize) {
    for index in 0..3 + random.below(4) {
        let mut ty = PLAIN[random.below(PLAIN.len())];
        if random.chance(20) {
            ty = Ty::Enum(random.below(3));
        }
        let owner = schema.frames[frame].name.clone();
        let mut name = format!("{owner}{index}");
        if schema.frames[frame].parent.is_some() && random.chance(25) {
            name =
                format!("{}{index}", schema.frames[schema.frames[frame].parent.unwrap_or(0)].name);
        } else if random.chance(5)
            && !schema.frames[frame].fields.iter().any(|field| field.name == "红")
            && ty == Ty::Integer
        {
            name = "红".into();
        }
        let optional = random.chance(35);
        let default = !optional && random.chance(15);
        schema.frames[frame].fields.push(Field {
            name,
            ty: FieldType::Plain(ty),
            optional,
            default,
            key: false,
        });
    }
}

/// A nested list, with lists in it up to a depth.
fn list(random: &mut Random, schema: &mut Schema, frame: usize, name: &str, depth: usize) {
    let optional = random.chance(30);
    let default = !optional && random.chance(25);
    let child = schema.frames.len();
    let (fields, definitions) = (Vec::new(), Vec::new());
    schema.frames.push(Frame {
        name: name.into(),
        parent: Some(frame),
        single: false,
        plain: false,
        fields,
        definitions,
    });
    schema.frames[frame].fields.push(Field {
        name: name.into(),
        ty: FieldType::List(child),
        optional,
        default,
        key: false,
    });
    fill(random, schema, child);
    if random.chance(50) {
        let optional = random.chance(40);
        let name = format!("{name}引");
        schema.frames[child].fields.push(Field {
            name,
            ty: FieldType::Plain(Ty::Ref(1)),
            optional,
            default: false,
            key: false,
        });
    }
    if depth > 1 && random.chance(60) {
        list(random, schema, child, &format!("{name}细"), depth - 1);
    }
    if random.chance(60) {
        let ty = random
            .pick(&[Ty::Integer, Ty::Text, Ty::Workdays, Ty::Enum(1), Ty::Date])
            .copied()
            .unwrap_or(Ty::Text);
        let owner = if random.chance(50) { frame } else { child };
        let name = format!("{name}列");
        let plain = schema.frames.len();
        let value = Field {
            name: "值".into(),
            ty: FieldType::Plain(ty),
            optional: false,
            default: false,
            key: false,
        };
        schema.frames.push(Frame {
            name: name.clone(),
            parent: Some(owner),
            single: false,
            plain: true,
            fields: vec![value],
            definitions: Vec::new(),
        });
        let optional = random.chance(30);
        schema.frames[owner].fields.push(Field {
            name,
            ty: FieldType::List(plain),
            optional,
            default: false,
            key: false,
        });
    }
}

fn parameters(random: &mut Random, schema: &mut Schema) {
    for (index, ty) in [Ty::Integer, Ty::Text, Ty::Workdays, Ty::Enum(1)].into_iter().enumerate() {
        let set = random.chance(50);
        let mut one = || schema.literal(random, ty);
        let value = if set { format!("{{{}、{}}}", one(), one()) } else { one() };
        schema.parameters.push((format!("参{index}"), ty, set, value));
    }
}

impl Schema {
    pub fn type_name(&self, ty: Ty) -> String {
        match ty {
            Ty::Text => "文本".into(),
            Ty::Integer => "整数".into(),
            Ty::Decimal => "小数".into(),
            Ty::Money => "金额".into(),
            Ty::Percent => "百分比".into(),
            Ty::Boolean => "是否".into(),
            Ty::Date => "日期".into(),
            Ty::Workdays => "工作日".into(),
            Ty::Days => "日".into(),
            Ty::Months => "月".into(),
            Ty::Enum(index) => self.enums[index].name.clone(),
            Ty::Ref(table) => self.frames[table].name.clone(),
        }
    }

    /// A literal as a policy writes it.
    pub fn literal(&self, random: &mut Random, ty: Ty) -> String {
        let number = random.below(6);
        match ty {
            Ty::Text => format!("“{}”", random.word(super::rows::TEXTS)),
            Ty::Integer => number.to_string(),
            Ty::Decimal => random.word(&["0.5", "1.25", "2", "0"]).into(),
            Ty::Money => format!("{number} 元"),
            Ty::Percent => random.word(&["0%", "50%", "12.5%", "100%"]).into(),
            Ty::Boolean => random.word(&["是", "否"]).into(),
            Ty::Date => random.word(super::rows::DATES).into(),
            Ty::Workdays => format!("{number} 工作日"),
            Ty::Days => format!("{number} 日"),
            Ty::Months => format!("{number} 个月"),
            Ty::Enum(index) => random.pick(&self.enums[index].values).cloned().unwrap_or_default(),
            Ty::Ref(_) => format!("“{}”", random.word(super::rows::KEYS)),
        }
    }

    /// Whether a row of the frame has something of that name of its own.
    pub fn has_member(&self, frame: usize, name: &str) -> bool {
        let found = &self.frames[frame];
        found.fields.iter().any(|field| field.name == name)
            || found.definitions.iter().any(|(definition, _)| definition == name)
            || self.inverses(frame).iter().any(|table| self.frames[*table].name == name)
    }

    /// The tables with one reference to a frame.
    pub fn inverses(&self, frame: usize) -> Vec<usize> {
        let refers = |table: &Frame| {
            table.fields.iter().filter(|field| field.ty == FieldType::Plain(Ty::Ref(frame))).count()
                == 1
        };
        (0..self.frames.len())
            .filter(|table| self.frames[*table].parent.is_none() && refers(&self.frames[*table]))
            .collect()
    }

    /// A frame and those it lies in, outermost first.
    pub fn chain(&self, frame: usize) -> Vec<usize> {
        let mut chain =
            self.frames[frame].parent.map_or_else(Vec::new, |parent| self.chain(parent));
        chain.push(frame);
        chain
    }

    pub fn text(&self) -> String {
        let mut text = String::from("词汇 词\n");
        for found in &self.enums {
            text.push_str(&format!(
                "枚举 {}{} {{ {} }}\n",
                found.name,
                found.order,
                found.values.join("、")
            ));
        }
        for (index, frame) in
            self.frames.iter().enumerate().filter(|(_, frame)| frame.parent.is_none())
        {
            let single = if frame.single { " 单份" } else { "" };
            text.push_str(&format!(
                "表 {}{single} {{\n{}}}\n",
                frame.name,
                self.fields(index, "  ")
            ));
        }
        text.push_str("历法 办公 于 历 {\n  日期 某日\n  周休 6、7\n  休 放假\n  班 非 放假\n}\n");
        for (name, ty, set, value) in &self.parameters {
            let many = if *set { "多个 " } else { "" };
            text.push_str(&format!("参数 {name} : {many}{} = {value}\n", self.type_name(*ty)));
        }
        text
    }

    fn fields(&self, frame: usize, indent: &str) -> String {
        let mut text = String::new();
        for field in &self.frames[frame].fields {
            let ty = match field.ty {
                FieldType::Plain(ty) => self.type_name(ty),
                FieldType::List(list) if self.frames[list].plain => {
                    match self.frames[list].fields[0].ty {
                        FieldType::Plain(ty) => format!("多个 {}", self.type_name(ty)),
                        FieldType::List(_) => String::new(),
                    }
                }
                FieldType::List(list) => {
                    format!("多个 {{\n{}{indent}}}", self.fields(list, &format!("{indent}  ")))
                }
            };
            let key = if field.key { " 主键" } else { "" };
            let optional = if field.optional { " 可缺" } else { "" };
            let default = match field.ty {
                FieldType::Plain(ty) if field.default => {
                    format!(" 默认 {}", self.literal(&mut Random::new(field.name.len() as u64), ty))
                }
                FieldType::List(_) if field.default => " 默认 {}".to_owned(),
                _ => String::new(),
            };
            text.push_str(&format!("{indent}{} : {ty}{key}{optional}{default}\n", field.name));
        }
        text
    }
}
