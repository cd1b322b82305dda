//! Audit records, and what a photograph says of its parts.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| doorstep_fuzz::files::sealed_record(bytes));
