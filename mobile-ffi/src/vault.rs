//! Where a device's keys are kept: in the hardware of the phone, by an app that implements [`KeyVault`], or under a passphrase
//! ([`software_vault`]), for tests and desks.
//!
//! What is kept is one key of 32 bytes that opens all others. The library hands it to the keystore to be wrapped when a device is
//! made, and has it unwrapped when the device is opened: that is the moment to ask the person. No other call is held up by a prompt,
//! however long it takes.

use std::sync::Arc;

use doorstep_client_core::vault::{
    Asks, KeyHome as CoreHome, Keystore, KeystoreAbilities, KeystoreError, Signs, SoftwareKeystore,
};
use doorstep_protocol::{SignPublic, Signature};
use zeroize::Zeroizing;

/// A keystore. One object for one device; it names its keys in the system's keystore as it likes. It is called from threads of the
/// library and of the app, one call at a time for each device, and never from the screen's thread unless the app opens a device there.
#[uniffi::export(with_foreign)]
pub trait KeyVault: Send + Sync {
    /// What it can do: asked before a device is made, and recorded with it.
    fn abilities(&self) -> VaultAbilities;

    /// Wraps a key of 32 bytes, under a key of the hardware that is made for it if there is none. Asks nobody.
    ///
    /// # Errors
    /// [`VaultFailure`]; then no device is made.
    fn wrap(&self, key: Vec<u8>) -> Result<Vec<u8>, VaultFailure>;

    /// Unwraps what [`Self::wrap`] wrapped. This is where the person is asked, for as long as it takes: the call may block.
    ///
    /// # Errors
    /// [`VaultFailure`]; then the device stays closed, and can be opened again.
    fn unwrap(&self, wrapped: Vec<u8>) -> Result<Vec<u8>, VaultFailure>;

    /// Makes the key that signs for this device, Ed25519, in the hardware, and returns its public half of 32 bytes. Called once, when a
    /// device is made, and only where [`VaultAbilities::signs`] says so.
    ///
    /// # Errors
    /// [`VaultFailure`]; then no device is made.
    fn make_signing_key(&self) -> Result<Vec<u8>, VaultFailure>;

    /// Signs with that key, 64 bytes as RFC 8032 has them. Asks nobody: saving and syncing wait for it.
    ///
    /// # Errors
    /// [`VaultFailure`]; then what was to be signed stays on the device as it is, and is signed the next time.
    fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, VaultFailure>;

    /// Destroys every key of this device. Harmless to repeat.
    ///
    /// # Errors
    /// [`VaultFailure`]; it is tried again.
    fn destroy_keys(&self) -> Result<(), VaultFailure>;
}

/// What a keystore can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct VaultAbilities {
    /// Where its keys are.
    pub home: KeyHome,
    /// Whether [`KeyVault::unwrap`] asks the person.
    pub asks: PromptKind,
    /// Whether it makes and keeps the key that signs.
    pub signs: SigningKind,
}

/// Where keys are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum KeyHome {
    /// In a file or in memory of this program.
    Software,
    /// In the trusted part of the processor.
    TrustedHardware,
    /// In a chip of their own: StrongBox, Secure Enclave.
    SecureElement,
}

/// What a keystore asks a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum PromptKind {
    /// Nothing.
    Nothing,
    /// A finger, a face or the screen lock.
    Person,
    /// A passphrase, which the app has asked for already.
    Passphrase,
}

/// Which signatures a keystore makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SigningKind {
    /// None that Doorstep knows: the key that signs is kept wrapped, like the others.
    None,
    /// Ed25519, without asking.
    Ed25519,
}

/// Why a keystore did not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum VaultFailure {
    /// The person may not: another finger, another passphrase.
    #[error("the keystore refuses")]
    Refused,
    /// The person turned the prompt away.
    #[error("the prompt was turned away")]
    Cancelled,
    /// Nobody answered the prompt.
    #[error("nobody answered the prompt")]
    TimedOut,
    /// The key is not there any more, and does not come back.
    #[error("the keystore has lost the key")]
    Lost,
    /// Not now: the tablet is locked, the keystore is busy.
    #[error("the keystore does not answer")]
    Unavailable,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for VaultFailure {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // What the app threw may say anything, so none of it is repeated.
        Self::Unavailable
    }
}

/// A vault under a passphrase, for tests and desks: as strong as the passphrase. It keeps nothing between two openings.
#[uniffi::export]
#[must_use]
pub fn software_vault(passphrase: String) -> Arc<dyn KeyVault> {
    Arc::new(Software(SoftwareKeystore::new(Zeroizing::new(passphrase))))
}

struct Software(SoftwareKeystore);

impl KeyVault for Software {
    fn abilities(&self) -> VaultAbilities {
        self.0.abilities().into()
    }

    fn wrap(&self, key: Vec<u8>) -> Result<Vec<u8>, VaultFailure> {
        let key = key32(key).ok_or(VaultFailure::Refused)?;
        Ok(self.0.wrap(&key)?)
    }

    fn unwrap(&self, wrapped: Vec<u8>) -> Result<Vec<u8>, VaultFailure> {
        Ok(self.0.unwrap(&wrapped)?.to_vec())
    }

    fn make_signing_key(&self) -> Result<Vec<u8>, VaultFailure> {
        Ok(self.0.make_signing_key()?.0.to_vec())
    }

    fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, VaultFailure> {
        Ok(self.0.sign(&message)?.0.to_vec())
    }

    fn destroy_keys(&self) -> Result<(), VaultFailure> {
        Ok(self.0.destroy()?)
    }
}

/// The app's keystore as the core asks it.
pub(crate) struct Brought(pub(crate) Arc<dyn KeyVault>);

impl Keystore for Brought {
    fn abilities(&self) -> KeystoreAbilities {
        self.0.abilities().into()
    }

    fn wrap(&self, key: &[u8; 32]) -> Result<Vec<u8>, KeystoreError> {
        Ok(self.0.wrap(key.to_vec())?)
    }

    fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeystoreError> {
        key32(self.0.unwrap(wrapped.to_vec())?).ok_or(KeystoreError::Refused)
    }

    fn make_signing_key(&self) -> Result<SignPublic, KeystoreError> {
        let public = self.0.make_signing_key()?;
        public.try_into().map(SignPublic).map_err(|_| KeystoreError::Unavailable)
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, KeystoreError> {
        let signature = self.0.sign(message.to_vec())?;
        signature.try_into().map(Signature).map_err(|_| KeystoreError::Unavailable)
    }

    fn destroy(&self) -> Result<(), KeystoreError> {
        Ok(self.0.destroy_keys()?)
    }
}

fn key32(bytes: Vec<u8>) -> Option<Zeroizing<[u8; 32]>> {
    let bytes = Zeroizing::new(bytes);
    bytes.as_slice().try_into().ok().map(Zeroizing::new)
}

impl From<KeystoreAbilities> for VaultAbilities {
    fn from(of: KeystoreAbilities) -> Self {
        Self {
            home: match of.home {
                CoreHome::Software => KeyHome::Software,
                CoreHome::TrustedHardware => KeyHome::TrustedHardware,
                CoreHome::SecureElement => KeyHome::SecureElement,
            },
            asks: match of.asks {
                Asks::Nothing => PromptKind::Nothing,
                Asks::Person => PromptKind::Person,
                Asks::Passphrase => PromptKind::Passphrase,
            },
            signs: match of.signs {
                Signs::Nothing => SigningKind::None,
                Signs::Ed25519 => SigningKind::Ed25519,
            },
        }
    }
}

impl From<VaultAbilities> for KeystoreAbilities {
    fn from(of: VaultAbilities) -> Self {
        Self {
            home: match of.home {
                KeyHome::Software => CoreHome::Software,
                KeyHome::TrustedHardware => CoreHome::TrustedHardware,
                KeyHome::SecureElement => CoreHome::SecureElement,
            },
            asks: match of.asks {
                PromptKind::Nothing => Asks::Nothing,
                PromptKind::Person => Asks::Person,
                PromptKind::Passphrase => Asks::Passphrase,
            },
            signs: match of.signs {
                SigningKind::None => Signs::Nothing,
                SigningKind::Ed25519 => Signs::Ed25519,
            },
        }
    }
}

impl From<KeystoreError> for VaultFailure {
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

impl From<VaultFailure> for KeystoreError {
    fn from(failure: VaultFailure) -> Self {
        match failure {
            VaultFailure::Refused => Self::Refused,
            VaultFailure::Cancelled => Self::Cancelled,
            VaultFailure::TimedOut => Self::TimedOut,
            VaultFailure::Lost => Self::Lost,
            VaultFailure::Unavailable => Self::Unavailable,
        }
    }
}
