//! `aftercare explain`: what a diagnostic code means, or why a ticket is where it is.

use aftercare_engine::diagnostic::codes;
use clap::Args;

use super::{Exit, Failure, print};

/// Explain a diagnostic code such as AC0102
#[derive(Args, Debug)]
pub struct Explain {
    /// The code, as `aftercare check` prints it
    #[arg(value_name = "CODE")]
    code: String,
}

impl Explain {
    pub fn run(self) -> Result<Exit, Failure> {
        let code = self.code.to_uppercase();
        match codes::explain(&code) {
            Some(text) => {
                print::line(text.trim_end());
                Ok(Exit::Fine)
            }
            None => Err(Failure::usage(format!("there is no code `{code}`; codes look like AC0102"))),
        }
    }
}
