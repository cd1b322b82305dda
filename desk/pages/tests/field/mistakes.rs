//! What was recorded at the wrong home is taken back with a reason, told to no crew, kept in the history, and let stand after all.

use doorstep_client_core::client::{Page, PropertyRef, TimelineFilter, VisitInput};
use doorstep_client_core::records::home::{Alarm, AlarmKind, AlarmState, Clutter, Measurement, Unit};
use doorstep_client_core::records::{Class, Reading, Value};

use super::served::{Served, served};

/// A visit that found an alarm, a crowded kitchen and a narrow door.
fn visited(served: &Served) {
    let mut found = VisitInput::to(PropertyRef::Record(served.record));
    let alarm = Alarm {
        kind: Some(AlarmKind::Smoke),
        state: Some(AlarmState::None),
        room: Some("hall".to_owned()),
        ..Alarm::default()
    };
    let door = Measurement {
        feature: Some("doorway".to_owned()),
        quantity: Some("clear width".to_owned()),
        value: Some(680),
        unit: Some(Unit::Millimetre),
        ..Measurement::default()
    };
    found.alarms = vec![alarm];
    found.clutter = vec![Clutter { room: Some("kitchen".to_owned()), rating: Some(8), ..Clutter::default() }];
    found.measurements = vec![door];
    served.client.visits().record(&found).expect("a visit");
}

/// The way to take the first fact of a collection back.
fn way(page: &str, collection: &str) -> String {
    let begins = format!("/mistakes/{collection}/");
    let links = page.split("href=\"").filter_map(|rest| rest.split('"').next());
    let mut fitting = links.filter(|href| href.contains(&begins));
    fitting.next().unwrap_or_else(|| panic!("no way to take {collection} back: {page}")).to_owned()
}

#[test]
fn a_fact_of_the_wrong_home_is_taken_back_with_a_reason_and_crews_are_told_of_it_no_more() {
    let served = served();
    visited(&served);
    let visitor = served.visitor();
    let home = format!("/home/{}", served.record);
    let firebox = format!("/firebox/{}", served.record);
    assert!(visitor.page(&firebox).contains("8 of 9"), "{}", visitor.page(&firebox));
    for collection in ["alarms", "clutter", "measurements"] {
        let at = way(&visitor.page(&home), collection);
        let bare = visitor.post(&at, &[("mistake_why", "  ")]);
        assert!(bare.status == 422 && bare.text().contains("Fill this in."), "{}", bare.text());
        assert_eq!(visitor.post(&at, &[("mistake_why", "recorded at the wrong home")]).location(), home);
        assert_eq!(visitor.get(&at).status, 404, "it is taken back already");
    }
    let page = served.client.properties().get(served.record, Reading::Shown).expect("the home");
    assert!(page.view.alarms.is_empty() && page.view.clutter.is_empty() && page.view.measurements.is_empty());
    assert!(!visitor.page(&firebox).contains("8 of 9"), "{}", visitor.page(&firebox));
    let list = visitor.page(&format!("{home}/mistakes"));
    for said in ["recorded at the wrong home", "hall, smoke alarm", "rating 8 of 9", "680 mm", "Ros Adeyemi"] {
        assert!(list.contains(said), "{said}: {list}");
    }
    let changes = served.client.timeline().changes(served.record, &TimelineFilter::default(), Page::FIRST);
    let wrote: Vec<_> = changes.expect("the history").rows.into_iter().flat_map(|entry| entry.wrote).collect();
    let figure =
        wrote.iter().find(|one| (one.path.collection.as_str(), one.path.field.as_str()) == ("measurements", "value"));
    assert_eq!(figure.map(|one| &one.new), Some(&Value::Whole(680)), "it stays in the history");
    let welsh = visitor.page_in_welsh(&format!("{home}/mistakes"));
    assert!(welsh.contains("Cofnodwyd drwy gamgymeriad") && welsh.contains("cegin"), "{welsh}");
}

#[test]
fn what_was_taken_back_stands_after_all_where_that_is_undone() {
    let served = served();
    visited(&served);
    let visitor = served.visitor();
    let home = format!("/home/{}", served.record);
    let at = way(&visitor.page(&home), "clutter");
    visitor.post(&at, &[("mistake_why", "misread")]).location();
    assert!(visitor.page(&home).contains("1 fact was taken back"));
    let taken = served.client.visits().mistaken(served.record).expect("it answers");
    let decision = taken[0].decision.to_string();
    visitor.post(&format!("{home}/mistakes/undo"), &[("mistake", &decision)]).location();
    assert!(visitor.page(&home).contains("rating 8 of 9"), "{}", visitor.page(&home));
    assert!(visitor.page(&format!("/firebox/{}", served.record)).contains("8 of 9"));
    assert!(served.client.visits().mistaken(served.record).expect("it answers").is_empty());
    // It can be taken back again, and undone once only.
    assert_eq!(visitor.post(&format!("{home}/mistakes/undo"), &[("mistake", &decision)]).status, 404);
    visitor.post(&at, &[("mistake_why", "misread after all")]).location();
    assert!(visitor.page(&home).contains("1 fact was taken back"));
}

#[test]
fn a_hazard_is_dealt_with_and_never_a_mistake() {
    let served = served();
    let visitor = served.visitor();
    let visit = super::visits::begin(&visitor, "safe-and-well");
    super::forms::answer(&visitor, &visit, "candles", &[("answer", "yes")]);
    let view = served.client.document(served.record, Class::Home).expect("it answers").expect("the home");
    let row = view.rows::<doorstep_client_core::records::home::Hazard>(Reading::Shown)[0].row;
    assert_eq!(visitor.get(&format!("/home/{}/mistakes/hazards/{row}", served.record)).status, 404);
    let refused = served.client.visits().take_back(served.record, ("hazards", row), "not there").expect_err("refused");
    assert!(refused.to_string().contains("dealt with"), "{refused}");
}
