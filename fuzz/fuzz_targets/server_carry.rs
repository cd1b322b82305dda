//! The file that brings a partnership to another server.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| doorstep_fuzz::carry::import_file(bytes));
