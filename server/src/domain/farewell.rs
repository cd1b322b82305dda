//! What a revoked device may still leave: work that counts goes its usual way, other work is held for a person, and a wipe
//! receipt is believed when the device signed it for its own revocation.

use doorstep_protocol::authority::{Authority, Judgement, Quarantine};
use doorstep_protocol::envelope::{Envelope, Keying, VerifiedEnvelope};
use doorstep_protocol::wire::{Refusal, RefusalReason, SignedWipeReceipt};
use doorstep_protocol::{Bytes, DeviceId, Digest32, EnvelopeId, LogSize, hash};

use super::admission::{AdmittedEnvelope, admit};

/// An envelope that may lie in the inbox: its author signed it and left it itself. Made by [`part`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldEnvelope(VerifiedEnvelope);

impl core::ops::Deref for HeldEnvelope {
    type Target = Envelope;
    fn deref(&self) -> &Envelope {
        &self.0
    }
}

/// A wipe receipt that its device signed. Made by [`wiped`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedReceipt(Bytes);

impl CheckedReceipt {
    /// A [`SignedWipeReceipt`].
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0.0
    }

    /// What it is known by in the inbox.
    #[must_use]
    pub fn id(&self) -> Digest32 {
        hash::sha256(&self.0.0)
    }
}

/// What becomes of one envelope of a revoked device.
#[derive(Clone, Debug)]
pub enum Parting {
    /// It was written before the cut: it has its place in the feed if its chain fits, and in the inbox if not.
    Counts(Box<(AdmittedEnvelope, HeldEnvelope)>),
    /// It is for a person to decide.
    Held(HeldEnvelope),
    /// It is not taken.
    Refused(Refusal),
}

/// Decides on one envelope that a revoked device leaves.
#[must_use]
pub fn part(authority: &Authority, device: DeviceId, bytes: &[u8]) -> Parting {
    let refused = |envelope, reason| Parting::Refused(Refusal { envelope, reason, tail: None });
    let Ok(envelope) = Envelope::parse(bytes.to_vec()) else {
        return refused(EnvelopeId(hash::sha256(bytes).0), RefusalReason::Malformed);
    };
    let id = envelope.id();
    match held(authority, device, envelope) {
        Err(reason) => refused(id, reason),
        Ok((held, Judgement::Counts)) => match admit(authority, device, bytes) {
            Ok(admitted) => Parting::Counts(Box::new((admitted, held))),
            Err(refusal) => Parting::Refused(refusal),
        },
        // What was erased is not kept.
        Ok((_, Judgement::Erased)) => refused(id, RefusalReason::NotHeld),
        Ok((_, Judgement::LogAhead)) => refused(id, RefusalReason::LogAhead),
        Ok((_, Judgement::Quarantined(Quarantine::UnknownAuthor))) => refused(id, RefusalReason::UnknownAuthor),
        Ok((held, Judgement::Quarantined(_))) => Parting::Held(held),
    }
}

fn held(
    authority: &Authority,
    device: DeviceId,
    envelope: Envelope,
) -> Result<(HeldEnvelope, Judgement), RefusalReason> {
    let header = envelope.header().clone();
    if header.partnership != authority.partnership() {
        return Err(RefusalReason::OtherPartnership);
    }
    if header.author != device {
        return Err(RefusalReason::NotEntitled);
    }
    let author = authority.devices().get(&device).ok_or(RefusalReason::UnknownAuthor)?;
    let zone = authority.zones().get(&header.zone).ok_or(RefusalReason::NotEntitled)?;
    if zone.is_drop_box() != (header.keying == Keying::DropBox) {
        return Err(RefusalReason::Malformed);
    }
    match authority.head_at(header.log_size) {
        None => return Err(RefusalReason::LogAhead),
        Some(head) if head != header.log_head => return Err(RefusalReason::LogMismatch),
        Some(_) => {}
    }
    // Nobody reads it before a person does: what its author did not sign must not lie there.
    let verified = envelope.verify(&author.sign).map_err(|_| RefusalReason::Signature)?;
    let judgement = authority.judge(&header, verified.id());
    Ok((HeldEnvelope(verified), judgement))
}

/// Checks that a device that was revoked at this size of the log says, knowing it, that it has wiped itself.
#[must_use]
pub fn wiped(authority: &Authority, device: DeviceId, revoked_at: LogSize, bytes: &Bytes) -> Option<CheckedReceipt> {
    let key = authority.devices().get(&device)?.sign;
    let receipt = SignedWipeReceipt::parse(&bytes.0).ok()?.verify(&key).ok()?;
    let is_its_own = receipt.partnership == authority.partnership()
        && receipt.device == device
        && receipt.log_size >= revoked_at
        && authority.head_at(receipt.log_size) == Some(receipt.log_head);
    is_its_own.then(|| CheckedReceipt(bytes.clone()))
}
