//! Consent: given, refused, taken back, and what crews are told of it.

use doorstep_client_core::client::{Client, ClientError, PersonInput, Withdrawal};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::consent::Agreement;
use doorstep_client_core::records::fire::{Fact, FactKind};
use doorstep_client_core::records::function::{Ability, Doing, Level};
use doorstep_client_core::records::identity::{Occupancy, OccupancyKind, Person};
use doorstep_client_core::records::network::{Consent, ConsentDecision, ConsentMethod, ConsentScope};
use doorstep_client_core::records::{FieldError, Reading, RowId};
use doorstep_protocol::Class;

use crate::place::{HOUR, Place, START, answer, home, person};

const FIRE: ConsentScope = ConsentScope::ShareWithFire;

fn end() -> Withdrawal {
    Withdrawal { how: ConsentMethod::Phone, by: "P. Shah, duty".into(), contact: "OT duty desk".into(), at: None }
}

fn stands(client: &Client, person: RecordId) -> Agreement {
    let page = client.consents().of(person).unwrap();
    page.standings.into_iter().find(|one| one.scope == FIRE).unwrap().standing.agreement
}

/// What crews are told at a home: facts that stand, with their words.
fn told(client: &Client, home: RecordId) -> Vec<(FactKind, String)> {
    let view = client.document(home, Class::Fire).unwrap();
    let facts = view.map(|view| view.rows::<Fact>(Reading::Cautious)).unwrap_or_default();
    let standing = facts.into_iter().map(|seen| seen.value).filter(|fact| fact.withdrawn_at.is_none());
    standing.map(|fact| (fact.kind.unwrap(), fact.value.unwrap_or_default())).collect()
}

fn firebox(client: &Client, home: RecordId) -> Vec<String> {
    let page = client.firebox().open(home).unwrap();
    page.view.lines.into_iter().flat_map(|(_, entries)| entries).map(|entry| entry.words).collect()
}

fn cannot(doing: Doing) -> Ability {
    Ability { what: Some(doing), level: Some(Level::Cannot), ..Ability::default() }
}

fn resident(place: &Place, at: RecordId) -> RecordId {
    let input = PersonInput {
        person: Some(Person { preferred_name: Some("Peggy".into()), ..Person::default() }),
        occupancies: vec![Occupancy { property: Some(at.0), kind: Some(OccupancyKind::Main), ..Occupancy::default() }],
        abilities: vec![cannot(Doing::Stairs)],
        ..PersonInput::default()
    };
    place.desk.people().record(&input).unwrap()
}

#[test]
fn a_yes_taken_back_takes_back_what_crews_were_told_and_leaves_whom_to_ask() {
    let place = Place::new();
    let at = home(&place.desk, 7);
    let peggy = resident(&place, at);
    assert_eq!(stands(&place.desk, peggy), Agreement::NotAsked);
    place.desk.consents().record(peggy, &answer(FIRE, ConsentDecision::Given, START)).unwrap();
    assert_eq!(told(&place.desk, at), [(FactKind::CannotSelfEvacuate, "stairs: cannot".to_owned())]);
    let flags = |client: &Client| client.properties().row(at).unwrap().unwrap().flags;
    assert_eq!(flags(&place.desk), 1);
    place.clock.turn(HOUR);
    place.desk.consents().withdraw(peggy, &FIRE, &end()).unwrap();
    assert_eq!(stands(&place.desk, peggy), Agreement::Withdrawn);
    assert_eq!(told(&place.desk, at), [(FactKind::Contact, "about the person: ask OT duty desk".to_owned())]);
    assert_eq!(flags(&place.desk), 0);
    let page = place.desk.consents().of(peggy).unwrap();
    assert_eq!(page.rows.len(), 1, "a withdrawal stands beside what it ends");
    assert_eq!(page.rows[0].value.decision, Some(ConsentDecision::Given));
    place.carry();
    assert_eq!(told(&place.tablet, at).len(), 1);
    place.check();
}

#[test]
fn a_withdrawal_beats_what_was_told_at_the_same_time_elsewhere() {
    let place = Place::new();
    let at = home(&place.desk, 7);
    let peggy = resident(&place, at);
    place.desk.consents().record(peggy, &answer(FIRE, ConsentDecision::Given, START)).unwrap();
    place.carry();
    place.desk.consents().withdraw(peggy, &FIRE, &end()).unwrap();
    // At the door nobody has heard of it yet.
    let more = PersonInput { record: Some(peggy), abilities: vec![cannot(Doing::Hear)], ..PersonInput::default() };
    place.tablet.people().record(&more).unwrap();
    assert!(firebox(&place.tablet, at).contains(&"may not notice an alarm".to_owned()));
    place.carry();
    for client in [&place.desk, &place.tablet] {
        assert_eq!(firebox(client, at), ["about the person: ask OT duty desk"]);
    }
    place.check();
}

#[test]
fn a_yes_that_had_not_heard_of_the_no_undoes_nothing_and_one_that_had_does() {
    let place = Place::new();
    let at = home(&place.desk, 7);
    let peggy = person(&place, "Peggy", at);
    place.desk.consents().record(peggy, &answer(FIRE, ConsentDecision::Given, START)).unwrap();
    place.carry();
    place.desk.consents().withdraw(peggy, &FIRE, &end()).unwrap();
    // The tablet's yes is later by the clock, and asked for without knowing.
    let later = answer(FIRE, ConsentDecision::Given, START + HOUR);
    place.tablet.consents().record(peggy, &later).unwrap();
    assert_eq!(stands(&place.tablet, peggy), Agreement::Given);
    place.carry();
    for client in [&place.desk, &place.tablet] {
        assert_eq!(stands(client, peggy), Agreement::Withdrawn);
    }
    // A paper from before the withdrawal, typed in after it, is no new yes.
    place.desk.consents().record(peggy, &answer(FIRE, ConsentDecision::Given, START - HOUR)).unwrap();
    assert_eq!(stands(&place.desk, peggy), Agreement::Withdrawn);
    place.tablet.consents().record(peggy, &later).unwrap();
    assert_eq!(stands(&place.tablet, peggy), Agreement::Given);
    place.carry();
    assert_eq!(stands(&place.desk, peggy), Agreement::Given);
    place.check();
}

#[test]
fn what_is_not_whole_is_refused_with_field_limit_and_remedy() {
    let place = Place::new();
    let at = home(&place.desk, 7);
    let peggy = person(&place, "Peggy", at);
    let field = |result: Result<RowId, ClientError>| match result {
        Err(ClientError::Write(doorstep_client_core::device::WriteError::Edit(
            doorstep_client_core::records::EditError::Field(FieldError { field, .. }),
        ))) => field.into_owned(),
        other => panic!("{other:?}"),
    };
    let consents = place.desk.consents();
    assert_eq!(field(consents.withdraw(peggy, &FIRE, &end())), "scope", "there is nothing to take back");
    let refusal = answer(FIRE, ConsentDecision::Refused, START);
    assert_eq!(field(consents.record(peggy, &Consent { contact: None, ..refusal.clone() })), "contact");
    consents.record(peggy, &refusal).unwrap();
    assert_eq!(field(consents.withdraw(peggy, &FIRE, &end())), "scope", "a no is no yes");
    consents.record(peggy, &answer(FIRE, ConsentDecision::Given, START + 1)).unwrap();
    let nobody = Withdrawal { contact: " ".into(), ..end() };
    assert_eq!(field(consents.withdraw(peggy, &FIRE, &nobody)), "contact");
    let unknown = consents.of(RecordId(at.0)).unwrap_err();
    assert!(matches!(unknown, ClientError::NotFound { what: "person" }), "{unknown}");
}
