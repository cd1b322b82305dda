//! The header of a wrap to a public key writes itself back.
#![no_main]

use doorstep_protocol::wrap::{SEALED_WRAP_HEADER_BYTES, SealedWrapHeader};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(header) = SealedWrapHeader::parse(bytes) {
        assert_eq!(&header.to_bytes()[..], &bytes[..SEALED_WRAP_HEADER_BYTES]);
    }
});
