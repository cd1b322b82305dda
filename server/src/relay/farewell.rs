//! A revoked device takes its leave: it is told its revocation from the log itself, leaves what it had not sent, and says
//! that it has wiped itself. It is served nothing else.

use doorstep_protocol::authority::{Authority, LateWork};
use doorstep_protocol::http_signature::{ClaimedRequest, VerifiedRequest};
use doorstep_protocol::wire::frame::Remainder;
use doorstep_protocol::wire::{FarewellAnswer, FarewellRequest, Refusal, RefusalReason};
use doorstep_protocol::{DeviceId, EnvelopeId, LogSize, Millis, PartnershipId, limits};

use super::Relay;
use super::push::{PUSH_DECISIONS_MAX, same_log};
use crate::domain::admission::AdmittedEnvelope;
use crate::domain::farewell::{CheckedReceipt, HeldEnvelope, Parting, part, wiped};
use crate::domain::inbox::Kept;
use crate::domain::push::PushVerdict;
use crate::problem::Problem;
use crate::session::TokenKind;
use crate::store::{InboxJob, InboxOutcome, PageBytes, PushOutcome, Store};

/// How much of the log one answer has, so that what is said of the envelopes fits beside it.
const ENTRIES: PageBytes = PageBytes { enough: 1024 * 1024, most: 2 * 1024 * 1024 };

/// A device that was revoked: it has proved itself, and may take its leave and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaver {
    partnership: PartnershipId,
    device: DeviceId,
}

impl Leaver {
    /// The tenant.
    #[must_use]
    pub const fn partnership(&self) -> PartnershipId {
        self.partnership
    }

    /// The device.
    #[must_use]
    pub const fn device(&self) -> DeviceId {
        self.device
    }

    /// A device whom nobody checked, for a program that carries requests itself.
    #[must_use]
    pub const fn trusted(partnership: PartnershipId, device: DeviceId) -> Self {
        Self { partnership, device }
    }
}

/// What a leaver's envelopes come to.
#[derive(Debug, Default)]
struct Parted {
    counting: Vec<(AdmittedEnvelope, HeldEnvelope)>,
    /// For the inbox.
    held: Vec<HeldEnvelope>,
    /// Stored already or now.
    done: Vec<EnvelopeId>,
    refused: Vec<Refusal>,
}

impl<S: Store> Relay<S> {
    /// Checks that a revoked device signed a challenge.
    ///
    /// # Errors
    /// [`Problem::Unauthorised`], whatever is wrong, also when the device was not revoked.
    pub fn authenticate_leaver(
        &self,
        claimed: ClaimedRequest,
        now: Millis,
    ) -> Result<(Leaver, VerifiedRequest), Problem> {
        let whom @ (partnership, device) = (claimed.partnership(), claimed.device());
        if !self.keys.tokens().holds(TokenKind::Challenge, whom, claimed.session(), now) {
            return Err(Problem::Unauthorised);
        }
        let authority = self.authority(partnership)?;
        let state = authority.devices().get(&device).ok_or(Problem::Unauthorised)?;
        let verified = claimed.verify(&state.sign).map_err(|_| Problem::Unauthorised)?;
        if state.revoked.is_none() {
            return Err(Problem::Unauthorised);
        }
        Ok((Leaver { partnership, device }, verified))
    }

    /// Takes what a revoked device leaves, and gives it the log through its revocation. Repeating it is safe.
    ///
    /// # Errors
    /// [`Problem`]; when the store failed, part of it may have been taken.
    pub fn farewell(&self, leaver: Leaver, request: &FarewellRequest, now: Millis) -> Result<FarewellAnswer, Problem> {
        let Leaver { partnership, device } = leaver;
        if (request.partnership, request.device) != (partnership, device)
            || request.envelopes.len() > limits::SYNC_REQUEST_ENVELOPES_MAX
        {
            return Err(Problem::Malformed);
        }
        for _ in 0..PUSH_DECISIONS_MAX {
            let authority = self.authority(partnership)?;
            let revoked_at = revoked_at(&authority, device)?;
            same_log(&authority, request.log_size, request.log_head)?;
            let receipt = match &request.wiped {
                None => None,
                Some(bytes) => Some(wiped(&authority, device, revoked_at, bytes).ok_or(Problem::Malformed)?),
            };
            let mut parted = Parted::default();
            for bytes in &request.envelopes {
                match part(&authority, device, &bytes.0) {
                    Parting::Counts(both) => parted.counting.push(*both),
                    Parting::Held(held) => parted.held.push(held),
                    Parting::Refused(refusal) => parted.refused.push(refusal),
                }
            }
            if self.leave_in_feed(&authority, &mut parted)?
                && self.leave_in_inbox(&authority, leaver, &mut parted, receipt, now)?
            {
                let (entries, remainder) = self.through(&authority, request.log_size, revoked_at)?;
                return Ok(FarewellAnswer { entries, remainder, held: parted.done, refused: parted.refused });
            }
            self.authorities.forget(partnership);
        }
        Err(Problem::Busy)
    }

    /// Stores what counts and has its place; the rest of it joins what is held. Whether the log stood still.
    fn leave_in_feed(&self, authority: &Authority, parted: &mut Parted) -> Result<bool, Problem> {
        if parted.counting.is_empty() {
            return Ok(true);
        }
        let admitted = parted.counting.iter().map(|(admitted, _)| admitted.clone()).collect();
        let PushOutcome::Stored { verdicts, .. } = self.store_admitted(authority, admitted)? else { return Ok(false) };
        for (verdict, (_, held)) in verdicts.into_iter().zip(parted.counting.drain(..)) {
            match verdict {
                PushVerdict::Receipt(receipt) => parted.done.push(receipt.envelope),
                PushVerdict::Refusal(Refusal { reason: RefusalReason::Gap | RefusalReason::Fork, .. }) => {
                    parted.held.push(held);
                }
                PushVerdict::Refusal(refusal) => parted.refused.push(refusal),
            }
        }
        Ok(true)
    }

    fn leave_in_inbox(
        &self,
        authority: &Authority,
        leaver: Leaver,
        parted: &mut Parted,
        receipt: Option<CheckedReceipt>,
        now: Millis,
    ) -> Result<bool, Problem> {
        let refusal = |envelope: &HeldEnvelope, reason| Refusal { envelope: envelope.id(), reason, tail: None };
        if authority.policy().late_work == LateWork::Refused {
            let held = std::mem::take(&mut parted.held);
            parted.refused.extend(held.iter().map(|envelope| refusal(envelope, RefusalReason::NotHeld)));
        }
        if parted.held.is_empty() && receipt.is_none() {
            return Ok(true);
        }
        let job = InboxJob {
            partnership: leaver.partnership,
            log_size: authority.size(),
            device: leaver.device,
            arrived: now,
            envelopes: parted.held.clone(),
            receipt,
        };
        let InboxOutcome::Kept(kept) = self.store.keep(job)? else { return Ok(false) };
        for (envelope, kept) in parted.held.drain(..).zip(kept) {
            match kept {
                Kept::Held => parted.done.push(envelope.id()),
                Kept::Full => parted.refused.push(refusal(&envelope, RefusalReason::Quota)),
            }
        }
        Ok(true)
    }

    /// Entries after a size through another, as many as fit.
    fn through(
        &self,
        authority: &Authority,
        after: LogSize,
        through: LogSize,
    ) -> Result<(Vec<doorstep_protocol::authority::SignedEntry>, Remainder), Problem> {
        let Some(missing) = through.0.checked_sub(after.0).filter(|missing| *missing > 0) else {
            return Ok((Vec::new(), Remainder::Nothing));
        };
        let mut entries = self.store.log_page(authority.partnership(), after, ENTRIES)?;
        entries.truncate(usize::try_from(missing).unwrap_or(usize::MAX));
        let is_all = entries.len() as u64 == missing;
        Ok((entries, if is_all { Remainder::Nothing } else { Remainder::More }))
    }
}

/// The size of the log with the device's revocation in it.
fn revoked_at(authority: &Authority, device: DeviceId) -> Result<LogSize, Problem> {
    let state = authority.devices().get(&device).ok_or(Problem::Unauthorised)?;
    state.revoked.as_ref().map(|revocation| revocation.at).ok_or(Problem::Unauthorised)
}
