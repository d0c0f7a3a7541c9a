//! Secrets that the store keeps for others, such as what an authenticator shares with us, are kept sealed: whoever
//! reads the database or a copy of it has the numbers of a safe. AES-256 in GCM, with a key that is not in the
//! database: the setting `seal_key`, or a file that is made in the data folder.

use std::io::{ErrorKind, Write};
use std::path::Path;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest, Sha256};

use crate::config::{Config, weak};

/// What a sealed text begins with. Nothing that was kept before there was a seal does.
const MARK: &str = "sealed1.";
/// The key's file in the data folder.
const FILE: &str = "seal.key";
const NONCE: usize = 12;

/// Why a secret cannot be sealed or opened. The words are for the log.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("servers that share a database need the setting `seal_key`")]
    NoKey,
    #[error("the key `{path}` cannot be used: {error}")]
    File { path: String, error: std::io::Error },
    #[error("the machine gives no randomness")]
    NoRandomness,
    #[error("it was sealed with another key, for something else, or was tampered with")]
    Broken,
}

/// The key of this house.
pub struct Seal(Aes256Gcm);

impl Seal {
    /// The key of the settings, or of the file in the data folder, which is made when there is none.
    pub fn of(config: &Config) -> Result<Self, SealError> {
        Ok(Self::with(&secret(config)?))
    }

    fn with(secret: &[u8]) -> Self {
        let key = Sha256::new().chain_update(b"aftercare seal").chain_update(secret).finalize();
        let key: &Key<Aes256Gcm> = Key::<Aes256Gcm>::from_slice(&key);
        Self(Aes256Gcm::new(key))
    }

    /// Seals a text for one purpose; moved to another place it does not open.
    pub fn seal(&self, purpose: &str, text: &str) -> Result<String, SealError> {
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| SealError::NoRandomness)?;
        let payload = Payload { msg: text.as_bytes(), aad: purpose.as_bytes() };
        let sealed = self.0.encrypt(Nonce::from_slice(&nonce), payload).map_err(|_| SealError::Broken)?;
        Ok(format!("{MARK}{}", STANDARD_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// Opens what was sealed for this purpose.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<String, SealError> {
        let text = sealed.strip_prefix(MARK).ok_or(SealError::Broken)?;
        let bytes = STANDARD_NO_PAD.decode(text).map_err(|_| SealError::Broken)?;
        let (nonce, msg) = bytes.split_at_checked(NONCE).ok_or(SealError::Broken)?;
        let payload = Payload { msg, aad: purpose.as_bytes() };
        let opened = self.0.decrypt(Nonce::from_slice(nonce), payload).map_err(|_| SealError::Broken)?;
        String::from_utf8(opened).map_err(|_| SealError::Broken)
    }

    /// Whether a text is sealed.
    pub fn is_sealed(text: &str) -> bool {
        text.starts_with(MARK)
    }
}

/// The key of the settings, or of the file in the data folder.
fn secret(config: &Config) -> Result<Vec<u8>, SealError> {
    match (&config.seal_key, &config.database_url) {
        (Some(secret), _) => Ok(secret.expose().as_bytes().to_vec()),
        (None, None) => kept(&config.data.join(FILE)),
        // A file here would be known to this server alone.
        (None, Some(_)) => Err(SealError::NoKey),
    }
}

/// The key that the histories are sealed with: made of the same secret, of use for nothing else.
pub fn history_key(config: &Config) -> Result<[u8; 32], SealError> {
    let secret = secret(config)?;
    Ok(Sha256::new().chain_update(b"aftercare history").chain_update(secret).finalize().into())
}

/// The same, if there is one already: what is only looked at needs none made.
pub fn known_history_key(config: &Config) -> Option<[u8; 32]> {
    let is_there = config.seal_key.is_some() || config.data.join(FILE).is_file();
    is_there.then(|| history_key(config).ok()).flatten()
}

/// The key in the file; of several servers that make it at once, one is first.
fn kept(path: &Path) -> Result<Vec<u8>, SealError> {
    let failed = |error| SealError::File { path: path.display().to_string(), error };
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| SealError::NoRandomness)?;
    match options().open(path) {
        Ok(mut file) => {
            file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(failed)?;
            Ok(bytes.to_vec())
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let kept = std::fs::read(path).map_err(failed)?;
            weak::others_read(path).map_err(|why| failed(std::io::Error::other(why)))?;
            // Whoever is first may still be writing.
            if kept.len() == bytes.len() { Ok(kept) } else { Err(failed(ErrorKind::InvalidData.into())) }
        }
        Err(error) => Err(failed(error)),
    }
}

/// A new file that its owner alone can read.
fn options() -> std::fs::OpenOptions {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;

    #[test]
    fn a_sealed_text_opens_with_its_key_for_its_purpose_alone() {
        let seal = Seal::with(b"one");
        let sealed = seal.seal("anna", "GEZDGNBV").unwrap();
        assert!(!sealed.contains("GEZDGNBV") && Seal::is_sealed(&sealed), "{sealed}");
        assert_ne!(sealed, seal.seal("anna", "GEZDGNBV").unwrap(), "the same text looks the same");
        assert_eq!(seal.open("anna", &sealed).unwrap(), "GEZDGNBV");
        assert!(seal.open("piotr", &sealed).is_err(), "moved to somebody else it still opens");
        assert!(Seal::with(b"two").open("anna", &sealed).is_err());
        assert!(seal.open("anna", "sealed1.AAAA").is_err() && seal.open("anna", "GEZDGNBV").is_err());
    }

    #[test]
    fn the_key_is_made_once_in_the_data_folder_and_read_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data: folder.path().to_owned(), ..Config::default() };
        let sealed = Seal::of(&config).unwrap().seal("x", "secret").unwrap();
        assert_eq!(Seal::of(&config).unwrap().open("x", &sealed).unwrap(), "secret");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn servers_that_share_a_database_share_a_key_or_have_none() {
        let shared = Config { database_url: Some(Secret::new("postgres://x")), ..Config::default() };
        assert!(matches!(Seal::of(&shared), Err(SealError::NoKey)));
        let named = Config { seal_key: Some(Secret::new("k")), ..shared };
        assert!(Seal::of(&named).is_ok());
    }
}
