//! Conditions in a row that 或 joins at the end.

use super::node::Node;
use crate::syntax::error::ErrorKind;
use crate::syntax::grammar::Rule;

/// `a、b 或 c`: 或 may join the last of several alternatives, or two of what all has to hold.
pub(super) fn alternatives(node: &Node) -> Option<ErrorKind> {
    let (mut either, mut both) = (String::new(), String::new());
    let (mut is_open, mut is_paused, mut is_listed, mut has_comma) = (false, false, false, false);
    for part in node.clone().inner() {
        match part.rule() {
            Rule::expression => {
                let text = part.text().trim();
                let mut joints = part.clone().inner().filter(|joint| joint.rule() == Rule::kw_or);
                let or = joints.next();
                is_listed = or.as_ref().is_some_and(|or| or.text() == "or");
                is_open |= or.is_some();
                either.push_str(text);
                both.push_str(&if or.is_some() { format!("({text})") } else { text.to_owned() });
            }
            Rule::pause => {
                is_paused = true;
                either.push_str(" 或 ");
                both.push_str(" 且 ");
            }
            Rule::comma if part.text() == "," && node.rule() == Rule::guard => {
                has_comma = true;
                either.push_str(" or ");
                both.push_str(" and ");
            }
            Rule::kw_and => return None,
            _ => {
                either.push('，');
                both.push('，');
            }
        }
    }
    (is_open && is_paused || has_comma && is_listed)
        .then_some(ErrorKind::Alternatives(either, both))
}
