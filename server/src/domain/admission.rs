//! Which envelopes may be stored at all, by the authority log: form, author, signature, rights, epoch.

use doorstep_protocol::authority::{Authority, Judgement, Quarantine};
use doorstep_protocol::envelope::{Envelope, Keying, VerifiedEnvelope};
use doorstep_protocol::wire::{Refusal, RefusalReason};
use doorstep_protocol::{DeviceId, EnvelopeId, hash};

/// An envelope that its author may have written where it belongs: made by [`admit`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdmittedEnvelope(VerifiedEnvelope);

impl core::ops::Deref for AdmittedEnvelope {
    type Target = Envelope;
    fn deref(&self) -> &Envelope {
        &self.0
    }
}

/// Decides whether one envelope of a request by `sender` may be stored.
///
/// # Errors
/// The refusal that the sender is told.
pub fn admit(authority: &Authority, sender: DeviceId, bytes: &[u8]) -> Result<AdmittedEnvelope, Refusal> {
    let Ok(envelope) = Envelope::parse(bytes.to_vec()) else {
        // What does not parse has no id of its own.
        let envelope = EnvelopeId(hash::sha256(bytes).0);
        return Err(Refusal { envelope, reason: RefusalReason::Malformed, tail: None });
    };
    let id = envelope.id();
    admit_parsed(authority, sender, envelope).map_err(|reason| Refusal { envelope: id, reason, tail: None })
}

fn admit_parsed(
    authority: &Authority,
    sender: DeviceId,
    envelope: Envelope,
) -> Result<AdmittedEnvelope, RefusalReason> {
    let header = envelope.header().clone();
    if header.partnership != authority.partnership() {
        return Err(RefusalReason::OtherPartnership);
    }
    let author = authority.devices().get(&header.author).ok_or(RefusalReason::UnknownAuthor)?;
    let verified = if header.author == sender {
        // The request's own signature covers every byte of it, and every reader checks the envelope's.
        envelope.try_from_trusted_sender(sender)
    } else {
        envelope.verify(&author.sign).ok()
    };
    let verified = verified.ok_or(RefusalReason::Signature)?;
    match authority.head_at(header.log_size) {
        None => return Err(RefusalReason::LogAhead),
        Some(head) if head != header.log_head => return Err(RefusalReason::LogMismatch),
        Some(_) => {}
    }
    let is_drop_box = authority.zones().get(&header.zone).is_some_and(|zone| zone.is_drop_box());
    if is_drop_box != (header.keying == Keying::DropBox) {
        return Err(RefusalReason::Malformed);
    }
    let is_revoked = author.revoked.is_some();
    match authority.judge(&header, verified.id()) {
        Judgement::Counts => Ok(AdmittedEnvelope(verified)),
        // Late work of a device that is still served, and work on a document that was erased meanwhile, keep their place:
        // what its author wrote after them would else find no predecessor. Every reader judges them the same way.
        Judgement::Erased => Ok(AdmittedEnvelope(verified)),
        Judgement::Quarantined(Quarantine::PastCut) if !is_revoked => Ok(AdmittedEnvelope(verified)),
        Judgement::Quarantined(Quarantine::PastCut) => Err(RefusalReason::Revoked),
        Judgement::Quarantined(Quarantine::UnknownAuthor) => Err(RefusalReason::UnknownAuthor),
        Judgement::Quarantined(Quarantine::NotEntitled) => Err(RefusalReason::NotEntitled),
        Judgement::Quarantined(Quarantine::OtherEpoch) => Err(RefusalReason::Epoch),
        Judgement::LogAhead => Err(RefusalReason::LogAhead),
    }
}
