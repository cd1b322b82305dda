//! Damaged changes and documents: refused or harmless, never a panic. Alone in its process, because it silences the panic
//! messages that `catch_unwind` would print a thousand times.

use doorstep_client_core::records::hazard_codes::Scheme;
use doorstep_client_core::records::home::{Alarm, AlarmKind, AlarmState, Hazard, Severity};
use doorstep_client_core::records::{Class, Document, RowId, read};
use doorstep_protocol::{ActorId, DocumentId, Millis};

const HOME: DocumentId = DocumentId([7; 16]);

fn home() -> Document {
    Document::genesis(Class::Home, HOME).expect("home is built")
}

fn hazard() -> Hazard {
    Hazard {
        scheme: Some(Scheme::OtV1),
        code: Some("mats".to_owned()),
        room: Some("hall".to_owned()),
        severity: Some(Severity::Medium),
        ..Hazard::default()
    }
}

#[test]
fn flipped_bits_never_panic_out_of_apply_or_load() {
    let mut source = home();
    let raw = source
        .edit(ActorId([1; 16]), Millis(1_000), |edit| {
            edit.create(RowId([1; 16]), &hazard())?;
            edit.create(
                RowId([2; 16]),
                &Alarm { kind: Some(AlarmKind::Smoke), state: Some(AlarmState::None), ..Alarm::default() },
            )
        })
        .expect("valid")
        .remove(0);
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let untouched = home().save().expect("sound");
    for bit in 0..raw.len() * 8 {
        let mut flipped = raw.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let mut document = home();
        assert!(document.apply(&[&flipped]).is_err(), "bit {bit}: the checksum covers everything");
        assert_eq!(document.save().expect("sound"), untouched);
        // With the checksum made to fit, so that the decoder is reached.
        fix_checksum(&mut flipped);
        if document.apply(&[&flipped]).is_ok() {
            let _ = read(&document, &|_| None);
            let saved = document.save().expect("what was applied can be saved");
            Document::load(Class::Home, HOME, &saved).expect("and loaded");
        }
    }
    let saved = source.save().expect("sound");
    for bit in 0..saved.len() * 8 {
        let mut flipped = saved.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(Document::load(Class::Home, HOME, &flipped).is_err(), "bit {bit}");
        fix_checksum(&mut flipped);
        if let Ok(document) = Document::load(Class::Home, HOME, &flipped) {
            let _ = read(&document, &|_| None);
        }
    }
    std::panic::set_hook(quiet);
}

fn fix_checksum(chunk: &mut [u8]) {
    let sum = doorstep_protocol::hash::sha256(&chunk[8..]);
    chunk[4..8].copy_from_slice(&sum.0[..4]);
}
