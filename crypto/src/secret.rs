//! The shape of a 32-byte secret: on the heap so that moving it leaves no copy, zeroed on drop, silent in `Debug`, equal
//! in constant time, neither `Clone` nor serde.

use doorstep_protocol::{KeyCommitment, hash, label};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// 32 secret bytes. The newtypes of [`crate::keys`] are made of it.
pub(crate) struct Secret32(Box<Zeroizing<[u8; 32]>>);

impl Secret32 {
    pub(crate) fn make(rng: &mut impl CryptoRng) -> Self {
        let mut secret = Self(Box::default());
        rng.fill_bytes(secret.0.as_mut_slice());
        secret
    }

    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut secret = Self(Box::default());
        secret.0.copy_from_slice(bytes);
        secret
    }

    /// `H(label, secret)` as a secret of its own.
    pub(crate) fn tagged(label: &str, secret: &[u8; 32]) -> Self {
        Self::from_bytes(&Zeroizing::new(hash::tagged(label, &[secret])))
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn commitment(&self) -> KeyCommitment {
        KeyCommitment(hash::tagged(label::KEY_COMMITMENT, &[self.expose()]))
    }
}

impl PartialEq for Secret32 {
    fn eq(&self, other: &Self) -> bool {
        self.expose().ct_eq(other.expose()).into()
    }
}

/// Declares secrets: `drawn` ones can be made from randomness, `derived` ones come from other keys only.
macro_rules! secrets {
    ($($(#[$doc:meta])* $kind:ident $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(PartialEq)]
        pub struct $name($crate::secret::Secret32);

        impl Eq for $name {}

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($name), "(secret)"))
            }
        }

        impl $name {
            $crate::secret::secrets!(@make $kind);

            /// Takes back a secret that was kept by its bytes. The caller zeroes its own copy.
            #[must_use]
            pub fn from_bytes(bytes: [u8; 32]) -> Self {
                let bytes = zeroize::Zeroizing::new(bytes);
                Self($crate::secret::Secret32::from_bytes(&bytes))
            }

            /// The secret itself, for storing it under another key. Never log, print or send it.
            #[must_use]
            pub fn expose_bytes(&self) -> &[u8; 32] {
                self.0.expose()
            }

            /// `H("doorstep/1/key-com", key)`: what the authority log says the key must be.
            #[must_use]
            pub fn commitment(&self) -> doorstep_protocol::KeyCommitment {
                self.0.commitment()
            }
        }
    )+};
    (@make drawn) => {
        /// Draws a new one.
        #[must_use]
        pub fn make(rng: &mut impl rand_core::CryptoRng) -> Self {
            Self($crate::secret::Secret32::make(rng))
        }
    };
    (@make derived) => {};
}
pub(crate) use secrets;
