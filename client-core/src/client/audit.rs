//! Who read what, at an auditor's desk.

use doorstep_protocol::EnvelopeId;

use super::{Client, ClientError};
use crate::audit::{Alarm, ReviewOutcome};
use crate::device::{AuditReport, RecordId, ReviewTask};
use crate::records::view::Author;
use crate::store::lists;

/// Who read what.
pub struct Audit<'c> {
    pub(super) client: &'c Client,
}

/// What an auditor finds, with names.
#[derive(Clone, Debug, serde::Serialize)]
pub struct AuditPage {
    /// Devices whose chains were followed.
    pub devices: usize,
    /// Records that hold.
    pub records: usize,
    /// What does not hold, with the device's name.
    pub alarms: Vec<(String, Alarm)>,
    /// Glasses to be looked at.
    pub tasks: Vec<TaskRow>,
}

/// A glass to be looked at.
#[derive(Clone, Debug, serde::Serialize)]
pub struct TaskRow {
    /// The worker, or the device where the worker is not known.
    pub who: String,
    /// The device's name.
    pub device_name: String,
    /// The home's address, where this device knows it.
    pub address: Option<String>,
    /// The rest.
    #[serde(flatten)]
    pub task: ReviewTask,
}

impl Audit<'_> {
    /// Follows the chain of every device and says what does not hold and what is to be looked at.
    ///
    /// # Errors
    /// [`ClientError::Restricted`] when this is no auditor's device, or is locked.
    pub fn verify(&self) -> Result<AuditPage, ClientError> {
        let names = self.client.directory().names().unwrap_or_default();
        let now = self.client.now();
        let mut device = self.client.lock();
        let AuditReport { devices, records, alarms, tasks } = device.audit(now)?;
        let mut rows = Vec::with_capacity(tasks.len());
        for task in tasks {
            let address = lists::property_of(device.store().reader(), RecordId(task.property).0)?;
            let address = address.map(|row| row.address);
            let who = names.who(Some(Author { device: task.device, seat: Some(task.seat) }));
            rows.push(TaskRow { who, device_name: names.device(task.device), address, task });
        }
        let alarms = alarms.into_iter().map(|alarm| (names.device(alarm.device), alarm)).collect();
        Ok(AuditPage { devices, records, alarms, tasks: rows })
    }

    /// Says what looking at a broken glass came to.
    ///
    /// # Errors
    /// [`ClientError::Restricted`].
    pub fn review(&self, glass: EnvelopeId, outcome: ReviewOutcome, note: &str) -> Result<(), ClientError> {
        let now = self.client.now();
        let mut rng = crate::randomness::os();
        Ok(self.client.lock().review_glass(glass, outcome, note, now, &mut rng)?)
    }
}
