//! Where a device's secrets live. A phone's host app brings its hardware keystore; a desk keeps a file sealed under a
//! passphrase.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use doorstep_crypto::keys::{KemSecret, SigningKey};
use doorstep_crypto::local::{self, LocalError, LocalKey};
use doorstep_crypto::passphrase::{self, PassphraseCost, PassphraseSalt};
use doorstep_protocol::{DeviceId, hash};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::store::DatabaseKey;

/// What the sealed blob is bound to.
const SLOT: &str = "device secrets";
/// Four secrets of 32 bytes.
const SECRETS_BYTES: usize = 128;

/// Everything that makes a device this device.
pub struct DeviceSecrets {
    /// Signs envelopes, requests and log entries.
    pub sign: SigningKey,
    /// Keys are sealed to it.
    pub kem: KemSecret,
    /// Signs what the worker writes here.
    pub seat: SigningKey,
    /// Opens the store.
    pub database: DatabaseKey,
}

impl DeviceSecrets {
    /// Draws new ones.
    #[must_use]
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        let mut database = [0u8; 32];
        rng.fill_bytes(&mut database);
        Self {
            sign: SigningKey::make(rng),
            kem: KemSecret::make(rng),
            seat: SigningKey::make(rng),
            database: DatabaseKey::from_bytes(database),
        }
    }

    /// The id that the public keys certify.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        hash::device_id(&self.sign.public(), &self.kem.public())
    }

    /// The secrets as one blob, for a host's keystore. Never log, print or send it.
    #[must_use]
    pub fn expose_bytes(&self) -> Zeroizing<Vec<u8>> {
        let parts: [&[u8]; 4] =
            [self.sign.expose_seed(), self.kem.expose_bytes(), self.seat.expose_seed(), self.database.0.as_slice()];
        Zeroizing::new(parts.concat())
    }

    /// Back from [`Self::expose_bytes`].
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; SECRETS_BYTES] = bytes.try_into().ok()?;
        let part = |at: usize| -> Option<[u8; 32]> { bytes.get(at..at + 32)?.try_into().ok() };
        Some(Self {
            sign: SigningKey::from_seed(part(0)?),
            kem: KemSecret::from_bytes(part(32)?),
            seat: SigningKey::from_seed(part(64)?),
            database: DatabaseKey::from_bytes(part(96)?),
        })
    }
}

/// Why a vault gave or took nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// There are no secrets yet.
    #[error("this folder holds no device: enrol one first")]
    Empty,
    /// There are secrets already, and they are never overwritten.
    #[error("this folder holds a device already: choose another folder")]
    Occupied,
    /// The passphrase is not the one, or the file was changed.
    #[error("the passphrase does not open this device's keys")]
    Refused,
    /// The passphrase is too short, too long or empty.
    #[error("a passphrase has 1 to 1024 bytes")]
    Passphrase,
    /// The file cannot be reached.
    #[error("the keys cannot be reached ({kind:?}): check that the folder exists and may be written to")]
    Unreachable {
        /// What the system says.
        kind: ErrorKind,
    },
}

/// Where a device's secrets live.
pub trait KeyVault: Send {
    /// The secrets.
    ///
    /// # Errors
    /// [`VaultError::Empty`] before [`KeyVault::keep`], [`VaultError::Refused`] when the person may not open them.
    fn open(&self) -> Result<DeviceSecrets, VaultError>;

    /// Keeps new secrets; never replaces any.
    ///
    /// # Errors
    /// [`VaultError::Occupied`].
    fn keep(&self, secrets: &DeviceSecrets) -> Result<(), VaultError>;
}

/// Secrets in a file, sealed under a passphrase by Argon2id.
pub struct FileVault {
    path: PathBuf,
    passphrase: Zeroizing<String>,
    cost: PassphraseCost,
}

impl FileVault {
    /// A vault in `path`.
    #[must_use]
    pub fn new(path: &Path, passphrase: Zeroizing<String>) -> Self {
        Self { path: path.to_owned(), passphrase, cost: PassphraseCost::DESK }
    }

    fn derive(&self, blob: &[u8]) -> Result<LocalKey, VaultError> {
        local::derive_key_of(blob, &self.passphrase).map_err(|error| match error {
            LocalError::Passphrase(_) => VaultError::Passphrase,
            _ => VaultError::Refused,
        })
    }
}

impl KeyVault for FileVault {
    fn open(&self) -> Result<DeviceSecrets, VaultError> {
        let blob = fs::read(&self.path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => VaultError::Empty,
            kind => VaultError::Unreachable { kind },
        })?;
        let key = self.derive(&blob)?;
        let opened = local::open_local(&key, SLOT, &blob).map_err(|_| VaultError::Refused)?;
        DeviceSecrets::from_bytes(&opened).ok_or(VaultError::Refused)
    }

    fn keep(&self, secrets: &DeviceSecrets) -> Result<(), VaultError> {
        let mut rng = crate::randomness::os();
        let salt = PassphraseSalt::make(&mut rng);
        let key =
            passphrase::derive_local_key(&self.passphrase, salt, self.cost).map_err(|_| VaultError::Passphrase)?;
        let blob = local::seal_local(&key, SLOT, &secrets.expose_bytes(), &mut rng).map_err(|_| VaultError::Refused)?;
        let unreachable = |error: std::io::Error| match error.kind() {
            ErrorKind::AlreadyExists => VaultError::Occupied,
            kind => VaultError::Unreachable { kind },
        };
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.path).map_err(unreachable)?;
        file.write_all(&blob).and_then(|()| file.sync_all()).map_err(unreachable)
    }
}
