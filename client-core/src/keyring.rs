//! The keys that the authority log lets this device open: team keys sealed to it, zone keys under those, locator keys under
//! the directory's. No key is believed because the server said so: each is compared with the log's commitment.
//!
//! Keys of restricted teams are sealed to the device's second key and are here only while a worker has unlocked it. Zone keys
//! that the device holds for the glass only stand apart, and are handed out against a broken glass.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_crypto::keys::{KemSecret, LocatorKey, TeamKey, ZoneKey};
use doorstep_crypto::wrap::{open_sealed, unwrap};
use doorstep_protocol::authority::state::{TeamState, ZoneState};
use doorstep_protocol::authority::{Authority, Rights, TeamTier, locator_key_id};
use doorstep_protocol::wrap::{KeyWrapHeader, KeyWrapPurpose, SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{Class, DeviceId, Epoch, KeyCommitment, OrganisationId, PartnershipId, TeamId, ZoneId};

use crate::device::BrokenGlass;

/// Every key this device holds, by owner and epoch.
#[derive(Default)]
pub struct Keyring {
    teams: BTreeMap<(TeamId, Epoch), TeamKey>,
    zones: BTreeMap<(ZoneId, Epoch), ZoneKey>,
    locators: BTreeMap<(Class, OrganisationId), LocatorKey>,
    behind_glass: BTreeMap<(ZoneId, Epoch), ZoneKey>,
    restricted: Restricted,
}

/// Whether keys of restricted teams were to be had when the keyring was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Restricted {
    /// A worker had unlocked the device.
    Unlocked,
    /// Nobody had.
    #[default]
    Locked,
}

/// What the device opens sealed keys with.
#[derive(Clone, Copy)]
struct Opener<'a> {
    device: DeviceId,
    kem: &'a KemSecret,
    restricted: Option<&'a KemSecret>,
}

impl Keyring {
    /// Opens all that `authority` and the delivered wraps let this device open; what restricted teams hold only with
    /// `restricted`, the device's second secret. A wrap that does not open, or opens to another key than the log names, is
    /// passed over: the key is then simply not held.
    #[must_use]
    pub fn open(
        authority: &Authority,
        device: DeviceId,
        kem: &KemSecret,
        restricted: Option<&KemSecret>,
        delivered: &[Vec<u8>],
    ) -> Self {
        let opener = Opener { device, kem, restricted };
        let mut keyring = Self::default();
        if restricted.is_some() {
            keyring.restricted = Restricted::Unlocked;
        }
        for wrap in delivered {
            keyring.open_team_wrap(authority, opener, wrap);
        }
        for team in authority.teams().values() {
            if let Some(wrap) = team.joining_wraps.get(&device) {
                keyring.open_team_wrap(authority, opener, &wrap.0);
            }
        }
        for (id, team) in authority.teams() {
            keyring.open_previous_team_keys(authority.partnership(), *id, team);
        }
        for (id, zone) in authority.zones() {
            keyring.open_zone_keys(authority, *id, zone);
        }
        keyring.open_locators(authority);
        keyring.put_behind_glass(authority, device);
        keyring
    }

    /// The keys of one zone and nothing else: what escrow opened, for as long as it is looked at.
    #[must_use]
    pub(crate) fn of_zone_keys(zone: ZoneId, keys: BTreeMap<Epoch, ZoneKey>) -> Self {
        let zones = keys.into_iter().map(|(epoch, key)| ((zone, epoch), key)).collect();
        Self { zones, ..Self::default() }
    }

    /// Whether the keys of restricted teams are here.
    #[must_use]
    pub const fn is_unlocked(&self) -> bool {
        matches!(self.restricted, Restricted::Unlocked)
    }

    /// The key of a zone that this device holds for the glass, against a glass that is broken.
    #[must_use]
    pub(crate) fn behind_glass(&self, zone: ZoneId, epoch: Epoch, _broken: &BrokenGlass) -> Option<&ZoneKey> {
        self.behind_glass.get(&(zone, epoch))
    }

    /// Sets apart the keys of zones that the device may open by breaking glass only.
    fn put_behind_glass(&mut self, authority: &Authority, device: DeviceId) {
        let size = authority.size();
        let opens = |zone: ZoneId, rights| authority.had_rights(device, zone, rights, size);
        let zones: BTreeSet<ZoneId> = self.zones.keys().map(|(zone, _)| *zone).collect();
        let plain = |zone: ZoneId| opens(zone, Rights::READ) || opens(zone, Rights::WRITE);
        let apart: BTreeSet<ZoneId> =
            zones.into_iter().filter(|zone| !plain(*zone) && opens(*zone, Rights::GLASS)).collect();
        let slots: Vec<(ZoneId, Epoch)> = self.zones.keys().filter(|(zone, _)| apart.contains(zone)).copied().collect();
        for slot in slots {
            if let Some(key) = self.zones.remove(&slot) {
                self.behind_glass.insert(slot, key);
            }
        }
    }

    /// The key of a zone in an epoch.
    #[must_use]
    pub fn zone(&self, zone: ZoneId, epoch: Epoch) -> Option<&ZoneKey> {
        self.zones.get(&(zone, epoch))
    }

    /// Whether any key of a zone is here, however old.
    #[must_use]
    pub fn has_of_zone(&self, zone: ZoneId) -> bool {
        self.zones.range((zone, Epoch(0))..=(zone, Epoch(u32::MAX))).next().is_some()
    }

    /// The key of a team in an epoch.
    #[must_use]
    pub fn team(&self, team: TeamId, epoch: Epoch) -> Option<&TeamKey> {
        self.teams.get(&(team, epoch))
    }

    /// Whether a team that this device is in has a key that the device was not given: a server that lost the wraps may be
    /// given them later.
    #[must_use]
    pub fn lacks_team_key(&self, authority: &Authority, device: DeviceId) -> bool {
        authority
            .teams_of(device)
            .filter(|(_, team)| self.is_unlocked() || team.tier == TeamTier::Ops)
            .any(|(id, team)| team.epoch() > Epoch(0) && !self.teams.contains_key(&(*id, team.epoch())))
    }

    /// The locator key of a class and organisation.
    #[must_use]
    pub fn locator(&self, class: Class, organisation: OrganisationId) -> Option<&LocatorKey> {
        self.locators.get(&(class, organisation))
    }

    fn open_team_wrap(&mut self, authority: &Authority, opener: Opener<'_>, wrap: &[u8]) {
        let Ok(found) = SealedWrapHeader::parse(wrap) else { return };
        let team = TeamId(found.subject);
        let Some(state) = authority.teams().get(&team) else { return };
        let Some(commitment) = team_commitment(state, found.epoch) else { return };
        let secret = match state.tier {
            TeamTier::Ops => Some(opener.kem),
            TeamTier::Restricted => opener.restricted,
        };
        let Some(secret) = secret else { return };
        let expected = SealedWrapHeader {
            purpose: SealedWrapPurpose::TeamToDevice,
            partnership: authority.partnership(),
            subject: team.0,
            epoch: found.epoch,
            recipient: opener.device.0,
        };
        if let Ok(key) = open_sealed::<TeamKey>(wrap, &expected, secret, &commitment) {
            self.teams.insert((team, found.epoch), key);
        }
    }

    fn open_previous_team_keys(&mut self, partnership: PartnershipId, id: TeamId, team: &TeamState) {
        for epoch in team.epochs.iter().rev() {
            let before = Epoch(epoch.epoch.0.saturating_sub(1));
            let Some(wrap) = &epoch.previous else { continue };
            if self.teams.contains_key(&(id, before)) {
                continue;
            }
            let Some(parent) = self.teams.get(&(id, epoch.epoch)) else { continue };
            let Some(commitment) = team_commitment(team, before) else { continue };
            let expected = KeyWrapHeader {
                purpose: KeyWrapPurpose::PreviousTeam,
                partnership,
                parent: id.0,
                child: id.0,
                parent_epoch: epoch.epoch,
                child_epoch: before,
            };
            if let Ok(key) = unwrap::<TeamKey>(&wrap.0, &expected, parent, &commitment) {
                self.teams.insert((id, before), key);
            }
        }
    }

    /// Newest epoch first: an older key comes from a wrap under a team key, or under the key that followed it.
    fn open_zone_keys(&mut self, authority: &Authority, id: ZoneId, zone: &ZoneState) {
        for (at, epoch) in zone.epochs.iter().enumerate().rev() {
            let grant_wraps = authority.grants_of(id).filter_map(|g| g.grant.wrap.as_ref()).map(|wrap| &wrap.0);
            let epoch_wraps = epoch.wraps.iter().map(|wrap| &wrap.wrap.0);
            let from_team = epoch_wraps.chain(grant_wraps).find_map(|wrap| {
                self.zone_key_under_team(authority.partnership(), id, epoch.epoch, epoch.commitment, wrap)
            });
            let from_next = || {
                let next = zone.epochs.get(at + 1)?;
                let parent = self.zones.get(&(id, next.epoch))?;
                let expected = KeyWrapHeader {
                    purpose: KeyWrapPurpose::PreviousZone,
                    partnership: authority.partnership(),
                    parent: id.0,
                    child: id.0,
                    parent_epoch: next.epoch,
                    child_epoch: epoch.epoch,
                };
                unwrap::<ZoneKey>(&next.previous.as_ref()?.0, &expected, parent, &epoch.commitment).ok()
            };
            if let Some(key) = from_team.or_else(from_next) {
                self.zones.insert((id, epoch.epoch), key);
            }
        }
    }

    fn zone_key_under_team(
        &self,
        partnership: PartnershipId,
        zone: ZoneId,
        epoch: Epoch,
        commitment: KeyCommitment,
        wrap: &[u8],
    ) -> Option<ZoneKey> {
        let found = KeyWrapHeader::parse(wrap).ok()?;
        let parent = self.teams.get(&(TeamId(found.parent), found.parent_epoch))?;
        let expected = KeyWrapHeader {
            purpose: KeyWrapPurpose::ZoneUnderTeam,
            partnership,
            parent: found.parent,
            child: zone.0,
            parent_epoch: found.parent_epoch,
            child_epoch: epoch,
        };
        unwrap(wrap, &expected, parent, &commitment).ok()
    }

    fn open_locators(&mut self, authority: &Authority) {
        let Some(directory) = authority.directory_zone() else { return };
        for class in Class::ALL {
            for organisation in authority.organisations().keys() {
                let Some(locator) = authority.locator(*class, *organisation) else { continue };
                let Ok(found) = KeyWrapHeader::parse(&locator.wrap.0) else { continue };
                let Some(parent) = self.zones.get(&(directory, found.parent_epoch)) else { continue };
                let expected = KeyWrapHeader {
                    purpose: KeyWrapPurpose::Locator,
                    partnership: authority.partnership(),
                    parent: directory.0,
                    child: locator_key_id(*class, *organisation).0,
                    parent_epoch: found.parent_epoch,
                    child_epoch: Epoch(1),
                };
                if let Ok(key) = unwrap::<LocatorKey>(&locator.wrap.0, &expected, parent, &locator.commitment) {
                    self.locators.insert((*class, *organisation), key);
                }
            }
        }
    }
}

fn team_commitment(team: &TeamState, epoch: Epoch) -> Option<KeyCommitment> {
    team.epochs.iter().find(|e| e.epoch == epoch).map(|e| e.commitment)
}
