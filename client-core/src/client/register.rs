//! The disclosure register: who asked, how they were identified, what for, what was decided and by whom, what was given; every
//! refusal with its reason. And what residents ask for, who works with whom, and the agreements that grants refer to.

mod agreements;
mod allocations;

use doorstep_protocol::{Class, DocumentId};

use super::page::{Page, Paged};
use super::todo::{says, words};
use super::{Client, ClientError};
use crate::device::{Device, DeviceError, RecordId, WriteError};
use crate::order::Order as _;
use crate::records::register::{Disclosure, DisclosureDecision, IdentityCheck, Request, RequestState};
use crate::records::{DocumentView, FieldError, Reading, RowId, Seen};
use crate::store::{documents, lists};

pub use agreements::{AgreementRow, agreement_digest};
pub use allocations::{AllocationFilter, AllocationRow};

/// Registers of a device.
pub struct Register<'c> {
    pub(super) client: &'c Client,
}

/// A disclosure in the register.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DisclosureRow {
    /// The register's document.
    pub document: DocumentId,
    /// The disclosure.
    pub disclosure: Seen<Disclosure>,
    /// The name or address it is about, where this device knows it.
    pub title: Option<String>,
    /// Who recorded it.
    pub recorded_by: String,
}

/// What a resident asked for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RequestRow {
    /// The register's document.
    pub document: DocumentId,
    /// The request.
    pub request: Seen<Request>,
    /// The name it is about, where this device knows it.
    pub title: Option<String>,
    /// Who recorded it.
    pub recorded_by: String,
}

/// What is decided about a request to disclose.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisclosureVerdict {
    /// What: given, partly given, refused, withdrawn.
    pub decision: DisclosureDecision,
    /// Who decides, in what role.
    pub decided_by: String,
    /// Why; a refusal has a reason.
    #[serde(default)]
    pub why: Option<String>,
    /// What is given: which facts, in which form.
    #[serde(default)]
    pub given: Option<String>,
    /// How whoever asked was identified, where that was not recorded with the request.
    #[serde(default)]
    pub identified: Option<IdentityCheck>,
    /// How exactly.
    #[serde(default)]
    pub identified_how: Option<String>,
    /// Whether the person was told.
    #[serde(default)]
    pub person_told: Option<bool>,
    /// Why the person was not told.
    #[serde(default)]
    pub not_told_why: Option<String>,
}

/// Which disclosures are wanted. What is left open fits all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegisterFilter {
    /// About this record.
    pub record: Option<RecordId>,
    /// Decided so; `pending` for those that nobody has decided.
    pub decision: Option<DisclosureDecision>,
    /// In which every word of this stands: who asked, for whom, what for, about whom.
    pub text: Option<String>,
}

impl Register<'_> {
    /// Disclosures that fit, those that wait first, then the latest.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn disclosures(&self, filter: &RegisterFilter, page: Page) -> Result<Paged<DisclosureRow>, ClientError> {
        let mut rows = self.all()?;
        let words = filter.text.as_deref().map(words).unwrap_or_default();
        rows.retain(|row| {
            let disclosure = &row.disclosure.value;
            let decision = disclosure.decision.clone().unwrap_or(DisclosureDecision::Pending);
            filter.record.is_none_or(|record| disclosure.record == Some(record.0))
                && filter.decision.as_ref().is_none_or(|wanted| *wanted == decision)
                && says(&asked_words(row), &words)
        });
        Ok(page.of(rows))
    }

    /// Disclosures about a record.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn about(&self, record: RecordId) -> Result<Vec<DisclosureRow>, ClientError> {
        let mut rows = self.all()?;
        rows.retain(|row| row.disclosure.value.record == Some(record.0));
        Ok(rows)
    }

    /// Every disclosure on this device, those that wait first, then the latest.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn all(&self) -> Result<Vec<DisclosureRow>, ClientError> {
        let names = self.client.directory().names()?;
        let mut device = self.client.lock();
        let mut rows = Vec::new();
        for view in registers(&mut device)? {
            for disclosure in view.rows::<Disclosure>(Reading::Shown) {
                let title = title(&device, disclosure.value.record)?;
                let recorded_by = names.who(disclosure.made.as_ref().and_then(|made| made.who));
                rows.push(DisclosureRow { document: view.document, disclosure, title, recorded_by });
            }
        }
        device.let_go();
        rows.order_by_key(|row| {
            let value = &row.disclosure.value;
            (!value.is_pending(), std::cmp::Reverse(value.asked_at), row.disclosure.row)
        });
        Ok(rows)
    }

    /// Writes down that somebody asks for something. It waits for a decision.
    ///
    /// # Errors
    /// [`ClientError::Write`] names the field; [`ClientError::Device`] where this device keeps no register.
    pub fn ask(&self, asked: &Disclosure) -> Result<RowId, ClientError> {
        let now = self.client.now();
        let disclosure = Disclosure {
            asked_at: asked.asked_at.or(Some(now)),
            decision: Some(DisclosureDecision::Pending),
            decided_by: None,
            decided_at: None,
            given: None,
            ..asked.clone()
        };
        self.write(|document, draft| {
            let row = draft.row_id();
            draft.edit_document(document, Class::Register, None, |edit| edit.create(row, &disclosure))?;
            Ok(row)
        })
    }

    /// Decides about a request to disclose. What was decided is not decided again: what changes is a further request.
    ///
    /// # Errors
    /// [`ClientError::Write`] names the field: a refusal has a reason, and what is given is listed.
    pub fn decide(&self, document: DocumentId, row: RowId, verdict: &DisclosureVerdict) -> Result<(), ClientError> {
        self.client.write(|draft| {
            let view = draft.device().view(document)?.ok_or(WriteError::NoSuchRecord { what: "register" })?;
            let known = view.rows::<Disclosure>(Reading::Shown).into_iter().find(|seen| seen.row == row);
            let known = known.ok_or(WriteError::NoSuchRecord { what: "request in this register" })?;
            if !known.value.is_pending() {
                let limit = "it is decided already";
                return Err(FieldError::new("decision", limit, "write down a further request").into());
            }
            if verdict.decision == DisclosureDecision::Pending {
                let limit = "given, partly given, refused or withdrawn";
                return Err(FieldError::new("decision", limit, "choose one of these, or leave it waiting").into());
            }
            let decided = Disclosure {
                decision: Some(verdict.decision.clone()),
                decided_by: Some(verdict.decided_by.clone()),
                decided_at: Some(draft.now()),
                why: verdict.why.clone(),
                given: verdict.given.clone(),
                identified: verdict.identified.clone(),
                identified_how: verdict.identified_how.clone(),
                person_told: verdict.person_told,
                not_told_why: verdict.not_told_why.clone(),
                ..Disclosure::default()
            };
            draft.edit_document(document, Class::Register, None, |edit| edit.update(row, &decided))
        })
    }

    /// What residents asked for: what is open first, by the day it is due.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn requests(&self, page: Page) -> Result<Paged<RequestRow>, ClientError> {
        Ok(page.of(self.every_request()?))
    }

    pub(super) fn every_request(&self) -> Result<Vec<RequestRow>, ClientError> {
        let names = self.client.directory().names()?;
        let mut device = self.client.lock();
        let mut rows = Vec::new();
        for view in registers(&mut device)? {
            for request in view.rows::<Request>(Reading::Shown) {
                let title = title(&device, request.value.person)?;
                let recorded_by = names.who(request.made.as_ref().and_then(|made| made.who));
                rows.push(RequestRow { document: view.document, request, title, recorded_by });
            }
        }
        device.let_go();
        rows.order_by_key(|row| (!row.request.value.is_open(), row.request.value.due.clone(), row.request.row));
        Ok(rows)
    }

    /// Writes down what a resident asks for.
    ///
    /// # Errors
    /// [`ClientError::Write`] names the field.
    pub fn request(&self, asked: &Request) -> Result<RowId, ClientError> {
        let now = self.client.now();
        let request = Request {
            received_at: asked.received_at.or(Some(now)),
            state: asked.state.clone().or(Some(RequestState::Open)),
            ..asked.clone()
        };
        self.write(|document, draft| {
            let row = draft.row_id();
            draft.edit_document(document, Class::Register, None, |edit| edit.create(row, &request))?;
            Ok(row)
        })
    }

    /// Answers, refuses or moves on what a resident asked for: fields left out stay as they are.
    ///
    /// # Errors
    /// [`ClientError::Write`] names the field: an answer says what and when.
    pub fn answer(&self, document: DocumentId, row: RowId, set: &Request) -> Result<(), ClientError> {
        self.client.write(|draft| draft.edit_document(document, Class::Register, None, |edit| edit.update(row, set)))
    }

    fn write<T>(
        &self,
        work: impl FnOnce(DocumentId, &mut crate::device::Draft<'_, super::DrawRandomness>) -> Result<T, WriteError>,
    ) -> Result<T, ClientError> {
        self.client.write(|draft| {
            let document = own_register(draft.device())?;
            work(document, draft)
        })
    }
}

/// All that was asked, in one text.
fn asked_words(row: &DisclosureRow) -> String {
    let Disclosure { asked_by, organisation, purpose, asked, authority, .. } = &row.disclosure.value;
    let said = [asked_by, organisation, purpose, asked, authority, &row.title];
    said.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The register that this device writes to. Its zone is an organisation's own, so the zone's id names its one document.
fn own_register(device: &Device) -> Result<DocumentId, DeviceError> {
    Ok(DocumentId(device.place(Class::Register, None)?.zone.0))
}

fn registers(device: &mut Device) -> Result<Vec<DocumentView>, ClientError> {
    let all = documents::of_class(device.store().reader(), Class::Register)?;
    let mut views = Vec::with_capacity(all.len());
    for document in all {
        views.extend(device.view(document)?);
    }
    Ok(views)
}

fn title(device: &Device, record: Option<DocumentId>) -> Result<Option<String>, ClientError> {
    let Some(record) = record else { return Ok(None) };
    let reader = device.store().reader();
    if let Some(person) = lists::person_of(reader, record)? {
        return Ok(Some(person.name));
    }
    Ok(lists::property_of(reader, record)?.map(|row| row.address))
}
