//! What a visitor is asked to do: visits that the office returned, with its note.

use std::sync::Arc;
use std::time::SystemTime;

use doorstep_client_core::client;

use crate::error::DoorstepError;
use crate::ids::{RecordId, RowId};
use crate::measures::time;
use crate::open::Shared;
use crate::quiet::quiet;
use crate::words::VisitKind;

/// What there is to do.
#[derive(uniffi::Object)]
pub struct Todo {
    pub(crate) shared: Arc<Shared>,
}

/// A visit that the office returned.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ReturnedVisit {
    /// The property.
    pub record: RecordId,
    /// The visit: [`crate::Visits::add`] adds to it, [`crate::Visits::submit`] hands it in again.
    pub visit: RowId,
    /// The address.
    pub title: String,
    /// Kind.
    pub kind: Option<VisitKind>,
    /// When it began.
    pub started: Option<SystemTime>,
    /// What the office asks.
    pub note: Option<String>,
    /// When it was returned.
    pub returned: Option<SystemTime>,
}

quiet!(ReturnedVisit);

#[uniffi::export]
impl Todo {
    /// Visits that the office returned, those that wait longest first, at most `limit`: those of the worker who has the device, or of
    /// everybody at it.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn returned_visits(&self, limit: u32) -> Result<Vec<ReturnedVisit>, DoorstepError> {
        let rows = self.shared.read(|client| client.visits().returned(limit as usize))?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}

impl From<client::ReturnedVisit> for ReturnedVisit {
    fn from(row: client::ReturnedVisit) -> Self {
        Self {
            record: row.record.into(),
            visit: row.visit.into(),
            title: row.title,
            kind: row.kind.map(Into::into),
            started: row.started_at.map(time),
            note: row.note,
            returned: row.returned_at.map(time),
        }
    }
}
