//! The decision on a push against a plain model, over arbitrary requests: whatever comes, in whatever order and however
//! often, each author's chain in each zone has no gap and no fork, and each feed's numbers are dense.

use std::collections::BTreeMap;

use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::{Bytes, Class, DeviceId, EnvelopeId, ZoneId};
use proptest::prelude::*;

use super::relay::keys;
use super::town::{Device, Town, id_of};
use crate::domain::admission::admit;
use crate::domain::push::PushVerdict;
use crate::store::{PushJob, PushOutcome, SqliteStore, Store};

const CHAIN: usize = 5;

/// For two devices and two zones a chain each, and a rival to every envelope of it.
struct Pool {
    town: Town,
    /// By device, zone, place and rivalry.
    envelopes: Vec<(Device, Bytes)>,
}

fn pool() -> Pool {
    let mut town = Town::new(keys().public());
    let devices = [town.device(), town.device()];
    let team = town.team(1, &[&devices[0], &devices[1]]);
    let zones = [town.zone(1, Class::Register, team), town.zone(2, Class::Register, team)];
    let mut envelopes = Vec::new();
    for device in devices {
        for zone in zones {
            let mut writer = device.clone();
            for _ in 0..CHAIN {
                let mut rival = writer.clone();
                envelopes.push((device.clone(), town.write_long(&mut rival, zone, 512)));
                envelopes.push((device.clone(), town.write(&mut writer, zone)));
            }
        }
    }
    Pool { town, envelopes }
}

fn push(store: &SqliteStore, town: &Town, request: &[&(Device, Bytes)]) -> Vec<PushVerdict> {
    let admitted = |(device, bytes): &(Device, Bytes)| {
        admit(&town.authority, device.id, &bytes.0).expect("every one of them may be written")
    };
    let job = PushJob {
        partnership: town.id(),
        log_size: town.authority.size(),
        quota_bytes: u64::MAX,
        envelopes: request.iter().map(|sent| admitted(sent)).collect(),
        gone: std::collections::BTreeMap::new(),
    };
    match store.push(job).expect("it answers") {
        PushOutcome::Stored { verdicts, .. } => verdicts,
        PushOutcome::LogMoved => panic!("the log stands still"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn chains_have_no_gap_and_no_fork_and_feeds_are_dense(
        requests in prop::collection::vec(prop::collection::vec(0usize..CHAIN * 8, 1..12), 1..12)
    ) {
        let Pool { town, envelopes } = pool();
        let store = SqliteStore::in_memory(doorstep_protocol::StoreId([1; 16])).expect("memory");
        let relay = crate::relay::Relay::new(store, keys(), Default::default()).expect("it answers");
        relay.append(&town.bring()).expect("a sound log");
        let store = relay.into_store();
        let mut chains: BTreeMap<(ZoneId, DeviceId), Vec<EnvelopeId>> = BTreeMap::new();
        let mut feeds: BTreeMap<ZoneId, FeedPoint> = BTreeMap::new();
        let mut numbers: BTreeMap<EnvelopeId, u64> = BTreeMap::new();
        for request in requests {
            let sent: Vec<&(Device, Bytes)> = request.iter().map(|index| &envelopes[*index]).collect();
            for ((_, bytes), verdict) in sent.iter().zip(push(&store, &town, &sent)) {
                let id = id_of(bytes);
                let envelope = doorstep_protocol::envelope::Envelope::parse(bytes.0.clone()).expect("an envelope");
                let header = envelope.header();
                let chain = chains.entry((header.zone, header.author)).or_default();
                let fits = header.zseq.0 == chain.len() as u64 + 1
                    && header.prev == chain.last().copied().unwrap_or(EnvelopeId::ZERO);
                match verdict {
                    PushVerdict::Receipt(receipt) if fits => {
                        chain.push(id);
                        let feed = feeds.entry(header.zone).or_insert(FeedPoint::START);
                        *feed = feed.then(id);
                        prop_assert_eq!(receipt.number, feed.number);
                        numbers.insert(id, receipt.number.0);
                    }
                    PushVerdict::Receipt(receipt) => {
                        prop_assert_eq!(numbers.get(&id), Some(&receipt.number.0));
                    }
                    PushVerdict::Refusal(_) => {
                        prop_assert!(!fits && !numbers.contains_key(&id));
                    }
                }
            }
        }
        let zones: Vec<ZoneId> = feeds.keys().copied().collect();
        prop_assert_eq!(store.heads(town.id(), &zones).expect("it answers"), feeds);
    }
}
