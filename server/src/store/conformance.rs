//! What every backend must do. A backend expands the suite with [`store_conformance`] and a way to make an empty
//! store, beside which it hands over whatever must live as long.

use std::collections::BTreeMap;
use std::sync::Arc;

use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wire::frame::Remainder;
use doorstep_protocol::wire::{BlobClaim, LogAppend, RefusalReason};
use doorstep_protocol::{
    BlobId, Bytes, Class, DeviceId, DocumentId, FeedNumber, InboxNumber, LogHash, LogSize, PartnershipId, TeamId,
    ZoneId, ZoneSeq,
};

use crate::domain::admission::admit;
use crate::domain::append::{AppendDecision, AppendRules, CheckedAppend, LogPlace, WrapRule, check};
use crate::domain::farewell::{Parting, part};
use crate::domain::inbox::Kept;
use crate::domain::push::PushVerdict;
use crate::keys::Keys;
use crate::store::{
    AppendOutcome, BringRule, ClaimJob, ClaimOutcome, FeedItem, FeedRange, InboxJob, InboxMark, InboxOutcome,
    InboxReader, PageBytes, PartJob, PartOutcome, Presence, PushJob, PushOutcome, Receipts, Store,
};
use crate::tests::town::{Device, NOW, Town, id_of};

const ALL: PageBytes = PageBytes { enough: usize::MAX, most: usize::MAX };

macro_rules! store_conformance {
    ($make:expr) => {
        crate::store::conformance::store_conformance! { $make;
            an_empty_store_has_nothing
            a_log_is_appended_where_it_ends_and_nowhere_else
            a_store_takes_the_first_partnership_or_the_named
            wraps_are_found_by_device_and_range
            a_push_gets_dense_numbers_and_a_chained_feed
            a_push_again_gets_the_same_receipts
            every_envelope_is_found_again_whoever_wrote_between
            a_push_decided_by_another_log_is_not_written
            what_breaks_a_chain_is_not_stored_and_the_rest_is
            a_full_quota_refuses
            partnerships_do_not_see_each_other
            pages_end_where_they_should
            many_writers_share_one_store
            an_inbox_keeps_what_is_left_until_it_is_decided
            an_erasure_takes_bytes_and_leaves_places
            parts_are_claimed_kept_within_a_quota_and_freed_with_their_document
        }
    };
    ($make:expr; $($case:ident)+) => {
        $(
            #[test]
            fn $case() {
                let (store, _held) = $make();
                $crate::store::conformance::$case(&store);
            }
        )+
    };
}
pub(crate) use store_conformance;

fn keys() -> Keys {
    Keys::from_secrets([0x11; 32], [0x22; 32])
}

struct Place {
    town: Town,
    a: Device,
    b: Device,
    team: TeamId,
    zone: ZoneId,
    other_zone: ZoneId,
}

impl Place {
    fn new(nonce: u8) -> Self {
        let mut town = Town::with_nonce(keys().public(), nonce);
        let (a, b) = (town.device(), town.device());
        let team = town.team(1, &[&a, &b]);
        let zone = town.zone(1, Class::Register, team);
        let other_zone = town.zone(2, Class::Register, team);
        Self { town, a, b, team, zone, other_zone }
    }

    fn brought<S: Store>(store: &S, nonce: u8) -> Self {
        let place = Self::new(nonce);
        let append = place.checked(None, &place.town.bring(), BringRule::Named);
        assert_eq!(store.append_log(append).expect("it answers"), AppendOutcome::Appended { freed_bytes: 0 });
        place
    }

    fn checked(&self, before: Option<&Town>, append: &LogAppend, bring: BringRule) -> Arc<CheckedAppend> {
        let server_key = keys().public();
        let place = if before.is_some() { LogPlace::Here } else { LogPlace::Arriving };
        let rules = AppendRules { server_key: &server_key, wraps: WrapRule::Required, bring: &bring, place };
        match check(before.map(|town| &town.authority), append, rules).expect("a sound append") {
            AppendDecision::Store(checked, _) => Arc::new(*checked),
            _ => panic!("it is new, and names this server"),
        }
    }

    fn job(&self, sender: &Device, envelopes: &[Bytes]) -> PushJob {
        let admitted = |bytes: &Bytes| admit(&self.town.authority, sender.id, &bytes.0).expect("admitted");
        PushJob {
            partnership: self.town.id(),
            log_size: self.town.authority.size(),
            quota_bytes: u64::MAX,
            envelopes: envelopes.iter().map(admitted).collect(),
            gone: BTreeMap::new(),
        }
    }

    fn feed<S: Store>(&self, store: &S, zone: ZoneId, reader: DeviceId) -> Vec<FeedItem> {
        let through = store.heads(self.town.id(), &[zone]).expect("it answers")[&zone].number;
        let range = FeedRange { zone, after: FeedNumber(0), through };
        store.feed_page(self.town.id(), range, reader, ALL).expect("it answers")
    }
}

fn numbers(outcome: PushOutcome) -> Vec<Result<u64, RefusalReason>> {
    let PushOutcome::Stored { verdicts, .. } = outcome else { panic!("stored") };
    let told = |verdict| match verdict {
        PushVerdict::Receipt(receipt) => Ok(receipt.number.0),
        PushVerdict::Refusal(refusal) => Err(refusal.reason),
    };
    verdicts.into_iter().map(told).collect()
}

pub(super) fn an_empty_store_has_nothing<S: Store>(store: &S) {
    let (p, d, z) = (PartnershipId([1; 16]), DeviceId([2; 16]), ZoneId([3; 16]));
    assert_eq!(store.log_head(p).expect("it answers"), (LogSize(0), LogHash::ZERO));
    assert_eq!(store.log_page(p, LogSize(0), ALL).expect("it answers"), []);
    assert_eq!(store.has_envelopes(p).expect("it answers"), Presence::Absent);
    assert!(store.heads(p, &[z]).expect("it answers").is_empty());
    assert!(store.tails(p, d).expect("it answers").is_empty());
    assert!(store.wraps_page(p, d, (LogSize(0), LogSize(9)), 9).expect("it answers").is_empty());
    let identity = store.identity().expect("it answers");
    assert_eq!(store.identity().expect("it answers"), identity);
}

pub(super) fn a_log_is_appended_where_it_ends_and_nowhere_else<S: Store>(store: &S) {
    let mut place = Place::brought(store, 1);
    let id = place.town.id();
    let bring = place.checked(None, &place.town.bring(), BringRule::Named);
    assert_eq!(store.append_log(bring).expect("it answers"), AppendOutcome::Moved);
    let head = (place.town.authority.size(), place.town.authority.head());
    assert_eq!(store.log_head(id).expect("it answers"), head);

    let (before, wraps) = (Place::new(1).town, place.town.wraps.len());
    place.town.device();
    let next = place.checked(Some(&before), &place.town.since(head.0, wraps), BringRule::Named);
    assert_eq!(store.append_log(next.clone()).expect("it answers"), AppendOutcome::Appended { freed_bytes: 0 });
    assert_eq!(store.append_log(next).expect("it answers"), AppendOutcome::Moved);
    assert_eq!(store.log_page(id, LogSize(0), ALL).expect("it answers"), place.town.entries);
    assert_eq!(
        store.log_page(id, head.0, ALL).expect("it answers"),
        place.town.entries[place.town.entries.len() - 1..]
    );
}

pub(super) fn a_store_takes_the_first_partnership_or_the_named<S: Store>(store: &S) {
    let (one, two) = (Place::new(1), Place::new(2));
    let first = one.checked(None, &one.town.bring(), BringRule::First);
    assert_eq!(store.append_log(first).expect("it answers"), AppendOutcome::Appended { freed_bytes: 0 });
    let second = two.checked(None, &two.town.bring(), BringRule::First);
    assert_eq!(store.append_log(second).expect("it answers"), AppendOutcome::NotTaken);
    assert_eq!(store.log_head(two.town.id()).expect("it answers").0, LogSize(0));
    let named = two.checked(None, &two.town.bring(), BringRule::Named);
    assert_eq!(store.append_log(named).expect("it answers"), AppendOutcome::Appended { freed_bytes: 0 });
}

pub(super) fn wraps_are_found_by_device_and_range<S: Store>(store: &S) {
    let mut place = Place::new(1);
    for _ in 0..3 {
        place.town.team_epoch(place.team);
    }
    let append = place.checked(None, &place.town.bring(), BringRule::Named);
    store.append_log(append).expect("it answers");
    let (id, a, size) = (place.town.id(), place.a.id, place.town.authority.size());
    let all = store.wraps_page(id, a, (LogSize(0), size), 99).expect("it answers");
    assert_eq!(all.len(), 4);
    assert!(
        all.is_sorted_by_key(|wrap| wrap.seq) && all.iter().all(|wrap| wrap.device == a && wrap.wrap[44..60] == a.0)
    );
    assert_eq!(store.wraps_page(id, a, (all[1].seq, all[2].seq), 99).expect("it answers"), all[2..3]);
    assert_eq!(store.wraps_page(id, a, (LogSize(0), size), 2).expect("it answers"), all[..2]);
    assert!(store.wraps_page(id, place.town.admin.id, (LogSize(0), size), 99).expect("it answers").is_empty());
}

pub(super) fn a_push_gets_dense_numbers_and_a_chained_feed<S: Store>(store: &S) {
    let mut place = Place::brought(store, 1);
    let (zone, other) = (place.zone, place.other_zone);
    let mut envelopes: Vec<Bytes> = (0..3).map(|_| place.town.write(&mut place.a, zone)).collect();
    envelopes.push(place.town.write(&mut place.a, other));
    let outcome = store.push(place.job(&place.a, &envelopes)).expect("it answers");
    let PushOutcome::Stored { grown, .. } = &outcome else { panic!("stored") };
    let head = envelopes[..3].iter().fold(FeedPoint::START, |point, e| point.then(id_of(e)));
    assert_eq!(grown, &[(zone, head), (other, FeedPoint::START.then(id_of(&envelopes[3])))].into());
    assert_eq!(&store.heads(place.town.id(), &[zone, other, ZoneId([9; 16])]).expect("it answers"), grown);
    assert_eq!(numbers(outcome), [Ok(1), Ok(2), Ok(3), Ok(1)]);
    let by_b = place.town.write(&mut place.b, zone);
    assert_eq!(numbers(store.push(place.job(&place.b, std::slice::from_ref(&by_b))).expect("it answers")), [Ok(4)]);

    let expected: Vec<FeedItem> = envelopes[..3].iter().map(|e| FeedItem::Own(id_of(e))).collect();
    let read = place.feed(store, zone, place.a.id);
    assert_eq!((&read[..3], &read[3]), (&expected[..], &FeedItem::Envelope(by_b.0.clone())));
    assert_eq!(place.feed(store, zone, place.b.id)[0], FeedItem::Envelope(envelopes[0].0.clone()));
    let tails = store.tails(place.town.id(), place.a.id).expect("it answers");
    let tails: Vec<_> = tails.iter().map(|tail| (tail.zone, tail.zseq, tail.envelope)).collect();
    assert_eq!(tails, [(zone, ZoneSeq(3), id_of(&envelopes[2])), (other, ZoneSeq(1), id_of(&envelopes[3]))]);
    assert_eq!(store.has_envelopes(place.town.id()).expect("it answers"), Presence::Present);
}

pub(super) fn a_push_again_gets_the_same_receipts<S: Store>(store: &S) {
    let mut place = Place::brought(store, 1);
    let envelopes: Vec<Bytes> = (0..3).map(|_| place.town.write(&mut place.a, place.zone)).collect();
    let first = store.push(place.job(&place.a, &envelopes[..2])).expect("it answers");
    assert_eq!(numbers(first), [Ok(1), Ok(2)]);
    let doubled = [&envelopes[..], &envelopes[2..]].concat();
    let again = store.push(place.job(&place.a, &doubled)).expect("it answers");
    assert_eq!(numbers(again), [Ok(1), Ok(2), Ok(3), Ok(3)]);
    assert_eq!(place.feed(store, place.zone, place.b.id).len(), 3);
}

pub(super) fn every_envelope_is_found_again_whoever_wrote_between<S: Store>(store: &S) {
    let mut place = Place::brought(store, 1);
    let (mut all, mut given) = (Vec::new(), Vec::new());
    // Each string is a request: who writes, in capitals into the other zone.
    for request in ["aaa", "b", "aabba", "a", "aA", "abBAab", "bb", "a"] {
        let envelopes: Vec<Bytes> = request
            .chars()
            .map(|who| {
                let zone = if who.is_ascii_uppercase() { place.other_zone } else { place.zone };
                let author = if who.eq_ignore_ascii_case(&'a') { &mut place.a } else { &mut place.b };
                place.town.write(author, zone)
            })
            .collect();
        given.extend(numbers(store.push(place.job(&place.a, &envelopes)).expect("it answers")));
        all.extend(envelopes);
    }
    assert!(given.iter().all(Result::is_ok));
    assert_eq!(numbers(store.push(place.job(&place.b, &all)).expect("it answers")), given);
    for (envelope, number) in all.iter().zip(&given).rev() {
        let again = store.push(place.job(&place.b, std::slice::from_ref(envelope))).expect("it answers");
        assert_eq!(numbers(again), std::slice::from_ref(number));
    }
}

pub(super) fn a_push_decided_by_another_log_is_not_written<S: Store>(store: &S) {
    let mut place = Place::brought(store, 1);
    let envelope = place.town.write(&mut place.a, place.zone);
    let mut job = place.job(&place.a, std::slice::from_ref(&envelope));
    job.log_size = LogSize(job.log_size.0 - 1);
    assert_eq!(store.push(job).expect("it answers"), PushOutcome::LogMoved);
    let mut job = place.job(&place.a, &[envelope]);
    job.partnership = PartnershipId([9; 16]);
    assert_eq!(store.push(job).expect("it answers"), PushOutcome::LogMoved);
    assert!(store.heads(place.town.id(), &[place.zone]).expect("it answers").is_empty());
}

pub(super) fn what_breaks_a_chain_is_not_stored_and_the_rest_is<S: Store>(store: &S) {
    let mut place = Place::brought(store, 1);
    let mut clone = place.a.clone();
    let chain: Vec<Bytes> = (0..3).map(|_| place.town.write(&mut place.a, place.zone)).collect();
    let rival = place.town.write_long(&mut clone, place.zone, 512);
    let elsewhere = place.town.write(&mut clone, place.other_zone);
    let sent = [chain[0].clone(), chain[2].clone(), rival, elsewhere, chain[1].clone(), chain[2].clone()];
    let outcome = store.push(place.job(&place.a, &sent)).expect("it answers");
    let expected = [Ok(1), Err(RefusalReason::Gap), Err(RefusalReason::Fork), Ok(1), Ok(2), Ok(3)];
    assert_eq!(numbers(outcome), expected);
    assert_eq!(place.feed(store, place.zone, place.b.id).len(), 3);
}

pub(super) fn a_full_quota_refuses<S: Store>(store: &S) {
    let mut place = Place::brought(store, 1);
    let envelopes: Vec<Bytes> = (0..3).map(|_| place.town.write(&mut place.a, place.zone)).collect();
    let mut job = place.job(&place.a, &envelopes);
    job.quota_bytes = envelopes[0].0.len() as u64 * 2;
    // The third does not fit; one that is there already is no new byte.
    assert_eq!(numbers(store.push(job).expect("it answers")), [Ok(1), Ok(2), Err(RefusalReason::Quota)]);
    let mut job = place.job(&place.a, &envelopes);
    job.quota_bytes = 0;
    assert_eq!(numbers(store.push(job).expect("it answers")), [Ok(1), Ok(2), Err(RefusalReason::Quota)]);
}

pub(super) fn partnerships_do_not_see_each_other<S: Store>(store: &S) {
    let (mut one, mut two) = (Place::brought(store, 1), Place::brought(store, 2));
    assert_eq!((one.zone, one.a.id), (two.zone, two.a.id), "the same ids in both");
    let envelope = one.town.write(&mut one.a, one.zone);
    store.push(one.job(&one.a, &[envelope])).expect("it answers");
    assert!(store.heads(two.town.id(), &[two.zone]).expect("it answers").is_empty());
    assert!(store.tails(two.town.id(), two.a.id).expect("it answers").is_empty());
    assert_eq!(store.has_envelopes(two.town.id()).expect("it answers"), Presence::Absent);
    let envelope = two.town.write(&mut two.a, two.zone);
    assert_eq!(numbers(store.push(two.job(&two.a, &[envelope])).expect("it answers")), [Ok(1)]);
}

pub(super) fn pages_end_where_they_should<S: Store>(store: &S) {
    let mut place = Place::brought(store, 1);
    let envelopes: Vec<Bytes> = (0..5).map(|_| place.town.write(&mut place.a, place.zone)).collect();
    store.push(place.job(&place.a, &envelopes)).expect("it answers");
    let (id, one) = (place.town.id(), envelopes[0].0.len());
    let count = |after, through, enough, most| {
        let range = FeedRange { zone: place.zone, after: FeedNumber(after), through: FeedNumber(through) };
        store.feed_page(id, range, place.b.id, PageBytes { enough, most }).expect("it answers").len()
    };
    assert_eq!(count(0, 5, usize::MAX, usize::MAX), 5);
    assert_eq!(count(1, 3, usize::MAX, usize::MAX), 2);
    assert_eq!(count(0, 5, 1, usize::MAX), 1);
    assert_eq!(count(0, 5, one + 1, usize::MAX), 2);
    assert_eq!(count(0, 5, usize::MAX, one * 3), 3);
    assert_eq!(count(0, 5, 0, one - 1), 0);
    assert_eq!(count(5, 5, usize::MAX, usize::MAX), 0);
    let past = FeedRange { zone: place.zone, after: FeedNumber(4), through: FeedNumber(6) };
    assert!(store.feed_page(id, past, place.b.id, ALL).is_err(), "a number that should be there is missing");
    let entry = store.log_page(id, LogSize(0), PageBytes { enough: 1, most: usize::MAX }).expect("it answers");
    assert_eq!(entry, place.town.entries[..1]);
    assert!(store.log_page(id, LogSize(0), PageBytes { enough: 1, most: 1 }).expect("it answers").is_empty());
}

pub(super) fn many_writers_share_one_store<S: Store>(store: &S) {
    let place = Place::brought(store, 1);
    const EACH: u64 = 32;
    let place = &place;
    let all: Vec<Result<u64, RefusalReason>> = std::thread::scope(|scope| {
        let write = |mut device: Device| {
            scope.spawn(move || {
                let mut numbers_told = Vec::new();
                for _ in 0..EACH {
                    let envelope = place.town.write(&mut device, place.zone);
                    numbers_told.extend(numbers(store.push(place.job(&device, &[envelope])).expect("it answers")));
                }
                numbers_told
            })
        };
        let writers = [write(place.a.clone()), write(place.b.clone())];
        writers.into_iter().flat_map(|writer| writer.join().expect("no panic")).collect()
    });
    let mut told: Vec<u64> = all.into_iter().map(|number| number.expect("taken")).collect();
    told.sort_unstable();
    assert_eq!(told, (1..=EACH * 2).collect::<Vec<_>>());
}

pub(super) fn an_inbox_keeps_what_is_left_until_it_is_decided<S: Store>(store: &S) {
    let mut place = Place::brought(store, 1);
    let late: Vec<Bytes> =
        [place.zone, place.other_zone, place.zone].map(|zone| place.town.write(&mut place.a, zone)).into();
    let size = place.town.authority.size();
    let before = Place::new(1).town;
    place.town.revoke(place.a.id, vec![]);
    let append = place.checked(Some(&before), &place.town.since(size, place.town.wraps.len()), BringRule::Named);
    store.append_log(append).expect("it answers");
    let (id, device) = (place.town.id(), place.a.id);
    let held = |bytes: &Bytes| match part(&place.town.authority, device, &bytes.0) {
        Parting::Held(held) => held,
        other => panic!("{other:?}"),
    };
    let job = |envelopes: &[Bytes]| InboxJob {
        partnership: id,
        log_size: place.town.authority.size(),
        device,
        arrived: NOW,
        envelopes: envelopes.iter().map(held).collect(),
        receipt: None,
    };
    let moved = InboxJob { log_size: size, ..job(&late) };
    assert_eq!(store.keep(moved).expect("it answers"), InboxOutcome::LogMoved);
    for _ in 0..2 {
        let kept = store.keep(job(&late[..2])).expect("it answers");
        assert_eq!(kept, InboxOutcome::Kept(vec![Kept::Held; 2]));
    }
    store.keep(job(&late)).expect("it answers");
    let read = |zones: &[ZoneId], after, enough| {
        let reader = InboxReader { zones: zones.iter().copied().collect(), receipts: Receipts::Withheld };
        let bytes = PageBytes { enough, most: usize::MAX };
        let (items, more) = store.inbox_page(id, InboxNumber(after), &reader, bytes).expect("it answers");
        (items.iter().map(|item| item.number.0).collect::<Vec<_>>(), more)
    };
    let both = [place.zone, place.other_zone];
    assert_eq!(read(&both, 0, usize::MAX), (vec![1, 2, 3], Remainder::Nothing));
    assert_eq!(read(&[place.zone], 0, usize::MAX), (vec![1, 3], Remainder::Nothing));
    assert_eq!(read(&both, 1, 1), (vec![2], Remainder::More));
    assert_eq!(read(&[], 0, usize::MAX), (vec![], Remainder::Nothing));
    let marks = store.inbox_marks(id, &[InboxNumber(2), InboxNumber(9)]).expect("it answers");
    assert_eq!(marks, [InboxMark { number: InboxNumber(2), device, zone: Some(place.other_zone) }]);
    store.clear_inbox(id, vec![InboxNumber(2), InboxNumber(9)]).expect("it answers");
    assert_eq!(read(&both, 0, usize::MAX).0, [1, 3]);
    store.keep(job(&late)).expect("it answers");
    assert_eq!(read(&both, 0, usize::MAX).0, [1, 3], "what was decided does not come back");
    assert_eq!(store.partnerships().expect("it answers"), [id]);
}

pub(super) fn an_erasure_takes_bytes_and_leaves_places<S: Store>(store: &S) {
    let mut place = Place::new(1);
    let second = place.town.second_admin();
    let append = place.checked(None, &place.town.bring(), BringRule::Named);
    store.append_log(append).expect("it answers");
    let envelopes: Vec<Bytes> = (0..3).map(|_| place.town.write(&mut place.a, place.zone)).collect();
    store.push(place.job(&place.a, &envelopes)).expect("it answers");
    let mut before = Place::new(1).town;
    before.second_admin();
    let size = place.town.authority.size();
    place.town.erase(&second, place.zone, &[&envelopes[1]]);
    let append = place.checked(Some(&before), &place.town.since(size, place.town.wraps.len()), BringRule::Named);
    let freed_bytes = envelopes[1].0.len() as u64;
    assert_eq!(store.append_log(append).expect("it answers"), AppendOutcome::Appended { freed_bytes });
    let ids: Vec<_> = envelopes.iter().map(id_of).collect();
    let of_a = [FeedItem::Own(ids[0]), FeedItem::Gone(ids[1]), FeedItem::Own(ids[2])];
    assert_eq!(place.feed(store, place.zone, place.a.id), of_a);
    assert_eq!(place.feed(store, place.zone, place.b.id)[1], FeedItem::Gone(ids[1]));
    assert_eq!(numbers(store.push(place.job(&place.a, &envelopes)).expect("it answers")), [Ok(1), Ok(2), Ok(3)]);
    assert_eq!(store.has_envelopes(place.town.id()).expect("it answers"), Presence::Present);
}

pub(super) fn parts_are_claimed_kept_within_a_quota_and_freed_with_their_document<S: Store>(store: &S) {
    let mut place = Place::new(1);
    let second = place.town.second_admin();
    let append = place.checked(None, &place.town.bring(), BringRule::Named);
    store.append_log(append).expect("it answers");
    // The town's erasures name this document.
    let (partnership, document, other) = (place.town.id(), DocumentId([6; 16]), DocumentId([7; 16]));
    let (own, shared, large) = (BlobId([1; 32]), BlobId([2; 32]), BlobId([3; 32]));
    let claim = |place: &Place, log_size, claims: &[(DocumentId, &[BlobId])]| {
        let claims = claims.iter().map(|(document, blobs)| BlobClaim {
            zone: place.zone,
            document: *document,
            blobs: blobs.to_vec(),
        });
        store.claim(ClaimJob { partnership, log_size, claims: claims.collect(), now: NOW }).expect("it answers")
    };
    let keep =
        |part, bytes| store.keep_part(PartJob { partnership, part, bytes, quota_bytes: 1_000 }).expect("answers");
    let held = |part| store.part(partnership, part).expect("it answers").map(|standing| standing.held_bytes);
    assert_eq!((held(own), keep(own, 400)), (None, PartOutcome::Unclaimed));
    assert_eq!(store.parts_gone(9).expect("it answers"), [(partnership, own)]);
    store.forget_parts(vec![(partnership, own)]).expect("it answers");
    let size = place.town.authority.size();
    assert_eq!(claim(&place, LogSize(size.0 - 1), &[(document, &[own])]), ClaimOutcome::LogMoved);
    let first = claim(&place, size, &[(document, &[own, shared]), (other, &[shared, large])]);
    assert_eq!(first, ClaimOutcome::Claimed { missing: vec![own, shared, large], here: vec![] });
    assert_eq!((keep(own, 400), keep(shared, 500), keep(own, 400)), [PartOutcome::Kept; 3].into());
    assert_eq!(keep(large, 101), PartOutcome::Full);
    let again = claim(&place, size, &[(document, &[own]), (other, &[large])]);
    assert_eq!(again, ClaimOutcome::Claimed { missing: vec![large], here: vec![own] });
    let standing = store.part(partnership, shared).expect("it answers").expect("it is claimed");
    assert_eq!((standing.zones, standing.used_bytes), ([place.zone].into(), 900));
    assert!(store.part(PartnershipId([9; 16]), shared).expect("it answers").is_none(), "partnerships are apart");

    let envelope = place.town.write(&mut place.a, place.zone);
    let mut before = Place::new(1).town;
    before.second_admin();
    place.town.erase(&second, place.zone, &[&envelope]);
    let append = place.checked(Some(&before), &place.town.since(size, place.town.wraps.len()), BringRule::Named);
    assert_eq!(store.append_log(append).expect("it answers"), AppendOutcome::Appended { freed_bytes: 400 });
    assert_eq!((held(own), held(shared), held(large)), (None, Some(Some(500)), Some(None)));
    let gone = store.parts_gone(9).expect("it answers");
    assert_eq!(gone, [(partnership, own), (partnership, large)], "what was freed, and what had no room");
    store.forget_parts(gone).expect("it answers");
    assert_eq!(keep(large, 101), PartOutcome::Kept, "there is room again");
}
