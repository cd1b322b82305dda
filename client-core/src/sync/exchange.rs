//! One exchange: what is owed goes up, what is new comes down, batch by batch; each is on disk before the
//! next is taken, and the next is read meanwhile.

use std::sync::PoisonError;
use std::time::Duration;

use doorstep_crypto::keys::Sign as _;
use doorstep_protocol::wire::Frame;
use doorstep_protocol::wire::frame::Remainder;
use doorstep_protocol::{Millis, limits};

use super::offer::Offered;
use super::report::{Step, Trouble};
use super::{Round, Syncer};
use crate::device::{Answer, AnswerError, Device, DeviceError, Outcome};
use crate::replica::machine::{Event, Remaining, Stop};
use crate::store::{outbox, pending};
use crate::transport::{Batch, Endpoint, FrameStream, SignedRequest, Signer, Transport, TransportError};

/// How many bytes of answer are asked for at once.
pub const BUDGET_BYTES: u32 = limits::ANSWER_BYTES_DEFAULT;
/// Exchanges in a row that may move nothing though more is said to be there.
const STALLED_EXCHANGES_MAX: u32 = 2;
/// How long the end of an answer is waited for, to use the connection again.
const FINISH_MS_MAX: u64 = 2_000;

/// What one batch came to.
enum Taken {
    Open(Box<Answer>),
    Closed(Closed),
}

/// An answer that was taken to its end.
struct Closed {
    outcome: Outcome,
    /// Envelopes still to be sent.
    to_send: u64,
    /// Changes that no envelope holds yet.
    unsealed: u64,
}

/// A request, and what was pending around it.
struct Asked {
    request: SignedRequest,
    /// Envelopes to be sent, by this request and the next.
    to_send: u64,
    /// Changes that no envelope held before it was made.
    unsealed_before: u64,
    /// And after: those that did not fit, and those whose key is missing.
    unsealed_after: u64,
}

impl<T: Transport + 'static> Syncer<T> {
    pub(super) async fn exchange(&mut self, round: &mut Round<'_>) -> Result<Event, Trouble> {
        let event = self.exchange_on_one_log(round).await?;
        // Keys of others come after this device's own field work.
        if event == (Event::Exchanged { remaining: Remaining::Nothing }) {
            self.bring_wraps(round).await?;
        }
        Ok(event)
    }

    async fn exchange_on_one_log(&mut self, round: &mut Round<'_>) -> Result<Event, Trouble> {
        match self.try_exchange(round).await {
            Err(Trouble::Transport(TransportError::LogBehind { size })) => {
                // The server lost the end of the log: it is offered, and then asked again, once.
                match self.offer_log(size, round).await? {
                    Offered::Entries => self.try_exchange(round).await,
                    Offered::NoneMissing | Offered::NoneHeld => Err(TransportError::LogBehind { size }.into()),
                }
            }
            Err(Trouble::Transport(TransportError::LogFork)) => {
                let alarm = "the server's authority log is not the one of this device";
                self.with_device(|device| device.raise(Stop::SplitView, alarm)).await??;
                Err(TransportError::LogFork.into())
            }
            other => other,
        }
    }

    async fn try_exchange(&mut self, round: &mut Round<'_>) -> Result<Event, Trouble> {
        let session = self.session.clone().ok_or(TransportError::SessionEnded)?;
        let Asked { request, to_send, unsealed_before, unsealed_after } = self.next_request(session.token).await?;
        round.progress.to_send = to_send;
        round.tell(Step::Sending);
        let mut frames = self.transport.exchange(request).await?;
        let mut answer = Answer::new(frames.request(), self.server_key, session.identity);
        let (came_before, bytes_before) = (round.progress, round.progress.received_bytes);
        let mut coming = frames.next_batch().await;
        let closed = loop {
            let batch = coming?;
            let is_last = batch.closing.is_some();
            round.progress.received += batch.frames.iter().filter(|frame| is_envelope(frame)).count() as u64;
            round.progress.received_bytes = bytes_before + frames.received_bytes();
            let now = self.clock.wall();
            let taking = self.with_device(move |device| take(device, answer, batch, now));
            // While a batch is worked on, the next one is read: one, so that a slow disk holds the network up.
            let (taken, next) =
                if is_last { (taking.await, Ok(Batch::default())) } else { tokio::join!(taking, frames.next_batch()) };
            coming = next;
            match taken? {
                Ok(Taken::Open(still)) => answer = *still,
                Ok(Taken::Closed(closed)) => break closed,
                Err(error) => return Err(Trouble::Answer(error)),
            }
            round.progress.applied = came_before.applied + answer.progress().applied as u64;
            round.tell(Step::Receiving);
        };
        finish(frames).await;
        // What could not be sealed for want of a key is not owed, unless the log has grown since.
        let may_seal_more = unsealed_before > unsealed_after || closed.outcome.log_entries > 0;
        let sealable = if may_seal_more { closed.unsealed } else { closed.unsealed.saturating_sub(unsealed_after) };
        Self::exchanged(round, &closed, closed.to_send + sealable, came_before.received)
    }

    /// Seals what is pending and signs the request, under the lock for as long as that takes.
    async fn next_request(&self, session: Vec<u8>) -> Result<Asked, Trouble> {
        let (partnership, me, now, rng) = (self.partnership, self.me, self.clock.wall(), self.rng.clone());
        let made = self.with_device(move |device| {
            let unsealed_before = pending::count(device.store().reader())?;
            let mut rng = rng.lock().unwrap_or_else(PoisonError::into_inner);
            let request = match device.sync_request(now, &mut *rng, BUDGET_BYTES) {
                Ok(request) => request,
                Err(error) => {
                    device.reload()?;
                    return Err(error);
                }
            };
            let unsealed_after = pending::count(device.store().reader())?;
            let to_send = outbox::count(device.store().reader())?.to_send;
            let signer = Signer { partnership, device: me, session: &session };
            let body = request.to_bytes();
            let request =
                SignedRequest::try_sign(Endpoint::Sync, signer, body, now, |b| device.secrets.sign.try_sign_raw(b))?;
            Ok::<_, DeviceError>(Asked { request, to_send, unsealed_before, unsealed_after })
        });
        Ok(made.await??)
    }

    fn exchanged(round: &mut Round<'_>, closed: &Closed, owed: u64, received_before: u64) -> Result<Event, Trouble> {
        let outcome = &closed.outcome;
        let received = round.progress.received - received_before;
        let report = &mut round.report;
        report.exchanges += 1;
        report.sent += outcome.receipts as u64;
        report.refused += outcome.refusals as u64;
        report.received += received;
        report.applied += outcome.ingested.applied as u64;
        report.set_aside += outcome.ingested.set_aside as u64;
        report.log_entries += outcome.log_entries as u64;
        round.progress.applied = report.applied;
        round.progress.sent = report.sent;
        round.progress.to_send = owed;
        round.tell(Step::Exchanged);
        let more = outcome.remainder == Remainder::More || owed > 0;
        let moved = received > 0 || outcome.receipts > 0 || outcome.log_entries > 0;
        round.stalled = if more && !moved { round.stalled + 1 } else { 0 };
        if round.stalled >= STALLED_EXCHANGES_MAX {
            round.stalled = 0;
            return Err(Trouble::Stalled);
        }
        Ok(Event::Exchanged { remaining: if more { Remaining::More } else { Remaining::Nothing } })
    }
}

const fn is_envelope(frame: &Frame) -> bool {
    matches!(frame, Frame::Envelope(_) | Frame::Own(_))
}

/// Commits a batch. What fails is answered by reading from disk again, never by undoing in memory.
fn take(device: &mut Device, answer: Answer, batch: Batch, now: Millis) -> Result<Taken, AnswerError> {
    let taken = take_batch(device, answer, batch, now);
    if let Err(AnswerError::Device(_)) = &taken {
        device.reload()?;
    }
    taken
}

fn take_batch(device: &mut Device, mut answer: Answer, batch: Batch, now: Millis) -> Result<Taken, AnswerError> {
    for frame in batch.frames {
        answer.frame(device, frame, now)?;
    }
    let Some((closing, stream)) = batch.closing else { return Ok(Taken::Open(Box::new(answer))) };
    let outcome = answer.close(device, &closing, &stream, now)?;
    let reader = device.store().reader();
    let to_send = outbox::count(reader).map_err(DeviceError::from)?.to_send;
    let unsealed = pending::count(reader).map_err(DeviceError::from)?;
    Ok(Taken::Closed(Closed { outcome, to_send, unsealed }))
}

async fn finish(frames: FrameStream) {
    // What was closed holds; a connection that is not at its end by then is not used again.
    let _ends_or_not = tokio::time::timeout(Duration::from_millis(FINISH_MS_MAX), frames.finish()).await;
}
