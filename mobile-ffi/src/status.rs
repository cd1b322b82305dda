//! How a device stands: every failure has a state that a person sees.

use doorstep_client_core::device::Standing;

/// How a device stands.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Status {
    /// Changes and envelopes that the server does not have yet.
    pub to_send: u64,
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
    /// The server went back to a backup, and no admin has said that it was on purpose.
    pub restore_unsigned: bool,
    /// What was raised as an alarm, if anything: a person has to deal with it before this device syncs again.
    pub alarm: Option<String>,
}

impl From<Standing> for Status {
    fn from(standing: Standing) -> Self {
        Self {
            to_send: standing.unsealed_changes + standing.outbox.to_send,
            refused: standing.outbox.refused,
            waiting: standing.waiting,
            set_aside: standing.set_aside,
            properties: standing.properties,
            people: standing.people,
            documents_in_conflict: standing.documents_in_conflict as u64,
            first_sync_complete: standing.first_sync_complete,
            restore_unsigned: standing.restore_unsigned,
            alarm: standing.alarm.map(|alarm| alarm.0),
        }
    }
}
