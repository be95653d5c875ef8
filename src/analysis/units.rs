//! What to write where the units of two values do not fit.

use crate::diagnostic::Bilingual;
use crate::say;

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
