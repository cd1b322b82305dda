//! The first half of a farewell, while the device still has its keys: it learns from the log that it was revoked, and hands
//! over what it had not sent.

use std::sync::PoisonError;

use doorstep_protocol::authority::Authority;
use doorstep_protocol::wire::frame::Remainder;
use doorstep_protocol::wire::{ChallengeRequest, FarewellAnswer, FarewellRequest};
use doorstep_protocol::{Bytes, LogHash, LogSize, limits};

use super::Syncer;
use super::report::Trouble;
use crate::device::DeviceError;
use crate::farewell::{FarewellError, Mark};
use crate::store::{meta, outbox, pending};
use crate::transport::{Endpoint, Misbehaved, Transport, TransportError};

/// Answers that bring the log through the revocation.
const LOG_ROUNDS_MAX: usize = 1_024;
/// Requests that hand over what was not sent: more than the inbox takes of one device.
const HAND_OVER_ROUNDS_MAX: usize = 256;
/// Envelopes in one request; the rest of its limit is framing.
const HAND_OVER_BYTES_MAX: usize = limits::SYNC_REQUEST_BYTES_MAX - 256 * 1024;

impl From<Trouble> for FarewellError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Transport(error) => error.into(),
            Trouble::Device(error) => error.into(),
            _ => Self::Interrupted,
        }
    }
}

impl<T: Transport + 'static> Syncer<T> {
    /// Asks the server for this device's farewell: verifies that the log itself revokes it, seals what is pending, and hands
    /// over all that was not sent. What is returned is what a wipe needs; nothing is wiped here.
    ///
    /// # Errors
    /// [`FarewellError::NotRevoked`], [`FarewellError::Log`]: then the device goes on as it is.
    pub async fn take_leave(&mut self) -> Result<Mark, FarewellError> {
        let authority = self.learn().await?;
        let (log_size, log_head) = (authority.size(), authority.head());
        self.seal_all().await?;
        let (mut after, mut handed_over, mut unsent) = (0, 0u32, 0u32);
        for _ in 0..HAND_OVER_ROUNDS_MAX {
            let me = self.me;
            let batch = self
                .with_device(move |device| {
                    let count = limits::SYNC_REQUEST_ENVELOPES_MAX;
                    outbox::own_unsent_after(device.store().reader(), me, after, (HAND_OVER_BYTES_MAX, count))
                })
                .await??;
            let Some((rank, _)) = batch.last() else { break };
            after = *rank;
            let count = u32::try_from(batch.len()).unwrap_or(u32::MAX);
            let envelopes = batch.into_iter().map(|(_, bytes)| Bytes(bytes)).collect();
            let answer = self.ask_farewell((log_size, log_head), envelopes).await?;
            let taken = u32::try_from(answer.held.len()).unwrap_or(u32::MAX).min(count);
            handed_over = handed_over.saturating_add(taken);
            unsent = unsent.saturating_add(count - taken);
        }
        let (partnership, device, server_key, now) = (self.partnership, self.me, self.server_key, self.clock.wall());
        let (server_url, left) = self
            .with_device(move |device| {
                let reader = device.store().reader();
                let left = outbox::count_own_unsent_after(reader, device.id(), after)?;
                Ok::<_, DeviceError>((meta::server_url(reader)?, left + pending::count(reader)?))
            })
            .await??;
        let unsent = unsent.saturating_add(u32::try_from(left).unwrap_or(u32::MAX));
        let server_url = server_url.ok_or(DeviceError::NotEnrolled)?;
        Ok(Mark { partnership, device, server_url, server_key, log_size, log_head, time: now, unsent, handed_over })
    }

    /// The log through this device's revocation, verified entry by entry. It stays in memory: what is not sealed yet is
    /// sealed as the device knew the log.
    async fn learn(&mut self) -> Result<Authority, FarewellError> {
        let mut authority = self.with_device(|device| device.authority().cloned()).await??;
        for _ in 0..LOG_ROUNDS_MAX {
            let answer = self.ask_farewell((authority.size(), authority.head()), Vec::new()).await?;
            for entry in &answer.entries {
                authority.append(entry).map_err(FarewellError::Log)?;
            }
            if answer.remainder == Remainder::Nothing || answer.entries.is_empty() {
                break;
            }
        }
        let revoked = authority.devices().get(&self.me).is_some_and(|device| device.revoked.is_some());
        if revoked { Ok(authority) } else { Err(FarewellError::NotRevoked) }
    }

    async fn seal_all(&self) -> Result<(), FarewellError> {
        let (now, rng) = (self.clock.wall(), self.rng.clone());
        self.with_device(move |device| {
            let mut rng = rng.lock().unwrap_or_else(PoisonError::into_inner);
            // Each round seals some of what is pending; what has no key here stays, and is counted.
            while device.seal_pending(now, &mut *rng)? > 0 {}
            Ok::<_, DeviceError>(())
        })
        .await??;
        Ok(())
    }

    async fn ask_farewell(
        &self,
        (log_size, log_head): (LogSize, LogHash),
        envelopes: Vec<Bytes>,
    ) -> Result<FarewellAnswer, FarewellError> {
        let (partnership, device) = (self.partnership, self.me);
        let challenge = self.transport.challenge(&ChallengeRequest { partnership, device }).await?.challenge;
        let request = FarewellRequest {
            partnership,
            device,
            challenge: challenge.clone(),
            log_size,
            log_head,
            envelopes,
            wiped: None,
        };
        let request = self.sign(Endpoint::Farewell, challenge.0, request.to_bytes()).await?;
        let answer = self.transport.message(request, limits::LOG_APPEND_BYTES_MAX).await?;
        FarewellAnswer::parse(&answer).map_err(|error| TransportError::from(Misbehaved::Form(error)).into())
    }
}
