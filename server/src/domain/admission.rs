//! Which envelopes may be stored at all, by the authority log: form, author, signature, rights, epoch.

use doorstep_protocol::authority::{Authority, Judgement, Quarantine};
use doorstep_protocol::envelope::{Envelope, Keying, VerifiedEnvelope};
use doorstep_protocol::wire::{Refusal, RefusalReason};
use doorstep_protocol::{DeviceId, EnvelopeId, hash};

/// An envelope that its author may have written where it belongs: made by [`admit`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdmittedEnvelope {
    envelope: VerifiedEnvelope,
    keeps: Keeps,
}

/// What is stored of an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keeps {
    /// All of it.
    Bytes,
    /// Its place only: an erasure names it.
    Place,
}

impl AdmittedEnvelope {
    fn new(authority: &Authority, envelope: VerifiedEnvelope) -> Self {
        let is_named = authority.erased_envelope(envelope.id()).is_some();
        Self { envelope, keeps: if is_named { Keeps::Place } else { Keeps::Bytes } }
    }

    /// How many of its bytes are stored: none, when an erasure names it.
    #[must_use]
    pub fn kept_bytes(&self) -> usize {
        match self.keeps {
            Keeps::Bytes => self.envelope.as_bytes().len(),
            Keeps::Place => 0,
        }
    }
}

impl core::ops::Deref for AdmittedEnvelope {
    type Target = Envelope;
    fn deref(&self) -> &Envelope {
        &self.envelope
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
    // A desk that takes in late work brings the author's whole chain up to it: what lies before it keeps its place.
    let is_refused = author.revoked.is_some() && !authority.has_adopted(header.zone, header.author);
    match authority.judge(&header, verified.id()) {
        Judgement::Counts => Ok(AdmittedEnvelope::new(authority, verified)),
        // Late work of a device that is still served, and work on a document that was erased meanwhile, keep their place:
        // what its author wrote after them would else find no predecessor. Every reader judges them the same way.
        Judgement::Erased => Ok(AdmittedEnvelope::new(authority, verified)),
        Judgement::Quarantined(Quarantine::PastCut) if !is_refused => Ok(AdmittedEnvelope::new(authority, verified)),
        Judgement::Quarantined(Quarantine::PastCut) => Err(RefusalReason::Revoked),
        Judgement::Quarantined(Quarantine::UnknownAuthor) => Err(RefusalReason::UnknownAuthor),
        Judgement::Quarantined(Quarantine::NotEntitled) => Err(RefusalReason::NotEntitled),
        Judgement::Quarantined(Quarantine::OtherEpoch) => Err(RefusalReason::Epoch),
        Judgement::LogAhead => Err(RefusalReason::LogAhead),
    }
}
