//! What a device brings: admitted by the authority log, stored if the log still stands there, and told in the order of the
//! request.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_protocol::authority::Authority;
use doorstep_protocol::wire::{RefusalReason, SyncRequest};
use doorstep_protocol::{DeviceId, EnvelopeId, LogHash, LogSize, Millis, ZoneId};

use super::{Caller, Relay, served};
use crate::domain::admission::{AdmittedEnvelope, admit};
use crate::domain::push::{ChainPlace, PushVerdict};
use crate::problem::Problem;
use crate::store::{PushJob, PushOutcome, Store};

/// How often a push is decided anew because the log grew meanwhile.
pub(super) const PUSH_DECISIONS_MAX: usize = 8;

impl<S: Store> Relay<S> {
    pub(super) fn push(&self, caller: Caller, request: &SyncRequest, now: Millis) -> Result<Vec<PushVerdict>, Problem> {
        let Caller { partnership, device } = caller;
        for _ in 0..PUSH_DECISIONS_MAX {
            let authority = self.authority(partnership)?;
            served(&authority, device, now)?;
            same_log(&authority, request.log_size, request.log_head)?;
            let (admitted, refused) = admit_all(&authority, device, request);
            if admitted.is_empty() {
                return Ok(refused.into_values().collect());
            }
            match self.store_admitted(&authority, admitted)? {
                PushOutcome::Stored { verdicts, .. } => {
                    return Ok(in_order_of_request(request.envelopes.len(), verdicts, refused));
                }
                PushOutcome::LogMoved => self.authorities.forget(partnership),
            }
        }
        Err(Problem::Busy)
    }

    /// Writes what was admitted by a log, and tells the watchers. What stops at an erased place that is missing here is
    /// brought again with that place.
    pub(super) fn store_admitted(
        &self,
        authority: &Authority,
        envelopes: Vec<AdmittedEnvelope>,
    ) -> Result<PushOutcome, Problem> {
        let again = (!authority.erased_envelopes().is_empty()).then(|| envelopes.clone());
        let first = self.write(authority, envelopes, BTreeMap::new())?;
        if let (PushOutcome::Stored { verdicts, .. }, Some(envelopes)) = (&first, again) {
            let gone = erased_before(authority, &envelopes, verdicts);
            if !gone.is_empty() {
                return self.write(authority, envelopes, gone);
            }
        }
        Ok(first)
    }

    fn write(
        &self,
        authority: &Authority,
        envelopes: Vec<AdmittedEnvelope>,
        gone: BTreeMap<ChainPlace, EnvelopeId>,
    ) -> Result<PushOutcome, Problem> {
        let partnership = authority.partnership();
        let (log_size, quota_bytes) = (authority.size(), self.policy.quota_bytes);
        match self.store.push(PushJob { partnership, log_size, quota_bytes, envelopes, gone }) {
            Ok(outcome) => {
                if let PushOutcome::Stored { grown, .. } = &outcome {
                    self.hub.feeds_grew(partnership, grown);
                }
                Ok(outcome)
            }
            Err(error) => {
                self.authorities.forget(partnership);
                Err(error.into())
            }
        }
    }
}

/// The erased places of the authors whose envelopes stopped at a gap.
fn erased_before(
    authority: &Authority,
    envelopes: &[AdmittedEnvelope],
    verdicts: &[PushVerdict],
) -> BTreeMap<ChainPlace, EnvelopeId> {
    let is_gap = |verdict: &PushVerdict| matches!(verdict, PushVerdict::Refusal(r) if r.reason == RefusalReason::Gap);
    let stopped: BTreeSet<(ZoneId, DeviceId)> = envelopes
        .iter()
        .zip(verdicts)
        .filter(|(_, verdict)| is_gap(verdict))
        .map(|(envelope, _)| (envelope.header().zone, envelope.header().author))
        .collect();
    if stopped.is_empty() {
        return BTreeMap::new();
    }
    let places = authority.erased_envelopes().iter().filter(|(_, at)| stopped.contains(&(at.zone, at.author)));
    places.map(|(id, at)| (ChainPlace { zone: at.zone, author: at.author, zseq: at.zseq }, *id)).collect()
}

pub(super) fn same_log(authority: &Authority, log_size: LogSize, log_head: LogHash) -> Result<(), Problem> {
    match authority.head_at(log_size) {
        Some(head) if head == log_head => Ok(()),
        Some(_) => Err(Problem::LogFork),
        None => Err(Problem::LogBehind { size: authority.size() }),
    }
}

fn admit_all(
    authority: &Authority,
    sender: DeviceId,
    request: &SyncRequest,
) -> (Vec<AdmittedEnvelope>, BTreeMap<usize, PushVerdict>) {
    let mut admitted = Vec::with_capacity(request.envelopes.len());
    let mut refused = BTreeMap::new();
    for (index, bytes) in request.envelopes.iter().enumerate() {
        match admit(authority, sender, &bytes.0) {
            Ok(envelope) => admitted.push(envelope),
            Err(refusal) => {
                refused.insert(index, PushVerdict::Refusal(refusal));
            }
        }
    }
    (admitted, refused)
}

fn in_order_of_request(
    count: usize,
    stored: Vec<PushVerdict>,
    mut refused: BTreeMap<usize, PushVerdict>,
) -> Vec<PushVerdict> {
    let mut stored = stored.into_iter();
    (0..count).filter_map(|index| refused.remove(&index).or_else(|| stored.next())).collect()
}
