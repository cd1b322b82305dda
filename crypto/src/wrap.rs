//! Wrapped keys: how a key travels under another key or to somebody's public key.
//!
//! The header of a wrap says what it carries and under what, and is bound into it; the reader says which header it
//! expects, so that a wrap put into another slot is refused. After unwrapping, the key must fit the commitment that the
//! authority log names, so that an admin cannot hand different keys to different members.

#[cfg(feature = "suite-2")]
mod hybrid;
mod sealed;
mod symmetric;

#[cfg(feature = "suite-2")]
pub use hybrid::{open_hybrid, seal_hybrid};
pub use sealed::{SealedWrapError, open_invite, open_sealed, seal_invite, seal_to, test_recipient};
pub use symmetric::{UnwrapError, WrapError, unwrap, wrap};

use doorstep_protocol::wrap::{KeyWrapPurpose, SealedWrapPurpose};
use doorstep_protocol::{KeyCommitment, hash, label};
use zeroize::Zeroizing;

use crate::audit::AuditKey;
use crate::keys::{KemSecret, LocatorKey, SigningKey, TeamKey, ZoneKey};
use crate::local::LocalKey;

mod secret_bytes {
    /// Keeps the traits below to this crate's own keys.
    pub trait SecretBytes {
        /// The bytes to wrap.
        fn secret_bytes(&self) -> &[u8; 32];
    }
}
use secret_bytes::SecretBytes;

/// `H("doorstep/1/key-com", key)` of a key whose type is not known yet.
fn key_commitment(key: &[u8; 32]) -> KeyCommitment {
    KeyCommitment(hash::tagged(label::KEY_COMMITMENT, &[key]))
}

/// A key that other keys are wrapped under.
pub trait WrappingKey: SecretBytes {
    /// The purposes whose parent is a key of this type.
    const PARENT_FOR: &'static [KeyWrapPurpose];
}

/// A key that travels wrapped.
pub trait WrappableKey: SecretBytes + Sized {
    /// The purposes whose child may be a key of this type.
    const CHILD_FOR: &'static [KeyWrapPurpose];
    /// The purposes for which a key of this type is sealed to a public key.
    const SEALED_FOR: &'static [SealedWrapPurpose];
    /// Takes the key out of its opened wrap.
    #[doc(hidden)]
    fn from_opened(bytes: &Zeroizing<[u8; 32]>) -> Self;
}

macro_rules! wrapped_keys {
    ($($name:ident { expose: $expose:ident, from: $from:ident, $(parent: [$($parent:ident),*],)? $(child: [$($child:ident),*], sealed: [$($sealed:ident),*])? })+) => {$(
        impl SecretBytes for $name {
            fn secret_bytes(&self) -> &[u8; 32] {
                self.$expose()
            }
        }
        $(impl WrappingKey for $name {
            const PARENT_FOR: &'static [KeyWrapPurpose] = &[$(KeyWrapPurpose::$parent),*];
        })?
        $(impl WrappableKey for $name {
            const CHILD_FOR: &'static [KeyWrapPurpose] = &[$(KeyWrapPurpose::$child),*];
            const SEALED_FOR: &'static [SealedWrapPurpose] = &[$(SealedWrapPurpose::$sealed),*];
            fn from_opened(bytes: &Zeroizing<[u8; 32]>) -> Self {
                Self::$from(**bytes)
            }
        })?
    )+};
}

wrapped_keys! {
    TeamKey {
        expose: expose_bytes, from: from_bytes, parent: [ZoneUnderTeam, PreviousTeam],
        child: [PreviousTeam, DeviceLocal], sealed: [TeamToDevice, Invite]
    }
    ZoneKey {
        expose: expose_bytes, from: from_bytes, parent: [PreviousZone, Locator],
        child: [ZoneUnderTeam, PreviousZone, DeviceLocal], sealed: [ZoneToEscrow]
    }
    LocatorKey {
        expose: expose_bytes, from: from_bytes,
        child: [Locator, DeviceLocal], sealed: []
    }
    KemSecret {
        expose: expose_bytes, from: from_bytes,
        child: [ZoneUnderTeam, DeviceLocal], sealed: [ZoneToEscrow, AuditToAuditor]
    }
    AuditKey {
        expose: expose_bytes, from: from_bytes,
        child: [DeviceLocal], sealed: [AuditToAuditor]
    }
    SigningKey {
        expose: expose_seed, from: from_seed,
        child: [DeviceLocal], sealed: []
    }
    LocalKey {
        expose: expose_bytes, from: from_bytes, parent: [DeviceLocal],
    }
}
