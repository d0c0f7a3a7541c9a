//! How a command ends. The codes are part of what scripts rely on.

use std::fmt::Display;
use std::process::ExitCode;

/// A command that ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Fine,
    /// Something is wrong in what it looked at; it has been printed.
    Problems,
}

/// A command that could not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    Usage(String),
    Environment(String),
}

impl Failure {
    pub fn usage(message: impl Display) -> Self {
        Self::Usage(message.to_string())
    }

    pub fn environment(message: impl Display) -> Self {
        Self::Environment(message.to_string())
    }
}

/// Says on standard error what failed and gives the code.
#[expect(clippy::print_stderr, reason = "this is where a command says why it could not run")]
pub fn report(result: Result<Exit, Failure>) -> ExitCode {
    match result {
        Ok(Exit::Fine) => ExitCode::SUCCESS,
        Ok(Exit::Problems) => ExitCode::from(1),
        Err(Failure::Usage(message)) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
        Err(Failure::Environment(message)) => {
            eprintln!("error: {message}");
            ExitCode::from(3)
        }
    }
}
