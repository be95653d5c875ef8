//! What is said of references to titles.

use super::{Name, Said, field_name, frame_name, unnamed};
use crate::data::link::Mention;
use crate::say;
use crate::schema::Schema;

/// Versions of a title, of which none is in force on the day.
pub fn not_in_force(schema: &Schema, mention: &Mention) -> Said {
    let Mention { frame, key, .. } = mention;
    let (zh, en) = frame_name(schema, *frame);
    let (at_zh, at_en) = subject(schema, mention);
    let message = say!(
        "{at_zh} `{key}`，`{zh}` 有它的几行，判断之日没有一行有效",
        "{at_en} `{key}`, of which `{en}` has several versions: none is in force on the day \
            judged for"
    );
    let help = say!(
        "改引仍然有效的；缺一行的，在 `{zh}` 中补上",
        "name what is in force; where a version is missing, add it to `{en}`"
    );
    (message, help)
}

/// Rows of several keys that have one title.
pub fn namesakes(schema: &Schema, mention: &Mention) -> Said {
    let Mention { frame, key, .. } = mention;
    let (zh, en) = frame_name(schema, *frame);
    let (at_zh, at_en) = subject(schema, mention);
    let message = say!(
        "{at_zh} `{key}`，`{zh}` 有几行这样称呼，分不清是哪一行",
        "{at_en} `{key}`, and several rows of `{en}` are called so: any of them may be meant"
    );
    let help = say!("写主键", "write the key");
    (message, help)
}

/// `依据` 写的是; the field that names it, or how many do.
fn subject(schema: &Schema, mention: &Mention) -> Name {
    if mention.count == 1 {
        let (zh, en) =
            mention.places.first().map_or_else(unnamed, |(at, _)| field_name(schema, *at));
        (format!("`{zh}` 写的是"), format!("`{en}` is"))
    } else {
        let count = mention.count;
        (format!("有 {count} 处写的是"), format!("{count} places name"))
    }
}
