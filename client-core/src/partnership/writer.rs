//! Writes entries of the authority log, each checked by the same state machine that every reader runs.

use std::collections::BTreeMap;

use doorstep_crypto::keys::{LocatorKey, NotSigned, Sign, SigningKey, TeamKey, ZoneKey};
use doorstep_crypto::wrap::{SealedWrapError, WrapError, seal_to, wrap};
use doorstep_protocol::authority::entry::EntrySignature;
use doorstep_protocol::authority::{
    Authority, Body, Entry, LocatorWrap, LogError, SignedEntry, TeamTier, locator_key_id,
};
use doorstep_protocol::wrap::{KeyWrapHeader, KeyWrapPurpose, SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{
    Bytes, Class, DeviceId, Epoch, LogHash, LogSize, Millis, OrganisationId, PartnershipId, SignerId, TeamId, ZoneId,
    label,
};
use rand_core::CryptoRng;

use crate::keyring::Keyring;

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
    #[error("the shares of the recovery kit: {0}")]
    Shares(#[from] doorstep_crypto::shares::ShareError),
    /// This device lacks a key that the step needs.
    #[error("this device is not a member of team {team}, so it has no key to hand on")]
    NotMember {
        /// The team.
        team: TeamId,
    },
    /// This device lacks the key of a zone that the step needs.
    #[error("this device holds no key of zone {zone}, so it has none to hand on")]
    NoZoneKey {
        /// The zone.
        zone: ZoneId,
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
    /// The keystore that keeps this device's key did not sign.
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
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
    Device(DeviceId, &'a dyn Sign),
}

impl Signer<'_> {
    const fn author(&self) -> Option<SignerId> {
        match self {
            Self::Roots([(first, _), ..]) => Some(*first),
            Self::Roots([]) => None,
            Self::Device(device, _) => Some(SignerId(device.0)),
        }
    }

    fn sign(&self, entry: &[u8]) -> Result<Vec<EntrySignature>, NotSigned> {
        let digest = Entry::signing_digest(entry);
        let one = |signer: SignerId, key: &dyn Sign| {
            Ok(EntrySignature { signer, signature: key.try_sign(label::SIG_LOG, &digest.0)? })
        };
        match self {
            Self::Roots(roots) => roots.iter().map(|(id, key)| one(*id, *key)).collect(),
            Self::Device(device, key) => Ok(vec![one(SignerId(device.0), *key)?]),
        }
    }
}

/// Entries in the making, and the keys made with them.
pub(super) struct LogWriter {
    authority: Authority,
    base: (LogSize, LogHash),
    now: Millis,
    pub(super) entries: Vec<SignedEntry>,
    pub(super) wraps: Vec<Vec<u8>>,
    /// Keys made here: each is its team's current one.
    pub(super) team_keys: BTreeMap<TeamId, TeamKey>,
    /// Keys made or recovered here: each is its zone's current one.
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
        let signatures = signer.sign(&entry)?;
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
        let signatures = signer.sign(&bytes)?;
        let signed = SignedEntry::new(bytes, signatures);
        self.authority.append(&signed)?;
        self.entries.push(signed);
        Ok(())
    }

    /// How many entries written here are of a kind.
    pub(super) fn count(&self, is_of_kind: impl Fn(&Body) -> bool) -> usize {
        let of_kind = |signed: &&SignedEntry| Entry::parse(&signed.entry.0).is_ok_and(|entry| is_of_kind(&entry.body));
        self.entries.iter().filter(of_kind).count()
    }

    pub(super) fn finish(self) -> Written {
        Written { base_size: self.base.0, base_head: self.base.1, entries: self.entries, wraps: self.wraps }
    }

    /// The current key of a team: made here, or held.
    pub(super) fn team_key<'k>(&'k self, held: &'k Keyring, team: TeamId) -> Option<&'k TeamKey> {
        let epoch = self.authority.teams().get(&team)?.epoch();
        self.team_keys.get(&team).or_else(|| held.team(team, epoch))
    }

    /// The current key of a zone: made or recovered here, or held.
    pub(super) fn zone_key<'k>(&'k self, held: &'k Keyring, zone: ZoneId) -> Option<&'k ZoneKey> {
        let epoch = self.authority.zones().get(&zone)?.epoch();
        self.zone_keys.get(&zone).or_else(|| held.zone(zone, epoch))
    }

    /// A team key sealed to a device: to the key that opens with its worker's PIN, where the team is a restricted one.
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
        let recipient = match self.authority.teams().get(&team).map(|t| t.tier) {
            Some(TeamTier::Restricted) => state.kem_restricted.as_ref().ok_or(LogError::Refused {
                what: "TeamMember",
                reason: "a restricted team is for devices with a key that opens with a worker's PIN",
            })?,
            _ => &state.kem,
        };
        let header = SealedWrapHeader {
            purpose: SealedWrapPurpose::TeamToDevice,
            partnership: self.authority.partnership(),
            subject: team.0,
            epoch,
            recipient: device.0,
        };
        Ok(seal_to(&header, recipient, key, rng)?.to_vec())
    }

    /// The locator key that the first zone of a class and organisation brings, where the directory's key was made here.
    pub(super) fn locator_wrap(
        &self,
        class: Class,
        organisation: OrganisationId,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<LocatorWrap>, AdminError> {
        self.locator_wrap_held(&Keyring::default(), (class, organisation), rng)
    }

    /// The same where this device holds the directory's key.
    pub(super) fn locator_wrap_held(
        &self,
        held: &Keyring,
        (class, organisation): (Class, OrganisationId),
        rng: &mut impl CryptoRng,
    ) -> Result<Option<LocatorWrap>, AdminError> {
        if self.authority.locator(class, organisation).is_some() {
            return Ok(None);
        }
        let Some(directory) = self.authority.directory_zone() else { return Ok(None) };
        let parent_epoch = self.authority.zones().get(&directory).map_or(Epoch(0), |zone| zone.epoch());
        let Some(parent) = self.zone_key(held, directory) else { return Ok(None) };
        let key = LocatorKey::make(rng);
        let header = KeyWrapHeader {
            purpose: KeyWrapPurpose::Locator,
            partnership: self.authority.partnership(),
            parent: directory.0,
            child: locator_key_id(class, organisation).0,
            parent_epoch,
            child_epoch: Epoch(1),
        };
        let wrapped = wrap(&header, parent, &key, rng)?;
        Ok(Some(LocatorWrap { commitment: key.commitment(), wrap: Bytes(wrapped.to_vec()) }))
    }
}
