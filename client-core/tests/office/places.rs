//! Homes by area, street and building.

use doorstep_client_core::records::index::Property;

use crate::place::{Place, home};

#[test]
fn homes_are_found_by_their_street_on_both_devices_and_after_a_rebuild() {
    let place = Place::new();
    let seven = home(&place.tablet, 7);
    home(&place.desk, 9);
    let lost = Property { line: Some("the blue boat".into()), ..Property::default() };
    place.tablet.properties().add(&lost).unwrap();
    place.carry();
    for client in [&place.desk, &place.tablet] {
        let areas = client.places().areas().unwrap();
        assert_eq!(areas.len(), 1);
        assert_eq!((areas[0].name.as_str(), areas[0].properties, areas[0].streets), ("Ward", 3, 2));
        let streets = client.places().streets(areas[0].area).unwrap();
        let named: Vec<_> = streets.iter().map(|street| (street.name.as_deref(), street.properties)).collect();
        assert_eq!(named, [(Some("Alder Street, Hillford"), 2), (None, 1)], "those without a street come last");
        let page = client.places().street(seven).unwrap();
        let homes: Vec<&str> = page.homes.iter().map(|row| row.address.as_str()).collect();
        assert_eq!(homes, ["7 Alder Street, Hillford", "9 Alder Street, Hillford"]);
        assert_eq!((page.area_name.as_str(), page.buildings.len()), ("Ward", 0));
    }
    let before = place.desk.places().areas().unwrap();
    place.check();
    assert_eq!(place.desk.places().areas().unwrap(), before, "a rebuild makes the same streets");
}

#[test]
fn a_corrected_street_is_the_only_one_that_a_home_is_in() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    let right = Property { street: Some("Elder Street".into()), ..Property::default() };
    place.desk.write(|draft| draft.edit(record, doorstep_protocol::Class::Index, |edit| edit.put(&right))).unwrap();
    let area = place.desk.places().areas().unwrap()[0].area;
    let streets = place.desk.places().streets(area).unwrap();
    assert_eq!(streets.len(), 1);
    assert_eq!(streets[0].name.as_deref(), Some("Elder Street, Hillford"));
}
