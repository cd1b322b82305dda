//! What comes together badly over the years: a server that loses its disk after an erasure, work that comes by hand before
//! anybody may take it, an author who says it wrote before it was a member, a server that shows less of a lost tablet than was
//! seen.

use doorstep_client_core::device::{Device, RecordId};
use doorstep_client_core::partnership;
use doorstep_client_core::records::hazard_codes::Scheme;
use doorstep_client_core::records::home::Hazard;
use doorstep_client_core::records::{Class, Document, RowId};
use doorstep_client_core::replica::reader::{SetAside, Wait};
use doorstep_client_core::store::envelopes::{self, Standing};
use doorstep_protocol::authority::{Adopt, Authority, Body, Entry, RevokeReason};
use doorstep_protocol::envelope::{Envelope, HEADER_BYTES, Header};
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wire::AuthorTail;
use doorstep_protocol::{EnvelopeId, FeedNumber, SessionNonce, ZoneId, ZoneSeq, hash};
use doorstep_server::Store as _;
use doorstep_server::store::{FeedItem, FeedRange, PageBytes};
use doorstep_tests::clerk::{Clerk, everything, notes, record};
use doorstep_tests::forge::Forger;
use doorstep_tests::sim::office;
use doorstep_tests::sim::plan::Decision;
use doorstep_tests::sim::station::Station;
use doorstep_tests::sim::tablet::Tablet;
use doorstep_tests::town::{NOON, Town};
use doorstep_tests::wire::{on, settle, sync};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// The first of the homes that everybody in the simulator visits: what `Decision::Erase(0)` erases.
const ERASED: &str = "100023336956";
const OTHER: &str = "100023336957";

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn bytes(all: Vec<(EnvelopeId, Vec<u8>)>) -> Vec<Vec<u8>> {
    all.into_iter().map(|(_, bytes)| bytes).collect()
}

fn note(tablet: &mut Tablet, station: &mut Station, uprn: &str, words: &str) -> RecordId {
    let (device, chance) = tablet.device_and_chance().expect("it is on");
    let made = record(device, chance.rng(), uprn, words);
    sync(tablet, station, NOON);
    made
}

/// How many envelopes of the zone are whole at the server, and of how many the place only.
fn stored(station: &mut Station, zone: ZoneId) -> (usize, usize) {
    station.look(|store| {
        let partnership = Town::get().partnership;
        let head = store.heads(partnership, &[zone]).unwrap().get(&zone).copied().unwrap_or(FeedPoint::START);
        let range = FeedRange { zone, after: FeedNumber(0), through: head.number };
        let all = PageBytes { enough: usize::MAX, most: usize::MAX };
        let items = store.feed_page(partnership, range, doorstep_protocol::DeviceId::ZERO, all).unwrap();
        let gone = items.iter().filter(|item| matches!(item, FeedItem::Gone(_))).count();
        (items.len() - gone, gone)
    })
}

#[test]
fn a_server_that_loses_its_disk_after_an_erasure_is_brought_back_without_what_was_erased() {
    let mut station = Station::new(1);
    let mut tablets: Vec<Tablet> = (0..3).map(|number| Tablet::new(1, number)).collect();
    settle(&mut tablets, &mut station, NOON);
    // In one author's chain the erased stands between what stays.
    let kept = note(&mut tablets[1], &mut station, OTHER, "first");
    let gone = note(&mut tablets[1], &mut station, ERASED, "to be erased");
    note(&mut tablets[1], &mut station, OTHER, "second");
    settle(&mut tablets, &mut station, NOON);
    let (desk, chance) = tablets[0].device_and_chance().expect("it is on");
    let decided = office::decide(desk, Decision::Erase(0), NOON, chance.rng()).expect("it is there");
    station.append(&office::append_of(&decided.written)).expect("it is up").expect("two admins");
    settle(&mut tablets, &mut station, NOON);
    let zones = on(&mut tablets[0]).authority().unwrap().zones().clone();
    let zone = zones.iter().find(|(_, zone)| zone.class == Class::Home).map(|(id, _)| *id).expect("homes have a zone");
    let before = stored(&mut station, zone);
    assert!(before.0 > 0 && before.1 > 0, "{before:?}");

    station.wipe();
    settle(&mut tablets, &mut station, NOON);
    assert_eq!(stored(&mut station, zone), before, "places and all");
    // The author's chain goes on past what is gone, and a newcomer follows it.
    note(&mut tablets[1], &mut station, OTHER, "third");
    let mut newcomer = Tablet::new(2, 3);
    sync(&mut newcomer, &mut station, NOON);
    sync(&mut newcomer, &mut station, NOON);
    settle(&mut tablets, &mut station, NOON);
    for tablet in tablets.iter_mut().chain([&mut newcomer]) {
        let device = on(tablet);
        assert_eq!(notes(device, kept), ["first", "second", "third"]);
        assert_eq!(notes(device, gone), Vec::<String>::new());
        assert_eq!(device.verify().unwrap().faults, Vec::<String>::new());
        assert_eq!(device.standing().unwrap().alarm, None);
        assert!(device.tray().unwrap().is_empty());
    }
}

/// What an admin decides at the desk, brought to the server.
fn decide(desk: &mut Tablet, station: &mut Station, decision: Decision) {
    let (device, chance) = desk.device_and_chance().expect("it is on");
    let decided = office::decide(device, decision, NOON, chance.rng()).expect("there is something to decide");
    station.append(&office::append_of(&decided.written)).expect("it is up").expect("an admin may");
    partnership::take_written(device, &decided.written).expect("its own log");
}

/// All that a tablet has, as a carrier file holds it.
fn carried(tablet: &mut Tablet) -> Vec<Vec<u8>> {
    let (device, chance) = tablet.device_and_chance().expect("it is on");
    bytes(everything(device, chance.rng()))
}

fn towns(count: usize) -> (Station, Vec<Tablet>) {
    let mut station = Station::new(1);
    let mut tablets: Vec<Tablet> = (0..count).map(|number| Tablet::new(1, number)).collect();
    settle(&mut tablets, &mut station, NOON);
    (station, tablets)
}

#[test]
fn a_piece_of_an_erased_record_that_came_late_holds_up_nothing_when_the_server_loses_its_disk() {
    let (mut station, mut tablets) = towns(4);
    let gone = note(&mut tablets[2], &mut station, ERASED, "to be erased");
    settle(&mut tablets, &mut station, NOON);
    // The tablet writes, and has not heard of the erasure when it sends.
    let (device, chance) = tablets[1].device_and_chance().expect("it is on");
    record(device, chance.rng(), ERASED, "late");
    decide(&mut tablets[0], &mut station, Decision::Erase(0));
    let kept = note(&mut tablets[1], &mut station, OTHER, "after");
    settle(&mut tablets, &mut station, NOON);
    for tablet in &mut tablets {
        assert_eq!((notes(on(tablet), kept), notes(on(tablet), gone)), (vec!["after".to_owned()], Vec::new()));
    }

    station.wipe();
    settle(&mut tablets, &mut station, NOON);
    let mut newcomer = Tablet::new(2, 4);
    settle(std::slice::from_mut(&mut newcomer), &mut station, NOON);
    assert_eq!(notes(on(&mut newcomer), kept), ["after"], "its author brings the piece, so that the rest is taken");

    // The author is gone, and so is the server's disk: the admins name the piece, and nobody has to bring it.
    let unfinished = on(&mut tablets[0]).unfinished_erasures().unwrap();
    assert!(unfinished.len() == 1 && unfinished[0].envelopes > 0, "{unfinished:?}");
    tablets.remove(1);
    station.wipe();
    settle(&mut tablets, &mut station, NOON);
    decide(&mut tablets[0], &mut station, Decision::Finish);
    settle(&mut tablets, &mut station, NOON);
    assert_eq!(on(&mut tablets[0]).unfinished_erasures().unwrap(), []);
    let mut newcomer = Tablet::new(3, 4);
    settle(std::slice::from_mut(&mut newcomer), &mut station, NOON);
    assert_eq!(
        (notes(on(&mut newcomer), kept), notes(on(&mut newcomer), gone)),
        (vec!["after".to_owned()], Vec::new())
    );
}

#[test]
fn what_was_sealed_and_not_sent_when_its_record_was_erased_holds_up_nothing_after_it() {
    let (mut station, mut tablets) = towns(3);
    note(&mut tablets[2], &mut station, ERASED, "to be erased");
    settle(&mut tablets, &mut station, NOON);
    let (device, chance) = tablets[1].device_and_chance().expect("it is on");
    record(device, chance.rng(), ERASED, "sealed, not sent");
    everything(device, chance.rng());
    decide(&mut tablets[0], &mut station, Decision::Erase(0));
    // It hears of it by a carrier file, which has the log.
    let entries = doorstep_client_core::store::log::entries(on(&mut tablets[0]).store().reader()).unwrap();
    on(&mut tablets[1]).take_log(&entries, &[]).unwrap();
    let kept = note(&mut tablets[1], &mut station, OTHER, "after");
    settle(&mut tablets, &mut station, NOON);
    for tablet in &mut tablets {
        assert_eq!(notes(on(tablet), kept), ["after"]);
        assert_eq!(on(tablet).verify().unwrap().faults, Vec::<String>::new());
    }
    // Somebody who knew of the erasure has begun the record anew. Once the log names the piece, its author lets go of it, too.
    let anew = note(&mut tablets[2], &mut station, ERASED, "begun anew");
    settle(&mut tablets, &mut station, NOON);
    decide(&mut tablets[0], &mut station, Decision::Finish);
    settle(&mut tablets, &mut station, NOON);
    let author = on(&mut tablets[1]);
    for kept in envelopes::page_after(author.store().reader(), 0, usize::MAX).unwrap() {
        let is_erased = kept.standing == Standing::SetAside(SetAside::Erased);
        assert!(!is_erased || kept.bytes.len() == HEADER_BYTES, "{} is kept whole", kept.id);
    }
    for tablet in &mut tablets {
        assert_eq!(notes(on(tablet), anew), ["begun anew"]);
    }
}

#[test]
fn what_came_by_hand_before_what_it_follows_is_brought_to_the_server_once_it_counts() {
    let (mut station, mut tablets) = towns(3);
    // A tablet without signal writes twice; the later file comes first, and the tablet never comes back.
    let (device, chance) = tablets[1].device_and_chance().expect("it is on");
    let kept = record(device, chance.rng(), OTHER, "first");
    let first = bytes(everything(device, chance.rng()));
    record(device, chance.rng(), OTHER, "second");
    let mut second = bytes(everything(device, chance.rng()));
    second.retain(|envelope| !first.contains(envelope));
    tablets.remove(1);
    on(&mut tablets[1]).ingest_carried(second, NOON).unwrap();
    on(&mut tablets[1]).ingest_carried(first, NOON).unwrap();
    settle(&mut tablets, &mut station, NOON);
    for tablet in &mut tablets {
        assert_eq!(notes(on(tablet), kept), ["first", "second"]);
    }
}

#[test]
fn late_work_that_came_by_hand_reaches_everybody_once_the_desk_has_taken_it_in() {
    let (mut station, mut tablets) = towns(4);
    let (device, chance) = tablets[2].device_and_chance().expect("it is on");
    let kept = record(device, chance.rng(), OTHER, "before it was lost");
    let file = carried(&mut tablets[2]);
    decide(&mut tablets[0], &mut station, Decision::Revoke(2));
    tablets.remove(2);
    settle(&mut tablets, &mut station, NOON);
    on(&mut tablets[0]).ingest_carried(file, NOON).unwrap();
    settle(&mut tablets, &mut station, NOON);
    assert_eq!(notes(on(&mut tablets[1]), kept), Vec::<String>::new());
    // The server has lost its disk since: it refuses what nobody has taken in, and is brought it again afterwards.
    station.wipe();
    settle(&mut tablets, &mut station, NOON);
    decide(&mut tablets[0], &mut station, Decision::Adopt);
    settle(&mut tablets, &mut station, NOON);
    for tablet in &mut tablets {
        assert_eq!(notes(on(tablet), kept), ["before it was lost"]);
        assert!(on(tablet).tray().unwrap().is_empty());
    }
}

/// The log up to where a device was added, without it.
fn before(clerk: &Clerk, number: usize) -> usize {
    let adds = |entry: &Entry| matches!(&entry.body, Body::DeviceAdd(add) if hash::device_id(&add.sign, &add.kem) == clerk.id(number));
    let at = clerk.entries.iter().position(|signed| adds(&Entry::parse(&signed.entry.0).unwrap()));
    at.expect("it was added")
}

fn standing(device: &Device, id: EnvelopeId) -> Standing {
    envelopes::find(device.store().reader(), id).unwrap().expect("it is kept").standing
}

#[test]
fn what_an_author_wrote_who_was_not_known_yet_is_taken_with_the_log() {
    let rng = &mut rng(2);
    let clerk = Clerk::new(2);
    let store = doorstep_client_core::store::Store::in_memory().unwrap();
    let mut desk = clerk.device_on(0, store, before(&clerk, 3), rng);
    let mut tablet = clerk.device(3, rng);
    let home = record(&mut tablet, rng, OTHER, "by somebody new");
    let all = everything(&mut tablet, rng);
    let count = all.len();
    desk.ingest_carried(bytes(all), NOON).unwrap();
    let kept = envelopes::page_after(desk.store().reader(), 0, usize::MAX).unwrap();
    let waiting = kept.iter().filter(|kept| kept.standing == Standing::Waits(Wait::LogAhead)).count();
    assert_eq!(waiting, count);
    clerk.tell(&mut desk);
    desk.finish_rebuild(NOON).unwrap();
    assert_eq!(notes(&mut desk, home), ["by somebody new"]);
}

#[test]
fn what_an_author_says_it_wrote_before_it_was_a_member_waits_for_an_admin() {
    let rng = &mut rng(3);
    let mut clerk = Clerk::new(2);
    let early = before(&clerk, 3);
    let store = doorstep_client_core::store::Store::in_memory().unwrap();
    let mut desk = clerk.device_on(0, store, early, rng);
    let home = record(&mut desk, rng, OTHER, "by the desk");
    let document = desk.document_of(home, Class::Home).unwrap().unwrap();
    // The tablet names a log in which it is not: nobody can have asked it to write then.
    let tablet = clerk.device(3, rng);
    let mut forger = Forger::new(&tablet, clerk.secrets(3), Class::Home);
    forger.claims_to_know(Authority::replay(&clerk.entries[..early]).unwrap());
    let actor = hash::actor_id(clerk.id(3), document, SessionNonce([9; 16]));
    let hazard = Hazard {
        scheme: Some(Scheme::Hhsrs2026),
        code: Some("1".into()),
        note: Some("too early".into()),
        ..Hazard::default()
    };
    let mut made = Document::genesis(Class::Home, document).unwrap();
    let changes = made.edit(actor, NOON, |edit| edit.create(RowId([5; 16]), &hazard)).unwrap();
    let envelope = forger.seal_changes(document, changes);
    let header = Header::parse(&envelope).unwrap();
    assert_eq!(usize::try_from(header.log_size.0).unwrap(), early);
    desk.ingest_carried(vec![envelope.clone()], NOON).unwrap();
    let unknown = Standing::SetAside(SetAside::UnknownAuthor);
    let kept = envelopes::page_after(desk.store().reader(), 0, usize::MAX).unwrap();
    let held = kept.iter().find(|kept| kept.bytes == envelope).expect("it is kept");
    assert_eq!(held.standing, unknown);
    let id = Envelope::parse(envelope.clone()).unwrap().id();
    assert_ne!(held.id, id, "nobody's signature was checked: it does not take the place of its id");
    // The log that brings the author in does not bring this in.
    clerk.tell(&mut desk);
    desk.finish_rebuild(NOON).unwrap();
    assert_eq!((standing(&desk, id), notes(&mut desk, home)), (unknown, vec!["by the desk".to_owned()]));
    let late = desk.late_work().unwrap();
    assert!(late.iter().any(|one| one.author == clerk.id(3) && one.envelopes == [id]), "{late:?}");
    // Somebody who had the whole log when it came says the same.
    let mut other = clerk.device(1, rng);
    other.ingest_carried(vec![envelope], NOON).unwrap();
    assert_eq!(standing(&other, id), unknown);
    clerk.says(Body::Adopt(Adopt { zone: header.zone, author: header.author, envelopes: vec![id] }));
    let of_desk = bytes(everything(&mut desk, rng));
    other.ingest_carried(of_desk, NOON).unwrap();
    for device in [&mut desk, &mut other] {
        clerk.tell(device);
        device.finish_rebuild(NOON).unwrap();
        assert_eq!(notes(device, home), ["by the desk", "too early"]);
        assert_eq!(device.verify().unwrap().faults, Vec::<String>::new());
        assert!(device.rebuild(NOON).unwrap().differing.is_empty());
    }
}

#[test]
fn a_server_that_shows_less_of_a_lost_tablet_than_was_seen_is_an_alarm() {
    let rng = &mut rng(4);
    let clerk = Clerk::new(1);
    let (mut desk, mut tablet) = (clerk.device(0, rng), clerk.device(2, rng));
    record(&mut tablet, rng, OTHER, "one");
    everything(&mut tablet, rng);
    record(&mut tablet, rng, OTHER, "two");
    let all = everything(&mut tablet, rng);
    let zone = clerk.zone(Class::Home);
    let mut of_zone: Vec<(ZoneSeq, EnvelopeId)> = all
        .iter()
        .map(|(id, bytes)| (Header::parse(bytes).unwrap(), *id))
        .filter(|(header, _)| header.zone == zone)
        .map(|(header, id)| (header.zseq, id))
        .collect();
    of_zone.sort_unstable();
    let (first, last) = (of_zone[0], of_zone[of_zone.len() - 1]);
    assert!(first.0 < last.0);
    desk.ingest_carried(bytes(all), NOON).unwrap();
    let tail = |(zseq, envelope)| vec![AuthorTail { zone, zseq, envelope }];
    let alarms = |stated: Vec<AuthorTail>| {
        let lost = (clerk.id(2), RevokeReason::Lost);
        let (_, rotated) = partnership::revoke(&desk, lost, &stated, NOON, &mut ChaCha20Rng::seed_from_u64(9)).unwrap();
        rotated.alarms.into_iter().filter(|alarm| alarm.zone == zone).collect::<Vec<_>>()
    };
    assert!(alarms(tail(last)).is_empty());
    for (stated, shown) in
        [(Vec::new(), None), (tail(first), Some(first.0)), (tail((last.0, EnvelopeId([7; 32]))), Some(last.0))]
    {
        let found = alarms(stated);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].verified, found[0].stated), (last.0, shown));
    }
    // More than was seen is no alarm: the desk reads the zone, and counts what it has verified.
    assert!(alarms(tail((last.0.next(), EnvelopeId([8; 32])))).is_empty());
}
