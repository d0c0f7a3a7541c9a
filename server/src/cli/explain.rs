//! `aftercare explain`: what a diagnostic code means, or why a ticket is where it is.

use aftercare_engine::diagnostic::codes;
use aftercare_engine::language::Language;
use clap::Args;

use super::{Exit, Failure, amount, open, print, story};
use crate::config::Settings;

/// Explain a diagnostic code such as AC0102, or a ticket: its steps and what rules decided in them
#[derive(Args, Debug)]
pub struct Explain {
    /// The code, as `aftercare check` prints it, or a tracking code
    #[arg(value_name = "CODE|TICKET", required_unless_present = "voucher")]
    what: Option<String>,
    /// A charge line of the ticket, by its number: why it costs what it costs, worked out again
    #[arg(long, value_name = "NUMBER", requires = "what")]
    charge: Option<i64>,
    /// A voucher, by its reference: why its amounts are what they are, worked out again
    #[arg(long, value_name = "REFERENCE", conflicts_with = "what")]
    voucher: Option<i64>,
    /// Language of a ticket's story: en, fa, zh, pl
    #[arg(long, default_value = "en")]
    language: String,
    #[command(flatten)]
    settings: Settings,
}

impl Explain {
    pub fn run(self) -> Result<Exit, Failure> {
        let code = self.what.as_deref().unwrap_or_default().trim().to_uppercase();
        if let Some(text) = codes::explain(&code).filter(|_| self.voucher.is_none()) {
            print::line(text.trim_end());
            return Ok(Exit::Fine);
        }
        if is_diagnostic(&code) {
            return Err(Failure::usage(format!("there is no code `{code}`; codes look like AC0102")));
        }
        let language = Language::of_code(&self.language)
            .ok_or_else(|| Failure::usage(format!("there is no language `{}`", self.language)))?;
        let config = self.settings.load().map_err(Failure::environment)?;
        open::runtime()?.block_on(async {
            let app = open::existing(config).await?;
            if let Some(reference) = self.voucher {
                return amount::of_voucher(&app, reference).await;
            }
            if let Some(line) = self.charge {
                return amount::of_charge(&app, &code, line, language).await;
            }
            let told = story::of(&app, &code, language).await.map_err(Failure::environment)?;
            let told = told.ok_or_else(|| Failure::usage(format!("there is no ticket `{code}`")))?;
            print::all(&told);
            Ok(Exit::Fine)
        })
    }
}

/// Whether it has the form of a diagnostic code.
fn is_diagnostic(code: &str) -> bool {
    let digits = code.strip_prefix("AC").unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
