//! Strongly connected components of a graph (Tarjan 1972, without recursion).

/// The component of each node, by number: nodes are of one component where each leads to the other.
#[must_use]
pub fn components(edges: &[Vec<u32>]) -> Vec<usize> {
    const NEW: usize = usize::MAX;
    let len = edges.len();
    let (mut order, mut low) = (vec![NEW; len], vec![NEW; len]);
    let mut component = vec![NEW; len];
    let (mut stack, mut path): (Vec<usize>, Vec<(usize, usize)>) = (Vec::new(), Vec::new());
    let (mut count, mut found) = (0, 0);
    let at = |values: &[usize], node: usize| values.get(node).copied().unwrap_or(NEW);
    for root in 0..len {
        if at(&order, root) != NEW {
            continue;
        }
        path.push((root, 0));
        while let Some((node, next)) = path.pop() {
            if next == 0 {
                set(&mut order, node, count);
                set(&mut low, node, count);
                count += 1;
                stack.push(node);
            }
            let edge = edges.get(node).and_then(|edges| edges.get(next)).map(|edge| *edge as usize);
            if let Some(to) = edge {
                path.push((node, next + 1));
                if at(&order, to) == NEW {
                    path.push((to, 0));
                } else if at(&component, to) == NEW {
                    let least = at(&low, node).min(at(&order, to));
                    set(&mut low, node, least);
                }
                continue;
            }
            if let Some(&(parent, _)) = path.last() {
                let least = at(&low, parent).min(at(&low, node));
                set(&mut low, parent, least);
            }
            if at(&low, node) == at(&order, node) {
                let start = stack.iter().rposition(|member| *member == node).unwrap_or(0);
                stack.split_off(start).into_iter().for_each(|at| set(&mut component, at, found));
                found += 1;
            }
        }
    }
    component
}

/// Which nodes lie on a cycle: in a component of several nodes, or with an edge to themselves.
#[must_use]
pub fn on_cycles(edges: &[Vec<u32>]) -> Vec<bool> {
    let component = components(edges);
    let mut sizes = vec![0_usize; edges.len()];
    for &of in &component {
        let size = sizes.get(of).copied().unwrap_or(0);
        set(&mut sizes, of, size + 1);
    }
    let own = |node: usize, edges: &[u32]| edges.iter().any(|to| *to as usize == node);
    let several = |of: &usize| sizes.get(*of).is_some_and(|size| *size > 1);
    (0..).zip(edges).zip(&component).map(|((node, to), of)| own(node, to) || several(of)).collect()
}

fn set(values: &mut [usize], at: usize, value: usize) {
    if let Some(slot) = values.get_mut(at) {
        *slot = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_that_lead_to_each_other_are_of_one_component() {
        // 0 → 1 → 2 → 0, 2 → 3 → 4 → 3, 5 alone.
        let edges = vec![vec![1], vec![2], vec![0, 3], vec![4], vec![3], vec![]];
        assert_eq!(components(&edges), [1, 1, 1, 0, 0, 2]);
        assert_eq!(on_cycles(&edges), [true, true, true, true, true, false]);
        assert_eq!(on_cycles(&[vec![0], vec![0]]), [true, false]);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let chain: Vec<Vec<u32>> = (0..200_000_u32)
            .map(|row| if row == 0 { vec![199_999] } else { vec![row - 1] })
            .collect();
        assert!(on_cycles(&chain).into_iter().all(|on| on));
    }
}
