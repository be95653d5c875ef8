//! The `fanshi` command.

fn main() {}
