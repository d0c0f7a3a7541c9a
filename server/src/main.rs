//! The one binary. Everything is in the library, so that tests can run it.

use std::process::ExitCode;

fn main() -> ExitCode {
    aftercare::cli::main()
}
