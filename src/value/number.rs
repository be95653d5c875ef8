//! Exact numbers.

use num_rational::Ratio as Rational;
use num_traits::{CheckedAdd, CheckedMul, Zero};

/// An exact rational with 128-bit parts, always reduced.
///
/// # Examples
///
/// ```
/// use fanshi::Ratio;
///
/// let share = Ratio::new(51, 100); // 51 %
/// assert_eq!(share * Ratio::from_integer(200), Ratio::from_integer(102));
/// ```
pub type Ratio = Rational<i128>;

/// What stands before a number below nought, in every format: what people copy is a number again.
pub const MINUS: &str = "-";

/// Reads a decimal like `-12.50`: ASCII digits, optional sign, at most one point. `None` if it is
/// anything else, or too long for 128 bits.
#[must_use]
pub fn parse_decimal(text: &str) -> Option<Ratio> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let shaped = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !shaped(whole) || !shaped(fraction) || digits.ends_with('.') {
        return None;
    }
    let numerator: i128 = format!("{whole}{fraction}").parse().ok()?;
    let denominator = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    Some(Ratio::new(if negative { -numerator } else { numerator }, denominator))
}

/// Writes a number in full where it is a finite decimal of at most 12 places, else to 6 places
/// after `≈`.
#[must_use]
pub fn format_ratio(value: Ratio) -> String {
    if let Some(text) = finite_decimal(value) {
        return text;
    }
    let scale = Ratio::from_integer(1_000_000);
    value
        .checked_mul(&scale)
        .and_then(|scaled| finite_decimal(scaled.round() / scale))
        .map_or_else(|| value.to_string(), |text| format!("≈{text}"))
}

fn finite_decimal(value: Ratio) -> Option<String> {
    let places = (0..=12_u32).find(|&places| 10_i128.pow(places) % value.denom() == 0)?;
    let scaled = value.numer().checked_mul(&(10_i128.pow(places) / value.denom()))?;
    let sign = if scaled < 0 { MINUS } else { "" };
    let digits = format!("{:0>width$}", scaled.unsigned_abs(), width = places as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places as usize);
    Some(if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    })
}

/// How [`round_to`] treats what lies between two steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To the nearest; half away from zero (四舍五入).
    HalfUp,
    /// Towards positive infinity.
    Up,
    /// Towards negative infinity.
    Down,
}

/// Rounds to a multiple of `step`; `None` where the step is not positive or the result does not
/// fit.
#[must_use]
pub fn round_to(value: Ratio, step: Ratio, mode: Rounding) -> Option<Ratio> {
    if step <= Ratio::zero() {
        return None;
    }
    let steps = value.checked_mul(&step.recip())?;
    let whole = match mode {
        Rounding::Down => steps.floor(),
        Rounding::Up => steps.ceil(),
        Rounding::HalfUp if steps < Ratio::zero() => steps.checked_add(&Ratio::new(-1, 2))?.ceil(),
        Rounding::HalfUp => steps.checked_add(&Ratio::new(1, 2))?.floor(),
    };
    whole.checked_mul(&step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_and_written_exactly() {
        for text in ["0", "1.5", "-0.25", "123456789012345678901234567890", "0.000000000001"] {
            assert_eq!(parse_decimal(text).map(format_ratio).as_deref(), Some(text));
        }
        for text in ["", ".", "1.", ".5", "1e3", "１", "--1", "1.2.3"] {
            assert_eq!(parse_decimal(text), None, "{text}");
        }
        assert_eq!(format_ratio(Ratio::new(1, 3)), "≈0.333333");
    }

    #[test]
    fn halves_round_away_from_zero() {
        let round = |n, d| round_to(Ratio::new(n, d), Ratio::new(1, 10_000), Rounding::HalfUp);
        assert_eq!(round(35, 155_668), Some(Ratio::new(2, 10_000)));
        assert_eq!(round(-1, 20_000), Some(Ratio::new(-1, 10_000)));
        assert_eq!(round_to(Ratio::new(1, 2), Ratio::zero(), Rounding::Up), None);
    }
}
