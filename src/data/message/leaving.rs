//! What programs leave in texts.

use super::super::fault::Fault;
use super::super::leaving::{self, Leaving};
use super::{Said, field_name};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::Schema;

/// Says a fault of this kind.
pub fn said(schema: &Schema, fault: &Fault) -> Option<Said> {
    let Fault::Leaving { at, word, what } = fault else { return None };
    let (zh, en) = field_name(schema, *at);
    Some(match what {
        Leaving::Day(month, day) => (
            say!(
                "`{zh}` 是主键，写的像是日期：`{word}`",
                "`{en}` is a key, and what is written looks like a date: `{word}`"
            ),
            key_as_date((*month, *day), word),
        ),
        Leaving::Escape => (
            say!(
                "`{zh}` 中有网页的写法没有还原：`{word}`，照原样读入",
                "`{en}` holds a sign as web pages write it: `{word}`, which is read as it stands"
            ),
            escaped(word),
        ),
    })
}

/// What to do about a key that a spreadsheet program made a day of.
fn key_as_date((month, day): (u32, u32), word: &str) -> Bilingual {
    say!(
        "表格程序会把 `{month}-{day}` 这样的编号变成日期：把这一列设成文本格式，照原样重填；本来就是日期的，\
            把字段声明为 `日期`；本来就这样写的，写 `读作 {{“{word}” = “{word}”}}`",
        "spreadsheet programs make dates of numbers such as `{month}-{day}`: format the column as \
            text and fill them in again; where dates are meant, declare the field a `date`; where it \
            is meant as it stands, write `reading {{\"{word}\" = \"{word}\"}}`"
    )
}

/// What to do about a sign of a web page.
fn escaped(word: &str) -> Bilingual {
    let (written, sign) = leaving::escape(word).unwrap_or((word, String::new()));
    if sign == " " {
        return say!(
            "重新导出成文字；或者全部替换：`{written}` 换成空格",
            "export it as plain text, or put a blank in the place of every `{written}`"
        );
    }
    say!(
        "重新导出成文字；或者全部替换：`{written}` 换成 `{sign}`",
        "export it as plain text, or put `{sign}` in the place of every `{written}`"
    )
}
