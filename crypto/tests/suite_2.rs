//! Suite 2 (X-Wing) for wraps to escrow: opens, refuses, and agrees with an implementation in another language. Without
//! the feature, what such a wrap looks like is refused.

use doorstep_crypto::keys::{KemSecret, ZoneKey};
use doorstep_crypto::wrap::{SealedWrapError, open_sealed};
use doorstep_protocol::wrap::{SealedWrapHeader, SealedWrapPurpose, WrapHeaderError};
use doorstep_protocol::{Epoch, PartnershipId};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

fn header(purpose: SealedWrapPurpose) -> SealedWrapHeader {
    SealedWrapHeader {
        purpose,
        partnership: PartnershipId([1; 16]),
        subject: [2; 16],
        epoch: Epoch(3),
        recipient: [4; 16],
    }
}

/// A wrap of suite 1 whose header says 2, and one of the length of suite 2: no reader of suite 1 takes them.
#[test]
fn a_reader_of_suite_1_refuses_suite_2() {
    let mut rng = ChaCha20Rng::from_seed([1; 32]);
    let (escrow, zone) = (KemSecret::make(&mut rng), ZoneKey::make(&mut rng));
    let header = header(SealedWrapPurpose::ZoneToEscrow);
    let mut made = doorstep_crypto::wrap::seal_to(&header, &escrow.public(), &zone, &mut rng).expect("sealed");
    assert_eq!(open_sealed(&made, &header, &escrow, &zone.commitment()).as_ref(), Ok(&zone));
    made[4] = 2;
    let open = |bytes: &[u8]| open_sealed::<ZoneKey>(bytes, &header, &escrow, &zone.commitment());
    assert_eq!(open(&made), Err(SealedWrapError::Header(WrapHeaderError::Unknown)));
    let long = [&made[..], &[0; 1_228 - 140]].concat();
    let length = WrapHeaderError::Length { found_bytes: 1_228, expected_bytes: 140 };
    assert_eq!(open(&long), Err(SealedWrapError::Header(length)));
}

#[cfg(feature = "suite-2")]
mod hybrid {
    use super::*;
    use doorstep_crypto::audit::AuditKey;
    use doorstep_crypto::hybrid::{HYBRID_PUBLIC_BYTES, HybridPublic, HybridSecret};
    use doorstep_crypto::keys::TeamKey;
    use doorstep_crypto::wrap::{open_hybrid, seal_hybrid};
    use doorstep_protocol::wrap::HYBRID_WRAP_BYTES;

    struct Made {
        rng: ChaCha20Rng,
        escrow: HybridSecret,
        zone: ZoneKey,
        header: SealedWrapHeader,
        bytes: Vec<u8>,
    }

    fn made() -> Made {
        let mut rng = ChaCha20Rng::from_seed([2; 32]);
        let (escrow, zone) = (HybridSecret::make(&mut rng), ZoneKey::make(&mut rng));
        let header = header(SealedWrapPurpose::ZoneToEscrow);
        let public = escrow.public().expect("a good key");
        let bytes = seal_hybrid(&header, &public, &zone, &mut rng).expect("sealed");
        Made { rng, escrow, zone, header, bytes }
    }

    #[test]
    fn a_zone_key_reaches_its_escrow_and_nobody_else() {
        let Made { mut rng, escrow, zone, header, bytes } = made();
        assert_eq!(bytes.len(), HYBRID_WRAP_BYTES);
        assert_eq!(open_hybrid(&bytes, &header, &escrow, &zone.commitment()).as_ref(), Ok(&zone));
        let other = HybridSecret::make(&mut rng);
        let open = |secret, key: &ZoneKey| open_hybrid::<ZoneKey>(&bytes, &header, secret, &key.commitment());
        assert_eq!(open(&other, &zone), Err(SealedWrapError::NotOpened));
        assert_eq!(open(&escrow, &ZoneKey::make(&mut rng)), Err(SealedWrapError::OtherKey));
        let again = seal_hybrid(&header, &escrow.public().expect("a good key"), &zone, &mut rng).expect("sealed");
        assert_ne!(again, bytes);
        assert_eq!(format!("{escrow:?}"), "HybridSecret(secret)");
    }

    #[test]
    fn flipped_bits_and_every_cut_are_refused() {
        let Made { escrow, zone, header, bytes, .. } = made();
        let refused = |bytes: &[u8], header: &SealedWrapHeader| {
            open_hybrid::<ZoneKey>(bytes, header, &escrow, &zone.commitment()).is_err()
        };
        // Every bit of the header; beyond it every fifth, which meets every byte: a decapsulation takes its time.
        for bit in (0..60 * 8).chain((60 * 8..bytes.len() * 8).step_by(5)) {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(refused(&changed, &header), "bit {bit}");
            // Also when the reader expects the changed header: the seal binds it, not only the comparison.
            if let Ok(header) = SealedWrapHeader::parse_hybrid(&changed) {
                assert!(refused(&changed, &header), "bit {bit}");
            }
        }
        for length in 0..bytes.len() {
            assert!(refused(&bytes[..length], &header), "length {length}");
        }
        assert!(refused(&[&bytes[..], &[0]].concat(), &header));
    }

    #[test]
    fn a_wrap_in_another_slot_is_refused() {
        let Made { escrow, zone, header, bytes, .. } = made();
        for other in [
            SealedWrapHeader { purpose: SealedWrapPurpose::TeamToDevice, ..header },
            SealedWrapHeader { partnership: PartnershipId([9; 16]), ..header },
            SealedWrapHeader { subject: [9; 16], ..header },
            SealedWrapHeader { epoch: Epoch(9), ..header },
            SealedWrapHeader { recipient: [9; 16], ..header },
        ] {
            let opened = open_hybrid::<ZoneKey>(&bytes, &other, &escrow, &zone.commitment());
            assert_eq!(opened, Err(SealedWrapError::OtherSlot));
        }
        let suite_1 = SealedWrapHeader::parse(&bytes);
        assert_eq!(suite_1, Err(WrapHeaderError::Length { found_bytes: 1_228, expected_bytes: 140 }));
        let mut says_1 = bytes.clone();
        says_1[4] = 1;
        assert_eq!(SealedWrapHeader::parse_hybrid(&says_1), Err(WrapHeaderError::Unknown));
    }

    #[test]
    fn only_what_goes_to_an_escrow_is_sealed() {
        let Made { mut rng, escrow, zone, bytes, header: right } = made();
        let public = escrow.public().expect("a good key");
        for purpose in [SealedWrapPurpose::TeamToDevice, SealedWrapPurpose::Invite, SealedWrapPurpose::AuditToAuditor] {
            let refused = Err(SealedWrapError::Purpose { purpose });
            assert_eq!(seal_hybrid(&header(purpose), &public, &zone, &mut rng), refused);
            assert_eq!(seal_hybrid(&header(purpose), &public, &TeamKey::make(&mut rng), &mut rng), refused);
            assert_eq!(seal_hybrid(&header(purpose), &public, &AuditKey::make(&mut rng), &mut rng), refused);
        }
        let refused = SealedWrapError::Purpose { purpose: SealedWrapPurpose::ZoneToEscrow };
        assert_eq!(seal_hybrid(&right, &public, &TeamKey::make(&mut rng), &mut rng), Err(refused));
        assert_eq!(open_hybrid::<TeamKey>(&bytes, &right, &escrow, &zone.commitment()), Err(refused));
        let drop_box = KemSecret::make(&mut rng);
        let made = seal_hybrid(&right, &public, &drop_box, &mut rng).expect("a drop box goes to escrow");
        assert_eq!(open_hybrid(&made, &right, &escrow, &drop_box.commitment()), Ok(drop_box));
    }

    #[test]
    fn public_keys_have_one_form() {
        let Made { escrow, .. } = made();
        let public = escrow.public().expect("a good key");
        assert_eq!(HybridPublic::from_slice(public.as_bytes()).as_ref(), Ok(&public));
        for length in [0, 32, HYBRID_PUBLIC_BYTES - 1] {
            assert!(HybridPublic::from_slice(&public.as_bytes()[..length]).is_err());
        }
        assert!(HybridPublic::from_slice(&[&public.as_bytes()[..], &[0]].concat()).is_err());
        // Coefficients of ML-KEM are below 3,329.
        assert!(HybridPublic::from_slice(&[0xff; HYBRID_PUBLIC_BYTES]).is_err());
        assert!(format!("{public:?}").starts_with("HybridPublic(sha256 "));
    }

    /// Figures of `golden/suite-2.json`: one wrap made by this library, one by the second implementation.
    #[test]
    fn both_implementations_open_each_others_wraps() {
        let golden: serde_json::Value =
            serde_json::from_str(include_str!("golden/suite-2.json")).expect("the golden file is JSON");
        let bytes = |name: &str| -> Vec<u8> {
            let hex = golden[name].as_str().expect("hexadecimal text");
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("a pair")).collect()
        };
        let array = |name: &str| <[u8; 32]>::try_from(bytes(name)).expect("32 bytes");
        let (escrow, zone) = (HybridSecret::from_bytes(array("escrow_secret")), ZoneKey::from_bytes(array("zone_key")));
        let public = escrow.public().expect("a good key");
        assert_eq!(public.as_bytes().to_vec(), bytes("escrow_public"));
        let header = header(SealedWrapPurpose::ZoneToEscrow);
        for name in ["made_here", "made_there"] {
            let opened = open_hybrid(&bytes(name), &header, &escrow, &zone.commitment());
            assert_eq!(opened.as_ref(), Ok(&zone), "{name}");
        }
        let made = seal_hybrid(&header, &public, &zone, &mut ChaCha20Rng::from_seed([3; 32])).expect("sealed");
        assert_eq!(made, bytes("made_here"));
    }
}
