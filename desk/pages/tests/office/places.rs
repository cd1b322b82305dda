//! Homes without a map: area, street, building, home.

use doorstep_client_core::records::index::Property;

use super::place::{Place, home};

fn flat(place: &Place, uprn: &str, parent: Option<&str>, unit: &str, building: &str) {
    let property = Property {
        uprn: uprn.parse().ok(),
        parent: parent.and_then(|uprn| uprn.parse().ok()),
        unit: (!unit.is_empty()).then(|| unit.to_owned()),
        building: Some(building.to_owned()),
        number: Some("2".to_owned()),
        street: Some("Lantern Row".to_owned()),
        town: Some("Quillbrook".to_owned()),
        ..Property::default()
    };
    place.desk.properties().add(&property).unwrap();
}

#[test]
fn a_home_is_found_by_its_street_and_its_building_and_no_name_is_in_an_address() {
    let place = Place::new();
    let alone = home(&place.desk, 9);
    flat(&place, "999900000100", None, "", "Linden House");
    for number in [1, 2, 10] {
        flat(
            &place,
            &format!("9999000001{number:02}"),
            Some("999900000100"),
            &format!("Flat {number}"),
            "Linden House",
        );
    }
    let elsewhere = Property { line: Some("the blue boat".to_owned()), ..Property::default() };
    place.desk.properties().add(&elsewhere).unwrap();
    let browser = place.served.browser();
    let areas = browser.get("/places");
    assert_eq!(areas.status, 303, "one area: nothing to choose");
    let streets = browser.open(&areas.header("location").unwrap());
    streets.says(&["Lantern Ward", "Lantern Row, Quillbrook", "No street recorded"]);
    let street = browser.open(&streets.link("/places/street/"));
    street.says(&["Linden House", "3 homes in this building", "Other homes", "9 Lantern Row"]);
    let at = |text: &str| street.main().find(text).unwrap();
    assert!(at("Flat 1,") < at("Flat 2,") && at("Flat 2,") < at("Flat 10,"), "as people count");
    street.keeps_quiet_about(&["blue boat"]);
    browser.open(&format!("/home/{alone}")).says(&["/places/street/"]);
    browser.open(&format!("/places/street/{alone}")).says(&["Linden House"]);
    assert_eq!(browser.get(&format!("/places/{}", "0".repeat(32))).status, 404);
}
