//! A key under another key, 176 bytes: `header(64) ‖ salt(32) ‖ com(32) ‖ ct(48)`.

use doorstep_protocol::KeyCommitment;
use doorstep_protocol::label;
use doorstep_protocol::wrap::{KEY_WRAP_BYTES, KEY_WRAP_HEADER_BYTES, KeyWrapHeader, KeyWrapPurpose, WrapHeaderError};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{WrappableKey, WrappingKey};
use crate::committed::{CommittedError, Context};

/// Why a key was not wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrapError {
    /// Keys of these types do not belong together under this purpose.
    #[error("a wrap for {purpose:?} takes keys of other types")]
    Purpose {
        /// The purpose in the header.
        purpose: KeyWrapPurpose,
    },
    /// The cipher refused.
    #[error("the cipher refused to wrap")]
    Cipher,
}

/// Why a wrap does not open, in the order of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnwrapError {
    /// Not a wrap of this version.
    #[error(transparent)]
    Header(#[from] WrapHeaderError),
    /// A wrap, but of another key, parent, epoch, partnership or purpose than expected here.
    #[error("the wrap belongs to another slot")]
    OtherSlot,
    /// Keys of these types do not belong together under this purpose.
    #[error("a wrap for {purpose:?} takes keys of other types")]
    Purpose {
        /// The purpose in the header.
        purpose: KeyWrapPurpose,
    },
    /// Wrapped under another key, or its header was changed.
    #[error("the commitment does not fit the wrapping key and the header")]
    Commitment,
    /// Changed on the way.
    #[error("the ciphertext was changed")]
    Aead,
    /// A key came out, and it is not the one that the authority log commits to.
    #[error("the key is not the one that the authority log commits to")]
    OtherKey,
}

fn purpose_fits<P: WrappingKey, C: WrappableKey>(purpose: KeyWrapPurpose) -> bool {
    P::PARENT_FOR.contains(&purpose) && C::CHILD_FOR.contains(&purpose)
}

/// Wraps `child` under `parent`.
///
/// # Errors
/// [`WrapError::Purpose`] when the header's purpose is not for keys of these types.
pub fn wrap<P: WrappingKey, C: WrappableKey>(
    header: &KeyWrapHeader,
    parent: &P,
    child: &C,
    rng: &mut impl CryptoRng,
) -> Result<[u8; KEY_WRAP_BYTES], WrapError> {
    if !purpose_fits::<P, C>(header.purpose) {
        return Err(WrapError::Purpose { purpose: header.purpose });
    }
    let head = header.to_bytes();
    let context = Context { key: parent.secret_bytes(), label: label::WRAP, header: &head };
    let sealed = context.seal(&head, child.secret_bytes(), 0, rng).map_err(|_| WrapError::Cipher)?;
    sealed.try_into().map_err(|_| WrapError::Cipher)
}

/// The key inside a wrap, if the wrap has the expected header and the key fits the commitment of the authority log.
///
/// # Errors
/// [`UnwrapError`]: which check failed.
pub fn unwrap<C: WrappableKey>(
    bytes: &[u8],
    expected: &KeyWrapHeader,
    parent: &impl WrappingKey,
    commitment: &KeyCommitment,
) -> Result<C, UnwrapError> {
    if KeyWrapHeader::parse(bytes)? != *expected {
        return Err(UnwrapError::OtherSlot);
    }
    unwrap_slot(bytes, expected, parent, commitment)
}

fn unwrap_slot<P: WrappingKey, C: WrappableKey>(
    bytes: &[u8],
    header: &KeyWrapHeader,
    parent: &P,
    commitment: &KeyCommitment,
) -> Result<C, UnwrapError> {
    if !purpose_fits::<P, C>(header.purpose) {
        return Err(UnwrapError::Purpose { purpose: header.purpose });
    }
    let context = Context { key: parent.secret_bytes(), label: label::WRAP, header: &header.to_bytes() };
    let opened = context.open(bytes, KEY_WRAP_HEADER_BYTES).map_err(|error| match error {
        CommittedError::Commitment => UnwrapError::Commitment,
        CommittedError::Cipher | CommittedError::Length => UnwrapError::Aead,
    })?;
    let key: &[u8; 32] = opened.as_slice().try_into().map_err(|_| UnwrapError::Aead)?;
    let key = Zeroizing::new(*key);
    if !bool::from(super::key_commitment(&key).0.ct_eq(&commitment.0)) {
        return Err(UnwrapError::OtherKey);
    }
    Ok(C::from_opened(&key))
}
