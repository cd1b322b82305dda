//! Who may no longer read: a lost or retired device, a leaver, a grant that ends. Each is one append: the loss, up to where
//! the work written before it counts, and the keys that it makes owed. All of it is in the log, or nothing.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_protocol::authority::{Adopt, Body, Cut, DeviceRevoke, Freeze, OwedKeys, RevokeReason, Unfreeze};
use doorstep_protocol::wire::AuthorTail;
use doorstep_protocol::{DeviceId, EnvelopeId, Millis, ZoneId, ZoneSeq, limits};
use rand_core::CryptoRng;

use super::writer::{AdminError, LogWriter, Signer, Written};
use crate::device::{Device, DeviceError};
use crate::replica::reader::Tail;
use crate::store::envelopes;

/// The server shows less of a device's work than this desk has verified: it has lost or hides some.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TailAlarm {
    /// The zone.
    pub zone: ZoneId,
    /// The last counter that this desk has verified.
    pub verified: ZoneSeq,
    /// What the server shows there; nothing, when null.
    pub stated: Option<ZoneSeq>,
}

/// What a loss came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Teams that got a new key.
    pub teams: usize,
    /// Zones that got a new key.
    pub zones: usize,
    /// Keys that are still owed: this desk may not make them, or lacks a key for it.
    pub owed: OwedKeys,
    /// Where the server shows less than this desk has verified.
    pub alarms: Vec<TailAlarm>,
}

/// The last envelopes of a device that count, as this desk sees it.
pub(super) struct Ends {
    pub(super) cuts: BTreeMap<ZoneId, (ZoneSeq, EnvelopeId)>,
    pub(super) alarms: Vec<TailAlarm>,
}

/// Where a device's work ends. In zones that this desk reads it is what the desk has verified itself, whatever the server
/// says; in others the server's word is all there is, and it is never taken below what was verified once.
pub(super) fn ends(desk: &Device, device: DeviceId, stated: &[AuthorTail], now: Millis) -> Result<Ends, AdminError> {
    let authority = desk.authority()?;
    let stated: BTreeMap<ZoneId, &AuthorTail> = stated.iter().map(|tail| (tail.zone, tail)).collect();
    let mut found = Ends { cuts: BTreeMap::new(), alarms: Vec::new() };
    for zone in authority.zones().keys() {
        let verified = verified_tail(desk, *zone, device)?;
        let theirs = stated.get(zone).map(|tail| (tail.zseq, tail.envelope));
        if let Some(mine) = verified {
            let another = |theirs: (ZoneSeq, EnvelopeId)| theirs.0 == mine.zseq && theirs.1 != mine.envelope;
            if theirs.is_none_or(|theirs| theirs.0 < mine.zseq || another(theirs)) {
                let stated = theirs.map(|theirs| theirs.0);
                found.alarms.push(TailAlarm { zone: *zone, verified: mine.zseq, stated });
            }
        }
        let mine = verified.map(|tail| (tail.zseq, tail.envelope));
        let last = if authority.may_hold(desk.id(), *zone, now) {
            mine
        } else {
            match (mine, theirs) {
                (Some(mine), Some(theirs)) if theirs.0 > mine.0 => Some(theirs),
                (Some(mine), _) => Some(mine),
                (None, theirs) => theirs,
            }
        };
        if let Some(last) = last {
            found.cuts.insert(*zone, last);
        }
    }
    Ok(found)
}

fn verified_tail(desk: &Device, zone: ZoneId, device: DeviceId) -> Result<Option<Tail>, AdminError> {
    let tail = envelopes::tail(desk.store().reader(), zone, device).map_err(DeviceError::from)?;
    Ok(tail.filter(|tail| tail.zseq > ZoneSeq(0)))
}

/// Whether the server has more of a device's work, in zones that this desk reads, than the desk has taken in: it syncs
/// first, so that what is honest is not cut off.
///
/// # Errors
/// [`AdminError::Device`].
pub fn is_behind(desk: &Device, device: DeviceId, stated: &[AuthorTail], now: Millis) -> Result<bool, AdminError> {
    let authority = desk.authority()?;
    for tail in stated.iter().filter(|tail| authority.may_hold(desk.id(), tail.zone, now)) {
        let verified = verified_tail(desk, tail.zone, device)?;
        if verified.is_none_or(|mine| mine.zseq < tail.zseq) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Ends a device: the revocation with its cuts, and every key that it makes owed and this desk can make, as one append.
/// `stated` is what the server says of the device's last envelopes.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn revoke(
    desk: &Device,
    (device, reason): (DeviceId, RevokeReason),
    stated: &[AuthorTail],
    now: Millis,
    rng: &mut impl CryptoRng,
) -> Result<(Written, Rotated), AdminError> {
    let mut log = LogWriter::after(desk.authority()?, now);
    let signer = Signer::Device(desk.id(), &desk.secrets.sign);
    let Ends { cuts, alarms } = ends(desk, device, stated, now)?;
    let cuts = cuts.into_iter().map(|(zone, (zseq, envelope))| Cut { zone, zseq, envelope }).collect();
    log.push(&signer, Body::DeviceRevoke(DeviceRevoke { device, reason, cuts }))?;
    finish(desk, log, alarms, rng)
}

/// Stops a device from being served, at any hour, by one signature.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn freeze(desk: &Device, device: DeviceId, now: Millis) -> Result<Written, AdminError> {
    one(desk, Body::Freeze(Freeze { device }), now)
}

/// Lets a frozen device be served again.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn unfreeze(desk: &Device, device: DeviceId, now: Millis) -> Result<Written, AdminError> {
    one(desk, Body::Unfreeze(Unfreeze { device }), now)
}

/// Work as entries take it in: by zone and author, as many envelopes in each as it holds.
#[must_use]
pub fn adoptions(work: impl IntoIterator<Item = (ZoneId, DeviceId, EnvelopeId)>) -> Vec<Adopt> {
    let mut by_author: BTreeMap<(ZoneId, DeviceId), BTreeSet<EnvelopeId>> = BTreeMap::new();
    for (zone, author, envelope) in work {
        by_author.entry((zone, author)).or_default().insert(envelope);
    }
    let mut adopts = Vec::new();
    for ((zone, author), envelopes) in by_author {
        let envelopes: Vec<EnvelopeId> = envelopes.into_iter().collect();
        for some in envelopes.chunks(limits::ADOPT_ENVELOPES_MAX) {
            adopts.push(Adopt { zone, author, envelopes: some.to_vec() });
        }
    }
    adopts
}

/// Takes in work that would not count.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn adopt(desk: &Device, adopts: &[Adopt], now: Millis) -> Result<Written, AdminError> {
    let mut log = LogWriter::after(desk.authority()?, now);
    for adopt in adopts {
        log.push(&Signer::Device(desk.id(), &desk.secrets.sign), Body::Adopt(adopt.clone()))?;
    }
    Ok(log.finish())
}

/// Makes the keys that are owed and that this desk can make.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn take_up(desk: &Device, now: Millis, rng: &mut impl CryptoRng) -> Result<(Written, Rotated), AdminError> {
    finish(desk, LogWriter::after(desk.authority()?, now), Vec::new(), rng)
}

/// One entry by this desk.
pub(super) fn one(desk: &Device, body: Body, now: Millis) -> Result<Written, AdminError> {
    let mut log = LogWriter::after(desk.authority()?, now);
    log.push(&Signer::Device(desk.id(), &desk.secrets.sign), body)?;
    Ok(log.finish())
}

/// Adds the keys that are owed now, and ends the append.
pub(super) fn finish(
    desk: &Device,
    mut log: LogWriter,
    alarms: Vec<TailAlarm>,
    rng: &mut impl CryptoRng,
) -> Result<(Written, Rotated), AdminError> {
    let signer = Signer::Device(desk.id(), &desk.secrets.sign);
    let owed = log.take_up(&signer, desk.id(), &desk.keyring, rng)?;
    let (teams, zones) = (log.count(|body| matches!(body, Body::TeamEpoch(_))), log.count(is_zone_epoch));
    Ok((log.finish(), Rotated { teams, zones, owed, alarms }))
}

const fn is_zone_epoch(body: &Body) -> bool {
    matches!(body, Body::ZoneEpoch(_))
}
