//! So many yuan as English spells them: `10,000 yuan`, `RMB million`, `ten thousand yuan`.

/// What the yuan is called.
const YUAN: [&str; 9] = ["yuan", "renminbi", "rmb", "cny", "chinese", "人民币", "元", "¥", "￥"];

/// Words for a factor.
const WORDS: [(&str, i128); 14] = [
    ("ten", 10),
    ("hundred", 100),
    ("hundreds", 100),
    ("thousand", 1000),
    ("thousands", 1000),
    ("thou", 1000),
    ("mio", 1_000_000),
    ("million", 1_000_000),
    ("millions", 1_000_000),
    ("mn", 1_000_000),
    ("mln", 1_000_000),
    ("billion", 1_000_000_000),
    ("billions", 1_000_000_000),
    ("bn", 1_000_000_000),
];

/// No such word has more pieces.
const LONGEST: usize = 8;

/// What one of a unit is in yuan; `None` where the text, in small letters, is no such unit, or says
/// nothing of how many.
#[must_use]
pub fn yuan(text: &str) -> Option<i128> {
    let mut apart = text.replace("'000", " thousand").replace(['(', ')', '[', ']', '/', ':'], " ");
    for name in YUAN {
        if apart.contains(name) {
            apart = apart.replace(name, &format!(" {name} "));
        }
    }
    let (mut scale, mut is_yuan) = (1_i128, false);
    // A comma in a number separates cells, too: `10` and `000`.
    let mut pieces: Vec<String> = Vec::new();
    for piece in apart.split_whitespace() {
        match pieces.last_mut().filter(|last| piece == "000" && is_power(last)) {
            Some(last) => last.push_str(piece),
            None => pieces.push(piece.to_owned()),
        }
    }
    for piece in pieces.iter().filter(|piece| !["in", "of", "the"].contains(&piece.as_str())) {
        if YUAN.contains(&piece.as_str()) {
            is_yuan = true;
        } else {
            scale = scale.checked_mul(factor(piece)?)?;
        }
    }
    (is_yuan && scale > 1 && pieces.len() <= LONGEST).then_some(scale)
}

/// `10,000`, `10k`, `million`.
fn factor(piece: &str) -> Option<i128> {
    let piece = piece.trim_end_matches('.');
    if let Some((_, factor)) = WORDS.iter().find(|(word, _)| *word == piece) {
        return Some(*factor);
    }
    let piece = piece.strip_suffix('s').unwrap_or(piece);
    let (digits, times) = match piece.strip_suffix('k') {
        Some(digits) => (digits, 1000),
        None => (piece, 1),
    };
    let digits = digits.replace(',', "");
    let number: i128 = digits.parse().ok().filter(|_| is_power(&digits))?;
    Some(number * times)
}

/// `1`, `10`, `1000`.
fn is_power(digits: &str) -> bool {
    digits.len() < 16
        && digits.strip_prefix('1').is_some_and(|zeros| zeros.bytes().all(|digit| digit == b'0'))
}

#[cfg(test)]
mod tests {
    use super::yuan;

    #[test]
    fn so_many_yuan_are_known_however_they_are_spelt() {
        for (text, scale) in [
            ("10,000 yuan", 10_000),
            ("rmb 10,000", 10_000),
            ("rmb10000", 10_000),
            ("ten thousand yuan", 10_000),
            ("10 thousand yuan", 10_000),
            ("yuan (10,000)", 10_000),
            ("10k yuan", 10_000),
            ("in thousands of yuan", 1000),
            ("rmb'000", 1000),
            ("rmb million", 1_000_000),
            ("hundred million yuan", 100_000_000),
            ("10000元", 10_000),
            ("10 000 yuan", 10_000),
            ("rmb 10000s", 10_000),
        ] {
            assert_eq!(yuan(text), Some(scale), "{text}");
        }
        for text in
            ["yuan", "rmb", "10,000", "20,000 yuan", "10,000 pieces", "million", "a yuan", ""]
        {
            assert_eq!(yuan(text), None, "{text}");
        }
    }
}
