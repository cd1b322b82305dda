//! Visits that the office returned to whoever made them.

use doorstep_protocol::{Class, Millis, WorkerId};

use super::Visits;
use crate::client::ClientError;
use crate::client::conflicts::title_of;
use crate::device::{Device, RecordId};
use crate::records::home::{Visit, VisitKind, VisitState};
use crate::records::view::Author;
use crate::records::{Reading, RowId};
use crate::store::lists::{self, VisitFilter};

/// Returned visits that are looked at for one list, at most.
const RETURNED_MAX: usize = 1_000;

/// A visit that the office returned.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ReturnedVisit {
    /// The property.
    pub record: RecordId,
    /// The visit.
    pub visit: RowId,
    /// The address.
    pub title: String,
    /// Kind.
    pub kind: Option<VisitKind>,
    /// When it began.
    pub started_at: Option<Millis>,
    /// What the office asks.
    pub note: Option<String>,
    /// When it was returned.
    pub returned_at: Option<Millis>,
}

impl Visits<'_> {
    /// Visits that were returned to this device, or to the worker who writes here, on whichever device they were made: those that wait
    /// longest first.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn returned(&self, limit: usize) -> Result<Vec<ReturnedVisit>, ClientError> {
        let filter = VisitFilter { state: Some(VisitState::Returned.as_str().to_owned()), ..VisitFilter::default() };
        let mut device = self.client.lock();
        let me = device.seat().ok().and_then(|seat| worker_of(&device, seat));
        let mut found = Vec::new();
        for row in lists::visits_that_fit(device.store().reader(), &filter, 0, RETURNED_MAX)? {
            let Some(record) = row.record.map(RecordId) else { continue };
            let Some(view) = device.view(row.document)? else { continue };
            let visit = RowId(row.row);
            let Some(seen) = view.rows::<Visit>(Reading::Shown).into_iter().find(|seen| seen.row == visit) else {
                continue;
            };
            let who = seen.made.as_ref().and_then(|made| made.who);
            if !who.is_some_and(|who| is_mine(&device, who, me)) {
                continue;
            }
            let Visit { kind, started_at, review_note: note, reviewed_at: returned_at, .. } = seen.value;
            let title = title_of(&device, Some(record), Class::Home)?;
            found.push(ReturnedVisit { record, visit, title, kind, started_at, note, returned_at });
            if found.len() == limit {
                break;
            }
        }
        device.let_go();
        Ok(found)
    }
}

fn worker_of(device: &Device, seat: doorstep_protocol::SeatId) -> Option<WorkerId> {
    Some(device.authority().ok()?.seats().get(&seat)?.worker)
}

fn is_mine(device: &Device, who: Author, me: Option<WorkerId>) -> bool {
    let worker = who.seat.and_then(|seat| worker_of(device, seat));
    who.device == device.id() || (worker.is_some() && worker == me)
}
