//! What a person and a program are told: progress, a report at the end, and a status that every failure shows in.

use doorstep_protocol::Millis;

use crate::device::{AnswerError, DeviceError};
use crate::replica::machine::{Fault, Stop};
use crate::transport::{Failure, Refused, TransportError};

/// What is being done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Reaching the server and opening a session.
    #[default]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Progress {
    /// What is being done.
    pub step: Step,
    /// Envelopes that came, this device's own among them.
    pub received: u64,
    /// Envelopes whose changes are in documents now.
    pub applied: u64,
    /// Bytes of answers.
    pub received_bytes: u64,
    /// Envelopes the server has taken, durably.
    pub sent: u64,
    /// Envelopes still to send.
    pub to_send: u64,
}

/// How a catch-up ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "end", rename_all = "kebab-case")]
pub enum End {
    /// Everything is sent and everything is here.
    #[default]
    CaughtUp,
    /// A person cancelled.
    Cancelled,
    /// Its time was over: what was taken and sent stays, and the rest comes with the next.
    OutOfTime,
    /// It failed, and is tried again.
    Waiting {
        /// Why.
        fault: Fault,
        /// When, from now.
        retry_in_ms: u64,
    },
    /// It failed, and a person has to decide.
    Stopped {
        /// Why.
        stop: Stop,
    },
}

/// What became of photographs in a catch-up.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct PhotographTraffic {
    /// Parts the server has now, durably.
    pub sent_parts: u64,
    /// Parts that came.
    pub fetched_parts: u64,
    /// Their bytes.
    pub fetched_bytes: u64,
    /// Parts that are on this device only.
    pub to_send_parts: u64,
    /// What went wrong, for a person. Field work is caught up all the same.
    pub message: Option<String>,
}

/// What a catch-up did.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct SyncReport {
    /// How it ended.
    #[serde(flatten)]
    pub end: End,
    /// What went wrong, for a person: no content, no keys.
    pub message: Option<String>,
    /// Why the server does not serve this device, where it says so.
    pub denied: Option<Refused>,
    /// Envelopes the server has taken, durably.
    pub sent: u64,
    /// Envelopes the server has refused; kept here.
    pub refused: u64,
    /// Envelopes that came, this device's own among them.
    pub received: u64,
    /// Envelopes whose changes are in documents now.
    pub applied: u64,
    /// Envelopes that were set aside for a person.
    pub set_aside: u64,
    /// Entries of the authority log that came.
    pub log_entries: u64,
    /// Entries of the authority log that were brought to the server.
    pub log_entries_offered: u64,
    /// Envelopes and changes still to send.
    pub to_send: u64,
    /// Envelopes that wait for a key, a log entry or another envelope.
    pub waiting: u64,
    /// Envelopes set aside, ever.
    pub set_aside_all: u64,
    /// Catch-up requests answered to their end.
    pub exchanges: u64,
    /// HTTP requests, all of them.
    pub requests: u64,
    /// Bytes to the server, HTTP headers among them, before TLS.
    pub up_bytes: u64,
    /// Bytes from the server, HTTP headers among them, after TLS.
    pub down_bytes: u64,
    /// Photographs, which travel after everything else.
    pub photographs: PhotographTraffic,
}

/// What a driver is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "activity", rename_all = "kebab-case")]
pub enum Activity {
    /// Nothing is owed.
    #[default]
    Resting,
    /// A session is being opened.
    Opening,
    /// An exchange is under way.
    Exchanging,
    /// The last attempt failed; the next is due then.
    Waiting {
        /// Why it failed.
        fault: Fault,
        /// When, by the wall clock.
        retry_at: Millis,
    },
    /// A person has to decide.
    Stopped {
        /// Why.
        stop: Stop,
    },
}

/// Whether the server tells this device when something is new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Watching {
    /// No: it asks now and then.
    #[default]
    No,
    /// Yes.
    Yes,
}

/// How a driver stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct SyncStatus {
    /// What it is doing.
    #[serde(flatten)]
    pub activity: Activity,
    /// What went wrong last, for a person; none once an attempt has succeeded.
    pub message: Option<String>,
    /// Attempts that failed since the last success.
    pub failures: u32,
    /// When it was last caught up, by the wall clock.
    pub caught_up: Option<Millis>,
    /// Whether the server tells this device of news.
    pub watching: Watching,
}

/// Why an attempt came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The exchange did not happen.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The answer was not believed.
    #[error(transparent)]
    Answer(AnswerError),
    /// This device did not take or give data.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// A step did not finish; what was committed stays.
    #[error("this device was interrupted: tried again")]
    Interrupted,
    /// The server does not know this device yet, and the device has no log to show.
    #[error("the server does not know this device yet: the admin's desk has to sync after accepting it")]
    NotKnownYet,
    /// The server does not open a session for this device, however often it asks.
    #[error("the server does not know this device: ask an admin whether it is enrolled on this server")]
    NotServed,
    /// This device's folder did not take a part of a photograph.
    #[error("a photograph could not be kept: free some space on this device; it is fetched again")]
    Photographs,
    /// The server says that there is more, and gives nothing.
    #[error("the server says there is more and sends nothing: tried again")]
    Stalled,
    /// The authority log that the server shows is another one.
    #[error("the server's authority log is not the one of this device: tell an admin")]
    OtherLog,
    /// Going on would do harm; an alarm was raised.
    #[error("this device has stopped syncing ({0:?}): tell an admin; what is recorded here is kept")]
    Stop(Stop),
}

impl Trouble {
    /// What it means to the machine.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        match self {
            Self::Transport(error) => error.failure(),
            Self::Answer(AnswerError::Stop(stop)) | Self::Stop(stop) => Failure::Stop(*stop),
            Self::Answer(AnswerError::Device(_)) | Self::Device(_) | Self::Interrupted | Self::Photographs => {
                Failure::Fault(Fault::Storage)
            }
            Self::Answer(AnswerError::OtherStore) | Self::NotKnownYet => Failure::Fault(Fault::SessionEnded),
            Self::Answer(_) | Self::Stalled => Failure::Fault(Fault::BadAnswer),
            Self::NotServed => Failure::Stop(Stop::Refused),
            Self::OtherLog => Failure::Stop(Stop::SplitView),
        }
    }

    /// How long the server asks not to be asked.
    pub(super) const fn pause_ms(&self) -> Option<u64> {
        match self {
            Self::Transport(TransportError::Busy { retry_after_ms, .. }) => *retry_after_ms,
            _ => None,
        }
    }

    /// Why the server does not serve this device, where it says so.
    #[must_use]
    pub const fn refused(&self) -> Option<Refused> {
        match self {
            Self::Transport(TransportError::Refused(refused)) => Some(*refused),
            _ => None,
        }
    }
}
