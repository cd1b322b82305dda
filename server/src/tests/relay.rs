//! What each request means, on the relay itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use doorstep_protocol::authority::{Cut, Rights};
use doorstep_protocol::envelope::Keying;
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wire::{Cursor, RefusalReason};
use doorstep_protocol::{
    Bytes, Class, DeviceId, EnvelopeId, Epoch, FeedNumber, LogHash, LogSize, Millis, PartnershipId, StoreId, ZoneId,
    ZoneSeq,
};

use super::reader::{REQUEST, Replica};
use super::town::{Device, NOW, Town, id_of, seal};
use crate::domain::append::AppendRefusal;
use crate::keys::Keys;
use crate::problem::Problem;
use crate::relay::{Caller, PartnershipPolicy, Relay, RelayPolicy};
use crate::store::{CommitPoint, Fault, SqliteStore, Store};

const STORE: StoreId = StoreId([0x57; 16]);

pub(super) fn keys() -> Keys {
    Keys::from_secrets([0x11; 32], [0x22; 32])
}

pub(super) fn relay() -> Relay<SqliteStore> {
    over(SqliteStore::in_memory(STORE).expect("memory"))
}

fn over(store: SqliteStore) -> Relay<SqliteStore> {
    Relay::new(store, keys(), RelayPolicy::default()).expect("a store that answers")
}

/// Two tablets in a team that holds a directory, a fire and a home zone.
pub(super) struct Street {
    pub(super) town: Town,
    pub(super) a: Device,
    pub(super) b: Device,
    pub(super) directory: ZoneId,
    pub(super) fire: ZoneId,
    pub(super) home: ZoneId,
}

impl Street {
    pub(super) fn new() -> Self {
        let mut town = Town::new(keys().public());
        let (a, b) = (town.device(), town.device());
        let team = town.team(1, &[&a, &b]);
        let directory = town.zone(0xd0, Class::Directory, team);
        let home = town.zone(0x01, Class::Home, team);
        let fire = town.zone(0xf0, Class::Fire, team);
        Self { town, a, b, directory, fire, home }
    }

    pub(super) fn brought(&self) -> Relay<SqliteStore> {
        let relay = relay();
        relay.append(&self.town.bring()).expect("a sound log");
        relay
    }

    fn of(&self, device: &Device) -> (PartnershipId, DeviceId) {
        (self.town.id(), device.id)
    }
}

fn reasons(said: &super::reader::Said) -> Vec<RefusalReason> {
    said.refusals.iter().map(|refusal| refusal.reason).collect()
}

#[test]
fn a_partnership_is_brought_once_and_an_empty_store_takes_only_one() {
    let street = Street::new();
    let relay = street.brought();
    let bring = street.town.bring();
    let again = relay.append(&bring).expect("the answer to the first was lost");
    assert_eq!((again.size, again.head), (street.town.authority.size(), street.town.authority.head()));
    let other = Town::with_nonce(keys().public(), 2);
    assert_eq!(relay.append(&other.bring()), Err(Problem::PartnershipNotTaken));
    let strange = Town::new(Keys::from_secrets([0x33; 32], [0; 32]).public());
    assert_eq!(self::relay().append(&strange.bring()), Err(Problem::OtherServerKey));
}

#[test]
fn the_operator_decides_which_partnerships_are_taken() {
    let (one, two) = (Town::with_nonce(keys().public(), 1), Town::with_nonce(keys().public(), 2));
    let with = |partnerships| {
        let store = SqliteStore::in_memory(STORE).expect("memory");
        Relay::new(store, keys(), RelayPolicy { partnerships, ..RelayPolicy::default() }).expect("it answers")
    };
    let any = with(PartnershipPolicy::Any);
    assert!(any.append(&one.bring()).is_ok() && any.append(&two.bring()).is_ok());
    let listed = with(PartnershipPolicy::Listed([two.id()].into()));
    assert_eq!(listed.append(&one.bring()), Err(Problem::PartnershipNotTaken));
    assert!(listed.append(&two.bring()).is_ok());
}

#[test]
fn an_append_stands_on_the_head_or_is_told_the_size() {
    let mut street = Street::new();
    let relay = street.brought();
    let (size, wraps) = (street.town.authority.size(), street.town.wraps.len());
    street.town.device();
    let first = street.town.since(size, wraps);
    let mut rival = first.clone();
    rival.base_head = LogHash([1; 32]);
    assert_eq!(relay.append(&rival), Err(Problem::LogConflict { size }));
    relay.append(&first).expect("the next entry");
    let mut late = first.clone();
    late.entries[0].signatures[0].signature.0[0] ^= 1;
    assert_eq!(relay.append(&late), Err(Problem::LogConflict { size: size.next() }));
    let mut forged = street.town.since(size.next(), wraps);
    forged.entries = late.entries;
    assert!(matches!(relay.append(&forged), Err(Problem::AppendRefused(AppendRefusal::Entry { .. }))));
    forged.entries.clear();
    assert_eq!(relay.append(&forged), Err(Problem::Malformed));
}

#[test]
fn wraps_come_with_their_epoch_and_reach_their_device_only() {
    let mut street = Street::new();
    let relay = street.brought();
    let mut a = Replica::default();
    a.sync(&relay, street.of(&street.a), vec![], NOW).expect("served");
    assert_eq!(a.wraps.len(), 1);
    assert_eq!(a.wraps[0][44..60], street.a.id.0);
    let mut admin = Replica::default();
    admin.sync(&relay, (street.town.id(), street.town.admin.id), vec![], NOW).expect("served");
    assert!(admin.wraps.is_empty(), "the admin is in no team");

    // Work is stored, so this is no store that a log is brought back to: wraps must come.
    let envelope = street.town.write(&mut street.a, street.home);
    a.sync(&relay, street.of(&street.a), vec![envelope], NOW).expect("served");
    let (size, wraps) = (street.town.authority.size(), street.town.wraps.len());
    street.town.team_epoch(doorstep_protocol::TeamId([1; 16]));
    let mut append = street.town.since(size, wraps);
    let whole = append.clone();
    append.wraps.clear();
    assert!(matches!(relay.append(&append), Err(Problem::AppendRefused(AppendRefusal::Entry { .. }))));
    append.wraps = vec![whole.wraps[0].clone()];
    assert!(relay.append(&append).is_err());
    append.wraps = [whole.wraps.clone(), vec![street.town.wraps[0].clone()]].concat();
    assert_eq!(relay.append(&append), Err(Problem::AppendRefused(AppendRefusal::StrayWrap)));
    relay.append(&whole).expect("all of them, and no other");
    a.sync(&relay, street.of(&street.a), vec![], NOW).expect("served");
    assert_eq!(a.wraps.len(), 2);
}

#[test]
fn a_device_brings_the_log_back_to_a_wiped_store_without_the_wraps_of_others() {
    let street = Street::new();
    let wiped = relay();
    let mut bring = street.town.bring();
    bring.wraps.clear();
    wiped.append(&bring).expect("what the log says is signed");
    let mut a = Replica::default();
    a.sync(&wiped, street.of(&street.a), vec![], NOW).expect("served");
    assert_eq!((a.wraps.len(), a.log.map(|log| log.head())), (0, Some(street.town.authority.head())));

    // A desk that kept the wraps brings them later: exactly those that the signed epoch names.
    let mut desk = street.town.bring();
    desk.wraps.pop();
    assert!(wiped.append(&desk).is_err());
    desk.wraps = street.town.wraps.clone();
    desk.wraps[0].0[100] ^= 1;
    assert!(wiped.append(&desk).is_err());
    for _ in 0..2 {
        wiped.append(&street.town.bring()).expect("the very wraps");
        let mut waiting = Replica::default();
        waiting.sync(&wiped, street.of(&street.b), vec![], NOW).expect("served");
        assert_eq!(waiting.wraps.len(), 1);
    }
}

#[test]
fn what_one_tablet_writes_the_other_reads_fire_first_and_itself_as_its_own() {
    let mut street = Street::new();
    let relay = street.brought();
    let envelopes: Vec<Bytes> = [street.home, street.fire, street.home, street.directory]
        .iter()
        .map(|zone| street.town.write(&mut street.a, *zone))
        .collect();
    let mut a = Replica::default();
    let said = a.sync(&relay, street.of(&street.a), vec![], NOW).expect("served");
    assert_eq!((said.receipts.len(), said.zones.len()), (0, 0));
    let said = a.sync(&relay, street.of(&street.a), envelopes.clone(), NOW).expect("served");
    let receipts: Vec<_> = said.receipts.iter().map(|r| (r.zone, r.number.0, r.envelope)).collect();
    let expected: Vec<_> = [(street.home, 1), (street.fire, 1), (street.home, 2), (street.directory, 1)]
        .iter()
        .zip(&envelopes)
        .map(|((zone, number), envelope)| (*zone, *number, id_of(envelope)))
        .collect();
    assert_eq!(receipts, expected);
    assert_eq!(said.own, 4);

    let mut b = Replica::default();
    let said = b.sync(&relay, street.of(&street.b), vec![], NOW).expect("served");
    assert_eq!(said.zones, [street.directory, street.fire, street.home]);
    assert_eq!((said.own, &b.envelopes), (0, &a.envelopes));
    let changed: Vec<_> = said.checkpoint.expect("one").changed.iter().map(|z| z.zone).collect();
    assert_eq!(changed, [street.home, street.directory, street.fire], "ascending by zone");
    let said = b.sync(&relay, street.of(&street.b), vec![], NOW).expect("served");
    assert!(said.zones.is_empty() && said.checkpoint.expect("one").changed.is_empty());
}

#[test]
fn an_unchanged_device_exchanges_little() {
    let mut street = Street::new();
    let relay = street.brought();
    let mut a = Replica::default();
    let envelope = street.town.write(&mut street.b, street.home);
    Replica::default().sync(&relay, street.of(&street.b), vec![], NOW).expect("served");
    let request = street.town.request(vec![], vec![envelope]);
    relay.sync_whole(Caller::trusted(street.town.id(), street.b.id), &request, REQUEST, NOW).expect("served");
    a.sync(&relay, street.of(&street.a), vec![], NOW).expect("served");
    let request = a.request(vec![], 0);
    let answer = relay.sync_whole(Caller::trusted(street.town.id(), street.a.id), &request, REQUEST, NOW);
    let (up, down) = (request.to_bytes().len(), answer.expect("served").len());
    assert!(up < 150 && down < 420, "{up} bytes up, {down} down");
}

#[test]
fn each_refusal_has_its_reason_and_blocks_nothing_else() {
    let mut street = Street::new();
    let team = doorstep_protocol::TeamId([1; 16]);
    let read_only = street.town.zone_with(0x02, Class::Home, team, Rights::READ);
    let audit = street.town.zone_with(0xa0, Class::Audit, team, Rights::READ);
    let relay = street.brought();
    let town = &street.town;
    let good = town.write(&mut street.a, street.home);
    let base = town.header(&street.a, street.fire);
    let sealed = |change: &dyn Fn(&mut doorstep_protocol::envelope::Header)| {
        let mut header = base.clone();
        change(&mut header);
        seal(&street.a, &header, 256)
    };
    let mut carried = seal(&street.b, &town.header(&street.b, street.fire), 256);
    let flip = carried.0.len() - 1;
    carried.0[flip] ^= 1;
    let stranger = DeviceId([0x99; 16]);
    let cases: Vec<(Bytes, Option<RefusalReason>)> = vec![
        (Bytes(b"not an envelope".to_vec()), Some(RefusalReason::Malformed)),
        (sealed(&|h| h.partnership = PartnershipId([9; 16])), Some(RefusalReason::OtherPartnership)),
        (sealed(&|h| h.author = stranger), Some(RefusalReason::UnknownAuthor)),
        (carried, Some(RefusalReason::Signature)),
        (sealed(&|h| h.log_size = h.log_size.next()), Some(RefusalReason::LogAhead)),
        (sealed(&|h| h.log_head = LogHash([1; 32])), Some(RefusalReason::LogMismatch)),
        (sealed(&|h| h.zone = read_only), Some(RefusalReason::NotEntitled)),
        (sealed(&|h| h.zone = ZoneId([0x77; 16])), Some(RefusalReason::NotEntitled)),
        (sealed(&|h| h.epoch = Epoch(2)), Some(RefusalReason::Epoch)),
        (sealed(&|h| h.epoch = Epoch(0)), Some(RefusalReason::Epoch)),
        (sealed(&|h| h.keying = Keying::DropBox), Some(RefusalReason::Malformed)),
        (sealed(&|h| (h.zone, h.keying) = (audit, Keying::DropBox)), None),
        (sealed(&|h| (h.zseq, h.prev) = (ZoneSeq(2), EnvelopeId([4; 32]))), Some(RefusalReason::Gap)),
        (good, None),
    ];
    let (envelopes, expected): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
    let mut a = Replica::default();
    a.sync(&relay, street.of(&street.a), vec![], NOW).expect("served");
    let said = a.sync(&relay, street.of(&street.a), envelopes, NOW).expect("served");
    let wanted: Vec<RefusalReason> = expected.iter().flatten().copied().collect();
    assert_eq!(reasons(&said), wanted);
    assert_eq!(said.receipts.len(), expected.len() - wanted.len());
}

#[test]
fn a_fork_is_refused_with_the_tail_and_a_resend_gets_its_receipt_again() {
    let mut street = Street::new();
    let relay = street.brought();
    let mut clone = street.a.clone();
    let one = street.town.write(&mut street.a, street.home);
    let two = street.town.write(&mut street.a, street.home);
    let mut a = Replica::default();
    a.sync(&relay, street.of(&street.a), vec![], NOW).expect("served");
    let first = a.sync(&relay, street.of(&street.a), vec![one.clone(), two.clone()], NOW).expect("served").receipts;
    let again = a.sync(&relay, street.of(&street.a), vec![one.clone(), two.clone()], NOW).expect("served").receipts;
    assert_eq!((first.len(), &first), (2, &again));

    let rival = street.town.write_long(&mut clone, street.home, 512);
    let said = a.sync(&relay, street.of(&clone), vec![rival], NOW).expect("served");
    assert_eq!(reasons(&said), [RefusalReason::Fork]);
    let tail = said.refusals[0].tail.clone().expect("the tail is the reason");
    assert_eq!((tail.zseq, tail.envelope), (ZoneSeq(2), id_of(&two)));
    // Right place, another predecessor.
    let mut header = street.town.header(&street.a, street.home);
    header.prev = EnvelopeId([8; 32]);
    let said = a.sync(&relay, street.of(&street.a), vec![seal(&street.a, &header, 256)], NOW).expect("served");
    assert_eq!(reasons(&said), [RefusalReason::Fork]);
    let session = relay.open_session(Caller::trusted(street.town.id(), street.a.id), [0; 16], NOW).expect("served");
    assert_eq!(session.tails, [tail]);
}

#[test]
fn another_device_carries_envelopes_and_the_server_checks_them() {
    let mut street = Street::new();
    let relay = street.brought();
    let carried = street.town.write(&mut street.a, street.home);
    let mut b = Replica::default();
    b.sync(&relay, street.of(&street.b), vec![], NOW).expect("served");
    let said = b.sync(&relay, street.of(&street.b), vec![carried.clone()], NOW).expect("served");
    assert_eq!((said.receipts.len(), said.own), (1, 0));
    let mut a = Replica::default();
    let said = a.sync(&relay, street.of(&street.a), vec![], NOW).expect("served");
    assert_eq!((said.own, a.envelopes[&street.home].clone()), (1, vec![id_of(&carried)]));
}

#[test]
fn a_quota_refuses_and_keeps_serving() {
    let mut street = Street::new();
    let one = street.town.write(&mut street.a, street.home);
    let two = street.town.write(&mut street.a, street.home);
    let store = SqliteStore::in_memory(STORE).expect("memory");
    let policy = RelayPolicy { quota_bytes: one.0.len() as u64 + 1, ..RelayPolicy::default() };
    let relay = Relay::new(store, keys(), policy).expect("it answers");
    relay.append(&street.town.bring()).expect("a sound log");
    let mut a = Replica::default();
    a.sync(&relay, street.of(&street.a), vec![], NOW).expect("served");
    let said = a.sync(&relay, street.of(&street.a), vec![one, two], NOW).expect("served");
    assert_eq!((said.receipts.len(), reasons(&said)), (1, vec![RefusalReason::Quota]));
}

#[test]
fn a_reader_with_another_log_is_told_so() {
    let street = Street::new();
    let relay = street.brought();
    let size = street.town.authority.size();
    let who = Caller::trusted(street.town.id(), street.a.id);
    let mut request = street.town.request(vec![], vec![]);
    request.log_head = LogHash([1; 32]);
    assert_eq!(relay.sync_whole(who, &request, REQUEST, NOW), Err(Problem::LogFork));
    request.log_size = size.next();
    assert_eq!(relay.sync_whole(who, &request, REQUEST, NOW), Err(Problem::LogBehind { size }));
}

#[test]
fn requests_outside_their_form_are_refused() {
    let street = Street::new();
    let relay = street.brought();
    let who = Caller::trusted(street.town.id(), street.a.id);
    let cursor = |zone: u8| Cursor { zone: ZoneId([zone; 16]), number: FeedNumber(0) };
    let unordered = street.town.request(vec![cursor(2), cursor(1)], vec![]);
    let doubled = street.town.request(vec![cursor(1), cursor(1)], vec![]);
    let mut audit = street.town.request(vec![], vec![]);
    audit.audit.push(Bytes(vec![1]));
    for request in [unordered, doubled, audit] {
        assert_eq!(relay.sync_whole(who, &request, REQUEST, NOW), Err(Problem::Malformed));
    }
    // A cursor past the head, or of a zone that is not the reader's: nothing, and the checkpoint tells.
    let past = street.town.request(vec![Cursor { zone: street.home, number: FeedNumber(99) }], vec![]);
    assert!(relay.sync_whole(who, &past, REQUEST, NOW).is_ok());
}

#[test]
fn a_revoked_device_gets_nothing_more_not_even_the_rest_of_its_stream() {
    let mut street = Street::new();
    let relay = street.brought();
    let envelopes: Vec<Bytes> =
        (0..4).map(|_| street.town.write_long(&mut street.b, street.home, 512 * 1024)).collect();
    let mut b = Replica::default();
    b.sync(&relay, street.of(&street.b), vec![], NOW).expect("served");
    b.sync(&relay, street.of(&street.b), envelopes, NOW).expect("served");

    let who = Caller::trusted(street.town.id(), street.a.id);
    let mut answer = relay.sync(who, &Town::first_request(), REQUEST, NOW).expect("served");
    assert!(relay.next_page(&mut answer, NOW).expect("served").is_some_and(|page| !page.is_empty()));
    let size = street.town.authority.size();
    street.town.revoke(street.a.id, vec![]);
    relay.append(&street.town.since(size, street.town.wraps.len())).expect("a revocation");
    assert_eq!(relay.next_page(&mut answer, NOW), Err(Problem::Revoked));
    assert_eq!(relay.sync_whole(who, &Town::first_request(), REQUEST, NOW), Err(Problem::Revoked));
    assert_eq!(relay.open_session(who, [0; 16], NOW), Err(Problem::Revoked));
    assert_eq!(relay.readable_heads(who, NOW), Err(Problem::Revoked));
}

#[test]
fn what_a_revoked_device_wrote_counts_up_to_its_cut() {
    let mut street = Street::new();
    let one = street.town.write(&mut street.a, street.home);
    let two = street.town.write(&mut street.a, street.home);
    let cut = Cut { zone: street.home, zseq: ZoneSeq(1), envelope: id_of(&one) };
    street.town.revoke(street.a.id, vec![cut]);
    let relay = street.brought();
    let mut b = Replica::default();
    b.sync(&relay, street.of(&street.b), vec![], NOW).expect("served");
    let said = b.sync(&relay, street.of(&street.b), vec![one.clone(), two], NOW).expect("served");
    assert_eq!(said.receipts.iter().map(|r| r.envelope).collect::<Vec<_>>(), [id_of(&one)]);
    assert_eq!(reasons(&said), [RefusalReason::Revoked]);
}

#[test]
fn a_device_past_its_end_is_not_served() {
    let mut town = Town::new(keys().public());
    let device = town.device_until(Some(NOW));
    let relay = relay();
    relay.append(&town.bring()).expect("a sound log");
    let who = Caller::trusted(town.id(), device.id);
    assert!(relay.sync_whole(who, &Town::first_request(), REQUEST, NOW).is_ok());
    let late = Millis(NOW.0 + 1);
    assert_eq!(relay.sync_whole(who, &Town::first_request(), REQUEST, late), Err(Problem::Ended));
}

/// Fails where it is told to, once.
fn faulty(store: SqliteStore) -> (SqliteStore, Arc<AtomicU8>) {
    let armed = Arc::new(AtomicU8::new(0));
    let seen = armed.clone();
    let hook = move |point: CommitPoint| {
        let here = match point {
            CommitPoint::Before => 1,
            CommitPoint::After => 2,
        };
        let hit = seen.compare_exchange(here, 0, Ordering::SeqCst, Ordering::SeqCst).is_ok();
        if hit { Fault::Fail } else { Fault::None }
    };
    (store.with_fault_hook(Arc::new(hook)), armed)
}

#[test]
fn lesson_2_a_crash_before_or_after_the_commit_loses_and_doubles_nothing() {
    for point in [1, 2] {
        let mut street = Street::new();
        let (store, armed) = faulty(SqliteStore::in_memory(STORE).expect("memory"));
        let relay = over(store);
        relay.append(&street.town.bring()).expect("a sound log");
        let mut a = Replica::default();
        a.sync(&relay, street.of(&street.a), vec![], NOW).expect("served");
        let envelope = street.town.write(&mut street.a, street.home);
        armed.store(point, Ordering::SeqCst);
        assert_eq!(a.sync(&relay, street.of(&street.a), vec![envelope.clone()], NOW).err(), Some(Problem::Unavailable));
        // The program dies; another starts on the same file.
        let connection = relay.into_store().into_connection();
        let relay = over(SqliteStore::from_connection(connection, StoreId([0; 16])).expect("the same store"));
        let before = Replica::default().sync(&relay, street.of(&street.b), vec![], NOW).expect("served").zones.len();
        assert_eq!(before, usize::from(point == 2), "durable exactly when the commit happened");
        let said = a.sync(&relay, street.of(&street.a), vec![envelope.clone()], NOW).expect("served");
        assert_eq!(said.receipts.iter().map(|r| (r.number.0, r.envelope)).collect::<Vec<_>>(), [(1, id_of(&envelope))]);
        assert_eq!(a.feeds[&street.home], FeedPoint::START.then(id_of(&envelope)));
        assert_eq!(relay.card(NOW).store, STORE);
    }
}

#[test]
fn a_log_whose_commit_failed_is_read_again_never_undone() {
    for point in [1, 2] {
        let mut street = Street::new();
        let (store, armed) = faulty(SqliteStore::in_memory(STORE).expect("memory"));
        let relay = over(store);
        relay.append(&street.town.bring()).expect("a sound log");
        let (size, wraps) = (street.town.authority.size(), street.town.wraps.len());
        street.town.revoke(street.a.id, vec![]);
        let revocation = street.town.since(size, wraps);
        armed.store(point, Ordering::SeqCst);
        assert_eq!(relay.append(&revocation), Err(Problem::Unavailable));
        let who = Caller::trusted(street.town.id(), street.a.id);
        let served = relay.sync_whole(who, &Town::first_request(), REQUEST, NOW);
        assert_eq!(served.is_ok(), point == 1, "what is on disk decides");
        assert_eq!(relay.append(&revocation).map(|appended| appended.size), Ok(size.next()));
        assert_eq!(relay.sync_whole(who, &Town::first_request(), REQUEST, NOW), Err(Problem::Revoked));
    }
}

#[test]
fn lesson_16_sixty_four_writers_get_dense_numbers_and_a_reader_skips_none() {
    const WRITERS: u8 = 64;
    const EACH: u64 = 8;
    let mut town = Town::new(keys().public());
    let devices: Vec<Device> = (0..WRITERS).map(|_| town.device()).collect();
    let team = town.team(1, &devices.iter().collect::<Vec<_>>());
    let zone = town.zone(0x01, Class::Register, team);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let relay = over(SqliteStore::open(&folder.path().join("store.db")).expect("a file"));
    relay.append(&town.bring()).expect("a sound log");
    let reader = devices[0].id;
    let total = u64::from(WRITERS) * EACH;

    let (town, relay) = (&town, &relay);
    let numbers: Vec<u64> = std::thread::scope(|scope| {
        let writers: Vec<_> = devices
            .into_iter()
            .map(|mut device| {
                scope.spawn(move || {
                    let mut numbers = Vec::new();
                    for _ in 0..EACH {
                        let envelope = town.write(&mut device, zone);
                        let request = town.request(vec![], vec![envelope]);
                        let who = Caller::trusted(town.id(), device.id);
                        let bytes = relay.sync_whole(who, &request, REQUEST, NOW).expect("served");
                        let mut replica = Replica { log: Some(town.authority.clone()), ..Replica::default() };
                        numbers.extend(
                            replica.take(&bytes, &relay.server_key(), &REQUEST).receipts.iter().map(|r| r.number.0),
                        );
                    }
                    numbers
                })
            })
            .collect();
        // A replica that checks the chain of every feed while it grows: a skipped number would break it.
        let reader = scope.spawn(move || {
            let mut replica = Replica::default();
            while replica.feeds.get(&zone).map_or(0, |point| point.number.0) < total {
                replica.sync(relay, (town.id(), reader), vec![], NOW).expect("served");
            }
        });
        let numbers = writers.into_iter().flat_map(|writer| writer.join().expect("no panic")).collect();
        reader.join().expect("no panic");
        numbers
    });
    let mut sorted = numbers;
    sorted.sort_unstable();
    assert_eq!(sorted, (1..=total).collect::<Vec<_>>());
}

#[test]
fn the_log_is_found_again_after_a_start() {
    let mut street = Street::new();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("store.db");
    let envelope = street.town.write(&mut street.a, street.home);
    {
        let relay = over(SqliteStore::open(&path).expect("a file"));
        relay.append(&street.town.bring()).expect("a sound log");
        let mut a = Replica::default();
        a.sync(&relay, street.of(&street.a), vec![], NOW).expect("served");
        a.sync(&relay, street.of(&street.a), vec![envelope.clone()], NOW).expect("served");
    }
    let relay = over(SqliteStore::open(&path).expect("the same file"));
    let mut b = Replica::default();
    b.sync(&relay, street.of(&street.b), vec![], NOW).expect("served");
    assert_eq!(b.envelopes[&street.home], [id_of(&envelope)]);
    assert_eq!(b.log.as_ref().map(|log| log.size()), Some(street.town.authority.size()));
    let store = relay.into_store();
    assert_eq!(store.log_head(street.town.id()).expect("it answers").0, LogSize(street.town.entries.len() as u64));
}
