//! The inputs that fuzzing starts from: valid ones of every kind, made from fixed seeds.

use doorstep_protocol::authority::Entry;
use doorstep_protocol::envelope::{EnvelopeKind, Header, Keying};
use doorstep_protocol::http_signature::{AnswerHead, RequestHead, SignedContent, content_digest};
use doorstep_protocol::wire::{Frame, SignedCheckpoint};
use doorstep_protocol::wrap::{KeyWrapHeader, KeyWrapPurpose, SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{EnvelopeId, Epoch, Millis, Signature, ZoneSeq, cbor};

use crate::make::of_seed;
use crate::{replay, wire};

const SEEDS: std::ops::Range<u64> = 0..12;

fn header(seed: u64) -> Header {
    let first = seed.is_multiple_of(2);
    Header {
        kind: if seed % 3 == 0 { EnvelopeKind::Snapshot } else { EnvelopeKind::Changes },
        keying: if seed % 4 == 0 { Keying::DropBox } else { Keying::ZoneKey },
        partnership: of_seed(seed),
        zone: of_seed(seed),
        document: of_seed(seed),
        epoch: Epoch(1),
        author: of_seed(seed),
        zseq: ZoneSeq(if first { 1 } else { 2 }),
        prev: if first { EnvelopeId::ZERO } else { of_seed(seed) },
        log_size: of_seed(seed),
        log_head: of_seed(seed),
    }
}

fn key_wrap(seed: u64) -> Vec<u8> {
    let all = [
        KeyWrapPurpose::ZoneUnderTeam,
        KeyWrapPurpose::PreviousTeam,
        KeyWrapPurpose::PreviousZone,
        KeyWrapPurpose::DeviceLocal,
        KeyWrapPurpose::Locator,
    ];
    let header = KeyWrapHeader {
        purpose: all[seed as usize % all.len()],
        partnership: of_seed(seed),
        parent: [1; 16],
        child: [2; 16],
        parent_epoch: Epoch(3),
        child_epoch: Epoch(4),
    };
    [&header.to_bytes()[..], &[7; 112]].concat()
}

fn sealed_wrap(seed: u64) -> Vec<u8> {
    let all = [
        SealedWrapPurpose::TeamToDevice,
        SealedWrapPurpose::ZoneToEscrow,
        SealedWrapPurpose::Invite,
        SealedWrapPurpose::AuditToAuditor,
    ];
    let header = SealedWrapHeader {
        purpose: all[seed as usize % all.len()],
        partnership: of_seed(seed),
        subject: [1; 16],
        epoch: Epoch(3),
        recipient: [2; 16],
    };
    [&header.to_bytes()[..], &[7; 80]].concat()
}

fn lines(fields: &[&str]) -> Vec<u8> {
    fields.join("\n").into_bytes()
}

fn http_request(seed: u64) -> Vec<u8> {
    let session = [9; 32];
    let head = RequestHead {
        method: "POST",
        path: "/v1/sync",
        partnership: of_seed(seed),
        session: &session,
        device: of_seed(seed),
        created: Millis(1_760_000_000_000),
        content: content_digest(b"body"),
    };
    let headers = head.sign(|_| Signature([5; 64]));
    let values = headers.pairs().map(|(_, value)| value);
    lines(&[&["POST", "/v1/sync"], &values[..]].concat())
}

fn http_answer(seed: u64) -> Vec<u8> {
    let content = if seed.is_multiple_of(2) {
        SignedContent::Digest(content_digest(b"body"))
    } else {
        SignedContent::Stream { content_type: doorstep_protocol::wire::STREAM_MEDIA_TYPE }
    };
    let request = Some(Signature([5; 64]));
    let headers = AnswerHead { status: 200, content, request, created: Millis(0) }.sign(|_| Signature([6; 64]));
    lines(&[headers.content_digest.as_deref().unwrap_or_default(), &headers.signature_input, &headers.signature])
}

/// Each target and its inputs.
#[must_use]
pub fn all() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let envelope = |seed| [&header(seed).to_bytes()[..], &vec![3; 480]].concat();
    let frames = |seed| -> Vec<u8> {
        let frames = (0..4).map(|n| of_seed::<Frame>(seed * 4 + n).to_bytes()).collect::<Vec<_>>().concat();
        [&[seed as u8], &frames[..]].concat()
    };
    vec![
        ("envelope_parse", SEEDS.map(envelope).collect()),
        ("envelope_header", SEEDS.map(|seed| header(seed).to_bytes().to_vec()).collect()),
        ("key_wrap_header", SEEDS.map(key_wrap).collect()),
        ("sealed_wrap_header", SEEDS.map(sealed_wrap).collect()),
        ("log_entry", SEEDS.map(|seed| of_seed::<Entry>(seed).to_bytes()).collect()),
        ("authority_replay", replay::seeds()),
        ("wire_message", SEEDS.flat_map(wire::messages).collect()),
        ("record", SEEDS.flat_map(wire::records).collect()),
        ("frames", SEEDS.map(frames).collect()),
        ("checkpoint", SEEDS.map(|seed| cbor::encode(&of_seed::<SignedCheckpoint>(seed))).collect()),
        ("http_request", SEEDS.map(http_request).collect()),
        ("http_answer", SEEDS.map(http_answer).collect()),
    ]
}
