//! What can make a finding go or come.

use super::declaration::Kind;
use super::policy::Edit;
use crate::diagnostic::Bilingual;
use crate::say;

/// What made a finding go or come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The row is new.
    RowAdded,
    /// The row is no longer there.
    RowRemoved,
    /// A declared value the finding rests on: the row by its table and what it is called, where it
    /// is another row, and the field. The only row of a table of one is called nothing.
    Field(Option<(Bilingual, Bilingual)>, Bilingual),
    /// What became of the article itself.
    Article(Edit),
    /// Another declaration that the article rests on, or that sways it.
    Declaration(Declaration),
    /// Another row that the article looks at is new (true), or is no longer there: its table, and
    /// what it is called.
    Row(bool, (Bilingual, Bilingual)),
    /// So many rows of a table that the article looks at came, went or changed.
    Rows(Bilingual, usize),
    /// What became of the data of a table or a list as a whole.
    Data(Bilingual, Loss),
    /// What became of the waiver of the article for the row.
    Waiver(Waiving),
    /// The day judged for is another.
    Day,
    /// The article has a mistake.
    Mistake,
    /// Nothing that the article rests on was found to differ.
    Elsewhere,
}

/// A declaration that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// What kind it is.
    pub kind: Kind,
    /// Its English name.
    pub name: String,
    /// As people know it.
    pub heading: Bilingual,
    /// What became of it.
    pub edit: Edit,
}

/// What became of the data of a table or a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// There are none any more: no file is given, or none can be opened.
    Missing,
    /// Some could not be read, or belong nobody knows where.
    Incomplete,
    /// All of them can be read again.
    Restored,
}

impl Loss {
    /// The word in machine-readable reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Incomplete => "incomplete",
            Self::Restored => "restored",
        }
    }
}

/// What became of a waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiving {
    /// The later manifest grants it, or grants it for longer.
    Granted,
    /// Its last day has passed.
    Expired,
    /// The later manifest no longer has it.
    Withdrawn,
    /// There is a finding now that needs it.
    Needed,
    /// The finding that needed it is gone.
    Unneeded,
}

impl Waiving {
    /// The word in machine-readable reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Needed => "needed",
            Self::Unneeded => "unneeded",
        }
    }
}

impl Cause {
    /// A cause in words.
    #[must_use]
    pub fn said(&self) -> Bilingual {
        let changed = |zh: &str, en: &str| say!("{zh} 改了", "{en} changed");
        match self {
            Self::RowAdded => say!("这一行是新增的", "the row is new"),
            Self::RowRemoved => say!("这一行删去了", "the row was removed"),
            Self::Field(None, field) => changed(&field.zh, &field.en),
            Self::Field(Some((table, key)), field) if key.zh.is_empty() => {
                let (table_zh, table_en) = (&table.zh, &table.en);
                changed(
                    &format!("{table_zh} 的 {}", field.zh),
                    &format!("{} of {table_en}", field.en),
                )
            }
            Self::Field(Some((table, key)), field) => {
                let (table_zh, table_en) = (&table.zh, &table.en);
                let (zh, en) = (&field.zh, &field.en);
                let (key_zh, key_en) = (&key.zh, &key.en);
                say!("{table_zh}“{key_zh}”的 {zh} 改了", "{en} of {table_en} `{key_en}` changed")
            }
            Self::Article(edit) => match edit {
                Edit::Added => say!("条文是新增的", "the article is new"),
                Edit::Removed => say!("条文删去了", "the article was removed"),
                Edit::Changed => say!("条文改了", "the article changed"),
                Edit::Moved => say!("条文换了位置", "the article moved"),
            },
            Self::Declaration(declaration) => {
                let (zh, en) = (&declaration.heading.zh, &declaration.heading.en);
                match declaration.edit {
                    Edit::Added => say!("新增了 {zh}", "{en} is new"),
                    Edit::Removed => say!("删去了 {zh}", "{en} was removed"),
                    Edit::Changed => changed(zh, en),
                    Edit::Moved => say!("{zh} 换了位置", "{en} moved"),
                }
            }
            Self::Row(new, (table, key)) => {
                let (zh, en) = (&table.zh, &table.en);
                let (key_zh, key_en) = (&key.zh, &key.en);
                if *new {
                    say!("增加了 {zh}“{key_zh}”", "{en} `{key_en}` is new")
                } else {
                    say!("删去了 {zh}“{key_zh}”", "{en} `{key_en}` was removed")
                }
            }
            Self::Rows(table, count) => {
                let (zh, en) = (&table.zh, &table.en);
                say!("{zh} 有 {count} 行增删或改了", "{count} rows of {en} came, went or changed")
            }
            Self::Data(table, loss) => {
                let (zh, en) = (&table.zh, &table.en);
                match loss {
                    Loss::Missing => {
                        say!("没有了 {zh} 的数据", "there are no data of {en} any more")
                    }
                    Loss::Incomplete => {
                        say!("{zh} 的数据没有全读进来", "not all data of {en} could be read")
                    }
                    Loss::Restored => {
                        say!("{zh} 的数据补齐了", "the data of {en} are there again")
                    }
                }
            }
            Self::Waiver(waiving) => waiving.said(),
            Self::Day => say!("判断日期不同", "the day judged for is another"),
            Self::Mistake => say!("条文有错误", "the article has a mistake"),
            Self::Elsewhere => {
                say!("没有找出原因", "nothing it rests on was found to differ")
            }
        }
    }
}

impl Waiving {
    fn said(self) -> Bilingual {
        match self {
            Self::Granted => say!("清单准予了例外", "the manifest grants the waiver"),
            Self::Expired => say!("例外已到期", "the waiver expired"),
            Self::Withdrawn => {
                say!("清单里不再有这项例外", "the manifest no longer has the waiver")
            }
            Self::Needed => {
                say!("有了需要这项例外的发现", "there is a finding now that needs the waiver")
            }
            Self::Unneeded => {
                say!("需要这项例外的发现没有了", "the finding that needed the waiver is gone")
            }
        }
    }
}
