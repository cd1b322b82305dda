//! What the root keys say, and how they change.

use super::{Author, LogError, refused, within};
use crate::authority::body::{self, AdminSet, EscrowKey, EscrowOpen, Genesis, Policy, RootRotate, ServerKey, Standing};
use crate::authority::entry::Entry;
use crate::ids::{LogHash, LogSize, SignPublic};
use crate::{kem, limits, signature};

/// The genesis by itself: keys, threshold, order, place.
pub(in crate::authority) fn check_genesis(entry: &Entry, genesis: &Genesis) -> Result<(), LogError> {
    let unsound = |reason| Err(LogError::Genesis { reason });
    if entry.seq != LogSize(1) || entry.prev != LogHash::ZERO {
        return unsound("it is not the first entry");
    }
    if entry.partnership != body::partnership_id(genesis) {
        return unsound("the partnership's id does not come from it");
    }
    within(genesis.roots.len(), limits::ROOT_KEYS_MAX, "root keys")?;
    within(genesis.organisations.len(), limits::ORGANISATIONS_MAX, "organisations")?;
    if let Err(reason) = roots_hold_together(&genesis.roots, genesis.threshold) {
        return unsound(reason);
    }
    if genesis.organisations.is_empty() || !genesis.organisations.is_sorted_by(|a, b| a.id < b.id) {
        return unsound("organisations are missing or not in order");
    }
    if signature::check_key(&genesis.server_key).is_err() {
        return unsound("a key is weak");
    }
    if genesis.organisations.iter().any(|o| kem::check_key(&o.escrow).is_err()) {
        return unsound("an escrow key is weak");
    }
    Ok(())
}

/// Root keys are sound, in order, and as many as their threshold needs.
fn roots_hold_together(roots: &[SignPublic], threshold: u8) -> Result<(), &'static str> {
    if threshold == 0 || usize::from(threshold) > roots.len() {
        return Err("the threshold does not fit the number of root keys");
    }
    if !roots.is_sorted_by(|a, b| a < b) {
        return Err("root keys are not in order, or one stands twice");
    }
    if roots.iter().any(|root| signature::check_key(root).is_err()) {
        return Err("a key is weak");
    }
    Ok(())
}

/// That enough of the old and of the new have signed is checked with the signatures.
pub(super) fn root_rotate(author: &Author<'_>, rotate: &RootRotate) -> Result<(), LogError> {
    author.root()?;
    within(rotate.roots.len(), limits::ROOT_KEYS_MAX, "root keys")?;
    roots_hold_together(&rotate.roots, rotate.threshold)
        .map_err(|reason| LogError::Refused { what: author.what, reason })
}

pub(super) fn admin_set(author: &Author<'_>, set: &AdminSet) -> Result<(), LogError> {
    author.root()?;
    let Some(organisation) = author.state.organisations.get(&set.organisation) else {
        return refused(author.what, "there is no such organisation");
    };
    match set.standing {
        Standing::Granted => {
            author.require(author.state.is_live(set.device), "there is no such device")?;
            author.require(!organisation.admins.contains(&set.device), "the device is an admin already")
        }
        Standing::Ended => {
            author.require(organisation.admins.contains(&set.device), "the device is not an admin")?;
            author.require(organisation.admins.len() > 1, "the last admin of an organisation stays")
        }
    }
}

/// Shortest and longest of what a policy may set: none of them may switch a safeguard off.
pub(super) fn policy(author: &Author<'_>, policy: &Policy) -> Result<(), LogError> {
    author.root()?;
    author.require(
        (1..=limits::LEASE_HOURS_MAX).contains(&policy.lease_hours),
        "a lease is between one hour and two weeks",
    )?;
    author.require(
        (1..=limits::GLASS_MINUTES_MAX).contains(&policy.glass_minutes),
        "the glass stays broken for between one minute and four hours",
    )?;
    author.require(
        (1..=limits::SILENT_DAYS_MAX).contains(&policy.silent_days),
        "a device may be silent for between one day and ninety",
    )
}

pub(super) fn server_key(author: &Author<'_>, server: &ServerKey) -> Result<(), LogError> {
    author.root()?;
    author.require(signature::check_key(&server.key).is_ok(), "a key is weak")?;
    author.require(server.key != *author.state.server_key(), "it is the server's key already")
}

pub(super) fn escrow_key(author: &Author<'_>, escrow: &EscrowKey) -> Result<(), LogError> {
    author.root()?;
    let Some(organisation) = author.state.organisations.get(&escrow.organisation) else {
        return refused(author.what, "there is no such organisation");
    };
    author.require(kem::check_key(&escrow.key).is_ok(), "an escrow key is weak")?;
    author.require(escrow.key != organisation.escrow, "it is the escrow key already")
}

/// By the root keys too: the escrow is what is left when no admin is.
pub(super) fn escrow_open(author: &Author<'_>, open: &EscrowOpen) -> Result<(), LogError> {
    if !author.is_root() {
        author.admin_of(open.organisation)?;
    }
    author.require(author.state.organisations.contains_key(&open.organisation), "there is no such organisation")?;
    within(open.zones.len(), limits::ESCROW_OPEN_ZONES_MAX, "zones that are opened")?;
    author.require(
        !open.zones.is_empty() && open.zones.is_sorted_by(|a, b| a < b),
        "zones are missing or not in order",
    )?;
    let is_owned = |zone| author.state.zones.get(zone).is_some_and(|z| z.organisation == open.organisation);
    author.require(open.zones.iter().all(is_owned), "a zone is not the organisation's")
}
