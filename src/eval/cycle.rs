//! Graphs of rows before one another: which rows lie on a cycle, and the greatest sums along paths.

use std::collections::VecDeque;

/// The rows after each row.
pub(super) fn reversed(before: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut after: Vec<Vec<u32>> = vec![Vec::new(); before.len()];
    for (row, earlier) in (0..).zip(before) {
        for &earlier in earlier {
            if let Some(list) = after.get_mut(earlier as usize) {
                list.push(row);
            }
        }
    }
    after
}

/// Sums in topological order (Kahn 1962): each row's own value and the greatest of the sums before
/// it.
pub(super) fn sums<T: Clone + Ord>(
    before: &[Vec<u32>],
    own: impl Fn(usize) -> Option<T>,
    zero: T,
    add: impl Fn(&T, &T) -> Option<T>,
) -> Vec<Option<T>> {
    let after = reversed(before);
    let mut waiting: Vec<usize> = before.iter().map(Vec::len).collect();
    let mut ready: VecDeque<usize> =
        waiting.iter().enumerate().filter(|(_, count)| **count == 0).map(|(row, _)| row).collect();
    let mut sums: Vec<Option<T>> = vec![None; before.len()];
    while let Some(row) = ready.pop_front() {
        let earlier = before.get(row).map_or(&[][..], Vec::as_slice);
        let longest = earlier.iter().try_fold(zero.clone(), |longest, at| {
            let sum = sums.get(*at as usize)?.clone()?;
            Some(longest.max(sum))
        });
        let sum = longest.and_then(|longest| add(&own(row)?, &longest));
        if let Some(slot) = sums.get_mut(row) {
            *slot = sum;
        }
        for &next in after.get(row).map_or(&[][..], Vec::as_slice) {
            if let Some(count) = waiting.get_mut(next as usize) {
                *count -= 1;
                if *count == 0 {
                    ready.push_back(next as usize);
                }
            }
        }
    }
    sums
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::value::component::on_cycles;

    /// Small graphs, each against what following every path says.
    #[test]
    fn cycles_and_paths_are_those_of_every_path() {
        let mut state = 11_u64;
        for _ in 0..400 {
            let mut next = |below: u64| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % below
            };
            let len = 1 + next(6);
            let edges: Vec<Vec<u32>> = (0..len)
                .map(|_| (0..next(3)).map(|_| u32::try_from(next(len)).unwrap_or(0)).collect())
                .collect();
            let weights: Vec<i64> = (0..len).map(|_| i64::try_from(next(9)).unwrap_or(0)).collect();
            let on = on_cycles(&edges);
            let found = sums(
                &edges,
                |row| Some(weights[row]),
                0,
                |a: &i64, b: &i64| i64::checked_add(*a, *b),
            );
            for row in 0..edges.len() {
                assert_eq!(on[row], back(&edges, row, row, edges.len()), "{edges:?} {row}");
                let before_it_a_cycle = (0..edges.len())
                    .any(|at| on[at] && (at == row || back(&edges, row, at, edges.len())));
                let expected = (!before_it_a_cycle).then(|| longest(&edges, &weights, row));
                assert_eq!(found[row], expected, "{edges:?} {row}");
            }
        }
    }

    fn back(edges: &[Vec<u32>], from: usize, to: usize, steps: usize) -> bool {
        steps > 0
            && edges[from]
                .iter()
                .any(|next| *next as usize == to || back(edges, *next as usize, to, steps - 1))
    }

    fn longest(edges: &[Vec<u32>], weights: &[i64], row: usize) -> i64 {
        weights[row]
            + edges[row]
                .iter()
                .map(|next| longest(edges, weights, *next as usize))
                .max()
                .unwrap_or(0)
    }
}
