//! The binary `aftercare`, built together with the tests that start it: its `main` is this same call.

use std::process::ExitCode;

fn main() -> ExitCode {
    aftercare::cli::main()
}
