//! What cloned tablets and plain files did elsewhere: lessons 11, 25.

use std::collections::BTreeSet;
use std::fs;

use doorstep_client_core::device::Device;
use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::{Class, Uprn, home};
use doorstep_client_core::replica::machine::{Phase, Stop};
use doorstep_client_core::store::{DatabaseKey, OpenError, Store, StoreError, documents};
use doorstep_client_core::vault::DeviceSecrets;
use doorstep_protocol::DocumentId;
use doorstep_tests::sim::chance::Chance;
use doorstep_tests::sim::station::Station;
use doorstep_tests::sim::tablet::Tablet;
use doorstep_tests::town::{NOON, Town};
use doorstep_tests::wire::{on, sync};

fn visit(tablet: &mut Tablet, purpose: &str) {
    let (device, chance) = tablet.device_and_chance().expect("it is on");
    let uprn: Uprn = "100023336956".parse().expect("digits");
    device
        .write(NOON, chance.rng(), |draft| {
            let record = draft.record_of_uprn(&uprn)?;
            let property =
                Property { uprn: Some(uprn.clone()), line: Some("1 High Street".into()), ..Property::default() };
            draft.edit(record, Class::Index, |edit| edit.put(&property))?;
            let row = draft.row_id();
            let visit = home::Visit { purpose: Some(purpose.into()), started_at: Some(NOON), ..Default::default() };
            draft.edit(record, Class::Home, |edit| edit.create(row, &visit))
        })
        .expect("saved");
}

fn purposes(tablet: &mut Tablet) -> BTreeSet<String> {
    let device = on(tablet);
    let all = documents::all(device.store().reader()).expect("it answers");
    let homes: Vec<DocumentId> = all.into_iter().filter(|(_, class)| *class == Class::Home).map(|(id, _)| id).collect();
    let views = homes.into_iter().map(|id| device.view(id).expect("it loads").expect("it is there"));
    views
        .flat_map(|view| view.rows::<home::Visit>(doorstep_client_core::records::Reading::Shown))
        .filter_map(|seen| seen.value.purpose)
        .collect()
}

fn set(of: &[&str]) -> BTreeSet<String> {
    of.iter().map(ToString::to_string).collect()
}

#[test]
fn lesson_11_a_cloned_tablet_stops_and_no_document_is_stuck() {
    let mut station = Station::new(9);
    let (mut desk, mut tablet) = (Tablet::new(9, 0), Tablet::new(9, 1));
    sync(&mut desk, &mut station, NOON);
    sync(&mut tablet, &mut station, NOON);
    visit(&mut tablet, "before it was copied");
    sync(&mut tablet, &mut station, NOON);
    let mut clone = tablet.copy(9);
    // Both write to the same documents, under the same identity, not knowing of each other.
    visit(&mut tablet, "on the first");
    visit(&mut clone, "on the second");
    sync(&mut tablet, &mut station, NOON);
    let calls = sync(&mut clone, &mut station, NOON);
    assert_eq!(clone.phase(), Phase::Stopped(Stop::Cloned), "whoever comes second stops");
    assert!(calls.iter().all(|call| call.name != "sync"), "before it has sent anything: {calls:?}");
    assert!(on(&mut clone).standing().expect("it answers").alarm.is_some(), "and says so");
    assert!(purposes(&mut clone).contains("on the second"), "its work is kept");
    assert!(tablet.phase() == Phase::Resting, "the first goes on");
    visit(&mut tablet, "on the first, later");
    sync(&mut tablet, &mut station, NOON);
    visit(&mut desk, "at the desk");
    sync(&mut desk, &mut station, NOON);
    sync(&mut tablet, &mut station, NOON);
    let expected = set(&["before it was copied", "on the first", "on the first, later", "at the desk"]);
    assert_eq!(purposes(&mut desk), expected, "the document is not stuck for anybody");
    assert_eq!(purposes(&mut tablet), expected);
    let standing = on(&mut desk).standing().expect("it answers");
    assert_eq!((standing.waiting, standing.set_aside), (0, 0));
    // A clone that is started again does not write either.
    clone.stop();
    clone.start();
    visit(&mut clone, "on the second, later");
    sync(&mut clone, &mut station, NOON);
    assert_eq!(clone.phase(), Phase::Stopped(Stop::Cloned));
    sync(&mut desk, &mut station, NOON);
    assert_eq!(purposes(&mut desk), expected);
}

#[test]
fn lesson_11_actors_differ_between_sessions_of_one_device() {
    let mut station = Station::new(10);
    let mut desk = Tablet::new(10, 0);
    sync(&mut desk, &mut station, NOON);
    visit(&mut desk, "in the first session");
    let before = actors(&mut desk);
    desk.stop();
    desk.start();
    visit(&mut desk, "in the second session");
    let after = actors(&mut desk);
    assert!(before.is_subset(&after) && after.len() > before.len(), "{} then {}", before.len(), after.len());
}

fn actors(tablet: &mut Tablet) -> BTreeSet<Vec<u8>> {
    let mut statement = on(tablet).store().reader().prepare("SELECT actor FROM actors").expect("its own table");
    statement.query_map([], |row| row.get(0)).expect("rows").map(|row| row.expect("a blob")).collect()
}

#[test]
fn lesson_25_a_plain_or_foreign_file_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let key = || DatabaseKey::from_bytes([3; 32]);
    let plain = folder.path().join("plain.db");
    {
        let connection = rusqlite::Connection::open(&plain).expect("a new file");
        connection
            .execute_batch("CREATE TABLE meta (name TEXT, value BLOB); INSERT INTO meta VALUES ('a', 'b');")
            .expect("written");
    }
    let encrypted = folder.path().join("ops.db");
    drop(Store::open(&encrypted, &key()).expect("a new store"));
    let header = fs::read(&encrypted).expect("it is there");
    assert!(!header.starts_with(b"SQLite format 3"), "a store is never in clear");
    let damaged = folder.path().join("damaged.db");
    fs::write(&damaged, [&header[..2_000], &[0x5a; 4_000][..]].concat()).expect("written");
    let other_key = DatabaseKey::from_bytes([4; 32]);
    let cases = [(&plain, key()), (&encrypted, other_key), (&damaged, key())];
    for (path, key) in cases {
        let before = fs::read(path).expect("it is there");
        let refused = Store::open(path, &key).err().expect("it is not opened");
        let expected = if *path == plain {
            matches!(refused, StoreError::Open(OpenError::Plaintext))
        } else {
            matches!(refused, StoreError::Open(OpenError::WrongKeyOrDamaged))
        };
        assert!(expected, "{path:?}: {refused:?}");
        assert_eq!(fs::read(path).expect("it is still there"), before, "it is left as it was: {path:?}");
    }
    drop(Store::open(&encrypted, &key()).expect("it still opens with its own key"));
}

#[test]
fn lesson_25_an_old_image_that_is_put_back_is_noticed_and_its_work_is_kept() {
    let mut station = Station::new(11);
    let (mut desk, mut tablet) = (Tablet::new(11, 0), Tablet::new(11, 1));
    sync(&mut desk, &mut station, NOON);
    sync(&mut tablet, &mut station, NOON);
    visit(&mut tablet, "on Monday");
    sync(&mut tablet, &mut station, NOON);
    let mut monday = tablet.copy(11);
    visit(&mut tablet, "on Tuesday");
    sync(&mut tablet, &mut station, NOON);
    drop(tablet);
    // The tablet is set back to Monday's image, and used before it meets the server.
    visit(&mut monday, "on Wednesday");
    let calls = sync(&mut monday, &mut station, NOON);
    assert_eq!(monday.phase(), Phase::Stopped(Stop::Cloned));
    assert!(calls.iter().all(|call| call.name != "sync"), "before it has sent anything: {calls:?}");
    assert_eq!(purposes(&mut monday), set(&["on Monday", "on Wednesday"]), "nothing of it is thrown away");
    let standing = on(&mut monday).standing().expect("it answers");
    assert!(standing.unsealed_changes > 0 || standing.outbox.to_send > 0, "{standing:?}");
    sync(&mut desk, &mut station, NOON);
    assert_eq!(purposes(&mut desk), set(&["on Monday", "on Tuesday"]), "and no fork reaches anybody");
}

#[test]
fn lesson_25_a_page_of_another_day_does_not_pass_verification() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("ops.db");
    let secrets = || Town::get().residents[0].secrets();
    let mut chance = Chance::new(12, 0);
    {
        let store = Store::open(&path, &secrets().database).expect("a new store");
        let mut desk = Town::get().desk(store, chance.rng());
        desk.write(NOON, chance.rng(), |draft| {
            let record = draft.new_record();
            let property = Property { line: Some("1 High Street".into()), ..Property::default() };
            draft.edit(record, Class::Index, |edit| edit.put(&property))
        })
        .expect("saved");
        desk.seal_pending(NOON, chance.rng()).expect("sealed");
    }
    let reopen = |secrets: DeviceSecrets, chance: &mut Chance| {
        let store = Store::open(&path, &secrets.database).expect("it opens");
        Device::open(store, secrets, chance.rng()).expect("it opens")
    };
    assert_eq!(reopen(secrets(), &mut chance).verify().expect("it reads").faults, Vec::<String>::new());
    // One bit of an envelope is changed behind the program's back, by whoever has the key.
    {
        let store = Store::open(&path, &secrets().database).expect("it opens");
        let changed = store.reader().execute(
            "UPDATE envelopes SET bytes = CAST(substr(bytes, 1, 200) || x'00' || substr(bytes, 202) AS BLOB)",
            [],
        );
        assert_eq!(changed.expect("written"), 1);
    }
    assert!(!reopen(secrets(), &mut chance).verify().expect("it reads").faults.is_empty());
}
