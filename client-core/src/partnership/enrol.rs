//! Enrolment in person: the desk shows an invitation, the device answers with a request, the desk accepts it. Both are
//! public: who reads them over a shoulder learns keys that open nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorstep_protocol::authority::{Body, DeviceAdd, DeviceKind, SeatAdd, Standing, TeamMember, possession_message};
use doorstep_protocol::{
    Bytes, DeviceId, KemPublic, LogHash, LogSize, Millis, OrganisationId, PartnershipId, SignPublic, Signature, TeamId,
    WorkerId, cbor, hash, label,
};
use rand_core::CryptoRng;

use super::writer::{AdminError, LogWriter, Signer, Written};
use crate::device::{Device, DeviceError};
use crate::store::{StoreError, meta};

const INVITATION_PREFIX: &str = "DOORSTEP-INVITE-1.";
const REQUEST_PREFIX: &str = "DOORSTEP-REQUEST-1.";
/// The longest text of either.
const TEXT_BYTES_MAX: usize = 2_048;
/// The longest address of a server.
const URL_CHARS_MAX: usize = 500;

/// What a new device needs to know before it believes anything a server says.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct Invitation {
    /// The partnership: a digest of its genesis.
    #[n(0)]
    pub partnership: PartnershipId,
    /// Where the server is.
    #[n(1)]
    pub server_url: String,
    /// The key that the genesis names for it.
    #[n(2)]
    pub server_key: SignPublic,
    /// How long the authority log is at the desk.
    #[n(3)]
    pub log_size: LogSize,
    /// Its head there: a server that shows another log is noticed.
    #[n(4)]
    pub log_head: LogHash,
}

/// A device that wants to join.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct EnrolmentRequest {
    /// The partnership it was invited to.
    #[n(0)]
    pub partnership: PartnershipId,
    /// What it is.
    #[n(1)]
    pub kind: DeviceKind,
    /// Verifies what it will write.
    #[n(2)]
    pub sign: SignPublic,
    /// Keys will be sealed to it.
    #[n(3)]
    pub kem: KemPublic,
    /// Verifies what its worker will write.
    #[n(4)]
    pub seat: SignPublic,
    /// Proof that it holds its signing key.
    #[n(5)]
    pub possession: Signature,
}

fn to_text<T: minicbor::Encode<()>>(prefix: &str, record: &T) -> String {
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(cbor::encode(record)))
}

fn from_text<T>(prefix: &str, text: &str, expected: &'static str) -> Result<T, AdminError>
where
    T: for<'b> minicbor::Decode<'b, ()> + minicbor::Encode<()>,
{
    let refused = AdminError::NotReadable { expected };
    // A text copied out of a message often comes with line breaks.
    let text: String = text.chars().filter(|c| !c.is_whitespace()).take(TEXT_BYTES_MAX).collect();
    let Some(encoded) = text.strip_prefix(prefix) else { return Err(refused) };
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(encoded) else { return Err(refused) };
    cbor::decode(expected, &bytes, TEXT_BYTES_MAX).map_err(|_| AdminError::NotReadable { expected })
}

impl Invitation {
    /// As it is shown.
    #[must_use]
    pub fn to_text(&self) -> String {
        to_text(INVITATION_PREFIX, self)
    }

    /// As it was copied.
    ///
    /// # Errors
    /// [`AdminError::NotReadable`].
    pub fn from_text(text: &str) -> Result<Self, AdminError> {
        from_text(INVITATION_PREFIX, text, "an invitation")
    }
}

impl EnrolmentRequest {
    /// As it is shown.
    #[must_use]
    pub fn to_text(&self) -> String {
        to_text(REQUEST_PREFIX, self)
    }

    /// As it was copied.
    ///
    /// # Errors
    /// [`AdminError::NotReadable`].
    pub fn from_text(text: &str) -> Result<Self, AdminError> {
        from_text(REQUEST_PREFIX, text, "an enrolment request")
    }

    /// The id that the device will have.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        hash::device_id(&self.sign, &self.kem)
    }
}

/// Makes the founding desk a member of what it founded. The log is on this device's disk when this returns, and is still to
/// be brought to the server.
///
/// # Errors
/// [`AdminError::Device`].
pub fn settle(
    desk: &mut Device,
    partnership: PartnershipId,
    written: &Written,
    server: (&str, &SignPublic),
) -> Result<(), AdminError> {
    desk.store
        .write(|transaction| {
            meta::set_partnership(transaction, partnership)?;
            meta::set_server_url(transaction, server.0)?;
            meta::set_server_key(transaction, server.1)?;
            Ok::<_, StoreError>(())
        })
        .map_err(DeviceError::from)?;
    take_written(desk, written)
}

/// Takes what this desk wrote into its own log, once the server has it.
///
/// # Errors
/// [`AdminError`].
pub fn take_written(desk: &mut Device, written: &Written) -> Result<(), AdminError> {
    desk.take_log(&written.entries, &written.wraps).map(|_| ()).map_err(|error| match error {
        crate::device::AnswerError::Log(error) => AdminError::Log(error),
        crate::device::AnswerError::Device(error) => AdminError::Device(error),
        _ => AdminError::OtherPartnership,
    })
}

/// What the desk shows to a new device.
///
/// # Errors
/// [`AdminError::Device`] when the desk is not enrolled itself.
pub fn invite(desk: &Device) -> Result<Invitation, AdminError> {
    let authority = desk.authority()?;
    let server_url = meta::server_url(desk.store().reader()).map_err(DeviceError::from)?;
    Ok(Invitation {
        partnership: authority.partnership(),
        server_url: server_url.ok_or(DeviceError::NotEnrolled)?,
        server_key: *authority.server_key(),
        log_size: authority.size(),
        log_head: authority.head(),
    })
}

/// Takes an invitation on a new device and answers with its request. The device remembers whom it was invited by, and
/// believes no other log.
///
/// # Errors
/// [`AdminError::Plan`] when the device belongs to a partnership already.
pub fn begin(device: &mut Device, invitation: &Invitation, kind: DeviceKind) -> Result<EnrolmentRequest, AdminError> {
    match device.partnership() {
        Ok(known) if known != invitation.partnership => {
            return Err(AdminError::Plan {
                field: "invitation",
                remedy: "this device belongs to another partnership: use another folder for a new device",
            });
        }
        Ok(_) | Err(DeviceError::NotEnrolled) => {}
        Err(other) => return Err(other.into()),
    }
    if invitation.server_url.chars().count() > URL_CHARS_MAX {
        return Err(AdminError::Plan { field: "server address", remedy: "it is longer than 500 characters" });
    }
    device
        .store
        .write(|transaction| {
            meta::set_partnership(transaction, invitation.partnership)?;
            meta::set_server_url(transaction, &invitation.server_url)?;
            meta::set_server_key(transaction, &invitation.server_key)?;
            meta::set_pinned_log(transaction, invitation.log_size, invitation.log_head)?;
            Ok::<_, StoreError>(())
        })
        .map_err(DeviceError::from)?;
    let secrets = &device.secrets;
    let message = possession_message(invitation.partnership, &secrets.sign.public(), &secrets.kem.public(), None);
    Ok(EnrolmentRequest {
        partnership: invitation.partnership,
        kind,
        sign: secrets.sign.public(),
        kem: secrets.kem.public(),
        seat: secrets.seat.public(),
        possession: secrets.sign.sign(label::SIG_POSSESSION, &message),
    })
}

/// How a request is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptPlan {
    /// The organisation the device will belong to.
    pub organisation: OrganisationId,
    /// Teams it joins. The desk must be a member of each, to hand on its key.
    pub teams: Vec<TeamId>,
    /// The worker seated on it.
    pub worker: WorkerId,
    /// When it stops being served.
    pub not_after: Option<Millis>,
}

/// Writes the entries that bring a device in: the device, its seat, its teams with their keys.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn accept(
    desk: &Device,
    request: &EnrolmentRequest,
    plan: &AcceptPlan,
    now: Millis,
    rng: &mut impl CryptoRng,
) -> Result<Written, AdminError> {
    let authority = desk.authority()?;
    if request.partnership != authority.partnership() {
        return Err(AdminError::OtherPartnership);
    }
    let admin = Signer::Device(desk.id(), &desk.secrets.sign);
    let mut log = LogWriter::after(authority, now);
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
            kem_restricted: None,
        }),
    )?;
    log.push(&admin, Body::SeatAdd(SeatAdd { device, worker: plan.worker, key: request.seat }))?;
    for team in &plan.teams {
        let not_member = AdminError::NotMember { team: *team };
        let epoch = log.authority().teams().get(team).map(|t| t.epoch());
        let Some(key) = epoch.and_then(|epoch| desk.keyring.team(*team, epoch)) else { return Err(not_member) };
        let wrap = log.team_wrap(*team, epoch.unwrap_or_default(), key, device, rng)?;
        let wrap = Some(Bytes(wrap));
        let member = TeamMember { team: *team, device, standing: Standing::Granted, wrap, cuts: Vec::new() };
        log.push(&admin, Body::TeamMember(member))?;
    }
    Ok(log.finish())
}
