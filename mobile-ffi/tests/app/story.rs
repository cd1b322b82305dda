//! Two tablets at one home.

use std::sync::{Arc, Mutex};

use doorstep_mobile_ffi::{
    Alarm, AlarmKind, AlarmState, AtProperty, Clutter, Day, Delivery, DoorstepError, FieldValue, Findings, FireLine,
    Flag, FlagKind, HazardChange, NewVisit, RoomKind, Severity, SyncEnd, SyncObserver, SyncProgress, VisitKind,
    VisitWords,
};

use crate::desk::{Town, caught_up};
use crate::home::{damp, uprn, visit};

#[derive(Default)]
struct Told(Mutex<Vec<SyncProgress>>);

impl SyncObserver for Told {
    fn on_progress(&self, progress: SyncProgress) {
        self.0.lock().unwrap().push(progress);
    }
}

#[tokio::test]
async fn two_tablets_record_one_home_offline_and_settle_what_they_disagree_on() {
    let town = Town::new().await;
    let (ot, fire) = (town.tablet("ot", 1).await, town.tablet("fire", 2).await);

    // Recorded without a network: everything a safe and well visit has.
    let mut first = visit(VisitKind::SafeAndWell, damp(Severity::Medium));
    first.found.clutter = vec![Clutter {
        room: "Bedroom".into(),
        rating: 6,
        room_kind: Some(RoomKind::Bedroom),
        exit: None,
        anchored: Some(true),
        observed: None,
    }];
    let expires = Day { year: 2036, month: 3, day: 1 };
    first.found.alarms = vec![Alarm {
        kind: AlarmKind::Smoke,
        state: AlarmState::Replaced,
        room: Some("Hall".into()),
        expires: Some(expires),
        note: None,
    }];
    first.found.flags = vec![Flag {
        kind: FlagKind::OxygenOnSite,
        subject: None,
        contact: Some("Fire desk".into()),
        review_due: None,
        expires: None,
        reference: None,
        decided_by: None,
        person_told: None,
    }];
    let recorded = fire.visits().record(first).unwrap();
    let page = fire.properties().get(recorded.record.clone()).unwrap();
    assert_eq!(page.delivery, Delivery::NotSent);
    assert!(fire.status().unwrap().to_send > 0);

    let told = Arc::new(Told::default());
    let report = fire.sync(Some(told.clone()), None).await.unwrap();
    assert_eq!((report.end, report.to_send), (SyncEnd::CaughtUp, 0));
    assert!(told.0.lock().unwrap().last().is_some_and(|at| at.sent > 0));
    caught_up(&ot).await;
    let record = ot.properties().with_uprn(uprn()).unwrap().unwrap();
    assert_eq!(record, recorded.record, "the same record on every device");
    let page = ot.properties().get(record.clone()).unwrap();
    assert_eq!((page.hazards.len(), page.clutter.len(), page.alarms.len(), page.flags.len()), (1, 1, 1, 1));
    assert_eq!(page.hazards[0].hazard.severity, Some(Severity::Medium));
    assert_eq!(page.hazards[0].visit.as_ref(), Some(&recorded.visit));
    assert_eq!(page.alarms[0].alarm.expires, Some(expires));
    assert_eq!(page.visits.len(), 1);

    // Both change the same field of the same hazard without having seen each other.
    let row = page.hazards[0].facts.row.clone();
    for (tablet, severity) in [(&ot, Severity::High), (&fire, Severity::Low)] {
        let change = HazardChange { row: row.clone(), set: damp(severity) };
        let found = Findings { hazard_changes: vec![change], ..Findings::default() };
        let at = AtProperty::Known { record: record.clone() };
        let words = VisitWords::default();
        tablet
            .visits()
            .record(NewVisit { at, kind: VisitKind::FollowUp, started: None, words, found, answers: vec![] })
            .unwrap();
    }
    for tablet in [&ot, &fire, &ot] {
        caught_up(tablet).await;
    }
    for tablet in [&ot, &fire] {
        let page = tablet.properties().get(record.clone()).unwrap();
        assert_eq!((page.hazards.len(), page.conflicts), (1, 1));
        assert_eq!(page.hazards[0].hazard.severity, Some(Severity::High), "the more cautious value is shown");
        assert_eq!(page.hazards[0].facts.disputed, ["severity"]);
    }
    let conflicts = ot.conflicts().list(Some(record.clone()), 0, 10).unwrap();
    assert_eq!((conflicts.total, conflicts.conflicts.len()), (1, 1));
    let conflict = &conflicts.conflicts[0];
    assert_eq!((conflict.path.collection.as_str(), conflict.path.field.as_str()), ("hazards", "severity"));
    let low = FieldValue::Text { text: "low".into() };
    assert!(conflict.values.iter().any(|said| said.value == low && !said.is_shown));
    let none = FieldValue::Text { text: "medium".into() };
    let refused = ot.conflicts().choose(conflict.path.clone(), none, None);
    assert!(matches!(refused, Err(DoorstepError::Misfit { .. })), "{refused:?}");
    ot.conflicts().choose(conflict.path.clone(), low, Some("measured again".into())).unwrap();
    caught_up(&ot).await;
    caught_up(&fire).await;
    assert_eq!(fire.conflicts().list(None, 0, 10).unwrap().total, 0);
    assert_eq!(fire.properties().get(record.clone()).unwrap().hazards[0].hazard.severity, Some(Severity::Low));

    let screen = fire.firebox().open(record).unwrap();
    let line = |wanted: FireLine| screen.lines.iter().find(|line| line.line == wanted).unwrap();
    assert!(!line(FireLine::OxygenAndCylinders).entries.is_empty());
    assert!(line(FireLine::Sprinkler).entries.is_empty(), "not known, never no");
}
