//! The header of a symmetric wrap writes itself back.
#![no_main]

use doorstep_protocol::wrap::{KEY_WRAP_HEADER_BYTES, KeyWrapHeader};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(header) = KeyWrapHeader::parse(bytes) {
        assert_eq!(&header.to_bytes()[..], &bytes[..KEY_WRAP_HEADER_BYTES]);
    }
});
