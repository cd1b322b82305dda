//! Suite 2: HPKE with X-Wing (ML-KEM-768 and X25519 together), HKDF-SHA256 and ChaCha20Poly1305. What is sealed under it
//! stays sealed as long as either of the two holds, so a recording of today is no use to a quantum computer of tomorrow.
//!
//! A secret has 32 bytes as in suite 1: recovery sheets and vaults keep their formats.

use core::fmt;

use doorstep_protocol::hash;
use hpke::aead::{AeadTag, ChaCha20Poly1305};
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, XWing};
use hpke::{Deserializable, OpModeR, OpModeS, Serializable};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::WeakRecipient;
use crate::public_seal::{NotOpened, info};
use crate::secret::secrets;

/// Length of a public key of suite 2.
pub const HYBRID_PUBLIC_BYTES: usize = 1_216;
/// The encapsulated key: ML-KEM's 1,088 bytes and X25519's 32.
const ENC_BYTES: usize = 1_120;
const TAG_BYTES: usize = 16;
/// `enc(1120) ‖ ct(48)`.
pub(crate) const HYBRID_SEALED_BYTES: usize = ENC_BYTES + 32 + TAG_BYTES;

secrets! {
    /// An X-Wing secret: an escrow's of suite 2. Whoever holds it opens what was sealed to its [`HybridPublic`].
    drawn HybridSecret;
}

/// An X-Wing public key whose form was checked.
#[derive(Clone, PartialEq, Eq)]
pub struct HybridPublic(Box<[u8; HYBRID_PUBLIC_BYTES]>);

impl fmt::Debug for HybridPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HybridPublic(sha256 {})", hash::sha256(self.0.as_slice()))
    }
}

impl HybridPublic {
    /// Reads a public key.
    ///
    /// # Errors
    /// [`WeakRecipient`] for another length, or coefficients that ML-KEM does not allow.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, WeakRecipient> {
        <XWing as Kem>::PublicKey::from_bytes(bytes).map_err(|_| WeakRecipient)?;
        let bytes: &[u8; HYBRID_PUBLIC_BYTES] = bytes.try_into().map_err(|_| WeakRecipient)?;
        Ok(Self(Box::new(*bytes)))
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; HYBRID_PUBLIC_BYTES] {
        &self.0
    }
}

impl HybridSecret {
    fn private(&self) -> Result<<XWing as Kem>::PrivateKey, WeakRecipient> {
        <XWing as Kem>::PrivateKey::from_bytes(self.expose_bytes()).map_err(|_| WeakRecipient)
    }

    /// The public key.
    ///
    /// # Errors
    /// [`WeakRecipient`], never for 32 bytes as this library reads them.
    pub fn public(&self) -> Result<HybridPublic, WeakRecipient> {
        HybridPublic::from_slice(&XWing::sk_to_pk(&self.private()?).to_bytes())
    }
}

/// `enc ‖ ct` of a secret.
pub(crate) fn seal(
    recipient: &HybridPublic,
    header: &[u8],
    secret: &[u8; 32],
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, WeakRecipient> {
    let public = <XWing as Kem>::PublicKey::from_bytes(recipient.as_bytes()).map_err(|_| WeakRecipient)?;
    // Encrypted where it stands, so that no copy of the secret is left behind.
    let mut body = Zeroizing::new(*secret);
    let (enc, tag) = hpke::single_shot_seal_inout_detached_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeS::Base,
        &public,
        &info(header),
        body.as_mut_slice().into(),
        b"",
        rng,
    )
    .map_err(|_| WeakRecipient)?;
    Ok([&enc.to_bytes()[..], body.as_slice(), &tag.to_bytes()].concat())
}

/// The secret inside `enc ‖ ct`.
pub(crate) fn open(
    recipient: &HybridSecret,
    header: &[u8],
    sealed: &[u8; HYBRID_SEALED_BYTES],
) -> Result<Zeroizing<[u8; 32]>, NotOpened> {
    let (enc, rest) = sealed.split_at(ENC_BYTES);
    let (ciphertext, tag) = rest.split_at(32);
    let private = recipient.private().map_err(|_| NotOpened)?;
    let enc = <XWing as Kem>::EncappedKey::from_bytes(enc).map_err(|_| NotOpened)?;
    let tag = AeadTag::<ChaCha20Poly1305>::from_bytes(tag).map_err(|_| NotOpened)?;
    let mut body = Zeroizing::new([0u8; 32]);
    body.copy_from_slice(ciphertext);
    hpke::single_shot_open_inout_detached::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeR::Base,
        &private,
        &enc,
        &info(header),
        body.as_mut_slice().into(),
        b"",
        &tag,
    )
    .map_err(|_| NotOpened)?;
    Ok(body)
}
