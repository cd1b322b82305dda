//! What must hold for all sealed formats: they read back, and nothing changed, moved or re-signed does.

use doorstep_crypto::audit::AuditKey;
use doorstep_crypto::envelope::{self, OpenError, SealError};
use doorstep_crypto::keys::{InviteSecret, KemSecret, LocatorKey, SigningKey, TeamKey, ZoneKey};
use doorstep_crypto::padding::DATA_BYTES_MAX;
use doorstep_crypto::wrap::{self, SealedWrapError, UnwrapError, WrapError};
use doorstep_protocol::envelope::{Envelope, EnvelopeError, EnvelopeKind, Header, Keying, VerifiedEnvelope};
use doorstep_protocol::limits::ENVELOPE_BYTES_MAX;
use doorstep_protocol::wrap::{KeyWrapHeader, KeyWrapPurpose, SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{
    DeviceId, DocumentId, EnvelopeId, Epoch, KemPublic, LogHash, LogSize, PartnershipId, SignPublic, Signature, ZoneId,
    ZoneSeq, label,
};
use proptest::prelude::*;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

fn rng(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

fn header(keying: Keying) -> Header {
    Header {
        kind: EnvelopeKind::Changes,
        keying,
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

fn received(bytes: Vec<u8>, author: &SignPublic) -> Result<VerifiedEnvelope, EnvelopeError> {
    Envelope::parse(bytes)?.verify(author)
}

/// An envelope with this header and everything else of `made`, signed anew: what a hostile member can make.
fn re_signed(made: &Envelope, header: &Header, signer: &SigningKey) -> VerifiedEnvelope {
    let unsigned = [&header.to_bytes()[..], made.sealed_part()].concat();
    let id = doorstep_protocol::envelope::envelope_id(&unsigned);
    let bytes = [&unsigned[..], &signer.sign(label::SIG_ENVELOPE, &id.0).0].concat();
    received(bytes, &signer.public()).expect("a well-formed, well-signed envelope")
}

fn any_header(keying: Keying) -> impl Strategy<Value = Header> {
    (any::<[[u8; 16]; 4]>(), any::<[[u8; 32]; 2]>(), any::<(bool, u32, u64, u64)>()).prop_map(
        move |([partnership, zone, document, author], [prev, log_head], (snapshot, epoch, zseq, log_size))| {
            let zseq = zseq.max(1);
            Header {
                kind: if snapshot { EnvelopeKind::Snapshot } else { EnvelopeKind::Changes },
                keying,
                partnership: PartnershipId(partnership),
                zone: ZoneId(zone),
                document: DocumentId(document),
                epoch: Epoch(epoch),
                author: DeviceId(author),
                zseq: ZoneSeq(zseq),
                prev: if zseq == 1 { EnvelopeId::ZERO } else { EnvelopeId(prev) },
                log_size: LogSize(log_size),
                log_head: LogHash(log_head),
            }
        },
    )
}

proptest! {
    #[test]
    fn an_envelope_reads_back(
        header in any_header(Keying::ZoneKey),
        data in proptest::collection::vec(any::<u8>(), 0..5_000),
        seed in any::<[u8; 32]>(),
    ) {
        let mut rng = ChaCha20Rng::from_seed(seed);
        let (zone_key, device) = (ZoneKey::make(&mut rng), SigningKey::make(&mut rng));
        let made = envelope::seal(&zone_key, &header, &data, &device, &mut rng).expect("sealed");
        let read = received(made.into_bytes(), &device.public()).expect("signed");
        prop_assert_eq!(read.header(), &header);
        prop_assert_eq!(envelope::open(&read, &zone_key), Ok(data));
        prop_assert_eq!(envelope::open(&read, &ZoneKey::make(&mut rng)), Err(OpenError::Commitment));
    }

    #[test]
    fn a_drop_box_envelope_reads_back(
        header in any_header(Keying::DropBox),
        data in proptest::collection::vec(any::<u8>(), 0..3_000),
        seed in any::<[u8; 32]>(),
    ) {
        let mut rng = ChaCha20Rng::from_seed(seed);
        let (zone, device) = (KemSecret::make(&mut rng), SigningKey::make(&mut rng));
        let made = envelope::seal_drop_box(&zone.public(), &header, &data, &device, &mut rng).expect("sealed");
        let read = received(made.into_bytes(), &device.public()).expect("signed");
        prop_assert_eq!(envelope::open_drop_box(&read, &zone), Ok(data));
        prop_assert_eq!(envelope::open_drop_box(&read, &KemSecret::make(&mut rng)), Err(OpenError::DropBox));
    }

    #[test]
    fn wraps_read_back(ids in any::<[[u8; 16]; 3]>(), epochs in any::<[u32; 2]>(), seed in any::<[u8; 32]>()) {
        let mut rng = ChaCha20Rng::from_seed(seed);
        let (team, zone, device) = (TeamKey::make(&mut rng), ZoneKey::make(&mut rng), KemSecret::make(&mut rng));
        let key_header = KeyWrapHeader {
            purpose: KeyWrapPurpose::ZoneUnderTeam,
            partnership: PartnershipId(ids[0]),
            parent: ids[1],
            child: ids[2],
            parent_epoch: Epoch(epochs[0]),
            child_epoch: Epoch(epochs[1]),
        };
        let made = wrap::wrap(&key_header, &team, &zone, &mut rng).expect("wrapped");
        let unwrapped = wrap::unwrap::<ZoneKey>(&made, &key_header, &team, &zone.commitment());
        prop_assert_eq!(unwrapped.as_ref(), Ok(&zone));
        prop_assert_eq!(
            wrap::unwrap::<ZoneKey>(&made, &key_header, &TeamKey::make(&mut rng), &zone.commitment()),
            Err(UnwrapError::Commitment)
        );
        let sealed_header = SealedWrapHeader {
            purpose: SealedWrapPurpose::TeamToDevice,
            partnership: PartnershipId(ids[0]),
            subject: ids[1],
            epoch: Epoch(epochs[0]),
            recipient: ids[2],
        };
        let made = wrap::seal_to(&sealed_header, &device.public(), &team, &mut rng).expect("sealed");
        let opened = wrap::open_sealed::<TeamKey>(&made, &sealed_header, &device, &team.commitment());
        prop_assert_eq!(opened.as_ref(), Ok(&team));
        prop_assert_eq!(
            wrap::open_sealed::<TeamKey>(&made, &sealed_header, &KemSecret::make(&mut rng), &team.commitment()),
            Err(SealedWrapError::NotOpened)
        );
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..800)) {
        let mut bytes = bytes;
        for magic in [*b"DSE1", *b"DSW1", *b"DSH1", *b"DSL1"] {
            if let Some(front) = bytes.first_chunk_mut() {
                *front = magic;
            }
            let key = KemSecret::from_bytes([1; 32]);
            let commitment = ZoneKey::from_bytes([1; 32]).commitment();
            let _refused = Envelope::parse(bytes.clone());
            let header = KeyWrapHeader {
                purpose: KeyWrapPurpose::ZoneUnderTeam, partnership: PartnershipId([0; 16]), parent: [0; 16],
                child: [0; 16], parent_epoch: Epoch(0), child_epoch: Epoch(0),
            };
            prop_assert!(
                wrap::unwrap::<ZoneKey>(&bytes, &header, &TeamKey::from_bytes([1; 32]), &commitment).is_err()
            );
            let header = SealedWrapHeader {
                purpose: SealedWrapPurpose::TeamToDevice, partnership: PartnershipId([0; 16]), subject: [0; 16],
                epoch: Epoch(0), recipient: [0; 16],
            };
            prop_assert!(wrap::open_sealed::<TeamKey>(&bytes, &header, &key, &commitment).is_err());
        }
    }
}

fn refuses_every_flip(
    bytes: &[u8],
    author: &SigningKey,
    open: impl Fn(&VerifiedEnvelope) -> Result<Vec<u8>, OpenError>,
) {
    // The seal must hold by itself: also against the author, who can sign whatever was changed.
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(received(changed.clone(), &author.public()).is_err(), "bit {bit} passes parsing and signature");
        let Ok(parsed) = Envelope::parse(changed) else { continue };
        let signed = re_signed(&parsed, parsed.header(), author);
        if bit / 8 < bytes.len() - Signature::LEN {
            assert!(open(&signed).is_err(), "bit {bit} passes the seal");
        }
    }
}

#[test]
fn every_flipped_bit_of_an_envelope_is_refused() {
    let mut rng = rng(1);
    let (zone_key, device) = (ZoneKey::make(&mut rng), SigningKey::make(&mut rng));
    let made = envelope::seal(&zone_key, &header(Keying::ZoneKey), b"data", &device, &mut rng).expect("sealed");
    refuses_every_flip(made.as_bytes(), &device, |read| envelope::open(read, &zone_key));
}

#[test]
fn every_flipped_bit_of_a_drop_box_envelope_is_refused() {
    let mut rng = rng(2);
    let (zone, device) = (KemSecret::make(&mut rng), SigningKey::make(&mut rng));
    let made =
        envelope::seal_drop_box(&zone.public(), &header(Keying::DropBox), b"data", &device, &mut rng).expect("sealed");
    refuses_every_flip(made.as_bytes(), &device, |read| envelope::open_drop_box(read, &zone));
}

/// Matrix CVE-2022-39250: whoever may write must not be able to put another's ciphertext under another name or place.
#[test]
fn a_ciphertext_re_signed_or_moved_is_refused() {
    let mut rng = rng(3);
    let (zone_key, device, thief) = (ZoneKey::make(&mut rng), SigningKey::make(&mut rng), SigningKey::make(&mut rng));
    let (zone, normal) = (KemSecret::make(&mut rng), header(Keying::ZoneKey));
    let made = envelope::seal(&zone_key, &normal, b"data", &device, &mut rng).expect("sealed");
    let dropped = header(Keying::DropBox);
    let made_drop = envelope::seal_drop_box(&zone.public(), &dropped, b"data", &device, &mut rng).expect("sealed");
    let moves: [fn(&mut Header); 10] = [
        |h| h.author = DeviceId([0xaa; 16]),
        |h| h.zone = ZoneId([0xaa; 16]),
        |h| h.document = DocumentId([0xaa; 16]),
        |h| h.epoch = Epoch(5),
        |h| h.partnership = PartnershipId([0xaa; 16]),
        |h| h.kind = EnvelopeKind::Snapshot,
        |h| h.zseq = ZoneSeq(7),
        |h| h.prev = EnvelopeId([0xaa; 32]),
        |h| h.log_size = LogSize(9),
        |h| h.log_head = LogHash([0xaa; 32]),
    ];
    for change in moves {
        let mut moved = normal.clone();
        change(&mut moved);
        assert_eq!(envelope::open(&re_signed(&made, &moved, &thief), &zone_key), Err(OpenError::Commitment));
        let mut moved = dropped.clone();
        change(&mut moved);
        assert_eq!(envelope::open_drop_box(&re_signed(&made_drop, &moved, &thief), &zone), Err(OpenError::DropBox));
    }
    // The same place, signed by another: the signature says who, and the author named in the header is not the thief.
    let stolen = re_signed(&made, &normal, &thief);
    assert!(received(stolen.as_bytes().to_vec(), &device.public()).is_err());
}

#[test]
fn an_envelope_opens_by_its_own_keying_only() {
    let mut rng = rng(4);
    let (zone_key, zone, device) = (ZoneKey::make(&mut rng), KemSecret::make(&mut rng), SigningKey::make(&mut rng));
    let (normal, dropped) = (header(Keying::ZoneKey), header(Keying::DropBox));
    assert!(matches!(
        envelope::seal(&zone_key, &dropped, b"", &device, &mut rng),
        Err(SealError::Keying { found: Keying::DropBox, .. })
    ));
    assert!(matches!(
        envelope::seal_drop_box(&zone.public(), &normal, b"", &device, &mut rng),
        Err(SealError::Keying { found: Keying::ZoneKey, .. })
    ));
    let made = envelope::seal(&zone_key, &normal, b"", &device, &mut rng).expect("sealed");
    let read = made.verify(&device.public()).expect("signed");
    assert!(matches!(envelope::open_drop_box(&read, &zone), Err(OpenError::Keying { .. })));
    let made = envelope::seal_drop_box(&zone.public(), &dropped, b"", &device, &mut rng).expect("sealed");
    let read = made.verify(&device.public()).expect("signed");
    assert!(matches!(envelope::open(&read, &zone_key), Err(OpenError::Keying { .. })));
    assert!(matches!(
        envelope::seal_drop_box(&KemPublic::ZERO, &dropped, b"", &device, &mut rng),
        Err(SealError::Recipient(_))
    ));
}

#[test]
fn the_longest_data_fits_the_limit_and_one_byte_more_is_refused() {
    let mut rng = rng(5);
    let (zone_key, zone, device) = (ZoneKey::make(&mut rng), KemSecret::make(&mut rng), SigningKey::make(&mut rng));
    let mut data = vec![7; DATA_BYTES_MAX];
    let made = envelope::seal(&zone_key, &header(Keying::ZoneKey), &data, &device, &mut rng).expect("fits");
    assert!(made.as_bytes().len() <= ENVELOPE_BYTES_MAX);
    let read = made.verify(&device.public()).expect("signed");
    assert_eq!(envelope::open(&read, &zone_key).map(|opened| opened == data), Ok(true));
    assert!(envelope::seal_drop_box(&zone.public(), &header(Keying::DropBox), &data, &device, &mut rng).is_ok());
    data.push(7);
    assert!(matches!(
        envelope::seal(&zone_key, &header(Keying::ZoneKey), &data, &device, &mut rng),
        Err(SealError::TooLong { found_bytes, .. }) if found_bytes == DATA_BYTES_MAX + 1
    ));
}

#[test]
fn a_header_that_no_reader_accepts_is_not_sealed() {
    let mut rng = rng(6);
    let (zone_key, device) = (ZoneKey::make(&mut rng), SigningKey::make(&mut rng));
    for (zseq, prev) in [(0, [0; 32]), (1, [7; 32]), (2, [0; 32])] {
        let header = Header { zseq: ZoneSeq(zseq), prev: EnvelopeId(prev), ..header(Keying::ZoneKey) };
        assert_eq!(
            envelope::seal(&zone_key, &header, b"", &device, &mut rng),
            Err(SealError::Header(EnvelopeError::Counter))
        );
    }
}

fn key_header(purpose: KeyWrapPurpose) -> KeyWrapHeader {
    KeyWrapHeader {
        purpose,
        partnership: PartnershipId([1; 16]),
        parent: [2; 16],
        child: [3; 16],
        parent_epoch: Epoch(4),
        child_epoch: Epoch(5),
    }
}

fn sealed_header(purpose: SealedWrapPurpose) -> SealedWrapHeader {
    SealedWrapHeader {
        purpose,
        partnership: PartnershipId([1; 16]),
        subject: [2; 16],
        epoch: Epoch(3),
        recipient: [4; 16],
    }
}

#[test]
fn every_flipped_bit_and_every_cut_of_both_wraps_is_refused() {
    let mut rng = rng(7);
    let (team, zone, device) = (TeamKey::make(&mut rng), ZoneKey::make(&mut rng), KemSecret::make(&mut rng));
    let key_header = key_header(KeyWrapPurpose::ZoneUnderTeam);
    let sealed_header = sealed_header(SealedWrapPurpose::TeamToDevice);
    let key_wrap = wrap::wrap(&key_header, &team, &zone, &mut rng).expect("wrapped");
    let sealed_wrap = wrap::seal_to(&sealed_header, &device.public(), &team, &mut rng).expect("sealed");
    for bit in 0..key_wrap.len() * 8 {
        let mut changed = key_wrap;
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(wrap::unwrap::<ZoneKey>(&changed, &key_header, &team, &zone.commitment()).is_err(), "bit {bit}");
        // Also when the reader expects the changed header: the seal binds it, not only the comparison.
        if let Ok(header) = KeyWrapHeader::parse(&changed) {
            assert!(wrap::unwrap::<ZoneKey>(&changed, &header, &team, &zone.commitment()).is_err(), "bit {bit}");
        }
    }
    for bit in 0..sealed_wrap.len() * 8 {
        let mut changed = sealed_wrap;
        changed[bit / 8] ^= 1 << (bit % 8);
        let open = |header: &SealedWrapHeader| {
            wrap::open_sealed::<TeamKey>(&changed, header, &device, &team.commitment()).is_err()
        };
        assert!(open(&sealed_header), "bit {bit}");
        assert!(SealedWrapHeader::parse(&changed).map_or(true, |header| open(&header)), "bit {bit}");
    }
    for length in 0..key_wrap.len() {
        let cut = &key_wrap[..length];
        assert!(wrap::unwrap::<ZoneKey>(cut, &key_header, &team, &zone.commitment()).is_err());
    }
    for length in 0..sealed_wrap.len() {
        let cut = &sealed_wrap[..length];
        assert!(wrap::open_sealed::<TeamKey>(cut, &sealed_header, &device, &team.commitment()).is_err());
    }
}

/// Every wrap in every other slot: the reader's expectation, not the wrap, says where it belongs.
#[test]
fn a_wrap_in_another_slot_is_refused() {
    let mut rng = rng(11);
    let (zone, older, device) = (ZoneKey::make(&mut rng), ZoneKey::make(&mut rng), KemSecret::make(&mut rng));
    let header = key_header(KeyWrapPurpose::PreviousZone);
    let made = wrap::wrap(&header, &zone, &older, &mut rng).expect("wrapped");
    assert!(wrap::unwrap::<ZoneKey>(&made, &header, &zone, &older.commitment()).is_ok());
    for other in [
        KeyWrapHeader { purpose: KeyWrapPurpose::Locator, ..header },
        KeyWrapHeader { partnership: PartnershipId([9; 16]), ..header },
        KeyWrapHeader { parent: [9; 16], ..header },
        KeyWrapHeader { child: [9; 16], ..header },
        KeyWrapHeader { parent_epoch: Epoch(9), ..header },
        KeyWrapHeader { child_epoch: Epoch(9), ..header },
    ] {
        assert_eq!(wrap::unwrap::<ZoneKey>(&made, &other, &zone, &older.commitment()), Err(UnwrapError::OtherSlot));
    }
    let header = sealed_header(SealedWrapPurpose::ZoneToEscrow);
    let made = wrap::seal_to(&header, &device.public(), &zone, &mut rng).expect("sealed");
    assert!(wrap::open_sealed::<ZoneKey>(&made, &header, &device, &zone.commitment()).is_ok());
    for other in [
        SealedWrapHeader { purpose: SealedWrapPurpose::TeamToDevice, ..header },
        SealedWrapHeader { partnership: PartnershipId([9; 16]), ..header },
        SealedWrapHeader { subject: [9; 16], ..header },
        SealedWrapHeader { epoch: Epoch(9), ..header },
        SealedWrapHeader { recipient: [9; 16], ..header },
    ] {
        assert_eq!(
            wrap::open_sealed::<ZoneKey>(&made, &other, &device, &zone.commitment()),
            Err(SealedWrapError::OtherSlot)
        );
    }
}

#[test]
fn a_key_that_the_log_does_not_commit_to_is_refused() {
    let mut rng = rng(8);
    let (team, zone, device) = (TeamKey::make(&mut rng), ZoneKey::make(&mut rng), KemSecret::make(&mut rng));
    let other = ZoneKey::make(&mut rng).commitment();
    let header = key_header(KeyWrapPurpose::ZoneUnderTeam);
    let made = wrap::wrap(&header, &team, &zone, &mut rng).expect("wrapped");
    assert_eq!(wrap::unwrap::<ZoneKey>(&made, &header, &team, &other), Err(UnwrapError::OtherKey));
    let header = sealed_header(SealedWrapPurpose::TeamToDevice);
    let made = wrap::seal_to(&header, &device.public(), &team, &mut rng).expect("sealed");
    assert_eq!(wrap::open_sealed::<TeamKey>(&made, &header, &device, &other), Err(SealedWrapError::OtherKey));
}

#[test]
fn keys_go_into_the_slots_of_their_purpose_only() {
    let mut rng = rng(9);
    let (team, zone, locator) = (TeamKey::make(&mut rng), ZoneKey::make(&mut rng), LocatorKey::make(&mut rng));
    let device = KemSecret::make(&mut rng);
    let header = key_header(KeyWrapPurpose::Locator);
    assert!(wrap::wrap(&header, &zone, &locator, &mut rng).is_ok());
    assert_eq!(
        wrap::wrap(&header, &team, &locator, &mut rng),
        Err(WrapError::Purpose { purpose: KeyWrapPurpose::Locator })
    );
    assert!(wrap::wrap(&header, &zone, &zone, &mut rng).is_err());
    let made = wrap::wrap(&header, &zone, &locator, &mut rng).expect("wrapped");
    assert!(matches!(
        wrap::unwrap::<ZoneKey>(&made, &header, &zone, &locator.commitment()),
        Err(UnwrapError::Purpose { .. })
    ));
    for purpose in [SealedWrapPurpose::ZoneToEscrow, SealedWrapPurpose::AuditToAuditor, SealedWrapPurpose::Invite] {
        assert_eq!(
            wrap::seal_to(&sealed_header(purpose), &device.public(), &team, &mut rng),
            Err(SealedWrapError::Purpose { purpose })
        );
    }
    // A device's first audit key goes to the auditors, and nowhere else.
    let first = AuditKey::make(&mut rng);
    let auditors = sealed_header(SealedWrapPurpose::AuditToAuditor);
    let made = wrap::seal_to(&auditors, &device.public(), &first, &mut rng).expect("sealed");
    assert_eq!(wrap::open_sealed(&made, &auditors, &device, &first.commitment()), Ok(first));
    for purpose in [SealedWrapPurpose::ZoneToEscrow, SealedWrapPurpose::TeamToDevice, SealedWrapPurpose::Invite] {
        assert_eq!(
            wrap::seal_to(&sealed_header(purpose), &device.public(), &AuditKey::make(&mut rng), &mut rng),
            Err(SealedWrapError::Purpose { purpose })
        );
    }
    let audit = KemSecret::make(&mut rng);
    let made = wrap::seal_to(&auditors, &device.public(), &audit, &mut rng).expect("sealed");
    assert_eq!(wrap::open_sealed(&made, &auditors, &device, &audit.commitment()), Ok(audit));
}

#[test]
fn an_invited_device_needs_its_key_and_the_invites_secret() {
    let mut rng = rng(12);
    let (team, device, invite) = (TeamKey::make(&mut rng), KemSecret::make(&mut rng), InviteSecret::make(&mut rng));
    let header = sealed_header(SealedWrapPurpose::Invite);
    let made = wrap::seal_invite(&header, &device.public(), &invite, &team, &mut rng).expect("sealed");
    let open = |device: &KemSecret, invite: &InviteSecret| {
        wrap::open_invite::<TeamKey>(&made, &header, device, invite, &team.commitment())
    };
    assert_eq!(open(&device, &invite).as_ref(), Ok(&team));
    assert_eq!(open(&device, &InviteSecret::make(&mut rng)), Err(SealedWrapError::NotOpened));
    assert_eq!(open(&KemSecret::make(&mut rng), &invite), Err(SealedWrapError::NotOpened));
    // Neither way of sealing makes or opens what belongs to the other.
    let refused = |purpose| Err(SealedWrapError::Purpose { purpose });
    let opened = wrap::open_sealed::<TeamKey>(&made, &header, &device, &team.commitment());
    assert_eq!(opened.map(|_| ()), refused(SealedWrapPurpose::Invite));
    let other = sealed_header(SealedWrapPurpose::TeamToDevice);
    let sealed = wrap::seal_invite(&other, &device.public(), &invite, &team, &mut rng);
    assert_eq!(sealed.map(|_| ()), refused(SealedWrapPurpose::TeamToDevice));
    let sealed = wrap::seal_to(&other, &device.public(), &team, &mut rng).expect("sealed");
    let opened = wrap::open_invite::<TeamKey>(&sealed, &other, &device, &invite, &team.commitment());
    assert_eq!(opened.map(|_| ()), refused(SealedWrapPurpose::TeamToDevice));
}

#[test]
fn weak_recipients_are_refused_at_enrolment_and_at_sealing() {
    let mut rng = rng(10);
    let team = TeamKey::make(&mut rng);
    let mut one = [0; 32];
    one[0] = 1;
    let mut second_form = KemSecret::make(&mut rng).public().0;
    assert!(wrap::test_recipient(&KemPublic(second_form), &mut rng).is_ok());
    second_form[31] |= 0x80;
    for weak in [[0; 32], one, [0xff; 32], second_form] {
        assert!(wrap::test_recipient(&KemPublic(weak), &mut rng).is_err());
        let header = sealed_header(SealedWrapPurpose::TeamToDevice);
        assert!(matches!(
            wrap::seal_to(&header, &KemPublic(weak), &team, &mut rng),
            Err(SealedWrapError::Recipient(_))
        ));
    }
}
