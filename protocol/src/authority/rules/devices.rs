//! Devices come, are frozen, go; workers are seated on them.

use super::{Author, LogError, refused, within};
use crate::authority::body::{Cut, DeviceAdd, DeviceRevoke, Freeze, SeatAdd, SeatRevoke, Unfreeze, possession_message};
use crate::authority::state::{DeviceState, OrganisationState};
use crate::ids::{DeviceId, KemPublic, ZoneSeq};
use crate::{hash, kem, label, limits, signature};

pub(super) fn device_add(author: &Author<'_>, add: &DeviceAdd) -> Result<(), LogError> {
    // The first device of an organisation is added by the root keys: there is nobody else yet.
    if !author.is_root() {
        author.admin_of(add.organisation)?;
    }
    author.require(author.state.organisations.contains_key(&add.organisation), "there is no such organisation")?;
    within(author.state.devices.len() + 1, limits::DEVICES_MAX, "devices")?;
    let id = hash::device_id(&add.sign, &add.kem);
    author.require(!author.state.devices.contains_key(&id), "the device exists already, or was revoked")?;
    let sealing: Vec<&KemPublic> = [Some(&add.kem), add.kem_restricted.as_ref()].into_iter().flatten().collect();
    let is_known = |key: &[u8; 32]| author.state.device_keys.contains(key);
    author.require(
        !is_known(&add.sign.0) && !sealing.iter().any(|key| is_known(&key.0)),
        "a key of the device belongs, or belonged, to another",
    )?;
    author.require(add.kem_restricted != Some(add.kem), "the worker's sealing key is the device's own")?;
    author.require(sealing.iter().all(|key| kem::check_key(key).is_ok()), "the device's key is weak")?;
    let message = possession_message(author.state.partnership(), &add.sign, &add.kem, add.kem_restricted.as_ref());
    let proof = signature::verify(&add.sign, label::SIG_POSSESSION, &message, &add.possession);
    author.require(proof.is_ok(), "the device has not proved that it holds its key")
}

pub(super) fn device_revoke(author: &Author<'_>, revoke: &DeviceRevoke) -> Result<(), LogError> {
    let Some(device) = author.state.devices.get(&revoke.device).filter(|d| d.revoked.is_none()) else {
        return refused(author.what, "there is no such device");
    };
    if !author.is_root() {
        author.admin_of(device.organisation)?;
    }
    let last_admin = |o: &OrganisationState| o.admins.len() == 1 && o.admins.contains(&revoke.device);
    author.require(!author.state.organisations.values().any(last_admin), "the last admin of an organisation stays")?;
    cuts_hold_together(author, &revoke.cuts)
}

/// Cuts name zones, in order, and the last envelope that counts in each.
pub(super) fn cuts_hold_together(author: &Author<'_>, cuts: &[Cut]) -> Result<(), LogError> {
    within(cuts.len(), limits::CUTS_MAX, "cuts")?;
    author.require(cuts.is_sorted_by(|a, b| a.zone < b.zone), "cuts are not in order")?;
    author.require(cuts.iter().all(|c| author.state.zones.contains_key(&c.zone)), "a cut names no zone")?;
    author.require(cuts.iter().all(|c| c.zseq > ZoneSeq(0)), "a cut names the last envelope that counts")
}

fn live<'a>(author: &Author<'a>, device: DeviceId) -> Result<&'a DeviceState, LogError> {
    let found = author.state.devices.get(&device).filter(|d| d.revoked.is_none());
    found.map_or_else(|| refused(author.what, "there is no such device"), Ok)
}

/// An admin may stop any device of its organisation, but not the last admin who could undo it: the root keys may.
pub(super) fn freeze(author: &Author<'_>, freeze: &Freeze) -> Result<(), LogError> {
    let device = live(author, freeze.device)?;
    author.require(device.frozen.is_none(), "the device is frozen already")?;
    if author.is_root() {
        return Ok(());
    }
    author.admin_of(device.organisation)?;
    let leaves_none = |o: &OrganisationState| {
        o.admins.contains(&freeze.device)
            && o.admins.iter().all(|admin| *admin == freeze.device || author.state.is_frozen(*admin))
    };
    author.require(
        !author.state.organisations.values().any(leaves_none),
        "the last acting admin of an organisation is frozen by the root keys only",
    )
}

pub(super) fn unfreeze(author: &Author<'_>, unfreeze: &Unfreeze) -> Result<(), LogError> {
    let device = live(author, unfreeze.device)?;
    author.require(device.frozen.is_some(), "the device is not frozen")?;
    if author.is_root() { Ok(()) } else { author.admin_of(device.organisation) }
}

pub(super) fn seat_add(author: &Author<'_>, add: &SeatAdd) -> Result<(), LogError> {
    let Some(device) = author.state.devices.get(&add.device).filter(|d| d.revoked.is_none()) else {
        return refused(author.what, "there is no such device");
    };
    author.admin_of(device.organisation)?;
    author.require(signature::check_key(&add.key).is_ok(), "the seat's key is weak")?;
    let id = hash::seat_id(add.device, add.worker, &add.key);
    author.require(!author.state.seats.contains_key(&id), "the seat exists already, or was ended")?;
    within(author.state.seats.len() + 1, limits::SEATS_MAX, "seats")
}

pub(super) fn seat_revoke(author: &Author<'_>, revoke: &SeatRevoke) -> Result<(), LogError> {
    let seat = author.state.seats.get(&revoke.seat).filter(|seat| seat.span.is_open());
    match seat.and_then(|seat| author.state.devices.get(&seat.device)) {
        Some(device) => author.admin_of(device.organisation),
        None => refused(author.what, "there is no such seat"),
    }
}
