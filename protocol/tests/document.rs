//! `docs/protocol.md` shows what is sent: every fenced `hex` example decodes to what it is labelled with and writes itself
//! back, every message and kind of entry has an example, and the examples are the ones this code makes.
//!
//! After a change of format: `DOORSTEP_WRITE_EXAMPLES=1 cargo test -p doorstep-protocol --test document` writes them anew.

#[path = "support/blocks.rs"]
mod blocks;
#[path = "support/examples.rs"]
mod examples;
#[path = "authority/harness.rs"]
mod harness;

use std::collections::BTreeMap;

use blocks::{blocks, from_hex, to_hex_lines};
use doorstep_protocol::authority::{Authority, Entry, SignedEntry};
use doorstep_protocol::envelope::{Envelope, Header};
use doorstep_protocol::http_signature::{ReceivedAnswer, ReceivedRequest};
use doorstep_protocol::wire::{
    Challenge, ChallengeRequest, ClaimAnswer, ClaimRequest, DeviceTails, FarewellAnswer, FarewellRequest, Frame,
    FrameDecoder, InboxClear, InboxPage, InboxRequest, LogAppend, LogAppended, RecoverAnswer, RecoverRequest,
    STREAM_MEDIA_TYPE, ServerCard, SessionAnswer, SessionRequest, SignedWipeReceipt, SyncRequest, TailsRequest,
    WatchNotice,
};
use doorstep_protocol::wrap::{KeyWrapHeader, SealedWrapHeader};
use doorstep_protocol::{cbor, hash, limits};
use harness::{Device, public, server_key};

/// Examples of what only the device knows, held by `client-core/tests/document.rs`.
const OF_THE_DEVICE: [&str; 2] = ["hex payload ", "hex carrier "];

fn is_ours(info: &str) -> bool {
    let example = info.starts_with("hex ") || info.starts_with("http ");
    example && !OF_THE_DEVICE.iter().any(|theirs| info.starts_with(theirs))
}

/// What the code makes, by the info string of its block.
fn expected() -> BTreeMap<String, Vec<String>> {
    let (hex, http) = examples::all();
    let hex = hex.into_iter().map(|(label, bytes)| (format!("hex {label}"), to_hex_lines(&bytes)));
    let http =
        http.into_iter().map(|(label, text)| (format!("http {label}"), text.lines().map(str::to_owned).collect()));
    hex.chain(http).collect()
}

/// Decodes an example by its label and writes it again.
fn again(label: &str, bytes: &[u8]) -> Vec<u8> {
    match label {
        "envelope header" => Header::parse(bytes).expect(label).to_bytes().to_vec(),
        "envelope" => {
            let envelope = Envelope::parse(bytes.to_vec()).expect(label);
            envelope.verify(&public(&Device::new(2).sign)).expect("its author signed it").into_inner().into_bytes()
        }
        "key wrap" => [&KeyWrapHeader::parse(bytes).expect(label).to_bytes()[..], &bytes[64..]].concat(),
        "sealed wrap" => [&SealedWrapHeader::parse(bytes).expect(label).to_bytes()[..], &bytes[60..]].concat(),
        "ServerCard" => ServerCard::parse(bytes).expect(label).to_bytes(),
        "LogAppend" => LogAppend::parse(bytes).expect(label).to_bytes(),
        "LogAppended" => LogAppended::parse(bytes).expect(label).to_bytes(),
        "ChallengeRequest" => ChallengeRequest::parse(bytes).expect(label).to_bytes(),
        "Challenge" => Challenge::parse(bytes).expect(label).to_bytes(),
        "SessionRequest" => SessionRequest::parse(bytes).expect(label).to_bytes(),
        "SessionAnswer" => SessionAnswer::parse(bytes).expect(label).to_bytes(),
        "SyncRequest" => SyncRequest::parse(bytes).expect(label).to_bytes(),
        "WatchNotice" => WatchNotice::parse(bytes).expect(label).to_bytes(),
        "FarewellRequest" => FarewellRequest::parse(bytes).expect(label).to_bytes(),
        "FarewellAnswer" => FarewellAnswer::parse(bytes).expect(label).to_bytes(),
        "SignedWipeReceipt" => SignedWipeReceipt::parse(bytes).expect(label).to_bytes(),
        "InboxRequest" => InboxRequest::parse(bytes).expect(label).to_bytes(),
        "InboxPage" => InboxPage::parse(bytes).expect(label).to_bytes(),
        "InboxClear" => InboxClear::parse(bytes).expect(label).to_bytes(),
        "TailsRequest" => TailsRequest::parse(bytes).expect(label).to_bytes(),
        "DeviceTails" => DeviceTails::parse(bytes).expect(label).to_bytes(),
        "ClaimRequest" => ClaimRequest::parse(bytes).expect(label).to_bytes(),
        "ClaimAnswer" => ClaimAnswer::parse(bytes).expect(label).to_bytes(),
        "RecoverRequest" => RecoverRequest::parse(bytes).expect(label).to_bytes(),
        "RecoverAnswer" => RecoverAnswer::parse(bytes).expect(label).to_bytes(),
        "frame Envelope" => bytes.to_vec(),
        _ if label.starts_with("frame ") => {
            let mut decoder = FrameDecoder::default();
            decoder.push(bytes);
            let frame = decoder.next_frame().expect(label).expect("a whole frame");
            assert_eq!(decoder.next_frame(), Ok(None), "{label}: one frame");
            frame.to_bytes()
        }
        _ => {
            let kind = label.strip_prefix("log ").and_then(|rest| rest.split_once(' ')).expect("a known label").1;
            let signed: SignedEntry = cbor::decode("log entry", bytes, limits::FRAME_BYTES_MAX).expect(label);
            let entry = Entry::parse(&signed.entry.0).expect(label);
            assert_eq!(entry.body.name(), kind);
            assert_eq!(entry.to_bytes(), signed.entry.0, "{label}: the signed bytes");
            cbor::encode(&signed)
        }
    }
}

#[test]
fn the_document_shows_what_the_code_makes() {
    let expected = expected();
    let document = blocks::document_with(&expected);
    blocks::shows(&document, &expected);
    let examples = blocks(&document).into_iter().map(|block| block.info).filter(|info| is_ours(info));
    for info in examples {
        assert!(expected.contains_key(&info), "the code makes no example `{info}`");
    }
}

#[test]
fn every_example_decodes_to_what_it_is_labelled_with_and_writes_itself_back() {
    let mut count = 0;
    for block in blocks(&blocks::document()).into_iter().filter(|block| is_ours(&block.info)) {
        let Some(label) = block.info.strip_prefix("hex ") else { continue };
        let bytes = from_hex(&block.lines);
        assert_eq!(again(label, &bytes), bytes, "{label}");
        count += 1;
    }
    assert!(count >= 38, "only {count} examples");
}

#[test]
fn the_log_entries_of_the_document_are_one_log() {
    let document = blocks::document();
    let mut entries: BTreeMap<u64, SignedEntry> = BTreeMap::new();
    for block in blocks(&document) {
        let Some((number, _)) = block.info.strip_prefix("hex log ").and_then(|rest| rest.split_once(' ')) else {
            continue;
        };
        let signed = cbor::decode("log entry", &from_hex(&block.lines), limits::FRAME_BYTES_MAX).expect("an entry");
        entries.insert(number.parse().expect("a position"), signed);
    }
    let state = Authority::replay(entries.values()).expect("they follow one another");
    assert_eq!(state.size().0, entries.len() as u64);
    let kinds: std::collections::BTreeSet<u8> =
        entries.values().map(|e| Entry::parse(&e.entry.0).expect("an entry").body.code()).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), (1..=23).collect::<Vec<u8>>());
}

fn header<'a>(lines: &'a [String], name: &str) -> &'a str {
    lines.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default()
}

#[test]
fn the_signatures_of_the_http_examples_hold() {
    let shown = expected();
    let (hex, _) = examples::all();
    let body = |label: &str| hex.iter().find(|(l, _)| l == label).expect("an example").1.clone();
    for (name, path, message) in [("session", "/v1/session", "SessionRequest"), ("sync", "/v1/sync", "SyncRequest")] {
        let lines = &shown[&format!("http {name} request")];
        let received = ReceivedRequest {
            method: "POST",
            path,
            content_digest: header(lines, "content-digest"),
            partnership: header(lines, "doorstep-partnership"),
            session: header(lines, "doorstep-session"),
            signature_input: header(lines, "signature-input"),
            signature: header(lines, "signature"),
        };
        let claimed = received.parse().expect("well formed");
        let request = claimed.signature();
        let verified = claimed.verify(&public(&Device::new(2).sign)).expect("the tablet signed it");
        assert_eq!(verified.check_content(&body(message)), Ok(()));

        let lines = &shown[&format!("http {name} answer")];
        let answer = ReceivedAnswer {
            status: 200,
            content_digest: header(lines, "content-digest"),
            signature_input: header(lines, "signature-input"),
            signature: header(lines, "signature"),
        };
        let server = public(&server_key());
        match name {
            "session" => assert_eq!(answer.verify(&server, Some(&request), &body("SessionAnswer")), Ok(())),
            _ => {
                assert_eq!(answer.verify_stream(&server, &request, STREAM_MEDIA_TYPE), Ok(()));
                // The frames of the document, with the envelope in its place, are that answer.
                let names = ["Opening", "LogEntry", "TeamWrap", "Receipt", "Refusal", "FeedStart", "Own"];
                let mut stream: Vec<u8> = names.iter().flat_map(|name| body(&format!("frame {name}"))).collect();
                stream.extend(Frame::envelope_bytes(&body("envelope")));
                stream.extend(body("frame Checkpoint"));
                let digest = hash::sha256(&stream);
                let mut decoder = FrameDecoder::default();
                decoder.push(&[stream, body("frame Closing")].concat());
                let mut last = None;
                while let Some(frame) = decoder.next_frame().expect("well formed") {
                    last = Some(frame);
                }
                let Some(Frame::Closing(closing)) = last else { panic!("the answer does not close") };
                assert_eq!(decoder.stream_digest(), digest);
                assert_eq!(closing.verify(&server, &request, &digest), Ok(()));
            }
        }
    }
}
