//! PINs, and what opens with them: sealed, read behind a broken glass and by those entitled, closed.

use std::time::{Duration, SystemTime};

use doorstep_mobile_ffi::{
    Day, DoorstepError, GlassPlea, GlassReason, LockedWhy, PointerKind, ReadPurpose, Refusal, Severity, ToSeal,
    Violence, ViolenceKind, VisitKind, WayIn,
};

use crate::desk::{Town, caught_up};
use crate::home::{damp, visit};

const PIN: &str = "841973";

fn plea(text: &str) -> GlassPlea {
    GlassPlea { reason: GlassReason::Incident, text: text.into(), incident: Some("F-2210".into()) }
}

#[tokio::test]
async fn a_crew_reads_what_is_sealed_by_breaking_the_glass_and_only_then() {
    let town = Town::new().await;
    let (writes, crew) = (town.tablet("writes", 1).await, town.crew("crew", 2).await);
    let record = writes.visits().record(visit(VisitKind::SafeAndWell, damp(Severity::Low))).unwrap().record;
    let what = ToSeal {
        violence: vec![Violence {
            kind: ViolenceKind::Weapon,
            review: Some(Day { year: 2030, month: 1, day: 2 }),
            detail: Some("keeps a crossbow by the door".into()),
            precaution: None,
            since: None,
        }],
        ways_in: vec![WayIn { place: None, code: Some("4711".into()), key_holder: None, checked: None }],
        pointers: vec![],
    };
    let early = writes.glass().seal(record.clone(), what.clone());
    assert!(matches!(early, Err(DoorstepError::Locked { why: LockedWhy::Locked, .. })), "{early:?}");
    writes.seats().set_pin(PIN.into()).unwrap();
    writes.glass().seal(record.clone(), what.clone()).unwrap();
    let without = ToSeal { violence: vec![Violence { review: None, ..what.violence[0].clone() }], ..ToSeal::default() };
    assert!(matches!(writes.glass().seal(record.clone(), without), Err(DoorstepError::Value { .. })));
    caught_up(&writes).await;
    caught_up(&crew).await;

    assert!(crew.firebox().open(record.clone()).is_ok(), "the firebox needs no PIN");
    crew.seats().set_pin(PIN.into()).unwrap();
    let whole = crew.glass().read(record.clone());
    assert!(matches!(whole, Err(DoorstepError::NotAllowed { why: Refusal::GlassWhole, .. })), "{whole:?}");
    let mute = crew.glass().break_glass(record.clone(), plea("no"));
    assert!(matches!(&mute, Err(DoorstepError::Value { field, .. }) if field == "text"), "{mute:?}");
    let open = crew.glass().break_glass(record.clone(), plea("smoke seen from the street")).unwrap();
    assert!(open.until > SystemTime::now());
    let page = crew.glass().read(record.clone()).unwrap();
    assert_eq!(page.violence[0].detail, what.violence[0].detail);
    assert_eq!((page.ways_in[0].code.as_deref(), page.pointers.len(), page.left_out), (Some("4711"), 0, 0));
    assert_eq!(page.violence[0].kind, ViolenceKind::Weapon);
    assert_ne!(format!("{:?}", PointerKind::Police), "", "kinds are no secret");
    assert_eq!(crew.glass().open_now().unwrap(), [open]);
    crew.glass().close_glass(record.clone()).unwrap();
    let closed = crew.glass().read(record.clone());
    assert!(matches!(closed, Err(DoorstepError::NotAllowed { why: Refusal::GlassWhole, .. })));
    assert!(crew.glass().open_now().unwrap().is_empty());

    let entitled = writes.glass().read_as_entitled(record.clone(), ReadPurpose::Prevention).unwrap();
    assert_eq!(entitled.violence, what.violence);
    let other = writes.glass().read_as_entitled(record, ReadPurpose::HousingCondition);
    assert!(matches!(other, Err(DoorstepError::NotAllowed { why: Refusal::NoGrant, .. })), "{other:?}");
}

#[tokio::test]
async fn a_pin_locks_and_unlocks_and_says_how_many_tries_are_left() {
    let town = Town::new().await;
    let tablet = town.tablet("tablet", 1).await;
    let seats = tablet.seats();
    assert!(matches!(seats.unlock(None, PIN.into()), Err(DoorstepError::Locked { why: LockedWhy::NoPin, .. })));
    let easy = seats.set_pin("111111".into()).unwrap_err();
    assert!(matches!(&easy, DoorstepError::Value { field, .. } if field == "pin"), "{easy:?}");
    assert!(!format!("{easy} {easy:?}").contains("111111"));
    seats.set_pin(PIN.into()).unwrap();
    assert!(seats.is_unlocked().unwrap());
    let rows = seats.list().unwrap();
    assert_eq!((rows.len(), rows[0].has_it_unlocked, rows[0].wrong_pins), (1, true, 0));
    assert!(!seats.lock_if_idle(Duration::from_secs(600)).unwrap(), "somebody was just here");
    seats.lock().unwrap();
    assert!(!seats.is_unlocked().unwrap());
    let wrong = seats.unlock(None, "735291".into()).unwrap_err();
    assert!(matches!(wrong, DoorstepError::Locked { why: LockedWhy::WrongPin { tries_left: 9 }, .. }), "{wrong:?}");
    assert!(!format!("{wrong} {wrong:?}").contains("735291"));
    seats.unlock(rows[0].seat.clone(), PIN.into()).unwrap();
    assert!(seats.is_unlocked().unwrap());
    let request = seats.add("917364".into()).unwrap();
    assert!(request.len() > 20 && !request.contains("917364"));
    assert_eq!(seats.list().unwrap().len(), 2);
}
