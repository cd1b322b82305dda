//! `docs/protocol.md` shows what only a device reads and writes: what is inside an envelope, and a carrier file. Each example is
//! the one this code makes, and reads back to what it was made of.
//!
//! After a change of format: `DOORSTEP_WRITE_EXAMPLES=1 cargo test -p doorstep-client-core --test document` writes them anew,
//! after the same for `doorstep-protocol`.

#[path = "../../protocol/tests/support/blocks.rs"]
mod blocks;

use std::collections::BTreeMap;
use std::io::Cursor;

use blocks::{blocks, from_hex, to_hex_lines};
use doorstep_client_core::carrier_file::{CarrierItem, CarrierReader, CarrierWriter};
use doorstep_client_core::payload::ChangesPayload;
use doorstep_client_core::records::home::{Hazard, Severity};
use doorstep_client_core::records::{Class, Document, RowId, hazard_codes::Scheme};
use doorstep_crypto::keys::SigningKey;
use doorstep_protocol::authority::SignedEntry;
use doorstep_protocol::envelope::Header;
use doorstep_protocol::wire::{Frame, FrameDecoder};
use doorstep_protocol::{Digest32, Millis, SeatId, SessionNonce, hash};

const PAYLOAD: &str = "hex payload changes";
const CARRIER: &str = "hex carrier file";

/// The bytes of an example, those of `protocol` included.
fn shown(info: &str) -> Vec<u8> {
    let all = blocks(&blocks::document());
    from_hex(&all.iter().find(|block| block.info == info).unwrap_or_else(|| panic!("no example `{info}`")).lines)
}

fn header() -> Header {
    Header::parse(&shown("hex envelope header")).expect("a header")
}

fn worker() -> SigningKey {
    SigningKey::from_seed([4; 32])
}

/// One hazard in a home, and the document after it.
fn payload() -> (ChangesPayload, Document) {
    let (header, session) = (header(), SessionNonce([3; 16]));
    let mut home = Document::genesis(Class::Home, header.document).expect("homes are built");
    let hazard = Hazard {
        scheme: Some(Scheme::Hhsrs2026),
        code: Some("1".into()),
        severity: Some(Severity::High),
        room: Some("hall".into()),
        ..Hazard::default()
    };
    let actor = hash::actor_id(header.author, header.document, session);
    let change = home.edit(actor, Millis(1_760_000_000_000), |edit| edit.create(RowId([1; 16]), &hazard));
    let changes = change.expect("a valid row");
    let heads = home.heads().iter().map(|head| Digest32(head.0)).collect();
    let payload = ChangesPayload { seat: SeatId([5; 16]), wall: Millis(1_760_000_060_000), session, changes, heads };
    (payload, home)
}

fn log_entry() -> SignedEntry {
    let mut decoder = FrameDecoder::default();
    decoder.push(&shown("hex frame LogEntry"));
    let Ok(Some(Frame::LogEntry(entry))) = decoder.next_frame() else { panic!("not a frame of an entry") };
    entry
}

fn write(items: &[CarrierItem]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut writer = CarrierWriter::begin(&mut file, header().partnership).expect("memory");
    for item in items {
        match item {
            CarrierItem::LogEntry(entry) => writer.log_entry(entry.clone()),
            CarrierItem::Envelope(bytes) => writer.envelope(bytes),
        }
        .expect("memory");
    }
    writer.finish().expect("memory");
    file
}

fn carrier() -> Vec<u8> {
    write(&[CarrierItem::LogEntry(log_entry()), CarrierItem::Envelope(shown("hex envelope"))])
}

#[test]
fn the_document_shows_what_the_device_makes() {
    let made = [(PAYLOAD, payload().0.to_bytes(&header(), &worker())), (CARRIER, carrier())];
    let expected: BTreeMap<_, _> =
        made.into_iter().map(|(info, bytes)| (info.to_owned(), to_hex_lines(&bytes))).collect();
    let document = blocks::document_with(&expected);
    blocks::shows(&document, &expected);
    let theirs = |info: &String| info.starts_with("hex payload ") || info.starts_with("hex carrier ");
    for info in blocks(&document).into_iter().map(|block| block.info).filter(theirs) {
        assert!(expected.contains_key(&info), "the device makes no example `{info}`");
    }
}

#[test]
fn the_payload_of_the_document_is_one_hazard_signed_by_its_worker() {
    let (payload, home) = payload();
    let read = ChangesPayload::read(&header(), &shown(PAYLOAD)).expect("it reads");
    assert_eq!(read.payload, payload);
    assert_eq!(read.verify_seat(&worker().public()), Ok(()));
    let mut new = Document::genesis(Class::Home, header().document).expect("homes are built");
    new.apply(&read.payload.changes).expect("its changes apply");
    assert_eq!(new.heads(), home.heads());
}

#[test]
fn the_carrier_file_of_the_document_holds_an_entry_and_an_envelope() {
    let mut reader = CarrierReader::check(Cursor::new(shown(CARRIER))).expect("it holds");
    assert_eq!(reader.partnership(), header().partnership);
    let mut items = Vec::new();
    while let Some(item) = reader.next_item().expect("it was checked") {
        items.push(item);
    }
    assert_eq!(items, [CarrierItem::LogEntry(log_entry()), CarrierItem::Envelope(shown("hex envelope"))]);
    assert_eq!(write(&items), shown(CARRIER));
}

#[test]
fn a_carrier_file_with_one_bit_changed_or_broken_off_is_refused() {
    let whole = carrier();
    for at in 0..whole.len() * 8 {
        let mut flipped = whole.clone();
        flipped[at / 8] ^= 1 << (at % 8);
        assert!(CarrierReader::check(Cursor::new(flipped)).is_err(), "bit {at}");
    }
    for length in 0..whole.len() {
        assert!(CarrierReader::check(Cursor::new(&whole[..length])).is_err(), "{length} bytes");
    }
}

/// A file whose digest holds and whose frames do not: whoever carries it can write both.
fn with_digest(frames: &[u8]) -> Vec<u8> {
    let body = [&b"DSC1"[..], &header().partnership.0, frames].concat();
    let digest = hash::sha256(&body);
    [&body[..], &[0, 0, 0, 0, 32], &digest.0].concat()
}

#[test]
fn what_follows_an_end_in_the_middle_is_not_passed_over() {
    let entry = Frame::LogEntry(log_entry()).to_bytes();
    let envelope = Frame::envelope_bytes(&shown("hex envelope"));
    assert_eq!(with_digest(&[&entry[..], &envelope].concat()), carrier());
    let end = [&[0u8, 0, 0, 0, 32][..], &[9; 32]].concat();
    let wrong: [&[&[u8]]; 4] = [
        &[&entry, &end, &envelope],
        &[&envelope, &entry],
        &[&entry, &envelope, &entry[..7]],
        &[&entry, &shown("hex frame Own")],
    ];
    for frames in wrong {
        assert!(CarrierReader::check(Cursor::new(with_digest(&frames.concat()))).is_err());
    }
}
