//! The `fanshi` command.

fn main() -> std::process::ExitCode {
    fanshi::command::main()
}
