//! Whose work counts, on devices: what was applied is taken out when it no longer counts, and put back when it is taken in;
//! two envelopes in one place are one on every device; what is erased is gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use doorstep_client_core::device::{Device, RecordId};
use doorstep_client_core::replica::reader::SetAside;
use doorstep_client_core::store::{CommitPoint, Fault, Store, envelopes};
use doorstep_protocol::authority::{Adopt, Body, Cut, DeviceRevoke, Erase, EraseReason, ErasedEnvelope, RevokeReason};
use doorstep_protocol::envelope::{HEADER_BYTES, Header};
use doorstep_protocol::{Class, EnvelopeId, ZoneId};
use doorstep_tests::clerk::{Clerk, everything, notes, record};
use doorstep_tests::town::NOON;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

const HOME: &str = "100023336956";

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn bytes(all: &[(EnvelopeId, Vec<u8>)]) -> Vec<Vec<u8>> {
    all.iter().map(|(_, bytes)| bytes.clone()).collect()
}

/// What a device does, over a store that does not forget: everything holds, and a rebuild makes the same.
fn holds(device: &mut Device) {
    assert_eq!(device.verify().unwrap().faults, Vec::<String>::new());
    let rebuilt = device.rebuild(NOON).unwrap();
    assert!(rebuilt.differing.is_empty(), "{rebuilt:?}");
    assert_eq!(device.verify().unwrap().faults, Vec::<String>::new());
}

/// The last envelope of an author in each zone, among these.
fn cuts(of: &[(EnvelopeId, Vec<u8>)]) -> Vec<Cut> {
    let mut cuts: std::collections::BTreeMap<ZoneId, Cut> = std::collections::BTreeMap::new();
    for (id, bytes) in of {
        let header = Header::parse(bytes).unwrap();
        let cut = Cut { zone: header.zone, zseq: header.zseq, envelope: *id };
        let last = cuts.entry(header.zone).or_insert_with(|| cut.clone());
        if last.zseq < cut.zseq {
            *last = cut;
        }
    }
    cuts.into_values().collect()
}

struct Lost {
    clerk: Clerk,
    desk: Device,
    record: RecordId,
    late: Vec<(EnvelopeId, Vec<u8>)>,
}

/// A tablet wrote before and after the cut, another one built on both, and a desk has applied it all.
fn lost_tablet(rng: &mut ChaCha20Rng) -> (Lost, Vec<Cut>) {
    let clerk = Clerk::new(2);
    let (mut desk, mut tablet, mut second) = (clerk.device(0, rng), clerk.device(2, rng), clerk.device(3, rng));
    let record_id = record(&mut tablet, rng, HOME, "before");
    let early = everything(&mut tablet, rng);
    let cuts = cuts(&early);
    record(&mut tablet, rng, HOME, "after");
    let all = everything(&mut tablet, rng);
    let late: Vec<_> = all.iter().filter(|one| !early.contains(one)).cloned().collect();
    second.ingest_carried(bytes(&all), NOON).unwrap();
    record(&mut second, rng, HOME, "built on what came after");
    let everything = everything(&mut second, rng);
    desk.ingest_carried(bytes(&everything), NOON).unwrap();
    assert_eq!(notes(&mut desk, record_id), ["after", "before", "built on what came after"]);
    (Lost { clerk, desk, record: record_id, late }, cuts)
}

#[test]
fn what_a_lost_tablet_wrote_past_its_cut_is_taken_out_and_adopted_work_comes_back() {
    let rng = &mut rng(1);
    let (Lost { mut clerk, mut desk, record, late }, cuts) = lost_tablet(rng);
    clerk.says(Body::DeviceRevoke(DeviceRevoke { device: clerk.id(2), reason: RevokeReason::Lost, cuts }));
    clerk.tell(&mut desk);
    assert_eq!(notes(&mut desk, record), ["before"], "what depends on what was taken out waits");
    holds(&mut desk);
    let work = desk.late_work().unwrap();
    assert!(!work.is_empty() && work.iter().all(|one| one.why == SetAside::PastCut && one.author == clerk.id(2)));
    let named: usize = work.iter().map(|one| one.envelopes.len()).sum();
    assert_eq!(named, late.len());
    for one in work {
        clerk.says(Body::Adopt(Adopt { zone: one.zone, author: one.author, envelopes: one.envelopes }));
    }
    clerk.tell(&mut desk);
    desk.finish_rebuild(NOON).unwrap();
    assert_eq!(notes(&mut desk, record), ["after", "before", "built on what came after"]);
    assert!(desk.late_work().unwrap().is_empty());
    holds(&mut desk);
}

/// A desk that is about to hear of what the clerk has said, ends at any commit over it, and begins again on what is on disk.
fn crashes_are_taken_up(scene: impl Fn(&mut ChaCha20Rng) -> (Clerk, Device, RecordId), shown: &[&str]) {
    for point in [CommitPoint::Before, CommitPoint::After] {
        for spares in 0..60 {
            let rng = &mut rng(2);
            let (clerk, mut desk, record) = scene(rng);
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
            let taken = desk.take_log(&clerk.entries, &[]).map_err(|_| ());
            let settled = taken.and_then(|_| desk.finish_rebuild(NOON).map_err(|_| ()));
            let is_through = settled.is_ok();
            // The program ends, and begins again on what is on disk.
            let mut desk = Device::open(desk.into_store(), clerk.secrets(0), rng).unwrap();
            desk.set_fault_hook(Arc::new(|_| Fault::None));
            desk.finish_rebuild(NOON).unwrap();
            clerk.tell(&mut desk);
            desk.finish_rebuild(NOON).unwrap();
            assert_eq!(notes(&mut desk, record), shown, "{point:?} after {spares}");
            holds(&mut desk);
            if is_through {
                assert!(spares > 2, "it commits more than that");
                break;
            }
            assert!(spares < 59, "it never gets through");
        }
    }
}

fn revoke(clerk: &mut Clerk, cuts: Vec<Cut>) {
    clerk.says(Body::DeviceRevoke(DeviceRevoke { device: clerk.id(2), reason: RevokeReason::Lost, cuts }));
}

#[test]
fn a_crash_at_any_commit_of_judging_again_is_taken_up() {
    let scene = |rng: &mut ChaCha20Rng| {
        let (Lost { mut clerk, desk, record, .. }, cuts) = lost_tablet(rng);
        revoke(&mut clerk, cuts);
        (clerk, desk, record)
    };
    crashes_are_taken_up(scene, &["before"]);
}

#[test]
fn a_crash_at_any_commit_of_taking_work_in_is_taken_up() {
    let scene = |rng: &mut ChaCha20Rng| {
        let (Lost { mut clerk, mut desk, record, .. }, cuts) = lost_tablet(rng);
        revoke(&mut clerk, cuts);
        clerk.tell(&mut desk);
        for one in desk.late_work().unwrap() {
            clerk.says(Body::Adopt(Adopt { zone: one.zone, author: one.author, envelopes: one.envelopes }));
        }
        (clerk, desk, record)
    };
    crashes_are_taken_up(scene, &["after", "before", "built on what came after"]);
}

#[test]
fn a_crash_at_any_commit_of_erasing_is_taken_up() {
    let scene = |rng: &mut ChaCha20Rng| {
        let (Lost { mut clerk, mut desk, record, .. }, _) = lost_tablet(rng);
        let (zone, document) = (clerk.zone(Class::Home), desk.document_of(record, Class::Home).unwrap().unwrap());
        let mut envelopes: Vec<ErasedEnvelope> = everything(&mut desk, rng)
            .into_iter()
            .map(|(id, bytes)| (id, Header::parse(&bytes).unwrap()))
            .filter(|(_, header)| header.zone == zone && header.document == document)
            .map(|(envelope, header)| ErasedEnvelope { envelope, author: header.author, zseq: header.zseq })
            .collect();
        envelopes.sort_by_key(|one| one.envelope);
        clerk.says(Body::Erase(Erase { zone, document, reason: EraseReason::Request, envelopes }));
        (clerk, desk, record)
    };
    crashes_are_taken_up(scene, &[]);
}

#[test]
fn of_two_envelopes_in_one_place_the_lowest_counts_in_whatever_order_they_come() {
    let rng = &mut rng(3);
    let clerk = Clerk::new(1);
    // The same tablet twice, with the same keys and the same empty disk.
    let (mut one, mut other) = (clerk.device(2, rng), clerk.device(2, rng));
    let record_id = record(&mut one, rng, HOME, "one");
    record(&mut other, rng, HOME, "other");
    let (of_one, of_other) = (everything(&mut one, rng), everything(&mut other, rng));
    let (mut first, mut second) = (clerk.device(0, rng), clerk.device(1, rng));
    for (device, order) in [(&mut first, [&of_one, &of_other]), (&mut second, [&of_other, &of_one])] {
        for file in order {
            let came = device.ingest_carried(bytes(file), NOON).unwrap();
            assert!(!came.unknown_own);
        }
    }
    let shown = notes(&mut first, record_id);
    assert_eq!(shown.len(), 1);
    assert_eq!(shown, notes(&mut second, record_id));
    for device in [&mut first, &mut second] {
        holds(device);
        let alarms = device.equivocations().unwrap();
        assert!(alarms.iter().any(|alarm| alarm.author == clerk.id(2) && alarm.zone == clerk.zone(Class::Home)));
        assert_eq!(device.standing().unwrap().alarm, None, "somebody else's fork stops nobody");
        record(device, rng, HOME, "mine");
        assert!(device.seal_pending(NOON, rng).unwrap() > 0);
    }
}

#[test]
fn what_is_erased_is_gone_and_chains_still_hold() {
    let rng = &mut rng(4);
    let mut clerk = Clerk::new(2);
    let (mut desk, mut tablet, mut second) = (clerk.device(0, rng), clerk.device(2, rng), clerk.device(3, rng));
    let home = record(&mut tablet, rng, HOME, "to be erased");
    let all = everything(&mut tablet, rng);
    desk.ingest_carried(bytes(&all), NOON).unwrap();
    let zone = clerk.zone(Class::Home);
    let document = desk.document_of(home, Class::Home).unwrap().unwrap();
    let mut named: Vec<ErasedEnvelope> = all
        .iter()
        .map(|(id, bytes)| (*id, Header::parse(bytes).unwrap()))
        .filter(|(_, header)| header.zone == zone && header.document == document)
        .map(|(envelope, header)| ErasedEnvelope { envelope, author: header.author, zseq: header.zseq })
        .collect();
    named.sort_by_key(|one| one.envelope);
    // Not sealed yet, and by somebody who had not heard: both go.
    record(&mut desk, rng, HOME, "at the desk");
    record(&mut second, rng, HOME, "late");
    let late = everything(&mut second, rng);
    clerk.says(Body::Erase(Erase { zone, document, reason: EraseReason::Request, envelopes: named.clone() }));
    clerk.tell(&mut desk);
    assert_eq!(desk.document_of(home, Class::Home).unwrap(), None);
    desk.ingest_carried(bytes(&late), NOON).unwrap();
    assert_eq!(notes(&mut desk, home), Vec::<String>::new());
    holds(&mut desk);
    for kept in envelopes::page_after(desk.store().reader(), 0, usize::MAX).unwrap() {
        let header = Header::parse(&kept.bytes).unwrap();
        if header.zone == zone && header.document == document {
            assert_eq!(kept.bytes.len(), HEADER_BYTES, "of {} more is kept than its header", kept.id);
        }
    }
    // Who had heard of it may begin the record anew.
    record(&mut desk, rng, HOME, "begun anew");
    let anew = everything(&mut desk, rng);
    assert_eq!(notes(&mut desk, home), ["begun anew"]);
    // A newcomer is served the rest, and the chain of the tablet goes on past what is gone.
    clerk.tell(&mut tablet);
    record(&mut tablet, rng, "100023336957", "goes on");
    let mut newcomer = clerk.device_on(1, Store::in_memory().unwrap(), clerk.entries.len(), rng);
    let of_tablet = everything(&mut tablet, rng);
    newcomer.ingest_carried(bytes(&anew), NOON).unwrap();
    newcomer.ingest_carried(bytes(&of_tablet), NOON).unwrap();
    assert_eq!(notes(&mut newcomer, home), ["begun anew"]);
    let waits = newcomer.tray().unwrap();
    assert!(waits.is_empty(), "{waits:?}");
    holds(&mut newcomer);
    holds(&mut tablet);
}
