//! What happened to a home.

use doorstep_client_core::client::{Page, Reads, TimelineFilter};
use doorstep_client_core::records::Value;
use doorstep_client_core::records::history::Made;
use doorstep_client_core::records::home::{Hazard, Severity};
use doorstep_protocol::{Class, Millis};

use crate::place::{HOUR, Place, START, damp, home, visit};

#[test]
fn every_change_of_a_home_is_told_with_who_when_and_what_stood_there() {
    let place = Place::new();
    let record = home(&place.tablet, 7);
    place.clock.turn(HOUR);
    visit(&place.tablet, record, vec![damp()]);
    place.carry();
    place.clock.turn(HOUR);
    let view = place.desk.document(record, Class::Home).unwrap().unwrap();
    let row = *view.sections["hazards"].rows.keys().next().unwrap();
    let worse = Hazard { severity: Some(Severity::Emergency), ..Hazard::default() };
    place.desk.write(|draft| draft.edit(record, Class::Home, |edit| edit.update(row, &worse))).unwrap();

    let timeline = place.desk.timeline();
    let all = timeline.changes(record, &TimelineFilter::default(), Page::default()).unwrap();
    let last = &all.rows[0];
    assert_eq!((last.who.as_str(), last.class, last.at), ("Ros Adeyemi", Class::Home, Millis(START + 2 * HOUR)));
    let wrote = &last.wrote[0];
    assert_eq!((wrote.path.row, wrote.path.field.as_str(), wrote.made_row), (row, "severity", Made::Before));
    assert_eq!(
        (&wrote.new, wrote.old.as_slice()),
        (&Value::Text("emergency".into()), &[Value::Text("high".into())][..])
    );
    assert!(all.rows.iter().any(|entry| entry.who == "Ada Mensah" && entry.class == Class::Index));
    let made = all.rows.iter().find(|entry| {
        entry.wrote.iter().any(|wrote| wrote.path.collection == "hazards" && wrote.made_row == Made::Now)
    });
    assert_eq!(made.unwrap().at, Millis(START + HOUR));

    let homes = TimelineFilter { class: Some(Class::Home), ..TimelineFilter::default() };
    let of_home = timeline.changes(record, &homes, Page { offset: 1, limit: 1 }).unwrap();
    assert_eq!((of_home.total, of_home.rows.len(), of_home.rows[0].class), (2, 1, Class::Home));
    let since = TimelineFilter { since: Some(Millis(START + 2 * HOUR)), ..TimelineFilter::default() };
    assert_eq!(timeline.changes(record, &since, Page::default()).unwrap().total, 1);
    assert_eq!(place.tablet.timeline().reads(record).unwrap(), Reads::AuditorsOnly);
}
