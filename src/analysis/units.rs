//! Units that do not fit: of two values, and of a word that cells have for the unit of a field.

use super::{Analyzer, Error};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::Type;
use crate::syntax::tree::Text;

/// The words for the units of each type, without the `个` before them.
const UNITS: [(Type, &[&str]); 5] = [
    (Type::Workdays, &["工作日", "workday", "workdays", "working day", "working days"]),
    (Type::Days, &["日", "天", "自然日", "日历日", "day", "days", "calendar day", "calendar days"]),
    (Type::Months, &["月", "month", "months"]),
    (Type::Hours, &["小时", "钟头", "hour", "hours"]),
    (Type::Minutes, &["分钟", "分", "minute", "minutes"]),
];

/// Units that no type has.
const OTHERS: [&str; 17] = [
    "周", "星期", "礼拜", "季", "季度", "年", "年度", "秒", "元", "week", "weeks", "quarter",
    "quarters", "year", "years", "yuan", "seconds",
];

/// Days that an office may count without those on which it is closed.
const OFFICE_DAYS: [&str; 4] = ["日", "天", "day", "days"];

/// Whether a word is the unit of another kind than a field's, so that no office can mean the field's
/// by it: a month is no working day. What offices call their own days is theirs to say.
fn is_other_unit(word: &str, ty: Type) -> bool {
    let word = word.trim().to_lowercase();
    let word = word.strip_prefix('个').unwrap_or(&word);
    let is_timed = UNITS.iter().any(|(unit, _)| *unit == ty);
    let own = UNITS.iter().find(|(_, words)| words.contains(&word)).map(|(unit, _)| *unit);
    match own {
        _ if !is_timed => false,
        Some(own) => own != ty && !(ty == Type::Workdays && OFFICE_DAYS.contains(&word)),
        None => OTHERS.contains(&word),
    }
}

impl Analyzer<'_> {
    /// Refuses a unit of another kind as what cells have for a field's own: `“个月” = 工作日`.
    pub(super) fn fits_unit(&mut self, word: &Text, ty: Type) -> bool {
        if !is_other_unit(&word.text, ty) {
            return true;
        }
        let Bilingual { zh, en } = self.type_words(ty);
        let text = &word.text;
        let message = say!("`{text}` 不是{zh}的单位", "`{text}` is no unit of {en}");
        let help = say!(
            "各种单位互不折算：改字段的类型，或者删去这一读法",
            "units of different kinds never mix: change the type of the field, or delete this reading"
        );
        self.report(Error::BadTable { message, help, span: word.span });
        false
    }
}

/// The remedy for two kinds of quantities that cannot be put together.
pub(super) fn remedy(left: &Bilingual, right: &Bilingual) -> Bilingual {
    let of_clock = |it: &Bilingual| matches!(&*it.en, "hours" | "minutes");
    if left.en == "instant" {
        return match &*right.en {
            "workdays" => say!(
                "加减工作日的是日期：`顺延(日期(…), … 工作日)`",
                "working days are added to a day: `due(date(…), … workdays)`"
            ),
            "months" => say!(
                "加减月的是日期：`日期(…) + … 个月`",
                "months are added to a day: `date(…) + … months`"
            ),
            _ => say!(
                "两个时刻可以相减，得小时；一个时刻可以加减小时、分钟或日",
                "one instant can be subtracted from another, which gives hours; hours, minutes or \
                    days can be added to one"
            ),
        };
    }
    if let Some(help) = apart(left, right) {
        return help;
    }
    if of_clock(left) || of_clock(right) {
        return say!(
            "满 24 小时的，写 `24 小时`；隔几天的，写 `日期(…) - 日期(…)`",
            "for a full day of the clock write `24 hours`; for days of the calendar `date(…) - \
                date(…)`"
        );
    }
    say!(
        "换成同一单位；工作日与日之间用 历时、顺延 换算",
        "use one unit; convert between workdays and dates with `elapsed` and `due`"
    )
}

/// What is said of two units of time that no number makes of one another: a month of working days.
fn apart(left: &Bilingual, right: &Bilingual) -> Option<Bilingual> {
    let is_of = |it: &Bilingual, units: &[&str]| units.contains(&&*it.en);
    let all = ["workdays", "days", "months", "hours", "minutes"];
    let is_time = is_of(left, &all) && is_of(right, &all);
    let is_apart = [left, right].into_iter().any(|it| is_of(it, &["workdays", "months"]));
    if !is_time || !is_apart {
        return None;
    }
    let (zh, en, other_zh, other_en) = (&left.zh, &left.en, &right.zh, &right.en);
    let is_day = [left, right].into_iter().all(|it| is_of(it, &["workdays", "days"]));
    Some(match is_day {
        true => say!(
            "工作日与日互不折算：写明是几个工作日，还是几日；从日期算起的，用 历时、顺延",
            "workdays and days never mix: write how many of which; from a date on use `elapsed` and \
                `due`"
        ),
        false => say!(
            "{zh}与{other_zh}互不折算：这里以{zh}计，用{zh}写；应当以{other_zh}计的，把列的类型改为 `{other_zh}`",
            "{en} and {other_en} never mix: this is in {en}, write {en}; where it should be in \
                {other_en}, make that the type of the field"
        ),
    })
}
