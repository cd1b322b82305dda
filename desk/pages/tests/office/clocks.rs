//! The clocks of a hazard: each with its facts, and the steps that meet them.

use doorstep_client_core::records::home::Hazard;
use doorstep_protocol::Millis;

use super::place::{DAY, Place, START, damp, home, visit};

/// The page of the clocks of a hazard of which the landlord became aware at the start.
fn clocked(place: &Place) -> String {
    let record = home(&place.desk, 7);
    visit(&place.desk, record, "Ada Mensah", vec![Hazard { aware_at: Some(Millis(START)), ..damp() }]);
    let browser = place.served.browser();
    browser.open(&format!("/home/{record}")).link("/clocks/")
}

#[test]
fn a_deadline_shows_its_facts_and_a_step_meets_it() {
    let place = Place::new();
    let path = clocked(&place);
    place.turn(20 * DAY);
    let browser = place.served.browser();
    let page = browser.open(&path);
    page.says(&["overdue", "The landlord became aware", "the end of 16 March 2026", "No step is recorded."]);
    page.says(&["Whether this is social housing is not recorded"]);
    let refused = [("step_kind", "access-refused"), ("step_at", "2026-03-10T10:00"), ("step_note", "nobody in")];
    let page = browser.send(&path, &refused);
    page.says(&["The step is recorded.", "Nobody let us in", "nobody in", "overdue"]);
    let page = browser.send(&path, &[("step_kind", "investigated"), ("step_at", "2026-03-12T14:05")]);
    page.says(&["It was investigated", "written summary", "met"]);
    // A mistake is put right by a further step.
    let step = page
        .body
        .split("name=\"step_corrects\"")
        .nth(1)
        .unwrap()
        .split("value=\"")
        .find(|rest| rest.len() > 32 && rest.contains("It was investigated"))
        .unwrap();
    let step = step.split('"').next().unwrap();
    let right = [("step_kind", "investigated"), ("step_at", "2026-03-13T09:00"), ("step_corrects", step)];
    browser.send(&path, &right).says(&["put right", "13 March 2026"]);
}

#[test]
fn a_step_says_what_and_when_and_what_was_typed_is_kept() {
    let place = Place::new();
    let path = clocked(&place);
    let browser = place.served.browser();
    let page = browser.send_badly(&path, &[("step_at", "last Tuesday"), ("step_note", "kept as typed")]);
    assert_eq!(page.error_at("step_kind"), Some("Choose one of these."));
    assert_eq!(page.error_at("step_at"), Some("A day and time, such as 2026-03-09T14:05."));
    page.says(&["value=\"last Tuesday\"", "kept as typed", "2 things to put right"]);
    let page = browser.send_badly(&path, &[("step_kind", "made-safe"), ("step_at", "2099-01-01T00:00")]);
    assert_eq!(page.error_at("step_at"), Some("That is later than now."));
    let page = browser.send_badly(&path, &[("step_kind", "made-safe")]);
    assert_eq!(page.error_at("step_at"), Some("Fill this in."));
    assert_eq!(browser.get("/clocks/00/00").status, 404);
}
