//! Every message, by the number in the first byte.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| doorstep_fuzz::wire::message(bytes));
