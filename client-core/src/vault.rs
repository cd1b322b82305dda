//! Where a device's secrets live. A phone's host app brings its hardware keystore; a desk keeps a file sealed under a
//! passphrase.

mod file;
mod keystore;
mod memory;
mod signer;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use doorstep_crypto::keys::{KemSecret, SigningKey};
use doorstep_crypto::local::{self, LocalError, LocalKey};
use doorstep_crypto::passphrase::{self, PassphraseCost, PassphraseSalt};
use doorstep_crypto::pin::PinPepper;
use doorstep_protocol::{DeviceId, hash};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

pub use keystore::{
    Asks, KeyHome, Keystore, KeystoreAbilities, KeystoreError, KeystoreVault, Signs, SoftwareKeystore,
    WRAPPED_BYTES_MAX,
};

pub use memory::MemoryVault;
pub use signer::DeviceSigner;

use crate::store::DatabaseKey;

/// What the sealed blob is bound to.
const SLOT: &str = "device secrets";
/// Four secrets of 32 bytes: devices that were made before there was a second sealing key.
const FIRST_SECRETS_BYTES: usize = 128;
/// With the pepper of PINs.
const PEPPERED_BYTES: usize = 160;
/// With the pepper, and the second sealing key while it is kept here.
const SECRETS_BYTES: usize = 192;

/// Everything that makes a device this device.
pub struct DeviceSecrets {
    /// Signs envelopes, requests and log entries.
    pub sign: DeviceSigner,
    /// Keys are sealed to it.
    pub kem: KemSecret,
    /// Signs what the worker writes here.
    pub seat: SigningKey,
    /// Opens the store.
    pub database: DatabaseKey,
    /// Joins every PIN on this device; `None` on a device older than PINs.
    pub pepper: Option<PinPepper>,
    /// Keys of restricted teams are sealed to it. At a desk it stays here, behind the passphrase; on a tablet it moves under
    /// the first worker's PIN and is here no more.
    pub restricted: Option<KemSecret>,
}

impl DeviceSecrets {
    /// Draws new ones.
    #[must_use]
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        let mut database = [0u8; 32];
        rng.fill_bytes(&mut database);
        Self {
            sign: SigningKey::make(rng).into(),
            kem: KemSecret::make(rng),
            seat: SigningKey::make(rng),
            database: DatabaseKey::from_bytes(database),
            pepper: Some(PinPepper::make(rng)),
            restricted: Some(KemSecret::make(rng)),
        }
    }

    /// The same secrets, for a vault that is asked while nobody else waits.
    #[must_use]
    pub(crate) fn copy(&self) -> Self {
        let again = |key: &SigningKey| SigningKey::from_seed(*key.expose_seed());
        Self {
            sign: self.sign.clone(),
            kem: KemSecret::from_bytes(*self.kem.expose_bytes()),
            seat: again(&self.seat),
            database: DatabaseKey::from_bytes(*self.database.0),
            pepper: self.pepper.as_ref().map(|pepper| PinPepper::from_bytes(*pepper.expose_bytes())),
            restricted: self.restricted.as_ref().map(|key| KemSecret::from_bytes(*key.expose_bytes())),
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
        let mut bytes = Zeroizing::new(Vec::with_capacity(SECRETS_BYTES));
        match &self.sign {
            DeviceSigner::Here(key) => bytes.extend_from_slice(key.expose_seed()),
            // Whoever reads them back puts the keystore's key in this place.
            DeviceSigner::Kept { .. } => bytes.extend_from_slice(&[0; 32]),
        }
        bytes.extend_from_slice(self.kem.expose_bytes());
        bytes.extend_from_slice(self.seat.expose_seed());
        bytes.extend_from_slice(self.database.0.as_slice());
        if let Some(pepper) = &self.pepper {
            bytes.extend_from_slice(pepper.expose_bytes());
            if let Some(restricted) = &self.restricted {
                bytes.extend_from_slice(restricted.expose_bytes());
            }
        }
        bytes
    }

    /// Back from [`Self::expose_bytes`].
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if ![FIRST_SECRETS_BYTES, PEPPERED_BYTES, SECRETS_BYTES].contains(&bytes.len()) {
            return None;
        }
        let part = |at: usize| -> Option<[u8; 32]> { bytes.get(at..at + 32)?.try_into().ok() };
        Some(Self {
            sign: SigningKey::from_seed(part(0)?).into(),
            kem: KemSecret::from_bytes(part(32)?),
            seat: SigningKey::from_seed(part(64)?),
            database: DatabaseKey::from_bytes(part(96)?),
            pepper: part(FIRST_SECRETS_BYTES).map(PinPepper::from_bytes),
            restricted: part(PEPPERED_BYTES).map(KemSecret::from_bytes),
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
    /// The person turned the prompt of the keystore away.
    #[error("the prompt was turned away, and the keys stay closed: try again when you are ready")]
    Cancelled,
    /// Nobody answered the prompt of the keystore.
    #[error("nobody answered the prompt, and the keys stay closed: try again, and answer it")]
    TimedOut,
    /// The keystore does not have the key any more.
    #[error(
        "the keystore has lost this device's key, as when the screen lock is taken away: keep the folder, and ask the desk to enrol this device again"
    )]
    Lost,
    /// The keystore does not answer now.
    #[error("the keystore does not answer now: unlock the screen, and try again")]
    Unavailable,
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
pub trait KeyVault: Send + Sync {
    /// Draws the secrets of a new device, the key that signs perhaps in a keystore.
    ///
    /// # Errors
    /// [`VaultError::Occupied`] where there are secrets: before anything is made.
    fn make(&self) -> Result<DeviceSecrets, VaultError> {
        Ok(DeviceSecrets::make(&mut crate::randomness::os()))
    }

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

    /// Keeps these in place of older secrets of the same device, at once or not at all: the second sealing key leaves the
    /// vault when it moves under a PIN.
    ///
    /// # Errors
    /// [`VaultError::Empty`] when there are none to replace, [`VaultError::Refused`] when they are another device's.
    fn replace(&self, secrets: &DeviceSecrets) -> Result<(), VaultError>;

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

    fn seal(&self, secrets: &DeviceSecrets) -> Result<Vec<u8>, VaultError> {
        let mut rng = crate::randomness::os();
        let salt = PassphraseSalt::make(&mut rng);
        let key =
            passphrase::derive_local_key(&self.passphrase, salt, self.cost).map_err(|_| VaultError::Passphrase)?;
        local::seal_local(&key, SLOT, &secrets.expose_bytes(), &mut rng).map_err(|_| VaultError::Refused)
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
        let blob = file::read(&self.path)?;
        let key = self.derive(&blob)?;
        let opened = local::open_local(&key, SLOT, &blob).map_err(|_| VaultError::Refused)?;
        DeviceSecrets::from_bytes(&opened).ok_or(VaultError::Refused)
    }

    fn keep(&self, secrets: &DeviceSecrets) -> Result<(), VaultError> {
        file::write_new(&self.path, &self.seal(secrets)?)
    }

    fn replace(&self, secrets: &DeviceSecrets) -> Result<(), VaultError> {
        if self.open()?.device() != secrets.device() {
            return Err(VaultError::Refused);
        }
        file::replace(&self.path, &self.seal(secrets)?)
    }

    fn destroy(&self, what: Destroy) -> Result<(), VaultError> {
        match what {
            Destroy::AllButSigning => {
                let left = match self.open() {
                    Ok(secrets) => secrets.signing_only(&mut crate::randomness::os()),
                    Err(VaultError::Empty) => return Ok(()),
                    Err(error) => return Err(error),
                };
                file::replace_overwriting(&self.path, &self.seal(&left)?)
            }
            Destroy::Everything => file::destroy(&self.path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_crypto::passphrase::MEMORY_KIB_MIN;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    #[test]
    fn secrets_of_every_version_read_back() {
        let made = DeviceSecrets::make(&mut ChaCha20Rng::seed_from_u64(1));
        let bytes = made.expose_bytes();
        assert_eq!(bytes.len(), SECRETS_BYTES);
        let first = DeviceSecrets::from_bytes(&bytes[..FIRST_SECRETS_BYTES]).expect("a blob of the first version");
        assert!(first.pepper.is_none() && first.restricted.is_none() && first.device() == made.device());
        assert_eq!(first.expose_bytes().len(), FIRST_SECRETS_BYTES);
        let moved = DeviceSecrets::from_bytes(&bytes[..PEPPERED_BYTES]).expect("a tablet with a PIN");
        assert!(moved.pepper.is_some() && moved.restricted.is_none());
        assert_eq!(*moved.expose_bytes(), bytes[..PEPPERED_BYTES]);
        for length in (0..bytes.len()).filter(|length| ![FIRST_SECRETS_BYTES, PEPPERED_BYTES].contains(length)) {
            assert!(DeviceSecrets::from_bytes(&bytes[..length]).is_none(), "{length} bytes");
        }
    }

    #[test]
    fn secrets_are_replaced_by_the_same_devices_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let rng = &mut ChaCha20Rng::seed_from_u64(2);
        let vault = FileVault {
            path: folder.path().join("keys.sealed"),
            passphrase: Zeroizing::new("correct horse".to_owned()),
            cost: PassphraseCost { memory_kib: MEMORY_KIB_MIN, passes: 1, lanes: 1 },
        };
        let mut secrets = DeviceSecrets::make(rng);
        assert_eq!(vault.replace(&secrets), Err(VaultError::Empty));
        vault.keep(&secrets).expect("kept");
        assert_eq!(vault.replace(&DeviceSecrets::make(rng)), Err(VaultError::Refused));
        secrets.restricted = None;
        std::fs::write(folder.path().join("keys.new"), b"left by a crash").expect("written");
        vault.replace(&secrets).expect("replaced");
        let opened = vault.open().expect("opens");
        assert!(opened.restricted.is_none() && opened.device() == secrets.device());
        assert!(!folder.path().join("keys.new").exists());
    }
}
