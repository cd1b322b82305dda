//! Which zones there are, who holds them, and their keys.

use std::collections::BTreeSet;

use super::wraps::{key_is_new, key_wrap_names, previous_wrap, sealed_wrap_names};
use super::{Author, LogError, refused, within};
use crate::authority::body::{self, Grant, GrantEnd, OrganisationKind, Rights, TeamTier, ZoneCreate, ZoneEpoch};
use crate::class::{Class, Subject};
use crate::ids::{Epoch, TeamId, ZoneSeq};
use crate::wrap::{KeyWrapPurpose, SealedWrapPurpose};
use crate::{kem, limits};

pub(super) fn zone_create(author: &Author<'_>, create: &ZoneCreate) -> Result<(), LogError> {
    author.admin_of(create.organisation)?;
    author.require(!author.state.zones.contains_key(&create.zone), "the zone exists already")?;
    within(author.state.zones.len() + 1, limits::ZONES_MAX, "zones")?;
    author.require(
        create.class != Class::Audit || author.state.audit_zone().is_none(),
        "there is one audit zone: who reads what is in one chain a device",
    )?;
    let directory = author.state.directory_zone();
    author.require(create.class != Class::Directory || directory.is_none(), "there is one directory zone")?;
    let has_locators = matches!(create.class.subject(), Subject::Property | Subject::Person);
    let known = author.state.locator(create.class, create.organisation).is_some();
    author.require(
        create.locator.is_some() == (has_locators && !known),
        "the first zone of a class and organisation brings its locator key, and no other does",
    )?;
    let Some(locator) = &create.locator else { return Ok(()) };
    let Some((directory, state)) = directory.and_then(|id| Some((id, author.state.zones.get(&id)?))) else {
        return refused(author.what, "the directory zone and its key come first");
    };
    let key = body::locator_key_id(create.class, create.organisation);
    key_wrap_names(author, &locator.wrap.0, KeyWrapPurpose::Locator, (directory.0, state.epoch()), (key.0, Epoch(1)))
}

/// Classes whose keys must not open with the device alone.
const fn needs_restricted_team(class: Class) -> bool {
    matches!(class, Class::Sealed | Class::HealthId | Class::Protected)
}

/// Organisations whose teams may hold NHS numbers.
const fn is_health_or_social_care(kind: OrganisationKind) -> bool {
    matches!(kind, OrganisationKind::Council | OrganisationKind::Health)
}

pub(super) fn grant_given(author: &Author<'_>, grant: &Grant) -> Result<(), LogError> {
    let Some(zone) = author.state.zones.get(&grant.zone) else { return refused(author.what, "there is no such zone") };
    let Some(team) = author.state.teams.get(&grant.team) else { return refused(author.what, "there is no such team") };
    author.admin_of(zone.organisation)?;
    author.require(!author.state.grants.contains_key(&grant.grant), "the grant exists already")?;
    author.require(grant.rights.is_known(), "the rights are not known")?;
    author.require(
        !grant.rights.contains(Rights::GLASS) || zone.class == Class::Sealed,
        "the glass is before sealed zones only",
    )?;
    author.require(
        !grant.purposes.is_empty() && grant.purposes.is_sorted_by(|a, b| a < b),
        "a grant names its purposes, in order",
    )?;
    author.require(
        !needs_restricted_team(zone.class) || team.tier == TeamTier::Restricted,
        "a sealed zone is never granted to a team whose keys open with the device",
    )?;
    let team_kind = author.state.organisations.get(&team.organisation).map(|o| o.kind);
    author.require(
        zone.class != Class::HealthId || team_kind.is_some_and(is_health_or_social_care),
        "NHS numbers are for health and social care only",
    )?;
    within(author.state.grants.len() + 1, limits::GRANTS_MAX, "grants")?;
    let holders = author.state.holders(grant.zone);
    within(holders.len() + 1, limits::ZONE_TEAMS_MAX, "teams that hold a zone")?;
    match (&grant.wrap, zone.epoch()) {
        (None, Epoch(0)) => Ok(()),
        // A team that holds the zone by another grant has its key.
        (None, _) if holders.contains(&grant.team) => Ok(()),
        (Some(wrap), epoch @ Epoch(1..)) => {
            author.require(!team.owes_epoch(), "the team owes a new key: a former member has its current one")?;
            let (parent, child) = ((grant.team.0, team.epoch()), (grant.zone.0, epoch));
            key_wrap_names(author, &wrap.0, KeyWrapPurpose::ZoneUnderTeam, parent, child)
        }
        _ => refused(author.what, "the zone's current key must come with a grant, and no other"),
    }
}

pub(super) fn grant_end(author: &Author<'_>, end: &GrantEnd) -> Result<(), LogError> {
    let zone = author.state.grants.get(&end.grant).filter(|g| g.span.is_open()).map(|g| g.grant.zone);
    let Some(zone) = zone.and_then(|zone| author.state.zones.get(&zone)) else {
        return refused(author.what, "there is no such grant");
    };
    author.admin_of(zone.organisation)?;
    within(end.cuts.len(), limits::GRANT_END_CUTS_MAX, "cuts")?;
    author.require(end.cuts.is_sorted_by(|a, b| a.device < b.device), "cuts are not in order")?;
    let is_device = |device| author.state.devices.contains_key(device);
    author.require(end.cuts.iter().all(|cut| is_device(&cut.device)), "a cut names no device")?;
    author.require(end.cuts.iter().all(|cut| cut.zseq > ZoneSeq(0)), "a cut names the last envelope that counts")
}

pub(super) fn zone_epoch(author: &Author<'_>, epoch: &ZoneEpoch) -> Result<(), LogError> {
    let Some(zone) = author.state.zones.get(&epoch.zone) else { return refused(author.what, "there is no such zone") };
    author.admin_of(zone.organisation)?;
    author.require(epoch.epoch == zone.epoch().next(), "epochs follow one another")?;
    author.require(epoch.wraps.is_sorted_by(|a, b| a.team < b.team), "wraps are not in order")?;
    let recipients: BTreeSet<TeamId> = epoch.wraps.iter().map(|w| w.team).collect();
    author.require(
        recipients == author.state.recipients(epoch.zone),
        "the recipients are not the teams that hold the zone and have members",
    )?;
    author.require(
        epoch.drop_box.is_some() == zone.is_drop_box(),
        "a drop-box key belongs to an audit zone, and to no other",
    )?;
    let drop_box_is_sound = epoch.drop_box.as_ref().is_none_or(|key| kem::check_key(key).is_ok());
    author.require(drop_box_is_sound, "the zone's key is weak")?;
    key_is_new(author, epoch.commitment, zone.epochs.iter().map(|e| e.commitment))?;
    for wrap in &epoch.wraps {
        let Some(team) = author.state.teams.get(&wrap.team) else {
            return refused(author.what, "there is no such team");
        };
        let current = team.epoch();
        author
            .require(wrap.team_epoch == current && current > Epoch(0), "a wrap is not under the team's current key")?;
        author.require(!team.owes_epoch(), "a team owes a new key: a former member has its current one")?;
        key_wrap_names(
            author,
            &wrap.wrap.0,
            KeyWrapPurpose::ZoneUnderTeam,
            (wrap.team.0, current),
            (epoch.zone.0, epoch.epoch),
        )?;
    }
    sealed_wrap_names(
        author,
        &epoch.escrow.0,
        SealedWrapPurpose::ZoneToEscrow,
        (epoch.zone.0, epoch.epoch),
        zone.organisation.0,
    )?;
    previous_wrap(
        author,
        epoch.previous.as_ref().map(|w| &w.0[..]),
        KeyWrapPurpose::PreviousZone,
        epoch.zone.0,
        epoch.epoch,
    )
}
