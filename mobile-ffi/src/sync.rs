//! Catching up, with progress, and how it ended.

use std::sync::Arc;

use doorstep_client_core::client::Client;
use doorstep_client_core::sync::{End, Progress, SyncReport as Report, Syncer};
use doorstep_client_core::transport::{HttpTransport, PlainHttp, Trust};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::error::DoorstepError;

/// The driver, kept between calls for its session; one catch-up at a time.
pub(crate) type KeptSyncer = Mutex<Option<Syncer<HttpTransport>>>;

/// Is told how far a catch-up has come.
#[uniffi::export(with_foreign)]
pub trait SyncObserver: Send + Sync {
    /// Called after every step, on a thread of the library.
    fn on_progress(&self, progress: SyncProgress);
}

/// How far a catch-up has come; figures are since it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SyncProgress {
    /// Envelopes that came.
    pub received: u64,
    /// Envelopes whose changes are in documents now.
    pub applied: u64,
    /// Envelopes that the server has taken, durably.
    pub sent: u64,
    /// Envelopes still to send.
    pub to_send: u64,
}

/// How a catch-up ended.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SyncEnd {
    /// Everything is sent and everything is here.
    CaughtUp,
    /// Somebody cancelled.
    Cancelled,
    /// It failed; try again then.
    Waiting {
        /// When, from now.
        retry_in_ms: u64,
    },
    /// It failed, and a person has to decide.
    Stopped,
}

/// What a catch-up did.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SyncReport {
    /// How it ended.
    pub end: SyncEnd,
    /// What went wrong, for a person.
    pub message: Option<String>,
    /// Envelopes that the server has taken, durably.
    pub sent: u64,
    /// Envelopes that came.
    pub received: u64,
    /// Envelopes and changes still to send.
    pub to_send: u64,
    /// Envelopes that wait for a key, a log entry or another envelope.
    pub waiting: u64,
    /// Envelopes that were set aside for a person.
    pub set_aside: u64,
}

pub(crate) async fn once(
    client: &Client,
    kept: &KeptSyncer,
    observer: Option<Arc<dyn SyncObserver>>,
) -> Result<SyncReport, DoorstepError> {
    let mut kept = kept.lock().await;
    let syncer = match &mut *kept {
        Some(syncer) => syncer,
        none => none.insert(Syncer::over_http(client.device(), &Trust::Public, PlainHttp::LoopbackOnly)?),
    };
    let mut tell = |progress: &Progress| {
        if let Some(observer) = &observer {
            observer.on_progress((*progress).into());
        }
    };
    Ok(syncer.sync_once(&CancellationToken::new(), &mut tell).await.into())
}

impl From<Progress> for SyncProgress {
    fn from(progress: Progress) -> Self {
        Self { received: progress.received, applied: progress.applied, sent: progress.sent, to_send: progress.to_send }
    }
}

impl From<End> for SyncEnd {
    fn from(end: End) -> Self {
        match end {
            End::CaughtUp => Self::CaughtUp,
            End::Cancelled => Self::Cancelled,
            End::Waiting { retry_in_ms, .. } => Self::Waiting { retry_in_ms },
            End::Stopped { .. } => Self::Stopped,
        }
    }
}

impl From<Report> for SyncReport {
    fn from(report: Report) -> Self {
        Self {
            end: report.end.into(),
            message: report.message,
            sent: report.sent,
            received: report.received,
            to_send: report.to_send,
            waiting: report.waiting,
            set_aside: report.set_aside,
        }
    }
}
