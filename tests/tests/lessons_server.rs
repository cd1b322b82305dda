//! What servers lost elsewhere, and what syncing cost: lessons 1, 4, 5, 6, 7.

use std::collections::BTreeSet;

use doorstep_client_core::device::RecordId;
use doorstep_client_core::partnership;
use doorstep_client_core::records::home::Hazard;
use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::{Class, Reading, function};
use doorstep_client_core::replica::machine::{Phase, Stop};
use doorstep_client_core::store::{documents, envelopes};
use doorstep_protocol::EnvelopeId;
use doorstep_protocol::authority::RestorePoint;
use doorstep_protocol::wire::LogAppend;
use doorstep_server::Store as _;
use doorstep_tests::clerk;
use doorstep_tests::sim::mail::{Ask, CallId, Reply};
use doorstep_tests::sim::oracle;
use doorstep_tests::sim::station::{Handled, Station};
use doorstep_tests::sim::tablet::Tablet;
use doorstep_tests::town::{NOON, Town};
use doorstep_tests::wire::{Arrives, on, settle, sync, sync_cut};

/// A hazard at one home, with this note.
fn record(tablet: &mut Tablet, note: &str) -> RecordId {
    let (device, chance) = tablet.device_and_chance().expect("it is on");
    clerk::record(device, chance.rng(), "100023336956", note)
}

fn notes(tablet: &mut Tablet, record: RecordId) -> BTreeSet<String> {
    let device = on(tablet);
    let Some(home) = device.document_of(record, Class::Home).expect("it answers") else { return BTreeSet::new() };
    let view = device.view(home).expect("it loads").expect("it is there");
    view.rows::<Hazard>(Reading::Shown).into_iter().filter_map(|seen| seen.value.note).collect()
}

/// So many provisional homes in one draft.
fn many_homes(tablet: &mut Tablet, count: usize, from: usize) {
    let (device, chance) = tablet.device_and_chance().expect("it is on");
    device
        .write(NOON, chance.rng(), |draft| {
            for number in from..from + count {
                let record = draft.new_record();
                let line = Some(format!("{number} Long Lane"));
                let property = Property { provisional: Some(true), line, ..Property::default() };
                draft.edit(record, Class::Index, |edit| edit.put(&property))?;
            }
            Ok(())
        })
        .expect("saved");
}

fn held(tablet: &mut Tablet) -> BTreeSet<EnvelopeId> {
    let kept = envelopes::page_after(on(tablet).store().reader(), 0, usize::MAX).expect("its own store");
    kept.into_iter().map(|kept| kept.id).collect()
}

/// How many envelopes the server has.
fn stored(station: &mut Station) -> u64 {
    station.look(|store| {
        let heads = store.heads(Town::get().partnership, &Town::get().zones).expect("the store answers");
        heads.values().map(|head| head.number.0).sum()
    })
}

fn three() -> (Vec<Tablet>, Station) {
    let mut tablets: Vec<Tablet> = (0..3).map(|number| Tablet::new(1, number)).collect();
    let mut station = Station::new(1);
    settle(&mut tablets, &mut station, NOON);
    (tablets, station)
}

#[test]
fn lesson_01_a_wiped_server_loses_nothing_that_a_client_holds() {
    let (mut tablets, mut station) = three();
    let record_id = record(&mut tablets[0], "by the desk");
    record(&mut tablets[1], "by the first tablet");
    settle(&mut tablets, &mut station, NOON);
    // The second tablet's work has been sent, and nobody else has read it.
    record(&mut tablets[2], "by the second tablet");
    sync(&mut tablets[2], &mut station, NOON);
    let all: BTreeSet<EnvelopeId> = tablets.iter_mut().flat_map(held).collect();

    let before = station.identity();
    station.wipe();
    assert_ne!(station.identity(), before);
    assert_eq!(stored(&mut station), 0);
    settle(&mut tablets, &mut station, NOON);

    let expected = ["by the desk", "by the first tablet", "by the second tablet"].map(String::from).into();
    for tablet in &mut tablets {
        assert_eq!(notes(tablet, record_id), expected);
        assert!(oracle::owes_nothing(tablet));
    }
    assert_eq!(stored(&mut station), all.len() as u64, "every envelope is back at the server");

    // Only one comes back after the next loss: it brings what the others wrote, too.
    station.wipe();
    sync(&mut tablets[0], &mut station, NOON);
    assert_eq!(stored(&mut station), all.len() as u64, "one device brings back the work of all");
}

#[test]
fn lesson_01_a_restored_server_loses_nothing_that_a_client_holds() {
    let (mut tablets, mut station) = three();
    let record_id = record(&mut tablets[0], "before the backup");
    settle(&mut tablets, &mut station, NOON);
    station.back_up();
    record(&mut tablets[1], "after the backup");
    record(&mut tablets[2], "after it too");
    settle(&mut tablets, &mut station, NOON);
    let all: BTreeSet<EnvelopeId> = tablets.iter_mut().flat_map(held).collect();
    station.restore();
    assert!(stored(&mut station) < all.len() as u64, "the backup is older");
    record(&mut tablets[2], "after the restore");
    settle(&mut tablets, &mut station, NOON);
    let expected: BTreeSet<String> =
        ["before the backup", "after the backup", "after it too", "after the restore"].map(String::from).into();
    for tablet in &mut tablets {
        assert_eq!(notes(tablet, record_id), expected);
        assert!(oracle::owes_nothing(tablet));
        let standing = on(tablet).standing().expect("it answers");
        assert!(standing.alarm.is_none() && standing.restore_unsigned, "nobody has said that it was on purpose");
    }
    assert!(stored(&mut station) > all.len() as u64);

    // An admin says so, and nobody is warned any more.
    let met = station.identity();
    let log_size = on(&mut tablets[0]).authority().expect("enrolled").size();
    let point = RestorePoint { store: met.store, restore_epoch: met.restore_epoch, log_size, feeds: vec![] };
    let written = partnership::sign_restore(on(&mut tablets[0]), &point, NOON).expect("an admin");
    let append = LogAppend {
        partnership: Town::get().partnership,
        base_size: written.base_size,
        base_head: written.base_head,
        entries: written.entries,
        wraps: vec![],
        whole: None,
    };
    let call = CallId { tablet: 0, number: 9_999, copy: 0 };
    let answered = station.handle(call, &Ask::Append(append.to_bytes()), NOON);
    assert!(matches!(answered, Some(Handled::Reply(Reply::Message(_)))));
    settle(&mut tablets, &mut station, NOON);
    for tablet in &mut tablets {
        assert!(!on(tablet).standing().expect("it answers").restore_unsigned);
    }
}

#[test]
fn lesson_01_a_server_put_back_in_silence_is_noticed_and_nothing_is_lost() {
    let (mut tablets, mut station) = three();
    let record_id = record(&mut tablets[0], "before the copy");
    settle(&mut tablets, &mut station, NOON);
    station.back_up();
    record(&mut tablets[1], "after the copy");
    settle(&mut tablets, &mut station, NOON);
    station.roll_back_silently();
    // Something new takes the numbers of what was lost: a fork of the feed.
    record(&mut tablets[2], "on the other branch");
    sync(&mut tablets[2], &mut station, NOON);
    sync(&mut tablets[0], &mut station, NOON);
    let noticed = tablets.iter().filter(|tablet| tablet.phase() == Phase::Stopped(Stop::SplitView)).count();
    assert!(noticed > 0, "somebody who could be harmed notices");
    for tablet in &mut tablets {
        assert!(notes(tablet, record_id).contains("after the copy"), "what a device has stays on it");
    }
}

#[test]
fn lesson_04_the_cursor_moves_past_what_is_not_yours() {
    let (mut tablets, mut station) = three();
    // The landlord's tablet, which has no key of the function class.
    let mut landlord = Tablet::new(1, 3);
    sync(&mut landlord, &mut station, NOON);
    let idle = sync(&mut landlord, &mut station, NOON);
    let (device, chance) = tablets[0].device_and_chance().expect("it is on");
    let foreign = 1_000;
    device
        .write(NOON, chance.rng(), |draft| {
            let person = draft.new_record();
            draft.edit(person, Class::Identity, |edit| {
                edit.put(&doorstep_client_core::records::identity::Person {
                    preferred_name: Some("Sam".into()),
                    ..Default::default()
                })
            })?;
            for _ in 0..foreign {
                let row = draft.row_id();
                let ability = function::Ability {
                    what: Some(function::Doing::Walk),
                    level: Some(function::Level::Independent),
                    ..Default::default()
                };
                draft.edit(person, Class::Function, |edit| edit.create(row, &ability))?;
            }
            Ok(())
        })
        .expect("saved");
    settle(&mut tablets, &mut station, NOON);
    let first = sync(&mut landlord, &mut station, NOON);
    let again = sync(&mut landlord, &mut station, NOON);
    let down = |calls: &[doorstep_tests::wire::Call]| calls.iter().map(|call| call.down_bytes).sum::<usize>();
    assert_eq!(first.len(), 1, "one request: {first:?}");
    assert!(down(&first) < 4_096, "a thousand foreign rows cost nothing, the person's name does: {first:?}");
    assert!(down(&again) <= down(&idle) + 64, "{again:?} after {idle:?}");
    assert!(on(&mut landlord).standing().expect("it answers").first_sync_complete);

    // What is the reader's own costs it an id, and moves the cursor all the same.
    let before = on(&mut tablets[1]).feeds().clone();
    many_homes(&mut tablets[1], 50, 0);
    let calls = sync(&mut tablets[1], &mut station, NOON);
    let after = on(&mut tablets[1]).feeds().clone();
    let moved: u64 =
        after.iter().map(|(zone, now)| now.read.number.0 - before.get(zone).map_or(0, |b| b.read.number.0)).sum();
    assert_eq!(moved, 50, "{calls:?}");
}

#[test]
fn lesson_05_a_first_sync_is_interrupted_at_every_message() {
    let expected: BTreeSet<String> = ["one", "two"].map(String::from).into();
    let mut frames = 0;
    loop {
        // A further empty tablet under one identity would be a clone to a server that has met the first.
        let (mut tablets, mut station) = three();
        let record_id = record(&mut tablets[0], "one");
        record(&mut tablets[1], "two");
        settle(&mut tablets, &mut station, NOON);
        let mut fresh = Tablet::new(2, 4);
        sync_cut(&mut fresh, &mut station, NOON, Arrives::Frames(frames));
        let standing = on(&mut fresh).standing().expect("it answers");
        if standing.first_sync_complete {
            assert_eq!(notes(&mut fresh, record_id), expected, "only a whole answer completes the first sync");
            break;
        }
        assert!(frames < 1_000, "the first sync never completes");
        // Half of the interrupted tablets are switched off as well.
        if frames % 2 == 0 {
            fresh.stop();
            fresh.start();
        }
        sync(&mut fresh, &mut station, NOON);
        let standing = on(&mut fresh).standing().expect("it answers");
        assert!(standing.first_sync_complete, "after {frames} frames");
        assert_eq!((standing.waiting, standing.set_aside), (0, 0), "after {frames} frames");
        assert_eq!(notes(&mut fresh, record_id), expected, "after {frames} frames");
        frames += 1;
    }
    assert!(frames > 50, "the answer has a frame for each entry of the log at least: {frames}");
}

/// Documents of the device in lessons 6 and 7; the benchmark measures a hundred thousand.
const DOCUMENTS: usize = 10_000;

#[test]
fn lesson_06_and_07_with_ten_thousand_documents_a_sync_is_one_request_and_costs_what_changed() {
    let mut station = Station::new(3);
    let mut desk = Tablet::new(3, 0);
    let mut tablet = Tablet::new(3, 1);
    sync(&mut desk, &mut station, NOON);
    for from in (0..DOCUMENTS).step_by(500) {
        many_homes(&mut desk, 500, from);
    }
    sync(&mut desk, &mut station, NOON);
    sync(&mut tablet, &mut station, NOON);
    // The beginning of the tablet's audit chain comes to the auditors' desk.
    sync(&mut desk, &mut station, NOON);
    for one in [&mut desk, &mut tablet] {
        assert_eq!(documents::count(on(one).store().reader()).expect("it answers"), DOCUMENTS as u64);
        let calls = sync(one, &mut station, NOON);
        assert_eq!(calls.len(), 1, "lesson 7: one round trip: {calls:?}");
        assert!(calls[0].up_bytes < 1_024 && calls[0].down_bytes < 1_024, "lesson 7: under 1 KB: {calls:?}");
    }
    record(&mut desk, "one changed");
    let sent = sync(&mut desk, &mut station, NOON);
    let fetched = sync(&mut tablet, &mut station, NOON);
    assert_eq!((sent.len(), fetched.len()), (1, 1), "lesson 6: one request each: {sent:?} {fetched:?}");
    assert!(sent[0].up_bytes < 4_096 && fetched[0].down_bytes < 4_096, "lesson 6: {sent:?} {fetched:?}");
}
