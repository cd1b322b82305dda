//! An envelope that parses keeps its bytes, and its header is where its offsets say.
#![no_main]

use doorstep_protocol::SignPublic;
use doorstep_protocol::envelope::{Envelope, HEADER_BYTES};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(envelope) = Envelope::parse(bytes.to_vec()) else { return };
    assert_eq!(envelope.as_bytes(), bytes);
    assert_eq!(&envelope.header().to_bytes()[..], &bytes[..HEADER_BYTES]);
    assert_eq!(HEADER_BYTES + envelope.sealed_part().len() + 64, bytes.len());
    assert!(envelope.verify(&SignPublic([9; 32])).is_err());
});
