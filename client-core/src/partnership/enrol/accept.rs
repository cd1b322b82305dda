//! Accepting a request at the desk: held against the invitation it names, its keys tried, and only then written.

use doorstep_crypto::invite::InviteKey;
use doorstep_crypto::wrap::test_recipient;
use doorstep_protocol::authority::{Authority, Body, DeviceAdd, SeatAdd, Standing, TeamMember, TeamTier};
use doorstep_protocol::{Bytes, DeviceId, Millis, OrganisationId, TeamId, WorkerId};
use rand_core::CryptoRng;

use super::EnrolError;
use super::invitation::{Engagement, InviteState, WRONG_WORDS_MAX, engagement_of, state_of};
use super::request::EnrolmentRequest;
use crate::device::{Device, DeviceError};
use crate::partnership::writer::{AdminError, LogWriter, Signer, Written};
use crate::store::invitations::{self, Issued};

/// How a request is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptPlan {
    /// The organisation the device will belong to.
    pub organisation: OrganisationId,
    /// Teams it joins. The desk must be a member of each, to hand on its key.
    pub teams: Vec<TeamId>,
    /// The worker seated on it.
    pub worker: WorkerId,
    /// Whom it is for.
    pub engagement: Engagement,
    /// When its time is over; a volunteer's device has such a day.
    pub not_after: Option<Millis>,
}

/// A request that was accepted before: the server has it, and the answer was lost, or somebody asks twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptedBefore {
    /// The device.
    pub device: DeviceId,
    /// The worker seated on it.
    pub worker: WorkerId,
}

/// Whether the authority log, as far as this desk has it, holds what accepting this very request writes. Sync first.
///
/// # Errors
/// [`EnrolError::Revoked`] when the device was a member once; [`AdminError::Device`].
pub fn accepted_before(desk: &Device, request: &EnrolmentRequest) -> Result<Option<AcceptedBefore>, AdminError> {
    let authority = desk.authority()?;
    let device = request.device();
    let Some(state) = authority.devices().get(&device) else { return Ok(None) };
    if state.revoked.is_some() {
        return Err(EnrolError::Revoked.into());
    }
    // All entries of an acceptance are appended together, so the seat is there with the device.
    let seat = authority.seats().values().find(|seat| seat.device == device && seat.key == request.seat);
    Ok(seat.map(|seat| AcceptedBefore { device, worker: seat.worker }))
}

/// Writes the entries that bring a device in: the device, its seat, its teams with their keys. The invitation is this
/// device's from now on, so that the same request can be accepted again when the way to the server fails.
///
/// # Errors
/// [`AdminError`]; nothing was written to the log.
pub fn accept(
    desk: &mut Device,
    request: &EnrolmentRequest,
    plan: &AcceptPlan,
    now: Millis,
    rng: &mut impl CryptoRng,
) -> Result<Written, AdminError> {
    let authority = desk.authority()?;
    if request.partnership != authority.partnership() {
        return Err(EnrolError::OtherPartnership.into());
    }
    let revoked = authority.devices().get(&request.device()).is_some_and(|state| state.revoked.is_some());
    if revoked {
        return Err(EnrolError::Revoked.into());
    }
    request.check_possession()?;
    let issued = invitations::get(desk.store().reader(), request.invite).map_err(DeviceError::from)?;
    if let Err(refused) = hold_against(issued.as_ref(), request, now) {
        if matches!(refused, EnrolError::RequestOtherWords { .. }) {
            desk.store
                .write(|transaction| invitations::count_wrong_words(transaction, request.invite))
                .map_err(DeviceError::from)?;
        }
        return Err(refused.into());
    }
    let invited = issued.map_or(Engagement::Volunteer, |issued| engagement_of(issued.engagement));
    check_engagement(authority, request, plan, invited, now)?;
    // A key that parses and fails only when it is used must fail here, not at the first rotation.
    for key in [Some(&request.kem), request.kem_restricted.as_ref()].into_iter().flatten() {
        test_recipient(key, rng).map_err(EnrolError::from)?;
    }
    let written = write(desk, request, plan, now, rng)?;
    desk.store
        .write(|transaction| invitations::set_used(transaction, request.invite, request.device()))
        .map_err(DeviceError::from)?;
    Ok(written)
}

/// What the desk remembers of the invitation decides whether the request in its name may be accepted.
fn hold_against(issued: Option<&Issued>, request: &EnrolmentRequest, now: Millis) -> Result<(), EnrolError> {
    let issued = issued.ok_or(EnrolError::Unknown)?;
    match (state_of(issued, now), issued.used_by) {
        // It came in time before; the way to the server may have failed since.
        (InviteState::Used, Some(device)) if device == request.device() => {}
        (InviteState::Used, _) => return Err(EnrolError::Used),
        (InviteState::Void, _) => return Err(EnrolError::Void),
        (InviteState::Expired, _) => return Err(EnrolError::Expired { expired: issued.expires }),
        (InviteState::Waits, _) => {}
    }
    let left = WRONG_WORDS_MAX.saturating_sub(issued.wrong_words.saturating_add(1));
    match &issued.key {
        Some(key) if !request.knows_words(&InviteKey::from_bytes(*key.0)) => {
            Err(EnrolError::RequestOtherWords { left })
        }
        None if request.mac.is_some() => Err(EnrolError::Forged),
        _ => Ok(()),
    }
}

fn check_engagement(
    authority: &Authority,
    request: &EnrolmentRequest,
    plan: &AcceptPlan,
    invited: Engagement,
    now: Millis,
) -> Result<(), EnrolError> {
    if plan.not_after.is_some_and(|last| last.0 < now.0) {
        return Err(EnrolError::EndDatePast);
    }
    match plan.engagement {
        Engagement::Staff if invited == Engagement::Volunteer => Err(EnrolError::ForVolunteer),
        Engagement::Staff => Ok(()),
        Engagement::Volunteer => {
            if plan.not_after.is_none() {
                return Err(EnrolError::NoEndDate);
            }
            let is_restricted =
                |team: &&TeamId| authority.teams().get(*team).is_some_and(|state| state.tier == TeamTier::Restricted);
            if let Some(team) = plan.teams.iter().find(is_restricted) {
                return Err(EnrolError::RestrictedTeam { team: *team });
            }
            // The log lets no device without such a key into a restricted team, whoever asks later.
            if request.kem_restricted.is_some() { Err(EnrolError::RestrictedKey) } else { Ok(()) }
        }
    }
}

fn write(
    desk: &Device,
    request: &EnrolmentRequest,
    plan: &AcceptPlan,
    now: Millis,
    rng: &mut impl CryptoRng,
) -> Result<Written, AdminError> {
    let admin = Signer::Device(desk.id(), &desk.secrets.sign);
    let mut log = LogWriter::after(desk.authority()?, now);
    let device = request.device();
    log.push(
        &admin,
        Body::DeviceAdd(DeviceAdd {
            organisation: plan.organisation,
            kind: request.kind,
            sign: request.sign,
            kem: request.kem,
            not_after: plan.not_after,
            possession: request.possession,
            kem_restricted: request.kem_restricted,
        }),
    )?;
    log.push(&admin, Body::SeatAdd(SeatAdd { device, worker: plan.worker, key: request.seat }))?;
    for team in &plan.teams {
        let not_member = AdminError::NotMember { team: *team };
        let epoch = log.authority().teams().get(team).map(|t| t.epoch());
        let Some(key) = epoch.and_then(|epoch| desk.keyring.team(*team, epoch)) else { return Err(not_member) };
        let wrap = log.team_wrap(*team, epoch.unwrap_or_default(), key, device, rng)?;
        let member =
            TeamMember { team: *team, device, standing: Standing::Granted, wrap: Some(Bytes(wrap)), cuts: Vec::new() };
        log.push(&admin, Body::TeamMember(member))?;
    }
    Ok(log.finish())
}
