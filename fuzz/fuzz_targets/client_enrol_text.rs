//! The texts of enrolment.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| doorstep_fuzz::files::enrol_text(bytes));
