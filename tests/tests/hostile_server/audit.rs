//! A server that wants an auditor not to see who read what: it withholds the newest records of a device.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_client_core::audit::AlarmKind;
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wire::Frame;
use doorstep_protocol::{Millis, ZoneId};
use doorstep_tests::hostile::{Bent, sync_bent};
use doorstep_tests::town::NOON;
use doorstep_tests::wire::{on, sync};

use super::{Scene, write};

const NEXT_DAY: Millis = Millis(NOON.0 + 25 * 60 * 60 * 1_000);

/// Leaves out what the answer brings of a zone, and signs heads that fit.
fn withhold(bent: &mut Bent, zone: ZoneId, before: &BTreeMap<ZoneId, FeedPoint>) -> usize {
    let mut current = None;
    let whole = bent.frames.len();
    bent.frames.retain(|frame| {
        if let Frame::FeedStart(start) = frame {
            current = Some(start.zone);
        }
        !(matches!(frame, Frame::Envelope(_)) && current == Some(zone))
    });
    bent.heads_as_told(before);
    whole - bent.frames.len()
}

/// What an auditor's desk says of the victim, a day after both had synced and when the victim has worked again.
fn alarms(bend: impl FnOnce(&mut Bent, ZoneId, &BTreeMap<ZoneId, FeedPoint>)) -> BTreeSet<AlarmKind> {
    let Scene { mut desk, mut victim, mut station, .. } = Scene::new();
    sync(&mut desk, &mut station, NOON);
    write(&mut victim, "fourth");
    sync(&mut victim, &mut station, NEXT_DAY);
    let zone = on(&mut desk).authority().expect("it is a member").audit_zone().expect("founded with one");
    let before = on(&mut desk).feeds().iter().map(|(zone, position)| (*zone, position.read)).collect();
    sync_bent(&mut desk, &mut station, NEXT_DAY, |bent| bend(bent, zone, &before));
    let standing = on(&mut desk).standing().expect("it answers");
    assert_eq!(standing.alarm, None, "the heads fit what was told");
    let victim = on(&mut victim).id();
    let report = on(&mut desk).audit(NEXT_DAY).expect("it is an auditor's");
    report.alarms.into_iter().filter(|alarm| alarm.device == victim).map(|alarm| alarm.kind).collect()
}

#[test]
fn the_withheld_end_of_an_audit_chain_is_an_alarm_with_the_next_work_of_its_device() {
    assert_eq!(alarms(|_, _, _| {}), BTreeSet::new());
    let withheld = alarms(|bent, zone, before| {
        assert!(withhold(bent, zone, before) > 0, "there is something to withhold");
    });
    assert_eq!(withheld, [AlarmKind::Truncated].into());
}
