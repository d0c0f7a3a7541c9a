//! Writing results to standard output. A reader that goes away (`| head`) ends the command without noise.

use std::io::Write;

/// One line.
pub fn line(text: impl std::fmt::Display) {
    all(&format!("{text}\n"));
}

/// A text as it is.
pub fn all(text: &str) {
    let mut out = std::io::stdout().lock();
    if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// For a server, which goes on when nobody reads its output any more.
pub fn notice(text: &str) {
    let mut out = std::io::stdout().lock();
    drop(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// What is wrong, on standard error, where it does not mix with results.
#[expect(clippy::print_stderr, reason = "this is where a command tells what it found")]
pub fn problems(text: &str) {
    eprint!("{text}");
}
