//! A key to somebody's public key, 140 bytes: `header(60) ‖ enc(32) ‖ ct(48)`.

use doorstep_protocol::wrap::{
    SEALED_WRAP_BYTES, SEALED_WRAP_HEADER_BYTES, SealedWrapHeader, SealedWrapPurpose, WrapHeaderError,
};
use doorstep_protocol::{KemPublic, KeyCommitment};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;

use super::WrappableKey;
use crate::keys::{InviteSecret, KemSecret};
use crate::public_seal::{self, Mode, SEALED_BYTES, WeakRecipient};

/// Why a key was not sealed, or a sealed key does not open, in the order of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealedWrapError {
    /// Not a sealed wrap of this version.
    #[error(transparent)]
    Header(#[from] WrapHeaderError),
    /// A sealed wrap, but of another key, epoch, recipient, partnership or purpose than expected here.
    #[error("the wrap belongs to another slot")]
    OtherSlot,
    /// A key of this type is not sealed for this purpose, or not by this function (an invite has its own).
    #[error("a wrap for {purpose:?} takes a key of another type")]
    Purpose {
        /// The purpose in the header.
        purpose: SealedWrapPurpose,
    },
    /// Nothing can be sealed to this public key.
    #[error(transparent)]
    Recipient(#[from] WeakRecipient),
    /// Sealed to another key, or changed on the way.
    #[error("the wrap was not sealed to this key, or was changed")]
    NotOpened,
    /// A key came out, and it is not the one that the authority log commits to.
    #[error("the key is not the one that the authority log commits to")]
    OtherKey,
}

/// Seals `key` to the public key of a device, an escrow or an auditor. Check the public key against the authority log.
///
/// # Errors
/// [`SealedWrapError::Recipient`] for a weak public key, [`SealedWrapError::Purpose`] for a key that does not go there.
pub fn seal_to<K: WrappableKey>(
    header: &SealedWrapHeader,
    recipient: &KemPublic,
    key: &K,
    rng: &mut impl CryptoRng,
) -> Result<[u8; SEALED_WRAP_BYTES], SealedWrapError> {
    if header.purpose == SealedWrapPurpose::Invite {
        return Err(SealedWrapError::Purpose { purpose: header.purpose });
    }
    seal(header, recipient, Mode::Base, key, rng)
}

/// Opens what [`seal_to`] made for the holder of `recipient`.
///
/// # Errors
/// [`SealedWrapError`]: which check failed.
pub fn open_sealed<K: WrappableKey>(
    bytes: &[u8],
    expected: &SealedWrapHeader,
    recipient: &KemSecret,
    commitment: &KeyCommitment,
) -> Result<K, SealedWrapError> {
    if expected.purpose == SealedWrapPurpose::Invite {
        return Err(SealedWrapError::Purpose { purpose: expected.purpose });
    }
    open(bytes, expected, Mode::Base, recipient, commitment)
}

/// Seals `key` to a device that is not in the authority log yet and has to know the invite's secret: HPKE with a
/// pre-shared key whose id is the header's recipient.
///
/// # Errors
/// As [`seal_to`]; the header's purpose must be [`SealedWrapPurpose::Invite`].
pub fn seal_invite<K: WrappableKey>(
    header: &SealedWrapHeader,
    recipient: &KemPublic,
    invite: &InviteSecret,
    key: &K,
    rng: &mut impl CryptoRng,
) -> Result<[u8; SEALED_WRAP_BYTES], SealedWrapError> {
    if header.purpose != SealedWrapPurpose::Invite {
        return Err(SealedWrapError::Purpose { purpose: header.purpose });
    }
    seal(header, recipient, Mode::Invited(invite, &header.recipient), key, rng)
}

/// Opens what [`seal_invite`] made.
///
/// # Errors
/// [`SealedWrapError`]: which check failed.
pub fn open_invite<K: WrappableKey>(
    bytes: &[u8],
    expected: &SealedWrapHeader,
    recipient: &KemSecret,
    invite: &InviteSecret,
    commitment: &KeyCommitment,
) -> Result<K, SealedWrapError> {
    if expected.purpose != SealedWrapPurpose::Invite {
        return Err(SealedWrapError::Purpose { purpose: expected.purpose });
    }
    open(bytes, expected, Mode::Invited(invite, &expected.recipient), recipient, commitment)
}

/// Seals 32 zero bytes to a new device's public key and forgets them: a key that parses and only fails when it is used
/// must fail at enrolment, not at the first rotation.
///
/// # Errors
/// [`WeakRecipient`].
pub fn test_recipient(recipient: &KemPublic, rng: &mut impl CryptoRng) -> Result<(), WeakRecipient> {
    public_seal::seal(recipient, Mode::Base, b"", &[0; 32], rng).map(|_| ())
}

fn seal<K: WrappableKey>(
    header: &SealedWrapHeader,
    recipient: &KemPublic,
    mode: Mode<'_>,
    key: &K,
    rng: &mut impl CryptoRng,
) -> Result<[u8; SEALED_WRAP_BYTES], SealedWrapError> {
    if !K::SEALED_FOR.contains(&header.purpose) {
        return Err(SealedWrapError::Purpose { purpose: header.purpose });
    }
    let head = header.to_bytes();
    let sealed = public_seal::seal(recipient, mode, &head, key.secret_bytes(), rng)?;
    let mut bytes = [0u8; SEALED_WRAP_BYTES];
    let (head_part, sealed_part) = bytes.split_at_mut(SEALED_WRAP_HEADER_BYTES);
    head_part.copy_from_slice(&head);
    sealed_part.copy_from_slice(&sealed);
    Ok(bytes)
}

fn open<K: WrappableKey>(
    bytes: &[u8],
    expected: &SealedWrapHeader,
    mode: Mode<'_>,
    recipient: &KemSecret,
    commitment: &KeyCommitment,
) -> Result<K, SealedWrapError> {
    if SealedWrapHeader::parse(bytes)? != *expected {
        return Err(SealedWrapError::OtherSlot);
    }
    if !K::SEALED_FOR.contains(&expected.purpose) {
        return Err(SealedWrapError::Purpose { purpose: expected.purpose });
    }
    let sealed = bytes.last_chunk::<SEALED_BYTES>().ok_or(SealedWrapError::NotOpened)?;
    let key =
        public_seal::open(recipient, mode, &expected.to_bytes(), sealed).map_err(|_| SealedWrapError::NotOpened)?;
    if !bool::from(super::key_commitment(&key).0.ct_eq(&commitment.0)) {
        return Err(SealedWrapError::OtherKey);
    }
    Ok(K::from_opened(&key))
}
