//! A keystore as an app would write one, in memory, that can be told what to do with the next prompt.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use doorstep_crypto::keys::SigningKey;
use doorstep_mobile_ffi::{KeyHome, KeyVault, PromptKind, SigningKind, VaultAbilities, VaultFailure};

/// What the person does with a prompt.
type Person = Box<dyn Fn() -> Result<(), VaultFailure> + Send>;

/// An app's keystore.
pub(crate) struct Pocket {
    person: Mutex<Person>,
    pub(crate) calls: Mutex<Vec<&'static str>>,
    mask: u8,
}

impl Default for Pocket {
    fn default() -> Self {
        Self { person: Mutex::new(Box::new(|| Ok(()))), calls: Mutex::default(), mask: 0x5a }
    }
}

impl Pocket {
    /// Another keystore.
    pub(crate) fn with_mask(mask: u8) -> Self {
        Self { mask, ..Self::default() }
    }

    /// From now on the person does this.
    pub(crate) fn person(&self, does: impl Fn() -> Result<(), VaultFailure> + Send + 'static) {
        *self.person.lock().unwrap() = Box::new(does);
    }

    fn called(&self, name: &'static str) {
        self.calls.lock().unwrap().push(name);
    }
}

impl KeyVault for Pocket {
    fn abilities(&self) -> VaultAbilities {
        VaultAbilities { home: KeyHome::TrustedHardware, asks: PromptKind::Person, signs: SigningKind::None }
    }

    fn wrap(&self, key: Vec<u8>) -> Result<Vec<u8>, VaultFailure> {
        self.called("wrap");
        (self.person.lock().unwrap())()?;
        Ok(key.iter().map(|byte| byte ^ self.mask).collect())
    }

    fn unwrap(&self, wrapped: Vec<u8>) -> Result<Vec<u8>, VaultFailure> {
        self.called("unwrap");
        (self.person.lock().unwrap())()?;
        Ok(wrapped.iter().map(|byte| byte ^ self.mask).collect())
    }

    fn make_signing_key(&self) -> Result<Vec<u8>, VaultFailure> {
        Err(VaultFailure::Unavailable)
    }

    fn sign(&self, _: Vec<u8>) -> Result<Vec<u8>, VaultFailure> {
        Err(VaultFailure::Unavailable)
    }

    fn destroy_keys(&self) -> Result<(), VaultFailure> {
        self.called("destroy");
        Ok(())
    }
}

/// An app's keystore that keeps the key that signs, too.
#[derive(Default)]
pub(crate) struct Hardware {
    pocket: Pocket,
    key: Mutex<Option<SigningKey>>,
    signed: AtomicUsize,
    says_no: AtomicBool,
}

impl Hardware {
    /// How often it has signed.
    pub(crate) fn signed(&self) -> usize {
        self.signed.load(Ordering::SeqCst)
    }

    /// Whether it refuses from now on.
    pub(crate) fn says_no(&self, no: bool) {
        self.says_no.store(no, Ordering::SeqCst);
    }
}

impl KeyVault for Hardware {
    fn abilities(&self) -> VaultAbilities {
        VaultAbilities { home: KeyHome::SecureElement, asks: PromptKind::Person, signs: SigningKind::Ed25519 }
    }

    fn wrap(&self, key: Vec<u8>) -> Result<Vec<u8>, VaultFailure> {
        self.pocket.wrap(key)
    }

    fn unwrap(&self, wrapped: Vec<u8>) -> Result<Vec<u8>, VaultFailure> {
        self.pocket.unwrap(wrapped)
    }

    fn make_signing_key(&self) -> Result<Vec<u8>, VaultFailure> {
        let key = SigningKey::from_seed([7; 32]);
        let public = key.public().0.to_vec();
        *self.key.lock().unwrap() = Some(key);
        Ok(public)
    }

    fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, VaultFailure> {
        if self.says_no.load(Ordering::SeqCst) {
            return Err(VaultFailure::Unavailable);
        }
        self.signed.fetch_add(1, Ordering::SeqCst);
        let key = self.key.lock().unwrap();
        Ok(key.as_ref().ok_or(VaultFailure::Lost)?.sign_raw(&message).0.to_vec())
    }

    fn destroy_keys(&self) -> Result<(), VaultFailure> {
        *self.key.lock().unwrap() = None;
        Ok(())
    }
}
