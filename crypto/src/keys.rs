//! Every key of Doorstep, one type each, so that a team key is never handed where a zone key is meant.

use core::fmt;

use doorstep_protocol::{DocumentId, Epoch, KemPublic, KeyCommitment, SignPublic, Signature, label, signature};
use ed25519_dalek::Signer;
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::secret::{Secret32, secrets};
use crate::{derive, public_seal};

secrets! {
    /// The key of a zone in one epoch: everything in the zone is sealed under keys derived from it.
    drawn ZoneKey;
    /// The key of a team in one epoch: it opens the zone keys that the team is granted.
    drawn TeamKey;
    /// The key behind the document ids of one class and organisation. It outlives epochs: ids must not change.
    drawn LocatorKey;
    /// What an invited device proves to know besides its own key: at least 32 bytes of entropy.
    drawn InviteSecret;
    /// The key of one file beside a document, see [`crate::part`]. It lives in a row of that document.
    drawn FileKey;
    /// The key of one document in one epoch, see [`derive_document_key`].
    derived DocumentKey;
}

/// `HKDF(zone key, "", LBL("doorstep/1/doc") ‖ document ‖ epoch, 32)`: worth caching by whoever opens many envelopes of
/// one document.
#[must_use]
pub fn derive_document_key(zone_key: &ZoneKey, document: DocumentId, epoch: Epoch) -> DocumentKey {
    let info: [&[u8]; 3] = [&label::prefixed(label::DOCUMENT_KEY), &document.0, &epoch.0.to_be_bytes()];
    DocumentKey(Secret32::from_bytes(&derive::hkdf(zone_key.expose_bytes(), b"", &info)))
}

/// The secret of a drop-box zone in one epoch: the KEM's own `DeriveKeyPair` over
/// `HKDF(zone key, "", LBL("doorstep/1/drop-box"), 32)`. Whoever holds the zone's key opens what everybody seals to the
/// public key that the authority log names for the epoch.
#[must_use]
pub fn derive_drop_box(zone_key: &ZoneKey) -> KemSecret {
    let material = derive::hkdf(zone_key.expose_bytes(), b"", &[&label::prefixed(label::DROP_BOX)]);
    public_seal::derive_secret(&material)
}

/// An Ed25519 secret: a device's, a seat's or a root's. What a signature is for is said by its label.
///
/// The expanded key is kept beside the seed: a signature then costs one multiplication instead of two.
pub struct SigningKey(Box<ed25519_dalek::SigningKey>);

impl PartialEq for SigningKey {
    fn eq(&self, other: &Self) -> bool {
        self.expose_seed().ct_eq(other.expose_seed()).into()
    }
}

impl Eq for SigningKey {}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(secret)")
    }
}

impl SigningKey {
    /// Draws a new one.
    #[must_use]
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        Self(Box::new(ed25519_dalek::SigningKey::from_bytes(Secret32::make(rng).expose())))
    }

    /// From the 32-byte seed of RFC 8032. The caller zeroes its own copy.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(Box::new(ed25519_dalek::SigningKey::from_bytes(&Zeroizing::new(seed))))
    }

    /// The seed, for storing it under another key. Never log, print or send it.
    #[must_use]
    pub fn expose_seed(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> SignPublic {
        SignPublic(self.0.verifying_key().to_bytes())
    }

    /// `Sig(key, label, message)`: Ed25519 over LBL(label) ‖ message. `label` is one of [`doorstep_protocol::label`].
    #[must_use]
    pub fn sign(&self, label: &str, message: &[u8]) -> Signature {
        self.sign_raw(&signature::signed_bytes(label, message))
    }

    /// Signs bytes that carry their own domain separation: signature bases of HTTP messages (RFC 9421), nothing else.
    #[must_use]
    pub fn sign_raw(&self, message: &[u8]) -> Signature {
        Signature(self.0.sign(message).to_bytes())
    }
}

/// Whoever signs for a device: a key in memory, or one that a keystore keeps and never gives away.
pub trait Sign {
    /// The public key.
    fn public(&self) -> SignPublic;

    /// Signs bytes that carry their own domain separation.
    ///
    /// # Errors
    /// [`NotSigned`]; a key in memory always signs.
    fn try_sign_raw(&self, message: &[u8]) -> Result<Signature, NotSigned>;

    /// `Sig(key, label, message)`.
    ///
    /// # Errors
    /// [`NotSigned`].
    fn try_sign(&self, label: &str, message: &[u8]) -> Result<Signature, NotSigned> {
        self.try_sign_raw(&signature::signed_bytes(label, message))
    }
}

/// The keystore that keeps a key did not sign with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the keystore did not sign: unlock the screen of this device, and try again")]
pub struct NotSigned;

impl Sign for SigningKey {
    fn public(&self) -> SignPublic {
        Self::public(self)
    }

    fn try_sign_raw(&self, message: &[u8]) -> Result<Signature, NotSigned> {
        Ok(self.sign_raw(message))
    }
}

/// An X25519 secret: a device's, an escrow's, an auditor's, or a drop-box zone's. Whoever holds it opens what was sealed
/// to its [`KemPublic`].
#[derive(PartialEq)]
pub struct KemSecret(Secret32);

impl Eq for KemSecret {}

impl fmt::Debug for KemSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KemSecret(secret)")
    }
}

impl KemSecret {
    /// Draws a new one.
    #[must_use]
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        Self(Secret32::make(rng))
    }

    /// Takes back a secret that was kept by its bytes. The caller zeroes its own copy.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Secret32::from_bytes(&Zeroizing::new(bytes)))
    }

    /// The secret itself, for storing it under another key. Never log, print or send it.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> KemPublic {
        public_seal::public_of(self)
    }

    /// `H("doorstep/1/key-com", key)`: what the authority log says the key of a drop-box zone must be.
    #[must_use]
    pub fn commitment(&self) -> KeyCommitment {
        self.0.commitment()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::AuditKey;
    use crate::invite::InviteKey;
    use crate::pin::PinPepper;

    #[test]
    fn debug_prints_no_secret() {
        let bytes = *b"0123456789abcdefghijklmnopqrstuv";
        let printed = [
            format!("{:?}", ZoneKey::from_bytes(bytes)),
            format!("{:?}", TeamKey::from_bytes(bytes)),
            format!("{:?}", LocatorKey::from_bytes(bytes)),
            format!("{:?}", InviteSecret::from_bytes(bytes)),
            format!("{:?}", DocumentKey::from_bytes(bytes)),
            format!("{:?}", SigningKey::from_seed(bytes)),
            format!("{:#?}", KemSecret::from_bytes(bytes)),
            format!("{:?}", AuditKey::from_bytes(bytes)),
            format!("{:?}", PinPepper::from_bytes(bytes)),
            format!("{:?}", InviteKey::from_bytes(bytes)),
        ];
        assert_eq!(
            printed,
            [
                "ZoneKey(secret)",
                "TeamKey(secret)",
                "LocatorKey(secret)",
                "InviteSecret(secret)",
                "DocumentKey(secret)",
                "SigningKey(secret)",
                "KemSecret(secret)",
                "AuditKey(secret)",
                "PinPepper(secret)",
                "InviteKey(secret)",
            ]
        );
    }

    /// Does not compile when a secret can be copied, printed for people, or borrowed as plain bytes.
    #[test]
    fn secrets_are_not_copied_or_shown() {
        trait Unless<Marker> {
            fn holds() {}
        }
        impl<T> Unless<()> for T {}
        impl<T: Clone> Unless<u8> for T {}
        impl<T: fmt::Display> Unless<u16> for T {}
        impl<T: AsRef<[u8]>> Unless<u32> for T {}
        <ZoneKey as Unless<_>>::holds();
        <TeamKey as Unless<_>>::holds();
        <LocatorKey as Unless<_>>::holds();
        <InviteSecret as Unless<_>>::holds();
        <DocumentKey as Unless<_>>::holds();
        <SigningKey as Unless<_>>::holds();
        <KemSecret as Unless<_>>::holds();
        <AuditKey as Unless<_>>::holds();
        <PinPepper as Unless<_>>::holds();
        <InviteKey as Unless<_>>::holds();
        <crate::words::OneTimePhrase as Unless<_>>::holds();
        <crate::local::LocalKey as Unless<_>>::holds();
        <crate::shares::RecoveryShare as Unless<_>>::holds();
    }

    #[test]
    fn secrets_are_equal_by_content() {
        assert_eq!(ZoneKey::from_bytes([1; 32]), ZoneKey::from_bytes([1; 32]));
        assert_ne!(ZoneKey::from_bytes([1; 32]), ZoneKey::from_bytes([2; 32]));
        assert_ne!(ZoneKey::from_bytes([1; 32]).commitment(), ZoneKey::from_bytes([2; 32]).commitment());
        assert_eq!(SigningKey::from_seed([3; 32]), SigningKey::from_seed([3; 32]));
        assert_ne!(SigningKey::from_seed([3; 32]), SigningKey::from_seed([4; 32]));
        assert_eq!(SigningKey::from_seed([3; 32]).expose_seed(), &[3; 32]);
    }

    #[test]
    fn the_drop_box_of_an_epoch_belongs_to_its_zone_key() {
        let [first, second] = [[1; 32], [2; 32]].map(ZoneKey::from_bytes);
        assert_eq!(derive_drop_box(&first), derive_drop_box(&first));
        assert_ne!(derive_drop_box(&first).public(), derive_drop_box(&second).public());
        assert_ne!(derive_drop_box(&first).expose_bytes(), first.expose_bytes());
    }

    #[test]
    fn a_signature_holds_for_its_label_only() {
        let key = SigningKey::from_seed([7; 32]);
        let made = key.sign(label::SIG_LOG, b"entry");
        assert_eq!(signature::verify(&key.public(), label::SIG_LOG, b"entry", &made), Ok(()));
        assert!(signature::verify(&key.public(), label::SIG_SEAT, b"entry", &made).is_err());
        assert_eq!(signature::verify_raw(&key.public(), b"base", &key.sign_raw(b"base")), Ok(()));
    }
}
