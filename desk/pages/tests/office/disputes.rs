//! Values that disagree: the list narrowed, one dispute side by side, and every way to settle it.

use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::home::{Hazard, Severity};
use doorstep_client_core::records::{Reading, RowId};
use doorstep_protocol::Class;

use super::place::{DAY, Place, damp, home, visit};

/// A home at which desk and tablet set the severity of one hazard without having seen each other.
fn disputed(place: &Place, number: u64) -> (RecordId, RowId) {
    let record = home(&place.tablet, number);
    visit(&place.tablet, record, "Ada Mensah", vec![damp()]);
    place.carry();
    let row =
        *place.desk.document(record, Class::Home).unwrap().unwrap().sections["hazards"].rows.keys().next().unwrap();
    for (client, severity, note) in
        [(&place.tablet, Severity::Emergency, "black mould behind the cot"), (&place.desk, Severity::Low, "wiped off")]
    {
        place.turn(DAY);
        let hazard = Hazard { severity: Some(severity), note: Some(note.to_owned()), ..Hazard::default() };
        client.write(|draft| draft.edit(record, Class::Home, |edit| edit.update(row, &hazard))).unwrap();
    }
    place.carry();
    (record, row)
}

fn severity(place: &Place, record: RecordId) -> Severity {
    let view = place.desk.document(record, Class::Home).unwrap().unwrap();
    view.rows::<Hazard>(Reading::Shown)[0].value.severity.clone().unwrap()
}

#[test]
fn a_dispute_shows_each_authors_view_beside_the_record_as_it_is_and_takes_another_value() {
    let place = Place::new();
    let (record, row) = disputed(&place, 7);
    let browser = place.served.browser();
    let list = browser.open("/reconcile");
    list.says(&["Keep “low”", "Keep “emergency”", "shown to visitors and crews meanwhile"]);
    let path = list.link("/reconcile/");
    let path =
        if path.ends_with("/severity") { path } else { path.rsplit_once('/').unwrap().0.to_owned() + "/severity" };
    assert!(path.contains(&row.to_string()));
    let page = browser.open(&path);
    page.says(&["Ada Mensah", "Ros Adeyemi", "As it is now", "black mould behind the cot", "wiped off"]);
    // The field's own control: a choice of its codes, and no text.
    page.says(&["name=\"other_value\" value=\"medium\"", "name=\"other_value\" value=\"emergency\""]);

    let empty = browser.send_badly(&path, &[("how", "edit"), ("decision_note", "kept as typed")]);
    assert_eq!(empty.error_at("other_value"), Some("Choose one of these."));
    empty.says(&["kept as typed"]);
    let wrong = browser.send_badly(&path, &[("how", "edit"), ("other_value", "dreadful")]);
    assert_eq!(wrong.error_at("other_value"), Some("Choose one of these."));

    let done = browser.send(&path, &[("how", "edit"), ("other_value", "medium"), ("decision_note", "measured again")]);
    done.says(&["the new value is recorded", "another value was recorded", "measured again", "This is settled."]);
    assert_eq!(severity(&place, record), Severity::Medium);
    let decision = done.body.split("name=\"decision\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let undone = browser.send(&path, &[("how", "undo"), ("decision", &decision)]);
    undone.says(&["it is open again", "Keep “low”", "undone"]);
    let kept = browser.send(&path, &[("how", "choose"), ("said", "low")]);
    kept.says(&["settled"]);
    assert_eq!(severity(&place, record), Severity::Low);
}

#[test]
fn a_dispute_goes_back_to_the_visitor_with_a_note_and_not_without() {
    let place = Place::new();
    let (_, row) = disputed(&place, 7);
    let browser = place.served.browser();
    let list = browser.open("/reconcile");
    let path = list.link("/reconcile/");
    let page = browser.open(&path);
    let visit =
        page.body.split("name=\"returned_visit\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let bare = browser.send_badly(&path, &[("how", "return"), ("returned_visit", &visit)]);
    assert_eq!(bare.error_at("visit_note"), Some("Fill this in."));
    let returned = browser.send(&path, &[("how", "return"), ("returned_visit", &visit), ("visit_note", "Which wall?")]);
    returned.says(&["given back to the visitor", "Which wall?", "The visitor has been asked"]);
    place.carry();
    let told = place.tablet.visits().list(10).unwrap();
    assert_eq!(told[0].state, "returned", "{row}");
}

#[test]
fn disputes_are_narrowed_by_words_worker_and_area_and_nothing_of_it_is_in_an_address() {
    let place = Place::new();
    disputed(&place, 7);
    disputed(&place, 9);
    let browser = place.served.browser();
    browser.open("/reconcile").says(&["7 Lantern Row", "9 Lantern Row"]);
    let nine = browser.send("/reconcile/list", &[("filter_text", "9 lantern")]);
    nine.says(&["9 Lantern Row", "value=\"9 lantern\""]);
    nine.keeps_quiet_about(&["7 Lantern Row"]);
    browser.open("/").says(&["Today"]);
    browser.open("/reconcile").keeps_quiet_about(&["7 Lantern Row"]);
    let none = browser.send("/reconcile/list", &[("filter_text", "Marek")]);
    none.says(&["Nothing fits that"]);
    let area = place.desk.directory().names().unwrap().areas.keys().next().unwrap().clone();
    browser.send("/reconcile/list", &[("filter_area", &area)]).says(&["7 Lantern Row", "9 Lantern Row"]);
    let elsewhere = browser.send("/reconcile/list", &[("filter_area", &"0".repeat(32))]);
    elsewhere.says(&["Nothing fits that"]);
    browser.send("/reconcile/list", &[("how", "all"), ("filter_text", "ignored")]).says(&["7 Lantern Row"]);
    let long = browser.send_badly("/reconcile/list", &[("filter_text", &"x".repeat(200))]);
    assert!(long.error_at("filter_text").is_some_and(|error| error.starts_with("At most 120")), "{}", long.main());
}
