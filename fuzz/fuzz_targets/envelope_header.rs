//! A header that parses writes itself back.
#![no_main]

use doorstep_protocol::envelope::{HEADER_BYTES, Header};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(header) = Header::parse(bytes) {
        assert_eq!(&header.to_bytes()[..], &bytes[..HEADER_BYTES]);
    }
});
