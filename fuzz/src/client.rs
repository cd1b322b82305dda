//! The decoders of the device. Automerge's bytes carry a checksum that blind changes never hit: an input is a list of patches
//! to valid bytes, and the checksum is put right afterwards.

use std::io::Cursor;
use std::sync::LazyLock;

use doorstep_client_core::carrier_file::{CarrierItem, CarrierReader, CarrierWriter};
use doorstep_client_core::payload::ChangesPayload;
use doorstep_client_core::records::home::{Alarm, Clutter, Hazard};
use doorstep_client_core::records::{Class, Document, RowId};
use doorstep_crypto::keys::SigningKey;
use doorstep_protocol::authority::SignedEntry;
use doorstep_protocol::authority::entry::EntrySignature;
use doorstep_protocol::envelope::{EnvelopeKind, Header, Keying};
use doorstep_protocol::{
    ActorId, Bytes, DeviceId, DocumentId, EnvelopeId, Epoch, LogHash, LogSize, Millis, PartnershipId, SeatId,
    SessionNonce, Signature, SignerId, ZoneId, ZoneSeq,
};
use sha2::{Digest, Sha256};

use crate::patched;

const ID: DocumentId = DocumentId([7; 16]);
/// A raw chunk: magic (4) ‖ checksum (4) ‖ the rest, over which the checksum goes.
const CHECKSUM: std::ops::Range<usize> = 4..8;

/// A document with three changes by two sessions, and those changes.
static DOCUMENT: LazyLock<(Document, Vec<Vec<u8>>)> = LazyLock::new(|| {
    let mut document = Document::genesis(Class::Home, ID).expect("homes are built");
    let hazard = Hazard { room: Some("hall".into()), ..Hazard::default() };
    let clutter = Clutter { room: Some("hall".into()), rating: Some(4), ..Clutter::default() };
    let alarm = Alarm { room: Some("landing".into()), ..Alarm::default() };
    let mut changes = Vec::new();
    let mut keep = |made: Result<Vec<Vec<u8>>, _>| changes.extend(made.unwrap_or_default());
    let first = ActorId([1; 16]);
    keep(document.edit(first, Millis(1_000), |edit| edit.put_row(RowId([1; 16]), &hazard)));
    keep(document.edit(first, Millis(2_000), |edit| edit.put_row(RowId([2; 16]), &clutter)));
    keep(document.edit(ActorId([2; 16]), Millis(3_000), |edit| edit.put_row(RowId([3; 16]), &alarm)));
    assert!(!changes.is_empty(), "the seeds are valid rows");
    (document, changes)
});

fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some((head, rest)) = bytes.split_at_mut_checked(CHECKSUM.end) {
        head[CHECKSUM].copy_from_slice(&Sha256::digest(rest)[..4]);
    }
    bytes
}

/// Panics inside Automerge and of decoders of pictures are caught where they are called, and must not end the search; our own are
/// told, and end it.
pub fn let_caught_panics_pass() {
    std::panic::set_hook(Box::new(|panic| {
        if panic.location().is_some_and(|at| !at.file().contains("/registry/")) {
            eprintln!("{panic}");
        }
    }));
}

/// A document that took something can be saved and loaded again with the same heads.
fn holds_together(document: &Document) {
    let saved = document.save().expect("what was applied can be saved");
    let loaded = Document::load(document.class(), document.id(), &saved).expect("what was saved can be loaded");
    assert_eq!(loaded.heads(), document.heads());
}

/// Applies two patched changes to a new document: which ones, how they are patched.
pub fn changes(input: &[u8]) {
    let Some((which, patches)) = input.split_first() else { return };
    let (document, all) = &*DOCUMENT;
    let index = usize::from(*which) % all.len();
    let mut new = Document::genesis(document.class(), ID).expect("homes are built");
    let before = new.heads();
    let change = with_checksum(patched(&all[index], patches));
    let batch: Vec<Vec<u8>> = all[..index].iter().cloned().chain([change]).collect();
    match new.apply(&batch) {
        Ok(_) => holds_together(&new),
        Err(_) => assert_eq!(new.heads(), before, "what was refused changed the document"),
    }
}

/// Loads a patched document.
pub fn document(patches: &[u8]) {
    let (document, _) = &*DOCUMENT;
    let saved = document.save().expect("it was made here");
    let bytes = with_checksum(patched(&saved, patches));
    if let Ok(loaded) = Document::load(document.class(), ID, &bytes) {
        holds_together(&loaded);
    }
}

fn header() -> Header {
    Header {
        kind: EnvelopeKind::Changes,
        keying: Keying::ZoneKey,
        partnership: PartnershipId([1; 16]),
        zone: ZoneId([2; 16]),
        document: ID,
        epoch: Epoch(1),
        author: DeviceId([5; 16]),
        zseq: ZoneSeq(1),
        prev: EnvelopeId::ZERO,
        log_size: LogSize(1),
        log_head: LogHash([9; 32]),
    }
}

static PAYLOAD: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let (document, changes) = &*DOCUMENT;
    let payload = ChangesPayload {
        seat: SeatId([1; 16]),
        wall: Millis(1_760_000_000_000),
        session: SessionNonce([3; 16]),
        changes: changes.clone(),
        heads: document.heads().iter().map(|head| doorstep_protocol::Digest32(head.0)).collect(),
    };
    payload.to_bytes(&header(), &SigningKey::from_seed([4; 32]))
});

/// Reads a payload: the input as it is, or as patches to a valid one.
pub fn payload(input: &[u8]) {
    let Some((mode, rest)) = input.split_first() else { return };
    let bytes = if mode.is_multiple_of(4) { rest.to_vec() } else { patched(&PAYLOAD, rest) };
    if let Ok(read) = ChangesPayload::read(&header(), &bytes) {
        let total: usize = read.payload.changes.iter().map(Vec::len).sum();
        assert!(total <= doorstep_protocol::limits::BATCH_INFLATED_BYTES_MAX);
        let key = SigningKey::from_seed([4; 32]).public();
        assert!(read.verify_seat(&key).is_err() || bytes == *PAYLOAD, "another payload with the worker's signature");
    }
}

/// Magic and partnership, and the frame with the digest.
const CARRIER_HEAD_BYTES: usize = 20;
const CARRIER_END_BYTES: usize = 37;

fn write_carrier(partnership: PartnershipId, items: &[CarrierItem]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut writer = CarrierWriter::begin(&mut file, partnership).expect("memory takes every byte");
    for item in items {
        match item {
            CarrierItem::LogEntry(entry) => writer.log_entry(entry.clone()),
            CarrierItem::Envelope(bytes) => writer.envelope(bytes),
        }
        .expect("memory takes every byte");
    }
    writer.finish().expect("memory takes every byte");
    file
}

/// Two entries and two envelopes, of which nobody has looked into any.
static CARRIER: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let entry = |seed: u8| SignedEntry {
        entry: Bytes(vec![seed; 60]),
        signatures: vec![EntrySignature { signer: SignerId([seed; 16]), signature: Signature([seed; 64]) }],
    };
    let envelope = |seed: u8| CarrierItem::Envelope(vec![seed; 600]);
    let entries = [1, 2].map(|seed| CarrierItem::LogEntry(entry(seed)));
    write_carrier(PartnershipId([1; 16]), &[&entries[..], &[envelope(3), envelope(4)]].concat())
});

/// Whoever carries a file can put its digest right.
fn with_carrier_digest(body: &[u8]) -> Vec<u8> {
    [body, &[0, 0, 0, 0, 32], &Sha256::digest(body)[..]].concat()
}

/// Reads a carrier file: the input as it is, as its frames, or as patches to a valid one, the digest put right. A file that is
/// taken reads to its end and writes itself back.
pub fn carrier(input: &[u8]) {
    let Some((mode, rest)) = input.split_first() else { return };
    let bytes = match mode % 4 {
        0 => rest.to_vec(),
        1 => with_carrier_digest(&[&CARRIER[..CARRIER_HEAD_BYTES], rest].concat()),
        _ => with_carrier_digest(&patched(&CARRIER[..CARRIER.len() - CARRIER_END_BYTES], rest)),
    };
    let Ok(mut reader) = CarrierReader::check(Cursor::new(&bytes)) else { return };
    let mut items = Vec::new();
    while let Some(item) = reader.next_item().expect("it was checked to its end") {
        items.push(item);
    }
    assert_eq!(write_carrier(reader.partnership(), &items), bytes, "a carrier file with two forms");
}
