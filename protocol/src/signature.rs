//! Signatures: Ed25519 over LBL(label) ‖ message, verified strictly; weak keys are refused.

use ed25519_dalek::VerifyingKey;

use crate::ids::{SignPublic, Signature};
use crate::label;

/// A signature or key that was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The public key is not a point of the curve, or of small order.
    #[error("the public key is weak or not a key")]
    WeakKey,
    /// The signature does not hold.
    #[error("the signature does not hold")]
    Refused,
}

/// What is signed: LBL(label) ‖ message.
#[must_use]
pub fn signed_bytes(label: &str, message: &[u8]) -> Vec<u8> {
    let mut bytes = label::prefixed(label);
    bytes.extend_from_slice(message);
    bytes
}

/// Whether a public key may be used at all.
///
/// # Errors
/// [`SignatureError::WeakKey`].
pub fn check_key(key: &SignPublic) -> Result<VerifyingKey, SignatureError> {
    let key = VerifyingKey::from_bytes(&key.0).map_err(|_| SignatureError::WeakKey)?;
    if key.is_weak() { Err(SignatureError::WeakKey) } else { Ok(key) }
}

/// Verifies `Sig(key, label, message)`.
///
/// # Errors
/// [`SignatureError`].
pub fn verify(key: &SignPublic, label: &str, message: &[u8], signature: &Signature) -> Result<(), SignatureError> {
    verify_raw(key, &signed_bytes(label, message), signature)
}

/// Verifies a signature over bytes that carry their own domain separation (HTTP signature bases, RFC 9421).
///
/// # Errors
/// [`SignatureError`].
pub fn verify_raw(key: &SignPublic, message: &[u8], signature: &Signature) -> Result<(), SignatureError> {
    let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
    check_key(key)?.verify_strict(message, &signature).map_err(|_| SignatureError::Refused)
}
