//! The `fanshi` command.

/// Findings are made on all processors and handed to one that writes them: the system's allocator
/// has these wait for each other.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    fanshi::command::main()
}
