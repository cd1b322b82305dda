//! Entries appended to a small valid log.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| doorstep_fuzz::replay::run(bytes));
