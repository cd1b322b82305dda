//! The seven values of a signed request, one on each line.
#![no_main]

use doorstep_protocol::SignPublic;
use doorstep_protocol::http_signature::ReceivedRequest;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    let mut lines = text.split('\n');
    let mut next = || lines.next().unwrap_or_default();
    let received = ReceivedRequest {
        method: next(),
        path: next(),
        content_digest: next(),
        partnership: next(),
        session: next(),
        signature_input: next(),
        signature: next(),
    };
    if let Ok(claimed) = received.parse() {
        assert_eq!(claimed.partnership().to_string(), received.partnership);
        assert!(claimed.verify(&SignPublic([9; 32])).is_err());
    }
});
