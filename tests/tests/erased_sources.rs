//! What was published from a document that is then erased: no reader shows it, counts it or keeps its words open on disk,
//! whatever came first, and what is begun anew afterwards is shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use doorstep_client_core::device::{Device, RecordId};
use doorstep_client_core::records::fire::Fact;
use doorstep_client_core::records::firebox::{FireLine, firebox};
use doorstep_client_core::records::home::Dwelling;
use doorstep_client_core::records::index::{Flag, Property};
use doorstep_client_core::records::{Reading, Uprn};
use doorstep_client_core::store::guard::DatabaseKey;
use doorstep_client_core::store::{CommitPoint, Fault, Store, lists};
use doorstep_protocol::authority::{Body, Erase, EraseReason, ErasedEnvelope};
use doorstep_protocol::envelope::Header;
use doorstep_protocol::{Class, EnvelopeId};
use doorstep_tests::clerk::{Clerk, everything};
use doorstep_tests::town::NOON;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use rusqlite::Connection;

const HOME: &str = "100023336956";
const OTHER_HOME: &str = "100023336957";
const WORDS: &str = "the bell is broken, knock at the kitchen window";
const ANEW: &str = "ring twice";

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn bytes(all: &[(EnvelopeId, Vec<u8>)]) -> Vec<Vec<u8>> {
    all.iter().map(|(_, bytes)| bytes.clone()).collect()
}

/// A home with a key safe, and how to get in: both are published for crews.
fn visit(device: &mut Device, rng: &mut ChaCha20Rng, uprn: &str, access: &str) -> RecordId {
    let uprn: Uprn = uprn.parse().unwrap();
    device
        .write(NOON, rng, |draft| {
            let record = draft.record_of_uprn(&uprn)?;
            let property =
                Property { uprn: Some(uprn.clone()), line: Some("1 High Street".into()), ..Property::default() };
            draft.edit(record, Class::Index, |edit| edit.put(&property))?;
            let dwelling = Dwelling { access_notes: Some(access.into()), key_safe: Some(true), ..Dwelling::default() };
            draft.edit(record, Class::Home, |edit| edit.put(&dwelling))?;
            Ok(record)
        })
        .unwrap()
}

/// What a crew reads on the line of access, and how many flags lists show.
fn shown(device: &mut Device, record: RecordId) -> (Vec<String>, usize) {
    let view = |device: &mut Device, class| {
        let id = device.document_of(record, class).unwrap()?;
        device.view(id).unwrap()
    };
    let (fire, index) = (view(device, Class::Fire), view(device, Class::Index));
    let page = firebox(fire.as_ref(), index.as_ref(), None, NOON);
    let words = page.line(FireLine::AccessAndKeySafe).iter().map(|entry| entry.words.clone()).collect();
    let flags = lists::property_of(device.store().reader(), record.0).unwrap().map_or(0, |row| row.flags);
    (words, flags)
}

fn both(access: &str) -> (Vec<String>, usize) {
    // Facts of one moment stand in the order of their kinds.
    (vec![access.to_owned(), "exists, code is sealed".to_owned()], 1)
}

fn nothing() -> (Vec<String>, usize) {
    (Vec::new(), 0)
}

/// The erasure of a record's home, naming what these envelopes hold of it.
fn erasure(clerk: &Clerk, desk: &Device, record: RecordId, all: &[(EnvelopeId, Vec<u8>)]) -> Body {
    let (zone, document) = (clerk.zone(Class::Home), desk.document_of(record, Class::Home).unwrap().unwrap());
    let headers = all.iter().map(|(id, bytes)| (*id, Header::parse(bytes).unwrap()));
    let mut envelopes: Vec<ErasedEnvelope> = headers
        .filter(|(_, header)| header.zone == zone && header.document == document)
        .map(|(envelope, header)| ErasedEnvelope { envelope, author: header.author, zseq: header.zseq })
        .collect();
    envelopes.sort_by_key(|one| one.envelope);
    Body::Erase(Erase { zone, document, reason: EraseReason::Request, envelopes })
}

/// Everything holds, and a rebuild makes the same of it.
fn holds(device: &mut Device, record: RecordId) {
    let before = shown(device, record);
    assert_eq!(device.verify().unwrap().faults, Vec::<String>::new());
    let rebuilt = device.rebuild(NOON).unwrap();
    assert!(rebuilt.differing.is_empty(), "{rebuilt:?}");
    assert_eq!(device.verify().unwrap().faults, Vec::<String>::new());
    assert_eq!(shown(device, record), before, "a rebuild shows something else");
}

/// Every byte of every value of a store, documents and changes as they are before Automerge makes them small.
fn opened(store: &Connection) -> Vec<u8> {
    let mut all = Vec::new();
    let mut tables = store.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for table in tables {
        let mut statement = store.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for at in 0..columns {
                if let Ok(held) = row.get_ref(at).unwrap().as_bytes() {
                    all.extend_from_slice(held);
                    all.push(0);
                }
            }
        }
    }
    let mut saves = store.prepare("SELECT save FROM documents").unwrap();
    for save in saves.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap().map(Result::unwrap) {
        let Ok(document) = automerge::Automerge::load(&save) else { continue };
        for change in document.get_changes(&[]) {
            all.extend_from_slice(change.raw_bytes());
        }
    }
    all
}

/// Every page of a store in memory, freed ones included, as they would stand in a file without its encryption.
fn pages(store: &Connection) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pages");
    store.backup(rusqlite::MAIN_DB, &path, None::<fn(rusqlite::backup::Progress)>).unwrap();
    std::fs::read(path).unwrap()
}

fn has(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

#[test]
fn a_reader_shows_nothing_of_an_erased_source_whatever_came_first() {
    let rng = &mut rng(1);
    let mut clerk = Clerk::new(1);
    let (mut desk, mut tablet) = (clerk.device(0, rng), clerk.device(2, rng));
    let record = visit(&mut tablet, rng, HOME, WORDS);
    let other = visit(&mut tablet, rng, OTHER_HOME, ANEW);
    let all = everything(&mut tablet, rng);
    desk.ingest_carried(bytes(&all), NOON).unwrap();
    assert_eq!(shown(&mut desk, record), both(WORDS));
    // One reader has it all before it hears of the erasure, one hears first, one has half.
    let mut late = clerk.device(1, rng);
    clerk.says(erasure(&clerk, &desk, record, &all));
    let mut first = clerk.device(1, rng);
    first.ingest_carried(bytes(&all), NOON).unwrap();
    late.ingest_carried(bytes(&all), NOON).unwrap();
    assert_eq!(shown(&mut late, record), both(WORDS));
    for device in [&mut desk, &mut late, &mut first, &mut tablet] {
        clerk.tell(device);
        assert_eq!(shown(device, record), nothing());
        assert_eq!(shown(device, other), both(ANEW), "another home's are its own");
        holds(device, record);
    }
}

#[test]
fn who_holds_only_what_crews_read_hides_it_too() {
    let rng = &mut rng(2);
    let mut clerk = Clerk::new(1);
    let (mut desk, mut tablet, mut crew) = (clerk.device(0, rng), clerk.device(2, rng), clerk.device(1, rng));
    let record = visit(&mut tablet, rng, HOME, WORDS);
    let all = everything(&mut tablet, rng);
    desk.ingest_carried(bytes(&all), NOON).unwrap();
    let home = clerk.zone(Class::Home);
    let is_read = |bytes: &[u8]| Header::parse(bytes).unwrap().zone != home;
    let read: Vec<Vec<u8>> = bytes(&all).into_iter().filter(|bytes| is_read(bytes)).collect();
    crew.ingest_carried(read, NOON).unwrap();
    assert_eq!(shown(&mut crew, record), both(WORDS));
    clerk.says(erasure(&clerk, &desk, record, &all));
    clerk.tell(&mut crew);
    assert_eq!(shown(&mut crew, record), nothing());
    holds(&mut crew, record);
}

#[test]
fn a_record_that_is_begun_anew_is_published_again() {
    let rng = &mut rng(3);
    let mut clerk = Clerk::new(1);
    let (mut desk, mut tablet, mut reader) = (clerk.device(0, rng), clerk.device(2, rng), clerk.device(1, rng));
    let record = visit(&mut tablet, rng, HOME, WORDS);
    let all = everything(&mut tablet, rng);
    desk.ingest_carried(bytes(&all), NOON).unwrap();
    reader.ingest_carried(bytes(&all), NOON).unwrap();
    clerk.says(erasure(&clerk, &desk, record, &all));
    clerk.tell(&mut desk);
    visit(&mut desk, rng, HOME, ANEW);
    assert_eq!(shown(&mut desk, record), both(ANEW));
    holds(&mut desk, record);
    let anew = everything(&mut desk, rng);
    clerk.tell(&mut reader);
    reader.ingest_carried(bytes(&anew), NOON).unwrap();
    assert_eq!(shown(&mut reader, record), both(ANEW));
    // It is kept in its envelopes only, and goes on being written to and read.
    visit(&mut reader, rng, HOME, "ring once");
    assert_eq!(shown(&mut reader, record), both("ring once"));
    let on = everything(&mut reader, rng);
    let mut reader = Device::open(reader.into_store(), clerk.secrets(1), rng).unwrap();
    assert_eq!(shown(&mut reader, record), both("ring once"));
    desk.ingest_carried(bytes(&on), NOON).unwrap();
    assert_eq!(shown(&mut desk, record), both("ring once"));
    for device in [&mut desk, &mut reader] {
        holds(device, record);
    }
}

#[test]
fn the_words_are_in_no_page_of_a_readers_store() {
    let rng = &mut rng(4);
    let mut clerk = Clerk::new(1);
    let connection = Connection::open_in_memory().unwrap();
    // As the open guard sets it for a file.
    connection.pragma_update(None, "secure_delete", "ON").unwrap();
    let (mut desk, mut tablet) = (clerk.device(0, rng), clerk.device(2, rng));
    let mut reader = clerk.device_on(1, Store::from_memory(connection).unwrap(), clerk.entries.len(), rng);
    let record = visit(&mut tablet, rng, HOME, WORDS);
    let all = everything(&mut tablet, rng);
    desk.ingest_carried(bytes(&all), NOON).unwrap();
    reader.ingest_carried(bytes(&all), NOON).unwrap();
    // What the reader wrote itself and had not sealed when it heard of it.
    visit(&mut reader, rng, HOME, WORDS);
    assert!(has(&opened(reader.store().reader()), WORDS), "the scan finds what is there");
    clerk.says(erasure(&clerk, &desk, record, &all));
    clerk.tell(&mut reader);
    everything(&mut reader, rng);
    assert_eq!(shown(&mut reader, record), nothing());
    for round in ["after it heard", "after a rebuild"] {
        assert!(!has(&opened(reader.store().reader()), WORDS), "{round}");
        assert!(!has(&pages(reader.store().reader()), WORDS), "{round}");
        holds(&mut reader, record);
    }
}

#[test]
fn the_words_are_in_no_file_of_a_reader() {
    let rng = &mut rng(5);
    let mut clerk = Clerk::new(1);
    let folder = tempfile::tempdir().unwrap();
    let key = || DatabaseKey::from_bytes([7; 32]);
    let path = folder.path().join("store");
    let (mut desk, mut tablet) = (clerk.device(0, rng), clerk.device(2, rng));
    let mut reader = clerk.device_on(1, Store::open(&path, &key()).unwrap(), clerk.entries.len(), rng);
    let record = visit(&mut tablet, rng, HOME, WORDS);
    let all = everything(&mut tablet, rng);
    desk.ingest_carried(bytes(&all), NOON).unwrap();
    reader.ingest_carried(bytes(&all), NOON).unwrap();
    assert!(has(&opened(reader.store().reader()), WORDS));
    clerk.says(erasure(&clerk, &desk, record, &all));
    clerk.tell(&mut reader);
    drop(reader);
    // The same after the program has begun again.
    let mut reader = Device::open(Store::open(&path, &key()).unwrap(), clerk.secrets(1), rng).unwrap();
    reader.finish_rebuild(NOON).unwrap();
    assert_eq!(shown(&mut reader, record), nothing());
    assert!(!has(&opened(reader.store().reader()), WORDS));
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap().path();
        assert!(!has(&std::fs::read(&file).unwrap(), WORDS), "{}", file.display());
    }
}

#[test]
fn a_desk_withdraws_what_was_published() {
    let rng = &mut rng(6);
    let mut clerk = Clerk::new(1);
    let (mut desk, mut tablet) = (clerk.device(0, rng), clerk.device(2, rng));
    let record = visit(&mut tablet, rng, HOME, WORDS);
    let all = everything(&mut tablet, rng);
    desk.ingest_carried(bytes(&all), NOON).unwrap();
    let source = desk.document_of(record, Class::Home).unwrap().unwrap();
    let body = erasure(&clerk, &desk, record, &all);
    let withdraw = |desk: &mut Device, rng: &mut ChaCha20Rng| {
        desk.write(NOON, rng, |draft| draft.withdraw_published(source)).unwrap()
    };
    assert_eq!(withdraw(&mut desk, rng), 0, "nothing is erased yet");
    clerk.says(body);
    clerk.tell(&mut desk);
    assert_eq!(withdraw(&mut desk, rng), 3);
    assert_eq!(withdraw(&mut desk, rng), 0, "once is enough");
    let said = everything(&mut desk, rng);
    // A reader of another make goes by what the rows say.
    let mut raw = clerk.device(1, rng);
    raw.ingest_carried(bytes(&said), NOON).unwrap();
    let fire = raw.document_of(record, Class::Fire).unwrap().unwrap();
    let index = raw.document_of(record, Class::Index).unwrap().unwrap();
    for (document, class) in [(fire, Class::Fire), (index, Class::Index)] {
        let view = raw.whole_view(document).unwrap().unwrap();
        if class == Class::Fire {
            assert!(view.rows::<Fact>(Reading::Shown).iter().all(|seen| seen.value.withdrawn_at.is_some()));
        } else {
            assert!(view.rows::<Flag>(Reading::Shown).iter().all(|seen| seen.value.ended_at.is_some()));
        }
    }
}

#[test]
fn a_crash_at_any_commit_of_hiding_is_taken_up() {
    for point in [CommitPoint::Before, CommitPoint::After] {
        for spares in 0..40 {
            let rng = &mut rng(7);
            let mut clerk = Clerk::new(1);
            let (mut desk, mut tablet) = (clerk.device(0, rng), clerk.device(2, rng));
            let record = visit(&mut tablet, rng, HOME, WORDS);
            let all = everything(&mut tablet, rng);
            desk.ingest_carried(bytes(&all), NOON).unwrap();
            clerk.says(erasure(&clerk, &desk, record, &all));
            let left = Arc::new(AtomicU64::new(spares));
            let counting = Arc::clone(&left);
            desk.set_fault_hook(Arc::new(move |at| {
                if at != point {
                    return Fault::None;
                }
                let was = counting.load(Ordering::Relaxed);
                counting.store(was.saturating_sub(1), Ordering::Relaxed);
                if was == 0 { Fault::Fail } else { Fault::None }
            }));
            let is_through = desk.take_log(&clerk.entries, &[]).is_ok();
            let mut desk = Device::open(desk.into_store(), clerk.secrets(0), rng).unwrap();
            desk.set_fault_hook(Arc::new(|_| Fault::None));
            desk.finish_rebuild(NOON).unwrap();
            clerk.tell(&mut desk);
            assert_eq!(shown(&mut desk, record), nothing(), "{point:?} after {spares}");
            assert!(!has(&opened(desk.store().reader()), WORDS), "{point:?} after {spares}");
            holds(&mut desk, record);
            if is_through {
                break;
            }
            assert!(spares < 39, "it never gets through");
        }
    }
}
