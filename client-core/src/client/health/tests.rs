//! NHS numbers over a desk and a tablet that is in no team of theirs.

use doorstep_protocol::Millis;

use crate::client::place::{HOUR, Place, home, person};
use crate::client::{Client, ClientError, ReadHow, Reads};
use crate::device::{RecordId, RestrictedError};
use crate::partnership::purpose;
use crate::records::EditError;
use crate::records::health_id::{HealthNumber, Trace, TraceStatus};

const NUMBER: &str = "9434765919";

fn number(text: &str, status: TraceStatus) -> HealthNumber {
    HealthNumber { number: Some(text.parse().unwrap()), status: Some(status), ..HealthNumber::default() }
}

fn shown(client: &Client, person: RecordId) -> (Option<HealthNumber>, usize) {
    let seen = client.health().read(person, purpose::PREVENTION).unwrap();
    (seen.show().number.as_ref().map(|seen| seen.value.clone()), seen.show().traces.len())
}

fn ready() -> (Place, RecordId) {
    let place = Place::new();
    place.desk.hear();
    let at = home(&place.desk, 7);
    let peggy = person(&place, "Peggy", at);
    place.carry();
    (place, peggy)
}

#[test]
fn a_number_is_written_traced_and_read_on_the_record() {
    let (place, peggy) = ready();
    assert!(place.desk.health().is_read_here().unwrap());
    let nothing = place.desk.health().read(peggy, purpose::PREVENTION).err();
    assert!(matches!(nothing, Some(ClientError::Restricted(RestrictedError::Nothing))), "{nothing:?}");
    let verified = number(NUMBER, TraceStatus::Verified);
    let refused = place.desk.health().set(peggy, &verified);
    assert!(matches!(refused, Err(ClientError::Restricted(RestrictedError::Edit(EditError::Field(_))))), "no time");
    place.desk.health().set(peggy, &number(NUMBER, TraceStatus::NotTraced)).unwrap();
    place.clock.turn(HOUR);
    let trace = Trace { status: Some(TraceStatus::Verified), traced_by: Some("records".into()), ..Trace::default() };
    place.desk.health().trace(peggy, &trace).unwrap();
    let now = place.desk.now();
    let expected = HealthNumber { traced_at: Some(now), ..verified };
    assert_eq!(shown(&place.desk, peggy), (Some(expected.clone()), 1));
    // What is written down late does not undo what came of a later trace.
    let earlier =
        Trace { status: Some(TraceStatus::Conflict), traced_at: Some(Millis(now.0 - HOUR)), ..Trace::default() };
    place.desk.health().trace(peggy, &earlier).unwrap();
    assert_eq!(shown(&place.desk, peggy), (Some(expected), 2));
    let Reads::Here(reads) = place.desk.timeline().reads(peggy).unwrap() else { panic!("an auditor's desk") };
    let of_number = reads.iter().filter(|read| matches!(read.how, ReadHow::WithPurpose { .. }));
    assert_eq!(of_number.count(), 2, "each look that showed something is on the chain, and no other");
    let purpose = place.desk.health().read(peggy, purpose::HOUSING_CONDITION).err();
    assert!(matches!(purpose, Some(ClientError::Restricted(RestrictedError::NotEntitled { .. }))), "{purpose:?}");
    place.check();
}

#[test]
fn a_tablet_in_no_team_of_theirs_neither_reads_nor_writes_nor_holds_any() {
    let (place, peggy) = ready();
    place.tablet.hear();
    place.desk.health().set(peggy, &number(NUMBER, TraceStatus::NotTraced)).unwrap();
    place.carry();
    assert!(!place.tablet.health().is_read_here().unwrap());
    assert!(place.tablet.health().read(peggy, purpose::PREVENTION).is_err());
    assert!(place.tablet.health().set(peggy, &number(NUMBER, TraceStatus::NotTraced)).is_err());
    let page = place.tablet.people().get(peggy, crate::records::Reading::Shown).unwrap();
    assert!(!serde_json::to_string(&page).unwrap().contains(NUMBER));
    let nobody = place.desk.health().set(home(&place.desk, 8), &number(NUMBER, TraceStatus::NotTraced));
    assert!(matches!(nobody, Err(ClientError::NotFound { what: "person" })));
}
