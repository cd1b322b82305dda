//! A checkpoint that nobody signed is never believed.
#![no_main]

use doorstep_protocol::wire::{Checkpoint, SignedCheckpoint};
use doorstep_protocol::{SignPublic, cbor};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    doorstep_fuzz::one_form::<Checkpoint>(bytes);
    if let Ok(signed) = cbor::decode::<SignedCheckpoint>("checkpoint", bytes, SignedCheckpoint::BYTES_MAX) {
        doorstep_fuzz::one_form::<Checkpoint>(&signed.checkpoint.0);
        assert!(signed.verify(&SignPublic([9; 32])).is_err());
    }
});
