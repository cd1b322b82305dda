//! Which envelopes may be stored at all, by the authority log: form, author, signature, rights, epoch.

use doorstep_protocol::authority::state::DeviceState;
use doorstep_protocol::authority::{Authority, Rights};
use doorstep_protocol::envelope::{Envelope, Header, Keying, VerifiedEnvelope};
use doorstep_protocol::wire::{Refusal, RefusalReason};
use doorstep_protocol::{DeviceId, EnvelopeId, Epoch, Millis, hash};

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
pub fn admit(authority: &Authority, sender: DeviceId, bytes: &[u8], now: Millis) -> Result<AdmittedEnvelope, Refusal> {
    let Ok(envelope) = Envelope::parse(bytes.to_vec()) else {
        // What does not parse has no id of its own.
        let envelope = EnvelopeId(hash::sha256(bytes).0);
        return Err(Refusal { envelope, reason: RefusalReason::Malformed, tail: None });
    };
    let id = envelope.id();
    admit_parsed(authority, sender, envelope, now).map_err(|reason| Refusal { envelope: id, reason, tail: None })
}

fn admit_parsed(
    authority: &Authority,
    sender: DeviceId,
    envelope: Envelope,
    now: Millis,
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
    if is_past_the_cut(author, &header, verified.id()) {
        return Err(RefusalReason::Revoked);
    }
    may_write(authority, &header, now)?;
    Ok(AdmittedEnvelope(verified))
}

/// What a revoked device wrote counts up to the cut that its revocation names, and no further.
fn is_past_the_cut(author: &DeviceState, header: &Header, id: EnvelopeId) -> bool {
    let Some(revocation) = &author.revoked else { return false };
    !revocation
        .cuts
        .get(&header.zone)
        .is_some_and(|cut| header.zseq < cut.zseq || (header.zseq == cut.zseq && id == cut.envelope))
}

fn may_write(authority: &Authority, header: &Header, now: Millis) -> Result<(), RefusalReason> {
    let zone = authority.zones().get(&header.zone).ok_or(RefusalReason::NotEntitled)?;
    match (header.keying, zone.drop_box) {
        // Everybody seals into a drop-box zone; the key is the zone's public one, which has no epochs.
        (Keying::DropBox, Some(_)) => Ok(()),
        (Keying::ZoneKey, None) => {
            let entitled = authority.has_rights(header.author, header.zone, Rights::WRITE, now)
                || authority.had_rights(header.author, header.zone, Rights::WRITE, header.log_size);
            if !entitled {
                return Err(RefusalReason::NotEntitled);
            }
            let exists = (Epoch(1)..=zone.epoch()).contains(&header.epoch);
            if exists { Ok(()) } else { Err(RefusalReason::Epoch) }
        }
        _ => Err(RefusalReason::Malformed),
    }
}
