//! What follows from the authority log: who exists, who is in which team, which team holds which zone, at every size.
//!
//! [`apply`](self) is the one place where it changes; [`questions`](self) what is asked of it.

mod apply;
mod questions;

use std::collections::{BTreeMap, BTreeSet};

use crate::authority::body::{
    Body, Cut, DeviceKind, EscrowOpen, Genesis, Grant, LocatorWrap, Organisation, OrganisationKind, Policy,
    RestorePoint, TeamEpoch, TeamTier, ZoneEpoch, partnership_id, root_id,
};
use crate::authority::entry::{Entry, SignedEntry};
use crate::authority::rules::{self, LogError};
use crate::cbor::Bytes;
use crate::class::Class;
use crate::ids::{
    AreaId, DeviceId, DocumentId, EnvelopeId, Epoch, GrantId, KemPublic, LocatorKeyId, LogHash, LogSize, Millis,
    OrganisationId, PartnershipId, SeatId, SignPublic, SignerId, StoreId, TeamId, WorkerId, ZoneId, ZoneSeq,
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
    /// The size of the log since which that is so.
    pub escrow_since: LogSize,
    /// Devices that may write entries for it.
    pub admins: BTreeSet<DeviceId>,
}

impl OrganisationState {
    fn founded(organisation: &Organisation) -> Self {
        Self { kind: organisation.kind, escrow: organisation.escrow, escrow_since: LogSize(1), admins: BTreeSet::new() }
    }
}

/// When a device was revoked, and what it wrote that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// The size of the log with the revocation in it.
    pub at: LogSize,
    /// Up to where its work counts, by zone.
    pub cuts: BTreeMap<ZoneId, Cut>,
}

/// Up to where a device's work in a zone counts that it wrote before it lost the right to write there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteCut {
    /// The size of the log with the loss in it.
    pub at: LogSize,
    /// The last envelope that counts; none does, when there is none.
    pub last: Option<(ZoneSeq, EnvelopeId)>,
}

/// Where an erased envelope stands in its author's chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasedPlace {
    /// Its zone.
    pub zone: ZoneId,
    /// Its document.
    pub document: DocumentId,
    /// Its author.
    pub author: DeviceId,
    /// Its author's counter.
    pub zseq: ZoneSeq,
}

/// An escrow key that was put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EscrowOpening {
    /// The size of the log with it in it.
    pub at: LogSize,
    /// When, by its author's clock.
    pub time: Millis,
    /// Who wrote it.
    pub author: SignerId,
    /// What it says.
    pub open: EscrowOpen,
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
    /// Keys of restricted teams are sealed to it.
    pub kem_restricted: Option<KemPublic>,
    /// After this it is no longer served.
    pub not_after: Option<Millis>,
    /// The size of the log with it in it.
    pub added: LogSize,
    /// The size of the log since which it is frozen, while it is.
    pub frozen: Option<LogSize>,
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
    /// Its epochs, from the first.
    pub epochs: Vec<ZoneEpoch>,
    /// The size of the log with each of them in it.
    pub keyed_at: Vec<LogSize>,
}

impl ZoneState {
    /// The epoch of its current key; zero before it has one.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.epochs.last().map_or(Epoch(0), |e| e.epoch)
    }

    /// The epoch of its key for a reader who has verified `size` entries; zero before it had one.
    #[must_use]
    pub fn epoch_at(&self, size: LogSize) -> Epoch {
        let known = self.keyed_at.partition_point(|at| *at <= size);
        known.checked_sub(1).and_then(|last| self.epochs.get(last)).map_or(Epoch(0), |e| e.epoch)
    }

    /// Whether everybody seals into it and only its readers open.
    #[must_use]
    pub fn is_drop_box(&self) -> bool {
        self.class == Class::Audit
    }

    /// The key that everybody seals to in an epoch, in a drop-box zone.
    #[must_use]
    pub fn drop_box(&self, epoch: Epoch) -> Option<&KemPublic> {
        self.epochs.iter().find(|e| e.epoch == epoch)?.drop_box.as_ref()
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
    pub(super) policy: Policy,
    /// What was lost with a membership or a grant, by zone and device; a revocation has its own cuts.
    pub(super) cuts: BTreeMap<(ZoneId, DeviceId), Vec<WriteCut>>,
    pub(super) adopted: BTreeMap<(ZoneId, DeviceId), BTreeSet<EnvelopeId>>,
    /// Documents that were erased, and the size of the log with the erasure in it.
    pub(super) erased: BTreeMap<(ZoneId, DocumentId), LogSize>,
    pub(super) erased_envelopes: BTreeMap<EnvelopeId, ErasedPlace>,
    pub(super) openings: Vec<EscrowOpening>,
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
            organisations: genesis.organisations.iter().map(|o| (o.id, OrganisationState::founded(o))).collect(),
            devices: BTreeMap::new(),
            seats: BTreeMap::new(),
            teams: BTreeMap::new(),
            zones: BTreeMap::new(),
            grants: BTreeMap::new(),
            locators: BTreeMap::new(),
            restores: BTreeMap::new(),
            policy: Policy::DEFAULT,
            cuts: BTreeMap::new(),
            adopted: BTreeMap::new(),
            erased: BTreeMap::new(),
            erased_envelopes: BTreeMap::new(),
            openings: Vec::new(),
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
}
