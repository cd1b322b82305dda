//! What fuzzing found in the record, each by its name.

use doorstep_client_core::records::home::Clutter;
use doorstep_client_core::records::{ApplyError, Class, Document, RowId, chunk};
use doorstep_protocol::{ActorId, DocumentId, Millis, hash};

const ID: DocumentId = DocumentId([7; 16]);
/// Where the checksum of a raw change stands; it is of everything after it.
const CHECKSUM: std::ops::Range<usize> = 4..8;

fn home() -> Document {
    Document::genesis(Class::Home, ID).expect("homes are built")
}

/// The operations of the change are made marks, which belong in texts. Automerge took the change, saved the document, and
/// could not load it any more.
#[test]
fn a_change_that_would_make_the_document_unreadable_is_refused() {
    let mut author = home();
    let clutter = Clutter { room: Some("hall".into()), rating: Some(4), ..Clutter::default() };
    let mut change = author
        .edit(ActorId([1; 16]), Millis(2_000), |edit| edit.put_row(RowId([2; 16]), &clutter))
        .expect("a valid row")
        .remove(0);
    assert!(change.len() < chunk::CHANGE_BYTES_MAX);
    // The column of actions: one map is made, two fields are set.
    let actions = [0x7f, 0x00, 0x02, 0x01];
    let at =
        change.windows(actions.len()).rposition(|window| window == actions).expect("the column stands in the change");
    change[at + 3] = 7;
    let digest = hash::sha256(&change[CHECKSUM.end..]);
    change[CHECKSUM].copy_from_slice(&digest.0[..4]);

    let mut reader = home();
    let before = reader.heads();
    assert_eq!(reader.apply(&[change]), Err(ApplyError::Refused));
    assert_eq!(reader.heads(), before);
    let saved = reader.save().expect("it is sound");
    assert_eq!(Document::load(Class::Home, ID, &saved).expect("it reads back").heads(), before);
}
