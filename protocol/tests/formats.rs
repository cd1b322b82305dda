//! Fixed formats against figures made by an independent implementation in another language: the envelope's header at every
//! offset, the feed's chain, the headers of wraps, ids, labels, weak keys.

#[path = "support/make.rs"]
mod make;

use doorstep_protocol::envelope::{
    DROP_BOX_BYTES, Envelope, EnvelopeError, EnvelopeKind, HEADER_BYTES, Header, Keying, OVERHEAD_BYTES,
    PADDED_BYTES_MIN, envelope_id,
};
use doorstep_protocol::feed::{FeedPoint, heads_digest};
use doorstep_protocol::signature::{self, SignatureError};
use doorstep_protocol::wrap::{
    KEY_WRAP_BYTES, KEY_WRAP_HEADER_BYTES, KeyWrapHeader, KeyWrapPurpose, SEALED_WRAP_BYTES, SEALED_WRAP_HEADER_BYTES,
    SealedWrapHeader, SealedWrapPurpose, WrapHeaderError,
};
use doorstep_protocol::{
    DeviceId, Digest32, DocumentId, EnvelopeId, Epoch, FeedHead, FeedNumber, KemPublic, LogHash, LogSize,
    PartnershipId, SignPublic, Signature, ZoneId, ZoneSeq, hash, kem, label, limits,
};
use ed25519_dalek::{Signer, SigningKey};
use make::of_seed;
use proptest::prelude::*;

const HEADER: &str = "445345310101000001010101010101010101010101010101020202020202020202020202020202020303030303030303\
                      030303030303030300000004050505050505050505050505050505050000000000000006070707070707070707070707\
                      070707070707070707070707070707070707070700000000000000080909090909090909090909090909090909090909\
                      090909090909090909090909";

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().map(|b| (b as char).to_digit(16).expect("a digit") as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn known_header() -> Header {
    Header {
        kind: EnvelopeKind::Changes,
        keying: Keying::ZoneKey,
        partnership: PartnershipId([1; 16]),
        zone: ZoneId([2; 16]),
        document: DocumentId([3; 16]),
        epoch: Epoch(4),
        author: DeviceId([5; 16]),
        zseq: ZoneSeq(6),
        prev: EnvelopeId([7; 32]),
        log_size: LogSize(8),
        log_head: LogHash([9; 32]),
    }
}

#[test]
fn the_header_is_the_known_one() {
    assert_eq!(known_header().to_bytes()[..], from_hex(HEADER));
    assert_eq!(Header::parse(&from_hex(HEADER)), Ok(known_header()));
}

#[test]
fn every_field_of_the_header_stands_at_its_offset() {
    let bytes = known_header().to_bytes();
    let fields: [(usize, &[u8]); 12] = [
        (0, b"DSE1"),
        (4, &[1]),
        (5, &[1]),
        (6, &[0, 0]),
        (8, &[1; 16]),
        (24, &[2; 16]),
        (40, &[3; 16]),
        (56, &[0, 0, 0, 4]),
        (60, &[5; 16]),
        (76, &[0, 0, 0, 0, 0, 0, 0, 6]),
        (84, &[7; 32]),
        (116, &[0, 0, 0, 0, 0, 0, 0, 8]),
    ];
    for (at, expected) in fields {
        assert_eq!(&bytes[at..at + expected.len()], expected, "at {at}");
    }
    assert_eq!(bytes[124..], [9; 32]);
    let snapshot = Header { kind: EnvelopeKind::Snapshot, keying: Keying::DropBox, ..known_header() }.to_bytes();
    assert_eq!(snapshot[5..8], [2, 0, 1]);
}

#[test]
fn every_unknown_value_of_the_header_has_its_own_error() {
    let known = known_header().to_bytes();
    let with = |at: usize, value: &[u8]| {
        let mut bytes = known;
        bytes[at..at + value.len()].copy_from_slice(value);
        Header::parse(&bytes)
    };
    for (at, byte) in known.iter().enumerate().take(4) {
        assert_eq!(with(at, &[byte ^ 1]), Err(EnvelopeError::Magic));
    }
    for suite in (0..=255).filter(|suite| *suite != 1) {
        assert_eq!(with(4, &[suite]), Err(EnvelopeError::Suite(suite)));
    }
    for kind in (0..=255).filter(|kind| !(1..=2).contains(kind)) {
        assert_eq!(with(5, &[kind]), Err(EnvelopeError::Kind(kind)));
    }
    for flags in 2..=u16::MAX {
        assert_eq!(with(6, &flags.to_be_bytes()), Err(EnvelopeError::Flags(flags)));
    }
    assert_eq!(with(76, &[0; 8]), Err(EnvelopeError::Counter), "counters begin at 1");
    assert_eq!(with(76, &1u64.to_be_bytes()), Err(EnvelopeError::Counter), "the first has no predecessor");
    assert_eq!(with(84, &[0; 32]), Err(EnvelopeError::Counter), "the sixth has one");
    for length in 0..HEADER_BYTES {
        assert!(matches!(Header::parse(&known[..length]), Err(EnvelopeError::Length { .. })), "{length} bytes");
    }
}

proptest! {
    #[test]
    fn a_header_reads_back_from_its_bytes(seed: u64, snapshot: bool, drop_box: bool, zseq in 2u64..) {
        let header = Header {
            kind: if snapshot { EnvelopeKind::Snapshot } else { EnvelopeKind::Changes },
            keying: if drop_box { Keying::DropBox } else { Keying::ZoneKey },
            partnership: of_seed(seed),
            zone: of_seed(seed ^ 1),
            document: of_seed(seed ^ 2),
            epoch: of_seed(seed),
            author: of_seed(seed ^ 3),
            zseq: ZoneSeq(zseq),
            prev: of_seed(seed ^ 4),
            log_size: of_seed(seed),
            log_head: of_seed(seed ^ 5),
        };
        prop_assert_eq!(Header::parse(&header.to_bytes()), Ok(header));
    }

    #[test]
    fn bytes_that_are_a_header_are_its_own(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let begun = [&b"DSE1\x01\x01\x00\x00"[..], &bytes].concat();
        if let Ok(header) = Header::parse(&begun) {
            prop_assert_eq!(&header.to_bytes()[..], &begun[..HEADER_BYTES]);
        }
    }
}

// Envelopes.

fn signed(header: &Header, sealed_bytes: usize, key: &SigningKey) -> Vec<u8> {
    let unsigned = [&header.to_bytes()[..], &vec![0xcc; sealed_bytes]].concat();
    let message = signature::signed_bytes(label::SIG_ENVELOPE, &envelope_id(&unsigned).0);
    [&unsigned[..], &key.sign(&message).to_bytes()].concat()
}

const SHORTEST_SEALED_BYTES: usize = OVERHEAD_BYTES + PADDED_BYTES_MIN - HEADER_BYTES - Signature::LEN;

fn device_key() -> (SigningKey, SignPublic) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = SignPublic(key.verifying_key().to_bytes());
    (key, public)
}

#[test]
fn the_known_seed_has_the_known_public_key() {
    let known = "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c";
    assert_eq!(device_key().1.to_string(), known);
}

#[test]
fn an_envelope_is_never_shorter_than_its_parts_or_longer_than_the_limit() {
    let (key, _) = device_key();
    assert_eq!(OVERHEAD_BYTES, 300);
    let shortest = signed(&known_header(), SHORTEST_SEALED_BYTES, &key);
    assert_eq!(shortest.len(), 556);
    assert!(Envelope::parse(shortest.clone()).is_ok());
    let too_short = Envelope::parse(shortest[..555].to_vec());
    assert!(matches!(too_short, Err(EnvelopeError::Length { found_bytes: 555, min_bytes: 556, .. })));
    let drop_box = Header { keying: Keying::DropBox, ..known_header() };
    assert!(Envelope::parse(signed(&drop_box, SHORTEST_SEALED_BYTES + DROP_BOX_BYTES - 1, &key)).is_err());
    assert!(Envelope::parse(signed(&drop_box, SHORTEST_SEALED_BYTES + DROP_BOX_BYTES, &key)).is_ok());
    let longest = limits::ENVELOPE_BYTES_MAX - HEADER_BYTES - Signature::LEN;
    assert!(Envelope::parse(signed(&known_header(), longest, &key)).is_ok());
    assert!(Envelope::parse(signed(&known_header(), longest + 1, &key)).is_err());
}

#[test]
fn an_envelope_gives_back_its_parts() {
    let (key, public) = device_key();
    let bytes = signed(&known_header(), SHORTEST_SEALED_BYTES, &key);
    let envelope = Envelope::parse(bytes.clone()).expect("well formed");
    assert_eq!(envelope.header(), &known_header());
    assert_eq!(envelope.sealed_part(), vec![0xcc; SHORTEST_SEALED_BYTES]);
    assert_eq!(envelope.id(), envelope_id(&bytes[..bytes.len() - 64]));
    assert_eq!(envelope.clone().into_bytes(), bytes);
    let verified = envelope.verify(&public).expect("signed by its author");
    assert_eq!(verified.as_bytes(), bytes);
    assert_eq!(verified.into_inner().into_bytes(), bytes);
}

#[test]
fn an_envelope_with_any_bit_flipped_is_refused() {
    let (key, public) = device_key();
    let bytes = signed(&known_header(), SHORTEST_SEALED_BYTES, &key);
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let outcome = Envelope::parse(flipped).and_then(|envelope| envelope.verify(&public));
        assert!(outcome.is_err(), "bit {bit} was flipped and nobody noticed");
    }
}

#[test]
fn an_envelope_that_does_not_hold_comes_back_to_who_keeps_it() {
    let (key, public) = device_key();
    let envelope = Envelope::parse(signed(&known_header(), SHORTEST_SEALED_BYTES, &key)).expect("well formed");
    let verified = envelope.clone().verify_or_give_back(&public).expect("signed by its author");
    assert_eq!(verified.into_inner(), envelope);
    let another = SignPublic(SigningKey::from_bytes(&[0x77; 32]).verifying_key().to_bytes());
    assert_eq!(envelope.clone().verify_or_give_back(&another).map(drop), Err(Box::new(envelope)));
}

#[test]
fn only_the_author_hands_an_envelope_over_without_a_check_of_its_signature() {
    let (key, _) = device_key();
    let envelope = Envelope::parse(signed(&known_header(), SHORTEST_SEALED_BYTES, &key)).expect("well formed");
    assert!(envelope.clone().try_from_trusted_sender(DeviceId([5; 16])).is_some());
    assert!(envelope.try_from_trusted_sender(DeviceId([6; 16])).is_none());
}

// The feed.

#[test]
fn the_chain_of_a_feed_is_the_known_one() {
    let known = [
        (
            "46fac071f933ccce0a3b81573332f56801a53357b9452397420df97d82feb37d",
            "b0fa0d60b64e87b8a317b41f9ff116579ea8cfcea9c295e14785610e6a36f6de",
        ),
        (
            "1ffc63c046486795cecfdc43d72a24919755befa3d4f71d758eb4b8e8680cad2",
            "8373745b7c186ca64f1fe0c7cd0413a7c08ddc5160ab656386ea85544ebc3a46",
        ),
        (
            "6bacbf13664fa7a66ec97b908f910ff0411733506a24cfa1dedb255cb5fff525",
            "7627e42e7ac5251a58d2b1d377a77e91ade4121049863529df69fbe37725bf7f",
        ),
        (
            "4abe115c57774a545afece1e394ac8381ef74c3421c4dd9118a669469886af41",
            "8059dd8fb796733a0e22b8cd109e6ff740c0fbe5a2ce2e9986b92234331eec3c",
        ),
        (
            "2dedcc30926c565f84371c4a49e5a006d3939410c74adc9e69e544f944e3aaa6",
            "09a9fe4896b5c9146fd032fbd87ce48bb68878e38f8dfb05c6eedbeb062194a8",
        ),
    ];
    let mut point = FeedPoint::START;
    for (number, (id, head)) in (1..).zip(known) {
        point = point.then(id.parse().expect("hex"));
        assert_eq!((point.number, point.head.to_string()), (FeedNumber(number), head.to_owned()));
    }
}

#[test]
fn a_feed_that_is_reordered_cut_or_swapped_has_another_head() {
    let ids: Vec<EnvelopeId> = (0..5).map(of_seed).collect();
    let head = |ids: &[EnvelopeId]| ids.iter().fold(FeedPoint::START, |point, id| point.then(*id));
    let whole = head(&ids);
    assert_eq!(whole.number, FeedNumber(5));
    let mut swapped = ids.clone();
    swapped.swap(1, 2);
    let mut other = ids.clone();
    other[4] = of_seed(9);
    for changed in [&swapped[..], &other, &ids[1..], &ids[..4]] {
        assert_ne!(head(changed).head, whole.head);
    }
    assert_eq!(FeedPoint::START.head, FeedHead::ZERO);
}

#[test]
fn the_digest_of_heads_is_of_zones_that_have_something_in_the_order_of_their_ids() {
    let point = |n| FeedPoint { number: FeedNumber(n), head: FeedHead([n as u8; 32]) };
    let (a, b, c) = (ZoneId([1; 16]), ZoneId([2; 16]), ZoneId([3; 16]));
    let digest = heads_digest([(&a, &point(1)), (&b, &point(2))]);
    assert_eq!(heads_digest([(&b, &point(2)), (&a, &point(1))]), digest);
    assert_eq!(heads_digest([(&a, &point(1)), (&c, &FeedPoint::START), (&b, &point(2))]), digest);
    assert_ne!(heads_digest([(&a, &point(2)), (&b, &point(1))]), digest);
    assert_ne!(heads_digest([(&a, &point(1))]), digest);
}

// Wraps.

fn known_key_wrap() -> KeyWrapHeader {
    KeyWrapHeader {
        purpose: KeyWrapPurpose::ZoneUnderTeam,
        partnership: PartnershipId([1; 16]),
        parent: [0x0a; 16],
        child: [0x0b; 16],
        parent_epoch: Epoch(2),
        child_epoch: Epoch(3),
    }
}

#[test]
fn the_header_of_a_symmetric_wrap_is_the_known_one() {
    let known = from_hex(
        "4453573101010000010101010101010101010101010101010a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b\
         00000002000000039c3eb8ad2b1c353d7bc0420730dcac6cbbcff310ce763e5960fb400c57768da4f7ed29c043c1d9b71ff75485322685b7\
         6723ad616b6a1fe407f5c2c9bbba89b1357ebc0a3bf30fd9f6be0de49db4e20372b3a90f6375b072be41fca8d87150c018a65b4afb3f8c3c\
         05ceb357313da3b1",
    );
    assert_eq!(known.len(), KEY_WRAP_BYTES);
    assert_eq!(KeyWrapHeader::parse(&known), Ok(known_key_wrap()));
    assert_eq!(known_key_wrap().to_bytes()[..], known[..KEY_WRAP_HEADER_BYTES]);
}

#[test]
fn a_symmetric_wrap_has_one_length_and_known_values_only() {
    let whole = [&known_key_wrap().to_bytes()[..], &[0xee; 112]].concat();
    for length in [0, KEY_WRAP_HEADER_BYTES, KEY_WRAP_BYTES - 1, KEY_WRAP_BYTES + 1] {
        let bytes = vec![0; length];
        let expected = Err(WrapHeaderError::Length { found_bytes: length, expected_bytes: KEY_WRAP_BYTES });
        assert_eq!(KeyWrapHeader::parse(&bytes), expected);
    }
    for (at, value) in [(0, b'X'), (3, b'2'), (4, 0), (4, 2), (5, 0), (5, 6), (6, 1), (7, 1)] {
        let mut other = whole.clone();
        other[at] = value;
        assert_eq!(KeyWrapHeader::parse(&other), Err(WrapHeaderError::Unknown), "{value} at {at}");
    }
    for (purpose, code) in [
        (KeyWrapPurpose::ZoneUnderTeam, 1),
        (KeyWrapPurpose::PreviousTeam, 2),
        (KeyWrapPurpose::PreviousZone, 3),
        (KeyWrapPurpose::DeviceLocal, 4),
        (KeyWrapPurpose::Locator, 5),
    ] {
        let header = KeyWrapHeader { purpose, ..known_key_wrap() };
        let wrap = [&header.to_bytes()[..], &[0xee; 112]].concat();
        assert_eq!((wrap[5], KeyWrapHeader::parse(&wrap)), (code, Ok(header)));
    }
}

#[test]
fn a_wrap_to_a_public_key_has_its_fields_at_their_offsets_and_known_values_only() {
    let header = SealedWrapHeader {
        purpose: SealedWrapPurpose::TeamToDevice,
        partnership: PartnershipId([1; 16]),
        subject: [2; 16],
        epoch: Epoch(3),
        recipient: [4; 16],
    };
    let bytes = header.to_bytes();
    let written = [&b"DSH1\x01\x01\x00\x00"[..], &[1; 16], &[2; 16], &[0, 0, 0, 3], &[4; 16]].concat();
    assert_eq!(bytes[..], written);
    assert_eq!(bytes.len(), SEALED_WRAP_HEADER_BYTES);
    let whole = [&bytes[..], &[0xdd; 80]].concat();
    assert_eq!(SealedWrapHeader::parse(&whole), Ok(header));
    for length in [0, SEALED_WRAP_HEADER_BYTES, SEALED_WRAP_BYTES - 1, SEALED_WRAP_BYTES + 1, KEY_WRAP_BYTES] {
        let expected = Err(WrapHeaderError::Length { found_bytes: length, expected_bytes: SEALED_WRAP_BYTES });
        assert_eq!(SealedWrapHeader::parse(&vec![0; length]), expected);
    }
    for (at, value) in [(0, b'X'), (2, b'W'), (4, 0), (4, 2), (5, 0), (5, 5), (6, 1), (7, 1)] {
        let mut other = whole.clone();
        other[at] = value;
        assert_eq!(SealedWrapHeader::parse(&other), Err(WrapHeaderError::Unknown), "{value} at {at}");
    }
    for (purpose, code) in [
        (SealedWrapPurpose::TeamToDevice, 1),
        (SealedWrapPurpose::ZoneToEscrow, 2),
        (SealedWrapPurpose::Invite, 3),
        (SealedWrapPurpose::AuditToAuditor, 4),
    ] {
        let header = SealedWrapHeader { purpose, ..header };
        let wrap = [&header.to_bytes()[..], &[0xdd; 80]].concat();
        assert_eq!((wrap[5], SealedWrapHeader::parse(&wrap)), (code, Ok(header)));
    }
}

// Labels, hashes, signatures, keys.

#[test]
fn a_label_is_its_length_and_its_letters() {
    assert_eq!(label::prefixed("doorstep/1/doc"), b"\x0edoorstep/1/doc");
    let unique: std::collections::BTreeSet<_> = label::ALL.iter().map(|l| label::prefixed(l)).collect();
    assert_eq!(unique.len(), label::ALL.len());
}

#[test]
fn the_parts_of_a_hash_do_not_run_into_each_other() {
    let hash = |parts: &[&[u8]]| hash::tagged("doorstep/1/device", parts);
    assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
    assert_ne!(hash(&[b"ab"]), hash(&[b"ab", b""]));
    assert_ne!(hash(&[b"ab"]), hash::tagged("doorstep/1/seat", &[b"ab"]));
    let spelled = [&b"\x11doorstep/1/device"[..], &[0, 0, 0, 0, 0, 0, 0, 2], b"ab"].concat();
    assert_eq!(Digest32(hash(&[b"ab"])), hash::sha256(&spelled));
}

#[test]
fn a_signature_holds_for_its_label_message_and_key_only() {
    let (key, public) = device_key();
    let good = Signature(key.sign(&signature::signed_bytes(label::SIG_LOG, b"m")).to_bytes());
    assert_eq!(signature::verify(&public, label::SIG_LOG, b"m", &good), Ok(()));
    assert_eq!(signature::verify(&public, label::SIG_SEAT, b"m", &good), Err(SignatureError::Refused));
    assert_eq!(signature::verify(&public, label::SIG_LOG, b"n", &good), Err(SignatureError::Refused));
    let weak = SignPublic([0; 32]);
    assert_eq!(signature::verify(&weak, label::SIG_LOG, b"m", &good), Err(SignatureError::WeakKey));
    let mut identity = [0; 32];
    identity[0] = 1;
    assert_eq!(signature::check_key(&SignPublic(identity)).err(), Some(SignatureError::WeakKey));
}

/// What a weak key does, by the library that seals: the shared secret is zero whoever the sender is.
fn shares_nothing(key: &KemPublic) -> bool {
    let secret = x25519_dalek::StaticSecret::from([0x42; 32]);
    !secret.diffie_hellman(&x25519_dalek::PublicKey::from(key.0)).was_contributory()
}

#[test]
fn sealing_keys_of_small_order_are_refused_and_no_others() {
    let order_eight = [
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    ];
    let near_prime = [0xec, 0xed, 0xee].map(|lowest| format!("{lowest:02x}{}7f", "ff".repeat(30)));
    let small = [0, 1].map(|value| format!("{value:02x}{}", "00".repeat(31)));
    let all = order_eight.map(str::to_owned).into_iter().chain(near_prime).chain(small);
    for text in all {
        let mut key: KemPublic = text.parse().expect("hex");
        assert!(shares_nothing(&key) && kem::check_key(&key).is_err(), "{key}");
        key.0[31] |= 0x80;
        assert!(shares_nothing(&key) && kem::check_key(&key).is_err(), "{key} with the bit that is not read");
    }
    for seed in 0..500 {
        let key: KemPublic = of_seed(seed);
        assert_eq!(kem::check_key(&key).is_err(), shares_nothing(&key));
    }
    let mut two = [0; 32];
    two[0] = 2;
    assert!(kem::check_key(&KemPublic(two)).is_ok());
}
