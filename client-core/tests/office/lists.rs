//! What a save leaves owed to the lists of a desk, and who pays.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use doorstep_client_core::client::{Client, TodoKind};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::home::Hazard;
use doorstep_client_core::store::{CommitPoint, Fault};
use doorstep_protocol::Class;

use crate::place::{Place, damp, home, visit};

/// A hazard is on the list of hazards and on that of clocks.
const ROWS_OF_A_HAZARD: i64 = 2;

/// Rows of lists as they stand on disk.
fn on_disk(client: &Client) -> i64 {
    let device = client.device();
    let device = device.lock().unwrap();
    device.store().reader().query_row("SELECT count(*) FROM desk", [], |row| row.get(0)).unwrap()
}

/// The same hazard as the visit saw, once more: a twin, on top of what is kept.
fn see_it_again(client: &Client, record: RecordId) {
    let again = Hazard { room: Some("kitchen".into()), ..damp() };
    client
        .write(|draft| {
            let row = draft.row_id();
            draft.edit(record, Class::Home, |edit| edit.create(row, &again))
        })
        .unwrap();
}

fn twins(client: &Client) -> Option<u64> {
    client.todo().count(TodoKind::Duplicates).unwrap().count
}

#[test]
fn a_save_on_top_of_a_kept_home_owes_its_lists_and_whoever_asks_for_one_pays() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    visit(&place.desk, record, vec![damp()]);
    let before = on_disk(&place.desk);
    see_it_again(&place.desk, record);
    assert_eq!(on_disk(&place.desk), before, "the save wrote them");
    assert_eq!(place.desk.verify().unwrap().faults, Vec::<String>::new(), "what is owed is no fault");
    assert_eq!(twins(&place.desk), Some(1), "nobody is shown a list that is owed something");
    assert_eq!(on_disk(&place.desk), before + ROWS_OF_A_HAZARD);
    place.check();
    // Asked again, nothing is owed, and nothing is written.
    assert_eq!((twins(&place.desk), on_disk(&place.desk)), (Some(1), before + ROWS_OF_A_HAZARD));
}

#[test]
fn what_is_sealed_is_on_the_lists_without_anybody_asking() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    visit(&place.desk, record, vec![damp()]);
    let before = on_disk(&place.desk);
    see_it_again(&place.desk, record);
    place.carry();
    assert_eq!(on_disk(&place.desk), before + ROWS_OF_A_HAZARD);
    assert_eq!(on_disk(&place.tablet), before + ROWS_OF_A_HAZARD);
    place.check();
}

#[test]
fn lists_that_a_failed_commit_left_owed_are_paid_by_who_asks_next() {
    for point in [CommitPoint::Before, CommitPoint::After] {
        let place = Place::new();
        let record = home(&place.desk, 7);
        visit(&place.desk, record, vec![damp()]);
        see_it_again(&place.desk, record);
        let failed = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&failed);
        place.desk.device().lock().unwrap().set_fault_hook(Arc::new(move |at| {
            if at == point && counted.fetch_add(1, Ordering::SeqCst) == 0 { Fault::Fail } else { Fault::None }
        }));
        assert!(place.desk.todo().count(TodoKind::Duplicates).is_err(), "{point:?}");
        assert_eq!(place.desk.verify().unwrap().faults, Vec::<String>::new(), "{point:?}");
        assert_eq!(twins(&place.desk), Some(1), "{point:?}");
        place.check();
    }
}
