//! What escrow is for: proving that the data can be reached, and reaching it when no device holds its keys any more.
//!
//! An opening stands in the log before anything is opened. A drill keeps nothing. A recovery makes new keys of teams and
//! zones, for exactly the members and holders of now, with the desk that recovers among them; what was written before is
//! reached by the zones' back-links.

use std::collections::BTreeMap;

use doorstep_crypto::keys::{KemSecret, Sign as _, TeamKey, ZoneKey};
use doorstep_crypto::wrap::{open_sealed, unwrap};
use doorstep_protocol::authority::state::ZoneState;
use doorstep_protocol::authority::{
    AdminSet, Authority, Body, DeviceAdd, DeviceKind, EscrowOpen, EscrowPurpose, OwedKeys, SeatAdd, Standing,
    TeamMember, TeamTier, possession_message,
};
use doorstep_protocol::envelope::Envelope;
use doorstep_protocol::wrap::{KeyWrapHeader, KeyWrapPurpose, SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{
    Bytes, Class, DeviceId, Epoch, Millis, OrganisationId, TeamId, WorkerId, ZoneId, label, limits,
};
use rand_core::CryptoRng;

use super::remove::Rotated;
use super::roots::RootKeys;
use super::sheets::Escrows;
use super::writer::{AdminError, LogWriter, Signer, Written};
use crate::device::{Device, DeviceError};
use crate::keyring::Keyring;
use crate::replica::reader::{self, Checked, Opened};
use crate::store::envelopes;

/// What became of one envelope of a zone that a drill opens in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sample {
    /// This desk holds none of the zone.
    NoneHere,
    /// It opened.
    Opened,
    /// It did not.
    NotOpened,
}

/// What a drill found of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ZoneDrill {
    /// The zone.
    pub zone: ZoneId,
    /// Its class.
    pub class: Class,
    /// Keys it has had.
    pub epochs: usize,
    /// Keys that escrow opens and that are the ones the log commits to.
    pub opened: usize,
    /// An envelope of it.
    pub sample: Sample,
}

impl ZoneDrill {
    /// Whether escrow reaches all of it.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.opened == self.epochs && self.sample != Sample::NotOpened
    }
}

/// The zones that an organisation owns, ascending, as many as one opening names.
///
/// # Errors
/// [`AdminError::Device`].
pub fn owned_zones(desk: &Device, organisation: OrganisationId) -> Result<Vec<ZoneId>, AdminError> {
    Ok(zones_of(desk.authority()?, organisation))
}

fn zones_of(authority: &Authority, organisation: OrganisationId) -> Vec<ZoneId> {
    let owned = authority.zones().iter().filter(|(_, zone)| zone.organisation == organisation);
    owned.map(|(id, _)| *id).take(limits::ESCROW_OPEN_ZONES_MAX).collect()
}

/// Every key of a zone that escrow opens.
fn open_zone(authority: &Authority, id: ZoneId, zone: &ZoneState, escrows: &Escrows) -> BTreeMap<Epoch, ZoneKey> {
    let partnership = authority.partnership();
    let mut keys: BTreeMap<Epoch, ZoneKey> = BTreeMap::new();
    for (at, epoch) in zone.epochs.iter().enumerate().rev() {
        let expected = SealedWrapHeader {
            purpose: SealedWrapPurpose::ZoneToEscrow,
            partnership,
            subject: id.0,
            epoch: epoch.epoch,
            recipient: zone.organisation.0,
        };
        let sealed = |secret| open_sealed::<ZoneKey>(&epoch.escrow.0, &expected, secret, &epoch.commitment).ok();
        // Keys from before the escrow key was renewed come by the back-link of the first one after.
        let linked = || {
            let next = zone.epochs.get(at + 1)?;
            let expected = KeyWrapHeader {
                purpose: KeyWrapPurpose::PreviousZone,
                partnership,
                parent: id.0,
                child: id.0,
                parent_epoch: next.epoch,
                child_epoch: epoch.epoch,
            };
            unwrap(&next.previous.as_ref()?.0, &expected, keys.get(&next.epoch)?, &epoch.commitment).ok()
        };
        if let Some(key) = escrows.secrets().find_map(sealed).or_else(linked) {
            keys.insert(epoch.epoch, key);
        }
    }
    keys
}

/// Tries, in memory, to reach everything of an organisation by its escrow key. Write the opening to the log first.
///
/// # Errors
/// [`AdminError::Device`]; [`AdminError::Plan`] where the sheets do not hold the organisation's escrow key.
pub fn drill(desk: &Device, organisation: OrganisationId, escrows: &Escrows) -> Result<Vec<ZoneDrill>, AdminError> {
    let authority = desk.authority()?;
    let known = authority.organisations().get(&organisation);
    if !known.is_some_and(|o| escrows.holds(&o.escrow)) {
        return Err(AdminError::Plan {
            field: "recovery sheets",
            remedy: "they do not give the organisation's escrow key of now: find the sheets of the newest kit",
        });
    }
    let mut found = Vec::new();
    for id in zones_of(authority, organisation) {
        let Some(zone) = authority.zones().get(&id) else { continue };
        let keys = open_zone(authority, id, zone, escrows);
        let opened = keys.len();
        let sample = sample(desk, authority, id, keys)?;
        found.push(ZoneDrill { zone: id, class: zone.class, epochs: zone.epochs.len(), opened, sample });
    }
    Ok(found)
}

fn sample(
    desk: &Device,
    authority: &Authority,
    zone: ZoneId,
    keys: BTreeMap<Epoch, ZoneKey>,
) -> Result<Sample, AdminError> {
    let kept = envelopes::first_applied_of_zone(desk.store().reader(), zone).map_err(DeviceError::from)?;
    let Some(kept) = kept else { return Ok(Sample::NoneHere) };
    let Ok(envelope) = Envelope::parse(kept.bytes) else { return Ok(Sample::NotOpened) };
    let Checked::Signed(verified) = reader::check(authority, envelope) else { return Ok(Sample::NotOpened) };
    let keyring = Keyring::of_zone_keys(zone, keys);
    let opened = matches!(reader::open(authority, &keyring, &verified), Opened::Changes(_));
    Ok(if opened { Sample::Opened } else { Sample::NotOpened })
}

/// Gets back, by escrow, what this desk has lost the keys of: the opening, new keys of the teams whose keys it lacks, and
/// new keys of the zones of its organisations. It joins the teams that it has to hand keys to.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn regain(
    desk: &Device,
    escrows: &Escrows,
    now: Millis,
    rng: &mut impl CryptoRng,
) -> Result<(Written, Rotated), AdminError> {
    let mut log = LogWriter::after(desk.authority()?, now);
    let signer = Signer::Device(desk.id(), &desk.secrets.sign);
    regain_into(&mut log, &signer, desk, escrows, rng)?;
    Ok(ended(log))
}

fn ended(log: LogWriter) -> (Written, Rotated) {
    let teams = log.count(|body| matches!(body, Body::TeamEpoch(_)));
    let zones = log.count(|body| matches!(body, Body::ZoneEpoch(_)));
    let owed: OwedKeys = log.authority().owed_keys();
    (log.finish(), Rotated { teams, zones, owed, alarms: Vec::new() })
}

fn regain_into(
    log: &mut LogWriter,
    signer: &Signer<'_>,
    desk: &Device,
    escrows: &Escrows,
    rng: &mut impl CryptoRng,
) -> Result<(), AdminError> {
    let me = desk.id();
    let held = desk.keyring();
    let mine: Vec<OrganisationId> =
        log.authority().organisations().iter().filter(|(_, o)| o.admins.contains(&me)).map(|(id, _)| *id).collect();
    let mut regained = Vec::new();
    for organisation in &mine {
        let zones = zones_of(log.authority(), *organisation);
        let escrow = log.authority().organisations().get(organisation).map(|o| o.escrow);
        if zones.is_empty() || !escrow.is_some_and(|escrow| escrows.holds(&escrow)) {
            continue;
        }
        let open = EscrowOpen { organisation: *organisation, purpose: EscrowPurpose::Recovery, zones: zones.clone() };
        log.push(signer, Body::EscrowOpen(open))?;
        for id in zones {
            let Some(zone) = log.authority().zones().get(&id) else { continue };
            let current = zone.epoch();
            if let Some(key) = open_zone(log.authority(), id, zone, escrows).remove(&current) {
                log.zone_keys.insert(id, key);
                regained.push(id);
            }
        }
    }
    for team in teams_to_restart(log, desk, &mine) {
        join(log, signer, (team, me), rng)?;
        log.restart_team(signer, team, rng)?;
    }
    for zone in regained {
        if log.may_rotate(me, zone, held) {
            log.rotate_zone(signer, zone, held, rng)?;
        }
    }
    Ok(())
}

/// Teams of these organisations whose current key this desk lacks. A restricted team waits until the desk has a key that
/// opens with its worker's PIN.
fn teams_to_restart(log: &LogWriter, desk: &Device, organisations: &[OrganisationId]) -> Vec<TeamId> {
    let authority = log.authority();
    let opens_by_pin = authority.devices().get(&desk.id()).is_some_and(|d| d.kem_restricted.is_some());
    let wanted = authority.teams().iter().filter(|(id, team)| {
        organisations.contains(&team.organisation)
            && log.team_key(desk.keyring(), **id).is_none()
            && (team.tier == TeamTier::Ops || opens_by_pin)
    });
    wanted.map(|(id, _)| *id).collect()
}

/// Joins a team whose key is lost: the wrap that must come with a new member opens to no key of the team, and is passed
/// over; the new key follows in the same append.
fn join(
    log: &mut LogWriter,
    signer: &Signer<'_>,
    (team, device): (TeamId, DeviceId),
    rng: &mut impl CryptoRng,
) -> Result<(), AdminError> {
    let Some(state) = log.authority().teams().get(&team).filter(|t| !t.is_member(device)) else { return Ok(()) };
    let epoch = state.epoch();
    let wrap = match epoch {
        Epoch(0) => None,
        _ => Some(Bytes(log.team_wrap(team, epoch, &TeamKey::make(rng), device, rng)?)),
    };
    let member = TeamMember { team, device, standing: Standing::Granted, wrap, cuts: Vec::new() };
    log.push(signer, Body::TeamMember(member))
}

/// Makes a fresh desk the admin of a partnership whose desks are all gone: the root keys add it and make it an admin of
/// every organisation, and by escrow it gets the keys. The desk has the log already.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn recover(
    desk: &Device,
    (roots, escrows): (&RootKeys, &Escrows),
    worker: WorkerId,
    now: Millis,
    rng: &mut impl CryptoRng,
) -> Result<(Written, Rotated), AdminError> {
    let authority = desk.authority()?;
    let partnership = authority.partnership();
    let signing = roots.signing();
    let by_roots = Signer::Roots(&signing);
    let mut log = LogWriter::after(authority, now);
    let directory = authority.directory_zone().and_then(|zone| authority.zones().get(&zone));
    let first = authority.organisations().keys().next().copied();
    let no_organisation = AdminError::Plan { field: "partnership", remedy: "its log names no organisation" };
    let organisation = directory.map(|zone| zone.organisation).or(first).ok_or(no_organisation)?;
    let secrets = &desk.secrets;
    let (sign, kem) = (secrets.sign.public(), secrets.kem.public());
    let kem_restricted = secrets.restricted.as_ref().map(KemSecret::public);
    let message = possession_message(partnership, &sign, &kem, kem_restricted.as_ref());
    let add = DeviceAdd {
        organisation,
        kind: DeviceKind::Desk,
        sign,
        kem,
        not_after: None,
        possession: secrets.sign.try_sign(label::SIG_POSSESSION, &message)?,
        kem_restricted,
    };
    log.push(&by_roots, Body::DeviceAdd(add))?;
    let organisations: Vec<OrganisationId> = authority.organisations().keys().copied().collect();
    for organisation in organisations {
        let set = AdminSet { organisation, device: desk.id(), standing: Standing::Granted };
        log.push(&by_roots, Body::AdminSet(set))?;
    }
    let signer = Signer::Device(desk.id(), &secrets.sign);
    log.push(&signer, Body::SeatAdd(SeatAdd { device: desk.id(), worker, key: secrets.seat.public() }))?;
    regain_into(&mut log, &signer, desk, escrows, rng)?;
    Ok(ended(log))
}
