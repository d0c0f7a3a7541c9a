//! What designers' templates may not do: be huge, write without end, nest loops, reach other templates.

use std::io;

use super::MAX_OUTPUT;

/// Longest template, in bytes.
const MAX_SOURCE: usize = 16 * 1024;
/// Loops inside loops.
const MAX_LOOPS: usize = 2;
/// The only tags. Values can then not be grown from each other, and no template includes another.
const TAGS: &[&str] = &["if", "elif", "else", "endif", "for", "endfor"];

/// Why a template is not accepted.
pub(super) fn check(source: &str) -> Result<(), String> {
    if source.len() > MAX_SOURCE {
        return Err(format!("the text has {} bytes, at most {MAX_SOURCE} are read", source.len()));
    }
    let mut open: usize = 0;
    for tag in source.split("{%").skip(1) {
        let tag = tag.trim_start_matches(['-', ' ', '\t', '\n', '\r']);
        let word: String = tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        if !TAGS.contains(&word.as_str()) {
            return Err(format!("`{{% {word} %}}` is not available; the tags are `{}`", TAGS.join("`, `")));
        }
        match word.as_str() {
            "for" => open += 1,
            "endfor" => open = open.saturating_sub(1),
            _ => {}
        }
        if open > MAX_LOOPS {
            return Err(format!("more than {MAX_LOOPS} loops inside each other"));
        }
    }
    Ok(())
}

/// Takes what a template writes, up to the limit.
#[derive(Default)]
pub(super) struct Output(Vec<u8>);

impl Output {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_OUTPUT {
            return Err(io::Error::other(format!("the text grows over {MAX_OUTPUT} bytes")));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
