//! Catching up, with progress, and how it ended.

use std::time::Duration;

use doorstep_client_core::replica::machine::{Fault, Stop};
use doorstep_client_core::sync::{End, Progress, Step, SyncReport as Report};
use doorstep_client_core::transport::Refused;
use tokio_util::sync::CancellationToken;

/// Is told how far a catch-up has come.
#[uniffi::export(with_foreign)]
pub trait SyncObserver: Send + Sync {
    /// Called after every step, on a thread of the library: it returns soon, and hands over to the screen's thread.
    fn on_progress(&self, progress: SyncProgress);
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SyncStep {
    /// Reaching the server.
    Opening,
    /// The authority log is brought to a server that has less of it.
    OfferingLog,
    /// Sending what is owed.
    Sending,
    /// Taking what comes.
    Receiving,
    /// An exchange is complete.
    Exchanged,
}

/// How far a catch-up has come; figures are since it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SyncProgress {
    /// What is being done.
    pub step: SyncStep,
    /// Envelopes that came.
    pub received: u64,
    /// Their bytes.
    pub received_bytes: u64,
    /// Envelopes whose changes are in documents now.
    pub applied: u64,
    /// Envelopes that the server has taken, durably.
    pub sent: u64,
    /// Envelopes still to send.
    pub to_send: u64,
}

/// Stops a catch-up, from any thread. Languages whose tasks are cancelled by dropping what they wait for need none.
#[derive(uniffi::Object)]
pub struct SyncStopper {
    pub(crate) token: CancellationToken,
}

#[uniffi::export]
impl SyncStopper {
    /// For one catch-up, or several.
    #[uniffi::constructor]
    #[must_use]
    pub fn new() -> std::sync::Arc<Self> {
        std::sync::Arc::new(Self { token: CancellationToken::new() })
    }

    /// Stops it where nothing is half done. What was taken and sent stays.
    pub fn stop(&self) {
        self.token.cancel();
    }
}

/// Why an attempt failed that is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SyncFault {
    /// No signal, or the server is away.
    Offline,
    /// The server asked for a pause, or an admin has stopped this device for a while.
    Busy,
    /// The session ended.
    SessionEnded,
    /// The answer broke off, or does not hold together: nothing of it was believed.
    BadAnswer,
    /// This device's storage did not take what came.
    Storage,
}

/// Why this device does not sync any more by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SyncStop {
    /// The server holds work of this device that the device does not know: its data was copied or put back.
    Cloned,
    /// Two views of the authority log, or of a feed, have been seen.
    SplitView,
    /// The server no longer serves this device.
    Refused,
    /// The server speaks a newer version.
    Incompatible,
}

/// Why the server does not serve this device, where it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SyncDenied {
    /// The partnership ended it: [`crate::Doorstep::leave`] is due.
    Revoked,
    /// An admin has stopped it for a while.
    Frozen,
    /// It is past its end date.
    Ended,
    /// For a reason that is the server's or its operator's.
    AtServer,
}

/// How a catch-up ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SyncEnd {
    /// Everything is sent and everything is here.
    CaughtUp,
    /// Somebody stopped it.
    Cancelled,
    /// Its time was over: what was taken and sent stays, and the rest comes with the next.
    OutOfTime,
    /// It failed; try again then.
    Waiting {
        /// Why.
        fault: SyncFault,
        /// When, from now.
        retry_in: Duration,
    },
    /// It failed, and a person has to decide.
    Stopped {
        /// Why.
        stop: SyncStop,
    },
}

/// What became of photographs, which travel after everything else.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PhotographTraffic {
    /// Parts that the server has now, durably.
    pub sent_parts: u64,
    /// Parts that came.
    pub fetched_parts: u64,
    /// Parts that are on this device only.
    pub to_send_parts: u64,
    /// What went wrong, for a person. Field work is caught up all the same.
    pub trouble: Option<String>,
}

/// What a catch-up did.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SyncReport {
    /// How it ended.
    pub end: SyncEnd,
    /// What went wrong, for a person.
    pub trouble: Option<String>,
    /// Why the server does not serve this device.
    pub denied: Option<SyncDenied>,
    /// Envelopes that the server has taken, durably.
    pub sent: u64,
    /// Envelopes that came.
    pub received: u64,
    /// Envelopes whose changes are in documents now.
    pub applied: u64,
    /// Envelopes and changes still to send.
    pub to_send: u64,
    /// Envelopes that wait for a key, a log entry or another envelope.
    pub waiting: u64,
    /// Envelopes that were set aside for a person.
    pub set_aside: u64,
    /// Photographs.
    pub photographs: PhotographTraffic,
}

impl From<Step> for SyncStep {
    fn from(step: Step) -> Self {
        match step {
            Step::Opening => Self::Opening,
            Step::OfferingLog => Self::OfferingLog,
            Step::Sending => Self::Sending,
            Step::Receiving => Self::Receiving,
            Step::Exchanged => Self::Exchanged,
        }
    }
}

impl From<Progress> for SyncProgress {
    fn from(at: Progress) -> Self {
        Self {
            step: at.step.into(),
            received: at.received,
            received_bytes: at.received_bytes,
            applied: at.applied,
            sent: at.sent,
            to_send: at.to_send,
        }
    }
}

impl From<Fault> for SyncFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Offline => Self::Offline,
            Fault::Busy => Self::Busy,
            Fault::SessionEnded => Self::SessionEnded,
            Fault::BadAnswer => Self::BadAnswer,
            Fault::Storage => Self::Storage,
        }
    }
}

impl From<Stop> for SyncStop {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Cloned => Self::Cloned,
            Stop::SplitView => Self::SplitView,
            Stop::Refused => Self::Refused,
            Stop::Incompatible => Self::Incompatible,
        }
    }
}

impl From<Refused> for SyncDenied {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Revoked => Self::Revoked,
            Refused::Frozen => Self::Frozen,
            Refused::Ended => Self::Ended,
            Refused::PartnershipNotTaken | Refused::OtherServerKey | Refused::Append | Refused::Other { .. } => {
                Self::AtServer
            }
        }
    }
}

impl From<End> for SyncEnd {
    fn from(end: End) -> Self {
        match end {
            End::CaughtUp => Self::CaughtUp,
            End::Cancelled => Self::Cancelled,
            End::OutOfTime => Self::OutOfTime,
            End::Waiting { fault, retry_in_ms } => {
                Self::Waiting { fault: fault.into(), retry_in: Duration::from_millis(retry_in_ms) }
            }
            End::Stopped { stop } => Self::Stopped { stop: stop.into() },
        }
    }
}

impl From<Report> for SyncReport {
    fn from(report: Report) -> Self {
        Self {
            end: report.end.into(),
            trouble: report.message,
            denied: report.denied.map(Into::into),
            sent: report.sent,
            received: report.received,
            applied: report.applied,
            to_send: report.to_send,
            waiting: report.waiting,
            set_aside: report.set_aside,
            photographs: PhotographTraffic {
                sent_parts: report.photographs.sent_parts,
                fetched_parts: report.photographs.fetched_parts,
                to_send_parts: report.photographs.to_send_parts,
                trouble: report.photographs.message,
            },
        }
    }
}
