//! The request: the public keys of a device that wants to join, and the proof that it holds them.

use doorstep_crypto::invite::{InviteKey, InviteMac};
use doorstep_crypto::keys::Sign as _;
use doorstep_protocol::authority::{DeviceKind, possession_message};
use doorstep_protocol::{
    DeviceId, Digest32, InviteId, KemPublic, PartnershipId, SignPublic, Signature, cbor, hash, label, signature,
};

use super::EnrolError;
use super::invitation::{CheckedInvitation, Engagement};
use super::text::{self, Text};
use crate::device::{Device, DeviceError};
use crate::partnership::AdminError;
use crate::store::{StoreError, meta};

/// A device that wants to join.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct EnrolmentRequest {
    /// The partnership it was invited to.
    #[n(0)]
    pub partnership: PartnershipId,
    /// The invitation it answers.
    #[n(1)]
    pub invite: InviteId,
    /// What it is.
    #[n(2)]
    pub kind: DeviceKind,
    /// Verifies what it will write.
    #[n(3)]
    pub sign: SignPublic,
    /// Keys will be sealed to it.
    #[n(4)]
    pub kem: KemPublic,
    /// Keys that open with a worker's PIN will be sealed to it; a device without one is never in a restricted team.
    #[n(5)]
    pub kem_restricted: Option<KemPublic>,
    /// Verifies what its worker will write.
    #[n(6)]
    pub seat: SignPublic,
    /// Proof that it holds its signing key, over all its keys that are sealed to.
    #[n(7)]
    pub possession: Signature,
    /// The MAC under the key of the six words over this record with null here; null when the request is handed over in
    /// person.
    #[n(8)]
    pub mac: Option<Digest32>,
}

/// What a device asks to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JoinPlan {
    /// What it is.
    pub kind: DeviceKind,
    /// Its key for what opens with a worker's PIN, where it has one. A volunteer's device does not show it.
    pub kem_restricted: Option<KemPublic>,
}

impl EnrolmentRequest {
    /// As it is shown.
    #[must_use]
    pub fn to_text(&self) -> String {
        text::write(Text::Request, self)
    }

    /// As it was copied.
    ///
    /// # Errors
    /// [`EnrolError::NotReadable`], [`EnrolError::Other`], [`EnrolError::Damaged`].
    pub fn from_text(text: &str) -> Result<Self, EnrolError> {
        text::read(Text::Request, text)
    }

    /// The id that the device will have.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        hash::device_id(&self.sign, &self.kem)
    }

    fn without_mac(&self) -> Vec<u8> {
        cbor::encode(&Self { mac: None, ..self.clone() })
    }

    /// Whoever made it holds its signing key, and meant these keys for this partnership.
    pub(super) fn check_possession(&self) -> Result<(), EnrolError> {
        let message = possession_message(self.partnership, &self.sign, &self.kem, self.kem_restricted.as_ref());
        let seat_is_weak = signature::check_key(&self.seat).is_err();
        let proof = signature::verify(&self.sign, label::SIG_POSSESSION, &message, &self.possession);
        if proof.is_err() || seat_is_weak { Err(EnrolError::Forged) } else { Ok(()) }
    }

    /// Whoever made it knows the six words.
    pub(super) fn knows_words(&self, key: &InviteKey) -> bool {
        self.mac.is_some_and(|mac| key.verify_request(&self.without_mac(), &InviteMac(mac.0)).is_ok())
    }
}

/// Takes an invitation on a new device and answers with its request. The device remembers whom it was invited by, and
/// believes no other log.
///
/// # Errors
/// [`EnrolError::BelongsElsewhere`] when the device belongs to a partnership already.
pub fn begin(
    device: &mut Device,
    invitation: &CheckedInvitation,
    plan: &JoinPlan,
) -> Result<EnrolmentRequest, AdminError> {
    let CheckedInvitation { invitation, key } = invitation;
    match device.partnership() {
        Ok(known) if known != invitation.partnership => return Err(EnrolError::BelongsElsewhere.into()),
        Ok(_) | Err(DeviceError::NotEnrolled) => {}
        Err(other) => return Err(other.into()),
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
    let kem_restricted = match invitation.engagement {
        Engagement::Staff => plan.kem_restricted,
        Engagement::Volunteer => None,
    };
    let secrets = &device.secrets;
    let (sign, kem) = (secrets.sign.public(), secrets.kem.public());
    let message = possession_message(invitation.partnership, &sign, &kem, kem_restricted.as_ref());
    let mut request = EnrolmentRequest {
        partnership: invitation.partnership,
        invite: invitation.id,
        kind: plan.kind,
        sign,
        kem,
        kem_restricted,
        seat: secrets.seat.public(),
        possession: secrets.sign.try_sign(label::SIG_POSSESSION, &message).map_err(DeviceError::from)?,
        mac: None,
    };
    request.mac = key.as_ref().map(|key| Digest32(key.mac_request(&request.without_mac()).0));
    Ok(request)
}
