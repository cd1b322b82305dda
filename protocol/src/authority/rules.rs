//! Which entry may come next. Authority never grows without a signer who had it.

use std::collections::BTreeSet;

use crate::authority::body::{
    AdminSet, Body, BodyError, DeviceAdd, DeviceRevoke, Genesis, Grant, OrganisationKind, RestorePoint, SeatAdd,
    Standing, TeamEpoch, TeamMember, TeamSet, TeamTier, ZoneCreate, ZoneEpoch, possession_message, recipients_digest,
    wraps_digest,
};
use crate::authority::entry::{Entry, EntryError, SignedEntry};
use crate::authority::state::Authority;
use crate::class::{Class, Subject};
use crate::ids::{
    DeviceId, Epoch, KeyCommitment, LogHash, LogSize, OrganisationId, RestoreEpoch, SignPublic, SignerId, TeamId,
    ZoneSeq,
};
use crate::signature::{self, SignatureError};
use crate::wrap::{KeyWrapHeader, KeyWrapPurpose, SealedWrapHeader, SealedWrapPurpose, WrapHeaderError};
use crate::{authority::body, hash, kem, label, limits};

/// Why an entry may not stand where it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// Its bytes are not an entry.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The log does not begin with a genesis, or a genesis stands further on.
    #[error("a log begins with one genesis, and has no other")]
    NotGenesis,
    /// The genesis does not hold together.
    #[error("the genesis is not sound: {reason}")]
    Genesis {
        /// What is wrong.
        reason: &'static str,
    },
    /// Of another partnership.
    #[error("the entry belongs to another partnership")]
    OtherPartnership,
    /// Not the next one: the log has grown meanwhile, or an entry is missing.
    #[error("entry {found} does not follow; the next is entry {expected}")]
    NotNext {
        /// The position that is next.
        expected: LogSize,
        /// The position it names.
        found: LogSize,
    },
    /// Signatures are missing, doubled, out of order or do not hold.
    #[error("the signatures of the entry do not hold: {reason}")]
    Signatures {
        /// What is wrong.
        reason: &'static str,
    },
    /// Its author may not say this.
    #[error("{author} may not write {what}")]
    NotEntitled {
        /// The author.
        author: SignerId,
        /// The kind of entry.
        what: &'static str,
    },
    /// It names something that does not exist, is ended, or exists already.
    #[error("{what}: {reason}")]
    Refused {
        /// The kind of entry.
        what: &'static str,
        /// Which rule it breaks.
        reason: &'static str,
    },
    /// It would pass a limit.
    #[error("{what}: more than {limit}")]
    Limit {
        /// What there would be too many of.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
}

impl From<body::BodyError> for LogError {
    fn from(error: BodyError) -> Self {
        Self::Entry(EntryError::Body(error))
    }
}

fn refused<T>(what: &'static str, reason: &'static str) -> Result<T, LogError> {
    Err(LogError::Refused { what, reason })
}

fn require(holds: bool, what: &'static str, reason: &'static str) -> Result<(), LogError> {
    if holds { Ok(()) } else { refused(what, reason) }
}

fn within(count: usize, limit: usize, what: &'static str) -> Result<(), LogError> {
    if count <= limit { Ok(()) } else { Err(LogError::Limit { what, limit }) }
}

/// The genesis by itself: keys, threshold, order, place.
pub(super) fn check_genesis(entry: &Entry, genesis: &Genesis) -> Result<(), LogError> {
    let unsound = |reason| Err(LogError::Genesis { reason });
    if entry.seq != LogSize(1) || entry.prev != LogHash::ZERO {
        return unsound("it is not the first entry");
    }
    if entry.partnership != body::partnership_id(genesis) {
        return unsound("the partnership's id does not come from it");
    }
    within(genesis.roots.len(), limits::ROOT_KEYS_MAX, "root keys")?;
    within(genesis.organisations.len(), limits::ORGANISATIONS_MAX, "organisations")?;
    if genesis.threshold == 0 || usize::from(genesis.threshold) > genesis.roots.len() {
        return unsound("the threshold does not fit the number of root keys");
    }
    if !genesis.roots.is_sorted_by(|a, b| a < b) {
        return unsound("root keys are not in order, or one stands twice");
    }
    if genesis.organisations.is_empty() || !genesis.organisations.is_sorted_by(|a, b| a.id < b.id) {
        return unsound("organisations are missing or not in order");
    }
    let keys = genesis.roots.iter().chain([&genesis.server_key]);
    if keys.map(signature::check_key).any(|key| key.is_err()) {
        return unsound("a key is weak");
    }
    if genesis.organisations.iter().any(|o| kem::check_key(&o.escrow).is_err()) {
        return unsound("an escrow key is weak");
    }
    Ok(())
}

/// Signatures: of the threshold of root keys when a root is the author, else of the author alone. Exactly as many as are
/// needed: the hash of an entry covers its signatures, so one that could be left out would let a server make two logs.
pub(super) fn check_signatures(state: &Authority, entry: &Entry, signed: &SignedEntry) -> Result<(), LogError> {
    let fault = |reason| Err(LogError::Signatures { reason });
    within(signed.signatures.len(), limits::LOG_SIGNATURES_MAX, "signatures")?;
    if !signed.signatures.is_sorted_by(|a, b| a.signer < b.signer) {
        return fault("not in order, or a signer stands twice");
    }
    let by_roots = state.roots.contains_key(&entry.author);
    let key_of = |signer: &SignerId| -> Option<SignPublic> {
        if by_roots {
            return state.roots.get(signer).copied();
        }
        let device = DeviceId(signer.0);
        state.devices.get(&device).filter(|d| d.revoked.is_none()).map(|d| d.sign)
    };
    if !signed.signatures.iter().any(|s| s.signer == entry.author) {
        return fault("the author has not signed");
    }
    let needed = if by_roots { usize::from(state.threshold) } else { 1 };
    if signed.signatures.len() != needed {
        return fault("fewer or more than are needed");
    }
    let digest = Entry::signing_digest(&signed.entry.0);
    for one in &signed.signatures {
        let Some(key) = key_of(&one.signer) else { return fault("a signer is unknown or revoked") };
        match signature::verify(&key, label::SIG_LOG, &digest.0, &one.signature) {
            Ok(()) => {}
            Err(SignatureError::WeakKey) => return fault("a signer's key is weak"),
            Err(SignatureError::Refused) => return fault("one does not hold"),
        }
    }
    Ok(())
}

/// The rule of each kind of entry.
pub(super) fn check_body(state: &Authority, entry: &Entry) -> Result<(), LogError> {
    let author = Author { state, id: entry.author, what: entry.body.name() };
    match &entry.body {
        Body::Genesis(_) => Err(LogError::NotGenesis),
        Body::AdminSet(set) => admin_set(&author, set),
        Body::DeviceAdd(add) => device_add(&author, add),
        Body::DeviceRevoke(revoke) => device_revoke(&author, revoke),
        Body::SeatAdd(add) => seat_add(&author, add),
        Body::SeatRevoke(revoke) => {
            let seat = state.seats.get(&revoke.seat).filter(|seat| seat.span.is_open());
            match seat.and_then(|seat| state.devices.get(&seat.device)) {
                Some(device) => author.admin_of(device.organisation),
                None => refused(author.what, "there is no such seat"),
            }
        }
        Body::TeamSet(set) => team_set(&author, set),
        Body::TeamMember(member) => team_member(&author, member),
        Body::ZoneCreate(create) => zone_create(&author, create),
        Body::Grant(grant) => grant_given(&author, grant),
        Body::GrantEnd(end) => {
            let zone = state.grants.get(&end.grant).filter(|g| g.span.is_open()).map(|g| g.grant.zone);
            match zone.and_then(|zone| state.zones.get(&zone)) {
                Some(zone) => author.admin_of(zone.organisation),
                None => refused(author.what, "there is no such grant"),
            }
        }
        Body::TeamEpoch(epoch) => team_epoch(&author, epoch),
        Body::ZoneEpoch(epoch) => zone_epoch(&author, epoch),
        Body::RestorePoint(point) => restore_point(&author, point),
    }
}

/// The author of an entry, and what it is about to say.
struct Author<'a> {
    state: &'a Authority,
    id: SignerId,
    what: &'static str,
}

impl Author<'_> {
    fn is_root(&self) -> bool {
        self.state.roots.contains_key(&self.id)
    }

    fn not_entitled(&self) -> LogError {
        LogError::NotEntitled { author: self.id, what: self.what }
    }

    fn root(&self) -> Result<(), LogError> {
        if self.is_root() { Ok(()) } else { Err(self.not_entitled()) }
    }

    fn admin_of(&self, organisation: OrganisationId) -> Result<(), LogError> {
        if !self.state.organisations.contains_key(&organisation) {
            return refused(self.what, "there is no such organisation");
        }
        if self.state.is_admin(DeviceId(self.id.0), organisation) { Ok(()) } else { Err(self.not_entitled()) }
    }

    fn require(&self, holds: bool, reason: &'static str) -> Result<(), LogError> {
        require(holds, self.what, reason)
    }
}

fn admin_set(author: &Author<'_>, set: &AdminSet) -> Result<(), LogError> {
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

fn device_add(author: &Author<'_>, add: &DeviceAdd) -> Result<(), LogError> {
    // The first device of an organisation is added by the root keys: there is nobody else yet.
    if !author.is_root() {
        author.admin_of(add.organisation)?;
    }
    author.require(author.state.organisations.contains_key(&add.organisation), "there is no such organisation")?;
    within(author.state.devices.len() + 1, limits::DEVICES_MAX, "devices")?;
    let id = hash::device_id(&add.sign, &add.kem);
    author.require(!author.state.devices.contains_key(&id), "the device exists already, or was revoked")?;
    author.require(
        !author.state.device_keys.contains(&add.sign.0) && !author.state.device_keys.contains(&add.kem.0),
        "a key of the device belongs, or belonged, to another",
    )?;
    author.require(kem::check_key(&add.kem).is_ok(), "the device's key is weak")?;
    let message = possession_message(author.state.partnership(), &add.sign, &add.kem);
    let proof = signature::verify(&add.sign, label::SIG_POSSESSION, &message, &add.possession);
    author.require(proof.is_ok(), "the device has not proved that it holds its key")
}

fn device_revoke(author: &Author<'_>, revoke: &DeviceRevoke) -> Result<(), LogError> {
    let Some(device) = author.state.devices.get(&revoke.device).filter(|d| d.revoked.is_none()) else {
        return refused(author.what, "there is no such device");
    };
    if !author.is_root() {
        author.admin_of(device.organisation)?;
    }
    let last_admin = |o: &super::state::OrganisationState| o.admins.len() == 1 && o.admins.contains(&revoke.device);
    author.require(!author.state.organisations.values().any(last_admin), "the last admin of an organisation stays")?;
    author.require(revoke.cuts.is_sorted_by(|a, b| a.zone < b.zone), "cuts are not in order")?;
    author.require(revoke.cuts.iter().all(|c| author.state.zones.contains_key(&c.zone)), "a cut names no zone")?;
    author.require(revoke.cuts.iter().all(|c| c.zseq > ZoneSeq(0)), "a cut names the last envelope that counts")
}

fn seat_add(author: &Author<'_>, add: &SeatAdd) -> Result<(), LogError> {
    let Some(device) = author.state.devices.get(&add.device).filter(|d| d.revoked.is_none()) else {
        return refused(author.what, "there is no such device");
    };
    author.admin_of(device.organisation)?;
    author.require(signature::check_key(&add.key).is_ok(), "the seat's key is weak")?;
    let id = hash::seat_id(add.device, add.worker, &add.key);
    author.require(!author.state.seats.contains_key(&id), "the seat exists already, or was ended")?;
    within(author.state.seats.len() + 1, limits::SEATS_MAX, "seats")
}

fn team_set(author: &Author<'_>, set: &TeamSet) -> Result<(), LogError> {
    author.admin_of(set.organisation)?;
    author.require(!author.state.teams.contains_key(&set.team), "the team exists already")?;
    within(author.state.teams.len() + 1, limits::TEAMS_MAX, "teams")
}

fn team_member(author: &Author<'_>, member: &TeamMember) -> Result<(), LogError> {
    let Some(team) = author.state.teams.get(&member.team) else {
        return refused(author.what, "there is no such team");
    };
    author.admin_of(team.organisation)?;
    let is_member = team.is_member(member.device);
    match member.standing {
        Standing::Ended => {
            author.require(is_member, "the device is not a member")?;
            author.require(member.wrap.is_none(), "a member who leaves is given no key")
        }
        Standing::Granted => {
            author.require(!is_member, "the device is a member already")?;
            author.require(author.state.is_live(member.device), "there is no such device")?;
            within(team.members().count() + 1, limits::TEAM_MEMBERS_MAX, "members of a team")?;
            match (&member.wrap, team.epoch()) {
                (None, Epoch(0)) => Ok(()),
                (Some(wrap), epoch @ Epoch(1..)) => sealed_wrap_names(
                    author,
                    &wrap.0,
                    SealedWrapPurpose::TeamToDevice,
                    (member.team.0, epoch),
                    member.device.0,
                ),
                _ => refused(author.what, "the team's current key must come with a new member, and no other"),
            }
        }
    }
}

fn zone_create(author: &Author<'_>, create: &ZoneCreate) -> Result<(), LogError> {
    author.admin_of(create.organisation)?;
    author.require(!author.state.zones.contains_key(&create.zone), "the zone exists already")?;
    within(author.state.zones.len() + 1, limits::ZONES_MAX, "zones")?;
    author.require(
        create.drop_box.is_some() == (create.class == Class::Audit),
        "a drop-box key belongs to an audit zone, and to no other",
    )?;
    let drop_box_is_sound = create.drop_box.as_ref().is_none_or(|key| kem::check_key(key).is_ok());
    author.require(drop_box_is_sound, "the zone's key is weak")?;
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

fn grant_given(author: &Author<'_>, grant: &Grant) -> Result<(), LogError> {
    let Some(zone) = author.state.zones.get(&grant.zone) else { return refused(author.what, "there is no such zone") };
    let Some(team) = author.state.teams.get(&grant.team) else { return refused(author.what, "there is no such team") };
    author.admin_of(zone.organisation)?;
    author.require(!author.state.grants.contains_key(&grant.grant), "the grant exists already")?;
    author.require(grant.rights.is_known(), "the rights are not known")?;
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

fn team_epoch(author: &Author<'_>, epoch: &TeamEpoch) -> Result<(), LogError> {
    let Some(team) = author.state.teams.get(&epoch.team) else { return refused(author.what, "there is no such team") };
    author.admin_of(team.organisation)?;
    author.require(epoch.epoch == team.epoch().next(), "epochs follow one another")?;
    let members: Vec<_> = team.members().collect();
    author.require(!members.is_empty(), "a team without members has no key")?;
    author.require(
        epoch.recipients == recipients_digest(members.iter().copied())
            && usize::try_from(epoch.count) == Ok(members.len()),
        "the recipients are not the members of now",
    )?;
    key_is_new(author, epoch.commitment, team.epochs.iter().map(|e| e.commitment))?;
    previous_wrap(
        author,
        epoch.previous.as_ref().map(|w| &w.0[..]),
        KeyWrapPurpose::PreviousTeam,
        epoch.team.0,
        epoch.epoch,
    )
}

fn zone_epoch(author: &Author<'_>, epoch: &ZoneEpoch) -> Result<(), LogError> {
    let Some(zone) = author.state.zones.get(&epoch.zone) else { return refused(author.what, "there is no such zone") };
    author.admin_of(zone.organisation)?;
    author.require(epoch.epoch == zone.epoch().next(), "epochs follow one another")?;
    author.require(epoch.wraps.is_sorted_by(|a, b| a.team < b.team), "wraps are not in order")?;
    let recipients: BTreeSet<TeamId> = epoch.wraps.iter().map(|w| w.team).collect();
    author.require(
        recipients == author.state.recipients(epoch.zone),
        "the recipients are not the teams that hold the zone and have members",
    )?;
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

fn restore_point(author: &Author<'_>, point: &RestorePoint) -> Result<(), LogError> {
    let entitled =
        author.is_root() || author.state.organisations.values().any(|o| o.admins.contains(&DeviceId(author.id.0)));
    if !entitled {
        return Err(author.not_entitled());
    }
    let before = author.state.restores.get(&point.store).map_or(RestoreEpoch(0), |p| p.restore_epoch);
    author.require(point.restore_epoch > before, "restore epochs only grow")?;
    author.require(point.log_size <= author.state.size(), "the backup's log is longer than this one")?;
    author.require(point.feeds.is_sorted_by(|a, b| a.zone < b.zone), "feeds are not in order")?;
    author.require(point.feeds.iter().all(|f| author.state.zones.contains_key(&f.zone)), "a feed names no zone")
}

/// A rotation that brings an old key back locks nobody out.
fn key_is_new(
    author: &Author<'_>,
    commitment: KeyCommitment,
    mut before: impl Iterator<Item = KeyCommitment>,
) -> Result<(), LogError> {
    author.require(!before.any(|earlier| earlier == commitment), "the key is not a new one")
}

fn previous_wrap(
    author: &Author<'_>,
    wrap: Option<&[u8]>,
    purpose: KeyWrapPurpose,
    owner: [u8; 16],
    epoch: Epoch,
) -> Result<(), LogError> {
    match wrap {
        None => author.require(epoch == Epoch(1), "the previous key must come with every epoch but the first"),
        Some(wrap) => {
            let before = Epoch(epoch.0.saturating_sub(1));
            author.require(before > Epoch(0), "the first epoch has no previous key")?;
            key_wrap_names(author, wrap, purpose, (owner, epoch), (owner, before))
        }
    }
}

fn key_wrap_names(
    author: &Author<'_>,
    wrap: &[u8],
    purpose: KeyWrapPurpose,
    (parent, parent_epoch): ([u8; 16], Epoch),
    (child, child_epoch): ([u8; 16], Epoch),
) -> Result<(), LogError> {
    author.require(parent_epoch > Epoch(0), "the key it is wrapped under does not exist yet")?;
    let partnership = author.state.partnership();
    let expected = KeyWrapHeader { purpose, partnership, parent, child, parent_epoch, child_epoch };
    let names: Result<_, WrapHeaderError> = KeyWrapHeader::parse(wrap);
    author.require(names == Ok(expected), "a wrap is not what its place says")
}

fn sealed_wrap_names(
    author: &Author<'_>,
    wrap: &[u8],
    purpose: SealedWrapPurpose,
    (subject, epoch): ([u8; 16], Epoch),
    recipient: [u8; 16],
) -> Result<(), LogError> {
    let expected = SealedWrapHeader { purpose, partnership: author.state.partnership(), subject, epoch, recipient };
    author.require(SealedWrapHeader::parse(wrap) == Ok(expected), "a sealed wrap is not what its place says")
}

/// Checks the wraps delivered beside a team epoch: one for each member of now, and the very ones the entry names.
///
/// # Errors
/// [`LogError::Refused`].
pub fn check_delivered_wraps(state: &Authority, epoch: &TeamEpoch, wraps: &[&[u8]]) -> Result<(), LogError> {
    const WHAT: &str = "TeamEpoch";
    let Some(team) = state.teams.get(&epoch.team) else { return refused(WHAT, "there is no such team") };
    require(epoch.wraps_root == wraps_digest(wraps.iter().copied()), WHAT, "the wraps are not the ones it names")?;
    let mut owed: BTreeSet<DeviceId> = team.members().copied().collect();
    for wrap in wraps {
        let header = SealedWrapHeader::parse(wrap).ok().filter(|h| {
            h.purpose == SealedWrapPurpose::TeamToDevice
                && h.partnership == state.partnership()
                && h.subject == epoch.team.0
                && h.epoch == epoch.epoch
        });
        let recipient = header.map(|h| DeviceId(h.recipient));
        require(recipient.is_some_and(|device| owed.remove(&device)), WHAT, "a wrap is for nobody, or stands twice")?;
    }
    require(owed.is_empty(), WHAT, "a member has no wrap")
}
