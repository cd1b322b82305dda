//! Keys in a keystore: the hardware's on a phone, a passphrase in tests. A keystore wraps one key of 32 bytes, asks the person when it
//! unwraps it, and may keep the key that signs; everything else of a device is a file sealed under the wrapped key.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use doorstep_crypto::local::{self, LocalKey};
use doorstep_crypto::passphrase::{self, PassphraseCost, PassphraseSalt};
use doorstep_protocol::{Bytes, SignPublic, Signature, cbor};
use zeroize::Zeroizing;

use super::{Destroy, DeviceSecrets, DeviceSigner, KeyVault, SLOT, VaultError, file};

/// What the wrapped key of a software keystore is bound to.
const SOFTWARE_SLOT: &str = "keystore key";
/// The longest wrapped key: an RSA or ECIES text with room to spare.
pub const WRAPPED_BYTES_MAX: usize = 4 * 1024;
/// The longest file of keys.
const FILE_BYTES_MAX: usize = 16 * 1024;
/// The form of the file.
const VERSION: u32 = 1;

/// A keystore of the host. It holds keys of one device.
pub trait Keystore: Send + Sync {
    /// What it can do.
    fn abilities(&self) -> KeystoreAbilities;

    /// Wraps a key. Asks nobody.
    ///
    /// # Errors
    /// [`KeystoreError`].
    fn wrap(&self, key: &[u8; 32]) -> Result<Vec<u8>, KeystoreError>;

    /// Unwraps it: this may ask a person, for as long as it takes. Never called while a device is locked.
    ///
    /// # Errors
    /// [`KeystoreError`].
    fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeystoreError>;

    /// Makes the key that signs, where it can.
    ///
    /// # Errors
    /// [`KeystoreError`].
    fn make_signing_key(&self) -> Result<SignPublic, KeystoreError>;

    /// Signs with it. Asks nobody.
    ///
    /// # Errors
    /// [`KeystoreError`].
    fn sign(&self, message: &[u8]) -> Result<Signature, KeystoreError>;

    /// Destroys every key of this device. Harmless to repeat.
    ///
    /// # Errors
    /// [`KeystoreError`].
    fn destroy(&self) -> Result<(), KeystoreError>;
}

/// What a keystore can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeystoreAbilities {
    /// Where its keys are.
    pub home: KeyHome,
    /// What it asks when it unwraps.
    pub asks: Asks,
    /// What it signs.
    pub signs: Signs,
}

/// Where keys are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyHome {
    /// In a file or in memory of this program.
    Software,
    /// In the trusted part of the processor.
    TrustedHardware,
    /// In a chip of their own.
    SecureElement,
}

/// What a keystore asks when it unwraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Nothing.
    Nothing,
    /// A finger, a face or the screen lock.
    Person,
    /// A passphrase, which it has been given.
    Passphrase,
}

/// What a keystore signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    /// Nothing that Doorstep knows.
    Nothing,
    /// Ed25519, without asking.
    Ed25519,
}

/// Why a keystore did not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeystoreError {
    /// The person may not.
    #[error("the keystore refuses")]
    Refused,
    /// The person turned the prompt away.
    #[error("the prompt was turned away")]
    Cancelled,
    /// Nobody answered the prompt.
    #[error("nobody answered the prompt")]
    TimedOut,
    /// The key is not there any more.
    #[error("the keystore has lost the key")]
    Lost,
    /// Not now.
    #[error("the keystore does not answer")]
    Unavailable,
}

impl From<KeystoreError> for VaultError {
    fn from(error: KeystoreError) -> Self {
        match error {
            KeystoreError::Refused => Self::Refused,
            KeystoreError::Cancelled => Self::Cancelled,
            KeystoreError::TimedOut => Self::TimedOut,
            KeystoreError::Lost => Self::Lost,
            KeystoreError::Unavailable => Self::Unavailable,
        }
    }
}

/// What stands in the file.
#[derive(minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
struct Kept {
    #[n(0)]
    version: u32,
    /// The key that opens `sealed`, as the keystore wrapped it.
    #[n(1)]
    wrapped: Bytes,
    #[n(2)]
    sealed: Bytes,
    /// The public half of the key that signs, where the keystore keeps it.
    #[n(3)]
    signs: Option<SignPublic>,
}

/// Secrets in a file, sealed under a key that a keystore wraps.
pub struct KeystoreVault<K> {
    path: PathBuf,
    keystore: Arc<K>,
    /// The unwrapped key, once the person has let it: what is written anew then asks nobody again. The secrets it seals are in memory
    /// for as long.
    unwrapped: Mutex<Option<LocalKey>>,
}

impl<K: Keystore + 'static> KeystoreVault<K> {
    /// A vault in the file at `path`.
    #[must_use]
    pub fn new(path: &Path, keystore: Arc<K>) -> Self {
        Self { path: path.to_owned(), keystore, unwrapped: Mutex::default() }
    }

    /// The keystore behind.
    #[must_use]
    pub fn keystore(&self) -> &K {
        &self.keystore
    }

    fn read(&self) -> Result<Kept, VaultError> {
        let bytes = file::read(&self.path)?;
        let kept: Kept = cbor::decode("keys", &bytes, FILE_BYTES_MAX).map_err(|_| VaultError::Refused)?;
        if kept.version == VERSION { Ok(kept) } else { Err(VaultError::Refused) }
    }

    fn secrets(&self, kept: &Kept, key: &LocalKey) -> Result<DeviceSecrets, VaultError> {
        let opened = local::open_local(key, SLOT, &kept.sealed.0).map_err(|_| VaultError::Refused)?;
        let secrets = DeviceSecrets::from_bytes(&opened).ok_or(VaultError::Refused)?;
        Ok(match kept.signs {
            Some(public) => DeviceSecrets { sign: self.signer(public), ..secrets },
            None => secrets,
        })
    }

    fn signer(&self, public: SignPublic) -> DeviceSigner {
        DeviceSigner::Kept { public, keystore: self.keystore.clone() }
    }

    /// Asks the keystore, and so perhaps the person.
    fn ask(&self, kept: &Kept) -> Result<DeviceSecrets, VaultError> {
        let key = LocalKey::from_bytes(*self.keystore.unwrap(&kept.wrapped.0)?);
        let secrets = self.secrets(kept, &key)?;
        self.hold(Some(key));
        Ok(secrets)
    }

    /// The secrets without asking again, where the person has let it.
    fn held(&self, kept: &Kept) -> Result<DeviceSecrets, VaultError> {
        let held = match &*self.unwrapped.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(key) => Some(self.secrets(kept, key)?),
            None => None,
        };
        match held {
            Some(secrets) => Ok(secrets),
            None => self.ask(kept),
        }
    }

    fn hold(&self, key: Option<LocalKey>) {
        *self.unwrapped.lock().unwrap_or_else(PoisonError::into_inner) = key;
    }

    /// The file's bytes with other secrets under the same key.
    fn sealed_anew(&self, kept: Kept, secrets: &DeviceSecrets) -> Result<Vec<u8>, VaultError> {
        let unwrapped = self.unwrapped.lock().unwrap_or_else(PoisonError::into_inner);
        let key = unwrapped.as_ref().ok_or(VaultError::Unavailable)?;
        seal(key, kept.wrapped.0, secrets)
    }

    fn destroy_everything(&self) -> Result<(), VaultError> {
        self.hold(None);
        self.keystore.destroy()?;
        file::destroy(&self.path)
    }
}

fn seal(key: &LocalKey, wrapped: Vec<u8>, secrets: &DeviceSecrets) -> Result<Vec<u8>, VaultError> {
    let signs = match &secrets.sign {
        DeviceSigner::Here(_) => None,
        DeviceSigner::Kept { public, .. } => Some(*public),
    };
    let sealed = local::seal_local(key, SLOT, &secrets.expose_bytes(), &mut crate::randomness::os());
    let sealed = Bytes(sealed.map_err(|_| VaultError::Refused)?);
    Ok(cbor::encode(&Kept { version: VERSION, wrapped: Bytes(wrapped), sealed, signs }))
}

impl<K: Keystore + 'static> KeyVault for KeystoreVault<K> {
    fn make(&self) -> Result<DeviceSecrets, VaultError> {
        // Before the hardware makes a key in the place of the one that a device here signs with.
        if self.path.exists() {
            return Err(VaultError::Occupied);
        }
        let secrets = DeviceSecrets::make(&mut crate::randomness::os());
        Ok(match self.keystore.abilities().signs {
            Signs::Nothing => secrets,
            Signs::Ed25519 => DeviceSecrets { sign: self.signer(self.keystore.make_signing_key()?), ..secrets },
        })
    }

    fn open(&self) -> Result<DeviceSecrets, VaultError> {
        self.ask(&self.read()?)
    }

    fn keep(&self, secrets: &DeviceSecrets) -> Result<(), VaultError> {
        if self.path.exists() {
            return Err(VaultError::Occupied);
        }
        let key = LocalKey::make(&mut crate::randomness::os());
        let wrapped = self.keystore.wrap(key.expose_bytes())?;
        if wrapped.len() > WRAPPED_BYTES_MAX {
            return Err(VaultError::Unavailable);
        }
        file::write_new(&self.path, &seal(&key, wrapped, secrets)?)?;
        self.hold(Some(key));
        Ok(())
    }

    fn replace(&self, secrets: &DeviceSecrets) -> Result<(), VaultError> {
        let kept = self.read()?;
        if self.held(&kept)?.device() != secrets.device() {
            return Err(VaultError::Refused);
        }
        file::replace(&self.path, &self.sealed_anew(kept, secrets)?)
    }

    fn destroy(&self, what: Destroy) -> Result<(), VaultError> {
        let kept = match (what, self.read()) {
            (Destroy::AllButSigning, Ok(kept)) => kept,
            (Destroy::AllButSigning, Err(VaultError::Empty)) => return Ok(()),
            _ => return self.destroy_everything(),
        };
        match self.held(&kept) {
            Ok(secrets) => {
                let left = secrets.signing_only(&mut crate::randomness::os());
                file::replace_overwriting(&self.path, &self.sealed_anew(kept, &left)?)
            }
            Err(VaultError::Unavailable) => Err(VaultError::Unavailable),
            // Whoever turns the prompt away does not keep the keys by that: the receipt is what is lost.
            Err(_) => self.destroy_everything(),
        }
    }
}

/// A keystore under a passphrase, for tests and desks. It holds nothing but the passphrase.
pub struct SoftwareKeystore {
    passphrase: Zeroizing<String>,
    cost: PassphraseCost,
}

impl SoftwareKeystore {
    /// Under a passphrase.
    #[must_use]
    pub const fn new(passphrase: Zeroizing<String>) -> Self {
        Self { passphrase, cost: PassphraseCost::DESK }
    }
}

impl Keystore for SoftwareKeystore {
    fn abilities(&self) -> KeystoreAbilities {
        KeystoreAbilities { home: KeyHome::Software, asks: Asks::Passphrase, signs: Signs::Nothing }
    }

    fn wrap(&self, key: &[u8; 32]) -> Result<Vec<u8>, KeystoreError> {
        let mut rng = crate::randomness::os();
        let salt = PassphraseSalt::make(&mut rng);
        let under = passphrase::derive_local_key(&self.passphrase, salt, self.cost);
        let under = under.map_err(|_| KeystoreError::Refused)?;
        local::seal_local(&under, SOFTWARE_SLOT, key, &mut rng).map_err(|_| KeystoreError::Refused)
    }

    fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeystoreError> {
        let under = local::derive_key_of(wrapped, &self.passphrase).map_err(|_| KeystoreError::Refused)?;
        let opened = local::open_local(&under, SOFTWARE_SLOT, wrapped).map_err(|_| KeystoreError::Refused)?;
        opened.as_slice().try_into().map(Zeroizing::new).map_err(|_| KeystoreError::Refused)
    }

    fn make_signing_key(&self) -> Result<SignPublic, KeystoreError> {
        Err(KeystoreError::Unavailable)
    }

    fn sign(&self, _: &[u8]) -> Result<Signature, KeystoreError> {
        Err(KeystoreError::Unavailable)
    }

    fn destroy(&self) -> Result<(), KeystoreError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
