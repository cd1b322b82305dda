//! Disputes, and the ways to settle them.

use doorstep_client_core::client::{Columns, ConflictFilter, Page};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::decisions::{DecisionKind, Open};
use doorstep_client_core::records::home::{Dwelling, ExitState, Hazard, Severity};
use doorstep_client_core::records::{Path, Reading, RowId, Source, Value};
use doorstep_protocol::{Class, DocumentId};

use crate::place::{HOUR, Place, damp, home, home_document, visit};

/// A home at which desk and tablet set the severity of one hazard without having seen each other.
fn disputed(place: &Place) -> (RecordId, DocumentId, Path, RowId) {
    let record = home(&place.tablet, 7);
    let recorded = visit(&place.tablet, record, vec![damp()]);
    place.carry();
    let view = place.desk.document(record, Class::Home).unwrap().unwrap();
    let row = *view.sections["hazards"].rows.keys().next().unwrap();
    place.clock.turn(HOUR);
    set(place, &place.tablet, record, row, Severity::Emergency);
    place.clock.turn(HOUR);
    set(place, &place.desk, record, row, Severity::Low);
    place.carry();
    let path = Path { collection: "hazards".into(), row, field: "severity".into() };
    (record, home_document(&place.desk, record), path, recorded.visit)
}

fn set(_: &Place, client: &doorstep_client_core::client::Client, record: RecordId, row: RowId, severity: Severity) {
    let hazard = Hazard { severity: Some(severity), source: Some(Source::Observed), ..Hazard::default() };
    client.write(|draft| draft.edit(record, Class::Home, |edit| edit.update(row, &hazard))).unwrap();
}

fn severity(client: &doorstep_client_core::client::Client, record: RecordId, reading: Reading) -> Severity {
    let view = client.document(record, Class::Home).unwrap().unwrap();
    view.rows::<Hazard>(reading)[0].value.severity.clone().unwrap()
}

fn columns(place: &Place, document: DocumentId, path: &Path) -> Columns {
    place.desk.conflicts().columns(document, path).unwrap()
}

#[test]
fn versions_stand_side_by_side_with_who_when_where_and_what_they_were_based_on() {
    let place = Place::new();
    let (record, document, path, _) = disputed(&place);
    let columns = columns(&place, document, &path);
    let told: Vec<_> = columns.versions.iter().map(|v| (v.said.value.to_string(), v.said.who.clone())).collect();
    assert_eq!(told, [("emergency".into(), "Ada Mensah".into()), ("low".into(), "Ros Adeyemi".into())]);
    for version in &columns.versions {
        assert_eq!(version.based_on[0].value, Value::Text("high".into()), "both had seen the first");
        assert_eq!(version.source, Some(Value::Text("observed".into())));
        assert_eq!(version.authors_row["severity"], version.said.value, "the row as its author left it");
    }
    assert_eq!((columns.merged_row["severity"].len(), columns.merged_row["source"].len()), (2, 1), "each value once");
    let item = columns.item.unwrap();
    assert_eq!(
        (item.open, item.cautious, item.record),
        (Open::Disputed, Value::Text("emergency".into()), Some(record))
    );
    let of_other = ConflictFilter { class: Some(Class::Index), ..ConflictFilter::default() };
    assert_eq!(place.desk.conflicts().page(&of_other, Page::default()).unwrap().total, 0);
}

#[test]
fn one_is_chosen_and_undone_and_chosen_again_and_nothing_is_erased() {
    let place = Place::new();
    let (record, document, path, _) = disputed(&place);
    let conflicts = place.desk.conflicts();
    let low = Value::Text("low".into());
    assert!(conflicts.choose(document, &path, &Value::Text("medium".into()), None).is_err(), "not among the values");
    let decision = conflicts.choose(document, &path, &low, Some("measured again")).unwrap();
    assert!(conflicts.list().unwrap().is_empty());
    assert!(conflicts.choose(document, &path, &low, None).is_err(), "nothing is open");
    place.carry();
    assert!(place.tablet.conflicts().list().unwrap().is_empty());
    let told = columns(&place, document, &path);
    assert_eq!(told.decisions.len(), 1);
    assert_eq!(
        (told.decisions[0].who.as_str(), told.decisions[0].note.as_deref()),
        ("Ros Adeyemi", Some("measured again"))
    );
    assert!(told.item.is_none() && told.versions.len() >= 2, "what was said is still told: {told:?}");

    place.clock.turn(HOUR);
    place.tablet.conflicts().undo(document, decision, Some("the wrong wall")).unwrap();
    place.carry();
    let open = conflicts.list().unwrap();
    assert_eq!(open.len(), 1);
    assert!(matches!(open[0].open, Open::Reopened { decision: of, .. } if of == decision));
    assert_eq!(
        severity(&place.desk, record, Reading::Cautious),
        Severity::Emergency,
        "the more cautious one meanwhile"
    );
    let again = columns(&place, document, &path);
    let values: Vec<_> = again.versions.iter().map(|version| version.said.value.to_string()).collect();
    assert!(values.contains(&"low".to_owned()) && values.contains(&"emergency".to_owned()), "{values:?}");
    assert!(conflicts.undo(document, decision, None).is_err(), "it is undone");
    place.check();

    place.clock.turn(HOUR);
    let second = conflicts.choose(document, &path, &low, None).unwrap();
    assert!(conflicts.list().unwrap().is_empty());
    assert_eq!(severity(&place.desk, record, Reading::Shown), Severity::Low);
    place.clock.turn(HOUR);
    conflicts.undo(document, second, None).unwrap();
    assert_eq!(conflicts.list().unwrap().len(), 1, "and open once more, once");
    place.carry();
    place.check();
}

#[test]
fn another_value_is_written_having_seen_all_and_a_wrong_one_is_refused() {
    let place = Place::new();
    let (record, document, path, _) = disputed(&place);
    let conflicts = place.desk.conflicts();
    let refused = conflicts.edit(document, &path, &Value::Text("awful".into()), None).unwrap_err().to_string();
    assert!(refused.contains("severity") && refused.contains("emergency"), "{refused}");
    conflicts.edit(document, &path, &Value::Text("medium".into()), None).unwrap();
    place.carry();
    for client in [&place.desk, &place.tablet] {
        assert!(client.conflicts().list().unwrap().is_empty());
        assert_eq!(severity(client, record, Reading::Cautious), Severity::Medium);
    }
    place.check();
}

#[test]
fn both_are_kept_until_something_new_is_said() {
    let place = Place::new();
    let (record, document, path, _) = disputed(&place);
    let conflicts = place.desk.conflicts();
    let kept = conflicts.keep_both(document, &path, Some("two visits, two days")).unwrap();
    assert!(conflicts.list().unwrap().is_empty());
    assert_eq!(severity(&place.desk, record, Reading::Cautious), Severity::Emergency);
    assert_eq!(place.desk.document(record, Class::Home).unwrap().unwrap().sections["hazards"].rows[&path.row].fields["severity"].values.len(), 2);
    conflicts.undo(document, kept, None).unwrap();
    assert_eq!(conflicts.list().unwrap().len(), 1);
    conflicts.keep_both(document, &path, None).unwrap();
    assert!(conflicts.list().unwrap().is_empty());
    // The tablet has not heard, and says a third thing beside.
    set(&place, &place.tablet, record, path.row, Severity::High);
    place.carry();
    place.check();
    set(&place, &place.desk, record, path.row, Severity::Medium);
    set(&place, &place.tablet, record, path.row, Severity::Low);
    place.carry();
    assert_eq!(conflicts.list().unwrap().len(), 1, "new values are a new dispute");
}

#[test]
fn a_dispute_is_returned_to_the_visitor_and_stays_open() {
    let place = Place::new();
    let (_, document, path, visit) = disputed(&place);
    place.desk.conflicts().return_to_visitor(document, &path, visit, "Please look again").unwrap();
    let open = place.desk.conflicts().list().unwrap();
    assert_eq!((open.len(), open[0].returned.is_some()), (1, true));
    place.carry();
    let seen = place.tablet.reviews().get(document, visit).unwrap();
    assert_eq!(seen.visit.value.review_note.as_deref(), Some("Please look again"));
    assert_eq!(seen.conflicts.len(), 1);
    let other = place.desk.conflicts().return_to_visitor(document, &path, RowId([7; 16]), "no such visit");
    assert!(other.is_err());
    place.check();
}

#[test]
fn two_desks_that_decide_at_once_differ_in_the_open() {
    let place = Place::new();
    let (_, document, path, _) = disputed(&place);
    place.desk.conflicts().choose(document, &path, &Value::Text("low".into()), None).unwrap();
    place.tablet.conflicts().choose(document, &path, &Value::Text("emergency".into()), None).unwrap();
    place.carry();
    for client in [&place.desk, &place.tablet] {
        assert_eq!(client.conflicts().list().unwrap().len(), 1, "two choices are a dispute");
        let kinds: Vec<_> = client.conflicts().decided(document).unwrap().into_iter().map(|row| row.kind).collect();
        assert_eq!(kinds, [Some(DecisionKind::Chosen), Some(DecisionKind::Chosen)]);
    }
    place.check();
}

#[test]
fn a_dispute_of_a_single_map_is_settled_too() {
    let place = Place::new();
    let record = home(&place.tablet, 9);
    visit(&place.tablet, record, vec![]);
    place.carry();
    for (client, exit) in [(&place.desk, ExitState::Clear), (&place.tablet, ExitState::Blocked)] {
        let dwelling = Dwelling { main_exit: Some(exit), ..Dwelling::default() };
        client.write(|draft| draft.edit(record, Class::Home, |edit| edit.put(&dwelling))).unwrap();
    }
    place.carry();
    let item = &place.desk.conflicts().list().unwrap()[0];
    place.desk.conflicts().choose(item.document, &item.path, &Value::Text("clear".into()), None).unwrap();
    assert!(place.desk.conflicts().list().unwrap().is_empty());
    place.check();
}

/// Whoever has seen it settles it, also when the value is one of those that stood there: nobody is left in doubt who saw what last.
#[test]
fn what_is_seen_again_settles_what_visits_disagreed_on_whichever_value_it_is() {
    for seen in [ExitState::Blocked, ExitState::Clear] {
        let place = Place::new();
        let record = home(&place.tablet, 7);
        visit(&place.tablet, record, vec![damp()]);
        place.carry();
        let say = |client: &doorstep_client_core::client::Client, exit: &ExitState| {
            place.clock.turn(HOUR);
            let said = Dwelling { main_exit: Some(exit.clone()), ..Dwelling::default() };
            client.visits().say_of_dwelling(record, &said).unwrap();
        };
        say(&place.tablet, &ExitState::Blocked);
        say(&place.desk, &ExitState::Clear);
        place.carry();
        assert_eq!(place.desk.conflicts().list().unwrap().len(), 1);
        say(&place.tablet, &seen);
        place.carry();
        assert_eq!(place.desk.conflicts().list().unwrap(), []);
        let view = place.desk.document(record, Class::Home).unwrap().unwrap();
        let held = &view.row("dwelling", RowId::SINGLE).unwrap().fields["main_exit"];
        assert_eq!(held.values.iter().map(|said| said.value.to_string()).collect::<Vec<_>>(), [seen.as_str()]);
    }
}

#[test]
fn a_hazard_in_dispute_is_settled_by_whoever_says_one_of_its_values_again_and_not_by_a_form_filled_in_before() {
    for says_what_is_shown in [true, false] {
        let place = Place::new();
        let (record, document, path, _) = disputed(&place);
        let severity_shown = severity(&place.tablet, record, Reading::Shown);
        let both = [Severity::Emergency, Severity::Low];
        let severity_said = both.into_iter().find(|one| (*one == severity_shown) == says_what_is_shown).unwrap();
        let said = Hazard { severity: Some(severity_said.clone()), ..Hazard::default() };
        let open = || place.tablet.conflicts().list().unwrap().len();
        let shown = Hazard { severity: Some(severity_shown), ..Hazard::default() };
        place.tablet.write(|draft| draft.edit(record, Class::Home, |edit| edit.update(path.row, &shown))).unwrap();
        assert_eq!(open(), 1, "what the form had shown");
        place.tablet.write(|draft| draft.edit(record, Class::Home, |edit| edit.say(path.row, &said))).unwrap();
        assert_eq!((open(), severity(&place.tablet, record, Reading::Shown)), (0, severity_said));
        assert_eq!(place.tablet.conflicts().columns(document, &path).unwrap().merged_row["severity"].len(), 1);
    }
}
