//! A visit on its way through the back office.

use doorstep_client_core::client::{Page, ReviewMove};
use doorstep_client_core::records::home::VisitState;
use doorstep_client_core::store::lists::VisitFilter;

use crate::place::{HOUR, Place, damp, home, home_document, visit};

#[test]
fn a_visit_is_returned_with_a_note_handed_in_again_approved_and_opened_again() {
    let place = Place::new();
    let record = home(&place.tablet, 7);
    let recorded = visit(&place.tablet, record, vec![damp()]);
    place.carry();
    let document = home_document(&place.desk, record);
    let desk = place.desk.reviews();
    let page = desk.get(document, recorded.visit).unwrap();
    assert_eq!(
        (page.who.as_str(), page.may.as_slice()),
        ("Ada Mensah", &[ReviewMove::Approve, ReviewMove::Return][..])
    );
    assert_eq!(page.findings.iter().filter(|finding| finding.collection == "hazards").count(), 1);

    let refused = desk.return_with_note(document, recorded.visit, "  ").unwrap_err().to_string();
    assert!(refused.contains("review_note") && refused.contains("note"), "{refused}");
    assert!(desk.reopen(document, recorded.visit, None).is_err(), "it was not approved");
    place.clock.turn(HOUR);
    desk.return_with_note(document, recorded.visit, "Which wall is damp?").unwrap();
    assert!(desk.return_with_note(document, recorded.visit, "again").is_err(), "it is the visitor's turn");
    place.carry();

    let returned = VisitFilter { state: Some("returned".into()), ..VisitFilter::default() };
    let mine = place.tablet.reviews().list(&returned, Page::default()).unwrap();
    assert_eq!(mine.total, 1);
    let seen = place.tablet.reviews().get(document, recorded.visit).unwrap();
    assert_eq!(seen.visit.value.review_note.as_deref(), Some("Which wall is damp?"));
    place.clock.turn(HOUR);
    place.tablet.reviews().submit(document, recorded.visit, None).unwrap();
    place.carry();
    place.clock.turn(HOUR);
    desk.approve(document, recorded.visit, Some("Thank you")).unwrap();
    place.clock.turn(HOUR);
    desk.reopen(document, recorded.visit, None).unwrap();
    let steps = desk.get(document, recorded.visit).unwrap().steps;
    let told: Vec<_> = steps.iter().map(|step| (step.state.clone(), step.who.as_str(), step.note.as_deref())).collect();
    assert_eq!(
        told,
        [
            (VisitState::Submitted, "Ros Adeyemi", None),
            (VisitState::Reconciled, "Ros Adeyemi", Some("Thank you")),
            (VisitState::Submitted, "Ada Mensah", None),
            (VisitState::Returned, "Ros Adeyemi", Some("Which wall is damp?")),
            (VisitState::Submitted, "Ada Mensah", None),
        ]
    );
    place.carry();
    place.check();
}

#[test]
fn approved_here_and_returned_there_at_once_is_a_dispute_and_the_visitor_sees_the_return() {
    let place = Place::new();
    let record = home(&place.tablet, 7);
    let recorded = visit(&place.tablet, record, vec![damp()]);
    place.carry();
    let document = home_document(&place.desk, record);
    place.desk.reviews().approve(document, recorded.visit, None).unwrap();
    place.tablet.reviews().return_with_note(document, recorded.visit, "Look again").unwrap();
    place.carry();
    let conflicts = place.desk.conflicts().list().unwrap();
    let state = conflicts.iter().find(|item| item.path.field == "state").expect("a dispute about the state");
    assert_eq!(state.cautious.as_text(), Some("returned"));
    place.check();
}
