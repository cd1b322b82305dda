//! Histories on real devices that are told and sent everything in different orders.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_client_core::device::Device;
use doorstep_client_core::store::envelopes::{self, Standing as Kept};
use doorstep_protocol::authority::{Adopt, Body, Cut, DeviceRevoke, Erase, EraseReason, ErasedEnvelope, RevokeReason};
use doorstep_protocol::envelope::Header;
use doorstep_protocol::{Class, DeviceId, EnvelopeId, ZoneId};
use doorstep_tests::clerk::{Clerk, everything, notes, record};
use doorstep_tests::sim::chance::Chance;
use doorstep_tests::town::NOON;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::history::AUTHORS;

/// Histories on real devices.
const DEVICE_HISTORIES: u64 = 120;

/// What a device has in its documents, by envelope and by what it shows.
fn shown(
    device: &mut Device,
    homes: &[doorstep_client_core::device::RecordId],
) -> (BTreeSet<EnvelopeId>, Vec<Vec<String>>) {
    let kept = envelopes::page_after(device.store().reader(), 0, usize::MAX).expect("its store");
    let applied = kept.iter().filter(|one| one.standing == Kept::Applied).map(|one| one.id).collect();
    (applied, homes.iter().map(|home| notes(device, *home)).collect())
}

#[test]
fn devices_come_to_the_same_in_whatever_order_they_hear_and_receive() {
    let base = Clerk::new(AUTHORS);
    let uprns = ["100023336956", "100023336957"];
    let (mut taken_out, mut forks) = (0, 0);
    for seed in 0..DEVICE_HISTORIES {
        let mut chance = Chance::new(seed, 10);
        let rng = &mut ChaCha20Rng::seed_from_u64(seed);
        let mut clerk = base.fork();
        let mut tablets: Vec<Device> = (0..AUTHORS).map(|at| clerk.device(at + 2, rng)).collect();
        // A copy of the first tablet from when it was new: what both write stands in one place.
        tablets.push(clerk.device(2, rng));
        let mut homes = BTreeSet::new();
        let mut left = BTreeSet::new();
        for step in 0..chance.between(8, 16) {
            let at = chance.below(tablets.len() as u64) as usize;
            match chance.below(10) {
                // Who has heard of its revocation writes no more.
                0..=4 if !(at == AUTHORS && seed % 2 == 0) && tablets[at].seat().is_ok() => {
                    let uprn = *chance.pick(&uprns);
                    homes.insert(record(&mut tablets[at], rng, uprn, &format!("step {step} by {at}")));
                }
                5 | 6 => {
                    // One builds on what the other has; never a copy on its original, which would stop it.
                    let from = chance.below(AUTHORS as u64) as usize;
                    let file: Vec<Vec<u8>> = everything(&mut tablets[from], rng)
                        .into_iter()
                        .filter(|(_, bytes)| {
                            let author = Header::parse(bytes).expect("an envelope").author;
                            at != AUTHORS && (author != clerk.id(at + 2))
                        })
                        .map(|(_, bytes)| bytes)
                        .collect();
                    tablets[at].ingest_carried(file, NOON).expect("its store");
                }
                7 => clerk.tell(&mut tablets[at]),
                8 if at < AUTHORS && left.insert(at) => {
                    let sealed = everything(&mut tablets[at], rng);
                    let device = clerk.id(at + 2);
                    let mut cuts: BTreeMap<ZoneId, Cut> = BTreeMap::new();
                    for (envelope, bytes) in sealed {
                        let header = Header::parse(&bytes).expect("an envelope");
                        if header.author == device && chance.happens(700) {
                            cuts.insert(header.zone, Cut { zone: header.zone, zseq: header.zseq, envelope });
                        }
                    }
                    let cuts = cuts.into_values().collect();
                    clerk.says(Body::DeviceRevoke(DeviceRevoke { device, reason: RevokeReason::Lost, cuts }));
                }
                _ => {}
            }
        }
        let mut file: BTreeMap<EnvelopeId, Vec<u8>> = BTreeMap::new();
        for tablet in &mut tablets {
            file.extend(everything(tablet, rng));
        }
        let before_decisions = clerk.entries.len();
        decide(&mut clerk, &file, &mut chance);
        let homes: Vec<_> = homes.into_iter().collect();
        let mut replicas = Vec::new();
        for order in 0..3 {
            let mut order = Chance::new(seed * 3 + order, 11);
            let first = order.between(base.entries.len() as u64, clerk.entries.len() as u64) as usize;
            let mut desk = clerk.device_on((order.below(2)) as usize, store(), first, rng);
            let mut rest: Vec<(EnvelopeId, Vec<u8>)> = file.clone().into_iter().collect();
            for at in (1..rest.len()).rev() {
                rest.swap(at, order.below(at as u64 + 1) as usize);
            }
            let mut heard = first;
            while !rest.is_empty() {
                let some: Vec<Vec<u8>> =
                    rest.drain(..(order.between(1, 6) as usize).min(rest.len())).map(|(_, bytes)| bytes).collect();
                desk.ingest_carried(some, NOON).expect("its store");
                if order.happens(400) && heard < clerk.entries.len() {
                    heard = order.between(heard as u64 + 1, clerk.entries.len() as u64) as usize;
                    desk.take_log(&clerk.entries[..heard], &[]).expect("the log holds");
                }
            }
            clerk.tell(&mut desk);
            desk.ingest_carried(Vec::new(), NOON).expect("its store");
            let faults = desk.verify().expect("its store").faults;
            let tray = desk.tray().expect("its store");
            assert_eq!(faults, Vec::<String>::new(), "seed {seed}: {tray:?}");
            let found = shown(&mut desk, &homes);
            let rebuilt = desk.rebuild(NOON).expect("its store");
            assert!(rebuilt.differing.is_empty(), "seed {seed}: {rebuilt:?}");
            assert_eq!(shown(&mut desk, &homes), found, "seed {seed}: a rebuild makes something else");
            forks += desk.equivocations().expect("its store").len();
            taken_out += desk.late_work().expect("its store").len();
            replicas.push(found);
        }
        assert!(replicas.windows(2).all(|two| two[0] == two[1]), "seed {seed}: {replicas:#?}");
        assert!(clerk.entries.len() >= before_decisions);
    }
    assert!(taken_out > 50 && forks > 20, "{taken_out} {forks}");
}

fn store() -> doorstep_client_core::store::Store {
    doorstep_client_core::store::Store::in_memory().expect("memory")
}

/// Admins take some of it in, and erase a document.
fn decide(clerk: &mut Clerk, file: &BTreeMap<EnvelopeId, Vec<u8>>, chance: &mut Chance) {
    let mut slots: BTreeMap<(ZoneId, DeviceId), Vec<EnvelopeId>> = BTreeMap::new();
    for (id, bytes) in file {
        let header = Header::parse(bytes).expect("an envelope");
        if chance.happens(200) {
            slots.entry((header.zone, header.author)).or_default().push(*id);
        }
    }
    for ((zone, author), envelopes) in slots {
        if chance.happens(500) {
            clerk.says(Body::Adopt(Adopt { zone, author, envelopes }));
        }
    }
    let zone = clerk.zone(Class::Home);
    let of_home = file.iter().map(|(id, bytes)| (*id, Header::parse(bytes).expect("an envelope")));
    let of_home: Vec<(EnvelopeId, Header)> = of_home.filter(|(_, header)| header.zone == zone).collect();
    if chance.happens(300) && !of_home.is_empty() {
        let document = chance.pick(&of_home).1.document;
        let of_document = of_home.iter().filter(|(_, header)| header.document == document && chance.happens(700));
        let envelopes = of_document
            .map(|(envelope, header)| ErasedEnvelope { envelope: *envelope, author: header.author, zseq: header.zseq })
            .collect();
        clerk.says(Body::Erase(Erase { zone, document, reason: EraseReason::Mistake, envelopes }));
    }
}
