//! A photograph.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: doorstep_fuzz::client::let_caught_panics_pass(),
    |bytes: &[u8]| doorstep_fuzz::files::picture(bytes)
);
