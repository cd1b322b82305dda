//! A council's desk that seals, a crew's tablet that breaks the glass, an auditor who sees it: without a server, by hand.

mod ended_seats;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use doorstep_crypto::keys::SigningKey;
use doorstep_crypto::passphrase::{MEMORY_KIB_MIN, PassphraseCost};
use doorstep_protocol::authority::{DeviceKind, OrganisationKind};
use doorstep_protocol::{Class, Millis, WorkerId};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::*;
use crate::audit::chain::AlarmKind;
use crate::audit::{AuditEvent, GlassReason, ReviewOutcome};
use crate::partnership::{self, AcceptPlan, Engagement, FoundingPlan, InvitePlan, JoinPlan, OrganisationPlan, purpose};
use crate::records::fire::{Fact, FactKind};
use crate::records::index::Property;
use crate::records::sealed::{Entry, Violence, ViolenceKind};
use crate::records::{Date, Reading, Uprn};
use crate::seat::ClockMarks;
use crate::store::{CommitPoint, Fault, envelopes, log, outbox, seats};

const NOW: Millis = Millis(1_790_000_000_000);
const CHEAP: PassphraseCost = PassphraseCost { memory_kib: MEMORY_KIB_MIN, passes: 1, lanes: 1 };
const PIN: &str = "2580";
const CANARY: &str = "Beaufort keeps a crossbow";
const HOUR_MS: u64 = 60 * 60 * 1_000;
const DAY_MS: u64 = 24 * HOUR_MS;

struct Scene {
    rng: ChaCha20Rng,
    desk: Device,
    tablet: Device,
    record: RecordId,
}

fn later(ms: u64) -> Millis {
    Millis(NOW.0 + ms)
}

impl Scene {
    /// A founded partnership, a crew's tablet with a PIN in every team but the entitled one, and a home with sealed detail that has
    /// reached the tablet.
    fn new() -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let mut scene = Self::before_pin(&mut rng);
        scene.rng = rng;
        assert_eq!(scene.tablet.set_pin(PIN, CHEAP, NOW, &mut scene.rng).unwrap(), SecretMoved::FromVault);
        scene
    }

    fn before_pin(rng: &mut ChaCha20Rng) -> Self {
        let secrets = DeviceSecrets::make(rng);
        let again = DeviceSecrets::from_bytes(&secrets.expose_bytes()).unwrap();
        let mut desk = Device::open(Store::in_memory().unwrap(), secrets, rng).unwrap();
        let secrets = DeviceSecrets::make(rng);
        let mut tablet = Device::open(Store::in_memory().unwrap(), secrets, rng).unwrap();
        let plan = FoundingPlan {
            organisations: vec![
                OrganisationPlan { name: "Council".into(), kind: OrganisationKind::Council },
                OrganisationPlan { name: "Fire".into(), kind: OrganisationKind::Fire },
            ],
            area: "Ward".into(),
            desk: "Desk".into(),
            worker: "Officer".into(),
        };
        let server_key = SigningKey::make(rng).public();
        let founding = partnership::found(&plan, &again, server_key, NOW, rng).unwrap();
        let server = ("http://127.0.0.1:1", &server_key);
        partnership::settle(&mut desk, founding.partnership, &founding.written, server).unwrap();
        let crews = ["Everyone", "Fire field team", "Fire crews"];
        let teams = founding.names.teams.iter().filter(|(_, name)| crews.contains(&name.as_str()));
        let teams = teams.map(|(id, _)| *id).collect();
        let invited = partnership::invite(&mut desk, &InvitePlan::IN_PERSON, NOW, rng).unwrap();
        let invitation = invited.invitation.check(None, NOW).unwrap();
        let join = JoinPlan { kind: DeviceKind::Shared, kem_restricted: tablet.restricted_public() };
        let request = partnership::begin(&mut tablet, &invitation, &join).unwrap();
        let organisation = *desk.authority().unwrap().organisations().keys().next().unwrap();
        let accept = AcceptPlan {
            organisation,
            teams,
            worker: WorkerId([9; 16]),
            engagement: Engagement::Staff,
            not_after: None,
        };
        let written = partnership::accept(&mut desk, &request, &accept, NOW, rng).unwrap();
        partnership::take_written(&mut desk, &written).unwrap();
        tablet.take_log(&log::entries(desk.store().reader()).unwrap(), &[]).unwrap();
        for device in [&mut desk, &mut tablet] {
            device.store.write(|t| seats::set_clock_marks(t, ClockMarks::answered_at(NOW))).unwrap();
        }
        let uprn: Uprn = "100023336956".parse().unwrap();
        let record = desk
            .write(NOW, rng, |draft| {
                let record = draft.record_of_uprn(&uprn)?;
                let line = Some("1 High Street".into());
                let property = Property { uprn: Some(uprn), line, ..Property::default() };
                draft.edit(record, Class::Index, |edit| edit.put(&property))?;
                let row = draft.row_id();
                let fact = Fact { kind: Some(FactKind::Oxygen), as_of: Some(NOW), ..Fact::default() };
                draft.edit(record, Class::Fire, |edit| edit.create(row, &fact))?;
                Ok(record)
            })
            .unwrap();
        desk.keep_audit_alive(NOW, rng).unwrap();
        let mut scene = Self { rng: ChaCha20Rng::seed_from_u64(2), desk, tablet, record };
        scene.seal_violence(CANARY);
        scene.carry();
        scene
    }

    fn seal_violence(&mut self, detail: &str) {
        let row = crate::records::RowId([3; 16]);
        let violence = Violence {
            kind: Some(ViolenceKind::Weapon),
            detail: Some(detail.into()),
            review_on: Some(Date::of(later(90 * DAY_MS))),
            ..Violence::default()
        };
        self.desk
            .write_restricted(self.record, Class::Sealed, NOW, &mut self.rng, |edit| edit.put_row(row, &violence))
            .unwrap();
    }

    /// Everything each has is handed to the other.
    fn carry(&mut self) {
        for _ in 0..2 {
            let (from, to) = (&mut self.desk, &mut self.tablet);
            while from.seal_pending(NOW, &mut self.rng).unwrap() > 0 {}
            let all = envelopes::page_after(from.store().reader(), 0, 10_000).unwrap();
            let came = to.ingest_carried(all.into_iter().map(|kept| kept.bytes).collect(), NOW).unwrap();
            assert_eq!((came.set_aside, came.split_view), (0, None));
            std::mem::swap(&mut self.desk, &mut self.tablet);
        }
    }

    fn plea() -> GlassPlea {
        GlassPlea { reason: GlassReason::Incident, text: "smoke reported".into(), incident: Some("0417".into()) }
    }

    fn break_glass(&mut self, now: Millis) -> Result<BrokenGlass, RestrictedError> {
        self.tablet.break_glass(self.record, &Self::plea(), now, &mut self.rng)
    }

    fn read_glass(&mut self, now: Millis) -> Result<Guarded<SealedView>, RestrictedError> {
        self.tablet.read_behind_glass(self.record, now, &mut self.rng)
    }

    fn fire_opens(&mut self) {
        let fire = self.tablet.document_of(self.record, Class::Fire).unwrap().unwrap();
        assert_eq!(self.tablet.view(fire).unwrap().unwrap().rows::<Fact>(Reading::Shown).len(), 1);
    }
}

fn details(seen: &SealedView) -> Vec<String> {
    seen.view.rows::<Violence>(Reading::Shown).into_iter().filter_map(|row| row.value.detail).collect()
}

fn fail_next(device: &mut Device) -> Arc<AtomicBool> {
    let failing = Arc::new(AtomicBool::new(true));
    let asked = Arc::clone(&failing);
    device.set_fault_hook(Arc::new(move |point| {
        let fails = point == CommitPoint::Before && asked.load(Ordering::SeqCst);
        if fails { Fault::Fail } else { Fault::None }
    }));
    failing
}

#[test]
fn a_crew_reads_what_the_council_sealed_by_breaking_the_glass_only() {
    let mut scene = Scene::new();
    let whole = scene.read_glass(NOW).err();
    assert!(matches!(whole, Some(RestrictedError::Glass(GlassError::Whole))), "{whole:?}");
    let entitled = scene.tablet.read_restricted(scene.record, Class::Sealed, purpose::EMERGENCY, NOW, &mut scene.rng);
    assert!(matches!(entitled.err(), Some(RestrictedError::NotEntitled { .. })));
    scene.break_glass(NOW).unwrap();
    let seen = scene.read_glass(later(60_000)).unwrap();
    assert_eq!(details(seen.show()), [CANARY]);
    assert_eq!(seen.show().left_out, 0);
    let over = scene.read_glass(later(31 * 60_000)).err();
    assert!(matches!(over, Some(RestrictedError::Glass(GlassError::Over))), "{over:?}");
    // The clock is turned back to when the glass was broken.
    let back = scene.read_glass(NOW).err();
    assert!(matches!(back, Some(RestrictedError::Lease(UnlockError::ClockWentBack))), "{back:?}");
    let seen =
        scene.desk.read_restricted(scene.record, Class::Sealed, purpose::PREVENTION, NOW, &mut scene.rng).unwrap();
    assert_eq!(details(seen.show()), [CANARY]);
    let other =
        scene.desk.read_restricted(scene.record, Class::Sealed, purpose::HOUSING_CONDITION, NOW, &mut scene.rng);
    assert!(matches!(other.err(), Some(RestrictedError::NotEntitled { .. })), "its grant does not name the purpose");
}

#[test]
fn closing_the_glass_ends_it() {
    let mut scene = Scene::new();
    scene.break_glass(NOW).unwrap();
    assert!(scene.read_glass(NOW).is_ok());
    scene.tablet.close_glass(scene.record, NOW, &mut scene.rng).unwrap();
    assert!(matches!(scene.read_glass(NOW).err(), Some(RestrictedError::Glass(GlassError::Whole))));
}

#[test]
fn without_a_record_on_disk_nothing_is_shown() {
    let mut scene = Scene::new();
    let failing = fail_next(&mut scene.tablet);
    assert!(matches!(scene.break_glass(NOW).err(), Some(RestrictedError::Device(DeviceError::Store(_)))));
    failing.store(false, Ordering::SeqCst);
    assert!(matches!(scene.read_glass(NOW).err(), Some(RestrictedError::Glass(GlassError::Whole))));
    scene.break_glass(NOW).unwrap();
    failing.store(true, Ordering::SeqCst);
    assert!(matches!(scene.read_glass(NOW).err(), Some(RestrictedError::Device(DeviceError::Store(_)))));
    failing.store(false, Ordering::SeqCst);
    assert_eq!(details(scene.read_glass(NOW).unwrap().show()), [CANARY]);
}

#[test]
fn nothing_that_is_sealed_is_on_disk_in_another_form() {
    let folder = tempfile::tempdir().unwrap();
    let mut scene = Scene::new();
    scene.break_glass(NOW).unwrap();
    assert_eq!(details(scene.read_glass(NOW).unwrap().show()), [CANARY]);
    scene.desk.rebuild(NOW).unwrap();
    for (at, device) in [&scene.desk, &scene.tablet].into_iter().enumerate() {
        assert_eq!(device.verify().unwrap().faults, Vec::<String>::new());
        let path = folder.path().join(format!("{at}.db"));
        device.store.reader().execute("VACUUM INTO ?1", [path.to_str().unwrap()]).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let found = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
        assert!(found(b"1 High Street"), "the scan sees what is there in plain");
        assert!(!found(CANARY.as_bytes()) && !found(b"Beaufort"));
        let sealed = device.authority().unwrap().zones().iter().find(|(_, zone)| zone.class == Class::Sealed).unwrap();
        for table in ["documents", "pending"] {
            let count: i64 = device
                .store
                .reader()
                .query_row(&format!("SELECT count(*) FROM {table} WHERE zone = ?1"), [&sealed.0.0], |row| row.get(0))
                .unwrap();
            assert_eq!(count, 0, "{table}");
        }
    }
    let draft = scene.desk.write(NOW, &mut scene.rng, |draft| {
        draft.edit(scene.record, Class::Sealed, |edit| edit.put_row(crate::records::RowId([1; 16]), &Entry::default()))
    });
    assert!(matches!(draft.err(), Some(WriteError::Device(DeviceError::StaysSealed { .. }))));
}

#[test]
fn sealed_work_of_two_desks_and_days_comes_together() {
    let mut scene = Scene::new();
    let row = crate::records::RowId([4; 16]);
    let entry = Entry { code: Some("4711".into()), ..Entry::default() };
    scene
        .desk
        .write_restricted(scene.record, Class::Sealed, NOW, &mut scene.rng, |edit| edit.create(row, &entry))
        .unwrap();
    scene.seal_violence("moved away");
    scene.carry();
    scene.break_glass(NOW).unwrap();
    let seen = scene.read_glass(NOW).unwrap();
    assert_eq!(details(seen.show()), ["moved away"]);
    assert_eq!(seen.show().view.rows::<Entry>(Reading::Shown).len(), 1);
}

#[test]
fn locked_keys_are_gone_and_open_with_the_pin_alone() {
    let mut scene = Scene::new();
    scene.break_glass(NOW).unwrap();
    scene.tablet.lock(NOW, &mut scene.rng).unwrap();
    assert!(scene.tablet.secrets.restricted.is_none() && !scene.tablet.keyring.is_unlocked());
    let authority = scene.tablet.authority().unwrap();
    let restricted = authority
        .teams_of(scene.tablet.id())
        .filter(|(_, team)| team.tier == doorstep_protocol::authority::TeamTier::Restricted);
    for (id, team) in restricted {
        assert!(scene.tablet.keyring.team(*id, team.epoch()).is_none());
    }
    assert!(matches!(scene.read_glass(NOW).err(), Some(RestrictedError::Locked)));
    scene.fire_opens();
    assert!(matches!(scene.tablet.unlock(None, "2581", NOW, &mut scene.rng), Err(UnlockError::Wrong { left: 9 })));
    scene.tablet.unlock(None, PIN, NOW, &mut scene.rng).unwrap();
    assert_eq!(details(scene.read_glass(NOW).unwrap().show()), [CANARY]);
    assert!(!scene.tablet.lock_if_idle(5, later(60_000), &mut scene.rng).unwrap());
    assert!(scene.tablet.lock_if_idle(5, later(6 * 60_000), &mut scene.rng).unwrap());
    assert!(!scene.tablet.is_unlocked());
}

#[test]
fn ten_wrong_pins_lock_out_and_lose_nothing_until_a_desk_seats_again() {
    let mut scene = Scene::new();
    scene.tablet.lock(NOW, &mut scene.rng).unwrap();
    let mut now = NOW;
    for tried in 1..=10u32 {
        now = Millis(now.0 + 16 * 60_000);
        // A crash in the middle of a try does not give it back.
        let again = scene.tablet.unlock(None, "9713", now, &mut scene.rng).unwrap_err();
        match tried {
            10 => assert!(matches!(again, UnlockError::LockedOut), "{again:?}"),
            _ => assert!(matches!(again, UnlockError::Wrong { left } if left == 10 - tried), "{again:?}"),
        }
        if tried == 5 {
            let soon = scene.tablet.unlock(None, PIN, now, &mut scene.rng).unwrap_err();
            assert!(matches!(soon, UnlockError::TooSoon { .. }), "{soon:?}");
        }
    }
    now = Millis(now.0 + HOUR_MS);
    assert!(matches!(scene.tablet.unlock(None, PIN, now, &mut scene.rng), Err(UnlockError::LockedOut)));
    scene.fire_opens();
    let written =
        partnership::seat_again(&scene.desk, scene.tablet.id(), WorkerId([9; 16]), now, &mut scene.rng).unwrap();
    partnership::take_written(&mut scene.desk, &written).unwrap();
    scene.tablet.take_log(&log::entries(scene.desk.store().reader()).unwrap(), &[]).unwrap();
    scene.tablet.unlock(None, PIN, now, &mut scene.rng).unwrap();
}

#[test]
fn a_wrong_try_is_counted_before_it_is_made() {
    let mut scene = Scene::new();
    scene.tablet.lock(NOW, &mut scene.rng).unwrap();
    let failing = fail_next(&mut scene.tablet);
    assert!(matches!(scene.tablet.unlock(None, PIN, NOW, &mut scene.rng), Err(UnlockError::Device(_))));
    failing.store(false, Ordering::SeqCst);
    assert!(!scene.tablet.is_unlocked(), "a try that could not be counted was not made");
    assert_eq!(scene.tablet.pin_seats().unwrap()[0].wrong, 0);
}

#[test]
fn two_workers_share_a_tablet_each_under_a_pin_and_a_seat_of_their_own() {
    let mut scene = Scene::new();
    let key = scene.tablet.add_pin_seat("7319", CHEAP, NOW, &mut scene.rng).unwrap();
    let request = partnership::SeatRequest::of(&scene.tablet, key).unwrap();
    let request = partnership::SeatRequest::from_text(&request.to_text()).unwrap();
    let written = partnership::seat(&scene.desk, &request, WorkerId([8; 16]), NOW).unwrap();
    partnership::take_written(&mut scene.desk, &written).unwrap();
    scene.tablet.take_log(&log::entries(scene.desk.store().reader()).unwrap(), &[]).unwrap();
    let first = scene.tablet.seat().unwrap();
    scene.tablet.lock(NOW, &mut scene.rng).unwrap();
    let seats = scene.tablet.pin_seats().unwrap();
    let second = seats.iter().find(|seat| seat.worker == Some(WorkerId([8; 16]))).unwrap().seat;
    assert!(matches!(scene.tablet.unlock(None, PIN, NOW, &mut scene.rng), Err(UnlockError::WhoseIsIt)));
    assert!(matches!(scene.tablet.unlock(second, PIN, NOW, &mut scene.rng), Err(UnlockError::Wrong { .. })));
    scene.tablet.unlock(second, "7319", NOW, &mut scene.rng).unwrap();
    assert_eq!(Some(scene.tablet.seat().unwrap()), second);
    scene
        .tablet
        .write(NOW, &mut scene.rng, |draft| {
            let row = draft.row_id();
            let fact = Fact { kind: Some(FactKind::Clutter), as_of: Some(NOW), ..Fact::default() };
            draft.edit(scene.record, Class::Fire, |edit| edit.create(row, &fact))
        })
        .unwrap();
    // Locking seals with the worker's own key, so nothing waits for the worker to come back.
    scene.tablet.lock(NOW, &mut scene.rng).unwrap();
    assert_eq!(scene.tablet.owed().unwrap().unsealed_changes, 0);
    assert_eq!(scene.tablet.seat().unwrap(), first);
    scene.carry();
    let fire = scene.desk.document_of(scene.record, Class::Fire).unwrap().unwrap();
    assert_eq!(scene.desk.view(fire).unwrap().unwrap().rows::<Fact>(Reading::Shown).len(), 2);
    assert_eq!(scene.desk.standing().unwrap().set_aside, 0);
}

#[test]
fn a_lapsed_lease_closes_what_opens_with_a_worker_and_nothing_else() {
    let mut scene = Scene::new();
    scene.break_glass(later(23 * HOUR_MS)).unwrap();
    let lapsed = scene.read_glass(later(25 * HOUR_MS)).err();
    assert!(matches!(lapsed, Some(RestrictedError::Lease(UnlockError::LeaseLapsed { hours: 24 }))), "{lapsed:?}");
    assert!(!scene.tablet.is_unlocked(), "the keys have left memory");
    let again = scene.tablet.unlock(None, PIN, later(25 * HOUR_MS), &mut scene.rng);
    assert!(matches!(again, Err(UnlockError::LeaseLapsed { .. })));
    // That the lease had ended is remembered: a clock that is turned back does not bring it back.
    let back = scene.tablet.unlock(None, PIN, later(HOUR_MS), &mut scene.rng);
    assert!(matches!(back, Err(UnlockError::ClockWentBack)));
    scene.fire_opens();
    scene.tablet.store.write(|t| seats::set_clock_marks(t, ClockMarks::answered_at(later(25 * HOUR_MS)))).unwrap();
    scene.tablet.unlock(None, PIN, later(25 * HOUR_MS), &mut scene.rng).unwrap();
}

#[test]
fn the_auditor_sees_who_broke_the_glass_and_reviews_it() {
    let mut scene = Scene::new();
    scene.break_glass(NOW).unwrap();
    scene.read_glass(NOW).unwrap();
    scene.read_glass(NOW).unwrap();
    scene.carry();
    let report = scene.desk.audit(NOW).unwrap();
    assert_eq!(report.alarms, []);
    let [task] = report.tasks.as_slice() else { panic!("one task: {report:?}") };
    assert_eq!((task.device, task.reads, task.text.as_str()), (scene.tablet.id(), 2, "smoke reported"));
    let glass = task.glass;
    assert!(
        matches!(scene.tablet.audit(NOW).err(), Some(RestrictedError::NotEntitled { .. })),
        "only auditors open it"
    );
    scene.desk.review_glass(glass, ReviewOutcome::Justified, "seen", NOW, &mut scene.rng).unwrap();
    assert_eq!(scene.desk.audit(NOW).unwrap().tasks, []);
    let twice = scene.desk.review_glass(glass, ReviewOutcome::Justified, "seen", NOW, &mut scene.rng);
    assert!(matches!(twice.err(), Some(RestrictedError::Nothing)));
    let events: Vec<AuditEvent> = scene.desk.audit_records(NOW).unwrap().into_iter().map(|(.., r)| r.event).collect();
    assert!(events.iter().any(|event| matches!(event, AuditEvent::SealedRead { .. })));
}

/// On what an auditor's desk holds: records that a server or a thief left out, and a device that fell silent.
#[test]
fn lesson_28_records_that_are_left_out_and_a_device_that_falls_silent_are_alarms() {
    let mut scene = Scene::new();
    scene.break_glass(NOW).unwrap();
    scene.read_glass(NOW).unwrap();
    scene.carry();
    let device = scene.tablet.id();
    let kinds = |report: AuditReport| -> Vec<AlarmKind> {
        report.alarms.into_iter().filter(|alarm| alarm.device == device).map(|alarm| alarm.kind).collect()
    };
    assert_eq!(kinds(scene.desk.audit(NOW).unwrap()), []);
    let silent = later(8 * DAY_MS);
    scene.desk.store.write(|t| seats::set_clock_marks(t, ClockMarks::answered_at(silent))).unwrap();
    assert_eq!(kinds(scene.desk.audit(silent).unwrap()), [AlarmKind::Silent], "truncated, or gone");
    let zone = scene.desk.authority().unwrap().audit_zone().unwrap();
    scene
        .desk
        .store
        .write(|t| {
            t.execute("DELETE FROM envelopes WHERE zone = ?1 AND author = ?2 AND zseq = 2", (&zone.0, &device.0))?;
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert!(kinds(scene.desk.audit(NOW).unwrap()).contains(&AlarmKind::Gap));
    // The end is cleared on the auditor's own machine, which remembers how far the chain had come.
    scene
        .desk
        .store
        .write(|t| {
            t.execute("DELETE FROM envelopes WHERE zone = ?1 AND author = ?2 AND zseq > 1", (&zone.0, &device.0))?;
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(kinds(scene.desk.audit(NOW).unwrap()), [AlarmKind::Truncated]);
}

#[test]
fn a_stuck_audit_closes_what_is_sealed_and_leaves_the_rest() {
    let mut scene = Scene::new();
    scene.break_glass(NOW).unwrap();
    let days = later(8 * DAY_MS);
    // The server has answered all the while and has not taken the records.
    scene.tablet.store.write(|t| seats::set_clock_marks(t, ClockMarks::answered_at(days))).unwrap();
    let stuck = scene.break_glass(days).err();
    assert!(matches!(stuck, Some(RestrictedError::AuditStuck { days: 7 })), "{stuck:?}");
    scene.fire_opens();
    let zone = scene.tablet.authority().unwrap().audit_zone().unwrap();
    let next = outbox::next(scene.tablet.store.reader(), Some(zone), usize::MAX, 1_000).unwrap();
    let first = envelopes::find(scene.tablet.store.reader(), next[0].id).unwrap().unwrap();
    assert_eq!(doorstep_protocol::envelope::Header::parse(&first.bytes).unwrap().zone, zone, "audit goes up first");
    scene
        .tablet
        .store
        .write(|t| {
            outbox::withdraw(t, next[0].id).and_then(|()| next.iter().try_for_each(|one| outbox::withdraw(t, one.id)))
        })
        .unwrap();
    assert!(scene.break_glass(days).is_ok(), "once it is taken, the glass breaks again");
}

#[test]
fn a_heartbeat_is_written_once_a_day_at_most() {
    let mut scene = Scene::new();
    let count = |scene: &Scene| {
        let zone = scene.tablet.authority().unwrap().audit_zone().unwrap();
        crate::store::audit::chains(scene.tablet.store.reader(), zone)
            .unwrap()
            .into_iter()
            .filter(|kept| doorstep_protocol::envelope::Header::parse(&kept.bytes).unwrap().author == scene.tablet.id())
            .count()
    };
    assert_eq!(count(&scene), 0, "the chain begins with the first request");
    for hours in [0, 1, 2, 23, 25, 26, 48] {
        scene.tablet.sync_request(later(hours * HOUR_MS), &mut scene.rng, 1 << 20).unwrap();
    }
    assert_eq!(count(&scene), 2, "a start and one heartbeat");
}

/// A crew on its way is never stopped by what keeps others safe.
#[test]
fn lesson_30_the_firebox_opens_while_everything_else_is_broken() {
    let mut scene = Scene::new();
    scene.break_glass(NOW).unwrap();
    let far = later(90 * DAY_MS);
    scene
        .tablet
        .store
        .write(|t| {
            t.execute("UPDATE pins SET wrong = 10", [])?;
            t.execute("UPDATE envelopes SET bytes = zeroblob(300) WHERE standing = 3", [])?;
            t.execute("UPDATE meta SET value = zeroblob(3) WHERE name IN ('audit', 'clock')", [])?;
            Ok::<_, StoreError>(())
        })
        .unwrap();
    scene.tablet.lock(NOW, &mut scene.rng).ok();
    scene.tablet.raise(crate::replica::machine::Stop::Cloned, "another device goes on in its place").unwrap();
    scene.tablet.reload().unwrap();
    assert!(scene.tablet.unlock(None, PIN, far, &mut scene.rng).is_err());
    assert!(scene.break_glass(far).is_err() && scene.read_glass(far).is_err());
    scene.fire_opens();
    let index = scene.tablet.document_of(scene.record, Class::Index).unwrap().unwrap();
    assert!(scene.tablet.view(index).unwrap().is_some());
}

#[test]
fn an_nhs_number_and_a_protected_address_are_sealed_at_once_and_read_on_the_record() {
    use crate::records::RowId;
    use crate::records::health_id::{HealthNumber, TraceStatus};
    use crate::records::identity::{Occupancy, OccupancyKind, Person};
    use crate::records::protected::Link;
    let mut scene = Scene::new();
    let home = scene.record;
    let person = scene
        .desk
        .write(NOW, &mut scene.rng, |draft| {
            let person = draft.new_record();
            let row = draft.row_id();
            let who = Person { preferred_name: Some("Edith".into()), ..Person::default() };
            let lives = Occupancy { property: Some(home.0), kind: Some(OccupancyKind::Main), ..Occupancy::default() };
            draft.edit(person, Class::Identity, |edit| {
                edit.put(&who)?;
                edit.create(row, &lives)
            })?;
            Ok(person)
        })
        .unwrap();
    let found = |device: &Device| {
        use crate::store::lists::{Occupants, people_of};
        people_of(device.store().reader(), home.0, Occupants::Ever, "2026-01-01").unwrap().len()
    };
    assert_eq!(found(&scene.desk), 1);
    let protect = Person { address_protected: Some(true), protected_by: Some("P. Shah".into()), ..Person::default() };
    scene
        .desk
        .write(NOW, &mut scene.rng, |draft| draft.edit(person, Class::Identity, |edit| edit.put(&protect)))
        .unwrap();
    assert_eq!(found(&scene.desk), 0);
    let number = HealthNumber {
        number: "9434765919".parse().ok(),
        status: Some(TraceStatus::NotTraced),
        ..HealthNumber::default()
    };
    scene.desk.write_restricted(person, Class::HealthId, NOW, &mut scene.rng, |edit| edit.put(&number)).unwrap();
    let link = Link { property: Some(home.0), ..Link::default() };
    scene
        .desk
        .write_restricted(person, Class::Protected, NOW, &mut scene.rng, |edit| edit.create(RowId([5; 16]), &link))
        .unwrap();
    scene.carry();
    let seen = scene.desk.read_restricted(person, Class::HealthId, purpose::PREVENTION, NOW, &mut scene.rng).unwrap();
    assert_eq!(seen.show().view.single::<HealthNumber>(Reading::Shown).unwrap().value, number);
    let seen = scene.desk.read_restricted(person, Class::Protected, purpose::PREVENTION, NOW, &mut scene.rng).unwrap();
    assert_eq!(seen.show().view.rows::<Link>(Reading::Shown)[0].value, link);
    for class in [Class::HealthId, Class::Protected] {
        let refused = scene.tablet.read_restricted(person, class, purpose::PREVENTION, NOW, &mut scene.rng);
        assert!(refused.is_err(), "a crew's tablet reads {class}");
        for table in ["documents", "pending"] {
            let zone = scene
                .desk
                .authority()
                .unwrap()
                .zones()
                .iter()
                .find(|(_, zone)| zone.class == class)
                .map(|(id, _)| *id)
                .unwrap();
            let count: i64 = scene
                .desk
                .store
                .reader()
                .query_row(&format!("SELECT count(*) FROM {table} WHERE zone = ?1"), [&zone.0], |row| row.get(0))
                .unwrap();
            assert_eq!(count, 0, "{class} {table}");
        }
    }
    assert_eq!(found(&scene.tablet), 0);
    scene.desk.rebuild(NOW).unwrap();
    assert_eq!(found(&scene.desk), 0);
}
