//! What is asked of the state: at its head, or as it was for somebody who had verified fewer entries.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Authority, DeviceState, ErasedPlace, EscrowOpening, GrantState, OrganisationState, SeatState, TeamState, ZoneState,
};
use crate::authority::body::{LocatorWrap, Policy, Rights, locator_key_id};
use crate::class::Class;
use crate::ids::{
    DeviceId, DocumentId, EnvelopeId, GrantId, LogHash, LogSize, Millis, OrganisationId, PartnershipId, RestoreEpoch,
    SeatId, SignPublic, SignerId, StoreId, TeamId, ZoneId, ZoneSeq,
};

impl Authority {
    /// The tenant.
    #[must_use]
    pub const fn partnership(&self) -> PartnershipId {
        self.partnership
    }

    /// How many entries there are.
    #[must_use]
    pub fn size(&self) -> LogSize {
        LogSize(self.hashes.len() as u64)
    }

    /// The hash of the last entry.
    #[must_use]
    pub fn head(&self) -> LogHash {
        self.hashes.last().copied().unwrap_or(LogHash::ZERO)
    }

    /// The hash of the last of the first `size` entries; `None` past the end, zero at zero.
    #[must_use]
    pub fn head_at(&self, size: LogSize) -> Option<LogHash> {
        let Some(last) = size.0.checked_sub(1) else { return Some(LogHash::ZERO) };
        usize::try_from(last).ok().and_then(|at| self.hashes.get(at)).copied()
    }

    /// The key that signs checkpoints and answers.
    #[must_use]
    pub const fn server_key(&self) -> &SignPublic {
        &self.server_key
    }

    /// The organisations, by id.
    #[must_use]
    pub const fn organisations(&self) -> &BTreeMap<OrganisationId, OrganisationState> {
        &self.organisations
    }

    /// The devices, revoked ones too, by id.
    #[must_use]
    pub const fn devices(&self) -> &BTreeMap<DeviceId, DeviceState> {
        &self.devices
    }

    /// The seats, ended ones too, by id.
    #[must_use]
    pub const fn seats(&self) -> &BTreeMap<SeatId, SeatState> {
        &self.seats
    }

    /// The teams, by id.
    #[must_use]
    pub const fn teams(&self) -> &BTreeMap<TeamId, TeamState> {
        &self.teams
    }

    /// The zones, by id.
    #[must_use]
    pub const fn zones(&self) -> &BTreeMap<ZoneId, ZoneState> {
        &self.zones
    }

    /// The grants, ended ones too, by id.
    #[must_use]
    pub const fn grants(&self) -> &BTreeMap<GrantId, GrantState> {
        &self.grants
    }

    /// The locator key of a class and organisation, wrapped.
    #[must_use]
    pub fn locator(&self, class: Class, organisation: OrganisationId) -> Option<&LocatorWrap> {
        self.locators.get(&locator_key_id(class, organisation))
    }

    /// The one directory zone, once it exists.
    #[must_use]
    pub fn directory_zone(&self) -> Option<ZoneId> {
        self.zones.iter().find(|(_, zone)| zone.class == Class::Directory).map(|(id, _)| *id)
    }

    /// Whether the log says that a store was restored on purpose into this epoch.
    #[must_use]
    pub fn restore_is_signed(&self, store: StoreId, restore_epoch: RestoreEpoch) -> bool {
        self.restores.get(&store).is_some_and(|point| point.restore_epoch == restore_epoch)
    }

    /// Whether a device exists and is not revoked, at the head of the log.
    #[must_use]
    pub fn is_live(&self, device: DeviceId) -> bool {
        self.devices.get(&device).is_some_and(|d| d.revoked.is_none())
    }

    /// Whether a device is frozen.
    #[must_use]
    pub fn is_frozen(&self, device: DeviceId) -> bool {
        self.devices.get(&device).is_some_and(|d| d.frozen.is_some())
    }

    /// Whether a device is to be served at `now`: live, not frozen, and before its end date.
    #[must_use]
    pub fn is_served(&self, device: DeviceId, now: Millis) -> bool {
        self.is_live(device)
            && !self.is_frozen(device)
            && self.devices.get(&device).is_some_and(|d| d.not_after.is_none_or(|not_after| now <= not_after))
    }

    /// Whether a device had rights in a zone when the log had `size` entries. Expiry by the clock does not count here:
    /// an author's clock proves nothing to a reader. Of a size past the head nothing is known yet, so nothing holds.
    #[must_use]
    pub fn had_rights(&self, device: DeviceId, zone: ZoneId, rights: Rights, size: LogSize) -> bool {
        let existed = self
            .devices
            .get(&device)
            .is_some_and(|d| d.added <= size && d.revoked.as_ref().is_none_or(|revocation| size < revocation.at));
        existed
            && size <= self.size()
            && self.grants_of(zone).any(|g| {
                g.span.holds_at(size) && g.grant.rights.contains(rights) && self.was_member(device, g.grant.team, size)
            })
    }

    /// Whether a device has rights in a zone at the head of the log, at `now` by the asker's clock.
    #[must_use]
    pub fn has_rights(&self, device: DeviceId, zone: ZoneId, rights: Rights, now: Millis) -> bool {
        self.is_served(device, now)
            && self.grants_of(zone).any(|g| {
                g.span.is_open()
                    && g.grant.expires.is_none_or(|expires| now <= expires)
                    && g.grant.rights.contains(rights)
                    && self.was_member(device, g.grant.team, self.size())
            })
    }

    /// Whether a device may hold what is in a zone, to read it at once or behind the glass.
    #[must_use]
    pub fn may_hold(&self, device: DeviceId, zone: ZoneId, now: Millis) -> bool {
        self.has_rights(device, zone, Rights::READ, now) || self.has_rights(device, zone, Rights::GLASS, now)
    }

    /// The zones that a device may hold at `now`, in the order in which they are sent.
    #[must_use]
    pub fn readable_zones(&self, device: DeviceId, now: Millis) -> Vec<ZoneId> {
        let mut zones: Vec<(u8, ZoneId)> = self
            .zones
            .iter()
            .filter(|(id, _)| self.may_hold(device, **id, now))
            .map(|(id, zone)| (zone.class.send_order(), *id))
            .collect();
        zones.sort_unstable();
        zones.into_iter().map(|(_, id)| id).collect()
    }

    /// The teams that hold a zone at the head of the log, ascending.
    #[must_use]
    pub fn holders(&self, zone: ZoneId) -> BTreeSet<TeamId> {
        self.grants_of(zone).filter(|g| g.span.is_open()).map(|g| g.grant.team).collect()
    }

    /// The teams that an epoch of a zone made now must reach: those that hold it and have members.
    #[must_use]
    pub fn recipients(&self, zone: ZoneId) -> BTreeSet<TeamId> {
        let has_members = |team: &TeamId| self.teams.get(team).is_some_and(|t| t.members().next().is_some());
        self.holders(zone).into_iter().filter(has_members).collect()
    }

    /// Every grant of a zone, ended ones too.
    pub fn grants_of(&self, zone: ZoneId) -> impl Iterator<Item = &GrantState> {
        self.grants.values().filter(move |g| g.grant.zone == zone)
    }

    /// The teams a device is a member of at the head of the log.
    pub fn teams_of(&self, device: DeviceId) -> impl Iterator<Item = (&TeamId, &TeamState)> {
        self.teams.iter().filter(move |(_, team)| team.is_member(device))
    }

    /// The root keys, by id.
    #[must_use]
    pub const fn roots(&self) -> &BTreeMap<SignerId, SignPublic> {
        &self.roots
    }

    /// How many root keys sign together.
    #[must_use]
    pub const fn threshold(&self) -> u8 {
        self.threshold
    }

    /// The rules that people set.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Every opening of an escrow key, in the order of the log.
    #[must_use]
    pub fn escrow_openings(&self) -> &[EscrowOpening] {
        &self.openings
    }

    /// The size of the log with the last erasure of a document in it.
    #[must_use]
    pub fn erased_at(&self, zone: ZoneId, document: DocumentId) -> Option<LogSize> {
        self.erased.get(&(zone, document)).copied()
    }

    /// Every document that was erased, and the size of the log with its last erasure in it.
    #[must_use]
    pub const fn erased(&self) -> &BTreeMap<(ZoneId, DocumentId), LogSize> {
        &self.erased
    }

    /// Where an envelope stood that an erasure names.
    #[must_use]
    pub fn erased_envelope(&self, envelope: EnvelopeId) -> Option<&ErasedPlace> {
        self.erased_envelopes.get(&envelope)
    }

    /// Every envelope that an erasure names, and where it stood.
    #[must_use]
    pub const fn erased_envelopes(&self) -> &BTreeMap<EnvelopeId, ErasedPlace> {
        &self.erased_envelopes
    }

    /// Whether any late work of an author in a zone was taken in.
    #[must_use]
    pub fn has_adopted(&self, zone: ZoneId, author: DeviceId) -> bool {
        self.adopted.contains_key(&(zone, author))
    }

    /// Whether an entry takes in this very envelope, whatever it lacks.
    #[must_use]
    pub fn is_adopted(&self, zone: ZoneId, author: DeviceId, envelope: EnvelopeId) -> bool {
        self.adopted.get(&(zone, author)).is_some_and(|adopted| adopted.contains(&envelope))
    }

    /// The envelopes of an author in a zone that some entry names as the last that counts.
    #[must_use]
    pub fn last_counting(&self, zone: ZoneId, author: DeviceId) -> Vec<(ZoneSeq, EnvelopeId)> {
        let revocation = self.devices.get(&author).and_then(|device| device.revoked.as_ref());
        let of_revocation = revocation.and_then(|r| r.cuts.get(&zone)).map(|cut| (cut.zseq, cut.envelope));
        let of_losses = self.cuts.get(&(zone, author)).into_iter().flatten().filter_map(|cut| cut.last);
        of_losses.chain(of_revocation).collect()
    }

    /// The one audit zone, once it exists: everybody seals into it, only auditors open.
    #[must_use]
    pub fn audit_zone(&self) -> Option<ZoneId> {
        self.zones.iter().find(|(_, zone)| zone.is_drop_box()).map(|(id, _)| *id)
    }

    /// Whether a device may write entries at all: an admin of some organisation that is neither frozen nor revoked.
    #[must_use]
    pub fn is_acting_admin(&self, device: DeviceId) -> bool {
        !self.is_frozen(device) && self.organisations.values().any(|o| o.admins.contains(&device))
    }

    /// Whether an organisation has this device as an admin.
    #[must_use]
    pub fn is_admin(&self, device: DeviceId, organisation: OrganisationId) -> bool {
        self.organisations.get(&organisation).is_some_and(|o| o.admins.contains(&device))
    }

    fn was_member(&self, device: DeviceId, team: TeamId, size: LogSize) -> bool {
        self.teams
            .get(&team)
            .and_then(|team| team.memberships.get(&device))
            .is_some_and(|spans| spans.iter().any(|span| span.holds_at(size)))
    }
}
