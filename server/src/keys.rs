//! What the server keeps secret: the key it signs with, and the secret behind its session tokens.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use doorstep_protocol::{Digest32, SignPublic, Signature, label, signature};
use ed25519_dalek::{Signer, SigningKey};

use crate::session::TokenSecret;

/// The signing key's file in the data folder. It stands apart from the database, so that a lost database does not lose
/// the identity that every genesis names.
pub const SERVER_KEY_FILE: &str = "server.key";
/// The token secret's file in the data folder.
pub const TOKEN_SECRET_FILE: &str = "token.secret";
const SECRET_BYTES: usize = 32;

/// A key file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It cannot be read or written.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What happened.
        error: std::io::Error,
    },
    /// It is not of the one length a key file has.
    #[error("{path} has {found_bytes} bytes, a key has {SECRET_BYTES}: put back the original, or move it away")]
    Length {
        /// The file.
        path: PathBuf,
        /// Bytes found, at most one more than a key has.
        found_bytes: usize,
    },
    /// The operating system has no randomness.
    #[error("no randomness to make a key from: {0}")]
    Randomness(getrandom::Error),
}

/// The server's secrets.
pub struct Keys {
    signing: SigningKey,
    tokens: TokenSecret,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("public", &self.public()).finish_non_exhaustive()
    }
}

impl Keys {
    /// From 32 secret bytes each.
    #[must_use]
    pub fn from_secrets(signing: [u8; 32], tokens: [u8; 32]) -> Self {
        Self { signing: SigningKey::from_bytes(&signing), tokens: TokenSecret::new(tokens) }
    }

    /// Reads the keys of a data folder, and makes those that are not there yet.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn open(folder: &Path) -> Result<Self, KeyFileError> {
        let signing = secret_file(&folder.join(SERVER_KEY_FILE))?;
        let tokens = secret_file(&folder.join(TOKEN_SECRET_FILE))?;
        Ok(Self::from_secrets(signing, tokens))
    }

    /// What a genesis names.
    #[must_use]
    pub fn public(&self) -> SignPublic {
        SignPublic(self.signing.verifying_key().to_bytes())
    }

    /// Signs bytes that carry their own domain separation.
    #[must_use]
    pub fn sign_raw(&self, message: &[u8]) -> Signature {
        Signature(self.signing.sign(message).to_bytes())
    }

    /// Signs a checkpoint's digest.
    #[must_use]
    pub fn sign_checkpoint(&self, digest: &Digest32) -> Signature {
        self.sign_raw(&signature::signed_bytes(label::SIG_CHECKPOINT, &digest.0))
    }

    /// Signs the digest that closes an answer.
    #[must_use]
    pub fn sign_answer(&self, digest: &Digest32) -> Signature {
        self.sign_raw(&signature::signed_bytes(label::SIG_ANSWER, &digest.0))
    }

    /// What tokens are made with.
    #[must_use]
    pub const fn tokens(&self) -> &TokenSecret {
        &self.tokens
    }
}

fn secret_file(path: &Path) -> Result<[u8; SECRET_BYTES], KeyFileError> {
    let io = |error| KeyFileError::Io { path: path.to_owned(), error };
    match File::open(path) {
        Ok(file) => {
            let mut bytes = Vec::with_capacity(SECRET_BYTES);
            file.take(SECRET_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(io)?;
            <[u8; SECRET_BYTES]>::try_from(bytes)
                .map_err(|bytes| KeyFileError::Length { path: path.to_owned(), found_bytes: bytes.len() })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut secret = [0; SECRET_BYTES];
            getrandom::fill(&mut secret).map_err(KeyFileError::Randomness)?;
            write_secret(path, &secret).map_err(io)?;
            Ok(secret)
        }
        Err(error) => Err(io(error)),
    }
}

/// Written aside, made durable, then named: a crash leaves a whole key or none.
fn write_secret(path: &Path, secret: &[u8]) -> std::io::Result<()> {
    let aside = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&aside)?;
    file.write_all(secret)?;
    file.sync_all()?;
    fs::rename(&aside, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_only_the_owner_reads_them() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let first = Keys::open(folder.path()).expect("new keys").public();
        assert_eq!(Keys::open(folder.path()).expect("the same keys").public(), first);
        #[cfg(unix)]
        for name in [SERVER_KEY_FILE, TOKEN_SECRET_FILE] {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join(name)).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn a_damaged_key_file_is_reported_and_left_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(SERVER_KEY_FILE);
        fs::write(&path, b"short").expect("written");
        assert!(matches!(Keys::open(folder.path()), Err(KeyFileError::Length { found_bytes: 5, .. })));
        assert_eq!(fs::read(&path).expect("still there"), b"short");
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?} {:?}", Keys::from_secrets([0xab; 32], [0xcd; 32]), TokenSecret::new([0xcd; 32]));
        assert!(!shown.contains("abab") && !shown.contains("cdcd") && !shown.contains("171, 171"), "{shown}");
    }
}
