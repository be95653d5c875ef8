//! What a column holds: its type by its cells and its heading, and what leaves a doubt.

use super::known::{self, Known};
use super::layout::squeezed;
use crate::data::{Held, reads, says_nothing};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::{Field, Type};
use std::collections::{BTreeMap, BTreeSet};

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Values of a plain type.
    Plain(Type),
    /// One of a few values, each with its English name and further spellings.
    Enum(Vec<Value>),
    /// The key of a row of another table, by its number.
    Reference(usize),
    /// Several texts in one cell.
    List,
    /// Nothing that is read.
    Ignored,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Its name.
    pub name: String,
    /// Its English name.
    pub alias: Option<String>,
    /// Further spellings.
    pub also: Vec<String>,
}

/// A column, as it is proposed.
#[derive(Clone, Debug)]
pub struct Column {
    /// Where it stands in the sheet, from 0.
    pub at: usize,
    /// Its heading as the file has it, those of several levels joined.
    pub heading: String,
    /// The type whose unit its heading states, or else the nearest one over it.
    pub stated: Option<Type>,
    /// The name of its field.
    pub name: String,
    /// The English name.
    pub alias: Option<String>,
    /// What it holds.
    pub kind: Kind,
    /// Words that stand for a value, with the value.
    pub readings: Vec<(String, String)>,
    /// Its cells, one a row of data.
    pub cells: Vec<String>,
    /// Whether rows may lack it.
    pub optional: bool,
    /// Whether it is the key.
    pub is_key: bool,
    /// Whether a cell that says so repeats the one above it.
    pub is_filled: bool,
    /// Whether its numbers have units that nobody has told yet.
    pub is_unmeasured: bool,
    /// What a person has to decide about it.
    pub doubts: Vec<Bilingual>,
}

/// What a cell says that repeats the one above it.
const DITTO: [&str; 4] = ["同上", "同前", "〃", "″"];

/// An enum has at most so many values, and each of them stands on average in so many rows.
const VALUES: (usize, usize) = (12, 4);
/// No value of an enum is longer, in characters.
const LONGEST: usize = 12;
/// Signs between the values of a list in one cell.
const SEPARATORS: [char; 4] = ['、', '；', ';', ','];

/// Whether its numbers say nothing without a unit of time.
fn is_time(ty: Type) -> bool {
    matches!(ty, Type::Workdays | Type::Days | Type::Months)
}

/// What is to be asked about numbers whose type alone gives them a unit.
fn guessed_unit(ty: Type) -> Bilingual {
    let unit = super::written::word(ty);
    say!(
        "没有写单位的数先作{unit}；不是的，改成它的单位",
        "numbers without a unit are taken for {unit} for now; change it where they are not"
    )
}

impl Column {
    /// The cells that say something.
    pub fn given(&self) -> impl Iterator<Item = &str> + Clone {
        self.cells
            .iter()
            .map(String::as_str)
            .filter(|cell| !cell.is_empty() && !self.is_blank(cell))
    }

    /// Whether a cell says nothing: it is empty, or holds a word for nothing that is no value here.
    #[must_use]
    pub fn is_blank(&self, cell: &str) -> bool {
        let is_value = match &self.kind {
            Kind::Enum(values) => values.iter().any(|value| value.name == cell),
            _ => self.readings.iter().any(|(word, _)| word == cell),
        };
        cell.is_empty() || says_nothing(cell) && !is_value
    }

    /// The words for nothing in its cells.
    pub fn placeholders(&self) -> BTreeSet<&str> {
        let cells = self.cells.iter().map(String::as_str);
        cells.filter(|cell| !cell.is_empty() && self.is_blank(cell)).collect()
    }

    /// Gives cells that repeat the one above them what that says.
    pub fn fill(&mut self) {
        self.is_filled = self.cells.iter().any(|cell| DITTO.contains(&cell.as_str()));
        let mut last = String::new();
        for cell in self.cells.iter_mut().filter(|_| self.is_filled) {
            if cell.is_empty() || DITTO.contains(&cell.as_str()) {
                cell.clone_from(&last);
            } else {
                last.clone_from(cell);
            }
        }
    }

    /// Takes back that the unit of its numbers is a guess, where it is known where the unit stands.
    pub fn has_unit_elsewhere(&mut self) {
        if let Kind::Plain(ty) = self.kind {
            self.doubts.retain(|doubt| *doubt != guessed_unit(ty));
        }
    }

    /// Finds out what it holds.
    pub fn guess(&mut self, known: &Known) {
        if let Some(word) = known.field(&self.name).or_else(|| known.field(&self.heading)) {
            let field = word.field;
            self.alias = known::alias(field).map(str::to_owned);
            let given: Vec<String> = self.given().map(str::to_owned).collect();
            let cells = || given.iter().map(String::as_str);
            if let Some(found) = known::values(word, cells()).filter(|_| !given.is_empty()) {
                let value = |value: &crate::schema::EnumValue| Value {
                    name: value.names.name.to_string(),
                    alias: value.names.alias.as_deref().map(str::to_owned),
                    also: value.also.iter().map(ToString::to_string).collect(),
                };
                self.kind = Kind::Enum(found.values.iter().map(value).collect());
            } else if let Some(readings) = known::readings(field, cells())
                && self.is_certain(field, &given)
            {
                (self.kind, self.readings) = (Kind::Plain(field.ty), readings);
                let is_bare = is_time(field.ty) && self.stated.is_none();
                if is_bare && given.iter().any(|cell| reads(Type::Integer, cell)) {
                    self.doubts.push(guessed_unit(field.ty));
                }
            } else {
                self.guess_alone(Some(field.ty));
            }
        } else {
            self.guess_alone(None);
        }
        self.optional = self.cells.iter().any(|cell| self.is_blank(cell));
    }

    /// Whether nothing would be lost if cells were read as this type.
    fn is_certain(&self, field: &Field, given: &[String]) -> bool {
        match field.ty {
            Type::Text => true,
            Type::Integer => !given.iter().any(|cell| is_code(cell)),
            // `days` in a table of somebody else need not be the days of this vocabulary.
            ty if is_time(ty) && known::alias(field) == Some(&*self.heading) => {
                !given.is_empty() && !given.iter().any(|cell| reads(Type::Integer, cell))
            }
            // What the heading says goes before what such a field is called elsewhere.
            ty if is_time(ty) && self.stated.is_some_and(|stated| stated != ty) => false,
            _ => !given.is_empty(),
        }
    }

    /// Finds out what it holds by itself; `known` is the type that a vocabulary knows for it, which
    /// it does not fit.
    fn guess_alone(&mut self, known: Option<Type>) {
        let given: Vec<String> = self.given().map(str::to_owned).collect();
        if let Some(readings) = truth(&self.heading, &self.cells) {
            let blank = self.cells.iter().any(String::is_empty);
            if blank && readings.iter().any(|(word, _)| word == "√") {
                self.doubts.push(say!(
                    "空着的是“否”还是没填？先作没填；是“否”的，把 可缺 改成 默认 否",
                    "does an empty cell mean no, or not given? Not given for now; where it is no, \
                        write `default false` for `optional`"
                ));
            }
            (self.kind, self.readings) = (Kind::Plain(Type::Boolean), readings);
            return;
        }
        let cells: Vec<&str> = given.iter().map(String::as_str).collect();
        if cells.is_empty() {
            if !self.cells.is_empty() {
                self.doubts
                    .push(say!("没有一行填了内容，先作文本", "nothing is filled in; text for now"));
            }
            return;
        }
        if let Some(ty) = self.measured(&cells) {
            self.kind = Kind::Plain(ty);
            return;
        }
        let plain = |letter: char| letter.is_alphanumeric() || "()（）-_《》".contains(letter);
        let short = |cell: &&str| cell.chars().count() <= LONGEST && cell.chars().all(plain);
        let distinct: BTreeSet<&str> = cells.iter().copied().collect();
        if (2..=VALUES.0).contains(&distinct.len())
            && distinct.len() * VALUES.1 <= cells.len()
            && cells.iter().all(short)
            && !self.is_code_column(&cells)
            && !self.is_free()
        {
            let mut names = Vec::new();
            for cell in &cells {
                let value = Value { name: (*cell).to_owned(), alias: None, also: Vec::new() };
                if !names.contains(&value) {
                    names.push(value);
                }
            }
            self.kind = Kind::Enum(names);
        } else if is_list(&cells) {
            self.kind = Kind::List;
        }
        match self.unreadable(&cells, known) {
            Some(doubt) => self.doubts.push(doubt),
            None => self.nearly(&cells),
        }
    }

    /// Whether it is headed as what anything may be written in.
    fn is_free(&self) -> bool {
        let words = ["名称", "姓名", "标题", "地址", "备注", "说明", "name", "title", "remarks"];
        words.iter().any(|word| self.name.to_lowercase().ends_with(word))
    }

    /// Whether it holds codes that only look like numbers.
    fn is_code_column(&self, cells: &[&str]) -> bool {
        let words = ["编码", "编号", "代码", "号码", "电话", "证号", "手机", "邮编"];
        let heading = squeezed(&self.heading);
        let said = words.iter().any(|word| heading.contains(word)) || heading.ends_with('号');
        said || cells.iter().any(|cell| is_code(cell))
    }

    /// The type that all cells read as.
    fn measured(&self, cells: &[&str]) -> Option<Type> {
        let all = |ty: Type| cells.iter().all(|cell| reads(ty, cell));
        let heading = squeezed(&self.heading);
        let has = |words: &[&str]| words.iter().any(|word| heading.contains(word));
        let stated = self.stated;
        let plain = |cell: &&str| cell.chars().all(|letter| letter.is_ascii_digit());
        let dated =
            has(&["日期", "时间", "年月日", "日"]) || heading.to_lowercase().contains("date");
        if (dated || !cells.iter().all(plain)) && all(Type::Date) {
            return Some(Type::Date);
        }
        if !cells.iter().any(plain) && cells.iter().all(|cell| reads(Type::Instant, cell)) {
            return Some(Type::Instant);
        }
        let shares = stated == Some(Type::Percent) && all(Type::Decimal);
        if shares || all(Type::Percent) {
            return Some(Type::Percent);
        }
        let bare = |cell: &&str| reads(Type::Decimal, cell);
        // Not minutes: `分` is what marks are counted in, too.
        for ty in [Type::Workdays, Type::Days, Type::Months, Type::Hours, Type::Money] {
            let is_meant = stated == Some(ty) || !cells.iter().any(bare);
            if is_meant && all(ty) {
                return Some(ty);
            }
        }
        if self.is_code_column(cells) || !all(Type::Decimal) {
            return None;
        }
        if has(&["金额", "费用", "经费", "价款", "总价", "单价", "元）", "元)"]) && stated.is_none()
        {
            return Some(Type::Money);
        }
        Some(if all(Type::Integer) { Type::Integer } else { Type::Decimal })
    }

    /// Says of a column of texts that most of them read as something else.
    fn nearly(&mut self, cells: &[&str]) {
        for (ty, zh, en) in [(Type::Decimal, "数", "numbers"), (Type::Date, "日期", "dates")] {
            let others: Vec<&&str> = cells.iter().filter(|cell| !reads(ty, cell)).collect();
            if others.len() * 10 <= cells.len() && !self.is_code_column(cells) {
                let listed: BTreeSet<String> =
                    others.iter().take(5).map(|cell| format!("`{}`", short(cell))).collect();
                let listed: Vec<String> = listed.into_iter().collect();
                let (all, listed_zh, listed_en) =
                    (cells.len(), listed.join("、"), listed.join(", "));
                let most = all - others.len();
                self.doubts.push(say!(
                    "{all} 格中 {most} 格是{zh}，其余如 {listed_zh}；先作文本",
                    "{most} of {all} cells are {en}, not {listed_en}; text for now"
                ));
                return;
            }
        }
    }

    /// Takes back what JSON would not hold so: a number is no text, an array no single value.
    pub fn hold(&mut self, held: Held) {
        let is_number = matches!(
            self.kind,
            Kind::Plain(
                Type::Integer
                    | Type::Decimal
                    | Type::Money
                    | Type::Workdays
                    | Type::Days
                    | Type::Months
            )
        );
        let is_read = self.kind == Kind::Plain(Type::Boolean) && !self.readings.is_empty();
        match held {
            Held::Text => {}
            Held::Number if is_number || is_read => {}
            Held::Number => {
                let all = self.given().all(|cell| reads(Type::Integer, cell));
                self.kind = Kind::Plain(if all { Type::Integer } else { Type::Decimal });
                self.readings.clear();
                self.optional = self.cells.iter().any(|cell| self.is_blank(cell));
            }
            Held::List => self.kind = Kind::List,
            Held::Otherwise => {
                self.kind = Kind::Ignored;
                self.doubts.push(say!(
                    "各行写法不一，没有读入",
                    "it is not held alike in all rows, and not read"
                ));
            }
        }
    }

    /// Whether no two cells say the same, and each says something.
    #[must_use]
    pub fn tells_apart(&self) -> bool {
        let keys: BTreeSet<_> =
            self.cells.iter().map(|cell| crate::value::key::canonical(cell)).collect();
        !self.optional && keys.len() == self.cells.len() && !keys.contains("")
    }
}

/// The beginning of a text.
pub fn short(text: &str) -> String {
    let text = text.replace(['\n', '`'], " ");
    match text.char_indices().nth(20) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or(&text)),
        None => text,
    }
}

/// Whether a text is a code of digits: a number would lose its zeros, or its last digits.
fn is_code(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let zeros = text.len() > 1 && text.starts_with('0') && !text.contains('.');
    text.chars().all(|letter| letter.is_ascii_digit() || letter == '.') && (zeros || digits > 15)
}

/// How a column of truth values is read: which words stand for which; `None` for another column.
fn truth(heading: &str, cells: &[String]) -> Option<Vec<(String, String)>> {
    const PAIRS: [(&str, &str); 5] =
        [("有", "无"), ("√", "×"), ("是", "否"), ("Y", "N"), ("1", "0")];
    let distinct: BTreeSet<&str> =
        cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
    let plain = |cell: &&&str| reads(Type::Boolean, cell);
    let given = distinct.iter().filter(|cell| !says_nothing(cell) || **cell == "无").count();
    if given > 0 && distinct.iter().filter(plain).count() == given {
        return Some(Vec::new());
    }
    for (yes, no) in PAIRS {
        let own = |cell: &&str| *cell == yes || *cell == no;
        let fits = distinct.iter().all(|cell| own(cell) || says_nothing(cell));
        let whole = distinct.contains(yes) && (distinct.contains(no) || yes == "√");
        let asked = yes != "1" || squeezed(heading).starts_with("是否");
        if fits && whole && asked {
            let entry = |word: &str, value: &str| (word.to_owned(), value.to_owned());
            return Some(vec![entry(yes, "是"), entry(no, "否")]);
        }
    }
    None
}

/// Whether cells hold several values each: few words, met again and again, in many of the cells.
fn is_list(cells: &[&str]) -> bool {
    let parts = |cell: &&str| -> Vec<String> {
        cell.split(SEPARATORS).map(|part| part.trim().to_owned()).collect()
    };
    let several = cells.iter().filter(|cell| parts(cell).len() > 1).count();
    let mut words: BTreeMap<String, usize> = BTreeMap::new();
    for part in cells.iter().flat_map(parts) {
        *words.entry(part).or_default() += 1;
    }
    let is_word = |word: &String| !word.is_empty() && word.chars().count() <= LONGEST;
    // Commas do not separate values where nothing else is said.
    let commas = cells.iter().any(|cell| cell.contains(','));
    several * 4 >= cells.len()
        && several > 1
        && !commas
        && words.keys().all(is_word)
        && words.len() * 2 <= words.values().sum::<usize>()
}
