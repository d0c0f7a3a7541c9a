//! The command line. One file per subcommand; each reads its arguments, calls the library and prints.

mod amount;
mod backup;
mod check;
mod demo;
mod deploy;
mod diagram;
pub mod exit;
mod explain;
mod export;
mod files;
mod hold;
mod import;
mod invite;
mod migrate;
mod open;
mod print;
mod registers;
mod release;
mod restore;
mod run;
mod sandbox_payments;
mod schema;
mod seal;
mod serve;
mod simulate;
mod stop;
mod story;
mod test;
mod tick;
mod token;
mod verify;
mod work;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Settings;
pub use exit::{Exit, Failure};

/// After-sales service driven by process files.
///
/// Without a subcommand it serves: `aftercare` is `aftercare serve`.
#[derive(Debug, Parser)]
#[command(name = "aftercare", version, args_conflicts_with_subcommands = true, after_help = AFTER)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: Settings,
}

const AFTER: &str = "\
Exit codes:
  0  done, no problem found
  1  problems found: in the definitions, the scenarios, the input or the books
  2  the command line is not right
  3  the surroundings are not: a file, folder, port or database that cannot be used, or settings that protect nobody";

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Work(work::Work),
    Check(check::Check),
    Test(test::Test),
    Simulate(simulate::Simulate),
    Schema(schema::Schema),
    Diagram(diagram::Diagram),
    Explain(explain::Explain),
    Demo(demo::Demo),
    Migrate(migrate::Migrate),
    Deploy(deploy::Deploy),
    Token(token::Token),
    Invite(invite::Invite),
    Verify(verify::Verify),
    Seal(seal::Seal),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Hold(hold::Hold),
    Release(release::Release),
    Run(run::Run),
    Export(Box<export::Export>),
    SandboxPayments(sandbox_payments::SandboxPayments),
    Tick(tick::Tick),
    Import(import::Import),
}

/// Reads the command line, runs the command and gives its exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    exit::report(run(cli))
}

fn run(cli: Cli) -> Result<Exit, Failure> {
    match cli.command {
        None => serve::Serve { settings: cli.settings }.run(),
        Some(Command::Serve(serve)) => serve.run(),
        Some(Command::Work(work)) => work.run(),
        Some(Command::Check(check)) => check.run(),
        Some(Command::Test(test)) => test.run(),
        Some(Command::Simulate(simulate)) => simulate.run(),
        Some(Command::Schema(schema)) => schema.run(),
        Some(Command::Diagram(diagram)) => diagram.run(),
        Some(Command::Explain(explain)) => explain.run(),
        Some(Command::Demo(demo)) => demo.run(),
        Some(Command::Migrate(migrate)) => migrate.run(),
        Some(Command::Deploy(deploy)) => deploy.run(),
        Some(Command::Token(token)) => token.run(),
        Some(Command::Invite(invite)) => invite.run(),
        Some(Command::Verify(verify)) => verify.run(),
        Some(Command::Seal(seal)) => seal.run(),
        Some(Command::Backup(backup)) => backup.run(),
        Some(Command::Restore(restore)) => restore.run(),
        Some(Command::Hold(hold)) => hold.run(),
        Some(Command::Release(release)) => release.run(),
        Some(Command::Run(run)) => run.run(),
        Some(Command::Export(export)) => export.run(),
        Some(Command::SandboxPayments(sandbox)) => sandbox.run(),
        Some(Command::Tick(tick)) => tick.run(),
        Some(Command::Import(import)) => import.run(),
    }
}
