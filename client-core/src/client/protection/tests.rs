//! A protected address over a desk that keeps it and a tablet that does not.

use automerge::ChangeHash;
use doorstep_protocol::Class;

use super::*;
use crate::client::PersonInput;
use crate::client::place::{HOUR, Place, home};
use crate::client::{AnswerInput, Page, PropertyRef, TimelineFilter, VisitInput};
use crate::partnership::purpose;
use crate::records::Document;
use crate::records::fire::Fact;
use crate::records::function::{Ability, Doing, Level, Note};
use crate::records::home::{Visit, VisitKind};
use crate::records::identity::OccupancyKind;
use crate::records::network::{Consent, ConsentDecision, ConsentMethod, ConsentScope};

fn decision() -> ProtectionDecision {
    ProtectionDecision { by: "P. Shah, safeguarding".into(), contact: "safeguarding desk".into(), from: None }
}

fn lives(at: RecordId) -> Occupancy {
    Occupancy {
        property: Some(at.0),
        kind: Some(OccupancyKind::Main),
        reference: Some("T-1".into()),
        ..Occupancy::default()
    }
}

fn stairs(level: Level) -> Ability {
    Ability { what: Some(Doing::Stairs), level: Some(level), ..Ability::default() }
}

/// A home, and somebody in it who cannot climb stairs.
fn ready() -> (Place, RecordId, RecordId) {
    let place = Place::new();
    place.desk.hear();
    let at = home(&place.desk, 7);
    let input = PersonInput {
        person: Some(Person { preferred_name: Some("Edith".into()), ..Person::default() }),
        occupancies: vec![lives(at)],
        abilities: vec![stairs(Level::Cannot)],
        ..PersonInput::default()
    };
    let edith = place.desk.people().record(&input).unwrap();
    place.carry();
    (place, at, edith)
}

/// What stands for crews at a home: the words of facts, and how many flags.
fn told(client: &Client, at: RecordId) -> (Vec<String>, usize) {
    let facts = client.document(at, Class::Fire).unwrap().map(|view| view.rows::<Fact>(Reading::Cautious));
    let standing = facts.unwrap_or_default().into_iter().map(|seen| seen.value);
    let words = standing.filter(|fact| fact.withdrawn_at.is_none()).filter_map(|fact| fact.value).collect();
    (words, client.properties().row(at).unwrap().unwrap().flags)
}

/// Every value in a document of a record as it stands, withdrawn rows included.
fn whole(client: &Client, record: RecordId, class: Class) -> String {
    let mut device = client.lock();
    let id = device.document_of(record, class).unwrap().unwrap();
    format!("{:?}", device.whole_view(id).unwrap().unwrap().sections)
}

fn named_in(text: &str, record: RecordId, client: &Client) -> bool {
    let device = client.lock();
    let classes = [Class::Identity, Class::Function, Class::Network, Class::Communication];
    let ids = classes.into_iter().filter_map(|class| device.document_of(record, class).unwrap());
    ids.map(|id| id.to_string()).any(|id| text.contains(&id))
}

#[test]
fn places_move_in_the_same_transaction_and_crews_are_told_of_nobody_by_name() {
    let (place, at, edith) = ready();
    assert_eq!(told(&place.desk, at), (vec!["stairs: cannot".to_owned()], 1));
    assert!(named_in(&whole(&place.desk, at, Class::Fire), edith, &place.desk), "the test sees what is there before");
    let moved = place.desk.protection().begin(edith, &decision()).unwrap();
    assert_eq!(moved, PlacesMoved { moved: 1, left: 0 });
    place.carry();
    for client in [&place.desk, &place.tablet] {
        assert_eq!(told(client, at), (vec!["stairs: cannot".to_owned()], 1));
        let page = client.properties().get(at, Reading::Cautious).unwrap();
        assert!(page.people.is_empty() && page.view.persons.is_empty());
        assert!(client.people().get(edith, Reading::Shown).unwrap().view.occupancies.is_empty());
        assert!(!whole(client, edith, Class::Identity).contains(&at.to_string()), "the open document says no place");
        for class in [Class::Fire, Class::Index] {
            assert!(!named_in(&whole(client, at, class), edith, client), "{class} names her");
        }
        let history = client.timeline().changes(edith, &TimelineFilter::default(), Page::default()).unwrap();
        let said = serde_json::to_string(&history.rows).unwrap();
        assert!(said.contains("address_protected") && !said.contains(&at.to_string()), "{said}");
    }
    let seen = place.desk.protection().read(edith, purpose::PREVENTION).unwrap();
    let link = &seen.show().links[0].value;
    assert_eq!((link.property, link.reference.as_deref()), (Some(at.0), Some("T-1")));
    assert!(place.tablet.protection().read(edith, purpose::PREVENTION).is_err());
    assert!(!place.tablet.protection().is_kept_here().unwrap());
    place.check();
}

#[test]
fn a_device_that_may_not_keep_it_hides_it_at_once_and_the_team_s_desk_moves_it() {
    let (place, at, edith) = ready();
    let moved = place.tablet.protection().begin(edith, &decision()).unwrap();
    assert_eq!(moved, PlacesMoved { moved: 0, left: 1 });
    assert!(place.tablet.properties().get(at, Reading::Cautious).unwrap().people.is_empty());
    assert_eq!(told(&place.tablet, at).0, ["stairs: cannot"], "crews are told as before");
    let input = PersonInput { record: Some(edith), occupancies: vec![lives(at)], ..PersonInput::default() };
    let refused = place.tablet.people().record(&input).unwrap_err().to_string();
    assert!(refused.contains("occupancies") && refused.contains("protected"), "{refused}");
    place.carry();
    assert!(place.desk.properties().get(at, Reading::Cautious).unwrap().people.is_empty());
    assert_eq!(place.desk.protection().begin(edith, &decision()).unwrap(), PlacesMoved { moved: 1, left: 0 });
    place.carry();
    assert_eq!(told(&place.tablet, at), (vec!["stairs: cannot".to_owned()], 1));
    assert!(!whole(&place.tablet, edith, Class::Identity).contains(&at.to_string()));
    place.check();
}

#[test]
fn what_is_told_without_a_name_follows_the_person_and_ends_with_the_link_or_the_protection() {
    let (place, at, edith) = ready();
    place.desk.protection().begin(edith, &decision()).unwrap();
    let more = PersonInput {
        record: Some(edith),
        abilities: vec![Ability { what: Some(Doing::Hear), ..stairs(Level::Cannot) }],
        ..PersonInput::default()
    };
    place.desk.people().record(&more).unwrap();
    assert_eq!(told(&place.desk, at).0.len(), 2);
    let elsewhere = home(&place.desk, 9);
    let input = PersonInput { record: Some(edith), occupancies: vec![lives(elsewhere)], ..PersonInput::default() };
    place.desk.people().record(&input).unwrap();
    assert_eq!(told(&place.desk, elsewhere).0.len(), 2);
    assert!(!whole(&place.desk, edith, Class::Identity).contains(&elsewhere.to_string()));
    let seen = place.desk.protection().read(edith, purpose::PREVENTION).unwrap();
    let old = seen.show().links.iter().find(|link| link.value.property == Some(at.0)).unwrap().row;
    place.clock.turn(24 * HOUR);
    place.desk.hear();
    place.desk.protection().leave(edith, old, &"2026-03-01".parse().unwrap()).unwrap();
    assert_eq!(told(&place.desk, at), (Vec::new(), 0));
    assert_eq!(told(&place.desk, elsewhere).0.len(), 2);
    assert_eq!(place.desk.protection().end(edith, "P. Shah, safeguarding").unwrap(), 1);
    let page = place.desk.properties().get(elsewhere, Reading::Cautious).unwrap();
    assert_eq!(page.people.len(), 1);
    assert_eq!(told(&place.desk, elsewhere).0.len(), 2, "each once, by name again");
    assert!(place.desk.properties().get(at, Reading::Cautious).unwrap().people.is_empty());
    place.carry();
    assert_eq!(place.tablet.properties().get(elsewhere, Reading::Cautious).unwrap().people.len(), 1);
    place.check();
}

#[test]
fn nothing_is_written_when_the_transaction_fails() {
    use crate::store::{CommitPoint, Fault};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    let (place, at, edith) = ready();
    let failing = Arc::new(AtomicBool::new(true));
    let asked = Arc::clone(&failing);
    place.desk.lock().set_fault_hook(Arc::new(move |point| {
        let fails = point == CommitPoint::Before && asked.load(Ordering::SeqCst);
        if fails { Fault::Fail } else { Fault::None }
    }));
    assert!(place.desk.protection().begin(edith, &decision()).is_err());
    failing.store(false, Ordering::SeqCst);
    assert_eq!(place.desk.properties().get(at, Reading::Cautious).unwrap().people.len(), 1);
    assert!(place.desk.protection().read(edith, purpose::PREVENTION).is_err(), "nothing is sealed either");
    assert_eq!(place.desk.protection().begin(edith, &decision()).unwrap(), PlacesMoved { moved: 1, left: 0 });
    place.carry();
    place.check();
}

#[test]
fn a_decision_has_a_name_and_somebody_to_ask() {
    let (place, _, edith) = ready();
    for wrong in [
        ProtectionDecision { by: " ".into(), ..decision() },
        ProtectionDecision { contact: String::new(), ..decision() },
    ] {
        let refused = place.desk.protection().begin(edith, &wrong).unwrap_err().to_string();
        assert!(refused.contains("named decision"), "{refused}");
    }
    let nothing = place.desk.protection().end(edith, "P. Shah").unwrap_err().to_string();
    assert!(nothing.contains("not protected"), "{nothing}");
}

/// Every id and hash that stands in a document, names of rows included.
fn ids(client: &Client, record: RecordId, class: Class) -> std::collections::BTreeSet<String> {
    const ID_DIGITS: usize = 32;
    let mut device = client.lock();
    let id = device.document_of(record, class).unwrap().unwrap();
    let whole = serde_json::to_string(&device.whole_view(id).unwrap().unwrap().sections).unwrap();
    let words = whole.split(|sign: char| !sign.is_ascii_hexdigit()).filter(|word| word.len() >= ID_DIGITS);
    words.map(str::to_owned).collect()
}

fn kept(client: &Client, record: RecordId, class: Class) -> Document {
    let device = client.lock();
    let id = device.document_of(record, class).unwrap().unwrap();
    crate::store::documents::load(device.store().reader(), id).unwrap().unwrap().open(id).unwrap()
}

fn heads(client: &Client, record: RecordId, class: Class) -> Vec<ChangeHash> {
    kept(client, record, class).heads()
}

/// What was written to a document since, as it stays in its history.
fn changes_since(client: &Client, record: RecordId, class: Class, heads: &[ChangeHash]) -> Vec<Vec<u8>> {
    kept(client, record, class).changes_since(heads)
}

/// What stands both in what is known of a person and in the home.
fn joined(client: &Client, person: RecordId, home: RecordId) -> Vec<String> {
    let of_home = ids(client, home, Class::Home);
    let of_person = [Class::Function, Class::Network].map(|class| ids(client, person, class));
    of_person.iter().flat_map(|ids| ids.intersection(&of_home).cloned()).collect()
}

fn answer(question: &str, value: &str, person: RecordId) -> AnswerInput {
    let (question, value) = (question.to_owned(), Some(value.to_owned()));
    AnswerInput { question, value, person: Some(person), ..AnswerInput::default() }
}

/// An assessment at a home, in which somebody was asked how they use stairs, and what was noted and agreed at it.
fn assessed(client: &Client, at: RecordId, person: RecordId) -> RowId {
    let mut input = VisitInput::to(PropertyRef::Record(at));
    input.visit = Visit { kind: Some(VisitKind::OtAssessment), ..Visit::default() };
    let visit = client.visits().begin(&input).unwrap().visit;
    client.visits().answer(at, visit, &answer("stairs", "with-help", person)).unwrap();
    client.people().record(&said_at(visit, person)).unwrap();
    visit
}

/// What was noted, agreed and seen at a visit.
fn said_at(visit: RowId, person: RecordId) -> PersonInput {
    let visit = Some(visit);
    PersonInput {
        record: Some(person),
        notes: vec![Note { text: Some("tires easily".into()), visit, ..Note::default() }],
        abilities: vec![Ability { what: Some(Doing::Hear), visit, ..stairs(Level::WithHelp) }],
        consents: vec![Consent {
            scope: Some(ConsentScope::ShareWithHealth),
            decision: Some(ConsentDecision::Given),
            method: Some(ConsentMethod::Spoken),
            wording: Some("sharing 1".into()),
            decided_at: Some(Millis(1)),
            visit,
            ..Consent::default()
        }],
        ..PersonInput::default()
    }
}

#[test]
fn nothing_that_is_known_of_somebody_protected_stands_in_the_home_too() {
    let (place, at, edith) = ready();
    let visit = assessed(&place.desk, at, edith);
    place.carry();
    let before = joined(&place.desk, edith, at);
    assert_eq!(before, [visit.to_string(), visit.to_string()], "the test sees what is there before");
    // A tablet that has not heard of it goes on.
    place.desk.protection().begin(edith, &decision()).unwrap();
    place.tablet.people().record(&said_at(visit, edith)).unwrap();
    place.carry();
    for client in [&place.desk, &place.tablet] {
        for class in [Class::Function, Class::Network] {
            let view = client.document(edith, class).unwrap().unwrap();
            assert!(!format!("{view:?}").contains(&visit.to_string()), "{class} is shown with the visit");
        }
        let history = client.timeline().changes(edith, &TimelineFilter::default(), Page::default()).unwrap();
        let said = serde_json::to_string(&history.rows).unwrap();
        assert!(said.contains("tires easily") && !said.contains(&visit.to_string()), "{said}");
        let view = client.people().get(edith, Reading::Shown).unwrap().view;
        assert_eq!((view.abilities.len(), view.notes.len()), (4, 2), "what it says stays");
    }
    // What came late is taken out when the decision is repeated, or anything is written of her.
    place.desk.protection().begin(edith, &decision()).unwrap();
    assert_eq!(joined(&place.desk, edith, at), Vec::<String>::new());
    // And nothing new is written down that could be found in the home, not for a moment.
    let known = [Class::Function, Class::Network].map(|class| heads(&place.desk, edith, class));
    place.desk.people().record(&said_at(visit, edith)).unwrap();
    place.desk.people().answer(edith, "form-ot-assessment", &answer("walk", "with-equipment", edith)).unwrap();
    for (class, known) in [Class::Function, Class::Network].into_iter().zip(&known) {
        let changes = changes_since(&place.desk, edith, class, known);
        assert!(!changes.is_empty(), "something was written to {class}");
        let text = visit.to_string();
        let holds = |change: &[u8], id: &[u8]| change.windows(id.len()).any(|window| window == id);
        let is_named = |change: &Vec<u8>| holds(change, &visit.0) || holds(change, text.as_bytes());
        assert!(!changes.iter().any(is_named), "a change to {class} names the visit, and stays in its history");
    }
    let refused = place.desk.visits().answer(at, visit, &answer("walk", "cannot", edith)).unwrap_err().to_string();
    assert!(refused.contains("answer there"), "{refused}");
    place.carry();
    for client in [&place.desk, &place.tablet] {
        assert_eq!(joined(client, edith, at), Vec::<String>::new());
    }
    place.check();
}

#[test]
fn questions_about_somebody_protected_are_answered_with_them_and_at_no_home() {
    let (place, at, edith) = ready();
    place.desk.protection().begin(edith, &decision()).unwrap();
    let people = place.desk.people();
    let form = "form-ot-assessment";
    assert!(people.forms().unwrap().iter().any(|one| one.id == form));
    let given = || {
        let page = people.form(edith, form).unwrap();
        let of_stairs = page.asked.into_iter().find(|one| one.question.id == "stairs").unwrap();
        of_stairs.given.into_iter().map(|one| one.answer.choice.unwrap()).collect::<Vec<_>>()
    };
    people.answer(edith, form, &answer("stairs", "with-help", edith)).unwrap();
    people.answer(edith, form, &answer("stairs", "independent", edith)).unwrap();
    assert_eq!(given(), ["independent"], "an answer is changed, not added to");
    // What she can do follows, in the place of what was known without a visit; and so does what crews are told.
    let abilities = people.get(edith, Reading::Shown).unwrap().view.abilities;
    let levels: Vec<_> = abilities.into_iter().map(|seen| seen.value.level.unwrap()).collect();
    assert_eq!(levels, [Level::Independent]);
    assert_eq!(told(&place.desk, at).0, Vec::<String>::new());
    people.answer(edith, form, &answer("leave", "cannot", edith)).unwrap();
    assert_eq!(told(&place.desk, at).0.len(), 1);
    people.answer(edith, form, &AnswerInput { value: None, ..answer("stairs", "", edith) }).unwrap();
    assert_eq!(given(), Vec::<String>::new());
    let of_home = people.answer(edith, form, &answer("rails", "yes", edith)).unwrap_err().to_string();
    assert!(of_home.contains("in a visit"), "{of_home}");
    assert!(people.form(edith, "no-such-form").is_err());
    place.check();
}
