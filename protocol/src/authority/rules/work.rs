//! Late work is taken in, documents are erased, stores restored.

use super::{Author, LogError, refused, within};
use crate::authority::body::{Adopt, Erase, EraseReason, RestorePoint};
use crate::ids::{DeviceId, RestoreEpoch, ZoneSeq};
use crate::limits;

pub(super) fn adopt(author: &Author<'_>, adopt: &Adopt) -> Result<(), LogError> {
    let Some(zone) = author.state.zones.get(&adopt.zone) else { return refused(author.what, "there is no such zone") };
    author.admin_of(zone.organisation)?;
    author.require(author.state.devices.contains_key(&adopt.author), "there was never such a device")?;
    within(adopt.envelopes.len(), limits::ADOPT_ENVELOPES_MAX, "envelopes taken in at once")?;
    author.require(
        !adopt.envelopes.is_empty() && adopt.envelopes.is_sorted_by(|a, b| a < b),
        "envelopes are missing or not in order",
    )
}

/// That a second admin has signed is checked with the signatures.
pub(super) fn erase(author: &Author<'_>, erase: &Erase) -> Result<(), LogError> {
    let Some(zone) = author.state.zones.get(&erase.zone) else { return refused(author.what, "there is no such zone") };
    author.admin_of(zone.organisation)?;
    author.require(!zone.is_drop_box(), "the audit chain is never erased")?;
    let was_erased = author.state.erased_at(erase.zone, erase.document).is_some();
    author.require(erase.reason != EraseReason::Finish || was_erased, "it finishes an erasure that never was")?;
    within(erase.envelopes.len(), limits::ERASE_ENVELOPES_MAX, "envelopes erased at once")?;
    author.require(erase.envelopes.is_sorted_by(|a, b| a.envelope < b.envelope), "envelopes are not in order")?;
    let is_device = |device| author.state.devices.contains_key(device);
    author.require(erase.envelopes.iter().all(|one| is_device(&one.author)), "there was never such a device")?;
    author.require(erase.envelopes.iter().all(|one| one.zseq > ZoneSeq(0)), "counters begin at one")
}

pub(super) fn restore_point(author: &Author<'_>, point: &RestorePoint) -> Result<(), LogError> {
    let entitled =
        author.is_root() || author.state.organisations.values().any(|o| o.admins.contains(&DeviceId(author.id.0)));
    if !entitled {
        return Err(author.not_entitled());
    }
    let before = author.state.restores.get(&point.store).map_or(RestoreEpoch(0), |p| p.restore_epoch);
    author.require(point.restore_epoch > before, "restore epochs only grow")?;
    author.require(point.log_size <= author.state.size(), "the backup's log is longer than this one")?;
    author.require(point.feeds.is_sorted_by(|a, b| a.zone < b.zone), "feeds are not in order")?;
    author.require(point.feeds.iter().all(|f| author.state.zones.contains_key(&f.zone)), "a feed names no zone")
}
