//! Cells by their names.

use crate::data::names::fold;

/// `F12`, `A12:H12`.
#[must_use]
pub fn range(from: (usize, usize), to: (usize, usize)) -> String {
    let name = |(row, column): (usize, usize)| format!("{}{}", column_name(column), row + 1);
    if from == to { name(from) } else { format!("{}:{}", name(from), name(to)) }
}

/// The letters of a column, from 0: `A`, `Z`, `AA`.
#[must_use]
pub fn column_name(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// The row and column, from 0, of `F12`.
#[must_use]
pub fn cell_at(name: &str) -> Option<(u32, u32)> {
    let name = fold(name);
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, number) = name.split_at(digits);
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        let value = u32::from(letter.to_ascii_uppercase().checked_sub(b'A')?) + 1;
        column.checked_mul(26)?.checked_add(value).filter(|_| value <= 26)
    })?;
    Some((number.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (16_383, "XFD")] {
            assert_eq!(column_name(column), name);
            assert_eq!(
                cell_at(&format!("{name}12")),
                Some((11, u32::try_from(column).unwrap_or(0)))
            );
        }
        assert_eq!(cell_at("A0"), None);
    }
}
