//! What follows from the authority log: who exists, who is in which team, which team holds which zone, at every size.

use std::collections::{BTreeMap, BTreeSet};

use crate::authority::body::{
    Body, DeviceKind, Genesis, Grant, LocatorWrap, OrganisationKind, RestorePoint, Rights, Standing, TeamEpoch,
    TeamTier, ZoneEpoch,
};
use crate::authority::body::{Cut, locator_key_id, partnership_id, root_id};
use crate::authority::entry::{Entry, SignedEntry};
use crate::authority::rules::{self, LogError};
use crate::cbor::Bytes;
use crate::class::Class;
use crate::hash;
use crate::ids::{
    AreaId, DeviceId, Epoch, GrantId, KemPublic, LocatorKeyId, LogHash, LogSize, Millis, OrganisationId, PartnershipId,
    RestoreEpoch, SeatId, SignPublic, SignerId, StoreId, TeamId, WorkerId, ZoneId,
};

/// A stretch of the log during which something held: from one size until another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first size at which it holds.
    pub from: LogSize,
    /// The first size at which it no longer does.
    pub until: Option<LogSize>,
}

impl Span {
    const fn starting(from: LogSize) -> Self {
        Self { from, until: None }
    }

    /// Whether it holds for a reader who has verified `size` entries.
    #[must_use]
    pub fn holds_at(&self, size: LogSize) -> bool {
        self.from <= size && self.until.is_none_or(|until| size < until)
    }

    /// Whether it holds at the head of the log.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.until.is_none()
    }
}

/// An organisation of the partnership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationState {
    /// Its kind.
    pub kind: OrganisationKind,
    /// Zone keys are also sealed to this.
    pub escrow: KemPublic,
    /// Devices that may write entries for it.
    pub admins: BTreeSet<DeviceId>,
}

/// When a device was revoked, and what it wrote that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// The size of the log with the revocation in it.
    pub at: LogSize,
    /// Up to where its work counts, by zone.
    pub cuts: BTreeMap<ZoneId, Cut>,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceState {
    /// Its organisation.
    pub organisation: OrganisationId,
    /// Its kind.
    pub kind: DeviceKind,
    /// Verifies what it writes.
    pub sign: SignPublic,
    /// Keys are sealed to it.
    pub kem: KemPublic,
    /// After this it is no longer served.
    pub not_after: Option<Millis>,
    /// The size of the log with it in it.
    pub added: LogSize,
    /// Set once it is revoked.
    pub revoked: Option<Revocation>,
}

/// A worker on a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatState {
    /// The device.
    pub device: DeviceId,
    /// The worker.
    pub worker: WorkerId,
    /// Verifies what the worker signs there.
    pub key: SignPublic,
    /// When it holds.
    pub span: Span,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamState {
    /// Its organisation.
    pub organisation: OrganisationId,
    /// How its keys open.
    pub tier: TeamTier,
    /// Every membership there was, by device.
    pub memberships: BTreeMap<DeviceId, Vec<Span>>,
    /// Its epochs, from the first.
    pub epochs: Vec<TeamEpoch>,
    /// The size of the log with its last epoch in it; zero before the first.
    pub keyed_at: LogSize,
    /// The key that came with each device that joined after the first epoch, sealed to it.
    pub joining_wraps: BTreeMap<DeviceId, Bytes>,
}

impl TeamState {
    /// The members at the head of the log.
    pub fn members(&self) -> impl Iterator<Item = &DeviceId> {
        self.memberships.iter().filter(|(_, spans)| spans.iter().any(Span::is_open)).map(|(device, _)| device)
    }

    /// The epoch of its current key; zero before it has one.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.epochs.last().map_or(Epoch(0), |e| e.epoch)
    }

    /// Whether a device is a member at the head of the log.
    #[must_use]
    pub fn is_member(&self, device: DeviceId) -> bool {
        self.memberships.get(&device).is_some_and(|spans| spans.iter().any(Span::is_open))
    }

    /// Whether somebody who is no longer a member has its current key: it owes a new one, and until then nothing new
    /// may be sealed under it.
    #[must_use]
    pub fn owes_epoch(&self) -> bool {
        let left_since = |span: &Span| span.until.is_some_and(|until| until > self.keyed_at);
        self.epoch() > Epoch(0) && self.memberships.values().flatten().any(left_since)
    }
}

/// A zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneState {
    /// Its owner.
    pub organisation: OrganisationId,
    /// The class of its documents.
    pub class: Class,
    /// Its area.
    pub area: AreaId,
    /// What everybody seals to, in a drop-box zone.
    pub drop_box: Option<KemPublic>,
    /// Its epochs, from the first.
    pub epochs: Vec<ZoneEpoch>,
}

impl ZoneState {
    /// The epoch of its current key; zero before it has one.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.epochs.last().map_or(Epoch(0), |e| e.epoch)
    }
}

/// A grant and how long it held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantState {
    /// What it says.
    pub grant: Grant,
    /// When it holds.
    pub span: Span,
}

/// An entry that may come next, with its hash: made by [`Authority::check`] only.
#[derive(Clone, Debug)]
pub struct CheckedEntry {
    pub(super) entry: Entry,
    pub(super) hash: LogHash,
}

impl CheckedEntry {
    /// What it says.
    #[must_use]
    pub const fn entry(&self) -> &Entry {
        &self.entry
    }
}

/// The state of an authority log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    partnership: PartnershipId,
    pub(super) roots: BTreeMap<SignerId, SignPublic>,
    pub(super) threshold: u8,
    server_key: SignPublic,
    pub(super) organisations: BTreeMap<OrganisationId, OrganisationState>,
    pub(super) devices: BTreeMap<DeviceId, DeviceState>,
    pub(super) seats: BTreeMap<SeatId, SeatState>,
    pub(super) teams: BTreeMap<TeamId, TeamState>,
    pub(super) zones: BTreeMap<ZoneId, ZoneState>,
    pub(super) grants: BTreeMap<GrantId, GrantState>,
    pub(super) locators: BTreeMap<LocatorKeyId, LocatorWrap>,
    pub(super) restores: BTreeMap<StoreId, RestorePoint>,
    /// Signing and sealing keys of every device there was: a revoked device does not come back under another id.
    pub(super) device_keys: BTreeSet<[u8; 32]>,
    hashes: Vec<LogHash>,
}

impl Authority {
    /// The state after a genesis. The caller compares [`Authority::head`] or [`Authority::partnership`] with what it was
    /// handed in person: a genesis alone proves nothing about whose it is.
    ///
    /// # Errors
    /// [`LogError`]: form, keys, threshold or signatures do not hold.
    pub fn begin(signed: &SignedEntry) -> Result<Self, LogError> {
        let entry = Entry::parse(&signed.entry.0)?;
        let Body::Genesis(genesis) = &entry.body else { return Err(LogError::NotGenesis) };
        rules::check_genesis(&entry, genesis)?;
        let mut state = Self::of_genesis(genesis);
        rules::check_signatures(&state, &entry, signed)?;
        state.hashes.push(signed.hash());
        Ok(state)
    }

    /// Replays a whole log.
    ///
    /// # Errors
    /// [`LogError`] of the first entry that may not stand where it stands.
    pub fn replay<'a>(entries: impl IntoIterator<Item = &'a SignedEntry>) -> Result<Self, LogError> {
        let mut entries = entries.into_iter();
        let mut state = Self::begin(entries.next().ok_or(LogError::NotGenesis)?)?;
        for entry in entries {
            state.append(entry)?;
        }
        Ok(state)
    }

    fn of_genesis(genesis: &Genesis) -> Self {
        Self {
            partnership: partnership_id(genesis),
            roots: genesis.roots.iter().map(|root| (root_id(root), *root)).collect(),
            threshold: genesis.threshold,
            server_key: genesis.server_key,
            organisations: genesis
                .organisations
                .iter()
                .map(|o| (o.id, OrganisationState { kind: o.kind, escrow: o.escrow, admins: BTreeSet::new() }))
                .collect(),
            devices: BTreeMap::new(),
            seats: BTreeMap::new(),
            teams: BTreeMap::new(),
            zones: BTreeMap::new(),
            grants: BTreeMap::new(),
            locators: BTreeMap::new(),
            restores: BTreeMap::new(),
            device_keys: BTreeSet::new(),
            hashes: Vec::new(),
        }
    }

    /// Whether an entry may come next: form, place, signatures, and the rule of its kind.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn check(&self, signed: &SignedEntry) -> Result<CheckedEntry, LogError> {
        let entry = Entry::parse(&signed.entry.0)?;
        if entry.partnership != self.partnership {
            return Err(LogError::OtherPartnership);
        }
        if entry.seq != self.size().next() || entry.prev != self.head() {
            return Err(LogError::NotNext { expected: self.size().next(), found: entry.seq });
        }
        rules::check_signatures(self, &entry, signed)?;
        rules::check_body(self, &entry)?;
        Ok(CheckedEntry { entry, hash: signed.hash() })
    }

    /// Checks an entry and applies it.
    ///
    /// # Errors
    /// [`LogError`]; the state is then as it was.
    pub fn append(&mut self, signed: &SignedEntry) -> Result<(), LogError> {
        let checked = self.check(signed)?;
        self.apply(checked);
        Ok(())
    }

    /// Applies an entry that was checked against this very state.
    pub fn apply(&mut self, checked: CheckedEntry) {
        let size = self.size().next();
        self.hashes.push(checked.hash);
        match checked.entry.body {
            // `check` refuses a second genesis.
            Body::Genesis(_) => {}
            Body::AdminSet(set) => {
                if let Some(organisation) = self.organisations.get_mut(&set.organisation) {
                    match set.standing {
                        Standing::Granted => organisation.admins.insert(set.device),
                        Standing::Ended => organisation.admins.remove(&set.device),
                    };
                }
            }
            Body::DeviceAdd(add) => {
                self.device_keys.extend([add.sign.0, add.kem.0]);
                self.devices.insert(
                    hash::device_id(&add.sign, &add.kem),
                    DeviceState {
                        organisation: add.organisation,
                        kind: add.kind,
                        sign: add.sign,
                        kem: add.kem,
                        not_after: add.not_after,
                        added: size,
                        revoked: None,
                    },
                );
            }
            Body::DeviceRevoke(revoke) => {
                if let Some(device) = self.devices.get_mut(&revoke.device) {
                    let cuts = revoke.cuts.into_iter().map(|cut| (cut.zone, cut)).collect();
                    device.revoked = Some(Revocation { at: size, cuts });
                }
                self.organisations.values_mut().for_each(|o| {
                    o.admins.remove(&revoke.device);
                });
                for team in self.teams.values_mut() {
                    close(team.memberships.get_mut(&revoke.device), size);
                }
                for seat in self.seats.values_mut().filter(|seat| seat.device == revoke.device) {
                    seat.span.until = seat.span.until.or(Some(size));
                }
            }
            Body::SeatAdd(add) => {
                let seat =
                    SeatState { device: add.device, worker: add.worker, key: add.key, span: Span::starting(size) };
                self.seats.insert(hash::seat_id(add.device, add.worker, &add.key), seat);
            }
            Body::SeatRevoke(revoke) => {
                if let Some(seat) = self.seats.get_mut(&revoke.seat) {
                    seat.span.until = seat.span.until.or(Some(size));
                }
            }
            Body::TeamSet(set) => {
                let team = TeamState {
                    organisation: set.organisation,
                    tier: set.tier,
                    memberships: BTreeMap::new(),
                    epochs: Vec::new(),
                    keyed_at: LogSize(0),
                    joining_wraps: BTreeMap::new(),
                };
                self.teams.insert(set.team, team);
            }
            Body::TeamMember(member) => {
                if let Some(team) = self.teams.get_mut(&member.team) {
                    let spans = team.memberships.entry(member.device).or_default();
                    match member.standing {
                        Standing::Granted => spans.push(Span::starting(size)),
                        Standing::Ended => close(Some(spans), size),
                    }
                    if let Some(wrap) = member.wrap {
                        team.joining_wraps.insert(member.device, wrap);
                    }
                }
            }
            Body::ZoneCreate(create) => {
                if let Some(locator) = create.locator {
                    self.locators.insert(locator_key_id(create.class, create.organisation), locator);
                }
                let zone = ZoneState {
                    organisation: create.organisation,
                    class: create.class,
                    area: create.area,
                    drop_box: create.drop_box,
                    epochs: Vec::new(),
                };
                self.zones.insert(create.zone, zone);
            }
            Body::Grant(grant) => {
                self.grants.insert(grant.grant, GrantState { grant, span: Span::starting(size) });
            }
            Body::GrantEnd(end) => {
                if let Some(grant) = self.grants.get_mut(&end.grant) {
                    grant.span.until = grant.span.until.or(Some(size));
                }
            }
            Body::TeamEpoch(epoch) => {
                if let Some(team) = self.teams.get_mut(&epoch.team) {
                    team.epochs.push(epoch);
                    team.keyed_at = size;
                }
            }
            Body::ZoneEpoch(epoch) => {
                if let Some(zone) = self.zones.get_mut(&epoch.zone) {
                    zone.epochs.push(epoch);
                }
            }
            Body::RestorePoint(point) => {
                self.restores.insert(point.store, point);
            }
        }
    }
}

fn close(spans: Option<&mut Vec<Span>>, at: LogSize) {
    for span in spans.into_iter().flatten().filter(|span| span.is_open()) {
        span.until = Some(at);
    }
}

/// Questions.
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

    /// Whether a device is to be served at `now`: live, and before its end date.
    #[must_use]
    pub fn is_served(&self, device: DeviceId, now: Millis) -> bool {
        self.is_live(device)
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

    /// The zones that a device may read at `now`, in the order in which they are sent.
    #[must_use]
    pub fn readable_zones(&self, device: DeviceId, now: Millis) -> Vec<ZoneId> {
        let mut zones: Vec<(u8, ZoneId)> = self
            .zones
            .iter()
            .filter(|(id, _)| self.has_rights(device, **id, Rights::READ, now))
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
