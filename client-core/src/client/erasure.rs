//! Erasure and retention at a desk: what is due, what is held, what is proposed.

use doorstep_protocol::authority::EraseReason;
use doorstep_protocol::{Class, DocumentId, Millis, ZoneId, hash};

use super::partnership::Partnership;
use super::{Client, ClientError};
use crate::device::{Device, DeviceError, RecordId, UnfinishedErasure};
use crate::partnership::{self as admin, AdminError, ErasePlan};
use crate::records::directory::AreaName;
use crate::records::fire::Fact;
use crate::records::index::Flag;
use crate::records::{DocumentView, Reading, RowId};
use crate::store::{documents, lists, sources};

/// For how many years a class is kept after the last visit, where nobody has said otherwise. Each organisation has its own
/// schedule: these begin a conversation, and erase nothing.
pub const RETENTION_YEARS: &[(Class, u16)] = &[
    (Class::Index, 15),
    (Class::Home, 8),
    (Class::Fire, 8),
    (Class::Sealed, 3),
    (Class::Identity, 8),
    (Class::Communication, 8),
    (Class::Function, 8),
    (Class::Network, 8),
    (Class::HealthId, 8),
    (Class::Protected, 8),
];
/// Properties that one list of what is due names at most.
pub const DUE_ROWS_MAX: usize = 10_000;

/// A document that has been kept as long as the rule says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DueRow {
    /// The record.
    pub record: RecordId,
    /// Its address.
    pub address: String,
    /// The class.
    pub class: Class,
    /// The day of its last visit, as it was recorded.
    pub last_visit: String,
    /// For how many years it is kept.
    pub years: u16,
    /// Whether a legal hold is on it.
    pub held: bool,
}

/// A legal hold.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct HoldRow {
    /// The record.
    pub record: RecordId,
    /// What it is held for: a reference, no detail.
    pub reference: Option<String>,
}

impl Client {
    /// Erasures that two admins of this desk's organisation have to finish: pieces came that were written before their author
    /// heard of it. Nobody reads them, but until the log names them the server keeps their bytes. None at a desk that is no
    /// admin's.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn unfinished_erasures(&self) -> Result<Vec<UnfinishedErasure>, ClientError> {
        let device = self.lock();
        let mut unfinished = device.unfinished_erasures()?;
        unfinished.retain(|one| admin::may_erase(&device, one.zone).is_ok());
        Ok(unfinished)
    }

    /// Records that must not be erased, by id.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn legal_holds(&self) -> Result<Vec<HoldRow>, ClientError> {
        let mut device = self.lock();
        let id = holds_document(&device)?;
        let Some(view) = device.view(id)? else { return Ok(Vec::new()) };
        let rows = view.rows::<AreaName>(Reading::Shown);
        Ok(rows
            .into_iter()
            .filter(|seen| seen.value.kind.as_deref() == Some(HELD))
            .map(|seen| HoldRow { record: RecordId(DocumentId(seen.row.0)), reference: seen.value.name })
            .collect())
    }

    /// Puts a legal hold on a record, or ends it.
    ///
    /// # Errors
    /// [`ClientError::Write`].
    pub fn set_legal_hold(&self, record: RecordId, reference: Option<String>) -> Result<(), ClientError> {
        let state = Some(if reference.is_some() { HELD } else { ENDED }.to_owned());
        self.write(|draft| {
            let id = holds_document(draft.device())?;
            let hold = AreaName { name: reference.clone(), kind: state.clone(), ..AreaName::default() };
            draft.edit_document(id, Class::Directory, None, |edit| edit.put_row(RowId(record.0.0), &hold))
        })
    }

    /// Documents that have been kept as long as the rules say, since the last visit. Nothing is erased by itself.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn retention_due(&self, today: &str, rules: &[(Class, u16)]) -> Result<Vec<DueRow>, ClientError> {
        let held: Vec<RecordId> = self.legal_holds()?.into_iter().map(|hold| hold.record).collect();
        let device = self.lock();
        let reader = device.store().reader();
        let mut due = Vec::new();
        for (record, last_visit) in lists::last_visits(reader, DUE_ROWS_MAX)? {
            let record = RecordId(record);
            for (class, years) in rules {
                let over = years_after(&last_visit, *years).is_some_and(|until| until.as_str() < today);
                if over && documents::of_record(reader, record.0, *class)?.is_some() {
                    let address = lists::property_of(reader, record.0)?.map_or_else(String::new, |row| row.address);
                    due.push(DueRow {
                        record,
                        address,
                        class: *class,
                        last_visit: last_visit.clone(),
                        years: *years,
                        held: held.contains(&record),
                    });
                }
            }
        }
        Ok(due)
    }
}

const HELD: &str = "held";
const ENDED: &str = "ended";

/// The document of legal holds: a second one in the directory's zone, so that every desk knows them. Its rows have the
/// record's id, the reference as their name, and `held` or `ended` as their kind.
fn holds_document(device: &Device) -> Result<DocumentId, DeviceError> {
    let zone = crate::device::directory_document(device)?;
    let digest = hash::sha256(&[&zone.0[..], b"legal holds"].concat());
    let mut id = DocumentId::ZERO;
    id.0.copy_from_slice(&digest.0[..16]);
    Ok(id)
}

/// The same day so many years later; days that do not exist then sort where they would stand.
fn years_after(day: &str, years: u16) -> Option<String> {
    let (year, rest) = day.split_at_checked(4)?;
    let year: u16 = year.parse().ok()?;
    Some(format!("{:04}{}", year.checked_add(years)?, rest.get(..6)?))
}

impl Partnership<'_> {
    /// Proposes to erase one document of a record. The proposal is a text for a second admin.
    ///
    /// # Errors
    /// [`ClientError::Admin`] where a legal hold is on the record, or this desk may not; [`ClientError::NotFound`].
    pub fn propose_erasure(
        &self,
        record: RecordId,
        class: Class,
        reason: EraseReason,
    ) -> Result<ErasePlan, ClientError> {
        self.refuse_held(record)?;
        let now: Millis = self.client.now();
        let device = self.client.lock();
        let document = documents::of_record(device.store().reader(), record.0, class)?;
        let document = document.ok_or(ClientError::NotFound { what: "document" })?;
        let zone: ZoneId = documents::load(device.store().reader(), document)?
            .map(|kept| kept.saved.zone)
            .ok_or(ClientError::NotFound { what: "document" })?;
        Ok(admin::propose_erasure(&device, (zone, document), reason, now)?)
    }

    /// Proposes to finish an erasure that is not whole.
    ///
    /// # Errors
    /// [`ClientError::NotFound`] where this desk has no [`Client::unfinished_erasures`] of this document.
    pub fn propose_to_finish(&self, document: DocumentId) -> Result<ErasePlan, ClientError> {
        let unfinished = self.client.unfinished_erasures()?.into_iter().find(|one| one.document == document);
        let place = unfinished.map(|one| (one.zone, one.document));
        let place = place.ok_or(ClientError::NotFound { what: "unfinished erasure" })?;
        let now: Millis = self.client.now();
        let device = self.client.lock();
        Ok(admin::propose_to_finish(&device, place, now)?)
    }

    /// Checks a proposal against the legal holds that this desk knows.
    ///
    /// # Errors
    /// [`ClientError::Admin`].
    pub fn check_proposal(&self, plan: &ErasePlan) -> Result<(), ClientError> {
        let erase = plan.erase()?;
        let record = documents::record_of(self.client.lock().store().reader(), erase.document)?;
        record.map_or(Ok(()), |record| self.refuse_held(RecordId(record)))
    }

    /// Once an erasure is in the log: withdraws what was published from the document into the records of crews. Readers hide
    /// it as soon as they hear of the erasure, whether anybody does this or not. Returns how many rows.
    ///
    /// # Errors
    /// [`ClientError::Write`].
    pub fn withdraw_published(&self, document: DocumentId) -> Result<usize, ClientError> {
        self.client.write(|draft| draft.withdraw_published(document))
    }

    /// How many facts and flags stand that were published from a document: they go with it.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn published_from(&self, document: DocumentId) -> Result<usize, ClientError> {
        let mut device = self.client.lock();
        let mut count = 0;
        for (_, of) in sources::published_from(device.store().reader(), document)? {
            let Some(view) = device.view(of)? else { continue };
            count += live_rows(&view).filter(|source| *source == Some(document)).count();
        }
        device.let_go();
        Ok(count)
    }

    fn refuse_held(&self, record: RecordId) -> Result<(), ClientError> {
        if self.client.legal_holds()?.iter().any(|hold| hold.record == record) {
            return Err(AdminError::Plan {
                field: "record",
                remedy: "a legal hold is on it: it is kept until the hold is ended",
            }
            .into());
        }
        Ok(())
    }
}

/// The sources of the facts and flags of a document that nobody has withdrawn.
fn live_rows(view: &DocumentView) -> impl Iterator<Item = Option<DocumentId>> {
    let facts = view.rows::<Fact>(Reading::Cautious).into_iter().map(|seen| seen.value);
    let flags = view.rows::<Flag>(Reading::Cautious).into_iter().map(|seen| seen.value);
    let facts = facts.filter(|fact| fact.withdrawn_at.is_none()).map(|fact| fact.source_document);
    facts.chain(flags.filter(|flag| flag.ended_at.is_none()).map(|flag| flag.source_document))
}
