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

/// The longest file of secrets that is overwritten: many times what there is.
const OVERWRITE_BYTES_MAX: usize = 64 * 1024;

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

    /// These without anything but the key that signs: all others are new ones that open nothing.
    #[must_use]
    pub fn signing_only(self, rng: &mut impl CryptoRng) -> Self {
        Self { sign: self.sign, ..Self::make(rng) }
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

    /// Destroys secrets, of a device that was revoked. Harmless to repeat, and where there are none.
    ///
    /// # Errors
    /// [`VaultError::Unreachable`], [`VaultError::Refused`].
    fn destroy(&self, what: Destroy) -> Result<(), VaultError>;
}

/// What of a device's secrets is destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destroy {
    /// All but the key that signs: it still has to sign that the device was wiped, and opens nothing.
    AllButSigning,
    /// Everything.
    Everything,
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

    fn destroy(&self, what: Destroy) -> Result<(), VaultError> {
        let unreachable = |error: std::io::Error| VaultError::Unreachable { kind: error.kind() };
        let beside = self.path.with_extension("left");
        // The old file is held open, to be overwritten once the new one has its name.
        let old = match fs::OpenOptions::new().write(true).open(&self.path) {
            Ok(old) => old,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(unreachable(error)),
        };
        match what {
            Destroy::AllButSigning => {
                let left = self.open()?.signing_only(&mut crate::randomness::os());
                let _of_a_crash = fs::remove_file(&beside);
                Self { path: beside.clone(), passphrase: self.passphrase.clone(), cost: self.cost }.keep(&left)?;
                fs::rename(&beside, &self.path).map_err(unreachable)?;
            }
            Destroy::Everything => {}
        }
        overwrite(&old).map_err(unreachable)?;
        if what == Destroy::Everything {
            fs::remove_file(&self.path).map_err(unreachable)?;
        }
        Ok(())
    }
}

fn overwrite(mut file: &fs::File) -> std::io::Result<()> {
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(OVERWRITE_BYTES_MAX).min(OVERWRITE_BYTES_MAX);
    file.write_all(&vec![0; length])?;
    file.sync_all()
}
