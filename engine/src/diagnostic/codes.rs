//! Every diagnostic code with what it means, for `aftercare explain AC0102` and for SARIF.
//!
//! A test holds this list and the engine's source together: a code used is listed, a code listed is used.

mod books;
mod charts;
mod eaches;
mod expressions;
mod files;
mod names;
mod people;
mod stories;
mod tickets;

/// All codes, in order.
pub fn all() -> impl Iterator<Item = &'static Code> {
    let lists = [files::CODES, names::CODES, charts::CODES, expressions::CODES, people::CODES, books::CODES];
    lists.into_iter().flatten().chain(stories::CODES).chain(tickets::CODES).chain(eaches::CODES)
}

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

const fn code(code: &'static str, title: &'static str, about: &'static str, example: &'static str) -> Code {
    Code { code, title, about, example }
}

/// The code's entry.
pub fn find(code: &str) -> Option<&'static Code> {
    all().find(|known| known.code.eq_ignore_ascii_case(code))
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
#[expect(clippy::disallowed_methods, reason = "the test reads the engine's own source")]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Codes in the source outside tests: what stands in quotes as `AC` and four digits.
    fn used() -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "rs") && !folder.ends_with("codes") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let code = text.split("#[cfg(test)]").next().unwrap_or("");
                    if path.ends_with("tests.rs") {
                        continue;
                    }
                    let quoted = code.split('"').filter(|part| part.len() == 6 && part.starts_with("AC"));
                    used.extend(
                        quoted.filter(|c| c.bytes().skip(2).all(|b| b.is_ascii_digit())).map(str::to_owned),
                    );
                }
            }
        }
        used
    }

    #[test]
    fn every_code_is_explained_once_and_every_explained_code_is_used() {
        let listed: Vec<String> = all().map(|code| code.code.to_owned()).collect();
        let mut sorted = listed.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(listed, sorted, "the list is in order, each code once");
        let listed: BTreeSet<String> = listed.into_iter().collect();
        let used = used();
        assert_eq!(
            used.difference(&listed).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "used but not explained"
        );
        assert_eq!(
            listed.difference(&used).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "explained but not used"
        );
    }

    #[test]
    fn a_code_explains_itself() {
        let text = explain("ac0011").unwrap();
        assert!(text.starts_with("AC0011: unknown key\n\n"), "{text}");
        assert!(explain("AC9999").is_none());
    }
}
