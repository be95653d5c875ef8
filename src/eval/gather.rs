//! Reading values and bits at other rows.

use super::{Series, TextSeries, Vector};
use crate::schema::Physical;
use crate::value::{Bits, Ratio};

/// Row numbers with their validity.
fn rows<'v>(index: &'v Vector) -> (impl Fn(usize) -> Option<usize> + 'v, usize) {
    let (values, valid) = match index {
        Vector::Ints(values, valid) => (Some(values), Some(valid)),
        _ => (None, None),
    };
    let len = valid.map_or(0, Bits::len);
    let row = move |at: usize| {
        values
            .filter(|_| valid.is_some_and(|valid| valid.get(at)))
            .and_then(|values| values.get(at))
            .and_then(|row| usize::try_from(row).ok())
    };
    (row, len)
}

/// Bits at rows; false where there is no row.
pub(super) fn bits(index: &Vector, found: &Bits, len: usize) -> Bits {
    if found.none() {
        return Bits::uniform(len, false);
    }
    let (row, _) = rows(index);
    Bits::from_fn(len, |at| row(at).is_some_and(|row| found.get(row)))
}

/// Values of parents for their elements: `offsets` says which are whose.
pub(super) fn spread(offsets: &[u32], found: &Vector, index: impl FnOnce() -> Vector) -> Vector {
    fn fixed<T: Copy>(offsets: &[u32], values: &Series<T>) -> Series<T> {
        match values {
            Series::Same(value) => Series::Same(*value),
            Series::Many(values) => {
                let mut spread = Vec::with_capacity(offsets.last().map_or(0, |&end| end as usize));
                for (&value, &end) in values.iter().zip(offsets.iter().skip(1)) {
                    spread.resize(end as usize, value);
                }
                spread.into()
            }
        }
    }
    match found {
        Vector::Bits(bits) => Vector::Bits(bits.spread(offsets)),
        Vector::Ints(values, valid) => Vector::Ints(fixed(offsets, values), valid.spread(offsets)),
        Vector::Ratios(values, valid) => {
            Vector::Ratios(fixed(offsets, values), valid.spread(offsets))
        }
        Vector::Texts(..) => {
            self::values(&index(), found, offsets.last().map_or(0, |&end| end as usize))
        }
        Vector::Weights(weights) => Vector::Weights(weights.clone()),
    }
}

/// Values at rows; not valid where there is no row, or no valid value in it.
pub(super) fn values(index: &Vector, found: &Vector, len: usize) -> Vector {
    let (row, _) = rows(index);
    let size = found.valid().map_or(0, Bits::len);
    let valid = found.valid().map_or_else(
        || Bits::uniform(len, false),
        |valid| {
            if valid.all() {
                Bits::from_fn(len, |at| row(at).is_some_and(|row| row < size))
            } else {
                Bits::from_fn(len, |at| row(at).is_some_and(|row| valid.get(row)))
            }
        },
    );
    match found {
        Vector::Ints(values, _) => Vector::Ints(fixed(values, &row, len, 0), valid),
        Vector::Ratios(values, _) => {
            Vector::Ratios(fixed(values, &row, len, Ratio::from_integer(0)), valid)
        }
        Vector::Texts(texts, _) => Vector::Texts(text(texts, &row, len), valid),
        Vector::Bits(bits) => Vector::Bits(self::bits(index, bits, len)),
        Vector::Weights(weights) => Vector::Weights(weights.clone()),
    }
}

fn fixed<T: Copy>(
    values: &Series<T>,
    row: &impl Fn(usize) -> Option<usize>,
    len: usize,
    filler: T,
) -> Series<T> {
    match values {
        Series::Same(value) => Series::Same(*value),
        Series::Many(values) => (0..len)
            .map(|at| row(at).and_then(|row| values.get(row)).copied().unwrap_or(filler))
            .collect(),
    }
}

fn text(texts: &TextSeries, row: &impl Fn(usize) -> Option<usize>, len: usize) -> TextSeries {
    let number =
        |row: Option<usize>| row.and_then(|row| u32::try_from(row).ok()).unwrap_or(u32::MAX);
    let rows = || (0..len).map(|at| number(row(at))).collect();
    let among = |rows: &[u32]| {
        let of = |at| row(at).and_then(|row| rows.get(row)).copied().unwrap_or(u32::MAX);
        (0..len).map(of).collect()
    };
    match texts {
        TextSeries::Same(text) => TextSeries::Same(text.clone()),
        TextSeries::Column(texts) => TextSeries::At(texts.clone(), rows()),
        TextSeries::At(texts, rows) => TextSeries::At(texts.clone(), among(rows)),
    }
}

/// A column of a kind that is nowhere known.
pub(super) fn nothing(physical: Physical, len: usize) -> Vector {
    let never = Bits::uniform(len, false);
    match physical {
        Physical::Ratios => Vector::Ratios(Series::Same(Ratio::from_integer(0)), never),
        Physical::Texts => Vector::Texts(TextSeries::Same("".into()), never),
        Physical::Bits => Vector::Bits(never),
        Physical::Ints | Physical::Frame => Vector::Ints(Series::Same(0), never),
    }
}
