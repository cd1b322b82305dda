//! The three values of a signed answer, one on each line; nobody signed it.
#![no_main]

use doorstep_protocol::http_signature::ReceivedAnswer;
use doorstep_protocol::wire::STREAM_MEDIA_TYPE;
use doorstep_protocol::{SignPublic, Signature};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    let mut lines = text.split('\n');
    let mut next = || lines.next().unwrap_or_default();
    let answer = ReceivedAnswer { status: 200, content_digest: next(), signature_input: next(), signature: next() };
    let (server, request) = (SignPublic([9; 32]), Signature([5; 64]));
    assert!(answer.verify(&server, Some(&request), b"body").is_err());
    assert!(answer.verify_stream(&server, &request, STREAM_MEDIA_TYPE).is_err());
});
