//! What an admin's desk does beside syncing: it writes to the authority log, asks where a device's chains end, and decides
//! about what revoked devices left.
//!
//! An append is made on the log as it is, brought to the server, and taken into this device's own log once the server has
//! it. When the log has grown meanwhile it is made again on the new head; when the answer is lost, the next catch-up shows
//! whether it was taken. What is in the log is there as a whole: there is no half.

use std::sync::{Arc, PoisonError};

use doorstep_protocol::authority::RevokeReason;
use doorstep_protocol::wire::frame::Remainder;
use doorstep_protocol::wire::{DeviceTails, InboxClear, InboxItem, InboxPage, InboxRequest, LogAppend, TailsRequest};
use doorstep_protocol::{Bytes, DeviceId, InboxNumber, LogHash, LogSize, Millis, PartnershipId, limits};
use rand_core::CryptoRng;
use tokio_util::sync::CancellationToken;

use super::report::{End, SyncReport, Trouble};
use super::{SharedDevice, Syncer};
use crate::device::Device;
use crate::order::Order as _;
use crate::partnership::{
    AcceptPlan, AcceptedBefore, AdminError, EnrolmentRequest, Rotated, Written, accept, accepted_before, freeze,
    is_behind, revoke, take_written,
};
use crate::transport::{Endpoint, Misbehaved, Transport, TransportError};

/// How often an append is made again because the log has grown meanwhile, or its answer was lost.
pub const APPEND_ATTEMPTS_MAX: usize = 4;
/// Pages of the inbox that are read at once.
pub const INBOX_PAGES_MAX: usize = 1_024;
/// Catch-ups before a revocation, where the server has more than this desk.
const CATCH_UPS_MAX: usize = 3;
const TAILS_BYTES_MAX: usize = 256 * 1024;
/// An answer that says nothing but that it was done.
const DONE_BYTES_MAX: usize = 1_024;

/// The driver's randomness, as what writes entries is handed it.
pub type OfficeRandomness = Box<dyn CryptoRng + Send>;

/// A device that is a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enrolled {
    /// It was brought in just now.
    Now(AcceptedBefore),
    /// An earlier try had brought it in.
    Before(AcceptedBefore),
}

/// Why a desk did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// The step is not possible on the log as it is.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// The exchange came to nothing.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// This desk did not catch up, so it does not know what it would write on.
    #[error("{}", .0.message.as_deref().unwrap_or("this desk is not in sync: sync, and try again"))]
    NotInSync(Box<SyncReport>),
    /// Whether the server took the entries is not known: the next sync shows it.
    #[error("the answer was lost: sync, and see whether it is done before you try again")]
    NotKnown,
    /// Others wrote to the log every time.
    #[error("the partnership's log is being written to by others: try again in a moment")]
    Moving,
}

impl From<TransportError> for OfficeError {
    fn from(error: TransportError) -> Self {
        Self::Trouble(error.into())
    }
}

/// The end of the log once the entries of an attempt are in it.
struct Attempt<R> {
    written: Written,
    result: R,
    end: (LogSize, LogHash),
}

/// What an append brings to the server.
#[must_use]
pub(crate) fn append_of(partnership: PartnershipId, written: &Written) -> LogAppend {
    LogAppend {
        partnership,
        base_size: written.base_size,
        base_head: written.base_head,
        entries: written.entries.clone(),
        wraps: written.wraps.iter().cloned().map(Bytes).collect(),
        whole: None,
    }
}

impl<T: Transport + 'static> Syncer<T> {
    /// The device that is driven.
    #[must_use]
    pub const fn shared_device(&self) -> &SharedDevice {
        &self.device
    }

    /// Writes to the authority log: catches up, lets `make` write on the log as it is, brings it to the server, and takes it
    /// into this device's log. Made again, at most [`APPEND_ATTEMPTS_MAX`] times, when the log has grown meanwhile.
    ///
    /// # Errors
    /// [`OfficeError`]; what was not taken by the server is nowhere.
    pub async fn append<R: Send + 'static>(
        &mut self,
        cancel: &CancellationToken,
        make: impl Fn(&Device, Millis, &mut OfficeRandomness) -> Result<(Written, R), AdminError> + Send + Sync + 'static,
    ) -> Result<R, OfficeError> {
        let make = Arc::new(make);
        let mut lost: Option<Attempt<R>> = None;
        for _ in 0..APPEND_ATTEMPTS_MAX {
            match self.catch_up(cancel).await {
                Ok(()) => {}
                Err(_) if lost.is_some() => return Err(OfficeError::NotKnown),
                Err(error) => return Err(error),
            }
            if let Some(attempt) = lost.take() {
                let (size, head) = attempt.end;
                let known = self.with_device(move |d| d.authority.as_ref().and_then(|a| a.head_at(size))).await?;
                if known == Some(head) {
                    return self.take(attempt).await;
                }
            }
            let attempt = self.make(make.clone()).await?;
            if attempt.written.entries.is_empty() {
                return Ok(attempt.result);
            }
            match self.transport.append_log(&append_of(self.partnership, &attempt.written)).await {
                Ok(appended) if (appended.size, appended.head) == attempt.end => return self.take(attempt).await,
                Ok(_) => return Err(Trouble::OtherLog.into()),
                Err(TransportError::LogConflict { .. }) => {}
                // It may have arrived: whether it did, the log itself says.
                Err(error) if error_may_hide_success(&error) => lost = Some(attempt),
                Err(error) => return Err(error.into()),
            }
        }
        Err(if lost.is_some() { OfficeError::NotKnown } else { OfficeError::Moving })
    }

    async fn make<R: Send + 'static>(
        &self,
        make: Arc<
            impl Fn(&Device, Millis, &mut OfficeRandomness) -> Result<(Written, R), AdminError> + Send + Sync + 'static,
        >,
    ) -> Result<Attempt<R>, OfficeError> {
        let (now, rng) = (self.clock.wall(), self.rng.clone());
        let made = self.with_device(move |device| {
            let mut rng = rng.lock().unwrap_or_else(PoisonError::into_inner);
            make(device, now, &mut rng)
        });
        let (written, result) = made.await??;
        let size = LogSize(written.base_size.0 + written.entries.len() as u64);
        let head = written.entries.last().map_or(written.base_head, |entry| entry.hash());
        Ok(Attempt { written, result, end: (size, head) })
    }

    async fn take<R: Send + 'static>(&self, attempt: Attempt<R>) -> Result<R, OfficeError> {
        let Attempt { written, result, .. } = attempt;
        // What fails here is on the server: the next catch-up brings it.
        self.with_device(move |device| take_written(device, &written)).await??;
        Ok(result)
    }

    async fn catch_up(&mut self, cancel: &CancellationToken) -> Result<(), OfficeError> {
        let report = self.sync_once(cancel, &mut |_| {}).await;
        if report.end == End::CaughtUp { Ok(()) } else { Err(OfficeError::NotInSync(Box::new(report))) }
    }

    /// Asks in a session, opening one by a catch-up where there is none; a session that has ended is opened again, once.
    async fn ask(
        &mut self,
        endpoint: Endpoint,
        body: Vec<u8>,
        limit_bytes: usize,
        cancel: &CancellationToken,
    ) -> Result<Vec<u8>, OfficeError> {
        for _ in 0..2 {
            if self.session.is_none() {
                self.catch_up(cancel).await?;
            }
            let Some(session) = self.session.clone() else { continue };
            let request = self.sign(endpoint, session.token, body.clone()).await?;
            match self.transport.message(request, limit_bytes).await {
                Err(TransportError::SessionEnded) => self.session = None,
                other => return Ok(other?),
            }
        }
        Err(TransportError::SessionEnded.into())
    }

    /// The last envelope of a device in every zone, as the server has them.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn tails(&mut self, device: DeviceId, cancel: &CancellationToken) -> Result<DeviceTails, OfficeError> {
        let body = TailsRequest { device }.to_bytes();
        let answer = self.ask(Endpoint::Tails, body, TAILS_BYTES_MAX, cancel).await?;
        DeviceTails::parse(&answer).map_err(|error| TransportError::from(Misbehaved::Form(error)).into())
    }

    /// Ends a device that is lost or retired: its revocation, with the cuts that this desk has verified, and every key that
    /// it makes owed, as one append. Where the server has work of it that this desk has not, the desk catches up first.
    ///
    /// # Errors
    /// [`OfficeError`]; then nothing of it is in the log.
    pub async fn revoke(
        &mut self,
        device: DeviceId,
        reason: RevokeReason,
        cancel: &CancellationToken,
    ) -> Result<Rotated, OfficeError> {
        let mut tails = self.tails(device, cancel).await?.tails;
        for _ in 0..CATCH_UPS_MAX {
            let (stated, now) = (tails.clone(), self.clock.wall());
            if !self.with_device(move |desk| is_behind(desk, device, &stated, now)).await?? {
                break;
            }
            self.catch_up(cancel).await?;
            tails = self.tails(device, cancel).await?.tails;
        }
        self.append(cancel, move |desk, now, rng| revoke(desk, (device, reason), &tails, now, rng)).await
    }

    /// Brings a new device in. A request that an earlier try has brought to the server already is not written twice.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn enrol(
        &mut self,
        request: EnrolmentRequest,
        plan: AcceptPlan,
        cancel: &CancellationToken,
    ) -> Result<Enrolled, OfficeError> {
        // What others wrote to the log meanwhile comes first; and it may be this very request, whose answer was lost.
        self.catch_up(cancel).await?;
        let (now, rng) = (self.clock.wall(), self.rng.clone());
        let made = self.with_device(move |device| {
            if let Some(before) = accepted_before(device, &request)? {
                return Ok((None, before));
            }
            let mut rng = rng.lock().unwrap_or_else(PoisonError::into_inner);
            let written = accept(device, &request, &plan, now, &mut *rng)?;
            Ok::<_, AdminError>((Some(written), AcceptedBefore { device: request.device(), worker: plan.worker }))
        });
        let (written, member) = made.await??;
        let Some(written) = written else { return Ok(Enrolled::Before(member)) };
        self.transport.append_log(&append_of(self.partnership, &written)).await?;
        self.with_device(move |device| take_written(device, &written)).await??;
        Ok(Enrolled::Now(member))
    }

    /// Stops a device from being served; one that is frozen already stays so.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn freeze(&mut self, device: DeviceId, cancel: &CancellationToken) -> Result<(), OfficeError> {
        self.append(cancel, move |desk, now, _| {
            let authority = desk.authority()?;
            let nothing = Written {
                base_size: authority.size(),
                base_head: authority.head(),
                entries: Vec::new(),
                wraps: Vec::new(),
            };
            let written = if authority.is_frozen(device) { nothing } else { freeze(desk, device, now)? };
            Ok((written, ()))
        })
        .await
    }

    /// What revoked devices left, of zones that this desk holds.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn inbox(&mut self, cancel: &CancellationToken) -> Result<Vec<InboxItem>, OfficeError> {
        let (mut after, mut items) = (InboxNumber(0), Vec::new());
        for _ in 0..INBOX_PAGES_MAX {
            let body = InboxRequest { after }.to_bytes();
            let answer = self.ask(Endpoint::Inbox, body, limits::INBOX_PAGE_BYTES_MAX, cancel).await?;
            let page = InboxPage::parse(&answer).map_err(|error| TransportError::from(Misbehaved::Form(error)))?;
            let Some(last) = page.items.last().map(|item| item.number).filter(|last| *last > after) else { break };
            after = last;
            items.extend(page.items);
            if page.remainder == Remainder::Nothing {
                break;
            }
        }
        Ok(items)
    }

    /// Says that somebody has decided about items.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn clear_inbox(
        &mut self,
        mut numbers: Vec<InboxNumber>,
        cancel: &CancellationToken,
    ) -> Result<(), OfficeError> {
        numbers.order();
        numbers.dedup();
        let body = InboxClear { numbers }.to_bytes();
        self.ask(Endpoint::InboxClear, body, DONE_BYTES_MAX, cancel).await.map(|_| ())
    }
}

/// Whether the entries may have been taken although the answer says otherwise, or none came.
const fn error_may_hide_success(error: &TransportError) -> bool {
    matches!(error, TransportError::Offline { .. } | TransportError::Silent { .. } | TransportError::Busy { .. })
        || matches!(error, TransportError::Misbehaved(_))
}
