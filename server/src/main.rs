//! The one binary. Everything is in the library, so that tests can run it.

use std::process::ExitCode;

// A step allocates much and keeps little.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    aftercare::cli::main()
}
