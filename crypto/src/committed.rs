//! The one committing seal behind envelopes, symmetric wraps and local blobs.
//!
//! ```text
//! salt = HMAC-SHA256(HKDF(key, "", LBL("doorstep/1/hedge"), 32), random32 ‖ SHA256(header) ‖ SHA256(P))
//! okm  = HKDF(key, salt, LBL(label) ‖ SHA256(header), 64);  k = okm[..32], com = okm[32..]
//! ct   = ChaCha20-Poly1305(k, nonce = 12 zero bytes, aad = front ‖ salt ‖ com, P)
//! ```
//!
//! `front` begins with the header; what stands between them (a drop-box key) is authenticated by the cipher only.

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, Nonce};
use doorstep_protocol::envelope::{COMMITMENT_BYTES, SALT_BYTES, TAG_BYTES};
use doorstep_protocol::{hash, label};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::derive;

/// What a committing seal adds to the front and the plaintext.
pub(crate) const OVERHEAD_BYTES: usize = SALT_BYTES + COMMITMENT_BYTES + TAG_BYTES;

/// Why a committing seal did not open or close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CommittedError {
    /// Shorter than salt, commitment and tag.
    Length,
    /// Another key or another header than it was sealed under.
    Commitment,
    /// The cipher refused: changed on the way (or, sealing, too long for it).
    Cipher,
}

/// What a seal is made under.
pub(crate) struct Context<'a> {
    /// The key that one-time keys are derived from.
    pub(crate) key: &'a [u8; 32],
    /// What the seal is for.
    pub(crate) label: &'static str,
    /// What is bound into the one-time key.
    pub(crate) header: &'a [u8],
}

struct OneTime {
    cipher: ChaCha20Poly1305,
    commitment: [u8; COMMITMENT_BYTES],
}

impl Context<'_> {
    fn one_time(&self, salt: &[u8; SALT_BYTES]) -> OneTime {
        let info: [&[u8]; 2] = [&label::prefixed(self.label), &hash::sha256(self.header).0];
        let okm = derive::hkdf::<64>(self.key, salt, &info);
        let (key, commitment) = okm.split_at(32);
        let mut one_time_key = Zeroizing::new([0u8; 32]);
        one_time_key.copy_from_slice(key);
        let mut bound = [0u8; COMMITMENT_BYTES];
        bound.copy_from_slice(commitment);
        OneTime { cipher: ChaCha20Poly1305::new((&*one_time_key).into()), commitment: bound }
    }

    /// Randomness, header and plaintext together: a random source that repeats still gives two plaintexts two keys.
    fn salt(&self, plaintext: &[u8], rng: &mut impl CryptoRng) -> [u8; SALT_BYTES] {
        let mut random = Zeroizing::new([0u8; 32]);
        rng.fill_bytes(random.as_mut_slice());
        let hedge = derive::hkdf::<32>(self.key, b"", &[&label::prefixed(label::HEDGE)]);
        derive::hmac(&hedge, &[random.as_slice(), &hash::sha256(self.header).0, &hash::sha256(plaintext).0])
    }

    /// `front ‖ salt ‖ com ‖ ct`, with room for `room_bytes` more.
    pub(crate) fn seal(
        &self,
        front: &[u8],
        plaintext: &[u8],
        room_bytes: usize,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, CommittedError> {
        let salt = self.salt(plaintext, rng);
        let one_time = self.one_time(&salt);
        // The one allocation is of the final size: the plaintext is copied once and encrypted where it stands.
        let mut sealed = Vec::with_capacity(front.len() + OVERHEAD_BYTES + plaintext.len() + room_bytes);
        sealed.extend_from_slice(front);
        sealed.extend_from_slice(&salt);
        sealed.extend_from_slice(&one_time.commitment);
        let at = sealed.len();
        sealed.extend_from_slice(plaintext);
        let (aad, body) = sealed.split_at_mut_checked(at).ok_or(CommittedError::Length)?;
        let tag = one_time
            .cipher
            .encrypt_inout_detached(&Nonce::default(), aad, body.into())
            .map_err(|_| CommittedError::Cipher)?;
        sealed.extend_from_slice(&tag);
        Ok(sealed)
    }

    /// The plaintext of `front ‖ salt ‖ com ‖ ct`, commitment first.
    pub(crate) fn open(&self, sealed: &[u8], front_bytes: usize) -> Result<Zeroizing<Vec<u8>>, CommittedError> {
        let aad_bytes = front_bytes + SALT_BYTES + COMMITMENT_BYTES;
        let (aad, ciphertext) = sealed.split_at_checked(aad_bytes).ok_or(CommittedError::Length)?;
        let (salt, commitment) = aad
            .get(front_bytes..)
            .and_then(|tail| tail.split_first_chunk::<SALT_BYTES>())
            .ok_or(CommittedError::Length)?;
        let (body, tag) = ciphertext.split_last_chunk::<TAG_BYTES>().ok_or(CommittedError::Length)?;
        let one_time = self.one_time(salt);
        if !bool::from(one_time.commitment.ct_eq(commitment)) {
            return Err(CommittedError::Commitment);
        }
        let mut plaintext = Zeroizing::new(body.to_vec());
        one_time
            .cipher
            .decrypt_inout_detached(&Nonce::default(), aad, plaintext.as_mut_slice().into(), tag.into())
            .map_err(|_| CommittedError::Cipher)?;
        Ok(plaintext)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A random source that is stuck.
    struct Stuck;

    impl rand_core::TryRng for Stuck {
        type Error = core::convert::Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            Ok(0)
        }
        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            Ok(0)
        }
        fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Self::Error> {
            dst.fill(0);
            Ok(())
        }
    }
    impl rand_core::TryCryptoRng for Stuck {}

    #[test]
    fn a_stuck_random_source_repeats_no_key_for_two_plaintexts_or_two_headers() {
        let seal = |header: &[u8], plaintext: &[u8]| {
            let context = Context { key: &[1; 32], label: label::WRAP, header };
            context.seal(header, plaintext, 0, &mut Stuck).expect("short")[header.len()..].to_vec()
        };
        let salts = [seal(b"a", b"one"), seal(b"a", b"two"), seal(b"b", b"one")].map(|sealed| sealed[..32].to_vec());
        assert!(salts[0] != salts[1] && salts[0] != salts[2]);
        assert_eq!(seal(b"a", b"one"), seal(b"a", b"one"));
    }

    /// Growing would leave plaintext behind in freed memory.
    #[test]
    fn a_seal_is_allocated_once_at_its_final_size() {
        let context = Context { key: &[1; 32], label: label::WRAP, header: b"h" };
        for (front, plaintext, room_bytes) in [(5, 7, 11), (64, 32, 0), (0, 0, 64)] {
            let sealed = context.seal(&vec![1; front], &vec![2; plaintext], room_bytes, &mut Stuck).expect("short");
            assert_eq!(sealed.len(), front + 80 + plaintext);
            assert_eq!(sealed.capacity(), sealed.len() + room_bytes);
        }
    }

    #[test]
    fn short_input_is_refused_not_sliced() {
        let context = Context { key: &[1; 32], label: label::WRAP, header: b"h" };
        for length in 0..OVERHEAD_BYTES + 1 {
            assert_eq!(context.open(&vec![0; length], 1), Err(CommittedError::Length));
        }
    }
}
