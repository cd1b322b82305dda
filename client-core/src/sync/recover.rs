//! The log for who holds the root keys and no device any more.

use doorstep_crypto::keys::SigningKey;
use doorstep_protocol::authority::{SignedEntry, root_id};
use doorstep_protocol::wire::frame::Remainder;
use doorstep_protocol::wire::{ChallengeRequest, RecoverAnswer, RecoverRequest};
use doorstep_protocol::{DeviceId, LogSize, Millis, PartnershipId, limits};

use crate::transport::{Endpoint, Misbehaved, SignedRequest, Signer, Transport, TransportError};

/// Answers that bring the whole log.
const LOG_ROUNDS_MAX: usize = 1_024;

/// Asks for the whole log in the name of a root key. Whoever gets it replays it and compares the partnership's id with the
/// one on the sheets: nothing of it is believed before.
///
/// # Errors
/// [`TransportError`]; [`TransportError::SessionEnded`] where the server knows no such partnership or root key.
pub async fn recover_log<T: Transport>(
    transport: &T,
    partnership: PartnershipId,
    root: &SigningKey,
    now: Millis,
) -> Result<Vec<SignedEntry>, TransportError> {
    let id = root_id(&root.public());
    let device = DeviceId(id.0);
    let mut entries: Vec<SignedEntry> = Vec::new();
    for _ in 0..LOG_ROUNDS_MAX {
        let challenge = transport.challenge(&ChallengeRequest { partnership, device }).await?.challenge;
        let after = LogSize(entries.len() as u64);
        let body = RecoverRequest { partnership, root: id, challenge: challenge.clone(), after };
        let signer = Signer { partnership, device, session: &challenge.0 };
        let request = SignedRequest::sign(Endpoint::Recover, signer, body.to_bytes(), now, |b| root.sign_raw(b));
        let answer = transport.message(request, limits::LOG_APPEND_BYTES_MAX).await?;
        let answer = RecoverAnswer::parse(&answer).map_err(Misbehaved::Form)?;
        let came = answer.entries.len();
        entries.extend(answer.entries);
        if answer.remainder == Remainder::Nothing || came == 0 {
            break;
        }
    }
    Ok(entries)
}
