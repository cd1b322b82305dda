//! How a device stands: every failure has a state that a person sees, in types and in words.

use std::time::SystemTime;

use doorstep_client_core::device::Standing;
use doorstep_client_core::sync::{Activity, Headline, SyncStatus, Watching, headline};

use crate::form::Words;
use crate::measures::time;
use crate::sync::{SyncFault, SyncStop};

/// How a device stands.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Status {
    /// What matters most, for the program.
    pub headline: StatusHeadline,
    /// The same in one sentence, for a person.
    pub words: Words,
    /// What the way to the server does.
    pub activity: SyncActivity,
    /// What went wrong last, for a person; none once an attempt has succeeded.
    pub trouble: Option<String>,
    /// When it was last caught up.
    pub caught_up: Option<SystemTime>,
    /// Whether a watch hears the server's notices.
    pub hears_notices: bool,
    /// Changes and envelopes that the server does not have yet.
    pub to_send: u64,
    /// Parts of photographs that are on this device only.
    pub photograph_parts_to_send: u64,
    /// Envelopes that the server refused; kept here.
    pub refused: u64,
    /// Envelopes that wait for a key, a log entry or another envelope.
    pub waiting: u64,
    /// Envelopes set aside for a person.
    pub set_aside: u64,
    /// Properties on this device.
    pub properties: u64,
    /// People on this device.
    pub people: u64,
    /// Documents in which values disagree.
    pub documents_in_conflict: u64,
    /// Whether the first catch-up is complete.
    pub first_sync_complete: bool,
    /// When this device's time is over; none where it has no end.
    pub ends: Option<SystemTime>,
    /// The server went back to a backup, and no admin has said that it was on purpose.
    pub restore_unsigned: bool,
    /// What was raised as an alarm, if anything: a person has to deal with it before this device syncs again.
    pub alarm: Option<String>,
}

/// What matters most about a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum StatusHeadline {
    /// An alarm stands: tell an admin.
    Alarm,
    /// It does not sync any more by itself.
    Stopped,
    /// Its first catch-up is not complete.
    FirstSync,
    /// The server refused some of its work.
    Refused,
    /// There is no way to the server now.
    Offline,
    /// The last attempt failed of something else, and is repeated.
    TryingAgain,
    /// It is at it.
    Syncing,
    /// Some work is still to be sent.
    ToSend,
    /// Everything is sent and everything is here.
    CaughtUp,
}

/// What the way to the server does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SyncActivity {
    /// Nothing.
    Resting,
    /// It is at it.
    Working,
    /// The last attempt failed; the next is due then.
    Waiting {
        /// Why it failed.
        fault: SyncFault,
        /// When.
        retry: SystemTime,
    },
    /// A person has to decide.
    Stopped {
        /// Why.
        stop: SyncStop,
    },
}

impl From<Headline> for StatusHeadline {
    fn from(headline: Headline) -> Self {
        match headline {
            Headline::Alarm => Self::Alarm,
            Headline::Stopped => Self::Stopped,
            Headline::FirstSync => Self::FirstSync,
            Headline::Refused => Self::Refused,
            Headline::Offline => Self::Offline,
            Headline::TryingAgain => Self::TryingAgain,
            Headline::Syncing => Self::Syncing,
            Headline::ToSend => Self::ToSend,
            Headline::CaughtUp => Self::CaughtUp,
        }
    }
}

impl From<Activity> for SyncActivity {
    fn from(activity: Activity) -> Self {
        match activity {
            Activity::Resting => Self::Resting,
            Activity::Opening | Activity::Exchanging => Self::Working,
            Activity::Waiting { fault, retry_at } => Self::Waiting { fault: fault.into(), retry: time(retry_at) },
            Activity::Stopped { stop } => Self::Stopped { stop: stop.into() },
        }
    }
}

impl Status {
    pub(crate) fn of(standing: Standing, sync: SyncStatus) -> Self {
        let headline = headline(&standing, &sync);
        let words = headline.words();
        Self {
            headline: headline.into(),
            words: Words { en: words.en.to_owned(), cy: words.cy.to_owned() },
            activity: sync.activity.into(),
            trouble: sync.message,
            caught_up: sync.caught_up.map(time),
            hears_notices: sync.watching == Watching::Yes,
            to_send: standing.unsealed_changes + standing.outbox.to_send,
            photograph_parts_to_send: standing.photograph_parts_to_send,
            refused: standing.outbox.refused,
            waiting: standing.waiting,
            set_aside: standing.set_aside,
            properties: standing.properties,
            people: standing.people,
            documents_in_conflict: standing.documents_in_conflict as u64,
            first_sync_complete: standing.first_sync_complete,
            ends: standing.not_after.map(time),
            restore_unsigned: standing.restore_unsigned,
            alarm: standing.alarm.map(|alarm| alarm.0),
        }
    }
}
