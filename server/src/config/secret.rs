//! A value that never appears in a log line, an error or a debug print.

use std::fmt;

use serde::Deserialize;

use super::weak;

/// A password, key or URL with a password in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// Where a secret is kept: `{env: NAME}` or `{file: PATH}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SecretSource {
    Env(String),
    File(std::path::PathBuf),
}

impl SecretSource {
    /// Reads it; a line end at the end of a file is not part of it.
    pub fn read(&self) -> Result<Secret, String> {
        match self {
            Self::Env(name) => std::env::var(name)
                .map(Secret)
                .map_err(|_| format!("the environment variable `{name}` is not set")),
            Self::File(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| format!("the secret in `{}` cannot be read: {error}", path.display()))?;
                weak::others_read(path)?;
                Ok(Secret(text.trim_end_matches(['\r', '\n']).to_owned()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_itself() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "(secret)");
    }
}
