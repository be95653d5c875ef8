//! What has to be said of an element that is added: enough, so that whatever else it says, the
//! disposition comes about. Found by trying: a field is left unsaid where every value of it that
//! could make a difference does, whatever the other unsaid fields say.

use super::candidate::{Becomes, Candidate};
use super::search::{Outcome, Search, Solution};
use crate::eval::Edit;
use crate::schema::{Constant, FieldId};

/// How many ways to fill the unsaid fields are tried with each other.
const COMBINED: usize = 64;

/// What a field of an added element has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Must {
    /// This value.
    Be(Constant),
    /// Given, whatever it says.
    BeGiven,
    /// Left out.
    BeLeftOut,
}

/// What has to be said of an element that is added.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// The fields that matter.
    pub fields: Vec<(FieldId, Must)>,
    /// Those that may say anything.
    pub free: Vec<FieldId>,
    /// Whether a list that is given may have elements.
    pub may_have_elements: bool,
}

/// The values that a field may have.
type Free = (FieldId, Vec<Option<Constant>>);

impl Search<'_> {
    /// What has to be said of what a change adds, so that a disposition comes about by an article.
    pub fn said(&self, solution: &Solution, at: usize, outcome: Outcome) -> Said {
        let Some(change) = solution.changes.get(at) else { return Said::default() };
        let wish = match &change.becomes {
            Becomes::More(wish) | Becomes::Longer(_, wish) => wish,
            Becomes::EmptyList => {
                let may_have_elements = self.may_have_elements(solution, at, outcome);
                return Said { may_have_elements, ..Said::default() };
            }
            _ => return Said::default(),
        };
        let values = change.edits.iter().find_map(|edit| match edit {
            Edit::Insert { values, .. } => Some(values),
            _ => None,
        });
        let Some(values) = values else { return Said::default() };
        let actual = |field: FieldId| {
            values.iter().find(|(of, _)| *of == field).map(|(_, value)| value.clone())
        };
        let asked = |field: &FieldId| wish.iter().any(|(of, _)| of == field);
        let mut fields: Vec<&Free> = change.fillings.iter().collect();
        fields.sort_by_key(|(field, _)| asked(field));
        let (mut said, mut free): (Said, Vec<Free>) = Default::default();
        for (field, fillings) in fields {
            let now = actual(*field);
            let mut others: Vec<Option<Constant>> = fillings.clone();
            others.retain(|value| *value != now);
            let given: Vec<Option<Constant>> =
                others.iter().filter(|value| value.is_some()).cloned().collect();
            // Elements in an element cannot be tried.
            let tried = *now.as_ref().unwrap_or(&Constant::Bool(true)) != Constant::Empty;
            let mut does = |others: Vec<Option<Constant>>| {
                let all =
                    tried && self.all_bring((solution, at), (&free, *field, &others), outcome);
                if all {
                    let options = others.into_iter().chain([now.clone()]).collect();
                    free.push((*field, options));
                }
                all
            };
            if does(others.clone()) {
                said.free.push(*field);
            } else if now.is_some() && given.len() < others.len() && does(given) {
                said.fields.push((*field, Must::BeGiven));
            } else {
                said.fields.push((*field, now.map_or(Must::BeLeftOut, Must::Be)));
            }
        }
        said.fields.sort_by_key(|(field, _)| *field);
        said
    }

    /// Whether a disposition comes about with each of these values of a field, whatever the free
    /// fields say.
    fn all_bring(
        &self,
        (solution, at): (&Solution, usize),
        (free, field, others): (&[Free], FieldId, &[Option<Constant>]),
        outcome: Outcome,
    ) -> bool {
        let ways = free.iter().try_fold(others.len(), |count, (_, values)| {
            count.checked_mul(values.len()).filter(|count| *count <= COMBINED)
        });
        if ways.is_none() {
            return false;
        }
        let mut all: Vec<Vec<(FieldId, Option<Constant>)>> =
            others.iter().map(|value| vec![(field, value.clone())]).collect();
        for (field, values) in free {
            let with = |way: &Vec<(FieldId, Option<Constant>)>| {
                let each = values.iter().map(|value| {
                    way.iter().cloned().chain([(*field, value.clone())]).collect::<Vec<_>>()
                });
                each.collect::<Vec<_>>()
            };
            all = all.iter().flat_map(with).collect();
        }
        all.iter().all(|way| {
            let mut changes = solution.changes.clone();
            if let Some(change) = changes.get_mut(at) {
                change.edits = change.edits.iter().map(|edit| saying(edit, way)).collect();
            }
            self.outcome(&changes) == Some(outcome)
        })
    }

    /// Whether a list that is given may have an element, whatever that says.
    fn may_have_elements(&self, solution: &Solution, at: usize, outcome: Outcome) -> bool {
        let adds = |one: &Candidate| matches!(one.becomes, Becomes::More(_) | Becomes::Longer(..));
        let variants = self.variants(solution, at);
        let mut added = variants.iter().filter(|(one, _)| adds(one));
        added.all(|(_, brings)| *brings == Some(outcome))
    }
}

/// An added element that says something else.
fn saying(edit: &Edit, way: &[(FieldId, Option<Constant>)]) -> Edit {
    let Edit::Insert { frame, owner, values } = edit else { return edit.clone() };
    let kept = values.iter().filter(|(field, _)| !way.iter().any(|(of, _)| of == field));
    let said = way.iter().filter_map(|(field, value)| Some((*field, value.clone()?)));
    Edit::Insert { frame: *frame, owner: *owner, values: kept.cloned().chain(said).collect() }
}
