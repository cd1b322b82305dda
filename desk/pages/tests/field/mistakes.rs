//! What was recorded at the wrong home is taken back with a reason, told to no crew, kept in the history, and let stand after all.

use doorstep_client_core::client::{Page, PropertyRef, TimelineFilter, VisitInput};
use doorstep_client_core::records::home::{
    Alarm, AlarmKind, AlarmState, Clutter, Dwelling, ExitState, Measurement, Unit,
};
use doorstep_client_core::records::{Class, Reading, RowId, Value};

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

#[test]
fn one_fact_of_the_dwelling_is_taken_back_and_what_is_said_later_stands() {
    let served = served();
    let visitor = served.visitor();
    let said = |dwelling: Dwelling| {
        let mut found = VisitInput::to(PropertyRef::Record(served.record));
        found.dwelling = Some(dwelling);
        served.client.visits().record(&found).expect("a visit");
    };
    said(Dwelling { main_exit: Some(ExitState::Blocked), storeys: Some(3), ..Dwelling::default() });
    let home = format!("/home/{}", served.record);
    let at = way(&visitor.page(&home), "dwelling");
    let exit = format!("{home}/mistakes/dwelling/main_exit");
    assert!(at.starts_with(&format!("{home}/mistakes/dwelling/")) && visitor.page(&home).contains(&exit), "{at}");
    let bare = visitor.post(&exit, &[("mistake_why", " ")]);
    assert!(bare.status == 422 && bare.text().contains("Fill this in.") && bare.text().contains("blocked"));
    assert_eq!(visitor.post(&exit, &[("mistake_why", "the next door along")]).location(), home);
    assert_eq!(visitor.get(&exit).status, 404, "it is taken back already");
    let dwelling = || {
        let page = served.client.properties().get(served.record, Reading::Shown).expect("the home");
        page.view.dwelling.expect("a dwelling").value
    };
    assert_eq!((dwelling().main_exit, dwelling().storeys), (None, Some(3)), "the rest stands");
    let list = visitor.page(&format!("{home}/mistakes"));
    assert!(list.contains("the next door along") && list.contains("blocked"), "{list}");
    assert!(!visitor.page(&format!("/firebox/{}", served.record)).contains("blocked"));
    // Said again by the next visitor, it stands, whatever becomes of the decision.
    said(Dwelling { main_exit: Some(ExitState::Restricted), ..Dwelling::default() });
    assert_eq!(dwelling().main_exit, Some(ExitState::Restricted));
    let decision = served.client.visits().mistaken(served.record).expect("it answers")[0].decision.to_string();
    visitor.post(&format!("{home}/mistakes/undo"), &[("mistake", &decision)]).location();
    assert_eq!(dwelling().main_exit, Some(ExitState::Restricted));
    for nothing in ["dwelling/no_such_field", "dwelling/bedrooms", "dwelling/00000000000000000000000000000000/"] {
        assert_eq!(visitor.get(&format!("{home}/mistakes/{nothing}")).status, 404, "{nothing}");
    }
    let whole = served.client.visits().take_back(served.record, ("dwelling", RowId::SINGLE), "all").expect_err("no");
    assert!(whole.to_string().contains("one fact at a time"), "{whole}");
}

#[test]
fn a_fact_of_the_dwelling_that_was_taken_back_stands_as_it_was_where_that_is_undone() {
    let served = served();
    let visitor = served.visitor();
    let mut found = VisitInput::to(PropertyRef::Record(served.record));
    found.dwelling = Some(Dwelling { main_exit: Some(ExitState::Blocked), ..Dwelling::default() });
    served.client.visits().record(&found).expect("a visit");
    let home = format!("/home/{}", served.record);
    visitor.post(&format!("{home}/mistakes/dwelling/main_exit"), &[("mistake_why", "misread")]).location();
    let decision = served.client.visits().mistaken(served.record).expect("it answers")[0].decision.to_string();
    visitor.post(&format!("{home}/mistakes/undo"), &[("mistake", &decision)]).location();
    let page = served.client.properties().get(served.record, Reading::Shown).expect("the home");
    let seen = page.view.dwelling.expect("a dwelling");
    assert_eq!(seen.value.main_exit, Some(ExitState::Blocked));
    assert!(visitor.page(&format!("/firebox/{}", served.record)).contains("blocked"));
}

#[test]
fn what_somebody_else_can_do_is_taken_back_and_crews_are_told_of_it_no_more() {
    let served = served();
    let visitor = served.visitor();
    let home = format!("/home/{}", served.record);
    let person = visitor.post(&format!("{home}/person"), &[("preferred_name", "Mrs Quill")]).location();
    let ability = [("doing", "stairs"), ("level", "cannot"), ("said_by", "carer")];
    visitor.post(&format!("{person}/part/ability"), &ability).location();
    let firebox = format!("/firebox/{}", served.record);
    let told = visitor.page(&firebox);
    let at = way(&visitor.page(&person), "abilities");
    assert!(at.starts_with(&format!("{person}/mistakes/abilities/")), "{at}");
    assert!(visitor.post(&at, &[]).text().contains("Fill this in."));
    assert_eq!(visitor.post(&at, &[("mistake_why", "her sister was meant")]).location(), person);
    let record = person.trim_start_matches("/person/").parse().expect("a person");
    assert!(served.client.people().get(record, Reading::Shown).expect("the person").view.abilities.is_empty());
    assert_ne!(visitor.page(&firebox), told, "crews are told of it no more");
    assert!(visitor.page(&person).contains("1 fact was taken back"));
    let list = visitor.page(&format!("{person}/mistakes"));
    assert!(list.contains("stairs: cannot") && list.contains("her sister was meant"), "{list}");
    let decision = served.client.people().mistaken(record).expect("it answers")[0].decision.to_string();
    visitor.post(&format!("{person}/mistakes/undo"), &[("mistake", &decision)]).location();
    assert_eq!(served.client.people().get(record, Reading::Shown).expect("the person").view.abilities.len(), 1);
    assert_eq!(visitor.post(&format!("{person}/mistakes/undo"), &[("mistake", &decision)]).status, 404);
}
