//! Writes entries of the authority log, each checked by the same state machine that every reader runs.

use std::collections::BTreeMap;

use doorstep_crypto::keys::{LocatorKey, SigningKey, TeamKey, ZoneKey};
use doorstep_crypto::wrap::{SealedWrapError, WrapError, seal_to, wrap};
use doorstep_protocol::authority::entry::EntrySignature;
use doorstep_protocol::authority::{
    Authority, Body, Entry, LocatorWrap, LogError, SignedEntry, TeamEpoch, ZoneEpoch, ZoneTeamWrap, locator_key_id,
    recipients_digest, wraps_digest,
};
use doorstep_protocol::wrap::{KeyWrapHeader, KeyWrapPurpose, SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{
    Bytes, Class, DeviceId, Epoch, LogHash, LogSize, Millis, OrganisationId, PartnershipId, SignerId, TeamId, ZoneId,
    label,
};
use rand_core::CryptoRng;

/// Why entries were not written.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The log refuses the entry.
    #[error("the authority log refuses this: {0}")]
    Log(#[from] LogError),
    /// A key was not sealed to a device or an escrow.
    #[error("a key could not be sealed: {0}")]
    Seal(#[from] SealedWrapError),
    /// A key was not wrapped.
    #[error("a key could not be wrapped: {0}")]
    Wrap(#[from] WrapError),
    /// The recovery shares could not be made.
    #[error("the recovery shares could not be made: {0}")]
    Shares(#[from] doorstep_crypto::shares::ShareError),
    /// This device lacks a key that the step needs.
    #[error("this device is not a member of team {team}, so it has no key to hand on")]
    NotMember {
        /// The team.
        team: TeamId,
    },
    /// An enrolment did not go on.
    #[error(transparent)]
    Enrol(#[from] super::enrol::EnrolError),
    /// The log is of another partnership.
    #[error("the authority log is of another partnership")]
    OtherPartnership,
    /// The plan is not possible.
    #[error("{field}: {remedy}")]
    Plan {
        /// What is wrong.
        field: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// The device could not read or write its store.
    #[error(transparent)]
    Device(#[from] crate::device::DeviceError),
}

/// What was written: to be appended to the log, all or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The size of the log that the entries follow.
    pub base_size: LogSize,
    /// Its head.
    pub base_head: LogHash,
    /// The entries.
    pub entries: Vec<SignedEntry>,
    /// Team keys sealed to members, delivered beside the log.
    pub wraps: Vec<Vec<u8>>,
}

/// Who signs.
pub(super) enum Signer<'a> {
    /// Root keys, the first of which is the author.
    Roots(&'a [(SignerId, &'a SigningKey)]),
    /// An admin's device.
    Device(DeviceId, &'a SigningKey),
}

impl Signer<'_> {
    const fn author(&self) -> Option<SignerId> {
        match self {
            Self::Roots([(first, _), ..]) => Some(*first),
            Self::Roots([]) => None,
            Self::Device(device, _) => Some(SignerId(device.0)),
        }
    }

    fn sign(&self, entry: &[u8]) -> Vec<EntrySignature> {
        let digest = Entry::signing_digest(entry);
        let one = |signer: SignerId, key: &SigningKey| EntrySignature {
            signer,
            signature: key.sign(label::SIG_LOG, &digest.0),
        };
        match self {
            Self::Roots(roots) => roots.iter().map(|(id, key)| one(*id, key)).collect(),
            Self::Device(device, key) => vec![one(SignerId(device.0), key)],
        }
    }
}

/// Entries in the making, and the keys made with them.
pub(super) struct LogWriter {
    authority: Authority,
    base: (LogSize, LogHash),
    now: Millis,
    entries: Vec<SignedEntry>,
    wraps: Vec<Vec<u8>>,
    pub(super) team_keys: BTreeMap<TeamId, TeamKey>,
    pub(super) zone_keys: BTreeMap<ZoneId, ZoneKey>,
}

impl LogWriter {
    /// Begins a log with its genesis.
    pub(super) fn begin(
        partnership: PartnershipId,
        genesis: Body,
        signer: &Signer<'_>,
        now: Millis,
    ) -> Result<Self, AdminError> {
        let author = signer.author().ok_or(LogError::NotGenesis)?;
        let entry =
            Entry { partnership, seq: LogSize(1), prev: LogHash::ZERO, time: now, author, body: genesis }.to_bytes();
        let signatures = signer.sign(&entry);
        let first = SignedEntry::new(entry, signatures);
        let authority = Authority::begin(&first)?;
        Ok(Self {
            authority,
            base: (LogSize(0), LogHash::ZERO),
            now,
            entries: vec![first],
            wraps: Vec::new(),
            team_keys: BTreeMap::new(),
            zone_keys: BTreeMap::new(),
        })
    }

    /// Goes on from a log.
    pub(super) fn after(authority: &Authority, now: Millis) -> Self {
        Self {
            base: (authority.size(), authority.head()),
            authority: authority.clone(),
            now,
            entries: Vec::new(),
            wraps: Vec::new(),
            team_keys: BTreeMap::new(),
            zone_keys: BTreeMap::new(),
        }
    }

    pub(super) const fn authority(&self) -> &Authority {
        &self.authority
    }

    pub(super) fn push(&mut self, signer: &Signer<'_>, body: Body) -> Result<(), AdminError> {
        let author = signer.author().ok_or(LogError::NotGenesis)?;
        let entry = Entry {
            partnership: self.authority.partnership(),
            seq: self.authority.size().next(),
            prev: self.authority.head(),
            time: self.now,
            author,
            body,
        };
        let bytes = entry.to_bytes();
        let signatures = signer.sign(&bytes);
        let signed = SignedEntry::new(bytes, signatures);
        self.authority.append(&signed)?;
        self.entries.push(signed);
        Ok(())
    }

    pub(super) fn finish(self) -> Written {
        Written { base_size: self.base.0, base_head: self.base.1, entries: self.entries, wraps: self.wraps }
    }

    /// A team key sealed to a device.
    pub(super) fn team_wrap(
        &self,
        team: TeamId,
        epoch: Epoch,
        key: &TeamKey,
        device: DeviceId,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, AdminError> {
        let Some(state) = self.authority.devices().get(&device) else {
            return Err(LogError::Refused { what: "TeamMember", reason: "there is no such device" }.into());
        };
        let header = SealedWrapHeader {
            purpose: SealedWrapPurpose::TeamToDevice,
            partnership: self.authority.partnership(),
            subject: team.0,
            epoch,
            recipient: device.0,
        };
        Ok(seal_to(&header, &state.kem, key, rng)?.to_vec())
    }

    /// A team's first key, for exactly its members.
    pub(super) fn first_team_epoch(
        &mut self,
        signer: &Signer<'_>,
        team: TeamId,
        rng: &mut impl CryptoRng,
    ) -> Result<(), AdminError> {
        let key = TeamKey::make(rng);
        let members: Vec<DeviceId> =
            self.authority.teams().get(&team).map(|t| t.members().copied().collect()).unwrap_or_default();
        let mut wraps = Vec::with_capacity(members.len());
        for member in &members {
            wraps.push(self.team_wrap(team, Epoch(1), &key, *member, rng)?);
        }
        let epoch = TeamEpoch {
            team,
            epoch: Epoch(1),
            commitment: key.commitment(),
            previous: None,
            recipients: recipients_digest(&members),
            wraps_root: wraps_digest(wraps.iter().map(Vec::as_slice)),
            count: u32::try_from(wraps.len()).unwrap_or(u32::MAX),
        };
        self.push(signer, Body::TeamEpoch(epoch))?;
        self.wraps.extend(wraps);
        self.team_keys.insert(team, key);
        Ok(())
    }

    /// A zone's first key, for exactly the teams that hold it, and for escrow.
    pub(super) fn first_zone_epoch(
        &mut self,
        signer: &Signer<'_>,
        zone: ZoneId,
        rng: &mut impl CryptoRng,
    ) -> Result<(), AdminError> {
        let key = ZoneKey::make(rng);
        let partnership = self.authority.partnership();
        let no_zone = || LogError::Refused { what: "ZoneEpoch", reason: "there is no such zone" };
        let owner = self.authority.zones().get(&zone).map(|z| z.organisation).ok_or_else(no_zone)?;
        let escrow_key = self.authority.organisations().get(&owner).map(|o| o.escrow).ok_or_else(no_zone)?;
        let mut wraps = Vec::new();
        for team in self.authority.recipients(zone) {
            let parent_epoch = self.authority.teams().get(&team).map_or(Epoch(0), |t| t.epoch());
            let parent = self.team_keys.get(&team).ok_or(AdminError::NotMember { team })?;
            let header = KeyWrapHeader {
                purpose: KeyWrapPurpose::ZoneUnderTeam,
                partnership,
                parent: team.0,
                child: zone.0,
                parent_epoch,
                child_epoch: Epoch(1),
            };
            let wrapped = wrap(&header, parent, &key, rng)?;
            wraps.push(ZoneTeamWrap { team, team_epoch: parent_epoch, wrap: Bytes(wrapped.to_vec()) });
        }
        let header = SealedWrapHeader {
            purpose: SealedWrapPurpose::ZoneToEscrow,
            partnership,
            subject: zone.0,
            epoch: Epoch(1),
            recipient: owner.0,
        };
        let escrow = Bytes(seal_to(&header, &escrow_key, &key, rng)?.to_vec());
        let commitment = key.commitment();
        let epoch = ZoneEpoch { zone, epoch: Epoch(1), commitment, previous: None, wraps, escrow, drop_box: None };
        self.push(signer, Body::ZoneEpoch(epoch))?;
        self.zone_keys.insert(zone, key);
        Ok(())
    }

    /// The locator key that the first zone of a class and organisation brings.
    pub(super) fn locator_wrap(
        &self,
        class: Class,
        organisation: OrganisationId,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<LocatorWrap>, AdminError> {
        if self.authority.locator(class, organisation).is_some() {
            return Ok(None);
        }
        let Some(directory) = self.authority.directory_zone() else { return Ok(None) };
        let Some(parent) = self.zone_keys.get(&directory) else { return Ok(None) };
        let key = LocatorKey::make(rng);
        let header = KeyWrapHeader {
            purpose: KeyWrapPurpose::Locator,
            partnership: self.authority.partnership(),
            parent: directory.0,
            child: locator_key_id(class, organisation).0,
            parent_epoch: Epoch(1),
            child_epoch: Epoch(1),
        };
        let wrapped = wrap(&header, parent, &key, rng)?;
        Ok(Some(LocatorWrap { commitment: key.commitment(), wrap: Bytes(wrapped.to_vec()) }))
    }
}
