//! What may be there twice.

use doorstep_client_core::client::{Agreement, Page, PersonInput, TodoKind, TwinKey, TwinKind, TwinVerdict};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::decisions::Twins;
use doorstep_client_core::records::home::Hazard;
use doorstep_client_core::records::identity::{Channel, Contact, Person};
use doorstep_client_core::records::index::Property;

use crate::place::{Place, damp, home, home_document, visit};

fn person(
    client: &doorstep_client_core::client::Client,
    forename: &str,
    surname: &str,
    born: Option<&str>,
    phone: &str,
) -> RecordId {
    let person = Person {
        preferred_name: Some(forename.into()),
        forename: Some(forename.into()),
        surname: Some(surname.into()),
        born: born.map(|born| born.parse().unwrap()),
        ..Person::default()
    };
    let contact = Contact { channel: Some(Channel::Mobile), value: Some(phone.into()), ..Contact::default() };
    client
        .people()
        .record(&PersonInput { person: Some(person), contacts: vec![contact], ..PersonInput::default() })
        .unwrap()
}

fn candidates(place: &Place, kind: TwinKind) -> Vec<TwinKey> {
    let page = place.desk.duplicates().candidates(kind, Page::default()).unwrap();
    assert_eq!(page.total as usize, page.rows.len());
    page.rows.into_iter().map(|pair| pair.key).collect()
}

#[test]
fn people_who_may_be_one_are_found_by_what_they_share_and_not_by_a_shared_telephone_alone() {
    let place = Place::new();
    let peggy = person(&place.tablet, "Peggy", "Ashdown", Some("1941-05-06"), "07700 900123");
    let margaret = person(&place.desk, "Margaret", "ASHDOWN", Some("1941-05-06"), "+44 7700 900123");
    let child = person(&place.desk, "Tom", "Ashdown", Some("1970-01-02"), "07700 900123");
    person(&place.desk, "Ida", "Birch", Some("1950-01-02"), "07700 900999");
    place.carry();
    let pairs = candidates(&place, TwinKind::People);
    assert_eq!(pairs, [TwinKey::People { a: peggy.min(margaret), b: peggy.max(margaret) }], "the child is {child}");
    let compared = place.desk.duplicates().compare(pairs[0]).unwrap();
    let agreement = |field: &str| compared.fields.iter().find(|one| one.field == field).unwrap().agreement;
    assert_eq!((agreement("born"), agreement("forename")), (Agreement::Same, Agreement::Differs));

    let decision = place.desk.duplicates().decide(pairs[0], TwinVerdict::Same, Some("told by her daughter")).unwrap();
    assert!(candidates(&place, TwinKind::People).is_empty());
    place.carry();
    let linked = place.tablet.duplicates().linked(peggy).unwrap();
    assert_eq!((linked[0].other, linked[0].twins), (margaret, Twins::Same));
    assert!(place.tablet.people().get(peggy, doorstep_client_core::records::Reading::Shown).is_ok(), "both stay");
    place.tablet.duplicates().undo(pairs[0], decision, Some("sisters")).unwrap();
    place.carry();
    assert_eq!(candidates(&place, TwinKind::People), pairs);
    assert!(place.desk.duplicates().linked(peggy).unwrap().is_empty());
    let told = place.desk.duplicates().decisions(pairs[0]).unwrap();
    assert_eq!((told.len(), told[0].undone_by.is_some(), told[0].who.as_str()), (1, true, "Ros Adeyemi"));
    place.desk.duplicates().decide(pairs[0], TwinVerdict::NotSame, None).unwrap();
    assert!(candidates(&place, TwinKind::People).is_empty());
    place.check();
}

#[test]
fn two_desks_that_differ_about_a_pair_contradict_each_other_in_the_open() {
    let place = Place::new();
    let a = person(&place.tablet, "Peggy", "Ashdown", Some("1941-05-06"), "07700 900123");
    let b = person(&place.tablet, "Peg", "Ashdown", Some("1941-05-06"), "07700 900124");
    place.carry();
    let key = TwinKey::People { a, b };
    place.desk.duplicates().decide(key, TwinVerdict::Same, None).unwrap();
    place.tablet.duplicates().decide(key, TwinVerdict::NotSame, None).unwrap();
    place.carry();
    for client in [&place.desk, &place.tablet] {
        assert_eq!(client.duplicates().linked(a).unwrap()[0].twins, Twins::Contradicted);
        assert_eq!(client.duplicates().decisions(key).unwrap().len(), 2);
    }
    place.check();
}

#[test]
fn a_hazard_recorded_twice_in_one_room_is_found_and_in_another_room_is_not() {
    let place = Place::new();
    let record = home(&place.tablet, 7);
    visit(&place.tablet, record, vec![damp()]);
    place.carry();
    visit(&place.desk, record, vec![Hazard { room: Some("kitchen".into()), ..damp() }]);
    visit(&place.tablet, record, vec![Hazard { room: Some("Bedroom".into()), ..damp() }]);
    place.carry();
    let pairs = candidates(&place, TwinKind::Hazards);
    assert_eq!(pairs.len(), 1, "{pairs:?}");
    assert!(matches!(pairs[0], TwinKey::Hazards { document, .. } if document == home_document(&place.desk, record)));
    let compared = place.desk.duplicates().compare(pairs[0]).unwrap();
    assert_eq!(compared.left.title, "7 Alder Street, Hillford");
    place.desk.duplicates().decide(pairs[0], TwinVerdict::Same, None).unwrap();
    assert_eq!(place.desk.todo().count(TodoKind::Duplicates).unwrap().count, Some(0));
    place.carry();
    place.check();
}

#[test]
fn a_home_without_a_uprn_is_matched_linked_and_unmatched() {
    let place = Place::new();
    let known = home(&place.desk, 7);
    home(&place.desk, 9);
    place.carry();
    let provisional = Property {
        line: Some("7 Alder Street (the blue door)".into()),
        postcode: Some("N17 9LJ".parse().unwrap()),
        provisional: Some(true),
        ..Property::default()
    };
    let provisional = place.tablet.properties().add(&provisional).unwrap();
    visit(&place.tablet, provisional, vec![damp()]);
    place.carry();
    let pairs = candidates(&place, TwinKind::Properties);
    let key = TwinKey::Properties { provisional, known };
    assert_eq!(pairs, [key], "and not number 9");
    let decision = place.desk.duplicates().decide(key, TwinVerdict::Same, None).unwrap();
    assert!(candidates(&place, TwinKind::Properties).is_empty());
    for (of, other) in [(known, provisional), (provisional, known)] {
        let linked = place.desk.duplicates().linked(of).unwrap();
        assert_eq!((linked.len(), linked[0].other, linked[0].key), (1, other, key));
    }
    let page = place.desk.properties().get(provisional, doorstep_client_core::records::Reading::Shown).unwrap();
    assert_eq!(
        (page.view.hazards.len(), page.view.history.len()),
        (1, 1),
        "its history stays and says what became of it"
    );
    place.desk.duplicates().undo(key, decision, None).unwrap();
    place.carry();
    assert_eq!(candidates(&place, TwinKind::Properties), [key]);
    place.check();
}
