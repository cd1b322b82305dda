//! A zone's key to an escrow key of suite 2, 1,228 bytes: `header(60) ‖ enc(1120) ‖ ct(48)`.

use doorstep_protocol::KeyCommitment;
use doorstep_protocol::wrap::{HYBRID_WRAP_BYTES, SEALED_WRAP_HEADER_BYTES, SealedWrapHeader, SealedWrapPurpose};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;

use super::{SealedWrapError, WrappableKey};
use crate::hybrid::{self, HYBRID_SEALED_BYTES, HybridPublic, HybridSecret};

const _: () = assert!(HYBRID_WRAP_BYTES == SEALED_WRAP_HEADER_BYTES + HYBRID_SEALED_BYTES);

/// Escrow first: nothing else is sealed under suite 2 yet.
fn purpose_fits<K: WrappableKey>(purpose: SealedWrapPurpose) -> Result<(), SealedWrapError> {
    if purpose == SealedWrapPurpose::ZoneToEscrow && K::SEALED_FOR.contains(&purpose) {
        Ok(())
    } else {
        Err(SealedWrapError::Purpose { purpose })
    }
}

/// Seals `key` to the public key of an escrow. Check the public key against the authority log.
///
/// # Errors
/// [`SealedWrapError::Purpose`] for any purpose but [`SealedWrapPurpose::ZoneToEscrow`], or a key that does not go there.
pub fn seal_hybrid<K: WrappableKey>(
    header: &SealedWrapHeader,
    recipient: &HybridPublic,
    key: &K,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, SealedWrapError> {
    purpose_fits::<K>(header.purpose)?;
    let head = header.to_hybrid_bytes();
    let sealed = hybrid::seal(recipient, &head, key.secret_bytes(), rng)?;
    Ok([&head[..], &sealed].concat())
}

/// Opens what [`seal_hybrid`] made for the holder of `recipient`.
///
/// # Errors
/// [`SealedWrapError`]: which check failed.
pub fn open_hybrid<K: WrappableKey>(
    bytes: &[u8],
    expected: &SealedWrapHeader,
    recipient: &HybridSecret,
    commitment: &KeyCommitment,
) -> Result<K, SealedWrapError> {
    if SealedWrapHeader::parse_hybrid(bytes)? != *expected {
        return Err(SealedWrapError::OtherSlot);
    }
    purpose_fits::<K>(expected.purpose)?;
    let sealed = bytes.last_chunk::<HYBRID_SEALED_BYTES>().ok_or(SealedWrapError::NotOpened)?;
    let key = hybrid::open(recipient, &expected.to_hybrid_bytes(), sealed).map_err(|_| SealedWrapError::NotOpened)?;
    if !bool::from(super::key_commitment(&key).0.ct_eq(&commitment.0)) {
        return Err(SealedWrapError::OtherKey);
    }
    Ok(K::from_opened(&key))
}
