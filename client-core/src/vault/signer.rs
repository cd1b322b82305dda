//! Who signs for a device: a key in memory, or the keystore that made it and never gives it away. What a keystore signs is verified at
//! once: nothing is made with a signature that does not hold.

use std::sync::Arc;

use doorstep_crypto::keys::{NotSigned, Sign, SigningKey};
use doorstep_protocol::{SignPublic, Signature, signature};

use super::Keystore;

/// The key that signs envelopes, requests and log entries.
#[derive(Clone)]
pub enum DeviceSigner {
    /// In memory while the device is open, and in its vault.
    Here(Arc<SigningKey>),
    /// In a keystore.
    Kept {
        /// Its public half.
        public: SignPublic,
        /// Where it is.
        keystore: Arc<dyn Keystore>,
    },
}

impl DeviceSigner {
    /// The public key.
    #[must_use]
    pub fn public(&self) -> SignPublic {
        match self {
            Self::Here(key) => key.public(),
            Self::Kept { public, .. } => *public,
        }
    }

    /// The key itself, where it is in memory.
    #[must_use]
    pub fn here(&self) -> Option<&SigningKey> {
        match self {
            Self::Here(key) => Some(key),
            Self::Kept { .. } => None,
        }
    }
}

impl From<SigningKey> for DeviceSigner {
    fn from(key: SigningKey) -> Self {
        Self::Here(Arc::new(key))
    }
}

impl Sign for DeviceSigner {
    fn public(&self) -> SignPublic {
        Self::public(self)
    }

    fn try_sign_raw(&self, message: &[u8]) -> Result<Signature, NotSigned> {
        match self {
            Self::Here(key) => key.try_sign_raw(message),
            Self::Kept { public, keystore } => {
                let signed = keystore.sign(message).map_err(|_| NotSigned)?;
                signature::verify_raw(public, message, &signed).map_err(|_| NotSigned)?;
                Ok(signed)
            }
        }
    }
}
