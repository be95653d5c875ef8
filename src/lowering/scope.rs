//! Which rows in scope an expression reads.

use crate::program::{ExprId, ExprKind, List, Program};

/// Calls `found` with the level of every row in scope that an expression reads; `inside` is how
/// many rows list forms have pushed.
pub(crate) fn reaches(program: &Program, id: ExprId, inside: usize, found: &mut dyn FnMut(usize)) {
    let mut level = |level: usize| {
        if let Some(outside) = level.checked_sub(inside) {
            found(outside);
        }
    };
    match &program.expr(id).kind {
        ExprKind::Field { level: at, .. }
        | ExprKind::Definition { level: at, .. }
        | ExprKind::Row { level: at, .. } => level(*at),
        ExprKind::Chain(chain) => level(chain.level),
        ExprKind::Nearest(nearest) => {
            nearest.own.into_iter().for_each(&mut level);
            reaches(program, nearest.text, inside, found);
        }
        ExprKind::Follow { reference, .. } => reaches(program, *reference, inside, found),
        ExprKind::Lookup { list, pick, condition, .. } => {
            list.level().into_iter().for_each(&mut level);
            for part in pick.order().iter().chain([condition]) {
                reaches(program, *part, inside + pushes(program, *list), found);
            }
        }
        ExprKind::Quantify { list, filter, body, .. } => {
            list.level().into_iter().for_each(&mut level);
            for part in filter.iter().chain(body) {
                reaches(program, *part, inside + pushes(program, *list), found);
            }
        }
        ExprKind::NetElapsed(net) => {
            net.list.level().into_iter().for_each(&mut level);
            net.outside().for_each(|part| reaches(program, part, inside, found));
            net.inside()
                .for_each(|part| reaches(program, part, inside + pushes(program, net.list), found));
        }
        ExprKind::Trace(trace) => {
            trace.list.level().into_iter().for_each(&mut level);
            for part in program.parts(&program.expr(id).kind) {
                reaches(program, part, inside + pushes(program, trace.list), found);
            }
        }
        ExprKind::Has(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => {
            reaches(program, *inner, inside, found)
        }
        ExprKind::And(parts)
        | ExprKind::Or(parts)
        | ExprKind::Call(_, parts)
        | ExprKind::Set(parts) => {
            parts.iter().for_each(|part| reaches(program, *part, inside, found));
        }
        ExprKind::In(value, options) => std::iter::once(value)
            .chain(options)
            .for_each(|part| reaches(program, *part, inside, found)),
        ExprKind::Compare(_, a, b) | ExprKind::Text(_, a, b) | ExprKind::Arithmetic(_, a, b) => {
            reaches(program, *a, inside, found);
            reaches(program, *b, inside, found);
        }
        ExprKind::If(condition, a, b) => {
            [condition, a, b].into_iter().for_each(|part| reaches(program, *part, inside, found));
        }
        ExprKind::Constant(_) | ExprKind::Parameter(_) | ExprKind::Single { .. } => {}
    }
}

/// How many rows a list form puts in scope.
pub(crate) fn pushes(program: &Program, list: List) -> usize {
    let List::All { frame } = list else { return 1 };
    let mut count = 1;
    let mut at = frame;
    while let Some((parent, _)) = program.schema.frame(at).and_then(|found| found.parent) {
        count += 1;
        at = parent;
    }
    count
}
