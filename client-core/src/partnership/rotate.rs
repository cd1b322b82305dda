//! New keys: of a team for exactly its members of now, of a zone for exactly the teams that hold it. What this desk lacks a
//! key for it cannot make: that stays owed, is shown, and is taken up by a desk that holds it.

use doorstep_crypto::keys::{TeamKey, ZoneKey, derive_drop_box};
use doorstep_crypto::wrap::{seal_to, wrap};
use doorstep_protocol::authority::{
    Body, LogError, OwedKeys, TeamEpoch, TeamTier, ZoneEpoch, ZoneTeamWrap, recipients_digest, wraps_digest,
};
use doorstep_protocol::wrap::{KeyWrapHeader, KeyWrapPurpose, SEALED_WRAP_BYTES, SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{Bytes, DeviceId, Epoch, TeamId, ZoneId, limits};
use rand_core::CryptoRng;

use super::writer::{AdminError, LogWriter, Signer};
use crate::keyring::Keyring;

/// Entries and wraps of one append; the rest of its limit is framing.
const APPEND_BYTES_MAX: usize = limits::LOG_APPEND_BYTES_MAX - 64 * 1024;
/// What the entry of a rotation has beside its wraps, at most.
const ROTATION_BYTES: usize = 1_024;

impl LogWriter {
    /// A team's first key, for exactly its members.
    pub(super) fn first_team_epoch(
        &mut self,
        signer: &Signer<'_>,
        team: TeamId,
        rng: &mut impl CryptoRng,
    ) -> Result<(), AdminError> {
        self.rotate_team(signer, team, &Keyring::default(), rng)
    }

    /// A zone's first key, for exactly the teams that hold it, and for escrow.
    pub(super) fn first_zone_epoch(
        &mut self,
        signer: &Signer<'_>,
        zone: ZoneId,
        rng: &mut impl CryptoRng,
    ) -> Result<(), AdminError> {
        self.rotate_zone(signer, zone, &Keyring::default(), rng)
    }

    /// A team's next key, for exactly its members of now, with the key before under it.
    ///
    /// # Errors
    /// [`AdminError::NotMember`] where neither this writer nor this device has the key before.
    pub(super) fn rotate_team(
        &mut self,
        signer: &Signer<'_>,
        team: TeamId,
        held: &Keyring,
        rng: &mut impl CryptoRng,
    ) -> Result<(), AdminError> {
        let key = TeamKey::make(rng);
        let before = self.authority().teams().get(&team).map_or(Epoch(0), |t| t.epoch());
        let previous = if before == Epoch(0) {
            None
        } else {
            let old = self.team_key(held, team).ok_or(AdminError::NotMember { team })?;
            Some(self.previous_team_wrap(team, before, &key, old, rng)?)
        };
        self.push_team_epoch(signer, team, key, previous, rng)
    }

    /// A team's next key where nobody who is left has the one before. The wrap that must stand in its place opens to a key
    /// that is not the one the log commits to, so every reader passes it over; what was sealed under the lost key is
    /// reached by the zones' own back-links.
    pub(super) fn restart_team(
        &mut self,
        signer: &Signer<'_>,
        team: TeamId,
        rng: &mut impl CryptoRng,
    ) -> Result<(), AdminError> {
        let key = TeamKey::make(rng);
        let before = self.authority().teams().get(&team).map_or(Epoch(0), |t| t.epoch());
        let previous = if before == Epoch(0) {
            None
        } else {
            Some(self.previous_team_wrap(team, before, &key, &TeamKey::make(rng), rng)?)
        };
        self.push_team_epoch(signer, team, key, previous, rng)
    }

    fn previous_team_wrap(
        &self,
        team: TeamId,
        before: Epoch,
        key: &TeamKey,
        old: &TeamKey,
        rng: &mut impl CryptoRng,
    ) -> Result<Bytes, AdminError> {
        let header = KeyWrapHeader {
            purpose: KeyWrapPurpose::PreviousTeam,
            partnership: self.authority().partnership(),
            parent: team.0,
            child: team.0,
            parent_epoch: before.next(),
            child_epoch: before,
        };
        Ok(Bytes(wrap(&header, key, old, rng)?.to_vec()))
    }

    fn push_team_epoch(
        &mut self,
        signer: &Signer<'_>,
        team: TeamId,
        key: TeamKey,
        previous: Option<Bytes>,
        rng: &mut impl CryptoRng,
    ) -> Result<(), AdminError> {
        let state = self.authority().teams().get(&team);
        let epoch = state.map_or(Epoch(0), |t| t.epoch()).next();
        let members: Vec<DeviceId> = state.map(|t| t.members().copied().collect()).unwrap_or_default();
        let mut wraps = Vec::with_capacity(members.len());
        for member in &members {
            wraps.push(self.team_wrap(team, epoch, &key, *member, rng)?);
        }
        let entry = TeamEpoch {
            team,
            epoch,
            commitment: key.commitment(),
            previous,
            recipients: recipients_digest(&members),
            wraps_root: wraps_digest(wraps.iter().map(Vec::as_slice)),
            count: u32::try_from(wraps.len()).unwrap_or(u32::MAX),
        };
        self.push(signer, Body::TeamEpoch(entry))?;
        self.wraps.extend(wraps);
        self.team_keys.insert(team, key);
        Ok(())
    }

    /// A zone's next key, for exactly the teams that hold it, and for escrow, with the key before under it. An audit zone
    /// gets the public key that everybody seals to.
    ///
    /// # Errors
    /// [`AdminError::NoZoneKey`], [`AdminError::NotMember`] where this device lacks a key that the step needs.
    pub(super) fn rotate_zone(
        &mut self,
        signer: &Signer<'_>,
        zone: ZoneId,
        held: &Keyring,
        rng: &mut impl CryptoRng,
    ) -> Result<(), AdminError> {
        let no_zone = LogError::Refused { what: "ZoneEpoch", reason: "there is no such zone" };
        let state = self.authority().zones().get(&zone).ok_or(no_zone.clone())?;
        let (owner, before, is_drop_box) = (state.organisation, state.epoch(), state.is_drop_box());
        let escrow_key = self.authority().organisations().get(&owner).map(|o| o.escrow).ok_or(no_zone)?;
        let partnership = self.authority().partnership();
        let key = ZoneKey::make(rng);
        let epoch = before.next();
        let previous = if before == Epoch(0) {
            None
        } else {
            let header = KeyWrapHeader {
                purpose: KeyWrapPurpose::PreviousZone,
                partnership,
                parent: zone.0,
                child: zone.0,
                parent_epoch: epoch,
                child_epoch: before,
            };
            let old = self.zone_key(held, zone).ok_or(AdminError::NoZoneKey { zone })?;
            Some(Bytes(wrap(&header, &key, old, rng)?.to_vec()))
        };
        let mut wraps = Vec::new();
        for team in self.authority().recipients(zone) {
            let wrap = self.zone_under_team((zone, epoch), &key, team, held, rng)?;
            let team_epoch = self.authority().teams().get(&team).map_or(Epoch(0), |t| t.epoch());
            wraps.push(ZoneTeamWrap { team, team_epoch, wrap });
        }
        let header = SealedWrapHeader {
            purpose: SealedWrapPurpose::ZoneToEscrow,
            partnership,
            subject: zone.0,
            epoch,
            recipient: owner.0,
        };
        let escrow = Bytes(seal_to(&header, &escrow_key, &key, rng)?.to_vec());
        let drop_box = is_drop_box.then(|| derive_drop_box(&key).public());
        let commitment = key.commitment();
        let entry = ZoneEpoch { zone, epoch, commitment, previous, wraps, escrow, drop_box };
        self.push(signer, Body::ZoneEpoch(entry))?;
        self.zone_keys.insert(zone, key);
        Ok(())
    }

    /// A zone's key under the current key of a team.
    pub(super) fn zone_under_team(
        &self,
        (zone, epoch): (ZoneId, Epoch),
        key: &ZoneKey,
        team: TeamId,
        held: &Keyring,
        rng: &mut impl CryptoRng,
    ) -> Result<Bytes, AdminError> {
        let parent = self.team_key(held, team).ok_or(AdminError::NotMember { team })?;
        let parent_epoch = self.authority().teams().get(&team).map_or(Epoch(0), |t| t.epoch());
        let header = KeyWrapHeader {
            purpose: KeyWrapPurpose::ZoneUnderTeam,
            partnership: self.authority().partnership(),
            parent: team.0,
            child: zone.0,
            parent_epoch,
            child_epoch: epoch,
        };
        Ok(Bytes(wrap(&header, parent, key, rng)?.to_vec()))
    }

    /// Makes every key that is owed and that this desk may make and can, as far as one append holds them. Returns what is
    /// still owed: an admin of another organisation makes it, or a desk that holds the key before.
    pub(super) fn take_up(
        &mut self,
        signer: &Signer<'_>,
        me: DeviceId,
        held: &Keyring,
        rng: &mut impl CryptoRng,
    ) -> Result<OwedKeys, AdminError> {
        let owed = self.authority().owed_keys();
        for team in owed.teams {
            let state = self.authority().teams().get(&team);
            let Some((organisation, members)) = state.map(|t| (t.organisation, t.members().count())) else { continue };
            let may = self.authority().is_admin(me, organisation) && self.team_key(held, team).is_some();
            if may && self.members_open(team) && self.fits(members) {
                self.rotate_team(signer, team, held, rng)?;
            }
        }
        for zone in owed.zones {
            if self.may_rotate(me, zone, held) && self.fits(0) {
                self.rotate_zone(signer, zone, held, rng)?;
            }
        }
        Ok(self.authority().owed_keys())
    }

    /// Whether every member of a team has the key that the team's tier needs. The log refuses others at the door, so this
    /// is so unless the log was written by an older version.
    fn members_open(&self, team: TeamId) -> bool {
        let authority = self.authority();
        let Some(state) = authority.teams().get(&team) else { return false };
        state.tier == TeamTier::Ops
            || state.members().all(|m| authority.devices().get(m).is_some_and(|d| d.kem_restricted.is_some()))
    }

    /// Whether this desk may make a zone's next key, and holds what it needs for it.
    pub(super) fn may_rotate(&self, me: DeviceId, zone: ZoneId, held: &Keyring) -> bool {
        let authority = self.authority();
        let Some(state) = authority.zones().get(&zone) else { return false };
        let teams = authority.recipients(zone);
        let reaches = |team: &TeamId| {
            self.team_key(held, *team).is_some() && authority.teams().get(team).is_some_and(|t| !t.owes_epoch())
        };
        authority.is_admin(me, state.organisation)
            && (state.epoch() == Epoch(0) || self.zone_key(held, zone).is_some())
            && teams.iter().all(reaches)
    }

    /// Whether one more rotation with so many sealed wraps fits the append.
    fn fits(&self, wraps: usize) -> bool {
        let entries: usize = self.entries.iter().map(|e| e.entry.0.len() + e.signatures.len() * 96 + 16).sum();
        let sealed = (self.wraps.len() + wraps) * (SEALED_WRAP_BYTES + 4);
        let zone_wraps = limits::ZONE_TEAMS_MAX * 256;
        self.entries.len() < limits::LOG_APPEND_ENTRIES_MAX
            && self.wraps.len() + wraps <= limits::APPEND_WRAPS_MAX
            && entries + sealed + zone_wraps + ROTATION_BYTES <= APPEND_BYTES_MAX
    }
}
