//! What one bad record, one missing key or one flipped bit did elsewhere: lessons 10, 12, 14.

use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::{Class, Document};
use doorstep_client_core::replica::reader::{SetAside, Wait};
use doorstep_client_core::store::envelopes::{self, Standing};
use doorstep_client_core::store::{documents, meta};
use doorstep_protocol::envelope::envelope_id;
use doorstep_protocol::{ActorId, DocumentId, EnvelopeId, Millis, SessionNonce, Signature, hash};
use doorstep_server::Store as _;
use doorstep_tests::forge::Forger;
use doorstep_tests::sim::chance::Chance;
use doorstep_tests::sim::station::Station;
use doorstep_tests::sim::tablet::Tablet;
use doorstep_tests::town::{NOON, Town};
use doorstep_tests::wire::{on, sync};

fn id_of(bytes: &[u8]) -> EnvelopeId {
    envelope_id(&bytes[..bytes.len() - Signature::LEN])
}

fn homes(tablet: &mut Tablet, count: usize) {
    let (device, chance) = tablet.device_and_chance().expect("it is on");
    device
        .write(NOON, chance.rng(), |draft| {
            for number in 0..count {
                let record = draft.new_record();
                let line = Some(format!("{number} Long Lane"));
                let property = Property { provisional: Some(true), line, ..Property::default() };
                draft.edit(record, Class::Index, |edit| edit.put(&property))?;
            }
            Ok(())
        })
        .expect("saved");
}

/// An honest change of a document, by the actor that a forger's envelopes name.
fn honest_change(forger: &Tablet, document: DocumentId, line: &str) -> Vec<u8> {
    let actor: ActorId = hash::actor_id(forger.id(), document, SessionNonce([9; 16]));
    let mut made = Document::genesis(Class::Index, document).expect("the class is built");
    let property = Property { provisional: Some(true), line: Some(line.into()), ..Property::default() };
    made.edit(actor, Millis(1), |edit| edit.put(&property)).expect("a value that holds").remove(0)
}

fn forger_of(tablet: &mut Tablet, number: usize) -> Forger {
    Forger::new(on(tablet), Town::get().residents[number].secrets(), Class::Index)
}

/// A station, a desk that reads, and an enrolled tablet whose keys a forger has.
fn reader_and_forger(seed: u64) -> (Station, Tablet, Tablet, Forger) {
    let mut station = Station::new(seed);
    let (mut desk, mut taken) = (Tablet::new(seed, 0), Tablet::new(seed, 1));
    sync(&mut desk, &mut station, NOON);
    sync(&mut taken, &mut station, NOON);
    let forger = forger_of(&mut taken, 1);
    (station, desk, taken, forger)
}

#[test]
fn lesson_10_what_cannot_be_decrypted_is_never_deleted() {
    use doorstep_client_core::records::function::{Ability, Doing, Level};
    let mut station = Station::new(4);
    let mut desk = Tablet::new(4, 0);
    // The landlord's tablet has no key of the function class.
    let mut landlord = Tablet::new(4, 3);
    sync(&mut desk, &mut station, NOON);
    sync(&mut landlord, &mut station, NOON);
    let (device, chance) = desk.device_and_chance().expect("it is on");
    device
        .write(NOON, chance.rng(), |draft| {
            let person = draft.new_record();
            let ability = Ability { what: Some(Doing::Walk), level: Some(Level::Cannot), ..Ability::default() };
            let row = draft.row_id();
            draft.edit(person, Class::Function, |edit| edit.create(row, &ability))
        })
        .expect("saved");
    sync(&mut desk, &mut station, NOON);
    let kept = envelopes::page_after(on(&mut desk).store().reader(), 0, usize::MAX).expect("its own store");
    // Audit records stay sealed for everybody but auditors.
    let kept = kept.into_iter().filter(|kept| kept.standing == Standing::Applied);
    let carried: Vec<Vec<u8>> = kept.map(|kept| kept.bytes).collect();
    let ids: Vec<EnvelopeId> = carried.iter().map(|bytes| id_of(bytes)).collect();
    on(&mut landlord).ingest_carried(carried.clone(), NOON).expect("taken");

    let is_kept = |landlord: &mut Tablet| {
        for (id, bytes) in ids.iter().zip(&carried) {
            let kept = envelopes::find(on(landlord).store().reader(), *id).expect("its own store").expect("it is kept");
            assert_eq!(kept.standing, Standing::Waits(Wait::NoKey));
            assert_eq!(&kept.bytes, bytes, "as it came");
        }
    };
    is_kept(&mut landlord);
    sync(&mut landlord, &mut station, NOON);
    on(&mut landlord).rebuild(NOON).expect("rebuilt");
    landlord.stop();
    landlord.start();
    sync(&mut landlord, &mut station, NOON);
    is_kept(&mut landlord);
    let stored = |station: &mut Station| {
        station.look(|store| {
            let heads = store.heads(Town::get().partnership, &Town::get().zones).expect("the store answers");
            heads.values().map(|head| head.number.0).sum::<u64>()
        })
    };
    assert_eq!(
        stored(&mut station),
        ids.len() as u64 + 2,
        "nor is anything gone at the server, where both audit chains began"
    );
    // It even brings back to a server that lost everything what it cannot read itself.
    station.wipe();
    sync(&mut landlord, &mut station, NOON);
    assert_eq!(stored(&mut station), ids.len() as u64 + 1);
    assert!(on(&mut landlord).standing().expect("it answers").outbox.receipted == 0, "no receipt is waited for");
}

#[test]
fn lesson_12_flipped_bits_are_decoded_apart_and_the_rest_goes_on() {
    let (mut station, mut desk, mut taken, mut forger) = reader_and_forger(5);
    let chance = &mut Chance::new(5, 9);
    let (mut bad, mut sealed) = (0, Vec::new());
    for number in 0..400u64 {
        let document = DocumentId(chance.bytes16());
        let mut change = honest_change(&taken, document, &format!("{number} Long Lane"));
        let bit = chance.below(change.len() as u64 * 8) as usize;
        change[bit / 8] ^= 1 << (bit % 8);
        // A flip by a careless disk is found by the checksum; one by a careless program is not.
        if number % 2 == 0 {
            mend_checksum(&mut change);
        }
        bad += 1;
        sealed.push(forger.seal_changes(document, vec![change]));
    }
    let good = DocumentId(chance.bytes16());
    let last = honest_change(&taken, good, "the last of all");
    sealed.push(forger.seal_changes(good, vec![last]));
    station.take_from(taken.id(), sealed, NOON);
    sync(&mut desk, &mut station, NOON);

    let standing = on(&mut desk).standing().expect("it answers");
    assert!(standing.set_aside > bad / 4, "{standing:?}");
    assert!(on(&mut desk).view(good).expect("it loads").is_some(), "what came after is in its document");
    assert_eq!(meta::alarm(on(&mut desk).store().reader()).expect("it answers"), None);
    // What was taken of it loads, saves and shows.
    for (document, _) in documents::all(on(&mut desk).store().reader()).expect("it answers") {
        on(&mut desk).view(document).expect("what was kept loads again");
    }
    assert_eq!(on(&mut desk).verify().expect("it reads").faults, Vec::<String>::new());
    homes(&mut desk, 3);
    sync(&mut desk, &mut station, NOON);
    sync(&mut taken, &mut station, NOON);
}

/// Writes the checksum that a chunk's content asks for: the first four bytes of its SHA-256.
fn mend_checksum(chunk: &mut [u8]) {
    let digest = hash::sha256(&chunk[8..]);
    chunk[4..8].copy_from_slice(&digest.0[..4]);
}

#[test]
fn lesson_12_flipped_bits_of_envelopes_are_refused_whole() {
    let (mut station, mut desk, mut taken, _) = reader_and_forger(6);
    homes(&mut taken, 1);
    sync(&mut taken, &mut station, NOON);
    let kept = envelopes::page_after(on(&mut taken).store().reader(), 0, usize::MAX).expect("its own store");
    let honest = kept.into_iter().map(|kept| kept.bytes).next().expect("one was sealed");
    let flipped: Vec<Vec<u8>> = (0..honest.len() * 8)
        .step_by(3)
        .map(|bit| {
            let mut bytes = honest.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            bytes
        })
        .collect();
    let came = on(&mut desk).ingest_carried(flipped, NOON).expect("none of them stops the device");
    assert_eq!(came.applied, 0, "{came:?}");
    sync(&mut desk, &mut station, NOON);
    assert_eq!(documents::count(on(&mut desk).store().reader()).expect("it answers"), 1, "the honest one is applied");
    assert!(on(&mut desk).standing().expect("it answers").alarm.is_none());
}

#[test]
fn lesson_12_one_envelope_twice_in_a_carrier_file_is_no_fork() {
    let (_, mut desk, mut taken, _) = reader_and_forger(13);
    for _ in 0..3 {
        homes(&mut taken, 1);
        let (device, chance) = taken.device_and_chance().expect("it is on");
        device.seal_pending(NOON, chance.rng()).expect("sealed");
    }
    let kept = envelopes::page_after(on(&mut taken).store().reader(), 0, usize::MAX).expect("its own store");
    let once: Vec<Vec<u8>> = kept.into_iter().map(|kept| kept.bytes).collect();
    let twice = once.iter().chain(&once).cloned().collect();
    on(&mut desk).ingest_carried(twice, NOON).expect("taken");
    let standing = on(&mut desk).standing().expect("it answers");
    assert_eq!((standing.documents, standing.set_aside, standing.waiting), (3, 0, 0), "{standing:?}");
    assert!(on(&mut desk).rebuild(NOON).expect("rebuilt").differing.is_empty());
}

#[test]
fn lesson_14_one_poisoned_record_among_a_thousand_blocks_nothing() {
    let (mut station, mut desk, mut taken, mut forger) = reader_and_forger(7);
    let mut other = Tablet::new(7, 4);
    sync(&mut other, &mut station, NOON);
    homes(&mut desk, 500);
    sync(&mut desk, &mut station, NOON);
    let poisoned = forger.seal_bytes(DocumentId([7; 16]), b"no batch of changes at all");
    let poison = id_of(&poisoned);
    station.take_from(taken.id(), vec![poisoned], NOON);
    homes(&mut desk, 499);
    sync(&mut desk, &mut station, NOON);
    let document = DocumentId([8; 16]);
    let later = forger.seal_changes(document, vec![honest_change(&taken, document, "later, and sound")]);
    station.take_from(taken.id(), vec![later], NOON);

    sync(&mut other, &mut station, NOON);
    let standing = on(&mut other).standing().expect("it answers");
    assert_eq!((standing.set_aside, standing.waiting), (1, 0));
    assert_eq!(standing.documents, 1_000, "all the others, and the same author's next");
    let tray = on(&mut other).tray().expect("it answers");
    assert_eq!(tray.len(), 1);
    assert_eq!((tray[0].envelope, tray[0].standing), (poison, Standing::SetAside(SetAside::Payload)));
    assert_eq!(tray[0].author, Some(taken.id()), "it says whose it is");
    // The reader is not stuck behind it, and asks for nothing twice.
    let again = sync(&mut other, &mut station, NOON);
    assert!(again.len() == 1 && again[0].down_bytes < 1_024, "{again:?}");
    homes(&mut other, 1);
    sync(&mut other, &mut station, NOON);
    sync(&mut desk, &mut station, NOON);
    assert_eq!(on(&mut desk).standing().expect("it answers").documents, 1_001);
    assert_eq!(on(&mut other).verify().expect("it reads").faults, Vec::<String>::new());
    sync(&mut taken, &mut station, NOON);
}
