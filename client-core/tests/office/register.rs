//! The disclosure register.

use doorstep_client_core::client::{DisclosureVerdict, Page, RegisterFilter, TodoFilter, TodoKind, TodoWhat};
use doorstep_client_core::records::register::{
    Disclosure, DisclosureDecision, IdentityCheck, Request, RequestKind, RequestState,
};
use doorstep_protocol::Millis;

use crate::place::{HOUR, Place, START, home};

fn asks(record: doorstep_client_core::device::RecordId) -> Disclosure {
    Disclosure {
        record: Some(record.0),
        asked_by: Some("PC Doe".into()),
        organisation: Some("Police".into()),
        purpose: Some("a missing person".into()),
        asked: Some("who lives there".into()),
        ..Disclosure::default()
    }
}

fn verdict(decision: DisclosureDecision) -> DisclosureVerdict {
    DisclosureVerdict {
        decision,
        decided_by: "Ros Adeyemi, information governance lead".into(),
        why: None,
        given: None,
        identified: None,
        identified_how: None,
        person_told: None,
        not_told_why: None,
    }
}

#[test]
fn a_request_waits_until_somebody_decides_and_a_refusal_has_a_reason() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    let register = place.desk.register();
    let incomplete = register.ask(&Disclosure { asked: None, ..asks(record) }).unwrap_err().to_string();
    assert!(incomplete.contains("asked"), "{incomplete}");
    let row = register.ask(&asks(record)).unwrap();
    let todo = place.desk.todo().page(TodoKind::Disclosures, &TodoFilter::default(), Page::default()).unwrap();
    assert_eq!((todo.total, todo.rows[0].due.as_deref()), (1, Some("2026-03-01")));
    let TodoWhat::Disclosure { document, request, .. } = &todo.rows[0].what else { panic!("{todo:?}") };
    assert_eq!(*request, row);

    place.clock.turn(HOUR);
    let document = *document;
    for (refused, word) in [
        (verdict(DisclosureDecision::Refused), "reason"),
        (verdict(DisclosureDecision::Given), "given"),
        (verdict(DisclosureDecision::Pending), "decision"),
    ] {
        let error = register.decide(document, row, &refused).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
    let refused = DisclosureVerdict { why: Some("no warrant".into()), ..verdict(DisclosureDecision::Refused) };
    register.decide(document, row, &refused).unwrap();
    assert!(register.decide(document, row, &refused).is_err(), "it is decided");
    assert_eq!(place.desk.todo().count(TodoKind::Disclosures).unwrap().count, Some(0));
    let told = register.about(record).unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].title.as_deref(), told[0].recorded_by.as_str()),
        (Some("7 Alder Street, Hillford"), "Ros Adeyemi")
    );
    let value = &told[0].disclosure.value;
    assert_eq!((value.asked_at, value.decided_at), (Some(Millis(START)), Some(Millis(START + HOUR))));
    assert_eq!(value.decision, Some(DisclosureDecision::Refused));
    place.check();
}

#[test]
fn what_is_given_is_listed_with_how_whoever_asked_was_identified() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    let register = place.desk.register();
    let row = register.ask(&asks(record)).unwrap();
    let document = register.all().unwrap()[0].document;
    let given = DisclosureVerdict {
        given: Some("that two people live there".into()),
        identified: Some(IdentityCheck::CourtOrder),
        ..verdict(DisclosureDecision::PartlyGiven)
    };
    register.decide(document, row, &given).unwrap();
    register.ask(&asks(record)).unwrap();
    let pending = RegisterFilter { decision: Some(DisclosureDecision::Pending), ..RegisterFilter::default() };
    assert_eq!(register.disclosures(&pending, Page::default()).unwrap().total, 1);
    let sheet = place.desk.reports().disclosures().unwrap();
    assert!(sheet.to_csv().contains("partly-given") && sheet.to_csv().contains("court-order"), "{}", sheet.to_csv());
}

#[test]
fn a_resident_s_request_is_answered() {
    let place = Place::new();
    let register = place.desk.register();
    let asked = Request {
        kind: Some(RequestKind::Access),
        asked_by: Some("Peggy Ashdown".into()),
        due: Some("2026-04-01".parse().unwrap()),
        ..Request::default()
    };
    let row = register.request(&asked).unwrap();
    assert_eq!(place.desk.todo().count(TodoKind::Disclosures).unwrap().count, Some(1));
    let document = register.requests(Page::default()).unwrap().rows[0].document;
    let answered = Request { state: Some(RequestState::Answered), ..Request::default() };
    assert!(register.answer(document, row, &answered).is_err(), "an answer says what");
    let answered = Request { answer: Some("sent".into()), answered_at: Some(Millis(START)), ..answered };
    register.answer(document, row, &answered).unwrap();
    assert_eq!(place.desk.todo().count(TodoKind::Disclosures).unwrap().count, Some(0));
    place.check();
}
