//! A building and the homes in it: what of the one is shown at the others.

use doorstep_client_core::client::Client;
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::Reading;
use doorstep_client_core::records::hazard_codes::Scheme;
use doorstep_client_core::records::home::{Hazard, Scope};
use doorstep_client_core::records::index::{Flag, FlagKind, FlagSubject, Property};
use doorstep_protocol::Class;

use crate::place::{Place, home, person, uprn, visit};

fn flat(client: &Client, number: u64, building: u64) -> RecordId {
    let property = Property {
        uprn: Some(uprn(number)),
        parent: Some(uprn(building)),
        line: Some(format!("Flat {number}, Hart House")),
        ..Property::default()
    };
    client.properties().add(&property).unwrap()
}

fn blocked(scope: Scope) -> Hazard {
    Hazard {
        scheme: Some(Scheme::FireV1),
        code: Some("exit-blocked".into()),
        room: Some("stairs".into()),
        scope: Some(scope),
        ..Hazard::default()
    }
}

#[test]
fn a_flat_shows_what_its_building_has_and_says_from_where() {
    let place = Place::new();
    let building = home(&place.desk, 1);
    let first = flat(&place.desk, 11, 1);
    let other = home(&place.desk, 2);
    let hazards = vec![blocked(Scope::CommonPart), blocked(Scope::Street), blocked(Scope::Dwelling)];
    place.carry();
    visit(&place.tablet, building, hazards);
    place.carry();
    for client in [&place.desk, &place.tablet] {
        let page = client.properties().get(first, Reading::Cautious).unwrap();
        assert_eq!(page.building.unwrap().record, building.0);
        let shown: Vec<Option<Scope>> = page.view.common_hazards.iter().map(|seen| seen.value.scope.clone()).collect();
        assert_eq!(shown, [Some(Scope::CommonPart)]);
        let firebox = client.firebox().open(first).unwrap();
        let told: Vec<String> =
            firebox.view.lines.into_iter().flat_map(|(_, of)| of).filter_map(|of| of.place).collect();
        assert_eq!(told, ["stairs, 1 Alder Street, Hillford"]);
        assert!(client.properties().get(other, Reading::Cautious).unwrap().view.common_hazards.is_empty());
        assert_eq!(client.properties().get(building, Reading::Cautious).unwrap().view.hazards.len(), 3);
    }
    place.check();
}

#[test]
fn a_flag_of_a_person_climbs_to_no_building_and_comes_down_from_none() {
    let place = Place::new();
    let building = home(&place.desk, 1);
    let (first, second) = (flat(&place.desk, 11, 1), flat(&place.desk, 12, 1));
    person(&place, "Edith", first);
    let flag = Flag { kind: Some(FlagKind::NoVisitAlone), subject: Some(FlagSubject::Person), ..Flag::default() };
    let raise = |record: RecordId| {
        place
            .desk
            .write(|draft| {
                let row = draft.row_id();
                draft.edit(record, Class::Index, |edit| edit.create(row, &flag))
            })
            .unwrap();
    };
    let flags = |record: RecordId| {
        let page = place.desk.properties().get(record, Reading::Cautious).unwrap();
        let firebox = place.desk.firebox().open(record).unwrap();
        let entries = firebox.view.lines.iter().map(|(_, entries)| entries.len()).sum::<usize>();
        (page.view.flags.len(), page.row.flags, entries)
    };
    raise(first);
    assert_eq!((flags(first), flags(building), flags(second)), ((1, 1, 1), (0, 0, 0), (0, 0, 0)));
    raise(building);
    assert_eq!((flags(first), flags(building), flags(second)), ((1, 1, 1), (1, 1, 1), (0, 0, 0)));
}
