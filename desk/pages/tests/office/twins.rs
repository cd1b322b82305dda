//! What may be there twice, side by side: one, two, and undone.

use doorstep_client_core::records::index::Property;

use super::place::{Place, damp, home, person, visit};

fn decision(page: &super::browser::Page) -> String {
    page.body.split("name=\"decision\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn two_people_are_compared_field_by_field_and_linked_and_parted_again() {
    let place = Place::new();
    let peggy = person(&place.tablet, "Peggy", "Ashdown", "1941-05-06");
    person(&place.desk, "Margaret", "Ashdown", "1941-05-06");
    place.carry();
    let browser = place.served.browser();
    let list = browser.open("/todo/duplicates");
    list.says(&["Peggy Ashdown", "Margaret Ashdown", "same birth date and surname"]);
    let path = list.link("/twins/people/");
    let page = browser.open(&path);
    page.says(&["They differ", "They say the same", "Ada Mensah", "Ros Adeyemi", "6 May 1941", "They are one person"]);
    let at = |text: &str| page.body.find(text).unwrap();
    assert!(at("They differ") < at("They say the same"), "what differs comes first");

    let one = browser.send(&path, &[("how", "same"), ("decision_note", "told by her daughter")]);
    one.says(&["They are one: both stay", "told by her daughter", "Undo"]);
    browser.open(&format!("/person/{peggy}")).says(&["May be, or is, the same as", "Margaret Ashdown"]);
    browser.open("/todo/duplicates").says(&["Nothing is there twice"]);
    let undone = browser.send(&path, &[("how", "undo"), ("decision", &decision(&one))]);
    undone.says(&["Undone", "They are one person", "undone"]);
    let two = browser.send(&path, &[("how", "different")]);
    two.says(&["They are two: this pair is not shown again."]);
    let long = browser.send(&path, &[("how", "undo"), ("decision", &decision(&two))]);
    long.says(&["They are one person"]);
    let long = browser.send_badly(&path, &[("how", "same"), ("decision_note", &"x".repeat(2_001))]);
    assert!(long.error_at("decision_note").is_some_and(|error| error.starts_with("At most 2000")), "{}", long.main());
}

#[test]
fn hazards_of_one_home_and_a_home_without_a_uprn_are_compared() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    visit(&place.desk, record, "Ada Mensah", vec![damp()]);
    visit(&place.desk, record, "Marek Dunn", vec![damp()]);
    let provisional =
        Property { line: Some("7, Lantern Row".to_owned()), postcode: "ZZ1 1LR".parse().ok(), ..Property::default() };
    place.desk.properties().add(&provisional).unwrap();
    let browser = place.served.browser();
    let list = browser.send("/todo/duplicates", &[("filter_kind", "hazards")]);
    list.says(&["1 thing."]);
    let path = list.link("/twins/hazards/");
    browser.open(&path).says(&["They are one hazard", "7 Lantern Row"]);
    browser.send(&path, &[("how", "same")]).says(&["They are one: both stay"]);
    let list = browser.send("/todo/duplicates", &[("filter_kind", "properties")]);
    let path = list.link("/twins/properties/");
    browser.open(&path).says(&["Is this home one that has a UPRN?", "999900000007", "7, Lantern Row"]);
    browser.send(&path, &[("how", "same")]).says(&["They are one: both stay"]);
    browser.send("/todo/duplicates", &[("how", "all")]).says(&["Nothing is there twice"]);
    assert_eq!(browser.get(&path.replace("properties", "people")).status, 404);
}
