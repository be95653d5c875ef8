//! Numbers written out in Chinese, as documents and receipts have them: `一百零五`, `壹万贰仟`,
//! `二〇一五`.

/// No number that is written out is longer, in characters.
const LONGEST: usize = 30;

/// The value of a digit, as documents and as receipts write it.
#[must_use]
pub fn digit(letter: char) -> Option<u8> {
    Some(match letter {
        '零' | '〇' | '○' => 0,
        '一' | '壹' => 1,
        '二' | '贰' | '两' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// What a word multiplies the digit before it by.
fn scale(letter: char) -> Option<i64> {
    match letter {
        '十' | '拾' => Some(10),
        '百' | '佰' => Some(100),
        '千' | '仟' => Some(1000),
        _ => None,
    }
}

/// Whether a letter may be part of a number that is written out.
#[must_use]
pub fn is_part(letter: char) -> bool {
    digit(letter).is_some() || scale(letter).is_some() || matches!(letter, '万' | '亿')
}

/// Digits one by one, as years are written: `二〇一五` is `2015`.
#[must_use]
pub fn figures(text: &str) -> Option<String> {
    let digits = text.chars().map(|letter| digit(letter).map(|value| char::from(b'0' + value)));
    digits.collect::<Option<String>>().filter(|figures| !figures.is_empty())
}

/// A whole number that is written out; `None` for anything else, and for what could be two: `一百二`.
#[must_use]
pub fn read(text: &str) -> Option<i64> {
    if text.is_empty() || text.chars().count() > LONGEST {
        return None;
    }
    let (high, low) = text.split_once('亿').map_or((None, text), |(high, low)| (Some(high), low));
    let part = |text: &str, is_rest: bool| match text.split_once('万') {
        Some((high, low)) => {
            let below = if low.is_empty() { 0 } else { below_ten_thousand(low, true)? };
            below_ten_thousand(high, is_rest)?.checked_mul(10_000)?.checked_add(below)
        }
        None => below_ten_thousand(text, is_rest),
    };
    let Some(high) = high else { return part(low, false) };
    let below = if low.is_empty() { 0 } else { part(low, true)? };
    part(high, false)?.checked_mul(100_000_000)?.checked_add(below)
}

/// A number below ten thousand; `is_rest`, behind `万` or `亿`.
fn below_ten_thousand(text: &str, is_rest: bool) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    let (mut total, mut pending, mut least, mut is_zero) = (0, None, 10_000, false);
    for (at, letter) in text.chars().enumerate() {
        if let Some(value) = digit(letter) {
            if pending.is_some() || value == 0 && is_zero {
                return None;
            }
            is_zero |= value == 0;
            pending = Some(i64::from(value)).filter(|value| *value > 0);
            continue;
        }
        let scale = scale(letter).filter(|scale| *scale < least)?;
        // `十二` has no digit before its ten.
        let before = pending.take().or((scale == 10 && at == 0).then_some(1))?;
        total += before * scale;
        (least, is_zero) = (scale, false);
    }
    let is_plain = least == 10 || is_zero || least == 10_000 && !is_rest;
    match pending {
        Some(digit) => is_plain.then_some(total + digit),
        None => (total > 0 || text.chars().all(|letter| digit(letter) == Some(0))).then_some(total),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_written_out_are_read() {
        for (text, value) in [
            ("五", 5),
            ("十二", 12),
            ("二十", 20),
            ("一百零五", 105),
            ("壹佰", 100),
            ("壹万贰仟叁佰", 12_300),
            ("两千零一", 2001),
            ("一万零五", 10_005),
            ("三亿五千万", 350_000_000),
            ("零", 0),
        ] {
            assert_eq!(read(text), Some(value), "{text}");
        }
        for text in [
            "",
            "一百二",
            "一万二",
            "百",
            "万",
            "亿",
            "万五千",
            "二一",
            "一十百",
            "五元",
            "12",
            "零零",
            "一二",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(figures("二〇一五").as_deref(), Some("2015"));
        assert_eq!(figures("二〇十五"), None);
    }
}
