//! Every diagnostic code with what it means, for `aftercare explain AC0102` and for SARIF.
//!
//! A test holds this list and the engine's source together: a code used is listed, a code listed is used.

mod list;

pub use list::CODES;

/// A code and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    pub code: &'static str,
    pub title: &'static str,
    /// What is wrong and why it matters.
    pub about: &'static str,
    /// A file that shows it.
    pub example: &'static str,
}

/// The code's entry.
pub fn find(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|known| known.code.eq_ignore_ascii_case(code))
}

/// What `aftercare explain CODE` prints.
pub fn explain(code: &str) -> Option<String> {
    let Code { code, title, about, example } = find(code)?;
    let mut text = format!("{code}: {title}\n\n{about}\n");
    if !example.is_empty() {
        text.push_str("\nFor example:\n\n");
        example.trim_end().lines().for_each(|line| text.push_str(&format!("    {line}\n")));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_explains_itself() {
        let text = explain("ac0011").unwrap();
        assert!(text.starts_with("AC0011: unknown key\n\n"), "{text}");
        assert!(explain("AC9999").is_none());
    }
}
