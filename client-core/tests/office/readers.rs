//! Who may read a home: the teams that hold what stands of it, for as long as they do.

use doorstep_client_core::client::{ClientError, ReaderRow};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::partnership::{GrantPlan, give_grant, law, purpose};
use doorstep_protocol::authority::{OrganisationKind, Rights};
use doorstep_protocol::{Class, DocumentId, Millis, TeamId, ZoneId};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::place::{DAY, HOUR, Place, START, damp, home, person, visit};

fn readers(place: &Place, record: RecordId) -> Vec<ReaderRow> {
    place.tablet.partnership().readers(record).unwrap()
}

/// The zone of a class, and a team of the fire service that does not hold it.
fn home_zone_and_fire_team(place: &Place) -> (ZoneId, TeamId) {
    let device = place.desk.device();
    let device = device.lock().unwrap();
    let authority = device.authority().unwrap();
    let zone = authority.zones().iter().find(|(_, zone)| zone.class == Class::Home).map(|(id, _)| *id).unwrap();
    let fire = authority.organisations().iter().find(|(_, one)| one.kind == OrganisationKind::Fire).unwrap().0;
    let mut teams = authority.teams().iter().filter(|(_, team)| team.organisation == *fire);
    let team = teams.find(|(id, _)| !authority.holders(zone).contains(id)).map(|(id, _)| *id).unwrap();
    (zone, team)
}

fn lend(place: &Place, (zone, team): (ZoneId, TeamId), until: Millis) {
    let written = {
        let device = place.desk.device();
        let device = device.lock().unwrap();
        let plan = GrantPlan {
            zone,
            team,
            rights: Rights::READ,
            purposes: vec![purpose::HOUSING_CONDITION],
            agreement: None,
            legal_power: law::HOUSING_ACT,
            lawful_basis: law::PUBLIC_TASK,
            expires: Some(until),
        };
        let mut rng = ChaCha20Rng::seed_from_u64(8);
        give_grant(&device, &plan, place.desk.now(), &mut rng).unwrap().0
    };
    place.desk.partnership().take(&written).unwrap();
    place.carry();
}

#[test]
fn a_tablet_says_which_teams_may_read_a_home_and_until_when() {
    let place = Place::new();
    let record = home(&place.desk, 4);
    place.carry();
    let before = readers(&place, record);
    let council = before.iter().find(|row| row.organisation == "Council").expect("whoever visits may read");
    assert!(council.classes.contains(&Class::Index) && !council.classes.contains(&Class::Home), "{council:?}");
    assert_eq!(council.until, None);

    visit(&place.tablet, record, vec![damp()]);
    let after = readers(&place, record);
    assert!(after.iter().any(|row| row.organisation == "Council" && row.classes.contains(&Class::Home)), "{after:?}");

    let lent = home_zone_and_fire_team(&place);
    assert!(after.iter().all(|row| row.of_team != lent.1), "{after:?}");
    let until = Millis(START + DAY);
    lend(&place, lent, until);
    let borrows = |rows: Vec<ReaderRow>| rows.into_iter().find(|row| row.of_team == lent.1);
    let row = borrows(readers(&place, record)).expect("it was let in");
    assert_eq!((row.organisation.as_str(), row.until), ("Fire", Some(until)));
    assert_eq!((row.classes, row.purposes), (vec![Class::Home], vec![purpose::HOUSING_CONDITION]));
    place.clock.turn(DAY);
    assert!(borrows(readers(&place, record)).is_some(), "the last moment is one of them");
    place.clock.turn(HOUR);
    assert_eq!(borrows(readers(&place, record)), None, "its time is over");
}

#[test]
fn who_may_read_of_a_person_is_asked_in_the_same_way_and_of_nothing_known_there_is_no_answer() {
    let place = Place::new();
    let record = home(&place.desk, 4);
    let ada = person(&place, "Ada", record);
    place.carry();
    let rows = readers(&place, ada);
    assert!(rows.iter().any(|row| row.classes.contains(&Class::Identity)), "{rows:?}");
    assert!(rows.iter().all(|row| !row.classes.contains(&Class::Index)), "{rows:?}");
    let unknown = place.tablet.partnership().readers(RecordId(DocumentId([7; 16])));
    assert!(matches!(unknown, Err(ClientError::NotFound { .. })), "{unknown:?}");
}
