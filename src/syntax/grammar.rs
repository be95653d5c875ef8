//! The parser pest makes from `grammar/policy.pest`; the rules are documented there.

use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "grammar/policy.pest"]
pub(super) struct PolicyParser;
