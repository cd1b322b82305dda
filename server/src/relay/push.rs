//! What a device brings: admitted by the authority log, stored if the log still stands there, and told in the order of the
//! request.

use std::collections::BTreeMap;

use doorstep_protocol::authority::Authority;
use doorstep_protocol::wire::SyncRequest;
use doorstep_protocol::{DeviceId, Millis};

use super::{Caller, Relay, served};
use crate::domain::admission::{AdmittedEnvelope, admit};
use crate::domain::push::PushVerdict;
use crate::problem::Problem;
use crate::store::{PushJob, PushOutcome, Store};

/// How often a push is decided anew because the log grew meanwhile.
const PUSH_DECISIONS_MAX: usize = 8;

impl<S: Store> Relay<S> {
    pub(super) fn push(&self, caller: Caller, request: &SyncRequest, now: Millis) -> Result<Vec<PushVerdict>, Problem> {
        let Caller { partnership, device } = caller;
        for _ in 0..PUSH_DECISIONS_MAX {
            let authority = self.authority(partnership)?;
            served(&authority, device, now)?;
            same_log(&authority, request)?;
            let (admitted, refused) = admit_all(&authority, device, request);
            if admitted.is_empty() {
                return Ok(refused.into_values().collect());
            }
            let job = PushJob {
                partnership,
                log_size: authority.size(),
                quota_bytes: self.policy.quota_bytes,
                envelopes: admitted,
            };
            match self.store.push(job) {
                Ok(PushOutcome::Stored { verdicts, grown }) => {
                    self.hub.feeds_grew(partnership, &grown);
                    return Ok(in_order_of_request(request.envelopes.len(), verdicts, refused));
                }
                Ok(PushOutcome::LogMoved) => self.authorities.forget(partnership),
                Err(error) => {
                    self.authorities.forget(partnership);
                    return Err(error.into());
                }
            }
        }
        Err(Problem::Busy)
    }
}

fn same_log(authority: &Authority, request: &SyncRequest) -> Result<(), Problem> {
    match authority.head_at(request.log_size) {
        Some(head) if head == request.log_head => Ok(()),
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
