//! The auditor's way through the chains: from each device's first record, with its MAC key evolved after each.
//!
//! Deleting, reordering or truncating records, beginning a chain anew, or writing in somebody's place each leaves a mark.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_crypto::audit::{self, AuditKey, AuditMac};
use doorstep_protocol::envelope::Header;
use doorstep_protocol::{DeviceId, EnvelopeId, Millis, ZoneSeq};

use super::record::{AuditEvent, AuditRecord, MacedRecord};

/// What an auditor has of one place in a device's chain.
pub struct ChainItem {
    /// Its envelope.
    pub id: EnvelopeId,
    /// The header: author, counter, link.
    pub header: Header,
    /// When it came to the auditor, by the auditor's clock.
    pub arrived: Millis,
    /// What it holds; `None` when it does not open for the auditor.
    pub held: Option<MacedRecord>,
}

/// What does not hold in a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmKind {
    /// Records are missing between two that are there.
    Gap,
    /// Two records stand in one place, or a record does not follow the one before.
    Fork,
    /// The chain does not begin with its start, or has none.
    NoStart,
    /// The chain begins anew: the device was reset, or somebody else's goes on in its place.
    Reset,
    /// A record's MAC does not fit: it was written, or changed, by who does not have the device's chain.
    BadMac,
    /// A record does not open or does not decode.
    Unreadable,
    /// Nothing has come for longer than the policy allows.
    Silent,
    /// The chain goes on, as something else than the chain tells, and its end has not come: it is withheld, or was cleared.
    Truncated,
}

/// One alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Alarm {
    /// The device.
    pub device: DeviceId,
    /// What.
    pub kind: AlarmKind,
    /// The counter at which it shows; zero for the chain as a whole.
    pub zseq: ZoneSeq,
}

/// What one device's chain says.
#[derive(Default)]
pub struct Found {
    /// Records that hold, in their order.
    pub records: Vec<(EnvelopeId, AuditRecord)>,
    /// What does not hold.
    pub alarms: Vec<Alarm>,
    /// When the last record that holds was written, by the auditor's clock or the device's, whichever is earlier.
    pub last: Option<Millis>,
    /// The latest that the device's clock showed in a record that holds.
    pub latest: Option<Millis>,
}

/// Places that a chain is known to have reached, from elsewhere than the chain.
pub type KnownPlaces = BTreeMap<ZoneSeq, EnvelopeId>;

/// Follows one device's chain. `items` are all that the auditor has of it, ascending by counter.
#[must_use]
pub fn follow(device: DeviceId, items: &[ChainItem], known: &KnownPlaces) -> Found {
    let mut found = Found::default();
    let mut key: Option<AuditKey> = None;
    let mut alarms = BTreeSet::new();
    let (mut next, mut prev) = (ZoneSeq(1), EnvelopeId::ZERO);
    for item in items {
        let zseq = item.header.zseq;
        let mut alarm = |kind| alarms.insert(Alarm { device, kind, zseq });
        if zseq < next {
            alarm(AlarmKind::Fork);
            continue;
        }
        if zseq > next {
            alarm(AlarmKind::Gap);
            // The keys of what is missing evolve all the same: what follows can still be checked.
            for _ in next.0..zseq.0.min(next.0.saturating_add(GAP_FOLLOWED_MAX)) {
                key = key.map(AuditKey::evolve);
            }
        } else if item.header.prev != prev {
            alarm(AlarmKind::Fork);
        }
        (next, prev) = (zseq.next(), item.id);
        let record = item.held.as_ref().and_then(|held| Some((held, AuditRecord::from_bytes(&held.record.0).ok()?)));
        let Some((held, record)) = record else {
            alarm(AlarmKind::Unreadable);
            key = key.map(AuditKey::evolve);
            continue;
        };
        if let AuditEvent::Start { first } = &record.event {
            if zseq != ZoneSeq(1) {
                alarm(AlarmKind::Reset);
            }
            key = Some(AuditKey::from_bytes(first.0.0));
        }
        let Some(held_key) = key.take() else {
            alarm(AlarmKind::NoStart);
            continue;
        };
        let holds = audit::verify(&held_key, &item.header, &held.record.0, &AuditMac(held.mac.0)).is_ok();
        key = Some(held_key.evolve());
        if !holds {
            alarm(AlarmKind::BadMac);
            continue;
        }
        found.last = found.last.max(Some(item.arrived.min(record.wall)));
        found.latest = found.latest.max(Some(record.wall));
        found.records.push((item.id, record));
    }
    for zseq in known.iter().filter(|(_, id)| items.iter().all(|item| item.id != **id)).map(|(zseq, _)| *zseq) {
        // What is missing before the end was told as a gap.
        let kind = match items.iter().any(|item| item.header.zseq == zseq) {
            true => AlarmKind::Fork,
            false if zseq >= next => AlarmKind::Truncated,
            false => continue,
        };
        alarms.insert(Alarm { device, kind, zseq });
    }
    found.alarms = alarms.into_iter().collect();
    found
}

/// Missing records whose keys are evolved over; a longer gap is an alarm, and so is what stands behind it.
const GAP_FOLLOWED_MAX: u64 = 1_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::record::FirstKey;
    use doorstep_protocol::envelope::{EnvelopeKind, Keying};
    use doorstep_protocol::{Bytes, Digest32, DocumentId, Epoch, LogHash, LogSize, PartnershipId, SeatId, ZoneId};
    use proptest::prelude::*;

    const DEVICE: DeviceId = DeviceId([5; 16]);

    fn write(chain: &mut Vec<ChainItem>, key: AuditKey, event: AuditEvent) -> AuditKey {
        let zseq = ZoneSeq(chain.len() as u64 + 1);
        let header = Header {
            kind: EnvelopeKind::Changes,
            keying: Keying::DropBox,
            partnership: PartnershipId([1; 16]),
            zone: ZoneId([2; 16]),
            document: DocumentId(DEVICE.0),
            epoch: Epoch(1),
            author: DEVICE,
            zseq,
            prev: chain.last().map_or(EnvelopeId::ZERO, |item| item.id),
            log_size: LogSize(8),
            log_head: LogHash([9; 32]),
        };
        let record = AuditRecord { wall: Millis(1_000 + zseq.0), seat: SeatId([3; 16]), event }.to_bytes();
        let mac = Digest32(audit::mac(&key, &header, &record).0);
        let mut id = [0; 32];
        id[..8].copy_from_slice(&zseq.0.to_be_bytes());
        id[8] = key.expose_bytes()[0] | 1;
        let held = Some(MacedRecord { record: Bytes(record), mac });
        chain.push(ChainItem { id: EnvelopeId(id), header, arrived: Millis(5_000), held });
        key.evolve()
    }

    fn begin(chain: &mut Vec<ChainItem>, seed: u8) -> AuditKey {
        let first = [seed; 32];
        write(chain, AuditKey::from_bytes(first), AuditEvent::Start { first: FirstKey(Digest32(first)) })
    }

    fn chain(records: usize) -> Vec<ChainItem> {
        let mut chain = Vec::new();
        let mut key = begin(&mut chain, 8);
        for at in 0..records {
            key = write(&mut chain, key, AuditEvent::WrongPins { count: at as u32 });
        }
        chain
    }

    /// A chain of which nothing is known but what has come.
    fn alone(items: &[ChainItem]) -> Found {
        follow(DEVICE, items, &KnownPlaces::new())
    }

    fn kinds(found: &Found) -> BTreeSet<AlarmKind> {
        found.alarms.iter().map(|alarm| alarm.kind).collect()
    }

    /// Lesson 28.
    #[test]
    fn lesson_28_deleting_reordering_and_resetting_are_each_noticed() {
        let whole = alone(&chain(6));
        assert_eq!((whole.records.len(), kinds(&whole)), (7, BTreeSet::new()));
        assert_eq!(whole.last, Some(Millis(1_007)), "the device's clock is the earlier one");

        let mut deleted = chain(6);
        deleted.remove(3);
        let found = alone(&deleted);
        assert_eq!(kinds(&found), [AlarmKind::Gap].into());
        assert_eq!(found.records.len(), 6, "what follows a gap is still checked");

        let mut beheaded = chain(6);
        beheaded.remove(0);
        assert!(kinds(&alone(&beheaded)).is_superset(&[AlarmKind::Gap, AlarmKind::NoStart].into()));

        // Two records change places, with their seals but without new counters: headers stand where they stood.
        let mut swapped = chain(6);
        let (a, b) = (swapped[3].held.take(), swapped[4].held.take());
        (swapped[3].held, swapped[4].held) = (b, a);
        assert_eq!(kinds(&alone(&swapped)), [AlarmKind::BadMac].into());

        let mut reset = chain(3);
        let key = begin(&mut reset, 9);
        write(&mut reset, key, AuditEvent::Heartbeat);
        assert_eq!(kinds(&alone(&reset)), [AlarmKind::Reset].into());

        // Who has the signing key, and not the chain, goes on in the device's place.
        let mut taken = chain(3);
        write(&mut taken, AuditKey::from_bytes([1; 32]), AuditEvent::Heartbeat);
        assert_eq!(kinds(&alone(&taken)), [AlarmKind::BadMac].into());

        let mut forked = chain(4);
        let mut other = chain(3);
        let mut twin = other.remove(2);
        twin.id = EnvelopeId([0xee; 32]);
        forked.insert(3, twin);
        assert_eq!(kinds(&alone(&forked)), [AlarmKind::Fork].into());
        assert!(alone(&[]).records.is_empty());
    }

    /// Silence told of it only days later.
    #[test]
    fn an_end_that_is_known_from_elsewhere_and_has_not_come_is_an_alarm_at_once() {
        let whole = chain(6);
        let known: KnownPlaces = whole.iter().map(|item| (item.header.zseq, item.id)).collect();
        let of = |items: &[ChainItem]| kinds(&follow(DEVICE, items, &known));
        assert_eq!(of(&whole), BTreeSet::new());
        let mut truncated = chain(6);
        truncated.truncate(4);
        assert_eq!(kinds(&alone(&truncated)), BTreeSet::new());
        assert_eq!(of(&truncated), [AlarmKind::Truncated].into());
        assert_eq!(of(&[]), [AlarmKind::Truncated].into());
        let mut deleted = chain(6);
        deleted.remove(3);
        assert_eq!(of(&deleted), [AlarmKind::Gap].into());
        let mut other = chain(6);
        other[6].id = EnvelopeId([0xee; 32]);
        assert_eq!(of(&other), [AlarmKind::Fork].into());
    }

    proptest! {
        /// Whatever one record is changed to, or whichever goes, the chain does not pass as whole.
        #[test]
        fn no_single_change_passes(at in 0usize..6, byte in 0usize..200, bit in 0u8..8) {
            let mut changed = chain(5);
            let held = changed[at].held.as_mut().expect("made above");
            let byte = byte % held.record.0.len();
            held.record.0[byte] ^= 1 << bit;
            prop_assert!(!alone(&changed).alarms.is_empty());
            let mut fewer = chain(5);
            fewer.remove(at);
            let last = at == 5;
            prop_assert_eq!(alone(&fewer).alarms.is_empty(), last, "only the end can go unseen");
            let known = chain(5).iter().map(|item| (item.header.zseq, item.id)).collect();
            prop_assert!(!follow(DEVICE, &fewer, &known).alarms.is_empty());
        }
    }
}
