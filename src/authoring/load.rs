//! Rows that are kept from one state of the texts to the next, while no data file changes.

use crate::engine::{Policy, Rows, Source};
use std::sync::{Arc, Mutex};

/// How many loadings are kept: of what is saved, of what is typed, and of what it was before a part
/// of it could not be read.
const LOADINGS: usize = 4;

/// Which state of the data files: below, and in unsaved texts.
pub(super) type Version = (u64, u64);

/// Rows, and of which state of the data files they are.
type Loaded = (Version, Arc<Rows>);

/// The rows that were loaded last, the most recent first.
#[derive(Clone, Default)]
pub(super) struct Loads(Arc<Mutex<Vec<Loaded>>>);

impl Loads {
    /// The rows that a policy wants of files in this state.
    pub(super) fn get(&self, version: Version, policy: &Policy, source: Source) -> Arc<Rows> {
        let held = |all: &Vec<Loaded>| -> Vec<Arc<Rows>> {
            let own = all.iter().filter(|(held, _)| *held == version);
            own.map(|(_, rows)| rows.clone()).collect()
        };
        let before = self.0.lock().map(|all| held(&all)).unwrap_or_default();
        let rows = Rows::load_or_keep(policy, source, &before);
        if let Ok(mut all) = self.0.lock() {
            let same = |held: &Arc<Rows>| Arc::ptr_eq(&held.frames, &rows.frames);
            all.retain(|(of, held)| *of != version || !same(held));
            all.insert(0, (version, rows.clone()));
            all.truncate(LOADINGS);
        }
        rows
    }
}
