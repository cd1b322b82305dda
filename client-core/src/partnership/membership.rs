//! The life of a membership: teams and who is in them, zones and who holds them. Each step is one append; what somebody
//! can no longer read gets a new key in the same one.

use doorstep_protocol::authority::{
    AuthorCut, Body, Cut, Grant, GrantEnd, LogError, Rights, Standing, TeamMember, TeamSet, TeamTier, ZoneCreate,
};
use doorstep_protocol::{
    AreaId, Class, DeviceId, Digest32, Epoch, GrantId, Millis, OrganisationId, TeamId, ZoneId, limits,
};
use rand_core::CryptoRng;

use super::remove::{Rotated, ends, finish};
use super::writer::{AdminError, LogWriter, Signer, Written};
use crate::device::Device;
use crate::order::Order as _;

/// A grant to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantPlan {
    /// The zone.
    pub zone: ZoneId,
    /// The team.
    pub team: TeamId,
    /// What it may do.
    pub rights: Rights,
    /// Codes of the purposes it is for.
    pub purposes: Vec<u16>,
    /// The sharing agreement.
    pub agreement: Option<Digest32>,
    /// Code of the legal power.
    pub legal_power: u16,
    /// Code of the lawful basis.
    pub lawful_basis: u16,
    /// When it ends by itself.
    pub expires: Option<Millis>,
}

fn draw16(rng: &mut impl CryptoRng) -> [u8; 16] {
    let mut bytes = [0u8; 16];
    rng.fill_bytes(&mut bytes);
    bytes
}

fn refused(what: &'static str, reason: &'static str) -> AdminError {
    LogError::Refused { what, reason }.into()
}

/// Makes a team with its first members. This desk is among them, so that it can hand the team's key on.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn create_team(
    desk: &Device,
    (organisation, tier): (OrganisationId, TeamTier),
    members: &[DeviceId],
    now: Millis,
    rng: &mut impl CryptoRng,
) -> Result<(Written, TeamId), AdminError> {
    let mut log = LogWriter::after(desk.authority()?, now);
    let signer = Signer::Device(desk.id(), &desk.secrets.sign);
    let team = TeamId(draw16(rng));
    log.push(&signer, Body::TeamSet(TeamSet { team, organisation, tier }))?;
    let others = members.iter().copied().filter(|member| *member != desk.id());
    for device in std::iter::once(desk.id()).chain(others) {
        let member = TeamMember { team, device, standing: Standing::Granted, wrap: None, cuts: Vec::new() };
        log.push(&signer, Body::TeamMember(member))?;
    }
    log.rotate_team(&signer, team, desk.keyring(), rng)?;
    Ok((log.finish(), team))
}

/// Adds a device to teams and takes it out of others: joining, leaving and moving are one append. `ended` gets new keys.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn change_teams(
    desk: &Device,
    device: DeviceId,
    (joined, ended): (&[TeamId], &[TeamId]),
    now: Millis,
    rng: &mut impl CryptoRng,
) -> Result<(Written, Rotated), AdminError> {
    let mut log = LogWriter::after(desk.authority()?, now);
    let signer = Signer::Device(desk.id(), &desk.secrets.sign);
    for team in joined {
        add_member(&mut log, &signer, desk, (*team, device), rng)?;
    }
    let found = ends(desk, device, &[], now)?;
    let cuts: Vec<Cut> = found.cuts.into_iter().map(|(zone, (zseq, envelope))| Cut { zone, zseq, envelope }).collect();
    for team in ended {
        let held: Vec<Cut> =
            cuts.iter().filter(|cut| log.authority().holders(cut.zone).contains(team)).cloned().collect();
        let member = TeamMember { team: *team, device, standing: Standing::Ended, wrap: None, cuts: held };
        log.push(&signer, Body::TeamMember(member))?;
    }
    finish(desk, log, Vec::new(), rng)
}

fn add_member(
    log: &mut LogWriter,
    signer: &Signer<'_>,
    desk: &Device,
    (team, device): (TeamId, DeviceId),
    rng: &mut impl CryptoRng,
) -> Result<(), AdminError> {
    let state = log.authority().teams().get(&team).ok_or_else(|| refused("TeamMember", "there is no such team"))?;
    let epoch = state.epoch();
    let wrap = if epoch == Epoch(0) {
        None
    } else {
        let key = log.team_key(desk.keyring(), team).ok_or(AdminError::NotMember { team })?;
        Some(doorstep_protocol::Bytes(log.team_wrap(team, epoch, key, device, rng)?))
    };
    let member = TeamMember { team, device, standing: Standing::Granted, wrap, cuts: Vec::new() };
    log.push(signer, Body::TeamMember(member))
}

/// Makes a zone, its first key, and the grants it begins with.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn create_zone(
    desk: &Device,
    (organisation, class, area): (OrganisationId, Class, AreaId),
    grants: &[GrantPlan],
    now: Millis,
    rng: &mut impl CryptoRng,
) -> Result<(Written, ZoneId), AdminError> {
    let mut log = LogWriter::after(desk.authority()?, now);
    let signer = Signer::Device(desk.id(), &desk.secrets.sign);
    let zone = ZoneId(draw16(rng));
    let located = !matches!(class, Class::Directory | Class::Audit | Class::Register);
    let locator = if located { log.locator_wrap_held(desk.keyring(), (class, organisation), rng)? } else { None };
    log.push(&signer, Body::ZoneCreate(ZoneCreate { zone, organisation, class, area, locator }))?;
    for plan in grants {
        let grant = grant_of(&GrantPlan { zone, ..plan.clone() }, None, rng);
        log.push(&signer, Body::Grant(grant))?;
    }
    log.rotate_zone(&signer, zone, desk.keyring(), rng)?;
    Ok((log.finish(), zone))
}

fn grant_of(plan: &GrantPlan, wrap: Option<doorstep_protocol::Bytes>, rng: &mut impl CryptoRng) -> Grant {
    let mut purposes = plan.purposes.clone();
    purposes.order();
    purposes.dedup();
    Grant {
        grant: GrantId(draw16(rng)),
        zone: plan.zone,
        team: plan.team,
        rights: plan.rights,
        purposes,
        agreement: plan.agreement,
        legal_power: plan.legal_power,
        lawful_basis: plan.lawful_basis,
        expires: plan.expires,
        wrap,
    }
}

/// Lets a team into a zone: it gets the zone's current key and, by back-links, what was written before.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn give_grant(
    desk: &Device,
    plan: &GrantPlan,
    now: Millis,
    rng: &mut impl CryptoRng,
) -> Result<(Written, GrantId), AdminError> {
    let mut log = LogWriter::after(desk.authority()?, now);
    let zone = plan.zone;
    let state = log.authority().zones().get(&zone).ok_or_else(|| refused("Grant", "there is no such zone"))?;
    let epoch = state.epoch();
    let holds = log.authority().holders(zone).contains(&plan.team);
    let wrap = if epoch == Epoch(0) || holds {
        None
    } else {
        let key = log.zone_key(desk.keyring(), zone).ok_or(AdminError::NoZoneKey { zone })?;
        Some(log.zone_under_team((zone, epoch), key, plan.team, desk.keyring(), rng)?)
    };
    let grant = grant_of(plan, wrap, rng);
    let id = grant.grant;
    log.push(&Signer::Device(desk.id(), &desk.secrets.sign), Body::Grant(grant))?;
    Ok((log.finish(), id))
}

/// Ends a grant. What its team's devices wrote until now counts, as far as this desk has it; the zone gets a new key in the
/// same append.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn end_grant(
    desk: &Device,
    grant: GrantId,
    now: Millis,
    rng: &mut impl CryptoRng,
) -> Result<(Written, Rotated), AdminError> {
    let mut log = LogWriter::after(desk.authority()?, now);
    let authority = log.authority();
    let state = authority.grants().get(&grant).filter(|g| g.span.is_open());
    let (zone, team) =
        state.map(|g| (g.grant.zone, g.grant.team)).ok_or_else(|| refused("GrantEnd", "there is no such grant"))?;
    let mut members: Vec<DeviceId> =
        authority.teams().get(&team).map(|t| t.members().copied().collect()).unwrap_or_default();
    members.order();
    let mut cuts = Vec::new();
    for device in members.into_iter().take(limits::GRANT_END_CUTS_MAX) {
        let tail = crate::store::envelopes::tail(desk.store().reader(), zone, device);
        if let Some(tail) = tail.map_err(crate::device::DeviceError::from)?.filter(|t| t.zseq.0 > 0) {
            cuts.push(AuthorCut { device, zseq: tail.zseq, envelope: tail.envelope });
        }
    }
    let signer = Signer::Device(desk.id(), &desk.secrets.sign);
    log.push(&signer, Body::GrantEnd(GrantEnd { grant, cuts }))?;
    finish(desk, log, Vec::new(), rng)
}

/// What a rule of the log means to the person in front of the desk, where its own words do not say what to do.
#[must_use]
pub fn remedy(error: &AdminError) -> Option<&'static str> {
    let AdminError::Log(LogError::Refused { reason, .. }) = error else { return None };
    match *reason {
        "the last admin of an organisation stays" => {
            Some("make another desk an admin of the organisation first, with the recovery kit: `doorstep admin add`")
        }
        "the last acting admin of an organisation is frozen by the root keys only" => {
            Some("make another desk an admin first, or use the recovery kit")
        }
        "a sealed zone is never granted to a team whose keys open with the device" => {
            Some("make a restricted team for it: `doorstep team create --restricted`")
        }
        "a restricted team is for devices with a key that opens with a worker's PIN" => {
            Some("enrol the device again with this version, so that it has such a key")
        }
        _ => None,
    }
}
