//! A SAT solver behind a small trait, and and/or/not over it with constants folded and repeated
//! operations shared.

use batsat::{Callbacks, Lit, SolverInterface, SolverOpts, Var, clause, lbool};
use std::collections::HashMap;
use std::ops::Not;

/// A literal: a propositional variable or its negation. Variable 1 is always true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bit(i32);

impl Bit {
    /// Always true.
    pub const TRUE: Self = Self(1);
    /// Always false.
    pub const FALSE: Self = Self(-1);

    /// One of the two constants.
    #[must_use]
    pub fn of(value: bool) -> Self {
        if value { Self::TRUE } else { Self::FALSE }
    }
}

impl Not for Bit {
    type Output = Self;

    fn not(self) -> Self {
        Self(-self.0)
    }
}

/// What a proof asks of a SAT solver.
pub trait Solver: Default {
    /// A new variable.
    fn variable(&mut self) -> Bit;
    /// A new variable that is tried so first.
    fn tried(&mut self, holds: bool) -> Bit;
    /// At least one of them holds.
    fn clause(&mut self, bits: &[Bit]);
    /// Whether all clauses can hold together with the assumptions. `None` where that takes more
    /// steps than are taken.
    fn solve(&mut self, assumptions: &[Bit]) -> Option<bool>;
    /// Whether a literal holds in the model of the last `solve`.
    fn holds(&self, bit: Bit) -> bool;
}

/// How many clauses the searches of one question may learn: a bound of steps, the same on every
/// machine.
const LEARNT: usize = 200_000;

/// Counts what was learnt.
#[derive(Default)]
struct Steps(usize);

impl Callbacks for Steps {
    fn on_new_clause(&mut self, _: &[Lit], _: clause::Kind) {
        self.0 += 1;
    }

    fn stop(&self) -> bool {
        self.0 > LEARNT
    }
}

/// `batsat`, a pure Rust MiniSat.
pub struct Batsat {
    solver: batsat::Solver<Steps>,
    variables: Vec<Var>,
}

impl Default for Batsat {
    fn default() -> Self {
        let solver = batsat::Solver::new(SolverOpts::default(), Steps::default());
        let mut made = Self { solver, variables: Vec::new() };
        let truth = made.variable();
        made.clause(&[truth]);
        made
    }
}

impl Batsat {
    fn lit(&self, bit: Bit) -> Lit {
        let var =
            self.variables.get(bit.0.unsigned_abs() as usize - 1).copied().unwrap_or(Var::UNDEF);
        Lit::new(var, bit.0 > 0)
    }
}

impl Solver for Batsat {
    fn variable(&mut self) -> Bit {
        self.variables.push(self.solver.new_var_default());
        Bit(i32::try_from(self.variables.len()).unwrap_or(i32::MAX))
    }

    fn tried(&mut self, holds: bool) -> Bit {
        self.variables.push(self.solver.new_var(lbool::new(holds), true));
        Bit(i32::try_from(self.variables.len()).unwrap_or(i32::MAX))
    }

    fn clause(&mut self, bits: &[Bit]) {
        let mut lits = bits.iter().map(|bit| self.lit(*bit)).collect();
        self.solver.add_clause_reuse(&mut lits);
    }

    fn solve(&mut self, assumptions: &[Bit]) -> Option<bool> {
        let lits: Vec<_> = assumptions.iter().map(|bit| self.lit(*bit)).collect();
        let found = self.solver.solve_limited(&lits);
        (found != lbool::UNDEF).then_some(found == lbool::TRUE)
    }

    fn holds(&self, bit: Bit) -> bool {
        self.solver.value_lit(self.lit(bit)) == lbool::TRUE
    }
}

/// How many literals the clauses of one question may have: lists in lists, read through references,
/// come to more than memory holds. The solver keeps some 100 bytes of each.
const LITERALS: usize = 1 << 20;

/// Formulas as clauses (Tseitin 1968).
#[derive(Default)]
pub struct Circuit<S> {
    /// The solver.
    pub solver: S,
    shared: HashMap<Vec<Bit>, Bit>,
    literals: usize,
}

impl<S: Solver> Circuit<S> {
    /// Whether no more formulas are taken: what was made since means nothing.
    pub fn is_full(&self) -> bool {
        self.literals > LITERALS
    }

    /// A new variable.
    pub fn free(&mut self) -> Bit {
        self.solver.variable()
    }

    /// A new variable that is tried so first.
    pub fn tried(&mut self, holds: bool) -> Bit {
        self.solver.tried(holds)
    }

    /// All of them.
    pub fn and(&mut self, bits: impl IntoIterator<Item = Bit>) -> Bit {
        let mut kept: Vec<Bit> = bits.into_iter().filter(|bit| *bit != Bit::TRUE).collect();
        kept.sort_unstable();
        kept.dedup();
        if kept.contains(&Bit::FALSE) || kept.iter().any(|bit| kept.binary_search(&!*bit).is_ok()) {
            return Bit::FALSE;
        }
        match kept.as_slice() {
            [] => return Bit::TRUE,
            [only] => return *only,
            _ => {}
        }
        if let Some(&known) = self.shared.get(&kept) {
            return known;
        }
        self.literals += 3 * kept.len() + 1;
        if self.is_full() {
            return Bit::FALSE;
        }
        let made = self.free();
        for &bit in &kept {
            self.solver.clause(&[!made, bit]);
        }
        let mut long: Vec<Bit> = kept.iter().map(|bit| !*bit).collect();
        long.push(made);
        self.solver.clause(&long);
        self.shared.insert(kept, made);
        made
    }

    /// Any of them.
    pub fn or(&mut self, bits: impl IntoIterator<Item = Bit>) -> Bit {
        let negated: Vec<Bit> = bits.into_iter().map(|bit| !bit).collect();
        !self.and(negated)
    }

    /// Both or neither.
    pub fn same(&mut self, a: Bit, b: Bit) -> Bit {
        let (both, neither) = (self.and([a, b]), self.and([!a, !b]));
        self.or([both, neither])
    }

    /// Demands that at least one of them holds.
    pub fn require(&mut self, bits: &[Bit]) {
        if !bits.contains(&Bit::TRUE) {
            self.solver.clause(bits);
        }
    }
}
