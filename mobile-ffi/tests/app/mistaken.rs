//! What was recorded by mistake, taken back on one tablet and let stand on another.

use doorstep_mobile_ffi::{
    Ability, Alarm, AlarmKind, AlarmState, Doing, Doorstep, DoorstepError, FactKind, HomeFact, Level, NewPerson,
    Severity, VisitKind,
};

use crate::desk::{Town, caught_up};
use crate::home::{damp, named, visit};

#[tokio::test]
async fn a_fact_recorded_by_mistake_is_taken_back_for_a_reason_and_can_stand_again() {
    let town = Town::new().await;
    let (one, two) = (town.tablet("one", 1).await, town.tablet("two", 2).await);
    let mut found = visit(VisitKind::SafeAndWell, damp(Severity::Low));
    let alarm = |room: &str| Alarm {
        kind: AlarmKind::Smoke,
        state: AlarmState::Faulty,
        room: Some(room.into()),
        expires: None,
        note: None,
    };
    found.found.alarms = ["hall", "loft"].map(alarm).to_vec();
    let record = one.visits().record(found).unwrap().record;
    caught_up(&one).await;
    caught_up(&two).await;
    let rooms = |tablet: &Doorstep| {
        let page = tablet.properties().get(record.clone()).unwrap();
        let mut rooms: Vec<_> = page.alarms.into_iter().filter_map(|row| row.alarm.room).collect();
        rooms.sort_unstable();
        rooms
    };
    assert_eq!(rooms(&two), ["hall", "loft"]);
    let loft = two.properties().get(record.clone()).unwrap().alarms;
    let loft = loft.into_iter().find(|row| row.alarm.room.as_deref() == Some("loft")).unwrap().facts.row;
    let fact = HomeFact { kind: FactKind::Alarm, row: loft };

    let visits = two.visits();
    let mute = visits.take_back_fact(record.clone(), fact.clone(), " ").unwrap_err();
    assert!(matches!(&mute, DoorstepError::Value { field, .. } if field == "why"), "{mute:?}");
    let no_clutter = HomeFact { kind: FactKind::Clutter, ..fact.clone() };
    let other = visits.take_back_fact(record.clone(), no_clutter, "no such rating").unwrap_err();
    assert!(matches!(other, DoorstepError::NotHere { .. }), "{other:?}");
    let decision = visits.take_back_fact(record.clone(), fact.clone(), "that was next door").unwrap();
    assert_eq!(rooms(&two), ["hall"]);
    caught_up(&two).await;
    caught_up(&one).await;
    assert_eq!(rooms(&one), ["hall"]);
    let taken = one.visits().mistaken(record.clone()).unwrap();
    assert_eq!((taken.len(), &taken[0].fact, &taken[0].decision), (1, &fact, &decision));
    assert_eq!((taken[0].why.as_deref(), &taken[0].device), (Some("that was next door"), &Some(two.id().unwrap())));
    assert!(!format!("{:?} {}", taken[0], taken[0]).contains("next door"));

    one.visits().let_stand(record.clone(), decision.clone()).unwrap();
    assert_eq!(rooms(&one), ["hall", "loft"]);
    assert!(one.visits().mistaken(record.clone()).unwrap().is_empty());
    let again = one.visits().let_stand(record.clone(), decision).unwrap_err();
    assert!(matches!(again, DoorstepError::NotHere { .. }), "{again:?}");
}

#[tokio::test]
async fn what_somebody_can_do_is_taken_back_and_can_stand_again() {
    let town = Town::new().await;
    let tablet = town.tablet("tablet", 1).await;
    let stairs = Ability { what: Doing::Stairs, level: Level::Cannot, constancy: None, detail: None };
    let person = NewPerson { abilities: vec![stairs.clone()], ..named("Ada") };
    let mut met = visit(VisitKind::OtAssessment, damp(Severity::Low));
    met.found.people = vec![person];
    let ada = tablet.visits().record(met).unwrap().people.remove(0);
    let people = tablet.people();
    let known = || people.get(ada.clone()).unwrap().abilities;
    let row = known()[0].facts.row.clone();

    let mute = people.take_back_ability(ada.clone(), row.clone(), "").unwrap_err();
    assert!(matches!(&mute, DoorstepError::Value { field, .. } if field == "why"), "{mute:?}");
    let decision = people.take_back_ability(ada.clone(), row.clone(), "her sister was meant").unwrap();
    assert!(known().is_empty());
    let taken = people.mistaken(ada.clone()).unwrap();
    assert_eq!((taken.len(), &taken[0].ability, &taken[0].decision), (1, &row, &decision));
    assert!(!format!("{:?} {}", taken[0], taken[0]).contains("sister"));
    people.let_stand(ada.clone(), decision).unwrap();
    assert_eq!(known()[0].ability, stairs);
    assert!(people.mistaken(ada.clone()).unwrap().is_empty());
}
